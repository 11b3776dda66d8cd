//! Control groups of version 1, version 2, and both at once.
//!
//! A group is named by one absolute path, such as `/kanoe-1a2b/pod7`, and stands in every hierarchy
//! that limits something. Version-1 controllers win where both versions are mounted, as in runc.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

/// What a group may use. `None` leaves the kernel's default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Limits {
    /// Relative weight, in version 1's units (2 to 262144).
    pub cpu_shares: Option<u64>,
    /// Microseconds of processor time in every 100 ms.
    pub cpu_quota_us: Option<i64>,
    /// Bytes of memory.
    pub memory_bytes: Option<u64>,
    /// Number of processes and threads.
    pub pids: Option<u64>,
}

/// The period quotas count in, as Kubernetes sets it.
pub const CPU_PERIOD_US: u64 = 100_000;

/// What the processes of a group have used so far and hold now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// Nanoseconds of processor time, from the group's beginning.
    pub cpu_nanos: u64,
    /// Bytes of memory, files in the page cache included.
    pub memory_bytes: u64,
    /// The same without files that have not been read for a while.
    pub working_set_bytes: u64,
}

/// Where this machine's hierarchies are mounted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// Version-1 controller to its mount point; several may share one.
    v1: BTreeMap<String, PathBuf>,
    unified: Option<PathBuf>,
}

impl Layout {
    /// Reads the mount table.
    pub fn detect() -> io::Result<Self> {
        Ok(Self::parse(&std::fs::read_to_string("/proc/self/mountinfo")?))
    }

    fn parse(mountinfo: &str) -> Self {
        let (mut v1, mut unified) = (BTreeMap::new(), None);
        for line in mountinfo.lines() {
            let Some((left, right)) = line.split_once(" - ") else { continue };
            let Some(point) = left.split(' ').nth(4).map(PathBuf::from) else { continue };
            let mut right = right.split(' ');
            match (right.next(), right.nth(1)) {
                (Some("cgroup2"), _) => unified = unified.or(Some(point)),
                (Some("cgroup"), Some(options)) => {
                    for option in options.split(',').filter(|o| !matches!(*o, "rw" | "ro")) {
                        let name = option.strip_prefix("name=").unwrap_or(option);
                        v1.entry(name.to_owned()).or_insert_with(|| point.clone());
                    }
                }
                _ => {}
            }
        }
        Self { v1, unified }
    }

    /// Whether limits are set through version 2.
    pub fn is_v2(&self) -> bool {
        !self.v1.contains_key("memory") && self.unified.is_some()
    }

    /// The group's folder in the hierarchy of `controller`.
    pub fn path(&self, controller: &str, group: &str) -> Option<PathBuf> {
        let root = if self.is_v2() { self.unified.as_ref() } else { self.v1.get(controller) };
        root.map(|root| root.join(group.trim_start_matches('/')))
    }

    /// The group's folders in every hierarchy, each once.
    pub fn paths(&self, group: &str) -> Vec<PathBuf> {
        let mut roots: Vec<&PathBuf> = self.v1.values().chain(&self.unified).collect();
        roots.sort();
        roots.dedup();
        roots.into_iter().map(|root| root.join(group.trim_start_matches('/'))).collect()
    }

    /// Makes the group wherever it is missing and sets its limits.
    pub fn create(&self, group: &str, limits: &Limits) -> io::Result<()> {
        if self.is_v2() {
            self.delegate_controllers(group)?;
        }
        for path in self.paths(group) {
            std::fs::create_dir_all(path)?;
        }
        self.inherit_cpuset(group)?;
        for (controller, file, value) in self.settings(limits) {
            let Some(folder) = self.path(controller, group) else { continue };
            std::fs::write(folder.join(file), value)?;
        }
        Ok(())
    }

