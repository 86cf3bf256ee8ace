//! The answers of a scorecard: the gaps in their order, the families, and every answer with
//! the part it had in the score.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use crate::domain::answers::support::{Files, Supporting};
use crate::domain::answers::{Answer, Answers, Evidence, say};
use crate::domain::assessment::Assessment;
use crate::domain::civil_date;
use crate::domain::exception::Exception;
use crate::domain::questionnaire::{Gravity, Question, Questionnaire};
use crate::domain::scoring::record::{AnswerLine, Gap as Lost};
use crate::domain::scoring::{Note, Scorecard};
use crate::flows::receive;
use crate::web::pages::words::points;
use crate::web::view::Badge;

/// Said wherever a question of the proposed rule shows.
pub const PROPOSED: &str = "Proposed, not in force";

#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Gap {
    /// By which the form asks for it.
    slug: String,
    question: String,
    answer: String,
    helps: String,
    lost: String,
    gravity: Option<Badge>,
    /// That somebody of the practice lives with it for now.
    accepted: Option<String>,
}

impl Gap {
    /// Says of the gaps that somebody lives with until when, and who.
    pub fn accept(gaps: &mut [Self], accepted: &[Exception]) {
        for gap in gaps {
            let of_gap = accepted.iter().find(|one| one.slug == gap.slug);
            gap.accepted = of_gap.map(|one| format!("Accepted until {} by {}", civil_date::say(one.until), one.by));
        }
    }
}

#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Family {
    family: String,
    questions: String,
    score: String,
    /// The bar, 0 to 100.
    long: u32,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Section {
    id: String,
    title: String,
    answers: Vec<Line>,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    question: String,
    answer: String,
    evidence: String,
    weight: String,
    credit: String,
    lost: String,
    gravity: Option<Badge>,
    counted: bool,
    note: Option<String>,
    files: Vec<FileLink>,
}

/// A file under an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FileLink {
    pub says: String,
    /// Absent while it waits for the virus scanner.
    pub href: Option<String>,
}

fn links(files: &Files, slug: &str, card: &Scorecard) -> Vec<FileLink> {
    files.get(slug).into_iter().flatten().map(|file| link(file, card.as_of)).collect()
}

/// A file as it stands on a day.
pub fn link(file: &Supporting, on: NaiveDate) -> FileLink {
    FileLink { says: file.says(on), href: file.scan.may_be_served().then(|| format!("/documents/{}", file.document)) }
}

/// One badge: no proposed question is grave.
fn mark(question: &Question) -> Option<Badge> {
    badges(question).into_iter().next()
}

/// What is to be known of a question beside its words.
pub fn badges(question: &Question) -> Vec<Badge> {
    let proposed = question.is_proposed().then(|| Badge::new("plain", PROPOSED));
    gravity(question.gravity).into_iter().chain(proposed).collect()
}

/// The part of an answer in the score, in a sentence.
pub fn part(question: &Question, part: Option<&AnswerLine>) -> String {
    let Some(part) = part.filter(|part| part.in_denominator) else {
        return match part.and_then(|part| part.note) {
            Some(note) => note.says().to_owned(),
            None if question.weight == 0 => "Asked for the record, not counted".to_owned(),
            None => "Not counted".to_owned(),
        };
    };
    let lost = match part.loss {
        0 => "nothing lost".to_owned(),
        loss => format!("{} of {} lost", weight_points(loss), part.weight),
    };
    let why = part.note.filter(|note| *note != Note::MoreProof);
    let why = why.map(|note| format!(" {}.", note.says())).unwrap_or_default();
    match part.credit {
        0 => format!("Weight {}, credit 0%: {lost}.{why}", part.weight),
        credit => format!("Weight {}, credit {credit}%, evidence {}%: {lost}.{why}", part.weight, part.evidence),
    }
}

fn gravity(gravity: Gravity) -> Option<Badge> {
    match gravity {
        Gravity::None => None,
        Gravity::Critical => Some(Badge::new("bad", "Critical")),
        Gravity::HardStop => Some(Badge::new("stop", "Hard stop")),
    }
}

/// A loss of the record in points of weight: `5.00`, `3.7875`. Never rounded, so that the
/// lines add up to the sum below them.
pub fn weight_points(loss: u64) -> String {
    let (whole, part) = (loss / 10_000, loss % 10_000);
    let part = format!("{part:04}");
    let kept = part.trim_end_matches('0').len().max(2);
    format!("{whole}.{}", &part[..kept])
}

fn said(question: &Question, answer: Option<&Answer>) -> String {
    answer.map_or_else(|| "Left blank".to_owned(), |answer| say::full(question, answer))
}

/// The note, where it tells more than the answer beside it.
fn telling(note: Option<Note>) -> Option<&'static str> {
    match note? {
        Note::MoreProof | Note::NotMet | Note::LeftBlank | Note::DoesNotKnow | Note::Partly | Note::Planned => None,
        note => Some(note.says()),
    }
}

