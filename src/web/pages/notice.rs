//! One change notice as it was signed: what, who, when, the days it sets, what to do, and the
//! form that says it was read.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use serde::Serialize;

use super::vendor::notices::{read, weight};
use crate::app::App;
use crate::domain::agreement;
use crate::domain::answers::support::Supporting;
use crate::domain::civil_date;
use crate::domain::correction::{Correction, Outcome};
use crate::domain::document::say_size;
use crate::domain::ids::{IncidentId, NoticeId};
use crate::domain::incident::clock;
use crate::domain::notice::{self, ChangeNotice, Materiality, form};
use crate::domain::questionnaire::Questionnaire;
use crate::domain::standing::Vendor;
use crate::domain::user::Need;
use crate::domain::vendor::check_notes;
use crate::domain::words::counted;
use crate::flows::{notify, recheck};
use crate::store::{self, StoreError};
use crate::templates::Context;
use crate::web::form::{Posted, id, query};
use crate::web::portal::answers::{self, SectionAnswers};
use crate::web::session::SignedIn;
use crate::web::view::{Badge, Crumb, ErrorLine, Faults, Field, Here, Notice, Staff, crumbs, error_lines};
use crate::web::{Answered, WebError, see_other};

#[derive(Serialize)]
pub struct NoticePage<'a> {
    crumbs: Vec<Crumb>,
    heading: String,
    vendor_href: String,
    action: String,
    errors: Vec<ErrorLine>,
    weight: Badge,
    read: Badge,
    kinds: Vec<&'static str>,
    urgent: bool,
    todo: Vec<Todo>,
    clocks: Vec<ClockLine>,
    afresh: Vec<String>,
    /// What became of them.
    asked_again: Option<AskedAgain>,
    /// The incident that was opened from it.
    incident_href: Option<String>,
    /// It tells of one, and whoever reads may open it.
    opens_incident: bool,
    signer: String,
    email: String,
    signed_at: String,
    told_on: String,
    reference: String,
    sha256: String,
    statement: String,
    acknowledged: Option<Read>,
    /// The form, for whoever may say that it was read.
    note: Option<Field>,
    files: Vec<FileLine>,
    documents_href: String,
    sections: Vec<SectionAnswers<'a>>,
}

/// That the questions it touches were put to the vendor again.
#[derive(Serialize)]
struct AskedAgain {
    says: String,
    href: String,
}

/// A file that came with it.
#[derive(Serialize)]
struct FileLine {
    says: String,
    /// Where it is given out; nowhere once it is taken off, or while the scanner has not passed it.
    href: Option<String>,
    /// Why it is not given out.
    held: Option<&'static str>,
}

#[derive(Serialize)]
struct Todo {
    severity: Badge,
    says: String,
}

#[derive(Serialize)]
struct ClockLine {
    says: String,
    by: String,
    force: &'static str,
    cites: &'static str,
    past: bool,
}

#[derive(Serialize)]
struct Read {
    who: String,
    note: String,
}

/// What the page is made of.
struct Facts {
    notice: ChangeNotice,
    vendor: Vendor,
    contract_hours: Option<u32>,
    today: chrono::NaiveDate,
    signed_at: String,
    may_change: bool,
    incident: Option<IncidentId>,
    files: Vec<Supporting>,
    /// The first recheck that its change brought about.
    recheck: Option<Correction>,
}

fn file_line(file: &Supporting, today: chrono::NaiveDate) -> FileLine {
    let held = match file.scan.may_be_served() {
        _ if file.removed => Some("taken off the vendor’s documents"),
        false => Some("the virus scanner has yet to look at it"),
        true => None,
    };
    FileLine {
        says: format!("{}, {}", file.says(today), say_size(file.size)),
        href: held.is_none().then(|| format!("/documents/{}", file.document)),
        held,
    }
}

fn clock_line(one: clock::Clock, today: chrono::NaiveDate) -> ClockLine {
    let at = one.at.map(|at| format!(", at the time they gave ({at})")).unwrap_or_default();
    ClockLine {
        says: one.says,
        by: format!("{}{at}", civil_date::say_with_day(one.by)),
        force: one.force.says(),
        cites: one.cites,
        past: one.by < today,
    }
}

fn asked_again(recheck: &Correction) -> AskedAgain {
    let questions = counted(recheck.returned.len(), "question");
    let asked = civil_date::say(recheck.opened_on);
    let became = match recheck.ended {
        None => recheck.due_on.map(|due| format!(", wanted by {}", civil_date::say(due))).unwrap_or_default(),
        Some((Outcome::Signed, _)) => "; the vendor looked at them and signed".to_owned(),
        Some(_) => "; that ended without a signature".to_owned(),
    };
    AskedAgain {
        says: format!("The vendor was asked again about {questions} on {asked}{became}."),
        href: format!("/assessments/{}", recheck.assessment),
    }
}

