//! What a letter says. Knows nothing of how it travels.

mod action;
mod change_notice;
mod colleague;
mod correction;
mod digest;
mod renewal;

pub use action::Actions;
pub use change_notice::{NoticeReceipt, Word};
pub use colleague::{Colleague, PartDone, PassedOn};
pub use correction::{Corrected, Rechecked, Returned};
pub use digest::{Digest, News};
pub use renewal::Renewal;

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use crate::domain::assessment::{Assessment, Attestation};
use crate::domain::calendar;
use crate::domain::civil_date;
use crate::domain::ids::LetterId;
use crate::domain::letter::{CODE_PLACE, TOKEN_PLACE};
use crate::domain::pace::Estimate;
use crate::domain::practice::Practice;
use crate::domain::questionnaire::Questionnaire;
use crate::domain::standing::Vendor;
use crate::domain::user::Role;
use crate::templates::{Context, PlainTemplates, Templates};

/// A letter in words, with the place of its link's token still open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// What a letter is about.
#[derive(Clone, Copy)]
pub struct About<'a> {
    pub practice: &'a Practice,
    pub vendor: &'a Vendor,
    pub assessment: &'a Assessment,
    pub questionnaire: &'a Questionnaire,
    /// The median minutes of those who answered before, once there are enough.
    pub measured: Option<u32>,
    /// The short code of this letter's link.
    pub code: &'a str,
    pub today: NaiveDate,
}

/// The letter writer.
pub struct Letters {
    html: Arc<Templates>,
    plain: PlainTemplates,
    /// Without a slash at its end.
    base_url: String,
    from_address: String,
}

impl Letters {
    /// Writes by the templates that pages are made of, too.
    pub fn new(templates: Arc<Templates>, base_url: &str, from_address: &str) -> Self {
        Self {
            plain: PlainTemplates::of(&templates),
            html: templates,
            base_url: base_url.to_owned(),
            from_address: from_address.to_owned(),
        }
    }

    /// The templates that letters and pages share.
    pub fn templates(&self) -> Arc<Templates> {
        self.html.clone()
    }

    pub fn from_address(&self) -> &str {
        &self.from_address
    }

    /// The letter's Message-ID, the same for ever.
    pub fn message_id(&self, id: LetterId) -> String {
        let host = self.from_address.rsplit('@').next().unwrap_or("localhost");
        format!("<{id}@{host}>")
    }

    pub fn invitation(&self, about: &About<'_>) -> Written {
        let count = asked(about);
        self.write(&Invitation {
            common: self.common(about),
            name: name(about.vendor),
            late: about.assessment.due_on < about.today,
            due: civil_date::say_with_day(about.assessment.due_on),
            questions: count.to_string(),
            minutes: Estimate::of(about.measured, count).minutes.to_string(),
            agreement_on: about.vendor.details.agreement_signed_on.map(civil_date::say),
        })
    }

    pub fn reminder(&self, about: &About<'_>) -> Written {
        let due = about.assessment.due_on;
        let days = (due - about.today).num_days();
        self.write(&Reminder {
            common: self.common(about),
            name: name(about.vendor),
            nth: nth(about.assessment.reminders),
            late: days < 0,
            begun: about.assessment.started_at.is_some(),
            days: if days.abs() == 1 { "1 day".to_owned() } else { format!("{} days", days.abs()) },
            due: civil_date::say_with_day(due),
            due_short: due.format("%B %-d").to_string(),
            minutes: Estimate::of(about.measured, asked(about)).minutes.to_string(),
            agreement_on: about.vendor.details.agreement_signed_on.map(civil_date::say),
        })
    }

