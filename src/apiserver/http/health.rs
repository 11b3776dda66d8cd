//! Health: `/healthz`, `/livez` and `/readyz`, whole or one check each, with `verbose` and `exclude`.
//!
//! The store's check bears Kubernetes' name for it, `etcd`, whichever engine keeps the state.
//! Source: `k8s.io/apiserver/pkg/server/healthz`.

use std::time::Duration;

use axum::response::Response;

use super::{Query, plain};
use crate::server::Inner;

/// kube-apiserver's `--etcd-healthcheck-timeout` and `--etcd-readycheck-timeout`.
const STORE_TIMEOUT: Duration = Duration::from_secs(2);

/// One thing that is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Check {
    Ping,
    Etcd,
    EtcdReadiness,
    Shutdown,
}

impl Check {
    fn name(self) -> &'static str {
        match self {
            Self::Ping => "ping",
            Self::Etcd => "etcd",
            Self::EtcdReadiness => "etcd-readiness",
            Self::Shutdown => "shutdown",
        }
    }

    async fn run(self, server: &Inner) -> Result<(), String> {
        match self {
            Self::Etcd | Self::EtcdReadiness => {
                let asked = server.registry.store().revision();
                match tokio::time::timeout(STORE_TIMEOUT, asked).await {
                    Ok(Ok(_)) => Ok(()),
                    Ok(Err(error)) => Err(format!("error getting data from etcd: {error}")),
                    Err(_) => Err("error getting data from etcd: context deadline exceeded".into()),
                }
            }
            Self::Shutdown if server.ending.is_cancelled() => {
                Err("process is shutting down".into())
            }
            Self::Ping | Self::Shutdown => Ok(()),
        }
    }
}

/// The checks of an endpoint in their order; `None` for another path.
fn checks(endpoint: &str) -> Option<&'static [Check]> {
    match endpoint {
        "healthz" | "livez" => Some(&[Check::Ping, Check::Etcd]),
        "readyz" => Some(&[Check::Ping, Check::Etcd, Check::EtcdReadiness, Check::Shutdown]),
        _ => None,
    }
}

/// All paths of health.
pub(super) fn paths() -> impl Iterator<Item = String> {
    ["healthz", "livez", "readyz"].into_iter().flat_map(|endpoint| {
        let each = checks(endpoint).unwrap_or_default().iter();
        let each = each.map(move |check| format!("/{endpoint}/{}", check.name()));
        std::iter::once(format!("/{endpoint}")).chain(each)
    })
}

/// Answers a path of health; `None` for what is none.
pub(super) async fn respond(server: &Inner, path: &str, query: &str) -> Option<Response> {
    let path = path.trim_matches('/');
    let (endpoint, one) = path.split_once('/').unwrap_or((path, ""));
    let checks = checks(endpoint)?;
    if one.is_empty() {
        return Some(all(server, endpoint, checks, &Query::parse(query)).await);
    }
    let check = checks.iter().find(|check| check.name() == one)?;
    Some(match check.run(server).await {
        Ok(()) => plain(200, "ok"),
        Err(why) => plain(500, format!("internal server error: {why}\n")),
    })
}

async fn all(server: &Inner, endpoint: &str, checks: &[Check], query: &Query) -> Response {
    let given = |wanted: &str| query.pairs().iter().any(|(key, _)| key == wanted);
    let excluded = query.pairs().iter().filter(|(key, _)| key == "exclude");
    let excluded: Vec<&str> = excluded.map(|(_, name)| name.as_str()).collect();
    let (mut lines, mut failed) = (Vec::new(), false);
    for check in checks {
        let name = check.name();
        lines.push(if excluded.contains(&name) {
            format!("[+]{name} excluded: ok\n")
        } else if let Err(why) = check.run(server).await {
            tracing::warn!(endpoint, check = name, why, "health check failed");
            failed = true;
            // The cause is the log's: who asks may be anybody.
            format!("[-]{name} failed: reason withheld\n")
        } else {
            format!("[+]{name} ok\n")
        });
    }
    let unknown = excluded.iter().filter(|name| !checks.iter().any(|one| one.name() == **name));
    let unknown: Vec<String> = unknown.map(|name| format!("{name:?}")).collect();
    if !unknown.is_empty() {
        let unknown = unknown.join(",");
        lines.push(format!(
            "warn: some health checks cannot be excluded: no matches for {unknown}\n"
        ));
    }
    let lines = lines.concat();
    match (failed, given("verbose")) {
        (true, _) => plain(500, format!("{lines}{endpoint} check failed\n")),
        (false, true) => plain(200, format!("{lines}{endpoint} check passed\n")),
        (false, false) => plain(200, "ok"),
    }
}
