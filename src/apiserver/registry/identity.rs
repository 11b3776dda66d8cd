//! Metadata that every object has: what the server sets, and what must hold of what users set.
//! Source: `k8s.io/apimachinery/pkg/api/validation`.

use machinery::{
    field::{Errors, Path},
    kind::Kind,
    meta, names,
    status::Status,
};
use rand::seq::IndexedRandom as _;
use serde_json::{Value, json};

/// Letters of generated names; no vowels, so that no words come about.
const LETTERS: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";
/// Longest base of a generated name.
const MAX_BASE: usize = 58;
/// Most bytes of all annotations together.
const MAX_ANNOTATIONS: usize = 256 * 1024;

/// Five random letters.
pub(crate) fn suffix() -> String {
    let mut random = rand::rng();
    (0..5).filter_map(|_| LETTERS.choose(&mut random).map(|byte| char::from(*byte))).collect()
}

/// Gives a new object its name, namespace, uid and birth.
///
/// Errors: 400 where the path and the object disagree.
pub(super) fn begin(kind: &Kind, namespace: &str, object: &mut Value) -> Result<(), Status> {
    let metadata = meta::metadata_mut(object);
    for key in ["generateName", "name", "namespace", "resourceVersion"] {
        if metadata.get(key).and_then(Value::as_str) == Some("") {
            metadata.remove(key);
        }
    }
    set_namespace(kind, namespace, object)?;
    let metadata = meta::metadata_mut(object);
    let base = metadata.get("generateName").and_then(Value::as_str).map(str::to_owned);
    if let (Some(base), false) = (base, metadata.contains_key("name")) {
        let short: String = base.chars().take(MAX_BASE).collect();
        metadata.insert("name".into(), format!("{short}{}", suffix()).into());
    }
    for key in ["deletionTimestamp", "deletionGracePeriodSeconds", "selfLink"] {
        metadata.remove(key);
    }
    metadata.insert("uid".into(), uuid::Uuid::new_v4().to_string().into());
    let now = lifecycle::clock::rfc3339_seconds(lifecycle::clock::now());
    metadata.insert("creationTimestamp".into(), now.into());
    if kind.counts_generation {
        metadata.insert("generation".into(), 1.into());
    }
    drop_empty(object);
    Ok(())
}

/// When owners are looked at that stand twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seen {
    /// As they came.
    Given,
    /// When admission has had its turn.
    Admitted,
}

/// Keeps each owner once; says which stood there more than once.
/// Source: `dedupOwnerReferencesAndAddWarning` of k8s.io/apiserver.
pub(super) fn dedup_owners(object: &mut Value, seen: Seen) -> Option<String> {
    let metadata = meta::metadata_mut(object);
    let owners = metadata.get_mut("ownerReferences")?.as_array_mut()?;
    let mut kept: Vec<Value> = Vec::new();
    let mut doubled: Vec<String> = Vec::new();
    for owner in owners.drain(..) {
        if kept.contains(&owner) {
            doubled.push(meta::text(&owner, "/uid").to_owned());
        } else {
            kept.push(owner);
        }
    }
    *owners = kept;
    let when = match seen {
        Seen::Given => "",
        Seen::Admitted => " after mutating admission happens",
    };
    (!doubled.is_empty()).then(|| {
        format!(
            ".metadata.ownerReferences contains duplicate entries{when}; API server dedups owner \
             references in 1.20+, and may reject such requests as early as 1.24; please fix your \
             requests; duplicate UID(s) observed: {}",
            doubled.join(", ")
        )
    })
}

/// An object is in the namespace of its path; it may leave that out, not contradict it.
pub(super) fn set_namespace(
    kind: &Kind,
    namespace: &str,
    object: &mut Value,
) -> Result<(), Status> {
    if !kind.is_namespaced() {
        meta::metadata_mut(object).remove("namespace");
        return Ok(());
    }
    let given = meta::namespace(object);
    if !given.is_empty() && given != namespace {
        return Err(Status::bad_request(
            "the namespace of the provided object does not match the namespace sent on the request",
        ));
    }
    meta::metadata_mut(object).insert("namespace".into(), namespace.into());
    Ok(())
}

