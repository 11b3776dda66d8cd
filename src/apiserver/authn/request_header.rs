//! Callers whom a proxy in front of the server names in headers: it is believed if it has a certificate
//! by its own authority. Source: `k8s.io/apiserver/pkg/authentication/request/headerrequest`.

use std::sync::Arc;

use http::{HeaderName, request::Parts};
use machinery::well_known;
use rustls::{
    RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, UnixTime, pem::PemObject as _},
    server::{WebPkiClientVerifier, danger::ClientCertVerifier},
};

use super::{CertificateUser, User};
use crate::http::decode;

/// What is said of the proxies in front. The names are those of kube-apiserver's flags.
#[derive(Debug, Clone, Default)]
pub struct RequestHeaderConfig {
    /// `--requestheader-username-headers`.
    pub username_headers: Vec<String>,
    /// `--requestheader-uid-headers`.
    pub uid_headers: Vec<String>,
    /// `--requestheader-group-headers`.
    pub group_headers: Vec<String>,
    /// `--requestheader-extra-headers-prefix`.
    pub extra_headers_prefix: Vec<String>,
    /// `--requestheader-allowed-names`; none: whomever the authority vouches for.
    pub allowed_names: Vec<String>,
    /// `--requestheader-client-ca-file`, PEM.
    pub authority: String,
    /// `--client-ca-file`, PEM: who vouches for callers themselves.
    pub client_authority: String,
}

/// The proxies in front whose word is taken.
#[derive(Debug)]
pub struct RequestHeader {
    config: RequestHeaderConfig,
    proxies: Arc<dyn ClientCertVerifier>,
    callers: Arc<dyn ClientCertVerifier>,
}

/// Why nobody in front can be believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct RequestHeaderError(String);

fn verifier(authority: &str) -> Result<Arc<dyn ClientCertVerifier>, RequestHeaderError> {
    let wrong = |error: &dyn std::fmt::Display| RequestHeaderError(error.to_string());
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(authority.as_bytes()) {
        let certificate = certificate.map_err(|error| wrong(&error))?;
        roots.add(certificate).map_err(|error| wrong(&error))?;
    }
    let provider = Arc::new(ring::default_provider());
    let builder = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
    builder.build().map_err(|error| wrong(&error))
}

/// Who is at the other end of a connection, by its certificate.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Peers {
    /// The caller itself.
    pub(crate) caller: Option<CertificateUser>,
    /// Whether it is a proxy that may speak for others.
    pub(crate) speaks_for_others: bool,
}

impl RequestHeader {
    /// Reads what is said of the proxies. Errors: authorities that are none, headers without a name.
    pub fn new(config: RequestHeaderConfig) -> Result<Self, RequestHeaderError> {
        let lists = [
            &config.username_headers,
            &config.uid_headers,
            &config.group_headers,
            &config.extra_headers_prefix,
        ];
        for header in lists.into_iter().flatten() {
            if HeaderName::try_from(header.as_str()).is_err() {
                return Err(RequestHeaderError(format!("{header:?} is no name of a header")));
            }
        }
        let (proxies, callers) =
            (verifier(&config.authority)?, verifier(&config.client_authority)?);
        Ok(Self { config, proxies, callers })
    }

