//! Strategic merge as kustomize does it: what the patch names comes first in lists.
//! Source: kustomize, `kyaml/yaml/walk` and `kyaml/yaml/merge2`.

use machinery::schema::{ApplyRule, ListRule, PatchRule, Schema};
use serde_json::{Map, Value};

use super::{Built, fault};

const DIRECTIVE: &str = "$patch";

/// What a value is made of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Fields,
    List,
    Scalar,
}

impl Shape {
    fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Null => None,
            Value::Object(_) => Some(Self::Fields),
            Value::Array(_) => Some(Self::List),
            _ => Some(Self::Scalar),
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Fields => "MappingNode",
            Self::List => "SequenceNode",
            Self::Scalar => "ScalarNode",
        }
    }
}

/// What `under` becomes with `patch` laid over it; nothing where the patch deletes it.
pub(super) fn merge(
    under: Option<Value>,
    patch: Option<&Value>,
    schema: Option<&Schema>,
) -> Built<Option<Value>> {
    let shapes = [under.as_ref(), patch].map(|one| one.and_then(Shape::of));
    let shape = shapes.iter().flatten().next().copied();
    if let (Some(one), Some(other)) = (shapes[0], shapes[1])
        && one != other
    {
        return Err(fault(format!(
            "wrong node kind: expected {} but got {}: node contents:\n{}",
            one.word(),
            other.word(),
            patch.map(machinery::yaml::to_string).unwrap_or_default()
        )));
    }
    match shape {
        Some(Shape::Scalar) => Ok(match patch {
            Some(Value::Null) => None,
            Some(value) => Some(value.clone()),
            None => under,
        }),
        Some(Shape::List) => list(under, patch, schema),
        Some(Shape::Fields) => fields(under, patch, schema),
        None => Ok(under.filter(|_| patch.is_none())),
    }
}

fn fields(
    under: Option<Value>,
    patch: Option<&Value>,
    schema: Option<&Schema>,
) -> Built<Option<Value>> {
    let patch = match patch {
        Some(Value::Null) => return Ok(None),
        Some(Value::Object(fields)) => Some(fields),
        _ => None,
    };
    let directive = directive(patch.and_then(|fields| fields.get(DIRECTIVE)))?;
    let mut under = match (directive, under) {
        (Directive::Delete, _) => return Ok(None),
        (Directive::Merge, Some(Value::Object(under))) => under,
        _ => Map::new(),
    };
    let mut names: Vec<String> = under.keys().cloned().collect();
    names.extend(patch.into_iter().flat_map(Map::keys).cloned());
    names.sort();
    names.dedup();
    let mut merged = Map::new();
    for name in names.into_iter().filter(|name| name != DIRECTIVE || patch.is_none()) {
        let over = patch.and_then(|patch| patch.get(&name));
        let schema = schema.and_then(|schema| schema.field(&name));
        if let Some(value) = merge(under.remove(&name), over, schema)? {
            merged.insert(name, value);
        }
    }
    Ok(Some(merged.into()))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Directive {
    Merge,
    Replace,
    Delete,
}

fn directive(said: Option<&Value>) -> Built<Directive> {
    match said.map(|word| word.as_str().unwrap_or_default()) {
        None | Some("merge") => Ok(Directive::Merge),
        Some("replace") => Ok(Directive::Replace),
        Some("delete") => Ok(Directive::Delete),
        Some(word) => Err(fault(format!("unknown patch strategy '{word}'"))),
    }
}

/// The keys of a list whose items are merged one by one; none for a set of scalars.
fn keys_of(schema: Option<&Schema>) -> Option<Vec<&str>> {
    let Some(Schema::List(_, ListRule { patch, apply })) = schema else { return None };
    match (patch, apply) {
        (PatchRule::Replace, _) => None,
        (PatchRule::Union, _) => Some(Vec::new()),
        (PatchRule::Keyed(_), ApplyRule::Keyed(keys)) => {
            Some(keys.iter().map(|key| key.field.as_ref()).collect())
        }
        (PatchRule::Keyed(key), _) => Some(vec![key.as_ref()]),
    }
}

fn list(
    under: Option<Value>,
    patch: Option<&Value>,
    schema: Option<&Schema>,
) -> Built<Option<Value>> {
    let over = match patch {
        None => return Ok(under),
        Some(Value::Null) => return Ok(None),
        Some(value) => value.as_array().map(Vec::as_slice).unwrap_or_default(),
    };
    let Some(keys) = keys_of(schema) else { return Ok(Some(over.to_vec().into())) };
    // An item with nothing but a directive speaks of the whole list.
    let is_word = |item: &&Value| {
        item.as_object().is_some_and(|one| one.len() == 1 && one.contains_key(DIRECTIVE))
    };
    let word = over.iter().find(is_word).and_then(|item| item.get(DIRECTIVE));
    let over: Vec<Value> = over.iter().filter(|item| !is_word(item)).cloned().collect();
    let under = match (directive(word)?, under) {
        (Directive::Delete, _) => return Ok(None),
        (Directive::Merge, Some(Value::Array(items))) => items,
        _ => Vec::new(),
    };
    if keys.is_empty() {
        return Ok(Some(union(over, under).into()));
    }
    items(under, &over, (&keys, schema.and_then(Schema::item))).map(|items| Some(items.into()))
}

/// Scalars of both, those of the patch first.
fn union(over: Vec<Value>, under: Vec<Value>) -> Vec<Value> {
    let mut found: Vec<Value> = Vec::new();
    for item in over.into_iter().chain(under) {
        if !found.contains(&item) {
            found.push(item);
        }
    }
    found
}

type Keyed<'a> = (&'a [&'a str], Option<&'a Schema>);

/// Items of both, those of the patch first. A key that an item leaves out tells nothing of it.
fn items(mut under: Vec<Value>, over: &[Value], (keys, schema): Keyed<'_>) -> Built<Vec<Value>> {
    let mut named: Vec<Vec<(&str, String)>> = Vec::new();
    for item in over.iter().chain(&under) {
        let name = name_of(item, keys);
        if !named.contains(&name) {
            named.push(name);
        }
    }
    let mut merged = Vec::new();
    for name in &named {
        let there = under.iter().position(|item| is_named(item, name));
        let patch = over.iter().find(|item| is_named(item, name));
        let new = merge(there.map(|index| under[index].clone()), patch, schema)?;
        match new.filter(|item| item.as_object().is_none_or(|fields| !fields.is_empty())) {
            Some(item) => {
                if let Some(index) = there {
                    under[index] = item.clone();
                }
                put(&mut merged, item, name);
            }
            None => under.retain(|item| !is_named(item, name)),
        }
    }
    if named.first().is_some_and(|name| name.len() == 1) {
        for item in under {
            let key = named[0][0].0;
            let name = [(key, text_of(&item, key))];
            put(&mut merged, item, &name);
        }
    }
    Ok(merged)
}

fn text_of(item: &Value, key: &str) -> String {
    match item.get(key) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

/// The keys that an item has, with their values; all of them where it has none.
fn name_of<'k>(item: &Value, keys: &[&'k str]) -> Vec<(&'k str, String)> {
    let all: Vec<_> = keys.iter().map(|key| (*key, text_of(item, key))).collect();
    let given: Vec<_> = all.iter().filter(|(_, value)| !value.is_empty()).cloned().collect();
    if given.is_empty() { all } else { given }
}

