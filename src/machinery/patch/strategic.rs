//! Strategic merge patch: a merge patch that merges keyed lists by their schema, with directives
//! (`$patch`, `$deleteFromPrimitiveList`, `$setElementOrder`, `$retainKeys`).
//! Source: `k8s.io/apimachinery/pkg/util/strategicpatch`.

use serde_json::{Map, Value};

use crate::schema::{ListMerge, Schema};

const DIRECTIVE: &str = "$patch";
const DELETE_PREFIX: &str = "$deleteFromPrimitiveList/";
const ORDER_PREFIX: &str = "$setElementOrder/";
const RETAIN_KEYS: &str = "$retainKeys";

/// Why a strategic merge patch cannot be applied.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StrategicError {
    /// A directive that there is not.
    #[error("unknown patch type found: {0}")]
    UnknownDirective(String),
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
        Some(other) => return Err(StrategicError::UnknownDirective(other.into())),
    }
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let Some(fields) = target.as_object_mut() else { return Ok(()) };
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
        if let Some(list) = key.strip_prefix(ORDER_PREFIX) {
            let merge = match schema.field(list) {
                Some(Schema::List(_, merge)) => merge,
                _ => &ListMerge::Atomic,
            };
            reorder(fields, list, order, merge);
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
        (Value::Array(items), Schema::List(item, ListMerge::Keyed { patch: Some(merge), .. })) => {
            let slot = fields.entry(key).or_insert_with(|| Value::Array(Vec::new()));
            if !slot.is_array() {
                *slot = Value::Array(Vec::new());
            }
            let Some(list) = slot.as_array_mut() else { return Ok(()) };
            merge_keyed(list, items, merge, item)
        }
        (Value::Array(items), Schema::List(_, ListMerge::Set)) => {
            let slot = fields.entry(key).or_insert_with(|| Value::Array(Vec::new()));
            if let Some(list) = slot.as_array_mut() {
                for item in items {
                    if !list.contains(item) {
                        list.push(item.clone());
                    }
                }
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

/// Puts the items that `order` names into its order; the others keep their place relative to the
/// items before them.
fn reorder(fields: &mut Map<String, Value>, list: &str, order: &Value, merge: &ListMerge) {
    let Some(items) = fields.get_mut(list).and_then(Value::as_array_mut) else { return };
    let Some(order) = order.as_array() else { return };
    let key = match merge {
        ListMerge::Keyed { patch: Some(key), .. } => Some(key.as_ref()),
        _ => None,
    };
    let identity = |item: &Value| match key {
        Some(key) => item.get(key).cloned().unwrap_or(Value::Null),
        None => item.clone(),
    };
    let wanted: Vec<Value> = order.iter().map(identity).collect();
    let rank = |item: &Value| wanted.iter().position(|one| *one == identity(item));
    let mut named: Vec<Value> = Vec::new();
    let mut others: Vec<(usize, Value)> = Vec::new();
    for item in items.drain(..) {
        if rank(&item).is_some() {
            named.push(item);
        } else {
            others.push((named.len() + others.len(), item));
        }
    }
    named.sort_by_key(rank);
    for (place, item) in others {
        let place = place.min(named.len());
        named.insert(place, item);
    }
    *items = named;
}

fn plain(changes: &Map<String, Value>) -> Value {
    let kept = changes.iter().filter(|(key, _)| key.as_str() != DIRECTIVE);
    Value::Object(kept.map(|(key, value)| (key.clone(), value.clone())).collect())
}
