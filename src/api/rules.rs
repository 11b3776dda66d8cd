//! Rules of `x-kubernetes-validations`, enforced on objects.
//!
//! What a rule says of a value that did not change is not held against it, unless the rule is about
//! the change (KEP-4008). Source: `apiextensions-apiserver/pkg/apiserver/schema/cel/validation.go`.

use std::collections::BTreeMap;

use cel::{Bindings, Declared, EvalError, Program};
use machinery::{
    field::{Errors, Path, Reason},
    kind::Change,
    structural::{self, ListType},
};
use serde_json::Value;

use crate::apiextensions::{field_path, rule_names};

/// The longest message that an expression may give, in bytes.
const LONGEST_MESSAGE: usize = 5 * 1024;

/// The rules of all objects of a kind.
#[derive(Debug)]
pub(crate) struct ObjectRules(Option<Node>);

/// The rules of a place, and those below.
#[derive(Debug)]
struct Node {
    rules: Vec<Rule>,
    declared: Option<Declared>,
    /// The type as the schema has it.
    kind: String,
    list: ListType,
    properties: BTreeMap<String, Node>,
    entries: Option<Box<Node>>,
    items: Option<Box<Node>>,
}

#[derive(Debug)]
struct Rule {
    program: Result<Program, String>,
    message_program: Option<Program>,
    /// The rule itself, trimmed.
    source: String,
    message: String,
    message_source: String,
    reason: String,
    /// Where the error is told, below the place.
    path: String,
    optional: bool,
    uses_old: bool,
}

fn text(json: &Value, key: &str) -> String {
    json.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}

impl ObjectRules {
    /// Compiles the rules of a schema. Cost: O(schema), once.
    pub(crate) fn read(document: &Value) -> Self {
        Self(Node::read(document, true))
    }

    /// The rules of values that are no whole objects.
    pub(crate) fn of_value(schema: &Value) -> Self {
        Self(Node::read(schema, false))
    }

    /// Checks an object that already has its structure.
    pub(crate) fn check(&self, change: &Change<'_>, errors: &mut Errors) {
        let Some(node) = &self.0 else { return };
        let blocking = |reason: Reason| {
            matches!(
                reason,
                Reason::NotSupported
                    | Reason::Required
                    | Reason::TooLong
                    | Reason::TooMany
                    | Reason::TypeInvalid
            )
        };
        if errors.iter().any(|error| blocking(error.reason)) {
            let why = "some validation rules were not checked because the object was invalid; \
                       correct the existing errors to complete validation";
            return errors.invalid_shown(&Path::new("<nil>"), "null", why);
        }
        let place = Place { path: None, new: change.new, old: change.old, unchanged: false };
        Walk { budget: cel::BUDGET, errors }.node(node, &place);
    }

    /// Checks a value at `at`.
    pub(crate) fn check_value(
        &self,
        new: &Value,
        old: Option<&Value>,
        at: &Path,
        errors: &mut Errors,
    ) {
        let Some(node) = &self.0 else { return };
        let place = Place { path: Some(at.clone()), new, old, unchanged: false };
        Walk { budget: cel::BUDGET, errors }.node(node, &place);
    }
}

impl Node {
    /// The node of a schema; `None` where neither it nor what is below has rules.
    fn read(schema: &Value, root: bool) -> Option<Self> {
        let embedded = schema["x-kubernetes-embedded-resource"] == true;
        let rules = schema.get("x-kubernetes-validations").and_then(Value::as_array);
        let rules: Vec<&Value> = rules.into_iter().flatten().collect();
        let declared =
            (!rules.is_empty()).then(|| Declared::read(schema, root || embedded)).flatten();
        let below = |key: &str| {
            let of = schema.get(key).filter(|of| of.is_object())?;
            Self::read(of, false).map(Box::new)
        };
        let properties = schema.get("properties").and_then(Value::as_object);
        let properties = properties.into_iter().flatten();
        let node = Self {
            rules: declared
                .iter()
                .flat_map(|declared| rules.iter().map(|rule| Rule::read(rule, schema, declared)))
                .collect(),
            declared,
            kind: if root { "object".into() } else { text(schema, "type") },
            list: structural::list_type(schema),
            properties: properties
                .filter_map(|(name, of)| Some((name.clone(), Self::read(of, false)?)))
                .collect(),
            entries: below("additionalProperties"),
            items: below("items"),
        };
        let empty = node.rules.is_empty()
            && node.properties.is_empty()
            && node.entries.is_none()
            && node.items.is_none();
        (!empty).then_some(node)
    }
}

impl Rule {
    fn read(rule: &Value, schema: &Value, declared: &Declared) -> Self {
        let optional = rule["optionalOldSelf"] == true;
        let names = rule_names(declared, optional);
        let source = text(rule, "rule").trim().to_owned();
        let program = Program::compile(&source, &names).map_err(|issues| issues.to_string());
        let message_source = text(rule, "messageExpression");
        Self {
            uses_old: program.as_ref().is_ok_and(|program| program.uses("oldSelf")),
            program,
            message_program: Program::compile(&message_source, &names).ok(),
            source,
            message: text(rule, "message").trim().to_owned(),
            message_source,
            reason: text(rule, "reason"),
            path: field_path(&text(rule, "fieldPath"), schema),
            optional,
        }
    }

