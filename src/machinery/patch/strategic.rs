//! Strategic merge patch: a merge patch that merges keyed lists by their schema, with directives
//! (`$patch`, `$deleteFromPrimitiveList`, `$setElementOrder`, `$retainKeys`).
//! Source: `k8s.io/apimachinery/pkg/util/strategicpatch`.

use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::schema::{PatchRule, Schema};

const DIRECTIVE: &str = "$patch";
const DELETE_PREFIX: &str = "$deleteFromPrimitiveList/";
const ORDER_PREFIX: &str = "$setElementOrder/";
const RETAIN_KEYS: &str = "$retainKeys";

/// Why a strategic merge patch cannot be applied.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StrategicError {
    /// A directive that there is not, and the object in which it stands as Go shows it.
    #[error("unknown patch type: {directive} in map: {within}")]
    UnknownDirective {
        /// The directive.
        directive: String,
        /// The object.
        within: String,
    },
    /// An item of a keyed list without its key.
    #[error("map: {item} does not contain declared merge key: {key}")]
    MissingKey {
        /// The item, as JSON.
        item: String,
        /// The key.
        key: String,
    },
    /// A value where an object or list must stand.
    #[error("invalid patch: {field} has the wrong type")]
    WrongType {
        /// The field.
        field: String,
    },
}

/// Applies `patch` to `target`, which `schema` describes.
///
/// Cost: O(target + patch), keyed lists O(items of the patch x items of the target).
pub fn apply_strategic_patch(
    target: &mut Value,
    patch: &Value,
    schema: &Schema,
) -> Result<(), StrategicError> {
    let Value::Object(changes) = patch else {
        return Err(StrategicError::WrongType { field: "patch".into() });
    };
    merge_object(target, changes, schema)
}

fn merge_object(
    target: &mut Value,
    changes: &Map<String, Value>,
    schema: &Schema,
) -> Result<(), StrategicError> {
    match changes.get(DIRECTIVE).and_then(Value::as_str) {
        None | Some("merge") => {}
        Some("replace") => {
            *target = plain(changes);
            return Ok(());
        }
        Some("delete") => {
            *target = Value::Object(Map::new());
            return Ok(());
        }
        Some(other) => {
            return Err(StrategicError::UnknownDirective {
                directive: other.into(),
                within: go_map(changes),
            });
        }
    }
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let Some(fields) = target.as_object_mut() else { return Ok(()) };
    let before = lists_of(fields, changes);
    retain(fields, changes);
    for (key, change) in changes {
        if key == DIRECTIVE || key == RETAIN_KEYS || key.starts_with(ORDER_PREFIX) {
            continue;
        }
        if let Some(list) = key.strip_prefix(DELETE_PREFIX) {
            delete_from(fields, list, change);
            continue;
        }
        merge_field(fields, key, change, schema.field(key).unwrap_or(&Schema::Any))?;
    }
    for (key, order) in changes {
        let Some(list) = key.strip_prefix(ORDER_PREFIX) else { continue };
        let (Some(order), Some(Schema::List(_, rule))) = (order.as_array(), schema.field(list))
        else {
            continue;
        };
        let before = before.get(list).cloned().unwrap_or_default();
        if let Some(items) = fields.get_mut(list).and_then(Value::as_array_mut) {
            arrange(items, order, &before, &rule.patch);
        }
    }
    Ok(())
}

fn merge_field(
    fields: &mut Map<String, Value>,
    key: &str,
    change: &Value,
    schema: &Schema,
) -> Result<(), StrategicError> {
    match (change, schema) {
        (Value::Null, _) => {
            fields.remove(key);
            Ok(())
        }
        (Value::Object(changes), _) => {
            if changes.get(DIRECTIVE).and_then(Value::as_str) == Some("delete") {
                fields.remove(key);
                return Ok(());
            }
            merge_object(fields.entry(key).or_insert(Value::Null), changes, schema)
        }
        (Value::Array(items), Schema::List(item, rule))
            if let PatchRule::Keyed(merge) = &rule.patch =>
        {
            let slot = fields.entry(key).or_insert_with(|| Value::Array(Vec::new()));
            if !slot.is_array() {
                *slot = Value::Array(Vec::new());
            }
            let Some(list) = slot.as_array_mut() else { return Ok(()) };
            let before = list.clone();
            merge_keyed(list, items, merge, item)?;
            arrange(list, items, &before, &rule.patch);
            Ok(())
        }
        (Value::Array(items), Schema::List(_, rule)) if rule.patch == PatchRule::Union => {
            let slot = fields.entry(key).or_insert_with(|| Value::Array(Vec::new()));
            if let Some(list) = slot.as_array_mut() {
                let before = list.clone();
                list.extend(items.iter().filter(|item| !before.contains(item)).cloned());
                arrange(list, items, &before, &rule.patch);
            }
            Ok(())
        }
        (other, _) => {
            fields.insert(key.into(), other.clone());
            Ok(())
        }
    }
}

