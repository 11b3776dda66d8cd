//! Roads to fields: which kinds have them, and the walk to them.
//! Source: kustomize, `api/filters/fieldspec` and `api/types/fieldspec.go`.

use machinery::meta;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{
    Built, fault,
    resource::{Id, group_version},
};

/// A field of all kinds that fit.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Field {
    pub(super) group: String,
    pub(super) version: String,
    pub(super) kind: String,
    /// Names with slashes between them; `\/` is a slash of a name, `[]` behind one says list.
    pub(super) path: String,
    /// The field is made where it is not.
    pub(super) create: bool,
}

/// What is made where a field is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Made {
    Nothing,
    Fields,
    Scalar,
}

/// What is done with a field that was found.
pub(super) type Set<'a> = dyn FnMut(&mut Value) -> Built<()> + 'a;

impl Field {
    pub(super) fn new(kind: &str, group: &str, path: &str, create: bool) -> Self {
        let version = String::new();
        Self { group: group.into(), version, kind: kind.into(), path: path.into(), create }
    }

    /// Tells whether objects of that kind have the field.
    pub(super) fn fits(&self, group: &str, version: &str, kind: &str) -> bool {
        let like = |wanted: &str, is: &str| wanted.is_empty() || wanted == is;
        like(&self.kind, kind) && like(&self.group, group) && like(&self.version, version)
    }

    pub(super) fn fits_id(&self, id: &Id) -> bool {
        self.fits(&id.group, &id.version, &id.kind)
    }

    /// Calls `set` with each place that the road leads to.
    pub(super) fn visit(&self, object: &mut Value, made: Made, set: &mut Set<'_>) -> Built<()> {
        let (group, version) = group_version(meta::text(object, "/apiVersion"));
        if !self.fits(group, version, meta::text(object, "/kind")) {
            return Ok(());
        }
        self.follow(object, made, set)
    }

    /// As [`Field::visit`], whatever the object's kind.
    pub(super) fn follow(&self, object: &mut Value, made: Made, set: &mut Set<'_>) -> Built<()> {
        let id = Id::of(object);
        let road = split(&self.path, '/');
        let made = if self.create { made } else { Made::Nothing };
        walk(object, &road, made, set).map_err(|error| {
            fault(format!("considering field '{}' of object {id}: {error}", self.path))
        })
    }
}

fn walk(value: &mut Value, road: &[String], made: Made, set: &mut Set<'_>) -> Built<()> {
    let Some((first, rest)) = road.split_first() else { return set(value) };
    match value {
        Value::Null => Ok(()),
        Value::Array(items) => items.iter_mut().try_for_each(|item| walk(item, road, made, set)),
        Value::Object(fields) => match next(fields, first, rest.is_empty(), made)? {
            Some(value) => walk(value, rest, made, set),
            None => Ok(()),
        },
        _ => Err(fault("expected sequence or mapping node")),
    }
}

fn next<'v>(
    fields: &'v mut Map<String, Value>,
    name: &str,
    is_last: bool,
    made: Made,
) -> Built<Option<&'v mut Value>> {
    let plain = name.trim_end_matches("[]");
    if plain.is_empty() {
        return Err(fault("cannot set or create an empty field name"));
    }
    if made == Made::Nothing || plain != name {
        return Ok(fields.get_mut(plain));
    }
    let value = fields.entry(plain).or_insert(Value::Null);
    if value.is_null() {
        *value = match made {
            Made::Scalar if is_last => Value::String(String::new()),
            _ => Value::Object(Map::new()),
        };
    }
    Ok(Some(value))
}

/// The parts of a path; a backslash before the delimiter makes it part of a name.
pub(super) fn split(path: &str, delimiter: char) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut goes_on = false;
    let trimmed = path.strip_prefix(delimiter).filter(|_| path.len() > 1).unwrap_or(path);
    for part in trimmed.split(delimiter) {
        let (text, escaped) = match part.strip_suffix('\\') {
            Some(text) => (text, true),
            None => (part, false),
        };
        match parts.last_mut().filter(|_| goes_on) {
            Some(last) => {
                last.push(delimiter);
                last.push_str(text);
            }
            None => parts.push(text.to_owned()),
        }
        goes_on = escaped;
    }
    if let Some(last) = parts.last_mut().filter(|_| goes_on) {
        last.push('\\');
    }
    parts
}

/// Adds fields that are not there yet; the same road of the same kind stands once.
pub(super) fn merge(into: &mut Vec<Field>, more: &[Field]) -> Built<()> {
    for field in more {
        let same = |one: &&Field| {
            one.path == field.path
                && (&one.kind, &one.group, &one.version)
                    == (&field.kind, &field.group, &field.version)
        };
        match into.iter().find(same) {
            None => into.push(field.clone()),
            Some(there) if there.create != field.create => {
                return Err(fault(format!("conflicting fieldspecs: {}", field.path)));
            }
            Some(_) => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn paths_are_split() {
        assert_eq!(split("a/b", '/'), ["a", "b"]);
        assert_eq!(split("/a/b\\/c/d", '/'), ["a", "b/c", "d"]);
        assert_eq!(split("a.b\\.c", '.'), ["a", "b.c"]);
    }

    #[test]
    fn roads_lead_through_lists_and_make_what_is_missing() {
        let mut object = json!({"kind": "Pod", "spec": {"containers": [{"n": 1}, {"n": 2}]}});
        let mut seen = Vec::new();
        let field = Field::new("Pod", "", "spec/containers[]/n", true);
        let mut set = |value: &mut Value| {
            seen.push(value.clone());
            Ok(())
        };
        field.visit(&mut object, Made::Scalar, &mut set).unwrap();
        assert_eq!(seen, [1, 2]);
        let field = Field::new("", "", "metadata/labels", true);
        let mut set = |value: &mut Value| {
            value["a"] = "b".into();
            Ok(())
        };
        field.visit(&mut object, Made::Fields, &mut set).unwrap();
        assert_eq!(object["metadata"], json!({"labels": {"a": "b"}}));
        let field = Field::new("Service", "", "spec/x", true);
        let mut set = |_: &mut Value| panic!("another kind");
        field.visit(&mut object, Made::Scalar, &mut set).unwrap();
    }
}
