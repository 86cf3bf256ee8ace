//! The world a test lives in: one practice, its administrator, a clock that the test moves.

use std::future::Future;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, OnceLock};

use actix_web::body::to_bytes;
use actix_web::http::StatusCode;
use actix_web::middleware::from_fn;
use actix_web::test::{TestRequest, call_service, init_service};
use actix_web::web::Data;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, RunQueryDsl};
use duecare::app::App;
use duecare::catalogue::Catalogue;
use duecare::clock::Clock;
use duecare::domain::access::Scope;
use duecare::domain::answers::{Answer, Answers, Grade, Value};
use duecare::domain::entry::Actor;
use duecare::domain::exposure::{Access, Criticality, Element, Exposure, Offshore, Subs, Tier, Trait, Volume};
use duecare::domain::ids::{PracticeId, UserId, VendorId};
use duecare::domain::letter::Letter;
use duecare::domain::practice::Practice;
use duecare::domain::questionnaire::{AnswerKind, Question};
use duecare::domain::standing::Vendor;
use duecare::domain::user::Role;
use duecare::domain::vendor::{BaStatus, VendorDetails};
use duecare::files::Files;
use duecare::flows::receive::{self, Signer};
use duecare::flows::{Office, deliver, register, sign_in, sweep};
use duecare::guesses::Guesses;
use duecare::letters::Letters;
use duecare::mail::{Envelope, Mailer};
use duecare::proxies::Proxies;
use duecare::scan::Scanner;
use duecare::secrets::{self, Key};
use duecare::store::{self, Address, Store, StoreError};
use duecare::templates::Templates;
use duecare::web::guard::guard;
use duecare::web::routes::routes;
use duecare::web::session::{RESPONDENT_COOKIE, STAFF_COOKIE};
use tokio::sync::Notify;

/// The day on which every story begins: a Sunday in November, morning in Chicago.
pub const START: &str = "2026-11-22T15:00:00Z";

/// Runs a test on both databases.
macro_rules! service_test {
    ($name:ident, $body:expr) => {
        mod $name {
            use super::*;

            #[test]
            fn sqlite() {
                crate::world::run(crate::world::Database::sqlite(), $body);
            }

            #[test]
            fn postgres() {
                crate::world::run(crate::world::Database::postgres(), $body);
            }
        }
    };
}
pub(crate) use service_test;

pub fn run<F: Future<Output = ()>>(database: Database, test: impl FnOnce(World) -> F) {
    actix_web::rt::System::new().block_on(async {
        test(World::new(database)).await;
    });
}

/// A database of the test's own.
pub struct Database {
    pub address: Address,
    _cleanup: Cleanup,
}

enum Cleanup {
    Folder(#[expect(dead_code, reason = "removes the folder when dropped")] tempfile::TempDir),
    Database { server: String, name: String },
}

impl Database {
    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let address = Address::Sqlite(folder.path().join("duecare.db").display().to_string());
        Self { address, _cleanup: Cleanup::Folder(folder) }
    }

    pub fn postgres() -> Self {
        let server = std::env::var("TEST_POSTGRES_URL")
            .expect("set TEST_POSTGRES_URL, or run tests/run.sh, or leave PostgreSQL out with: cargo test sqlite");
        let template = template(&server);
        let name = format!("duecare_test_{}", uuid::Uuid::now_v7().simple());
        administer(&server, &format!("CREATE DATABASE {name} TEMPLATE {template} OWNER {PLAIN}"));
        Self { address: Address::Postgres(as_plain(&server, &name)), _cleanup: Cleanup::Database { server, name } }
    }
}

impl Drop for Cleanup {
    fn drop(&mut self) {
        if let Cleanup::Database { server, name } = self {
            administer(server, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        }
    }
}

/// An ordinary role: row-level security holds superusers back from nothing.
const PLAIN: &str = "duecare_plain";

/// One at a time: PostgreSQL copies a template only while nobody else looks at it.
fn administer(server: &str, statement: &str) {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    PgConnection::establish(server).unwrap().batch_execute(statement).unwrap();
}

/// A migrated database that the others are copied from, made once.
fn template(server: &str) -> &'static str {
    static TEMPLATE: OnceLock<String> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        let name = format!("duecare_template_{}", std::process::id());
        administer(server, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        // Two test programs may start at once; who comes second finds the role there.
        let made = PgConnection::establish(server).unwrap().batch_execute(&format!("CREATE ROLE {PLAIN} LOGIN"));
        assert!(made.is_ok() || made.is_err_and(|error| error.to_string().contains("already exists")));
        administer(server, &format!("CREATE DATABASE {name} OWNER {PLAIN}"));
        drop(Store::open(&Address::Postgres(as_plain(server, &name))).unwrap());
        administer(server, &format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"));
        name
    })
}

