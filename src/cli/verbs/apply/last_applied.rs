//! `apply view-last-applied`, `set-last-applied`, `edit-last-applied`.

use client::Patch;
use machinery::yaml;
use serde_json::{Value, json};

use super::original;
use crate::{
    args::Parsed,
    context::Context,
    print,
    report::CliError,
    resolve::{self, Ask, Info},
    verbs::{
        create::{LAST_APPLIED, dry_run, remember},
        edit,
    },
};

fn text_of(info: &Info) -> Option<&str> {
    info.object["metadata"]["annotations"][LAST_APPLIED].as_str()
}

pub(crate) async fn view_last_applied(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    let output = parsed.text("output");
    if !matches!(output, "yaml" | "json" | "") {
        let text = format!(
            "Unexpected -o output mode: {output}, the flag 'output' must be one of yaml|json"
        );
        return Err(cx.usage("apply view-last-applied", text));
    }
    let ask = Ask { type_means_all: true, ..Ask::of(&parsed) }.latest();
    if ask.all && !ask.has_files() && ask.words.len() == 1 && !ask.words[0].contains('/') {
        // kubectl takes the type alone for a selector already.
        let text = "setting 'all' parameter but found a non empty selector. ";
        return Err(CliError::plain(text));
    }
    for info in resolve::find(cx, &ask).await?.all()? {
        // Objects without the annotation are passed over in silence, as kubectl does.
        let Some(text) = text_of(&info) else { continue };
        let object: Value =
            serde_json::from_str(text).map_err(|error| CliError::plain(error.to_string()))?;
        if output == "json" {
            cx.say(&yaml::pretty(&object, "  "))?;
        } else {
            cx.out(&yaml::to_string(&object))?;
        }
    }
    Ok(())
}

pub(crate) async fn set_last_applied(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    let run = dry_run(cx, &parsed)?;
    let ask = Ask { words: Vec::new(), ..Ask::of(&parsed) };
    if !ask.has_files() {
        return Err(resolve::nothing_named());
    }
    let mut changes = Vec::new();
    for info in resolve::find(cx, &ask).await?.all()? {
        let live = info.fetch(cx).await?;
        if original(&live).is_none() && !parsed.is("create-annotation") {
            return Err(CliError::plain(format!(
                "no last-applied-configuration annotation found on resource: {}, to create the annotation, run the command with --create-annotation",
                info.name
            )));
        }
        let mut wanted = info.object.clone();
        remember(&mut wanted);
        let annotation = &wanted["metadata"]["annotations"][LAST_APPLIED];
        if annotation == &live["metadata"]["annotations"][LAST_APPLIED] {
            cx.say(&format!("set-last-applied {}: no changes required.", info.name))?;
            continue;
        }
        let patch = json!({"metadata": {"annotations": {LAST_APPLIED: annotation}}});
        changes.push((info, live, patch));
    }
    for (info, live, patch) in changes {
        let mut outcome = live;
        if run != "client" {
            let options = client::WriteOptions { dry_run: run == "server", ..Default::default() };
            outcome =
                info.api(cx).await?.patch(&info.name, None, &Patch::Merge(patch), &options).await?;
        }
        print::print_outcome(cx, &parsed, &outcome, &print::dry("configured", run))?;
    }
    Ok(())
}

pub(crate) async fn edit_last_applied(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    let ask = Ask::of(&parsed).latest();
    for info in resolve::find(cx, &ask).await?.all()? {
        let text = text_of(&info).ok_or_else(|| {
            CliError::plain(
                "no last-applied-configuration annotation found on resources, to create the \
                 annotation, use command `kubectl apply set-last-applied --create-annotation`",
            )
        })?;
        let before: Value =
            serde_json::from_str(text).map_err(|error| CliError::plain(error.to_string()))?;
        let Some(after) = edit::edited(cx, &parsed, &before)? else {
            cx.say_err("Edit cancelled, no changes made.");
            continue;
        };
        let text = format!("{}\n", yaml::compact(&after));
        let patch = Patch::Merge(json!({"metadata": {"annotations": {LAST_APPLIED: text}}}));
        let options = client::WriteOptions::default();
        let outcome = info.api(cx).await?.patch(&info.name, None, &patch, &options).await?;
        print::print_outcome(cx, &parsed, &outcome, "edited")?;
    }
    Ok(())
}
