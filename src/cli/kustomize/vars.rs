//! Variables: `$(NAME)` in arguments and the like, and the fields that have their values.
//! Source: kustomize, `api/filters/refvar` and `api/internal/accumulator`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{
    Built,
    document::{ObjectReference, Var},
    fault,
    fields::{Field, Made, split},
    resource::{Id, Resources, group_version},
};

impl ObjectReference {
    fn id(&self) -> Id {
        let (group, version) = group_version(&self.api_version);
        let or =
            |said: &str, other: &str| if said.is_empty() { other.to_owned() } else { said.into() };
        Id {
            group: or(&self.group, group),
            version: or(&self.version, version),
            kind: self.kind.clone(),
            name: self.name.clone(),
            namespace: self.namespace.clone(),
        }
    }
}

/// Notes on objects which variables are read from them; adds them to those that are known.
pub(super) fn note(found: &mut Resources, known: &mut Vec<Var>, vars: &[Var]) -> Built<()> {
    for var in vars {
        let id = var.objref.id();
        let whole = !id.namespace.is_empty() || id.is_cluster_scoped();
        let is_meant =
            |other: &Id| if whole { other.is_same(&id) } else { other.is_same_but_namespace(&id) };
        match found.called(is_meant).as_slice() {
            [] => {}
            [index] => {
                if let Some(one) = found.0.get_mut(*index) {
                    one.variables.push(var.name.clone());
                }
            }
            more => {
                return Err(fault(format!(
                    "found {} resId matches for var {} (unable to disambiguate)",
                    more.len(),
                    var.name
                )));
            }
        }
        if known.iter().any(|other| other.name == var.name) {
            return Err(fault(format!("var '{}' already encountered", var.name)));
        }
        known.push(var.clone());
    }
    Ok(())
}

/// Puts the values of variables in. Returns the names that stood nowhere.
pub(super) fn resolve(found: &mut Resources, vars: &[Var], fields: &[Field]) -> Built<Vec<String>> {
    let mut values = BTreeMap::new();
    for var in vars {
        values.insert(var.name.as_str(), value_of(found, var)?);
    }
    let mut used = BTreeSet::new();
    for one in &mut found.0 {
        for field in fields {
            let mut set = |value: &mut Value| {
                expand_all(value, &values, &mut used);
                Ok(())
            };
            field.visit(&mut one.object, Made::Nothing, &mut set)?;
        }
    }
    Ok(values.keys().filter(|name| !used.contains(**name)).map(|name| (*name).to_owned()).collect())
}

fn value_of(found: &Resources, var: &Var) -> Built<Value> {
    let Some(one) = found.0.iter().find(|one| one.variables.contains(&var.name)) else {
        return Err(fault(format!(
            "var '{{{} {} {{{}}}}}' cannot be mapped to a field in the set of known resources",
            var.name,
            var.objref.id().kind_words(),
            var.fieldref.fieldpath
        )));
    };
    let value = at(&one.object, &var.fieldref.fieldpath);
    value.filter(|value| !value.is_null()).cloned().ok_or_else(|| {
        let (kind, path) = (var.objref.id().kind_words(), &var.fieldref.fieldpath);
        fault(format!(
            "field specified in var '{{{} {kind} {{{path}}}}}' not found in corresponding resource",
            var.name
        ))
    })
}

/// The value at a path such as `spec.ports[0].port`.
fn at<'v>(object: &'v Value, path: &str) -> Option<&'v Value> {
    let mut value = object;
    for part in split(path, '.') {
        let (name, rest) = part.split_once('[').unwrap_or((&part, ""));
        if !name.is_empty() {
            value = value.get(name)?;
        }
        for index in rest.split(['[', ']']).filter(|index| !index.is_empty()) {
            let key = index.trim_matches(['"', '\'']);
            value = match value {
                Value::Array(items) => items.get(key.parse::<usize>().ok()?)?,
                other => other.get(key)?,
            };
        }
    }
    Some(value)
}

type Values<'a> = BTreeMap<&'a str, Value>;

fn expand_all(value: &mut Value, values: &Values<'_>, used: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => *value = expand(text, values, used),
        Value::Array(items) => items.iter_mut().for_each(|item| expand_all(item, values, used)),
        Value::Object(fields) => {
            let texts = fields.values_mut().filter(|value| value.is_string());
            texts.for_each(|text| expand_all(text, values, used));
        }
        _ => {}
    }
}

/// Kubernetes' expansion: `$(NAME)` is a variable, `$$` a dollar sign.
fn expand(text: &str, values: &Values<'_>, used: &mut BTreeSet<String>) -> Value {
    let mut expanded = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('$') {
        expanded.push_str(before);
        let variable = behind.strip_prefix('(').and_then(|inner| inner.split_once(')'));
        rest = match (variable, behind.chars().next()) {
            (Some((name, after)), _) => {
                let value =
                    values.get(name).filter(|value| !value.is_object() && !value.is_array());
                if let Some(value) = value {
                    used.insert(name.to_owned());
                    if text.len() == name.len() + 3 {
                        return value.clone();
                    }
                }
                match value {
                    Some(Value::String(value)) => expanded.push_str(value),
                    Some(value) => expanded.push_str(&value.to_string()),
                    None => expanded.extend(["$(", name, ")"]),
                }
                after
            }
            (None, Some('$')) => {
                expanded.push('$');
                behind.strip_prefix('$').unwrap_or_default()
            }
            _ => {
                expanded.push('$');
                behind
            }
        };
    }
    expanded.push_str(rest);
    expanded.into()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn variables_are_expanded() {
        let values = Values::from([("A", json!("x")), ("N", json!(5))]);
        let mut used = BTreeSet::new();
        let mut show = |text: &str| expand(text, &values, &mut used);
        assert_eq!(show("--a=$(A)-$(N)"), "--a=x-5");
        assert_eq!(show("$(N)"), 5);
        assert_eq!(show("$(B) $$(A) $A $("), "$(B) $(A) $A $(");
        assert_eq!(used.len(), 2);
    }

    #[test]
    fn paths_are_walked() {
        let object = json!({"a": [{"b.c": 1}]});
        assert_eq!(at(&object, "a[0][\"b.c\"]"), None, "dots part names");
        assert_eq!(at(&object, "a[0][\"b\\.c\"]"), Some(&json!(1)));
        assert_eq!(at(&object, "a[1]"), None);
    }
}
