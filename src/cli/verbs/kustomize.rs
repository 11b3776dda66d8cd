//! `kustomize`: what a kustomization builds, as YAML.

use machinery::yaml;

use crate::{args::Parsed, context::Context, kustomize, report::CliError};

#[expect(clippy::unused_async, reason = "verbs are called the same way")]
pub(crate) async fn run(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    if parsed.args.len() > 1 {
        return Err(CliError::plain("specify one path to kustomization.yaml"));
    }
    let folder = parsed.args.first().map_or(".", String::as_str);
    let documents: Vec<String> = kustomize::build(folder)?.iter().map(yaml::to_string).collect();
    let text = documents.join("---\n");
    match parsed.some("output") {
        None => cx.out(&text),
        Some(path) => Ok(std::fs::write(path, text)?),
    }
}