    /// What errors call it.
    fn name(&self) -> &str {
        if self.message.is_empty() { &self.source } else { &self.message }
    }
}

/// A value on its way.
struct Place<'a> {
    path: Option<Path>,
    new: &'a Value,
    old: Option<&'a Value>,
    /// Whether something around it did not change.
    unchanged: bool,
}

impl Place<'_> {
    fn path(&self) -> Path {
        self.path.clone().unwrap_or_else(|| Path::new("<nil>"))
    }

    fn child(&self, name: &str) -> Path {
        self.path.as_ref().map_or_else(|| Path::new(name), |path| path.child(name))
    }

    /// Tells whether errors are not held against it.
    fn is_unchanged(&self) -> bool {
        self.unchanged || self.old == Some(self.new)
    }
}

/// The variables of a rule.
struct Variables {
    own: cel::Value,
    old: Option<cel::Value>,
}

impl Bindings for Variables {
    fn value(&self, name: &str) -> Option<Result<cel::Value, EvalError>> {
        match name {
            "self" => Some(Ok(self.own.clone())),
            "oldSelf" => self.old.clone().map(Ok),
            _ => None,
        }
    }
}

struct Walk<'a> {
    /// What may still be spent; once it is gone, nothing more is evaluated.
    budget: u64,
    errors: &'a mut Errors,
}

