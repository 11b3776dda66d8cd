//! A pod's sandbox as the daemon holds it: calls to its shim, and its state as it changes.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use lifecycle::Task;
use tokio::io::AsyncReadExt as _;
use tokio::sync::{mpsc, oneshot, watch};

use crate::image::Image;
use crate::session::{Session, SessionInput, SessionOutput};
use crate::shim::protocol::{Answer, Call, ContainerState, ExecRequest, Exit, Kind, Request};
use crate::shim::{READY, SANDBOX, SOCKET};
use crate::spec::{ContainerSpec, Device, Place, SandboxSpec, oci_config};
use crate::wire::{Reader, Writer, connect};
use crate::{Runtime, RuntimeError, files, image};

/// What is known of a sandbox right now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SandboxState {
    /// The shim answers and the pause process lives.
    pub alive: bool,
    /// Containers by their id.
    pub containers: BTreeMap<String, ContainerState>,
}

/// A handle on a sandbox; clones are the same one. Dropping the last leaves the sandbox running.
#[derive(Debug, Clone)]
pub struct Sandbox(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    runtime: Runtime,
    folder: PathBuf,
    spec: SandboxSpec,
    calls: mpsc::Sender<Pending>,
    state: watch::Receiver<SandboxState>,
    publish: watch::Sender<SandboxState>,
    #[expect(dead_code, reason = "dropped with the last handle, which ends the connection")]
    connection: Option<Task>,
}

#[derive(Debug)]
struct Pending {
    call: Call,
    answer: oneshot::Sender<Result<(), RuntimeError>>,
}

impl Sandbox {
    pub(crate) async fn create(
        runtime: &Runtime,
        folder: PathBuf,
        program: &Path,
        spec: SandboxSpec,
    ) -> Result<Self, RuntimeError> {
        let failed = |source| RuntimeError::Folder { path: folder.clone(), source };
        std::fs::create_dir_all(folder.join("containers")).map_err(failed)?;
        let text = serde_json::to_vec(&spec).expect("specs have string keys only");
        files::write_atomically(&folder.join(SANDBOX), &text).map_err(failed)?;
        let resources = &spec.resources;
        let limits = sys::cgroup::Limits {
            cpu_shares: resources.cpu_shares,
            cpu_quota_us: resources.cpu_quota_us,
            memory_bytes: resources.memory_bytes,
            pids: resources.pids,
        };
        runtime.cgroups.create(&spec.cgroup, &limits).map_err(RuntimeError::ControlGroups)?;
        if let Err(error) = start_shim(program, &folder).await {
            drop(runtime.cgroups.remove(&spec.cgroup));
            remove_folder(&folder).map_err(failed)?;
            return Err(error);
        }
        Self::adopt(runtime, folder).await
    }

    pub(crate) async fn adopt(runtime: &Runtime, folder: PathBuf) -> Result<Self, RuntimeError> {
        let failed = |source| RuntimeError::Folder { path: folder.clone(), source };
        let text = std::fs::read(folder.join(SANDBOX)).map_err(failed)?;
        let spec: SandboxSpec =
            serde_json::from_slice(&text).map_err(|error| failed(error.into()))?;
        let recorded = recorded_states(&folder).map_err(failed)?;
        let (publish, state) = watch::channel(SandboxState { alive: false, containers: recorded });
        let (calls, queue) = mpsc::channel(16);
        let mut connection = None;
        match connect(&folder.join(SOCKET)).await {
            Ok((reader, writer)) => {
                publish.send_modify(|state| state.alive = true);
                let link = Link { publish: publish.clone(), waiting: HashMap::new(), next: 0 };
                let work = link.run(reader, writer, queue);
                connection = Some(lifecycle::spawn("runtime/sandbox", &runtime.stop, work));
            }
            Err(_) => publish.send_modify(mark_lost),
        }
        let runtime = runtime.clone();
        let sandbox =
            Self(Arc::new(Inner { runtime, folder, spec, calls, state, publish, connection }));
        if sandbox.is_alive() && sandbox.call(Call::Subscribe).await.is_err() {
            sandbox.0.publish.send_modify(mark_lost);
        }
        Ok(sandbox)
    }

    /// What the sandbox was made from.
    pub fn spec(&self) -> &SandboxSpec {
        &self.0.spec
    }

    /// Follows the sandbox's state; each change is seen, or a later one.
    pub fn watch(&self) -> watch::Receiver<SandboxState> {
        self.0.state.clone()
    }

    /// The state right now.
    pub fn state(&self) -> SandboxState {
        self.0.state.borrow().clone()
    }

