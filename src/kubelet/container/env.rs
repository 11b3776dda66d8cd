//! The environment of a container: values, references, services. Pure over what was looked up.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{
    ConfigMap, Container, EnvVarSource, Pod, ResourceFieldSelector, Secret, Service,
};
use machinery::quantity::Quantity;

/// The objects that a pod refers to, as far as they exist.
#[derive(Debug, Default)]
pub(crate) struct Lookups {
    pub(crate) config_maps: BTreeMap<String, std::sync::Arc<ConfigMap>>,
    pub(crate) secrets: BTreeMap<String, std::sync::Arc<Secret>>,
    /// Services of the pod's namespace, and `default/kubernetes`.
    pub(crate) services: Vec<std::sync::Arc<Service>>,
}

/// What fields of the pod's own are worth, where its object does not say yet.
#[derive(Debug, Clone, Default)]
pub(crate) struct Place {
    pub(crate) pod_ip: String,
    pub(crate) host_ip: String,
    pub(crate) node_cpu_milli: i64,
    pub(crate) node_memory_bytes: i64,
}

/// A variable could not be given its value; the words are Kubernetes' own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EnvError(pub(crate) String);

type Variables = Vec<(String, String)>;

/// The container's environment, in order, without the image's.
pub(crate) fn environment(
    pod: &Pod,
    container: &Container,
    lookups: &Lookups,
    place: &Place,
) -> Result<Variables, EnvError> {
    let mut variables = from_whole_objects(pod, container, lookups)?;
    let services = service_variables(&lookups.services);
    for variable in container.env.iter().flatten() {
        let value = match (&variable.value, &variable.value_from) {
            (Some(value), _) if !value.is_empty() => {
                let known = |name: &str| {
                    lookup(&variables, name).or_else(|| lookup(&services, name)).cloned()
                };
                Some(expand(value, known))
            }
            (_, Some(source)) => referenced(pod, container, source, lookups, place)?,
            _ => Some(String::new()),
        };
        if let Some(value) = value {
            set(&mut variables, &variable.name, value);
        }
    }
    for (name, value) in services {
        if lookup(&variables, &name).is_none() {
            variables.push((name, value));
        }
    }
    Ok(variables)
}

fn lookup<'a>(variables: &'a Variables, name: &str) -> Option<&'a String> {
    variables.iter().find(|(known, _)| known == name).map(|(_, value)| value)
}

fn set(variables: &mut Variables, name: &str, value: String) {
    match variables.iter_mut().find(|(known, _)| known == name) {
        Some(entry) => entry.1 = value,
        None => variables.push((name.to_owned(), value)),
    }
}

/// Replaces `$(NAME)` where NAME is known; `$$` is a dollar; anything else stays.
pub(crate) fn expand(text: &str, known: impl Fn(&str) -> Option<String>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        if let Some(after) = after.strip_prefix('$') {
            out.push('$');
            rest = after;
        } else if let Some((name, after)) = after.strip_prefix('(').and_then(|t| t.split_once(')'))
        {
            match known(name) {
                Some(value) => out.push_str(&value),
                None => out.extend(["$(", name, ")"]),
            }
            rest = after;
        } else {
            out.push('$');
            rest = after;
        }
    }
    out + rest
}

fn from_whole_objects(
    pod: &Pod,
    container: &Container,
    lookups: &Lookups,
) -> Result<Variables, EnvError> {
    let mut variables = Vec::new();
    let namespace = pod.metadata.namespace.as_deref().unwrap_or_default();
    for source in container.env_from.iter().flatten() {
        let prefix = source.prefix.as_deref().unwrap_or_default();
        if let Some(reference) = &source.config_map_ref {
            let optional = reference.optional.unwrap_or(false);
            match lookups.config_maps.get(&reference.name) {
                Some(map) => {
                    for (key, value) in map.data.iter().flatten() {
                        set(&mut variables, &format!("{prefix}{key}"), value.clone());
                    }
                }
                None if optional => {}
                None => return Err(missing("configmap", &reference.name, namespace)),
            }
        }
        if let Some(reference) = &source.secret_ref {
            let optional = reference.optional.unwrap_or(false);
            match lookups.secrets.get(&reference.name) {
                Some(secret) => {
                    for (key, value) in secret.data.iter().flatten() {
                        let value = String::from_utf8_lossy(&value.0).into_owned();
                        set(&mut variables, &format!("{prefix}{key}"), value);
                    }
                }
                None if optional => {}
                None => return Err(missing("secret", &reference.name, namespace)),
            }
        }
    }
    Ok(variables)
}

