//! What goes wrong below an object while a command waits for it: its pods' causes, on the board as they
//! happen; and, where that is wished, the end of waiting when it can never succeed.

use std::collections::HashMap;

use client::{Resource, discovery::ApiResource};
use machinery::meta;
use serde_json::Value;

use super::{Board, Follow, Speaker, last_words};
use crate::{
    context::Context,
    describe::selector_text,
    health::pod::{Cause, Weight, causes},
    report::CliError,
    resolve::Info,
    verbs::resource,
};

/// The exit code of a command that stops waiting since it cannot succeed.
pub(crate) const HOPELESS: u8 = 3;

/// It cannot succeed.
pub(crate) fn hopeless(why: &str) -> CliError {
    CliError::Words { text: format!("error: {why}"), code: HOPELESS }
}

/// Waits for something about an object, and tells of its pods meanwhile.
///
/// With `fail_fast` it ends with [`HOPELESS`] when a pod of it is beyond hope.
pub(crate) async fn or_trouble<T>(
    cx: &Context,
    info: &Info,
    board: &Board,
    fail_fast: bool,
    waiting: impl Future<Output = Result<T, CliError>>,
) -> Result<T, CliError> {
    if !board.is_drawn() && !fail_fast {
        return Box::pin(waiting).await;
    }
    let (mut waiting, trouble) = (Box::pin(waiting), Box::pin(trouble(cx, info, board, fail_fast)));
    tokio::select! {
        biased;
        outcome = &mut waiting => outcome,
        why = trouble => Err(why),
    }
}

/// Shows trouble for as long as it is asked to, and ends only beyond hope.
async fn trouble(cx: &Context, info: &Info, board: &Board, fail_fast: bool) -> CliError {
    let Ok(mut watched) = Watched::start(cx, info).await else {
        // Who may not see the pods waits without them.
        return std::future::pending().await;
    };
    let mut heard: HashMap<String, String> = HashMap::new();
    loop {
        let found = watched.causes();
        let mut lines = Vec::new();
        for (pod, cause) in &found {
            let mut line = line_of(pod, cause);
            if let Some(last) = last_line(cx, pod, cause, &mut heard).await {
                line.push_str(" | ");
                line.push_str(&last);
            }
            if fail_fast && cause.weight == Weight::Hopeless {
                return hopeless(&format!("{} cannot become ready: {line}", info.title()));
            }
            lines.push(line);
        }
        drop(found);
        board.lines(&lines);
        if watched.changed().await.is_err() {
            return std::future::pending().await;
        }
    }
}

/// `pod web-1: CrashLoopBackOff: exit code 1`; the container where it could be another.
fn line_of(pod: &Value, cause: &Cause) -> String {
    let alone = meta::items(pod, "/spec/containers").len() == 1
        && meta::items(pod, "/spec/initContainers").is_empty();
    let who = if alone || cause.container.is_empty() {
        String::new()
    } else {
        format!("container {}: ", cause.container)
    };
    format!("pod {}: {who}{}", meta::name(pod), cause.short())
}

/// The last line of a container that ended, asked for once a run.
async fn last_line(
    cx: &Context,
    pod: &Value,
    cause: &Cause,
    heard: &mut HashMap<String, String>,
) -> Option<String> {
    let previous = cause.last_words?;
    let key = format!("{}/{}/{}", meta::uid(pod), cause.container, cause.message);
    if !heard.contains_key(&key) {
        let whose = Speaker::new(pod, &cause.container, previous);
        let last = last_words(cx, &whose, 1).await.pop().unwrap_or_default();
        heard.insert(key.clone(), last);
    }
    heard.get(&key).filter(|line| !line.is_empty()).cloned()
}

/// An object, its pods and what tells which of them are of today.
struct Watched {
    object: Follow,
    pods: Option<Follow>,
    sets: Option<Follow>,
}

impl Watched {
    async fn start(cx: &Context, info: &Info) -> Result<Self, CliError> {
        let namespace = info.namespace.as_deref();
        let name = Some(format!("metadata.name={}", info.name));
        let own = &info.place.resource;
        let object = Follow::start(cx, own, namespace, None, name).await?;
        let below = selected_by(info);
        let (mut pods, mut sets) = (None, None);
        if let Some(labels) = below {
            let place = resource("v1", "Pod", "pods", true);
            pods = Some(Follow::start(cx, &place, namespace, Some(labels.clone()), None).await?);
            if own.kind == "Deployment" {
                let place = resource("apps/v1", "ReplicaSet", "replicasets", true);
                sets = Some(Follow::start(cx, &place, namespace, Some(labels), None).await?);
            }
        } else if !is(&info.place, "", "Pod") {
            return Err(CliError::plain("it has no pods"));
        }
        Ok(Self { object, pods, sets })
    }

