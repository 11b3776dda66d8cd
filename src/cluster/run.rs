//! A cluster in this process: from its home to its open doors, and back.

use std::{
    fs,
    io::{self, Write},
    net::{IpAddr, Ipv4Addr, SocketAddr},
    os::unix::fs::PermissionsExt as _,
    sync::Arc,
};

use apiserver::{
    Aggregation, ApiServer, Config, Issuers, Listener, TokenFile, TokenSigner, Tokens, User,
};
use client::{Client, Transport};
use lifecycle::{StopToken, Task};
use tokio::{
    net::{TcpListener, UnixListener, UnixStream},
    signal::unix::{SignalKind, signal},
};

use crate::{
    ClusterError, Home, Settings, authentication, authorization,
    certificates::{Certificates, kubeconfig},
    components,
    home::{Lock, write_private},
    keep::Keep,
};

/// Ports that are tried where none is given.
const PORTS: std::ops::Range<u16> = 6443..6543;

/// A running cluster.
#[derive(Debug)]
pub struct Cluster {
    server: ApiServer,
    store: Keep,
    components: components::Started,
    doors: Vec<Task>,
    stop: StopToken,
    home: Home,
    _lock: Lock,
}

impl Cluster {
    /// Starts everything; returns when the cluster answers.
    pub async fn start(home: &Home, settings: &Settings) -> Result<Self, ClusterError> {
        home.create()?;
        let lock = home.lock()?;
        let id = home.id()?;
        let election = settings.election()?;
        let store = Keep::open(home, settings).await?;
        let settings = &store.complete(home, settings).await?;
        let socket = bind_tcp(settings).await?;
        let address = socket.local_addr().map_err(ClusterError::file(home.socket()))?;
        let advertised = components::advertise_address(settings, address.ip())?;
        let names = names(settings, address.ip(), advertised)?;
        let certificates = Certificates::prepare(home, settings, &names)?;

        let stop = StopToken::new();
        let nodes = Arc::new(components::LocalNodes::default());
        let mut config = api_config(settings, &certificates, address, advertised)?;
        config.shared_store = store.is_shared();
        store.agree(settings, &certificates, config.signer.key_id()).await?;
        if components::has_node(settings) {
            store.claim_node(&id, &components::node_name(settings)).await?;
        }
        let server = ApiServer::start(
            store.engine(),
            config,
            Some(Arc::clone(&nodes) as Arc<dyn apiserver::NodeConnector>),
        )
        .await?;
        let mut doors = open_doors(home, &server, socket, &certificates, &stop)?;
        doors.extend(followers(settings, &server, &stop)?);
        if store.is_shared() {
            doors.push(apiserver::follow_services(&server, &stop));
        }
        write_private(
            &home.kubeconfig(),
            kubeconfig(home, &format!("https://{address}"))?.as_bytes(),
        )?;
        let user = User::known("system:kanoe", &[machinery::well_known::MASTERS]);
        let transport = Transport::in_process(server.router_as(user));
        let client = Client::in_process(transport, "kanoe");
        let surroundings = components::Surroundings {
            client,
            settings: settings.clone(),
            home: home.clone(),
            id,
            authority: certificates.for_controllers()?,
            election,
            nodes,
        };
        let components = components::start(surroundings, &stop).await?;
        if let Some(inner) = advertised.filter(|_| components::has_node(settings)) {
            // The bridge is there by now: pods reach the API server on its address.
            let place = SocketAddr::new(inner, address.port());
            let socket = TcpListener::bind(place).await.map_err(|error| ClusterError::Setting {
                flag: "advertise-address",
                value: place.to_string(),
                why: error.to_string(),
            })?;
            let tls = Listener::Tls(socket, Arc::clone(&certificates.server));
            doors.push(apiserver::serve(&server, tls, &stop));
        }
        Ok(Self { server, store, components, doors, stop, home: home.clone(), _lock: lock })
    }

    /// The road for callers in this process.
    pub fn transport(&self) -> Transport {
        let user = User::known("kubernetes-admin", &[machinery::well_known::MASTERS]);
        Transport::in_process(self.server.router_as(user))
    }

    /// Stops everything in reverse order; pods go on under their shims.
    pub async fn stop(self) {
        self.components.stop().await;
        // Nobody is to wait for those who only listen.
        self.server.end_watches();
        self.stop.cancel();
        for door in self.doors {
            door.ended().await;
        }
        self.server.end_audit().await;
        if let Err(error) = fs::remove_file(self.home.socket()) {
            tracing::debug!(%error, "the socket was gone already");
        }
        self.store.close().await;
    }
}

/// Runs a cluster until a signal ends it; writes `ready` to `word` once it answers.
pub async fn run_foreground(
    home: &Home,
    settings: &Settings,
    mut word: impl Write,
) -> Result<(), ClusterError> {
    let failed = ClusterError::file("signal handlers");
    let mut signals = ending_signals().map_err(failed)?;
    let cluster = Box::pin(Cluster::start(home, settings)).await?;
    // Whoever started us may be gone; that is no reason to end.
    if let Err(error) = writeln!(word, "ready").and_then(|()| word.flush()) {
        tracing::debug!(%error, "nobody waits for the cluster to be ready");
    }
    drop(word);
    tracing::info!("cluster is ready");
    signals.wait().await;
    tracing::info!("cluster stops");
    tokio::select! {
        () = cluster.stop() => {}
        () = signals.wait() => tracing::warn!("ended at once by a second signal"),
    }
    Ok(())
}

