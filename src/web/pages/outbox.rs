//! The letters that the practice owes, and what became of each.

use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use chrono_tz::Tz;
use serde::Serialize;

use super::vendors::SelectOption;
use super::words;
use crate::app::App;
use crate::domain::ids::LetterId;
use crate::domain::letter::{CODE_PLACE, Letter, LetterKind, LetterState, TOKEN_PLACE};
use crate::flows::deliver;
use crate::store::{StoreError, letters};
use crate::templates::Context;
use crate::web::form::{id, query};
use crate::web::session::SignedIn;
use crate::web::view::{Badge, Crumb, Here, PER_PAGE, Pager, Staff, crumbs, page_within};
use crate::web::{Answered, WebError};

#[derive(Serialize)]
pub struct Outbox {
    heading: String,
    says: String,
    states: Vec<SelectOption>,
    pager: Option<Pager>,
    letters: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    id: String,
    tone: &'static str,
    state: String,
    subject: String,
    to: String,
    when: String,
    tries: String,
    reason: String,
}

fn row(letter: Letter, timezone: Tz) -> Row {
    let badge = words::letter_state(letter.state);
    Row {
        id: letter.id.to_string(),
        tone: badge.tone,
        state: badge.says,
        subject: letter.subject,
        to: letter.to_address,
        when: words::local(letter.sent_at.unwrap_or(letter.written_at), timezone),
        tries: letter.attempts.to_string(),
        reason: letter.reason.unwrap_or_default(),
    }
}

fn page(state: Option<LetterState>, total: u32, page: u32, letters: Vec<Letter>, timezone: Tz) -> Outbox {
    let any = SelectOption { value: "", label: "All", checked: state.is_none() };
    let states = LetterState::ALL.iter().map(|one| SelectOption {
        value: one.key(),
        label: one.says(),
        checked: state == Some(*one),
    });
    let href = |page: u32| match state {
        Some(state) => format!("/outbox?state={state}&page={page}"),
        None => format!("/outbox?page={page}"),
    };
    Outbox {
        heading: if total == 0 {
            "Outbox".to_owned()
        } else {
            format!("Outbox, {}", words::counted(total as usize, "letter"))
        },
        says: format!(
            "Every letter that this practice owes, and what became of it, in {} time.",
            timezone.name().rsplit('/').next().unwrap_or_default().replace('_', " ")
        ),
        states: std::iter::once(any).chain(states).collect(),
        pager: Pager::of("Letters", total, page, href),
        letters: letters.into_iter().map(|letter| row(letter, timezone)).collect(),
    }
}

fn sample_letter(text: &str) -> Letter {
    Letter {
        practice: crate::domain::ids::PracticeId::fresh(),
        id: LetterId::fresh(),
        once: String::new(),
        kind: LetterKind::Invitation,
        vendor: None,
        invitation: None,
        to_name: text.to_owned(),
        to_address: text.to_owned(),
        from_name: text.to_owned(),
        reply_to: None,
        subject: text.to_owned(),
        text: format!("{text} https://x.test/i/{TOKEN_PLACE}"),
        html: text.to_owned(),
        message_id: "<1@x.test>".to_owned(),
        state: LetterState::Failed,
        attempts: 3,
        written_at: chrono::DateTime::default(),
        sent_at: None,
        reason: Some(text.to_owned()),
    }
}

impl Context for Outbox {
    const TEMPLATE: &'static str = "pages/outbox";
    fn samples() -> Vec<Self> {
        let letters =
            vec![sample_letter("Pat"), sample_letter("<script>alert(1)</script>"), sample_letter(&"long ".repeat(60))];
        vec![page(None, 0, 1, vec![], Tz::UTC), page(Some(LetterState::Failed), 300, 2, letters, Tz::UTC)]
    }
}

#[derive(Serialize)]
pub struct LetterPage {
    crumbs: Vec<Crumb>,
    subject: String,
    state: Badge,
    when: String,
    reason: Option<String>,
    reason_kind: &'static str,
    link: Option<String>,
    from: String,
    to: String,
    reply_to: Option<String>,
    date: String,
    message_id: String,
    body: String,
}

