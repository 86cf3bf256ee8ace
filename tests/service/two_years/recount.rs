//! The second count: what the flags, the actions and the rating of each vendor have to be, from the
//! story alone. Day by day, in the plainest words, after `domain/hipaa.md` 1.4, 2.11 to 2.14 and 3;
//! nothing here asks the program.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days, Months, NaiveDate};
use duecare::domain::answers::{Answer, Answers, Grade, Value};
use duecare::domain::condition::{Condition, Fact};
use duecare::domain::questionnaire::{AnswerKind, Authority, Gravity, ListCredit, Question, Questionnaire};

use super::story::{Event, Part};
use crate::world::World;

/// What is compared.
#[derive(Debug, PartialEq, Eq)]
pub struct Counted {
    /// Open flags by kind and question.
    pub flags: BTreeMap<(String, String), u32>,
    /// Question, day, state.
    pub actions: BTreeSet<(String, NaiveDate, &'static str)>,
    pub rating: String,
    pub residual: u32,
}

#[derive(Clone, Debug)]
struct Action {
    cycle: usize,
    slug: String,
    due: NaiveDate,
    state: &'static str,
}

#[derive(Clone, Debug)]
struct Asked {
    on: NaiveDate,
    due: NaiveDate,
    reminders: u32,
    letter: NaiveDate,
    /// The first signature.
    signed: Option<NaiveDate>,
    answers: Answers,
    version: u32,
    given_up: bool,
}

#[derive(Clone, Debug)]
struct Recheck {
    half_year: bool,
    on: NaiveDate,
    due: NaiveDate,
    open: bool,
}

#[derive(Clone, Debug, Default)]
struct Vendor {
    tier: u8,
    added: Option<NaiveDate>,
    address: bool,
    bounced: bool,
    agreement: bool,
    agreement_ends: Option<NaiveDate>,
    cycles: Vec<Asked>,
    rechecks: Vec<Recheck>,
    /// Kind, day, whether somebody has read it.
    notices: Vec<(&'static str, NaiveDate, bool)>,
    actions: Vec<Action>,
    /// By cycle, question and version that said so; learnt on, looked at, found to be kept from us.
    changes: BTreeMap<(usize, String, u32), (NaiveDate, bool, bool)>,
    /// Told on, found a breach, closed.
    incidents: Vec<(NaiveDate, bool, bool)>,
}

pub struct Recount {
    form: Questionnaire,
    vendors: Vec<Vendor>,
    /// Kinds of flags that were counted at all: a story in which nothing happens proves nothing.
    seen: BTreeSet<String>,
    ratings: BTreeSet<String>,
}

fn plus(day: NaiveDate, days: u64) -> NaiveDate {
    day + Days::new(days)
}

impl Recount {
    pub fn new(w: &World, parts: &[Part]) -> Self {
        let vendor = |part: &Part| Vendor {
            tier: part.tier(),
            address: part.has_address(),
            agreement: part.has_agreement(),
            agreement_ends: part.agreement_ends_on().filter(|_| part.has_agreement()),
            ..Vendor::default()
        };
        Self {
            form: w.app.office.catalogue.current().clone(),
            vendors: parts.iter().map(vendor).collect(),
            seen: BTreeSet::new(),
            ratings: BTreeSet::new(),
        }
    }

    pub fn of(&self, at: usize) -> impl std::fmt::Debug {
        let Vendor { cycles, rechecks, notices, actions, changes, incidents, bounced, tier, .. } = &self.vendors[at];
        let cycles: Vec<_> =
            cycles.iter().map(|one| (one.on, one.due, one.reminders, one.signed, one.given_up)).collect();
        (tier, bounced, cycles, rechecks.clone(), notices.clone(), actions.clone(), changes.clone(), incidents.clone())
    }

