//! Hostile input for the readers of this crate: nothing panics, hangs or takes memory without bound,
//! and what is read and written again is the same.

use fuzz::Fuzz;
use jiff::{Timestamp, tz::TimeZone};
use serde_json::{Value, json};

use crate::{
    age,
    apply::{ManagedFields, PathElement, Set},
    cron, duration, json as read_json,
    jsonpath::JsonPath,
    names,
    patch::{apply_json_patch, apply_merge_patch},
    quantity::Quantity,
    regexp,
    selector::{FieldSelector, LabelSelector},
    structural, version, yaml,
};

const JSON: [&str; 5] = [
    r#"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","labels":{"x":"y","x":"z"}}}"#,
    r#"[1,-2.5e3,true,false,null,"\u00e9\n\ud83d\ude00",{"a":[[],{}]}]"#,
    r#"{"metadata":{"managedFields":[{"f:a":{}}],"name":"b"},"z":1}"#,
    "0.1",
    "\"\"",
];

#[test]
fn json() {
    let words = ["null", "\\u", "\\ud800", "[", "{", "\"a\":", "1e", "-", "\u{feff}"];
    Fuzz::bytes("json", JSON).words(&words).longest(4000).rounds(3000).run(|bytes| {
        let cut = read_json::object_at_start(bytes);
        assert!(cut.is_none_or(|cut| bytes.starts_with(cut)));
        let skimmed = read_json::skim(bytes, read_json::WITHOUT_NOTES);
        let mistake = read_json::go_syntax_error(bytes);
        match (read_json::parse(bytes), serde_json::from_slice::<Value>(bytes)) {
            (Ok(parsed), Ok(value)) => {
                assert_eq!(parsed.value, value);
                assert_eq!(mistake, None);
                assert!(skimmed.is_ok());
                let written = yaml::pretty(&value, "  ");
                let again = |text: &str| serde_json::from_str::<Value>(text).ok().map(plain);
                assert_eq!(again(&written), Some(plain(value.clone())));
                assert_eq!(again(&yaml::compact(&value)), Some(plain(value)));
                true
            }
            (Err(_), Err(_)) => {
                drop(std::str::from_utf8(bytes).map(yaml::syntax_error));
                false
            }
            (Err(error), Ok(_)) => {
                assert!(error.to_string().contains("exceeded max depth"), "{error}");
                false
            }
            (ours, theirs) => panic!("read by one alone: {ours:?} {theirs:?}"),
        }
    });
}

/// A document whose whole numbers are whole numbers, as YAML has them.
fn plain(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(plain).collect(),
        Value::Object(fields) => {
            fields.into_iter().map(|(key, value)| (key, plain(value))).collect()
        }
        Value::Number(number) => json!(number.as_f64()),
        other => other,
    }
}

const YAML: [&str; 8] = [
    "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  labels: {x: 'y', \"z\": yes}\n",
    "a: &a [1, 0x1f, 0o7, .inf, ~, 1_000, 12:30:00]\nb: *a\nc: {<<: {d: 1}, e: 2}\n",
    "a0: &a0 [x,x]\na1: &a1 [*a0,*a0]\na2: &a2 [*a1,*a1,*a1]\n",
    "m0: &m0 {k: 1}\nm1: &m1 {<<: [*m0,*m0]}\nm2: &m2 {<<: [*m1,*m1]}\nm3: {<<: *m2}\n",
    "t: |+\n  keep\n\nf: >-\n  folded\n  text\nq: \"\\u00e9\\x41\\n\"\n",
    "- - - a\n  - b\n- ? k\n  : v\n",
    "%YAML 1.1\n---\na: !!str 1\nb: !!binary aGk=\nc: !!int '3'\n...\n---\nb\n",
    "# comment\n{a: [1, {b: c}], d: !local e}\n",
];

#[test]
fn yaml_text() {
    let words =
        ["&a ", "*a", "<<: ", "[", "]", "{", "- ", ": ", "\n  ", "? ", "!!map", "|", "---\n", "\t"];
    Fuzz::bytes("yaml", YAML).words(&words).longest(4000).rounds(1500).run_text(|text| {
        drop(yaml::documents(text));
        drop(yaml::parse_v3(text));
        let Ok((value, _)) = yaml::parse_strict(text) else { return false };
        assert_eq!(yaml::parse(text).ok().as_ref(), Some(&value));
        let written = yaml::to_string(&value);
        assert_eq!(yaml::parse(&written).map(plain), Ok(plain(value)), "{written}");
        true
    });
}

#[test]
fn yaml_of_documents() {
    let all = JSON.iter().filter_map(|text| serde_json::from_str::<Value>(text).ok());
    let words = [
        "yes",
        "0x1",
        "1e3",
        "- a",
        "a: b",
        " x ",
        "a\n\nb\n",
        "#",
        "\u{85}",
        "null",
        "~",
        "2001-01-01",
    ];
    Fuzz::values("yaml written", all).words(&words).rounds(1000).run(|value| {
        let written = yaml::to_string(value);
        let read = yaml::parse(&written).map(plain);
        assert_eq!(read, Ok(plain(value.clone())), "{written}");
        true
    });
}

