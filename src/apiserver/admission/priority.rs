//! `Priority`: pods without a class have the priority 0.

use machinery::meta;
use serde_json::Value;

use super::Operation;

/// Priorities of the classes that every cluster has.
const SYSTEM: [(&str, i32); 2] =
    [("system-cluster-critical", 2_000_000_000), ("system-node-critical", 2_000_001_000)];

/// Fills in a new pod's priority.
pub(super) fn complete(operation: &Operation<'_>, object: &mut Value) {
    if !operation.creates("", "pods") {
        return;
    }
    let class = meta::text(object, "/spec/priorityClassName").to_owned();
    let value = SYSTEM.iter().find(|(name, _)| *name == class).map_or(0, |(_, value)| *value);
    let spec = meta::object_at(object, "spec");
    spec.insert("priority".into(), value.into());
    meta::set_default(spec, "preemptionPolicy", "PreemptLowerPriority");
}
