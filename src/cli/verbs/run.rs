//! `run`: an image as a pod.

use machinery::yaml;
use serde_json::{Value, json};

use super::create::{self, dry_run, remember_typed, require, write_options};
use crate::{
    args::Parsed, context::Context, merge, print, report::CliError, resolve::Info, stream,
    unreachable,
};

pub(crate) async fn run(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    require(&parsed, &["image"])?;
    let Some(name) = parsed.args.first().cloned() else {
        return Err(cx.usage("run", "NAME is required for run"));
    };
    let attached = parsed.is("attach") || parsed.is("stdin") || parsed.is("tty");
    let run = dry_run(cx, &parsed)?;
    check(cx, &parsed, attached, run)?;
    let mut pod = pod(&parsed, &name)?;
    if let Some(overrides) = parsed.some("overrides") {
        pod = overridden(pod, overrides, parsed.text("override-type"))?;
    }
    if parsed.is("save-config") {
        remember_typed(&mut pod);
    }
    if parsed.is("expose") {
        if parsed.text("port").is_empty() {
            return Err(cx.usage("run", "--port must be set when exposing a service"));
        }
        let service = service(&name, &parsed);
        make(cx, &parsed, service, "Service", "services", run, true).await?;
        if parsed.text("output") == "yaml" {
            cx.say("---")?;
        }
    }
    let created = make(cx, &parsed, pod, "Pod", "pods", run, !attached).await?;
    if attached {
        return attach(cx, &parsed, created).await;
    }
    Ok(())
}

fn check(cx: &Context, parsed: &Parsed, attached: bool, run: &str) -> Result<(), CliError> {
    if parsed.is("rm") && !attached {
        return Err(cx.usage("run", "--rm should only be used for attached containers"));
    }
    if attached && run != "none" {
        let text = "--dry-run=[server|client] can't be used with attached containers options (--attach, --stdin, or --tty)";
        return Err(cx.usage("run", text));
    }
    if parsed.is("tty") && !parsed.is("stdin") {
        return Err(cx.usage("run", "-i/--stdin is required for containers with -t/--tty=true"));
    }
    if !matches!(parsed.text("restart"), "Always" | "OnFailure" | "Never") {
        let text = format!("invalid restart policy: {}", parsed.text("restart"));
        return Err(cx.usage("run", text));
    }
    if let Some(policy) = parsed.some("image-pull-policy")
        && !matches!(policy, "Always" | "IfNotPresent" | "Never")
    {
        return Err(cx.usage("run", format!("invalid image pull policy: {policy}")));
    }
    let image = parsed.text("image");
    let valid = !image.is_empty() && !image.contains(char::is_whitespace);
    let upper =
        image.rsplit('/').next().unwrap_or_default().split([':', '@']).next().unwrap_or_default();
    if !valid || upper.chars().any(|c| c.is_ascii_uppercase()) {
        let text = format!("Invalid image name \"{image}\": invalid reference format");
        return Err(CliError::plain(text));
    }
    Ok(())
}

fn pod(parsed: &Parsed, name: &str) -> Result<Value, CliError> {
    let mut container = json!({"name": name, "image": parsed.text("image"), "resources": {}});
    let words: Vec<String> = parsed.args[1..].to_vec();
    if !words.is_empty() {
        let field = if parsed.is("command") { "command" } else { "args" };
        container[field] = json!(words);
    }
    if let Some(policy) = parsed.some("image-pull-policy") {
        container["imagePullPolicy"] = policy.into();
    }
    if let Some(port) = parsed.some("port") {
        let port: i64 = port.parse().map_err(|_| {
            CliError::plain(format!("strconv.ParseInt: parsing {port:?}: invalid syntax"))
        })?;
        container["ports"] = json!([{"containerPort": port}]);
    }
    let mut env = Vec::new();
    for pair in parsed.list("env") {
        let (key, value) = pair
            .split_once('=')
            .filter(|(key, _)| !key.is_empty())
            .ok_or_else(|| CliError::plain(format!("invalid env: {pair}")))?;
        env.push(json!({"name": key, "value": value}));
    }
    if !env.is_empty() {
        container["env"] = env.into();
    }
    if parsed.is("privileged") {
        container["securityContext"] = json!({"privileged": true});
    }
    if parsed.is("stdin") {
        container["stdin"] = true.into();
        container["stdinOnce"] = (!parsed.is("leave-stdin-open")).into();
    }
    if parsed.is("tty") {
        container["tty"] = true.into();
    }
    let mut pod = create::named("v1", "Pod", name);
    pod["metadata"]["labels"] = match parsed.some("labels") {
        Some(text) => super::expose::pairs(text)?,
        None => json!({"run": name}),
    };
    for annotation in parsed.list("annotations") {
        let (key, value) = annotation.split_once('=').unwrap_or((&annotation, ""));
        pod["metadata"]["annotations"][key] = value.into();
    }
    pod["spec"] = json!({
        "containers": [container],
        "dnsPolicy": "ClusterFirst",
        "restartPolicy": parsed.text("restart"),
    });
    pod["status"] = json!({});
    Ok(pod)
}

