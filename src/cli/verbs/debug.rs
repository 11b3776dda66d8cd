//! `debug`: a container beside those of a pod, a changed copy of a pod, or a pod on a node.

use client::{DeleteOptions, Patch, WriteOptions};
use machinery::meta;
use serde_json::{Value, json};

use super::patch::applied;
use crate::{
    args::Parsed,
    context::Context,
    report::{CliError, io_words},
    resolve::{self, Ask, Info},
    stream,
};

const PROFILES: [&str; 6] = ["legacy", "general", "baseline", "netadmin", "restricted", "sysadmin"];

/// What can be told of the flags alone.
fn check(cx: &Context, parsed: &Parsed, copy: bool) -> Result<(), CliError> {
    if let Some(pair) = parsed.list("env").iter().find(|pair| !pair.contains('=')) {
        let text = format!(
            "invalid argument {pair:?} for \"--env\" flag: {pair} must be formatted as key=value"
        );
        return Err(CliError::Flag { command: format!("{} debug", cx.program()), text });
    }
    let replaces = [
        ("replace", parsed.is("replace")),
        ("same-node", parsed.is("same-node")),
        ("set-image", !parsed.list("set-image").is_empty()),
    ];
    if let Some((flag, _)) = replaces.iter().find(|(_, given)| *given && !copy) {
        let text = format!("--{flag} may only be used with --copy-to.");
        return Err(CliError::plain(text));
    }
    if parsed.text("image").is_empty() && !copy {
        return Err(CliError::plain("you must specify --image when not using --copy-to."));
    }
    if copy
        && parsed.text("image").is_empty()
        && parsed.list("set-image").is_empty()
        && parsed.after_dash().is_empty()
    {
        return Err(CliError::plain("you must specify --image, --set-image or command arguments."));
    }
    if !PROFILES.contains(&parsed.text("profile")) {
        return Err(CliError::plain(format!("unknown profile: {}", parsed.text("profile"))));
    }
    if parsed.text("profile") == "legacy" {
        cx.say_err(
            "--profile=legacy is deprecated and planned to be removed in v1.39. It is recommended \
             to specify other profile, for example \"--profile=general\".",
        );
    }
    if copy && !parsed.text("target").is_empty() {
        return Err(CliError::plain(
            "--target is incompatible with --copy-to. Use --share-processes instead.",
        ));
    }
    Ok(())
}

pub(crate) async fn run(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    let copy = parsed.some("copy-to").is_some();
    let custom = custom(&parsed)?;
    check(cx, &parsed, copy)?;
    if custom.as_ref().is_some_and(forbidden) {
        return Err(CliError::plain(
            "name, command, image, lifecycle and volume devices are not modifiable via custom profile",
        ));
    }
    let words = parsed.before_dash().to_vec();
    if words.is_empty() {
        return Err(cx.usage("debug", "NAME is required for debug"));
    }
    let ask = Ask { words, default_type: Some("pods"), ..Ask::default() };
    for info in resolve::find(cx, &ask.latest()).await?.all()? {
        let (made, container) = match info.place.resource.kind.as_str() {
            "Pod" if copy => copied(cx, &parsed, &info, custom.as_ref()).await?,
            "Pod" => beside(cx, &parsed, &info, custom.as_ref()).await?,
            "Node" => on_node(cx, &parsed, &info, custom.as_ref()).await?,
            kind => {
                let resource = &info.place.resource;
                let (group, version) = (&resource.group, &resource.version);
                let text = format!("\"{group}/{version}, Kind={kind}\" not supported by debug");
                return Err(CliError::plain(text));
            }
        };
        if parsed.is("attach") || !parsed.given("attach") && parsed.is("stdin") {
            attach(cx, &parsed, &made, &container).await?;
        }
    }
    Ok(())
}

/// The part of a container that `--custom` names, to be laid over the one of the profile.
fn custom(parsed: &Parsed) -> Result<Option<Value>, CliError> {
    let Some(file) = parsed.some("custom") else { return Ok(None) };
    let text = std::fs::read_to_string(file).map_err(|error| {
        let why = io_words(&error);
        CliError::plain(format!(
            "must pass a container spec json file for custom profile: open {file}: {why}"
        ))
    })?;
    let read = serde_json::from_str(&text).or_else(|_| machinery::yaml::parse(&text));
    let part: Value = read.map_err(|error| {
        CliError::plain(format!("{file} does not contain a valid container spec: {error}"))
    })?;
    if !part.is_object() {
        let text = format!("{file} does not contain a valid container spec: it is no object");
        return Err(CliError::plain(text));
    }
    Ok(Some(part))
}

fn forbidden(part: &Value) -> bool {
    ["name", "command", "image", "lifecycle", "volumeDevices"].iter().any(|field| {
        let value = &part[*field];
        !(value.is_null() || value == "" || value.as_array().is_some_and(Vec::is_empty))
    })
}

