//! Definitions as the server's OpenAPI documents show them: the types' schemas, and the facts that
//! types do not say, namely defaults, words, and how lists and maps merge.
//! Source: kube-openapi's `pkg/generators`, and the tags of the Kubernetes API packages.

mod rows;
mod words;

use machinery::schema::ListFact;
use serde_json::{Map, Value, json};

use crate::facts::FACTS;

/// Fields that patches merge in a way of their own: the end of the definition's name, field, way.
const STRATEGIES: &[(&str, &str, &str)] = &[
    ("apps.v1.DeploymentSpec", "strategy", "retainKeys"),
    ("core.v1.PodSpec", "resourceClaims", "merge,retainKeys"),
    ("core.v1.PodSpec", "volumes", "merge,retainKeys"),
    ("core.v1.PodStatus", "resourceClaimStatuses", "merge,retainKeys"),
    ("policy.v1.PodDisruptionBudgetSpec", "selector", "replace"),
];

/// Fields of objects and maps whose parts have owners of their own, although they look atomic.
const GRANULAR: &[(&str, &str)] = &[
    ("core.v1.PersistentVolumeClaimStatus", "allocatedResourceStatuses"),
    ("core.v1.PersistentVolumeSpec", "claimRef"),
];

/// Scalars that must be there and have no zero: an absent one is no empty one.
const WITHOUT_ZERO: &[(&str, &str)] = &[
    ("admissionregistration.v1.MutatingWebhook", "sideEffects"),
    ("admissionregistration.v1.ValidatingAdmissionPolicyBindingSpec", "policyName"),
    ("admissionregistration.v1.ValidatingWebhook", "sideEffects"),
    ("authentication.v1.TokenReviewSpec", "token"),
    ("core.v1.ContainerRestartRule", "action"),
    ("core.v1.ContainerRestartRuleOnExitCodes", "operator"),
    ("core.v1.ImageVolumeStatus", "imageRef"),
    ("core.v1.PodCertificateProjection", "keyType"),
    ("core.v1.PodCertificateProjection", "signerName"),
    ("networking.v1.HTTPIngressPath", "pathType"),
    ("networking.v1.ParentReference", "name"),
    ("networking.v1.ParentReference", "resource"),
];

/// Lists whose type says nothing of how they merge, and bytes whose type does.
const UNTAGGED: (&str, &str) = ("meta.v1.APIResource", "verbs");
const TAGGED_BYTES: (&str, &str) = ("apiregistration.v1.APIServiceSpec", "caBundle");

const WATCHED: &str = "The object as it is now; of a deleted one, as it was last; of an error, a \
                       Status.";

/// Of several fields, one counts.
struct Union {
    /// The end of the definition's name.
    definition: &'static str,
    /// The field that tells which one counts; empty where none does.
    by: &'static str,
    /// The fields, and the words for them.
    fields: &'static [(&'static str, &'static str)],
}

const UNIONS: &[Union] = &[
    Union {
        definition: "core.v1.AppArmorProfile",
        by: "type",
        fields: &[("localhostProfile", "LocalhostProfile")],
    },
    Union {
        definition: "core.v1.PodSchedulingGroup",
        by: "",
        fields: &[("podGroupName", "PodGroupName")],
    },
    Union {
        definition: "core.v1.SeccompProfile",
        by: "type",
        fields: &[("localhostProfile", "LocalhostProfile")],
    },
    Union {
        definition: "flowcontrol.v1.LimitResponse",
        by: "type",
        fields: &[("queuing", "Queuing")],
    },
    Union {
        definition: "flowcontrol.v1.PriorityLevelConfigurationSpec",
        by: "type",
        fields: &[("exempt", "Exempt"), ("limited", "Limited")],
    },
    Union {
        definition: "flowcontrol.v1.Subject",
        by: "kind",
        fields: &[("group", "Group"), ("serviceAccount", "ServiceAccount"), ("user", "User")],
    },
];

/// Gives definitions, by OpenAPI name, the form in which they are published. References stay as
/// they are, but stand in `allOf` where a field has something to say besides.
pub fn publish(definitions: &mut Map<String, Value>) {
    for (name, schema) in definitions {
        if let Some(shape) = shape_of_scalars(name) {
            let description = schema["description"].take();
            *schema = shape;
            schema["description"] = description;
            continue;
        }
        definition(name, schema);
    }
}

