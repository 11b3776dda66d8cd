//! Replacements: values copied from fields of one object to fields of others.
//! Source: kustomize, `api/filters/replacement` and `kyaml/yaml/match.go`.

use machinery::yaml;
use regex::Regex;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{
    Built,
    document::decode,
    fault,
    fields::split,
    loader::Loader,
    resource::{Id, Resource, Resources},
    selector::Selector,
    within,
};

const DEFAULT_PATH: &str = "metadata.name";

/// An entry of `replacements`: a replacement, or a file of some.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct ReplacementField {
    path: String,
    source: Option<Source>,
    source_value: Option<String>,
    targets: Option<Vec<Target>>,
}

/// A value, and where it goes.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Replacement {
    source: Option<Source>,
    source_value: Option<String>,
    targets: Option<Vec<Target>>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
struct Source {
    group: String,
    version: String,
    kind: String,
    name: String,
    namespace: String,
    field_path: String,
    options: Option<Part>,
}

/// A part of a text.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
struct Part {
    delimiter: String,
    index: i64,
    /// Read, and without a meaning, as in kustomize.
    #[serde(rename = "encoding")]
    _encoding: String,
    create: bool,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
struct Target {
    select: Option<Selector>,
    reject: Vec<Selector>,
    field_paths: Vec<String>,
    options: Option<Part>,
}

/// Reads what `replacements` lists.
pub(super) fn read(entries: &[ReplacementField], loader: &Loader) -> Built<Vec<Replacement>> {
    let mut found = Vec::new();
    for entry in entries {
        let inline =
            entry.source.is_some() || entry.targets.as_ref().is_some_and(|some| !some.is_empty());
        if entry.path.is_empty() {
            let ReplacementField { source, source_value, targets, .. } = entry.clone();
            found.push(Replacement { source, source_value, targets });
            continue;
        }
        if inline {
            return Err(fault("cannot specify both path and inline replacement"));
        }
        let read =
            yaml::parse(&loader.text(&entry.path)?).map_err(|error| fault(error.to_string()))?;
        match read {
            Value::Array(items) => {
                for item in &items {
                    found.push(decode(item)?);
                }
            }
            Value::Object(_) => found.push(decode(&read)?),
            _ => {
                return Err(fault(
                    "unsupported replacement type encountered within replacement path: invalid",
                ));
            }
        }
    }
    Ok(found)
}

impl Replacement {
    /// Copies the value to its targets.
    pub(super) fn apply(&self, found: &mut Resources) -> Built<()> {
        let Some(targets) =
            self.targets.as_ref().filter(|_| self.source.is_some() || self.source_value.is_some())
        else {
            return Err(fault("replacements must specify a source and at least one target"));
        };
        let value = self.value(found)?;
        targets.iter().try_for_each(|target| target.apply(found, &value))
    }

    fn value(&self, found: &Resources) -> Built<Value> {
        match (&self.source, &self.source_value) {
            (Some(_), Some(_)) => Err(fault("value and resource selectors are mutually exclusive")),
            (None, value) => Ok(plain(value.as_deref().unwrap_or_default())),
            (Some(source), None) => source.value(found),
        }
    }
}

impl Source {
    fn id(&self) -> Id {
        Id {
            group: self.group.clone(),
            version: self.version.clone(),
            kind: self.kind.clone(),
            name: self.name.clone(),
            namespace: self.namespace.clone(),
        }
    }

    fn words(&self) -> String {
        let mut words = self.id().to_string();
        if !self.field_path.is_empty() {
            words = format!("{words}:{}", self.field_path);
        }
        match &self.options {
            Some(part) if part.create || !part.delimiter.is_empty() => {
                format!("{words}:{}({}), create={}", part.delimiter, part.index, part.create)
            }
            _ => words,
        }
    }

