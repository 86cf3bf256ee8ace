//! What the practice decides by hand and whom it knows at a vendor: the parts of a life that
//! are neither asked nor answered.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::DemoError;
use crate::domain::acceptance::Support;
use crate::domain::access::Scope;
use crate::domain::answers::seen::Seen;
use crate::domain::answers::told::Way;
use crate::domain::answers::{Answer, Grade, Told, Value};
use crate::domain::ba_decision::{self, Question, Reply, Step, walk};
use crate::domain::contact::{AddressState, ContactDetails, ContactRole};
use crate::domain::entry::Actor;
use crate::domain::exposure::Tier;
use crate::domain::ids::VendorId;
use crate::domain::practice::Practice;
use crate::flows::Office;
use crate::flows::accept::{self, Accepted};
use crate::flows::contact::{self, ContactError};
use crate::flows::decide::{self, Decided, TierError};
use crate::flows::told::{self, Typed};
use crate::store::{self, Db};

/// Days ago, as everywhere in the story.
#[derive(Deserialize)]
pub struct Deed {
    pub on: i64,
    #[serde(flatten)]
    pub what: What,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// Whether it is a business associate: the answers, in the order of the questions.
    Decides {
        answers: String,
        #[serde(default)]
        reason: String,
    },
    Sets {
        tier: Tier,
        #[serde(default)]
        reason: String,
    },
    Meets {
        name: String,
        email: Option<String>,
        #[serde(default)]
        phone: String,
        #[serde(default)]
        title: String,
        #[serde(default)]
        roles: BTreeSet<ContactRole>,
    },
    /// It will never answer: what its newest paper supports.
    Accepts { questions: String, until: chrono::NaiveDate, reason: String },
    /// Somebody there says answers on the telephone, which the practice types in.
    Tells { by: String, grades: BTreeMap<String, Grade> },
    /// What became of an address.
    Marks { email: String, state: AddressState, why: String },
}

impl Deed {
    pub fn happen(
        &self,
        conn: &mut Db,
        office: &Office,
        practice: &Practice,
        vendor: VendorId,
        by: &Actor,
        now: DateTime<Utc>,
    ) -> Result<(), DemoError> {
        let odd = |why: &dyn std::fmt::Display| DemoError::Story(format!("{} days ago: {why}", self.on));
        match &self.what {
            What::Decides { answers, reason } => {
                let decided = decided(answers, reason, practice.day(now)).ok_or_else(|| odd(&answers))?;
                decide::business_associate(conn, office, practice, vendor, &decided, by, now)?;
                Ok(())
            }
            What::Sets { tier, reason } => decide::tier(conn, office, practice, vendor, Some(*tier), reason, by, now)
                .map_err(|error| match error {
                    TierError::Store(error) => error.into(),
                    error => odd(&error),
                }),
            What::Meets { name, email, phone, title, roles } => {
                let details = ContactDetails {
                    name: name.clone(),
                    email: email.clone(),
                    phone: phone.clone(),
                    title: title.clone(),
                    roles: roles.clone(),
                };
                contact::add(conn, office, practice, vendor, &details, false, by, now)
                    .map(drop)
                    .map_err(|e| unmet(e, &odd))
            }
            What::Accepts { questions, until, reason } => {
                let scope = Scope::Practice(practice.id);
                let known = store::vendors::one(conn, &scope, vendor)?.ok_or_else(|| odd(&"nobody"))?;
                let papers = accept::papers(conn, &scope, &known, practice.day(now))?;
                let paper = papers.keys().next().copied().ok_or_else(|| odd(&"no paper"))?;
                let support = |question: &str| Support { question: question.to_owned(), paper };
                let accepted = Accepted {
                    supports: questions.split_whitespace().map(support).collect(),
                    reason: reason.clone(),
                    until: *until,
                };
                accept::accept(conn, office, practice, vendor, &accepted, by, now)?;
                Ok(())
            }
            What::Tells { by: who, grades } => {
                let opened = told::begin(conn, office, practice, vendor, by, now).map_err(|error| odd(&error))?;
                let open = store::assessments::one(conn, &Scope::Practice(practice.id), opened)?;
                let open = open.ok_or_else(|| odd(&"nothing is open"))?;
                let answer = |(slug, grade): (&String, &Grade)| (slug.clone(), Some(Answer::of(Value::Grade(*grade))));
                let page: Vec<_> = grades.iter().map(answer).collect();
                let (on, entered_by) = (practice.day(now), by.name().to_owned());
                let said = Told { by: who.clone(), on, way: Way::Telephone, entered_by };
                match told::save(conn, office, practice, &open, &page, &Seen::default(), &said, by, now)? {
                    Typed::Saved(_) => Ok(()),
                    other => Err(odd(&format!("{other:?}"))),
                }
            }
            What::Marks { email, state, why } => {
                let people = store::contacts::of_vendor(conn, &Scope::Practice(practice.id), vendor)?;
                let person = people.iter().find(|one| one.details.email.as_deref() == Some(email));
                let person = person.ok_or_else(|| odd(email))?.id;
                contact::mark(conn, office, practice, vendor, person, *state, why, by, now).map_err(|e| unmet(e, &odd))
            }
        }
    }
}

fn unmet(error: ContactError, odd: &impl Fn(&dyn std::fmt::Display) -> DemoError) -> DemoError {
    match error {
        ContactError::Store(error) => error.into(),
        error => odd(&error),
    }
}

fn decided(answers: &str, reason: &str, today: chrono::NaiveDate) -> Option<Decided> {
    let replies: Vec<Reply> = answers.split_whitespace().map(str::parse).collect::<Result<_, _>>().ok()?;
    let (path, step) = walk(|question| {
        let at = Question::ALL.iter().position(|one| *one == question)?;
        replies.get(at).copied()
    });
    let Step::Ends(status) = step else { return None };
    let reason = if reason.is_empty() { ba_decision::reason(status) } else { reason };
    let look_again_on = ba_decision::look_again_days(status).map(|days| today + chrono::Days::new(days));
    Some(Decided { status, path, reason: reason.to_owned(), look_again_on })
}
