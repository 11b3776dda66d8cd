//! `PersistentVolumeClaimResize`: a claim grows when it is bound, and its class lets it.
//! Source: `plugin/pkg/admission/storage/persistentvolume/resize`.

use machinery::{meta, quantity::Quantity, status::Status};
use serde_json::Value;

use super::Operation;

const CLASS: &str = "volume.beta.kubernetes.io/storage-class";

fn class_of(claim: &Value) -> &str {
    meta::annotation(claim, CLASS).unwrap_or_else(|| meta::text(claim, "/spec/storageClassName"))
}

fn size(claim: &Value) -> Option<Quantity> {
    meta::text(claim, "/spec/resources/requests/storage").parse().ok()
}

/// Tells whether a claim asks for more than it did.
fn grows(old: &Value, new: &Value) -> bool {
    size(new).is_some_and(|new| new > size(old).unwrap_or(Quantity::whole(0)))
}

/// Why a claim that grows must not; `expands` tells whether a class of that name lets its claims grow.
fn refusal(old: &Value, new: &Value, expands: bool) -> Option<&'static str> {
    if meta::text(old, "/status/phase") != "Bound" {
        return Some("Only bound persistent volume claims can be expanded");
    }
    let same = !class_of(new).is_empty() && class_of(new) == class_of(old);
    (!same || !expands).then_some(
        "only dynamically provisioned pvc can be resized and the storageclass that provisions the \
         pvc must support resize",
    )
}

/// Refuses claims that grow and must not. Errors: 403.
pub(super) async fn check(operation: &Operation<'_>, claim: &Value) -> Result<(), Status> {
    let Some(old) = operation.old else { return Ok(()) };
    let is_claim =
        operation.kind.group.is_empty() && operation.kind.plural == "persistentvolumeclaims";
    if !is_claim || !grows(old, claim) {
        return Ok(());
    }
    let registry = &operation.server.registry;
    let key = registry.key("storage.k8s.io", "storageclasses", "", class_of(claim));
    let class = registry.object_at(&key).await?;
    let expands = class.is_some_and(|class| class["allowVolumeExpansion"] == true);
    match refusal(old, claim, expands) {
        Some(why) => Err(Status::forbidden(operation.kind.resource(), meta::name(claim), why)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn claim(size: &str, class: &str, phase: &str) -> Value {
        json!({"spec": {"storageClassName": class, "resources": {"requests": {"storage": size}}},
            "status": {"phase": phase}})
    }

    #[test]
    fn claims_grow_when_they_may() {
        let old = claim("1Gi", "fast", "Bound");
        for (size, want) in [("1024Mi", false), ("1025Mi", true), ("512Mi", false)] {
            assert_eq!(grows(&old, &claim(size, "fast", "Bound")), want, "{size}");
        }
        let new = claim("2Gi", "fast", "Bound");
        assert_eq!(refusal(&old, &new, true), None);
        assert!(refusal(&old, &new, false).unwrap().starts_with("only dynamically"));
        assert!(refusal(&old, &claim("2Gi", "slow", "Bound"), true).is_some());
        let none = claim("1Gi", "", "Bound");
        assert!(refusal(&none, &claim("2Gi", "", "Bound"), true).is_some());
        let pending = claim("1Gi", "fast", "Pending");
        assert!(refusal(&pending, &new, true).unwrap().starts_with("Only bound"));
        let mut marked = old.clone();
        marked["metadata"] = json!({"annotations": {CLASS: "slow"}});
        assert!(refusal(&marked, &new, true).is_some(), "the annotation counts");
    }
}
