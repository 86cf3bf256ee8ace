//! The list as a file: what is shown, on all its pages, in the same order.

use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use chrono::NaiveDate;

use super::Listed;
use super::filters::{asked, chips};
use super::list::listed;
use crate::app::App;
use crate::domain::entry::{Act, Deed};
use crate::report::spreadsheet::{self, Cell, Column};
use crate::store::vendor_list;
use crate::store::{self, Db, StoreError};
use crate::web::form::query;
use crate::web::session::SignedIn;
use crate::web::{Answered, WebError};

/// Rows read at once.
const AT_ONCE: i64 = 1_000;

const fn column(says: &'static str, width: u8) -> Column {
    Column { says, width }
}

const COLUMNS: [Column; 13] = [
    column("Status", 14),
    column("Next date", 12),
    column("Vendor", 36),
    column("Service", 30),
    column("Tier", 8),
    column("Rating", 14),
    column("Agreement", 14),
    column("Flags", 8),
    column("Owner", 20),
    column("Tags", 24),
    column("Life", 12),
    column("Note", 34),
    column("Review", 14),
];

fn cells(listed: Listed, today: NaiveDate) -> Vec<Cell> {
    let note = listed.late(today).map_or(Cell::Blank, Cell::Text);
    let Listed { line, tags, .. } = listed;
    let review = Cell::text(line.review.says());
    vec![
        Cell::text(line.status.says()),
        line.next_due_on.map_or(Cell::Blank, Cell::Date),
        Cell::Text(line.name),
        Cell::Text(line.services),
        Cell::text(line.tier.says()),
        Cell::text(line.rating.says()),
        Cell::text(line.agreement.says()),
        Cell::Number(line.open_flags),
        Cell::Text(line.owner),
        Cell::Text(tags.join(", ")),
        Cell::text(line.life.says()),
        note,
        review,
    ]
}

#[derive(Clone, Copy)]
enum Kind {
    Csv,
    Xlsx,
}

/// All rows, a thousand at a time and as of one moment.
fn rows(
    conn: &mut Db,
    scope: &crate::domain::access::Scope,
    filter: &vendor_list::Filter,
    today: NaiveDate,
) -> Result<Vec<Vec<Cell>>, StoreError> {
    let mut rows = Vec::new();
    loop {
        let skipped = i64::try_from(rows.len()).unwrap_or(i64::MAX);
        let lines = vendor_list::lines(conn, scope, filter, today, AT_ONCE, skipped)?;
        if lines.is_empty() {
            return Ok(rows);
        }
        rows.extend(listed(conn, scope, lines)?.into_iter().map(|listed| cells(listed, today)));
    }
}

async fn export(app: Data<App>, who: SignedIn, request: HttpRequest, kind: Kind) -> Answered {
    let filter = asked(&query(&request)).filter;
    let now = app.clock.now();
    let (today, scope, by) = (who.day(now), who.scope, who.actor());
    let chosen: Vec<String> = chips(&filter).into_iter().map(|chip| chip.says).collect();
    let (count, file) = app
        .read_in(who.scope, move |conn| {
            let rows = rows(conn, &scope, &filter, today)?;
            let count = rows.len();
            let file = match kind {
                Kind::Csv => spreadsheet::csv(&COLUMNS, rows).map_err(|error| error.to_string()),
                Kind::Xlsx => spreadsheet::xlsx("Vendors", &COLUMNS, rows, now).map_err(|error| error.to_string()),
            };
            Ok::<_, StoreError>((count, file))
        })
        .await?;
    let file = file.map_err(|error| WebError::Internal(error.into()))?;
    let (name, mime) = match kind {
        Kind::Csv => ("csv", "text/csv; charset=utf-8"),
        Kind::Xlsx => ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    };
    let which = if chosen.is_empty() { "the whole list".to_owned() } else { chosen.join("; ") };
    let vendors = super::words::counted(count, "vendor");
    let sentence = format!("exported {vendors} as {} ({which})", name.to_uppercase());
    app.write_in(who.scope, move |conn| {
        let deed = Deed { by: &by, act: Act::Exported, vendor: None, sentence };
        store::entries::write(conn, &scope, &deed, now)
    })
    .await?;
    Ok(HttpResponse::Ok()
        .content_type(mime)
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"vendors-{today}.{name}\"")))
        .body(file))
}

/// GET `/vendors/export.csv`
pub async fn csv(app: Data<App>, who: SignedIn, request: HttpRequest) -> Answered {
    export(app, who, request, Kind::Csv).await
}

/// GET `/vendors/export.xlsx`
pub async fn xlsx(app: Data<App>, who: SignedIn, request: HttpRequest) -> Answered {
    export(app, who, request, Kind::Xlsx).await
}