struct Signals {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

fn ending_signals() -> io::Result<Signals> {
    Ok(Signals {
        terminate: signal(SignalKind::terminate())?,
        interrupt: signal(SignalKind::interrupt())?,
    })
}

impl Signals {
    async fn wait(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

async fn bind_tcp(settings: &Settings) -> Result<TcpListener, ClusterError> {
    let address = settings.bind()?;
    let in_use = |port: u16, error: &io::Error| ClusterError::Setting {
        flag: "secure-port",
        value: port.to_string(),
        why: error.to_string(),
    };
    if let Some(port) = settings.secure_port {
        return TcpListener::bind((address, port)).await.map_err(|error| in_use(port, &error));
    }
    let mut last = None;
    for port in PORTS {
        match TcpListener::bind((address, port)).await {
            Ok(listener) => return Ok(listener),
            Err(error) => last = Some((port, error)),
        }
    }
    let (port, error) = last.unwrap_or((PORTS.start, io::ErrorKind::AddrInUse.into()));
    Err(in_use(port, &error))
}

/// The addresses under which the API server is called.
fn names(
    settings: &Settings,
    bound: IpAddr,
    advertised: Option<IpAddr>,
) -> Result<Vec<IpAddr>, ClusterError> {
    let (base, _) = settings.service_range()?;
    let mut names = vec![IpAddr::V4(Ipv4Addr::LOCALHOST)];
    if let IpAddr::V4(base) = base {
        names.push(Ipv4Addr::from(u32::from(base) + 1).into());
    }
    names.extend(advertised);
    if !bound.is_unspecified() {
        names.push(bound);
    }
    names.dedup();
    Ok(names)
}

fn api_config(
    settings: &Settings,
    certificates: &Certificates,
    address: SocketAddr,
    advertised: Option<IpAddr>,
) -> Result<Config, ClusterError> {
    let tokens = match &settings.token_auth_file {
        None => TokenFile::default(),
        Some(path) => {
            let text = fs::read_to_string(path).map_err(ClusterError::file(path))?;
            TokenFile::parse(&text).map_err(|error| ClusterError::Setting {
                flag: "token-auth-file",
                value: path.display().to_string(),
                why: error.to_string(),
            })?
        }
    };
    let issuer = settings.issuer();
    let authentication = settings.authentication()?;
    let plugins = settings.server.plugins(components::has_node(settings))?;
    Ok(Config {
        event_limits: settings.server.event_limits(&plugins)?,
        image_policy: settings.server.image_policy(&plugins)?,
        request_header: settings.server.request_header(certificates)?,
        service_cluster_ip_ranges: settings.service_ranges()?,
        service_node_port_range: settings.port_range()?,
        anonymous: authentication.anonymous,
        tokens: Tokens {
            file: tokens,
            issuers: Issuers::new(authentication.issuers),
            webhook: settings.server.token_webhook()?,
            bootstrap: settings.server.enable_bootstrap_token_auth.unwrap_or(true),
        },
        issuer,
        limits: settings.server.limits()?,
        audit: settings.server.audit()?,
        aggregation: Aggregation {
            front_proxy: Some(certificates.front_proxy.clone()),
            resource_metrics: components::has_node(settings),
        },
        client_authority: certificates.trusted.clone(),
        signer: TokenSigner::from_pkcs8(&certificates.token_key)
            .map_err(|error| ClusterError::Certificates(error.to_string()))?
            .trusting(settings.server.account_keys()?),
        advertise_address: advertised,
        secure_port: address.port(),
        shared_store: false,
        authorizers: settings.authorizers()?,
        plugins,
    })
}

/// What the server learns from its own store, and from files that change.
fn followers(
    settings: &Settings,
    server: &ApiServer,
    stop: &StopToken,
) -> Result<Vec<Task>, ClusterError> {
    let mut tasks = vec![
        apiserver::follow_definitions(server, stop),
        apiserver::follow_policies(server, stop),
        apiserver::follow_quotas(server, stop),
        apiserver::follow_flows(server, stop),
        apiserver::follow_api_services(server, stop),
    ];
    tasks.extend(authentication::follow(settings, server, stop)?);
    tasks.extend(authorization::follow(settings, server, stop)?);
    Ok(tasks)
}

fn open_doors(
    home: &Home,
    server: &ApiServer,
    tcp: TcpListener,
    certificates: &Certificates,
    stop: &StopToken,
) -> Result<Vec<Task>, ClusterError> {
    let path = home.socket();
    // The lock is ours, so a socket that is there belongs to nobody.
    if let Err(error) = fs::remove_file(&path)
        && error.kind() != io::ErrorKind::NotFound
    {
        return Err(ClusterError::File { path, source: error });
    }
    let unix = UnixListener::bind(&path).map_err(ClusterError::file(&path))?;
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600))
        .map_err(ClusterError::file(&path))?;
    let owner = owner_of(home)?;
    let peer = Arc::new(move |stream: &UnixStream| {
        let uid = stream.peer_cred().ok()?.uid();
        let known = uid == 0 || uid == owner;
        known.then(|| User::known("kubernetes-admin", &[machinery::well_known::MASTERS]))
    });
    let tls = Listener::Tls(tcp, Arc::clone(&certificates.server));
    Ok(vec![
        apiserver::serve(server, Listener::Unix(unix, peer), stop),
        apiserver::serve(server, tls, stop),
    ])
}

fn owner_of(home: &Home) -> Result<u32, ClusterError> {
    let metadata = fs::metadata(home.root()).map_err(ClusterError::file(home.root()))?;
    Ok(std::os::unix::fs::MetadataExt::uid(&metadata))
}
