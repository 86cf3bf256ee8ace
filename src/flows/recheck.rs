//! Asks again about some answers of a signed reply: at half the year, and after a change that the
//! vendor told of. By rule, with the sweep; what is asked is decided in `domain::recheck`.

use chrono::{DateTime, Days, NaiveDate, Utc};

use super::correct::correction;
use super::invite::{self, InviteError};
use super::{Office, judge, receive};
use crate::domain::access::Scope;
use crate::domain::answers::Answers;
use crate::domain::assessment::{self, Assessment};
use crate::domain::calendar;
use crate::domain::civil_date;
use crate::domain::correction::{Correction, Occasion, Outcome};
use crate::domain::entry::{Act, Actor, Deed};
use crate::domain::ids::{AssessmentId, VendorId};
use crate::domain::letter::LetterKind;
use crate::domain::notice::{self, ChangeNotice};
use crate::domain::practice::Practice;
use crate::domain::recheck::{self, HALF_YEAR_DAYS, Reply, Wanted};
use crate::domain::signed_copy::SignedCopy;
use crate::domain::standing::Vendor;
use crate::domain::words::counted;
use crate::store::{self, Db, StoreError};

/// The vendors that may have to be asked again on `today`; [`ask`] looks closer.
///
/// # Errors
/// The database's.
pub fn owed(conn: &mut Db, practice: &Practice, today: NaiveDate) -> Result<Vec<VendorId>, StoreError> {
    let half = practice.settings.half_year.then(|| today - Days::new(HALF_YEAR_DAYS));
    store::vendors::to_recheck(conn, &Scope::Practice(practice.id), calendar::fresh_from(today), half)
}

/// Asks one vendor again what is to be asked; false when that is nothing, or nobody can be written
/// to.
///
/// # Errors
/// The database's.
pub fn ask(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    vendor: VendorId,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let (scope, today) = (Scope::Practice(practice.id), practice.day(now));
    let Some(vendor) = store::vendors::hold(conn, &scope, vendor)? else { return Ok(false) };
    let (address, all) = match invite::may_be_asked(conn, &scope, &vendor, today) {
        Ok(found) => found,
        Err(InviteError::Store(error)) => return Err(error),
        Err(_) => return Ok(false),
    };
    let Some(found) = Found::load(conn, practice, &vendor, &all)? else { return Ok(false) };
    let signed = found.signed;
    let answers = store::answers::of(conn, &scope, signed.id)?;
    let applicable = receive::applicable(receive::pinned(office, signed)?, signed, &answers);
    let wanted = recheck::wanted(&found.reply(practice, &vendor), &applicable, today);
    let Some(Wanted { occasion, remarks }) = wanted else { return Ok(false) };
    let by = Actor::Program;
    let questions = counted(remarks.len(), "question");
    let sentence = match occasion {
        Occasion::HalfYear => format!("asked {address} again about {questions}, for the half-year check"),
        _ => format!("asked {address} again about {questions} that a change touches"),
    };
    let idle = store::corrections::open_of(conn, &scope, signed.id)?;
    if let Some(idle) = &idle {
        // Opened by the vendor long ago, and nothing done in it.
        store::corrections::end(conn, &scope, idle.id, Outcome::Withdrawn, now)?;
    }
    let new = correction((signed.id, occasion), &practice.name, practice, now);
    let new = Correction { returned: remarks, due_on: Some(recheck::due_on(today)), ..new };
    store::corrections::add(conn, &scope, &new)?;
    invite::send_link(conn, office, practice, &vendor, signed, LetterKind::Rechecked, &address, now)?;
    judge::judge(conn, office, practice, vendor.id, now)?;
    let closed = idle.map(|idle| {
        let on = civil_date::say_short(idle.opened_on);
        format!("closed the answers that the vendor opened on {on}, in which nothing was done")
    });
    for sentence in closed.into_iter().chain([sentence]) {
        let deed = Deed { by: &by, act: Act::Asked, vendor: Some(vendor.id), sentence };
        store::entries::write(conn, &scope, &deed, now)?;
    }
    Ok(true)
}

/// What decides whether a vendor is asked again, as it is on file.
struct Found<'a> {
    signed: &'a Assessment,
    accepted_on: NaiveDate,
    signed_at: DateTime<Utc>,
    yearly_on: NaiveDate,
    corrections: Vec<Correction>,
    notices: Vec<ChangeNotice>,
}

impl<'a> Found<'a> {
    fn load(
        conn: &mut Db,
        practice: &Practice,
        vendor: &Vendor,
        all: &'a [Assessment],
    ) -> Result<Option<Self>, StoreError> {
        let scope = Scope::Practice(practice.id);
        let Some((signed, accepted_on)) = assessment::last_signed(all).and_then(|one| Some((one, one.accepted_on?)))
        else {
            return Ok(None);
        };
        let first = match store::corrections::earlier(conn, &scope, signed.id)?.into_iter().next() {
            Some(first) => Some(first.signed),
            None => store::assessments::attestation(conn, &scope, signed.id)?,
        };
        let Some(first) = first else { return Ok(None) };
        let cadence = practice.settings.cadence_for(vendor.standing.tier, vendor.cadence);
        let next_due = calendar::next_due(cadence, practice.day(vendor.added_at), Some(accepted_on));
        Ok(Some(Self {
            signed,
            accepted_on,
            signed_at: first.signed_at,
            yearly_on: calendar::asks_on(next_due, cadence, Some(accepted_on)),
            corrections: store::corrections::of_assessment(conn, &scope, signed.id)?,
            notices: store::notices::of_vendor(conn, &scope, vendor.id)?,
        }))
    }