/// What is to be listed as a gap, in the order of the record. Answers that only want more
/// proof would drown the others; they are listed where there are no others.
fn listed<'a>(card: &'a Scorecard, questionnaire: &Questionnaire, proposed: bool) -> (Vec<&'a Lost>, usize) {
    let is_proposed = |slug: &str| questionnaire.question(slug).is_some_and(Question::is_proposed);
    let ours = card.gaps.iter().filter(|gap| is_proposed(&gap.question) == proposed);
    let (wanting, unmet): (Vec<&Lost>, Vec<&Lost>) = ours.partition(|gap| gap.note == Some(Note::MoreProof));
    if unmet.is_empty() { (wanting, 0) } else { (unmet, wanting.len()) }
}

pub fn gaps_heading(card: &Scorecard, questionnaire: &Questionnaire) -> String {
    let (listed, wanting) = listed(card, questionnaire, false);
    let only_proof = listed.first().is_some_and(|gap| gap.note == Some(Note::MoreProof));
    let want_proof = |count: usize| match count {
        1 => "1 answer that wants more proof".to_owned(),
        count => format!("{count} answers that want more proof"),
    };
    let gaps = match listed.len() {
        0 => "No gaps".to_owned(),
        count if only_proof => format!("No gaps, but {}", want_proof(count)),
        1 => "1 gap".to_owned(),
        count => format!("{count} gaps, gravest first"),
    };
    if wanting == 0 { gaps } else { format!("{gaps}, and {}", want_proof(wanting)) }
}

/// Gaps against the law in force, our agreement and good practice.
pub fn gaps(card: &Scorecard, questionnaire: &Questionnaire, answers: &Answers) -> Vec<Gap> {
    listed_gaps(card, questionnaire, answers, false)
}

/// Gaps against a rule that is proposed and not in force, where the practice counts it.
pub fn proposed_gaps(card: &Scorecard, questionnaire: &Questionnaire, answers: &Answers) -> Vec<Gap> {
    listed_gaps(card, questionnaire, answers, true)
}

fn listed_gaps(card: &Scorecard, questionnaire: &Questionnaire, answers: &Answers, proposed: bool) -> Vec<Gap> {
    let gap = |lost: &Lost| {
        let question = questionnaire.question(&lost.question).filter(|one| one.is_proposed() == proposed)?;
        let answer = said(question, answers.get(&lost.question));
        Some(Gap {
            slug: question.slug.clone(),
            question: question.short.clone(),
            answer: telling(lost.note).map_or_else(|| answer.clone(), |note| format!("{answer} ({note})")),
            helps: helps(lost, question),
            lost: weight_points(lost.loss),
            gravity: mark(question),
            accepted: None,
        })
    };
    listed(card, questionnaire, proposed).0.into_iter().filter_map(gap).collect()
}

/// What would close the gap.
fn helps(lost: &Lost, question: &Question) -> String {
    let proof = |first: &str| match question.evidence.as_str() {
        "" => format!("{first}."),
        evidence if first.ends_with('”') => format!("{first} Proof: {evidence}"),
        evidence => format!("{first}. Proof: {evidence}"),
    };
    match (lost.note, lost.due) {
        (Some(Note::MoreProof | Note::Alternative), _) if question.evidence.is_empty() => {
            "A document that shows it".to_owned()
        }
        (Some(Note::MoreProof | Note::Alternative), _) => question.evidence.clone(),
        (Some(Note::Planned), Some(due)) => proof(&format!("Having it in place by {}", civil_date::say(due))),
        (Some(Note::LeftBlank | Note::DoesNotKnow | Note::NotReadable | Note::FutureDay), _) => proof("An answer"),
        (Some(Note::NaNotAccepted), _) => proof("An answer, or our word that it does not apply"),
        (Some(Note::DetailMissing | Note::DetailLow), _) => proof("The second part of the answer"),
        (Some(Note::Partly), _) => proof(&format!("Having all of it in place: “{}”", question.text)),
        _ => proof("Having it in place"),
    }
}

/// How many questions count in each family, and what they come to of their own weight.
pub fn families(card: &Scorecard, questionnaire: &Questionnaire) -> Vec<Family> {
    let mut sums = BTreeMap::<&str, (usize, u64, u64)>::new();
    for line in card.answers.iter().filter(|line| line.in_denominator) {
        let sum = sums.entry(family(&line.question)).or_default();
        *sum = (sum.0 + 1, sum.1 + u64::from(line.weight), sum.2 + line.loss);
    }
    let row = |section: &crate::domain::questionnaire::Section| {
        let (questions, weight, loss) = sums.get(section.id.as_str()).copied()?;
        let score = u32::try_from((weight * 10_000).saturating_sub(loss) / weight.max(1)).unwrap_or(0);
        Some(Family {
            family: family_name(&section.id, &section.title),
            questions: questions.to_string(),
            score: points(score),
            long: score / 100,
        })
    };
    questionnaire.sections.iter().filter_map(row).collect()
}

