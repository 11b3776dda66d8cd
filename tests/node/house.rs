//! Namespaces to play in, an image to run, and a look around afterwards.

use std::path::{Path, PathBuf};
use std::process::Command;

use lifecycle::StopToken;
use runtime::Runtime;
use runtime::image::registries::Registries;
use runtime::image::{Image, Store};
use runtime::spec::{ContainerSpec, Network, ProcessView, Resources, SandboxSpec};
use sha2::{Digest as _, Sha256};

/// Runs the test named `name` again, alone, inside namespaces of its own; `true` once inside.
pub(crate) fn inside(name: &str) -> bool {
    if std::env::var_os("KANOE_TEST_INSIDE").is_some() {
        return true;
    }
    assert!(nix::unistd::Uid::effective().is_root(), "the node's tests need root");
    let status = Command::new("unshare")
        .args(["--net", "--mount", "--propagation", "private"])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", name, "--nocapture"])
        .env("KANOE_TEST_INSIDE", "1")
        .status()
        .unwrap();
    assert!(status.success(), "inside: {status}");
    false
}

/// A home for one test, its control groups named after it.
pub(crate) struct House {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) group: String,
    pub(crate) store: Store,
}

impl House {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("images"), Registries::default()).unwrap();
        let group = format!("/kanoe-test-{}", std::process::id());
        Self { folder, group, store }
    }

    pub(crate) fn pods(&self) -> PathBuf {
        self.folder.path().join("pods")
    }

    pub(crate) fn runtime(&self, stop: &StopToken) -> Runtime {
        let program = Path::new(env!("CARGO_BIN_EXE_kanoe"));
        Runtime::open(&self.pods(), program, stop.clone()).unwrap()
    }

    pub(crate) fn busybox(&self) -> Image {
        let archive = self.folder.path().join("busybox.tar");
        std::fs::write(&archive, busybox_archive()).unwrap();
        let names = self.store.load(&archive).unwrap();
        assert_eq!(names, ["localhost/busybox:1"]);
        self.store.find("localhost/busybox:1").unwrap()
    }

    pub(crate) fn sandbox(&self, id: &str, network: Network) -> SandboxSpec {
        SandboxSpec {
            id: id.to_owned(),
            hostname: "web-0".to_owned(),
            network,
            processes: ProcessView::Container,
            host_ipc: false,
            sysctls: std::collections::BTreeMap::new(),
            cgroup: format!("{}/pod-{id}", self.group),
            resources: Resources::default(),
            shim_cgroup: format!("{}/shims", self.group),
            labels: [("name".to_owned(), "web".to_owned())].into(),
        }
    }

    pub(crate) fn container(&self, args: &[&str]) -> ContainerSpec {
        let id = runtime::new_id();
        ContainerSpec {
            log_path: self.folder.path().join(format!("logs/{id}.log")),
            id,
            args: args.iter().map(|arg| (*arg).to_owned()).collect(),
            capabilities: runtime::spec::DEFAULT_CAPABILITIES.map(str::to_owned).to_vec(),
            ..ContainerSpec::default()
        }
    }

    pub(crate) fn log(&self, id: &str) -> String {
        let text =
            std::fs::read_to_string(self.folder.path().join(format!("logs/{id}.log"))).unwrap();
        text.lines().map(|line| line.split_once(' ').unwrap().1.to_owned() + "\n").collect()
    }

    /// Fails if a process, mount, control group or file of the pods is left.
    #[expect(clippy::disallowed_methods, reason = "no event tells that version 1 freed a group")]
    pub(crate) fn assert_empty(&self) {
        let cgroups = sys::cgroup::Layout::detect().unwrap();
        // Version 1 frees an emptied group in its own time and tells nobody: as the runtime does, ask
        // again, later each time, for a second.
        let mut wait = std::time::Duration::from_millis(1);
        while let Err(error) = cgroups.remove(&self.group) {
            assert!(
                error.kind() == std::io::ErrorKind::ResourceBusy && wait.as_secs() < 1,
                "{error}"
            );
            std::thread::sleep(wait);
            wait *= 2;
        }
        assert_eq!(std::fs::read_dir(self.pods()).unwrap().count(), 0, "folders left");
        assert_eq!(sys::mount::below(self.folder.path()).unwrap(), Vec::<PathBuf>::new());
        self.assert_no_process();
    }

    /// Fails if a process is left that was started for this home.
    pub(crate) fn assert_no_process(&self) {
        assert_eq!(self.processes(), [], "left running");
    }

    /// Processes that were started for this home: number and command line.
    pub(crate) fn processes(&self) -> Vec<(i32, String)> {
        let home = self.folder.path().to_string_lossy().into_owned();
        Self::all_processes().into_iter().filter(|(_, line)| line.contains(&home)).collect()
    }

    pub(crate) fn all_processes() -> Vec<(i32, String)> {
        let numbers = std::fs::read_dir("/proc").unwrap().flatten();
        let numbers = numbers.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
        let line = |pid: i32| {
            let line = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
            (pid, String::from_utf8_lossy(&line).into_owned())
        };
        numbers.map(line).collect()
    }
}

/// Debian's static busybox as a layer.
pub(crate) fn busybox_layer() -> Vec<u8> {
    let mut layer = tar::Builder::new(Vec::new());
    let busybox = std::fs::read("/bin/busybox").expect("the package busybox-static");
    append(&mut layer, "bin/busybox", &busybox, 0o755);
    for name in [
        "sh",
        "sleep",
        "cat",
        "echo",
        "id",
        "stty",
        "ip",
        "wget",
        "nc",
        "httpd",
        "ls",
        "head",
        "seq",
        "kill",
        "tar",
        "sha256sum",
        "mkdir",
        "tee",
        "find",
        "rm",
    ] {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(tar::EntryType::Symlink);
        header.set_size(0);
        layer.append_link(&mut header, format!("bin/{name}"), "busybox").unwrap();
    }
    append(&mut layer, "etc/passwd", b"root:x:0:0::/root:/bin/sh\nweb:x:33:33::/:/bin/sh\n", 0o644);
    layer.into_inner().unwrap()
}

/// A docker archive of it.
pub(crate) fn busybox_archive() -> Vec<u8> {
    let layer = busybox_layer();
    let diff_id = hex(&Sha256::digest(&layer));
    let config = serde_json::json!({
        "architecture": "amd64", "os": "linux",
        "config": { "Env": ["PATH=/bin"], "Cmd": ["sh"] },
        "rootfs": { "type": "layers", "diff_ids": [format!("sha256:{diff_id}")] },
    });
    let manifest = serde_json::json!([
        { "Config": "config.json", "RepoTags": ["localhost/busybox:1"], "Layers": ["l/layer.tar"] }
    ]);
    let mut archive = tar::Builder::new(Vec::new());
    append(&mut archive, "l/layer.tar", &layer, 0o644);
    append(&mut archive, "config.json", config.to_string().as_bytes(), 0o644);
    append(&mut archive, "manifest.json", manifest.to_string().as_bytes(), 0o644);
    archive.into_inner().unwrap()
}

fn append(archive: &mut tar::Builder<Vec<u8>>, name: &str, data: &[u8], mode: u32) {
    let mut header = tar::Header::new_gnu();
    header.set_size(data.len() as u64);
    header.set_mode(mode);
    archive.append_data(&mut header, name, data).unwrap();
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.filter_map(|digit| char::from_digit(u32::from(digit), 16)).collect()
}

/// Sets the loopback of a new network namespace up.
pub(crate) fn lo_up() {
    let done = Command::new("ip").args(["link", "set", "lo", "up"]).status().unwrap();
    assert!(done.success());
}
