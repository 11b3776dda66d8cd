//! Objects between the version in which they are stored and those in which they are served: by the
//! kind's own rules, or by a webhook where a custom resource's definition names one.
//! Source: `apiextensions-apiserver/pkg/apiserver/conversion`.

use std::time::Duration;

use bytes::Bytes;
use machinery::{
    kind::{Conversion, Kind},
    meta,
    status::Status,
};
use serde_json::{Value, json};

use super::Registry;
use crate::webhook::Endpoint;

const LIMIT: Duration = Duration::from_secs(30);

/// A stored object as `kind` serves it. Errors: what its webhook answers wrongly.
pub(crate) async fn to_served(
    registry: &Registry,
    kind: &Kind,
    object: Value,
) -> Result<Value, Status> {
    let mut one = all_to_served(registry, kind, vec![object]).await?;
    one.pop().ok_or_else(|| Status::internal("a conversion lost its object"))
}

/// Stored objects as `kind` serves them, with one question for all.
pub(crate) async fn all_to_served(
    registry: &Registry,
    kind: &Kind,
    objects: Vec<Value>,
) -> Result<Vec<Value>, Status> {
    let own = kind.api_version();
    let mut objects = match conversion(kind) {
        Some(conversion) => by_webhook(registry, kind, conversion, (objects, &own)).await?,
        None => objects,
    };
    for object in &mut objects {
        kind.served_form(object);
    }
    Ok(objects)
}

/// A served object in the form in which it is stored.
pub(crate) async fn to_stored(
    registry: &Registry,
    kind: &Kind,
    object: &mut Value,
) -> Result<(), Status> {
    if let Some(conversion) = conversion(kind) {
        let asked = (vec![object.take()], conversion.stored.as_str());
        let mut converted = by_webhook(registry, kind, conversion, asked).await?;
        *object = converted.pop().unwrap_or_default();
    }
    kind.store_form(object);
    Ok(())
}

/// An object of one version of a kind in another version.
pub(crate) async fn between(
    registry: &Registry,
    mut object: Value,
    from: &Kind,
    to: &Kind,
) -> Result<Value, Status> {
    to_stored(registry, from, &mut object).await?;
    to_served(registry, to, object).await
}

/// Stored bytes in the form that `kind` serves.
pub(crate) async fn served_bytes(
    registry: &Registry,
    kind: &Kind,
    stored: &Bytes,
) -> Result<Bytes, Status> {
    if !kind.is_converted() {
        return Ok(stored.clone());
    }
    let object: Value = serde_json::from_slice(stored).map_err(Status::internal)?;
    let object = to_served(registry, kind, object).await?;
    serde_json::to_vec(&object).map(Bytes::from).map_err(Status::internal)
}

fn conversion(kind: &Kind) -> Option<&Conversion> {
    kind.custom.as_ref()?.conversion.as_ref()
}

/// Asks the webhook for those objects that are in another version.
async fn by_webhook(
    registry: &Registry,
    kind: &Kind,
    conversion: &Conversion,
    (mut objects, wanted): (Vec<Value>, &str),
) -> Result<Vec<Value>, Status> {
    let others: Vec<usize> = (0..objects.len())
        .filter(|at| meta::text(&objects[*at], "/apiVersion") != wanted)
        .collect();
    let Some(first) = others.first() else { return Ok(objects) };
    let from = meta::text(&objects[*first], "/apiVersion").to_owned();
    let failed = |why: String| {
        let name = &kind.kind;
        Status::failure(format!("conversion webhook for {from}, Kind={name} failed: {why}"))
    };
    let given: Vec<Value> = others.iter().map(|at| objects[*at].clone()).collect();
    let version = conversion.review_version.as_deref();
    let version = version.ok_or_else(|| failed("no known ConversionReview version".into()))?;
    let uid = uuid::Uuid::new_v4().to_string();
    let api_version = format!("apiextensions.k8s.io/{version}");
    let review = json!({
        "kind": "ConversionReview", "apiVersion": api_version,
        "request": {"uid": uid, "desiredAPIVersion": wanted, "objects": given},
    });
    let endpoint = Endpoint::of(&conversion.client, registry).await.map_err(failed)?;
    let query = format!("timeout={}s", LIMIT.as_secs());
    let answer = endpoint.post(&review, &query, LIMIT).await.map_err(failed)?;
    let converted = read(&answer, (&uid, &api_version), (&given, wanted)).map_err(failed)?;
    for (at, object) in others.into_iter().zip(converted) {
        objects[at] = object;
    }
    Ok(objects)
}

