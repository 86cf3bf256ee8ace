//! Fills a database for the load script: one practice of 200 vendors that is looked at, or of
//! as many as the second argument says, and as many others as it takes to reach the wanted
//! number of vendors in all; of the third argument's number of respondents, one if absent.
//! Prints what the script needs as shell variables.

use std::io::Write;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use duecare::catalogue::Catalogue;
use duecare::clock::Clock;
use duecare::config;
use duecare::domain::access::Scope;
use duecare::domain::answers::{Answer, Answers, Grade, Value};
use duecare::domain::practice::Practice;
use duecare::domain::questionnaire::AnswerKind;
use duecare::domain::vendor_file;
use duecare::flows::{Office, receive, register, sign_in, sweep};
use duecare::letters::Letters;
use duecare::secrets::{self, Key};
use duecare::store::{self, Store, StoreError};
use duecare::templates::Templates;

const OWN: usize = 200;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let wanted: usize = std::env::args().nth(1).ok_or("say how many vendors")?.parse()?;
    let own: usize = std::env::args().nth(2).map_or(Ok(OWN), |own| own.parse())?;
    let settings = config::read(&[], std::env::vars(), None)?;
    std::fs::create_dir_all(&settings.data_dir)?;
    let key = Key::of(&settings.secret()?);
    let store = Store::open(&settings.database)?.sealing(key.chain_key());
    store.forget_safety()?;
    let office = Office {
        catalogue: Arc::new(Catalogue::built_in()?),
        letters: Arc::new(Letters::new(Arc::new(Templates::built_in()?), &settings.base(), &settings.mail_from)),
        key,
    };
    let now = Clock::System.now();
    let looked_at = practice(&store, &office, 0, own, now)?;
    for number in 1..=wanted.saturating_sub(own).div_ceil(OWN) {
        practice(&store, &office, number, OWN, now)?;
    }
    sweep::ask(&store, &office, &looked_at, now)?;
    let respondents: usize = std::env::args().nth(3).map_or(Ok(1), |count| count.parse())?;
    let (staff, respondents) = sessions(&store, &office, &looked_at, respondents, now)?;
    let respondent = respondents.first().ok_or("nobody was asked")?;
    let token = |cookie: &str| office.key.form_token(&secrets::digest(cookie));
    let mut out = std::io::stdout();
    writeln!(
        out,
        "STAFF={staff}\nSTAFF_TOKEN={}\nRESPONDENT={respondent}\nRESPONDENT_TOKEN={}",
        token(&staff),
        token(respondent)
    )?;
    for one in &respondents {
        writeln!(out, "RESPONDENT_LINE={one},{}", token(one))?;
    }
    Ok(())
}

fn practice(
    store: &Store,
    office: &Office,
    number: usize,
    vendors: usize,
    now: DateTime<Utc>,
) -> Result<Practice, Failure> {
    let mut list = "name,contact_email,services,ba_status,phi_elements,volume,access,criticality,subcontractors,offshore,baa_signed_on,owner\n".to_owned();
    // The vendors of others need not be asked, so that no sweep is at work while we measure.
    let status = if number == 0 { "business-associate" } else { "no-phi" };
    for vendor in 0..vendors {
        list.push_str(&format!("Vendor {vendor} of {number},pat@vendor{vendor}.example,Medical billing,{status},clinical,5000-49999,hosts,72h,1 to 2,none,2026-01-31,Dana Whitfield\n"));
    }
    let file = vendor_file::read(list.as_bytes()).map_err(|faults| faults[0].to_string())?;
    let practice = store.write(|conn| {
        let practice = sign_in::found_practice(conn, &format!("Practice {number}"), chrono_tz::America::Chicago, now)?;
        for row in &file.rows {
            register::add(conn, office, &practice, &row.details, &duecare::domain::entry::Actor::Program, now)?;
        }
        Ok::<_, StoreError>(practice)
    })?;
    Ok(practice)
}

/// Answers to every other question, as of someone in the middle of it.
fn half<'a>(opened: &receive::Opened, office: &'a Office) -> Result<Vec<(&'a str, Option<Answer>)>, StoreError> {
    let questionnaire = receive::pinned(office, &opened.assessment)?;
    let asked = receive::applicable(questionnaire, &opened.assessment, &Answers::new());
    let answers = asked.into_iter().step_by(2).filter_map(|question| {
        let value = match &question.answer {
            AnswerKind::Graded => Value::Grade(Grade::Partial),
            AnswerKind::Choice { choices } => Value::Choice(choices.first()?.key.clone()),
            _ => Value::Unknown,
        };
        Some((question.slug.as_str(), Some(Answer::of(value))))
    });
    Ok(answers.collect())
}

/// A member of staff, and as many respondents who have started.
fn sessions(
    store: &Store,
    office: &Office,
    practice: &Practice,
    respondents: usize,
    now: DateTime<Utc>,
) -> Result<(String, Vec<String>), Failure> {
    let scope = Scope::Practice(practice.id);
    let staff = store.write(|conn| {
        let user = sign_in::add_user(
            conn,
            practice.id,
            "dana@practice.example",
            "Dana Whitfield",
            duecare::domain::user::Role::Administrator,
            now,
        )?;
        sign_in::new_session(conn, user.id, practice.id, now)
    })?;
    let invitations = store.read(|conn| {
        let open = store::assessments::all_open(conn, &scope)?;
        let open = open.iter().take(respondents);
        open.map(|one| store::invitations::latest(conn, &scope, one.id)).collect::<Result<Vec<_>, _>>()
    })?;
    let mut started = Vec::new();
    for invitation in invitations.into_iter().flatten() {
        let token = office.key.invitation_token(invitation.id);
        started.push(store.write(|conn| {
            let (respondent, opened) = receive::start(conn, office, &token, None, now)?;
            receive::save(conn, &opened, &half(&opened, office)?, now)?;
            Ok::<_, receive::ReceiveError>(respondent)
        })?);
    }
    Ok((staff.cookie, started))
}
