//! Links that are not ours, counted by the address that tries them: whoever tries twenty in a
//! minute is asked to wait (`reference/trust.md` 2.3). Kept in memory, by each program for
//! itself: a token has 256 bits, so this spares work and keeps nobody out who has one.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

/// So many in a minute are borne.
const MOST: u32 = 20;
const MINUTE: TimeDelta = TimeDelta::minutes(1);
/// Addresses that are remembered at once; more than that is an attack from many.
const ADDRESSES: usize = 10_000;

/// What was tried of late, by address.
#[derive(Debug, Default)]
pub struct Guesses(Mutex<HashMap<String, Tried>>);

#[derive(Clone, Copy, Debug)]
struct Tried {
    since: DateTime<Utc>,
    count: u32,
}

impl Guesses {
    /// Whether this address has tried too many.
    pub fn are_too_many(&self, from: &str, now: DateTime<Utc>) -> bool {
        let tried = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tried.get(from).is_some_and(|tried| tried.count >= MOST && now - tried.since < MINUTE)
    }

    /// Counts a link that was none of ours.
    pub fn note(&self, from: &str, now: DateTime<Utc>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= ADDRESSES {
            all.retain(|_, tried| now - tried.since < MINUTE);
        }
        if all.len() >= ADDRESSES {
            all.clear();
        }
        let tried = all.entry(from.to_owned()).or_insert(Tried { since: now, count: 0 });
        if now - tried.since >= MINUTE {
            *tried = Tried { since: now, count: 0 };
        }
        tried.count += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twenty_in_a_minute_are_borne_and_the_next_minute_begins_anew() {
        let (guesses, start) = (Guesses::default(), DateTime::<Utc>::default());
        for _ in 0..MOST {
            assert!(!guesses.are_too_many("203.0.113.7", start));
            guesses.note("203.0.113.7", start);
        }
        assert!(guesses.are_too_many("203.0.113.7", start + TimeDelta::seconds(59)));
        assert!(!guesses.are_too_many("203.0.113.8", start), "others are not kept waiting");
        assert!(!guesses.are_too_many("203.0.113.7", start + MINUTE));
        guesses.note("203.0.113.7", start + MINUTE);
        assert!(!guesses.are_too_many("203.0.113.7", start + MINUTE));
    }

    #[test]
    fn made_up_addresses_do_not_fill_the_memory() {
        let (guesses, start) = (Guesses::default(), DateTime::<Utc>::default());
        for number in 0..3 * ADDRESSES {
            guesses.note(&number.to_string(), start);
        }
        assert!(guesses.0.lock().unwrap().len() <= ADDRESSES);
    }
}
