//! `port-forward --reconnect`: another pod takes the place of one that goes; connections made meanwhile
//! wait for it. Ours, not kubectl's.

use machinery::meta;
use serde_json::Value;
use tokio::sync::watch;

use crate::{
    context::Context,
    live::Follow,
    report::CliError,
    resolve::Info,
    verbs::{exec::pod_selector, resource},
};

/// Keeps the road to a pod true until it cannot: `None` while there is no pod.
pub(super) async fn keep(
    cx: &Context,
    named: &Info,
    first: &Info,
    road: &watch::Sender<Option<String>>,
) -> Result<(), CliError> {
    let place = resource("v1", "Pod", "pods", true);
    let (labels, fields) = if named.place.resource.kind == "Pod" {
        (None, Some(format!("metadata.name={}", named.name)))
    } else {
        (Some(pod_selector(named)?), None)
    };
    let namespace = first.namespace.as_deref();
    let mut pods = Follow::start(cx, &place, namespace, labels, fields).await?;
    let mut current = meta::uid(&first.object).to_owned();
    loop {
        let best = choose(pods.objects(), &current);
        match best {
            Some(pod) if meta::uid(pod) == current && road.borrow().is_some() => {}
            Some(pod) => {
                current = meta::uid(pod).to_owned();
                cx.say(&format!("Forwarding to pod/{} from now on", meta::name(pod)))?;
                cx.flush();
                road.send_replace(Some(super::road(meta::namespace(pod), meta::name(pod))));
            }
            None if road.borrow().is_some() => {
                road.send_replace(None);
                cx.say("The pod is gone; waiting for another")?;
                cx.flush();
            }
            None => {}
        }
        pods.changed().await?;
    }
}

/// The pod to forward to: the one in use while it runs, else one that is ready.
fn choose<'p>(pods: impl Iterator<Item = &'p Value>, current: &str) -> Option<&'p Value> {
    let ready = |pod: &Value| {
        meta::items(pod, "/status/conditions")
            .iter()
            .any(|one| one["type"] == "Ready" && one["status"] == "True")
    };
    pods.filter(|pod| pod["status"]["phase"] == "Running" && !meta::is_deleting(pod))
        .filter(|pod| meta::uid(pod) == current || ready(pod))
        .max_by_key(|pod| meta::uid(pod) == current)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_pod_that_runs_is_kept_and_a_ready_one_follows_it() {
        let pod = |uid: &str, phase: &str, ready: &str| {
            json!({"metadata": {"uid": uid}, "status": {"phase": phase,
                "conditions": [{"type": "Ready", "status": ready}]}})
        };
        let pods = [
            pod("a", "Running", "False"),
            pod("b", "Running", "True"),
            pod("c", "Pending", "False"),
        ];
        let chosen =
            |current: &str| choose(pods.iter(), current).map(|pod| meta::uid(pod).to_owned());
        assert_eq!(chosen("a").as_deref(), Some("a"));
        assert_eq!(chosen("gone").as_deref(), Some("b"));
        assert_eq!(choose(pods[2..].iter(), "c"), None);
        assert_eq!(choose(pods[..1].iter(), "gone"), None, "it is not ready yet");
    }
}
