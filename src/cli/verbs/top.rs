//! `top`: the use of CPU and memory, from the metrics API.
//! Source: Kubernetes, `k8s.io/kubectl/pkg/cmd/top` and `pkg/metricsutil`.

use client::escape;
use jiff::Timestamp;
use machinery::{quantity::Quantity, selector::LabelSelector};
use serde_json::Value;

use crate::{
    args::{Parsed, show_duration},
    context::Context,
    print::TabWriter,
    report::CliError,
    text::Add as _,
};

const ROOT: &str = "/apis/metrics.k8s.io/v1beta1";
const UNKNOWN: &str = "<unknown>";
/// A pod this old has been measured, or something is wrong: seconds.
const MEASURED_BY_NOW: i64 = 120;

/// What is measured: always CPU and memory, swap where it is asked for.
struct Measured(Vec<(&'static str, &'static str)>);

impl Measured {
    fn of(parsed: &Parsed) -> Self {
        let mut all = vec![("cpu", "CPU(cores)"), ("memory", "MEMORY(bytes)")];
        if parsed.is("show-swap") {
            all.push(("swap", "SWAP(bytes)"));
        }
        Self(all)
    }

    fn titles(&self, shares: bool) -> String {
        let one = |(name, title): &(&str, &str)| {
            let share = format!("{}(%)\t", name.to_uppercase());
            format!("{title}\t{}", if shares { &share } else { "" })
        };
        self.0.iter().map(one).collect()
    }

    /// The cells of one line; a share stands behind each use whose whole is known.
    fn cells(&self, usage: &Value, whole: &Value, missing: &[&str]) -> String {
        let mut cells = String::new();
        for (name, _) in &self.0 {
            if missing.contains(name) {
                cells.add(format_args!("{UNKNOWN}\t{UNKNOWN}\t"));
                continue;
            }
            let used = amount(&usage[name]);
            match *name {
                "cpu" => cells.add(format_args!("{}m\t", used.milli_value())),
                _ => cells.add(format_args!("{}Mi\t", used.value() / (1024 * 1024))),
            }
            if whole[name].is_string() {
                let whole = amount(&whole[name]).milli_value();
                let share = used.milli_value().saturating_mul(100).checked_div(whole);
                cells.add(format_args!("{}%\t", share.unwrap_or(0)));
            }
        }
        cells
    }
}

fn amount(value: &Value) -> Quantity {
    value.as_str().unwrap_or("0").parse().unwrap_or_else(|_| Quantity::whole(0))
}

fn text<'v>(object: &'v Value, field: &str) -> &'v str {
    object["metadata"][field].as_str().unwrap_or_default()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// The most used first, or by name.
fn sort<T>(items: &mut [T], by: &str, usage: impl Fn(&T) -> Value, name: impl Fn(&T) -> String) {
    match by {
        "cpu" => items.sort_by_key(|item| -amount(&usage(item)["cpu"]).milli_value()),
        "memory" => items.sort_by_key(|item| -amount(&usage(item)["memory"]).value()),
        _ => items.sort_by_key(name),
    }
}

/// What can be told of the arguments alone.
fn check(cx: &Context, parsed: &Parsed, selectors: &[&str]) -> Result<(), CliError> {
    if parsed.args.len() > 1 {
        let usage = parsed.path.trim_start_matches("top ");
        return Err(cx.usage(&parsed.path, format!("{usage} [NAME | -l label]")));
    }
    if !matches!(parsed.text("sort-by"), "" | "cpu" | "memory") {
        return Err(CliError::plain("--sort-by accepts only cpu or memory"));
    }
    if !parsed.args.is_empty() && selectors.iter().any(|flag| !parsed.text(flag).is_empty()) {
        let what = if parsed.path == "top node" { "--selector" } else { "selector" };
        return Err(CliError::plain(format!("only one of NAME or {what} can be provided")));
    }
    let labels = LabelSelector::parse(parsed.text("selector"));
    labels.map(drop).map_err(|error| CliError::plain(error.to_string()))
}

