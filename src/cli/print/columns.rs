//! Custom columns: `NAME:.metadata.name,...`, or a file with headers over paths.

use std::cell::Cell;

use machinery::{
    gofmt::Go,
    jsonpath::{Found, JsonPathError},
};
use serde_json::Value;

use super::{JsonPath, Printed, TabWriter};
use crate::report::{CliError, io_words};

/// Columns, read.
#[derive(Debug)]
pub(crate) struct Columns {
    list: Vec<Column>,
    no_headers: bool,
    /// Whether headers were printed for lists, for objects.
    told: Cell<Option<bool>>,
}

#[derive(Debug)]
struct Column {
    header: String,
    /// What is wrong with a path is told when something is printed.
    path: Result<JsonPath, JsonPathError>,
}

impl Columns {
    /// Reads the argument of `custom-columns` or `custom-columns-file`.
    pub(crate) fn parse(format: &str, argument: &str, no_headers: bool) -> Result<Self, CliError> {
        if argument.is_empty() {
            let text = "custom-columns format specified but no custom columns given";
            return Err(CliError::plain(text));
        }
        // kubectl leaves the headers that stand in a file.
        let file = format.ends_with("file");
        let pairs = if file { from_file(argument)? } else { from_words(argument)? };
        let list = pairs
            .into_iter()
            .map(|(header, path)| {
                Ok(Column { header, path: JsonPath::bare(&JsonPath::relax(&path)?) })
            })
            .collect::<Result<_, CliError>>()?;
        Ok(Self { list, no_headers: no_headers && !file, told: Cell::new(None) })
    }

    /// Prints an object, or each of a list. Headers stand before the first of a kind.
    pub(crate) fn print(&self, object: &Value) -> Printed {
        let mut out = TabWriter::table();
        let items = object["items"].as_array();
        let told = self.told.replace(Some(items.is_some())) == Some(items.is_some());
        if !self.no_headers && !told {
            let headers: Vec<&str> =
                self.list.iter().map(|column| column.header.as_str()).collect();
            out.write(&headers.join("\t"));
            out.write("\n");
        }
        let outcome = match items {
            Some(items) => self.rows(&mut out, items),
            None => self.rows(&mut out, std::slice::from_ref(object)),
        };
        Printed { out: out.finish().into_bytes(), outcome }
    }

    fn rows(&self, out: &mut TabWriter, objects: &[Value]) -> Result<(), CliError> {
        let paths: Vec<&JsonPath> = self
            .list
            .iter()
            .map(|column| column.path.as_ref().map_err(|error| CliError::plain(error.to_string())))
            .collect::<Result<_, _>>()?;
        for object in objects {
            let mut cells = Vec::new();
            for path in &paths {
                let found = path.find(object).map_err(CliError::plain)?;
                let texts: Vec<String> = found.iter().map(shown).collect();
                cells.push(if texts.is_empty() { "<none>".to_owned() } else { texts.join(",") });
            }
            out.write(&cells.join("\t"));
            out.write("\n");
        }
        Ok(())
    }
}

/// A value as Go prints it; what would steer a terminal is made visible.
fn shown(found: &Found<'_>) -> String {
    Go::from(found.get()).words().replace('\u{1b}', "^[").replace('\r', "\\r")
}

fn from_words(argument: &str) -> Result<Vec<(String, String)>, CliError> {
    argument
        .split(',')
        .map(|column| {
            let (header, path) = column.split_once(':').ok_or_else(|| {
                CliError::plain(format!(
                    "unexpected custom-columns spec: {column}, expected <header>:<json-path-expr>"
                ))
            })?;
            Ok((header.to_owned(), path.to_owned()))
        })
        .collect()
}

fn from_file(path: &str) -> Result<Vec<(String, String)>, CliError> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        CliError::plain(format!(
            "error reading template {path}, open {path}: {}\n",
            io_words(&error)
        ))
    })?;
    let mut lines = text.lines();
    let mut words = |what: &str| -> Result<Vec<String>, CliError> {
        let line = lines.next().ok_or_else(|| {
            CliError::plain(format!(
                "invalid template, missing {what} line. Expected format is one line of space \
                 separated headers, one line of space separated column specs."
            ))
        })?;
        Ok(line.split_whitespace().map(str::to_owned).collect())
    };
    let (headers, paths) = (words("header")?, words("spec")?);
    if headers.len() != paths.len() {
        let text = format!(
            "number of headers ({}) and field specifications ({}) don't match",
            headers.len(),
            paths.len()
        );
        return Err(CliError::plain(text));
    }
    Ok(headers.into_iter().zip(paths).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn printed(words: &str, object: &Value) -> String {
        let printed = Columns::parse("custom-columns", words, false).unwrap().print(object);
        let out = String::from_utf8(printed.out).unwrap();
        match printed.outcome {
            Ok(()) => out,
            Err(error) => format!("{out}!{error}"),
        }
    }

    #[test]
    fn columns_are_filled_from_paths() {
        let list = json!({"items": [{"name": "a", "c": [{"i": 1}, {"i": 2}], "m": {"b": null, "a": "\u{1b}x\r"}}]});
        for (words, want) in [
            ("N:.name,I:.c[*].i,X:.x", "N     I     X\na     1,2   <none>\n"),
            (
                "M:.m,C:{.c}",
                "M                      C\nmap[a:^[x\\r b:<nil>]   [map[i:1] map[i:2]]\n",
            ),
            ("M:,N:name", "M        N\n<none>   a\n"),
            ("N:.name,B:.a[", "N     B\n!unterminated array"),
            ("B:.name[0]", "B\n!string is not array or slice"),
            ("B:.c[5]", "B\n!array index out of bounds: index 5, length 2"),
        ] {
            assert_eq!(printed(words, &list), want, "{words}");
        }
        assert!(Columns::parse("custom-columns", "bad", false).is_err());
        assert!(Columns::parse("custom-columns", "A:{}", false).is_err());
    }

    #[test]
    fn headers_stand_before_the_first_object() {
        let columns = Columns::parse("custom-columns", "N:.name", false).unwrap();
        let object = json!({"name": "a"});
        assert_eq!(columns.print(&object).out, b"N\na\n");
        assert_eq!(columns.print(&object).out, b"a\n");
    }
}
