//! Versions of API groups: `v1` before `v1beta2` before `v1alpha1` before whatever else there is.
//! Source: `k8s.io/apimachinery/pkg/version`, `CompareKubeAwareVersionStrings`.

/// The rank of a version: the greater, the sooner clients should take it.
pub fn rank(version: &str) -> (u8, u64, u64, std::cmp::Reverse<String>) {
    let name = std::cmp::Reverse(version.to_owned());
    let other = |name| (0, 0, 0, name);
    let Some(rest) = version.strip_prefix('v') else { return other(name) };
    let (major, rest) = number(rest);
    let Some(major) = major else { return other(name) };
    if rest.is_empty() {
        return (3, major, 0, name);
    }
    let (stage, minor) = match (rest.strip_prefix("beta"), rest.strip_prefix("alpha")) {
        (Some(minor), _) => (2, minor),
        (_, Some(minor)) => (1, minor),
        _ => return other(name),
    };
    match number(minor) {
        (Some(minor), "") => (stage, major, minor, name),
        _ => other(name),
    }
}

/// The number at the start of a text that has no zero in front of it, and what is behind it.
fn number(text: &str) -> (Option<u64>, &str) {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (digits, rest) = text.split_at(digits);
    (digits.parse().ok().filter(|_| !digits.starts_with('0')), rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_stand_in_the_order_of_the_documentation() {
        let want = [
            "v10",
            "v2",
            "v1",
            "v11beta2",
            "v10beta3",
            "v3beta1",
            "v12alpha1",
            "v11alpha2",
            "foo1",
            "foo10",
            "v01",
            "v1gamma",
        ];
        let mut versions = want;
        versions.reverse();
        versions.sort_by_cached_key(|version| std::cmp::Reverse(rank(version)));
        assert_eq!(versions, want);
    }
}
