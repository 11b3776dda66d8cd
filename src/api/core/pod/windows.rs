//! What must hold of settings that only Windows knows.
//! Source: `k8s.io/kubernetes/pkg/apis/core/validation`.

use machinery::{
    field::{Errors, Path},
    names,
};
use serde_json::{Value, json};

use super::validate::Subject;
use crate::check;

/// Checks the options of a pod or container.
pub(super) fn check_options(options: &Value, at: &Path, errors: &mut Errors) {
    const LONGEST_KIB: usize = 64;
    if let Some(name) = options.get("gmsaCredentialSpecName") {
        check::named(name, names::dns_subdomain, &at.child("gmsaCredentialSpecName"), errors);
    }
    if let Some(spec) = options.get("gmsaCredentialSpec").and_then(Value::as_str) {
        let path = at.child("gmsaCredentialSpec");
        if spec.is_empty() {
            let why = "gmsaCredentialSpec cannot be an empty string";
            errors.invalid(&path, &json!(spec), why);
        } else if spec.len() > LONGEST_KIB * 1024 {
            let why = format!("gmsaCredentialSpec size must be under {LONGEST_KIB} KiB");
            errors.invalid(&path, &json!(spec), why);
        }
    }
    if let Some(name) = options.get("runAsUserName").and_then(Value::as_str) {
        for why in wrong_user(name) {
            errors.invalid(&at.child("runAsUserName"), &json!(name), why);
        }
    }
}

/// What is wrong with `USER` or `DOMAIN\USER`.
fn wrong_user(name: &str) -> Vec<&'static str> {
    if name.is_empty() {
        return vec!["runAsUserName cannot be an empty string"];
    }
    if name.contains(|letter: char| letter.is_ascii_control()) {
        return vec!["runAsUserName cannot contain control characters"];
    }
    let (domain, user) = match name.split_once('\\') {
        None => (None, name),
        Some((_, user)) if user.contains('\\') => {
            return vec!["runAsUserName cannot contain more than one backslash"];
        }
        Some((domain, user)) => (Some(domain), user),
    };
    let mut wrong = Vec::new();
    if let Some(domain) = domain {
        if domain.len() >= 256 {
            wrong.push("runAsUserName's Domain length must be under 256 characters");
        }
        if !is_net_bios(domain) && !is_dns(domain) {
            wrong.push("runAsUserName's Domain doesn't match the NetBios nor the DNS format");
        }
    }
    if user.is_empty() {
        wrong.push("runAsUserName's User cannot be empty");
    } else if user.len() > 104 {
        wrong.push("runAsUserName's User length must not be longer than 104 characters");
    }
    if !user.is_empty() && user.chars().all(|letter| matches!(letter, '.' | ' ')) {
        wrong.push("runAsUserName's User cannot contain only periods or spaces");
    }
    if user.contains(|letter| "\"/\\:;|=,+*?<>@[]".contains(letter)) {
        wrong.push(
            "runAsUserName's User cannot contain the following characters: \"/\\:;|=,+*?<>@[]",
        );
    }
    wrong
}

fn is_net_bios(domain: &str) -> bool {
    let count = domain.chars().count();
    (1..=15).contains(&count)
        && !domain.starts_with('.')
        && !domain.contains(|letter| "\\/:*?\"<>|".contains(letter))
}

fn is_dns(domain: &str) -> bool {
    domain.split('.').all(|label| {
        let bytes = label.as_bytes();
        let end = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
        bytes.len() <= 63
            && end(bytes.first())
            && end(bytes.last())
            && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
    })
}

/// Processes on the host are all of a pod's or none.
pub(super) fn check_host_processes(subject: &Subject<'_>, errors: &mut Errors) {
    let flag = |context: &Value| context.pointer("/windowsOptions/hostProcess")?.as_bool();
    let whole = flag(&subject.spec["securityContext"]);
    let (mut all, mut hosted) = (0, 0);
    for (container, path) in subject.containers() {
        all += 1;
        let own = flag(&container["securityContext"]);
        if let (Some(whole), Some(own)) = (whole, own)
            && whole != own
        {
            let path = path.child("securityContext").child("windowsOptions").child("hostProcess");
            let why = format!(
                "pod hostProcess value must be identical if both are specified, was {whole}"
            );
            errors.invalid(&path, &json!(own), why);
        }
        if own.or(whole) == Some(true) {
            hosted += 1;
        }
    }
    if hosted == 0 {
        return;
    }
    if hosted != all {
        let why = "If pod contains any hostProcess containers then all containers must be \
                   HostProcess containers";
        errors.invalid(subject.at, &json!(""), why);
    }
    if subject.spec["hostNetwork"] != true {
        let why = "hostNetwork must be true if pod contains any hostProcess containers";
        errors.invalid(&subject.at.child("hostNetwork"), &json!(false), why);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_have_names_and_may_have_domains() {
        for good in ["Administrator", "a.b\\user", "DOMAIN\\some user"] {
            assert_eq!(wrong_user(good), Vec::<&str>::new(), "{good}");
        }
        for (bad, count) in
            [("", 1), ("a\u{7}", 1), ("a\\b\\c", 1), ("a\\", 1), ("..", 1), ("-*", 1)]
        {
            assert_eq!(wrong_user(bad).len(), count, "{bad}");
        }
    }
}
