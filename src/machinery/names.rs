//! Which names Kubernetes accepts, and its words where it does not.
//! Source: `k8s.io/apimachinery/pkg/util/validation`.

/// The words for what must be a DNS label (RFC 1123).
const DNS_LABEL_WORDS: &str = "a lowercase RFC 1123 label must consist of lower case alphanumeric \
     characters or '-', and must start and end with an alphanumeric character";
const DNS_SUBDOMAIN_WORDS: &str = "a lowercase RFC 1123 subdomain must consist of lower case \
     alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";
const DNS_1035_WORDS: &str = "a DNS-1035 label must consist of lower case alphanumeric characters \
     or '-', start with an alphabetic character, and end with an alphanumeric character";
const QUALIFIED_WORDS: &str = "name part must consist of alphanumeric characters, '-', '_' or '.', \
     and must start and end with an alphanumeric character";
const LABEL_VALUE_WORDS: &str = "a valid label must be an empty string or consist of alphanumeric \
     characters, '-', '_' or '.', and must start and end with an alphanumeric character";
const ENV_WORDS: &str = "a valid environment variable name must consist only of printable ASCII \
     characters other than '='";

fn lower_alnum(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit()
}

fn is_label(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.first().copied().is_some_and(lower_alnum)
        && bytes.last().copied().is_some_and(lower_alnum)
        && bytes.iter().all(|byte| lower_alnum(*byte) || *byte == b'-')
}

fn examples(words: &str, samples: &[&str], regex: &str) -> String {
    let mut out = format!("{words} (e.g. ");
    for (index, sample) in samples.iter().enumerate() {
        if index > 0 {
            out.push_str(" or ");
        }
        out.push('\'');
        out.push_str(sample);
        out.push_str("', ");
    }
    out + &format!("regex used for validation is '{regex}')")
}

fn at_most(max: usize) -> String {
    format!("must be no more than {max} characters")
}

/// The same of keys and values of labels, which are counted in the words of
/// `k8s.io/apimachinery/pkg/api/validate/content`.
fn at_most_bytes(max: usize) -> String {
    format!("must be no more than {max} bytes")
}

/// What is wrong with a DNS label (RFC 1123); empty where nothing is.
pub fn dns_label(text: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    if text.len() > 63 {
        wrong.push(at_most(63));
    }
    if !is_label(text) && text.split('.').all(is_label) {
        wrong.push("must not contain dots".to_owned());
    } else if !is_label(text) {
        let regex = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
        wrong.push(examples(DNS_LABEL_WORDS, &["my-name", "123-abc"], regex));
    }
    wrong
}

/// What is wrong with a DNS subdomain (RFC 1123).
pub fn dns_subdomain(text: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    if text.len() > 253 {
        wrong.push(at_most(253));
    }
    if !text.split('.').all(is_label) {
        let regex = "[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*";
        wrong.push(examples(DNS_SUBDOMAIN_WORDS, &["example.com"], regex));
    }
    wrong
}

/// What is wrong with what a DNS subdomain begins with: one may follow where it ends with `-`.
pub fn dns_subdomain_prefix(text: &str) -> Vec<String> {
    match text.strip_suffix('-') {
        Some(start) if !start.is_empty() => dns_subdomain(&format!("{start}a")),
        _ => dns_subdomain(text),
    }
}

/// What is wrong with a DNS subdomain that may have underscores.
pub fn dns_subdomain_underscored(text: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    if text.len() > 253 {
        wrong.push(at_most(253));
    }
    let fits = |part: &str| {
        let part = part.strip_prefix('_').unwrap_or(part);
        !part.starts_with('_') && !part.ends_with('_') && is_label(&part.replace('_', "-"))
    };
    if !text.split('.').all(fits) {
        let words = DNS_SUBDOMAIN_WORDS.replace("characters, '-'", "characters, '_', '-'");
        let regex = "_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*";
        wrong.push(examples(&words, &["example.com"], regex));
    }
    wrong
}

/// What is wrong with a DNS label of RFC 1035, which starts with a letter.
pub fn dns_1035_label(text: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    if text.len() > 63 {
        wrong.push(at_most(63));
    }
    if !(is_label(text) && text.starts_with(|first: char| first.is_ascii_lowercase())) {
        let regex = "[a-z]([-a-z0-9]*[a-z0-9])?";
        wrong.push(examples(DNS_1035_WORDS, &["my-name", "abc-123"], regex));
    }
    wrong
}

fn is_name_part(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.first().is_some_and(u8::is_ascii_alphanumeric)
        && bytes.last().is_some_and(u8::is_ascii_alphanumeric)
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte))
}

