//! The messages of etcd's v3 API that the engine uses. Source: etcd's `rpc.proto` and `kv.proto`.

use bytes::Bytes;

use super::wire::{Fields, Malformed, Message};
use crate::Revision;

/// A key with its value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct KeyValue {
    pub(super) key: Bytes,
    pub(super) create_revision: Revision,
    pub(super) mod_revision: Revision,
    pub(super) version: u64,
    pub(super) value: Bytes,
}

impl KeyValue {
    fn read(bytes: Bytes) -> Result<Self, Malformed> {
        let mut read = Self::default();
        let mut fields = Fields(bytes);
        while let Some((field, value)) = fields.next()? {
            match field {
                1 => read.key = value.bytes(),
                2 => read.create_revision = value.number(),
                3 => read.mod_revision = value.number(),
                4 => read.version = value.number(),
                5 => read.value = value.bytes(),
                _ => {}
            }
        }
        Ok(read)
    }
}

/// A question for keys from `key` up to `end`; for `key` alone where `end` is empty.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct RangeRequest<'a> {
    pub(super) key: &'a [u8],
    pub(super) end: &'a [u8],
    pub(super) limit: u64,
    pub(super) revision: Revision,
    pub(super) keys_only: bool,
    pub(super) count_only: bool,
}

impl RangeRequest<'_> {
    pub(super) fn message(&self) -> Message {
        let mut message = Message::default().bytes(1, self.key);
        if !self.end.is_empty() {
            message = message.bytes(2, self.end);
        }
        message
            .number(3, self.limit)
            .number(4, self.revision)
            .number(8, self.keys_only.into())
            .number(9, self.count_only.into())
    }
}

/// The answer to a [`RangeRequest`].
#[derive(Debug, Default)]
pub(super) struct RangeResponse {
    pub(super) revision: Revision,
    pub(super) records: Vec<KeyValue>,
    /// How many keys there are, whatever the limit.
    pub(super) count: u64,
}

impl RangeResponse {
    pub(super) fn read(bytes: Bytes) -> Result<Self, Malformed> {
        let mut read = Self::default();
        let mut fields = Fields(bytes);
        while let Some((field, value)) = fields.next()? {
            match field {
                1 => read.revision = revision_of(value.bytes())?,
                2 => read.records.push(KeyValue::read(value.bytes())?),
                4 => read.count = value.number(),
                _ => {}
            }
        }
        Ok(read)
    }
}

/// Reads a response's header, whose third field is the store's revision.
fn revision_of(header: Bytes) -> Result<Revision, Malformed> {
    let mut revision = 0;
    let mut fields = Fields(header);
    while let Some((field, value)) = fields.next()? {
        if field == 3 {
            revision = value.number();
        }
    }
    Ok(revision)
}

/// What a transaction does.
#[derive(Debug)]
pub(super) enum Deed<'a> {
    /// Reads.
    Range(RangeRequest<'a>),
    /// Stores a value.
    Put(&'a [u8], &'a [u8]),
    /// Removes a key and returns what it was.
    Delete(&'a [u8]),
}

impl Deed<'_> {
    fn message(&self) -> Message {
        let one = Message::default();
        match self {
            Self::Range(range) => one.message(1, &range.message()),
            Self::Put(key, value) => {
                one.message(2, &Message::default().bytes(1, key).bytes(2, value))
            }
            Self::Delete(key) => one.message(3, &Message::default().bytes(1, key).number(3, 1)),
        }
    }
}

/// What a key is compared by.
#[derive(Debug, Clone, Copy)]
pub(super) enum Compare {
    /// How often it was written since it was created; 0 where it does not exist.
    Version(u64),
    /// Its last write; 0 where it does not exist.
    Modified(Revision),
}

/// `then` where the comparison holds, `otherwise` where it does not.
pub(super) fn transaction(
    key: &[u8],
    compare: Compare,
    then: &[Deed<'_>],
    otherwise: &Deed<'_>,
) -> Bytes {
    let equal = Message::default().number(1, 0);
    let compare = match compare {
        Compare::Version(version) => equal.number(2, 0).bytes(3, key).number(4, version),
        Compare::Modified(revision) => equal.number(2, 2).bytes(3, key).number(6, revision),
    };
    let mut message = Message::default().message(1, &compare);
    for deed in then {
        message = message.message(2, &deed.message());
    }
    message.message(3, &otherwise.message()).finish()
}

/// What a transaction did.
#[derive(Debug, Default)]
pub(super) struct TxnResponse {
    pub(super) revision: Revision,
    pub(super) succeeded: bool,
    /// What was read or removed, over all deeds in their order.
    pub(super) records: Vec<KeyValue>,
}

impl TxnResponse {
    pub(super) fn read(bytes: Bytes) -> Result<Self, Malformed> {
        let mut read = Self::default();
        let mut fields = Fields(bytes);
        while let Some((field, value)) = fields.next()? {
            match field {
                1 => read.revision = revision_of(value.bytes())?,
                2 => read.succeeded = value.number() != 0,
                3 => read.deed(value.bytes())?,
                _ => {}
            }
        }
        Ok(read)
    }

    fn deed(&mut self, bytes: Bytes) -> Result<(), Malformed> {
        let mut fields = Fields(bytes);
        while let Some((field, value)) = fields.next()? {
            match field {
                1 => self.records.extend(RangeResponse::read(value.bytes())?.records),
                3 => self.deletion(value.bytes())?,
                _ => {}
            }
        }
        Ok(())
    }

    fn deletion(&mut self, bytes: Bytes) -> Result<(), Malformed> {
        let mut fields = Fields(bytes);
        while let Some((field, value)) = fields.next()? {
            if field == 3 {
                self.records.push(KeyValue::read(value.bytes())?);
            }
        }
        Ok(())
    }
}

/// Asks etcd to forget what came before a revision.
pub(super) fn compaction(revision: Revision) -> Bytes {
    Message::default().number(1, revision).finish()
}

/// Asks for every event of every key from a revision on.
pub(super) fn watch_everything(from: Revision) -> Bytes {
    let create = Message::default().bytes(1, &[0]).bytes(2, &[0]).number(3, from).number(4, 1);
    Message::default().message(1, &create).finish()
}

/// A part of a watch.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct WatchResponse {
    pub(super) revision: Revision,
    pub(super) canceled: bool,
    /// Not 0 where the watch asked for what is forgotten.
    pub(super) compact_revision: Revision,
    pub(super) cancel_reason: String,
    pub(super) events: Vec<WatchEvent>,
}

/// One change of one key.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct WatchEvent {
    pub(super) deleted: bool,
    pub(super) record: KeyValue,
}

impl WatchResponse {
    pub(super) fn read(bytes: Bytes) -> Result<Self, Malformed> {
        let mut read = Self::default();
        let mut fields = Fields(bytes);
        while let Some((field, value)) = fields.next()? {
            match field {
                1 => read.revision = revision_of(value.bytes())?,
                4 => read.canceled = value.number() != 0,
                5 => read.compact_revision = value.number(),
                6 => read.cancel_reason = value.text(),
                11 => read.events.push(WatchEvent::read(value.bytes())?),
                _ => {}
            }
        }
        Ok(read)
    }
}

impl WatchEvent {
    fn read(bytes: Bytes) -> Result<Self, Malformed> {
        let mut read = Self::default();
        let mut fields = Fields(bytes);
        while let Some((field, value)) = fields.next()? {
            match field {
                1 => read.deleted = value.number() == 1,
                2 => read.record = KeyValue::read(value.bytes())?,
                _ => {}
            }
        }
        Ok(read)
    }
}
