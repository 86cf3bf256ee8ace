//! What happens to each vendor in the two years, out of its number.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate, TimeDelta};
use duecare::domain::answers::{Answer, Grade, Value};
use duecare::domain::exposure::{Access, Criticality, Element, Exposure, Offshore, Subs, Trait, Volume};
use duecare::domain::questionnaire::Question;
use duecare::domain::vendor::VendorDetails;

use crate::world::good;

pub const VENDORS: usize = 500;

/// What happens on a day of its own; replies follow from when the vendor was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    Added,
    Bounces,
    Mended,
    /// A change notice of that kind.
    Tells(&'static str),
    /// Somebody of the practice reads the notice.
    Reads,
    /// Somebody verifies whatever is to be put right.
    Verifies,
    /// Somebody looks at every change, and may find that it was kept from us.
    Looks {
        found_out: bool,
    },
    /// An incident is told.
    Loses,
    Assessed {
        breach: bool,
    },
    Closed,
}

/// One vendor's part.
#[derive(Clone, Debug)]
pub struct Part {
    pub number: usize,
    first: NaiveDate,
    events: Vec<(NaiveDate, Event)>,
    signs_again_on: Option<NaiveDate>,
}

/// Numbers that follow from others, and from nothing else (SplitMix64).
fn lot(number: usize, what: u64) -> u64 {
    let mut z =
        (number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(what.wrapping_mul(0xd1b5_4a32_d192_ed03));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Answers that a reply may lack something in.
const FLAWS: [(&str, Flaw); 9] = [
    ("adm.training", Flaw::No),
    ("adm.risk.study", Flaw::No),
    ("tec.encrypt.devices", Flaw::Partial),
    ("org.policies", Flaw::No),
    ("org.baa.signed", Flaw::No),
    ("phy.disposal", Flaw::Partial),
    ("org.change.promise", Flaw::Partial),
    ("inc.plan", Flaw::No),
    ("tec.idle-lock", Flaw::Unknown),
];

#[derive(Clone, Copy)]
enum Flaw {
    No,
    Partial,
    Unknown,
}

impl Part {
    pub fn of(number: usize, first: NaiveDate) -> Self {
        let day = |after: u64| first + Days::new(after);
        let one_in = |what, many| lot(number, what).is_multiple_of(many);
        // Vendors are added in order, in the first sixty days.
        let added = number as u64 * 60 / VENDORS as u64;
        let mut events = vec![(day(added), Event::Added)];
        if one_in(1, 20) {
            let at = 100 + lot(number, 2) % 500;
            events.push((day(at), Event::Bounces));
            events.push((day(at + 5 + lot(number, 3) % 60), Event::Mended));
        }
        if one_in(4, 8) {
            let at = 90 + lot(number, 5) % 600;
            let kind = if one_in(6, 2) { "certificate.lapsed" } else { "officer.changed" };
            events.push((day(at), Event::Tells(kind)));
            if one_in(7, 2) {
                events.push((day(at + 1 + lot(number, 8) % 20), Event::Reads));
            }
        }
        if one_in(9, 3) {
            events.push((day(150 + lot(number, 10) % 100), Event::Verifies));
        }
        if one_in(11, 3) {
            let found_out = one_in(12, 2);
            events.push((day(480 + lot(number, 13) % 200), Event::Looks { found_out }));
        }
        if one_in(14, 25) {
            let (at, breach) = (70 + lot(number, 15) % 500, one_in(16, 2));
            events.push((day(at), Event::Loses));
            events.push((day(at + 3), Event::Assessed { breach }));
            if !breach {
                events.push((day(at + 20), Event::Closed));
            }
        }
        Self { number, first, events, signs_again_on: None }
    }

    pub fn name(&self) -> String {
        format!("Vendor {:03}", self.number)
    }

    pub fn events_of(&self, today: NaiveDate) -> Vec<Event> {
        self.events.iter().filter(|(on, _)| *on == today).map(|(_, event)| *event).collect()
    }

    /// 1 to 4, as often as there are such vendors.
    pub fn tier(&self) -> u8 {
        [1, 2, 2, 3, 3, 3, 4, 4][self.number % 8]
    }

    pub fn has_address(&self) -> bool {
        self.number % 41 != 40
    }

    pub fn has_agreement(&self) -> bool {
        self.number % 29 != 28
    }

    /// The last day of the agreement.
    pub fn agreement_ends_on(&self) -> Option<NaiveDate> {
        lot(self.number, 20).is_multiple_of(6).then(|| self.first + Days::new(80 + lot(self.number, 21) % 640))
    }

    pub fn details(&self, details: &mut VendorDetails) {
        let traits = [Trait::Transmits, Trait::Portable].into();
        let (subs, offshore) = (Subs::Few, Offshore::None);
        let (element, volume, way, criticality) = match self.tier() {
            1 => (Element::Clinical, Volume::Under500000, Access::HostsAdmin, Criticality::Day),
            2 => (Element::Clinical, Volume::Under50000, Access::Hosts, Criticality::ThreeDays),
            3 => (Element::Insurance, Volume::Under5000, Access::Feed, Criticality::Week),
            _ => (Element::Contact, Volume::Under500, Access::Paper, Criticality::Longer),
        };
        details.exposure =
            Exposure { elements: [element].into(), volume, access: [way].into(), criticality, subs, offshore, traits };
        details.contact_email = self.has_address().then(|| "pat@vendor.test".to_owned());
        details.agreement_ends_on = self.agreement_ends_on().filter(|_| self.has_agreement());
        details.agreement_signed_on = self.has_agreement().then(|| self.first - TimeDelta::days(400));
    }

    /// Whether it signs so many days after it was asked: most in time, some late, some never.
    pub fn signs(&self, cycle: i32, days: i64) -> bool {
        let luck = lot(self.number, 100 + cycle.unsigned_abs() as u64);
        let after = match luck % 100 {
            0..78 => 1 + (luck >> 8) % 29,
            78..92 => 31 + (luck >> 8) % 60,
            _ => return false,
        };
        days == after as i64
    }

    /// It is asked again: when it signs, where it does.
    pub fn rechecked(&mut self, asked_on: NaiveDate) {
        let luck = lot(self.number, 30);
        if !luck.is_multiple_of(6) && self.signs_again_on.is_none_or(|on| on < asked_on) {
            self.signs_again_on = Some(asked_on + Days::new(1 + (luck >> 8) % 45));
        }
    }

    pub fn signs_again_on(&self) -> Option<NaiveDate> {
        self.signs_again_on
    }

    /// What it changes when it is asked again.
    pub fn changed(&self) -> impl Iterator<Item = (&'static str, Answer)> {
        let moves = lot(self.number, 31).is_multiple_of(4);
        moves.then(|| ("off.kept", told(Value::Choice("yes-agreed".to_owned())))).into_iter()
    }

    /// The questions in which the reply of a cycle lacks something.
    fn flawed(&self, cycle: i32) -> BTreeSet<usize> {
        let year = cycle.unsigned_abs() as u64;
        (0..FLAWS.len()).filter(|at| lot(self.number, 1_000 * year + 40 + *at as u64).is_multiple_of(12)).collect()
    }

    /// The answer to a question in a cycle, on the day that it is signed.
    pub fn answer(&self, question: &Question, cycle: i32, today: NaiveDate) -> Answer {
        let flaw =
            FLAWS.iter().position(|(slug, _)| *slug == question.slug).filter(|at| self.flawed(cycle).contains(at));
        let value = match flaw.map(|at| FLAWS[at].1) {
            Some(Flaw::No) => Value::Grade(Grade::No),
            Some(Flaw::Partial) => Value::Grade(Grade::Partial),
            Some(Flaw::Unknown) => Value::Unknown,
            // From its second year on one in ten has begun to feed a tool.
            None if question.slug == "prv.ai" && cycle > 1 && lot(self.number, 50).is_multiple_of(10) => {
                Value::Choice("yes-contracted-no-training".to_owned())
            }
            None => good(question, today),
        };
        let mut answer = Answer::of(value);
        let asks = question.detail.as_ref();
        let asks = asks.filter(|one| one.with.is_empty() || one.with.iter().any(|key| answer.is(key)));
        answer.detail = asks.map(|_| "12".to_owned());
        answer
    }
}

/// With the second part that it asks for.
fn told(value: Value) -> Answer {
    Answer { detail: Some("12".to_owned()), ..Answer::of(value) }
}