    /// The sweep of a day: asks, reminds, asks again.
    pub fn sweep(&mut self, today: NaiveDate) {
        for vendor in self.vendors.iter_mut().filter(|vendor| vendor.added.is_some()) {
            if vendor.address && !vendor.bounced {
                vendor.ask(today);
                vendor.remind(today);
                vendor.ask_again(today, &self.form);
            }
        }
    }

    pub fn signed(&mut self, at: usize, answers: Answers, today: NaiveDate) {
        let (vendor, form) = (&mut self.vendors[at], &self.form);
        let before = vendor.cycles.iter().rev().find(|one| one.signed.is_some()).map(|one| one.answers.clone());
        let cycle = vendor.cycles.len() - 1;
        let open = &mut vendor.cycles[cycle];
        (open.signed, open.answers) = (Some(today), answers.clone());
        for slug in before.iter().flat_map(|before| differ(form, before, &answers)) {
            vendor.changes.insert((cycle, slug, 1), (today, false, false));
        }
        vendor.act_on(form, cycle, today);
    }

    pub fn signed_again(&mut self, at: usize, answers: Answers, today: NaiveDate) {
        let (vendor, form) = (&mut self.vendors[at], &self.form);
        let cycle = vendor.cycles.iter().rposition(|one| one.signed.is_some()).expect("it was signed");
        let reply = &mut vendor.cycles[cycle];
        let before = std::mem::replace(&mut reply.answers, answers.clone());
        reply.version += 1;
        let version = reply.version;
        for slug in differ(form, &before, &answers) {
            vendor.changes.insert((cycle, slug, version), (today, false, false));
        }
        vendor.rechecks.iter_mut().for_each(|one| one.open = false);
        vendor.act_on(form, cycle, today);
    }

    pub fn happened(&mut self, at: usize, event: Event, today: NaiveDate) {
        let vendor = &mut self.vendors[at];
        match event {
            Event::Added => vendor.added = Some(today),
            Event::Bounces => vendor.bounced = vendor.address,
            Event::Mended => vendor.bounced = false,
            Event::Tells(kind) => vendor.notices.push((kind, today, false)),
            Event::Reads => vendor.notices.iter_mut().for_each(|one| one.2 = true),
            Event::Verifies => {
                vendor.actions.iter_mut().for_each(|one| one.state = "closed");
            }
            Event::Looks { found_out } => {
                for one in vendor.changes.values_mut().filter(|one| !one.1) {
                    *one = (one.0, true, found_out);
                }
            }
            Event::Loses => vendor.incidents.push((today, false, false)),
            Event::Assessed { breach } => vendor.incidents.iter_mut().for_each(|one| one.1 = breach),
            Event::Closed => vendor.incidents.iter_mut().for_each(|one| one.2 = true),
        }
    }

    pub fn count(&self, at: usize, today: NaiveDate) -> Counted {
        let vendor = &self.vendors[at];
        let (rating, residual) = vendor.rated(&self.form, today);
        Counted {
            flags: vendor.flags(&self.form, today),
            actions: vendor.actions.iter().map(|one| (one.slug.clone(), one.due, one.state)).collect(),
            rating: rating.to_owned(),
            residual,
        }
    }

    pub fn note(&mut self, counted: &Counted) {
        self.seen.extend(counted.flags.keys().map(|(kind, _)| kind.clone()));
        self.ratings.insert(counted.rating.clone());
    }

    /// The story has to have come by all that is counted here.
    pub fn saw_everything(&self) {
        let kinds = [
            "action-answered",
            "action-overdue",
            "address-unusable",
            "agreement-ended",
            "agreement-ends-soon",
            "agreement-missing",
            "changed",
            "contradicts",
            "critical-failed",
            "hard-stop",
            "incident-open",
            "incident-overdue",
            "no-address",
            "no-reply",
            "notice-low",
            "notice-medium",
            "out-of-date",
            "recheck-late",
        ];
        let missing: Vec<&str> = kinds.into_iter().filter(|kind| !self.seen.contains(*kind)).collect();
        assert!(missing.is_empty(), "{missing:?} never came up in {:?}", self.seen);
        let ratings = ["critical", "do-not-share", "high", "low", "moderate", "not-assessed"];
        assert!(ratings.iter().all(|one| self.ratings.contains(*one)), "{:?}", self.ratings);
    }
}

impl Vendor {
    fn last_signed(&self) -> Option<&Asked> {
        self.cycles.iter().rev().find(|one| one.signed.is_some())
    }