/// Maps and lists without entries are not kept.
pub(super) fn drop_empty(object: &mut Value) {
    let metadata = meta::metadata_mut(object);
    metadata.retain(|_, value| match value {
        Value::Object(map) => !map.is_empty(),
        Value::Array(list) => !list.is_empty(),
        Value::Null => false,
        _ => true,
    });
}

/// Checks metadata.
pub(super) fn check(kind: &Kind, new: &Value, old: Option<&Value>, errors: &mut Errors) {
    let at = Path::new("metadata");
    let name = meta::name(new);
    let base = meta::text(new, "/metadata/generateName");
    if !base.is_empty() && old.is_none() {
        for why in (kind.name_rule)(&masked(base)) {
            errors.invalid(&at.child("generateName"), &json!(base), why);
        }
    }
    if name.is_empty() {
        errors.required(&at.child("name"), "name or generateName is required");
    } else if old.is_none() {
        for why in (kind.name_rule)(name) {
            errors.invalid(&at.child("name"), &json!(name), why);
        }
    }
    // Of changes Kubernetes looks at these three for all metadata, for its update and for the kind.
    for _ in 0..if old.is_some() { 3 } else { 1 } {
        check_labels(new, &at, errors);
        check_annotations(new, &at, errors);
        check_owners(new, &at, errors);
    }
    check_finalizers(kind, new, &at.child("finalizers"), errors);
    if let Some(old) = old {
        check_kept(new, old, &at, errors);
    }
}

/// The start of a name, the dash at its end out of the way: another letter follows it.
/// Source: `maskTrailingDash` of k8s.io/apimachinery.
fn masked(base: &str) -> String {
    let end = base.len().checked_sub(2).filter(|_| base.ends_with('-'));
    match end.and_then(|end| base.get(..end)) {
        Some(start) => format!("{start}a"),
        None => base.to_owned(),
    }
}

/// Groups whose kinds take finalizers of any name that is well formed.
const FREE_FINALIZERS: [&str; 3] =
    ["admissionregistration.k8s.io", "apiextensions.k8s.io", "apiregistration.k8s.io"];

/// Source: `ValidateFinalizers` of k8s.io/apimachinery, `ValidateObjectMeta` of the core.
fn check_finalizers(kind: &Kind, object: &Value, path: &Path, errors: &mut Errors) {
    let finalizers: Vec<&str> = meta::finalizers(object).collect();
    for finalizer in &finalizers {
        for why in names::qualified_name(finalizer) {
            errors.invalid(path, &json!(finalizer), why);
        }
    }
    let standard = ["foregroundDeletion", "orphan", "kubernetes"];
    let [foreground, orphan, _] = standard;
    if finalizers.contains(&foreground) && finalizers.contains(&orphan) {
        let why = format!("finalizer {foreground} and {orphan} cannot be both set");
        errors.invalid(path, &json!(finalizers), why);
    }
    if kind.custom.is_some() || FREE_FINALIZERS.contains(&kind.group.as_str()) {
        return;
    }
    for (index, finalizer) in finalizers.iter().enumerate() {
        if !finalizer.contains('/') && !standard.contains(finalizer) {
            let why = "name is neither a standard finalizer name nor is it fully qualified";
            errors.invalid(&path.index(index), &json!(finalizer), why);
        }
    }
}

fn check_labels(object: &Value, at: &Path, errors: &mut Errors) {
    let path = at.child("labels");
    for (key, value) in meta::strings(object, "/metadata/labels") {
        for why in names::qualified_name(key) {
            errors.invalid(&path, &json!(key), why);
        }
        for why in names::label_value(value) {
            errors.invalid(&path, &json!(value), why);
        }
    }
}

