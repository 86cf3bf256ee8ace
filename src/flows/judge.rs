//! Judges a vendor anew and writes what follows: its standing and its flags. Called in the
//! transaction of whatever changed, and by the sweep for what time alone changes.

use chrono::{DateTime, NaiveDate, Utc};

use super::beside::Beside;
use super::{Office, accept, recheck};
use crate::domain::acceptance::{self, Acceptance};
use crate::domain::access::Scope;
use crate::domain::agreement::Agreement;
use crate::domain::answers::{Answers, support};
use crate::domain::assessment::{Assessment, AssessmentState};
use crate::domain::calendar;
use crate::domain::changes::{self, Change, Learnt, Year};
use crate::domain::correction::Correction;
use crate::domain::entry::{Act, Actor, Deed};
use crate::domain::flags::{self as rules, Fact, Flag};
use crate::domain::ids::VendorId;
use crate::domain::life::Life;
use crate::domain::notice::ChangeNotice;
use crate::domain::practice::Practice;
use crate::domain::questionnaire::Questionnaire;
use crate::domain::review::{self, ReviewState};
use crate::domain::scoring::Response;
use crate::domain::standing::{self, Accepted, Judgement, OnEvidence, Record, Vendor};
use crate::domain::subcontractors::{self, Effective, Sub};
use crate::store::{self, Db, StoreError};

/// Judges one vendor as of `now`, and rewrites its standing and flags; `None` when there is no
/// such vendor. Reads everything anew behind the vendor's lock: a standing is made of several
/// rows, and two judgements at once must not overwrite the newer with the older.
///
/// # Errors
/// The database's.
pub fn judge(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    vendor: VendorId,
    now: DateTime<Utc>,
) -> Result<Option<Judgement>, StoreError> {
    let scope = Scope::Practice(practice.id);
    let Some(vendor) = store::vendors::hold(conn, &scope, vendor)? else { return Ok(None) };
    let judgement = judge_one(conn, office, practice, &vendor, now)?;
    // What it holds and where bears on those that it works for.
    if vendor.place.parent.is_some() {
        for (above, _) in store::tree::above(conn, &scope, vendor.id)? {
            if let Some(above) = store::vendors::one(conn, &scope, above)? {
                judge_one(conn, office, practice, &above, now)?;
            }
        }
    }
    Ok(Some(judgement))
}

fn judge_one(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    vendor: &Vendor,
    now: DateTime<Utc>,
) -> Result<Judgement, StoreError> {
    let (scope, today) = (Scope::Practice(practice.id), practice.day(now));
    let flags = store::flags::of_vendor(conn, &scope, vendor.id)?;
    let Weighed { judgement, learnt, accepts } = weigh(conn, office, practice, vendor, &flags, today)?;
    save_changes(conn, &scope, &learnt, today)?;
    save_flags(conn, &scope, vendor.id, &flags, &judgement, now, today)?;
    if judgement.standing != vendor.standing {
        store::vendors::set_standing(conn, &scope, vendor.id, &judgement.standing)?;
    }
    if accepts {
        store::vendors::set_stop_accepted(conn, &scope, vendor.id, judgement.stop_accepted_until)?;
    }
    Ok(judgement)
}

/// The exposure that counts for a vendor: its own, with what is known of the companies below
/// it that have, or may have, our information.
///
/// # Errors
/// The database's.
pub fn effective(conn: &mut Db, scope: &Scope, vendor: &Vendor) -> Result<Effective, StoreError> {
    let below = store::tree::below(conn, scope, vendor.id)?;
    let below: Vec<Sub> = below.into_iter().filter(|one| one.life.holds_information()).map(|below| below.sub).collect();
    Ok(subcontractors::effective(&vendor.details.exposure, &below))
}

/// Raises the flags of a vendor that was added just now, with the standing it was judged by.
///
/// # Errors
/// The database's.
pub fn raise_first(
    conn: &mut Db,
    scope: &Scope,
    vendor: &Vendor,
    facts: &[Fact],
    now: DateTime<Utc>,
    today: NaiveDate,
) -> Result<(), StoreError> {
    facts.iter().try_for_each(|fact| store::flags::raise(conn, scope, vendor.id, fact, None, today))?;
    let raised: Vec<String> = facts.iter().map(said).collect();
    note(conn, scope, vendor.id, "raised", &raised, now)
}

