//! How one value is printed by one verb.

use super::{
    Go,
    float::float,
    quote::{Letters, push, quote},
};

/// What stands between the percent sign and the verb.
#[expect(clippy::struct_excessive_bools, reason = "Go's flags")]
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Flags {
    pub(super) sharp: bool,
    pub(super) zero: bool,
    pub(super) plus: bool,
    pub(super) minus: bool,
    pub(super) space: bool,
    /// `%#v`
    pub(super) syntax: bool,
    pub(super) width: Option<usize>,
    pub(super) precision: Option<usize>,
}

#[derive(Debug, Default)]
pub(super) struct Printer {
    pub(super) out: Vec<u8>,
    pub(super) flags: Flags,
}

impl Printer {
    fn say(&mut self, text: &str) {
        self.out.extend(text.bytes());
    }

    /// Prints an operand.
    pub(super) fn argument(&mut self, value: &Go<'_>, verb: char) {
        match (value, verb) {
            (Go::Nil, 'v' | 'T') => self.pad(b"<nil>"),
            (Go::Nil, verb) => self.say(&format!("%!{verb}(<nil>)")),
            (value, 'T') => self.text(value.type_name().unwrap_or_default().as_bytes(), 's'),
            (value, verb) => self.value(value, verb),
        }
    }

    fn value(&mut self, value: &Go<'_>, verb: char) {
        match (value, verb) {
            (Go::Nil, _) if self.flags.syntax => self.say("interface {}(nil)"),
            (Go::Nil, _) => self.say("<nil>"),
            (Go::Bool(flag), 't' | 'v') => self.pad(if *flag { b"true" } else { b"false" }),
            (Go::Int(number) | Go::Int64(number), _) if self.whole(verb, *number, true) => {}
            (Go::Byte(byte), _) if self.whole(verb, i64::from(*byte), false) => {}
            (Go::Float(number), _) if self.float(*number, verb) => {}
            (
                Go::Complex(real, imaginary),
                'v' | 'b' | 'g' | 'G' | 'x' | 'X' | 'f' | 'F' | 'e' | 'E',
            ) => {
                let plus = self.flags.plus;
                self.say("(");
                self.float(*real, verb);
                self.flags.plus = true;
                self.float(*imaginary, verb);
                self.say("i)");
                self.flags.plus = plus;
            }
            (Go::Text(text), 'v' | 's' | 'q' | 'x' | 'X') => self.text(text, verb),
            (Go::List(list), _) if !matches!(verb, 'p' | 'w') => {
                let (open, close) =
                    if self.flags.syntax { ("[]interface {}{", "}") } else { ("[", "]") };
                self.say(open);
                for (at, item) in list.iter().enumerate() {
                    self.between(at);
                    self.value(&Go::from(item), verb);
                }
                self.say(close);
            }
            (Go::Map(map), _) if !matches!(verb, 'p' | 'w') => {
                let syntax = self.flags.syntax;
                self.say(if syntax { "map[string]interface {}{" } else { "map[" });
                for (at, (key, item)) in map.iter().enumerate() {
                    self.between(at);
                    self.value(&Go::Text(key.as_bytes().into()), verb);
                    self.say(":");
                    self.value(&Go::from(item), verb);
                }
                self.say(if syntax { "}" } else { "]" });
            }
            (value, verb) => self.wrong(value, verb),
        }
    }

    fn between(&mut self, at: usize) {
        if at > 0 {
            self.say(if self.flags.syntax { ", " } else { " " });
        }
    }

    /// A verb that the value has not.
    fn wrong(&mut self, value: &Go<'_>, verb: char) {
        self.say(&format!("%!{verb}({}=", value.type_name().unwrap_or_default()));
        self.value(value, 'v');
        self.say(")");
    }

    /// Writes text, filled up to the width.
    fn pad(&mut self, text: &[u8]) {
        let length =
            text.utf8_chunks().map(|chunk| chunk.valid().chars().count() + chunk.invalid().len());
        let missing = self.flags.width.unwrap_or(0).saturating_sub(length.sum());
        self.fill(if self.flags.minus { 0 } else { missing });
        self.out.extend(text);
        self.fill(if self.flags.minus { missing } else { 0 });
    }