fn missing(kind: &str, name: &str, _namespace: &str) -> EnvError {
    EnvError(format!("{kind} \"{name}\" not found"))
}

fn referenced(
    pod: &Pod,
    container: &Container,
    source: &EnvVarSource,
    lookups: &Lookups,
    place: &Place,
) -> Result<Option<String>, EnvError> {
    let namespace = pod.metadata.namespace.as_deref().unwrap_or_default();
    if let Some(field) = &source.field_ref {
        return pod_field(pod, &field.field_path, place).map(Some);
    }
    if let Some(field) = &source.resource_field_ref {
        let named = field.container_name.as_deref().filter(|name| !name.is_empty());
        let other = named.and_then(|name| super::super::pod::container(pod.spec.as_ref()?, name));
        let of = other.map_or(container, |(_, other)| other);
        return resource_field(of, field, place).map(Some);
    }
    if let Some(reference) = &source.config_map_key_ref {
        let optional = reference.optional.unwrap_or(false);
        let Some(map) = lookups.config_maps.get(&reference.name) else {
            return if optional {
                Ok(None)
            } else {
                Err(missing("configmap", &reference.name, namespace))
            };
        };
        let value = map.data.as_ref().and_then(|data| data.get(&reference.key)).cloned();
        let lost = format!(
            "couldn't find key {} in ConfigMap {namespace}/{}",
            reference.key, reference.name
        );
        return if value.is_some() || optional { Ok(value) } else { Err(EnvError(lost)) };
    }
    if let Some(reference) = &source.secret_key_ref {
        let optional = reference.optional.unwrap_or(false);
        let Some(secret) = lookups.secrets.get(&reference.name) else {
            return if optional {
                Ok(None)
            } else {
                Err(missing("secret", &reference.name, namespace))
            };
        };
        let value = secret.data.as_ref().and_then(|data| data.get(&reference.key));
        let value = value.map(|bytes| String::from_utf8_lossy(&bytes.0).into_owned());
        let lost =
            format!("couldn't find key {} in Secret {namespace}/{}", reference.key, reference.name);
        return if value.is_some() || optional { Ok(value) } else { Err(EnvError(lost)) };
    }
    Err(EnvError("this kind of value source is not supported by kanoe yet".to_owned()))
}

/// The value of a field of the pod's own object.
pub(crate) fn pod_field(pod: &Pod, path: &str, place: &Place) -> Result<String, EnvError> {
    let text = |field: &Option<String>| field.clone().unwrap_or_default();
    let spec = pod.spec.as_ref();
    let entry = |prefix: &str| {
        path.strip_prefix(prefix)?.strip_prefix("['")?.strip_suffix("']").map(str::to_owned)
    };
    if let Some(key) = entry("metadata.labels") {
        return Ok(pod
            .metadata
            .labels
            .as_ref()
            .and_then(|all| all.get(&key))
            .cloned()
            .unwrap_or_default());
    }
    if let Some(key) = entry("metadata.annotations") {
        return Ok(pod
            .metadata
            .annotations
            .as_ref()
            .and_then(|all| all.get(&key))
            .cloned()
            .unwrap_or_default());
    }
    Ok(match path {
        "metadata.name" => text(&pod.metadata.name),
        "metadata.namespace" => text(&pod.metadata.namespace),
        "metadata.uid" => text(&pod.metadata.uid),
        "metadata.labels" => in_lines(pod.metadata.labels.as_ref()),
        "metadata.annotations" => in_lines(pod.metadata.annotations.as_ref()),
        "spec.nodeName" => spec.map(|spec| text(&spec.node_name)).unwrap_or_default(),
        "spec.serviceAccountName" => {
            spec.map(|spec| text(&spec.service_account_name)).unwrap_or_default()
        }
        "status.podIP" | "status.podIPs" => place.pod_ip.clone(),
        "status.hostIP" | "status.hostIPs" => place.host_ip.clone(),
        other => return Err(EnvError(format!("unsupported fieldPath: {other}"))),
    })
}

