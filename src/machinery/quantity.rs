//! Amounts with units: `100m`, `1.5Gi`, `2e3`. Source: `k8s.io/apimachinery/pkg/api/resource`.
//!
//! A quantity is kept in nano-units, so sums and comparisons are exact.

use std::{cmp::Ordering, fmt, str::FromStr};

const NANO: i128 = 1_000_000_000;

/// How a quantity is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    /// `100m`, `5k`.
    Decimal,
    /// `1Ki`.
    Binary,
    /// `1e3`.
    Exponent,
}

/// An amount. Equal amounts are equal however they are written.
#[derive(Debug, Clone, Copy)]
pub struct Quantity {
    nanos: i128,
    format: Format,
}

/// What does not read as a quantity.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
)]
pub struct ParseQuantityError;

impl Quantity {
    /// A quantity of whole units, written with decimal suffixes.
    pub fn whole(units: i64) -> Self {
        Self { nanos: i128::from(units) * NANO, format: Format::Decimal }
    }

    /// A quantity of thousandths, such as milli-cores.
    pub fn milli(thousandths: i64) -> Self {
        Self { nanos: i128::from(thousandths) * (NANO / 1000), format: Format::Decimal }
    }

    /// A quantity of bytes, written with binary suffixes.
    pub fn bytes(bytes: i64) -> Self {
        Self { nanos: i128::from(bytes) * NANO, format: Format::Binary }
    }

    /// The amount in whole units, rounded up as Kubernetes does.
    pub fn value(self) -> i64 {
        round_up(self.nanos, NANO)
    }

    /// The amount in thousandths, rounded up.
    pub fn milli_value(self) -> i64 {
        round_up(self.nanos, NANO / 1000)
    }

    /// The amount as a floating-point number, as near as that is.
    #[expect(clippy::cast_precision_loss, reason = "callers ask for an approximation")]
    pub fn approximate(self) -> f64 {
        self.nanos as f64 / NANO as f64
    }

    /// Tells whether the amount is below nothing.
    pub fn is_negative(self) -> bool {
        self.nanos < 0
    }

    /// Tells whether the amount is nothing.
    pub fn is_zero(self) -> bool {
        self.nanos == 0
    }

    /// The sum, written as the left side is unless that is nothing.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        let format = if self.is_zero() { other.format } else { self.format };
        Self { nanos: self.nanos.saturating_add(other.nanos), format }
    }

    /// The difference, written as the left side is.
    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        Self { nanos: self.nanos.saturating_sub(other.nanos), format: self.format }
    }
}

fn round_up(nanos: i128, unit: i128) -> i64 {
    let whole = nanos.div_euclid(unit) + i128::from(nanos.rem_euclid(unit) != 0);
    i64::try_from(whole).unwrap_or(if nanos < 0 { i64::MIN } else { i64::MAX })
}

impl Default for Quantity {
    fn default() -> Self {
        Self::whole(0)
    }
}

impl PartialEq for Quantity {
    fn eq(&self, other: &Self) -> bool {
        self.nanos == other.nanos
    }
}

impl Eq for Quantity {}

impl PartialOrd for Quantity {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Quantity {
    fn cmp(&self, other: &Self) -> Ordering {
        self.nanos.cmp(&other.nanos)
    }
}

const DECIMAL: [(&str, i32); 10] = [
    ("n", -9),
    ("u", -6),
    ("m", -3),
    ("", 0),
    ("k", 3),
    ("M", 6),
    ("G", 9),
    ("T", 12),
    ("P", 15),
    ("E", 18),
];
const BINARY: [&str; 6] = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];

impl FromStr for Quantity {
    type Err = ParseQuantityError;

    fn from_str(text: &str) -> Result<Self, ParseQuantityError> {
        let (negative, rest) = match text.as_bytes().first() {
            Some(b'-') => (true, text.get(1..).unwrap_or_default()),
            Some(b'+') => (false, text.get(1..).unwrap_or_default()),
            _ => (false, text),
        };
        let digits = rest.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
        let (number, suffix) = rest.split_at(digits);
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if whole.is_empty() && fraction.is_empty() || fraction.contains('.') {
            return Err(ParseQuantityError);
        }
        let (format, base, exponent) = unit(suffix)?;
        let nanos = scaled(whole, fraction, base, exponent)?;
        Ok(Self { nanos: if negative { -nanos } else { nanos }, format })
    }
}

