//! The floor: a bare actix-web route that serves a static page of a given size. What the
//! pages of duecare are measured against, in the same run.

use actix_web::web::{Path, get};
use actix_web::{App, HttpResponse, HttpServer};

async fn page(size: Path<usize>) -> HttpResponse {
    HttpResponse::Ok().content_type("text/html; charset=utf-8").body("x".repeat(*size))
}

fn main() -> std::io::Result<()> {
    let listen = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:8099".to_owned());
    actix_web::rt::System::new().block_on(async {
        HttpServer::new(|| App::new().route("/{size}", get().to(page))).workers(2).bind(listen)?.run().await
    })
}