/// `org` of `org.self-check.done`.
fn family(slug: &str) -> &str {
    slug.split('.').next().unwrap_or_default()
}

/// A family as we speak of it among ourselves: the questionnaire's own titles speak to the
/// vendor.
pub fn family_name(id: &str, title: &str) -> String {
    let name = match id {
        "org" => "Organization and promises",
        "adm" => "Administrative",
        "phy" => "Physical",
        "tec" => "Technical",
        "inc" => "Incidents",
        "prv" => "Privacy and release of records",
        "sub" => "Other companies",
        "off" => "Outside the United States",
        _ => title,
    };
    name.to_owned()
}

/// The sentence above the answers: how their parts make the score.
pub fn sum(card: &Scorecard) -> String {
    format!(
        "Points lost are weight × (1 − credit × evidence). All lines together lose {} of {} points; what is left makes the \
         supported control score of {}. What does not apply, or is asked only for the record, is shown and not counted.",
        weight_points(card.controls.loss),
        card.controls.weight,
        points(card.controls.raw),
    )
}

/// Every question that was put to the vendor, in reading order, with its part.
pub fn sections(
    card: &Scorecard,
    questionnaire: &Questionnaire,
    assessment: &Assessment,
    (answers, files): (&Answers, &Files),
) -> Vec<Section> {
    let scored: BTreeMap<&str, &AnswerLine> = card.answers.iter().map(|line| (line.question.as_str(), line)).collect();
    let applicable = receive::applicable(questionnaire, assessment, answers);
    let section = |section: &crate::domain::questionnaire::Section| {
        let of_section = applicable.iter().filter(|question| question.family() == section.id);
        let lines: Vec<Line> = of_section
            .map(|question| {
                let answer = answers.get(&question.slug);
                let line = match scored.get(question.slug.as_str()).filter(|line| line.in_denominator) {
                    Some(part) => counted(question, answer, part, card),
                    None => apart(question, answer, scored.get(question.slug.as_str()).and_then(|line| line.note)),
                };
                Line { files: links(files, &question.slug, card), ..line }
            })
            .collect();
        let title = family_name(&section.id, &section.title);
        (!lines.is_empty()).then(|| Section { id: section.id.clone(), title, answers: lines })
    };
    questionnaire.sections.iter().filter_map(section).collect()
}

/// What stood behind an answer when it was scored: files may have ended since.
fn behind(answer: &Answer, part: &AnswerLine, card: &Scorecard) -> Evidence {
    let factor = |evidence: &Evidence| card.model().evidence_factor(card.inherent.tier, *evidence);
    let counted = Evidence::ALL.iter().find(|one| factor(one) == part.evidence);
    counted.copied().unwrap_or(answer.evidence)
}

fn counted(question: &Question, answer: Option<&Answer>, part: &AnswerLine, card: &Scorecard) -> Line {
    // What stands behind an answer that earns nothing makes no difference.
    let says = |answer: &Answer| format!("{}: counts {}%", behind(answer, part, card).says(), part.evidence);
    let evidence = answer.filter(|_| part.credit > 0).map_or_else(|| "–".to_owned(), says);
    Line {
        question: question.short.clone(),
        answer: said(question, answer),
        evidence,
        weight: part.weight.to_string(),
        credit: format!("{}%", part.credit),
        lost: weight_points(part.loss),
        gravity: mark(question),
        counted: true,
        note: noted(telling(part.note), answer),
        files: Vec::new(),
    }
}

/// What is noted beside an answer, and who told it where the vendor did not write it itself.
fn noted(note: Option<&str>, answer: Option<&Answer>) -> Option<String> {
    let told = answer.and_then(Answer::origin);
    let all: Vec<String> = note.map(str::to_owned).into_iter().chain(told).collect();
    (!all.is_empty()).then(|| all.join(". "))
}

/// A line that has no part: not applicable, of a rule not in force, or for the record.
fn apart(question: &Question, answer: Option<&Answer>, note: Option<Note>) -> Line {
    let why = match note {
        Some(note) => note.says(),
        None if question.weight == 0 => "Asked for the record, not counted",
        None => "From a proposed rule that is not in force: not counted",
    };
    Line {
        question: question.short.clone(),
        answer: said(question, answer),
        evidence: String::new(),
        weight: question.weight.to_string(),
        credit: String::new(),
        lost: String::new(),
        gravity: mark(question),
        counted: false,
        note: noted(Some(why), answer),
        files: Vec::new(),
    }
}
