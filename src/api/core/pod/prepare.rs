//! What the API server writes into new pods, and what it leaves out of them.
//! Source: `k8s.io/kubernetes/pkg/registry/core/pod`, `pkg/api/pod`.

use machinery::meta;
use serde_json::{Value, json};

use super::{annotations::APPARMOR, qos::qos_class};
use crate::parts::items_mut;

const LISTS: [&str; 3] = ["initContainers", "containers", "ephemeralContainers"];

/// A pod's status begins with the API server's words, whatever the user sent.
pub(super) fn prepare(object: &mut Value, old: Option<&Value>) {
    let before = old.map(|old| &old["spec"]);
    drop_disabled(&mut object["spec"], before.unwrap_or(&Value::Null));
    if old.is_some() {
        return;
    }
    let class = qos_class(object).word();
    let gated = !meta::items(object, "/spec/schedulingGates").is_empty();
    let fields = meta::as_object(object);
    fields.remove("status");
    let status = meta::object_at(object, "status");
    status.insert("phase".into(), "Pending".into());
    status.insert("qosClass".into(), class.into());
    if gated {
        status.insert(
            "conditions".into(),
            json!([{
                "type": "PodScheduled",
                "status": "False",
                "reason": "SchedulingGated",
                "message": "Scheduling is blocked due to non-empty scheduling gates",
            }]),
        );
    }
    let labels = object["metadata"]["labels"].clone();
    select_by_own_labels(&mut object["spec"], &labels);
    share_app_armor(object);
}

/// Takes out of the template of pods at `pointer` what is not served.
pub(crate) fn keep_served(object: &mut Value, old: Option<&Value>, pointer: &str) {
    let before = old.and_then(|old| old.pointer(pointer)).unwrap_or(&Value::Null);
    if let Some(template) = object.pointer_mut(pointer).filter(|it| it["spec"].is_object()) {
        drop_disabled(&mut template["spec"], &before["spec"]);
    }
}

/// Features that are off by default: what they know is not kept, unless it was there before.
fn drop_disabled(spec: &mut Value, old: &Value) {
    if !spec.is_object() {
        return;
    }
    if old.get("schedulingGroup").is_none() {
        meta::as_object(spec).remove("schedulingGroup");
    }
    for list in LISTS {
        for container in items_mut(meta::as_object(spec), list) {
            drop_stop_signal(container);
        }
    }
    for volume in items_mut(meta::as_object(spec), "volumes") {
        let Some(projected) = volume.get_mut("projected") else { continue };
        for source in items_mut(meta::as_object(projected), "sources") {
            for kind in ["clusterTrustBundle", "podCertificate"] {
                meta::as_object(source).remove(kind);
            }
        }
    }
}

fn drop_stop_signal(container: &mut Value) {
    let fields = meta::as_object(container);
    let Some(lifecycle) = fields.get_mut("lifecycle").and_then(Value::as_object_mut) else {
        return;
    };
    if lifecycle.remove("stopSignal").is_some() && lifecycle.is_empty() {
        fields.remove("lifecycle");
    }
}

/// Where a pod looks for others with its own labels, the values of these are written down.
fn select_by_own_labels(spec: &mut Value, labels: &Value) {
    let fields = meta::as_object(spec);
    for constraint in items_mut(fields, "topologySpreadConstraints") {
        add_own_labels(constraint, labels);
    }
    let Some(affinity) = fields.get_mut("affinity") else { return };
    for kind in ["podAffinity", "podAntiAffinity"] {
        let Some(terms) = affinity.get_mut(kind).map(meta::as_object) else { continue };
        for term in items_mut(terms, "requiredDuringSchedulingIgnoredDuringExecution") {
            add_own_labels(term, labels);
        }
        for term in items_mut(terms, "preferredDuringSchedulingIgnoredDuringExecution") {
            add_own_labels(&mut term["podAffinityTerm"], labels);
        }
    }
}

fn add_own_labels(term: &mut Value, labels: &Value) {
    let mut made = Vec::new();
    for (field, operator) in [("matchLabelKeys", "In"), ("mismatchLabelKeys", "NotIn")] {
        for key in meta::items(term, &format!("/{field}")) {
            if let Some(value) = key.as_str().and_then(|key| labels.get(key)) {
                made.push(json!({"key": key, "operator": operator, "values": [value]}));
            }
        }
    }
    let selector = term.get_mut("labelSelector").filter(|selector| selector.is_object());
    let Some(selector) = selector.filter(|_| !made.is_empty()) else { return };
    let expressions = meta::as_object(selector).entry("matchExpressions").or_insert(json!([]));
    if let Some(expressions) = expressions.as_array_mut() {
        expressions.extend(made);
    }
}

