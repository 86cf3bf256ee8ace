//! Two records of one vendor become one: which details differ, what the kept record will
//! say, and in what order what hangs on both is numbered anew.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};

use super::assessment::{Assessment, AssessmentState};
use super::ids::{AgreementId, AssessmentId};
use super::standing::Vendor;
use super::vendor::{VendorDetails, check_notes};
use super::words::words;

words! {
    /// A detail that the two may say differently.
    pub enum Detail {
        Name = "name" => "Name",
        Number = "external_id" => "Your own number",
        Website = "website" => "Website",
        Services = "services" => "What it does for us",
        BaStatus = "ba_status" => "Business associate",
        Owner = "owner" => "Owner here",
        Contact = "contact" => "Who gets the questionnaire",
        Country = "country" => "Country",
        Elements = "elements" => "Information",
        Volume = "volume" => "Patients",
        Access = "access" => "How it gets there",
        Criticality = "criticality" => "We could work without it",
        Subs = "subs" => "Other companies",
        Offshore = "offshore" => "Outside the United States",
        Traits = "traits" => "Also",
    }
}

/// One detail as both say it; empty is nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    pub detail: Detail,
    pub kept: String,
    pub other: String,
    /// The kept record says nothing or "not known", and the other one does.
    pub other_knows_more: bool,
}

/// What a record says of a detail.
fn say(detail: Detail, vendor: &Vendor) -> String {
    let of = &vendor.details;
    let exposure = &of.exposure;
    let list = |words: Vec<&str>| words.join("; ");
    match detail {
        Detail::Name => of.name.clone(),
        Detail::Number => of.external_id.clone().unwrap_or_default(),
        Detail::Website => of.website.clone().unwrap_or_default(),
        Detail::Services => of.services.clone(),
        Detail::BaStatus => of.ba_status.says().to_owned(),
        Detail::Owner => of.owner.clone(),
        Detail::Contact => {
            let email = of.contact_email.as_deref().unwrap_or_default();
            [of.contact_name.as_str(), email].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
        }
        Detail::Country => vendor.place.country.clone(),
        Detail::Elements => list(exposure.elements.iter().map(|one| one.says()).collect()),
        Detail::Volume => exposure.volume.says().to_owned(),
        Detail::Access => list(exposure.access.iter().map(|one| one.says()).collect()),
        Detail::Criticality => exposure.criticality.says().to_owned(),
        Detail::Subs => exposure.subs.says().to_owned(),
        Detail::Offshore => exposure.offshore.says().to_owned(),
        Detail::Traits => list(exposure.traits.iter().map(|one| one.says()).collect()),
    }
}

/// Every detail that the two say differently.
pub fn differences(kept: &Vendor, other: &Vendor) -> Vec<Difference> {
    let blank = |text: &str| matches!(text, "" | "Not known" | "Not decided yet");
    let each = Detail::ALL.iter().map(|detail| {
        let (mine, theirs) = (say(*detail, kept), say(*detail, other));
        let other_knows_more = blank(&mine) && !blank(&theirs);
        Difference { detail: *detail, kept: mine, other: theirs, other_knows_more }
    });
    each.filter(|one| one.kept != one.other).collect()
}

/// What the kept record will say: its own details, but those of the other for `from_other`.
/// Notes of both stay, where they fit into one field. Agreement dates are left as they are:
/// they come with the agreements. The second value is the country.
pub fn merged(kept: &Vendor, other: &Vendor, from_other: &BTreeSet<Detail>) -> (VendorDetails, String) {
    let (mut details, theirs) = (kept.details.clone(), &other.details);
    let mut country = kept.place.country.clone();
    for detail in from_other {
        match detail {
            Detail::Name => details.name.clone_from(&theirs.name),
            Detail::Number => details.external_id.clone_from(&theirs.external_id),
            Detail::Website => details.website.clone_from(&theirs.website),
            Detail::Services => details.services.clone_from(&theirs.services),
            Detail::BaStatus => details.ba_status = theirs.ba_status,
            Detail::Owner => details.owner.clone_from(&theirs.owner),
            Detail::Contact => {
                details.contact_name.clone_from(&theirs.contact_name);
                details.contact_email.clone_from(&theirs.contact_email);
            }
            Detail::Country => country.clone_from(&other.place.country),
            Detail::Elements => details.exposure.elements.clone_from(&theirs.exposure.elements),
            Detail::Volume => details.exposure.volume = theirs.exposure.volume,
            Detail::Access => details.exposure.access.clone_from(&theirs.exposure.access),
            Detail::Criticality => details.exposure.criticality = theirs.exposure.criticality,
            Detail::Subs => details.exposure.subs = theirs.exposure.subs,
            Detail::Offshore => details.exposure.offshore = theirs.exposure.offshore,
            Detail::Traits => details.exposure.traits.clone_from(&theirs.exposure.traits),
        }
    }
    if !theirs.notes.is_empty() && theirs.notes != details.notes {
        let both = [details.notes.as_str(), theirs.notes.as_str()].join("\n\n");
        if let Ok(both) = check_notes(both.trim_start()) {
            details.notes = both;
        }
    }
    (details, country)
}

/// Of two open questionnaires, the one to be closed: the one not begun, or else the older.
/// `None` when not both have one.
pub fn superfluous<'a>(one: &'a [Assessment], other: &'a [Assessment]) -> Option<&'a Assessment> {
    let open = |all: &'a [Assessment]| all.iter().find(|assessment| assessment.is_open());
    let rank = |assessment: &Assessment| (assessment.state == AssessmentState::InProgress, assessment.asked_on);
    let (one, other) = (open(one)?, open(other)?);
    Some(if rank(one) >= rank(other) { other } else { one })
}

/// Cycles of both in the order in which they were asked, from 1.
pub fn cycles(one: &[Assessment], other: &[Assessment]) -> Vec<(AssessmentId, i32)> {
    let mut all: Vec<&Assessment> = one.iter().chain(other).collect();
    // The open one is the newest, whenever it was asked: the others are history.
    all.sort_by_key(|assessment| (assessment.is_open(), assessment.asked_on, assessment.id));
    all.into_iter().map(|assessment| assessment.id).zip(1..).collect()
}

/// An agreement as far as its place among the versions goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signed {
    pub id: AgreementId,
    pub signed_on: Option<NaiveDate>,
    pub recorded_at: DateTime<Utc>,
}

/// Versions of both by the day of signing, from 1: the one signed last is the one in force.
pub fn versions(mut all: Vec<Signed>) -> Vec<(AgreementId, i32)> {
    all.sort_by_key(|one| (one.signed_on, one.recorded_at, one.id));
    all.into_iter().map(|one| one.id).zip(1..).collect()
}
