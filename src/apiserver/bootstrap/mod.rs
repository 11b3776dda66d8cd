//! The objects that every cluster has: namespaces, roles, priorities, the range of services, and the
//! API server's own Service.

mod flows;

use std::net::IpAddr;

use machinery::{meta, status::Status};
use serde_json::{Value, json};

use crate::{
    authz::default_objects,
    registry::{Author, Creation, Update},
    server::ApiServer,
};

const NAMESPACES: [&str; 4] = ["default", "kube-system", "kube-public", "kube-node-lease"];

/// Makes what is missing; leaves alone what is there.
pub(crate) async fn run(server: &ApiServer) -> Result<(), Status> {
    let maker = Maker { server };
    for name in NAMESPACES {
        let object = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}});
        maker.ensure("", "namespaces", "", object).await?;
    }
    let roles = default_objects().into_iter();
    let roles = roles.map(|(plural, object)| (api::rbac::GROUP, plural, object));
    maker.ensure_all(roles.chain(maker.of_system()).collect()).await?;
    maker.authorities().await?;
    maker.own_service().await
}

/// An object to be made: its group, plural and itself.
type Wanted = (&'static str, &'static str, Value);

struct Maker<'a> {
    server: &'a ApiServer,
}

impl Maker<'_> {
    async fn ensure(
        &self,
        group: &str,
        plural: &str,
        namespace: &str,
        object: Value,
    ) -> Result<(), Status> {
        let inner = &self.server.inner;
        let kind = inner.registry.storage_kind(group, plural);
        let kind = &kind.ok_or_else(|| Status::internal(format!("no kind for {plural}")))?;
        let key = inner.registry.key_of(kind, namespace, meta::name(&object));
        if inner.registry.record(&key).await?.is_some() {
            return Ok(());
        }
        let creation =
            Creation { server: inner, kind, namespace, dry_run: false, author: Author::server() };
        match creation.run(object).await {
            Err(status) if status.reason != "AlreadyExists" => Err(status),
            _ => Ok(()),
        }
    }

    /// Makes objects all at once: they share their way to the disk.
    async fn ensure_all(&self, wanted: Vec<Wanted>) -> Result<(), Status> {
        let made = wanted.into_iter().map(|(group, plural, object)| async move {
            let namespace = meta::namespace(&object).to_owned();
            self.ensure(group, plural, &namespace, object).await
        });
        futures::future::try_join_all(made).await.map(drop)
    }

    /// Priorities of pods and requests, and the addresses of services.
    fn of_system(&self) -> Vec<Wanted> {
        use api::{flowcontrol, networking, scheduling};
        let mut wanted: Vec<Wanted> = Vec::new();
        for (name, value, description) in scheduling::SYSTEM {
            let class = json!({
                "apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass",
                "metadata": {"name": name}, "value": value, "description": description,
            });
            wanted.push((scheduling::GROUP, "priorityclasses", class));
        }
        let levels = flows::levels().into_iter();
        wanted
            .extend(levels.map(|level| (flowcontrol::GROUP, "prioritylevelconfigurations", level)));
        let schemas = flows::schemas().into_iter();
        wanted.extend(schemas.map(|schema| (flowcontrol::GROUP, "flowschemas", schema)));
        let ranges = self.server.inner.config.service_cluster_ip_ranges.iter();
        let ranges: Vec<String> = ranges.map(|(base, length)| format!("{base}/{length}")).collect();
        let range = json!({
            "apiVersion": "networking.k8s.io/v1", "kind": "ServiceCIDR",
            "metadata": {"name": "kubernetes"}, "spec": {"cidrs": ranges},
        });
        wanted.push((networking::GROUP, "servicecidrs", range));
        // Since when the uses of tokens in secrets are noted.
        let since = lifecycle::clock::rfc3339_seconds(lifecycle::clock::now());
        let since = since.split('T').next().unwrap_or_default();
        let notes = json!({
            "apiVersion": "v1", "kind": "ConfigMap", "data": {"since": since},
            "metadata": {
                "name": "kube-apiserver-legacy-service-account-token-tracking",
                "namespace": "kube-system",
            },
        });
        wanted.push(("", "configmaps", notes));
        wanted
    }

    /// What aggregated servers must know to believe us and our clients.
    /// Source: kube-apiserver's `clusterauthenticationtrust` controller.
    async fn authorities(&self) -> Result<(), Status> {
        let config = &self.server.inner.config;
        let mut data = json!({"client-ca-file": config.client_authority});
        if let Some(own) = &config.aggregation.front_proxy {
            data["requestheader-client-ca-file"] = own.authority.as_str().into();
            data["requestheader-allowed-names"] = json!(own.names).to_string().into();
            for (key, words) in [
                ("username-headers", "X-Remote-User"),
                ("uid-headers", "X-Remote-Uid"),
                ("group-headers", "X-Remote-Group"),
                ("extra-headers-prefix", "X-Remote-Extra-"),
            ] {
                data[format!("requestheader-{key}")] = json!([words]).to_string().into();
            }
        }
        let object = json!({
            "apiVersion": "v1", "kind": "ConfigMap", "data": data,
            "metadata": {
                "name": "extension-apiserver-authentication", "namespace": "kube-system",
            },
        });
        self.ensure("", "configmaps", "kube-system", object.clone()).await?;
        // Other control planes on the same store have authorities of their own.
        self.change("", "configmaps", &object, |stored| {
            let mut merged = object.clone();
            for key in ["client-ca-file", "requestheader-client-ca-file"] {
                let (known, own) =
                    (meta::text(&stored["data"], &format!("/{key}")), &object["data"][key]);
                if let Some(own) = own.as_str() {
                    merged["data"][key] = with_certificates(known, own).into();
                }
            }
            merged
        })
        .await
    }

    /// The Service `kubernetes`: the first address of the range, always port 443.
    async fn own_service(&self) -> Result<(), Status> {
        let config = &self.server.inner.config;
        let Some((IpAddr::V4(base), _)) = config.service_cluster_ip_ranges.first() else {
            return Ok(());
        };
        let address = std::net::Ipv4Addr::from(u32::from(*base) + 1).to_string();
        let labels = json!({"component": "apiserver", "provider": "kubernetes"});
        let service = json!({
            "apiVersion": "v1", "kind": "Service",
            "metadata": {"name": "kubernetes", "namespace": "default", "labels": labels},
            "spec": {
                "clusterIP": address, "type": "ClusterIP",
                "ports": [{"name": "https", "port": 443, "protocol": "TCP",
                    "targetPort": config.secure_port}],
            },
        });
        self.ensure("", "services", "default", service).await?;
        if config.advertise_address.is_some() {
            self.own_endpoints().await?;
        }
        Ok(())
    }

    /// Where the API server itself listens, renewed at every start.
    async fn own_endpoints(&self) -> Result<(), Status> {
        let config = &self.server.inner.config;
        let Some(address) = config.advertise_address else { return Ok(()) };
        let port = json!({"name": "https", "port": config.secure_port, "protocol": "TCP"});
        let slice = json!({
            "apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice",
            "metadata": {"name": "kubernetes", "namespace": "default",
                "labels": {"kubernetes.io/service-name": "kubernetes"}},
            "addressType": "IPv4", "ports": [port],
            "endpoints": [{"addresses": [address], "conditions": {"ready": true}}],
        });
        let endpoints = json!({
            "apiVersion": "v1", "kind": "Endpoints",
            "metadata": {"name": "kubernetes", "namespace": "default",
                "labels": {"endpointslice.kubernetes.io/skip-mirror": "true"}},
            "subsets": [{"addresses": [{"ip": address}], "ports": [port]}],
        });
        for (group, plural, object) in
            [("discovery.k8s.io", "endpointslices", slice), ("", "endpoints", endpoints)]
        {
            self.ensure(group, plural, "default", object.clone()).await?;
            self.replace(group, plural, object).await?;
        }
        Ok(())
    }

    async fn replace(&self, group: &str, plural: &str, object: Value) -> Result<(), Status> {
        self.change(group, plural, &object, |_| object.clone()).await
    }

    /// Writes what `change` makes of the object that is stored under the name of `object`.
    async fn change(
        &self,
        group: &str,
        plural: &str,
        object: &Value,
        change: impl Fn(&Value) -> Value + Send + Sync,
    ) -> Result<(), Status> {
        let inner = &self.server.inner;
        let Some(kind) = &inner.registry.storage_kind(group, plural) else { return Ok(()) };
        let (name, namespace) = (meta::name(object).to_owned(), meta::namespace(object));
        let update = Update {
            server: inner,
            kind,
            namespace,
            name: &name,
            part: crate::registry::Part::Main,
            dry_run: false,
            author: Author::server(),
        };
        update.run(&mut |stored| Ok(change(stored))).await.map(drop)
    }
}

/// Certificates in PEM, and those of `own` that are not among them.
fn with_certificates(known: &str, own: &str) -> String {
    const END: &str = "-----END CERTIFICATE-----\n";
    let own = own.split_inclusive(END).filter(|one| one.ends_with(END));
    let mut all = known.to_owned();
    for certificate in own {
        if !all.contains(certificate.trim_start()) {
            all.push_str(certificate.trim_start());
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn authorities_stand_together_once() {
        let one = |name: &str| {
            format!("-----BEGIN CERTIFICATE-----\n{name}\n-----END CERTIFICATE-----\n")
        };
        let both = one("a") + &one("b");
        assert_eq!(with_certificates("", &one("a")), one("a"));
        assert_eq!(with_certificates(&one("a"), &one("a")), one("a"));
        assert_eq!(with_certificates(&one("a"), &both), both);
        assert_eq!(with_certificates(&both, &one("b")), both);
    }
}
