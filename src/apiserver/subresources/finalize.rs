//! `finalize`: the namespace controller's word that a namespace is empty.

use axum::response::Response;
use bytes::Bytes;
use machinery::{meta, status::Status};

use crate::{
    http::{Call, answer, body::document},
    registry::{Part, Update},
    table,
};

/// Replaces the finalizers of a namespace's spec; the last one to go takes the namespace along.
pub(super) async fn respond(call: &Call, body: &Bytes) -> Result<Response, Status> {
    let accept = answer::accept_of(call)?;
    let given = document(&call.headers, body)?;
    let finalizers = meta::items(&given, "/spec/finalizers").to_vec();
    let mut update = Update::of(call, Part::Finalizers)?;
    update.author = update.author.unnoted();
    let updated = update
        .run(&mut |old| {
            let mut new = old.clone();
            let spec = meta::object_at(&mut new, "spec");
            spec.remove("finalizers");
            if !finalizers.is_empty() {
                spec.insert("finalizers".into(), finalizers.clone().into());
            }
            Ok(new)
        })
        .await?;
    table::answer_object(call, &updated.bytes, 200, accept)
}
