//! `taint`: taints of nodes, set and taken away.

use client::Patch;
use machinery::meta;
use serde_json::{Value, json};

use super::create::{dry_run, write_options};
use crate::{
    args::Parsed,
    context::Context,
    print,
    report::CliError,
    resolve::{self, Ask, Info},
};

#[derive(Debug, Default)]
struct Change {
    set: Vec<(String, String, String)>,
    remove: Vec<(String, String)>,
}

/// A taint as it is written: `key=value:Effect`, `key:Effect`, `key`.
struct Spec<'a> {
    key: &'a str,
    value: &'a str,
    effect: &'a str,
}

impl<'a> Spec<'a> {
    fn read(text: &'a str) -> Result<Self, String> {
        let invalid = |faults: &[String]| {
            let comma = if faults.is_empty() { "" } else { ", " };
            Err(format!("invalid taint spec: {text}{comma}{}", faults.join("; ")))
        };
        let (pair, effect) = match text.split_once(':') {
            Some((_, effect)) if effect.contains(':') => return invalid(&[]),
            Some((pair, effect)) => {
                check_effect(effect)?;
                (pair, effect)
            }
            None => (text, ""),
        };
        let (key, value) = match pair.split_once('=') {
            // Without an effect, all of it is the key.
            _ if effect.is_empty() => (pair, ""),
            Some((_, value)) if value.contains('=') => return invalid(&[]),
            Some(parts) => parts,
            None => (pair, ""),
        };
        let mut faults = machinery::names::label_value(value);
        if faults.is_empty() {
            faults = machinery::names::qualified_name(key);
        }
        if faults.is_empty() { Ok(Self { key, value, effect }) } else { invalid(&faults) }
    }
}

/// Reads the changes: what to set, and with a `-` behind it what to take away.
fn read(words: &[String]) -> Result<Change, String> {
    let mut change = Change::default();
    for word in words {
        if let Some(word) = word.strip_suffix('-') {
            let Spec { key, effect, .. } = Spec::read(word)?;
            change.remove.push((key.to_owned(), effect.to_owned()));
            continue;
        }
        let Spec { key, value, effect } = Spec::read(word)?;
        if effect.is_empty() {
            return Err(format!("invalid taint spec: {word}"));
        }
        if change.set.iter().any(|(known, _, of)| known == key && of == effect) {
            return Err(format!(
                "duplicated taints with the same key and effect: {{{key} {value} {effect} <nil>}}"
            ));
        }
        change.set.push((key.to_owned(), value.to_owned(), effect.to_owned()));
    }
    let both: Vec<String> = change
        .set
        .iter()
        .filter(|(key, _, effect)| {
            change.remove.iter().any(|(gone, of)| gone == key && (of.is_empty() || of == effect))
        })
        .map(|(key, ..)| format!("{key}="))
        .collect();
    if !both.is_empty() {
        return Err(format!(
            "can not both modify and remove the following taint(s) in the same command: {}",
            both.join(", ")
        ));
    }
    Ok(change)
}

fn check_effect(effect: &str) -> Result<(), String> {
    if matches!(effect, "NoSchedule" | "PreferNoSchedule" | "NoExecute") {
        return Ok(());
    }
    Err(format!("invalid taint effect: {effect}, unsupported taint effect"))
}

pub(crate) async fn run(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    let is_change =
        |word: &&String| word.contains('=') || word.contains(':') || word.ends_with('-');
    let (changes, words): (Vec<&String>, Vec<&String>) = parsed.args.iter().partition(is_change);
    let words: Vec<String> = words.into_iter().cloned().collect();
    let changes: Vec<String> = changes.into_iter().cloned().collect();
    if words.is_empty() {
        return Err(CliError::plain(
            "one or more resources must be specified as <resource> <name>",
        ));
    }
    if changes.is_empty() {
        return Err(CliError::plain("at least one taint update is required"));
    }
    let change = read(&changes).map_err(|text| {
        let both = text.starts_with("can not both");
        if both { CliError::plain(text) } else { cx.usage("taint", text) }
    })?;
    let run = dry_run(cx, &parsed)?;
    let chosen = parsed.is("all") || !parsed.text("selector").is_empty();
    let ask = Ask {
        // Names say nothing where something else chooses.
        words: if chosen { words.into_iter().take(1).collect() } else { words },
        labels: parsed.text("selector").to_owned(),
        all: parsed.is("all"),
        ..Ask::default()
    };
    if let Some(first) = ask.words.first() {
        let kind = first.split('/').next().unwrap_or_default();
        if cx.resource(kind).await?.resource.kind != "Node" {
            return Err(CliError::plain(format!(
                "invalid resource type {kind}, only node types are supported"
            )));
        }
        if ask.words.len() == 1 && !first.contains('/') && !ask.all && ask.labels.is_empty() {
            return Err(CliError::plain(
                "at least one resource name must be specified since 'all' parameter is not set",
            ));
        }
    }
    let found = resolve::find(cx, &ask).await?;
    let mut errors = found.errors;
    for node in found.infos {
        if let Err(error) = one(cx, &parsed, &node, &change, run).await {
            errors.push(error);
        }
    }
    CliError::all(errors)
}

