//! A container's log file, in the format that CRI prescribes: `time stream tag text`, a line each.
//!
//! Tag `F` ends a line, `P` says that it goes on in the next. A file that grows past its limit is
//! renamed with the time, and the oldest beyond the limit is removed.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// Longest text of one entry; longer lines are split, as containerd does.
const MAX_LINE: usize = 16 << 10;
/// The kubelet's containerLogMaxSize.
const MAX_FILE: u64 = 10 << 20;
/// The kubelet's containerLogMaxFiles: the current one and four before it.
const MAX_ROTATED: usize = 4;

/// Which of a container's outputs a text came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stream {
    Stdout,
    Stderr,
}

impl Stream {
    fn name(self) -> &'static str {
        match self {
            Self::Stdout => "stdout",
            Self::Stderr => "stderr",
        }
    }
}

/// An open log file and the lines that have not ended yet.
#[derive(Debug)]
pub(crate) struct Log {
    path: PathBuf,
    file: File,
    size: u64,
    max_size: u64,
    pending: [Vec<u8>; 2],
}

impl Log {
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        Self::with_limit(path, MAX_FILE)
    }

    fn with_limit(path: &Path, max_size: u64) -> io::Result<Self> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let file = OpenOptions::new().create(true).append(true).open(path)?;
        let size = file.metadata()?.len();
        Ok(Self { path: path.to_owned(), file, size, max_size, pending: Default::default() })
    }

    /// Writes the lines that `bytes` completes; keeps the rest for the next call.
    pub(crate) fn write(&mut self, stream: Stream, bytes: &[u8]) -> io::Result<()> {
        let mut entries = Vec::with_capacity(bytes.len() + 64);
        let now = timestamp();
        let pending = &mut self.pending[stream as usize];
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            pending.extend_from_slice(piece);
            while pending.len() > MAX_LINE {
                let rest = pending.split_off(MAX_LINE);
                if rest == b"\n" {
                    pending.extend(rest);
                    break;
                }
                entry(&now, stream, 'P', pending, &mut entries);
                *pending = rest;
            }
            if pending.last() == Some(&b'\n') {
                pending.pop();
                entry(&now, stream, 'F', pending, &mut entries);
                pending.clear();
            }
        }
        self.append(&entries)
    }

    /// Writes what has no line end yet; the output it came from is at its end.
    pub(crate) fn finish(&mut self, stream: Stream) -> io::Result<()> {
        let text = std::mem::take(&mut self.pending[stream as usize]);
        let mut entries = Vec::new();
        if !text.is_empty() {
            entry(&timestamp(), stream, 'P', &text, &mut entries);
        }
        self.append(&entries)
    }

    fn append(&mut self, entries: &[u8]) -> io::Result<()> {
        let added = entries.len() as u64;
        if self.size > 0 && self.size + added > self.max_size {
            self.rotate()?;
        }
        self.file.write_all(entries)?;
        self.size += added;
        Ok(())
    }

    fn rotate(&mut self) -> io::Result<()> {
        let time = lifecycle::clock::now().strftime("%Y%m%d-%H%M%S%.9f").to_string();
        let mut old = self.path.clone().into_os_string();
        old.push(format!(".{time}"));
        std::fs::rename(&self.path, old)?;
        self.file = OpenOptions::new().create(true).append(true).open(&self.path)?;
        self.size = 0;
        let rotated = rotated(&self.path)?;
        for oldest in rotated.iter().take(rotated.len().saturating_sub(MAX_ROTATED)) {
            std::fs::remove_file(oldest)?;
        }
        Ok(())
    }
}

/// Earlier files of the log at `path`, oldest first.
pub fn rotated(path: &Path) -> io::Result<Vec<PathBuf>> {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
        return Ok(Vec::new());
    };
    let prefix = format!("{}.", name.to_string_lossy());
    let mut found = Vec::new();
    for item in std::fs::read_dir(folder)? {
        let item = item?;
        if item.file_name().to_string_lossy().starts_with(&prefix) {
            found.push(item.path());
        }
    }
    found.sort();
    Ok(found)
}

fn timestamp() -> String {
    lifecycle::clock::now().strftime("%Y-%m-%dT%H:%M:%S%.9fZ").to_string()
}

fn entry(time: &str, stream: Stream, tag: char, text: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(format!("{time} {} {tag} ", stream.name()).as_bytes());
    out.extend_from_slice(text);
    out.push(b'\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn without_times(path: &Path) -> String {
        let text = std::fs::read_to_string(path).unwrap();
        text.lines().map(|l| l.split_once(' ').unwrap().1.to_owned() + "|").collect()
    }

    #[test]
    fn lines_are_whole_or_marked() {
        let folder = tempfile::tempdir().unwrap();
        for (case, writes, want) in [
            ("one line", vec!["a\n"], "stdout F a|"),
            ("in pieces", vec!["he", "llo\nyou\n"], "stdout F hello|stdout F you|"),
            ("empty line", vec!["\n\n"], "stdout F |stdout F |"),
            ("no end", vec!["a\nrest"], "stdout F a|stdout P rest|"),
        ] {
            let path = folder.path().join(case);
            let mut log = Log::open(&path).unwrap();
            for write in writes {
                log.write(Stream::Stdout, write.as_bytes()).unwrap();
            }
            log.finish(Stream::Stdout).unwrap();
            assert_eq!(without_times(&path), want, "{case}");
        }
    }

    #[test]
    fn a_long_line_is_split_and_loses_nothing() {
        let folder = tempfile::tempdir().unwrap();
        for length in [MAX_LINE - 1, MAX_LINE, MAX_LINE + 1, 3 * MAX_LINE] {
            let path = folder.path().join(length.to_string());
            let mut log = Log::open(&path).unwrap();
            log.write(Stream::Stderr, &vec![b'x'; length]).unwrap();
            log.write(Stream::Stderr, b"\n").unwrap();
            let text = std::fs::read_to_string(&path).unwrap();
            let kept: usize = text.lines().map(|l| l.splitn(4, ' ').nth(3).unwrap().len()).sum();
            assert_eq!(kept, length);
            let tags: String = text.lines().filter_map(|l| l.split(' ').nth(2)).collect();
            assert_eq!(tags.chars().filter(|tag| *tag == 'F').count(), 1, "{tags}");
            assert!(tags.ends_with('F'));
        }
    }

    #[test]
    fn a_full_file_makes_room_and_the_oldest_goes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("0.log");
        let mut log = Log::with_limit(&path, 200).unwrap();
        for line in 0..60 {
            log.write(Stream::Stdout, format!("line {line}\n").as_bytes()).unwrap();
        }
        let old = rotated(&path).unwrap();
        assert_eq!(old.len(), MAX_ROTATED);
        assert!(without_times(&path).contains("line 59"));
        assert!(std::fs::metadata(&path).unwrap().len() <= 200);
    }
}
