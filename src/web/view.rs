//! What every staff page shows around its own content, and the small values that pages
//! share: badges, crumbs, fields, errors, pagers.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use handlebars::RenderError;
use serde::Serialize;

use super::guard::RequestId;
use super::session::SignedIn;
use super::{Answered, WebError, assets};
use crate::app::App;
use crate::domain::user::Need;
use crate::templates::{Context, Templates};

/// A page: its frame, and beside it the fields of its own context.
#[derive(Serialize)]
struct Page<'a, T> {
    title: &'a str,
    css: &'static str,
    js: &'static str,
    nav: Option<Nav<'a>>,
    notice: Option<Notice>,
    #[serde(flatten)]
    content: &'a T,
}

#[derive(Serialize)]
struct Nav<'a> {
    practice: &'a str,
    user: &'a str,
    csrf: &'a str,
    here: Here,
    demo: bool,
    /// May decide who comes in.
    manages: bool,
    /// Serves more than this practice.
    several: bool,
    /// Seconds without a request until the session ends.
    idle: u32,
    /// Letters stay in a folder: nobody outside gets one.
    no_mail: bool,
}

/// Which entry of the navigation is the present one.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Here {
    dashboard: bool,
    vendors: bool,
    agreements: bool,
    flags: bool,
    actions: bool,
    round: bool,
    outbox: bool,
}

impl Here {
    pub const NOWHERE: Here = Here {
        dashboard: false,
        vendors: false,
        agreements: false,
        flags: false,
        actions: false,
        round: false,
        outbox: false,
    };
    pub const DASHBOARD: Here = Here { dashboard: true, ..Self::NOWHERE };
    pub const VENDORS: Here = Here { vendors: true, ..Self::NOWHERE };
    pub const AGREEMENTS: Here = Here { agreements: true, ..Self::NOWHERE };
    pub const FLAGS: Here = Here { flags: true, ..Self::NOWHERE };
    pub const ACTIONS: Here = Here { actions: true, ..Self::NOWHERE };
    pub const ROUND: Here = Here { round: true, ..Self::NOWHERE };
    pub const OUTBOX: Here = Here { outbox: true, ..Self::NOWHERE };
}

/// A line at the top that says what was just done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Notice {
    /// `success`, `info`, `warning` or `error`.
    pub kind: &'static str,
    pub text: String,
}

impl Notice {
    pub fn success(text: impl Into<String>) -> Self {
        Self { kind: "success", text: text.into() }
    }

    pub fn warning(text: impl Into<String>) -> Self {
        Self { kind: "warning", text: text.into() }
    }
}

/// A page of a signed-in person.
pub struct Staff<'a> {
    pub who: &'a SignedIn,
    pub here: Here,
    pub title: &'a str,
    pub notice: Option<Notice>,
}

impl Staff<'_> {
    /// Renders the page.
    ///
    /// # Errors
    /// A word that the context lacks.
    pub fn show<T: Context>(&self, app: &App, status: StatusCode, content: &T) -> Answered {
        Ok(html(status, self.text(app, content)?))
    }

    fn text<T: Context>(&self, app: &App, content: &T) -> Result<String, WebError> {
        let nav = Nav {
            practice: &self.who.practice_name,
            user: if self.who.name.is_empty() { &self.who.email } else { &self.who.name },
            manages: self.who.role.may(Need::Manage),
            several: self.who.practices > 1,
            idle: u32::from(self.who.rules.idle_minutes) * 60,
            csrf: &self.who.csrf,
            here: self.here,
            demo: app.demo,
            no_mail: !app.demo && !app.mailer.leaves(),
        };
        let page = Page {
            title: self.title,
            css: assets::css(),
            js: assets::script(),
            nav: Some(nav),
            notice: self.notice.clone(),
            content,
        };
        Ok(app.templates.render(T::TEMPLATE, &page)?)
    }

    /// Renders the page with status 200.
    ///
    /// # Errors
    /// A word that the context lacks.
    pub fn ok<T: Context>(&self, app: &App, content: &T) -> Answered {
        self.show(app, StatusCode::OK, content)
    }
}

/// Renders a page for someone who is not signed in.
///
/// # Errors
/// A word that the context lacks.
pub fn outside<T: Context>(app: &App, status: StatusCode, title: &str, content: &T) -> Answered {
    Ok(html(status, outside_text(app, title, content)?))
}

