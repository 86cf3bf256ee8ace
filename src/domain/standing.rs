//! Where a vendor stands today: the few words and dates that lists and dashboards show, and
//! the facts that deserve a flag. Everything else about a vendor is detail behind this.

use chrono::{DateTime, Days, NaiveDate, Utc};

use super::agreement::{self, Agreement, AgreementStanding, Stands};
use super::answers::{Answers, Grade, Value, say};
use super::assessment::{Assessment, AssessmentState};
use super::calendar;
use super::changes::{self, Year};
use super::civil_date;
use super::contradictions;
use super::exposure::{Exposure, Tier};
use super::flags::{Fact, FlagKind};
use super::ids::VendorId;
use super::questionnaire::{Asked, Gravity, Questionnaire, Set};
use super::scoring::{self, NprmMode, Rating, Reckoning, Response, Scorecard};
use super::vendor::{BaStatus, VendorDetails};
use super::words::words;

words! {
    /// Where the yearly question to the vendor stands.
    pub enum Status {
        NotNeeded = "not-needed" => "Not needed",
        NotAsked = "not-asked" => "Not asked yet",
        Invited = "invited" => "Asked",
        InProgress = "in-progress" => "Answering",
        NoReply = "no-reply" => "No reply",
        Current = "current" => "Up to date",
        OutOfDate = "out-of-date" => "Out of date",
    }
}

/// What is kept beside each vendor and rewritten with whatever changes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub tier: Tier,
    /// Inherent risk in basis points.
    pub inherent: u32,
    pub status: Status,
    pub rating: Rating,
    /// Residual risk in basis points.
    pub residual: u32,
    /// False for a vendor of tier 1 or 2 with no assessment in date or no agreement in force.
    pub assured: bool,
    pub agreement: AgreementStanding,
    pub agreement_ends_on: Option<NaiveDate>,
    /// When the last accepted assessment was accepted.
    pub accepted_on: Option<NaiveDate>,
    /// The next day on which something is wanted of the vendor.
    pub next_due_on: Option<NaiveDate>,
    pub open_flags: u32,
    /// The next day on which time alone changes any of this.
    pub look_on: Option<NaiveDate>,
}

/// A third party, as the practice knows it and as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vendor {
    pub id: VendorId,
    pub added_at: DateTime<Utc>,
    pub details: VendorDetails,
    pub standing: Standing,
}

/// An accepted assessment with what is needed to score it again.
#[derive(Clone, Copy, Debug)]
pub struct Accepted<'a> {
    pub on: NaiveDate,
    pub asked: &'a Asked,
    pub questionnaire: &'a Questionnaire,
    pub answers: &'a Answers,
    pub response: Response,
}

/// Everything that a vendor's standing rests on.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    pub ba_status: BaStatus,
    pub exposure: &'a Exposure,
    pub added_on: NaiveDate,
    pub has_address: bool,
    /// Every version of the agreement with it.
    pub agreements: &'a [Agreement],
    pub open: Option<&'a Assessment>,
    /// The newest one given up unanswered since the last reply.
    pub given_up: Option<&'a Assessment>,
    /// The address that the newest letter about the open assessment could not be delivered
    /// to, and why.
    pub undelivered: Option<(&'a str, &'a str)>,
    pub last: Option<Accepted<'a>>,
    pub before: Option<Accepted<'a>>,
    /// The questionnaire that would be asked now.
    pub questionnaire: &'a Questionnaire,
}

/// The standing and the facts behind it.
#[derive(Clone, Debug)]
pub struct Judgement {
    pub standing: Standing,
    pub facts: Vec<Fact>,
    pub scorecard: Scorecard,
}

