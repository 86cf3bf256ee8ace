//! One person at a vendor: what is known of them, whether letters arrive, whether they get
//! the questionnaire.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use serde::Serialize;

use super::contacts::{ContactFields, done, fields, read};
use super::vendor::people::{gets, sample_contacts};
use crate::app::App;
use crate::domain::civil_date;
use crate::domain::contact::{AddressState, Contact};
use crate::domain::ids::{ContactId, VendorId};
use crate::domain::practice::Practice;
use crate::domain::vendor::check_owner;
use crate::flows::Office;
use crate::flows::contact::{self as flow, ContactError};
use crate::store::{self, Db, StoreError};
use crate::templates::Context;
use crate::web::form::{Posted, id};
use crate::web::session::SignedIn;
use crate::web::view::{Badge, Choice, Choosable, Crumb, ErrorLine, Faults, Field, Here, Staff, crumbs, error_lines};
use crate::web::{Answered, WebError, see_other};

#[derive(Serialize)]
pub struct ContactPage {
    crumbs: Vec<Crumb>,
    heading: String,
    action: String,
    list_href: String,
    errors: Vec<ErrorLine>,
    fields: ContactFields,
    email: Option<String>,
    gets: Option<Badge>,
    state: Option<Badge>,
    state_says: String,
    address: Choice,
    why: Field,
    /// Somebody else gets the questionnaire.
    others: bool,
    can_prefer: bool,
}

struct Facts {
    name: String,
    contact: Contact,
}

/// A person as the form would send them.
fn written(contact: &Contact) -> Posted {
    let details = &contact.details;
    let mut all = vec![
        ("name", details.name.clone()),
        ("email", details.email.clone().unwrap_or_default()),
        ("job", details.title.clone()),
        ("phone", details.phone.clone()),
        ("state", contact.address.state.key().to_owned()),
        ("why", contact.address.reason.clone()),
    ];
    all.extend(details.roles.iter().map(|role| ("roles", role.key().to_owned())));
    Posted(all.into_iter().map(|(name, text)| (name.to_owned(), text)).collect())
}

fn page(facts: &Facts, posted: &Posted, faults: &Faults) -> ContactPage {
    let Facts { name, contact } = facts;
    let vendor_href = format!("/vendors/{}", contact.vendor);
    let list_href = format!("{vendor_href}/contacts");
    let called = contact.details.called().to_owned();
    let error = |at: &str| faults.iter().find(|(field, _)| *field == at).map(|(_, says)| says.clone());
    let state = contact.address.state;
    let since = contact.address.since.map(|on| format!("Since {}", civil_date::say_short(on)));
    let says: Vec<String> =
        since.into_iter().chain(Some(contact.address.reason.clone()).filter(|why| !why.is_empty())).collect();
    ContactPage {
        crumbs: crumbs(&[
            ("Vendors", Some("/vendors")),
            (name, Some(&vendor_href)),
            ("People", Some(&list_href)),
            (&called, None),
        ]),
        heading: called,
        action: format!("{list_href}/{}", contact.id),
        list_href,
        errors: error_lines(faults),
        fields: fields(posted, faults),
        email: contact.details.email.clone(),
        gets: gets(contact),
        state: (state != AddressState::Fine).then(|| Badge::new("bad", state.says())),
        state_says: says.join(": "),
        address: states(posted, error("state")),
        why: Field {
            id: "why",
            label: "Why (optional)",
            hint: Some("For example what the returned letter said, or what they asked for"),
            value: posted.text("why").to_owned(),
            error: error("why"),
        },
        others: !contact.preferred,
        can_prefer: contact.may_be_written_to(),
    }
}

fn states(posted: &Posted, error: Option<String>) -> Choice {
    let explains = |state| match state {
        AddressState::Fine => "Letters arrive there.",
        AddressState::Bounced => "A letter came back. Nothing more is sent there.",
        AddressState::OptedOut => "This person asked for no more letters. Nothing more is sent there.",
    };
    let option = |(at, state): (usize, &AddressState)| Choosable {
        id: format!("state-{}", at + 1),
        value: state.key().to_owned(),
        label: state.says().to_owned(),
        hint: Some(explains(*state).to_owned()),
        checked: posted.text("state") == state.key(),
    };
    Choice {
        id: "state",
        label: "Does it work?",
        hint: None,
        error,
        options: AddressState::ALL.iter().enumerate().map(option).collect(),
    }
}

impl Context for ContactPage {
    const TEMPLATE: &'static str = "pages/contact";
    fn samples() -> Vec<Self> {
        sample_contacts(VendorId::fresh())
            .into_iter()
            .flat_map(|contact| {
                let mut nobody = contact.clone();
                nobody.details.email = None;
                [contact, nobody]
            })
            .map(|contact| {
                let posted = written(&contact);
                let name = contact.details.name.clone();
                let faults = vec![("name", "Write <b>".to_owned()), ("why", "Write <b>".to_owned())];
                page(&Facts { name, contact }, &posted, &faults)
            })
            .collect()
    }
}

fn ids(path: &(String, String)) -> Result<(VendorId, ContactId), WebError> {
    Ok((id(&path.0)?, id(&path.1)?))
}

