//! Hostile requests: bodies, paths, queries, tokens, policies and answers of webhooks.

use bytes::Bytes;
use fuzz::Fuzz;
use http::{HeaderMap, HeaderValue, Method, header};
use serde_json::{Value, json};

use crate::{
    audit::AuditPolicy,
    authn::{AuthenticationConfig, TokenFile, TokenSigner},
    authz::Authorizers,
    http::{
        Query, RequestInfo,
        body::{PROTOBUF, document, protobuf, to_protobuf},
        decode,
    },
    registry::{decode_body, encode, read_token},
};

fn pod() -> Value {
    json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a", "labels": {"x": "y"},
            "managedFields": [{"manager": "m", "operation": "Apply", "apiVersion": "v1",
                "fieldsType": "FieldsV1", "fieldsV1": {"f:spec": {}}}]},
        "spec": {"containers": [{"name": "c", "image": "<i>&", "ports": [{"containerPort": 80}],
            "resources": {"requests": {"cpu": "100m"}}, "livenessProbe": {"httpGet": {"port": "p"}}}]}})
}

/// What is taken is written, and what is written can be read again: the store depends on it.
fn goes_through_the_store(object: &Value) {
    let Ok(encoded) = encode(object) else { return };
    let stamped = encoded.stamped(42);
    let read = serde_json::from_slice::<Value>(&stamped);
    let read = read.unwrap_or_else(|error| panic!("{error}: {object}"));
    assert_eq!(read["metadata"]["resourceVersion"], "42");
    let mut listed = b"{\"items\":[{\"object\":".to_vec();
    listed.extend_from_slice(&stamped);
    listed.extend_from_slice(b"}]}");
    assert!(serde_json::from_slice::<Value>(&listed).is_ok());
}

#[test]
fn bodies() {
    let kind = api::lookup("", "v1", "Pod").unwrap();
    let deep = format!("{{\"kind\":\"Pod\",\"spec\":{}{}}}", "[".repeat(120), "]".repeat(120));
    let yaml = "apiVersion: v1\nkind: Pod\nmetadata: {name: a, labels: &l {x: y}, annotations: *l}\nspec:\n  containers:\n  - name: c\n    name: d\n";
    let tagged = |tag: u8, bytes: &[u8]| [&[tag], bytes].concat();
    let corpus = [
        tagged(0, pod().to_string().as_bytes()),
        tagged(0, deep.as_bytes()),
        tagged(1, yaml.as_bytes()),
        tagged(2, &to_protobuf(&pod()).unwrap()),
    ];
    let words = ["{", "[", "\"spec\":", "null", "*l", "&l ", "\n  ", "1e9", "\"kind\":\"List\""];
    Fuzz::bytes("bodies", corpus).words(&words).rounds(5000).run(move |bytes| {
        let Some((tag, body)) = bytes.split_first() else { return false };
        let media = ["application/json", "application/yaml", PROTOBUF][usize::from(*tag) % 3];
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
        let body = Bytes::copy_from_slice(body);
        drop(document(&headers, &body));
        let Ok(decoded) = decode_body(kind, &headers, &Query::default(), &body) else {
            return false;
        };
        goes_through_the_store(&decoded.object);
        if let Some(written) = to_protobuf(&decoded.object) {
            assert!(protobuf(&written.into()).is_ok());
        }
        true
    });
}

#[test]
fn paths_and_queries() {
    let corpus = [
        "GET /api/v1/namespaces/a/pods/b/proxy/c%2Fd?watch=1&fieldSelector=metadata.name%3Dx&limit=5",
        "DELETE /apis/apps/v1/watch/namespaces/a/deployments?dryRun=All&continue=x",
        "PUT /api/v1/namespaces/a/finalize?fieldManager=%ff&a=b&a",
    ];
    let words =
        ["%", "%00", "%2e%2e", "//", "/watch", "/namespaces/", "?", "&", "=", "+", "metadata.name"];
    Fuzz::bytes("paths", corpus).words(&words).rounds(4000).run_text(|text| {
        let (method, rest) = text.split_once(' ').unwrap_or(("GET", text));
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let Ok(method) = method.parse::<Method>() else { return false };
        let query = Query::parse(query);
        drop((query.dry_run(), query.number("limit"), query.flag("watch"), decode(path)));
        let info = RequestInfo::of(&method, path, &query);
        !info.verb.is_empty()
    });
}

#[test]
fn continue_tokens() {
    let corpus =
        ["eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MTIsInN0YXJ0IjoiZGVmYXVsdC9hXHUwMDAwIn0", "e30", ""];
    let words = ["Li4v", "=", "-_", "AAAA", "W10", "bnVsbA"];
    Fuzz::bytes("continue tokens", corpus).words(&words).rounds(3000).run_text(|text| {
        let Ok((_, key)) = read_token(text, "/registry/core/pods/") else { return false };
        assert!(key.starts_with("/registry/core/pods/"), "{key}");
        assert!(key.split('/').all(|part| !matches!(part, "." | "..")), "{key}");
        true
    });
}

#[test]
fn bearers() {
    let signer = TokenSigner::from_pkcs8(&TokenSigner::generate().unwrap()).unwrap();
    let claims = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJpIiwiYXVkIjpbImEiXX0.c2ln";
    let words = [".", "eyJ9", "bm9uZQ", "=", "e30"];
    Fuzz::bytes("bearers", [claims, ".."]).words(&words).rounds(1500).run_text(move |text| {
        assert!(signer.read(text).is_none(), "nobody has signed {text}");
        true
    });
}

#[test]
fn files() {
    let policy = "apiVersion: audit.k8s.io/v1\nkind: Policy\nomitStages: [RequestReceived]\nrules:\n- level: Metadata\n  users: [a]\n  verbs: [get]\n  resources: [{group: '', resources: [pods, pods/log], resourceNames: [x]}]\n- level: None\n  nonResourceURLs: [/healthz*]\n";
    let tokens = "token,user,uid,\"a,b\"\nt,u,i\n";
    let words = ["rules:", "- level: ", "null", "[", "\"", ",", "\n", "RequestResponse"];
    Fuzz::bytes("files", [policy, tokens]).words(&words).rounds(2500).run_text(|text| {
        let tokens = TokenFile::parse(text).is_ok();
        AuditPolicy::parse(text).is_ok() || tokens
    });
}

#[test]
fn configurations() {
    let issuers = "apiVersion: apiserver.config.k8s.io/v1\nkind: AuthenticationConfiguration\njwt:\n- issuer: {url: 'https://a', audiences: [k]}\n  claimMappings: {username: {expression: claims.sub}, groups: {claim: g, prefix: ''}}\n  userValidationRules: [{expression: \"user.username != 'a'\"}]\nanonymous: {enabled: true, conditions: [{path: /livez}]}\n";
    let authorizers = "apiVersion: apiserver.config.k8s.io/v1\nkind: AuthorizationConfiguration\nauthorizers:\n- {type: RBAC, name: a}\n- type: Webhook\n  name: w\n  webhook: {timeout: 3s, failurePolicy: Deny, matchConditions: [{expression: 'true'}]}\n";
    let words = ["null", "{", "- ", "expression: ", "'", "1e9", "claims.", "type: ", "30s", "\n"];
    Fuzz::bytes("configurations", [issuers, authorizers]).words(&words).rounds(1500).run_text(
        |text| {
            let issuers = AuthenticationConfig::parse(text, "https://own").is_ok();
            Authorizers::parse(text).is_ok() || issuers
        },
    );
}