    /// Whether its shim answers and its pause process lives.
    pub fn is_alive(&self) -> bool {
        self.0.state.borrow().alive
    }

    /// What a container has used; `None` once it is gone. Cost: reads three small files.
    pub fn usage(&self, id: &str) -> Option<sys::cgroup::Usage> {
        self.0.runtime.cgroups.usage(&format!("{}/{id}", self.0.spec.cgroup))
    }

    /// The containers' descriptions, as they were created.
    pub fn containers(&self) -> Vec<ContainerSpec> {
        let Ok(entries) = std::fs::read_dir(self.0.folder.join("containers")) else {
            return Vec::new();
        };
        let texts =
            entries.flatten().filter_map(|e| std::fs::read(e.path().join("container.json")).ok());
        texts.filter_map(|text| serde_json::from_slice(&text).ok()).collect()
    }

    /// Where a container's files stand, its root file system under `rootfs`.
    fn container_folder(&self, id: &str) -> PathBuf {
        self.0.folder.join("containers").join(id)
    }

    /// Puts a container's bundle together: root file system, configuration. Nothing runs yet.
    ///
    /// `user` is what the image or the caller names, such as `1000`, `www-data` or `0:0`; it is
    /// looked up in the image's own files and overrides `spec.user` where it is given.
    pub async fn create_container(
        &self,
        mut spec: ContainerSpec,
        image: Image,
        user: Option<String>,
    ) -> Result<ContainerSpec, RuntimeError> {
        files::plain_name(&spec.id).map_err(RuntimeError::Name)?;
        let sandbox = self.clone();
        let made = tokio::task::spawn_blocking(move || {
            let score = &mut spec.resources.oom_score_adj;
            *score = (*score).max(sandbox.0.runtime.lowest_oom_score);
            let result = sandbox.build(&mut spec, &image, user.as_deref());
            if result.is_err() {
                // The first error is the one to tell; the next removal finds what is left.
                drop(remove_folder(&sandbox.container_folder(&spec.id)));
            }
            result.map(|()| spec)
        });
        let spec = made.await.map_err(|_| RuntimeError::ShimGone)??;
        self.0.publish.send_modify(|state| {
            state.containers.insert(spec.id.clone(), ContainerState::Created);
        });
        Ok(spec)
    }

    fn build(
        &self,
        spec: &mut ContainerSpec,
        image: &Image,
        user: Option<&str>,
    ) -> Result<(), RuntimeError> {
        let folder = self.container_folder(&spec.id);
        let failed = |source| RuntimeError::Folder { path: folder.clone(), source };
        let [root, upper, work] = ["rootfs", "upper", "work"].map(|name| folder.join(name));
        for path in [&root, &upper, &work] {
            std::fs::create_dir_all(path).map_err(failed)?;
        }
        sys::mount::overlay(&image.layers, &upper, &work, &root)
            .map_err(RuntimeError::RootFilesystem)?;
        if let Some(user) = user {
            let found = image::users::resolve(&root, user).map_err(RuntimeError::User)?;
            let extra = std::mem::take(&mut spec.user.groups);
            spec.user = found;
            spec.user.groups.extend(extra);
        }
        let pause = std::fs::read_to_string(self.0.folder.join("pause.pid")).map_err(failed)?;
        let place = Place {
            sandbox: &self.0.spec,
            pause_pid: pause.trim().parse().map_err(|_| RuntimeError::ShimGone)?,
            grantable: &self.0.runtime.grantable,
            devices: &if spec.privileged { devices(Path::new("/dev")) } else { Vec::new() },
        };
        let config = oci_config(spec, place).to_string();
        std::fs::write(folder.join("config.json"), config).map_err(failed)?;
        let text = serde_json::to_vec(&spec).expect("specs have string keys only");
        files::write_atomically(&folder.join("container.json"), &text).map_err(failed)
    }

    /// Starts a created container's process. Errors: in runc's words if it cannot run.
    pub async fn start_container(&self, id: &str) -> Result<(), RuntimeError> {
        self.call(Call::Start { container: id.to_owned() }).await
    }

    /// Sends a signal to a container's process.
    pub async fn kill(&self, id: &str, signal: i32) -> Result<(), RuntimeError> {
        self.call(Call::Kill { container: id.to_owned(), signal }).await
    }

