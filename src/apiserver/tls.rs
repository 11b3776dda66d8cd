//! TLS towards pods, whose certificates nobody vouches for, and towards webhooks and aggregated servers,
//! for whom somebody must.

use std::{io, net::IpAddr, sync::Arc};

use rustls::{
    CertificateError, ClientConfig, ConfigBuilder, DigitallySignedStruct, RootCertStore,
    SignatureScheme,
    client::{
        WantsClientCert, WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
        verify_server_name,
    },
    crypto::{CryptoProvider, ring},
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime, pem::PemObject as _},
    server::ParsedCertificate,
};
use tokio::net::TcpStream;
use tokio_rustls::{TlsConnector, client::TlsStream};

use crate::outward;

/// Speaks TLS on a connection, whoever is at its other end: a pod's certificate is its own, and the
/// caller asked for this pod. Source: the transports of Kubernetes' pod and service proxies.
///
/// Errors: the other end does not speak TLS.
pub(crate) async fn connect_unseen(
    stream: TcpStream,
    ip: IpAddr,
) -> io::Result<TlsStream<TcpStream>> {
    let config = unseen(None).map_err(io::Error::other)?;
    TlsConnector::from(Arc::new(config)).connect(ServerName::IpAddress(ip.into()), stream).await
}

/// The same towards `host`, with a certificate and key of our own where there are some.
pub(crate) async fn connect_unseen_as(
    stream: TcpStream,
    host: &str,
    own: Option<Own<'_>>,
) -> Result<TlsStream<TcpStream>, String> {
    let name = ServerName::try_from(host.to_owned()).map_err(|error| error.to_string())?;
    let connector = TlsConnector::from(Arc::new(unseen(own)?));
    connector.connect(name, stream).await.map_err(|error| error.to_string())
}

/// A certificate with its chain, and its key, both PEM.
pub(crate) type Own<'a> = (&'a [u8], &'a [u8]);

fn unseen(own: Option<Own<'_>>) -> Result<ClientConfig, String> {
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Unseen(provider)));
    proving(builder, own)
}

/// Adds what we prove ourselves with.
fn proving(
    builder: ConfigBuilder<ClientConfig, WantsClientCert>,
    own: Option<Own<'_>>,
) -> Result<ClientConfig, String> {
    let Some((certificate, key)) = own else { return Ok(builder.with_no_client_auth()) };
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(certificate).collect();
    let chain = chain.map_err(|error| format!("invalid client certificate: {error}"))?;
    let key = PrivateKeyDer::from_pem_slice(key)
        .map_err(|error| format!("invalid client key: {error}"))?;
    let config = builder.with_client_auth_cert(chain, key);
    config.map_err(|error| format!("invalid client certificate: {error}"))
}

/// Takes any certificate, as long as its owner signs with it.
#[derive(Debug)]
struct Unseen(Arc<CryptoProvider>);

impl ServerCertVerifier for Unseen {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let known = &self.0.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, cert, dss, known)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let known = &self.0.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, cert, dss, known)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

/// Speaks TLS on a connection with `host`, for whom one of `authorities` (PEM) must vouch; where
/// there are none, somebody whom this machine trusts. It is spoken with a certificate and key of our own
/// where there are some.
///
/// Errors: in the words of Go's `crypto/x509` as far as the usual ones go.
pub(crate) async fn connect_trusting_as(
    stream: TcpStream,
    host: &str,
    authorities: &[u8],
    own: Option<Own<'_>>,
) -> Result<TlsStream<TcpStream>, String> {
    let mut roots = RootCertStore::empty();
    let mut known = Vec::new();
    let system;
    let bundle = if authorities.is_empty() {
        system = outward::trusted();
        &system
    } else {
        authorities
    };
    for certificate in CertificateDer::pem_slice_iter(bundle) {
        let certificate = certificate.map_err(|error| format!("invalid CA bundle: {error}"))?;
        // One that cannot be read vouches for nobody; the others still may.
        drop(roots.add(certificate.clone()));
        known.push(certificate);
    }
    let provider = Arc::new(ring::default_provider());
    let usual = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
        .build()
        .map_err(|error| format!("invalid CA bundle: {error}"))?;
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Vouched { usual, known }));
    let config = proving(builder, own)?;
    let name = ServerName::try_from(host.to_owned()).map_err(|error| error.to_string())?;
    let connector = TlsConnector::from(Arc::new(config));
    connector.connect(name, stream).await.map_err(|error| shown(&error, host))
}

/// The usual rules, and Go's: a certificate that vouches for itself is good for its own names, though
/// it says that it is an authority.
#[derive(Debug)]
struct Vouched {
    usual: Arc<WebPkiServerVerifier>,
    known: Vec<CertificateDer<'static>>,
}

impl ServerCertVerifier for Vouched {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        if !self.known.iter().any(|known| known.as_ref() == end_entity.as_ref()) {
            let usual = &self.usual;
            return usual.verify_server_cert(
                end_entity,
                intermediates,
                server_name,
                ocsp_response,
                now,
            );
        }
        let unreadable = || rustls::Error::InvalidCertificate(CertificateError::BadEncoding);
        let (_, parsed) =
            x509_parser::parse_x509_certificate(end_entity).map_err(|_| unreadable())?;
        let seconds = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
        let time =
            x509_parser::time::ASN1Time::from_timestamp(seconds).map_err(|_| unreadable())?;
        if !parsed.validity().is_valid_at(time) {
            return Err(rustls::Error::InvalidCertificate(CertificateError::Expired));
        }
        verify_server_name(&ParsedCertificate::try_from(end_entity)?, server_name)?;
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.usual.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.usual.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.usual.supported_verify_schemes()
    }
}

fn shown(error: &io::Error, host: &str) -> String {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    let words = match inner {
        Some(rustls::Error::InvalidCertificate(wrong)) => match wrong {
            CertificateError::UnknownIssuer => "certificate signed by unknown authority".to_owned(),
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                "certificate has expired or is not yet valid".to_owned()
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                format!("certificate is not valid for {host}")
            }
            // An authority of its own that nobody here knows.
            other if other.to_string().contains("CaUsedAsEndEntity") => {
                "certificate signed by unknown authority".to_owned()
            }
            other => other.to_string(),
        },
        _ => return error.to_string(),
    };
    format!("tls: failed to verify certificate: x509: {words}")
}
