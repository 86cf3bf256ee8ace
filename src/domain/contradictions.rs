//! Where a vendor's answers and what the practice has written down do not agree
//! (`domain/hipaa.md` 2.13: compare with the profile), and where an answer breaks a clock of
//! the law. A difference is a fact, whoever is wrong.

use super::answers::{Answer, Answers, Grade, Value, say};
use super::exposure::{Exposure, Offshore, Subs, Tier};
use super::flags::{Fact, FlagKind};
use super::questionnaire::{Asked, Questionnaire, Set};

/// 45 CFR 164.410(b): a business associate tells of a breach within 60 days.
const LEGAL_LIMIT_HOURS: i64 = 1_440;

/// Answers against the practice's own record of the vendor.
pub fn with_record(exposure: &Exposure, questionnaire: &Questionnaire, answers: &Answers) -> Vec<Fact> {
    let differs =
        |subject: &str, sentence: String| Fact { kind: FlagKind::Contradicts, subject: subject.to_owned(), sentence };
    let said = |slug: &str, fits: &dyn Fn(&Answer) -> bool| {
        let (question, answer) = (questionnaire.question(slug)?, answers.get(slug)?);
        fits(answer).then(|| format!("{}: {}", question.short, say::short(question, answer)))
    };
    let rows = |answer: &Answer| matches!(&answer.value, Value::Rows(rows) if !rows.is_empty());
    let yes = |answer: &Answer| matches!(&answer.value, Value::Choice(key) if key.starts_with("yes"));
    let mut facts = Vec::new();
    if exposure.subs == Subs::None {
        let listed = said("sub.list", &rows);
        facts.extend(listed.map(|said| differs("subs", format!("{said}; our record says it uses none"))));
    }
    if exposure.offshore == Offshore::None {
        for slug in ["off.kept", "off.seen"] {
            let abroad = said(slug, &yes);
            facts.extend(abroad.map(|said| differs(slug, format!("{said}; our record says nothing leaves the US"))));
        }
    }
    facts
}

/// An answer that promises less than the law asks.
pub fn with_law(questionnaire: &Questionnaire, answers: &Answers) -> Option<Fact> {
    let slug = "inc.tell-us.hours";
    let (question, answer) = (questionnaire.question(slug)?, answers.get(slug)?);
    let Value::Number(hours) = answer.value else { return None };
    (hours > LEGAL_LIMIT_HOURS).then(|| Fact {
        kind: FlagKind::LegalLimit,
        subject: slug.to_owned(),
        sentence: format!(
            "{}: {} days, and the law allows 60 at most (45 CFR 164.410(b))",
            question.short,
            (hours + 23) / 24
        ),
    })
}

/// Whether the vendor says that an agreement is signed.
pub fn says_signed(answers: &Answers) -> bool {
    answers.get("org.baa.signed").is_some_and(|answer| answer.value == Value::Grade(Grade::Yes))
}

/// How many questions that count would be put to the vendor today and never were: what it
/// holds of ours has grown since it was asked, or we look harder.
pub fn never_asked(
    exposure: &Exposure,
    tier: Tier,
    asked: &Asked,
    questionnaire: &Questionnaire,
    answers: &Answers,
) -> usize {
    if *exposure == asked.exposure && tier == asked.tier {
        return 0;
    }
    // What the proposed rule does is the practice's choice, and no reason to ask anew.
    let now = Asked { exposure: exposure.clone(), tier, set: Set::for_tier(tier), nprm: asked.nprm };
    let answered = super::answers::lookup(answers);
    questionnaire
        .questions()
        .filter(|question| question.weight > 0)
        .filter(|question| now.includes(question, &answered) && !asked.includes(question, &answered))
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;
    use crate::domain::questionnaire::NprmMode;

    fn answers(given: &[(&str, Value)]) -> Answers {
        given.iter().map(|(slug, value)| ((*slug).to_owned(), Answer::of(value.clone()))).collect()
    }

    fn sentences(facts: impl IntoIterator<Item = Fact>) -> Vec<String> {
        facts.into_iter().map(|fact| fact.sentence).collect()
    }

    #[test]
    fn a_vendor_that_lists_a_company_our_record_does_not_know_is_said() {
        let catalogue = Catalogue::built_in().unwrap();
        let row = [("name".to_owned(), "Cobalt Cloud".to_owned())].into();
        let told =
            answers(&[("sub.list", Value::Rows(vec![row])), ("off.kept", Value::Choice("yes-agreed".to_owned()))]);
        let none = Exposure { subs: Subs::None, offshore: Offshore::None, ..Exposure::default() };
        assert_eq!(
            sentences(with_record(&none, catalogue.current(), &told)),
            [
                "Other companies with our information: Cobalt Cloud; our record says it uses none",
                "Stores records outside the US: yes, with your written consent; our record says nothing leaves the US",
            ]
        );
        assert!(
            with_record(&Exposure::default(), catalogue.current(), &told).is_empty(),
            "not known is no contradiction"
        );
    }

    #[test]
    fn a_promise_of_more_than_sixty_days_is_flagged() {
        let catalogue = Catalogue::built_in().unwrap();
        let hours = |hours| with_law(catalogue.current(), &answers(&[("inc.tell-us.hours", Value::Number(hours))]));
        assert_eq!(hours(1_440), None);
        assert!(hours(1_441).unwrap().sentence.contains("164.410(b)"));
    }

    #[test]
    fn a_vendor_that_holds_more_than_it_was_asked_about_has_questions_left() {
        let catalogue = Catalogue::built_in().unwrap();
        let little = Exposure::default();
        let nprm = NprmMode::default();
        let asked = Asked { exposure: little.clone(), tier: Tier::Four, set: Set::Lite, nprm };
        let none = Answers::new();
        assert_eq!(never_asked(&little, Tier::Four, &asked, catalogue.current(), &none), 0);
        let more = Exposure { access: [crate::domain::exposure::Access::Hosts].into(), ..little.clone() };
        assert!(never_asked(&more, more.inherent().tier, &asked, catalogue.current(), &none) > 10);
        // A closer look by hand asks more of the same vendor too.
        assert!(never_asked(&little, Tier::One, &asked, catalogue.current(), &none) > 10);
    }
}
