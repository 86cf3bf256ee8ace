//! The people at a vendor: the list, and adding one.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use serde::Serialize;

use super::vendor::people::{People, people, sample_contacts};
use crate::app::App;
use crate::domain::contact::{self, Contact, ContactDetails, ContactRole};
use crate::domain::ids::VendorId;
use crate::domain::user::Need;
use crate::domain::vendor::{FieldFault, check_contact_name, check_email};
use crate::flows::contact::{self as flow, ContactError};
use crate::flows::register::Consequence;
use crate::store::{self, StoreError};
use crate::templates::Context;
use crate::web::form::{Posted, id, query};
use crate::web::session::SignedIn;
use crate::web::view::{Choice, Choosable, Crumb, ErrorLine, Faults, Field, Here, Notice, Staff, crumbs, error_lines};
use crate::web::{Answered, WebError, see_other};

#[derive(Serialize)]
pub struct ContactsPage {
    crumbs: Vec<Crumb>,
    heading: String,
    action: String,
    vendor_href: String,
    errors: Vec<ErrorLine>,
    #[serde(flatten)]
    list: People,
    fields: ContactFields,
    preferred: Choice,
}

/// What is typed about a person.
#[derive(Serialize)]
pub struct ContactFields {
    name: Field,
    email: Field,
    job: Field,
    phone: Field,
    roles: Choice,
}

pub fn fields(posted: &Posted, faults: &Faults) -> ContactFields {
    let error = |at: &str| faults.iter().find(|(field, _)| *field == at).map(|(_, says)| says.clone());
    let field = |id: &'static str, label: &'static str, hint| Field {
        id,
        label,
        hint,
        value: posted.text(id).to_owned(),
        error: error(id),
    };
    let role = |(at, role): (usize, &ContactRole)| Choosable {
        id: format!("roles-{}", at + 1),
        value: role.key().to_owned(),
        label: role.says().to_owned(),
        hint: None,
        checked: posted.all("roles").any(|chosen| chosen == role.key()),
    };
    ContactFields {
        name: field("name", "Name", None),
        email: field("email", "E-mail (optional)", Some("Needed for whoever gets the questionnaire")),
        job: field("job", "Job (optional)", None),
        phone: field("phone", "Telephone (optional)", None),
        roles: Choice {
            id: "roles",
            label: "What is this person there for?",
            hint: Some("Tick all that apply"),
            error: error("roles"),
            options: ContactRole::ALL.iter().enumerate().map(role).collect(),
        },
    }
}

/// Reads what was typed about a person.
pub fn read(posted: &Posted) -> Result<ContactDetails, Faults> {
    let mut faults = Faults::new();
    let mut text = |at: &'static str, check: fn(&str) -> Result<String, FieldFault>| {
        check(posted.text(at)).unwrap_or_else(|fault| {
            faults.push((at, fault.sentence()));
            String::new()
        })
    };
    let (name, title, phone) =
        (text("name", check_contact_name), text("job", contact::check_title), text("phone", contact::check_phone));
    let email = check_email(posted.text("email")).unwrap_or_else(|fault| {
        faults.push(("email", fault.sentence()));
        None
    });
    let roles = posted.all("roles").map(str::parse).collect::<Result<_, _>>().unwrap_or_else(|_| {
        faults.push(("roles", "Choose from the list".to_owned()));
        std::collections::BTreeSet::new()
    });
    let details = ContactDetails { name, email, phone, title, roles };
    if faults.is_empty() && details.is_blank() {
        faults.push(("name", "Write a name or an e-mail address".to_owned()));
    }
    if faults.is_empty() { Ok(details) } else { Err(faults) }
}

struct Facts {
    vendor: VendorId,
    name: String,
    contacts: Vec<Contact>,
}

fn page(facts: &Facts, posted: &Posted, faults: &Faults, may_change: bool) -> ContactsPage {
    let vendor_href = format!("/vendors/{}", facts.vendor);
    let first = facts.contacts.iter().all(|one| one.details.is_blank());
    ContactsPage {
        crumbs: crumbs(&[("Vendors", Some("/vendors")), (&facts.name, Some(&vendor_href)), ("People", None)]),
        heading: format!("People at {}", facts.name),
        action: format!("{vendor_href}/contacts"),
        errors: error_lines(faults),
        list: people(facts.vendor, &facts.contacts, may_change),
        fields: fields(posted, faults),
        preferred: Choice {
            id: "preferred",
            label: "The questionnaire",
            hint: None,
            error: None,
            options: vec![Choosable {
                id: "preferred-1".to_owned(),
                value: "yes".to_owned(),
                label: "Send the questionnaire to this person from now on".to_owned(),
                hint: None,
                checked: first || posted.is_ticked("preferred"),
            }],
        },
        vendor_href,
    }
}

