//! The history as a CSV file, with its seals: whoever keeps a copy can show later that
//! nothing was changed in it.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use chrono::SecondsFormat;

use super::Asked;
use crate::app::App;
use crate::domain::entry::{Act, Deed};
use crate::domain::vendor_file::defuse;
use crate::store::{self, StoreError, entries};
use crate::web::form::query;
use crate::web::session::SignedIn;
use crate::web::{Answered, WebError};

/// The most lines of one file.
const MOST_LINES: i64 = 200_000;

/// GET `/history/export.csv`
pub async fn csv(app: Data<App>, who: SignedIn, request: HttpRequest) -> Answered {
    let asked = Asked::of(&query(&request));
    let (about, scope, by, now) = (asked.about(who.timezone), who.scope, who.actor(), app.clock.now());
    let lines = app
        .write_in(who.scope, move |conn| {
            let lines = entries::list(conn, &scope, &about, MOST_LINES, 0)?;
            let sentence = format!("exported {} lines of the history", lines.len());
            let deed = Deed { by: &by, act: Act::Exported, vendor: about.vendor, sentence };
            store::entries::write(conn, &scope, &deed, now)?;
            Ok::<_, StoreError>(lines)
        })
        .await?;
    let mut file = csv::Writer::from_writer(Vec::new());
    let broken = |error: csv::Error| WebError::Internal(Box::new(error));
    file.write_record(["number", "at", "by", "person", "what", "vendor", "vendor_id", "sentence", "seal"])
        .map_err(broken)?;
    for (entry, vendor) in lines {
        let (kind, id, name) = entry.by.parts();
        file.write_record([
            entry.number.to_string().as_str(),
            &entry.at.to_rfc3339_opts(SecondsFormat::Micros, true),
            kind,
            &id,
            entry.act.key(),
            &defuse(&vendor),
            &entry.vendor.map(|id| id.to_string()).unwrap_or_default(),
            &defuse(&format!("{name} {}", entry.sentence)),
            &entry.hash,
        ])
        .map_err(broken)?;
    }
    let bytes = file.into_inner().map_err(|error| WebError::Internal(Box::new(error.into_error())))?;
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header(("Content-Disposition", "attachment; filename=\"history.csv\""))
        .body(bytes))
}
