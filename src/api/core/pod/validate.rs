//! What must hold of pods and pod templates. Source:
//! `k8s.io/kubernetes/pkg/apis/core/validation`.

use machinery::{
    field::{Errors, Path},
    kind::Change,
    meta, names,
};
use serde_json::{Value, json};

use super::{
    affinity, annotations, container, dns, mounts::Volumes, platform, requirements, security,
    spread, update, volumes::check_volumes,
};
use crate::{check, core::resources};

const RESTART_POLICIES: [&str; 3] = ["Always", "OnFailure", "Never"];
const LISTS: [&str; 3] = ["initContainers", "containers", "ephemeralContainers"];

/// A spec that is checked.
#[derive(Clone, Copy)]
pub(super) struct Subject<'a> {
    /// The spec.
    pub(super) spec: &'a Value,
    /// Where it stands.
    pub(super) at: &'a Path,
    /// The name of the pod whose it is; `None`: it is a template's.
    pub(super) pod: Option<&'a str>,
}

impl<'a> Subject<'a> {
    /// The containers of a list with their places.
    pub(super) fn list(&self, list: &str) -> impl Iterator<Item = (&'a Value, Path)> + use<'a> {
        let at = self.at.child(list);
        let all = meta::items(self.spec, &format!("/{list}")).iter().enumerate();
        all.map(move |(index, one)| (one, at.index(index)))
    }

    /// All containers with their places.
    pub(super) fn containers(&self) -> impl Iterator<Item = (&'a Value, Path)> + use<'a> {
        let lists: Vec<_> = LISTS.iter().flat_map(|list| self.list(list)).collect();
        lists.into_iter()
    }

    /// Tells whether the pod's users are the host's.
    pub(super) fn has_host_users(&self) -> bool {
        self.spec["hostUsers"] != false
    }
}

/// Checks a pod, or a change of one.
pub(super) fn check_pod(change: &Change<'_>, errors: &mut Errors) {
    check_whole(change.new, errors);
    match change.old {
        Some(old) => {
            annotations::check_update(change.new, old, errors);
            update::check(&old["spec"], &change.new["spec"], errors);
        }
        None => check_new(change.new, errors),
    }
}

/// Checks what holds of pods at all times.
pub(super) fn check_whole(pod: &Value, errors: &mut Errors) {
    let spec = &pod["spec"];
    let at = Path::new("spec");
    annotations::check_of_pod(pod, errors);
    check_spec(Subject { spec, at: &at, pod: Some(meta::name(pod)) }, errors);
    for list in ["containers", "initContainers"] {
        for (index, one) in meta::items(spec, &format!("/{list}")).iter().enumerate() {
            check_image_blanks(one, &at.child(list).index(index), errors);
        }
    }
    if !meta::text(spec, "/serviceAccountName").is_empty() {
        return;
    }
    for (index, volume) in meta::items(spec, "/volumes").iter().enumerate() {
        let at = at.child("volumes").index(index).child("projected").child("sources");
        for (index, source) in meta::items(volume, "/projected/sources").iter().enumerate() {
            if source.get("serviceAccountToken").is_some() {
                let path = at.index(index).child("serviceAccountToken");
                let why = "must not be specified when serviceAccountName is not set";
                errors.forbidden(&path, why);
            }
        }
    }
}

/// Refuses blanks around an image's name, which templates may have.
fn check_image_blanks(container: &Value, path: &Path, errors: &mut Errors) {
    let image = meta::text(container, "/image");
    if image.trim() != image {
        let why = "must not have leading or trailing whitespace";
        errors.invalid(&path.child("image"), &json!(image), why);
    }
}

fn check_new(pod: &Value, errors: &mut Errors) {
    let spec = &pod["spec"];
    let at = Path::new("spec");
    if !meta::items(spec, "/ephemeralContainers").is_empty() {
        errors.forbidden(&at.child("ephemeralContainers"), "cannot be set on create");
    }
    let gated = !meta::items(spec, "/schedulingGates").is_empty();
    if gated && !meta::text(spec, "/nodeName").is_empty() {
        let why = "cannot be set until all schedulingGates have been cleared";
        errors.forbidden(&at.child("nodeName"), why);
    }
    let subject = Subject { spec, at: &at, pod: Some(meta::name(pod)) };
    annotations::check_matches(&pod["metadata"]["annotations"], &subject, errors);
}

/// Checks a template whose pods are always restarted if `forever`.
pub(crate) fn check_template(template: &Value, at: &Path, forever: bool, errors: &mut Errors) {
    check::labels(template, "/metadata/labels", &at.child("labels"), errors);
    let path = at.child("annotations");
    check::annotations(template, &path, errors);
    let spec_at = at.child("spec");
    let subject = Subject { spec: &template["spec"], at: &spec_at, pod: None };
    let given = &template["metadata"]["annotations"];
    annotations::check(given, &subject, &path, errors);
    check_spec(subject, errors);
    annotations::check_matches(given, &subject, errors);
    if !meta::items(template, "/spec/ephemeralContainers").is_empty() {
        let path = spec_at.child("ephemeralContainers");
        errors.forbidden(&path, "ephemeral containers not allowed in pod template");
    }
    let policy = &template["spec"]["restartPolicy"];
    if forever && policy != "Always" {
        errors.not_supported(&spec_at.child("restartPolicy"), policy, &["Always"]);
    }
}

/// Checks what a pod is to be.
pub(super) fn check_spec(subject: Subject<'_>, errors: &mut Errors) {
    let Subject { spec, at, .. } = subject;
    let volumes = check_volumes(&subject, errors);
    check_claims(spec, at, errors);
    check_containers(&subject, &volumes, errors);
    requirements::check_pod(&subject, errors);
    check_host_ports(&subject, errors);
    check::required_one_of(spec, "restartPolicy", &RESTART_POLICIES, at, errors);
    check::labels(spec, "/nodeSelector", &at.child("nodeSelector"), errors);
    security::check_pod(&subject, errors);
    affinity::check(&spec["affinity"], &at.child("affinity"), errors);
    dns::check(spec, at, errors);
    check_gates(spec, at, errors);
    spread::check(spec, at, errors);
    platform::check(&subject, errors);
    check_numbers_and_names(spec, at, errors);
    affinity::check_tolerations(spec, at, errors);
    if let Some(overhead) = spec.get("overhead") {
        check_overhead(overhead, &at.child("overhead"), errors);
    }
}

/// Checks what a pod costs beyond its containers.
pub(crate) fn check_overhead(overhead: &Value, at: &Path, errors: &mut Errors) {
    let name = resources::check_container_name;
    requirements::check_amounts(&json!({"limits": overhead}), at, name, errors);
}

fn check_containers(subject: &Subject<'_>, volumes: &Volumes<'_>, errors: &mut Errors) {
    if meta::items(subject.spec, "/containers").is_empty() {
        errors.required(&subject.at.child("containers"), "");
    }
    let mut seen: Vec<&str> = Vec::new();
    for list in ["containers", "initContainers", "ephemeralContainers"] {
        for (one, path) in subject.list(list) {
            let name = meta::text(one, "/name");
            if name.is_empty() {
                errors.required(&path.child("name"), "");
            } else {
                check::named(&json!(name), names::dns_label, &path.child("name"), errors);
            }
            if seen.contains(&name) {
                errors.duplicate(&path.child("name"), &json!(name));
            } else if list != "initContainers" || !name.is_empty() {
                seen.push(name);
            }
            container::check(one, list, &path, subject, errors);
            volumes.check_uses(one, &path, errors);
            if list == "ephemeralContainers" {
                check_image_blanks(one, &path, errors);
                container::check_ephemeral(one, subject.spec, &path, errors);
            }
        }
    }
}

/// Two containers cannot have one port of the node. Those that run one by one can.
fn check_host_ports(subject: &Subject<'_>, errors: &mut Errors) {
    let mut seen = Vec::new();
    for (container, path) in subject.list("containers") {
        unique_host_ports(container, &path, &mut seen, errors);
    }
    for (container, _) in subject.list("initContainers") {
        // Kubernetes tells it of the first one, whichever it is.
        let path = subject.at.child("initContainers").index(0);
        unique_host_ports(container, &path, &mut Vec::new(), errors);
    }
    if subject.spec["hostNetwork"] != true {
        return;
    }
    for (container, path) in subject.list("containers") {
        for (index, port) in meta::items(container, "/ports").iter().enumerate() {
            let host = meta::number(port, "/hostPort").unwrap_or(0);
            let own = meta::number(port, "/containerPort").unwrap_or(0);
            if host != own && (subject.pod.is_some() || host != 0) {
                let why = "must match `containerPort` when `hostNetwork` is true";
                let path = path.child("ports").index(index).child("hostPort");
                errors.invalid(&path, &json!(host), why);
            }
        }
    }
}

fn unique_host_ports(container: &Value, at: &Path, seen: &mut Vec<String>, errors: &mut Errors) {
    for (index, port) in meta::items(container, "/ports").iter().enumerate() {
        let host = meta::number(port, "/hostPort").unwrap_or(0);
        if host == 0 {
            continue;
        }
        let (protocol, ip) = (meta::text(port, "/protocol"), meta::text(port, "/hostIP"));
        let key = format!("{protocol}/{ip}/{host}");
        if seen.contains(&key) {
            let path = at.child("ports").index(index).child("hostPort");
            errors.duplicate(&path, &json!(key));
        } else {
            seen.push(key);
        }
    }
}

fn check_numbers_and_names(spec: &Value, at: &Path, errors: &mut Errors) {
    if spec.get("terminationGracePeriodSeconds").is_none() {
        errors.required(&at.child("terminationGracePeriodSeconds"), "");
    }
    if let Some(deadline) = meta::number(spec, "/activeDeadlineSeconds")
        && !(1..=i64::from(i32::MAX)).contains(&deadline)
    {
        let why = "must be between 1 and 2147483647, inclusive";
        errors.invalid(&at.child("activeDeadlineSeconds"), &json!(deadline), why);
    }
    let rules: [(&str, check::NameRule); 5] = [
        ("hostname", names::dns_label),
        ("subdomain", names::dns_label),
        ("serviceAccountName", names::dns_subdomain),
        ("nodeName", names::dns_subdomain),
        ("priorityClassName", names::dns_subdomain),
    ];
    for (field, rule) in rules {
        let name = spec.get(field).and_then(Value::as_str).unwrap_or_default();
        if !name.is_empty() {
            check::named(&json!(name), rule, &at.child(field), errors);
        }
    }
    if let Some(class) = spec.get("runtimeClassName") {
        check::named(class, names::dns_subdomain, &at.child("runtimeClassName"), errors);
    }
    if spec.get("preemptionPolicy").is_some() {
        let policies = ["PreemptLowerPriority", "Never"];
        check::required_one_of(spec, "preemptionPolicy", &policies, at, errors);
    }
    check_host_name(spec, at, errors);
}

/// Checks the name that a pod gives itself, whatever it is called otherwise.
fn check_host_name(spec: &Value, at: &Path, errors: &mut Errors) {
    const LONGEST: usize = 64;
    let Some(name) = spec.get("hostnameOverride") else { return };
    let path = at.child("hostnameOverride");
    for (field, word) in
        [("setHostnameAsFQDN", "setHostnameAsFQDN"), ("hostNetwork", "hostNetwork")]
    {
        if spec[field] == true {
            errors.forbidden(&path, &format!("may not be specified when {word} is true"));
        }
    }
    if name.as_str().is_some_and(|name| name.len() > LONGEST) {
        errors.too_long(&path, LONGEST);
    }
    check::named(name, names::dns_subdomain, &path, errors);
}

fn check_gates(spec: &Value, at: &Path, errors: &mut Errors) {
    let mut seen: Vec<&str> = Vec::new();
    for (index, gate) in meta::items(spec, "/schedulingGates").iter().enumerate() {
        let path = at.child("schedulingGates").index(index);
        let name = meta::text(gate, "/name");
        check::named(&json!(name), names::qualified_name, &path, errors);
        if seen.contains(&name) {
            errors.duplicate(&path, &json!(name));
        }
        seen.push(name);
    }
    for (index, gate) in meta::items(spec, "/readinessGates").iter().enumerate() {
        let path = at.child("readinessGates").index(index).child("conditionType");
        check::named(&gate["conditionType"], names::qualified_name, &path, errors);
    }
}

fn check_claims(spec: &Value, at: &Path, errors: &mut Errors) {
    let mut seen: Vec<&str> = Vec::new();
    for (index, claim) in meta::items(spec, "/resourceClaims").iter().enumerate() {
        let path = at.child("resourceClaims").index(index);
        let name = meta::text(claim, "/name");
        if name.is_empty() {
            errors.required(&path.child("name"), "");
        } else if seen.contains(&name) {
            errors.duplicate(&path.child("name"), &json!(name));
        } else {
            check::named(&json!(name), names::dns_label, &path.child("name"), errors);
            seen.push(name);
        }
        let sources: Vec<&str> = ["resourceClaimName", "resourceClaimTemplateName"]
            .into_iter()
            .filter(|field| claim.get(*field).is_some())
            .collect();
        if sources.len() != 1 {
            let why = if sources.is_empty() {
                "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`"
            } else {
                "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified"
            };
            let shown = crate::core::shown::shown("PodResourceClaim", claim);
            errors.invalid_shown(&path, &shown, why);
        }
        for field in sources {
            check::named(&claim[field], names::dns_subdomain, &path.child(field), errors);
        }
    }
}
