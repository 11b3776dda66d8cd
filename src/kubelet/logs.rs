//! Reads containers' logs: what `kubectl logs` asks for, from files in CRI's format.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};
use runtime::{FolderWatch, SandboxState};
use tokio::sync::watch;

/// How many bytes are handed on at once.
const CHUNK: usize = 64 << 10;

/// What is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Options {
    pub(crate) follow: bool,
    pub(crate) previous: bool,
    pub(crate) timestamps: bool,
    pub(crate) tail: Option<u64>,
    pub(crate) since: Option<Timestamp>,
    pub(crate) limit_bytes: Option<u64>,
}

impl Options {
    /// Reads a query. Errors name what is wrong, in Kubernetes' words.
    pub(crate) fn parse(query: &[(String, String)], now: Timestamp) -> Result<Self, String> {
        let mut options = Self::default();
        for (name, value) in query.iter().filter(|(_, value)| !value.is_empty()) {
            let number = || value.parse::<i64>().map_err(|_| format!("invalid {name}: {value}"));
            let positive = |least: i64| {
                let number = number()?;
                let text =
                    || format!("Invalid value: {number}: must be greater than or equal to {least}");
                if number < least { Err(text()) } else { u64::try_from(number).map_err(|_| text()) }
            };
            match name.as_str() {
                "follow" => options.follow = is_true(value),
                "previous" => options.previous = is_true(value),
                "timestamps" => options.timestamps = is_true(value),
                "tailLines" | "tail" => options.tail = Some(positive(0)?),
                "limitBytes" => options.limit_bytes = Some(positive(1)?),
                "sinceSeconds" => {
                    let seconds = i64::try_from(positive(1)?).unwrap_or(i64::MAX);
                    let since = now.checked_sub(SignedDuration::from_secs(seconds));
                    options.since = Some(since.unwrap_or(Timestamp::MIN));
                }
                "sinceTime" => {
                    let time = value.parse().map_err(|_| format!("invalid sinceTime: {value}"))?;
                    options.since = Some(time);
                }
                _ => {}
            }
        }
        Ok(options)
    }
}

pub(crate) fn is_true(value: &str) -> bool {
    matches!(value, "1" | "t" | "T" | "true" | "TRUE" | "True")
}

/// A line of a log file: when, from which stream, whether it ends, what it says.
#[derive(Debug, PartialEq, Eq)]
struct Entry<'a> {
    time: &'a str,
    whole: bool,
    text: &'a [u8],
}

impl<'a> Entry<'a> {
    fn parse(line: &'a [u8]) -> Option<Self> {
        let mut parts = line.splitn(4, |byte| *byte == b' ');
        let time = std::str::from_utf8(parts.next()?).ok()?;
        let _stream = parts.next()?;
        let whole = parts.next()? == b"F";
        Some(Self { time, whole, text: parts.next()? })
    }
}

/// Whether the container still writes: the sandbox's state, and the container's id.
pub(crate) type Writer = (watch::Receiver<SandboxState>, String);

/// A log being read.
pub(crate) struct Reader {
    path: PathBuf,
    options: Options,
    /// Files yet to be read, the next one last.
    files: Vec<BufReader<File>>,
    current: BufReader<File>,
    line: Vec<u8>,
    continues: bool,
    left: Option<u64>,
    writer: Option<Writer>,
    watch: Option<FolderWatch>,
    ended: bool,
}

impl Reader {
    /// Opens the log at `path` and those rotated away before it. Needs a tokio runtime to follow.
    pub(crate) fn open(path: &Path, options: Options, writer: Option<Writer>) -> io::Result<Self> {
        // First the watch, so that nothing written from here on goes unnoticed.
        let folder = path.parent().filter(|_| options.follow && writer.is_some());
        let watch = folder.map(FolderWatch::new).transpose()?;
        let mut paths = runtime::rotated_logs(path)?;
        paths.push(path.to_owned());
        let mut files = Vec::new();
        for path in paths.iter().rev() {
            files.push(BufReader::with_capacity(CHUNK, File::open(path)?));
        }
        if let Some(lines) = options.tail {
            skip_to_tail(&mut files, lines)?;
        }
        let current = files.pop().ok_or(io::ErrorKind::NotFound)?;
        Ok(Self {
            path: path.to_owned(),
            left: options.limit_bytes,
            options,
            files,
            current,
            line: Vec::new(),
            continues: false,
            writer,
            watch,
            ended: false,
        })
    }

