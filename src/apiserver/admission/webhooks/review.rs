//! `AdmissionReview`: what a webhook is asked, and what it answers.
//! Source: `admission.k8s.io/v1` and `plugin/webhook/request`.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use machinery::{field::go_quoted, meta, status::Status};
use serde_json::{Value, json};

/// A question to a webhook.
#[derive(Debug)]
pub(super) struct Review {
    pub(super) document: Value,
    uid: String,
    api_version: String,
    /// Whether answers may carry a patch.
    changes: bool,
}

/// What a webhook answered.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) allowed: bool,
    pub(super) patch: Option<Value>,
    pub(super) warnings: Vec<String>,
    /// What the webhook tells the audit log.
    pub(super) notes: Vec<(String, String)>,
    status: Value,
}

impl Review {
    /// The question that a request is, with its object as it will be and as it is, each as the webhook
    /// wants to see it.
    ///
    /// Errors: the webhook reads no version of reviews that there is.
    pub(super) fn of(
        webhook: &Value,
        (mut request, object, old): (Value, Value, Value),
    ) -> Result<Self, String> {
        let versions = meta::items(webhook, "/admissionReviewVersions");
        let known = |one: &&Value| matches!(one.as_str(), Some("v1" | "v1beta1"));
        let version = versions.iter().find(known).and_then(Value::as_str);
        let version = version
            .ok_or("webhook does not accept known AdmissionReview versions (v1, v1beta1)")?;
        let api_version = format!("admission.k8s.io/{version}");
        let uid = uuid::Uuid::new_v4().to_string();
        request["uid"] = uid.as_str().into();
        request["object"] = object;
        request["oldObject"] = old;
        drop_empty(&mut request);
        let document =
            json!({"kind": "AdmissionReview", "apiVersion": api_version, "request": request});
        let changes = webhook.get("reinvocationPolicy").is_some();
        Ok(Self { document, uid, api_version, changes })
    }

    /// Reads the answer. Errors: what is wrong with it.
    pub(super) fn read(&self, answer: &Value) -> Result<Answer, String> {
        let response = &answer["response"];
        if response.is_null() {
            return Err("webhook response was absent".to_owned());
        }
        let strict = self.api_version.ends_with("/v1");
        if strict {
            let uid = meta::text(response, "/uid");
            if uid != self.uid {
                return Err(format!(
                    "expected response.uid={}, got {}",
                    go_quoted(&self.uid),
                    go_quoted(uid)
                ));
            }
            let (version, kind) = (meta::text(answer, "/apiVersion"), meta::text(answer, "/kind"));
            if version != self.api_version || kind != "AdmissionReview" {
                let (group, number) = meta::group_version(version);
                return Err(format!(
                    "expected webhook response of {}, Kind=AdmissionReview, got {group}/{number}, \
                     Kind={kind}",
                    self.api_version
                ));
            }
        }
        Ok(Answer {
            allowed: response["allowed"] == true,
            patch: self.patch(response, strict)?,
            warnings: meta::items(response, "/warnings")
                .iter()
                .filter_map(|one| Some(one.as_str()?.to_owned()))
                .collect(),
            notes: meta::strings(response, "/auditAnnotations")
                .map(|(key, value)| (key.to_owned(), value.to_owned()))
                .collect(),
            status: response["status"].clone(),
        })
    }

    fn patch(&self, response: &Value, strict: bool) -> Result<Option<Value>, String> {
        let (patch, kind) = (meta::text(response, "/patch"), meta::text(response, "/patchType"));
        if !self.changes {
            if strict && !patch.is_empty() {
                return Err("validating webhook may not return response.patch".to_owned());
            }
            if strict && !kind.is_empty() {
                return Err("validating webhook may not return response.patchType".to_owned());
            }
            return Ok(None);
        }
        match (patch, kind) {
            ("", "") => return Ok(None),
            ("", _) => {
                return Err("webhook returned response.patchType but not response.patch".to_owned());
            }
            (_, "") if strict => {
                return Err("webhook returned response.patch but not response.patchType".to_owned());
            }
            (_, "JSONPatch" | "") => {}
            (_, other) => {
                return Err(format!(
                    "webhook returned invalid response.patchType of {}",
                    go_quoted(other)
                ));
            }
        }
        let bytes = STANDARD.decode(patch).map_err(|error| format!("response.patch: {error}"))?;
        serde_json::from_slice(&bytes).map(Some).map_err(|error| {
            machinery::json::go_syntax_error(&bytes).unwrap_or_else(|| error.to_string())
        })
    }
}

