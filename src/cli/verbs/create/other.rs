//! `create namespace`, `quota`, `poddisruptionbudget`, `priorityclass`, `serviceaccount`, `ingress`, `token`.

use machinery::selector::LabelSelector;
use serde_json::{Map, Value, json};

use super::{Refusal, generated, named, one_name, resource};
use crate::{args::Parsed, context::Context, print, report::CliError, unreachable};

pub(crate) async fn namespace(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    let name = one_name(cx, &parsed)?;
    let mut object = named("v1", "Namespace", &name);
    object["spec"] = json!({});
    object["status"] = json!({});
    let place = resource("v1", "Namespace", "namespaces", false);
    generated(cx, &parsed, object, place, Refusal::Plain).await
}

pub(crate) async fn serviceaccount(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    let name = one_name(cx, &parsed)?;
    let object = named("v1", "ServiceAccount", &name);
    let place = resource("v1", "ServiceAccount", "serviceaccounts", true);
    generated(cx, &parsed, object, place, Refusal::FailedTo("serviceaccount:")).await
}

pub(crate) async fn quota(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    let name = one_name(cx, &parsed)?;
    let mut object = named("v1", "ResourceQuota", &name);
    object["spec"] = json!({});
    if let Some(hard) = parsed.some("hard") {
        object["spec"]["hard"] = quantities(hard)?;
    }
    if let Some(scopes) = parsed.some("scopes") {
        object["spec"]["scopes"] = scopes.split(',').collect();
    }
    object["status"] = json!({});
    let place = resource("v1", "ResourceQuota", "resourcequotas", true);
    generated(cx, &parsed, object, place, Refusal::FailedTo("quota:")).await
}

/// `cpu=1,memory=1G` as an object.
pub(crate) fn quantities(text: &str) -> Result<Value, CliError> {
    let mut found = Map::new();
    for pair in text.split(',').filter(|pair| !pair.is_empty()) {
        let Some((name, quantity)) = pair.split_once('=') else {
            return Err(CliError::plain(format!(
                "Invalid argument syntax {pair}, expected <resource>=<value>"
            )));
        };
        if quantity.parse::<machinery::quantity::Quantity>().is_err() {
            return Err(CliError::plain(
                "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
            ));
        }
        found.insert(name.to_owned(), quantity.into());
    }
    Ok(found.into())
}

pub(crate) async fn poddisruptionbudget(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    let name = one_name(cx, &parsed)?;
    let Some(selector) = parsed.some("selector") else {
        return Err(CliError::plain("a selector must be specified"));
    };
    let (min, max) = (parsed.text("min-available"), parsed.text("max-unavailable"));
    if min.is_empty() && max.is_empty() {
        return Err(CliError::plain("one of min-available or max-unavailable must be specified"));
    }
    if !min.is_empty() && !max.is_empty() {
        return Err(CliError::plain("min-available and max-unavailable cannot be both specified"));
    }
    for (flag, text) in [("min-available", min), ("max-unavailable", max)] {
        let number = text.strip_suffix('%').unwrap_or(text);
        if !text.is_empty() && (number.is_empty() || !number.bytes().all(|b| b.is_ascii_digit())) {
            return Err(CliError::plain(format!("invalid format specified for {flag}")));
        }
    }
    let selector =
        LabelSelector::object_of(selector).map_err(|error| CliError::plain(error.to_string()))?;
    let bound = |text: &str| match text.parse::<i64>() {
        Ok(number) => json!(number),
        Err(_) => json!(text),
    };
    let mut object = named("policy/v1", "PodDisruptionBudget", &name);
    object["spec"] = json!({"selector": selector});
    if min.is_empty() {
        object["spec"]["maxUnavailable"] = bound(max);
    } else {
        object["spec"]["minAvailable"] = bound(min);
    }
    object["status"] = json!({"currentHealthy": 0, "desiredHealthy": 0, "disruptionsAllowed": 0, "expectedPods": 0});
    let place = resource("policy/v1", "PodDisruptionBudget", "poddisruptionbudgets", true);
    generated(cx, &parsed, object, place, Refusal::FailedTo("poddisruptionbudgets:")).await
}