/// What opens something in a letter. Known in the demo only, where it may be followed;
/// elsewhere it is nobody's business but the vendor's, and the page shows dots in its place.
#[derive(Default)]
struct Opens {
    token: Option<String>,
    code: Option<String>,
}

fn letter_page(letter: Letter, from_address: &str, opens: &Opens, timezone: Tz) -> LetterPage {
    let tries = match letter.attempts {
        0 => "not tried yet".to_owned(),
        1 => "at the first try".to_owned(),
        more => format!("after {more} tries"),
    };
    let at = words::local(letter.sent_at.unwrap_or(letter.written_at), timezone);
    LetterPage {
        crumbs: crumbs(&[("Outbox", Some("/outbox")), ("Letter", None)]),
        state: words::letter_state(letter.state),
        when: format!("{at}, {tries}"),
        reason_kind: if letter.state == LetterState::Failed { "error" } else { "warning" },
        reason: letter.reason,
        link: opens
            .token
            .as_ref()
            .map(|token| if letter.kind.to_staff() { format!("/welcome/{token}") } else { format!("/i/{token}") }),
        from: format!("{} <{from_address}>", letter.from_name),
        to: if letter.to_name.is_empty() {
            letter.to_address
        } else {
            format!("{} <{}>", letter.to_name, letter.to_address)
        },
        reply_to: letter.reply_to,
        date: words::local(letter.written_at, timezone),
        message_id: letter.message_id,
        body: letter
            .text
            .replace(TOKEN_PLACE, opens.token.as_deref().unwrap_or("••••••••"))
            .replace(CODE_PLACE, opens.code.as_deref().unwrap_or("••••••")),
        subject: letter.subject,
    }
}

impl Context for LetterPage {
    const TEMPLATE: &'static str = "pages/letter";
    fn samples() -> Vec<Self> {
        ["Pat", "", "<script>alert(1)</script>"]
            .into_iter()
            .map(|text| {
                let opens = Opens { token: Some(text.to_owned()), code: Some("123456".to_owned()) };
                letter_page(sample_letter(text), "x@x.test", &opens, Tz::UTC)
            })
            .chain([letter_page(sample_letter(&"long ".repeat(60)), "x@x.test", &Opens::default(), Tz::UTC)])
            .collect()
    }
}

/// GET `/outbox`
pub async fn list(app: Data<App>, who: SignedIn, request: HttpRequest) -> Answered {
    let fields = query(&request);
    let state: Option<LetterState> = fields.text("state").parse().ok();
    let number: u32 = fields.text("page").parse().unwrap_or(1).clamp(1, 100_000);
    let scope = who.scope;
    let (total, rows, number) = app
        .read_in(who.scope, move |conn| {
            let total = letters::total(conn, &scope, state)?;
            let number = page_within(number, total);
            let rows =
                letters::list(conn, &scope, state, i64::from(PER_PAGE), i64::from(number - 1) * i64::from(PER_PAGE))?;
            Ok::<_, StoreError>((total, rows, number))
        })
        .await?;
    let content = page(state, total, number, rows, who.timezone);
    Staff { who: &who, here: Here::OUTBOX, title: "Outbox", notice: None }.ok(&app, &content)
}

/// GET `/outbox/{id}`
pub async fn letter(app: Data<App>, who: SignedIn, path: Path<String>) -> Answered {
    let (letter, scope): (LetterId, _) = (id(&path)?, who.scope);
    let letter =
        app.read_in(who.scope, move |conn| letters::one(conn, &scope, letter)).await?.ok_or(WebError::NotFound)?;
    let opens = match app.demo {
        true if letter.kind == LetterKind::Code => Opens { token: None, code: deliver::code(&app.office, &letter) },
        true => Opens { token: deliver::token(&app.office, &letter), code: None },
        false => Opens::default(),
    };
    let from = deliver::envelope(&app.office, &letter, app.clock.now()).from_address;
    let content = letter_page(letter, &from, &opens, who.timezone);
    Staff { who: &who, here: Here::OUTBOX, title: "Letter", notice: None }.ok(&app, &content)
}