    fn open(&self) -> Option<&Asked> {
        self.cycles.last().filter(|one| one.signed.is_none() && !one.given_up)
    }

    /// Once a year; a new vendor within thirty days. The letter goes out 45 days ahead and leaves at
    /// least thirty. Whoever never answers is asked anew 320 days after the day that it let pass.
    fn ask(&mut self, today: NaiveDate) {
        let given_up = self.open().is_some_and(|open| today >= plus(open.due, 320));
        if self.open().is_some() && !given_up {
            return;
        }
        let wanted = match self.last_signed().and_then(|last| last.signed) {
            Some(signed) => plus(signed, 365),
            None => plus(self.added.expect("it is on the list"), 30),
        };
        if wanted > plus(today, 45) {
            return;
        }
        if let Some(open) = self.cycles.last_mut().filter(|open| open.signed.is_none()) {
            open.given_up = true;
        }
        self.rechecks.iter_mut().for_each(|one| one.open = false);
        let due = wanted.clamp(plus(today, 30), plus(today, 45));
        self.cycles.push(Asked {
            on: today,
            due,
            reminders: 0,
            letter: today,
            signed: None,
            answers: Answers::new(),
            version: 1,
            given_up: false,
        });
    }

    /// 45, 30, 14, 7 and 1 days before, and 1, 7, 14 and 30 after; one letter however many days passed.
    fn remind(&mut self, today: NaiveDate) {
        let Some(open) = self.cycles.last_mut().filter(|one| one.signed.is_none() && !one.given_up) else { return };
        let before = [45, 30, 14, 7, 1].map(|days| open.due - Days::new(days));
        let after = [1, 7, 14, 30].map(|days| plus(open.due, days));
        if before.iter().chain(&after).any(|on| open.letter < *on && *on <= today) {
            (open.letter, open.reminders) = (today, open.reminders + 1);
        }
    }

    /// Tier 1 after half a year, unless the yearly questionnaire is near; and whoever told of a lost
    /// certificate, the day after.
    fn ask_again(&mut self, today: NaiveDate, form: &Questionnaire) {
        if self.open().is_some() || self.rechecks.iter().any(|one| one.open) {
            return;
        }
        let Some(signed) = self.last_signed().and_then(|last| last.signed) else { return };
        let yearly = plus(signed, 365 - 45);
        if today >= yearly {
            return;
        }
        let asked = self.rechecks.iter().filter(|one| !one.half_year).map(|one| one.on).max();
        // Signed at noon, told at noon: what was told on the day of the signature was told before it
        // or with it.
        let news = self.notices.iter().any(|(kind, told, _)| {
            *kind == "certificate.lapsed" && *told > signed && *told < today && asked.is_none_or(|asked| *told >= asked)
        });
        let asks = |slug: &str| form.question(slug).is_some_and(|question| self.is_asked(question));
        let half_year = self.rechecks.iter().filter(|one| one.half_year).map(|one| one.on).fold(signed, NaiveDate::max);
        let half_year = self.tier == 1 && today >= plus(half_year, 182) && plus(today, 30) <= yearly;
        let news = news && asks("org.certificates");
        if news || half_year {
            self.rechecks.push(Recheck { half_year: !news, on: today, due: plus(today, 30), open: true });
        }
    }

