//! Histories of simulated clusters: so many seeds in order, or the one that is named.
//!
//! `KANOE_SIMULATION_SEED=N` plays the history of that seed alone, `KANOE_SIMULATION_HISTORIES=N`
//! says how many are played (of one seed: how often), `KANOE_SIMULATION_FIRST=N` where they begin, and
//! `KANOE_SIMULATION_LOGS=DIR` where everything that happened in a failed one is written to.
#![expect(clippy::panic, clippy::print_stderr, reason = "a test fails by panicking")]

use std::{env, fs, path::Path};

/// How many are played where nobody says: enough to show that all of it works. Searching for faults
/// takes hundreds, and a person who reads what they say.
const HISTORIES: u64 = 6;

fn number(name: &str) -> Option<u64> {
    let text = env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|error| panic!("{name}={text}: {error}")))
}

#[test]
fn every_history_keeps_the_bounds_and_comes_to_rest() {
    if env::var_os("RUST_LOG").is_some() {
        let filter = tracing_subscriber::EnvFilter::from_default_env();
        tracing_subscriber::fmt().with_env_filter(filter).init();
    }
    let one = number("KANOE_SIMULATION_SEED");
    let count = number("KANOE_SIMULATION_HISTORIES");
    let count = count.unwrap_or(if one.is_some() { 1 } else { HISTORIES });
    let first = number("KANOE_SIMULATION_FIRST").unwrap_or(0);
    let mut failures = Vec::new();
    for turn in 0..count {
        let seed = one.unwrap_or(first + turn);
        match simulation::play(seed) {
            Ok(played) => eprintln!("seed {seed}: {played:?}"),
            Err(failure) => {
                eprintln!("seed {seed}: {}", failure.words);
                if let Some(folder) = env::var_os("KANOE_SIMULATION_LOGS") {
                    let path = Path::new(&folder).join(format!("{seed}.log"));
                    fs::write(path, &failure.whole).unwrap_or_else(|error| panic!("{error}"));
                }
                failures.push(failure);
            }
        }
    }
    if let Some(failure) = failures.first() {
        panic!("{} of {count} fail, the first:\n{failure}", failures.len());
    }
}
