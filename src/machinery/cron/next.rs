//! When a schedule comes next. Source: `github.com/robfig/cron/v3`, `spec.go`.
//!
//! A time of day that a change of clocks skips does not come that day; one that it repeats comes
//! twice.

use jiff::{SignedDuration, Timestamp, ToSpan as _, Zoned, tz::TimeZone};

use super::{Schedule, Times};

/// A schedule that does not come within so many years never comes (31 February).
const YEARS: i16 = 5;

/// What comes of looking at a time.
enum Step {
    /// It is one of the schedule's.
    Here,
    /// The next one that is worth a look.
    Later(Zoned),
    /// Time itself ends before.
    Never,
}

impl Schedule {
    /// The first time after `after`, on the clocks of `zone`; `None` where there is none.
    pub fn next(&self, after: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        match self {
            Self::At(times) => times.next(after, zone),
            Self::Every(seconds) => {
                let whole = Timestamp::from_second(after.as_second()).ok()?;
                whole.checked_add(SignedDuration::from_secs(*seconds)).ok()
            }
        }
    }

    /// The last time that is not after `now`, counted from `first`, which is one of its times.
    ///
    /// Cost: O(times between two of them), however long ago `first` was.
    pub fn last(&self, first: Timestamp, now: Timestamp, zone: &TimeZone) -> Timestamp {
        let from = match self {
            Self::At(_) => self.shortly_before(first, now, zone),
            Self::Every(seconds) => {
                let passed = now.duration_since(first).as_secs() / seconds * seconds;
                first.checked_add(SignedDuration::from_secs(passed)).unwrap_or(first)
            }
        };
        let mut last = from;
        while let Some(next) = self.next(last, zone).filter(|next| *next <= now) {
            last = next;
        }
        last
    }

    /// One of the schedule's times that is near to `now` and not after it.
    fn shortly_before(&self, first: Timestamp, now: Timestamp, zone: &TimeZone) -> Timestamp {
        let mut window = SignedDuration::from_mins(1);
        while let Ok(from) = now.checked_sub(window)
            && from > first
        {
            if let Some(found) = self.next(from, zone).filter(|found| *found <= now) {
                return found;
            }
            window = window.saturating_mul(2);
        }
        first
    }
}

impl Times {
    fn next(&self, after: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let minute = after.as_second().div_euclid(60) * 60 + 60;
        let mut at = Timestamp::from_second(minute).ok()?.to_zoned(zone.clone());
        // An offset of odd seconds (before time zones) must not shift the schedule.
        at = at.checked_sub(i64::from(at.second()).seconds()).ok()?;
        let last_year = at.year().saturating_add(YEARS);
        while at.year() <= last_year {
            match self.step(&at) {
                Step::Here => return Some(at.timestamp()),
                Step::Later(later) => at = later,
                Step::Never => return None,
            }
        }
        None
    }

    fn step(&self, at: &Zoned) -> Step {
        let next = if !has(self.months, at.month()) {
            at.first_of_month()
                .and_then(|first| first.checked_add(1.month()))
                .and_then(|first| first.start_of_day())
        } else if !self.day_matches(at) {
            at.tomorrow().and_then(|day| day.start_of_day())
        } else if !has(self.hours, at.hour()) {
            at.checked_add(SignedDuration::from_mins(60 - i64::from(at.minute())))
        } else if !has(self.minutes, at.minute()) {
            at.checked_add(SignedDuration::from_mins(1))
        } else {
            return Step::Here;
        };
        next.map_or(Step::Never, Step::Later)
    }

    /// A day has to match both fields, or either where both are restricted.
    fn day_matches(&self, at: &Zoned) -> bool {
        let day = has(self.days, at.day());
        let weekday = has(self.weekdays, at.weekday().to_sunday_zero_offset());
        if self.any_day || self.any_weekday { day && weekday } else { day || weekday }
    }
}

