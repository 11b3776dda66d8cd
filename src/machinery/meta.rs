//! Reading and changing `metadata` of an object of any kind.

use serde_json::{Map, Value};

/// Returns the value at a JSON pointer. Cost: that of its steps; one without a tilde is taken as it
/// stands, where `Value::pointer` would copy each of its steps.
fn at<'a>(object: &'a Value, pointer: &str) -> Option<&'a Value> {
    let mut steps = pointer.split('/');
    if pointer.contains('~') || steps.next() != Some("") {
        return object.pointer(pointer);
    }
    steps.try_fold(object, |value, step| match value {
        Value::Object(fields) => fields.get(step),
        Value::Array(items) => items.get(index(step)?),
        _ => None,
    })
}

/// The place in a list that a step names: digits without leading zeros.
fn index(step: &str) -> Option<usize> {
    let plain = step == "0" || !step.starts_with(['0', '+']);
    step.parse().ok().filter(|_| plain)
}

/// Returns the text at `path`, or `""` where there is none.
pub fn text<'a>(object: &'a Value, pointer: &str) -> &'a str {
    at(object, pointer).and_then(Value::as_str).unwrap_or_default()
}

/// Returns the number at `path`, if there is one.
pub fn number(object: &Value, pointer: &str) -> Option<i64> {
    at(object, pointer).and_then(Value::as_i64)
}

/// Returns the items of the list at `pointer`; none where there is no list.
pub fn items<'a>(object: &'a Value, pointer: &str) -> &'a [Value] {
    at(object, pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// Returns `metadata.name`.
pub fn name(object: &Value) -> &str {
    text(object, "/metadata/name")
}

/// Returns `metadata.namespace`.
pub fn namespace(object: &Value) -> &str {
    text(object, "/metadata/namespace")
}

/// Returns `metadata.uid`.
pub fn uid(object: &Value) -> &str {
    text(object, "/metadata/uid")
}

/// Returns `metadata.resourceVersion`.
pub fn resource_version(object: &Value) -> &str {
    text(object, "/metadata/resourceVersion")
}

/// Tells whether the object is on its way out.
pub fn is_deleting(object: &Value) -> bool {
    at(object, "/metadata/deletionTimestamp").is_some_and(|time| !time.is_null())
}

/// Returns the entries of a map of strings at `pointer`.
pub fn strings<'a>(
    object: &'a Value,
    pointer: &str,
) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
    at(object, pointer)
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(|(key, value)| (key.as_str(), value.as_str().unwrap_or_default()))
}

/// Returns the label `key`.
pub fn label<'a>(object: &'a Value, key: &str) -> Option<&'a str> {
    at(object, "/metadata/labels")?.get(key)?.as_str()
}

/// Returns the annotation `key`.
pub fn annotation<'a>(object: &'a Value, key: &str) -> Option<&'a str> {
    at(object, "/metadata/annotations")?.get(key)?.as_str()
}

/// Returns the finalizers.
pub fn finalizers(object: &Value) -> impl Iterator<Item = &str> {
    items(object, "/metadata/finalizers").iter().filter_map(Value::as_str)
}

/// Returns the object's `metadata` to change it, made where it is missing.
pub fn metadata_mut(object: &mut Value) -> &mut Map<String, Value> {
    object_at(object, "metadata")
}

/// Returns the object under `key` to change it, made where it is missing or no object.
pub fn object_at<'a>(parent: &'a mut Value, key: &str) -> &'a mut Map<String, Value> {
    as_object(as_object(parent).entry(key).or_insert(Value::Null))
}

/// Sets a field of an object.
pub fn put(object: &mut Value, key: &str, value: impl Into<Value>) {
    as_object(object).insert(key.into(), value.into());
}

/// Returns `value` as an object to change it; what is no object becomes an empty one.
pub fn as_object(value: &mut Value) -> &mut Map<String, Value> {
    if !value.is_object() {
        *value = Value::Object(Map::new());
    }
    match value {
        Value::Object(map) => map,
        _ => unreachable!("made an object above"),
    }
}

/// Sets `key` of a map to `value` unless it has a value that is not null.
pub fn set_default(map: &mut Map<String, Value>, key: &str, value: impl Into<Value>) {
    let slot = map.entry(key).or_insert(Value::Null);
    if slot.is_null() {
        *slot = value.into();
    }
}

/// Returns the owner reference that controls the object.
pub fn controller_of(object: &Value) -> Option<&Value> {
    items(object, "/metadata/ownerReferences")
        .iter()
        .find(|owner| owner.get("controller").and_then(Value::as_bool) == Some(true))
}

/// Splits `apiVersion` into group and version.
pub fn group_version(api_version: &str) -> (&str, &str) {
    api_version.split_once('/').unwrap_or(("", api_version))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    proptest! {
        #[test]
        fn values_are_found_where_pointers_lead(pointer in "(/(a|b|0|1|00|\\+1|-|~1|~0|)){0,4}|a/b") {
            let object = json!({"a": {"b": [1, {"a": 2}], "": 3, "~": 4}, "/": 5, "b": [[6], 7], "0": 8});
            prop_assert_eq!(at(&object, &pointer), object.pointer(&pointer));
        }
    }
}
