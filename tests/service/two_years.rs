//! Two full years of 500 vendors, day by day, out of one seed: replies in time, late and never,
//! half-year checks, change notices, bounces, corrective actions and incidents. At the end of every
//! month the flags, the actions and the ratings are what [`recount`] makes of the story alone: rules
//! written down a second time, plainly, without a line of the program's own.

mod recount;
mod story;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days, NaiveDate};
use duecare::domain::action::ActionState;
use duecare::domain::answers::seen::Seen;
use duecare::domain::answers::{Answer, Answers};
use duecare::domain::changes::{ChangeSource, Telling, Verdict};
use duecare::domain::contact::AddressState;
use duecare::domain::correction::Correction;
use duecare::domain::entry::Actor;
use duecare::domain::ids::VendorId;
use duecare::domain::incident::assessment::Found;
use duecare::domain::incident::{Agency, Conclusion, Known, Learned, Outcome, Secured};
use duecare::domain::notice::form;
use duecare::domain::recheck::STILL_TRUE;
use duecare::flows::changes::Said;
use duecare::flows::incidents::Doing;
use duecare::flows::notify::{self, LinkStep};
use duecare::flows::receive::{self, Saving, Signer};
use duecare::flows::{actions, changes, contact, correct, incidents};
use duecare::store;

use self::recount::{Counted, Recount};
use self::story::{Event, Part, VENDORS};
use crate::world::{World, service_test};

/// Days that are lived through.
const DAYS: u64 = 730;

service_test!(two_years_of_500_vendors_come_out_as_a_second_count_of_the_story_has_them, async |w: World| {
    let first = w.today();
    let mut lived = Lived { parts: (0..VENDORS).map(|number| Part::of(number, first)).collect(), ids: Vec::new(), w };
    let mut recount = Recount::new(&lived.w, &lived.parts);
    let mut compared = 0;
    for past in 0..DAYS {
        let today = first + Days::new(past);
        assert_eq!(lived.w.today(), today);
        let rechecked = lived.w.sweep().await.rechecked;
        recount.sweep(today);
        lived.day(today, rechecked > 0, &mut recount);
        if (today + Days::new(1)).day() == 1 {
            compared += lived.compare(today, &mut recount);
        }
        lived.w.days_pass(1);
    }
    // 24 months of as many vendors as were on the list by then.
    assert!(compared > 20 * VENDORS, "{compared}");
    recount.saw_everything();
});

struct Lived {
    w: World,
    parts: Vec<Part>,
    /// In the order of the parts, as they are added.
    ids: Vec<VendorId>,
}

impl Lived {
    /// What happens on a day after the sweep.
    fn day(&mut self, today: NaiveDate, rechecked: bool, recount: &mut Recount) {
        let open = self.w.app.store.read(|conn| store::assessments::all_open(conn, &self.w.scope)).unwrap();
        let asked: BTreeMap<VendorId, (NaiveDate, i32)> =
            open.iter().map(|one| (one.vendor, (one.asked_on, one.cycle))).collect();
        for at in 0..self.parts.len() {
            if let Some(id) = self.ids.get(at).copied() {
                if let Some((asked_on, cycle)) = asked.get(&id).copied()
                    && self.parts[at].signs(cycle, (today - asked_on).num_days())
                {
                    // Whoever is very late may find that the link has run out.
                    if let Some(answers) = self.sign(id, at, cycle) {
                        recount.signed(at, answers, today);
                    }
                }
                if rechecked && let Some(open) = self.recheck(id) {
                    self.parts[at].rechecked(open.opened_on);
                }
                if self.parts[at].signs_again_on() == Some(today) {
                    let answers = self.sign_again(id, at);
                    recount.signed_again(at, answers, today);
                }
            }
            for event in self.parts[at].events_of(today) {
                self.happen(at, event, today);
                recount.happened(at, event, today);
            }
        }
    }

