//! A code that is mailed to whoever was asked, and typed into the browser that wants to see
//! what was saved: it shows that the two are one person (`reference/trust.md` 2.3, ASVS 5.0
//! 6.5.1 to 6.6.3).

use chrono::{DateTime, TimeDelta, Utc};

use super::ids::CodeId;

/// A code works so long.
pub const LASTS: TimeDelta = TimeDelta::minutes(10);
/// So many wrong tries end it.
pub const TRIES: u32 = 5;
/// So many letters with codes leave for one link…
pub const MOST: i64 = 3;
/// …in this time.
pub const WITHIN: TimeDelta = TimeDelta::minutes(15);
/// A second press within this time means the first.
pub const JUST_NOW: TimeDelta = TimeDelta::seconds(30);

/// A code, without its digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MailedCode {
    pub id: CodeId,
    pub made_at: DateTime<Utc>,
    pub tries: u32,
    pub used: bool,
}

impl MailedCode {
    /// Whether it may still be tried.
    pub fn is_live(&self, now: DateTime<Utc>) -> bool {
        !self.used && self.tries < TRIES && now < self.made_at + LASTS
    }
}

/// The six digits as typed, with the blanks and dashes that people put in; `None` when it is
/// something else.
pub fn read(typed: &str) -> Option<String> {
    let digits: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    (digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_ends_after_ten_minutes_five_tries_or_one_use() {
        let now: DateTime<Utc> = "2026-11-23T09:00:00Z".parse().unwrap();
        let code = MailedCode { id: CodeId::fresh(), made_at: now, tries: 0, used: false };
        assert!(code.is_live(now) && code.is_live(now + TimeDelta::seconds(599)));
        assert!(!code.is_live(now + LASTS));
        assert!(!MailedCode { tries: TRIES, ..code }.is_live(now));
        assert!(!MailedCode { used: true, ..code }.is_live(now));
    }

    #[test]
    fn a_code_is_read_with_the_blanks_that_people_type() {
        for typed in ["123456", " 123 456 ", "123-456", "12 34 56"] {
            assert_eq!(read(typed).as_deref(), Some("123456"), "{typed}");
        }
        for typed in ["", "12345", "1234567", "12345a", "１２３４５６"] {
            assert_eq!(read(typed), None, "{typed}");
        }
    }
}
