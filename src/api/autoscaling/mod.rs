//! The group autoscaling: `HorizontalPodAutoscaler`, served as v2 and v1, stored as v2.

mod cells;
mod defaults;
mod v1;
mod validate;

use k8s_openapi::api::autoscaling::{
    v1::HorizontalPodAutoscaler as OldAutoscaler, v2::HorizontalPodAutoscaler,
};
use machinery::{kind::Kind, meta};
use schemars::JsonSchema;
use serde_json::Value;

use crate::{parts::kind as build, schema::openapi_definitions};

pub(crate) fn kinds() -> Vec<Kind> {
    vec![
        autoscaler::<HorizontalPodAutoscaler>("v2").defaults(defaults::fill),
        autoscaler::<OldAutoscaler>("v1")
            .explained_by(openapi_definitions::<HorizontalPodAutoscaler>)
            .defaults(|object| {
                meta::set_default(meta::object_at(object, "spec"), "minReplicas", 1);
            })
            .defaults(v1::fill)
            .converted(to_stored, v1::from_stored),
    ]
}

fn autoscaler<T: JsonSchema>(version: &str) -> Kind {
    let kind = "HorizontalPodAutoscaler";
    build::<T>("autoscaling", version, kind, "horizontalpodautoscalers")
        .short("hpa")
        .category("all")
        .status()
        .validate(validate::check)
        .validate_status(validate::check_status)
        .table(cells::COLUMNS, cells::of_any_version)
}

fn to_stored(object: &mut Value) {
    v1::to_stored(object);
    defaults::fill(object);
}
