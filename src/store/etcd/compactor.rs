//! Has etcd forget what is older than five minutes, once for all control planes.
//!
//! Whoever writes the key `compact_rev_key` first, seen by its version, compacts; the others learn
//! that it is done. Genuine API servers keep to the same key, so they may share the etcd.
//! Source: `k8s.io/apiserver/pkg/storage/etcd3/compact.go`.

use std::time::Duration;

use super::{
    channel::{Channel, Kind},
    messages::{Compare, Deed, RangeRequest, TxnResponse, compaction, transaction},
};
use crate::{Revision, StoreError};

const KEY: &[u8] = b"compact_rev_key";
/// kube-apiserver's `--etcd-compaction-interval`.
const INTERVAL: Duration = Duration::from_mins(5);

/// What is known between two rounds.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Round {
    /// The version of the key as it was seen last.
    pub(super) version: u64,
    /// The revision of the last round, which the next one forgets.
    pub(super) revision: Revision,
}

/// Compacts until it is dropped.
pub(super) async fn run(channel: Channel) {
    let mut round = Round::default();
    loop {
        tokio::time::sleep(INTERVAL).await;
        match compact(&channel, round).await {
            Ok(next) => round = next,
            Err(error) => tracing::warn!(%error, "cannot compact etcd"),
        }
    }
}

/// One round; returns what the next one needs.
pub(super) async fn compact(channel: &Channel, round: Round) -> Result<Round, StoreError> {
    let text = round.revision.to_string();
    let otherwise = Deed::Range(RangeRequest { key: KEY, ..RangeRequest::default() });
    let deeds = [Deed::Put(KEY, text.as_bytes())];
    let message = transaction(KEY, Compare::Version(round.version), &deeds, &otherwise);
    let answer = channel.call("KV/Txn", &message, Kind::Write).await;
    let answer = answer.map_err(|failure| super::error_of(&failure, 0))?;
    let done = TxnResponse::read(answer).map_err(super::malformed)?;
    if !done.succeeded {
        let version = done.records.first().map_or(0, |record| record.version);
        return Ok(Round { version, revision: done.revision });
    }
    let next = Round { version: round.version + 1, revision: done.revision };
    if round.revision == 0 {
        return Ok(next);
    }
    let answer = channel.call("KV/Compact", &compaction(round.revision), Kind::Write).await;
    match answer.map_err(|failure| super::error_of(&failure, round.revision)) {
        // Somebody else forgot even more.
        Ok(_) | Err(StoreError::Compacted { .. }) => Ok(next),
        Err(error) => Err(error),
    }
}