/// A container with the user's part over it.
fn customized(container: Value, part: Option<&Value>) -> Result<Value, CliError> {
    let Some(part) = part else { return Ok(container) };
    let mut part = part.clone();
    part["name"] = container["name"].clone();
    let in_pod =
        |one: Value| json!({"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [one]}});
    let patch = Patch::Strategic(json!({"spec": {"containers": [part]}}));
    let mut pod = applied(&in_pod(container), &patch)?;
    Ok(pod["spec"]["containers"][0].take())
}

/// The name that is asked for, or one that no container has yet.
fn container_name(cx: &Context, parsed: &Parsed) -> String {
    if let Some(name) = parsed.some("container") {
        return name.to_owned();
    }
    let name = format!("debugger-{}", suffix());
    cx.say_err(&format!("Defaulting debug container name to {name}."));
    name
}

/// Five letters of Kubernetes' alphabet for generated names.
fn suffix() -> String {
    const LETTERS: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";
    let mut seed = lifecycle::clock::now().as_nanosecond().unsigned_abs();
    let mut name = String::new();
    for _ in 0..5 {
        let at = usize::try_from(seed % 27).unwrap_or_default();
        name.push(char::from(LETTERS[at]));
        seed /= 27;
    }
    name
}

fn container(parsed: &Parsed, name: &str) -> Value {
    let mut container = json!({"name": name, "image": parsed.text("image"), "resources": {}});
    container["terminationMessagePolicy"] = "File".into();
    if let Some(policy) = parsed.some("image-pull-policy") {
        container["imagePullPolicy"] = policy.into();
    }
    if parsed.is("stdin") {
        container["stdin"] = true.into();
    }
    if parsed.is("tty") {
        container["tty"] = true.into();
    }
    let words = parsed.after_dash();
    if !words.is_empty() {
        let field = if parsed.is("arguments-only") { "args" } else { "command" };
        container[field] = json!(words);
    }
    let env: Vec<Value> = parsed
        .list("env")
        .iter()
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| json!({"name": name, "value": value}))
        .collect();
    if !env.is_empty() {
        container["env"] = env.into();
    }
    profile(parsed, &mut container);
    container
}

/// Gives a container the rights of the profile that is asked for.
fn profile(parsed: &Parsed, container: &mut Value) {
    let mut add = |more: &[&str]| {
        let at = "/securityContext/capabilities/add";
        let mut all = meta::items(container, at).to_vec();
        all.extend(more.iter().map(|one| Value::from(*one)));
        container["securityContext"]["capabilities"]["add"] = all.into();
    };
    match parsed.text("profile") {
        "general" => add(&["SYS_PTRACE"]),
        "netadmin" => add(&["NET_ADMIN", "NET_RAW"]),
        "sysadmin" => container["securityContext"] = json!({"privileged": true}),
        "restricted" => {
            container["securityContext"] = json!({
                "allowPrivilegeEscalation": false,
                "capabilities": {"drop": ["ALL"]},
                "runAsNonRoot": true,
                "seccompProfile": {"type": "RuntimeDefault"},
            });
        }
        _ => {}
    }
}

/// An ephemeral container in the pod itself.
async fn beside(
    cx: &Context,
    parsed: &Parsed,
    pod: &Info,
    custom: Option<&Value>,
) -> Result<(Info, String), CliError> {
    let name = container_name(cx, parsed);
    let mut made = container(parsed, &name);
    if let Some(fields) = made.as_object_mut() {
        fields.remove("resources");
    }
    if let Some(target) = parsed.some("target") {
        cx.say(&format!(
            "Targeting container {target:?}. If you don't see processes from this container it may be \
             because the container runtime doesn't support this feature."
        ))?;
        made["targetContainerName"] = target.into();
    }
    let there = meta::items(&pod.object, "/spec/ephemeralContainers").iter();
    if let Some(there) = there.into_iter().find(|one| one["name"] == made["name"]) {
        // Profiles act on the first of that name, which the server then refuses to change.
        made = json!({"name": name, "securityContext": there["securityContext"]});
        profile(parsed, &mut made);
    }
    let made = customized(made, custom)?;
    let patch = Patch::Strategic(json!({"spec": {"ephemeralContainers": [made]}}));
    let api = pod.api(cx).await?;
    let object =
        api.patch(&pod.name, Some("ephemeralcontainers"), &patch, &WriteOptions::default()).await?;
    Ok((Info { object, ..pod.clone() }, name))
}

/// A copy of the pod, changed as asked.
async fn copied(
    cx: &Context,
    parsed: &Parsed,
    pod: &Info,
    custom: Option<&Value>,
) -> Result<(Info, String), CliError> {
    let name = parsed.text("copy-to");
    let (metadata, mut spec) = (&pod.object["metadata"], pod.object["spec"].clone());
    let mut copy = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}});
    for (flag, field) in [("keep-labels", "labels"), ("keep-annotations", "annotations")] {
        if parsed.is(flag) && metadata[field].is_object() {
            copy["metadata"][field] = metadata[field].clone();
        }
    }
    if let Some(fields) = spec.as_object_mut() {
        fields.remove("ephemeralContainers");
        if !parsed.is("same-node") {
            fields.remove("nodeName");
        }
        if !parsed.is("keep-init-containers") {
            fields.remove("initContainers");
        }
    }
    if parsed.is("share-processes") {
        spec["shareProcessNamespace"] = true.into();
    }
    for container in spec["containers"].as_array_mut().into_iter().flatten() {
        change(parsed, container);
    }
    let mut debugger = parsed.text("container").to_owned();
    if !parsed.text("image").is_empty() {
        let known = spec["containers"].as_array_mut();
        let known = known.into_iter().flatten().find(|one| one["name"] == debugger.as_str());
        if let Some(known) = known {
            known["image"] = parsed.text("image").into();
        } else {
            debugger = container_name(cx, parsed);
            if let Some(list) = spec["containers"].as_array_mut() {
                list.push(container(parsed, &debugger));
            }
        }
    }
    for container in spec["containers"].as_array_mut().into_iter().flatten() {
        if container["name"] == debugger.as_str() {
            *container = customized(container.take(), custom)?;
        }
    }
    copy["spec"] = spec;
    let api = pod.api(cx).await?;
    let object = api.create(&copy, &WriteOptions::default()).await?;
    if parsed.is("replace") {
        api.delete(&pod.name, &DeleteOptions::default()).await?;
    }
    Ok((Info { name: name.to_owned(), object, ..pod.clone() }, debugger))
}

