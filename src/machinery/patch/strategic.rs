//! Strategic merge patch: a merge patch that merges keyed lists by their schema, with directives
//! (`$patch`, `$deleteFromPrimitiveList`, `$setElementOrder`, `$retainKeys`).
//! Source: `k8s.io/apimachinery/pkg/util/strategicpatch`.

use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::{
    gofmt::Go,
    schema::{PatchRule, Schema},
};

const DIRECTIVE: &str = "$patch";
const DELETE_WORD: &str = "$deleteFromPrimitiveList";
const DELETE_PREFIX: &str = "$deleteFromPrimitiveList/";
const ORDER_PREFIX: &str = "$setElementOrder/";
const RETAIN_KEYS: &str = "$retainKeys";

/// Why a strategic merge patch cannot be applied.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StrategicError {
    /// A directive has the wrong form.
    #[error("{0}")]
    Malformed(&'static str),
    /// A list of lists would be merged.
    #[error("lists of lists are not supported")]
    ListOfLists,
    /// The patch asks for what cannot be done.
    #[error("{0}")]
    Failed(String),
}

impl StrategicError {
    fn unknown(directive: &Value, within: &Map<String, Value>) -> Self {
        let directive = Go::from(directive).words();
        Self::Failed(format!("unknown patch type: {directive} in map: {}", shown(within)))
    }

    fn no_key(item: &Map<String, Value>, key: &str) -> Self {
        let item = shown(item);
        Self::Failed(format!("map: {item} does not contain declared merge key: {key}"))
    }
}

/// An object as Go's `%v` shows it.
fn shown(fields: &Map<String, Value>) -> String {
    Go::Map(fields).words()
}

type Merged = Result<(), StrategicError>;

/// Applies `patch` to `target`, which `schema` describes.
///
/// Cost: O(target + patch), keyed lists O(items of the patch x items of the target).
pub fn apply_strategic_patch(target: &mut Value, patch: &Value, schema: &Schema) -> Merged {
    match patch {
        Value::Object(changes) => merge_object(target, changes, schema),
        Value::Null => Ok(()),
        _ => Err(StrategicError::Malformed("invalid JSON document")),
    }
}