fn page<'a>(
    facts: &Facts,
    told: &'a Questionnaire,
    asked: &Questionnaire,
    posted: &Posted,
    faults: &Faults,
) -> NoticePage<'a> {
    let Facts { notice, vendor, contract_hours, today, .. } = facts;
    let vendor_href = format!("/vendors/{}", vendor.id);
    // What its flags say, whether it was acknowledged or not.
    let unread = ChangeNotice { acknowledged: None, ..notice.clone() };
    let todo = notice::facts(&unread, *contract_hours)
        .into_iter()
        .map(|fact| Todo { severity: super::words::severity(fact.kind.severity()), says: fact.sentence });
    let afresh = notice::ask_afresh(std::slice::from_ref(notice), None).into_keys();
    let error = |at: &str| faults.iter().find(|(field, _)| *field == at).map(|(_, says)| says.clone());
    let wants_note = facts.may_change && notice.acknowledged.is_none() && notice.materiality().is_some();
    NoticePage {
        crumbs: crumbs(&[
            ("Vendors", Some("/vendors")),
            (&vendor.details.name, Some(&vendor_href)),
            ("Change notice", None),
        ]),
        heading: format!("Change notice of {}", vendor.details.name),
        action: format!("/notices/{}", notice.id),
        vendor_href,
        errors: error_lines(faults),
        weight: weight(notice.materiality()),
        read: read(notice),
        kinds: notice.kinds().into_iter().map(notice::NoticeKind::says).collect(),
        urgent: notice.materiality() == Some(Materiality::Urgent) && notice.acknowledged.is_none(),
        todo: todo.collect(),
        clocks: clock::of(notice, *contract_hours).into_iter().map(|one| clock_line(one, *today)).collect(),
        afresh: afresh.filter_map(|slug| Some(asked.question(slug)?.text.clone())).collect(),
        asked_again: facts.recheck.as_ref().map(asked_again),
        incident_href: facts.incident.map(|id| format!("/incidents/{id}")),
        opens_incident: facts.may_change
            && facts.incident.is_none()
            && notice.kinds().contains(&notice::NoticeKind::IncidentSuspected),
        signer: format!("{}, {}", notice.signed.name, notice.signed.title),
        email: notice.signed.email.clone(),
        signed_at: facts.signed_at.clone(),
        told_on: civil_date::say(notice.told_on),
        reference: notice.signed.reference.clone(),
        sha256: notice.signed.sha256.clone(),
        statement: notice.signed.statement.clone(),
        acknowledged: notice
            .acknowledged
            .as_ref()
            .map(|read| Read { who: format!("{} on {}", read.by, civil_date::say(read.on)), note: read.note.clone() }),
        note: wants_note.then(|| Field {
            id: "note",
            label: "What you did about it",
            hint: Some("Kept with your name and today’s date. Its flags close. Write no patient information."),
            value: posted.text("note").to_owned(),
            error: error("note"),
        }),
        files: facts.files.iter().map(|file| file_line(file, *today)).collect(),
        documents_href: format!("/vendors/{}/documents", vendor.id),
        sections: answers::sections(told, &form::applicable(told, &notice.answers), &notice.answers, None),
    }
}

async fn load(app: &App, who: &SignedIn, notice: NoticeId) -> Result<Facts, WebError> {
    let (scope, timezone, today) = (who.scope, who.timezone, who.day(app.clock.now()));
    let may_change = who.role.may(Need::Change);
    app.read_in(who.scope, move |conn| {
        let Some(notice) = store::notices::one(conn, &scope, notice)? else { return Ok(None) };
        let Some(vendor) = store::vendors::one(conn, &scope, notice.vendor)? else { return Ok(None) };
        let agreements = store::agreements::of_vendor(conn, &scope, vendor.id)?;
        let stands = agreement::stands(&agreements, vendor.details.ba_status, today);
        let signed_at = civil_date::say_instant(notice.signed.signed_at, timezone);
        let contract_hours = stands.version.and_then(|version| version.terms.breach_notice_hours);
        let incident = store::incidents::of_notice(conn, &scope, notice.id)?;
        let files = store::notice_files::documents_of(conn, &scope, notice.id)?;
        let recheck = recheck::after(conn, &scope, &notice)?;
        let facts = Facts { notice, vendor, contract_hours, today, signed_at, may_change, incident, files, recheck };
        Ok::<_, StoreError>(Some(facts))
    })
    .await?
    .ok_or(WebError::NotFound)
}

