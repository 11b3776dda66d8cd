//! JSON text as Go's `encoding/json` writes it, and its words for text that is no JSON.

use std::fmt::Write as _;

use serde_json::Value;

/// Writes a document on one line.
pub fn compact(value: &Value) -> String {
    let mut out = String::new();
    write_value(&mut out, value, None, 0);
    out
}

/// Writes a document with `indent` for each level, without a line feed at the end.
pub fn pretty(value: &Value, indent: &str) -> String {
    let mut out = String::new();
    write_value(&mut out, value, Some(indent), 0);
    out
}

/// A JSON string with Go's escapes, quotes included.
pub fn quoted(text: &str) -> String {
    let mut out = String::new();
    write_text(&mut out, text);
    out
}

fn write_value(out: &mut String, value: &Value, indent: Option<&str>, depth: usize) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
        Value::Number(number) if number.is_f64() => {
            out.push_str(&go_float(number.as_f64().unwrap_or_default()));
        }
        // Writing to a String cannot fail.
        Value::Number(number) => write!(out, "{number}").unwrap_or_default(),
        Value::String(text) => write_text(out, text),
        Value::Array(list) if list.is_empty() => out.push_str("[]"),
        Value::Object(map) if map.is_empty() => out.push_str("{}"),
        Value::Array(list) => {
            out.push('[');
            for (at, item) in list.iter().enumerate() {
                separate(out, at > 0, indent, depth + 1);
                write_value(out, item, indent, depth + 1);
            }
            line(out, indent, depth);
            out.push(']');
        }
        Value::Object(map) => {
            out.push('{');
            for (at, (key, item)) in map.iter().enumerate() {
                separate(out, at > 0, indent, depth + 1);
                write_text(out, key);
                out.push_str(if indent.is_some() { ": " } else { ":" });
                write_value(out, item, indent, depth + 1);
            }
            line(out, indent, depth);
            out.push('}');
        }
    }
}

fn separate(out: &mut String, comma: bool, indent: Option<&str>, depth: usize) {
    if comma {
        out.push(',');
    }
    line(out, indent, depth);
}

fn line(out: &mut String, indent: Option<&str>, depth: usize) {
    if let Some(indent) = indent {
        out.push('\n');
        (0..depth).for_each(|_| out.push_str(indent));
    }
}

fn write_text(out: &mut String, text: &str) {
    out.push('"');
    let mut start = 0;
    for (at, letter) in text.char_indices() {
        let short = match letter {
            '"' => "\\\"",
            '\\' => "\\\\",
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            '\u{8}' => "\\b",
            '\u{c}' => "\\f",
            '<' => "\\u003c",
            '>' => "\\u003e",
            '&' => "\\u0026",
            '\u{2028}' => "\\u2028",
            '\u{2029}' => "\\u2029",
            '\0'..='\u{1f}' => "",
            _ => continue,
        };
        out.push_str(text.get(start..at).unwrap_or_default());
        if short.is_empty() {
            // Writing to a String cannot fail.
            write!(out, "\\u{:04x}", u32::from(letter)).unwrap_or_default();
        } else {
            out.push_str(short);
        }
        start = at + letter.len_utf8();
    }
    out.push_str(text.get(start..).unwrap_or_default());
    out.push('"');
}

/// A float as `encoding/json` writes it.
fn go_float(value: f64) -> String {
    let size = value.abs();
    if size != 0.0 && !(1e-6..1e21).contains(&size) {
        let text = format!("{value:e}");
        // Rust: 1e-7, 1e21; Go: 1e-07 becomes 1e-7, 1e+21 keeps its plus.
        return match text.split_once('e') {
            Some((mantissa, exponent)) if !exponent.starts_with('-') => {
                format!("{mantissa}e+{exponent}")
            }
            _ => text,
        };
    }
    format!("{value}")
}

/// A float as `strconv.FormatFloat(value, 'g', -1, 64)` writes it, for YAML.
pub(super) fn go_float_g(value: f64) -> String {
    let text = format!("{value:e}");
    let Some((mantissa, exponent)) = text.split_once('e') else { return text };
    let exponent: i32 = exponent.parse().unwrap_or_default();
    if !(-4..21).contains(&exponent) {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{mantissa}e{sign}{:02}", exponent.abs());
    }
    format!("{value}")
}

/// What Go says of a text that is no JSON; `None` where it is.
pub fn syntax_error(text: &str) -> Option<String> {
    let mut scanner = Scanner { bytes: text.as_bytes(), at: 0, text };
    let outcome = scanner.document();
    outcome.err()
}

struct Scanner<'t> {
    bytes: &'t [u8],
    at: usize,
    text: &'t str,
}

type Scan = Result<(), String>;

