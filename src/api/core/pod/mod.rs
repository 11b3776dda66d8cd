//! Pod: containers that share a network, and the templates of pods.

mod affinity;
mod columns;
mod container;
mod defaults;
mod env;
pub(crate) mod options;
mod pieces;
mod qos;
mod security;
mod update;
mod validate;
mod volumes;
pub(crate) mod warnings;

use k8s_openapi::api::core::v1::Pod;
use machinery::{
    kind::{Kind, Subresource},
    meta,
};
use serde_json::Value;

use crate::parts::kind as build;

pub(crate) use affinity::{check_node_selector, check_tolerations};
pub use columns::status_word;
pub(crate) use defaults::fill_template;
pub use qos::{QosClass, qos_class};
pub(crate) use validate::{check_overhead, check_template};
pub(crate) use volumes::check_volume_source;

pub(crate) use super::shown::shown_template;

pub(crate) fn kind() -> Kind {
    let kind = build::<Pod>("", "v1", "Pod", "pods")
        .short("po")
        .category("all")
        .status()
        .generation()
        .graceful()
        .defaults(defaults::fill_pod)
        .prepare(prepare)
        .marks_rows(columns::ended)
        .warns(warnings::of_pod)
        .validate(validate::check_pod)
        .table(columns::COLUMNS, columns::cells)
        .selectable("spec.nodeName", |it| meta::text(it, "/spec/nodeName").into())
        .selectable("spec.restartPolicy", |it| meta::text(it, "/spec/restartPolicy").into())
        .selectable("spec.schedulerName", |it| meta::text(it, "/spec/schedulerName").into())
        .selectable("spec.serviceAccountName", |it| {
            meta::text(it, "/spec/serviceAccountName").into()
        })
        .selectable("spec.hostNetwork", |it| {
            it.pointer("/spec/hostNetwork").and_then(Value::as_bool).unwrap_or(false).to_string()
        })
        .selectable("status.phase", |it| meta::text(it, "/status/phase").into())
        .selectable("status.podIP", |it| meta::text(it, "/status/podIP").into())
        .selectable("status.nominatedNodeName", |it| {
            meta::text(it, "/status/nominatedNodeName").into()
        });
    SUBRESOURCES.iter().fold(kind, |kind, subresource| kind.subresource(*subresource))
}

const STREAM: &[&str] = &["create", "get"];

const PART: &[&str] = &["get", "patch", "update"];

const SUBRESOURCES: [Subresource; 9] = [
    Subresource {
        options: options::ATTACH,
        ..Subresource::of_core("attach", "PodAttachOptions", STREAM)
    },
    Subresource::of_core("binding", "Binding", &["create"]),
    Subresource {
        piece: Some(pieces::GUESTS),
        ..Subresource::of_core("ephemeralcontainers", "Pod", PART)
    },
    Subresource { group: "policy", ..Subresource::of_core("eviction", "Eviction", &["create"]) },
    Subresource {
        options: options::EXEC,
        ..Subresource::of_core("exec", "PodExecOptions", STREAM)
    },
    Subresource { options: options::LOG, ..Subresource::of_core("log", "Pod", &["get"]) },
    Subresource {
        options: options::PORT_FORWARD,
        ..Subresource::of_core("portforward", "PodPortForwardOptions", STREAM)
    },
    Subresource {
        options: options::PROXY,
        ..Subresource::of_core("proxy", "PodProxyOptions", Subresource::PROXY)
    },
    Subresource { piece: Some(pieces::SIZES), ..Subresource::of_core("resize", "Pod", PART) },
];

/// A pod's status begins with the API server's words, whatever the user sent.
fn prepare(object: &mut Value, old: Option<&Value>) {
    if old.is_some() {
        return;
    }
    let class = qos_class(object).word();
    let gated = !meta::items(object, "/spec/schedulingGates").is_empty();
    let fields = meta::as_object(object);
    fields.remove("status");
    let status = meta::object_at(object, "status");
    status.insert("phase".into(), "Pending".into());
    status.insert("qosClass".into(), class.into());
    if gated {
        status.insert(
            "conditions".into(),
            serde_json::json!([{
                "type": "PodScheduled",
                "status": "False",
                "reason": "SchedulingGated",
                "message": "Scheduling is blocked due to non-empty scheduling gates",
            }]),
        );
    }
}
