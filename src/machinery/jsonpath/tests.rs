//! Paths, what they find, and what is said of those that are wrong.

use serde_json::json;

use super::*;

fn object() -> Value {
    json!({
        "kind": "List",
        "items": [
            {"name": "a", "n": 1, "labels": {"app.io/x": "web"}, "ports": [80, 81]},
            {"name": "b", "n": 2, "nil": null, "labels": {"app": "db"}, "ports": []}]
    })
}

fn text(printed: Result<Vec<u8>, JsonPathError>) -> String {
    match printed {
        Ok(out) => String::from_utf8(out).unwrap(),
        Err(error) => {
            let error = error.to_string();
            let why = error.split("Error executing template: ").nth(1).unwrap();
            format!("!{}", why.split(". Printing").next().unwrap())
        }
    }
}

fn filled(template: &str) -> String {
    match JsonPath::parse(template, true, false) {
        Ok(path) => text(path.print(&object())),
        Err(error) => format!("!{error}"),
    }
}

#[test]
fn templates_are_filled_in() {
    for (template, want) in [
        ("{.kind}", "List"),
        ("{.items[*].name}", "a b"),
        ("{range .items[*]}{.name}{.n}", "a1b2"),
        ("{range .items[*]}{.name}{end}{.kind}", "abList"),
        ("{range .none}{.name}{end}{.kind}", "List"),
        ("{range .items[*]}{.name}{range .ports[*]}<{@}>{end};{end}", "a<80><81>;b;"),
        ("{true}{1}{-1.50}{'a\\'b'}", "true1-1.5a'b"),
        ("{.items[::2].name}{.items[:1].name}{.items[-2:].name}", "aaa b"),
        ("{.items[0,-1].name}", "a b"),
        ("{.items[?(@.n==1)].name}{.items[?(@.n<=1)].name}", "aa"),
        ("{.items[?(@.name!=\"a\")].name}{.items[?(@.ports[9])].name}", "ba b"),
        ("{.}{.items[1].nil}", "null"),
        ("{range .items[*]}{.name}{\"\\t\"}{.n}{\"\\n\"}{end}", "a\t1\nb\t2\n"),
        ("{.items[0:1].name}{.items[-1].name}", "ab"),
        ("{.items[?(@.name==\"b\")].n}", "2"),
        ("{.items[?(@.n>1)].name}", "b"),
        ("{.items[?(@.labels.app)].name}", "b"),
        ("{..name}", "a b"),
        ("{.items[0].labels.app\\.io/x}", "web"),
        ("{.items[0]['name','n']}", "a 1"),
        ("{.items[0].ports}", "[80,81]"),
        ("{.nope}text", "text"),
        ("{$.kind}{@.kind}", "ListList"),
    ] {
        assert_eq!(filled(template), want, "{template}");
    }
}

