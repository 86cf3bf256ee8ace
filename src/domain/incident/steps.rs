//! Who has to be told, by when, and what was done. Calendar days; day 0 is the discovery.

use chrono::NaiveDate;

use super::clock::{Force, LAW_DAYS, after, hours_after, small_breach_by};
use super::{Agency, File, Known};
use crate::domain::ids::DocumentId;
use crate::domain::words::words;

words! {
    /// What is to be done, in the order in which it usually is.
    pub enum StepKind {
        VendorTellsByAgreement = "vendor-tells-agreement" => "The vendor tells us, as the agreement says",
        VendorTells = "vendor-tells" => "The vendor tells us, with what it knows of each patient",
        Individuals = "individuals" => "We write to the patients",
        Media = "media" => "We tell the media of the State",
        HhsLarge = "hhs-large" => "We tell the health department (HHS), 500 patients or more",
        HhsSmall = "hhs-small" => "We tell the health department (HHS) in the yearly list, fewer than 500",
    }
}

impl StepKind {
    pub const fn cites(self) -> &'static str {
        match self {
            Self::VendorTellsByAgreement => "the breach term of the agreement",
            Self::VendorTells => "45 CFR 164.410(b), (c)",
            Self::Individuals => "45 CFR 164.404(b)",
            Self::Media => "45 CFR 164.406(b)",
            Self::HhsLarge => "45 CFR 164.408(b)",
            Self::HhsSmall => "45 CFR 164.408(c)",
        }
    }

    /// Whether we are the ones to do it, so that a law-enforcement delay holds us back.
    pub const fn is_ours(self) -> bool {
        matches!(self, Self::Individuals | Self::Media | Self::HhsLarge | Self::HhsSmall)
    }
}

/// One step with its day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    pub step: StepKind,
    /// The last day; the earliest that it can be while the agency is not decided.
    pub by: NaiveDate,
    /// The last day if the vendor is not our agent, where that is not decided and differs.
    pub otherwise: Option<NaiveDate>,
    /// Nothing is sent before the day after this one: a law-enforcement delay.
    pub held_until: Option<NaiveDate>,
    pub force: Force,
    /// False while it hangs on a number that is not known yet.
    pub certain: bool,
}

/// A step that was marked as done, or, without a day, as not done after all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    pub step: StepKind,
    pub on: Option<NaiveDate>,
    pub by: String,
    pub note: String,
    pub document: Option<DocumentId>,
    pub recorded_on: NaiveDate,
}

/// All steps of an incident, in the order of their days; none of ours where there is no duty to
/// tell.
pub fn due(file: &File) -> Vec<Due> {
    let known = &file.incident.known;
    let mut all = vec![vendor(known)];
    all.extend(by_agreement(known));
    if file.duty_to_tell() {
        all.extend(ours(known));
    }
    all.sort_by_key(|due| (due.by, due.step));
    all
}

fn vendor(known: &Known) -> Due {
    Due {
        step: StepKind::VendorTells,
        by: after(known.vendor_discovery(), LAW_DAYS),
        otherwise: None,
        held_until: None,
        force: Force::Law,
        certain: true,
    }
}

fn by_agreement(known: &Known) -> Option<Due> {
    let hours = known.contract_hours?;
    Some(Due {
        step: StepKind::VendorTellsByAgreement,
        by: hours_after(known.vendor_discovery(), hours),
        otherwise: None,
        held_until: None,
        force: Force::Agreement,
        certain: true,
    })
}

/// The last day that a discovery leaves, by a function of the discovery; pushed back by a delay.
fn ours(known: &Known) -> Vec<Due> {
    let (earliest, latest) = known.discovery();
    let hold = known.hold.map(|hold| hold.ends_on());
    let held = |day: NaiveDate| hold.map_or(day, |end| day.max(end));
    let one = |step: StepKind, certain: bool, last: &dyn Fn(NaiveDate) -> NaiveDate| {
        let (by, other) = (held(last(earliest)), held(last(latest)));
        Due {
            step,
            by,
            otherwise: (known.agency == Agency::Undetermined && other != by).then_some(other),
            held_until: hold,
            force: Force::Law,
            certain,
        }
    };
    let sixty = |discovery: NaiveDate| after(discovery, LAW_DAYS);
    let total = known.total();
    let mut all = vec![one(StepKind::Individuals, true, &sixty)];
    if total.is_none() || !known.states_over().is_empty() {
        all.push(one(StepKind::Media, total.is_some(), &sixty));
    }
    if total.is_none_or(|total| total >= 500) {
        all.push(one(StepKind::HhsLarge, total.is_some(), &sixty));
    }
    if total.is_none_or(|total| total < 500) {
        all.push(one(StepKind::HhsSmall, total.is_some(), &small_breach_by));
    }
    all
}

/// Whether the vendor told us later than the law, or the agreement, leaves it.
pub fn told_too_late(known: &Known) -> bool {
    let by_law = known.told_on > vendor(known).by;
    by_law || by_agreement(known).is_some_and(|due| known.told_on > due.by)
}
