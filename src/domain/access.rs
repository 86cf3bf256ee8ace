//! Who may see what: every practice-owned read and write goes through a [`Scope`].

use super::ids::PracticeId;

/// The practices that the caller may see.
///
/// Another practice's id, looked up through a scope that does not hold it, is an absent id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// One practice: what a signed-in user or a respondent has.
    Practice(PracticeId),
    /// All of them, asked for by name and with a reason: the sweep and delivery.
    Everything(&'static str),
}

impl Scope {
    /// The one practice of this scope; `None` for the wide one.
    pub fn practice(&self) -> Option<PracticeId> {
        match self {
            Scope::Practice(id) => Some(*id),
            Scope::Everything(_) => None,
        }
    }
}
