//! Who asks for a certificate stands in the request, whatever the body says.
//! Source: `pkg/registry/certificates/certificates/strategy.go`.

use machinery::meta;
use serde_json::{Value, json};

use super::Operation;

/// Writes the caller into a new `CertificateSigningRequest`.
pub(super) fn complete(operation: &Operation<'_>, object: &mut Value) {
    if !operation.creates("certificates.k8s.io", "certificatesigningrequests") {
        return;
    }
    let user = &operation.author.user;
    let spec = meta::object_at(object, "spec");
    for field in ["username", "uid", "groups", "extra"] {
        spec.remove(field);
    }
    spec.insert("username".into(), user.name.as_str().into());
    if !user.uid.is_empty() {
        spec.insert("uid".into(), user.uid.as_str().into());
    }
    spec.insert("groups".into(), json!(user.groups));
    if !user.extra.is_empty() {
        spec.insert("extra".into(), json!(user.extra));
    }
}
