//! Hostile input for whatever reads what others send: a seeded mutator over a corpus, and a runner
//! that knows where each input came from. Needs no special compiler.
//!
//! A target is a test: a name, some good inputs, words that mean something to the reader, and a
//! check that says whether an input was accepted and panics where something is wrong. Accepted inputs
//! join the corpus, so that mutations go deeper. The same seed gives the same inputs: a failure says
//! how to have it again, and shows the smallest input that still fails.
//!
//! Beside panics, a target fails where an input takes memory out of proportion, where one takes for
//! ever, and, by the end of the process, where one takes the stack: inputs run on a stack as small as
//! those of the server. `KANOE_FUZZ_TIMES=100` runs a hundred times as many inputs as usual,
//! `KANOE_FUZZ_SEED` others than usual.

#![expect(clippy::panic, reason = "a target fails by panicking")]

mod bytes;
mod random;
mod values;

use std::{
    any::Any,
    fs, panic,
    panic::AssertUnwindSafe,
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{self, RecvTimeoutError},
    },
    thread,
    time::Duration,
};

use serde_json::Value;

pub use random::Random;

/// The stack of the server's own threads: tokio's usual one.
const STACK_BYTES: usize = 2 << 20;
/// How much more memory than before the first input a process may take.
const MOST_KILOBYTES: u64 = 256 << 10;
/// An input over which this goes by is never going to be done with.
const FOREVER: Duration = Duration::from_mins(1);
/// Inputs that are kept to be mutated further.
const MOST_KEPT: usize = 256;
/// Bytes, or values, of an input, where a target says nothing else.
const MOST_BYTES: usize = 16 << 10;
/// Steps to make an input smaller that fails.
const MOST_STEPS: usize = 400;

/// What a target asks of mutations.
#[derive(Debug, Clone, Copy)]
pub struct Terms<'a> {
    /// Pieces of text that mean something to the reader.
    pub words: &'a [&'a str],
    /// How many bytes, or values, there are at most.
    pub longest: usize,
}

/// Something that can be mutated.
pub trait Input: Clone + Send + Sync + 'static {
    /// A mutation of this, with parts of others.
    #[must_use]
    fn mutated(&self, others: &[Self], terms: Terms<'_>, random: &mut Random) -> Self;
    /// The same with something missing.
    fn smaller(&self) -> Vec<Self>;
    /// As a failure shows it.
    fn shown(&self) -> String;
}

/// A target that is being described.
#[derive(Debug, Clone)]
pub struct Fuzz<I> {
    name: &'static str,
    corpus: Vec<I>,
    words: Vec<&'static str>,
    rounds: u64,
    longest: usize,
}

impl Fuzz<Vec<u8>> {
    /// A target that reads bytes, with good inputs.
    pub fn bytes<B: AsRef<[u8]>>(name: &'static str, corpus: impl IntoIterator<Item = B>) -> Self {
        let corpus = corpus.into_iter().map(|one| one.as_ref().to_vec()).collect();
        Self::new(name, corpus)
    }

    /// Runs the target on the inputs that are UTF-8.
    pub fn run_text(self, check: impl Fn(&str) -> bool + Send + Sync + 'static) {
        self.run(move |bytes| std::str::from_utf8(bytes).is_ok_and(&check));
    }
}

impl Fuzz<Value> {
    /// A target that reads documents, with good ones.
    pub fn values(name: &'static str, corpus: impl IntoIterator<Item = Value>) -> Self {
        Self::new(name, corpus.into_iter().collect())
    }
}

impl Fuzz<Vec<Value>> {
    /// A target that reads several documents together, with good ones.
    pub fn together(name: &'static str, corpus: impl IntoIterator<Item = Vec<Value>>) -> Self {
        Self::new(name, corpus.into_iter().collect())
    }
}

impl<I: Input> Fuzz<I> {
    fn new(name: &'static str, corpus: Vec<I>) -> Self {
        Self { name, corpus, words: Vec::new(), rounds: 1000, longest: MOST_BYTES }
    }

