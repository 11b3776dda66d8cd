//! Floating point numbers as Go's `strconv.FormatFloat` writes them.

/// Writes a number by `verb` (`e`, `E`, `f`, `F`, `g`, `G`, `x`, `X`, `b`); without digits as few as will do.
pub(super) fn float(value: f64, verb: char, digits: Option<usize>) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    match verb {
        'f' | 'F' => match digits {
            Some(digits) => format!("{value:.digits$}"),
            None => format!("{value}"),
        },
        'e' => exponent(value, digits),
        'E' => exponent(value, digits).to_uppercase(),
        'G' => general(value, digits).to_uppercase(),
        'x' => hexadecimal(value),
        'X' => hexadecimal(value).to_uppercase(),
        'b' => binary(value),
        _ => general(value, digits),
    }
}

/// `1.5e+06`.
fn exponent(value: f64, digits: Option<usize>) -> String {
    let text = match digits {
        Some(digits) => format!("{value:.digits$e}"),
        None => format!("{value:e}"),
    };
    let Some((mantissa, power)) = text.split_once('e') else { return text };
    let (sign, power) = match power.strip_prefix('-') {
        Some(power) => ('-', power),
        None => ('+', power),
    };
    format!("{mantissa}e{sign}{power:0>2}")
}

/// The shorter of both ways: with an exponent where it is below -4 or beyond the digits.
fn general(value: f64, digits: Option<usize>) -> String {
    let text = match digits {
        Some(digits) => format!("{value:.*e}", digits.max(1) - 1),
        None => format!("{value:e}"),
    };
    let Some((mantissa, power)) = text.split_once('e') else { return text };
    let power: i32 = power.parse().unwrap_or_default();
    let figures: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let known = if value == 0.0 { 0 } else { figures.trim_end_matches('0').len() };
    let before = if value == 0.0 { 0 } else { power + 1 };
    let wanted = digits.map_or(known, |digits| digits.max(1));
    let mut most = i32::try_from(wanted).unwrap_or(i32::MAX);
    let known_figures = i32::try_from(known).unwrap_or(i32::MAX);
    if most > known_figures && known_figures >= before {
        most = known_figures;
    }
    if digits.is_none() {
        most = 6;
    }
    if before - 1 < -4 || before > most {
        return exponent(value, Some(known.max(1) - 1));
    }
    let after = usize::try_from(known_figures - before).unwrap_or(0);
    format!("{value:.after$}")
}

/// Sign, mantissa of 53 bits, power of two.
fn parts(value: f64) -> (&'static str, u64, i64) {
    let bits = value.to_bits();
    let sign = if value.is_sign_negative() { "-" } else { "" };
    let mantissa = bits & ((1 << 52) - 1);
    let power = i64::try_from((bits >> 52) & 0x7ff).unwrap_or_default();
    if power == 0 { (sign, mantissa, -1074) } else { (sign, mantissa | (1 << 52), power - 1075) }
}

/// `4503599627370496p-52`.
fn binary(value: f64) -> String {
    let (sign, mantissa, power) = parts(value);
    format!("{sign}{mantissa}p{power:+}")
}

/// `0x1.8p+01`.
fn hexadecimal(value: f64) -> String {
    let (sign, mut mantissa, mut power) = parts(value);
    if mantissa == 0 {
        return format!("{sign}0x0p+00");
    }
    while mantissa & (1 << 52) == 0 {
        mantissa <<= 1;
        power -= 1;
    }
    let figures = format!("{:013x}", mantissa & ((1 << 52) - 1));
    let figures = figures.trim_end_matches('0');
    let point = if figures.is_empty() { "" } else { "." };
    let power = power + 52;
    let mark = if power < 0 { '-' } else { '+' };
    format!("{sign}0x1{point}{figures}p{mark}{:02}", power.abs())
}
