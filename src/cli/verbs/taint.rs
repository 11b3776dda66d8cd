//! `taint`: taints of nodes, set and taken away.

use client::Patch;
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

/// `key=value:Effect`, `key:Effect`, `key-`, `key:Effect-`.
fn read(words: &[String]) -> Result<Change, String> {
    let mut change = Change::default();
    for word in words {
        if let Some(word) = word.strip_suffix('-') {
            let (key, effect) = word.split_once(':').unwrap_or((word, ""));
            if !effect.is_empty() {
                check_effect(effect)?;
            }
            let key = key.split('=').next().unwrap_or_default();
            change.remove.push((key.to_owned(), effect.to_owned()));
            continue;
        }
        let Some((pair, effect)) = word.rsplit_once(':') else {
            return Err(format!("invalid taint spec: {word}"));
        };
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        check_effect(effect)?;
        let faults = machinery::names::qualified_name(key);
        if !faults.is_empty() {
            return Err(format!("invalid taint spec: {word}, {}", faults.join("; ")));
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
    let ask = Ask {
        words,
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
    let mut taints = node.object["spec"]["taints"].as_array().cloned().unwrap_or_default();
    let same = |taint: &Value, key: &str, effect: &str| {
        taint["key"] == key && (effect.is_empty() || taint["effect"] == effect)
    };
    let (mut replaced, mut removed) = (false, false);
    let mut there = Vec::new();
    for (key, value, effect) in &change.set {
        let known = taints.iter().position(|taint| same(taint, key, effect));
        if known.is_some() && !parsed.is("overwrite") {
            there.push(key.clone());
            continue;
        }
        let mut taint = json!({"key": key, "effect": effect});
        if !value.is_empty() {
            taint["value"] = value.as_str().into();
        }
        match known {
            Some(at) => {
                replaced = true;
                taints[at] = taint;
            }
            None => taints.push(taint),
        }
    }
    if !there.is_empty() {
        return Err(CliError::plain(format!(
            "node {} already has {} taint(s) with same effect(s) and --overwrite is false",
            node.name,
            there.join(",")
        )));
    }
    for (key, effect) in &change.remove {
        let before = taints.len();
        taints.retain(|taint| !same(taint, key, effect));
        if taints.len() == before {
            let shown = if effect.is_empty() { key.clone() } else { format!("{key}:{effect}") };
            return Err(CliError::plain(format!("taint {shown:?} not found")));
        }
        removed = true;
    }
    let verb = match (replaced, removed, change.set.is_empty()) {
        (true, ..) | (_, true, false) => "modified",
        (false, true, true) => "untainted",
        _ => "tainted",
    };
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
    print::print_outcome(cx, parsed, &object, &print::dry(verb, run))
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
