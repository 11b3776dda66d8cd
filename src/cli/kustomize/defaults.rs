//! Where names, labels, images and the like stand in Kubernetes' kinds, and what `configurations` add.
//! Source: kustomize, `api/internal/konfig/builtinpluginconsts`.

use serde::Deserialize;

use super::{
    Built,
    fields::{Field, merge},
};

/// The fields of a kind that hold names of another one.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Reference {
    pub(super) group: String,
    pub(super) version: String,
    /// The kind that is meant.
    pub(super) kind: String,
    pub(super) field_specs: Vec<Field>,
}

/// All that transformers know of kinds.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Config {
    pub(super) name_prefix: Vec<Field>,
    pub(super) name_suffix: Vec<Field>,
    pub(super) namespace: Vec<Field>,
    pub(super) common_labels: Vec<Field>,
    pub(super) labels: Vec<Field>,
    pub(super) template_labels: Vec<Field>,
    pub(super) common_annotations: Vec<Field>,
    pub(super) name_reference: Vec<Reference>,
    pub(super) var_reference: Vec<Field>,
    pub(super) images: Vec<Field>,
    pub(super) replicas: Vec<Field>,
}

impl Config {
    /// Adds what another one knows.
    pub(super) fn merge(&mut self, other: &Self) -> Built<()> {
        merge(&mut self.name_prefix, &other.name_prefix)?;
        merge(&mut self.name_suffix, &other.name_suffix)?;
        merge(&mut self.namespace, &other.namespace)?;
        merge(&mut self.common_labels, &other.common_labels)?;
        merge(&mut self.labels, &other.labels)?;
        merge(&mut self.template_labels, &other.template_labels)?;
        merge(&mut self.common_annotations, &other.common_annotations)?;
        merge(&mut self.var_reference, &other.var_reference)?;
        merge(&mut self.images, &other.images)?;
        merge(&mut self.replicas, &other.replicas)?;
        for reference in &other.name_reference {
            let same = |one: &&mut Reference| {
                (&one.group, &one.version, &one.kind)
                    == (&reference.group, &reference.version, &reference.kind)
            };
            match self.name_reference.iter_mut().find(same) {
                Some(there) => merge(&mut there.field_specs, &reference.field_specs)?,
                None => self.name_reference.push(reference.clone()),
            }
        }
        Ok(())
    }

    /// What is known of Kubernetes' own kinds.
    pub(super) fn builtin() -> Self {
        let name = vec![Field::new("", "", "metadata/name", false)];
        let templates = template_metadata("labels");
        let claims =
            Field::new("StatefulSet", "apps", "spec/volumeClaimTemplates[]/metadata/labels", true);
        let mut labels = vec![Field::new("", "", "metadata/labels", true)];
        labels.extend(templates);
        let mut common_labels = selectors();
        labels.push(claims);
        common_labels.extend(labels.iter().cloned());
        let mut annotations = vec![Field::new("", "", "metadata/annotations", true)];
        annotations.extend(template_metadata("annotations"));
        Self {
            name_prefix: name.clone(),
            name_suffix: name,
            namespace: namespaces(),
            common_labels,
            labels: Vec::new(),
            template_labels: labels,
            common_annotations: annotations,
            name_reference: references(),
            var_reference: variables(),
            images: images(),
            replicas: ["Deployment", "StatefulSet", "ReplicaSet", "ReplicationController"]
                .map(|kind| Field::new(kind, "", "spec/replicas", true))
                .to_vec(),
        }
    }
}

/// Labels or annotations of pods' templates.
fn template_metadata(field: &str) -> Vec<Field> {
    let group = if field == "labels" { "apps" } else { "" };
    let mut found = vec![Field {
        version: "v1".into(),
        ..Field::new("ReplicationController", "", &format!("spec/template/metadata/{field}"), true)
    }];
    let template = format!("spec/template/metadata/{field}");
    for (kind, group) in [
        ("Deployment", ""),
        ("ReplicaSet", ""),
        ("DaemonSet", ""),
        ("StatefulSet", group),
        ("Job", "batch"),
    ] {
        found.push(Field::new(kind, group, &template, true));
    }
    for place in ["spec/jobTemplate", "spec/jobTemplate/spec/template"] {
        found.push(Field::new("CronJob", "batch", &format!("{place}/metadata/{field}"), true));
    }
    found
}

