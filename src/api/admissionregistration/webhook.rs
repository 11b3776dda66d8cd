//! Webhooks that change or refuse objects.

use jiff::Timestamp;
use k8s_openapi::api::admissionregistration::v1::{
    MutatingWebhookConfiguration, ValidatingWebhookConfiguration,
};
use machinery::{
    kind::{Column, Kind},
    meta,
};
use serde_json::Value;

use super::{GROUP, compile, fill_match, fill_scopes, validate};
use crate::parts::{AGE, NAME, age_cell, items_mut, kind as build, name_cell, number, text};

pub(super) fn kinds() -> Vec<Kind> {
    vec![
        build::<MutatingWebhookConfiguration>(
            GROUP,
            "v1",
            "MutatingWebhookConfiguration",
            "mutatingwebhookconfigurations",
        )
        .defaults(fill)
        .defaults(|object| {
            for webhook in items_mut(meta::as_object(object), "webhooks") {
                meta::set_default(meta::as_object(webhook), "reinvocationPolicy", "Never");
            }
        })
        .validate(validate::check_webhooks)
        .validate(compile::check_webhooks)
        .table(COLUMNS, cells),
        build::<ValidatingWebhookConfiguration>(
            GROUP,
            "v1",
            "ValidatingWebhookConfiguration",
            "validatingwebhookconfigurations",
        )
        .defaults(fill)
        .validate(validate::check_webhooks)
        .validate(compile::check_webhooks)
        .table(COLUMNS, cells),
    ]
}

const COLUMNS: &[Column] = &[
    NAME,
    number(text(
        "Webhooks",
        "Webhooks indicates the number of webhooks registered in this configuration",
    )),
    AGE,
];

fn cells(object: &Value, now: Timestamp) -> Vec<Value> {
    vec![name_cell(object), meta::items(object, "/webhooks").len().into(), age_cell(object, now)]
}

fn fill(object: &mut Value) {
    for webhook in items_mut(meta::as_object(object), "webhooks") {
        let webhook = meta::as_object(webhook);
        meta::set_default(webhook, "failurePolicy", "Fail");
        meta::set_default(webhook, "timeoutSeconds", 10);
        fill_match(webhook);
        fill_scopes(webhook, "rules");
        if let Some(service) =
            webhook.get_mut("clientConfig").and_then(|config| config.get_mut("service"))
        {
            meta::set_default(meta::as_object(service), "port", 443);
        }
    }
}
