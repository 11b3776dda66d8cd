//! What is wrong with a field: path, reason and words, as `k8s.io/apimachinery` field errors.

use std::fmt;

use serde_json::{Value, json};

/// The road to a field, as Kubernetes writes it: `spec.containers[0].name`, `data[key]`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Path(String);

impl Path {
    /// A road that starts at `name`.
    pub fn new(name: &str) -> Self {
        Self(name.to_owned())
    }

    /// The field `name` of the object here.
    #[must_use]
    pub fn child(&self, name: &str) -> Self {
        if self.0.is_empty() { Self(name.to_owned()) } else { Self(format!("{}.{name}", self.0)) }
    }

    /// The item `index` of the list here.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        Self(format!("{}[{index}]", self.0))
    }

    /// The entry `key` of the map here.
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        Self(format!("{}[{key}]", self.0))
    }
}

impl fmt::Display for Path {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// The reasons of `metav1.StatusCause`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The value breaks a rule.
    Invalid,
    /// There is no value where one must be.
    Required,
    /// The value is not one of those supported.
    NotSupported,
    /// Something else has the value already.
    Duplicate,
    /// The field must not be set so here.
    Forbidden,
    /// What the value names does not exist.
    NotFound,
    /// There are too many items.
    TooMany,
    /// The value is too long.
    TooLong,
    /// The value has the wrong type.
    TypeInvalid,
    /// Something went wrong that is nobody's fault but the server's.
    Internal,
}

impl Reason {
    /// The word in `causes[].reason`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Invalid => "FieldValueInvalid",
            Self::Required => "FieldValueRequired",
            Self::NotSupported => "FieldValueNotSupported",
            Self::Duplicate => "FieldValueDuplicate",
            Self::Forbidden => "FieldValueForbidden",
            Self::NotFound => "FieldValueNotFound",
            Self::TooMany => "FieldValueTooMany",
            Self::TooLong => "FieldValueTooLong",
            Self::TypeInvalid => "FieldValueTypeInvalid",
            Self::Internal => "InternalError",
        }
    }
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// Where.
    pub path: Path,
    /// What.
    pub reason: Reason,
    /// The words after the path.
    pub message: String,
}

impl fmt::Display for FieldError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.path, self.message)
    }
}

/// Everything that is wrong with an object, in the order found.
#[derive(Debug, Clone, Default)]
pub struct Errors(Vec<FieldError>);

impl Errors {
    /// Tells whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The errors in the order found.
    pub fn iter(&self) -> impl Iterator<Item = &FieldError> {
        self.0.iter()
    }

    /// Adds all of `other`.
    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    fn push(&mut self, path: &Path, reason: Reason, message: String) {
        self.0.push(FieldError { path: path.clone(), reason, message });
    }

    /// The value breaks a rule; `why` says which.
    pub fn invalid(&mut self, path: &Path, value: &Value, why: impl AsRef<str>) {
        let message = format!("Invalid value: {}: {}", shown(value), why.as_ref());
        self.push(path, Reason::Invalid, message);
    }

    /// The value breaks a rule; it is shown as it is given here.
    pub fn invalid_shown(&mut self, path: &Path, shown: &str, why: impl AsRef<str>) {
        let why = why.as_ref();
        let end = if why.is_empty() { String::new() } else { format!(": {why}") };
        self.push(path, Reason::Invalid, format!("Invalid value: {shown}{end}"));
    }

    /// The value breaks a rule and is too large to be shown.
    pub fn invalid_unshown(&mut self, path: &Path, why: &str) {
        self.push(path, Reason::Invalid, format!("Invalid value: {why}"));
    }

    /// Another item has the value already, which is too large to be shown.
    pub fn duplicate_unshown(&mut self, path: &Path) {
        self.push(path, Reason::Duplicate, "Duplicate value".into());
    }

    /// Something went wrong that is the server's fault.
    pub fn internal(&mut self, path: &Path, why: &str) {
        self.push(path, Reason::Internal, format!("Internal error: {why}"));
    }

    /// There is no value where one must be.
    pub fn required(&mut self, path: &Path, why: &str) {
        let message =
            if why.is_empty() { "Required value".into() } else { format!("Required value: {why}") };
        self.push(path, Reason::Required, message);
    }

    /// The value is not one of `supported`.
    pub fn not_supported(&mut self, path: &Path, value: &Value, supported: &[&str]) {
        self.not_supported_shown(path, &shown(value), supported);
    }