fn merge_object(target: &mut Value, changes: &Map<String, Value>, schema: &Schema) -> Merged {
    if let Some(directive) = changes.get(DIRECTIVE) {
        *target = match directive.as_str() {
            Some("replace") => plain(changes),
            Some("delete") => Value::Object(Map::new()),
            _ => return Err(StrategicError::unknown(directive, changes)),
        };
        return Ok(());
    }
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let Some(fields) = target.as_object_mut() else { return Ok(()) };
    retain(fields, changes)?;
    let before = lists_of(fields, changes);
    for (key, order) in changes {
        let Some(list) = key.strip_prefix(ORDER_PREFIX) else { continue };
        check_order(fields, changes, (list, order), schema)?;
    }
    for (key, change) in changes {
        if key == RETAIN_KEYS || key.starts_with(ORDER_PREFIX) {
            continue;
        }
        if key.starts_with(DELETE_WORD) {
            let Some(list) = key.strip_prefix(DELETE_PREFIX) else {
                return Err(StrategicError::Malformed("invalid patch format of primitive list"));
            };
            delete_from(fields, list, change)?;
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
) -> Merged {
    if change.is_null() {
        fields.remove(key);
        return Ok(());
    }
    match (fields.get_mut(key), change) {
        (Some(target @ Value::Object(_)), Value::Object(changes)) => {
            merge_object(target, changes, schema)
        }
        (Some(Value::Array(list)), Value::Array(items)) => merge_list(list, items, schema),
        // What is new, or is of another type now, is taken as it is.
        _ => {
            match taken(change) {
                Some(value) => fields.insert(key.into(), value),
                None => fields.remove(key),
            };
            Ok(())
        }
    }
}

/// A value of a patch without nulls and without what has a directive, which may be all of it.
fn taken(value: &Value) -> Option<Value> {
    match value {
        Value::Object(fields) if fields.contains_key(DIRECTIVE) => None,
        Value::Object(fields) => {
            let kept = fields.iter().filter(|(_, value)| !value.is_null());
            let kept = kept.filter_map(|(key, value)| Some((key.clone(), taken(value)?)));
            Some(Value::Object(kept.collect()))
        }
        Value::Array(items) => Some(items.iter().filter_map(taken).collect()),
        other => Some(other.clone()),
    }
}

fn merge_list(list: &mut Vec<Value>, items: &[Value], schema: &Schema) -> Merged {
    let Schema::List(item, rule) = schema else {
        *list = items.to_vec();
        return Ok(());
    };
    if rule.patch == PatchRule::Replace {
        *list = items.to_vec();
        return Ok(());
    }
    let objects = are_objects(list, items)?;
    let before = list.clone();
    match &rule.patch {
        PatchRule::Keyed(key) if objects => {
            let replaced = merge_keyed(list, items, key, item)?;
            if !replaced {
                arrange(list, items, &before, &rule.patch);
            }
        }
        _ => {
            list.extend(items.iter().filter(|item| !before.contains(item)).cloned());
            arrange(list, items, &before, &rule.patch);
        }
    }
    Ok(())
}

/// Tells whether the items of both lists are objects. Errors: they are lists, or not of one type.
fn are_objects(list: &[Value], items: &[Value]) -> Result<bool, StrategicError> {
    let mut all = list.iter().chain(items);
    let Some(first) = all.next() else { return Ok(false) };
    if first.is_array() {
        return Err(StrategicError::ListOfLists);
    }
    if all.any(|other| std::mem::discriminant(other) != std::mem::discriminant(first)) {
        let shown = [Go::List(list).words(), Go::List(items).words()];
        let shown = format!("[{}]", shown.join(" "));
        return Err(StrategicError::Failed(format!(
            "list element types are not identical: {shown}"
        )));
    }
    Ok(first.is_object())
}

/// Merges lists of objects; tells whether the patch took the list's place.
fn merge_keyed(
    list: &mut Vec<Value>,
    items: &[Value],
    key: &str,
    schema: &Schema,
) -> Result<bool, StrategicError> {
    let items = items.iter().filter_map(Value::as_object);
    let (special, plain): (Vec<_>, Vec<_>) = items.partition(|item| item.contains_key(DIRECTIVE));
    let mut replace = false;
    for item in special {
        let directive = item.get(DIRECTIVE).unwrap_or(&Value::Null);
        match directive.as_str() {
            Some("delete") => {
                let wanted = item.get(key).ok_or_else(|| StrategicError::no_key(item, key))?;
                list.retain(|one| one.get(key) != Some(wanted));
            }
            Some("replace") => replace = true,
            Some("merge") => {
                let why = "merging lists cannot yet be specified in the patch";
                return Err(StrategicError::Failed(why.to_owned()));
            }
            _ => return Err(StrategicError::unknown(directive, item)),
        }
    }
    if replace {
        *list = plain.into_iter().cloned().map(Value::Object).collect();
        return Ok(true);
    }
    for item in plain {
        let identity = item.get(key).ok_or_else(|| StrategicError::no_key(item, key))?;
        match list.iter_mut().find(|one| one.get(key) == Some(identity)) {
            Some(found) => merge_object(found, item, schema)?,
            None => list.push(Value::Object(item.clone())),
        }
    }
    Ok(false)
}

/// Keeps the fields that the patch names to be kept, which are those that it sets and others.
fn retain(fields: &mut Map<String, Value>, changes: &Map<String, Value>) -> Merged {
    const WRONG: StrategicError = StrategicError::Malformed("invalid patch format of retainKeys");
    let Some(kept) = changes.get(RETAIN_KEYS) else { return Ok(()) };
    let kept = kept.as_array().ok_or(WRONG)?;
    let is_kept = |key: &str| kept.iter().any(|one| one.as_str() == Some(key));
    let special = |key: &str| {
        key == RETAIN_KEYS || key.starts_with(DELETE_WORD) || key.starts_with(ORDER_PREFIX)
    };
    if changes.iter().any(|(key, value)| !value.is_null() && !special(key) && !is_kept(key)) {
        return Err(WRONG);
    }
    fields.retain(|key, _| is_kept(key));
    Ok(())
}

fn delete_from(fields: &mut Map<String, Value>, list: &str, gone: &Value) -> Merged {
    if gone.is_null() {
        fields.remove(list);
        return Ok(());
    }
    let (Some(items), Some(gone)) =
        (fields.get_mut(list).and_then(Value::as_array_mut), gone.as_array())
    else {
        return Ok(());
    };
    are_objects(items, gone)?;
    items.retain(|item| !gone.contains(item));
    Ok(())
}

/// The items of a patch's list stand in the order that the patch gives them, and are named there.
/// Source: `validatePatchWithSetOrderList` of k8s.io/apimachinery.
fn check_order(
    fields: &Map<String, Value>,
    changes: &Map<String, Value>,
    (list, order): (&str, &Value),
    schema: &Schema,
) -> Merged {
    let no_list = |value: &Value| {
        let found = Go::from(value).type_name().unwrap_or("%!s(<nil>)");
        StrategicError::Failed(format!("expected a []interface {{}}, but received a {found}"))
    };
    let rows = order.as_array().ok_or_else(|| no_list(order))?;
    let other = fields.get(list).into_iter().chain(changes.get(list)).find(|it| !it.is_array());
    if let Some(other) = other {
        return Err(no_list(other));
    }
    let key = match schema.field(list) {
        Some(Schema::List(_, rule)) if let PatchRule::Keyed(key) = &rule.patch => key.as_ref(),
        _ => "",
    };
    let items = changes.get(list).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    if rows.is_empty() || items.is_empty() {
        return Ok(());
    }
    let identity = |item: &Value| -> Result<Value, StrategicError> {
        let Some(item) = item.as_object().filter(|_| !key.is_empty()) else {
            return Ok(item.clone());
        };
        item.get(key).cloned().ok_or_else(|| StrategicError::no_key(item, key))
    };
    let mut rest = rows.iter();
    for item in items.iter().filter(|item| item.get(DIRECTIVE).is_none()) {
        loop {
            let Some(row) = rest.next() else {
                return Err(StrategicError::Failed(format!(
                    "The order in patch list:\n{}\n doesn't match $setElementOrder list:\n{}\n",
                    Go::List(items).words(),
                    Go::List(rows).words()
                )));
            };
            if identity(item)? == identity(row)? {
                break;
            }
        }
    }
    Ok(())
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

    #[test]
    fn what_is_deleted_is_left_empty_and_what_is_new_is_taken_as_it_is() {
        let live = json!({"map": {"a": "1"}, "keyed": [{"name": "a"}]});
        let patch = json!({"map": {"$patch": "delete"}, "new": {"$patch": "delete"},
            "other": {"a": null, "b": "1", "c": [{"$patch": "odd"}, {"x": null}]}});
        let want = json!({"map": {}, "keyed": [{"name": "a"}], "other": {"b": "1", "c": [{}]}});
        assert_eq!(patched(live, &patch), want);
        // A list that is not there yet needs no keys.
        assert_eq!(patched(json!({}), &json!({"keyed": [{}]})), json!({"keyed": [{}]}));
    }

    #[test]
    fn refusals_have_the_words_of_go() {
        for (patch, want) in [
            (json!({"$patch": "merge"}), "unknown patch type: merge in map: map[$patch:merge]"),
            (
                json!({"keyed": [{"x": "1", "y": "2"}]}),
                "map: map[x:1 y:2] does not contain declared merge key: name",
            ),
            (
                json!({"keyed": [{"$patch": "merge"}]}),
                "merging lists cannot yet be specified in the patch",
            ),
            (
                json!({"keyed": [{"$patch": "odd"}]}),
                "unknown patch type: odd in map: map[$patch:odd]",
            ),
            (
                json!({"keyed": [["a"]]}),
                "list element types are not identical: [[map[name:a] map[name:b]] [[a]]]",
            ),
            (
                json!({"keyed": ["b"]}),
                "list element types are not identical: [[map[name:a] map[name:b]] [b]]",
            ),
            (json!({"$retainKeys": "a"}), "invalid patch format of retainKeys"),
            (json!({"$retainKeys": ["a"], "b": "1"}), "invalid patch format of retainKeys"),
            (
                json!({"$setElementOrder/keyed": "a"}),
                "expected a []interface {}, but received a string",
            ),
            (
                json!({"$setElementOrder/keyed": [{"name": "b"}], "keyed": [{"name": "a"}]}),
                "The order in patch list:\n[map[name:a]]\n doesn't match $setElementOrder \
                 list:\n[map[name:b]]\n",
            ),
            (json!({"$deleteFromPrimitiveList": []}), "invalid patch format of primitive list"),
        ] {
            let mut live = json!({"keyed": [{"name": "a"}, {"name": "b"}]});
            let refused = apply_strategic_patch(&mut live, &patch, &schema()).unwrap_err();
            assert_eq!(refused.to_string(), want, "{patch}");
        }
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
