//! The fields that say what a document is, on the upload form and on its own page.

use serde::Serialize;

use crate::domain::civil_date;
use crate::domain::document::{About, AboutFault, Document, DocumentKind, LONGEST_NOTE};
use crate::web::form::Posted;
use crate::web::view::{Choice, Choosable, Faults, Field};

#[derive(Serialize)]
pub struct AboutFields {
    kind: Choice,
    ends_on: Field,
    note: Field,
}

pub fn fields(posted: &Posted, faults: &Faults) -> AboutFields {
    let error = |id: &str| faults.iter().find(|(at, _)| *at == id).map(|(_, says)| says.clone());
    let field =
        |id: &'static str, label, hint| Field { id, label, hint, value: posted.text(id).to_owned(), error: error(id) };
    let options = DocumentKind::ALL.iter().enumerate().map(|(at, kind)| Choosable {
        // The error summary leads to the field itself, which is the list.
        id: format!("kind-{}", at + 1),
        value: kind.key().to_owned(),
        label: kind.says().to_owned(),
        hint: Some(kind.explains().to_owned()),
        checked: posted.text("kind") == kind.key(),
    });
    AboutFields {
        kind: Choice { id: "kind", label: "What it is", hint: None, error: error("kind"), options: options.collect() },
        ends_on: field(
            "ends_on",
            "Ends on (for certificates)",
            Some(
                "The last day on which it holds, such as 12/31/2026. We flag it 60 days before, and when it has passed.",
            ),
        ),
        note: field("note", "Note (optional)", Some("What it shows, or where the paper is")),
    }
}

/// Reads what was said.
///
/// # Errors
/// Everything that is wrong, by field.
pub fn read(posted: &Posted) -> Result<About, Faults> {
    let mut faults = Faults::new();
    let kind = posted.text("kind").parse::<DocumentKind>();
    if kind.is_err() {
        faults.push(("kind", "Choose what it is".to_owned()));
    }
    let typed = posted.text("ends_on");
    let ends_on = match civil_date::read(typed) {
        _ if typed.is_empty() => None,
        Ok(day) => Some(day),
        Err(fault) => {
            faults.push(("ends_on", fault.to_string()));
            None
        }
    };
    let about = About { kind: kind.unwrap_or(DocumentKind::Other), note: posted.text("note").to_owned(), ends_on };
    let wrong_date = faults.iter().any(|(at, _)| *at == "ends_on");
    match about.check() {
        Err(AboutFault::NoteTooLong) => {
            faults.push(("note", format!("Write at most {LONGEST_NOTE} letters")));
        }
        Err(AboutFault::EndMissing) if !wrong_date => {
            faults.push(("ends_on", "Enter the last day on which the certificate holds".to_owned()));
        }
        Err(AboutFault::EndElsewhere) => {
            let says = "Leave this empty for an agreement: its dates are kept with the vendor’s agreement";
            faults.push(("ends_on", says.to_owned()));
        }
        Err(AboutFault::EndMissing) | Ok(()) => {}
    }
    if faults.is_empty() { Ok(about) } else { Err(faults) }
}

/// What is known of a document, as if it had been typed.
pub fn typed(document: &Document) -> Posted {
    let fields = [
        ("kind", document.kind.key().to_owned()),
        ("ends_on", document.ends_on.map(civil_date::say_short).unwrap_or_default()),
        ("note", document.note.clone()),
    ];
    Posted(fields.into_iter().map(|(name, text)| (name.to_owned(), text)).collect())
}
