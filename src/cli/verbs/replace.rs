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
    let run = dry_run(cx, &parsed)?;
    check(cx, &parsed, &ask, run)?;
    let found = resolve::find(cx, &ask).await?;
    let mut errors = found.errors;
    for info in found.infos {
        let outcome = if parsed.is("force") {
            forced(cx, &parsed, info).await
        } else {
            one(cx, &parsed, info, run).await
        };
        if let Err(error) = outcome {
            errors.push(error);
        }
    }
    CliError::all(errors)
}

/// Refuses flags that say nothing here, in kubectl's order.
fn check(cx: &Context, parsed: &Parsed, ask: &Ask, run: &str) -> Result<(), CliError> {
    let force = parsed.is("force");
    print::printer(parsed, print::TEMPLATES).map(drop)?;
    delete::cascade(cx, parsed).map(drop)?;
    let refused = [
        (!ask.has_files(), "must specify one of -f and -k"),
        (force && run != "none", "--dry-run can not be used when --force is set"),
        (parsed.int("grace-period") >= 0 && !force, "--grace-period must have --force specified"),
        (!parsed.duration("timeout").is_zero() && !force, "--timeout must have --force specified"),
    ];
    match refused.iter().find(|(wrong, _)| *wrong) {
        Some((_, words)) => Err(CliError::plain(*words)),
        None => Ok(()),
    }
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

async fn forced(cx: &Context, parsed: &Parsed, info: Info) -> Result<(), CliError> {
    let api = info.api(cx).await?;
    let grace = parsed.int("grace-period");
    let options = DeleteOptions {
        grace_seconds: (grace >= 0).then_some(grace),
        propagation: Some(delete::cascade(cx, parsed)?.to_owned()),
        ..DeleteOptions::default()
    };
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
    let created = api.create(&info.object, &write_options(cx, parsed)?).await;
    let object = created.map_err(|error| while_doing("creating", &info, error.into()))?;
    print::print_outcome(cx, parsed, &object, "replaced")
}

async fn raw(cx: &Context, ask: &Ask, path: &str) -> Result<(), CliError> {
    let body = create::raw_body(ask)?;
    let request = http::Request::put(path).header("content-type", "application/json").body(body);
    let request = request.map_err(ClientError::from)?;
    let answer = cx.client().await?.call(request).await?;
    let bytes = answer.into_body().bytes().await;
    cx.out_bytes(&bytes.map_err(|error| CliError::plain(error.to_string()))?)
}
