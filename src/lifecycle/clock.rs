//! The only place that reads a clock. Tests pause the monotonic one with `tokio::time::pause`.

use jiff::Timestamp;
use tokio::time::Instant;

/// Returns the wall clock's time, with nanoseconds.
pub fn now() -> Timestamp {
    Timestamp::now()
}

/// Returns the monotonic time that timers, deadlines and back-off use.
pub fn instant() -> Instant {
    Instant::now()
}

/// Formats a time as `metav1.Time` does: RFC 3339 in UTC with whole seconds.
pub fn rfc3339_seconds(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Formats a time as `metav1.MicroTime` does: RFC 3339 in UTC with six decimals.
pub fn rfc3339_micros(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_kubernetes_writes_them() {
        let time: Timestamp = "2020-01-02T03:04:05.6789Z".parse().unwrap();
        assert_eq!(rfc3339_seconds(time), "2020-01-02T03:04:05Z");
        assert_eq!(rfc3339_micros(time), "2020-01-02T03:04:05.678900Z");
    }
}
