//! One question as part of a form: how it is put, what was filled in, and what is wrong.
//!
//! Filled in from fields as a browser sends them, whether they came with this request or are
//! made from a saved answer: one way to fill in a form, so that both look alike.

use serde::Serialize;

use super::earlier::Earlier;
use super::evidence::FileLine;
use super::field::{Control, DetailLine, Line, Pressable, Reason, State};
use super::fill::{Filled, is_written};
use super::leaf::same_field;
use crate::domain::answers::earlier::Afresh;
use crate::domain::answers::form::{FieldFault, Fields};
use crate::domain::correction::thread::Said;
use crate::domain::questionnaire::{Authority, Question};
use crate::web::view::ErrorLine;

#[derive(Clone, Debug, Serialize)]
pub struct AskedQuestion<'a> {
    pub slug: &'a str,
    pub text: &'a str,
    pub help: &'a str,
    /// Said beside the question when it is not the law in force that asks.
    pub authority: Option<&'static str>,
    /// What the practice asks about the signed answer.
    pub remark: Option<Remark>,
    /// What the vendor said the last time.
    pub last: Option<Last>,
    /// What was just done with the files, in words.
    pub said: Option<&'static str>,
    /// The files under the answer.
    pub files: Vec<FileLine>,
    /// Whose the answer on record is, on the practice's pages.
    pub from: Option<String>,
    pub error: Option<String>,
    /// Said of a notice, which cannot be sent without some of its answers.
    pub optional: bool,
    pub why: &'a str,
    pub evidence: &'a str,
    pub cites: String,
    pub proposed: Option<&'a str>,
    /// The same ticks under headings, where there are many of them.
    pub groups: Vec<TickGroup<'a>>,
    #[serde(flatten)]
    pub control: Control<'a>,
    pub state: Option<State>,
    pub reason: Option<Reason>,
    pub detail: Option<DetailLine<'a>>,
}

/// Ticks under one heading.
#[derive(Clone, Debug, Serialize)]
pub struct TickGroup<'a> {
    pub title: &'static str,
    pub hint: &'static str,
    pub ticks: Vec<Pressable<'a>>,
}

/// What the practice says to an answer that it sent back, and the field to reply in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Remark {
    /// What was said about the answer before, both sides.
    pub before: Vec<Before>,
    pub from: String,
    pub says: String,
    /// Where the vendor says why an answer stays.
    pub reply: Option<Line>,
    /// In a recheck a tick says that it stays.
    pub still: Option<Still>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Still {
    pub name: String,
    pub value: &'static str,
    pub on: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Before {
    who: String,
    says: String,
}

impl Before {
    pub fn of(Said { who, says }: Said) -> Self {
        Self { who, says }
    }
}

/// What was said the last time, and whether it may be confirmed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Last {
    pub says: String,
    /// Why it has to be answered afresh; without, it may be confirmed.
    pub afresh: Option<&'static str>,
    pub same: bool,
    pub changed: bool,
}

impl Last {
    fn of(slug: &str, earlier: &Earlier, fields: &Fields) -> Self {
        let chosen = |value: &str| fields.iter().any(|(name, text)| *name == same_field(slug) && text == value);
        Self {
            says: earlier.says.clone(),
            afresh: earlier.afresh.map(Afresh::says),
            same: chosen("same"),
            changed: chosen("changed"),
        }
    }
}

/// Puts a question with what was filled in.
pub fn ask<'a>(
    question: &'a Question,
    fields: &Fields,
    fault: Option<&FieldFault>,
    last: Option<&Earlier>,
) -> AskedQuestion<'a> {
    let filled = Filled { question, fields, fault };
    AskedQuestion {
        slug: &question.slug,
        text: &question.text,
        help: &question.help,
        authority: (question.authority == Authority::Proposed).then_some("Proposed rule, not in force"),
        said: None,
        files: Vec::new(),
        from: None,
        remark: None,
        last: last.map(|earlier| Last::of(&question.slug, earlier, fields)),
        error: filled.error_of_the_whole(),
        optional: false,
        why: &question.why,
        evidence: &question.evidence,
        cites: cites(&question.citations),
        proposed: question.proposed.as_deref(),
        groups: Vec::new(),
        control: filled.control(),
        state: filled.state(),
        reason: filled.reason(),
        detail: question.detail.as_ref().map(|detail| filled.detail(detail)),
    }
}

