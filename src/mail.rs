//! How a letter travels: SMTP, a folder, or memory. Knows nothing of what it is for.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::transport::smtp::{AsyncSmtpTransport, AsyncSmtpTransportBuilder, PoolConfig};
use lettre::{Address, AsyncTransport, Message, Tokio1Executor};
use url::Url;

/// A message ready to travel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    pub from_name: String,
    pub from_address: String,
    pub reply_to: Option<String>,
    pub to_name: String,
    pub to_address: String,
    pub subject: String,
    pub text: String,
    pub html: String,
    /// With its angle brackets.
    pub message_id: String,
    pub sent_at: std::time::SystemTime,
}

/// The ways out.
#[derive(Clone)]
pub enum Mailer {
    Smtp(Arc<Route>),
    /// One `.eml` file a letter; nothing leaves the machine.
    Folder(PathBuf),
    Memory(Arc<Mutex<Vec<Envelope>>>),
}

/// A mail server and the pool of connections to it. The pool is made at the first letter:
/// it needs the runtime to be there.
pub struct Route {
    settings: AsyncSmtpTransportBuilder,
    pool: OnceLock<AsyncSmtpTransport<Tokio1Executor>>,
}

impl Route {
    fn pool(&self) -> &AsyncSmtpTransport<Tokio1Executor> {
        self.pool.get_or_init(|| self.settings.clone().build())
    }
}

/// What came of a try that did not succeed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    /// Trying again may help.
    #[error("{0}")]
    Later(String),
    /// This address or this letter is refused for good.
    #[error("{0}")]
    Never(String),
    /// The letter was handed over and no answer came: it may have been taken.
    #[error("{0}")]
    Uncertain(String),
}

/// Why a mail server's URL cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SmtpUrlError {
    #[error("the mail server’s address cannot be read ({0}); write it like smtp://user:password@mail.example.com:587")]
    Shape(String),
    #[error("the mail server's address begins with “{0}”; use smtp:// (STARTTLS) or smtps:// (TLS from the start)")]
    Scheme(String),
    #[error("“tls={0}” is not known; use tls=required, tls=opportunistic or tls=none")]
    Tls(String),
}

impl Mailer {
    /// Connects by `smtp://user:password@host:587`, where STARTTLS is required unless
    /// `?tls=opportunistic` or `?tls=none` says otherwise, or by `smtps://…`.
    ///
    /// # Errors
    /// What is wrong with the URL. Nothing is contacted yet.
    pub fn smtp(url: &str) -> Result<Self, SmtpUrlError> {
        let url = Url::parse(url).map_err(|error| SmtpUrlError::Shape(error.to_string()))?;
        let host = url.host_str().ok_or_else(|| SmtpUrlError::Shape("it names no host".to_owned()))?.to_owned();
        let parameters = || TlsParameters::new(host.clone()).map_err(|error| SmtpUrlError::Shape(error.to_string()));
        let wanted = url.query_pairs().find(|(key, _)| key == "tls").map(|(_, value)| value.into_owned());
        let (tls, port) = match (url.scheme(), wanted.as_deref()) {
            ("smtps", _) => (Tls::Wrapper(parameters()?), 465),
            ("smtp", None | Some("required")) => (Tls::Required(parameters()?), 587),
            ("smtp", Some("opportunistic")) => (Tls::Opportunistic(parameters()?), 587),
            ("smtp", Some("none")) => (Tls::None, 25),
            ("smtp", Some(other)) => return Err(SmtpUrlError::Tls(other.to_owned())),
            (other, _) => return Err(SmtpUrlError::Scheme(other.to_owned())),
        };
        let mut transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&host)
            .port(url.port().unwrap_or(port))
            .tls(tls)
            .timeout(Some(Duration::from_secs(30)))
            .pool_config(PoolConfig::new().max_size(4).idle_timeout(Duration::from_secs(20)));
        if !url.username().is_empty() {
            let plain = |text: &str| percent_decoded(text);
            transport = transport
                .credentials(Credentials::new(plain(url.username()), plain(url.password().unwrap_or_default())));
        }
        Ok(Mailer::Smtp(Arc::new(Route { settings: transport, pool: OnceLock::new() })))
    }

    pub fn memory() -> Self {
        Mailer::Memory(Arc::default())
    }

    /// Sends one message.
    ///
    /// # Errors
    /// Whether trying again can help.
    pub async fn send(&self, envelope: &Envelope) -> Result<(), MailError> {
        let message = message(envelope)?;
        match self {
            Mailer::Memory(sent) => {
                sent.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(envelope.clone());
                Ok(())
            }
            Mailer::Folder(folder) => {
                let name: String = envelope
                    .message_id
                    .chars()
                    .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.'))
                    .collect();
                tokio::fs::create_dir_all(folder)
                    .await
                    .map_err(|error| MailError::Later(format!("the mail folder cannot be made: {error}")))?;
                tokio::fs::write(folder.join(format!("{name}.eml")), message.formatted())
                    .await
                    .map_err(|error| MailError::Later(format!("the mail folder cannot be written to: {error}")))
            }
            Mailer::Smtp(route) => {
                let pool = route.pool();
                // Greeting first tells a server that is not there, which may be tried again, from
                // one that took the letter and never answered, which must be shown as uncertain.
                pool.test_connection().await.map_err(|error| told(&error, MailError::Later))?;
                pool.send(message).await.map(drop).map_err(|error| told(&error, MailError::Uncertain))
            }
        }
    }

    /// Greets the mail server and says goodbye.
    ///
    /// # Errors
    /// What the server answered.
    pub async fn greet(&self) -> Result<(), MailError> {
        match self {
            Mailer::Smtp(route) => match route.pool().test_connection().await {
                Ok(true) => Ok(()),
                Ok(false) => Err(MailError::Later("the mail server closed the connection".to_owned())),
                Err(error) => Err(told(&error, MailError::Later)),
            },
            Mailer::Folder(_) | Mailer::Memory(_) => Ok(()),
        }
    }
}

