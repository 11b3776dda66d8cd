//! The files that tell a pod its name, its neighbours and where to ask for names.

use std::net::Ipv4Addr;

use k8s_openapi::api::core::v1::{Pod, PodSpec};

/// Where names are asked for, on this node and in this cluster.
#[derive(Debug, Clone, Default)]
pub(crate) struct Resolver {
    pub(crate) cluster_dns: Option<Ipv4Addr>,
    pub(crate) cluster_domain: String,
    /// The node's own `resolv.conf`.
    pub(crate) host: String,
}

/// `/etc/hosts` for a pod.
pub(crate) fn hosts(pod: &Pod, spec: &PodSpec, hostname: &str, ip: &str, domain: &str) -> String {
    let mut text = "# Kubernetes-managed hosts file.\n\
        127.0.0.1\tlocalhost\n\
        ::1\tlocalhost ip6-localhost ip6-loopback\n\
        fe00::0\tip6-localnet\n\
        fe00::0\tip6-mcastprefix\n\
        fe00::1\tip6-allnodes\n\
        fe00::2\tip6-allrouters\n"
        .to_owned();
    let namespace = pod.metadata.namespace.as_deref().unwrap_or_default();
    match spec.subdomain.as_deref().filter(|subdomain| !subdomain.is_empty()) {
        Some(sub) => {
            let line = format!("{ip}\t{hostname}.{sub}.{namespace}.svc.{domain}\t{hostname}\n");
            text.push_str(&line);
        }
        None => text.push_str(&format_args!("{ip}\t{hostname}\n").to_string()),
    }
    text + &aliases(spec)
}

/// The host's own file with the pod's aliases, for pods on the host's network.
pub(crate) fn hosts_of_node(spec: &PodSpec, host: &str) -> String {
    format!("# Kubernetes-managed hosts file (host network).\n{host}{}", aliases(spec))
}

fn aliases(spec: &PodSpec) -> String {
    let aliases = spec.host_aliases.as_deref().unwrap_or_default();
    if aliases.is_empty() {
        return String::new();
    }
    let lines = aliases.iter().map(|alias| {
        format!("{}\t{}\n", alias.ip, alias.hostnames.as_deref().unwrap_or_default().join("\t"))
    });
    format!("\n# Entries added by HostAliases.\n{}", lines.collect::<String>())
}

/// `/etc/resolv.conf` for a pod.
pub(crate) fn resolv_conf(pod: &Pod, spec: &PodSpec, resolver: &Resolver) -> String {
    let policy = spec.dns_policy.as_deref().unwrap_or("ClusterFirst");
    let on_host = spec.host_network.unwrap_or(false);
    let clusters = match policy {
        "ClusterFirst" => !on_host,
        "ClusterFirstWithHostNet" => true,
        _ => false,
    };
    let mut config = match (policy, resolver.cluster_dns.filter(|_| clusters)) {
        ("None", _) => Config::default(),
        (_, Some(server)) => {
            let domain = &resolver.cluster_domain;
            let namespace = pod.metadata.namespace.as_deref().unwrap_or_default();
            let mut searches =
                vec![format!("{namespace}.svc.{domain}"), format!("svc.{domain}"), domain.clone()];
            searches.extend(Config::parse(&resolver.host).searches);
            Config { servers: vec![server.to_string()], searches, options: vec!["ndots:5".into()] }
        }
        (_, None) => Config::parse(&resolver.host),
    };
    if let Some(own) = &spec.dns_config {
        config.servers.extend(own.nameservers.iter().flatten().cloned());
        config.searches.extend(own.searches.iter().flatten().cloned());
        for option in own.options.iter().flatten() {
            let name = option.name.clone().unwrap_or_default();
            config.options.retain(|known| known.split(':').next() != Some(name.as_str()));
            let value = option.value.as_ref().map(|value| format!(":{value}"));
            config.options.push(name + &value.unwrap_or_default());
        }
    }
    config.to_text()
}

#[derive(Default)]
struct Config {
    servers: Vec<String>,
    searches: Vec<String>,
    options: Vec<String>,
}

impl Config {
    fn parse(text: &str) -> Self {
        let mut config = Self::default();
        for line in text.lines() {
            let mut words = line.split_whitespace();
            let first = words.next();
            let rest = words.map(str::to_owned);
            match first {
                Some("nameserver") => config.servers.extend(rest),
                Some("search") => config.searches = rest.collect(),
                Some("options") => config.options.extend(rest),
                _ => {}
            }
        }
        config
    }

    fn to_text(&self) -> String {
        let mut text = String::new();
        if !self.searches.is_empty() {
            text.extend(["search ", &self.searches.join(" "), "\n"]);
        }
        for server in &self.servers {
            text.extend(["nameserver ", server, "\n"]);
        }
        if !self.options.is_empty() {
            text.extend(["options ", &self.options.join(" "), "\n"]);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn pod(spec: serde_json::Value) -> Pod {
        let mut spec = spec;
        spec["containers"] = json!([]);
        serde_json::from_value(
            json!({ "metadata": { "name": "p", "namespace": "n" }, "spec": spec }),
        )
        .unwrap()
    }

    #[test]
    fn names_are_asked_for_where_the_policy_says() {
        let resolver = Resolver {
            cluster_dns: Some("10.96.0.10".parse().unwrap()),
            cluster_domain: "cluster.local".into(),
            host: "nameserver 1.1.1.1\nsearch lan\n".into(),
        };
        let cluster = "search n.svc.cluster.local svc.cluster.local cluster.local lan\n\
            nameserver 10.96.0.10\noptions ndots:5\n";
        let host = "search lan\nnameserver 1.1.1.1\n";
        for (spec, want) in [
            (json!({}), cluster),
            (json!({ "hostNetwork": true }), host),
            (json!({ "hostNetwork": true, "dnsPolicy": "ClusterFirstWithHostNet" }), cluster),
            (json!({ "dnsPolicy": "Default" }), host),
            (
                json!({ "dnsPolicy": "None", "dnsConfig": { "nameservers": ["9.9.9.9"], "options": [{ "name": "ndots", "value": "2" }] } }),
                "nameserver 9.9.9.9\noptions ndots:2\n",
            ),
        ] {
            let pod = pod(spec.clone());
            assert_eq!(resolv_conf(&pod, pod.spec.as_ref().unwrap(), &resolver), want, "{spec}");
        }
    }

    #[test]
    fn hosts_name_the_pod() {
        let plain = pod(json!({}));
        let text = hosts(&plain, plain.spec.as_ref().unwrap(), "p", "10.1.1.1", "cluster.local");
        assert!(text.ends_with("10.1.1.1\tp\n"), "{text}");
        let sub = pod(
            json!({ "subdomain": "db", "hostAliases": [{ "ip": "1.2.3.4", "hostnames": ["x"] }] }),
        );
        let text = hosts(&sub, sub.spec.as_ref().unwrap(), "p", "10.1.1.1", "cluster.local");
        assert!(text.contains("10.1.1.1\tp.db.n.svc.cluster.local\tp\n"), "{text}");
        assert!(text.ends_with("# Entries added by HostAliases.\n1.2.3.4\tx\n"), "{text}");
    }
}
