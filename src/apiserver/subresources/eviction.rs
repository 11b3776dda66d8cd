//! `eviction`: a deletion that disruption budgets may refuse. No budgets are served yet, so none
//! refuses.

use axum::response::Response;
use bytes::Bytes;
use machinery::{meta, status::Status};
use serde_json::{Value, json};

use crate::{
    http::{Call, answer, body::document},
    registry::{Deletion, delete_object},
};

/// Evicts a pod.
pub(super) async fn respond(call: &Call, body: &Bytes) -> Result<Response, Status> {
    let accept = answer::accept_of(call)?;
    let eviction = document(&call.headers, body)?;
    let given = meta::name(&eviction);
    if !given.is_empty() && given != call.name() {
        return Err(Status::bad_request("name in URL does not match name in Eviction object"));
    }
    let text = |pointer: &str| {
        let text = eviction.pointer(pointer).and_then(Value::as_str);
        text.map(str::to_owned)
    };
    let options = Deletion {
        grace_seconds: meta::number(&eviction, "/deleteOptions/gracePeriodSeconds"),
        propagation: text("/deleteOptions/propagationPolicy"),
        uid: text("/deleteOptions/preconditions/uid"),
        resource_version: text("/deleteOptions/preconditions/resourceVersion"),
        dry_run: call.query.dry_run()?,
    };
    let key = call.registry().key_of(&call.kind, call.namespace_of_object(), call.name());
    delete_object(&call.server, &call.kind, &key, &options).await?;
    let done = json!({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "code": 201});
    Ok(answer::document(201, &done, accept))
}
