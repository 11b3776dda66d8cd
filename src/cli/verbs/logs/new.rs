//! `logs --follow-new`: the logs of all pods of a selector or workload, and of those still to come; of
//! each run of each container, as many as there are. Ours, not kubectl's.

use std::collections::BTreeSet;

use futures::stream::{FuturesUnordered, StreamExt as _};
use machinery::meta;
use serde_json::Value;

use super::{
    Log, all_containers,
    lines::{self, Wishes},
    one, path,
};
use crate::{
    args::Parsed,
    context::Context,
    live::Follow,
    report::CliError,
    resolve::{self, Ask, Info},
    stream,
    verbs::exec::pod_selector,
};

pub(super) async fn run(cx: &Context, parsed: &Parsed, words: &[String]) -> Result<(), CliError> {
    let place = cx.resource("pods").await?;
    let (namespace, _) = cx.namespace()?;
    let (labels, fields) = whose(cx, parsed, words).await?;
    let mut pods = Follow::start(cx, &place.resource, Some(&namespace), labels, fields).await?;
    let wishes = Wishes::of(parsed)?;
    let palette = cx.palette()?;
    let mut heard = BTreeSet::new();
    let mut running = FuturesUnordered::new();
    let (mut first, mut colour) = (true, 0);
    loop {
        let mut coming = Vec::new();
        for pod in pods.objects() {
            for run in runs(cx, parsed, pod)? {
                if heard.insert(run.id.clone()) {
                    coming.push((resolve::of_object(&place, pod.clone()), run));
                }
            }
        }
        for (pod, run) in coming {
            colour += 1;
            let log = Log {
                prefix: lines::prefix(palette, colour, &pod.name, &run.container),
                // Only what was there before is cut short.
                path: if first { path(parsed, &pod, &run.container) } else { whole(&pod, &run) },
                wishes: wishes.clone(),
            };
            running.push(async move { one(cx, &log).await });
        }
        first = false;
        tokio::select! {
            changed = pods.changed() => changed?,
            Some(said) = running.next() => {
                let said: Result<(), CliError> = said;
                // A pod may go while its log is read; the others go on.
                if let Err(error @ CliError::Output(_)) = said {
                    return Err(error);
                } else if let Err(error) = said {
                    cx.say_err(&format!("error: {error}"));
                }
            }
        }
    }
}

/// The labels or the name of the pods that are meant.
async fn whose(
    cx: &Context,
    parsed: &Parsed,
    words: &[String],
) -> Result<(Option<String>, Option<String>), CliError> {
    if let Some(labels) = parsed.some("selector") {
        return Ok((Some(labels.to_owned()), None));
    }
    let ask = Ask { words: words.to_vec(), default_type: Some("pods"), ..Ask::default() }.latest();
    let infos = resolve::find(cx, &ask).await?.all()?;
    let Some(info) = infos.first() else { return Err(resolve::nothing_named()) };
    if info.place.resource.kind == "Pod" {
        return Ok((None, Some(format!("metadata.name={}", info.name))));
    }
    Ok((Some(pod_selector(info)?), None))
}

/// One run of a container.
struct RunOf {
    container: String,
    id: String,
}

/// The runs of a pod's wanted containers that have begun.
fn runs(cx: &Context, parsed: &Parsed, pod: &Value) -> Result<Vec<RunOf>, CliError> {
    let wanted = if parsed.is("all-containers") {
        all_containers(pod)
    } else {
        vec![stream::container_of(cx, pod, parsed.text("container"), true)?]
    };
    Ok(begun(pod).into_iter().filter(|run| wanted.contains(&run.container)).collect())
}

fn begun(pod: &Value) -> Vec<RunOf> {
    let fields = ["initContainerStatuses", "containerStatuses", "ephemeralContainerStatuses"];
    let statuses =
        fields.into_iter().flat_map(|f| pod["status"][f].as_array().into_iter().flatten());
    let mut found = Vec::new();
    for status in statuses {
        let state = &status["state"];
        let begun = state["running"].is_object() || state["terminated"].is_object();
        let id = meta::text(status, "/containerID");
        if begun && !id.is_empty() {
            let container = meta::text(status, "/name").to_owned();
            found.push(RunOf { container, id: id.to_owned() });
        }
    }
    found
}

fn whole(pod: &Info, run: &RunOf) -> String {
    let namespace = pod.namespace.as_deref().unwrap_or("default");
    format!(
        "/api/v1/namespaces/{namespace}/pods/{}/log?container={}&follow=true",
        client::escape(&pod.name),
        client::escape(&run.container)
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_run_counts_once_it_has_begun() {
        let pod = json!({"status": {"containerStatuses": [
            {"name": "a", "containerID": "x://1", "state": {"running": {}}},
            {"name": "b", "containerID": "", "state": {"waiting": {"reason": "ContainerCreating"}}},
            {"name": "c", "containerID": "x://2", "state": {"terminated": {"exitCode": 0}}},
            {"name": "d", "containerID": "x://3", "state": {"waiting": {"reason": "CrashLoopBackOff"}}}]}});
        let found: Vec<String> = begun(&pod).into_iter().map(|run| run.container).collect();
        assert_eq!(found, ["a", "c"]);
    }
}
