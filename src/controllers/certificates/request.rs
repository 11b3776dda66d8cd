//! What stands in a request for a certificate.

use x509_parser::{
    certification_request::X509CertificationRequest,
    extensions::{GeneralName, ParsedExtension},
    pem,
    prelude::FromDer as _,
};

/// The subject of a request and its other names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Subject {
    pub(super) common_name: String,
    pub(super) organizations: Vec<String>,
    /// DNS names and addresses.
    pub(super) hosts: usize,
    /// Mail addresses and URIs.
    pub(super) others: usize,
}

impl Subject {
    /// Reads a request in PEM; `None` where it is none.
    pub(super) fn read(text: &[u8]) -> Option<Self> {
        let (_, block) = pem::parse_x509_pem(text).ok()?;
        let (_, request) = X509CertificationRequest::from_der(&block.contents).ok()?;
        let subject = &request.certification_request_info.subject;
        let text = |one: &x509_parser::x509::AttributeTypeAndValue<'_>| {
            one.as_str().unwrap_or_default().to_owned()
        };
        let mut read = Self {
            common_name: subject.iter_common_name().next().map(text).unwrap_or_default(),
            organizations: subject.iter_organization().map(text).collect(),
            ..Self::default()
        };
        for extension in request.requested_extensions().into_iter().flatten() {
            let ParsedExtension::SubjectAlternativeName(names) = extension else { continue };
            for name in &names.general_names {
                match name {
                    GeneralName::DNSName(_) | GeneralName::IPAddress(_) => read.hosts += 1,
                    GeneralName::RFC822Name(_) | GeneralName::URI(_) => read.others += 1,
                    _ => {}
                }
            }
        }
        Some(read)
    }

    fn is_nodes(&self) -> Result<(), &'static str> {
        if self.organizations != ["system:nodes"] {
            return Err("subject organization is not system:nodes");
        }
        if !self.common_name.starts_with("system:node:") {
            return Err("subject common name does not begin with system:node:");
        }
        Ok(())
    }

    /// Tells why a node may not be known by a certificate of this subject.
    pub(super) fn suits_kubelet(&self, usages: &[String]) -> Result<(), &'static str> {
        self.is_nodes()?;
        if self.hosts > 0 {
            return Err("DNS or IP SANs are not allowed");
        }
        if self.others > 0 {
            return Err("Email or URI SANs are not allowed");
        }
        has_usages(usages, "client auth", &["digital signature", "key encipherment"])
    }

    /// Tells why a node may not serve by a certificate of this subject.
    pub(super) fn suits_serving(&self, usages: &[String]) -> Result<(), &'static str> {
        self.is_nodes()?;
        if self.hosts == 0 {
            return Err("at least one DNS or IP SAN is required");
        }
        if self.others > 0 {
            return Err("Email or URI SANs are not allowed");
        }
        has_usages(usages, "server auth", &["digital signature", "key encipherment"])
    }
}

/// Exactly `wanted` and the signature, with or without the rest.
fn has_usages(usages: &[String], wanted: &str, allowed: &[&str]) -> Result<(), &'static str> {
    let has = |usage: &str| usages.iter().any(|one| one == usage);
    let only = usages.iter().all(|one| one == wanted || allowed.contains(&one.as_str()));
    if has(wanted) && has("digital signature") && only {
        return Ok(());
    }
    Err("usages did not match")
}

/// Usages of a client: they must tell so, and nothing else but what goes with it.
pub(super) fn suits_client(usages: &[String]) -> Result<(), &'static str> {
    let allowed = ["digital signature", "key encipherment", "client auth"];
    if !usages.iter().any(|one| one == "client auth") {
        return Err("\"client auth\" usage is required");
    }
    if usages.iter().any(|one| !allowed.contains(&one.as_str())) {
        return Err("usages did not match");
    }
    Ok(())
}
