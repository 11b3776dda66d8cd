//! Answers as responses: JSON, YAML or a table, warnings, and refusals.

use std::io::Write as _;

use axum::{body::Body, response::Response};
use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use http_body_util::BodyExt as _;
use machinery::status::Status;
use serde_json::Value;

use super::{Call, body, pretty};

/// The form in which a caller wants objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// As they are.
    Plain,
    /// As rows of a table.
    Table,
    /// Their metadata alone.
    Metadata,
}

/// How a caller wants an answer written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Accept {
    pub(crate) form: Form,
    pub(crate) writing: Writing,
    pub(crate) pretty: bool,
}

impl Accept {
    /// Plain JSON.
    pub(crate) const JSON: Self = Self { form: Form::Plain, writing: Writing::Json, pretty: false };

    /// How a refusal is written: as asked for where that can be, else as JSON.
    pub(crate) fn of_refusal(headers: &HeaderMap, query: &str) -> Self {
        let pretty = wants_pretty(headers, query);
        let asked = accept(headers, query).unwrap_or(Self { pretty, ..Self::JSON });
        Self { form: Form::Plain, ..asked }
    }
}

/// The languages of answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Writing {
    Json,
    Yaml,
    Protobuf,
}

const SUPPORTED: [&str; 3] =
    ["application/json", "application/yaml", "application/vnd.kubernetes.protobuf"];

/// Reads what the caller accepts; the first that can be given counts.
///
/// Errors: 406 where nothing can be given.
pub(crate) fn accept(headers: &HeaderMap, query: &str) -> Result<Accept, Status> {
    let pretty = wants_pretty(headers, query);
    let wanted: Vec<&str> = headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .collect();
    if wanted.iter().all(|one| one.is_empty()) {
        return Ok(Accept { form: Form::Plain, writing: Writing::Json, pretty });
    }
    let mut wanted = wanted;
    // The dearest comes first; among equals the one that was named first.
    wanted.sort_by(|left, right| quality(right).total_cmp(&quality(left)));
    let found = wanted.iter().find_map(|one| offer(one));
    let (form, writing) = found.ok_or_else(|| Status::not_acceptable(&SUPPORTED))?;
    Ok(Accept { form, writing, pretty })
}

/// The same for objects of a kind: custom ones and watches are never written as protobuf.
pub(crate) fn accept_of(call: &Call) -> Result<Accept, Status> {
    let query = crate::registry::query_text(call);
    let accept = accept(&call.headers, &query).map_err(|_| representations(call))?;
    let plain_only = call.kind.custom.is_some() || call.info.verb == "watch";
    if accept.writing != Writing::Protobuf || !plain_only {
        return Ok(accept);
    }
    let mut others = HeaderMap::new();
    let ranges = call.headers.get_all(header::ACCEPT).iter().filter_map(|it| it.to_str().ok());
    for range in ranges.flat_map(|ranges| ranges.split(',')) {
        if !range.contains("protobuf")
            && let Ok(value) = HeaderValue::from_str(range)
        {
            others.append(header::ACCEPT, value);
        }
    }
    if others.is_empty() {
        return Err(Status::not_acceptable(&["application/json", "application/yaml"]));
    }
    self::accept(&others, &query)
}

/// Nothing that the caller reads can be written; says what can.
fn representations(call: &Call) -> Status {
    let mut all = SUPPORTED.join(", ");
    if matches!(call.info.verb, "list" | "watch") {
        for media in ["application/json", body::PROTOBUF] {
            all = format!("{all}, {media};stream=watch");
        }
    }
    let mut status = Status::not_acceptable(&SUPPORTED);
    status.message = format!("406: Not Acceptable\n\nAvailable representations: {all}");
    status.details = serde_json::json!({});
    status
}

/// The weight of a range: its `q`, 1 where it has none.
fn quality(range: &str) -> f64 {
    let weight = range.split(';').find_map(|part| part.trim().strip_prefix("q="));
    weight.and_then(|weight| weight.parse().ok()).unwrap_or(1.0)
}

fn offer(range: &str) -> Option<(Form, Writing)> {
    let mut parts = range.split(';').map(str::trim);
    let writing = match parts.next()? {
        "application/json" | "application/*" | "*/*" => Writing::Json,
        "application/yaml" => Writing::Yaml,
        body::PROTOBUF => Writing::Protobuf,
        _ => return None,
    };
    let mut form = Form::Plain;
    for parameter in parts {
        form = match parameter.split_once('=') {
            Some(("as", "Table")) => Form::Table,
            Some(("as", "PartialObjectMetadata" | "PartialObjectMetadataList")) => Form::Metadata,
            Some(("as", _)) => return None,
            Some(("v", version)) if version != "v1" && form != Form::Plain => return None,
            _ => form,
        };
    }
    // Tables and bare metadata are written as JSON or YAML.
    (form == Form::Plain || writing != Writing::Protobuf).then_some((form, writing))
}

/// Tells whether somebody reads the answer: asked for, or a browser or curl.
pub(crate) fn wants_pretty(headers: &HeaderMap, query: &str) -> bool {
    let query = super::Query::parse(query);
    if query.pairs().iter().any(|(key, _)| key == "pretty") {
        return query.flag("pretty");
    }
    let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
    agent.is_some_and(|agent| {
        ["curl", "Wget", "Mozilla/5.0"].iter().any(|reader| agent.starts_with(reader))
    })
}

