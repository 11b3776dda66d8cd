//! The numbers that fields have in Kubernetes' protobuf messages: facts that OpenAPI lacks.
//!
//! A row is a message: its name, then `field=number` for each field. `*` behind the field says that
//! Go holds it by pointer, so that zero is a value; `!` that it is written even where it is zero;
//! `@Type=number` that the fields of `Type` stand in the message's own JSON object.

mod cluster;
mod core;
mod workloads;

use std::{collections::HashMap, sync::OnceLock};

use machinery::protobuf::{Field, Message, Wire};

/// The messages of the built-in kinds.
#[derive(Debug)]
pub struct BuiltIn(HashMap<String, Message>);

impl Wire for BuiltIn {
    fn message(&self, definition: &str) -> Option<&Message> {
        let short = definition
            .strip_prefix("io.k8s.api.")
            .or_else(|| definition.strip_prefix("io.k8s.apimachinery.pkg.apis."))
            .unwrap_or(definition);
        self.0.get(short)
    }
}

/// The facts, read at the first call.
pub fn wire() -> &'static BuiltIn {
    static FACTS: OnceLock<BuiltIn> = OnceLock::new();
    FACTS.get_or_init(|| {
        let groups = [core::ROWS, workloads::ROWS, cluster::ROWS].concat();
        let rows =
            groups.iter().flat_map(|(group, rows)| rows.lines().map(move |row| (*group, row)));
        BuiltIn(rows.filter_map(|(group, row)| message(group, row)).collect())
    })
}

fn message(group: &str, row: &str) -> Option<(String, Message)> {
    let mut words = row.split_whitespace();
    let name = words.next()?;
    let fields = words.filter_map(|word| {
        let (field, number) = word.split_once('=')?;
        Some((number.parse().ok()?, field_of(group, field)))
    });
    Some((format!("{group}.{name}"), Message::new(fields)))
}

fn field_of(group: &str, text: &str) -> Field {
    if let Some(inline) = text.strip_prefix('@') {
        return Field::Inline(format!("{group}.{inline}"));
    }
    let written = text.ends_with('!');
    let text = text.trim_end_matches('!');
    let pointer = text.ends_with('*');
    Field::Own { name: text.trim_end_matches('*').into(), zero_counts: pointer || written }
}

#[cfg(test)]
mod tests {
    use machinery::schema::{Definition, Schema};

    use super::*;

    /// Kinds whose own packages are not among the facts: they travel as JSON.
    const JSON_ONLY: [&str; 2] = ["apiextensions.k8s.io", "apiregistration.k8s.io"];

    fn definitions(schema: &Schema, seen: &mut Vec<String>, check: &mut dyn FnMut(&Definition)) {
        match schema {
            Schema::Object(link) => {
                let definition = link.definition();
                if seen.iter().any(|name| **name == *definition.name) {
                    return;
                }
                seen.push(definition.name.to_string());
                check(definition);
                definition.fields.values().for_each(|field| definitions(field, seen, check));
            }
            Schema::Map(inner, _) | Schema::List(inner, _) => definitions(inner, seen, check),
            _ => {}
        }
    }

    fn covers(message: &Message, field: &str) -> bool {
        message.fields().any(|(_, one)| match one {
            Field::Own { name, .. } => **name == *field,
            Field::Inline(inner) => {
                wire().message(inner).is_some_and(|message| covers(message, field))
            }
        })
    }

    #[test]
    fn every_field_of_every_kind_has_a_number() {
        let mut missing = Vec::new();
        let mut seen = Vec::new();
        for kind in crate::registry().iter().filter(|kind| !JSON_ONLY.contains(&&*kind.group)) {
            definitions(&kind.schema(), &mut seen, &mut |definition| {
                let message = wire().message(&definition.name);
                let lacks = |field: &&str| {
                    let of_type_meta = matches!(*field, "apiVersion" | "kind");
                    !of_type_meta && !message.is_some_and(|it| covers(it, field))
                };
                let fields = definition.fields.keys().map(AsRef::as_ref).filter(lacks);
                missing.extend(fields.map(|field| format!("{}.{field}", definition.name)));
            });
        }
        assert_eq!(missing, Vec::<String>::new());
    }
}