    fn settings(&self, limits: &Limits) -> Vec<(&'static str, &'static str, String)> {
        let mut settings = Vec::new();
        let v2 = self.is_v2();
        if let Some(shares) = limits.cpu_shares {
            let shares = shares.clamp(2, 262_144);
            settings.push(if v2 {
                ("cpu", "cpu.weight", weight_of_shares(shares).to_string())
            } else {
                ("cpu", "cpu.shares", shares.to_string())
            });
        }
        if let Some(quota) = limits.cpu_quota_us {
            settings.push(if v2 {
                ("cpu", "cpu.max", format!("{quota} {CPU_PERIOD_US}"))
            } else {
                ("cpu", "cpu.cfs_quota_us", quota.to_string())
            });
        }
        if let Some(bytes) = limits.memory_bytes {
            let file = if v2 { "memory.max" } else { "memory.limit_in_bytes" };
            settings.push(("memory", file, bytes.to_string()));
        }
        if let Some(pids) = limits.pids {
            settings.push(("pids", "pids.max", pids.to_string()));
        }
        settings
    }

    /// Version 2 gives a child only the controllers its parent hands down.
    fn delegate_controllers(&self, group: &str) -> io::Result<()> {
        let Some(root) = &self.unified else { return Ok(()) };
        let mut at = root.clone();
        for part in Path::new(group.trim_start_matches('/')) {
            let offered = std::fs::read_to_string(at.join("cgroup.controllers"))?;
            let wanted: Vec<String> = offered.split_whitespace().map(|c| format!("+{c}")).collect();
            // One controller may be refused (realtime threads hold cpu); the others still go down.
            for one in wanted {
                drop(std::fs::write(at.join("cgroup.subtree_control"), one));
            }
            at.push(part);
            std::fs::create_dir_all(&at)?;
        }
        Ok(())
    }

    /// A new version-1 cpuset is empty and takes no process until it is filled.
    fn inherit_cpuset(&self, group: &str) -> io::Result<()> {
        let (Some(root), false) = (self.v1.get("cpuset"), self.is_v2()) else { return Ok(()) };
        let mut at = root.clone();
        for part in Path::new(group.trim_start_matches('/')) {
            let parent = at.clone();
            at.push(part);
            for file in ["cpuset.cpus", "cpuset.mems"] {
                if std::fs::read_to_string(at.join(file))?.trim().is_empty() {
                    std::fs::write(at.join(file), std::fs::read(parent.join(file))?)?;
                }
            }
        }
        Ok(())
    }

    /// Moves a process into the group, in every hierarchy where the group exists.
    pub fn enter(&self, group: &str, pid: u32) -> io::Result<()> {
        for path in self.paths(group).into_iter().filter(|path| path.is_dir()) {
            std::fs::write(path.join("cgroup.procs"), pid.to_string())?;
        }
        Ok(())
    }

    /// Processes in the group itself (not below it).
    pub fn processes(&self, group: &str) -> Vec<i32> {
        let path = self.path("memory", group).or_else(|| self.path("pids", group));
        let text = path.and_then(|path| std::fs::read_to_string(path.join("cgroup.procs")).ok());
        text.unwrap_or_default().lines().filter_map(|line| line.parse().ok()).collect()
    }

    /// Removes the group and all below it. A group that is gone already is no error.
    ///
    /// Errors: `ResourceBusy` while a process is in one of them.
    pub fn remove(&self, group: &str) -> io::Result<()> {
        self.paths(group).iter().try_for_each(|path| remove_tree(path))
    }

    /// What the group has used, those below it included; `None` where there is no such group.
    pub fn usage(&self, group: &str) -> Option<Usage> {
        let read = |controller: &str, file: &str| {
            std::fs::read_to_string(self.path(controller, group)?.join(file)).ok()
        };
        let number = |text: Option<String>| text?.trim().parse::<u64>().ok();
        let (cpu_nanos, memory_bytes, idle) = if self.is_v2() {
            let micros = field(&read("cpu", "cpu.stat")?, "usage_usec");
            (micros * 1000, number(read("memory", "memory.current"))?, "inactive_file")
        } else {
            let nanos = number(read("cpuacct", "cpuacct.usage"))?;
            (nanos, number(read("memory", "memory.usage_in_bytes"))?, "total_inactive_file")
        };
        let idle = field(&read("memory", "memory.stat").unwrap_or_default(), idle);
        let working_set_bytes = memory_bytes.saturating_sub(idle);
        Some(Usage { cpu_nanos, memory_bytes, working_set_bytes })
    }

