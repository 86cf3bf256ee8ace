//! The answers on a reviewer's page, each with all that bears on it.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use super::Typed;
use crate::domain::access::Scope;
use crate::domain::answers::say;
use crate::domain::answers::support::Supporting;
use crate::domain::answers::{Answer, Answers, Evidence, support};
use crate::domain::assessment::Assessment;
use crate::domain::civil_date;
use crate::domain::correction::Correction;
use crate::domain::questionnaire::{Question, Questionnaire};
use crate::domain::review::form::{Choice, Point, Points};
use crate::domain::review::{self, Ruled};
use crate::domain::scoring::Scorecard;
use crate::domain::scoring::record::AnswerLine;
use crate::flows::Office;
use crate::flows::review::Desk;
use crate::store::{self, Db, StoreError};
use crate::web::pages::scorecard::{lines, versions};
use crate::web::view::Badge;

#[derive(Clone, Debug, Serialize)]
pub struct Section {
    pub id: String,
    pub title: String,
    pub rows: Vec<Row>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub slug: String,
    pub short: String,
    pub question: String,
    pub badges: Vec<Badge>,
    pub answer: String,
    /// Who told it, where the vendor did not write it itself.
    pub origin: Option<String>,
    pub evidence: String,
    pub files: Vec<lines::FileLink>,
    pub before: String,
    pub changed: bool,
    /// What we asked about it, and what the vendor said to that.
    pub said: Vec<versions::Line>,
    pub part: String,
    /// What was decided, by whom and when.
    pub decided: Vec<String>,
    /// "Does not apply" is to be accepted or not.
    pub na: Option<Na>,
    /// There is a file to check.
    pub check: Option<Tick>,
    pub ask: bool,
    pub error: Option<&'static str>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Na {
    pub accept: bool,
    pub reject: bool,
    pub open: bool,
    pub error: bool,
}

#[derive(Clone, Debug, Serialize)]
pub struct Tick {
    pub on: bool,
}

/// The reply of the year before.
#[derive(Clone, Debug)]
pub struct Before<'a> {
    form: &'a Questionnaire,
    answers: Answers,
}

impl<'a> Before<'a> {
    /// `None` when nothing was signed before.
    ///
    /// # Errors
    /// The database's.
    pub fn load(conn: &mut Db, office: &'a Office, scope: &Scope, of: &Assessment) -> Result<Option<Self>, StoreError> {
        let all = store::assessments::of_vendor(conn, scope, of.vendor)?;
        let last = all.iter().find(|one| one.accepted_on.is_some() && one.cycle < of.cycle);
        let Some((last, form)) = last.and_then(|last| Some((last, office.catalogue.find(&last.questionnaire)?))) else {
            return Ok(None);
        };
        Ok(Some(Self { form, answers: store::answers::of(conn, scope, last.id)? }))
    }

    fn said(&self, slug: &str) -> Option<String> {
        Some(say::full(self.form.question(slug)?, self.answers.get(slug)?))
    }
}

/// What the rows are made of.
pub struct Sheet<'a> {
    pub desk: &'a Desk<'a>,
    pub card: &'a Scorecard,
    pub corrections: &'a [Correction],
    pub points: &'a Points,
    pub before: Option<&'a Before<'a>>,
    pub typed: &'a Typed,
    pub today: NaiveDate,
    pub may: bool,
}