fn outside_text<T: Context>(app: &App, title: &str, content: &T) -> Result<String, WebError> {
    let page = Page { title, css: assets::css(), js: assets::script(), nav: None, notice: None, content };
    Ok(app.templates.render(T::TEMPLATE, &page)?)
}

/// The templates of pages that someone who is not signed in sees too.
const OUTSIDE: [&str; 6] =
    ["pages/sign_in", "pages/welcome", "pages/problem", "pages/code", "pages/forgot", "pages/passkey"];

/// A context rendered both ways, for someone signed in and for a stranger: for the test that
/// renders every template with every sample.
///
/// # Errors
/// A word that the context lacks.
pub fn sample_pages<T: Context>(templates: &Templates, content: &T) -> Result<Vec<String>, RenderError> {
    let nav = || Nav {
        practice: "<script>",
        user: "<script>",
        csrf: "t",
        here: Here::NOWHERE,
        demo: true,
        manages: true,
        several: true,
        idle: 900,
        no_mail: true,
    };
    [Some(nav()), None]
        .into_iter()
        .filter(|nav| nav.is_some() || OUTSIDE.contains(&T::TEMPLATE))
        .map(|nav| {
            let notice = Some(Notice::success("<script>"));
            let page = Page { title: "<script>", css: assets::css(), js: assets::script(), nav, notice, content };
            templates.render(T::TEMPLATE, &page)
        })
        .collect()
}

pub fn html(status: StatusCode, body: String) -> HttpResponse {
    HttpResponse::build(status).content_type("text/html; charset=utf-8").body(body)
}

/// A status in words, with a shape and a colour by its tone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Badge {
    pub tone: &'static str,
    pub says: String,
}

impl Badge {
    pub fn new(tone: &'static str, says: impl Into<String>) -> Self {
        Self { tone, says: says.into() }
    }
}

/// A step of the way back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Crumb {
    pub says: String,
    pub href: Option<String>,
}

/// The way from the vendor list to here.
pub fn crumbs(steps: &[(&str, Option<&str>)]) -> Vec<Crumb> {
    steps.iter().map(|(says, href)| Crumb { says: (*says).to_owned(), href: href.map(str::to_owned) }).collect()
}

/// A line of the error summary; `at` is the id of the field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ErrorLine {
    pub at: String,
    pub says: String,
}

/// What is wrong with a form: the id of a field, and a sentence.
pub type Faults = Vec<(&'static str, String)>;

/// The error summary of a form.
pub fn error_lines(faults: &[(&'static str, String)]) -> Vec<ErrorLine> {
    faults.iter().map(|(at, says)| ErrorLine { at: (*at).to_owned(), says: says.clone() }).collect()
}

/// A text field as typed, with what is wrong with it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Field {
    pub id: &'static str,
    pub label: &'static str,
    pub hint: Option<&'static str>,
    pub value: String,
    pub error: Option<String>,
}

/// One of a list to choose from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Choosable {
    pub id: String,
    pub value: String,
    pub label: String,
    pub hint: Option<String>,
    pub checked: bool,
}

/// A list to choose from, one or several.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Choice {
    pub id: &'static str,
    pub label: &'static str,
    pub hint: Option<&'static str>,
    pub error: Option<String>,
    pub options: Vec<Choosable>,
}

/// One of the ways to see a list, with how many rows it has then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Tab {
    pub says: &'static str,
    pub href: String,
    pub count: String,
    pub here: bool,
}

/// Links to the other pages of a long list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Pager {
    pub says: String,
    pub previous: Option<String>,
    pub next: Option<String>,
    pub pages: Vec<PageLink>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PageLink {
    pub number: String,
    pub href: String,
    pub current: bool,
    pub gap: bool,
}

/// Rows on one page of a list.
pub const PER_PAGE: u32 = 100;

/// The page asked for, or the last one there is: lists shrink under bookmarks.
pub fn page_within(asked: u32, total: u32) -> u32 {
    asked.clamp(1, total.div_ceil(PER_PAGE).max(1))
}

