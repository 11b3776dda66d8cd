//! Transformers: namespaces, names, labels, annotations, replicas and images.
//! Source: kustomize, `api/internal/builtins` and `api/filters`.

use machinery::meta;
use regex::Regex;
use serde_json::Value;

use super::{
    Built,
    document::{Image, Pairs, Replica},
    fault,
    fields::{Field, Made, Set},
    resource::{Resource, Resources},
};

/// Which subjects of role bindings follow a change of namespace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Subjects {
    /// Accounts called `default`.
    #[default]
    Default,
    /// All accounts.
    Accounts,
    None,
}

/// A change of namespaces.
#[derive(Debug)]
pub(super) struct Namespace<'a> {
    pub(super) name: &'a str,
    pub(super) fields: &'a [Field],
    /// Namespaces that are said stay.
    pub(super) unset_only: bool,
    pub(super) subjects: Subjects,
}

impl Namespace<'_> {
    pub(super) fn apply(&self, found: &mut Resources) -> Built<()> {
        for index in 0..found.0.len() {
            let Some(one) = found.0.get_mut(index) else { continue };
            one.remember();
            self.apply_to(one)?;
            let id = one.id();
            let same: Vec<&Resource> = found.0.iter().filter(|one| one.id().is_same(&id)).collect();
            if same.len() > 1 {
                let shown: Vec<String> = same.into_iter().map(Resource::shown).collect();
                return Err(fault(format!(
                    "namespace transformation produces ID conflict: [{}]",
                    shown.join(" ")
                )));
            }
        }
        Ok(())
    }

    fn apply_to(&self, one: &mut Resource) -> Built<()> {
        let id = one.id();
        let mut set = |value: &mut Value| {
            if value.is_object() || value.is_array() {
                return Err(fault("namespace field specs must target scalar nodes"));
            }
            if !self.unset_only || value.as_str().is_none_or(str::is_empty) {
                *value = self.name.into();
            }
            Ok(())
        };
        if !id.is_cluster_scoped() {
            let own = Field::new("", "", "metadata/namespace", true);
            own.follow(&mut one.object, Made::Scalar, &mut set)?;
        }
        let binds = matches!(id.kind.as_str(), "RoleBinding" | "ClusterRoleBinding");
        if binds {
            let subjects = one.object.get_mut("subjects").and_then(Value::as_array_mut);
            for subject in subjects.into_iter().flatten().filter(|one| self.follows(one)) {
                let fields = subject.as_object_mut();
                let place = fields.map(|fields| fields.entry("namespace").or_insert(Value::Null));
                place.map_or(Ok(()), &mut set)?;
            }
        }
        for field in self.fields {
            let of_another = field.path == "metadata/namespace"
                || (field.path == "metadata/name" && !(id.group.is_empty() && id.version == "v1"))
                || (binds && field.path == "subjects/namespace");
            if !of_another {
                field.visit(&mut one.object, Made::Scalar, &mut set)?;
            }
        }
        Ok(())
    }

    fn follows(&self, subject: &Value) -> bool {
        match self.subjects {
            Subjects::Default => meta::text(subject, "/name") == "default",
            Subjects::Accounts => meta::text(subject, "/kind") == "ServiceAccount",
            Subjects::None => false,
        }
    }
}

/// The kinds whose names mean something to others than Kubernetes' references.
fn keeps_its_name(one: &Resource) -> bool {
    let id = one.first_id();
    matches!(id.kind.as_str(), "CustomResourceDefinition" | "Namespace")
        || (id.kind == "APIService" && id.group == "apiregistration.k8s.io")
}

/// Puts a text before names.
pub(super) fn prefix(found: &mut Resources, prefix: &str, fields: &[Field]) -> Built<()> {
    rename(
        found,
        fields,
        |one| one.prefixes.push(prefix.to_owned()),
        |name| format!("{prefix}{name}"),
    )
}

/// Puts a text behind names.
pub(super) fn suffix(found: &mut Resources, suffix: &str, fields: &[Field]) -> Built<()> {
    rename(
        found,
        fields,
        |one| one.suffixes.push(suffix.to_owned()),
        |name| format!("{name}{suffix}"),
    )
}

fn rename(
    found: &mut Resources,
    fields: &[Field],
    note: impl Fn(&mut Resource),
    new: impl Fn(&str) -> String,
) -> Built<()> {
    for one in found.0.iter_mut().filter(|one| !keeps_its_name(one)) {
        let id = one.first_id();
        for field in fields.iter().filter(|field| field.fits_id(&id)) {
            if field.path == "metadata/name" {
                note(one);
                one.remember();
            }
            let mut set = |value: &mut Value| {
                if let Some(name) = value.as_str() {
                    *value = new(name).into();
                }
                Ok(())
            };
            field.visit(&mut one.object, Made::Scalar, &mut set)?;
        }
    }
    Ok(())
}

