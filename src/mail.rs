//! How a letter travels: SMTP, a folder, or memory. Knows nothing of what it is for.

pub mod smtp;

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::{Address, Message};
use url::Url;

use self::smtp::{Patience, Route, Security};

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
    pub attachment: Option<Attachment>,
}

/// A file that travels with a message.
#[derive(Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Plain letters, digits, hyphens and a dot.
    pub name: String,
    pub media_type: &'static str,
    pub bytes: Vec<u8>,
}

/// What is in it is nobody's business in a log.
impl std::fmt::Debug for Attachment {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{} ({} bytes)", self.name, self.bytes.len())
    }
}

/// The ways out.
#[derive(Clone)]
pub enum Mailer {
    Smtp(Arc<Route>),
    /// One `.eml` file a letter; nothing leaves the machine.
    Folder(PathBuf),
    Memory(Arc<Mutex<Vec<Envelope>>>),
}

/// A letter that the other side waits for. Up to here everything can be repeated without
/// harm; [`Ready::hand_over`] cannot.
pub struct Ready {
    way: Way,
    message: Message,
}

enum Way {
    Smtp(Arc<Route>, Box<AsyncSmtpConnection>),
    Folder(PathBuf),
    Memory(Arc<Mutex<Vec<Envelope>>>, Box<Envelope>),
}

/// What came of a try that did not succeed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    /// The server takes no mail from us at all: it is not there, or does not let us in. No
    /// letter is to blame.
    #[error("{0}")]
    Down(String),
    /// Trying this letter again may help.
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
        Self::smtp_with(url, Patience::USUAL)
    }

    /// As [`Mailer::smtp`], waiting only so long.
    ///
    /// # Errors
    /// What is wrong with the URL.
    pub fn smtp_with(url: &str, patience: Patience) -> Result<Self, SmtpUrlError> {
        let url = Url::parse(url).map_err(|error| SmtpUrlError::Shape(error.to_string()))?;
        let host = url.host_str().ok_or_else(|| SmtpUrlError::Shape("it names no host".to_owned()))?.to_owned();
        let parameters = || TlsParameters::new(host.clone()).map_err(|error| SmtpUrlError::Shape(error.to_string()));
        let wanted = url.query_pairs().find(|(key, _)| key == "tls").map(|(_, value)| value.into_owned());
        let (security, port) = match (url.scheme(), wanted.as_deref()) {
            ("smtps", _) => (Security::Wrapped(parameters()?), 465),
            ("smtp", None | Some("required")) => (Security::Required(parameters()?), 587),
            ("smtp", Some("opportunistic")) => (Security::Opportunistic(parameters()?), 587),
            ("smtp", Some("none")) => (Security::None, 25),
            ("smtp", Some(other)) => return Err(SmtpUrlError::Tls(other.to_owned())),
            (other, _) => return Err(SmtpUrlError::Scheme(other.to_owned())),
        };
        let plain = |text: &str| percent_decoded(text);
        let credentials = (!url.username().is_empty())
            .then(|| Credentials::new(plain(url.username()), plain(url.password().unwrap_or_default())));
        let port = url.port().unwrap_or(port);
        Ok(Mailer::Smtp(Arc::new(Route { host, port, security, credentials, patience, kept: Default::default() })))
    }

    pub fn memory() -> Self {
        Mailer::Memory(Arc::default())
    }

    /// Prepares everything up to the point of no return.
    ///
    /// # Errors
    /// Whether trying again can help; never [`MailError::Uncertain`].
    pub async fn begin(&self, envelope: &Envelope) -> Result<Ready, MailError> {
        let message = message(envelope)?;
        let way = match self {
            Mailer::Smtp(route) => {
                let connection = route.begin(&message).await?;
                Way::Smtp(route.clone(), Box::new(connection))
            }
            Mailer::Folder(folder) => {
                tokio::fs::create_dir_all(folder)
                    .await
                    .map_err(|error| MailError::Down(format!("the mail folder cannot be made: {error}")))?;
                let plain = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
                let name: String = envelope.message_id.chars().filter(plain).collect();
                Way::Folder(folder.join(format!("{name}.eml")))
            }
            Mailer::Memory(sent) => Way::Memory(sent.clone(), Box::new(envelope.clone())),
        };
        Ok(Ready { way, message })
    }

    /// Whether letters leave this machine.
    pub fn leaves(&self) -> bool {
        !matches!(self, Mailer::Folder(_))
    }

    /// Where letters are written to, when they do not leave.
    pub fn folder(&self) -> Option<&std::path::Path> {
        match self {
            Mailer::Folder(folder) => Some(folder),
            _ => None,
        }
    }

    /// Ends the conversation that was kept up between letters.
    pub async fn rest(&self) {
        if let Mailer::Smtp(route) = self {
            route.rest().await;
        }
    }

    /// Greets the mail server and says goodbye.
    ///
    /// # Errors
    /// What the server answered.
    pub async fn greet(&self) -> Result<(), MailError> {
        if let Mailer::Smtp(route) = self {
            let connection = route.connect().await?;
            route.end(connection).await;
        }
        Ok(())
    }
}

