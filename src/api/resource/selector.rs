//! Expressions that choose devices by driver, attributes and capacity.
//! Source: `k8s.io/dynamic-resource-allocation/cel`.

use std::{collections::BTreeMap, sync::Arc};

use cel::{Names, Object, PER_CALL_LIMIT, Program, Semver, Type, Value};
use k8s_openapi::api::resource::v1::{Device, DeviceAttribute};
use machinery::quantity::Quantity;

/// An expression, compiled.
#[derive(Debug)]
pub struct Selector {
    program: Program,
    /// Texts of the expression, any of which may be a domain: a device has an empty one of each.
    texts: Vec<String>,
}

fn names() -> Names {
    let by_domain = |of: Type| Type::map(Type::String, Type::map(Type::String, of));
    let fields = [
        ("driver", Type::String),
        ("attributes", by_domain(Type::Dyn)),
        ("capacity", by_domain(Type::opaque("kubernetes.Quantity"))),
        ("allowMultipleAllocations", Type::Bool),
    ];
    let fields = fields.map(|(name, of)| (name.to_owned(), of)).into();
    let device = Object { name: "kubernetes.DRADevice".into(), fields, open: false };
    let variables = BTreeMap::from([("device".to_owned(), Type::Object(Arc::new(device)))]);
    Names { variables, objects: BTreeMap::new(), any_object: false }
}

/// What stands between quotes.
fn texts(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut letters = source.chars();
    while let Some(letter) = letters.next() {
        if matches!(letter, '"' | '\'') {
            found.push(letters.by_ref().take_while(|it| *it != letter).collect());
        }
    }
    found
}

fn value_of(attribute: &DeviceAttribute) -> Option<Value> {
    if let Some(it) = attribute.bool {
        return Some(Value::Bool(it));
    }
    if let Some(it) = attribute.int {
        return Some(Value::Int(it));
    }
    if let Some(it) = &attribute.string {
        return Some(Value::text(it));
    }
    let version = attribute.version.as_ref()?;
    Semver::of(version).map(|version| Value::Semver(Arc::new(version)))
}

impl Selector {
    /// Compiles an expression. Errors: what is wrong with it.
    pub fn compile(source: &str) -> Result<Self, String> {
        let program = Program::compile(source, &names()).map_err(|issues| issues.to_string())?;
        match program.output() {
            Type::Bool | Type::Dyn => Ok(Self { program, texts: texts(source) }),
            _ => Err("must evaluate to bool or the unknown type, not the given one".into()),
        }
    }

    fn by_domain(&self, driver: &str, entries: impl Iterator<Item = (String, Value)>) -> Value {
        let mut domains: BTreeMap<String, BTreeMap<String, Value>> = BTreeMap::new();
        for text in &self.texts {
            domains.entry(text.clone()).or_default();
        }
        for (name, value) in entries {
            let (domain, id) = name.split_once('/').unwrap_or((driver, &name));
            domains.entry(domain.to_owned()).or_default().insert(id.to_owned(), value);
        }
        Value::map(domains.into_iter().map(|(domain, all)| (domain, Value::map(all))))
    }

    /// Tells whether it chooses a device of a driver. Errors: it cannot be said.
    pub fn chooses(&self, driver: &str, device: &Device) -> Result<bool, String> {
        let attributes = device.attributes.iter().flatten();
        let attributes = attributes.filter_map(|(name, it)| Some((name.clone(), value_of(it)?)));
        let capacity = device.capacity.iter().flatten().filter_map(|(name, it)| {
            Some((name.clone(), Value::Quantity(it.value.0.parse::<Quantity>().ok()?)))
        });
        let many = device.allow_multiple_allocations.unwrap_or(false);
        let fields = BTreeMap::from([
            ("driver".to_owned(), Value::text(driver)),
            ("attributes".to_owned(), self.by_domain(driver, attributes)),
            ("capacity".to_owned(), self.by_domain(driver, capacity)),
            ("allowMultipleAllocations".to_owned(), Value::Bool(many)),
        ]);
        let device = Value::object("kubernetes.DRADevice", fields);
        let bindings = BTreeMap::from([("device".to_owned(), device)]);
        match self.program.evaluate(&bindings, PER_CALL_LIMIT).value {
            Ok(Value::Bool(chosen)) => Ok(chosen),
            Ok(other) => Err(format!("expected bool, got {}", other.type_name())),
            Err(error) => Err(error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn devices_are_chosen_by_what_they_are() {
        let device = json!({"name": "d", "capacity": {"memory": {"value": "8Gi"}}, "attributes": {
            "model": {"string": "a100"}, "index": {"int": 3}, "other.io/fast": {"bool": true},
            "firmware": {"version": "1.10.0"}}});
        let device: Device = serde_json::from_value(device).unwrap();
        for (source, said) in [
            ("device.driver == 'gpu.io'", Ok(true)),
            ("device.attributes['gpu.io'].model == 'a100'", Ok(true)),
            ("device.attributes['gpu.io'].index > 3", Ok(false)),
            ("device.attributes['other.io'].fast", Ok(true)),
            ("'fast' in device.attributes['none.io']", Ok(false)),
            ("device.capacity['gpu.io'].memory.compareTo(quantity('4Gi')) > 0", Ok(true)),
            ("device.attributes['gpu.io'].firmware.isGreaterThan(semver('1.9.0'))", Ok(true)),
            ("device.attributes['gpu.io'].none == 1", Err(true)),
            ("device.none", Err(false)),
            ("1 + 1", Err(false)),
        ] {
            let found = match Selector::compile(source) {
                Err(_) => Err(false),
                Ok(selector) => selector.chooses("gpu.io", &device).map_err(|_| true),
            };
            assert_eq!(found, said, "{source}");
        }
    }
}
