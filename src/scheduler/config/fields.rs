//! The fields of `kubescheduler.config.k8s.io/v1`, a line a type, and strict decoding by them.
//! Source: `k8s.io/kube-scheduler/config/v1/types.go` and `types_pluginargs.go`.

use machinery::configuration::Types;

/// All types.
pub(super) const TYPES: Types = Types(
    "\
KubeSchedulerConfiguration kind:string apiVersion:string parallelism:int32 leaderElection:LeaderElectionConfiguration clientConnection:ClientConnectionConfiguration enableProfiling:bool enableContentionProfiling:bool percentageOfNodesToScore:int32 podInitialBackoffSeconds:int64 podMaxBackoffSeconds:int64 profiles:*KubeSchedulerProfile extenders:*Extender delayCacheUntilActive:bool
LeaderElectionConfiguration leaderElect:bool leaseDuration:string renewDeadline:string retryPeriod:string resourceLock:string resourceName:string resourceNamespace:string
ClientConnectionConfiguration kubeconfig:string acceptContentTypes:string contentType:string qps:number burst:int32
KubeSchedulerProfile schedulerName:string percentageOfNodesToScore:int32 plugins:Plugins pluginConfig:*PluginConfig
Plugins preEnqueue:PluginSet queueSort:PluginSet preFilter:PluginSet filter:PluginSet postFilter:PluginSet preScore:PluginSet score:PluginSet reserve:PluginSet permit:PluginSet preBind:PluginSet bind:PluginSet postBind:PluginSet multiPoint:PluginSet
PluginSet enabled:*Plugin disabled:*Plugin
Plugin name:string weight:int32
PluginConfig name:string args:any
Extender urlPrefix:string filterVerb:string preemptVerb:string prioritizeVerb:string weight:int64 bindVerb:string enableHTTPS:bool tlsConfig:ExtenderTLSConfig httpTimeout:string nodeCacheCapable:bool managedResources:*ExtenderManagedResource ignorable:bool
ExtenderTLSConfig insecure:bool serverName:string certFile:string keyFile:string caFile:string certData:bytes keyData:bytes caData:bytes
ExtenderManagedResource name:string ignoredByScheduler:bool
DefaultPreemptionArgs kind:string apiVersion:string minCandidateNodesPercentage:int32 minCandidateNodesAbsolute:int32
InterPodAffinityArgs kind:string apiVersion:string hardPodAffinityWeight:int32 ignorePreferredTermsOfExistingPods:bool
NodeResourcesFitArgs kind:string apiVersion:string ignoredResources:*string ignoredResourceGroups:*string scoringStrategy:ScoringStrategy
ScoringStrategy type:string resources:*ResourceSpec requestedToCapacityRatio:RequestedToCapacityRatioParam
RequestedToCapacityRatioParam shape:*UtilizationShapePoint
UtilizationShapePoint utilization:int32 score:int32
ResourceSpec name:string weight:int64
NodeResourcesBalancedAllocationArgs kind:string apiVersion:string resources:*ResourceSpec
PodTopologySpreadArgs kind:string apiVersion:string defaultConstraints:*TopologySpreadConstraint defaultingType:string
TopologySpreadConstraint maxSkew:int32 topologyKey:string whenUnsatisfiable:string labelSelector:any minDomains:int32 nodeAffinityPolicy:string nodeTaintsPolicy:string matchLabelKeys:*string
NodeAffinityArgs kind:string apiVersion:string addedAffinity:NodeAffinity
NodeAffinity requiredDuringSchedulingIgnoredDuringExecution:NodeSelector preferredDuringSchedulingIgnoredDuringExecution:*PreferredSchedulingTerm
NodeSelector nodeSelectorTerms:*NodeSelectorTerm
NodeSelectorTerm matchExpressions:*NodeSelectorRequirement matchFields:*NodeSelectorRequirement
NodeSelectorRequirement key:string operator:string values:*string
PreferredSchedulingTerm weight:int32 preference:NodeSelectorTerm
VolumeBindingArgs kind:string apiVersion:string bindTimeoutSeconds:int64 shape:*UtilizationShapePoint
DynamicResourcesArgs kind:string apiVersion:string filterTimeout:string bindingTimeout:string",
);

#[cfg(test)]
mod tests {
    use machinery::configuration::Refused;
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn every_type_that_a_field_names_is_there() {
        for (at, line) in TYPES.0.lines().enumerate() {
            let (name, fields) = line.split_once(' ').unwrap();
            assert!(TYPES.has(name) && !TYPES.has("nothing"));
            for field in fields.split(' ') {
                let (_, kind) = field.split_once(':').unwrap();
                let kind = kind.trim_start_matches('*');
                let plain = ["string", "bytes", "bool", "int32", "int64", "number", "any"];
                assert!(plain.contains(&kind) || TYPES.has(kind), "line {at}: {field}");
            }
        }
    }

    #[test]
    fn what_is_unknown_or_of_the_wrong_type_is_told() {
        let refused =
            |value: Value| match TYPES.decode("KubeSchedulerConfiguration", value).unwrap_err() {
                Refused::Type(words) => words,
                Refused::Strict(words) => words.join(", "),
            };
        assert_eq!(
            refused(json!({"foo": 1, "profiles": [{}, {"bar": 2}]})),
            r#"unknown field "foo", unknown field "profiles[1].bar""#
        );
        assert_eq!(
            refused(json!({"parallelism": "many"})),
            "json: cannot unmarshal string into Go struct field \
             KubeSchedulerConfiguration.parallelism of type int32"
        );
        assert!(TYPES.decode("KubeSchedulerConfiguration", json!({"parallelism": 4})).is_ok());
    }
}
