//! The file of the audit log: lines of JSON, put aside when it is full, and forgotten when old.
//! Source: kube-apiserver's `--audit-log-*` flags, and the naming of `lumberjack`, which writes it.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// Megabytes of a file where the flag is 0. Source: lumberjack.
const USUAL_MEGABYTES: u64 = 100;

/// How the log is kept. The names are those of kube-apiserver's flags.
#[derive(Debug, Clone, Default)]
pub struct AuditLogConfig {
    /// `--audit-log-path`; `-` is standard output.
    pub path: PathBuf,
    /// `--audit-log-maxsize`, in megabytes; 0 is 100.
    pub maxsize: u64,
    /// `--audit-log-maxbackup`; 0 keeps all.
    pub maxbackup: usize,
    /// `--audit-log-maxage`, in days; 0 keeps them for ever.
    pub maxage: u64,
}

/// The log, open.
#[derive(Debug)]
pub(super) struct Log {
    config: AuditLogConfig,
    open: Mutex<Option<Open>>,
}

#[derive(Debug)]
struct Open {
    file: File,
    bytes: u64,
}

impl Log {
    /// Opens the log; what is there already stays.
    pub(super) fn open(config: AuditLogConfig) -> io::Result<Self> {
        let open = if config.path == Path::new("-") { None } else { Some(Open::at(&config.path)?) };
        Ok(Self { config, open: Mutex::new(open) })
    }

    /// Writes a line, which ends with a line feed.
    pub(super) fn write(&self, line: &[u8]) -> io::Result<()> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        match open.as_mut() {
            None => io::stdout().lock().write_all(line),
            Some(file) => self.append(file, line),
        }
    }

    fn append(&self, open: &mut Open, line: &[u8]) -> io::Result<()> {
        let length = u64::try_from(line.len()).unwrap_or(u64::MAX);
        let megabytes =
            if self.config.maxsize == 0 { USUAL_MEGABYTES } else { self.config.maxsize };
        let most = megabytes.saturating_mul(1 << 20);
        if open.bytes > 0 && open.bytes.saturating_add(length) > most {
            let now = lifecycle::clock::now();
            fs::rename(&self.config.path, free_backup(&self.config.path, now))?;
            *open = Open::at(&self.config.path)?;
            self.forget(now);
        }
        open.bytes += length;
        open.file.write_all(line)
    }

    /// Removes what was put aside too long ago, or is too much.
    fn forget(&self, now: jiff::Timestamp) {
        let mut all = backups(&self.config.path);
        // Their names are times: the newest first.
        all.sort_by(|left, right| right.cmp(left));
        let days = Duration::from_secs(self.config.maxage.saturating_mul(24 * 60 * 60));
        let oldest = now.checked_sub(days).ok().filter(|_| self.config.maxage > 0);
        for (index, path) in all.iter().enumerate() {
            let surplus = self.config.maxbackup > 0 && index >= self.config.maxbackup;
            let old = oldest.is_some_and(|oldest| *path < backup(&self.config.path, oldest));
            if (surplus || old)
                && let Err(error) = fs::remove_file(path)
            {
                tracing::warn!(%error, path = %path.display(), "an old audit log stays");
            }
        }
    }
}

impl Open {
    fn at(path: &Path) -> io::Result<Self> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut options = OpenOptions::new();
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.create(true).append(true).open(path)?;
        let bytes = file.metadata()?.len();
        Ok(Self { file, bytes })
    }
}

/// `audit.log` put aside at a time: `audit-2006-01-02T15-04-05.000.log`.
fn backup(path: &Path, time: jiff::Timestamp) -> PathBuf {
    let (stem, ending) = halves(path);
    let time = time.strftime("%Y-%m-%dT%H-%M-%S%.3f");
    path.with_file_name(format!("{stem}-{time}{ending}"))
}

/// The same, at the first time from then on at which nothing was put aside: two full logs in one
/// millisecond are both kept.
fn free_backup(path: &Path, from: jiff::Timestamp) -> PathBuf {
    const STEP: jiff::SignedDuration = jiff::SignedDuration::from_millis(1);
    let mut time = from;
    loop {
        let place = backup(path, time);
        match time.checked_add(STEP) {
            Ok(later) if place.exists() => time = later,
            _ => return place,
        }
    }
}

fn halves(path: &Path) -> (String, String) {
    let text = |part: Option<&std::ffi::OsStr>| {
        part.map(|part| part.to_string_lossy().into_owned()).unwrap_or_default()
    };
    let ending = text(path.extension());
    let ending = if ending.is_empty() { ending } else { format!(".{ending}") };
    (text(path.file_stem()), ending)
}

fn backups(path: &Path) -> Vec<PathBuf> {
    let (stem, ending) = halves(path);
    let folder = path.parent().unwrap_or(Path::new("."));
    let shape = backup(path, jiff::Timestamp::UNIX_EPOCH).as_os_str().len();
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let named = entries.map(|entry| entry.path()).filter(|found| {
        let name = found.file_name().map(|name| name.to_string_lossy().into_owned());
        name.is_some_and(|name| {
            name.starts_with(&format!("{stem}-"))
                && name.ends_with(&ending)
                && found.as_os_str().len() == shape
        })
    });
    named.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_logs_are_put_aside_and_surplus_ones_go() {
        let folder = std::env::temp_dir().join(format!("kanoe-audit-{}", std::process::id()));
        let path = folder.join("audit.log");
        let config = AuditLogConfig { path: path.clone(), maxsize: 1, maxbackup: 2, maxage: 0 };
        let log = Log::open(config).unwrap();
        let line = [vec![b'x'; 600_000], vec![b'\n']].concat();
        for _ in 0..2 {
            log.write(&line).unwrap();
            assert_eq!(fs::metadata(&path).unwrap().len(), 600_001);
        }
        assert_eq!(backups(&path).len(), 1);
        for day in 1..5 {
            let time = format!("2020-01-0{day}T00:00:00Z").parse().unwrap();
            fs::write(backup(&path, time), "old").unwrap();
        }
        log.write(&line).unwrap();
        let mut left = backups(&path);
        left.sort();
        assert_eq!(left.len(), 2, "{left:?}");
        assert!(!left[0].display().to_string().contains("-2020-"));
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn what_is_put_aside_takes_nothings_place() {
        let folder = std::env::temp_dir().join(format!("kanoe-audit-aside-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join("audit.log");
        let time = "2020-01-01T00:00:00Z".parse().unwrap();
        for _ in 0..3 {
            let place = free_backup(&path, time);
            assert!(!place.exists());
            fs::write(place, "full").unwrap();
        }
        assert_eq!(backups(&path).len(), 3);
        fs::remove_dir_all(&folder).unwrap();
    }
}
