//! The questionnaire as a workbook to take away and fill in: a sheet that says how, the
//! questions, and behind them the lists of words that cells offer.

#[cfg(test)]
mod tests;

use chrono::{DateTime, NaiveDate, Utc};
use rust_xlsxwriter::{
    Color, DataValidation, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Formula, ProtectionOptions,
    Workbook, Worksheet, XlsxError,
};

use super::spreadsheet::excel_day;
use crate::domain::answers::seen::Seen;
use crate::domain::answers::sheet::{self, ANSWER, Cell, HEADS, Kind, Line, Pick};
use crate::domain::answers::{Answers, bare};
use crate::domain::questionnaire::{Asked, Question, Questionnaire};

/// The sheets, by name.
const GUIDE: &str = "Read this first";
const QUESTIONS: &str = "Questions";
const WORDS: &str = "Words";
/// How wide the columns are, in letters; the first two are hidden.
const WIDTHS: [u8; 12] = [4, 4, 16, 18, 46, 40, 30, 24, 30, 36, 16, 22];
/// The first column that a reader sees.
const SEEN_FROM: usize = 2;

/// What a workbook is made of.
#[derive(Clone, Copy, Debug)]
pub struct Paper<'a> {
    pub practice: &'a str,
    pub vendor: &'a str,
    /// In words: `Friday, December 11, 2026`.
    pub due: &'a str,
    pub questionnaire: &'a Questionnaire,
    pub asked: &'a Asked,
    /// The answers to begin with; none in a workbook that anybody with the link may take.
    pub answers: &'a Answers,
    pub made_at: DateTime<Utc>,
}

/// Makes the workbook. The same questions and answers at the same moment are the same file.
///
/// # Errors
/// When a text is longer than a cell takes.
pub fn workbook(paper: &Paper<'_>) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let made = ExcelDateTime::from_timestamp(paper.made_at.timestamp())?;
    let title = format!("{} for {}", paper.questionnaire.title, paper.vendor);
    book.set_properties(&DocProperties::new().set_title(title).set_creation_datetime(&made));
    guide(book.add_worksheet(), paper)?;
    let mut lists = Lists::default();
    questions(book.add_worksheet(), paper, &mut lists)?;
    let words = book.add_worksheet();
    words.set_name(WORDS)?.set_hidden(true);
    for (column, list) in (0_u16..).zip(&lists.0) {
        for (row, word) in (0_u32..).zip(list) {
            words.write_string(row, column, word)?;
        }
    }
    book.save_to_buffer()
}

fn guide(sheet: &mut Worksheet, paper: &Paper<'_>) -> Result<(), XlsxError> {
    let wrap = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    let head = Format::new().set_bold().set_font_size(16).set_text_wrap();
    sheet.set_name(GUIDE)?.set_column_width(0, 90)?;
    sheet.write_string_with_format(0, 0, paper.questionnaire.title.as_str(), &head)?;
    let lines = [
        format!("{} asks {} to answer by {}.", paper.practice, paper.vendor, paper.due),
        "1. Fill in the white cells of the sheet “Questions”. Where a cell offers a list, choose from it.".to_owned(),
        "2. A cell that you leave blank changes nothing. So you may do a part now and the rest later, or share the work: \
         each of you fills in and uploads a copy."
            .to_owned(),
        "3. “Not sure” is an answer. If something does not apply to you, choose that and say why in the cell beside it."
            .to_owned(),
        "4. Save the file as .xlsx. Open the link in our e-mail, press Start or Continue, choose “Upload a filled-in \
         workbook”, and choose this file."
            .to_owned(),
        "5. You then see each answer that would change before anything is saved. Signing is done on that site, not here."
            .to_owned(),
        "To take an entry out of a list, write the others and upload: a list is replaced as a whole by the entries in \
         this file. To take an answer back altogether, do it on the site."
            .to_owned(),
        "Please do not name or describe a patient anywhere in this file.".to_owned(),
        "Lines may be sorted or hidden. The hidden columns at the left hold the name of each question: leave them in."
            .to_owned(),
    ];
    for (row, line) in (2_u32..).zip(lines) {
        sheet.write_string_with_format(row, 0, line, &wrap)?;
    }
    Ok(())
}

/// Lists of words, each once: a column of the hidden sheet.
#[derive(Default)]
struct Lists(Vec<Vec<String>>);

impl Lists {
    /// Where the list stands, as a formula.
    fn place(&mut self, picks: &[Pick]) -> Formula {
        let words: Vec<String> = picks.iter().map(|pick| pick.says.clone()).collect();
        let (last, known) = (words.len(), self.0.iter().position(|list| *list == words));
        let at = known.unwrap_or_else(|| {
            self.0.push(words);
            self.0.len() - 1
        });
        let letters = rust_xlsxwriter::utility::column_number_to_name(u16::try_from(at).unwrap_or(u16::MAX));
        Formula::new(format!("={WORDS}!${letters}$1:${letters}${last}"))
    }
}

/// How cells look.
struct Looks {
    head: Format,
    /// Words to read.
    said: Format,
    question: Format,
    fill: Format,
    day: Format,
}

