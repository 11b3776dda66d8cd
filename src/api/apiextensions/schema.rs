//! Whether a version's schema is one that Kubernetes takes.
//! Source: `ValidateCustomResourceDefinitionOpenAPISchema` of
//! `pkg/apis/apiextensions/validation/validation.go`.

use machinery::{
    field::{Errors, Path},
    meta,
};
use serde_json::{Value, json};

use super::{
    defaults,
    internal::{fields_of, shown_schema},
    lists,
    rules::{self, Costs},
    structural::{self, flag, listed, named, one, text},
};

/// What an update may leave as it was, because it was so before.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each is a rule that Kubernetes came to have")]
pub(super) struct Options<'a> {
    pub(super) valid_types: bool,
    pub(super) structural: bool,
    pub(super) pruned_defaults: bool,
    pub(super) atomic_sets: bool,
    pub(super) map_keys: bool,
    /// The definition as it is; schemas that stay as they are may cost more.
    pub(super) old: Option<&'a Value>,
}

/// Fields that the root may have where the status is a subresource.
const AT_ROOT: [&str; 22] = [
    "Description",
    "Type",
    "Format",
    "Title",
    "Maximum",
    "ExclusiveMaximum",
    "Minimum",
    "ExclusiveMinimum",
    "MaxLength",
    "MinLength",
    "Pattern",
    "MaxItems",
    "MinItems",
    "UniqueItems",
    "MultipleOf",
    "Required",
    "Items",
    "Properties",
    "ExternalDocs",
    "Example",
    "XPreserveUnknownFields",
    "XValidations",
];
const TYPES: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];

/// Checks a schema, `at` the place of its `openAPIV3Schema`.
pub(super) fn check(
    schema: &Value,
    status: bool,
    options: Options<'_>,
    at: &Path,
    errors: &mut Errors,
) {
    let mut found = Errors::default();
    if status {
        root_fields(schema, at, &mut found);
    }
    if flag(schema, "nullable") {
        found.forbidden(&at.child("nullable"), "nullable cannot be true at the root");
    }
    let mut well_formed = options.structural;
    if options.structural {
        let mut wrong = Errors::default();
        if unsupported(schema).is_none() {
            structural::check(schema, at, &mut wrong);
            if wrong.is_empty() {
                defaults::check(schema, options.pruned_defaults, at, &mut wrong);
            }
        } else {
            well_formed = false;
        }
        well_formed &= wrong.is_empty();
        found.extend(wrong);
    }
    let mut costs = Costs::default();
    let versions = options.old.map(|old| meta::items(old, "/spec/versions")).unwrap_or_default();
    let stays = |version: &Value| version.pointer("/schema/openAPIV3Schema") == Some(schema);
    let limited = !versions.iter().any(stays);
    let mut walk = Walk { options, limited, costs: &mut costs, rules: Errors::default() };
    let mut wrong = Errors::default();
    let place = Place { compiles: well_formed, ..Place::root() };
    walk.schema(schema, &place, at, &mut wrong);
    found.extend(wrong);
    found.extend(walk.rules);
    if found.is_empty()
        && options.structural
        && let Some(why) = unsupported(schema)
    {
        found.invalid(at, &"".into(), why);
    }
    costs.check(at, &mut found);
    errors.extend(found);
}

fn root_fields(schema: &Value, at: &Path, errors: &mut Errors) {
    for name in fields_of(schema) {
        let kind = text(schema, "type");
        if name == "Type" && kind != "object" {
            let why = "only \"object\" is allowed as the type at the root of the schema if the \
                       status subresource is enabled";
            return errors.invalid(&at.child("type"), &kind.into(), why);
        }
        if !AT_ROOT.contains(&name) {
            let why = format!(
                "only [{}] fields are allowed at the root of the schema if the status subresource \
                 is enabled",
                AT_ROOT.join(" ")
            );
            return errors.invalid_shown(at, &shown_schema(schema), why);
        }
    }
}