/// Labels or annotations as a volume shows them: `key="value"`, a line each.
fn in_lines(map: Option<&BTreeMap<String, String>>) -> String {
    let lines = map.into_iter().flatten().map(|(key, value)| format!("{key}={value:?}"));
    lines.collect::<Vec<_>>().join("\n")
}

/// The amount of a container's request or limit, in units of the divisor, rounded up.
pub(crate) fn resource_field(
    container: &Container,
    field: &ResourceFieldSelector,
    place: &Place,
) -> Result<String, EnvError> {
    let unsupported = || EnvError(format!("unsupported container resource: {}", field.resource));
    let (side, resource) = field.resource.split_once('.').ok_or_else(unsupported)?;
    let resources = container.resources.as_ref();
    let amounts = match side {
        "limits" => resources.and_then(|resources| resources.limits.as_ref()),
        "requests" => resources.and_then(|resources| resources.requests.as_ref()),
        _ => return Err(unsupported()),
    };
    let asked = amounts.and_then(|amounts| amounts.get(resource)?.0.parse::<Quantity>().ok());
    // A limit that is not set is what the node has.
    let amount = asked.unwrap_or(match (side, resource) {
        ("limits", "cpu") => Quantity::milli(place.node_cpu_milli),
        ("limits", "memory") => Quantity::bytes(place.node_memory_bytes),
        _ => Quantity::whole(0),
    });
    let divisor = field.divisor.as_ref().and_then(|d| d.0.parse::<Quantity>().ok());
    let divisor = divisor.filter(|divisor| !divisor.is_zero()).unwrap_or(Quantity::whole(1));
    let value = if resource == "cpu" {
        ceiling(amount.milli_value(), divisor.milli_value())
    } else {
        ceiling(amount.value(), divisor.value())
    };
    Ok(value.to_string())
}

fn ceiling(amount: i64, divisor: i64) -> i64 {
    let divisor = divisor.max(1);
    amount / divisor + i64::from(amount % divisor > 0)
}

