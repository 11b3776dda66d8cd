//! Pages of services, endpoints and endpoint slices.

use client::ListOptions;
use serde_json::Value;

use super::{
    Page, Subject, events,
    page::{items, pairs, shown},
};
use crate::{report::CliError, verbs::resource};

pub(super) async fn describe(page: &mut Page, subject: &Subject<'_>) -> Result<(), CliError> {
    let object = &subject.info.object;
    let (metadata, spec) = (&object["metadata"], &object["spec"]);
    page.text(0, "Name", &metadata["name"]);
    page.text(0, "Namespace", &metadata["namespace"]);
    page.labels("Labels", &metadata["labels"]);
    page.annotations("Annotations", &metadata["annotations"]);
    let selector: Vec<String> =
        pairs(&spec["selector"]).iter().map(|(k, v)| format!("{k}={v}")).collect();
    page.field(
        0,
        "Selector",
        if selector.is_empty() { "<none>".to_owned() } else { selector.join(",") },
    );
    page.text(0, "Type", &spec["type"]);
    addresses(page, spec, &object["status"]);
    let slices = slices_of(subject, &subject.info.name).await;
    for port in items(&spec["ports"]) {
        one_port(page, port, &slices, spec["type"] == "ExternalName");
    }
    page.text(0, "Session Affinity", &spec["sessionAffinity"]);
    if let Some(policy) = spec["externalTrafficPolicy"].as_str() {
        page.field(0, "External Traffic Policy", policy);
    }
    if let Some(policy) = spec["internalTrafficPolicy"].as_str() {
        page.field(0, "Internal Traffic Policy", policy);
    }
    if spec["healthCheckNodePort"].as_i64().is_some_and(|port| port > 0) {
        page.text(0, "HealthCheck NodePort", &spec["healthCheckNodePort"]);
    }
    let ranges = items(&spec["loadBalancerSourceRanges"]);
    if !ranges.is_empty() {
        page.field(0, "LoadBalancer Source Ranges", joined(ranges));
    }
    if spec["trafficDistribution"].is_string() {
        page.text(0, "Traffic Distribution", &spec["trafficDistribution"]);
    }
    events::add(page, subject).await;
    Ok(())
}

fn joined(list: &[Value]) -> String {
    list.iter().map(shown).collect::<Vec<_>>().join(",")
}

fn addresses(page: &mut Page, spec: &Value, status: &Value) {
    if spec["ipFamilyPolicy"].is_string() {
        page.text(0, "IP Family Policy", &spec["ipFamilyPolicy"]);
    }
    let or_none = |list: &Value| {
        if items(list).is_empty() { "<none>".to_owned() } else { joined(items(list)) }
    };
    page.field(0, "IP Families", or_none(&spec["ipFamilies"]));
    page.text(0, "IP", &spec["clusterIP"]);
    page.field(0, "IPs", or_none(&spec["clusterIPs"]));
    if !items(&spec["externalIPs"]).is_empty() {
        page.field(0, "External IPs", joined(items(&spec["externalIPs"])));
    }
    if spec["loadBalancerIP"].is_string() {
        page.text(0, "Desired LoadBalancer IP", &spec["loadBalancerIP"]);
    }
    if spec["externalName"].is_string() {
        page.text(0, "External Name", &spec["externalName"]);
    }
    let ingress = items(&status["loadBalancer"]["ingress"]);
    if !ingress.is_empty() {
        let one = |entry: &Value| {
            let address = if entry["ip"].is_string() { &entry["ip"] } else { &entry["hostname"] };
            let mode = match entry["ipMode"].as_str() {
                Some(mode) => format!(" ({mode})"),
                None => String::new(),
            };
            format!("{}{mode}", shown(address))
        };
        let texts: Vec<String> = ingress.iter().map(one).collect();
        page.field(0, "LoadBalancer Ingress", texts.join(", "));
    }
}

async fn slices_of(subject: &Subject<'_>, name: &str) -> Vec<Value> {
    let info = subject.info;
    let place = resource("discovery.k8s.io/v1", "EndpointSlice", "endpointslices", true);
    let Ok(api) = subject.cx.api(&place, info.namespace.as_deref()).await else {
        return Vec::new();
    };
    let selector = format!("kubernetes.io/service-name={name}");
    // Without the right to list them the page shows no endpoints.
    let list = api.list(&ListOptions::labels(selector)).await.unwrap_or_default();
    items(&list["items"]).to_vec()
}

/// Where the port of a service that a backend names leads to.
pub(super) async fn backend_addresses(
    subject: &Subject<'_>,
    service: &Value,
    backend: &Value,
) -> String {
    let slices = slices_of(subject, &shown(&backend["name"])).await;
    if slices.is_empty() {
        return "<none>".to_owned();
    }
    let wanted = &backend["port"];
    let ports = items(&service["spec"]["ports"]);
    let port = ports.iter().rfind(|port| {
        port["port"] == wanted["number"]
            || wanted["name"].is_string() && port["name"] == wanted["name"]
    });
    endpoints_of(&slices, port.and_then(|port| port["name"].as_str()).unwrap_or_default())
}