/// The line of the summary for a fault: it names the question and leads to the field.
pub fn error_line(question: &Question, fault: &FieldFault) -> ErrorLine {
    let slug = &question.slug;
    let at = match fault.field.strip_prefix(slug.as_str()) {
        Some("") if is_written(question) => format!("{slug}:value"),
        Some("" | ":none") | None => slug.clone(),
        Some(_) => fault.field.clone(),
    };
    ErrorLine { at, says: format!("{} {}", question.text, fault.problem) }
}

/// `45 CFR 164.308(a)(8); 164.312(b); 42 CFR 2.11`
pub(super) fn cites(citations: &[String]) -> String {
    let mut said = String::new();
    let mut bare_before = false;
    for citation in citations {
        let bare = !citation.contains(' ');
        if !said.is_empty() {
            said.push_str("; ");
        }
        if bare && !bare_before {
            said.push_str("45 CFR ");
        }
        said.push_str(citation);
        bare_before = bare;
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;

    fn question(slug: &str) -> Question {
        Catalogue::built_in().unwrap().current().question(slug).cloned().unwrap()
    }

    #[test]
    fn a_bare_section_is_of_title_45_and_others_name_their_title() {
        let said = |list: &[&str]| cites(&list.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>());
        assert_eq!(said(&["164.308(a)(8)", "164.312(b)"]), "45 CFR 164.308(a)(8); 164.312(b)");
        assert_eq!(said(&["42 CFR 2.11", "164.402"]), "42 CFR 2.11; 45 CFR 164.402");
        assert_eq!(said(&[]), "");
    }

    #[test]
    fn not_sure_is_offered_once() {
        for slug in ["adm.leavers", "tec.mail-domain", "prv.ai", "off.kept", "off.seen", "tec.second-factor"] {
            let question = question(slug);
            let Control::Radios(radios) = ask(&question, &Fields::new(), None, None).control else { panic!("{slug}") };
            let keys: Vec<&str> = radios.iter().map(|radio| radio.value).collect();
            assert_eq!(keys.iter().filter(|key| **key == "unknown").count(), 1, "{slug}");
            assert_eq!(keys.last(), Some(&"na"), "{slug}");
        }
    }

    #[test]
    fn a_fault_leads_to_the_field_it_is_about() {
        let at = |slug: &str, field: &str| {
            let fault = FieldFault { field: field.to_owned(), problem: String::new() };
            error_line(&question(slug), &fault).at
        };
        assert_eq!(at("org.self-check.date", "org.self-check.date"), "org.self-check.date:value");
        assert_eq!(at("org.self-check.done", "org.self-check.done"), "org.self-check.done");
        assert_eq!(at("org.self-check.done", "org.self-check.done:by"), "org.self-check.done:by");
        assert_eq!(at("org.membership", "org.membership:none"), "org.membership");
        assert_eq!(at("org.membership", "org.membership:row.2.name"), "org.membership:row.2.name");
    }

    #[test]
    fn a_list_has_two_blank_rows_after_the_last_that_is_filled() {
        let question = question("org.membership");
        let rows = |filled: usize| {
            let fields = vec![(format!("org.membership:row.{filled}.name"), "ACME".to_owned())];
            match ask(&question, &fields, None, None).control {
                Control::List(list) => list.rows.len(),
                _ => 0,
            }
        };
        assert_eq!((rows(1), rows(4), rows(100)), (3, 6, 100));
        assert_eq!(rows(4_000_000_000), 3, "a row that nobody offered is not shown");
    }
}
