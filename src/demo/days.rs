//! Days counted back from now, so that the demo looks alike whenever it is started.

use chrono::{DateTime, NaiveDate, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

pub struct Days {
    now: DateTime<Utc>,
    timezone: Tz,
    today: NaiveDate,
}

impl Days {
    pub fn new(now: DateTime<Utc>, timezone: Tz) -> Self {
        Self { now, timezone, today: now.with_timezone(&timezone).date_naive() }
    }

    /// The day so many days before today; a negative number is a day still to come.
    pub fn day(&self, ago: i64) -> NaiveDate {
        self.today - TimeDelta::days(ago)
    }

    /// A time of that day, in minutes after midnight. All of today is now: an hour of today
    /// may be still to come.
    pub fn at(&self, ago: i64, minute: u32) -> DateTime<Utc> {
        if ago <= 0 {
            return self.now;
        }
        let time = self.day(ago).and_hms_opt(minute / 60 % 24, minute % 60, 0);
        let local = time.and_then(|time| self.timezone.from_local_datetime(&time).earliest());
        local.map_or(self.now, |local| local.to_utc())
    }

    /// Writes the days into a text: `<-30>` is thirty days before today, `<+30>` after it.
    pub fn fill(&self, text: &str) -> String {
        let mut pieces = text.split('<');
        let mut filled = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            match piece.split_once('>').and_then(|(mark, rest)| Some((offset(mark)?, rest))) {
                Some((offset, rest)) => {
                    filled.push_str(&self.day(-offset).to_string());
                    filled.push_str(rest);
                }
                // "<500" is a number of patients.
                None => {
                    filled.push('<');
                    filled.push_str(piece);
                }
            }
        }
        filled
    }
}

fn offset(mark: &str) -> Option<i64> {
    mark.starts_with(['+', '-']).then(|| mark.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(now: &str) -> Days {
        Days::new(now.parse().unwrap(), chrono_tz::America::Chicago)
    }

    #[test]
    fn a_day_is_counted_at_the_practice() {
        let days = days("2028-03-01T05:59:30Z");
        assert_eq!(days.day(0).to_string(), "2028-02-29");
        assert_eq!(days.at(1, 6 * 60).to_rfc3339(), "2028-02-28T12:00:00+00:00");
    }

    #[test]
    fn an_hour_that_the_clocks_jump_over_is_never_after_now() {
        let days = days("2027-03-15T01:00:00Z");
        assert!(days.at(0, 23 * 60) <= days.now && days.at(1, 150) <= days.now);
    }

    #[test]
    fn days_are_written_into_a_text_and_other_brackets_stay() {
        let days = days("2026-11-22T17:45:10Z");
        assert_eq!(days.fill("<500,<-1>,<+40>, <=15> <"), "<500,2026-11-21,2027-01-01, <=15> <");
    }
}
