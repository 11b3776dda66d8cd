//! Pod templates and containers, as all workloads show them.

use crate::text::Add as _;
use serde_json::Value;

use super::{
    Page,
    page::{items, pairs, shown, time, title_bool},
    volumes,
};
use crate::args::go_quote;

/// A pod template as text with tabs, as `rollout history` prints it.
pub(crate) fn template_text(template: &Value) -> String {
    let mut page = Page::default();
    template_of(&mut page, template);
    page.into_raw()
}

/// Adds a pod template.
pub(super) fn template_of(page: &mut Page, template: &Value) {
    page.line(0, "Pod Template:");
    page.labels("  Labels", &template["metadata"]["labels"]);
    if template["metadata"]["annotations"].as_object().is_some_and(|a| !a.is_empty()) {
        page.annotations("  Annotations", &template["metadata"]["annotations"]);
    }
    let spec = &template["spec"];
    if spec["serviceAccountName"].is_string() {
        page.text(0, "  Service Account", &spec["serviceAccountName"]);
    }
    if !items(&spec["initContainers"]).is_empty() {
        containers(page, "Init Containers", &spec["initContainers"], None, "  ");
    }
    containers(page, "Containers", &spec["containers"], None, "  ");
    volumes::list(page, &spec["volumes"], "  ");
    spread(page, &spec["topologySpreadConstraints"], "  ");
    if spec["priorityClassName"].is_string() {
        page.text(0, "  Priority Class Name", &spec["priorityClassName"]);
    }
    page.labels("  Node-Selectors", &spec["nodeSelector"]);
    tolerations(page, "  Tolerations", &spec["tolerations"]);
    group(page, &spec["schedulingGroup"], "  ");
}

/// Adds the group that pods are scheduled with, if there is one.
pub(super) fn group(page: &mut Page, group: &Value, space: &str) {
    if group.is_object() {
        page.line(0, format!("{space}SchedulingGroup:"));
        page.text(1, "PodGroupName", &group["podGroupName"]);
    }
}

/// Adds topology spread constraints, if there are any.
pub(super) fn spread(page: &mut Page, constraints: &Value, space: &str) {
    let lines: Vec<String> = items(constraints)
        .iter()
        .map(|one| {
            let selector = super::selector_text(&one["labelSelector"]);
            let key = shown(&one["topologyKey"]);
            let action = shown(&one["whenUnsatisfiable"]);
            let skew = shown(&one["maxSkew"]);
            let chosen = if selector.is_empty() {
                String::new()
            } else {
                format!(" for selector {selector}")
            };
            format!("{key}:{action} when max skew {skew} is exceeded{chosen}")
        })
        .collect();
    if !lines.is_empty() {
        page.multi(&format!("{space}Topology Spread Constraints"), lines);
    }
}

/// Adds tolerations, sorted by key.
pub(super) fn tolerations(page: &mut Page, title: &str, tolerations: &Value) {
    let mut sorted: Vec<&Value> = items(tolerations).iter().collect();
    sorted.sort_by_key(|toleration| shown(&toleration["key"]));
    let lines = sorted.into_iter().map(|toleration| {
        let mut text = shown(&toleration["key"]);
        let value = shown(&toleration["value"]);
        if !value.is_empty() {
            text.add(format_args!("={value}"));
        }
        let effect = shown(&toleration["effect"]);
        if !effect.is_empty() {
            text.add(format_args!(":{effect}"));
        }
        if toleration["operator"] == "Exists" && value.is_empty() {
            let gap = if toleration["key"].is_string() || !effect.is_empty() { " " } else { "" };
            text.add(format_args!("{gap}op=Exists"));
        }
        if let Some(seconds) = toleration["tolerationSeconds"].as_u64() {
            let lasting = crate::args::show_duration(std::time::Duration::from_secs(seconds));
            text.add(format_args!(" for {}", shorter(&lasting)));
        }
        text
    });
    page.multi(title, lines.collect());
}