    /// `closes` is the last day on which the link shows the signed copy.
    /// `before` is the version that this one takes the place of.
    pub fn receipt(
        &self,
        about: &About<'_>,
        signed: &Attestation,
        before: Option<&Attestation>,
        closes: NaiveDate,
    ) -> Written {
        // A new version of the same year's answers does not put the next year off.
        let accepted = about.assessment.accepted_on.unwrap_or(about.today);
        let cadence = about.practice.settings.cadence_for(about.assessment.asked.tier, about.vendor.cadence);
        self.write(&Receipt {
            common: self.common(about),
            signer: signed.name.clone(),
            job: signed.title.clone(),
            reference: signed.reference.clone(),
            signed_at: civil_date::say_instant(signed.signed_at, about.practice.timezone),
            sha256: signed.sha256.clone(),
            replaces: before.map(|old| {
                let on = civil_date::say(about.practice.day(old.signed_at));
                format!("what was signed on {on}, reference {}", old.reference)
            }),
            closes: civil_date::say(closes),
            next: calendar::next_due(cadence, accepted, Some(accepted)).format("%B %Y").to_string(),
        })
    }

    /// The letter that shows whether letters arrive.
    pub fn trial(&self, practice: &Practice, name: &str) -> Written {
        let name = Some(name.trim().to_owned()).filter(|name| !name.is_empty());
        self.write(&Trial { practice: practice.name.clone(), name, setup: format!("{}/setup/mail", self.base_url) })
    }

    /// Invites a colleague; `until` is the last moment of the link.
    pub fn welcome(&self, practice: &Practice, by: &str, name: &str, role: Role, until: DateTime<Utc>) -> Written {
        self.write(&Welcome {
            practice: practice.name.clone(),
            by: by.to_owned(),
            name: Some(name.to_owned()).filter(|name| !name.is_empty()),
            role: role.says().to_owned(),
            explains: role.explains().to_owned(),
            until: civil_date::say_instant(until, practice.timezone),
            link: format!("{}/welcome/{TOKEN_PLACE}", self.base_url),
        })
    }

    /// A link to a new password.
    pub fn reset(&self, name: &str, until: &str) -> Written {
        self.write(&Reset {
            name: Some(name.to_owned()).filter(|name| !name.is_empty()),
            until: until.to_owned(),
            link: format!("{}/welcome/{TOKEN_PLACE}", self.base_url),
        })
    }

    /// Six digits for the browser of a respondent; `until` is when they end.
    pub fn code(&self, practice: &Practice, vendor: &str, until: &str) -> Written {
        self.write(&Code {
            practice: practice.name.clone(),
            vendor: vendor.to_owned(),
            code: CODE_PLACE.to_owned(),
            until: until.to_owned(),
        })
    }

    /// Tells a person that something about their account changed: `your password was changed`.
    pub fn notice(&self, name: &str, what: &str, at: &str) -> Written {
        self.write(&AccountNotice {
            name: Some(name.to_owned()).filter(|name| !name.is_empty()),
            what: what.to_owned(),
            at: at.to_owned(),
            forgot: format!("{}/forgot", self.base_url),
        })
    }

    fn common(&self, about: &About<'_>) -> Common {
        let contact = about.practice.contact.name.trim();
        Common {
            practice: about.practice.name.clone(),
            vendor: about.vendor.details.name.clone(),
            year: about.assessment.due_on.format("%Y").to_string(),
            contact: if contact.is_empty() { "the office".to_owned() } else { contact.to_owned() },
            code: about.code.to_owned(),
            verify: format!("{}/verify", self.base_url),
            link: format!("{}/i/{TOKEN_PLACE}", self.base_url),
        }
    }

    /// Names are hostile text and subjects are one line; the mail adapter guards the rest.
    fn write<C: Context>(&self, context: &C) -> Written {
        let part = |part: &str| format!("{}/{part}", C::TEMPLATE);
        let mut words = serde_json::to_value(context).expect("a context is made of texts and numbers");
        disarm(&mut words);
        // A test renders every letter with every sample, so a fault here is one of the machine.
        let plain = |name: &str| self.plain.render(&part(name), &words).expect("a test renders every letter");
        Written {
            subject: plain("subject.txt").split_whitespace().collect::<Vec<_>>().join(" "),
            text: plain("body.txt"),
            html: self.html.render(&part("body.html"), &words).expect("a test renders every letter"),
        }
    }
}

