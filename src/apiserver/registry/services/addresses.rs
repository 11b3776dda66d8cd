//! Cluster IPs of services, each an `IPAddress` object under its own name: who creates the object has
//! the address, whichever server it is, and however many ranges there are.

use std::{collections::BTreeSet, future::Future, net::IpAddr, pin::Pin, sync::Arc};

use api::networking;
use machinery::{
    field::{Errors, Path},
    kind::Kind,
    meta,
    status::Status,
};
use serde_json::Value;
use store::Range as Keys;

use super::{
    super::{Author, Creation, Deletion, delete_object, refused},
    invalid,
    range::{self, Range},
};
use crate::server::Inner;

const ADDRESSES: &str = "ipaddresses";
const RANGES: &str = "servicecidrs";
const FULL: &str = "range is full";
const ALLOCATED: &str = "provided IP is already allocated";
/// Addresses that are tried before it is looked up which ones are taken.
const BLIND: usize = 4;

/// A future whose creation may need another object's.
type Nested<'a, T> = Pin<Box<dyn Future<Output = Result<T, Status>> + Send + 'a>>;

/// Why an address could not be had.
enum Refusal {
    /// The caller asked for what it cannot have.
    Asked(String),
    /// Something else went wrong.
    Failed(Status),
}

/// Cluster IPs of a service: those that are written as addresses.
pub(super) fn of_service(service: &Value) -> BTreeSet<IpAddr> {
    let texts = meta::items(service, "/spec/clusterIPs").iter();
    texts.filter_map(|text| text.as_str()?.parse().ok()).collect()
}

/// Gives a service the addresses that it needs and has not; adds them to `given` one by one.
///
/// Errors: 422 for one that is taken or outside all ranges, 500 where none is left.
pub(super) async fn give(
    server: &Arc<Inner>,
    service: &mut Value,
    old: Option<&Value>,
    dry_run: bool,
    given: &mut BTreeSet<IpAddr>,
) -> Result<(), Status> {
    let wanted = api::core::service::addresses_wanted(service, old);
    if wanted.is_empty() {
        return Ok(());
    }
    let ranges = server.registry.objects(networking::GROUP, RANGES, "").await?;
    let asked = service["spec"]["clusterIPs"].clone();
    for (index, family) in wanted {
        let ready = range::ready(&ranges, &family);
        let list = meta::items(service, "/spec/clusterIPs");
        let text = list.get(index).and_then(Value::as_str).unwrap_or_default().to_owned();
        let address = if let Ok(address) = text.parse::<IpAddr>() {
            let taken = take(server, &ready, address, service, dry_run).await;
            taken.map_err(|refusal| match refusal {
                Refusal::Failed(status) => status,
                Refusal::Asked(why) => {
                    let why = format!("failed to allocate IP {text}: {why}");
                    refused_address(service, &asked, why)
                }
            })?;
            text
        } else {
            any(server, &ready, service, dry_run).await?.to_string()
        };
        if !dry_run {
            given.extend(address.parse::<IpAddr>());
        }
        put(service, index, &address);
    }
    Ok(())
}

fn refused_address(service: &Value, asked: &Value, why: String) -> Status {
    let mut errors = Errors::default();
    errors.invalid(&Path::new("spec").child("clusterIPs"), asked, why);
    invalid(service, &errors)
}

fn put(service: &mut Value, index: usize, address: &str) {
    let spec = meta::object_at(service, "spec");
    let mut list: Vec<Value> =
        spec.get("clusterIPs").and_then(Value::as_array).cloned().unwrap_or_default();
    list.truncate(index);
    list.push(address.into());
    if index == 0 {
        let old = spec.get("clusterIPs").and_then(Value::as_array).cloned().unwrap_or_default();
        list.extend(old.into_iter().skip(1));
        spec.insert("clusterIP".into(), address.into());
    }
    spec.insert("clusterIPs".into(), list.into());
}

/// Takes one address that was asked for.
async fn take(
    server: &Arc<Inner>,
    ready: &[Range],
    address: IpAddr,
    service: &Value,
    dry_run: bool,
) -> Result<(), Refusal> {
    let among = ready.iter().find(|range| range.contains(address));
    let Some(among) = among.or(ready.first().filter(|_| dry_run)) else {
        return Err(Refusal::Asked("the provided network does not match the current range".into()));
    };
    if let Some(why) = among.refuses(address) {
        return Err(Refusal::Asked(why));
    }
    if dry_run || create(server, address, service).await.map_err(Refusal::Failed)? {
        return Ok(());
    }
    let free = forget_leftover(server, address, service).await.map_err(Refusal::Failed)?;
    if free && create(server, address, service).await.map_err(Refusal::Failed)? {
        return Ok(());
    }
    Err(Refusal::Asked(ALLOCATED.into()))
}

