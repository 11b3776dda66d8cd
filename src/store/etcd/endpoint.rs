//! etcd's servers: their addresses, TLS, and how a connection to one is opened.

use std::{fs, io, path::Path, path::PathBuf, sync::Arc, time::Duration};

use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use lifecycle::{StopToken, Task};
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem::PemObject as _},
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    sync::watch,
};
use tokio_rustls::TlsConnector;

use super::grpc::{Outgoing, said};
use crate::StoreError;

/// Longest wait for a connection to one server.
const CONNECT: Duration = Duration::from_secs(2);
/// How often a server that owes us an answer is asked for a sign of life; etcd takes more than one
/// in five seconds for an attack.
const KEEP_ALIVE: Duration = Duration::from_secs(10);
/// How long it has for it.
const KEEP_ALIVE_ANSWER: Duration = Duration::from_secs(5);
/// Bytes in flight, for one call and for all of a connection.
const WINDOW: u32 = 4 << 20;

/// Where an etcd is, and what it knows us by. The names are those of kube-apiserver's flags.
#[derive(Debug, Clone, Default)]
pub struct EtcdOptions {
    /// `--etcd-servers`: `http://HOST:PORT` or `https://HOST:PORT`.
    pub servers: Vec<String>,
    /// `--etcd-cafile`: the authority of the servers' certificates.
    pub ca_file: Option<PathBuf>,
    /// `--etcd-certfile`: our own certificate.
    pub cert_file: Option<PathBuf>,
    /// `--etcd-keyfile`: its key.
    pub key_file: Option<PathBuf>,
    /// Keys that start with this ...
    pub inside: String,
    /// ... stand under this in etcd: `--etcd-prefix`.
    pub prefix: String,
}

/// One server.
#[derive(Debug, Clone)]
pub(super) struct Endpoint {
    host: String,
    port: u16,
    /// Scheme, host and port.
    pub(super) base: String,
    tls: Option<Arc<ClientConfig>>,
}

/// An open connection and the task that drives it.
#[derive(Debug)]
pub(super) struct Connection {
    pub(super) sender: http2::SendRequest<Outgoing>,
    /// Why it ended, once it has.
    pub(super) fault: watch::Receiver<String>,
    pub(super) task: Task,
}

fn wrong(flag: &'static str, value: impl Into<String>, why: impl std::fmt::Display) -> StoreError {
    let why = format!("{why}");
    StoreError::Setting { flag, value: value.into(), why }
}

/// The servers that the options name. Errors: `Setting`.
pub(super) fn endpoints(options: &EtcdOptions) -> Result<Vec<Endpoint>, StoreError> {
    let tls = options.servers.iter().any(|server| server.starts_with("https://"));
    let tls = if tls { Some(Arc::new(tls_config(options)?)) } else { None };
    let servers = options.servers.iter().map(|server| parse(server, tls.as_ref()));
    let servers: Vec<Endpoint> = servers.collect::<Result<_, _>>()?;
    if servers.is_empty() {
        return Err(wrong("etcd-servers", "", "expected at least one server"));
    }
    Ok(servers)
}

fn parse(server: &str, tls: Option<&Arc<ClientConfig>>) -> Result<Endpoint, StoreError> {
    let refused = |why: &str| wrong("etcd-servers", server, why);
    let address: http::Uri = server
        .trim_end_matches('/')
        .parse()
        .map_err(|_| refused("expected an address such as https://127.0.0.1:2379"))?;
    let tls = match address.scheme_str() {
        Some("http") => None,
        Some("https") => tls.cloned(),
        _ => return Err(refused("expected http:// or https://")),
    };
    let (Some(host), "" | "/") = (address.host(), address.path()) else {
        return Err(refused("expected a host, a port and nothing behind it"));
    };
    let port = address.port_u16().unwrap_or(2379);
    let scheme = if tls.is_some() { "https" } else { "http" };
    let base = format!("{scheme}://{host}:{port}");
    let host = host.trim_matches(['[', ']']).to_owned();
    Ok(Endpoint { host, port, base, tls })
}