fn show_page(
    app: &App,
    who: &SignedIn,
    facts: &Facts,
    posted: &Posted,
    faults: &Faults,
    notice: Option<Notice>,
) -> Answered {
    let told = notify::pinned(&app.office, &facts.notice.questionnaire, &facts.notice.digest)?;
    let page = page(facts, told, app.office.catalogue.current(), posted, faults);
    let (status, error) =
        if faults.is_empty() { (StatusCode::OK, "") } else { (StatusCode::UNPROCESSABLE_ENTITY, "Error: ") };
    let title = format!("{error}{}", page.heading);
    Staff { who, here: Here::VENDORS, title: &title, notice }.show(app, status, &page)
}

/// GET `/notices/{id}`
pub async fn show(app: Data<App>, who: SignedIn, path: Path<String>, request: HttpRequest) -> Answered {
    let facts = load(&app, &who, id(&path)?).await?;
    let notice = match query(&request).text("done") {
        "read" => Some(Notice::success("Acknowledged, and kept with your name. Its flags are closed.")),
        _ => None,
    };
    show_page(&app, &who, &facts, &Posted::default(), &Faults::new(), notice)
}

/// POST `/notices/{id}`
pub async fn acknowledge(app: Data<App>, who: SignedIn, path: Path<String>, posted: Posted) -> Answered {
    let facts = load(&app, &who, id(&path)?).await?;
    let note = match check_notes(posted.text("note")) {
        Ok(note) if note.is_empty() => Err("Say what you did about it, even if that was nothing".to_owned()),
        Ok(note) => Ok(note),
        Err(fault) => Err(fault.sentence()),
    };
    let note = match note {
        Ok(note) => note,
        Err(says) => return show_page(&app, &who, &facts, &posted, &vec![("note", says)], None),
    };
    let (office, now, scope, by, notice) =
        (app.office.clone(), app.clock.now(), who.scope, who.actor(), facts.notice.id);
    app.write_in(who.scope, move |conn| {
        let practice = store::practices::one(conn, &scope)?;
        notify::acknowledge(conn, &office, &practice, notice, &note, &by, now)
    })
    .await?
    .ok_or(WebError::NotFound)?;
    Ok(see_other(&format!("/notices/{notice}?done=read")))
}

impl Context for NoticePage<'_> {
    const TEMPLATE: &'static str = "pages/notice";
    fn samples() -> Vec<Self> {
        let [ordinary, long, hostile] = answers::samples(false);
        let sections = [ordinary, long, hostile, Vec::new()];
        let all = super::vendor_form::sample_vendors().into_iter().zip(sections.into_iter().cycle());
        all.map(|(vendor, sections)| {
            let text = vendor.details.name;
            Self {
                crumbs: crumbs(&[("Vendors", Some("/vendors")), (&text, None)]),
                heading: text.clone(),
                vendor_href: "/vendors/1".to_owned(),
                action: "/notices/1".to_owned(),
                errors: vec![ErrorLine { at: "note".to_owned(), says: text.clone() }],
                weight: weight(Some(Materiality::Urgent)),
                read: Badge::new("wait", "To be read"),
                kinds: notice::NoticeKind::ALL.iter().map(|kind| kind.says()).collect(),
                urgent: true,
                todo: vec![Todo { severity: Badge::new("bad", "Act now"), says: text.clone() }],
                clocks: vec![ClockLine {
                    says: text.clone(),
                    by: text.clone(),
                    force: "Law",
                    cites: "45 CFR 164.410(b)",
                    past: true,
                }],
                afresh: vec![text.clone()],
                asked_again: Some(AskedAgain { says: text.clone(), href: "/assessments/1".to_owned() }),
                incident_href: (text.len() > 20).then(|| "/incidents/1".to_owned()),
                opens_incident: true,
                signer: text.clone(),
                email: text.clone(),
                signed_at: text.clone(),
                told_on: text.clone(),
                reference: "CN-K7QM-2RXA".to_owned(),
                sha256: "9f86".repeat(16),
                statement: text.clone(),
                acknowledged: (text.len() > 20).then(|| Read { who: text.clone(), note: text.clone() }),
                note: Some(Field {
                    id: "note",
                    label: "What you did about it",
                    hint: None,
                    value: text.clone(),
                    error: Some(text.clone()),
                }),
                files: [None, Some("taken off the vendor’s documents")]
                    .into_iter()
                    .map(|held| FileLine {
                        says: text.clone(),
                        href: held.is_none().then(|| "/documents/1".to_owned()),
                        held,
                    })
                    .collect(),
                documents_href: "/vendors/1/documents".to_owned(),
                sections,
            }
        })
        .collect()
    }
}
