//! One page of questions: shown with what was saved. What is whole of it is saved, and the rest
//! comes back with what is the matter.

mod partly;

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use chrono::NaiveDate;
use serde::Serialize;

use self::partly::{conflicts, partly, tell_asker};
use super::autosave::Came;
use super::done::Done;
use super::earlier::Earlier;
use super::evidence;
use super::field::Line;
use super::fill::asked_rows;
use super::leaf::{
    Faults, confirmed, contradicted, keep, last_year, read_each, replies, reply_field, same_field, shown,
};
use super::onward::Turned;
use super::problem::{PortalError, answer};
use super::question::{AskedQuestion, Before, Remark, Still, ask, error_line};
use super::respondent::{Respondent, Visit};
use super::view::{HOSTILE, longest};
use super::{autosave, samples, typed};
use crate::app::App;
use crate::domain::answers::Answers;
use crate::domain::answers::form::{FieldFault, Fields};
use crate::domain::answers::seen::Seen;
use crate::domain::correction::thread::thread;
use crate::domain::questionnaire::{Question, Section, Topic};
use crate::domain::recheck::STILL_TRUE;
use crate::flows::receive::{self, Saved, Saving};
use crate::templates::Context;
use crate::web::form::{Posted, query};
use crate::web::view::ErrorLine;
use crate::web::{Answered, WebError, see_other};

const NOT_NOW: &str =
    "This page is not saved yet: our database cannot be written to. Press Save again in a few minutes";

#[derive(Clone, Debug, Serialize)]
pub struct TopicPage<'a> {
    section: &'a str,
    back: &'static str,
    action: String,
    /// The answers as this page shows them; comes back with the form.
    seen: String,
    errors: Vec<ErrorLine>,
    /// The other answers of the page are saved.
    kept: bool,
    /// Questions whose answers this would set aside.
    aside: Vec<&'a str>,
    questions: Vec<AskedQuestion<'a>>,
}

/// Where in the questionnaire a request is.
#[derive(Clone, Copy)]
struct Spot<'a> {
    section: &'a Section,
    topic: &'a Topic,
    /// The page was opened from the list of all answers.
    from_check: bool,
    request: &'a HttpRequest,
}

/// What was filled in, and what is wrong with it by question.
struct Filling<'f> {
    fields: &'f Fields,
    faults: &'f Faults<'f>,
    last: &'f BTreeMap<String, Earlier>,
    seen: String,
    /// What is not at fault was saved.
    kept: bool,
    /// Why nothing of it was saved, where no question is to blame.
    trouble: Option<&'static str>,
    /// Questions elsewhere whose answers saving this would set aside.
    aside: Vec<&'f str>,
}

/// The marks of the questions as they are on record.
fn seen(shown: &[&Question], answers: &Answers) -> Seen {
    Seen::of(shown.iter().map(|question| question.slug.as_str()), answers)
}

pub async fn show(app: Data<App>, who: Visit, id: Path<String>, request: HttpRequest) -> Answered {
    answer(&app, async {
        let who = Respondent::helping(who)?;
        let spot = find(&app, &who, &id, &request)?;
        let shown = shown(spot.topic, &who)?;
        let mut fields: Fields = asked_rows(query(&request).text("rows")).into_iter().collect();
        let last = last_year(&app, &who, spot.topic).await?;
        for question in &shown {
            let Some(answer) = who.answers.get(&question.slug) else { continue };
            // Still true only while the earlier reply says what stands here: it may be corrected.
            let same = last.get(&question.slug).is_some_and(|earlier| earlier.answer.bare() == answer.bare());
            if same && who.confirmed.contains(&question.slug) {
                fields.push((same_field(&question.slug), "same".to_owned()));
                continue;
            }
            typed::add(&mut fields, question, answer);
            if last.contains_key(&question.slug) {
                fields.push((same_field(&question.slug), "changed".to_owned()));
            }
        }
        if let Some(open) = &who.opened.correction {
            fields.extend(open.replies.iter().map(|(slug, reply)| (reply_field(slug), reply.clone())));
        }
        let seen = seen(&shown, &who.answers).written();
        let filling = Filling {
            fields: &fields,
            faults: &Faults::new(),
            last: &last,
            seen,
            kept: false,
            trouble: None,
            aside: Vec::new(),
        };
        page(&app, &who, spot, &shown, &filling, StatusCode::OK)
    })
    .await
}