/// Selectors, which labels of everything are added to as well.
fn selectors() -> Vec<Field> {
    const MATCH: &str = "spec/selector/matchLabels";
    let mut found = Vec::new();
    for kind in ["Service", "ReplicationController"] {
        let field = Field::new(kind, "", "spec/selector", true);
        found.push(Field { version: "v1".into(), ..field });
    }
    for (kind, group) in
        [("Deployment", ""), ("ReplicaSet", ""), ("DaemonSet", ""), ("StatefulSet", "apps")]
    {
        found.push(Field::new(kind, group, MATCH, true));
    }
    for kind in ["Deployment", "StatefulSet"] {
        for affinity in ["podAffinity", "podAntiAffinity"] {
            for term in [
                "preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm",
                "requiredDuringSchedulingIgnoredDuringExecution",
            ] {
                let path = format!(
                    "spec/template/spec/affinity/{affinity}/{term}/labelSelector/matchLabels"
                );
                found.push(Field::new(kind, "apps", &path, false));
            }
        }
        let path = "spec/template/spec/topologySpreadConstraints/labelSelector/matchLabels";
        found.push(Field::new(kind, "apps", path, false));
    }
    for (kind, group, path) in [
        ("Job", "batch", MATCH),
        ("CronJob", "batch", "spec/jobTemplate/spec/selector/matchLabels"),
        ("PodDisruptionBudget", "policy", MATCH),
        ("NetworkPolicy", "networking.k8s.io", "spec/podSelector/matchLabels"),
        ("NetworkPolicy", "networking.k8s.io", "spec/ingress/from/podSelector/matchLabels"),
        ("NetworkPolicy", "networking.k8s.io", "spec/egress/to/podSelector/matchLabels"),
    ] {
        found.push(Field::new(kind, group, path, false));
    }
    found
}

fn namespaces() -> Vec<Field> {
    vec![
        Field::new("Namespace", "", "metadata/name", true),
        Field::new("APIService", "apiregistration.k8s.io", "spec/service/namespace", true),
        Field::new(
            "CustomResourceDefinition",
            "apiextensions.k8s.io",
            "spec/conversion/webhook/clientConfig/service/namespace",
            false,
        ),
    ]
}

fn images() -> Vec<Field> {
    let mut found = Vec::new();
    for pod in ["spec", "spec/template/spec"] {
        for place in ["containers[]/image", "initContainers[]/image", "volumes[]/image/reference"] {
            found.push(Field::new("", "", &format!("{pod}/{place}"), true));
        }
    }
    found
}

/// Where pods stand in kinds whose config maps and secrets are followed.
const PODS: &[(&str, &str)] = &[
    ("Pod", "spec"),
    ("PodTemplate", "template/spec"),
    ("Deployment", "spec/template/spec"),
    ("ReplicaSet", "spec/template/spec"),
    ("DaemonSet", "spec/template/spec"),
    ("StatefulSet", "spec/template/spec"),
    ("Job", "spec/template/spec"),
    ("CronJob", "spec/jobTemplate/spec/template/spec"),
];

/// Where pods stand in kinds whose accounts, claims and priorities are followed.
const WORKLOADS: &[(&str, &str)] = &[
    ("Pod", "spec"),
    ("StatefulSet", "spec/template/spec"),
    ("Deployment", "spec/template/spec"),
    ("ReplicationController", "spec/template/spec"),
    ("CronJob", "spec/jobTemplate/spec/template/spec"),
    ("Job", "spec/template/spec"),
    ("DaemonSet", "spec/template/spec"),
];

