//! Every group and version that Kubernetes 1.36 knows, whether it is served or not.
//!
//! Options of requests belong to all of them; documents of custom resources say so.
//! Source: `AddToGroupVersion` of k8s.io/apimachinery, called once for each in k8s.io/api.

const VERSIONS: &str = "\
/v1
admissionregistration.k8s.io/v1 v1alpha1 v1beta1
apps/v1 v1beta1 v1beta2
authentication.k8s.io/v1 v1alpha1 v1beta1
authorization.k8s.io/v1 v1beta1
autoscaling/v1 v2
batch/v1 v1beta1
certificates.k8s.io/v1 v1alpha1 v1beta1
coordination.k8s.io/v1 v1alpha2 v1beta1
discovery.k8s.io/v1 v1beta1
events.k8s.io/v1 v1beta1
extensions/v1beta1
flowcontrol.apiserver.k8s.io/v1 v1beta1 v1beta2 v1beta3
internal.apiserver.k8s.io/v1alpha1
networking.k8s.io/v1 v1beta1
node.k8s.io/v1 v1alpha1 v1beta1
policy/v1 v1beta1
rbac.authorization.k8s.io/v1 v1alpha1 v1beta1
resource.k8s.io/v1 v1alpha3 v1beta1 v1beta2
scheduling.k8s.io/v1 v1alpha2 v1beta1
storage.k8s.io/v1 v1alpha1 v1beta1
storagemigration.k8s.io/v1beta1";

/// Groups and versions, in order.
pub(super) fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    VERSIONS
        .lines()
        .filter_map(|line| line.split_once('/'))
        .flat_map(|(group, versions)| versions.split(' ').map(move |version| (group, version)))
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_is_served_is_registered() {
        // These two have servers of their own, and so registries.
        let elsewhere = ["apiextensions.k8s.io", "apiregistration.k8s.io"];
        for kind in api::registry().iter().filter(|kind| !elsewhere.contains(&&*kind.group)) {
            let own = (kind.group.as_str(), kind.version.as_str());
            assert!(super::all().any(|one| one == own), "{own:?}");
        }
    }
}
