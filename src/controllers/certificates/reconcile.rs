//! What is to be done with a request for a certificate, and when it goes.

use jiff::{SignedDuration, Timestamp};
use k8s_openapi::api::certificates::v1::{
    CertificateSigningRequest, CertificateSigningRequestCondition,
};
use x509_parser::{certificate::X509Certificate, pem, prelude::FromDer as _};

use super::{
    Order,
    request::{Subject, suits_client},
};

const CLIENT: &str = "kubernetes.io/kube-apiserver-client";
const KUBELET: &str = "kubernetes.io/kube-apiserver-client-kubelet";
const SERVING: &str = "kubernetes.io/kubelet-serving";
const LEGACY: &str = "kubernetes.io/legacy-unknown";

/// How long a request stays that was approved, denied or failed, and how long one that waits.
/// Source: `pkg/controller/certificates/cleaner`.
const DECIDED: SignedDuration = SignedDuration::from_hours(1);
const WAITING: SignedDuration = SignedDuration::from_hours(24);
/// `--cluster-signing-duration`.
const LIFE: SignedDuration = SignedDuration::from_hours(365 * 24);
/// Clocks may differ by so much.
const BACKDATED: SignedDuration = SignedDuration::from_mins(5);
const SHORTEST: SignedDuration = SignedDuration::from_mins(10);

/// A request that a kubelet makes of itself, or somebody for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Recognized {
    Own,
    Another,
}

impl Recognized {
    /// What its user must be allowed to create.
    pub(super) fn subresource(self) -> &'static str {
        match self {
            Self::Own => "selfnodeclient",
            Self::Another => "nodeclient",
        }
    }

    pub(super) fn message(self) -> &'static str {
        match self {
            Self::Own => {
                "Auto approving self kubelet client certificate after SubjectAccessReview."
            }
            Self::Another => "Auto approving kubelet client certificate after SubjectAccessReview.",
        }
    }
}

/// The next step.
#[derive(Debug, Clone)]
pub(super) enum Step {
    Nothing,
    Delete,
    /// Approve it, if the user may do one of these.
    Ask(Vec<Recognized>),
    Sign(Order),
    Fail(String),
}

/// The next step, and when the request goes if nothing else happens.
pub(super) fn reconcile(
    request: &CertificateSigningRequest,
    now: Timestamp,
) -> (Step, Option<Timestamp>) {
    let goes = goes_at(request);
    if goes.is_some_and(|goes| goes <= now) {
        return (Step::Delete, None);
    }
    let step = if has(request, "Denied") || has(request, "Failed") || certificate(request).is_some()
    {
        Step::Nothing
    } else if has(request, "Approved") {
        sign(request, now)
    } else {
        recognize(request)
    };
    (step, goes)
}

fn conditions(
    request: &CertificateSigningRequest,
) -> impl Iterator<Item = &CertificateSigningRequestCondition> {
    let status = request.status.as_ref().and_then(|status| status.conditions.as_ref());
    status.into_iter().flatten()
}

fn has(request: &CertificateSigningRequest, kind: &str) -> bool {
    conditions(request).any(|one| one.type_ == kind)
}

fn certificate(request: &CertificateSigningRequest) -> Option<&[u8]> {
    let certificate = request.status.as_ref()?.certificate.as_ref()?;
    Some(certificate.0.as_slice()).filter(|bytes| !bytes.is_empty())
}

/// When the request is of no use any more.
fn goes_at(request: &CertificateSigningRequest) -> Option<Timestamp> {
    let after = |from: Option<Timestamp>, time| from?.checked_add(time).ok();
    let decided = |kind: &str| {
        let found = conditions(request).find(|one| one.type_ == kind)?;
        let since = found.last_update_time.as_ref().map(|time| time.0);
        after(since.or_else(|| born(request)), DECIDED)
    };
    let expires = certificate(request).and_then(expiry);
    let issued = certificate(request).and_then(|_| decided("Approved"));
    if let Some(first) = issued.into_iter().chain(expires).min() {
        return Some(first);
    }
    decided("Denied").or_else(|| decided("Failed")).or_else(|| {
        let waits = conditions(request).next().is_none();
        after(born(request), WAITING).filter(|_| waits)
    })
}

