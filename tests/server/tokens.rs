//! Who calls: bootstrap tokens, tokens of an issuer, and service accounts' tokens by other keys.

use std::{fs, process::Command, sync::atomic::Ordering::SeqCst};

use serde_json::{Value, json};
use support::{Cluster, alone, succeed};

use crate::{
    harness::{ADMIN, ask, create, get, serve},
    issuer::{Issuer, URL},
};

/// Who the server says that a token's owner is: name and groups, or the code of its refusal.
pub(crate) fn who(token: &str) -> String {
    let review = json!({"apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"});
    let path = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
    let body = review.to_string();
    let json = ["-H", "Content-Type: application/json", "-d", &body];
    let answer = ask(token, "POST", path, &json);
    if answer.code != 201 {
        return answer.code.to_string();
    }
    let info = &answer.json()["status"]["userInfo"];
    let groups: Vec<&str> = info["groups"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .filter(|group| *group != "system:authenticated")
        .collect();
    format!("{} {}", info["username"].as_str().unwrap_or_default(), groups.join(" "))
}

#[test]
fn bootstrap_tokens_are_good_while_their_secrets_are() {
    alone("tokens::bootstrap_tokens_are_good_while_their_secrets_are", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let server = serve(&cluster, &[]);
        let secrets = "/api/v1/namespaces/kube-system/secrets";
        let secret = |id: &str, more: &Value| {
            let mut data = json!({"token-id": id, "token-secret": "0123456789abcdef",
                "usage-bootstrap-authentication": "true"});
            for (key, value) in more.as_object().into_iter().flatten() {
                data[key] = value.clone();
            }
            let secret = json!({"metadata": {"name": format!("bootstrap-token-{id}")},
                "type": "bootstrap.kubernetes.io/token", "stringData": data});
            assert_eq!(create(secrets, &secret).code, 201);
        };
        secret("aaaaaa", &json!({"auth-extra-groups": "system:bootstrappers:workers"}));
        secret("bbbbbb", &json!({"expiration": "2020-01-01T00:00:00Z"}));
        let token = |id: &str| format!("{id}.0123456789abcdef");
        let bootstrapper =
            "system:bootstrap:aaaaaa system:bootstrappers system:bootstrappers:workers";
        assert_eq!(who(&token("aaaaaa")), bootstrapper);
        assert_eq!(who(&token("bbbbbb")), "401", "expired");
        assert_eq!(who(&token("cccccc")), "401", "no such secret");
        assert_eq!(who("aaaaaa.0123456789abcdee"), "401", "another secret");
        let answer = ask(ADMIN, "DELETE", &format!("{secrets}/bootstrap-token-aaaaaa"), &[]);
        assert_eq!(answer.code, 200);
        assert_eq!(who(&token("aaaaaa")), "401", "deleted");
        drop(server);
    });
}

#[test]
fn tokens_of_an_issuer_name_users_and_keys_may_change() {
    alone("tokens::tokens_of_an_issuer_name_users_and_keys_may_change", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let authority = cluster.folder().join("issuer.crt");
        let issuer = Issuer::start(&authority);
        let server = serve(
            &cluster,
            &[
                &format!("--oidc-issuer-url={URL}"),
                "--oidc-client-id=kanoe",
                "--oidc-username-claim=email",
                "--oidc-groups-claim=groups",
                "--oidc-groups-prefix=oidc:",
                "--oidc-required-claim=tenant=one",
                "--oidc-signing-algs=RS256,ES256",
                &format!("--oidc-ca-file={}", authority.display()),
            ],
        );
        let usual = json!({"iss": URL, "aud": "kanoe", "exp": 4_000_000_000_u64,
            "email": "ann@example.org", "groups": ["dev", "ops"], "tenant": "one"});
        let with = |claim: &str, value: Value| {
            let mut claims = usual.clone();
            claims[claim] = value;
            issuer.sign(&claims)
        };
        let ann = "ann@example.org oidc:dev oidc:ops";
        assert_eq!(who(&issuer.sign(&usual)), ann);
        assert_eq!(issuer.asked.load(SeqCst), 1);
        for (case, token) in [
            ("other audience", with("aud", "x".into())),
            ("over", with("exp", 1000.into())),
            ("other issuer", with("iss", "https://else.example".into())),
            ("required claim", with("tenant", "two".into())),
            ("no name", with("email", Value::Null)),
        ] {
            assert_eq!(who(&token), "401", "{case}");
        }
        assert_eq!(issuer.asked.load(SeqCst), 1, "known keys are not asked for again");
        let old = issuer.sign(&usual);
        issuer.rotate();
        assert_eq!(who(&issuer.sign(&usual)), ann, "a new key is fetched");
        assert_eq!(who(&old), "401", "the former key is gone");
        drop(server);
    });
}