fn merge_keyed(
    list: &mut Vec<Value>,
    items: &[Value],
    key: &str,
    schema: &Schema,
) -> Result<(), StrategicError> {
    if items.iter().any(|item| item.get(DIRECTIVE).and_then(Value::as_str) == Some("replace")) {
        list.clear();
        let kept = items.iter().filter(|item| item.get(DIRECTIVE).is_none());
        list.extend(kept.cloned());
        return Ok(());
    }
    for item in items {
        let Some(change) = item.as_object() else {
            return Err(StrategicError::WrongType { field: key.into() });
        };
        let Some(identity) = change.get(key) else {
            return Err(StrategicError::MissingKey { item: item.to_string(), key: key.into() });
        };
        let found = list.iter().position(|one| one.get(key) == Some(identity));
        if change.get(DIRECTIVE).and_then(Value::as_str) == Some("delete") {
            list.retain(|one| one.get(key) != Some(identity));
            continue;
        }
        if let Some(index) = found {
            merge_object(&mut list[index], change, schema)?;
        } else {
            let mut fresh = Value::Object(Map::new());
            merge_object(&mut fresh, change, schema)?;
            list.push(fresh);
        }
    }
    Ok(())
}

fn retain(fields: &mut Map<String, Value>, changes: &Map<String, Value>) {
    if let Some(kept) = changes.get(RETAIN_KEYS).and_then(Value::as_array) {
        fields.retain(|key, _| kept.iter().any(|one| one.as_str() == Some(key)));
    }
}

fn delete_from(fields: &mut Map<String, Value>, list: &str, gone: &Value) {
    let gone = gone.as_array().map_or(&[][..], Vec::as_slice);
    if let Some(items) = fields.get_mut(list).and_then(Value::as_array_mut) {
        items.retain(|item| !gone.contains(item));
    }
}

/// The lists that the patch orders, as they are before it.
fn lists_of(
    fields: &Map<String, Value>,
    changes: &Map<String, Value>,
) -> HashMap<String, Vec<Value>> {
    let named = changes.keys().filter_map(|key| key.strip_prefix(ORDER_PREFIX));
    named
        .filter_map(|list| Some((list.to_owned(), fields.get(list)?.as_array()?.clone())))
        .collect()
}

/// Orders a merged list: the items that `order` names stand in its order, the others in theirs of
/// `before`; where the two rows meet, an item that stood before the other still does, and else the
/// named one comes first. Source: `strategicpatch.mergeSortedSlice`.
fn arrange(items: &mut Vec<Value>, order: &[Value], before: &[Value], rule: &PatchRule) {
    let key = match rule {
        PatchRule::Keyed(key) => Some(key.as_ref()),
        PatchRule::Replace | PatchRule::Union => None,
    };
    let identity = |item: &Value| match key {
        Some(key) => item.get(key).cloned().unwrap_or(Value::Null),
        None => item.clone(),
    };
    let place = |row: &[Value], item: &Value| {
        let wanted = identity(item);
        row.iter().position(|one| identity(one) == wanted)
    };
    let (mut named, others): (Vec<Value>, Vec<Value>) =
        items.drain(..).partition(|item| place(order, item).is_some());
    named.sort_by_key(|item| place(order, item));
    let mut named = named.into_iter().peekable();
    let mut others = others.into_iter().peekable();
    while let (Some(left), Some(right)) = (others.peek(), named.peek()) {
        let both = place(before, left).zip(place(before, right));
        let next = if both.is_some_and(|(left, right)| left < right) {
            others.next()
        } else {
            named.next()
        };
        items.extend(next);
    }
    items.extend(others);
    items.extend(named);
}

