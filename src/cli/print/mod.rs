//! Printers: what `-o` asks for.

mod columns;
mod kyaml;
mod paint;
mod table;
mod tabwriter;
pub(crate) mod template;
pub(crate) mod typed;

use std::borrow::Cow;

pub(crate) use machinery::jsonpath::{JsonPath, text_of};
use machinery::{
    json::{Keep, WITHOUT_NOTES},
    yaml,
};
use serde_json::Value;

pub(crate) use self::{
    columns::Columns,
    table::{TableOptions, headers_of, print_rows, table_text},
    tabwriter::TabWriter,
    template::Template,
};
use crate::{args::Parsed, context::Context, report::CliError};

/// What was printed, and what went wrong then.
pub(crate) struct Printed {
    pub(crate) out: Vec<u8>,
    pub(crate) outcome: Result<(), CliError>,
}

/// How kubectl holds an object that it prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Held {
    /// As decoded JSON.
    Map,
    /// As a Go struct: fields in their order, and numbers that paths meet have a point.
    Struct,
}

/// A way to print an object.
#[derive(Debug)]
pub(crate) enum Printer {
    Name { verb: Option<&'static str> },
    Json,
    Yaml,
    Kyaml,
    JsonPath(JsonPath),
    Template(Template),
    Columns(Columns),
    Table { wide: bool },
}

/// Formats besides `json`, `name`, `yaml` that a command's help lists.
pub(crate) const TEMPLATES: &str = "go-template,go-template-file,json,jsonpath,jsonpath-as-json,\
     jsonpath-file,kyaml,name,template,templatefile,yaml";

/// The printer for `-o`, from the flags that all printing commands share.
///
/// Errors: a format that is none of `allowed`.
pub(crate) fn printer(parsed: &Parsed, allowed: &str) -> Result<Printer, CliError> {
    let mut output = parsed.text("output").to_owned();
    let template = parsed.text("template");
    if output.is_empty() && !template.is_empty() {
        "go-template".clone_into(&mut output);
    }
    let (format, argument) = split_format(&output);
    let lenient = parsed.is("allow-missing-template-keys");
    let argument = match argument {
        Some(argument) => argument,
        None => template,
    };
    match format {
        "" => Ok(Printer::Table { wide: false }),
        "wide" if allowed.contains("wide") => Ok(Printer::Table { wide: true }),
        "json" if argument.is_empty() => Ok(Printer::Json),
        "yaml" if argument.is_empty() => Ok(Printer::Yaml),
        "kyaml" if argument.is_empty() => Ok(Printer::Kyaml),
        "name" => Ok(Printer::Name { verb: None }),
        "jsonpath" | "jsonpath-as-json" | "jsonpath-file" if allowed.contains("jsonpath") => {
            let text = argument_of(format, argument)?;
            let as_json = format == "jsonpath-as-json";
            Ok(Printer::JsonPath(JsonPath::parse(&text, lenient, as_json)?))
        }
        "go-template" | "template" | "go-template-file" | "templatefile"
            if allowed.contains("go-template") =>
        {
            let text = argument_of(format, argument)?;
            Ok(Printer::Template(Template::parse(&text, lenient)?))
        }
        "custom-columns" | "custom-columns-file" if allowed.contains("custom-columns") => {
            let no_headers = parsed.knows("no-headers") && parsed.is("no-headers");
            Ok(Printer::Columns(Columns::parse(format, argument, no_headers)?))
        }
        _ => Err(CliError::plain(format!(
            "unable to match a printer suitable for the output format \"{output}\", allowed \
             formats are: {allowed}"
        ))),
    }
}

fn split_format(output: &str) -> (&str, Option<&str>) {
    match output.split_once('=') {
        Some((format, argument)) => (format, Some(argument)),
        None => (output, None),
    }
}

fn argument_of(format: &str, argument: &str) -> Result<String, CliError> {
    if argument.is_empty() {
        return Err(CliError::plain("template format specified but no template given"));
    }
    if !format.ends_with("file") {
        return Ok(argument.to_owned());
    }
    std::fs::read_to_string(argument).map_err(|error| {
        CliError::plain(format!(
            "error reading --template {argument}, open {argument}: {}\n",
            crate::report::io_words(&error)
        ))
    })
}

impl Printer {
    /// Objects are printed whole, not as rows or names.
    pub(crate) fn is_table(&self) -> bool {
        matches!(self, Self::Table { .. })
    }

    /// What the printer reads of a list: not what [`Printer::tidy`] takes out again.
    pub(crate) fn reads(&self, parsed: &Parsed) -> Keep {
        const TIDY: Keep = Keep::Besides(&[("items", WITHOUT_NOTES)]);
        let sorted = parsed.knows("sort-by") && parsed.some("sort-by").is_some();
        let tidy = matches!(self, Self::Json | Self::Yaml | Self::Kyaml);
        if tidy && !sorted && !parsed.is("show-managed-fields") { TIDY } else { Keep::All }
    }

    /// Takes managed fields out where the format is one that leaves them out.
    pub(crate) fn tidy(&self, object: &mut Value, parsed: &Parsed) {
        let whole = matches!(self, Self::Json | Self::Yaml | Self::Kyaml);
        if whole && !parsed.is("show-managed-fields") {
            hide_managed_fields(object);
        }
    }

    /// Prints one object (or list). Tables are the caller's.
    pub(crate) fn print(&self, cx: &Context, object: &Value) -> Result<(), CliError> {
        self.print_held(cx, object, Held::Map)
    }

