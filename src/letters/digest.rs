//! The letter to our own people about what is new.

use serde::Serialize;

use super::{Letters, Written};
use crate::domain::civil_date;
use crate::domain::digest::Span;
use crate::domain::flags::Flag;
use crate::domain::ids::AssessmentId;
use crate::domain::practice::Practice;
use crate::domain::words::counted;
use crate::templates::Context;

/// What a digest tells of.
#[derive(Clone, Copy, Debug)]
pub struct News<'a> {
    pub span: Span,
    /// Flags raised in these days that are still open, the worst first, with the vendor's name.
    pub flags: &'a [(Flag, String)],
    /// How many there are in all.
    pub raised: u32,
    /// Replies signed in these days, with the vendor's name.
    pub replies: &'a [(AssessmentId, String)],
    pub signed: u32,
}

#[derive(Clone, Debug, Serialize)]
pub struct Digest {
    practice: String,
    name: Option<String>,
    /// `On November 22, 2026`, or from a day to another.
    when: String,
    title: String,
    flags: Vec<Line>,
    more_flags: Option<String>,
    replies: Vec<Line>,
    more_replies: Option<String>,
    all: String,
    account: String,
}

#[derive(Clone, Debug, Serialize)]
struct Line {
    weight: Option<&'static str>,
    vendor: String,
    says: &'static str,
    href: String,
}

impl Letters {
    /// Tells `name` what is new in the practice.
    pub fn digest(&self, practice: &Practice, name: &str, news: &News<'_>) -> Written {
        let (from, to) = news.span;
        // The sentence stays behind the sign-in: mail is read on many screens.
        let flags = news.flags.iter().map(|(flag, vendor)| Line {
            weight: Some(flag.kind.severity().says()),
            vendor: vendor.clone(),
            says: flag.kind.says(),
            href: format!("{}/flags/{}", self.base_url, flag.id),
        });
        let replies = news.replies.iter().map(|(reply, vendor)| Line {
            weight: None,
            vendor: vendor.clone(),
            says: "signed its answers",
            href: format!("{}/assessments/{reply}/review", self.base_url),
        });
        self.write(&Digest {
            practice: practice.name.clone(),
            name: Some(name.trim().to_owned()).filter(|name| !name.is_empty()),
            when: match from == to {
                true => format!("on {}", civil_date::say(to)),
                false => format!("from {} to {}", civil_date::say(from), civil_date::say(to)),
            },
            title: title(news.raised, news.signed),
            flags: flags.collect(),
            more_flags: more(news.raised, news.flags.len(), "flag"),
            replies: replies.collect(),
            more_replies: more(news.signed, news.replies.len(), "reply"),
            all: format!("{}/flags", self.base_url),
            account: format!("{}/account", self.base_url),
        })
    }
}

fn replies(count: u32) -> String {
    if count == 1 { "1 reply".to_owned() } else { format!("{count} replies") }
}

/// `3 new flags and 1 reply`.
fn title(raised: u32, signed: u32) -> String {
    let flags = counted(usize::try_from(raised).unwrap_or(0), "new flag");
    match (raised, signed) {
        (0, signed) => replies(signed),
        (_, 0) => flags,
        (_, signed) => format!("{flags} and {}", replies(signed)),
    }
}

/// How many the letter does not name.
fn more(all: u32, named: usize, thing: &str) -> Option<String> {
    let left = usize::try_from(all).unwrap_or(0).saturating_sub(named);
    let says = match thing {
        "reply" => replies(u32::try_from(left).unwrap_or(u32::MAX)),
        thing => counted(left, thing),
    };
    (left > 0).then(|| format!("and {says} more"))
}

impl Context for Digest {
    const TEMPLATE: &'static str = "letters/digest";
    fn samples() -> Vec<Self> {
        let line = |vendor: &str, says| Line {
            weight: Some("Act now"),
            vendor: vendor.to_owned(),
            says,
            href: "https://duecare.example/flags/1".to_owned(),
        };
        let plain = Self {
            practice: "Maple Family Practice".to_owned(),
            name: Some("Dana Whitfield".to_owned()),
            when: "on November 22, 2026".to_owned(),
            title: title(1, 1),
            flags: vec![line("Northgate Transcription", "Agreement ended")],
            more_flags: None,
            replies: vec![Line { weight: None, ..line("Quill & Ear", "signed its answers") }],
            more_replies: None,
            all: "https://duecare.example/flags".to_owned(),
            account: "https://duecare.example/account".to_owned(),
        };
        let hostile = Self {
            practice: "<script>alert(1)</script>".to_owned(),
            name: None,
            title: title(900, 0),
            flags: vec![line("{{practice}} \"'><img src=x onerror=alert(1)>", "No reply"); 15],
            more_flags: more(900, 15, "flag"),
            replies: Vec::new(),
            ..plain.clone()
        };
        let long = Self {
            practice: "Very ".repeat(38),
            title: title(0, 40),
            flags: Vec::new(),
            replies: vec![line(&"Very ".repeat(38), "signed its answers"); 15],
            more_replies: more(40, 15, "reply"),
            ..plain.clone()
        };
        vec![plain, hostile, long]
    }
}