    /// Causes of the pods that matter, each with its pod, heaviest first.
    fn causes(&self) -> Vec<(&Value, Cause)> {
        let pods: Vec<&Value> = match (&self.pods, self.object.objects().next()) {
            (None, _) => self.object.objects().collect(),
            (Some(pods), Some(object)) => {
                let sets = self.sets.iter().flat_map(Follow::objects).collect::<Vec<_>>();
                of_today(object, pods.objects().collect(), &sets)
            }
            (Some(_), None) => Vec::new(),
        };
        let mut found: Vec<(&Value, Cause)> = pods
            .into_iter()
            .filter(|pod| !meta::is_deleting(pod))
            .flat_map(|pod| causes(pod).into_iter().map(move |cause| (pod, cause)))
            .collect();
        found.sort_by_key(|(_, cause)| std::cmp::Reverse(cause.weight));
        found
    }

    async fn changed(&mut self) -> Result<(), CliError> {
        let pods = async {
            match &mut self.pods {
                Some(pods) => pods.changed().await,
                None => std::future::pending().await,
            }
        };
        let sets = async {
            match &mut self.sets {
                Some(sets) => sets.changed().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            outcome = self.object.changed() => outcome,
            outcome = pods => outcome,
            outcome = sets => outcome,
        }
    }
}

fn is(place: &ApiResource, group: &str, kind: &str) -> bool {
    let Resource { group: own, kind: name, .. } = &place.resource;
    own == group && name == kind
}

/// The labels of an object's pods; `None` where it has none of its own.
fn selected_by(info: &Info) -> Option<String> {
    let selector = &info.object["spec"]["selector"];
    let text = if is(&info.place, "", "ReplicationController") {
        selector_text(&serde_json::json!({ "matchLabels": selector }))
    } else if matches!(info.place.resource.group.as_str(), "apps" | "batch") {
        selector_text(selector)
    } else {
        String::new()
    };
    Some(text).filter(|text| !text.is_empty())
}

/// The pods of an object's present revision: an update is not hopeless since what it replaces is.
fn of_today<'p>(object: &Value, pods: Vec<&'p Value>, sets: &[&Value]) -> Vec<&'p Value> {
    const REVISION: &str = "deployment.kubernetes.io/revision";
    const GENERATION: &str = "deprecated.daemonset.template.generation";
    let label = |pod: &Value, key: &str| meta::label(pod, key).unwrap_or_default().to_owned();
    match meta::text(object, "/kind") {
        "Deployment" => {
            let revision = meta::annotation(object, REVISION);
            let set = sets.iter().find(|set| {
                meta::annotation(set, REVISION) == revision
                    && meta::controller_of(set).is_some_and(|o| o["uid"] == meta::uid(object))
            });
            let Some(set) = set else { return Vec::new() };
            let uid = meta::uid(set);
            let ours = |pod: &&&Value| meta::controller_of(pod).is_some_and(|o| o["uid"] == uid);
            pods.iter().filter(ours).copied().collect()
        }
        "StatefulSet" => {
            let revision = meta::text(object, "/status/updateRevision");
            let ours = |pod: &&&Value| label(pod, "controller-revision-hash") == revision;
            pods.iter().filter(ours).copied().collect()
        }
        "DaemonSet" => match meta::annotation(object, GENERATION) {
            Some(generation) => {
                let ours = |pod: &&&Value| {
                    let of = label(pod, "pod-template-generation");
                    of.is_empty() || of == generation
                };
                pods.iter().filter(ours).copied().collect()
            }
            None => pods,
        },
        _ => pods,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_pods_of_the_present_revision_count() {
        let annotated = |uid: &str, revision: &str, owner: &str| {
            json!({"kind": "ReplicaSet", "metadata": {"uid": uid,
                "annotations": {"deployment.kubernetes.io/revision": revision},
                "ownerReferences": [{"uid": owner, "controller": true}]}})
        };
        let pod = |name: &str, owner: &str| json!({"metadata": {"name": name, "ownerReferences": [{"uid": owner, "controller": true}]}});
        let mut deployment = annotated("d", "2", "none");
        deployment["kind"] = json!("Deployment");
        let (old, new) = (annotated("r1", "1", "d"), annotated("r2", "2", "d"));
        let (a, b) = (pod("a", "r1"), pod("b", "r2"));
        let found = of_today(&deployment, vec![&a, &b], &[&old, &new]);
        assert_eq!(found, [&b]);
        assert!(of_today(&deployment, vec![&a], &[&old]).is_empty(), "its set is not there yet");
    }

    #[test]
    fn a_stateful_set_s_pods_bear_their_revision() {
        let set = json!({"kind": "StatefulSet", "status": {"updateRevision": "s-2"}});
        let pod = |hash: &str| json!({"metadata": {"labels": {"controller-revision-hash": hash}}});
        let (old, new) = (pod("s-1"), pod("s-2"));
        assert_eq!(of_today(&set, vec![&old, &new], &[]), [&new]);
    }
}
