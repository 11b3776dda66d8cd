//! `diff`: what `apply` would change, shown by the `diff` program (or `KUBECTL_EXTERNAL_DIFF`).

use std::{path::Path, process::Command};

use client::{Patch, Resource, WriteOptions};
use machinery::yaml;
use serde_json::{Value, json};

use super::apply;
use crate::{
    args::Parsed,
    context::Context,
    merge, print,
    report::CliError,
    resolve::{self, Ask, Info},
};

/// Exit codes: 1 means that something differs, so a fault is more.
const FAULT: u8 = 2;

pub(crate) async fn run(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    let outcome = compare(cx, &parsed).await;
    match outcome {
        Ok(()) => Ok(()),
        Err(error @ CliError::Silent(_)) => Err(error),
        Err(error) => {
            let (text, _) = crate::report::words(&error);
            Err(CliError::Words { text, code: FAULT })
        }
    }
}

async fn compare(cx: &Context, parsed: &Parsed) -> Result<(), CliError> {
    let ask = Ask { words: Vec::new(), ..Ask::of(parsed) };
    if !parsed.args.is_empty() {
        let text = format!("Unexpected args: [{}]", parsed.args.join(" "));
        return Err(cx.usage("diff", text));
    }
    if !ask.has_files() {
        return Err(CliError::plain("must specify one of -f and -k"));
    }
    let (live, merged) = (numbered("LIVE")?, numbered("MERGED")?);
    let (live_at, merged_at) = (live.0.clone(), merged.0.clone());
    let mut seen = Vec::new();
    for info in resolve::find(cx, &ask).await?.all()? {
        let (before, after) = versions(cx, parsed, &info).await?;
        apply::warn_if_going(cx, &before);
        let uid = json!({"metadata": {"uid": after["metadata"]["uid"]}});
        let name = file_name(&info);
        write_both((&live_at, &merged_at), &name, before, after, parsed)?;
        seen.push((info, uid));
    }
    if parsed.is("prune") {
        for (name, object) in pruned(cx, parsed, &seen).await? {
            write_both((&live_at, &merged_at), &name, object, Value::Null, parsed)?;
        }
    }
    cx.flush();
    show(&live_at, &merged_at)
}

/// A folder that goes with this.
struct Cleanup(std::path::PathBuf);