/// Reads the answer. Errors: what is wrong with it, in Kubernetes' words.
fn read(
    answer: &Value,
    (uid, api_version): (&str, &str),
    (given, wanted): (&[Value], &str),
) -> Result<Vec<Value>, String> {
    let (version, kind) = (meta::text(answer, "/apiVersion"), meta::text(answer, "/kind"));
    if version != api_version || kind != "ConversionReview" {
        return Err(format!(
            "expected webhook response of {api_version}, Kind=ConversionReview, got {version}, Kind={kind}"
        ));
    }
    let response = &answer["response"];
    if response.is_null() {
        return Err("no response provided".to_owned());
    }
    let said = meta::text(response, "/uid");
    if said != uid {
        return Err(format!("expected response.uid={uid:?}, got {said:?}"));
    }
    let status = meta::text(response, "/result/status");
    if status != "Success" {
        let message = meta::text(response, "/result/message");
        return Err(match (status, message) {
            ("Failure", "") => "no message provided".to_owned(),
            ("Failure", message) => message.to_owned(),
            (other, _) => {
                format!("response.result.status was {other:?}, not \"Success\": {message}")
            }
        });
    }
    let converted = meta::items(response, "/convertedObjects");
    if converted.len() != given.len() {
        return Err(format!("expected {} converted objects, got {}", given.len(), converted.len()));
    }
    let pairs = converted.iter().zip(given).enumerate();
    pairs.map(|(index, (new, old))| checked(new, old, wanted, index)).collect()
}

/// A converted object, which must be the same one in the version that was asked for. Only labels
/// and annotations of its metadata are taken over.
fn checked(new: &Value, old: &Value, wanted: &str, index: usize) -> Result<Value, String> {
    let wrong = |why: String| format!("invalid converted object at index {index}: {why}");
    let version = meta::text(new, "/apiVersion");
    if version != wanted {
        return Err(wrong(format!("invalid groupVersion (expected {wanted}, received {version})")));
    }
    let (kind, given) = (meta::text(new, "/kind"), meta::text(old, "/kind"));
    if kind != given {
        return Err(wrong(format!("invalid kind (expected {given}, received {kind})")));
    }
    for field in ["name", "namespace", "uid"] {
        if new["metadata"].get(field) != old["metadata"].get(field) {
            return Err(wrong(format!("metadata.{field} must not be changed")));
        }
    }
    let mut object = new.clone();
    object["metadata"] = old["metadata"].clone();
    for field in ["labels", "annotations"] {
        let metadata = meta::metadata_mut(&mut object);
        match new["metadata"].get(field) {
            Some(value) => metadata.insert(field.into(), value.clone()),
            None => metadata.remove(field),
        };
    }
    Ok(object)
}

#[cfg(test)]
mod tests {
    use super::*;

    const VERSION: &str = "apiextensions.k8s.io/v1";

    fn object(version: &str, name: &str) -> Value {
        json!({"apiVersion": version, "kind": "K", "metadata": {"name": name, "finalizers": ["f"]}})
    }

    fn answer(objects: &[Value]) -> Value {
        json!({"kind": "ConversionReview", "apiVersion": VERSION, "response": {
            "uid": "u", "result": {"status": "Success"}, "convertedObjects": objects,
        }})
    }

    #[test]
    fn a_webhook_changes_labels_and_nothing_else_of_metadata() {
        let given = [object("e/v1", "a")];
        let mut converted = object("e/v2", "a");
        converted["metadata"] = json!({"name": "a", "labels": {"x": "y"}, "finalizers": ["other"]});
        let read = read(&answer(&[converted]), ("u", VERSION), (&given, "e/v2")).unwrap();
        assert_eq!(
            read[0]["metadata"],
            json!({"name": "a", "labels": {"x": "y"}, "finalizers": ["f"]})
        );
    }

    #[test]
    fn answers_that_make_no_sense_are_told() {
        let given = [object("e/v1", "a")];
        let refused = |answer: &Value| read(answer, ("u", VERSION), (&given, "e/v2")).unwrap_err();
        let at = "invalid converted object at index 0: ";
        for (objects, want) in [
            (vec![], "expected 1 converted objects, got 0".to_owned()),
            (
                vec![object("e/v3", "a")],
                format!("{at}invalid groupVersion (expected e/v2, received e/v3)"),
            ),
            (vec![object("e/v2", "b")], format!("{at}metadata.name must not be changed")),
        ] {
            assert_eq!(refused(&answer(&objects)), want);
        }
        let mut failed = answer(&[]);
        failed["response"]["result"] = json!({"status": "Failure", "message": "cannot"});
        assert_eq!(refused(&failed), "cannot");
        assert!(refused(&json!({})).starts_with("expected webhook response of"));
    }
}
