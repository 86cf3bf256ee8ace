use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::*;
use crate::domain::agreement::{Agreement, Checklist, Terms};
use crate::domain::answers::{Answer, Answers, Evidence, Grade, Value};
use crate::domain::assessment::{Assurance, Attestation};
use crate::domain::exposure::{Exposure, Offshore};
use crate::domain::ids::{AgreementId, AssessmentId, NoticeId};
use crate::domain::notice::{Acknowledged, ChangeNotice, form};
use crate::domain::questionnaire::Questionnaire;
use crate::domain::questionnaire::parse::parse;

const TEXT: &str = r#"
id = "t"
version = 1
title = "T"
purpose = "self-assessment"
statement = "S"
[[section]]
id = "off"
title = "O"
[[section.topic]]
id = "one"
title = "One"
[[section.topic.question]]
id = "off.kept"
text = "Is it stored abroad?"
short = "Stores records outside the US"
answer = "choice"
choices = [ { key = "no", says = "No", credit = 100 }, { key = "yes", says = "Yes", credit = 0 } ]
detail = { label = "Where", rule = "noted" }
authority = "good-practice"
weight = 4
change_bearing = true
[[section.topic.question]]
id = "off.other"
text = "Other?"
short = "Other"
answer = "graded"
authority = "good-practice"
weight = 4
"#;

fn day(on: &str) -> NaiveDate {
    on.parse().unwrap()
}

/// Two years that answer one question, each in its own way.
struct Years {
    vendor: VendorId,
    questionnaire: Questionnaire,
    replies: [AssessmentId; 2],
    answers: [Answers; 2],
    exposures: [Exposure; 2],
}

impl Years {
    fn new(was: Answer, is: Answer) -> Self {
        let answers = |answer| Answers::from([("off.kept".to_owned(), answer)]);
        Self {
            vendor: VendorId::fresh(),
            questionnaire: parse("t-v1.toml", TEXT).unwrap(),
            replies: [AssessmentId::fresh(), AssessmentId::fresh()],
            answers: [answers(was), answers(is)],
            exposures: [Exposure::default(), Exposure::default()],
        }
    }

    fn year(&self, at: usize) -> Year<'_> {
        Year {
            reply: self.replies[at],
            accepted_on: [day("2025-11-01"), day("2026-11-02")][at],
            exposure: &self.exposures[at],
            questionnaire: &self.questionnaire,
            answers: &self.answers[at],
        }
    }

    fn found(&self, notices: &[ChangeNotice]) -> Vec<Change> {
        of_years(self.vendor, &self.year(0), &self.year(1), notices)
    }

    fn learn(&self, known: &[Change], notices: &[ChangeNotice]) -> Learnt {
        learn(known, self.found(notices), Some(self.replies[1]))
    }
}

fn choice(key: &str) -> Answer {
    Answer::of(Value::Choice(key.to_owned()))
}

fn notice(kind: &str, told_on: &str) -> ChangeNotice {
    let kinds = BTreeSet::from([kind.to_owned()]);
    ChangeNotice {
        id: NoticeId::fresh(),
        vendor: VendorId::fresh(),
        questionnaire: "change-notice-v1".into(),
        digest: String::new(),
        answers: Answers::from([(form::KIND.to_owned(), Answer::of(Value::Several(kinds)))]),
        signed: Attestation {
            reference: "CN-K7QM-2RXA".into(),
            name: "Pat Morgan".into(),
            title: String::new(),
            email: "pat@vendor.test".into(),
            statement: String::new(),
            signed_at: "2026-05-02T15:00:00Z".parse().unwrap(),
            snapshot: String::new(),
            sha256: String::new(),
            assurance: Assurance::Link,
        },
        told_on: day(told_on),
        acknowledged: None,
    }
}

fn sentences(changes: &[Change]) -> Vec<String> {
    changes.iter().map(Change::sentence).collect()
}