fn born(request: &CertificateSigningRequest) -> Option<Timestamp> {
    request.metadata.creation_timestamp.as_ref().map(|time| time.0)
}

fn expiry(text: &[u8]) -> Option<Timestamp> {
    let (_, block) = pem::parse_x509_pem(text).ok()?;
    let (_, certificate) = X509Certificate::from_der(&block.contents).ok()?;
    Timestamp::from_second(certificate.validity().not_after.timestamp()).ok()
}

fn recognize(request: &CertificateSigningRequest) -> Step {
    let spec = &request.spec;
    if spec.signer_name != KUBELET {
        return Step::Nothing;
    }
    let usages = spec.usages.clone().unwrap_or_default();
    let Some(subject) = Subject::read(&spec.request.0) else { return Step::Nothing };
    if subject.suits_kubelet(&usages).is_err() {
        return Step::Nothing;
    }
    let own = spec.username.as_deref() == Some(&subject.common_name);
    let kinds = [own.then_some(Recognized::Own), Some(Recognized::Another)];
    Step::Ask(kinds.into_iter().flatten().collect())
}

fn sign(request: &CertificateSigningRequest, now: Timestamp) -> Step {
    let spec = &request.spec;
    let usages = spec.usages.clone().unwrap_or_default();
    let unreadable = || Step::Fail("unable to parse the request".into());
    let Some(subject) = Subject::read(&spec.request.0) else { return unreadable() };
    let suits = match spec.signer_name.as_str() {
        CLIENT => suits_client(&usages),
        KUBELET => subject.suits_kubelet(&usages),
        SERVING => subject.suits_serving(&usages),
        LEGACY => Ok(()),
        // Somebody else signs these.
        _ => return Step::Nothing,
    };
    if let Err(why) = suits {
        return Step::Fail(why.to_owned());
    }
    let asked = spec.expiration_seconds.map(|seconds| SignedDuration::from_secs(seconds.into()));
    let life = asked.unwrap_or(LIFE).clamp(SHORTEST, LIFE);
    let Ok(text) = String::from_utf8(spec.request.0.clone()) else { return unreadable() };
    Step::Sign(Order {
        request: text,
        usages,
        not_before: now.checked_sub(BACKDATED).unwrap_or(now),
        not_after: now.checked_add(life).unwrap_or(now),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const NODE: [&str; 2] = ["system:nodes", "system:node:n1"];

    /// A request in PEM.
    fn pem_of([organization, name]: [&str; 2], hosts: &[&str]) -> String {
        let hosts: Vec<String> = hosts.iter().map(|host| (*host).to_owned()).collect();
        let mut params = rcgen::CertificateParams::new(hosts).unwrap();
        params.distinguished_name = rcgen::DistinguishedName::new();
        params.distinguished_name.push(rcgen::DnType::OrganizationName, organization);
        params.distinguished_name.push(rcgen::DnType::CommonName, name);
        let key = rcgen::KeyPair::generate().unwrap();
        params.serialize_request(&key).unwrap().pem().unwrap()
    }

    fn request(
        signer: &str,
        pem: &str,
        usages: &[&str],
        conditions: &Value,
    ) -> CertificateSigningRequest {
        use base64::Engine as _;
        let pem = base64::engine::general_purpose::STANDARD.encode(pem);
        serde_json::from_value(json!({
            "metadata": {"name": "r", "creationTimestamp": "2026-01-01T00:00:00Z"},
            "spec": {"signerName": signer, "request": pem, "usages": usages, "username": "system:node:n1"},
            "status": {"conditions": conditions},
        }))
        .unwrap()
    }

    fn at(time: &str) -> Timestamp {
        time.parse().unwrap()
    }

    fn approved() -> Value {
        json!([{"type": "Approved", "status": "True", "lastUpdateTime": "2026-01-01T00:00:00Z"}])
    }

    fn word(step: &Step) -> String {
        match step {
            Step::Nothing => "nothing".into(),
            Step::Delete => "delete".into(),
            Step::Ask(kinds) => format!("ask {}", kinds.len()),
            Step::Sign(_) => "sign".into(),
            Step::Fail(why) => why.clone(),
        }
    }

    #[test]
    fn requests_are_recognized_signed_and_refused() {
        let now = at("2026-01-01T00:00:01Z");
        let (node, user) = (pem_of(NODE, &[]), pem_of(["dev", "bob"], &[]));
        let serving = pem_of(NODE, &["n1", "10.0.0.1"]);
        let client = ["digital signature", "client auth"];
        let server = ["digital signature", "server auth"];
        for (signer, pem, usages, conditions, want) in [
            (KUBELET, &node, &client[..], json!([]), "ask 2"),
            (KUBELET, &user, &client, json!([]), "nothing"),
            (KUBELET, &serving, &client, json!([]), "nothing"),
            (CLIENT, &user, &client, json!([]), "nothing"),
            (CLIENT, &user, &client, approved(), "sign"),
            (CLIENT, &user, &server, approved(), "\"client auth\" usage is required"),
            (KUBELET, &node, &client, approved(), "sign"),
            (KUBELET, &user, &client, approved(), "subject organization is not system:nodes"),
            (SERVING, &serving, &server, approved(), "sign"),
            (SERVING, &node, &server, approved(), "at least one DNS or IP SAN is required"),
            (LEGACY, &user, &server, approved(), "sign"),
            ("example.org/mine", &user, &server, approved(), "nothing"),
            (CLIENT, &user, &client, json!([{"type": "Denied", "status": "True"}]), "nothing"),
        ] {
            let request = request(signer, pem, usages, &conditions);
            assert_eq!(word(&reconcile(&request, now).0), want, "{signer} {usages:?}");
        }
    }

    #[test]
    fn the_life_that_was_asked_for_is_given_within_bounds() {
        let now = at("2026-01-01T00:00:01Z");
        let pem = pem_of(["dev", "bob"], &[]);
        for (asked, want) in [
            (None, 365 * 24 * 3600),
            (Some(3600), 3600),
            (Some(60), 600),
            (Some(i32::MAX), 365 * 24 * 3600),
        ] {
            let mut request = request(CLIENT, &pem, &["client auth"], &approved());
            request.spec.expiration_seconds = asked;
            let Step::Sign(order) = reconcile(&request, now).0 else { panic!("{asked:?}") };
            assert_eq!(order.not_after.duration_since(now).as_secs(), want);
            assert_eq!(now.duration_since(order.not_before).as_secs(), 300);
        }
    }

    #[test]
    fn requests_go_when_they_are_of_no_use() {
        let pem = pem_of(["dev", "bob"], &[]);
        let denied =
            json!([{"type": "Denied", "status": "True", "lastUpdateTime": "2026-01-01T05:00:00Z"}]);
        for (conditions, before, after) in [
            (json!([]), "2026-01-01T23:59:59Z", "2026-01-02T00:00:00Z"),
            (denied, "2026-01-01T05:59:59Z", "2026-01-01T06:00:00Z"),
        ] {
            let request = request("example.org/mine", &pem, &["client auth"], &conditions);
            let (step, goes) = reconcile(&request, at(before));
            assert_eq!((word(&step).as_str(), goes), ("nothing", Some(at(after))));
            assert_eq!(word(&reconcile(&request, at(after)).0), "delete");
        }
        // Approved and never signed: it stays.
        let waits = request("example.org/mine", &pem, &["client auth"], &approved());
        assert_eq!(reconcile(&waits, at("2027-01-01T00:00:00Z")).1, None);
    }
}
