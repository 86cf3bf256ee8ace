//! A one-time link: the first run, a practice's first user, or a way back in.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::{Bytes, Data, Path};
use chrono_tz::Tz;
use serde::Serialize;

use crate::app::App;
use crate::domain::access::Scope;
use crate::domain::user::{LinkKind, Role, User};
use crate::domain::vendor::{check_email, check_name};
use crate::flows::sign_in::{self, SignInError, Welcome};
use crate::secrets;
use crate::store::{self, StoreError};
use crate::templates::Context;
use crate::web::form::Posted;
use crate::web::session::Caller;
use crate::web::view::{Choice, ErrorLine, Faults, Field, error_lines, outside};
use crate::web::{Answered, WebError, passwords, zones};

use super::sign_in::onward;

#[derive(Serialize)]
pub struct Door {
    csrf: String,
    action: String,
    heading: String,
    says: String,
    first_run: bool,
    existing_user: bool,
    button: &'static str,
    errors: Vec<ErrorLine>,
    practice_name: Option<Field>,
    timezone: Option<Choice>,
    name: Option<Field>,
    email: Option<Field>,
    password: Option<Field>,
}

/// What stands behind the link, as far as the page tells.
#[derive(Clone)]
struct Behind {
    practice: Option<String>,
    user: Option<User>,
    kind: LinkKind,
    role: Option<Role>,
    /// What the inviter calls the person.
    suggested: String,
}

impl Behind {
    /// Whoever opens this link chooses a password.
    fn sets_password(&self) -> bool {
        self.kind == LinkKind::Reset || self.user.as_ref().is_none_or(|user| !user.has_password)
    }
}

impl Context for Door {
    const TEMPLATE: &'static str = "pages/welcome";
    fn samples() -> Vec<Self> {
        let user = User {
            id: crate::domain::ids::UserId::fresh(),
            email: "<b>@x.test".to_owned(),
            name: "<script>".to_owned(),
            has_password: true,
        };
        let typed = Posted(vec![("name".to_owned(), "\"><script>".to_owned()), ("email".to_owned(), "x".repeat(300))]);
        let fault = vec![("name", "Enter your name".to_owned()), ("password", "Longer".to_owned())];
        let first =
            Behind { practice: None, user: None, kind: LinkKind::FirstRun, role: None, suggested: String::new() };
        let stranger = Behind { practice: Some("<script>".to_owned()), kind: LinkKind::Welcome, ..first.clone() };
        let known = Behind { practice: Some("Maple".to_owned()), user: Some(user.clone()), ..stranger.clone() };
        let new = Behind { user: Some(User { has_password: false, name: String::new(), ..user }), ..known.clone() };
        let invited = |behind: &Behind| Behind {
            kind: LinkKind::Invitation,
            role: Some(Role::Auditor),
            suggested: "<script>".to_owned(),
            ..behind.clone()
        };
        vec![
            door("t", &first, &Posted::default(), &[]),
            door("t", &stranger, &typed, &fault),
            door("t", &known, &typed, &[]),
            door("t", &new, &typed, &fault),
            door("t", &invited(&known), &typed, &[]),
            door("t", &invited(&new), &typed, &fault),
            door("t", &invited(&new), &Posted::default(), &[]),
            door("t", &Behind { kind: LinkKind::Reset, ..known }, &typed, &fault),
        ]
    }
}

