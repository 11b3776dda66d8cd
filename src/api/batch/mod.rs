//! The group batch: work that ends.

pub mod cronjob;
pub mod job;

use machinery::kind::Kind;

pub(crate) fn kinds() -> Vec<Kind> {
    vec![cronjob::kind(), job::kind()]
}
