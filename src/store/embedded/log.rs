//! The file: a header and a row of frames, one frame a group commit.
//!
//! A frame is `magic, length, crc32(payload)` and its payload, a row of entries. Frame n+1 is
//! written only after frame n is synced, so only the last frame can be torn: on opening, a bad
//! frame with nothing intact behind it is cut off, one with intact frames behind it is damage and
//! refuses to open. Integers are little-endian.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
    sync::Arc,
};

use bytes::Bytes;

use crate::{Change, Event, Record, Revision, StoreError, memory::State};

const HEADER: &[u8; 16] = b"kanoe store 1\n\0\0";
const MAGIC: [u8; 4] = *b"kfr1";
const FRAME_HEAD: usize = 12;

const LIVE: u8 = 1;
const PUT: u8 = 2;
const DELETE: u8 = 3;
const RESERVE: u8 = 4;

/// The open file, positioned at its end.
#[derive(Debug)]
pub(super) struct Log {
    file: File,
    path: PathBuf,
    length: u64,
    /// Set when a failed write could not be taken back: nothing may follow it.
    unknown_end: bool,
}

/// The payload of a frame that is being put together.
#[derive(Debug, Default)]
pub(super) struct Batch {
    payload: Vec<u8>,
}

impl Batch {
    /// Adds a write.
    pub(super) fn event(&mut self, event: &Event) {
        match &event.change {
            Change::Created(value) | Change::Updated { value, .. } => {
                self.entry(PUT, (event.revision, 0), &event.key, value);
            }
            Change::Deleted { value, .. } => {
                self.entry(DELETE, (event.revision, 0), &event.key, value);
            }
        }
    }

    /// Adds a record that is live when the log is rewritten.
    pub(super) fn live(&mut self, record: &Record) {
        let revisions = (record.mod_revision, record.create_revision);
        self.entry(LIVE, revisions, &record.key, &record.value);
    }

    /// Promises that no revision up to this one is given out again after a restart.
    pub(super) fn reserve(&mut self, revision: Revision) {
        self.entry(RESERVE, (revision, 0), "", &[]);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.payload.is_empty()
    }

    fn entry(&mut self, kind: u8, revisions: (Revision, Revision), key: &str, value: &[u8]) {
        self.payload.push(kind);
        self.payload.extend_from_slice(&revisions.0.to_le_bytes());
        self.payload.extend_from_slice(&revisions.1.to_le_bytes());
        for part in [key.as_bytes(), value] {
            let length = u32::try_from(part.len()).expect("requests are limited to a few MiB");
            self.payload.extend_from_slice(&length.to_le_bytes());
            self.payload.extend_from_slice(part);
        }
    }

    fn frame(&self) -> Vec<u8> {
        let length = u32::try_from(self.payload.len()).expect("batches are limited in size");
        let mut frame = Vec::with_capacity(FRAME_HEAD + self.payload.len());
        frame.extend_from_slice(&MAGIC);
        frame.extend_from_slice(&length.to_le_bytes());
        frame.extend_from_slice(&crc32fast::hash(&self.payload).to_le_bytes());
        frame.extend_from_slice(&self.payload);
        frame
    }
}

impl Log {
    /// Opens or creates the file, locks it, and replays it into `state`.
    pub(super) fn open(path: &Path, state: &mut State) -> Result<Self, StoreError> {
        let failed = |source| StoreError::Open { path: path.to_owned(), source };
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(StoreError::InUse { path: path.to_owned() });
            }
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
        let mut content = Vec::new();
        file.read_to_end(&mut content).map_err(failed)?;
        if content.len() < HEADER.len() && HEADER.starts_with(&content) {
            return Self::begin(file, path).map_err(failed);
        }
        if !content.starts_with(HEADER) {
            return Err(StoreError::Damaged { path: path.to_owned(), offset: 0 });
        }
        let length = replay(path, &content.into(), state)?;
        file.set_len(length).and_then(|()| file.sync_data()).map_err(failed)?;
        file.seek(SeekFrom::Start(length)).map_err(failed)?;
        Ok(Self { file, path: path.to_owned(), length, unknown_end: false })
    }

    fn begin(mut file: File, path: &Path) -> io::Result<Self> {
        file.seek(SeekFrom::Start(0))?;
        file.write_all(HEADER)?;
        file.sync_all()?;
        sync_folder(path)?;
        let length = HEADER.len() as u64;
        Ok(Self { file, path: path.to_owned(), length, unknown_end: false })
    }

    /// Bytes in the file.
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// Appends a frame and waits until it is on disk; on an error the file is as before.
    pub(super) fn append(&mut self, batch: &Batch) -> Result<(), StoreError> {
        if self.unknown_end {
            return Err(self.refused(&io::Error::other("an earlier write failed halfway")));
        }
        let frame = batch.frame();
        let written = self.file.write_all(&frame).and_then(|()| self.file.sync_data());
        if let Err(error) = written {
            let taken_back = self.file.set_len(self.length).and_then(|()| {
                self.file.seek(SeekFrom::Start(self.length))?;
                self.file.sync_data()
            });
            self.unknown_end = taken_back.is_err();
            return Err(self.refused(&error));
        }
        self.length += frame.len() as u64;
        Ok(())
    }

    /// Replaces the file by one that holds only the live records of `state`.
    pub(super) fn rewrite(&mut self, state: &State, reserved: Revision) -> Result<(), StoreError> {
        let fresh = self.path.with_extension("new");
        self.write_fresh(&fresh, state, reserved).map_err(|error| {
            // The old file is whole and stays in use; a half-written new one is of no value.
            if let Err(left) = fs::remove_file(&fresh) {
                tracing::warn!(path = %fresh.display(), error = %left, "cannot remove file");
            }
            self.refused(&error)
        })
    }

    fn write_fresh(&mut self, fresh: &Path, state: &State, reserved: Revision) -> io::Result<()> {
        let mut file =
            OpenOptions::new().read(true).write(true).create(true).truncate(true).open(fresh)?;
        file.try_lock().map_err(io::Error::from)?;
        file.write_all(HEADER)?;
        let mut length = HEADER.len() as u64;
        let mut batch = Batch::default();
        for record in state.records() {
            batch.live(record);
            if batch.payload.len() > 1 << 20 {
                length += write_frame(&mut file, &batch)?;
                batch = Batch::default();
            }
        }
        batch.reserve(reserved);
        length += write_frame(&mut file, &batch)?;
        file.sync_all()?;
        fs::rename(fresh, &self.path)?;
        sync_folder(&self.path)?;
        self.file = file;
        self.length = length;
        self.unknown_end = false;
        Ok(())
    }

    fn refused(&self, error: &io::Error) -> StoreError {
        StoreError::Refused {
            path: self.path.clone(),
            reason: error.to_string(),
            kind: error.kind(),
        }
    }
}

