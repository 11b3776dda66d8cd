//! The cluster's authority and the certificates and keys that it signs; made once, kept in the
//! home, readable by the owner alone.

use std::{fs, net::IpAddr, path::Path, sync::Arc};

use apiserver::FrontProxy;
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
    keys,
    signing::Signing,
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
    /// Whoever vouches for clients, PEM.
    pub(crate) trusted: String,
    /// What servers behind ours know it by.
    pub(crate) front_proxy: FrontProxy,
    /// TLS for the API server.
    pub(crate) server: Arc<ServerConfig>,
    /// The key of service account tokens, PKCS#8.
    pub(crate) token_key: Vec<u8>,
    /// The authority's key.
    issuer: Arc<Signing>,
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
        let (authority, issuer) =
            match (&settings.cluster_signing_cert_file, &settings.cluster_signing_key_file) {
                (Some(certificate), Some(key)) => {
                    let authority = read(certificate)?;
                    let issuer = issuer(key, &authority)?;
                    // The kubeconfig's copy.
                    write_private(&home.pki("ca.crt"), authority.as_bytes())?;
                    (authority, issuer)
                }
                (None, None) => {
                    let authority = authority(home, "ca")?;
                    let issuer = issuer(&home.pki("ca.key"), &authority)?;
                    (authority, issuer)
                }
                _ => {
                    return Err(ClusterError::Setting {
                    flag: "cluster-signing-cert-file",
                    value: String::new(),
                    why: "give --cluster-signing-cert-file and --cluster-signing-key-file together"
                        .into(),
                });
                }
            };
        let admin = client_identity(&issuer, "kubernetes-admin", Some("system:masters"))?;
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
        let token_key = match &settings.service_account_signing_key_file {
            Some(path) => {
                let pem = read(path)?;
                let key = PrivateKeyDer::from_pem_slice(pem.as_bytes()).map_err(failed)?;
                keys::pkcs8(key).secret_der().to_vec()
            }
            None => token_key(home)?,
        };
        let front_proxy = front_proxy(home, settings)?;
        // Which authority vouched for a certificate is looked at again once there may be two.
        let mut vouching = trusted.clone();
        if !settings.server.requestheader_username_headers.is_empty() {
            vouching.push_str(&front_proxy.authority);
        }
        let server = server_config(&server.0, &server.1, &vouching)?;
        let issuer = Arc::new(Signing::new(issuer));
        Ok(Self { authority, trusted, front_proxy, server, token_key, issuer })
    }

    /// What controllers are told of the authority.
    pub(crate) fn for_controllers(&self) -> Result<controllers::Authority, ClusterError> {
        let signer = Arc::clone(&self.issuer) as Arc<dyn controllers::Signer>;
        let tokens = apiserver::TokenSigner::from_pkcs8(&self.token_key)
            .map_err(|error| ClusterError::Certificates(error.to_string()))?;
        let tokens = Arc::new(SecretTokens(tokens)) as Arc<dyn controllers::TokenMaker>;
        Ok(controllers::Authority { certificate: self.authority.clone(), signer, tokens })
    }
}

/// Makes the tokens that stand in secrets, by the key of all service accounts.
#[derive(Debug)]
struct SecretTokens(apiserver::TokenSigner);

impl controllers::TokenMaker for SecretTokens {
    fn token(&self, order: &controllers::TokenOrder) -> Result<String, String> {
        self.0.sign_for_secret(&apiserver::SecretToken {
            namespace: order.namespace.clone(),
            account: order.account.clone(),
            account_uid: order.account_uid.clone(),
            secret: order.secret.clone(),
        })
    }
}

/// The certificate that vouches for requests passed on to other servers, by an authority of its own:
/// whoever has one may speak for anybody. Source: Kubernetes documentation, "Configure the
/// Aggregation Layer".
fn front_proxy(home: &Home, settings: &Settings) -> Result<FrontProxy, ClusterError> {
    const NAME: &str = "front-proxy-client";
    let server = &settings.server;
    let given = (&server.proxy_client_cert_file, &server.proxy_client_key_file);
    let authority = match &server.requestheader_client_ca_file {
        Some(path) => read(path)?,
        None => authority(home, "front-proxy-ca")?,
    };
    let (certificate, key) = match given {
        (Some(certificate), Some(key)) => (read(certificate)?, read(key)?),
        (None, None) if server.requestheader_client_ca_file.is_none() => {
            let issuer = issuer(&home.pki("front-proxy-ca.key"), &authority)?;
            client_identity(&issuer, NAME, None)?
        }
        _ => {
            let why = "give --proxy-client-cert-file, --proxy-client-key-file and \
                       --requestheader-client-ca-file together";
            let (flag, value) = ("proxy-client-cert-file", String::new());
            return Err(ClusterError::Setting { flag, value, why: why.into() });
        }
    };
    let mut names = server.requestheader_allowed_names.clone();
    if given.0.is_none() && names.is_empty() {
        names.push(NAME.to_owned());
    }
    Ok(FrontProxy { certificate, key, authority, names })
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

/// An authority of the home, `ca` or another; made where it is missing.
fn authority(home: &Home, name: &str) -> Result<String, ClusterError> {
    let (certificate, key) = (home.pki(&format!("{name}.crt")), home.pki(&format!("{name}.key")));
    if let Ok(pem) = fs::read_to_string(&certificate) {
        return Ok(pem);
    }
    let mut params = params(&format!("kanoe-{name}"), None, AUTHORITY_DAYS)?;
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![
        KeyUsagePurpose::DigitalSignature,
        KeyUsagePurpose::KeyCertSign,
        KeyUsagePurpose::CrlSign,
    ];
    let own = KeyPair::generate().map_err(failed)?;
    let pem = params.self_signed(&own).map_err(failed)?.pem();
    write_private(&key, own.serialize_pem().as_bytes())?;
    write_private(&certificate, pem.as_bytes())?;
    Ok(pem)
}

fn issuer(key: &Path, authority: &str) -> Result<Issuer<'static, KeyPair>, ClusterError> {
    let pem = read(key)?;
    let key = PrivateKeyDer::from_pem_slice(pem.as_bytes()).map_err(failed)?;
    let key = KeyPair::try_from(&keys::pkcs8(key)).map_err(failed)?;
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
    organization: Option<&str>,
) -> Result<Identity, ClusterError> {
    let mut params = params(name, organization, CERTIFICATE_DAYS)?;
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
