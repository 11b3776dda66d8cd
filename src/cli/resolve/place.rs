//! Where the object of a manifest is served: its resource and its namespace.

use client::discovery::ApiResource;
use serde_json::Value;

use super::{Info, Manifest};
use crate::{
    context::{Context, NoMatchOr},
    report::CliError,
};

/// Finds where a manifest's object is served, and its namespace.
pub(crate) async fn mapped(
    cx: &Context,
    manifest: Manifest,
    local: bool,
) -> Result<Info, CliError> {
    let Manifest { mut object, source } = manifest;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let (api_version, kind) = (text(&object["apiVersion"]), text(&object["kind"]));
    let name = text(&object["metadata"]["name"]);
    let own = text(&object["metadata"]["namespace"]);
    let place = if local {
        local_place(&api_version, &kind)
    } else {
        cx.of_kind(&api_version, &kind).await.map_err(|error| match error {
            NoMatchOr::Other(error) => error,
            NoMatchOr::NoMatch(error) => CliError::plain(format!(
                "resource mapping not found for name: \"{name}\" namespace: \"{own}\" from \
                 \"{source}\": {error}\nensure CRDs are installed first"
            )),
        })?
    };
    let (default, enforced) = cx.namespace()?;
    let mut namespace = None;
    if place.resource.namespaced {
        if enforced && !own.is_empty() && own != default {
            return Err(CliError::plain(format!(
                "the namespace from the provided object \"{own}\" does not match the namespace \
                 \"{default}\". You must pass '--namespace={own}' to perform this operation."
            )));
        }
        let settled = if own.is_empty() { default } else { own };
        if object["metadata"].is_null() {
            object["metadata"] = serde_json::json!({});
        }
        if !local {
            object["metadata"]["namespace"] = settled.as_str().into();
        }
        namespace = Some(settled);
    }
    Ok(Info { place, namespace, name, object, source })
}

/// Where a kind may be served, without a server to ask.
fn local_place(api_version: &str, kind: &str) -> ApiResource {
    let (group, version) = api_version.rsplit_once('/').unwrap_or(("", api_version));
    let singular = kind.to_lowercase();
    let resource = client::Resource {
        group: group.to_owned(),
        version: version.to_owned(),
        plural: format!("{singular}s"),
        kind: kind.to_owned(),
        namespaced: true,
    };
    ApiResource {
        resource,
        singular,
        short_names: Vec::new(),
        categories: Vec::new(),
        verbs: Vec::new(),
        subresources: Vec::new(),
    }
}
