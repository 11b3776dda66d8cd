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
            Some(Duration::ZERO) => Ok(most),
            Some(asked) => Ok(asked.min(most)),
            None => {
                let quoted = machinery::field::go_quoted(text);
                Err(Status::bad_request(format!(
                    "invalid timeout specified in the request URL - time: invalid duration {quoted}"
                )))
            }
        },
    }
}

/// A duration as Go writes it: numbers with units.
fn parse(text: &str) -> Option<Duration> {
    if text == "0" {
        return Some(Duration::ZERO);
    }
    let mut rest = text.strip_prefix('+').unwrap_or(text);
    let mut seconds = 0.0;
    while !rest.is_empty() {
        let digits = rest.find(|letter: char| !letter.is_ascii_digit() && letter != '.')?;
        let (number, behind) = rest.split_at_checked(digits)?;
        let unit = behind.find(|letter: char| letter.is_ascii_digit() || letter == '.');
        let (unit, behind) = behind.split_at_checked(unit.unwrap_or(behind.len()))?;
        let scale = match unit {
            "ns" => 1e-9,
            "us" | "µs" | "μs" => 1e-6,
            "ms" => 1e-3,
            "s" => 1.0,
            "m" => 60.0,
            "h" => 3600.0,
            _ => return None,
        };
        seconds += number.parse::<f64>().ok()? * scale;
        rest = behind;
    }
    Duration::try_from_secs_f64(seconds).ok().filter(|_| !text.is_empty())
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
            ("timeout=-1s", None),
            ("timeout=1x", None),
            ("timeout=.s", None),
            ("timeout=s", None),
        ] {
            let found = of(&Query::parse(query), most).ok().map(|time| time.as_millis());
            assert_eq!(found, expected, "{query}");
        }
    }
}
