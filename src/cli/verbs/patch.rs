//! `patch`: fields of an object, by strategic merge, merge or JSON patch.

use client::Patch;
use machinery::{patch::PatchError, yaml};
use serde_json::Value;

use super::create::{dry_run, write_options};
use crate::{
    args::Parsed,
    context::Context,
    merge, print,
    report::{CliError, io_words},
    resolve::{self, Ask, Info},
};

pub(crate) async fn run(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    let (inline, file) = (parsed.text("patch"), parsed.text("patch-file"));
    if !inline.is_empty() && !file.is_empty() {
        return Err(CliError::plain("cannot specify --patch and --patch-file together"));
    }
    if inline.is_empty() && file.is_empty() {
        let text = "must specify --patch or --patch-file containing the contents of the patch";
        return Err(CliError::plain(text));
    }
    let kind = parsed.text("type");
    if !matches!(kind, "json" | "merge" | "strategic") {
        let text = format!("--type must be one of [json merge strategic], not {kind:?}");
        return Err(CliError::plain(text));
    }
    let text = if file.is_empty() {
        inline.to_owned()
    } else {
        std::fs::read_to_string(file).map_err(|error| {
            CliError::plain(format!("unable to read patch file: open {file}: {}", io_words(&error)))
        })?
    };
    let run = dry_run(cx, &parsed)?;
    let ask = Ask::of(&parsed);
    if parsed.is("local") && !ask.has_files() {
        return Err(CliError::plain("cannot specify --local and server resources"));
    }
    let ask = if parsed.is("local") { ask } else { Ask { latest: !ask.has_files(), ..ask } };
    let found = resolve::find(cx, &ask).await?;
    let mut errors = found.errors;
    if found.infos.is_empty() && errors.is_empty() {
        return Err(CliError::plain("no objects passed to patch"));
    }
    for info in found.infos {
        if let Err(error) = one(cx, &parsed, &info, &text, run).await {
            errors.push(error);
        }
    }
    CliError::all(errors)
}

fn read(text: &str, kind: &str) -> Result<Patch, CliError> {
    let document: Value = if text.trim_start().starts_with(['{', '[']) {
        serde_json::from_str(text)
            .map_err(|_| {
                let why = yaml::syntax_error(text).unwrap_or_default();
                CliError::plain(format!("unable to parse {text:?}: {why}"))
            })
            .or_else(|error| yaml::parse(text).map_err(|_| error))?
    } else {
        yaml::parse(text)
            .map_err(|error| CliError::plain(format!("unable to parse {text:?}: {error}")))?
    };
    Ok(match kind {
        "json" => Patch::Json(document),
        "merge" => Patch::Merge(document),
        _ => Patch::Strategic(document),
    })
}

async fn one(
    cx: &Context,
    parsed: &Parsed,
    info: &Info,
    text: &str,
    run: &str,
) -> Result<(), CliError> {
    let patch = read(text, parsed.text("type"))?;
    let subresource = parsed.some("subresource");
    let before = match subresource {
        Some(part) if !parsed.is("local") => info.api(cx).await?.get_sub(&info.name, part).await?,
        _ => info.object.clone(),
    };
    if parsed.is("local") || run == "client" {
        let new = applied(&before, &patch)?;
        let verb = if new == before { "patched (no change)" } else { "patched" };
        return print::print_outcome(cx, parsed, &new, verb);
    }
    let options = write_options(cx, parsed)?;
    let sent = info.api(cx).await?.patch(&info.name, subresource, &patch, &options).await;
    let object = sent?;
    // kubectl says nothing of a dry run here.
    let verb = if object == before { "patched (no change)" } else { "patched" };
    print::print_outcome(cx, parsed, &object, verb)
}

/// Why a JSON patch cannot be applied here: the library's words where it is used without a server.
pub(crate) fn words(error: &PatchError) -> CliError {
    CliError::plain(match error {
        PatchError::NoList(kind) => {
            format!("json: cannot unmarshal {kind} into Go value of type jsonpatch.Patch")
        }
        PatchError::NoOperation(kind) => {
            format!("json: cannot unmarshal {kind} into Go value of type jsonpatch.Operation")
        }
        other => {
            let text = other.to_string();
            match text.split_once("doc is missing key: ") {
                Some((_, key)) => format!("Object to be patched is missing field ({key})"),
                None => text,
            }
        }
    })
}

/// The object with the patch applied here.
/// An object as it is after a patch that no server saw.
pub(crate) fn applied(object: &Value, patch: &Patch) -> Result<Value, CliError> {
    let mut new = object.clone();
    let text = |field: &str| object[field].as_str().unwrap_or_default();
    let failed = |error: String| CliError::plain(error);
    match patch {
        Patch::Json(document) => {
            machinery::patch::apply_json_patch(&mut new, document).map_err(|e| words(&e))?;
        }
        Patch::Merge(document) | Patch::Apply(document) => {
            machinery::patch::apply_merge_patch(&mut new, document);
        }
        Patch::Strategic(document) => {
            let Some(schema) = merge::schema_of(text("apiVersion"), text("kind")) else {
                return Err(CliError::plain(
                    "strategic merge patch is not supported for custom resources",
                ));
            };
            machinery::patch::apply_strategic_patch(&mut new, document, &schema)
                .map_err(|error| failed(error.to_string()))?;
        }
    }
    Ok(new)
}
