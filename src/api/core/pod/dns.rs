//! What must hold of how a pod looks up names, and of names that it knows by itself.
//! Source: `k8s.io/kubernetes/pkg/apis/core/validation`.

use machinery::{
    field::{Errors, Path},
    meta, names,
};
use serde_json::{Value, json};

use crate::check;

const POLICIES: [&str; 4] = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"];
const MOST_SERVERS: usize = 3;
const MOST_SEARCHES: usize = 32;
/// Most letters of all search paths with the blanks between them.
const MOST_LETTERS: usize = 2048;

/// Checks policy, configuration and aliases of hosts.
pub(super) fn check(spec: &Value, at: &Path, errors: &mut Errors) {
    check::required_one_of(spec, "dnsPolicy", &POLICIES, at, errors);
    check_config(spec, &at.child("dnsConfig"), errors);
    for (index, alias) in meta::items(spec, "/hostAliases").iter().enumerate() {
        let path = at.child("hostAliases").index(index);
        check::ip(&json!(meta::text(alias, "/ip")), &path.child("ip"), errors);
        for (index, host) in meta::items(alias, "/hostnames").iter().enumerate() {
            let path = path.child("hostnames").index(index);
            check::named(host, names::dns_subdomain, &path, errors);
        }
    }
}

fn check_config(spec: &Value, path: &Path, errors: &mut Errors) {
    let alone = spec["dnsPolicy"] == "None";
    let Some(config) = spec.get("dnsConfig") else {
        if alone {
            errors.required(path, "must provide `dnsConfig` when `dnsPolicy` is None");
        }
        return;
    };
    let servers = meta::items(config, "/nameservers");
    let at = path.child("nameservers");
    if alone && servers.is_empty() {
        let why = "must provide at least one DNS nameserver when `dnsPolicy` is None";
        return errors.required(&at, why);
    }
    if servers.len() > MOST_SERVERS {
        let why = format!("must not have more than {MOST_SERVERS} nameservers");
        errors.invalid(&at, &json!(servers), why);
    }
    for (index, server) in servers.iter().enumerate() {
        check::ip(server, &at.index(index), errors);
    }
    check_searches(config, &path.child("searches"), errors);
    for (index, option) in meta::items(config, "/options").iter().enumerate() {
        if meta::text(option, "/name").is_empty() {
            errors.required(&path.child("options").index(index), "must not be empty");
        }
    }
}

fn check_searches(config: &Value, at: &Path, errors: &mut Errors) {
    let searches = meta::items(config, "/searches");
    if searches.len() > MOST_SEARCHES {
        let why = format!("must not have more than {MOST_SEARCHES} search paths");
        errors.invalid(at, &json!(searches), why);
    }
    let letters: usize = searches.iter().filter_map(Value::as_str).map(|it| it.len() + 1).sum();
    if letters > MOST_LETTERS + 1 {
        let why = format!(
            "must not have more than {MOST_LETTERS} characters (including spaces) in the search list"
        );
        errors.invalid(at, &json!(searches), why);
    }
    for (index, search) in searches.iter().enumerate() {
        let text = search.as_str().unwrap_or_default();
        if text != "." {
            let bare = json!(text.strip_suffix('.').unwrap_or(text));
            check::named(&bare, names::dns_subdomain_underscored, &at.index(index), errors);
        }
    }
}
