//! What is wrong with malformed JSON, in the words of Go's `encoding/json`, which Kubernetes' error
//! messages carry to users. Source: `scanner.go`.

/// The first mistake in a text; `None` where it is one JSON value.
///
/// Cost: O(input), with one byte of memory for each open bracket.
pub fn go_syntax_error(input: &[u8]) -> Option<String> {
    let mut scanner = Scanner { open: Vec::new(), state: State::Value };
    for &byte in input {
        if let Err(context) = scanner.step(byte) {
            return Some(format!("invalid character {} {context}", quoted(byte)));
        }
    }
    (!scanner.may_end()).then(|| "unexpected end of JSON input".to_owned())
}

/// A byte as Go quotes it: as the rune of that number.
fn quoted(byte: u8) -> String {
    match byte {
        b'\'' => "'\\''".to_owned(),
        b'"' => "'\"'".to_owned(),
        b'\\' => "'\\\\'".to_owned(),
        b'\n' => "'\\n'".to_owned(),
        b'\r' => "'\\r'".to_owned(),
        b'\t' => "'\\t'".to_owned(),
        0x07 => "'\\a'".to_owned(),
        0x08 => "'\\b'".to_owned(),
        0x0b => "'\\v'".to_owned(),
        0x0c => "'\\f'".to_owned(),
        0x20..=0x7e | 0xa1..=0xac | 0xae..=0xff => format!("'{}'", char::from(byte)),
        0x80..=0xa0 | 0xad => format!("'\\u{byte:04x}'"),
        _ => format!("'\\x{byte:02x}'"),
    }
}

#[derive(Debug, Clone, Copy)]
enum State {
    /// A value begins.
    Value,
    /// The first item of a list, or its end.
    ItemOrEnd,
    /// The first key of an object, or its end.
    KeyOrEnd,
    Key,
    AfterKey,
    /// Behind a value: what may come depends on what is open.
    After,
    Text,
    Escape,
    /// So many hexadecimal digits are still to come.
    Hex(u8),
    Minus,
    Zero,
    Digits,
    Point,
    Fraction,
    Exponent,
    ExponentSign,
    ExponentDigits,
    /// A word, and how much of it was read.
    Word(&'static str, usize),
}

struct Scanner {
    /// `{` and `[` that are open; `k` is an object whose key is being read.
    open: Vec<u8>,
    state: State,
}

const VALUE: &str = "looking for beginning of value";

impl Scanner {
    fn may_end(&self) -> bool {
        let ended = matches!(
            self.state,
            State::After | State::Zero | State::Digits | State::Fraction | State::ExponentDigits
        );
        ended && self.open.is_empty()
    }

    fn step(&mut self, byte: u8) -> Result<(), String> {
        let wrong = |context: &str| Err(context.to_owned());
        let blank = matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
        self.state = match (self.state, byte) {
            (
                State::Value
                | State::ItemOrEnd
                | State::KeyOrEnd
                | State::Key
                | State::AfterKey
                | State::After,
                _,
            ) if blank => return Ok(()),
            (State::ItemOrEnd, b']') | (State::KeyOrEnd, b'}') => self.close(),
            (State::Value | State::ItemOrEnd, _) => self.begin(byte)?,
            (State::AfterKey, b':') => {
                self.replace(b'{');
                State::Value
            }
            (State::AfterKey, _) => return wrong("after object key"),
            (State::After, _) => self.follow(byte)?,
            (State::Text, b'"') => self.end_text(),
            (State::Text, b'\\') => State::Escape,
            (State::Text, 0..0x20) => return wrong("in string literal"),
            (State::Text, _) => State::Text,
            (State::KeyOrEnd | State::Key, b'"')
            | (State::Escape, b'b' | b'f' | b'n' | b'r' | b't' | b'\\' | b'/' | b'"') => {
                State::Text
            }
            (State::KeyOrEnd | State::Key, _) => {
                return wrong("looking for beginning of object key string");
            }
            (State::Escape, b'u') => State::Hex(4),
            (State::Escape, _) => return wrong("in string escape code"),
            (State::Hex(left), _) if byte.is_ascii_hexdigit() => {
                if left == 1 {
                    State::Text
                } else {
                    State::Hex(left - 1)
                }
            }
            (State::Hex(_), _) => return wrong("in \\u hexadecimal character escape"),
            (State::Word(word, read), _) => Self::word(word, read, byte)?,
            _ => return self.number(byte),
        };
        Ok(())
    }

