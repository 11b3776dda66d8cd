//! Names that Kubernetes reserves. Source: the Kubernetes reference "Well-Known Labels,
//! Annotations and Taints" and the API packages.

/// Label of nodes: their host name.
pub const HOSTNAME: &str = "kubernetes.io/hostname";
/// Label of nodes: their operating system.
pub const OS: &str = "kubernetes.io/os";
/// Label of nodes: their processor architecture.
pub const ARCH: &str = "kubernetes.io/arch";
/// Label of namespaces: their own name.
pub const METADATA_NAME: &str = "kubernetes.io/metadata.name";
/// Label of ReplicaSets and their pods: hash of the pod template.
pub const POD_TEMPLATE_HASH: &str = "pod-template-hash";
/// Label of pods of stateful and daemon sets: the revision that they were made of.
pub const REVISION_HASH: &str = "controller-revision-hash";
/// Annotation of Deployments and ReplicaSets: number of the rollout.
pub const REVISION: &str = "deployment.kubernetes.io/revision";
/// Annotation of ReplicaSets: the revisions they had before.
pub const REVISION_HISTORY: &str = "deployment.kubernetes.io/revision-history";
/// Annotation of ReplicaSets: the replicas that their Deployment wants.
pub const DESIRED_REPLICAS: &str = "deployment.kubernetes.io/desired-replicas";
/// Annotation of ReplicaSets: the most replicas that their Deployment may have.
pub const MAX_REPLICAS: &str = "deployment.kubernetes.io/max-replicas";
/// Annotation: what `kubectl apply` was last given.
pub const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";
/// Annotation of pods: whether they cost more to delete than others.
pub const POD_DELETION_COST: &str = "controller.kubernetes.io/pod-deletion-cost";
/// Finalizer of pods: their Job has not counted them yet.
pub const JOB_TRACKING: &str = "batch.kubernetes.io/job-tracking";
/// Annotation and label of pods: the completion index that their Job made them for.
pub const JOB_COMPLETION_INDEX: &str = "batch.kubernetes.io/job-completion-index";
/// Annotation of pods: how often pods of their index failed before.
pub const JOB_INDEX_FAILURES: &str = "batch.kubernetes.io/job-index-failure-count";
/// Annotation of pods: how often they failed before without that being counted.
pub const JOB_INDEX_IGNORED: &str = "batch.kubernetes.io/job-index-ignored-failure-count";
/// Annotation of Jobs: the time that their CronJob made them for.
pub const CRONJOB_SCHEDULED: &str = "batch.kubernetes.io/cronjob-scheduled-timestamp";
/// Annotation of Endpoints: when the change that they show happened.
pub const LAST_CHANGE_TRIGGER: &str = "endpoints.kubernetes.io/last-change-trigger-time";
/// Label of EndpointSlices: their Service.
pub const SERVICE_NAME: &str = "kubernetes.io/service-name";
/// Label of EndpointSlices: who manages them.
pub const SLICE_MANAGED_BY: &str = "endpointslice.kubernetes.io/managed-by";
/// Label of Services, Endpoints and slices without a cluster address.
pub const HEADLESS: &str = "service.kubernetes.io/headless";
/// Taint of nodes that are not ready.
pub const TAINT_NOT_READY: &str = "node.kubernetes.io/not-ready";
/// Taint of nodes that nobody hears of.
pub const TAINT_UNREACHABLE: &str = "node.kubernetes.io/unreachable";
/// Taint of nodes that are cordoned.
pub const TAINT_UNSCHEDULABLE: &str = "node.kubernetes.io/unschedulable";
/// Finalizer: dependents that block go first.
pub const FOREGROUND_DELETION: &str = "foregroundDeletion";
/// Finalizer: dependents stay.
pub const ORPHAN: &str = "orphan";
/// Group of those who may do everything.
pub const MASTERS: &str = "system:masters";
/// Group of callers that are known.
pub const AUTHENTICATED: &str = "system:authenticated";
/// Group of callers that are not known.
pub const UNAUTHENTICATED: &str = "system:unauthenticated";
/// Name of callers that are not known.
pub const ANONYMOUS: &str = "system:anonymous";