fn check_annotations(object: &Value, at: &Path, errors: &mut Errors) {
    let path = at.child("annotations");
    let mut bytes = 0;
    for (key, value) in meta::strings(object, "/metadata/annotations") {
        for why in names::qualified_name(&key.to_lowercase()) {
            errors.invalid(&path, &json!(key), why);
        }
        bytes += key.len() + value.len();
    }
    if bytes > MAX_ANNOTATIONS {
        errors.too_long(&path, MAX_ANNOTATIONS);
    }
}

fn check_owners(object: &Value, at: &Path, errors: &mut Errors) {
    let path = at.child("ownerReferences");
    let owners = meta::items(object, "/metadata/ownerReferences");
    for owner in owners {
        for field in ["apiVersion", "kind", "name", "uid"] {
            if meta::text(owner, &format!("/{field}")).is_empty() {
                let why = match field {
                    "apiVersion" => "version must not be empty",
                    _ => "must not be empty",
                };
                errors.invalid(&path.child(field), &json!(""), why);
            }
        }
        let (version, kind) = (meta::text(owner, "/apiVersion"), meta::text(owner, "/kind"));
        if version.matches('/').count() > 1 || version.ends_with('/') {
            errors.invalid(&path.child("apiVersion"), &json!(version), "version must not be empty");
        }
        if version == "v1" && kind == "Event" {
            let why = "/v1, Kind=Event is disallowed from being an owner";
            errors.invalid_shown(&path, &shown_owner(owner), why);
        }
    }
    let shown = || owners.iter().map(shown_owner).collect::<Vec<_>>().join(",");
    let mut controllers = owners.iter().filter(|owner| owner["controller"] == json!(true));
    let named = |one: &Value| format!("{}/{}", meta::text(one, "/kind"), meta::text(one, "/name"));
    let Some(first) = controllers.next() else { return };
    for other in controllers {
        let why = format!(
            "Only one reference can have Controller set to true. Found \"true\" in references for \
             {} and {}",
            named(first),
            named(other)
        );
        errors.invalid_shown(&path, &format!("[{}]", shown()), why);
    }
}

/// A reference in the order of Go's struct.
fn shown_owner(owner: &Value) -> String {
    let fields = ["apiVersion", "kind", "name", "uid", "controller", "blockOwnerDeletion"];
    let written: Vec<String> = fields
        .iter()
        .filter_map(|field| Some(format!("{}:{}", json!(field), owner.get(*field)?)))
        .collect();
    format!("{{{}}}", written.join(","))
}

/// Metadata that no update changes.
const KEPT: [&str; 6] = [
    "name",
    "namespace",
    "uid",
    "creationTimestamp",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
];

fn check_kept(new: &Value, old: &Value, at: &Path, errors: &mut Errors) {
    for field in KEPT {
        let pointer = format!("/metadata/{field}");
        let value = new.pointer(&pointer).unwrap_or(&Value::Null);
        if old.pointer(&pointer).unwrap_or(&Value::Null) != value {
            // Kubernetes checks this both for all metadata and for its update, and says so twice.
            errors.immutable(&at.child(field), value);
            errors.immutable(&at.child(field), value);
        }
    }
    if meta::is_deleting(old) {
        let before: Vec<&str> = meta::finalizers(old).collect();
        let added: Vec<&str> = meta::finalizers(new).filter(|one| !before.contains(one)).collect();
        if !added.is_empty() {
            let added: Vec<String> = added.iter().map(|one| format!("{one:?}")).collect();
            let why = format!(
                "no new finalizers can be added if the object is being deleted, found new \
                 finalizers []string{{{}}}",
                added.join(", ")
            );
            // Kubernetes checks this both for all metadata and for its update, and says so twice.
            errors.forbidden(&at.child("finalizers"), &why);
            errors.forbidden(&at.child("finalizers"), &why);
        }
    }
}
