//! The embedded engine: the common suite, and what only a file can suffer.

use std::{fs, io::Write as _};

use super::*;
use crate::{Durability, Expect, Op, Value, suite};

fn small() -> Options {
    Options { log_slack_bytes: 4096, ..Options::default() }
}

fn open(path: &Path) -> Embedded {
    Embedded::open(path, small()).unwrap()
}

async fn reopen(store: Embedded, path: &Path) -> Embedded {
    store.close().await.unwrap();
    open(path)
}

#[tokio::test]
async fn passes_the_suite() {
    let folder = tempfile::tempdir().unwrap();
    suite::run(&open(&folder.path().join("store"))).await;
}

#[tokio::test]
async fn reopens_with_everything_and_a_greater_revision() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let store = open(&path);
    let made = suite::put(&store, "/a", Expect::Absent, "1").await;
    suite::put(&store, "/a", Expect::At(made.mod_revision), "2").await;
    let before = store.revision().await.unwrap();

    let store = reopen(store, &path).await;
    assert_eq!(store.get("/a").await.unwrap().unwrap().value, "2");
    assert!(store.revision().await.unwrap() >= before);
    assert!(matches!(store.watch("/", 1).await, Err(StoreError::Compacted { .. })));
}

#[tokio::test]
async fn a_torn_tail_is_cut_off_and_damage_refuses() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let store = open(&path);
    let made = suite::put(&store, "/a", Expect::Absent, "first").await;
    suite::put(&store, "/a", Expect::At(made.mod_revision), "second").await;
    store.close().await.unwrap();
    let whole = fs::read(&path).unwrap();

    for cut in 1..20 {
        fs::write(&path, &whole[..whole.len() - cut]).unwrap();
        let store = open(&path);
        assert_eq!(store.get("/a").await.unwrap().unwrap().value, "first", "cut {cut}");
        store.close().await.unwrap();
    }
    let mut garbage = fs::OpenOptions::new().append(true).open(&path).unwrap();
    garbage.write_all(b"kfr1 and then nonsense").unwrap();
    let store = open(&path);
    assert_eq!(store.get("/a").await.unwrap().unwrap().value, "first");
    store.close().await.unwrap();
    assert!(store.revision().await.is_ok(), "reads go on after the end");

    let mut damaged = whole.clone();
    damaged[20] ^= 0xff;
    fs::write(&path, &damaged).unwrap();
    assert!(matches!(Embedded::open(&path, small()), Err(StoreError::Damaged { .. })));
}

#[tokio::test]
async fn the_log_is_shortened_and_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let store = open(&path);
    let mut record = suite::put(&store, "/a", Expect::Absent, "0").await;
    let long = "x".repeat(1000);
    for _ in 0..50 {
        record = suite::put(&store, "/a", Expect::At(record.mod_revision), &long).await;
    }
    assert!(fs::metadata(&path).unwrap().len() < 10_000);
    assert_eq!(reopen(store, &path).await.get("/a").await.unwrap().unwrap().value, long);
}

#[tokio::test]
async fn volatile_writes_leave_the_file_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let store = open(&path);
    let mut record = suite::put(&store, "/lease", Expect::Absent, "0").await;
    let before = fs::metadata(&path).unwrap().len();
    for round in 0..100 {
        let write = Write {
            key: "/lease".into(),
            expect: Expect::At(record.mod_revision),
            op: Op::Put(Value::plain(round.to_string())),
            durability: Durability::Volatile,
        };
        let Outcome::Done(next) = store.write(write).await.unwrap() else { panic!("conflict") };
        record = next;
    }
    assert_eq!(fs::metadata(&path).unwrap().len(), before);
    assert_eq!(store.get("/lease").await.unwrap().unwrap().value, "99");
}

#[tokio::test]
async fn a_second_opener_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let _first = open(&path);
    assert!(matches!(Embedded::open(&path, small()), Err(StoreError::InUse { .. })));
}

#[tokio::test]
async fn a_quiet_watcher_is_not_cut_off_by_the_noise_of_others() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options { history_events: 4, ..small() };
    let store = Embedded::open(&folder.path().join("store"), options).unwrap();
    let mut quiet = store.watch("/quiet/", 0).await.unwrap();
    let mut slow = store.watch("/noise/", 0).await.unwrap();
    for round in 0..10 {
        suite::put(&store, &format!("/noise/{round}"), Expect::Absent, "x").await;
    }
    suite::put(&store, "/quiet/a", Expect::Absent, "1").await;
    assert_eq!(quiet.next().await.unwrap().len(), 1);
    assert!(matches!(slow.next().await, Err(StoreError::Compacted { .. })));
}