    /// The first byte of a value.
    fn begin(&mut self, byte: u8) -> Result<State, String> {
        Ok(match byte {
            b'{' => {
                self.open.push(b'k');
                State::KeyOrEnd
            }
            b'[' => {
                self.open.push(b'[');
                State::ItemOrEnd
            }
            b'"' => State::Text,
            b'-' => State::Minus,
            b'0' => State::Zero,
            b'1'..=b'9' => State::Digits,
            b't' => State::Word("true", 1),
            b'f' => State::Word("false", 1),
            b'n' => State::Word("null", 1),
            _ => return Err(VALUE.to_owned()),
        })
    }

    fn close(&mut self) -> State {
        self.open.pop();
        State::After
    }

    fn replace(&mut self, with: u8) {
        if let Some(last) = self.open.last_mut() {
            *last = with;
        }
    }

    /// A text has ended: a key, or a value.
    fn end_text(&self) -> State {
        if self.open.last() == Some(&b'k') { State::AfterKey } else { State::After }
    }

    /// What stands behind a value.
    fn follow(&mut self, byte: u8) -> Result<State, String> {
        match (self.open.last(), byte) {
            (Some(b'{'), b',') => {
                self.replace(b'k');
                Ok(State::Key)
            }
            (Some(b'['), b',') => Ok(State::Value),
            (Some(b'{'), b'}') | (Some(b'['), b']') => Ok(self.close()),
            (Some(b'{'), _) => Err("after object key:value pair".to_owned()),
            (Some(_), _) => Err("after array element".to_owned()),
            (None, _) => Err("after top-level value".to_owned()),
        }
    }

    fn word(word: &'static str, read: usize, byte: u8) -> Result<State, String> {
        let expected = word.as_bytes().get(read).copied().unwrap_or_default();
        if byte != expected {
            return Err(format!("in literal {word} (expecting '{}')", char::from(expected)));
        }
        Ok(if read + 1 == word.len() { State::After } else { State::Word(word, read + 1) })
    }

    fn number(&mut self, byte: u8) -> Result<(), String> {
        let digit = byte.is_ascii_digit();
        let next = match (self.state, byte) {
            (State::Minus, b'0') => State::Zero,
            (State::Minus | State::Digits, _) if digit => State::Digits,
            (State::Minus, _) => return Err("in numeric literal".to_owned()),
            (State::Zero | State::Digits, b'.') => State::Point,
            (State::Zero | State::Digits | State::Fraction, b'e' | b'E') => State::Exponent,
            (State::Point | State::Fraction, _) if digit => State::Fraction,
            (State::Point, _) => {
                return Err("after decimal point in numeric literal".to_owned());
            }
            (State::Exponent, b'+' | b'-') => State::ExponentSign,
            (State::Exponent | State::ExponentSign | State::ExponentDigits, _) if digit => {
                State::ExponentDigits
            }
            (State::Exponent | State::ExponentSign, _) => {
                return Err("in exponent of numeric literal".to_owned());
            }
            // The number has ended, and this byte stands behind it.
            _ => {
                self.state = State::After;
                return self.step(byte);
            }
        };
        self.state = next;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn mistakes_are_told_as_go_tells_them() {
        for (text, want) in [
            ("", "unexpected end of JSON input"),
            ("{\"a\":", "unexpected end of JSON input"),
            ("a", "invalid character 'a' looking for beginning of value"),
            ("{} x", "invalid character 'x' after top-level value"),
            ("{a", "invalid character 'a' looking for beginning of object key string"),
            ("{\"a\" 1", "invalid character '1' after object key"),
            ("{\"a\":1 \"", "invalid character '\"' after object key:value pair"),
            ("[1 2", "invalid character '2' after array element"),
            ("[1,]", "invalid character ']' looking for beginning of value"),
            ("tru3", "invalid character '3' in literal true (expecting 'e')"),
            ("\"\n", "invalid character '\\n' in string literal"),
            ("\"\\x", "invalid character 'x' in string escape code"),
            ("\"\\u00g", "invalid character 'g' in \\u hexadecimal character escape"),
            ("-x", "invalid character 'x' in numeric literal"),
            ("1.x", "invalid character 'x' after decimal point in numeric literal"),
            ("1ex", "invalid character 'x' in exponent of numeric literal"),
            ("01", "invalid character '1' after top-level value"),
            ("\u{1}", "invalid character '\\x01' looking for beginning of value"),
        ] {
            assert_eq!(go_syntax_error(text.as_bytes()).as_deref(), Some(want), "{text:?}");
        }
        assert_eq!(
            go_syntax_error(&[0x81]).as_deref(),
            Some("invalid character '\\u0081' looking for beginning of value")
        );
    }

    proptest! {
        #[test]
        fn what_is_json_has_no_mistake(text in "[\\[\\]{}:,\"a0-2.e+\\- tn\\\\]{0,16}") {
            let is_json = serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok();
            // serde_json refuses unpaired surrogates, of which there are none here.
            prop_assert_eq!(go_syntax_error(text.as_bytes()).is_none(), is_json);
        }
    }
}
