//! Which ports lead where: `[LOCAL:]REMOTE`, names and a service's ports resolved.
//! Source: kubectl, `pkg/cmd/portforward` and `pkg/util`; client-go, `tools/portforward`.

use std::{collections::BTreeSet, fmt};

use machinery::{gofmt, meta};
use serde_json::Value;

use crate::report::CliError;

/// A local port, 0 for any that is free, and where it leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Forwarded {
    pub(super) local: u16,
    pub(super) remote: u16,
}

impl fmt::Display for Forwarded {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{{{} {}}}", self.local, self.remote)
    }
}

/// Resolves the ports that a user names, of a pod or of a service that leads to it.
///
/// Errors: ports that are none, that have no such name, or that do not speak TCP.
pub(super) fn resolve(
    words: &[String],
    service: Option<&Value>,
    pod: &Value,
) -> Result<Vec<Forwarded>, CliError> {
    let resolved: Result<Vec<String>, CliError> = if let Some(service) = service {
        check_protocol(words, service, port_of_service)?;
        words.iter().map(|word| of_service(word, service, pod)).collect()
    } else {
        check_protocol(words, pod, port_of_pod)?;
        words.iter().map(|word| of_pod(word, pod)).collect()
    };
    resolved?.iter().map(|text| parse(text)).collect()
}

/// The local and the remote part; with more than one colon the first part is both.
fn split(word: &str) -> (&str, &str) {
    match word.split_once(':') {
        Some((local, remote)) if !remote.contains(':') => (local, remote),
        Some((first, _)) => (first, first),
        None => (word, word),
    }
}

/// Ports of which the object says that they speak UDP and nothing else are refused.
fn check_protocol(
    words: &[String],
    object: &Value,
    named: fn(&Value, &str) -> Result<i64, CliError>,
) -> Result<(), CliError> {
    let mut known: [BTreeSet<i64>; 2] = Default::default();
    let own = meta::items(object, "/spec/ports").iter();
    let containers = meta::items(object, "/spec/containers").iter();
    for port in own.chain(containers.flat_map(|one| meta::items(one, "/ports"))) {
        let number = port["containerPort"].as_i64().or_else(|| port["port"].as_i64());
        let place = match port["protocol"].as_str() {
            Some("UDP") => 0,
            Some("TCP") => 1,
            _ => continue,
        };
        known[place].extend(number);
    }
    for word in words {
        let (_, remote) = split(word);
        let number = remote.parse().or_else(|_| named(object, remote))?;
        if known[0].contains(&number) && !known[1].contains(&number) {
            return Err(CliError::plain(format!("UDP protocol is not supported for {remote}")));
        }
    }
    Ok(())
}

fn of_pod(word: &str, pod: &Value) -> Result<String, CliError> {
    let (local, remote) = split(word);
    if remote.is_empty() {
        return Err(CliError::plain("remote port cannot be empty"));
    }
    let number = match remote.parse::<i64>() {
        Ok(_) => remote.to_owned(),
        Err(_) => port_of_pod(pod, remote)?.to_string(),
    };
    Ok(if local == remote { number } else { format!("{local}:{number}") })
}

fn of_service(word: &str, service: &Value, pod: &Value) -> Result<String, CliError> {
    let (local, remote) = split(word);
    let (number, local) = if let Ok(number) = remote.parse::<i64>() {
        (number, local.to_owned())
    } else {
        let number = port_of_service(service, remote)?;
        (number, if local == remote { number.to_string() } else { local.to_owned() })
    };
    let remote = target(service, pod, number)?.to_string();
    Ok(if local == remote { remote } else { format!("{local}:{remote}") })
}

/// Whether a port has this name; one without a name has the empty one.
fn is_named(port: &Value, name: &str) -> bool {
    port["name"].as_str().unwrap_or_default() == name
}

fn port_of_service(service: &Value, name: &str) -> Result<i64, CliError> {
    let found = meta::items(service, "/spec/ports").iter().find(|port| is_named(port, name));
    found.and_then(|port| port["port"].as_i64()).ok_or_else(|| {
        let service = meta::name(service);
        CliError::plain(format!("Service '{service}' does not have a named port '{name}'"))
    })
}

fn port_of_pod(pod: &Value, name: &str) -> Result<i64, CliError> {
    let containers = ["/spec/containers", "/spec/initContainers"];
    let mut ports = containers
        .into_iter()
        .flat_map(|field| meta::items(pod, field))
        .flat_map(|container| meta::items(container, "/ports"));
    let found = ports.find(|port| is_named(port, name));
    found.and_then(|port| port["containerPort"].as_i64()).ok_or_else(|| {
        let pod = meta::name(pod);
        CliError::plain(format!("Pod '{pod}' does not have a named port '{name}'"))
    })
}

