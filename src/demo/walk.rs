//! Walks through the two years, event by event, with the flows of a real practice.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::days::Days;
use super::deeds::Deed;
use super::exceptions::Lives;
use super::fixes::Fix;
use super::incidents::Happens;
use super::looks::Looks;
use super::notices::{Read, Told};
use super::remarks::Remarks;
use super::replies::{Answering, lot};
use super::story::{Change, Character, Filed, Paper, Sent, Story};
use super::together::Together;
use super::turns::{self, Turn};
use super::{DemoError, papers, post, rechecks, reviews};
use crate::domain::access::Scope;
use crate::domain::answers::{Answer, Answers};
use crate::domain::digest::Often;
use crate::domain::document::About;
use crate::domain::entry::Actor;
use crate::domain::ids::VendorId;
use crate::domain::practice::Practice;
use crate::flows::mailed_code::{self, Checked};
use crate::flows::receive::{self, Opened, Signer};
use crate::flows::{Office, agree, digest, documents, evidence, register, sweep};
use crate::store::{self, Db, Store};

/// When the sweep looks, in minutes after midnight.
const SWEEP: u32 = 6 * 60;
/// Every day is swept in the last weeks, and every third before: nobody sees the difference.
const DAILY: i64 = 60;
/// When Dana begins to hear every week what is new.
const HEARS: i64 = 40;
/// How long a vendor sits over the form, in minutes.
const SITTING: i64 = 35;

pub struct Walk<'a> {
    store: &'a Store,
    pub(super) office: &'a Office,
    practice: &'a Practice,
    days: &'a Days,
    story: &'a Story,
    /// Who keeps the list.
    by: Actor,
    ids: HashMap<&'a str, VendorId>,
    /// Who answers a recheck, and when.
    rechecks: Vec<(&'a Character, DateTime<Utc>)>,
    /// The bytes of the documents filed so far, by their place.
    pub papers: Vec<(String, Vec<u8>)>,
}