    fn fill(&mut self, count: usize) {
        let zero = self.flags.zero && !self.flags.minus;
        self.out.extend(std::iter::repeat_n(if zero { b'0' } else { b' ' }, count));
    }

    fn text(&mut self, text: &[u8], verb: char) {
        match verb {
            'x' | 'X' => self.hexadecimal(text, verb),
            'q' | 'v' if verb == 'q' || self.flags.syntax => {
                let text = self.cut(text);
                let raw = std::str::from_utf8(text).ok().filter(|text| {
                    self.flags.sharp
                        && !text.chars().any(|c| {
                            c == '`' || (c < ' ' && c != '\t') || c == '\u{7f}' || c == '\u{feff}'
                        })
                });
                let quoted = match raw {
                    Some(text) => format!("`{text}`").into_bytes(),
                    None => quote(text, '"', self.letters()),
                };
                self.pad(&quoted);
            }
            _ => {
                let text = self.cut(text);
                self.pad(text);
            }
        }
    }

    fn letters(&self) -> Letters {
        if self.flags.plus { Letters::Ascii } else { Letters::Printable }
    }

    /// The letters that the precision leaves.
    fn cut<'t>(&self, text: &'t [u8]) -> &'t [u8] {
        let Some(most) = self.flags.precision else { return text };
        let mut left = most;
        let mut end = 0;
        for chunk in text.utf8_chunks() {
            let letters = chunk.valid().chars().map(char::len_utf8);
            for length in letters.chain(chunk.invalid().iter().map(|_| 1)) {
                if left == 0 {
                    return text.get(..end).unwrap_or(text);
                }
                left -= 1;
                end += length;
            }
        }
        text
    }

    fn hexadecimal(&mut self, text: &[u8], verb: char) {
        let flags = self.flags;
        let text = text.get(..flags.precision.unwrap_or(text.len())).unwrap_or(text);
        let mut width = 2 * text.len();
        if width == 0 {
            return self.fill(flags.width.unwrap_or(0));
        }
        if flags.space {
            width = if flags.sharp { width * 2 } else { width } + text.len() - 1;
        } else if flags.sharp {
            width += 2;
        }
        let missing = flags.width.unwrap_or(0).saturating_sub(width);
        self.fill(if flags.minus { 0 } else { missing });
        let mark = if verb == 'x' { "0x" } else { "0X" };
        for (at, byte) in text.iter().enumerate() {
            if at > 0 && flags.space {
                self.say(" ");
            }
            if flags.sharp && (at == 0 || flags.space) {
                self.say(mark);
            }
            self.say(&if verb == 'x' { format!("{byte:02x}") } else { format!("{byte:02X}") });
        }
        self.fill(if flags.minus { missing } else { 0 });
    }

    /// Prints a whole number; `false` where the verb is none for it.
    fn whole(&mut self, verb: char, number: i64, signed: bool) -> bool {
        let size = number.unsigned_abs();
        match verb {
            'v' if self.flags.syntax && !signed => {
                let sharp = std::mem::replace(&mut self.flags.sharp, true);
                self.digits(number, format!("{size:x}"), 'x');
                self.flags.sharp = sharp;
            }
            'v' | 'd' => self.digits(number, size.to_string(), verb),
            'b' => self.digits(number, format!("{size:b}"), verb),
            'o' | 'O' => self.digits(number, format!("{size:o}"), verb),
            'x' => self.digits(number, format!("{size:x}"), verb),
            'X' => self.digits(number, format!("{size:X}"), verb),
            'c' => self.pad(letter(number).encode_utf8(&mut [0; 4]).as_bytes()),
            'q' => {
                let mut text = Vec::new();
                push(&mut text, letter(number));
                self.pad(&quote(&text, '\'', self.letters()));
            }
            'U' => self.code_point(number),
            _ => return false,
        }
        true
    }

    fn digits(&mut self, number: i64, mut digits: String, verb: char) {
        let flags = self.flags;
        let signed = number < 0 || flags.plus || flags.space;
        let zero = std::mem::take(&mut self.flags.zero);
        let least = match (flags.precision, flags.width) {
            (Some(0), _) if number == 0 => {
                self.fill(flags.width.unwrap_or(0));
                self.flags.zero = zero;
                return;
            }
            (Some(precision), _) => precision,
            (None, Some(width)) if zero && !flags.minus => {
                width.saturating_sub(usize::from(signed))
            }
            _ => 0,
        };
        digits.insert_str(0, &"0".repeat(least.saturating_sub(digits.len())));
        let mark = match verb {
            'b' if flags.sharp => "0b",
            'o' | 'O' if flags.sharp && !digits.starts_with('0') => "0",
            'x' if flags.sharp => "0x",
            'X' if flags.sharp => "0X",
            _ => "",
        };
        digits.insert_str(0, mark);
        if verb == 'O' {
            digits.insert_str(0, "0o");
        }
        if signed {
            digits.insert(
                0,
                if number < 0 {
                    '-'
                } else if flags.plus {
                    '+'
                } else {
                    ' '
                },
            );
        }
        self.pad(digits.as_bytes());
        self.flags.zero = zero;
    }

    fn code_point(&mut self, number: i64) {
        let digits = self.flags.precision.filter(|digits| *digits > 4).unwrap_or(4);
        let mut text = format!("U+{number:0digits$X}");
        let known = u32::try_from(number).ok().and_then(char::from_u32);
        if let Some(letter) = known.filter(|it| self.flags.sharp && super::quote::is_printable(*it))
        {
            text.extend([' ', '\'', letter, '\'']);
        }
        let zero = std::mem::take(&mut self.flags.zero);
        self.pad(text.as_bytes());
        self.flags.zero = zero;
    }

    /// Prints a number with a point; `false` where the verb is none for it.
    fn float(&mut self, number: f64, verb: char) -> bool {
        let (form, digits) = match verb {
            'v' => ('g', None),
            'b' | 'g' | 'G' | 'x' | 'X' => (verb, None),
            'f' | 'F' | 'e' | 'E' => (verb, Some(6)),
            _ => return false,
        };
        let flags = self.flags;
        let digits = flags.precision.or(digits);
        let mut text = float(number, form, digits);
        if !text.starts_with(['+', '-']) {
            text.insert(0, '+');
        }
        if flags.space && text.starts_with('+') && !flags.plus {
            text.replace_range(..1, " ");
        }
        let zero = flags.zero;
        if !number.is_finite() {
            self.flags.zero = false;
        } else if flags.sharp && verb != 'b' {
            text = with_point(&text, form, digits);
        }
        if flags.plus || !text.starts_with('+') {
            let wider = flags.width.is_some_and(|width| width > text.len());
            if self.flags.zero && !flags.minus && wider {
                let (sign, rest) = text.split_at(1);
                self.say(sign);
                self.fill(flags.width.unwrap_or(0) - text.len());
                self.say(rest);
            } else {
                self.pad(text.as_bytes());
            }
        } else {
            self.pad(&text.as_bytes()[1..]);
        }
        self.flags.zero = zero;
        true
    }
}

/// A letter by its number.
fn letter(number: i64) -> char {
    u32::try_from(number).ok().and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// A number with a point and, for `g`, with all its zeros: the flag `#`.
fn with_point(text: &str, verb: char, digits: Option<usize>) -> String {
    let mut missing = match verb {
        'g' | 'G' | 'x' => digits.unwrap_or(6),
        _ => 0,
    };
    let end = text.find(if matches!(verb, 'x' | 'X') { ['p', 'P'] } else { ['e', 'E'] });
    let (number, tail) = text.split_at(end.unwrap_or(text.len()));
    let mut seen = false;
    for letter in number.chars().skip(1).filter(|letter| *letter != '.') {
        seen |= letter != '0';
        missing = missing.saturating_sub(usize::from(seen));
    }
    let mut out = number.to_owned();
    if !number.contains('.') {
        if number.len() == 2 && number.ends_with('0') {
            missing = missing.saturating_sub(1);
        }
        out.push('.');
    }
    out.push_str(&"0".repeat(missing));
    out + tail
}
