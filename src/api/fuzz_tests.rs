//! Hostile objects of every kind: what their schema lets through harms no rule of theirs, and reads
//! back from protobuf as it was.

use std::{borrow::Cow, sync::Arc};

use fuzz::{Fuzz, Random};
use jiff::Timestamp;
use machinery::{
    apply::{Entry, Force, ManagedFields, Operation, Set, Terms, Versions, field_set},
    field::Errors,
    kind::{Change, Kind},
    meta,
    patch::apply_strategic_patch,
    protobuf::{self, Envelope},
    schema::{self, Schema},
};
use serde_json::{Map, Value, json};

use crate::{custom, lookup, registry, wire};

/// Texts that mean something to one kind or another.
const WORDS: [&str; 40] = [
    "a",
    "x.example.com/y",
    "10.0.0.1",
    "fd00::1",
    "10.0.0.0/8",
    "TCP",
    "80%",
    "100m",
    "1Gi",
    "-1",
    "0 0 * * *",
    "2024-01-01T00:00:00Z",
    "1h",
    "Always",
    "Never",
    "RollingUpdate",
    "ClusterIP",
    "ExternalName",
    "In",
    "Exists",
    "NoSchedule",
    "kubernetes.io/hostname",
    "cpu",
    "memory",
    "v1",
    "Pod",
    "https://a.example.com/b",
    "self.size() > 1",
    "{.spec.x}",
    "aGk=",
    "é",
    "\0",
    "..",
    "/",
    "/a/b",
    "http",
    "ReadWriteOnce",
    "Resource",
    "Namespaced",
    "*",
];

/// An object that a schema allows, with anything in it.
fn of_schema(schema: &Schema, depth: usize, random: &mut Random) -> Value {
    let word = |random: &mut Random| random.choose(&WORDS).copied().unwrap_or_default();
    match schema {
        Schema::Object(link) => {
            let mut fields = Map::new();
            for (name, field) in &link.definition().fields {
                let needed = link.definition().required.contains(name);
                if depth < 3 || needed && depth < 12 || depth < 12 && random.below(depth) == 0 {
                    fields.insert(name.to_string(), of_schema(field, depth + 1, random));
                }
            }
            fields.into()
        }
        Schema::Map(value, _) => json!({word(random): of_schema(value, depth + 1, random)}),
        Schema::List(item, _) => {
            (0..=random.below(2)).map(|_| of_schema(item, depth + 1, random)).collect()
        }
        Schema::String => word(random).into(),
        Schema::Bytes => "aGk=".into(),
        Schema::Int32 | Schema::Int64 => (random.below(200)).into(),
        Schema::Number => json!(1.5),
        Schema::Boolean => (random.below(2) == 0).into(),
        Schema::IntOrString => {
            random.choose(&[json!(80), json!("50%")]).cloned().unwrap_or_default()
        }
        Schema::Quantity => random.choose(&[json!("1"), json!("1Gi")]).cloned().unwrap_or_default(),
        Schema::Time => "2024-01-01T00:00:00Z".into(),
        Schema::MicroTime => "2024-01-01T00:00:00.000001Z".into(),
        Schema::Any | Schema::Untyped => json!({"a": [1]}),
    }
}

fn objects_of(kind: &Kind, many: usize) -> Vec<Value> {
    let mut random = Random::new(1);
    let schema = kind.schema();
    let object = |random: &mut Random| {
        let mut object = of_schema(&schema, 0, random);
        meta::put(&mut object, "apiVersion", kind.api_version());
        meta::put(&mut object, "kind", kind.kind.as_str());
        meta::put(&mut object, "metadata", json!({"name": "a", "namespace": "b", "uid": "u"}));
        object
    };
    (0..many).map(|_| object(&mut random)).collect()
}

/// Everything that is done to an object between its coming and its being shown.
fn lived_through(kind: &Kind, given: &Value, old: &Value) -> bool {
    let decode = |value: &Value| schema::decode(&kind.schema(), value.clone()).ok();
    let (Some(new), Some(old)) = (decode(given), decode(old)) else { return false };
    let mut new = new.value;
    let mut old = old.value;
    let mut accepted = true;
    for before in [None, Some(())] {
        kind.fill_defaults(&mut new);
        kind.fill_defaults(&mut old);
        let before = before.map(|()| &old);
        kind.prepare_write(&mut new, before);
        let change = Change { new: &new, old: before };
        let mut errors = Errors::default();
        kind.check(&change, &mut errors);
        accepted &= errors.is_empty();
        kind.check_status(&change, &mut errors);
        drop((errors.sentence(), kind.warnings(&change)));
    }
    drop((kind.cells(&new, Timestamp::UNIX_EPOCH), kind.row_conditions(&new)));
    drop(kind.field_value(&new, "status.phase"));
    let mut stored = new.clone();
    kind.store_form(&mut stored);
    kind.served_form(&mut stored);
    accepted
}