    fn happen(&mut self, at: usize, event: Event, today: NaiveDate) {
        let (w, part) = (&self.w, &self.parts[at]);
        if event == Event::Added {
            assert_eq!(self.ids.len(), at, "vendors are added in order");
            let id = w.vendor_with(&part.name(), |details| part.details(details));
            self.ids.push(id);
            return;
        }
        let (id, now, office, by) = (self.ids[at], w.now(), &w.app.office, &Actor::Program);
        let doing = Doing { office, practice: &w.practice, by, now };
        let newest =
            || w.app.store.read(|conn| store::incidents::of_vendor(conn, &w.scope, id)).unwrap().remove(0).incident;
        match event {
            Event::Added => {}
            Event::Bounces | Event::Mended => {
                let state = if event == Event::Bounces { AddressState::Bounced } else { AddressState::Fine };
                let done = w.app.store.write(|conn| {
                    let person = store::contacts::preferred(conn, &w.scope, id)?.expect("a contact").id;
                    contact::mark(conn, office, &w.practice, id, person, state, "unknown user", by, now)
                });
                done.unwrap();
            }
            Event::Tells(kind) => tell(w, id, kind),
            Event::Reads => {
                let notices = w.app.store.read(|conn| store::notices::of_vendor(conn, &w.scope, id)).unwrap();
                let read = notices.iter().find(|one| one.acknowledged.is_none()).expect("a notice").id;
                let read =
                    w.app.store.write(|conn| notify::acknowledge(conn, office, &w.practice, read, "Read", by, now));
                read.unwrap();
            }
            Event::Verifies => {
                let open = w.app.store.read(|conn| store::actions::open_of(conn, &w.scope, id)).unwrap();
                for one in open {
                    let done =
                        w.app.store.write(|conn| actions::verify(conn, office, &w.practice, one.id, "Seen", by, now));
                    done.unwrap();
                }
            }
            Event::Looks { found_out } => {
                let all = w.app.store.read(|conn| store::changes::of_vendor(conn, &w.scope, id)).unwrap();
                for one in all.iter().filter(|one| one.is_to_look_at() && one.source != ChangeSource::Notice) {
                    let said = Said {
                        verdict: Verdict::Acceptable,
                        why: "As it is".to_owned(),
                        telling: found_out.then_some(Telling::Confirmed),
                    };
                    w.app.store.write(|conn| changes::look(conn, office, &w.practice, one.id, &said, by, now)).unwrap();
                }
            }
            Event::Loses => {
                let known = Known {
                    agency: Agency::Independent,
                    secured: Secured::Unsecured,
                    residents: [("OH".to_owned(), 5)].into(),
                    ..Known::told(today)
                };
                w.app
                    .store
                    .write(|conn| incidents::by_hand(conn, doing, id, Learned::Telephone, "A lost laptop", known))
                    .unwrap();
            }
            Event::Assessed { breach } => {
                let found = Found {
                    nature: "Names".to_owned(),
                    recipient: "Nobody known".to_owned(),
                    acquired: "Not known".to_owned(),
                    mitigated: "Wiped".to_owned(),
                    exclusion: None,
                    reason: "As it was found".to_owned(),
                };
                let conclusion = if breach { Conclusion::Breach } else { Conclusion::LowProbability };
                w.app.store.write(|conn| incidents::assess(conn, doing, newest().id, found, conclusion)).unwrap();
            }
            Event::Closed => {
                w.app
                    .store
                    .write(|conn| incidents::close(conn, doing, newest().id, Outcome::NoBreach, "Assessed"))
                    .unwrap();
            }
        }
    }

    /// Signs the open questionnaire with the answers of the part, and gives them back.
    fn sign(&self, id: VendorId, at: usize, cycle: i32) -> Option<Answers> {
        let (w, now) = (&self.w, self.w.now());
        let signed = w.app.store.write(|conn| {
            let open = store::assessments::of_vendor(conn, &w.scope, id)?.remove(0);
            let link = store::invitations::latest(conn, &w.scope, open.id)?.expect("it was asked");
            let token = w.app.office.key.invitation_token(link.id);
            let (_, opened) = receive::start(conn, &w.app.office, &token, None, now)?;
            let form = opened.questionnaire(&w.app.office)?;
            let asked = receive::applicable(form, &opened.assessment, &Answers::new());
            let answers: Vec<(&str, Option<Answer>)> = asked
                .iter()
                .map(|question| (question.slug.as_str(), Some(self.parts[at].answer(question, cycle, w.today()))))
                .collect();
            receive::save(conn, &opened, &answers, now)?;
            receive::sign(conn, &w.app.office, &opened, &signer(), now)?;
            store::answers::of(conn, &w.scope, open.id).map_err(receive::ReceiveError::from)
        });
        match signed {
            Err(receive::ReceiveError::Expired { .. }) => None,
            signed => Some(signed.unwrap()),
        }
    }

    /// The open recheck.
    fn recheck(&self, id: VendorId) -> Option<Correction> {
        let found = self.w.app.store.read(|conn| {
            let all = store::assessments::of_vendor(conn, &self.w.scope, id)?;
            match all.iter().find(|one| one.accepted_on.is_some()) {
                Some(signed) => store::corrections::open_of(conn, &self.w.scope, signed.id),
                None => Ok(None),
            }
        });
        found.unwrap().filter(|open| open.occasion.is_recheck())
    }

