//! Completion: scripts for shells, and answers to what they ask (`__complete`).

use clap_complete::{Generator as _, Shell};

use crate::{context::Context, flags, report::CliError, verbs};

/// The completion script of a shell (`bash`, `zsh`, `fish`, `powershell`); `None` for others.
pub fn completion_script(shell: &str) -> Option<String> {
    let shell: Shell = shell.parse().ok()?;
    let mut command = verbs::command_tree();
    command.set_bin_name("kanoe");
    command.build();
    let mut script = Vec::new();
    shell.generate(&command, &mut script);
    Some(String::from_utf8_lossy(&script).into_owned())
}

/// Cobra's words for what the shell shall do with an answer.
const NO_FILES: (u8, &str) = (4, "ShellCompDirectiveNoFileComp");
const NO_SPACE: (u8, &str) = (6, "ShellCompDirectiveNoSpace, ShellCompDirectiveNoFileComp");
const DEFAULT: (u8, &str) = (0, "ShellCompDirectiveDefault");

/// Answers what could stand in place of the last word.
pub(crate) async fn answer(cx: &Context, words: &[String]) -> Result<(), CliError> {
    let (last, before) = match words.split_last() {
        Some((last, before)) => (last.as_str(), before),
        None => ("", [].as_slice()),
    };
    let (found, directive) = candidates(cx, before, last).await;
    for word in found {
        cx.say(&word)?;
    }
    cx.say(&format!(":{}", directive.0))?;
    cx.say_err(&format!("Completion ended with directive: {}", directive.1));
    Ok(())
}

async fn candidates(
    cx: &Context,
    before: &[String],
    last: &str,
) -> (Vec<String>, (u8, &'static str)) {
    let (path, rest) = verbs::path_of(before);
    if let Some(start) = last.strip_prefix('-') {
        let flags = verbs::flags_at(&path);
        let global: Vec<&str> = flags::read(flags::GLOBAL).map(|flag| flag.name).collect();
        let mut names: Vec<&str> =
            flags.iter().filter(|flag| !flag.hidden).map(|flag| flag.name).collect();
        names.push("help");
        // Flags of all commands come first, as cobra has them.
        names.sort_by_key(|name| (!global.contains(name), *name));
        let names = names.into_iter().map(|name| format!("--{name}"));
        return (names.filter(|name| name.starts_with(&format!("-{start}"))).collect(), NO_FILES);
    }
    if matches!(before.last().map(String::as_str), Some("-n" | "--namespace")) {
        return (names_of(cx, "namespaces", last).await, NO_FILES);
    }
    let below: Vec<String> = verbs::children(&path)
        .map(|verb| verb.name().to_owned())
        .filter(|name| name.starts_with(last))
        .collect();
    if !below.is_empty() && rest.is_empty() {
        let mut below = below;
        if path.is_empty() {
            below.extend(
                ["help", "options"].map(str::to_owned).into_iter().filter(|w| w.starts_with(last)),
            );
        }
        below.sort();
        return (below, NO_FILES);
    }
    match path.as_str() {
        "logs" | "exec" | "attach" | "port-forward" if rest.is_empty() => {
            pods_and_types(cx, last).await
        }
        "config use-context" | "config delete-context" | "config rename-context" => {
            let contexts = cx.config().map(|c| c.contexts.clone()).unwrap_or_default();
            let names = contexts.into_iter().map(|c| c.name).filter(|n| n.starts_with(last));
            (names.collect(), NO_FILES)
        }
        "cordon" | "uncordon" | "drain" => (names_of(cx, "nodes", last).await, NO_FILES),
        "get" | "describe" | "delete" | "edit" | "label" | "annotate" | "patch" | "scale"
        | "rollout status" | "rollout undo" | "rollout history" | "rollout restart" => {
            (resource_words(cx, &rest, last).await, NO_FILES)
        }
        _ => (Vec::new(), DEFAULT),
    }
}

/// Pods, and the types whose pods may be meant.
async fn pods_and_types(cx: &Context, last: &str) -> (Vec<String>, (u8, &'static str)) {
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
    if last.contains('/') {
        return (resource_words(cx, &[], last).await, NO_FILES);
    }
    let pods = names_of(cx, "pods", last).await;
    let directive = if pods.is_empty() { NO_SPACE } else { NO_FILES };
    let types = TYPES.iter().filter(|kind| kind.starts_with(last)).map(|kind| (*kind).to_owned());
    (pods.into_iter().chain(types).collect(), directive)
}

async fn resource_words(cx: &Context, rest: &[String], last: &str) -> Vec<String> {
    if let Some((kind, name)) = last.split_once('/') {
        let names = names_of(cx, kind, name).await;
        return names.into_iter().map(|name| format!("{kind}/{name}")).collect();
    }
    if let Some(kind) = rest.first() {
        let names = names_of(cx, kind, last).await;
        return names.into_iter().filter(|name| !rest.contains(name)).collect();
    }
    let Ok(discovery) = cx.discovery().await else { return Vec::new() };
    let listable = discovery.preferred().filter(|place| place.has_verb("list"));
    let mut words: Vec<String> =
        listable.map(|p| p.resource.qualified()).filter(|n| n.starts_with(last)).collect();
    words.sort();
    words
}

async fn names_of(cx: &Context, kind: &str, start: &str) -> Vec<String> {
    let found = async {
        cx.take_globals(&crate::args::Parsed::defaults_of(
            &flags::read(flags::GLOBAL).collect::<Vec<_>>(),
        ));
        let place = cx.resource(kind).await?;
        let (namespace, _) = cx.namespace()?;
        let ask = crate::resolve::Ask { type_means_all: true, ..Default::default() };
        crate::resolve::list(cx, &ask, &place, &namespace).await
    };
    let infos = found.await.unwrap_or_default();
    infos.into_iter().map(|info| info.name).filter(|name| name.starts_with(start)).collect()
}
