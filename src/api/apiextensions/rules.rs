//! Rules of `x-kubernetes-validations`, as a definition has them: their words, whether their
//! expressions compile, and what they may cost.
//! Source: `pkg/apis/apiextensions/validation/{validation,cel_validation}.go`.

use cel::{Declared, Names, Program, Type};
use machinery::field::{Errors, Path};
use serde_json::Value;

use super::{
    internal::shown_rule,
    paths::{self, Brackets},
    schema::Place,
    structural::{flag, listed, text},
};

const RULES: &str = "x-kubernetes-validations";
const REASONS: [&str; 4] =
    ["FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"];

/// Checks all about a schema's own rules but their expressions.
pub(super) fn check_words(schema: &Value, at: &Path, errors: &mut Errors) {
    for (index, rule) in listed(schema, RULES).iter().enumerate() {
        let at = at.child(RULES).index(index);
        message(rule, &at, errors);
        let expression = text(rule, "messageExpression");
        if !expression.is_empty() && expression.trim().is_empty() {
            let why = "messageExpression must be non-empty if specified";
            errors.required(&at.child("messageExpression"), why);
        }
        if let Some(reason) = rule.get("reason").filter(|it| !it.is_null())
            && !REASONS.iter().any(|known| reason == known)
        {
            errors.not_supported(&at.child("reason"), reason, &REASONS);
        }
        check_field_path(schema, text(rule, "fieldPath"), &at.child("fieldPath"), errors);
    }
}

fn has_newlines(text: &str) -> bool {
    text.contains(['\n', '\r'])
}

fn message(rule: &Value, at: &Path, errors: &mut Errors) {
    let (expression, message) = (text(rule, "rule"), text(rule, "message"));
    let path = at.child("message");
    if expression.trim().is_empty() {
        errors.required(&at.child("rule"), "rule is not specified");
    } else if !message.is_empty() && message.trim().is_empty() {
        errors.invalid(&path, &message.into(), "must be non-empty if specified");
    } else if has_newlines(message.trim()) {
        errors.invalid(&path, &message.into(), "must not contain line breaks");
    } else if has_newlines(expression.trim()) && message.trim().is_empty() {
        errors.required(&path, "message must be specified if rule contains line breaks");
    }
}

fn check_field_path(schema: &Value, path: &str, at: &Path, errors: &mut Errors) {
    if path.is_empty() {
        return;
    }
    if path.trim().is_empty() {
        errors.invalid(at, &path.into(), "must be non-empty if specified");
    }
    if has_newlines(path) {
        errors.invalid(at, &path.into(), "must not contain line breaks");
    }
    if paths::follow(path, schema, Brackets::Allowed).is_err() {
        errors.invalid(at, &path.into(), "must be a valid path");
    }
}

/// The most that one rule may cost, by estimate.
const MOST_RULE_COST: u64 = 10_000_000;
/// The most that all rules of a schema may cost, by estimate.
const MOST_COST: u64 = 100_000_000;
/// How many of the most expensive rules are told.
const TOLD: usize = 4;

/// How many values a schema's children have each at most; `None`: without bound.
pub(super) fn most_entries(schema: &Value) -> Option<u64> {
    let limit = |key: &str| {
        let given = schema.get(key).filter(|it| it.is_number());
        given.map(|it| it.as_u64().unwrap_or(0))
    };
    match text(schema, "type") {
        "object" if schema.get("additionalProperties").is_some_and(|it| !it.is_null()) => {
            limit("maxProperties")
        }
        "array" => limit("maxItems"),
        _ => Some(1),
    }
}

/// What the rules of a schema cost together.
#[derive(Debug, Default)]
pub(super) struct Costs {
    total: u64,
    expensive: Vec<(Path, u64)>,
}

impl Costs {
    fn observe(&mut self, at: &Path, cost: u64) {
        self.total = self.total.saturating_add(cost);
        if cost < MOST_COST / 100 {
            return;
        }
        self.expensive.push((at.clone(), cost));
        self.expensive.sort_by_key(|(_, cost)| std::cmp::Reverse(*cost));
        self.expensive.truncate(TOLD);
    }

    /// Refuses a schema whose rules cost too much together.
    pub(super) fn check(&self, at: &Path, errors: &mut Errors) {
        if self.total <= MOST_COST {
            return;
        }
        let why = "contributed to estimated rule cost total exceeding cost limit for entire \
                   OpenAPIv3 schema";
        for (path, _) in &self.expensive {
            errors.forbidden(path, why);
        }
        let what = "x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema";
        errors.forbidden(at, &over_budget(what, self.total, MOST_COST));
    }
}

