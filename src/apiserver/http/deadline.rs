//! How long a request may take. Source: `k8s.io/apiserver/pkg/endpoints/filters/request_deadline.go`.

use std::time::Duration;

use machinery::{duration, status::Status};

use super::Query;

/// The time for a request: what its `timeout` asks for, at most `most`.
///
/// Errors: 400 for a time that is none.
pub(super) fn of(query: &Query, most: Duration) -> Result<Duration, Status> {
    match query.text("timeout") {
        "" => Ok(most),
        text => match duration::read(text) {
            Ok(Duration::ZERO) => Ok(most),
            Ok(asked) => Ok(asked.min(most)),
            Err(why) => Err(Status::bad_request(format!(
                "invalid timeout specified in the request URL - time: {why}"
            ))),
        },
    }
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
}
