//! One's own account: how one signs in, and where one is signed in.

use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::Serialize;

use super::actions::choice;
use super::words;
use crate::app::App;
use crate::domain::digest::Often;
use crate::domain::entry::Act;
use crate::domain::ids::SessionId;
use crate::domain::session::Rules;
use crate::domain::user::Role;
use crate::flows::{account, digest};
use crate::store::second_factors::{self, Second};
use crate::store::sessions::Open;
use crate::store::{self, StoreError};
use crate::templates::Context;
use crate::web::form::{Posted, id, query};
use crate::web::session::SignedIn;
use crate::web::view::{Choice, Here, Notice, Staff};
use crate::web::{Answered, WebError, see_other};

#[derive(Serialize)]
pub struct Account {
    name: String,
    email: String,
    role: &'static str,
    explains: &'static str,
    practice: String,
    practices: Option<String>,
    second: String,
    passkeys: String,
    idle: String,
    sessions: Vec<Row>,
    others: bool,
    digest: Choice,
}

#[derive(Serialize)]
struct Row {
    id: String,
    browser: String,
    practice: String,
    since: String,
    seen: String,
    here: bool,
}

struct Me<'a> {
    session: SessionId,
    name: &'a str,
    email: &'a str,
    role: Role,
    practice: &'a str,
    practices: u32,
    rules: Rules,
    timezone: Tz,
    often: Often,
}

fn page(me: &Me<'_>, second: Second, open: Vec<Open>) -> Account {
    let row = |one: Open| Row {
        id: one.id.to_string(),
        browser: if one.browser.is_empty() { "A browser".to_owned() } else { one.browser },
        practice: one.practice,
        since: words::local(one.created_at, me.timezone),
        seen: words::local(one.seen_at, me.timezone),
        here: one.id == me.session,
    };
    let sessions: Vec<Row> = open.into_iter().map(row).collect();
    Account {
        name: if me.name.is_empty() { me.email.to_owned() } else { me.name.to_owned() },
        email: me.email.to_owned(),
        role: me.role.says(),
        explains: me.role.explains(),
        practice: me.practice.to_owned(),
        practices: (me.practices > 1).then(|| format!("You serve {} practices", me.practices)),
        second: match second {
            Second { app: true, codes, .. } => {
                format!("Codes of an app. {} left.", words::counted(codes as usize, "recovery code"))
            }
            Second { passkeys: 1.., codes, .. } => {
                format!("Your passkeys. {} left.", words::counted(codes as usize, "recovery code"))
            }
            _ => "None. The password alone signs in.".to_owned(),
        },
        passkeys: match second.passkeys {
            0 => "None yet.".to_owned(),
            count => format!("{}.", words::counted(count as usize, "passkey")),
        },
        idle: me.rules.idle_minutes.to_string(),
        others: sessions.len() > 1,
        digest: choice(
            "often",
            "A letter about what is new",
            Often::ALL.iter().map(|one| (one.key().to_owned(), one.says().to_owned())),
            me.often.key(),
        ),
        sessions,
    }
}

impl Context for Account {
    const TEMPLATE: &'static str = "pages/account";
    fn samples() -> Vec<Self> {
        let session = SessionId::fresh();
        let me = |text: &'static str, practices| Me {
            session,
            name: text,
            email: text,
            role: Role::Auditor,
            practice: text,
            practices,
            rules: Rules::default(),
            timezone: Tz::UTC,
            often: Often::Weekly,
        };
        let open = |id, text: &str| Open {
            id,
            practice: text.to_owned(),
            browser: text.to_owned(),
            created_at: DateTime::<Utc>::default(),
            seen_at: DateTime::<Utc>::default(),
        };
        vec![
            page(&me("", 1), Second::default(), vec![]),
            page(&me("Dana", 1), Second { app: true, passkeys: 1, codes: 9 }, vec![open(session, "Firefox")]),
            page(
                &me("<script>", 3),
                Second { app: false, passkeys: 2, codes: 9 },
                vec![open(session, ""), open(SessionId::fresh(), "<script>")],
            ),
        ]
    }
}

/// GET `/account`
pub async fn show(app: Data<App>, who: SignedIn, request: HttpRequest) -> Answered {
    let (user, now, scope) = (who.user, app.clock.now(), who.scope);
    let (second, open, often) = app
        .read(move |conn| {
            let often = store::people::digest(conn, &scope, user)?;
            Ok::<_, StoreError>((second_factors::of(conn, user)?, store::sessions::of_user(conn, user, now)?, often))
        })
        .await?;
    let open = open.into_iter().filter(|(one, rules)| rules.idle_end(one.seen_at) > now).map(|(one, _)| one).collect();
    let notice = match query(&request).text("done") {
        "password" => Some(Notice::success("Your password is changed. Every other browser is signed out.")),
        "often" => Some(Notice::success("Saved. Letters come in the morning, and only when something is new.")),
        "ended" => Some(Notice::success("That browser is signed out.")),
        "others" => Some(Notice::success("Every other browser is signed out.")),
        _ => None,
    };
    let me = Me {
        session: who.session,
        name: &who.name,
        email: &who.email,
        role: who.role,
        practice: &who.practice_name,
        practices: who.practices,
        rules: who.rules,
        timezone: who.timezone,
        often,
    };
    Staff { who: &who, here: Here::NOWHERE, title: "Your account", notice }.ok(&app, &page(&me, second, open))
}

/// POST `/account/sessions/{id}/end`
pub async fn end_one(app: Data<App>, who: SignedIn, path: Path<String>, _posted: Posted) -> Answered {
    let (session, user, by, now): (SessionId, _, _, _) = (id(&path)?, who.user, who.actor(), app.clock.now());
    let ended = app
        .write(move |conn| {
            let ended = store::sessions::end_one(conn, user, session)?;
            if ended {
                account::tell(conn, user, &by, Act::SignedIn, "ended one of their sessions", now)?;
            }
            Ok::<_, StoreError>(ended)
        })
        .await?;
    if ended { Ok(see_other("/account?done=ended")) } else { Err(WebError::NotFound) }
}

/// POST `/account/sessions/end-others`
pub async fn end_others(app: Data<App>, who: SignedIn, _posted: Posted) -> Answered {
    let (session, user, by, now) = (who.session, who.user, who.actor(), app.clock.now());
    app.write(move |conn| {
        store::sessions::end_others(conn, user, session)?;
        account::tell(conn, user, &by, Act::SignedIn, "ended their other sessions", now)
    })
    .await?;
    Ok(see_other("/account?done=others"))
}

/// POST `/account/digest`
pub async fn choose_digest(app: Data<App>, who: SignedIn, posted: Posted) -> Answered {
    let Ok(often) = posted.text("often").parse::<Often>() else { return Ok(see_other("/account")) };
    let (user, scope, by, now) = (who.user, who.scope, who.actor(), app.clock.now());
    app.write_in(who.scope, move |conn| {
        let practice = store::practices::one(conn, &scope)?;
        digest::choose(conn, &practice, user, often, &by, now)
    })
    .await?;
    Ok(see_other("/account?done=often"))
}
