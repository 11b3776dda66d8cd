//! `drain`: closes a node and moves its pods away, by eviction where it can.

use client::{DeleteOptions, ListOptions, discovery::ApiResource};
use machinery::meta;
use serde_json::{Value, json};

use super::{
    cordon,
    create::{self, dry_run},
    delete,
};
use crate::{
    args::Parsed,
    context::Context,
    live::Board,
    print,
    report::CliError,
    resolve::{self, Info},
};

pub(crate) async fn run(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    let run = dry_run(cx, &parsed)?;
    if machinery::selector::LabelSelector::parse(parsed.text("pod-selector")).is_err() {
        let text = "--pod-selector=<pod_selector> must be a valid label selector";
        return Err(CliError::plain(text));
    }
    let nodes = cordon::nodes(cx, &parsed).await?;
    for node in &nodes {
        cordon::set(cx, node, true, run).await?;
    }
    let (mut errors, mut pending) = (Vec::new(), Vec::new());
    for node in &nodes {
        match drain(cx, &parsed, node, run).await {
            Ok(()) => cx.say(&print::dry(&format!("node/{} drained", node.name), run))?,
            Err(error) => {
                cx.say_err(&format!(
                    "error: unable to drain node {:?} due to error: {error}, continuing command...",
                    node.name
                ));
                errors.push(CliError::plain(error.to_string()));
                pending.push(&node.name);
            }
        }
    }
    if errors.is_empty() {
        return Ok(());
    }
    cx.say_err("There are pending nodes to be drained:");
    for name in pending {
        cx.say_err(&format!(" {name}"));
    }
    CliError::all(errors).map_err(CliError::in_list)
}

/// Why a pod stays, is warned about, or keeps the node from being drained.
enum Verdict {
    Go,
    /// It goes, and nobody makes another.
    Warn(String),
    Skip(Option<String>),
    Refuse(String),
}

/// Whether a pod has been on its way out for longer than anybody waits for.
fn is_given_up(pod: &Value, parsed: &Parsed) -> bool {
    let limit = parsed.int("skip-wait-for-delete-timeout");
    let since = pod["metadata"]["deletionTimestamp"].as_str();
    let since = since.and_then(|text| text.parse::<jiff::Timestamp>().ok());
    limit > 0
        && since
            .is_some_and(|since| lifecycle::clock::now().duration_since(since).as_secs() > limit)
}

/// The refusal of a pod whose daemon set is gone, where it is.
async fn orphan_of_set(cx: &Context, pod: &Value) -> Result<Option<String>, CliError> {
    let owners = meta::items(pod, "/metadata/ownerReferences").iter();
    let set = owners.into_iter().find(|owner| {
        owner["controller"] == true
            && owner["kind"] == "DaemonSet"
            && owner["apiVersion"] == "apps/v1"
    });
    let Some(set) = set else { return Ok(None) };
    let place = create::resource("apps/v1", "DaemonSet", "daemonsets", true);
    let api = cx.api(&place, pod["metadata"]["namespace"].as_str()).await?;
    match api.get(set["name"].as_str().unwrap_or_default()).await {
        Err(error) if error.not_found() => {
            Ok(error.status().and_then(|status| status.message.clone()))
        }
        found => found.map(|_| None).map_err(Into::into),
    }
}

fn verdict(pod: &Value, parsed: &Parsed) -> Verdict {
    let owners = pod["metadata"]["ownerReferences"].as_array().cloned().unwrap_or_default();
    let owner = owners.iter().find(|owner| owner["controller"] == true);
    let phase = pod["status"]["phase"].as_str().unwrap_or_default();
    let title = format!(
        "{}/{}",
        pod["metadata"]["namespace"].as_str().unwrap_or_default(),
        pod["metadata"]["name"].as_str().unwrap_or_default()
    );
    if pod["metadata"]["annotations"]["kubernetes.io/config.mirror"].is_string() {
        return Verdict::Skip(None);
    }
    if matches!(phase, "Succeeded" | "Failed") {
        return Verdict::Go;
    }
    if owner.is_some_and(|owner| owner["kind"] == "DaemonSet" && owner["apiVersion"] == "apps/v1") {
        if parsed.is("ignore-daemonsets") {
            return Verdict::Skip(Some(title));
        }
        let why = "cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore)";
        return Verdict::Refuse(why.into());
    }
    let volumes = pod["spec"]["volumes"].as_array().into_iter().flatten();
    if volumes.into_iter().any(|volume| volume["emptyDir"].is_object())
        && !parsed.is("delete-emptydir-data")
    {
        return Verdict::Refuse(
            "cannot delete Pods with local storage (use --delete-emptydir-data to override)".into(),
        );
    }
    if owner.is_none() && !parsed.is("force") {
        let why = "cannot delete Pods that declare no controller (use --force to override)";
        return Verdict::Refuse(why.into());
    }
    if owner.is_none() { Verdict::Warn(title) } else { Verdict::Go }
}

/// The pods of a node by what becomes of them.
#[derive(Default)]
struct Sorted {
    going: Vec<Info>,
    skipped: Vec<String>,
    warned: Vec<String>,
    /// Those that nobody may take away, by why.
    refused: Vec<(String, Vec<String>)>,
}