#[test]
fn a_vendor_that_moves_records_abroad_without_a_word_is_said_in_a_sentence() {
    let mut years = Years::new(choice("no"), choice("yes"));
    years.answers[1].insert("off.other".to_owned(), Answer::of(Value::Grade(Grade::No)));
    let found = years.found(&[]);
    assert_eq!(sentences(&found), ["Stores records outside the US: yes in 2026, no in 2025; no notice told us"]);
    assert_eq!((found[0].kind, found[0].materiality), (ChangeKind::Place, Materiality::High));
}

#[test]
fn a_notice_between_the_two_replies_has_told_us() {
    let years = Years::new(choice("no"), choice("yes"));
    for on in ["2025-11-01", "2026-05-02", "2026-11-02"] {
        let found = years.found(&[notice("hosting.moved", on)]);
        assert_eq!((found[0].telling, found[0].told_by.as_str()), (Telling::Told, "CN-K7QM-2RXA"), "{on}");
        assert_eq!(sentences(&found), ["Stores records outside the US: yes in 2026, no in 2025"]);
    }
    // Before the year began, after it was signed, or about something else.
    for (kind, on) in [("hosting.moved", "2025-10-31"), ("hosting.moved", "2026-11-03"), ("ai.started", "2026-05-02")] {
        assert_eq!(years.found(&[notice(kind, on)])[0].telling, Telling::Untold, "{kind} {on}");
    }
}

#[test]
fn the_same_answer_with_better_evidence_is_no_change() {
    let backed = Answer { evidence: Evidence::Document, ..choice("no") };
    assert_eq!(Years::new(choice("no"), backed).found(&[]), []);
}

#[test]
fn what_we_write_into_our_own_record_nobody_had_to_tell_us() {
    let mut years = Years::new(choice("no"), choice("no"));
    years.exposures[1].offshore = Offshore::Stored;
    let found = years.found(&[]);
    assert_eq!(sentences(&found), ["Outside the United States: it is stored abroad in 2026, not known in 2025"]);
    assert_eq!((found[0].source, found[0].telling), (ChangeSource::Record, Telling::NotOwed));
}

#[test]
fn the_same_sources_teach_nothing_twice() {
    let years = Years::new(choice("no"), choice("yes"));
    let first = years.learn(&[], &[]);
    assert_eq!(first.added.len(), 1);
    let again = years.learn(&first.standing, &[]);
    assert_eq!(again, Learnt { standing: first.standing, ..Learnt::default() });
}

#[test]
fn what_a_person_said_of_a_change_stays_while_it_reads_the_same() {
    let years = Years::new(choice("no"), choice("yes"));
    let mut known = years.learn(&[], &[]).standing;
    let look = Look { verdict: Verdict::Acceptable, why: "Allowed".into(), by: "Dana".into(), on: day("2026-11-09") };
    known[0].look = Some(look.clone());
    known[0].telling = Telling::Confirmed;
    let again = years.learn(&known, &[]);
    assert_eq!((again.standing[0].look.as_ref(), again.standing[0].telling), (Some(&look), Telling::Confirmed));
    assert!(again.standing[0].fact().is_none());
}

#[test]
fn a_reply_that_is_put_right_takes_its_change_back() {
    let mut years = Years::new(choice("no"), choice("yes"));
    let known = years.learn(&[], &[]).standing;
    years.answers[1] = years.answers[0].clone();
    let again = years.learn(&known, &[]);
    assert_eq!((again.standing.len(), again.withdrawn.clone()), (0, vec![known[0].id]));
}

#[test]
fn a_change_that_reads_otherwise_after_a_correction_asks_for_a_look_of_its_own() {
    let mut years = Years::new(choice("no"), choice("yes"));
    let mut known = years.learn(&[], &[]).standing;
    known[0].look = Some(Look { verdict: Verdict::Seen, why: String::new(), by: "Dana".into(), on: day("2026-11-09") });
    years.answers[1].insert("off.kept".into(), Answer { detail: Some("Manila".into()), ..choice("yes") });
    let again = years.learn(&known, &[]);
    assert_eq!((again.withdrawn.clone(), again.added.len()), (vec![known[0].id], 1));
    assert!(again.standing[0].is_to_look_at());
}

