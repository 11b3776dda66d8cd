//! What the expressions of a policy get wrong about the types that it is asked about.
//! Source: `k8s.io/apiserver/pkg/admission/plugin/policy/validating/typechecking.go`.
//!
//! A policy that gets types wrong works all the same: this is advice for its status.

use cel::{Declared, Names, Program, Type};
use machinery::{field::Path, meta};
use serde_json::Value;

use super::expressions::{self, Scope};

/// A kind with its JSON schema, in which nothing refers to anything else.
#[derive(Debug, Clone)]
pub struct Subject {
    /// Group; empty for the core group.
    pub group: String,
    /// Version.
    pub version: String,
    /// Kind.
    pub kind: String,
    /// The schema of whole objects.
    pub schema: Value,
}

/// An expression and what it gets wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// Where the expression stands.
    pub field: String,
    /// What is wrong, a paragraph for each kind.
    pub words: String,
}

impl Subject {
    fn as_type(&self) -> Option<Type> {
        Some(Declared::read(&self.schema, false)?.as_type(&self.kind))
    }

    /// As Go shows a group, version and kind.
    fn shown(&self) -> String {
        if self.group.is_empty() {
            return format!("/{}, Kind={}", self.version, self.kind);
        }
        format!("{}/{}, Kind={}", self.group, self.version, self.kind)
    }
}

/// What expressions may name where the object is of a known kind.
fn names(policy: &Value, object: Type, params: Option<&Type>) -> Names {
    let scope = Scope { params: params.is_some(), authorizer: true, patches: false };
    let mut names = expressions::names(scope);
    names.variables.insert("oldObject".into(), object.clone());
    names.variables.insert("object".into(), object);
    if let Some(params) = params {
        names.variables.insert("params".into(), params.clone());
    }
    for one in meta::items(policy, "/spec/variables") {
        let (name, source) = (meta::text(one, "/name"), meta::text(one, "/expression"));
        let compiled = Program::compile(source, &names);
        let of = compiled.map_or(Type::Dyn, |program| program.output().clone());
        expressions::declare(&mut names, name, &of);
    }
    names
}

/// Checks the validations of a policy and their messages against kinds. Cost: O(expressions x kinds).
pub fn warnings(policy: &Value, subjects: &[Subject], params: Option<&Subject>) -> Vec<Warning> {
    let params = params.and_then(Subject::as_type);
    let known: Vec<(&Subject, Names)> = subjects
        .iter()
        .filter_map(|subject| Some((subject, names(policy, subject.as_type()?, params.as_ref()))))
        .collect();
    let mut warnings = Vec::new();
    for (index, validation) in meta::items(policy, "/spec/validations").iter().enumerate() {
        let at = Path::new("spec").child("validations").index(index);
        for field in ["expression", "messageExpression"] {
            let source = meta::text(validation, &format!("/{field}"));
            if source.is_empty() {
                continue;
            }
            let wrong = known.iter().filter_map(|(subject, names)| {
                let issues = Program::compile(source, names).err()?;
                Some(format!("{}: {issues}\n", subject.shown()))
            });
            let words = wrong.collect::<Vec<_>>().join("\n");
            if !words.is_empty() {
                warnings.push(Warning { field: at.child(field).to_string(), words });
            }
        }
    }
    warnings
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn subject(kind: &str, spec: &Value) -> Subject {
        let text = json!({"type": "string"});
        let schema = json!({"type": "object", "properties": {
            "metadata": {"type": "object", "properties": {"name": text}},
            "spec": {"type": "object", "properties": spec},
        }});
        Subject { group: "apps".into(), version: "v1".into(), kind: kind.into(), schema }
    }

    fn told(spec: &Value, subjects: &[Subject], params: Option<&Subject>) -> Vec<(String, String)> {
        let found = warnings(&json!({ "spec": spec }), subjects, params);
        found.into_iter().map(|one| (one.field, one.words)).collect()
    }

    #[test]
    fn what_is_wrong_is_told_by_kind() {
        let sized = subject("Deployment", &json!({"replicas": {"type": "integer"}}));
        let plain = subject("DaemonSet", &json!({"paused": {"type": "boolean"}}));
        let spec = json!({"validations": [
            {"expression": "object.spec.replicas > 1", "messageExpression": "object.spec.none"},
            {"expression": "object.metadata.name == 'x' && oldObject == null"},
        ]});
        let all = told(&spec, &[sized.clone(), plain], None);
        assert_eq!(all.len(), 2, "{all:?}");
        assert_eq!(all[0].0, "spec.validations[0].expression");
        assert_eq!(
            all[0].1,
            "apps/v1, Kind=DaemonSet: ERROR: <input>:1:12: undefined field 'replicas'\n \
             | object.spec.replicas > 1\n | ...........^\n"
        );
        assert_eq!(all[1].0, "spec.validations[0].messageExpression");
        let paragraphs = all[1].1.matches("undefined field 'none'").count();
        assert_eq!(paragraphs, 2, "one for each kind");
        assert!(told(&spec, &[], None).is_empty());
        let ok = json!({"validations": [{"expression": "object.spec.replicas > 1"}]});
        assert!(told(&ok, &[sized], None).is_empty());
    }

    #[test]
    fn variables_and_parameters_have_types_too() {
        let sized = subject("Deployment", &json!({"replicas": {"type": "integer"}}));
        let limits = subject("Limits", &json!({"most": {"type": "integer"}}));
        let spec = json!({
            "variables": [{"name": "size", "expression": "object.spec.replicas"}],
            "validations": [
                {"expression": "variables.size <= params.spec.most"},
                {"expression": "variables.size == 'x'"},
                {"expression": "params.spec.least > 1"},
            ],
        });
        let all = told(&spec, &[sized], Some(&limits));
        let fields: Vec<&str> = all.iter().map(|(field, _)| field.as_str()).collect();
        assert_eq!(fields, ["spec.validations[1].expression", "spec.validations[2].expression"]);
        assert!(all[0].1.contains("found no matching overload for '_==_'"), "{}", all[0].1);
    }
}