impl Walk<'_> {
    /// Checks a place and all below; `None` once the budget is gone.
    fn node(&mut self, node: &Node, place: &Place<'_>) -> Option<()> {
        if place.new.is_null() {
            return Some(());
        }
        self.rules(node, place)?;
        let unchanged = place.is_unchanged();
        match place.new {
            Value::Object(fields) => {
                for (name, value) in fields {
                    let old = place.old.and_then(|old| old.get(name));
                    if let Some(entries) = &node.entries {
                        let path = place.path.as_ref().map(|path| path.key(name));
                        self.node(entries, &Place { path, new: value, old, unchanged })?;
                    }
                    if let Some(below) = node.properties.get(name) {
                        let path = Some(place.child(name));
                        self.node(below, &Place { path, new: value, old, unchanged })?;
                    }
                }
            }
            Value::Array(items) => {
                let Some(below) = &node.items else { return Some(()) };
                for (index, item) in items.iter().enumerate() {
                    let old = node.list.same_item(place.old, item);
                    let path = Some(place.path().index(index));
                    self.node(below, &Place { path, new: item, old, unchanged })?;
                }
            }
            _ => {}
        }
        Some(())
    }

    fn rules(&mut self, node: &Node, place: &Place<'_>) -> Option<()> {
        let Some(declared) = node.declared.as_ref().filter(|_| !node.rules.is_empty()) else {
            return Some(());
        };
        let old = place.old.filter(|old| !old.is_null()).map(|old| declared.value(old));
        let mut variables = Variables { own: declared.value(place.new), old: old.clone() };
        for rule in &node.rules {
            if rule.uses_old && old.is_none() && !rule.optional {
                continue;
            }
            variables.old = match (&old, rule.optional) {
                (Some(old), true) => Some(old.clone().present()),
                (None, true) => Some(cel::Value::Optional(None)),
                (old, false) => old.clone(),
            };
            self.rule(node, rule, &variables, place)?;
        }
        Some(())
    }

    fn out_of_budget(&mut self, node: &Node, place: &Place<'_>) -> Option<()> {
        let why = "validation failed due to running out of cost budget, no further validation \
                   rules will be run";
        self.errors.invalid(&place.path(), &node.kind.as_str().into(), why);
        self.budget = 0;
        None
    }

    fn rule(
        &mut self,
        node: &Node,
        rule: &Rule,
        variables: &Variables,
        place: &Place<'_>,
    ) -> Option<()> {
        let (path, kind) = (place.path(), Value::from(node.kind.as_str()));
        let program = match &rule.program {
            Ok(program) => program,
            Err(error) => {
                self.errors.invalid(&path, &kind, format!("rule compile error: {error}"));
                return Some(());
            }
        };
        let outcome = program.evaluate(variables, cel::PER_CALL_LIMIT);
        if outcome.cost > self.budget {
            return self.out_of_budget(node, place);
        }
        self.budget -= outcome.cost;
        match outcome.value {
            Ok(cel::Value::Bool(true)) => Some(()),
            Ok(_) => self.failed(node, rule, variables, place),
            Err(error) => {
                let (words, name) = (error.to_string(), rule.name());
                let over = error.is_over_limit();
                let why = if words.starts_with("no such overload") {
                    format!(
                        "'{words}': call arguments did not match a supported operator, function or \
                         macro signature for rule: {name}"
                    )
                } else if over {
                    format!(
                        "'{words}': no further validation rules will be run due to call cost \
                         exceeds limit for rule: {name}"
                    )
                } else {
                    format!("{words} evaluating rule: {name}")
                };
                self.errors.invalid(&path, &kind, why);
                (!over).then_some(())
            }
        }
    }

    fn failed(
        &mut self,
        node: &Node,
        rule: &Rule,
        variables: &Variables,
        place: &Place<'_>,
    ) -> Option<()> {
        let path = if rule.path.is_empty() { place.path() } else { place.child(&rule.path) };
        let told = rule.uses_old || !place.is_unchanged();
        let message = match self.message(rule, variables) {
            Ok(message) => message,
            Err(why) => {
                if told {
                    self.errors.invalid(&path, &node.kind.as_str().into(), why);
                }
                return None;
            }
        };
        let message = message.unwrap_or_else(|| {
            if rule.message.is_empty() {
                format!("failed rule: {}", rule.source)
            } else {
                rule.message.clone()
            }
        });
        if !told {
            return Some(());
        }
        let large = matches!(node.kind.as_str(), "object" | "array");
        match (rule.reason.as_str(), large) {
            ("FieldValueForbidden", _) => self.errors.forbidden(&path, &message),
            ("FieldValueRequired", _) => self.errors.required(&path, &message),
            ("FieldValueDuplicate", true) => self.errors.duplicate_unshown(&path),
            ("FieldValueDuplicate", false) => self.errors.duplicate(&path, place.new),
            (_, true) => self.errors.invalid_unshown(&path, &message),
            (_, false) => self.errors.invalid(&path, place.new, message),
        }
        Some(())
    }

    /// The message that an expression gives; `None`: it gives none that can be shown.
    /// Errors: nothing more may be evaluated.
    fn message(&mut self, rule: &Rule, variables: &Variables) -> Result<Option<String>, String> {
        let Some(program) = &rule.message_program else { return Ok(None) };
        let outcome = program.evaluate(variables, cel::PER_CALL_LIMIT);
        if outcome.cost > self.budget {
            return Err(
                "messageExpression evaluation failed due to running out of cost budget, no \
                        further validation rules will be run"
                    .into(),
            );
        }
        self.budget -= outcome.cost;
        match outcome.value {
            Ok(cel::Value::String(message)) => {
                let message = message.trim();
                let fits = !message.is_empty()
                    && message.len() <= LONGEST_MESSAGE
                    && !message.contains('\n');
                Ok(fits.then(|| message.to_owned()))
            }
            Err(error) if error.is_over_limit() => Err(format!(
                "no further validation rules will be run due to call cost exceeds limit for \
                 messageExpression: {:?}",
                rule.message_source
            )),
            _ => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn wrong(document: &Value, new: &Value, old: Option<&Value>) -> Vec<String> {
        let mut errors = Errors::default();
        ObjectRules::read(document).check(&Change { new, old }, &mut errors);
        errors.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn rules_are_enforced_with_their_words() {
        let document = json!({"type": "object", "properties": {"spec": {
            "type": "object",
            "x-kubernetes-validations": [
                {"rule": "self.min <= self.max", "message": "min must not exceed max"},
                {"rule": "self.max < 100", "reason": "FieldValueForbidden", "fieldPath": ".max",
                    "messageExpression": "'max is ' + string(self.max)"},
                {"rule": "self.min >= oldSelf.min", "message": "min must not fall"},
            ],
            "properties": {
                "min": {"type": "integer"}, "max": {"type": "integer"},
                "names": {"type": "array", "items": {"type": "string",
                    "x-kubernetes-validations": [{"rule": "self.startsWith('n')"}]}},
            },
        }}});
        let of = |min: i64, max: i64| json!({"spec": {"min": min, "max": max}});
        for (case, new, old, words) in [
            ("good", of(1, 2), None, vec![]),
            ("message", of(3, 2), None, vec!["spec: Invalid value: min must not exceed max"]),
            ("path", of(1, 200), None, vec!["spec.max: Forbidden: max is 200"]),
            (
                "transition",
                of(1, 2),
                Some(of(2, 2)),
                vec!["spec: Invalid value: min must not fall"],
            ),
            ("unchanged", of(3, 2), Some(of(3, 2)), vec![]),
            (
                "items",
                json!({"spec": {"min": 1, "max": 2, "names": ["nok", "bad"]}}),
                None,
                vec!["spec.names[1]: Invalid value: \"bad\": failed rule: self.startsWith('n')"],
            ),
            (
                "missing",
                json!({"spec": {"min": 1}}),
                None,
                vec![
                    "spec: Invalid value: \"object\": no such key: max evaluating rule: min must \
                     not exceed max",
                    "spec: Invalid value: \"object\": no such key: max evaluating rule: self.max < \
                     100",
                ],
            ),
        ] {
            assert_eq!(wrong(&document, &new, old.as_ref()), words, "{case}");
        }
    }

    #[test]
    fn the_budget_ends() {
        let document = json!({"type": "object", "properties": {"spec": {
            "type": "array",
            "items": {"type": "string", "x-kubernetes-validations": [
                {"rule": "lists.range(30000).all(x, x >= 0)"}]},
        }}});
        let found = wrong(&document, &json!({"spec": vec!["a"; 200]}), None);
        assert_eq!(found.len(), 1);
        assert!(found[0].contains("running out of cost budget"), "{found:?}");
    }
}
