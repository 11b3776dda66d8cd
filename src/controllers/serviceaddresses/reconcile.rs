//! What is wrong between a service's address and its object, and what is done about it. No clock, no
//! I/O.

use std::{net::IpAddr, time::Duration};

use api::networking::ipaddress::{ALLOCATOR, FAMILY, MANAGED_BY, family_of};
use k8s_openapi::api::{
    core::v1::Service,
    networking::v1::{IPAddress, ParentReference},
};

use crate::remark::Remark;

/// So long an object may be before its service is: no request lives longer.
const GRACE: Duration = Duration::from_mins(1);

/// What is done about a service's address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// Something is said of the service.
    Say(Remark),
    /// The object is made.
    Create,
    /// The object is made anew, for this service.
    Recreate,
}

/// What is done about an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Nothing.
    Keep,
    /// It is looked at again then.
    Wait(Duration),
    /// It goes, with a word.
    Delete(Remark),
}

/// The addresses that a service should have objects for.
pub(super) fn addresses(service: &Service) -> &[String] {
    let Some(spec) = &service.spec else { return &[] };
    let listed = spec.cluster_ips.as_deref().unwrap_or_default();
    let none = listed.first().is_none_or(|first| first == "None" || first.is_empty());
    if none || spec.type_.as_deref() == Some("ExternalName") { &[] } else { listed }
}

/// What is around one address of a service.
#[derive(Debug)]
pub(super) struct Observed<'a> {
    pub(super) service: &'a Service,
    pub(super) address: &'a str,
    /// Whether a range of services has the address.
    pub(super) in_range: bool,
    pub(super) object: Option<&'a IPAddress>,
    /// The service that the object names.
    pub(super) holder: Option<&'a Service>,
}

fn names(service: &Service) -> (&str, &str) {
    let meta = &service.metadata;
    (meta.namespace.as_deref().unwrap_or_default(), meta.name.as_deref().unwrap_or_default())
}

fn is_of_services(parent: &ParentReference) -> bool {
    parent.group.as_deref().unwrap_or_default().is_empty() && parent.resource == "services"
}

fn is_managed(object: &IPAddress) -> bool {
    let labels = object.metadata.labels.as_ref();
    labels.and_then(|labels| labels.get(MANAGED_BY)).is_some_and(|by| by == ALLOCATOR)
}

/// The steps for one address of a service.
pub(super) fn repair(seen: &Observed<'_>) -> Vec<Step> {
    let say = |reason: &str, words: String| Step::Say(Remark::warning(reason, words));
    let (namespace, name) = names(seen.service);
    let text = seen.address;
    let Ok(address) = text.parse::<IpAddr>() else {
        let words = format!("Cluster IP {text} is not a valid IP; please recreate Service");
        return vec![say("ClusterIPNotValid", words)];
    };
    let family = family_of(address);
    if !seen.in_range {
        let words = format!(
            "Cluster IP [{family}]: {address} is not within any configured Service CIDR; please \
             recreate service"
        );
        return vec![say("ClusterIPOutOfRange", words)];
    }
    let Some(object) = seen.object else {
        let words = format!("Cluster IP [{family}]: {address} is not allocated; repairing");
        return vec![say("ClusterIPNotAllocated", words), Step::Create];
    };
    let wrong = || {
        let words = format!(
            "the ClusterIP [{family}]: {address} for Service {namespace}/{name} has a wrong \
             reference; repairing"
        );
        vec![say("ClusterIPNotAllocated", words), Step::Recreate]
    };
    let parent = &object.spec.parent_ref;
    if !is_of_services(parent) {
        return wrong();
    }
    let own = parent.namespace.as_deref().unwrap_or_default() == namespace && parent.name == name;
    if !own {
        let Some(holder) = seen.holder else { return wrong() };
        let doubled = addresses(holder).iter().any(|it| it == text);
        if doubled {
            let words = format!(
                "Cluster IP [{family}]:{address} was assigned to multiple services; please \
                 recreate service"
            );
            return vec![say("ClusterIPAlreadyAllocated", words)];
        }
        return Vec::new();
    }
    let labelled = object.metadata.labels.as_ref().and_then(|labels| labels.get(FAMILY));
    if labelled.is_none_or(|it| it != family) || !is_managed(object) {
        return vec![Step::Recreate];
    }
    Vec::new()
}

