//! `duecare sweep [--practice SLUG] [--dry-run] [--on DATE]`

use std::sync::atomic::AtomicBool;

use chrono::NaiveDate;
use clap::Args;

use super::{Failure, say, setup, tell};
use crate::clock::Clock;
use crate::config::Settings;
use crate::domain::access::Scope;
use crate::domain::practice::Practice;
use crate::flows::sweep::{self, Swept};
use crate::flows::{deliver, documents, notify};
use crate::store::{self, Store};

#[derive(Args)]
pub struct Options {
    /// Only this practice
    #[arg(long, value_name = "SLUG")]
    practice: Option<String>,
    /// Count what would happen, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Look ahead to this day; only with --dry-run
    #[arg(long, value_name = "DATE", requires = "dry_run", value_parser = super::day)]
    on: Option<NaiveDate>,
}

pub fn run(settings: &Settings, options: &Options) -> Result<(), Failure> {
    let store = setup::store(settings)?;
    let practices = practices(&store, options.practice.as_deref())?;
    if practices.is_empty() {
        let place = settings.data_dir.display();
        tell(&format!("there is no practice here (data folder {place}); is DUECARE_DATA_DIR the right one?"));
    }
    let clock = Clock::System;
    let now = clock.now();
    setup::log(settings);
    if options.dry_run {
        let mut all = Swept::default();
        for practice in &practices {
            let on = options.on.unwrap_or_else(|| practice.day(now));
            all += store.read(|conn| sweep::look_ahead(conn, practice, on))?;
        }
        say(&format!(
            "{} practices: {} would be asked, {} reminded, {} looked at again, {} cannot be asked, {} told of an agreement that ends, {} written to about what to put right",
            all.practices, all.asked, all.reminded, all.looked_at, all.not_asked, all.renewals, all.actions
        ));
        return Ok(());
    }
    let office = setup::office(settings)?;
    if settings.smtp_url.is_none() {
        tell(&format!(
            "no mail server is set (DUECARE_SMTP_URL); letters are written to {}",
            settings.data_dir.join("mail").display()
        ));
    }
    let mut all = Swept::default();
    for practice in &practices {
        all += sweep::sweep(&store, &office, practice, now)?;
    }
    // The connections of the mailer belong to this runtime, and must not outlive it.
    let runtime = tokio::runtime::Runtime::new()?;
    let mailer = setup::mailer(settings)?;
    let never = AtomicBool::new(false);
    let letters = runtime.block_on(deliver::deliver(&store, &office, &mailer, &clock, &never))?;
    drop(mailer);
    let files = setup::files(settings)?;
    runtime.block_on(notify::tidy::tidy(&store, &files, now))?;
    runtime.block_on(documents::tidy::tidy(&store, &office, &files, &settings.scanner, now))?;
    say(&format!(
        "{} practices: {} asked, {} reminded, {} looked at again, {} cannot be asked, {} told of an agreement that ends, {} written to about what to put right, {} asked again about some answers, {} told what is new; letters: {} sent, {} deferred, {} failed, {} uncertain",
        all.practices,
        all.asked,
        all.reminded,
        all.looked_at,
        all.not_asked,
        all.renewals,
        all.actions,
        all.rechecked,
        all.digests,
        letters.sent,
        letters.deferred,
        letters.failed,
        letters.uncertain
    ));
    if all.broken > 0 {
        return Err(Failure::Partly(format!(
            "{} vendors or readers could not be worked on; the log names them",
            all.broken
        )));
    }
    if letters.deferred + letters.failed + letters.uncertain > 0 {
        return Err(Failure::Partly("not every letter left; see the outbox for the reasons".to_owned()));
    }
    Ok(())
}

fn practices(store: &Store, slug: Option<&str>) -> Result<Vec<Practice>, Failure> {
    match slug {
        Some(slug) => Ok(vec![setup::practice(store, slug)?]),
        None => {
            let scope = Scope::Everything("the sweep sees all practices");
            Ok(store.read(|conn| store::practices::all(conn, &scope))?)
        }
    }
}
