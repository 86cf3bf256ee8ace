//! What someone typed into a page that came too late, and how long a session still lasts.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;

use super::words::capital;
use crate::app::App;
use crate::flows::kept::{self, Kept};
use crate::store::{self, StoreError};
use crate::templates::Context;
use crate::web::form::Posted;
use crate::web::session::{self, KEPT_COOKIE, SignedIn};
use crate::web::view::{Here, Staff};
use crate::web::{Answered, WebError, see_other};

#[derive(Serialize)]
pub struct KeptPage {
    heading: String,
    says: &'static str,
    /// Where the form goes; `None` when nothing is kept.
    to: Option<String>,
    typed: Vec<Line>,
    fields: Vec<Hidden>,
}

#[derive(Serialize)]
struct Line {
    name: String,
    value: String,
}

#[derive(Serialize)]
struct Hidden {
    name: String,
    value: String,
}

fn page(kept: Option<Kept>) -> KeptPage {
    let Some(kept) = kept else {
        let heading = "Nothing is kept here".to_owned();
        return KeptPage { heading, says: "", to: None, typed: Vec::new(), fields: Vec::new() };
    };
    let what = button(&kept.to);
    let typed = kept.fields.iter().filter(|(_, value)| !value.trim().is_empty()).map(|(name, value)| Line {
        name: capital(&name.replace(['_', '-'], " ")),
        value: if name.contains("password") { "••••••••".to_owned() } else { value.clone() },
    });
    let typed: Vec<Line> = typed.collect();
    let (heading, says) = match (typed.is_empty(), what) {
        (true, Some(what)) => {
            (format!("You pressed “{what}”"), "It was not done yet: you were asked who you are first.")
        }
        (true, None) => ("We kept what you sent".to_owned(), "It was not done yet: you were asked who you are first."),
        (false, _) => (
            "We kept what you sent".to_owned(),
            "It was not taken yet: you were asked to sign in or to show that it is you. Look it over.",
        ),
    };
    KeptPage {
        heading,
        says,
        typed,
        to: Some(kept.to),
        fields: kept.fields.into_iter().map(|(name, value)| Hidden { name, value }).collect(),
    }
}

/// What stood on a button that sends nothing else, by where it leads.
fn button(to: &str) -> Option<&'static str> {
    let ends = [
        ("/second-step/app", "Set up the app"),
        ("/app/remove", "Take the app away"),
        ("/second-step/codes", "Make new recovery codes"),
        ("/account/passkeys", "Add a passkey"),
        ("/remove", "Remove"),
        ("/resend", "Send again"),
        ("/withdraw", "Withdraw"),
        ("/ask", "Ask now"),
        ("/round", "Ask now"),
        ("/fresh-link", "Send a fresh link"),
        ("/end-others", "Sign the other sessions out"),
        ("/end", "Sign this session out"),
    ];
    ends.iter().find(|(end, _)| to.ends_with(end)).map(|(_, says)| *says)
}

impl Context for KeptPage {
    const TEMPLATE: &'static str = "pages/kept";
    fn samples() -> Vec<Self> {
        let kept = |text: &str| Kept {
            practice: crate::domain::ids::PracticeId::fresh(),
            to: "/vendors/new".to_owned(),
            fields: vec![(text.to_owned(), text.to_owned()), ("empty".to_owned(), String::new())],
        };
        vec![
            page(None),
            page(Some(Kept { to: "/account/second-step/app".to_owned(), fields: vec![], ..kept("") })),
            page(Some(Kept { fields: vec![], ..kept("") })),
            page(Some(kept("contact_name"))),
            page(Some(kept("\"><script>alert(1)</script>"))),
            page(Some(kept(&"long ".repeat(200)))),
        ]
    }
}

/// GET `/kept`
pub async fn show(app: Data<App>, who: SignedIn, request: HttpRequest) -> Answered {
    let kept = match session::value(&request, KEPT_COOKIE) {
        Some(token) => {
            let (key, user, now) = (app.office.key.clone(), who.user, app.clock.now());
            app.read(move |conn| kept::find(conn, &key, user, &token, now)).await?
        }
        None => None,
    };
    // Typed for another practice, it stays there.
    let kept = kept.filter(|kept| Some(kept.practice) == who.scope.practice());
    Staff { who: &who, here: Here::NOWHERE, title: "What you sent", notice: None }.ok(&app, &page(kept))
}

/// POST `/kept`: lets it go.
pub async fn let_go(app: Data<App>, who: SignedIn, request: HttpRequest, _posted: Posted) -> Answered {
    if let Some(token) = session::value(&request, KEPT_COOKIE) {
        let (user, now) = (who.user, app.clock.now());
        app.write(move |conn| kept::let_go(conn, user, &token, now))
            .await
            .map_err(|error: StoreError| WebError::from(error))?;
    }
    let mut response = see_other("/");
    let _ = response.add_cookie(&session::gone(KEPT_COOKIE));
    Ok(response)
}

/// GET `/stay`: the seconds left, which asking does not prolong.
pub async fn left(app: Data<App>, who: SignedIn) -> Answered {
    let (user, session, now) = (who.user, who.session, app.clock.now());
    let open = app.read(move |conn| store::sessions::of_user(conn, user, now)).await?;
    let seen = open.into_iter().find(|(one, _)| one.id == session).map_or(now, |(one, _)| one.seen_at);
    let left = (who.rules.idle_end(seen) - now).num_seconds();
    Ok(HttpResponse::Ok().content_type("application/json").body(format!("{{\"seconds\":{left}}}")))
}

/// POST `/stay`: the person is still there.
pub async fn stay(app: Data<App>, who: SignedIn, _posted: Posted) -> Answered {
    let (session, now) = (who.session, app.clock.now());
    app.write(move |conn| store::sessions::seen(conn, session, now)).await?;
    Ok(HttpResponse::NoContent().finish())
}