/// The same server's address with another database, as an ordinary role.
fn as_plain(server: &str, database: &str) -> String {
    let mut url = url::Url::parse(server).unwrap();
    url.set_username(PLAIN).unwrap();
    url.set_path(database);
    url.to_string()
}

pub struct World {
    pub app: Data<App>,
    pub practice: Practice,
    pub scope: Scope,
    staff: String,
    sent: Arc<Mutex<Vec<Envelope>>>,
    // Last: the pools must be gone before the database is.
    _database: Database,
}

/// What came back, read to the end.
pub struct Page {
    pub status: StatusCode,
    pub text: String,
    pub location: String,
    pub cookies: Vec<String>,
    pub headers: Vec<(String, String)>,
    /// The same as the text, before it was read as one.
    pub bytes: Vec<u8>,
}

impl Page {
    /// The value of a hidden field.
    #[track_caller]
    pub fn value_of(&self, name: &str) -> String {
        let field = format!("name=\"{name}\" value=\"");
        let at = self.text.find(&field).unwrap_or_else(|| panic!("no field {name}")) + field.len();
        self.text[at..].split('"').next().unwrap_or_default().to_owned()
    }

    pub fn shows(&self, words: &str) -> &Self {
        assert!(self.text.contains(words), "“{words}” is not in the page ({}):\n{}", self.status, self.text);
        self
    }

    pub fn lacks(&self, words: &str) -> &Self {
        assert!(!self.text.contains(words), "“{words}” is in the page ({}):\n{}", self.status, self.text);
        self
    }

    pub fn is(&self, status: u16) -> &Self {
        assert_eq!(self.status.as_u16(), status, "{}\n{}", self.location, self.text);
        self
    }

    pub fn leads_to(&self, location: &str) -> &Self {
        assert_eq!((self.status.as_u16(), self.location.as_str()), (303, location), "{}", self.text);
        self
    }
}

impl World {
    fn new(database: Database) -> Self {
        let app = app(&database.address, BASE_URL);
        let Mailer::Memory(sent) = &app.mailer else { panic!("mail is kept in memory") };
        let sent = sent.clone();
        let now = app.clock.now();
        let (practice, staff) = practice(&app, "Maple Family Practice", "dana@maple.test", now);
        let scope = Scope::Practice(practice.id);
        Self { app: Data::new(app), practice, scope, staff, sent, _database: database }
    }

    /// The same world seen by a program that was started on another address of its database.
    pub fn seen_by(self, app: App) -> Self {
        Self { app: Data::new(app), ..self }
    }

    /// The cookie of the administrator, for requests that a test puts together itself.
    pub fn cookie(&self) -> &str {
        &self.staff
    }

    /// The same world with other parts: another place for files, a scanner.
    pub fn with(self, change: impl FnOnce(&mut App)) -> Self {
        let mut app = self.app.into_inner();
        change(Arc::get_mut(&mut app).expect("nobody else holds the parts"));
        Self { app: Data::from(app), ..self }
    }

    /// A second practice on the same installation, and its administrator's cookie.
    pub fn other_practice(&self) -> (Practice, String) {
        practice(&self.app, "Other Practice", "otto@other.test", self.now())
    }

    /// Where this world's database is.
    pub fn database_address(&self) -> Address {
        self._database.address.clone()
    }

    /// Another person of the practice with this role; their cookie.
    pub fn colleague(&self, role: Role) -> String {
        let (now, cookie) = (self.now(), secrets::token());
        let email = format!("{role}@maple.test");
        self.app
            .store
            .write(|conn| {
                let user = sign_in::add_user(conn, self.practice.id, &email, role.says(), role, now)?;
                lasting(conn, &cookie, user.id, self.practice.id, now)
            })
            .unwrap();
        cookie
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.app.clock.now()
    }

    pub fn today(&self) -> NaiveDate {
        self.practice.day(self.now())
    }

