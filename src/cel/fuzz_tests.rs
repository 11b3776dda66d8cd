//! Hostile expressions: whatever they say, they are parsed, checked, priced and evaluated within
//! bounds, and what they cost is no more than what was said.

use std::{collections::BTreeMap, sync::Arc};

use fuzz::Fuzz;
use serde_json::{Value as Json, json};

use crate::{Declared, Names, PER_CALL_LIMIT, Program, Value, from_json, to_json};

const WORDS: [&str; 34] = [
    "self",
    ".name",
    ".list",
    "[",
    "]",
    "(",
    ")",
    "{",
    "}",
    "?",
    ":",
    ",",
    " && ",
    " || ",
    "!",
    "-",
    "+",
    "*",
    "/",
    "%",
    " in ",
    ".all(x, x == ",
    ".map(x, x)",
    ".exists(x, ",
    "size(",
    "has(",
    "'a'",
    "b'\\xff'",
    "1u",
    "1e300",
    ".matches('(a*)*b')",
    "duration('1h')",
    "optional.of(",
    "quantity('1Gi')",
];

fn schema() -> Json {
    json!({"type": "object", "required": ["name"], "properties": {
        "name": {"type": "string", "maxLength": 10},
        "count": {"type": "integer"},
        "list": {"type": "array", "items": {"type": "string"}, "maxItems": 3},
        "labels": {"type": "object", "additionalProperties": {"type": "string"}},
        "port": {"x-kubernetes-int-or-string": true},
    }})
}

#[test]
fn expressions() {
    let corpus = [
        "self.list.all(x, x.matches('^[a-z]$')) && self.list.exists(x, x == 'b')",
        "[1, 2, 3].exists_one(x, x > 2) && [1, 2, 3].filter(x, x > 1).map(x, x * 2) == [4, 6]",
        "self.?count.orValue(0) == 3 && self.labels[?'zz'].hasValue() == false",
        "{'a': 1, 'b': 2}.transformMap(k, v, v + 1) == {'a': 2} ? 'x' + string(1) : \"y\\u00e9\"",
        "'%s is %d, %.2f'.format([dyn('x'), 3, 1.5]).split(' ').join('-').replace('i', 'o')",
        "timestamp('2024-01-01T00:00:00Z') + duration('24h') == timestamp('2024-01-02T00:00:00Z')",
        "quantity('1.5Gi').isGreaterThan(quantity('1Gi')) && ip('10.0.0.1').family() == 4",
        "sets.contains([1, 2, 3], [1]) && url('https://a.b/c?d=e').getQuery() == {'d': ['e']}",
        "cel.bind(x, [1, 2].map(y, y * y), x.size() == 2 && x[0] == 1 && type(x) == list)",
    ];
    let declared = Arc::new(Declared::read(&schema(), false).unwrap());
    let of = declared.as_type("self");
    let names = Names { variables: [("self".to_owned(), of)].into(), ..Names::default() };
    let json = json!({"name": "nine", "count": 3, "list": ["a", "b"], "labels": {"a": "1"}, "port": "80%"});
    let bindings: BTreeMap<String, Value> = [("self".to_owned(), from_json(&json))].into();
    Fuzz::bytes("expressions", corpus).words(&WORDS).longest(500).rounds(2000).run_text(
        move |text| {
            let program = match Program::compile(text, &names) {
                Ok(program) => program,
                Err(issues) => {
                    drop(issues.to_string());
                    return false;
                }
            };
            let most = program.most_cost(Some(&declared));
            let outcome = program.evaluate(&bindings, PER_CALL_LIMIT);
            if let Ok(value) = &outcome.value {
                assert!(outcome.cost <= most, "costs {} of at most {most}", outcome.cost);
                drop(to_json(value));
            }
            true
        },
    );
}

#[test]
fn schemas() {
    let words = [
        "string",
        "array",
        "object",
        "maxLength",
        "maxItems",
        "properties",
        "items",
        "x-kubernetes-preserve-unknown-fields",
    ];
    Fuzz::values("declared", [schema()]).words(&words).rounds(1000).run(|schema| {
        let Some(declared) = Declared::read(schema, true) else { return false };
        let of = declared.as_type("self");
        let names = Names { variables: [("self".to_owned(), of)].into(), ..Names::default() };
        let program = Program::compile("self.list.all(x, x.size() > 1)", &names);
        drop(program.map(|program| program.most_cost(Some(&declared))));
        true
    });
}
