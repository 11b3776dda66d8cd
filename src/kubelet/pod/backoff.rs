//! How long a container that keeps ending waits before it runs again.
//!
//! The first restart is at once, then 10 s, 20 s and so on up to 5 min; ten minutes without an end
//! start over. Source: the Kubernetes documentation, "Container restart policy".

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

const INITIAL: SignedDuration = SignedDuration::from_secs(10);
const MAX: SignedDuration = SignedDuration::from_mins(5);
const FORGET: SignedDuration = SignedDuration::from_mins(10);

/// The waits of one pod's containers or images, by name.
#[derive(Debug, Clone, Default)]
pub(crate) struct Backoffs(BTreeMap<String, Entry>);

#[derive(Debug, Clone, Copy)]
struct Entry {
    delay: SignedDuration,
    updated: Timestamp,
}

impl Backoffs {
    /// When something that ended at `ended` may be tried again, and the delay in force. `None`: now.
    pub(crate) fn wait(
        &self,
        name: &str,
        ended: Timestamp,
        now: Timestamp,
    ) -> Option<(Timestamp, SignedDuration)> {
        let entry = self.0.get(name)?;
        if ended.duration_since(entry.updated) > FORGET {
            return None;
        }
        let until = ended.saturating_add(entry.delay).unwrap_or(Timestamp::MAX);
        (until > now).then_some((until, entry.delay))
    }

    /// Notes that it is tried again: the next time it waits longer.
    pub(crate) fn note(&mut self, name: &str, now: Timestamp) {
        let next = match self.0.get(name) {
            Some(entry) if now.duration_since(entry.updated) <= FORGET => {
                (entry.delay * 2).min(MAX)
            }
            Some(_) | None => INITIAL,
        };
        self.0.insert(name.to_owned(), Entry { delay: next, updated: now });
    }

    /// Starts over.
    pub(crate) fn forget(&mut self, name: &str) {
        self.0.remove(name);
    }
}

/// A delay in Go's words: `10s`, `1m20s`, `5m0s`.
pub(crate) fn in_words(delay: SignedDuration) -> String {
    let seconds = delay.as_secs();
    if seconds < 60 { format!("{seconds}s") } else { format!("{}m{}s", seconds / 60, seconds % 60) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).unwrap()
    }

    #[test]
    fn waits_double_up_to_five_minutes_and_are_forgotten() {
        let mut backoffs = Backoffs::default();
        assert_eq!(backoffs.wait("a", at(0), at(0)), None, "the first restart is at once");
        let (mut now, mut waits) = (0, Vec::new());
        for _ in 0..8 {
            backoffs.note("a", at(now));
            let (until, delay) = backoffs.wait("a", at(now), at(now)).unwrap();
            waits.push(in_words(delay));
            now = until.as_second();
            assert_eq!(backoffs.wait("a", at(now - delay.as_secs()), at(now)), None);
        }
        assert_eq!(waits.join(" "), "10s 20s 40s 1m20s 2m40s 5m0s 5m0s 5m0s");
        assert_eq!(backoffs.wait("a", at(now + 601), at(now + 601)), None, "ran long enough");
    }
}