pub async fn save(app: Data<App>, who: Visit, id: Path<String>, posted: Posted, request: HttpRequest) -> Answered {
    answer(&app, async {
        let who = Respondent::unfinished(who)?;
        if let Some(signed) = who.signature().cloned() {
            return Err(PortalError::Signed(Box::new((who.opened, signed))));
        }
        if who.locked && who.opened.correction.is_some() {
            return Err(PortalError::Code { next: "" });
        }
        let spot = find(&app, &who, &id, &request)?;
        let shown = shown(spot.topic, &who)?;
        // A page of before this field was there saves over what is on record; a browser that
        // may not see that saves over nothing.
        let on_record = if who.locked { Answers::new() } else { who.answers.clone() };
        let was = Seen::read(posted.text("seen")).unwrap_or_else(|| seen(&shown, &on_record));
        let last = last_year(&app, &who, spot.topic).await?;
        if posted.text("action") == autosave::ACTION {
            return autosave::save(&app, &who, Came { shown: &shown, posted: &posted, last: &last }, was).await;
        }
        let today = who.opened.practice.day(app.clock.now());
        let (read, mut faults) = read_each(&shown, &posted.0, &last, today);
        let (replies, long) = replies(&shown, &who, &posted.0);
        faults.extend(long);
        faults.extend(contradicted(&who, &read, &replies));
        if !faults.is_empty() {
            let came = Came { shown: &shown, posted: &posted, last: &last };
            return partly(&app, who, spot, came, was, faults).await;
        }
        let (nothing, marks) = (Faults::new(), was.written());
        let again = |status, faults: &Faults<'_>, seen: String, trouble, aside| {
            let filling = Filling { fields: &posted.0, faults, last: &last, seen, kept: false, trouble, aside };
            page(&app, &who, spot, &shown, &filling, status)
        };
        let questionnaire = who.opened.questionnaire(&app.office)?;
        let aside = receive::set_aside(questionnaire, &who.opened.assessment, &on_record, &read);
        if !aside.is_empty() && !posted.is_ticked("aside") {
            let aside = aside.into_iter().map(|question| question.text.as_str()).collect();
            return again(StatusCode::CONFLICT, &nothing, marks, None, aside);
        }
        let confirmed = confirmed(&posted.0, &last);
        let answers = match keep(&app, &who.opened, read, confirmed, replies, was, Saving::Pressed).await {
            Ok(Saved::All(answers)) => answers,
            // What was typed must outlive a database that cannot be written to now.
            Err(PortalError::Web(error @ (WebError::Unavailable(_) | WebError::ReadOnly(_)))) => {
                tracing::error!("a page of answers was not saved: {error:?}");
                return again(StatusCode::SERVICE_UNAVAILABLE, &nothing, marks, Some(NOT_NOW), Vec::new());
            }
            Err(error) => return Err(error),
            Ok(Saved::Conflicts { answers, questions }) => {
                let faults = conflicts(&shown, &questions, if who.locked { None } else { Some(&answers) });
                // The others keep their marks: what somebody else answered there was not shown here.
                let slugs = questions.iter().map(String::as_str);
                let marks = match Seen::read(&marks).filter(|_| !who.locked) {
                    Some(was) => Seen::of(slugs, &answers).or(was).written(),
                    None => marks,
                };
                return again(StatusCode::CONFLICT, &faults, marks, None, Vec::new());
            }
        };
        let applicable = who.applicable_with(questionnaire, &answers);
        if who.part().is_some() {
            tell_asker(&app, &who, &applicable, &answers).await?;
        }
        let Spot { topic, from_check, .. } = spot;
        let (shown, applicable, fields) = (&shown, &applicable, &posted.0);
        let turned = Turned { questionnaire, topic, shown, applicable, from_check, fields };
        let onward = turned.onward(posted.text("action"));
        // Where whoever was asked checks it all, a colleague is done.
        Ok(see_other(if who.part().is_some() && onward == "/respond/check" { "/respond" } else { &onward }))
    })
    .await
}

fn find<'a>(app: &'a App, who: &Respondent, id: &str, request: &'a HttpRequest) -> Result<Spot<'a>, PortalError> {
    let (section, topic) = who.opened.questionnaire(&app.office)?.topic(id).ok_or(WebError::NotFound)?;
    if !who.sees(&section.id) {
        return Err(WebError::NotFound.into());
    }
    let from_check = who.part().is_none() && query(request).text("back") == "check";
    Ok(Spot { section, topic, from_check, request })
}

