//! The people of the practice: who comes in, and as what.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::Serialize;

use super::words;
use crate::app::App;
use crate::domain::ids::UserId;
use crate::domain::user::Role;
use crate::domain::vendor::{check_contact_name, check_email};
use crate::flows::people::{self, Invitee, PeopleError};
use crate::store::people::{Invited, Person};
use crate::store::{self, StoreError};
use crate::templates::Context;
use crate::web::form::{Posted, id, query};
use crate::web::session::{SignedIn, ask_proof};
use crate::web::view::{Choice, Choosable, ErrorLine, Field, Here, Notice, Staff, error_lines};
use crate::web::{Answered, WebError, see_other};

#[derive(Serialize)]
pub struct People {
    errors: Vec<ErrorLine>,
    heading: String,
    people: Vec<Row>,
    invited: Vec<Waiting>,
    email: Field,
    name: Field,
    role: Choice,
}

#[derive(Serialize)]
struct Row {
    id: String,
    name: String,
    email: String,
    you: bool,
    roles: Vec<RoleOption>,
    second: bool,
    seen: String,
    /// The only administrator, who stays.
    stays: bool,
}

#[derive(Serialize)]
struct RoleOption {
    value: &'static str,
    label: &'static str,
    on: bool,
}

#[derive(Serialize)]
struct Waiting {
    id: String,
    email: String,
    role: &'static str,
    when: String,
    over: bool,
}

/// What the page shows beside the list.
struct Typed<'a> {
    posted: &'a Posted,
    faults: &'a [(&'static str, String)],
}

struct Around {
    me: UserId,
    timezone: Tz,
    now: DateTime<Utc>,
}

fn page(all: Vec<Person>, invited: Vec<Invited>, around: &Around, typed: &Typed<'_>) -> People {
    let administrators = all.iter().filter(|person| person.role == Role::Administrator).count();
    let fault = |id: &str| typed.faults.iter().find(|(at, _)| *at == id).map(|(_, says)| says.clone());
    let row = |person: Person| Row {
        id: person.id.to_string(),
        name: person.called().to_owned(),
        you: person.id == around.me,
        roles: Role::ALL
            .iter()
            .map(|role| RoleOption { value: role.key(), label: role.says(), on: *role == person.role })
            .collect(),
        second: person.second,
        seen: person.seen_at.map_or_else(|| "Not yet".to_owned(), |at| words::local(at, around.timezone)),
        stays: person.role == Role::Administrator && administrators == 1,
        email: person.email,
    };
    let waiting = |one: Invited| Waiting {
        id: one.user.to_string(),
        email: one.email,
        role: one.role.says(),
        when: words::local(one.until, around.timezone),
        over: one.until <= around.now,
    };
    let chosen = typed.posted.text("role");
    People {
        errors: error_lines(typed.faults),
        heading: if all.len() == 1 { "1 person".to_owned() } else { format!("{} people", all.len()) },
        people: all.into_iter().map(row).collect(),
        invited: invited.into_iter().map(waiting).collect(),
        email: Field {
            id: "email",
            label: "E-mail address",
            hint: Some("The invitation goes there"),
            value: typed.posted.text("email").to_owned(),
            error: fault("email"),
        },
        name: Field {
            id: "name",
            label: "Name (optional)",
            hint: None,
            value: typed.posted.text("name").to_owned(),
            error: fault("name"),
        },
        role: Choice {
            id: "role",
            label: "Role",
            hint: None,
            error: fault("role"),
            options: Role::ALL
                .iter()
                .enumerate()
                .map(|(at, role)| Choosable {
                    id: if at == 0 { "role-first".to_owned() } else { format!("role-{}", role.key()) },
                    value: role.key().to_owned(),
                    label: role.says().to_owned(),
                    hint: Some(role.explains().to_owned()),
                    checked: chosen == role.key(),
                })
                .collect(),
        },
    }
}

impl Context for People {
    const TEMPLATE: &'static str = "pages/people";
    fn samples() -> Vec<Self> {
        let me = UserId::fresh();
        let around = Around { me, timezone: Tz::UTC, now: DateTime::<Utc>::default() };
        let person = |id, text: &str| Person {
            id,
            name: text.to_owned(),
            email: text.to_owned(),
            role: Role::Administrator,
            has_password: true,
            second: true,
            seen_at: None,
        };
        let invited = |text: &str| Invited {
            name: text.to_owned(),
            user: UserId::fresh(),
            email: text.to_owned(),
            role: Role::Auditor,
            invited_at: around.now,
            until: around.now,
        };
        let typed =
            Posted(vec![("email".to_owned(), "\"><script>".to_owned()), ("role".to_owned(), "auditor".to_owned())]);
        let faults = [("email", "<script>".to_owned()), ("role", "Choose".to_owned())];
        let nothing = Posted::default();
        vec![
            page(vec![], vec![], &around, &Typed { posted: &nothing, faults: &[] }),
            page(vec![person(me, "Dana")], vec![], &around, &Typed { posted: &nothing, faults: &[] }),
            page(
                vec![person(me, "<script>"), person(UserId::fresh(), &"long ".repeat(30))],
                vec![invited("<script>"), invited(&"long".repeat(60))],
                &around,
                &Typed { posted: &typed, faults: &faults },
            ),
        ]
    }
}

async fn shown(app: &App, who: &SignedIn, status: StatusCode, notice: Option<Notice>, typed: &Typed<'_>) -> Answered {
    let scope = who.scope;
    let (all, invited) = app
        .read(move |conn| {
            Ok::<_, StoreError>((store::people::list(conn, &scope)?, store::people::invited(conn, &scope)?))
        })
        .await?;
    let around = Around { me: who.user, timezone: who.timezone, now: app.clock.now() };
    let title = if typed.faults.is_empty() { "People" } else { "Error: People" };
    let frame = Staff { who, here: Here::NOWHERE, title, notice };
    frame.show(app, status, &page(all, invited, &around, typed))
}

