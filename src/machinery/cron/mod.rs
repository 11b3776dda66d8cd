//! Times in cron's form: `*/5 0 * * mon-fri`, `@daily`, `@every 90s`.
//! Source: `github.com/robfig/cron/v3`, whose grammar and words `CronJob`s have.

mod next;

use thiserror::Error;

/// What is wrong with a schedule, in the words of the cron library.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct CronError(String);

/// When something happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Schedule {
    /// At all times whose parts are among these.
    At(Times),
    /// Again and again after so many seconds.
    Every(i64),
}

/// The times of a schedule: a bit for each number that matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    /// Minutes, 0 to 59.
    pub minutes: u64,
    /// Hours, 0 to 23.
    pub hours: u64,
    /// Days of the month, 1 to 31.
    pub days: u64,
    /// Months, 1 to 12.
    pub months: u64,
    /// Days of the week, 0 (Sunday) to 6.
    pub weekdays: u64,
    /// Whether the days of the month were left open.
    pub any_day: bool,
    /// Whether the days of the week were left open.
    pub any_weekday: bool,
}

struct Bounds {
    min: u32,
    max: u32,
    names: &'static [&'static str],
}

const MINUTES: Bounds = Bounds { min: 0, max: 59, names: &[] };
const HOURS: Bounds = Bounds { min: 0, max: 23, names: &[] };
const DAYS: Bounds = Bounds { min: 1, max: 31, names: &[] };
const MONTHS: Bounds = Bounds {
    min: 1,
    max: 12,
    names: &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
};
const WEEKDAYS: Bounds =
    Bounds { min: 0, max: 6, names: &["sun", "mon", "tue", "wed", "thu", "fri", "sat"] };

/// Reads a schedule.
///
/// Errors: the first thing that is wrong.
pub fn parse(text: &str) -> Result<Schedule, CronError> {
    if text.is_empty() {
        return fail("empty spec string".into());
    }
    if text.starts_with('@') {
        return descriptor(text);
    }
    let fields: Vec<&str> = text.split_whitespace().collect();
    let [minutes, hours, days, months, weekdays] = fields.as_slice() else {
        let count = fields.len();
        return fail(format!("expected exactly 5 fields, found {count}: [{}]", fields.join(" ")));
    };
    let (minutes, _) = field(minutes, &MINUTES)?;
    let (hours, _) = field(hours, &HOURS)?;
    let (days, any_day) = field(days, &DAYS)?;
    let (months, _) = field(months, &MONTHS)?;
    let (weekdays, any_weekday) = field(weekdays, &WEEKDAYS)?;
    Ok(Schedule::At(Times { minutes, hours, days, months, weekdays, any_day, any_weekday }))
}

fn fail<T>(words: String) -> Result<T, CronError> {
    Err(CronError(words))
}

fn descriptor(text: &str) -> Result<Schedule, CronError> {
    let standard = match text {
        "@yearly" | "@annually" => "0 0 1 1 *",
        "@monthly" => "0 0 1 * *",
        "@weekly" => "0 0 * * 0",
        "@daily" | "@midnight" => "0 0 * * *",
        "@hourly" => "0 * * * *",
        _ => {
            let Some(duration) = text.strip_prefix("@every ") else {
                return fail(format!("unrecognized descriptor: {text}"));
            };
            return match seconds(duration) {
                // Shorter delays are rounded up to a second.
                Some(seconds) => Ok(Schedule::Every(seconds.max(1))),
                None => fail(format!(
                    "failed to parse duration {text}: time: invalid duration {}",
                    crate::field::go_quoted(duration)
                )),
            };
        }
    };
    parse(standard)
}

/// Whole seconds of a duration in Go's form: `1h30m`, `90s`.
fn seconds(text: &str) -> Option<i64> {
    const UNITS: [(&str, f64); 7] = [
        ("ns", 1e-9),
        ("us", 1e-6),
        ("µs", 1e-6),
        ("ms", 1e-3),
        ("s", 1.0),
        ("m", 60.0),
        ("h", 3600.0),
    ];
    let mut rest = text;
    let mut total = 0.0;
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
        let (number, tail) = rest.split_at(digits);
        let letters: String =
            tail.chars().take_while(|letter| !letter.is_ascii_digit() && *letter != '.').collect();
        let (_, unit) = UNITS.iter().find(|(name, _)| *name == letters)?;
        total += number.parse::<f64>().ok()? * unit;
        rest = tail.get(letters.len()..)?;
    }
    #[expect(clippy::cast_possible_truncation, reason = "a cast of a float saturates")]
    (!text.is_empty()).then_some(total as i64)
}

