//! The group storage.k8s.io: where disks come from and which are where.

mod attachment;
mod driver;
mod validate;
mod volumeattachment;
mod warnings;

use jiff::Timestamp;
use k8s_openapi::api::storage::v1::{CSIStorageCapacity, StorageClass, VolumeAttributesClass};
use machinery::{
    kind::{Column, Kind},
    meta,
};
use serde_json::Value;

use crate::parts::{
    AGE, NAME, add_finalizer, age_cell, kind as build, name_or_default, of_field, or_unset,
};

/// The group's name.
pub const GROUP: &str = "storage.k8s.io";

pub(crate) fn kinds() -> Vec<Kind> {
    vec![
        driver::kind(),
        driver::node(),
        build::<CSIStorageCapacity>(GROUP, "v1", "CSIStorageCapacity", "csistoragecapacities")
            .conditional_update()
            .validate(validate::check_capacity)
            .warns(warnings::of_capacity),
        class(),
        volumeattachment::kind(),
        attributes_class(),
    ]
}

fn class() -> Kind {
    const CLASS: &str = "v1.StorageClass";
    const COLUMNS: &[Column] = &[
        NAME,
        of_field("Provisioner", CLASS, "provisioner"),
        of_field("ReclaimPolicy", CLASS, "reclaimPolicy"),
        of_field("VolumeBindingMode", CLASS, "volumeBindingMode"),
        of_field("AllowVolumeExpansion", CLASS, "allowVolumeExpansion"),
        AGE,
    ];
    build::<StorageClass>(GROUP, "v1", "StorageClass", "storageclasses")
        .cluster()
        .short("sc")
        .answers_deletion_with_object()
        .defaults(|object| {
            let fields = meta::as_object(object);
            meta::set_default(fields, "reclaimPolicy", "Delete");
            meta::set_default(fields, "volumeBindingMode", "Immediate");
        })
        .validate(validate::check_class)
        .warns(warnings::of_class)
        .table(COLUMNS, class_cells)
}

fn class_cells(object: &Value, now: Timestamp) -> Vec<Value> {
    const DEFAULT: [&str; 2] = [
        "storageclass.kubernetes.io/is-default-class",
        "storageclass.beta.kubernetes.io/is-default-class",
    ];
    vec![
        name_or_default(object, &DEFAULT),
        meta::text(object, "/provisioner").into(),
        meta::text(object, "/reclaimPolicy").into(),
        or_unset(meta::text(object, "/volumeBindingMode")),
        crate::parts::is_set(object, "/allowVolumeExpansion").into(),
        age_cell(object, now),
    ]
}

fn attributes_class() -> Kind {
    const COLUMNS: &[Column] =
        &[NAME, of_field("DriverName", "v1.VolumeAttributesClass", "driverName"), AGE];
    build::<VolumeAttributesClass>(GROUP, "v1", "VolumeAttributesClass", "volumeattributesclasses")
        .cluster()
        .short("vac")
        .answers_deletion_with_object()
        .prepare(|object, old| {
            if old.is_none() {
                add_finalizer(object, "kubernetes.io/vac-protection");
            }
        })
        .validate(validate::check_attributes_class)
        .table(COLUMNS, |object, now| {
            vec![
                name_or_default(
                    object,
                    &["volumeattributesclass.alpha.kubernetes.io/is-default-class"],
                ),
                meta::text(object, "/driverName").into(),
                age_cell(object, now),
            ]
        })
}