/// Judges one vendor on `today`.
pub fn judge(record: &Record<'_>, today: NaiveDate) -> Judgement {
    let inherent = record.exposure.inherent();
    let needed = record.ba_status.counts_as_ba();
    let stands = agreement::stands(record.agreements, record.ba_status, today);
    let agreement = stands.standing;
    let scorecard = rate(record, inherent.tier, today);
    let accepted_on = record.last.map(|last| last.on);
    let status = status(record, needed, today);
    let outgrown = never_asked(record);
    let next_due_on = next_due(record, inherent.tier, needed, outgrown > 0, today);
    let fresh = outgrown == 0 && accepted_on.is_some_and(|on| !calendar::is_out_of_date(on, today));
    let covered = !matches!(agreement, AgreementStanding::Missing | AgreementStanding::Ended);
    let facts = facts(record, &stands, &scorecard, outgrown, today);
    let standing = Standing {
        tier: inherent.tier,
        inherent: inherent.total,
        status,
        rating: scorecard.rating,
        residual: scorecard.residual,
        assured: !needed || inherent.tier > Tier::Two || (fresh && covered),
        agreement,
        agreement_ends_on: stands.until,
        accepted_on,
        next_due_on,
        open_flags: u32::try_from(facts.len()).unwrap_or(u32::MAX),
        look_on: look_on(record, today),
    };
    Judgement { standing, facts, scorecard }
}

/// Scores the last accepted answers as of today; a vendor never assessed is just that.
fn rate(record: &Record<'_>, tier: Tier, today: NaiveDate) -> Scorecard {
    match &record.last {
        Some(last) => scoring::score(&Reckoning {
            questionnaire: last.questionnaire,
            asked: last.asked,
            exposure: record.exposure,
            tier,
            answers: Some(last.answers),
            response: last.response,
            accepted_on: Some(last.on),
            signals: &[],
            nprm: NprmMode::Informational,
            as_of: today,
        }),
        None => scoring::score(&Reckoning {
            questionnaire: record.questionnaire,
            asked: &Asked { exposure: record.exposure.clone(), tier, set: Set::for_tier(tier) },
            exposure: record.exposure,
            tier,
            answers: None,
            response: Response::default(),
            accepted_on: None,
            signals: &[],
            nprm: NprmMode::Informational,
            as_of: today,
        }),
    }
}

fn status(record: &Record<'_>, needed: bool, today: NaiveDate) -> Status {
    if let Some(open) = record.open {
        return match open.state {
            _ if today > calendar::grace_ends(open.due_on) => Status::NoReply,
            AssessmentState::InProgress => Status::InProgress,
            _ => Status::Invited,
        };
    }
    match record.last {
        _ if !needed => Status::NotNeeded,
        Some(last) if calendar::is_out_of_date(last.on, today) => Status::OutOfDate,
        Some(_) => Status::Current,
        None => Status::NotAsked,
    }
}

/// Questions that the vendor would be asked today and never was.
fn never_asked(record: &Record<'_>) -> usize {
    let Some(last) = record.last.filter(|_| record.ba_status.counts_as_ba()) else { return 0 };
    contradictions::never_asked(record.exposure, last.asked, last.questionnaire, last.answers)
}

fn next_due(record: &Record<'_>, tier: Tier, needed: bool, outgrown: bool, today: NaiveDate) -> Option<NaiveDate> {
    match record.open {
        Some(open) => Some(open.due_on),
        None if !needed => None,
        None => {
            let yearly = calendar::next_due(tier, record.added_on, record.last.map(|last| last.on));
            // What was never asked is asked now, not when the year is over.
            Some(if outgrown { yearly.min(today + Days::new(calendar::ANSWER_DAYS)) } else { yearly })
        }
    }
}

