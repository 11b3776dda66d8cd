//! Whether a `CustomResourceDefinition` is one that Kubernetes takes.
//! Source: `pkg/apis/apiextensions/validation/validation.go`.

use machinery::{
    base64,
    field::{Errors, Path},
    kind::Change,
    meta, names,
};
use serde_json::{Value, json};

use super::{
    approval,
    internal::{self, shown_versions},
    lists,
    paths::{self, Brackets},
    schema::{self, Options},
    structural::{self, text},
};
use crate::check;

/// Checks a definition.
pub(super) fn check(change: &Change<'_>, errors: &mut Errors) {
    let (new, old) = (change.new, change.old);
    let spec = internal::spec(new);
    let at = Path::new("spec");
    if old.is_none() {
        let wanted = format!("{}.{}", meta::text(&spec, "/names/plural"), text(&spec, "group"));
        if meta::name(new) != wanted {
            let why = "must be spec.names.plural+\".\"+spec.group";
            errors.invalid(&Path::new("metadata").child("name"), &meta::name(new).into(), why);
        }
    }
    check_spec(&spec, old, errors);
    if let Some(old) = old {
        immutable(&new["spec"], &old["spec"], established(old), errors);
    }
    let status = Path::new("status");
    check_names(&new["status"]["acceptedNames"], &status.child("acceptedNames"), errors);
    stored_versions(new, &status.child("storedVersions"), errors);
    approval::check(change, errors);
    let preserves = |definition: &Value| definition["spec"]["preserveUnknownFields"] == true;
    if preserves(new) && !old.is_some_and(preserves) {
        let why = "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in \
                   spec.versions[*].schema instead";
        errors.invalid(&at.child("preserveUnknownFields"), &true.into(), why);
    }
}

fn established(definition: &Value) -> bool {
    let conditions = meta::items(definition, "/status/conditions");
    conditions.iter().any(|one| one["type"] == "Established" && one["status"] == "True")
}

fn immutable(new: &Value, old: &Value, established: bool, errors: &mut Errors) {
    let at = Path::new("spec");
    let names = at.child("names");
    if established {
        check::immutable(new, old, "scope", &at, errors);
        check::immutable(&new["names"], &old["names"], "kind", &names, errors);
    }
    check::immutable(new, old, "group", &at, errors);
    check::immutable(&new["names"], &old["names"], "plural", &names, errors);
}

/// Refuses text that breaks the rule of a name; all that is wrong stands in one error.
fn joined(value: &str, rule: fn(&str) -> Vec<String>, path: &Path, errors: &mut Errors) {
    let wrong = rule(value);
    if !wrong.is_empty() {
        errors.invalid(path, &value.into(), wrong.join(","));
    }
}

fn check_spec(spec: &Value, old: Option<&Value>, errors: &mut Errors) {
    let at = Path::new("spec");
    let group = text(spec, "group");
    if group.is_empty() {
        errors.required(&at.child("group"), "");
    } else if names::dns_subdomain(group).is_empty() && !group.contains('.') {
        let why = "should be a domain with at least one dot";
        errors.invalid(&at.child("group"), &group.into(), why);
    } else {
        joined(group, names::dns_subdomain, &at.child("group"), errors);
    }
    check::required_one_of(spec, "scope", &["Cluster", "Namespaced"], &at, errors);
    let options = options(old);
    check_versions(spec, options, errors);
    for name in ["plural", "singular", "kind", "listKind"] {
        if text(&spec["names"], name).is_empty() {
            errors.required(&at.child("names").child(name), "");
        }
    }
    check_names(&spec["names"], &at.child("names"), errors);
    let versions = meta::items(spec, "/versions");
    let status = |of: &Value| of.pointer("/subresources/status").is_some_and(|it| !it.is_null());
    if let Some(document) = spec.pointer("/validation/openAPIV3Schema") {
        let any = status(spec) || versions.iter().any(status);
        let path = at.child("validation").child("openAPIV3Schema");
        schema::check(document, any, options, &path, errors);
    }
    check_subresources(&spec["subresources"], &at.child("subresources"), errors);
    check_columns(spec, &at, errors);
    if !meta::items(spec, "/selectableFields").is_empty() {
        let path = at.child("selectableFields");
        if let Some(document) = spec.pointer("/validation/openAPIV3Schema") {
            check_selectable(spec, document, &path, errors);
        } else {
            let why = "may only be set when validations.schema is included";
            errors.invalid(&path, &"".into(), why);
        }
    }
    check_conversion(spec, old, &at, errors);
}

