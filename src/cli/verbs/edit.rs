//! `edit`: objects in the user's editor, sent as a patch of what changed.

use std::{io::Write as _, process::Command};

use client::Patch;
use machinery::yaml;
use serde_json::Value;

use super::create::{self, dry_run, write_options};
use crate::{
    args::Parsed,
    context::Context,
    merge, print,
    report::CliError,
    resolve::{self, Ask, Found, Info},
};

const NOTE: &str = "# Please edit the object below. Lines beginning with a '#' will be ignored,\n\
    # and an empty file will abort the edit. If an error occurs while saving this file will be\n\
    # reopened with the relevant failures.\n#\n";

pub(crate) async fn run(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    let ask = Ask { type_means_all: true, ..Ask::of(&parsed) }.latest();
    let found = resolve::find(cx, &ask).await?;
    let mut errors = found.errors;
    if found.infos.is_empty() && errors.is_empty() {
        return Err(CliError::plain("edit cancelled, no objects found"));
    }
    for info in found.infos {
        if let Err(error) = one(cx, &parsed, &info).await {
            errors.push(error);
        }
    }
    CliError::all(errors)
}

async fn one(cx: &Context, parsed: &Parsed, info: &Info) -> Result<(), CliError> {
    let mut before = info.object.clone();
    if !parsed.is("show-managed-fields") {
        print::hide_managed_fields(&mut before);
    }
    let Some(after) = edited(cx, parsed, &before)? else {
        cx.say_err("Edit cancelled, no changes made.");
        return Ok(());
    };
    let mut patch = merge::two_way(&before, &after);
    if parsed.is("save-config") {
        let mut saved = after.clone();
        create::remember(&mut saved);
        patch = merge::two_way(&before, &saved);
    }
    if merge::is_empty(&patch) {
        cx.say_err("Edit cancelled, no changes made.");
        return Ok(());
    }
    if parsed.is("output-patch") {
        cx.say(&format!("Patch: {}", yaml::compact(patch.document())))?;
    }
    let patch = match patch {
        Patch::Strategic(document) if before["kind"] != after["kind"] => Patch::Merge(document),
        patch => patch,
    };
    let options = write_options(cx, parsed)?;
    let subresource = parsed.some("subresource");
    let outcome = info.api(cx).await?.patch(&info.name, subresource, &patch, &options).await;
    print::print_outcome(cx, parsed, &outcome?, "edited")
}

/// What an object is after the editor; `None` if nothing changed.
pub(crate) fn edited(
    cx: &Context,
    parsed: &Parsed,
    object: &Value,
) -> Result<Option<Value>, CliError> {
    let json = parsed.text("output") == "json";
    let body =
        if json { format!("{}\n", yaml::pretty(object, "    ")) } else { yaml::to_string(object) };
    let text = if json { body.clone() } else { format!("{NOTE}{body}") };
    let suffix = if json { ".json" } else { ".yaml" };
    let mut file = tempfile::Builder::new().prefix("kubectl-edit-").suffix(suffix).tempfile()?;
    file.write_all(text.as_bytes())?;
    file.flush()?;
    cx.flush();
    edit_file(file.path())?;
    let after = std::fs::read_to_string(file.path())?;
    if after == text {
        return Ok(None);
    }
    let kept: String = after.split_inclusive('\n').filter(|line| !line.starts_with('#')).collect();
    if kept.trim().is_empty() {
        return Ok(None);
    }
    let value = yaml::parse(&kept).map_err(|error| {
        let text = format!("The edited file had a syntax error: {error}");
        CliError::plain(text)
    })?;
    Ok((value != *object).then_some(value))
}

fn edit_file(path: &std::path::Path) -> Result<(), CliError> {
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let editor =
        variable("KUBE_EDITOR").or_else(|| variable("EDITOR")).unwrap_or_else(|| "vi".to_owned());
    let mut command = if editor.contains([' ', '"', '\'']) {
        let shell = variable("SHELL").unwrap_or_else(|| "/bin/bash".to_owned());
        let mut command = Command::new(shell);
        command.arg("-c").arg(format!("{editor} {:?}", path.display().to_string()));
        command
    } else {
        let mut command = Command::new(&editor);
        command.arg(path);
        command
    };
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Err(CliError::plain(format!("unable to launch the editor {editor:?}")))
        }
        _ => Err(CliError::plain(format!("there was a problem with the editor {editor:?}"))),
    }
}

/// `create --edit`: objects of files through the editor, then created.
pub(crate) async fn edited_create(
    cx: &Context,
    parsed: &Parsed,
    found: Found,
) -> Result<(), CliError> {
    let run = dry_run(cx, parsed)?;
    for mut info in found.infos {
        let Some(after) = edited(cx, parsed, &info.object)? else {
            cx.say_err("Edit cancelled, no changes made.");
            continue;
        };
        info.object = after;
        if run != "client" {
            info.object =
                info.api(cx).await?.create(&info.object, &write_options(cx, parsed)?).await?;
        }
        print::print_outcome(cx, parsed, &info.object, &print::dry("created", run))?;
    }
    CliError::all(found.errors)
}
