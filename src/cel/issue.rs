//! What is wrong with an expression, as cel-go shows it.

use std::fmt;

/// One thing that is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Issue {
    /// Letters before it; `None`: it stands nowhere.
    pub(crate) at: Option<usize>,
    pub(crate) message: String,
}

/// All that is wrong with an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issues {
    source: String,
    issues: Vec<Issue>,
}

/// The most that are told.
const MOST: usize = 100;

impl Issues {
    pub(crate) fn new(source: &str, mut issues: Vec<Issue>) -> Self {
        issues.sort_by_key(|issue| issue.at);
        issues.truncate(MOST);
        Self { source: source.to_owned(), issues }
    }

    /// The words of each, without place.
    pub fn messages(&self) -> impl Iterator<Item = &str> {
        self.issues.iter().map(|issue| issue.message.as_str())
    }
}

impl std::error::Error for Issues {}

impl fmt::Display for Issues {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, issue) in self.issues.iter().enumerate() {
            if index > 0 {
                writeln!(out)?;
            }
            self.show(issue, out)?;
        }
        Ok(())
    }
}

impl Issues {
    fn show(&self, issue: &Issue, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(at) = issue.at else {
            return write!(out, "ERROR: <input>:-1:0: {}", issue.message);
        };
        let (mut line, mut column, mut start) = (1, 0, 0);
        for (index, letter) in self.source.chars().enumerate().take(at) {
            column += 1;
            if letter == '\n' {
                (line, column, start) = (line + 1, 0, index + 1);
            }
        }
        write!(out, "ERROR: <input>:{line}:{}: {}", column + 1, issue.message)?;
        let text: String =
            self.source.chars().skip(start).take_while(|letter| *letter != '\n').collect();
        write!(out, "\n | {}\n | ", text.replace('\t', " "))?;
        let wide = |letter: char| letter.len_utf8() > 1;
        for letter in text.chars().take(column) {
            out.write_str(if wide(letter) { "\u{ff0e}" } else { "." })?;
        }
        let here = text.chars().nth(column).is_some_and(wide);
        out.write_str(if here { "\u{ff3e}" } else { "^" })
    }
}
