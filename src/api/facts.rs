//! What OpenAPI types do not say of lists: how they merge.
//! Source: the `patchMergeKey` and `listMapKey` tags of the Kubernetes API packages.

use machinery::schema::{Facts, ListFact};

const fn keyed(definition: &'static str, field: &'static str, key: &'static str) -> ListFact {
    ListFact { definition, field, patch: key, keys: key }
}

const fn set(definition: &'static str, field: &'static str) -> ListFact {
    ListFact { definition, field, patch: "", keys: "" }
}

const fn several(
    definition: &'static str,
    field: &'static str,
    patch: &'static str,
    keys: &'static str,
) -> ListFact {
    ListFact { definition, field, patch, keys }
}

/// The lists that are not atomic.
pub(crate) const FACTS: Facts = Facts {
    lists: &[
        keyed("v1.ObjectMeta", "ownerReferences", "uid"),
        set("v1.ObjectMeta", "finalizers"),
        keyed("core.v1.NamespaceStatus", "conditions", "type"),
        set("core.v1.NodeSpec", "podCIDRs"),
        keyed("core.v1.NodeStatus", "addresses", "type"),
        keyed("core.v1.NodeStatus", "conditions", "type"),
        keyed("core.v1.PodSpec", "containers", "name"),
        keyed("core.v1.PodSpec", "ephemeralContainers", "name"),
        keyed("core.v1.PodSpec", "hostAliases", "ip"),
        keyed("core.v1.PodSpec", "imagePullSecrets", "name"),
        keyed("core.v1.PodSpec", "initContainers", "name"),
        keyed("core.v1.PodSpec", "resourceClaims", "name"),
        keyed("core.v1.PodSpec", "schedulingGates", "name"),
        several(
            "core.v1.PodSpec",
            "topologySpreadConstraints",
            "topologyKey",
            "topologyKey,whenUnsatisfiable",
        ),
        keyed("core.v1.PodSpec", "volumes", "name"),
        keyed("core.v1.PodStatus", "conditions", "type"),
        keyed("core.v1.PodStatus", "hostIPs", "ip"),
        keyed("core.v1.PodStatus", "podIPs", "ip"),
        keyed("core.v1.PodStatus", "resourceClaimStatuses", "name"),
        keyed("core.v1.Container", "env", "name"),
        several("core.v1.Container", "ports", "containerPort", "containerPort,protocol"),
        keyed("core.v1.Container", "volumeDevices", "devicePath"),
        keyed("core.v1.Container", "volumeMounts", "mountPath"),
        keyed("core.v1.EphemeralContainer", "env", "name"),
        several("core.v1.EphemeralContainer", "ports", "containerPort", "containerPort,protocol"),
        keyed("core.v1.EphemeralContainer", "volumeDevices", "devicePath"),
        keyed("core.v1.EphemeralContainer", "volumeMounts", "mountPath"),
        keyed("core.v1.ContainerStatus", "allocatedResourcesStatus", "name"),
        keyed("core.v1.ContainerStatus", "volumeMounts", "mountPath"),
        several("core.v1.ResourceRequirements", "claims", "", "name"),
        several("core.v1.ResourceStatus", "resources", "", "resourceID"),
        keyed("core.v1.ServiceAccount", "secrets", "name"),
        several("core.v1.ServiceSpec", "ports", "port", "port,protocol"),
        keyed("core.v1.ServiceStatus", "conditions", "type"),
        keyed("apps.v1.DeploymentStatus", "conditions", "type"),
        keyed("apps.v1.ReplicaSetStatus", "conditions", "type"),
        set("discovery.v1.Endpoint", "addresses"),
    ],
};