/// Fields without a value are left out, as Go leaves them out.
fn drop_empty(request: &mut Value) {
    const ALWAYS: [&str; 9] = [
        "uid",
        "kind",
        "resource",
        "requestKind",
        "requestResource",
        "operation",
        "userInfo",
        "dryRun",
        "options",
    ];
    let empty = |value: &Value| match value {
        Value::String(text) => text.is_empty(),
        _ => false,
    };
    meta::as_object(request).retain(|key, value| ALWAYS.contains(&key.as_str()) || !empty(value));
    let user = meta::as_object(&mut request["userInfo"]);
    user.retain(|_, value| match value {
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
        other => !other.is_null(),
    });
}

impl Answer {
    /// The refusal as the caller sees it. Source: `plugin/webhook/errors.ToStatusErr`.
    pub(super) fn refusal(&self, webhook: &str) -> Status {
        let given = &self.status;
        let denied = format!("admission webhook {webhook:?} denied the request");
        let (message, reason) = (meta::text(given, "/message"), meta::text(given, "/reason"));
        let message = match (message, reason) {
            ("", "") => format!("{denied} without explanation"),
            ("", reason) => format!("{denied}: {reason}"),
            (message, _) => format!("{denied}: {message}"),
        };
        let code = meta::number(given, "/code").and_then(|code| u16::try_from(code).ok());
        let mut status = Status::bad_request(message);
        status.code = code.filter(|code| *code >= 400).unwrap_or(400);
        reason.clone_into(&mut status.reason);
        if given["details"].is_object() {
            status.details = given["details"].clone();
        }
        status.warned(&self.warnings)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn review(changes: bool) -> Review {
        let api_version = "admission.k8s.io/v1".to_owned();
        Review { document: Value::Null, uid: "u".into(), api_version, changes }
    }

    fn answer(response: &Value) -> Value {
        json!({"kind": "AdmissionReview", "apiVersion": "admission.k8s.io/v1", "response": response})
    }

    #[test]
    fn answers_that_make_no_sense_are_told() {
        for (changes, response, want) in [
            (true, json!(null), "webhook response was absent"),
            (true, json!({"uid": "x"}), "expected response.uid=\"u\", got \"x\""),
            (
                true,
                json!({"uid": "u", "patch": "e30="}),
                "webhook returned response.patch but not response.patchType",
            ),
            (
                true,
                json!({"uid": "u", "patchType": "JSONPatch"}),
                "webhook returned response.patchType but not response.patch",
            ),
            (
                true,
                json!({"uid": "u", "patch": "e30=", "patchType": "Odd"}),
                "webhook returned invalid response.patchType of \"Odd\"",
            ),
            (
                false,
                json!({"uid": "u", "patch": "e30="}),
                "validating webhook may not return response.patch",
            ),
        ] {
            let refused = review(changes).read(&answer(&response)).unwrap_err();
            assert_eq!(refused, want);
        }
        let old = json!({"apiVersion": "v1", "response": {"uid": "u"}});
        assert!(review(true).read(&old).unwrap_err().starts_with("expected webhook response of"));
    }

    #[test]
    fn refusals_keep_what_the_webhook_says_and_are_never_a_success() {
        let refused = |status: Value| {
            let response = json!({"uid": "u", "allowed": false, "status": status});
            review(false).read(&answer(&response)).unwrap().refusal("w")
        };
        let plain = refused(json!(null));
        assert_eq!(plain.message, "admission webhook \"w\" denied the request without explanation");
        assert_eq!(plain.code, 400);
        let told = refused(json!({"code": 403, "message": "no", "reason": "Forbidden"}));
        assert_eq!((told.code, told.reason.as_str()), (403, "Forbidden"));
        assert_eq!(told.message, "admission webhook \"w\" denied the request: no");
        assert_eq!(refused(json!({"code": 200, "reason": "Odd"})).code, 400);
    }
}
