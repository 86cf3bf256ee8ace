//! One page of a notice: shown with what was filled in. What is whole of it is saved, and the rest
//! comes back with what is the matter.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use chrono::NaiveDate;
use serde::Serialize;

use super::{Teller, Telling};
use crate::app::App;
use crate::domain::answers::form::Fields;
use crate::domain::answers::{Answer, Answers};
use crate::domain::notice::form::{self, KIND};
use crate::domain::notice::{NoticeGroup, NoticeKind};
use crate::domain::questionnaire::{Question, Questionnaire, Topic};
use crate::flows::notify;
use crate::flows::receive::ReceiveError;
use crate::templates::Context;
use crate::web::form::{Posted, query};
use crate::web::portal::field::{Control, Pressable};
use crate::web::portal::fill::{asked_rows, more_rows};
use crate::web::portal::leaf::Faults;
use crate::web::portal::problem::{PortalError, answer};
use crate::web::portal::question::{AskedQuestion, TickGroup, ask, error_line};
use crate::web::portal::view::{HOSTILE, longest};
use crate::web::portal::{samples, typed};
use crate::web::view::ErrorLine;
use crate::web::{Answered, WebError, see_other};

#[derive(Clone, Debug, Serialize)]
pub struct NoticePage<'a> {
    vendor: &'a str,
    step: String,
    back: Option<String>,
    action: String,
    errors: Vec<ErrorLine>,
    /// The other answers of the page are saved.
    kept: bool,
    /// Questions whose answers this would set aside.
    aside: Vec<&'a str>,
    questions: Vec<AskedQuestion<'a>>,
}

/// A question of a notice: one that it cannot do without offers no way around it.
fn put<'a>(question: &'a Question, fields: &Fields, faults: &Faults<'_>) -> AskedQuestion<'a> {
    let mut asked = ask(question, fields, faults.get(question.slug.as_str()), None);
    if !form::may_be_left(question) {
        (asked.state, asked.reason) = (None, None);
    }
    asked.optional = !question.required;
    if let (KIND, Control::Ticks(ticks)) = (question.slug.as_str(), &asked.control) {
        asked.groups = groups(ticks);
    }
    asked
}

/// The kinds under their headings.
fn groups<'a>(ticks: &[Pressable<'a>]) -> Vec<TickGroup<'a>> {
    let of = |group: NoticeGroup| {
        let here = |tick: &&Pressable<'a>| tick.value.parse::<NoticeKind>().is_ok_and(|kind| kind.group() == group);
        let ticks: Vec<Pressable<'a>> = ticks.iter().filter(here).cloned().collect();
        TickGroup { title: group.says(), hint: group.hint(), ticks }
    };
    let groups: Vec<TickGroup<'a>> = NoticeGroup::ALL.iter().copied().map(of).collect();
    // All or nothing: a kind without a heading must not be lost.
    let placed: usize = groups.iter().map(|group| group.ticks.len()).sum();
    if placed == ticks.len() { groups } else { Vec::new() }
}

/// Where in the notice a request is.
struct Spot<'a> {
    form: &'a Questionnaire,
    topic: &'a Topic,
    shown: Vec<&'a Question>,
    /// The page was opened from the list of all answers.
    from_check: bool,
}

fn find<'a>(app: &'a App, who: &Teller, id: &str, request: &HttpRequest) -> Result<Spot<'a>, PortalError> {
    let form = who.form(&app.office)?;
    let (_, topic) = form.topic(id).ok_or(WebError::NotFound)?;
    let shown = form::shown(topic, &who.held.draft.answers);
    if shown.is_empty() {
        return Err(WebError::NotFound.into());
    }
    Ok(Spot { form, topic, shown, from_check: query(request).text("back") == "check" })
}

/// What was filled in, and what is wrong with it.
struct Filling<'f> {
    fields: &'f Fields,
    faults: &'f Faults<'f>,
    /// Questions whose answers saving it would set aside.
    aside: Vec<&'f str>,
    /// What is not at fault was saved.
    kept: bool,
}

