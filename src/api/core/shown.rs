//! Objects as Go's internal types show them in errors: every field, in the struct's order.
//! Source: the internal types of `k8s.io/kubernetes/pkg/apis/core`.

use machinery::meta;
use serde_json::{Map, Value, json};
use similar::TextDiff;

/// Types and their fields. A field is Go's name, the JSON name after `:` where it is not the same
/// with a small first letter, and what it is: `!` a flag, `#` a number, `?` a scalar, list or map
/// that may be missing, `*T` a list, `&T` a pointer, `.T` a struct; otherwise text.
const TYPES: &[(&str, &str)] = &[
    (
        "PodSpec",
        "Volumes*Volume InitContainers*Container Containers*Container \
         EphemeralContainers*EphemeralContainer RestartPolicy TerminationGracePeriodSeconds? \
         ActiveDeadlineSeconds? DNSPolicy:dnsPolicy NodeSelector? ServiceAccountName \
         AutomountServiceAccountToken? NodeName SecurityContext&PodSecurityContext \
         ImagePullSecrets*Named Hostname Subdomain SetHostnameAsFQDN? Affinity&Affinity \
         SchedulerName Tolerations*Toleration HostAliases*HostAlias PriorityClassName Priority? \
         PreemptionPolicy? DNSConfig:dnsConfig&DNSConfig ReadinessGates*ReadinessGate \
         RuntimeClassName? Overhead? EnableServiceLinks? TopologySpreadConstraints*Spread \
         OS:os&Named SchedulingGates*Named ResourceClaims*PodResourceClaim \
         Resources&ResourceRequirements HostnameOverride? SchedulingGroup&Any",
    ),
    ("Named", "Name"),
    ("HostAlias", "IP:ip Hostnames?"),
    ("DNSConfig", "Nameservers? Searches? Options*DNSOption"),
    ("DNSOption", "Name Value?"),
    ("ReadinessGate", "ConditionType"),
    ("PodResourceClaim", "Name ResourceClaimName? ResourceClaimTemplateName?"),
    ("PodIP", "IP:ip"),
    ("Affinity", "NodeAffinity&NodeAffinity PodAffinity&PodAffinity PodAntiAffinity&PodAffinity"),
    (
        "NodeAffinity",
        "RequiredDuringSchedulingIgnoredDuringExecution&NodeSelector \
         PreferredDuringSchedulingIgnoredDuringExecution*PreferredNode",
    ),
    ("VolumeNodeAffinity", "Required&NodeSelector"),
    ("NodeSelector", "NodeSelectorTerms*NodeSelectorTerm"),
    ("NodeSelectorTerm", "MatchExpressions*NodeRequirement MatchFields*NodeRequirement"),
    ("NodeRequirement", "Key Operator Values?"),
    ("PreferredNode", "Weight# Preference.NodeSelectorTerm"),
    (
        "PodAffinity",
        "RequiredDuringSchedulingIgnoredDuringExecution*PodAffinityTerm \
         PreferredDuringSchedulingIgnoredDuringExecution*PreferredPod",
    ),
    ("PreferredPod", "Weight# PodAffinityTerm.PodAffinityTerm"),
    (
        "PodAffinityTerm",
        "LabelSelector&Selector Namespaces? TopologyKey NamespaceSelector&Selector \
         MatchLabelKeys? MismatchLabelKeys?",
    ),
    (
        "Spread",
        "MaxSkew# TopologyKey WhenUnsatisfiable LabelSelector&Selector MinDomains? \
         NodeAffinityPolicy? NodeTaintsPolicy? MatchLabelKeys?",
    ),
    (
        "PodSecurityContext",
        "HostNetwork! HostPID:hostPID! HostIPC:hostIPC! ShareProcessNamespace? HostUsers? \
         SELinuxOptions:seLinuxOptions&Any WindowsOptions&Any RunAsUser? RunAsGroup? \
         RunAsNonRoot? SupplementalGroups? SupplementalGroupsPolicy? FSGroup:fsGroup? \
         FSGroupChangePolicy:fsGroupChangePolicy? Sysctls*Sysctl SeccompProfile&Profile \
         AppArmorProfile&Profile SELinuxChangePolicy:seLinuxChangePolicy?",
    ),
    ("Sysctl", "Name Value"),
    ("Profile", "Type LocalhostProfile?"),
    ("ScopeSelector", "MatchExpressions*ScopeRequirement"),
    ("ScopeRequirement", "ScopeName Operator Values?"),
    ("Taint", "Key Value Effect TimeAdded?"),
    ("NodeAddress", "Type Address"),
    ("Toleration", "Key Operator Value Effect TolerationSeconds?"),
    (
        "Container",
        "Name Image Command? Args? WorkingDir Ports*ContainerPort EnvFrom*Any Env*EnvVar \
         Resources.ResourceRequirements ResizePolicy*Any RestartPolicy? RestartPolicyRules*Any \
         VolumeMounts*VolumeMount VolumeDevices*Any LivenessProbe&Probe ReadinessProbe&Probe \
         StartupProbe&Probe Lifecycle&Any TerminationMessagePath TerminationMessagePolicy \
         ImagePullPolicy SecurityContext&SecurityContext Stdin! StdinOnce! TTY:tty!",
    ),
    (
        "EphemeralContainer",
        "Name Image Command? Args? WorkingDir Ports*ContainerPort EnvFrom*Any Env*EnvVar \
         Resources.ResourceRequirements ResizePolicy*Any RestartPolicy? RestartPolicyRules*Any \
         VolumeMounts*VolumeMount VolumeDevices*Any LivenessProbe&Probe ReadinessProbe&Probe \
         StartupProbe&Probe Lifecycle&Any TerminationMessagePath TerminationMessagePolicy \
         ImagePullPolicy SecurityContext&SecurityContext Stdin! StdinOnce! TTY:tty! \
         TargetContainerName",
    ),
    ("ContainerPort", "Name HostPort# ContainerPort# Protocol HostIP:hostIP"),
    ("EnvVar", "Name Value ValueFrom&EnvVarSource"),
    (
        "EnvVarSource",
        "FieldRef&FieldRef ResourceFieldRef&Any ConfigMapKeyRef&KeyRef SecretKeyRef&KeyRef \
         FileKeyRef&Any",
    ),
    ("FieldRef", "APIVersion:apiVersion FieldPath"),
    ("KeyRef", "Name Key Optional?"),
    ("ResourceRequirements", "Limits? Requests? Claims*Any"),
    ("VolumeResourceRequirements", "Limits? Requests?"),
    (
        "VolumeMount",
        "Name ReadOnly! RecursiveReadOnly? MountPath SubPath MountPropagation? SubPathExpr",
    ),
    (
        "Probe",
        "Exec&Any HTTPGet:httpGet&HTTPGet TCPSocket:tcpSocket&Any GRPC:grpc&Any \
         InitialDelaySeconds# TimeoutSeconds# PeriodSeconds# SuccessThreshold# FailureThreshold# \
         TerminationGracePeriodSeconds?",
    ),
    ("HTTPGet", "Path Port? Host Scheme HTTPHeaders:httpHeaders*Any"),
    (
        "SecurityContext",
        "Capabilities&Capabilities Privileged? SELinuxOptions:seLinuxOptions&Any \
         WindowsOptions&Any RunAsUser? RunAsGroup? RunAsNonRoot? ReadOnlyRootFilesystem? \
         AllowPrivilegeEscalation? ProcMount? SeccompProfile&Profile AppArmorProfile&Profile",
    ),
    ("Capabilities", "Add? Drop?"),
    (
        "Volume",
        "Name HostPath&HostPath EmptyDir&EmptyDir GCEPersistentDisk:gcePersistentDisk&Any \
         AWSElasticBlockStore:awsElasticBlockStore&Any GitRepo&Any Secret&SecretVolume \
         NFS:nfs&NFS ISCSI:iscsi&Any Glusterfs&Any PersistentVolumeClaim&ClaimVolume RBD:rbd&Any \
         Quobyte&Any FlexVolume&Any Cinder&Any CephFS:cephfs&Any Flocker&Any DownwardAPI&Any \
         FC:fc&Any AzureFile&Any ConfigMap&ConfigMapVolume VsphereVolume&Any AzureDisk&Any \
         PhotonPersistentDisk&Any Projected&Any PortworxVolume&Any ScaleIO&Any \
         StorageOS:storageos&Any CSI:csi&Any Ephemeral&Any Image&Any",
    ),
    ("EmptyDir", "Medium SizeLimit?"),
    ("SecretVolume", "SecretName Items*KeyToPath DefaultMode? Optional?"),
    ("ConfigMapVolume", "Name Items*KeyToPath DefaultMode? Optional?"),
    ("KeyToPath", "Key Path Mode?"),
    ("ClaimVolume", "ClaimName ReadOnly!"),
    ("HostPath", "Path Type?"),
    ("NFS", "Server Path ReadOnly!"),
    (
        "PersistentVolumeClaimSpec",
        "AccessModes? Selector&Selector Resources.VolumeResourceRequirements VolumeName \
         StorageClassName? VolumeMode? DataSource&Source DataSourceRef&SourceRef \
         VolumeAttributesClassName?",
    ),
    ("Source", "APIGroup:apiGroup? Kind Name"),
    ("SourceRef", "APIGroup:apiGroup? Kind Name Namespace?"),
    (
        "PersistentVolumeSource",
        "GCEPersistentDisk:gcePersistentDisk&Any AWSElasticBlockStore:awsElasticBlockStore&Any \
         HostPath&HostPath Glusterfs&Any NFS:nfs&NFS RBD:rbd&Any Quobyte&Any ISCSI:iscsi&Any \
         FlexVolume&Any Cinder&Any CephFS:cephfs&Any FC:fc&Any Flocker&Any AzureFile&Any \
         VsphereVolume&Any AzureDisk&Any PhotonPersistentDisk&Any PortworxVolume&Any ScaleIO&Any \
         Local&Local StorageOS:storageos&Any CSI:csi&CSI",
    ),
    ("Local", "Path FSType:fsType?"),
    (
        "CSI",
        "Driver VolumeHandle ReadOnly! FSType:fsType VolumeAttributes? \
         ControllerPublishSecretRef&Any NodeStageSecretRef&Any NodePublishSecretRef&Any \
         ControllerExpandSecretRef&Any NodeExpandSecretRef&Any",
    ),
    ("ServicePort", "Name Protocol AppProtocol? Port# TargetPort? NodePort#"),
    ("ResourceClaimSpec", "Devices.DeviceClaim"),
    ("DeviceClaim", "Requests*DeviceRequest Constraints*Any Config*Any"),
    ("DeviceRequest", "Name Exactly&ExactDeviceRequest FirstAvailable*Any"),
    (
        "ExactDeviceRequest",
        "DeviceClassName Selectors*Any AllocationMode Count# AdminAccess? Tolerations*Toleration \
         Capacity&Any",
    ),
    (
        "ObjectReference",
        "Kind Namespace Name UID:uid APIVersion:apiVersion ResourceVersion FieldPath",
    ),
    ("CSINodeDriver", "Name NodeID:nodeID TopologyKeys? Allocatable&Any"),
    ("VolumeAttachmentSpec", "Attacher Source.VolumeAttachmentSource NodeName"),
    ("VolumeAttachmentSource", "PersistentVolumeName? InlineVolumeSpec&Any"),
    ("EventSource", "Component Host"),
    ("ParentReference", "Group Resource Namespace Name"),
    ("RollingStatefulSet", "Partition# MaxUnavailable?"),
    ("PodFailurePolicy", "Rules*PodFailurePolicyRule"),
    (
        "PodFailurePolicyRule",
        "Action OnExitCodes&PodFailureCodes OnPodConditions*PodFailureCondition",
    ),
    ("PodFailureCodes", "ContainerName? Operator Values?"),
    ("PodFailureCondition", "Type Status"),
    ("SuccessPolicy", "Rules*SuccessPolicyRule"),
    ("SuccessPolicyRule", "SucceededIndexes? SucceededCount?"),
    ("UncountedTerminatedPods", "Succeeded? Failed?"),
    (
        "CustomResourceDefinitionVersion",
        "Name Served! Storage! Deprecated! DeprecationWarning? Schema&Any Subresources&Any \
         AdditionalPrinterColumns*Any SelectableFields*Any",
    ),
];