const ADMISSION: &str = "admissionregistration.k8s.io";
const RBAC: &str = "rbac.authorization.k8s.io";

/// The kind that is meant (kind, group, version), where in pods it stands, and elsewhere (kind, group, path).
type Known = (
    (&'static str, &'static str, &'static str),
    InPods,
    &'static [(&'static str, &'static str, &'static str)],
);
type InPods = (&'static [(&'static str, &'static str)], &'static [&'static str]);

const NO_PODS: InPods = (&[], &[]);

const REFERENCES: &[Known] = &[
    (
        ("Deployment", "", ""),
        NO_PODS,
        &[("HorizontalPodAutoscaler", "", "spec/scaleTargetRef/name")],
    ),
    (
        ("ReplicationController", "", ""),
        NO_PODS,
        &[("HorizontalPodAutoscaler", "", "spec/scaleTargetRef/name")],
    ),
    (
        ("ReplicaSet", "", ""),
        NO_PODS,
        &[("HorizontalPodAutoscaler", "", "spec/scaleTargetRef/name")],
    ),
    (
        ("StatefulSet", "", ""),
        NO_PODS,
        &[("HorizontalPodAutoscaler", "", "spec/scaleTargetRef/name")],
    ),
    (
        ("ConfigMap", "", "v1"),
        (
            PODS,
            &[
                "volumes/configMap/name",
                "containers/env/valueFrom/configMapKeyRef/name",
                "initContainers/env/valueFrom/configMapKeyRef/name",
                "containers/envFrom/configMapRef/name",
                "initContainers/envFrom/configMapRef/name",
                "volumes/projected/sources/configMap/name",
            ],
        ),
        &[
            ("Node", "", "spec/configSource/configMap"),
            ("Role", "", "rules/resourceNames"),
            ("ClusterRole", "", "rules/resourceNames"),
            (
                "Ingress",
                "",
                "metadata/annotations/nginx.ingress.kubernetes.io\\/fastcgi-params-configmap",
            ),
        ],
    ),
    (
        ("Secret", "", "v1"),
        (
            PODS,
            &[
                "volumes/secret/secretName",
                "containers/env/valueFrom/secretKeyRef/name",
                "initContainers/env/valueFrom/secretKeyRef/name",
                "containers/envFrom/secretRef/name",
                "initContainers/envFrom/secretRef/name",
                "imagePullSecrets/name",
                "volumes/projected/sources/secret/name",
            ],
        ),
        &[
            ("Ingress", "", "spec/tls/secretName"),
            ("Ingress", "", "metadata/annotations/ingress.kubernetes.io\\/auth-secret"),
            ("Ingress", "", "metadata/annotations/nginx.ingress.kubernetes.io\\/auth-secret"),
            ("Ingress", "", "metadata/annotations/nginx.ingress.kubernetes.io\\/auth-tls-secret"),
            ("ServiceAccount", "", "imagePullSecrets/name"),
            ("StorageClass", "", "parameters/secretName"),
            ("StorageClass", "", "parameters/adminSecretName"),
            ("StorageClass", "", "parameters/userSecretName"),
            ("StorageClass", "", "parameters/secretRef"),
            ("Role", "", "rules/resourceNames"),
            ("ClusterRole", "", "rules/resourceNames"),
            (
                "Service",
                "serving.knative.dev",
                "spec/template/spec/containers/env/valueFrom/secretKeyRef/name",
            ),
            ("PersistentVolume", "", "spec/azureFile/secretName"),
        ],
    ),
    (
        ("Service", "", "v1"),
        NO_PODS,
        &[
            ("StatefulSet", "apps", "spec/serviceName"),
            ("Ingress", "", "spec/rules/http/paths/backend/serviceName"),
            ("Ingress", "", "spec/backend/serviceName"),
            ("Ingress", "", "spec/rules/http/paths/backend/service/name"),
            ("Ingress", "", "spec/defaultBackend/service/name"),
            ("APIService", "apiregistration.k8s.io", "spec/service/name"),
            ("ValidatingWebhookConfiguration", ADMISSION, "webhooks/clientConfig/service"),
            ("MutatingWebhookConfiguration", ADMISSION, "webhooks/clientConfig/service"),
        ],
    ),
    (("Role", RBAC, ""), NO_PODS, &[("RoleBinding", RBAC, "roleRef/name")]),
    (
        ("ClusterRole", RBAC, ""),
        NO_PODS,
        &[("RoleBinding", RBAC, "roleRef/name"), ("ClusterRoleBinding", RBAC, "roleRef/name")],
    ),
    (
        ("ServiceAccount", "", "v1"),
        (WORKLOADS, &["serviceAccountName"]),
        &[("RoleBinding", RBAC, "subjects"), ("ClusterRoleBinding", RBAC, "subjects")],
    ),
    (
        ("PersistentVolumeClaim", "", "v1"),
        (WORKLOADS, &["volumes/persistentVolumeClaim/claimName"]),
        &[],
    ),
    (
        ("PersistentVolume", "", "v1"),
        NO_PODS,
        &[
            ("PersistentVolumeClaim", "", "spec/volumeName"),
            ("ClusterRole", "", "rules/resourceNames"),
        ],
    ),
    (
        ("StorageClass", "storage.k8s.io", "v1"),
        NO_PODS,
        &[
            ("PersistentVolume", "", "spec/storageClassName"),
            ("PersistentVolumeClaim", "", "spec/storageClassName"),
            ("StatefulSet", "", "spec/volumeClaimTemplates/spec/storageClassName"),
        ],
    ),
    (("PriorityClass", "scheduling.k8s.io", "v1"), (WORKLOADS, &["priorityClassName"]), &[]),
    (
        ("IngressClass", "networking.k8s.io", "v1"),
        NO_PODS,
        &[("Ingress", "", "spec/ingressClassName")],
    ),
    (
        ("ValidatingAdmissionPolicy", ADMISSION, ""),
        NO_PODS,
        &[("ValidatingAdmissionPolicyBinding", ADMISSION, "spec/policyName")],
    ),
];

fn references() -> Vec<Reference> {
    let read = |((kind, group, version), (places, roads), others): &Known| {
        let mut field_specs = Vec::new();
        for (kind, pod) in *places {
            let fields =
                roads.iter().map(|road| Field::new(kind, "", &format!("{pod}/{road}"), false));
            field_specs.extend(fields);
        }
        field_specs
            .extend(others.iter().map(|(kind, group, path)| Field::new(kind, group, path, false)));
        let text = |text: &str| text.to_owned();
        Reference { group: text(group), version: text(version), kind: text(kind), field_specs }
    };
    REFERENCES.iter().map(read).collect()
}

/// Where variables are put in.
fn variables() -> Vec<Field> {
    let mut found = Vec::new();
    let pods = PODS.iter().filter(|(kind, _)| *kind != "PodTemplate");
    for (kind, pod) in pods {
        for list in ["containers", "initContainers"] {
            for field in ["args", "command", "env/value", "volumeMounts/mountPath"] {
                found.push(Field::new(kind, "", &format!("{pod}/{list}/{field}"), false));
            }
        }
        found.push(Field::new(kind, "", &format!("{pod}/volumes/nfs/server"), false));
    }
    for (kind, path) in [
        ("Deployment", "spec/template/metadata/annotations"),
        ("Ingress", "spec/rules/host"),
        ("Ingress", "spec/tls/hosts"),
        ("Ingress", "spec/tls/secretName"),
        ("Service", "spec/ports/port"),
        ("Service", "spec/ports/targetPort"),
        ("StatefulSet", "spec/volumeClaimTemplates/spec/nfs/server"),
        ("PersistentVolume", "spec/nfs/server"),
        ("", "metadata/labels"),
        ("", "metadata/annotations"),
    ] {
        found.push(Field::new(kind, "", path, false));
    }
    found
}