/// The bits of one field, and whether it was left open.
fn field(text: &str, bounds: &Bounds) -> Result<(u64, bool), CronError> {
    let mut bits = 0;
    let mut any = false;
    for part in text.split(',').filter(|part| !part.is_empty()) {
        let (some, open) = range(part, bounds)?;
        bits |= some;
        any |= open;
    }
    Ok((bits, any))
}

fn range(text: &str, bounds: &Bounds) -> Result<(u64, bool), CronError> {
    let steps: Vec<&str> = text.split('/').collect();
    let ends: Vec<&str> = steps[0].split('-').collect();
    let mut open = false;
    let (start, mut end) = match ends.as_slice() {
        ["*" | "?", ..] => {
            open = true;
            (bounds.min, bounds.max)
        }
        [one] => {
            let one = number_or_name(one, bounds)?;
            (one, one)
        }
        [from, to] => (number_or_name(from, bounds)?, number_or_name(to, bounds)?),
        _ => return fail(format!("too many hyphens: {text}")),
    };
    let step = match steps.as_slice() {
        [_] => 1,
        [_, step] => {
            let step = number(step)?;
            if ends.len() == 1 {
                end = bounds.max;
            }
            open &= step <= 1;
            step
        }
        _ => return fail(format!("too many slashes: {text}")),
    };
    let (min, max) = (bounds.min, bounds.max);
    if start < min {
        return fail(format!("beginning of range ({start}) below minimum ({min}): {text}"));
    }
    if end > max {
        return fail(format!("end of range ({end}) above maximum ({max}): {text}"));
    }
    if start > end {
        return fail(format!("beginning of range ({start}) beyond end of range ({end}): {text}"));
    }
    if step == 0 {
        return fail(format!("step of range should be a positive number: {text}"));
    }
    let every = usize::try_from(step).unwrap_or(usize::MAX);
    let bits = (start..=end).step_by(every).fold(0, |bits, one| bits | 1 << one);
    Ok((bits, open))
}

fn number_or_name(text: &str, bounds: &Bounds) -> Result<u32, CronError> {
    let name = text.to_lowercase();
    if let Some(index) = bounds.names.iter().position(|one| *one == name) {
        return Ok(bounds.min + u32::try_from(index).unwrap_or(0));
    }
    number(text)
}

fn number(text: &str) -> Result<u32, CronError> {
    match text.parse::<i64>() {
        Ok(number) if number < 0 => fail(format!("negative number ({number}) not allowed: {text}")),
        Ok(number) => Ok(u32::try_from(number).unwrap_or(u32::MAX)),
        Err(_) => fail(format!(
            "failed to parse int from {text}: strconv.Atoi: parsing {}: invalid syntax",
            crate::field::go_quoted(text)
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schedules_are_read() {
        let Ok(Schedule::At(times)) = parse("*/20 1-3 1,15 * mon") else { panic!("a time") };
        assert_eq!(times.minutes, 1 | 1 << 20 | 1 << 40);
        assert_eq!(times.hours, 0b1110);
        assert_eq!(times.days, 1 << 1 | 1 << 15);
        assert_eq!(times.weekdays, 1 << 1);
        assert!(!times.any_day && !times.any_weekday);
        assert_eq!(parse("@every 1h30m"), Ok(Schedule::Every(5400)));
        assert_eq!(parse("@daily"), parse("0 0 * * *"));
    }

    #[test]
    fn what_is_wrong_is_told_as_the_library_tells_it() {
        for (text, words) in [
            ("61 * * * *", "end of range (61) above maximum (59): 61"),
            ("* * * *", "expected exactly 5 fields, found 4: [* * * *]"),
            ("5-1 * * * *", "beginning of range (5) beyond end of range (1): 5-1"),
            ("*/0 * * * *", "step of range should be a positive number: */0"),
            ("1-2-3 * * * *", "too many hyphens: 1-2-3"),
            ("1/2/3 * * * *", "too many slashes: 1/2/3"),
            ("* * 0 * *", "beginning of range (0) below minimum (1): 0"),
            (
                "x * * * *",
                "failed to parse int from x: strconv.Atoi: parsing \"x\": invalid syntax",
            ),
            ("@often", "unrecognized descriptor: @often"),
        ] {
            assert_eq!(parse(text).unwrap_err().to_string(), words, "{text}");
        }
    }
}
