//! What every engine must do. An engine's own tests call [`run`] with a fresh, empty store.

use std::sync::Arc;

use crate::{
    Change, Durability, Engine, Expect, Op, Outcome, Range, Record, Revision, StoreError, Value,
    Write,
};

/// Plays the whole suite.
pub(crate) async fn run(store: &dyn Engine) {
    compare_and_set(store).await;
    pages_show_one_revision(store).await;
    watchers_see_each_event_once(store).await;
    compaction_ends_the_past(store).await;
}

/// Writes and expects success.
pub(crate) async fn put(store: &dyn Engine, key: &str, expect: Expect, value: &str) -> Record {
    match write(store, key, expect, Op::Put(Value::plain(value.to_owned()))).await {
        Outcome::Done(record) => record,
        Outcome::Conflict(found) => panic!("{key}: conflict with {found:?}"),
    }
}

async fn write(store: &dyn Engine, key: &str, expect: Expect, op: Op) -> Outcome {
    let write = Write { key: key.into(), expect, op, durability: Durability::Synced };
    store.write(write).await.unwrap()
}

async fn compare_and_set(store: &dyn Engine) {
    let made = put(store, "/cas/a", Expect::Absent, "1").await;
    assert_eq!(made.create_revision, made.mod_revision);
    let again = Op::Put(Value::plain("2"));
    let refused = write(store, "/cas/a", Expect::Absent, again.clone()).await;
    assert_eq!(refused, Outcome::Conflict(Some(made.clone())));
    let stale = write(store, "/cas/a", Expect::At(made.mod_revision + 7), again).await;
    assert_eq!(stale, Outcome::Conflict(Some(made.clone())));

    let hole = Value { bytes: "rv=;".into(), stamp_at: Some(3) };
    let stamped = write(store, "/cas/a", Expect::At(made.mod_revision), Op::Put(hole)).await;
    let Outcome::Done(record) = stamped else { panic!("{stamped:?}") };
    assert_eq!(record.value, format!("rv={};", record.mod_revision));
    assert_eq!(record.create_revision, made.create_revision);

    let gone = write(store, "/cas/a", Expect::At(record.mod_revision), Op::Delete(None)).await;
    assert!(matches!(gone, Outcome::Done(_)));
    assert_eq!(store.get("/cas/a").await.unwrap(), None);
    let missing = write(store, "/cas/a", Expect::At(1), Op::Delete(None)).await;
    assert_eq!(missing, Outcome::Conflict(None));
}

async fn pages_show_one_revision(store: &dyn Engine) {
    for name in ["a", "b", "c", "d"] {
        put(store, &format!("/page/{name}"), Expect::Absent, name).await;
    }
    let first = Range { prefix: "/page/".into(), limit: 2, ..Range::default() };
    let page = store.range(&first).await.unwrap();
    assert_eq!((page.records.len(), page.remaining), (2, 2));

    let c = store.get("/page/c").await.unwrap().unwrap();
    put(store, "/page/c", Expect::At(c.mod_revision), "changed").await;
    write(store, "/page/a", Expect::At(page.records[0].mod_revision), Op::Delete(None)).await;
    put(store, "/page/bb", Expect::Absent, "late").await;

    let rest = Range { after: Some("/page/b".into()), at: Some(page.revision), ..first.clone() };
    let rest = store.range(&rest).await.unwrap();
    let seen: Vec<_> = rest.records.iter().map(|record| record.value.clone()).collect();
    assert_eq!(seen, ["c", "d"]);
    let then = Range { limit: 0, at: Some(page.revision), ..first };
    assert_eq!(store.range(&then).await.unwrap().records.len(), 4);
    let future = Range { at: Some(Revision::MAX), ..Range::default() };
    assert!(matches!(store.range(&future).await, Err(StoreError::Future { .. })));
}

async fn watchers_see_each_event_once(store: &dyn Engine) {
    let from = store.revision().await.unwrap();
    let made = put(store, "/watch/a", Expect::Absent, "1").await;
    let mut watch = store.watch("/watch/", from).await.unwrap();
    let first = watch.next().await.unwrap();
    assert_eq!(first[0].change, Change::Created("1".into()));

    put(store, "/elsewhere", Expect::Absent, "x").await;
    let changed = put(store, "/watch/a", Expect::At(made.mod_revision), "2").await;
    write(store, "/watch/a", Expect::At(changed.mod_revision), Op::Delete(None)).await;
    let mut events = Vec::new();
    while events.len() < 2 {
        events.extend(watch.next().await.unwrap());
    }
    let update = Change::Updated { value: "2".into(), previous: "1".into() };
    let delete = Change::Deleted { value: "2".into(), previous: "2".into() };
    let changes: Vec<_> = events.iter().map(|event| event.change.clone()).collect();
    assert_eq!(changes, [update, delete]);
    assert_eq!(watch.seen(), events[1].revision);
}

async fn compaction_ends_the_past(store: &dyn Engine) {
    let from = store.revision().await.unwrap();
    put(store, "/compact/a", Expect::Absent, "1").await;
    let now = store.revision().await.unwrap();
    let mut slow = store.watch("/compact/", from).await.unwrap();
    store.compact(now).await.unwrap();
    assert!(matches!(slow.next().await, Err(StoreError::Compacted { .. })));
    assert!(matches!(store.watch("/", from).await, Err(StoreError::Compacted { .. })));
    let past = Range { at: Some(from), ..Range::default() };
    assert!(matches!(store.range(&past).await, Err(StoreError::Compacted { .. })));
    let key: Arc<str> = "/compact/a".into();
    assert_eq!(store.get(&key).await.unwrap().unwrap().value, "1");
}
