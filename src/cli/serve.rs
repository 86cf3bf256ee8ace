//! `duecare serve`: pages and timetable in one process.

use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use actix_web::middleware::{Compress, from_fn};
use actix_web::web::Data;
use actix_web::{App as Server, HttpServer};
use chrono::TimeDelta;

use super::{Failure, setup, tell};
use crate::app::App;
use crate::config::Settings;
use crate::domain::access::Scope;
use crate::domain::user::SignInLink;
use crate::flows::{deliver, documents, notify, sign_in, sweep};
use crate::store::{self, StoreError};
use crate::web::guard::guard;
use crate::web::routes::routes;

/// How long the letter on its way may take when the program is told to stop.
const LAST_LETTER: Duration = Duration::from_secs(25);

pub fn run(settings: &Settings) -> Result<(), Failure> {
    setup::log(settings);
    let store = setup::store(settings)?;
    let office = setup::office(settings)?;
    let mailer = setup::mailer(settings)?;
    if settings.smtp_url.is_none() {
        tracing::warn!(
            "no mail server is set (DUECARE_SMTP_URL); letters are written to {}",
            settings.data_dir.join("mail").display()
        );
    }
    if let Some(problem) = settings.unreachable_links() {
        tracing::warn!("{problem}; set DUECARE_BASE_URL");
    }
    if let Some(problem) = settings.unnamed_proxy() {
        tracing::warn!("{problem}");
    }
    let app = setup::app(settings, store, office, mailer, false)?;
    first_run(&app)?;
    serve(settings, app, |_| {})
}

/// Before there is a practice, prints the link that makes one.
fn first_run(app: &App) -> Result<(), Failure> {
    let now = app.clock.now();
    let token = app.store.write(|conn| {
        if !store::practices::none_yet(conn)? {
            return Ok(None);
        }
        sign_in::make_link(conn, &SignInLink::FIRST_RUN, now).map(Some)
    });
    if let Some(token) = token.map_err(|error: StoreError| Failure::from(error))? {
        tell(&format!(
            "Welcome. Open this link within three days to set up your practice:\n\n  {}/welcome/{token}\n",
            app.base_url
        ));
    }
    Ok(())
}

/// Serves until it is told to stop; `ready` is called once the address is bound.
pub fn serve(settings: &Settings, app: App, ready: impl FnOnce(&App)) -> Result<(), Failure> {
    let listener = TcpListener::bind(&settings.listen).map_err(|error| {
        Failure::Unavailable(format!(
            "cannot answer on {}: {error}. Choose another address with --listen",
            settings.listen
        ))
    })?;
    let runtime = actix_web::rt::System::new();
    runtime.block_on(async move {
        let app = Data::new(app);
        let shared = app.clone();
        let server = HttpServer::new(move || {
            Server::new().app_data(shared.clone()).wrap(Compress::default()).wrap(from_fn(guard)).configure(routes)
        })
        .workers(std::thread::available_parallelism().map_or(2, usize::from))
        .shutdown_timeout(30)
        .client_request_timeout(Duration::from_secs(15))
        .listen(listener)?
        .run();
        let timetable = actix_web::rt::spawn(timetable(app.clone().into_inner(), settings.sweep.clone()));
        let stop = Arc::new(AtomicBool::new(false));
        let post = actix_web::rt::spawn(post(app.clone().into_inner(), stop.clone()));
        tracing::info!("ready on {}", app.base_url);
        ready(&app);
        let served = server.await;
        // A letter that is being sent is finished: stopping in the middle would leave it
        // uncertain.
        timetable.abort();
        stop.store(true, Ordering::Relaxed);
        app.post.notify_one();
        let _ = actix_web::rt::time::timeout(LAST_LETTER, post).await;
        tracing::info!("stopped");
        served.map_err(Failure::from)
    })
}

/// Looks now, and whenever the schedule says. What is due is data, so a missed look is made
/// up by the next.
async fn timetable(app: Arc<App>, schedule: cron::Schedule) {
    loop {
        look(&app).await;
        let now = app.clock.now();
        let wait = schedule.after(&now).next().map_or(TimeDelta::hours(1), |next| next - now);
        actix_web::rt::time::sleep(wait.to_std().unwrap_or(Duration::from_secs(1))).await;
    }
}

async fn look(app: &Arc<App>) {
    let (shared, now) = (app.clone(), app.clock.now());
    let swept = tokio::task::spawn_blocking(move || {
        let scope = Scope::Everything("the sweep sees all practices");
        let practices = shared.store.read(|conn| store::practices::all(conn, &scope))?;
        let mut all = sweep::Swept::default();
        for practice in practices {
            all += sweep::sweep(&shared.store, &shared.office, &practice, now)?;
        }
        shared.store.write(|conn| {
            store::sessions::sweep(conn, now)?;
            store::challenges::sweep(conn, now)?;
            store::users::sweep(conn, now)
        })?;
        Ok::<_, StoreError>(all)
    })
    .await;
    match swept {
        Ok(Ok(swept)) => {
            tracing::info!(
                asked = swept.asked,
                reminded = swept.reminded,
                looked_at = swept.looked_at,
                "swept {} practices",
                swept.practices
            );
        }
        Ok(Err(error)) => tracing::error!("the sweep stopped and will be tried again: {error}"),
        Err(error) => tracing::error!("the sweep broke: {error}"),
    }
    match notify::tidy::tidy(&app.store, &app.files, now).await {
        Ok(forgotten) => tracing::debug!(forgotten, "looked after change notices that were never signed"),
        Err(error) => tracing::error!("change notices could not be looked after, and will be tried again: {error}"),
    }
    match documents::tidy::tidy(&app.store, &app.office, &app.files, &app.scanner, now).await {
        Ok(tidied) => tracing::debug!(passed = tidied.passed, infected = tidied.infected, "looked after documents"),
        Err(error) => tracing::error!("documents could not be looked after, and will be tried again: {error}"),
    }
    app.post.notify_one();
}

/// Delivers when a letter was written, and every half minute for those that wait.
async fn post(app: Arc<App>, stop: Arc<AtomicBool>) {
    while !stop.load(Ordering::Relaxed) {
        if let Err(error) = deliver::deliver(&app.store, &app.office, &app.mailer, &app.clock, &stop).await {
            tracing::error!("delivery stopped and will be tried again: {error}");
        }
        let bell = app.post.notified();
        let _ = actix_web::rt::time::timeout(Duration::from_secs(30), bell).await;
    }
}