/// Tolerations tell seconds as `300s`.
fn shorter(text: &str) -> String {
    let seconds = machinery::duration::parse(text).unwrap_or_default().as_secs();
    format!("{seconds}s")
}

/// Adds containers; with a pod, their state and resolved values.
pub(super) fn containers(
    page: &mut Page,
    title: &str,
    list: &Value,
    pod: Option<(&Value, &str)>,
    space: &str,
) {
    page.line(0, format!("{space}{title}:"));
    let inset = if space.is_empty() { "" } else { " " };
    for container in items(list) {
        let status = pod.and_then(|(pod, field)| {
            items(&pod["status"][field]).iter().find(|status| status["name"] == container["name"])
        });
        page.line(1, format!("{inset}{}:", shown(&container["name"])));
        basics(page, container, status);
        command(page, "Command", &container["command"]);
        command(page, "Args", &container["args"]);
        if let Some(status) = status {
            state(page, "State", &status["state"]);
            if status["lastState"]["terminated"].is_object() {
                state(page, "Last State", &status["lastState"]);
            }
            page.field(2, "Ready", title_bool(status["ready"] == true));
            page.field(2, "Restart Count", shown(&status["restartCount"]));
        }
        resources(page, &container["resources"]);
        for (title, field) in [
            ("Liveness", "livenessProbe"),
            ("Readiness", "readinessProbe"),
            ("Startup", "startupProbe"),
        ] {
            if container[field].is_object() {
                page.field(2, title, probe_text(&container[field]));
            }
        }
        env_from(page, &container["envFrom"]);
        env(page, container, pod.map(|(pod, _)| pod));
        mounts(page, &container["volumeMounts"]);
        devices(page, container);
    }
}

fn basics(page: &mut Page, container: &Value, status: Option<&Value>) {
    if let Some(status) = status {
        page.text(2, "Container ID", &status["containerID"]);
    }
    page.text(2, "Image", &container["image"]);
    if let Some(status) = status {
        page.text(2, "Image ID", &status["imageID"]);
    }
    let ports = items(&container["ports"]);
    let texts = |field: &str| -> String {
        let one = |port: &Value| {
            let number = port[field].as_i64().unwrap_or(0);
            let protocol = port["protocol"].as_str().unwrap_or("TCP");
            match port["name"].as_str() {
                Some(name) => format!("{number}/{protocol} ({name})"),
                None => format!("{number}/{protocol}"),
            }
        };
        if ports.is_empty() {
            return "<none>".to_owned();
        }
        ports.iter().map(one).collect::<Vec<_>>().join(", ")
    };
    let s = if ports.len() > 1 { "s" } else { "" };
    page.field(2, &format!("Port{s}"), texts("containerPort"));
    page.field(2, &format!("Host Port{s}"), texts("hostPort"));
    let profile = &container["securityContext"]["seccompProfile"];
    if profile["type"].is_string() {
        page.text(2, "SeccompProfile", &profile["type"]);
        if profile["type"] == "Localhost" {
            page.text(3, "LocalhostProfile", &profile["localhostProfile"]);
        }
    }
}

fn command(page: &mut Page, title: &str, words: &Value) {
    if items(words).is_empty() {
        return;
    }
    page.line(2, format!("{title}:"));
    for word in items(words) {
        for line in shown(word).split('\n') {
            page.line(3, line);
        }
    }
}

