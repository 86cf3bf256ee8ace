//! The letter to our own people about an agreement that ends, or goes on by itself.

use chrono::{Days, NaiveDate};
use serde::Serialize;

use super::{Letters, Written};
use crate::domain::agreement::renewal::Owed;
use crate::domain::civil_date;
use crate::domain::practice::Practice;
use crate::domain::standing::Vendor;
use crate::templates::Context;

#[derive(Clone, Debug, Serialize)]
pub struct Renewal {
    practice: String,
    vendor: String,
    name: Option<String>,
    noun: &'static str,
    /// It goes on by itself unless someone says no.
    renews: bool,
    /// It has ended already.
    past: bool,
    ends: String,
    ends_short: String,
    renews_on: String,
    term: String,
    act_by: String,
    act_by_short: String,
    /// `in 12 days`
    days: String,
    link: String,
}

impl Letters {
    /// Tells `name` of the practice what comes of the agreement with `vendor`.
    pub fn renewal(&self, practice: &Practice, vendor: &Vendor, owed: &Owed, name: &str, today: NaiveDate) -> Written {
        let months = owed.renews_months.unwrap_or(0);
        self.write(&Renewal {
            practice: practice.name.clone(),
            vendor: vendor.details.name.clone(),
            name: Some(name.trim().to_owned()).filter(|name| !name.is_empty()),
            noun: owed.noun,
            renews: owed.renews_months.is_some(),
            past: owed.ends_on < today,
            ends: civil_date::say_with_day(owed.ends_on),
            ends_short: civil_date::say(owed.ends_on),
            renews_on: civil_date::say_with_day(owed.ends_on + Days::new(1)),
            term: if months == 1 { "1 month".to_owned() } else { format!("{months} months") },
            act_by: civil_date::say_with_day(owed.act_by),
            act_by_short: civil_date::say(owed.act_by),
            days: left((owed.act_by - today).num_days()),
            link: format!("{}/vendors/{}/agreements", self.base_url, vendor.id),
        })
    }
}

fn left(days: i64) -> String {
    match days {
        ..=0 => "that is today".to_owned(),
        1 => "that is tomorrow".to_owned(),
        days => format!("in {days} days"),
    }
}

impl Context for Renewal {
    const TEMPLATE: &'static str = "letters/renewal";
    fn samples() -> Vec<Self> {
        let plain = Self {
            practice: "Maple Family Practice".to_owned(),
            vendor: "Northgate Transcription".to_owned(),
            name: Some("Dana Whitfield".to_owned()),
            noun: "business associate agreement",
            renews: false,
            past: false,
            ends: "Thursday, December 31, 2026".to_owned(),
            ends_short: "December 31, 2026".to_owned(),
            renews_on: "Friday, January 1, 2027".to_owned(),
            term: "12 months".to_owned(),
            act_by: "Sunday, November 1, 2026".to_owned(),
            act_by_short: "November 1, 2026".to_owned(),
            days: left(60),
            link: "https://duecare.example/vendors/1/agreements".to_owned(),
        };
        let hostile = Self {
            practice: "<script>alert(1)</script>".to_owned(),
            vendor: "{{practice}} \"'><img src=x onerror=alert(1)>".to_owned(),
            name: None,
            renews: true,
            ..plain.clone()
        };
        let long = "Very ".repeat(38);
        let past =
            Self { past: true, vendor: format!("{long}Vendor"), practice: format!("{long}Practice"), ..plain.clone() };
        vec![plain, hostile, past]
    }
}