/// Types that are not what they look like in Go.
fn shape_of_scalars(name: &str) -> Option<Value> {
    Some(match name.rsplit('.').next()? {
        "Quantity" => json!({"oneOf": [{"type": "string"}, {"type": "number"}]}),
        "IntOrString" => {
            json!({"format": "int-or-string", "oneOf": [{"type": "integer"}, {"type": "string"}]})
        }
        "JSON"
        | "JSONSchemaPropsOrArray"
        | "JSONSchemaPropsOrBool"
        | "JSONSchemaPropsOrStringArray" => json!({}),
        "FieldsV1" | "RawExtension" | "Patch" => json!({"type": "object"}),
        _ => return None,
    })
}

fn ends_with(name: &str, end: &str) -> bool {
    name.strip_suffix(end).is_some_and(|rest| rest.ends_with('.'))
}

fn definition(name: &str, schema: &mut Value) {
    if FACTS.atomic.iter().any(|end| ends_with(name, end)) {
        schema["x-kubernetes-map-type"] = "atomic".into();
    }
    for union in UNIONS.iter().filter(|union| ends_with(name, union.definition)) {
        let fields: Map<String, Value> = union
            .fields
            .iter()
            .map(|(field, word)| ((*field).to_owned(), (*word).into()))
            .collect();
        let mut shown = json!({"fields-to-discriminateBy": fields});
        if !union.by.is_empty() {
            shown["discriminator"] = union.by.into();
        }
        schema["x-kubernetes-unions"] = json!([shown]);
    }
    let row = rows::ROWS.iter().find(|row| ends_with(name, row.definition));
    let required = required(name, row, schema);
    if ends_with(name, "meta.v1.WatchEvent") {
        schema["properties"]["object"]["description"] = WATCHED.into();
    }
    if ends_with(name, "events.v1.Event") {
        schema["required"] = json!(["eventTime"]);
    }
    let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) else {
        return;
    };
    let is_root = properties.contains_key("metadata");
    for (field, property) in properties {
        merging(name, field, property);
        let of = |(end, one): &(&str, &str)| *one == field && ends_with(name, end);
        let zero = required.contains(field) && !WITHOUT_ZERO.iter().any(of);
        let about = Field { name: field, is_root, zero, row };
        about.describe(property);
    }
}

/// The fields that must be there. What has a default need not; metadata is optional in OpenAPI,
/// whatever Rust's types say, but for the one kind whose Go type says otherwise.
fn required(name: &str, row: Option<&rows::Row>, schema: &mut Value) -> Vec<String> {
    let Some(fields) = schema.get_mut("required").and_then(Value::as_array_mut) else {
        return Vec::new();
    };
    let scalars = row.map_or("", |row| row.scalars).split(' ');
    let optional: Vec<&str> = scalars.filter_map(|one| one.split('=').next()).collect();
    fields.retain(|field| {
        field.as_str().is_some_and(|field| match field {
            "metadata" => ends_with(name, "core.v1.Event") || name.ends_with("PodTemplateSpec"),
            other => !optional.contains(&other),
        })
    });
    let required = fields.iter().filter_map(|field| Some(field.as_str()?.to_owned())).collect();
    if fields.is_empty()
        && let Some(fields) = schema.as_object_mut()
    {
        fields.remove("required");
    }
    required
}

/// How the two versions of a list, map or object become one.
fn merging(definition: &str, field: &str, property: &mut Value) {
    let is = |(end, one): &(&str, &str)| *one == field && ends_with(definition, end);
    let items = field == "items" && definition.ends_with("List");
    if property["type"] == "array" && !items && !is(&UNTAGGED) || is(&TAGGED_BYTES) {
        let fact = FACTS
            .lists
            .iter()
            .find(|fact| fact.field == field && ends_with(definition, fact.definition));
        list(fact, property);
    }
    if FACTS.atomic_maps.iter().any(is) {
        property["x-kubernetes-map-type"] = "atomic".into();
    }
    if GRANULAR.iter().any(is) {
        property["x-kubernetes-map-type"] = "granular".into();
    }
    for (end, one, strategy) in STRATEGIES {
        if *one == field && ends_with(definition, end) {
            property["x-kubernetes-patch-strategy"] = (*strategy).into();
        }
    }
}

