//! Bodies as documents: JSON, YAML or protobuf.

use bytes::Bytes;
use http::{HeaderMap, header};
use machinery::{
    json,
    protobuf::{self, Envelope, wire::put_bytes},
    schema::Schema,
    status::Status,
};
use serde_json::Value;

/// The media type of Kubernetes' protobuf.
pub(crate) const PROTOBUF: &str = "application/vnd.kubernetes.protobuf";

/// The media type of a body; JSON where none is given.
pub(crate) fn media(headers: &HeaderMap) -> &str {
    let media = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    match media.unwrap_or_default().split(';').next().unwrap_or_default().trim() {
        "" => "application/json",
        media => media,
    }
}

/// Reads a body in protobuf. Errors: 400 for what is none, 415 for kinds that do not travel so.
pub(crate) fn protobuf(bytes: &Bytes) -> Result<Value, Status> {
    let refused = |error: protobuf::ProtobufError| Status::bad_request(error.to_string());
    let envelope = Envelope::parse(bytes).map_err(refused)?;
    let schema = schema_of(&envelope.api_version, &envelope.kind).ok_or_else(|| {
        Status::bad_request(format!(
            "no kind {:?} is registered for version {:?} in scheme \"kanoe\"",
            envelope.kind, envelope.api_version
        ))
    })?;
    let mut value = protobuf::decode(api::wire::wire(), &schema, &envelope.raw).map_err(refused)?;
    machinery::meta::put(&mut value, "apiVersion", envelope.api_version);
    machinery::meta::put(&mut value, "kind", envelope.kind);
    Ok(value)
}

/// The schema of a kind that travels as protobuf, served by itself or not.
fn schema_of(api_version: &str, kind: &str) -> Option<std::sync::Arc<Schema>> {
    let (group, version) = machinery::meta::group_version(api_version);
    match api::lookup(group, version, kind) {
        Some(kind) => Some(kind.schema()),
        None => api::body_schema(kind),
    }
}

/// An object as protobuf. `None`: its kind does not travel so.
pub(crate) fn to_protobuf(object: &Value) -> Option<Vec<u8>> {
    let text = |pointer: &str| machinery::meta::text(object, pointer).to_owned();
    let (api_version, kind) = (text("/apiVersion"), text("/kind"));
    let wire = api::wire::wire();
    if kind.starts_with("PartialObjectMetadata") {
        return Some(Envelope { raw: metadata_alone(object)?, api_version, kind }.written());
    }
    let raw = match (schema_of(&api_version, &kind), kind.strip_suffix("List")) {
        (Some(schema), _) => protobuf::encode(wire, &schema, object).ok()?,
        (None, Some(item)) => {
            let item = schema_of(&api_version, item)?;
            let metadata = api::body_schema("ListMeta")?;
            protobuf::encode_list(wire, (&metadata, &item), object).ok()?
        }
        (None, None) => return None,
    };
    Some(Envelope { api_version, kind, raw }.written())
}

/// `PartialObjectMetadata`: the metadata, field 1; or a list of such, field 2 behind its own.
fn metadata_alone(object: &Value) -> Option<Vec<u8>> {
    let wire = api::wire::wire();
    let mut out = Vec::new();
    let whole = object.get("items").is_none();
    let schema = api::body_schema(if whole { "ObjectMeta" } else { "ListMeta" })?;
    put_bytes(&mut out, 1, &protobuf::encode(wire, &schema, &object["metadata"]).ok()?);
    for item in machinery::meta::items(object, "/items") {
        put_bytes(&mut out, 2, &metadata_alone(item)?);
    }
    Some(out)
}

/// Reads the body of a subresource: JSON or protobuf.
pub(crate) fn document(headers: &HeaderMap, bytes: &Bytes) -> Result<Value, Status> {
    if media(headers) == PROTOBUF {
        return protobuf(bytes);
    }
    let parsed = json::parse(bytes).map_err(|error| {
        Status::bad_request(format!("couldn't get version/kind; json parse error: {error}"))
    })?;
    Ok(parsed.value)
}