    /// What follows for corrective actions from a signature.
    fn act_on(&mut self, form: &Questionnaire, cycle: usize, today: NaiveDate) {
        let answers = self.cycles[cycle].answers.clone();
        let lines: Vec<(&Question, u32)> = self.lines(form, &answers, today);
        for action in self.actions.iter_mut().filter(|one| one.state == "open") {
            if lines.iter().any(|(question, credit)| question.slug == action.slug && *credit == 100) {
                action.state = "answered";
            }
        }
        for (question, credit) in lines {
            let days = match question.gravity {
                Gravity::HardStop => 14,
                Gravity::Critical => 30,
                Gravity::None => continue,
            };
            let known = self
                .actions
                .iter()
                .any(|one| one.slug == question.slug && (one.cycle == cycle || one.state != "closed"));
            if credit == 0 && !known {
                let action = Action { cycle, slug: question.slug.clone(), due: plus(today, days), state: "open" };
                self.actions.push(action);
            }
        }
    }

    fn is_asked(&self, question: &Question) -> bool {
        let set = match self.tier {
            1 | 2 => true,
            3 => question.weight >= 3 || question.lite,
            _ => question.lite,
        };
        set && self.holds(&question.applies)
    }

    fn holds(&self, condition: &Condition) -> bool {
        match condition {
            Condition::All => true,
            Condition::Not(one) => !self.holds(one),
            Condition::And(all) => all.iter().all(|one| self.holds(one)),
            Condition::Or(all) => all.iter().any(|one| self.holds(one)),
            Condition::Answer { .. } => panic!("no question of the yearly form hangs on another"),
            Condition::Fact(fact) => match fact {
                Fact::HostsEphi | Fact::CriticalService | Fact::UpperTiers => self.tier <= 2,
                Fact::Portable | Fact::Transmits | Fact::Subs | Fact::EmailDomain => true,
                // A way in by paper is written down by its own tick, which none of these has.
                _ => false,
            },
        }
    }

    /// The questions that count, each with what its answer earns today.
    fn lines<'a>(&self, form: &'a Questionnaire, answers: &Answers, today: NaiveDate) -> Vec<(&'a Question, u32)> {
        let counts = |one: &&Question| one.weight > 0 && one.authority != Authority::Proposed && self.is_asked(one);
        form.questions().filter(counts).map(|one| (one, credit(one, answers.get(&one.slug), today))).collect()
    }

    fn overdue(&self, today: NaiveDate) -> u32 {
        self.actions.iter().filter(|one| one.state == "open" && one.due < today).count() as u32
    }

    fn recheck_is_late(&self, today: NaiveDate) -> bool {
        self.rechecks.iter().any(|one| one.open && one.due < today)
    }

    fn flags(&self, form: &Questionnaire, today: NaiveDate) -> BTreeMap<(String, String), u32> {
        let mut flags = BTreeMap::new();
        let mut raise = |kind: &str, about: &str| *flags.entry((kind.to_owned(), about.to_owned())).or_default() += 1;
        match self.agreement_ends {
            _ if !self.agreement => raise("agreement-missing", ""),
            Some(ends) if ends < today => raise("agreement-ended", ""),
            Some(ends) if ends <= plus(today, 60) => raise("agreement-ends-soon", ""),
            _ => {}
        }
        if !self.address {
            raise("no-address", "");
        }
        if self.bounced {
            raise("address-unusable", "");
        }
        let late = |one: &Asked| plus(one.due, 14) < today;
        let since: Vec<&Asked> = self.cycles.iter().rev().take_while(|one| one.signed.is_none()).collect();
        if since.iter().any(|one| late(one)) {
            raise("no-reply", "");
        }
        if let Some((last, signed)) = self.last_signed().and_then(|last| Some((last, last.signed?))) {
            if plus(signed, 365) < today {
                raise("out-of-date", "");
            }
            for (question, credit) in self.lines(form, &last.answers, today) {
                match question.gravity {
                    Gravity::HardStop if credit == 0 => raise("hard-stop", &question.slug),
                    Gravity::Critical if credit == 0 => raise("critical-failed", &question.slug),
                    _ => {}
                }
            }
            let abroad = last
                .answers
                .get("off.kept")
                .is_some_and(|one| matches!(&one.value, Value::Choice(key) if key.starts_with("yes")));
            if abroad {
                raise("contradicts", "off.kept");
            }
        }
        self.changes.values().filter(|(_, looked, _)| !looked).for_each(|_| raise("changed", ""));
        for (kind, _, _) in self.notices.iter().filter(|(_, _, read)| !read) {
            raise(if *kind == "officer.changed" { "notice-low" } else { "notice-medium" }, "");
        }
        for (told, breach, closed) in &self.incidents {
            if *closed {
                continue;
            }
            raise("incident-open", "");
            // 45 CFR 164.404(b): without unreasonable delay, 60 days at most; 164.408(c): fewer than
            // 500, within 60 days after the end of the calendar year. What is not assessed counts.
            let year_end = NaiveDate::from_ymd_opt(told.year(), 12, 31).expect("a day");
            for by in [plus(*told, 60), plus(year_end, 60)] {
                if by < today {
                    raise("incident-overdue", "");
                }
            }
            assert!(*breach || today < plus(*told, 25), "what is no breach is closed in time");
        }
        (0..self.overdue(today)).for_each(|_| raise("action-overdue", ""));
        if self.actions.iter().any(|one| one.state == "answered") {
            raise("action-answered", "");
        }
        if self.recheck_is_late(today) {
            raise("recheck-late", "");
        }
        flags
    }