#[test]
fn tokens_by_other_keys_are_taken_where_they_are_named() {
    alone("tokens::tokens_by_other_keys_are_taken_where_they_are_named", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let keys = cluster.folder().join("keys.pem");
        let server = serve(&cluster, &[]);
        // An account of its own: the controllers make the default one when they come to it.
        let accounts = "/api/v1/namespaces/kube-system/serviceaccounts";
        create(accounts, &json!({"metadata": {"name": "robot"}}));
        let path = format!("{accounts}/robot/token");
        let token = create(&path, &json!({"spec": {}})).json()["status"]["token"].clone();
        let token = token.as_str().unwrap_or_default().to_owned();
        let account = "system:serviceaccount:kube-system:robot";
        assert!(who(&token).starts_with(account));
        drop(server);
        // Another key signs from now on; tokens by the former are good only where it is named.
        let other = cluster.folder().join("other.key");
        succeed(Command::new("openssl").args(["genrsa", "-out"]).arg(&other).arg("2048"));
        let signing = format!("--service-account-signing-key-file={}", other.display());
        let server = serve(&cluster, &[&signing]);
        assert_eq!(who(&token), "401");
        drop(server);
        let former = cluster.home().join("pki/sa.key");
        let mut public = Command::new("openssl");
        let public = succeed(public.args(["pkey", "-pubout", "-in"]).arg(&former));
        fs::write(&keys, public).unwrap_or_else(|error| panic!("{error}"));
        let server =
            serve(&cluster, &[&signing, &format!("--service-account-key-file={}", keys.display())]);
        assert!(who(&token).starts_with(account));
        let set = get(ADMIN, "/openid/v1/jwks").json();
        assert_eq!(set["keys"].as_array().map(Vec::len), Some(2), "{set}");
        drop(server);
    });
}

/// An issuer whose claims become users by expressions, named `PREFIX:sub`.
fn configuration(authority: &str, prefix: &str) -> String {
    let authority = authority.replace('\n', "\\n");
    format!(
        r#"
apiVersion: apiserver.config.k8s.io/v1
kind: AuthenticationConfiguration
jwt:
- issuer:
    url: {URL}
    audiences: [kanoe, other]
    audienceMatchPolicy: MatchAny
    certificateAuthority: "{authority}"
  claimValidationRules:
  - {{expression: "claims.tenant == 'one'", message: "another tenant"}}
  claimMappings:
    username: {{expression: "'{prefix}:' + claims.sub"}}
    groups: {{expression: "claims.roles.split(',')"}}
  userValidationRules:
  - {{expression: "!('admins' in user.groups)", message: "admins come by certificate"}}
anonymous:
  enabled: true
  conditions: [{{path: /livez}}]
"#
    )
}

#[test]
fn issuers_of_a_file_are_taken_and_change_with_it() {
    alone("tokens::issuers_of_a_file_are_taken_and_change_with_it", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let authority = cluster.folder().join("issuer.crt");
        let issuer = Issuer::start(&authority);
        let authority = fs::read_to_string(&authority).unwrap_or_default();
        let file = cluster.folder().join("authentication.yaml");
        let write = |text: &str| {
            // As editors and volumes do it: the whole file changes at once.
            let fresh = cluster.folder().join("fresh.yaml");
            let written = fs::write(&fresh, text).and_then(|()| fs::rename(&fresh, &file));
            written.unwrap_or_else(|error| panic!("{error}"));
        };
        write(&configuration(&authority, "a"));
        let server = serve(&cluster, &[&format!("--authentication-config={}", file.display())]);
        let usual = json!({"iss": URL, "aud": "other", "exp": 4_000_000_000_u64,
            "sub": "ann", "roles": "dev,ops", "tenant": "one"});
        let with = |claim: &str, value: Value| {
            let mut claims = usual.clone();
            claims[claim] = value;
            issuer.sign(&claims)
        };
        assert_eq!(who(&issuer.sign(&usual)), "a:ann dev ops");
        for (case, token) in [
            ("other audience", with("aud", "x".into())),
            ("claims that break a rule", with("tenant", "two".into())),
            ("a user who breaks a rule", with("roles", "admins".into())),
            ("an expression that fails", with("roles", 1.into())),
        ] {
            assert_eq!(who(&token), "401", "{case}");
        }
        assert_eq!(get("", "/livez").code, 200, "anybody");
        assert_eq!(get("", "/version").code, 401, "nobody");

        write(&configuration(&authority, "b"));
        let token = issuer.sign(&usual);
        while who(&token) != "b:ann dev ops" {
            std::thread::yield_now();
        }
        write("kind: Nonsense");
        write(&configuration(&authority, "c"));
        while who(&token) != "c:ann dev ops" {
            std::thread::yield_now();
        }
        drop(server);
    });
}
