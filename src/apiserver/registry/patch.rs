//! Changing objects by patches: JSON, merge, strategic; and by applies.

use axum::response::Response;
use bytes::Bytes;
use http::header;
use machinery::{
    field::{Errors, Path},
    json, meta,
    patch::{self, PatchError, StrategicError},
    status::{Resource, Status},
};
use serde_json::Value;

use super::{Part, Update, decode::repeated, decode_value, update::check_name};
use crate::{
    http::{Call, answer},
    table,
};

const SUPPORTED: [&str; 4] = [
    "application/json-patch+json",
    "application/merge-patch+json",
    "application/strategic-merge-patch+json",
    "application/apply-patch+yaml",
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PatchKind {
    Json,
    Merge,
    Strategic,
}

pub(super) async fn respond(call: &Call, body: &Bytes, part: Part) -> Result<Response, Status> {
    let accept = answer::accept_of(call)?;
    let Some(patch_kind) = kind_of(call)? else {
        return super::apply::respond(call, body, part).await;
    };
    let parsed = json::parse(body).map_err(|error| {
        let text = String::from_utf8_lossy(body);
        let why = machinery::yaml::syntax_error(&text).unwrap_or_else(|| error.to_string());
        Status::bad_request(format!("error decoding patch: {why}"))
    })?;
    let mut decoding_warnings = Vec::new();
    let update = Update::of(call, part)?;
    let updated = update
        .run(&mut |old| {
            let patched = apply(call, patch_kind, old, &parsed.value)?;
            let text = patched.to_string();
            check_name(call.name(), &patched)?;
            let decoded =
                decode_value(&call.kind, &call.query, patched, &repeated(&parsed.duplicates))
                    .map_err(|status| undecodable(&text, &status))?;
            decoding_warnings = decoded.warnings;
            Ok(decoded.object)
        })
        .await?;
    let mut response = table::answer_object(call, &updated.bytes, 200, accept)?;
    for warning in decoding_warnings.iter().chain(&updated.warnings) {
        answer::warn(&mut response, warning);
    }
    Ok(response)
}

/// How the body changes the object; `None`: it is applied.
fn kind_of(call: &Call) -> Result<Option<PatchKind>, Status> {
    let media = call.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media = media.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    match media {
        "application/json-patch+json" => Ok(Some(PatchKind::Json)),
        "application/merge-patch+json" => Ok(Some(PatchKind::Merge)),
        "application/strategic-merge-patch+json" => Ok(Some(PatchKind::Strategic)),
        "application/apply-patch+yaml" => Ok(None),
        "" => Err(Status::no_media_type()),
        _ => Err(Status::unsupported_media_type(&SUPPORTED)),
    }
}

fn apply(call: &Call, kind: PatchKind, old: &Value, patch: &Value) -> Result<Value, Status> {
    let mut new = old.clone();
    match kind {
        PatchKind::Json => {
            patch::apply_json_patch(&mut new, patch).map_err(|error| match error {
                PatchError::Failed(_) => {
                    let mut status = Status::bad_request(
                        "the server rejected our request due to an error in our request",
                    );
                    status.code = 422;
                    status.reason = "Invalid".into();
                    status.details = serde_json::json!({});
                    status
                }
                PatchError::TooMany(_) => Status::too_large(10_000),
                malformed @ (PatchError::NoList(_) | PatchError::NoOperation(_)) => {
                    Status::bad_request(format!("error decoding patch: {malformed}"))
                }
            })?;
        }
        PatchKind::Merge => patch::apply_merge_patch(&mut new, patch),
        PatchKind::Strategic => {
            patch::apply_strategic_patch(&mut new, patch, &call.kind.schema()).map_err(
                |error| match error {
                    StrategicError::UnknownDirective { .. } => Status::failure(error.to_string()),
                    _ => Status::bad_request(error.to_string()),
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