/// An object as Go's `%v` shows it.
fn go_map(fields: &Map<String, Value>) -> String {
    let shown = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Object(fields) => go_map(fields),
        other => other.to_string(),
    };
    let fields: Vec<String> =
        fields.iter().map(|(name, value)| format!("{name}:{}", shown(value))).collect();
    format!("map[{}]", fields.join(" "))
}

fn plain(changes: &Map<String, Value>) -> Value {
    let kept = changes.iter().filter(|(key, _)| key.as_str() != DIRECTIVE);
    Value::Object(kept.map(|(key, value)| (key.clone(), value.clone())).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::schema::{Facts, ListFact, Source, from_json_schema};

    /// A kind with a list keyed by `name`, a set and an atomic list.
    fn schema() -> Schema {
        const FACTS: Facts = Facts {
            lists: &[
                ListFact { definition: "Thing", field: "keyed", patch: "name", keys: "name" },
                ListFact { definition: "Thing", field: "set", patch: "*", keys: "*" },
            ],
            atomic: &[],
            atomic_maps: &[],
        };
        let strings = json!({"type": "array", "items": {"type": "string"}});
        let item = json!({"type": "object", "additionalProperties": {"type": "string"}});
        let root = json!({"properties": {
            "keyed": {"type": "array", "items": item}, "set": strings, "atomic": strings}});
        let (Some(root), none) = (root.as_object(), Map::new()) else { panic!("an object") };
        from_json_schema("Thing", &Source { root, definitions: &none }, &FACTS)
    }

    fn patched(target: Value, patch: &Value) -> Value {
        let mut target = target;
        apply_strategic_patch(&mut target, patch, &schema()).unwrap();
        target
    }

    #[test]
    fn lists_merge_by_their_schema() {
        let live = json!({"keyed": [{"name": "a", "x": "1"}, {"name": "b"}], "set": ["1"], "atomic": ["1"]});
        let patch = json!({"keyed": [{"name": "a", "y": "2"}, {"name": "b", "$patch": "delete"}, {"name": "c"}],
            "set": ["2"], "atomic": ["2"]});
        let result = json!({"keyed": [{"name": "a", "x": "1", "y": "2"}, {"name": "c"}],
            "set": ["2", "1"], "atomic": ["2"]});
        assert_eq!(patched(live, &patch), result);
    }

    #[test]
    fn new_items_stand_before_those_that_the_patch_does_not_name() {
        let live = json!({"keyed": [{"name": "a"}]});
        let patch = json!({"keyed": [{"name": "b"}]});
        assert_eq!(patched(live, &patch), json!({"keyed": [{"name": "b"}, {"name": "a"}]}));
    }

    #[test]
    fn directives_replace_delete_and_order() {
        let live =
            json!({"keyed": [{"name": "a"}, {"name": "b"}, {"name": "c"}], "set": ["1", "2"]});
        let patch = json!({
            "$setElementOrder/keyed": [{"name": "c"}, {"name": "a"}],
            "keyed": [{"name": "a", "x": "1"}],
            "$deleteFromPrimitiveList/set": ["1"],
        });
        let result =
            json!({"keyed": [{"name": "b"}, {"name": "c"}, {"name": "a", "x": "1"}], "set": ["2"]});
        assert_eq!(patched(live.clone(), &patch), result);
        let replace = json!({"keyed": [{"$patch": "replace"}, {"name": "z"}]});
        assert_eq!(patched(live, &replace)["keyed"], json!([{"name": "z"}]));
        let unknown = json!({"$patch": "explode"});
        let refused = apply_strategic_patch(&mut json!({}), &unknown, &schema());
        let words = "unknown patch type: explode in map: map[$patch:explode]";
        assert_eq!(refused.unwrap_err().to_string(), words);
    }

    proptest! {
        /// A patch applied twice changes nothing the second time.
        #[test]
        fn patches_are_idempotent(live in prop::collection::vec(0_u8..6, 0..6), patch in prop::collection::vec(0_u8..6, 0..6)) {
            let list = |names: &[u8]| {
                let mut names = names.to_vec();
                names.dedup();
                names.iter().map(|name| json!({"name": name.to_string()})).collect::<Vec<_>>()
            };
            let patch = json!({"keyed": list(&patch)});
            let once = patched(json!({"keyed": list(&live)}), &patch);
            prop_assert_eq!(patched(once.clone(), &patch), once);
        }
    }
}
