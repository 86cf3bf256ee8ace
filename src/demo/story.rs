//! Reads the story: who the vendors are, and what each of them does in the two years.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::Deserialize;

use super::DemoError;
use super::days::Days;
use super::deeds::Deed;
use super::exceptions::Lives;
use super::fixes::Fix;
use super::incidents::Happens;
use super::looks::Looks;
use super::notices::Told;
use super::remarks::Remarks;
use super::reviews::Reviews;
use super::together::Together;
use super::turns::Turn;
use crate::domain::agreement::provisions::{Duty, PROVISIONS};
use crate::domain::agreement::{Findings, Found, Terms};
use crate::domain::document::DocumentKind;
use crate::domain::exposure::{Offshore, Trait, Volume};
use crate::domain::letter::LetterKind;
use crate::domain::vendor::VendorDetails;
use crate::domain::vendor_file::{self, likely_traits};

const VENDORS: &str = include_str!("vendors.csv");
const STORY: &str = include_str!("story.toml");

pub struct Story {
    /// In the order of the vendor file.
    pub cast: Vec<Character>,
    pub baseline: BTreeMap<String, Said>,
    pub letters: Vec<Mishap>,
}

/// A vendor and what becomes of it.
pub struct Character {
    pub details: VendorDetails,
    pub life: Life,
}

#[derive(Deserialize)]
struct File {
    baseline: BTreeMap<String, Said>,
    letters: Vec<Mishap>,
    #[serde(flatten)]
    lives: BTreeMap<String, Life>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Life {
    /// Days ago, as everywhere here.
    #[serde(default = "at_the_start")]
    pub added: i64,
    #[serde(default)]
    pub title: String,
    #[serde(default)]
    pub shows: Shows,
    pub traits: Option<BTreeSet<Trait>>,
    pub officer: Option<String>,
    /// The address that its signer types, where that is another than the one we wrote to.
    pub signs_as: Option<String>,
    /// Rows of the question about other companies.
    #[serde(default)]
    pub subs: Vec<Vec<String>>,
    #[serde(default)]
    pub replies: Vec<Reply>,
    #[serde(default)]
    pub changes: Vec<Change>,
    #[serde(default)]
    pub documents: Vec<Filed>,
    #[serde(default)]
    pub deeds: Vec<Deed>,
    /// What somebody wrote down about the newest agreement, the paper before them.
    #[serde(default)]
    pub papers: Vec<Paper>,
    #[serde(default)]
    pub turns: Vec<Turn>,
    /// What it tells of by itself.
    #[serde(default)]
    pub notices: Vec<Told>,
    /// It leaves what it is asked again unanswered.
    #[serde(default)]
    pub ignores_rechecks: bool,
    /// What it does with colleagues.
    #[serde(default)]
    pub together: Vec<Together>,
    /// What the practice asks about its newest reply.
    #[serde(default)]
    pub remarks: Vec<Remarks>,
    /// What becomes of what it is to put right.
    #[serde(default)]
    pub fixes: Vec<Fix>,
    /// What goes wrong, and what is done about it.
    #[serde(default)]
    pub incidents: Vec<Happens>,
    /// The gaps that somebody lives with.
    #[serde(default)]
    pub lives: Vec<Lives>,
    /// What is made of what it changed.
    #[serde(default)]
    pub looks: Vec<Looks>,
    /// What a reviewer makes of its answers.
    #[serde(default)]
    pub reviews: Reviews,
}

/// A document that the practice files.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filed {
    /// Days ago.
    pub on: i64,
    pub kind: DocumentKind,
    /// Ends in `.pdf`.
    pub name: String,
    pub ends: Option<NaiveDate>,
    #[serde(default)]
    pub note: String,
}

fn at_the_start() -> i64 {
    790
}

/// What stands behind a vendor's answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shows {
    #[default]
    Bare,
    Told,
    Shown,
    Proven,
}

/// One year's answers: signed, or only begun.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reply {
    pub begun: Option<i64>,
    pub signed: Option<i64>,
    /// Files that it puts under its answers then.
    #[serde(default)]
    pub sends: Vec<Sent>,
    /// Answers that differ from this year on.
    #[serde(default)]
    pub but: BTreeMap<String, Said>,
}

