//! What users leave out of pods and pod templates. Source: `k8s.io/kubernetes/pkg/apis/core/v1`
//! defaulting functions.

use machinery::meta::{as_object, object_at, set_default};
use serde_json::{Map, Value, json};

use super::requirements::{aggregate, is_of_pods};
use crate::{
    core::{persistentvolume::fill_source, resources::is_hugepages},
    parts::{drop_zero, items_mut},
};

/// Fills in a pod that is created on its own.
pub(super) fn fill_pod(pod: &mut Value) {
    fill_spec(object_at(pod, "spec"));
    let spec = object_at(pod, "spec");
    set_default(spec, "enableServiceLinks", true);
    for key in ["containers", "initContainers"] {
        for container in items_mut(object_at(pod, "spec"), key) {
            limits_are_requests(as_object(container));
        }
    }
    fill_whole(pod);
    let spec = object_at(pod, "spec");
    if spec.get("hostNetwork") == Some(&Value::Bool(true)) {
        for key in ["containers", "initContainers"] {
            for container in items_mut(spec, key) {
                open_host_ports(as_object(container));
            }
        }
    }
}

/// On the host's network a container's ports are the host's.
fn open_host_ports(container: &mut Map<String, Value>) {
    for port in items_mut(container, "ports") {
        let port = as_object(port);
        if let Some(number) = port.get("containerPort").cloned() {
            set_default(port, "hostPort", number);
        }
    }
}

/// What a pod with limits as a whole requests as a whole: what its containers do, else its limits.
fn fill_whole(pod: &mut Value) {
    let spec = &pod["spec"];
    let Some(limits) = spec.pointer("/resources/limits").and_then(Value::as_object) else { return };
    if limits.is_empty() {
        return;
    }
    let mut requests = Map::new();
    for (name, amount) in aggregate(spec, "requests") {
        if is_of_pods(&name) && !is_hugepages(&name) {
            requests.insert(name, amount.to_string().into());
        }
    }
    for (name, amount) in limits.iter().filter(|(name, _)| is_of_pods(name)) {
        requests.entry(name.clone()).or_insert_with(|| amount.clone());
    }
    let resources = object_at(&mut pod["spec"], "resources");
    let given = as_object(resources.entry("requests").or_insert(Value::Null));
    for (name, amount) in requests {
        given.entry(name).or_insert(amount);
    }
}

/// Fills in a template, such as a Deployment's.
pub(crate) fn fill_template(template: &mut Value) {
    object_at(template, "metadata");
    fill_spec(object_at(template, "spec"));
}

/// A container with a limit and no request requests its limit.
fn limits_are_requests(container: &mut Map<String, Value>) {
    let limits = container.get("resources").and_then(|it| it.get("limits")).cloned();
    let Some(Value::Object(limits)) = limits else { return };
    let Some(resources) = container.get_mut("resources") else { return };
    let requests = object_at(resources, "requests");
    for (resource, limit) in limits {
        requests.entry(resource).or_insert(limit);
    }
}

fn fill_spec(spec: &mut Map<String, Value>) {
    set_default(spec, "dnsPolicy", "ClusterFirst");
    set_default(spec, "restartPolicy", "Always");
    set_default(spec, "schedulerName", "default-scheduler");
    set_default(spec, "securityContext", json!({}));
    set_default(spec, "terminationGracePeriodSeconds", 30);
    drop_zero(
        spec,
        &[
            "nodeName",
            "hostNetwork",
            "hostPID",
            "hostIPC",
            "hostname",
            "subdomain",
            "priorityClassName",
            "nodeSelector",
            "tolerations",
            "imagePullSecrets",
            "volumes",
            "initContainers",
            "hostAliases",
            "topologySpreadConstraints",
            "readinessGates",
            "schedulingGates",
            "overhead",
        ],
    );
    share_account_name(spec);
    for volume in items_mut(spec, "volumes") {
        fill_volume(as_object(volume));
    }
    for constraint in items_mut(spec, "topologySpreadConstraints") {
        drop_zero(as_object(constraint), &["matchLabelKeys"]);
    }
    for key in ["initContainers", "containers", "ephemeralContainers"] {
        for container in items_mut(spec, key) {
            fill_container(as_object(container));
        }
    }
}

/// `serviceAccount` is the old name of `serviceAccountName`; both are served.
fn share_account_name(spec: &mut Map<String, Value>) {
    drop_zero(spec, &["serviceAccountName", "serviceAccount"]);
    let name = spec.get("serviceAccountName").or_else(|| spec.get("serviceAccount")).cloned();
    if let Some(name) = name {
        spec.insert("serviceAccountName".into(), name.clone());
        spec.insert("serviceAccount".into(), name);
    }
}

fn fill_container(container: &mut Map<String, Value>) {
    set_default(container, "resources", json!({}));
    set_default(container, "terminationMessagePath", "/dev/termination-log");
    set_default(container, "terminationMessagePolicy", "File");
    let image = container.get("image").and_then(Value::as_str).unwrap_or_default();
    let policy = if is_latest(image) { "Always" } else { "IfNotPresent" };
    set_default(container, "imagePullPolicy", policy);
    drop_zero(
        container,
        &[
            "command",
            "args",
            "env",
            "envFrom",
            "ports",
            "volumeMounts",
            "volumeDevices",
            "workingDir",
            "stdin",
            "stdinOnce",
            "tty",
        ],
    );
    for port in items_mut(container, "ports") {
        let port = as_object(port);
        set_default(port, "protocol", "TCP");
        drop_zero(port, &["name", "hostPort", "hostIP"]);
    }
    for mount in items_mut(container, "volumeMounts") {
        drop_zero(as_object(mount), &["readOnly", "subPath", "subPathExpr"]);
    }
    for variable in items_mut(container, "env") {
        fill_variable(as_object(variable));
    }
    for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
        if let Some(probe) = container.get_mut(probe) {
            fill_probe(as_object(probe));
        }
    }
    for hook in ["postStart", "preStop"] {
        if let Some(get) = container
            .get_mut("lifecycle")
            .and_then(|lifecycle| lifecycle.get_mut(hook)?.get_mut("httpGet"))
        {
            fill_http_get(as_object(get));
        }
    }
}

