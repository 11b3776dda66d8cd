//! Leader election by a Lease object, as client-go holds it: candidates write their name into the
//! lease and renew it; a lease that has not changed for its duration is anybody's.
//!
//! Time is always our own clock's, counted from when a change was seen: clocks of different machines
//! are never compared. Whoever waits follows the lease by a watch, so that a lease that is given up
//! is taken at once. Source: `k8s.io/client-go/tools/leaderelection`.

use std::time::Duration;

use k8s_openapi::{
    api::coordination::v1::{Lease, LeaseSpec},
    apimachinery::pkg::apis::meta::v1::{MicroTime, ObjectMeta},
};
use lifecycle::clock;
use tokio::time::{Instant, sleep, timeout, timeout_at};

use crate::{
    api::Api,
    connection::Client,
    error::{ClientError, Result},
    options::{WatchOptions, WriteOptions},
    watch::WatchEvent,
};

/// How an election is held. The names are those of the components' flags.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ElectionTerms {
    /// `--leader-elect-lease-duration`.
    pub lease_duration: Duration,
    /// `--leader-elect-renew-deadline`.
    pub renew_deadline: Duration,
    /// `--leader-elect-retry-period`.
    pub retry_period: Duration,
    /// `--leader-elect-resource-namespace`.
    pub namespace: String,
}

impl Default for ElectionTerms {
    fn default() -> Self {
        Self {
            lease_duration: Duration::from_secs(15),
            renew_deadline: Duration::from_secs(10),
            retry_period: Duration::from_secs(2),
            namespace: "kube-system".into(),
        }
    }
}

/// A candidate for one lease.
#[derive(Debug)]
pub struct Election {
    leases: Api<Lease>,
    terms: ElectionTerms,
    name: String,
    identity: String,
    seen: Option<Seen>,
}

/// The lease as it was seen last.
#[derive(Debug, Clone)]
struct Seen {
    lease: Lease,
    since: Instant,
}

/// What a candidate may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum May {
    /// Write its name.
    Take,
    /// Wait, until then at least.
    Wait(Instant),
}

impl Election {
    /// A candidate called `identity` for the lease `name`.
    pub fn new(client: &Client, terms: ElectionTerms, name: &str, identity: &str) -> Self {
        Self {
            leases: Api::namespaced(client, &terms.namespace),
            terms,
            name: name.to_owned(),
            identity: identity.to_owned(),
            seen: None,
        }
    }

    /// Waits until the lease is ours.
    pub async fn acquire(&mut self) {
        loop {
            match timeout(self.terms.renew_deadline, self.attempt()).await {
                Ok(Ok(May::Take)) => {
                    tracing::info!(lease = self.name, identity = self.identity, "became leader");
                    return;
                }
                Ok(Ok(May::Wait(_))) => {
                    while let May::Wait(until) = self.may() {
                        self.wait(until).await;
                    }
                }
                Ok(Err(error)) => {
                    tracing::debug!(lease = self.name, %error, "cannot take the lease");
                    sleep(self.terms.retry_period).await;
                }
                Err(_) => {}
            }
        }
    }

    /// Renews the lease; returns when it is lost.
    pub async fn keep(&mut self) {
        let mut renewed = clock::instant();
        loop {
            sleep(self.terms.retry_period).await;
            let deadline = renewed + self.terms.renew_deadline;
            match timeout_at(deadline, self.attempt()).await {
                Ok(Ok(May::Take)) => renewed = clock::instant(),
                Ok(Err(error)) if clock::instant() < deadline => {
                    tracing::warn!(lease = self.name, %error, "cannot renew the lease");
                }
                _ => {
                    tracing::warn!(lease = self.name, identity = self.identity, "stopped leading");
                    return;
                }
            }
        }
    }

    /// Gives the lease up, so that another takes it at once.
    pub async fn release(&mut self) {
        let Some(seen) = self.seen.take().filter(|seen| holder(&seen.lease) == self.identity)
        else {
            return;
        };
        let now = MicroTime(clock::now());
        let mut lease = seen.lease;
        let transitions = lease.spec.as_ref().and_then(|spec| spec.lease_transitions);
        lease.spec = Some(LeaseSpec {
            holder_identity: Some(String::new()),
            lease_duration_seconds: Some(1),
            acquire_time: Some(now.clone()),
            renew_time: Some(now),
            lease_transitions: transitions,
            ..LeaseSpec::default()
        });
        let update = WriteOptions::default();
        let given_up = timeout(self.terms.retry_period, self.leases.update(&lease, &update));
        match given_up.await {
            Ok(Ok(_)) => tracing::info!(lease = self.name, "lease given up"),
            Ok(Err(error)) => tracing::warn!(lease = self.name, %error, "lease not given up"),
            Err(_) => tracing::warn!(lease = self.name, "lease not given up in time"),
        }
    }