fn has(bits: u64, number: i8) -> bool {
    u32::try_from(number).is_ok_and(|number| bits >> number & 1 == 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::parse;
    use super::*;

    fn time(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn following(schedule: &str, zone: &str, after: &str, count: usize) -> Vec<String> {
        let zone = TimeZone::get(zone).unwrap();
        let schedule = parse(schedule).unwrap();
        let mut at = time(after);
        let next = std::iter::from_fn(|| {
            at = schedule.next(at, &zone)?;
            Some(at.to_string())
        });
        next.take(count).collect()
    }

    #[test]
    fn times_come_in_order() {
        for (schedule, zone, after, want) in [
            ("* * * * *", "UTC", "2026-01-01T00:00:30Z", "2026-01-01T00:01:00Z"),
            ("* * * * *", "UTC", "2026-01-01T00:01:00Z", "2026-01-01T00:02:00Z"),
            ("*/15 * * * *", "UTC", "2026-01-01T00:46:00Z", "2026-01-01T01:00:00Z"),
            ("0 0 1 1 *", "UTC", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"),
            ("0 0 29 2 *", "UTC", "2026-01-01T00:00:00Z", "2028-02-29T00:00:00Z"),
            ("0 0 13 * fri", "UTC", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"),
            ("0 0 * * sun", "UTC", "2026-01-01T00:00:00Z", "2026-01-04T00:00:00Z"),
            ("30 4 * * *", "Europe/Berlin", "2026-07-01T00:00:00Z", "2026-07-01T02:30:00Z"),
            ("30 4 * * *", "Asia/Kolkata", "2026-07-01T00:00:00Z", "2026-07-01T23:00:00Z"),
            ("30 2 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z", "2026-03-30T00:30:00Z"),
            ("@every 90s", "UTC", "2026-01-01T00:00:00.5Z", "2026-01-01T00:01:30Z"),
            ("@hourly", "UTC", "2026-01-01T00:00:00Z", "2026-01-01T01:00:00Z"),
        ] {
            assert_eq!(following(schedule, zone, after, 1), [want], "{schedule} in {zone}");
        }
        let twice = following("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z", 2);
        assert_eq!(twice, ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"], "a repeated hour");
        assert!(following("59 23 31 2 *", "UTC", "2026-01-01T00:00:00Z", 1).is_empty(), "never");
    }

    #[test]
    fn the_last_time_is_found_without_counting_all() {
        for (schedule, first, now, want) in [
            ("* * * * *", "1990-01-01T00:00:00Z", "2026-01-01T10:00:59Z", "2026-01-01T10:00:00Z"),
            ("0 0 * * 0", "2026-01-04T00:00:00Z", "2026-01-30T00:00:00Z", "2026-01-25T00:00:00Z"),
            ("0 0 * * 0", "2026-01-04T00:00:00Z", "2026-01-04T00:00:00Z", "2026-01-04T00:00:00Z"),
            ("@every 7s", "1990-01-01T00:00:00Z", "1990-01-01T00:00:20Z", "1990-01-01T00:00:14Z"),
        ] {
            let last = parse(schedule).unwrap().last(time(first), time(now), &TimeZone::UTC);
            assert_eq!(last.to_string(), want, "{schedule}");
        }
    }

    proptest! {
        #[test]
        fn the_next_time_matches_and_none_is_skipped(
            minutes in 1_u64..1 << 60, hours in 1_u64..1 << 24, weekdays in 1_u64..1 << 7,
            after in 0_i64..4_000_000_000,
        ) {
            let (days, months) = (u64::MAX, u64::MAX);
            let times = Times {
                minutes, hours, days, months, weekdays, any_day: true, any_weekday: false,
            };
            let zone = TimeZone::get("America/New_York").unwrap();
            let after = Timestamp::from_second(after).unwrap();
            let next = times.next(after, &zone).unwrap();
            prop_assert!(next > after && matches!(times.step(&next.to_zoned(zone.clone())), Step::Here));
            let mut at = after.as_second().div_euclid(60) * 60 + 60;
            // Every minute of two days at most, so that the test stays quick.
            let end = next.as_second().min(at + 172_800);
            while at < end {
                let zoned = Timestamp::from_second(at).unwrap().to_zoned(zone.clone());
                let found = matches!(times.step(&zoned), Step::Here);
                prop_assert!(!found, "{zoned} was skipped");
                at += 60;
            }
        }
    }
}
