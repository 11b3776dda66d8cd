//! Bodies of custom resources: pruned by their structure instead of decoded by a schema.

use machinery::{
    field::{Errors, Path, go_quoted},
    kind::{Custom, Kind},
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
    complaints: &[String],
) -> Result<Decoded, Status> {
    let Some(custom) = &kind.custom else { return Err(Status::internal("no custom kind")) };
    check_kind(kind, &value).map_err(|mut status| {
        status.warnings = foreign_fields(kind, mode, &value);
        status
    })?;
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
    let warnings = mode.judge(complaints, &unknown).map_err(|error| {
        Status::bad_request(format!(
            "{} in version {} cannot be handled as a {}: {error}",
            kind.kind,
            go_quoted(&kind.version),
            kind.kind
        ))
    })?;
    Ok(Decoded { object: value, warnings })
}

/// What is warned of in an object of the kind in a version that its definition does not have:
/// nothing is known of such an object but that it is one.
fn foreign_fields(kind: &Kind, mode: FieldValidation, value: &Value) -> Vec<String> {
    let (group, version) = meta::group_version(meta::text(value, "/apiVersion"));
    let known = |custom: &Custom| custom.versions.iter().any(|one| one == version);
    let ours = group == kind.group && meta::text(value, "/kind") == kind.kind;
    let Some(fields) = value.as_object().filter(|_| ours) else { return Vec::new() };
    if kind.custom.as_deref().is_none_or(known) {
        return Vec::new();
    }
    let unknown: Vec<String> = fields
        .keys()
        .filter(|field| !["apiVersion", "kind", "metadata"].contains(&field.as_str()))
        .cloned()
        .collect();
    mode.judge(&[], &unknown).unwrap_or_default()
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
