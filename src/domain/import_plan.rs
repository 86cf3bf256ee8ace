//! What importing a vendor file would do: which vendors are new, which change and how, and
//! which stay. The same file a second time changes nothing.

use std::collections::{BTreeSet, HashMap};

use super::exposure::Trait;
use super::ids::VendorId;
use super::standing::Vendor;
use super::vendor::{VendorDetails, check_agreement, check_notes, name_key, quoted};
use super::vendor_file::question::{Asked, key};
use super::vendor_file::{Answer, Fault, Field, Question, Replies, Reply, SKIP, VendorFile, VendorRow, likely_traits};

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

/// Why a file cannot be compared with the list yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stuck {
    /// At least one of them is open, unless there are faults.
    pub questions: Vec<Question>,
    pub faults: Vec<Fault>,
}

impl Stuck {
    /// All of it as faults, for whoever cannot be asked.
    pub fn into_faults(self) -> Vec<Fault> {
        let open = self.questions.iter().filter(|question| question.is_open());
        let mut faults: Vec<Fault> = open.map(Question::fault).chain(self.faults).collect();
        faults.sort_by_key(|fault| fault.line);
        faults
    }
}

/// Compares a file with the practice's vendors; what fits none of them or several is asked.
///
/// # Errors
/// Rows that must be asked about first; nothing is to be imported then.
pub fn plan(vendors: &[Vendor], file: VendorFile, replies: &Replies) -> Result<Plan, Stuck> {
    let mut by_name: HashMap<String, Vec<&Vendor>> = HashMap::new();
    for one in vendors {
        by_name.entry(name_key(&one.details.name)).or_default().push(one);
    }
    let by_number = vendors.iter().filter_map(|one| Some((one.details.external_id.as_deref()?, one))).collect();
    let mut matching = Matching { by_name, by_number, touched: BTreeSet::new(), asked: Asked::new(replies) };
    let mut plan = Plan { rows: Vec::with_capacity(file.rows.len()), warnings: file.warnings };
    let mut faults = Vec::new();
    for row in file.rows {
        let (name, line) = (row.details.name.clone(), row.line);
        match matching.known(&row) {
            Known::Open | Known::Skip => {}
            Known::Vendor(vendor) => match matching.step(vendor, row) {
                Ok(Some(step)) => plan.rows.push(Planned { line, name, step }),
                Ok(None) => {}
                Err(fault) => faults.push(fault),
            },
        }
    }
    let questions = matching.asked.into_list();
    if faults.is_empty() && !questions.iter().any(Question::is_open) {
        Ok(plan)
    } else {
        Err(Stuck { questions, faults })
    }
}

struct Matching<'v, 'r> {
    by_name: HashMap<String, Vec<&'v Vendor>>,
    by_number: HashMap<&'v str, &'v Vendor>,
    touched: BTreeSet<VendorId>,
    asked: Asked<'r>,
}

/// The vendor of the list that a row is about.
enum Known<'v> {
    /// `None` when it is new.
    Vendor(Option<&'v Vendor>),
    /// Left out by an answer.
    Skip,
    /// A question waits for its answer.
    Open,
}

