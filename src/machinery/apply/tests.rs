//! Ownership through applies and updates, on a small kind with every sort of list and map.

use std::{borrow::Cow, sync::Arc};

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::{managers::Terms, *};
use crate::schema::{Facts, ListFact, Schema, Source, from_json_schema};

struct One(Arc<Schema>);

impl Versions for One {
    fn at<'a>(&self, version: &str, object: &'a Value) -> Option<(Cow<'a, Value>, Arc<Schema>)> {
        (version == "v1").then(|| (Cow::Borrowed(object), Arc::clone(&self.0)))
    }
}

fn kind() -> One {
    const FACTS: Facts = Facts {
        lists: &[
            ListFact { definition: "Thing", field: "keyed", patch: "", keys: "name,port=80" },
            ListFact { definition: "Thing", field: "set", patch: "", keys: "*" },
        ],
        atomic: &[],
        atomic_maps: &[("Thing", "whole")],
    };
    let text = json!({"type": "string"});
    let item = json!({"type": "object", "additionalProperties": {}});
    let map = json!({"type": "object", "additionalProperties": text});
    let root = json!({"properties": {
        "keyed": {"type": "array", "items": item}, "set": {"type": "array", "items": text},
        "atomic": {"type": "array", "items": text}, "map": map, "whole": map, "a": text, "b": text}});
    let (Some(root), none) = (root.as_object(), Map::new()) else { panic!("an object") };
    let schema = from_json_schema("Thing", &Source { root, definitions: &none }, &FACTS);
    One(Arc::new(schema))
}

fn entry(manager: &str, operation: Operation) -> Entry {
    Entry {
        manager: manager.into(),
        operation,
        api_version: "v1".into(),
        subresource: String::new(),
        time: String::new(),
        fields: Set::default(),
    }
}

#[derive(Clone)]
struct Object {
    value: Value,
    managers: ManagedFields,
}

impl Object {
    fn new() -> Self {
        Self { value: json!({}), managers: ManagedFields::default() }
    }

    fn apply(&mut self, manager: &str, config: &Value, force: Force) -> Result<(), Refusal> {
        let author = entry(manager, Operation::Apply);
        let managers = self.managers.clone();
        let (versions, ignored) = (kind(), Set::default());
        let terms = Terms { versions: &versions, ignored: &ignored };
        let applied = managers.apply(terms, [&self.value, config], &author, force)?;
        let decoded = crate::schema::decode(&kind().0, applied.object);
        (self.value, self.managers) = (decoded.unwrap().value, applied.managers);
        Ok(())
    }

    fn update(&mut self, manager: &str, new: &Value) {
        let author = entry(manager, Operation::Update);
        let (versions, ignored) = (kind(), Set::default());
        let terms = Terms { versions: &versions, ignored: &ignored };
        self.managers.update(terms, [&self.value, new], author);
        self.value = new.clone();
    }

    fn fields(&self, manager: &str) -> Value {
        let found = self.managers.entries().iter().find(|entry| entry.manager == manager);
        found.map(|entry| entry.fields.written()).unwrap_or_default()
    }
}

#[test]
fn what_a_manager_no_longer_applies_goes_unless_another_has_it() {
    let mut object = Object::new();
    let both = json!({"a": "1", "map": {"x": "1", "y": "1"}, "set": ["p", "q"]});
    object.apply("one", &both, Force::No).unwrap();
    object.apply("two", &json!({"map": {"y": "1"}, "set": ["q"]}), Force::No).unwrap();
    object.apply("one", &json!({"b": "2"}), Force::No).unwrap();
    assert_eq!(object.value, json!({"b": "2", "map": {"y": "1"}, "set": ["q"]}));
    assert_eq!(object.fields("one"), json!({"f:b": {}}));
    assert_eq!(object.fields("two"), json!({"f:map": {"f:y": {}}, "f:set": {"v:\"q\"": {}}}));
}

