//! The cluster's authority and the certificates and keys that it signs; made once, kept in the
//! home, readable by the owner alone.

use std::{fs, net::IpAddr, path::Path, sync::Arc};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyPair, KeyUsagePurpose, SanType, SerialNumber,
};
use rustls::{
    RootCertStore, ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
    server::WebPkiClientVerifier,
};

use crate::{
    ClusterError, Settings,
    home::{Home, write_private},
};

/// Days that the authority is good for.
const AUTHORITY_DAYS: i64 = 3650;
/// Days that a certificate is good for; made anew at a start in its last third.
const CERTIFICATE_DAYS: i64 = 365;

/// What TLS and tokens need.
#[derive(Debug)]
pub(crate) struct Certificates {
    /// The authority, PEM.
    pub(crate) authority: String,
    /// TLS for the API server.
    pub(crate) server: Arc<ServerConfig>,
    /// The key of service account tokens, PKCS#8.
    pub(crate) token_key: Vec<u8>,
}

fn failed(error: impl std::fmt::Display) -> ClusterError {
    ClusterError::Certificates(error.to_string())
}

impl Certificates {
    /// Reads what is there and makes what is missing.
    pub(crate) fn prepare(
        home: &Home,
        settings: &Settings,
        names: &[IpAddr],
    ) -> Result<Self, ClusterError> {
        let authority = authority(home)?;
        let issuer = issuer(home, &authority)?;
        let admin = client_identity(&issuer, "kubernetes-admin", "system:masters")?;
        let server = match (&settings.tls_cert_file, &settings.tls_private_key_file) {
            (Some(chain), Some(key)) => (read(chain)?, read(key)?),
            (None, None) => server_identity(&issuer, names)?,
            _ => {
                return Err(ClusterError::Setting {
                    flag: "tls-cert-file",
                    value: String::new(),
                    why: "give --tls-cert-file and --tls-private-key-file together".into(),
                });
            }
        };
        let mut trusted = authority.clone();
        if let Some(path) = &settings.client_ca_file {
            trusted.push_str(&read(path)?);
        }
        write_private(&home.pki("admin.crt"), admin.0.as_bytes())?;
        write_private(&home.pki("admin.key"), admin.1.as_bytes())?;
        let token_key = token_key(home)?;
        let server = server_config(&server.0, &server.1, &trusted)?;
        Ok(Self { authority, server, token_key })
    }
}

/// A kubeconfig for the cluster's administrator.
pub(crate) fn kubeconfig(home: &Home, server: &str) -> Result<String, ClusterError> {
    let data = |name: &str| read(&home.pki(name)).map(|pem| STANDARD.encode(pem));
    let (authority, certificate, key) = (data("ca.crt")?, data("admin.crt")?, data("admin.key")?);
    Ok(format!(
        "apiVersion: v1\nkind: Config\nclusters:\n- name: kanoe\n  cluster:\n    \
         certificate-authority-data: {authority}\n    server: {server}\ncontexts:\n- name: kanoe\n  \
         context:\n    cluster: kanoe\n    user: kanoe\ncurrent-context: kanoe\nusers:\n- name: \
         kanoe\n  user:\n    client-certificate-data: {certificate}\n    client-key-data: {key}\n"
    ))
}

fn read(path: &Path) -> Result<String, ClusterError> {
    fs::read_to_string(path).map_err(ClusterError::file(path))
}

fn authority(home: &Home) -> Result<String, ClusterError> {
    if let Ok(pem) = fs::read_to_string(home.pki("ca.crt")) {
        return Ok(pem);
    }
    let mut params = params("kanoe-ca", None, AUTHORITY_DAYS)?;
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![
        KeyUsagePurpose::DigitalSignature,
        KeyUsagePurpose::KeyCertSign,
        KeyUsagePurpose::CrlSign,
    ];
    let key = KeyPair::generate().map_err(failed)?;
    let certificate = params.self_signed(&key).map_err(failed)?;
    write_private(&home.pki("ca.key"), key.serialize_pem().as_bytes())?;
    write_private(&home.pki("ca.crt"), certificate.pem().as_bytes())?;
    Ok(certificate.pem())
}

