//! Pod: containers that share a network, and the templates of pods.

mod affinity;
mod annotations;
mod columns;
mod container;
mod defaults;
mod disks;
mod dns;
mod env;
mod mounts;
pub(crate) mod options;
mod pieces;
mod platform;
mod prepare;
mod probes;
mod projected;
mod qos;
mod requirements;
mod security;
mod sources;
mod spread;
mod status;
mod update;
mod validate;
mod volumes;
pub(crate) mod warnings;
mod windows;

use k8s_openapi::api::core::v1::Pod;
use machinery::{
    json::{IDENTITY, Keep},
    kind::{Kind, Subresource},
    meta,
};
use serde_json::Value;

use crate::parts::kind as build;

pub(crate) use affinity::{check_node_selector, check_tolerations};
pub use columns::status_word;
pub(crate) use defaults::fill_template;
pub(crate) use prepare::keep_served;
pub use qos::{QosClass, qos_class};
pub use requirements::aggregate;
pub(crate) use sources::{check_initiator_length, check_source};
pub(crate) use validate::{check_overhead, check_template};

/// What the selectable fields are read from.
const SELECTORS: Keep = Keep::Only(&[
    ("metadata", IDENTITY),
    (
        "spec",
        Keep::Only(&[
            ("nodeName", Keep::All),
            ("restartPolicy", Keep::All),
            ("schedulerName", Keep::All),
            ("serviceAccountName", Keep::All),
            ("hostNetwork", Keep::All),
        ]),
    ),
    (
        "status",
        Keep::Only(&[("phase", Keep::All), ("podIP", Keep::All), ("nominatedNodeName", Keep::All)]),
    ),
]);

pub(crate) fn kind() -> Kind {
    let kind = build::<Pod>("", "v1", "Pod", "pods")
        .short("po")
        .category("all")
        .status()
        .generation()
        .graceful()
        .defaults(defaults::fill_pod)
        .prepare(prepare::prepare)
        .validate_status(status::check)
        .marks_rows(columns::ended)
        .warns(warnings::of_pod)
        .validate(validate::check_pod)
        .table(columns::COLUMNS, columns::cells)
        .rows_read(columns::READS)
        .selects_by(SELECTORS)
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