    fn value(&self, found: &Resources) -> Built<Value> {
        let wanted = self.id();
        let like = |wanted: &str, is: &str| wanted.is_empty() || wanted == is;
        let is_meant = |id: &Id| {
            like(&wanted.group, &id.group)
                && like(&wanted.version, &id.version)
                && like(&wanted.kind, &id.kind)
                && like(&wanted.name, &id.name)
                && (wanted.namespace.is_empty()
                    || wanted.effective_namespace() == id.effective_namespace())
        };
        let one = match found.called(is_meant).as_slice() {
            [] => return Err(fault(format!("nothing selected by {}", self.words()))),
            [index] => found.0.get(*index),
            _ => return Err(fault(format!("multiple matches for selector {}", self.words()))),
        };
        let path = if self.field_path.is_empty() { DEFAULT_PATH } else { &self.field_path };
        let value = one.and_then(|one| look_up(&one.object, &parts_of(path)));
        let Some(value) = value.filter(|value| !is_empty(value)) else {
            let id = self.id();
            return Err(fault(format!(
                "fieldPath `{path}` is missing for replacement source {id}"
            )));
        };
        match &self.options {
            Some(part) if !part.delimiter.is_empty() => part.of(value),
            _ => Ok(value.clone()),
        }
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Object(fields) => fields.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

impl Part {
    fn of(&self, value: &Value) -> Built<Value> {
        let Some(text) = scalar(value) else {
            return Err(fault("delimiter option can only be used with scalar nodes"));
        };
        let part = usize::try_from(self.index)
            .ok()
            .and_then(|index| text.split(&self.delimiter).nth(index));
        let out =
            || fault(format!("options.index {} is out of bounds for value {text}", self.index));
        part.map(|part| if value.is_string() { part.into() } else { plain(part) }).ok_or_else(out)
    }

    fn put(&self, old: &str, new: &str) -> String {
        let mut parts: Vec<&str> = old.split(&self.delimiter).collect();
        match usize::try_from(self.index).map(|index| (index, parts.get_mut(index))) {
            Err(_) => parts.insert(0, new),
            Ok((_, Some(part))) => *part = new,
            Ok((_, None)) => parts.push(new),
        }
        parts.join(&self.delimiter)
    }
}

impl Target {
    fn apply(&self, found: &mut Resources, value: &Value) -> Built<()> {
        let Some(select) = &self.select else {
            return Err(fault("target must specify resources to select"));
        };
        let test = select.compile()?;
        let is_meant =
            |id: &Id| test.kind(id) && test.name(&id.name) && test.namespace(&id.namespace);
        for one in &mut found.0 {
            if select.fits_metadata(&one.object)?
                && !self.rejects(one)?
                && one.ids().iter().any(is_meant)
            {
                self.copy(&mut one.object, value)?;
            }
        }
        Ok(())
    }

    fn rejects(&self, one: &Resource) -> Built<bool> {
        for reject in &self.reject {
            let by_metadata = !reject.labels.is_empty() || !reject.annotations.is_empty();
            if by_metadata && reject.fits_metadata(&one.object)? {
                return Ok(true);
            }
            let test = reject.compile()?;
            let is_meant =
                |id: &Id| test.kind(id) && test.name(&id.name) && test.namespace(&id.namespace);
            if !reject.names_nothing() && one.ids().iter().any(is_meant) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn copy(&self, object: &mut Value, value: &Value) -> Built<()> {
        let paths = match self.field_paths.as_slice() {
            [] => vec![DEFAULT_PATH.to_owned()],
            paths => paths.to_vec(),
        };
        let part = self.options.clone().unwrap_or_default();
        let create = part.create.then_some(value);
        for path in paths {
            let road = parts_of(&path);
            if set_in_text(object, &road, value, &part) {
                continue;
            }
            let what = if part.create {
                format!("unable to find or create field {path:?} in replacement target")
            } else {
                format!("unable to find field {path:?} in replacement target")
            };
            let mut places = Vec::new();
            within(&what, || select(object, &road, create, &mut places, String::new()))?;
            if places.is_empty() {
                return Err(fault(what));
            }
            for place in places {
                if let Some(field) = object.pointer_mut(&place) {
                    set(field, value, &part)?;
                }
            }
        }
        Ok(())
    }
}

fn set(field: &mut Value, value: &Value, part: &Part) -> Built<()> {
    if !part.delimiter.is_empty() {
        let (Some(old), Some(new)) = (scalar(field), scalar(value)) else {
            return Err(fault("delimiter option can only be used with scalar nodes"));
        };
        *field = like(field, &part.put(&old, &new));
        return Ok(());
    }
    *field = match scalar(value) {
        // A scalar takes the value and stays of its kind.
        Some(text) if scalar(field).is_some() => like(field, &text),
        _ => value.clone(),
    };
    Ok(())
}

/// A text as a value of the kind that a field has.
fn like(field: &Value, text: &str) -> Value {
    if field.is_string() { text.into() } else { plain(text) }
}

/// What a plain scalar of YAML means.
fn plain(text: &str) -> Value {
    match yaml::parse(text) {
        Ok(value) if scalar(&value).is_some() => value,
        _ => text.into(),
    }
}

/// The text of a scalar.
fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}

/// The steps of a path with dots; dots in brackets are parts of names.
fn parts_of(path: &str) -> Vec<String> {
    let mut steps = Vec::new();
    let mut open: Option<String> = None;
    for part in split(path, '.') {
        let whole = match open.take() {
            Some(begun) => format!("{begun}.{part}"),
            None => part,
        };
        if whole.starts_with('[') && !whole.ends_with(']') {
            open = Some(whole);
        } else if whole.contains('.') && whole.starts_with('[') && !whole.contains('=') {
            steps.push(whole.trim_matches(['[', ']']).to_owned());
        } else {
            steps.push(whole);
        }
    }
    steps.extend(open);
    steps
}

fn look_up<'v>(value: &'v Value, road: &[String]) -> Option<&'v Value> {
    let Some((first, rest)) = road.split_first() else { return Some(value) };
    let next = match (value, condition(first)) {
        (Value::Array(items), Some((field, wanted))) => items.iter().find(|item| {
            let is = if field.is_empty() { scalar(item) } else { item.get(field).and_then(scalar) };
            is.as_deref() == Some(wanted)
        }),
        (Value::Array(items), None) if first == "-" => items.last(),
        (Value::Array(items), None) => first.parse().ok().and_then(|index: usize| items.get(index)),
        (Value::Object(fields), _) => fields.get(first),
        _ => None,
    };
    look_up(next?, rest)
}

/// The field and the value of a step such as `[name=web]`.
fn condition(step: &str) -> Option<(&str, &str)> {
    step.strip_prefix('[')?.strip_suffix(']')?.split_once('=')
}

fn escaped(step: &str) -> String {
    step.replace('~', "~0").replace('/', "~1")
}

/// Finds the places that a road leads to; makes what is missing for a value that shall stand there.
fn select(
    value: &mut Value,
    road: &[String],
    create: Option<&Value>,
    places: &mut Vec<String>,
    at: String,
) -> Built<()> {
    let Some((first, rest)) = road.split_first() else {
        places.push(at);
        return Ok(());
    };
    if let Ok(index) = first.parse::<usize>() {
        let Some(items) = value.as_array_mut() else {
            return Err(fault("wrong node kind: expected SequenceNode but got MappingNode"));
        };
        if items.len() == index && create.is_some() {
            items.push(begun(rest, create));
        }
        let count = items.len();
        let Some(item) = items.get_mut(index) else {
            return Err(fault(format!("index {index} specified but only {count} elements found")));
        };
        return select(item, rest, create, places, format!("{at}/{index}"));
    }
    if first == "*" || condition(first).is_some() {
        return select_items(value, (first, rest), create, places, &at);
    }
    let next = match value {
        Value::Object(fields) => {
            if create.is_some() && fields.get(first).is_none_or(Value::is_null) {
                fields.insert(first.clone(), begun(rest, create));
            }
            fields.get_mut(first)
        }
        Value::Null => None,
        _ => return Err(fault("wrong node kind: expected MappingNode")),
    };
    match next {
        Some(next) => select(next, rest, create, places, format!("{at}/{}", escaped(first))),
        None => Ok(()),
    }
}

fn select_items(
    value: &mut Value,
    (first, rest): (&str, &[String]),
    create: Option<&Value>,
    places: &mut Vec<String>,
    at: &str,
) -> Built<()> {
    let Some(items) = value.as_array_mut() else {
        return Err(fault("wrong node kind: expected SequenceNode"));
    };
    let wanted = condition(first);
    let pattern = wanted.map(|(_, wanted)| Regex::new(wanted)).transpose();
    let pattern = pattern.map_err(|error| fault(error.to_string()))?;
    let fits = |item: &Value| {
        let Some((field, _)) = wanted else { return true };
        let is = if field.is_empty() { scalar(item) } else { item.get(field).and_then(scalar) };
        is.is_some_and(|is| pattern.as_ref().is_some_and(|pattern| pattern.is_match(&is)))
    };
    if let (Some((field, wanted)), true) = (wanted, create.is_some())
        && !items.iter().any(fits)
    {
        items.push(if field.is_empty() { plain(wanted) } else { json!({field: plain(wanted)}) });
    }
    for (index, item) in items.iter_mut().enumerate().filter(|(_, item)| fits(item)) {
        select(item, rest, create, places, format!("{at}/{index}"))?;
    }
    Ok(())
}

/// What stands at a place that is made: what the next step needs, or room for the value.
fn begun(rest: &[String], value: Option<&Value>) -> Value {
    match (rest.first(), value) {
        (Some(step), _)
            if step.parse::<usize>().is_ok() || condition(step).is_some() || step == "*" =>
        {
            Value::Array(Vec::new())
        }
        (Some(_), _) | (None, Some(Value::Object(_))) => Value::Object(Map::new()),
        (None, Some(Value::Array(_))) => Value::Array(Vec::new()),
        (None, _) => Value::Null,
    }
}

/// Sets a field of a document that is the text of a field; false where the road leads into none.
fn set_in_text(object: &mut Value, road: &[String], value: &Value, part: &Part) -> bool {
    for length in 1..road.len() {
        let (before, behind) = road.split_at(length);
        let Some(Value::String(text)) = look_up(object, before) else { continue };
        let text = text.clone();
        let Ok(mut inner) = yaml::parse(&text) else { return false };
        let create = part.create.then_some(value);
        let mut places = Vec::new();
        if select(&mut inner, behind, create, &mut places, String::new()).is_err()
            || places.is_empty()
        {
            return false;
        }
        for place in places {
            let done = inner.pointer_mut(&place).map(|field| set(field, value, part));
            if !matches!(done, Some(Ok(()))) {
                return false;
            }
        }
        let mut holders = Vec::new();
        if select(object, before, None, &mut holders, String::new()).is_err() {
            return false;
        }
        if let Some(holder) = holders.first().and_then(|place| object.pointer_mut(place)) {
            *holder = written(&inner, &text).into();
            return true;
        }
    }
    false
}

/// The document in the form that it had.
fn written(inner: &Value, before: &str) -> String {
    if !before.trim_start().starts_with(['{', '[']) {
        return yaml::to_string(inner).trim().to_owned();
    }
    if before.contains('\n') && before.contains("  ") {
        return yaml::pretty(inner, "  ");
    }
    yaml::compact(inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(replacement: &Value, object: &Value) -> Built<Value> {
        let source = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"},
            "data": {"host": "a.example:80", "port": "8080"}});
        let mut found = Resources(vec![Resource::new(source), Resource::new(object.clone())]);
        decode::<Replacement>(replacement)?.apply(&mut found)?;
        Ok(found.0.pop().unwrap_or_default().object)
    }

