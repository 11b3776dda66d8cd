//! `cluster-info`: where the cluster is, and a dump of what helps to find its faults.

use client::{ListOptions, escape};
use serde_json::Value;

use super::create;
use crate::{
    args::Parsed,
    context::Context,
    print::{self, Printer},
    report::{CliError, io_words},
    unreachable,
};

pub(crate) async fn run(cx: &Context, _parsed: Parsed) -> Result<(), CliError> {
    let shown = services(cx).await;
    cx.say(&format!(
        "\nTo further debug and diagnose cluster problems, use '{} cluster-info dump'.",
        cx.program()
    ))?;
    shown
}

async fn services(cx: &Context) -> Result<(), CliError> {
    let client = cx.client().await?;
    let base = client.base().to_owned();
    let place = create::resource("v1", "Service", "services", true);
    let api = cx.api(&place, Some("kube-system")).await?;
    let list = api.list(&ListOptions::labels("kubernetes.io/cluster-service=true")).await;
    let list = list.inspect_err(|error| unreachable::complain(cx, error))?;
    line(cx, "Kubernetes control plane", &base)?;
    for service in list["items"].as_array().into_iter().flatten() {
        let name = service["metadata"]["name"].as_str().unwrap_or_default();
        let label = &service["metadata"]["labels"]["kubernetes.io/name"];
        let shown = label.as_str().unwrap_or(name);
        let port = &service["spec"]["ports"][0];
        let suffix = match port["name"].as_str() {
            Some(port) if !port.is_empty() => format!("{name}:{port}"),
            _ => name.to_owned(),
        };
        let link = format!("{base}/api/v1/namespaces/kube-system/services/{suffix}/proxy");
        line(cx, shown, &link)?;
    }
    Ok(())
}

fn line(cx: &Context, name: &str, link: &str) -> Result<(), CliError> {
    use std::io::IsTerminal as _;
    if std::io::stdout().is_terminal() {
        return cx.say(&format!(
            "\u{1b}[0;32m{name}\u{1b}[0m is running at \u{1b}[0;33m{link}\u{1b}[0m"
        ));
    }
    cx.say(&format!("{name} is running at {link}"))
}

const DUMPED: &[(&str, &str, &str)] = &[
    ("v1", "events", "events"),
    ("v1", "replicationcontrollers", "replication-controllers"),
    ("v1", "services", "services"),
    ("apps/v1", "daemonsets", "daemonsets"),
    ("apps/v1", "deployments", "deployments"),
    ("apps/v1", "replicasets", "replicasets"),
    ("v1", "pods", "pods"),
];

pub(crate) async fn dump(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    let printer = print::printer(&parsed, print::TEMPLATES)?;
    if matches!(printer, Printer::Name { .. }) {
        return Err(CliError::plain("list types are not supported by name printing: *v1.NodeList"));
    }
    let folder = parsed.text("output-directory");
    let client = cx.client().await?;
    let nodes: Value = client.get_json("/api/v1/nodes").await?;
    put(cx, &printer, folder, "nodes", &nodes)?;
    let (current, _) = cx.namespace()?;
    let namespaces: Vec<String> = if parsed.is("all-namespaces") {
        let list: Value = client.get_json("/api/v1/namespaces").await?;
        let names = list["items"].as_array().into_iter().flatten();
        names.filter_map(|n| n["metadata"]["name"].as_str().map(str::to_owned)).collect()
    } else if !parsed.list("namespaces").is_empty() {
        parsed.list("namespaces")
    } else {
        vec!["kube-system".to_owned(), current]
    };
    for namespace in namespaces {
        for (version, plural, file) in DUMPED {
            let root = if *version == "v1" { "/api/v1" } else { "/apis/apps/v1" };
            let list: Value =
                client.get_json(&format!("{root}/namespaces/{namespace}/{plural}")).await?;
            put(cx, &printer, folder, &format!("{namespace}/{file}"), &list)?;
            if *plural == "pods" {
                logs(cx, folder, &namespace, &list).await?;
            }
        }
    }
    if !folder.is_empty() && folder != "-" {
        cx.say(&format!("Cluster info dumped to {folder}"))?;
    }
    Ok(())
}

fn put(
    cx: &Context,
    printer: &Printer,
    folder: &str,
    name: &str,
    list: &Value,
) -> Result<(), CliError> {
    let mut list = list.clone();
    print::hide_managed_fields(&mut list);
    // What holds nothing is no list in Go.
    if list["items"].as_array().is_some_and(Vec::is_empty) {
        list["items"] = Value::Null;
    }
    if folder.is_empty() || folder == "-" {
        return match printer {
            Printer::Json => cx.say(&print::typed::json(&list)),
            _ => printer.print(cx, &list),
        };
    }
    let (suffix, text) = match printer {
        Printer::Yaml => ("yaml", machinery::yaml::to_string(&list)),
        _ => ("json", format!("{}\n", print::typed::json(&list))),
    };
    write(folder, &format!("{name}.{suffix}"), text.as_bytes())
}

fn write(folder: &str, name: &str, bytes: &[u8]) -> Result<(), CliError> {
    let path = std::path::Path::new(folder).join(name);
    let failed = |error: std::io::Error| {
        CliError::plain(format!("open {}: {}", path.display(), io_words(&error)))
    };
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent).map_err(failed)?;
    }
    std::fs::write(&path, bytes).map_err(failed)
}

async fn logs(cx: &Context, folder: &str, namespace: &str, pods: &Value) -> Result<(), CliError> {
    let client = cx.client().await?;
    for pod in pods["items"].as_array().into_iter().flatten() {
        let name = pod["metadata"]["name"].as_str().unwrap_or_default();
        for container in pod["spec"]["containers"].as_array().into_iter().flatten() {
            let container = container["name"].as_str().unwrap_or_default();
            let path = format!(
                "/api/v1/namespaces/{namespace}/pods/{}/log?container={}",
                escape(name),
                escape(container)
            );
            let text = match client.get_bytes(&path).await {
                Ok(bytes) => bytes,
                Err(error) => format!("Request log error: {error}\n").into(),
            };
            let head = format!(
                "==== START logs for container {container} of pod {namespace}/{name} ====\n"
            );
            let tail =
                format!("==== END logs for container {container} of pod {namespace}/{name} ====\n");
            if folder.is_empty() || folder == "-" {
                cx.out(&head)?;
                cx.out_bytes(&text)?;
                cx.out(&tail)?;
            } else {
                let whole = [head.as_bytes(), &text, tail.as_bytes()].concat();
                write(folder, &format!("{namespace}/{name}/logs.txt"), &whole)?;
            }
        }
    }
    Ok(())
}
