//! Every verb: its words, its flags, what it does. One file (or folder) a verb.

pub(crate) mod words;

mod annotate;
mod api;
mod apply;
mod attach;
mod auth;
mod autoscale;
mod certificate;
mod cluster_info;
mod completion;
mod config;
mod cordon;
mod cp;
mod create;
mod debug;
mod delete;
mod describe;
mod diff;
mod drain;
mod edit;
mod events;
mod exec;
mod explain;
mod expose;
mod get;
mod kuberc;
mod kustomize;
mod logs;
mod neat;
mod patch;
mod plugin;
mod port_forward;
mod proxy;
mod replace;
mod rollout;
mod run;
mod scale;
mod set;
mod table;
mod taint;
mod top;
mod tree;
mod version;
mod wait;
mod why;

use crate::text::Add as _;
use std::{future::Future, pin::Pin};

pub(crate) use create::{LAST_APPLIED, hash, resource};
use table::VERBS;
pub(crate) use version::must_match;

use crate::{
    args::{self, Found, Parsed},
    context::Context,
    flags::{self, Flag},
    report::CliError,
};

/// What a verb does.
pub(crate) type Run =
    for<'c> fn(&'c Context, Parsed) -> Pin<Box<dyn Future<Output = Result<(), CliError>> + 'c>>;

/// One verb.
pub(crate) struct Verb {
    /// Its words, such as `rollout status`.
    pub(crate) path: &'static str,
    /// The group on the first help page.
    pub(crate) group: &'static str,
    /// Other names of its last word.
    pub(crate) aliases: &'static [&'static str],
    /// One sentence, without its full stop.
    pub(crate) about: &'static str,
    /// The usage line, without program and `[options]`.
    pub(crate) usage: &'static str,
    /// Its flags, in tables.
    pub(crate) flags: &'static [&'static str],
    /// What it does; a verb that only has verbs below prints its page.
    pub(crate) run: Option<Run>,
}

impl std::fmt::Debug for Verb {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Verb({})", self.path)
    }
}

impl Verb {
    /// The last word.
    pub(crate) fn name(&self) -> &'static str {
        self.path.rsplit(' ').next().unwrap_or_default()
    }

    /// kubectl has it not.
    pub(crate) fn ours(&self) -> bool {
        self.group == "own"
    }

    fn parent(&self) -> &'static str {
        self.path.rsplit_once(' ').map_or("", |(parent, _)| parent)
    }
}

/// Titles of the first help page, in order.
pub(crate) const GROUPS: &[(&str, &str)] = &[
    ("Basic Commands (Beginner):", "beginner"),
    ("Basic Commands (Intermediate):", "intermediate"),
    ("Deploy Commands:", "deploy"),
    ("Cluster Management Commands:", "cluster"),
    ("Troubleshooting and Debugging Commands:", "debug"),
    ("Advanced Commands:", "advanced"),
    ("Settings Commands:", "settings"),
    ("Subcommands provided by plugins:", "plugins"),
    ("Other Commands:", "other"),
];

/// The verb of a path.
pub(crate) fn entry(path: &str) -> Option<&'static Verb> {
    VERBS.iter().find(|verb| verb.path == path)
}

/// The verbs right below a path.
pub(crate) fn children(path: &str) -> impl Iterator<Item = &'static Verb> {
    VERBS.iter().filter(move |verb| verb.parent() == path && verb.path != path)
}

/// A verb's own flags.
pub(crate) fn own_flags(verb: &Verb) -> Vec<Flag> {
    verb.flags.iter().flat_map(|table| flags::read(table)).collect()
}

/// The names of the flags of a path's own.
pub(crate) fn own_names(path: &str) -> Vec<&'static str> {
    entry(path).map(own_flags).unwrap_or_default().iter().map(|flag| flag.name).collect()
}

fn all_flags(verb: Option<&Verb>) -> Vec<Flag> {
    let mut found = verb.map(own_flags).unwrap_or_default();
    let global = flags::read(flags::GLOBAL);
    let global: Vec<Flag> = global
        .filter(|flag| !found.iter().any(|own| own.name == flag.name))
        .map(|mut flag| {
            if found.iter().any(|own| own.letter.is_some() && own.letter == flag.letter) {
                flag.letter = None;
            }
            flag
        })
        .collect();
    found.extend(global);
    found
}

