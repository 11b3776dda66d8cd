//! `neat`: an object as somebody would have written it, without what the server added. Ours.
//!
//! Pure but for reading and printing: what a built-in kind has by default is found by leaving it out and
//! asking the kind's own defaults whether they bring it back.

use std::sync::Arc;

use machinery::{kind::Kind, meta};
use serde_json::Value;

use super::create::LAST_APPLIED;
use crate::{
    args::Parsed,
    context::Context,
    print::{self, Printer},
    report::CliError,
    resolve::{self, Ask},
};

pub(crate) async fn run(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    let printer = match parsed.text("output") {
        "" => Printer::Yaml,
        _ => print::printer(&parsed, "json,kyaml,yaml")?,
    };
    let mut ask = Ask { type_means_all: true, ..Ask::of(&parsed) };
    if ask.words.is_empty() && !ask.has_files() {
        ask.files = vec!["-".to_owned()];
    }
    resolve::check(&ask)?;
    let objects: Vec<Value> = if ask.has_files() {
        let (manifests, errors) = resolve::read_all(&ask).await?;
        CliError::all(errors)?;
        manifests.into_iter().map(|manifest| manifest.object).collect()
    } else {
        let infos = resolve::find(cx, &ask.latest()).await?.all()?;
        infos.into_iter().map(|info| info.object).collect()
    };
    for mut object in objects {
        tidy(&mut object);
        printer.print(cx, &object)?;
    }
    Ok(())
}

/// Takes out of an object all that nobody wrote.
fn tidy(object: &mut Value) {
    identity(object);
    let map = meta::as_object(object);
    map.remove("status");
    if object.pointer("/spec/template/spec/containers").is_some() {
        pod_spec(&mut object["spec"]["template"]["spec"]);
    }
    let job_template = "/spec/jobTemplate/spec/template/spec/containers";
    if object.pointer(job_template).is_some() {
        pod_spec(&mut object["spec"]["jobTemplate"]["spec"]["template"]["spec"]);
    }
    let (group, version) = meta::group_version(meta::text(object, "/apiVersion"));
    let (group, version) = (group.to_owned(), version.to_owned());
    let name = meta::text(object, "/kind").to_owned();
    match (group.as_str(), name.as_str()) {
        ("", "Pod") => pod_spec(&mut object["spec"]),
        ("", "Service") => service(&mut object["spec"]),
        ("", "PersistentVolumeClaim") => drop(meta::object_at(object, "spec").remove("volumeName")),
        ("", "Namespace") => drop(meta::as_object(object).remove("spec")),
        ("batch", "Job") => job(object),
        _ => {}
    }
    if let Some(kind) = api::lookup(&group, &version, &name) {
        without_defaults(kind, object);
    }
    hollow(object);
}

fn leave_out(fields: &mut serde_json::Map<String, Value>, names: &[&str]) {
    fields.retain(|name, _| !names.contains(&name.as_str()));
}

/// Who and when it is for the server; what its controllers noted.
fn identity(object: &mut Value) {
    const FIELDS: [&str; 8] = [
        "managedFields",
        "uid",
        "resourceVersion",
        "generation",
        "creationTimestamp",
        "deletionTimestamp",
        "deletionGracePeriodSeconds",
        "selfLink",
    ];
    const NOTES: [&str; 9] = [
        LAST_APPLIED,
        "deployment.kubernetes.io/revision",
        "deployment.kubernetes.io/desired-replicas",
        "deployment.kubernetes.io/max-replicas",
        "pv.kubernetes.io/bind-completed",
        "pv.kubernetes.io/bound-by-controller",
        "volume.kubernetes.io/storage-provisioner",
        "volume.beta.kubernetes.io/storage-provisioner",
        "volume.kubernetes.io/selected-node",
    ];
    let metadata = meta::metadata_mut(object);
    leave_out(metadata, &FIELDS);
    if let Some(notes) = metadata.get_mut("annotations").and_then(Value::as_object_mut) {
        leave_out(notes, &NOTES);
    }
    if let Some(labels) = metadata.get_mut("labels").and_then(Value::as_object_mut) {
        labels.remove("kubernetes.io/metadata.name");
    }
}

