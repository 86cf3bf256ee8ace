//! Respondents against a running server, for benches/respondents.sh. Reads them from standard
//! input, a line each: cookie, comma, form token.
//!
//!     load_respondents rush ADDRESS ROUNDS         all press Save at the same moment, round after round
//!     load_respondents work ADDRESS ROUNDS         each opens a page, and presses Save two seconds later
//!     load_respondents kill ADDRESS TIMES PROGRAM  PROGRAM is started, used, killed with SIGKILL, and
//!                                                  started again: is every acknowledged answer there?

use std::io::{BufRead, Write};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Barrier;

type Failure = Box<dyn std::error::Error + Send + Sync>;

const PAGE: &str = "/respond/self-check";
const QUESTION: &str = "org.self-check.done";
/// One after the other: an answer that was lost shows as the one before, which is neither the
/// last acknowledged one nor the one on its way.
const VALUES: [&str; 3] = ["yes", "partial", "no"];

#[derive(Clone)]
struct Respondent {
    cookie: String,
    token: String,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let lines = std::io::stdin().lock().lines().collect::<Result<Vec<_>, _>>()?;
    let who = |line: &String| {
        let (cookie, token) = line.split_once(',')?;
        Some(Respondent { cookie: cookie.to_owned(), token: token.to_owned() })
    };
    let respondents: Vec<Respondent> = lines.iter().filter_map(who).collect();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["rush", address, rounds] => rush(&respondents, address, rounds.parse()?).await,
        ["work", address, rounds] => work(&respondents, address, rounds.parse()?).await,
        ["kill", address, times, program] => kill(&respondents, address, times.parse()?, program).await,
        _ => Err("say rush, work or kill; see the head of benches/load_respondents.rs".into()),
    }
}

/// A connection that is kept.
struct Browser {
    connection: TcpStream,
    host: String,
    cookie: String,
}

impl Browser {
    async fn open(address: &str, cookie: &str) -> Result<Self, Failure> {
        let connection = TcpStream::connect(address).await?;
        connection.set_nodelay(true)?;
        Ok(Self { connection, host: address.to_owned(), cookie: cookie.to_owned() })
    }

    /// The status and the page.
    async fn asks(&mut self, method: &str, body: &str) -> Result<(u16, String), Failure> {
        let request = format!(
            "{method} {PAGE} HTTP/1.1\r\nHost: {}\r\nCookie: __Host-respond={}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            self.host,
            self.cookie,
            body.len()
        );
        self.connection.write_all(request.as_bytes()).await?;
        let mut reply = Vec::new();
        let head = loop {
            self.more(&mut reply).await?;
            if let Some(at) = reply.windows(4).position(|four| four == b"\r\n\r\n") {
                break at + 4;
            }
        };
        let text = String::from_utf8_lossy(&reply[..head]).to_lowercase();
        let status = text.split(' ').nth(1).ok_or("no status")?.parse()?;
        let length = text.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap_or("0").trim();
        let end = head + length.parse::<usize>()?;
        while reply.len() < end {
            self.more(&mut reply).await?;
        }
        Ok((status, String::from_utf8_lossy(&reply[head..end]).into_owned()))
    }

    async fn more(&mut self, reply: &mut Vec<u8>) -> Result<(), Failure> {
        match self.connection.read_buf(reply).await? {
            0 => Err("the connection was closed".into()),
            _ => Ok(()),
        }
    }

    async fn saves(&mut self, who: &Respondent, value: &str) -> Result<u16, Failure> {
        Ok(self.asks("POST", &format!("csrf={}&{QUESTION}={value}", who.token)).await?.0)
    }
}

async fn rush(respondents: &[Respondent], address: &str, rounds: usize) -> Result<(), Failure> {
    let line = Arc::new(Barrier::new(respondents.len()));
    let mut all = tokio::task::JoinSet::new();
    for who in respondents.iter().cloned() {
        let (line, address) = (line.clone(), address.to_owned());
        all.spawn(async move {
            let mut browser = Browser::open(&address, &who.cookie).await?;
            let (mut pages, mut saves) = (Vec::new(), Vec::new());
            for round in 0..rounds {
                line.wait().await;
                let began = Instant::now();
                let (status, _) = browser.asks("GET", "").await?;
                pages.push(began.elapsed());
                if status != 200 {
                    return Err(format!("a page came with {status}").into());
                }
                line.wait().await;
                let began = Instant::now();
                let status = browser.saves(&who, VALUES[round % 3]).await?;
                saves.push(began.elapsed());
                if status != 303 {
                    return Err(format!("a save came with {status}").into());
                }
            }
            Ok::<_, Failure>((pages, saves))
        });
    }
    let (mut pages, mut saves) = (Vec::new(), Vec::new());
    while let Some(done) = all.join_next().await {
        let (some_pages, some_saves) = done??;
        pages.extend(some_pages);
        saves.extend(some_saves);
    }
    say("page", pages)?;
    say("save", saves)
}