#[test]
fn what_an_older_year_taught_stays_when_the_next_is_signed() {
    let years = Years::new(choice("no"), choice("yes"));
    let known = years.learn(&[], &[]).standing;
    let next = learn(&known, Vec::new(), Some(AssessmentId::fresh()));
    assert_eq!(next.standing, known);
}

#[test]
fn whoever_acknowledges_a_notice_has_looked_at_what_it_tells() {
    let mut told = notice("ownership.changed", "2026-05-02");
    let found = of_notices(std::slice::from_ref(&told));
    assert_eq!(sentences(&found), ["The company gets a new owner"]);
    assert!(found[0].is_to_look_at() && found[0].fact().is_none());
    told.acknowledged = Some(Acknowledged { on: day("2026-05-03"), by: "Dana".into(), note: "Called them".into() });
    let learnt = learn(&found, of_notices(&[told]), None);
    assert_eq!(learnt.updated, [found[0].id]);
    assert_eq!(learnt.standing[0].look.as_ref().map(|look| look.why.as_str()), Some("Called them"));
}

#[test]
fn an_incident_is_no_change_in_how_data_is_handled() {
    assert_eq!(of_notices(&[notice("incident.suspected", "2026-05-02"), notice("none", "2026-05-02")]), []);
}

#[test]
fn a_new_version_of_the_agreement_that_gives_more_time_is_a_change() {
    let vendor = VendorId::fresh();
    let version = |version, hours, begins: &str| Agreement {
        id: AgreementId::fresh(),
        vendor,
        version,
        terms: Terms { breach_notice_hours: hours, ..Terms::of_dates(Some(day(begins)), None) },
        checklist: Checklist::default(),
        recorded_by: String::new(),
        recorded_at: "2026-03-02T15:00:00Z".parse().unwrap(),
    };
    let utc = |at: chrono::DateTime<chrono::Utc>| at.date_naive();
    let two = [version(2, Some(72), "2026-03-01"), version(1, Some(24), "2024-03-01")];
    let found = of_agreements(&two, utc);
    assert_eq!(sentences(&found), ["The agreement: tells us of breaches within: 72 hours in 2026, 24 hours in 2024"]);
    assert_eq!((found[0].kind, found[0].telling), (ChangeKind::Promises, Telling::NotOwed));
    // What nobody wrote down is not known, and no change.
    assert_eq!(of_agreements(&[version(1, None, "2024-03-01"), version(2, Some(72), "2026-03-01")], utc), []);
}

#[test]
fn a_change_kept_from_us_counts_for_a_year_once_a_person_has_said_so() {
    let years = Years::new(choice("no"), choice("yes"));
    let mut change = years.found(&[]).remove(0);
    for telling in [Telling::Untold, Telling::Otherwise, Telling::Told, Telling::NotOwed] {
        change.telling = telling;
        assert_eq!(signals(std::slice::from_ref(&change), day("2026-11-02")), [], "{telling}");
    }
    change.telling = Telling::Confirmed;
    let all = [change];
    assert_eq!(signals(&all, day("2027-11-01")), [Signal::UnreportedChange]);
    assert_eq!(signals(&all, day("2027-11-02")), []);
    assert_eq!(next_turn(&all, day("2026-11-02")), Some(day("2027-11-02")));
    assert_eq!(next_turn(&all, day("2027-11-02")), None);
}

#[test]
fn every_question_that_bears_change_has_a_chapter_of_its_own_kind() {
    let catalogue = crate::catalogue::Catalogue::built_in().unwrap();
    let bearing = catalogue.current().questions().filter(|question| question.change_bearing);
    let by_kind: BTreeSet<ChangeKind> = bearing.map(|question| ChangeKind::of_subject(&question.slug)).collect();
    assert!(by_kind.len() >= 8, "{by_kind:?}");
    assert_eq!(ChangeKind::of_subject("tec.encrypt.stored"), ChangeKind::Protection);
    assert_eq!(ChangeKind::of_subject("prv.no-sale"), ChangeKind::Use);
}
