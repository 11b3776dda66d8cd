//! Classes and escapes of Go's regular expressions.

use super::failed;

/// What an escape stands for.
pub(super) enum Escaped {
    /// One letter.
    Letter(char),
    /// The inside of a class.
    Class(String),
}

/// Reads an escape; returns its length and meaning.
pub(super) fn escape(text: &str) -> Result<(usize, Escaped), String> {
    let mut letters = text.chars();
    letters.next();
    let Some(letter) = letters.next() else {
        return Err("error parsing regexp: trailing backslash at end of expression: ``".into());
    };
    let invalid = |length: usize| {
        let part: String = text.chars().take(length).collect();
        failed("invalid escape sequence", &part)
    };
    let class = |inside: &str| Ok((2, Escaped::Class(inside.to_owned())));
    let one = |letter: char| Ok((2, Escaped::Letter(letter)));
    match letter {
        'd' => class("0-9"),
        'D' => class("[^0-9]"),
        's' => class("\\t\\n\\x0c\\r\\x20"),
        'S' => class("[^\\t\\n\\x0c\\r\\x20]"),
        'w' => class("0-9A-Za-z_"),
        'W' => class("[^0-9A-Za-z_]"),
        'a' => one('\u{7}'),
        'f' => one('\u{c}'),
        'n' => one('\n'),
        'r' => one('\r'),
        't' => one('\t'),
        'v' => one('\u{b}'),
        'x' => hex(text).ok_or_else(|| invalid(3)),
        '0'..='7' => octal(text).ok_or_else(|| invalid(2)),
        'p' | 'P' => property(text),
        other if other.is_ascii() && !other.is_ascii_alphanumeric() => one(other),
        _ => Err(invalid(2)),
    }
}

fn hex(text: &str) -> Option<(usize, Escaped)> {
    let rest = text.get(2..)?;
    let (digits, length) = if let Some(braced) = rest.strip_prefix('{') {
        let digits = braced.get(..braced.find('}')?)?;
        (digits, digits.len() + 4)
    } else {
        (rest.get(..2)?, 4)
    };
    if digits.len() > 8 || !digits.bytes().all(|it| it.is_ascii_hexdigit()) {
        return None;
    }
    let letter = char::from_u32(u32::from_str_radix(digits, 16).ok()?)?;
    Some((length, Escaped::Letter(letter)))
}

/// `\123` and `\01`: one digit but zero alone would be a reference, which Go has not.
fn octal(text: &str) -> Option<(usize, Escaped)> {
    let digits: String =
        text.chars().skip(1).take(3).take_while(|it| matches!(it, '0'..='7')).collect();
    if digits.len() == 1 && digits != "0" {
        return None;
    }
    let letter = char::from_u32(u32::from_str_radix(&digits, 8).ok()?)?;
    Some((digits.len() + 1, Escaped::Letter(letter)))
}

fn property(text: &str) -> Result<(usize, Escaped), String> {
    let rest = text.get(2..).unwrap_or_default();
    let length = if rest.starts_with('{') {
        rest.find('}').map(|end| end + 3)
    } else {
        rest.chars().next().map(|letter| letter.len_utf8() + 2)
    };
    let part = length.and_then(|length| text.get(..length)).unwrap_or(text);
    let words = || failed("invalid character class range", part);
    let length = length.ok_or_else(words)?;
    let name = part.get(2..).unwrap_or_default();
    let name = name.trim_start_matches('{').trim_end_matches('}');
    let negative = text.starts_with("\\P") != name.starts_with('^');
    let name = name.trim_start_matches('^');
    if name.is_empty() || !name.bytes().all(|it| it.is_ascii_alphabetic() || it == b'_') {
        return Err(words());
    }
    let letter = if negative { 'P' } else { 'p' };
    Ok((length, Escaped::Class(format!("\\{letter}{{{name}}}"))))
}

/// Reads a class that `text` begins with; returns its length and the same for the `regex` crate.
pub(super) fn class(text: &str) -> Result<(usize, String), String> {
    let mut out = String::from("[");
    let mut at = 1;
    if text.get(at..).is_some_and(|rest| rest.starts_with('^')) {
        out.push('^');
        at += 1;
    }
    let missing = || failed("missing closing ]", text);
    let mut first = true;
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let Some(letter) = rest.chars().next() else { return Err(missing()) };
        if letter == ']' && !first {
            out.push(']');
            return Ok((at + 1, out));
        }
        first = false;
        if rest.starts_with("[:")
            && let Some(end) = rest.find(":]")
        {
            at += named(rest.get(..end + 2).unwrap_or_default(), &mut out)?;
            continue;
        }
        let (length, low) = single(rest)?;
        let low = match low {
            Escaped::Class(inside) => {
                out.push_str(&inside);
                at += length;
                continue;
            }
            Escaped::Letter(low) => low,
        };
        let after = rest.get(length..).unwrap_or_default();
        let mut high = low;
        let mut whole = length;
        if after.starts_with('-') && !after.starts_with("-]") && after.len() > 1 {
            let (more, end) = single(after.get(1..).unwrap_or_default())?;
            whole += 1 + more;
            let part = rest.get(..whole).unwrap_or_default();
            high = match end {
                Escaped::Letter(high) if high >= low => high,
                _ => return Err(failed("invalid character class range", part)),
            };
        }
        at += whole;
        let range = format!("\\x{{{:x}}}-\\x{{{:x}}}", low as u32, high as u32);
        out.push_str(&range);
    }
}

fn single(text: &str) -> Result<(usize, Escaped), String> {
    match text.chars().next() {
        Some('\\') => escape(text),
        Some(letter) => Ok((letter.len_utf8(), Escaped::Letter(letter))),
        None => Err(failed("missing closing ]", text)),
    }
}

/// `[:alpha:]` and its kin.
fn named(part: &str, out: &mut String) -> Result<usize, String> {
    const KNOWN: [&str; 14] = [
        "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct",
        "space", "upper", "word", "xdigit",
    ];
    let name = part.trim_start_matches("[:").trim_end_matches(":]");
    if !KNOWN.contains(&name.trim_start_matches('^')) {
        return Err(failed("invalid character class range", part));
    }
    out.push_str(part);
    Ok(part.len())
}