#[test]
fn patches() {
    let corpus = [
        vec![
            json!({"a": {"b": [1, 3, {"c": "d"}]}, "x/y": 1}),
            json!([
                {"op": "add", "path": "/a/b/1", "value": 2},
                {"op": "copy", "from": "/a/b", "path": "/c"},
                {"op": "copy", "from": "", "path": "/c"},
                {"op": "move", "from": "/c", "path": "/x~1y"},
                {"op": "test", "path": "/a/b/0", "value": 1},
                {"op": "replace", "path": "/a/b/0", "value": 9},
                {"op": "remove", "path": "/a/b/-"},
            ]),
        ],
        vec![json!({"a": {"b": null}}), json!({"a": {"b": {"c": null}}, "d": [1]})],
    ];
    let words =
        ["/a/b", "/-", "~0", "~1", "", "copy", "move", "/a/b/-1", "/a/b/18446744073709551616"];
    Fuzz::together("patches", corpus).words(&words).rounds(1500).run(|both| {
        let [object, patch] = both.as_slice() else { return false };
        let mut merged = object.clone();
        apply_merge_patch(&mut merged, patch);
        let once = merged.clone();
        apply_merge_patch(&mut merged, patch);
        assert_eq!(merged, once, "a merge patch is idempotent");
        let mut patched = object.clone();
        let done = apply_json_patch(&mut patched, patch).is_ok();
        assert!(done || patched == *object, "a patch that fails changes nothing");
        done
    });
}

#[test]
fn managed_fields() {
    let fields = json!({
        "f:metadata": {"f:labels": {".": {}, "f:app": {}}},
        "f:spec": {"f:ports": {"k:{\"port\":80,\"protocol\":\"TCP\"}": {".": {}, "f:port": {}}},
            "f:set": {"v:\"a\"": {}, "v:1": {}}, "f:list": {"i:0": {}}},
    });
    let entry = json!({"manager": "m", "operation": "Apply", "apiVersion": "v1",
        "time": "2024-01-01T00:00:00Z", "fieldsType": "FieldsV1", "fieldsV1": fields});
    let corpus = [json!([entry]), fields];
    let words = ["f:", "k:{}", "v:", "v:null", "i:-1", "k:{\"a\":[]}", ".", "f:a", "Update"];
    Fuzz::values("managed fields", corpus).words(&words).rounds(1200).run(|value| {
        if let Some(set) = Set::parse(value) {
            let written = set.written();
            assert_eq!(Set::parse(&written).as_ref(), Some(&set), "{written}");
            for path in set.paths() {
                let back: Option<Vec<_>> =
                    path.iter().map(|step| PathElement::parse(&step.written())).collect();
                assert_eq!(back.as_ref(), Some(&path));
            }
            assert_eq!(set.union(&set), set);
            assert!(set.difference(&set).is_empty());
            return true;
        }
        let Some(managers) = value.as_array().and_then(|list| ManagedFields::parse(list)) else {
            return false;
        };
        let written = managers.written();
        let again = ManagedFields::parse(&written).map(|managers| managers.written());
        assert_eq!(again, Some(written));
        true
    });
}

#[test]
fn selectors() {
    let corpus = [
        "a=b,c!=d,e in (f,g),!h,i,j notin (k),l>1,m<2",
        "example.com/a==b",
        "status.phase=x\\,y,a!=\\\\",
    ];
    let words = [" in ", "notin", "(", ")", ",", "!", "==", "!=", "/", "\\", "\\,", ">", "a"];
    Fuzz::bytes("selectors", corpus).words(&words).longest(1000).rounds(2000).run_text(|text| {
        let object = json!({"metadata": {"labels": {"a": "b", "l": "2"}}});
        if let Ok(fields) = FieldSelector::parse(text) {
            let exact = fields.requirements.iter().all(|one| one.equal == (one.field == one.value));
            assert_eq!(fields.matches(str::to_owned), exact);
        }
        if let Ok(made) = LabelSelector::object_of(text) {
            assert!(LabelSelector::from_object(&made).is_some(), "{made}");
        }
        let Ok(selector) = LabelSelector::parse(text) else { return false };
        let again = LabelSelector::parse(&selector.to_string());
        let matched = |selector: &LabelSelector| selector.matches_object(&object);
        assert_eq!(again.as_ref().ok().map(matched), Some(matched(&selector)), "{selector}");
        true
    });
}