    fn reply(&self, practice: &Practice, vendor: &Vendor) -> Reply<'_> {
        Reply {
            tier: vendor.standing.tier,
            half_year: practice.settings.half_year,
            accepted_on: self.accepted_on,
            signed_at: self.signed_at,
            yearly_on: self.yearly_on,
            corrections: &self.corrections,
            notices: &self.notices,
        }
    }
}

/// What is ahead of a vendor before its year is over.
#[derive(Clone, Debug, PartialEq)]
pub enum Outlook {
    /// It was asked again, and has not signed yet.
    Open(Box<Correction>),
    /// The day of its half-year check.
    HalfYear(NaiveDate),
}

/// Whether a vendor was asked again, or will be at half the year.
///
/// # Errors
/// The database's.
pub fn outlook(
    conn: &mut Db,
    practice: &Practice,
    vendor: &Vendor,
    all: &[Assessment],
    today: NaiveDate,
) -> Result<Option<Outlook>, StoreError> {
    if all.iter().any(Assessment::is_open) || invite::is_asked_at_all(vendor).is_err() {
        return Ok(None);
    }
    let Some(found) = Found::load(conn, practice, vendor, all)? else { return Ok(None) };
    if let Some(open) = found.corrections.iter().find(|one| one.ended.is_none() && one.occasion.is_recheck()) {
        return Ok(Some(Outlook::Open(Box::new(open.clone()))));
    }
    if found.corrections.iter().any(|one| one.ended.is_none()) {
        return Ok(None);
    }
    let on = recheck::half_year_on(&found.reply(practice, vendor)).filter(|on| *on > today);
    Ok(on.map(Outlook::HalfYear))
}

/// One version of a reply that was signed since the first recheck: the answers that it found, and
/// when it was signed.
pub(super) struct Signed {
    /// The version that it made.
    pub version: u32,
    pub found: Answers,
    pub at: DateTime<Utc>,
}

/// The first recheck of a reply that was signed, and whatever was signed since, the oldest first:
/// what the vendor corrected by itself afterwards is news of its own day.
///
/// # Errors
/// The database's.
pub(super) fn signed(conn: &mut Db, scope: &Scope, reply: AssessmentId) -> Result<Vec<Signed>, StoreError> {
    let all = store::corrections::of_assessment(conn, scope, reply)?;
    let mut ended: Vec<(&Correction, DateTime<Utc>)> = all
        .iter()
        .filter_map(|one| Some((one, one.ended.filter(|(outcome, _)| *outcome == Outcome::Signed)?.1)))
        .collect();
    ended.sort_by_key(|(_, at)| *at);
    let Some(first) = ended.iter().position(|(one, _)| one.occasion.is_recheck()) else { return Ok(Vec::new()) };
    // Each that was signed took the place of one version.
    let replaced = store::corrections::earlier(conn, scope, reply)?;
    let since = ended.iter().zip(&replaced).skip(first);
    since
        .map(|((_, at), old)| {
            let found = SignedCopy::read(&old.signed).map_err(StoreError::Corrupt)?.answers();
            Ok(Signed { version: old.version + 1, found, at: *at })
        })
        .collect()
}

/// The first recheck after a notice that a change brought about, of the reply that stood then.
///
/// # Errors
/// The database's.
pub fn after(conn: &mut Db, scope: &Scope, notice: &ChangeNotice) -> Result<Option<Correction>, StoreError> {
    let all = store::assessments::of_vendor(conn, scope, notice.vendor)?;
    let Some(reply) = all.iter().find(|one| one.accepted_on.is_some_and(|on| on <= notice.told_on)) else {
        return Ok(None);
    };
    let rechecks = store::corrections::of_assessment(conn, scope, reply.id)?;
    let touched = notice::ask_afresh(std::slice::from_ref(notice), None);
    // What is told on the day of a recheck waits for the next.
    let is_about = |one: &Correction| {
        one.occasion == Occasion::Change
            && one.opened_on > notice.told_on
            && touched.keys().any(|slug| one.returned.contains_key(*slug))
    };
    let mut of_change: Vec<Correction> = rechecks.into_iter().filter(is_about).collect();
    of_change.sort_by_key(|one| (one.opened_on, one.id));
    Ok(of_change.into_iter().next())
}

/// Ends a recheck that is not signed, because the whole questionnaire goes out.
///
/// # Errors
/// The database's.
pub(super) fn supersede(
    conn: &mut Db,
    scope: &Scope,
    all: &[Assessment],
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let Some(signed) = assessment::last_signed(all) else { return Ok(()) };
    let open = store::corrections::open_of(conn, scope, signed.id)?.filter(|open| open.occasion.is_recheck());
    let Some(open) = open else { return Ok(()) };
    store::corrections::end(conn, scope, open.id, Outcome::Withdrawn, now)?;
    let sentence = format!(
        "ended what was asked again on {} and was not signed, for the whole questionnaire",
        civil_date::say_short(open.opened_on)
    );
    let deed = Deed { by, act: Act::Asked, vendor: Some(signed.vendor), sentence };
    store::entries::write(conn, scope, &deed, now)
}
