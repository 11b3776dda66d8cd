//! `token`: short-lived tokens of a service account, bound to an object where one is named.
//! Source: `authentication.k8s.io/v1` `TokenRequest`.

use axum::response::Response;
use bytes::Bytes;
use machinery::{
    field::{Errors, Path},
    meta,
    status::{Resource, Status},
};
use serde_json::{Value, json};

use super::read;
use crate::{
    admission::{self, node_restriction},
    authn::{Bound, Claims},
    http::{Call, answer},
};

const HOUR: i64 = 3600;
const SHORTEST: i64 = 600;
const LONGEST: i64 = 1 << 32;
/// What a kubelet asks for gets a year, for programs that never read the file again.
const PROJECTED: i64 = 3607;
const YEAR: i64 = 365 * 24 * HOUR;

/// Signs a token for the account.
pub(super) async fn respond(call: &Call, body: &Bytes) -> Result<Response, Status> {
    let accept = answer::accept_of(call)?;
    let kind = ("authentication.k8s.io", "v1", "TokenRequest");
    let mut request = read(call, body, kind)?;
    check_names(call, &request)?;
    let warnings = admission::take(call, kind, &mut request).await?;
    node_restriction::check_token(call, &request).await?;
    let key = call.registry().key_of(&call.kind, call.namespace(), call.name());
    let not_found = || Status::not_found(call.kind.resource(), call.name());
    let account = call.registry().object_at(&key).await?.ok_or_else(not_found)?;

    let seconds = meta::number(&request, "/spec/expirationSeconds").unwrap_or(HOUR);
    check_life(seconds)?;
    let bound = bound_object(call, &request).await?;
    let audiences: Vec<String> = meta::items(&request, "/spec/audiences")
        .iter()
        .filter_map(|one| Some(one.as_str()?.to_owned()))
        .collect();
    let config = &call.server.config;
    let audiences = if audiences.is_empty() { vec![config.issuer.clone()] } else { audiences };

    let now = lifecycle::clock::now();
    let issued_at = now.as_second();
    let life = if seconds == PROJECTED && bound.is_some() { YEAR } else { seconds };
    let token = config.signer.sign(&Claims {
        issuer: config.issuer.clone(),
        audiences: audiences.clone(),
        namespace: call.namespace().into(),
        account: call.name().into(),
        account_uid: meta::uid(&account).into(),
        bound,
        issued_at,
        expires_at: issued_at + life,
    })?;

    let expires = now.checked_add(jiff::SignedDuration::from_secs(seconds)).unwrap_or(now);
    let fields = meta::as_object(&mut request);
    fields.insert("kind".into(), "TokenRequest".into());
    fields.insert("apiVersion".into(), "authentication.k8s.io/v1".into());
    let metadata = meta::object_at(&mut request, "metadata");
    metadata.insert("name".into(), call.name().into());
    metadata.insert("namespace".into(), call.namespace().into());
    metadata.insert("uid".into(), meta::uid(&account).into());
    let born = lifecycle::clock::rfc3339_seconds(now);
    metadata.insert("creationTimestamp".into(), born.into());
    let spec = meta::object_at(&mut request, "spec");
    spec.insert("audiences".into(), json!(audiences));
    spec.insert("expirationSeconds".into(), seconds.into());
    spec.entry("boundObjectRef").or_insert(Value::Null);
    request["status"] = json!({
        "token": token,
        "expirationTimestamp": lifecycle::clock::rfc3339_seconds(expires),
    });
    Ok(answer::warned(answer::document(201, &request, accept), &warnings))
}

/// What the request says of its account must be so.
fn check_names(call: &Call, request: &Value) -> Result<(), Status> {
    let mut errors = Errors::default();
    let at = Path::new("metadata");
    for (field, given, own, what) in [
        ("name", meta::name(request), call.name(), "name"),
        ("namespace", meta::namespace(request), call.namespace(), "namespace"),
    ] {
        if !given.is_empty() && given != own {
            let why = format!("must match the service account {what} if specified");
            errors.invalid(&at.child(field), &json!(given), why);
        }
    }
    if errors.is_empty() {
        return Ok(());
    }
    let kind = Resource { group: "authentication.k8s.io", name: "TokenRequest" };
    Err(Status::invalid(kind, call.name(), &errors))
}

fn check_life(seconds: i64) -> Result<(), Status> {
    let mut errors = Errors::default();
    let path = Path::new("spec").child("expirationSeconds");
    if seconds < SHORTEST {
        errors.invalid(&path, &seconds.into(), "may not specify a duration less than 10 minutes");
    } else if seconds > LONGEST {
        errors.invalid(
            &path,
            &seconds.into(),
            "may not specify a duration larger than 2^32 seconds",
        );
    }
    if errors.is_empty() {
        return Ok(());
    }
    let kind = Resource { group: "authentication.k8s.io", name: "TokenRequest" };
    Err(Status::invalid(kind, "", &errors))
}

async fn bound_object(call: &Call, request: &Value) -> Result<Option<Bound>, Status> {
    let Some(reference) = request.pointer("/spec/boundObjectRef").filter(|it| !it.is_null()) else {
        return Ok(None);
    };
    let kind = meta::text(reference, "/kind");
    let name = meta::text(reference, "/name");
    let (plural, namespace) = match kind {
        "Pod" => ("pods", call.namespace()),
        "Secret" => ("secrets", call.namespace()),
        "Node" => ("nodes", ""),
        _ => {
            let (group, version) = meta::group_version(meta::text(reference, "/apiVersion"));
            return Err(Status::bad_request(format!(
                "cannot bind token to object of type {group}/{version}, Kind={kind}"
            )));
        }
    };
    let key = call.registry().key("", plural, namespace, name);
    let not_found = || Status::not_found(Resource { group: "", name: plural }, name);
    let object = call.registry().object_at(&key).await?.ok_or_else(not_found)?;
    let asked = meta::text(reference, "/uid");
    if !asked.is_empty() && asked != meta::uid(&object) {
        let why = format!(
            "the UID in the bound object reference ({asked}) does not match the UID in record. The \
             object might have been deleted and then recreated"
        );
        return Err(Status::conflict(Resource { group: "", name: plural }, name, &why));
    }
    Ok(Some(Bound { kind: kind.into(), name: name.into(), uid: meta::uid(&object).into() }))
}