fn state(page: &mut Page, title: &str, state: &Value) {
    if let Some(running) = state.get("running") {
        page.field(2, title, "Running");
        return page.field(3, "Started", time(&running["startedAt"]));
    }
    if let Some(ended) = state.get("terminated") {
        page.field(2, title, "Terminated");
        for (title, field) in [("Reason", "reason"), ("Message", "message")] {
            if ended[field].as_str().is_some_and(|text| !text.is_empty()) {
                page.text(3, title, &ended[field]);
            }
        }
        page.field(3, "Exit Code", ended["exitCode"].as_i64().unwrap_or(0).to_string());
        if ended["signal"].as_i64().is_some_and(|signal| signal > 0) {
            page.text(3, "Signal", &ended["signal"]);
        }
        page.field(3, "Started", time(&ended["startedAt"]));
        return page.field(3, "Finished", time(&ended["finishedAt"]));
    }
    page.field(2, title, "Waiting");
    if state["waiting"]["reason"].as_str().is_some_and(|text| !text.is_empty()) {
        page.text(3, "Reason", &state["waiting"]["reason"]);
    }
}

fn resources(page: &mut Page, resources: &Value) {
    for (title, field) in [("Limits", "limits"), ("Requests", "requests")] {
        let pairs = pairs(&resources[field]);
        if pairs.is_empty() {
            continue;
        }
        page.line(2, format!("{title}:"));
        for (name, value) in pairs {
            page.field(3, &name, value);
        }
    }
}

/// A probe in one line.
pub(crate) fn probe_text(probe: &Value) -> String {
    let number = |field: &str| probe[field].as_i64().unwrap_or(0);
    let attributes = format!(
        "delay={}s timeout={}s period={}s #success={} #failure={}",
        number("initialDelaySeconds"),
        number("timeoutSeconds"),
        number("periodSeconds"),
        number("successThreshold"),
        number("failureThreshold"),
    );
    let what = if probe["exec"].is_object() {
        format!("exec {}", shown(&probe["exec"]["command"]))
    } else if probe["httpGet"].is_object() {
        let get = &probe["httpGet"];
        let scheme = get["scheme"].as_str().unwrap_or("HTTP").to_lowercase();
        let path = get["path"].as_str().unwrap_or("/");
        let slash = if path.starts_with('/') { "" } else { "/" };
        format!("http-get {scheme}://{}:{}{slash}{path}", shown(&get["host"]), shown(&get["port"]))
    } else if probe["tcpSocket"].is_object() {
        format!(
            "tcp-socket {}:{}",
            shown(&probe["tcpSocket"]["host"]),
            shown(&probe["tcpSocket"]["port"])
        )
    } else if probe["grpc"].is_object() {
        format!("grpc <pod>:{} {}", shown(&probe["grpc"]["port"]), shown(&probe["grpc"]["service"]))
    } else {
        "unknown".to_owned()
    };
    format!("{what} {attributes}")
}

fn env_from(page: &mut Page, sources: &Value) {
    if items(sources).is_empty() {
        return;
    }
    page.line(2, "Environment Variables from:");
    for source in items(sources) {
        let (kind, reference) = if source["configMapRef"].is_object() {
            ("ConfigMap", &source["configMapRef"])
        } else {
            ("Secret", &source["secretRef"])
        };
        let prefix = match source["prefix"].as_str() {
            Some(prefix) if !prefix.is_empty() => format!("{kind} with prefix '{prefix}'"),
            _ => kind.to_owned(),
        };
        let optional = reference["optional"] == true;
        page.line(3, format!("{}\t{prefix}\tOptional: {optional}", shown(&reference["name"])));
    }
}

fn env(page: &mut Page, container: &Value, pod: Option<&Value>) {
    let variables = items(&container["env"]);
    if variables.is_empty() {
        return page.field(2, "Environment", "<none>");
    }
    page.line(2, "Environment:");
    for variable in variables {
        let name = shown(&variable["name"]);
        let from = &variable["valueFrom"];
        if from.is_null() {
            let value = shown(&variable["value"]);
            for (at, line) in value.split('\n').enumerate() {
                let start = if at == 0 { format!("{name}:") } else { String::new() };
                page.line(3, format!("{start}\t{line}"));
            }
            continue;
        }
        page.line(3, format!("{name}:\t{}", from_text(from, container, pod)));
    }
}

