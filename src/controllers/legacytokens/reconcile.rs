//! What becomes of a service account's token that nobody has used for long. No clock, no I/O.

use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};
use k8s_openapi::api::core::v1::{Pod, Secret, ServiceAccount};

/// The day on which a token was last used.
const LAST_USED: &str = "kubernetes.io/legacy-token-last-used";
/// The day since which a token is good no more.
pub(super) const INVALID_SINCE: &str = "kubernetes.io/legacy-token-invalid-since";
const ACCOUNT: &str = "kubernetes.io/service-account.name";
const UID: &str = "kubernetes.io/service-account.uid";
/// Unused tokens are kept for so long. Source: `--legacy-service-account-token-clean-up-period`.
const KEPT: SignedDuration = SignedDuration::from_hours(365 * 24);

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// Nothing.
    Keep,
    /// The token is good no more, as of this day.
    Invalidate(Date),
    /// The secret goes.
    Delete,
}

fn day(time: Timestamp) -> Date {
    time.to_zoned(TimeZone::UTC).date()
}

/// The day before which tokens that were not used are given up; `None` as long as their use has not
/// been noted for long enough. `since` is the first day of the notes.
pub(super) fn given_up_before(since: Date, now: Timestamp) -> Option<Date> {
    let whole = since.tomorrow().ok()?.to_zoned(TimeZone::UTC).ok()?.timestamp();
    (now >= whole + KEPT).then(|| day(now - KEPT))
}

fn label(secret: &Secret, name: &str) -> Option<Result<Date, jiff::Error>> {
    Some(secret.metadata.labels.as_ref()?.get(name)?.parse())
}

/// The name of the account that a secret's token stands for.
pub(super) fn account_of(secret: &Secret) -> Option<&str> {
    let name = secret.metadata.annotations.as_ref()?.get(ACCOUNT)?;
    Some(name.as_str()).filter(|name| !name.is_empty())
}

/// Whether a token was made by a controller of old for an account: the account lists it.
fn is_generated(secret: &Secret, account: Option<&ServiceAccount>) -> bool {
    let Some(account) = account else { return false };
    let annotations = secret.metadata.annotations.as_ref();
    let uid = annotations.and_then(|all| all.get(UID)).filter(|uid| !uid.is_empty());
    let same = uid.is_none_or(|uid| Some(uid) == account.metadata.uid.as_ref());
    same && account.secrets.iter().flatten().any(|one| one.name == secret.metadata.name)
}

/// Decides for a token that was not used since `before`; whether pods use its secret is for the caller
/// to ask.
pub(super) fn reconcile(
    secret: &Secret,
    account: Option<&ServiceAccount>,
    before: Date,
    now: Timestamp,
) -> Step {
    let made = secret.metadata.creation_timestamp.as_ref().map(|time| time.0);
    let young = made.is_none_or(|made| made >= now - KEPT);
    if young || secret.metadata.deletion_timestamp.is_some() {
        return Step::Keep;
    }
    let used = match label(secret, LAST_USED) {
        None => false,
        // A day that is none says nothing: the token may be in use.
        Some(Err(_)) => true,
        Some(Ok(last)) => last >= before,
    };
    if used || !is_generated(secret, account) {
        return Step::Keep;
    }
    match label(secret, INVALID_SINCE) {
        Some(Ok(since)) if since >= before => Step::Keep,
        Some(Ok(_)) => Step::Delete,
        Some(Err(_)) | None => Step::Invalidate(day(now)),
    }
}

/// Whether a pod uses a secret: as a volume, in variables, or for its images.
pub(super) fn uses(pod: &Pod, secret: &str) -> bool {
    let Ok(value) = serde_json::to_value(&pod.spec) else { return true };
    mentions(&value, secret)
}

