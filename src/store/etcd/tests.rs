//! The engine on a real etcd: the common suite, and what only a server of one's own can suffer.

use std::time::Duration;

use bytes::Bytes;
use support::Etcd as Servers;

use super::*;
use crate::{Change, Durability, suite};

fn options(servers: &Servers, prefix: &str) -> EtcdOptions {
    EtcdOptions { servers: servers.servers(), prefix: prefix.into(), ..EtcdOptions::default() }
}

async fn open(servers: &Servers) -> Etcd {
    Etcd::open(&options(servers, "/suite")).await.unwrap()
}

#[tokio::test]
async fn passes_the_suite() {
    let servers = Servers::start(1);
    suite::run(&open(&servers).await).await;
}

#[tokio::test]
async fn control_planes_see_each_others_writes_at_once() {
    let servers = Servers::start(1);
    let (one, two) = (open(&servers).await, open(&servers).await);
    let other = Etcd::open(&options(&servers, "/suited")).await.unwrap();
    let mut watch = two.watch("/a", 1).await.unwrap();
    for round in 0..200 {
        let key = format!("/a/{round}");
        let made = suite::put(&one, &key, Expect::Absent, "1").await;
        assert_eq!(two.get(&key).await.unwrap(), Some(made), "round {round}");
        assert_eq!(other.get(&key).await.unwrap(), None, "another prefix is another cluster");
    }
    let hole = Value { bytes: "rv=;".into(), stamp_at: Some(3) };
    let durability = Durability::Synced;
    let write = |expect, op| Write { key: "/a/hole".into(), expect, op, durability };
    let made = one.write(write(Expect::Absent, Op::Put(hole))).await.unwrap();
    let Outcome::Done(made) = made else { panic!("{made:?}") };
    let gone = one.write(write(Expect::At(made.mod_revision), Op::Delete(None))).await.unwrap();
    let Outcome::Done(gone) = gone else { panic!("{gone:?}") };
    let mut events = Vec::new();
    while events.len() < 202 {
        events.extend(watch.next().await.unwrap());
    }
    let stamped = |revision| Bytes::from(format!("rv={revision};"));
    let (value, previous) = (stamped(gone.mod_revision), stamped(made.mod_revision));
    assert_eq!(events[201].change, Change::Deleted { value, previous });
}

#[tokio::test]
async fn a_late_opener_finds_everything_and_reads_the_past_from_etcd() {
    let servers = Servers::start(1);
    let early = open(&servers).await;
    let made = suite::put(&early, "/a", Expect::Absent, "1").await;
    let changed = suite::put(&early, "/a", Expect::At(made.mod_revision), "2").await;
    for index in 0..1500 {
        suite::put(&early, &format!("/many/{index}"), Expect::Absent, "x").await;
    }
    let late = open(&servers).await;
    assert_eq!(late.get("/a").await.unwrap(), Some(changed));
    let many = Range { prefix: "/many/".into(), ..Range::default() };
    assert_eq!(late.range(&many).await.unwrap().records.len(), 1500);
    let past = Range { prefix: "/".into(), at: Some(made.mod_revision), ..Range::default() };
    assert_eq!(late.range(&past).await.unwrap().records, [made]);
}

#[tokio::test]
async fn what_somebody_else_wrote_is_refused() {
    let servers = Servers::start(1);
    let theirs = open(&servers).await;
    let put = [Deed::Put(b"/suite/pods/default/a", b"k8s\0")];
    theirs.transact(b"/suite/pods/default/a", Compare::Modified(0), &put).await.unwrap();
    let refused = Etcd::open(&options(&servers, "/suite")).await.unwrap_err();
    assert!(matches!(&refused, StoreError::Foreign { key } if key == "/suite/pods/default/a"));
    assert_eq!(theirs.range(&Range::default()).await.unwrap().records, [], "and left alone");
}

#[tokio::test]
async fn one_of_several_compacts_and_watchers_of_the_past_hear_it() {
    let servers = Servers::start(1);
    let (one, two) = (open(&servers).await, open(&servers).await);
    let from = one.revision().await.unwrap();
    let first = compactor::compact(&one.inner.channel, compactor::Round::default()).await.unwrap();
    assert_eq!(first.version, 1);
    let late = compactor::compact(&two.inner.channel, compactor::Round::default()).await.unwrap();
    assert_eq!(late.version, 1, "the second one learns that the round is done");
    suite::put(&one, "/a", Expect::Absent, "1").await;
    let second = compactor::compact(&one.inner.channel, first).await.unwrap();
    assert_eq!(second.version, 2);

    let fresh = open(&servers).await;
    let past = Range { prefix: "/".into(), at: Some(from), ..Range::default() };
    assert!(matches!(fresh.range(&past).await, Err(StoreError::Compacted { .. })));
    let mut watch = fresh.watch("/", from).await;
    assert!(matches!(watch.as_mut(), Err(StoreError::Compacted { .. })));
}

#[tokio::test]
async fn without_etcd_requests_fail_with_its_words_and_recover() {
    let mut servers = Servers::start(1);
    let store = open(&servers).await;
    let made = suite::put(&store, "/a", Expect::Absent, "1").await;
    let mut watch = store.watch("/", made.mod_revision).await.unwrap();
    servers.kill(0);
    for _ in 0..2 {
        let refused = store.get("/a").await.unwrap_err();
        assert!(refused.to_string().contains("connection refused"), "{refused}");
    }
    let write = Write {
        key: "/a".into(),
        expect: Expect::At(made.mod_revision),
        op: Op::Put(Value::plain("2")),
        durability: Durability::Synced,
    };
    let refused = store.write(write.clone()).await.unwrap_err();
    assert!(matches!(refused, StoreError::Remote { .. }), "{refused:?}");

    servers.start_all();
    assert_eq!(store.get("/a").await.unwrap(), Some(made), "it was refused before it was sent");
    assert!(matches!(store.write(write).await, Ok(Outcome::Done(_))));
    assert_eq!(watch.next().await.unwrap().len(), 1, "the watch goes on");
    store.close();
    assert!(matches!(store.get("/a").await, Err(StoreError::Closed)));
}

#[tokio::test]
async fn a_hanging_member_is_left_for_another() {
    let servers = Servers::start(3);
    let store = open(&servers).await;
    let made = suite::put(&store, "/a", Expect::Absent, "1").await;
    let mut watch = store.watch("/", made.mod_revision).await.unwrap();
    for member in 0..3 {
        servers.pause(member);
        let read = tokio::time::timeout(Duration::from_secs(20), store.get("/a"));
        let read = read.await.expect("a read never hangs").unwrap().unwrap();
        let value = format!("after {member}");
        suite::put(&store, "/a", Expect::At(read.mod_revision), &value).await;
        let seen = tokio::time::timeout(Duration::from_secs(20), watch.next());
        assert_eq!(seen.await.expect("a watch goes on").unwrap().len(), 1);
        servers.resume(member);
    }
}
