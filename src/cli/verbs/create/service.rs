//! `create service`: ClusterIP, NodePort, LoadBalancer and ExternalName.

use serde_json::{Value, json};

use super::{Refusal, generated, named, one_name, require, resource};
use crate::{args::Parsed, context::Context, report::CliError};

/// `port` or `port:target` as a service port.
fn ports(parsed: &Parsed) -> Result<Vec<Value>, CliError> {
    parsed.list("tcp").iter().map(|text| port(text, parsed)).collect()
}

fn port(text: &str, parsed: &Parsed) -> Result<Value, CliError> {
    let number =
        |text: &str| machinery::gofmt::parse_uint(text, u16::MAX.into()).map_err(CliError::plain);
    let (outer, target) = match text.split_once(':') {
        None => (number(text)?, json!(number(text)?)),
        Some((outer, target)) => {
            let target = match target.parse::<u16>() {
                Ok(target) => json!(target),
                Err(_) => json!(target),
            };
            (number(outer)?, target)
        }
    };
    let mut port = json!({
        "name": text.replace(':', "-"),
        "port": outer,
        "protocol": "TCP",
        "targetPort": target,
    });
    if parsed.knows("node-port") && parsed.int("node-port") > 0 {
        port["nodePort"] = parsed.int("node-port").into();
    }
    Ok(port)
}

async fn create(cx: &Context, parsed: Parsed, kind: &str) -> Result<(), CliError> {
    let name = one_name(cx, &parsed)?;
    let ports = ports(&parsed)?;
    let headless = parsed.knows("clusterip") && parsed.text("clusterip") == "None";
    if ports.is_empty() && kind != "ExternalName" && !headless {
        return Err(CliError::plain("at least one tcp port specifier must be provided"));
    }
    let labels = json!({"app": name});
    let mut object = named("v1", "Service", &name);
    object["metadata"]["labels"] = labels.clone();
    object["spec"] = json!({"selector": labels, "type": kind});
    if !ports.is_empty() {
        object["spec"]["ports"] = ports.into();
    }
    if kind == "ExternalName" {
        object["spec"]["externalName"] = parsed.text("external-name").into();
    }
    if kind == "ClusterIP"
        && let Some(ip) = parsed.some("clusterip")
    {
        object["spec"]["clusterIP"] = ip.into();
    }
    object["status"] = json!({"loadBalancer": {}});
    let place = resource("v1", "Service", "services", true);
    let noun = match kind {
        "ClusterIP" => "ClusterIP service:",
        "NodePort" => "NodePort service:",
        "LoadBalancer" => "LoadBalancer service:",
        _ => "ExternalName service:",
    };
    generated(cx, &parsed, object, place, Refusal::FailedTo(noun)).await
}

pub(crate) async fn service_clusterip(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    create(cx, parsed, "ClusterIP").await
}

pub(crate) async fn service_nodeport(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    create(cx, parsed, "NodePort").await
}

pub(crate) async fn service_loadbalancer(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    create(cx, parsed, "LoadBalancer").await
}

pub(crate) async fn service_externalname(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    require(&parsed, &["external-name"])?;
    let external = parsed.text("external-name");
    if !machinery::names::dns_subdomain(external).is_empty() {
        return Err(CliError::plain(format!("invalid service external name {external}")));
    }
    create(cx, parsed, "ExternalName").await
}
