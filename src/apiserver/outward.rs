//! Roads from the server to others over TLS: to the issuer of tokens.

use std::{fmt, io, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{Request, Uri, header};
use http_body_util::{BodyExt as _, Empty, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use lifecycle::StopToken;
use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, ServerName, pem::PemObject as _},
};
use tokio::net::TcpStream;
use tokio_rustls::{TlsConnector, client::TlsStream};

/// Where distributions keep the certificates that a machine trusts.
const TRUSTED: [&str; 3] =
    ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"];
/// Most bytes of a document that is fetched.
const MAX_DOCUMENT_BYTES: usize = 1 << 20;
/// How long a document may take. Source: the client of kube-apiserver's OIDC authenticator.
const DOCUMENT_PATIENCE: Duration = Duration::from_secs(30);

/// Who vouches for the other end.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Trust<'a> {
    /// One of these authorities, PEM.
    Authorities(&'a [u8]),
    /// Whomever this machine trusts.
    System,
}

/// How TLS is spoken to somebody. Errors: certificates that cannot be read.
pub(crate) fn speaking(trust: Trust<'_>) -> Result<Arc<ClientConfig>, String> {
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?;
    let builder = match trust {
        Trust::Authorities(bundle) => builder.with_root_certificates(roots(bundle)?),
        Trust::System => builder.with_root_certificates(roots(&trusted())?),
    };
    Ok(Arc::new(builder.with_no_client_auth()))
}

/// The certificates that this machine trusts, PEM; empty where it has none. Cost: reads a file.
pub(crate) fn trusted() -> Vec<u8> {
    TRUSTED.iter().find_map(|path| std::fs::read(path).ok()).unwrap_or_default()
}

fn roots(bundle: &[u8]) -> Result<RootCertStore, String> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(bundle) {
        let certificate = certificate.map_err(|error| error.to_string())?;
        // One that cannot be read vouches for nobody; the others still may.
        drop(roots.add(certificate));
    }
    Ok(roots)
}

/// Opens a connection to `host`, whose certificate must be for `name`.
pub(crate) async fn connect(
    config: Arc<ClientConfig>,
    (host, port): (&str, u16),
    name: &str,
) -> io::Result<TlsStream<TcpStream>> {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let stream = TcpStream::connect((host, port)).await?;
    stream.set_nodelay(true)?;
    let name = name.trim_start_matches('[').trim_end_matches(']').to_owned();
    let name = ServerName::try_from(name).map_err(io::Error::other)?;
    TlsConnector::from(config).connect(name, stream).await
}

/// Fetches a document by HTTPS. Errors: why there is none, in words.
pub(crate) async fn fetch(uri: &Uri, config: Arc<ClientConfig>) -> Result<Bytes, String> {
    let fetched = fetch_patiently(uri, config);
    match tokio::time::timeout(DOCUMENT_PATIENCE, fetched).await {
        Ok(fetched) => fetched,
        Err(_) => Err(format!("Get {uri:?}: context deadline exceeded")),
    }
}

async fn fetch_patiently(uri: &Uri, config: Arc<ClientConfig>) -> Result<Bytes, String> {
    let failed = |error: &dyn fmt::Display| format!("Get \"{uri}\": {error}");
    if uri.scheme_str() != Some("https") {
        return Err(failed(&"URL scheme must be https"));
    }
    let host = uri.host().ok_or_else(|| failed(&"no host"))?;
    let port = uri.port_u16().unwrap_or(443);
    let stream = connect(config, (host, port), host).await.map_err(|error| failed(&error))?;
    let (mut sender, connection) =
        http1::handshake(TokioIo::new(stream)).await.map_err(|error| failed(&error))?;
    let _pump = lifecycle::spawn("apiserver/fetch", &StopToken::new(), async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "connection of a fetch ended early");
        }
    });
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let authority = uri.authority().map_or(host, |authority| authority.as_str());
    let request = Request::builder()
        .uri(path)
        .header(header::HOST, authority)
        .header(header::ACCEPT, "application/json")
        .body(Empty::<Bytes>::new())
        .map_err(|error| failed(&error))?;
    let response = sender.send_request(request).await.map_err(|error| failed(&error))?;
    let status = response.status();
    let body = Limited::new(response.into_body(), MAX_DOCUMENT_BYTES).collect().await;
    let body = body.map_err(|error| failed(&error))?.to_bytes();
    if !status.is_success() {
        return Err(failed(&status));
    }
    Ok(body)
}
