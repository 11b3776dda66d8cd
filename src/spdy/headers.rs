//! Header blocks of SPDY/3: pairs of names and values, compressed over the whole connection.
//!
//! What a peer sends is bounded in both forms; a block that cannot be read ends the connection, since
//! what follows depends on it. Source: SPDY Protocol, draft 3.1, section 2.6.10.

use bytes::{Buf as _, BufMut as _};
use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};

use crate::frame::Broken;

/// The largest block that is read, in bytes, once it is decompressed.
const MAX_BLOCK: usize = 32 << 10;
/// Bytes that the compressed form grows by at once.
const STEP: usize = 512;
/// The dictionary's first part: words, each behind its length.
const WORDS: &str = "options head post put delete trace accept accept-charset accept-encoding \
    accept-language accept-ranges age allow authorization cache-control connection content-base \
    content-encoding content-language content-length content-location content-md5 content-range \
    content-type date etag expect expires from host if-match if-modified-since if-none-match \
    if-range if-unmodified-since last-modified location max-forwards pragma proxy-authenticate \
    proxy-authorization range referer retry-after server te trailer transfer-encoding upgrade \
    user-agent vary via warning www-authenticate method get status 200_OK version HTTP/1.1 url \
    public set-cookie keep-alive origin";
/// The dictionary's second part, as it stands.
const TAIL: &str = "1001012012022052063003023033043053063074024054064074084094104114124134144154164\
    17502504505203 Non-Authoritative Information204 No Content301 Moved Permanently400 Bad \
    Request401 Unauthorized403 Forbidden404 Not Found500 Internal Server Error501 Not \
    Implemented503 Service UnavailableJan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec 00:00:00 \
    Mon, Tue, Wed, Thu, Fri, Sat, Sun, GMTchunked,text/html,image/png,image/jpg,image/gif,\
    application/xml,application/xhtml+xml,text/plain,text/javascript,publicprivatemax-age=gzip,\
    deflate,sdchcharset=utf-8charset=iso-8859-1,utf-,*,enq=0.";

fn dictionary() -> Vec<u8> {
    let mut bytes = Vec::with_capacity(1423);
    for word in WORDS.split(' ') {
        let word = word.replace('_', " ");
        bytes.put_u32(u32::try_from(word.len()).unwrap_or_default());
        bytes.extend_from_slice(word.as_bytes());
    }
    bytes.extend_from_slice(TAIL.as_bytes());
    bytes
}

/// Names and values; names are in lower case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Headers(pub Vec<(String, String)>);

impl Headers {
    /// The value of a header, which is empty if there is none.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    fn parse(mut block: &[u8]) -> Option<Self> {
        let count = block.try_get_u32().ok()?;
        let mut pairs = Vec::new();
        for _ in 0..count {
            let name = text(&mut block)?.to_ascii_lowercase();
            pairs.push((name, text(&mut block)?));
        }
        block.is_empty().then_some(Self(pairs))
    }

    fn block(&self) -> Vec<u8> {
        let length = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let mut block = Vec::new();
        block.put_u32(length(self.0.len()));
        for part in self.0.iter().flat_map(|(name, value)| [name, value]) {
            block.put_u32(length(part.len()));
            block.extend_from_slice(part.as_bytes());
        }
        block
    }
}

fn text(block: &mut &[u8]) -> Option<String> {
    let length = usize::try_from(block.try_get_u32().ok()?).ok()?;
    let (text, rest) = block.split_at_checked(length)?;
    *block = rest;
    Some(String::from_utf8_lossy(text).into_owned())
}

/// Reads the blocks of a connection, in the order in which they came.
#[derive(Debug)]
pub(crate) struct HeaderReader(Decompress);

impl HeaderReader {
    pub(crate) fn new() -> Self {
        Self(Decompress::new(true))
    }

