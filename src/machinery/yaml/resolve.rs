//! What a plain scalar means: go-yaml v2's resolver.

use serde_json::{Number, Value};

/// The meaning of a plain scalar.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Meaning {
    /// A word.
    Text,
    /// Nothing.
    Null,
    /// `yes`, `off`, `true`, ...
    Bool(bool),
    /// A whole number.
    Int(Number),
    /// A number with a fraction or exponent; may be infinite.
    Float(f64),
    /// A time; it stays text, but must be quoted to stay text.
    Time,
    /// `<<`.
    Merge,
}

/// Tells what a plain scalar means.
pub(super) fn meaning(text: &str) -> Meaning {
    let Some(first) = text.bytes().next() else { return Meaning::Null };
    match first {
        b'0'..=b'9' | b'+' | b'-' => number_like(text),
        b'.' => dotted(text),
        b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~' | b'<' => {
            word(text)
        }
        _ => Meaning::Text,
    }
}

/// Tells whether a word is a truth value for go-yaml v3, too.
pub(super) fn is_truth(text: &str) -> bool {
    matches!(text, "true" | "True" | "TRUE" | "false" | "False" | "FALSE")
}

fn word(text: &str) -> Meaning {
    match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            Meaning::Bool(true)
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            Meaning::Bool(false)
        }
        "~" | "null" | "Null" | "NULL" => Meaning::Null,
        "<<" => Meaning::Merge,
        _ => Meaning::Text,
    }
}

fn dotted(text: &str) -> Meaning {
    match text {
        ".nan" | ".NaN" | ".NAN" => Meaning::Float(f64::NAN),
        ".inf" | ".Inf" | ".INF" => Meaning::Float(f64::INFINITY),
        _ => go_float(text).map_or(Meaning::Text, Meaning::Float),
    }
}

fn number_like(text: &str) -> Meaning {
    match text {
        "+.inf" | "+.Inf" | "+.INF" => return Meaning::Float(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => return Meaning::Float(f64::NEG_INFINITY),
        _ => {}
    }
    if is_time(text) {
        return Meaning::Time;
    }
    let plain: String = text.chars().filter(|c| *c != '_').collect();
    if let Some(number) = go_int(&plain) {
        return Meaning::Int(number);
    }
    if is_yaml_float(&plain)
        && let Ok(value) = plain.parse::<f64>()
    {
        return Meaning::Float(value);
    }
    Meaning::Text
}

/// Go's `ParseInt(text, 0, 64)`, then `ParseUint`.
fn go_int(text: &str) -> Option<Number> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, text.get(1..)?),
        b'+' => (false, text.get(1..)?),
        _ => (false, text),
    };
    let lower = digits.to_ascii_lowercase();
    let (base, digits) = match lower.as_bytes() {
        [b'0', b'x', ..] => (16, lower.get(2..)?),
        [b'0', b'b', ..] => (2, lower.get(2..)?),
        [b'0', b'o', ..] => (8, lower.get(2..)?),
        [b'0', _, ..] => (8, lower.get(1..)?),
        _ => (10, lower.as_str()),
    };
    if !digits.bytes().next()?.is_ascii_alphanumeric() {
        return None;
    }
    let value = u64::from_str_radix(digits, base).ok()?;
    if !negative {
        // A sign makes Go's ParseUint fail, so beyond i64 it is no number.
        if text.starts_with('+') && value > i64::MAX.unsigned_abs() {
            return None;
        }
        return Some(Number::from(value));
    }
    let signed = 0i64.checked_sub_unsigned(value)?;
    Some(Number::from(signed))
}