fn service(name: &str, parsed: &Parsed) -> Value {
    let port: i64 = parsed.text("port").parse().unwrap_or_default();
    let mut service = create::named("v1", "Service", name);
    service["spec"] = json!({
        "ports": [{"port": port, "protocol": "TCP", "targetPort": port}],
        "selector": {"run": name},
    });
    service["status"] = json!({"loadBalancer": {}});
    service
}

#[expect(clippy::too_many_arguments, reason = "what one run settles")]
async fn make(
    cx: &Context,
    parsed: &Parsed,
    mut object: Value,
    kind: &str,
    plural: &str,
    run: &str,
    say: bool,
) -> Result<Value, CliError> {
    let (namespace, given) = cx.namespace()?;
    if given && run == "client" {
        object["metadata"]["namespace"] = namespace.as_str().into();
    }
    if run != "client" {
        let place = create::resource("v1", kind, plural, true);
        let api = cx.api(&place, Some(&namespace)).await?;
        let made = api.create(&object, &write_options(cx, parsed)?).await;
        object = made.inspect_err(|error| unreachable::complain(cx, error))?;
    }
    if say {
        print::print_typed(cx, parsed, &object, &print::dry("created", run))?;
    }
    Ok(object)
}

/// Lays JSON (or YAML) over an object, by the kind of merge that is asked for.
pub(crate) fn overridden(mut object: Value, text: &str, how: &str) -> Result<Value, CliError> {
    // What is no YAML becomes no patch, of which the merges say their own words.
    let patch = match yaml::parse(text) {
        Ok(patch) if patch.is_object() || how == "json" => patch,
        Ok(_) => return Err(CliError::plain("Invalid JSON Patch")),
        Err(_) if how != "json" => return Err(CliError::plain("Invalid JSON Patch")),
        Err(error) => return Err(CliError::plain(error.to_string())),
    };
    let failed = |error: String| CliError::plain(error);
    match how {
        "json" => machinery::patch::apply_json_patch(&mut object, &patch)
            .map_err(|error| super::patch::words(&error))?,
        "merge" => machinery::patch::apply_merge_patch(&mut object, &patch),
        "strategic" => {
            let text = |field: &str| object[field].as_str().unwrap_or_default().to_owned();
            if let Some(schema) = merge::schema_of(&text("apiVersion"), &text("kind")) {
                machinery::patch::apply_strategic_patch(&mut object, &patch, &schema)
                    .map_err(|error| failed(error.to_string()))?;
            }
        }
        other => return Err(CliError::plain(format!("invalid override type: {other}"))),
    }
    Ok(object)
}

async fn attach(cx: &Context, parsed: &Parsed, pod: Value) -> Result<(), CliError> {
    let place = cx.resource("pods").await?;
    let info = Info {
        namespace: pod["metadata"]["namespace"].as_str().map(str::to_owned),
        name: pod["metadata"]["name"].as_str().unwrap_or_default().to_owned(),
        object: pod,
        source: String::new(),
        place,
    };
    let timeout = parsed.duration("pod-running-timeout");
    let outcome = stream::attach_when_running(cx, parsed, &info, timeout).await;
    if parsed.is("rm") {
        let options = client::DeleteOptions::default();
        info.api(cx).await?.delete(&info.name, &options).await?;
        let namespace = info.namespace.as_deref().unwrap_or_default();
        cx.say(&format!("pod \"{}\" deleted from {namespace} namespace", info.name))?;
    }
    outcome
}