#[test]
fn another_value_is_a_conflict_until_forced() {
    let mut object = Object::new();
    let first = json!({"a": "1", "keyed": [{"name": "n", "v": "1"}], "whole": {"k": "1"}});
    object.apply("one", &first, Force::No).unwrap();
    let other = json!({"a": "2", "keyed": [{"name": "n", "v": "2"}], "whole": {"l": "1"}});
    let Err(Refusal::Conflicts(conflicts)) = object.apply("two", &other, Force::No) else {
        panic!("no conflict")
    };
    let fields: Vec<&str> = conflicts.iter().map(|one| one.field.as_str()).collect();
    assert_eq!(fields, [".a", ".whole", ".keyed[name=\"n\",port=\"80\"].v"]);
    object.apply("two", &other, Force::Yes).unwrap();
    assert_eq!(object.value, other);
    let key = "k:{\"name\":\"n\",\"port\":\"80\"}";
    assert_eq!(object.fields("one"), json!({"f:keyed": {key: {".": {}, "f:name": {}}}}));
}

#[test]
fn updates_take_what_they_change() {
    let mut object = Object::new();
    object.apply("one", &json!({"a": "1", "b": "1"}), Force::No).unwrap();
    object.update("two", &json!({"a": "2", "b": "1", "map": {"x": "1"}}));
    assert_eq!(object.fields("one"), json!({"f:b": {}}));
    assert_eq!(object.fields("two"), json!({"f:a": {}, "f:map": {".": {}, "f:x": {}}}));
    object.update("three", &json!({"b": "1"}));
    assert_eq!(object.fields("two"), Value::Null);
}

#[test]
fn list_items_keep_their_order() {
    for (case, left, right, merged) in [
        ("new behind", vec!["a", "b"], vec!["c"], vec!["a", "b", "c"]),
        ("own order wins", vec!["a", "b"], vec!["b", "a"], vec!["b", "a"]),
        ("new between", vec!["a", "c"], vec!["a", "b", "c"], vec!["a", "b", "c"]),
        ("others stay in place", vec!["x", "a", "b"], vec!["b", "a"], vec!["x", "b", "a"]),
    ] {
        let schema = kind().0;
        let value = merge(&schema, &json!({"set": left}), &json!({"set": right})).unwrap();
        assert_eq!(value, json!({"set": merged}), "{case}");
    }
}

#[test]
fn written_sets_read_back() {
    let written = json!({"f:a": {}, "f:map": {".": {}, "f:x": {}},
        "f:keyed": {"k:{\"name\":\"n\",\"port\":80}": {".": {}, "f:v": {}}}, "f:set": {"v:\"p\"": {}}});
    assert_eq!(Set::parse(&written).unwrap().written(), written);
    for bad in [json!({"a": {}}), json!({"f:a": 1}), json!({"k:{": {}}), json!({"i:x": {}})] {
        assert_eq!(Set::parse(&bad), None, "{bad}");
    }
}

fn thing() -> impl Strategy<Value = Value> {
    let text = || prop::sample::select(vec!["1", "2", "3"]);
    let set = prop::collection::btree_set(text(), 1..3);
    let map = prop::collection::btree_map(text(), text(), 1..3);
    (prop::option::of(text()), set, map).prop_map(|(a, set, map)| {
        let mut value = json!({"set": set, "map": map});
        if let Some(a) = a {
            value["a"] = a.into();
        }
        value
    })
}

proptest! {
    /// Applying the same again changes nothing, and what was applied is there.
    #[test]
    fn applies_are_idempotent(one in thing(), two in thing()) {
        let mut object = Object::new();
        object.apply("one", &one, Force::Yes).unwrap();
        object.apply("two", &two, Force::Yes).unwrap();
        let before = object.clone();
        object.apply("two", &two, Force::No).unwrap();
        prop_assert_eq!(&object.value, &before.value);
        prop_assert_eq!(&object.managers, &before.managers);
        prop_assert_eq!(object.value.get("a"), two.get("a").or(one.get("a")));
    }

    /// One manager alone always gets exactly what it applies.
    #[test]
    fn alone_a_manager_gets_what_it_applies(one in thing(), two in thing()) {
        let mut object = Object::new();
        object.apply("one", &one, Force::No).unwrap();
        object.apply("one", &two, Force::No).unwrap();
        let schema = kind().0;
        // What became empty is null, which decoding drops.
        let value = crate::schema::decode(&schema, object.value).unwrap().value;
        prop_assert_eq!(field_set(&schema, &value), field_set(&schema, &two));
    }
}

#[test]
fn what_is_owned_as_a_whole_is_found() {
    let value = json!({
        "atomic": ["x"], "whole": {"a": "1"}, "map": {"a": "1"}, "set": ["x"],
        "keyed": [{"name": "a", "port": 1}],
    });
    assert_eq!(atomics(&kind().0, &value), [".atomic", ".whole"]);
}
