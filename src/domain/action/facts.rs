//! What a person should know about the actions of a vendor, and the day on which that changes.

use chrono::{Days, NaiveDate};

use super::{Action, ActionState};
use crate::domain::civil_date;
use crate::domain::flags::{Fact, FlagKind};
use crate::domain::words::counted;

/// How many the vendor is late with on `today`: each lowers how it counts as responding.
pub fn overdue(actions: &[Action], today: NaiveDate) -> u32 {
    u32::try_from(actions.iter().filter(|one| one.is_overdue(today)).count()).unwrap_or(u32::MAX)
}

/// One fact for each that is overdue, and one for all that wait to be verified.
pub fn facts(actions: &[Action], today: NaiveDate) -> Vec<Fact> {
    let late = actions.iter().filter(|one| one.is_overdue(today)).map(|one| Fact {
        kind: FlagKind::ActionOverdue,
        subject: one.id.to_string(),
        sentence: format!("“{}” was to be put right by {}", one.short, civil_date::say(one.due_on)),
    });
    let answered = actions.iter().filter(|one| one.state == ActionState::Answered).count();
    let waiting = (answered > 0).then(|| Fact {
        kind: FlagKind::ActionAnswered,
        subject: String::new(),
        sentence: format!("Says that {} put right; verify it", counted_is(answered)),
    });
    late.chain(waiting).collect()
}

fn counted_is(count: usize) -> String {
    match count {
        1 => "1 thing is".to_owned(),
        more => format!("{} are", counted(more, "thing")),
    }
}

/// The next day after `today` on which one of them becomes overdue.
pub fn next_turn(actions: &[Action], today: NaiveDate) -> Option<NaiveDate> {
    let waiting = actions.iter().filter(|one| one.state.waits_for_vendor());
    waiting.map(|one| one.due_on + Days::new(1)).filter(|turn| *turn > today).min()
}
