//! A link that opens nothing, and what to do about it.

use chrono::NaiveDate;
use serde::Serialize;

use crate::domain::civil_date;
use crate::templates::Context;

/// A link that opens nothing; without a reason it is one we do not know.
#[derive(Clone, Debug, Default, Serialize)]
pub struct LinkProblem {
    expired: bool,
    withdrawn: bool,
    /// The link may be good, but this browser does not hold it.
    lost: bool,
    ended_on: Option<String>,
    /// What it opened is signed, and nothing more is asked.
    signed_on: Option<String>,
    /// Where a new link is asked for.
    again: Option<String>,
    /// It was a colleague's: whoever asked them sends another.
    colleagues: bool,
    /// A new link was asked for.
    asked: bool,
}

impl LinkProblem {
    pub fn lost() -> Self {
        Self { lost: true, ..Self::default() }
    }

    pub fn expired(on: NaiveDate) -> Self {
        Self { expired: true, ended_on: Some(civil_date::say(on)), ..Self::default() }
    }

    /// One that ran out, where its token is known: a new one may be asked for.
    pub fn renewable(on: NaiveDate, token: &str) -> Self {
        Self { again: Some(format!("/i/{token}/again")), ..Self::expired(on) }
    }

    pub fn signed(on: NaiveDate, signed_on: NaiveDate) -> Self {
        Self { signed_on: Some(civil_date::say(signed_on)), ..Self::expired(on) }
    }

    pub fn is_signed(&self) -> bool {
        self.signed_on.is_some()
    }

    pub fn colleagues(on: NaiveDate) -> Self {
        Self { colleagues: true, ..Self::expired(on) }
    }

    pub fn asked() -> Self {
        Self { asked: true, ..Self::default() }
    }

    pub fn withdrawn(on: NaiveDate) -> Self {
        Self { withdrawn: true, ended_on: Some(civil_date::say(on)), ..Self::default() }
    }
}

impl Context for LinkProblem {
    const TEMPLATE: &'static str = "portal/link_problem";
    fn samples() -> Vec<Self> {
        let day = NaiveDate::default();
        vec![
            Self::default(),
            Self::lost(),
            Self::expired(day),
            Self::renewable(day, "x"),
            Self::colleagues(day),
            Self::signed(day, day),
            Self::asked(),
            Self::withdrawn(day),
        ]
    }
}
