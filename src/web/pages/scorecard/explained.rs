//! The figures of a score in the order in which they came about, each in words.

use serde::Serialize;

use crate::domain::civil_date;
use crate::domain::questionnaire::{Gravity, Questionnaire};
use crate::domain::scoring::record::{CapReason, SignalLine, StepName};
use crate::domain::scoring::{FloorReason, Rating, Scorecard};
use crate::web::pages::words::{capital, counted, points};

/// A row of the table of steps.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    step: &'static str,
    says: String,
    figure: String,
}

fn step(step: &'static str, says: impl Into<String>, figure: u32) -> Step {
    Step { step, says: says.into(), figure: points(figure) }
}

/// The whole in basis points.
const WHOLE: u32 = 10_000;

/// How the rating follows, up to the list of what raised it.
pub fn rating(card: &Scorecard, signed: bool) -> String {
    let band = card.band.says();
    match (signed, card.not_assessed) {
        (false, _) => {
            "This questionnaire is not signed, so by itself it tells nothing of their safeguards: the figures \
                       here count the full risk of what they hold. How the vendor stands today is on its own page."
                .to_owned()
        }
        (true, true) => {
            "They signed, but no question that counts applies to them, so nothing is known of their safeguards. \
                         Check what is written down about the information they hold."
                .to_owned()
        }
        (true, false) if card.floors.is_empty() => "This follows from the points alone.".to_owned(),
        (true, false) if card.rating > card.band => {
            format!("By points alone it would be {band}. It is raised because:")
        }
        (true, false) => format!("By points alone it is {band}. Whatever the points, it could be no better because:"),
    }
}

/// What the rating can be no better than, with the reasons and the questions behind them.
pub fn floors(card: &Scorecard, questionnaire: &Questionnaire) -> Vec<String> {
    card.floors.iter().map(|reason| floor(*reason, card, questionnaire)).collect()
}

fn floor(reason: FloorReason, card: &Scorecard, questionnaire: &Questionnaire) -> String {
    let slugs: Vec<&str> = match reason {
        FloorReason::CriticalFailed | FloorReason::CriticalPartlyMet => {
            card.controls.cap_by.iter().map(String::as_str).collect()
        }
        FloorReason::HardStopFailed => failed_stops(card),
        FloorReason::NeverAssessed
        | FloorReason::NothingApplies
        | FloorReason::Lapsed
        | FloorReason::ExclusionReview => Vec::new(),
    };
    let why = match (reason, slugs.len()) {
        (FloorReason::CriticalFailed, 2..) => format!("{} critical questions are not met", slugs.len()),
        (FloorReason::CriticalPartlyMet, 2..) => format!("{} critical questions are only partly met", slugs.len()),
        (FloorReason::HardStopFailed, 2..) => format!("{} hard stops are not met", slugs.len()),
        _ => capital(reason.says()),
    };
    let which = if slugs.is_empty() { String::new() } else { format!(": {}", names(&slugs, questionnaire)) };
    let so = match card.model().floor(reason, card.inherent.tier) {
        Rating::DoNotShare => "Nothing may be shared until this is cleared.".to_owned(),
        least => format!("That makes it {} at least.", least.says()),
    };
    format!("{why}{which}. {so}")
}

/// A plan is not a control: it fails a hard stop although it earns a little.
fn failed_stops(card: &Scorecard) -> Vec<&str> {
    let stops = card.answers.iter().filter(|line| line.gravity == Gravity::HardStop && line.in_denominator);
    stops.filter(|line| line.credit == 0 || line.answer == "planned").map(|line| line.question.as_str()).collect()
}

fn names(slugs: &[&str], questionnaire: &Questionnaire) -> String {
    let name = |slug: &&str| questionnaire.question(slug).map_or(*slug, |question| question.short.as_str()).to_owned();
    slugs.iter().map(name).collect::<Vec<_>>().join("; ")
}

/// The last line of the table: what the residual risk is made of.
pub fn residual(card: &Scorecard, assessed: bool) -> String {
    let base = if assessed { "Risk left by the safeguards" } else { "All of the inherent risk" };
    match part(card, StepName::Signals).0 {
        0 => format!("{base}, plus nothing for signals. Higher is worse."),
        added => format!("{base}, plus {} for signals, and at most 100. Higher is worse.", points(added)),
    }
}

/// Factor and result of a step as they were kept.
fn part(card: &Scorecard, name: StepName) -> (u32, u32) {
    card.steps.iter().find(|step| step.step == name).map_or((0, 0), |step| (step.factor, step.result))
}

