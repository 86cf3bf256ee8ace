//! Hashing and weighing passwords away from the requests, a few at a time.

use std::net::SocketAddr;

use actix_web::HttpRequest;
use tokio::sync::Semaphore;

use super::WebError;
use crate::app::App;
use crate::domain::password::{self, Known};
use crate::domain::user::User;
use crate::flows::sign_in::{self, SignInError};
use crate::proxies;
use crate::secrets;
use crate::store::StoreError;

/// Passwords at work at once: each takes 19 MiB while it lasts, and whoever likes can ask.
static HASHING: Semaphore = Semaphore::const_new(4);

async fn work<T: Send + 'static>(slow: impl FnOnce() -> T + Send + 'static) -> Result<T, StoreError> {
    let turn = HASHING.acquire().await;
    // Hashing takes tens of milliseconds and a good deal of memory: away from the requests.
    let done = tokio::task::spawn_blocking(slow).await.map_err(|error| StoreError::Unavailable(error.to_string()));
    drop(turn);
    done
}

/// The hash of a new password, or what to do instead of choosing it.
///
/// # Errors
/// When the program stops.
pub async fn chosen(
    password: &str,
    name: &str,
    email: &str,
    practice: &str,
) -> Result<Result<String, String>, WebError> {
    let (password, name, email, practice) =
        (password.to_owned(), name.to_owned(), email.to_owned(), practice.to_owned());
    let done = work(move || {
        password::check(&password, &Known { name: &name, email: &email, practice: &practice })?;
        Ok(secrets::hash_password(&password))
    });
    Ok(done.await?)
}

/// Where a request comes from, for slowing down.
pub fn address(app: &App, request: &HttpRequest) -> String {
    let forwarded: Vec<&str> =
        request.headers().get_all("x-forwarded-for").map(|line| line.to_str().unwrap_or("not text")).collect();
    let client = |peer: SocketAddr| app.proxies.client(peer.ip(), forwarded.into_iter());
    request.peer_addr().map(client).map(proxies::counted_as).unwrap_or_default()
}

/// Counts a try, and says whose password it is, if it is right. `None`: it is not.
///
/// # Errors
/// [`SignInError::TooMany`], or the database's.
pub async fn right(app: &App, email: &str, password: &str, subject: &str) -> Result<Option<User>, SignInError> {
    let now = app.clock.now();
    let (email, subject, password) = (email.to_owned(), subject.to_owned(), password.to_owned());
    let known = app.write(move |conn| sign_in::begin(conn, &email, &subject, now)).await?;
    let (user, right) = work(move || {
        let hash = known.as_ref().and_then(|(_, hash)| hash.as_deref());
        let right = secrets::password_is(&password, hash);
        (known.map(|(user, _)| user), right)
    })
    .await?;
    if let (Some(user), false) = (&user, right) {
        let (id, email) = (user.id, user.email.clone());
        app.write(move |conn| {
            let sentence = format!("refused a sign-in as {email}, because the password was wrong");
            sign_in::refuse(conn, id, &sentence, now)
        })
        .await?;
    }
    Ok(user.filter(|_| right))
}

/// A wait in words.
pub fn wait(seconds: i64) -> String {
    if seconds > 90 { format!("{} minutes", (seconds + 59) / 60) } else { format!("{seconds} seconds") }
}