    pub fn days_pass(&self, days: i64) {
        self.app.clock.advance(TimeDelta::days(days));
    }

    /// An ordinary vendor: keeps clinical notes of a few thousand patients; tier 2.
    pub fn vendor(&self, name: &str) -> VendorId {
        self.vendor_with(name, |_| {})
    }

    pub fn vendor_with(&self, name: &str, change: impl FnOnce(&mut VendorDetails)) -> VendorId {
        let mut details = details(name, self.today());
        change(&mut details);
        let now = self.now();
        self.app
            .store
            .write(|conn| register::add(conn, &self.app.office, &self.practice, &details, &Actor::Program, now))
            .unwrap()
    }

    pub fn edit(&self, vendor: VendorId, change: impl FnOnce(&mut VendorDetails)) {
        let mut details = self.see(vendor).details;
        change(&mut details);
        let now = self.now();
        self.app
            .store
            .write(|conn| {
                register::change(conn, &self.app.office, &self.practice, vendor, &details, &Actor::Program, now)
            })
            .unwrap();
    }

    pub fn see(&self, vendor: VendorId) -> Vendor {
        self.app.store.read(|conn| store::vendors::one(conn, &self.scope, vendor)).unwrap().unwrap()
    }

    /// One sweep, and the post.
    pub async fn sweep(&self) -> sweep::Swept {
        let swept = sweep::sweep(&self.app.store, &self.app.office, &self.practice, self.now()).unwrap();
        self.deliver().await;
        swept
    }

    pub async fn deliver(&self) -> deliver::Delivered {
        self.deliver_by(&self.app.mailer).await
    }

    pub async fn deliver_by(&self, mailer: &Mailer) -> deliver::Delivered {
        let never = AtomicBool::new(false);
        deliver::deliver(&self.app.store, &self.app.office, mailer, &self.app.clock, &never).await.unwrap()
    }

    /// As on the first day: no practice and nobody.
    pub fn empty(&self) {
        for table in ["sessions", "memberships", "users", "entries", "chains", "practices"] {
            let delete = diesel::sql_query(format!("DELETE FROM {table}"));
            self.app.store.write(|conn| Ok::<_, StoreError>(delete.execute(conn)?)).unwrap();
        }
    }

    /// Writes what no page can.
    pub fn sql(&self, statement: &str) {
        let write = diesel::sql_query(statement);
        self.app.store.write(|conn| Ok::<_, StoreError>(write.execute(conn)?)).unwrap();
    }

    /// Spoils a vendor's row as no page can.
    pub fn break_record(&self, vendor: VendorId) {
        let spoil = format!("UPDATE vendors SET exposure = 'spoiled' WHERE id = '{vendor}'");
        let written = self.app.store.write(|conn| Ok::<_, StoreError>(diesel::sql_query(spoil).execute(conn)?));
        assert_eq!(written.unwrap(), 1);
    }

    /// One sweep, with the letters left in the outbox.
    pub fn ask(&self) -> sweep::Swept {
        sweep::sweep(&self.app.store, &self.app.office, &self.practice, self.now()).unwrap()
    }

    /// The newest letter of the outbox.
    pub fn newest(&self) -> Letter {
        self.app.store.read(|conn| store::letters::list(conn, &self.scope, None, 1, 0)).unwrap().remove(0)
    }

    /// Letters that left so far.
    pub fn letters(&self) -> Vec<Envelope> {
        self.sent.lock().unwrap().clone()
    }

    /// The path of the link in the newest letter.
    pub fn link(&self) -> String {
        let letter = self.letters().pop().expect("a letter was sent");
        let at = letter.text.find("/i/").expect("the letter has a link");
        letter.text[at..].split_whitespace().next().unwrap().to_owned()
    }