async fn one(
    cx: &Context,
    parsed: &Parsed,
    node: &Info,
    change: &Change,
    run: &str,
) -> Result<(), CliError> {
    let old = meta::items(&node.object, "/spec/taints");
    let (taints, verb) = reorganized(node, old, change, parsed.is("overwrite"))?;
    let mut object = node.object.clone();
    object["spec"]["taints"] = taints.clone().into();
    if run != "client" {
        let value = if taints.is_empty() { Value::Null } else { taints.into() };
        let patch = Patch::Merge(json!({"spec": {"taints": value}}));
        object = node
            .api(cx)
            .await?
            .patch(&node.name, None, &patch, &write_options(cx, parsed)?)
            .await?;
    }
    // kubectl says nothing of a dry run here.
    print::print_outcome(cx, parsed, &object, verb)
}

/// The taints that a node is to have, the new ones first, and what became of it.
/// Source: kubectl's `taint/utils.go`.
fn reorganized(
    node: &Info,
    old: &[Value],
    change: &Change,
    overwrite: bool,
) -> Result<(Vec<Value>, &'static str), CliError> {
    let same = |taint: &Value, key: &str, effect: &str| {
        taint["key"] == key && (effect.is_empty() || taint["effect"] == effect)
    };
    let there: Vec<&str> = change
        .set
        .iter()
        .filter(|(key, _, effect)| old.iter().any(|taint| same(taint, key, effect)))
        .map(|(key, ..)| key.as_str())
        .collect();
    if !there.is_empty() && !overwrite {
        return Err(CliError::plain(format!(
            "node {} already has {} taint(s) with same effect(s) and --overwrite is false",
            node.name,
            there.join(",")
        )));
    }
    let mut taints = Vec::new();
    for (key, value, effect) in &change.set {
        let mut taint = json!({"key": key, "effect": effect});
        if !value.is_empty() {
            taint["value"] = value.as_str().into();
        }
        taints.push(taint);
    }
    let replaced =
        |taint: &&Value| change.set.iter().any(|(key, _, effect)| same(taint, key, effect));
    taints.extend(old.iter().filter(|taint| !replaced(taint)).cloned());
    let (added, mut deleted) = (taints.len() != old.len(), false);
    let mut faults = Vec::new();
    for (key, effect) in &change.remove {
        let before = taints.len();
        taints.retain(|taint| !same(taint, key, effect));
        if taints.len() == before {
            let shown = if effect.is_empty() { key.clone() } else { format!("{key}:{effect}") };
            faults.push(CliError::plain(format!("taint {shown:?} not found")));
        } else {
            deleted = true;
        }
    }
    CliError::all(faults)?;
    let verb = match (added, deleted) {
        (true, true) => "modified",
        _ if overwrite => "modified",
        (true, false) => "tainted",
        (false, _) => "untainted",
    };
    Ok((taints, verb))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn taints_are_read() {
        let words: Vec<String> =
            ["a=b:NoSchedule", "c:NoExecute", "d-", "e:NoSchedule-"].map(str::to_owned).to_vec();
        let change = read(&words).unwrap();
        assert_eq!(change.set[0], ("a".to_owned(), "b".to_owned(), "NoSchedule".to_owned()));
        assert_eq!(change.remove[1], ("e".to_owned(), "NoSchedule".to_owned()));
        assert!(read(&["a=b:Bogus".to_owned()]).is_err());
    }
}
