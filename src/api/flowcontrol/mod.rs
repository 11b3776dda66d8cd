//! The group flowcontrol.apiserver.k8s.io: who waits for whom at the API server.

mod validate;

use jiff::Timestamp;
use k8s_openapi::api::flowcontrol::v1::{FlowSchema, PriorityLevelConfiguration};
use machinery::{
    kind::{Column, Kind},
    meta,
};
use serde_json::{Value, json};

use crate::parts::{AGE, NAME, age_cell, count, kind as build, name_cell, of_field, or_none, text};

/// The group's name.
pub const GROUP: &str = "flowcontrol.apiserver.k8s.io";

pub(crate) fn kinds() -> Vec<Kind> {
    vec![flow_schema(), priority_level()]
}

fn flow_schema() -> Kind {
    const SPEC: &str = "v1.FlowSchemaSpec";
    const COLUMNS: &[Column] = &[
        NAME,
        of_field("PriorityLevel", "v1.PriorityLevelConfigurationReference", "name"),
        of_field("MatchingPrecedence", SPEC, "matchingPrecedence"),
        of_field("DistinguisherMethod", "v1.FlowDistinguisherMethod", "type"),
        AGE,
        text(
            "MissingPL",
            "references a PriorityLevelConfiguration that does not exist or is not supported",
        ),
    ];
    build::<FlowSchema>(GROUP, "v1", "FlowSchema", "flowschemas")
        .cluster()
        .status()
        .generation()
        .defaults(|object| {
            let spec = meta::object_at(object, "spec");
            if spec.get("matchingPrecedence").and_then(Value::as_i64).unwrap_or(0) == 0 {
                spec.insert("matchingPrecedence".into(), 1000.into());
            }
        })
        .validate(validate::check_schema)
        .validate_status(validate::check_status)
        .table(COLUMNS, flow_schema_cells)
}

fn flow_schema_cells(object: &Value, now: Timestamp) -> Vec<Value> {
    let dangling = meta::items(object, "/status/conditions")
        .iter()
        .find(|it| meta::text(it, "/type") == "Dangling")
        .map_or("?", |it| meta::text(it, "/status"));
    vec![
        name_cell(object),
        or_none(meta::text(object, "/spec/priorityLevelConfiguration/name")),
        count(object, "/spec/matchingPrecedence").into(),
        or_none(meta::text(object, "/spec/distinguisherMethod/type")),
        age_cell(object, now),
        dangling.into(),
    ]
}

fn priority_level() -> Kind {
    const QUEUING: &str = "v1.QueuingConfiguration";
    const COLUMNS: &[Column] = &[
        NAME,
        of_field("Type", "v1.PriorityLevelConfigurationSpec", "type"),
        of_field(
            "NominalConcurrencyShares",
            "v1.LimitedPriorityLevelConfiguration",
            "nominalConcurrencyShares",
        ),
        of_field("Queues", QUEUING, "queues"),
        of_field("HandSize", QUEUING, "handSize"),
        of_field("QueueLengthLimit", QUEUING, "queueLengthLimit"),
        AGE,
    ];
    build::<PriorityLevelConfiguration>(
        GROUP,
        "v1",
        "PriorityLevelConfiguration",
        "prioritylevelconfigurations",
    )
    .cluster()
    .status()
    .generation()
    .defaults(fill_level)
    .validate(validate::check_level)
    .table(COLUMNS, level_cells)
}

fn level_cells(object: &Value, now: Timestamp) -> Vec<Value> {
    let amount = |pointer: &str| {
        let number = meta::number(object, pointer);
        number.map_or_else(|| "<none>".into(), |number| json!(number))
    };
    let queuing = "/spec/limited/limitResponse/queuing";
    vec![
        name_cell(object),
        meta::text(object, "/spec/type").into(),
        amount("/spec/limited/nominalConcurrencyShares"),
        amount(&format!("{queuing}/queues")),
        amount(&format!("{queuing}/handSize")),
        amount(&format!("{queuing}/queueLengthLimit")),
        age_cell(object, now),
    ]
}

fn fill_level(object: &mut Value) {
    let spec = meta::object_at(object, "spec");
    if let Some(exempt) = spec.get_mut("exempt") {
        let exempt = meta::as_object(exempt);
        meta::set_default(exempt, "nominalConcurrencyShares", 0);
        meta::set_default(exempt, "lendablePercent", 0);
    }
    let Some(limited) = spec.get_mut("limited") else { return };
    let limited = meta::as_object(limited);
    meta::set_default(limited, "nominalConcurrencyShares", 30);
    meta::set_default(limited, "lendablePercent", 0);
    let response = limited.get_mut("limitResponse").and_then(|it| it.get_mut("queuing"));
    let Some(queuing) = response else { return };
    for (field, usual) in [("handSize", 8), ("queues", 64), ("queueLengthLimit", 50)] {
        let queuing = meta::as_object(queuing);
        if queuing.get(field).and_then(Value::as_i64).unwrap_or(0) == 0 {
            queuing.insert(field.into(), usual.into());
        }
    }
}
