//! What a secret for a service account's token lacks. No clock, no I/O.

use std::collections::BTreeMap;

use k8s_openapi::{
    ByteString,
    api::core::v1::{Secret, ServiceAccount},
};

/// The secrets that are ours.
pub(super) const TYPE: &str = "kubernetes.io/service-account-token";
pub(super) const ACCOUNT: &str = "kubernetes.io/service-account.name";
const UID: &str = "kubernetes.io/service-account.uid";

/// What a token is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenOrder {
    /// The account's namespace.
    pub namespace: String,
    /// The account.
    pub account: String,
    /// Its uid.
    pub account_uid: String,
    /// The secret that holds the token.
    pub secret: String,
}

/// What happens to a secret.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Step {
    /// It has all that it needs.
    Settled,
    /// Its account is gone.
    Delete,
    /// It becomes this; a token is put in first where one is ordered.
    Fill(Box<Secret>, Option<TokenOrder>),
}

/// The account that a secret names.
pub(super) fn account_of(secret: &Secret) -> Option<&str> {
    let annotations = secret.metadata.annotations.as_ref()?;
    annotations.get(ACCOUNT).map(String::as_str).filter(|name| !name.is_empty())
}

/// Whether a secret is for an account, and not for another one of its name.
fn is_for(secret: &Secret, account: &ServiceAccount) -> bool {
    let annotations = secret.metadata.annotations.as_ref();
    let uid = annotations.and_then(|all| all.get(UID)).filter(|uid| !uid.is_empty());
    uid.is_none_or(|uid| Some(uid) == account.metadata.uid.as_ref())
}

/// Decides over one secret; `account` is the one that it names.
pub(super) fn reconcile(
    secret: &Secret,
    account: Option<&ServiceAccount>,
    authority: &str,
) -> Step {
    if secret.metadata.deletion_timestamp.is_some() || account_of(secret).is_none() {
        return Step::Settled;
    }
    let Some(account) = account.filter(|account| is_for(secret, account)) else {
        return Step::Delete;
    };
    let namespace = secret.metadata.namespace.clone().unwrap_or_default();
    let mut filled = secret.clone();
    let data = filled.data.get_or_insert_default();
    data.insert("ca.crt".into(), ByteString(authority.as_bytes().to_vec()));
    let names = |data: &BTreeMap<String, ByteString>, key: &str| {
        data.get(key).is_some_and(|value| !value.0.is_empty())
    };
    if !names(data, "namespace") {
        data.insert("namespace".into(), ByteString(namespace.clone().into_bytes()));
    }
    let order = (!names(data, "token")).then(|| TokenOrder {
        namespace,
        account: account.metadata.name.clone().unwrap_or_default(),
        account_uid: account.metadata.uid.clone().unwrap_or_default(),
        secret: secret.metadata.name.clone().unwrap_or_default(),
    });
    let annotations = filled.metadata.annotations.get_or_insert_default();
    annotations.insert(UID.into(), account.metadata.uid.clone().unwrap_or_default());
    if order.is_none() && filled == *secret {
        return Step::Settled;
    }
    Step::Fill(Box::new(filled), order)
}

/// Puts a token in.
pub(super) fn put(secret: &mut Secret, token: String) {
    let data = secret.data.get_or_insert_default();
    data.insert("token".into(), ByteString(token.into_bytes()));
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn secret(more: &Value) -> Secret {
        let mut object = json!({"type": TYPE, "metadata": {"name": "s", "namespace": "n",
            "annotations": {ACCOUNT: "a"}}});
        machinery::patch::apply_merge_patch(&mut object, more);
        serde_json::from_value(object).unwrap()
    }

    fn account(uid: &str) -> ServiceAccount {
        serde_json::from_value(json!({"metadata": {"name": "a", "namespace": "n", "uid": uid}}))
            .unwrap()
    }

    #[test]
    fn secrets_are_filled_once_and_go_with_their_account() {
        let known = account("u");
        let Step::Fill(mut filled, Some(order)) =
            reconcile(&secret(&json!({})), Some(&known), "ca")
        else {
            panic!("it lacks everything");
        };
        assert_eq!((order.account_uid.as_str(), order.secret.as_str()), ("u", "s"));
        put(&mut filled, "token".into());
        assert_eq!(filled.data.as_ref().unwrap()["namespace"].0, b"n");
        assert_eq!(reconcile(&filled, Some(&known), "ca"), Step::Settled);
        let Step::Fill(renewed, None) = reconcile(&filled, Some(&known), "new") else {
            panic!("the authority is another");
        };
        assert_eq!(renewed.data.as_ref().unwrap()["ca.crt"].0, b"new");
        assert_eq!(reconcile(&filled, None, "ca"), Step::Delete);
        assert_eq!(reconcile(&filled, Some(&account("v")), "ca"), Step::Delete, "another account");
    }

    #[test]
    fn what_is_not_ours_is_left_alone() {
        let goes = json!({"metadata": {"deletionTimestamp": "2026-01-01T00:00:00Z"}});
        assert_eq!(reconcile(&secret(&goes), None, "ca"), Step::Settled);
        let nobody = json!({"metadata": {"annotations": null}});
        assert_eq!(reconcile(&secret(&nobody), None, "ca"), Step::Settled);
    }
}
