//! What expressions are worth, what is wrong with them, and that nothing that they say does harm.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::json;

use super::*;

fn names() -> Names {
    let schema = json!({"type": "object", "required": ["name"], "properties": {
        "name": {"type": "string", "maxLength": 10},
        "count": {"type": "integer"},
        "list": {"type": "array", "items": {"type": "string"}, "maxItems": 3},
        "labels": {"type": "object", "additionalProperties": {"type": "string"}},
        "port": {"x-kubernetes-int-or-string": true},
        "in": {"type": "string"},
    }});
    let of = Declared::read(&schema, false).unwrap().as_type("self");
    Names { variables: [("self".to_owned(), of)].into(), ..Names::default() }
}

fn bindings() -> BTreeMap<String, Value> {
    let json = json!({"name": "nine", "count": 3, "list": ["a", "b"], "labels": {"a": "1"},
        "port": "80%", "__in__": "x"});
    [("self".to_owned(), from_json(&json))].into()
}

fn evaluated(source: &str) -> Result<Value, String> {
    let program = Program::compile(source, &names()).map_err(|issues| issues.to_string())?;
    program.evaluate(&bindings(), PER_CALL_LIMIT).value.map_err(|error| error.to_string())
}

#[test]
fn expressions_hold() {
    for source in [
        "1 + 2 * 3 == 7 && -1 < 0u && 7 % 4 == 3",
        "self.name == 'nine' && self.name.size() == 4 && size(self.list) == 2",
        "self.list.all(x, x.matches('^[a-z]$')) && self.list.exists(x, x == 'b')",
        "[1, 2, 3].exists_one(x, x > 2) && [1, 2, 3].filter(x, x > 1).map(x, x * 2) == [4, 6]",
        "has(self.count) && self.labels['a'] == '1' && 'a' in self.labels",
        "self.__in__ == 'x'",
        "type(self.port) == string && self.port.endsWith('%')",
        "self.?count.orValue(0) == 3 && self.labels[?'zz'].hasValue() == false",
        "optional.of(1).optMap(x, x + 1).value() == 2 && optional.none().or(optional.of(3)).value() == 3",
        "{'a': 1, 'b': 2}.all(k, v, v > 0) && [3, 4].exists(i, v, i == 1 && v == 4)",
        "[1, 2].transformList(i, v, v * i) == [0, 2] && {'a': 1}.transformMap(k, v, v + 1) == {'a': 2}",
        "'a,b'.split(',').join('-') == 'a-b' && 'abc'.substring(1) == 'bc' && 'Ab'.lowerAscii() == 'ab'",
        "'%s is %d, %.2f'.format([dyn('x'), 3, 1.5]) == 'x is 3, 1.50'",
        "[3, 1, 2].sort() == [1, 2, 3] && [1, 2].sum() == 3 && [1, 5].max() == 5 && [1, 2].isSorted()",
        "['bb', 'a'].sortBy(x, x.size()) == ['a', 'bb'] && [1, 1, 2].distinct() == [1, 2]",
        "sets.contains([1, 2, 3], [1]) && sets.equivalent([1, 1], [1]) && !sets.intersects([1], [2])",
        "quantity('1.5Gi').isGreaterThan(quantity('1Gi')) && quantity('2').add(1) == quantity('3')",
        "ip('10.0.0.1').family() == 4 && cidr('10.0.0.0/8').containsIP('10.1.2.3') && isIP('::1')",
        "url('https://a.b:80/c?d=e').getHost() == 'a.b:80' && url('https://a.b/c?d=e').getQuery() == {'d': ['e']}",
        "semver('1.2.3').isLessThan(semver('1.10.0')) && isSemver('v1.0', true) && !isSemver('v1.0')",
        "!format.dns1123Label().validate('my-name').hasValue() && format.named('uuid').hasValue()",
        "duration('1h30m').getMinutes() == 90 && timestamp('2024-02-03T04:05:06Z').getDayOfWeek() == 6",
        "timestamp('2024-01-01T00:00:00Z') + duration('24h') == timestamp('2024-01-02T00:00:00Z')",
        "'a1b22'.findAll('[0-9]+') == ['1', '22'] && 'abc'.find('b.') == 'bc'",
        "(true || 1 / 0 > 0) && !(false && 1 / 0 > 0) && [1, 0].exists(x, 1 / x == 1)",
        "[0, 2].exists(x, 4 / x == 2) && ![0, 2].all(x, 4 / x == 3)",
        "b'a\\x01'.size() == 2 && '\\u00e9'.size() == 1 && r'\\d' == '\\\\d' && '''a''' == \"a\"",
        "string(1.0) == '1' && int('7') == 7 && double(2) == 2.0 && uint(3) == 3u && dyn(1) == dyn(1.0)",
        "dyn([1, 2])[?5].hasValue() == false && [?optional.none(), 2] == [2] && {?'a': optional.of(1)} == {'a': 1}",
    ] {
        assert_eq!(evaluated(source), Ok(Value::Bool(true)), "{source}");
    }
}

