//! Templates, what they print, and what is said of those that cannot be read or run.

use serde_json::json;

use super::*;

fn filled(text: &str, lenient: bool) -> String {
    let object = json!({"kind": "Pod", "n": 3, "f": 1.5, "nil": null, "items": [{"name": "a"}, {"name": "b"}],
        "labels": {"x": "1", "y": "2"}, "empty": [], "yes": true, "data": "aGk="});
    match Template::parse(text, lenient) {
        Ok(template) => {
            let printed = template.print(&object, String::new);
            let out = String::from_utf8_lossy(&printed.out);
            let out = out.split("Error executing template").next().unwrap_or_default();
            match printed.outcome {
                Ok(()) => out.to_owned(),
                Err(error) => {
                    let error = error.to_string();
                    let why = error.split_once(": template: ").map_or("", |(_, why)| why);
                    format!("{out}!{why}")
                }
            }
        }
        Err(error) => {
            let error = error.to_string();
            format!("?{}", error.split_once(", template: ").map_or("", |(_, why)| why))
        }
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn templates_are_filled_in() {
    for (text, want) in [
        ("{{.kind}} {{.nope}} {{.nil}}", "Pod <no value> <no value>"),
        ("{{range .items}}{{.name}}{{\"\\n\"}}{{end}}", "a\nb\n"),
        ("{{range $i, $x := .items}}{{$i}}={{$x.name}};{{end}}", "0=a;1=b;"),
        ("{{range $k, $v := .labels}}{{$k}}={{$v}};{{end}}", "x=1;y=2;"),
        ("{{range .empty}}x{{else}}none{{end}}", "none"),
        ("{{range 3}}{{.}}{{end}}{{range $i := .n}}{{$i}}{{end}}", "012012"),
        ("{{range .items}}{{if eq .name \"b\"}}{{break}}{{end}}{{.name}}{{end}}", "a"),
        ("{{range .items}}{{if eq .name \"a\"}}{{continue}}{{end}}{{.name}}{{end}}", "b"),
        ("{{$k := 0}}{{range $k = .items}}{{end}}{{$k}}", "map[name:b]"),
        ("{{if eq .kind \"Pod\"}}yes{{else}}no{{end}}", "yes"),
        ("{{if not .yes}}a{{else if eq .n 3}}b{{else}}c{{end}}", "b"),
        ("{{with .nope}}a{{else with .labels}}{{.x}}{{else}}c{{end}}", "1"),
        ("{{with .labels}}{{.x}}{{$.kind}}{{end}}", "1Pod"),
        ("{{with $y := .labels}}{{$y.x}}{{end}}", "1"),
        ("{{$x := .kind}}{{$x}}{{$x = 1}}{{$x}}", "Pod1"),
        ("{{(index .items 0).name}} {{len .items}}{{len .kind}}", "a 23"),
        ("{{index .items 1 \"name\"}}{{index .labels \"z\"}}{{index .kind 0}}", "b<no value>80"),
        ("a {{- /* c */ -}} b{{/* d */}} c {{- 1 -}}\n d", "ab c1d"),
        (
            "{{define \"t\"}}<{{.}}>{{end}}{{template \"t\" .kind}}{{template \"t\"}}",
            "<Pod><<no value>>",
        ),
        ("{{block \"b\" .labels}}{{.x}}{{end}}", "1"),
        ("{{.labels}}{{.items}}", "map[x:1 y:2][map[name:a] map[name:b]]"),
        (
            "{{not .yes}} {{or .nope \"d\"}} {{and .n .nope}} {{or 1 (index .items 9)}}",
            "false d <no value> 1",
        ),
        ("{{slice .kind 1}}{{slice .kind 1 2}}{{slice .items 1}}", "odo[map[name:b]]"),
        ("{{.data | base64decode}}{{base64decode \"aGk=\"}}", "hihi"),
        (
            "{{exists .labels \"x\"}}{{exists .labels \"q\"}}{{exists .items 0 \"name\"}}",
            "truefalsetrue",
        ),
        (
            "{{print 1 2}} {{print 1 \"a\" 2}} {{print .nope nil}} {{println 1}}",
            "1 2 1a2 <nil> <nil> 1\n",
        ),
        ("{{printf \"%q %s %d %v\" .kind .kind .n .yes}}", "\"Pod\" Pod 3 true"),
        ("{{.kind | printf \"%-5s|\"}}", "Pod  |"),
        (
            "{{printf \"%T %T %T %T %T\" 1 .n 1.0 'a' .labels}}",
            "int int64 float64 int map[string]interface {}",
        ),
        (
            "{{1_000}} {{0x1F}} {{0b11}} {{0o17}} {{'a'}} {{1e3}} {{1.5}} {{-2}} {{1+2i}}",
            "1000 31 3 15 97 1000 1.5 -2 (1+2i)",
        ),
        ("{{`a\\n`}}{{\"\\u00e9\"}}", "a\\né"),
        (
            "{{html \"<a&'\\\"\" 1}}{{js \"a='<\"}}{{urlquery \"a b&c\"}}",
            "&lt;a&amp;&#39;&#34;1a\\u003D\\'\\u003Ca+b%26c",
        ),
        (
            "{{eq 1 2 1}}{{ne 1 2}}{{lt 1 2}}{{le 2 2}}{{gt .n 2}}{{ge \"a\" \"b\"}}",
            "truetruetruetruetruefalse",
        ),
        ("{{eq .nope nil}}{{eq .labels nil}}{{eq .f 1.5}}", "truefalsetrue"),
    ] {
        assert_eq!(filled(text, true), want, "{text}");
    }
}

#[test]
fn what_cannot_be_read_is_told_in_go_s_words() {
    for (text, want) in [
        ("{{.kind", "output:1: unclosed action"),
        ("a\n{{if\n.a", "output:3: unclosed action started at output:2"),
        ("{{nofunc 1}}", "output:1: function \"nofunc\" not defined"),
        ("{{if}}x{{end}}", "output:1: missing value for if"),
        ("{{$y}}", "output:1: undefined variable \"$y\""),
        ("{{end}}", "output:1: unexpected {{end}}"),
        ("{{else}}", "output:1: unexpected {{else}}"),
        ("{{if .a}}x", "output:1: unexpected EOF"),
        ("{{if .a}}x{{else}}y{{else}}z{{end}}", "output:1: expected end; found {{else}}"),
        ("{{range .a}}{{else if .b}}{{end}}", "output:1: unexpected <if> in input"),
        ("{{break}}", "output:1: {{break}} outside {{range}}"),
        ("{{range .a}}{{break 1}}{{end}}", "output:1: unexpected \"1\" in {{break}}"),
        ("{{(1}}", "output:1: unclosed left paren"),
        ("{{1)}}", "output:1: unexpected right paren"),
        ("{{|.a}}", "output:1: unexpected \"|\" in command"),
        ("{{.a | 1}}", "output:1: non executable command in pipeline stage 2"),
        ("{{\"a}}", "output:1: unterminated quoted string"),
        ("{{`a}}", "output:1: unterminated raw quoted string"),
        ("{{'ab'}}", "output:1: malformed character constant: 'ab'"),
        ("{{.a!}}", "output:1: bad character U+0021 '!'"),
        ("{{é€}}", "output:1: bad character U+20AC '€'"),
        ("{{1x}}", "output:1: bad number syntax: \"1x\""),
        ("{{99999999999999999999}}", "output:1: integer overflow: \"99999999999999999999\""),
        ("{{/* a", "output:1: unclosed comment"),
        ("{{/* a */ b}}", "output:1: comment ends before closing delimiter"),
        ("{{template .a}}", "output:1: unexpected \".a\" in template clause"),
        (
            "{{define \"a\"}}x{{end}}{{define \"a\"}}y{{end}}",
            "output:1: template: multiple definition of template \"a\"",
        ),
        ("{{$a, $b := .x}}", "output:1: too many declarations in command"),
        ("{{range $a, 1}}{{end}}", "output:1: range can only initialize variables"),
        ("{{1.a}}", "output:1: bad number syntax: \"1.a\""),
        ("{{\"a\".b}}", "output:1: unexpected . after term \"\\\"a\\\"\""),
        ("{{.a : 1}}", "output:1: expected :="),
    ] {
        assert_eq!(filled(text, true), format!("?{want}"), "{text}");
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn what_fails_is_told_with_its_place() {
    for (text, want) in [
        (
            "{{.kind.foo}}",
            "!output:1:7: executing \"output\" at <.kind.foo>: can't evaluate field foo in type interface {}",
        ),
        (
            "x\n {{(.kind).foo}}",
            "x\n !output:2:4: executing \"output\" at <.kind>: can't evaluate field foo in type string",
        ),
        (
            "{{.nil.a}}",
            "!output:1:6: executing \"output\" at <.nil.a>: nil pointer evaluating interface {}.a",
        ),
        (
            "{{.kind | base64decode}}",
            "!output:1:10: executing \"output\" at <base64decode>: error calling base64decode: base64 decode failed: illegal base64 data at input byte 0",
        ),
        (
            "{{base64decode .n}}",
            "!output:1:15: executing \"output\" at <.n>: wrong type for value; expected string; got int64",
        ),
        (
            "{{base64decode 1}}",
            "!output:1:15: executing \"output\" at <1>: expected string; found 1",
        ),
        (
            "{{base64decode .nope}}",
            "!output:1:15: executing \"output\" at <.nope>: invalid value; expected string",
        ),
        (
            "{{range .kind}}{{end}}",
            "!output:1:8: executing \"output\" at <.kind>: range can't iterate over Pod",
        ),
        (
            "{{range $a, $b := 3}}{{end}}",
            "!output:1:18: executing \"output\" at <3>: can't use 3 to iterate over more than one variable",
        ),
        (
            "{{index .items 2}}",
            "!output:1:2: executing \"output\" at <index .items 2>: error calling index: reflect: slice index out of range",
        ),
        (
            "{{index .items 3}}",
            "!output:1:2: executing \"output\" at <index .items 3>: error calling index: index out of range: 3",
        ),
        (
            "{{index .nope 1}}",
            "!output:1:2: executing \"output\" at <index .nope 1>: error calling index: index of untyped nil",
        ),
        (
            "{{slice .items .n}}",
            "!output:1:2: executing \"output\" at <slice .items .n>: error calling slice: cannot index slice/array with type interface {}",
        ),
        (
            "{{len .n}}",
            "!output:1:2: executing \"output\" at <len .n>: error calling len: len of type int64",
        ),
        (
            "{{len}}",
            "!output:1:2: executing \"output\" at <len>: wrong number of args for len: want 1 got 0",
        ),
        (
            "{{and}}",
            "!output:1:2: executing \"output\" at <and>: wrong number of args for and: want at least 1 got 0",
        ),
        (
            "{{lt 1 1.5}}",
            "!output:1:2: executing \"output\" at <lt 1 1.5>: error calling lt: incompatible types for comparison",
        ),
        (
            "{{eq 1 \"a\"}}",
            "!output:1:2: executing \"output\" at <eq 1 \"a\">: error calling eq: incompatible types for comparison",
        ),
        (
            "{{lt .nope 1}}",
            "!output:1:2: executing \"output\" at <lt .nope 1>: error calling lt: invalid type for comparison",
        ),
        (
            "{{call .kind}}",
            "!output:1:2: executing \"output\" at <call .kind>: error calling call: non-function .kind of type string",
        ),
        (
            "{{1 2}}",
            "!output:1:2: executing \"output\" at <1>: can't give argument to non-function 1",
        ),
        ("{{nil}}", "!output:1:2: executing \"output\" at <nil>: nil is not a command"),
        (
            "{{.labels.x 1}}",
            "!output:1:9: executing \"output\" at <.labels.x>: x is not a method but has arguments",
        ),
        (
            "{{template \"z\" .}}",
            "!output:1:11: executing \"output\" at <{{template \"z\" .}}>: template \"z\" not defined",
        ),
        (
            "{{define \"a\"}}{{.x.y}}{{end}}{{template \"a\" .labels}}",
            "!output:1:18: executing \"a\" at <.x.y>: can't evaluate field y in type interface {}",
        ),
        (
            "{{define \"a\"}}{{template \"a\"}}{{end}}{{template \"a\"}}",
            "!output:1:25: executing \"a\" at <{{template \"a\"}}>: exceeded maximum template depth (100000)",
        ),
    ] {
        assert_eq!(filled(text, true), want, "{text}");
    }
    for (text, want) in [
        (
            "{{.nope}}",
            "!output:1:2: executing \"output\" at <.nope>: map has no entry for key \"nope\"",
        ),
        (
            "{{with $x := index .labels \"z\"}}{{end}}{{(index .labels \"z\").a}}",
            "!output:1:56: executing \"output\" at <\"z\">: nil data; no entry for key \"a\"",
        ),
    ] {
        assert_eq!(filled(text, false), want, "{text}");
    }
}
