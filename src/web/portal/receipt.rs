//! The signed copy: who signed what and when, and every answer as it was signed. Answers
//! cannot change once they are signed, so those in the tables are those that were.

use actix_web::HttpRequest;
use actix_web::http::{Method, StatusCode};
use actix_web::web::Data;
use chrono_tz::Tz;
use serde::Serialize;

use super::answers::{self, SectionAnswers};
use super::check::open::Open;
use super::colleagues::authors::Authors;
use super::problem::answer;
use super::respondent::{Respondent, Visit};
use super::view::{HOSTILE, longest, masked};
use super::{together, verification};
use crate::app::App;
use crate::domain::assessment::{Assurance, Attestation};
use crate::domain::correction::EarlierReply;
use crate::domain::entry::Actor;
use crate::domain::questionnaire::Questionnaire;
use crate::domain::words::counted;
use crate::domain::{calendar, civil_date};
use crate::flows::{receive, signed_copy};
use crate::report::signed_copy::Part;
use crate::store::{self, StoreError};
use crate::templates::Context;
use crate::web::{Answered, WebError, pdf, see_other};

#[derive(Clone, Debug, Serialize)]
pub struct Receipt<'a> {
    vendor: &'a str,
    reference: &'a str,
    /// Where the receipt went, masked.
    email: String,
    signer: &'a str,
    job: &'a str,
    signed_at: String,
    assurance: String,
    sha256: &'a str,
    next: String,
    closes: String,
    statement: &'a str,
    /// What is to be put right.
    put_right: Option<String>,
    /// Other requests to this mailbox.
    requests: Option<String>,
    /// The practice does not leave out the rule that is only proposed.
    proposed: bool,
    /// The version that this one took the place of.
    replaces: Option<String>,
    /// The versions that this one replaced.
    versions: Vec<String>,
    /// It was signed with these questions open, and how many they are.
    left_open: Vec<&'a str>,
    left_count: String,
    sections: Vec<SectionAnswers<'a>>,
}

impl<'a> Receipt<'a> {
    fn of(
        who: &'a Respondent,
        signed: &'a Attestation,
        sent_to: &str,
        earlier: &[EarlierReply],
        questionnaire: &'a Questionnaire,
    ) -> Self {
        let address = masked(sent_to);
        let practice = &who.opened.practice;
        let invitation = &who.opened.invitation;
        let opened = &who.opened;
        let cadence = practice.settings.cadence_for(opened.assessment.asked.tier, opened.vendor_cadence);
        let signed_on = practice.day(signed.signed_at);
        // A new version of the same year's answers does not put the next year off.
        let first_signed = opened.assessment.accepted_on.unwrap_or(signed_on);
        let next = calendar::next_due(cadence, first_signed, Some(first_signed));
        let applicable = who.applicable(questionnaire);
        let left_open = Open::texts(who, &applicable);
        let mut sections = answers::by_section(questionnaire, &applicable, &who.answers, false);
        // Those of the signature, whatever the practice took off its pages since.
        answers::attach(&mut sections, &who.files, signed_on);
        Self {
            vendor: who.vendor(),
            reference: &signed.reference,
            signer: &signed.name,
            job: &signed.title,
            signed_at: civil_date::say_instant(signed.signed_at, practice.timezone),
            assurance: match signed.assurance {
                Assurance::Link => format!("The link we e-mailed to {address}"),
                Assurance::Code => format!("The link we e-mailed to {address}, and a code we e-mailed there"),
            },
            email: address,
            sha256: &signed.sha256,
            next: next.format("%B %Y").to_string(),
            closes: civil_date::say(invitation.expires_on),
            statement: &signed.statement,
            put_right: None,
            requests: None,
            proposed: verification::is_offered(who),
            replaces: earlier.last().map(|old| version(old, practice.timezone)),
            versions: earlier.iter().map(|old| version(old, practice.timezone)).collect(),
            left_count: counted(left_open.len(), "question"),
            left_open,
            sections,
        }
    }
}