    /// A full reply through the flows, today: good answers with these differences.
    pub fn replied(&self, vendor: VendorId, differences: &[(&str, Value)]) {
        let now = self.now();
        let invitation = self
            .app
            .store
            .read(|conn| {
                let open = store::assessments::of_vendor(conn, &self.scope, vendor)?;
                store::invitations::latest(conn, &self.scope, open[0].id)
            })
            .unwrap()
            .expect("the vendor was asked");
        let token = self.app.office.key.invitation_token(invitation.id);
        self.app
            .store
            .write(|conn| {
                let (_, opened) = receive::start(conn, &self.app.office, &token, None, now)?;
                let questionnaire = opened.questionnaire(&self.app.office)?;
                let asked = receive::applicable(questionnaire, &opened.assessment, &Answers::new());
                let answers: Vec<(&str, Option<Answer>)> = asked
                    .iter()
                    .map(|question| {
                        let given =
                            differences.iter().find(|(slug, _)| *slug == question.slug).map(|(_, value)| value.clone());
                        let mut answer = Answer::of(given.unwrap_or_else(|| good(question, self.today())));
                        let asks = question
                            .detail
                            .as_ref()
                            .filter(|detail| detail.with.is_empty() || detail.with.iter().any(|key| answer.is(key)));
                        answer.detail = asks.map(|_| "12".to_owned());
                        (question.slug.as_str(), Some(answer))
                    })
                    .collect();
                receive::save(conn, &opened, &answers, now)?;
                let signer = Signer {
                    name: "Pat Morgan".to_owned(),
                    title: "Office manager".to_owned(),
                    email: "pat@vendor.test".to_owned(),
                };
                receive::sign(conn, &self.app.office, &opened, &signer, now)
            })
            .unwrap();
    }

    /// Open flags as "Vendor: sentence", in order of the words.
    pub fn flags(&self) -> Vec<String> {
        let shown = store::flags::Shown::Open(self.today());
        let list = self.app.store.read(|conn| store::flags::list(conn, &self.scope, shown, None, 1000, 0)).unwrap();
        let mut said: Vec<String> =
            list.into_iter().map(|(flag, vendor)| format!("{vendor}: {}", flag.sentence)).collect();
        said.sort();
        said
    }

    // Requests

    pub async fn get(&self, path: &str) -> Page {
        self.send(TestRequest::get().uri(path), Some((STAFF_COOKIE, &self.staff))).await
    }

    pub async fn get_as(&self, path: &str, cookie: &str) -> Page {
        self.send(TestRequest::get().uri(path), Some((STAFF_COOKIE, cookie))).await
    }

    /// The sentences of the history, the newest first.
    pub fn history(&self) -> Vec<String> {
        let about = store::entries::About::default();
        let list = self.app.store.read(|conn| store::entries::list(conn, &self.scope, &about, 1_000, 0)).unwrap();
        list.into_iter().map(|(entry, _)| entry.sentence).collect()
    }

