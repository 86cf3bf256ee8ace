//! How vendors reach the practice: what every letter says of it.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use serde::Serialize;

use crate::app::App;
use crate::domain::practice::PracticeContact;
use crate::domain::vendor::{check_contact_name, check_email, check_name};
use crate::store;
use crate::templates::Context;
use crate::web::form::{Posted, query};
use crate::web::session::SignedIn;
use crate::web::view::{ErrorLine, Field, Here, Notice, Staff};
use crate::web::{Answered, see_other};

#[derive(Serialize)]
pub struct PracticeForm {
    errors: Vec<ErrorLine>,
    name: Field,
    contact_name: Field,
    contact_phone: Field,
    reply_to: Field,
}

type Faults = Vec<(&'static str, String)>;

fn page(posted: &Posted, faults: &Faults) -> PracticeForm {
    let field = |id: &'static str, label, hint| Field {
        id,
        label,
        hint,
        value: posted.text(id).to_owned(),
        error: faults.iter().find(|(at, _)| *at == id).map(|(_, says)| says.clone()),
    };
    PracticeForm {
        errors: faults.iter().map(|(at, says)| ErrorLine { at: (*at).to_owned(), says: says.clone() }).collect(),
        name: field("name", "Name of the practice", Some("Vendors see it as the sender")),
        contact_name: field(
            "contact_name",
            "Who vendors may ask for",
            Some("A person whom vendors know, to check by telephone that a letter is genuine"),
        ),
        contact_phone: field(
            "contact_phone",
            "Telephone (optional)",
            Some(
                "Shown on the vendor's pages, never in a letter: there we ask vendors to use the number they already have",
            ),
        ),
        reply_to: field("reply_to", "Replies go to", Some("An e-mail address that someone reads")),
    }
}

impl Context for PracticeForm {
    const TEMPLATE: &'static str = "pages/practice";
    fn samples() -> Vec<Self> {
        let typed = |text: &str| {
            Posted(["name", "contact_name", "reply_to"].map(|name| (name.to_owned(), text.to_owned())).to_vec())
        };
        vec![
            page(&typed("Maple"), &vec![]),
            page(&typed(""), &vec![("name", "Enter <b>".to_owned())]),
            page(&typed("\"><script>"), &vec![]),
            page(&typed(&"long ".repeat(60)), &vec![]),
        ]
    }
}

fn read(posted: &Posted) -> Result<(String, PracticeContact), Faults> {
    let mut faults = Faults::new();
    let name = check_name(posted.text("name")).unwrap_or_else(|_| {
        faults.push(("name", "Enter the name of the practice".to_owned()));
        String::new()
    });
    let contact = check_contact_name(posted.text("contact_name")).unwrap_or_else(|fault| {
        faults.push(("contact_name", fault.mend));
        String::new()
    });
    let phone = check_contact_name(posted.text("contact_phone")).unwrap_or_else(|fault| {
        faults.push(("contact_phone", fault.mend));
        String::new()
    });
    let reply_to = check_email(posted.text("reply_to")).unwrap_or_else(|_| {
        faults.push(("reply_to", "Enter an e-mail address like name@practice.com".to_owned()));
        None
    });
    if faults.is_empty() { Ok((name, PracticeContact { name: contact, phone, reply_to })) } else { Err(faults) }
}

/// GET `/practice`
pub async fn form(app: Data<App>, who: SignedIn, request: HttpRequest) -> Answered {
    let scope = who.scope;
    let practice = app.read(move |conn| store::practices::one(conn, &scope)).await?;
    let fields = [
        ("name", practice.name),
        ("contact_name", practice.contact.name),
        ("contact_phone", practice.contact.phone),
        ("reply_to", practice.contact.reply_to.unwrap_or_default()),
    ];
    let posted = Posted(fields.into_iter().map(|(name, text)| (name.to_owned(), text)).collect());
    let notice = (query(&request).text("done") == "saved").then(|| Notice::success("Saved."));
    Staff { who: &who, here: Here::NOWHERE, title: "Your practice", notice }.ok(&app, &page(&posted, &Faults::new()))
}

/// POST `/practice`
pub async fn change(app: Data<App>, who: SignedIn, posted: Posted) -> Answered {
    let (name, contact) = match read(&posted) {
        Ok(read) => read,
        Err(faults) => {
            return Staff { who: &who, here: Here::NOWHERE, title: "Error: Your practice", notice: None }.show(
                &app,
                StatusCode::UNPROCESSABLE_ENTITY,
                &page(&posted, &faults),
            );
        }
    };
    let scope = who.scope;
    app.write(move |conn| store::practices::set_contact(conn, &scope, &name, &contact)).await?;
    Ok(see_other("/practice?done=saved"))
}
