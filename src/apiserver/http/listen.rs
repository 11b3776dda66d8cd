//! The doors for callers outside the process: a unix socket and TLS over TCP.

use std::{
    fmt, io,
    sync::{Arc, atomic::Ordering::Relaxed},
    time::Duration,
};

use axum::Router;
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::{conn::auto, graceful::GracefulShutdown},
    service::TowerToHyperService,
};
use lifecycle::{StopToken, Task, Tasks};
use rustls::ServerConfig;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream, UnixListener, UnixStream},
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

use crate::{
    audit::Peer,
    authn::{CertificateUser, Peers, User},
    server::{ApiServer, Inner},
};

/// How long open requests may take to end once the server stops.
const DRAIN: Duration = Duration::from_secs(5);
/// Pause after an accept that failed for want of descriptors, so that the loop does not spin.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Why a door cannot be opened.
#[derive(Debug, thiserror::Error)]
#[error("cannot accept connections")]
pub struct ServeError(#[from] io::Error);

/// Who a process on the other end of a unix socket is; `None`: nobody we know.
pub(crate) type PeerUser = Arc<dyn Fn(&UnixStream) -> Option<User> + Send + Sync>;

/// A door.
pub enum Listener {
    /// A unix socket; the function tells who the caller is.
    Unix(UnixListener, PeerUser),
    /// TLS over TCP; client certificates are asked for and not demanded.
    Tls(TcpListener, Arc<ServerConfig>),
}

impl fmt::Debug for Listener {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unix(socket, _) => write!(out, "{socket:?}"),
            Self::Tls(socket, _) => write!(out, "{socket:?}"),
        }
    }
}

/// The connections of one door.
#[derive(Debug)]
struct Connections {
    graceful: GracefulShutdown,
    tasks: Tasks,
    cut: StopToken,
}

impl Connections {
    fn new() -> Self {
        let cut = StopToken::new();
        Self { graceful: GracefulShutdown::new(), tasks: Tasks::new(&cut), cut }
    }

    fn converse<S>(&self, stream: S, router: Router)
    where
        S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let builder = auto::Builder::new(TokioExecutor::new());
        let service = TowerToHyperService::new(router);
        let connection = builder.serve_connection_with_upgrades(TokioIo::new(stream), service);
        let watched = self.graceful.watch(connection.into_owned());
        self.tasks.spawn("apiserver/connection", async move {
            if let Err(error) = watched.await {
                tracing::debug!(%error, "connection ended early");
            }
        });
    }

    /// Lets open requests end, then cuts off what still goes on.
    async fn drain(self) {
        if tokio::time::timeout(DRAIN, self.graceful.shutdown()).await.is_err() {
            tracing::info!("requests were cut off at the end");
        }
        self.cut.cancel();
        self.tasks.ended().await;
    }
}

/// Serves a door until `stop`; then open requests may end.
pub fn serve(server: &ApiServer, listener: Listener, stop: &StopToken) -> Task {
    let server = server.clone();
    let ending = stop.clone();
    // The loop selects on the token itself, since it drains its connections before it ends.
    lifecycle::spawn("apiserver/listen", &StopToken::new(), async move {
        match listener {
            Listener::Unix(socket, user) => accept_unix(&server, &socket, &user, &ending).await,
            Listener::Tls(socket, config) => accept_tls(&server, &socket, config, &ending).await,
        }
    })
}

async fn accept_unix(server: &ApiServer, socket: &UnixListener, user: &PeerUser, stop: &StopToken) {
    let connections = Connections::new();
    while let Some(accepted) = stop.run_until_cancelled(socket.accept()).await {
        let Ok((stream, _)) = accepted else {
            tokio::time::sleep(ACCEPT_PAUSE).await;
            continue;
        };
        let router = match user(&stream) {
            Some(user) => server.router_as(user),
            None => server.router(),
        };
        connections.converse(stream, router);
    }
    connections.drain().await;
}

async fn accept_tls(
    server: &ApiServer,
    socket: &TcpListener,
    config: Arc<ServerConfig>,
    stop: &StopToken,
) {
    let acceptor = TlsAcceptor::from(config);
    let connections = Arc::new(Connections::new());
    while let Some(accepted) = stop.run_until_cancelled(socket.accept()).await {
        let Ok((stream, _)) = accepted else {
            tokio::time::sleep(ACCEPT_PAUSE).await;
            continue;
        };
        // Answers are written in pieces, and none of them is to wait for a word from the client.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection ended at once");
            continue;
        }
        let (acceptor, router) = (acceptor.clone(), server.router());
        let group = Arc::clone(&connections);
        let inner = Arc::clone(&server.inner);
        connections.tasks.spawn("apiserver/handshake", async move {
            match acceptor.accept(stream).await {
                Ok(stream) => {
                    let peers = peers(&inner, &stream);
                    group.converse_tls(stream, peers, router);
                }
                Err(error) => {
                    inner.metrics.handshake_errors.fetch_add(1, Relaxed);
                    tracing::debug!(%error, "TLS handshake failed");
                }
            }
        });
    }
    if let Some(connections) = Arc::into_inner(connections) {
        connections.drain().await;
    }
}

/// Who is at the other end, by the certificate that TLS has verified.
fn peers(server: &Inner, stream: &TlsStream<TcpStream>) -> Peers {
    let chain = stream.get_ref().1.peer_certificates().unwrap_or_default();
    if let Some(known) = &server.config.request_header {
        return known.peers(chain);
    }
    let caller = chain.first().and_then(|own| CertificateUser::from_der(own));
    Peers { caller, speaks_for_others: false }
}

impl Connections {
    fn converse_tls(&self, stream: TlsStream<TcpStream>, peers: Peers, router: Router) {
        let router = router.layer(axum::Extension(peers));
        let router = match stream.get_ref().0.peer_addr() {
            Ok(peer) => router.layer(axum::Extension(Peer(peer.ip()))),
            Err(_) => router,
        };
        self.converse(stream, router);
    }
}
