//! What generic code asks of a kind.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;

use super::{Change, Kind, Piece, Scope};
use crate::{column, field::Errors, schema::Schema, status::Resource};

impl Kind {
    /// `apps/v1`, `v1`.
    pub fn api_version(&self) -> String {
        if self.group.is_empty() {
            self.version.clone()
        } else {
            format!("{}/{}", self.group, self.version)
        }
    }

    /// The resource as error texts name it.
    pub fn resource(&self) -> Resource<'_> {
        Resource { group: &self.group, name: &self.plural }
    }

    /// The kind as error texts name it: as what is stored, whichever alias was asked for.
    pub fn group_kind(&self) -> Resource<'_> {
        Resource { group: &self.storage.0, name: &self.kind }
    }

    /// Tells whether objects live in namespaces.
    pub fn is_namespaced(&self) -> bool {
        self.scope == Scope::Namespaced
    }

    /// The schema; built at its first use.
    pub fn schema(&self) -> Arc<Schema> {
        (self.schema)()
    }

    /// Tells whether the stored form differs from the served one.
    pub fn is_converted(&self) -> bool {
        self.to_stored.is_some()
    }

    /// Turns a served object into its stored form.
    pub fn store_form(&self, object: &mut Value) {
        if let Some(convert) = &self.to_stored {
            convert(object);
        }
    }

    /// Turns a stored object into its served form.
    pub fn served_form(&self, object: &mut Value) {
        if let Some(convert) = &self.from_stored {
            convert(object);
        }
    }

    /// The kind's OpenAPI name and definitions. Cost: builds them anew.
    pub fn documents(&self) -> (String, serde_json::Map<String, Value>) {
        self.documents.as_ref().map(|documents| documents()).unwrap_or_default()
    }

    /// The columns as a table shows them. Cost: reads the definitions at the first call.
    pub fn column_definitions(&self) -> &[Value] {
        self.column_definitions.get_or_init(|| {
            if let Some(own) = &self.own_columns {
                return own.clone();
            }
            let explanations = self.explanations.map(|explanations| explanations());
            let explanations = explanations.unwrap_or_else(|| self.documents().1);
            column::definitions(self.columns, &explanations)
        })
    }

    /// Fills in what the user left out.
    pub fn fill_defaults(&self, object: &mut Value) {
        for fill in &self.defaults {
            fill(object);
        }
    }

    /// Resets what users may not set.
    pub fn prepare_write(&self, object: &mut Value, old: Option<&Value>) {
        for reset in &self.prepare {
            reset(object, old);
        }
    }

    /// Checks the object by the kind's rules.
    pub fn check(&self, change: &Change<'_>, errors: &mut Errors) {
        for check in &self.validate {
            check(change, errors);
        }
    }

    /// Checks a status that was written by the kind's rules.
    pub fn check_status(&self, change: &Change<'_>, errors: &mut Errors) {
        for check in &self.validate_status {
            check(change, errors);
        }
    }

    /// What is accepted and unwise about the object.
    pub fn warnings(&self, change: &Change<'_>) -> Vec<String> {
        self.warnings.iter().flat_map(|warn| warn(change)).collect()
    }

    /// The object's row as of `now`, if the kind has a table of its own.
    pub fn cells(&self, object: &Value, now: Timestamp) -> Option<Vec<Value>> {
        self.cells.as_ref().map(|cells| cells(object, now))
    }

    /// What is remarkable of the object's row.
    pub fn row_conditions(&self, object: &Value) -> Option<Value> {
        self.row_conditions.and_then(|marks| marks(object))
    }

    /// Tells whether field selectors may ask for more than name and namespace.
    pub fn has_selectable_fields(&self) -> bool {
        !self.selectable.is_empty()
    }

    /// The value of a selectable field; `None` where the kind does not know it.
    pub fn field_value(&self, object: &Value, field: &str) -> Option<String> {
        match field {
            "metadata.name" => return Some(crate::meta::name(object).to_owned()),
            "metadata.namespace" if self.is_namespaced() => {
                return Some(crate::meta::namespace(object).to_owned());
            }
            _ => {}
        }
        let (_, value) = self.selectable.iter().find(|(name, _)| *name == field)?;
        Some(value(object))
    }

    /// The part of the object that a subresource is.
    pub fn piece(&self, subresource: &str) -> Option<Piece> {
        self.subresources.iter().find(|one| one.name == subresource)?.piece
    }
}
