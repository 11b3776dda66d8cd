//! Which objects a patch or a replacement is about.
//! Source: kustomize, `api/types/selector.go`.

use machinery::selector::LabelSelector;
use regex::Regex;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Built, fault, resource::Id};

/// Patterns that whole words must fit; those left out fit all.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Selector {
    pub(super) group: String,
    pub(super) version: String,
    pub(super) kind: String,
    pub(super) name: String,
    pub(super) namespace: String,
    #[serde(rename = "annotationSelector")]
    pub(super) annotations: String,
    #[serde(rename = "labelSelector")]
    pub(super) labels: String,
}

/// A selector whose patterns are known to be good.
#[derive(Debug)]
pub(super) struct Test([Option<Regex>; 5]);

impl Selector {
    pub(super) fn compile(&self) -> Built<Test> {
        let pattern = |text: &String| {
            if text.is_empty() {
                return Ok(None);
            }
            let whole = Regex::new(&format!("^(?:{text})$"));
            whole.map(Some).map_err(|_| fault(format!("error parsing regexp: `^(?:{text})$`")))
        };
        Ok(Test([
            pattern(&self.group)?,
            pattern(&self.version)?,
            pattern(&self.kind)?,
            pattern(&self.name)?,
            pattern(&self.namespace)?,
        ]))
    }

    /// Names no kind, name or namespace.
    pub(super) fn names_nothing(&self) -> bool {
        [&self.group, &self.version, &self.kind, &self.name, &self.namespace]
            .iter()
            .all(|text| text.is_empty())
    }

    /// Fits the labels and annotations of an object.
    pub(super) fn fits_metadata(&self, object: &Value) -> Built<bool> {
        let metadata = &object["metadata"];
        Ok(fits(&self.labels, &metadata["labels"])?
            && fits(&self.annotations, &metadata["annotations"])?)
    }
}

fn fits(selector: &str, pairs: &Value) -> Built<bool> {
    if selector.is_empty() {
        return Ok(true);
    }
    let parsed = LabelSelector::parse(selector).map_err(|error| fault(error.to_string()))?;
    Ok(parsed.matches_object(&json!({"metadata": {"labels": pairs}})))
}

impl Test {
    fn part(&self, index: usize, text: &str) -> bool {
        let pattern = self.0.get(index).and_then(Option::as_ref);
        pattern.is_none_or(|pattern| pattern.is_match(text))
    }

    pub(super) fn kind(&self, id: &Id) -> bool {
        self.part(0, &id.group) && self.part(1, &id.version) && self.part(2, &id.kind)
    }

    pub(super) fn name(&self, name: &str) -> bool {
        self.part(3, name)
    }

    pub(super) fn namespace(&self, namespace: &str) -> bool {
        self.part(4, namespace)
    }
}