/// What becomes of an object; `parent` is the service that it names, `age` how long it is there.
pub(super) fn judge(object: &IPAddress, parent: Option<&Service>, age: Duration) -> Verdict {
    if !is_managed(object) {
        return Verdict::Keep;
    }
    let name = object.metadata.name.as_deref().unwrap_or_default();
    let gone = |reason: &str, words: String| Verdict::Delete(Remark::warning(reason, words));
    let reference = &object.spec.parent_ref;
    if !is_of_services(reference) {
        let text = |it: &Option<String>| it.clone().unwrap_or_default();
        let words = format!(
            "IPAddress {name} appears to have been modified, not referencing a Service \
             &ParentReference{{Group:{},Resource:{},Namespace:{},Name:{},}}: cleaning up",
            text(&reference.group),
            reference.resource,
            text(&reference.namespace),
            reference.name
        );
        return gone("IPAddressNotAllocated", words);
    }
    if parent.is_some_and(|parent| addresses(parent).iter().any(|it| it == name)) {
        return Verdict::Keep;
    }
    if let Some(left) = GRACE.checked_sub(age) {
        return Verdict::Wait(left + Duration::from_secs(1));
    }
    let namespace = reference.namespace.as_deref().unwrap_or_default();
    let service = format!("IPAddress: {name} for Service {namespace}/{}", reference.name);
    match parent {
        None => {
            gone("IPAddressNotAllocated", format!("{service} appears to have leaked: cleaning up"))
        }
        Some(_) => {
            gone("IPAddressWrongReference", format!("{service} has a wrong reference; cleaning up"))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn service(name: &str, addresses: &[&str]) -> Service {
        let service = json!({"metadata": {"namespace": "ns", "name": name},
            "spec": {"type": "ClusterIP", "clusterIPs": addresses}});
        serde_json::from_value(service).unwrap()
    }

    fn object(parent: &Value, labels: &Value) -> IPAddress {
        let object = json!({"metadata": {"name": "10.0.0.1", "labels": labels},
            "spec": {"parentRef": parent}});
        serde_json::from_value(object).unwrap()
    }

    fn parent(name: &str) -> Value {
        json!({"resource": "services", "namespace": "ns", "name": name})
    }

    fn labels() -> Value {
        json!({FAMILY: "IPv4", MANAGED_BY: ALLOCATOR})
    }

    #[test]
    fn services_get_their_objects_back() {
        let own = service("a", &["10.0.0.1"]);
        let (twin, other) = (service("b", &["10.0.0.1"]), service("b", &["10.0.0.2"]));
        let good = object(&parent("a"), &labels());
        let strange =
            object(&json!({"group": "g", "resource": "gateways", "name": "a"}), &labels());
        let (of_b, bare) = (object(&parent("b"), &labels()), object(&parent("a"), &json!({})));
        let wrong = "ClusterIPNotAllocated: the ClusterIP [IPv4]: 10.0.0.1 for Service ns/a has a \
                     wrong reference; repairing, again";
        for (in_range, object, holder, want) in [
            (true, Some(&good), None, ""),
            (
                true,
                None,
                None,
                "ClusterIPNotAllocated: Cluster IP [IPv4]: 10.0.0.1 is not allocated; repairing, made",
            ),
            (
                false,
                Some(&good),
                None,
                "ClusterIPOutOfRange: Cluster IP [IPv4]: 10.0.0.1 is not within any configured \
                 Service CIDR; please recreate service",
            ),
            (true, Some(&strange), None, wrong),
            (true, Some(&of_b), None, wrong),
            (
                true,
                Some(&of_b),
                Some(&twin),
                "ClusterIPAlreadyAllocated: Cluster IP [IPv4]:10.0.0.1 was assigned to multiple \
                 services; please recreate service",
            ),
            (true, Some(&of_b), Some(&other), ""),
            (true, Some(&bare), None, "again"),
        ] {
            let seen = Observed { service: &own, address: "10.0.0.1", in_range, object, holder };
            let steps: Vec<String> = repair(&seen)
                .into_iter()
                .map(|step| match step {
                    Step::Say(remark) => remark.to_string(),
                    Step::Create => "made".into(),
                    Step::Recreate => "again".into(),
                })
                .collect();
            assert_eq!(steps.join(", "), want);
        }
    }

    #[test]
    fn objects_without_their_service_go() {
        let (own, changed) = (service("a", &["10.0.0.1"]), service("a", &["10.0.0.9"]));
        let good = object(&parent("a"), &labels());
        let by_hand = object(&parent("a"), &json!({}));
        let strange = object(&json!({"group": "g", "resource": "r", "name": "n"}), &labels());
        for (object, parent, seconds, want) in [
            (&good, Some(&own), 0, ""),
            (&by_hand, None, 100, ""),
            (&good, None, 10, "51"),
            (
                &good,
                None,
                61,
                "IPAddressNotAllocated: IPAddress: 10.0.0.1 for Service ns/a appears to have \
                 leaked: cleaning up",
            ),
            (&good, Some(&changed), 60, "1"),
            (
                &good,
                Some(&changed),
                61,
                "IPAddressWrongReference: IPAddress: 10.0.0.1 for Service ns/a has a wrong \
                 reference; cleaning up",
            ),
            (
                &strange,
                None,
                0,
                "IPAddressNotAllocated: IPAddress 10.0.0.1 appears to have been modified, not \
                 referencing a Service &ParentReference{Group:g,Resource:r,Namespace:,Name:n,}: \
                 cleaning up",
            ),
        ] {
            let said = match judge(object, parent, Duration::from_secs(seconds)) {
                Verdict::Keep => String::new(),
                Verdict::Wait(left) => left.as_secs().to_string(),
                Verdict::Delete(remark) => remark.to_string(),
            };
            assert_eq!(said, want);
        }
    }
}
