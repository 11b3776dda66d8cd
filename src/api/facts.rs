//! What OpenAPI types do not say: how lists merge, and what is owned as a whole.
//! Source: the `patchMergeKey`, `listMapKey`, `listType` and `mapType` tags of the Kubernetes API
//! packages.

use machinery::schema::{Facts, ListFact};

/// A list whose items have one key, for patches and for server-side apply.
const fn keyed(definition: &'static str, field: &'static str, key: &'static str) -> ListFact {
    ListFact { definition, field, patch: key, keys: key }
}

/// A list that server-side apply takes as a set and patches replace.
const fn set(definition: &'static str, field: &'static str) -> ListFact {
    ListFact { definition, field, patch: "", keys: "*" }
}

/// A list that is a set for patches too.
const fn union(definition: &'static str, field: &'static str) -> ListFact {
    ListFact { definition, field, patch: "*", keys: "*" }
}

const fn several(
    definition: &'static str,
    field: &'static str,
    patch: &'static str,
    keys: &'static str,
) -> ListFact {
    ListFact { definition, field, patch, keys }
}

/// All of them.
pub(crate) const FACTS: Facts = Facts {
    lists: LISTS,
    atomic: ATOMIC,
    atomic_maps: &[
        ("core.v1.PodSpec", "nodeSelector"),
        ("core.v1.ReplicationControllerSpec", "selector"),
        ("core.v1.ServiceSpec", "selector"),
        ("node.v1.Scheduling", "nodeSelector"),
    ],
};

/// Objects that have owners as a whole.
const ATOMIC: &[&str] = &[
    "admissionregistration.v1.MatchResources",
    "admissionregistration.v1.NamedRuleWithOperations",
    "admissionregistration.v1.ParamKind",
    "admissionregistration.v1.ParamRef",
    "admissionregistration.v1.Variable",
    "autoscaling.v1.CrossVersionObjectReference",
    "core.v1.ConfigMapKeySelector",
    "core.v1.EndpointAddress",
    "core.v1.EndpointPort",
    "core.v1.FileKeySelector",
    "core.v1.LocalObjectReference",
    "core.v1.NodeSelector",
    "core.v1.NodeSelectorTerm",
    "core.v1.ObjectFieldSelector",
    "core.v1.ObjectReference",
    "core.v1.ResourceFieldSelector",
    "core.v1.ScopeSelector",
    "core.v1.SecretKeySelector",
    "core.v1.SecretReference",
    "core.v1.TopologySelectorTerm",
    "core.v1.TypedLocalObjectReference",
    "discovery.v1.EndpointPort",
    "meta.v1.LabelSelector",
    "meta.v1.OwnerReference",
    "networking.v1.ServiceBackendPort",
    "rbac.v1.RoleRef",
    "rbac.v1.Subject",
];

