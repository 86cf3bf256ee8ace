//! Where a vendor stands today: the few words and dates that lists and dashboards show, and
//! the facts that deserve a flag. Everything else about a vendor is detail behind this.

use chrono::{DateTime, Days, NaiveDate, Utc};

use super::acceptance::{self, Acceptance};
use super::action::{self, Action};
use super::agreement::{self, Agreement, AgreementStanding, Stands};
use super::answers::{Answers, Grade, Value, say};
use super::assessment::{Assessment, AssessmentState};
use super::ba_decision::{self, BaDecision};
use super::cadence::Cadence;
use super::calendar;
use super::changes::{self, Change};
use super::civil_date;
use super::contact::{self, Contact};
use super::contradictions;
use super::correction::Correction;
use super::document::{self, Dated};
use super::ending::Ending;
use super::exception::{self, Exception};
use super::exposure::{Exposure, Inherent, Tier};
use super::flags::{self, Fact, Flag, FlagKind};
use super::handover::Handover;
use super::ids::VendorId;
use super::incident;
use super::life::{Life, Place};
use super::notice::{self, ChangeNotice};
use super::practice::Settings;
use super::questionnaire::{Asked, Gravity, Questionnaire, Set};
use super::review::ReviewState;
use super::scoring::{self, Rating, Reckoning, Response, Scorecard, Signal};
use super::tier_decision::{self, TierDecision};
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
        /// Never a reply: what stands on paper, for a while.
        OnEvidence = "on-evidence" => "Accepted on evidence",
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
    /// Whether a person has looked at the reply that the rating rests on.
    pub review: ReviewState,
}

/// A third party, as the practice knows it and as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vendor {
    pub id: VendorId,
    pub added_at: DateTime<Utc>,
    pub details: VendorDetails,
    pub place: Place,
    /// How often it is asked, where that differs from its tier.
    pub cadence: Option<Cadence>,
    pub standing: Standing,
}

/// An accepted assessment with what is needed to score it again.
#[derive(Clone, Copy, Debug)]
pub struct Accepted<'a> {
    pub on: NaiveDate,
    pub asked: &'a Asked,
    pub questionnaire: &'a Questionnaire,
    /// With what was decided about them.
    pub answers: &'a Answers,
    pub response: Response,
    pub review: ReviewState,
}

/// An acceptance on evidence that is in force, with what its papers support today.
#[derive(Clone, Copy, Debug)]
pub struct OnEvidence<'a> {
    pub acceptance: &'a Acceptance,
    pub questionnaire: &'a Questionnaire,
    pub answers: &'a Answers,
}

/// Everything that a vendor's standing rests on.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    pub ba_status: BaStatus,
    /// With what is known of the companies below it.
    pub exposure: &'a Exposure,
    pub life: Life,
    pub archived: bool,
    /// The newest ending that was begun.
    pub ending: Option<&'a Ending>,
    /// Where the companies below it do not fit its own record.
    pub below: &'a [Fact],
    pub added_on: NaiveDate,
    pub has_address: bool,
    /// Who gets the questionnaire; `None` when nothing but `has_address` is known yet.
    pub preferred: Option<&'a Contact>,
    /// The newest decision on whether it is a business associate.
    pub decided: Option<&'a BaDecision>,
    /// The newest decision on its tier.
    pub tier_decided: Option<&'a TierDecision>,
    /// What it is accepted on in place of a reply, while that holds.
    pub evidence: Option<OnEvidence<'a>>,
    /// All flags that it ever had: some are known to somebody, or settled.
    pub flags: &'a [Flag],
    /// Its change notices: those that nobody has acknowledged have facts.
    pub notices: &'a [ChangeNotice],
    /// What was said about who should answer instead, and nobody settled.
    pub handovers: &'a [Handover],
    /// Who signed its reply, where that is not plainly one of its own people.
    pub signer: Option<&'a Fact>,
    /// Its signed reply, opened again.
    pub correction: Option<&'a Correction>,
    /// What it is to put right, and is not closed.
    pub actions: &'a [Action],
    /// Every incident of it.
    pub incidents: &'a [incident::File],
    /// The gaps that somebody lives with, or did.
    pub exceptions: &'a [Exception],
    /// What it does differently, as far as we learnt.
    pub changes: &'a [Change],
    /// Every version of the agreement with it.
    pub agreements: &'a [Agreement],
    pub open: Option<&'a Assessment>,
    /// The newest one given up unanswered since the last reply.
    pub given_up: Option<&'a Assessment>,
    /// The address that the newest letter about the open assessment could not be delivered
    /// to, and why.
    pub undelivered: Option<(&'a str, &'a str)>,
    pub last: Option<Accepted<'a>>,
    /// Documents on the pages that have an end date.
    pub documents: &'a [Dated],
    /// The questionnaire that would be asked now.
    pub questionnaire: &'a Questionnaire,
    /// The vendor's own, where it has one.
    pub cadence: Option<Cadence>,
    /// What the practice decided.
    pub settings: &'a Settings,
}

