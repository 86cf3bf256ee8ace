//! The risk from what the vendor holds, factor by factor, and the tier that follows or was
//! set by hand.

use serde::Serialize;

use crate::domain::cadence::Cadence;
use crate::domain::civil_date;
use crate::domain::exposure::{Exposure, Inherent, Tier};
use crate::domain::exposure_advice::{Advice, advice};
use crate::domain::questionnaire::Set;
use crate::domain::standing::{Status, Vendor};
use crate::domain::tier_decision::TierDecision;
use crate::web::pages::words::{self, capital, uncapitalised};

#[derive(Serialize)]
pub struct ExposurePart {
    id: String,
    may_change: bool,
    says: String,
    /// Said where a person set the tier.
    by_hand: Option<ByHand>,
    tier_reasons: Vec<&'static str>,
    factors: Vec<Factor>,
    total: String,
    decisions_heading: String,
    decisions: Vec<TierLine>,
}

#[derive(Serialize)]
struct ByHand {
    kind: &'static str,
    says: String,
    reason: Option<String>,
}

#[derive(Serialize)]
struct Factor {
    name: &'static str,
    means: &'static str,
    noted: String,
    points: String,
    of: String,
    lowers: String,
}

#[derive(Serialize)]
pub struct TierLine {
    when: String,
    who: String,
    says: String,
    reason: Option<String>,
}

/// `exposure` is what counts: the vendor's own record, with the companies below it.
pub fn part(
    vendor: &Vendor,
    exposure: &Exposure,
    decisions: &[TierDecision],
    cadence: Cadence,
    may_change: bool,
) -> ExposurePart {
    let inherent = exposure.inherent();
    ExposurePart {
        id: vendor.id.to_string(),
        may_change,
        says: match vendor.standing.status {
            Status::NotNeeded => format!(
                "Not needed now: it is no business associate, so it has no tier. Were it one, {}",
                uncapitalised(&says(&inherent, cadence))
            ),
            _ => says(&inherent, cadence),
        },
        by_hand: decisions.first().and_then(|decision| by_hand(decision, &inherent, vendor.standing.tier)),
        tier_reasons: floors(&inherent),
        factors: factors(exposure, &inherent),
        total: words::whole_points(inherent.total),
        decisions_heading: match decisions.len() {
            1 => "1 time set by hand".to_owned(),
            count => format!("{count} times set by hand"),
        },
        decisions: tier_lines(decisions),
    }
}

/// How hard a vendor of this tier is looked at.
pub fn means(tier: Tier) -> &'static str {
    match (Set::for_tier(tier), tier) {
        (_, Tier::One) => "every question that applies, and proof for the weightier ones",
        (_, Tier::Two) => "every question that applies, and proof for the critical ones",
        (_, Tier::Three) => "the weightier questions",
        (_, Tier::Four) => "the short questionnaire",
    }
}

/// What the rules say.
pub fn says(inherent: &Inherent, cadence: Cadence) -> String {
    format!(
        "{} of 100 before any safeguard. Higher is riskier. By the rules that makes it tier {}: {}, {}.",
        words::whole_points(inherent.total),
        inherent.tier.number(),
        means(inherent.tier),
        cadence.says(),
    )
}

/// Why the rules say a closer tier than the points alone would.
pub fn floors(inherent: &Inherent) -> Vec<&'static str> {
    inherent
        .floors
        .iter()
        .map(|floor| match *floor {
            "specially_protected" => "It gets specially protected information, so it is at least tier 2.",
            _ => "It keeps information of 500 patients or more, or may, so it is at least tier 2.",
        })
        .collect()
}

fn by_hand(decision: &TierDecision, now: &Inherent, counts: Tier) -> Option<ByHand> {
    let tier = decision.tier?;
    let who = format!("{} on {}", decision.decided_by, civil_date::say(decision.decided_on));
    let (kind, says) = match () {
        () if decision.is_outgrown(now) => (
            "warning",
            format!(
                "Lowered by hand to {} by {who}. The risk has grown since, so that does not count any more: {} does.",
                tier.says().to_lowercase(),
                counts.says().to_lowercase()
            ),
        ),
        () if decision.lowers() => ("warning", format!("Lowered by hand to {} by {who}.", tier.says().to_lowercase())),
        () => ("info", format!("Raised by hand to {} by {who}.", tier.says().to_lowercase())),
    };
    Some(ByHand { kind, says, reason: Some(decision.reason.clone()).filter(|reason| !reason.is_empty()) })
}

fn factors(exposure: &Exposure, inherent: &Inherent) -> Vec<Factor> {
    let line = |(advice, part): (Advice, &crate::domain::exposure::Part)| Factor {
        name: advice.name,
        means: advice.means,
        lowers: lowers(&advice, part.value),
        noted: advice.noted,
        points: words::whole_points(part.points),
        of: part.weight.to_string(),
    };
    advice(exposure).into_iter().zip(&inherent.parts).map(line).collect()
}

fn lowers(advice: &Advice, level: u32) -> String {
    match &advice.step {
        _ if advice.unknown => format!("Find out and note it: not knowing counts as {level} of 100."),
        Some(step) => {
            let tier = step.tier.map(|tier| format!(", and {} by the rules", tier.says().to_lowercase()));
            format!("{}: {} less{}.", capital(&step.change), words::whole_points(step.points), tier.unwrap_or_default())
        }
        None => String::new(),
    }
}

/// The tiers set by hand, the newest first.
pub fn tier_lines(decisions: &[TierDecision]) -> Vec<TierLine> {
    let line = |decision: &TierDecision| {
        let rules = format!("the rules said {}", decision.computed.says().to_lowercase());
        TierLine {
            when: civil_date::say_short(decision.decided_on),
            who: decision.decided_by.clone(),
            says: match decision.tier {
                Some(tier) if decision.lowers() => format!("Lowered to {}; {rules}", tier.says().to_lowercase()),
                Some(tier) => format!("Raised to {}; {rules}", tier.says().to_lowercase()),
                None => format!("Given back to the rules; {rules}"),
            },
            reason: Some(decision.reason.clone()).filter(|reason| !reason.is_empty()),
        }
    };
    decisions.iter().map(line).collect()
}

/// A tier raised, and one lowered by a hostile name, for the samples of several pages.
pub fn sample_tiers(vendor: &Vendor) -> Vec<TierDecision> {
    let inherent = vendor.details.exposure.inherent();
    let decision = |text: &str, tier| TierDecision {
        id: crate::domain::ids::DecisionId::fresh(),
        vendor: vendor.id,
        tier,
        computed: Tier::Two,
        inherent: inherent.total,
        reason: text.to_owned(),
        decided_by: text.to_owned(),
        decided_on: chrono::NaiveDate::default(),
    };
    vec![
        decision("\"><script>alert(1)</script>", Some(Tier::Four)),
        decision("", Some(Tier::One)),
        decision("Given back", None),
    ]
}