fn one_port(page: &mut Page, port: &Value, slices: &[Value], external: bool) {
    let name = port["name"].as_str().filter(|name| !name.is_empty());
    let protocol = shown(&port["protocol"]);
    let shown_name = name.unwrap_or("<unset>");
    page.field(
        0,
        "Port",
        format!("{shown_name}\t{}/{protocol}", shown(&port["port"])).replace('\t', "  "),
    );
    let target = &port["targetPort"];
    if !target.is_null() {
        page.field(0, "TargetPort", format!("{}/{protocol}", shown(target)));
    }
    if port["appProtocol"].is_string() {
        page.text(0, "AppProtocol", &port["appProtocol"]);
    }
    if port["nodePort"].as_i64().is_some_and(|port| port > 0) {
        page.field(0, "NodePort", format!("{shown_name}  {}/{protocol}", shown(&port["nodePort"])));
    }
    if !external {
        page.field(0, "Endpoints", endpoints_of(slices, name.unwrap_or_default()));
    }
}

/// Addresses of the slices' port of this name: the first three, then how many more.
fn endpoints_of(slices: &[Value], name: &str) -> String {
    const SHOWN: usize = 3;
    let mut found = Vec::new();
    for slice in slices {
        for port in items(&slice["ports"]) {
            if port["name"].as_str().unwrap_or_default() != name {
                continue;
            }
            for endpoint in items(&slice["endpoints"]) {
                if endpoint["conditions"]["ready"] == false {
                    continue;
                }
                for address in items(&endpoint["addresses"]) {
                    found.push(socket(&shown(address), &shown(&port["port"])));
                }
            }
        }
    }
    let more = found.len().saturating_sub(SHOWN);
    found.truncate(SHOWN);
    let text = found.join(",");
    if more > 0 { format!("{text} + {more} more...") } else { text }
}

fn socket(address: &str, port: &str) -> String {
    if address.contains(':') { format!("[{address}]:{port}") } else { format!("{address}:{port}") }
}

pub(super) async fn endpoints(page: &mut Page, subject: &Subject<'_>) -> Result<(), CliError> {
    let object = &subject.info.object;
    page.head(object);
    page.line(0, "Subsets:");
    for subset in items(&object["subsets"]) {
        let addresses = |field: &str| -> String {
            let list: Vec<String> = items(&subset[field]).iter().map(|a| shown(&a["ip"])).collect();
            if list.is_empty() { "<none>".to_owned() } else { list.join(",") }
        };
        page.field(1, "Addresses", addresses("addresses"));
        page.field(1, "NotReadyAddresses", addresses("notReadyAddresses"));
        if !items(&subset["ports"]).is_empty() {
            page.line(1, "Ports:");
            page.line(2, "Name\tPort\tProtocol");
            page.line(2, "----\t----\t--------");
            for port in items(&subset["ports"]) {
                let name = port["name"].as_str().unwrap_or("<unset>");
                page.line(
                    2,
                    format!("{name}\t{}\t{}", shown(&port["port"]), shown(&port["protocol"])),
                );
            }
        }
        page.line(0, "");
    }
    events::add(page, subject).await;
    Ok(())
}

pub(super) async fn slice(page: &mut Page, subject: &Subject<'_>) -> Result<(), CliError> {
    let object = &subject.info.object;
    page.head(object);
    page.text(0, "AddressType", &object["addressType"]);
    let ports = items(&object["ports"]);
    if ports.is_empty() {
        page.line(0, "Ports: <unset>");
    } else {
        page.line(0, "Ports:");
        page.line(1, "Name\tPort\tProtocol");
        page.line(1, "----\t----\t--------");
        for port in ports {
            let name = port["name"].as_str().filter(|name| !name.is_empty()).unwrap_or("<unset>");
            page.line(1, format!("{name}\t{}\t{}", shown(&port["port"]), shown(&port["protocol"])));
        }
    }
    let endpoints = items(&object["endpoints"]);
    if endpoints.is_empty() {
        page.line(0, "Endpoints: <none>");
    } else {
        page.line(0, "Endpoints:");
        for endpoint in endpoints {
            one_endpoint(page, endpoint);
        }
    }
    events::add(page, subject).await;
    Ok(())
}

fn one_endpoint(page: &mut Page, endpoint: &Value) {
    page.line(
        1,
        format!(
            "- Addresses:\t{}",
            items(&endpoint["addresses"]).iter().map(shown).collect::<Vec<_>>().join(", ")
        ),
    );
    page.line(2, "Conditions:");
    let ready = &endpoint["conditions"]["ready"];
    page.field(3, "Ready", if ready.is_null() { "<unset>".to_owned() } else { shown(ready) });
    let or_unset =
        |value: &Value| if value.is_null() { "<unset>".to_owned() } else { shown(value) };
    page.field(2, "Hostname", or_unset(&endpoint["hostname"]));
    if endpoint["targetRef"].is_object() {
        let target = &endpoint["targetRef"];
        page.field(
            2,
            "TargetRef",
            format!("{}/{}", shown(&target["kind"]), shown(&target["name"])),
        );
    }
    page.field(2, "NodeName", or_unset(&endpoint["nodeName"]));
    page.field(2, "Zone", or_unset(&endpoint["zone"]));
}
