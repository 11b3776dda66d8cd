//! `auth`: who I am, what I may do, and RBAC objects brought to a wanted state.

mod reconcile;

use crate::text::Add as _;
pub(crate) use reconcile::reconcile;
use serde_json::{Value, json};

use crate::{
    args::Parsed,
    context::Context,
    print::{self, TabWriter},
    report::CliError,
};

async fn post(cx: &Context, path: &str, body: &Value) -> Result<Value, CliError> {
    let body = bytes::Bytes::from(machinery::yaml::compact(body));
    let request = http::Request::post(path).header("content-type", "application/json").body(body);
    let request = request.map_err(client::ClientError::from)?;
    Ok(cx.client().await?.json(request).await?)
}

pub(crate) async fn whoami(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    let body = json!({"apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview", "metadata": {}});
    let answer = post(cx, "/apis/authentication.k8s.io/v1/selfsubjectreviews", &body).await?;
    if !parsed.text("output").is_empty() || !parsed.text("template").is_empty() {
        return print::print_typed(cx, &parsed, &answer, "created");
    }
    let info = &answer["status"]["userInfo"];
    let list = |value: &Value| {
        let items = value.as_array().into_iter().flatten().filter_map(Value::as_str);
        format!("[{}]", items.collect::<Vec<_>>().join(" "))
    };
    let mut out = TabWriter::table();
    out.write("ATTRIBUTE\tVALUE\n");
    for (title, field) in [("Username", "username"), ("UID", "uid")] {
        if let Some(text) = info[field].as_str().filter(|text| !text.is_empty()) {
            out.write(&format!("{title}\t{text}\n"));
        }
    }
    if info["groups"].as_array().is_some_and(|groups| !groups.is_empty()) {
        out.write(&format!("Groups\t{}\n", list(&info["groups"])));
    }
    for (key, values) in info["extra"].as_object().into_iter().flatten() {
        out.write(&format!("Extra: {key}\t{}\n", list(values)));
    }
    cx.out(&out.finish())
}

/// The verbs of resources; others may be meant for extensions.
const VERBS: &[&str] = &[
    "get",
    "list",
    "watch",
    "create",
    "update",
    "patch",
    "delete",
    "deletecollection",
    "use",
    "bind",
    "escalate",
    "impersonate",
    "*",
    "approve",
    "sign",
    "attest",
    "proxy",
];

/// The verbs of addresses that are no resources.
const URL_VERBS: &[&str] = &["get", "put", "post", "head", "options", "delete", "patch", "*"];

pub(crate) async fn can_i(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    if parsed.is("list") {
        if !parsed.args.is_empty() {
            return Err(CliError::plain("list option must be specified with no arguments"));
        }
        return list(cx, &parsed).await;
    }
    let [verb, what, rest @ ..] = parsed.args.as_slice() else {
        return Err(cx_usage(cx));
    };
    if rest.len() > 1 {
        return Err(cx_usage(cx));
    }
    if what.starts_with('/') && !parsed.text("subresource").is_empty() {
        let text = "--subresource can not be used with NonResourceURL";
        return Err(CliError::plain(text));
    }
    let known = if what.starts_with('/') { URL_VERBS } else { VERBS };
    if !known.contains(&verb.as_str()) {
        cx.say_err(&format!("Warning: verb '{verb}' is not a known verb\n"));
    }
    let (namespace, _) = cx.namespace()?;
    let namespace = if parsed.is("all-namespaces") { String::new() } else { namespace };
    let spec = if what.starts_with('/') {
        json!({"nonResourceAttributes": {"path": what, "verb": verb}})
    } else {
        let (kind, name) = match what.split_once('/') {
            Some((kind, name)) => (kind, name),
            None => (what.as_str(), rest.first().map_or("", String::as_str)),
        };
        let (group, resource, namespaced) = place(cx, kind).await?;
        if !namespaced && !parsed.is("all-namespaces") {
            let place =
                if group.is_empty() { String::new() } else { format!(" in group '{group}'") };
            cx.say_err(&format!("Warning: resource '{resource}' is not namespace scoped{place}\n"));
        }
        json!({"resourceAttributes": {
            "namespace": namespace, "verb": verb, "group": group, "resource": resource,
            "subresource": parsed.text("subresource"), "name": name,
        }})
    };
    let body = json!({"apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview", "spec": spec});
    let answer = post(cx, "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", &body).await?;
    let allowed = answer["status"]["allowed"] == true;
    if !parsed.is("quiet") {
        let mut line = if allowed { "yes" } else { "no" }.to_owned();
        if !allowed {
            if let Some(reason) = answer["status"]["reason"].as_str().filter(|r| !r.is_empty()) {
                line.add(format_args!(" - {reason}"));
            }
            if let Some(error) =
                answer["status"]["evaluationError"].as_str().filter(|e| !e.is_empty())
            {
                line.add(format_args!(" - {error}"));
            }
        }
        cx.say(&line)?;
    }
    if allowed { Ok(()) } else { Err(CliError::Silent(1)) }
}

fn cx_usage(cx: &Context) -> CliError {
    let text = format!(
        "error: you must specify two arguments: verb resource or verb resource/resourceName.\nSee '{} auth can-i -h' for help and examples.\n",
        cx.program()
    );
    CliError::Words { text, code: 1 }
}

/// Group, plural and scope of a word; a word that is not served is asked about as it is.
async fn place(cx: &Context, word: &str) -> Result<(String, String, bool), CliError> {
    if word == "*" {
        return Ok(("*".to_owned(), "*".to_owned(), true));
    }
    match cx.resource(word).await {
        Ok(place) => Ok((place.resource.group, place.resource.plural, place.resource.namespaced)),
        Err(error) if error.client().is_some() => Err(error),
        Err(_) => {
            let (resource, group) = word.split_once('.').unwrap_or((word, ""));
            let group_words =
                if group.is_empty() { String::new() } else { format!(" in group '{group}'") };
            cx.say_err(&format!(
                "Warning: the server doesn't have a resource type '{resource}'{group_words}\n"
            ));
            Ok((group.to_owned(), resource.to_owned(), true))
        }
    }
}

async fn list(cx: &Context, parsed: &Parsed) -> Result<(), CliError> {
    let (namespace, _) = cx.namespace()?;
    let body = json!({"apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectRulesReview", "spec": {"namespace": namespace}});
    let answer = post(cx, "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews", &body).await?;
    let status = &answer["status"];
    let list = |field: &str| status[field].as_array().cloned().unwrap_or_default();
    let mut rules = list("resourceRules");
    rules.extend(list("nonResourceRules"));
    let rows = crate::describe::rows_of(&rules);
    let mut out = TabWriter::table();
    if !parsed.is("no-headers") {
        out.write("Resources\tNon-Resource URLs\tResource Names\tVerbs\n");
    }
    for row in rows {
        out.write(&row.join("\t"));
        out.write("\n");
    }
    if let Some(error) = status["evaluationError"].as_str().filter(|_| status["incomplete"] == true)
    {
        cx.say_err(&format!("warning: the list may be incomplete: {error}"));
    }
    cx.out(&out.finish())
}
