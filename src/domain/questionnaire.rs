//! A questionnaire: what is asked, of whom it is asked, and what each answer is worth.
//!
//! One TOML file a version, read by people and programs alike; the format is described in
//! `questionnaires/README.md`. This module holds the values; [`parse`] reads a file and
//! [`lint`] says what is wrong with one.

pub mod lint;
pub mod parse;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::condition::Condition;
use super::exposure::{Exposure, Tier};
use super::words::words;

words! {
    /// What a failed answer does to the score.
    pub enum Gravity {
        None = "none" => "counts by its weight",
        /// Caps the control score.
        Critical = "critical" => "critical",
        /// Forbids sharing until cleared.
        HardStop = "hard-stop" => "hard stop",
    }
}
words! {
    /// What the Security Rule calls the measure (45 CFR 164.306(d)).
    pub enum Specification {
        Required = "required" => "required",
        /// May be replaced by a documented equivalent.
        Addressable = "addressable" => "addressable",
        Standard = "standard" => "standard",
        None = "none" => "not a Security Rule measure",
    }
}
words! {
    /// Where the wish for this answer comes from.
    pub enum Authority {
        Law = "law" => "law",
        Proposed = "proposed" => "proposed, not in force",
        Contract = "contract" => "our agreement",
        GoodPractice = "good-practice" => "good practice",
    }
}
words! {
    /// What a breach starts from.
    pub enum Cause {
        HumanError = "HE" => "Human error",
        CyberAttack = "CA" => "Cyber attack",
        Mishandling = "MH" => "Mishandling",
        Theft = "TH" => "Theft",
        IllegalSigning = "IS" => "Illegal record signing",
    }
}
words! {
    /// What the form is for.
    pub enum Purpose {
        SelfAssessment = "self-assessment" => "yearly self-assessment",
        ChangeNotice = "change-notice" => "change notice",
    }
}
words! {
    /// Which part of the questionnaire a vendor is asked (`domain/hipaa.md` 2.12).
    pub enum Set {
        /// Everything that applies: tiers 1 and 2.
        Full = "full" => "full",
        /// Weight 3 and more, and the lite set: tier 3.
        Standard = "standard" => "standard",
        /// The short set: tier 4, and a first look.
        Lite = "lite" => "lite",
    }
}

words! {
    /// What questions of a proposed rule, which is not in force, do (`domain/hipaa.md` 1.7).
    pub enum NprmMode {
        Off = "off" => "not asked",
        Informational = "informational" => "asked, listed apart, not scored",
        Scored = "scored" => "scored like the others",
    }
}

impl Default for NprmMode {
    /// A rule that is not in force lowers nobody's score.
    fn default() -> Self {
        Self::Informational
    }
}

impl Set {
    /// The set that a tier is asked.
    pub fn for_tier(tier: Tier) -> Self {
        match tier {
            Tier::One | Tier::Two => Set::Full,
            Tier::Three => Set::Standard,
            Tier::Four => Set::Lite,
        }
    }
}

/// One version of a form. Never edited once released.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Questionnaire {
    pub id: String,
    pub version: u32,
    pub title: String,
    pub purpose: Purpose,
    /// One paragraph for the respondent.
    pub intro: String,
    /// What the signer declares; `{vendor}` and `{date}` are filled in.
    pub statement: String,
    pub sections: Vec<Section>,
    /// SHA-256 of the file, hexadecimal.
    pub digest: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// The family: `org`, `adm`, `phy`, `tec`, `inc`, `prv`, `sub`, `off`.
    pub id: String,
    pub title: String,
    pub topics: Vec<Topic>,
}

/// The questions of one page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topic {
    /// Used in the page's address; unique in the questionnaire.
    pub id: String,
    pub title: String,
    pub questions: Vec<Question>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Stable name: `tec.encrypt.stored`. The part before the first dot is the family.
    pub slug: String,
    pub text: String,
    /// A few words that name the subject in sentences and tables: "Encrypts stored copies".
    pub short: String,
    /// Why we ask, for the respondent.
    pub why: String,
    /// How to answer, in plain words.
    pub help: String,
    /// What would support the answer; empty where nothing would.
    pub evidence: String,
    pub answer: AnswerKind,
    /// A part of the answer written beside it: countries, roles, months.
    pub detail: Option<Detail>,
    /// 1 to 5; 0 is never scored.
    pub weight: u32,
    pub gravity: Gravity,
    pub specification: Specification,
    pub citations: Vec<String>,
    pub authority: Authority,
    /// What the proposed rule (90 FR 898) would ask here; shown labelled as proposed.
    pub proposed: Option<String>,
    pub causes: BTreeSet<Cause>,
    pub applies: Condition,
    /// A different answer next year is a change in how the vendor handles data.
    pub change_bearing: bool,
    pub lite: bool,
    /// The form cannot be sent without it. Never set in a self-assessment: a blank is a gap.
    pub required: bool,
}

