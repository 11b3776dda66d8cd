//! `Warning` headers, each text once and not too many of them.
//! Source: `WithWarningRecorder` of k8s.io/apiserver, RFC 2616 §14.46.

use axum::response::Response;
use http::{HeaderValue, header};

/// Letters of all texts from which on they are cut.
const MOST: usize = 4 * 1024;
/// Letters that are left of a text that is cut.
const CUT: usize = 256;

/// What a response warns of, beside its headers.
#[derive(Debug, Clone, Default)]
struct Recorded {
    texts: Vec<String>,
    letters: usize,
    cutting: bool,
}

/// The response with these warnings behind those that it has.
pub(crate) fn warned(mut response: Response, warnings: &[String]) -> Response {
    let mut recorded = response.extensions_mut().remove::<Recorded>().unwrap_or_default();
    for warning in warnings {
        add(&mut response, &mut recorded, warning);
    }
    response.extensions_mut().insert(recorded);
    response
}

/// The response with these warnings before those that it has.
pub(crate) fn warned_first(mut response: Response, warnings: &[String]) -> Response {
    response.headers_mut().remove(header::WARNING);
    let before = response.extensions_mut().remove::<Recorded>().unwrap_or_default();
    warned(warned(response, warnings), &before.texts)
}

fn add(response: &mut Response, recorded: &mut Recorded, text: &str) {
    let known = recorded.texts.iter().any(|one| one == text);
    if text.is_empty() || known || recorded.cutting && recorded.letters >= MOST {
        return;
    }
    recorded.texts.push(text.to_owned());
    let length = text.chars().count();
    if !recorded.cutting && recorded.letters + length > MOST {
        recorded.cutting = true;
        recorded.letters = 0;
        response.headers_mut().remove(header::WARNING);
        for text in recorded.texts.clone() {
            write(response, recorded, &text);
        }
        return;
    }
    write(response, recorded, text);
}

/// Writes a header, unless the text has letters that cannot stand in one.
fn write(response: &mut Response, recorded: &mut Recorded, text: &str) {
    if text.chars().any(char::is_control) {
        return;
    }
    let most = if recorded.cutting { CUT } else { MOST };
    let shown: Vec<char> = text.chars().take(most).collect();
    recorded.letters += shown.len();
    let quoted: String = shown
        .into_iter()
        .flat_map(|letter| match letter {
            '"' | '\\' => vec!['\\', letter],
            _ => vec![letter],
        })
        .collect();
    if let Ok(value) = HeaderValue::from_bytes(format!("299 - \"{quoted}\"").as_bytes()) {
        response.headers_mut().append(header::WARNING, value);
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn headers(response: &Response) -> Vec<String> {
        let all = response.headers().get_all(header::WARNING).iter();
        all.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()).collect()
    }

    fn with(response: Response, warnings: &[&str]) -> Response {
        warned(response, &warnings.iter().map(|&one| one.to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn each_text_is_told_once_and_deprecation_first() {
        let response = with(Response::new(Body::empty()), &["a \"b\"", "c", "a \"b\"", "", "d\n"]);
        let response = with(response, &["c", "e"]);
        assert_eq!(headers(&response), [r#"299 - "a \"b\"""#, "299 - \"c\"", "299 - \"e\""]);
        let response = warned_first(response, &["old".to_owned()]);
        let want = ["299 - \"old\"", r#"299 - "a \"b\"""#, "299 - \"c\"", "299 - \"e\""];
        assert_eq!(headers(&response), want);
    }

    #[test]
    fn too_many_letters_are_cut() {
        let long = |letter: char| letter.to_string().repeat(1500);
        let texts: Vec<String> = ('a'..='c').map(long).collect();
        let response = warned(Response::new(Body::empty()), &texts[..2]);
        assert_eq!(headers(&response)[0].len(), 1500 + "299 - \"\"".len());
        let response = warned(response, &texts[2..]);
        assert!(headers(&response).iter().all(|one| one.len() == CUT + "299 - \"\"".len()));
        let more: Vec<String> = ('d'..='z').map(long).collect();
        let response = warned(response, &more);
        // Told until the letters are reached, then no more.
        assert_eq!(headers(&response).len(), MOST / CUT);
    }
}