fn check_versions(spec: &Value, options: Options<'_>, errors: &mut Errors) {
    let at = Path::new("spec").child("versions");
    let versions = meta::items(spec, "/versions");
    let shared = spec.pointer("/validation/openAPIV3Schema").is_some_and(Value::is_object);
    let name_of = |version: &'_ Value| text(version, "name").to_owned();
    for (index, version) in versions.iter().enumerate() {
        let path = at.index(index);
        if !shared && structural::one(&version["schema"], "openAPIV3Schema").is_none() {
            errors.required(&path.child("schema").child("openAPIV3Schema"), "");
        }
        joined(&name_of(version), names::dns_1035_label, &path.child("name"), errors);
        check_version(spec, version, options, &path, errors);
    }
    let names: Vec<String> = versions.iter().map(name_of).collect();
    if names.iter().enumerate().any(|(at, name)| names.iter().take(at).any(|one| one == name)) {
        errors.invalid_shown(&at, &shown_versions(versions), "must contain unique version names");
    }
    if versions.iter().filter(|version| version["storage"] == true).count() != 1 {
        let why = "must have exactly one version marked as storage version";
        errors.invalid_shown(&at, &shown_versions(versions), why);
    }
    if let Some(first) = names.first().filter(|name| !name.is_empty()) {
        joined(first, names::dns_1035_label, &Path::new("spec").child("version"), errors);
    }
}

fn check_version(
    spec: &Value,
    version: &Value,
    options: Options<'_>,
    at: &Path,
    errors: &mut Errors,
) {
    if let Some(warning) = version.get("deprecationWarning").filter(|it| !it.is_null()) {
        let path = at.child("deprecationWarning");
        for why in deprecation(version["deprecated"] == true, warning.as_str().unwrap_or_default())
        {
            errors.invalid(&path, warning, why);
        }
    }
    let own = meta::items(spec, "/versions").iter().any(|one| one["subresources"].is_object());
    let subresources = if own { &version["subresources"] } else { &spec["subresources"] };
    let document = structural::one(&version["schema"], "openAPIV3Schema");
    if let Some(document) = document {
        let status = subresources.get("status").is_some_and(|it| !it.is_null());
        let path = at.child("schema").child("openAPIV3Schema");
        schema::check(document, status, options, &path, errors);
    }
    check_subresources(&version["subresources"], &at.child("subresources"), errors);
    check_columns(version, at, errors);
    if !meta::items(version, "/selectableFields").is_empty() {
        let path = at.child("selectableFields");
        if let Some(document) = document {
            check_selectable(version, document, &path, errors);
        } else {
            let why = "may only be set when `version.schema.openAPIV3Schema` is not included";
            errors.invalid(&path, &"".into(), why);
        }
    }
}

fn deprecation(deprecated: bool, warning: &str) -> Vec<String> {
    if !deprecated {
        return vec!["can only be set for deprecated versions".into()];
    }
    let mut wrong = Vec::new();
    if warning.len() > 256 {
        wrong.push("must be <= 256 characters long".into());
    }
    if warning.is_empty() {
        wrong.push("must not be an empty string".into());
    }
    let odd = |letter: char| letter.is_control() || letter.is_whitespace() && letter != ' ';
    if let Some((index, _)) = warning.char_indices().find(|(_, letter)| odd(*letter)) {
        wrong.push(format!(
            "must only contain printable UTF-8 characters; non-printable character found at index \
             {index}"
        ));
    }
    wrong
}

fn check_names(names: &Value, at: &Path, errors: &mut Errors) {
    for name in ["plural", "singular"] {
        let value = text(names, name);
        if !value.is_empty() {
            joined(value, names::dns_1035_label, &at.child(name), errors);
        }
    }
    for name in ["kind", "listKind"] {
        let value = text(names, name);
        let wrong = names::dns_1035_label(&value.to_lowercase());
        if !value.is_empty() && !wrong.is_empty() {
            let why = "may have mixed case, but should otherwise match: ";
            errors.invalid(&at.child(name), &value.into(), format!("{why}{}", wrong.join(",")));
        }
    }
    let each = |key: &str, errors: &mut Errors| {
        for (index, name) in structural::listed(names, key).iter().enumerate() {
            let path = at.child(key).index(index);
            joined(name.as_str().unwrap_or_default(), names::dns_1035_label, &path, errors);
        }
    };
    each("shortNames", errors);
    let kind = text(names, "kind");
    if !kind.is_empty() && kind == text(names, "listKind") {
        let why = "kind and listKind may not be the same";
        errors.invalid(&at.child("listKind"), &kind.into(), why);
    }
    each("categories", errors);
}

