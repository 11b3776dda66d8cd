//! How long a request may take. Source: `k8s.io/apiserver/pkg/endpoints/filters/request_deadline.go`.

use std::time::Duration;

use machinery::status::Status;

use super::Query;

/// The time for a request: what its `timeout` asks for, at most `most`.
///
/// Errors: 400 for a time that is none.
pub(super) fn of(query: &Query, most: Duration) -> Result<Duration, Status> {
    match query.text("timeout") {
        "" => Ok(most),
        text => match parse(text) {
            Ok(Duration::ZERO) => Ok(most),
            Ok(asked) => Ok(asked.min(most)),
            Err(why) => Err(Status::bad_request(format!(
                "invalid timeout specified in the request URL - time: {why}"
            ))),
        },
    }
}

/// A duration as Go writes it: numbers with units. One before now is no duration to speak of.
///
/// Errors: in the words of `time.ParseDuration`.
fn parse(text: &str) -> Result<Duration, String> {
    let quoted = machinery::field::go_quoted(text);
    let invalid = || format!("invalid duration {quoted}");
    let signless = text.strip_prefix(['+', '-']).unwrap_or(text);
    if signless == "0" {
        return Ok(Duration::ZERO);
    }
    if signless.is_empty() {
        return Err(invalid());
    }
    let is_number = |letter: char| letter.is_ascii_digit() || letter == '.';
    let mut rest = signless;
    let mut seconds = 0.0;
    while !rest.is_empty() {
        let end = rest.find(|letter| !is_number(letter)).unwrap_or(rest.len());
        let (number, behind) = rest.split_at(end);
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
                let unit = machinery::field::go_quoted(other);
                return Err(format!("unknown unit {unit} in duration {quoted}"));
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
    fn requests_may_ask_for_less_time_and_not_for_more() {
        let most = Duration::from_mins(1);
        for (query, expected) in [
            ("", Some(60_000)),
            ("timeout=10s", Some(10_000)),
            ("timeout=1m30s", Some(60_000)),
            ("timeout=1.5s", Some(1500)),
            ("timeout=20ms", Some(20)),
            ("timeout=0", Some(60_000)),
            ("timeout=0s", Some(60_000)),
            ("timeout=10", None),
            ("timeout=-1s", Some(60_000)),
            ("timeout=1x", None),
            ("timeout=.s", None),
            ("timeout=s", None),
        ] {
            let found = of(&Query::parse(query), most).ok().map(|time| time.as_millis());
            assert_eq!(found, expected, "{query}");
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
            assert_eq!(parse(text), Err(want.to_owned()), "{text}");
        }
    }
}