/// The lists that are not atomic.
const LISTS: &[ListFact] = &[
    keyed("admissionregistration.v1.MutatingAdmissionPolicySpec", "matchConditions", "name"),
    keyed("admissionregistration.v1.MutatingWebhook", "matchConditions", "name"),
    keyed("admissionregistration.v1.MutatingWebhookConfiguration", "webhooks", "name"),
    set("admissionregistration.v1.ValidatingAdmissionPolicyBindingSpec", "validationActions"),
    keyed("admissionregistration.v1.ValidatingAdmissionPolicySpec", "matchConditions", "name"),
    keyed("admissionregistration.v1.ValidatingAdmissionPolicySpec", "variables", "name"),
    several("admissionregistration.v1.ValidatingAdmissionPolicyStatus", "conditions", "", "type"),
    keyed("admissionregistration.v1.ValidatingWebhook", "matchConditions", "name"),
    keyed("admissionregistration.v1.ValidatingWebhookConfiguration", "webhooks", "name"),
    keyed("apps.v1.DaemonSetStatus", "conditions", "type"),
    keyed("apps.v1.DeploymentStatus", "conditions", "type"),
    keyed("apps.v1.ReplicaSetStatus", "conditions", "type"),
    keyed("apps.v1.StatefulSetStatus", "conditions", "type"),
    keyed("autoscaling.v2.HorizontalPodAutoscalerStatus", "conditions", "type"),
    several("batch.v1.JobStatus", "conditions", "type", ""),
    set("batch.v1.PodFailurePolicyOnExitCodesRequirement", "values"),
    set("batch.v1.UncountedTerminatedPods", "failed"),
    set("batch.v1.UncountedTerminatedPods", "succeeded"),
    several("certificates.v1.CertificateSigningRequestStatus", "conditions", "", "type"),
    keyed("core.v1.ComponentStatus", "conditions", "type"),
    keyed("core.v1.Container", "env", "name"),
    several("core.v1.Container", "ports", "containerPort", "containerPort,protocol=TCP"),
    keyed("core.v1.Container", "volumeDevices", "devicePath"),
    keyed("core.v1.Container", "volumeMounts", "mountPath"),
    set("core.v1.ContainerRestartRuleOnExitCodes", "values"),
    keyed("core.v1.ContainerStatus", "allocatedResourcesStatus", "name"),
    keyed("core.v1.ContainerStatus", "volumeMounts", "mountPath"),
    keyed("core.v1.EphemeralContainer", "env", "name"),
    several("core.v1.EphemeralContainer", "ports", "containerPort", "containerPort,protocol=TCP"),
    keyed("core.v1.EphemeralContainer", "volumeDevices", "devicePath"),
    keyed("core.v1.EphemeralContainer", "volumeMounts", "mountPath"),
    keyed("core.v1.NamespaceStatus", "conditions", "type"),
    set("core.v1.NodeAllocatableResourceClaimStatus", "containers"),
    union("core.v1.NodeSpec", "podCIDRs"),
    keyed("core.v1.NodeStatus", "addresses", "type"),
    keyed("core.v1.NodeStatus", "conditions", "type"),
    keyed("core.v1.PersistentVolumeClaimStatus", "conditions", "type"),
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
    several("core.v1.PodStatus", "hostIPs", "ip", ""),
    keyed("core.v1.PodStatus", "podIPs", "ip"),
    keyed("core.v1.PodStatus", "resourceClaimStatuses", "name"),
    keyed("core.v1.ReplicationControllerStatus", "conditions", "type"),
    several("core.v1.ResourceRequirements", "claims", "", "name"),
    several("core.v1.ResourceStatus", "resources", "", "resourceID"),
    keyed("core.v1.ServiceAccount", "secrets", "name"),
    several("core.v1.ServiceSpec", "ports", "port", "port,protocol=TCP"),
    keyed("core.v1.ServiceStatus", "conditions", "type"),
    set("discovery.v1.Endpoint", "addresses"),
    keyed("flowcontrol.v1.FlowSchemaStatus", "conditions", "type"),
    set("flowcontrol.v1.NonResourcePolicyRule", "nonResourceURLs"),
    set("flowcontrol.v1.NonResourcePolicyRule", "verbs"),
    keyed("flowcontrol.v1.PriorityLevelConfigurationStatus", "conditions", "type"),
    set("flowcontrol.v1.ResourcePolicyRule", "apiGroups"),
    set("flowcontrol.v1.ResourcePolicyRule", "namespaces"),
    set("flowcontrol.v1.ResourcePolicyRule", "resources"),
    set("flowcontrol.v1.ResourcePolicyRule", "verbs"),
    keyed("networking.v1.ServiceCIDRStatus", "conditions", "type"),
    keyed("policy.v1.PodDisruptionBudgetStatus", "conditions", "type"),
    several("resource.v1.AllocatedDeviceStatus", "conditions", "", "type"),
    several("resource.v1.ResourceClaimStatus", "devices", "", "driver,device,pool,shareID"),
    keyed("resource.v1.ResourceClaimStatus", "reservedFor", "uid"),
    set("storage.v1.CSIDriverSpec", "volumeLifecycleModes"),
    keyed("storage.v1.CSINodeSpec", "drivers", "name"),
    several("v1.CustomResourceDefinitionStatus", "conditions", "", "type"),
    keyed("v1.JSONSchemaProps", "x-kubernetes-validations", "rule"),
    keyed("v1.APIServiceStatus", "conditions", "type"),
    union("v1.ObjectMeta", "finalizers"),
    keyed("v1.ObjectMeta", "ownerReferences", "uid"),
];
