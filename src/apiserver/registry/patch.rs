//! Changing objects by patches: JSON, merge, strategic; and by applies.

use axum::response::Response;
use bytes::Bytes;
use http::header;
use machinery::{
    field::{Errors, Path, go_quoted},
    gofmt::Go,
    json::{self, Parsed},
    meta,
    patch::{self, PatchError, StrategicError},
    status::{Resource, Status},
};
use serde_json::Value;

use super::{
    Part, Update, author::APPLY, decode::repeated, decode_value, identity, update::check_name,
};
use crate::{
    http::{Call, answer},
    table,
};

const JSON: &str = "application/json-patch+json";
const MERGE: &str = "application/merge-patch+json";
const STRATEGIC: &str = "application/strategic-merge-patch+json";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PatchKind {
    Json,
    Merge,
    Strategic,
}

pub(super) async fn respond(call: &Call, body: &Bytes, part: Part) -> Result<Response, Status> {
    let patch_kind = kind_of(call)?;
    let accept = answer::accept_of(call)?;
    let Some(patch_kind) = patch_kind else {
        return super::apply::respond(call, body, part).await;
    };
    let mut decoding_warnings = Vec::new();
    let update = Update::of(call, part)?;
    let updated = update
        .run(&mut |old| {
            let parsed = parse(call, patch_kind, body)?;
            let patched = apply(call, patch_kind, old, &parsed.value)?;
            let shown = match patch_kind {
                PatchKind::Strategic => shown_map(&parsed.value),
                _ => patched.to_string(),
            };
            let mut decoded =
                decode_value(&call.kind, &call.query, patched, &complaints(patch_kind, &parsed))
                    .map_err(|status| undecodable(&shown, &status))?;
            decoding_warnings = decoded.warnings;
            identity::set_namespace(&call.kind, call.namespace_of_object(), &mut decoded.object)?;
            check_name(call.name(), &decoded.object)?;
            Ok(decoded.object)
        })
        .await;
    let updated = updated.map_err(|status| status.warned(&decoding_warnings))?;
    let response = table::answer_object(call, &updated.bytes, 200, accept)?;
    Ok(answer::warned(answer::warned(response, &decoding_warnings), &updated.warnings))
}

/// The patch as a document. Errors: 400 for what is none, in the words of who reads it.
fn parse(call: &Call, kind: PatchKind, body: &Bytes) -> Result<Parsed, Status> {
    let strict = call.query.text("fieldValidation") != "Ignore";
    let parsed = json::parse(body).map_err(|error| {
        let text = String::from_utf8_lossy(body);
        let why = machinery::yaml::syntax_error(&text).unwrap_or_else(|| error.to_string());
        match kind {
            PatchKind::Strategic => Status::bad_request(why),
            PatchKind::Merge if !strict => Status::bad_request("Invalid JSON Patch"),
            PatchKind::Json if !strict => Status::bad_request(why),
            _ => Status::bad_request(format!("error decoding patch: {why}")),
        }
    })?;
    let value = &parsed.value;
    if kind == PatchKind::Json || value.is_object() || value.is_null() {
        return Ok(parsed);
    }
    let what = json::kind_of(value);
    let why =
        format!("json: cannot unmarshal {what} into Go value of type map[string]interface {{}}");
    Err(Status::bad_request(match kind {
        PatchKind::Merge if strict => format!("error decoding patch: {why}"),
        PatchKind::Merge => "Invalid JSON Patch".to_owned(),
        _ => why,
    }))
}

/// What is wrong with the patch's own fields: what stands twice, and what no operation has.
fn complaints(kind: PatchKind, patch: &Parsed) -> Vec<String> {
    let mut all = repeated(&patch.duplicates);
    if kind != PatchKind::Json {
        return all;
    }
    for (index, operation) in patch.value.as_array().into_iter().flatten().enumerate() {
        let fields = operation.as_object().into_iter().flat_map(|fields| fields.keys());
        let unknown =
            fields.filter(|name| !["op", "path", "from", "value"].contains(&name.as_str()));
        all.extend(
            unknown
                .map(|name| format!("unknown field {}", go_quoted(&format!("[{index}].{name}")))),
        );
    }
    all.iter().map(|one| format!("json patch {one}")).collect()
}

