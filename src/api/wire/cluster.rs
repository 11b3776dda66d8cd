//! Field numbers of networks, storage, rights, events and the API itself.
//! Source: the `protobuf` and `json` tags of the Kubernetes API packages, version 1.36.

/// Group and version, then a line for each message; see [`super`] for the form.
pub(super) const ROWS: &[(&str, &str)] = &[
    (
        "networking.v1",
        "
NetworkPolicy metadata=1 spec=2
NetworkPolicySpec podSelector!=1 ingress=2 egress=3 policyTypes=4
NetworkPolicyIngressRule ports=1 from=2
NetworkPolicyEgressRule ports=1 to=2
NetworkPolicyPort protocol*=1 port*=2 endPort*=3
IPBlock cidr!=1 except=2
NetworkPolicyPeer podSelector*=1 namespaceSelector*=2 ipBlock*=3
NetworkPolicyList metadata=1 items!=2
Ingress metadata=1 spec=2 status=3
IngressList metadata=1 items!=2
IngressSpec ingressClassName*=4 defaultBackend*=1 tls=2 rules=3
IngressTLS hosts=1 secretName=2
IngressStatus loadBalancer=1
IngressLoadBalancerStatus ingress=1
IngressLoadBalancerIngress ip=1 hostname=2 ports=4
IngressPortStatus port!=1 protocol!=2 error*=3
IngressRule host=1 @IngressRuleValue=2
IngressRuleValue http*=1
HTTPIngressRuleValue paths!=1
HTTPIngressPath path=1 pathType*!=3 backend!=2
IngressBackend service*=4 resource*=3
IngressServiceBackend name!=1 port=2
ServiceBackendPort name=1 number=2
IngressClass metadata=1 spec=2
IngressClassSpec controller=1 parameters*=2
IngressClassParametersReference apiGroup*=1 kind!=2 name!=3 scope*!=4 namespace*=5
IngressClassList metadata=1 items!=2
IPAddress metadata=1 spec=2
IPAddressSpec parentRef*=1
ParentReference group=1 resource=2 namespace=3 name=4
IPAddressList metadata=1 items!=2
ServiceCIDR metadata=1 spec=2 status=3
ServiceCIDRSpec cidrs=1
ServiceCIDRStatus conditions=1
ServiceCIDRList metadata=1 items!=2
",
    ),
    (
        "discovery.v1",
        "
EndpointSlice metadata=1 addressType!=4 endpoints!=2 ports!=3
Endpoint addresses!=1 conditions=2 hostname*=3 targetRef*=4 deprecatedTopology=5 nodeName*=6 zone*=7 hints*=8
EndpointConditions ready*=1 serving*=2 terminating*=3
EndpointHints forZones=1 forNodes=2
ForZone name!=1
ForNode name!=1
EndpointPort name*=1 protocol*=2 port*=3 appProtocol*=4
EndpointSliceList metadata=1 items!=2
",
    ),
    (
        "storage.v1",
        "
StorageClass metadata=1 provisioner!=2 parameters=3 reclaimPolicy*=4 mountOptions=5 allowVolumeExpansion*=6 volumeBindingMode*=7 allowedTopologies=8
StorageClassList metadata=1 items!=2
VolumeAttachment metadata=1 spec!=2 status=3
VolumeAttachmentList metadata=1 items!=2
VolumeAttachmentSpec attacher!=1 source!=2 nodeName!=3
VolumeAttachmentSource persistentVolumeName*=1 inlineVolumeSpec*=2
VolumeAttachmentStatus attached!=1 attachmentMetadata=2 attachError*=3 detachError*=4
VolumeError time=1 message=2 errorCode*=3
CSIDriver metadata=1 spec!=2
CSIDriverList metadata=1 items!=2
CSIDriverSpec attachRequired*=1 podInfoOnMount*=2 volumeLifecycleModes=3 storageCapacity*=4 fsGroupPolicy*=5 tokenRequests=6 requiresRepublish*=7 seLinuxMount*=8 nodeAllocatableUpdatePeriodSeconds*=9 serviceAccountTokenInSecrets*=10 preventPodSchedulingIfMissing*=11
TokenRequest audience!=1 expirationSeconds*=2
CSINode metadata=1 spec!=2
CSINodeSpec drivers!=1
CSINodeDriver name!=1 nodeID!=2 topologyKeys!=3 allocatable*=4
VolumeNodeResources count*=1
CSINodeList metadata=1 items!=2
CSIStorageCapacity metadata=1 nodeTopology*=2 storageClassName!=3 capacity*=4 maximumVolumeSize*=5
CSIStorageCapacityList metadata=1 items!=2
VolumeAttributesClass metadata=1 driverName!=2 parameters=3
VolumeAttributesClassList metadata=1 items!=2
",
    ),
    (
        "rbac.v1",
        "
PolicyRule verbs!=1 apiGroups=2 resources=3 resourceNames=4 nonResourceURLs=5
Subject kind!=1 apiGroup=2 name!=3 namespace=4
RoleRef apiGroup!=1 kind!=2 name!=3
Role metadata=1 rules!=2
RoleBinding metadata=1 subjects=2 roleRef!=3
RoleBindingList metadata=1 items!=2
RoleList metadata=1 items!=2
ClusterRole metadata=1 rules!=2 aggregationRule*=3
AggregationRule clusterRoleSelectors=1
ClusterRoleBinding metadata=1 subjects=2 roleRef!=3
ClusterRoleBindingList metadata=1 items!=2
ClusterRoleList metadata=1 items!=2
",
    ),
    (
        "certificates.v1",
        "
CertificateSigningRequest metadata=1 spec!=2 status=3
CertificateSigningRequestSpec request!=1 signerName!=7 expirationSeconds*=8 usages=5 username=2 uid=3 groups=4 extra=6
CertificateSigningRequestStatus conditions=1 certificate=2
CertificateSigningRequestCondition type!=1 status!=6 reason=2 message=3 lastUpdateTime=4 lastTransitionTime=5
CertificateSigningRequestList metadata=1 items!=2
",
    ),
    (
        "events.v1",
        "
Event metadata!=1 eventTime!=2 series*=3 reportingController=4 reportingInstance=5 action=6 reason=7 regarding=8 related*=9 note=10 type=11 deprecatedSource=12 deprecatedFirstTimestamp=13 deprecatedLastTimestamp=14 deprecatedCount=15
EventSeries count!=1 lastObservedTime!=2
EventList metadata=1 items!=2
",
    ),
    (
        "admissionregistration.v1",
        "
Rule apiGroups=1 apiVersions=2 resources=3 scope*=4
ValidatingAdmissionPolicy metadata=1 spec=2 status=3
ValidatingAdmissionPolicyStatus observedGeneration=1 typeChecking*=2 conditions=3
TypeChecking expressionWarnings=1
ExpressionWarning fieldRef!=2 warning!=3
ValidatingAdmissionPolicyList metadata=1 items!=2
ValidatingAdmissionPolicySpec paramKind*=1 matchConstraints*=2 validations=3 failurePolicy*=4 auditAnnotations=5 matchConditions=6 variables=7
ParamKind apiVersion=1 kind=2
Validation expression!=1 message=2 reason*=3 messageExpression=4
Variable name!=1 expression!=2
AuditAnnotation key!=1 valueExpression!=2
ValidatingAdmissionPolicyBinding metadata=1 spec=2
ValidatingAdmissionPolicyBindingList metadata=1 items!=2
ValidatingAdmissionPolicyBindingSpec policyName=1 paramRef*=2 matchResources*=3 validationActions=4
ParamRef name=1 namespace=2 selector*=3 parameterNotFoundAction*=4
MatchResources namespaceSelector*=1 objectSelector*=2 resourceRules=3 excludeResourceRules=4 matchPolicy*=7
NamedRuleWithOperations resourceNames=1 @RuleWithOperations=2
ValidatingWebhookConfiguration metadata=1 webhooks=2
ValidatingWebhookConfigurationList metadata=1 items!=2
MutatingWebhookConfiguration metadata=1 webhooks=2
MutatingWebhookConfigurationList metadata=1 items!=2
ValidatingWebhook name!=1 clientConfig!=2 rules=3 failurePolicy*=4 matchPolicy*=9 namespaceSelector*=5 objectSelector*=10 sideEffects*!=6 timeoutSeconds*=7 admissionReviewVersions!=8 matchConditions=11
MutatingWebhook name!=1 clientConfig!=2 rules=3 failurePolicy*=4 matchPolicy*=9 namespaceSelector*=5 objectSelector*=11 sideEffects*!=6 timeoutSeconds*=7 admissionReviewVersions!=8 reinvocationPolicy*=10 matchConditions=12
MutatingAdmissionPolicy metadata=1 spec=2
MutatingAdmissionPolicyList metadata=1 items!=2
MutatingAdmissionPolicySpec paramKind*=1 matchConstraints*=2 variables=3 mutations=4 failurePolicy*=5 matchConditions=6 reinvocationPolicy=7
Mutation patchType!=2 applyConfiguration*=3 jsonPatch*=4
ApplyConfiguration expression=1
JSONPatch expression=1
MutatingAdmissionPolicyBinding metadata=1 spec=2
MutatingAdmissionPolicyBindingList metadata=1 items!=2
MutatingAdmissionPolicyBindingSpec policyName=1 paramRef*=2 matchResources*=3
RuleWithOperations operations=1 @Rule=2
WebhookClientConfig url*=3 service*=1 caBundle=2
ServiceReference namespace!=1 name!=2 path*=3 port*=4
MatchCondition name!=1 expression!=2
",
    ),
    (
        "flowcontrol.v1",
        "
FlowSchema metadata=1 spec=2 status=3
FlowSchemaList metadata=1 items!=2
FlowSchemaSpec priorityLevelConfiguration!=1 matchingPrecedence!=2 distinguisherMethod*=3 rules=4
FlowDistinguisherMethod type!=1
PriorityLevelConfigurationReference name!=1
PolicyRulesWithSubjects subjects!=1 resourceRules=2 nonResourceRules=3
Subject kind!=1 user*=2 group*=3 serviceAccount*=4
UserSubject name!=1
GroupSubject name!=1
ServiceAccountSubject namespace!=1 name!=2
ResourcePolicyRule verbs!=1 apiGroups!=2 resources!=3 clusterScope=4 namespaces!=5
NonResourcePolicyRule verbs!=1 nonResourceURLs!=6
FlowSchemaStatus conditions=1
FlowSchemaCondition type=1 status=2 lastTransitionTime=3 reason=4 message=5
PriorityLevelConfiguration metadata=1 spec=2 status=3
PriorityLevelConfigurationList metadata=1 items!=2
PriorityLevelConfigurationSpec type!=1 limited*=2 exempt*=3
LimitedPriorityLevelConfiguration nominalConcurrencyShares*!=1 limitResponse=2 lendablePercent*=3 borrowingLimitPercent*=4
ExemptPriorityLevelConfiguration nominalConcurrencyShares*=1 lendablePercent*=2
LimitResponse type!=1 queuing*=2
QueuingConfiguration queues!=1 handSize!=2 queueLengthLimit!=3
PriorityLevelConfigurationStatus conditions=1
PriorityLevelConfigurationCondition type=1 status=2 lastTransitionTime=3 reason=4 message=5
",
    ),
    (
        "authentication.v1",
        "
TokenReview metadata=1 spec!=2 status=3
TokenReviewSpec token=1 audiences=2
TokenReviewStatus authenticated=1 user=2 audiences=4 error=3
UserInfo username=1 uid=2 groups=3 extra=4
TokenRequest metadata=1 spec!=2 status=3
TokenRequestSpec audiences!=1 expirationSeconds*!=4 boundObjectRef*!=3
TokenRequestStatus token!=1 expirationTimestamp!=2
BoundObjectReference kind=1 apiVersion=2 name=3 uid=4
SelfSubjectReview metadata=1 status=2
SelfSubjectReviewStatus userInfo=1
",
    ),
    (
        "authorization.v1",
        "
SubjectAccessReview metadata=1 spec!=2 status=3
SelfSubjectAccessReview metadata=1 spec!=2 status=3
LocalSubjectAccessReview metadata=1 spec!=2 status=3
ResourceAttributes namespace=1 verb=2 group=3 version=4 resource=5 subresource=6 name=7 fieldSelector*=8 labelSelector*=9
LabelSelectorAttributes rawSelector=1 requirements=2
FieldSelectorAttributes rawSelector=1 requirements=2
NonResourceAttributes path=1 verb=2
SubjectAccessReviewSpec resourceAttributes*=1 nonResourceAttributes*=2 user=3 groups=4 extra=5 uid=6
SelfSubjectAccessReviewSpec resourceAttributes*=1 nonResourceAttributes*=2
SubjectAccessReviewStatus allowed!=1 denied=4 reason=2 evaluationError=3
SelfSubjectRulesReview metadata=1 spec!=2 status=3
SelfSubjectRulesReviewSpec namespace=1
SubjectRulesReviewStatus resourceRules!=1 nonResourceRules!=2 incomplete!=3 evaluationError=4
ResourceRule verbs!=1 apiGroups=2 resources=3 resourceNames=4
NonResourceRule verbs!=1 nonResourceURLs=2
",
    ),
    (
        "meta.v1",
        "
TypeMeta kind=1 apiVersion=2
ListMeta selfLink=1 resourceVersion=2 continue=3 remainingItemCount*=4 shardInfo*=5
ShardInfo selector!=1
ObjectMeta name=1 generateName=2 namespace=3 selfLink=4 uid=5 resourceVersion=6 generation=7 creationTimestamp=8 deletionTimestamp*=9 deletionGracePeriodSeconds*=10 labels=11 annotations=12 ownerReferences=13 finalizers=14 managedFields=17
OwnerReference apiVersion!=5 kind!=1 name!=3 uid!=4 controller*=6 blockOwnerDeletion*=7
ListOptions labelSelector=1 fieldSelector=2 watch=3 allowWatchBookmarks=9 resourceVersion=4 resourceVersionMatch=10 timeoutSeconds*=5 limit=7 continue=8 sendInitialEvents*=11 shardSelector=15
GetOptions resourceVersion=1
DeleteOptions gracePeriodSeconds*=1 preconditions*=2 orphanDependents*=3 propagationPolicy*=4 dryRun=5 ignoreStoreReadErrorWithClusterBreakingPotential*=6
CreateOptions dryRun=1 fieldManager=3 fieldValidation=4
PatchOptions dryRun=1 force*=2 fieldManager=3 fieldValidation=4
ApplyOptions dryRun=1 force!=2 fieldManager!=3
UpdateOptions dryRun=1 fieldManager=2 fieldValidation=3
Preconditions uid*=1 resourceVersion*=2
Status metadata=1 status=2 message=3 reason=4 details*=5 code=6
StatusDetails name=1 group=2 kind=3 uid=6 causes=4 retryAfterSeconds=5
StatusCause reason=1 message=2 field=3
List metadata=1 items!=2
APIVersions versions!=1 serverAddressByClientCIDRs!=2
APIGroupList groups!=1
APIGroup name!=1 versions!=2 preferredVersion=3 serverAddressByClientCIDRs=4
ServerAddressByClientCIDR clientCIDR!=1 serverAddress!=2
GroupVersionForDiscovery groupVersion!=1 version!=2
APIResource name!=1 singularName!=6 namespaced!=2 group=8 version=9 kind!=3 verbs!=4 shortNames=5 categories=7 storageVersionHash=10
APIResourceList groupVersion!=1 resources!=2
RootPaths paths!=1
LabelSelector matchLabels=1 matchExpressions=2
LabelSelectorRequirement key!=1 operator!=2 values=3
FieldSelectorRequirement key!=1 operator!=2 values=3
ManagedFieldsEntry manager=1 operation=2 apiVersion=3 time*=4 fieldsType=6 fieldsV1*=7 subresource=8
TableOptions includeObject=1
PartialObjectMetadata metadata=1
PartialObjectMetadataList metadata=1 items!=2
Condition type!=1 status!=2 observedGeneration=3 lastTransitionTime!=4 reason!=5 message!=6
",
    ),
];
