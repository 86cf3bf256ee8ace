//! The virus scanner, where one is set up: clamd, spoken to over TCP or a socket file by its
//! INSTREAM command (clamd(8)). Knows nothing of documents.

use std::path::PathBuf;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;

/// What the scanner said of some bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    Clean,
    /// The name of what it found.
    Infected(String),
    /// It did not answer, or not so that one can rely on it; why.
    Unknown(String),
}

/// Where the scanner is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scanner {
    /// None is set up.
    Off,
    /// Host and port.
    Tcp(String),
    Socket(PathBuf),
}

/// How long a scan may take: clamd itself gives up after two minutes.
const PATIENCE: Duration = Duration::from_secs(60);
/// Bytes sent at once.
const CHUNK: usize = 64 * 1024;
/// A longer answer is none of clamd's.
const LONGEST_ANSWER: u64 = 4096;

impl Scanner {
    /// Reads `host:port` or the path of a socket file.
    ///
    /// # Errors
    /// What to write instead.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if let Some(path) = text.strip_prefix("unix:").or_else(|| text.starts_with('/').then_some(text)) {
            return Ok(Scanner::Socket(PathBuf::from(path)));
        }
        let address = text.strip_prefix("tcp://").unwrap_or(text);
        let is_address =
            address.rsplit_once(':').is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok());
        match is_address {
            true => Ok(Scanner::Tcp(address.to_owned())),
            false => Err("write clamd's address, such as 127.0.0.1:3310 or /run/clamav/clamd.ctl".to_owned()),
        }
    }

    pub fn is_on(&self) -> bool {
        *self != Scanner::Off
    }

    /// Scans bytes. Whatever goes wrong is [`Verdict::Unknown`]: nothing passes because the
    /// scanner is down.
    pub async fn scan(&self, bytes: &[u8]) -> Verdict {
        let mut command = Vec::with_capacity(bytes.len() + 64);
        command.extend_from_slice(b"zINSTREAM\0");
        for chunk in bytes.chunks(CHUNK) {
            command.extend_from_slice(&u32::try_from(chunk.len()).unwrap_or_default().to_be_bytes());
            command.extend_from_slice(chunk);
        }
        command.extend_from_slice(&[0; 4]);
        match self.ask(&command).await {
            Ok(answer) => verdict(&answer),
            Err(problem) => Verdict::Unknown(problem),
        }
    }

    /// Whether it answers.
    ///
    /// # Errors
    /// Why it does not.
    pub async fn ping(&self) -> Result<(), String> {
        match self.ask(b"zPING\0").await?.as_str() {
            "PONG" => Ok(()),
            other => Err(format!("it answers “{}”", other.chars().take(80).collect::<String>())),
        }
    }

    async fn ask(&self, command: &[u8]) -> Result<String, String> {
        let asked = async {
            match self {
                Scanner::Off => Err("none is set up".to_owned()),
                Scanner::Tcp(address) => {
                    let stream = TcpStream::connect(address).await.map_err(|error| error.to_string())?;
                    exchange(stream, command).await
                }
                #[cfg(unix)]
                Scanner::Socket(path) => {
                    let stream = tokio::net::UnixStream::connect(path).await.map_err(|error| error.to_string())?;
                    exchange(stream, command).await
                }
                #[cfg(not(unix))]
                Scanner::Socket(_) => Err("socket files need a Unix system".to_owned()),
            }
        };
        tokio::time::timeout(PATIENCE, asked).await.unwrap_or_else(|_| Err("it does not answer in time".to_owned()))
    }
}

/// Sends a command and reads the answer. clamd may answer and hang up before it has read
/// everything, when the stream is larger than it allows: what it said counts then.
async fn exchange(mut stream: impl AsyncRead + AsyncWrite + Unpin, command: &[u8]) -> Result<String, String> {
    let sent = stream.write_all(command).await;
    let mut answer = Vec::new();
    let read = (&mut stream).take(LONGEST_ANSWER).read_to_end(&mut answer).await;
    if answer.is_empty() {
        sent.map_err(|error| error.to_string())?;
        read.map_err(|error| error.to_string())?;
        return Err("it hung up without an answer".to_owned());
    }
    let answer = String::from_utf8_lossy(&answer);
    Ok(answer.split('\0').next().unwrap_or_default().trim().to_owned())
}

fn verdict(answer: &str) -> Verdict {
    let said = answer.strip_prefix("stream: ").unwrap_or(answer);
    match said.strip_suffix(" FOUND") {
        Some(name) => Verdict::Infected(name.chars().filter(|c| !c.is_control()).take(80).collect()),
        None if said == "OK" => Verdict::Clean,
        None => Verdict::Unknown(format!("it answers “{}”", said.chars().take(80).collect::<String>())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_plain_ok_is_clean() {
        assert_eq!(verdict("stream: OK"), Verdict::Clean);
        assert_eq!(verdict("stream: Eicar-Signature FOUND"), Verdict::Infected("Eicar-Signature".to_owned()));
        for other in ["", "OK FOUND OK", "INSTREAM size limit exceeded. ERROR", "stream: OK ERROR", "stream: NOT OK"] {
            assert!(matches!(verdict(other), Verdict::Unknown(_)), "{other}");
        }
    }

    #[test]
    fn an_address_is_a_port_or_a_socket() {
        assert_eq!(Scanner::parse("tcp://scan.local:3310"), Ok(Scanner::Tcp("scan.local:3310".to_owned())));
        assert_eq!(Scanner::parse("/run/clamav/clamd.ctl"), Ok(Scanner::Socket("/run/clamav/clamd.ctl".into())));
        for wrong in ["", "clamd", "clamd:", ":3310", "http://clamd"] {
            assert!(Scanner::parse(wrong).is_err(), "{wrong}");
        }
    }
}
