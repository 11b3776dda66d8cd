//! Whether a value is what a structure says, in the words of `k8s.io/kube-openapi`.

use serde_json::Value;

use super::{Additional, ListType, Node, Structure, Type, format::is_format};
use crate::field::{Errors, Path, go_quoted};

impl Structure {
    /// Checks a whole object; what is as in `old` may stay, as KEP-4008 has it.
    pub fn check(&self, object: &Value, old: Option<&Value>, errors: &mut Errors) {
        let road = Road { path: None, words: String::new() };
        Walk { errors, road, old }.fields(&self.root, object, true);
    }

    /// Checks the status alone, as its own endpoint does.
    pub fn check_status(&self, object: &Value, old: Option<&Value>, errors: &mut Errors) {
        let (Some(node), Some(status)) = (self.root.properties.get("status"), object.get("status"))
        else {
            return;
        };
        let road = Road { path: Some(Path::new("status")), words: String::new() };
        let old = old.and_then(|old| old.get("status"));
        Walk { errors, road, old }.value(node, status);
    }

    /// Checks the value that `field` would have, telling of it as of what stands at `at`.
    pub fn check_value(&self, field: &str, value: &Value, at: &Path, errors: &mut Errors) {
        let Some(node) = self.root.properties.get(field) else { return };
        let road = Road { path: Some(at.clone()), words: String::new() };
        Walk { errors, road, old: None }.value(node, value);
    }

    /// Checks that sets and keyed lists name nothing twice.
    pub fn check_lists(&self, object: &Value, errors: &mut Errors) {
        lists(&self.root, object, None, errors);
    }
}

/// Where a value is: as a field path, and as the words of kube-openapi have it.
#[derive(Clone)]
struct Road {
    path: Option<Path>,
    words: String,
}

impl Road {
    fn field(&self, name: &str) -> Self {
        let path = self.path.as_ref().map_or_else(|| Path::new(name), |path| path.child(name));
        let words =
            if self.words.is_empty() { name.to_owned() } else { format!("{}.{name}", self.words) };
        Self { path: Some(path), words }
    }

    fn item(&self, index: usize) -> Self {
        let path = self.path.as_ref().map(|path| path.index(index));
        Self { path, words: format!("{}[{index}]", self.words) }
    }

    fn path(&self) -> Path {
        self.path.clone().unwrap_or_else(|| Path::new("<nil>"))
    }
}

struct Walk<'a> {
    errors: &'a mut Errors,
    road: Road,
    /// What stood here before, where that can be told.
    old: Option<&'a Value>,
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn fits(kind: Type, value: &Value) -> bool {
    match (kind, value) {
        (Type::Object, Value::Object(_))
        | (Type::Array, Value::Array(_))
        | (Type::String, Value::String(_))
        | (Type::Boolean, Value::Bool(_))
        | (Type::Number, Value::Number(_)) => true,
        (Type::Integer, Value::Number(number)) => {
            !number.is_f64() || number.as_f64().is_some_and(|number| number.fract() == 0.0)
        }
        _ => false,
    }
}

