//! Who may do what by the word of a program outside. Source: `plugin/pkg/authorizer/webhook` and
//! `k8s.io/apiserver/pkg/authorization/cel`.

use std::{collections::BTreeMap, time::Duration};

use cel::{Program, Value as Cel};
use machinery::meta;
use serde_json::{Map, Value, json};

use super::Attributes;
use crate::{
    answers::Answers,
    authn::User,
    webhook::{Again, Endpoint, Patience},
};

/// The first wait before a webhook that fails is asked again. Source: `webhook.DefaultRetryBackoff`.
const FIRST_WAIT: Duration = Duration::from_millis(500);
/// What callers choose may be so long in all where its answer is kept.
const LONGEST_KEPT: usize = 10_000;

/// What is said of a wish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Opinion {
    Allow(String),
    Deny(String),
    None(String),
    /// Nobody could say; whether that is a denial.
    Failed {
        why: String,
        denies: bool,
    },
}

/// A webhook.
#[derive(Debug)]
pub(super) struct Webhook {
    pub(super) endpoint: Endpoint,
    /// `v1` or `v1beta1`.
    pub(super) version: String,
    /// How long answers are good that allow, and those that do not.
    pub(super) times: (Duration, Duration),
    /// How long it may take, with all its attempts.
    pub(super) limit: Duration,
    /// Whether a failure denies.
    pub(super) denies_unasked: bool,
    /// It is asked only where all of these hold.
    pub(super) conditions: Vec<(String, Program)>,
    pub(super) answers: Answers<Value>,
}

impl Webhook {
    pub(super) async fn opinion(&self, user: &User, wanted: &Attributes<'_>) -> Opinion {
        match self.matches(user, wanted) {
            Ok(true) => {}
            Ok(false) => return Opinion::None(String::new()),
            Err(why) => return self.failed(why),
        }
        let spec = spec_of(user, wanted, self.version == "v1beta1");
        let question = spec.to_string();
        let status = match self.answers.get(&question) {
            Some(known) => known,
            None => match self.asked(spec).await {
                Ok(status) => {
                    self.keep(question, wanted, &status);
                    status
                }
                Err(why) => {
                    tracing::error!(why, "failed to make webhook authorizer request");
                    return self.failed(why);
                }
            },
        };
        let reason = meta::text(&status, "/reason").to_owned();
        match (status["denied"] == true, status["allowed"] == true) {
            (true, true) => Opinion::Failed {
                why: "webhook subject access review returned both allow and deny response".into(),
                denies: true,
            },
            (true, false) => Opinion::Deny(reason),
            (false, true) => Opinion::Allow(reason),
            (false, false) => Opinion::None(reason),
        }
    }

    fn failed(&self, why: String) -> Opinion {
        Opinion::Failed { why, denies: self.denies_unasked }
    }

    async fn asked(&self, spec: Value) -> Result<Value, String> {
        let review = json!({"kind": "SubjectAccessReview",
            "apiVersion": format!("authorization.k8s.io/{}", self.version),
            "metadata": {}, "spec": spec, "status": {"allowed": false}});
        let patience = Patience { first: FIRST_WAIT, again: Again::Passing, stop: None };
        let asked = self.endpoint.post_patiently(&review, &patience);
        match tokio::time::timeout(self.limit, asked).await {
            Ok(Ok(answer)) => Ok(answer["status"].clone()),
            Ok(Err(failed)) => Err(failed.why),
            Err(_) => Err("context deadline exceeded".to_owned()),
        }
    }

    fn keep(&self, question: String, wanted: &Attributes<'_>, status: &Value) {
        let chosen = [
            wanted.namespace,
            wanted.verb,
            wanted.group,
            wanted.version,
            wanted.resource,
            wanted.subresource,
            wanted.name,
            wanted.path,
        ];
        if chosen.iter().map(|text| text.len()).sum::<usize>() < LONGEST_KEPT {
            let (allowed, other) = self.times;
            let time = if status["allowed"] == true { allowed } else { other };
            self.answers.keep(question, status.clone(), time);
        }
    }