    /// Inherent risk by the table of 3.3, in basis points.
    fn inherent(&self) -> u32 {
        match self.tier {
            1 => 30 * 75 + 20 * 85 + 20 * 100 + 15 * 100 + 10 * 30,
            2 => 30 * 75 + 20 * 70 + 20 * 85 + 15 * 70 + 10 * 30,
            3 => 30 * 50 + 20 * 45 + 20 * 60 + 15 * 40 + 10 * 30,
            _ => 30 * 25 + 20 * 20 + 20 * 35 + 15 * 10 + 10 * 30,
        }
    }

    /// The rating and the residual risk, after 3.3.
    fn rated(&self, form: &Questionnaire, today: NaiveDate) -> (&'static str, u32) {
        let mut points = 0;
        for (told, breach, _) in &self.incidents {
            let within = |months: u32| today < *told + Months::new(months);
            points += match breach {
                true if within(12) => 20,
                true if within(36) => 10,
                _ => 0,
            };
        }
        let kept_from_us =
            |(learnt, _, found_out): &&(NaiveDate, bool, bool)| *found_out && today < *learnt + Months::new(12);
        points += 15 * self.changes.values().filter(kept_from_us).count() as u32;
        let added = (100 * points).min(4_000);
        let inherent = self.inherent();
        let Some((last, signed)) = self.last_signed().and_then(|last| Some((last, last.signed?))) else {
            return ("not-assessed", (inherent + added).min(10_000));
        };
        let factor = [60, 70, 80, 90][usize::from(self.tier) - 1];
        let lines = self.lines(form, &last.answers, today);
        let weights: u32 = lines.iter().map(|(question, _)| question.weight).sum();
        let raw: u32 = lines.iter().map(|(question, credit)| question.weight * credit * factor).sum::<u32>() / weights;
        let grave = |gravity| lines.iter().filter(move |(question, _)| question.gravity == gravity);
        let failed = grave(Gravity::Critical).filter(|(_, credit)| *credit == 0).count();
        let partly = grave(Gravity::Critical).filter(|(_, credit)| (1..100).contains(credit)).count();
        let stopped = grave(Gravity::HardStop).any(|(_, credit)| *credit == 0);
        let cap = match (failed, partly) {
            (0, 0) => 10_000,
            (0, _) => 7_400,
            (1, _) => 5_900,
            (2, _) => 3_900,
            _ => 1_900,
        };
        let supported = raw.min(cap);
        let late = u32::try_from((signed - last.due).num_days()).unwrap_or(0);
        let overdue = self.overdue(today) + u32::from(self.recheck_is_late(today));
        let response = 10_000u32
            .saturating_sub((200 * late).min(6_000))
            .saturating_sub((500 * last.reminders.saturating_sub(1)).min(2_000))
            .saturating_sub((500 * overdue).min(2_000));
        let age = (today - signed).num_days();
        let fresh = match age {
            ..=365 => 10_000,
            366..730 => 10_000 - 5_000 * (age as u32 - 365) / 365,
            _ => 5_000,
        };
        let effective = supported * (8_500 + 1_500 * response / 10_000) / 10_000 * fresh / 10_000;
        let residual = (inherent * (10_000 - 9_000 * effective / 10_000) / 10_000 + added).min(10_000);
        let band = match residual {
            ..=1_999 => 0,
            2_000..=3_999 => 1,
            4_000..=5_999 => 2,
            _ => 3,
        };
        let floors = [(failed > 0, 2), (partly > 0, 1), (age > 365, if self.tier <= 2 { 2 } else { 1 }), (stopped, 4)];
        let rating = floors.iter().filter(|(holds, _)| *holds).map(|(_, least)| *least).fold(band, usize::max);
        (["low", "moderate", "high", "critical", "do-not-share"][rating], residual)
    }
}

/// What an answer earns, in percent, by the table of the questionnaire.
fn credit(question: &Question, answer: Option<&Answer>, today: NaiveDate) -> u32 {
    let Some(answer) = answer else { return 0 };
    match (&question.answer, &answer.value) {
        (_, Value::Unknown) => 0,
        (_, Value::Grade(Grade::Yes)) => 100,
        (_, Value::Grade(Grade::Partial)) => 50,
        (_, Value::Grade(Grade::No)) => 0,
        (AnswerKind::Choice { choices }, Value::Choice(key)) => {
            choices.iter().find(|one| one.key == *key).expect("one of them").credit
        }
        (AnswerKind::Several { credit_by_count, .. }, Value::Several(keys)) => {
            credit_by_count[keys.len().min(credit_by_count.len() - 1)]
        }
        (AnswerKind::Date { bands }, Value::Date(day)) => {
            let age = (today - *day).num_days();
            bands.iter().filter(|band| age <= band.within_days).map(|band| band.credit).max().unwrap_or(0)
        }
        (AnswerKind::Number { bands, .. }, Value::Number(number)) => {
            let fits = bands.iter().find(|band| {
                band.at_least.is_none_or(|least| least <= *number) && band.at_most.is_none_or(|most| *number <= most)
            });
            fits.map_or(0, |band| band.credit)
        }
        (AnswerKind::List { credit, .. }, Value::Rows(rows)) => {
            let current =
                |ends: &String| rows[0].get(ends).is_none_or(|end| end.parse::<NaiveDate>().expect("a day") >= today);
            match credit {
                ListCredit::Stated => 100,
                ListCredit::Current { ends } => {
                    if current(ends) {
                        100
                    } else {
                        0
                    }
                }
                ListCredit::InScope { ends, scope, within } => match rows[0].get(scope) == Some(within) {
                    _ if !current(ends) => 0,
                    true => 100,
                    false => 50,
                },
            }
        }
        (_, Value::Contact { .. } | Value::Text(_)) => 100,
        other => panic!("the story has no such answer: {other:?}"),
    }
}

/// The questions that bear a change and say otherwise than before. Days in lists are no difference,
/// and the story changes nothing else in them.
fn differ(form: &Questionnaire, before: &Answers, after: &Answers) -> Vec<String> {
    let bears = form.questions().filter(|question| question.change_bearing);
    let differs = |question: &&Question| match (before.get(&question.slug), after.get(&question.slug)) {
        (Some(was), Some(is)) => {
            !matches!(is.value, Value::Rows(_)) && (was.value != is.value || was.detail != is.detail)
        }
        _ => false,
    };
    bears.filter(differs).map(|question| question.slug.clone()).collect()
}
