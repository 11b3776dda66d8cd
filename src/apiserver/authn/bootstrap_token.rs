//! Bootstrap tokens: secrets by which new nodes prove themselves once.
//! Source: Kubernetes documentation, "Authenticating with Bootstrap Tokens", and
//! `plugin/pkg/auth/authenticator/token/bootstrap`.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use machinery::{meta, status::Status};
use serde_json::Value;

use super::User;
use crate::server::Inner;

const NAMESPACE: &str = "kube-system";
const TYPE: &str = "bootstrap.kubernetes.io/token";
const GROUP: &str = "system:bootstrappers";

/// Tells whom a token stands for; `None` for what is no bootstrap token, or none that is good now.
pub(super) async fn user(server: &Arc<Inner>, token: &str) -> Result<Option<User>, Status> {
    let Some((id, secret)) = parts(token) else { return Ok(None) };
    let registry = &server.registry;
    let key = registry.key("", "secrets", NAMESPACE, &format!("bootstrap-token-{id}"));
    let Some(object) = registry.object_at(&key).await? else { return Ok(None) };
    Ok(user_of(&object, id, secret, lifecycle::clock::now()))
}

/// The id and the secret of a token: six and sixteen small letters and digits.
fn parts(token: &str) -> Option<(&str, &str)> {
    let (id, secret) = token.split_once('.')?;
    let plain = |text: &str, length: usize| {
        text.len() == length
            && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    (plain(id, 6) && plain(secret, 16)).then_some((id, secret))
}

fn user_of(object: &Value, id: &str, secret: &str, now: jiff::Timestamp) -> Option<User> {
    let data = |key: &str| -> Option<String> {
        let encoded = object.get("data")?.get(key)?.as_str()?;
        String::from_utf8(STANDARD.decode(encoded).ok()?).ok()
    };
    if meta::is_deleting(object) || meta::text(object, "/type") != TYPE {
        return None;
    }
    let known = data("token-secret")?;
    if !same(&known, secret) || data("token-id")? != id {
        return None;
    }
    if let Some(expiration) = data("expiration").filter(|text| !text.is_empty()) {
        let expiration: jiff::Timestamp = expiration.parse().ok()?;
        if expiration <= now {
            return None;
        }
    }
    if data("usage-bootstrap-authentication")? != "true" {
        return None;
    }
    let mut groups = vec![GROUP.to_owned()];
    let extra = data("auth-extra-groups").unwrap_or_default();
    for group in extra.split(',').filter(|_| !extra.is_empty()) {
        if !is_group(group) {
            return None;
        }
        groups.push(group.to_owned());
    }
    groups.get_mut(1..).unwrap_or_default().sort();
    groups.dedup();
    let groups: Vec<&str> = groups.iter().map(String::as_str).collect();
    Some(User::known(&format!("system:bootstrap:{id}"), &groups))
}

/// Compares in a time that does not depend on where texts differ.
fn same(left: &str, right: &str) -> bool {
    left.len() == right.len()
        && left.bytes().zip(right.bytes()).fold(0, |sum, (left, right)| sum | (left ^ right)) == 0
}

/// `system:bootstrappers:` and up to 256 small letters, digits, colons and dashes; no dash or colon
/// at the end.
fn is_group(group: &str) -> bool {
    let Some(rest) = group.strip_prefix("system:bootstrappers:") else { return false };
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    rest.len() <= 256
        && rest.bytes().all(|byte| plain(byte) || matches!(byte, b':' | b'-'))
        && rest.bytes().last().is_some_and(plain)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn secret(changes: &[(&str, &str)]) -> Value {
        let usual = [
            ("token-id", "abcdef"),
            ("token-secret", "0123456789abcdef"),
            ("usage-bootstrap-authentication", "true"),
            ("expiration", "2030-01-01T00:00:00Z"),
            ("auth-extra-groups", "system:bootstrappers:b,system:bootstrappers:a"),
        ];
        let data: serde_json::Map<String, Value> = usual
            .iter()
            .chain(changes)
            .map(|(key, value)| ((*key).to_owned(), STANDARD.encode(value).into()))
            .collect();
        json!({"type": TYPE, "metadata": {"name": "bootstrap-token-abcdef"}, "data": data})
    }

    fn groups(object: &Value, secret: &str) -> Option<Vec<String>> {
        let now = "2026-01-01T00:00:00Z".parse().unwrap();
        user_of(object, "abcdef", secret, now).map(|user| user.groups)
    }

    #[test]
    fn a_good_token_is_a_bootstrapper() {
        assert_eq!(
            groups(&secret(&[]), "0123456789abcdef").unwrap(),
            [
                "system:bootstrappers",
                "system:bootstrappers:a",
                "system:bootstrappers:b",
                "system:authenticated"
            ]
        );
    }

    #[test]
    fn a_token_that_is_not_good_is_nobody() {
        let right = "0123456789abcdef";
        for (case, object, with) in [
            ("other secret", secret(&[]), "0123456789abcdee"),
            ("other id", secret(&[("token-id", "abcdeg")]), right),
            ("expired", secret(&[("expiration", "2025-01-01T00:00:00Z")]), right),
            ("no time", secret(&[("expiration", "soon")]), right),
            ("other use", secret(&[("usage-bootstrap-authentication", "false")]), right),
            ("foreign group", secret(&[("auth-extra-groups", "system:masters")]), right),
            ("group's end", secret(&[("auth-extra-groups", "system:bootstrappers:a-")]), right),
        ] {
            assert_eq!(groups(&object, with), None, "{case}");
        }
        let mut other = secret(&[]);
        other["type"] = "Opaque".into();
        assert_eq!(groups(&other, right), None);
    }

    #[test]
    fn tokens_have_one_form() {
        assert_eq!(parts("abcdef.0123456789abcdef"), Some(("abcdef", "0123456789abcdef")));
        for wrong in ["", ".", "abcdef.", "ABCDEF.0123456789abcdef", "abcdef.0123456789abcdef.x"] {
            assert_eq!(parts(wrong), None, "{wrong}");
        }
    }
}