    /// Whether all conditions hold. Errors: what went wrong while none of them failed.
    fn matches(&self, user: &User, wanted: &Attributes<'_>) -> Result<bool, String> {
        if self.conditions.is_empty() {
            return Ok(true);
        }
        let request = cel::from_json(&whole_spec(user, wanted));
        let seen = BTreeMap::from([("request".to_owned(), request)]);
        let mut wrong = Vec::new();
        for (source, program) in &self.conditions {
            match program.evaluate(&seen, cel::BUDGET).value {
                Ok(Cel::Bool(true)) => {}
                Ok(_) => return Ok(false),
                Err(error) => wrong.push(format!(
                    "cel evaluation error: expression '{source}' resulted in error: {error}"
                )),
            }
        }
        match wrong.as_slice() {
            [] => Ok(true),
            [one] => Err(one.clone()),
            several => Err(format!("[{}]", several.join(", "))),
        }
    }
}

/// What the webhook is asked, without what is empty.
fn spec_of(user: &User, wanted: &Attributes<'_>, old: bool) -> Value {
    let mut spec = Map::new();
    let whole = whole_spec(user, wanted);
    for (key, value) in whole.as_object().into_iter().flatten() {
        let kept = match value {
            Value::String(text) => !text.is_empty(),
            Value::Array(items) => !items.is_empty(),
            Value::Object(fields) => !fields.is_empty(),
            _ => true,
        };
        let key = if old && key == "groups" { "group" } else { key };
        if kept {
            spec.insert(key.to_owned(), value.clone());
        }
    }
    for part in ["resourceAttributes", "nonResourceAttributes"] {
        if let Some(Value::Object(fields)) = spec.get_mut(part) {
            fields.retain(|_, value| *value != "");
        }
    }
    spec.into()
}

/// The same with what is empty, as expressions see it.
fn whole_spec(user: &User, wanted: &Attributes<'_>) -> Value {
    let mut spec = json!({"user": user.name, "groups": user.groups, "uid": user.uid,
        "extra": user.extra});
    if wanted.path.is_empty() {
        spec["resourceAttributes"] = json!({
            "namespace": wanted.namespace, "verb": wanted.verb, "group": wanted.group,
            "version": wanted.version, "resource": wanted.resource,
            "subresource": wanted.subresource, "name": wanted.name});
        let selected = wanted.selected.cloned().unwrap_or_default();
        for (field, requirements) in
            [("fieldSelector", selected.fields), ("labelSelector", selected.labels)]
        {
            if !requirements.is_empty() {
                spec["resourceAttributes"][field] = json!({"requirements": requirements});
            }
        }
    } else {
        spec["nonResourceAttributes"] = json!({"path": wanted.path, "verb": wanted.verb});
    }
    spec
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authz::Selected;

    #[test]
    fn questions_leave_out_what_is_empty() {
        let user = User { name: "ann".into(), groups: vec!["g".into()], ..User::default() };
        let wanted = Attributes {
            verb: "get",
            group: "apps",
            version: "v1",
            resource: "deployments",
            subresource: "",
            namespace: "ns",
            name: "",
            selected: None,
            path: "",
        };
        assert_eq!(
            spec_of(&user, &wanted, false),
            json!({"user": "ann", "groups": ["g"], "resourceAttributes": {"namespace": "ns",
                "verb": "get", "group": "apps", "version": "v1", "resource": "deployments"}})
        );
        let selected = Selected::of("spec.nodeName=n", "");
        let narrow = Attributes { selected: Some(&selected), ..wanted };
        assert_eq!(
            spec_of(&user, &narrow, false)["resourceAttributes"]["fieldSelector"],
            json!({"requirements": [{"key": "spec.nodeName", "operator": "In", "values": ["n"]}]})
        );
        let path = Attributes { path: "/livez", ..wanted };
        assert_eq!(
            spec_of(&user, &path, true),
            json!({"user": "ann", "group": ["g"],
                "nonResourceAttributes": {"path": "/livez", "verb": "get"}})
        );
    }
}