fn change(parsed: &Parsed, container: &mut Value) {
    let name = container["name"].as_str().unwrap_or_default().to_owned();
    for pair in parsed.list("set-image").iter().flat_map(|list| list.split(',')) {
        if let Some((wanted, image)) = pair.split_once('=')
            && (wanted == "*" || wanted == name)
        {
            container["image"] = image.into();
        }
    }
    let Some(fields) = container.as_object_mut() else { return };
    for (flag, field) in [
        ("keep-liveness", "livenessProbe"),
        ("keep-readiness", "readinessProbe"),
        ("keep-startup", "startupProbe"),
    ] {
        if !parsed.is(flag) {
            fields.remove(field);
        }
    }
}

/// A pod in the node's own namespaces, its root at `/host`.
async fn on_node(
    cx: &Context,
    parsed: &Parsed,
    node: &Info,
    custom: Option<&Value>,
) -> Result<(Info, String), CliError> {
    let name = format!("node-debugger-{}-{}", node.name, suffix());
    let container_name = parsed.some("container").unwrap_or("debugger").to_owned();
    let mut container = container(parsed, &container_name);
    let profile = parsed.text("profile");
    let mut spec = json!({"nodeName": node.name, "restartPolicy": "Never", "tolerations": [{"operator": "Exists"}]});
    if !matches!(profile, "baseline" | "restricted") {
        container["volumeMounts"] = json!([{"name": "host-root", "mountPath": "/host"}]);
        spec["volumes"] = json!([{"name": "host-root", "hostPath": {"path": "/"}}]);
        for field in ["hostIPC", "hostNetwork", "hostPID"] {
            spec[field] = true.into();
        }
    }
    spec["containers"] = json!([customized(container, custom)?]);
    let labels = json!({"app.kubernetes.io/managed-by": "kubectl-debug"});
    let pod = json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {"name": name, "labels": labels}, "spec": spec,
    });
    cx.say(&format!(
        "Creating debugging pod {name} with container {container_name} on node {}.",
        node.name
    ))?;
    let place = cx.resource("pods").await?;
    let (namespace, _) = cx.namespace()?;
    let api = cx.api(&place.resource, Some(&namespace)).await?;
    let object = api.create(&pod, &WriteOptions::default()).await?;
    Ok((resolve::of_object(&place, object), container_name))
}

async fn attach(
    cx: &Context,
    parsed: &Parsed,
    pod: &Info,
    container: &str,
) -> Result<(), CliError> {
    const LIMIT: std::time::Duration = std::time::Duration::from_mins(1);
    stream::until(cx, pod, LIMIT, |pod| {
        let all = ["containerStatuses", "ephemeralContainerStatuses"];
        let statuses =
            all.iter().flat_map(|field| pod["status"][*field].as_array().into_iter().flatten());
        let ours = statuses.into_iter().find(|status| status["name"] == container);
        Ok(ours.is_some_and(|status| {
            status["state"]["running"].is_object() || status["state"]["terminated"].is_object()
        }))
    })
    .await?;
    stream::attach(cx, parsed, pod, container).await
}
