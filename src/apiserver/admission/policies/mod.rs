//! Admission policies: what users say of writes in expressions. They take effect as soon as the
//! store's watch tells of them. Source: `k8s.io/apiserver/pkg/admission/plugin/policy`.

mod index;
mod mutating;
mod params;
mod validating;

use machinery::meta;
use serde_json::Value;

pub use index::follow_policies;
pub(crate) use index::{Index, load};
pub(super) use mutating::mutate;
pub(super) use validating::validate;

use super::attributes::Attributes;

/// Kinds that no policy may forbid, so that a policy can always be taken back.
pub(super) fn is_exempt(attributes: &Attributes<'_>) -> bool {
    let kind = attributes.kind();
    kind.group == api::admissionregistration::GROUP
        && matches!(
            kind.plural.as_str(),
            "validatingadmissionpolicies"
                | "validatingadmissionpolicybindings"
                | "mutatingadmissionpolicies"
                | "mutatingadmissionpolicybindings"
                | "validatingwebhookconfigurations"
                | "mutatingwebhookconfigurations"
        )
}

/// Tells whether errors of a policy refuse the request.
fn fails(policy: &Value) -> bool {
    meta::text(policy, "/spec/failurePolicy") != "Ignore"
}
