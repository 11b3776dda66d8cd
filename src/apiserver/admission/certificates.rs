//! `CertificateApproval`, `CertificateSigning` and `CertificateSubjectRestriction`: who may approve and
//! sign for whom, and that no client certificate makes a master.
//! Source: `plugin/pkg/admission/certificates`.

use base64::Engine as _;
use machinery::{field::go_quoted, meta, status::Status, well_known};
use serde_json::Value;
use x509_parser::{certification_request::X509CertificationRequest, pem, prelude::FromDer as _};

use super::{Operation, plugins::Plugin};
use crate::authz::{self, Attributes};

const GROUP: &str = "certificates.k8s.io";
/// The signer of certificates by which users are known.
const CLIENTS: &str = "kubernetes.io/kube-apiserver-client";

/// Refuses a new request for a certificate of the masters.
pub(super) fn check_subject(operation: &Operation<'_>, request: &Value) -> Result<(), Status> {
    let signer = meta::text(request, "/spec/signerName");
    if !operation.creates(GROUP, "certificatesigningrequests") || signer != CLIENTS {
        return Ok(());
    }
    if !organizations(request)
        .is_some_and(|names| names.iter().any(|name| name == well_known::MASTERS))
    {
        return Ok(());
    }
    let why = format!("use of {CLIENTS} signer with {} group is not allowed", well_known::MASTERS);
    Err(Status::forbidden(operation.kind.resource(), meta::name(request), &why))
}

/// The organizations of a request's subject; `None` if it cannot be read, which validation tells.
fn organizations(request: &Value) -> Option<Vec<String>> {
    let text =
        base64::engine::general_purpose::STANDARD.decode(meta::text(request, "/spec/request"));
    let (_, block) = pem::parse_x509_pem(&text.ok()?).ok()?;
    let (_, request) = X509CertificationRequest::from_der(&block.contents).ok()?;
    let names = request.certification_request_info.subject.iter_organization();
    Some(names.filter_map(|name| name.as_str().ok()).map(str::to_owned).collect())
}

/// Refuses approvals and certificates of those who may not decide for the request's signer.
pub(super) async fn check_part(operation: &Operation<'_>, new: &Value) -> Result<(), Status> {
    let kind = operation.kind;
    let Some(old) = operation.old.filter(|_| kind.group == GROUP) else { return Ok(()) };
    if kind.plural != "certificatesigningrequests" {
        return Ok(());
    }
    let changed = ["/status/certificate", "/status/conditions"]
        .into_iter()
        .any(|field| old.pointer(field) != new.pointer(field));
    let plugins = &operation.server.config.plugins;
    let verb = match operation.author.subresource.as_str() {
        "approval" if plugins.act(Plugin::CertificateApproval) => "approve",
        "status" if changed && plugins.act(Plugin::CertificateSigning) => "sign",
        _ => return Ok(()),
    };
    let signer = meta::text(old, "/spec/signerName");
    if decides(operation, verb, signer).await? {
        return Ok(());
    }
    let why =
        format!("user not permitted to {verb} requests with signerName {}", go_quoted(signer));
    Err(Status::forbidden(kind.resource(), meta::name(old), &why))
}

/// Whether the author may do this for a signer, or for all of its domain.
async fn decides(operation: &Operation<'_>, verb: &str, signer: &str) -> Result<bool, Status> {
    let domain = signer.split_once('/').map_or(signer, |(domain, _)| domain);
    for name in [signer, &format!("{domain}/*")] {
        let wanted = Attributes {
            verb,
            group: GROUP,
            version: "*",
            resource: "signers",
            subresource: "",
            namespace: "",
            name,
            selected: None,
            path: "",
        };
        if authz::allows(operation.server, &operation.author.user, &wanted).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::STANDARD;
    use serde_json::json;

    use super::*;

    fn asking(text: &str) -> Value {
        json!({ "spec": { "request": STANDARD.encode(text) } })
    }

    #[test]
    fn organizations_stand_in_the_request() {
        let mut names = rcgen::DistinguishedName::new();
        names.push(rcgen::DnType::OrganizationName, "system:masters");
        let mut wished = rcgen::CertificateParams::default();
        wished.distinguished_name = names;
        let key = rcgen::KeyPair::generate().unwrap();
        let request = wished.serialize_request(&key).unwrap().pem().unwrap();
        assert_eq!(organizations(&asking(&request)), Some(vec!["system:masters".to_owned()]));
        for nonsense in [
            "",
            "nonsense",
            "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n",
        ] {
            assert_eq!(organizations(&asking(nonsense)), None, "{nonsense}");
        }
    }
}
