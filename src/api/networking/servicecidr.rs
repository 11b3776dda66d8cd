//! `ServiceCIDR`: a range of addresses for services.

use jiff::Timestamp;
use k8s_openapi::api::networking::v1::ServiceCIDR;
use machinery::{
    field::{Errors, Path},
    kind::{Change, Column, Kind},
    meta,
};
use serde_json::{Value, json};

use super::GROUP;
use crate::check;
use crate::parts::{AGE, NAME, age_cell, kind as build, name_cell, of_field};

pub(crate) fn kind() -> Kind {
    build::<ServiceCIDR>(GROUP, "v1", "ServiceCIDR", "servicecidrs")
        .cluster()
        .status()
        .validate(validate)
        .table(COLUMNS, cells)
}

const COLUMNS: &[Column] = &[NAME, of_field("CIDRs", "v1.ServiceCIDRSpec", "cidrs"), AGE];

fn cells(object: &Value, now: Timestamp) -> Vec<Value> {
    let ranges: Vec<&str> =
        meta::items(object, "/spec/cidrs").iter().filter_map(Value::as_str).collect();
    vec![name_cell(object), ranges.join(",").into(), age_cell(object, now)]
}

fn validate(change: &Change<'_>, errors: &mut Errors) {
    let at = Path::new("spec").child("cidrs");
    let ranges = meta::items(&change.new["spec"], "/cidrs");
    check_ranges(ranges, &at, errors);
    if let Some(old) = change.old {
        check_update(meta::items(&old["spec"], "/cidrs"), ranges, &at, errors);
    }
}

fn check_ranges(ranges: &[Value], at: &Path, errors: &mut Errors) {
    let shown = || check::ordered(&[("CIDRs", Some(json!(ranges).to_string()))]);
    if ranges.is_empty() {
        errors.required(at, "at least one CIDR required");
        return;
    }
    if ranges.len() > 2 {
        errors.invalid_shown(at, &shown(), "may only hold up to 2 values");
        return;
    }
    let is_ipv4 = |range: &Value| {
        let (address, _) = check::parse_cidr(range.as_str().unwrap_or_default())?;
        Some(address.is_ipv4())
    };
    if let [first, second] = ranges
        && is_ipv4(first).zip(is_ipv4(second)).is_none_or(|(first, second)| first == second)
    {
        let why = "may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and \
                   2001:db8::/64";
        errors.invalid_shown(at, &shown(), why);
        return;
    }
    for (index, range) in ranges.iter().enumerate() {
        check_range(range, &at.index(index), errors);
    }
}

fn check_range(range: &Value, at: &Path, errors: &mut Errors) {
    let Some((address, length)) = check::cidr(range, at, errors) else { return };
    let canonical = check::canonical_cidr(address, length);
    if range.as_str() != Some(canonical.as_str()) {
        errors.invalid(at, range, format!("must be in canonical form ({canonical:?})"));
    }
}

/// A range stays; one of the other family may join it.
fn check_update(old: &[Value], new: &[Value], at: &Path, errors: &mut Errors) {
    match (old, new) {
        ([before], [now, added]) => {
            if before != now {
                errors.immutable(&at.index(0), now);
            }
            check_range(added, &at.index(1), errors);
        }
        _ if old.len() == new.len() => {
            let pairs = old.iter().zip(new).enumerate();
            for (index, (_, now)) in pairs.filter(|(_, (before, now))| before != now) {
                errors.immutable(&at.index(index), now);
            }
        }
        _ => errors.immutable(at, &json!(new)),
    }
}
