//! Which lines of the history an address asks for.

use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime, TimeZone};
use chrono_tz::Tz;

use crate::domain::civil_date;
use crate::domain::entry::Act;
use crate::domain::ids::{UserId, VendorId};
use crate::store::entries::About;
use crate::web::form::Posted;

/// The filters, as typed and understood. What cannot be read is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    pub vendor: Option<VendorId>,
    pub person: Option<UserId>,
    pub act: Option<Act>,
    /// The first and the last day, where the practice is.
    pub since: Option<NaiveDate>,
    pub until: Option<NaiveDate>,
}

impl Asked {
    pub fn of(fields: &Posted) -> Self {
        Self {
            vendor: fields.text("vendor").parse().ok(),
            person: fields.text("person").parse().ok(),
            act: fields.text("act").parse().ok(),
            since: civil_date::read(fields.text("since")).ok(),
            until: civil_date::read(fields.text("until")).ok(),
        }
    }

    /// The same for the database, whose instants are UTC.
    pub fn about(&self, timezone: Tz) -> About {
        About {
            vendor: self.vendor,
            person: self.person,
            act: self.act,
            since: self.since.map(|day| begins(day, timezone)),
            until: self.until.map(|day| begins(day + Days::new(1), timezone)),
        }
    }

    /// An address with these filters and something more.
    pub fn address(&self, path: &str, more: &[(&str, &str)]) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        let mut add = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                query.append_pair(name, &value);
            }
        };
        add("vendor", self.vendor.map(|id| id.to_string()));
        add("person", self.person.map(|id| id.to_string()));
        add("act", self.act.map(|act| act.key().to_owned()));
        add("since", self.since.map(|day| day.to_string()));
        add("until", self.until.map(|day| day.to_string()));
        for (name, value) in more {
            add(name, Some((*value).to_owned()));
        }
        match query.finish() {
            query if query.is_empty() => path.to_owned(),
            query => format!("{path}?{query}"),
        }
    }
}

/// The instant in UTC at which a day begins. Where the clock jumps over midnight, the first
/// instant that there is.
fn begins(day: NaiveDate, timezone: Tz) -> NaiveDateTime {
    let midnight = day.and_time(NaiveTime::MIN);
    let found = (0..=3)
        .find_map(|hours| timezone.from_local_datetime(&(midnight + chrono::TimeDelta::hours(hours))).earliest());
    found.map_or(midnight, |at| at.naive_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_where_the_practice_is() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!(begins(day("2026-11-22"), chrono_tz::America::Chicago).to_string(), "2026-11-22 06:00:00");
        // In Havana the clock jumps from midnight to one o'clock on this day.
        assert_eq!(begins(day("2026-03-08"), chrono_tz::America::Havana).to_string(), "2026-03-08 05:00:00");
    }

    #[test]
    fn an_address_keeps_the_filters() {
        let asked = Asked { act: Some(Act::Changed), since: "2026-01-02".parse().ok(), ..Asked::default() };
        let address = asked.address("/history", &[("page", "2")]);
        assert_eq!(address, "/history?act=changed&since=2026-01-02&page=2");
        assert_eq!(Asked::of(&Posted::of(address.split_once('?').unwrap().1.as_bytes())), asked);
        assert_eq!(Asked::default().address("/history", &[]), "/history");
    }
}