    /// Removes a container that does not run: mount, control group, files. Its log stays.
    pub async fn remove_container(&self, id: &str) -> Result<(), RuntimeError> {
        files::plain_name(id).map_err(RuntimeError::Name)?;
        if self.is_alive() {
            self.call(Call::Forget { container: id.to_owned() }).await?;
        }
        self.remove_group(&format!("{}/{id}", self.0.spec.cgroup)).await?;
        let folder = self.container_folder(id);
        let runc = self.0.folder.join("runc").join(id);
        let removed = tokio::task::spawn_blocking(move || {
            let result = remove_folder(&folder).and_then(|()| remove_folder(&runc));
            result.map_err(|source| RuntimeError::Folder { path: folder, source })
        });
        removed.await.map_err(|_| RuntimeError::ShimGone)??;
        self.0.publish.send_modify(|state| {
            state.containers.remove(id);
        });
        Ok(())
    }

    /// Runs a command in a container.
    pub async fn exec(&self, id: &str, exec: ExecRequest) -> Result<Session, RuntimeError> {
        self.open_session(Call::Exec { container: id.to_owned(), exec }).await
    }

    /// Joins a container's own streams, from now on.
    pub async fn attach(&self, id: &str, stdin: bool) -> Result<Session, RuntimeError> {
        self.open_session(Call::Attach { container: id.to_owned(), stdin }).await
    }

    async fn open_session(&self, call: Call) -> Result<Session, RuntimeError> {
        let socket = self.0.folder.join(SOCKET);
        let (mut reader, mut writer) =
            connect(&socket).await.map_err(|_| RuntimeError::ShimGone)?;
        writer.message(&Request { id: 0, call }).await.map_err(RuntimeError::Stream)?;
        // A quick process may speak before runc has said that it runs.
        let mut early = VecDeque::new();
        let answer = loop {
            match reader.next().await.map_err(RuntimeError::Stream)? {
                Some((Kind::Message, bytes)) => break bytes,
                Some(frame) => early.push_back(frame),
                None => return Err(RuntimeError::ShimGone),
            }
        };
        match serde_json::from_slice(&answer) {
            Ok(Answer::Done { .. }) => {}
            Ok(Answer::Failed { error, .. }) => return Err(RuntimeError::Refused(error)),
            Ok(_) | Err(_) => return Err(RuntimeError::ShimGone),
        }
        Ok(Session { input: SessionInput(writer), output: SessionOutput { reader, early } })
    }

    async fn call(&self, call: Call) -> Result<(), RuntimeError> {
        let (answer, answered) = oneshot::channel();
        let pending = Pending { call, answer };
        self.0.calls.send(pending).await.map_err(|_| RuntimeError::ShimGone)?;
        answered.await.map_err(|_| RuntimeError::ShimGone)?
    }

    /// Ends every process of the pod at once, and its shim; removes everything but the logs.
    pub async fn remove(&self) -> Result<(), RuntimeError> {
        match self.call(Call::Stop).await {
            Ok(()) | Err(RuntimeError::ShimGone) => {}
            Err(error) => return Err(error),
        }
        self.kill_leftovers();
        self.0.publish.send_modify(|state| *state = SandboxState::default());
        self.remove_group(&self.0.spec.cgroup).await?;
        let folder = self.0.folder.clone();
        let removed = tokio::task::spawn_blocking(move || {
            remove_folder(&folder).map_err(|source| RuntimeError::Folder { path: folder, source })
        });
        removed.await.map_err(|_| RuntimeError::ShimGone)?
    }

    /// Without its shim a pod's processes are found by their control groups.
    fn kill_leftovers(&self) {
        for container in self.containers() {
            let group = format!("{}/{}", self.0.spec.cgroup, container.id);
            for pid in self.0.runtime.cgroups.processes(&group) {
                if let Ok(process) = sys::process::PidFd::open(pid) {
                    drop(process.signal(nix::libc::SIGKILL));
                }
            }
        }
    }

    async fn remove_group(&self, group: &str) -> Result<(), RuntimeError> {
        self.0.runtime.remove_group(group).await
    }
}

/// Starts the shim of the pod in `folder`; returns when its socket answers.
async fn start_shim(program: &Path, folder: &Path) -> Result<(), RuntimeError> {
    let failed = |source| RuntimeError::Folder { path: folder.to_owned(), source };
    let errors = folder.join("shim.log");
    let log = std::fs::File::create(&errors).map_err(failed)?;
    let mut shim = tokio::process::Command::new(program)
        .arg0("kanoe")
        .arg(crate::roles::SHIM)
        .arg(folder)
        .stdin(std::process::Stdio::null())
        .stdout(std::process::Stdio::piped())
        .stderr(log)
        .spawn()
        .map_err(|source| RuntimeError::Folder { path: program.to_owned(), source })?;
    let mut word = Vec::new();
    if let Some(mut pipe) = shim.stdout.take() {
        pipe.read_to_end(&mut word).await.map_err(RuntimeError::Stream)?;
    }
    if word == READY {
        return Ok(());
    }
    drop(shim.wait().await);
    let output = std::fs::read_to_string(&errors).unwrap_or_default();
    Err(RuntimeError::Shim { output: output.trim().to_owned() })
}

