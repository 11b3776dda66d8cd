//! `replace`: an object by a file's, or delete and create it anew.

use client::{ClientError, DeleteOptions};

use super::{
    create::{self, dry_run, remember, while_doing, write_options},
    delete,
};
use crate::{
    args::Parsed,
    context::Context,
    print,
    report::CliError,
    resolve::{self, Ask, Info},
};

pub(crate) async fn run(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    let ask = Ask { words: Vec::new(), ..Ask::of(&parsed) };
    if let Some(path) = parsed.some("raw") {
        return raw(cx, &ask, path).await;
    }
    if !parsed.args.is_empty() {
        let text = format!("Unexpected args: [{}]", parsed.args.join(" "));
        return Err(cx.usage("replace", text));
    }
    if !ask.has_files() {
        return Err(CliError::plain("must specify one of -f and -k"));
    }
    let run = dry_run(cx, &parsed)?;
    let found = resolve::find(cx, &ask).await?;
    let mut errors = found.errors;
    for info in found.infos {
        let outcome = if parsed.is("force") {
            forced(cx, &parsed, info, run).await
        } else {
            one(cx, &parsed, info, run).await
        };
        if let Err(error) = outcome {
            errors.push(error);
        }
    }
    CliError::all(errors)
}

async fn one(cx: &Context, parsed: &Parsed, mut info: Info, run: &str) -> Result<(), CliError> {
    if parsed.is("save-config") || create_kept(&info) {
        remember(&mut info.object);
    }
    if run != "client" {
        let options = write_options(cx, parsed)?;
        let subresource = parsed.some("subresource");
        let sent =
            info.api(cx).await?.update(&info.name, subresource, &info.object, &options).await;
        info.object = sent.map_err(|error| while_doing("replacing", &info, error.into()))?;
    }
    print::print_outcome(cx, parsed, &info.object, &print::dry("replaced", run))
}

/// The file itself carries the annotation.
fn create_kept(info: &Info) -> bool {
    info.object["metadata"]["annotations"][create::LAST_APPLIED].is_string()
}

async fn forced(cx: &Context, parsed: &Parsed, info: Info, run: &str) -> Result<(), CliError> {
    let api = info.api(cx).await?;
    let grace = parsed.int("grace-period");
    let options = DeleteOptions {
        grace_seconds: (grace >= 0).then_some(grace),
        propagation: Some(delete::cascade(parsed)?.to_owned()),
        ..DeleteOptions::default()
    };
    if run == "none" {
        match api.delete(&info.name, &options).await {
            Ok(_) => {
                let place = info.namespace.as_ref().map(|n| format!(" from {n} namespace"));
                cx.say(&format!(
                    "{} \"{}\" deleted{}",
                    info.singular_qualified(),
                    info.name,
                    place.unwrap_or_default()
                ))?;
                delete::until_gone(cx, &info, None).await?;
            }
            Err(error) if error.not_found() => {}
            Err(error) => return Err(error.into()),
        }
    }
    let mut object = info.object.clone();
    if run != "client" {
        let created = api.create(&object, &write_options(cx, parsed)?).await;
        object = created.map_err(|error| while_doing("creating", &info, error.into()))?;
    }
    print::print_outcome(cx, parsed, &object, &print::dry("replaced", run))
}

async fn raw(cx: &Context, ask: &Ask, path: &str) -> Result<(), CliError> {
    let body = create::raw_body(ask)?;
    let request = http::Request::put(path).header("content-type", "application/json").body(body);
    let request = request.map_err(ClientError::from)?;
    let answer = cx.client().await?.call(request).await?;
    let bytes = answer.into_body().bytes().await;
    cx.out_bytes(&bytes.map_err(|error| CliError::plain(error.to_string()))?)
}