impl Walk<'_> {
    fn at(&mut self, road: Road, old: Option<&Value>, work: impl FnOnce(&mut Walk<'_>)) {
        work(&mut Walk { errors: self.errors, road, old });
    }

    fn invalid(&mut self, value: &Value, rule: &str) {
        let words = format!("{} in body {rule}", self.road.words);
        self.errors.invalid(&self.road.path(), value, words);
    }

    /// An error that names no field, as those of combined schemas.
    fn nameless(&mut self, words: &str) {
        self.errors.invalid(&Path::new("<nil>"), &"".into(), words);
    }

    fn value(&mut self, node: &Node, value: &Value) {
        if value.is_null() && node.nullable || self.old == Some(value) {
            return;
        }
        if !self.typed(node, value) {
            return;
        }
        match value {
            Value::Object(_) => self.fields(node, value, node.embedded),
            Value::Array(items) => self.items(node, items),
            Value::String(text) => self.text(node, text),
            Value::Number(_) => self.number(node, value),
            _ => {}
        }
        self.common(node, value);
    }

    fn typed(&mut self, node: &Node, value: &Value) -> bool {
        let wanted = if node.int_or_string {
            if value.is_i64() || value.is_u64() || value.is_string() {
                return true;
            }
            "integer,string"
        } else {
            let Some(kind) = node.kind else { return true };
            if fits(kind, value) {
                return true;
            }
            kind.word()
        };
        let found = type_of(value);
        if node.kind == Some(Type::Integer) && found == "number" {
            self.nameless(&format!(
                "Checked value must be of type integer (default format) in {}",
                self.road.words
            ));
        }
        let found = go_quoted(found);
        let words = format!("{} in body must be of type {wanted}: {found}", self.road.words);
        self.errors.type_invalid(&self.road.path(), &type_of(value).into(), words);
        false
    }

    fn fields(&mut self, node: &Node, value: &Value, resource: bool) {
        let Some(fields) = value.as_object() else { return };
        let checks = &node.checks;
        for name in checks.required.iter().filter(|name| !fields.contains_key(*name)) {
            let path = self.road.field(name).path();
            self.errors.required(&path, "");
        }
        for (name, field) in fields {
            if resource && matches!(name.as_str(), "apiVersion" | "kind" | "metadata") {
                continue;
            }
            let below = match (node.properties.get(name), &node.additional) {
                (Some(below), _) => below,
                (None, Additional::Of(below)) => below,
                _ => continue,
            };
            let road = self.road.field(name);
            let old = self.old.and_then(|old| old.get(name));
            self.at(road, old, |walk| walk.value(below, field));
        }
        let count = fields.len();
        if let Some(least) = checks.properties.0.filter(|least| (count as u64) < *least) {
            self.invalid(&count.into(), &format!("should have at least {least} properties"));
        }
        if let Some(most) = checks.properties.1.filter(|most| count as u64 > *most) {
            let most = usize::try_from(most).unwrap_or(usize::MAX);
            self.errors.too_many(&self.road.path(), count, most);
        }
        if resource && self.road.path.is_none() {
            self.common(node, value);
        }
    }

    fn items(&mut self, node: &Node, items: &[Value]) {
        let checks = &node.checks;
        if let Some(least) = checks.items.0.filter(|least| (items.len() as u64) < *least) {
            self.invalid(&items.len().into(), &format!("should have at least {least} items"));
        }
        if let Some(most) = checks.items.1.filter(|most| items.len() as u64 > *most) {
            let most = usize::try_from(most).unwrap_or(usize::MAX);
            self.errors.too_many(&self.road.path(), items.len(), most);
        }
        let twice = |(at, item): (usize, &Value)| items.iter().take(at).any(|one| one == item);
        if checks.unique && items.iter().enumerate().any(twice) {
            self.invalid(&Value::Array(items.to_vec()), "shouldn't contain duplicates");
        }
        if let Some(below) = node.items.as_deref() {
            for (index, item) in items.iter().enumerate() {
                let road = self.road.item(index);
                let old = node.list.same_item(self.old, item);
                self.at(road, old, |walk| walk.value(below, item));
            }
        }
    }

    fn text(&mut self, node: &Node, text: &str) {
        let checks = &node.checks;
        let length = text.chars().count() as u64;
        let value = Value::from(text);
        if let Some(most) = checks.length.1.filter(|most| length > *most) {
            self.errors.too_long(&self.road.path(), usize::try_from(most).unwrap_or(usize::MAX));
        }
        if let Some(least) = checks.length.0.filter(|least| length < *least) {
            self.invalid(&value, &format!("should be at least {least} chars long"));
        }
        if let Some((pattern, regex)) = &checks.pattern
            && !regex.is_match(text)
        {
            self.invalid(&value, &format!("should match '{pattern}'"));
        }
        if let Some(format) = checks.format.as_deref()
            && !is_format(format, text)
        {
            let quoted = go_quoted(text);
            self.invalid(&value, &format!("must be of type {format}: {quoted}"));
        }
    }

    fn number(&mut self, node: &Node, value: &Value) {
        let Some(number) = value.as_f64() else { return };
        let checks = &node.checks;
        if let Some(factor) = checks.multiple_of {
            let parts = number / factor;
            if factor > 0.0 && (parts - parts.round()).abs() > 1e-9 {
                self.invalid(value, &format!("should be a multiple of {factor}"));
            }
        }
        if let Some((most, excluded)) = checks.maximum
            && (number > most || excluded && number >= most)
        {
            let or_equal = if excluded { "" } else { " or equal to" };
            self.invalid(value, &format!("should be less than{or_equal} {most}"));
        }
        if let Some((least, excluded)) = checks.minimum
            && (number < least || excluded && number <= least)
        {
            let or_equal = if excluded { "" } else { " or equal to" };
            self.invalid(value, &format!("should be greater than{or_equal} {least}"));
        }
    }

    fn common(&mut self, node: &Node, value: &Value) {
        let checks = &node.checks;
        if let Some(allowed) = &checks.one_of_values
            && !allowed.contains(value)
        {
            let shown: Vec<String> = allowed
                .iter()
                .map(|one| one.as_str().map_or_else(|| one.to_string(), str::to_owned))
                .collect();
            let shown: Vec<&str> = shown.iter().map(String::as_str).collect();
            self.errors.not_supported(&self.road.path(), value, &shown);
        }
        let words = go_quoted(&self.road.words);
        let mut tried: Vec<Errors> = Vec::new();
        if !checks.one_of.is_empty() {
            let holding = self.count(&checks.one_of, value, &mut tried);
            if holding != 1 {
                let found = match holding {
                    0 => "Found none valid".to_owned(),
                    many => format!("Found {many} valid alternatives"),
                };
                self.nameless(&format!(
                    "{words} must validate one and only one schema (oneOf). {found}"
                ));
                if let (0, Some(first)) = (holding, tried.into_iter().next()) {
                    self.errors.extend(first);
                }
            }
        }
        let mut tried = Vec::new();
        if !checks.any_of.is_empty() && self.count(&checks.any_of, value, &mut tried) == 0 {
            self.nameless(&format!("{words} must validate at least one schema (anyOf)"));
            if let Some(first) = tried.into_iter().next() {
                self.errors.extend(first);
            }
        }
        for each in &checks.all_of {
            let (path, words) = (self.road.path.clone(), self.road.words.clone());
            self.at(Road { path, words }, None, |walk| walk.value(each, value));
        }
        if let Some(not) = checks.not.as_deref()
            && self.count(std::slice::from_ref(not), value, &mut Vec::new()) == 1
        {
            self.nameless(&format!("{words} must not validate the schema (not)"));
        }
    }

    fn count(&self, nodes: &[Node], value: &Value, tried: &mut Vec<Errors>) -> usize {
        let mut holding = 0;
        for node in nodes {
            let mut errors = Errors::default();
            let road = self.road.clone();
            Walk { errors: &mut errors, road, old: None }.value(node, value);
            if errors.is_empty() {
                holding += 1;
            } else {
                tried.push(errors);
            }
        }
        holding
    }
}

