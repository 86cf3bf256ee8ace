//! Views: searches of the list under a name. Three are there for everyone; the others are
//! a person's own.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use chrono::{DateTime, Utc};
use serde::Serialize;

use super::filters::{asked_by, chips, list_at, query_of};
use crate::app::App;
use crate::domain::entry::{Act, Deed};
use crate::domain::ids::SavedViewId;
use crate::domain::views::{MOST, check_name};
use crate::store::saved_views::SavedView;
use crate::store::{self, Db, StoreError};
use crate::templates::Context;
use crate::web::form::{Posted, id};
use crate::web::session::SignedIn;
use crate::web::view::{Crumb, ErrorLine, Here, Staff, crumbs};
use crate::web::{Answered, WebError, see_other};

#[derive(Clone, Debug, Serialize)]
pub struct ViewLink {
    pub name: String,
    pub href: String,
    pub current: bool,
}

const BUILT_IN: [(&str, &str); 4] = [
    ("All", ""),
    ("Worst first", "sort=rating"),
    ("Due in 30 days", "due=30"),
    ("No current agreement", "agreement=lacking"),
];

/// Links to all views; the one whose search is `query` is the present one.
pub fn links(own: &[SavedView], query: &str) -> Vec<ViewLink> {
    let link = |name: &str, of: &str| ViewLink { name: name.to_owned(), href: list_at(of), current: of == query };
    let built_in = BUILT_IN.iter().map(|(name, of)| link(name, of));
    built_in.chain(own.iter().map(|view| link(&view.name, &view.query))).collect()
}

#[derive(Serialize)]
pub struct ViewsPage {
    crumbs: Vec<Crumb>,
    errors: Vec<ErrorLine>,
    /// A search that could not be kept yet, with the name as typed.
    new: Option<New>,
    views: Vec<Own>,
}

#[derive(Serialize)]
struct New {
    name: String,
    query: String,
    says: String,
    error: String,
}

#[derive(Serialize)]
struct Own {
    id: String,
    field: String,
    name: String,
    typed: String,
    href: String,
    says: String,
    error: Option<String>,
}

/// What a search looks for, in words.
fn says(query: &str) -> String {
    let filter = asked_by(query).filter;
    let mut says: Vec<String> = chips(&filter).into_iter().map(|chip| chip.says).collect();
    if let Some(sort) = filter.sort {
        says.push(format!("sorted by {}", sort.says().to_lowercase()));
    }
    if says.is_empty() { "All vendors".to_owned() } else { says.join("; ") }
}

/// What went wrong with a name: for a new view, or for one that is there.
struct Wrong {
    view: Option<SavedViewId>,
    typed: String,
    query: String,
    says: String,
}

fn page(views: Vec<SavedView>, wrong: Option<Wrong>) -> ViewsPage {
    let field = |view: &SavedViewId| format!("name-{view}");
    let errors = wrong
        .iter()
        .map(|wrong| ErrorLine { at: wrong.view.as_ref().map_or("name".to_owned(), field), says: wrong.says.clone() });
    let of = |view: &SavedView| wrong.as_ref().filter(|wrong| wrong.view == Some(view.id));
    ViewsPage {
        crumbs: crumbs(&[("Vendors", Some("/vendors")), ("Your views", None)]),
        errors: errors.collect(),
        views: views
            .iter()
            .map(|view| Own {
                id: view.id.to_string(),
                field: field(&view.id),
                name: view.name.clone(),
                typed: of(view).map_or_else(|| view.name.clone(), |wrong| wrong.typed.clone()),
                href: list_at(&view.query),
                says: says(&view.query),
                error: of(view).map(|wrong| wrong.says.clone()),
            })
            .collect(),
        new: wrong.filter(|wrong| wrong.view.is_none()).map(|wrong| New {
            says: says(&wrong.query),
            name: wrong.typed,
            query: wrong.query,
            error: wrong.says,
        }),
    }
}

impl Context for ViewsPage {
    const TEMPLATE: &'static str = "pages/vendor_views";
    fn samples() -> Vec<Self> {
        let view = |name: &str| SavedView {
            id: SavedViewId::fresh(),
            name: name.to_owned(),
            query: "q=%3Cscript%3E&tag=-&sort=tier".to_owned(),
        };
        let hostile = "<script>\"";
        let wrong =
            |view| Wrong { view, typed: hostile.to_owned(), query: hostile.to_owned(), says: hostile.to_owned() };
        let one = view("Billing companies");
        vec![
            page(vec![], None),
            page(vec![view(hostile)], Some(wrong(None))),
            page(vec![view(&"Longest ".repeat(7)), one.clone()], Some(wrong(Some(one.id)))),
        ]
    }
}

async fn show(app: &App, who: &SignedIn, wrong: Option<Wrong>) -> Answered {
    let (scope, user) = (who.scope, who.user);
    let views = app.read_in(who.scope, move |conn| store::saved_views::of_user(conn, &scope, user)).await?;
    let (status, title) = match &wrong {
        None => (StatusCode::OK, "Your views"),
        Some(_) => (StatusCode::UNPROCESSABLE_ENTITY, "Error: Your views"),
    };
    Staff { who, here: Here::VENDORS, title, notice: None }.show(app, status, &page(views, wrong))
}

