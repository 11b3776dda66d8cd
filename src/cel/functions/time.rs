//! Points and lengths of time. Source: cel-go, `common/types/{timestamp,duration}.go`.

use jiff::{Timestamp, Zoned, tz::TimeZone};

use super::Give;
use crate::value::{EvalError, Value};

pub(super) fn call(function: &str, values: &[Value]) -> Option<Give> {
    let part = match function {
        "getFullYear" | "getMonth" | "getDayOfYear" | "getDayOfMonth" | "getDate"
        | "getDayOfWeek" | "getHours" | "getMinutes" | "getSeconds" | "getMilliseconds" => function,
        _ => return None,
    };
    Some(match values {
        [Value::Timestamp(time)] => Ok(of(part, &time.to_zoned(TimeZone::UTC))),
        [Value::Timestamp(time), Value::String(zone)] => {
            zone_named(zone).map(|zone| of(part, &time.to_zoned(zone)))
        }
        [Value::Duration(nanos)] => of_duration(part, *nanos),
        _ => Err(EvalError::no_overload()),
    })
}

fn of(part: &str, time: &Zoned) -> Value {
    Value::Int(match part {
        "getFullYear" => i64::from(time.year()),
        "getMonth" => i64::from(time.month()) - 1,
        "getDayOfYear" => i64::from(time.day_of_year()) - 1,
        "getDayOfMonth" => i64::from(time.day()) - 1,
        "getDate" => i64::from(time.day()),
        "getDayOfWeek" => i64::from(time.weekday().to_sunday_zero_offset()),
        "getHours" => i64::from(time.hour()),
        "getMinutes" => i64::from(time.minute()),
        "getSeconds" => i64::from(time.second()),
        _ => i64::from(time.millisecond()),
    })
}

fn of_duration(part: &str, nanos: i64) -> Give {
    Ok(Value::Int(match part {
        "getHours" => nanos / 3_600_000_000_000,
        "getMinutes" => nanos / 60_000_000_000,
        "getSeconds" => nanos / 1_000_000_000,
        "getMilliseconds" => nanos / 1_000_000,
        _ => return Err(EvalError::no_overload()),
    }))
}

/// `Europe/Berlin`, `UTC` or `-08:00`.
fn zone_named(name: &str) -> Result<TimeZone, EvalError> {
    let unknown = || EvalError::new(format!("unknown time zone {name}"));
    if let Some((hours, minutes)) = name.split_once(':') {
        let sign = if hours.starts_with('-') { -1 } else { 1 };
        let number = |text: &str| {
            let digits = text.trim_start_matches(['-', '+']);
            digits.parse::<i32>().ok().filter(|number| *number < 60)
        };
        let seconds = number(hours).zip(number(minutes));
        let seconds = seconds.map(|(hours, minutes)| sign * (hours * 3600 + minutes * 60));
        let offset = seconds.and_then(|seconds| jiff::tz::Offset::from_seconds(seconds).ok());
        return offset.map(TimeZone::fixed).ok_or_else(unknown);
    }
    if matches!(name, "" | "UTC") {
        return Ok(TimeZone::UTC);
    }
    TimeZone::get(name).map_err(|_| unknown())
}

/// A time as RFC 3339 writes it.
pub(super) fn timestamp_text(time: Timestamp) -> String {
    time.to_string()
}

/// A length of time in seconds, as protobuf writes it.
pub(crate) fn duration_text(nanos: i64) -> String {
    let sign = if nanos < 0 { "-" } else { "" };
    let (seconds, rest) =
        (nanos.unsigned_abs() / 1_000_000_000, nanos.unsigned_abs() % 1_000_000_000);
    if rest == 0 {
        return format!("{sign}{seconds}s");
    }
    let fraction = format!("{rest:09}");
    format!("{sign}{seconds}.{}s", fraction.trim_end_matches('0'))
}

/// Nanoseconds of a length of time as Go writes it, such as `1h30m`.
pub(crate) fn go_duration(text: &str) -> Result<i64, EvalError> {
    let invalid = || EvalError::new(format!("time: invalid duration {text:?}"));
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Ok(0);
    }
    if rest.is_empty() {
        return Err(invalid());
    }
    let mut nanos: i128 = 0;
    while !rest.is_empty() {
        let unit = rest.trim_start_matches(|it: char| it.is_ascii_digit() || it == '.');
        let number = rest.strip_suffix(unit).filter(|number| number.len() <= 40);
        let after = unit.trim_start_matches(|it: char| !it.is_ascii_digit() && it != '.');
        let scale: i128 = match unit.strip_suffix(after).unwrap_or_default() {
            "ns" => 1,
            "us" | "\u{b5}s" | "\u{3bc}s" => 1_000,
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            "m" => 60_000_000_000,
            "h" => 3_600_000_000_000,
            _ => return Err(invalid()),
        };
        let (whole, fraction) = number.and_then(parts).ok_or_else(invalid)?;
        nanos = nanos.saturating_add(whole.saturating_mul(scale));
        nanos = nanos.saturating_add(fraction.saturating_mul(scale) / 1_000_000_000_000_000_000);
        rest = after;
    }
    i64::try_from(if negative { -nanos } else { nanos }).map_err(|_| invalid())
}

/// The whole part, and the rest in parts of 10^18.
fn parts(number: &str) -> Option<(i128, i128)> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if whole.is_empty() && fraction.is_empty() || fraction.contains('.') {
        return None;
    }
    let whole = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let fraction: String = fraction.chars().chain(std::iter::repeat('0')).take(18).collect();
    Some((whole, fraction.parse().ok()?))
}
