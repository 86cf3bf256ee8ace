//! Is a vendor a business associate? A few questions in plain words that end in a status with
//! its reason (45 CFR 160.103). Whoever is not sure ends in "not decided yet", which is
//! treated as a business associate, and never in a reason why it is none.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::civil_date;
use super::flags::{Fact, FlagKind};
use super::ids::{DecisionId, VendorId};
use super::vendor::{BaStatus, FieldFault};
use super::words::words;

words! {
    /// What is asked, in the order in which it is asked.
    pub enum Question {
        Phi = "phi" => "Does it get, see, keep or send information about our patients?",
        Deidentified = "deidentified" => "Is all of it stripped of everything that could point to a patient?",
        Workforce = "workforce" => "Do its people work under our direct control, as our own staff do?",
        Treatment = "treatment" => "Does it use the information only to treat the patient?",
        Payments = "payments" => "Is it a bank or card company that only moves payments?",
        Conduit = "conduit" => "Does it only carry the information from one place to another?",
        Subcontractor = "subcontractor" => "Does it do this work for one of our vendors, and not for us?",
        OurWork = "our-work" => "Does it use the information to do work for us?",
    }
}
words! {
    pub enum Reply {
        Yes = "yes" => "Yes",
        No = "no" => "No",
        NotSure = "not-sure" => "Not sure",
    }
}

impl Question {
    /// Where the line runs, with the cases that people get wrong.
    pub const fn explains(self) -> &'static str {
        match self {
            Question::Phi => {
                "In any form: on paper, on a screen, by voice, in a file. A name on an appointment list counts. So does a copy that it stores and cannot read."
            }
            Question::Deidentified => {
                "Names, dates, addresses, numbers and everything else on the list of 18 are gone, or an expert has said so in writing. Taking the names out is not enough."
            }
            Question::Workforce => {
                "Our rules and our training cover them, and we say how they work: a temp at our front desk, a volunteer, a student. A company that does its work its own way is not."
            }
            Question::Treatment => {
                "A laboratory, a specialist or a pharmacy that looks after the same patient. A clinic or hospital that also does billing, hosting or management for us: answer no."
            }
            Question::Payments => {
                "It takes or moves money and does nothing else with the information. If it also sends our bills, keeps our accounts or makes reports: answer no."
            }
            Question::Conduit => {
                "Like the post office, a courier or an internet line: it looks at nothing, and keeps it no longer than carrying takes. Cloud storage, e-mail hosting and online fax keep copies, even encrypted ones: answer no."
            }
            Question::Subcontractor => {
                "For example the company that hosts our billing company’s computers. We have no contract with it; our vendor has."
            }
            Question::OurWork => {
                "For example billing, computer support, shredding, answering calls, legal advice, accounts, or quality reports. Getting a list of our patients to do something for us counts."
            }
        }
    }

    /// What follows from an answer.
    const fn leads_to(self, reply: Reply) -> Step {
        use BaStatus as B;
        use Question as Q;
        match (self, reply) {
            (_, Reply::NotSure) => Step::Ends(B::Undetermined),
            (Q::Phi, Reply::No) => Step::Ends(B::NoPhi),
            (Q::Phi, Reply::Yes) => Step::Asks(Q::Deidentified),
            (Q::Deidentified, Reply::Yes) => Step::Ends(B::DeidentifiedOnly),
            (Q::Deidentified, Reply::No) => Step::Asks(Q::Workforce),
            (Q::Workforce, Reply::Yes) => Step::Ends(B::Workforce),
            (Q::Workforce, Reply::No) => Step::Asks(Q::Treatment),
            (Q::Treatment, Reply::Yes) => Step::Ends(B::TreatmentProvider),
            (Q::Treatment, Reply::No) => Step::Asks(Q::Payments),
            (Q::Payments, Reply::Yes) => Step::Ends(B::FinancialProcessor),
            (Q::Payments, Reply::No) => Step::Asks(Q::Conduit),
            (Q::Conduit, Reply::Yes) => Step::Ends(B::Conduit),
            (Q::Conduit, Reply::No) => Step::Asks(Q::Subcontractor),
            (Q::Subcontractor, Reply::Yes) => Step::Ends(B::Subcontractor),
            (Q::Subcontractor, Reply::No) => Step::Asks(Q::OurWork),
            (Q::OurWork, Reply::Yes) => Step::Ends(B::BusinessAssociate),
            (Q::OurWork, Reply::No) => Step::Ends(B::Other),
        }
    }
}

/// Where the questions have led.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Asks(Question),
    Ends(BaStatus),
}

/// A question with its answer, as it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    pub question: Question,
    pub reply: Reply,
}

/// Walks from the first question along the answers. Answers to questions that were not come
/// to are left out: they may be from before somebody went back.
pub fn walk(given: impl Fn(Question) -> Option<Reply>) -> (Vec<Answered>, Step) {
    let mut path = Vec::new();
    let mut step = Step::Asks(Question::Phi);
    while let Step::Asks(question) = step {
        let Some(reply) = given(question) else { break };
        path.push(Answered { question, reply });
        step = question.leads_to(reply);
    }
    (path, step)
}

