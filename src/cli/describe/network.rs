//! Pages of ingresses, their classes and network policies.

use serde_json::Value;

use super::{
    Page, Subject, events,
    page::{items, shown},
    selector_text,
};
use crate::report::CliError;

fn backend(value: &Value) -> String {
    if let Some(service) = value.get("service") {
        let port = &service["port"];
        let port = if port["name"].is_string() { &port["name"] } else { &port["number"] };
        return format!("{}:{}", shown(&service["name"]), shown(port));
    }
    let resource = &value["resource"];
    let group = resource["apiGroup"].as_str().unwrap_or("<none>");
    format!(
        "APIGroup: {group}, Kind: {}, Name: {}",
        shown(&resource["kind"]),
        shown(&resource["name"])
    )
}

/// A backend, and what stands behind it.
async fn backend_words(subject: &Subject<'_>, value: &Value) -> String {
    let words = backend(value);
    let Some(service) = value.get("service") else { return words };
    let (client, name) = (subject.cx.client().await, shown(&service["name"]));
    let namespace = subject.info.namespace.as_deref().unwrap_or("default");
    let path = format!("/api/v1/namespaces/{namespace}/services/{}", client::escape(&name));
    let known = match &client {
        Ok(client) => client.get_json::<Value>(&path).await.map_err(|error| error.to_string()),
        Err(error) => Err(error.to_string()),
    };
    match known {
        Ok(known) => {
            format!(
                "{words} ({})",
                super::service::backend_addresses(subject, &known, service).await
            )
        }
        Err(error) => format!("{words} (<error: {error}>)"),
    }
}

pub(super) async fn ingress(page: &mut Page, subject: &Subject<'_>) -> Result<(), CliError> {
    let object = &subject.info.object;
    let (metadata, spec) = (&object["metadata"], &object["spec"]);
    page.text(0, "Name", &metadata["name"]);
    page.labels("Labels", &metadata["labels"]);
    page.text(0, "Namespace", &metadata["namespace"]);
    let addresses: Vec<String> = items(&object["status"]["loadBalancer"]["ingress"])
        .iter()
        .map(|one| shown(if one["ip"].is_string() { &one["ip"] } else { &one["hostname"] }))
        .collect();
    page.field(0, "Address", addresses.join(","));
    let class = &spec["ingressClassName"];
    page.field(
        0,
        "Ingress Class",
        if class.is_null() { "<none>".to_owned() } else { shown(class) },
    );
    let default = &spec["defaultBackend"];
    let text = if default.is_null() {
        "<default>".to_owned()
    } else {
        backend_words(subject, default).await
    };
    page.field(0, "Default backend", text);
    if !items(&spec["tls"]).is_empty() {
        page.line(0, "TLS:");
        for one in items(&spec["tls"]) {
            let hosts: Vec<String> = items(&one["hosts"]).iter().map(shown).collect();
            let secret = shown(&one["secretName"]);
            if secret.is_empty() {
                page.line(1, format!("SNI routes {}", hosts.join(",")));
            } else {
                page.line(1, format!("{secret} terminates {}", hosts.join(",")));
            }
        }
    }
    rules(page, subject, spec).await;
    page.annotations("Annotations", &metadata["annotations"]);
    events::add(page, subject).await;
    Ok(())
}

async fn rules(page: &mut Page, subject: &Subject<'_>, spec: &Value) {
    page.line(0, "Rules:");
    page.line(1, "Host\tPath\tBackends");
    page.line(1, "----\t----\t--------");
    for rule in items(&spec["rules"]) {
        let host = rule["host"].as_str().filter(|host| !host.is_empty()).unwrap_or("*");
        page.line(1, format!("{host}\t"));
        for path in items(&rule["http"]["paths"]) {
            let words = backend_words(subject, &path["backend"]).await;
            page.line(2, format!("\t{} \t{words}", shown(&path["path"])));
        }
    }
    if items(&spec["rules"]).is_empty() {
        let default = &spec["defaultBackend"];
        let text = if default.is_null() {
            "<default>".to_owned()
        } else {
            backend_words(subject, default).await
        };
        page.line(1, format!("*\t*\t{text}"));
    }
}

