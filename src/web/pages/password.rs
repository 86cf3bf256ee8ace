//! A new password of one's own.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use serde::Serialize;

use crate::app::App;
use crate::flows::account;
use crate::store::{self, StoreError};
use crate::templates::Context;
use crate::web::form::Posted;
use crate::web::session::SignedIn;
use crate::web::view::{Crumb, ErrorLine, Field, Here, Staff, crumbs};
use crate::web::{Answered, passwords, see_other};

#[derive(Serialize)]
pub struct PasswordForm {
    crumbs: Vec<Crumb>,
    errors: Vec<ErrorLine>,
    email: String,
    password: Field,
}

fn page(email: &str, error: Option<String>) -> PasswordForm {
    PasswordForm {
        crumbs: crumbs(&[("Your account", Some("/account")), ("New password", None)]),
        errors: error.iter().map(|says| ErrorLine { at: "password".to_owned(), says: says.clone() }).collect(),
        email: email.to_owned(),
        password: Field {
            id: "password",
            label: "New password",
            hint: Some("At least 12 characters. A few words in a row work well."),
            value: String::new(),
            error,
        },
    }
}

impl Context for PasswordForm {
    const TEMPLATE: &'static str = "pages/password";
    fn samples() -> Vec<Self> {
        vec![page("dana@maple.test", None), page("<script>", Some("<script>".to_owned()))]
    }
}

/// GET `/account/password`
pub async fn form(app: Data<App>, who: SignedIn) -> Answered {
    let frame = Staff { who: &who, here: Here::NOWHERE, title: "New password", notice: None };
    frame.ok(&app, &page(&who.email, None))
}

/// POST `/account/password`
pub async fn change(app: Data<App>, who: SignedIn, posted: Posted) -> Answered {
    let hash = match passwords::chosen(posted.verbatim("password"), &who.name, &who.email, &who.practice_name).await? {
        Ok(hash) => hash,
        Err(says) => {
            let frame = Staff { who: &who, here: Here::NOWHERE, title: "Error: New password", notice: None };
            return frame.show(&app, StatusCode::UNPROCESSABLE_ENTITY, &page(&who.email, Some(says)));
        }
    };
    let (office, user, session, now) = (app.office.clone(), who.user, who.session, app.clock.now());
    app.write(move |conn| {
        let Some(user) = store::users::by_id(conn, user)? else { return Ok(()) };
        account::set_password(conn, &office, &user, &hash, Some(session), now)?;
        Ok::<_, StoreError>(())
    })
    .await?;
    app.post.notify_one();
    Ok(see_other("/account?done=password"))
}