fn kinds_survive(part: usize) {
    for kind in registry().iter().skip(part).step_by(4) {
        let name: &'static str = format!("{}/{}", kind.api_version(), kind.kind).leak();
        let all = objects_of(kind, 8);
        let pairs =
            all.iter().zip(all.iter().skip(1)).map(|(one, two)| vec![one.clone(), two.clone()]);
        let target = Fuzz::together(name, pairs).words(&WORDS).rounds(80);
        target.run(|both| matches!(both.as_slice(), [new, old] if lived_through(kind, new, old)));
    }
}

#[test]
fn objects_of_every_kind_1() {
    kinds_survive(0);
}

#[test]
fn objects_of_every_kind_2() {
    kinds_survive(1);
}

#[test]
fn objects_of_every_kind_3() {
    kinds_survive(2);
}

#[test]
fn objects_of_every_kind_4() {
    kinds_survive(3);
}

/// What is read from protobuf is written and read again as it was.
#[test]
fn messages_of_every_kind() {
    for kind in registry() {
        let name: &'static str = format!("protobuf {}/{}", kind.api_version(), kind.kind).leak();
        let schema = kind.schema();
        let written = objects_of(kind, 4).into_iter().filter_map(|object| {
            let object = schema::decode(&schema, object).ok()?.value;
            protobuf::encode(wire::wire(), &schema, &object).ok()
        });
        let corpus: Vec<Vec<u8>> = written.collect();
        if corpus.is_empty() {
            continue;
        }
        Fuzz::bytes(name, corpus).rounds(60).run(move |bytes| {
            let Ok(value) = protobuf::decode(wire::wire(), &schema, bytes) else { return false };
            let Ok(object) = schema::decode(&schema, value) else { return false };
            let Ok(again) = protobuf::encode(wire::wire(), &schema, &object.value) else {
                return false;
            };
            let read = protobuf::decode(wire::wire(), &schema, &again);
            let twice = read
                .as_ref()
                .ok()
                .and_then(|read| protobuf::encode(wire::wire(), &schema, read).ok());
            assert_eq!(twice, Some(again), "{}", object.value);
            true
        });
    }
}

#[test]
fn envelopes() {
    let envelope =
        Envelope { api_version: "v1".into(), kind: "Pod".into(), raw: vec![10, 2, 10, 0] };
    Fuzz::bytes("envelopes", [envelope.written()]).rounds(1000).run(|bytes| {
        let Ok(envelope) = Envelope::parse(bytes) else { return false };
        assert_eq!(Envelope::parse(&envelope.written()), Ok(envelope));
        true
    });
}

fn pod() -> Value {
    json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a", "labels": {"x": "y"},
        "finalizers": ["a/b"], "ownerReferences": [{"uid": "1", "name": "o", "kind": "K", "apiVersion": "v1"}]},
        "spec": {"containers": [{"name": "c", "image": "i", "ports": [{"containerPort": 80}],
            "env": [{"name": "A", "value": "1"}, {"name": "B"}]}],
            "volumes": [{"name": "v", "emptyDir": {}}], "tolerations": [{"key": "k"}],
            "imagePullSecrets": [{"name": "s"}, {"name": "s"}]},
        "status": {"conditions": [{"type": "Ready", "status": "True"}], "podIPs": [{"ip": "10.0.0.1"}]}})
}

#[test]
fn strategic_patches() {
    let patch = json!({"spec": {"$setElementOrder/containers": [{"name": "d"}, {"name": "c"}],
        "containers": [{"name": "c", "image": "j", "ports": [{"containerPort": 80, "$patch": "delete"}]},
            {"name": "d"}],
        "volumes": [{"$patch": "replace"}, {"name": "w"}], "$retainKeys": ["containers", "volumes"]},
        "metadata": {"labels": {"x": null}, "$deleteFromPrimitiveList/finalizers": ["a/b"]}});
    let words = [
        "$patch",
        "delete",
        "replace",
        "merge",
        "$setElementOrder/volumes",
        "$retainKeys",
        "name",
        "$deleteFromPrimitiveList/finalizers",
        "spec",
        "containers",
        "c",
    ];
    let schema = lookup("", "v1", "Pod").unwrap().schema();
    let corpus = [vec![pod(), patch.clone()], vec![pod(), pod()]];
    Fuzz::together("strategic patches", corpus).words(&words).rounds(800).run(move |both| {
        let [object, patch] = both.as_slice() else { return false };
        let mut patched = object.clone();
        apply_strategic_patch(&mut patched, patch, &schema).is_ok()
    });
}

/// One version alone.
struct One(Arc<Schema>);

impl Versions for One {
    fn at<'a>(&self, version: &str, object: &'a Value) -> Option<(Cow<'a, Value>, Arc<Schema>)> {
        (version == "v1").then(|| (Cow::Borrowed(object), Arc::clone(&self.0)))
    }
}

fn author(manager: &str, operation: Operation) -> Entry {
    let (api_version, subresource, time) = ("v1".into(), String::new(), String::new());
    Entry {
        manager: manager.into(),
        operation,
        api_version,
        subresource,
        time,
        fields: Set::default(),
    }
}