/// The standing and the facts behind it.
#[derive(Clone, Debug)]
pub struct Judgement {
    pub standing: Standing,
    pub facts: Vec<Fact>,
    pub scorecard: Scorecard,
    /// What the rules say of the risk, whatever tier was set by hand.
    pub inherent: Inherent,
    /// The day until which every hard stop that failed is accepted, where the rating is counted
    /// without them.
    pub stop_accepted_until: Option<NaiveDate>,
}

/// Judges one vendor on `today`.
pub fn judge(record: &Record<'_>, today: NaiveDate) -> Judgement {
    let ended =
        Record { last: None, given_up: None, documents: &[], evidence: None, changes: &[], exceptions: &[], ..*record };
    // What a vendor answered that is gone makes it neither safe nor dangerous any more.
    let record = if record.life.counts() { record } else { &ended };
    // A reply that came since is worth more than papers.
    let evidence = record.evidence.filter(|one| record.last.is_none_or(|last| last.on <= one.acceptance.on));
    let record = &Record { evidence, ..*record };
    let inherent = record.exposure.inherent();
    let tier = tier_decision::in_force(record.tier_decided, &inherent);
    let needed = record.ba_status.counts_as_ba() && record.life.counts();
    let stands = agreement::stands(record.agreements, owes_agreement(record.ba_status, record.life), today);
    let agreement = stands.standing;
    let scorecard = rate(record, tier, today);
    let accepted_on = record.last.map(|last| last.on);
    let status = status(record, needed, today);
    let outgrown = never_asked(record, tier);
    let next_due_on = next_due(record, tier, needed, outgrown > 0, today);
    let fresh = outgrown == 0 && accepted_on.is_some_and(|on| !calendar::is_out_of_date(on, today));
    let covered = !matches!(agreement, AgreementStanding::Missing | AgreementStanding::Ended);
    let facts = facts(record, &stands, &scorecard, outgrown, today);
    let stops = facts.iter().filter(|fact| fact.kind == FlagKind::HardStop).map(|fact| fact.subject.as_str()).collect();
    let rating = exception::rating(&scorecard, &stops, record.exceptions, today);
    let set_aside = rating != scorecard.rating;
    let stop_accepted_until = set_aside.then(|| exception::until(&stops, record.exceptions)).flatten();
    let mut facts = exception::applied(facts, record.exceptions, &scorecard, today);
    facts.extend(decisions(record, &inherent, today));
    facts.extend(record.correction.and_then(|open| open.fact(today)));
    facts.extend(record.signer.cloned());
    facts.extend(action::facts(record.actions, today));
    let mut facts = life_facts(record, facts, today);
    if status == Status::OnEvidence {
        // Nobody waits for a reply, and nothing is sent.
        facts.retain(|fact| !is_about_asking(fact.kind));
    }
    facts.extend(told(record, stands.version));
    // Whoever is gone may hold copies, and the clocks are ours.
    facts.extend(incident::facts(record.incidents, today));
    let standing = Standing {
        tier,
        inherent: inherent.total,
        status,
        rating,
        residual: scorecard.residual,
        assured: !needed || !record.life.holds_information() || tier > Tier::Two || (fresh && covered),
        agreement,
        agreement_ends_on: stands.until,
        accepted_on,
        next_due_on,
        open_flags: u32::try_from(flags::to_look_at(record.flags, &facts, today)).unwrap_or(u32::MAX),
        look_on: look_on(record, today).filter(|_| !record.archived),
        review: review(record, needed),
    };
    Judgement { standing, facts, scorecard, inherent, stop_accepted_until }
}

