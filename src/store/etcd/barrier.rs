//! How far etcd is, asked once for all who want to know at the same time.

use std::sync::Arc;

use lifecycle::{StopToken, Task};
use tokio::sync::{mpsc, oneshot};

use super::mirror::Mirror;
use crate::{Revision, StoreError};

/// Askers that one question answers at most.
const ASKERS: usize = 1024;

type Reply = oneshot::Sender<Result<Revision, StoreError>>;

/// Answers with a revision that was etcd's newest after the question was put.
#[derive(Debug)]
pub(super) struct Barrier {
    asks: mpsc::Sender<Reply>,
}

impl Barrier {
    /// A barrier, and the task that asks.
    pub(super) fn new(mirror: Arc<Mirror>, stop: &StopToken) -> (Self, Task) {
        let (asks, mut inbox) = mpsc::channel::<Reply>(ASKERS);
        let task = lifecycle::spawn("store/etcd revision", stop, async move {
            let mut waiting = Vec::new();
            // Who comes while a question is under way is answered by the next one.
            while inbox.recv_many(&mut waiting, ASKERS).await > 0 {
                let answer = mirror.now().await;
                for reply in waiting.drain(..) {
                    let answer = answer.as_ref().map_or_else(|e| Err(e.again()), |now| Ok(*now));
                    // Whoever asked may have gone away.
                    drop(reply.send(answer));
                }
            }
        });
        (Self { asks }, task)
    }

    /// etcd's newest revision.
    pub(super) async fn now(&self) -> Result<Revision, StoreError> {
        let (reply, answer) = oneshot::channel();
        self.asks.send(reply).await.map_err(|_| StoreError::Closed)?;
        answer.await.map_err(|_| StoreError::Closed)?
    }
}