impl<'v> Matching<'v, '_> {
    fn known(&mut self, row: &VendorRow) -> Known<'v> {
        let named = self.by_name.get(&name_key(&row.details.name)).cloned().unwrap_or_default();
        let found = match row.details.external_id.as_deref() {
            Some(number) => self.by_number.get(number).copied().or_else(|| {
                // The first of that name takes over the one without a number; the next is another.
                named.iter().copied().find(|one| one.details.external_id.is_none() && !self.touched.contains(&one.id))
            }),
            None if named.len() > 1 => match self.which(row, &named) {
                Some(reply) => named.iter().copied().find(|one| one.id.to_string() == reply.choice),
                None => return Known::Open,
            },
            None => named.first().copied(),
        };
        let Some(vendor) = found else {
            // Of several vendors of that name, none was meant.
            let left_out = row.details.external_id.is_none() && named.len() > 1;
            return if left_out { Known::Skip } else { Known::Vendor(None) };
        };
        if self.touched.insert(vendor.id) {
            return Known::Vendor(Some(vendor));
        }
        match self.twice(row, vendor) {
            Some(_) => Known::Skip,
            None => Known::Open,
        }
    }

    /// Which of several vendors of one name?
    fn which(&mut self, row: &VendorRow, named: &[&Vendor]) -> Option<Reply> {
        let name = quoted(&row.details.name);
        self.asked.ask(row.line, &key(&["which", &row.line.to_string()]), || {
            let called = |one: &&Vendor| {
                let number =
                    one.details.external_id.as_deref().map_or("no number".to_owned(), |id| format!("number {id}"));
                let said = [number.as_str(), one.details.services.as_str(), one.details.contact_name.as_str()];
                let said: Vec<&str> = said.into_iter().filter(|text| !text.is_empty()).collect();
                Answer::new(one.id.to_string(), format!("{} ({})", one.details.name, said.join(", ")))
            };
            let options = named.iter().map(called).chain([Answer::new(SKIP, "None of them: leave the line out")]);
            Question {
                wrong: format!("{} vendors on the list are called {name}", named.len()),
                mend: "Add the column external_id with your number for this one.".to_owned(),
                ..Question::new(format!("Which vendor on your list is {name}?"), options.collect())
            }
        })
    }

    /// A vendor that a line above is about already, under another name or number.
    fn twice(&mut self, row: &VendorRow, vendor: &Vendor) -> Option<Reply> {
        let (name, listed) = (quoted(&row.details.name), quoted(&vendor.details.name));
        self.asked.ask(row.line, &key(&["twice", &row.line.to_string()]), || Question {
            hint: format!("{name} and a line above are both {listed} of your list. What the line above says is taken."),
            suggested: Some(SKIP.to_owned()),
            wrong: format!("{listed} is meant twice in this file"),
            mend: "Keep one of the lines.".to_owned(),
            ..Question::new(
                format!("May we leave out this second line about {listed}?"),
                vec![Answer::new(SKIP, "Yes, leave the line out")],
            )
        })
    }

    fn step(&mut self, known: Option<&Vendor>, mut row: VendorRow) -> Result<Option<Step>, Fault> {
        let Some(vendor) = known else {
            let mut details = row.details;
            // No column of the file says them; without them the questions would not be asked.
            let part2 = details.exposure.traits.contains(&Trait::Part2);
            details.exposure.traits = likely_traits(&details.exposure.access);
            details.exposure.traits.extend(part2.then_some(Trait::Part2));
            return Ok(Some(Step::New(Box::new(details))));
        };
        let mut details = merged(&vendor.details, &row);
        if let Err(found) = check_agreement(details.agreement_signed_on, details.agreement_ends_on) {
            let Some(reply) = self.dates(&row, found.problem, found.mend) else { return Ok(None) };
            if reply.choice == SKIP {
                return Ok(None);
            }
            row.given.retain(|field| !matches!(field, Field::BaaSignedOn | Field::BaaEndsOn));
            details = merged(&vendor.details, &row);
        }
        check_notes(&details.notes).map_err(|found| fault(&row, found.problem, &found.mend))?;
        let fields = different(&vendor.details, &details);
        Ok(Some(if fields.is_empty() {
            Step::Unchanged
        } else {
            Step::Changed { vendor: Box::new(vendor.clone()), details: Box::new(details), fields }
        }))
    }

    /// The file's dates do not go with those on the list.
    fn dates(&mut self, row: &VendorRow, wrong: String, mend: String) -> Option<Reply> {
        let name = quoted(&row.details.name);
        self.asked.ask(row.line, &key(&["listed dates", &row.line.to_string()]), || Question {
            hint: format!("With what is on your list, {wrong}."),
            suggested: Some("keep".to_owned()),
            wrong,
            mend,
            ..Question::new(
                format!("Which agreement dates are right for {name}?"),
                vec![
                    Answer::new("keep", "Those on the list: leave the dates as they are"),
                    Answer::new(SKIP, "Neither is sure: leave the whole line out"),
                ],
            )
        })
    }
}

/// What is known, with what the file says written over it. A blank cell says nothing.
fn merged(known: &VendorDetails, row: &VendorRow) -> VendorDetails {
    let mut all = known.clone();
    let new = &row.details;
    row.given.iter().for_each(|field| take(&mut all, *field, new));
    if !row.given.contains(&Field::Notes) {
        // Columns that we do not know come as lines of notes; what a person wrote stays.
        for line in new.notes.lines().filter(|line| !known.notes.lines().any(|kept| kept == *line)) {
            let gap = if all.notes.is_empty() { "" } else { "\n" };
            all.notes = format!("{}{gap}{line}", all.notes);
        }
    }
    all
}

/// Takes one field from what a file says.
pub(super) fn take(all: &mut VendorDetails, field: Field, new: &VendorDetails) {
    match field {
        Field::Name => all.name.clone_from(&new.name),
        Field::ContactName => all.contact_name.clone_from(&new.contact_name),
        Field::ContactEmail => all.contact_email.clone_from(&new.contact_email),
        Field::Website => all.website.clone_from(&new.website),
        Field::Services => all.services.clone_from(&new.services),
        Field::BaStatus => all.ba_status = new.ba_status,
        Field::PhiElements => {
            all.exposure.elements.clone_from(&new.exposure.elements);
            if new.exposure.traits.contains(&Trait::Part2) {
                all.exposure.traits.insert(Trait::Part2);
            }
        }
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

/// The fields in which two differ. Substance-use records go with the kinds of information.
pub fn different(was: &VendorDetails, is: &VendorDetails) -> Vec<Field> {
    let part2 = |details: &VendorDetails| details.exposure.traits.contains(&Trait::Part2);
    let differs = |field: &Field| match field {
        Field::Name => was.name != is.name,
        Field::ContactName => was.contact_name != is.contact_name,
        Field::ContactEmail => was.contact_email != is.contact_email,
        Field::Website => was.website != is.website,
        Field::Services => was.services != is.services,
        Field::BaStatus => was.ba_status != is.ba_status,
        Field::PhiElements => was.exposure.elements != is.exposure.elements || part2(was) != part2(is),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::vendor_file;

    fn listed(file: &str) -> Vec<Vendor> {
        let file = vendor_file::read(file.as_bytes()).unwrap();
        let vendors = plan(&[], file, &Replies::new()).unwrap().rows.into_iter().map(|row| match row.step {
            Step::New(details) => {
                let inherent = details.exposure.inherent();
                Vendor {
                    id: crate::domain::ids::VendorId::fresh(),
                    place: crate::domain::life::Place::default(),
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
                        review: crate::domain::review::ReviewState::None,
                    },
                }
            }
            other => panic!("{other:?}"),
        });
        vendors.collect()
    }

    fn planned(vendors: &[Vendor], file: &str) -> Result<Plan, Vec<Fault>> {
        let file = vendor_file::read(file.as_bytes()).unwrap();
        plan(vendors, file, &Replies::new()).map_err(Stuck::into_faults)
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
