//! What quotas say of themselves: how much of each is used, as of the newest write.
//! Source: `pkg/controller/resourcequota` of k8s.io/kubernetes.
//!
//! Only while there are quotas is every write looked at, and only those in their namespaces count.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use lifecycle::{Backoff, StopToken, Task};
use machinery::{kind::Kind, meta, quantity::Quantity, status::Status};
use serde_json::{Map, Value, json};
use store::{Range, Revision};

use crate::{
    admission::quota,
    registry::{Author, Part, Update, refused},
    server::{ApiServer, Inner},
};

const ALL: &str = "/registry/";
const FIRST_PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// Keeps the status of all quotas until `stop`.
pub fn follow_quotas(server: &ApiServer, stop: &StopToken) -> Task {
    let server = Arc::clone(&server.inner);
    lifecycle::spawn("apiserver/quotas", stop, async move {
        let mut backoff = Backoff::new(FIRST_PAUSE, LONGEST_PAUSE);
        loop {
            match keep(&server).await {
                // There are quotas now and were none before, or the other way round.
                Ok(()) => backoff = Backoff::new(FIRST_PAUSE, LONGEST_PAUSE),
                Err(status) => {
                    tracing::warn!(error = status.message, "quotas are counted anew");
                    tokio::time::sleep(backoff.next_delay()).await;
                }
            }
        }
    })
}

/// Counts, and counts again what changes; returns when other writes than before matter.
async fn keep(server: &Arc<Inner>) -> Result<(), Status> {
    let quotas = server.registry.key("", "resourcequotas", "", "");
    let (mut limited, revision) = namespaces(server, &quotas).await?;
    for namespace in &limited {
        count(server, namespace).await?;
    }
    let prefix = if limited.is_empty() { quotas.as_str() } else { ALL };
    let watch = server.registry.store().watch(prefix, revision).await;
    let mut watch = watch.map_err(|error| refused(&error))?;
    loop {
        let mut changed = BTreeSet::new();
        let mut recount = false;
        for event in watch.next().await.map_err(|error| refused(&error))? {
            let of_quota = event.key.starts_with(&quotas);
            recount |= of_quota;
            let namespace = event.key.rsplit('/').nth(1).unwrap_or_default();
            if of_quota || limited.contains(namespace) {
                changed.insert(namespace.to_owned());
            }
        }
        if recount {
            let before = limited.is_empty();
            limited = namespaces(server, &quotas).await?.0;
            if before != limited.is_empty() {
                return Ok(());
            }
        }
        for namespace in changed.iter().filter(|namespace| limited.contains(*namespace)) {
            count(server, namespace).await?;
        }
    }
}

/// The namespaces that have quotas.
async fn namespaces(server: &Inner, prefix: &str) -> Result<(BTreeSet<String>, Revision), Status> {
    let range = Range { prefix: prefix.to_owned(), ..Range::default() };
    let page = server.registry.store().range(&range).await.map_err(|error| refused(&error))?;
    let of = |key: &Arc<str>| key.rsplit('/').nth(1).map(str::to_owned);
    let found = page.records.iter().filter_map(|record| of(&record.key)).collect();
    Ok((found, page.revision))
}

/// Counts what the quotas of a namespace limit, and writes down what has changed.
async fn count(server: &Arc<Inner>, namespace: &str) -> Result<(), Status> {
    let registry = &server.registry;
    let mut known: BTreeMap<(String, String), Vec<Value>> = BTreeMap::new();
    for one in registry.objects("", "resourcequotas", namespace).await? {
        let hard = quota::amounts(&one, "/spec/hard");
        let mut used: BTreeMap<String, Quantity> =
            hard.keys().map(|key| (key.clone(), Quantity::whole(0))).collect();
        let kinds: BTreeMap<(String, String), Arc<Kind>> = hard
            .keys()
            .filter_map(|key| counted(server, key))
            .map(|kind| (kind.storage.clone(), kind))
            .collect();
        for (storage, kind) in kinds {
            if !known.contains_key(&storage) {
                let objects = registry.objects(&storage.0, &storage.1, namespace).await?;
                known.insert(storage.clone(), objects);
            }
            let objects = known.get(&storage).into_iter().flatten();
            let mine = objects.filter(|object| {
                quota::matches(&one, &kind, object) && !quota::has_ended(&kind, object)
            });
            for (key, amount) in mine.flat_map(|object| quota::usage(&kind, object)) {
                if let Some(sum) = used.get_mut(&key) {
                    *sum = sum.plus(amount);
                }
            }
        }
        write(server, namespace, &one, &used).await?;
    }
    Ok(())
}

/// The kind whose objects an entry of a quota counts.
fn counted(server: &Inner, key: &str) -> Option<Arc<Kind>> {
    let (group, plural) = match key.strip_prefix("count/") {
        Some(full) => full.split_once('.').map_or(("", full), |(plural, group)| (group, plural)),
        None => match key {
            "configmaps" | "secrets" | "replicationcontrollers" | "resourcequotas" => ("", key),
            "persistentvolumeclaims" | "requests.storage" => ("", "persistentvolumeclaims"),
            key if key.contains(quota::OF_CLASS) => ("", "persistentvolumeclaims"),
            key if key.starts_with("services") => ("", "services"),
            _ => ("", "pods"),
        },
    };
    let kinds = server.registry.kinds();
    kinds.iter().find(|kind| kind.storage.0 == group && kind.storage.1 == plural).cloned()
}

async fn write(
    server: &Arc<Inner>,
    namespace: &str,
    quota: &Value,
    used: &BTreeMap<String, Quantity>,
) -> Result<(), Status> {
    let used: Map<String, Value> =
        used.iter().map(|(key, amount)| (key.clone(), amount.to_string().into())).collect();
    let status = json!({"hard": quota["spec"]["hard"], "used": used});
    if quota["status"] == status || quota["spec"]["hard"].is_null() {
        return Ok(());
    }
    let kind = server.registry.kind("", "v1", "resourcequotas").ok_or_else(Status::no_such_path)?;
    let author = Author {
        manager: "kube-controller-manager".into(),
        subresource: "status".into(),
        ..Author::server()
    };
    let update = Update {
        server,
        kind: &kind,
        namespace,
        name: meta::name(quota),
        part: Part::Status,
        dry_run: false,
        author,
    };
    let written = update
        .run(&mut |old| {
            let mut new = old.clone();
            new["status"] = status.clone();
            Ok(new)
        })
        .await;
    match written {
        // It went in the meantime: nothing is left to be said of it.
        Err(gone) if gone.code == 404 => Ok(()),
        other => other.map(drop),
    }
}
