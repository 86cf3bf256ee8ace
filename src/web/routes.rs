//! Every address of the program, in one table.

use actix_web::guard::fn_guard;
use actix_web::http::Method;
use actix_web::web::{ServiceConfig, post, resource};
use actix_web::{HttpResponse, Route};

use super::{Answered, WebError, assets, health, pages, portal};

/// Tells the server what answers where.
pub fn routes(config: &mut ServiceConfig) {
    let mut at = |path: &str, routes: Vec<Route>| {
        let mut answering = resource(path);
        for route in routes {
            answering = answering.route(route);
        }
        config.service(answering.default_service(actix_web::web::to(other_method)));
    };
    // Anyone
    at("/healthz", vec![get().to(health::alive)]);
    at("/readyz", vec![get().to(health::ready)]);
    at("/assets/{version}/{name}", vec![get().to(assets::get)]);
    at("/sign-in", vec![get().to(pages::sign_in::form), post().to(pages::sign_in::enter)]);
    at("/welcome/{token}", vec![get().to(pages::welcome::form), post().to(pages::welcome::enter)]);
    // Staff
    at("/", vec![get().to(pages::dashboard::show)]);
    at("/sign-out", vec![post().to(pages::sign_in::leave)]);
    at("/vendors", vec![get().to(pages::vendors::list)]);
    at("/vendors/new", vec![get().to(pages::vendor_form::new), post().to(pages::vendor_form::add)]);
    at("/vendors/import", vec![get().to(pages::import::form), post().to(pages::import::preview)]);
    at("/vendors/import/template.csv", vec![get().to(pages::import::template)]);
    at("/vendors/import/{id}/confirm", vec![post().to(pages::import::confirm)]);
    at("/vendors/{id}", vec![get().to(pages::vendor::show)]);
    at("/vendors/{id}/edit", vec![get().to(pages::vendor_form::edit), post().to(pages::vendor_form::change)]);
    at("/vendors/{id}/ask", vec![post().to(pages::vendor::ask)]);
    at("/vendors/{id}/fresh-link", vec![post().to(pages::vendor::fresh_link)]);
    at("/assessments/{id}", vec![get().to(pages::scorecard::show)]);
    at("/flags", vec![get().to(pages::flags::list)]);
    at("/round", vec![get().to(pages::round::show), post().to(pages::round::ask)]);
    at("/outbox", vec![get().to(pages::outbox::list)]);
    at("/outbox/{id}", vec![get().to(pages::outbox::letter)]);
    at("/practice", vec![get().to(pages::practice::form), post().to(pages::practice::change)]);
    at("/design", vec![get().to(pages::design::show)]);
    // Vendors
    at("/i/{token}", vec![get().to(portal::invitation::show)]);
    at("/i/{token}/start", vec![post().to(portal::invitation::start)]);
    at("/respond", vec![get().to(portal::tasks::show)]);
    at("/respond/saved", vec![get().to(portal::tasks::saved)]);
    at("/respond/check", vec![get().to(portal::check::show)]);
    at("/respond/sign", vec![get().to(portal::sign::form), post().to(portal::sign::sign)]);
    at("/respond/receipt", vec![get().to(portal::receipt::show)]);
    at("/respond/{topic}", vec![get().to(portal::topic::show), post().to(portal::topic::save)]);
    at("/verify", vec![get().to(portal::verify::form), post().to(portal::verify::look)]);
    config.default_service(actix_web::web::to(nothing_here));
}

/// GET, and HEAD with it: mail gateways ask for heads before they let a link through.
fn get() -> Route {
    Route::new().guard(fn_guard(|request| matches!(request.head().method, Method::GET | Method::HEAD)))
}

async fn nothing_here() -> Answered {
    Err(WebError::NotFound)
}

async fn other_method() -> HttpResponse {
    HttpResponse::MethodNotAllowed().finish()
}
