//! Answers as responses: JSON, YAML or a table, warnings, and refusals.

use std::io::Write as _;

use axum::{body::Body, response::Response};
use bytes::{BufMut as _, Bytes, BytesMut};
use flate2::{Compression, write::GzEncoder};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use http_body_util::BodyExt as _;
use machinery::{
    json::{indented, ordered},
    status::Status,
};
use serde_json::Value;

use super::negotiate::{Place, negotiate};
pub(crate) use super::warnings::{warned, warned_first};
use super::{Call, body, pieces::Pieces};

/// The form in which a caller wants objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// As they are.
    Plain,
    /// As rows of a table.
    Table,
    /// One object's metadata alone, or those that a watch shows.
    Metadata,
    /// The metadata of a list's objects.
    MetadataList,
    /// All groups in one page of discovery.
    Aggregated,
}

/// How a caller wants an answer written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Accept {
    pub(crate) form: Form,
    pub(crate) writing: Writing,
    pub(crate) pretty: bool,
    /// The version of tables and bare metadata: `v1`, or `v1beta1` for old clients.
    pub(crate) version: &'static str,
}

impl Accept {
    /// Plain JSON.
    pub(crate) const JSON: Self =
        Self { form: Form::Plain, writing: Writing::Json, pretty: false, version: "v1" };

    /// The version of meta.k8s.io in which tables and bare metadata are written.
    pub(crate) fn meta_version(self) -> String {
        format!("meta.k8s.io/{}", self.version)
    }