fn unit(suffix: &str) -> Result<(Format, i128, i32), ParseQuantityError> {
    if let Some((_, exponent)) = DECIMAL.iter().find(|(name, _)| *name == suffix) {
        return Ok((Format::Decimal, 10, *exponent));
    }
    if let Some(index) = BINARY.iter().position(|name| *name == suffix) {
        let index = i32::try_from(index).expect("there are six binary suffixes");
        return Ok((Format::Binary, 1024, index + 1));
    }
    let digits = suffix.strip_prefix(['e', 'E']).ok_or(ParseQuantityError)?;
    let exponent: i32 = digits.parse().map_err(|_| ParseQuantityError)?;
    Ok((Format::Exponent, 10, exponent))
}

/// `whole.fraction * base^exponent` in nano-units, rounded up, capped at the largest amount.
fn scaled(
    whole: &str,
    fraction: &str,
    base: i128,
    exponent: i32,
) -> Result<i128, ParseQuantityError> {
    let fraction = fraction.trim_end_matches('0');
    let digits: String = whole.chars().chain(fraction.chars()).collect();
    let digits = digits.trim_start_matches('0');
    if digits.is_empty() {
        return Ok(0);
    }
    let max = i128::from(i64::MAX) * NANO;
    let places = i32::try_from(fraction.len()).map_err(|_| ParseQuantityError)?;
    let (factor, decimal) = if base == 10 {
        (1, exponent.saturating_add(9).saturating_sub(places))
    } else {
        (base.pow(exponent.unsigned_abs()), 9 - places)
    };
    let Ok(mut value) = digits.parse::<i128>() else { return Ok(max) };
    value = value.saturating_mul(factor);
    if decimal >= 0 {
        let scale = 10_i128.checked_pow(decimal.unsigned_abs());
        return Ok(scale.map_or(max, |scale| value.saturating_mul(scale)).min(max));
    }
    let Some(scale) = 10_i128.checked_pow(decimal.unsigned_abs()) else { return Ok(1) };
    Ok((value / scale + i128::from(value % scale != 0)).min(max))
}

impl fmt::Display for Quantity {
    /// Writes the canonical form: the largest suffix that needs no fraction.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.nanos < 0 { "-" } else { "" };
        let nanos = self.nanos.unsigned_abs();
        if nanos == 0 {
            return out.write_str("0");
        }
        let nano = NANO.unsigned_abs();
        if self.format == Format::Binary && nanos.is_multiple_of(nano) && nanos / nano >= 1024 {
            let mut value = nanos / nano;
            let mut suffix = "";
            for name in BINARY {
                if !value.is_multiple_of(1024) {
                    break;
                }
                value /= 1024;
                suffix = name;
            }
            return write!(out, "{sign}{value}{suffix}");
        }
        let mut value = nanos;
        let mut step = 0;
        while value.is_multiple_of(1000) && step + 1 < DECIMAL.len() {
            value /= 1000;
            step += 1;
        }
        let (suffix, exponent) = DECIMAL[step];
        if self.format == Format::Exponent && exponent != 0 {
            return write!(out, "{sign}{value}e{exponent}");
        }
        write!(out, "{sign}{value}{suffix}")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn amounts_are_read_and_written_canonically() {
        for (text, canonical) in [
            ("0", "0"),
            ("100m", "100m"),
            ("0.1", "100m"),
            ("1000m", "1"),
            ("1.5Gi", "1536Mi"),
            ("1024", "1024"),
            ("1024Ki", "1Mi"),
            ("1000Ki", "1000Ki"),
            ("500Ki", "500Ki"),
            ("0.5Ki", "512"),
            ("2e3", "2e3"),
            ("1E", "1E"),
            ("-5", "-5"),
            ("+5", "5"),
            (".5", "500m"),
            ("1n", "1n"),
            ("0.1n", "1n"),
            ("2000k", "2M"),
        ] {
            assert_eq!(
                text.parse::<Quantity>().map(|it| it.to_string()),
                Ok(canonical.into()),
                "{text}"
            );
        }
    }

    #[test]
    fn nonsense_is_refused() {
        for text in ["", "m", "1x", "1.2.3", "1e", "--1", "1 Gi", "1ki"] {
            assert_eq!(text.parse::<Quantity>(), Err(ParseQuantityError), "{text}");
        }
    }

    #[test]
    fn values_round_up() {
        let tenth: Quantity = "100m".parse().unwrap();
        assert_eq!((tenth.value(), tenth.milli_value()), (1, 100));
    }

    proptest! {
        #[test]
        fn writing_and_reading_again_changes_nothing(nanos in any::<i64>(), binary: bool) {
            let format = if binary { Format::Binary } else { Format::Decimal };
            let amount = Quantity { nanos: i128::from(nanos), format };
            prop_assert_eq!(amount.to_string().parse::<Quantity>(), Ok(amount));
        }

        #[test]
        fn no_text_panics(text in "\\PC*") {
            drop(text.parse::<Quantity>());
        }
    }
}