/// The steps of a score that has answers.
pub fn steps(card: &Scorecard, questionnaire: &Questionnaire) -> Vec<Step> {
    let (left, kept) = part(card, StepName::Controls);
    let least = points(WHOLE - card.model().relief);
    vec![
        inherent(card),
        step("Stated control score", "What the answers alone earn. Higher is better.", card.controls.stated),
        step(
            "Supported control score",
            format!(
                "The same, counting the proof behind each answer: it covers {} of every 100 points claimed. Higher is better.",
                points(card.controls.confidence)
            ),
            card.controls.raw,
        ),
        step("Cap", cap(card, questionnaire), part(card, StepName::Cap).1),
        step("Response record", response(card), card.response),
        step("Freshness", freshness(card), card.freshness),
        step(
            "Effective control score",
            "The supported control score after the cap, the response record and freshness. Higher is better.",
            card.effective,
        ),
        step(
            "Risk left by the safeguards",
            format!(
                "They leave {} of every 100 points of inherent risk; even the best would leave {least}. Higher is worse.",
                points(left)
            ),
            kept,
        ),
        signals(card),
    ]
}

/// The steps where nothing is known.
pub fn steps_of_nothing(card: &Scorecard, signed: bool) -> Vec<Step> {
    let why = if signed { "No question that counts applies." } else { "Nothing is signed, so nothing counts." };
    vec![inherent(card), step("Effective control score", why, card.effective), signals(card)]
}

fn inherent(card: &Scorecard) -> Step {
    let says = format!(
        "From what they hold of ours, before any safeguard: {}. Higher is worse.",
        card.inherent.tier.says().to_lowercase()
    );
    step("Inherent risk", says, card.inherent.total)
}

fn cap(card: &Scorecard, questionnaire: &Questionnaire) -> String {
    let controls = &card.controls;
    if controls.cap_reason == CapReason::AllMet {
        return "Every critical question is met, so there is no cap.".to_owned();
    }
    let slugs: Vec<&str> = controls.cap_by.iter().map(String::as_str).collect();
    let bites = if controls.raw < controls.cap { ", and it is below that already" } else { "" };
    format!(
        "{}: {}. So the score counts at most {}{bites}.",
        capital(controls.cap_reason.says()),
        names(&slugs, questionnaire),
        points(controls.cap)
    )
}

fn response(card: &Scorecard) -> String {
    let given = &card.given.response;
    let late = match given.days_late {
        0 => "Answered in time".to_owned(),
        days => format!("Answered {} late", counted(days as usize, "day")),
    };
    let reminders = match given.reminders {
        0 => "without a reminder".to_owned(),
        reminders => format!("after {}", counted(reminders as usize, "reminder")),
    };
    let overdue = match given.overdue_followups {
        0 => String::new(),
        things => format!(", with {} overdue that we asked for since", counted(things as usize, "thing")),
    };
    let (left, _) = part(card, StepName::Response);
    let most = points(WHOLE - card.model().response.untouched);
    let taken = match WHOLE.saturating_sub(left) {
        0 => "it takes nothing off".to_owned(),
        taken => format!("it takes {} off", points(taken)),
    };
    format!(
        "{late}, {reminders}{overdue}. Of every 100 points, {taken}; at worst it would take {most}. Higher is better."
    )
}

fn freshness(card: &Scorecard) -> String {
    let age = card.given.accepted_on.map_or(0, |on| (card.as_of - on).num_days().max(0));
    let scored = civil_date::say(card.as_of);
    let old = match age {
        0 => format!("Signed on the day of scoring, {scored}"),
        1 => format!("1 day old on the day of scoring, {scored}"),
        days => format!("{days} days old on the day of scoring, {scored}"),
    };
    let least = points(card.model().freshness.least);
    format!("{old}. Answers count in full for a year, then less and less: {least} of 100 after two. Higher is better.")
}

fn signals(card: &Scorecard) -> Step {
    let one = |line: &SignalLine| {
        let often = if line.times > 1 { format!(", {} times", line.times) } else { String::new() };
        format!("{}{often}: {}", line.signal.says(), points(line.amount))
    };
    let (added, _) = part(card, StepName::Signals);
    let says = match card.signals.as_slice() {
        [] => "Confirmed events, such as a reported breach: none.".to_owned(),
        lines => {
            let list = lines.iter().map(one).collect::<Vec<_>>().join("; ");
            format!("{list}. All together add at most {}. Higher is worse.", points(card.model().signals_most))
        }
    };
    step("Signals", says, added)
}
