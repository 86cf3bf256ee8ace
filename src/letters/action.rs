//! The letters to a vendor about corrective actions: asked, overdue, sent back. They say how many
//! there are and by when; what is asked, and remarks, stay behind the link.

use serde::Serialize;

use super::{About, Common, Letters, Written, name, samples_of_common};
use crate::domain::action::Action;
use crate::domain::civil_date;
use crate::domain::letter::LetterKind;
use crate::domain::words::counted;
use crate::templates::Context;

#[derive(Clone, Debug, Serialize)]
pub struct Actions {
    #[serde(flatten)]
    common: Common,
    name: Option<String>,
    /// `3 things`.
    count: String,
    /// The first day by which one of them is wanted.
    due: String,
    /// There are several days.
    first: bool,
    overdue: bool,
    sent_back: bool,
}

impl Letters {
    /// Writes to the vendor about these actions: all of them in one letter.
    pub fn actions(&self, about: &About<'_>, kind: LetterKind, actions: &[Action]) -> Written {
        let due = actions.iter().map(|one| one.due_on).min().unwrap_or(about.today);
        self.write(&Actions {
            common: self.common(about),
            name: name(about.vendor),
            count: counted(actions.len(), "thing"),
            due: civil_date::say_with_day(due),
            first: actions.iter().any(|one| one.due_on != due),
            overdue: kind == LetterKind::ActionsOverdue,
            sent_back: kind == LetterKind::ActionSentBack,
        })
    }
}

impl Context for Actions {
    const TEMPLATE: &'static str = "letters/actions";
    fn samples() -> Vec<Self> {
        let with = |common, (overdue, sent_back): (bool, bool)| Self {
            common,
            name: (!overdue).then(|| "Pat Morgan".to_owned()),
            count: if sent_back { "1 thing".to_owned() } else { "12 things".to_owned() },
            due: "Friday, December 11, 2026".to_owned(),
            first: !sent_back,
            overdue,
            sent_back,
        };
        let kinds = [(false, false), (true, false), (false, true)];
        samples_of_common().into_iter().flat_map(|common| kinds.map(|kind| with(common.clone(), kind))).collect()
    }
}
