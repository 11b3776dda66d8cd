//! Label selectors from text to objects. Source: apimachinery's `metav1.ParseToLabelSelector`.

use serde_json::{Value, json};

use super::{LabelSelector, Operator, SelectorError};

impl LabelSelector {
    /// Reads a selector from text as a `metav1.LabelSelector`: `matchLabels` for what must be equal,
    /// `matchExpressions` for the rest, each where there is some.
    ///
    /// Errors: in the words of `labels.Parse`; `!=`, `<` and `>`, for which objects have no form.
    pub fn object_of(text: &str) -> Result<Value, SelectorError> {
        let wrong = |error: SelectorError| {
            SelectorError(format!("couldn't parse the selector string \"{text}\": {error}"))
        };
        Self::parse(text).map_err(wrong)?;
        let mut object = json!({});
        for piece in pieces(text) {
            if let Some(sign) = formless(piece) {
                let text = format!("\"{sign}\" is not a valid label selector operator");
                return Err(SelectorError(text));
            }
            for one in Self::parse(piece).map_err(wrong)?.requirements {
                if one.operator == Operator::In && piece.contains('=') {
                    object["matchLabels"][one.key] = one.values.concat().into();
                    continue;
                }
                let mut expression =
                    json!({"key": one.key, "operator": format!("{:?}", one.operator)});
                if !one.values.is_empty() {
                    expression["values"] = one.values.into();
                }
                match &mut object["matchExpressions"] {
                    Value::Array(list) => list.push(expression),
                    none => *none = json!([expression]),
                }
            }
        }
        Ok(object)
    }
}

/// A selector's conditions; commas between parentheses are of a set.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0_i32;
    text.split(move |letter| {
        depth += match letter {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        letter == ',' && depth == 0
    })
}

/// The comparison of a condition that objects have no form for, as Go names it.
fn formless(piece: &str) -> Option<&'static str> {
    let signs = [("!=", "!="), (">", "gt"), ("<", "lt")];
    signs.into_iter().find_map(|(sign, name)| piece.contains(sign).then_some(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_becomes_labels_and_expressions() {
        let exists = json!({"key": "a", "operator": "Exists"});
        for (text, want) in [
            ("", json!({})),
            ("a=b", json!({"matchLabels": {"a": "b"}})),
            ("a=b,c==d", json!({"matchLabels": {"a": "b", "c": "d"}})),
            (
                "a in (c,b),d=e",
                json!({"matchLabels": {"d": "e"},
                    "matchExpressions": [{"key": "a", "operator": "In", "values": ["b", "c"]}]}),
            ),
            (
                "a,!b",
                json!({"matchExpressions": [exists, {"key": "b", "operator": "DoesNotExist"}]}),
            ),
        ] {
            assert_eq!(LabelSelector::object_of(text), Ok(want), "{text}");
        }
    }

    #[test]
    fn what_has_no_form_is_refused() {
        for (text, want) in [
            ("a!=b", "\"!=\" is not a valid label selector operator"),
            ("a>1", "\"gt\" is not a valid label selector operator"),
            (
                "a in",
                "couldn't parse the selector string \"a in\": unable to parse requirement: found '' expected: '('",
            ),
        ] {
            let refused = LabelSelector::object_of(text).unwrap_err();
            assert_eq!(refused.to_string(), want);
        }
    }
}
