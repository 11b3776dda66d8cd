//! What Go prints of each kind of value with each verb.

use serde_json::json;

use super::*;

fn text(text: &str) -> Go<'_> {
    Go::Text(text.as_bytes().into())
}

fn filled(format: &str, values: &[Go<'_>]) -> String {
    String::from_utf8_lossy(&sprintf(format.as_bytes(), values)).into_owned()
}

#[test]
fn numbers_are_printed_as_go_prints_them() {
    for (format, number, want) in [
        ("%d", 42, "42"),
        ("%5d|", 42, "   42|"),
        ("%-5d|", 42, "42   |"),
        ("%05d", -42, "-0042"),
        ("%+d", 42, "+42"),
        ("% d", 42, " 42"),
        ("%.5d", 42, "00042"),
        ("%.0d|", 0, "|"),
        ("%x %[1]X %#[1]x", 255, "ff FF 0xff"),
        ("%o %[1]O %#[1]o %[1]b", 8, "10 0o10 010 1000"),
        ("%c %[1]q %[1]U %#[1]U", 0x263a, "☺ '☺' U+263A U+263A '☺'"),
        ("%s", 1, "%!s(int64=1)"),
        ("%v %[1]T", 1, "1 int64"),
        ("%#v", 7, "7"),
    ] {
        assert_eq!(filled(format, &[Go::Int64(number)]), want, "{format}");
    }
    for (format, number, want) in [
        ("%v", 1e6, "1e+06"),
        ("%v", 123_456.0, "123456"),
        ("%v", 0.00001, "1e-05"),
        ("%v", 1.5, "1.5"),
        ("%f", 1.5, "1.500000"),
        ("%.2f", 2.675, "2.67"),
        ("%8.3f|", 2.71559, "   2.716|"),
        ("%e", 123_456.0, "1.234560e+05"),
        ("%g", 100_000.0, "100000"),
        ("%.3g", 1234.5678, "1.23e+03"),
        ("%#g", 1.0, "1.00000"),
        ("%+.1f", 1.0, "+1.0"),
        ("%06.1f", -1.5, "-001.5"),
        ("%x", 1.5, "0x1.8p+00"),
        ("%b", 1.0, "4503599627370496p-52"),
        ("%d", 1.5, "%!d(float64=1.5)"),
        ("%G", 1e-7, "1E-07"),
    ] {
        assert_eq!(filled(format, &[Go::Float(number)]), want, "{format}");
    }
}

#[test]
fn text_is_printed_as_go_prints_it() {
    for (format, given, want) in [
        ("%s|%5[1]s|%-5[1]s|", "hi", "hi|   hi|hi   |"),
        ("%.1s", "hi", "h"),
        ("%q %#[1]q %+[1]q", "é\n", "\"é\\n\" \"é\\n\" \"\\u00e9\\n\""),
        ("%#q", "a", "`a`"),
        ("%x % [1]x %#[1]x %[1]X", "hi", "6869 68 69 0x6869 6869"),
        ("%d", "hi", "%!d(string=hi)"),
        ("%z", "hi", "%!z(string=hi)"),
        ("%05s", "hi", "000hi"),
        ("%!", "hi", "%!!(string=hi)"),
        ("100%", "hi", "100%!(NOVERB)%!(EXTRA string=hi)"),
        ("%s %s", "hi", "hi %!s(MISSING)"),
        ("%[3]s", "hi", "%!s(BADINDEX)"),
        ("%*d", "hi", "%!(BADWIDTH)%!d(MISSING)"),
        ("%%", "hi", "%%!(EXTRA string=hi)"),
    ] {
        assert_eq!(filled(format, &[text(given)]), want, "{format}");
    }
    assert_eq!(filled("%5t|%v|%s", &[Go::Bool(true), Go::Nil, Go::Nil]), " true|<nil>|%!s(<nil>)");
}

#[test]
fn what_holds_others_is_printed_as_go_prints_it() {
    let object = json!({"b": [1, "x", null], "a": {"c": 1.5, "d": true}});
    let go = Go::from(&object);
    assert_eq!(go.words(), "map[a:map[c:1.5 d:true] b:[1 x <nil>]]");
    assert_eq!(
        go.syntax(),
        "map[string]interface {}{\"a\":map[string]interface {}{\"c\":1.5, \"d\":true}, \
         \"b\":[]interface {}{1, \"x\", interface {}(nil)}}"
    );
    assert_eq!(filled("%d", &[Go::from(&object["b"])]), "[1 %!d(string=x) <nil>]");
    assert_eq!(
        filled("%T %T", &[go, Go::from(&object["b"])]),
        "map[string]interface {} []interface {}"
    );
}

#[test]
fn operands_are_parted_as_go_parts_them() {
    let values = [Go::Int(1), Go::Int(2), text("a"), Go::Int(3), Go::Nil];
    assert_eq!(String::from_utf8_lossy(&sprint(&values)), "1 2a3 <nil>");
    assert_eq!(String::from_utf8_lossy(&sprintln(&values)), "1 2 a 3 <nil>\n");
}

#[test]
fn literals_are_read_as_go_reads_them() {
    for (literal, want) in [
        (r#""a\tb""#, Some("a\tb")),
        (r#""\u00e9\U0001F600\x41\101""#, Some("é😀AA")),
        ("`a\\n`", Some("a\\n")),
        (r#""\'""#, None),
        (r#""\z""#, None),
        (r#""a"b""#, None),
    ] {
        let read = quote::unquote(literal).map(|it| String::from_utf8_lossy(&it).into_owned());
        assert_eq!(read.as_deref(), want, "{literal}");
    }
}