/// The pod's port behind a service's.
fn target(service: &Value, pod: &Value, number: i64) -> Result<i64, CliError> {
    let ports = meta::items(service, "/spec/ports");
    let Some(port) = ports.iter().find(|port| port["port"].as_i64() == Some(number)) else {
        let name = meta::name(service);
        let text = format!("Service {name} does not have a service port {number}");
        return Err(CliError::plain(text));
    };
    if service["spec"]["clusterIP"] == "None" {
        return Ok(number);
    }
    match &port["targetPort"] {
        Value::String(name) => port_of_pod(pod, name),
        other => Ok(other.as_i64().filter(|target| *target != 0).unwrap_or(number)),
    }
}

fn parse(text: &str) -> Result<Forwarded, CliError> {
    let parts: Vec<&str> = text.split(':').collect();
    let (local, remote) = match *parts.as_slice() {
        [both] => (both, both),
        ["", remote] => ("0", remote),
        [local, remote] => (local, remote),
        _ => return Err(CliError::plain(format!("invalid port format '{text}'"))),
    };
    let forwarded = Forwarded { local: number("local", local)?, remote: number("remote", remote)? };
    if forwarded.remote == 0 {
        return Err(CliError::plain("remote port must be > 0"));
    }
    Ok(forwarded)
}

fn number(which: &str, text: &str) -> Result<u16, CliError> {
    let number = gofmt::parse_uint(text, u16::MAX.into())
        .map_err(|why| CliError::plain(format!("error parsing {which} port '{text}': {why}")))?;
    Ok(u16::try_from(number).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn resolved(words: &[&str], service: Option<&Value>) -> Result<Vec<String>, String> {
        let pod = json!({"metadata": {"name": "p"}, "spec": {
            "containers": [{"ports": [
                {"name": "web", "containerPort": 8080, "protocol": "TCP"},
                {"name": "dns", "containerPort": 53, "protocol": "UDP"},
            ]}],
            "initContainers": [{"ports": [{"name": "side", "containerPort": 9}]}],
        }});
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        let found = resolve(&words, service, &pod).map_err(|error| error.to_string())?;
        Ok(found.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn a_pods_ports_are_found() {
        for (word, want) in [
            ("80", Ok("{80 80}")),
            (":80", Ok("{0 80}")),
            ("1:80", Ok("{1 80}")),
            ("web", Ok("{8080 8080}")),
            ("1:web", Ok("{1 8080}")),
            ("side", Ok("{9 9}")),
            ("80:", Err("Pod 'p' does not have a named port ''")),
            ("0:0", Err("remote port must be > 0")),
            ("none", Err("Pod 'p' does not have a named port 'none'")),
            ("dns", Err("UDP protocol is not supported for dns")),
            ("1:53", Err("UDP protocol is not supported for 53")),
            ("1:2:3", Ok("{1 1}")),
            (
                "70000:1",
                Err(
                    "error parsing local port '70000': strconv.ParseUint: parsing \"70000\": value out of range",
                ),
            ),
            (
                "x:1",
                Err(
                    "error parsing local port 'x': strconv.ParseUint: parsing \"x\": invalid syntax",
                ),
            ),
            (
                "-1",
                Err(
                    "error parsing local port '-1': strconv.ParseUint: parsing \"-1\": invalid syntax",
                ),
            ),
        ] {
            let found = resolved(&[word], None);
            let want = want.map(|text| vec![text.to_owned()]).map_err(str::to_owned);
            assert_eq!(found, want, "{word}");
        }
        assert_eq!(resolved(&["80", "web"], None).unwrap(), ["{80 80}", "{8080 8080}"]);
    }

    #[test]
    fn a_services_ports_are_its_pods() {
        let mut service = json!({"metadata": {"name": "s"}, "spec": {"clusterIP": "10.0.0.1", "ports": [
            {"name": "a", "port": 80, "targetPort": "web", "protocol": "TCP"},
            {"name": "b", "port": 81, "targetPort": 82, "protocol": "TCP"},
            {"name": "c", "port": 83, "protocol": "TCP"},
            {"name": "d", "port": 53, "protocol": "UDP"},
        ]}});
        for (word, want) in [
            ("80", Ok("{80 8080}")),
            ("a", Ok("{80 8080}")),
            ("9:b", Ok("{9 82}")),
            ("83", Ok("{83 83}")),
            ("d", Err("UDP protocol is not supported for d")),
            ("99", Err("Service s does not have a service port 99")),
            ("x", Err("Service 's' does not have a named port 'x'")),
        ] {
            let found = resolved(&[word], Some(&service));
            let want = want.map(|text| vec![text.to_owned()]).map_err(str::to_owned);
            assert_eq!(found, want, "{word}");
        }
        service["spec"]["clusterIP"] = json!("None");
        assert_eq!(resolved(&["80"], Some(&service)).unwrap(), ["{80 80}"]);
    }
}
