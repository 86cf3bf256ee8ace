//! A person of the practice lives with a gap until a day, and ends that before.

use chrono::{DateTime, NaiveDate, Utc};

use super::{Office, judge, receive};
use crate::domain::acceptance::Ended;
use crate::domain::access::Scope;
use crate::domain::action::Shortfall;
use crate::domain::answers::say;
use crate::domain::assessment::{self, Assessment};
use crate::domain::civil_date;
use crate::domain::entry::{Act, Actor, Deed};
use crate::domain::exception::{self, Exception, ExceptionState};
use crate::domain::ids::{ExceptionId, VendorId};
use crate::domain::practice::Practice;
use crate::domain::scoring::Scorecard;
use crate::domain::standing::Vendor;
use crate::store::{self, Db, StoreError};

/// Why nobody can live with it.
#[derive(Debug, thiserror::Error)]
pub enum ExceptError {
    #[error("there is no such vendor")]
    Unknown,
    #[error("its newest reply has no such gap")]
    NoGap,
    #[error("{0}")]
    Until(String),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A gap of a vendor's newest signed reply, by its card of today.
#[derive(Clone, Debug)]
pub struct Gap {
    pub vendor: Vendor,
    pub reply: Assessment,
    pub card: Scorecard,
    pub short: String,
    pub question: String,
    pub answer: String,
    pub shortfall: Shortfall,
}

/// The gap in the answer to a question; `None` when there is no such vendor or no gap.
///
/// # Errors
/// The database's.
pub fn gap(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    vendor: VendorId,
    slug: &str,
    today: NaiveDate,
) -> Result<Option<Gap>, StoreError> {
    let scope = Scope::Practice(practice.id);
    let Some(vendor) = store::vendors::one(conn, &scope, vendor)? else { return Ok(None) };
    if vendor.place.is_archived() || !vendor.place.life.counts() {
        return Ok(None);
    }
    let all = store::assessments::of_vendor(conn, &scope, vendor.id)?;
    let Some(reply) = assessment::last_signed(&all).cloned() else { return Ok(None) };
    let card = judge::consider(conn, office, practice, &vendor, today)?.scorecard;
    let answers = store::answers::of(conn, &scope, reply.id)?;
    let found = receive::pinned(office, &reply)?.question(slug).and_then(|question| {
        let line = card.answers.iter().find(|line| line.question == slug && exception::is_gap(line))?;
        let answer = answers.get(slug);
        let shortfall = Shortfall::of(question, line, answer)?;
        let said = answer.map_or_else(|| "left blank".to_owned(), |answer| say::full(question, answer));
        Some((question.short.clone(), question.text.clone(), said, shortfall))
    });
    Ok(found.map(|(short, question, answer, shortfall)| Gap {
        vendor,
        reply,
        card,
        short,
        question,
        answer,
        shortfall,
    }))
}

/// The newest exception for each question of a vendor, with where it stands on `today`. A vendor
/// without any is not judged.
///
/// # Errors
/// The database's.
pub fn newest(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    vendor: &Vendor,
    today: NaiveDate,
) -> Result<Vec<(Exception, ExceptionState)>, StoreError> {
    let all = store::exceptions::of_vendor(conn, &Scope::Practice(practice.id), vendor.id)?;
    if all.is_empty() {
        return Ok(Vec::new());
    }
    let card = judge::consider(conn, office, practice, vendor, today)?.scorecard;
    Ok(exception::newest(&all).into_iter().map(|one| (one.clone(), one.state(&card, today))).collect())
}

/// Who accepted which of these, and until when: `Dana accepted “…” until May 2, 2026.`
pub fn named(all: &[&Exception]) -> String {
    let sentence =
        |one: &&Exception| format!("{} accepted “{}” until {}.", one.by, one.short, civil_date::say(one.until));
    all.iter().map(sentence).collect::<Vec<_>>().join(" ")
}

/// Keeps that somebody lives with the gap in `slug` up to and with `until`, and judges the vendor
/// anew. The same twice is one.
///
/// # Errors
/// Why not; nothing is written then.
#[expect(clippy::too_many_arguments, reason = "the facts of one form; a struct would be named after this function")]
pub fn accept(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    vendor: VendorId,
    slug: &str,
    (reason, until): (&str, NaiveDate),
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<(), ExceptError> {
    let (scope, today) = (Scope::Practice(practice.id), practice.day(now));
    store::vendors::hold(conn, &scope, vendor)?.ok_or(ExceptError::Unknown)?;
    let gap = gap(conn, office, practice, vendor, slug, today)?.ok_or(ExceptError::NoGap)?;
    exception::check_until(gap.shortfall, until, today).map_err(ExceptError::Until)?;
    let new = Exception {
        id: ExceptionId::fresh(),
        vendor,
        assessment: gap.reply.id,
        slug: slug.to_owned(),
        short: gap.short,
        answer: gap.answer,
        shortfall: gap.shortfall,
        rating: gap.card.rating,
        reason: reason.to_owned(),
        by: by.name().to_owned(),
        on: today,
        until,
        ended: None,
    };
    let known = store::exceptions::of_vendor(conn, &scope, vendor)?;
    let same = |one: &&Exception| Exception { id: new.id, ..(**one).clone() } == new;
    if exception::newest(&known).iter().any(same) {
        return Ok(());
    }
    let stands = |one: &&Exception| one.slug == new.slug && one.state(&gap.card, today) == ExceptionState::InForce;
    if let Some(one) = exception::newest(&known).into_iter().find(stands) {
        let until = civil_date::say(one.until);
        return Err(ExceptError::Until(format!(
            "{} accepted this gap until {until} already. To choose another day, end that acceptance first",
            one.by
        )));
    }
    store::exceptions::add(conn, &scope, &new)?;
    judge::judge(conn, office, practice, vendor, now)?;
    let sentence = format!(
        "accepted the gap “{}: {}” of {} until {}, rated {} on that day: {reason}",
        new.short,
        new.answer,
        gap.vendor.details.name,
        civil_date::say(until),
        new.rating.says(),
    );
    store::entries::write(conn, &scope, &Deed { by, act: Act::Decided, vendor: Some(vendor), sentence }, now)?;
    Ok(())
}

/// Ends one before its day. `None` when there is no such exception; ending twice is ending once.
///
/// # Errors
/// The database's.
pub fn end(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    id: ExceptionId,
    why: &str,
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<Option<VendorId>, StoreError> {
    let scope = Scope::Practice(practice.id);
    let Some(known) = store::exceptions::one(conn, &scope, id)? else { return Ok(None) };
    store::vendors::hold(conn, &scope, known.vendor)?;
    let ended = Ended { on: practice.day(now), by: by.name().to_owned(), why: why.to_owned() };
    if store::exceptions::end(conn, &scope, id, &ended)? {
        judge::judge(conn, office, practice, known.vendor, now)?;
        let sentence = format!("ended the acceptance of the gap “{}: {}”: {why}", known.short, known.answer);
        let deed = Deed { by, act: Act::Decided, vendor: Some(known.vendor), sentence };
        store::entries::write(conn, &scope, &deed, now)?;
    }
    Ok(Some(known.vendor))
}