/// What is wrong with a qualified name such as a label's key.
pub fn qualified_name(text: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    let parts: Vec<&str> = text.split('/').collect();
    let name = match parts.as_slice() {
        [name] => *name,
        [prefix, name] => {
            if prefix.is_empty() {
                wrong.push("prefix part must be non-empty".into());
            } else {
                let why = dns_subdomain(prefix).into_iter();
                wrong.extend(why.map(|why| {
                    if why == at_most(253) {
                        return format!("prefix part {}", at_most_bytes(253));
                    }
                    format!("prefix part {why}")
                }));
            }
            *name
        }
        _ => {
            let words = QUALIFIED_WORDS.replace("name part", "a valid label key");
            let samples = ["MyName", "my.name", "123-abc"];
            let regex = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
            let optional =
                " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')";
            return vec![examples(&words, &samples, regex) + optional];
        }
    };
    if name.is_empty() {
        wrong.push("name part must be non-empty".into());
    } else if name.len() > 63 {
        wrong.push(format!("name part {}", at_most_bytes(63)));
    }
    if !is_name_part(name) {
        let regex = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
        wrong.push(examples(QUALIFIED_WORDS, &["MyName", "my.name", "123-abc"], regex));
    }
    wrong
}

/// What is wrong with a label's value.
pub fn label_value(text: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    if text.len() > 63 {
        wrong.push(at_most_bytes(63));
    }
    if !text.is_empty() && !is_name_part(text) {
        let regex = "(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?";
        wrong.push(examples(LABEL_VALUE_WORDS, &["MyValue", "my_value", "12345"], regex));
    }
    wrong
}

/// What is wrong with a key of a ConfigMap or Secret.
pub fn config_key(text: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    if text.len() > 253 {
        wrong.push(at_most(253));
    }
    let fits = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
    if text.is_empty() || !text.as_bytes().iter().all(fits) {
        let words = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'";
        wrong.push(examples(words, &["key.name", "KEY_NAME", "key-name"], "[-._a-zA-Z0-9]+"));
    }
    match text {
        "." => wrong.push("must not be '.'".into()),
        ".." => wrong.push("must not be '..'".into()),
        _ if text.starts_with("..") => wrong.push("must not start with '..'".into()),
        _ => {}
    }
    wrong
}

/// What is wrong with the name of an environment variable.
pub fn env_name(text: &str) -> Vec<String> {
    let fits = |byte: &u8| (0x20..0x7f).contains(byte) && *byte != b'=';
    if text.is_empty() {
        return vec!["environment variable name must be non-empty".into()];
    }
    if text.as_bytes().iter().all(fits) { Vec::new() } else { vec![ENV_WORDS.into()] }
}

/// What is wrong with the name of a port (IANA service name).
pub fn port_name(text: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    if text.len() > 15 {
        wrong.push("must be no more than 15 characters".to_owned());
    }
    let bytes = text.as_bytes();
    if !bytes.iter().all(|byte| lower_alnum(*byte) || *byte == b'-') {
        wrong.push("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)".into());
    }
    if !bytes.iter().any(u8::is_ascii_lowercase) {
        wrong.push("must contain at least one letter (a-z)".into());
    }
    if text.contains("--") {
        wrong.push("must not contain consecutive hyphens".into());
    }
    if !bytes.is_empty() && (bytes[0] == b'-' || bytes[bytes.len() - 1] == b'-') {
        wrong.push("must not begin or end with a hyphen".into());
    }
    wrong
}

/// What is wrong with a name that becomes one segment of a URL path.
pub fn path_segment(text: &str) -> Vec<String> {
    match text {
        "." => return vec!["may not be '.'".into()],
        ".." => return vec!["may not be '..'".into()],
        _ => {}
    }
    ['/', '%']
        .into_iter()
        .filter(|letter| text.contains(*letter))
        .map(|letter| format!("may not contain '{letter}'"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_accepted_and_refused() {
        for good in ["a", "a-1", "1a"] {
            assert!(dns_label(good).is_empty(), "{good}");
        }
        for bad in ["", "-a", "a-", "A", "a.b", "a_b"] {
            assert!(!dns_label(bad).is_empty(), "{bad}");
        }
        assert!(dns_subdomain("a.b-c.d").is_empty());
        assert!(!dns_subdomain("a..b").is_empty());
        assert!(!dns_1035_label("1a").is_empty());
        assert!(qualified_name("example.com/My_Name.1").is_empty());
        assert_eq!(qualified_name("/x"), ["prefix part must be non-empty"]);
        let long = "a".repeat(64);
        assert_eq!(label_value(&long), ["must be no more than 63 bytes"]);
        assert_eq!(qualified_name(&long), ["name part must be no more than 63 bytes"]);
        assert_eq!(dns_label(&long), ["must be no more than 63 characters"]);
        let prefix = "a.".repeat(127);
        let key = format!("{}/x", prefix.trim_end_matches('.').to_owned() + "a");
        assert_eq!(qualified_name(&key), ["prefix part must be no more than 253 bytes"]);
        assert!(qualified_name("a/b/c")[0].starts_with("a valid label key must consist of"));
        assert_eq!(
            port_name("-"),
            ["must contain at least one letter (a-z)", "must not begin or end with a hyphen"]
        );
    }

    #[test]
    fn refusals_show_examples_as_kubernetes_does() {
        assert_eq!(
            dns_label("A")[0],
            "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', \
             and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', \
             regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
        );
    }
}