/// A refusal as a response.
pub(crate) fn refusal(status: &Status, accept: Accept) -> Response {
    let mut response = document(status.code, &status.to_object(), accept);
    if let Some(seconds) = status.details.get("retryAfterSeconds").and_then(Value::as_u64) {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// A document as JSON.
pub(crate) fn json(code: u16, document: &Value, pretty: bool) -> Response {
    let bytes =
        ordered(document).map(|bytes| if pretty { pretty::indented(&bytes) } else { bytes });
    bytes.map_or_else(
        |error| raw(500, error.to_string().into(), "text/plain"),
        |mut bytes| {
            if !pretty {
                bytes.push(b'\n');
            }
            raw(code, bytes.into(), "application/json")
        },
    )
}

/// Fields that stand first in a document, in Go's order.
const FIRST: [&str; 8] =
    ["kind", "apiVersion", "metadata", "status", "message", "reason", "details", "code"];

/// A document with its first fields first; programs that read it as text expect them so.
fn ordered(document: &Value) -> Result<Vec<u8>, serde_json::Error> {
    let Some(fields) = document.as_object().filter(|fields| fields.contains_key("kind")) else {
        return serde_json::to_vec(document);
    };
    let first = FIRST.into_iter().filter_map(|key| fields.get_key_value(key));
    let rest = fields.iter().filter(|(key, _)| !FIRST.contains(&key.as_str()));
    let mut out = vec![b'{'];
    for (index, (key, value)) in first.chain(rest).enumerate() {
        if index > 0 {
            out.push(b',');
        }
        serde_json::to_writer(&mut out, key)?;
        out.push(b':');
        match (key.as_str(), value) {
            ("details", Value::Object(details)) => in_order(&mut out, details, &DETAILS)?,
            _ => serde_json::to_writer(&mut out, value)?,
        }
    }
    out.push(b'}');
    Ok(out)
}

/// The fields of `Status.details` in Go's order.
const DETAILS: [&str; 6] = ["name", "group", "kind", "uid", "causes", "retryAfterSeconds"];

fn in_order(
    out: &mut Vec<u8>,
    fields: &serde_json::Map<String, Value>,
    order: &[&str],
) -> Result<(), serde_json::Error> {
    let first = order.iter().filter_map(|key| fields.get_key_value(*key));
    let rest = fields.iter().filter(|(key, _)| !order.contains(&key.as_str()));
    out.push(b'{');
    for (index, (key, value)) in first.chain(rest).enumerate() {
        if index > 0 {
            out.push(b',');
        }
        serde_json::to_writer(&mut *out, key)?;
        out.push(b':');
        serde_json::to_writer(&mut *out, value)?;
    }
    out.push(b'}');
    Ok(())
}

/// A document as the caller wants it written.
pub(crate) fn document(code: u16, document: &Value, accept: Accept) -> Response {
    match accept.writing {
        Writing::Yaml => {
            let text = machinery::yaml::to_string(document);
            raw(code, text.into(), "application/yaml")
        }
        Writing::Protobuf => match body::to_protobuf(document) {
            Some(bytes) => raw(code, bytes.into(), body::PROTOBUF),
            None => json(code, document, accept.pretty),
        },
        Writing::Json => json(code, document, accept.pretty),
    }
}

/// Bytes that are the document already.
pub(crate) fn bytes(code: u16, bytes: Bytes, accept: Accept) -> Response {
    if accept.writing == Writing::Json {
        let bytes = if accept.pretty { pretty::indented(&bytes).into() } else { bytes };
        return raw(code, bytes, "application/json");
    }
    match serde_json::from_slice(&bytes) {
        Ok(value) => document(code, &value, accept),
        Err(error) => refusal(&Status::internal(error), Accept::JSON),
    }
}

/// Bytes of a content type.
pub(crate) fn raw(code: u16, bytes: Bytes, content_type: &'static str) -> Response {
    stream(code, Body::from(bytes), content_type)
}

/// Bodies from this size on are compressed. Source: `defaultGzipThresholdBytes`.
const GZIP_FROM: u64 = 128 * 1024;

/// Tells whether the caller reads gzip.
pub(crate) fn accepts_gzip(headers: &HeaderMap) -> bool {
    let all = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|it| it.to_str().ok());
    let mut codings = all.flat_map(|value| value.split(','));
    codings.any(|coding| coding.split(';').next().is_some_and(|name| name.trim() == "gzip"))
}

/// The response compressed, if its body is known and large; streams go on as they are.
pub(crate) async fn zipped(response: Response) -> Response {
    let known = http_body::Body::size_hint(response.body()).exact();
    if known.is_none_or(|size| size < GZIP_FROM) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(whole) = body.collect().await else { return Response::from_parts(parts, Body::empty()) };
    let whole = whole.to_bytes();
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    // Writing into memory does not fail.
    let zipped = encoder.write_all(&whole).and_then(|()| encoder.finish());
    let Ok(zipped) = zipped else { return Response::from_parts(parts, Body::from(whole)) };
    parts.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    parts.headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    Response::from_parts(parts, Body::from(zipped))
}

/// A body that goes on for a while.
pub(crate) fn stream(code: u16, body: Body, content_type: &'static str) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() =
        StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    let no_cache = HeaderValue::from_static("no-cache, private");
    response.headers_mut().insert(header::CACHE_CONTROL, no_cache);
    response
}

/// A response without a body.
pub(crate) fn nothing(code: u16) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::from_u16(code).unwrap_or(StatusCode::NOT_FOUND);
    response
}

/// Adds a `Warning` header; what cannot stand in one is left out letter by letter.
pub(crate) fn warn(response: &mut Response, warning: &str) {
    let clean: String = warning
        .chars()
        .filter(|letter| !letter.is_control())
        .flat_map(|letter| match letter {
            '"' | '\\' => vec!['\\', letter],
            _ => vec![letter],
        })
        .collect();
    if let Ok(value) = HeaderValue::from_bytes(format!("299 - \"{clean}\"").as_bytes()) {
        response.headers_mut().append(header::WARNING, value);
    }
}
