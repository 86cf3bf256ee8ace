//! Whether the vendor is a business associate: what was decided, by whom, and when to look
//! again.

use chrono::NaiveDate;
use serde::Serialize;

use crate::domain::ba_decision::{self, BaDecision};
use crate::domain::civil_date;
use crate::domain::standing::Vendor;
use crate::web::view::Badge;

#[derive(Serialize)]
pub struct DecisionPart {
    id: String,
    may_change: bool,
    status: Badge,
    explains: &'static str,
    /// Absent where nobody gave one.
    reason: Option<String>,
    cites: &'static str,
    who: String,
    look_again: Option<String>,
    earlier_heading: String,
    earlier: Vec<Earlier>,
}

#[derive(Serialize)]
pub struct Earlier {
    when: String,
    who: String,
    status: &'static str,
    reason: String,
    path: Vec<PathLine>,
}

#[derive(Serialize)]
struct PathLine {
    question: &'static str,
    reply: &'static str,
}

pub fn part(
    vendor: &Vendor,
    added_on: NaiveDate,
    decisions: &[BaDecision],
    today: NaiveDate,
    may_change: bool,
) -> DecisionPart {
    let status = vendor.details.ba_status;
    let newest = decisions.first().filter(|decision| decision.status == status);
    let look_again = ba_decision::look_again_on(status, newest, added_on);
    let tone = match look_again {
        Some(on) if on <= today => "soon",
        _ if status == crate::domain::vendor::BaStatus::Undetermined => "wait",
        _ => "plain",
    };
    DecisionPart {
        id: vendor.id.to_string(),
        may_change,
        status: Badge::new(tone, status.says()),
        explains: status.explains(),
        reason: newest.map(|decision| decision.reason.clone()),
        cites: ba_decision::cites(status),
        who: match newest {
            Some(decision) => format!("{} on {}", decision.decided_by, civil_date::say_short(decision.decided_on)),
            None => "Set on the list, and nobody has written down why".to_owned(),
        },
        look_again: look_again.map(|on| {
            let day = civil_date::say_short(on);
            if on <= today { format!("{day}: that day has come") } else { day }
        }),
        earlier_heading: match decisions.len() {
            1 => "1 decision so far".to_owned(),
            count => format!("{count} decisions so far"),
        },
        earlier: earlier(decisions),
    }
}

/// All decisions, the newest first, with the answers that led there.
pub fn earlier(decisions: &[BaDecision]) -> Vec<Earlier> {
    let line = |decision: &BaDecision| Earlier {
        when: civil_date::say_short(decision.decided_on),
        who: decision.decided_by.clone(),
        status: decision.status.says(),
        reason: decision.reason.clone(),
        path: decision
            .path
            .iter()
            .map(|one| PathLine { question: one.question.says(), reply: one.reply.says() })
            .collect(),
    };
    decisions.iter().map(line).collect()
}

/// A decision by the questions, and a hostile one, for the samples of several pages.
pub fn sample_decisions(vendor: &Vendor) -> Vec<BaDecision> {
    use crate::domain::ba_decision::{Reply, walk};
    use crate::domain::ids::DecisionId;
    let decision = |text: &str, status| BaDecision {
        id: DecisionId::fresh(),
        vendor: vendor.id,
        status,
        path: walk(|_| Some(Reply::No)).0,
        reason: text.to_owned(),
        decided_by: text.to_owned(),
        decided_on: NaiveDate::default(),
        look_again_on: Some(NaiveDate::default()),
    };
    vec![
        decision("It bills for us.", vendor.details.ba_status),
        decision("\"><script>alert(1)</script>", crate::domain::vendor::BaStatus::NoPhi),
    ]
}
