//! The first steps of a new practice: what there is to do, how far it is, and what was left
//! out. Under five minutes, and every step can wait.

use actix_web::web::Data;
use serde::Serialize;

use crate::app::App;
use crate::domain::practice::Practice;
use crate::domain::practice::setup::{Progress, Seen, Setup, Step};
use crate::flows::setup::{self, Move};
use crate::store::{self, StoreError};
use crate::templates::Context;
use crate::web::form::Posted;
use crate::web::session::SignedIn;
use crate::web::view::{Badge, Here, Staff};
use crate::web::{Answered, WebError, see_other, zones};

#[derive(Serialize)]
pub struct SetupPage {
    progress: String,
    steps: Vec<StepView>,
    /// Nothing is left to do here.
    finished: bool,
    dismissed: bool,
}

#[derive(Serialize)]
struct StepView {
    key: &'static str,
    number: usize,
    title: &'static str,
    state: Badge,
    says: String,
    links: Vec<Link>,
    can_accept: bool,
    can_skip: bool,
    can_resume: bool,
}

#[derive(Serialize)]
struct Link {
    href: &'static str,
    says: &'static str,
}

/// The line on the overview.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SetupLine {
    says: String,
}

/// How far the first steps are, in words.
fn progress(setup: &Setup, seen: Seen) -> String {
    let steps = setup.steps(seen);
    let done = steps.iter().filter(|(_, state)| *state == Progress::Done).count();
    let left_out = steps.iter().filter(|(_, state)| *state == Progress::Skipped).count();
    match left_out {
        0 => format!("{done} of {} steps done", steps.len()),
        count => format!("{done} of {} steps done, {count} left out", steps.len()),
    }
}

/// The line on the overview, while there is something to do and nobody put it away.
pub fn line(setup: &Setup, seen: Seen) -> Option<SetupLine> {
    setup.speaks(seen).then(|| SetupLine { says: progress(setup, seen) })
}

/// What a step is about, and where it is done.
fn about(step: Step, practice: &Practice, seen: Seen) -> (String, Vec<Link>) {
    let link = |href, says| Link { href, says };
    match step {
        Step::Practice => (
            format!("{}, {}. Dates follow this time zone.", practice.name, zones::says(practice.timezone.name())),
            vec![link("/practice#who", "Change it")],
        ),
        Step::SecondFactor => (
            "A code from your phone or a passkey, beside your password: a stolen password alone then opens nothing."
                .to_owned(),
            vec![link("/account/second-step", if seen.second_factor { "Look at it" } else { "Set it up" })],
        ),
        Step::Mail => (
            match &practice.settings.setup.mail {
                Some(test) => format!("{}.", test.came.says()),
                None => "Send yourself a letter, and see what the mail server answers.".to_owned(),
            },
            vec![link("/setup/mail", "Test the mail")],
        ),
        Step::Vendors => (
            "Bring in the list you have, from a spreadsheet, or add the first vendor by hand.".to_owned(),
            vec![link("/vendors/import", "Import a list"), link("/vendors/new", "Add a vendor")],
        ),
        Step::Settings => (
            "Who letters are from, how often you ask, when you remind. What is set suits most practices.".to_owned(),
            vec![link("/practice", "Look through them")],
        ),
    }
}

fn page(practice: &Practice, seen: Seen) -> SetupPage {
    let setup = &practice.settings.setup;
    let view = |(at, (step, state)): (usize, (Step, Progress))| {
        let (says, links) = about(step, practice, seen);
        let badge = match state {
            Progress::Done => Badge::new("good", "Done"),
            Progress::Skipped => Badge::new("plain", "Left out"),
            Progress::ToDo => Badge::new("wait", "To do"),
        };
        StepView {
            key: step.key(),
            number: at + 1,
            title: step.says(),
            state: badge,
            says,
            links,
            can_accept: step == Step::Settings && state != Progress::Done,
            can_skip: state == Progress::ToDo,
            can_resume: state == Progress::Skipped,
        }
    };
    let steps = setup.steps(seen);
    SetupPage {
        progress: progress(setup, seen),
        finished: steps.iter().all(|(_, state)| *state != Progress::ToDo),
        steps: steps.into_iter().enumerate().map(view).collect(),
        dismissed: setup.dismissed,
    }
}

/// A practice for samples.
pub(super) fn sample_practice(text: &str) -> Practice {
    Practice {
        id: crate::domain::ids::PracticeId::fresh(),
        slug: "maple".to_owned(),
        name: text.to_owned(),
        timezone: chrono_tz::America::Chicago,
        contact: crate::domain::practice::PracticeContact::default(),
        settings: crate::domain::practice::Settings::default(),
    }
}

impl Context for SetupPage {
    const TEMPLATE: &'static str = "pages/setup";
    fn samples() -> Vec<Self> {
        let mut half = sample_practice("Maple");
        half.settings.setup.skipped.extend([Step::Mail, Step::Vendors]);
        half.settings.setup.dismissed = true;
        let mut done = half.clone();
        done.settings.setup.settings_seen = true;
        vec![
            page(&sample_practice("Maple"), Seen::default()),
            page(&half, Seen::default()),
            page(&done, Seen { second_factor: true, vendors: true }),
            page(&sample_practice("<script>"), Seen::default()),
            page(&sample_practice(&"long ".repeat(40)), Seen::default()),
        ]
    }
}

/// GET `/setup`
pub async fn show(app: Data<App>, who: SignedIn) -> Answered {
    let (scope, user) = (who.scope, who.user);
    let (practice, seen) = app
        .read_in(who.scope, move |conn| {
            Ok::<_, StoreError>((store::practices::one(conn, &scope)?, store::first_steps::seen(conn, &scope, user)?))
        })
        .await?;
    Staff { who: &who, here: Here::NOWHERE, title: "First steps", notice: None }.ok(&app, &page(&practice, seen))
}

/// POST `/setup`: leaves a step out, takes it up, or puts all of it away.
pub async fn change(app: Data<App>, who: SignedIn, posted: Posted) -> Answered {
    let step = posted.text("step").parse::<Step>();
    let unknown = || WebError::Unreadable("there is no such step".to_owned());
    let (done, next) = match (posted.text("act"), step) {
        ("skip", Ok(step)) => (Move::Skip(step), "/setup"),
        ("resume", Ok(step)) => (Move::Resume(step), "/setup"),
        ("accept", _) => (Move::AcceptSettings, "/setup"),
        ("dismiss", _) => (Move::Dismiss, "/"),
        ("show", _) => (Move::Show, "/setup"),
        _ => return Err(unknown()),
    };
    let (scope, by, now) = (who.scope, who.actor(), app.clock.now());
    app.write_in(who.scope, move |conn| setup::note(conn, &scope, done, &by, now)).await?;
    Ok(see_other(next))
}
