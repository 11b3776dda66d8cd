//! What claims ask for, and what devices must have in common. Pure.

use std::{collections::BTreeMap, sync::Arc};

use k8s_openapi::api::resource::v1::{
    CapacityRequirements, Device, DeviceAttribute, DeviceClass, DeviceConstraint, DeviceRequest,
    DeviceSelector, DeviceTaint, DeviceToleration, ResourceClaim,
};

/// Classes by name.
pub(crate) type Classes = BTreeMap<String, Arc<DeviceClass>>;

/// One way to satisfy a request.
#[derive(Debug)]
pub(super) struct Choice<'a> {
    /// The request's name.
    pub(super) request: &'a str,
    /// The name among several ways.
    pub(super) sub: Option<&'a str>,
    pub(super) class: &'a DeviceClass,
    /// `None`: all devices that match.
    pub(super) count: Option<usize>,
    pub(super) admin: bool,
    pub(super) selectors: &'a [DeviceSelector],
    pub(super) tolerations: &'a [DeviceToleration],
    pub(super) capacity: Option<&'a CapacityRequirements>,
}

/// `namespace/name`.
pub(super) fn name_of(claim: &ResourceClaim) -> String {
    let meta = &claim.metadata;
    let text = |it: &Option<String>| it.clone().unwrap_or_default();
    format!("{}/{}", text(&meta.namespace), text(&meta.name))
}

pub(super) fn requests(claim: &ResourceClaim) -> &[DeviceRequest] {
    let devices = claim.spec.devices.as_ref();
    devices.and_then(|devices| devices.requests.as_deref()).unwrap_or_default()
}

/// What a request is before its class and mode are known.
struct Raw<'a> {
    sub: Option<&'a str>,
    class: &'a str,
    mode: Option<&'a str>,
    count: Option<i64>,
    admin: bool,
    selectors: &'a Option<Vec<DeviceSelector>>,
    tolerations: &'a Option<Vec<DeviceToleration>>,
    capacity: &'a Option<CapacityRequirements>,
}

fn raw(request: &DeviceRequest) -> Vec<Raw<'_>> {
    let ways = request.first_available.iter().flatten().map(|way| Raw {
        sub: Some(&way.name),
        class: &way.device_class_name,
        mode: way.allocation_mode.as_deref(),
        count: way.count,
        admin: false,
        selectors: &way.selectors,
        tolerations: &way.tolerations,
        capacity: &way.capacity,
    });
    let exactly = request.exactly.iter().map(|exactly| Raw {
        sub: None,
        class: &exactly.device_class_name,
        mode: exactly.allocation_mode.as_deref(),
        count: exactly.count,
        admin: exactly.admin_access == Some(true),
        selectors: &exactly.selectors,
        tolerations: &exactly.tolerations,
        capacity: &exactly.capacity,
    });
    ways.chain(exactly).collect()
}

/// The classes that a claim names, each with its request.
pub(super) fn classes_of(claim: &ResourceClaim) -> Vec<(String, &str)> {
    let all = requests(claim).iter().flat_map(|request| {
        raw(request).into_iter().map(|raw| (full_name(&request.name, raw.sub), raw.class))
    });
    all.collect()
}

fn full_name(request: &str, sub: Option<&str>) -> String {
    sub.map_or_else(|| request.to_owned(), |sub| format!("{request}/{sub}"))
}

impl<'a> Choice<'a> {
    /// The ways to satisfy each request of a claim. Errors: one that is not understood.
    pub(super) fn of_claim(
        claim: &'a ResourceClaim,
        classes: &'a Classes,
    ) -> Result<Vec<Vec<Self>>, String> {
        let all = requests(claim).iter().map(|request| {
            let ways: Result<Vec<Self>, String> = raw(request)
                .into_iter()
                .map(|raw| Self::of(claim, request, &raw, classes))
                .collect();
            match ways {
                Ok(ways) if ways.is_empty() => Err(format!(
                    "claim {}, request {}: missing device class name (unsupported request type?)",
                    name_of(claim),
                    request.name
                )),
                other => other,
            }
        });
        all.collect()
    }

    fn of(
        claim: &ResourceClaim,
        request: &'a DeviceRequest,
        raw: &Raw<'a>,
        classes: &'a Classes,
    ) -> Result<Self, String> {
        let name = raw.sub.unwrap_or(&request.name);
        let whose = format!("claim {}, request {name}", name_of(claim));
        let Some(class) = classes.get(raw.class) else {
            let class = raw.class;
            return Err(format!(
                "{whose}: could not retrieve device class {class}: \
                 deviceclass.resource.k8s.io {class:?} not found"
            ));
        };
        let count = match raw.mode.unwrap_or("ExactCount") {
            "ExactCount" => Some(usize::try_from(raw.count.unwrap_or(1)).unwrap_or(usize::MAX)),
            "All" => None,
            other => return Err(format!("{whose}: unsupported count mode {other}")),
        };
        Ok(Self {
            request: &request.name,
            sub: raw.sub,
            class,
            count,
            admin: raw.admin,
            selectors: raw.selectors.as_deref().unwrap_or_default(),
            tolerations: raw.tolerations.as_deref().unwrap_or_default(),
            capacity: raw.capacity.as_ref(),
        })
    }

