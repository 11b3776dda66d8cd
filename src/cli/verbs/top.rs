//! `top`: the use of CPU and memory, from the metrics API.

use client::escape;
use machinery::quantity::Quantity;
use serde_json::Value;

use crate::{args::Parsed, context::Context, print::TabWriter, report::CliError};

const ROOT: &str = "/apis/metrics.k8s.io/v1beta1";

async fn check(cx: &Context, parsed: &Parsed) -> Result<(), CliError> {
    if !matches!(parsed.text("sort-by"), "" | "cpu" | "memory") {
        return Err(CliError::plain("--sort-by accepts only cpu or memory"));
    }
    if parsed.args.len() > 1 {
        let text = format!("unexpected arguments: [{}]", parsed.args.join(" "));
        return Err(cx.usage(&parsed.path, text));
    }
    let discovery = cx.discovery().await?;
    if discovery.groups.iter().any(|group| group.name == "metrics.k8s.io") {
        return Ok(());
    }
    Err(CliError::plain("Metrics API not available"))
}

fn amount(value: &Value) -> Quantity {
    value.as_str().unwrap_or("0").parse().unwrap_or_else(|_| Quantity::whole(0))
}

fn cpu(quantity: Quantity) -> String {
    format!("{}m", quantity.milli_value())
}

fn memory(quantity: Quantity) -> String {
    format!("{}Mi", quantity.value() / (1024 * 1024))
}

fn check_names(parsed: &Parsed) -> Result<(), CliError> {
    let selects = !parsed.text("selector").is_empty();
    if parsed.args.is_empty() || !selects {
        return Ok(());
    }
    Err(CliError::plain("only one of NAME or selector can be provided"))
}

async fn items(cx: &Context, parsed: &Parsed, path: &str) -> Result<Vec<Value>, CliError> {
    let client = cx.client().await?;
    if let Some(name) = parsed.args.first() {
        return Ok(vec![client.get_json(&format!("{path}/{}", escape(name))).await?]);
    }
    let selector = escape(parsed.text("selector"));
    let list: Value = client.get_json(&format!("{path}?labelSelector={selector}")).await?;
    Ok(list["items"].as_array().cloned().unwrap_or_default())
}

pub(crate) async fn node(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    check_names(&parsed)?;
    check(cx, &parsed).await?;
    let metrics = items(cx, &parsed, &format!("{ROOT}/nodes")).await?;
    if metrics.is_empty() {
        return Err(CliError::plain("metrics not available yet"));
    }
    let nodes: Value = cx.client().await?.get_json("/api/v1/nodes").await?;
    let field = if parsed.is("show-capacity") { "capacity" } else { "allocatable" };
    let mut rows = Vec::new();
    for metric in metrics {
        let name = metric["metadata"]["name"].as_str().unwrap_or_default().to_owned();
        let mut known = nodes["items"].as_array().into_iter().flatten();
        let node = known.find(|node| node["metadata"]["name"] == name.as_str());
        let whole = node.map(|node| node["status"][field].clone()).unwrap_or_default();
        let (used_cpu, used_memory) =
            (amount(&metric["usage"]["cpu"]), amount(&metric["usage"]["memory"]));
        rows.push((name, used_cpu, used_memory, whole));
    }
    sort(&mut rows, parsed.text("sort-by"), |row| (row.0.clone(), row.1, row.2));
    let mut out = TabWriter::table();
    if !parsed.is("no-headers") {
        out.write("NAME\tCPU(cores)\tCPU(%)\tMEMORY(bytes)\tMEMORY(%)\n");
    }
    for (name, used_cpu, used_memory, whole) in rows {
        let share = |part: Quantity, whole: Quantity| match whole.milli_value() {
            0 => "<unknown>".to_owned(),
            whole => format!("{}%", part.milli_value().saturating_mul(100) / whole),
        };
        out.write(&format!(
            "{name}\t{}\t{}\t{}\t{}\n",
            cpu(used_cpu),
            share(used_cpu, amount(&whole["cpu"])),
            memory(used_memory),
            share(used_memory, amount(&whole["memory"]))
        ));
    }
    cx.out(&out.finish())
}

fn sort<R>(rows: &mut [R], by: &str, key: impl Fn(&R) -> (String, Quantity, Quantity)) {
    rows.sort_by(|a, b| {
        let (a, b) = (key(a), key(b));
        match by {
            "cpu" => b.1.milli_value().cmp(&a.1.milli_value()),
            "memory" => b.2.milli_value().cmp(&a.2.milli_value()),
            _ => a.0.cmp(&b.0),
        }
    });
}

/// Namespace, pod, container (of containers alone), CPU and memory.
type Row = (String, String, String, Quantity, Quantity);

fn rows(metrics: Vec<Value>, of_containers: bool) -> Vec<Row> {
    let mut rows = Vec::new();
    for metric in metrics {
        let text = |field: &str| metric["metadata"][field].as_str().unwrap_or_default().to_owned();
        let containers = metric["containers"].as_array().cloned().unwrap_or_default();
        if of_containers {
            for one in containers {
                let name = one["name"].as_str().unwrap_or_default().to_owned();
                rows.push((
                    text("namespace"),
                    text("name"),
                    name,
                    amount(&one["usage"]["cpu"]),
                    amount(&one["usage"]["memory"]),
                ));
            }
            continue;
        }
        let sum = |field: &str| {
            containers
                .iter()
                .map(|c| amount(&c["usage"][field]))
                .fold(Quantity::whole(0), Quantity::plus)
        };
        rows.push((text("namespace"), text("name"), String::new(), sum("cpu"), sum("memory")));
    }
    rows
}

pub(crate) async fn pod(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    check_names(&parsed)?;
    check(cx, &parsed).await?;
    let (namespace, _) = cx.namespace()?;
    let everywhere = parsed.is("all-namespaces");
    let path = if everywhere {
        format!("{ROOT}/pods")
    } else {
        format!("{ROOT}/namespaces/{namespace}/pods")
    };
    let metrics = items(cx, &parsed, &path).await?;
    if metrics.is_empty() {
        let place = if everywhere { String::new() } else { format!(" in {namespace} namespace.") };
        cx.say_err(&format!("No resources found{place}"));
        return Ok(());
    }
    let mut rows = rows(metrics, parsed.is("containers"));
    sort(&mut rows, parsed.text("sort-by"), |row| (format!("{}/{}", row.0, row.1), row.3, row.4));
    let mut out = TabWriter::table();
    let (with_namespace, with_container) = (everywhere, parsed.is("containers"));
    if !parsed.is("no-headers") {
        out.write(if with_namespace { "NAMESPACE\t" } else { "" });
        out.write(if with_container { "POD\tNAME\t" } else { "NAME\t" });
        out.write("CPU(cores)\tMEMORY(bytes)\n");
    }
    for (namespace, pod, container, used_cpu, used_memory) in rows {
        if with_namespace {
            out.write(&format!("{namespace}\t"));
        }
        out.write(&format!("{pod}\t"));
        if with_container {
            out.write(&format!("{container}\t"));
        }
        out.write(&format!("{}\t{}\n", cpu(used_cpu), memory(used_memory)));
    }
    cx.out(&out.finish())
}