    /// Answers the open recheck: all is still true, but what the part changes.
    fn sign_again(&self, id: VendorId, at: usize) -> Answers {
        let (w, now) = (&self.w, self.w.now());
        let asked = self.recheck(id).expect("it was asked again");
        let changed = self.parts[at].changed().filter(|(slug, _)| asked.returned.contains_key(*slug));
        let page: Vec<(&str, Option<Answer>)> =
            changed.into_iter().map(|(slug, answer)| (slug, Some(answer))).collect();
        let still = asked.returned.keys().filter(|slug| page.iter().all(|(one, _)| one != slug));
        let still: BTreeMap<String, String> = still.map(|slug| (slug.clone(), STILL_TRUE.to_owned())).collect();
        w.app
            .store
            .write(|conn| {
                let link = store::invitations::latest(conn, &w.scope, asked.assessment)?.expect("it was asked");
                let token = w.app.office.key.invitation_token(link.id);
                let (_, opened) = receive::start(conn, &w.app.office, &token, None, now)?;
                let seen = store::answers::of(conn, &w.scope, asked.assessment)?;
                let seen = Seen::of(page.iter().map(|(slug, _)| *slug), &seen);
                correct::save_page(conn, &opened, &page, &still, &seen, Saving::Pressed, now)?;
                receive::sign(conn, &w.app.office, &opened, &signer(), now)?;
                store::answers::of(conn, &w.scope, asked.assessment).map_err(receive::ReceiveError::from)
            })
            .unwrap()
    }

    /// Compares what is on file with the second count, vendor by vendor; says how many.
    fn compare(&self, today: NaiveDate, recount: &mut Recount) -> usize {
        let (w, shown) = (&self.w, store::flags::Shown::Open(today));
        let flags = w.app.store.read(|conn| store::flags::list(conn, &w.scope, shown, None, 1_000_000, 0)).unwrap();
        for (at, id) in self.ids.iter().enumerate() {
            let mut of_kind: BTreeMap<(String, String), u32> = BTreeMap::new();
            for (flag, _) in flags.iter().filter(|(flag, _)| flag.vendor == *id) {
                // What is about a row has the row's own name; what is about a question has the question's.
                let about = if flag.subject.contains('-') && !flag.subject.contains('.') { "" } else { &flag.subject };
                let about = if flag.subject.contains(':') || uuid(about) { "" } else { about };
                *of_kind.entry((flag.kind.key().to_owned(), about.to_owned())).or_default() += 1;
            }
            let actions = w.app.store.read(|conn| store::actions::of_vendor(conn, &w.scope, *id)).unwrap();
            let actions: BTreeSet<(String, NaiveDate, &'static str)> = actions
                .iter()
                .map(|one| {
                    let state = match one.state {
                        ActionState::Answered => "answered",
                        state if state.is_closed() => "closed",
                        _ => "open",
                    };
                    (one.slug.clone(), one.due_on, state)
                })
                .collect();
            let standing = w.see(*id).standing;
            let found = Counted {
                flags: of_kind,
                actions,
                rating: standing.rating.key().to_owned(),
                residual: standing.residual,
            };
            assert_eq!(found, recount.count(at, today), "{} on {today}: {:#?}", self.parts[at].name(), recount.of(at));
            recount.note(&found);
        }
        self.ids.len()
    }
}

fn uuid(text: &str) -> bool {
    text.parse::<uuid::Uuid>().is_ok()
}

fn signer() -> Signer {
    Signer { name: "Pat Morgan".to_owned(), title: "Manager".to_owned(), email: "pat@vendor.test".to_owned() }
}

/// Fills in the standing link's form and signs.
fn tell(w: &World, id: VendorId, kind: &'static str) {
    let (office, now) = (&w.app.office, w.now());
    let told = w.app.store.write(|conn| {
        notify::link(conn, office, &w.practice, id, LinkStep::Make, &Actor::Program, now)?;
        let link = store::notice_links::live(conn, &w.scope, id)?.expect("a link");
        let door = notify::open(conn, &office.key.notice_token(link.id))?;
        let cookie = notify::begin(conn, office, &door, None, now)?;
        let fields = [
            (form::KIND, kind),
            ("what", "It changed."),
            ("effective.on", &w.today().to_string()),
            ("certificate.which", "ISO 27001"),
            ("certificate.on", &w.today().to_string()),
            ("certificate.plan", "A new one"),
            ("officer.new", "Sam Lee"),
        ];
        let fields: Vec<(String, String)> = fields.map(|(slug, text)| (slug.to_owned(), text.to_owned())).into();
        let asked = notify::current(office)?.questions().filter(|one| fields.iter().any(|(slug, _)| *slug == one.slug));
        let answers: Vec<(String, Option<Answer>)> =
            asked.map(|one| (one.slug.clone(), form_read(one, &fields, w.today()))).collect();
        notify::save(conn, &cookie, &answers, now)?;
        notify::send(conn, office, &cookie, &signer(), now)
    });
    assert!(matches!(told, Ok(notify::Sent::Now(_))), "{told:?}");
}

fn form_read(
    question: &duecare::domain::questionnaire::Question,
    fields: &[(String, String)],
    today: NaiveDate,
) -> Option<Answer> {
    duecare::domain::answers::form::read(question, &fields.to_vec(), today).expect("it is whole")
}
