//! Protocol buffers' encoding, as much as etcd's few messages need: numbers, bytes and messages in
//! messages. Source: protobuf.dev, "Encoding".

use bytes::Bytes;

/// Bytes that are no protocol buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Malformed;

/// A message that is being written.
#[derive(Debug, Default)]
pub(super) struct Message(Vec<u8>);

const NUMBER: u64 = 0;
const FIXED_64: u64 = 1;
const LENGTH: u64 = 2;
const FIXED_32: u64 = 5;

impl Message {
    fn varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.0.push(u8::try_from(value & 0x7f).unwrap_or(0) | 0x80);
            value >>= 7;
        }
        self.0.push(u8::try_from(value).unwrap_or(0));
    }

    /// Adds a number or truth value; zero is written too, for fields of which one must be chosen.
    pub(super) fn number(mut self, field: u64, value: u64) -> Self {
        self.varint(field << 3 | NUMBER);
        self.varint(value);
        self
    }

    /// Adds bytes or text.
    pub(super) fn bytes(mut self, field: u64, value: &[u8]) -> Self {
        self.varint(field << 3 | LENGTH);
        self.varint(value.len() as u64);
        self.0.extend_from_slice(value);
        self
    }

    /// Adds a message.
    pub(super) fn message(self, field: u64, value: &Self) -> Self {
        self.bytes(field, &value.0)
    }

    /// The message's bytes.
    pub(super) fn finish(self) -> Bytes {
        self.0.into()
    }
}

/// A field's value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    /// A number or truth value.
    Number(u64),
    /// Bytes, text or a message; shares the memory that it was read from.
    Bytes(Bytes),
}

impl Value {
    /// The number; 0 where it is none.
    pub(super) fn number(&self) -> u64 {
        match self {
            Self::Number(number) => *number,
            Self::Bytes(_) => 0,
        }
    }

    /// The bytes; none where it is a number.
    pub(super) fn bytes(self) -> Bytes {
        match self {
            Self::Number(_) => Bytes::new(),
            Self::Bytes(bytes) => bytes,
        }
    }

    /// The text as far as it is one.
    pub(super) fn text(self) -> String {
        String::from_utf8_lossy(&self.bytes()).into_owned()
    }
}

/// Reads a message field by field, in the order in which they stand.
#[derive(Debug)]
pub(super) struct Fields(pub(super) Bytes);

impl Fields {
    fn varint(&mut self) -> Result<u64, Malformed> {
        let mut value = 0;
        for (index, byte) in self.0.iter().take(10).enumerate() {
            value |= u64::from(byte & 0x7f) << (7 * index);
            if byte & 0x80 == 0 {
                drop(self.0.split_to(index + 1));
                return Ok(value);
            }
        }
        Err(Malformed)
    }

    fn take(&mut self, length: u64) -> Result<Bytes, Malformed> {
        let length = usize::try_from(length).map_err(|_| Malformed)?;
        if length > self.0.len() {
            return Err(Malformed);
        }
        Ok(self.0.split_to(length))
    }

    /// The next field's number and value.
    pub(super) fn next(&mut self) -> Result<Option<(u64, Value)>, Malformed> {
        if self.0.is_empty() {
            return Ok(None);
        }
        let tag = self.varint()?;
        let value = match tag & 7 {
            NUMBER => Value::Number(self.varint()?),
            FIXED_64 => Value::Bytes(self.take(8)?),
            LENGTH => {
                let length = self.varint()?;
                Value::Bytes(self.take(length)?)
            }
            FIXED_32 => Value::Bytes(self.take(4)?),
            _ => return Err(Malformed),
        };
        Ok(Some((tag >> 3, value)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back_and_nonsense_is_refused() {
        let inner = Message::default().number(1, u64::MAX).bytes(2, b"x");
        let bytes = Message::default().number(3, 0).message(300, &inner).finish();
        let mut fields = Fields(bytes.clone());
        assert_eq!(fields.next(), Ok(Some((3, Value::Number(0)))));
        let Ok(Some((300, Value::Bytes(read)))) = fields.next() else { panic!("no message") };
        assert_eq!(fields.next(), Ok(None));
        let mut fields = Fields(read);
        assert_eq!(fields.next(), Ok(Some((1, Value::Number(u64::MAX)))));
        assert_eq!(fields.next(), Ok(Some((2, Value::Bytes("x".into())))));

        for cut in 1..bytes.len() {
            let mut fields = Fields(bytes.slice(..cut));
            while matches!(fields.next(), Ok(Some(_))) {}
        }
        for wrong in [&[0x80][..], &[0x0a, 0x05, 1], &[0xff; 11], &[0x0b]] {
            assert_eq!(Fields(Bytes::copy_from_slice(wrong)).next(), Err(Malformed), "{wrong:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_are_too_odd(bytes: Vec<u8>) {
            use super::super::messages::{RangeResponse, TxnResponse, WatchResponse};
            let bytes = Bytes::from(bytes);
            drop(RangeResponse::read(bytes.clone()));
            drop(TxnResponse::read(bytes.clone()));
            drop(WatchResponse::read(bytes));
        }
    }

    #[test]
    fn bytes_are_those_of_the_specification() {
        // protobuf.dev: field 1 with 150 is 08 96 01; field 2 with "testing" is 12 07 ...
        assert_eq!(Message::default().number(1, 150).finish(), &[0x08, 0x96, 0x01][..]);
        let text = Message::default().bytes(2, b"testing").finish();
        assert_eq!(text, &b"\x12\x07testing"[..]);
    }
}