/// The first field anywhere that no structure can have.
fn unsupported(schema: &Value) -> Option<String> {
    let mut found = None;
    structural::every(schema, &mut |schema| {
        if found.is_some() {
            return;
        }
        for key in ["id", "schema", "$ref"] {
            let name = if key == "schema" { "$schema" } else { key };
            if !text(schema, name).is_empty() {
                found = Some(format!("OpenAPIV3Schema '{key}' is not supported"));
                return;
            }
        }
        for key in ["patternProperties", "dependencies", "additionalItems", "definitions"] {
            let empty = |it: &Value| it.as_object().is_some_and(serde_json::Map::is_empty);
            let given = schema.get(key).filter(|it| key == "additionalItems" || !empty(it));
            if given.is_some_and(|it| !it.is_null()) {
                found = Some(format!("OpenAPIV3Schema '{key}' is not supported"));
                return;
            }
        }
        if schema.get("items").is_some_and(Value::is_array) {
            found = Some("OpenAPIV3Schema 'items' must be a schema, but is an array".into());
        } else if schema.get(PRESERVES) == Some(&false.into()) {
            found = Some(format!("internal error: '{PRESERVES}' must be true or undefined"));
        }
    });
    found
}

const PRESERVES: &str = "x-kubernetes-preserve-unknown-fields";

/// Where a schema stands, as far as the rules ask.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) root: bool,
    /// Why defaults may not stand here.
    no_defaults: Option<String>,
    in_metadata: bool,
    /// The list whose items cannot be told apart over time.
    pub(super) uncorrelatable: Option<Path>,
    /// Whether rules are compiled here.
    pub(super) compiles: bool,
    /// How often a value of this schema can be in one object; `None`: unbounded.
    pub(super) cardinality: Option<u64>,
}

impl Place {
    fn root() -> Self {
        Self {
            root: true,
            no_defaults: None,
            in_metadata: false,
            uncorrelatable: None,
            compiles: true,
            cardinality: Some(1),
        }
    }

    fn below(&self) -> Self {
        Self { root: false, ..self.clone() }
    }

    /// Inside of a junctor no rule is compiled.
    fn junctor(&self) -> Self {
        Self { compiles: false, ..self.below() }
    }

    fn uncorrelatable(mut self, path: &Path) -> Self {
        self.uncorrelatable.get_or_insert_with(|| path.clone());
        self
    }

    /// Below something that `most` may be of.
    fn many(mut self, most: Option<u64>) -> Self {
        self.cardinality = self.cardinality.zip(most).map(|(here, most)| here.saturating_mul(most));
        self
    }
}

struct Walk<'a> {
    options: Options<'a>,
    /// Whether each rule's cost is limited.
    limited: bool,
    costs: &'a mut Costs,
    /// Errors of rules, which Kubernetes tells after all others.
    rules: Errors,
}