/// GET `/vendors/views`
pub async fn list(app: Data<App>, who: SignedIn) -> Answered {
    show(&app, &who, None).await
}

const TAKEN: &str = "You have a view of this name already. Choose another name";

fn note(conn: &mut Db, who: &SignedIn, sentence: String, now: DateTime<Utc>) -> Result<(), StoreError> {
    let deed = Deed { by: &who.actor(), act: Act::Settings, vendor: None, sentence };
    store::entries::write(conn, &who.scope, &deed, now)
}

enum Kept {
    Done,
    Taken,
    TooMany,
}

fn keep(conn: &mut Db, who: &SignedIn, view: &SavedView, now: DateTime<Utc>) -> Result<Kept, StoreError> {
    let own = store::saved_views::of_user(conn, &who.scope, who.user)?;
    match own.iter().find(|one| one.name == view.name) {
        // The same press again.
        Some(same) if same.query == view.query => return Ok(Kept::Done),
        Some(_) => return Ok(Kept::Taken),
        None if own.len() >= MOST => return Ok(Kept::TooMany),
        None => {}
    }
    store::saved_views::add(conn, &who.scope, who.user, view, now)?;
    note(conn, who, format!("saved the view “{}” of the vendor list", view.name), now)?;
    Ok(Kept::Done)
}

/// POST `/vendors/views`: keeps the present search under a name.
pub async fn save(app: Data<App>, who: SignedIn, posted: Posted) -> Answered {
    let query = query_of(&asked_by(posted.text("query")).filter, "", None);
    let typed = posted.text("name").to_owned();
    let wrong = |says: String| Some(Wrong { view: None, typed: typed.clone(), query: query.clone(), says });
    let name = match check_name(&typed) {
        Ok(name) => name,
        Err(fault) => return show(&app, &who, wrong(super::words::capital(&fault.to_string()))).await,
    };
    let view = SavedView { id: SavedViewId::fresh(), name, query: query.clone() };
    let (saver, now) = (who.clone(), app.clock.now());
    match app.write_in(who.scope, move |conn| keep(conn, &saver, &view, now)).await {
        Ok(Kept::Done) => Ok(see_other(&list_at(&query))),
        Ok(Kept::Taken) | Err(StoreError::Duplicate) => show(&app, &who, wrong(TAKEN.to_owned())).await,
        Ok(Kept::TooMany) => {
            let says = format!("You have {MOST} views, and more would be hard to find. Delete one first");
            show(&app, &who, wrong(says)).await
        }
        Err(error) => Err(error.into()),
    }
}

/// POST `/vendors/views/{id}/rename`
pub async fn rename(app: Data<App>, who: SignedIn, path: Path<String>, posted: Posted) -> Answered {
    let view: SavedViewId = id(&path)?;
    let typed = posted.text("name").to_owned();
    let wrong = |says: String| Some(Wrong { view: Some(view), typed: typed.clone(), query: String::new(), says });
    let name = match check_name(&typed) {
        Ok(name) => name,
        Err(fault) => {
            let (scope, user) = (who.scope, who.user);
            let own = app.read_in(scope, move |conn| store::saved_views::of_user(conn, &scope, user)).await?;
            if !own.iter().any(|one| one.id == view) {
                return Err(WebError::NotFound);
            }
            return show(&app, &who, wrong(super::words::capital(&fault.to_string()))).await;
        }
    };
    let (writer, now) = (who.clone(), app.clock.now());
    let renamed = app
        .write_in(who.scope, move |conn| {
            let own = store::saved_views::of_user(conn, &writer.scope, writer.user)?;
            let Some(before) = own.into_iter().find(|one| one.id == view) else { return Ok(false) };
            if before.name == name {
                return Ok(true);
            }
            let sentence = format!("renamed the view “{}” of the vendor list to “{name}”", before.name);
            store::saved_views::change(conn, &writer.scope, writer.user, &SavedView { name, ..before })?;
            note(conn, &writer, sentence, now)?;
            Ok(true)
        })
        .await;
    match renamed {
        Ok(true) => Ok(see_other("/vendors/views")),
        Ok(false) => Err(WebError::NotFound),
        Err(StoreError::Duplicate) => show(&app, &who, wrong(TAKEN.to_owned())).await,
        Err(error) => Err(error.into()),
    }
}

/// POST `/vendors/views/{id}/delete`
pub async fn delete(app: Data<App>, who: SignedIn, path: Path<String>, _posted: Posted) -> Answered {
    let view: SavedViewId = id(&path)?;
    let now = app.clock.now();
    let deleted = app
        .write_in(who.scope, move |conn| {
            let own = store::saved_views::of_user(conn, &who.scope, who.user)?;
            let Some(before) = own.into_iter().find(|one| one.id == view) else { return Ok(false) };
            store::saved_views::remove(conn, &who.scope, who.user, view)?;
            note(conn, &who, format!("deleted the view “{}” of the vendor list", before.name), now)?;
            Ok::<_, StoreError>(true)
        })
        .await?;
    if deleted { Ok(see_other("/vendors/views")) } else { Err(WebError::NotFound) }
}