/// Applies are idempotent, whatever is there and whoever says to own it.
#[test]
fn applies() {
    let managers = json!([{"manager": "o", "operation": "Apply", "apiVersion": "v1", "fieldsType": "FieldsV1",
        "fieldsV1": {"f:spec": {"f:containers": {"k:{\"name\":\"c\"}": {".": {}, "f:name": {}, "f:image": {}}}}}}]);
    let words =
        ["f:spec", "k:{\"name\":\"c\"}", "f:containers", "name", "c", "v:\"a/b\"", ".", "ports"];
    let versions = One(lookup("", "v1", "Pod").unwrap().schema());
    let corpus = [vec![pod(), pod(), managers]];
    Fuzz::together("applies", corpus).words(&words).rounds(500).run(move |all| {
        let [live, config, managers] = all.as_slice() else { return false };
        let decode = |value: &Value| schema::decode(&versions.0, value.clone()).ok();
        let (Some(live), Some(config)) = (decode(live), decode(config)) else { return false };
        let managers = ManagedFields::parse(meta::items(managers, "")).unwrap_or_default();
        let ignored = Set::default();
        let terms = Terms { versions: &versions, ignored: &ignored };
        let (one, two) = (author("one", Operation::Apply), author("two", Operation::Update));
        let mut updated = managers.clone();
        updated.update(terms, [&live.value, &config.value], two);
        let both = [&live.value, &config.value];
        let Ok(done) = managers.apply(terms, both, &one, Force::Yes) else { return false };
        // What is empty goes with the second apply, as it does in Kubernetes; then nothing changes.
        let mut latest = done;
        let mut seen = Vec::new();
        for _ in 0..2 {
            let both = [&latest.object, &config.value];
            let again = latest.managers.clone().apply(terms, both, &one, Force::Yes);
            let Ok(again) = again else { return false };
            seen.push(again.object.clone());
            latest = again;
        }
        assert_eq!(seen.first(), seen.last());
        drop(field_set(&versions.0, &config.value));
        true
    });
}

fn definition() -> Value {
    let schema = json!({"type": "object", "properties": {"spec": {"type": "object", "properties": {
        "n": {"type": "integer", "default": 3, "x-kubernetes-validations": [{"rule": "self > 1", "message": "no"}]},
        "l": {"type": "array", "maxItems": 9, "items": {"type": "string", "maxLength": 9},
            "x-kubernetes-list-type": "set"},
        "m": {"type": "object", "additionalProperties": {"type": "string"}},
        "p": {"x-kubernetes-int-or-string": true}},
        "x-kubernetes-validations": [{"rule": "oldSelf.n <= self.n", "messageExpression": "'n ' + string(self.n)",
            "fieldPath": ".n", "reason": "FieldValueInvalid", "optionalOldSelf": false}]},
        "status": {"type": "object", "x-kubernetes-preserve-unknown-fields": true}}});
    json!({"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": {"name": "things.example.com"},
        "spec": {"group": "example.com", "scope": "Namespaced",
            "names": {"plural": "things", "singular": "thing", "kind": "Thing", "listKind": "ThingList"},
            "versions": [{"name": "v1", "served": true, "storage": true, "schema": {"openAPIV3Schema": schema},
                "subresources": {"status": {}, "scale": {"specReplicasPath": ".spec.n",
                    "statusReplicasPath": ".status.n", "labelSelectorPath": ".status.s"}},
                "selectableFields": [{"jsonPath": ".spec.p"}],
                "additionalPrinterColumns": [{"name": "N", "type": "integer", "jsonPath": ".spec.n"}]}]},
        "status": {"acceptedNames": {"plural": "things", "kind": "Thing"}}})
}

/// Definitions, and objects of what they define: definitions need not be ones that were accepted.
#[test]
fn definitions() {
    let object = json!({"apiVersion": "example.com/v1", "kind": "Thing", "metadata": {"name": "a"},
        "spec": {"n": 4, "l": ["a"], "m": {"a": "b"}, "p": "80%"}, "status": {"n": 1, "s": "a=b"}});
    let words = [
        "self",
        "self.all(x, x > 1)",
        "[?(@.a)]",
        ".spec..x",
        "object",
        "array",
        "set",
        "map",
        "rule",
        "x-kubernetes-validations",
        "properties",
        "items",
        "oldSelf",
        "default",
        "$ref",
        "allOf",
        "pattern",
        "(a*)*",
    ];
    let kind = lookup("apiextensions.k8s.io", "v1", "CustomResourceDefinition").unwrap();
    let corpus = [vec![definition(), object.clone(), object]];
    Fuzz::together("definitions", corpus).words(&words).rounds(400).run(move |all| {
        let [definition, object, old] = all.as_slice() else { return false };
        let accepted = lived_through(kind, definition, definition);
        let Ok(decoded) = schema::decode(&kind.schema(), definition.clone()) else { return false };
        let mut definition = decoded.value;
        kind.fill_defaults(&mut definition);
        for custom in custom::kinds(&definition) {
            drop((custom.documents(), custom.column_definitions().len()));
            lived_through(&custom, object, old);
        }
        accepted
    });
}