/// A file that the vendor sends with its answers.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sent {
    pub kind: DocumentKind,
    /// Ends in `.pdf`.
    pub name: String,
    pub ends: Option<NaiveDate>,
    /// The questions that it supports.
    pub supports: String,
}

/// One answer, read by the kind of its question.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Said {
    Number(i64),
    Word(String),
    Rows(Vec<Vec<String>>),
    Full { is: String, detail: Option<String>, reason: Option<String>, by: Option<NaiveDate> },
}

/// What the practice writes down anew about a vendor.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    pub on: i64,
    /// Signed and ends; blank for none.
    agreement: Option<[String; 2]>,
    email: Option<String>,
    contact: Option<String>,
    volume: Option<Volume>,
    offshore: Option<Offshore>,
}

/// The agreement, gone through.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paper {
    pub on: i64,
    renews_months: Option<u32>,
    notice_days: Option<u32>,
    breach_notice_hours: Option<u32>,
    #[serde(default)]
    open_ended: bool,
    /// Provisions that are not in it; the others are.
    #[serde(default)]
    missing: Vec<String>,
}

impl Paper {
    /// Writes into the terms what the paper says.
    pub fn write_into(&self, terms: &mut Terms) {
        terms.renews_months = self.renews_months;
        terms.notice_days = self.notice_days;
        terms.breach_notice_hours = self.breach_notice_hours;
        terms.open_ended = self.open_ended;
    }

    /// What was found in it.
    pub fn findings(&self) -> Findings {
        let required = PROVISIONS.iter().filter(|one| one.duty == Duty::Required);
        let found = |key: &str| if self.missing.iter().any(|one| one == key) { Found::Missing } else { Found::Met };
        Findings(required.map(|one| (one.key.to_owned(), found(one.key))).collect())
    }
}

/// Letters to one vendor that did not simply arrive.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mishap {
    pub to: String,
    pub kind: LetterKind,
    /// From so many days ago.
    pub since: i64,
    pub outcome: Fate,
    #[serde(default)]
    pub reason: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    Failed,
    Uncertain,
    Deferred,
    Waiting,
}

impl Story {
    /// Reads the story that is built in.
    pub fn built_in(days: &Days) -> Result<Self, DemoError> {
        let vendors = vendor_file::read(days.fill(VENDORS).as_bytes()).map_err(|faults| {
            DemoError::Story(faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
        })?;
        let mut file: File = toml::from_str(&days.fill(STORY)).map_err(|error| DemoError::Story(error.to_string()))?;
        let cast: Result<_, _> = vendors.rows.into_iter().map(|row| character(row.details, &mut file.lives)).collect();
        match file.lives.keys().next() {
            None => Ok(Self { cast: cast?, baseline: file.baseline, letters: file.letters }),
            Some(name) => Err(DemoError::Story(format!("“{name}” is not in the vendor file"))),
        }
    }

    /// How many days ago it all began.
    pub fn begins(&self) -> i64 {
        self.cast.iter().map(|one| one.life.added).max().unwrap_or_default()
    }
}

fn character(mut details: VendorDetails, lives: &mut BTreeMap<String, Life>) -> Result<Character, DemoError> {
    let life = lives
        .remove(&details.name)
        .ok_or_else(|| DemoError::Story(format!("“{}” has no part in the story", details.name)))?;
    details.exposure.traits = life.traits.clone().unwrap_or_else(|| likely_traits(&details.exposure.access));
    Ok(Character { details, life })
}

impl Change {
    /// Writes the change into what is known.
    pub fn write_into(&self, details: &mut VendorDetails) -> Result<(), DemoError> {
        if let Some([signed, ends]) = &self.agreement {
            (details.agreement_signed_on, details.agreement_ends_on) = (date(signed)?, date(ends)?);
        }
        if let Some(email) = &self.email {
            details.contact_email = Some(email.clone()).filter(|email| !email.is_empty());
        }
        if let Some(contact) = &self.contact {
            details.contact_name.clone_from(contact);
        }
        details.exposure.volume = self.volume.unwrap_or(details.exposure.volume);
        details.exposure.offshore = self.offshore.unwrap_or(details.exposure.offshore);
        Ok(())
    }
}

fn date(text: &str) -> Result<Option<NaiveDate>, DemoError> {
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|error| DemoError::Story(format!("{text}: {error}")))
}