    fn pod() -> Value {
        json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"},
            "spec": {"containers": [{"name": "n", "env": [{"name": "H", "value": "x:1"}], "port": 1}]},
            "config": "{\"url\":\"u\"}"})
    }

    #[test]
    fn values_are_copied() {
        let road = "spec.containers.[name=n].env.[name=H].value";
        let to = |path: &str, options: Value| json!([{"select": {"kind": "Pod"}, "fieldPaths": [path], "options": options}]);
        let from = |path: &str| json!({"kind": "ConfigMap", "name": "c", "fieldPath": path});
        let done = |source: &Value, targets: &Value| {
            run(&json!({"source": source, "targets": targets}), &pod()).unwrap()
        };
        let part = done(&from("data.host"), &to(road, json!({"delimiter": ":", "index": 0})));
        assert_eq!(part["spec"]["containers"][0]["env"][0]["value"], "a.example:80:1");
        let number = done(&from("data.port"), &to("spec.containers.0.port", json!({})));
        assert_eq!(number["spec"]["containers"][0]["port"], 8080);
        let made =
            done(&from("data.port"), &to("spec.containers.*.args.0", json!({"create": true})));
        assert_eq!(made["spec"]["containers"][0]["args"][0], "8080");
        let inner = done(&from("data.host"), &to("config.url", json!({})));
        assert_eq!(inner["config"], "{\"url\":\"a.example:80\"}");
    }

    #[test]
    fn what_is_missing_is_named() {
        let told = |replacement: Value| run(&replacement, &pod()).unwrap_err().to_string();
        let targets = json!([{"select": {"kind": "Pod"}, "fieldPaths": ["spec.no"]}]);
        let source = json!({"kind": "ConfigMap", "fieldPath": "data.host"});
        assert_eq!(
            told(json!({"source": source, "targets": targets})),
            "unable to find field \"spec.no\" in replacement target"
        );
        assert_eq!(
            told(json!({"source": {"kind": "Secret"}, "targets": targets})),
            "nothing selected by Secret.[noVer].[noGrp]/[noName].[noNs]"
        );
        assert_eq!(
            told(
                json!({"source": {"kind": "ConfigMap", "fieldPath": "data.no"}, "targets": targets})
            ),
            "fieldPath `data.no` is missing for replacement source ConfigMap.[noVer].[noGrp]/[noName].[noNs]"
        );
    }

    #[test]
    fn paths_have_brackets() {
        assert_eq!(parts_of("a.[n=x.y].b"), ["a", "[n=x.y]", "b"]);
        assert_eq!(parts_of("metadata.annotations.[a.b/c]"), ["metadata", "annotations", "a.b/c"]);
        assert_eq!(parts_of("a.b\\.c"), ["a", "b.c"]);
    }
}