#[derive(Clone, Copy)]
enum Event<'a> {
    Sweep,
    Add(&'a Character),
    Change(&'a Character, &'a Change),
    File(&'a Character, &'a Filed),
    Deed(&'a Character, &'a Deed),
    /// Somebody takes the agreement out and goes through it.
    Paper(&'a Character, &'a Paper),
    Turn(&'a Character, &'a Turn),
    /// The vendor sends a change notice.
    Tell(&'a Character, &'a Told),
    Read(&'a Character, &'a Read),
    Together(&'a Character, &'a Together),
    /// The form is opened and half filled in.
    Begin(&'a Character, usize),
    Ask(&'a Character, &'a Remarks),
    Answer(&'a Character, &'a Remarks),
    Fix(&'a Character, &'a Fix),
    Happens(&'a Character, &'a Happens),
    Look(&'a Character, &'a Looks),
    Live(&'a Character, &'a Lives),
    /// Dana wants to hear every week what is new.
    Hear,
    /// Somebody reviews the newest reply.
    Review(&'a Character),
    Sign(&'a Character, usize),
    /// Files come in, shortly before the answers are signed or left.
    Send(&'a Character, &'a Sent),
}

impl<'a> Walk<'a> {
    pub fn new(
        store: &'a Store,
        office: &'a Office,
        practice: &'a Practice,
        days: &'a Days,
        story: &'a Story,
        by: Actor,
    ) -> Self {
        Self { store, office, practice, days, story, by, ids: HashMap::new(), rechecks: Vec::new(), papers: Vec::new() }
    }

    /// Lets everything happen, in order.
    pub fn walk(&mut self) -> Result<(), DemoError> {
        for (ago, minute, event) in events(self.story) {
            self.happen(event, ago, self.days.at(ago, minute))?;
        }
        Ok(())
    }

    fn happen(&mut self, event: Event<'a>, ago: i64, at: DateTime<Utc>) -> Result<(), DemoError> {
        let (store, office, practice) = (self.store, self.office, self.practice);
        match event {
            Event::Sweep => {
                self.answer_rechecks(at)?;
                let swept = sweep::sweep(store, office, practice, at)?;
                if swept.rechecked > 0 {
                    self.note_rechecks(at)?;
                }
                let letters = swept.asked + swept.reminded + swept.rechecked + swept.renewals;
                if letters + swept.actions + swept.digests > 0 {
                    store.write(|conn| post::send(conn, self.office, self.story, self.days, at))?;
                }
            }
            Event::Add(vendor) => {
                let id = store.write(|conn| register::add(conn, office, practice, &vendor.details, &self.by, at))?;
                self.ids.insert(&vendor.details.name, id);
            }
            Event::Change(vendor, change) => store.write(|conn| self.change(conn, vendor, change, at))?,
            Event::File(vendor, paper) => self.file(vendor, paper, at)?,
            Event::Deed(vendor, deed) => {
                let id = self.id(vendor)?;
                store.write(|conn| deed.happen(conn, office, practice, id, &self.by, at))?;
            }
            Event::Paper(vendor, paper) => store.write(|conn| self.paper(conn, vendor, paper, at))?,
            Event::Turn(vendor, turn) => {
                let named = |name: &String| {
                    let id = self.ids.get(name.as_str()).copied();
                    id.ok_or_else(|| DemoError::Story(format!("“{name}” is not on the list yet")))
                };
                let both = (self.id(vendor)?, turn.under.as_ref().map(named).transpose()?);
                store.write(|conn| turns::take(conn, office, practice, turn, both, &self.by, at))?;
            }
            Event::Tell(vendor, told) => store.write(|conn| self.tell(conn, vendor, told, at))?,
            Event::Read(vendor, read) => {
                let id = self.id(vendor)?;
                store.write(|conn| read.happen(conn, office, practice, id, &self.by, at))?;
            }
            Event::Together(vendor, what) => store.write(|conn| what.happen(self, conn, vendor, at))?,
            Event::Ask(vendor, remarks) => {
                let id = self.id(vendor)?;
                store.write(|conn| remarks.ask(conn, office, practice, id, &self.by, at))?;
                store.write(|conn| post::send(conn, office, self.story, self.days, at))?;
            }
            Event::Answer(vendor, remarks) => store.write(|conn| {
                let signer = self.signer(conn, vendor)?;
                remarks.answer(conn, office, practice, (self.id(vendor)?, &signer), at)?;
                post::send(conn, office, self.story, self.days, at).map_err(DemoError::from)
            })?,
            Event::Fix(vendor, fix) => {
                let id = self.id(vendor)?;
                store.write(|conn| fix.happen(conn, office, practice, id, &self.by, at))?;
                store.write(|conn| post::send(conn, office, self.story, self.days, at))?;
            }
            Event::Happens(vendor, what) => {
                let id = self.id(vendor)?;
                store.write(|conn| what.happen(conn, office, practice, id, &self.by, at))?;
            }
            Event::Look(vendor, look) => {
                let id = self.id(vendor)?;
                store.write(|conn| look.happen(conn, office, practice, id, &self.by, at))?;
            }
            Event::Hear => {
                let Actor::Person { id, .. } = &self.by else { return Ok(()) };
                store.write(|conn| digest::choose(conn, practice, *id, Often::Weekly, &self.by, at))?;
            }
            Event::Live(vendor, lives) => {
                let id = self.id(vendor)?;
                store.write(|conn| lives.happen(conn, office, practice, id, &self.by, at))?;
            }
            Event::Review(vendor) => {
                let id = self.id(vendor)?;
                store.write(|conn| vendor.life.reviews.happen(conn, office, practice, id, &self.by, at))?;
            }
            Event::Begin(vendor, year) => store.write(|conn| self.begin(conn, vendor, year, ago, at))?,
            Event::Sign(vendor, year) => store.write(|conn| self.sign(conn, vendor, year, ago, at))?,
            Event::Send(vendor, sent) => self.send(vendor, sent, at - TimeDelta::minutes(3))?,
        }
        Ok(())
    }

    /// Notes when those answer that have just been asked again.
    fn note_rechecks(&mut self, at: DateTime<Utc>) -> Result<(), DemoError> {
        for vendor in &self.story.cast {
            let Some(id) = self.ids.get(vendor.details.name.as_str()).copied() else { continue };
            if self.rechecks.iter().any(|(known, _)| std::ptr::eq(*known, vendor)) {
                continue;
            }
            let open = self.store.read(|conn| rechecks::open(conn, &self.scope(), id))?;
            let when = open.filter(|open| open.opened_at == at).and_then(|_| rechecks::answers_at(vendor, at));
            self.rechecks.extend(when.map(|when| (vendor, when)));
        }
        Ok(())
    }

    /// Lets the vendors sign again whose time has come; somebody accepts it on the spot.
    fn answer_rechecks(&mut self, now: DateTime<Utc>) -> Result<(), DemoError> {
        let (due, later) = std::mem::take(&mut self.rechecks).into_iter().partition(|(_, at)| *at <= now);
        self.rechecks = later;
        for (vendor, _) in due {
            let id = self.id(vendor)?;
            let signed = self.store.write(|conn| {
                let signer = self.signer(conn, vendor)?;
                let signed = rechecks::answer(conn, self.office, self.practice, (id, &signer), now)?;
                post::send(conn, self.office, self.story, self.days, now)?;
                Ok::<_, DemoError>(signed)
            })?;
            if signed {
                let reviews = &vendor.life.reviews;
                self.store.write(|conn| reviews.happen(conn, self.office, self.practice, id, &self.by, now))?;
            }
        }
        Ok(())
    }

    fn scope(&self) -> Scope {
        Scope::Practice(self.practice.id)
    }

    fn id(&self, vendor: &Character) -> Result<VendorId, DemoError> {
        let name = vendor.details.name.as_str();
        self.ids.get(name).copied().ok_or_else(|| DemoError::Story(format!("“{name}” is not on the list yet")))
    }

    fn change(&self, conn: &mut Db, vendor: &Character, change: &Change, at: DateTime<Utc>) -> Result<(), DemoError> {
        let id = self.id(vendor)?;
        let Some(known) = store::vendors::one(conn, &self.scope(), id)? else { return Ok(()) };
        let mut details = known.details;
        change.write_into(&mut details)?;
        register::change(conn, self.office, self.practice, id, &details, &self.by, at)?;
        Ok(())
    }

    /// The practice files a document; its bytes are stored when the story is told.
    fn file(&mut self, vendor: &Character, paper: &Filed, at: DateTime<Utc>) -> Result<(), DemoError> {
        let id = self.id(vendor)?;
        let bytes = papers::pdf(&paper.name, &vendor.details.name);
        let kept = papers::kept(&paper.name, &bytes);
        let about = About { kind: paper.kind, note: paper.note.clone(), ends_on: paper.ends };
        let filed = self.store.write(|conn| {
            let paper = documents::Paper { kept: &kept, about: &about };
            documents::add(conn, self.office, self.practice, id, paper, &self.by, at)
        });
        filed.map_err(|error| DemoError::Story(format!("{}: {error}", paper.name)))?;
        self.papers.push((kept.place, bytes));
        Ok(())
    }

    /// The vendor sends a file, and uses it for every answer that it supports.
    fn send(&mut self, vendor: &Character, sent: &Sent, at: DateTime<Utc>) -> Result<(), DemoError> {
        let bytes = papers::pdf(&sent.name, &vendor.details.name);
        let kept = papers::kept(&sent.name, &bytes);
        let about = About { kind: sent.kind, note: String::new(), ends_on: sent.ends };
        self.store.write(|conn| {
            let opened = self.start(conn, vendor, earlier(at))?;
            let form = opened.questionnaire(self.office)?;
            for slug in sent.supports.split_whitespace() {
                let odd = || DemoError::Story(format!("{}: there is no question {slug}", sent.name));
                let paper = documents::Paper { kept: &kept, about: &about };
                evidence::add(conn, self.office, &opened, form.question(slug).ok_or_else(odd)?, paper, at)
                    .map_err(|error| DemoError::Story(format!("{}: {error}", sent.name)))?;
            }
            Ok::<_, DemoError>(())
        })?;
        self.papers.push((kept.place, bytes));
        Ok(())
    }

    fn paper(&self, conn: &mut Db, vendor: &Character, paper: &Paper, at: DateTime<Utc>) -> Result<(), DemoError> {
        let (office, practice) = (self.office, self.practice);
        let versions = store::agreements::of_vendor(conn, &self.scope(), self.id(vendor)?)?;
        let Some(newest) = versions.first() else {
            return Err(DemoError::Story(format!("“{}” has no agreement to go through", vendor.details.name)));
        };
        let mut terms = newest.terms.clone();
        paper.write_into(&mut terms);
        agree::correct(conn, office, practice, newest.id, &terms, &self.by, at)?;
        agree::check(conn, office, practice, newest.id, paper.findings(), &self.by, at)?;
        Ok(())
    }

    /// Sends what waits.
    pub(super) fn post(&self, conn: &mut Db, at: DateTime<Utc>) -> Result<(), DemoError> {
        Ok(post::send(conn, self.office, self.story, self.days, at)?)
    }

    /// The vendor starts, and shows the mailbox.
    pub(super) fn started(&self, conn: &mut Db, vendor: &Character, at: DateTime<Utc>) -> Result<Opened, DemoError> {
        let opened = self.start(conn, vendor, earlier(at))?;
        self.verified(conn, opened, at)
    }

    /// The vendor opens the newest letter and presses Start.
    fn start(&self, conn: &mut Db, vendor: &Character, at: DateTime<Utc>) -> Result<Opened, DemoError> {
        let token = self.link(conn, vendor, at)?;
        Ok(receive::start(conn, self.office, &token, None, at)?.1)
    }

    /// The vendor opens the newest letter and looks.
    pub(super) fn opened(&self, conn: &mut Db, vendor: &Character, at: DateTime<Utc>) -> Result<Opened, DemoError> {
        let token = self.link(conn, vendor, at)?;
        Ok(receive::open(conn, &token, at)?)
    }

    /// The token of the newest letter.
    fn link(&self, conn: &mut Db, vendor: &Character, at: DateTime<Utc>) -> Result<String, DemoError> {
        let scope = self.scope();
        let not_asked = || DemoError::Story(format!("“{}” was not asked by {}", vendor.details.name, at.date_naive()));
        let assessments = store::assessments::of_vendor(conn, &scope, self.id(vendor)?)?;
        let open = assessments.iter().find(|assessment| assessment.is_open()).ok_or_else(not_asked)?;
        let invitation = store::invitations::latest(conn, &scope, open.id)?.ok_or_else(not_asked)?;
        Ok(self.office.key.invitation_token(invitation.id))
    }

    fn begin(
        &self,
        conn: &mut Db,
        vendor: &Character,
        year: usize,
        ago: i64,
        at: DateTime<Utc>,
    ) -> Result<(), DemoError> {
        let opened = self.start(conn, vendor, earlier(at))?;
        let answers = self.answers(&opened, vendor, year, ago)?;
        let half = answers.len() / 2;
        Ok(receive::save(conn, &opened, &answers[..half], at)?)
    }

    fn sign(
        &self,
        conn: &mut Db,
        vendor: &Character,
        year: usize,
        ago: i64,
        at: DateTime<Utc>,
    ) -> Result<(), DemoError> {
        let opened = self.start(conn, vendor, earlier(at))?;
        let answers = self.answers(&opened, vendor, year, ago)?;
        receive::save(conn, &opened, &answers, at)?;
        let opened = self.verified(conn, opened, at)?;
        let signer = self.signer(conn, vendor)?;
        receive::sign(conn, self.office, &opened, &signer, at)?;
        Ok(post::send(conn, self.office, self.story, self.days, at)?)
    }

    /// Whoever signs has a code mailed, and types it in.
    fn verified(&self, conn: &mut Db, mut opened: Opened, at: DateTime<Utc>) -> Result<Opened, DemoError> {
        let Some(mut browser) = opened.browser.clone() else { return Ok(opened) };
        let [mailed, typed] = [2, 1].map(|minutes| at - TimeDelta::minutes(minutes));
        mailed_code::send(conn, self.office, &opened, &browser, mailed)?;
        post::send(conn, self.office, self.story, self.days, mailed)?;
        if let Some(code) = store::codes::newest(conn, &self.scope(), opened.invitation.id, &browser.hash)? {
            let digits = self.office.key.mailed_code(code.id);
            let checked = mailed_code::check(conn, self.office, &opened, &browser, &digits, typed)?;
            browser.verified = checked == Checked::Right;
        }
        opened.browser = Some(browser);
        Ok(opened)
    }

    /// As the list has them by then: contacts change in the story.
    fn signer(&self, conn: &mut Db, vendor: &Character) -> Result<Signer, DemoError> {
        let known = store::vendors::one(conn, &self.scope(), self.id(vendor)?)?;
        let details = known.map(|vendor| vendor.details).unwrap_or_default();
        Ok(Signer {
            name: details.contact_name,
            title: vendor.life.title.clone(),
            email: vendor.life.signs_as.clone().or(details.contact_email).unwrap_or_default(),
        })
    }

    fn tell(&self, conn: &mut Db, vendor: &Character, told: &Told, at: DateTime<Utc>) -> Result<(), DemoError> {
        let signer = self.signer(conn, vendor)?;
        let who = (self.id(vendor)?, &signer);
        told.happen(conn, self.office, self.practice, who, &self.by, at)?;
        Ok(post::send(conn, self.office, self.story, self.days, at)?)
    }

    /// The answers to what is asked, page by page.
    pub(super) fn answers(
        &self,
        opened: &Opened,
        vendor: &Character,
        year: usize,
        ago: i64,
    ) -> Result<Vec<(&'a str, Option<Answer>)>, DemoError> {
        let office: &'a Office = self.office;
        let questionnaire = opened.questionnaire(office)?;
        let answering = Answering::new(self.story, vendor, year, self.days.day(ago));
        receive::applicable(questionnaire, &opened.assessment, &Answers::new())
            .into_iter()
            .map(|question| Ok((question.slug.as_str(), answering.answer(question)?)))
            .collect()
    }
}

/// The sitting before it was signed.
fn earlier(at: DateTime<Utc>) -> DateTime<Utc> {
    at - TimeDelta::minutes(SITTING)
}

/// Everything that happens with its day and minute, in order.
fn events(story: &Story) -> Vec<(i64, u32, Event<'_>)> {
    let sweeps = (0..story.begins()).filter(|ago| *ago <= DAILY || ago % 3 == 0).map(|ago| (ago, SWEEP, Event::Sweep));
    let mut all: Vec<_> = sweeps.collect();
    all.push((HEARS, 580, Event::Hear));
    for vendor in &story.cast {
        let life = &vendor.life;
        // Between half past nine and half past three, each at a time of its own.
        let minute = 570 + u32::try_from(lot(&[&vendor.details.name, "hour"]) % 360).unwrap_or_default();
        all.push((life.added, 560, Event::Add(vendor)));
        all.extend(life.changes.iter().map(|change| (change.on, 600, Event::Change(vendor, change))));
        all.extend(life.documents.iter().map(|paper| (paper.on, 610, Event::File(vendor, paper))));
        all.extend(life.turns.iter().map(|turn| (turn.on, 620, Event::Turn(vendor, turn))));
        all.extend(life.deeds.iter().map(|deed| (deed.on, 590, Event::Deed(vendor, deed))));
        all.extend(life.notices.iter().map(|told| (told.on, 640, Event::Tell(vendor, told))));
        all.extend(life.together.iter().map(|one| (one.on, 650, Event::Together(vendor, one))));
        all.extend(life.remarks.iter().map(|remarks| (remarks.on, 670, Event::Ask(vendor, remarks))));
        let answered = life.remarks.iter().filter_map(|remarks| Some((remarks.signed?, remarks)));
        all.extend(answered.map(|(on, remarks)| (on, 680, Event::Answer(vendor, remarks))));
        all.extend(life.incidents.iter().map(|what| (what.on, 655, Event::Happens(vendor, what))));
        all.extend(life.lives.iter().map(|lives| (lives.on, 660, Event::Live(vendor, lives))));
        all.extend(life.looks.iter().map(|look| (look.on, 665, Event::Look(vendor, look))));
        all.extend(life.fixes.iter().map(|fix| (fix.on, 690, Event::Fix(vendor, fix))));
        let read = life.notices.iter().filter_map(|told| told.read.as_ref());
        all.extend(read.map(|read| (read.on, 660, Event::Read(vendor, read))));
        all.extend(life.papers.iter().map(|paper| (paper.on, 620, Event::Paper(vendor, paper))));
        for (year, reply) in life.replies.iter().enumerate() {
            all.extend(reply.begun.map(|ago| (ago, minute, Event::Begin(vendor, year))));
            let when = reply.signed.or(reply.begun);
            all.extend(
                when.into_iter()
                    .flat_map(|ago| reply.sends.iter().map(move |sent| (ago, minute, Event::Send(vendor, sent)))),
            );
            all.extend(reply.signed.map(|ago| (ago, minute, Event::Sign(vendor, year))));
            let reviewed = reply.signed.filter(|ago| *ago > reviews::WAITING);
            all.extend(reviewed.map(|ago| (ago - reviews::AFTER, 690, Event::Review(vendor))));
        }
    }
    // The sort is stable: vendors of one minute stay in the order of the file.
    all.sort_by_key(|(ago, minute, _)| (-ago, *minute));
    all
}