/// A document as Go's `%+v` shows it.
fn shown_map(value: &Value) -> String {
    value.as_object().map_or_else(
        || "map[]".to_owned(),
        |fields| String::from_utf8_lossy(&Go::Map(fields).shown()).into_owned(),
    )
}

/// How the body changes the object; `None`: it is applied. Errors: 415, for built-in kinds from the
/// router.
fn kind_of(call: &Call) -> Result<Option<PatchKind>, Status> {
    let media = call.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media = media.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    match media {
        JSON => Ok(Some(PatchKind::Json)),
        MERGE => Ok(Some(PatchKind::Merge)),
        STRATEGIC if call.kind.custom.is_none() => Ok(Some(PatchKind::Strategic)),
        APPLY => Ok(None),
        _ if call.kind.custom.is_some() => {
            Err(Status::unsupported_media_type(&[JSON, MERGE, APPLY]))
        }
        _ => Err(Status::no_media_type()),
    }
}

fn apply(call: &Call, kind: PatchKind, old: &Value, patch: &Value) -> Result<Value, Status> {
    let mut new = old.clone();
    match kind {
        PatchKind::Json => {
            patch::apply_json_patch(&mut new, patch).map_err(json_refused)?;
        }
        PatchKind::Merge => patch::apply_merge_patch(&mut new, patch),
        PatchKind::Strategic => {
            patch::apply_strategic_patch(&mut new, patch, &call.kind.schema()).map_err(
                |error| match error {
                    StrategicError::Failed(why) => Status::failure(why),
                    StrategicError::ListOfLists => rejected(),
                    malformed @ StrategicError::Malformed(_) => {
                        Status::bad_request(malformed.to_string())
                    }
                },
            )?;
        }
    }
    // A patch that does not speak of the version applies to whatever is there.
    if patch.pointer("/metadata/resourceVersion").is_none() && kind != PatchKind::Json
        || meta::resource_version(&new) == meta::resource_version(old)
    {
        meta::metadata_mut(&mut new).remove("resourceVersion");
        if !call.kind.unconditional_update {
            let version = meta::resource_version(old).to_owned();
            meta::metadata_mut(&mut new).insert("resourceVersion".into(), version.into());
        }
    }
    Ok(new)
}

/// What is wrong with a JSON patch, as its sender is told.
pub(crate) fn json_refused(error: PatchError) -> Status {
    match error {
        PatchError::Failed(_) => rejected(),
        many @ PatchError::TooMany(_) => Status::too_much(many),
        malformed @ (PatchError::NoList(_) | PatchError::NoOperation(_)) => {
            Status::bad_request(format!("error decoding patch: {malformed}"))
        }
    }
}

/// A patch that cannot be applied to what there is, which nothing is said of.
fn rejected() -> Status {
    let words = "the server rejected our request due to an error in our request";
    let mut status = Status::bad_request(words);
    status.code = 422;
    status.reason = "Invalid".into();
    status.details = serde_json::json!({});
    status
}

/// A patch whose result is no object of the kind: 422 that shows what came of it.
fn undecodable(patched: &str, status: &Status) -> Status {
    let words = match status.message.find("strict decoding error: ") {
        Some(at) => status.message.get(at..),
        None => status.message.split_once(": ").map(|(_, rest)| rest),
    };
    let words = words.unwrap_or(&status.message);
    let mut errors = Errors::default();
    errors.invalid(&Path::new("patch"), &Value::String(patched.to_owned()), words);
    Status::invalid(Resource { group: "", name: "" }, "", &errors)
}
