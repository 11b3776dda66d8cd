//! What bootstrap tokens sign, and when they are over. No clock, no I/O.

use std::{collections::BTreeMap, time::Duration};

use jiff::Timestamp;
use k8s_openapi::api::core::v1::{ConfigMap, Secret};

use super::jws;

/// The secrets that are tokens.
pub(super) const TYPE: &str = "bootstrap.kubernetes.io/token";
/// Where tokens are.
pub(super) const NAMESPACE: &str = "kube-system";
/// What is signed.
const CONTENT: &str = "kubeconfig";
/// Before the id of the token that signed.
const SIGNATURE: &str = "jws-kubeconfig-";

/// How long a token is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Life {
    /// It has no end.
    Endless,
    /// So long from now on.
    For(Duration),
    /// It is over.
    Over,
}

fn text<'a>(secret: &'a Secret, key: &str) -> &'a str {
    let bytes = secret.data.as_ref().and_then(|data| data.get(key));
    bytes.and_then(|bytes| std::str::from_utf8(&bytes.0).ok()).unwrap_or_default()
}

/// Tells whether a secret is a token.
pub(super) fn is_token(secret: &Secret) -> bool {
    secret.type_.as_deref() == Some(TYPE) && secret.metadata.namespace.as_deref() == Some(NAMESPACE)
}

/// How long a token is good; an end that nobody can read has come.
pub(super) fn life(secret: &Secret, now: Timestamp) -> Life {
    let end = text(secret, "expiration");
    if end.is_empty() {
        return Life::Endless;
    }
    let Ok(end) = end.parse::<Timestamp>() else { return Life::Over };
    match end.duration_since(now) {
        left if left.is_positive() => Life::For(left.unsigned_abs()),
        _ => Life::Over,
    }
}

/// The id and the secret of a token that signs now.
fn signer(secret: &Secret, now: Timestamp) -> Option<(&str, &str)> {
    let (id, key) = (text(secret, "token-id"), text(secret, "token-secret"));
    let named = secret.metadata.name.as_deref() == Some(&format!("bootstrap-token-{id}"));
    let signs = is_token(secret)
        && named
        && secret.metadata.deletion_timestamp.is_none()
        && !id.is_empty()
        && !key.is_empty()
        && text(secret, "usage-bootstrap-signing") == "true"
        && life(secret, now) != Life::Over;
    signs.then_some((id, key))
}

/// What the map of the cluster's facts becomes, signed by every token; `None` where it is right.
pub(super) fn signed<'a>(
    map: &ConfigMap,
    tokens: impl Iterator<Item = &'a Secret>,
    now: Timestamp,
) -> Option<ConfigMap> {
    let data = map.data.as_ref()?;
    let content = data.get(CONTENT)?;
    let mut wanted: BTreeMap<String, String> = data.clone();
    wanted.retain(|key, _| !key.starts_with(SIGNATURE));
    for (id, key) in tokens.filter_map(|token| signer(token, now)) {
        wanted.insert(format!("{SIGNATURE}{id}"), jws::detached(content, id, key));
    }
    (wanted != *data).then(|| ConfigMap { data: Some(wanted), ..map.clone() })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn token(id: &str, more: &[(&str, &str)]) -> Secret {
        let mut data: BTreeMap<&str, &str> = BTreeMap::from([
            ("token-id", id),
            ("token-secret", "0123456789abcdef"),
            ("usage-bootstrap-signing", "true"),
        ]);
        data.extend(more.iter().copied());
        let data: BTreeMap<&str, Value> = data
            .into_iter()
            .map(|(key, value)| (key, machinery::base64::encode(value.as_bytes()).into()))
            .collect();
        let metadata = json!({"name": format!("bootstrap-token-{id}"), "namespace": NAMESPACE});
        serde_json::from_value(json!({"metadata": metadata, "type": TYPE, "data": data})).unwrap()
    }

    fn map(data: &Value) -> ConfigMap {
        serde_json::from_value(json!({"metadata": {"name": "cluster-info"}, "data": data})).unwrap()
    }

    const NOW: &str = "2026-01-01T00:00:00Z";
    const PAST: (&str, &str) = ("expiration", "2025-12-31T00:00:00Z");
    const SOON: (&str, &str) = ("expiration", "2026-01-01T00:00:05Z");

    #[test]
    fn tokens_end() {
        for (case, more, want) in [
            ("no end", vec![], Life::Endless),
            ("soon", vec![SOON], Life::For(Duration::from_secs(5))),
            ("over", vec![PAST], Life::Over),
            ("now", vec![("expiration", NOW)], Life::Over),
            ("no time", vec![("expiration", "tomorrow")], Life::Over),
        ] {
            assert_eq!(life(&token("abcdef", &more), NOW.parse().unwrap()), want, "{case}");
        }
    }

    #[test]
    fn the_clusters_facts_are_signed_by_those_who_may() {
        let now: Timestamp = NOW.parse().unwrap();
        let plain = map(&json!({"kubeconfig": "x", "jws-kubeconfig-gone00": "old", "other": "y"}));
        let tokens = [
            token("abcdef", &[]),
            token("soon00", &[SOON]),
            token("past00", &[PAST]),
            token("no0000", &[("usage-bootstrap-signing", "false")]),
        ];
        let signed_map = signed(&plain, tokens.iter(), now).unwrap();
        let keys: Vec<&String> = signed_map.data.as_ref().unwrap().keys().collect();
        assert_eq!(keys, ["jws-kubeconfig-abcdef", "jws-kubeconfig-soon00", "kubeconfig", "other"]);
        assert_eq!(signed(&signed_map, tokens.iter(), now), None, "once is enough");
        assert_eq!(signed(&map(&json!({"other": "y"})), tokens.iter(), now), None);
    }
}
