//! `RuntimeClass`: a pod takes its class's overhead, node selector and tolerations.
//! Source: `plugin/pkg/admission/runtimeclass`.

use machinery::{meta, status::Status};
use serde_json::Value;

use super::Operation;

/// Completes a new pod by its class. Errors: 403 for classes that are not, or contradictions.
pub(super) async fn complete(operation: &Operation<'_>, pod: &mut Value) -> Result<(), Status> {
    if !operation.creates("", "pods") {
        return Ok(());
    }
    let name = meta::name(pod).to_owned();
    let refused = |why: &str| Err(Status::forbidden(operation.kind.resource(), &name, why));
    let class = meta::text(pod, "/spec/runtimeClassName").to_owned();
    let overhead = pod.pointer("/spec/overhead").filter(|it| !it.is_null()).cloned();
    if class.is_empty() {
        return match overhead {
            Some(_) => refused(
                "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead",
            ),
            None => Ok(()),
        };
    }
    let registry = &operation.server.registry;
    let key = registry.key("node.k8s.io", "runtimeclasses", "", &class);
    let Some(class) = registry.object_at(&key).await? else {
        return refused(&format!("pod rejected: RuntimeClass {class:?} not found"));
    };
    let fixed = class.pointer("/overhead/podFixed").cloned();
    if let Some(given) = &overhead
        && Some(given) != fixed.as_ref()
    {
        return refused(
            "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead",
        );
    }
    let spec = meta::object_at(pod, "spec");
    if let Some(fixed) = fixed {
        spec.insert("overhead".into(), fixed);
    }
    for (label, value) in meta::strings(&class, "/scheduling/nodeSelector") {
        let selector = meta::as_object(spec.entry("nodeSelector").or_insert(Value::Null));
        match selector.get(label).and_then(Value::as_str) {
            Some(given) if given != value => {
                return refused(&format!(
                    "conflict: runtimeClass.scheduling.nodeSelector[{label}] = {value}; \
                     pod.spec.nodeSelector[{label}] = {given}"
                ));
            }
            _ => selector.insert(label.to_owned(), value.into()),
        };
    }
    let tolerations = meta::items(&class, "/scheduling/tolerations");
    if !tolerations.is_empty() {
        let slot = spec.entry("tolerations").or_insert_with(|| serde_json::json!([]));
        for toleration in tolerations {
            if let Some(list) = slot.as_array_mut()
                && !list.contains(toleration)
            {
                list.push(toleration.clone());
            }
        }
    }
    Ok(())
}