fn list(fact: Option<&ListFact>, property: &mut Value) {
    let Some(fact) = fact else {
        property["x-kubernetes-list-type"] = "atomic".into();
        return;
    };
    match fact.keys {
        "" => property["x-kubernetes-list-type"] = "atomic".into(),
        "*" => property["x-kubernetes-list-type"] = "set".into(),
        keys => {
            let keys = keys.split(',').map(|key| key.split('=').next());
            property["x-kubernetes-list-type"] = "map".into();
            property["x-kubernetes-list-map-keys"] = keys.collect();
        }
    }
    if !fact.patch.is_empty() {
        property["x-kubernetes-patch-strategy"] = "merge".into();
    }
    if !matches!(fact.patch, "" | "*") {
        property["x-kubernetes-patch-merge-key"] = fact.patch.into();
    }
}

struct Field<'a> {
    name: &'a str,
    /// Whether it is a field of an object that is served by itself.
    is_root: bool,
    /// Whether an absent scalar is an empty one.
    zero: bool,
    row: Option<&'static rows::Row>,
}

impl Field<'_> {
    fn describe(&self, property: &mut Value) {
        self.limit_words(property);
        let default = self.default(property);
        let says_more = default.is_some() || property["description"].is_string();
        if says_more
            && let Some(reference) = property.as_object_mut().and_then(|it| it.remove("$ref"))
        {
            property["allOf"] = json!([{"$ref": reference}]);
        }
        if let Some(default) = default {
            property["default"] = default;
        }
    }

    fn limit_words(&self, property: &mut Value) {
        let pairs = self.row.map_or("", |row| row.words).split(' ');
        let set =
            pairs.filter_map(|pair| pair.split_once(':')).find(|(name, _)| *name == self.name);
        let Some((_, set)) = set else { return };
        let words = words::WORDS.iter().find(|(name, _)| *name == set).map_or(&[][..], |it| it.1);
        match property["type"].as_str() {
            Some("array") => property["items"]["enum"] = words.into(),
            Some("object") => property["additionalProperties"]["enum"] = words.into(),
            _ => {
                property["enum"] = words.into();
                if let Some(text) = property["description"].as_str() {
                    let lines: Vec<String> =
                        words.iter().map(|word| format!(" - `{word:?}`")).collect();
                    let list = format!("{text}\n\nPossible enum values:\n{}", lines.join("\n"));
                    property["description"] = list.into();
                }
            }
        }
    }

    fn default(&self, property: &Value) -> Option<Value> {
        if let Some(target) = target(property) {
            let scalar = shape_of_scalars(target).is_some() || target.ends_with("Time");
            let root = self.is_root && matches!(self.name, "metadata" | "spec" | "status");
            let objects = self.row.map_or("", |row| row.objects);
            let listed = objects.split(' ').any(|one| one == self.name);
            return (root || listed && !scalar).then(|| json!({}));
        }
        let zero = match property["type"].as_str()? {
            "string" if property["format"].is_null() => json!(""),
            "integer" | "number" => json!(0),
            "boolean" => json!(false),
            _ => return None,
        };
        let scalars = self.row.map_or("", |row| row.scalars).split(' ');
        for one in scalars.filter(|one| !one.is_empty()) {
            let (name, value) = one.split_once('=').unwrap_or((one, ""));
            if name == self.name {
                return Some(typed(value, zero));
            }
        }
        self.zero.then_some(zero)
    }
}

/// What a property refers to, alone or with something to say besides.
fn target(property: &Value) -> Option<&str> {
    property["$ref"].as_str().or_else(|| property.pointer("/allOf/0/$ref")?.as_str())
}

/// A default's text as a value of the type of `zero`.
fn typed(text: &str, zero: Value) -> Value {
    match &zero {
        Value::String(_) => text.into(),
        _ => serde_json::from_str(text).unwrap_or(zero),
    }
}