    /// The next piece of text; `None` at the end. Waits while following.
    pub(crate) async fn next(&mut self) -> Option<io::Result<Vec<u8>>> {
        loop {
            if self.ended || self.left == Some(0) {
                return None;
            }
            let writes = self.writer_runs();
            match self.read() {
                Ok(chunk) if !chunk.is_empty() => return Some(Ok(chunk)),
                Ok(_) if !self.options.follow || !writes => return None,
                Ok(_) => self.wait().await,
                Err(error) => {
                    self.ended = true;
                    return Some(Err(error));
                }
            }
        }
    }

    fn writer_runs(&mut self) -> bool {
        self.writer.as_mut().is_some_and(|(state, id)| {
            let state = state.borrow_and_update();
            matches!(state.containers.get(id), Some(runtime::ContainerState::Running { .. }))
        })
    }

    async fn wait(&mut self) {
        let (Some(watch), Some((state, _))) = (&mut self.watch, &mut self.writer) else { return };
        tokio::select! {
            changed = watch.changed() => self.ended |= changed.is_err(),
            changed = state.changed() => self.ended |= changed.is_err(),
        }
    }

    /// Reads what there is now, up to a chunk.
    fn read(&mut self) -> io::Result<Vec<u8>> {
        let mut out = Vec::new();
        while out.len() < CHUNK && self.left != Some(0) {
            self.current.read_until(b'\n', &mut self.line)?;
            if self.line.last() != Some(&b'\n') {
                // The rest of the line is yet to be written, or this file is at its end.
                if self.next_file()? {
                    continue;
                }
                break;
            }
            let line = std::mem::take(&mut self.line);
            self.put(&line, &mut out);
        }
        Ok(out)
    }

    fn next_file(&mut self) -> io::Result<bool> {
        if let Some(next) = self.files.pop() {
            self.current = next;
            self.line.clear();
            return Ok(true);
        }
        let Ok(now) = std::fs::metadata(&self.path) else { return Ok(false) };
        if now.ino() == self.current.get_ref().metadata()?.ino() {
            return Ok(false);
        }
        self.current = BufReader::with_capacity(CHUNK, File::open(&self.path)?);
        self.line.clear();
        Ok(true)
    }

    fn put(&mut self, line: &[u8], out: &mut Vec<u8>) {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let Some(entry) = Entry::parse(line) else { return };
        if let Some(since) = self.options.since
            && entry.time.parse::<Timestamp>().is_ok_and(|time| time < since)
        {
            return;
        }
        let start = out.len();
        if self.options.timestamps && !self.continues {
            out.extend_from_slice(entry.time.as_bytes());
            out.push(b' ');
        }
        out.extend_from_slice(entry.text);
        if entry.whole {
            out.push(b'\n');
        }
        self.continues = !entry.whole;
        if let Some(left) = &mut self.left {
            let added = (out.len() - start) as u64;
            if added > *left {
                out.truncate(start + usize::try_from(*left).unwrap_or(usize::MAX));
            }
            *left = left.saturating_sub(added);
        }
    }
}

/// The last lines of a log, as they are now.
pub(crate) fn tail(path: &Path, lines: u64) -> io::Result<Vec<u8>> {
    let options = Options { tail: Some(lines), ..Options::default() };
    let mut reader = Reader::open(path, options, None)?;
    let mut text = Vec::new();
    loop {
        let chunk = reader.read()?;
        if chunk.is_empty() {
            return Ok(text);
        }
        text.extend(chunk);
    }
}

/// Leaves the files so that the last `lines` lines are what is read; earlier files go.
fn skip_to_tail(files: &mut Vec<BufReader<File>>, lines: u64) -> io::Result<()> {
    let mut missing = lines;
    for at in 0..files.len() {
        let Some(file) = files.get_mut(at) else { return Ok(()) };
        let (count, start) = tail_start(file.get_mut(), missing)?;
        file.seek(SeekFrom::Start(start))?;
        missing -= count;
        if missing == 0 {
            files.truncate(at + 1);
            return Ok(());
        }
    }
    Ok(())
}