pub(crate) async fn priorityclass(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    let name = one_name(cx, &parsed)?;
    let mut object = named("scheduling.k8s.io/v1", "PriorityClass", &name);
    object["value"] = parsed.int("value").into();
    if parsed.is("global-default") {
        object["globalDefault"] = true.into();
    }
    if let Some(text) = parsed.some("description") {
        object["description"] = text.into();
    }
    object["preemptionPolicy"] = parsed.text("preemption-policy").into();
    let place = resource("scheduling.k8s.io/v1", "PriorityClass", "priorityclasses", false);
    generated(cx, &parsed, object, place, Refusal::FailedTo("priorityclass:")).await
}

pub(crate) async fn ingress(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    let name = one_name(cx, &parsed)?;
    let rules = parsed.list("rule");
    let default = parsed.text("default-backend");
    if rules.is_empty() && default.is_empty() {
        return Err(CliError::plain(
            "not enough information provided: every ingress has to either specify a default-backend \
             (which catches all traffic) or a list of rules (which catch specific paths)",
        ));
    }
    let mut object = named("networking.k8s.io/v1", "Ingress", &name);
    let annotations = parsed.list("annotation");
    for annotation in &annotations {
        let (key, value) = annotation.split_once('=').ok_or_else(|| {
            let text = "is invalid and should be in format key=[value]";
            CliError::plain(format!("annotation {annotation} {text}"))
        })?;
        object["metadata"]["annotations"][key] = value.into();
    }
    object["spec"] = json!({});
    if let Some(class) = parsed.some("class") {
        object["spec"]["ingressClassName"] = class.into();
    }
    if !default.is_empty() {
        object["spec"]["defaultBackend"] = backend(default)?;
    }
    let mut hosts: Vec<(String, Vec<Value>)> = Vec::new();
    let mut tls: Vec<(String, Vec<String>)> = Vec::new();
    for rule in &rules {
        ingress_rule(rule, &mut hosts, &mut tls)?;
    }
    if !hosts.is_empty() {
        let rule = |(host, paths): (String, Vec<Value>)| {
            let mut rule = json!({"http": {"paths": paths}});
            if !host.is_empty() {
                rule["host"] = host.into();
            }
            rule
        };
        object["spec"]["rules"] = hosts.into_iter().map(rule).collect();
    }
    tls.retain(|(secret, hosts)| !secret.is_empty() || !hosts.is_empty());
    if !tls.is_empty() {
        let entry = |(secret, hosts): (String, Vec<String>)| {
            let mut entry = json!({});
            if !hosts.is_empty() {
                entry["hosts"] = json!(hosts);
            }
            if !secret.is_empty() {
                entry["secretName"] = secret.into();
            }
            entry
        };
        object["spec"]["tls"] = tls.into_iter().map(entry).collect();
    }
    object["status"] = json!({"loadBalancer": {}});
    let place = resource("networking.k8s.io/v1", "Ingress", "ingresses", true);
    generated(cx, &parsed, object, place, Refusal::FailedTo("ingress:")).await
}

fn backend(text: &str) -> Result<Value, CliError> {
    let (name, port) = text.split_once(':').ok_or_else(|| {
        CliError::plain("default-backend should be in format servicename:serviceport")
    })?;
    let port = match port.parse::<u16>() {
        Ok(number) => json!({"number": number}),
        Err(_) => json!({"name": port}),
    };
    Ok(json!({"service": {"name": name, "port": port}}))
}

