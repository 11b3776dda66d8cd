//! The columns of a kind's table, and where their explanations come from.

use serde_json::{Map, Value, json};

/// A column of a kind's table.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// The heading in title case.
    pub name: &'static str,
    /// The OpenAPI type: `string`, `integer`, `date`, ...
    pub data_type: &'static str,
    /// The OpenAPI format; `name` marks the primary column.
    pub format: &'static str,
    /// The words that explain the column.
    pub description: Description,
    /// 0 is always shown, greater ones only in wide tables.
    pub priority: u8,
}

/// The words that explain a column.
#[derive(Debug, Clone, Copy)]
pub enum Description {
    /// Words of the column's own.
    Words(&'static str),
    /// Those of a field of the API's types.
    Field {
        /// The end of the definition's name: `v1.ObjectMeta`.
        definition: &'static str,
        /// The field.
        field: &'static str,
    },
}

/// Columns as a table shows them, explained from the kind's OpenAPI definitions.
pub fn definitions(columns: &[Column], documents: &Map<String, Value>) -> Vec<Value> {
    let explain = |description: Description| match description {
        Description::Words(words) => words,
        Description::Field { definition, field } => documents
            .iter()
            .find(|(name, _)| name.ends_with(definition))
            .and_then(|(_, schema)| schema["properties"][field]["description"].as_str())
            .unwrap_or_default(),
    };
    let shown = columns.iter().map(|column| {
        json!({
            "name": column.name,
            "type": column.data_type,
            "format": column.format,
            "description": explain(column.description),
            "priority": column.priority,
        })
    });
    shown.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_explained_by_their_fields() {
        let documents =
            json!({"io.k8s.x.v1.Thing": {"properties": {"a": {"description": "An a."}}}});
        let column = |description| Column {
            name: "A",
            data_type: "string",
            format: "",
            description,
            priority: 0,
        };
        let field = |field| Description::Field { definition: "v1.Thing", field };
        let columns = [column(field("a")), column(field("b")), column(Description::Words("own"))];
        let Some(documents) = documents.as_object() else { panic!("an object") };
        let words: Vec<_> =
            definitions(&columns, documents).iter().map(|one| one["description"].clone()).collect();
        assert_eq!(words, ["An a.", "", "own"]);
    }
}
