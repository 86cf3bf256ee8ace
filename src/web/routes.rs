//! Every address of the program, in one table, each with what it needs of whoever opens it.

use actix_web::guard::fn_guard;
use actix_web::http::Method;
use actix_web::middleware::from_fn;
use actix_web::web::{ServiceConfig, resource};
use actix_web::{FromRequest, Handler, HttpRequest, HttpResponse, Responder, Route};

use super::session::{DoorNeeds, Needs, admit};
use super::{Answered, WebError, assets, health, pages, portal};
use crate::domain::user::Need::{self, Anyone, Change, Link, Manage, Member, Read};

/// Tells the server what answers where.
pub fn routes(config: &mut ServiceConfig) {
    table(|path, doors| {
        let mut answering = resource(path).app_data(Needs(doors.iter().map(Door::needs).collect()));
        for door in doors {
            answering = answering.route(door.route);
        }
        config.service(answering.wrap(from_fn(admit)).default_service(actix_web::web::to(other_method)));
    });
    config.default_service(actix_web::web::to(nothing_here));
}

/// The table as values: path, whether it is a POST, and what that needs.
pub fn declared() -> Vec<(String, bool, Need)> {
    let mut all = Vec::new();
    table(|path, doors| all.extend(doors.iter().map(|door| (path.to_owned(), door.posts, door.need))));
    all
}

/// The page from which a form is sent to `path`: the path itself where it is also opened, or
/// else the nearest above it that is.
pub fn page_of(path: &str) -> String {
    let mut all: Vec<(String, bool)> = Vec::new();
    table(|at, doors| all.push((at.to_owned(), doors.iter().any(|door| !door.posts && door.need > Link))));
    let is_page = |path: &str| {
        let same = |at: &str| {
            at.split('/').count() == path.split('/').count()
                && at.split('/').zip(path.split('/')).all(|(at, part)| at == part || at.starts_with('{'))
        };
        // As when a request comes, the first that fits answers.
        all.iter().find(|(at, _)| same(at)).is_some_and(|(_, opens)| *opens)
    };
    let mut above = path;
    while !is_page(above) {
        match above.rsplit_once('/') {
            Some((shorter, _)) if !shorter.is_empty() => above = shorter,
            _ => return "/".to_owned(),
        }
    }
    above.to_owned()
}

/// One way to use an address.
struct Door {
    posts: bool,
    need: Need,
    proven: bool,
    route: Route,
}

impl Door {
    /// Marks something dangerous: the password or a passkey is asked for once more.
    fn proven(self) -> Self {
        Self { proven: true, ..self }
    }

    fn needs(&self) -> DoorNeeds {
        DoorNeeds { posts: self.posts, need: self.need, proven: self.proven }
    }
}

/// GET, and HEAD with it: mail gateways ask for heads before they let a link through.
fn get<F, Args>(need: Need, handler: F) -> Door
where
    F: Handler<Args>,
    Args: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    let reading = fn_guard(|request| matches!(request.head().method, Method::GET | Method::HEAD));
    Door { posts: false, need, proven: false, route: Route::new().guard(reading).to(handler) }
}

fn post<F, Args>(need: Need, handler: F) -> Door
where
    F: Handler<Args>,
    Args: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    Door { posts: true, need, proven: false, route: actix_web::web::post().to(handler) }
}

/// Whoever is signed in keeps the menu.
async fn nothing_here(request: HttpRequest) -> Answered {
    super::session::recognise(&request).await;
    Err(WebError::NotFound)
}

async fn other_method() -> HttpResponse {
    HttpResponse::MethodNotAllowed().finish()
}