impl Pager {
    /// The pager of page `page` (from 1) of `total` rows of things; `href` gives a page's
    /// address. `None` when one page holds all.
    pub fn of(things: &str, total: u32, page: u32, href: impl Fn(u32) -> String) -> Option<Self> {
        let last = total.div_ceil(PER_PAGE).max(1);
        if last == 1 {
            return None;
        }
        let first_row = (page - 1) * PER_PAGE + 1;
        let mut pages = Vec::new();
        let mut before = 0;
        for number in (1..=last).filter(|number| *number == 1 || *number == last || number.abs_diff(page) <= 1) {
            if number > before + 1 {
                pages.push(PageLink { number: String::new(), href: String::new(), current: false, gap: true });
            }
            pages.push(PageLink {
                number: number.to_string(),
                href: href(number),
                current: number == page,
                gap: false,
            });
            before = number;
        }
        Some(Self {
            says: format!("{things} {first_row} to {} of {total}", (first_row + PER_PAGE - 1).min(total)),
            previous: (page > 1).then(|| href(page - 1)),
            next: (page < last).then(|| href(page + 1)),
            pages,
        })
    }
}

/// The page for whatever went wrong.
#[derive(Serialize)]
pub struct Problem {
    heading: &'static str,
    happened: &'static str,
    steps: Vec<&'static str>,
    href: &'static str,
    action: &'static str,
    reference: Option<String>,
}

impl Problem {
    fn of(status: StatusCode, id: RequestId) -> Self {
        let (heading, happened, steps): (_, _, &[&'static str]) = match status.as_u16() {
            404 => (
                "There is no such page",
                "The address may be mistyped, or what was here has gone.",
                &["Check the address.", "Look for what you need from the overview."],
            ),
            403 => (
                "We did not take that form",
                "It did not come from a page that you opened while signed in. Nothing was changed.",
                &["Go back, reload the page and send it again.", "If you signed in again meanwhile, that is why."],
            ),
            400 | 405 => (
                "We could not read that",
                "What your browser sent was not whole. Nothing was changed.",
                &["Go back and try again."],
            ),
            413 => (
                "That is too large",
                "What you sent is larger than we can take at once. Nothing was changed.",
                &["Send a smaller file, or split it in two."],
            ),
            503 => (
                "We cannot save anything just now",
                "The database cannot be reached or written to. Nothing was changed, and what was saved before is safe.",
                &[
                    "Go back: your browser still has what you typed.",
                    "Wait a minute and try again.",
                    "If it goes on, tell the person who runs duecare.",
                ],
            ),
            _ => (
                "Something went wrong on our side",
                "We could not show this page. What was saved before is safe.",
                &["Wait a minute and try again.", "If it goes on, tell the person who runs duecare."],
            ),
        };
        let (href, action) = ("/", "Go to the overview");
        Self { heading, happened, steps: steps.to_vec(), href, action, reference: Some(id.0.to_string()) }
    }
}

impl Problem {
    fn denied(id: RequestId) -> Self {
        Self {
            heading: "Your role does not allow that",
            happened: "You are signed in, but this is for people with another role. Nothing was changed.",
            steps: vec!["Ask an administrator of your practice to do it, or to change your role."],
            href: "/",
            action: "Go to the overview",
            reference: Some(id.0.to_string()),
        }
    }
}

impl Context for Problem {
    const TEMPLATE: &'static str = "pages/problem";
    fn samples() -> Vec<Self> {
        [400, 403, 404, 413, 500, 503]
            .into_iter()
            .filter_map(|code| StatusCode::from_u16(code).ok())
            .map(|status| Self::of(status, RequestId(uuid::Uuid::nil())))
            .chain([Self::denied(RequestId(uuid::Uuid::nil()))])
            .collect()
    }
}

/// The page for someone whose role does not allow what they asked for.
///
/// # Errors
/// A word that the context lacks.
pub fn denied(app: &App, id: RequestId) -> Result<String, WebError> {
    let problem = Problem::denied(id);
    outside_text(app, problem.heading, &problem)
}

/// The page for an error: with the menu for who is known to be signed in, without for others.
///
/// # Errors
/// A word that the context lacks.
pub fn problem(app: &App, status: StatusCode, id: RequestId, who: Option<&SignedIn>) -> Result<String, WebError> {
    let problem = Problem::of(status, id);
    match who {
        Some(who) => Staff { who, here: Here::NOWHERE, title: problem.heading, notice: None }.text(app, &problem),
        None => outside_text(app, problem.heading, &problem),
    }
}
