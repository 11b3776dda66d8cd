//! `cordon` and `uncordon`: whether a node takes new pods.

use client::Patch;
use serde_json::{Value, json};

use super::create::dry_run;
use crate::{
    args::Parsed,
    context::Context,
    print,
    report::CliError,
    resolve::{self, Ask, Info},
};

pub(crate) async fn cordon(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    run(cx, &parsed, true).await
}

pub(crate) async fn uncordon(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    run(cx, &parsed, false).await
}

async fn run(cx: &Context, parsed: &Parsed, close: bool) -> Result<(), CliError> {
    let run = dry_run(cx, parsed)?;
    for node in nodes(cx, parsed).await? {
        set(cx, &node, close, run).await?;
    }
    Ok(())
}

/// The nodes that are named or selected.
pub(super) async fn nodes(cx: &Context, parsed: &Parsed) -> Result<Vec<Info>, CliError> {
    let selector = parsed.text("selector");
    if parsed.args.is_empty() && selector.is_empty() {
        let text = format!("USAGE: {} NODE [flags]", parsed.path);
        return Err(cx.usage(&parsed.path, text));
    }
    if !parsed.args.is_empty() && !selector.is_empty() {
        let text = "cannot specify both a node name and a --selector option";
        return Err(cx.usage(&parsed.path, text));
    }
    let mut words = vec!["nodes".to_owned()];
    words.extend(parsed.args.iter().map(|word| {
        word.strip_prefix("node/").or(word.strip_prefix("nodes/")).unwrap_or(word).to_owned()
    }));
    let ask = Ask { words, labels: selector.to_owned(), ..Ask::default() };
    resolve::find(cx, &ask).await?.all()
}

/// Opens or closes one node and says so.
pub(super) async fn set(cx: &Context, node: &Info, close: bool, run: &str) -> Result<(), CliError> {
    let verb = if close { "cordoned" } else { "uncordoned" };
    if (node.object["spec"]["unschedulable"] == true) == close {
        return cx.say(&print::dry(&format!("node/{} already {verb}", node.name), run));
    }
    if run != "client" {
        let value = if close { json!(true) } else { Value::Null };
        let patch = Patch::Strategic(json!({"spec": {"unschedulable": value}}));
        let options = client::WriteOptions { dry_run: run == "server", ..Default::default() };
        node.api(cx).await?.patch(&node.name, None, &patch, &options).await?;
    }
    cx.say(&print::dry(&format!("node/{} {verb}", node.name), run))
}
