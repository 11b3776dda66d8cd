//! Custom columns: `NAME:.metadata.name,...`, or a file with headers over paths.

use serde_json::Value;

use super::{JsonPath, TabWriter, text_of};
use crate::report::{CliError, io_words};

/// Columns, read.
#[derive(Debug)]
pub(crate) struct Columns {
    columns: Vec<(String, JsonPath)>,
    no_headers: bool,
}

impl Columns {
    /// Reads the argument of `custom-columns` or `custom-columns-file`.
    pub(crate) fn parse(format: &str, argument: &str, no_headers: bool) -> Result<Self, CliError> {
        if argument.is_empty() {
            let text = "custom-columns format specified but no custom columns given";
            return Err(CliError::plain(text));
        }
        let pairs =
            if format.ends_with("file") { from_file(argument)? } else { from_words(argument)? };
        let columns = pairs
            .into_iter()
            .map(|(header, path)| Ok((header, JsonPath::relaxed(&path)?)))
            .collect::<Result<_, CliError>>()?;
        Ok(Self { columns, no_headers })
    }

    /// Prints an object, or each of a list.
    pub(crate) fn print(&self, object: &Value) -> Result<String, CliError> {
        let mut out = TabWriter::table();
        if !self.no_headers {
            let headers: Vec<&str> =
                self.columns.iter().map(|(header, _)| header.as_str()).collect();
            out.write(&headers.join("\t"));
            out.write("\n");
        }
        match object["items"].as_array() {
            Some(items) => items.iter().try_for_each(|item| self.row(&mut out, item))?,
            None => self.row(&mut out, object)?,
        }
        Ok(out.finish())
    }

    fn row(&self, out: &mut TabWriter, object: &Value) -> Result<(), CliError> {
        let mut cells = Vec::new();
        for (_, path) in &self.columns {
            let found = path.find(object).map_err(CliError::plain)?;
            let texts: Vec<String> = found
                .iter()
                .map(|found| match found.get() {
                    Value::Null => "<none>".to_owned(),
                    value => text_of(value),
                })
                .collect();
            cells.push(if texts.is_empty() { "<none>".to_owned() } else { texts.join(",") });
        }
        out.write(&cells.join("\t"));
        out.write("\n");
        Ok(())
    }
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
    let words = |line: Option<&str>| -> Vec<String> {
        line.unwrap_or_default().split_whitespace().map(str::to_owned).collect()
    };
    let (headers, paths) = (words(lines.next()), words(lines.next()));
    if headers.is_empty() || headers.len() != paths.len() {
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

    #[test]
    fn columns_are_filled_from_paths() {
        let columns = Columns::parse("custom-columns", "N:.name,I:.c[*].i,X:.x", false).unwrap();
        let list = json!({"items": [{"name": "a", "c": [{"i": 1}, {"i": 2}]}]});
        assert_eq!(columns.print(&list).unwrap(), "N     I     X\na     1,2   <none>\n");
        assert!(Columns::parse("custom-columns", "bad", false).is_err());
    }
}
