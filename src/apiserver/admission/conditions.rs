//! The values that expressions of admission see, and conditions on which policies and webhooks act.
//!
//! Expressions are pure; where they ask for rights, they are evaluated again once the answer is
//! known. Source: `k8s.io/apiserver/pkg/admission/plugin/{cel,webhook/matchconditions}`.

use std::cell::{Cell, RefCell};

use api::admissionregistration::expressions::Compiled;
use cel::{Answer, Authorizer, Bindings, Check, EvalError, Program, Question};
use machinery::{kind::Kind, status::Status};
use serde_json::Value;

use super::attributes::Attributes;
use crate::{authn::User, authz};

/// How many questions about rights one request may lead to.
const MOST_QUESTIONS: usize = 64;

/// Everything that expressions may name, as values.
#[derive(Debug)]
pub(crate) struct Facts {
    object: cel::Value,
    old: cel::Value,
    request: cel::Value,
    namespace: cel::Value,
    params: cel::Value,
    resource: Question,
    answers: Vec<(Question, Answer)>,
    user: User,
}

fn value_of(json: Option<&Value>) -> cel::Value {
    json.map_or(cel::Value::Null, cel::from_json)
}

impl Facts {
    /// What is known of a request that is looked at as one of `seen`.
    pub(crate) async fn of(attributes: &Attributes<'_>, seen: &Kind) -> Result<Self, Status> {
        let kind = attributes.kind();
        Ok(Self {
            object: value_of(attributes.shown(attributes.object, seen).await?.as_ref()),
            old: value_of(attributes.shown(attributes.operation.old, seen).await?.as_ref()),
            request: cel::from_json(&attributes.request(seen)),
            namespace: value_of(attributes.namespace_object().await?.as_ref()),
            params: cel::Value::Null,
            resource: Question {
                group: kind.group.clone(),
                resource: kind.plural.clone(),
                subresource: attributes.subresource().to_owned(),
                namespace: attributes.namespace().to_owned(),
                name: attributes.name().to_owned(),
                ..Question::default()
            },
            answers: Vec::new(),
            user: attributes.operation.author.user.clone(),
        })
    }

    /// Sees these parameters from now on.
    pub(crate) fn set_params(&mut self, params: Option<&Value>) {
        self.params = value_of(params);
    }

    /// Sees this object from now on.
    pub(crate) fn set_object(&mut self, object: &Value) {
        self.object = cel::from_json(object);
    }

    /// Runs `work` with the facts, again whenever it asked for rights that are not known yet.
    pub(crate) async fn with<T>(
        &mut self,
        attributes: &Attributes<'_>,
        variables: &[(String, Compiled)],
        work: impl Fn(&Scope<'_>) -> T,
    ) -> Result<T, Status> {
        loop {
            let (done, asked) = {
                let scope = Scope {
                    facts: self,
                    variables,
                    known: RefCell::default(),
                    asked: RefCell::default(),
                    left: Cell::new(cel::BUDGET),
                };
                let done = work(&scope);
                (done, scope.asked.into_inner())
            };
            if asked.is_empty() || self.answers.len() + asked.len() > MOST_QUESTIONS {
                return Ok(done);
            }
            for question in asked {
                let answer = self.answer(attributes, &question).await;
                self.answers.push((question, answer));
            }
        }
    }

    async fn answer(&self, attributes: &Attributes<'_>, question: &Question) -> Answer {
        let account = question.service_account.as_ref().map(|(namespace, name)| {
            let name = format!("system:serviceaccount:{namespace}:{name}");
            let group = format!("system:serviceaccounts:{namespace}");
            User::known(&name, &["system:serviceaccounts", &group])
        });
        let wanted = authz::Attributes {
            verb: &question.verb,
            group: &question.group,
            version: "*",
            resource: &question.resource,
            subresource: &question.subresource,
            namespace: &question.namespace,
            name: &question.name,
            selected: None,
            path: &question.path,
        };
        let user = account.as_ref().unwrap_or(&self.user);
        match authz::decide(attributes.server(), user, &wanted).await {
            Ok(decision) => {
                Answer { allowed: decision.allowed, reason: decision.reason, error: None }
            }
            Err(status) => Answer { error: Some(status.message), ..Answer::default() },
        }
    }
}

/// What expressions of one policy see while they are evaluated.
pub(crate) struct Scope<'a> {
    facts: &'a Facts,
    variables: &'a [(String, Compiled)],
    /// Values of variables that were asked for before.
    known: RefCell<Vec<(String, Result<cel::Value, EvalError>)>>,
    asked: RefCell<Vec<Question>>,
    /// What may still be spent.
    left: Cell<u64>,
}