/// `host/path=service:port[,tls[=secret]]`.
fn ingress_rule(
    rule: &str,
    hosts: &mut Vec<(String, Vec<Value>)>,
    tls: &mut Vec<(String, Vec<String>)>,
) -> Result<(), CliError> {
    let refuse = || {
        CliError::plain(format!(
            "rule {rule} is invalid and should be in format host/path=svcname:svcport[,tls[=secret]]"
        ))
    };
    let mut parts = rule.split(',');
    let (place, service) =
        parts.next().and_then(|first| first.split_once('=')).ok_or_else(refuse)?;
    let (host, path) = place.split_once('/').ok_or_else(refuse)?;
    if !service.contains(':') {
        return Err(refuse());
    }
    let (path, kind) = match path.strip_suffix('*') {
        Some(path) => (path, "Prefix"),
        None => (path, "Exact"),
    };
    let path = json!({"path": format!("/{path}"), "pathType": kind, "backend": backend(service)?});
    match hosts.iter_mut().find(|(known, _)| known == host) {
        Some((_, paths)) => paths.push(path),
        None => hosts.push((host.to_owned(), vec![path])),
    }
    if let Some(option) = parts.next() {
        let secret = match option.split_once('=') {
            Some(("tls", secret)) => secret,
            None if option == "tls" => "",
            _ => return Err(refuse()),
        };
        let place = tls.iter().position(|(known, _)| known == secret).unwrap_or_else(|| {
            tls.push((secret.to_owned(), Vec::new()));
            tls.len() - 1
        });
        if !host.is_empty() && !tls[place].1.iter().any(|known| known == host) {
            tls[place].1.push(host.to_owned());
        }
    }
    Ok(())
}

pub(crate) async fn token(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    let name = one_name(cx, &parsed)?;
    let mut spec = json!({"audiences": parsed.list("audience")});
    if parsed.text("duration").starts_with('-') {
        return Err(CliError::plain("--duration must be greater than or equal to 0"));
    }
    if parsed.some("bound-object-kind").is_none() {
        for flag in ["bound-object-name", "bound-object-uid"] {
            if parsed.some(flag).is_some() {
                let text = "can only be set if --bound-object-kind is provided";
                return Err(CliError::plain(format!("--{flag} {text}")));
            }
        }
    }
    let seconds = parsed.duration("duration").as_secs();
    if parsed.list("audience").is_empty() {
        spec["audiences"] = Value::Null;
    }
    if seconds > 0 {
        spec["expirationSeconds"] = seconds.into();
    }
    if let Some(kind) = parsed.some("bound-object-kind") {
        let api_version = match kind {
            "Pod" | "Secret" | "Node" => "v1",
            _ => {
                let text = "supported --bound-object-kind values are Node, Pod, Secret";
                return Err(CliError::plain(text));
            }
        };
        let Some(bound) = parsed.some("bound-object-name") else {
            let text = "--bound-object-name is required if --bound-object-kind is provided";
            return Err(CliError::plain(text));
        };
        spec["boundObjectRef"] = json!({"apiVersion": api_version, "kind": kind, "name": bound});
        if let Some(uid) = parsed.some("bound-object-uid") {
            spec["boundObjectRef"]["uid"] = uid.into();
        }
    }
    let request = json!({
        "apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest",
        "metadata": {}, "spec": spec,
    });
    let (namespace, _) = cx.namespace()?;
    let place = resource("v1", "ServiceAccount", "serviceaccounts", true);
    let api = cx.api(&place, Some(&namespace)).await?;
    let answer = api.create_sub(&name, "token", &request, &client::WriteOptions::default()).await;
    let answer = answer.map_err(|error| {
        let said = error.status().map(|status| status.message.clone().unwrap_or_default());
        let why = said.unwrap_or_else(|| unreachable::dialling("Post", &error));
        CliError::plain(format!("failed to create token: {why}"))
    })?;
    if parsed.text("output").is_empty() && parsed.text("template").is_empty() {
        return cx.out(answer["status"]["token"].as_str().unwrap_or_default());
    }
    print::print_typed(cx, &parsed, &answer, "created")
}
