//! Pruning, defaults and checks, as tables.

use serde_json::{Value, json};

use super::*;
use crate::field::Errors;

fn structure() -> Structure {
    let document = json!({"type": "object", "properties": {
    "spec": {"type": "object", "required": ["size"], "properties": {
        "size": {"type": "integer", "minimum": 1, "maximum": 10},
        "color": {"type": "string", "enum": ["red", "blue"], "default": "red"},
        "name": {"type": "string", "pattern": "^[a-z]+$", "maxLength": 5},
        "tags": {"type": "array", "maxItems": 2, "items": {"type": "string"},
            "x-kubernetes-list-type": "set"},
        "nested": {"type": "object", "default": {},
            "properties": {"deep": {"type": "string", "default": "d"}}},
        "null": {"type": "string", "nullable": true},
        "port": {"x-kubernetes-int-or-string": true},
        "when": {"type": "string", "format": "date-time"},
        "raw": {"type": "object", "x-kubernetes-preserve-unknown-fields": true},
        "one": {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "string"}},
            "oneOf": [{"required": ["a"]}, {"required": ["b"]}]},
    }}}});
    read(&document, Schema::Untyped)
}

#[test]
fn unknown_fields_go_and_defaults_come() {
    let mut object = json!({"kind": "X", "metadata": {"any": 1}, "extra": 1,
        "spec": {"size": 1, "bogus": 1, "color": null, "null": null, "when": null,
            "raw": {"kept": {"a": 1}}, "nested": {"gone": 1}}});
    let structure = structure();
    let dropped = structure.prune(&mut object);
    assert_eq!(dropped, ["spec.nested.gone", "spec.bogus", "extra"]);
    structure.fill(&mut object);
    let filled = json!({"kind": "X", "metadata": {"any": 1}, "spec": {"size": 1, "color": "red",
        "null": null, "raw": {"kept": {"a": 1}}, "nested": {"deep": "d"}}});
    assert_eq!(object, filled);
}

#[test]
fn values_are_checked_in_kubernetes_words() {
    let said = |spec: Value| -> Vec<String> {
        let (mut errors, object) = (Errors::default(), json!({"spec": spec}));
        structure().check(&object, None, &mut errors);
        structure().check_lists(&object, &mut errors);
        errors.iter().map(ToString::to_string).collect()
    };
    for (spec, words) in [
        (json!({"size": 1, "port": "x", "null": null, "when": "2020-01-01T00:00:00Z"}), vec![]),
        (json!({}), vec!["spec.size: Required value"]),
        (
            json!({"size": 11}),
            vec![
                "spec.size: Invalid value: 11: spec.size in body should be less than or equal to 10",
            ],
        ),
        (
            json!({"size": "x"}),
            vec![
                "spec.size: Invalid value: \"string\": spec.size in body must be of type integer: \
                \"string\"",
            ],
        ),
        (
            json!({"size": 1, "name": "Abcdef"}),
            vec![
                "spec.name: Too long: may not be more than 5 bytes",
                "spec.name: Invalid value: \"Abcdef\": spec.name in body should match '^[a-z]+$'",
            ],
        ),
        (
            json!({"size": 1, "color": "green"}),
            vec!["spec.color: Unsupported value: \"green\": supported values: \"red\", \"blue\""],
        ),
        (json!({"size": 1, "tags": ["a", "a"]}), vec!["spec.tags[1]: Duplicate value: \"a\""]),
        (
            json!({"size": 1, "one": {"a": "x", "b": "y"}}),
            vec![
                "<nil>: Invalid value: \"\": \"spec.one\" must validate one and only one schema \
                (oneOf). Found 2 valid alternatives",
            ],
        ),
        (
            json!({"size": 1, "when": "never"}),
            vec![
                "spec.when: Invalid value: \"never\": spec.when in body must be of type date-time: \
                \"never\"",
            ],
        ),
    ] {
        assert_eq!(said(spec.clone()), words, "{spec}");
    }
}