    /// Posts a form as staff, with its token.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        self.post_as(path, fields, STAFF_COOKIE, &self.staff).await
    }

    /// Saves the settings with these fields different from what they are.
    pub async fn settle(&self, differences: &[(&str, &str)]) -> Page {
        let practice = self.known();
        let seen = duecare::flows::settings::state(&practice);
        let settings = &practice.settings;
        let months = |tier| settings.cadence.of(tier).months().to_string();
        let (days, text) = (duecare::domain::reminders::say, |text: &str| text.to_owned());
        let mut fields = vec![
            ("seen", seen),
            ("name", practice.name.clone()),
            ("timezone", practice.timezone.name().to_owned()),
            ("contact_name", practice.contact.name.clone()),
            ("contact_phone", practice.contact.phone.clone()),
            ("reply_to", practice.contact.reply_to.clone().unwrap_or_default()),
            ("sender_name", settings.sender_name.clone()),
            ("cadence_1", months(Tier::One)),
            ("cadence_2", months(Tier::Two)),
            ("cadence_3", months(Tier::Three)),
            ("cadence_4", months(Tier::Four)),
            ("default_owner", settings.default_owner.clone()),
            ("reminders_before", days(&settings.reminders.before)),
            ("reminders_after", days(&settings.reminders.after)),
            ("grace_days", settings.grace_days.to_string()),
            ("own_terms", settings.own_terms.join("\n")),
            ("idle_minutes", settings.idle_minutes.to_string()),
            ("nprm", text(settings.nprm.key())),
        ];
        fields.extend(settings.half_year.then(|| ("half_year", text("yes"))));
        fields.retain(|(name, _)| !differences.iter().any(|(other, _)| other == name));
        let same: Vec<(&str, &str)> = fields.iter().map(|(name, text)| (*name, text.as_str())).collect();
        self.post("/practice", &[&same, differences].concat()).await
    }

    /// The practice as the program knows it now; `practice` is as it was at the start.
    pub fn known(&self) -> Practice {
        self.app.store.read(|conn| store::practices::one(conn, &self.scope)).unwrap()
    }

    pub async fn post_as(&self, path: &str, fields: &[(&str, &str)], name: &'static str, cookie: &str) -> Page {
        let token = self.app.office.key.form_token(&secrets::digest(cookie));
        let fields: Vec<(&str, &str)> = [("csrf", token.as_str())].into_iter().chain(fields.iter().copied()).collect();
        self.send(TestRequest::post().uri(path).set_form(fields), Some((name, cookie))).await
    }

    /// Asks as a stranger: no cookie.
    pub async fn visit(&self, path: &str) -> Page {
        self.send(TestRequest::get().uri(path), None).await
    }

    pub async fn submit(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        self.send(TestRequest::post().uri(path).set_form(fields), None).await
    }

    /// Presses Start on a vendor's link and gives the cookie.
    pub async fn start(&self, link: &str) -> String {
        self.start_leads_to(link, "/respond").await
    }

    /// Presses Start on a vendor's link, which leads to that page, and gives the cookie.
    pub async fn start_leads_to(&self, link: &str, location: &str) -> String {
        let page = self.submit(&format!("{link}/start"), &[]).await;
        page.leads_to(location);
        let cookie =
            page.cookies.iter().find(|cookie| cookie.starts_with(RESPONDENT_COOKIE)).expect("Start sets a cookie");
        cookie[RESPONDENT_COOKIE.len() + 1..].split(';').next().unwrap().to_owned()
    }

    /// Presses Start in a browser of its own, and types the code that is mailed then.
    pub async fn start_verified(&self, link: &str) -> String {
        let cookie = self.start(link).await;
        self.verify(&cookie).await;
        cookie
    }

    /// Asks for a code in this browser, and types the one that arrives.
    pub async fn verify(&self, cookie: &str) {
        self.respondent_posts("/respond/code/send", &[], cookie).await.is(303);
        self.deliver().await;
        let code = self.mailed_code();
        self.respondent_posts("/respond/code", &[("code", &code)], cookie).await.is(303);
    }

    /// The digits of the last letter.
    pub fn mailed_code(&self) -> String {
        let letter = self.letters().pop().expect("a letter was sent");
        let digits = letter.text.split_whitespace().find(|word| word.len() == 6 && word.parse::<u32>().is_ok());
        digits.expect("the letter has a code").to_owned()
    }

    pub async fn respondent_gets(&self, path: &str, cookie: &str) -> Page {
        self.send(TestRequest::get().uri(path), Some((RESPONDENT_COOKIE, cookie))).await
    }

    pub async fn respondent_posts(&self, path: &str, fields: &[(&str, &str)], cookie: &str) -> Page {
        self.post_as(path, fields, RESPONDENT_COOKIE, cookie).await
    }

    pub async fn send(&self, mut request: TestRequest, cookie: Option<(&'static str, &str)>) -> Page {
        if let Some((name, value)) = cookie {
            request = request.insert_header(("Cookie", format!("{name}={value}")));
        }
        let service =
            init_service(actix_web::App::new().app_data(self.app.clone()).wrap(from_fn(guard)).configure(routes)).await;
        let response = call_service(&service, request.to_request()).await;
        let status = response.status();
        let headers: Vec<(String, String)> = response
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect();
        let all = |wanted: &str| -> Vec<String> {
            headers.iter().filter(|(name, _)| name == wanted).map(|(_, value)| value.clone()).collect()
        };
        let location = all("location").pop().unwrap_or_default();
        let cookies = all("set-cookie");
        let body = to_bytes(response.into_body()).await.unwrap_or_default();
        Page {
            status,
            text: String::from_utf8_lossy(&body).into_owned(),
            location,
            cookies,
            headers,
            bytes: body.to_vec(),
        }
    }
}

/// What is read from the binary is the same for every test, and is parsed once.
fn parsed() -> &'static (Arc<Catalogue>, Arc<Templates>) {
    static PARSED: OnceLock<(Arc<Catalogue>, Arc<Templates>)> = OnceLock::new();
    PARSED.get_or_init(|| (Arc::new(Catalogue::built_in().unwrap()), Arc::new(Templates::built_in().unwrap())))
}

