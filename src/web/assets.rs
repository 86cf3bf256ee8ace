//! The stylesheet and the script, built in, under names that change with their content.

use std::io::Write;
use std::sync::LazyLock;

use actix_web::http::header::{AcceptEncoding, Encoding, Header};
use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse};
use flate2::Compression;
use flate2::write::GzEncoder;
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
    /// Packed as well as can be, which takes too long to do at each asking.
    packed: Vec<u8>,
}

/// Stylesheets that only the staff's pages need.
pub const STAFF_ONLY: [&str; 4] = ["4-staff.css", "6-agreements.css", "7-import.css", "9-review.css"];

/// All stylesheets in the order of their names, as one file.
static CSS: LazyLock<Asset> = LazyLock::new(|| stylesheet("app.css", &[]));

/// The same for vendors' pages, which are to open at once on a telephone.
static VENDORS_CSS: LazyLock<Asset> = LazyLock::new(|| stylesheet("vendors.css", &STAFF_ONLY));

fn stylesheet(name: &str, without: &[&str]) -> Asset {
    let wanted = |name: &str| name.ends_with(".css") && !without.contains(&name);
    let mut names: Vec<_> = Files::iter().filter(|name| wanted(name)).collect();
    names.sort();
    let content: Vec<String> = names.iter().filter_map(|name| text(name)).collect();
    asset(name, "text/css; charset=utf-8", content.join("\n"))
}

static SCRIPT: LazyLock<Asset> = LazyLock::new(|| scripted("app.js"));

/// Loaded only by the page on which a reply is reviewed.
static REVIEW: LazyLock<Asset> = LazyLock::new(|| scripted("review.js"));

fn scripted(name: &str) -> Asset {
    asset(name, "text/javascript; charset=utf-8", text(name).unwrap_or_default())
}

fn text(name: &str) -> Option<String> {
    Files::get(name).map(|file| String::from_utf8_lossy(&file.data).into_owned())
}

fn asset(name: &str, mime: &'static str, content: String) -> Asset {
    let version = secrets::digest(&content);
    Asset { address: format!("/assets/{}/{name}", &version[..12]), mime, packed: packed(&content), content }
}

/// Empty if it could not be packed.
fn packed(content: &str) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(content.as_bytes()).and_then(|()| gzip.finish()).unwrap_or_default()
}

/// The stylesheet's address.
pub fn css() -> &'static str {
    &CSS.address
}

/// The address of the stylesheet of vendors' pages.
pub fn vendors_css() -> &'static str {
    &VENDORS_CSS.address
}

/// The script's address.
pub fn script() -> &'static str {
    &SCRIPT.address
}

/// The address of the script with the keys of a reviewer.
pub fn review_script() -> &'static str {
    &REVIEW.address
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
        "vendors.css" => &*VENDORS_CSS,
        "app.js" => &*SCRIPT,
        "review.js" => &*REVIEW,
        _ => return Err(WebError::NotFound),
    };
    let lasting = if request.path() == asset.address { "public, max-age=31536000, immutable" } else { "no-store" };
    let mut answer = HttpResponse::Ok();
    answer
        .content_type(asset.mime)
        .insert_header(("Cache-Control", lasting))
        .insert_header(("Vary", "Accept-Encoding"));
    if asset.packed.is_empty() || !takes_gzip(&request) {
        return Ok(answer.body(asset.content.as_str()));
    }
    Ok(answer.insert_header(("Content-Encoding", "gzip")).body(asset.packed.as_slice()))
}

fn takes_gzip(request: &HttpRequest) -> bool {
    let gzip = Encoding::gzip();
    AcceptEncoding::parse(request).is_ok_and(|takes| takes.negotiate([gzip.clone()].iter()) == Some(gzip))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[tokio::test]
    async fn a_stylesheet_comes_packed_to_whoever_takes_that() {
        for (takes, packed) in
            [("gzip, deflate, br", true), ("br", false), ("identity", false), ("gzip;q=0", false), ("", false)]
        {
            let request =
                TestRequest::with_uri(vendors_css()).insert_header(("Accept-Encoding", takes)).to_http_request();
            let answer = get(request, Path::from((String::new(), "vendors.css".to_owned()))).await.unwrap();
            assert_eq!(answer.headers().contains_key("content-encoding"), packed, "{takes}");
            assert!(answer.headers().get("cache-control").unwrap().to_str().unwrap().contains("immutable"));
        }
    }
}