    /// The name that results bear.
    pub(super) fn full_name(&self) -> String {
        full_name(self.request, self.sub)
    }

    /// Tells whether a list of requests' names means it; an empty one means all.
    pub(super) fn is_among(&self, names: Option<&Vec<String>>) -> bool {
        let names = names.map(Vec::as_slice).unwrap_or_default();
        names.is_empty()
            || names.iter().any(|name| name == self.request)
            || self.sub.is_some() && names.contains(&self.full_name())
    }

    /// Tells whether all of a device's taints are tolerated.
    pub(super) fn bears(&self, device: &Device) -> bool {
        let mut taints = device.taints.iter().flatten();
        taints.all(|taint| {
            !matches!(taint.effect.as_str(), "NoSchedule" | "NoExecute")
                || self.tolerations.iter().any(|toleration| tolerates(toleration, taint))
        })
    }
}

fn tolerates(toleration: &DeviceToleration, taint: &DeviceTaint) -> bool {
    let said = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    if said(&toleration.effect).is_some_and(|effect| effect != taint.effect)
        || said(&toleration.key).is_some_and(|key| key != taint.key)
    {
        return false;
    }
    match toleration.operator.as_deref().unwrap_or_default() {
        "" | "Equal" => said(&toleration.value) == said(&taint.value),
        "Exists" => true,
        _ => false,
    }
}

/// What devices of some requests must have in common, or must not.
#[derive(Debug)]
pub(super) struct Constraint<'a> {
    requests: Option<&'a Vec<String>>,
    attribute: &'a str,
    /// Whether values differ rather than agree.
    distinct: bool,
    seen: Vec<String>,
}

impl<'a> Constraint<'a> {
    /// The constraints of a claim. Errors: one that is not understood.
    pub(super) fn of_claim(claim: &'a ResourceClaim) -> Result<Vec<Self>, String> {
        let devices = claim.spec.devices.as_ref();
        let all = devices.and_then(|devices| devices.constraints.as_deref()).unwrap_or_default();
        let understood = |(index, one): (usize, &'a DeviceConstraint)| {
            let (attribute, distinct) = match (&one.match_attribute, &one.distinct_attribute) {
                (Some(attribute), _) => (attribute, false),
                (None, Some(attribute)) => (attribute, true),
                (None, None) => {
                    let claim = name_of(claim);
                    return Err(format!(
                        "claim {claim}, constraint #{index}: empty constraint (unsupported \
                         constraint type?)"
                    ));
                }
            };
            Ok(Self { requests: one.requests.as_ref(), attribute, distinct, seen: Vec::new() })
        };
        all.iter().enumerate().map(understood).collect()
    }

    /// Adds a device, if it fits to those that are there.
    pub(super) fn add(&mut self, choice: &Choice<'_>, driver: &str, device: &Device) -> bool {
        if !choice.is_among(self.requests) {
            return true;
        }
        let Some(value) = attribute(driver, device, self.attribute).and_then(text_of) else {
            return false;
        };
        let fits = if self.distinct {
            !self.seen.contains(&value)
        } else {
            self.seen.first().is_none_or(|seen| *seen == value)
        };
        if fits {
            self.seen.push(value);
        }
        fits
    }

    /// Takes back the last device that was added.
    pub(super) fn remove(&mut self, choice: &Choice<'_>) {
        if choice.is_among(self.requests) {
            self.seen.pop();
        }
    }
}

fn attribute<'a>(driver: &str, device: &'a Device, name: &str) -> Option<&'a DeviceAttribute> {
    let attributes = device.attributes.as_ref()?;
    attributes.get(name).or_else(|| {
        let (domain, id) = name.split_once('/')?;
        (domain == driver).then(|| attributes.get(id)).flatten()
    })
}

fn text_of(attribute: &DeviceAttribute) -> Option<String> {
    let text = attribute.string.as_ref().map(|it| format!("string {it}"));
    let int = attribute.int.map(|it| format!("int {it}"));
    let bool = attribute.bool.map(|it| format!("bool {it}"));
    let version = attribute.version.as_ref().map(|it| format!("version {it}"));
    text.or(int).or(bool).or(version)
}