/// The table.
fn table(mut at: impl FnMut(&str, Vec<Door>)) {
    // Anyone
    at("/healthz", vec![get(Anyone, health::alive)]);
    at("/readyz", vec![get(Anyone, health::ready)]);
    at("/favicon.ico", vec![get(Anyone, assets::icon)]);
    at("/assets/{version}/{name}", vec![get(Anyone, assets::get)]);
    at("/sign-in", vec![get(Anyone, pages::sign_in::form), post(Anyone, pages::sign_in::enter)]);
    at("/sign-in/code", vec![get(Anyone, pages::code::form), post(Anyone, pages::code::enter)]);
    at("/sign-in/passkey", vec![post(Anyone, pages::passkey::begin)]);
    at("/sign-in/passkey/done", vec![post(Anyone, pages::passkey::enter)]);
    at("/forgot", vec![get(Anyone, pages::forgot::form), post(Anyone, pages::forgot::ask)]);
    at("/welcome/{token}", vec![get(Anyone, pages::welcome::form), post(Anyone, pages::welcome::enter)]);
    // Staff
    at("/", vec![get(Read, pages::dashboard::show)]);
    at("/sign-out", vec![post(Anyone, pages::sign_in::leave)]);
    at("/vendors", vec![get(Read, pages::vendors::list::list)]);
    at("/vendors/export.csv", vec![get(Read, pages::vendors::export::csv)]);
    at("/vendors/export.xlsx", vec![get(Read, pages::vendors::export::xlsx)]);
    // A person's own, whatever the role.
    at("/vendors/views", vec![get(Member, pages::vendors::views::list), post(Member, pages::vendors::views::save)]);
    at("/vendors/views/{id}/rename", vec![post(Member, pages::vendors::views::rename)]);
    at("/vendors/views/{id}/delete", vec![post(Member, pages::vendors::views::delete)]);
    at("/vendors/bulk", vec![post(Change, pages::vendors::bulk::choose)]);
    at("/vendors/bulk/do", vec![post(Change, pages::vendors::bulk::act)]);
    at("/vendors/bulk/{id}/undo", vec![post(Change, pages::vendors::bulk::undo)]);
    at("/vendors/new", vec![get(Change, pages::vendor_form::new), post(Change, pages::vendor_form::add)]);
    at("/vendors/import", vec![get(Change, pages::import::form), post(Change, pages::import::preview)]);
    at("/vendors/import/template.csv", vec![get(Change, pages::import::template)]);
    at("/vendors/import/{id}", vec![get(Change, pages::import::show)]);
    at(
        "/vendors/import/{id}/columns",
        vec![get(Change, pages::import::columns::form), post(Change, pages::import::columns::choose)],
    );
    at(
        "/vendors/import/{id}/questions",
        vec![get(Change, pages::import::questions::form), post(Change, pages::import::questions::answer)],
    );
    at("/vendors/import/{id}/confirm", vec![post(Change, pages::import::confirm)]);
    at("/vendors/duplicates", vec![get(Read, pages::duplicates::list)]);
    at("/vendors/{id}", vec![get(Read, pages::vendor::show)]);
    at("/vendors/{id}/edit", vec![get(Change, pages::vendor_form::edit), post(Change, pages::vendor_form::change)]);
    at(
        "/vendors/{id}/documents",
        vec![get(Read, pages::documents::vendor::show), post(Change, pages::documents::vendor::upload)],
    );
    at("/documents", vec![get(Read, pages::documents::all::list)]);
    at("/documents/{id}", vec![get(Read, pages::documents::download::send)]);
    at(
        "/documents/{id}/edit",
        vec![get(Change, pages::documents::edit::form), post(Change, pages::documents::edit::change)],
    );
    at("/documents/{id}/remove", vec![post(Change, pages::documents::edit::remove)]);
    at("/documents/{id}/restore", vec![post(Change, pages::documents::edit::restore)]);
    at("/vendors/{id}/decision", vec![get(Change, pages::decision::form), post(Change, pages::decision::decide)]);
    at("/vendors/{id}/tier", vec![get(Change, pages::tier::form), post(Change, pages::tier::set)]);
    at("/vendors/{id}/contacts", vec![get(Read, pages::contacts::list), post(Change, pages::contacts::add)]);
    at(
        "/vendors/{id}/contacts/{contact}",
        vec![get(Change, pages::contact::form), post(Change, pages::contact::change)],
    );
    at("/vendors/{id}/contacts/{contact}/prefer", vec![post(Change, pages::contact::prefer)]);
    at("/vendors/{id}/contacts/{contact}/address", vec![post(Change, pages::contact::mark)]);
    at("/vendors/{id}/contacts/{contact}/remove", vec![post(Change, pages::contact::remove)]);
    at("/vendors/{id}/evidence", vec![get(Change, pages::evidence::form), post(Change, pages::evidence::accept)]);
    at("/vendors/{id}/evidence/end", vec![post(Change, pages::evidence::end)]);
    at("/vendors/{id}/notice-link", vec![post(Change, pages::vendor::notices::link)]);
    at("/notices/{id}", vec![get(Read, pages::notice::show), post(Change, pages::notice::acknowledge)]);
    at("/handovers/{id}/take", vec![post(Change, pages::vendor::handovers::take)]);
    at("/handovers/{id}/noted", vec![post(Change, pages::vendor::handovers::noted)]);
    at("/vendors/{id}/ask", vec![post(Change, pages::vendor::ask)]);
    at("/vendors/{id}/fresh-link", vec![post(Change, pages::vendor::fresh_link)]);
    at("/vendors/{id}/life", vec![get(Read, pages::life::show), post(Change, pages::life::change)]);
    at("/vendors/{id}/archive", vec![post(Change, pages::life::archive)]);
    at("/vendors/{id}/restore", vec![post(Change, pages::life::restore)]);
    at("/vendors/{id}/ending", vec![get(Read, pages::ending::show), post(Change, pages::ending::settle)]);
    at("/vendors/{id}/ending/finish", vec![post(Change, pages::ending::finish)]);
    at("/vendors/{id}/merge", vec![get(Change, pages::merge::show), post(Change, pages::merge::merge)]);
    at(
        "/vendors/{id}/subcontractors",
        vec![get(Read, pages::subcontractors::show), post(Change, pages::subcontractors::put)],
    );
    at("/vendors/{id}/subcontractors/new", vec![post(Change, pages::subcontractors::add)]);
    at("/vendors/{id}/subcontractors/take-out", vec![post(Change, pages::subcontractors::take_out)]);
    at("/vendors/{id}/country", vec![post(Change, pages::subcontractors::set_country)]);
    at("/vendors/{id}/agreements", vec![get(Read, pages::agreement::versions::show)]);
    at(
        "/vendors/{id}/agreements/new",
        vec![get(Change, pages::agreement::form::new), post(Change, pages::agreement::form::record)],
    );
    at("/agreements", vec![get(Read, pages::agreements::list)]);
    at("/agreements/{id}", vec![get(Read, pages::agreement::view::show)]);
    at(
        "/agreements/{id}/edit",
        vec![get(Change, pages::agreement::form::edit), post(Change, pages::agreement::form::correct)],
    );
    at(
        "/agreements/{id}/checklist",
        vec![get(Read, pages::agreement::checklist::form), post(Change, pages::agreement::checklist::save)],
    );
    at("/agreements/{id}/print", vec![get(Read, pages::agreement::print::show)]);
    at("/assessments/{id}", vec![get(Read, pages::scorecard::show)]);
    at("/assessments/{id}/signed.pdf", vec![get(Read, pages::scorecard::signed_copy::send)]);
    at("/assessments/{id}/score.json", vec![get(Read, pages::scorecard::replay::send)]);
    at("/assessments/{id}/review", vec![get(Read, pages::review::show), post(Change, pages::review::decide)]);
    at("/vendors/{id}/told", vec![post(Change, pages::told::begin)]);
    at("/assessments/{id}/return", vec![get(Change, pages::send_back::form), post(Change, pages::send_back::send)]);
    at("/assessments/{id}/return/withdraw", vec![post(Change, pages::send_back::withdraw)]);
    at("/assessments/{id}/told", vec![get(Change, pages::told::show)]);
    at(
        "/assessments/{id}/told/{topic}",
        vec![get(Change, pages::told::topic::show), post(Change, pages::told::topic::save)],
    );
    at("/flags", vec![get(Read, pages::flags::list)]);
    // Incidents
    at("/incidents", vec![get(Read, pages::incidents::list)]);
    at("/incidents/{id}", vec![get(Read, pages::incidents::one::show), post(Change, pages::incidents::known::mend)]);
    at("/incidents/{id}/print", vec![get(Read, pages::incidents::print::show)]);
    at("/incidents/{id}/step", vec![post(Change, pages::incidents::one::mark)]);
    at("/incidents/{id}/assessment", vec![post(Change, pages::incidents::found::assess)]);
    at("/incidents/{id}/close", vec![post(Change, pages::incidents::one::close)]);
    at("/notices/{id}/incident", vec![post(Change, pages::incidents::new::from_notice)]);
    at(
        "/vendors/{id}/incidents/new",
        vec![get(Change, pages::incidents::new::form), post(Change, pages::incidents::new::open)],
    );
    // Corrective actions
    at("/actions", vec![get(Read, pages::actions::list)]);
    at("/actions/{id}", vec![get(Read, pages::actions::one::show), post(Change, pages::actions::settle::change)]);
    at("/actions/{id}/verify", vec![post(Change, pages::actions::settle::verify)]);
    at("/actions/{id}/send-back", vec![post(Change, pages::actions::settle::send_back)]);
    at("/actions/{id}/cancel", vec![post(Change, pages::actions::settle::cancel)]);
    at(
        "/assessments/{id}/actions",
        vec![get(Change, pages::actions::choose::form), post(Change, pages::actions::choose::raise)],
    );
    at("/vendors/{id}/plan", vec![get(Read, pages::actions::plan::show), post(Change, pages::actions::plan::send)]);
    // Accepted gaps
    at("/exceptions", vec![get(Read, pages::exceptions::list)]);
    at("/exceptions/{id}", vec![get(Read, pages::exceptions::one::show), post(Change, pages::exceptions::one::end)]);
    at(
        "/vendors/{id}/accept",
        vec![get(Change, pages::exceptions::accept::form), post(Change, pages::exceptions::accept::accept)],
    );
    // Changes
    at("/changes", vec![get(Read, pages::changes::list)]);
    at("/changes/{id}", vec![get(Read, pages::changes::one::show), post(Change, pages::changes::one::say)]);
    at("/vendors/{id}/changes", vec![get(Read, pages::changes::over_time::show)]);
    at("/flags/kinds", vec![get(Read, pages::flags::kinds::show)]);
    at("/flags/{id}", vec![get(Read, pages::flags::one::show), post(Change, pages::flags::one::say)]);
    at("/round", vec![get(Read, pages::round::show), post(Change, pages::round::ask)]);
    at("/outbox", vec![get(Read, pages::outbox::list)]);
    at("/outbox/{id}", vec![get(Read, pages::outbox::letter)]);
    at("/history", vec![get(Read, pages::history::list)]);
    at("/history/export.csv", vec![get(Read, pages::history::csv)]);
    at("/practice", vec![get(Read, pages::practice::form), post(Manage, pages::practice::change)]);
    at("/setup", vec![get(Manage, pages::setup::show), post(Manage, pages::setup::change)]);
    at("/setup/mail", vec![get(Manage, pages::mail_test::show), post(Manage, pages::mail_test::send)]);
    at("/design", vec![get(Member, pages::design::show)]);
    // One's own account
    at("/account", vec![get(Member, pages::account::show)]);
    at("/account/digest", vec![post(Member, pages::account::choose_digest)]);
    at("/account/sessions/end-others", vec![post(Member, pages::account::end_others)]);
    at("/account/sessions/{id}/end", vec![post(Member, pages::account::end_one)]);
    at(
        "/account/password",
        vec![get(Member, pages::password::form).proven(), post(Member, pages::password::change).proven()],
    );
    at("/account/second-step", vec![get(Member, pages::second_step::show)]);
    at("/account/second-step/app", vec![post(Member, pages::second_step::begin).proven()]);
    at("/account/second-step/app/done", vec![post(Member, pages::second_step::finish)]);
    at("/account/second-step/app/remove", vec![post(Member, pages::second_step::remove).proven()]);
    at("/account/second-step/codes", vec![post(Member, pages::second_step::codes).proven()]);
    at("/account/passkeys", vec![get(Member, pages::passkeys::list), post(Member, pages::passkeys::begin).proven()]);
    at("/account/passkeys/done", vec![post(Member, pages::passkeys::finish)]);
    at("/account/passkeys/{id}/rename", vec![post(Member, pages::passkeys::rename)]);
    at("/account/passkeys/{id}/remove", vec![post(Member, pages::passkeys::remove).proven()]);
    at("/prove", vec![get(Member, pages::prove::form), post(Member, pages::prove::enter)]);
    at("/prove/passkey", vec![post(Member, pages::passkey::begin_proof)]);
    at("/prove/passkey/done", vec![post(Member, pages::passkey::prove)]);
    at("/stay", vec![get(Member, pages::kept::left), post(Member, pages::kept::stay)]);
    at("/kept", vec![get(Member, pages::kept::show), post(Member, pages::kept::let_go)]);
    at("/practices", vec![get(Member, pages::practices::list)]);
    at("/practices/{id}/open", vec![post(Member, pages::practices::open)]);
    // Who may come in
    // Asks for the proof itself, once the form is found good.
    at("/people", vec![get(Manage, pages::people::list), post(Manage, pages::people::invite)]);
    at("/people/{id}/role", vec![post(Manage, pages::people::role).proven()]);
    at("/people/{id}/remove", vec![post(Manage, pages::people::remove).proven()]);
    at("/people/{id}/resend", vec![post(Manage, pages::people::resend).proven()]);
    at("/people/{id}/withdraw", vec![post(Manage, pages::people::withdraw).proven()]);
    // Vendors
    at("/i/{token}", vec![get(Link, portal::invitation::show)]);
    at("/i/{token}/again", vec![post(Link, portal::invitation::again)]);
    at("/i/{token}/start", vec![post(Link, portal::invitation::start)]);
    at(
        "/i/{token}/someone-else",
        vec![get(Link, portal::someone_else::form_by_link), post(Link, portal::someone_else::say_by_link)],
    );
    at("/i/{token}/questions", vec![get(Link, portal::questions::by_link)]);
    at("/i/{token}/questions.xlsx", vec![get(Link, portal::questions::blank_workbook)]);
    at("/i/{token}/questions.pdf", vec![get(Link, portal::questions::paper::by_link)]);
    at("/respond", vec![get(Link, portal::tasks::show)]);
    at("/respond/questions", vec![get(Link, portal::questions::show)]);
    at("/respond/questions.xlsx", vec![get(Link, portal::questions::workbook)]);
    at("/respond/questions.pdf", vec![get(Link, portal::questions::paper::show)]);
    at("/respond/upload", vec![get(Link, portal::upload::form), post(Link, portal::upload::look)]);
    at("/respond/upload/save", vec![post(Link, portal::uploaded::save)]);
    at("/respond/saved", vec![get(Link, portal::tasks::saved)]);
    at("/respond/code", vec![get(Link, portal::code::form), post(Link, portal::code::check)]);
    at("/respond/code/send", vec![post(Link, portal::code::send)]);
    at("/respond/check", vec![get(Link, portal::check::show)]);
    at("/respond/sign", vec![get(Link, portal::sign::form), post(Link, portal::sign::sign)]);
    at("/respond/correct", vec![get(Link, portal::correct::form), post(Link, portal::correct::open)]);
    at("/respond/correct/leave", vec![post(Link, portal::correct::leave)]);
    at("/respond/receipt", vec![get(Link, portal::receipt::show)]);
    at("/respond/verification", vec![get(Link, portal::verification::show), post(Link, portal::verification::send)]);
    at("/respond/receipt.pdf", vec![get(Link, portal::receipt::pdf)]);
    at("/respond/colleagues", vec![get(Link, portal::colleagues::list), post(Link, portal::colleagues::ask)]);
    at("/respond/colleagues/{id}/again", vec![post(Link, portal::colleagues::again)]);
    at("/respond/colleagues/{id}/take-back", vec![post(Link, portal::colleagues::take_back)]);
    at("/respond/requests", vec![get(Link, portal::requests::list)]);
    at("/respond/requests/{id}", vec![post(Link, portal::requests::open)]);
    at("/respond/reuse", vec![get(Link, portal::reuse::show), post(Link, portal::reuse::take)]);
    at("/respond/someone-else", vec![get(Link, portal::someone_else::form), post(Link, portal::someone_else::tell)]);
    at("/respond/actions", vec![get(Link, portal::actions::list)]);
    at("/respond/actions/{id}", vec![get(Link, portal::actions::one::show), post(Link, portal::actions::one::send)]);
    at("/respond/actions/{id}/remove", vec![post(Link, portal::actions::one::remove)]);
    at("/respond/notice", vec![get(Link, portal::tell::beside)]);
    at("/respond/notice/start", vec![post(Link, portal::tell::start_beside)]);
    at("/respond/evidence/{slug}", vec![get(Link, portal::evidence::show), post(Link, portal::evidence::send::send)]);
    at("/respond/files/{id}", vec![get(Link, portal::evidence::open::show)]);
    at("/respond/evidence/{slug}/reuse", vec![post(Link, portal::evidence::reuse)]);
    at("/respond/evidence/{slug}/remove", vec![post(Link, portal::evidence::remove)]);
    at("/respond/{topic}", vec![get(Link, portal::topic::show), post(Link, portal::topic::save)]);
    // Change notices
    at("/n/{token}", vec![get(Link, portal::tell::show)]);
    at("/n/{token}/start", vec![post(Link, portal::tell::start)]);
    at("/tell", vec![get(Link, portal::tell::go_on)]);
    at("/tell/again", vec![post(Link, portal::tell::again)]);
    at("/tell/check", vec![get(Link, portal::tell::check::show)]);
    at("/tell/files", vec![get(Link, portal::tell::files::show), post(Link, portal::tell::files::send)]);
    at("/tell/files/remove", vec![post(Link, portal::tell::files::remove)]);
    at("/tell/sign", vec![get(Link, portal::tell::sign::form), post(Link, portal::tell::sign::sign)]);
    at("/tell/receipt", vec![get(Link, portal::tell::receipt::show)]);
    at("/tell/receipt.pdf", vec![get(Link, portal::tell::receipt::pdf)]);
    at("/tell/{topic}", vec![get(Link, portal::tell::page::show), post(Link, portal::tell::page::save)]);
    at("/verify", vec![get(Link, portal::verify::form), post(Link, portal::verify::look)]);
}
