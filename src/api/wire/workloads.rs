//! Field numbers of workloads and what scales, guards and schedules them.
//! Source: the `protobuf` and `json` tags of the Kubernetes API packages, version 1.36.

/// Group and version, then a line for each message; see [`super`] for the form.
pub(super) const ROWS: &[(&str, &str)] = &[
    (
        "apps.v1",
        "
StatefulSet metadata=1 spec=2 status=3
StatefulSetUpdateStrategy type=1 rollingUpdate*=2
RollingUpdateStatefulSetStrategy partition*=1 maxUnavailable*=2
StatefulSetPersistentVolumeClaimRetentionPolicy whenDeleted=1 whenScaled=2
StatefulSetOrdinals start!=1
StatefulSetSpec replicas*=1 selector*!=2 template!=3 volumeClaimTemplates=4 serviceName!=5 podManagementPolicy=6 updateStrategy=7 revisionHistoryLimit*=8 minReadySeconds=9 persistentVolumeClaimRetentionPolicy*=10 ordinals*=11
StatefulSetStatus observedGeneration=1 replicas!=2 readyReplicas=3 currentReplicas=4 updatedReplicas=5 currentRevision=6 updateRevision=7 collisionCount*=9 conditions=10 availableReplicas!=11
StatefulSetCondition type!=1 status!=2 lastTransitionTime=3 reason=4 message=5
StatefulSetList metadata=1 items!=2
Deployment metadata=1 spec=2 status=3
DeploymentSpec replicas*=1 selector*!=2 template!=3 strategy=4 minReadySeconds=5 revisionHistoryLimit*=6 paused=7 progressDeadlineSeconds*=9
DeploymentStrategy type=1 rollingUpdate*=2
RollingUpdateDeployment maxUnavailable*=1 maxSurge*=2
DeploymentStatus observedGeneration=1 replicas=2 updatedReplicas=3 readyReplicas=7 availableReplicas=4 unavailableReplicas=5 terminatingReplicas*=9 conditions=6 collisionCount*=8
DeploymentCondition type!=1 status!=2 lastUpdateTime=6 lastTransitionTime=7 reason=4 message=5
DeploymentList metadata=1 items!=2
DaemonSetUpdateStrategy type=1 rollingUpdate*=2
RollingUpdateDaemonSet maxUnavailable*=1 maxSurge*=2
DaemonSetSpec selector*!=1 template!=2 updateStrategy=3 minReadySeconds=4 revisionHistoryLimit*=6
DaemonSetStatus currentNumberScheduled!=1 numberMisscheduled!=2 desiredNumberScheduled!=3 numberReady!=4 observedGeneration=5 updatedNumberScheduled=6 numberAvailable=7 numberUnavailable=8 collisionCount*=9 conditions=10
DaemonSetCondition type!=1 status!=2 lastTransitionTime=3 reason=4 message=5
DaemonSet metadata=1 spec=2 status=3
DaemonSetList metadata=1 items!=2
ReplicaSet metadata=1 spec=2 status=3
ReplicaSetList metadata=1 items!=2
ReplicaSetSpec replicas*=1 minReadySeconds=4 selector*!=2 template=3
ReplicaSetStatus replicas!=1 fullyLabeledReplicas=2 readyReplicas=4 availableReplicas=5 terminatingReplicas*=7 observedGeneration=3 conditions=6
ReplicaSetCondition type!=1 status!=2 lastTransitionTime=3 reason=4 message=5
ControllerRevision metadata=1 data=2 revision!=3
ControllerRevisionList metadata=1 items!=2
",
    ),
    (
        "batch.v1",
        "
Job metadata=1 spec=2 status=3
JobList metadata=1 items!=2
PodFailurePolicyOnExitCodesRequirement containerName*=1 operator!=2 values!=3
PodFailurePolicyOnPodConditionsPattern type!=1 status!=2
PodFailurePolicyRule action!=1 onExitCodes*=2 onPodConditions=3
PodFailurePolicy rules!=1
SuccessPolicy rules!=1
SuccessPolicyRule succeededIndexes*=1 succeededCount*=2
JobSpec parallelism*=1 completions*=2 activeDeadlineSeconds*=3 podFailurePolicy*=11 successPolicy*=16 backoffLimit*=7 backoffLimitPerIndex*=12 maxFailedIndexes*=13 selector*=4 manualSelector*=5 template!=6 ttlSecondsAfterFinished*=8 completionMode*=9 suspend*=10 podReplacementPolicy*=14 managedBy*=15
JobStatus conditions=1 startTime*=2 completionTime*=3 active=4 succeeded=5 failed=6 terminating*=11 completedIndexes=7 failedIndexes*=10 uncountedTerminatedPods*=8 ready*=9
UncountedTerminatedPods succeeded=1 failed=2
JobCondition type!=1 status!=2 lastProbeTime=3 lastTransitionTime=4 reason=5 message=6
JobTemplateSpec metadata=1 spec=2
CronJob metadata=1 spec=2 status=3
CronJobList metadata=1 items!=2
CronJobSpec schedule!=1 timeZone*=8 startingDeadlineSeconds*=2 concurrencyPolicy=3 suspend*=4 jobTemplate!=5 successfulJobsHistoryLimit*=6 failedJobsHistoryLimit*=7
CronJobStatus active=1 lastScheduleTime*=4 lastSuccessfulTime*=5
",
    ),
    (
        "autoscaling.v1",
        "
CrossVersionObjectReference kind!=1 name!=2 apiVersion=3
HorizontalPodAutoscalerSpec scaleTargetRef!=1 minReplicas*=2 maxReplicas!=3 targetCPUUtilizationPercentage*=4
HorizontalPodAutoscalerStatus observedGeneration*=1 lastScaleTime*=2 currentReplicas!=3 desiredReplicas!=4 currentCPUUtilizationPercentage*=5
HorizontalPodAutoscaler metadata=1 spec=2 status=3
HorizontalPodAutoscalerList metadata=1 items!=2
Scale metadata=1 spec=2 status=3
ScaleSpec replicas=1
ScaleStatus replicas!=1 selector=2
MetricSpec type!=1 object*=2 pods*=3 resource*=4 containerResource*=7 external*=5
ObjectMetricSource target!=1 metricName!=2 targetValue!=3 selector*=4 averageValue*=5
PodsMetricSource metricName!=1 targetAverageValue!=2 selector*=3
ResourceMetricSource name!=1 targetAverageUtilization*=2 targetAverageValue*=3
ContainerResourceMetricSource name!=1 targetAverageUtilization*=2 targetAverageValue*=3 container!=5
ExternalMetricSource metricName!=1 metricSelector*=2 targetValue*=3 targetAverageValue*=4
MetricStatus type!=1 object*=2 pods*=3 resource*=4 containerResource*=7 external*=5
HorizontalPodAutoscalerCondition type!=1 status!=2 lastTransitionTime=3 reason=4 message=5
ObjectMetricStatus target!=1 metricName!=2 currentValue!=3 selector*=4 averageValue*=5
PodsMetricStatus metricName!=1 currentAverageValue!=2 selector*=3
ResourceMetricStatus name!=1 currentAverageUtilization*=2 currentAverageValue!=3
ContainerResourceMetricStatus name!=1 currentAverageUtilization*=2 currentAverageValue!=3 container!=4
ExternalMetricStatus metricName!=1 metricSelector*=2 currentValue!=3 currentAverageValue*=4
",
    ),
    (
        "autoscaling.v2",
        "
HorizontalPodAutoscaler metadata=1 spec=2 status=3
HorizontalPodAutoscalerSpec scaleTargetRef!=1 minReplicas*=2 maxReplicas!=3 metrics=4 behavior*=5
CrossVersionObjectReference kind!=1 name!=2 apiVersion=3
MetricSpec type!=1 object*=2 pods*=3 resource*=4 containerResource*=7 external*=5
HorizontalPodAutoscalerBehavior scaleUp*=1 scaleDown*=2
HPAScalingRules stabilizationWindowSeconds*=3 selectPolicy*=1 policies=2 tolerance*=4
HPAScalingPolicy type!=1 value!=2 periodSeconds!=3
ObjectMetricSource describedObject!=1 target!=2 metric!=3
PodsMetricSource metric!=1 target!=2
ResourceMetricSource name!=1 target!=2
ContainerResourceMetricSource name!=1 target!=2 container!=3
ExternalMetricSource metric!=1 target!=2
MetricIdentifier name!=1 selector*=2
MetricTarget type!=1 value*=2 averageValue*=3 averageUtilization*=4
HorizontalPodAutoscalerStatus observedGeneration*=1 lastScaleTime*=2 currentReplicas=3 desiredReplicas!=4 currentMetrics!=5 conditions=6
HorizontalPodAutoscalerCondition type!=1 status!=2 lastTransitionTime=3 reason=4 message=5
MetricStatus type!=1 object*=2 pods*=3 resource*=4 containerResource*=7 external*=5
ObjectMetricStatus metric!=1 current!=2 describedObject!=3
PodsMetricStatus metric!=1 current!=2
ResourceMetricStatus name!=1 current!=2
ContainerResourceMetricStatus name!=1 current!=2 container!=3
ExternalMetricStatus metric!=1 current!=2
MetricValueStatus value*=1 averageValue*=2 averageUtilization*=3
HorizontalPodAutoscalerList metadata=1 items!=2
",
    ),
    (
        "policy.v1",
        "
PodDisruptionBudgetSpec minAvailable*=1 selector*=2 maxUnavailable*=3 unhealthyPodEvictionPolicy*=4
PodDisruptionBudgetStatus observedGeneration=1 disruptedPods=2 disruptionsAllowed!=3 currentHealthy!=4 desiredHealthy!=5 expectedPods!=6 conditions=7
PodDisruptionBudget metadata=1 spec=2 status=3
PodDisruptionBudgetList metadata=1 items!=2
Eviction metadata=1 deleteOptions*=2
",
    ),
    (
        "scheduling.v1",
        "
PriorityClass metadata=1 value!=2 globalDefault=3 description=4 preemptionPolicy*=5
PriorityClassList metadata=1 items!=2
",
    ),
    (
        "node.v1",
        "
RuntimeClass metadata=1 handler!=2 overhead*=3 scheduling*=4
Overhead podFixed=1
Scheduling nodeSelector=1 tolerations=2
RuntimeClassList metadata=1 items!=2
",
    ),
    (
        "coordination.v1",
        "
Lease metadata=1 spec=2
LeaseSpec holderIdentity*=1 leaseDurationSeconds*=2 acquireTime*=3 renewTime*=4 leaseTransitions*=5 strategy*=6 preferredHolder*=7
LeaseList metadata=1 items!=2
",
    ),
    (
        "resource.v1",
        "
ResourceSlice metadata=1 spec!=2
ResourceSliceSpec driver!=1 pool!=2 nodeName*=3 nodeSelector*=4 allNodes*=5 devices=6 perDeviceNodeSelection*=7 sharedCounters=8
CounterSet name!=1 counters=2
ResourcePool name!=1 generation!=2 resourceSliceCount!=3
Device name!=1 attributes=2 capacity=3 consumesCounters=4 nodeName*=5 nodeSelector*=6 allNodes*=7 taints=8 bindsToNode*=9 bindingConditions=10 bindingFailureConditions=11 allowMultipleAllocations*=12 nodeAllocatableResourceMappings=13
NodeAllocatableResourceMapping capacityKey*=1 allocationMultiplier*=2
DeviceCounterConsumption counterSet!=1 counters=2
DeviceCapacity value!=1 requestPolicy*=2
Counter value!=1
CapacityRequestPolicy default*!=1 validValues=3 validRange*=4
CapacityRequestPolicyRange min*=1 max*=2 step*=3
DeviceAttribute int*=2 bool*=3 string*=4 version*=5 ints=6 bools=7 strings=8 versions=9
DeviceTaint key!=1 value=2 effect!=3 timeAdded*=4
ResourceSliceList metadata=1 items!=2
ResourceClaim metadata=1 spec!=2 status=3
ResourceClaimSpec devices!=1
DeviceClaim requests!=1 constraints=2 config=3
DeviceRequest name!=1 exactly*=2 firstAvailable=3
ExactDeviceRequest deviceClassName!=1 selectors=2 allocationMode=3 count=4 adminAccess*=5 tolerations=6 capacity*=7
DeviceSubRequest name!=1 deviceClassName!=2 selectors=3 allocationMode=4 count=5 tolerations=6 capacity*=7
CapacityRequirements requests=1
DeviceSelector cel*=1
CELDeviceSelector expression!=1
DeviceConstraint requests=1 matchAttribute*=2 distinctAttribute*=3
DeviceClaimConfiguration requests=1 @DeviceConfiguration=2
DeviceConfiguration opaque*=1
OpaqueDeviceConfiguration driver!=1 parameters!=2
DeviceToleration key=1 operator=2 value=3 effect=4 tolerationSeconds*=5
ResourceClaimStatus allocation*=1 reservedFor=2 devices=4
ResourceClaimConsumerReference apiGroup=1 resource!=3 name!=4 uid!=5
AllocationResult devices=1 nodeSelector*=3 allocationTimestamp*=5
DeviceAllocationResult results=1 config=2
DeviceRequestAllocationResult request!=1 driver!=2 pool!=3 device!=4 adminAccess*=5 tolerations=6 bindingConditions=7 bindingFailureConditions=8 shareID*=9 consumedCapacity=10
DeviceAllocationConfiguration source!=1 requests=2 @DeviceConfiguration=3
ResourceClaimList metadata=1 items!=2
DeviceClass metadata=1 spec!=2
DeviceClassSpec selectors=1 config=2 extendedResourceName*=4
DeviceClassConfiguration @DeviceConfiguration=1
DeviceClassList metadata=1 items!=2
ResourceClaimTemplate metadata=1 spec!=2
ResourceClaimTemplateSpec metadata=1 spec!=2
ResourceClaimTemplateList metadata=1 items!=2
AllocatedDeviceStatus driver!=1 pool!=2 device!=3 shareID*=7 conditions!=4 data*=5 networkData*=6
NetworkDeviceData interfaceName=1 ips=2 hardwareAddress=3
",
    ),
];