    /// Whom a chain of certificates is for: the connection takes those of both authorities.
    pub(crate) fn peers(&self, chain: &[CertificateDer<'_>]) -> Peers {
        let Some((own, others)) = chain.split_first() else { return Peers::default() };
        let Some(named) = CertificateUser::from_der(own) else { return Peers::default() };
        let seconds = lifecycle::clock::now().as_second();
        let now = std::time::Duration::from_secs(u64::try_from(seconds).unwrap_or_default());
        let vouched = |by: &Arc<dyn ClientCertVerifier>| {
            by.verify_client_cert(own, others, UnixTime::since_unix_epoch(now)).is_ok()
        };
        let allowed = &self.config.allowed_names;
        let may_speak = allowed.is_empty() || allowed.iter().any(|name| name == named.name());
        Peers {
            speaks_for_others: may_speak && vouched(&self.proxies),
            caller: Some(named).filter(|_| vouched(&self.callers)),
        }
    }

    /// Whom the headers name; they are taken off the request. `None`: nobody.
    pub(super) fn user(&self, parts: &mut Parts) -> Option<User> {
        let values = |parts: &Parts, name: &str| -> Vec<String> {
            let found = parts.headers.get_all(name).iter();
            let texts =
                found.map(|value| String::from_utf8_lossy(value.as_bytes()).trim().to_owned());
            texts.filter(|text| !text.is_empty()).collect()
        };
        let first = |parts: &Parts, names: &[String]| {
            names.iter().find_map(|name| values(parts, name).into_iter().next())
        };
        let name = first(parts, &self.config.username_headers)?;
        let mut user = User { name, ..User::default() };
        user.uid = first(parts, &self.config.uid_headers).unwrap_or_default();
        let groups = &self.config.group_headers;
        user.groups = groups.iter().flat_map(|name| values(parts, name)).collect();
        if !user.groups.iter().any(|group| group == well_known::AUTHENTICATED) {
            user.groups.push(well_known::AUTHENTICATED.into());
        }
        let names: Vec<HeaderName> = parts.headers.keys().cloned().collect();
        for name in &names {
            if let Some(key) = self.extra_key(name.as_str()) {
                user.extra.entry(key).or_default().extend(values(parts, name.as_str()));
            }
        }
        self.strip(parts, &names);
        Some(user)
    }

    /// The key of an extra that a header's name ends with.
    fn extra_key(&self, header: &str) -> Option<String> {
        let mut prefixes = self.config.extra_headers_prefix.iter();
        let key = prefixes.find_map(|prefix| header.strip_prefix(&prefix.to_lowercase()))?;
        Some(decode(key))
    }

    /// Nothing behind this is to believe them again.
    fn strip(&self, parts: &mut Parts, names: &[HeaderName]) {
        let config = &self.config;
        let named = [&config.username_headers, &config.uid_headers, &config.group_headers];
        for name in names {
            let text = name.as_str();
            let is_named = named.into_iter().flatten().any(|one| one.eq_ignore_ascii_case(text));
            if is_named || self.extra_key(text).is_some() {
                parts.headers.remove(name);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    fn config() -> RequestHeaderConfig {
        let of = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        RequestHeaderConfig {
            username_headers: of(&["X-Remote-User", "X-Other-User"]),
            uid_headers: of(&["X-Remote-Uid"]),
            group_headers: of(&["X-Remote-Group"]),
            extra_headers_prefix: of(&["X-Remote-Extra-"]),
            ..RequestHeaderConfig::default()
        }
    }

    fn authority(name: &str) -> (String, rcgen::Issuer<'static, rcgen::KeyPair>) {
        let mut params = rcgen::CertificateParams::default();
        params.distinguished_name.push(rcgen::DnType::CommonName, name);
        params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        let key = rcgen::KeyPair::generate().unwrap();
        let pem = params.self_signed(&key).unwrap().pem();
        (pem, rcgen::Issuer::new(params, key))
    }

    fn client(name: &str, by: &rcgen::Issuer<'static, rcgen::KeyPair>) -> CertificateDer<'static> {
        let mut params = rcgen::CertificateParams::default();
        params.distinguished_name.push(rcgen::DnType::CommonName, name);
        params.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ClientAuth];
        let key = rcgen::KeyPair::generate().unwrap();
        params.signed_by(&key, by).unwrap().der().clone()
    }

    #[test]
    fn each_authority_vouches_for_its_own() {
        let (proxies, proxy_issuer) = authority("proxies");
        let (callers, caller_issuer) = authority("callers");
        let allowed_names = vec!["front".to_owned()];
        let config = RequestHeaderConfig {
            allowed_names,
            authority: proxies,
            client_authority: callers,
            ..config()
        };
        let known = RequestHeader::new(config).unwrap();
        for (case, certificate, caller, speaks) in [
            ("the proxy", client("front", &proxy_issuer), false, true),
            ("another one of its authority", client("other", &proxy_issuer), false, false),
            ("a caller", client("ann", &caller_issuer), true, false),
            ("a caller with the proxy's name", client("front", &caller_issuer), true, false),
        ] {
            let peers = known.peers(&[certificate]);
            assert_eq!(
                (peers.caller.is_some(), peers.speaks_for_others),
                (caller, speaks),
                "{case}"
            );
        }
        assert_eq!(known.peers(&[]), Peers::default());
    }

    #[test]
    fn headers_name_the_user_and_are_taken_off() {
        let (pem, _) = authority("both");
        let config =
            RequestHeaderConfig { authority: pem.clone(), client_authority: pem, ..config() };
        let known = RequestHeader::new(config).unwrap();
        let request = Request::builder()
            .header("X-Other-User", "ann")
            .header("X-Remote-Uid", "7")
            .header("X-Remote-Group", "a")
            .header("X-Remote-Group", "b")
            .header("X-Remote-Extra-Example.com%2fScopes", "few")
            .header("Accept", "*/*")
            .body(())
            .unwrap();
        let (mut parts, ()) = request.into_parts();
        let user = known.user(&mut parts).unwrap();
        assert_eq!((user.name.as_str(), user.uid.as_str()), ("ann", "7"));
        assert_eq!(user.groups, ["a", "b", "system:authenticated"]);
        assert_eq!(user.extra["example.com/scopes"], ["few"]);
        assert_eq!(parts.headers.keys().map(HeaderName::as_str).collect::<Vec<_>>(), ["accept"]);
        assert_eq!(known.user(&mut parts), None);
    }
}
