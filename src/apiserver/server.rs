//! The server as a whole: its configuration, its parts, and its front door for callers in the
//! same process.

use std::{net::IpAddr, sync::Arc, time::Duration};

use api::networking::ipaddress::family_of;
use axum::Router;
use lifecycle::StopToken;
use machinery::kind::Kind;
use store::{Engine, StoreError};

use crate::{
    admission::{
        event_rate::EventLimits, image_policy::ImagePolicy, plugins::Plugins, policies, quota,
    },
    aggregation::{self, Aggregation},
    audit::Audit,
    authn::{Anonymous, Issuers, Oidc, RequestHeader, TokenFile, TokenSigner, TokenWebhook, User},
    authz::Authorizers,
    bootstrap, definitions,
    flow::Flow,
    http,
    metrics::Metrics,
    node::NodeConnector,
    openapi,
    registry::{Registry, services},
};

/// What the server is told. The names are those of kube-apiserver's flags.
#[derive(Debug)]
pub struct Config {
    /// `--service-cluster-ip-range`: first address and length of the prefix, of one family or both.
    pub service_cluster_ip_ranges: Vec<(IpAddr, u8)>,
    /// `--service-node-port-range`: first and last port.
    pub service_node_port_range: (u16, u16),
    /// `--anonymous-auth`, or what `--authentication-config` says in its place.
    pub anonymous: Anonymous,
    /// Whose tokens are taken.
    pub tokens: Tokens,
    /// How much at once, and how long.
    pub limits: Limits,
    /// `--audit-*`: what is written down of requests; `None`: nothing.
    pub audit: Option<Arc<Audit>>,
    /// `--service-account-issuer`.
    pub issuer: String,
    /// `--service-account-signing-key-file`, read.
    pub signer: TokenSigner,
    /// Groups beside those of our kinds.
    pub aggregation: Aggregation,
    /// `--client-ca-file`: who vouches for clients, PEM.
    pub client_authority: String,
    /// `--advertise-address`: where pods reach the server; `None`: nowhere.
    pub advertise_address: Option<IpAddr>,
    /// `--secure-port`, as it came to be.
    pub secure_port: u16,
    /// Whether other API servers use the same store.
    pub shared_store: bool,
    /// `--authorization-mode` or `--authorization-config`: who says who may do what.
    pub authorizers: Authorizers,
    /// `--enable-admission-plugins` and `--disable-admission-plugins`.
    pub plugins: Plugins,
    /// What `ImagePolicyWebhook` is configured with; `None`: it does not act.
    pub image_policy: Option<ImagePolicy>,
    /// What `EventRateLimit` is configured with.
    pub event_limits: EventLimits,
    /// `--requestheader-*`: the proxies in front that may speak for others.
    pub request_header: Option<RequestHeader>,
}

/// How many requests go on at once, and how long one may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// `--max-requests-inflight` and `--max-mutating-requests-inflight` together.
    pub seats: u32,
    /// `--request-timeout`.
    pub request_timeout: Duration,
}

/// Whose tokens are taken, beside those of service accounts.
#[derive(Debug, Default)]
pub struct Tokens {
    /// `--token-auth-file`, read.
    pub file: TokenFile,
    /// `--oidc-*` or `--authentication-config`: issuers of tokens.
    pub issuers: Issuers,
    /// `--authentication-token-webhook-*`: a program that knows tokens.
    pub webhook: Option<TokenWebhook>,
    /// `--enable-bootstrap-token-auth`.
    pub bootstrap: bool,
}

impl Config {
    /// The families of services' addresses, the usual one first.
    pub(crate) fn service_families(&self) -> Vec<&'static str> {
        let ranges = self.service_cluster_ip_ranges.iter();
        ranges.map(|(base, _)| family_of(*base)).collect()
    }

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
    pub(crate) openapi: openapi::Index,
    /// The groups and versions that others answer for, as of now.
    pub(crate) aggregation: aggregation::Index,
    /// Who may create where quotas count.
    pub(crate) quota_turns: quota::Turns,
    /// Admission policies, as of now.
    pub(crate) policies: policies::Index,
    pub(crate) metrics: Metrics,
    pub(crate) flow: Flow,
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
        let seats = config.limits.seats;
        let ports = services::Ports::new(config.service_node_port_range);
        let registry = Registry::new(store, api::registry(), ports);
        let server = Self {
            inner: Arc::new(Inner {
                config,
                registry,
                node,
                openapi: openapi::Index::default(),
                aggregation: aggregation::Index::default(),
                quota_turns: quota::Turns::default(),
                policies: policies::Index::default(),
                metrics: Metrics::default(),
                flow: Flow::new(seats),
                ending: StopToken::new(),
            }),
        };
        let loaded = services::load(&server.inner).await;
        loaded.map_err(|status| ServerError::Bootstrap(status.message))?;
        bootstrap::run(&server).await.map_err(|status| ServerError::Bootstrap(status.message))?;
        let loaded = definitions::load(&server).await;
        loaded.map_err(|status| ServerError::Bootstrap(status.message))?;
        let made = aggregation::bootstrap(&server.inner).await;
        made.map_err(|status| ServerError::Bootstrap(status.message))?;
        let loaded = policies::load(&server.inner).await;
        loaded.map_err(|status| ServerError::Bootstrap(status.message))?;
        Ok(server)
    }

    /// Ends open watches: each caller sees the end of its stream, and new watches end at once.
    pub fn end_watches(&self) {
        self.inner.ending.cancel();
    }

    /// Asks these from now on who may do what.
    pub fn take_authorizers(&self, authorizers: &Authorizers) {
        self.inner.config.authorizers.replace(authorizers);
    }

    /// Sends the audit events that are left, and waits until they are sent or lost.
    pub async fn end_audit(&self) {
        if let Some(audit) = &self.inner.config.audit {
            audit.close().await;
        }
    }

    /// Takes tokens of these issuers from now on, and of no others.
    pub fn take_issuers(&self, issuers: Vec<Oidc>) {
        self.inner.config.tokens.issuers.replace(issuers);
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