/// The fields that name secrets in pods. Source: `podutil.VisitPodSecretNames`.
fn mentions(value: &serde_json::Value, secret: &str) -> bool {
    use serde_json::Value;
    match value {
        Value::Object(fields) => fields.iter().any(|(field, inner)| {
            let named = match field.as_str() {
                "secret" | "secretRef" | "secretKeyRef" | "nodePublishSecretRef" => {
                    inner.get("secretName").or_else(|| inner.get("name"))
                }
                "imagePullSecrets" => {
                    let items = inner.as_array().into_iter().flatten();
                    let named = |it: &&Value| it["name"] == secret;
                    return items.into_iter().any(|it| named(&it));
                }
                "secretName" => Some(inner),
                _ => None,
            };
            named.is_some_and(|name| name == secret) || mentions(inner, secret)
        }),
        Value::Array(items) => items.iter().any(|item| mentions(item, secret)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn notes_are_kept_for_a_year_and_a_day_first() {
        let at = |time: &str| given_up_before(date("2025-01-01"), time.parse().unwrap());
        assert_eq!(at("2026-01-01T23:59:59Z"), None);
        assert_eq!(at("2026-01-02T00:00:00Z"), Some(date("2025-01-02")));
        assert_eq!(at("2027-03-01T12:00:00Z"), Some(date("2026-03-01")));
    }

    #[test]
    fn tokens_that_nobody_uses_go_in_two_steps() {
        let now: Timestamp = "2026-06-01T12:00:00Z".parse().unwrap();
        let before = date("2025-06-01");
        let listed = json!({"metadata": {"name": "robot", "uid": "u"}, "secrets": [{"name": "s"}]});
        let account: ServiceAccount = serde_json::from_value(listed).unwrap();
        let labels = |labels: Value| json!({"metadata": {"labels": labels}});
        for (case, more, want) in [
            ("never used", json!({}), Step::Invalidate(date("2026-06-01"))),
            ("used lately", labels(json!({LAST_USED: "2026-05-01"})), Step::Keep),
            (
                "used long ago",
                labels(json!({LAST_USED: "2025-05-31"})),
                Step::Invalidate(date("2026-06-01")),
            ),
            ("used, who knows when", labels(json!({LAST_USED: "soon"})), Step::Keep),
            (
                "young",
                json!({"metadata": {"creationTimestamp": "2026-01-01T00:00:00Z"}}),
                Step::Keep,
            ),
            (
                "goes",
                json!({"metadata": {"deletionTimestamp": "2026-01-01T00:00:00Z"}}),
                Step::Keep,
            ),
            ("invalid of late", labels(json!({INVALID_SINCE: "2026-01-01"})), Step::Keep),
            ("long invalid", labels(json!({INVALID_SINCE: "2025-05-31"})), Step::Delete),
            (
                "invalid, who knows since when",
                labels(json!({INVALID_SINCE: "x"})),
                Step::Invalidate(date("2026-06-01")),
            ),
            ("made by hand", json!({"metadata": {"name": "other"}}), Step::Keep),
            ("another account's", json!({"metadata": {"annotations": {UID: "v"}}}), Step::Keep),
        ] {
            let mut secret = json!({"metadata": {"name": "s", "annotations": {ACCOUNT: "robot", UID: "u"},
                "creationTimestamp": "2024-01-01T00:00:00Z"}});
            machinery::patch::apply_merge_patch(&mut secret, &more);
            let secret: Secret = serde_json::from_value(secret).unwrap();
            assert_eq!(reconcile(&secret, Some(&account), before, now), want, "{case}");
            assert_eq!(reconcile(&secret, None, before, now), Step::Keep, "{case}: no account");
        }
    }

    #[test]
    fn pods_use_secrets_in_many_places() {
        for (case, spec, want) in [
            ("volume", json!({"volumes": [{"name": "v", "secret": {"secretName": "s"}}]}), true),
            (
                "projected",
                json!({"volumes": [{"name": "v", "projected": {"sources": [{"secret": {"name": "s"}}]}}]}),
                true,
            ),
            ("images", json!({"imagePullSecrets": [{"name": "s"}]}), true),
            (
                "variable",
                json!({"containers": [{"name": "c", "env": [
                {"name": "A", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}}]}]}),
                true,
            ),
            (
                "variables",
                json!({"containers": [{"name": "c", "envFrom": [{"secretRef": {"name": "s"}}]}]}),
                true,
            ),
            ("another", json!({"imagePullSecrets": [{"name": "t"}]}), false),
            ("a container of that name", json!({"containers": [{"name": "s"}]}), false),
        ] {
            let mut pod = json!({"spec": {"containers": []}});
            machinery::patch::apply_merge_patch(&mut pod["spec"], &spec);
            let pod: Pod = serde_json::from_value(pod).unwrap();
            assert_eq!(uses(&pod, "s"), want, "{case}");
        }
    }
}
