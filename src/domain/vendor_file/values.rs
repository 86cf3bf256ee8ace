//! What a cell with listed values says.

use std::collections::BTreeSet;

use chrono::Datelike;

use super::Field;
use super::amount::{Amount, amount};
use super::list::{list, pieces};
use super::spellings::{BA_STATUSES, CRITICALITIES, ELEMENTS, OFFSHORE, SUBS, WAYS, fold};
use crate::domain::civil_date;
use crate::domain::exposure::{Access, Criticality, Element, Offshore, Subs, Volume};
use crate::domain::vendor::BaStatus;

/// What may be written in a column whose values are listed; `None` for free text.
pub fn may_write(field: Field) -> Option<String> {
    let keys = match field {
        Field::BaStatus => BaStatus::ALL.iter().map(|value| value.key()).collect::<Vec<_>>(),
        Field::PhiElements => Element::ALL.iter().map(|value| value.key()).chain(["unknown"]).collect(),
        Field::Volume => Volume::ALL.iter().map(|value| value.key()).collect(),
        Field::Access => Access::ALL.iter().map(|value| value.key()).collect(),
        Field::Criticality => Criticality::ALL.iter().map(|value| value.key()).collect(),
        Field::Subcontractors => Subs::ALL.iter().map(|value| value.key()).collect(),
        Field::Offshore => Offshore::ALL.iter().map(|value| value.key()).collect(),
        _ => return None,
    };
    Some(keys.join(", "))
}

/// The words for not knowing, and marks alone ("?", "-", "…").
pub(super) fn is_unknown(text: &str) -> bool {
    let marks = text.chars().all(|c| matches!(c, '?' | '-' | '–' | '—' | '.' | '…' | '/' | '*') || c.is_whitespace());
    let words = matches!(
        fold(text).as_str(),
        "unknown"
            | "notknown"
            | "na"
            | "notapplicable"
            | "dontknow"
            | "donotknow"
            | "noidea"
            | "notsure"
            | "unsure"
            | "unclear"
            | "tbd"
            | "tobedetermined"
    );
    marks || words
}

/// The words for there being none.
pub(super) fn is_none(text: &str) -> bool {
    matches!(fold(text).as_str(), "none" | "no" | "nil" | "nothing" | "0" | "nophi")
}

pub(super) fn ba_status(text: &str) -> Option<BaStatus> {
    if is_unknown(text) { Some(BaStatus::Undetermined) } else { BA_STATUSES.get(&fold(text)).copied() }
}

pub(super) fn offshore(text: &str) -> Option<Offshore> {
    if is_unknown(text) { Some(Offshore::Unknown) } else { OFFSHORE.get(&fold(text)).copied() }
}

/// # Errors
/// The pieces of the list that are not known.
pub(super) fn elements(text: &str) -> Result<BTreeSet<Element>, Vec<String>> {
    list(text, element).map(|found| found.into_iter().flatten().collect())
}

/// Not known is the empty set, so it adds nothing to a list.
fn element(word: &str) -> Option<Option<Element>> {
    if is_unknown(word) { Some(None) } else { ELEMENTS.get(&fold(word)).map(|found| Some(*found)) }
}

/// Whether a list of kinds names substance-use treatment records (42 CFR Part 2).
pub(super) fn names_part2(text: &str) -> bool {
    let word = fold(text);
    word.match_indices("part2").any(|(at, found)| !word[at + found.len()..].starts_with(|c: char| c.is_ascii_digit()))
}

/// The keys of a list's values, and the pieces that are none.
pub(super) fn keys_and_rest(field: Field, text: &str) -> (Vec<&'static str>, Vec<String>) {
    if field == Field::Access {
        let (found, rest) = pieces(text, way);
        return (found.into_iter().map(Access::key).collect(), rest);
    }
    let (found, rest) = pieces(text, element);
    (found.into_iter().flatten().map(Element::key).collect(), rest)
}