/// A profile of `AppArmor` stands in a field and, for older nodes, in an annotation; who gives one
/// has both.
fn share_app_armor(pod: &mut Value) {
    if meta::text(pod, "/spec/os/name") == "windows" {
        return;
    }
    let whole = pod.pointer("/spec/securityContext/appArmorProfile").cloned();
    for list in LISTS {
        let count = meta::items(pod, &format!("/spec/{list}")).len();
        for index in 0..count {
            share_one(pod, list, index, whole.as_ref());
        }
    }
}

fn share_one(pod: &mut Value, list: &str, index: usize, whole: Option<&Value>) {
    let container = &pod["spec"][list][index];
    let key = format!("{APPARMOR}{}", meta::text(container, "/name"));
    let own = container.pointer("/securityContext/appArmorProfile");
    match (meta::annotation(pod, &key), own) {
        (None, own) => {
            if let Some(word) = own.or(whole).and_then(word_of_profile) {
                let metadata = meta::metadata_mut(pod);
                let annotations = metadata.entry("annotations").or_insert(Value::Null);
                meta::as_object(annotations).insert(key, word.into());
            }
        }
        (Some(word), None) => {
            let profile = profile_of_word(word).filter(|profile| Some(profile) != whole);
            if let Some(profile) = profile {
                let container = &mut pod["spec"][list][index];
                let context = meta::object_at(container, "securityContext");
                context.insert("appArmorProfile".into(), profile);
            }
        }
        _ => {}
    }
}

fn word_of_profile(profile: &Value) -> Option<String> {
    match meta::text(profile, "/type") {
        "Unconfined" => Some("unconfined".into()),
        "RuntimeDefault" => Some("runtime/default".into()),
        "Localhost" => Some(format!("localhost/{}", profile["localhostProfile"].as_str()?)),
        _ => None,
    }
}

fn profile_of_word(word: &str) -> Option<Value> {
    match word {
        "unconfined" => Some(json!({"type": "Unconfined"})),
        "runtime/default" => Some(json!({"type": "RuntimeDefault"})),
        _ => {
            let file = word.strip_prefix("localhost/")?;
            let fits = !file.is_empty() && file.trim() == file;
            fits.then(|| json!({"type": "Localhost", "localhostProfile": file}))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_labels_are_written_into_selectors() {
        let term = |expressions: Value| {
            json!({"matchLabelKeys": ["app", "none"], "mismatchLabelKeys": ["tenant"],
                "labelSelector": {"matchExpressions": expressions}})
        };
        let mut pod = json!({"metadata": {"labels": {"app": "a", "tenant": "t"}}, "spec": {
            "affinity": {"podAffinity": {
                "requiredDuringSchedulingIgnoredDuringExecution": [term(json!([]))]}},
            "topologySpreadConstraints": [{"matchLabelKeys": ["app"], "labelSelector": {}}],
        }});
        prepare(&mut pod, None);
        let own = json!({"key": "app", "operator": "In", "values": ["a"]});
        let other = json!({"key": "tenant", "operator": "NotIn", "values": ["t"]});
        assert_eq!(
            pod["spec"]["affinity"]["podAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]
                [0],
            term(json!([own, other]))
        );
        assert_eq!(
            pod["spec"]["topologySpreadConstraints"][0]["labelSelector"]["matchExpressions"],
            json!([own])
        );
    }

    #[test]
    fn profiles_stand_in_field_and_annotation() {
        let mut pod = json!({
            "metadata": {"annotations": {(format!("{APPARMOR}b")): "localhost/p"}},
            "spec": {
                "securityContext": {"appArmorProfile": {"type": "RuntimeDefault"}},
                "containers": [{"name": "a"}, {"name": "b"}],
            },
        });
        prepare(&mut pod, None);
        assert_eq!(meta::annotation(&pod, &format!("{APPARMOR}a")), Some("runtime/default"));
        assert_eq!(
            pod["spec"]["containers"][1]["securityContext"]["appArmorProfile"],
            json!({"type": "Localhost", "localhostProfile": "p"})
        );
        assert!(pod["spec"]["containers"][0].get("securityContext").is_none());
    }

    #[test]
    fn what_is_off_is_left_out() {
        let mut pod = json!({"spec": {
            "schedulingGroup": {"podGroupName": "g"},
            "containers": [{"lifecycle": {"stopSignal": "SIGTERM"}}],
            "volumes": [{"projected": {"sources": [{"podCertificate": {}}]}}],
        }});
        prepare(&mut pod, None);
        let left = json!({"containers": [{}], "volumes": [{"projected": {"sources": [{}]}}]});
        assert_eq!(pod["spec"], left);
    }
}
