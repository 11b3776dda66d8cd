//! Spans of time as Go writes them.

use std::time::Duration;

use crate::field::go_quoted;

/// Go's `time.ParseDuration`; negative ones become zero.
pub fn parse(text: &str) -> Option<Duration> {
    read(text).ok()
}

/// The same. Errors: what is wrong, in Go's words but for the `time: ` before them.
pub fn read(text: &str) -> Result<Duration, String> {
    let quoted = go_quoted(text);
    let invalid = || format!("invalid duration {quoted}");
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if unsigned == "0" {
        return Ok(Duration::ZERO);
    }
    let is_number = |letter: char| letter.is_ascii_digit() || letter == '.';
    let mut rest = unsigned;
    if rest.is_empty() {
        return Err(invalid());
    }
    let mut seconds = 0.0;
    while !rest.is_empty() {
        let (number, behind) = rest.split_at(rest.find(|it| !is_number(it)).unwrap_or(rest.len()));
        let number: f64 = number.parse().map_err(|_| invalid())?;
        let (unit, behind) = behind.split_at(behind.find(is_number).unwrap_or(behind.len()));
        let scale = match unit {
            "ns" => 1e-9,
            "us" | "µs" | "μs" => 1e-6,
            "ms" => 1e-3,
            "s" => 1.0,
            "m" => 60.0,
            "h" => 3600.0,
            "" => return Err(format!("missing unit in duration {quoted}")),
            other => {
                return Err(format!("unknown unit {} in duration {quoted}", go_quoted(other)));
            }
        };
        seconds += number * scale;
        rest = behind;
    }
    if text.starts_with('-') {
        return Ok(Duration::ZERO);
    }
    Duration::try_from_secs_f64(seconds).map_err(|_| invalid())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_as_go_reads_them() {
        for (text, want) in [
            ("1h2m3.5s", Some(3_723_500)),
            ("0", Some(0)),
            ("250ms", Some(250)),
            ("-5s", Some(0)),
            ("5", None),
            ("", None),
            ("1x", None),
        ] {
            assert_eq!(parse(text), want.map(Duration::from_millis), "{text}");
        }
    }
    #[test]
    fn what_is_no_time_is_told_as_go_tells_it() {
        for (text, want) in [
            ("10", "missing unit in duration \"10\""),
            ("1x", "unknown unit \"x\" in duration \"1x\""),
            ("x", "invalid duration \"x\""),
            (".s", "invalid duration \".s\""),
            ("-", "invalid duration \"-\""),
        ] {
            assert_eq!(read(text), Err(want.to_owned()), "{text}");
        }
    }
}