    /// The same for an object that kubectl holds as is told.
    pub(crate) fn print_held(
        &self,
        cx: &Context,
        object: &Value,
        held: Held,
    ) -> Result<(), CliError> {
        let printed = match self {
            Self::Json => return cx.say(&yaml::pretty(object, "    ")),
            Self::Yaml => {
                cx.separate_documents()?;
                return cx.out(&yaml::to_string(object));
            }
            Self::Kyaml => return cx.out(&kyaml::to_string(object)),
            Self::Name { verb } => return print_name(cx, object, *verb),
            Self::Table { .. } => return Ok(()),
            Self::JsonPath(path) => {
                let mut object = Cow::Borrowed(object);
                if held == Held::Struct {
                    floats(object.to_mut());
                }
                return cx.out_bytes(&path.print(&object)?);
            }
            Self::Template(template) => template.print(object, || match held {
                Held::Map => yaml::compact(object),
                Held::Struct => typed::compact(object),
            }),
            Self::Columns(columns) => columns.print(object),
        };
        cx.out_bytes(&printed.out)?;
        printed.outcome
    }
}

/// Gives all numbers a point.
fn floats(value: &mut Value) {
    match value {
        Value::Number(number) => {
            let float = number.as_f64().and_then(serde_json::Number::from_f64);
            *number = float.unwrap_or_else(|| number.clone());
        }
        Value::Array(list) => list.iter_mut().for_each(floats),
        Value::Object(map) => map.values_mut().for_each(floats),
        Value::Null | Value::Bool(_) | Value::String(_) => {}
    }
}

/// `deployment.apps/name` of an object or of each of a list.
fn print_name(cx: &Context, object: &Value, verb: Option<&str>) -> Result<(), CliError> {
    if let Some(items) = object["items"].as_array() {
        return items.iter().try_for_each(|item| print_name(cx, item, verb));
    }
    let name = name_of(object);
    match verb {
        Some(verb) => cx.say(&format!("{name} {verb}")),
        None => cx.say(&name),
    }
}

/// `kind.group/name` of an object.
pub(crate) fn name_of(object: &Value) -> String {
    let name = object["metadata"]["name"].as_str().filter(|name| !name.is_empty());
    format!("{}/{}", kind_group(object), name.unwrap_or("<unknown>"))
}

/// `kind.group`, in small letters.
pub(crate) fn kind_group(object: &Value) -> String {
    let kind = object["kind"].as_str().unwrap_or("<unknown>").to_lowercase();
    let api_version = object["apiVersion"].as_str().unwrap_or_default();
    match api_version.split_once('/') {
        Some((group, _)) => format!("{kind}.{group}"),
        None => kind,
    }
}

/// Takes managed fields out of an object or list.
pub(crate) fn hide_managed_fields(object: &mut Value) {
    if let Some(items) = object.get_mut("items").and_then(Value::as_array_mut) {
        items.iter_mut().for_each(hide_managed_fields);
    }
    if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.remove("managedFields");
    }
}

/// Prints the outcome of a write: the object as `-o` asks, or `name verb`.
pub(crate) fn print_outcome(
    cx: &Context,
    parsed: &Parsed,
    object: &Value,
    verb: &str,
) -> Result<(), CliError> {
    print_outcome_held(cx, parsed, object, verb, Held::Map)
}

/// The same for an object that kubectl holds as is told.
pub(crate) fn print_outcome_held(
    cx: &Context,
    parsed: &Parsed,
    object: &Value,
    verb: &str,
    held: Held,
) -> Result<(), CliError> {
    let output = parsed.text("output");
    if output.is_empty() && parsed.text("template").is_empty() {
        return cx.say(&format!("{} {verb}", name_of(object)));
    }
    let printer = printer(parsed, TEMPLATES)?;
    let mut object = object.clone();
    printer.tidy(&mut object, parsed);
    printer.print_held(cx, &object, held)
}

/// Prints a list of objects of several kinds, which kubectl holds as a Go struct: as JSON in its order.
pub(crate) fn print_list(cx: &Context, parsed: &Parsed, mut list: Value) -> Result<(), CliError> {
    let printer = printer(parsed, TEMPLATES)?;
    printer.tidy(&mut list, parsed);
    if !matches!(printer, Printer::Json) {
        return printer.print(cx, &list);
    }
    let items = yaml::pretty(&list["items"], "    ").replace('\n', "\n    ");
    cx.say(&format!(
        "{{\n    \"kind\": \"List\",\n    \"apiVersion\": \"v1\",\n    \"metadata\": {{}},\n    \
         \"items\": {items}\n}}"
    ))
}

/// The same for objects that kubectl holds as Go structs: JSON in their order.
pub(crate) fn print_typed(
    cx: &Context,
    parsed: &Parsed,
    object: &Value,
    verb: &str,
) -> Result<(), CliError> {
    if parsed.text("output") != "json" {
        return print_outcome_held(cx, parsed, object, verb, Held::Struct);
    }
    let mut object = object.clone();
    if !parsed.is("show-managed-fields") {
        hide_managed_fields(&mut object);
    }
    cx.say(&typed::json(&object))
}

/// A verb with its note of a dry run.
pub(crate) fn dry(verb: &str, run: &str) -> String {
    match run {
        "client" => format!("{verb} (dry run)"),
        "server" => format!("{verb} (server dry run)"),
        _ => verb.to_owned(),
    }
}