fn is_named(item: &Value, name: &[(&str, String)]) -> bool {
    name.iter().all(|(key, value)| text_of(item, key) == *value)
}

/// Takes the place of what has the name, or comes last.
fn put(items: &mut Vec<Value>, new: Value, name: &[(&str, String)]) {
    let mut placed = false;
    for item in items.iter_mut().filter(|item| is_named(item, name)) {
        *item = new.clone();
        placed = true;
    }
    if !placed {
        items.push(new);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn merged(under: Value, patch: &Value) -> Value {
        let schema = crate::merge::schema_of("v1", "Pod").unwrap();
        merge(Some(under), Some(patch), Some(&schema)).unwrap().unwrap_or_default()
    }

    #[test]
    fn what_the_patch_names_comes_first() {
        let under = json!({"spec": {"containers": [{"name": "a", "image": "1"}, {"name": "b"}]}});
        let patch = json!({"spec": {"containers": [{"name": "c"}, {"name": "b", "image": "2"}]}});
        assert_eq!(
            merged(under, &patch),
            json!({"spec": {"containers": [{"name": "c"}, {"name": "b", "image": "2"}, {"name": "a", "image": "1"}]}})
        );
    }

    #[test]
    fn directives_and_nulls_take_away() {
        let under = json!({"metadata": {"labels": {"a": "1", "b": "2"}, "finalizers": ["x/y"]},
            "spec": {"containers": [{"name": "a"}, {"name": "b"}], "volumes": [{"name": "v"}]}});
        let patch = json!({"metadata": {"labels": {"a": null}, "finalizers": ["z/y"]},
            "spec": {"containers": [{"name": "a", "$patch": "delete"}],
                "volumes": [{"$patch": "replace"}, {"name": "w"}]}});
        assert_eq!(
            merged(under.clone(), &patch),
            json!({"metadata": {"labels": {"b": "2"}, "finalizers": ["z/y", "x/y"]},
                "spec": {"containers": [{"name": "b"}], "volumes": [{"name": "w"}]}})
        );
        assert_eq!(merged(under.clone(), &json!({"$patch": "delete"})), Value::Null);
        let patch = json!({"spec": {"$patch": "replace", "nodeName": "n"}});
        assert_eq!(merged(under.clone(), &patch)["spec"], json!({"nodeName": "n"}));
        assert!(merge(Some(under), Some(&json!({"spec": [1]})), None).is_err());
    }
}