impl Scanner<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn blank(&mut self) {
        while self.peek().is_some_and(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    fn refuse(&self, context: &str) -> String {
        let Some(letter) = self.text.get(self.at..).and_then(|rest| rest.chars().next()) else {
            return "unexpected end of JSON input".to_owned();
        };
        let shown = match letter {
            '\'' => "'\\''".to_owned(),
            '"' => "'\"'".to_owned(),
            '\n' => "'\\n'".to_owned(),
            '\t' => "'\\t'".to_owned(),
            '\r' => "'\\r'".to_owned(),
            '\\' => "'\\\\'".to_owned(),
            letter if letter < ' ' => format!("'\\x{:02x}'", u32::from(letter)),
            letter => format!("'{letter}'"),
        };
        format!("invalid character {shown} {context}")
    }

    fn document(&mut self) -> Scan {
        self.value(0)?;
        self.blank();
        if self.at < self.bytes.len() {
            return Err(self.refuse("after top-level value"));
        }
        Ok(())
    }

    fn value(&mut self, depth: usize) -> Scan {
        const DEEPEST: usize = 1000;
        if depth > DEEPEST {
            return Err("exceeded max depth".to_owned());
        }
        self.blank();
        match self.peek() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b'"') => self.string(),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.literal("true"),
            Some(b'f') => self.literal("false"),
            Some(b'n') => self.literal("null"),
            _ => Err(self.refuse("looking for beginning of value")),
        }
    }

    fn object(&mut self, depth: usize) -> Scan {
        self.at += 1;
        self.blank();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(());
        }
        loop {
            self.blank();
            if self.peek() != Some(b'"') {
                return Err(self.refuse("looking for beginning of object key string"));
            }
            self.string()?;
            self.blank();
            if self.peek() != Some(b':') {
                return Err(self.refuse("after object key"));
            }
            self.at += 1;
            self.value(depth + 1)?;
            self.blank();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => {
                    self.at += 1;
                    return Ok(());
                }
                _ => return Err(self.refuse("after object key:value pair")),
            }
        }
    }

    fn array(&mut self, depth: usize) -> Scan {
        self.at += 1;
        self.blank();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(());
        }
        loop {
            self.value(depth + 1)?;
            self.blank();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => {
                    self.at += 1;
                    return Ok(());
                }
                _ => return Err(self.refuse("after array element")),
            }
        }
    }

    fn string(&mut self) -> Scan {
        self.at += 1;
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => {
                    self.at += 1;
                    self.escape()?;
                }
                Some(0..=0x1f) | None => return Err(self.refuse("in string literal")),
                Some(_) => self.at += 1,
            }
        }
    }

    fn escape(&mut self) -> Scan {
        match self.peek() {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.at += 1,
            Some(b'u') => {
                self.at += 1;
                for _ in 0..4 {
                    if !self.peek().is_some_and(|byte| byte.is_ascii_hexdigit()) {
                        return Err(self.refuse("in \\u hexadecimal character escape"));
                    }
                    self.at += 1;
                }
            }
            _ => return Err(self.refuse("in string escape code")),
        }
        Ok(())
    }

    fn digits(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
    }

    fn number(&mut self) -> Scan {
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        match self.peek() {
            Some(b'0') => self.at += 1,
            Some(b'1'..=b'9') => self.digits(),
            _ => return Err(self.refuse("in numeric literal")),
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            if !self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
                return Err(self.refuse("after decimal point in numeric literal"));
            }
            self.digits();
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            if !self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
                return Err(self.refuse("in exponent of numeric literal"));
            }
            self.digits();
        }
        Ok(())
    }

    fn literal(&mut self, word: &str) -> Scan {
        for (at, byte) in word.bytes().enumerate() {
            if self.peek() != Some(byte) {
                let expected = char::from(byte);
                let context = format!("in literal {word} (expecting '{expected}')");
                debug_assert!(at > 0, "the first letter chose the word");
                return Err(self.refuse(&context));
            }
            self.at += 1;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn text_is_escaped_as_go_does() {
        assert_eq!(
            compact(&json!({"a": "<&>\u{1}\n\"é"})),
            "{\"a\":\"\\u003c\\u0026\\u003e\\u0001\\n\\\"é\"}"
        );
        assert_eq!(
            pretty(&json!({"a": [1, {}], "b": []}), "    "),
            "{\n    \"a\": [\n        1,\n        {}\n    ],\n    \"b\": []\n}"
        );
    }

    #[test]
    fn floats_are_written_as_go_does() {
        assert_eq!(compact(&json!([1.5, 1e21, 1e-7, 100.0])), "[1.5,1e+21,1e-7,100]");
        assert_eq!(go_float_g(1e21), "1e+21");
        assert_eq!(go_float_g(0.00001), "1e-05");
    }

    #[test]
    fn faults_are_told_in_go_s_words() {
        for (text, want) in [
            ("{bad", "invalid character 'b' looking for beginning of object key string"),
            ("", "unexpected end of JSON input"),
            ("{\"a\":1", "unexpected end of JSON input"),
            ("[1 2]", "invalid character '2' after array element"),
            ("tru", "unexpected end of JSON input"),
            ("trux", "invalid character 'x' in literal true (expecting 'e')"),
            ("{} x", "invalid character 'x' after top-level value"),
        ] {
            assert_eq!(syntax_error(text).as_deref(), Some(want), "{text}");
        }
        assert_eq!(syntax_error("{\"a\": [1, -2.5e3, null]}"), None);
    }
}
