//! From vendors to a file that a spreadsheet opens without running anything in it.

use super::{COLUMNS, Field};
use crate::domain::exposure::Subs;
use crate::domain::vendor::VendorDetails;

/// What makes a spreadsheet take a cell for a formula; in the wide letters of some
/// keyboards too.
const DANGEROUS: &[char] = &['=', '+', '-', '@', '\t', '\r', '\n', '\0', '＝', '＋', '－', '＠'];

/// The cell with `'` before it when a spreadsheet would run it.
///
/// A cell that looks defused already gets another `'`, so that reading it again gives what
/// was there.
pub fn defuse(cell: &str) -> String {
    if is_dangerous(cell) { format!("'{cell}") } else { cell.to_owned() }
}

/// The cell as it was before [`defuse`].
pub(super) fn undefuse(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| is_dangerous(rest)).unwrap_or(cell)
}

fn is_dangerous(cell: &str) -> bool {
    cell.trim_start_matches('\'').starts_with(DANGEROUS)
}

/// A file to start from: the header, and one vendor as an example.
pub fn template_csv() -> String {
    let header = COLUMNS.iter().map(|(name, ..)| (*name).to_owned());
    let example = COLUMNS.iter().map(|(_, _, example)| (*example).to_owned());
    csv([header.collect(), example.collect()].into_iter())
}

/// The vendors as a file that [`super::read`] reads again, all but their traits.
///
/// It begins with a byte order mark: without one, spreadsheets take it for Windows-1252.
pub fn write<'a>(vendors: impl IntoIterator<Item = &'a VendorDetails>) -> String {
    let header = Field::ALL.iter().map(|field| field.key().to_owned()).collect();
    let rows = vendors.into_iter().map(|vendor| Field::ALL.iter().map(|field| defuse(&cell(vendor, *field))).collect());
    format!("\u{feff}{}", csv(std::iter::once(header).chain(rows)))
}

fn csv(rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).expect("memory takes what is written, and every row has all the columns");
    }
    let bytes = writer.into_inner().expect("memory takes what is written");
    String::from_utf8(bytes).expect("it was written from text")
}

pub(super) fn cell(vendor: &VendorDetails, field: Field) -> String {
    let optional = |text: &Option<String>| text.clone().unwrap_or_default();
    let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let exposure = &vendor.exposure;
    match field {
        Field::Name => vendor.name.clone(),
        Field::ContactName => vendor.contact_name.clone(),
        Field::ContactEmail => optional(&vendor.contact_email),
        Field::Website => optional(&vendor.website),
        Field::Services => vendor.services.clone(),
        Field::BaStatus => vendor.ba_status.to_string(),
        Field::PhiElements => exposure.elements.iter().map(|element| element.key()).collect::<Vec<_>>().join("; "),
        Field::Volume => exposure.volume.to_string(),
        Field::Access => exposure.access.iter().map(|way| way.key()).collect::<Vec<_>>().join("; "),
        Field::Criticality => exposure.criticality.to_string(),
        // A spreadsheet turns "1-2" into the second of January.
        Field::Subcontractors if exposure.subs == Subs::Few => "1 to 2".to_owned(),
        Field::Subcontractors => exposure.subs.to_string(),
        Field::Offshore => exposure.offshore.to_string(),
        Field::BaaSignedOn => day(vendor.agreement_signed_on),
        Field::BaaEndsOn => day(vendor.agreement_ends_on),
        Field::Owner => vendor.owner.clone(),
        Field::ExternalId => optional(&vendor.external_id),
        Field::Notes => vendor.notes.clone(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_cell_that_a_spreadsheet_would_run_is_defused() {
        for cell in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"] {
            assert_eq!(defuse(cell), format!("'{cell}"));
        }
        for cell in ["", "Acme", "1-2", "'quoted'", "a=b", "jo@acme.com"] {
            assert_eq!(defuse(cell), cell);
            assert_eq!(undefuse(cell), cell);
        }
        assert_eq!(defuse("'=1"), "''=1");
    }

    proptest! {
        #[test]
        fn defusing_never_leaves_a_formula_and_is_undone(cell in "['=+@ a\t-]{0,6}") {
            prop_assert!(!defuse(&cell).starts_with(DANGEROUS));
            let defused = defuse(&cell);
            prop_assert_eq!(undefuse(&defused), cell);
        }
    }
}
