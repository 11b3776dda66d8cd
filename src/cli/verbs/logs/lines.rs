//! What becomes of a log's lines before they are printed: which are left out, what of them is shown, and
//! what stands before them. Without any wish of ours bytes pass as they are.

use regex::bytes::Regex;
use serde_json::Value;

use crate::{args::Parsed, report::CliError, terminal::Palette};

/// Our own wishes about lines.
#[derive(Debug, Clone, Default)]
pub(super) struct Wishes {
    grep: Option<Regex>,
    /// Roads of fields, such as `["http", "status"]`.
    fields: Vec<Vec<String>>,
    /// A time and a blank stand before each line.
    stamped: bool,
}

impl Wishes {
    /// Errors: `--grep` is no regular expression.
    pub(super) fn of(parsed: &Parsed) -> Result<Self, CliError> {
        let grep = parsed.some("grep").map(Regex::new).transpose();
        let grep = grep.map_err(|error| {
            let text = parsed.text("grep");
            CliError::plain(format!("invalid --grep {text:?}: {error}"))
        })?;
        let fields = parsed.list("json-fields");
        let fields = fields.iter().filter(|road| !road.is_empty());
        let fields = fields
            .map(|text| text.trim_start_matches('.').split('.').map(str::to_owned).collect())
            .collect();
        Ok(Self { grep, fields, stamped: parsed.is("timestamps") })
    }

    /// Lines pass as they are.
    pub(super) fn are_none(&self) -> bool {
        self.grep.is_none() && self.fields.is_empty()
    }

    /// A line (with its end) as it is shown; `None`: it is left out.
    pub(super) fn shown(&self, line: &[u8]) -> Option<Vec<u8>> {
        if self.grep.as_ref().is_some_and(|grep| !grep.is_match(line)) {
            return None;
        }
        if self.fields.is_empty() {
            return Some(line.to_vec());
        }
        let mut text = line;
        let mut stamp: &[u8] = &[];
        if self.stamped
            && let Some(at) = line.iter().position(|byte| *byte == b' ')
        {
            (stamp, text) = line.split_at(at + 1);
        }
        // What is no JSON object is told as it is: it may be the most important line of all.
        let Ok(value @ Value::Object(_)) = serde_json::from_slice::<Value>(text) else {
            return Some(line.to_vec());
        };
        let cells: Vec<String> = self.fields.iter().map(|road| cell(&value, road)).collect();
        let mut out = stamp.to_vec();
        out.extend_from_slice(cells.join(" ").as_bytes());
        out.push(b'\n');
        Some(out)
    }
}

/// A field as text; `-` where the line has it not. A name with dots in it is tried as it is first.
fn cell(value: &Value, road: &[String]) -> String {
    let whole = value.get(road.join("."));
    let found = whole.or_else(|| road.iter().try_fold(value, |at, name| at.get(name)));
    match found {
        None | Some(Value::Null) => "-".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

/// What stands before the lines of one of many logs.
pub(super) fn prefix(palette: Palette, at: usize, pod: &str, container: &str) -> String {
    format!("{} ", palette.prefix(at, &format!("[pod/{pod}/{container}]")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wishes(line: &str) -> Wishes {
        let flags = crate::verbs::flags_at("logs");
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        let parsed = crate::args::parse("kanoe", "logs", &flags, &words).unwrap().unwrap();
        Wishes::of(&parsed).unwrap()
    }

    fn shown(wishes: &Wishes, line: &str) -> Option<String> {
        wishes.shown(line.as_bytes()).map(|line| String::from_utf8(line).unwrap())
    }

    #[test]
    fn lines_are_chosen_and_their_fields_shown() {
        assert!(wishes("").are_none());
        let some = wishes("--grep=err|warn --json-fields=level,http.status,a.b,msg");
        assert_eq!(shown(&some, "all is well\n"), None);
        assert_eq!(shown(&some, "plain error\n").unwrap(), "plain error\n");
        let line = "{\"level\":\"err\",\"http\":{\"status\":500},\"a.b\":true,\"msg\":\"oh no\"}\n";
        assert_eq!(shown(&some, line).unwrap(), "err 500 true oh no\n");
        assert_eq!(shown(&some, "{\"level\":\"warn\"}\n").unwrap(), "warn - - -\n");
        let stamped = wishes("--timestamps --json-fields=level");
        assert_eq!(
            shown(&stamped, "2026-01-01T00:00:00Z {\"level\":1}\n").unwrap(),
            "2026-01-01T00:00:00Z 1\n"
        );
    }

    #[test]
    fn a_grep_that_is_none_is_refused() {
        let flags = crate::verbs::flags_at("logs");
        let words = vec!["--grep=(".to_owned()];
        let parsed = crate::args::parse("kanoe", "logs", &flags, &words).unwrap().unwrap();
        assert!(Wishes::of(&parsed).unwrap_err().to_string().contains("invalid --grep"));
    }

    #[test]
    fn prefixes_name_their_source() {
        assert_eq!(prefix(Palette::default(), 0, "p", "c"), "[pod/p/c] ");
    }
}
