//! What only kinds that users define have.

use std::{fmt, sync::Arc};

use serde_json::Value;

use super::Validate;
use crate::structural::Structure;

/// A webhook that converts a custom resource's objects between its versions.
#[derive(Debug, Clone)]
pub struct Conversion {
    /// Where it is: a `WebhookClientConfig`.
    pub client: Value,
    /// The version of reviews that both it and this server read.
    pub review_version: Option<String>,
    /// The API version in which objects are stored.
    pub stored: String,
}

/// What only kinds that users define have.
#[derive(Debug)]
pub struct Custom {
    /// The name of the `CustomResourceDefinition`.
    pub definition: String,
    /// Every version of the definition, served or not.
    pub versions: Vec<String>,
    /// The schema of its objects.
    pub structure: Arc<Structure>,
    /// Whether nothing may be created any more, because the definition is being deleted.
    pub ending: bool,
    /// The webhook that converts between versions; `None`: nothing but the version differs.
    pub conversion: Option<Conversion>,
    /// What must hold of an object beyond its structure, whichever part of it changes.
    pub rules: Rules,
}

/// A check that is made at run time.
pub struct Rules(pub Validate);

impl fmt::Debug for Rules {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Rules")
    }
}