/// Someone who still writes; for whoever has sent it, the receipt is the page.
fn writing(who: Telling) -> Result<Result<Teller, HttpResponse>, PortalError> {
    let who = who?;
    Ok(if who.held.signed.is_some() { Err(see_other("/tell/receipt")) } else { Ok(who) })
}

/// GET `/tell/{topic}`
pub async fn show(app: Data<App>, who: Telling, id: Path<String>, request: HttpRequest) -> Answered {
    answer(&app, async {
        let who = match writing(who)? {
            Ok(who) => who,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let spot = find(&app, &who, &id, &request)?;
        let mut fields: Fields = asked_rows(query(&request).text("rows")).into_iter().collect();
        for question in &spot.shown {
            if let Some(answer) = who.held.draft.answers.get(&question.slug) {
                typed::add(&mut fields, question, answer);
            }
        }
        let filling = Filling { fields: &fields, faults: &Faults::new(), aside: Vec::new(), kept: false };
        page(&app, &who, &spot, filling, StatusCode::OK)
    })
    .await
}

fn page(
    app: &App,
    who: &Teller,
    spot: &Spot<'_>,
    filling: Filling<'_>,
    status: StatusCode,
) -> Result<HttpResponse, PortalError> {
    let Filling { fields, faults, aside, kept } = filling;
    let pages = form::pages(spot.form, &who.held.draft.answers);
    let at = pages.iter().position(|topic| topic.id == spot.topic.id).unwrap_or_default();
    let back = match at.checked_sub(1) {
        _ if spot.from_check => Some("/tell/check".to_owned()),
        Some(before) => Some(format!("/tell/{}", pages[before].id)),
        None => None,
    };
    let line = |question: &&Question| Some(error_line(question, faults.get(question.slug.as_str())?));
    let page = NoticePage {
        vendor: &who.held.vendor_name,
        // The pages of the kinds, then the check and the signature.
        step: if at == 0 { String::new() } else { format!("Page {} of {}", at + 1, pages.len()) },
        back,
        action: format!("/tell/{}{}", spot.topic.id, if spot.from_check { "?back=check" } else { "" }),
        errors: spot.shown.iter().filter_map(line).collect(),
        kept,
        aside,
        questions: spot.shown.iter().map(|question| put(question, fields, faults)).collect(),
    };
    Ok(who.shell(&spot.topic.title).show(app, status, &page)?)
}

type Given = Vec<(String, Option<Answer>)>;

fn read<'a>(shown: &[&'a Question], fields: &Fields, today: NaiveDate) -> (Given, Faults<'a>) {
    let (mut answers, mut faults) = (Given::new(), Faults::new());
    for question in shown {
        match form::read(question, fields, today) {
            Ok(answer) => answers.push((question.slug.clone(), answer)),
            Err(fault) => drop(faults.insert(question.slug.as_str(), fault)),
        }
    }
    (answers, faults)
}

/// The same page as the notice would be with what was sent: a kind that was just ticked decides
/// which of the page's other questions are asked.
fn as_sent<'a>(spot: &Spot<'a>, who: &Teller, fields: &Fields, today: NaiveDate) -> Vec<&'a Question> {
    let mut answers = who.held.draft.answers.clone();
    if let Some(kind) = spot.shown.iter().find(|question| question.slug == KIND) {
        match form::read(kind, fields, today) {
            Ok(Some(answer)) => drop(answers.insert(KIND.to_owned(), answer)),
            _ => drop(answers.remove(KIND)),
        }
    }
    form::shown(spot.topic, &answers)
}

