//! What importing a vendor file would do: which vendors are new, which change and how, and
//! which stay. The same file a second time changes nothing.

use std::collections::{BTreeSet, HashMap};

use super::standing::Vendor;
use super::vendor::{VendorDetails, check_agreement, check_notes, name_key};
use super::vendor_file::{Fault, Field, VendorFile, VendorRow, likely_traits};

/// What becomes of one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    New(Box<VendorDetails>),
    /// What the vendor will be, and which fields differ from what it is.
    Changed {
        vendor: Box<Vendor>,
        details: Box<VendorDetails>,
        fields: Vec<Field>,
    },
    Unchanged,
}

/// One row with its line in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    pub line: u64,
    pub name: String,
    pub step: Step,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    pub rows: Vec<Planned>,
    pub warnings: Vec<String>,
}

impl Plan {
    pub fn new_count(&self) -> usize {
        self.rows.iter().filter(|row| matches!(row.step, Step::New(_))).count()
    }

    pub fn changed_count(&self) -> usize {
        self.rows.iter().filter(|row| matches!(row.step, Step::Changed { .. })).count()
    }

    pub fn unchanged_count(&self) -> usize {
        self.rows.len() - self.new_count() - self.changed_count()
    }
}

/// Compares a file with the practice's vendors.
///
/// # Errors
/// Rows that fit no vendor or two of them; nothing is to be imported then.
pub fn plan(vendors: &[Vendor], file: VendorFile) -> Result<Plan, Vec<Fault>> {
    let mut by_name: HashMap<String, Vec<&Vendor>> = HashMap::new();
    for one in vendors {
        by_name.entry(name_key(&one.details.name)).or_default().push(one);
    }
    let by_number: HashMap<&str, &Vendor> =
        vendors.iter().filter_map(|one| Some((one.details.external_id.as_deref()?, one))).collect();
    let mut faults = Vec::new();
    let mut touched = BTreeSet::new();
    let mut plan = Plan { rows: Vec::with_capacity(file.rows.len()), warnings: file.warnings };
    for row in file.rows {
        let named = by_name.get(&name_key(&row.details.name)).map(Vec::as_slice).unwrap_or_default();
        let known = match row.details.external_id.as_deref() {
            Some(number) => by_number
                .get(number)
                .copied()
                // The first of that name takes over the one without a number; the next is another.
                .or_else(|| {
                    named.iter().copied().find(|one| one.details.external_id.is_none() && !touched.contains(&one.id))
                }),
            None if named.len() > 1 => {
                faults.push(ambiguous(&row, named.len()));
                continue;
            }
            None => named.first().copied(),
        };
        if let Some(vendor) = known
            && !touched.insert(vendor.id)
        {
            faults.push(fault(
                &row,
                format!("“{}” is meant twice in this file", vendor.details.name),
                "Keep one of the lines.",
            ));
            continue;
        }
        let name = row.details.name.clone();
        let line = row.line;
        match step(known, row) {
            Ok(step) => plan.rows.push(Planned { line, name, step }),
            Err(fault) => faults.push(fault),
        }
    }
    if faults.is_empty() { Ok(plan) } else { Err(faults) }
}

fn step(known: Option<&Vendor>, row: VendorRow) -> Result<Step, Fault> {
    let Some(vendor) = known else {
        let mut details = row.details;
        // No column of the file says them; without them the questions would not be asked.
        details.exposure.traits = likely_traits(&details.exposure.access);
        return Ok(Step::New(Box::new(details)));
    };
    let details = merged(&vendor.details, &row);
    check_agreement(details.agreement_signed_on, details.agreement_ends_on)
        .map_err(|found| fault(&row, found.problem, &found.mend))?;
    check_notes(&details.notes).map_err(|found| fault(&row, found.problem, &found.mend))?;
    let fields = different(&vendor.details, &details);
    Ok(if fields.is_empty() {
        Step::Unchanged
    } else {
        Step::Changed { vendor: Box::new(vendor.clone()), details: Box::new(details), fields }
    })
}

/// What is known, with what the file says written over it. A blank cell says nothing.
fn merged(known: &VendorDetails, row: &VendorRow) -> VendorDetails {
    let mut all = known.clone();
    let new = &row.details;
    for field in &row.given {
        match field {
            Field::Name => all.name.clone_from(&new.name),
            Field::ContactName => all.contact_name.clone_from(&new.contact_name),
            Field::ContactEmail => all.contact_email.clone_from(&new.contact_email),
            Field::Website => all.website.clone_from(&new.website),
            Field::Services => all.services.clone_from(&new.services),
            Field::BaStatus => all.ba_status = new.ba_status,
            Field::PhiElements => all.exposure.elements.clone_from(&new.exposure.elements),
            Field::Volume => all.exposure.volume = new.exposure.volume,
            Field::Access => all.exposure.access.clone_from(&new.exposure.access),
            Field::Criticality => all.exposure.criticality = new.exposure.criticality,
            Field::Subcontractors => all.exposure.subs = new.exposure.subs,
            Field::Offshore => all.exposure.offshore = new.exposure.offshore,
            Field::BaaSignedOn => all.agreement_signed_on = new.agreement_signed_on,
            Field::BaaEndsOn => all.agreement_ends_on = new.agreement_ends_on,
            Field::Owner => all.owner.clone_from(&new.owner),
            Field::ExternalId => all.external_id.clone_from(&new.external_id),
            Field::Notes => all.notes.clone_from(&new.notes),
        }
    }
    if !row.given.contains(&Field::Notes) {
        // Columns that we do not know come as lines of notes; what a person wrote stays.
        for line in new.notes.lines().filter(|line| !known.notes.lines().any(|kept| kept == *line)) {
            let gap = if all.notes.is_empty() { "" } else { "\n" };
            all.notes = format!("{}{gap}{line}", all.notes);
        }
    }
    all
}

