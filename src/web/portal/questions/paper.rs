//! All questions on paper: to read, to hand to colleagues, to write the answers down. No link
//! is in it and no answer, so that it may lie about in an office.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use chrono::NaiveTime;

use super::{Questions, SectionToRead, ToRead, opened, title};
use crate::app::App;
use crate::domain::practice::Practice;
use crate::flows::receive::Opened;
use crate::paper::{self, Block, Item, Level, Look, Paper, Size, Text};
use crate::store::StoreError;
use crate::web::portal::problem::{PortalError, answer};
use crate::web::portal::respondent::{Respondent, Visit};
use crate::web::{Answered, pdf};

/// As on the page that the link opens; a test compares them.
const AT_HAND: [&str; 4] = [
    "the date and findings of your last check against the HIPAA rules",
    "any security reports or certificates, with the dates they run out",
    "the name, e-mail and telephone of the person in charge of patient information",
    "a list of other companies that see, store or move this information for you",
];
/// Lines offered for the entries of a list.
const ENTRIES: usize = 4;

/// GET `/i/{token}/questions.pdf`: changes nothing, and shows no answer.
pub async fn by_link(app: Data<App>, token: Path<String>) -> Answered {
    let now = app.clock.now();
    answer(&app, async {
        let opened = opened(&app, token.into_inner(), now).await?;
        send(&app, opened).await
    })
    .await
}

/// GET `/respond/questions.pdf`: the same; for a colleague those of its part.
pub async fn show(app: Data<App>, who: Visit, _: HttpRequest) -> Answered {
    answer(&app, async { send(&app, Respondent::unfinished(who)?.opened).await }).await
}

async fn send(app: &App, opened: Opened) -> Result<HttpResponse, PortalError> {
    let (office, year) = (app.office.clone(), opened.assessment.due_on.format("%Y"));
    let name = format!("self-check-{year}-questions.pdf");
    let made = pdf::send(name, move || {
        let questionnaire = opened.questionnaire(&office)?;
        let questions = Questions::of(&opened, questionnaire, "", String::new(), false);
        let mark = format!("Questionnaire {} · SHA-256 {}", questionnaire.name(), questionnaire.digest);
        let paper = Paper {
            caption: format!("From {}", opened.practice.name),
            title: title(&opened),
            running: opened.vendor_name.clone(),
            mark,
            dated: opened.assessment.asked_on.and_time(NaiveTime::MIN).and_utc(),
            blocks: questions.blocks(&opened.practice),
        };
        paper::pdf(&paper).map_err(|error| StoreError::Corrupt(error.to_string()))
    });
    Ok(made.await?)
}

impl Questions<'_> {
    /// What the page shows, as blocks.
    fn blocks(&self, practice: &Practice) -> Vec<Block> {
        let (name, vendor, count, due) = (&practice.name, self.vendor, &self.count, &self.due);
        let lead = match self.again {
            true => format!("{name} asks {vendor} again about {count} of what it signed, to be answered by {due}."),
            false => {
                format!(
                    "{name} asks {vendor} how it protects its patients’ information: {count}, to be answered by {due}."
                )
            }
        };
        let workbook = if self.alone { "" } else { ", or in the workbook (XLSX) that can be taken from there," };
        let send_back = format!(
            "This paper is for reading and for noting answers down; it is not signed. Answers are given on the site that \
             the link in the e-mail from {name} opens{workbook} and are signed there. This paper does not hold the link, \
             so it may be passed around among colleagues."
        );
        let mut blocks = vec![Block::Text(Text::lead(lead))];
        if !self.again {
            blocks.push(Block::Heading(Level::Section, "Have these at hand".to_owned()));
            blocks.push(Block::Bullets(AT_HAND.map(Text::plain).to_vec()));
        }
        blocks.push(Block::Heading(Level::Section, "How to send the answers back".to_owned()));
        blocks.push(Block::Text(Text::plain(send_back)));
        blocks.extend(contact(practice).map(|says| Block::Text(Text::plain(says))));
        blocks.push(Block::Panel(vec![Block::Text(Text::plain(
            "If you do not know an answer, tick “Not sure” and go on. Please do not write down anything about a patient.",
        ))]));
        blocks.extend(self.sections.iter().flat_map(section));
        blocks
    }
}

/// `If something is unclear, ask Dana Reyes at …`
fn contact(practice: &Practice) -> Option<String> {
    let contact = &practice.contact;
    let ways = [Some(contact.phone.trim()), contact.reply_to.as_deref().map(str::trim)];
    let ways: Vec<&str> = ways.into_iter().flatten().filter(|way| !way.is_empty()).collect();
    let name = if contact.name.trim().is_empty() { "the office" } else { contact.name.trim() };
    (!ways.is_empty()).then(|| format!("If something is unclear, ask {name}: {}.", ways.join(", ")))
}

fn section(section: &SectionToRead<'_>) -> Vec<Block> {
    let mut blocks = vec![Block::Heading(Level::Section, section.title.to_owned())];
    for topic in &section.topics {
        blocks.push(Block::Heading(Level::Topic, topic.title.to_owned()));
        blocks.push(Block::Items(topic.questions.iter().map(question).collect()));
    }
    blocks
}

fn question(one: &ToRead<'_>) -> Item {
    let mut text = Text::bold(one.text);
    if let Some(authority) = one.authority {
        text = text.and(Look::Italic, format!(" {authority}."));
    }
    let mut blocks = vec![Block::Text(text)];
    if let Some(hangs_on) = &one.hangs_on {
        blocks.push(Block::Text(Text { size: Size::Small, spans: vec![(Look::Italic, hangs_on.clone())] }));
    }
    let small = [one.help, &one.how].into_iter().filter(|text| !text.is_empty());
    blocks.extend(small.map(|text| Block::Text(Text::small(text))));
    if !one.boxes.is_empty() {
        blocks.push(Block::Boxes(one.boxes.iter().map(|says| says.to_string()).collect()));
    }
    if !one.lines.is_empty() {
        blocks.push(Block::Blanks(one.lines.iter().flat_map(|says| blank(says)).collect()));
    }
    blocks.push(Block::Text(why(one)));
    Item { label: one.n.clone(), blocks }
}

/// A line to write on; for a list, one for each of a few entries.
fn blank(says: &str) -> Vec<String> {
    let entries = if says.starts_with("For each: ") { ENTRIES - 1 } else { 0 };
    std::iter::once(says.to_owned()).chain(std::iter::repeat_n(String::new(), entries)).collect()
}

fn why(one: &ToRead<'_>) -> Text {
    let mut why = Text::small(format!("Why it is asked: {}", one.why));
    if !one.evidence.is_empty() {
        why = why.and(Look::Plain, " What would support it: ").and(Look::Plain, format!("{}.", one.evidence));
    }
    if !one.cites.is_empty() {
        why = why.and(Look::Plain, format!(" ({})", one.cites));
    }
    why
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::templates::Context;

    #[test]
    fn what_to_have_at_hand_is_the_same_on_the_page_and_on_paper() {
        let page = include_str!("../../../../templates/portal/invitation.hbs");
        assert!(AT_HAND.iter().all(|one| page.contains(&format!("<li>{one}</li>"))));
    }

    #[test]
    fn every_page_of_questions_can_be_put_on_paper() {
        for page in Questions::samples() {
            let blocks = page.sections.iter().flat_map(section).collect();
            let paper = Paper { title: page.vendor.to_owned(), blocks, ..Paper::default() };
            assert!(paper::pdf(&paper).unwrap().starts_with(b"%PDF-"));
        }
    }
}