pub(super) async fn ingress_class(page: &mut Page, subject: &Subject<'_>) -> Result<(), CliError> {
    let object = &subject.info.object;
    page.text(0, "Name", &object["metadata"]["name"]);
    page.labels("Labels", &object["metadata"]["labels"]);
    page.annotations("Annotations", &object["metadata"]["annotations"]);
    page.text(0, "Controller", &object["spec"]["controller"]);
    let parameters = &object["spec"]["parameters"];
    if parameters.is_object() {
        page.line(0, "Parameters:");
        page.text(1, "APIGroup", &parameters["apiGroup"]);
        page.text(1, "Kind", &parameters["kind"]);
        page.text(1, "Name", &parameters["name"]);
    }
    events::add(page, subject).await;
    Ok(())
}

pub(super) fn policy(page: &mut Page, subject: &Subject<'_>) {
    let object = &subject.info.object;
    let (metadata, spec) = (&object["metadata"], &object["spec"]);
    page.text(0, "Name", &metadata["name"]);
    page.text(0, "Namespace", &metadata["namespace"]);
    page.field(0, "Created on", created(&metadata["creationTimestamp"]));
    page.labels("Labels", &metadata["labels"]);
    page.annotations("Annotations", &metadata["annotations"]);
    page.line(0, "Spec:");
    let pods = &spec["podSelector"];
    let selector = selector_text(pods);
    let everything = "<none> (Allowing the specific traffic to all pods in this namespace)";
    page.line(
        1,
        format!("PodSelector:     {}", if selector.is_empty() { everything } else { &selector }),
    );
    let types: Vec<String> = items(&spec["policyTypes"]).iter().map(shown).collect();
    for (kind, field, peers) in [("Ingress", "ingress", "from"), ("Egress", "egress", "to")] {
        if !types.iter().any(|one| one == kind) {
            page.line(1, format!("Not affecting {} traffic", kind.to_lowercase()));
            continue;
        }
        page.line(1, format!("Allowing {} traffic:", kind.to_lowercase()));
        let rules = items(&spec[field]);
        if rules.is_empty() {
            page.line(
                2,
                format!(
                    "<none> (Selected pods are isolated for {} connectivity)",
                    kind.to_lowercase()
                ),
            );
        }
        for (at, rule) in rules.iter().enumerate() {
            policy_rule(page, rule, peers);
            if at + 1 < rules.len() {
                page.line(2, "----------");
            }
        }
    }
    page.line(1, format!("Policy Types: {}", types.join(", ")));
}

/// A time as Go prints one.
fn created(value: &Value) -> String {
    let time = value.as_str().and_then(|text| text.parse::<jiff::Timestamp>().ok());
    let Some(time) = time else { return shown(value) };
    let local = time.to_zoned(jiff::tz::TimeZone::system());
    local.strftime("%Y-%m-%d %H:%M:%S %z %Z").to_string()
}

fn policy_rule(page: &mut Page, rule: &Value, peers: &str) {
    if items(&rule["ports"]).is_empty() {
        page.line(2, "To Port: <any> (traffic allowed to all ports)");
    }
    for port in items(&rule["ports"]) {
        let protocol = port["protocol"].as_str().unwrap_or("TCP");
        let number = shown(&port["port"]);
        match port["endPort"].as_i64() {
            Some(end) => page.line(2, format!("To Port Range: {number}-{end}/{protocol}")),
            None => page.line(2, format!("To Port: {number}/{protocol}")),
        }
    }
    let title = if peers == "from" { "From" } else { "To" };
    if items(&rule[peers]).is_empty() {
        page.line(
            2,
            format!(
                "{title}: <any> (traffic not restricted by {})",
                if peers == "from" { "source" } else { "destination" }
            ),
        );
    }
    for peer in items(&rule[peers]) {
        page.line(2, format!("{title}:"));
        if peer["namespaceSelector"].is_object() {
            page.line(
                3,
                format!(
                    "NamespaceSelector: {}",
                    none_or(selector_text(&peer["namespaceSelector"]))
                ),
            );
        }
        if peer["podSelector"].is_object() {
            page.line(3, format!("PodSelector: {}", none_or(selector_text(&peer["podSelector"]))));
        }
        if let Some(block) = peer.get("ipBlock") {
            page.line(3, "IPBlock:");
            page.line(4, format!("CIDR: {}", shown(&block["cidr"])));
            let except: Vec<String> = items(&block["except"]).iter().map(shown).collect();
            page.line(4, format!("Except: {}", except.join(", ")));
        }
    }
}

fn none_or(text: String) -> String {
    if text.is_empty() { "<none>".to_owned() } else { text }
}