fn simple_path(path: &str, at: &Path, errors: &mut Errors) -> bool {
    if path.starts_with('.') {
        return true;
    }
    errors.invalid(at, &path.into(), "must be a simple json path starting with .");
    false
}

fn check_subresources(subresources: &Value, at: &Path, errors: &mut Errors) {
    let Some(scale) = structural::one(subresources, "scale") else { return };
    for (field, under, words) in [
        ("specReplicasPath", &[".spec."][..], "should be a json path under .spec"),
        ("statusReplicasPath", &[".status."][..], "should be a json path under .status"),
        (
            "labelSelectorPath",
            &[".spec.", ".status."][..],
            "should be a json path under either .spec or .status",
        ),
    ] {
        let (path, value) = (at.child("scale").child(field), text(scale, field));
        if value.is_empty() {
            if field != "labelSelectorPath" {
                errors.required(&path, "");
            }
        } else if simple_path(value, &path, errors)
            && !under.iter().any(|under| value.starts_with(under))
        {
            errors.invalid(&path, &value.into(), words);
        }
    }
}

const COLUMN_TYPES: [&str; 5] = ["boolean", "date", "integer", "number", "string"];
const COLUMN_FORMATS: [&str; 8] =
    ["byte", "date", "date-time", "double", "float", "int32", "int64", "password"];

fn check_columns(of: &Value, at: &Path, errors: &mut Errors) {
    let columns = meta::items(of, "/additionalPrinterColumns");
    for (index, column) in columns.iter().enumerate() {
        let at = at.child("additionalPrinterColumns").index(index);
        if text(column, "name").is_empty() {
            errors.required(&at.child("name"), "");
        }
        let kind = text(column, "type");
        let why = format!("must be one of {}", COLUMN_TYPES.join(","));
        if kind.is_empty() {
            errors.required(&at.child("type"), &why);
        } else if !COLUMN_TYPES.contains(&kind) {
            errors.invalid(&at.child("type"), &kind.into(), why);
        }
        let format = text(column, "format");
        if !format.is_empty() && !COLUMN_FORMATS.contains(&format) {
            let why = format!("must be one of {}", COLUMN_FORMATS.join(","));
            errors.invalid(&at.child("format"), &format.into(), why);
        }
        let (path, value) = (at.child("JSONPath"), text(column, "jsonPath"));
        if value.is_empty() {
            errors.required(&path, "");
        } else {
            simple_path(value, &path, errors);
        }
    }
}

const MOST_SELECTABLE: usize = 8;

fn check_selectable(of: &Value, document: &Value, at: &Path, errors: &mut Errors) {
    let mut seen: Vec<String> = Vec::new();
    for (index, field) in meta::items(of, "/selectableFields").iter().enumerate() {
        let path = at.index(index).child("jsonPath");
        let value = text(field, "jsonPath");
        if value.is_empty() {
            errors.required(&path, "");
            continue;
        }
        let found = match paths::follow(value, document, Brackets::Refused) {
            Ok(found) => found,
            Err(why) => {
                errors.invalid(&path, &value.into(), format!("is an invalid path: {why}"));
                continue;
            }
        };
        if found.first == "metadata" {
            errors.invalid(&path, &value.into(), "must not point to fields in metadata");
        }
        if !matches!(text(found.schema, "type"), "string" | "boolean" | "integer") {
            let why = "must point to a field of type string, boolean or integer. Enum string \
                       fields and strings with formats are allowed.";
            errors.invalid(&path, &value.into(), why);
        }
        let road = found.path.to_string();
        if seen.contains(&road) {
            errors.duplicate(&path, &value.into());
        } else {
            seen.push(road);
        }
    }
    if seen.len() > MOST_SELECTABLE {
        errors.too_many(at, seen.len(), MOST_SELECTABLE);
    }
}

