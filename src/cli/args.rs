//! The command line as pflag and cobra read it, and their words for what they refuse.

use crate::text::Add as _;
use machinery::duration;
use std::{collections::BTreeMap, time::Duration};

use crate::{
    flags::{Flag, Type},
    report::CliError,
    verbs::Run,
};

/// What a command line asks for.
pub(crate) enum Found {
    Verb {
        run: Run,
        parsed: Parsed,
    },
    /// A verb that only has verbs below, called alone.
    BarePage {
        path: String,
    },
    Help {
        path: String,
        to_err: bool,
    },
    /// `help` of what is no command.
    UnknownTopic {
        words: Vec<String>,
    },
    Plugin {
        words: Vec<String>,
    },
    Complete {
        words: Vec<String>,
        /// Candidates with what they are.
        described: bool,
    },
}

/// A command line, read: values by flag, the rest in order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Parsed {
    /// The path of the verb, such as `rollout status`.
    pub(crate) path: String,
    /// Arguments that are no flags.
    pub(crate) args: Vec<String>,
    /// How many of them stand before `--`; `None` without one.
    pub(crate) dash: Option<usize>,
    values: BTreeMap<&'static str, Vec<String>>,
    defaults: BTreeMap<&'static str, &'static str>,
}

impl Parsed {
    /// An empty command line with these flags.
    pub(crate) fn defaults_of(flags: &[Flag]) -> Self {
        let defaults = flags.iter().map(|flag| (flag.name, flag.default)).collect();
        Self { defaults, ..Self::default() }
    }

    /// The flag was given.
    pub(crate) fn given(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    /// The command has this flag.
    pub(crate) fn knows(&self, name: &str) -> bool {
        self.defaults.contains_key(name)
    }

    /// The same without the values of some flags: those that mean something else to the verb.
    pub(crate) fn without(mut self, names: &[&str]) -> Self {
        self.values.retain(|name, _| !names.contains(name));
        self
    }

    /// The same with another value of a flag.
    pub(crate) fn with(&self, name: &'static str, value: &str) -> Self {
        let mut changed = self.clone();
        changed.values.insert(name, vec![value.to_owned()]);
        changed
    }

    /// The value of a flag, or its default.
    pub(crate) fn text(&self, name: &str) -> &str {
        match self.values.get(name).and_then(|values| values.last()) {
            Some(value) => value,
            None => self.defaults.get(name).copied().unwrap_or_default(),
        }
    }

    /// The value of a flag if it is not empty.
    pub(crate) fn some(&self, name: &str) -> Option<&str> {
        Some(self.text(name)).filter(|text| !text.is_empty())
    }

    /// The value of a bool flag.
    pub(crate) fn is(&self, name: &str) -> bool {
        go_bool(self.text(name)).unwrap_or(false)
    }

    /// The value of an int flag.
    pub(crate) fn int(&self, name: &str) -> i64 {
        self.text(name).parse().unwrap_or_default()
    }

    /// The value of a duration flag.
    pub(crate) fn duration(&self, name: &str) -> Duration {
        duration::parse(self.text(name)).unwrap_or_default()
    }

    /// The values of a list flag.
    pub(crate) fn list(&self, name: &str) -> Vec<String> {
        self.values.get(name).cloned().unwrap_or_default()
    }

    /// Arguments before `--`.
    pub(crate) fn before_dash(&self) -> &[String] {
        &self.args[..self.dash.unwrap_or(self.args.len())]
    }

    /// Arguments after `--`.
    pub(crate) fn after_dash(&self) -> &[String] {
        self.dash.map(|at| &self.args[at..]).unwrap_or_default()
    }
}

/// Reads the words of one command.
pub(crate) fn parse(
    program: &str,
    path: &str,
    flags: &[Flag],
    words: &[String],
) -> Result<Option<Parsed>, CliError> {
    let mut parsed = Parsed { path: path.to_owned(), ..Parsed::default() };
    for flag in flags {
        parsed.defaults.entry(flag.name).or_insert(flag.default);
    }
    let refuse = |text: String| CliError::Flag {
        command: if path.is_empty() { program.to_owned() } else { format!("{program} {path}") },
        text,
    };
    let mut reader = Reader { flags, parsed, help: false };
    let mut rest = words.iter();
    while let Some(word) = rest.next() {
        if word == "--" {
            reader.parsed.dash = Some(reader.parsed.args.len());
            reader.parsed.args.extend(rest.by_ref().cloned());
        } else if let Some(long) = word.strip_prefix("--") {
            reader.long(long, &mut rest).map_err(refuse)?;
        } else if word.len() > 1 && word.starts_with('-') {
            reader.short(word, &mut rest).map_err(refuse)?;
        } else {
            reader.parsed.args.push(word.clone());
        }
        if reader.help {
            return Ok(None);
        }
    }
    Ok(Some(reader.parsed))
}

struct Reader<'f> {
    flags: &'f [Flag],
    parsed: Parsed,
    help: bool,
}