/// Why the status holds, in words that can be kept as they are. Empty where only the person
/// who decides can say it.
pub const fn reason(status: BaStatus) -> &'static str {
    match status {
        BaStatus::BusinessAssociate => "It gets, keeps or sends patient information to do work for us.",
        BaStatus::Subcontractor => "It handles our patients’ information for one of our business associates.",
        BaStatus::TreatmentProvider => "It gets patient information only to treat the patient.",
        BaStatus::Conduit => "It only carries information, and keeps it no longer than that takes.",
        BaStatus::Workforce => "Its people work under our direct control, as part of our staff.",
        BaStatus::FinancialProcessor => "It is a bank or card company and only moves payments.",
        BaStatus::DeidentifiedOnly => "Nothing that it gets can be traced back to a patient.",
        BaStatus::NoPhi => "It never gets or sees patient information.",
        BaStatus::Other => "",
        BaStatus::Undetermined => "We are not sure yet, so we treat it as a business associate.",
    }
}

/// The paragraph that says so.
pub const fn cites(status: BaStatus) -> &'static str {
    match status {
        BaStatus::BusinessAssociate => "45 CFR 160.103, “business associate” (1)(i) and (ii)",
        BaStatus::Subcontractor => "45 CFR 160.103, “business associate” (3)(iii)",
        BaStatus::TreatmentProvider => "45 CFR 160.103, “business associate” (4)(i)",
        BaStatus::Conduit => "45 CFR 160.103, “business associate” (3)(i), and the HHS guidance on cloud computing",
        BaStatus::Workforce => "45 CFR 160.103, “workforce” and “business associate” (1)(i)",
        BaStatus::FinancialProcessor => "Section 1179 of the Social Security Act, 42 USC 1320d-8",
        BaStatus::DeidentifiedOnly => "45 CFR 164.502(d)(2) and 164.514(a) to (c)",
        BaStatus::NoPhi => "45 CFR 160.103, “business associate” (1)",
        BaStatus::Other => "45 CFR 160.103, “business associate”",
        BaStatus::Undetermined => "45 CFR 160.103, “business associate”; not deciding is treated as yes",
    }
}

/// Days after which someone should look again; `None` where the yearly questionnaire does.
pub const fn look_again_days(status: BaStatus) -> Option<u64> {
    match status {
        BaStatus::Undetermined => Some(30),
        BaStatus::BusinessAssociate | BaStatus::Subcontractor => None,
        _ => Some(365),
    }
}

/// A decision as it was made; the newest of a vendor counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaDecision {
    pub id: DecisionId,
    pub vendor: VendorId,
    pub status: BaStatus,
    /// The questions and answers that led there; none when the status was chosen from a list.
    pub path: Vec<Answered>,
    pub reason: String,
    /// The person's name as it was then.
    pub decided_by: String,
    pub decided_on: NaiveDate,
    pub look_again_on: Option<NaiveDate>,
}

/// Checks what stands under a decision: a reason, and a day to look again that is still to
/// come and no further off than the status allows.
///
/// # Errors
/// Which field (`reason` or `look_again_on`) and what is wrong with it.
pub fn check(
    status: BaStatus,
    reason: &str,
    look_again_on: Option<NaiveDate>,
    today: NaiveDate,
) -> Result<(), (&'static str, FieldFault)> {
    if reason.trim().is_empty() {
        return Err(("reason", FieldFault::new("there is no reason", "Write in a sentence why this is so.")));
    }
    let longest = look_again_days(status).map(|days| today + Days::new(days.max(90)));
    match (look_again_on, longest) {
        (Some(on), _) if on <= today => {
            Err(("look_again_on", FieldFault::new("that day is over", "Write a day after today.")))
        }
        (Some(on), Some(longest)) if on > longest => Err((
            "look_again_on",
            FieldFault::new(
                "that is too far off",
                format!("Write a day up to {}: what a vendor does changes.", civil_date::say(longest)),
            ),
        )),
        (None, Some(_)) => Err((
            "look_again_on",
            FieldFault::new("there is no day to look again", "Write one, so that it is not forgotten."),
        )),
        _ => Ok(()),
    }
}

/// The day on which somebody should look again. A status that nobody gave a reason for counts
/// from the day on which the vendor was added.
pub fn look_again_on(status: BaStatus, newest: Option<&BaDecision>, added_on: NaiveDate) -> Option<NaiveDate> {
    match newest.filter(|decision| decision.status == status) {
        Some(decision) => decision.look_again_on,
        None => look_again_days(status).map(|days| added_on + Days::new(days)),
    }
}

/// The fact that the day has come.
pub fn due(status: BaStatus, look_again_on: Option<NaiveDate>, today: NaiveDate) -> Option<Fact> {
    let on = civil_date::say(look_again_on.filter(|on| *on <= today)?);
    let sentence = match status {
        BaStatus::Undetermined => format!(
            "Still not decided whether it is a business associate; that was to be settled by {on} (45 CFR 160.103)"
        ),
        _ => format!("“{}” was to be looked at again by {on} (45 CFR 160.103)", status.says()),
    };
    Some(Fact { kind: FlagKind::DecideAgain, subject: String::new(), sentence })
}

#[cfg(test)]
#[path = "ba_decision/tests.rs"]
mod tests;