impl Walk<'_> {
    fn schema(&mut self, schema: &Value, place: &Place, at: &Path, errors: &mut Errors) {
        let mut own = Errors::default();
        self.standard(schema, place, at, &mut own);
        if flag(schema, "uniqueItems") {
            let why = "uniqueItems cannot be set to true since the runtime complexity becomes \
                       quadratic";
            own.forbidden(&at.child("uniqueItems"), why);
        }
        self.fields(schema, place, at, &mut own);
        self.junctors(schema, place, at, &mut own);
        self.items(schema, place, at, &mut own);
        if schema.get(PRESERVES) == Some(&false.into()) {
            own.invalid(&at.child(PRESERVES), &false.into(), "must be true or undefined");
        }
        lists::check(schema, self.options.atomic_sets, at, &mut own);
        if self.options.map_keys {
            lists::check_keys(schema, at, &mut own);
        }
        rules::check_words(schema, at, &mut own);
        if own.is_empty() && place.compiles {
            let mut seen = rules::Seen { costs: self.costs, limited: self.limited, place };
            seen.compile(schema, at, &mut self.rules);
        }
        errors.extend(own);
    }

    fn standard(&self, schema: &Value, place: &Place, at: &Path, errors: &mut Errors) {
        let kind = text(schema, "type");
        if self.options.valid_types && !kind.is_empty() && !TYPES.contains(&kind) {
            errors.not_supported(&at.child("type"), &kind.into(), &TYPES);
        }
        if let (Some(why), Some(_)) =
            (&place.no_defaults, schema.get("default").filter(|it| !it.is_null()))
        {
            errors.forbidden(&at.child("default"), &format!("must not be set {why}"));
        }
        let given = |key: &str| match schema.get(key) {
            None | Some(Value::Null) => false,
            Some(Value::String(text)) => key == "$ref" || !text.is_empty(),
            Some(Value::Object(fields)) => {
                !matches!(key, "patternProperties" | "definitions") || !fields.is_empty()
            }
            Some(_) => true,
        };
        for key in
            ["id", "additionalItems", "patternProperties", "definitions", "dependencies", "$ref"]
        {
            if given(key) {
                errors.forbidden(&at.child(key), &format!("{key} is not supported"));
            }
        }
        if kind == "null" {
            let why = "type cannot be set to null, use nullable as an alternative";
            errors.forbidden(&at.child("type"), why);
        }
        if !listed(schema, "items").is_empty() {
            errors.forbidden(&at.child("items"), "items must be a schema object and not an array");
        }
        let embedded = "x-kubernetes-embedded-resource";
        if place.in_metadata && flag(schema, embedded) {
            errors.forbidden(&at.child(embedded), "must not be used inside of resource meta");
        }
    }

    fn fields(&mut self, schema: &Value, place: &Place, at: &Path, errors: &mut Errors) {
        let most = rules::most_entries(schema);
        if let Some(additional) = schema.get("additionalProperties").filter(|it| !it.is_null()) {
            let path = at.child("additionalProperties");
            if named(schema, "properties").next().is_some() && *additional != json!(true) {
                let why = "additionalProperties and properties are mutual exclusive";
                errors.forbidden(&path, why);
            }
            let mut below = place.below().many(most);
            if place.in_metadata {
                below.no_defaults =
                    Some("inside additionalProperties applying to object metadata".into());
            }
            if additional.is_object() {
                self.schema(additional, &below, &path, errors);
            }
        }
        let embedded = flag(schema, "x-kubernetes-embedded-resource");
        for (name, property) in named(schema, "properties") {
            let mut below = place.below().many(most);
            // What is replaced as a whole cannot be told apart over time.
            if !matches!(text(schema, "x-kubernetes-map-type"), "" | "granular") {
                below = below.uncorrelatable(at);
            }
            let of_resource = matches!(name.as_str(), "metadata" | "kind" | "apiVersion");
            if (place.root || embedded) && of_resource {
                below.in_metadata = true;
                if place.root {
                    below.no_defaults = Some(format!("in top-level {name}"));
                }
            }
            self.schema(property, &below, &at.child("properties").key(name), errors);
        }
    }

    fn junctors(&mut self, schema: &Value, place: &Place, at: &Path, errors: &mut Errors) {
        let below = place.junctor();
        if let Some(not) = one(schema, "not") {
            self.schema(not, &below, &at.child("not"), errors);
        }
        for key in ["allOf", "oneOf", "anyOf"] {
            for (index, each) in listed(schema, key).iter().enumerate() {
                self.schema(each, &below, &at.child(key).index(index), errors);
            }
        }
        for key in ["definitions", "dependencies"] {
            for (name, each) in named(schema, key).filter(|(_, each)| each.is_object()) {
                self.schema(each, &below, &at.child(key).key(name), errors);
            }
        }
    }

    fn items(&mut self, schema: &Value, place: &Place, at: &Path, errors: &mut Errors) {
        let Some(items) = schema.get("items") else { return };
        let most = rules::most_entries(schema);
        let mut below = place.below().many(most);
        if text(schema, "x-kubernetes-list-type") != "map" {
            below = below.uncorrelatable(at);
        }
        let at = at.child("items");
        match items {
            Value::Object(_) => self.schema(items, &below, &at, errors),
            Value::Array(all) => {
                for (index, each) in all.iter().enumerate() {
                    self.schema(each, &below, &at.index(index), errors);
                }
            }
            _ => {}
        }
    }
}