fn lists(node: &Node, value: &Value, path: Option<&Path>, errors: &mut Errors) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                let below = match (node.properties.get(name), &node.additional) {
                    (Some(below), _) => below,
                    (None, Additional::Of(below)) => below,
                    _ => continue,
                };
                let path = path.map_or_else(|| Path::new(name), |path| path.child(name));
                lists(below, field, Some(&path), errors);
            }
        }
        Value::Array(items) => {
            let here = path.cloned().unwrap_or_else(|| Path::new(""));
            let identity = |item: &Value| match &node.list {
                ListType::Atomic => None,
                ListType::Set => Some(item.clone()),
                ListType::Map(keys) => {
                    let mut identity = serde_json::Map::new();
                    for key in keys {
                        let value = item.get(key.field.as_ref()).or(key.default.as_ref());
                        identity.extend(value.map(|value| (key.field.to_string(), value.clone())));
                    }
                    Some(identity.into())
                }
            };
            let known: Vec<Option<Value>> = items.iter().map(identity).collect();
            for (index, one) in known.iter().enumerate() {
                if let Some(one) = one
                    && known.iter().take(index).flatten().any(|before| before == one)
                {
                    errors.duplicate(&here.index(index), one);
                }
            }
            for (index, item) in items.iter().enumerate() {
                if let Some(below) = node.items.as_deref() {
                    lists(below, item, Some(&here.index(index)), errors);
                }
            }
        }
        _ => {}
    }
}
