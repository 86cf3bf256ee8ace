//! What it would take to do better, and what the mean hides.

use serde::Serialize;

use crate::domain::questionnaire::{Question, Questionnaire};
use crate::domain::scoring::reach::{Closing, Reach, reach};
use crate::domain::scoring::record::Gap;
use crate::domain::scoring::{FloorReason, Note, Rating, Scorecard};
use crate::web::pages::words::{self, counted, points};
use crate::web::view::Badge;

/// How one better rating comes within reach.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Goal {
    rating: Badge,
    says: String,
    gaps: Vec<String>,
    /// Too many to read at once.
    many: bool,
}

/// Gaps that are listed openly.
const OPENLY: usize = 8;

/// Every better rating, the nearest first.
pub fn goals(card: &Scorecard, questionnaire: &Questionnaire) -> Vec<Goal> {
    let better = [Rating::High, Rating::Moderate, Rating::Low].into_iter().filter(|one| *one < card.rating);
    let mut goals = Vec::new();
    for rating in better {
        let goal = match reach(card, rating) {
            Reach::There => continue,
            // What reaches a better one at once is told there.
            Reach::Closing(closing) if closing.rating < rating => continue,
            Reach::Closing(closing) => closed(rating, &closing, questionnaire),
            Reach::Beyond(reasons) => beyond(rating, &reasons, card),
        };
        goals.push(goal);
    }
    goals
}

/// What closing a set of gaps means: a measure, or only more proof of one.
fn to_do(unmet: usize, proof: usize) -> String {
    let gaps = |count: usize| match count {
        1 => "this gap".to_owned(),
        more => format!("these {more} gaps"),
    };
    let answers = |count: usize| match count {
        1 => "get more proof of 1 answer".to_owned(),
        more => format!("get more proof of {more} answers"),
    };
    match (unmet, proof) {
        (unmet, 0) => format!("Close {}", gaps(unmet)),
        (0, proof) => words::capital(&answers(proof)),
        (unmet, proof) => format!("Close {} and {}", gaps(unmet), answers(proof)),
    }
}

fn closed(rating: Rating, closing: &Closing, questionnaire: &Questionnaire) -> Goal {
    let wants_proof = |gap: &&Gap| gap.note == Some(Note::MoreProof);
    let proof = closing.gaps.iter().filter(wants_proof).count();
    let unmet = closing.gaps.len() - proof;
    let short = |gap: &Gap| {
        let question = questionnaire.question(&gap.question);
        let name = question.map_or(&gap.question, |question| &question.short);
        match (question.is_some_and(Question::is_proposed), wants_proof(&gap) && unmet > 0) {
            (true, _) => format!("{name} ({})", super::lines::PROPOSED),
            (false, true) => format!("{name} (more proof)"),
            (false, false) => name.clone(),
        }
    };
    Goal {
        rating: words::rating(rating),
        says: format!(
            "{}: residual risk would be {}. No smaller set does it.",
            to_do(unmet, proof),
            points(closing.residual)
        ),
        many: closing.gaps.len() > OPENLY,
        gaps: closing.gaps.iter().map(short).collect(),
    }
}

fn beyond(rating: Rating, reasons: &[FloorReason], card: &Scorecard) -> Goal {
    let why = match reasons.first() {
        Some(reason) => format!("closing gaps is not enough, because {}", reason.says()),
        None if card.signals.is_empty() => {
            "closing gaps is not enough: what they hold of ours leaves more risk than that".to_owned()
        }
        None => "closing gaps is not enough: what they hold of ours, and the events confirmed, leave more".to_owned(),
    };
    Goal { rating: words::rating(rating), says: words::capital(&format!("{why}.")), gaps: Vec::new(), many: false }
}

/// How many of the worst answers are named beside the mean.
const WORST: usize = 3;

/// The worst answers beside the mean: no average hides them.
pub fn worst(card: &Scorecard, questionnaire: &Questionnaire) -> Option<String> {
    let mut counted_lines: Vec<_> = card.answers.iter().filter(|line| line.in_denominator).collect();
    counted_lines.sort_by_key(|line| (line.credit * line.evidence, std::cmp::Reverse(line.weight), &line.question));
    let nothing = counted_lines.iter().filter(|line| line.credit == 0).count();
    let name = |slug: &str| questionnaire.question(slug).map_or(slug, |question| question.short.as_str()).to_owned();
    let worst = counted_lines.iter().filter(|line| line.loss > 0).take(WORST);
    let worst: Vec<String> =
        worst.map(|line| format!("{} ({})", name(&line.question), points(line.credit * line.evidence))).collect();
    if worst.is_empty() {
        return None;
    }
    let none = match nothing {
        0 => "no answer earns nothing".to_owned(),
        1 => "1 answer earns nothing".to_owned(),
        more => format!("{} earn nothing", counted(more, "answer")),
    };
    Some(format!(
        "The mean over all answers is {} of 100; {none}. The weakest: {}.",
        points(card.controls.raw),
        worst.join("; ")
    ))
}

impl Goal {
    pub fn sample(text: &str) -> Self {
        Self {
            rating: Badge::new("moderate", "Moderate"),
            says: text.to_owned(),
            gaps: vec![text.to_owned()],
            many: true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::to_do;

    #[test]
    fn what_it_takes_tells_gaps_from_answers_that_only_want_proof() {
        assert_eq!(to_do(1, 0), "Close this gap");
        assert_eq!(to_do(2, 0), "Close these 2 gaps");
        assert_eq!(to_do(0, 1), "Get more proof of 1 answer");
        assert_eq!(to_do(16, 19), "Close these 16 gaps and get more proof of 19 answers");
    }
}
