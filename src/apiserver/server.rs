//! The server as a whole: its configuration, its parts, and its front door for callers in the
//! same process.

use std::{net::IpAddr, sync::Arc};

use axum::Router;
use lifecycle::StopToken;
use machinery::kind::Kind;
use store::{Engine, StoreError};

use crate::{
    authn::{TokenFile, TokenSigner, User},
    bootstrap, definitions, http,
    node::NodeConnector,
    registry::{Registry, allocate::Allocations},
};

/// What the server is told. The names are those of kube-apiserver's flags.
#[derive(Debug)]
pub struct Config {
    /// `--service-cluster-ip-range`: the first address and the prefix's length.
    pub service_cluster_ip_range: (IpAddr, u8),
    /// `--service-node-port-range`: first and last port.
    pub service_node_port_range: (u16, u16),
    /// `--anonymous-auth`.
    pub anonymous_auth: bool,
    /// `--token-auth-file`, read.
    pub tokens: TokenFile,
    /// `--service-account-issuer`.
    pub issuer: String,
    /// `--service-account-signing-key-file`, read.
    pub signer: TokenSigner,
    /// `--advertise-address`: where pods reach the server; `None`: nowhere.
    pub advertise_address: Option<IpAddr>,
    /// `--secure-port`, as it came to be.
    pub secure_port: u16,
    /// `--authorization-mode` without RBAC: everybody known may do everything.
    pub always_allow: bool,
}

impl Config {
    /// Host and port as clients are told them.
    pub(crate) fn advertised(&self) -> String {
        let address = self.advertise_address.unwrap_or(IpAddr::V4(std::net::Ipv4Addr::LOCALHOST));
        std::net::SocketAddr::new(address, self.secure_port).to_string()
    }
}

/// Why the server did not start.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// The store did not answer.
    #[error("the store does not answer")]
    Store(#[from] StoreError),
    /// The objects that every cluster has could not be made.
    #[error("cannot make the cluster's first objects: {0}")]
    Bootstrap(String),
}

/// The API server. Cheap to clone.
#[derive(Debug, Clone)]
pub struct ApiServer {
    pub(crate) inner: Arc<Inner>,
}

/// The parts that requests share.
#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) config: Config,
    pub(crate) registry: Registry,
    pub(crate) node: Option<Arc<dyn NodeConnector>>,
    /// Open watches end once it is cancelled.
    pub(crate) ending: StopToken,
}

impl ApiServer {
    /// Starts a server on a store, making the objects that every cluster has.
    ///
    /// Errors: `Store` when it cannot be read, `Bootstrap` when it cannot be written.
    pub async fn start(
        store: Arc<dyn Engine>,
        config: Config,
        node: Option<Arc<dyn NodeConnector>>,
    ) -> Result<Self, ServerError> {
        let allocations =
            Allocations::new(config.service_cluster_ip_range, config.service_node_port_range);
        let registry = Registry::new(store, api::registry(), allocations);
        registry.load_allocations().await?;
        let server =
            Self { inner: Arc::new(Inner { config, registry, node, ending: StopToken::new() }) };
        bootstrap::run(&server).await.map_err(|status| ServerError::Bootstrap(status.message))?;
        let loaded = definitions::load(&server).await;
        loaded.map_err(|status| ServerError::Bootstrap(status.message))?;
        Ok(server)
    }

    /// Ends open watches: each caller sees the end of its stream, and new watches end at once.
    pub fn end_watches(&self) {
        self.inner.ending.cancel();
    }

    /// The service for requests that prove by themselves who sends them.
    pub fn router(&self) -> Router {
        http::router(self, None)
    }

    /// The service for a caller in this process who is known to be `user`.
    pub fn router_as(&self, user: User) -> Router {
        http::router(self, Some(user))
    }

    /// The kinds that the server serves.
    pub fn kinds(&self) -> Arc<[Arc<Kind>]> {
        self.inner.registry.kinds()
    }
}