/// One line of the history for all flags that were raised, or closed, at once.
fn note(
    conn: &mut Db,
    scope: &Scope,
    vendor: VendorId,
    did: &str,
    flags: &[String],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let sentence = match flags {
        [] => return Ok(()),
        [one] => format!("{did} the flag “{one}”"),
        more => format!("{did} {} flags: “{}”", more.len(), more.join("”, “")),
    };
    let deed = Deed { by: &Actor::Program, act: Act::Flagged, vendor: Some(vendor), sentence };
    store::entries::write(conn, scope, &deed, now)
}

fn said(fact: &Fact) -> String {
    format!("{}: {}", fact.kind.says(), fact.sentence)
}

/// Judges without writing: for pages that explain.
///
/// # Errors
/// The database's.
pub fn consider(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    vendor: &Vendor,
    today: NaiveDate,
) -> Result<Judgement, StoreError> {
    let flags = store::flags::of_vendor(conn, &Scope::Practice(practice.id), vendor.id)?;
    weigh(conn, office, practice, vendor, &flags, today).map(|weighed| weighed.judgement)
}

/// What comes of all that is known of a vendor.
struct Weighed {
    judgement: Judgement,
    learnt: Learnt,
    /// Somebody accepts a gap of it, or did.
    accepts: bool,
}

fn weigh(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    vendor: &Vendor,
    flags: &[Flag],
    today: NaiveDate,
) -> Result<Weighed, StoreError> {
    let scope = Scope::Practice(practice.id);
    let assessments = store::assessments::of_vendor(conn, &scope, vendor.id)?;
    let mut accepted: Vec<(&Assessment, Answers)> = Vec::with_capacity(2);
    let (mut reviewed, mut correction) = (ReviewState::None, None);
    for assessment in assessments.iter().filter(|assessment| assessment.accepted_on.is_some()).take(2) {
        let answers = store::answers::of(conn, &scope, assessment.id)?;
        let files = store::evidence::of(conn, &scope, assessment.id)?;
        let mut answers = support::supported(&answers, &files, today);
        if accepted.is_empty() {
            correction = store::corrections::open_of(conn, &scope, assessment.id)?;
            let review = store::reviews::of(conn, &scope, assessment.id)?;
            answers = review::over(&answers, &files, &review.decisions, today);
            reviewed = review::state(review.signed.as_deref(), review.newest.as_ref(), correction.as_ref());
        }
        accepted.push((assessment, answers));
    }
    let beside = Beside::load(conn, &scope, vendor.id)?;
    let late = beside.overdue(correction.as_ref(), today);
    let agreements = store::agreements::of_vendor(conn, &scope, vendor.id)?;
    let open = assessments.iter().find(|assessment| assessment.is_open());
    let asks_again = correction.as_ref().is_some_and(Correction::by_practice);
    let undelivered = match open {
        None if !asks_again => None,
        _ => store::letters::newest_to(conn, &scope, vendor.id)?.filter(|letter| letter.was_refused()),
    };
    let documents = store::documents::dated(conn, &scope, vendor.id)?;
    let effective = effective(conn, &scope, vendor)?;
    let ending = match vendor.place.life {
        Life::Ending => store::endings::newest(conn, &scope, vendor.id)?,
        _ => None,
    };
    let people = store::contacts::of_vendor(conn, &scope, vendor.id)?;
    let preferred = store::contacts::preferred(conn, &scope, vendor.id)?;
    let signer = match accepted.first() {
        Some((last, _)) => store::assessments::signer(conn, &scope, last.id)?,
        None => None,
    };
    let signer = signer.and_then(|signer| {
        let addresses = people.iter().filter_map(|one| one.details.email.as_deref());
        signer.fact(addresses, vendor.details.website.as_deref())
    });
    let decided = store::decisions::on_ba(conn, &scope, vendor.id)?;
    let tier_decided = store::decisions::on_tier(conn, &scope, vendor.id)?;
    let paper = on_evidence(conn, office, &scope, vendor, today)?;
    let handovers = match open {
        Some(_) => store::handovers::unsettled(conn, &scope, vendor.id)?,
        None => Vec::new(),
    };
    let notices = store::notices::of_vendor(conn, &scope, vendor.id)?;
    let versions = match accepted.first() {
        Some((last, _)) => recheck::signed(conn, &scope, last.id)?,
        None => Vec::new(),
    };
    let sources = (&accepted[..], &agreements[..], &notices[..]);
    let learnt = learn(office, practice, vendor.id, &beside.changes, sources, &versions);
    let exceptions = store::exceptions::of_vendor(conn, &scope, vendor.id)?;
    let record = Record {
        ba_status: vendor.details.ba_status,
        exposure: &effective.exposure,
        life: vendor.place.life,
        archived: vendor.place.is_archived(),
        ending: ending.as_ref(),
        below: &effective.facts,
        added_on: practice.day(vendor.added_at),
        has_address: vendor.details.contact_email.is_some(),
        preferred: preferred.as_ref(),
        decided: decided.first(),
        tier_decided: tier_decided.first(),
        evidence: paper.as_ref().map(|(acceptance, questionnaire, answers)| OnEvidence {
            acceptance,
            questionnaire,
            answers,
        }),
        notices: &notices,
        flags,
        handovers: &handovers,
        signer: signer.as_ref(),
        correction: correction.as_ref(),
        actions: &beside.actions,
        incidents: &beside.incidents,
        changes: &learnt.standing,
        exceptions: &exceptions,
        agreements: &agreements,
        open,
        given_up: given_up(&assessments, practice.settings.grace_days)
            .filter(|_| vendor.details.ba_status.counts_as_ba()),
        undelivered: undelivered
            .as_ref()
            .map(|letter| (letter.to_address.as_str(), letter.reason.as_deref().unwrap_or_default())),
        last: accepted.first().and_then(|(last, answers)| accepted_year(office, last, answers, (late, reviewed))),
        documents: &documents,
        questionnaire: office.catalogue.current(),
        cadence: vendor.cadence,
        settings: &practice.settings,
    };
    let judgement = standing::judge(&record, today);
    Ok(Weighed { judgement, learnt, accepts: !exceptions.is_empty() })
}

