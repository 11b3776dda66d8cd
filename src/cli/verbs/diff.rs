//! `diff`: what `apply` would change, shown by the `diff` program (or `KUBECTL_EXTERNAL_DIFF`).

use std::{path::Path, process::Command};

use client::{Patch, WriteOptions};
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
    for info in resolve::find(cx, &ask).await?.all()? {
        let (before, after) = versions(cx, parsed, &info).await?;
        let name = file_name(&info);
        write(&live_at, &name, &before, parsed)?;
        write(&merged_at, &name, &after, parsed)?;
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
        let after = api.patch(&info.name, None, &patch, &options).await?;
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

fn write(folder: &Path, name: &str, object: &Value, parsed: &Parsed) -> Result<(), CliError> {
    let mut object = object.clone();
    if !parsed.is("show-managed-fields") {
        print::hide_managed_fields(&mut object);
    }
    if object["kind"] == "Secret" && !parsed.is("show-secrets") {
        for field in ["data", "stringData"] {
            for (_, value) in object[field].as_object_mut().into_iter().flatten() {
                *value = Value::String("***".to_owned());
            }
        }
    }
    let text = if object.is_null() { String::new() } else { yaml::to_string(&object) };
    Ok(std::fs::write(folder.join(name), text)?)
}

fn show(live: &Path, merged: &Path) -> Result<(), CliError> {
    let external = std::env::var("KUBECTL_EXTERNAL_DIFF").unwrap_or_default();
    let mut words = external.split_whitespace();
    let program = words.next().unwrap_or("diff");
    let mut command = Command::new(program);
    if external.is_empty() {
        command.args(["-u", "-N"]);
    } else {
        command.args(words);
    }
    let status = command
        .arg(live)
        .arg(merged)
        .status()
        .map_err(|error| CliError::plain(format!("failed to run {program:?}: {error}")))?;
    match status.code() {
        Some(0) => Ok(()),
        Some(1) => Err(CliError::Silent(1)),
        code => {
            let code = code.and_then(|code| u8::try_from(code).ok()).unwrap_or(FAULT);
            Err(CliError::Silent(code))
        }
    }
}
