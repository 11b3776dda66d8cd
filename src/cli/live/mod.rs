//! What a person sees while a command waits: a bar for what is waited for, and a line for each pod that
//! is in trouble, as it happens. In a pipe nothing of it.
//!
//! The bars are drawn on stderr; data goes to stdout, above them.

mod follow;
mod layers;
mod trouble;
mod words;

use std::{
    cell::RefCell,
    io::IsTerminal as _,
    sync::{Arc, Mutex},
    time::Duration,
};

pub(crate) use follow::Follow;
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
pub use layers::ImageBars;
pub(crate) use trouble::{HOPELESS, hopeless, or_trouble};
pub(crate) use words::{Speaker, last_words};

use crate::{context::Context, report::CliError};

/// How often the time on a bar goes on.
const TICK: Duration = Duration::from_millis(250);
/// Lines below the bar.
const MOST_LINES: usize = 8;

/// A person looks at both outputs.
pub(crate) fn is_watched() -> bool {
    let able = std::env::var("TERM").is_ok_and(|term| !term.is_empty() && term != "dumb");
    able && std::io::stdout().is_terminal() && std::io::stderr().is_terminal()
}

/// Waits no longer than a limit; zero is none.
pub(crate) async fn within<T>(
    limit: Duration,
    waiting: impl Future<Output = Result<T, CliError>>,
) -> Result<T, CliError> {
    let waiting = Box::pin(waiting);
    if limit.is_zero() {
        return waiting.await;
    }
    tokio::time::timeout(limit, waiting)
        .await
        .unwrap_or_else(|_| Err(CliError::plain("timed out waiting for the condition")))
}

/// The bars that are drawn at the moment, known to all who write.
#[derive(Debug, Clone, Default)]
pub(crate) struct Bars(Arc<Mutex<Option<MultiProgress>>>);

impl Bars {
    /// Does something with the bars out of the way. What is done must not ask for the same.
    pub(crate) fn aside<T>(&self, work: impl FnOnce() -> T) -> T {
        let drawn = self.0.lock().map(|drawn| drawn.clone()).unwrap_or_default();
        match drawn {
            Some(all) => all.suspend(work),
            None => work(),
        }
    }

    fn set(&self, drawn: Option<MultiProgress>) {
        // Whoever panicked while drawing left nothing that matters.
        if let Ok(mut place) = self.0.lock() {
            *place = drawn;
        }
    }
}

/// A bar and the lines below it; none of it where nobody watches.
#[derive(Debug, Default)]
pub(crate) struct Board {
    drawn: Option<Drawn>,
}

#[derive(Debug)]
struct Drawn {
    all: MultiProgress,
    bar: ProgressBar,
    known: Bars,
    lines: RefCell<Vec<ProgressBar>>,
}

impl Board {
    /// A bar with a title, if somebody watches.
    pub(crate) fn new(cx: &Context, title: &str) -> Self {
        if is_watched() { Self::drawn(title, cx.bars()) } else { Self::default() }
    }

    fn drawn(title: &str, known: &Bars) -> Self {
        let all = MultiProgress::new();
        known.set(Some(all.clone()));
        let bar = all.add(ProgressBar::new(1));
        let style = "{spinner} {prefix} [{bar:24}] {pos}/{len} {elapsed} {wide_msg}";
        if let Ok(style) = ProgressStyle::with_template(style) {
            bar.set_style(style.progress_chars("=> "));
        }
        bar.set_prefix(title.to_owned());
        bar.enable_steady_tick(TICK);
        Self { drawn: Some(Drawn { all, bar, known: known.clone(), lines: RefCell::default() }) }
    }

    /// Somebody watches.
    pub(crate) fn is_drawn(&self) -> bool {
        self.drawn.is_some()
    }

    /// So many of so many, and what is waited for.
    pub(crate) fn set(&self, have: i64, wanted: i64, message: &str) {
        let Some(drawn) = &self.drawn else { return };
        drawn.bar.set_length(u64::try_from(wanted).unwrap_or(0));
        drawn.bar.set_position(u64::try_from(have.clamp(0, wanted.max(0))).unwrap_or(0));
        drawn.bar.set_message(message.to_owned());
    }

    /// What stands below the bar.
    pub(crate) fn lines(&self, texts: &[String]) {
        let Some(drawn) = &self.drawn else { return };
        let mut shown: Vec<String> = texts.iter().take(MOST_LINES).cloned().collect();
        if texts.len() > MOST_LINES {
            shown.push(format!("and {} more", texts.len() - MOST_LINES));
        }
        let mut lines = drawn.lines.borrow_mut();
        while lines.len() > shown.len() {
            if let Some(line) = lines.pop() {
                line.finish_and_clear();
                drawn.all.remove(&line);
            }
        }
        while lines.len() < shown.len() {
            let line = drawn.all.add(ProgressBar::new_spinner());
            if let Ok(style) = ProgressStyle::with_template("    {wide_msg}") {
                line.set_style(style);
            }
            lines.push(line);
        }
        for (line, text) in lines.iter().zip(shown) {
            line.set_message(text);
        }
    }

    /// Takes the bar away; what is said next stands in its place.
    pub(crate) fn clear(&self) {
        let Some(drawn) = &self.drawn else { return };
        self.lines(&[]);
        drawn.bar.finish_and_clear();
        drawn.known.set(None);
    }

    /// The same, after something went wrong: the last lines stay as text.
    pub(crate) fn leave(&self, cx: &Context) {
        let Some(drawn) = &self.drawn else { return };
        let left: Vec<String> = drawn.lines.borrow().iter().map(ProgressBar::message).collect();
        self.clear();
        for line in left {
            cx.say_err(&line);
        }
    }

    /// Takes the bar away as the outcome demands.
    pub(crate) fn end<T>(&self, cx: &Context, outcome: &Result<T, CliError>) {
        match outcome {
            Ok(_) => self.clear(),
            Err(_) => self.leave(cx),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_board_that_nobody_sees_does_nothing() {
        let board = Board::default();
        board.set(1, 2, "x");
        board.lines(&["a".to_owned()]);
        assert!(!board.is_drawn());
    }

    #[test]
    fn lines_come_and_go() {
        let board = Board::drawn("x", &Bars::default());
        let texts: Vec<String> = (0..12).map(|at| at.to_string()).collect();
        board.lines(&texts);
        let shown = |board: &Board| board.drawn.as_ref().unwrap().lines.borrow().len();
        assert_eq!(shown(&board), MOST_LINES + 1);
        board.lines(&texts[..2]);
        assert_eq!(shown(&board), 2);
        board.clear();
        assert_eq!(shown(&board), 0);
    }
}