    /// Takes or renews the lease, if that may be.
    async fn attempt(&mut self) -> Result<May> {
        let options = WriteOptions::default();
        let found = self.leases.find(&self.name).await?;
        let Some(found) = found else {
            let lease = self.next(None);
            let made = self.leases.create(&lease, &options).await?;
            self.see(made);
            return Ok(May::Take);
        };
        self.see(found);
        let Some(seen) = &self.seen else { return Ok(May::Take) };
        let may = may(&seen.lease, &self.identity, seen.since, clock::instant());
        if may != May::Take {
            return Ok(may);
        }
        let lease = self.next(Some(&seen.lease));
        let written = self.leases.update(&lease, &options).await?;
        self.see(written);
        Ok(May::Take)
    }

    fn see(&mut self, lease: Lease) {
        let same = self.seen.as_ref().is_some_and(|seen| seen.lease.spec == lease.spec);
        let since = match &self.seen {
            Some(seen) if same => seen.since,
            _ => clock::instant(),
        };
        self.seen = Some(Seen { lease, since });
    }

    /// The lease in our name.
    fn next(&self, before: Option<&Lease>) -> Lease {
        let now = MicroTime(clock::now());
        let spec = before.and_then(|lease| lease.spec.clone()).unwrap_or_default();
        let ours = before.is_some_and(|lease| holder(lease) == self.identity);
        let transitions = spec.lease_transitions.unwrap_or(0);
        let seconds = i32::try_from(self.terms.lease_duration.as_secs()).unwrap_or(i32::MAX);
        let metadata = before.map_or_else(
            || ObjectMeta {
                name: Some(self.name.clone()),
                namespace: Some(self.terms.namespace.clone()),
                ..ObjectMeta::default()
            },
            |lease| lease.metadata.clone(),
        );
        let spec = LeaseSpec {
            holder_identity: Some(self.identity.clone()),
            lease_duration_seconds: Some(seconds),
            acquire_time: if ours { spec.acquire_time } else { Some(now.clone()) },
            renew_time: Some(now),
            lease_transitions: Some(if ours || before.is_none() {
                transitions
            } else {
                transitions.saturating_add(1)
            }),
            ..spec
        };
        Lease { metadata, spec: Some(spec) }
    }

    /// Waits until the lease is given up or its time is over.
    async fn wait(&mut self, until: Instant) {
        let latest = match timeout_at(until, self.follow()).await {
            Ok(Ok(latest)) => latest,
            Ok(Err(error)) => {
                tracing::debug!(lease = self.name, %error, "cannot follow the lease");
                sleep(self.terms.retry_period).await;
                None
            }
            Err(_) => None,
        };
        if let Some(latest) = latest {
            self.see(latest);
        }
    }

    /// The next change of the lease by others; `None` once it is gone.
    async fn follow(&self) -> Result<Option<Lease>> {
        let version =
            self.seen.as_ref().and_then(|seen| seen.lease.metadata.resource_version.clone());
        let options = WatchOptions {
            fields: Some(format!("metadata.name={}", self.name)),
            resource_version: version,
            ..WatchOptions::default()
        };
        let mut watch = self.leases.watch(&options).await?;
        match watch.next::<Lease>().await? {
            Some(WatchEvent::Added(lease) | WatchEvent::Modified(lease)) => Ok(Some(lease)),
            Some(WatchEvent::Deleted(_) | WatchEvent::Bookmark(_)) => Ok(None),
            None => Err(ClientError::Config("the watch ended".into())),
        }
    }

    /// What we may do by what we have seen, without asking.
    fn may(&self) -> May {
        let Some(seen) = &self.seen else { return May::Take };
        may(&seen.lease, &self.identity, seen.since, clock::instant())
    }
}

fn holder(lease: &Lease) -> &str {
    let spec = lease.spec.as_ref();
    spec.and_then(|spec| spec.holder_identity.as_deref()).unwrap_or_default()
}

/// What a candidate may do with a lease that has been as it is since `since`.
fn may(lease: &Lease, identity: &str, since: Instant, now: Instant) -> May {
    let held = holder(lease);
    if held.is_empty() || held == identity {
        return May::Take;
    }
    let seconds = lease.spec.as_ref().and_then(|spec| spec.lease_duration_seconds).unwrap_or(0);
    let until = since + Duration::from_secs(u64::try_from(seconds).unwrap_or(0));
    if now >= until { May::Take } else { May::Wait(until) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lease(holder: &str, seconds: i32) -> Lease {
        let spec = LeaseSpec {
            holder_identity: Some(holder.into()),
            lease_duration_seconds: Some(seconds),
            ..LeaseSpec::default()
        };
        Lease { metadata: ObjectMeta::default(), spec: Some(spec) }
    }

    #[test]
    fn a_lease_is_taken_when_it_is_free_ours_or_over() {
        let since = clock::instant();
        let end = since + Duration::from_secs(15);
        let before = end.checked_sub(Duration::from_millis(1)).unwrap();
        for (case, holder, now, expected) in [
            ("free", "", since, May::Take),
            ("ours", "me", since, May::Take),
            ("held", "you", since, May::Wait(end)),
            ("nearly over", "you", before, May::Wait(end)),
            ("over", "you", end, May::Take),
        ] {
            assert_eq!(may(&lease(holder, 15), "me", since, now), expected, "{case}");
        }
    }
}