impl Reader<'_> {
    fn long<'w>(
        &mut self,
        word: &str,
        rest: &mut impl Iterator<Item = &'w String>,
    ) -> Result<(), String> {
        let (name, value) = match word.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (word, None),
        };
        if name.is_empty() || name.starts_with(['-', '=']) {
            return Err(format!("bad flag syntax: --{word}"));
        }
        let name = name.replace('_', "-");
        let Some(flag) = self.flags.iter().find(|flag| flag.name == name) else {
            if name == "help" {
                self.help = true;
                return Ok(());
            }
            return Err(format!("unknown flag: --{name}"));
        };
        let flag = flag.clone();
        let value = match (value, flag.alone) {
            (Some(value), _) => value.to_owned(),
            (None, Some(alone)) => alone.to_owned(),
            (None, None) => match rest.next() {
                Some(value) => value.clone(),
                None => return Err(format!("flag needs an argument: --{name}")),
            },
        };
        self.store(&flag, value, &format!("--{}", flag.name))
    }

    fn short<'w>(
        &mut self,
        word: &str,
        rest: &mut impl Iterator<Item = &'w String>,
    ) -> Result<(), String> {
        let mut cluster = word.get(1..).unwrap_or_default();
        while let Some(letter) = cluster.chars().next() {
            let after = cluster.get(letter.len_utf8()..).unwrap_or_default();
            let found = self.flags.iter().find(|flag| flag.letter == Some(letter));
            let Some(flag) = found.cloned() else {
                if letter == 'h' {
                    self.help = true;
                    return Ok(());
                }
                return Err(format!("unknown shorthand flag: '{letter}' in -{cluster}"));
            };
            let (value, left) = match (after.strip_prefix('='), flag.alone) {
                (Some(value), _) if !after.is_empty() => (value.to_owned(), ""),
                (_, Some(alone)) => (alone.to_owned(), after),
                (_, None) if !after.is_empty() => (after.to_owned(), ""),
                (_, None) => match rest.next() {
                    Some(value) => (value.clone(), ""),
                    None => {
                        return Err(format!("flag needs an argument: '{letter}' in -{cluster}"));
                    }
                },
            };
            self.store(&flag, value, &format!("-{letter}, --{}", flag.name))?;
            cluster = left;
        }
        Ok(())
    }

    fn store(&mut self, flag: &Flag, value: String, shown: &str) -> Result<(), String> {
        let shown = match flag.letter {
            Some(letter) => format!("-{letter}, --{}", flag.name),
            None => shown.to_owned(),
        };
        let refuse = |why: &str| {
            Err(format!("invalid argument {} for \"{shown}\" flag: {why}", go_quote(&value)))
        };
        match flag.kind {
            Type::Bool if go_bool(&value).is_none() => {
                return refuse(&format!(
                    "strconv.ParseBool: parsing {}: invalid syntax",
                    go_quote(&value)
                ));
            }
            Type::Int if value.parse::<i64>().is_err() => {
                return refuse(&format!(
                    "strconv.ParseInt: parsing {}: invalid syntax",
                    go_quote(&value)
                ));
            }
            Type::Duration if duration::parse(&value).is_none() => {
                return refuse(&format!("time: invalid duration {}", go_quote(&value)));
            }
            _ => {}
        }
        let values = self.parsed.values.entry(flag.name).or_default();
        match flag.kind {
            Type::List if value.is_empty() => {}
            Type::List => values.extend(value.split(',').map(str::to_owned)),
            Type::Each => values.push(value),
            _ => *values = vec![value],
        }
        Ok(())
    }
}

