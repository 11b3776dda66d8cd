//! `kustomize`: what a kustomization builds, as YAML.

use machinery::yaml;

use crate::{args::Parsed, context::Context, kustomize, report::CliError};

#[expect(clippy::unused_async, reason = "verbs are called the same way")]
pub(crate) async fn run(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    if parsed.args.len() > 1 {
        return Err(CliError::plain("specify one path to kustomization.yaml"));
    }
    let folder = parsed.args.first().map_or(".", String::as_str);
    let load_anywhere = match parsed.some("load-restrictor").unwrap_or("LoadRestrictionsRootOnly") {
        "LoadRestrictionsNone" => true,
        "LoadRestrictionsRootOnly" => false,
        other => {
            return Err(CliError::plain(format!(
                "illegal flag value --load-restrictor {other}; legal values: \
                 [LoadRestrictionsRootOnly LoadRestrictionsNone]"
            )));
        }
    };
    let settings = kustomize::Settings { load_anywhere, helm: parsed.is("enable-helm") };
    let objects = kustomize::build(folder, settings, &mut kustomize::warn)?;
    let documents: Vec<String> = objects.iter().map(yaml::to_string).collect();
    let text = documents.join("---\n");
    match parsed.some("output") {
        None => cx.out(&text),
        Some(path) => Ok(std::fs::write(path, text)?),
    }
}
