//! How duecare works for this practice: who it is to its vendors, how often it asks, what it
//! wants in agreements, how its people sign in.

mod fields;
mod read;

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::Data;

pub use self::fields::PracticeForm;
use self::fields::page;
use self::read::typed;
use crate::app::App;
use crate::domain::user::Need;
use crate::flows::settings::{self, Outcome, SettingsError};
use crate::flows::sweep;
use crate::store;
use crate::templates::Context;
use crate::web::form::{Posted, query};
use crate::web::session::SignedIn;
use crate::web::view::{ErrorLine, Faults, Here, Notice, Staff};
use crate::web::{Answered, see_other};

impl Context for PracticeForm {
    const TEMPLATE: &'static str = "pages/practice";
    fn samples() -> Vec<Self> {
        let names = ["name", "contact_name", "reply_to", "sender_name", "own_terms", "reminders_before", "nprm"];
        let typed = |text: &str| Posted(names.map(|name| (name.to_owned(), text.to_owned())).to_vec());
        vec![
            page(&typed("Maple"), "s", true, &vec![]),
            page(&typed(""), "s", true, &vec![("name", "Enter <b>".to_owned()), ("nprm", "Choose".to_owned())]),
            page(&typed("\"><script>"), "s", false, &vec![]),
            page(&typed("</textarea><script>"), "s", true, &vec![]),
            page(&typed(&"long ".repeat(60)), "s", false, &vec![]),
        ]
    }
}

/// What was done, as the address tells it.
fn notice(request: &HttpRequest) -> Option<Notice> {
    let query = query(request);
    let vendors = |count: u32| if count == 1 { "1 vendor".to_owned() } else { format!("{count} vendors") };
    let count = query.text("vendors").parse::<u32>().ok().filter(|count| *count < 1_000_000);
    match (query.text("done"), count) {
        ("same", _) => Some(Notice::success("Nothing was different, so nothing was changed.")),
        ("saved", _) => Some(Notice::success("Your settings are saved.")),
        ("looked", Some(0)) => Some(Notice::success("Your settings are saved.")),
        ("looked", Some(count)) => {
            let was = if count == 1 { "was" } else { "were" };
            Some(Notice::success(format!(
                "Your settings are saved, and {} {was} looked at again: dates, flags and ratings follow them now.",
                vendors(count)
            )))
        }
        ("looking", Some(count)) => Some(Notice::success(format!(
            "Your settings are saved. {} are being looked at again; their dates, flags and ratings follow within minutes.",
            vendors(count)
        ))),
        _ => None,
    }
}

/// GET `/practice`
pub async fn form(app: Data<App>, who: SignedIn, request: HttpRequest) -> Answered {
    let scope = who.scope;
    let practice = app.read_in(who.scope, move |conn| store::practices::one(conn, &scope)).await?;
    let content = page(&typed(&practice), &settings::state(&practice), who.role.may(Need::Manage), &Faults::new());
    Staff { who: &who, here: Here::NOWHERE, title: "Your practice", notice: notice(&request) }.ok(&app, &content)
}

fn refused(app: &App, who: &SignedIn, content: &PracticeForm) -> Answered {
    let frame = Staff { who, here: Here::NOWHERE, title: "Error: Your practice", notice: None };
    frame.show(app, StatusCode::UNPROCESSABLE_ENTITY, content)
}

/// POST `/practice`
pub async fn change(app: Data<App>, who: SignedIn, posted: Posted) -> Answered {
    let (scope, now, by) = (who.scope, app.clock.now(), who.actor());
    let practice = app.read_in(who.scope, move |conn| store::practices::one(conn, &scope)).await?;
    let wanted = match read::read(&practice, &posted) {
        Ok(wanted) => wanted,
        Err(faults) => return refused(&app, &who, &page(&posted, posted.text("seen"), true, &faults)),
    };
    let newly = wanted.settings.second_factor && !practice.settings.second_factor;
    if newly && !who.second && !posted.is_ticked("warned") {
        let says = "You did not sign in with a second step. Once this is saved, only your account opens until you set one up: do that first, or press Save once more";
        let mut content = page(&posted, posted.text("seen"), true, &vec![("second_factor", says.to_owned())]);
        content.warned = true;
        return refused(&app, &who, &content);
    }
    let (office, written, seen) = (app.office.clone(), wanted.clone(), posted.text("seen").to_owned());
    let changed = app.write_in(who.scope, move |conn| settings::change(conn, &office, &written, &seen, &by, now)).await;
    match changed {
        Ok(Outcome::Nothing) => Ok(see_other("/practice?done=same")),
        Ok(Outcome::Changed) => Ok(see_other("/practice?done=saved")),
        Ok(Outcome::LookedAt(vendors)) => Ok(see_other(&format!("/practice?done=looked&vendors={vendors}"))),
        Ok(Outcome::ToLookAt(vendors)) => {
            let (store, office) = (app.store.clone(), app.office.clone());
            // Nobody waits for it: what it leaves, the next sweep does.
            drop(tokio::task::spawn_blocking(move || {
                if let Err(error) = sweep::look_again(&store, &office, &wanted, now) {
                    tracing::warn!("vendors wait for the next sweep to be looked at again: {error}");
                }
            }));
            Ok(see_other(&format!("/practice?done=looking&vendors={vendors}")))
        }
        Err(SettingsError::ChangedMeanwhile) => {
            let mut content = page(&posted, &settings::state(&practice), true, &Faults::new());
            content.errors = vec![ErrorLine {
                at: "name".to_owned(),
                says: "Someone else changed the settings since you opened this page. Nothing of yours was saved. Compare with their settings in another window, then save again".to_owned(),
            }];
            refused(&app, &who, &content)
        }
        Err(SettingsError::Store(error)) => Err(error.into()),
    }
}
