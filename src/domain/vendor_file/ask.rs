//! How each kind of mess is asked about.

use super::question::{Answer, BLANK, Question, SKIP, TYPE};
use super::{Field, Trouble, values};
use crate::domain::vendor::{FieldFault, quoted};
use crate::domain::words::capital;

/// What a page calls a column, inside a sentence.
fn label(field: Field) -> &'static str {
    super::label(field).trim_end_matches('?')
}

const BLANK_SAYS: &str = "Leave it blank, and keep what it says in the notes";

/// A cell with a word that is none of ours.
pub(super) fn word(field: Field, heading: &str, piece: &str) -> Question {
    let choices = values::choices(field);
    let named = quoted(piece);
    let near = |key: &str, says: &str| {
        let text = piece.to_lowercase();
        strsim::normalized_damerau_levenshtein(&text, key)
            .max(strsim::normalized_damerau_levenshtein(&text, &says.to_lowercase()))
    };
    let nearest = choices.iter().map(|(key, says)| (near(key, says), *key)).max_by(|a, b| a.0.total_cmp(&b.0));
    let options = choices.iter().map(|(key, says)| Answer::new(*key, *says));
    let options = options.chain([Answer::new(BLANK, "Not known; keep what it says in the notes")]).collect();
    let suggested = match nearest {
        Some((likeness, key)) if likeness >= 0.8 => key,
        _ => BLANK,
    };
    Question {
        column: Some(heading.to_owned()),
        hint: field.says().to_owned(),
        suggested: Some(suggested.to_owned()),
        wrong: format!("{named} is none of the values of {field}"),
        mend: format!("Write one of: {}.", values::may_write(field).unwrap_or_default()),
        ..Question::new(format!("What does {named} mean under “{}”?", label(field)), options)
    }
}

/// A cell that cannot be what its column holds.
pub(super) fn cell(field: Field, heading: &str, text: &str, fault: &FieldFault) -> Question {
    let what = label(field);
    let mut options = vec![Answer::new(TYPE, "Use what I type below")];
    // Without a name there is no vendor; any other cell may be blank.
    options.push(match field {
        Field::Name => Answer::new(SKIP, "Leave the line out"),
        _ => Answer::new(BLANK, BLANK_SAYS),
    });
    Question {
        column: Some(heading.to_owned()),
        hint: format!("{}.", capital(&fault.problem)),
        typing: Some((format!("{what}, as it should be"), first_line(text))),
        suggested: (field != Field::Name).then(|| BLANK.to_owned()),
        wrong: fault.problem.clone(),
        mend: fault.mend.clone(),
        ..Question::new(format!("What should stand for {} under “{what}”?", quoted(text)), options)
    }
}

/// Several addresses in one cell.
pub(super) fn addresses(heading: &str, text: &str, found: &[String]) -> Question {
    let options = found.iter().map(|address| Answer::new(address, address));
    let options = options.chain([Answer::new(BLANK, "None of them; keep them in the notes")]).collect();
    Question {
        column: Some(heading.to_owned()),
        hint: "One address gets the yearly questionnaire. The others are kept in the notes.".to_owned(),
        suggested: found.first().cloned(),
        wrong: format!("{} is more than one e-mail address", quoted(text)),
        mend: "Write only the one that gets the questionnaire.".to_owned(),
        ..Question::new(format!("Which address of {} gets the questionnaire?", quoted(text)), options)
    }
}

/// "None" as the patient information of a vendor that counts as a business associate.
pub(super) fn none(field: Field, heading: &str, text: &str, called_one: bool) -> Question {
    let named = quoted(text);
    let hint = if called_one {
        "The list also calls them business associates, and both cannot be."
    } else {
        "Who gets no patient information is no business associate and is not asked."
    };
    let options = vec![
        Answer::new("no-phi", "They get no patient information"),
        Answer::new(BLANK, "We are not sure: treat them as business associates"),
    ];
    Question {
        column: Some(heading.to_owned()),
        hint: hint.to_owned(),
        wrong: format!("{named} says that the vendor gets no patient information"),
        mend: format!(
            "Then write no-phi under ba_status; else write one or more of: {}.",
            values::may_write(field).unwrap_or_default()
        ),
        ..Question::new(
            format!("Does {named} under “{}” mean that these vendors get no patient information?", label(field)),
            options,
        )
    }
}

/// An agreement that ends before it was signed.
pub(super) fn dates(name: &str, fault: &FieldFault) -> Question {
    let options = vec![
        Answer::new("swap", "The two dates are the wrong way round: change them over"),
        Answer::new(BLANK, "Leave both blank, and keep them in the notes"),
    ];
    Question {
        hint: format!("{}.", capital(&fault.problem)),
        wrong: fault.problem.clone(),
        mend: fault.mend.clone(),
        ..Question::new(format!("Which dates are right for {}?", quoted(name)), options)
    }
}

/// A line that looks like no vendor: a total, a heading, a remark.
pub(super) fn no_vendor(text: &str) -> Question {
    let options = vec![
        Answer::new(SKIP, "It is no vendor: leave the line out"),
        Answer::new("keep", "It is a vendor: bring it in"),
    ];
    Question {
        suggested: Some(SKIP.to_owned()),
        wrong: format!("{} does not look like a vendor", quoted(text)),
        mend: "Take the line out of the file.".to_owned(),
        ..Question::new(format!("Is {} a vendor?", quoted(text)), options)
    }
}

/// A line without a name.
pub(super) fn nameless(says: &str, filled: usize) -> Question {
    let options =
        vec![Answer::new(SKIP, "Leave the line out"), Answer::new(TYPE, "It is the vendor that I type below")];
    Question {
        hint: format!("The line says: {}", quoted(says)),
        typing: Some(("Name of the vendor".to_owned(), String::new())),
        suggested: (filled <= 1).then(|| SKIP.to_owned()),
        wrong: "the vendor has no name".to_owned(),
        mend: "Write the name of the company, or take the line out.".to_owned(),
        ..Question::new("Which vendor is this line about? It has no name.", options)
    }
}

/// A line about a vendor that is on a line above, by name or by number.
pub(super) fn twin(by_number: bool, text: &str, first: u64, name: &str) -> Question {
    let mut options = vec![
        Answer::new(
            "merge",
            format!("The same vendor: fill what line {first} leaves blank, and keep the rest in the notes"),
        ),
        Answer::new(SKIP, "The same vendor: leave this line out"),
    ];
    options.push(if by_number {
        Answer::new("two", "Two vendors: this one has no number")
    } else {
        Answer::new("two", "Two vendors: call this one what I type below")
    });
    Question {
        typing: (!by_number).then(|| ("Name of the second vendor".to_owned(), format!("{name} (2)"))),
        suggested: Some("merge".to_owned()),
        wrong: format!("{} is already on line {first}", quoted(text)),
        mend: "Remove one of the two lines, or tell the two apart by a number of your own in external_id.".to_owned(),
        ..Question::new(format!("{} is already on line {first}. Is this the same vendor?", quoted(text)), options)
    }
}

/// The question about a troubled cell, and what it is called by.
pub(super) fn about(field: Field, heading: &str, text: &str, trouble: &Trouble) -> Question {
    match trouble {
        Trouble::Words(_) => word(field, heading, text),
        Trouble::Addresses(found) => addresses(heading, text, found),
        Trouble::Fault(fault) => cell(field, heading, text, fault),
    }
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().chars().filter(|c| !c.is_control()).take(200).collect()
}
