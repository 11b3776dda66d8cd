//! Kills a writing process at random points: every acknowledged write is there after it, in
//! order, and nothing else.
//!
//! The test starts its own executable as the child; the child writes each acknowledgement to its
//! standard output, so what the parent read is what was promised.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::{
    env,
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Command, Stdio},
};

use store::{Durability, Embedded, Engine as _, Expect, Op, Options, Outcome, Range, Value, Write};

const CHILD: &str = "KANOE_TORTURE_STORE";
const ROUNDS: usize = 25;
const WRITERS: usize = 8;

fn options() -> Options {
    Options { log_slack_bytes: 16 << 10, ..Options::default() }
}

#[test]
fn acknowledged_writes_survive_kill_9() {
    if let Ok(path) = env::var(CHILD) {
        return write_forever(Path::new(&path));
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let mut acknowledged = vec![None::<u64>; WRITERS];
    for round in 0..ROUNDS {
        let mut child = Command::new(env::current_exe().unwrap())
            .args(["--exact", "acknowledged_writes_survive_kill_9", "--nocapture"])
            .env(CHILD, &path)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let wanted = 1 + round * 7;
        let mut heard = 0;
        while let Some(Ok(line)) = lines.next() {
            note(&line, &mut acknowledged, &mut heard);
            if heard == wanted {
                child.kill().unwrap();
            }
        }
        child.wait().unwrap();
        assert!(heard >= wanted, "the child ended by itself after {heard} writes");
        check(&path, &acknowledged);
    }
}

fn note(line: &str, acknowledged: &mut [Option<u64>], heard: &mut usize) {
    let Some(rest) = line.strip_prefix("ack ") else { return };
    let Some((writer, value)) = rest.split_once(' ') else { return };
    let (Ok(writer), Ok(value)) = (writer.parse::<usize>(), value.parse()) else { return };
    acknowledged[writer] = Some(value);
    *heard += 1;
}

#[tokio::main(flavor = "current_thread")]
async fn check(path: &Path, acknowledged: &[Option<u64>]) {
    let store = Embedded::open(path, options()).unwrap();
    let page = store.range(&Range { prefix: "/w/".into(), ..Range::default() }).await.unwrap();
    assert!(page.records.len() <= WRITERS, "{} keys", page.records.len());
    for (writer, promised) in acknowledged.iter().enumerate() {
        let found = store.get(&format!("/w/{writer}")).await.unwrap();
        let found: Option<u64> =
            found.map(|record| std::str::from_utf8(&record.value).unwrap().parse().unwrap());
        // One write more than was heard of may have happened: its acknowledgement died on the way.
        let heard = *promised;
        let next = Some(heard.map_or(0, |value| value + 1));
        assert!(found == heard || found == next, "writer {writer}: {found:?}, promised {heard:?}");
    }
}

#[tokio::main(flavor = "current_thread")]
async fn write_forever(path: &Path) {
    let store = loop {
        match Embedded::open(path, options()) {
            Ok(store) => break store,
            Err(store::StoreError::InUse { .. }) => tokio::task::yield_now().await,
            Err(error) => panic!("{error}"),
        }
    };
    let writers = (0..WRITERS).map(|writer| write_one_key(&store, writer));
    futures::future::join_all(writers).await;
}

async fn write_one_key(store: &Embedded, writer: usize) {
    let key = format!("/w/{writer}");
    let mut record = store.get(&key).await.unwrap();
    loop {
        let next = record.as_ref().map_or(0, |record| {
            std::str::from_utf8(&record.value).unwrap().parse::<u64>().unwrap() + 1
        });
        let write = Write {
            key: key.as_str().into(),
            expect: record.map_or(Expect::Absent, |record| Expect::At(record.mod_revision)),
            op: Op::Put(Value::plain(next.to_string())),
            durability: Durability::Synced,
        };
        let Outcome::Done(done) = store.write(write).await.unwrap() else {
            panic!("nobody else writes {key}")
        };
        let mut out = std::io::stdout().lock();
        writeln!(out, "ack {writer} {next}").unwrap();
        out.flush().unwrap();
        record = Some(done);
    }
}