/// GET `/people`
pub async fn list(app: Data<App>, who: SignedIn, request: HttpRequest) -> Answered {
    let notice = match query(&request).text("done") {
        "invited" => Some(Notice::success("The invitation is on its way. It is good for three days.")),
        "role" => Some(Notice::success("The role is changed. It counts from the next page on.")),
        "removed" => Some(Notice::success("That person is out, from the next page on.")),
        "withdrawn" => Some(Notice::success("The invitation is withdrawn. Its link opens nothing.")),
        "last" => Some(Notice::warning(
            "Nothing was changed: a practice keeps at least one administrator. Make someone else one first.",
        )),
        _ => None,
    };
    let nothing = Posted::default();
    shown(&app, &who, StatusCode::OK, notice, &Typed { posted: &nothing, faults: &[] }).await
}

fn read(posted: &Posted) -> Result<Invitee, Vec<(&'static str, String)>> {
    let mut faults = Vec::new();
    let email = match check_email(posted.text("email")) {
        Ok(Some(email)) => email.to_lowercase(),
        _ => {
            faults.push(("email", "Enter an e-mail address like name@practice.com".to_owned()));
            String::new()
        }
    };
    let name = check_contact_name(posted.text("name")).unwrap_or_else(|fault| {
        faults.push(("name", fault.mend));
        String::new()
    });
    let role = posted.text("role").parse().unwrap_or_else(|_| {
        faults.push(("role", "Choose what this person may do".to_owned()));
        Role::Auditor
    });
    if faults.is_empty() { Ok(Invitee { email, name, role }) } else { Err(faults) }
}

/// POST `/people`
pub async fn invite(app: Data<App>, who: SignedIn, request: HttpRequest, posted: Posted) -> Answered {
    let again = StatusCode::UNPROCESSABLE_ENTITY;
    let invitee = match read(&posted) {
        Ok(invitee) => invitee,
        Err(faults) => return shown(&app, &who, again, None, &Typed { posted: &posted, faults: &faults }).await,
    };
    let (office, scope, by, now) = (app.office.clone(), who.scope, who.actor(), app.clock.now());
    if !who.proven(now) {
        return ask_proof(&app, &who, &request, &posted).await;
    }
    let done = app
        .write(move |conn| {
            let practice = store::practices::one(conn, &scope)?;
            people::invite(conn, &office, &practice, &by, &invitee, now)
        })
        .await;
    match done {
        Ok(()) => {
            app.post.notify_one();
            Ok(see_other("/people?done=invited"))
        }
        Err(PeopleError::AlreadyIn) => {
            let faults = [("email", "This person is in the practice already".to_owned())];
            shown(&app, &who, again, None, &Typed { posted: &posted, faults: &faults }).await
        }
        Err(error) => refused(error),
    }
}

/// Where to go when nothing was changed.
fn refused(error: PeopleError) -> Answered {
    match error {
        PeopleError::LastAdministrator => Ok(see_other("/people?done=last")),
        PeopleError::Nobody => Err(WebError::NotFound),
        PeopleError::AlreadyIn => Ok(see_other("/people")),
        PeopleError::Store(error) => Err(error.into()),
    }
}

/// POST `/people/{id}/role`
pub async fn role(app: Data<App>, who: SignedIn, path: Path<String>, posted: Posted) -> Answered {
    let person: UserId = id(&path)?;
    let Ok(role) = posted.text("role").parse::<Role>() else { return Ok(see_other("/people")) };
    let (scope, by, now) = (who.scope, who.actor(), app.clock.now());
    match app.write(move |conn| people::change_role(conn, &scope, &by, person, role, now)).await {
        // Who gave the own role away may not see this page any more.
        Ok(()) if person == who.user && role != Role::Administrator => Ok(see_other("/")),
        Ok(()) => Ok(see_other("/people?done=role")),
        Err(error) => refused(error),
    }
}

/// POST `/people/{id}/remove`
pub async fn remove(app: Data<App>, who: SignedIn, path: Path<String>, _posted: Posted) -> Answered {
    let person: UserId = id(&path)?;
    let (scope, by, now) = (who.scope, who.actor(), app.clock.now());
    match app.write(move |conn| people::remove(conn, &scope, &by, person, now)).await {
        Ok(_) => Ok(see_other("/people?done=removed")),
        Err(error) => refused(error),
    }
}

/// POST `/people/{id}/resend`
pub async fn resend(app: Data<App>, who: SignedIn, path: Path<String>, _posted: Posted) -> Answered {
    let person: UserId = id(&path)?;
    let (office, scope, by, now) = (app.office.clone(), who.scope, who.actor(), app.clock.now());
    let done = app
        .write(move |conn| {
            let practice = store::practices::one(conn, &scope)?;
            people::resend(conn, &office, &practice, &by, person, now)
        })
        .await;
    app.post.notify_one();
    match done {
        Ok(()) => Ok(see_other("/people?done=invited")),
        Err(error) => refused(error),
    }
}

/// POST `/people/{id}/withdraw`
pub async fn withdraw(app: Data<App>, who: SignedIn, path: Path<String>, _posted: Posted) -> Answered {
    let person: UserId = id(&path)?;
    let (scope, by, now) = (who.scope, who.actor(), app.clock.now());
    let done = app
        .write(move |conn| {
            let practice = store::practices::one(conn, &scope)?;
            people::withdraw(conn, &practice, &by, person, now)
        })
        .await;
    match done {
        Ok(()) => Ok(see_other("/people?done=withdrawn")),
        Err(error) => refused(error),
    }
}
