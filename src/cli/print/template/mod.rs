//! Go templates: `text/template` of Go 1.24 over decoded JSON, with kubectl's `exists` and `base64decode`.
//!
//! Output and errors are Go's to the byte. Templates that call themselves end sooner than Go's.

mod call;
mod eval;
mod functions;
mod lex;
mod node;
mod number;
mod parse;
mod pipeline;

use machinery::gofmt::Go;
use serde_json::Value;

use super::Printed;
use crate::report::CliError;

/// A template, read.
#[derive(Debug)]
pub(crate) struct Template {
    source: String,
    parsed: parse::Parsed,
    lenient: bool,
}

impl Template {
    /// Reads a template.
    pub(crate) fn parse(text: &str, lenient: bool) -> Result<Self, CliError> {
        let parsed = parse::parse(text)
            .map_err(|why| CliError::plain(format!("error parsing template {text}, {why}")))?;
        Ok(Self { source: text.to_owned(), parsed, lenient })
    }

    /// Fills it in. `raw` is the JSON that kubectl would tell of if that fails.
    pub(crate) fn print(&self, object: &Value, raw: impl FnOnce() -> String) -> Printed {
        let (mut out, outcome) = eval::run(&self.parsed, object, self.lenient);
        let source = &self.source;
        let outcome = outcome.map_err(|why| {
            let told = format!(
                "Error executing template: {why}. Printing more information for debugging the \
                 template:\n\ttemplate was:\n\t\t{source}\n\traw data was:\n\t\t{}\n\tobject given \
                 to template engine was:\n\t\t",
                raw()
            );
            out.extend(told.bytes());
            out.append(&mut Go::from(object).shown());
            out.extend(b"\n\n");
            let source = lex::quoted(source);
            CliError::plain(format!("error executing template {source}: {why}"))
        });
        Printed { out, outcome }
    }
}

#[cfg(test)]
mod tests;