/// Tells whether an image's tag is `latest`, spoken or not. What is no image has no tag.
/// Source: `ParseImageName` of Kubernetes, on distribution's reference grammar.
fn is_latest(image: &str) -> bool {
    if image.contains('@') {
        return false;
    }
    let is_host = |first: &str| {
        first.contains(['.', ':']) || first == "localhost" || first != first.to_lowercase()
    };
    let path = image.split_once('/').filter(|(first, _)| is_host(first));
    let path = path.map_or(image, |(_, path)| path);
    let (name, tag) = path.split_once(':').unwrap_or((path, "latest"));
    let mut parts = name.split('/');
    let is_name = |part: &str| {
        let known = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        part.bytes().all(|byte| known(byte) || b"._-".contains(&byte))
            && part.bytes().next().is_some_and(known)
            && part.bytes().last().is_some_and(known)
    };
    tag == "latest" && parts.all(is_name)
}

fn fill_variable(variable: &mut Map<String, Value>) {
    drop_zero(variable, &["value"]);
    let Some(source) = variable.get_mut("valueFrom") else { return };
    if let Some(field) = source.get_mut("fieldRef") {
        set_default(as_object(field), "apiVersion", "v1");
    }
    if let Some(field) = source.get_mut("resourceFieldRef") {
        set_default(as_object(field), "divisor", "0");
    }
}

fn fill_probe(probe: &mut Map<String, Value>) {
    for (key, value) in [
        ("timeoutSeconds", 1),
        ("periodSeconds", 10),
        ("successThreshold", 1),
        ("failureThreshold", 3),
    ] {
        drop_zero(probe, &[key]);
        set_default(probe, key, value);
    }
    drop_zero(probe, &["initialDelaySeconds"]);
    if let Some(get) = probe.get_mut("httpGet") {
        fill_http_get(as_object(get));
    }
    if let Some(grpc) = probe.get_mut("grpc") {
        set_default(as_object(grpc), "service", "");
    }
}

fn fill_http_get(get: &mut Map<String, Value>) {
    drop_zero(get, &["path", "scheme", "host"]);
    set_default(get, "path", "/");
    set_default(get, "scheme", "HTTP");
}

/// The mode of files whose volume says none: `0644`.
const FILE_MODE: i32 = 0o644;

fn fill_volume(volume: &mut Map<String, Value>) {
    if volume.keys().all(|key| key == "name") {
        volume.insert("emptyDir".into(), json!({}));
    }
    for source in ["secret", "configMap", "downwardAPI"] {
        if let Some(source) = volume.get_mut(source) {
            set_default(as_object(source), "defaultMode", FILE_MODE);
        }
    }
    fill_source(volume);
    if let Some(image) = volume.get_mut("image") {
        let image = as_object(image);
        let name = image.get("reference").and_then(Value::as_str).unwrap_or_default();
        let policy = if is_latest(name) { "Always" } else { "IfNotPresent" };
        set_default(image, "pullPolicy", policy);
    }
    for pointer in ["downwardAPI", "projected"] {
        if let Some(source) = volume.get_mut(pointer) {
            fill_field_references(source);
        }
    }
    if let Some(projected) = volume.get_mut("projected") {
        set_default(as_object(projected), "defaultMode", FILE_MODE);
        for source in items_mut(as_object(projected), "sources") {
            if let Some(token) = source.get_mut("serviceAccountToken") {
                set_default(as_object(token), "expirationSeconds", 3600);
            }
        }
    }
    if let Some(claim) =
        volume.get_mut("ephemeral").and_then(|it| it.get_mut("volumeClaimTemplate"))
    {
        set_default(object_at(claim, "spec"), "volumeMode", "Filesystem");
    }
}

/// Gives every `fieldRef` below `value` its API version.
fn fill_field_references(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (key, inner) in fields.iter_mut() {
                if key == "fieldRef" {
                    set_default(as_object(inner), "apiVersion", "v1");
                } else {
                    fill_field_references(inner);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(fill_field_references),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use machinery::meta;

    use super::*;

    #[test]
    fn tags_are_found_behind_registry_ports() {
        for (image, latest) in [
            ("nginx", true),
            ("nginx:latest", true),
            ("nginx:1", false),
            ("localhost:5000/nginx", true),
            ("localhost:5000/nginx:1", false),
            ("nginx@sha256:abc", false),
            ("Registry/nginx", true),
            ("nginx/UPPER:latest", false),
            ("", false),
            ("a b", false),
        ] {
            assert_eq!(is_latest(image), latest, "{image}");
        }
    }

    #[test]
    fn a_minimal_pod_is_completed() {
        let mut pod = json!({"spec": {"containers": [{"name": "c", "image": "i:1"}]}});
        fill_pod(&mut pod);
        assert_eq!(meta::text(&pod, "/spec/containers/0/imagePullPolicy"), "IfNotPresent");
        assert_eq!(meta::number(&pod, "/spec/terminationGracePeriodSeconds"), Some(30));
    }
}