#[expect(clippy::cast_precision_loss, reason = "as Go shows it")]
fn over_budget(what: &str, cost: u64, limit: u64) -> String {
    let factor = cost as f64 / limit as f64;
    let factor = if factor > 100.0 {
        "more than 100x".to_owned()
    } else if factor < 1.5 {
        format!("{factor:.6}x")
    } else {
        format!("{factor:.1}x")
    };
    format!(
        "{what} exceeds budget by factor of {factor} (try simplifying the rule, or adding maxItems, \
         maxProperties, and maxLength where arrays, maps, and strings are declared)"
    )
}

/// What was seen of a schema's rules so far.
pub(super) struct Seen<'a> {
    pub(super) costs: &'a mut Costs,
    /// Whether each rule's cost is limited.
    pub(super) limited: bool,
    pub(super) place: &'a Place,
}

/// Where a rule's error is told, as field errors write it; empty: at the schema itself.
pub(crate) fn field_path(path: &str, schema: &Value) -> String {
    let found = paths::follow(path, schema, Brackets::Allowed);
    found.map(|found| found.path.to_string()).unwrap_or_default()
}

/// What the rules of a schema may name, `optional` if the old value may be absent.
pub(crate) fn names(declared: &Declared, optional: bool) -> Names {
    let own = declared.as_type("selfType");
    let old = if optional { Type::optional(own.clone()) } else { own.clone() };
    let variables = [("self".to_owned(), own), ("oldSelf".to_owned(), old)].into();
    Names { variables, ..Names::default() }
}

impl Seen<'_> {
    /// Compiles a schema's own rules.
    pub(super) fn compile(&mut self, schema: &Value, at: &Path, errors: &mut Errors) {
        let rules = listed(schema, RULES);
        if rules.is_empty() {
            return;
        }
        let path = at.child(RULES);
        let whole = self.place.root || flag(schema, "x-kubernetes-embedded-resource");
        let Some(declared) = Declared::read(schema, whole) else {
            let why = "internal error: failed to construct type information for \
                       x-kubernetes-validations rules: unable to convert structural schema to CEL \
                       declarations";
            return errors.internal(&path, why);
        };
        for (index, rule) in rules.iter().enumerate() {
            self.rule(rule, &declared, &path.index(index), errors);
        }
    }

    fn rule(&mut self, rule: &Value, declared: &Declared, at: &Path, errors: &mut Errors) {
        let names = names(declared, flag(rule, "optionalOldSelf"));
        let path = at.child("rule");
        let compiled = Program::compile(text(rule, "rule"), &names)
            .map_err(|issues| format!("compilation failed: {issues}"))
            .and_then(|program| match program.output() {
                Type::Bool => Ok(program),
                _ => Err("cel expression must evaluate to a bool".to_owned()),
            });
        let program = match compiled {
            Ok(program) => {
                let most = program.most_cost(Some(declared));
                let often = self.place.cardinality.unwrap_or_else(|| declared.cardinality());
                self.cost("estimated rule cost", most.saturating_mul(often), &path, errors);
                self.message(rule, (&names, declared), at, errors);
                Some(program)
            }
            Err(why) => {
                errors.invalid_shown(&path, &shown_rule(rule), why);
                None
            }
        };
        if program.is_some_and(|program| program.uses("oldSelf")) {
            if let Some(within) = &self.place.uncorrelatable {
                let why = format!(
                    "oldSelf cannot be used on the uncorrelatable portion of the schema within \
                     {within}"
                );
                errors.invalid(&path, &rule["rule"], why);
            }
        } else if let Some(optional) = rule.get("optionalOldSelf").filter(|it| !it.is_null()) {
            let why = "may not be set if oldSelf is not used in rule";
            errors.invalid(&at.child("optionalOldSelf"), optional, why);
        }
    }

    fn cost(&mut self, what: &str, cost: u64, at: &Path, errors: &mut Errors) {
        if self.limited && cost > MOST_RULE_COST {
            errors.forbidden(at, &over_budget(what, cost, MOST_RULE_COST));
        }
        self.costs.observe(at, cost);
    }

    fn message(
        &mut self,
        rule: &Value,
        (names, declared): (&Names, &Declared),
        at: &Path,
        errors: &mut Errors,
    ) {
        let expression = text(rule, "messageExpression");
        if expression.is_empty() {
            return;
        }
        let path = at.child("messageExpression");
        let wrong = match Program::compile(expression, names) {
            Ok(program) if *program.output() == Type::String => {
                let cost = program.most_cost(Some(declared));
                return self.cost("estimated messageExpression cost", cost, &path, errors);
            }
            Ok(_) => "messageExpression must evaluate to a string".to_owned(),
            Err(issues) => format!("messageExpression compilation failed: {issues}"),
        };
        errors.invalid_shown(&path, &shown_rule(rule), wrong);
    }
}