/// Takes one address that nobody has.
async fn any(
    server: &Arc<Inner>,
    ready: &[Range],
    service: &Value,
    dry_run: bool,
) -> Result<IpAddr, Status> {
    let failed = |why| Status::internal(format!("failed to allocate a serviceIP: {why}"));
    if dry_run {
        // Kubernetes shows the range's own address, which nobody has.
        return ready
            .first()
            .map(|range| range.base())
            .ok_or_else(|| failed("allocator not ready"));
    }
    let mut taken: Option<BTreeSet<IpAddr>> = None;
    let mut tries = 0;
    for address in ready.iter().flat_map(|range| range.candidates()) {
        if taken.as_ref().is_some_and(|taken| taken.contains(&address)) {
            continue;
        }
        if create(server, address, service).await? {
            return Ok(address);
        }
        tries += 1;
        if tries >= BLIND && taken.is_none() {
            taken = Some(all_taken(server).await?);
        }
    }
    Err(failed(FULL))
}

/// All addresses that have an object.
async fn all_taken(server: &Inner) -> Result<BTreeSet<IpAddr>, Status> {
    let prefix = server.registry.key(networking::GROUP, ADDRESSES, "", "");
    let keys = Keys { prefix, ..Keys::default() };
    let page = server.registry.store().range(&keys).await.map_err(|error| refused(&error))?;
    let names = page.records.iter().filter_map(|record| record.key.rsplit('/').next());
    Ok(names.filter_map(|name| name.parse().ok()).collect())
}

/// Creates the object of an address; tells whether it was free.
async fn create(server: &Arc<Inner>, address: IpAddr, service: &Value) -> Result<bool, Status> {
    let Some(kind) = server.registry.storage_kind(networking::GROUP, ADDRESSES) else {
        return Err(Status::internal("no kind for addresses"));
    };
    let author = Author::server();
    let creation = Creation { server, kind: &kind, namespace: "", dry_run: false, author };
    let object =
        networking::ipaddress::of_service(address, meta::namespace(service), meta::name(service));
    match created(creation, object).await {
        Ok(()) => Ok(true),
        Err(status) if status.reason == "AlreadyExists" => Ok(false),
        Err(status) => Err(status),
    }
}

fn created(creation: Creation<'_>, object: Value) -> Nested<'_, ()> {
    Box::pin(async move { creation.run(object).await.map(drop) })
}

fn deleted<'a>(
    server: &'a Arc<Inner>,
    kind: &'a Kind,
    key: &'a str,
    options: Deletion,
) -> Nested<'a, ()> {
    Box::pin(async move { delete_object(server, kind, key, &options).await.map(drop) })
}

/// Forgets an address that a service of the same name had, which is no more: a server that died in
/// between left it. Tells whether it did.
async fn forget_leftover(
    server: &Arc<Inner>,
    address: IpAddr,
    service: &Value,
) -> Result<bool, Status> {
    let registry = &server.registry;
    let key = registry.key("", "services", meta::namespace(service), meta::name(service));
    if registry.record(&key).await?.is_some() {
        return Ok(false);
    }
    forget(server, address, service).await
}

/// Deletes the object of an address that a service had; tells whether it was the service's.
async fn forget(server: &Arc<Inner>, address: IpAddr, service: &Value) -> Result<bool, Status> {
    let registry = &server.registry;
    let key = registry.key(networking::GROUP, ADDRESSES, "", &address.to_string());
    let Some(found) = registry.object_at(&key).await? else { return Ok(true) };
    let parent = &found["spec"]["parentRef"];
    let ours = meta::text(parent, "/group").is_empty()
        && meta::text(parent, "/resource") == "services"
        && meta::text(parent, "/namespace") == meta::namespace(service)
        && meta::text(parent, "/name") == meta::name(service);
    let Some(kind) = registry.storage_kind(networking::GROUP, ADDRESSES).filter(|_| ours) else {
        return Ok(false);
    };
    let uid = Some(meta::uid(&found).to_owned());
    match deleted(server, &kind, &key, Deletion { uid, ..Deletion::default() }).await {
        Err(status) if status.code != 404 => Err(status),
        _ => Ok(true),
    }
}

/// Takes back addresses that a service had.
pub(super) async fn release(server: &Arc<Inner>, freed: &BTreeSet<IpAddr>, service: &Value) {
    for address in freed {
        if let Err(status) = forget(server, *address, service).await {
            // The controller that repairs addresses finds it.
            tracing::warn!(error = status.message, %address, "an address is left");
        }
    }
}

/// Makes the objects that services of older versions lack, before anybody is given an address.
pub(super) async fn repair(server: &Arc<Inner>, services: &[Value]) -> Result<(), Status> {
    let taken = all_taken(server).await?;
    let missing = services.iter().flat_map(|service| {
        let lacking = of_service(service).into_iter().filter(|address| !taken.contains(address));
        lacking.map(move |address| create(server, address, service))
    });
    futures::future::try_join_all(missing).await.map(drop)
}
