//! What the list would do: new, changed and unchanged vendors, and one button.

use serde::Serialize;

use super::trail;
use crate::domain::exposure::Trait;
use crate::domain::ids::ImportId;
use crate::domain::import_plan::{self, Plan, Planned, Step};
use crate::domain::vendor::VendorDetails;
use crate::domain::vendor_file::{Field as Column, label};
use crate::templates::Context;
use crate::web::pages::words;
use crate::web::view::Crumb;

#[derive(Serialize)]
pub struct ImportPreview {
    crumbs: Vec<Crumb>,
    id: String,
    heading: &'static str,
    file: String,
    new_count: String,
    changed_count: String,
    unchanged_count: String,
    warnings: Vec<String>,
    /// `Your 3 answers`, when there are any to change.
    answers: Option<String>,
    button: String,
    more: Option<String>,
    rows: Vec<PlanLine>,
}

#[derive(Serialize)]
struct PlanLine {
    line: String,
    name: String,
    tone: &'static str,
    says: &'static str,
    /// Of a new vendor, everything that the file gives.
    all: Vec<String>,
    changes: Vec<Change>,
}

#[derive(Serialize)]
struct Change {
    what: String,
    before: Option<String>,
    after: String,
}

/// Rows shown of a long list; all of it is brought in.
const MOST_ROWS: usize = 200;

pub(super) fn previewed(import: ImportId, file: &str, plan: &Plan, answered: usize) -> ImportPreview {
    let (new, changed) = (plan.new_count(), plan.changed_count());
    let all = new + changed;
    let rows: Vec<PlanLine> = plan.rows.iter().filter_map(plan_line).take(MOST_ROWS).collect();
    ImportPreview {
        crumbs: trail(),
        id: import.to_string(),
        heading: if all == 0 { "Nothing will change" } else { "Check before you bring them in" },
        file: file.to_owned(),
        new_count: new.to_string(),
        changed_count: changed.to_string(),
        unchanged_count: plan.unchanged_count().to_string(),
        warnings: plan
            .warnings
            .iter()
            .cloned()
            .chain(asked_soon(plan))
            .chain((new > 0).then(|| {
                // Traits are no column: what was assumed must be said.
                "For new vendors we assume from how they reach the information whether they handle paper, use laptops and send it. Open each vendor to correct it.".to_owned()
            }))
            .collect(),
        answers: match answered {
            0 => None,
            1 => Some("Change your answer".to_owned()),
            more => Some(format!("Change your {more} answers")),
        },
        button: format!("Bring in {}", words::counted(all, "vendor")),
        more: (all > rows.len()).then(|| format!("And {} more, not shown here.", all - rows.len())),
        rows,
    }
}

/// New vendors are due at once: whoever brings them in must know that letters follow.
fn asked_soon(plan: &Plan) -> Option<String> {
    let asked = |row: &&Planned| matches!(&row.step, Step::New(details) if details.ba_status.counts_as_ba() && details.contact_email.is_some());
    match plan.rows.iter().filter(asked).count() {
        0 => None,
        1 => Some("1 of the new vendors gets its questionnaire by e-mail within the hour.".to_owned()),
        more => Some(format!("{more} of the new vendors get their questionnaire by e-mail within the hour.")),
    }
}

fn plan_line(row: &Planned) -> Option<PlanLine> {
    let what = |field: &Column| label(*field).trim_end_matches('?').to_owned();
    let mut all = Vec::new();
    let (tone, says, changes) = match &row.step {
        Step::New(details) => {
            let given = import_plan::different(&VendorDetails::default(), details);
            let given = given.iter().filter(|field| **field != Column::Name);
            all = given.map(|field| format!("{}: {}", what(field), shown(*field, details))).collect();
            ("good", "New", Vec::new())
        }
        Step::Changed { vendor, details, fields } => {
            let change = |field: &Column| Change {
                what: what(field),
                before: Some(shown(*field, &vendor.details)).filter(|text| !text.is_empty()),
                after: shown(*field, details),
            };
            ("soon", "Changed", fields.iter().map(change).collect())
        }
        Step::Unchanged => return None,
    };
    Some(PlanLine { line: row.line.to_string(), name: row.name.clone(), tone, says, all, changes })
}

/// A field as a person reads it.
fn shown(field: Column, details: &VendorDetails) -> String {
    let exposure = &details.exposure;
    let date = |date: Option<chrono::NaiveDate>| date.map(crate::domain::civil_date::say_short).unwrap_or_default();
    match field {
        Column::Name => details.name.clone(),
        Column::ContactName => details.contact_name.clone(),
        Column::ContactEmail => details.contact_email.clone().unwrap_or_default(),
        Column::Website => details.website.clone().unwrap_or_default(),
        Column::Services => details.services.clone(),
        Column::BaStatus => details.ba_status.says().to_owned(),
        Column::PhiElements => {
            let part2 = exposure.traits.contains(&Trait::Part2).then(|| Trait::Part2.says());
            exposure.elements.iter().map(|one| one.says()).chain(part2).collect::<Vec<_>>().join("; ")
        }
        Column::Volume => exposure.volume.says().to_owned(),
        Column::Access => exposure.access.iter().map(|one| one.says()).collect::<Vec<_>>().join("; "),
        Column::Criticality => exposure.criticality.says().to_owned(),
        Column::Subcontractors => exposure.subs.says().to_owned(),
        Column::Offshore => exposure.offshore.says().to_owned(),
        Column::BaaSignedOn => date(details.agreement_signed_on),
        Column::BaaEndsOn => date(details.agreement_ends_on),
        Column::Owner => details.owner.clone(),
        Column::ExternalId => details.external_id.clone().unwrap_or_default(),
        Column::Notes => details.notes.clone(),
    }
}

impl Context for ImportPreview {
    const TEMPLATE: &'static str = "pages/import_preview";
    fn samples() -> Vec<Self> {
        let mut plan = Plan { rows: Vec::new(), warnings: vec!["<b>unknown column</b>".to_owned()] };
        for (at, vendor) in crate::web::pages::vendor_form::sample_vendors().into_iter().enumerate() {
            let name = vendor.details.name.clone();
            let details =
                Box::new(VendorDetails { owner: "New".to_owned(), notes: String::new(), ..vendor.details.clone() });
            let step = match at {
                0 => Step::New(details),
                1 => Step::Unchanged,
                _ => Step::Changed { vendor: Box::new(vendor), details, fields: Column::ALL.to_vec() },
            };
            plan.rows.push(Planned { line: 2, name, step });
        }
        let id = ImportId::fresh();
        vec![previewed(id, "vendors.csv", &Plan::default(), 0), previewed(id, "<script>", &plan, 2)]
    }
}
