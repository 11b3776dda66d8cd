//! `ImagePolicyWebhook`: a program outside says which images pods may have.
//! Source: `plugin/pkg/admission/imagepolicy`; `imagepolicy.k8s.io/v1alpha1`.

use std::{path::Path, time::Duration};

use machinery::{
    configuration::{Refused, Types},
    meta,
    status::Status,
};
use serde_json::{Map, Value, json};

use super::Operation;
use crate::{
    answers::Answers,
    audit,
    webhook::{Again, Endpoint, Failed, Patience},
};

const TYPES: Types = Types(
    "\
AdmissionConfig imagePolicy:ImagePolicyWebhook
ImagePolicyWebhook kubeConfigFile:string allowTTL:int64 denyTTL:int64 retryBackoff:int64 defaultAllow:bool",
);
/// What annotations have in their keys that the webhook is shown.
const SHOWN: &str = ".image-policy.k8s.io/";
/// What a pod has that was let in though nobody could be asked.
const FAILED_OPEN: &str = "alpha.image-policy.k8s.io/failed-open";
const AUDIT_PREFIX: &str = "imagepolicywebhook.image-policy.k8s.io/";

/// The webhook, and what it said lately.
#[derive(Debug)]
pub struct ImagePolicy {
    endpoint: Endpoint,
    allow_time: Duration,
    deny_time: Duration,
    first_wait: Duration,
    allows_unasked: bool,
    answers: Answers<Value>,
}

/// What is wrong with a configuration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ImagePolicyError(String);

impl ImagePolicy {
    /// Reads the plugin's configuration; files that it names are relative to `folder`.
    ///
    /// Errors: what is unknown, out of its range, or wrong with the webhook's file.
    pub fn read(configuration: &Value, folder: &Path) -> Result<Self, ImagePolicyError> {
        let document = TYPES.decode("AdmissionConfig", configuration.clone());
        let document = document.map_err(|refused| {
            ImagePolicyError(match refused {
                Refused::Type(words) => words,
                Refused::Strict(words) => format!("strict decoding error: {}", words.join(", ")),
            })
        })?;
        let policy = &document["imagePolicy"];
        let time = |field: &str| meta::number(policy, &format!("/{field}")).unwrap_or_default();
        let (second, minute) = (Duration::from_secs(1), Duration::from_mins(1));
        let milli = Duration::from_millis(1);
        let first_wait =
            Range { name: "backoff", unit: milli, from: milli, to: 5 * minute, usual: 500 * milli };
        let first_wait = first_wait.of(time("retryBackoff"))?;
        let ttl = Range {
            name: "allow cache",
            unit: second,
            from: second,
            to: 30 * minute,
            usual: 5 * minute,
        };
        let allow_time = ttl.of(time("allowTTL"))?;
        let ttl = Range { name: "deny cache", usual: 30 * second, ..ttl };
        let deny_time = ttl.of(time("denyTTL"))?;
        let file = folder.join(meta::text(policy, "/kubeConfigFile"));
        let endpoint = Endpoint::of_kubeconfig(&file).map_err(ImagePolicyError)?;
        let allows_unasked = policy["defaultAllow"] == true;
        let answers = Answers::default();
        Ok(Self { endpoint, allow_time, deny_time, first_wait, allows_unasked, answers })
    }

    /// What the webhook says of a question. Errors: it says nothing.
    async fn status(&self, spec: &Value) -> Result<Value, Failed> {
        let question = spec.to_string();
        if let Some(known) = self.answers.get(&question) {
            return Ok(known);
        }
        let review = json!({"kind": "ImageReview", "apiVersion": "imagepolicy.k8s.io/v1alpha1",
            "metadata": {}, "spec": spec, "status": {"allowed": false}});
        let patience = Patience { first: self.first_wait, again: Again::Passing, stop: None };
        let answer = self.endpoint.post_patiently(&review, &patience).await?;
        let status = answer["status"].clone();
        let time = if status["allowed"] == true { self.allow_time } else { self.deny_time };
        self.answers.keep(question, status.clone(), time);
        Ok(status)
    }
}

/// What a number in a configuration may be: 0 is the usual time, -1 is none.
struct Range {
    name: &'static str,
    unit: Duration,
    from: Duration,
    to: Duration,
    usual: Duration,
}

impl Range {
    fn of(&self, value: i64) -> Result<Duration, ImagePolicyError> {
        match value {
            -1 => Ok(Duration::ZERO),
            0 => Ok(self.usual),
            _ => {
                let factor = u32::try_from(value).ok();
                let time = factor.and_then(|factor| self.unit.checked_mul(factor));
                let within = time.filter(|time| (self.from..=self.to).contains(time));
                within.ok_or_else(|| {
                    let (from, to) = (go(self.from), go(self.to));
                    ImagePolicyError(format!(
                        "{}: valid value is between {from} and {to}, got {value}",
                        self.name
                    ))
                })
            }
        }
    }
}

