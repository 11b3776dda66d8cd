//! Regular expressions as Go's `regexp` package reads them (RE2): its syntax, its ASCII classes and
//! the words of its errors. Matching is done by the `regex` crate, in time linear in the text.
//!
//! Source: Go's documentation of `regexp/syntax`.

use regex::{Regex, RegexBuilder};

use self::class::class;

mod class;

/// The most that one count of a repetition may say.
const MOST_REPEATS: u32 = 1000;
/// How deep groups may nest, as in Go.
const DEEPEST: usize = 1000;
/// Bytes that a compiled expression may take.
const LARGEST: usize = 2 << 20;

/// Compiles an expression. Errors: Go's words, such as ``missing closing ): `(` ``.
pub fn compile(pattern: &str) -> Result<Regex, String> {
    let translated = translate(pattern)?;
    let built = RegexBuilder::new(&translated).size_limit(LARGEST).nest_limit(250).build();
    built.map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => failed("expression too large", pattern),
        _ => failed("invalid character class range", pattern),
    })
}

fn failed(what: &str, part: &str) -> String {
    format!("error parsing regexp: {what}: `{part}`")
}

/// A walk over the pattern that writes what the `regex` crate reads alike.
struct Walk<'a> {
    pattern: &'a str,
    at: usize,
    out: String,
    groups: usize,
    /// Whether there is something that a repetition can repeat.
    repeatable: bool,
    /// Where the repetition began that was read last, if it was the last thing read.
    repeated: Option<usize>,
}

/// The same expression for the `regex` crate.
fn translate(pattern: &str) -> Result<String, String> {
    let mut walk = Walk {
        pattern,
        at: 0,
        out: String::with_capacity(pattern.len() * 2),
        groups: 0,
        repeatable: false,
        repeated: None,
    };
    while let Some(letter) = walk.peek() {
        walk.step(letter)?;
    }
    if walk.groups > 0 {
        return Err(failed("missing closing )", pattern));
    }
    Ok(walk.out)
}

impl<'a> Walk<'a> {
    fn rest(&self) -> &'a str {
        self.pattern.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn step(&mut self, letter: char) -> Result<(), String> {
        match letter {
            '(' => return self.open(),
            ')' => {
                if self.groups == 0 {
                    return Err(failed("unexpected )", self.pattern));
                }
                self.groups -= 1;
                self.push(")", 1);
            }
            '|' => {
                self.push("|", 1);
                self.repeatable = false;
            }
            '*' | '+' | '?' => return self.repeat(letter, 1, letter.to_string()),
            '{' => return self.braces(),
            '[' => {
                let (length, text) = class(self.rest())?;
                self.push(&text, length);
            }
            '\\' => return self.escape(),
            '^' | '$' | '.' => {
                let text = letter.to_string();
                self.push(&text, 1);
            }
            other => {
                let text = literal(other);
                self.push(&text, other.len_utf8());
            }
        }
        Ok(())
    }

    fn push(&mut self, text: &str, length: usize) {
        self.out.push_str(text);
        self.at += length;
        self.repeatable = true;
        self.repeated = None;
    }

    fn open(&mut self) -> Result<(), String> {
        self.groups += 1;
        if self.groups > DEEPEST {
            return Err(failed("expression nests too deeply", self.pattern));
        }
        let rest = self.rest();
        if !rest.starts_with("(?") {
            self.push("(", 1);
        } else if let Some(named) = rest.strip_prefix("(?P<").or_else(|| rest.strip_prefix("(?<")) {
            if named.starts_with(['=', '!']) {
                return Err(failed("invalid or unsupported Perl syntax", "(?<"));
            }
            let Some(end) = named.find('>') else {
                return Err(failed("invalid named capture", rest));
            };
            let name = named.get(..end).unwrap_or_default();
            let whole = rest.len() - named.len() + end + 1;
            let fits = |it: char| it.is_ascii_alphanumeric() || it == '_';
            if name.is_empty() || !name.chars().all(fits) {
                let part = rest.get(..whole).unwrap_or_default();
                return Err(failed("invalid named capture", part));
            }
            // What a group is called does not matter to a match.
            self.push("(", whole);
        } else {
            return self.flags();
        }
        self.repeatable = false;
        Ok(())
    }

    /// `(?i)` and `(?i:`.
    fn flags(&mut self) -> Result<(), String> {
        let rest = self.rest();
        let mut seen = false;
        for (offset, letter) in rest.char_indices().skip(2) {
            match letter {
                'i' | 'm' | 's' | 'U' => seen = true,
                '-' if !rest.get(2..offset).unwrap_or_default().contains('-') => seen = false,
                ':' | ')' => {
                    let text = rest.get(..=offset).unwrap_or_default();
                    let negative = text.contains('-');
                    if negative && !seen || letter == ')' && offset == 2 {
                        return Err(failed("invalid or unsupported Perl syntax", text));
                    }
                    self.push(text, offset + 1);
                    self.repeatable = false;
                    if letter == ')' {
                        self.groups -= 1;
                    }
                    return Ok(());
                }
                other => {
                    let part = rest.get(..offset + other.len_utf8()).unwrap_or_default();
                    return Err(failed("invalid or unsupported Perl syntax", part));
                }
            }
        }
        Err(failed("missing closing )", self.pattern))
    }