    /// Reads one block. Errors: `Headers`, after which nothing more can be read.
    pub(crate) fn read(&mut self, mut compressed: &[u8]) -> Result<Headers, Broken> {
        let mut block = Vec::with_capacity(MAX_BLOCK);
        loop {
            let before = self.0.total_in();
            let done = self.0.decompress_vec(compressed, &mut block, FlushDecompress::Sync);
            let used = usize::try_from(self.0.total_in() - before).map_err(|_| Broken::Headers)?;
            compressed = compressed.get(used..).ok_or(Broken::Headers)?;
            match done {
                Ok(Status::StreamEnd) => return Err(Broken::Headers),
                Ok(_) if block.len() == block.capacity() => return Err(Broken::Headers),
                Ok(_) if compressed.is_empty() => break,
                Ok(_) if used == 0 => return Err(Broken::Headers),
                Ok(_) => {}
                Err(error) if error.needs_dictionary().is_some() => {
                    let set = self.0.set_dictionary(&dictionary());
                    set.map_err(|_| Broken::Headers)?;
                }
                Err(_) => return Err(Broken::Headers),
            }
        }
        Headers::parse(&block).ok_or(Broken::Headers)
    }
}

/// Writes the blocks of a connection, in the order in which they go.
#[derive(Debug)]
pub(crate) struct HeaderWriter(Compress);

impl HeaderWriter {
    pub(crate) fn new() -> Result<Self, Broken> {
        let mut compress = Compress::new(Compression::best(), true);
        compress.set_dictionary(&dictionary()).map_err(|_| Broken::Headers)?;
        Ok(Self(compress))
    }

    pub(crate) fn write(&mut self, headers: &Headers) -> Result<Vec<u8>, Broken> {
        let block = headers.block();
        let (mut left, mut out) = (block.as_slice(), Vec::new());
        loop {
            out.reserve(STEP);
            let before = self.0.total_in();
            let done = self.0.compress_vec(left, &mut out, FlushCompress::Sync);
            done.map_err(|_| Broken::Headers)?;
            let used = usize::try_from(self.0.total_in() - before).map_err(|_| Broken::Headers)?;
            left = left.get(used..).ok_or(Broken::Headers)?;
            if left.is_empty() && out.len() < out.capacity() {
                return Ok(out);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&str, &str)]) -> Headers {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Headers(pairs.iter().map(owned).collect())
    }

    /// Every stream of SPDY/3 begins with the dictionary's checksum, by which peers know it.
    #[test]
    fn the_dictionary_is_that_of_version_3() {
        assert_eq!(dictionary().len(), 1423);
        let block = HeaderWriter::new().unwrap().write(&headers(&[])).unwrap();
        assert_eq!(block[2..6], [0xe3, 0xc6, 0xa7, 0xc2]);
    }

    #[test]
    fn blocks_share_one_stream() {
        let (mut writer, mut reader) = (HeaderWriter::new().unwrap(), HeaderReader::new());
        let long = "x".repeat(20_000);
        for pairs in [
            headers(&[("streamtype", "error")]),
            headers(&[]),
            headers(&[("streamtype", "data"), ("port", "80"), ("requestid", "0")]),
            headers(&[("long", &long)]),
        ] {
            assert_eq!(reader.read(&writer.write(&pairs).unwrap()), Ok(pairs));
        }
    }

    #[test]
    fn a_bomb_is_not_unpacked() {
        let bomb = "0".repeat(2 << 20);
        let block = HeaderWriter::new().unwrap().write(&headers(&[("a", &bomb)])).unwrap();
        assert!(block.len() < 64 << 10, "{}", block.len());
        assert_eq!(HeaderReader::new().read(&block), Err(Broken::Headers));
    }

    #[test]
    fn blocks_that_lie_are_refused() {
        for (case, block) in [
            ("more pairs than there are", vec![0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0]),
            ("a name longer than the block", vec![0, 0, 0, 1, 0xff, 0xff, 0xff, 0xff]),
            ("something behind the end", vec![0, 0, 0, 0, 1]),
            ("too short for a count", vec![0]),
        ] {
            assert_eq!(Headers::parse(&block), None, "{case}");
        }
    }
}