/// How many of the last `lines` lines a file has, and where they start.
fn tail_start(file: &mut File, lines: u64) -> io::Result<(u64, u64)> {
    let length = file.metadata()?.len();
    if lines == 0 {
        return Ok((0, length));
    }
    let (mut at, mut found) = (length, 0);
    let mut block = vec![0; CHUNK];
    while at > 0 {
        let size = usize::try_from(at).unwrap_or(CHUNK).min(CHUNK);
        at -= size as u64;
        file.seek(SeekFrom::Start(at))?;
        let bytes = block.get_mut(..size).unwrap_or_default();
        file.read_exact(bytes)?;
        for (offset, byte) in bytes.iter().enumerate().rev() {
            let place = at + offset as u64;
            // The file's own last line end belongs to its last line.
            if *byte == b'\n' && place + 1 < length {
                found += 1;
                if found == lines {
                    return Ok((lines, place + 1));
                }
            }
        }
    }
    Ok((if length > 0 { found + 1 } else { 0 }, 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(text: &str) -> Vec<(String, String)> {
        let pairs = text.split('&').filter_map(|pair| pair.split_once('='));
        pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    async fn read(path: &Path, asked: &str) -> String {
        let options = Options::parse(&query(asked), Timestamp::UNIX_EPOCH).unwrap();
        let mut reader = Reader::open(path, options, None).unwrap();
        let mut text = Vec::new();
        while let Some(chunk) = reader.next().await {
            text.extend(chunk.unwrap());
        }
        String::from_utf8(text).unwrap()
    }

    #[tokio::test]
    async fn what_is_asked_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("0.log");
        let line = |second: u32, tag: char, text: &str| {
            format!("2026-01-01T00:00:0{second}.000000000Z stdout {tag} {text}\n")
        };
        let old = line(1, 'F', "one") + &line(2, 'F', "two");
        std::fs::write(folder.path().join("0.log.20260101"), old).unwrap();
        std::fs::write(&path, line(3, 'P', "thr") + &line(3, 'F', "ee") + &line(4, 'F', "four"))
            .unwrap();
        for (asked, want) in [
            ("", "one\ntwo\nthree\nfour\n"),
            ("tailLines=1", "four\n"),
            ("tailLines=4", "two\nthree\nfour\n"),
            ("tailLines=0", ""),
            ("tailLines=99", "one\ntwo\nthree\nfour\n"),
            ("limitBytes=5", "one\nt"),
            ("sinceTime=2026-01-01T00:00:03Z", "three\nfour\n"),
            ("tailLines=1&timestamps=true", "2026-01-01T00:00:04.000000000Z four\n"),
            (
                "timestamps=true&tailLines=3",
                "2026-01-01T00:00:03.000000000Z three\n2026-01-01T00:00:04.000000000Z four\n",
            ),
        ] {
            assert_eq!(read(&path, asked).await, want, "{asked}");
        }
    }

    #[test]
    fn nonsense_is_refused() {
        for asked in
            ["tailLines=-1", "tailLines=x", "limitBytes=0", "sinceSeconds=0", "sinceTime=now"]
        {
            assert!(Options::parse(&query(asked), Timestamp::UNIX_EPOCH).is_err(), "{asked}");
        }
    }

    #[tokio::test]
    async fn following_goes_on_over_rotation_and_ends_with_the_container() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("0.log");
        let line = |text: &str| format!("2026-01-01T00:00:00.000000000Z stdout F {text}\n");
        std::fs::write(&path, line("one")).unwrap();
        let running =
            runtime::ContainerState::Running { pid: 1, started_at: Timestamp::UNIX_EPOCH };
        let state = SandboxState { alive: true, containers: [("c".to_owned(), running)].into() };
        let (sender, receiver) = watch::channel(state);
        let options = Options { follow: true, ..Options::default() };
        let mut reader = Reader::open(&path, options, Some((receiver, "c".to_owned()))).unwrap();
        let mut next = async || String::from_utf8(reader.next().await.unwrap().unwrap()).unwrap();
        assert_eq!(next().await, "one\n");
        std::fs::rename(&path, folder.path().join("0.log.1")).unwrap();
        std::fs::write(&path, line("two")).unwrap();
        assert_eq!(next().await, "two\n");
        sender.send_modify(|state| state.containers.clear());
        assert!(reader.next().await.is_none());
    }
}