impl Sheet<'_> {
    pub fn sections(&self) -> Vec<Section> {
        let scored: BTreeMap<&str, &AnswerLine> =
            self.card.answers.iter().map(|line| (line.question.as_str(), line)).collect();
        let questions = self.desk.questions();
        let supported = support::supported(&self.desk.answers, &self.desk.files, self.today);
        let decided = review::over(&supported, &self.desk.files, &self.desk.review.decisions, self.today);
        let section = |section: &crate::domain::questionnaire::Section| {
            let of_section = questions.iter().filter(|question| question.family() == section.id);
            let row = |question: &&Question| {
                self.row(question, decided.get(&question.slug), scored.get(question.slug.as_str()).copied())
            };
            let rows: Vec<Row> = of_section.map(row).collect();
            let title = lines::family_name(&section.id, &section.title);
            (!rows.is_empty()).then(|| Section { id: section.id.clone(), title, rows })
        };
        self.desk.form.sections.iter().filter_map(section).collect()
    }

    fn row(&self, question: &Question, answer: Option<&Answer>, part: Option<&AnswerLine>) -> Row {
        let slug = question.slug.as_str();
        let files = self.desk.files.get(slug).map_or(&[][..], Vec::as_slice);
        let said = answer.map_or_else(|| "Left blank".to_owned(), |answer| say::full(question, answer));
        let before = self.before.map(|before| before.said(slug));
        let point = self.points.get(slug);
        let conflict = self.typed.conflicts.iter().any(|one| one == slug);
        Row {
            slug: slug.to_owned(),
            short: question.short.clone(),
            question: question.text.clone(),
            badges: lines::badges(question),
            changed: matches!(&before, Some(Some(before)) if *before != said),
            before: match before {
                None => "First reply: nothing to compare".to_owned(),
                Some(None) => "Not answered".to_owned(),
                Some(Some(before)) => before,
            },
            answer: said,
            origin: answer.and_then(Answer::origin),
            evidence: evidence(answer, files),
            files: files.iter().map(|file| lines::link(file, self.today)).collect(),
            said: versions::lines(self.corrections, slug),
            part: lines::part(question, part),
            decided: self.decided(slug, answer),
            na: point.filter(|point| self.may && point.asks_na).map(|point| self.na(slug, point)),
            check: point
                .filter(|point| self.may && !point.files.is_empty())
                .map(|point| Tick { on: self.choice(slug, point).checked }),
            ask: self.typed.ask.contains(slug),
            error: conflict.then_some(
                "This changed while you were reading, and is shown as it is now. What you marked is still marked: send it again to keep it.",
            ),
        }
    }

    /// As it was marked on a page that came back, else as it stands.
    fn choice(&self, slug: &str, point: &Point) -> Choice {
        self.typed.choices.get(slug).copied().unwrap_or(point.choice)
    }

    fn na(&self, slug: &str, point: &Point) -> Na {
        let choice = self.choice(slug, point).na;
        Na {
            accept: choice == Some(true),
            reject: choice == Some(false),
            open: choice.is_none(),
            error: self.typed.undecided.iter().any(|one| one == slug),
        }
    }

    fn decided(&self, slug: &str, answer: Option<&Answer>) -> Vec<String> {
        let decisions = &self.desk.review.decisions;
        let Some(decision) = decisions.get(slug).filter(|one| answer.is_some_and(|answer| one.holds(answer))) else {
            return Vec::new();
        };
        let who = |ruled: &Ruled| {
            let carried = ruled.signed != self.desk.signed.sha256;
            let carried = if carried { ", carried over from an earlier version" } else { "" };
            format!("by {} on {}{carried}", ruled.by, civil_date::say_short(ruled.on))
        };
        let na = decision.na.as_ref().map(|ruling| {
            let did = if ruling.accepted { "accepted" } else { "not accepted" };
            format!("“Does not apply” {did} {}", who(&ruling.ruled))
        });
        let files = self.desk.files.get(slug).map_or(&[][..], Vec::as_slice);
        let check = decision.check.as_ref().map(|check| match decision.is_checked(files, self.today) {
            true => format!("Evidence checked {}", who(&check.ruled)),
            false => format!("Evidence was checked {}; no such file is in date any more", who(&check.ruled)),
        });
        na.into_iter().chain(check).collect()
    }
}

fn evidence(answer: Option<&Answer>, files: &[Supporting]) -> String {
    match answer {
        None => "None".to_owned(),
        Some(answer) if files.is_empty() && answer.evidence == Evidence::Assertion => "Said so, no file".to_owned(),
        Some(answer) => answer.evidence.says().to_owned(),
    }
}
