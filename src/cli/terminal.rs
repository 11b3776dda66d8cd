//! What only a person at a terminal gets: colours. A reader that is a program gets plain text.
//!
//! Source of the rules: no-color.org.

use std::io::IsTerminal as _;

use crate::report::CliError;

/// What a text is painted for, not with: the state that it tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tint {
    /// All is well.
    Good,
    /// Not yet as it shall be.
    Busy,
    /// Something is wrong.
    Bad,
    /// Over, or of no interest.
    Faint,
    /// A headline.
    Strong,
}

impl Tint {
    fn code(self) -> &'static str {
        match self {
            Self::Good => "32",
            Self::Busy => "33",
            Self::Bad => "31",
            Self::Faint => "2",
            Self::Strong => "1",
        }
    }
}

/// Paints, or leaves texts as they are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Palette {
    on: bool,
}

impl Palette {
    /// What `--color` and the surroundings settle.
    ///
    /// Errors: `--color` is none of its three words.
    pub(crate) fn of(flag: &str) -> Result<Self, CliError> {
        let variable = |name: &str| std::env::var(name).unwrap_or_default();
        let able = std::io::stdout().is_terminal() && variable("TERM") != "dumb";
        Self::settled(flag, able, &variable("NO_COLOR"))
    }

    fn settled(flag: &str, able: bool, no_color: &str) -> Result<Self, CliError> {
        let on = match flag {
            "auto" => able && no_color.is_empty(),
            "always" => true,
            "never" => false,
            other => {
                let text =
                    format!("invalid --color {other:?}: must be one of auto, always or never");
                return Err(CliError::plain(text));
            }
        };
        Ok(Self { on })
    }

    /// It paints.
    pub(crate) fn is_on(self) -> bool {
        self.on
    }

    /// A text in the colour of a state.
    pub(crate) fn paint(self, tint: Option<Tint>, text: &str) -> String {
        match tint {
            Some(tint) if self.on && !text.is_empty() => {
                format!("\x1b[{}m{text}\x1b[0m", tint.code())
            }
            _ => text.to_owned(),
        }
    }

    /// The prefix of one of many sources, each in a colour of its own.
    pub(crate) fn prefix(self, source: usize, text: &str) -> String {
        const COLOURS: [&str; 6] = ["36", "35", "34", "32", "33", "31"];
        match COLOURS.get(source % COLOURS.len()) {
            Some(code) if self.on => format!("\x1b[{code}m{text}\x1b[0m"),
            _ => text.to_owned(),
        }
    }
}

/// The columns that a text fills: its letters without the paint.
pub(crate) fn visible(text: &str) -> usize {
    let mut count = 0;
    let mut rest = text;
    while let Some((before, painted)) = rest.split_once("\x1b[") {
        count += before.chars().count();
        rest = painted.split_once('m').map_or("", |(_, after)| after);
    }
    count + rest.chars().count()
}

/// Text of somebody else's, with nothing in it that a terminal would obey.
pub(crate) fn harmless(text: &str) -> String {
    text.replace('\x1b', "^[").replace('\r', "\\r")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paint_is_for_terminals_that_want_it() {
        let on = |flag, able, no_color| Palette::settled(flag, able, no_color).unwrap().is_on();
        assert!(on("auto", true, ""));
        assert!(!on("auto", true, "1"), "NO_COLOR is set");
        assert!(!on("auto", false, ""), "a pipe");
        assert!(on("always", false, "1"));
        assert!(!on("never", true, ""));
        assert!(Palette::settled("blue", true, "").is_err());
    }

    #[test]
    fn paint_takes_no_room() {
        let palette = Palette { on: true };
        let text = palette.paint(Some(Tint::Good), "Läuft");
        assert_eq!(text, "\x1b[32mLäuft\x1b[0m");
        assert_eq!(visible(&text), 5);
        assert_eq!(visible(&format!("a{text}b")), 7);
        assert_eq!(Palette::default().paint(Some(Tint::Bad), "x"), "x");
        assert_eq!(harmless("a\x1b[31mb\r"), "a^[[31mb\\r");
    }
}
