//! What must hold of every built-in kind.

use machinery::{field::Errors, kind::Change, meta, schema::Schema};
use serde_json::{Value, json};

use super::*;

mod access;
mod apps;
mod batch;
mod devices;
mod stores;
mod traffic;

/// What is changed in an object: JSON pointers and values; `null` takes the field away.
type Edits<'a> = &'a [(&'a str, Value)];

/// A name, changes, and the words that answer them.
type Case<'a> = (&'a str, Edits<'a>, &'a [&'a str]);

/// The object with changes, objects on the way being made.
fn edited(object: &Value, edits: Edits<'_>) -> Value {
    let mut object = object.clone();
    for (pointer, value) in edits {
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        let mut at = &mut object;
        for step in parent.split('/').skip(1) {
            at = match at {
                Value::Array(items) => &mut items[step.parse::<usize>().unwrap()],
                other => {
                    meta::as_object(other).entry(step.replace("~1", "/")).or_insert(Value::Null)
                }
            };
        }
        match at {
            Value::Array(items) => items[key.parse::<usize>().unwrap()] = value.clone(),
            other if value.is_null() => drop(meta::as_object(other).remove(key)),
            other => drop(meta::as_object(other).insert(key.replace("~1", "/"), value.clone())),
        }
    }
    object
}

/// A kind whose objects are checked as the server checks them.
struct Checked(&'static Kind);

impl Checked {
    fn of(group: &str, version: &str, kind: &str) -> Self {
        Self(lookup(group, version, kind).unwrap())
    }

    /// The object as it is checked: with its defaults, and made ready.
    fn ready(&self, object: &Value, old: Option<&Value>) -> Value {
        let mut object = object.clone();
        self.0.fill_defaults(&mut object);
        self.0.prepare_write(&mut object, old);
        object
    }

    /// What is wrong with a new object.
    fn creation(&self, object: &Value) -> Vec<String> {
        let new = self.ready(object, None);
        told(|errors| self.0.check(&Change { new: &new, old: None }, errors))
    }

    /// What is wrong with a change of an object.
    fn update(&self, old: &Value, edits: Edits<'_>) -> Vec<String> {
        let old = self.ready(old, None);
        let new = self.ready(&edited(&old, edits), Some(&old));
        told(|errors| self.0.check(&Change { new: &new, old: Some(&old) }, errors))
    }

    /// What is wrong with a change of an object's status.
    fn status(&self, old: &Value, edits: Edits<'_>) -> Vec<String> {
        let mut new = edited(old, edits);
        self.0.fill_defaults(&mut new);
        told(|errors| self.0.check_status(&Change { new: &new, old: Some(old) }, errors))
    }

    /// What is unwise about a new object.
    fn warnings(&self, object: &Value) -> Vec<String> {
        let new = self.ready(object, None);
        self.0.warnings(&Change { new: &new, old: None })
    }
}

fn told(check: impl FnOnce(&mut Errors)) -> Vec<String> {
    let mut errors = Errors::default();
    check(&mut errors);
    errors.iter().map(ToString::to_string).collect()
}

/// Makes sure that each change of a good object is answered with just these words.
#[track_caller]
fn assert_creations(kind: &Checked, good: &Value, cases: &[Case<'_>]) {
    assert_eq!(kind.creation(good), Vec::<String>::new(), "the object is good");
    for (case, edits, words) in cases {
        assert_eq!(kind.creation(&edited(good, edits)), *words, "{case}");
    }
}

/// Makes sure that each update of a good object is answered with just these words.
#[track_caller]
fn assert_updates(kind: &Checked, good: &Value, cases: &[Case<'_>]) {
    for (case, edits, words) in cases {
        assert_eq!(kind.update(good, edits), *words, "{case}");
    }
}

/// Makes sure that each write of the status is answered with just these words.
#[track_caller]
fn assert_statuses(kind: &Checked, good: &Value, cases: &[Case<'_>]) {
    for (case, edits, words) in cases {
        assert_eq!(kind.status(good, edits), *words, "{case}");
    }
}

#[test]
fn names_are_unique_and_schemas_have_metadata() {
    let mut seen = Vec::new();
    for kind in registry() {
        let name = (kind.api_version(), kind.plural.clone());
        assert!(!seen.contains(&name), "{name:?} stands twice");
        seen.push(name);
        let schema = kind.schema();
        assert!(matches!(schema.field("metadata"), Some(Schema::Object(_))), "{kind:?}");
    }
}

#[test]
fn keyed_lists_are_found_by_their_facts() {
    let pod = lookup("", "v1", "Pod").unwrap().schema();
    let containers = pod.at(&["spec", "containers"]).unwrap();
    let Schema::List(_, rule) = containers else { panic!("{containers:?}") };
    assert_eq!(rule.patch, machinery::schema::PatchRule::Keyed("name".into()));
}

#[test]
fn every_fact_names_what_there_is() {
    let mut definitions = serde_json::Map::new();
    for kind in registry() {
        definitions.extend(kind.documents().1);
    }
    let find = |end: &str| definitions.iter().find(|(name, _)| name.ends_with(&format!(".{end}")));
    // Facts of kinds that are not served (yet) are of no use and do no harm.
    for fact in facts::FACTS.lists {
        let Some((_, definition)) = find(fact.definition) else { continue };
        assert_eq!(definition["properties"][fact.field]["type"], "array", "{fact:?}");
    }
    for (end, field) in facts::FACTS.atomic_maps {
        let Some((_, definition)) = find(end) else { continue };
        assert_eq!(definition["properties"][field]["type"], "object", "{end}.{field}");
    }
}

#[test]
fn unknown_fields_and_wrong_types_are_told_as_go_tells_them() {
    let schema = lookup("apps", "v1", "Deployment").unwrap().schema();
    let decoded = machinery::schema::decode(
        &schema,
        json!({"kind": "Deployment", "spec": {"replicas": 1, "foo": 1,
            "template": {"spec": {"containers": [{"name": "c", "bar": 2}]}}}}),
    )
    .unwrap();
    assert_eq!(decoded.unknown, ["spec.foo", "spec.template.spec.containers[0].bar"]);
    let wrong = machinery::schema::decode(&schema, json!({"spec": {"replicas": "x"}}));
    assert_eq!(
        wrong.unwrap_err().to_string(),
        "json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32"
    );
}