/// What a pod is told of each service: host, ports, and Docker's old link variables.
fn service_variables(services: &[std::sync::Arc<Service>]) -> Variables {
    let mut variables = Vec::new();
    for service in services {
        let Some(spec) = &service.spec else { continue };
        let ip = spec.cluster_ip.as_deref().unwrap_or_default();
        let ports = spec.ports.as_deref().unwrap_or_default();
        let (Some(first), false) = (ports.first(), ip.is_empty() || ip == "None") else { continue };
        let name = service.metadata.name.as_deref().unwrap_or_default();
        let name = name.to_ascii_uppercase().replace('-', "_");
        let host = if ip.contains(':') { format!("[{ip}]") } else { ip.to_owned() };
        variables.push((format!("{name}_SERVICE_HOST"), ip.to_owned()));
        variables.push((format!("{name}_SERVICE_PORT"), first.port.to_string()));
        for port in ports.iter().filter(|port| port.name.as_ref().is_some_and(|n| !n.is_empty())) {
            let label = port.name.as_deref().unwrap_or_default();
            let label = label.to_ascii_uppercase().replace('-', "_");
            variables.push((format!("{name}_SERVICE_PORT_{label}"), port.port.to_string()));
        }
        for (at, port) in ports.iter().enumerate() {
            let protocol = port.protocol.as_deref().unwrap_or("TCP");
            let lower = protocol.to_ascii_lowercase();
            let url = format!("{lower}://{host}:{}", port.port);
            if at == 0 {
                variables.push((format!("{name}_PORT"), url.clone()));
            }
            let prefix = format!("{name}_PORT_{}_{}", port.port, protocol.to_ascii_uppercase());
            variables.push((prefix.clone(), url));
            variables.push((format!("{prefix}_PROTO"), lower));
            variables.push((format!("{prefix}_PORT"), port.port.to_string()));
            variables.push((format!("{prefix}_ADDR"), ip.to_owned()));
        }
    }
    variables
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use std::sync::Arc;

    #[test]
    fn references_in_values_are_filled_in() {
        let known = |name: &str| (name == "A").then(|| "1".to_owned());
        for (text, want) in [
            ("$(A)", "1"),
            ("x$(A)y$(A)", "x1y1"),
            ("$(B)", "$(B)"),
            ("$$(A)", "$(A)"),
            ("$$$(A)", "$1"),
            ("$A $", "$A $"),
            ("$(A", "$(A"),
        ] {
            assert_eq!(expand(text, known), want, "{text}");
        }
    }

    fn lookups() -> Lookups {
        let map = json!({ "metadata": { "name": "cm" }, "data": { "k": "v", "other": "o" } });
        let secret = json!({ "metadata": { "name": "s" }, "data": { "p": "aHVudGVyMg==" } });
        let service = json!({
            "metadata": { "name": "my-db", "namespace": "n" },
            "spec": { "clusterIP": "10.96.0.7", "ports": [{ "name": "sql", "port": 5432, "protocol": "TCP" }] },
        });
        Lookups {
            config_maps: [("cm".to_owned(), Arc::new(serde_json::from_value(map).unwrap()))].into(),
            secrets: [("s".to_owned(), Arc::new(serde_json::from_value(secret).unwrap()))].into(),
            services: vec![Arc::new(serde_json::from_value(service).unwrap())],
        }
    }

    fn variables(container: serde_json::Value) -> Result<String, String> {
        let pod: Pod = serde_json::from_value(json!({
            "metadata": { "name": "p", "namespace": "n", "labels": { "app": "web" } },
            "spec": { "containers": [] },
        }))
        .unwrap();
        let container: Container = serde_json::from_value(container).unwrap();
        let place = Place { pod_ip: "10.1.1.1".into(), node_cpu_milli: 2000, ..Place::default() };
        let found = environment(&pod, &container, &lookups(), &place).map_err(|error| error.0)?;
        let own = found.iter().filter(|(name, _)| !name.starts_with("MY_DB"));
        Ok(own.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn every_source_gives_its_value() {
        let of = |source: serde_json::Value| json!({ "name": "c", "env": [{ "name": "X", "valueFrom": source }] });
        for (source, want) in [
            (json!({ "fieldRef": { "fieldPath": "metadata.name" } }), Ok("X=p")),
            (json!({ "fieldRef": { "fieldPath": "metadata.labels['app']" } }), Ok("X=web")),
            (json!({ "fieldRef": { "fieldPath": "status.podIP" } }), Ok("X=10.1.1.1")),
            (json!({ "resourceFieldRef": { "resource": "limits.cpu" } }), Ok("X=2")),
            (
                json!({ "resourceFieldRef": { "resource": "limits.cpu", "divisor": "1m" } }),
                Ok("X=2000"),
            ),
            (json!({ "configMapKeyRef": { "name": "cm", "key": "k" } }), Ok("X=v")),
            (json!({ "secretKeyRef": { "name": "s", "key": "p" } }), Ok("X=hunter2")),
            (json!({ "configMapKeyRef": { "name": "no", "key": "k", "optional": true } }), Ok("")),
            (
                json!({ "configMapKeyRef": { "name": "no", "key": "k" } }),
                Err("configmap \"no\" not found"),
            ),
            (
                json!({ "secretKeyRef": { "name": "s", "key": "q" } }),
                Err("couldn't find key q in Secret n/s"),
            ),
        ] {
            let found = variables(of(source.clone()));
            assert_eq!(found.as_deref().map_err(String::as_str), want, "{source}");
        }
    }

    #[test]
    fn later_ones_win_and_may_use_earlier_ones() {
        let container = json!({
            "name": "c",
            "envFrom": [{ "configMapRef": { "name": "cm" }, "prefix": "P_" }],
            "env": [
                { "name": "P_k", "value": "mine" },
                { "name": "Y", "value": "$(P_k)-$(MY_DB_SERVICE_PORT)-$(Z)" },
            ],
        });
        assert_eq!(variables(container).unwrap(), "P_k=mine P_other=o Y=mine-5432-$(Z)");
    }

    #[test]
    fn services_are_told_as_links() {
        let words: Vec<String> = service_variables(&lookups().services)
            .iter()
            .map(|(n, v)| format!("{n}={v}"))
            .collect();
        let want = "MY_DB_SERVICE_HOST=10.96.0.7 MY_DB_SERVICE_PORT=5432 MY_DB_SERVICE_PORT_SQL=5432 \
                    MY_DB_PORT=tcp://10.96.0.7:5432 MY_DB_PORT_5432_TCP=tcp://10.96.0.7:5432 \
                    MY_DB_PORT_5432_TCP_PROTO=tcp MY_DB_PORT_5432_TCP_PORT=5432 MY_DB_PORT_5432_TCP_ADDR=10.96.0.7";
        assert_eq!(words.join(" "), want);
    }
}