fn issuer(home: &Home, authority: &str) -> Result<Issuer<'static, KeyPair>, ClusterError> {
    let key = KeyPair::from_pem(&read(&home.pki("ca.key"))?).map_err(failed)?;
    Issuer::from_ca_cert_pem(authority, key).map_err(failed)
}

fn params(
    name: &str,
    organization: Option<&str>,
    days: i64,
) -> Result<CertificateParams, ClusterError> {
    let mut params = CertificateParams::new(Vec::<String>::new()).map_err(failed)?;
    let mut subject = DistinguishedName::new();
    if let Some(organization) = organization {
        subject.push(DnType::OrganizationName, organization);
    }
    subject.push(DnType::CommonName, name);
    params.distinguished_name = subject;
    let now = lifecycle::clock::now().as_second();
    let at = |second: i64| {
        let date = jiff::Timestamp::from_second(second)
            .unwrap_or(jiff::Timestamp::UNIX_EPOCH)
            .to_zoned(jiff::tz::TimeZone::UTC)
            .date();
        let month = u8::try_from(date.month()).unwrap_or(1);
        let day = u8::try_from(date.day()).unwrap_or(1);
        rcgen::date_time_ymd(i32::from(date.year()), month, day)
    };
    params.not_before = at(now - 86_400);
    params.not_after = at(now + days * 86_400);
    params.serial_number = Some(SerialNumber::from(rand::random::<u64>() >> 1));
    Ok(params)
}

type Identity = (String, String);

fn sign(
    issuer: &Issuer<'static, KeyPair>,
    params: &CertificateParams,
) -> Result<Identity, ClusterError> {
    let key = KeyPair::generate().map_err(failed)?;
    let certificate = params.signed_by(&key, issuer).map_err(failed)?;
    Ok((certificate.pem(), key.serialize_pem()))
}

fn client_identity(
    issuer: &Issuer<'static, KeyPair>,
    name: &str,
    organization: &str,
) -> Result<Identity, ClusterError> {
    let mut params = params(name, Some(organization), CERTIFICATE_DAYS)?;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    sign(issuer, &params)
}

fn server_identity(
    issuer: &Issuer<'static, KeyPair>,
    addresses: &[IpAddr],
) -> Result<Identity, ClusterError> {
    let mut params = params("kube-apiserver", None, CERTIFICATE_DAYS)?;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let names = [
        "localhost",
        "kubernetes",
        "kubernetes.default",
        "kubernetes.default.svc",
        "kubernetes.default.svc.cluster.local",
    ];
    for name in names {
        params.subject_alt_names.push(SanType::DnsName(name.try_into().map_err(failed)?));
    }
    params.subject_alt_names.extend(addresses.iter().map(|address| SanType::IpAddress(*address)));
    sign(issuer, &params)
}

fn token_key(home: &Home) -> Result<Vec<u8>, ClusterError> {
    let path = home.pki("sa.key");
    if let Ok(key) = fs::read(&path) {
        return Ok(key);
    }
    let key = apiserver::TokenSigner::generate().map_err(failed)?;
    write_private(&path, &key)?;
    Ok(key)
}

fn server_config(chain: &str, key: &str, trusted: &str) -> Result<Arc<ServerConfig>, ClusterError> {
    let certificates = |pem: &str| -> Result<Vec<CertificateDer<'static>>, ClusterError> {
        CertificateDer::pem_slice_iter(pem.as_bytes()).collect::<Result<_, _>>().map_err(failed)
    };
    let mut roots = RootCertStore::empty();
    for certificate in certificates(trusted)? {
        roots.add(certificate).map_err(failed)?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier =
        WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
            .allow_unauthenticated()
            .build()
            .map_err(failed)?;
    let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).map_err(failed)?;
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(failed)?
        .with_client_cert_verifier(verifier)
        .with_single_cert(certificates(chain)?, key)
        .map_err(failed)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}
