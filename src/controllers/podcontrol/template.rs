//! A pod from its owner's template.

use k8s_openapi::{
    api::core::v1::{Pod, PodTemplateSpec},
    apimachinery::pkg::apis::meta::v1::ObjectMeta,
};

use super::PodOwner;
use crate::owner;

/// A pod of a template, controlled by `owner` and named after it by the server.
pub(crate) fn pod_of<K: PodOwner>(owner: &K, template: &PodTemplateSpec) -> Pod {
    let PodTemplateSpec { metadata, spec } = template.clone();
    let template = metadata.unwrap_or_default();
    let meta = owner.metadata();
    let name = meta.name.as_deref().unwrap_or_default();
    Pod {
        metadata: ObjectMeta {
            generate_name: Some(format!("{name}-")),
            labels: template.labels,
            annotations: template.annotations,
            finalizers: template.finalizers,
            owner_references: Some(vec![owner::controller_reference::<K>(meta)]),
            ..ObjectMeta::default()
        },
        spec,
        status: None,
    }
}
