//! A page in the making: lines with tabs between cells, aligned at the end.

use serde_json::Value;

use crate::{print::TabWriter, verbs::LAST_APPLIED};

/// Longer annotations stand in lines of their own.
const LONGEST_ANNOTATION: usize = 140;

/// Lines so far.
#[derive(Debug, Default)]
pub(super) struct Page(String);

impl Page {
    /// Adds a line, indented by two blanks a level.
    pub(super) fn line(&mut self, level: usize, text: impl AsRef<str>) {
        (0..level).for_each(|_| self.0.push_str("  "));
        self.0.push_str(text.as_ref());
        self.0.push('\n');
    }

    /// Adds `Title:` and a value.
    pub(super) fn field(&mut self, level: usize, title: &str, value: impl AsRef<str>) {
        self.line(level, format!("{title}:\t{}", value.as_ref()));
    }

    /// Adds `Title:` and text of the object; empty where it has none.
    pub(super) fn text(&mut self, level: usize, title: &str, value: &Value) {
        self.field(level, title, shown(value));
    }

    /// Adds text as it is.
    pub(super) fn raw(&mut self, text: &str) {
        self.0.push_str(text);
    }

    /// `Title:` and pairs `key=value`, one a line.
    pub(super) fn labels(&mut self, title: &str, labels: &Value) {
        let pairs = pairs(labels);
        self.multi(title, pairs.iter().map(|(k, v)| format!("{k}={v}")).collect());
    }

    /// `Title:` and lines; `<none>` without any.
    pub(super) fn multi(&mut self, title: &str, lines: Vec<String>) {
        let mut lines = lines.into_iter();
        let first = lines.next().unwrap_or_else(|| "<none>".to_owned());
        self.field(0, title, first);
        for line in lines {
            self.line(0, format!("\t{line}"));
        }
    }

    /// `Title:` and annotations, without what `apply` keeps there.
    pub(super) fn annotations(&mut self, title: &str, annotations: &Value) {
        let mut shown = pairs(annotations);
        shown.retain(|(key, _)| key != LAST_APPLIED);
        if shown.is_empty() {
            return self.field(0, title, "<none>");
        }
        for (at, (key, value)) in shown.iter().enumerate() {
            let start = if at == 0 { format!("{title}:\t") } else { "\t".to_owned() };
            let value = value.strip_suffix('\n').unwrap_or(value);
            if value.contains('\n') || key.len() + value.len() + 2 > LONGEST_ANNOTATION {
                self.line(0, format!("{start}{key}:"));
                for line in value.split('\n') {
                    self.line(0, format!("\t  {}", shorten(line, LONGEST_ANNOTATION - 2)));
                }
            } else {
                self.line(0, format!("{start}{key}: {value}"));
            }
        }
    }

    /// Name, namespace (where there is one), labels and annotations.
    pub(super) fn head(&mut self, object: &Value) {
        let metadata = &object["metadata"];
        self.text(0, "Name", &metadata["name"]);
        if metadata["namespace"].is_string() {
            self.text(0, "Namespace", &metadata["namespace"]);
        }
        self.labels("Labels", &metadata["labels"]);
        self.annotations("Annotations", &metadata["annotations"]);
    }

    /// The lines as they are, tabs in them.
    pub(super) fn into_raw(self) -> String {
        self.0
    }

    /// The aligned page.
    pub(super) fn finish(self) -> String {
        let mut out = TabWriter::describe();
        out.write(&self.0);
        out.finish()
    }
}

fn shorten(text: &str, longest: usize) -> String {
    if text.chars().count() <= longest {
        return text.to_owned();
    }
    let kept: String = text.chars().take(longest).collect();
    format!("{kept}...")
}

/// The pairs of an object, values as text.
pub(super) fn pairs(object: &Value) -> Vec<(String, String)> {
    let entries = object.as_object().into_iter().flatten();
    entries.map(|(key, value)| (key.clone(), shown(value))).collect()
}

/// A value as Go prints it.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Array(list) => {
            format!("[{}]", list.iter().map(shown).collect::<Vec<_>>().join(" "))
        }
        Value::Object(_) => {
            let pairs: Vec<String> = pairs(value).iter().map(|(k, v)| format!("{k}:{v}")).collect();
            format!("map[{}]", pairs.join(" "))
        }
    }
}

/// Items of a list; none where there is no list.
pub(super) fn items(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

/// A time as describe shows it (RFC 1123 with a numeric zone).
pub(super) fn time(value: &Value) -> String {
    let Some(text) = value.as_str() else { return String::new() };
    match text.parse::<jiff::Timestamp>() {
        Ok(time) => {
            let local = time.to_zoned(jiff::tz::TimeZone::system());
            local.strftime("%a, %d %b %Y %H:%M:%S %z").to_string()
        }
        Err(_) => text.to_owned(),
    }
}

/// `True` or `False`.
pub(super) fn title_bool(flag: bool) -> &'static str {
    if flag { "True" } else { "False" }
}

/// The first owner that controls an object, as `Kind/name`.
pub(super) fn controller(object: &Value) -> Option<String> {
    let owners = items(&object["metadata"]["ownerReferences"]);
    let owner = owners.iter().find(|owner| owner["controller"] == true)?;
    Some(format!("{}/{}", shown(&owner["kind"]), shown(&owner["name"])))
}