/// The link is the one word of a letter that is ours alone. In all others the token's place
/// means nothing: a name like `https://elsewhere/~token~` would carry the token away.
fn disarm(words: &mut serde_json::Value) {
    match words {
        // With brackets, so that what stands around it makes no new place.
        serde_json::Value::String(text) => *text = text.replace(TOKEN_PLACE, "(token)"),
        serde_json::Value::Array(all) => all.iter_mut().for_each(disarm),
        serde_json::Value::Object(words) => {
            words.iter_mut().filter(|(key, _)| *key != "link").for_each(|(_, value)| disarm(value));
        }
        _ => {}
    }
}

fn name(vendor: &Vendor) -> Option<String> {
    Some(vendor.details.contact_name.trim().to_owned()).filter(|name| !name.is_empty())
}

fn nth(number: u32) -> String {
    ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"]
        .get(usize::try_from(number.saturating_sub(1)).unwrap_or(0))
        .map_or_else(|| format!("{number}th"), |word| (*word).to_owned())
}

/// How many questions the vendor sees before any is answered.
fn asked(about: &About<'_>) -> usize {
    about.questionnaire.questions().filter(|question| about.assessment.asked.includes(question, &|_, _| false)).count()
}

/// What every letter says.
#[derive(Clone, Debug, Serialize)]
pub struct Common {
    practice: String,
    vendor: String,
    year: String,
    contact: String,
    code: String,
    verify: String,
    link: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct Invitation {
    #[serde(flatten)]
    common: Common,
    name: Option<String>,
    /// A fresh link for answers that were due before.
    late: bool,
    due: String,
    questions: String,
    minutes: String,
    agreement_on: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Reminder {
    #[serde(flatten)]
    common: Common,
    name: Option<String>,
    nth: String,
    late: bool,
    begun: bool,
    /// Left, or past.
    days: String,
    due: String,
    due_short: String,
    minutes: String,
    agreement_on: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Receipt {
    #[serde(flatten)]
    common: Common,
    signer: String,
    job: String,
    reference: String,
    signed_at: String,
    sha256: String,
    /// What this version takes the place of.
    replaces: Option<String>,
    closes: String,
    next: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct Trial {
    practice: String,
    name: Option<String>,
    setup: String,
}

impl Context for Trial {
    const TEMPLATE: &'static str = "letters/trial";
    fn samples() -> Vec<Self> {
        let with = |text: &str| Self {
            practice: text.to_owned(),
            name: Some(text.to_owned()).filter(|text| !text.is_empty()),
            setup: "https://duecare.example/setup/mail".to_owned(),
        };
        vec![with("Maple Family Practice"), with(""), with("<script>{{setup}}"), with(&"Very ".repeat(40))]
    }
}

#[derive(Clone, Debug, Serialize)]
pub struct Welcome {
    practice: String,
    /// Who invites.
    by: String,
    name: Option<String>,
    role: String,
    explains: String,
    until: String,
    link: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct Reset {
    name: Option<String>,
    until: String,
    link: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct Code {
    practice: String,
    vendor: String,
    code: String,
    until: String,
}

impl Context for Code {
    const TEMPLATE: &'static str = "letters/code";
    fn samples() -> Vec<Self> {
        let with = |word: String| Self {
            practice: word.clone(),
            vendor: word.clone(),
            code: CODE_PLACE.to_owned(),
            until: word,
        };
        sample_words().map(with).to_vec()
    }
}

#[derive(Clone, Debug, Serialize)]
pub struct AccountNotice {
    name: Option<String>,
    what: String,
    at: String,
    forgot: String,
}

/// Ordinary, empty, longest and hostile words.
fn sample_words() -> [String; 4] {
    ["Dana Whitfield".to_owned(), String::new(), "Very long ".repeat(30), "<script>alert(1)</script>".to_owned()]
}

impl Context for Welcome {
    const TEMPLATE: &'static str = "letters/welcome";
    fn samples() -> Vec<Self> {
        let with = |word: String| Self {
            practice: word.clone(),
            by: word.clone(),
            name: Some(word.clone()).filter(|word| !word.is_empty()),
            role: word.clone(),
            explains: word,
            until: "December 2, 2026 at 14:05".to_owned(),
            link: "https://duecare.example/welcome/~token~".to_owned(),
        };
        sample_words().map(with).to_vec()
    }
}

impl Context for Reset {
    const TEMPLATE: &'static str = "letters/reset";
    fn samples() -> Vec<Self> {
        let with = |word: String| Self {
            name: Some(word.clone()).filter(|word| !word.is_empty()),
            until: word,
            link: "https://duecare.example/welcome/~token~".to_owned(),
        };
        sample_words().map(with).to_vec()
    }
}

impl Context for AccountNotice {
    const TEMPLATE: &'static str = "letters/notice";
    fn samples() -> Vec<Self> {
        let with = |word: String| Self {
            name: Some(word.clone()).filter(|word| !word.is_empty()),
            what: word.clone(),
            at: word,
            forgot: "https://duecare.example/forgot".to_owned(),
        };
        sample_words().map(with).to_vec()
    }
}

fn samples_of_common() -> Vec<Common> {
    let plain = Common {
        practice: "Maple Family Practice".to_owned(),
        vendor: "Northwind Billing Services".to_owned(),
        year: "2026".to_owned(),
        contact: "Dana Reyes".to_owned(),
        code: "K7QM-2RXA".to_owned(),
        verify: "https://duecare.example/verify".to_owned(),
        link: "https://duecare.example/i/~token~".to_owned(),
    };
    let long = "Very ".repeat(38);
    let empty = String::new;
    vec![
        Common { practice: format!("{long}Practice"), vendor: format!("{long}Vendor"), ..plain.clone() },
        Common {
            practice: "<script>alert(1)</script>".to_owned(),
            vendor: "{{practice}} \"'><img src=x onerror=alert(1)>".to_owned(),
            contact: "</p><script>".to_owned(),
            ..plain.clone()
        },
        Common {
            practice: empty(),
            vendor: empty(),
            year: empty(),
            contact: empty(),
            code: empty(),
            verify: empty(),
            link: empty(),
        },
        plain,
    ]
}

impl Context for Invitation {
    const TEMPLATE: &'static str = "letters/invitation";
    fn samples() -> Vec<Self> {
        let with = |common, agreement_on: Option<&str>| Self {
            common,
            name: agreement_on.map(|_| "Pat Morgan".to_owned()),
            late: agreement_on.is_some(),
            due: "Friday, December 11, 2026".to_owned(),
            questions: "40".to_owned(),
            minutes: "25".to_owned(),
            agreement_on: agreement_on.map(str::to_owned),
        };
        samples_of_common()
            .into_iter()
            .flat_map(|common| [with(common.clone(), None), with(common, Some("March 3, 2024"))])
            .collect()
    }
}

impl Context for Reminder {
    const TEMPLATE: &'static str = "letters/reminder";
    fn samples() -> Vec<Self> {
        let with = |common, late| Self {
            common,
            name: None,
            nth: nth(1),
            late,
            begun: late,
            days: "12 days".to_owned(),
            due: "Friday, December 11, 2026".to_owned(),
            due_short: "December 11".to_owned(),
            minutes: "25".to_owned(),
            agreement_on: None,
        };
        samples_of_common().into_iter().flat_map(|common| [with(common.clone(), false), with(common, true)]).collect()
    }
}

impl Context for Receipt {
    const TEMPLATE: &'static str = "letters/receipt";
    fn samples() -> Vec<Self> {
        let with = |common| Self {
            common,
            signer: "Pat \"<b>\" Morgan".to_owned(),
            job: "Office manager".to_owned(),
            reference: "DC-K7QM-2RXA".to_owned(),
            signed_at: "December 2, 2026 at 14:05 UTC".to_owned(),
            sha256: "9f86".repeat(16),
            replaces: Some("what was signed on December 1, 2026, reference DC-1".to_owned()),
            closes: "February 1, 2027".to_owned(),
            next: "December 2027".to_owned(),
        };
        samples_of_common().into_iter().map(with).collect()
    }
}