fn facts(
    record: &Record<'_>,
    stands: &Stands<'_>,
    scorecard: &Scorecard,
    outgrown: usize,
    today: NaiveDate,
) -> Vec<Fact> {
    // The agreement is looked up in both places: ours and what they say of theirs.
    let theirs = match record.last {
        Some(last) if contradictions::says_signed(last.answers) => "; the vendor says that one is in force",
        _ => "",
    };
    let mut facts = agreement::facts(stands, record.agreements, theirs, today);
    let mut fact = |kind, subject: &str, sentence: String| {
        facts.push(Fact { kind, subject: subject.to_owned(), sentence });
    };
    // Being asked anew does not answer what was asked before.
    let silent = record.open.filter(|open| today > calendar::grace_ends(open.due_on)).or(record.given_up);
    if let Some(asked) = silent {
        fact(
            FlagKind::NoReply,
            "",
            format!("Has not answered the questionnaire that was due on {}", civil_date::say(asked.due_on)),
        );
    }
    if let Some((address, why)) = record.undelivered {
        fact(FlagKind::Undelivered, "", format!("The last letter to {address} was not delivered: {why}"));
    }
    if let Some(last) =
        record.last.filter(|last| record.ba_status.counts_as_ba() && calendar::is_out_of_date(last.on, today))
    {
        fact(
            FlagKind::OutOfDate,
            "",
            format!("The last assessment, of {}, is more than a year old", civil_date::say(last.on)),
        );
    }
    if record.ba_status.counts_as_ba() && !record.has_address {
        fact(FlagKind::NoAddress, "", "No e-mail address to send the questionnaire to".to_owned());
    }
    if outgrown > 0 {
        let questions = if outgrown == 1 { "1 question was".to_owned() } else { format!("{outgrown} questions were") };
        fact(
            FlagKind::Outgrown,
            "",
            format!("Holds more of our information than when it was asked; {questions} never put to it"),
        );
    }
    if let Some(last) = record.last.as_ref().filter(|_| record.ba_status.counts_as_ba()) {
        facts.extend(failed(last, scorecard));
        facts.extend(contradictions::with_law(last.questionnaire, last.answers));
        facts.extend(contradictions::with_record(record.exposure, last.questionnaire, last.answers));
        if let Some(before) = &record.before {
            facts.extend(changes::between(&year(before), &year(last)));
        }
    }
    facts
}

fn year<'a>(accepted: &Accepted<'a>) -> Year<'a> {
    Year {
        accepted_on: accepted.on,
        exposure: &accepted.asked.exposure,
        questionnaire: accepted.questionnaire,
        answers: accepted.answers,
    }
}

/// Failed hard stops and critical questions, one fact each.
fn failed(last: &Accepted<'_>, scorecard: &Scorecard) -> Vec<Fact> {
    let failed = scorecard.answers.iter().filter(|line| line.in_denominator).filter_map(|line| {
        let question = last.questionnaire.question(&line.question)?;
        let answer = last.answers.get(&line.question);
        let planned = answer.is_some_and(|answer| answer.value == Value::Grade(Grade::Planned));
        if line.credit > 0 && !planned {
            return None;
        }
        let said = answer.map_or_else(|| "left blank".to_owned(), |answer| say::full(question, answer));
        let kind = match question.gravity {
            Gravity::HardStop => FlagKind::HardStop,
            Gravity::Critical => FlagKind::CriticalFailed,
            Gravity::None => return None,
        };
        Some(Fact { kind, subject: question.slug.clone(), sentence: format!("{}: {said}", question.short) })
    });
    failed.collect()
}

fn look_on(record: &Record<'_>, today: NaiveDate) -> Option<NaiveDate> {
    let after = |day: NaiveDate| day + Days::new(1);
    let mut turns = vec![agreement::next_turn(record.agreements, today)];
    turns.push(record.open.map(|open| after(calendar::grace_ends(open.due_on))));
    if let Some(last) = record.last {
        turns.push(Some(after(last.on + Days::new(calendar::FRESH_DAYS))));
        // The dates in its answers grow old too.
        turns.extend(
            last.answers
                .iter()
                .map(|(slug, answer)| scoring::next_turn(last.questionnaire.question(slug)?, answer, today)),
        );
        // Past its year the score sinks a little every day, until two years.
        turns.push(
            calendar::is_out_of_date(last.on, today)
                .then(|| after(today))
                .filter(|day| *day <= last.on + Days::new(731)),
        );
    }
    turns.into_iter().flatten().filter(|turn| *turn > today).min()
}