fn from_text(from: &Value, container: &Value, pod: Option<&Value>) -> String {
    if from["fieldRef"].is_object() {
        let path = shown(&from["fieldRef"]["fieldPath"]);
        let version = from["fieldRef"]["apiVersion"].as_str().unwrap_or("v1");
        let value = pod.map(|pod| field_value(pod, &path)).unwrap_or_default();
        return format!("{value} ({version}:{path})");
    }
    if from["resourceFieldRef"].is_object() {
        let resource = shown(&from["resourceFieldRef"]["resource"]);
        let value = match resource.split_once('.') {
            Some((kind, name)) => {
                let divisor = &from["resourceFieldRef"]["divisor"];
                resource_value(&container["resources"][kind][name], divisor)
            }
            None => String::new(),
        };
        let value =
            if value.is_empty() && pod.is_some() { "node allocatable".to_owned() } else { value };
        return format!("{value} ({resource})");
    }
    let (reference, words) = if from["secretKeyRef"].is_object() {
        (&from["secretKeyRef"], "in secret")
    } else {
        (&from["configMapKeyRef"], "of config map")
    };
    let (key, name) = (shown(&reference["key"]), shown(&reference["name"]));
    let optional = reference["optional"] == true;
    format!("<set to the key '{key}' {words} '{name}'>\tOptional: {optional}")
}

/// An amount in units of the divisor, rounded up.
pub(crate) fn resource_value(value: &Value, divisor: &Value) -> String {
    let read = |value: &Value| value.as_str()?.parse::<machinery::quantity::Quantity>().ok();
    let Some(quantity) = read(value) else { return String::new() };
    let unit = read(divisor).map_or(0, machinery::quantity::Quantity::milli_value);
    let unit = if unit == 0 { 1000 } else { unit };
    let milli = quantity.milli_value();
    (milli / unit + i64::from(milli % unit > 0)).to_string()
}

/// The value that a field path has in a pod.
pub(crate) fn field_value(pod: &Value, path: &str) -> String {
    if let Some((map, key)) = path.split_once('[') {
        let key = key.trim_end_matches(']').trim_matches('\'');
        let mut place = pod;
        for step in map.split('.') {
            place = &place[step];
        }
        return shown(&place[key]);
    }
    let mut place = pod;
    for step in path.split('.') {
        place = &place[step];
    }
    match place {
        Value::Object(_) => {
            let pairs: Vec<_> =
                pairs(place).iter().map(|(k, v)| format!("{k}={}", go_quote(v))).collect();
            pairs.join("\n")
        }
        value => shown(value),
    }
}

/// Adds devices; where there are no mounts, kubectl says so a second time.
fn devices(page: &mut Page, container: &Value) {
    let devices = &container["volumeDevices"];
    if items(devices).is_empty() {
        return;
    }
    let none = if items(&container["volumeMounts"]).is_empty() { "\t<none>" } else { "" };
    page.line(2, format!("Devices:{none}"));
    let mut sorted: Vec<&Value> = items(devices).iter().collect();
    sorted.sort_by_key(|device| shown(&device["devicePath"]));
    for device in sorted {
        page.line(3, format!("{} from {}", shown(&device["devicePath"]), shown(&device["name"])));
    }
}

fn mounts(page: &mut Page, mounts: &Value) {
    if items(mounts).is_empty() {
        return page.field(2, "Mounts", "<none>");
    }
    page.line(2, "Mounts:");
    let mut sorted: Vec<&Value> = items(mounts).iter().collect();
    sorted.sort_by_key(|mount| shown(&mount["mountPath"]));
    for mount in sorted {
        let mut flags =
            vec![if mount["readOnly"] == true { "ro".to_owned() } else { "rw".to_owned() }];
        if let Some(path) = mount["subPath"].as_str().filter(|path| !path.is_empty()) {
            flags.push(format!("path={}", go_quote(path)));
        }
        let (place, name) = (shown(&mount["mountPath"]), shown(&mount["name"]));
        page.line(3, format!("{place} from {name} ({})", flags.join(",")));
    }
}