/// A Go string literal.
pub(crate) fn go_quote(text: &str) -> String {
    let mut out = String::from('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            letter if letter.is_control() => {
                out.add(format_args!("\\x{:02x}", u32::from(letter)));
            }
            letter => out.push(letter),
        }
    }
    out.push('"');
    out
}

fn go_bool(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}

/// A duration as Go prints it: `1m0s`.
pub(crate) fn show_duration(duration: Duration) -> String {
    let total = duration.as_secs();
    let (hours, minutes, seconds) = (total / 3600, total / 60 % 60, total % 60);
    let (millis, fraction) = (duration.subsec_millis(), duration.subsec_nanos());
    if total == 0 && millis > 0 {
        return format!("{millis}ms");
    }
    let seconds = if fraction > 0 {
        format!("{seconds}.{}", format!("{fraction:09}").trim_end_matches('0'))
    } else {
        seconds.to_string()
    };
    match (hours, minutes) {
        (0, 0) => format!("{seconds}s"),
        (0, _) => format!("{minutes}m{seconds}s"),
        _ => format!("{hours}h{minutes}m{seconds}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags() -> Vec<Flag> {
        crate::flags::read("-A --all=false -o --output='' -f --file=[] --env=[+] --tail=-1 --wait=5s --dry-run='none'?unchanged").collect()
    }

    fn read(line: &str) -> Result<Parsed, String> {
        let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        parse("kubectl", "get", &flags(), &words)
            .map(Option::unwrap_or_default)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn flags_are_read_as_pflag_does() {
        let parsed = read("a -Aojson --file=x,y -f z --env a,b --dry-run b -- -c").unwrap();
        assert!(parsed.is("all"));
        assert_eq!(parsed.text("output"), "json");
        assert_eq!(parsed.list("file"), ["x", "y", "z"]);
        assert_eq!(parsed.list("env"), ["a,b"]);
        assert_eq!(parsed.text("dry-run"), "unchanged");
        assert_eq!(
            (parsed.before_dash(), parsed.after_dash()),
            (&["a".to_owned(), "b".to_owned()][..], &["-c".to_owned()][..])
        );
        assert_eq!(parsed.duration("wait"), Duration::from_secs(5));
        assert_eq!(read("-o=wide --all=false").unwrap().text("output"), "wide");
    }

    #[test]
    fn refusals_have_pflag_s_words() {
        for (line, want) in [
            ("--bogus", "unknown flag: --bogus"),
            ("-z", "unknown shorthand flag: 'z' in -z"),
            ("--output", "flag needs an argument: --output"),
            ("-o", "flag needs an argument: 'o' in -o"),
            (
                "--tail=x",
                "invalid argument \"x\" for \"--tail\" flag: strconv.ParseInt: parsing \"x\": invalid syntax",
            ),
            (
                "--all=x",
                "invalid argument \"x\" for \"-A, --all\" flag: strconv.ParseBool: parsing \"x\": invalid syntax",
            ),
            (
                "--wait=x",
                "invalid argument \"x\" for \"--wait\" flag: time: invalid duration \"x\"",
            ),
        ] {
            assert_eq!(read(line).unwrap_err(), want, "{line}");
        }
    }

    #[test]
    fn durations_are_go_s() {
        assert_eq!(show_duration(Duration::from_mins(1)), "1m0s");
        assert_eq!(show_duration(Duration::from_millis(1500)), "1.5s");
    }
}
