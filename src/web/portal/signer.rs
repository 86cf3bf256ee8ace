//! The form under the statement: read, and what is wrong with it.

use serde::Serialize;

use super::field::Line;
use crate::domain::vendor::{check_contact_name, check_email};
use crate::flows::receive::Signer;
use crate::web::form::Posted;
use crate::web::view::ErrorLine;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Authority {
    pub on: bool,
    pub error: Option<String>,
}

/// The form's fields, as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed {
    pub name: Line,
    pub job: Line,
    pub email: Line,
    pub authority: Authority,
}

impl Typed {
    pub fn blank() -> Self {
        let line = |name| Line::named(name, "", None);
        Self { name: line("name"), job: line("job_title"), email: line("email"), authority: Authority::default() }
    }

    /// The form with the address that was asked; somebody else types their own.
    pub fn known(email: &str) -> Self {
        Self { email: Line::named("email", email, None), ..Self::blank() }
    }

    /// Reads the form; the signer only when nothing is wrong.
    pub fn read(posted: &Posted, vendor: &str) -> (Self, Option<Signer>) {
        let (name, signer) = filled(posted, "name", "Type your full name", plain_line);
        let (job, title) = filled(posted, "job_title", "Type your job title", plain_line);
        let (email, address) = filled(posted, "email", "Type your work e-mail address", address);
        let on = posted.is_ticked("authority");
        let error = (!on).then(|| format!("Tick the box if you are allowed to answer for {vendor}"));
        let typed = Self { name, job, email, authority: Authority { on, error } };
        let signer = match (signer, title, address, on) {
            (Some(name), Some(title), Some(email), true) => Some(Signer { name, title, email }),
            _ => None,
        };
        (typed, signer)
    }

    pub fn errors(&self) -> Vec<ErrorLine> {
        let line = |line: &Line| line.error.clone().map(|says| ErrorLine { at: line.id.clone(), says });
        let authority = self.authority.error.clone().map(|says| ErrorLine { at: "authority".to_owned(), says });
        [line(&self.name), line(&self.job), line(&self.email), authority].into_iter().flatten().collect()
    }
}

/// A field as typed, and its value when it is good.
pub(super) fn filled(
    posted: &Posted,
    name: &str,
    blank: &str,
    read: impl Fn(&str) -> Result<Option<String>, String>,
) -> (Line, Option<String>) {
    let typed = posted.verbatim(name);
    let (value, error) = match read(typed) {
        Ok(Some(value)) => (Some(value), None),
        Ok(None) => (None, Some(blank.to_owned())),
        Err(problem) => (None, Some(problem)),
    };
    (Line::named(name, typed, error), value)
}

pub(super) fn plain_line(typed: &str) -> Result<Option<String>, String> {
    let text = check_contact_name(typed).map_err(|fault| fault.to_string())?;
    Ok(Some(text).filter(|text| !text.is_empty()))
}

pub(super) fn address(typed: &str) -> Result<Option<String>, String> {
    check_email(typed).map_err(|_| "Write an e-mail address like name@company.com".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(fields: &[(&str, &str)]) -> (Typed, Option<Signer>) {
        let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Typed::read(&Posted(fields), "Northwind")
    }

    #[test]
    fn a_whole_form_names_the_signer() {
        let (_, signer) = read(&[
            ("name", " Pat Morgan "),
            ("job_title", "Office manager"),
            ("email", "pat@northwind.example"),
            ("authority", "yes"),
        ]);
        let expected =
            Signer { name: "Pat Morgan".into(), title: "Office manager".into(), email: "pat@northwind.example".into() };
        assert_eq!(signer, Some(expected));
    }

    #[test]
    fn each_missing_part_is_named_and_what_was_typed_stays() {
        let (typed, signer) = read(&[("name", "Pat\u{0}"), ("email", "pat@northwind")]);
        assert_eq!(signer, None);
        assert_eq!((typed.name.value.as_str(), typed.email.value.as_str()), ("Pat\u{0}", "pat@northwind"));
        let said: Vec<(String, String)> = typed.errors().into_iter().map(|line| (line.at, line.says)).collect();
        let expected = [
            ("name", "“Pat�” has characters in it that cannot be seen. Type it again instead of pasting it."),
            ("job_title", "Type your job title"),
            ("email", "Write an e-mail address like name@company.com"),
            ("authority", "Tick the box if you are allowed to answer for Northwind"),
        ];
        assert_eq!(said, expected.map(|(at, says)| (at.to_owned(), says.to_owned())));
    }
}
