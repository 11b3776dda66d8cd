//! Components of which one in the whole cluster works: it holds a Lease, and the others wait.
//!
//! A term has its own component and its own caches: who waits has neither. With the embedded store
//! there is nobody to wait for, and no election.

use std::{fmt, future::Future, pin::Pin};

use client::{Client, Election, ElectionTerms, Informers};
use lifecycle::{Component, ComponentError, Running, StopToken};

/// Makes the component of a term from the term's caches.
type Make = Box<dyn Fn(Informers) -> Box<dyn Component> + Send + Sync>;

/// A component that works while we lead.
pub(crate) struct Elected {
    name: &'static str,
    client: Client,
    election: Election,
    make: Make,
}

impl fmt::Debug for Elected {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Elected").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Elected {
    /// A component under the lease `name`, whose candidate is `identity`.
    pub(crate) fn new(
        name: &'static str,
        client: &Client,
        terms: &ElectionTerms,
        identity: &str,
        make: impl Fn(Informers) -> Box<dyn Component> + Send + Sync + 'static,
    ) -> Self {
        let election = Election::new(client, terms.clone(), name, identity);
        Self { name, client: client.clone(), election, make: Box::new(make) }
    }

    async fn campaign(mut self, stop: StopToken) {
        while stop.run_until_cancelled(self.election.acquire()).await.is_some() {
            let term = StopToken::new();
            let informers = Informers::new(&self.client, &term);
            let started = (self.make)(informers.clone()).start(term.clone()).await;
            let running = match started {
                Ok(running) => running,
                Err(error) => {
                    tracing::error!(component = self.name, %error, "cannot lead");
                    term.cancel();
                    return self.election.release().await;
                }
            };
            let kept = stop.run_until_cancelled(self.election.keep()).await;
            term.cancel();
            running.ended().await;
            informers.stop().await;
            if kept.is_none() {
                return self.election.release().await;
            }
        }
    }
}

impl Component for Elected {
    fn name(&self) -> &'static str {
        self.name
    }

    fn after(&self) -> &'static [&'static str] {
        &[]
    }

    fn start(
        self: Box<Self>,
        stop: StopToken,
    ) -> Pin<Box<dyn Future<Output = Result<Running, ComponentError>> + Send>> {
        Box::pin(async move {
            // It ends by itself once `stop` is cancelled, when the lease is given up.
            let task = lifecycle::spawn("cluster/elected", &StopToken::new(), self.campaign(stop));
            Ok(Running::new(vec![task]))
        })
    }
}