/// A value as Go shows a struct of the type `name`.
pub(crate) fn shown(name: &str, value: &Value) -> String {
    if name == "Selector" {
        return crate::check::shown_selector(value);
    }
    let Some((_, fields)) = TYPES.iter().find(|(known, _)| *known == name) else {
        return raised(value);
    };
    let hoisted;
    let value = if name == "PodSpec" {
        hoisted = with_host_fields(value);
        &hoisted
    } else {
        value
    };
    let written: Vec<String> = fields.split_whitespace().map(|it| field(it, value)).collect();
    format!("{{{}}}", written.join(","))
}

fn field(text: &str, object: &Value) -> String {
    let end = text.find(['!', '#', '?', '*', '&', '.']).unwrap_or(text.len());
    let (names, form) = text.split_at(end);
    let (shown_name, json_name) = match names.split_once(':') {
        Some((shown, json)) => (shown, json.to_owned()),
        None => (names, lowered(names)),
    };
    let value = object.get(&json_name).filter(|value| !value.is_null());
    let inner = form.get(1..).unwrap_or_default();
    let value = match (form.chars().next(), value) {
        (Some('.'), _) => shown(inner, value.unwrap_or(&Value::Null)),
        (Some('!'), None) => "false".into(),
        (Some('#'), None) => "0".into(),
        (Some(_), None) => "null".into(),
        (None, None) => "\"\"".into(),
        (Some('&'), Some(value)) => shown(inner, value),
        (Some('*'), Some(list)) => {
            let items: Vec<String> =
                meta::items(list, "").iter().map(|item| shown(inner, item)).collect();
            format!("[{}]", items.join(","))
        }
        (_, Some(value)) => value.to_string(),
    };
    format!("{}:{value}", json!(shown_name))
}