/// What admission and the scheduler put into a pod.
fn pod_spec(spec: &mut Value) {
    let Some(fields) = spec.as_object_mut() else { return };
    for field in ["nodeName", "priority", "serviceAccount", "ephemeralContainers"] {
        fields.remove(field);
    }
    for (field, default) in
        [("serviceAccountName", "default"), ("preemptionPolicy", "PreemptLowerPriority")]
    {
        if fields.get(field).is_some_and(|value| value == default) {
            fields.remove(field);
        }
    }
    let token = |one: &Value| meta::text(one, "/name").starts_with("kube-api-access-");
    for field in ["containers", "initContainers"] {
        for container in fields.get_mut(field).and_then(Value::as_array_mut).into_iter().flatten() {
            let Some(container) = container.as_object_mut() else { continue };
            retain(container, "volumeMounts", |one| !token(one));
        }
    }
    retain(fields, "volumes", |one| !token(one));
    retain(fields, "tolerations", |one| {
        let key = meta::text(one, "/key");
        let ours = matches!(key, "node.kubernetes.io/not-ready" | "node.kubernetes.io/unreachable");
        !(ours && one["tolerationSeconds"] == 300 && one["effect"] == "NoExecute")
    });
}

/// Keeps the items that fit, and the list only where any is left.
fn retain(fields: &mut serde_json::Map<String, Value>, name: &str, fits: impl Fn(&Value) -> bool) {
    let Some(list) = fields.get_mut(name).and_then(Value::as_array_mut) else { return };
    list.retain(|item| fits(item));
    if list.is_empty() {
        fields.remove(name);
    }
}

fn service(spec: &mut Value) {
    let Some(fields) = spec.as_object_mut() else { return };
    if fields.get("clusterIP").is_some_and(|address| address != "None") {
        fields.remove("clusterIP");
    }
    for field in ["clusterIPs", "healthCheckNodePort"] {
        fields.remove(field);
    }
    if fields.get("ipFamilyPolicy").is_some_and(|policy| policy == "SingleStack") {
        fields.remove("ipFamilyPolicy");
        fields.remove("ipFamilies");
    }
}

/// The selector that the server made, and the labels that go with it.
fn job(object: &mut Value) {
    const MADE: [&str; 4] = [
        "controller-uid",
        "job-name",
        "batch.kubernetes.io/controller-uid",
        "batch.kubernetes.io/job-name",
    ];
    if object["spec"]["manualSelector"] == true {
        return;
    }
    meta::object_at(object, "spec").remove("selector");
    for road in ["/metadata/labels", "/spec/template/metadata/labels"] {
        if let Some(labels) = object.pointer_mut(road).and_then(Value::as_object_mut) {
            leave_out(labels, &MADE);
        }
    }
}

/// Leaves out each field that the kind's defaults bring back just as it is.
fn without_defaults(kind: &Arc<Kind>, object: &mut Value) {
    let whole = filled(kind, object);
    thin(kind, object, "", &whole);
}

fn filled(kind: &Kind, object: &Value) -> Value {
    let mut object = object.clone();
    kind.fill_defaults(&mut object);
    object
}

fn thin(kind: &Kind, object: &mut Value, road: &str, whole: &Value) {
    // What says what a thing is stays, though a default would say the same.
    const KEPT: [&str; 6] = ["apiVersion", "kind", "metadata", "name", "emptyDir", "status"];
    let places: Vec<String> = match object.pointer(road) {
        Some(Value::Object(map)) => map.keys().cloned().collect(),
        Some(Value::Array(list)) => (0..list.len()).map(|at| at.to_string()).collect(),
        _ => return,
    };
    let in_list = object.pointer(road).is_some_and(Value::is_array);
    for place in places {
        let below = format!("{road}/{}", place.replace('~', "~0").replace('/', "~1"));
        if in_list {
            thin(kind, object, &below, whole);
            continue;
        }
        if KEPT.contains(&place.as_str()) {
            continue;
        }
        let Some(Value::Object(map)) = object.pointer_mut(road) else { return };
        let Some(value) = map.remove(&place) else { continue };
        if filled(kind, object) == *whole {
            continue;
        }
        if let Some(Value::Object(map)) = object.pointer_mut(road) {
            map.insert(place, value);
        }
        thin(kind, object, &below, whole);
    }
}