async fn sorted(
    cx: &Context,
    parsed: &Parsed,
    place: &ApiResource,
    list: &Value,
) -> Result<Sorted, CliError> {
    let mut all = Sorted::default();
    for pod in list["items"].as_array().into_iter().flatten() {
        let info = resolve::of_object(place, pod.clone());
        let verdict = if is_given_up(pod, parsed) {
            Verdict::Skip(None)
        } else {
            match orphan_of_set(cx, pod).await? {
                Some(why) if !parsed.is("force") => Verdict::Refuse(format!("cannot delete {why}")),
                Some(_) => Verdict::Go,
                None => verdict(pod, parsed),
            }
        };
        match verdict {
            Verdict::Go => all.going.push(info),
            Verdict::Warn(title) => {
                all.warned.push(title);
                all.going.push(info);
            }
            Verdict::Skip(title) => all.skipped.extend(title),
            Verdict::Refuse(why) => {
                let title =
                    format!("{}/{}", info.namespace.as_deref().unwrap_or_default(), info.name);
                match all.refused.iter_mut().find(|(known, _)| *known == why) {
                    Some((_, pods)) => pods.push(title),
                    None => all.refused.push((why, vec![title])),
                }
            }
        }
    }
    Ok(all)
}

async fn drain(cx: &Context, parsed: &Parsed, node: &Info, run: &str) -> Result<(), CliError> {
    let place = cx.resource("pods").await?;
    let api = cx.api(&place.resource, None).await?;
    let options = ListOptions {
        fields: Some(format!("spec.nodeName={}", node.name)),
        labels: parsed.some("pod-selector").map(str::to_owned),
        ..ListOptions::default()
    };
    let list = api.list(&options).await?;
    let Sorted { going, skipped, warned, refused } = sorted(cx, parsed, &place, &list).await?;
    if !refused.is_empty() {
        let texts: Vec<String> =
            refused.iter().map(|(why, pods)| format!("{why}: {}", pods.join(", "))).collect();
        return Err(CliError::plain(match texts.as_slice() {
            [one] => one.clone(),
            many => format!("[{}]", many.join(", ")),
        }));
    }
    let warnings: Vec<String> = [
        ("ignoring DaemonSet-managed Pods", &skipped),
        ("deleting Pods that declare no controller", &warned),
    ]
    .into_iter()
    .filter(|(_, pods)| !pods.is_empty())
    .map(|(what, pods)| format!("{what}: {}", pods.join(", ")))
    .collect();
    if !warnings.is_empty() {
        cx.say_err(&format!("Warning: {}", warnings.join("; ")));
    }
    for pod in &going {
        remove(cx, parsed, pod, run).await?;
    }
    if run == "none" {
        wait(cx, parsed, &going).await?;
    }
    Ok(())
}

async fn remove(cx: &Context, parsed: &Parsed, pod: &Info, run: &str) -> Result<(), CliError> {
    let verb = if parsed.is("disable-eviction") { "deleting" } else { "evicting" };
    let namespace = pod.namespace.as_deref().unwrap_or_default();
    cx.say(&print::dry(&format!("{verb} pod {namespace}/{}", pod.name), run))?;
    if run == "client" {
        return Ok(());
    }
    let grace = parsed.int("grace-period");
    let options = DeleteOptions {
        grace_seconds: (grace >= 0).then_some(grace),
        dry_run: run == "server",
        ..DeleteOptions::default()
    };
    let api = pod.api(cx).await?;
    if parsed.is("disable-eviction") {
        return ignore_gone(api.delete(&pod.name, &options).await);
    }
    let mut eviction = json!({
        "apiVersion": "policy/v1", "kind": "Eviction",
        "metadata": {"name": pod.name, "namespace": namespace},
    });
    if grace >= 0 {
        eviction["deleteOptions"] = json!({"gracePeriodSeconds": grace});
    }
    let write = client::WriteOptions { dry_run: run == "server", ..Default::default() };
    loop {
        match api.create_sub(&pod.name, "eviction", &eviction, &write).await {
            // A disruption budget says not now: Kubernetes defines the wait before the next try.
            Err(error) if error.code() == 429 => {
                cx.say_err(&format!(
                    "error when evicting pods/{:?} -n {namespace:?} (will retry after 5s): {error}",
                    pod.name
                ));
                tokio::time::sleep(std::time::Duration::from_secs(5)).await;
            }
            outcome => return ignore_gone(outcome),
        }
    }
}

fn ignore_gone(outcome: Result<Value, client::ClientError>) -> Result<(), CliError> {
    match outcome {
        Ok(_) => Ok(()),
        Err(error) if error.not_found() => Ok(()),
        Err(error) => Err(error.into()),
    }
}

async fn wait(cx: &Context, parsed: &Parsed, pods: &[Info]) -> Result<(), CliError> {
    let timeout = parsed.duration("timeout");
    let board = if pods.is_empty() { Board::default() } else { Board::new(cx, "drained") };
    let total = i64::try_from(pods.len()).unwrap_or(i64::MAX);
    let waiting = async {
        for (pod, at) in pods.iter().zip(0..) {
            board.set(at, total, &format!("waiting for pod {} to end", pod.name));
            let limit = parsed.int("skip-wait-for-delete-timeout");
            if limit > 0 && pod.fetch(cx).await.is_ok_and(|now| is_given_up(&now, parsed)) {
                cx.say(&format!(
                    "pod {:?} has DeletionTimestamp older than {limit} seconds, skipping",
                    pod.name
                ))?;
                continue;
            }
            let uid = pod.object["metadata"]["uid"].as_str();
            delete::until_gone(cx, pod, uid).await?;
            let verb = if parsed.is("disable-eviction") { "deleted" } else { "evicted" };
            cx.say(&format!("pod/{} {verb}", pod.name))?;
            if board.is_drawn() {
                cx.flush();
            }
        }
        Ok(())
    };
    let outcome = if timeout.is_zero() {
        waiting.await
    } else {
        tokio::time::timeout(timeout, waiting).await.unwrap_or_else(|_| {
            let text = crate::args::show_duration(timeout);
            Err(CliError::plain(format!("global timeout reached: {text}")))
        })
    };
    board.end(cx, &outcome);
    outcome
}