/// What was measured under a path: of one name, or of all that the selectors choose.
async fn metrics(cx: &Context, parsed: &Parsed, path: &str) -> Result<Vec<Value>, CliError> {
    let discovery = cx.discovery().await?;
    if !discovery.groups.iter().any(|group| group.name == "metrics.k8s.io") {
        return Err(CliError::plain("Metrics API not available"));
    }
    let client = cx.client().await?;
    if let Some(name) = parsed.args.first() {
        return Ok(vec![client.get_json(&format!("{path}/{}", escape(name))).await?]);
    }
    let found: Value = client.get_json(&format!("{path}?{}", selection(parsed))).await?;
    Ok(list(&found["items"]).to_vec())
}

fn selection(parsed: &Parsed) -> String {
    let labels = format!("labelSelector={}", escape(parsed.text("selector")));
    if parsed.knows("field-selector") {
        format!("{labels}&fieldSelector={}", escape(parsed.text("field-selector")))
    } else {
        labels
    }
}

pub(crate) async fn node(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    check(cx, &parsed, &["selector"])?;
    let mut found = metrics(cx, &parsed, &format!("{ROOT}/nodes")).await?;
    if found.is_empty() {
        return Err(CliError::plain("metrics not available yet"));
    }
    let client = cx.client().await?;
    let mut nodes = if let Some(name) = parsed.args.first() {
        vec![client.get_json(&format!("/api/v1/nodes/{}", escape(name))).await?]
    } else {
        let all: Value = client.get_json(&format!("/api/v1/nodes?{}", selection(&parsed))).await?;
        list(&all["items"]).to_vec()
    };
    sort(
        &mut found,
        parsed.text("sort-by"),
        |one| one["usage"].clone(),
        |one| text(one, "name").to_owned(),
    );
    let measured = Measured::of(&parsed);
    let mut out = TabWriter::table();
    if !parsed.is("no-headers") {
        out.write(&format!("NAME\t{}\n", measured.titles(true)));
    }
    for one in found {
        let name = text(&one, "name");
        let at = nodes.iter().position(|node| text(node, "name") == name);
        let node = at.map(|at| nodes.remove(at)).unwrap_or_default();
        let field = if parsed.is("show-capacity") { "capacity" } else { "allocatable" };
        let mut whole = node["status"][field].clone();
        let swap = node["status"]["nodeInfo"]["swap"]["capacity"].as_i64();
        if let Some(swap) = swap {
            whole["swap"] = swap.to_string().into();
        }
        let missing = if swap.is_none() && !node.is_null() { &["swap"][..] } else { &[] };
        out.write(&format!("{name}\t{}\n", measured.cells(&one["usage"], &whole, missing)));
    }
    for node in nodes {
        let cells = format!("{UNKNOWN}\t{UNKNOWN}\t").repeat(measured.0.len());
        out.write(&format!("{}\t{cells}\n", text(&node, "name")));
    }
    cx.out(&out.finish())
}

/// The sum of what a pod's containers use.
fn of_pod(measured: &Measured, containers: &[Value]) -> Value {
    let sum = |name: &str| {
        let each = containers.iter().map(|one| amount(&one["usage"][name]));
        each.fold(Quantity::whole(0), Quantity::plus).to_string()
    };
    measured.0.iter().map(|(name, _)| ((*name).to_owned(), Value::from(sum(name)))).collect()
}

