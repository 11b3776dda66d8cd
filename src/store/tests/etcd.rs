//! Kills etcd's members and control planes under load: every acknowledged write is there after it,
//! and a watcher sees each write once and in order.
//!
//! As in the embedded engine's torture, the test starts its own executable as the control plane that
//! is killed; what the parent read from its output is what was promised.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    env,
    io::{BufRead as _, BufReader, Write as _},
    process::{Command, Stdio},
    sync::Arc,
};

use futures::future::{join, join_all};
use store::{
    Change, Durability, Engine, Etcd, EtcdOptions, Event, Expect, Op, Outcome, Record, Value, Write,
};
use support::Etcd as Servers;
use tokio::sync::Notify;

const CHILD: &str = "KANOE_TORTURE_ETCD";
const WRITERS: usize = 8;

async fn open(servers: &[String]) -> Etcd {
    let prefix = "/torture".into();
    let options = EtcdOptions { servers: servers.to_vec(), prefix, ..EtcdOptions::default() };
    Etcd::open(&options).await.unwrap()
}

fn number(bytes: &[u8]) -> u64 {
    std::str::from_utf8(bytes).unwrap().parse().unwrap()
}

/// Writes the next number under a key; `Err` where nobody knows what became of it.
async fn next(store: &dyn Engine, key: &str) -> Result<u64, store::StoreError> {
    let record: Option<Record> = store.get(key).await?;
    let value = record.as_ref().map_or(0, |record| number(&record.value) + 1);
    let write = Write {
        key: key.into(),
        expect: record.map_or(Expect::Absent, |record| Expect::At(record.mod_revision)),
        op: Op::Put(Value::plain(value.to_string())),
        durability: Durability::Synced,
    };
    match store.write(write).await? {
        Outcome::Done(_) => Ok(value),
        Outcome::Conflict(found) => panic!("nobody else writes {key}: {found:?}"),
    }
}

/// What a watcher has seen: the last number of each key, each one more than the one before.
#[derive(Debug, Default)]
struct Seen(BTreeMap<Arc<str>, u64>);

impl Seen {
    fn take(&mut self, event: &Event) {
        let (Change::Created(value) | Change::Updated { value, .. }) = &event.change else {
            panic!("nobody deletes: {event:?}")
        };
        let value = number(value);
        let before = self.0.insert(Arc::clone(&event.key), value);
        assert_eq!(value, before.map_or(0, |before| before + 1), "{}: gap or double", event.key);
    }
}

#[tokio::test]
async fn nothing_is_lost_when_members_die() {
    const ROUNDS: usize = 6;
    let mut servers = Servers::start(3);
    let writing = open(&servers.servers()).await;
    let watching = open(&servers.servers()).await;
    let acknowledged = RefCell::new(vec![None; WRITERS]);
    let (count, written, ended) = (Cell::new(0_usize), Notify::new(), Cell::new(false));
    let refused = Cell::new(0_usize);
    let write = async |writer: usize| {
        let key = format!("/w/{writer}");
        while !ended.get() {
            match next(&writing, &key).await {
                Ok(value) => acknowledged.borrow_mut()[writer] = Some(value),
                Err(_) => refused.set(refused.get() + 1),
            }
            count.set(count.get() + 1);
            written.notify_one();
        }
    };
    let torture = async {
        for round in 0..ROUNDS {
            let wanted = count.get() + 200;
            while count.get() < wanted {
                written.notified().await;
            }
            servers.kill(round % 3);
            let wanted = count.get() + 200;
            while count.get() < wanted {
                written.notified().await;
            }
            servers.start_all();
        }
        ended.set(true);
    };
    join(join_all((0..WRITERS).map(write)), torture).await;

    let mut watch = watching.watch("/w/", 1).await.unwrap();
    let mut seen = Seen::default();
    let last = watching.revision().await.unwrap();
    while watch.seen() < last {
        for event in watch.next().await.unwrap() {
            seen.take(&event);
        }
    }
    for (writer, promised) in acknowledged.into_inner().iter().enumerate() {
        let key = format!("/w/{writer}");
        let found = watching.get(&key).await.unwrap().map(|record| number(&record.value));
        assert!(found >= *promised, "{key}: {found:?}, promised {promised:?}");
        assert_eq!(seen.0.get(key.as_str()).copied(), found, "{key}");
    }
    assert!(refused.get() < count.get() / 10, "{} of {} refused", refused.get(), count.get());
}

#[test]
fn nothing_is_lost_when_a_control_plane_dies() {
    if let Ok(servers) = env::var(CHILD) {
        return write_forever(&servers);
    }
    let servers = Servers::start(1);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let watching = runtime.block_on(open(&servers.servers()));
    let mut watch = runtime.block_on(watching.watch("/w/", 1)).unwrap();
    let mut seen = Seen::default();
    for round in 0..8 {
        let promised = kill_after(20 + round * 31, &servers.servers());
        for (writer, promised) in promised {
            let key = format!("/w/{writer}");
            let found = runtime.block_on(watching.get(&key)).unwrap().unwrap();
            // One write more than was heard of may have happened.
            let found = number(&found.value);
            assert!(found == promised || found == promised + 1, "{key}: {found}, {promised}");
            while seen.0.get(key.as_str()).is_none_or(|seen| *seen < found) {
                for event in runtime.block_on(watch.next()).unwrap() {
                    seen.take(&event);
                }
            }
        }
    }
}

/// Runs a control plane until it has acknowledged so much, kills it, and returns what it promised.
fn kill_after(wanted: usize, servers: &[String]) -> BTreeMap<usize, u64> {
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["--exact", "nothing_is_lost_when_a_control_plane_dies", "--nocapture"])
        .env(CHILD, servers.join(","))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut promised = BTreeMap::new();
    let mut heard = 0;
    for line in BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok) {
        let Some((writer, value)) = line.strip_prefix("ack ").and_then(|rest| rest.split_once(' '))
        else {
            continue;
        };
        promised.insert(writer.parse().unwrap(), value.parse().unwrap());
        heard += 1;
        if heard == wanted {
            child.kill().unwrap();
        }
    }
    child.wait().unwrap();
    assert!(heard >= wanted, "the child ended by itself after {heard} writes");
    promised
}

#[tokio::main(flavor = "current_thread")]
async fn write_forever(servers: &str) {
    let servers: Vec<String> = servers.split(',').map(str::to_owned).collect();
    let store = open(&servers).await;
    let write = async |writer: usize| {
        loop {
            let value = next(&store, &format!("/w/{writer}")).await.unwrap();
            let mut out = std::io::stdout().lock();
            writeln!(out, "ack {writer} {value}").unwrap();
            out.flush().unwrap();
        }
    };
    join_all((0..WRITERS).map(write)).await;
}
