//! Patches made from versions of an object: what changed, and what `apply` must send.
//!
//! Source: apimachinery's `strategicpatch` and `jsonmergepatch`. Lists with a merge key are compared
//! item by item; all else is replaced whole. Kinds without a schema of ours get plain merge patches.

use std::sync::Arc;

use client::Patch;
use machinery::schema::{PatchRule, Schema};
use serde_json::{Map, Value, json};

/// The schema of a built-in kind.
pub(crate) fn schema_of(api_version: &str, kind: &str) -> Option<Arc<Schema>> {
    let (group, version) = api_version.rsplit_once('/').unwrap_or(("", api_version));
    api::lookup(group, version, kind).map(|kind| kind.schema())
}

/// What turns `old` into `new`, as the best patch that the kind allows.
pub(crate) fn two_way(old: &Value, new: &Value) -> Patch {
    three_way(old, new, old)
}

/// What brings `current` to `modified`, dropping what `original` had and `modified` has not.
pub(crate) fn three_way(original: &Value, modified: &Value, current: &Value) -> Patch {
    let text = |field: &str| modified[field].as_str().unwrap_or_default();
    match schema_of(text("apiVersion"), text("kind")) {
        Some(schema) => Patch::Strategic(objects(original, modified, current, &schema)),
        None => Patch::Merge(objects(original, modified, current, &Schema::Any)),
    }
}

/// A plain merge patch from `old` to `new`.
pub(crate) fn merge_patch(old: &Value, new: &Value) -> Value {
    objects(old, new, old, &Schema::Any)
}

/// The patch changes nothing.
pub(crate) fn is_empty(patch: &Patch) -> bool {
    patch.document().as_object().is_some_and(Map::is_empty)
}

fn objects(original: &Value, modified: &Value, current: &Value, schema: &Schema) -> Value {
    let mut patch = Map::new();
    let empty = Map::new();
    let fields = |value: &Value| value.as_object().cloned();
    let modified_fields = modified.as_object().unwrap_or(&empty);
    for (key, wanted) in modified_fields {
        let at = schema.field(key).unwrap_or(&Schema::Any);
        field(&mut patch, key, [&original[key], wanted, &current[key]], at);
    }
    for key in fields(original).unwrap_or_default().keys() {
        if !modified_fields.contains_key(key) {
            patch.insert(key.clone(), Value::Null);
        }
    }
    retain_keys(&mut patch, modified_fields, schema);
    Value::Object(patch)
}

fn field(
    patch: &mut Map<String, Value>,
    key: &str,
    [original, wanted, current]: [&Value; 3],
    schema: &Schema,
) {
    match (wanted, current, schema) {
        (Value::Object(_), Value::Object(_), _) => {
            let change = objects(original, wanted, current, schema);
            if change.as_object().is_some_and(|change| !change.is_empty()) {
                patch.insert(key.to_owned(), change);
            }
        }
        (Value::Array(items), Value::Array(there), Schema::List(item, rule))
            if let PatchRule::Keyed(by) = &rule.patch =>
        {
            let before = original.as_array().map(Vec::as_slice).unwrap_or_default();
            keyed(patch, key, [before, items, there], by, item);
        }
        (Value::Array(items), Value::Array(there), Schema::List(_, rule))
            if rule.patch == PatchRule::Union =>
        {
            let before = original.as_array().map(Vec::as_slice).unwrap_or_default();
            set(patch, key, [before, items, there]);
        }
        (Value::Null, Value::Null, _) => {}
        _ if wanted != current => {
            patch.insert(key.to_owned(), wanted.clone());
        }
        _ => {}
    }
}

fn keyed(
    patch: &mut Map<String, Value>,
    key: &str,
    [before, wanted, current]: [&[Value]; 3],
    by: &str,
    schema: &Schema,
) {
    let find = |list: &[Value], id: &Value| list.iter().find(|item| &item[by] == id).cloned();
    let mut changes = Vec::new();
    for item in wanted {
        let id = &item[by];
        let Some(there) = find(current, id) else {
            changes.push(item.clone());
            continue;
        };
        let mut change = objects(&find(before, id).unwrap_or(Value::Null), item, &there, schema);
        if change.as_object().is_some_and(|change| !change.is_empty()) {
            change[by] = id.clone();
            changes.push(change);
        }
    }
    for item in before {
        if find(wanted, &item[by]).is_none() {
            changes.push(json!({"$patch": "delete", by: item[by]}));
        }
    }
    let order = |list: &[Value]| -> Vec<Value> {
        let shared = list
            .iter()
            .filter(|item| find(wanted, &item[by]).is_some() && find(current, &item[by]).is_some());
        shared.map(|item| item[by].clone()).collect()
    };
    if changes.is_empty() && order(wanted) == order(current) {
        return;
    }
    let order: Vec<Value> = wanted.iter().map(|item| json!({by: item[by]})).collect();
    patch.insert(format!("$setElementOrder/{key}"), order.into());
    if !changes.is_empty() {
        patch.insert(key.to_owned(), changes.into());
    }
}