    fn repeat(&mut self, first: char, length: usize, mut text: String) -> Result<(), String> {
        let start = self.at;
        let operator = self.rest().get(..length).unwrap_or_default();
        if !self.repeatable {
            return Err(failed("missing argument to repetition operator", operator));
        }
        let mut length = length;
        if self.rest().get(length..).is_some_and(|rest| rest.starts_with('?')) {
            text.push('?');
            length += 1;
        }
        if let Some(before) = self.repeated {
            let part = self.pattern.get(before..start + length).unwrap_or_default();
            return Err(failed("invalid nested repetition operator", part));
        }
        debug_assert!(matches!(first, '*' | '+' | '?' | '{'), "no other letter repeats");
        self.push(&text, length);
        self.repeated = Some(start);
        Ok(())
    }

    fn braces(&mut self) -> Result<(), String> {
        let Some(Counts { length, least, most }) = counts(self.rest()) else {
            self.push("\\{", 1);
            return Ok(());
        };
        let part = self.rest().get(..length).unwrap_or_default();
        let refused = |most: u32| most > MOST_REPEATS || most < least;
        if least > MOST_REPEATS || most.is_some_and(refused) {
            return Err(failed("invalid repeat count", part));
        }
        let most = most.map(|most| most.to_string()).unwrap_or_default();
        let text = format!("{{{least},{most}}}");
        self.repeat('{', length, text)
    }

    fn escape(&mut self) -> Result<(), String> {
        let rest = self.rest();
        let Some(letter) = rest.chars().nth(1) else {
            return Err("error parsing regexp: trailing backslash at end of expression: ``".into());
        };
        match letter {
            'Q' => {
                let quoted = rest.get(2..).unwrap_or_default();
                let (quoted, length) = match quoted.find("\\E") {
                    Some(end) => (quoted.get(..end).unwrap_or_default(), end + 4),
                    None => (quoted, rest.len()),
                };
                let text: String = quoted.chars().map(literal).collect();
                self.push(&text, length);
                self.repeatable = !quoted.is_empty();
            }
            'A' | 'z' => {
                let text = format!("\\{letter}");
                self.push(&text, 2);
            }
            'b' | 'B' => {
                let text = format!("(?-u:\\{letter})");
                self.push(&text, 2);
            }
            _ => {
                let (length, what) = class::escape(rest)?;
                let text = match what {
                    class::Escaped::Letter(letter) => literal(letter),
                    class::Escaped::Class(class) => format!("[{class}]"),
                };
                self.push(&text, length);
            }
        }
        Ok(())
    }
}

/// What a repetition in braces says.
struct Counts {
    /// The bytes that it takes.
    length: usize,
    least: u32,
    /// `None`: without end.
    most: Option<u32>,
}

/// `{2}`, `{2,}` or `{2,3}`.
fn counts(text: &str) -> Option<Counts> {
    let inner = text.strip_prefix('{')?;
    let inner = inner.get(..inner.find('}')?)?;
    let number = |digits: &str| -> Option<u32> {
        let fits = !digits.is_empty() && digits.bytes().all(|it| it.is_ascii_digit());
        fits.then(|| digits.parse().unwrap_or(u32::MAX))
    };
    let (least, most) = match inner.split_once(',') {
        None => (number(inner)?, Some(number(inner)?)),
        Some((least, "")) => (number(least)?, None),
        Some((least, most)) => (number(least)?, Some(number(most)?)),
    };
    Some(Counts { length: inner.len() + 2, least, most })
}

/// A letter that stands for itself.
fn literal(letter: char) -> String {
    if letter.is_ascii_punctuation() || letter.is_whitespace() {
        format!("\\x{{{:x}}}", letter as u32)
    } else {
        letter.to_string()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn errors_speak_as_go() {
        for (pattern, words) in [
            ("(", "missing closing ): `(`"),
            ("a)", "unexpected ): `a)`"),
            ("*", "missing argument to repetition operator: `*`"),
            ("a**", "invalid nested repetition operator: `**`"),
            ("[a", "missing closing ]: `[a`"),
            ("[z-a]", "invalid character class range: `z-a`"),
            ("\\q", "invalid escape sequence: `\\q`"),
            ("\\", "trailing backslash at end of expression: ``"),
            ("a{1001}", "invalid repeat count: `{1001}`"),
            ("(?=a)", "invalid or unsupported Perl syntax: `(?=`"),
        ] {
            let error = compile(pattern).unwrap_err();
            assert_eq!(error, format!("error parsing regexp: {words}"), "{pattern}");
        }
    }

    #[test]
    fn expressions_mean_what_go_means() {
        for (pattern, text, matches) in [
            ("^[a-z]([-a-z0-9]*[a-z0-9])?$", "my-name", true),
            ("^\\d+$", "\u{663}", false),
            ("^\\w+$", "a_1", true),
            ("^a{,2}$", "a{,2}", true),
            ("^[[:alpha:]&&b]+$", "a&b", true),
            ("^\\Qa.b\\E$", "a.b", true),
            ("^(?i)ABC$", "abc", true),
            ("(?P<year>\\d{4})-\\x2d", "2024--", true),
            ("^[^\\D]$", "7", true),
            ("\\bfoo\\b", "a foo b", true),
        ] {
            assert_eq!(compile(pattern).unwrap().is_match(text), matches, "{pattern} {text}");
        }
    }

    proptest! {
        #[test]
        fn nothing_panics(pattern in any::<String>()) {
            drop(compile(&pattern));
        }

        #[test]
        fn nothing_odd_panics(pattern in "[\\[\\](){}*+?|^$.\\\\a-d0-9,:P<>=&~-]{0,24}") {
            drop(compile(&pattern));
        }
    }
}
