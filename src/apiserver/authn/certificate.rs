//! Callers with a client certificate: the common name is the user, organisations are groups.
//! TLS has verified the certificate before it comes here.

use x509_parser::prelude::{FromDer as _, X509Certificate};

use super::User;

/// The user that a verified certificate names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateUser {
    name: String,
    groups: Vec<String>,
}

impl CertificateUser {
    /// Reads a certificate; `None` where it names nobody.
    pub fn from_der(der: &[u8]) -> Option<Self> {
        let (_, certificate) = X509Certificate::from_der(der).ok()?;
        let subject = certificate.subject();
        let name = subject.iter_common_name().next()?.as_str().ok()?.to_owned();
        let groups = subject
            .iter_organization()
            .filter_map(|one| Some(one.as_str().ok()?.to_owned()))
            .collect();
        Some(Self { name, groups })
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn user(&self) -> User {
        let groups: Vec<&str> = self.groups.iter().map(String::as_str).collect();
        User::known(&self.name, &groups)
    }
}