fn page(
    app: &App,
    who: &Respondent,
    spot: Spot<'_>,
    shown: &[&Question],
    filling: &Filling<'_>,
    status: StatusCode,
) -> Result<HttpResponse, PortalError> {
    let fault = |question: &Question| filling.faults.get(question.slug.as_str());
    let last = |question: &Question| filling.last.get(&question.slug);
    let (back, query) = if spot.from_check { ("/respond/check", "?back=check") } else { ("/respond", "") };
    let first = shown.first().map(|question| question.slug.clone()).unwrap_or_default();
    let trouble = filling.trouble.map(|says| ErrorLine { at: first, says: says.to_owned() });
    let faulty = shown.iter().filter_map(|question| Some(error_line(question, fault(question)?)));
    let today = who.opened.practice.day(app.clock.now());
    let page = TopicPage {
        section: &spot.section.title,
        back,
        action: format!("/respond/{}{query}", spot.topic.id),
        seen: filling.seen.clone(),
        errors: trouble.into_iter().chain(faulty).collect(),
        kept: filling.kept,
        aside: filling.aside.clone(),
        questions: shown
            .iter()
            .map(|question| AskedQuestion {
                said: Done::beside(spot.request, &question.slug),
                files: evidence::lines(who, &question.slug, today),
                remark: remark(who, question, filling.fields, fault(question)),
                ..ask(question, filling.fields, fault(question), last(question))
            })
            .collect(),
    };
    Ok(who.shell(&spot.topic.title).show(app, status, &page)?)
}

/// What the practice says to the answer, and the field to reply in.
fn remark(who: &Respondent, question: &Question, fields: &Fields, fault: Option<&FieldFault>) -> Option<Remark> {
    let open = who.opened.correction.as_ref()?;
    let says = open.returned.get(&question.slug)?.clone();
    let name = reply_field(&question.slug);
    let typed = fields.iter().find(|(field, _)| *field == name).map(|(_, text)| text.clone()).unwrap_or_default();
    let error = fault.filter(|fault| fault.field == name).map(|fault| fault.problem.clone());
    let before = thread(&who.before, &question.slug);
    let recheck = open.occasion.is_recheck();
    // What is blank cannot stay as it is.
    let answered = recheck && who.answers.contains_key(&question.slug);
    Some(Remark {
        before: before.into_iter().map(Before::of).collect(),
        from: open.opened_by.clone(),
        says,
        still: answered.then(|| Still { name: name.clone(), value: STILL_TRUE, on: typed == STILL_TRUE }),
        reply: (!recheck).then(|| Line::named(name, typed, error)),
    })
}

impl Context for TopicPage<'_> {
    const TEMPLATE: &'static str = "portal/topic";
    fn samples() -> Vec<Self> {
        let page = |questions: &'static [Question], typed: &str, title: &'static str| {
            let fields = samples::filled(questions, typed);
            let all: Vec<&Question> = questions.iter().collect();
            let day = NaiveDate::MAX.pred_opt().unwrap_or_default();
            let (_, faults) = read_each(&all, &fields, &BTreeMap::new(), day);
            let last = (!typed.is_empty()).then(|| samples::earlier(typed));
            let remark = |question: &Question, still: bool| Remark {
                before: Vec::new(),
                from: title.to_owned(),
                says: title.to_owned(),
                reply: (!still).then(|| Line::named(reply_field(&question.slug), title, None)),
                still: still.then(|| Still { name: reply_field(&question.slug), value: STILL_TRUE, on: true }),
            };
            let asked = |(at, question): (usize, &'static Question)| AskedQuestion {
                remark: (at < 2 && !typed.is_empty()).then(|| remark(question, at == 0)),
                ..ask(question, &fields, faults.get(question.slug.as_str()), last.as_ref())
            };
            Self {
                section: title,
                back: "/respond",
                action: "/respond/encryption".to_owned(),
                seen: seen(&all, &Answers::new()).written(),
                errors: all.iter().filter_map(|one| Some(error_line(one, faults.get(one.slug.as_str())?))).collect(),
                kept: !typed.is_empty(),
                aside: if typed.is_empty() { Vec::new() } else { vec![title] },
                questions: questions.iter().enumerate().map(asked).collect(),
            }
        };
        let [plain, long, hostile] = &*samples::EVERY_KIND;
        vec![
            page(plain, "", "Computers and networks"),
            page(plain, "na", "Computers and networks"),
            page(long, longest(2_400), longest(120)),
            page(hostile, HOSTILE, HOSTILE),
            page(&[], "", ""),
        ]
    }
}