/// What it does differently, from all that says so: the last two signed replies, the versions of
/// the agreement, and its notices.
fn learn(
    office: &Office,
    practice: &Practice,
    vendor: VendorId,
    known: &[Change],
    (accepted, agreements, notices): (&[(&Assessment, Answers)], &[Agreement], &[ChangeNotice]),
    versions: &[recheck::Signed],
) -> Learnt {
    let mut found = changes::of_notices(notices);
    found.extend(changes::of_agreements(agreements, |at| practice.day(at)));
    let mut years = accepted.iter().filter_map(|(assessment, answers)| year(office, assessment, answers));
    let newest = accepted.first().map(|(last, _)| last.id);
    let (last, before) = (years.next(), years.next());
    // The year is compared by what was signed first; what a recheck and each version since said is
    // news of its own.
    let first = last.map(|last| Year { answers: versions.first().map_or(last.answers, |one| &one.found), ..last });
    if let (Some(first), Some(before)) = (&first, &before) {
        found.extend(changes::of_years(vendor, before, first, notices));
    }
    let mut on = first.map(|first| first.accepted_on);
    for (at, one) in versions.iter().enumerate() {
        let (Some(last), Some(from)) = (last, on) else { break };
        let signed_on = practice.day(one.at);
        let was = Year { answers: &one.found, accepted_on: from, ..last };
        let answers = versions.get(at + 1).map_or(last.answers, |next| &next.found);
        let now = Year { answers, accepted_on: signed_on, ..last };
        found.extend(changes::since_signed(vendor, &was, &now, notices, one.version));
        on = Some(signed_on);
    }
    changes::learn(known, found, newest)
}

fn save_changes(conn: &mut Db, scope: &Scope, learnt: &Learnt, today: NaiveDate) -> Result<(), StoreError> {
    for id in &learnt.withdrawn {
        store::changes::withdraw(conn, scope, *id, today)?;
    }
    for change in learnt.standing.iter().filter(|one| learnt.added.contains(&one.id)) {
        store::changes::add(conn, scope, change)?;
    }
    for change in learnt.standing.iter().filter(|one| learnt.updated.contains(&one.id)) {
        store::changes::save(conn, scope, change)?;
    }
    Ok(())
}

