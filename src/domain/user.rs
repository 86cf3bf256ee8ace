//! People of the practice who sign in.

use chrono::TimeDelta;

use super::ids::{PracticeId, UserId};
use super::words::words;

words! {
    /// What a person may do in a practice.
    pub enum Role {
        Administrator = "administrator" => "Administrator",
        ComplianceLead = "compliance-lead" => "Compliance lead",
        Auditor = "auditor" => "Auditor",
    }
}

impl Role {
    /// One sentence for someone who has to choose.
    pub const fn explains(self) -> &'static str {
        match self {
            Role::Administrator => "Does everything: vendors, agreements, people and settings.",
            Role::ComplianceLead => "Keeps and reviews vendors and agreements. Not people or settings.",
            Role::Auditor => "Reads and exports everything, and changes nothing.",
        }
    }

    /// The whole matrix of who may do what.
    pub const fn may(self, need: Need) -> bool {
        match need {
            Need::Anyone | Need::Link | Need::Member | Need::Read => true,
            Need::Change => matches!(self, Role::Administrator | Role::ComplianceLead),
            Need::Manage => matches!(self, Role::Administrator),
        }
    }
}

/// What an address asks of whoever opens it. Every route declares one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Need {
    /// Nothing: the way in, and what a monitor asks.
    Anyone,
    /// A vendor's link, which the page itself checks.
    Link,
    /// To be signed in: one's own account.
    Member,
    /// To read what the practice keeps.
    Read,
    /// To change vendors and what hangs on them.
    Change,
    /// To decide who may come in, and how the practice works.
    Manage,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    pub id: UserId,
    /// Lower case.
    pub email: String,
    pub name: String,
    pub has_password: bool,
}

words! {
    /// What a one-time link does.
    pub enum LinkKind {
        FirstRun = "first-run" => "Sets up the first practice",
        Welcome = "welcome" => "Lets a person in",
        Invitation = "invitation" => "Invites a person to a practice",
        Reset = "reset" => "Sets a new password",
    }
}

/// What a one-time link is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignInLink {
    /// Absent on the very first run, when there is no practice yet.
    pub practice: Option<PracticeId>,
    /// Absent for the practice's first user.
    pub user: Option<UserId>,
    pub kind: LinkKind,
    /// What an invited person will be.
    pub role: Option<Role>,
    /// What the inviter calls them: a suggestion, until they say their name. May be empty.
    pub name: String,
}

impl SignInLink {
    /// Makes the first practice and its administrator.
    pub const FIRST_RUN: Self =
        Self { practice: None, user: None, kind: LinkKind::FirstRun, role: None, name: String::new() };

    /// Lets a person in: one that is known, or the practice's first user.
    pub fn welcome(practice: PracticeId, user: Option<UserId>) -> Self {
        Self { practice: Some(practice), user, kind: LinkKind::Welcome, role: None, name: String::new() }
    }

    /// Lets a person choose a new password.
    pub fn reset(practice: PracticeId, user: UserId) -> Self {
        Self { kind: LinkKind::Reset, ..Self::welcome(practice, Some(user)) }
    }

    /// Lets an invited person, called `name` by whoever invites them, into the practice.
    pub fn invitation(practice: PracticeId, user: UserId, role: Role, name: &str) -> Self {
        let link = Self::welcome(practice, Some(user));
        Self { kind: LinkKind::Invitation, role: Some(role), name: name.to_owned(), ..link }
    }
}

/// What anyone may ask without an account, by the address they ask from: so many at once…
pub const ASKS_AT_ONCE: i32 = 100;
/// …and after that one each so many seconds. Far more than an office behind one address needs.
pub const ASKS_EVERY: TimeDelta = TimeDelta::seconds(6);

/// Wait after so many failed sign-ins in a row, in seconds: none for the first four, then
/// doubling from 15 seconds to 15 minutes. Never a lock for good.
pub fn wait_after(failures: u32) -> i64 {
    match failures {
        0..=4 => 0,
        more => (15_i64 << (more - 5).min(6)).min(900),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_password_is_slowed_down_and_never_locked_out() {
        assert_eq!([0, 4, 5, 6, 11, 1000].map(wait_after), [0, 0, 15, 30, 900, 900]);
    }
}
