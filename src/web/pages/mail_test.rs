//! Whether letters leave: a test letter to oneself, and the mail server's own answer.

use actix_web::web::Data;
use serde::Serialize;

use super::setup::sample_practice;
use crate::app::App;
use crate::domain::civil_date;
use crate::domain::practice::Practice;
use crate::domain::practice::setup::{Came, MailTest};
use crate::domain::user::User;
use crate::flows::setup;
use crate::store::{self, StoreError};
use crate::templates::Context;
use crate::web::form::Posted;
use crate::web::session::SignedIn;
use crate::web::view::{Crumb, Here, Staff, crumbs};
use crate::web::{Answered, WebError, see_other};

#[derive(Serialize)]
pub struct MailTestPage {
    crumbs: Vec<Crumb>,
    to: String,
    from: String,
    /// Where letters are written to, when no mail server is set.
    folder: Option<String>,
    last: Option<Last>,
}

/// The newest test.
#[derive(Serialize)]
struct Last {
    kind: &'static str,
    heading: &'static str,
    when: String,
    /// What is quoted below.
    label: &'static str,
    says: String,
    mend: &'static str,
}

fn last(test: &MailTest, practice: &Practice) -> Last {
    let (kind, label, mend) = match test.came {
        Came::Sent => (
            "success",
            "The mail server answered",
            "Now look in your mailbox. If the letter lies among junk mail, vendors will find theirs there too: ask whoever runs your mail to set up SPF, DKIM and DMARC for this address.",
        ),
        Came::Folder => (
            "warning",
            "It lies at",
            "No vendor gets a letter like this. Whoever runs duecare sets DUECARE_SMTP_URL to your mail server and starts duecare again.",
        ),
        Came::Refused => (
            "error",
            "The mail server answered",
            "The server lets us in and refuses this letter. Check that it may send from the address above (DUECARE_MAIL_FROM), and that your own address is right.",
        ),
        Came::Down => (
            "error",
            "What happened",
            "Whoever runs duecare checks DUECARE_SMTP_URL: host, port, user and password, and whether the server offers STARTTLS. “duecare check” tries the same.",
        ),
        Came::Unsure => (
            "warning",
            "What happened",
            "The letter may have arrived. Look in your mailbox; if it is there, mail leaves.",
        ),
    };
    Last {
        kind,
        heading: test.came.says(),
        when: format!("{}, to {}", civil_date::say_instant(test.at, practice.timezone), test.to),
        label,
        says: test.says.clone(),
        mend,
    }
}

fn page(practice: &Practice, to: &str, from: &str, folder: Option<String>) -> MailTestPage {
    MailTestPage {
        crumbs: crumbs(&[("First steps", Some("/setup")), ("Test the mail", None)]),
        to: to.to_owned(),
        from: format!("{} <{from}>", practice.sender()),
        folder,
        last: practice.settings.setup.mail.as_ref().map(|test| last(test, practice)),
    }
}

impl Context for MailTestPage {
    const TEMPLATE: &'static str = "pages/mail_test";
    fn samples() -> Vec<Self> {
        let with = |came: Came, text: &str| {
            let mut practice = sample_practice(text);
            let at = chrono::DateTime::default();
            practice.settings.setup.mail = Some(MailTest { at, to: text.to_owned(), came, says: text.to_owned() });
            page(&practice, text, text, (came == Came::Folder).then(|| text.to_owned()))
        };
        let said = Came::ALL.iter().zip(["250 2.0.0 Ok: queued as 4W1", "", "<script>", "550 No", "x"]);
        let mut samples: Vec<Self> = said.map(|(came, text)| with(*came, text)).collect();
        samples.push(with(Came::Refused, &"long ".repeat(90)));
        samples.push(page(&sample_practice("Maple"), "dana@maple.test", "duecare@maple.test", None));
        samples
    }
}

async fn about(app: &App, who: &SignedIn) -> Result<(Practice, User), WebError> {
    let (scope, user) = (who.scope, who.user);
    let (practice, user) = app
        .read_in(who.scope, move |conn| {
            Ok::<_, StoreError>((store::practices::one(conn, &scope)?, store::users::by_id(conn, user)?))
        })
        .await?;
    Ok((practice, user.ok_or(WebError::NotFound)?))
}

/// GET `/setup/mail`
pub async fn show(app: Data<App>, who: SignedIn) -> Answered {
    let (practice, user) = about(&app, &who).await?;
    let folder = app.mailer.folder().map(|folder| folder.display().to_string());
    let content = page(&practice, &user.email, app.office.letters.from_address(), folder);
    Staff { who: &who, here: Here::NOWHERE, title: "Test the mail", notice: None }.ok(&app, &content)
}

/// POST `/setup/mail`: sends the letter at once, and keeps the answer.
pub async fn send(app: Data<App>, who: SignedIn, _posted: Posted) -> Answered {
    let (practice, user) = about(&app, &who).await?;
    let to = (user.name.as_str(), user.email.as_str());
    let test = setup::try_mail(&app.office, &app.mailer, &practice, to, app.clock.now()).await;
    let (scope, by) = (who.scope, who.actor());
    app.write_in(who.scope, move |conn| setup::keep_test(conn, &scope, test, &by)).await?;
    Ok(see_other("/setup/mail#last"))
}
