//! The SMTP conversation, in two halves: what can be repeated without harm, and the moment
//! after which a letter may have been taken (RFC 5321 4.1.1.4).

use std::time::Duration;

use lettre::Message;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use tokio::sync::Mutex;
use tokio::time::timeout;

use super::MailError;

/// How a connection is made secret.
pub(super) enum Security {
    /// TLS from the first byte.
    Wrapped(TlsParameters),
    /// STARTTLS, or no letter.
    Required(TlsParameters),
    /// STARTTLS where it is offered.
    Opportunistic(TlsParameters),
    None,
}

/// How long a server may take. A server that says nothing would otherwise stop all mail.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// To connect, greet, encrypt and sign in.
    pub greeting: Duration,
    /// To take the addresses.
    pub addresses: Duration,
    /// To answer the end of the letter: RFC 5321 4.5.3.2.6 asks for ten minutes.
    pub answer: Duration,
}

impl Patience {
    pub const USUAL: Self = Self {
        greeting: Duration::from_secs(60),
        addresses: Duration::from_secs(90),
        answer: Duration::from_secs(600),
    };
}

/// A mail server, and the connection to it that is kept from one letter to the next.
pub struct Route {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) security: Security,
    pub(super) credentials: Option<Credentials>,
    pub(super) patience: Patience,
    pub(super) kept: Mutex<Option<AsyncSmtpConnection>>,
}

impl Route {
    /// Gets a connection that has agreed to take this letter: the addresses are accepted and
    /// the server waits for the text. Nothing has been handed over yet.
    pub(super) async fn begin(&self, message: &Message) -> Result<AsyncSmtpConnection, MailError> {
        let kept = self.kept.lock().await.take();
        if let Some(mut connection) = kept {
            match self.address(&mut connection, message).await {
                Ok(()) => return Ok(connection),
                // A server may end a conversation between two letters; that is no refusal of this one.
                Err(MailError::Down(_)) => {}
                Err(refused) => {
                    self.end(connection).await;
                    return Err(refused);
                }
            }
        }
        let mut connection = self.connect().await?;
        match self.address(&mut connection, message).await {
            Ok(()) => Ok(connection),
            Err(error) => {
                self.end(connection).await;
                Err(error)
            }
        }
    }

    /// Hands the letter over. From the first byte on, an error without an answer is
    /// [`MailError::Uncertain`].
    pub(super) async fn hand_over(
        &self,
        mut connection: AsyncSmtpConnection,
        message: &Message,
    ) -> Result<String, MailError> {
        match timeout(self.patience.answer, connection.message(&message.formatted())).await {
            Ok(Ok(answer)) => {
                *self.kept.lock().await = Some(connection);
                let said: Vec<&str> = answer.message().collect();
                Ok(format!("{} {}", answer.code(), said.join(" ")).trim().to_owned())
            }
            Ok(Err(error)) => {
                let sorted = match () {
                    () if error.is_permanent() => MailError::Never(words(&error)),
                    () if error.is_transient() => MailError::Later(words(&error)),
                    () => MailError::Uncertain(words(&error)),
                };
                self.end(connection).await;
                Err(sorted)
            }
            Err(_) => Err(MailError::Uncertain("the mail server got the letter and did not answer".to_owned())),
        }
    }

    /// Ends the connection that was kept, if any.
    pub(super) async fn rest(&self) {
        if let Some(connection) = self.kept.lock().await.take() {
            self.end(connection).await;
        }
    }

    /// Connects, encrypts and signs in. Whatever goes wrong here is the server's or the
    /// settings' fault and no letter's.
    pub(super) async fn connect(&self) -> Result<AsyncSmtpConnection, MailError> {
        match timeout(self.patience.greeting, self.connected()).await {
            Ok(connected) => connected.map_err(|error| MailError::Down(words(&error))),
            Err(_) => Err(MailError::Down(format!("the mail server {} does not answer", self.host))),
        }
    }

    async fn connected(&self) -> Result<AsyncSmtpConnection, Error> {
        let hello = ClientId::default();
        let wrapped = match &self.security {
            Security::Wrapped(tls) => Some(tls.clone()),
            _ => None,
        };
        let server = (self.host.as_str(), self.port);
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(server, Some(self.patience.greeting), &hello, wrapped, None).await?;
        match &self.security {
            Security::Required(tls) => connection.starttls(tls.clone(), &hello).await?,
            Security::Opportunistic(tls) if connection.can_starttls() => {
                connection.starttls(tls.clone(), &hello).await?;
            }
            Security::Opportunistic(_) | Security::Wrapped(_) | Security::None => {}
        }
        if let Some(credentials) = &self.credentials {
            connection.auth(DEFAULT_MECHANISMS, credentials).await?;
        }
        Ok(connection)
    }

    async fn address(&self, connection: &mut AsyncSmtpConnection, message: &Message) -> Result<(), MailError> {
        match timeout(self.patience.addresses, addressed(connection, message)).await {
            Ok(addressed) => addressed,
            Err(_) => Err(MailError::Down(format!("the mail server {} stopped answering", self.host))),
        }
    }

    /// Says goodbye, and does not wait long for it.
    pub(super) async fn end(&self, mut connection: AsyncSmtpConnection) {
        let _ = timeout(Duration::from_secs(2).min(self.patience.greeting), connection.abort()).await;
    }
}

async fn addressed(connection: &mut AsyncSmtpConnection, message: &Message) -> Result<(), MailError> {
    let envelope = message.envelope();
    let can = |connection: &AsyncSmtpConnection, what| connection.server_info().supports_feature(what);
    let mut options = Vec::new();
    let ours = envelope.from().into_iter().chain(envelope.to());
    if ours.into_iter().any(|address| !address.to_string().is_ascii()) {
        if !can(connection, Extension::SmtpUtfEight) {
            return Err(MailError::Never("the mail server cannot write to an address with such letters".to_owned()));
        }
        options.push(MailParameter::SmtpUtfEight);
    }
    if can(connection, Extension::EightBitMime) {
        options.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    // The sender is our own setting: a server that refuses it refuses every letter.
    connection.command(Mail::new(envelope.from().cloned(), options)).await.map_err(|error| down(&error))?;
    for to in envelope.to() {
        connection.command(Rcpt::new(to.clone(), Vec::new())).await.map_err(|error| of_this_letter(&error))?;
    }
    connection.command(Data).await.map(drop).map_err(|error| of_this_letter(&error))
}

fn down(error: &Error) -> MailError {
    MailError::Down(words(error))
}

fn of_this_letter(error: &Error) -> MailError {
    match () {
        // 421: the server closes the conversation, whatever it was about (RFC 5321 3.8).
        () if error.status().is_some_and(|code| code.to_string() == "421") => down(error),
        () if error.is_permanent() => MailError::Never(words(error)),
        () if error.is_transient() => MailError::Later(words(error)),
        () => down(error),
    }
}

/// The server's own words are kept: they are what an administrator can act on.
fn words(error: &Error) -> String {
    let mut words = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        words = format!("{words}: {inner}");
        source = inner.source();
    }
    words
}
