//! Where an agreement stands, in sentences.

use chrono::{Days, NaiveDate};

use super::{Agreement, AgreementStanding, Stands};
use crate::domain::civil_date::say;
use crate::domain::life::Life;
use crate::domain::vendor::BaStatus;

/// Why it stands where it does, in a few sentences.
pub fn reason(stands: &Stands<'_>, status: BaStatus, life: Life, today: NaiveDate) -> String {
    match (stands.standing, stands.waiting) {
        (AgreementStanding::NotNeeded, _) => not_needed(status, life).to_owned(),
        (_, None) => on_record(stands, today),
        (_, Some(waiting)) => format!("{} {}", on_record(stands, today), waits(waiting)),
    }
}

/// Why none is needed: for what the vendor is, or for where it is in its life.
const fn not_needed(status: BaStatus, life: Life) -> &'static str {
    match life {
        Life::Prospect if status.signs_with_us() => {
            "Not needed yet: it is a prospect, and gets no patient information before one is signed (45 CFR 164.308(b), 164.502(e))."
        }
        Life::Ended if status.signs_with_us() => "Not needed any more: it does nothing for us now.",
        _ => because(status),
    }
}

fn waits(waiting: &Agreement) -> String {
    format!("Version {} waits for a signature, and binds nobody until then.", waiting.version)
}

/// The reason, as far as signed versions go.
fn on_record(stands: &Stands<'_>, today: NaiveDate) -> String {
    let until = stands.until.map(say).unwrap_or_default();
    match stands.standing {
        AgreementStanding::NotNeeded => String::new(),
        AgreementStanding::Missing => match stands.next {
            Some(next) => format!("None is in force today. {}", begins(next)),
            None if stands.waiting.is_some() => "None is signed. Patient information may be shared only under a signed agreement (45 CFR 164.308(b), 164.502(e)).".to_owned(),
            None => "None is on record. Patient information may be shared only under a signed agreement (45 CFR 164.308(b), 164.502(e)).".to_owned(),
        },
        AgreementStanding::Ended => {
            let early = stands.version.is_some_and(|one| one.terms.ended_on.is_some());
            let how = if early { "It was ended, and its last day was" } else { "It ended on" };
            match stands.next {
                Some(next) => format!("{how} {until}. {}", begins(next)),
                None if stands.waiting.is_some() => format!("{how} {until}."),
                None => format!("{how} {until}, and no other is on record."),
            }
        }
        AgreementStanding::EndsSoon => ends_soon(stands, &until, today),
        AgreementStanding::Current => current(stands, today),
    }
}

fn ends_soon(stands: &Stands<'_>, until: &str, today: NaiveDate) -> String {
    let days = stands.until.map_or(0, |until| (until - today).num_days());
    let left = match days {
        0 => "today is its last day".to_owned(),
        1 => "that is tomorrow".to_owned(),
        days => format!("that is in {days} days"),
    };
    match stands.next.filter(|next| stands.last.is_some_and(|last| last.id != next.id)) {
        Some(next) => format!("It ends on {until}; {left}. {}", begins(next)),
        None => format!("It ends on {until}; {left}."),
    }
}

fn begins(next: &Agreement) -> String {
    let on = next.terms.begins_on().map(say).unwrap_or_default();
    format!("Version {} begins on {on}.", next.version)
}

fn current(stands: &Stands<'_>, today: NaiveDate) -> String {
    let Some(last) = stands.last else { return String::new() };
    let lasts = match stands.until {
        Some(end) if last.renews_by_itself() => renews(last, end, today),
        Some(end) => format!("It runs until {}.", say(end)),
        None if last.terms.open_ended => "It has no end date.".to_owned(),
        None => "When it ends is not written down.".to_owned(),
    };
    match stands.next {
        Some(next) if next.id == last.id => {
            format!("{} With it: {}{}", begins(next), lasts[..1].to_lowercase(), &lasts[1..])
        }
        Some(next) => format!("{} {lasts}", begins(next)),
        None => lasts,
    }
}

/// `It renews by itself on …, for 12 months at a time; to leave, say so by ….`
fn renews(last: &Agreement, end: NaiveDate, today: NaiveDate) -> String {
    let months = last.terms.renews_months.unwrap_or(0);
    let term = if months == 1 { "1 month".to_owned() } else { format!("{months} months") };
    let renews = format!("It renews by itself on {}, for {term} at a time", say(end + Days::new(1)));
    match end.checked_sub_days(Days::new(u64::from(last.terms.notice_days.unwrap_or(0)))) {
        Some(by) if by >= today => format!("{renews}; to leave, say so by {}.", say(by)),
        Some(by) => format!("{renews}. The last day to say no to that was {}.", say(by)),
        None => format!("{renews}."),
    }
}

/// Why no agreement of ours is needed.
const fn because(status: BaStatus) -> &'static str {
    match status {
        BaStatus::Subcontractor => {
            "Not needed from us: it signs with the business associate that it works for (45 CFR 164.308(b)(1), 164.502(e)(1)(i))."
        }
        BaStatus::TreatmentProvider => {
            "Not needed because it gets patient information only to treat the patient (45 CFR 160.103, “business associate” (4)(i))."
        }
        BaStatus::Conduit => {
            "Not needed because it only carries information and does not look into it or keep it (45 CFR 160.103, “business associate” (3)(i))."
        }
        BaStatus::Workforce => {
            "Not needed because its people work under our direct control, as part of our staff (45 CFR 160.103, “workforce”)."
        }
        BaStatus::FinancialProcessor => "Not needed because it only moves payments (42 USC 1320d-8).",
        BaStatus::DeidentifiedOnly => {
            "Not needed because nothing it gets can be traced back to a patient (45 CFR 164.502(d)(2))."
        }
        BaStatus::NoPhi => "Not needed because it gets no patient information.",
        BaStatus::Other => "Not needed for another reason; it is written in the notes.",
        BaStatus::BusinessAssociate => "Needed: it is a business associate.",
        BaStatus::Undetermined => "Needed until someone decides: it may be a business associate.",
    }
}
