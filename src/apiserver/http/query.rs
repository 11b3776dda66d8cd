//! The options of a request, as its query string gives them.

use std::num::{IntErrorKind, ParseIntError};

use machinery::status::Status;

/// A parsed query string; later values of one key are kept too.
#[derive(Debug, Clone, Default)]
pub(crate) struct Query(Vec<(String, String)>);

impl Query {
    /// Reads a query string; nothing in it is refused here.
    pub(crate) fn parse(text: &str) -> Self {
        // A pair that is escaped wrongly is passed over, as Go does.
        let pairs = text.split('&').filter(|pair| is_escaped_well(pair));
        let pairs = pairs.flat_map(|pair| form_urlencoded::parse(pair.as_bytes()).into_owned());
        Self(pairs.collect())
    }

    /// The first value of `key`; empty where there is none.
    pub(crate) fn text(&self, key: &str) -> &str {
        self.0.iter().find(|(name, _)| name == key).map_or("", |(_, value)| value)
    }

    /// All values of `key`.
    pub(crate) fn all<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    /// All keys and values.
    pub(crate) fn pairs(&self) -> &[(String, String)] {
        &self.0
    }

    /// The query with these pairs in the place of all that have one of the names.
    pub(crate) fn replaced(&self, names: &[&str], pairs: Vec<(String, String)>) -> Self {
        let others = self.0.iter().filter(|(name, _)| !names.contains(&name.as_str())).cloned();
        Self(others.chain(pairs).collect())
    }

    /// Tells whether `key` is there and not false, as Go converts booleans of queries.
    pub(crate) fn flag(&self, key: &str) -> bool {
        let found = self.0.iter().find(|(name, _)| name == key);
        found.is_some_and(|(_, value)| !matches!(value.to_lowercase().as_str(), "false" | "0"))
    }

    /// The number under `key`. Errors: it is none, as an empty word is none.
    pub(crate) fn number(&self, key: &str) -> Result<Option<i64>, Status> {
        let Some(text) = self.all(key).next() else { return Ok(None) };
        text.parse().map(Some).map_err(|error: ParseIntError| {
            let why = match error.kind() {
                IntErrorKind::PosOverflow | IntErrorKind::NegOverflow => "value out of range",
                _ => "invalid syntax",
            };
            let text = machinery::field::go_quoted(text);
            Status::bad_request(format!("strconv.ParseInt: parsing {text}: {why}"))
        })
    }

    /// Tells whether nothing is to be kept: the word for it is checked with the request's options.
    pub(crate) fn dry_run(&self) -> bool {
        self.all("dryRun").next().is_some()
    }
}

/// Tells whether every percent sign stands before two hexadecimal digits.
fn is_escaped_well(text: &str) -> bool {
    text.split('%').skip(1).all(|rest| {
        let mut digits = rest.bytes().take(2);
        let two = [digits.next(), digits.next()];
        two.iter().all(|digit| digit.is_some_and(|digit| digit.is_ascii_hexdigit()))
    })
}
