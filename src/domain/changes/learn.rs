//! What is learnt of changes from what is on file. Run at every judgement: the same sources
//! give the same changes, so that nothing is learnt twice, and a source that was put right takes
//! back what it said.

use chrono::{DateTime, NaiveDate, Utc};

use super::compare::{Difference, Year, between};
use super::{Change, ChangeKind, ChangeSource, Look, Telling, Verdict};
use crate::domain::agreement::{Agreement, Terms};
use crate::domain::ids::{AssessmentId, ChangeId, VendorId};
use crate::domain::notice::{ChangeNotice, NoticeKind};
use crate::domain::words::hours;

/// What came of looking at the sources: the changes that stand, and what to write.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Learnt {
    pub standing: Vec<Change>,
    pub added: Vec<ChangeId>,
    /// Those whose notice was found, or acknowledged, since.
    pub updated: Vec<ChangeId>,
    pub withdrawn: Vec<ChangeId>,
}

/// Compares the changes on file with what the sources say now: all notices, all versions of the
/// agreement, and the `newest` reply. Older replies keep what was learnt from them.
pub fn learn(known: &[Change], found: Vec<Change>, newest: Option<AssessmentId>) -> Learnt {
    let newest = newest.map(|id| id.to_string());
    let was_read = |change: &Change| match change.source {
        ChangeSource::Notice | ChangeSource::Agreement => true,
        ChangeSource::Answer | ChangeSource::Record => newest.as_deref() == Some(change.reply()),
    };
    let mut learnt = Learnt::default();
    for change in known.iter().filter(|one| one.withdrawn_on.is_none()) {
        let still = found.iter().find(|one| is_of(change, one));
        match still {
            Some(now) if says_the_same(change, now) => {
                let kept = brought_up_to_date(change, now);
                if kept != *change {
                    learnt.updated.push(change.id);
                }
                learnt.standing.push(kept);
            }
            None if !was_read(change) => learnt.standing.push(change.clone()),
            Some(_) | None => learnt.withdrawn.push(change.id),
        }
    }
    let is_new = |new: &Change| !learnt.standing.iter().any(|one| is_of(one, new));
    let new: Vec<Change> = found.into_iter().filter(is_new).collect();
    learnt.added = new.iter().map(|one| one.id).collect();
    learnt.standing.extend(new);
    learnt
}

fn is_of(one: &Change, other: &Change) -> bool {
    (one.source, &one.source_id, &one.subject) == (other.source, &other.source_id, &other.subject)
}

/// Whoever looked at it saw these words.
fn says_the_same(one: &Change, other: &Change) -> bool {
    (&one.was, &one.became, one.was_on) == (&other.was, &other.became, other.was_on)
}

fn brought_up_to_date(known: &Change, now: &Change) -> Change {
    let telling = match (known.telling, now.telling) {
        // A person has said so.
        (Telling::Otherwise | Telling::Confirmed, _) => known.telling,
        (_, now) => now,
    };
    Change {
        telling,
        told_by: now.told_by.clone(),
        since: now.since,
        learnt_on: now.learnt_on,
        look: known.look.clone().or_else(|| now.look.clone()),
        ..known.clone()
    }
}

fn blank(vendor: VendorId, kind: ChangeKind, source: ChangeSource, source_id: String, learnt_on: NaiveDate) -> Change {
    Change {
        id: ChangeId::fresh(),
        vendor,
        kind,
        source,
        source_id,
        subject: String::new(),
        about: String::new(),
        was: String::new(),
        became: String::new(),
        was_on: None,
        since: None,
        learnt_on,
        materiality: kind.materiality(),
        telling: Telling::NotOwed,
        told_by: String::new(),
        look: None,
        withdrawn_on: None,
    }
}

