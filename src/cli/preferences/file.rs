//! Where the file of preferences is, and what is in it.
//! Source: Kubernetes, `k8s.io/kubectl/pkg/kuberc` and `pkg/config/v1beta1`.

use std::{env, fs, io, path::PathBuf};

use machinery::yaml;
use serde_json::{Value, json};

use crate::report::io_words;

/// The version in which the file is written.
pub(crate) const VERSION: &str = "kubectl.config.k8s.io/v1beta1";
pub(super) const OLD_VERSION: &str = "kubectl.config.k8s.io/v1alpha1";

/// A file of preferences.
pub(crate) struct Place {
    pub(crate) path: PathBuf,
    /// The command line or the environment names it, so that it must be there.
    pub(crate) is_named: bool,
}

/// Where the file is, as the command line, the environment or the home says; `None`: it is off.
///
/// Errors: it is off and named at once.
pub(crate) fn place(given: &str) -> Result<Option<Place>, String> {
    if env::var("KUBECTL_KUBERC").is_ok_and(|text| text.eq_ignore_ascii_case("false")) {
        return Ok(None);
    }
    let variable = env::var("KUBERC").unwrap_or_default();
    if variable == "off" {
        if given.is_empty() {
            return Ok(None);
        }
        let why = "disabling kuberc via KUBERC=off and passing kuberc flag are mutually exclusive";
        return Err(why.to_owned());
    }
    let named = if given.is_empty() { &variable } else { given };
    if !named.is_empty() {
        return Ok(Some(Place { path: named.into(), is_named: true }));
    }
    let home = crate::context::home();
    Ok(home.map(|home| Place { path: home.join(".kube").join("kuberc"), is_named: false }))
}

/// What a file was found to say.
pub(crate) struct Found {
    pub(crate) preference: Value,
    /// Fields that nobody knows.
    pub(crate) strange: Vec<String>,
}

/// What is in the file; `None` where there is nothing in it for us.
///
/// Errors: it cannot be read, or none of its documents is a preference.
pub(crate) fn read(place: &Place) -> Result<Option<Found>, Refusal> {
    let path = place.path.display();
    let text = fs::read_to_string(&place.path).map_err(|error| Refusal {
        is_missing: error.kind() == io::ErrorKind::NotFound,
        words: format!("open {path}: {}", io_words(&error)),
    })?;
    let mut strangers = 0;
    for document in yaml::documents(&text) {
        if document.trim().is_empty() {
            continue;
        }
        let value = yaml::parse(document).unwrap_or_default();
        if crate::confirm::is_ours(&value) || value.is_null() {
            continue;
        }
        let version = value["apiVersion"].as_str().unwrap_or_default();
        let known = value["kind"] == "Preference" && matches!(version, VERSION | OLD_VERSION);
        let preference = if version == OLD_VERSION { renewed(value) } else { value };
        let mut strange = Vec::new();
        if known && PREFERENCE.fits(&preference, "", &mut strange) {
            return Ok(Some(Found { preference, strange }));
        }
        strangers += 1;
    }
    if strangers == 0 {
        return Ok(None);
    }
    let words = format!("no valid preferences found in {path}, use --v=5 to see details");
    Err(Refusal { is_missing: false, words })
}

/// Why a file says nothing.
pub(crate) struct Refusal {
    pub(crate) is_missing: bool,
    pub(crate) words: String,
}

/// The documents of the file that are no preferences, as they are.
pub(crate) fn others(path: &PathBuf) -> Vec<String> {
    let text = fs::read_to_string(path).unwrap_or_default();
    let ours = |one: &&str| yaml::parse(one).is_ok_and(|value| crate::confirm::is_ours(&value));
    yaml::documents(&text).into_iter().filter(ours).map(str::to_owned).collect()
}

/// The file of before in today's words.
pub(super) fn renewed(mut old: Value) -> Value {
    let options = |mut entry: Value| {
        let flags = entry["flags"].take();
        entry["options"] = flags;
        if let Some(fields) = entry.as_object_mut() {
            fields.remove("flags");
        }
        entry
    };
    let each = |list: Value| -> Value {
        let items = list.as_array().cloned().unwrap_or_default();
        items.into_iter().map(options).collect()
    };
    json!({
        "apiVersion": VERSION, "kind": "Preference",
        "defaults": each(old["overrides"].take()), "aliases": each(old["aliases"].take()),
    })
}

/// What a field holds.
enum Shape {
    Text,
    List(&'static Shape),
    Fields(&'static [(&'static str, Shape)]),
}

const OPTIONS: Shape =
    Shape::List(&Shape::Fields(&[("name", Shape::Text), ("default", Shape::Text)]));

const PREFERENCE: Shape = Shape::Fields(&[
    ("apiVersion", Shape::Text),
    ("kind", Shape::Text),
    ("defaults", Shape::List(&Shape::Fields(&[("command", Shape::Text), ("options", OPTIONS)]))),
    (
        "aliases",
        Shape::List(&Shape::Fields(&[
            ("name", Shape::Text),
            ("command", Shape::Text),
            ("prependArgs", Shape::List(&Shape::Text)),
            ("appendArgs", Shape::List(&Shape::Text)),
            ("options", OPTIONS),
        ])),
    ),
    ("credentialPluginPolicy", Shape::Text),
    (
        "credentialPluginAllowlist",
        Shape::List(&Shape::Fields(&[("name", Shape::Text), ("command", Shape::Text)])),
    ),
]);

impl Shape {
    /// Whether a value has this shape; adds the fields that nobody knows.
    fn fits(&self, value: &Value, path: &str, strange: &mut Vec<String>) -> bool {
        match (self, value) {
            (_, Value::Null) | (Self::Text, Value::String(_)) => true,
            (Self::List(of), Value::Array(items)) => items
                .iter()
                .enumerate()
                .all(|(at, item)| of.fits(item, &format!("{path}[{at}]"), strange)),
            (Self::Fields(fields), Value::Object(map)) => map.iter().all(|(key, value)| {
                let dot = if path.is_empty() { "" } else { "." };
                let path = format!("{path}{dot}{key}");
                let known = fields.iter().find(|(field, _)| field == key);
                if known.is_none() {
                    strange.push(format!("unknown field {path:?}"));
                }
                known.is_none_or(|(_, shape)| shape.fits(value, &path, strange))
            }),
            _ => false,
        }
    }
}
