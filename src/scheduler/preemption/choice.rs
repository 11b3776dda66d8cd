//! Which of several nodes is to be cleared: the one where that does the least harm.

use std::cmp::Reverse;

use jiff::Timestamp;

use super::{Candidate, started};
use crate::nodes::priority;

/// Fewest broken budgets, least important first victim, smallest sum, fewest victims, and of the
/// most important victims the latest start; the least of all is the best.
type Harm = (usize, i32, i64, usize, Reverse<Timestamp>);

fn harm(candidate: &Candidate) -> Harm {
    let priorities = candidate.victims.iter().map(|pod| priority(pod));
    let highest = priorities.clone().max().unwrap_or(i32::MIN);
    // Shifted, so that several pods below zero do not weigh less than one.
    let sum = priorities.map(|one| i64::from(one) + i64::from(i32::MAX) + 1).sum();
    let highest_ones = candidate.victims.iter().filter(|pod| priority(pod) == highest);
    let starts = highest_ones.map(|pod| started(pod));
    let earliest = starts.min().unwrap_or(Timestamp::MAX);
    (candidate.violations, highest, sum, candidate.victims.len(), Reverse(earliest))
}

/// The node on which room is made.
pub(super) fn best(candidates: Vec<Candidate>) -> Option<Candidate> {
    candidates.into_iter().min_by_key(harm)
}
