//! What every verb works with: flags for all commands, the client, discovery, output.

use std::{
    cell::{Cell, OnceCell, RefCell},
    io::{self, Write as _},
    path::PathBuf,
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use client::{
    Client, ClientBuilder, Identity, Resource,
    discovery::{ApiResource, Discovery, DiskCache, NoMatch},
    kubeconfig::{
        ConnectError, Connection, Kubeconfig, KubeconfigError, Overrides, Paths, in_cluster,
    },
    traffic::Reader,
};

use crate::{
    args::Parsed,
    launch::{Launcher, Reach},
    live::Bars,
    login,
    report::{self, CliError},
    terminal::Palette,
    traffic::{self, Talk},
    unreachable::{self, Manner},
    verbs,
};

pub(crate) use crate::surroundings::{self, arch, home};

/// The version of Kubernetes whose kubectl this is.
pub(crate) const VERSION: &str = "v1.36.2";
const SERVICE_ACCOUNT: &str = "/var/run/secrets/kubernetes.io/serviceaccount";

/// One command's world.
pub(crate) struct Context {
    program: String,
    launcher: Arc<dyn Launcher>,
    globals: RefCell<Parsed>,
    manner: Cell<Manner>,
    config: OnceCell<Kubeconfig>,
    client: OnceCell<Client>,
    discovery: RefCell<Option<Rc<Discovery>>>,
    cache: RefCell<Option<DiskCache>>,
    from_cache: Cell<bool>,
    launched: Cell<bool>,
    running_only: Cell<bool>,
    documents: Cell<usize>,
    warnings: Arc<AtomicUsize>,
    bars: Bars,
    out: RefCell<io::BufWriter<io::Stdout>>,
}

impl Context {
    pub(crate) fn new(program: String, launcher: Arc<dyn Launcher>) -> Self {
        Self {
            program,
            launcher,
            globals: RefCell::default(),
            manner: Cell::default(),
            config: OnceCell::new(),
            client: OnceCell::new(),
            discovery: RefCell::default(),
            cache: RefCell::default(),
            from_cache: Cell::new(false),
            launched: Cell::new(false),
            running_only: Cell::new(false),
            documents: Cell::new(0),
            warnings: Arc::default(),
            bars: Bars::default(),
            out: RefCell::new(io::BufWriter::with_capacity(64 * 1024, io::stdout())),
        }
    }

    /// The name we were called by.
    pub(crate) fn program(&self) -> &str {
        &self.program
    }

    /// A refusal that points to a command's help.
    pub(crate) fn usage(&self, path: &str, text: impl Into<String>) -> CliError {
        CliError::Usage { command: format!("{} {path}", self.program), text: text.into() }
    }

    /// Takes the flags that all commands have; a verb's own flag of the same name is not one.
    pub(crate) fn take_globals(&self, parsed: &Parsed) {
        let own = verbs::own_names(&parsed.path);
        *self.globals.borrow_mut() = parsed.clone().without(&own);
        self.manner.set(Manner::of(parsed));
    }

    /// How the command takes a server that cannot be reached.
    pub(crate) fn manner(&self) -> Manner {
        self.manner.get()
    }

    /// The value of a flag that all commands take.
    pub(crate) fn global(&self, name: &str) -> String {
        self.globals.borrow().text(name).to_owned()
    }

    fn globals(&self) -> std::cell::Ref<'_, Parsed> {
        self.globals.borrow()
    }

    // ---- output

    /// Writes data.
    pub(crate) fn out(&self, text: &str) -> Result<(), CliError> {
        Ok(self.out.borrow_mut().write_all(text.as_bytes())?)
    }

    /// Writes bytes.
    pub(crate) fn out_bytes(&self, bytes: &[u8]) -> Result<(), CliError> {
        Ok(self.out.borrow_mut().write_all(bytes)?)
    }

    /// Writes the line between YAML documents, but not before the first.
    pub(crate) fn separate_documents(&self) -> Result<(), CliError> {
        self.documents.set(self.documents.get() + 1);
        if self.documents.get() > 1 { self.out("---\n") } else { Ok(()) }
    }

    /// Writes a line of data.
    pub(crate) fn say(&self, line: &str) -> Result<(), CliError> {
        let mut out = self.out.borrow_mut();
        out.write_all(line.as_bytes())?;
        Ok(out.write_all(b"\n")?)
    }

    /// Hands everything written so far to the reader.
    pub(crate) fn flush(&self) {
        self.bars.aside(|| self.hand_over());
    }

    fn hand_over(&self) {
        // A reader that went away is noticed at the next write.
        drop(self.out.borrow_mut().flush());
    }

    /// The bars that what is written must not run into.
    pub(crate) fn bars(&self) -> &Bars {
        &self.bars
    }

    /// Writes a remark.
    pub(crate) fn say_err(&self, line: &str) {
        self.say_err_raw(&format!("{line}\n"));
    }

    pub(crate) fn say_err_raw(&self, text: &str) {
        self.bars.aside(|| {
            self.hand_over();
            report::last_words(&mut io::stderr(), text);
        });
    }

    /// A warning as kubectl's log has it; `place` is the file and line that kubectl names.
    pub(crate) fn log_warning(&self, place: &str, text: &str) {
        self.say_err_raw(&traffic::klog('W', place, text));
    }

    /// The server's warnings, where they are to count as errors.
    pub(crate) fn check_warnings(&self) -> Result<(), CliError> {
        let count = self.warnings.load(Ordering::Relaxed);
        if count == 0 || !self.globals().is("warnings-as-errors") {
            return Ok(());
        }
        let s = if count == 1 { "" } else { "s" };
        Err(CliError::plain(format!("{count} warning{s} received")))
    }

    /// Ends what this command began.
    pub(crate) async fn finish(&self) {
        self.flush();
        if self.launched.get() {
            self.launcher.finish().await;
        }
    }

    /// How data is painted.
    ///
    /// Errors: `--color` is no word for it.
    pub(crate) fn palette(&self) -> Result<Palette, CliError> {
        Palette::of(self.globals().text("color"))
    }

    // ---- configuration

    /// The files of the kubeconfig.
    pub(crate) fn paths(&self) -> Paths {
        let flag = self.global("kubeconfig");
        let variable = std::env::var_os("KUBECONFIG");
        Paths::find(Some(&flag), variable.as_deref(), home().as_deref())
    }

    /// The kubeconfig, merged.
    pub(crate) fn config(&self) -> Result<&Kubeconfig, CliError> {
        if let Some(config) = self.config.get() {
            return Ok(config);
        }
        let paths = self.paths();
        let config = match paths.load() {
            Ok(config) => config,
            // What changes a kubeconfig may begin it.
            Err(KubeconfigError::Missing { .. })
                if self.globals().path.split(' ').next() == Some("config") =>
            {
                Kubeconfig::default()
            }
            Err(error) => return Err(surroundings::unreadable(&error)),
        };
        if Talk::at(self.verbosity()).is_some() {
            paths.files.iter().filter(|path| path.is_file()).for_each(|path| Talk::loaded(path));
        }
        Ok(self.config.get_or_init(|| config))
    }

    fn overrides(&self) -> Result<Overrides, CliError> {
        let globals = self.globals();
        let text = |name: &str| globals.text(name).to_owned();
        let extra = globals.list("as-user-extra").into_iter().filter_map(|pair| {
            let (key, value) = pair.split_once('=')?;
            Some((key.to_owned(), vec![value.to_owned()]))
        });
        let identity = Identity {
            user: text("as"),
            uid: text("as-uid"),
            groups: globals.list("as-group"),
            extra: extra.collect(),
        };
        Ok(Overrides {
            context: text("context"),
            cluster: text("cluster"),
            user: text("user"),
            server: text("server"),
            namespace: text("namespace"),
            token: text("token"),
            certificate_authority: text("certificate-authority"),
            client_certificate: text("client-certificate"),
            client_key: text("client-key"),
            tls_server_name: text("tls-server-name"),
            insecure: globals.is("insecure-skip-tls-verify"),
            uncompressed: globals.is("disable-compression"),
            username: text("username"),
            password: text("password"),
            identity,
            timeout: request_timeout(globals.text("request-timeout"))?,
        })
    }

    /// How long a request may take, where that is limited.
    pub(crate) fn request_timeout(&self) -> Result<Option<Duration>, CliError> {
        let limit = self.overrides()?.timeout;
        Ok(limit.filter(|limit| !limit.is_zero()))
    }

    /// The namespace of this command, and whether a flag gave it.
    pub(crate) fn namespace(&self) -> Result<(String, bool), CliError> {
        let flags = self.overrides()?;
        let given = !flags.namespace.is_empty();
        let found = Connection::namespace_of(self.config()?, &flags);
        Ok((found.unwrap_or_else(|| "default".to_owned()), given))
    }

    /// From now on no cluster is started.
    pub(crate) fn never_boot(&self) {
        self.running_only.set(true);
    }

    /// No cluster is started, and nobody asked for anything: a line is being completed.
    pub(crate) fn boots_nothing(&self) -> bool {
        self.running_only.get()
    }

    /// What flags and kubeconfig settle on; `None` where they name no cluster.
    pub(crate) fn connection(&self) -> Result<Option<Connection>, CliError> {
        let flags = self.overrides()?;
        match Connection::settle(self.config()?, &flags) {
            Ok(connection) => Ok(Some(connection)),
            Err(ConnectError::NotConfigured) => {
                let variable = |name: &str| std::env::var(name).ok();
                Ok(in_cluster(
                    variable("KUBERNETES_SERVICE_HOST"),
                    variable("KUBERNETES_SERVICE_PORT"),
                    std::path::Path::new(SERVICE_ACCOUNT),
                ))
            }
            Err(error) => Err(surroundings::unconnected(error)),
        }
    }

    // ---- the server

    /// The road to the server; boots the embedded cluster where none is configured.
    pub(crate) async fn client(&self) -> Result<Client, CliError> {
        if let Some(client) = self.client.get() {
            return Ok(client.clone());
        }
        let agent = format!("{}/{VERSION} (linux/{}) kubernetes/kanoe", self.program, arch());
        let builder = match self.connection()? {
            Some(connection) => {
                let connection = login::identified(self, connection)?;
                let builder = connection.connect(&agent).await;
                let builder = builder.inspect_err(|error| {
                    unreachable::complain_of_credentials(self, connection.server(), error);
                })?;
                let root = self.cache_root();
                *self.cache.borrow_mut() = Some(DiskCache::new(&root, connection.server()));
                builder
            }
            None => self.embedded(&agent).await?,
        };
        let count = Arc::clone(&self.warnings);
        let reader = Talk::at(self.verbosity()).map(|talk| Arc::new(talk) as Arc<dyn Reader>);
        let bars = self.bars.clone();
        let warned = move |text: &str| bars.aside(|| warn(text, &count));
        let client = builder.on_warning(warned).read_by(reader).build();
        if self.globals().is("match-server-version") {
            verbs::must_match(&client).await?;
        }
        Ok(self.client.get_or_init(|| client).clone())
    }

    /// How much is told of what happens: `-v`.
    fn verbosity(&self) -> i64 {
        self.globals().int("v")
    }

    async fn embedded(&self, agent: &str) -> Result<ClientBuilder, CliError> {
        let in_process = self.globals().is("in-process")
            || std::env::var("KANOE_CLUSTER").is_ok_and(|word| word == "in-process");
        let running_only = self.running_only.get();
        let reached = self.launcher.reach(Reach { in_process, running_only }).await;
        let transport = reached.map_err(|error| CliError::plain(chain(error.as_ref())))?;
        self.launched.set(true);
        let flags = self.overrides()?;
        Ok(ClientBuilder::new(transport)
            .user_agent(agent)
            .timeout(flags.timeout.filter(|limit| !limit.is_zero()))
            .identity(&flags.identity)?)
    }

    pub(crate) fn cache_root(&self) -> PathBuf {
        if self.globals().given("cache-dir") {
            return PathBuf::from(self.global("cache-dir"));
        }
        match std::env::var_os("KUBECACHEDIR").filter(|folder| !folder.is_empty()) {
            Some(folder) => PathBuf::from(folder),
            None => home().unwrap_or_default().join(".kube/cache"),
        }
    }

    /// What the server serves; from disk if that is fresh.
    pub(crate) async fn discovery(&self) -> Result<Rc<Discovery>, CliError> {
        if let Some(known) = &*self.discovery.borrow() {
            return Ok(Rc::clone(known));
        }
        self.client().await?;
        let cached = self.cache.borrow().as_ref().and_then(DiskCache::load);
        if let Some(cached) = cached {
            self.from_cache.set(true);
            let cached = Rc::new(cached);
            *self.discovery.borrow_mut() = Some(Rc::clone(&cached));
            return Ok(cached);
        }
        self.rediscover().await
    }

    /// Asks the server what it serves, whatever is known.
    pub(crate) async fn rediscover(&self) -> Result<Rc<Discovery>, CliError> {
        let client = self.client().await?;
        let found = match Discovery::fetch(&client).await {
            Ok(found) => Rc::new(found),
            Err(error) => {
                unreachable::complain(self, &error);
                return Err(error.into());
            }
        };
        self.from_cache.set(false);
        if let Some(cache) = &*self.cache.borrow()
            && let Err(error) = cache.store(&found)
        {
            // The cache is a shortcut; without it the next command asks again.
            drop(error);
        }
        *self.discovery.borrow_mut() = Some(Rc::clone(&found));
        Ok(found)
    }

    /// Finds what a word means, asking the server again if the cache does not know it.
    pub(crate) async fn resource(&self, word: &str) -> Result<ApiResource, CliError> {
        let discovery = self.discovery().await?;
        match discovery.resolve(word) {
            Ok(found) => {
                self.warn_of_others(&discovery, found, word);
                return Ok(found.clone());
            }
            Err(error) if !self.from_cache.get() => return Err(no_type(&error, word)),
            Err(_) => {}
        }
        let discovery = self.rediscover().await?;
        discovery.resolve(word).cloned().map_err(|error| no_type(&error, word))
    }

    /// A short name may stand for resources of several groups; the first is meant.
    fn warn_of_others(&self, discovery: &Discovery, found: &ApiResource, word: &str) {
        let lower = word.to_lowercase();
        let is_short = |place: &ApiResource| place.short_names.contains(&lower);
        if !is_short(found) || found.resource.plural == lower || found.singular == lower {
            return;
        }
        for other in discovery.preferred() {
            if is_short(other) && other.resource.group != found.resource.group {
                self.say_err(&format!(
                    "Warning: short name {word:?} could also match lower priority resource {}",
                    other.resource.qualified()
                ));
            }
        }
    }

    /// Finds where a kind is served.
    pub(crate) async fn of_kind(
        &self,
        api_version: &str,
        kind: &str,
    ) -> Result<ApiResource, NoMatchOr> {
        let discovery = self.discovery().await.map_err(NoMatchOr::Other)?;
        match discovery.of_kind(api_version, kind) {
            Ok(found) => return Ok(found.clone()),
            Err(error) if !self.from_cache.get() => return Err(NoMatchOr::NoMatch(error)),
            Err(_) => {}
        }
        let discovery = self.rediscover().await.map_err(NoMatchOr::Other)?;
        discovery.of_kind(api_version, kind).cloned().map_err(NoMatchOr::NoMatch)
    }

    /// Requests for a resource, in the namespace that fits its scope.
    pub(crate) async fn api(
        &self,
        resource: &Resource,
        namespace: Option<&str>,
    ) -> Result<client::DynamicApi, CliError> {
        Ok(client::DynamicApi::new(&self.client().await?, resource, namespace))
    }
}