fn go(time: Duration) -> String {
    match time.as_secs() {
        0 => format!("{}ms", time.as_millis()),
        seconds if seconds < 60 => format!("{seconds}s"),
        seconds => format!("{}m{}s", seconds / 60, seconds % 60),
    }
}

/// Asks about a pod's images; a pod that is let in though nobody answered is marked.
///
/// Errors: 403 for images that are refused.
pub(super) async fn check(operation: &Operation<'_>, pod: &mut Value) -> Result<(), Status> {
    let Some(policy) = &operation.server.config.image_policy else { return Ok(()) };
    let kind = operation.kind;
    let lists: &[&str] = match operation.author.subresource.as_str() {
        _ if !kind.group.is_empty() || kind.plural != "pods" => return Ok(()),
        "" => &["initContainers", "containers"],
        "ephemeralcontainers" => &["ephemeralContainers"],
        _ => return Ok(()),
    };
    let spec = spec_of(pod, lists);
    let refused = |why: &str| Status::forbidden(kind.resource(), meta::name(pod), why);
    let status = match policy.status(&spec).await {
        Ok(status) => status,
        Err(failed) if policy.allows_unasked => {
            tracing::warn!(why = failed.why, "nobody says whether images may be used; they may");
            audit::annotate(format!("{AUDIT_PREFIX}failed-open"), "true");
            let metadata = meta::metadata_mut(pod);
            let annotations = metadata.entry("annotations").or_insert_with(|| json!({}));
            meta::as_object(annotations).insert(FAILED_OPEN.into(), "true".into());
            return Ok(());
        }
        Err(failed) => return Err(refused(&failed.why)),
    };
    for (key, value) in status["auditAnnotations"].as_object().into_iter().flatten() {
        audit::annotate(format!("{AUDIT_PREFIX}{key}"), value.as_str().unwrap_or_default());
    }
    if status["allowed"] == true {
        return Ok(());
    }
    Err(match meta::text(&status, "/reason") {
        "" => refused("one or more images rejected by webhook backend"),
        reason => {
            refused(&format!("image policy webhook backend denied one or more images: {reason}"))
        }
    })
}

/// What the webhook is asked about a pod.
fn spec_of(pod: &Value, lists: &[&str]) -> Value {
    let mut containers = Vec::new();
    for list in lists {
        for container in meta::items(pod, &format!("/spec/{list}")) {
            let image = meta::text(container, "/image");
            containers.push(if image.is_empty() { json!({}) } else { json!({"image": image}) });
        }
    }
    let mut spec = Map::new();
    if !containers.is_empty() {
        spec.insert("containers".into(), containers.into());
    }
    let annotations = pod["metadata"]["annotations"].as_object().into_iter().flatten();
    let shown = annotations.filter(|(key, _)| key.contains(SHOWN));
    let shown: Map<String, Value> =
        shown.map(|(key, value)| (key.clone(), value.clone())).collect();
    if !shown.is_empty() {
        spec.insert("annotations".into(), shown.into());
    }
    let namespace = meta::namespace(pod);
    if !namespace.is_empty() {
        spec.insert("namespace".into(), namespace.into());
    }
    spec.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_show_images_and_annotations_of_their_own() {
        let pod = json!({
            "metadata": {"namespace": "ns", "annotations": {"a": "b", "my.image-policy.k8s.io/x": "y"}},
            "spec": {"initContainers": [{"image": "i"}], "containers": [{"image": "c"}],
                "ephemeralContainers": [{"image": "e"}]},
        });
        assert_eq!(
            spec_of(&pod, &["initContainers", "containers"]),
            json!({"containers": [{"image": "i"}, {"image": "c"}], "namespace": "ns",
                "annotations": {"my.image-policy.k8s.io/x": "y"}})
        );
        assert_eq!(spec_of(&pod, &["ephemeralContainers"])["containers"], json!([{"image": "e"}]));
    }

    #[test]
    fn times_have_ranges() {
        let second = Duration::from_secs(1);
        let range =
            Range { name: "x", unit: second, from: second, to: 90 * second, usual: 7 * second };
        assert_eq!(range.of(0), Ok(7 * second));
        assert_eq!(range.of(-1), Ok(Duration::ZERO));
        assert_eq!(range.of(60), Ok(60 * second));
        for wrong in [91, -2, i64::MAX] {
            let said = range.of(wrong).unwrap_err().to_string();
            assert_eq!(said, format!("x: valid value is between 1s and 1m30s, got {wrong}"));
        }
    }

    #[test]
    fn configurations_that_cannot_be_followed_are_refused() {
        for (configuration, why) in [
            (json!({"imagePolicy": {"allowTLL": 1}}), "unknown field \"imagePolicy.allowTLL\""),
            (json!({"imagePolicy": {"allowTTL": 3600}}), "allow cache: valid value is between 1s"),
            (json!({"imagePolicy": {"kubeConfigFile": "none"}}), "open /nowhere/none: No such"),
        ] {
            let said = ImagePolicy::read(&configuration, Path::new("/nowhere")).unwrap_err();
            assert!(said.to_string().contains(why), "{said}");
        }
    }
}
