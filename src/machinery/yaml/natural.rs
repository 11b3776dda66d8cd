//! The order of keys: letters after everything else, numbers by value (`a2` before `a10`).

use std::cmp::Ordering;

/// Compares two keys as go-yaml's `keyList` does.
pub(super) fn compare(a: &str, b: &str) -> Ordering {
    if a.bytes().chain(b.bytes()).all(|byte| byte.is_ascii_alphabetic()) {
        return a.cmp(b);
    }
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let Some(at) = a.iter().zip(&b).position(|(x, y)| x != y) else {
        return a.len().cmp(&b.len());
    };
    let (x, y) = (a[at], b[at]);
    match (x.is_alphabetic(), y.is_alphabetic()) {
        (true, true) => return x.cmp(&y),
        (true, false) => return Ordering::Greater,
        (false, true) => return Ordering::Less,
        (false, false) => {}
    }
    let inside = (x == '0' || y == '0') && inside_number(&a[..at]);
    let (number_a, end_a) = number(&a, at, inside);
    let (number_b, end_b) = number(&b, at, inside);
    number_a.cmp(&number_b).then(end_a.cmp(&end_b)).then(x.cmp(&y))
}

/// The digits before are part of the number and not only zeros.
fn inside_number(before: &[char]) -> bool {
    before.iter().rev().take_while(|c| c.is_numeric()).any(|c| *c != '0')
}

fn number(text: &[char], at: usize, inside: bool) -> (u64, usize) {
    let digits = text[at..].iter().map_while(|c| c.to_digit(10));
    let (mut value, mut end) = (u64::from(inside), at);
    for digit in digits {
        value = value.wrapping_mul(10).wrapping_add(u64::from(digit));
        end += 1;
    }
    (value, end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_sort_by_value_and_letters_come_last() {
        let mut keys = ["a10", "a2", "b", "A", "a", "a/b", "1", "~", "a02", "a-b", "ab"];
        keys.sort_by(|x, y| compare(x, y));
        assert_eq!(keys, ["~", "1", "A", "a", "a-b", "a/b", "a2", "a02", "a10", "ab", "b"]);
    }
}