/// `Version 1, signed on …, reference DC-….`
fn version(old: &EarlierReply, timezone: Tz) -> String {
    let at = civil_date::say_instant(old.signed.signed_at, timezone);
    format!("Version {}, signed on {at}, reference {}", old.version, old.signed.reference)
}

pub async fn show(app: Data<App>, who: Visit) -> Answered {
    answer(&app, async {
        let who = Respondent::reading(who)?;
        let Some(signed) = who.signature() else {
            return Ok(see_other("/respond"));
        };
        // To the address through which it was signed, which need not be the one of this link.
        let (scope, id) = (who.opened.scope(), who.opened.assessment.id);
        let opened = who.opened.clone();
        let (letter, earlier, put_right) = app
            .read(move |conn| {
                let earlier = store::corrections::earlier(conn, &scope, id)?;
                let version = earlier.last().map_or(1, |last| last.version + 1);
                let letter = store::letters::by_once(conn, &scope, &receive::receipt_of(id, version))?;
                Ok::<_, StoreError>((letter, earlier, super::actions::waiting(conn, &opened)?))
            })
            .await?;
        let sent_to = letter.map_or_else(|| who.opened.invitation.sent_to.clone(), |letter| letter.to_address);
        let together = together::of(&app, &who, app.clock.now()).await?;
        let page = Receipt::of(&who, signed, &sent_to, &earlier, who.opened.questionnaire(&app.office)?);
        let mut page = Receipt { requests: together.requests, put_right, ..page };
        answers::written_by(&mut page.sections, &Authors::of(&app, &who).await?);
        Ok(who.shell("Signed and sent").show(&app, StatusCode::OK, &page)?)
    })
    .await
}

/// GET `/respond/receipt.pdf`: the same, from the copy that was frozen; the history says that it went.
pub async fn pdf(app: Data<App>, who: Visit, request: HttpRequest) -> Answered {
    let now = app.clock.now();
    answer(&app, async {
        let who = Respondent::reading(who)?;
        if who.signature().is_none() {
            return Ok(see_other("/respond"));
        }
        let (scope, id) = (who.opened.scope(), who.opened.assessment.id);
        let kept = app.read(move |conn| signed_copy::of(conn, &scope, id, None)).await?.ok_or(WebError::NotFound)?;
        if request.method() != Method::HEAD {
            let (kept, by) = (kept.clone(), Actor::Respondent(who.opened.invitation.sent_to.clone()));
            app.write(move |conn| signed_copy::taken(conn, &kept, &by, now)).await?;
        }
        let name = format!("self-check-{}.pdf", pdf::plain(&kept.signed.reference));
        let office = app.office.clone();
        Ok(pdf::send(name, move || signed_copy::pdf(&office, &kept, Part::Whole)).await?)
    })
    .await
}

impl Context for Receipt<'_> {
    const TEMPLATE: &'static str = "portal/receipt";
    fn samples() -> Vec<Self> {
        let page = |text, sections| Self {
            vendor: text,
            reference: "DC-K7QM-2RXA",
            email: "p•••@northwind.example".to_owned(),
            signer: text,
            job: text,
            signed_at: "December 2, 2026 at 14:05 UTC (9:05 AM EST)".to_owned(),
            assurance: "The link we e-mailed to p•••@northwind.example".to_owned(),
            sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            next: "December 2027".to_owned(),
            closes: "February 1, 2027".to_owned(),
            statement: text,
            proposed: !text.is_empty(),
            put_right: Some("3 things".to_owned()).filter(|_| !text.is_empty()),
            requests: Some(text.to_owned()).filter(|text| !text.is_empty()),
            replaces: Some(text.to_owned()).filter(|text| !text.is_empty()),
            versions: if text.is_empty() { Vec::new() } else { vec![text.to_owned()] },
            left_open: if text.is_empty() { Vec::new() } else { vec![text] },
            left_count: "1 question".to_owned(),
            sections,
        };
        let [ordinary, long, hostile] = answers::samples(false);
        vec![page("Pat Morgan", ordinary), page(longest(200), long), page(HOSTILE, hostile), page("", Vec::new())]
    }
}