const BASE_URL: &str = "http://duecare.test";
const SENDER: &str = "duecare@duecare.test";

/// The true program on a database, with a fixed clock and mail kept in memory.
pub fn app(address: &Address, base_url: &str) -> App {
    let (catalogue, templates) = parsed();
    let letters = Arc::new(Letters::new(templates.clone(), base_url, SENDER));
    let key = Key::of("a secret that only the tests have");
    App {
        store: Store::open(address).unwrap().sealing(key.chain_key()),
        clock: Clock::fixed(START.parse().unwrap()),
        office: Office { catalogue: catalogue.clone(), letters, key },
        mailer: Mailer::memory(),
        files: Files::memory(),
        scanner: Scanner::Off,
        proxies: Proxies::default(),
        guesses: Guesses::default(),
        templates: templates.clone(),
        base_url: base_url.to_owned(),
        demo: false,
        post: Notify::new(),
    }
}

/// A session for tests that let years pass: never idle, and always just proven.
pub fn lasting(
    conn: &mut store::Db,
    cookie: &str,
    user: UserId,
    practice: PracticeId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let until = now + TimeDelta::days(5_000);
    let token_hash = &secrets::digest(cookie);
    let new = store::sessions::New { token_hash, user, practice, browser: "", second: true, seen_at: until, until };
    store::sessions::open(conn, &new, now)
}

fn practice(app: &App, name: &str, email: &str, now: DateTime<Utc>) -> (Practice, String) {
    app.store
        .write(|conn| {
            let practice = sign_in::found_practice(conn, name, chrono_tz::America::Chicago, now)?;
            let user = sign_in::add_user(conn, practice.id, email, "Dana Whitfield", Role::Administrator, now)?;
            let cookie = secrets::token();
            lasting(conn, &cookie, user.id, practice.id, now)?;
            Ok::<_, StoreError>((practice, cookie))
        })
        .unwrap()
}

pub fn details(name: &str, today: NaiveDate) -> VendorDetails {
    VendorDetails {
        name: name.to_owned(),
        external_id: None,
        website: None,
        services: "Transcription".to_owned(),
        ba_status: BaStatus::BusinessAssociate,
        owner: "Dana".to_owned(),
        contact_name: "Pat Morgan".to_owned(),
        contact_email: Some("pat@vendor.test".to_owned()),
        exposure: Exposure {
            elements: [Element::Clinical].into(),
            volume: Volume::Under50000,
            access: [Access::Hosts].into(),
            criticality: Criticality::ThreeDays,
            subs: Subs::Few,
            offshore: Offshore::None,
            traits: [Trait::Transmits, Trait::Portable].into(),
        },
        agreement_signed_on: Some(today - TimeDelta::days(400)),
        agreement_ends_on: None,
        notes: String::new(),
    }
}

/// The best answer to a question.
pub fn good(question: &Question, today: NaiveDate) -> Value {
    match &question.answer {
        AnswerKind::Graded => Value::Grade(Grade::Yes),
        AnswerKind::Choice { choices } => {
            Value::Choice(choices.iter().max_by_key(|choice| choice.credit).unwrap().key.clone())
        }
        AnswerKind::Several { choices, .. } => {
            Value::Several(choices.iter().filter(|choice| choice.credit > 0).map(|choice| choice.key.clone()).collect())
        }
        AnswerKind::Date { .. } => Value::Date(today - TimeDelta::days(30)),
        AnswerKind::Number { bands, least, .. } => {
            Value::Number(bands[0].at_least.or(bands[0].at_most).unwrap_or(*least))
        }
        AnswerKind::List { columns, .. } => {
            let row = columns.iter().map(|column| {
                let cell = match column.choices.first() {
                    Some(choice) => choice.key.clone(),
                    None if column.kind == duecare::domain::questionnaire::ColumnKind::Date => {
                        (today + TimeDelta::days(300)).to_string()
                    }
                    None => "Something".to_owned(),
                };
                (column.key.clone(), cell)
            });
            Value::Rows(vec![row.collect()])
        }
        AnswerKind::Contact => Value::Contact {
            name: "Sam Lee".to_owned(),
            email: "sam@vendor.test".to_owned(),
            phone: "555 0100".to_owned(),
        },
        AnswerKind::Text => Value::Text("Yes".to_owned()),
        AnswerKind::Tick => Value::Tick(true),
    }
}