fn lowered(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(letters).collect()
}

/// A value of a type that is not described here: its fields with great first letters.
fn raised(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let written: Vec<String> = fields
                .iter()
                .map(|(key, value)| {
                    let mut letters = key.chars();
                    let first = letters.next().map(|first| first.to_ascii_uppercase());
                    let key: String = first.into_iter().chain(letters).collect();
                    format!("{}:{}", json!(key), raised(value))
                })
                .collect();
            format!("{{{}}}", written.join(","))
        }
        Value::Array(items) => {
            format!("[{}]", items.iter().map(raised).collect::<Vec<_>>().join(","))
        }
        other => other.to_string(),
    }
}

/// Inside Kubernetes the pod's security context holds what it shares with its host.
fn with_host_fields(spec: &Value) -> Value {
    let mut spec = spec.clone();
    let fields = meta::as_object(&mut spec);
    let mut moved = Map::new();
    for field in ["hostNetwork", "hostPID", "hostIPC", "shareProcessNamespace", "hostUsers"] {
        if let Some(value) = fields.remove(field) {
            moved.insert(field.into(), value);
        }
    }
    if !moved.is_empty() || fields.contains_key("securityContext") {
        meta::object_at(&mut spec, "securityContext").extend(moved);
    }
    spec
}

/// A pod template as Go shows it.
pub(crate) fn shown_template(template: &Value) -> String {
    let mut parts = Vec::new();
    for part in ["labels", "annotations"] {
        if let Some(value) = template.pointer(&format!("/metadata/{part}")) {
            parts.push(format!("{}:{value}", json!(part)));
        }
    }
    parts.push(format!("\"Spec\":{}", shown("PodSpec", &template["spec"])));
    format!("{{{}}}", parts.join(","))
}