pub(crate) async fn pod(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    check(cx, &parsed, &["selector", "field-selector"])?;
    let (namespace, _) = cx.namespace()?;
    let everywhere = parsed.is("all-namespaces");
    let place = if everywhere {
        "pods".to_owned()
    } else {
        format!("namespaces/{}/pods", escape(&namespace))
    };
    let mut found = metrics(cx, &parsed, &format!("{ROOT}/{place}")).await?;
    if found.is_empty() {
        unmeasured(cx, &parsed, &namespace).await?;
        let place = if everywhere { String::new() } else { format!(" in {namespace} namespace.") };
        cx.say_err(&format!("No resources found{place}"));
        return Ok(());
    }
    let measured = Measured::of(&parsed);
    let by = parsed.text("sort-by");
    sort(
        &mut found,
        by,
        |one| of_pod(&measured, list(&one["containers"])),
        |one| format!("{}/{}", text(one, "namespace"), text(one, "name")),
    );
    let with_containers = parsed.is("containers");
    let mut out = TabWriter::table();
    if !parsed.is("no-headers") {
        let namespace = if everywhere { "NAMESPACE\t" } else { "" };
        let pod = if with_containers { "POD\t" } else { "" };
        out.write(&format!("{namespace}{pod}NAME\t{}\n", measured.titles(false)));
    }
    for one in &found {
        let namespace =
            if everywhere { format!("{}\t", text(one, "namespace")) } else { String::new() };
        let name = text(one, "name");
        let mut containers = list(&one["containers"]).to_vec();
        if !with_containers {
            let cells = measured.cells(&of_pod(&measured, &containers), &Value::Null, &[]);
            out.write(&format!("{namespace}{name}\t{cells}\n"));
            continue;
        }
        let named = |one: &Value| one["name"].as_str().unwrap_or_default().to_owned();
        sort(&mut containers, by, |one| one["usage"].clone(), named);
        for container in containers {
            let cells = measured.cells(&container["usage"], &Value::Null, &[]);
            out.write(&format!("{namespace}{name}\t{}\t{cells}\n", named(&container)));
        }
    }
    if parsed.is("sum") {
        let all: Vec<Value> =
            found.iter().flat_map(|one| list(&one["containers"])).cloned().collect();
        sum(&mut out, &parsed, &measured, &all);
    }
    cx.out(&out.finish())
}

/// Two lines that stand below the last columns: a rule, and what all use together.
fn sum(out: &mut TabWriter, parsed: &Parsed, measured: &Measured, containers: &[Value]) {
    let headers = !parsed.is("no-headers");
    let more = |flag: &str| usize::from(headers && parsed.is(flag));
    let columns = 1 + measured.0.len() + more("all-namespaces") + more("containers");
    let rule = "\t".repeat(columns - 2);
    out.write(&format!("{rule}________\t________\t\n"));
    let cells = measured.cells(&of_pod(measured, containers), &Value::Null, &[]);
    out.write(&format!("{}\t{cells}\n", "\t".repeat(columns - 3)));
}

/// Refuses where there are pods, but nothing is known of them.
async fn unmeasured(cx: &Context, parsed: &Parsed, namespace: &str) -> Result<(), CliError> {
    let path = format!("/api/v1/namespaces/{}/pods?{}", escape(namespace), selection(parsed));
    let pods: Value = cx.client().await?.get_json(&path).await?;
    if list(&pods["items"]).is_empty() {
        return Ok(());
    }
    let now = lifecycle::clock::now();
    for pod in list(&pods["items"]) {
        let Ok(since) = text(pod, "creationTimestamp").parse::<Timestamp>() else { continue };
        let age = now.duration_since(since);
        if age.as_secs() > MEASURED_BY_NOW {
            return Err(CliError::plain(format!(
                "Metrics not available for pod {}/{}, age: {}",
                text(pod, "namespace"),
                text(pod, "name"),
                show_duration(age.unsigned_abs())
            )));
        }
    }
    Err(CliError::plain("metrics not available yet"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn cells_have_shares_where_the_whole_is_known() {
        let measured = Measured(vec![
            ("cpu", "CPU(cores)"),
            ("memory", "MEMORY(bytes)"),
            ("swap", "SWAP(bytes)"),
        ]);
        let usage = json!({"cpu": "250m", "memory": "512Mi", "swap": "1Mi"});
        let whole = json!({"cpu": "1", "memory": "0"});
        assert_eq!(
            measured.cells(&usage, &whole, &["swap"]),
            "250m\t25%\t512Mi\t0%\t<unknown>\t<unknown>\t"
        );
        assert_eq!(measured.cells(&usage, &Value::Null, &[]), "250m\t512Mi\t1Mi\t");
        assert_eq!(
            measured.titles(true),
            "CPU(cores)\tCPU(%)\tMEMORY(bytes)\tMEMORY(%)\tSWAP(bytes)\tSWAP(%)\t"
        );
    }
}
