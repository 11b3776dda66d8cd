//! `expose`: a service in front of what runs pods.

use serde_json::{Map, Value, json};

use super::create::{self, dry_run, remember_typed, write_options};
use crate::{
    args::Parsed,
    context::Context,
    print,
    report::CliError,
    resolve::{self, Ask, Info},
};

pub(crate) async fn run(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    let ask = Ask::of(&parsed);
    let ask = Ask { labels: String::new(), ..ask }.latest();
    let found = resolve::find(cx, &ask).await?;
    for info in found.all()? {
        expose(cx, &parsed, &info).await?;
    }
    Ok(())
}

async fn expose(cx: &Context, parsed: &Parsed, info: &Info) -> Result<(), CliError> {
    let object = &info.object;
    let kind = info.place.resource.kind.as_str();
    let known = ["Pod", "Service", "ReplicationController", "Deployment", "ReplicaSet"];
    if !known.contains(&kind) {
        let group = &info.place.resource.group;
        let dot = if group.is_empty() { "" } else { "." };
        return Err(CliError::plain(format!("cannot expose a {kind}{dot}{group}")));
    }
    let selector = selector(parsed, object, kind)?;
    let ports = ports(parsed, object, kind)?;
    let name = parsed.some("name").unwrap_or(&info.name);
    let mut service = create::named("v1", "Service", name);
    let (namespace, given) = cx.namespace()?;
    if given {
        service["metadata"]["namespace"] = namespace.into();
    }
    let labels = match parsed.some("labels") {
        Some(text) => pairs(text)?,
        None => object["metadata"]["labels"].clone(),
    };
    if labels.is_object() {
        service["metadata"]["labels"] = labels;
    }
    service["spec"] = json!({"selector": selector, "ports": ports});
    settings(parsed, &mut service);
    service["status"] = json!({"loadBalancer": {}});
    if let Some(overrides) = parsed.some("overrides") {
        service = super::run::overridden(service, overrides, parsed.text("override-type"))?;
    }
    finish(cx, parsed, service).await
}

async fn finish(cx: &Context, parsed: &Parsed, mut service: Value) -> Result<(), CliError> {
    let run = dry_run(cx, parsed)?;
    if parsed.is("save-config") {
        remember_typed(&mut service);
    }
    if run == "client" {
        return print::print_outcome_held(
            cx,
            parsed,
            &service,
            &print::dry("exposed", run),
            print::Held::Struct,
        );
    }
    let (namespace, _) = cx.namespace()?;
    let place = create::resource("v1", "Service", "services", true);
    let api = cx.api(&place, Some(&namespace)).await?;
    let created = api.create(&service, &write_options(cx, parsed)?).await?;
    print::print_outcome_held(
        cx,
        parsed,
        &created,
        &print::dry("exposed", run),
        print::Held::Struct,
    )
}

fn settings(parsed: &Parsed, service: &mut Value) {
    let spec = &mut service["spec"];
    if let Some(kind) = parsed.some("type") {
        spec["type"] = kind.into();
    }
    if let Some(ip) = parsed.some("external-ip") {
        spec["externalIPs"] = json!([ip]);
    }
    if let Some(ip) =
        parsed.some("load-balancer-ip").filter(|_| parsed.text("type") == "LoadBalancer")
    {
        spec["loadBalancerIP"] = ip.into();
    }
    if let Some(affinity) = parsed.some("session-affinity") {
        spec["sessionAffinity"] = affinity.into();
    }
    if let Some(ip) = parsed.some("cluster-ip") {
        spec["clusterIP"] = if ip == "None" { "None".into() } else { ip.into() };
    }
}

/// `a=b,c=d` as an object.
pub(crate) fn pairs(text: &str) -> Result<Value, CliError> {
    let mut found = Map::new();
    for pair in text.split(',').filter(|pair| !pair.is_empty()) {
        let Some((key, value)) = pair.split_once('=') else {
            return Err(CliError::plain(format!("unexpected label spec: {pair}")));
        };
        found.insert(key.to_owned(), value.into());
    }
    Ok(found.into())
}

fn selector(parsed: &Parsed, object: &Value, kind: &str) -> Result<Value, CliError> {
    if let Some(text) = parsed.some("selector") {
        return pairs(text);
    }
    let spec = &object["spec"];
    let found = match kind {
        "Pod" => &object["metadata"]["labels"],
        "Service" | "ReplicationController" => &spec["selector"],
        _ => {
            if spec["selector"]["matchExpressions"].as_array().is_some_and(|e| !e.is_empty()) {
                return Err(CliError::plain(
                    "couldn't retrieve selectors via --selector flag or introspection: couldn't convert \
                     expressions - \"\" to map-based selector format",
                ));
            }
            &spec["selector"]["matchLabels"]
        }
    };
    if found.as_object().is_none_or(Map::is_empty) {
        let what = if kind == "Pod" {
            "the pod has no labels and cannot be exposed"
        } else {
            "the resource has no selector"
        };
        return Err(CliError::plain(format!(
            "couldn't retrieve selectors via --selector flag or introspection: {what}"
        )));
    }
    Ok(found.clone())
}

/// Ports of the containers (or service): number and protocol.
fn own_ports(object: &Value, kind: &str) -> Vec<(i64, String)> {
    let list = |ports: &Value, field: &str| -> Vec<(i64, String)> {
        let ports = ports.as_array().into_iter().flatten();
        ports
            .filter_map(|port| {
                let protocol = port["protocol"].as_str().unwrap_or("TCP");
                Some((port[field].as_i64()?, protocol.to_owned()))
            })
            .collect()
    };
    let spec = &object["spec"];
    let containers = match kind {
        "Service" => return list(&spec["ports"], "port"),
        "Pod" => &spec["containers"],
        _ => &spec["template"]["spec"]["containers"],
    };
    containers
        .as_array()
        .into_iter()
        .flatten()
        .flat_map(|c| list(&c["ports"], "containerPort"))
        .collect()
}

fn ports(parsed: &Parsed, object: &Value, kind: &str) -> Result<Vec<Value>, CliError> {
    let own = own_ports(object, kind);
    let numbers: Vec<String> = match parsed.some("port") {
        Some(text) => text.split(',').map(str::to_owned).collect(),
        None if own.is_empty() => {
            let text = "couldn't find port via --port flag or introspection";
            return Err(CliError::plain(text));
        }
        None => own.iter().map(|(port, _)| port.to_string()).collect(),
    };
    let many = numbers.len() > 1;
    let mut found = Vec::new();
    for (at, text) in numbers.iter().enumerate() {
        let number: i64 = text.parse().map_err(|_| {
            CliError::plain(format!("strconv.Atoi: parsing {text:?}: invalid syntax"))
        })?;
        let known =
            own.iter().find(|(port, _)| *port == number).map(|(_, protocol)| protocol.as_str());
        let protocol = parsed.some("protocol").or(known).unwrap_or("TCP");
        let target = match parsed.some("target-port") {
            Some(text) => text.parse::<i64>().map_or_else(|_| json!(text), |n| json!(n)),
            None => json!(number),
        };
        let mut port = json!({"port": number, "protocol": protocol, "targetPort": target});
        if many {
            port["name"] = format!("port-{}", at + 1).into();
        }
        found.push(port);
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_read_as_pairs() {
        assert_eq!(pairs("a=b,c=d").unwrap(), json!({"a": "b", "c": "d"}));
        assert!(pairs("bad").is_err());
    }
}