/// What differs between two values of a type, line by line.
pub(crate) fn difference(name: &str, before: &Value, after: &Value) -> String {
    let (before, after) = (indented(&shown(name, before)), indented(&shown(name, after)));
    TextDiff::from_lines(&before, &after).unified_diff().context_radius(3).to_string()
}

/// JSON text with a line for each value, indented by one blank a level.
fn indented(json: &str) -> String {
    let mut out = String::with_capacity(json.len() * 2);
    let mut depth = 0_usize;
    let mut quoted = false;
    let mut escaped = false;
    let mut letters = json.chars().peekable();
    let line = |out: &mut String, depth: usize| {
        out.push('\n');
        out.extend(std::iter::repeat_n(' ', depth));
    };
    while let Some(letter) = letters.next() {
        if quoted {
            out.push(letter);
            quoted = escaped || letter != '"';
            escaped = !escaped && letter == '\\';
            continue;
        }
        match letter {
            '{' | '[' => {
                out.push(letter);
                if letters.peek().is_some_and(|next| matches!(next, '}' | ']')) {
                    out.extend(letters.next());
                } else {
                    depth += 1;
                    line(&mut out, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                line(&mut out, depth);
                out.push(letter);
            }
            ',' => {
                out.push(letter);
                line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            _ => {
                quoted = letter == '"';
                out.push(letter);
            }
        }
    }
    out.push('\n');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_shown_in_the_order_of_the_struct() {
        let claim = json!({"accessModes": ["RWO"], "resources": {"requests": {"storage": "1Gi"}}});
        assert_eq!(
            shown("PersistentVolumeClaimSpec", &claim),
            r#"{"AccessModes":["RWO"],"Selector":null,"Resources":{"Limits":null,"Requests":{"storage":"1Gi"}},"VolumeName":"","StorageClassName":null,"VolumeMode":null,"DataSource":null,"DataSourceRef":null,"VolumeAttributesClassName":null}"#
        );
    }

    #[test]
    fn differences_are_shown_with_their_surroundings() {
        let (before, after) = (json!({"path": "/a"}), json!({"path": "/b"}));
        assert_eq!(
            difference("HostPath", &before, &after),
            "@@ -1,4 +1,4 @@\n {\n- \"Path\": \"/a\",\n+ \"Path\": \"/b\",\n  \"Type\": null\n }\n"
        );
    }
}
