//! Indexes of a job's pods as its status and its policies write them: `0,2-4`.
//! Source: `k8s.io/kubernetes/pkg/apis/batch/validation`.

/// How many indexes a text names.
///
/// Errors: the first thing that is wrong, in the words of Kubernetes.
pub(super) fn count(text: &str, completions: i64) -> Result<i64, String> {
    let mut total = 0;
    let mut last = None;
    for part in text.split(',').filter(|_| !text.is_empty()) {
        let (from, to) = interval(part, completions)?;
        if let Some(last) = last.filter(|last| *last >= from) {
            return Err(format!("non-increasing order, previous: {last}, current: {from}"));
        }
        total += to - from + 1;
        last = Some(to);
    }
    Ok(total)
}

/// The first index that both texts name.
pub(super) fn overlap(completed: &str, failed: &str, completions: i64) -> Option<i64> {
    let of = |text: &str| -> Vec<(i64, i64)> {
        text.split(',').filter_map(|part| interval(part, completions).ok()).collect()
    };
    let (completed, failed) = (of(completed), of(failed));
    let (mut one, mut other) = (completed.iter().peekable(), failed.iter().peekable());
    while let (Some((from, to)), Some((start, end))) = (one.peek(), other.peek()) {
        if from <= end && start <= to {
            return Some(*from.max(start));
        }
        if from <= start {
            one.next();
        } else {
            other.next();
        }
    }
    None
}

fn interval(text: &str, completions: i64) -> Result<(i64, i64), String> {
    let number = |text: &str| {
        let number: i64 = text
            .parse()
            .map_err(|_| format!("cannot convert string to integer for index: {text:?}"))?;
        if number >= completions { Err(format!("too large index: {text:?}")) } else { Ok(number) }
    };
    let parts: Vec<&str> = text.split('-').collect();
    match parts.as_slice() {
        [one] => number(one).map(|index| (index, index)),
        [from, to] => {
            let (from, to) = (number(from)?, number(to)?);
            if from >= to {
                return Err(format!("non-increasing order, previous: {from}, current: {to}"));
            }
            Ok((from, to))
        }
        _ => Err(format!(
            "the fragment {text:?} violates the requirement that an index interval can have at \
             most two parts separated by '-'"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indexes_are_counted_and_refused_in_the_words_of_kubernetes() {
        for (text, answer) in [
            ("", Ok(0)),
            ("0,2-4", Ok(4)),
            ("3-3", Err("non-increasing order, previous: 3, current: 3")),
            ("2,1", Err("non-increasing order, previous: 2, current: 1")),
            (
                "1-2-3",
                Err(
                    "the fragment \"1-2-3\" violates the requirement that an index interval can have at most two parts separated by '-'",
                ),
            ),
            ("-1", Err("cannot convert string to integer for index: \"\"")),
            ("9,x", Err("too large index: \"9\"")),
            ("1-5", Err("too large index: \"5\"")),
        ] {
            assert_eq!(count(text, 5), answer.map_err(str::to_owned), "{text}");
        }
    }

    #[test]
    fn overlaps_are_found() {
        for (completed, failed, index) in [
            ("0-2", "3,4", None),
            ("0-2,6-8", "4,7-9", Some(7)),
            ("x,5", "5", Some(5)),
            ("", "1", None),
        ] {
            assert_eq!(overlap(completed, failed, 10), index, "{completed} {failed}");
        }
    }
}