/// Finds the verb that the words begin with and reads the rest.
pub(crate) fn find(program: &str, words: &[String]) -> Result<Found, CliError> {
    match words.first().map(String::as_str) {
        Some(asked @ ("__complete" | "__completeNoDesc")) => {
            let described = asked == "__complete";
            return Ok(Found::Complete { words: words[1..].to_vec(), described });
        }
        Some("help") => return Ok(help_of(&words[1..])),
        Some("options") => return Ok(Found::Help { path: "options".to_owned(), to_err: false }),
        Some("alpha") => {
            let text = format!("No alpha commands are available in this version of {program}\n");
            return Err(CliError::Words { text, code: 0 });
        }
        _ => {}
    }
    let (verb, rest) = descend(words);
    let Some(verb) = verb else { return no_verb(program, words) };
    // A plugin that somebody installed for kubectl goes before what we have beyond it.
    if verb.ours() && program == "kubectl" && crate::plugin::find(words).is_some() {
        return Ok(Found::Plugin { words: words.to_vec() });
    }
    // What can be created may be added to by plugins.
    if verb.path == "create"
        && rest.first().is_some_and(|word| !word.starts_with('-'))
        && crate::plugin::find(words).is_some_and(|(_, count)| count > 1)
    {
        return Ok(Found::Plugin { words: words.to_vec() });
    }
    if let Some(run) = verb.run {
        let flags = all_flags(Some(verb));
        return match args::parse(program, verb.path, &flags, &rest)? {
            None => Ok(Found::Help { path: verb.path.to_owned(), to_err: false }),
            Some(parsed) => Ok(Found::Verb { run, parsed }),
        };
    }
    let flags = all_flags(None);
    let Some(parsed) = args::parse(program, verb.path, &flags, &rest)? else {
        return Ok(Found::Help { path: verb.path.to_owned(), to_err: false });
    };
    match parsed.args.first() {
        None => Ok(Found::BarePage { path: verb.path.to_owned() }),
        Some(_) => Err(CliError::Usage {
            command: format!("{program} {}", verb.path),
            text: format!("unknown command \"{}\"", parsed.args.join(" ")),
        }),
    }
}

/// The path that words lead to, and the words that are left.
pub(crate) fn path_of(words: &[String]) -> (String, Vec<String>) {
    let (verb, rest) = descend(words);
    let plain = rest.into_iter().filter(|word| !word.starts_with('-')).collect();
    (verb.map_or(String::new(), |verb| verb.path.to_owned()), plain)
}

/// All flags that the verb of a path takes.
pub(crate) fn flags_at(path: &str) -> Vec<Flag> {
    all_flags(entry(path))
}

fn help_of(words: &[String]) -> Found {
    let (verb, _) = descend(words);
    if verb.is_none() && !words.is_empty() {
        return Found::UnknownTopic { words: words.to_vec() };
    }
    Found::Help { path: verb.map_or("", |verb| verb.path).to_owned(), to_err: false }
}

/// Follows words down the tree; flags on the way are kept for the verb.
pub(crate) fn descend(words: &[String]) -> (Option<&'static Verb>, Vec<String>) {
    let takes_value = |word: &str| {
        let mut global = flags::read(flags::GLOBAL);
        if let Some(name) = word.strip_prefix("--") {
            return !name.contains('=') && global.any(|f| f.name == name && f.alone.is_none());
        }
        let mut letters = word.trim_start_matches('-').chars();
        let letter = letters.next();
        letters.next().is_none() && global.any(|f| f.letter == letter && f.alone.is_none())
    };
    let mut verb: Option<&'static Verb> = None;
    let mut rest = Vec::new();
    let mut at = 0;
    while let Some(word) = words.get(at) {
        if word == "--" {
            break;
        }
        if word.starts_with('-') && word.len() > 1 {
            rest.push(word.clone());
            at += 1;
            if takes_value(word) {
                rest.extend(words.get(at).cloned());
                at += 1;
            }
            continue;
        }
        let path = verb.map_or("", |verb| verb.path);
        let below = children(path).find(|c| c.name() == word || c.aliases.contains(&word.as_str()));
        let Some(below) = below else { break };
        verb = Some(below);
        at += 1;
    }
    rest.extend(words.get(at..).unwrap_or_default().iter().cloned());
    (verb, rest)
}

