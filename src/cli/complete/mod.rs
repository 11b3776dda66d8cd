//! Completion: scripts for shells, and answers to what they ask (`__complete`).
//!
//! The protocol is cobra's: candidates, one a line, then `:` and what the shell shall do with them. No
//! cluster is started for it, and it never waits long.

mod line;
mod names;
mod own;
mod values;

use std::time::Duration;

use clap_complete::{Generator as _, Shell};
use line::Line;
use values::Source;

use crate::{context::Context, flags, report::CliError, verbs};

/// How long a person who types waits for a server.
const PATIENCE: Duration = Duration::from_secs(2);

/// The completion script of a shell (`bash`, `zsh`, `fish`, `powershell`); `None` for others.
pub fn completion_script(shell: &str) -> Option<String> {
    script(shell, "kanoe")
}

/// The same for the name that the program is called by.
pub(crate) fn script(shell: &str, program: &str) -> Option<String> {
    let text = match shell {
        "bash" => include_str!("script.bash"),
        "zsh" => include_str!("script.zsh"),
        "fish" => include_str!("script.fish"),
        "powershell" => return Some(powershell(program)),
        _ => return None,
    };
    Some(text.replace("@PROGRAM@", program))
}

/// Made from the command tree: it knows verbs and flags, not the cluster.
fn powershell(program: &str) -> String {
    let mut command = verbs::command_tree();
    command.set_bin_name(program);
    command.build();
    let mut script = Vec::new();
    Shell::PowerShell.generate(&command, &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

/// Cobra's words for what the shell shall do with an answer.
const NO_FILES: (u8, &str) = (4, "ShellCompDirectiveNoFileComp");
const NO_SPACE: (u8, &str) = (6, "ShellCompDirectiveNoSpace, ShellCompDirectiveNoFileComp");
const DEFAULT: (u8, &str) = (0, "ShellCompDirectiveDefault");

/// A candidate and what it is, where that can be said.
type Candidate = (String, String);

/// Answers what could stand in place of the last word.
pub(crate) async fn answer(
    cx: &Context,
    words: &[String],
    described: bool,
) -> Result<(), CliError> {
    cx.never_boot();
    let line = Line::read(cx.program(), words);
    cx.take_globals(&line.parsed);
    let found = tokio::time::timeout(PATIENCE, Box::pin(candidates(cx, words, &line))).await;
    let (found, directive) = found.unwrap_or_default();
    let directive = directive.unwrap_or(DEFAULT);
    for (word, about) in found.into_iter().filter(|(word, _)| word.starts_with(&line.word)) {
        if described && !about.is_empty() {
            cx.say(&format!("{word}\t{about}"))?;
        } else {
            cx.say(&word)?;
        }
    }
    cx.say(&format!(":{}", directive.0))?;
    cx.say_err(&format!("Completion ended with directive: {}", directive.1));
    Ok(())
}

fn bare(words: Vec<String>) -> Vec<Candidate> {
    words.into_iter().map(|word| (word, String::new())).collect()
}

type Found = (Vec<Candidate>, Option<(u8, &'static str)>);

async fn candidates(cx: &Context, words: &[String], line: &Line) -> Found {
    if line.after_dash {
        return (Vec::new(), Some(DEFAULT));
    }
    if cx.program() == "kanoe"
        && let Some(found) = own::candidates(words)
    {
        return (found, Some(NO_FILES));
    }
    if let Some(flag) = &line.flag {
        let source = values::of(&line.path, flag.name);
        let found = bare(values::all(cx, source, line.args(), &line.word).await);
        let directive = match source {
            Source::Files | Source::Unknown => DEFAULT,
            Source::Starts(_) => NO_SPACE,
            Source::Named if !line.word.contains('/') => NO_SPACE,
            _ => NO_FILES,
        };
        return (found, Some(directive));
    }
    if line.word.starts_with('-') {
        return (flag_names(cx, &line.path), Some(NO_FILES));
    }
    let below = below(cx, line);
    if !below.is_empty() {
        return (below, Some(NO_FILES));
    }
    arguments(cx, line).await
}

fn flag_names(cx: &Context, path: &str) -> Vec<Candidate> {
    let flags = verbs::flags_at(path);
    let global: Vec<&str> = flags::read(flags::GLOBAL).map(|flag| flag.name).collect();
    let mut names: Vec<&str> =
        flags.iter().filter(|flag| flag.shown_by(cx.program())).map(|flag| flag.name).collect();
    names.push("help");
    // Flags of all commands come first, as cobra has them.
    names.sort_by_key(|name| (!global.contains(name), *name));
    let described = |name: &str| (format!("--{name}"), verbs::words::of_flag(name).to_owned());
    names.into_iter().map(described).collect()
}

/// Verbs below the path, where none was given yet.
fn below(cx: &Context, line: &Line) -> Vec<Candidate> {
    if !line.args().is_empty() {
        return Vec::new();
    }
    let ours = cx.program() == "kanoe";
    let mut found: Vec<Candidate> = verbs::children(&line.path)
        .filter(|verb| ours || !verb.ours())
        .map(|verb| (verb.name().to_owned(), verb.about.to_owned()))
        .collect();
    if line.path.is_empty() {
        found.push(("help".to_owned(), "Show the page of a command".to_owned()));
        found.push(("options".to_owned(), "Show the flags of all commands".to_owned()));
        if ours {
            found.extend(own::first_words());
        }
    }
    found.retain(|(word, _)| word.starts_with(&line.word));
    found.sort();
    found
}

/// What a verb's plain words may be.
async fn arguments(cx: &Context, line: &Line) -> Found {
    let args = line.args();
    let no_files = |words: Vec<String>| (bare(words), Some(NO_FILES));
    match line.path.as_str() {
        "logs" if args.len() == 1 => no_files(names::containers(cx, args).await),
        "port-forward" if !args.is_empty() => no_files(names::ports(cx, args).await),
        "logs" | "exec" | "attach" | "port-forward" | "debug" if args.is_empty() => {
            pods_and_types(cx, &line.word).await
        }
        "cp" => {
            let pods = names::of(cx, "pods").await.into_iter().map(|pod| format!("{pod}:"));
            (bare(pods.collect()), Some((2, "ShellCompDirectiveNoSpace")))
        }
        "config use-context"
        | "config delete-context"
        | "config rename-context"
        | "config set-context"
        | "ctx"
            if args.is_empty() =>
        {
            no_files(names::contexts(cx))
        }
        "config delete-cluster" | "config set-cluster" if args.is_empty() => {
            no_files(values::all(cx, Source::Clusters, args, "").await)
        }
        "config delete-user" | "config set-credentials" if args.is_empty() => {
            no_files(values::all(cx, Source::Users, args, "").await)
        }
        "cordon" | "uncordon" | "drain" | "top node" => no_files(others(cx, "nodes", args).await),
        "top pod" => no_files(others(cx, "pods", args).await),
        "ns" if args.is_empty() => no_files(names::of(cx, "namespaces").await),
        "certificate approve" | "certificate deny" => {
            no_files(others(cx, "certificatesigningrequests", args).await)
        }
        "explain" if args.is_empty() => no_files(names::types(cx).await),
        "completion" if args.is_empty() => {
            no_files(["bash", "fish", "powershell", "zsh"].map(str::to_owned).to_vec())
        }
        "get" | "describe" | "delete" | "edit" | "label" | "annotate" | "patch" | "wait"
        | "tree" | "why" | "neat" | "set env" | "set image" | "set resources" | "set selector"
        | "set serviceaccount" | "set subject" => no_files(resource_words(cx, line, None).await),
        path => match types_of(path) {
            Some(types) => no_files(resource_words(cx, line, Some(types)).await),
            None => (Vec::new(), Some(DEFAULT)),
        },
    }
}

/// The types that some verbs are for.
fn types_of(path: &str) -> Option<&'static [&'static str]> {
    Some(match path {
        "rollout pause" | "rollout resume" => &["deployment"],
        "rollout status" | "rollout undo" | "rollout history" | "rollout restart" => {
            &["daemonset", "deployment", "statefulset"]
        }
        "scale" => &["deployment", "replicaset", "replicationcontroller", "statefulset"],
        "autoscale" => &["deployment", "replicaset", "replicationcontroller"],
        "expose" => &["deployment", "pod", "replicaset", "replicationcontroller", "service"],
        "taint" => &["node"],
        _ => return None,
    })
}

/// Names of a type that the line has not yet.
async fn others(cx: &Context, kind: &str, args: &[String]) -> Vec<String> {
    let mut names = names::of(cx, kind).await;
    names.retain(|name| !args.contains(name));
    names
}

/// Pods, and the types whose pods may be meant.
async fn pods_and_types(cx: &Context, word: &str) -> Found {
    const TYPES: [&str; 8] = [
        "daemonsets/",
        "deployments/",
        "pods/",
        "jobs/",
        "replicasets/",
        "replicationcontrollers/",
        "services/",
        "statefulsets/",
    ];
    if word.contains('/') {
        return (bare(names::typed(cx, word).await), Some(NO_FILES));
    }
    let pods: Vec<String> =
        names::of(cx, "pods").await.into_iter().filter(|name| name.starts_with(word)).collect();
    let directive = if pods.is_empty() { NO_SPACE } else { NO_FILES };
    let types = TYPES.iter().map(|kind| (*kind).to_owned());
    (bare(pods.into_iter().chain(types).collect()), Some(directive))
}

/// `TYPE NAME...` or `TYPE/NAME...`.
async fn resource_words(
    cx: &Context,
    line: &Line,
    types: Option<&'static [&'static str]>,
) -> Vec<String> {
    let args = line.args();
    if line.word.contains('/') {
        let mut found = names::typed(cx, &line.word).await;
        found.retain(|name| !args.contains(name));
        return found;
    }
    match (args.first(), types) {
        (Some(kind), _) => others(cx, kind, args).await,
        (None, Some(types)) => types.iter().map(|kind| (*kind).to_owned()).collect(),
        (None, None) => names::types(cx).await,
    }
}
