//! The only place that reads a clock. Tests pause the monotonic one with `tokio::time::pause`, and
//! let the wall clock of their thread follow it with [`follow`].

use std::cell::Cell;

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

thread_local! {
    /// Where a simulation set this thread's wall clock, and when it did.
    static FOLLOWED: Cell<Option<(Timestamp, Instant)>> = const { Cell::new(None) };
}

/// Returns the wall clock's time, with nanoseconds.
pub fn now() -> Timestamp {
    let Some((set, at)) = FOLLOWED.get() else { return Timestamp::now() };
    let passed = SignedDuration::try_from(at.elapsed()).unwrap_or(SignedDuration::MAX);
    set.saturating_add(passed).unwrap_or(Timestamp::MAX)
}

/// Sets the wall clock of this thread to `time`; from now on it runs with the monotonic one.
///
/// For simulations, which run on one thread under a paused clock: time passes for both clocks
/// alike there, and a second call is a wall clock that jumps. Nothing else calls it.
pub fn follow(time: Timestamp) {
    FOLLOWED.set(Some((time, instant())));
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

    #[tokio::test(start_paused = true)]
    async fn a_wall_clock_that_follows_runs_with_the_monotonic_one_and_jumps_when_told() {
        let time: Timestamp = "2020-01-02T03:04:05Z".parse().unwrap();
        follow(time);
        tokio::time::advance(std::time::Duration::from_secs(90)).await;
        assert_eq!(now(), time + SignedDuration::from_secs(90));
        follow(time);
        assert_eq!(now(), time);
    }

    #[test]
    fn times_are_written_as_kubernetes_writes_them() {
        let time: Timestamp = "2020-01-02T03:04:05.6789Z".parse().unwrap();
        assert_eq!(rfc3339_seconds(time), "2020-01-02T03:04:05Z");
        assert_eq!(rfc3339_micros(time), "2020-01-02T03:04:05.678900Z");
    }
}