    /// How many processes of the group the kernel has killed for want of memory.
    pub fn oom_kills(&self, group: &str) -> u64 {
        let file = if self.is_v2() { "memory.events" } else { "memory.oom_control" };
        let Some(folder) = self.path("memory", group) else { return 0 };
        let text = std::fs::read_to_string(folder.join(file)).unwrap_or_default();
        let count = text.lines().find_map(|line| line.strip_prefix("oom_kill "));
        count.and_then(|count| count.trim().parse().ok()).unwrap_or(0)
    }
}

/// A number of a file of names and numbers; zero where it is absent.
fn field(text: &str, name: &str) -> u64 {
    let mut lines = text.lines().filter_map(|line| line.split_once(' '));
    let found = lines.find(|(key, _)| *key == name);
    found.and_then(|(_, value)| value.trim().parse().ok()).unwrap_or_default()
}

/// Version 2's weight (1 to 10000) for version 1's shares (2 to 262144), by runc's formula.
fn weight_of_shares(shares: u64) -> u64 {
    1 + ((shares - 2) * 9999) / 262_142
}

fn remove_tree(path: &Path) -> io::Result<()> {
    let entries = match std::fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    for entry in entries {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            remove_tree(&entry.path())?;
        }
    }
    match std::fs::remove_dir(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HYBRID: &str = "\
30 25 0:26 / /sys/fs/cgroup rw - tmpfs tmpfs rw,mode=755
31 30 0:27 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct
32 30 0:28 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory
33 30 0:29 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,name=systemd
34 30 0:30 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw";

    #[test]
    fn version_one_wins_where_both_are_mounted() {
        let layout = Layout::parse(HYBRID);
        assert!(!layout.is_v2());
        let memory = layout.path("memory", "/kanoe/pod").unwrap();
        assert_eq!(memory, Path::new("/sys/fs/cgroup/memory/kanoe/pod"));
        assert_eq!(layout.paths("/k").len(), 4, "cpu and cpuacct share one");
    }

    #[test]
    fn limits_become_each_versions_files() {
        let limits = Limits {
            cpu_shares: Some(1024),
            cpu_quota_us: Some(50_000),
            memory_bytes: Some(64 << 20),
            pids: None,
        };
        let files = |layout: &Layout| -> Vec<String> {
            layout.settings(&limits).into_iter().map(|(_, f, v)| format!("{f}={v}")).collect()
        };
        let v1 = ["cpu.shares=1024", "cpu.cfs_quota_us=50000", "memory.limit_in_bytes=67108864"];
        assert_eq!(files(&Layout::parse(HYBRID)), v1);
        let unified = Layout::parse("30 25 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw");
        assert!(unified.is_v2());
        let v2 = ["cpu.weight=39", "cpu.max=50000 100000", "memory.max=67108864"];
        assert_eq!(files(&unified), v2);
    }

    #[test]
    fn a_group_is_made_and_removed_in_every_hierarchy() {
        if !nix::unistd::Uid::effective().is_root() {
            return;
        }
        let layout = Layout::detect().unwrap();
        let group = format!("/kanoe-test-{}", std::process::id());
        let inner = format!("{group}/pod/container");
        layout.create(&inner, &Limits { pids: Some(10), ..Limits::default() }).unwrap();
        assert!(layout.paths(&inner).iter().all(|path| path.is_dir()));
        assert!(layout.processes(&inner).is_empty());
        let used = layout.usage(&inner).unwrap();
        assert!(used.working_set_bytes <= used.memory_bytes);
        assert_eq!(used.cpu_nanos, 0, "nothing ran there");
        assert_eq!(layout.usage(&format!("{group}/none")), None);
        layout.remove(&group).unwrap();
        assert!(layout.paths(&group).iter().all(|path| !path.exists()));
    }
}
