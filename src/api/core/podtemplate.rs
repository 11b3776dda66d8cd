//! `PodTemplate`: a template that stands alone.

use jiff::Timestamp;
use k8s_openapi::api::core::v1::PodTemplate;
use machinery::{
    field::Path,
    kind::{Column, Kind},
    meta,
};
use serde_json::Value;

use super::pod::{check_template, fill_template, keep_served, warnings::of_template};
use crate::parts::{NAME, container_cells, kind as build, labels_cell, name_cell, text};

pub(crate) fn kind() -> Kind {
    build::<PodTemplate>("", "v1", "PodTemplate", "podtemplates")
        .generation()
        .answers_deletion_with_object()
        .defaults(|object| {
            let template = meta::as_object(object).entry("template").or_insert(Value::Null);
            fill_template(template);
        })
        .prepare(|object, old| keep_served(object, old, "/template"))
        .validate(|change, errors| {
            check_template(&change.new["template"], &Path::new("template"), false, errors);
        })
        .warns(|change| of_template(change, "template"))
        .table(COLUMNS, cells)
}

const COLUMNS: &[Column] = &[
    NAME,
    text("Containers", "Names of each container in the template."),
    text("Images", "Images referenced by each container in the template."),
    text("Pod Labels", "The labels for the pod template."),
];

fn cells(object: &Value, _now: Timestamp) -> Vec<Value> {
    let [names, images] = container_cells(object, "/template/spec/containers");
    vec![name_cell(object), names, images, labels_cell(object, "/template/metadata/labels")]
}