fn year<'a>(office: &'a Office, assessment: &'a Assessment, answers: &'a Answers) -> Option<Year<'a>> {
    Some(Year {
        reply: assessment.id,
        accepted_on: assessment.accepted_on?,
        exposure: &assessment.asked.exposure,
        // A version once asked stays built in; a test holds that none disappears.
        questionnaire: office.catalogue.find(&assessment.questionnaire)?,
        answers,
    })
}

/// The acceptance on evidence that is in force, and what its papers support today.
fn on_evidence<'a>(
    conn: &mut Db,
    office: &'a Office,
    scope: &Scope,
    vendor: &Vendor,
    today: NaiveDate,
) -> Result<Option<(Acceptance, &'a Questionnaire, Answers)>, StoreError> {
    let all = store::acceptances::of_vendor(conn, scope, vendor.id)?;
    let Some(current) = all.into_iter().find(|one| one.is_in_force(today)) else { return Ok(None) };
    // A version once used stays built in; a test holds that none disappears.
    let Some(form) = office.catalogue.find(&current.questionnaire) else { return Ok(None) };
    let papers = accept::papers(conn, scope, vendor, today)?;
    let answers = acceptance::answers(&current, form, &papers);
    Ok(Some((current, form, answers)))
}

/// The newest assessment that was given up after its grace, since the last reply.
fn given_up(assessments: &[Assessment], grace_days: u32) -> Option<&Assessment> {
    let since = assessments.iter().take_while(|assessment| assessment.accepted_on.is_none());
    let next_asked = |at: usize| assessments.get(at.checked_sub(1)?).map(|next| next.asked_on);
    let silent = |(at, one): &(usize, &Assessment)| {
        one.state == AssessmentState::Closed
            && next_asked(*at).is_some_and(|next| next > calendar::grace_ends(one.due_on, grace_days))
    };
    since.enumerate().find(silent).map(|(_, one)| one)
}

fn accepted_year<'a>(
    office: &'a Office,
    assessment: &'a Assessment,
    answers: &'a Answers,
    (overdue, review): (u32, ReviewState),
) -> Option<Accepted<'a>> {
    let on = assessment.accepted_on?;
    Some(Accepted {
        on,
        asked: &assessment.asked,
        // A version once asked stays built in; a test holds that none disappears.
        questionnaire: office.catalogue.find(&assessment.questionnaire)?,
        answers,
        response: response(assessment, on, overdue),
        review,
    })
}

/// How timely the answer came, and how much of what was asked afterwards is overdue.
pub fn response(assessment: &Assessment, on: NaiveDate, overdue: u32) -> Response {
    Response { days_late: assessment.days_late(on), reminders: assessment.reminders, overdue_followups: overdue }
}

fn save_flags(
    conn: &mut Db,
    scope: &Scope,
    vendor: VendorId,
    flags: &[Flag],
    judgement: &Judgement,
    now: DateTime<Utc>,
    today: NaiveDate,
) -> Result<(), StoreError> {
    let todo = rules::reconcile(flags, &judgement.facts);
    for (fact, back_from) in &todo.raise {
        store::flags::raise(conn, scope, vendor, fact, *back_from, today)?;
    }
    for id in todo.gone {
        store::flags::set_gone(conn, scope, id, today)?;
    }
    let mut closed = Vec::new();
    for id in todo.close {
        store::flags::close(conn, scope, id, today)?;
        let flag = flags.iter().find(|flag| flag.id == id);
        closed.extend(flag.map(|flag| format!("{}: {}", flag.kind.says(), flag.sentence)));
    }
    for (id, sentence) in &todo.reword {
        store::flags::reword(conn, scope, *id, sentence)?;
    }
    let raised: Vec<String> = todo.raise.iter().map(|(fact, _)| said(fact)).collect();
    note(conn, scope, vendor, "raised", &raised, now)?;
    note(conn, scope, vendor, "closed", &closed, now)
}
