//! `get --watch`: what is there, then every change, until the server or the user ends it.

use bytes::Bytes;
use client::{WatchEvent, WatchStream, discovery::ApiResource, escape};
use http::{Request, header::ACCEPT};
use serde_json::Value;

use super::tables::{self, TABLE, as_table};
use crate::{
    args::Parsed,
    context::Context,
    print::{Printer, TabWriter, TableOptions, headers_of, print_rows},
    report::CliError,
    resolve::{self, Ask},
};

const SEVERAL: &str = "you may only watch a single resource or type of resource at a time";

fn is_about_several(error: &CliError) -> bool {
    matches!(error, CliError::Plain(text) if text == SEVERAL)
}

pub(super) async fn run(
    cx: &Context,
    parsed: &Parsed,
    ask: &Ask,
    printer: &Printer,
) -> Result<(), CliError> {
    let mut ask = ask.clone();
    let (place, namespace) = match single(cx, &mut ask).await {
        // What is there is shown before kubectl finds that it cannot follow it.
        Err(error) if printer.is_table() && is_about_several(&error) => {
            tables::run(cx, parsed, &ask, printer).await?;
            return Err(error);
        }
        Err(error) if ask.ignore_not_found && error.not_found() => return Ok(()),
        outcome => outcome?,
    };
    let path = place.resource.path(namespace.as_deref());
    let accept = if printer.is_table() { TABLE } else { "application/json" };
    let options = tables::options(cx, parsed, printer)?;
    let out = TabWriter::table().painted(options.palette.is_on());
    let mut shown = Shown {
        parsed,
        printer,
        options,
        out,
        columns: Value::Null,
        headers: !parsed.is("no-headers"),
    };
    shown.options.events = parsed.is("output-watch-events");
    shown.options.with_namespace &= place.resource.namespaced;

    let list: Value = cx.client().await?.json(request(&path, &query(&ask, ""), accept)?).await?;
    let revision = list["metadata"]["resourceVersion"].as_str().unwrap_or_default().to_owned();
    if !parsed.is("watch-only") {
        shown.list(cx, list, &place)?;
    }
    let follow = format!("watch=true&resourceVersion={}", escape(&revision));
    let watch = request(&path, &query(&ask, &follow), accept)?;
    let mut events = WatchStream::open(&cx.client().await?, watch).await?;
    match cx.request_timeout()? {
        None => shown.follow(cx, &mut events).await,
        // A watch that has lasted as long as a request may is over, and nothing went wrong.
        Some(limit) => {
            tokio::time::timeout(limit, shown.follow(cx, &mut events)).await.unwrap_or(Ok(()))
        }
    }
}

/// The one type that is watched; a name becomes a field selector.
async fn single(cx: &Context, ask: &mut Ask) -> Result<(ApiResource, Option<String>), CliError> {
    resolve::check(ask)?;
    let (namespace, _) = cx.namespace()?;
    let (place, name) = if ask.has_files() {
        let mut infos = resolve::find(cx, ask).await?.all()?;
        if infos.len() != 1 {
            return Err(CliError::plain(
                "watch is only supported on individual resources and resource collections",
            ));
        }
        let info = infos.remove(0);
        (info.place, Some(info.name))
    } else {
        let targets = resolve::targets(cx, ask).await?;
        let [target] = targets.as_slice() else {
            let text = "you may only specify a single resource type";
            return Err(CliError::plain(text));
        };
        if target.names.len() > 1 {
            return Err(CliError::plain(SEVERAL));
        }
        (target.place.clone(), target.names.first().cloned())
    };
    let scope = resolve::scope(&place, &namespace).filter(|_| !ask.all_namespaces);
    if let Some(name) = name {
        cx.api(&place.resource, scope.as_deref()).await?.get(&name).await?;
        ask.fields = format!("metadata.name={name}");
    }
    Ok((place, scope))
}

fn query(ask: &Ask, rest: &str) -> String {
    let mut parts = Vec::new();
    if !ask.fields.is_empty() {
        parts.push(format!("fieldSelector={}", escape(&ask.fields)));
    }
    if !ask.labels.is_empty() {
        parts.push(format!("labelSelector={}", escape(&ask.labels)));
    }
    if !rest.is_empty() {
        parts.push(rest.to_owned());
    }
    parts.join("&")
}

fn request(path: &str, query: &str, accept: &str) -> Result<Request<Bytes>, CliError> {
    let path = if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") };
    let request = Request::get(path).header(ACCEPT, accept).body(Bytes::new());
    Ok(request.map_err(client::ClientError::from)?)
}

struct Shown<'p> {
    parsed: &'p Parsed,
    printer: &'p Printer,
    options: TableOptions,
    out: TabWriter,
    columns: Value,
    headers: bool,
}

impl Shown<'_> {
    async fn follow(&mut self, cx: &Context, events: &mut WatchStream) -> Result<(), CliError> {
        while let Some(event) = events.next::<Value>().await? {
            let (kind, object) = match event {
                WatchEvent::Added(object) => ("ADDED", object),
                WatchEvent::Modified(object) => ("MODIFIED", object),
                WatchEvent::Deleted(object) => ("DELETED", object),
                WatchEvent::Bookmark(_) => continue,
            };
            self.event(cx, kind, object)?;
        }
        Ok(())
    }

    fn list(&mut self, cx: &Context, list: Value, place: &ApiResource) -> Result<(), CliError> {
        if self.printer.is_table() {
            return self.rows(cx, "ADDED", as_table(list));
        }
        let items = list["items"].as_array().cloned().unwrap_or_default();
        for mut item in items {
            resolve::complete(&mut item, place);
            self.object(cx, "ADDED", item)?;
        }
        Ok(())
    }

    fn event(&mut self, cx: &Context, kind: &str, object: Value) -> Result<(), CliError> {
        if self.printer.is_table() {
            return self.rows(cx, kind, as_table(object));
        }
        self.object(cx, kind, object)
    }

    fn object(&self, cx: &Context, kind: &str, mut object: Value) -> Result<(), CliError> {
        self.printer.tidy(&mut object, self.parsed);
        if self.options.events {
            object = serde_json::json!({"type": kind, "object": object});
        }
        self.printer.print(cx, &object)?;
        cx.flush();
        Ok(())
    }

    fn rows(&mut self, cx: &Context, kind: &str, mut table: Value) -> Result<(), CliError> {
        if table["columnDefinitions"].as_array().is_some_and(|columns| !columns.is_empty()) {
            self.columns = table["columnDefinitions"].clone();
        }
        table["columnDefinitions"] = self.columns.clone();
        if table["rows"].as_array().is_none_or(Vec::is_empty) {
            return Ok(());
        }
        if self.headers {
            self.headers = false;
            self.out.write(&headers_of(&table, &self.options));
            self.out.write("\n");
        }
        print_rows(&mut self.out, &table, &self.options, Some(kind));
        let text = self.out.flush();
        cx.out(&text)?;
        cx.flush();
        Ok(())
    }
}