/// POST `/tell/{topic}`
pub async fn save(app: Data<App>, who: Telling, id: Path<String>, posted: Posted, request: HttpRequest) -> Answered {
    answer(&app, async {
        let who = match writing(who)? {
            Ok(who) => who,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let (now, mut spot) = (app.clock.now(), find(&app, &who, &id, &request)?);
        let today = who.held.practice.day(now);
        let was = spot.shown.clone();
        let wanted = as_sent(&spot, &who, &posted.0, today);
        // What the page did not show is asked next, and is no fault of this one.
        spot.shown = wanted.iter().copied().filter(|one| was.iter().any(|other| other.slug == one.slug)).collect();
        let (given, faults) = read(&spot.shown, &posted.0, today);
        let given_by: Vec<(&str, Option<Answer>)> =
            given.iter().map(|(slug, answer)| (slug.as_str(), answer.clone())).collect();
        let aside = form::set_aside(spot.form, &who.held.draft.answers, &given_by);
        if !faults.is_empty() {
            let cookie = who.cookie.clone();
            let before = &who.held.draft.answers;
            let others = given.iter().any(|(slug, answer)| answer.is_some() || before.contains_key(slug));
            // Nothing where that would set others aside: the page asks about it when it is whole.
            let kept = others
                && aside.is_empty()
                && app.write(move |conn| notify::save(conn, &cookie, &given, now)).await.is_ok();
            let filling = Filling { fields: &posted.0, faults: &faults, aside: Vec::new(), kept };
            return page(&app, &who, &spot, filling, StatusCode::UNPROCESSABLE_ENTITY);
        }
        if !aside.is_empty() && !posted.is_ticked("aside") {
            let aside = aside.into_iter().map(|question| question.text.as_str()).collect();
            let filling = Filling { fields: &posted.0, faults: &faults, aside, kept: false };
            return page(&app, &who, &spot, filling, StatusCode::CONFLICT);
        }
        let cookie = who.cookie.clone();
        let answers = match app.write(move |conn| notify::save(conn, &cookie, &given, now)).await {
            Ok(answers) => answers,
            Err(ReceiveError::AlreadySigned) => return Ok(see_other("/tell/receipt")),
            Err(other) => return Err(other.into()),
        };
        Ok(see_other(&onward(&spot, &was, &answers, &posted)))
    })
    .await
}

/// Where to go after a page was saved.
fn onward(spot: &Spot<'_>, was: &[&Question], answers: &Answers, posted: &Posted) -> String {
    let (id, back) = (&spot.topic.id, if spot.from_check { "?back=check" } else { "" });
    if let Some(list) = posted.text("action").strip_prefix("more:") {
        let list = was.iter().find(|question| question.slug == list);
        let Some(Question { slug, .. }) = list else { return format!("/tell/{id}{back}") };
        let (mark, rows) = (if back.is_empty() { '?' } else { '&' }, more_rows(&posted.0, slug));
        return format!("/tell/{id}{back}{mark}rows={slug}.{rows}#{slug}");
    }
    let now = form::shown(spot.topic, answers);
    let brought_up = now.iter().find(|one| !was.iter().any(|other| other.slug == one.slug));
    if let Some(question) = brought_up {
        return format!("/tell/{id}{back}#{}", question.slug);
    }
    let pages = form::pages(spot.form, answers);
    let next = pages.iter().skip_while(|topic| topic.id != *id).nth(1);
    match next {
        // Other kinds bring other pages: all of them are gone through.
        Some(next) if !spot.from_check || was.iter().any(|question| question.slug == KIND) => {
            format!("/tell/{}", next.id)
        }
        _ => "/tell/check".to_owned(),
    }
}

impl Context for NoticePage<'_> {
    const TEMPLATE: &'static str = "portal/tell_page";
    fn samples() -> Vec<Self> {
        let page = |questions: &'static [Question], typed: &str, vendor: &'static str| {
            let fields = samples::filled(questions, typed);
            let all: Vec<&Question> = questions.iter().collect();
            let (_, faults) = read(&all, &fields, NaiveDate::default());
            Self {
                vendor,
                step: "Page 2 of 5".to_owned(),
                back: Some("/tell/kind-of-change".to_owned()),
                action: "/tell/when".to_owned(),
                errors: all.iter().filter_map(|one| Some(error_line(one, faults.get(one.slug.as_str())?))).collect(),
                kept: !typed.is_empty(),
                aside: if typed.is_empty() { Vec::new() } else { vec![vendor] },
                questions: all.iter().map(|question| put(question, &fields, &faults)).collect(),
            }
        };
        let [plain, long, hostile] = &*samples::EVERY_KIND;
        vec![
            page(plain, "", "Northwind Billing Services"),
            page(long, longest(2_400), longest(200)),
            page(hostile, HOSTILE, HOSTILE),
            page(&[], "", ""),
        ]
    }
}