/// The devices below a folder, without those that every container has of its own.
fn devices(folder: &Path) -> Vec<Device> {
    use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};
    const OWN: [&str; 7] = ["pts", "shm", "mqueue", "fd", "ptmx", "console", "tty"];
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        let Ok(meta) = entry.metadata() else { continue };
        let kind = match meta.file_type() {
            kind if kind.is_dir() && !OWN.iter().any(|own| name == *own) => {
                found.extend(devices(&path));
                continue;
            }
            kind if kind.is_char_device() => 'c',
            kind if kind.is_block_device() => 'b',
            _ => continue,
        };
        if OWN.iter().any(|own| name == *own) {
            continue;
        }
        let (major, minor) =
            (nix::sys::stat::major(meta.rdev()), nix::sys::stat::minor(meta.rdev()));
        found.push(Device { path, kind, major, minor, mode: meta.mode() & 0o777 });
    }
    found
}

/// What shims wrote down of their containers, for when they do not answer.
fn recorded_states(folder: &Path) -> io::Result<BTreeMap<String, ContainerState>> {
    let mut states = BTreeMap::new();
    for entry in std::fs::read_dir(folder.join("containers"))? {
        let entry = entry?;
        let text = std::fs::read(entry.path().join("state.json")).unwrap_or_default();
        let state = serde_json::from_slice(&text).unwrap_or_default();
        states.insert(entry.file_name().to_string_lossy().into_owned(), state);
    }
    Ok(states)
}

/// Without a shim nothing of the pod counts as running.
fn mark_lost(state: &mut SandboxState) {
    state.alive = false;
    for container in state.containers.values_mut() {
        if let ContainerState::Running { started_at, .. } = container {
            *container = ContainerState::Exited(Exit {
                code: 137,
                signal: None,
                out_of_memory: false,
                started_at: *started_at,
                finished_at: lifecycle::clock::now(),
            });
        }
    }
}

/// Takes out the mounts at and below `folder`, then the folder.
pub(crate) fn remove_folder(folder: &Path) -> io::Result<()> {
    sys::mount::detach_below(folder)?;
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// The task that holds the connection to a shim.
struct Link {
    publish: watch::Sender<SandboxState>,
    waiting: HashMap<u64, oneshot::Sender<Result<(), RuntimeError>>>,
    next: u64,
}

impl Link {
    async fn run(
        mut self,
        mut reader: Reader,
        mut writer: Writer,
        mut queue: mpsc::Receiver<Pending>,
    ) {
        loop {
            tokio::select! {
                frame = reader.next() => match frame {
                    Ok(Some((Kind::Message, bytes))) => self.heard(&bytes),
                    Ok(_) | Err(_) => break,
                },
                pending = queue.recv() => match pending {
                    Some(pending) => self.ask(pending, &mut writer).await,
                    None => break,
                },
            }
        }
        self.publish.send_modify(mark_lost);
    }

    async fn ask(&mut self, pending: Pending, writer: &mut Writer) {
        self.next += 1;
        let request = Request { id: self.next, call: pending.call };
        // A broken connection shows on the reading side and drops what waits.
        if writer.message(&request).await.is_ok() {
            self.waiting.insert(request.id, pending.answer);
        }
    }

    fn heard(&mut self, bytes: &[u8]) {
        let (id, result) = match serde_json::from_slice(bytes) {
            Ok(Answer::Done { id }) => (id, Ok(())),
            Ok(Answer::Failed { id, error }) => (id, Err(RuntimeError::Refused(error))),
            Ok(Answer::Container { container, state }) => {
                self.publish.send_modify(|all| {
                    all.containers.insert(container, state);
                });
                return;
            }
            Ok(Answer::SandboxEnded) => {
                self.publish.send_modify(|all| all.alive = false);
                return;
            }
            Err(error) => {
                tracing::warn!(%error, "a shim said something unknown");
                return;
            }
        };
        if let Some(waiting) = self.waiting.remove(&id) {
            // Whoever asked may have gone.
            drop(waiting.send(result));
        }
    }
}