/// The values of a column whose values are listed, by key and in words.
pub fn choices(field: Field) -> Vec<(&'static str, &'static str)> {
    macro_rules! of {
        ($words:ty) => {
            <$words>::ALL.iter().map(|value| (value.key(), value.says())).collect()
        };
    }
    match field {
        Field::BaStatus => of!(BaStatus),
        Field::PhiElements => of!(Element),
        Field::Volume => of!(Volume),
        Field::Access => of!(Access),
        Field::Criticality => of!(Criticality),
        Field::Subcontractors => of!(Subs),
        Field::Offshore => of!(Offshore),
        _ => Vec::new(),
    }
}

/// # Errors
/// The pieces of the list that are not known.
pub(super) fn access(text: &str) -> Result<BTreeSet<Access>, Vec<String>> {
    list(text, way)
}

fn way(word: &str) -> Option<Access> {
    if is_unknown(word) { Some(Access::Unknown) } else { WAYS.get(&fold(word)).copied() }
}

pub(super) fn volume(text: &str) -> Option<Volume> {
    if is_unknown(text) {
        return Some(Volume::Unknown);
    }
    if is_none(text) {
        return Some(Volume::Under500);
    }
    let (amount, unit) = amount(text)?;
    if !matches!(fold(&unit).as_str(), "" | "patient" | "patients" | "people" | "records" | "charts" | "lives") {
        return None;
    }
    match amount {
        Amount::Exactly(n) | Amount::AtLeast(n) => Some(volume_of(n)),
        Amount::Over(n) => Some(volume_of(n.saturating_add(1))),
        // "Up to 5,000" and "500 to 5,000" mean the band that ends there.
        Amount::Under(n) | Amount::AtMost(n) => Some(volume_of(n.saturating_sub(1))),
        Amount::Between(low, high) => {
            let band = volume_of(low);
            (band == volume_of(high) || band == volume_of(high.saturating_sub(1))).then_some(band)
        }
    }
}

const fn volume_of(patients: u64) -> Volume {
    match patients {
        0..=499 => Volume::Under500,
        500..=4_999 => Volume::Under5000,
        5_000..=49_999 => Volume::Under50000,
        50_000..=499_999 => Volume::Under500000,
        _ => Volume::Over500000,
    }
}

pub(super) fn criticality(text: &str) -> Option<Criticality> {
    if is_unknown(text) {
        return Some(Criticality::Unknown);
    }
    match text.trim() {
        // The numbers of the hours stand alone often enough, and are no number of days.
        "24" => return Some(Criticality::Day),
        "72" => return Some(Criticality::ThreeDays),
        _ => {}
    }
    let Some((amount, hours)) = amount(text).and_then(|(amount, unit)| Some((amount, hours_of(&unit)?))) else {
        // "2.4h" and "24h" fold to the same; numbers are amounts, or nothing.
        let word = fold(text);
        return if word.contains(|c: char| c.is_ascii_digit()) { None } else { CRITICALITIES.get(&word).copied() };
    };
    let band = |count: u64| criticality_of(count.saturating_mul(hours));
    Some(match amount {
        Amount::Exactly(n) | Amount::Under(n) | Amount::AtMost(n) | Amount::AtLeast(n) | Amount::Between(_, n) => {
            band(n)
        }
        Amount::Over(n) => criticality_of(n.saturating_mul(hours).saturating_add(1)),
    })
}

fn hours_of(unit: &str) -> Option<u64> {
    let words = unit.trim_start_matches("business ").trim_start_matches("working ");
    match words.trim_end_matches('.') {
        "h" | "hr" | "hrs" | "hour" | "hours" => Some(1),
        "d" | "day" | "days" => Some(24),
        "w" | "wk" | "wks" | "week" | "weeks" => Some(7 * 24),
        "mo" | "month" | "months" => Some(30 * 24),
        "y" | "yr" | "year" | "years" => Some(365 * 24),
        _ => None,
    }
}