fn write_frame(file: &mut File, batch: &Batch) -> io::Result<u64> {
    let frame = batch.frame();
    file.write_all(&frame)?;
    Ok(frame.len() as u64)
}

fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

/// Replays the frames of `content`; returns how many bytes of it are good.
fn replay(path: &Path, content: &Bytes, state: &mut State) -> Result<u64, StoreError> {
    let mut offset = HEADER.len();
    let mut reserved = 0;
    while offset < content.len() {
        let Some(payload) = intact_frame(content, offset) else {
            let damaged = (offset + 1..content.len()).any(|at| intact_frame(content, at).is_some());
            if damaged {
                return Err(StoreError::Damaged { path: path.to_owned(), offset: offset as u64 });
            }
            break;
        };
        let end = offset + FRAME_HEAD + payload.len();
        let promised = replay_entries(&payload, state)
            .ok_or_else(|| StoreError::Damaged { path: path.to_owned(), offset: offset as u64 })?;
        reserved = reserved.max(promised);
        offset = end;
    }
    state.skip_to(reserved);
    Ok(offset as u64)
}

fn intact_frame(content: &Bytes, offset: usize) -> Option<Bytes> {
    let head = content.get(offset..offset + FRAME_HEAD)?;
    let (magic, rest) = head.split_at(4);
    if magic != MAGIC {
        return None;
    }
    let (length, crc) = rest.split_at(4);
    let length = u32::from_le_bytes(length.try_into().ok()?) as usize;
    let start = offset + FRAME_HEAD;
    let payload = content.get(start..start.checked_add(length)?)?;
    let sound = crc32fast::hash(payload) == u32::from_le_bytes(crc.try_into().ok()?);
    sound.then(|| content.slice(start..start + length))
}

/// Replays one frame; returns the highest revision that it reserves. `None` is nonsense.
fn replay_entries(payload: &Bytes, state: &mut State) -> Option<Revision> {
    let mut reserved = 0;
    let mut rest = payload.as_ref();
    while !rest.is_empty() {
        let (kind, tail) = rest.split_first()?;
        let (revision, tail) = tail.split_first_chunk::<8>()?;
        let (created, tail) = tail.split_first_chunk::<8>()?;
        let (key, tail) = part(tail)?;
        let (value, tail) = part(tail)?;
        rest = tail;
        let key: Arc<str> = std::str::from_utf8(key).ok()?.into();
        // A copy: a slice would keep the whole file in memory for as long as the value lives.
        let value = Bytes::copy_from_slice(value);
        let revision = Revision::from_le_bytes(*revision);
        let previous = state.get(&key).map(|record| record.value.clone());
        let change = match (*kind, previous) {
            (RESERVE, _) => {
                reserved = reserved.max(revision);
                continue;
            }
            (LIVE, _) => {
                let create_revision = Revision::from_le_bytes(*created);
                state.restore(Record { key, value, create_revision, mod_revision: revision });
                continue;
            }
            (PUT, None) => Change::Created(value),
            (PUT, Some(previous)) => Change::Updated { value, previous },
            (DELETE, Some(previous)) => Change::Deleted { value, previous },
            // Its creation was volatile and died with an earlier process.
            (DELETE, None) => continue,
            _ => return None,
        };
        state.apply(Event { revision, key, change });
    }
    Some(reserved)
}

fn part(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    rest.split_at_checked(u32::from_le_bytes(*length) as usize)
}
