//! A link to a new password. The answer is the same, and takes as long, whether there is an
//! account or not.

use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::{Bytes, Data};
use serde::Serialize;
use tokio::time::{Instant, sleep_until};

use super::sign_in::refusal;
use crate::app::App;
use crate::domain::vendor::check_email;
use crate::flows::{account, sign_in};
use crate::templates::Context;
use crate::web::form::Posted;
use crate::web::view::{ErrorLine, Field, outside};
use crate::web::{Answered, passwords};

/// Every answer takes this long, so that the time tells nothing.
const ANSWERS_AFTER: Duration = Duration::from_millis(250);

#[derive(Serialize)]
pub struct Forgot {
    csrf: String,
    errors: Vec<ErrorLine>,
    /// The address that was typed, when it was taken.
    sent: Option<String>,
    email: Field,
}

fn page(email: &str, sent: bool, error: Option<String>) -> Forgot {
    Forgot {
        csrf: String::new(),
        errors: error.iter().map(|says| ErrorLine { at: "email".to_owned(), says: says.clone() }).collect(),
        sent: sent.then(|| email.to_owned()),
        email: Field {
            id: "email",
            label: "Your e-mail address",
            hint: Some("The one that you sign in with"),
            value: email.to_owned(),
            error,
        },
    }
}

impl Context for Forgot {
    const TEMPLATE: &'static str = "pages/forgot";
    fn samples() -> Vec<Self> {
        vec![
            page("", false, None),
            page("dana@maple.test", true, None),
            page("<script>", true, None),
            page(&"long".repeat(60), false, Some("<script>".to_owned())),
        ]
    }
}

/// GET `/forgot`
pub async fn form(app: Data<App>) -> Answered {
    outside(&app, StatusCode::OK, "Choose a new password", &page("", false, None))
}

/// POST `/forgot`
pub async fn ask(app: Data<App>, request: HttpRequest, body: Bytes) -> Answered {
    let done = Instant::now() + ANSWERS_AFTER;
    let posted = Posted::of(&body);
    let typed = posted.text("email").to_owned();
    let title = "Error: Choose a new password";
    let Ok(Some(email)) = check_email(&typed) else {
        let says = "Enter your e-mail address, like name@practice.com".to_owned();
        return outside(&app, StatusCode::UNPROCESSABLE_ENTITY, title, &page(&typed, false, Some(says)));
    };
    let from = passwords::address(&app, &request);
    let subject = sign_in::throttle_subject(&format!("reset {email}"), &from);
    let now = app.clock.now();
    let counted = app.write(move |conn| {
        // Whoever makes addresses up leaves a row for each.
        sign_in::ration(conn, "reset", &from, now)?;
        sign_in::count(conn, &subject, now)
    });
    if let Err(refused) = counted.await {
        let (status, says) = refusal(refused, "")?;
        return outside(&app, status, title, &page(&typed, false, Some(says)));
    }
    let office = app.office.clone();
    app.write(move |conn| account::ask_reset(conn, &office, &email, now)).await?;
    app.post.notify_one();
    sleep_until(done).await;
    outside(&app, StatusCode::OK, "Choose a new password", &page(&typed, true, None))
}
