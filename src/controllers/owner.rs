//! Who owns whom, and selectors of typed objects.

use client::{CachedObject, ObjectKey};
use k8s_openapi::{
    Resource,
    apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta, OwnerReference},
};
use machinery::selector;

/// The reference of an object that controls another.
pub(crate) fn controller_reference<K: Resource>(owner: &ObjectMeta) -> OwnerReference {
    OwnerReference {
        api_version: K::API_VERSION.into(),
        kind: K::KIND.into(),
        name: owner.name.clone().unwrap_or_default(),
        uid: owner.uid.clone().unwrap_or_default(),
        controller: Some(true),
        block_owner_deletion: Some(true),
    }
}

/// The reference to the object that controls `meta`.
pub(crate) fn controller_of(meta: &ObjectMeta) -> Option<&OwnerReference> {
    meta.owner_references.iter().flatten().find(|owner| owner.controller == Some(true))
}

/// Tells whether `owner` controls `meta`.
pub(crate) fn is_controlled_by(meta: &ObjectMeta, owner: &ObjectMeta) -> bool {
    controller_of(meta).is_some_and(|reference| Some(&reference.uid) == owner.uid.as_ref())
}

/// The key of the controller of an object, if it is of the kind `K`.
pub(crate) fn controller_key<K: Resource>(object: &impl CachedObject) -> Option<ObjectKey> {
    let meta = object.meta();
    let owner = controller_of(meta)?;
    let group = owner.api_version.split_once('/').map_or("", |(group, _)| group);
    (owner.kind == K::KIND && group == K::GROUP)
        .then(|| ObjectKey::new(meta.namespace.clone().unwrap_or_default(), owner.name.clone()))
}

/// The selector of a typed object; `None` where it makes no sense or is empty, which selects
/// nothing here.
pub(crate) fn selector_of(selector: &LabelSelector) -> Option<selector::LabelSelector> {
    let object = serde_json::to_value(selector).ok()?;
    selector::LabelSelector::from_object(&object).filter(|selector| !selector.is_empty())
}

/// Tells whether a selector takes an object.
pub(crate) fn selects(selector: &selector::LabelSelector, meta: &ObjectMeta) -> bool {
    let labels = meta.labels.as_ref();
    selector.matches(|key| labels?.get(key).map(String::as_str))
}