/// Sets labels or annotations wherever they stand.
pub(super) fn pairs(found: &mut Resources, pairs: &Pairs, fields: &[Field]) -> Built<()> {
    for one in &mut found.0 {
        for field in fields {
            let mut set = |value: &mut Value| match value.as_object_mut() {
                Some(known) => {
                    known.extend(
                        pairs.iter().map(|(key, value)| (key.clone(), value.as_str().into())),
                    );
                    Ok(())
                }
                None => Err(fault("wrong node kind: expected MappingNode but got ScalarNode")),
            };
            field.visit(&mut one.object, Made::Fields, &mut set)?;
        }
    }
    Ok(())
}

/// Sets how many there shall be of what has the name.
pub(super) fn replicas(found: &mut Resources, replica: &Replica, fields: &[Field]) -> Built<()> {
    let mut hit = false;
    for field in fields {
        for index in found.called(|id| id.name == replica.name && field.fits_id(id)) {
            hit = true;
            let mut set = |value: &mut Value| {
                *value = replica.count.into();
                Ok(())
            };
            if let Some(one) = found.0.get_mut(index) {
                field.visit(&mut one.object, Made::Scalar, &mut set)?;
            }
        }
    }
    if hit {
        return Ok(());
    }
    let kinds: Vec<String> = fields
        .iter()
        .map(|field| {
            let id = super::resource::Id {
                group: field.group.clone(),
                version: field.version.clone(),
                kind: field.kind.clone(),
                ..Default::default()
            };
            id.kind_words()
        })
        .collect();
    Err(fault(format!(
        "resource with name {} does not match a config with the following GVK [{}]",
        replica.name,
        kinds.join(" ")
    )))
}

/// Changes images of a name.
pub(super) fn images(found: &mut Resources, image: &Image, fields: &[Field]) -> Built<()> {
    let pattern = format!(
        "^{}(:[a-zA-Z0-9_.{{}}-]*)?(@[a-zA-Z0-9]+([.+_-][a-zA-Z0-9]+)*:[a-zA-Z0-9_.{{}}-]*)?$",
        image.name
    );
    let Ok(pattern) = Regex::new(&pattern) else { return Ok(()) };
    for one in found.0.iter_mut().filter(|one| one.id().kind != "CustomResourceDefinition") {
        let mut set = |value: &mut Value| {
            if let Some(old) = value.as_str().filter(|old| pattern.is_match(old)) {
                *value = renamed(old, image).into();
            }
            Ok(())
        };
        containers(&mut one.object, &mut set)?;
        for field in fields {
            // Images that are not there are not made.
            field.visit(&mut one.object, Made::Nothing, &mut set)?;
        }
    }
    Ok(())
}

/// Calls `set` with the image of each container, wherever it stands.
fn containers(value: &mut Value, set: &mut Set<'_>) -> Built<()> {
    match value {
        Value::Array(items) => items.iter_mut().try_for_each(|item| containers(item, set)),
        Value::Object(fields) => fields.iter_mut().try_for_each(|(name, value)| {
            containers(value, set)?;
            let list = value
                .as_array_mut()
                .filter(|_| matches!(name.as_str(), "containers" | "initContainers"));
            let images = list.into_iter().flatten().filter_map(|one| one.get_mut("image"));
            images.into_iter().try_for_each(&mut *set)
        }),
        _ => Ok(()),
    }
}

fn renamed(old: &str, image: &Image) -> String {
    let (mut name, mut tag, mut digest) = parts(old);
    if !image.new_name.is_empty() {
        name.clone_from(&image.new_name);
    }
    let given = (!image.new_tag.is_empty(), !image.digest.is_empty());
    match given {
        (false, false) if !image.tag_suffix.is_empty() => {
            tag.push_str(&image.tag_suffix);
            digest.clear();
        }
        (false, false) => {}
        _ => {
            tag.clone_from(&image.new_tag);
            digest.clone_from(&image.digest);
        }
    }
    for (sign, part) in [(':', &tag), ('@', &digest)] {
        if !part.is_empty() {
            name.push(sign);
            name.push_str(part);
        }
    }
    name
}

/// An image's name, tag and digest; a port in the name is no tag.
fn parts(image: &str) -> (String, String, String) {
    let (before, digest) = image.split_once('@').unwrap_or((image, ""));
    let slash = before.find('/').unwrap_or(0);
    let (host, rest) = before.split_at(slash);
    let (name, tag) = rest.split_once(':').unwrap_or((rest, ""));
    (format!("{host}{name}"), tag.to_owned(), digest.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(name: &str, tag: &str, digest: &str) -> Image {
        Image {
            new_name: name.into(),
            new_tag: tag.into(),
            digest: digest.into(),
            ..Image::default()
        }
    }

    #[test]
    fn images_are_renamed() {
        assert_eq!(renamed("r:5000/nginx:1", &change("", "2", "")), "r:5000/nginx:2");
        assert_eq!(renamed("a@sha256:x", &change("b", "", "")), "b@sha256:x");
        assert_eq!(renamed("a:1@sha256:x", &change("", "2", "")), "a:2");
        assert_eq!(renamed("a:1", &change("", "2", "sha256:y")), "a:2@sha256:y");
        assert_eq!(renamed("a:1", &change("", "", "sha256:y")), "a@sha256:y");
        let more = Image { tag_suffix: "-x".into(), ..Image::default() };
        assert_eq!(renamed("a:1@sha256:x", &more), "a:1-x");
    }
}
