//! `DefaultIngressClass`: an ingress that names no class gets the default one.
//! Source: `plugin/pkg/admission/network/defaultingressclass`.

use machinery::{meta, status::Status};
use serde_json::Value;

use super::Operation;

const GROUP: &str = "networking.k8s.io";
const DEFAULT: &str = "ingressclass.kubernetes.io/is-default-class";
/// How a class was named before there was a field.
const FORMER: &str = "kubernetes.io/ingress.class";

/// Names the newest default class in a new ingress.
pub(super) async fn complete(operation: &Operation<'_>, ingress: &mut Value) -> Result<(), Status> {
    let named = ingress.pointer("/spec/ingressClassName").is_some_and(|name| !name.is_null());
    let formerly = meta::annotation(ingress, FORMER).is_some();
    if !operation.creates(GROUP, "ingresses") || named || formerly {
        return Ok(());
    }
    let classes = operation.server.registry.objects(GROUP, "ingressclasses", "").await?;
    let newest = classes
        .iter()
        .filter(|class| meta::annotation(class, DEFAULT) == Some("true"))
        // Of classes as old as each other, the first by name.
        .rev()
        .max_by_key(|class| meta::text(class, "/metadata/creationTimestamp"));
    if let Some(class) = newest {
        meta::object_at(ingress, "spec")
            .insert("ingressClassName".into(), meta::name(class).into());
    }
    Ok(())
}