/// What rests on papers, or counts no more, is no reply to review.
fn review(record: &Record<'_>, needed: bool) -> ReviewState {
    let last = record.last.filter(|_| needed && record.evidence.is_none() && !record.archived);
    last.map_or(ReviewState::None, |last| last.review)
}

/// What it told us of. Whoever is gone, or archived, may hold information still: word of an
/// incident counts all the same.
fn told(record: &Record<'_>, agreement: Option<&Agreement>) -> Vec<Fact> {
    let hours = agreement.and_then(|agreement| agreement.terms.breach_notice_hours);
    record.notices.iter().flat_map(|told| notice::facts(told, hours)).collect()
}

/// What was decided by hand and is to be looked at again, and an address that was used up.
fn decisions(record: &Record<'_>, inherent: &Inherent, today: NaiveDate) -> impl Iterator<Item = Fact> {
    let reachable = record.preferred.filter(|_| record.ba_status.counts_as_ba());
    [
        contact::unreachable(reachable),
        ba_decision::due(record.ba_status, look_again_on(record), today),
        tier_decision::outgrown(record.tier_decided, inherent),
    ]
    .into_iter()
    .flatten()
}

fn look_again_on(record: &Record<'_>) -> Option<NaiveDate> {
    ba_decision::look_again_on(record.ba_status, record.decided, record.added_on)
}

/// What the agreement hangs on: a prospect needs none yet, and a vendor that is gone none any
/// more.
const fn owes_agreement(status: BaStatus, life: Life) -> BaStatus {
    if life.holds_information() { status } else { BaStatus::NoPhi }
}

impl Vendor {
    /// What its agreement hangs on, here as in its standing.
    pub const fn owes_agreement(&self) -> BaStatus {
        owes_agreement(self.details.ba_status, self.place.life)
    }

    /// Where its agreement stands on `today`, with all its versions.
    pub fn agreement<'a>(&self, versions: &'a [Agreement], today: NaiveDate) -> Stands<'a> {
        agreement::stands(versions, self.owes_agreement(), today)
    }

    /// Why it stands there, in a few sentences.
    pub fn agreement_reason(&self, stands: &Stands<'_>, today: NaiveDate) -> String {
        agreement::says::reason(stands, self.details.ba_status, self.place.life, today)
    }
}

/// What is left of the facts in this part of a vendor's life, with those of its own.
fn life_facts(record: &Record<'_>, mut facts: Vec<Fact>, today: NaiveDate) -> Vec<Fact> {
    if record.archived {
        return Vec::new();
    }
    if record.life.counts() {
        facts.extend(record.below.iter().filter(|_| record.ba_status.counts_as_ba()).cloned());
    }
    match record.life {
        Life::Ending => facts.extend(record.ending.and_then(|ending| ending.fact(today))),
        // Nobody asks it by themselves, so that it cannot be late with anything.
        Life::Prospect => {
            facts.retain(|fact| {
                !matches!(
                    fact.kind,
                    FlagKind::NoAddress | FlagKind::AddressUnusable | FlagKind::OutOfDate | FlagKind::Outgrown
                )
            });
        }
        Life::Suspended => facts.retain(|fact| !is_about_asking(fact.kind)),
        Life::Ended => facts.clear(),
        Life::Active => {}
    }
    facts
}