#[test]
fn small_texts() {
    let corpus = [
        "1.5Gi",
        "100m",
        "-2e3",
        "0 0 * * 1-5",
        "*/15 0-23/2 1,15 * ?",
        "@every 1h30m",
        "TZ=Europe/Berlin 0 3 29 2 *",
        "1h2m3.5s",
        "v1beta2",
        "example.com/name",
        "2024-01-01T00:00:00Z",
        "(a|b)+[^c-d]\\d{2,3}?$",
    ];
    let words = [
        "Ki", "E", "n", "e", ".", "@hourly", "CRON_TZ=", "/", "-", ",", "?", "* ", "ns", "\\p{L}",
        "(?i)", "{1000}",
    ];
    Fuzz::bytes("small texts", corpus).words(&words).longest(300).rounds(2000).run_text(|text| {
        let mut read = false;
        if let Ok(amount) = text.parse::<Quantity>() {
            assert_eq!(amount.to_string().parse::<Quantity>(), Ok(amount));
            assert_eq!(amount.minus(amount), Quantity::default());
            assert!(amount.value() >= 0 || amount.plus(amount) <= amount);
            read = true;
        }
        if let Ok(schedule) = cron::parse(text) {
            let (first, now) =
                (Timestamp::UNIX_EPOCH, Timestamp::from_second(1_800_000_000).unwrap());
            let next = schedule.next(now, &TimeZone::UTC);
            assert!(next.is_none_or(|next| next > now));
            assert!(schedule.last(first, now, &TimeZone::UTC) <= now);
            read = true;
        }
        read |= duration::parse(text).is_some();
        read |= regexp::compile(text).is_ok();
        drop((version::rank(text), age::since(text, Timestamp::UNIX_EPOCH)));
        for rule in [
            names::dns_label,
            names::dns_subdomain,
            names::qualified_name,
            names::label_value,
            names::env_name,
            names::port_name,
            names::path_segment,
            names::dns_1035_label,
        ] {
            drop(rule(text));
        }
        read
    });
}

#[test]
fn json_path() {
    let corpus = [
        "{.items[*].name}",
        "{range .items[*]}{.name}{\"\\t\"}{end}",
        "{.items[?(@.n>1)].labels.app\\.io/x}",
        "{..name}",
        "{.items[-1:0:2]['name','n']}",
        "{$.kind}{@.kind}text",
        ".metadata.name",
        "{.items[?(@.name==\"b\")]}",
    ];
    let words = [
        "{", "}", "..", "[", "]", "[?(", ")]", "@", "$", "range ", "end", "'", "\"", ":", ",",
        "\\", "==", "[*]",
    ];
    let object = json!({"kind": "List", "items": [
        {"name": "a", "n": 1, "labels": {"app.io/x": "web"}, "ports": [80, 81]},
        {"name": "b", "n": 2, "labels": {"app": "db"}, "ports": [[[[]]], {"a": {"a": {"a": {}}}}]}]});
    Fuzz::bytes("jsonpath", corpus).words(&words).longest(1000).rounds(2000).run_text(
        move |text| {
            drop(JsonPath::relaxed(text).map(|path| path.find(&object).is_ok()));
            drop(JsonPath::parse(text, true, true).map(|path| path.print(&object)));
            let Ok(path) = JsonPath::parse(text, false, false) else { return false };
            drop(path.print(&object));
            true
        },
    );
}

#[test]
fn structures() {
    let schema = json!({"type": "object", "required": ["spec"], "properties": {
        "spec": {"type": "object", "x-kubernetes-preserve-unknown-fields": true, "properties": {
            "n": {"type": "integer", "minimum": 1, "maximum": 5, "multipleOf": 2, "default": 2},
            "s": {"type": "string", "pattern": "^a+$", "maxLength": 5, "format": "date-time", "enum": ["a"]},
            "l": {"type": "array", "maxItems": 3, "x-kubernetes-list-type": "map",
                "x-kubernetes-list-map-keys": ["k"],
                "items": {"type": "object", "properties": {"k": {"type": "string", "default": "x"}}}},
            "m": {"type": "object", "additionalProperties": {"type": "number"}, "maxProperties": 2},
            "p": {"x-kubernetes-int-or-string": true}, "e": {"x-kubernetes-embedded-resource": true},
            "one": {"oneOf": [{"required": ["a"]}], "not": {"anyOf": [{"type": "string"}]}},
        }},
    }});
    let object = json!({"apiVersion": "a/v1", "kind": "K", "metadata": {"name": "x"}, "spec": {
        "n": 3, "s": "aa", "l": [{"k": "1"}, {"k": "1"}], "m": {"a": 1.5}, "p": "80%", "e": {}, "one": {}}});
    let corpus = [vec![schema, object.clone(), object]];
    let words = [
        "object",
        "array",
        "string",
        "integer",
        "set",
        "atomic",
        "date",
        "ipv4",
        "uuid",
        "x-kubernetes-list-type",
        "items",
        "$ref",
    ];
    Fuzz::together("structures", corpus).words(&words).rounds(1000).run(|all| {
        let [schema, object, old] = all.as_slice() else { return false };
        let structure = structural::read(schema, crate::schema::Schema::Any);
        let mut new = object.clone();
        drop(structure.prune(&mut new));
        let pruned = new.clone();
        assert!(structure.prune(&mut new).is_empty(), "pruned once for all");
        assert_eq!(new, pruned);
        structure.fill(&mut new);
        let mut errors = crate::field::Errors::default();
        structure.check(&new, Some(old), &mut errors);
        structure.check_status(&new, Some(old), &mut errors);
        structure.check_lists(&new, &mut errors);
        drop(errors.sentence());
        errors.is_empty()
    });
}