/// No such kind, or something else went wrong.
#[derive(Debug)]
pub(crate) enum NoMatchOr {
    NoMatch(NoMatch),
    Other(CliError),
}

/// kubectl names only the first part of a dotted word.
fn no_type(error: &NoMatch, word: &str) -> CliError {
    let NoMatch::Word(_) = error else { return CliError::plain(error.to_string()) };
    let name = word.split('.').next().unwrap_or_default();
    CliError::plain(format!("the server doesn't have a resource type \"{name}\""))
}

fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        text.push_str(": ");
        text.push_str(&next.to_string());
        cause = next.source();
    }
    text
}

fn warn(text: &str, count: &AtomicUsize) {
    count.fetch_add(1, Ordering::Relaxed);
    report::last_words(&mut io::stderr(), &format!("Warning: {text}\n"));
}

fn request_timeout(text: &str) -> Result<Option<Duration>, CliError> {
    if let Ok(seconds) = text.parse::<u64>() {
        return Ok(Some(Duration::from_secs(seconds)));
    }
    if text.is_empty() {
        return Ok(None);
    }
    machinery::duration::parse(text).map(Some).ok_or_else(|| {
        CliError::plain(
            "Invalid timeout value. Timeout must be a single integer in seconds, or an integer \
             followed by a corresponding time unit (e.g. 1s | 2m | 3h)",
        )
    })
}
