//! Exponential back-off as data: each call to [`Backoff::next_delay`] doubles the wait up to a cap.

use std::time::Duration;

/// A growing delay between attempts.
#[derive(Debug, Clone)]
pub struct Backoff {
    initial: Duration,
    max: Duration,
    current: Option<Duration>,
}

impl Backoff {
    /// Makes a back-off that waits `initial` first and never longer than `max`.
    pub const fn new(initial: Duration, max: Duration) -> Self {
        Self { initial, max, current: None }
    }

    /// Returns the next wait and doubles the one after it.
    pub fn next_delay(&mut self) -> Duration {
        let delay = self.current.map_or(self.initial, |last| (last * 2).min(self.max));
        self.current = Some(delay);
        delay
    }

    /// Starts over after a success.
    pub fn reset(&mut self) {
        self.current = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_double_up_to_the_cap_and_start_over() {
        let mut backoff = Backoff::new(Duration::from_secs(10), Duration::from_secs(35));
        let seen: Vec<u64> = (0..4).map(|_| backoff.next_delay().as_secs()).collect();
        assert_eq!(seen, [10, 20, 35, 35]);
        backoff.reset();
        assert_eq!(backoff.next_delay().as_secs(), 10);
    }
}