/// Drops empty fields that mean the same as none.
fn hollow(object: &mut Value) {
    const HOLLOW: [&str; 7] = [
        "securityContext",
        "resources",
        "strategy",
        "updateStrategy",
        "annotations",
        "labels",
        "creationTimestamp",
    ];
    match object {
        Value::Object(map) => {
            map.values_mut().for_each(hollow);
            map.retain(|name, value| {
                let empty =
                    value.is_null() || value.as_object().is_some_and(serde_json::Map::is_empty);
                !(empty && HOLLOW.contains(&name.as_str()))
            });
        }
        Value::Array(list) => list.iter_mut().for_each(hollow),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_deployment_is_as_it_was_written() {
        let written = json!({
            "apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": {"name": "web", "namespace": "default", "labels": {"app": "web"}},
            "spec": {"replicas": 3, "selector": {"matchLabels": {"app": "web"}}, "template": {
                "metadata": {"labels": {"app": "web"}},
                "spec": {"containers": [{"name": "c", "image": "nginx:1", "ports": [{"containerPort": 80}],
                    "readinessProbe": {"httpGet": {"port": 80, "path": "/ok"}}}],
                    "volumes": [{"name": "v", "emptyDir": {}}]}}},
        });
        let mut served = written.clone();
        api::lookup("apps", "v1", "Deployment").unwrap().fill_defaults(&mut served);
        assert_ne!(served, written, "there are defaults to leave out");
        served["metadata"]["uid"] = json!("u");
        served["metadata"]["managedFields"] = json!([{}]);
        served["metadata"]["creationTimestamp"] = json!("2026-01-01T00:00:00Z");
        served["metadata"]["annotations"] = json!({"deployment.kubernetes.io/revision": "1"});
        served["spec"]["template"]["metadata"]["creationTimestamp"] = Value::Null;
        served["status"] = json!({"replicas": 3});
        tidy(&mut served);
        assert_eq!(served, written);
    }

    #[test]
    fn a_pod_loses_what_admission_and_scheduler_gave_it() {
        let mut pod = json!({
            "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"},
            "spec": {"nodeName": "n", "serviceAccountName": "default", "serviceAccount": "default",
                "priority": 0, "preemptionPolicy": "PreemptLowerPriority",
                "tolerations": [
                    {"key": "node.kubernetes.io/not-ready", "effect": "NoExecute", "operator": "Exists", "tolerationSeconds": 300},
                    {"key": "mine", "operator": "Exists"}],
                "containers": [{"name": "c", "image": "x:1", "volumeMounts": [
                    {"name": "kube-api-access-abcde", "mountPath": "/t"}]}],
                "volumes": [{"name": "kube-api-access-abcde", "projected": {}}]},
        });
        tidy(&mut pod);
        let want = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": {
            "containers": [{"name": "c", "image": "x:1"}],
            "tolerations": [{"key": "mine", "operator": "Exists"}]}});
        assert_eq!(pod, want);
    }

    #[test]
    fn addresses_that_were_given_out_go() {
        let mut service = json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "s"},
            "spec": {"clusterIP": "10.0.0.1", "clusterIPs": ["10.0.0.1"], "ipFamilies": ["IPv4"],
                "ipFamilyPolicy": "SingleStack", "type": "ClusterIP", "sessionAffinity": "None",
                "internalTrafficPolicy": "Cluster", "selector": {"a": "b"},
                "ports": [{"port": 80, "protocol": "TCP", "targetPort": 80}]}});
        tidy(&mut service);
        assert_eq!(service["spec"], json!({"selector": {"a": "b"}, "ports": [{"port": 80}]}));
    }

    #[test]
    fn unknown_kinds_lose_the_server_s_notes_alone() {
        let mut custom = json!({"apiVersion": "x.io/v1", "kind": "X",
            "metadata": {"name": "x", "generation": 4, "resourceVersion": "9"},
            "spec": {"a": {}}, "status": {"b": 1}});
        tidy(&mut custom);
        let want = json!({"apiVersion": "x.io/v1", "kind": "X", "metadata": {"name": "x"}, "spec": {"a": {}}});
        assert_eq!(custom, want);
    }
}