/// A page, two seconds to answer it, a save; and again. They begin one after the other.
async fn work(respondents: &[Respondent], address: &str, rounds: usize) -> Result<(), Failure> {
    const PAUSE: Duration = Duration::from_secs(2);
    let mut all = tokio::task::JoinSet::new();
    for (at, who) in respondents.iter().cloned().enumerate() {
        let (address, late) = (address.to_owned(), PAUSE * u32::try_from(at)? / u32::try_from(respondents.len())?);
        all.spawn(async move {
            let mut browser = Browser::open(&address, &who.cookie).await?;
            let (mut pages, mut saves) = (Vec::new(), Vec::new());
            tokio::time::sleep(late).await;
            for round in 0..rounds {
                let began = Instant::now();
                let (status, _) = browser.asks("GET", "").await?;
                pages.push(began.elapsed());
                tokio::time::sleep(PAUSE).await;
                let began = Instant::now();
                let saved = browser.saves(&who, VALUES[round % 3]).await?;
                saves.push(began.elapsed());
                if (status, saved) != (200, 303) {
                    return Err(format!("a page came with {status}, a save with {saved}").into());
                }
            }
            Ok::<_, Failure>((pages, saves))
        });
    }
    let (mut pages, mut saves) = (Vec::new(), Vec::new());
    while let Some(done) = all.join_next().await {
        let (some_pages, some_saves) = done??;
        pages.extend(some_pages);
        saves.extend(some_saves);
    }
    say("page", pages)?;
    say("save", saves)
}

fn say(what: &str, mut took: Vec<Duration>) -> Result<(), Failure> {
    took.sort_unstable();
    let at = |share: f64| took[((took.len() - 1) as f64 * share) as usize].as_secs_f64() * 1000.0;
    let worst = took.last().map_or(0.0, Duration::as_secs_f64) * 1000.0;
    writeln!(
        std::io::stdout(),
        "{what}: {} requests, no errors; p50 {:.0} ms, p95 {:.0} ms, p99 {:.0} ms, worst {worst:.0} ms",
        took.len(),
        at(0.5),
        at(0.95),
        at(0.99)
    )?;
    Ok(())
}

/// Starts the server and waits until it answers.
async fn server(program: &str, address: &str) -> Result<Child, Failure> {
    let child = Command::new(program).arg("serve").stdin(Stdio::null()).stderr(Stdio::null()).spawn()?;
    let until = Instant::now() + Duration::from_secs(30);
    while TcpStream::connect(address).await.is_err() {
        if Instant::now() > until {
            return Err("the server does not start".into());
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    Ok(child)
}

/// Saves until the server is gone; gives the number of the last acknowledged value.
async fn save_on(who: Respondent, address: String, mut number: usize) -> usize {
    let Ok(mut browser) = Browser::open(&address, &who.cookie).await else { return number };
    while let Ok(303) = browser.saves(&who, VALUES[(number + 1) % 3]).await {
        number += 1;
    }
    number
}

async fn recorded(who: &Respondent, address: &str) -> Result<usize, Failure> {
    let (status, page) = Browser::open(address, &who.cookie).await?.asks("GET", "").await?;
    let name = format!("name=\"{QUESTION}\"");
    let field = page.split(&name).skip(1);
    let checked = field.filter(|rest| rest.split('>').next().is_some_and(|tag| tag.contains("checked")));
    let value = checked.filter_map(|rest| rest.split("value=\"").nth(1)?.split('"').next()).next();
    let value = value.ok_or_else(|| format!("no answer on the page, which came with {status}"))?;
    VALUES.iter().position(|one| *one == value).ok_or_else(|| format!("{value}?").into())
}

async fn kill(respondents: &[Respondent], address: &str, times: usize, program: &str) -> Result<(), Failure> {
    let mut numbers = vec![0; respondents.len()];
    let mut child = server(program, address).await?;
    for who in respondents {
        let mut browser = Browser::open(address, &who.cookie).await?;
        browser.saves(who, VALUES[0]).await?;
    }
    let (mut saves, mut on_its_way) = (0, 0);
    for time in 0..times {
        let saving: Vec<_> = respondents
            .iter()
            .zip(&numbers)
            .map(|(who, number)| tokio::spawn(save_on(who.clone(), address.to_owned(), *number)))
            .collect();
        // At every moment of a save in turn, some sooner and some later.
        tokio::time::sleep(Duration::from_micros(20_000 + (time as u64 * 7_919) % 60_000)).await;
        child.kill()?;
        child.wait()?;
        let mut acknowledged = Vec::new();
        for one in saving {
            acknowledged.push(one.await?);
        }
        child = server(program, address).await?;
        for (at, who) in respondents.iter().enumerate() {
            let (last, there) = (acknowledged[at], recorded(who, address).await?);
            saves += last - numbers[at];
            numbers[at] = match there {
                there if there == last % 3 => last,
                there if there == (last + 1) % 3 => {
                    on_its_way += 1;
                    last + 1
                }
                _ => return Err(format!("kill {time}: an acknowledged answer is lost").into()),
            };
        }
        if (time + 1) % 100 == 0 {
            writeln!(
                std::io::stdout(),
                "{} kills, {saves} acknowledged saves, none lost; {on_its_way} were kept and not yet said",
                time + 1
            )?;
        }
    }
    child.kill()?;
    child.wait()?;
    writeln!(std::io::stdout(), "{times} kills, {saves} acknowledged saves, none lost")?;
    Ok(())
}
