//! What every vendor page has around its own content: the practice that asks, whom to turn
//! to, and the token of its forms. Kept small, because it goes along with every page.

use std::sync::LazyLock;

use actix_web::http::StatusCode;
use serde::Serialize;

use crate::app::App;
use crate::domain::assessment::Assessment;
pub use crate::domain::contact::masked;
use crate::domain::practice::Practice;
use crate::templates::{Context, Templates};
use crate::web::view::html;
use crate::web::{Answered, WebError, assets};

/// The frame of a page.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Shell<'a> {
    pub title: &'a str,
    /// Empty where we do not know, or must not say, who asks.
    pub practice: &'a str,
    /// Empty where there is no session to guard.
    pub csrf: &'a str,
    pub contact: Option<Contact<'a>>,
    /// What was just done, in words.
    pub done: Option<&'a str>,
    /// Whether the page offers to tell of a change.
    pub tells: bool,
}

/// Whom a vendor may ask.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Contact<'a> {
    name: &'a str,
    email: Option<&'a str>,
    phone: &'a str,
}

#[derive(Serialize)]
struct Page<'a, T> {
    #[serde(flatten)]
    shell: &'a Shell<'a>,
    css: &'static str,
    js: &'static str,
    #[serde(flatten)]
    content: &'a T,
}

impl<'a> Shell<'a> {
    /// The frame of a page for nobody in particular.
    pub fn stranger(title: &'a str) -> Self {
        Self { title, ..Self::default() }
    }

    /// The frame of a page that names the practice.
    pub fn of(practice: &'a Practice, title: &'a str) -> Self {
        Self { title, practice: &practice.name, csrf: "", contact: contact(practice), done: None, tells: false }
    }

    /// Renders the page as an answer.
    ///
    /// # Errors
    /// A word that the context lacks.
    pub fn show<T: Context>(&self, app: &App, status: StatusCode, content: &T) -> Answered {
        Ok(html(status, self.text(&app.templates, content)?))
    }

    /// Renders the page as text.
    ///
    /// # Errors
    /// A word that the context lacks.
    pub fn text<T: Context>(&self, templates: &Templates, content: &T) -> Result<String, WebError> {
        let page = Page { shell: self, css: assets::vendors_css(), js: assets::script(), content };
        Ok(templates.render(T::TEMPLATE, &page)?)
    }
}

fn contact(practice: &Practice) -> Option<Contact<'_>> {
    let (name, phone) = (practice.contact.name.trim(), practice.contact.phone.trim());
    let email = practice.contact.reply_to.as_deref();
    let known = !name.is_empty() || !phone.is_empty() || email.is_some();
    known.then_some(Contact { name: if name.is_empty() { "the office" } else { name }, email, phone })
}

/// The year that a self-check goes by, as in its letters.
pub fn year(assessment: &Assessment) -> String {
    assessment.due_on.format("%Y").to_string()
}

/// `1 question is`, `3 questions are`; `None` when none is open.
pub fn unanswered(count: usize) -> Option<String> {
    match count {
        0 => None,
        1 => Some("1 question is".to_owned()),
        _ => Some(format!("{count} questions are")),
    }
}

/// Text that a careless page would run.
pub const HOSTILE: &str = "<script>alert(1)</script>{{practice}}\"'><img src=x onerror=alert(1)>";

static LONG: LazyLock<String> = LazyLock::new(|| "Wordy ".repeat(400));

/// Text as long as the longest that is let in, for samples.
pub fn longest(letters: usize) -> &'static str {
    &LONG[..letters.min(LONG.len())]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::portal;

    #[test]
    fn a_masked_address_shows_its_first_letter_and_its_domain() {
        assert_eq!(masked("pat@northwind.example"), "p•••@northwind.example");
        assert_eq!(masked("é@a@b.example"), "é•••@b.example");
        for none in ["", "@northwind.example", "pat"] {
            assert_eq!(masked(none), "•••", "{none}");
        }
    }

    #[test]
    fn open_questions_are_counted_in_good_english() {
        assert_eq!(unanswered(0), None);
        assert_eq!(unanswered(1).as_deref(), Some("1 question is"));
        assert_eq!(unanswered(2).as_deref(), Some("2 questions are"));
    }

    fn renders<T: Context>(templates: &Templates) {
        for contact in [None, Some(Contact { name: HOSTILE, email: Some(HOSTILE), phone: HOSTILE })] {
            let done = Some(HOSTILE);
            let shell = Shell { title: HOSTILE, practice: longest(200), csrf: "token", contact, done, tells: true };
            for sample in T::samples() {
                let page = shell.text(templates, &sample).unwrap_or_else(|error| panic!("{}: {error:?}", T::TEMPLATE));
                assert!(page.contains("</html>") && !page.contains("<script>alert"), "{}", T::TEMPLATE);
                assert!(!page.contains("<img"), "{}", T::TEMPLATE);
            }
        }
    }

    #[test]
    fn every_vendor_page_renders_with_all_its_samples() {
        let templates = Templates::built_in().unwrap();
        renders::<portal::actions::ActionsPage>(&templates);
        renders::<portal::actions::one::ActionPage>(&templates);
        renders::<portal::colleague::HelperPage>(&templates);
        renders::<portal::colleagues::ColleaguesPage>(&templates);
        renders::<portal::requests::RequestsPage>(&templates);
        renders::<portal::verification::VerificationPage>(&templates);
        renders::<portal::reuse::ReusePage>(&templates);
        renders::<portal::someone_else::PassedOnPage>(&templates);
        renders::<portal::someone_else::SomeoneElsePage>(&templates);
        renders::<portal::check::Check<'_>>(&templates);
        renders::<portal::evidence::EvidencePage<'_>>(&templates);
        renders::<portal::correct::CorrectPage>(&templates);
        renders::<portal::invitation::InvitationPage>(&templates);
        renders::<portal::link_problem::LinkProblem>(&templates);
        renders::<portal::problem::Problem>(&templates);
        renders::<portal::questions::Questions<'_>>(&templates);
        renders::<portal::receipt::Receipt<'_>>(&templates);
        renders::<portal::sign::Sign<'_>>(&templates);
        renders::<portal::tasks::Saved>(&templates);
        renders::<portal::tasks::Tasks<'_>>(&templates);
        renders::<portal::tell::TellPage>(&templates);
        renders::<portal::tell::check::NoticeCheck<'_>>(&templates);
        renders::<portal::tell::files::NoticeFiles<'_>>(&templates);
        renders::<portal::tell::page::NoticePage<'_>>(&templates);
        renders::<portal::tell::receipt::NoticeReceipt<'_>>(&templates);
        renders::<portal::tell::sign::NoticeSign<'_>>(&templates);
        renders::<portal::topic::TopicPage<'_>>(&templates);
        renders::<portal::upload::Upload>(&templates);
        renders::<portal::uploaded::Uploaded<'_>>(&templates);
        renders::<portal::verify::Verify>(&templates);
    }
}