    /// The value is not one of `supported`; it is shown as it is given here.
    pub fn not_supported_shown(&mut self, path: &Path, shown: &str, supported: &[&str]) {
        let list: Vec<_> = supported.iter().map(|word| format!("{word:?}")).collect();
        let message = format!("Unsupported value: {shown}: supported values: {}", list.join(", "));
        self.push(path, Reason::NotSupported, message);
    }

    /// Another item has the value already.
    pub fn duplicate(&mut self, path: &Path, value: &Value) {
        self.duplicate_shown(path, &shown(value));
    }

    /// Another item has the value already; it is shown as it is given here.
    pub fn duplicate_shown(&mut self, path: &Path, shown: &str) {
        self.push(path, Reason::Duplicate, format!("Duplicate value: {shown}"));
    }

    /// The field must not be set so here.
    pub fn forbidden(&mut self, path: &Path, why: &str) {
        self.push(path, Reason::Forbidden, format!("Forbidden: {why}"));
    }

    /// What the value names does not exist.
    pub fn not_found(&mut self, path: &Path, value: &Value) {
        self.push(path, Reason::NotFound, format!("Not found: {}", shown(value)));
    }

    /// What the value names does not exist; `why` says where it was looked for.
    pub fn not_found_because(&mut self, path: &Path, value: &Value, why: &str) {
        self.push(path, Reason::NotFound, format!("Not found: {}: {why}", shown(value)));
    }

    /// The value has more than `max` bytes.
    pub fn too_long(&mut self, path: &Path, max: usize) {
        let unit = if max == 1 { "byte" } else { "bytes" };
        self.push(path, Reason::TooLong, format!("Too long: may not be more than {max} {unit}"));
    }

    /// The value has the wrong type; `why` says all.
    pub fn type_invalid(&mut self, path: &Path, value: &Value, why: impl AsRef<str>) {
        let message = format!("Invalid value: {}: {}", shown(value), why.as_ref());
        self.push(path, Reason::TypeInvalid, message);
    }

    /// The list has `count` items and may have `max`.
    pub fn too_many(&mut self, path: &Path, count: usize, max: usize) {
        let unit = if max == 1 { "item" } else { "items" };
        let message = format!("Too many: {count}: must have at most {max} {unit}");
        self.push(path, Reason::TooMany, message);
    }

    /// The value changed and may not.
    pub fn immutable(&mut self, path: &Path, value: &Value) {
        self.invalid(path, value, "field is immutable");
    }

    /// The list as `Status.message` shows it: one alone, several in brackets, repeats left out.
    pub fn sentence(&self) -> String {
        let mut words: Vec<String> = Vec::new();
        for error in &self.0 {
            let word = error.to_string();
            if !words.contains(&word) {
                words.push(word);
            }
        }
        match words.as_slice() {
            [one] => one.clone(),
            several => format!("[{}]", several.join(", ")),
        }
    }

    /// The list as `Status.details.causes`.
    pub fn causes(&self) -> Vec<Value> {
        self.0
            .iter()
            .map(|error| {
                json!({
                    "reason": error.reason.word(),
                    "message": error.message,
                    "field": error.path.to_string(),
                })
            })
            .collect()
    }
}

/// A value as Go's `%#v`-like field errors quote it: strings in quotes, the rest as JSON.
fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => go_quoted(text),
        other => other.to_string(),
    }
}

/// A string in Go's `%q`.
pub fn go_quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\u{b}' => out.push_str("\\v"),
            '\u{c}' => out.push_str("\\f"),
            control if (control as u32) < 0x20 || control as u32 == 0x7f => {
                out.extend(format!("\\x{:02x}", control as u32).chars());
            }
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_speak_as_kubernetes() {
        let spec = Path::new("spec");
        let mut errors = Errors::default();
        errors.required(&spec.child("containers"), "");
        assert_eq!(errors.sentence(), "spec.containers: Required value");
        errors.not_supported(&spec.child("type"), &json!("X"), &["A", "B"]);
        errors.invalid(&spec.child("ports").index(0).child("port"), &json!(0), "too small");
        assert_eq!(
            errors.sentence(),
            "[spec.containers: Required value, spec.type: Unsupported value: \"X\": supported \
             values: \"A\", \"B\", spec.ports[0].port: Invalid value: 0: too small]"
        );
        assert_eq!(errors.causes()[0]["reason"], "FieldValueRequired");
    }
}