fn percent_decoded(text: &str) -> String {
    let form = text.replace('+', "%2B");
    url::form_urlencoded::parse(format!("k={form}").as_bytes())
        .next()
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}

/// lettre's errors sorted by what to do about them; `silent` is for a server that said
/// nothing. Its own words are kept: they are what an administrator can act on.
fn told(error: &lettre::transport::smtp::Error, silent: fn(String) -> MailError) -> MailError {
    let mut words = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        words = format!("{words}: {inner}");
        source = inner.source();
    }
    match () {
        () if error.is_permanent() => MailError::Never(words),
        () if error.is_transient() || error.is_tls() || error.is_client() => MailError::Later(words),
        () => silent(words),
    }
}

fn mailbox(name: &str, address: &str) -> Result<Mailbox, MailError> {
    let address: Address =
        address.parse().map_err(|_| MailError::Never("the address is not one that mail can be sent to".to_owned()))?;
    // Names are hostile text: a line break would start a header of its own.
    let name: String = name.chars().filter(|c| !c.is_control()).collect();
    Ok(Mailbox::new(Some(name).filter(|name| !name.trim().is_empty()), address))
}

fn message(envelope: &Envelope) -> Result<Message, MailError> {
    let mut builder = Message::builder()
        .from(mailbox(&envelope.from_name, &envelope.from_address)?)
        .to(mailbox(&envelope.to_name, &envelope.to_address)?)
        .subject(envelope.subject.chars().filter(|c| !c.is_control()).collect::<String>())
        .date(envelope.sent_at)
        .message_id(Some(envelope.message_id.clone()))
        // Says that nobody typed this, so that holiday replies stay away (RFC 3834).
        .raw_header(HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned()));
    if let Some(reply_to) = &envelope.reply_to {
        builder = builder.reply_to(mailbox("", reply_to)?);
    }
    builder
        .multipart(MultiPart::alternative_plain_html(envelope.text.clone(), envelope.html.clone()))
        .map_err(|error| MailError::Never(format!("the letter cannot be put together: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn envelope() -> Envelope {
        Envelope {
            from_name: "Maple Family Practice".to_owned(),
            from_address: "duecare@clinic.test".to_owned(),
            reply_to: Some("dana@clinic.test".to_owned()),
            to_name: "Jo".to_owned(),
            to_address: "jo@vendor.test".to_owned(),
            subject: "Complete your self-check".to_owned(),
            text: "Hello".to_owned(),
            html: "<p>Hello</p>".to_owned(),
            message_id: "<1@clinic.test>".to_owned(),
            sent_at: std::time::UNIX_EPOCH,
        }
    }

    #[test]
    fn a_hostile_name_adds_no_header_and_no_recipient() {
        let hostile = Envelope {
            to_name: "Jo\r\nBcc: everyone@evil.test".to_owned(),
            subject: "Hi\r\nX-Evil: 1".to_owned(),
            ..envelope()
        };
        let message = message(&hostile).unwrap();
        let text = String::from_utf8(message.formatted()).unwrap();
        assert!(!text.contains("\r\nBcc:") && !text.contains("\r\nX-Evil:"), "{text}");
        assert_eq!(message.envelope().to().len(), 1);
    }

    #[test]
    fn a_letter_says_that_it_was_made_by_a_machine_and_has_both_parts() {
        let text = String::from_utf8(message(&envelope()).unwrap().formatted()).unwrap();
        for part in
            ["Auto-Submitted: auto-generated", "multipart/alternative", "text/plain", "text/html", "<1@clinic.test>"]
        {
            assert!(text.contains(part), "{part} in {text}");
        }
    }

    #[test]
    fn starttls_is_required_unless_the_url_says_otherwise() {
        assert!(Mailer::smtp("smtp://mail.clinic.test").is_ok());
        assert!(Mailer::smtp("smtp://127.0.0.1:2525?tls=none").is_ok());
        assert!(matches!(Mailer::smtp("smtp://mail.clinic.test?tls=maybe"), Err(SmtpUrlError::Tls(_))));
        assert!(matches!(Mailer::smtp("http://mail.clinic.test"), Err(SmtpUrlError::Scheme(_))));
        assert!(matches!(Mailer::smtp("mail"), Err(SmtpUrlError::Shape(_))));
    }
}
