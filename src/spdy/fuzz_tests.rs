//! Hostile frames, made of good ones: nothing panics, and what is read is within bounds.

use bytes::BytesMut;
use fuzz::Fuzz;

use crate::{
    frame::{Frame, FrameReader, FrameWriter},
    headers::Headers,
};

#[test]
fn frames() {
    let headers =
        || Headers(vec![("streamtype".into(), "data".into()), ("port".into(), "80".into())]);
    let sent = [
        Frame::SynStream { stream: 1, fin: false, headers: headers() },
        Frame::SynReply { stream: 1, fin: false, headers: headers() },
        Frame::Data { stream: 1, fin: true, bytes: b"hello".to_vec().into() },
        Frame::Settings(vec![(4, 100), (7, 65536)]),
        Frame::WindowUpdate { stream: 1, delta: 4096 },
        Frame::Ping(1),
        Frame::Reset { stream: 1, status: 5 },
        Frame::GoAway { last: 1, status: 0 },
    ];
    let written = |frames: &[Frame]| {
        let (mut writer, mut bytes) = (FrameWriter::new().unwrap(), BytesMut::new());
        for frame in frames {
            writer.write(frame, &mut bytes).unwrap();
        }
        bytes.to_vec()
    };
    let corpus = (1..=sent.len()).map(|many| written(&sent[..many]));
    Fuzz::bytes("spdy frames", corpus).rounds(2000).run(|bytes| {
        let mut reader = FrameReader::new();
        for part in bytes.chunks(700) {
            reader.buffer().extend_from_slice(part);
            loop {
                match reader.next() {
                    Ok(Some(_)) => {}
                    Ok(None) => break,
                    Err(_) => return false,
                }
            }
        }
        true
    });
}