#[test]
fn what_is_wrong_is_told_as_cel_go_tells_it() {
    for (source, words) in [
        ("self.foo", "ERROR: <input>:1:5: undefined field 'foo'\n | self.foo\n | ....^"),
        (
            "foo",
            "ERROR: <input>:1:1: undeclared reference to 'foo' (in container '')\n | foo\n | ^",
        ),
        (
            "self.name + 1",
            "ERROR: <input>:1:11: found no matching overload for '_+_' applied to '(string, int)'\n \
             | self.name + 1\n | ..........^",
        ),
        (
            "self.name.startsWith(1)",
            "ERROR: <input>:1:21: found no matching overload for 'startsWith' applied to \
             'string.(int)'\n | self.name.startsWith(1)\n | ....................^",
        ),
        (
            "self.name &&",
            "ERROR: <input>:1:13: Syntax error: mismatched input '<EOF>' expecting {'[', '{', '(', \
             '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, \
             IDENTIFIER}\n | self.name &&\n | ............^",
        ),
        (
            "a | b",
            "ERROR: <input>:1:3: Syntax error: token recognition error at: '| '\n | a | b\n | ..^\n\
             ERROR: <input>:1:5: Syntax error: extraneous input 'b' expecting <EOF>\n | a | b\n | ....^",
        ),
        (
            "self.name ? 1 : 2",
            "ERROR: <input>:1:11: found no matching overload for '_?_:_' applied to '(string, int, \
             int)'\n | self.name ? 1 : 2\n | ..........^",
        ),
        (
            "[1, 'a']",
            "ERROR: <input>:1:5: expected type 'int' but found 'string'\n | [1, 'a']\n | ....^",
        ),
        (
            "'a'.matches('(')",
            "ERROR: <input>:1:13: invalid matches argument\n | 'a'.matches('(')\n | ............^",
        ),
        (
            "has(self)",
            "ERROR: <input>:1:5: invalid argument to has() macro\n | has(self)\n | ....^",
        ),
        (
            "self.count.all(x, true)",
            "ERROR: <input>:1:5: expression of type 'int' cannot be range of a comprehension (must \
             be list, map, or dynamic)\n | self.count.all(x, true)\n | ....^",
        ),
    ] {
        assert_eq!(evaluated(source), Err(words.to_owned()), "{source}");
    }
}

#[test]
fn evaluations_fail_with_their_words() {
    for (source, words) in [
        ("1 / (self.count - 3)", "division by zero"),
        ("self.labels['b']", "no such key: b"),
        ("[1][3]", "index out of bounds: 3"),
        ("dyn(1) + dyn('a') == 1", "no such overload"),
        ("9223372036854775807 + self.count", "integer overflow"),
        ("lists.range(1000).all(x, lists.range(1000).all(y, x + y < 5000))", value::OVER_LIMIT),
        (
            "'aaaaaaaaaa'.replace('', 'bbbbbbbbbb').size() == lists.range(100000000).size()",
            "lists.range: size 100000000 is too large",
        ),
    ] {
        assert_eq!(evaluated(source).map(|_| ()), Err(words.to_owned()), "{source}");
    }
}

#[test]
fn costs_are_those_of_cel_go() {
    let schema =
        json!({"type": "array", "items": {"type": "string", "maxLength": 5}, "maxItems": 10});
    let root = Declared::read(&schema, false).unwrap();
    let names =
        Names { variables: [("self".to_owned(), root.as_type("self"))].into(), ..Names::default() };
    // By hand from cel-go's rules: identifiers and selections 1, a step of `all` 2 + 1 + predicate.
    for (source, cost) in [
        ("true", 0),
        ("size(self) > 0", 3),
        ("self.all(x, true)", 2 + 10 * 3),
        ("self.all(x, x == 'a')", 2 + 10 * (3 + 1 + 1)),
        ("self.all(x, x.startsWith('abc'))", 2 + 10 * (3 + 1 + 1)),
        ("self.map(x, x) == []", 10 + 2 + 10 * (1 + 1 + 10 + 1) + 10),
    ] {
        let program = Program::compile(source, &names).unwrap();
        assert_eq!(program.most_cost(Some(&root)), cost, "{source}");
    }
}

