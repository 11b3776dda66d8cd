//! Number literals. Source: Go's `text/template/parse`, `newNumber`, and `strconv`.

use machinery::gofmt::quote::{Letter, unquote_letter};

use super::{
    lex::{Type, quoted},
    node::Number,
};

/// Reads a number. Errors: in Go's words.
#[expect(clippy::cast_precision_loss, reason = "as Go does")]
pub(super) fn number(text: &str, is: Type) -> Result<Number, String> {
    let mut number = Number { text: text.to_owned(), ..Number::default() };
    match is {
        Type::CharConstant => {
            let code = letter(text)?;
            number.int = Some(i64::from(code));
            number.uint = Some(u64::from(code));
            number.float = Some(f64::from(code));
            return Ok(number);
        }
        Type::Complex => {
            number.complex = Some(complex(text).ok_or("syntax error scanning complex number")?);
            return Ok(number);
        }
        _ => {}
    }
    if let Some(imaginary) = text.strip_suffix('i').and_then(float) {
        number.complex = Some((0.0, imaginary));
        return Ok(number);
    }
    let (negative, size) = match text.strip_prefix('-') {
        Some(rest) => (true, whole(rest)),
        None => (false, whole(text.strip_prefix('+').unwrap_or(text))),
    };
    if let Some(size) = size {
        number.uint = (!negative && !text.starts_with('+')).then_some(size);
        number.int =
            if negative { 0_i64.checked_sub_unsigned(size) } else { i64::try_from(size).ok() };
        number.float = number.int.map(|it| it as f64).or(number.uint.map(|it| it as f64));
    }
    if number.float.is_none()
        && let Some(value) = float(text)
    {
        if !text.contains(['.', 'e', 'E', 'p', 'P']) {
            return Err(format!("integer overflow: {}", quoted(text)));
        }
        number.float = Some(value);
        number.int = exact(value);
    }
    if number.float.is_none() {
        return Err(format!("illegal number syntax: {}", quoted(text)));
    }
    Ok(number)
}

/// A float that is a whole number.
#[expect(clippy::cast_possible_truncation, reason = "the bounds are looked at")]
fn exact(value: f64) -> Option<i64> {
    const BOUND: f64 = 9_223_372_036_854_775_808.0;
    (value.fract() == 0.0 && (-BOUND..BOUND).contains(&value)).then_some(value as i64)
}

fn letter(text: &str) -> Result<u32, String> {
    let rest = text.get(1..).unwrap_or_default();
    let (letter, length) = unquote_letter(rest.as_bytes(), b'\'').ok_or("invalid syntax")?;
    if rest.get(length..) != Some("'") {
        return Err(format!("malformed character constant: {text}"));
    }
    Ok(match letter {
        Letter::Of(letter) => u32::from(letter),
        Letter::Byte(byte) => u32::from(byte),
    })
}

fn complex(text: &str) -> Option<(f64, f64)> {
    let text = text.strip_suffix('i')?;
    let signs = text.char_indices().skip(1).filter(|(at, letter)| {
        matches!(letter, '+' | '-') && !text.get(..*at).is_some_and(|it| it.ends_with(['e', 'E']))
    });
    let (sign, _) = signs.last()?;
    let (real, imaginary) = text.split_at_checked(sign)?;
    Some((float(real)?, float(imaginary)?))
}

/// Digits of the base that their prefix tells.
fn whole(text: &str) -> Option<u64> {
    let lower = text.to_ascii_lowercase();
    let (digits, base) = match lower.as_bytes() {
        [b'0', b'x', ..] => (lower.get(2..)?, 16),
        [b'0', b'o', ..] => (lower.get(2..)?, 8),
        [b'0', b'b', ..] => (lower.get(2..)?, 2),
        [b'0', _, ..] => (lower.get(1..)?, 8),
        _ => (lower.as_str(), 10),
    };
    let digits = without_underscores(digits, base != 10)?;
    if !digits.chars().all(|digit| digit.is_digit(base)) {
        return None;
    }
    u64::from_str_radix(&digits, base).ok()
}

/// Underscores stand between digits, or behind the base.
fn without_underscores(digits: &str, after_base: bool) -> Option<String> {
    let before = if after_base { "0" } else { "_" };
    let spaced = format!("{before}{digits}");
    if digits.contains('_') && (spaced.contains("__") || spaced.ends_with('_')) {
        return None;
    }
    Some(digits.replace('_', ""))
}

fn float(text: &str) -> Option<f64> {
    let (negative, size) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if !size.starts_with(|first: char| first.is_ascii_digit() || first == '.') {
        return None;
    }
    let hexadecimal = size.strip_prefix("0x").or_else(|| size.strip_prefix("0X")).map(hexadecimal);
    let value = hexadecimal.unwrap_or_else(|| decimal(size))?;
    value.is_finite().then_some(if negative { -value } else { value })
}

/// Digits between which underscores may stand.
fn decimal(text: &str) -> Option<f64> {
    let is_digit = |letter: char| letter.is_ascii_digit();
    let beside = |at: usize| {
        let before = text.get(..at).is_some_and(|it| it.ends_with(is_digit));
        before && text.get(at + 1..).is_some_and(|it| it.starts_with(is_digit))
    };
    let fine = text.match_indices('_').all(|(at, _)| beside(at));
    fine.then(|| text.replace('_', ""))?.parse().ok()
}

/// `1.8p3`; the power is not optional.
#[expect(clippy::cast_precision_loss, reason = "as many digits as a float holds")]
fn hexadecimal(text: &str) -> Option<f64> {
    let (mantissa, power) = text.split_once(['p', 'P'])?;
    let (before, after) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{before}{after}").replace('_', "");
    let size = u64::from_str_radix(&digits, 16).ok()?;
    let power: i32 = power.replace('_', "").parse().ok()?;
    let shift = i32::try_from(after.replace('_', "").len()).ok()?.checked_mul(4)?;
    Some(size as f64 * 2f64.powi(power.checked_sub(shift)?))
}