fn tls_config(options: &EtcdOptions) -> Result<ClientConfig, StoreError> {
    let read = |flag: &'static str, path: &Path| {
        fs::read(path).map_err(|error| wrong(flag, path.display().to_string(), error))
    };
    let certificates = |flag: &'static str, path: &Path| {
        let pem = read(flag, path)?;
        let all: Result<Vec<CertificateDer<'static>>, _> =
            CertificateDer::pem_slice_iter(&pem).collect();
        all.map_err(|error| wrong(flag, path.display().to_string(), error))
    };
    let Some(authority) = &options.ca_file else {
        let why = "servers on https need --etcd-cafile: the system's authorities are not asked";
        return Err(wrong("etcd-servers", options.servers.join(","), why));
    };
    let mut roots = RootCertStore::empty();
    for certificate in certificates("etcd-cafile", authority)? {
        let refused = |error| wrong("etcd-cafile", authority.display().to_string(), error);
        roots.add(certificate).map_err(refused)?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| wrong("etcd-cafile", authority.display().to_string(), error))?
        .with_root_certificates(roots);
    let mut config = match (&options.cert_file, &options.key_file) {
        (None, None) => builder.with_no_client_auth(),
        (Some(chain), Some(key)) => {
            let refused = |error| wrong("etcd-keyfile", key.display().to_string(), error);
            let pem = read("etcd-keyfile", key)?;
            let secret = PrivateKeyDer::from_pem_slice(&pem)
                .map_err(|error| wrong("etcd-keyfile", key.display().to_string(), error))?;
            let chain = certificates("etcd-certfile", chain)?;
            builder.with_client_auth_cert(chain, secret).map_err(refused)?
        }
        _ => {
            let why = "give --etcd-certfile and --etcd-keyfile together";
            return Err(wrong("etcd-certfile", "", why));
        }
    };
    config.alpn_protocols = vec![b"h2".to_vec()];
    Ok(config)
}

impl Endpoint {
    /// Opens a connection. Errors: the words of what went wrong.
    pub(super) async fn connect(&self, stop: &StopToken) -> Result<Connection, String> {
        let failed = |why: &str| {
            format!(
                "connection error: desc = \"transport: Error while dialing: dial tcp {}:{}: {why}\"",
                self.host, self.port
            )
        };
        match tokio::time::timeout(CONNECT, self.open(stop)).await {
            Ok(opened) => opened.map_err(|why| failed(&why)),
            Err(_) => Err(failed("i/o timeout")),
        }
    }

    async fn open(&self, stop: &StopToken) -> Result<Connection, String> {
        let words = |error: io::Error| match error.kind() {
            io::ErrorKind::ConnectionRefused => "connect: connection refused".to_owned(),
            _ => said(&error),
        };
        let stream = TcpStream::connect((self.host.as_str(), self.port)).await.map_err(words)?;
        stream.set_nodelay(true).map_err(words)?;
        let Some(tls) = &self.tls else { return shake_hands(stream, stop).await };
        let name = ServerName::try_from(self.host.clone()).map_err(|error| error.to_string())?;
        let connector = TlsConnector::from(Arc::clone(tls));
        shake_hands(connector.connect(name, stream).await.map_err(words)?, stop).await
    }
}

async fn shake_hands(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    stop: &StopToken,
) -> Result<Connection, String> {
    let (sender, connection) = http2::Builder::new(TokioExecutor::new())
        .timer(TokioTimer::new())
        .keep_alive_interval(KEEP_ALIVE)
        .keep_alive_timeout(KEEP_ALIVE_ANSWER)
        .initial_stream_window_size(WINDOW)
        .initial_connection_window_size(WINDOW)
        .handshake(TokioIo::new(stream))
        .await
        .map_err(|error| said(&error))?;
    let (told, fault) = watch::channel(String::new());
    let task = lifecycle::spawn("store/etcd connection", stop, async move {
        if let Err(error) = connection.await {
            told.send_replace(format!("connection error: desc = \"{}\"", said(&error)));
        }
    });
    Ok(Connection { sender, fault, task })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_and_refused() {
        for (text, base) in [
            ("http://127.0.0.1:2379", "http://127.0.0.1:2379"),
            ("http://etcd/", "http://etcd:2379"),
            ("http://[::1]:4001", "http://[::1]:4001"),
        ] {
            assert_eq!(parse(text, None).unwrap().base, base);
        }
        for wrong in ["", "127.0.0.1:2379", "unix:///etcd", "http://a/b", "ftp://a:1"] {
            let error = parse(wrong, None).unwrap_err().to_string();
            assert!(error.contains("--etcd-servers"), "{wrong}: {error}");
        }
        let options = EtcdOptions { servers: vec!["https://a".into()], ..EtcdOptions::default() };
        assert!(endpoints(&options).unwrap_err().to_string().contains("--etcd-cafile"));
    }
}