async fn load(app: &App, who: &SignedIn, path: &(String, String)) -> Result<Facts, WebError> {
    let ((vendor, person), scope) = (ids(path)?, who.scope);
    app.read_in(who.scope, move |conn| {
        let Some(found) = store::vendors::one(conn, &scope, vendor)? else { return Ok(None) };
        let people = store::contacts::of_vendor(conn, &scope, vendor)?;
        let contact = people.into_iter().find(|one| one.id == person);
        Ok::<_, StoreError>(contact.map(|contact| Facts { name: found.details.name, contact }))
    })
    .await?
    .ok_or(WebError::NotFound)
}

fn show(app: &App, who: &SignedIn, page: &ContactPage) -> Answered {
    let (status, title) = match page.errors.is_empty() {
        true => (StatusCode::OK, page.heading.clone()),
        false => (StatusCode::UNPROCESSABLE_ENTITY, format!("Error: {}", page.heading)),
    };
    Staff { who, here: Here::VENDORS, title: &title, notice: None }.show(app, status, page)
}

/// Does something about a person and goes back to the list.
async fn act(
    app: &App,
    who: &SignedIn,
    vendor: VendorId,
    work: impl FnOnce(&mut Db, &Office, &Practice) -> Result<&'static str, ContactError> + Send + 'static,
) -> Answered {
    let (office, scope) = (app.office.clone(), who.scope);
    let acted = app
        .write_in(who.scope, move |conn| {
            let practice = store::practices::one(conn, &scope)?;
            work(conn, &office, &practice)
        })
        .await;
    let word = match acted {
        Ok(word) => {
            app.post.notify_one();
            word
        }
        Err(ContactError::Nobody) => return Err(WebError::NotFound),
        Err(ContactError::GetsQuestionnaire) => "stays",
        Err(ContactError::NotReachable) => "not-reachable",
        Err(ContactError::Store(error)) => return Err(error.into()),
    };
    Ok(see_other(&format!("/vendors/{vendor}/contacts?done={word}")))
}

/// GET `/vendors/{id}/contacts/{contact}`
pub async fn form(app: Data<App>, who: SignedIn, path: Path<(String, String)>) -> Answered {
    let facts = load(&app, &who, &path).await?;
    show(&app, &who, &page(&facts, &written(&facts.contact), &Faults::new()))
}

/// POST `/vendors/{id}/contacts/{contact}`
pub async fn change(app: Data<App>, who: SignedIn, path: Path<(String, String)>, posted: Posted) -> Answered {
    let facts = load(&app, &who, &path).await?;
    let details = match read(&posted) {
        Ok(details) => details,
        Err(faults) => return show(&app, &who, &page(&facts, &posted, &faults)),
    };
    let ((vendor, person), by, now) = (ids(&path)?, who.actor(), app.clock.now());
    act(&app, &who, vendor, move |conn, office, practice| {
        let consequence = flow::change(conn, office, practice, vendor, person, &details, &by, now)?;
        Ok(done(consequence, "saved"))
    })
    .await
}

/// POST `/vendors/{id}/contacts/{contact}/prefer`
pub async fn prefer(app: Data<App>, who: SignedIn, path: Path<(String, String)>, _posted: Posted) -> Answered {
    let ((vendor, person), by, now) = (ids(&path)?, who.actor(), app.clock.now());
    act(&app, &who, vendor, move |conn, office, practice| {
        Ok(done(flow::prefer(conn, office, practice, vendor, person, &by, now)?, "preferred"))
    })
    .await
}

/// POST `/vendors/{id}/contacts/{contact}/address`
pub async fn mark(app: Data<App>, who: SignedIn, path: Path<(String, String)>, posted: Posted) -> Answered {
    let facts = load(&app, &who, &path).await?;
    let mut faults = Faults::new();
    let state = posted.text("state").parse::<AddressState>().map_err(|_| {
        faults.push(("state", "Choose one of the three".to_owned()));
    });
    let why = check_owner(posted.text("why")).map_err(|fault| faults.push(("why", fault.sentence())));
    let (Ok(state), Ok(why)) = (state, why) else {
        // What is known of the person stays in its own form above.
        let mut both = written(&facts.contact);
        both.0.retain(|(name, _)| !matches!(name.as_str(), "state" | "why"));
        both.0.extend(posted.0);
        return show(&app, &who, &page(&facts, &both, &faults));
    };
    let ((vendor, person), by, now) = (ids(&path)?, who.actor(), app.clock.now());
    act(&app, &who, vendor, move |conn, office, practice| {
        flow::mark(conn, office, practice, vendor, person, state, &why, &by, now)?;
        Ok("saved")
    })
    .await
}

/// POST `/vendors/{id}/contacts/{contact}/remove`
pub async fn remove(app: Data<App>, who: SignedIn, path: Path<(String, String)>, _posted: Posted) -> Answered {
    let ((vendor, person), by, now) = (ids(&path)?, who.actor(), app.clock.now());
    act(&app, &who, vendor, move |conn, office, practice| {
        flow::remove(conn, office, practice, vendor, person, &by, now)?;
        Ok("removed")
    })
    .await
}
