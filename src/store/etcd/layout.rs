//! Where the engine's keys and values stand in an etcd.
//!
//! etcd gives a write its revision only when it has happened, so a value is kept with the place of
//! the hole instead: a line `kanoe/1 PLACE` (or `kanoe/1 -` for none), then the bytes. Whoever reads
//! it writes the revision in, so that every control plane sees the same bytes.

use bytes::Bytes;

use super::messages::KeyValue;
use crate::{Record, Revision, StoreError, Value};

const MARK: &str = "kanoe/1 ";
/// Longest first line: the mark, twenty digits and the line's end.
const LONGEST_HEAD: usize = 32;

/// The translation of keys.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    inside: String,
    outside: String,
}

impl Layout {
    /// Keys that start with `inside` stand under `outside`.
    pub(super) fn new(inside: &str, outside: &str) -> Self {
        Self { inside: inside.to_owned(), outside: outside.trim_end_matches('/').to_owned() }
    }

    /// The key or prefix as etcd knows it.
    pub(super) fn outside(&self, key: &str) -> Vec<u8> {
        let rest = key.strip_prefix(&self.inside).unwrap_or(key);
        [self.outside.as_bytes(), rest.as_bytes()].concat()
    }

    /// The key as we know it; `None` where it is somebody else's.
    pub(super) fn inside(&self, key: &[u8]) -> Option<String> {
        let rest = std::str::from_utf8(key.strip_prefix(self.outside.as_bytes())?).ok()?;
        rest.starts_with('/').then(|| format!("{}{rest}", self.inside))
    }

    /// Everything that is ours: from a key up to another one.
    pub(super) fn everything(&self) -> (Vec<u8>, Vec<u8>) {
        let prefix = format!("{}/", self.outside).into_bytes();
        let end = end_of(&prefix);
        (prefix, end)
    }

    /// The record of a key of ours. Errors: `Foreign` for a value that is not in our form.
    pub(super) fn record(&self, found: &KeyValue) -> Result<Record, StoreError> {
        let foreign =
            || StoreError::Foreign { key: String::from_utf8_lossy(&found.key).into_owned() };
        let key = self.inside(&found.key).ok_or_else(foreign)?;
        Ok(Record {
            key: key.into(),
            value: read(&found.value, found.mod_revision).ok_or_else(foreign)?,
            create_revision: found.create_revision,
            mod_revision: found.mod_revision,
        })
    }
}

/// The first key behind all that start with `prefix`.
pub(super) fn end_of(prefix: &[u8]) -> Vec<u8> {
    let mut end = prefix.to_vec();
    while let Some(last) = end.pop() {
        if last < 0xff {
            end.push(last + 1);
            return end;
        }
    }
    // No such key: up to the end of all.
    vec![0]
}

/// A value as it is kept.
pub(super) fn write(value: &Value) -> Vec<u8> {
    let place = value.stamp_at.filter(|at| *at <= value.bytes.len());
    let place = place.map_or_else(|| "-".to_owned(), |at| at.to_string());
    [MARK.as_bytes(), place.as_bytes(), b"\n", &value.bytes].concat()
}

/// A kept value with a revision written in; `None` where it is not in our form.
pub(super) fn read(kept: &Bytes, revision: Revision) -> Option<Bytes> {
    parse(kept).map(|value| value.stamped(revision))
}

/// A kept value with its hole; `None` where it is not in our form.
pub(super) fn parse(kept: &Bytes) -> Option<Value> {
    let head = kept.iter().take(LONGEST_HEAD).position(|byte| *byte == b'\n')?;
    let place = std::str::from_utf8(kept.get(..head)?).ok()?.strip_prefix(MARK)?;
    let stamp_at = match place {
        "-" => None,
        digits => Some(digits.parse().ok()?),
    };
    let value = Value { bytes: kept.slice(head + 1..), stamp_at };
    stamp_at.is_none_or(|at| at <= value.bytes.len()).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_go_out_and_come_back() {
        let layout = Layout::new("/registry", "/clusters/a/");
        let key = "/registry/core/pods/default/a";
        assert_eq!(layout.outside(key), b"/clusters/a/core/pods/default/a");
        assert_eq!(layout.inside(&layout.outside(key)).as_deref(), Some(key));
        assert_eq!(layout.inside(b"/clusters/ab/core"), None);
        assert_eq!(layout.everything(), (b"/clusters/a/".to_vec(), b"/clusters/a0".to_vec()));
        assert_eq!(end_of(&[1, 0xff]), [2]);
        assert_eq!(end_of(&[0xff]), [0]);
    }

    proptest::proptest! {
        #[test]
        fn values_come_back_whatever_they_are(bytes: Vec<u8>, at: Option<usize>, revision: u64) {
            let value = Value { bytes: bytes.into(), stamp_at: at };
            let kept = Bytes::from(write(&value));
            assert_eq!(read(&kept, revision).unwrap(), value.stamped(revision));
        }
    }

    #[test]
    fn values_are_stamped_when_they_are_read() {
        let hole = Value { bytes: "rv=;".into(), stamp_at: Some(3) };
        assert_eq!(read(&write(&hole).into(), 42).unwrap(), "rv=42;");
        assert_eq!(read(&write(&Value::plain("plain")).into(), 42).unwrap(), "plain");
        for foreign in ["", "k8s\0", "{}", "kanoe/1 9\nshort", "kanoe/1 x\n", "kanoe/2 -\n"] {
            assert_eq!(read(&foreign.into(), 1), None, "{foreign:?}");
        }
    }
}