/// The shape of an answer and what it is worth, in percent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnswerKind {
    /// Yes, another measure (addressable only), partly, planned, no.
    Graded,
    /// One of these.
    Choice { choices: Vec<Choice> },
    /// Any of these, or `none` alone; credit by how many count: index 0 for none, the last for
    /// that many or more.
    Several { choices: Vec<Choice>, credit_by_count: Vec<u32> },
    /// A day; credit by its age. One with bands is of something done, so not in the future.
    Date { bands: Vec<DateBand> },
    /// A whole number; the first band that fits decides.
    Number { unit: String, least: i64, most: i64, bands: Vec<NumberBand> },
    /// Rows to add.
    List { columns: Vec<Column>, none_says: Option<String>, credit: ListCredit },
    /// A named person with e-mail and telephone; incomplete is half.
    Contact,
    /// Words; any words are full credit.
    Text,
    /// A plain tick.
    Tick,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    pub key: String,
    pub says: String,
    /// Percent, 0 to 100. In a `several` question: 0 does not count, anything else does.
    pub credit: u32,
}

/// Credit for a day at most so many days before the day of scoring.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DateBand {
    pub within_days: i64,
    pub credit: u32,
}

/// Credit for a number in a range; open ends are unbounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NumberBand {
    pub at_least: Option<i64>,
    pub at_most: Option<i64>,
    pub credit: u32,
}

impl NumberBand {
    pub fn fits(&self, number: i64) -> bool {
        self.at_least.is_none_or(|least| number >= least) && self.at_most.is_none_or(|most| number <= most)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    pub key: String,
    pub label: String,
    #[serde(default)]
    pub kind: ColumnKind,
    /// For `choice` columns.
    #[serde(default)]
    pub choices: Vec<ColumnChoice>,
    #[serde(default)]
    pub required: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ColumnKind {
    #[default]
    Text,
    Date,
    Choice,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnChoice {
    pub key: String,
    pub says: String,
}

/// How rows earn credit.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum ListCredit {
    /// Any row, or an explicit "none", 100; blank 0.
    Stated,
    /// Any row whose `ends` column is empty or not past 100; else 0.
    Current { ends: String },
    /// As `current`, with 100 only when the row's `scope` column is `within`; else 50.
    InScope { ends: String, scope: String, within: String },
}

/// A second field beside the answer.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Detail {
    pub label: String,
    #[serde(default)]
    pub kind: DetailKind,
    /// Asked only for these choices; empty is for every answer.
    #[serde(default)]
    pub with: Vec<String>,
    pub rule: DetailRule,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DetailKind {
    #[default]
    Text,
    Number,
}

/// What the detail does to the credit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum DetailRule {
    /// Nothing: it is read by a person.
    Noted,
    /// Blank earns nothing.
    Needed,
    /// Less than this number, or blank, halves the credit.
    HalvedBelow(i64),
}

impl Questionnaire {
    /// `id-vN`, as the file is named.
    pub fn name(&self) -> String {
        format!("{}-v{}", self.id, self.version)
    }

    /// Every question, in reading order.
    pub fn questions(&self) -> impl Iterator<Item = &Question> {
        self.sections.iter().flat_map(|section| &section.topics).flat_map(|topic| &topic.questions)
    }

    pub fn question(&self, slug: &str) -> Option<&Question> {
        self.questions().find(|question| question.slug == slug)
    }

    pub fn topic(&self, id: &str) -> Option<(&Section, &Topic)> {
        self.sections
            .iter()
            .find_map(|section| section.topics.iter().find(|topic| topic.id == id).map(|topic| (section, topic)))
    }
}

impl Question {
    /// `org` of `org.self-check.done`.
    pub fn family(&self) -> &str {
        self.slug.split('.').next().unwrap_or_default()
    }

    /// Whether the set includes it (`domain/hipaa.md` 2.12).
    pub fn in_set(&self, set: Set) -> bool {
        match set {
            Set::Full => true,
            Set::Standard => self.weight >= 3 || self.lite,
            Set::Lite => self.lite,
        }
    }

    /// It is asked because of a rule that is proposed and not in force.
    pub fn is_proposed(&self) -> bool {
        self.authority == Authority::Proposed
    }

    /// "Another measure instead" may be answered (45 CFR 164.306(d)(3)).
    pub fn allows_alternative(&self) -> bool {
        self.answer == AnswerKind::Graded && self.specification == Specification::Addressable
    }
}

/// What a vendor was asked, as far as the choice of questions goes: pinned when asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    pub exposure: Exposure,
    pub tier: Tier,
    pub set: Set,
    /// What the practice had the proposed rule do on that day.
    #[serde(default)]
    pub nprm: NprmMode,
}

impl Asked {
    /// Whether this question is put to this vendor; `answered` as in [`Condition::holds`].
    pub fn includes(&self, question: &Question, answered: &impl Fn(&str, &str) -> bool) -> bool {
        self.puts(question) && question.applies.holds(&self.exposure, self.tier, answered)
    }

    /// Whether this question may be put to this vendor, whatever it answers to the others.
    pub fn may_include(&self, question: &Question) -> bool {
        self.puts(question) && question.applies.may_hold(&self.exposure, self.tier)
    }

    fn puts(&self, question: &Question) -> bool {
        question.in_set(self.set) && (self.nprm != NprmMode::Off || !question.is_proposed())
    }
}

/// About how long so many questions take, in minutes: 40 seconds each, in steps of five.
/// An estimate until real respondents say better.
pub fn minutes(questions: usize) -> usize {
    (questions * 2 / 3).div_ceil(5).max(1) * 5
}