const fn criticality_of(hours: u64) -> Criticality {
    match hours {
        0..=24 => Criticality::Day,
        25..=72 => Criticality::ThreeDays,
        73..=168 => Criticality::Week,
        _ => Criticality::Longer,
    }
}

pub(super) fn subs(text: &str) -> Option<Subs> {
    if is_unknown(text) {
        return Some(Subs::Unknown);
    }
    if let Some((amount, unit)) = amount(text)
        && matches!(
            unit.as_str(),
            "" | "company" | "companies" | "other" | "others" | "sub" | "subs" | "subcontractors"
        )
    {
        return subs_of(amount);
    }
    // What a spreadsheet makes of "1-2" once the file has been saved again.
    if civil_date::read(text).is_ok_and(|day| matches!((day.month(), day.day()), (1, 2) | (2, 1))) {
        return Some(Subs::Few);
    }
    // "1-2" and "12" fold to the same; numbers are amounts, or nothing.
    let word = fold(text);
    if word.bytes().all(|byte| byte.is_ascii_digit()) { None } else { SUBS.get(&word).copied() }
}

fn subs_of(amount: Amount) -> Option<Subs> {
    let of = |count: u64| match count {
        0 => Subs::None,
        1 | 2 => Subs::Few,
        _ => Subs::Many,
    };
    match amount {
        // A spreadsheet's number of a day, "1-2" once more, is no number of companies.
        Amount::Exactly(n) => (n <= 1_000).then(|| of(n)),
        Amount::Between(low, high) => (of(low) == of(high)).then(|| of(low)),
        Amount::AtMost(n) => (n <= 2).then(|| of(n)),
        Amount::Under(n) => (1..=3).contains(&n).then(|| of(n - 1)),
        Amount::AtLeast(n) => (n >= 3).then_some(Subs::Many),
        Amount::Over(n) => (n >= 2).then_some(Subs::Many),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each value with its spellings, bars between them.
    fn check<T: PartialEq + std::fmt::Debug + Copy>(read: fn(&str) -> Option<T>, table: &[(T, &str)]) {
        for (value, spellings) in table {
            for text in spellings.split('|') {
                assert_eq!(read(text), Some(*value), "{text}");
            }
        }
    }

    fn refuse<T: PartialEq + std::fmt::Debug>(read: fn(&str) -> Option<T>, spellings: &str) {
        for text in spellings.split('|') {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn every_value_is_read_by_its_key_and_by_its_words() {
        macro_rules! own_words {
            ($($of:ident by $read:expr),+) => {
                $(for value in $of::ALL {
                    check($read, &[(*value, value.key()), (*value, value.says()), (*value, &value.says().to_uppercase())]);
                })+
            };
        }
        own_words!(BaStatus by ba_status, Volume by volume, Criticality by criticality, Subs by subs, Offshore by offshore);
        own_words!(Element by |text| elements(text).ok()?.into_iter().next(), Access by |text| access(text).ok()?.into_iter().next());
    }

    #[test]
    fn the_wordings_of_the_profile_questions_are_read() {
        let all = "contact/scheduling; insurance/financial; SSN or government id; clinical notes, diagnoses, labs, images; \
                   specially protected (substance-use, mental health, HIV, reproductive, genetic); biometric/full-face";
        assert_eq!(elements(all), Ok(Element::ALL.iter().copied().collect()));
        let ways = "no-view storage; occasional paper or file; at our premises; regular feed; remote entry to our systems; hosts; \
                    hosts with administrator rights; unknown";
        assert_eq!(access(ways), Ok(Access::ALL.iter().copied().collect()));
    }

    #[test]
    fn volumes_are_read_as_a_busy_office_writes_them() {
        let table = [
            (Volume::Under500, "under 500|less than 500|0|499|0-500|1 to 499|up to 500|none"),
            (Volume::Under5000, "4200|500|500+|4,200 patients|500 – 5,000|~1k"),
            (Volume::Under50000, "5,000-49,999|5000–49999|5.000 to 49.999|12k|<50k"),
            (Volume::Under500000, "50k-499k|50,000|120 000"),
            (Volume::Over500000, "500k+|500,000 or more|> 500,000|2 million|1.5m"),
            (Volume::Unknown, "?|n/a|N/A|Unknown|not known|don’t know|-|TBD"),
        ];
        check(volume, &table);
        refuse(volume, "lots|100-10000|12 months|500 k patients a day|-5");
    }

    #[test]
    fn how_long_we_could_do_without_is_read_in_hours_days_or_weeks() {
        let table = [
            (Criticality::Day, "24h|<=24h|<= 24 h|≤24h|24 hours|24|1 day|a day|one day|4 hrs|under a day|same day"),
            (
                Criticality::ThreeDays,
                "72 hours|<=72 h|72|3 days|2-3 days|three days|> 24h|up to 3 business days|a few days",
            ),
            (Criticality::Week, "7d|a week|1 week|<=7 days|5 days|under a week|more than 3 days"),
            (Criticality::Longer, "longer|more than a week|>7d|2 weeks|a month|> 1 week|not critical"),
            (Criticality::Unknown, "?|not sure|n/a"),
        ];
        check(criticality, &table);
        refuse(criticality, "high|5|3 apples|critical|2.4h|>24");
    }

    #[test]
    fn subcontractors_are_read_even_after_a_spreadsheet_took_them_for_a_day() {
        let table = [
            (Subs::None, "none|no|No|0|zero|no subcontractors"),
            (Subs::Few, "1|2|1-2|1–2|1 to 2|one or two|a couple|2-Jan|1/2/2026|Feb-01|<3|2 companies"),
            (Subs::Many, "3|12|17|3+|3 or more|three or more|> 2|several"),
            (Subs::Unknown, "unknown|?|n/a|don't know"),
        ];
        check(subs, &table);
        refuse(subs, "yes|1-3|1+|2 weeks|3/4/2026|1.2");
    }

    #[test]
    fn what_is_abroad_and_who_is_an_associate_is_read_in_many_words() {
        let abroad = [
            (Offshore::None, "no|None|0|US only"),
            (Offshore::View, "view|view only|View-Only"),
            (Offshore::Stored, "stored|storage|stored abroad"),
        ];
        check(offshore, &abroad);
        let statuses = [
            (BaStatus::BusinessAssociate, "BA|yes|Business_Associate|business associate"),
            (BaStatus::TreatmentProvider, "treatment provider|treats patients"),
            (BaStatus::DeidentifiedOnly, "De-identified only"),
            (BaStatus::NoPhi, "No PHI|no_phi"),
            (BaStatus::Undetermined, "?|unknown|n/a|TBD"),
        ];
        check(ba_status, &statuses);
        // Which of the two, and why not?
        refuse(offshore, "yes");
        refuse(ba_status, "no");
    }

    #[test]
    fn a_list_may_be_cut_by_semicolons_bars_commas_and_words() {
        let both = Ok([Element::GovernmentId, Element::Clinical].into());
        for text in
            r"clinical;SSN~Clinical Notes | ssn~labs, SSN~labs/ssn~labs and SSN~labs & ssn; ;?~labs,ssn,labs".split('~')
        {
            assert_eq!(elements(text), both, "{text}");
        }
        assert_eq!(elements("labs, shoe size, SSN; and more"), Err(vec!["shoe size".to_owned(), "more".to_owned()]));
        assert_eq!((elements("?"), access("?")), (Ok([].into()), Ok([Access::Unknown].into())));
        assert_eq!(access("remote and hosts"), Ok([Access::Remote, Access::Hosts].into()));
        assert_eq!(access("backup"), Err(vec!["backup".to_owned()]), "with or without the key?");
    }
}