impl Context for ContactsPage {
    const TEMPLATE: &'static str = "pages/contacts";
    fn samples() -> Vec<Self> {
        let typed = Posted::of(b"name=%22%3E%3Cscript%3E&email=x&roles=privacy");
        let faults = vec![("name", "Write <b>".to_owned()), ("roles", "Choose <b>".to_owned())];
        let vendor = VendorId::fresh();
        let named = |name: &str, contacts| Facts { vendor, name: name.to_owned(), contacts };
        vec![
            page(&named("Northgate", sample_contacts(vendor)), &Posted::default(), &Faults::new(), true),
            page(&named("", vec![]), &Posted::default(), &Faults::new(), false),
            page(&named("\"><script>", sample_contacts(vendor)), &typed, &faults, true),
            page(&named(&"Longest name ".repeat(15), sample_contacts(vendor)), &typed, &faults, false),
        ]
    }
}

async fn load(app: &App, who: &SignedIn, path: &str) -> Result<Facts, WebError> {
    let (vendor, scope): (VendorId, _) = (id(path)?, who.scope);
    app.read_in(who.scope, move |conn| {
        let Some(found) = store::vendors::one(conn, &scope, vendor)? else { return Ok(None) };
        let contacts = store::contacts::of_vendor(conn, &scope, vendor)?;
        Ok::<_, StoreError>(Some(Facts { vendor, name: found.details.name, contacts }))
    })
    .await?
    .ok_or(WebError::NotFound)
}

fn show(app: &App, who: &SignedIn, page: &ContactsPage, notice: Option<Notice>) -> Answered {
    let (status, title) = match page.errors.is_empty() {
        true => (StatusCode::OK, page.heading.clone()),
        false => (StatusCode::UNPROCESSABLE_ENTITY, format!("Error: {}", page.heading)),
    };
    Staff { who, here: Here::VENDORS, title: &title, notice }.show(app, status, page)
}

/// What a change of a person brought about, as a word in the address.
pub fn done(consequence: Consequence, word: &'static str) -> &'static str {
    match consequence {
        Consequence::Moved => "moved",
        Consequence::Withdrawn => "withdrawn",
        Consequence::None | Consequence::Closed => word,
    }
}

fn notice(word: &str) -> Option<Notice> {
    Some(match word {
        "added" => Notice::success("Added."),
        "saved" => Notice::success("Saved."),
        "preferred" => Notice::success("This person gets the questionnaire from now on."),
        "moved" => Notice::success(
            "Saved. The links sent before no longer work; a letter with a fresh one is on its way to the new address.",
        ),
        "withdrawn" => {
            Notice::warning("Saved. The links sent before no longer work, and there is no address to write to.")
        }
        "removed" => Notice::success("Removed."),
        "stays" => Notice::warning(
            "This person gets the questionnaire, and stays until you choose someone else for it. Nothing was changed.",
        ),
        "not-reachable" => Notice::warning("No letter would arrive at this person. Nothing was changed."),
        _ => return None,
    })
}

/// GET `/vendors/{id}/contacts`
pub async fn list(app: Data<App>, who: SignedIn, path: Path<String>, request: HttpRequest) -> Answered {
    let facts = load(&app, &who, &path).await?;
    let content = page(&facts, &Posted::default(), &Faults::new(), who.role.may(Need::Change));
    show(&app, &who, &content, notice(query(&request).text("done")))
}

/// POST `/vendors/{id}/contacts`
pub async fn add(app: Data<App>, who: SignedIn, path: Path<String>, posted: Posted) -> Answered {
    let facts = load(&app, &who, &path).await?;
    let again = |faults: Faults| show(&app, &who, &page(&facts, &posted, &faults, true), None);
    let details = match read(&posted) {
        Ok(details) => details,
        Err(faults) => return again(faults),
    };
    let (vendor, preferred) = (facts.vendor, posted.is_ticked("preferred"));
    let (office, scope, by, now) = (app.office.clone(), who.scope, who.actor(), app.clock.now());
    let added = app
        .write_in(who.scope, move |conn| {
            let practice = store::practices::one(conn, &scope)?;
            flow::add(conn, &office, &practice, vendor, &details, preferred, &by, now)
        })
        .await;
    match added {
        Ok(consequence) => {
            app.post.notify_one();
            Ok(see_other(&format!("/vendors/{vendor}/contacts?done={}", done(consequence, "added"))))
        }
        Err(ContactError::NotReachable) => {
            again(vec![("email", "Whoever gets the questionnaire needs an e-mail address".to_owned())])
        }
        Err(ContactError::Store(error)) => Err(error.into()),
        Err(ContactError::Nobody | ContactError::GetsQuestionnaire) => Err(WebError::NotFound),
    }
}
