//! Binding: the scheduler's word on a pod's node, sent to the collection.

use k8s_openapi::api::core::v1::Binding;
use machinery::kind::Kind;

use crate::parts::kind as build;

pub(crate) fn kind() -> Kind {
    let mut kind = build::<Binding>("", "v1", "Binding", "bindings").only_verbs(&["create"]);
    kind.stands_for = Some(("pods", "binding"));
    kind
}
