//! Volumes that only one node may have, while their attachments are on their way into the cache.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// Who has what, by volume.
#[derive(Debug, Default)]
pub(super) struct Reservations(Mutex<HashMap<String, Reservation>>);

#[derive(Debug)]
struct Reservation {
    attachment: String,
    /// The server has it, or had it.
    made: bool,
}

impl Reservations {
    fn lock(&self) -> MutexGuard<'_, HashMap<String, Reservation>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps a volume for an attachment, or names the one that it is kept for.
    pub(super) fn reserve(&self, volume: &str, attachment: &str) -> Option<String> {
        let mut all = self.lock();
        if let Some(other) = all.get(volume).filter(|it| it.attachment != attachment) {
            return Some(other.attachment.clone());
        }
        let reservation = Reservation { attachment: attachment.to_owned(), made: false };
        all.insert(volume.to_owned(), reservation);
        None
    }

    /// The attachment was made.
    pub(super) fn made(&self, attachment: &str) {
        for reservation in self.lock().values_mut().filter(|it| it.attachment == attachment) {
            reservation.made = true;
        }
    }

    /// Tells whether the attachment was made, and may be gone by now.
    pub(super) fn is_made(&self, attachment: &str) -> bool {
        self.lock().values().any(|it| it.attachment == attachment && it.made)
    }

    /// The attachment was seen, or failed.
    pub(super) fn free(&self, attachment: &str) {
        self.lock().retain(|_, it| it.attachment != attachment);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_volume_is_kept_for_one_attachment_until_it_is_seen() {
        let all = Reservations::default();
        assert_eq!(all.reserve("v", "a"), None);
        assert_eq!(all.reserve("v", "a"), None, "it is its own");
        assert_eq!(all.reserve("v", "b").as_deref(), Some("a"));
        assert!(!all.is_made("a"), "on its way");
        all.made("a");
        assert!(all.is_made("a"));
        all.free("a");
        assert_eq!(all.reserve("v", "b"), None);
    }
}
