//! The history as a CSV file, with its seals: whoever keeps a copy can show later that
//! nothing was changed in it.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use chrono::SecondsFormat;

use super::Asked;
use crate::app::App;
use crate::domain::entry::{Act, Deed};
use crate::domain::vendor_file::defuse;
use crate::store::entries::About;
use crate::store::{self, StoreError, entries};
use crate::web::form::query;
use crate::web::pages::words;
use crate::web::session::SignedIn;
use crate::web::view::Notice;
use crate::web::{Answered, WebError, see_other};

/// The most lines of one file.
const MOST_LINES: u32 = 200_000;
/// Lines read at once.
const AT_ONCE: i64 = 5_000;

type File = csv::Writer<Vec<u8>>;

/// Why there is no file, for a person who is sent back to the list.
pub fn too_many() -> Notice {
    Notice::warning(format!(
        "Nothing was exported: these are more than the {MOST_LINES} lines that one file takes. Choose the days from and to, and export one part after the other."
    ))
}

/// GET `/history/export.csv`
pub async fn csv(app: Data<App>, who: SignedIn, request: HttpRequest) -> Answered {
    let asked = Asked::of(&query(&request));
    let (about, scope) = (asked.about(who.timezone), who.scope);
    if app.read_in(who.scope, move |conn| entries::total(conn, &scope, &about)).await? > MOST_LINES {
        return Ok(see_other(&asked.address("/history", &[("export", "too-many")])));
    }
    let mut file = csv::Writer::from_writer(Vec::new());
    file.write_record(["number", "at", "by", "person", "what", "vendor", "vendor_id", "sentence", "seal"])
        .map_err(broken)?;
    let (mut count, mut last) = (0, None);
    // Piece by piece: nobody's writing waits for a long history.
    loop {
        let lines = app.read_in(who.scope, move |conn| entries::below(conn, &scope, &about, last, AT_ONCE)).await?;
        let Some((oldest, _)) = lines.last() else { break };
        last = Some(oldest.number);
        count += lines.len();
        lines.iter().try_for_each(|line| write(&mut file, line)).map_err(broken)?;
    }
    note(&app, &who, about, count).await?;
    let bytes = file.into_inner().map_err(|error| WebError::Internal(Box::new(error.into_error())))?;
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header(("Content-Disposition", "attachment; filename=\"history.csv\""))
        .body(bytes))
}

fn broken(error: csv::Error) -> WebError {
    WebError::Internal(Box::new(error))
}

fn write(file: &mut File, (entry, vendor): &entries::Named) -> csv::Result<()> {
    let (kind, id, name) = entry.by.parts();
    file.write_record([
        entry.number.to_string().as_str(),
        &entry.at.to_rfc3339_opts(SecondsFormat::Micros, true),
        kind,
        &id,
        entry.act.key(),
        &defuse(vendor),
        &entry.vendor.map(|id| id.to_string()).unwrap_or_default(),
        &defuse(&format!("{name} {}", entry.sentence)),
        &entry.hash,
    ])
}

/// The export is itself a line of the history.
async fn note(app: &App, who: &SignedIn, about: About, count: usize) -> Result<(), WebError> {
    let (scope, by, now) = (who.scope, who.actor(), app.clock.now());
    let sentence = format!("exported {} of the history", words::counted(count, "line"));
    app.write_in(who.scope, move |conn| {
        let deed = Deed { by: &by, act: Act::Exported, vendor: about.vendor, sentence };
        store::entries::write(conn, &scope, &deed, now)
    })
    .await
    .map_err(|error: StoreError| error.into())
}
