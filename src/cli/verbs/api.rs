//! `api-resources` and `api-versions`: what the server serves.

use client::{ClientError, discovery::ApiResource};

use crate::{args::Parsed, context::Context, print::TabWriter, report::CliError, unreachable};

pub(crate) async fn versions(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    if !parsed.args.is_empty() {
        let text = format!("unexpected arguments: [{}]", parsed.args.join(" "));
        return Err(cx.usage("api-versions", text));
    }
    let discovery = cx.rediscover().await.map_err(|error| match error.client() {
        Some(client @ ClientError::Transport { .. }) => CliError::plain(format!(
            "couldn't get available api versions from server: {}",
            unreachable::dialling("Get", client)
        )),
        _ => error,
    })?;
    let mut names: Vec<String> = discovery
        .groups
        .iter()
        .flat_map(|group| {
            group.versions.iter().map(|version| match group.name.as_str() {
                "" => version.name.clone(),
                name => format!("{name}/{}", version.name),
            })
        })
        .collect();
    names.sort();
    names.iter().try_for_each(|name| cx.say(name))
}

/// The table with its titles.
fn begun(parsed: &Parsed) -> TabWriter {
    let mut out = TabWriter::table();
    if !parsed.is("no-headers") {
        out.write("NAME\tSHORTNAMES\tAPIVERSION\tNAMESPACED\tKIND");
        out.write(if parsed.text("output") == "wide" { "\tVERBS\tCATEGORIES\n" } else { "\n" });
    }
    out
}

pub(crate) async fn resources(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    let output = parsed.text("output");
    if !parsed.args.is_empty() {
        let text = format!("unexpected arguments: [{}]", parsed.args.join(" "));
        return Err(cx.usage("api-resources", text));
    }
    if !matches!(output, "" | "wide" | "name" | "json" | "yaml" | "kyaml") {
        return Err(CliError::plain(format!(
            "unable to match a printer suitable for the output format \"{output}\", allowed formats \
             are: json,kyaml,name,wide,yaml"
        )));
    }
    if !matches!(parsed.text("sort-by"), "" | "name" | "kind") {
        return Err(CliError::plain("--sort-by accepts only name or kind"));
    }
    let discovery = if parsed.is("cached") { cx.discovery().await } else { cx.rediscover().await };
    if discovery.is_err() && matches!(output, "" | "wide") {
        // The titles stand above nothing.
        cx.out(&begun(&parsed).finish())?;
    }
    let discovery = discovery?;
    let mut found: Vec<&ApiResource> =
        discovery.preferred().filter(|p| wanted(p, &parsed)).collect();
    match parsed.text("sort-by") {
        "name" => found.sort_by_key(|place| place.resource.plural.clone()),
        "kind" => found.sort_by_key(|place| place.resource.kind.clone()),
        _ => {
            found
                .sort_by_key(|place| (place.resource.group.clone(), place.resource.plural.clone()));
        }
    }
    if output == "name" {
        return found.iter().try_for_each(|place| cx.say(&place.resource.qualified()));
    }
    if matches!(output, "json" | "yaml" | "kyaml") {
        return documents(cx, &parsed, &found);
    }
    let mut out = begun(&parsed);
    for place in found {
        let resource = &place.resource;
        let (short, version) = (place.short_names.join(","), resource.api_version());
        let (scope, kind) = (resource.namespaced, &resource.kind);
        out.write(&format!("{}\t{short}\t{version}\t{scope}\t{kind}", resource.plural));
        if output == "wide" {
            out.write(&format!("\t{}\t{}", place.verbs.join(","), place.categories.join(",")));
        }
        out.write("\n");
    }
    cx.out(&out.finish())
}

fn wanted(place: &ApiResource, parsed: &Parsed) -> bool {
    let (verbs, categories) = (parsed.list("verbs"), parsed.list("categories"));
    let group_fits = !parsed.given("api-group") || place.resource.group == parsed.text("api-group");
    let scope_fits =
        !parsed.given("namespaced") || place.resource.namespaced == parsed.is("namespaced");
    group_fits
        && scope_fits
        && !place.verbs.is_empty()
        && verbs.iter().all(|verb| place.has_verb(verb))
        && categories.iter().all(|category| place.categories.contains(category))
}

fn documents(cx: &Context, parsed: &Parsed, found: &[&ApiResource]) -> Result<(), CliError> {
    let resources: Vec<serde_json::Value> = found
        .iter()
        .map(|place| {
            serde_json::json!({
                "name": place.resource.plural, "singularName": place.singular,
                "namespaced": place.resource.namespaced, "group": place.resource.group,
                "version": place.resource.version, "kind": place.resource.kind,
                "verbs": place.verbs, "shortNames": place.short_names, "categories": place.categories,
            })
        })
        .collect();
    let list = serde_json::json!({
        "kind": "APIResourceList", "apiVersion": "v1", "groupVersion": "", "resources": resources,
    });
    crate::print::printer(parsed, "json,kyaml,name,wide,yaml")?.print(cx, &list)
}