impl Looks {
    fn new() -> Self {
        let base = Format::new().set_text_wrap().set_align(FormatAlign::Top);
        let edge = |format: &Format| {
            format.clone().set_border(FormatBorder::Thin).set_border_color(Color::RGB(0x8A_93_9B)).set_unlocked()
        };
        let said = base.clone().set_background_color(Color::RGB(0xF2_F4_F5));
        Self {
            head: base.clone().set_bold().set_background_color(Color::RGB(0xD9_E2_E7)),
            question: said.clone().set_bold(),
            // As text, so that "3-4" stays what was typed.
            fill: edge(&base).set_num_format("@"),
            day: edge(&base).set_num_format("yyyy-mm-dd"),
            said,
        }
    }
}

fn questions(sheet: &mut Worksheet, paper: &Paper<'_>, lists: &mut Lists) -> Result<(), XlsxError> {
    let looks = Looks::new();
    sheet.set_name(QUESTIONS)?.set_landscape().set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0)?;
    for (column, (head, width)) in (0_u16..).zip(HEADS.iter().zip(WIDTHS)) {
        sheet.set_column_width(column, f64::from(width))?;
        sheet.write_string_with_format(0, column, *head, &looks.head)?;
    }
    let version = format!("{} {}", paper.questionnaire.name(), paper.questionnaire.digest);
    sheet.write_string(0, 1, version)?;
    let shown = bare(paper.answers);
    let mut row = 1;
    for section in &paper.questionnaire.sections {
        for topic in &section.topics {
            for question in topic.questions.iter().filter(|question| paper.asked.may_include(question)) {
                let answer = shown.get(&question.slug);
                let mark = Seen::mark_of(answer);
                sheet.write_string(row, 1, mark)?;
                let around = [section.title.as_str(), topic.title.as_str()];
                let told = paper.answers.get(&question.slug).and_then(|answer| answer.told.as_ref());
                for (at, line) in (0_u32..).zip(sheet::lines(question, answer)) {
                    let words =
                        words(paper.questionnaire, question, &line, around, told.map(|told| told.says()), at == 0);
                    write(sheet, row, &line, &words, &looks, lists)?;
                    row += 1;
                }
            }
        }
    }
    for hidden in 0..SEEN_FROM {
        sheet.set_column_hidden(column(hidden))?;
    }
    sheet.set_freeze_panes(1, column(ANSWER - 3))?;
    // Without a password: against slips, not against the reader.
    sheet.protect_with_options(&ProtectionOptions {
        format_cells: true,
        format_columns: true,
        format_rows: true,
        sort: true,
        ..ProtectionOptions::new()
    });
    Ok(())
}

/// The words of a line, from the section to how it is answered.
fn words(
    questionnaire: &Questionnaire,
    question: &Question,
    line: &Line,
    around: [&str; 2],
    told: Option<String>,
    first: bool,
) -> [String; 6] {
    let [section, topic] = around.map(str::to_owned);
    let (mut help, mut how) = (String::new(), line.how.clone());
    if first {
        let hangs_on = sheet::hangs_on(questionnaire, question);
        help = [Some(question.help.clone()), hangs_on].into_iter().flatten().collect::<Vec<_>>().join(" ");
        how = [Some(how), told].into_iter().flatten().collect::<Vec<_>>().join(". ");
    }
    let evidence = if first { question.evidence.clone() } else { String::new() };
    [section, topic, line.label.clone(), help.trim().to_owned(), evidence, how]
}

fn write(
    sheet: &mut Worksheet,
    row: u32,
    line: &Line,
    words: &[String; 6],
    looks: &Looks,
    lists: &mut Lists,
) -> Result<(), XlsxError> {
    sheet.write_string(row, 0, &line.key)?;
    for (at, text) in words.iter().enumerate() {
        let look = if at == 2 && !line.key.contains(':') { &looks.question } else { &looks.said };
        sheet.write_string_with_format(row, column(SEEN_FROM + at), text, look)?;
    }
    for (at, head) in line.heads.iter().enumerate() {
        sheet.write_string_with_format(row, column(ANSWER + at), head, &looks.head)?;
    }
    for cell in &line.cells {
        fill(sheet, row, cell, looks)?;
        if !cell.picks.is_empty() {
            let list = DataValidation::new().allow_list_formula(lists.place(&cell.picks)).ignore_blank(true);
            // Where words of one's own are an answer too, the list only offers.
            let list = list
                .show_error_message(cell.kind == Kind::Closed)
                .set_error_title("Choose from the list")?
                .set_error_message("This cell takes one of the words in its list.")?;
            let at = column(ANSWER + cell.offset);
            sheet.add_data_validation(row, at, row, at, &list)?;
        }
    }
    Ok(())
}

fn fill(sheet: &mut Worksheet, row: u32, cell: &Cell, looks: &Looks) -> Result<(), XlsxError> {
    let at = column(ANSWER + cell.offset);
    let look = if cell.kind == Kind::Date { &looks.day } else { &looks.fill };
    match (cell.kind, cell.text.as_str()) {
        (_, "") => sheet.write_blank(row, at, look)?,
        (Kind::Date, text) => match text.parse::<NaiveDate>().ok().and_then(|day| excel_day(day).ok()) {
            Some(day) => sheet.write_datetime_with_format(row, at, day, look)?,
            None => sheet.write_string_with_format(row, at, text, look)?,
        },
        (_, text) => sheet.write_string_with_format(row, at, text, look)?,
    };
    Ok(())
}

fn column(at: usize) -> u16 {
    u16::try_from(at).unwrap_or(u16::MAX)
}
