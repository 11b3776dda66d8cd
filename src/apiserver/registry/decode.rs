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

/// Refuses a body of a media type that objects of the kind are not read from.
pub(super) fn check_media(kind: &Kind, headers: &HeaderMap) -> Result<(), Status> {
    match body::media(headers) {
        "application/json" | "application/yaml" => Ok(()),
        body::PROTOBUF if kind.custom.is_none() => Ok(()),
        _ => Err(Status::unsupported_media_type(&SUPPORTED)),
    }
}

/// Reads the body of a write.
///
/// Errors: 415 for media types, 400 for what is no object of `kind`.
pub(crate) fn decode_body(
    kind: &Kind,
    headers: &HeaderMap,
    query: &Query,
    bytes: &Bytes,
) -> Result<Decoded, Status> {
    check_media(kind, headers)?;
    let (value, complaints) = match body::media(headers) {
        body::PROTOBUF => (body::protobuf(bytes)?, Vec::new()),
        "application/json" => {
            let parsed = json::parse(bytes).map_err(|error| malformed(kind, bytes, &error))?;
            (parsed.value, repeated(&parsed.duplicates))
        }
        _ => {
            let text = std::str::from_utf8(bytes).map_err(|_| {
                unrecognized(kind, bytes, "yaml: control characters are not allowed")
            })?;
            machinery::yaml::parse_strict(text)
                .map_err(|error| unrecognized(kind, bytes, &error.to_string()))?
        }
    };
    if let Some(what) = not_an_object(&value) {
        return Err(unrecognized(kind, bytes, &format!("{JSON_ERROR}: {what}")));
    }
    decode_value(kind, query, value, &complaints)
}

/// Reads options that a body gives, of whatever kind they say that they are.
///
/// Errors: 415 for media types, 400 for what is no object.
pub(super) fn options_document(headers: &HeaderMap, bytes: &Bytes) -> Result<Value, Status> {
    let refused = |why: &str| Status::bad_request(format!("{JSON_ERROR}: {why}"));
    let value = match body::media(headers) {
        body::PROTOBUF => body::protobuf(bytes)?,
        "application/json" => {
            let parsed = json::parse(bytes).map_err(|error| {
                refused(&json::go_syntax_error(bytes).unwrap_or_else(|| error.to_string()))
            })?;
            parsed.value
        }
        "application/yaml" => {
            let parsed = machinery::yaml::parse_strict(&String::from_utf8_lossy(bytes));
            parsed.map_err(|error| Status::bad_request(error.to_string()))?.0
        }
        _ => return Err(Status::unsupported_media_type(&SUPPORTED)),
    };
    not_an_object(&value).map_or(Ok(value), |what| Err(refused(&what)))
}

const JSON_ERROR: &str = "couldn't get version/kind; json parse error";

/// Fields that stand twice, as complaints.
pub(crate) fn repeated(paths: &[String]) -> Vec<String> {
    paths.iter().map(|path| format!("duplicate field {}", go_quoted(path))).collect()
}

fn malformed(kind: &Kind, body: &[u8], error: &serde_json::Error) -> Status {
    let detail = json::go_syntax_error(body).unwrap_or_else(|| error.to_string());
    unrecognized(kind, body, &format!("{JSON_ERROR}: {detail}"))
}

/// A body of which not even the kind can be told, and how it begins.
/// Source: `transformDecodeError` of k8s.io/apiserver.
fn unrecognized(kind: &Kind, body: &[u8], detail: &str) -> Status {
    const SHOWN: usize = 30;
    let (begin, rest) = body.split_at(body.len().min(SHOWN));
    let mut summary = match begin.first() {
        None => "<empty>".to_owned(),
        Some(b'{') => String::from_utf8_lossy(begin).into_owned(),
        Some(_) => begin.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}")),
    };
    if !rest.is_empty() {
        summary.push_str(" ...");
    }
    let name = &kind.kind;
    Status::bad_request(format!(
        "the object provided is unrecognized (must be of type {name}): {detail} ({summary})"
    ))
}

/// Says why a document can be no object.
fn not_an_object(value: &Value) -> Option<String> {
    if matches!(value, Value::Object(_) | Value::Null) {
        return None;
    }
    let what = json::kind_of(value);
    Some(format!(
        "json: cannot unmarshal {what} into Go value of type struct {{ APIVersion string \
         \"json:\\\"apiVersion,omitempty\\\"\"; Kind string \"json:\\\"kind,omitempty\\\"\" }}"
    ))
}