pub fn different(was: &VendorDetails, is: &VendorDetails) -> Vec<Field> {
    let differs = |field: &Field| match field {
        Field::Name => was.name != is.name,
        Field::ContactName => was.contact_name != is.contact_name,
        Field::ContactEmail => was.contact_email != is.contact_email,
        Field::Website => was.website != is.website,
        Field::Services => was.services != is.services,
        Field::BaStatus => was.ba_status != is.ba_status,
        Field::PhiElements => was.exposure.elements != is.exposure.elements,
        Field::Volume => was.exposure.volume != is.exposure.volume,
        Field::Access => was.exposure.access != is.exposure.access,
        Field::Criticality => was.exposure.criticality != is.exposure.criticality,
        Field::Subcontractors => was.exposure.subs != is.exposure.subs,
        Field::Offshore => was.exposure.offshore != is.exposure.offshore,
        Field::BaaSignedOn => was.agreement_signed_on != is.agreement_signed_on,
        Field::BaaEndsOn => was.agreement_ends_on != is.agreement_ends_on,
        Field::Owner => was.owner != is.owner,
        Field::ExternalId => was.external_id != is.external_id,
        Field::Notes => was.notes != is.notes,
    };
    Field::ALL.iter().copied().filter(differs).collect()
}

fn fault(row: &VendorRow, problem: impl Into<String>, mend: &str) -> Fault {
    Fault { line: Some(row.line), column: None, problem: problem.into(), mend: mend.to_owned() }
}

fn ambiguous(row: &VendorRow, count: usize) -> Fault {
    let name = &row.details.name;
    fault(
        row,
        format!("{count} vendors on the list are called “{name}”"),
        "Add the column external_id with your number for this one.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::vendor_file;

    fn listed(file: &str) -> Vec<Vendor> {
        let file = vendor_file::read(file.as_bytes()).unwrap();
        let vendors = plan(&[], file).unwrap().rows.into_iter().map(|row| match row.step {
            Step::New(details) => {
                let inherent = details.exposure.inherent();
                Vendor {
                    id: crate::domain::ids::VendorId::fresh(),
                    added_at: chrono::DateTime::default(),
                    details: *details,
                    cadence: None,
                    standing: crate::domain::standing::Standing {
                        tier: inherent.tier,
                        inherent: inherent.total,
                        status: crate::domain::standing::Status::NotAsked,
                        rating: crate::domain::scoring::Rating::NotAssessed,
                        residual: 0,
                        assured: false,
                        agreement: crate::domain::agreement::AgreementStanding::Missing,
                        agreement_ends_on: None,
                        accepted_on: None,
                        next_due_on: None,
                        open_flags: 0,
                        look_on: None,
                    },
                }
            }
            other => panic!("{other:?}"),
        });
        vendors.collect()
    }

    fn planned(vendors: &[Vendor], file: &str) -> Result<Plan, Vec<Fault>> {
        plan(vendors, vendor_file::read(file.as_bytes()).unwrap())
    }

    const LIST: &str = "name,external_id,contact_email,colour\nAcme,,jo@acme.test,red\nTwin,1,,\nTwin,2,,\n";

    #[test]
    fn the_same_file_twice_changes_nothing() {
        let plan = planned(&listed(LIST), LIST).unwrap();
        assert_eq!((plan.new_count(), plan.changed_count(), plan.unchanged_count()), (0, 0, 3));
    }

    #[test]
    fn a_blank_cell_takes_nothing_away() {
        let plan = planned(&listed(LIST), "name,contact_email,owner\nACME Inc.,,Pat\n").unwrap();
        let Step::Changed { details, fields, .. } = &plan.rows[0].step else { panic!("{plan:?}") };
        assert_eq!(details.contact_email.as_deref(), Some("jo@acme.test"));
        assert_eq!(fields, &[Field::Name, Field::Owner]);
    }

    #[test]
    fn an_unknown_column_is_added_to_the_notes_once() {
        let plan = planned(&listed(LIST), "name,colour\nAcme,blue\n").unwrap();
        let Step::Changed { details, .. } = &plan.rows[0].step else { panic!("{plan:?}") };
        assert!(details.notes.contains("red") && details.notes.contains("blue"), "{}", details.notes);
    }

    #[test]
    fn two_vendors_of_one_name_are_told_apart_by_number_or_asked_about() {
        let vendors = listed(LIST);
        assert_eq!(planned(&vendors, "name,external_id\nTwin,2\n").unwrap().unchanged_count(), 1);
        let faults = planned(&vendors, "name\nTwin\n").unwrap_err();
        assert_eq!(
            faults[0].to_string(),
            "line 2: 2 vendors on the list are called “Twin”. Add the column external_id with your number for this one."
        );
    }
}
