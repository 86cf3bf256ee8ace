//! The stylesheet and the script, built in, under names that change with their content.

use std::sync::LazyLock;

use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse};
use rust_embed::RustEmbed;

use super::{Answered, WebError};
use crate::secrets;

#[derive(RustEmbed)]
#[folder = "templates/assets/"]
struct Files;

struct Asset {
    address: String,
    mime: &'static str,
    content: String,
}

/// All stylesheets in the order of their names, as one file.
static CSS: LazyLock<Asset> = LazyLock::new(|| {
    let mut names: Vec<_> = Files::iter().filter(|name| name.ends_with(".css")).collect();
    names.sort();
    let content: Vec<String> = names.iter().filter_map(|name| text(name)).collect();
    asset("app.css", "text/css; charset=utf-8", content.join("\n"))
});

static SCRIPT: LazyLock<Asset> =
    LazyLock::new(|| asset("app.js", "text/javascript; charset=utf-8", text("app.js").unwrap_or_default()));

fn text(name: &str) -> Option<String> {
    Files::get(name).map(|file| String::from_utf8_lossy(&file.data).into_owned())
}

fn asset(name: &str, mime: &'static str, content: String) -> Asset {
    let version = secrets::digest(&content);
    Asset { address: format!("/assets/{}/{name}", &version[..12]), mime, content }
}

/// The stylesheet's address.
pub fn css() -> &'static str {
    &CSS.address
}

/// The script's address.
pub fn script() -> &'static str {
    &SCRIPT.address
}

/// GET `/favicon.ico`: our mark, which browsers take for any name.
pub async fn icon() -> Answered {
    Ok(HttpResponse::Ok()
        .content_type("image/svg+xml")
        .insert_header(("Cache-Control", "public, max-age=86400"))
        .body(text("icon.svg").unwrap_or_default()))
}

/// Answers with an asset. An old version's address gets the newest: the page that asks for
/// it is one that a browser kept.
pub async fn get(request: HttpRequest, path: Path<(String, String)>) -> Answered {
    let asset = match path.1.as_str() {
        "app.css" => &*CSS,
        "app.js" => &*SCRIPT,
        _ => return Err(WebError::NotFound),
    };
    let lasting = if request.path() == asset.address { "public, max-age=31536000, immutable" } else { "no-store" };
    Ok(HttpResponse::Ok()
        .content_type(asset.mime)
        .insert_header(("Cache-Control", lasting))
        .body(asset.content.as_str()))
}