    /// How a refusal is written: as asked for where that can be, else as JSON.
    pub(crate) fn of_refusal(headers: &HeaderMap, query: &str) -> Self {
        // Where nothing fits, Go writes its lines for people.
        let raw = Self { pretty: true, ..Self::JSON };
        accept_at(headers, query, Place::Document).unwrap_or(raw)
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

/// Reads what the caller accepts of a document.
///
/// Errors: 406 where nothing can be given.
pub(crate) fn accept(headers: &HeaderMap, query: &str) -> Result<Accept, Status> {
    accept_at(headers, query, Place::Document).ok_or_else(|| Status::not_acceptable(&SUPPORTED))
}

/// What the caller accepts that a place has.
pub(crate) fn accept_at(headers: &HeaderMap, query: &str, place: Place) -> Option<Accept> {
    let wanted = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    let agreed = negotiate(wanted.unwrap_or_default().trim(), place)?;
    Some(Accept {
        form: agreed.form,
        writing: agreed.writing,
        pretty: agreed.pretty || wants_pretty(headers, query),
        version: agreed.version,
    })
}

/// The same for objects of a kind: custom ones are never written as protobuf, watches never as YAML.
pub(crate) fn accept_of(call: &Call) -> Result<Accept, Status> {
    let query = crate::registry::query_text(call);
    let custom = call.kind.custom.is_some();
    let watching = call.info.verb == "watch";
    if !custom && !is_produced(&call.headers) {
        return Err(representations(watching || call.info.verb == "list"));
    }
    let place = if custom { Place::Custom } else { Place::BuiltIn };
    accept_at(&call.headers, &query, place)
        .filter(|accept| !watching || accept.writing != Writing::Yaml)
        .ok_or_else(|| Status::not_acceptable(possible(call)))
}

/// The languages that objects of a kind are written in.
fn possible(call: &Call) -> &'static [&'static str] {
    const JSON_STREAM: &str = "application/json;stream=watch";
    match (call.info.verb == "watch", call.kind.custom.is_some()) {
        (true, true) => &[JSON_STREAM],
        (true, false) => &[JSON_STREAM, "application/vnd.kubernetes.protobuf;stream=watch"],
        (false, true) => &["application/json", "application/yaml"],
        (false, false) => &SUPPORTED,
    }
}

/// Tells whether one of the languages is named, or any is taken. Half a wildcard names none: so
/// routes choose, before anybody looks at parameters. Source: `matchesAccept` of go-restful.
pub(crate) fn is_produced(headers: &HeaderMap) -> bool {
    let ranges = headers.get_all(header::ACCEPT).iter().filter_map(|it| it.to_str().ok());
    let mut media = ranges
        .flat_map(|it| it.split(','))
        .filter_map(|it| it.split(';').next())
        .map(str::trim)
        .filter(|it| !it.is_empty())
        .peekable();
    media.peek().is_none() || media.any(|it| it == "*/*" || SUPPORTED.contains(&it))
}

/// Nothing that the caller reads can be written; says what can, streams included.
pub(crate) fn representations(streams: bool) -> Status {
    let mut all = SUPPORTED.join(", ");
    if streams {
        for media in ["application/json", body::PROTOBUF] {
            all = format!("{all}, {media};stream=watch");
        }
    }
    let mut status = Status::not_acceptable(&SUPPORTED);
    status.message = format!("406: Not Acceptable\n\nAvailable representations: {all}");
    status.details = serde_json::json!({});
    status
}

/// Tells whether somebody reads the answer: asked for, or a browser or curl.
pub(crate) fn wants_pretty(headers: &HeaderMap, query: &str) -> bool {
    let query = super::Query::parse(query);
    let asked = query.text("pretty");
    if !asked.is_empty() {
        // Go's `strconv.ParseBool`.
        return matches!(asked, "1" | "t" | "T" | "TRUE" | "true" | "True");
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
    warned(response, &status.warnings)
}

/// A document as JSON.
pub(crate) fn json(code: u16, document: &Value, pretty: bool) -> Response {
    let bytes = in_order(document).map(crate::registry::escaped);
    let bytes = bytes.map(|bytes| if pretty { indented(&bytes, 2) } else { bytes });
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

/// Fields that stand first in a document.
const FIRST: [&str; 3] = ["kind", "apiVersion", "metadata"];

/// A document as Go writes it; programs that read it as text expect it so.
fn in_order(document: &Value) -> Result<Vec<u8>, serde_json::Error> {
    let Some(fields) = document.as_object().filter(|fields| fields.contains_key("kind")) else {
        return serde_json::to_vec(document);
    };
    let mut out = Vec::new();
    let kind = document["kind"].as_str().unwrap_or_default();
    if let Some(schema) = api::body_schema(kind) {
        ordered::document(&mut out, fields, &schema, api::wire::wire())?;
        return Ok(out);
    }
    let first = FIRST.into_iter().filter_map(|key| fields.get_key_value(key));
    let rest = fields.iter().filter(|(key, _)| !FIRST.contains(&key.as_str()));
    out.push(b'{');
    for (index, (key, value)) in first.chain(rest).enumerate() {
        if index > 0 {
            out.push(b',');
        }
        serde_json::to_writer(&mut out, key)?;
        out.push(b':');
        serde_json::to_writer(&mut out, value)?;
    }
    out.push(b'}');
    Ok(out)
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
        let bytes = if accept.pretty { indented(&bytes, 2).into() } else { line(bytes) };
        return raw(code, bytes, "application/json");
    }
    match serde_json::from_slice(&bytes) {
        Ok(value) => document(code, &value, accept),
        Err(error) => refusal(&Status::internal(error), Accept::JSON),
    }
}

/// Pieces that are the document and the end of its line already.
pub(crate) fn pieces(code: u16, pieces: Pieces, accept: Accept) -> Response {
    if accept.writing == Writing::Json && !accept.pretty {
        return stream(code, Body::new(pieces), "application/json");
    }
    bytes(code, pieces.joined(), accept)
}

/// A document and the end of its line, as Go's encoder writes it. Copies what others hold, too.
fn line(document: Bytes) -> Bytes {
    let mut line = document.try_into_mut().unwrap_or_else(|shared| {
        let mut own = BytesMut::with_capacity(shared.len() + 1);
        own.extend_from_slice(&shared);
        own
    });
    line.put_u8(b'\n');
    line.freeze()
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