fn go_float(text: &str) -> Option<f64> {
    let digits = |c: char| c.is_ascii_digit() || "+-.eE".contains(c);
    if !text.chars().all(digits) || !text.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`
fn is_yaml_float(text: &str) -> bool {
    let text = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let mantissa_fits = match mantissa.split_once('.') {
        Some(("", fraction)) => !fraction.is_empty() && all_digits(fraction),
        Some((whole, fraction)) => all_digits(whole) && all_digits(fraction),
        None => !mantissa.is_empty() && all_digits(mantissa),
    };
    let exponent_fits = exponent.is_none_or(|exponent| {
        let digits = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        !digits.is_empty() && all_digits(digits)
    });
    mantissa_fits && exponent_fits
}

/// `2006-1-2`, with a time after `T`, `t` or blank, and a zone unless after a blank.
fn is_time(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.len() < 8 || bytes.get(4) != Some(&b'-') || !bytes[..4].iter().all(u8::is_ascii_digit)
    {
        return false;
    }
    let cut = text.find(['T', 't', ' ']).unwrap_or(text.len());
    let (date, rest) = text.split_at(cut);
    let day: Vec<Option<u32>> = date.split('-').map(|part| small(part, 4)).collect();
    let [Some(year), Some(month), Some(day)] = day[..] else { return false };
    if !(1..=12).contains(&month) || day == 0 || day > days_in(year, month) {
        return false;
    }
    let Some(kind) = rest.chars().next() else { return true };
    let rest = rest.get(1..).unwrap_or_default();
    let (clock, zone) = match rest.find(['Z', '+', '-']) {
        Some(at) => rest.split_at(at),
        None => (rest, ""),
    };
    let zone_fits = if kind == ' ' { zone.is_empty() } else { is_zone(zone) };
    zone_fits && is_clock(clock)
}

fn is_clock(text: &str) -> bool {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let parts: Vec<Option<u32>> = whole.split(':').map(|part| small(part, 2)).collect();
    let [Some(hour), Some(minute), Some(second)] = parts[..] else { return false };
    let fraction_fits = !fraction.is_empty() && fraction.bytes().all(|b| b.is_ascii_digit());
    hour < 24 && minute < 60 && second < 60 && fraction_fits
}

fn is_zone(text: &str) -> bool {
    let Some(offset) = text.strip_prefix(['+', '-']) else { return text == "Z" };
    let Some((hours, minutes)) = offset.split_once(':') else { return false };
    hours.len() == 2
        && minutes.len() == 2
        && small(hours, 2).is_some()
        && small(minutes, 2).is_some()
}

fn small(text: &str, longest: usize) -> Option<u32> {
    let fits = (1..=longest).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if fits { text.parse().ok() } else { None }
}

fn days_in(year: u32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        _ => 31,
    }
}

/// `12:30:45`: no number to us, but one to older readers, so it is quoted.
pub(super) fn is_base_60(text: &str) -> bool {
    let text = text.strip_prefix(['-', '+']).unwrap_or(text);
    let mut parts = text.split(':');
    let first = parts.next().unwrap_or_default();
    let leading = first.bytes().next().is_some_and(|byte| byte.is_ascii_digit());
    if !leading || !first.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_') {
        return false;
    }
    let rest: Vec<&str> = parts.collect();
    let Some((last, middle)) = rest.split_last() else { return false };
    let (last, fraction) = last.split_once('.').unwrap_or((last, ""));
    let sixty = |part: &str| match part.as_bytes() {
        [one] => one.is_ascii_digit(),
        [ten, one] => (b'0'..=b'5').contains(ten) && one.is_ascii_digit(),
        _ => false,
    };
    middle.iter().all(|part| sixty(part))
        && sixty(last)
        && fraction.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_')
}

/// The JSON value of a meaning; `None` for what JSON cannot hold.
pub(super) fn json(meaning: Meaning, text: &str) -> Option<Value> {
    Some(match meaning {
        Meaning::Text | Meaning::Time | Meaning::Merge => Value::String(text.to_owned()),
        Meaning::Null => Value::Null,
        Meaning::Bool(value) => Value::Bool(value),
        Meaning::Int(number) => Value::Number(number),
        Meaning::Float(value) => Value::Number(float(value)?),
    })
}

/// A float as Go's JSON writes it: without a fraction it reads back as a whole number.
fn float(value: f64) -> Option<Number> {
    #[expect(clippy::cast_possible_truncation, reason = "whole and below 2^53")]
    if value.fract() == 0.0 && value.abs() < 9.0e15 {
        return Some(Number::from(value as i64));
    }
    Number::from_f64(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_scalars_mean_what_go_yaml_says() {
        let int = |n: i64| Meaning::Int(Number::from(n));
        for (text, want) in [
            ("", Meaning::Null),
            ("~", Meaning::Null),
            ("yes", Meaning::Bool(true)),
            ("Off", Meaning::Bool(false)),
            ("y", Meaning::Bool(true)),
            ("yEs", Meaning::Text),
            ("0644", int(420)),
            ("0o17", int(15)),
            ("0x1F", int(31)),
            ("-0b11", int(-3)),
            ("1_000", int(1000)),
            ("089", Meaning::Float(89.0)),
            ("1e3", Meaning::Float(1000.0)),
            (".5", Meaning::Float(0.5)),
            ("1.", Meaning::Float(1.0)),
            ("100m", Meaning::Text),
            ("1.2.3", Meaning::Text),
            ("2020-01-02", Meaning::Time),
            ("2020-01-02T03:04:05Z", Meaning::Time),
            ("2020-13-02", Meaning::Text),
            ("-", Meaning::Text),
            ("<<", Meaning::Merge),
            ("12:30:45", Meaning::Text),
        ] {
            assert_eq!(meaning(text), want, "{text}");
        }
        assert!(is_base_60("12:30:45"));
        assert!(!is_base_60("80:8080"));
        assert_eq!(meaning("18446744073709551615"), Meaning::Int(Number::from(u64::MAX)));
    }
}
