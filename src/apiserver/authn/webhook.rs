//! Tokens that a program outside knows. Source: `plugin/pkg/authenticator/token/webhook`, whose defaults
//! these are; `authentication.k8s.io` `TokenReview`.

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use machinery::{meta, well_known};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::User;
use crate::{
    answers::Answers,
    webhook::{Again, Endpoint, Patience},
};

const FIRST_WAIT: Duration = Duration::from_millis(500);
const USUAL_TIME: Duration = Duration::from_mins(2);

/// The webhook's settings. The names are those of kube-apiserver's flags.
#[derive(Debug, Clone, Default)]
pub struct TokenWebhookConfig {
    /// `--authentication-token-webhook-config-file`.
    pub path: PathBuf,
    /// `--authentication-token-webhook-version`; `v1beta1` where it is empty.
    pub version: String,
    /// `--authentication-token-webhook-cache-ttl`.
    pub time: Option<Duration>,
}

/// A webhook that knows tokens.
#[derive(Debug)]
pub struct TokenWebhook {
    endpoint: Endpoint,
    version: String,
    time: Duration,
    answers: Answers<Value>,
}

/// A webhook that cannot be asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct TokenWebhookError(String);

impl TokenWebhook {
    /// Reads the file. Errors: what is wrong with it, or a version that there is not.
    pub fn new(config: &TokenWebhookConfig) -> Result<Self, TokenWebhookError> {
        let version = if config.version.is_empty() { "v1beta1" } else { &config.version };
        if !matches!(version, "v1" | "v1beta1") {
            return Err(TokenWebhookError(format!(
                "unsupported authentication webhook version {version:?}, supported versions are \
                 \"v1\", \"v1beta1\""
            )));
        }
        Ok(Self {
            endpoint: Endpoint::of_kubeconfig(&config.path).map_err(TokenWebhookError)?,
            version: version.to_owned(),
            time: config.time.unwrap_or(USUAL_TIME),
            answers: Answers::default(),
        })
    }

    /// Whom a token stands for that is good for some of `audiences`, and for which of them; `None`: the
    /// webhook does not know it. Errors: it cannot be asked, or says why not.
    pub(super) async fn user(
        &self,
        token: &str,
        audiences: &[String],
    ) -> Result<Option<(User, Vec<String>)>, String> {
        // Tokens themselves are not kept.
        let key = format!("{:x} {audiences:?}", Sha256::digest(token));
        if let Some(known) = self.answers.get(&key) {
            return understood(&known, audiences);
        }
        let status = self.asked(token, audiences).await?;
        self.answers.keep(key, status.clone(), self.time);
        understood(&status, audiences)
    }

    async fn asked(&self, token: &str, audiences: &[String]) -> Result<Value, String> {
        let review = json!({"kind": "TokenReview",
            "apiVersion": format!("authentication.k8s.io/{}", self.version), "metadata": {},
            "spec": {"token": token, "audiences": audiences}, "status": {"user": {}}});
        let patience = Patience { first: FIRST_WAIT, again: Again::Passing, stop: None };
        let answer = self.endpoint.post_patiently(&review, &patience).await;
        answer.map(|answer| answer["status"].clone()).map_err(|failed| failed.why)
    }
}

fn understood(status: &Value, audiences: &[String]) -> Result<Option<(User, Vec<String>)>, String> {
    if status["authenticated"] != true {
        return match meta::text(status, "/error") {
            "" => Ok(None),
            why => Err(why.to_owned()),
        };
    }
    let texts = |of: &Value| -> Vec<String> {
        let items = of.as_array().into_iter().flatten();
        items.filter_map(|one| Some(one.as_str()?.to_owned())).collect()
    };
    let told = texts(&status["audiences"]);
    // Who says nothing of audiences means this server.
    let good: Vec<String> =
        audiences.iter().filter(|one| told.is_empty() || told.contains(one)).cloned().collect();
    if good.is_empty() {
        return Ok(None);
    }
    let user = &status["user"];
    let extra = user["extra"].as_object().into_iter().flatten();
    let extra: BTreeMap<String, Vec<String>> =
        extra.map(|(key, values)| (key.clone(), texts(values))).collect();
    let mut groups = texts(&user["groups"]);
    if !groups.iter().any(|group| group == well_known::AUTHENTICATED) {
        groups.push(well_known::AUTHENTICATED.into());
    }
    let text = |field: &str| user[field].as_str().unwrap_or_default().to_owned();
    let user = User { name: text("username"), uid: text("uid"), groups, extra };
    Ok(Some((user, good)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_name_users_for_audiences() {
        let audiences = ["own".to_owned(), "other".to_owned()];
        let user = json!({"username": "ann", "groups": ["g"], "extra": {"k": ["v"]}});
        let good = |told: Value| {
            let status = json!({"authenticated": true, "user": user, "audiences": told});
            understood(&status, &audiences).unwrap().map(|(_, good)| good)
        };
        assert_eq!(good(Value::Null), Some(audiences.to_vec()));
        assert_eq!(good(json!(["other", "x"])), Some(vec!["other".to_owned()]));
        assert_eq!(good(json!(["x"])), None);
        let status = json!({"authenticated": true, "user": user});
        let (ann, _) = understood(&status, &audiences).unwrap().unwrap();
        assert_eq!((ann.name.as_str(), ann.groups.len()), ("ann", 2));
        assert_eq!(ann.extra["k"], ["v"]);
        assert_eq!(understood(&json!({"authenticated": false}), &audiences), Ok(None));
        let error = json!({"authenticated": false, "error": "no"});
        assert_eq!(understood(&error, &audiences), Err("no".to_owned()));
    }
}
