//! A mail server on loopback that speaks real SMTP and misbehaves on purpose.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use duecare::mail::Mailer;
use duecare::mail::smtp::Patience;

/// Where a conversation goes wrong. The first word of the command decides: `RCPT`, `DATA`,
/// `MAIL`, or `.` for the end of the letter.
#[derive(Clone, Copy, Debug)]
pub enum Trouble {
    None,
    /// Connects and never says a word.
    Silent,
    /// This answer to this command.
    Says(&'static str, &'static str),
    /// Hangs up instead of answering this command.
    HangsUp(&'static str),
    /// Takes the letter and says nothing more.
    TakesAndFallsSilent,
}

pub struct PostOffice {
    port: u16,
    letters: Arc<Mutex<Vec<String>>>,
    conversations: Arc<Mutex<u32>>,
}

impl PostOffice {
    pub fn open(trouble: Trouble) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let office = Self { port, letters: Arc::default(), conversations: Arc::default() };
        let (letters, conversations) = (office.letters.clone(), office.conversations.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (Ok(stream), letters) = (stream, letters.clone()) else { return };
                *conversations.lock().unwrap() += 1;
                std::thread::spawn(move || drop(talk(&stream, trouble, &letters)));
            }
        });
        office
    }

    /// A mailer that goes here, and has little patience.
    pub fn mailer(&self) -> Mailer {
        let short = Duration::from_millis(400);
        let patience = Patience { greeting: short, addresses: short, answer: short };
        Mailer::smtp_with(&format!("smtp://127.0.0.1:{}?tls=none", self.port), patience).unwrap()
    }

    pub fn letters(&self) -> Vec<String> {
        self.letters.lock().unwrap().clone()
    }

    pub fn conversations(&self) -> u32 {
        *self.conversations.lock().unwrap()
    }
}

fn talk(stream: &TcpStream, trouble: Trouble, letters: &Mutex<Vec<String>>) -> std::io::Result<()> {
    let mut out = stream;
    let mut lines = BufReader::new(stream).lines();
    if let Trouble::Silent = trouble {
        // Until the other side hangs up.
        while lines.next().is_some_and(|line| line.is_ok()) {}
        return Ok(());
    }
    out.write_all(b"220 postoffice.test\r\n")?;
    while let Some(line) = lines.next() {
        let line = line?;
        let command = line.split([' ', ':']).next().unwrap_or_default().to_uppercase();
        match trouble {
            Trouble::Says(at, answer) if at == command => {
                out.write_all(format!("{answer}\r\n").as_bytes())?;
                continue;
            }
            Trouble::HangsUp(at) if at == command => return Ok(()),
            _ => {}
        }
        match command.as_str() {
            "EHLO" => out.write_all(b"250-postoffice.test\r\n250 8BITMIME\r\n")?,
            "QUIT" => return out.write_all(b"221 bye\r\n"),
            "DATA" => {
                out.write_all(b"354 go on\r\n")?;
                let letter: Vec<String> = lines.by_ref().map_while(Result::ok).take_while(|line| line != ".").collect();
                letters.lock().unwrap().push(letter.join("\n"));
                match trouble {
                    Trouble::Says(".", answer) => out.write_all(format!("{answer}\r\n").as_bytes())?,
                    Trouble::HangsUp(".") => return Ok(()),
                    Trouble::TakesAndFallsSilent => {}
                    _ => out.write_all(b"250 taken\r\n")?,
                }
            }
            _ => out.write_all(b"250 ok\r\n")?,
        }
    }
    Ok(())
}