impl Drop for Cleanup {
    fn drop(&mut self) {
        // Left-over files in the folder for temporary files do no harm.
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// A fresh folder whose name ends in digits alone, as Go makes them.
fn numbered(word: &str) -> Result<Cleanup, CliError> {
    let mut number = lifecycle::clock::now().as_nanosecond().unsigned_abs() % 10_000_000_000;
    loop {
        let path = std::env::temp_dir().join(format!("{word}-{number}"));
        match std::fs::create_dir(&path) {
            Ok(()) => return Ok(Cleanup(path)),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => number += 1,
            Err(error) => return Err(error.into()),
        }
    }
}

fn file_name(info: &Info) -> String {
    let resource = &info.place.resource;
    let group =
        if resource.group.is_empty() { String::new() } else { format!("{}.", resource.group) };
    let namespace = info.namespace.as_deref().unwrap_or_default();
    format!("{group}{}.{}.{namespace}.{}", resource.version, resource.kind, info.name)
}

/// The live object (null where there is none) and what applying would make of it.
async fn versions(cx: &Context, parsed: &Parsed, info: &Info) -> Result<(Value, Value), CliError> {
    let api = info.api(cx).await?;
    let live = match info.fetch(cx).await {
        Ok(live) => live,
        Err(error) if error.not_found() => Value::Null,
        Err(error) => return Err(error),
    };
    let mut options = WriteOptions {
        dry_run: true,
        field_manager: parsed.some("field-manager").map(str::to_owned),
        ..WriteOptions::default()
    };
    if parsed.is("server-side") {
        options.force = parsed.is("force-conflicts");
        if !parsed.given("field-manager") {
            options.field_manager = Some("kubectl".to_owned());
        }
        let patch = Patch::Apply(info.object.clone());
        let after = api.patch(&info.name, None, &patch, &options).await.inspect_err(|error| {
            if error.conflict() {
                let Resource { group, version, kind, .. } = &info.place.resource;
                cx.log_warning("diff.go:291", &format!(
                    "Object ({group}/{version}, Kind={kind}: {}) keeps changing, diffing without lock",
                    info.name
                ));
            }
        })?;
        return Ok((live, after));
    }
    // Without the note of what was applied, which an apply would add.
    if live.is_null() {
        return Ok((live, api.create(&info.object, &options).await?));
    }
    let mut wanted = info.object.clone();
    if wanted["metadata"]["annotations"].is_null() {
        wanted["metadata"]["annotations"] = json!({});
    }
    let original = apply::original(&live).unwrap_or(Value::Null);
    let patch = merge::three_way(&original, &wanted, &live);
    let after = api.patch(&info.name, None, &patch, &options).await?;
    Ok((live, after))
}

/// Objects that pruning would delete, with the names of their files.
async fn pruned(
    cx: &Context,
    parsed: &Parsed,
    seen: &[(Info, Value)],
) -> Result<Vec<(String, Value)>, CliError> {
    let places = apply::prune_places(cx, parsed).await?;
    let found = apply::prunable(cx, parsed, seen, &places).await?;
    Ok(found.into_iter().map(|info| (file_name(&info), info.object)).collect())
}

fn write_both(
    (live, merged): (&Path, &Path),
    name: &str,
    mut before: Value,
    mut after: Value,
    parsed: &Parsed,
) -> Result<(), CliError> {
    if before["kind"] == "Secret" || after["kind"] == "Secret" {
        mask(&mut before, &mut after, parsed.is("show-secrets"));
    }
    for (folder, mut object) in [(live, before), (merged, after)] {
        if !parsed.is("show-managed-fields") {
            print::hide_managed_fields(&mut object);
        }
        let text = if object.is_null() { String::new() } else { yaml::to_string(&object) };
        std::fs::write(folder.join(name), text)?;
    }
    Ok(())
}

/// Hides what a secret holds, and shows where it changes.
fn mask(before: &mut Value, after: &mut Value, shown: bool) {
    if shown {
        return;
    }
    let old = before["data"].clone();
    let new = after["data"].clone();
    for (object, own, other, word) in
        [(before, &old, &new, "*** (before)"), (after, &new, &old, "*** (after)")]
    {
        for (key, value) in object["data"].as_object_mut().into_iter().flatten() {
            let changed = !other[key].is_null() && other[key] != own[key];
            *value = if changed { word } else { "***" }.into();
        }
    }
}

fn show(live: &Path, merged: &Path) -> Result<(), CliError> {
    let external = std::env::var("KUBECTL_EXTERNAL_DIFF").unwrap_or_default();
    let mut words = external.split(' ');
    let program = words.next().filter(|word| !word.is_empty()).unwrap_or("diff");
    let mut command = Command::new(program);
    if external.is_empty() {
        command.args(["-u", "-N"]);
    }
    command.arg(live).arg(merged);
    if !external.is_empty() {
        // Whatever a shell could understand otherwise is left out, as kubectl does.
        let plain = |word: &&str| {
            let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'=');
            !word.is_empty() && word.bytes().all(fits)
        };
        command.args(words.filter(plain));
    }
    let status = command.status().map_err(|error| {
        let why = match error.kind() {
            std::io::ErrorKind::NotFound => "executable file not found in $PATH".to_owned(),
            _ => crate::report::io_words(&error),
        };
        CliError::plain(format!("failed to run {program:?}: {why}"))
    })?;
    match status.code() {
        Some(0) => Ok(()),
        Some(1) => Err(CliError::Silent(1)),
        code => {
            let code = code.and_then(|code| u8::try_from(code).ok()).unwrap_or(FAULT);
            Err(CliError::Silent(code))
        }
    }
}