    /// Pieces of text that mean something to the reader.
    #[must_use]
    pub fn words(mut self, words: &[&'static str]) -> Self {
        self.words.extend_from_slice(words);
        self
    }

    /// How many inputs are usual.
    #[must_use]
    pub fn rounds(mut self, rounds: u64) -> Self {
        self.rounds = rounds;
        self
    }

    /// How many bytes, or values, an input has at most.
    #[must_use]
    pub fn longest(mut self, longest: usize) -> Self {
        self.longest = longest;
        self
    }

    /// Runs the target. `check` says whether an input was accepted.
    ///
    /// # Panics
    /// Where `check` does, or takes too much memory, or does not end.
    pub fn run(self, check: impl Fn(&I) -> bool + Send + Sync + 'static) {
        let name = self.name;
        let (told, heard) = mpsc::channel();
        let current = Arc::new(Mutex::new(None));
        let seen = Arc::clone(&current);
        let thread = thread::Builder::new().name(format!("fuzz {name}")).stack_size(STACK_BYTES);
        let worker = thread.spawn(move || self.go(&check, &told, &seen));
        let worker = worker.unwrap_or_else(|error| panic!("no thread for {name}: {error}"));
        let mut last = 0;
        loop {
            match heard.recv_timeout(FOREVER) {
                Ok(round) => last = round,
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => {
                    let input = current.lock().unwrap_or_else(PoisonError::into_inner);
                    let shown = input.as_ref().map(Input::shown).unwrap_or_default();
                    panic!("{name}: input {last} takes for ever\n{shown}");
                }
            }
        }
        if let Err(panicked) = worker.join() {
            panic::resume_unwind(panicked);
        }
    }

    fn go(self, check: &impl Fn(&I) -> bool, told: &mpsc::Sender<u64>, current: &Mutex<Option<I>>) {
        let seed = number("KANOE_FUZZ_SEED").unwrap_or(1);
        let rounds = self.rounds.saturating_mul(number("KANOE_FUZZ_TIMES").unwrap_or(1));
        let mut random = Random::new(seed);
        let mut pool = self.corpus.clone();
        let terms = Terms { words: &self.words, longest: self.longest };
        let before = peak_kilobytes();
        for round in 0..rounds {
            // The first inputs are the good ones as they are.
            let as_it_is = usize::try_from(round).ok().and_then(|at| self.corpus.get(at));
            let input = as_it_is.cloned().unwrap_or_else(|| {
                let one =
                    random.choose(&pool).unwrap_or_else(|| panic!("{}: no corpus", self.name));
                one.mutated(&pool, terms, &mut random)
            });
            *current.lock().unwrap_or_else(PoisonError::into_inner) = Some(input.clone());
            // Whoever listens no longer has failed already.
            told.send(round).unwrap_or(());
            let result = attempt(check, &input);
            let taken = peak_kilobytes().saturating_sub(before);
            match result {
                Err(why) => {
                    self.fail(check, &input, &format!("input {round} of seed {seed}: {why}"))
                }
                Ok(_) if taken > MOST_KILOBYTES => panic!(
                    "{}: input {round} of seed {seed} took memory up to {taken} kB\n{}",
                    self.name,
                    input.shown()
                ),
                Ok(true) if as_it_is.is_none() => keep(&mut pool, input, &mut random),
                Ok(_) => {}
            }
        }
    }

    /// Shows the smallest input that still fails.
    fn fail(&self, check: &impl Fn(&I) -> bool, input: &I, why: &str) -> ! {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(|_| {}));
        let mut input = input.clone();
        let mut steps = 0;
        'smaller: loop {
            for other in input.smaller() {
                steps += 1;
                if steps > MOST_STEPS {
                    break 'smaller;
                }
                if attempt(check, &other).is_err() {
                    input = other;
                    continue 'smaller;
                }
            }
            break;
        }
        panic::set_hook(usual);
        panic!("{}: {why}\nsmallest input that fails:\n{}", self.name, input.shown());
    }
}

/// Keeps an accepted input, in place of another where there are enough.
fn keep<I>(pool: &mut Vec<I>, input: I, random: &mut Random) {
    if pool.len() < MOST_KEPT {
        pool.push(input);
    } else {
        let at = random.below(pool.len());
        pool[at] = input;
    }
}

fn attempt<I>(check: &impl Fn(&I) -> bool, input: &I) -> Result<bool, String> {
    panic::catch_unwind(AssertUnwindSafe(|| check(input))).map_err(|panicked| words(&*panicked))
}

fn words(panicked: &(dyn Any + Send)) -> String {
    let text = panicked.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panicked.downcast_ref::<String>().cloned()).unwrap_or_default()
}

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

/// The most memory that the process has had at once.
fn peak_kilobytes() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[should_panic(expected = "smallest input that fails:\n\"x!\"")]
    fn a_failure_is_found_and_made_small() {
        let target = Fuzz::bytes("wrong", ["hello x world"]).words(&["x!"]).rounds(100_000);
        target.run_text(|text| {
            assert!(!text.contains("x!"), "wrong");
            true
        });
    }

    #[test]
    #[should_panic(expected = "took memory")]
    fn hunger_is_found() {
        let target = Fuzz::bytes("hungry", ["a", "b"]).rounds(3);
        target.run(|_| vec![1_u8; 400 << 20].iter().all(|byte| *byte == 1));
    }

    #[test]
    fn the_same_seed_gives_the_same_inputs() {
        let inputs = || {
            let mut random = Random::new(7);
            let terms = Terms { words: &["null"], longest: 100 };
            let one: Vec<u8> = b"[1, 2, {\"a\": 34}]".to_vec();
            let pool = [one.clone()];
            (0..200).map(|_| one.mutated(&pool, terms, &mut random)).collect::<Vec<_>>()
        };
        assert_eq!(inputs(), inputs());
    }
}
