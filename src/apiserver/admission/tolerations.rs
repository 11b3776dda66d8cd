//! `DefaultTolerationSeconds`: pods stay five minutes on a node that fails.

use machinery::{meta, well_known};
use serde_json::{Value, json};

use super::Operation;

const SECONDS: i64 = 300;

/// Adds the tolerations that a new pod lacks.
pub(super) fn complete(operation: &Operation<'_>, object: &mut Value) {
    if !operation.kind.group.is_empty() || operation.kind.plural != "pods" {
        return;
    }
    let mut tolerations = meta::items(object, "/spec/tolerations").to_vec();
    for key in [well_known::TAINT_NOT_READY, well_known::TAINT_UNREACHABLE] {
        if tolerations.iter().any(|one| tolerates(one, key)) {
            continue;
        }
        tolerations.push(json!({
            "key": key, "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": SECONDS,
        }));
    }
    meta::object_at(object, "spec").insert("tolerations".into(), tolerations.into());
}

fn tolerates(toleration: &Value, key: &str) -> bool {
    let given = meta::text(toleration, "/key");
    let effect = meta::text(toleration, "/effect");
    (given == key || given.is_empty()) && matches!(effect, "" | "NoExecute")
}