impl std::fmt::Debug for Scope<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Scope")
    }
}

impl Authorizer for Scope<'_> {
    fn allows(&self, question: &Question) -> Answer {
        let known = self.facts.answers.iter().find(|(known, _)| known == question);
        if let Some((_, answer)) = known {
            return answer.clone();
        }
        let mut asked = self.asked.borrow_mut();
        if !asked.contains(question) {
            asked.push(question.clone());
        }
        Answer { error: Some("not known yet".into()), ..Answer::default() }
    }
}

impl Scope<'_> {
    /// Evaluates an expression within what is left of the budget.
    pub(crate) fn evaluate(&self, program: &Program) -> Result<cel::Value, EvalError> {
        let outcome = program.evaluate(self, self.left.get());
        self.left.set(self.left.get().saturating_sub(outcome.cost));
        outcome.value
    }

    /// Bounds what may be spent from now on.
    fn limit(&self, budget: u64) {
        self.left.set(self.left.get().min(budget));
    }

    fn variable(&self, name: &str) -> Option<Result<cel::Value, EvalError>> {
        let known = self.known.borrow().iter().find(|(one, _)| one == name).cloned();
        if let Some((_, value)) = known {
            return Some(value);
        }
        let (_, compiled) = self.variables.iter().find(|(one, _)| one == name)?;
        let value = match compiled {
            Ok(program) => self.evaluate(program),
            Err(why) => Err(EvalError::new(why.clone())),
        };
        let value = value.map_err(|error| {
            EvalError::new(format!("composited variable \"{name}\" fails to evaluate: {error}"))
        });
        self.known.borrow_mut().push((name.to_owned(), value.clone()));
        Some(value)
    }
}

impl Bindings for Scope<'_> {
    fn value(&self, name: &str) -> Option<Result<cel::Value, EvalError>> {
        if let Some(variable) = name.strip_prefix("variables.") {
            return self.variable(variable);
        }
        let facts = self.facts;
        Some(Ok(match name {
            "object" => facts.object.clone(),
            "oldObject" => facts.old.clone(),
            "request" => facts.request.clone(),
            "namespaceObject" => facts.namespace.clone(),
            "params" => facts.params.clone(),
            "authorizer" => cel::Value::Check(Check::Authorizer(Question::default()).into()),
            "authorizer.requestResource" => {
                cel::Value::Check(Check::Resource(facts.resource.clone()).into())
            }
            "variables" => {
                let names = self.variables.iter().map(|(name, _)| name.clone());
                let fields = names.map(|name| (name, cel::Value::Null)).collect();
                cel::Value::object("kubernetes.variables", fields)
            }
            _ => return None,
        }))
    }

    fn authorizer(&self) -> Option<&dyn Authorizer> {
        Some(self)
    }
}

/// Tells whether all conditions hold. Errors: what went wrong while none of them failed.
pub(crate) fn hold(
    conditions: &[(String, String, Compiled)],
    scope: &Scope<'_>,
) -> Result<bool, String> {
    scope.limit(cel::CONDITIONS_BUDGET);
    let mut wrong = Vec::new();
    for (_, source, compiled) in conditions {
        let value = match compiled {
            Ok(program) => scope.evaluate(program).map_err(|error| error.to_string()),
            Err(why) => Err(why.clone()),
        };
        match value {
            Ok(cel::Value::Bool(true)) => {}
            Ok(_) => return Ok(false),
            Err(error) => {
                wrong.push(format!("expression '{source}' resulted in error: {error}"));
            }
        }
    }
    match wrong.as_slice() {
        [] => Ok(true),
        [one] => Err(one.clone()),
        several => Err(format!("[{}]", several.join(", "))),
    }
}