fn set(patch: &mut Map<String, Value>, key: &str, [before, wanted, current]: [&[Value]; 3]) {
    let added: Vec<Value> = wanted.iter().filter(|v| !current.contains(v)).cloned().collect();
    let removed: Vec<Value> = before.iter().filter(|v| !wanted.contains(v)).cloned().collect();
    if added.is_empty() && removed.is_empty() {
        return;
    }
    patch.insert(format!("$setElementOrder/{key}"), wanted.to_vec().into());
    if !removed.is_empty() {
        patch.insert(format!("$deleteFromPrimitiveList/{key}"), removed.into());
    }
    if !added.is_empty() {
        patch.insert(key.to_owned(), added.into());
    }
}

/// A volume or strategy is of one type: keys of another type must go.
fn retain_keys(patch: &mut Map<String, Value>, wanted: &Map<String, Value>, schema: &Schema) {
    let Schema::Object(link) = schema else { return };
    let retains = matches!(link.definition().go_name(), "DeploymentStrategy" | "Volume");
    if retains && !patch.is_empty() {
        let keys: Vec<&String> = wanted.keys().collect();
        patch.insert("$retainKeys".to_owned(), json!(keys));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::needless_pass_by_value, reason = "reads better in the tests")]
    fn deployment(containers: Value, extra: Value) -> Value {
        let mut object = json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "d"},
            "spec": {"template": {"spec": {"containers": containers}}}});
        if let (Some(spec), Some(extra)) = (object["spec"].as_object_mut(), extra.as_object()) {
            spec.extend(extra.clone());
        }
        object
    }

    /// Applying the patch brings the live object to what was wanted and keeps what others set.
    #[test]
    fn three_ways_become_one_patch() {
        let original = deployment(
            json!([{"name": "a", "image": "1"}, {"name": "b", "image": "1"}]),
            json!({"paused": true}),
        );
        let modified = deployment(json!([{"name": "a", "image": "2"}]), json!({}));
        let mut live = deployment(
            json!([{"name": "a", "image": "1", "imagePullPolicy": "Always"}, {"name": "b", "image": "1"}, {"name": "sidecar"}]),
            json!({"paused": true, "replicas": 3}),
        );
        let Patch::Strategic(patch) = three_way(&original, &modified, &live) else {
            panic!("has a schema")
        };
        let schema = schema_of("apps/v1", "Deployment").unwrap();
        machinery::patch::apply_strategic_patch(&mut live, &patch, &schema).unwrap();
        let containers = &live["spec"]["template"]["spec"]["containers"];
        assert_eq!(containers[0], json!({"name": "a", "image": "2", "imagePullPolicy": "Always"}));
        assert_eq!(containers[1], json!({"name": "sidecar"}));
        assert_eq!((&live["spec"]["replicas"], &live["spec"]["paused"]), (&json!(3), &Value::Null));
    }

    #[test]
    fn nothing_to_change_is_an_empty_patch() {
        let wanted = deployment(json!([{"name": "a", "image": "1"}]), json!({}));
        let live = deployment(json!([{"name": "a", "image": "1", "x": 1}]), json!({"replicas": 1}));
        assert!(is_empty(&three_way(&wanted, &wanted, &live)));
    }

    #[test]
    fn kinds_without_schema_get_merge_patches() {
        let old = json!({"apiVersion": "x.io/v1", "kind": "W", "spec": {"a": [1], "b": 1}});
        let new = json!({"apiVersion": "x.io/v1", "kind": "W", "spec": {"a": [2]}});
        assert_eq!(two_way(&old, &new), Patch::Merge(json!({"spec": {"a": [2], "b": null}})));
    }
}
