//! `get`: one or many resources, as tables or in a format.

mod decode;
mod tables;
mod watch;

use http::{Request, header::ACCEPT};
use serde_json::{Value, json};

use crate::{
    args::Parsed,
    context::Context,
    print::{self, Printer},
    report::CliError,
    resolve::{self, Ask, Found},
};

const FORMATS: &str = "custom-columns,custom-columns-file,go-template,go-template-file,json,jsonpath,\
     jsonpath-as-json,jsonpath-file,kyaml,name,template,templatefile,wide,yaml";

pub(crate) async fn run(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    if let Some(path) = parsed.some("raw") {
        return raw(cx, &parsed, path).await;
    }
    let key = decode::wanted(parsed.text("output"));
    let printer = match key {
        Some(_) => Printer::Yaml,
        None => print::printer(&parsed, FORMATS)?,
    };
    let mut ask = Ask::of(&parsed);
    ask.type_means_all = true;
    ask.ignore_not_found = parsed.is("ignore-not-found");
    ask.really = parsed.is("really");
    ask.keep = printer.reads(&parsed);
    check(cx, &parsed, &ask)?;
    let outcome = shown(cx, &parsed, &ask, (printer, key)).await;
    outcome.map_err(|error| ask.in_list(error))
}

async fn shown(
    cx: &Context,
    parsed: &Parsed,
    ask: &Ask,
    (printer, key): (Printer, Option<&str>),
) -> Result<(), CliError> {
    if let Some(key) = key {
        return decode::run(cx, ask, key).await;
    }
    if parsed.is("watch") || parsed.is("watch-only") {
        return watch::run(cx, parsed, ask, &printer).await;
    }
    if printer.is_table() {
        return tables::run(cx, parsed, ask, &printer).await;
    }
    let subresource = parsed.text("subresource");
    let found = if subresource.is_empty() {
        resolve::find(cx, &ask.clone().latest()).await?
    } else {
        of_subresource(cx, ask, subresource).await?
    };
    print_found(cx, parsed, &printer, found)
}

fn check(cx: &Context, parsed: &Parsed, ask: &Ask) -> Result<(), CliError> {
    if ask.words.is_empty() && !ask.has_files() {
        cx.say_err(&format!(
            "You must specify the type of resource to get. Use \"{} api-resources\" for a complete \
             list of supported resources.\n",
            cx.program()
        ));
        let text = format!(
            "Required resource not specified.\nUse \"{} explain <resource>\" for a detailed \
             description of that resource (e.g. {} explain pods).",
            cx.program(),
            cx.program()
        );
        return Err(cx.usage("get", text));
    }
    let bulk = ask.words.len() < 2 && !ask.words.iter().any(|word| word.contains('/'));
    if bulk && !ask.has_files() && !parsed.text("subresource").is_empty() {
        let text = "subresource cannot be used when bulk resources are specified";
        return Err(CliError::plain(text));
    }
    if ask.really && ask.words != ["all"] {
        return Err(cx.usage("get", "--really goes with 'all' alone"));
    }
    if parsed.is("output-watch-events") && !parsed.is("watch") && !parsed.is("watch-only") {
        let text = "--output-watch-events option can only be used with --watch or --watch-only";
        return Err(CliError::plain(text));
    }
    Ok(())
}

async fn raw(cx: &Context, parsed: &Parsed, path: &str) -> Result<(), CliError> {
    if parsed.given("output") {
        return Err(CliError::plain("--raw and --output are mutually exclusive"));
    }
    if !parsed.args.is_empty() {
        return Err(CliError::plain("arguments may not be passed when --raw is specified"));
    }
    if !path.starts_with('/') && !path.contains("://") {
        return Err(CliError::plain(format!(
            "--raw must be a valid URL path: parse {path:?}: invalid URI for request"
        )));
    }
    if parsed.is("watch") {
        return Err(cx.usage("get", "--raw may not be specified with other flags or arguments"));
    }
    let request = Request::get(path).header(ACCEPT, "application/json, */*");
    let request = request.body(bytes::Bytes::new()).map_err(client::ClientError::from)?;
    let answer = cx.client().await?.call(request).await?;
    let mut body = answer.into_body();
    while let Some(chunk) = body.chunk().await {
        let chunk = chunk.map_err(|error| CliError::plain(error.to_string()))?;
        cx.out_bytes(&chunk)?;
        // It may be a watch, and somebody may be waiting for its next line.
        cx.flush();
    }
    Ok(())
}

/// Sorts, wraps and prints what was found, then says what went wrong.
fn print_found(
    cx: &Context,
    parsed: &Parsed,
    printer: &Printer,
    found: Found,
) -> Result<(), CliError> {
    let mut objects: Vec<Value> = found.infos.into_iter().map(|info| info.object).collect();
    if let Some(path) = parsed.some("sort-by") {
        sort(&mut objects, path)?;
    }
    if found.single && objects.is_empty() {
        return CliError::all(found.errors);
    }
    let mut whole = match objects.len() {
        1 if found.single => objects.remove(0),
        _ => {
            json!({"apiVersion": "v1", "items": objects, "kind": "List", "metadata": {"resourceVersion": ""}})
        }
    };
    printer.tidy(&mut whole, parsed);
    printer.print(cx, &whole)?;
    CliError::all(found.errors)
}

async fn of_subresource(cx: &Context, ask: &Ask, subresource: &str) -> Result<Found, CliError> {
    let mut found = resolve::find(cx, ask).await?;
    for info in &mut found.infos {
        info.object = info.api(cx).await?.get_sub(&info.name, subresource).await?;
    }
    Ok(found)
}

/// Sorts objects by a field, stably; those without it come first.
pub(crate) fn sort(objects: &mut [Value], path: &str) -> Result<(), CliError> {
    let path = print::JsonPath::relaxed(path)?;
    let key = |object: &Value| -> Option<Value> {
        path.find(object).ok().and_then(|found| found.first().map(|f| f.get().clone()))
    };
    for object in objects.iter() {
        path.find(object).map_err(CliError::plain)?;
    }
    if !objects.is_empty() && objects.iter().all(|object| key(object).is_none()) {
        let text =
            format!("couldn't find any field with path {:?} in the list of objects", path.source());
        return Err(CliError::plain(text));
    }
    objects.sort_by(|a, b| compare(key(a).as_ref(), key(b).as_ref()));
    Ok(())
}

/// Orders values: numbers and quantities by size, times and text by their letters.
pub(crate) fn compare(a: Option<&Value>, b: Option<&Value>) -> std::cmp::Ordering {
    use std::cmp::Ordering;
    match (a, b) {
        (None, None) => Ordering::Equal,
        (None, _) => Ordering::Less,
        (_, None) => Ordering::Greater,
        (Some(Value::Number(a)), Some(Value::Number(b))) => {
            a.as_f64().partial_cmp(&b.as_f64()).unwrap_or(Ordering::Equal)
        }
        (Some(Value::String(a)), Some(Value::String(b))) => {
            let quantity = |text: &str| text.parse::<machinery::quantity::Quantity>().ok();
            match (quantity(a), quantity(b)) {
                (Some(x), Some(y)) => x.milli_value().cmp(&y.milli_value()),
                _ => a.cmp(b),
            }
        }
        (Some(a), Some(b)) => a.to_string().cmp(&b.to_string()),
    }
}
