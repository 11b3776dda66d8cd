//! Whether the service that an `APIService` names can be asked.
//! Source: `k8s.io/kube-aggregator/pkg/controllers/status/remote`, whose reasons and words these are.

use std::{net::IpAddr, time::Duration};

use axum::body::Body;
use http::{Method, Request, header};
use machinery::{meta, well_known};
use serde_json::Value;

use super::{
    Condition, SLICES,
    index::Remote,
    pass::{self, Road},
};
use crate::{authn::User, http::read_body, openapi::merged, server::Inner};

/// How long a service may take to tell its resources.
const PATIENCE: Duration = Duration::from_secs(5);
/// The label of a slice that names its service.
const SERVICE_NAME: &str = "kubernetes.io/service-name";

/// What a look came to: the condition, and the list of resources where there is one.
#[derive(Debug)]
pub(super) struct Verdict {
    pub(super) condition: Condition,
    pub(super) resources: Value,
    /// Where its OpenAPI document is, as its own index has it; empty where it has none.
    pub(super) openapi: String,
    /// What counts of its document of version 2; null where it has none.
    pub(super) openapi_v2: Value,
}

/// Looks whether a service can be asked.
pub(super) async fn check(server: &Inner, remote: &Remote) -> Verdict {
    look(server, remote).await.unwrap_or_else(|condition| Verdict {
        condition,
        resources: Value::Null,
        openapi: String::new(),
        openapi_v2: Value::Null,
    })
}

async fn look(server: &Inner, remote: &Remote) -> Result<Verdict, Condition> {
    let road = road(server, remote).await?;
    let path = format!("/apis/{}/{}", remote.group, remote.version);
    let url = format!("https://{road}{path}");
    let failed = |why: &str| {
        let message = format!("failing or missing response from {url}: {why}");
        Condition::failed("FailedDiscoveryCheck", message)
    };
    let get = |why: &str| failed(&format!("Get {url:?}: {why}"));
    let asked = ask(server, remote, &road, &path);
    let (code, body) = match tokio::time::timeout(PATIENCE, asked).await {
        Ok(answer) => answer.map_err(|why| get(&why))?,
        Err(_) => return Err(get("context deadline exceeded")),
    };
    if !(200..300).contains(&code) {
        return Err(failed(&format!("bad status from {url}: {code}")));
    }
    let known = serde_json::from_slice::<Value>(&body).ok();
    let known = known.filter(|list| list["kind"] == "APIResourceList").unwrap_or_default();
    let message = "all checks passed".to_owned();
    Ok(Verdict {
        condition: Condition { available: true, reason: "Passed", message },
        resources: known,
        openapi: openapi(server, remote, &road).await,
        openapi_v2: openapi_v2(server, remote, &road).await,
    })
}

/// Where the OpenAPI document of a group and version is; a server may do without.
async fn openapi(server: &Inner, remote: &Remote, road: &Road) -> String {
    let asked = ask(server, remote, road, "/openapi/v3");
    let Ok(Ok((200, body))) = tokio::time::timeout(PATIENCE, asked).await else {
        return String::new();
    };
    let index = serde_json::from_slice::<Value>(&body).unwrap_or_default();
    let page = &index["paths"][format!("apis/{}/{}", remote.group, remote.version)];
    meta::text(page, "/serverRelativeURL").to_owned()
}

/// What counts of the OpenAPI document of version 2; a server may do without.
async fn openapi_v2(server: &Inner, remote: &Remote, road: &Road) -> Value {
    let asked = ask(server, remote, road, "/openapi/v2");
    match tokio::time::timeout(PATIENCE, asked).await {
        Ok(Ok((200, body))) => serde_json::from_slice(&body).map_or(Value::Null, merged::part),
        _ => Value::Null,
    }
}

async fn ask(
    server: &Inner,
    remote: &Remote,
    road: &Road,
    path: &str,
) -> Result<(u16, bytes::Bytes), String> {
    let request = Request::builder()
        .method(Method::GET)
        .uri(path)
        .header(header::ACCEPT, "application/json")
        .body(Body::empty())
        .map_err(|error| error.to_string())?;
    let user = User::known("system:kube-aggregator", &[well_known::MASTERS]);
    let place = pass::place(server, remote, road);
    let response = pass::send(server, &place, pass::signed(request, &user, &remote.host()));
    let (open, response) = response.await?;
    let code = response.status().as_u16();
    let body = read_body(Body::new(response.into_body())).await.map_err(|status| status.message)?;
    server.registry.kept.keep(place, open);
    Ok((code, body))
}

/// The way to a service. Errors: why there is none.
pub(super) async fn road(server: &Inner, remote: &Remote) -> Result<Road, Condition> {
    let (namespace, name, port) = &remote.service;
    let words = format!("service/{name} in {namespace:?}");
    let trouble =
        |error: &str| Condition::failed("ServiceAccessError", format!("{words}: {error}"));
    let key = server.registry.key("", "services", namespace, name);
    let service = server.registry.object_at(&key).await.map_err(|it| trouble(&it.message))?;
    let missing = || Condition::failed("ServiceNotFound", format!("{words} is not present"));
    let service = service.ok_or_else(missing)?;
    if meta::text(&service, "/spec/type") == "ExternalName" {
        return Ok(Road::Host(meta::text(&service, "/spec/externalName").to_owned(), *port));
    }
    let ports = meta::items(&service, "/spec/ports");
    let found = ports.iter().find(|one| meta::number(one, "/port") == Some(i64::from(*port)));
    let Some(found) = found else {
        let message = format!("{words} is not listening on port {port}");
        return Err(Condition::failed("ServicePortError", message));
    };
    endpoints(server, remote, meta::text(found, "/name")).await?;
    let address: Option<IpAddr> = meta::text(&service, "/spec/clusterIP").parse().ok();
    let address = address.ok_or_else(|| trouble("it has no address of its own"))?;
    Ok(Road::Address(address, *port))
}

/// Sees to it that the service's port leads to somebody.
async fn endpoints(server: &Inner, remote: &Remote, port: &str) -> Result<(), Condition> {
    let (namespace, name, _) = &remote.service;
    let slices = server.registry.objects(SLICES, "endpointslices", namespace).await;
    let slices = slices.map_err(|it| Condition::failed("EndpointsAccessError", it.message))?;
    let mut own = slices.iter().filter(|one| one["metadata"]["labels"][SERVICE_NAME] == **name);
    let mut any = false;
    let leads = own.any(|slice| {
        any = true;
        let ports = meta::items(slice, "/ports").iter();
        let endpoints = meta::items(slice, "/endpoints").iter();
        ports.map(|one| meta::text(one, "/name")).any(|one| one == port)
            && endpoints.map(|one| &one["conditions"]["ready"]).any(|ready| *ready != false)
    });
    if leads {
        return Ok(());
    }
    if !any {
        let message = format!("cannot find endpointslices for service/{name} in {namespace:?}");
        return Err(Condition::failed("EndpointsNotFound", message));
    }
    let message = format!(
        "endpointslices for service/{name} in {namespace:?} have no addresses with port name \
         {port:?}"
    );
    Err(Condition::failed("MissingEndpoints", message))
}
