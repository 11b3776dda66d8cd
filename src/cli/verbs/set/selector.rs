//! `set selector`: which pods a service leads to.

use machinery::selector::{LabelSelector, Operator, SelectorError};
use serde_json::{Value, json};

use super::update;
use crate::{args::Parsed, context::Context, report::CliError};

pub(crate) async fn selector(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    let Some((expression, words)) = parsed.args.split_last() else {
        return Err(CliError::plain("one selector is required"));
    };
    let (labels, expressions) = selector_of(expression)?;
    update(cx, &parsed, words.to_vec(), "selector updated", |object| {
        if object["kind"] != "Service" {
            return Err(CliError::plain("setting a selector is only supported for Services"));
        }
        if !expressions.is_empty() {
            let text = expressions.join(" ");
            return Err(CliError::plain(format!(
                "match expression [{text}] not supported on this object"
            )));
        }
        object["spec"]["selector"] = labels.clone();
        Ok(())
    })
    .await
}

/// The labels that a selector demands, and its other conditions as Go shows them.
/// Source: apimachinery's `metav1.ParseToLabelSelector`.
fn selector_of(text: &str) -> Result<(Value, Vec<String>), CliError> {
    let failed = |error: SelectorError| {
        CliError::plain(format!("couldn't parse the selector string \"{text}\": {error}"))
    };
    LabelSelector::parse(text).map_err(failed)?;
    let (mut labels, mut expressions) = (json!({}), Vec::new());
    let mut depth = 0_i32;
    // Commas between parentheses are of a set.
    let pieces = text.split(|letter| {
        depth += match letter {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        letter == ',' && depth == 0
    });
    for piece in pieces {
        let unknown = ["!=", ">", "<"].into_iter().find(|sign| piece.contains(sign));
        if let Some(sign) = unknown {
            let sign = match sign {
                ">" => "gt",
                "<" => "lt",
                sign => sign,
            };
            let text = format!("\"{sign}\" is not a valid label selector operator");
            return Err(CliError::plain(text));
        }
        for one in LabelSelector::parse(piece).map_err(failed)?.requirements {
            match one.operator {
                Operator::In if piece.contains('=') => {
                    labels[one.key] = one.values.concat().into();
                }
                operator => {
                    let values = one.values.join(" ");
                    expressions.push(format!("{{{} {operator:?} [{values}]}}", one.key));
                }
            }
        }
    }
    Ok((labels, expressions))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_selector_is_labels_and_other_conditions() {
        for (text, labels, expressions) in [
            ("a=b", json!({"a": "b"}), ""),
            ("a=b,c==d", json!({"a": "b", "c": "d"}), ""),
            ("a in (b,c),d=e", json!({"d": "e"}), "{a In [b c]}"),
            ("a,!b", json!({}), "{a Exists []} {b DoesNotExist []}"),
        ] {
            let found = selector_of(text).unwrap();
            assert_eq!((found.0, found.1.join(" ").as_str()), (labels, expressions), "{text}");
        }
        let refused = selector_of("a!=b").unwrap_err().to_string();
        assert_eq!(refused, "\"!=\" is not a valid label selector operator");
    }
}