/// Whether a fact is about asking it and being answered.
fn is_about_asking(kind: FlagKind) -> bool {
    matches!(
        kind,
        FlagKind::NoReply
            | FlagKind::NoAddress
            | FlagKind::AddressUnusable
            | FlagKind::OutOfDate
            | FlagKind::Outgrown
            | FlagKind::Undelivered
            | FlagKind::SomeoneElse
            | FlagKind::SentBack
            | FlagKind::RecheckLate
    )
}

/// What a person has confirmed of a vendor's incidents and changes, and counts in its score.
pub fn signals(incidents: &[incident::File], changes: &[Change], today: NaiveDate) -> Vec<Signal> {
    let mut all = incident::signals(incidents, today);
    all.extend(changes::signals(changes, today));
    all
}

/// Scores what stands on paper: unsupported is unanswered, and papers alone are no low risk.
fn rate_on_evidence(record: &Record<'_>, evidence: &OnEvidence<'_>, tier: Tier, today: NaiveDate) -> Scorecard {
    let mut card = scoring::score(&Reckoning {
        questionnaire: evidence.questionnaire,
        asked: &evidence.acceptance.asked,
        exposure: record.exposure,
        tier,
        answers: Some(evidence.answers),
        response: Response::default(),
        accepted_on: Some(evidence.acceptance.on),
        reviewed: true,
        signals: &signals(record.incidents, record.changes, today),
        as_of: today,
    });
    card.rating = acceptance::on_papers_alone(card.rating);
    card
}

/// Scores the last accepted answers as of today; a vendor never assessed is just that.
fn rate(record: &Record<'_>, tier: Tier, today: NaiveDate) -> Scorecard {
    if let Some(evidence) = &record.evidence {
        return rate_on_evidence(record, evidence, tier, today);
    }
    match &record.last {
        Some(last) => scoring::score(&Reckoning {
            questionnaire: last.questionnaire,
            asked: last.asked,
            exposure: record.exposure,
            tier,
            answers: Some(last.answers),
            response: last.response,
            accepted_on: Some(last.on),
            reviewed: last.review == ReviewState::Accepted,
            signals: &signals(record.incidents, record.changes, today),
            as_of: today,
        }),
        None => scoring::score(&Reckoning {
            questionnaire: record.questionnaire,
            asked: &Asked {
                exposure: record.exposure.clone(),
                tier,
                set: Set::for_tier(tier),
                nprm: record.settings.nprm,
            },
            exposure: record.exposure,
            tier,
            answers: None,
            response: Response::default(),
            accepted_on: None,
            reviewed: false,
            signals: &signals(record.incidents, record.changes, today),
            as_of: today,
        }),
    }
}

fn status(record: &Record<'_>, needed: bool, today: NaiveDate) -> Status {
    if let Some(open) = record.open {
        return match open.state {
            // Nobody waits for a reply of a vendor that gets no letters.
            _ if today > calendar::grace_ends(open.due_on, record.settings.grace_days)
                && record.life.gets_letters() =>
            {
                Status::NoReply
            }
            AssessmentState::InProgress => Status::InProgress,
            _ => Status::Invited,
        };
    }
    match record.last {
        _ if !needed => Status::NotNeeded,
        _ if record.evidence.is_some() => Status::OnEvidence,
        Some(last) if calendar::is_out_of_date(last.on, today) => Status::OutOfDate,
        Some(_) => Status::Current,
        None => Status::NotAsked,
    }
}

/// Questions that the vendor would be asked today and never was.
fn never_asked(record: &Record<'_>, tier: Tier) -> usize {
    let Some(last) = record.last.filter(|_| record.ba_status.counts_as_ba()) else { return 0 };
    contradictions::never_asked(record.exposure, tier, last.asked, last.questionnaire, last.answers)
}

