//! What stands below an object's path, and the reviews that are answered and never stored.

mod binding;
mod eviction;
mod finalize;
mod proxy;
mod reviews;
mod scale;
mod streams;
mod token;

use std::sync::Arc;

use axum::{body::Body, response::Response};
use bytes::Bytes;
use hyper::upgrade::OnUpgrade;
use machinery::{kind::Kind, meta, schema::Schema, status::Status};
use serde_json::Value;

use crate::{
    admission,
    http::{Call, answer, body::document, read_body},
    registry::{self, Part},
    table,
};

pub(crate) use proxy::is_passed_on;
pub(crate) use reviews::{REVIEWS, Review, review};
pub(crate) use scale::{rescale, shown as scale_of};
pub(crate) use streams::switch;

/// Answers a request for a subresource.
pub(crate) async fn respond(
    call: Call,
    upgrade: Option<OnUpgrade>,
    body: Body,
) -> Result<Response, Status> {
    let kind = Arc::clone(&call.kind);
    registry::deprecated(&kind, answered(call, upgrade, body).await)
}

async fn answered(call: Call, upgrade: Option<OnUpgrade>, body: Body) -> Result<Response, Status> {
    let name = call.info.subresource.clone();
    let verb = call.info.verb;
    let kind = &call.kind;
    let known = kind.subresources.iter().find(|one| one.name == name);
    let allowed = match (name.as_str(), known) {
        ("status", _) if kind.has_status => matches!(verb, "get" | "update" | "patch"),
        ("scale", _) if kind.scale.is_some() => matches!(verb, "get" | "update" | "patch"),
        (_, Some(sub)) => sub.verbs.contains(&verb),
        (_, None) if kind.custom.is_some() => {
            return Err(Status::not_found(kind.resource(), call.name()));
        }
        (_, None) => return Err(Status::no_such_path()),
    };
    if !allowed && kind.custom.is_some() {
        return Err(Status::method_not_allowed(kind.resource(), verb));
    }
    if !allowed {
        return Err(Status::http_method_not_allowed());
    }
    if name == "log" {
        return streams::respond(call, upgrade, body).await;
    }
    if matches!(name.as_str(), "exec" | "attach" | "portforward" | "proxy") {
        if call.query.dry_run() {
            return Err(Status::bad_request("dryRun is not supported"));
        }
        return connect(call, upgrade, body).await;
    }
    let piece = known.filter(|sub| sub.piece.is_some()).map(|sub| Part::Piece(sub.name));
    let body = read_body(body).await?;
    if let Some(piece) = piece {
        return part(&call, &body, piece).await;
    }
    match name.as_str() {
        "status" => part(&call, &body, Part::Status).await,
        "scale" => scale::respond(&call, &body).await,
        "binding" => binding::respond(&call, &body).await,
        "eviction" => eviction::respond(&call, &body).await,
        "token" => token::respond(&call, &body).await,
        "finalize" => finalize::respond(&call, &body).await,
        other => Err(Status::not_implemented(format!(
            "this server does not serve the subresource {other:?} yet"
        ))),
    }
}

/// Opens a connection to a pod, a service or a node, if admission lets it.
async fn connect(
    mut call: Call,
    upgrade: Option<OnUpgrade>,
    body: Body,
) -> Result<Response, Status> {
    let warnings = admission::connect(&mut call).await?;
    let response = if call.info.subresource == "proxy" {
        proxy::respond(call, upgrade, body).await?
    } else {
        streams::respond(call, upgrade, body).await?
    };
    Ok(answer::warned(response, &warnings))
}

/// Reads the body of a subresource as the kind that it takes: group, version, name.
fn read(
    call: &Call,
    body: &Bytes,
    (group, version, name): (&str, &str, &str),
) -> Result<Value, Status> {
    let schema = match api::lookup(group, version, name) {
        Some(kind) => kind.schema(),
        None => api::body_schema(name).unwrap_or_else(|| Arc::new(Schema::Any)),
    };
    let kind = Kind::new(group, version, name, "", Box::new(move || Arc::clone(&schema)));
    registry::decode_body(&kind, &call.headers, &call.query, body).map(|decoded| decoded.object)
}

/// Answers a creation that is one of a subresource of the object that the body names.
pub(crate) async fn create_as(
    mut call: Call,
    (plural, subresource): (&str, &str),
    body: Body,
) -> Result<Response, Status> {
    if call.info.verb != "create" {
        return Err(Status::http_method_not_allowed());
    }
    let body = read_body(body).await?;
    meta::name(&document(&call.headers, &body)?).clone_into(&mut call.info.name);
    if call.info.name.is_empty() {
        return Err(Status::bad_request("name must be provided"));
    }
    let kind = call.server.registry.kind(&call.kind.group, &call.kind.version, plural);
    call.kind = kind.ok_or_else(Status::no_such_path)?;
    subresource.clone_into(&mut call.info.subresource);
    respond(call, None, Body::from(body)).await
}

/// Answers reads and writes of a part of an object.
async fn part(call: &Call, body: &bytes::Bytes, part: Part) -> Result<Response, Status> {
    match call.info.verb {
        "get" => {
            let accept = answer::accept_of(call)?;
            let bytes = registry::served(call, call.name()).await?;
            table::answer_object(call, &bytes, 200, accept)
        }
        "update" => registry::put_part(call, body, part).await,
        _ => registry::patch_part(call, body, part).await,
    }
}
