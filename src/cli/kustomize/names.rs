//! Hashes behind names, and references that follow them.
//! Source: kustomize, `api/filters/nameref` and `api/internal/accumulator`.

use machinery::meta;
use serde_json::{Value, json};

use super::{
    Built,
    defaults::Reference,
    fault,
    fields::{Field, Made},
    resource::{Id, Resource, Resources},
};
use crate::verbs::hash;

/// Appends the hash of its content to the name of what was generated.
pub(super) fn add_hashes(found: &mut Resources) {
    for one in found.0.iter_mut().filter(|one| one.hashed) {
        let object = &one.object;
        // kustomize looks for the name where it is not: two of the same content have the same hash.
        let mut hashed = json!({"kind": object["kind"], "name": ""});
        hashed["data"] = if object["data"].is_null() { "".into() } else { object["data"].clone() };
        for field in ["binaryData", "stringData", "type"] {
            if !object[field].is_null() {
                hashed[field] = object[field].clone();
            }
        }
        let name = format!("{}-{}", meta::name(object), hash(&hashed));
        one.remember();
        one.set_name(&name);
    }
}

/// Makes references follow the names of what they mean.
pub(super) fn fix_references(found: &mut Resources, references: &[Reference]) -> Built<()> {
    for index in 0..found.0.len() {
        let Some(referrer) = found.0.get(index) else { continue };
        let (now, first) = (referrer.id(), referrer.first_id());
        let known =
            Known { candidates: could_be_meant(found, referrer), referrer: referrer.clone() };
        let mut object = referrer.object.clone();
        for reference in references {
            for field in reference.field_specs.iter().filter(|field| field.fits_id(&first)) {
                let mut set = |value: &mut Value| known.set(value, reference, field);
                field.follow(&mut object, Made::Nothing, &mut set).map_err(|error| {
                    fault(format!(
                        "updating name reference in '{}' field of '{now}': {error}",
                        field.path
                    ))
                })?;
            }
        }
        if let Some(one) = found.0.get_mut(index) {
            one.object = object;
        }
    }
    Ok(())
}

/// Those in a namespace that the referrer's references may mean.
fn could_be_meant(found: &Resources, referrer: &Resource) -> Vec<Resource> {
    let id = referrer.id();
    if id.is_cluster_scoped() {
        return found.0.clone();
    }
    let subjects = meta::items(&referrer.object, "/subjects");
    let elsewhere: Vec<&str> = subjects
        .iter()
        .filter(|one| id.kind == "RoleBinding" && meta::text(one, "/kind") == "ServiceAccount")
        .map(|one| meta::text(one, "/namespace"))
        .collect();
    let near = |one: &&Resource| {
        let other = one.id();
        other.is_cluster_scoped()
            || other.effective_namespace() == id.effective_namespace()
            || elsewhere.contains(&other.namespace.as_str())
    };
    found.0.iter().filter(near).cloned().collect()
}

/// A referrer, and what it may mean.
struct Known {
    candidates: Vec<Resource>,
    referrer: Resource,
}

impl Known {
    fn set(&self, value: &mut Value, reference: &Reference, field: &Field) -> Built<()> {
        match value {
            Value::String(_) => self.set_text(value, reference, field),
            Value::Object(_) => self.set_fields(value, reference, field),
            Value::Array(items) => {
                items.iter_mut().try_for_each(|item| self.set(item, reference, field))
            }
            _ => Ok(()),
        }
    }

    fn set_text(&self, value: &mut Value, reference: &Reference, field: &Field) -> Built<()> {
        let old = value.as_str().unwrap_or_default();
        let all: Vec<&Resource> = self.candidates.iter().collect();
        if let Some(meant) = self.meant(old, all, (reference, field))? {
            *value = meta::name(&meant.object).into();
        }
        Ok(())
    }

    /// References that say name and namespace.
    fn set_fields(&self, value: &mut Value, reference: &Reference, field: &Field) -> Built<()> {
        let Some(old) = value.get("name").and_then(Value::as_str) else {
            return Err(fault("path config error; no 'name' field in node"));
        };
        let place = |id: &Id| id.effective_namespace().to_owned();
        let mut candidates: Vec<&Resource> = self.candidates.iter().collect();
        if let Some(namespace) = value.get("namespace").and_then(Value::as_str) {
            let at_first = |one: &&Resource| place(&one.first_id()) == namespace;
            if candidates.iter().any(at_first) {
                candidates.retain(at_first);
            } else {
                candidates.retain(|one| place(&one.id()) == namespace);
            }
        }
        let Some(meant) = self.meant(old, candidates, (reference, field))? else { return Ok(()) };
        let namespace = meta::text(&meant.object, "/metadata/namespace");
        value["name"] = meta::name(&meant.object).into();
        if !namespace.is_empty() {
            value["namespace"] = namespace.into();
        }
        Ok(())
    }

    /// The one that a name means.
    fn meant<'r>(
        &self,
        old: &str,
        mut candidates: Vec<&'r Resource>,
        (reference, field): (&Reference, &Field),
    ) -> Built<Option<&'r Resource>> {
        let target = Field {
            group: reference.group.clone(),
            version: reference.version.clone(),
            kind: reference.kind.clone(),
            ..Field::default()
        };
        candidates.retain(|one| {
            let past = one.past_ids();
            past.iter().any(|id| id.name == old)
                && past.iter().any(|id| target.fits_id(id))
                && self.is_role(&past, field)
                && self.is_near(one)
        });
        if candidates.len() > 1 {
            candidates.retain(|one| self.is_alike(one, true));
        }
        if candidates.len() > 1 {
            candidates.retain(|one| self.is_alike(one, false));
        }
        let mut names: Vec<&str> = candidates.iter().map(|one| meta::name(&one.object)).collect();
        names.dedup();
        if names.len() > 1 {
            let ids: Vec<String> = candidates.iter().map(|one| one.id().to_string()).collect();
            return Err(fault(format!("found multiple possible referrals: {}", ids.join(", "))));
        }
        Ok(candidates.first().copied())
    }

    /// A binding's role is of the kind that it says.
    fn is_role(&self, past: &[Id], field: &Field) -> bool {
        if !field.path.ends_with("roleRef/name") {
            return true;
        }
        let text = |pointer: &str| meta::text(&self.referrer.object, pointer);
        let (group, kind) = (text("/roleRef/apiGroup"), text("/roleRef/kind"));
        group.is_empty() || past.iter().any(|id| id.group == group && id.kind == kind)
    }

    fn is_near(&self, one: &Resource) -> bool {
        let (own, other) = (self.referrer.id(), one.id());
        own.is_cluster_scoped()
            || other.is_cluster_scoped()
            || other.kind == "ServiceAccount"
            || own.effective_namespace() == other.effective_namespace()
    }

    /// Both got the same prefixes and suffixes, those of the last first.
    fn is_alike(&self, one: &Resource, or_none: bool) -> bool {
        let same_ending = |left: &[String], right: &[String]| {
            if or_none && (left.is_empty() || right.is_empty()) {
                return true;
            }
            let (short, long) =
                if left.len() < right.len() { (left, right) } else { (right, left) };
            long.ends_with(short) && (or_none || short.is_empty() == long.is_empty())
        };
        same_ending(&one.prefixes, &self.referrer.prefixes)
            && same_ending(&one.suffixes, &self.referrer.suffixes)
    }
}