fn check_conversion(spec: &Value, old: Option<&Value>, at: &Path, errors: &mut Errors) {
    let Some(conversion) = structural::one(spec, "conversion") else { return };
    let at = at.child("conversion");
    check::required_one_of(conversion, "strategy", &["None", "Webhook"], &at, errors);
    let (client, path) =
        (structural::one(conversion, "webhookClientConfig"), at.child("webhookClientConfig"));
    let (versions, versions_path) = (
        structural::listed(conversion, "conversionReviewVersions"),
        at.child("conversionReviewVersions"),
    );
    if text(conversion, "strategy") != "Webhook" {
        let why = "should not be set when strategy is not set to Webhook";
        if client.is_some() {
            errors.forbidden(&path, why);
        }
        if !versions.is_empty() {
            errors.forbidden(&versions_path, why);
        }
        return;
    }
    let Some(client) = client else {
        errors.required(&path, "required when strategy is set to Webhook");
        return review_versions(versions, old, &versions_path, errors);
    };
    match (client.get("url"), client.get("service")) {
        (Some(url), None) => check::webhook_url(url, &path.child("url"), errors),
        (None, Some(service)) => {
            check::webhook_service(service, &path.child("service"), errors);
        }
        _ => errors.required(&path, "exactly one of url or service is required"),
    }
    let bundle = text(client, "caBundle");
    let bears = |old: &Value| {
        let before = meta::text(old, "/spec/conversion/webhook/clientConfig/caBundle");
        !established(old) || !before.is_empty() && !is_bundle(before)
    };
    // What was wrong before may stay so, and what is not served yet is not asked.
    if !bundle.is_empty() && !is_bundle(bundle) && old.is_some_and(|old| !bears(old)) {
        let why = "unable to load root certificates: unable to parse bytes as PEM block";
        errors.invalid(&path.child("caBundle"), &bundle.into(), why);
    }
    review_versions(versions, old, &versions_path, errors);
}

/// Tells whether base64 text holds a certificate in PEM.
fn is_bundle(text: &str) -> bool {
    let bytes = base64::decode(text).unwrap_or_default();
    String::from_utf8_lossy(&bytes).contains("-----BEGIN CERTIFICATE-----")
}

fn review_versions(versions: &[Value], old: Option<&Value>, at: &Path, errors: &mut Errors) {
    if versions.is_empty() {
        return errors.required(at, "");
    }
    let known = |list: &[Value]| list.iter().any(|one| one == "v1" || one == "v1beta1");
    for (index, version) in versions.iter().enumerate() {
        let path = at.index(index);
        if versions.iter().take(index).any(|one| one == version) {
            errors.invalid(&path, version, "duplicate version");
            continue;
        }
        check::named(version, names::dns_1035_label, &path, errors);
    }
    let before =
        old.map(|old| meta::items(old, "/spec/conversion/webhook/conversionReviewVersions"));
    if !known(versions) && before.is_none_or(|before| before.is_empty() || known(before)) {
        errors.invalid(at, &json!(versions), "must include at least one of v1, v1beta1");
    }
}

fn stored_versions(definition: &Value, at: &Path, errors: &mut Errors) {
    let stored = meta::items(definition, "/status/storedVersions");
    if stored.is_empty() {
        return errors.invalid_shown(at, "null", "must have at least one stored version");
    }
    let versions = meta::items(definition, "/spec/versions");
    for version in versions.iter().filter(|version| version["storage"] == true) {
        if !stored.contains(&version["name"]) {
            let why = format!("must have the storage version {}", text(version, "name"));
            errors.invalid(at, &json!(stored), why);
        }
    }
    for (index, name) in stored.iter().enumerate() {
        if versions.iter().any(|version| version["name"] == *name) {
            continue;
        }
        let word = name.as_str().unwrap_or_default();
        let why = format!(
            "missing from spec.versions; {word} was previously a storage version, and must remain \
             in spec.versions until a storage migration ensures no data remains persisted in \
             {word} and removes {word} from status.storedVersions"
        );
        errors.invalid(&at.index(index), name, why);
    }
}

/// What an update may leave as it was.
fn options(old: Option<&Value>) -> Options<'_> {
    let mut options = Options {
        valid_types: true,
        structural: true,
        pruned_defaults: true,
        atomic_sets: true,
        map_keys: true,
        old,
    };
    let versions = old.map(|old| meta::items(old, "/spec/versions")).unwrap_or_default();
    for document in versions.iter().filter_map(|it| it.pointer("/schema/openAPIV3Schema")) {
        let mut wrong = Errors::default();
        structural::check(document, &Path::default(), &mut wrong);
        options.structural &= wrong.is_empty();
        structural::every(document, &mut |schema| {
            let known = ["array", "boolean", "integer", "number", "object", "string"];
            let kind = text(schema, "type");
            options.valid_types &= kind.is_empty() || known.contains(&kind);
            if text(schema, "x-kubernetes-list-type") == "set" {
                options.atomic_sets &=
                    structural::one(schema, "items").is_none_or(lists::is_atomic);
            }
            let mut wrong = Errors::default();
            lists::check_keys(schema, &Path::default(), &mut wrong);
            options.map_keys &= wrong.is_empty();
        });
    }
    // What is pruned needs a structure.
    options.structural |= old.is_none_or(|old| old["spec"]["preserveUnknownFields"] != true);
    options
}

#[cfg(test)]
mod tests;
