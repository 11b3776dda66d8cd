//! Bodies of custom resources: pruned by their structure instead of decoded by a schema.

use machinery::{
    field::{Errors, Path, go_quoted},
    kind::Kind,
    meta, schema,
    status::{Resource, Status},
};
use serde_json::Value;

use super::decode::{Decoded, FieldValidation};

/// Checks a document against its kind and returns what the kind knows of it.
pub(super) fn decode(
    kind: &Kind,
    mode: FieldValidation,
    mut value: Value,
    duplicates: &[String],
) -> Result<Decoded, Status> {
    let Some(custom) = &kind.custom else { return Err(Status::internal("no custom kind")) };
    check_kind(kind, &value)?;
    let mut unknown = custom.structure.prune(&mut value);
    if let Some(metadata) = value.get_mut("metadata") {
        let schema = kind.schema();
        let schema = schema.field("metadata").unwrap_or(&schema::Schema::Untyped);
        let decoded = schema::decode(schema, metadata.take())
            .map_err(|error| Status::bad_request(error.to_string()))?;
        *metadata = decoded.value;
        unknown.extend(decoded.unknown.iter().map(|road| format!("metadata.{road}")));
    }
    unknown.sort();
    let warnings = mode.judge(duplicates, &unknown).map_err(|error| {
        Status::bad_request(format!(
            "{} in version {} cannot be handled as a {}: {error}",
            kind.kind,
            go_quoted(&kind.version),
            kind.kind
        ))
    })?;
    Ok(Decoded { object: value, warnings })
}

fn check_kind(kind: &Kind, value: &Value) -> Result<(), Status> {
    if !value.is_object() {
        return Err(Status::bad_request("the body is not an object"));
    }
    let (version, name) = (meta::text(value, "/apiVersion"), meta::text(value, "/kind"));
    if name.is_empty() {
        return Err(Status::bad_request(format!("Object 'Kind' is missing in '{value}'")));
    }
    let expected = kind.api_version();
    if version != expected {
        return Err(Status::bad_request(format!(
            "the API version in the data ({version}) does not match the expected API version \
             ({expected})"
        )));
    }
    if name != kind.kind {
        let mut errors = Errors::default();
        errors.invalid(&Path::new("kind"), &name.into(), format!("must be {}", kind.kind));
        let found = Resource { group: &kind.group, name };
        return Err(Status::invalid(found, meta::name(value), &errors));
    }
    Ok(())
}