/// Checks a document against its kind and returns what the kind knows of it.
pub(crate) fn decode_value(
    kind: &Kind,
    query: &Query,
    mut value: Value,
    complaints: &[String],
) -> Result<Decoded, Status> {
    let mode = field_validation(query);
    if json::depth(&value) > json::MAX_DEPTH {
        return Err(Status::bad_request("json: exceeded max depth"));
    }
    if kind.custom.is_some() {
        return super::custom::decode(kind, mode, value, complaints);
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
    let warnings = mode.judge(complaints, &decoded.unknown).map_err(|error| shown(&error))?;
    Ok(Decoded { object: decoded.value, warnings })
}

impl FieldValidation {
    /// Warnings of fields that stand twice, as complaints, or are unknown, as paths. Errors: they
    /// are refused.
    pub(super) fn judge(
        self,
        complaints: &[String],
        unknown: &[String],
    ) -> Result<Vec<String>, String> {
        let unknown = unknown.iter().map(|path| format!("unknown field {}", go_quoted(path)));
        let all: Vec<String> = complaints.iter().cloned().chain(unknown).collect();
        match self {
            Self::Strict if !all.is_empty() => {
                Err(format!("strict decoding error: {}", strictly(&all)))
            }
            Self::Warn => Ok(all),
            _ => Ok(Vec::new()),
        }
    }
}

/// Complaints in one line; those of a YAML reader stand together, as it writes them.
fn strictly(complaints: &[String]) -> String {
    let (lines, others): (Vec<&str>, Vec<&str>) =
        complaints.iter().map(String::as_str).partition(|one| one.starts_with("line "));
    let yaml =
        (!lines.is_empty()).then(|| format!("yaml: unmarshal errors:\n  {}", lines.join("\n  ")));
    yaml.into_iter().chain(others.into_iter().map(str::to_owned)).collect::<Vec<_>>().join(", ")
}

/// Words that are none were refused with the request's options.
fn field_validation(query: &Query) -> FieldValidation {
    match query.text("fieldValidation") {
        "Ignore" => FieldValidation::Ignore,
        "Strict" => FieldValidation::Strict,
        _ => FieldValidation::Warn,
    }
}

/// The document must be of the kind that the path names; what it leaves out is filled in.
fn check_kind(kind: &Kind, value: &mut Value) -> Result<(), Status> {
    if value.is_null() {
        return Err(Status::bad_request("Object 'Kind' is missing in 'null'"));
    }
    let api_version = meta::text(value, "/apiVersion").to_owned();
    let given = meta::text(value, "/kind").to_owned();
    let wrong_version = !api_version.is_empty() && api_version != kind.api_version();
    if wrong_version || !given.is_empty() && given != kind.kind {
        let found = if given.is_empty() { &kind.kind } else { &given };
        let version = if api_version.is_empty() { kind.api_version() } else { api_version };
        let short = version.rsplit('/').next().unwrap_or(&version);
        let (group, number) = meta::group_version(&version);
        let other = api::lookup(group, number, found);
        let known = other.is_some() || api::is_body_of(group, found);
        // What is sent is read as what it says it is, before it is asked to be something else.
        let misread = other.and_then(|other| schema::decode(&other.schema(), value.clone()).err());
        let why = if let Some(error) = misread {
            error.to_string()
        } else if known && kind.custom.is_none() {
            let go = go_package(&kind.api_version());
            format!("converting ({short}.{found}) to ({go}.{}): unknown conversion", kind.kind)
        } else {
            let (kind, version) = (go_quoted(found), go_quoted(&version));
            format!("no kind {kind} is registered for version {version} in scheme \"kanoe\"")
        };
        return Err(Status::bad_request(format!(
            "{found} in version {} cannot be handled as a {}: {why}",
            go_quoted(short),
            kind.kind
        )));
    }
    let fields = meta::as_object(value);
    fields.insert("apiVersion".into(), kind.api_version().into());
    fields.insert("kind".into(), kind.kind.as_str().into());
    Ok(())
}

/// The Go package of a group's internal types: `core`, `apps`, `rbac`.
fn go_package(api_version: &str) -> String {
    let (group, _) = meta::group_version(api_version);
    match group.split('.').next().unwrap_or_default() {
        "" => "core".to_owned(),
        first => first.to_owned(),
    }
}
