//! What is different between two records of one vendor, in words for the history.

use chrono::NaiveDate;

use super::civil_date::say_short;
use super::vendor::{VendorDetails, quoted};

/// Each difference as it goes on from "changed": `the owner from “Dana” to “Lee”`. Empty when
/// nothing differs.
pub fn differences(was: &VendorDetails, is: &VendorDetails) -> Vec<String> {
    let mut all: Vec<String> = said(was)
        .into_iter()
        .zip(said(is))
        .filter(|((_, before), (_, after))| before != after)
        .map(|((what, before), (_, after))| match (before.is_empty(), after.is_empty()) {
            (true, _) => format!("{what} to {}", quoted(&after)),
            (_, true) => format!("{what} from {} to nothing", quoted(&before)),
            _ => format!("{what} from {} to {}", quoted(&before), quoted(&after)),
        })
        .collect();
    // Long, and of many lines: that they changed is enough, the page has them.
    if was.notes != is.notes {
        all.push("the notes".to_owned());
    }
    all
}

/// Every field but the notes with its words.
fn said(details: &VendorDetails) -> [(&'static str, String); 17] {
    let date = |date: Option<NaiveDate>| date.map(say_short).unwrap_or_default();
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let exposure = &details.exposure;
    let elements: Vec<&str> = exposure.elements.iter().map(|one| one.says()).collect();
    let access: Vec<&str> = exposure.access.iter().map(|one| one.says()).collect();
    let traits: Vec<&str> = exposure.traits.iter().map(|one| one.says()).collect();
    [
        ("the name", details.name.clone()),
        ("your number", text(&details.external_id)),
        ("the website", text(&details.website)),
        ("what it does", details.services.clone()),
        ("whether it is a business associate", details.ba_status.says().to_owned()),
        ("the owner", details.owner.clone()),
        ("the contact", details.contact_name.clone()),
        ("the contact’s e-mail address", text(&details.contact_email)),
        ("the kinds of information", elements.join("; ")),
        ("the number of patients", exposure.volume.says().to_owned()),
        ("how it reaches the information", access.join("; ")),
        ("how long we could do without it", exposure.criticality.says().to_owned()),
        ("how many companies work for it", exposure.subs.says().to_owned()),
        ("what is outside the United States", exposure.offshore.says().to_owned()),
        ("how it works", traits.join("; ")),
        ("the day the agreement was signed", date(details.agreement_signed_on)),
        ("the day the agreement ends", date(details.agreement_ends_on)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_says_what_it_was_and_what_it_is() {
        let was = VendorDetails { name: "Acme".to_owned(), owner: "Dana".to_owned(), ..VendorDetails::default() };
        let mut is = was.clone();
        assert_eq!(differences(&was, &is), Vec::<String>::new());
        is.owner = "Lee".to_owned();
        is.contact_email = Some("jo@acme.com".to_owned());
        is.notes = "new".to_owned();
        assert_eq!(
            differences(&was, &is),
            ["the owner from “Dana” to “Lee”", "the contact’s e-mail address to “jo@acme.com”", "the notes"]
        );
        assert_eq!(differences(&is, &was)[1], "the contact’s e-mail address from “jo@acme.com” to nothing");
    }
}
