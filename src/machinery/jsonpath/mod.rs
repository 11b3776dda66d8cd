//! `JSONPath` in kubectl's dialect: text with `{expressions}`, ranges, filters, slices, unions.
//!
//! Source: client-go `util/jsonpath`. Results of an expression are separated by a blank. Where Go goes
//! through a map in no order, the keys are sorted here.

mod parse;
mod walk;

use serde_json::Value;

use crate::{
    gofmt::{Go, sprintf},
    yaml,
};

/// What is wrong with a template, or with what it is asked of, in kubectl's words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct JsonPathError(String);

/// A template, read.
#[derive(Debug)]
pub struct JsonPath {
    source: String,
    nodes: Vec<Node>,
    lenient: bool,
    as_json: bool,
}

#[derive(Debug, Clone)]
enum Node {
    /// What stands between braces.
    List(Vec<Node>),
    Text(String),
    /// Text that is no UTF-8.
    Bytes(Vec<u8>),
    /// A number or a truth.
    Made(Value),
    Field(String),
    Slice(Slice),
    Exists(Vec<Node>),
    Filter {
        left: Vec<Node>,
        operator: String,
        right: Vec<Node>,
    },
    Wildcard,
    Recursive,
    Union(Vec<Vec<Node>>),
    /// `range`, `end`, or what is refused when it is met.
    Identifier(String),
}

#[derive(Debug, Clone)]
struct Slice {
    from: Option<i64>,
    to: Option<i64>,
    step: Option<i64>,
    /// One index alone.
    single: bool,
}

impl JsonPath {
    /// Reads a template as `-o jsonpath=` takes it.
    pub fn parse(text: &str, lenient: bool, as_json: bool) -> Result<Self, JsonPathError> {
        let nodes = parse::parse(text)
            .map_err(|why| JsonPathError(format!("error parsing jsonpath {text}, {why}")))?;
        Ok(Self { source: text.to_owned(), nodes, lenient, as_json })
    }

    /// Reads one path as `--sort-by` and `wait` take it: braces and the first dot are free.
    pub fn relaxed(text: &str) -> Result<Self, JsonPathError> {
        Self::bare(&Self::relax(text)?)
    }

    /// A template from a path whose braces and first dot are free.
    pub fn relax(text: &str) -> Result<String, JsonPathError> {
        if text.is_empty() {
            return Ok(String::new());
        }
        let trimmed = text.strip_prefix('{').and_then(|text| text.strip_suffix('}'));
        let trimmed = trimmed.unwrap_or(text);
        if trimmed.is_empty() || trimmed.contains(['{', '}']) {
            return Err(JsonPathError(
                "unexpected path string, expected a 'name1.name2' or '.name1.name2' or \
                 '{name1.name2}' or '{.name1.name2}'"
                    .to_string(),
            ));
        }
        let path = trimmed.strip_prefix('.').filter(|path| !path.is_empty());
        Ok(format!("{{.{}}}", path.unwrap_or(trimmed)))
    }

    /// Reads a template; what is wrong with it is told without the words around it.
    pub fn bare(text: &str) -> Result<Self, JsonPathError> {
        let nodes = parse::parse(text).map_err(JsonPathError)?;
        Ok(Self { source: text.to_owned(), nodes, lenient: true, as_json: false })
    }

    /// The template's text.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// All values that the template finds, in order.
    pub fn find<'v>(&self, object: &'v Value) -> Result<Vec<Found<'v>>, String> {
        let groups = walk::groups(&self.nodes, self.lenient, object)?;
        Ok(groups.into_iter().flatten().collect())
    }

    /// Fills the template in. Text may be no UTF-8, where an escape says so.
    pub fn print(&self, object: &Value) -> Result<Vec<u8>, JsonPathError> {
        let groups = walk::groups(&self.nodes, self.lenient, object)
            .map_err(|why| self.failed(&why, object))?;
        let mut out = Vec::new();
        for group in groups {
            if self.as_json {
                let list = group.iter().map(|found| match found {
                    Found::Bytes(bytes) => String::from_utf8_lossy(bytes).into(),
                    found => found.get().clone(),
                });
                out.extend(yaml::pretty(&Value::Array(list.collect()), "    ").bytes());
                out.push(b'\n');
                continue;
            }
            for (at, found) in group.iter().enumerate() {
                if at > 0 {
                    out.push(b' ');
                }
                out.append(&mut found.text());
            }
        }
        Ok(out)
    }

    fn failed(&self, why: &str, object: &Value) -> JsonPathError {
        let source = &self.source;
        let quoted = sprintf(b"%q", &[Go::Text(source.as_bytes().into())]);
        JsonPathError(format!(
            "error executing jsonpath {}: Error executing template: {why}. Printing more \
             information for debugging the template:\n\ttemplate was:\n\t\t{source}\n\tobject given \
             to jsonpath engine was:\n\t\t{}\n\n\n",
            String::from_utf8_lossy(&quoted),
            Go::from(object).syntax()
        ))
    }
}

/// A value found: part of the object, or made on the way.
#[derive(Debug, Clone)]
pub enum Found<'v> {
    /// No value at all: what stands in a range over null.
    Nothing,
    /// Part of the object.
    Part(&'v Value),
    /// Made on the way.
    Made(Value),
    /// A byte of a text.
    Byte(Value),
    /// Text that is no UTF-8.
    Bytes(Vec<u8>),
}

impl Found<'_> {
    /// The value.
    pub fn get(&self) -> &Value {
        match self {
            Self::Part(value) => value,
            Self::Made(value) | Self::Byte(value) => value,
            Self::Nothing | Self::Bytes(_) => &Value::Null,
        }
    }

    /// As templates print it: lists and maps as JSON, the rest as Go prints it.
    fn text(&self) -> Vec<u8> {
        match self {
            Self::Nothing => b"<no value>".to_vec(),
            Self::Bytes(bytes) => bytes.clone(),
            found => match found.get() {
                Value::Null => b"null".to_vec(),
                value @ (Value::Array(_) | Value::Object(_)) => yaml::compact(value).into_bytes(),
                value => Go::from(value).shown(),
            },
        }
    }
}

/// A value as tables show it: text bare, the rest as JSON.
pub fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => yaml::compact(other),
    }
}

#[cfg(test)]
mod tests;