/// What the newest accepted year says differently from the one before. A notice between the two
/// that covers it has told us.
pub fn of_years(vendor: VendorId, before: &Year<'_>, after: &Year<'_>, notices: &[ChangeNotice]) -> Vec<Change> {
    let change = |found: Difference| {
        let kind = ChangeKind::of_subject(&found.subject);
        let ours = found.subject.starts_with("profile.");
        let source = if ours { ChangeSource::Record } else { ChangeSource::Answer };
        let between =
            notices.iter().filter(|one| before.accepted_on <= one.told_on && one.told_on <= after.accepted_on);
        let notice = between
            .filter(|one| one.kinds().into_iter().any(|told| covers(told, kind, &found.subject)))
            .max_by_key(|one| one.told_on);
        Change {
            telling: match notice {
                _ if ours => Telling::NotOwed,
                Some(_) => Telling::Told,
                None => Telling::Untold,
            },
            told_by: notice.filter(|_| !ours).map(|one| one.signed.reference.clone()).unwrap_or_default(),
            since: notice.filter(|_| !ours).and_then(ChangeNotice::effective_on),
            was_on: Some(before.accepted_on),
            subject: found.subject,
            about: found.about,
            was: found.was,
            became: found.became,
            ..blank(vendor, kind, source, after.reply.to_string(), after.accepted_on)
        }
    };
    between(before, after).into_iter().map(change).collect()
}

/// What a recheck of the newest reply said differently, in the version that it made. A change of its
/// own beside that of the year, which nobody takes back by it.
pub fn since_signed(
    vendor: VendorId,
    was: &Year<'_>,
    now: &Year<'_>,
    notices: &[ChangeNotice],
    version: u32,
) -> Vec<Change> {
    let all = of_years(vendor, was, now, notices);
    all.into_iter().map(|one| Change { source_id: format!("{}:{version}", one.source_id), ..one }).collect()
}

/// Whether word of that kind is word of a change in what `subject` asks.
fn covers(told: NoticeKind, kind: ChangeKind, subject: &str) -> bool {
    told.asks_afresh().contains(&subject) || ChangeKind::of_notice(told) == Some(kind)
}

/// What the vendor's notices say. Whoever acknowledged a notice has looked at all of it.
pub fn of_notices(notices: &[ChangeNotice]) -> Vec<Change> {
    let mut all = Vec::new();
    for notice in notices {
        for told in notice.kinds() {
            let (Some(kind), Some(materiality)) = (ChangeKind::of_notice(told), told.materiality()) else { continue };
            all.push(Change {
                subject: told.key().to_owned(),
                about: kind.says().to_owned(),
                became: told.says().to_owned(),
                since: notice.effective_on(),
                materiality,
                telling: Telling::Told,
                told_by: notice.signed.reference.clone(),
                look: notice.acknowledged.as_ref().map(|read| Look {
                    verdict: Verdict::Seen,
                    why: read.note.clone(),
                    by: read.by.clone(),
                    on: read.on,
                }),
                ..blank(notice.vendor, kind, ChangeSource::Notice, notice.id.to_string(), notice.told_on)
            });
        }
    }
    all
}

/// What each version of the agreement says differently from the one recorded before it. `day` is
/// the practice's day of a moment. What one of them leaves open is no change.
pub fn of_agreements(versions: &[Agreement], day: impl Fn(DateTime<Utc>) -> NaiveDate) -> Vec<Change> {
    let mut in_order: Vec<&Agreement> = versions.iter().collect();
    in_order.sort_by_key(|one| one.version);
    let mut all = Vec::new();
    for (before, after) in in_order.iter().zip(in_order.iter().skip(1)) {
        let was_on = before.terms.first_day().unwrap_or_else(|| day(before.recorded_at));
        for ((subject, about, was), (_, _, became)) in terms(&before.terms).into_iter().zip(terms(&after.terms)) {
            if was == became || was.is_empty() || became.is_empty() {
                continue;
            }
            let kind = ChangeKind::of_subject(subject);
            let learnt_on = day(after.recorded_at);
            all.push(Change {
                subject: subject.to_owned(),
                about: about.to_owned(),
                was,
                became,
                was_on: Some(was_on).filter(|was_on| *was_on < learnt_on),
                since: after.terms.first_day(),
                ..blank(after.vendor, kind, ChangeSource::Agreement, after.id.to_string(), learnt_on)
            });
        }
    }
    all
}

/// The terms that say how information is handled; empty where nothing is written down.
fn terms(terms: &Terms) -> [(&'static str, &'static str, String); 3] {
    [
        (
            "terms.hours",
            "The agreement: tells us of breaches within",
            terms.breach_notice_hours.map(hours).unwrap_or_default(),
        ),
        ("terms.offshore", "The agreement: other countries", terms.offshore.clone()),
        ("terms.subcontractors", "The agreement: other companies", terms.subcontractors.clone()),
    ]
}
