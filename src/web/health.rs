//! For whatever watches the service.

use actix_web::HttpResponse;
use actix_web::web::Data;

use super::Answered;
use crate::app::App;
use crate::store::StoreError;

/// `/healthz`: the process answers.
pub async fn alive() -> Answered {
    Ok(HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("ok\n"))
}

/// `/readyz`: the database answers too.
pub async fn ready(app: Data<App>) -> Answered {
    let answered: Result<(), StoreError> = app.read(|conn| crate::store::practices::none_yet(conn).map(drop)).await;
    let (mut response, body) = match answered {
        Ok(()) => (HttpResponse::Ok(), "ready\n"),
        Err(_) => (HttpResponse::ServiceUnavailable(), "the database does not answer\n"),
    };
    Ok(response.content_type("text/plain; charset=utf-8").body(body))
}
