//! Real etcds for tests: one member or several, each of which can be killed, stopped and started.

use std::{
    io::{BufRead as _, BufReader},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

/// What the members are told beside their addresses.
#[derive(Debug, Clone, Default)]
pub struct EtcdTls {
    /// The authority's certificate, by which clients are known too.
    pub authority: PathBuf,
    /// The members' certificate.
    pub certificate: PathBuf,
    /// Its key.
    pub key: PathBuf,
}

/// An etcd of one or more members; its end is theirs.
#[derive(Debug)]
pub struct Etcd {
    folder: tempfile::TempDir,
    tls: Option<EtcdTls>,
    members: Vec<Member>,
}

#[derive(Debug)]
struct Member {
    client: u16,
    peer: u16,
    child: Option<Child>,
}

impl Etcd {
    /// Starts an etcd and waits until it answers.
    pub fn start(members: usize) -> Self {
        Self::start_with(members, None)
    }

    /// Starts an etcd that speaks TLS.
    pub fn start_with(members: usize, tls: Option<EtcdTls>) -> Self {
        // All ports are held until all are known, so that none is given twice.
        let held: Vec<TcpListener> = (0..2 * members)
            .map(|_| TcpListener::bind(("127.0.0.1", 0)).expect("the loopback has free ports"))
            .collect();
        let port = |listener: &TcpListener| {
            listener.local_addr().expect("a listener has an address").port()
        };
        let members = held
            .chunks(2)
            .map(|pair| Member { client: port(&pair[0]), peer: port(&pair[1]), child: None })
            .collect();
        drop(held);
        let folder = tempfile::tempdir().expect("a folder for etcd can be made");
        let mut etcd = Self { folder, tls, members };
        etcd.start_all();
        etcd
    }

    /// The members' addresses, as `--etcd-servers` takes them.
    pub fn servers(&self) -> Vec<String> {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        let address = |member: &Member| format!("{scheme}://127.0.0.1:{}", member.client);
        self.members.iter().map(address).collect()
    }

    /// Kills a member as a power cut would.
    pub fn kill(&mut self, member: usize) {
        if let Some(mut child) = self.members[member].child.take() {
            child.kill().expect("a child of ours can be killed");
            child.wait().expect("a child of ours can be waited for");
        }
    }

    /// Kills all members.
    pub fn kill_all(&mut self) {
        for member in 0..self.members.len() {
            self.kill(member);
        }
    }

    /// Starts all members that do not run, and waits until they answer.
    pub fn start_all(&mut self) {
        let cluster: Vec<String> = (0..self.members.len())
            .map(|index| format!("m{index}=http://127.0.0.1:{}", self.members[index].peer))
            .collect();
        let cluster = cluster.join(",");
        let mut ready = Vec::new();
        for index in 0..self.members.len() {
            if self.members[index].child.is_none() {
                let mut child = self.spawn(index, &cluster);
                ready.push(child.stderr.take().expect("stderr is piped"));
                self.members[index].child = Some(child);
            }
        }
        for stderr in ready {
            let mut lines = BufReader::new(stderr).lines();
            let served = lines
                .by_ref()
                .map_while(Result::ok)
                .any(|line| line.contains("ready to serve client requests"));
            assert!(served, "etcd did not start");
            // What it says later must go somewhere, lest it waits for a reader.
            thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        }
    }

    /// Lets a member hang: its connections stay and nothing answers.
    pub fn pause(&self, member: usize) {
        self.signal(member, Signal::SIGSTOP);
    }

    /// Lets it go on.
    pub fn resume(&self, member: usize) {
        self.signal(member, Signal::SIGCONT);
    }

    fn signal(&self, member: usize, signal: Signal) {
        let child = self.members[member].child.as_ref().expect("the member runs");
        let id = i32::try_from(child.id()).expect("process ids fit");
        kill(Pid::from_raw(id), signal).expect("a child of ours takes signals");
    }

    /// The folder of the etcd's data.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn spawn(&self, index: usize, cluster: &str) -> Child {
        let member = &self.members[index];
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        let client = format!("{scheme}://127.0.0.1:{}", member.client);
        let peer = format!("http://127.0.0.1:{}", member.peer);
        let mut command = Command::new("etcd");
        command
            .args(["--name", &format!("m{index}")])
            .args([
                "--data-dir",
                &self.folder.path().join(format!("m{index}")).display().to_string(),
            ])
            .args(["--listen-client-urls", &client, "--advertise-client-urls", &client])
            .args(["--listen-peer-urls", &peer, "--initial-advertise-peer-urls", &peer])
            .args(["--initial-cluster", cluster]);
        if let Some(tls) = &self.tls {
            command
                .arg("--client-cert-auth")
                .args(["--trusted-ca-file".as_ref(), tls.authority.as_os_str()])
                .args(["--cert-file".as_ref(), tls.certificate.as_os_str()])
                .args(["--key-file".as_ref(), tls.key.as_os_str()]);
        }
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("etcd is installed by `cargo xtask setup`")
    }
}

impl Drop for Etcd {
    fn drop(&mut self) {
        self.kill_all();
    }
}