#[test]
fn what_is_wrong_has_kubectl_s_words() {
    for (template, want) in [
        ("{.kind[", "!error parsing jsonpath {.kind[, unterminated array"),
        (
            "{.items[?(@.name=~\"x\")]}",
            "!error parsing jsonpath {.items[?(@.name=~\"x\")]}, unrecognized character in action: U+007E '~'",
        ),
        (
            "{.items[?(@.name==\"x\" && @.n)]}",
            "!error parsing jsonpath {.items[?(@.name==\"x\" && @.n)]}, unrecognized character in action: U+0026 '&'",
        ),
        ("{.items[?(@.n}", "!error parsing jsonpath {.items[?(@.n}, unterminated filter"),
        ("{.items[?(@.n)}", "!error parsing jsonpath {.items[?(@.n)}, unclosed array expect ]"),
        ("{\"a}", "!error parsing jsonpath {\"a}, unterminated quoted string"),
        (
            "{\"\\z\"}",
            "!error parsing jsonpath {\"\\z\"}, unquote string \"\\z\" error invalid syntax",
        ),
        ("{....}", "!error parsing jsonpath {....}, invalid multiple recursive descent"),
        ("{1.2.3}", "!error parsing jsonpath {1.2.3}, cannot parse number 1.2.3"),
        ("{.items[-]}", "!error parsing jsonpath {.items[-]}, array index - is not a number"),
        ("{.items[a]}", "!error parsing jsonpath {.items[a]}, invalid array index a"),
        ("{.a\n}", "!error parsing jsonpath {.a\n}, unclosed action"),
        ("{end}", "!not in range, nothing to end"),
        ("{foo}", "!unrecognized identifier foo"),
        ("{.kind[0]}", "!string is not array or slice"),
        ("{[0]}", "!map[string]interface {} is not array or slice"),
        ("{1[0]}", "!int is not array or slice"),
        ("{.kind.*[0]}", "!uint8 is not array or slice"),
        ("{.items[5]}", "!array index out of bounds: index 5, length 2"),
        ("{.items[1:0]}", "!starting index 1 is greater than ending index 0"),
        ("{.items[::0]}", "!step must be > 0"),
        ("{.kind[?(@.a)]}", "!List is not array or slice and cannot be filtered"),
        ("{.items[?(@.n==\"a\")]}", "!incompatible types for comparison"),
        ("{.items[?(@.labels==1)]}", "!invalid type for comparison"),
        ("{.items[?(@.n=!1)]}", "!unrecognized filter operator =!"),
        ("{.items[?(@.ports[*]>1)]}", "!can only compare one element at a time"),
    ] {
        assert_eq!(filled(template), want, "{template}");
    }
}

#[test]
fn work_is_bounded() {
    let mut deep = json!({});
    for _ in 0..60 {
        deep = json!({"a": deep, "b": [1, 2]});
    }
    let repeated = "...*".repeat(20);
    let ranges = "{range ..}".repeat(8) + "x" + &"{end}".repeat(8);
    for template in [format!("{{{repeated}}}"), ranges] {
        let path = JsonPath::parse(&template, true, false).unwrap();
        let error = path.print(&deep).unwrap_err().to_string();
        assert!(error.contains("the path leads to too many values"), "{template}");
    }
}

#[test]
fn what_stands_in_one_another_ends_somewhere() {
    for template in [
        format!("{{.a{}}}", "[?(@.a".repeat(20_000)),
        format!("{{.a{}.b{}}}", "[?(@".repeat(2000), ")]".repeat(2000)),
        format!("{{.a{}{}}}", "[@".repeat(20_000), ",]".repeat(20_000)),
    ] {
        assert!(JsonPath::parse(&template, true, false).is_err());
    }
}

#[test]
fn ranges_in_one_another_end_somewhere() {
    let path = JsonPath::parse(&"{range .kind}".repeat(20_000), true, false).unwrap();
    assert_eq!(text(path.print(&object())), "!ranges stand too deeply in one another");
}

#[test]
fn values_are_listed_as_json() {
    let path = JsonPath::parse("{.items[*].name}a{.none}", true, true).unwrap();
    let want = "[\n    \"a\",\n    \"b\"\n]\n[\n    \"a\"\n]\n[]\n";
    assert_eq!(text(path.print(&object())), want);
}

#[test]
fn far_numbers_are_only_numbers() {
    for template in [
        "{.items[1:2:9223372036854775807].name}",
        "{.items[9223372036854775807].name}",
        "{.items[-9223372036854775808:9223372036854775807].name}",
    ] {
        let path = JsonPath::parse(template, true, false).unwrap();
        drop(path.print(&object()));
    }
}

#[test]
fn faults_have_kubectl_s_words() {
    for (template, want) in [
        ("{.a", "error parsing jsonpath {.a, unclosed action"),
        ("{@.m[\"n\"]}", "error parsing jsonpath {@.m[\"n\"]}, invalid array index \"n\""),
    ] {
        assert_eq!(JsonPath::parse(template, true, false).unwrap_err().to_string(), want);
    }
    let strict = JsonPath::parse("{.nope}", false, false).unwrap();
    let error = strict.print(&json!({"a": "b"})).unwrap_err().to_string();
    assert!(error.starts_with(
        "error executing jsonpath \"{.nope}\": Error executing template: nope is not found."
    ));
    assert!(error.ends_with("map[string]interface {}{\"a\":\"b\"}\n\n\n"));
}