#[test]
fn doubling_is_given_up() {
    let mut source = "optional.of([1])".to_owned();
    for _ in 0..60 {
        source.push_str(".optMap(a, [a, a])");
    }
    assert!(evaluated(&format!("{source} == {source}")).is_err());
    let all = "lists.range(100000).map(x, lists.range(100000)).size() == 1";
    assert_eq!(evaluated(all).map(|_| ()), Err(value::OVER_LIMIT.to_owned()));
}

#[test]
fn deep_expressions_are_refused_or_fit_the_stack() {
    let deep = |open: &str, close: &str, count: usize| {
        format!("{}true{}", open.repeat(count), close.repeat(count))
    };
    let run = move || {
        for (open, close) in
            [("(", ")"), ("[", "]"), ("!(", ")"), ("[1].all(x, ", ")"), ("{1: ", "}")]
        {
            for count in [50, 200, 5000] {
                drop(evaluated(&deep(open, close, count)));
            }
        }
        drop(evaluated(&format!("self{}", ".a".repeat(20_000))));
        drop(evaluated(&"1+".repeat(20_000)));
        drop(evaluated(&"true&&".repeat(10_000)));
    };
    // A worker of the server has two megabytes.
    let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(run).unwrap();
    assert!(thread.join().is_ok());
}

/// Source: `TestSetsCost` of `k8s.io/apiserver/pkg/cel/library`.
#[test]
fn sets_cost_the_product_of_their_sizes() {
    for (source, cost) in [
        ("sets.contains([], [])", 21),
        ("sets.contains([1], [1])", 22),
        ("sets.intersects([1], [1, 2])", 23),
        ("sets.equivalent([1], [1])", 23),
        ("sets.equivalent([1], [1, 1])", 25),
    ] {
        let program = Program::compile(source, &Names::default()).unwrap();
        assert_eq!(program.most_cost(None), cost, "{source}");
        assert_eq!(program.evaluate(&bindings(), PER_CALL_LIMIT).cost, cost, "{source}");
    }
}

proptest! {
    #[test]
    fn nothing_panics(source in any::<String>()) {
        drop(evaluated(&source));
    }

    #[test]
    fn nothing_that_looks_like_an_expression_panics(
        words in proptest::collection::vec(
            prop_oneof![
                Just("self"), Just(".name"), Just(".list"), Just("["), Just("]"), Just("("),
                Just(")"), Just("{"), Just("}"), Just("?"), Just(":"), Just(","), Just("1"),
                Just("-"), Just("'a'"), Just("&&"), Just("||"), Just("+"), Just("=="), Just("in"),
                Just(".all(x,"), Just("x"), Just(".size()"), Just("has("), Just("u"), Just("1.5"),
                Just("optional.of("), Just(".substring("), Just("duration('1h')"), Just("!"),
            ],
            0..30,
        )
    ) {
        drop(evaluated(&words.concat()));
    }

    #[test]
    fn what_is_evaluated_takes_no_more_than_was_estimated(count in 0_usize..4, name in "[a-z]{0,5}") {
        let schema = json!({"type": "object", "properties": {
            "list": {"type": "array", "items": {"type": "string", "maxLength": 5}, "maxItems": 4}}});
        let root = Declared::read(&schema, false).unwrap();
        let names = Names { variables: [("self".to_owned(), root.as_type("self"))].into(), ..Names::default() };
        let value = root.value(&json!({"list": vec![name; count]}));
        let bindings: BTreeMap<String, Value> = [("self".to_owned(), value)].into();
        for source in [
            "self.list.all(x, x.size() < 3)",
            "self.list.exists(x, x == 'a') || self.list.map(x, x + x).join(',').contains('b')",
            "self.list.filter(x, x.matches('a+')).size() == 0",
        ] {
            let program = Program::compile(source, &names).unwrap();
            let outcome = program.evaluate(&bindings, PER_CALL_LIMIT);
            prop_assert!(outcome.value.is_ok(), "{:?}", outcome);
            prop_assert!(outcome.cost <= program.most_cost(Some(&root)), "{source}: {}", outcome.cost);
        }
    }
}