impl Ready {
    /// Hands the letter over, and gives what the other side said to it, in its own words.
    ///
    /// # Errors
    /// What the other side said, or [`MailError::Uncertain`] when it said nothing.
    pub async fn hand_over(self) -> Result<String, MailError> {
        match self.way {
            Way::Smtp(route, connection) => route.hand_over(*connection, &self.message).await,
            Way::Folder(file) => tokio::fs::write(&file, self.message.formatted())
                .await
                .map(|()| file.display().to_string())
                .map_err(|error| MailError::Later(format!("the mail folder cannot be written to: {error}"))),
            Way::Memory(sent, envelope) => {
                sent.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(*envelope);
                Ok("kept in memory".to_owned())
            }
        }
    }
}

fn percent_decoded(text: &str) -> String {
    let form = text.replace('+', "%2B").replace('&', "%26");
    url::form_urlencoded::parse(format!("k={form}").as_bytes())
        .next()
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
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
    let apart = |error: &dyn std::fmt::Display| MailError::Never(format!("the letter cannot be put together: {error}"));
    let words = MultiPart::alternative_plain_html(envelope.text.clone(), envelope.html.clone());
    let body = match &envelope.attachment {
        None => words,
        Some(file) => {
            let media_type = ContentType::parse(file.media_type).map_err(|error| apart(&error))?;
            let part = lettre::message::Attachment::new(file.name.clone()).body(file.bytes.clone(), media_type);
            MultiPart::mixed().multipart(words).singlepart(part)
        }
    };
    builder.multipart(body).map_err(|error| apart(&error))
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
            attachment: None,
        }
    }

    #[test]
    fn a_file_travels_beside_the_words_and_shows_in_no_log() {
        let file = Attachment {
            name: "receipt.pdf".to_owned(),
            media_type: "application/pdf",
            bytes: b"%PDF-1.7 secret".to_vec(),
        };
        let with = Envelope { attachment: Some(file), ..envelope() };
        let text = String::from_utf8(message(&with).unwrap().formatted()).unwrap();
        for part in ["multipart/mixed", "multipart/alternative", "application/pdf", "filename=\"receipt.pdf\""] {
            assert!(text.contains(part), "{part} in {text}");
        }
        assert!(!format!("{with:?}").contains("37, 80, 68, 70"), "{with:?}");
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

    #[test]
    fn a_password_may_hold_any_letter() {
        for (written, meant) in
            [("a%20b", "a b"), ("a+b", "a+b"), ("a&b=c", "a&b=c"), ("a%26b", "a&b"), ("%C3%A9", "é")]
        {
            assert_eq!(percent_decoded(written), meant);
        }
    }
}