fn door(token: &str, behind: &Behind, typed: &Posted, faults: &[(&'static str, String)]) -> Door {
    let field = |id: &'static str, label, hint| Field {
        id,
        label,
        hint,
        value: match id {
            // A password is never sent back.
            "password" => String::new(),
            // Nothing was typed yet.
            "name" if typed.0.is_empty() => behind.suggested.clone(),
            _ => typed.text(id).to_owned(),
        },
        error: faults.iter().find(|(at, _)| *at == id).map(|(_, says)| says.clone()),
    };
    let first_run = behind.practice.is_none();
    let existing_user = !behind.sets_password();
    let new_user = behind.user.is_none();
    let practice = behind.practice.clone().unwrap_or_default();
    let email = behind.user.as_ref().map(|user| user.email.as_str()).unwrap_or_default();
    let role = behind.role.map(|role| format!("Your role: {}. {}", role.says(), role.explains())).unwrap_or_default();
    let (heading, says, button) = match (first_run, existing_user, new_user) {
        _ if behind.kind == LinkKind::Reset => (
            "Choose a new password".to_owned(),
            format!("For {email}. Every other browser is signed out, and your second step stays as it is."),
            "Set the password",
        ),
        (_, true, _) if behind.kind == LinkKind::Invitation => {
            (format!("Join {practice}"), format!("{role} You sign in as always, as {email}."), "Join")
        }
        _ if behind.kind == LinkKind::Invitation => {
            (format!("Join {practice}"), format!("{role} You sign in as {email}."), "Join")
        }
        (true, ..) => {
            ("Welcome to duecare".to_owned(), "A few details, and you can bring in your vendors.".to_owned(), "Start")
        }
        (_, true, _) => {
            (format!("Sign in to {practice}"), format!("This link signs you in as {email}. It works once."), "Sign in")
        }
        (_, _, true) => (format!("Join {practice}"), "Choose how you will sign in.".to_owned(), "Join"),
        _ => (format!("Welcome to {practice}"), "Choose a password, and you are in.".to_owned(), "Set the password"),
    };
    Door {
        csrf: String::new(),
        action: format!("/welcome/{token}"),
        heading,
        says,
        first_run,
        existing_user,
        button,
        errors: error_lines(faults),
        practice_name: first_run
            .then(|| field("practice_name", "Name of your practice", Some("Vendors see it in every letter"))),
        timezone: first_run.then(|| zones(typed.text("timezone"))),
        name: nameless(behind).then(|| field("name", "Your name", Some("Vendors see it as the person to ask"))),
        email: new_user.then(|| field("email", "Your e-mail address", Some("You sign in with it"))),
        password: (!existing_user).then(|| {
            field("password", "Choose a password", Some("At least 12 characters. A few words in a row work well."))
        }),
    }
}

/// The person has not said yet what they are called: made anew here, on the command line, or
/// by an invitation.
fn nameless(behind: &Behind) -> bool {
    let invited = behind.kind == LinkKind::Invitation;
    behind.user.as_ref().is_none_or(|user| !user.has_password && (invited || user.name.is_empty()))
}

fn zones(chosen: &str) -> Choice {
    Choice {
        id: "timezone",
        label: "Time zone",
        hint: Some("Dates and reminders follow it"),
        error: None,
        options: zones::options(chosen),
    }
}

async fn behind(app: &Data<App>, token: &str) -> Result<Option<Behind>, WebError> {
    let (hash, now) = (secrets::digest(token), app.clock.now());
    app.read(move |conn| {
        let Some(link) = store::users::link(conn, &hash, now)? else { return Ok(None) };
        let practice = match link.practice {
            Some(id) => Some(store::practices::one(conn, &Scope::Practice(id))?.name),
            None => None,
        };
        let user = match link.user {
            Some(id) => store::users::by_id(conn, id)?,
            None => None,
        };
        Ok::<_, StoreError>(Some(Behind { practice, user, kind: link.kind, role: link.role, suggested: link.name }))
    })
    .await
    .map_err(WebError::from)
}

/// A link that was used or is too old: says so, and what to do.
fn gone(app: &App) -> Answered {
    outside(app, StatusCode::GONE, "This sign-in link is used up", &LinkGone::new())
}

/// GET `/welcome/{token}`: shows what the link does; nothing is used up.
pub async fn form(app: Data<App>, token: Path<String>) -> Answered {
    match behind(&app, &token).await? {
        Some(behind) => {
            let door = door(&token, &behind, &Posted::default(), &[]);
            outside(&app, StatusCode::OK, "Welcome", &door)
        }
        None => gone(&app),
    }
}

/// POST `/welcome/{token}`
pub async fn enter(app: Data<App>, request: HttpRequest, token: Path<String>, body: Bytes) -> Answered {
    let posted = Posted::of(&body);
    let Some(behind) = behind(&app, &token).await? else { return gone(&app) };
    let again = |faults: &[(&'static str, String)]| {
        outside(&app, StatusCode::UNPROCESSABLE_ENTITY, "Error: Welcome", &door(&token, &behind, &posted, faults))
    };
    let (mut filled, mut faults) = filled(&behind, &posted);
    if behind.sets_password() {
        let password = posted.verbatim("password");
        let practice = behind.practice.as_deref().unwrap_or(&filled.practice);
        match passwords::chosen(password, &filled.name, &filled.email, practice).await? {
            Ok(hash) => filled.password_hash = Some(hash),
            Err(says) => faults.push(("password", says)),
        }
    }
    if !faults.is_empty() {
        return again(&faults);
    }
    let (token, now, office, caller) = (token.clone(), app.clock.now(), app.office.clone(), Caller::of(&request));
    match app.write(move |conn| sign_in::welcome(conn, &office, &token, &filled, &caller.entrance(), now)).await {
        Ok(passed) => {
            app.post.notify_one();
            // Whoever is the first has first steps to do.
            Ok(onward(&passed, if behind.user.is_none() { "/setup" } else { "/" }))
        }
        Err(SignInError::Store(error)) => Err(error.into()),
        Err(SignInError::EmailTaken) => {
            again(&[("email", "Someone signs in with this address already. Use another one".to_owned())])
        }
        Err(_) => gone(&app),
    }
}

/// What the link asks for, and what is wrong with it.
fn filled(behind: &Behind, posted: &Posted) -> (Welcome, Faults) {
    let mut faults = Faults::new();
    let mut welcome = Welcome::default();
    if behind.practice.is_none() {
        match check_name(posted.text("practice_name")) {
            Ok(name) => welcome.practice = name,
            Err(_) => faults.push(("practice_name", "Enter the name of your practice".to_owned())),
        }
        match posted.text("timezone").parse::<Tz>() {
            Ok(zone) => welcome.timezone = Some(zone),
            Err(_) => faults.push(("timezone", "Choose the time zone".to_owned())),
        }
    }
    let mut name = String::new();
    if nameless(behind) {
        match check_name(posted.text("name")) {
            Ok(given) => name = given,
            Err(_) => faults.push(("name", "Enter your name".to_owned())),
        }
    }
    let email = match &behind.user {
        Some(user) => {
            welcome.name.clone_from(&user.name);
            user.email.clone()
        }
        None => match check_email(posted.text("email")) {
            Ok(Some(email)) => email,
            _ => {
                faults.push(("email", "Enter your e-mail address, like name@practice.com".to_owned()));
                String::new()
            }
        },
    };
    welcome.email = email;
    if !name.is_empty() {
        welcome.name = name;
    }
    (welcome, faults)
}

/// The problem page of a link that is used up.
#[derive(Serialize)]
pub struct LinkGone {
    heading: &'static str,
    happened: &'static str,
    steps: Vec<&'static str>,
    href: &'static str,
    action: &'static str,
    reference: Option<String>,
}

impl LinkGone {
    fn new() -> Self {
        Self {
            heading: "This sign-in link is used up",
            happened: "A link works once and for a while: an invitation for three days, a link to a new password for 30 minutes. This one was used or withdrawn, or is too old.",
            steps: vec![
                "If you have a password, sign in with it.",
                "If you forgot it, ask for a link to a new one on the page for signing in.",
                "If you were invited, ask an administrator of your practice to send the invitation once more.",
                "Whoever runs duecare can make a fresh link: duecare user reset --email YOUR-ADDRESS",
            ],
            href: "/sign-in",
            action: "Sign in",
            reference: None,
        }
    }
}

impl Context for LinkGone {
    const TEMPLATE: &'static str = "pages/problem";
    fn samples() -> Vec<Self> {
        vec![Self::new()]
    }
}
