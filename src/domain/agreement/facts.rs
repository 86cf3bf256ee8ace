//! What about an agreement deserves a flag.

use chrono::NaiveDate;

use super::{Agreement, AgreementStanding, LAWFUL_NOTICE_HOURS, Stands, in_force};
use crate::domain::civil_date;
use crate::domain::flags::{Fact, FlagKind};
use crate::domain::words;

/// The facts of where the agreement stands; `own_keys` are the terms that the practice itself
/// wants, and `theirs` is what the vendor says of it, as the end of a sentence.
pub fn facts(
    stands: &Stands<'_>,
    versions: &[Agreement],
    own_keys: &[String],
    theirs: &str,
    today: NaiveDate,
) -> Vec<Fact> {
    let noun = stands.version.map_or("business associate agreement", |one| one.terms.kind.noun());
    let until = stands.until.map(civil_date::say).unwrap_or_default();
    let waits =
        stands.waiting.map(|one| format!("; version {} waits for a signature", one.version)).unwrap_or_default();
    let (kind, sentence) = match stands.standing {
        AgreementStanding::NotNeeded => return Vec::new(),
        AgreementStanding::Missing => (
            FlagKind::AgreementMissing,
            match stands.waiting {
                Some(_) => {
                    format!("No signed business associate agreement on record (45 CFR 164.308(b)(3)){waits}{theirs}")
                }
                None => format!("No business associate agreement on record (45 CFR 164.308(b)(3)){theirs}"),
            },
        ),
        AgreementStanding::Ended => (FlagKind::AgreementEnded, format!("The {noun} ended on {until}{waits}{theirs}")),
        AgreementStanding::EndsSoon => (FlagKind::AgreementEndsSoon, format!("The {noun} ends on {until}{waits}")),
        AgreementStanding::Current => {
            return in_force(versions, today).map(|one| terms(one, own_keys)).unwrap_or_default();
        }
    };
    let mut facts = vec![Fact { kind, subject: String::new(), sentence }];
    facts.extend(in_force(versions, today).map(|one| terms(one, own_keys)).unwrap_or_default());
    facts
}

/// What is wrong inside the version in force.
fn terms(version: &Agreement, own_keys: &[String]) -> Vec<Fact> {
    let mut facts: Vec<Fact> = version
        .missing(own_keys)
        .map(|sought| Fact {
            kind: FlagKind::AgreementLacksTerm,
            subject: sought.key().to_owned(),
            sentence: format!("The agreement lacks the term “{}” ({})", sought.title(), sought.cites()),
        })
        .collect();
    if let Some(hours) = version.terms.breach_notice_hours.filter(|hours| *hours > LAWFUL_NOTICE_HOURS) {
        facts.push(Fact {
            kind: FlagKind::LegalLimit,
            subject: "agreement.breach-notice".to_owned(),
            sentence: format!(
                "The agreement gives the vendor {} to tell of a breach; the law allows {} at most (45 CFR 164.410(b))",
                words::hours(hours),
                words::hours(LAWFUL_NOTICE_HOURS),
            ),
        });
    }
    facts
}
