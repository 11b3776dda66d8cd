//! The fields of `kubescheduler.config.k8s.io/v1`, a line a type, and strict decoding by them.
//! Source: `k8s.io/kube-scheduler/config/v1/types.go` and `types_pluginargs.go`.

use machinery::schema::{self, Facts, Schema, Source};
use serde_json::{Map, Value, json};

/// Type, then fields with their types; `*` before a type is a list.
const TYPES: &str = "\
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
DynamicResourcesArgs kind:string apiVersion:string filterTimeout:string bindingTimeout:string";

/// What is wrong with a document before its values are looked at.
#[derive(Debug)]
pub(super) enum Refused {
    /// A value has the wrong type.
    Type(String),
    /// There are fields that nobody knows.
    Strict(Vec<String>),
}

fn shape(name: &str) -> Value {
    if let Some(item) = name.strip_prefix('*') {
        return json!({"type": "array", "items": shape(item)});
    }
    match name {
        "string" => json!({"type": "string"}),
        "bytes" => json!({"type": "string", "format": "byte"}),
        "bool" => json!({"type": "boolean"}),
        "int32" => json!({"type": "integer", "format": "int32"}),
        "int64" => json!({"type": "integer", "format": "int64"}),
        "number" => json!({"type": "number"}),
        "any" => json!({"type": "object"}),
        other => json!({"$ref": format!("#/definitions/{other}")}),
    }
}

fn definitions() -> Map<String, Value> {
    let types = TYPES.lines().filter_map(|line| line.split_once(' '));
    let read = |(name, fields): (&str, &str)| {
        let fields = fields.split(' ').filter_map(|field| field.split_once(':'));
        let fields: Map<String, Value> =
            fields.map(|(field, kind)| (field.to_owned(), shape(kind))).collect();
        (name.to_owned(), json!({"type": "object", "properties": fields}))
    };
    types.map(read).collect()
}

/// Tells whether there is a type of this name.
pub(super) fn is_known(name: &str) -> bool {
    TYPES.lines().any(|line| line.split_once(' ').is_some_and(|(known, _)| known == name))
}

fn schema_of(name: &str) -> Schema {
    let definitions = definitions();
    let root = definitions.get(name).and_then(Value::as_object);
    let source = Source { root: root.unwrap_or(&definitions), definitions: &definitions };
    schema::from_json_schema(name, &source, &Facts { lists: &[], atomic: &[], atomic_maps: &[] })
}

/// Reads a document as the type `name`. Errors: a wrong type, or unknown fields.
pub(super) fn decode(name: &str, value: Value) -> Result<Value, Refused> {
    let decoded = schema::decode(&schema_of(name), value)
        .map_err(|error| Refused::Type(error.to_string()))?;
    if decoded.unknown.is_empty() {
        return Ok(decoded.value);
    }
    let words = |path: &String| format!("unknown field {}", machinery::field::go_quoted(path));
    Err(Refused::Strict(decoded.unknown.iter().map(words).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_that_a_field_names_is_there() {
        for (at, line) in TYPES.lines().enumerate() {
            let (name, fields) = line.split_once(' ').unwrap();
            assert!(is_known(name) && !is_known("nothing"));
            for field in fields.split(' ') {
                let (_, kind) = field.split_once(':').unwrap();
                let kind = kind.trim_start_matches('*');
                let plain = ["string", "bytes", "bool", "int32", "int64", "number", "any"];
                assert!(plain.contains(&kind) || is_known(kind), "line {at}: {field}");
            }
        }
    }

    #[test]
    fn what_is_unknown_or_of_the_wrong_type_is_told() {
        let refused = |value: Value| match decode("KubeSchedulerConfiguration", value).unwrap_err()
        {
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
        assert!(decode("KubeSchedulerConfiguration", json!({"parallelism": 4})).is_ok());
    }
}