fn no_verb(program: &str, words: &[String]) -> Result<Found, CliError> {
    let flags = all_flags(None);
    let plain = words.iter().find(|word| !word.starts_with('-'));
    if plain.is_some() && words.first().is_some_and(|word| !word.starts_with('-')) {
        return Ok(Found::Plugin { words: words.to_vec() });
    }
    let Some(parsed) = args::parse(program, "", &flags, words)? else {
        return Ok(Found::Help { path: String::new(), to_err: false });
    };
    match parsed.args.first() {
        None => Ok(Found::Help { path: String::new(), to_err: false }),
        Some(_) => Ok(Found::Plugin { words: words.to_vec() }),
    }
}

/// What other programs call a verb.
const MEANT: &[(&str, &str)] = &[
    ("rm", "delete"),
    ("remove", "delete"),
    ("inspect", "describe"),
    ("list", "get"),
    ("ls", "get"),
    ("stats", "top"),
];

/// The refusal of a word that is no verb, with what may have been meant.
pub(crate) fn unknown(program: &str, word: &str) -> CliError {
    let mut text = format!("error: unknown command \"{word}\" for \"{program}\"\n");
    let close: Vec<&str> = children("")
        .filter(|verb| !verb.ours())
        .map(Verb::name)
        .filter(|name| {
            distance(word, name) <= 2
                || name.to_lowercase().starts_with(&word.to_lowercase())
                || MEANT
                    .iter()
                    .any(|(other, verb)| verb == name && other.eq_ignore_ascii_case(word))
        })
        .collect();
    if !close.is_empty() {
        text.push_str("\nDid you mean this?\n");
        for name in close {
            text.add(format_args!("\t{name}\n"));
        }
    }
    CliError::Words { text, code: 1 }
}

/// Levenshtein's distance, small and capital letters alike.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) =
        (a.to_lowercase().chars().collect(), b.to_lowercase().chars().collect());
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut before = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let next = (before + usize::from(x != y)).min(row[j] + 1).min(row[j + 1] + 1);
            before = std::mem::replace(&mut row[j + 1], next);
        }
    }
    row[b.len()]
}

/// The whole tree as a clap command, for completion and manual pages.
pub fn command_tree() -> clap::Command {
    let mut root = clap::Command::new("kanoe")
        .about("A kubectl and a Kubernetes in one program")
        .disable_help_subcommand(true)
        .args(clap_args(&flags::read(flags::GLOBAL).collect::<Vec<_>>(), true));
    for verb in children("") {
        root = root.subcommand(clap_command(verb));
    }
    root.subcommands(crate::own::commands())
}

fn clap_command(verb: &'static Verb) -> clap::Command {
    let mut command = clap::Command::new(verb.name())
        .about(verb.about)
        .visible_aliases(verb.aliases.iter().copied())
        .disable_help_subcommand(true)
        .args(clap_args(&own_flags(verb), false));
    for child in children(verb.path) {
        command = command.subcommand(clap_command(child));
    }
    if verb.run.is_some() {
        command = command.arg(clap::Arg::new("ARGS").num_args(0..));
    }
    command
}

fn clap_args(flags: &[Flag], global: bool) -> Vec<clap::Arg> {
    let visible = flags.iter().filter(|flag| !flag.hidden);
    visible
        .map(|flag| {
            let mut arg = clap::Arg::new(flag.name)
                .long(flag.name)
                .help(words::of_flag(flag.name))
                .global(global);
            if let Some(letter) = flag.letter {
                arg = arg.short(letter);
            }
            if flag.kind == flags::Type::Bool {
                return arg.action(clap::ArgAction::SetTrue);
            }
            arg.value_name(flag.name.to_uppercase().replace('-', "_"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tree_is_sound() {
        command_tree().debug_assert();
        for verb in VERBS {
            assert!(!verb.about.is_empty(), "{}", verb.path);
            let names: Vec<_> = all_flags(Some(verb)).iter().map(|f| f.name).collect();
            let unique: std::collections::HashSet<_> = names.iter().collect();
            assert_eq!(names.len(), unique.len(), "{}: {names:?}", verb.path);
        }
    }

    #[test]
    fn close_words_are_offered() {
        let text = unknown("kubectl", "gett").to_string();
        assert_eq!(
            text,
            "error: unknown command \"gett\" for \"kubectl\"\n\nDid you mean this?\n\tset\n\tget\n"
        );
        assert_eq!(distance("kitten", "sitting"), 3);
    }
}
