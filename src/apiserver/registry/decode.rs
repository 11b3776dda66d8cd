//! A body as an object of a kind: media type, JSON or YAML, the right kind, the right fields.

use bytes::Bytes;
use http::HeaderMap;
use machinery::{
    field::go_quoted,
    json,
    kind::Kind,
    meta,
    schema::{self},
    status::Status,
};
use serde_json::Value;

use crate::http::{Query, body};

/// What is done about unknown and repeated fields. Source: Kubernetes API concepts, "Field
/// validation".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FieldValidation {
    Ignore,
    Warn,
    Strict,
}

/// An object and the warnings that it earns.
#[derive(Debug)]
pub(crate) struct Decoded {
    pub(crate) object: Value,
    pub(crate) warnings: Vec<String>,
}

const SUPPORTED: [&str; 3] =
    ["application/json", "application/yaml", "application/vnd.kubernetes.protobuf"];

/// Reads the body of a write.
///
/// Errors: 415 for media types, 400 for what is no object of `kind`.
pub(crate) fn decode_body(
    kind: &Kind,
    headers: &HeaderMap,
    query: &Query,
    bytes: &Bytes,
) -> Result<Decoded, Status> {
    let (value, duplicates) = match body::media(headers) {
        body::PROTOBUF if kind.custom.is_none() => (body::protobuf(bytes)?, Vec::new()),
        "application/json" => {
            let body = bytes;
            let parsed = json::parse(body).map_err(|error| malformed(kind, body, &error))?;
            (parsed.value, parsed.duplicates)
        }
        "application/yaml" => {
            let body = bytes;
            let text = std::str::from_utf8(body)
                .map_err(|_| Status::bad_request("yaml: control characters are not allowed"))?;
            let parsed = machinery::yaml::parse(text).map_err(|error| {
                Status::bad_request(format!("error converting YAML to JSON: {error}"))
            })?;
            (parsed, Vec::new())
        }
        _ => return Err(Status::unsupported_media_type(&SUPPORTED)),
    };
    decode_value(kind, query, value, &duplicates)
}

fn malformed(kind: &Kind, body: &Bytes, error: &serde_json::Error) -> Status {
    let detail =
        if body.is_empty() { "unexpected end of JSON input".into() } else { error.to_string() };
    Status::bad_request(format!(
        "{} in version {} cannot be handled as a {}: couldn't get version/kind; json parse error: \
         {detail}",
        "Object", go_quoted(&kind.version), kind.kind
    )
    .replace("Object in version", &format!("{} in version", kind.kind)))
}

/// Checks a document against its kind and returns what the kind knows of it.
pub(crate) fn decode_value(
    kind: &Kind,
    query: &Query,
    mut value: Value,
    duplicates: &[String],
) -> Result<Decoded, Status> {
    let mode = field_validation(query)?;
    if kind.custom.is_some() {
        return super::custom::decode(kind, mode, value, duplicates);
    }
    check_kind(kind, &mut value)?;
    let shown = |detail: &str| {
        Status::bad_request(format!(
            "{} in version {} cannot be handled as a {}: {detail}",
            kind.kind,
            go_quoted(&kind.version),
            kind.kind
        ))
    };
    let decoded =
        schema::decode(&kind.schema(), value).map_err(|error| shown(&error.to_string()))?;
    let warnings = mode.judge(duplicates, &decoded.unknown).map_err(|error| shown(&error))?;
    Ok(Decoded { object: decoded.value, warnings })
}

impl FieldValidation {
    /// Warnings of fields that stand twice or are unknown. Errors: they are refused.
    pub(super) fn judge(
        self,
        duplicates: &[String],
        unknown: &[String],
    ) -> Result<Vec<String>, String> {
        let complaints: Vec<String> = duplicates
            .iter()
            .map(|path| format!("duplicate field {}", go_quoted(path)))
            .chain(unknown.iter().map(|path| format!("unknown field {}", go_quoted(path))))
            .collect();
        match self {
            Self::Strict if !complaints.is_empty() => {
                Err(format!("strict decoding error: {}", complaints.join(", ")))
            }
            Self::Warn => Ok(complaints),
            _ => Ok(Vec::new()),
        }
    }
}

fn field_validation(query: &Query) -> Result<FieldValidation, Status> {
    match query.text("fieldValidation") {
        "" | "Warn" => Ok(FieldValidation::Warn),
        "Ignore" => Ok(FieldValidation::Ignore),
        "Strict" => Ok(FieldValidation::Strict),
        other => Err(Status::bad_request(format!(
            "invalid fieldValidation: Unsupported value: {}: supported values: \"Ignore\", \
             \"Strict\", \"Warn\"",
            go_quoted(other)
        ))),
    }
}

/// The document must be of the kind that the path names; what it leaves out is filled in.
fn check_kind(kind: &Kind, value: &mut Value) -> Result<(), Status> {
    if !value.is_object() {
        let what = match value {
            Value::Array(_) => "array",
            Value::String(_) => "string",
            Value::Number(_) => "number",
            Value::Bool(_) => "bool",
            Value::Null | Value::Object(_) => {
                return Err(Status::bad_request("Object 'Kind' is missing in 'null'"));
            }
        };
        return Err(Status::bad_request(format!(
            "couldn't get version/kind; json parse error: json: cannot unmarshal {what} into Go \
             value of type struct {{ APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind \
             string \"json:\\\"kind,omitempty\\\"\" }}"
        )));
    }
    let api_version = meta::text(value, "/apiVersion").to_owned();
    let given = meta::text(value, "/kind").to_owned();
    let wrong_version = !api_version.is_empty() && api_version != kind.api_version();
    if wrong_version || !given.is_empty() && given != kind.kind {
        let found = if given.is_empty() { &kind.kind } else { &given };
        let version = if api_version.is_empty() { kind.api_version() } else { api_version };
        return Err(Status::bad_request(format!(
            "{found} in version {} cannot be handled as a {}: no kind {} is registered for \
             version {} in scheme \"kanoe\"",
            go_quoted(version.rsplit('/').next().unwrap_or(&version)),
            kind.kind,
            go_quoted(found),
            go_quoted(&version)
        )));
    }
    let fields = meta::as_object(value);
    fields.insert("apiVersion".into(), kind.api_version().into());
    fields.insert("kind".into(), kind.kind.as_str().into());
    Ok(())
}
