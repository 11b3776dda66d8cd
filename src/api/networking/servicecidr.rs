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
    if let Some(old) = change.old {
        let before = meta::items(&old["spec"], "/cidrs");
        let grows = before.len() == 1 && ranges.len() == 2 && ranges.first() == before.first();
        if before != ranges && !grows {
            errors.immutable(&at, &json!(ranges));
        }
        if !grows {
            return;
        }
    }
    if ranges.is_empty() {
        errors.required(&at, "at least one CIDR required");
        return;
    }
    if ranges.len() > 2 {
        let why = "may only hold up to 2 values";
        errors.invalid(&at, &json!(ranges), why);
        return;
    }
    let mut families = Vec::new();
    for (index, range) in ranges.iter().enumerate() {
        let Some((address, length)) = check::cidr(range, &at.index(index), errors) else {
            continue;
        };
        families.push(address.is_ipv4());
        let canonical = check::canonical_cidr(address, length);
        if range.as_str() != Some(canonical.as_str()) {
            let why = format!("must be in canonical form ({canonical:?})");
            errors.invalid(&at.index(index), range, why);
        }
    }
    if let [first, second] = families.as_slice()
        && first == second
    {
        let why = "may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and \
                   2001:db8::/64";
        errors.invalid(&at, &json!(ranges), why);
    }
}