fn next_due(record: &Record<'_>, tier: Tier, needed: bool, outgrown: bool, today: NaiveDate) -> Option<NaiveDate> {
    if record.archived || !record.life.gets_letters() {
        return None;
    }
    let work_ends_on = record.ending.filter(|_| record.life == Life::Ending).map(|ending| ending.last_day);
    match record.open {
        Some(open) => Some(open.due_on),
        None if !needed || !record.life.is_asked_yearly() => None,
        // Asked again once that has lapsed.
        None if record.evidence.is_some() => None,
        None => {
            let cadence = record.settings.cadence_for(tier, record.cadence);
            let in_turn = calendar::next_due(cadence, record.added_on, record.last.map(|last| last.on));
            // What was never asked is asked now, not when the year is over.
            let due = if outgrown { in_turn.min(today + Days::new(calendar::ANSWER_DAYS)) } else { in_turn };
            // A vendor that leaves is not asked for the year after.
            Some(due).filter(|due| work_ends_on.is_none_or(|last| *due <= last))
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
    let own_keys = agreement::provisions::own_keys(&record.settings.own_terms);
    let mut facts = agreement::facts(stands, record.agreements, &own_keys, theirs, today);
    let mut fact = |kind, subject: &str, sentence: String| {
        facts.push(Fact { kind, subject: subject.to_owned(), sentence });
    };
    // Being asked anew does not answer what was asked before.
    let silent = record
        .open
        .filter(|open| today > calendar::grace_ends(open.due_on, record.settings.grace_days))
        .or(record.given_up);
    if let Some(asked) = silent {
        fact(
            FlagKind::NoReply,
            "",
            format!("Has not answered the questionnaire that was due on {}", civil_date::say(asked.due_on)),
        );
    }
    // An address that is known not to work has a fact of its own.
    let usable = record.preferred.is_none_or(Contact::may_be_written_to);
    if let Some((address, why)) = record.undelivered.filter(|_| usable) {
        fact(FlagKind::Undelivered, "", format!("The last letter to {address} was not delivered: {why}"));
    }
    let preferred = record.preferred.and_then(|one| one.details.email.as_deref());
    let about_open = |one: &&Handover| record.open.is_some_and(|open| open.id == one.assessment);
    let said = record.handovers.iter().filter(about_open).filter_map(|one| one.fact(preferred));
    said.for_each(|said| fact(said.kind, &said.subject, said.sentence));
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
            match record.last {
                Some(last) if last.asked.exposure == *record.exposure => {
                    format!("Is looked at more closely than when it was asked; {questions} never put to it")
                }
                _ => format!("Holds more of our information than when it was asked; {questions} never put to it"),
            },
        );
    }
    facts.extend(document::facts(record.documents, today));
    if let Some(last) = record.last.as_ref().filter(|_| record.ba_status.counts_as_ba()) {
        facts.extend(failed(last, scorecard));
        facts.extend(contradictions::with_law(last.questionnaire, last.answers));
        facts.extend(contradictions::with_record(record.exposure, last.questionnaire, last.answers));
    }
    // Whoever is no business associate any more keeps nothing from us.
    facts.extend(record.changes.iter().filter(|_| record.ba_status.counts_as_ba()).filter_map(Change::fact));
    facts
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
    turns.push(document::next_turn(record.documents, today));
    turns.push(record.ending.map(|ending| after(ending.last_day)));
    turns.push(record.open.map(|open| after(calendar::grace_ends(open.due_on, record.settings.grace_days))));
    turns.push(look_again_on(record));
    turns.push(record.correction.and_then(|open| open.next_turn(today)));
    turns.push(action::next_turn(record.actions, today));
    turns.push(incident::next_turn(record.incidents, today));
    turns.push(changes::next_turn(record.changes, today));
    turns.push(exception::next_turn(record.exceptions, today));
    turns.push(flags::next_turn(record.flags, today));
    turns.push(record.evidence.map(|one| one.acceptance.lapses_on()));
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
