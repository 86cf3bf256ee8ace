//! The demo shows every state that the product knows, whenever it is started.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, LazyLock};
use std::time::Instant;

use chrono::{DateTime, NaiveDate, Utc};
use tempfile::TempDir;

use super::{Seeded, seed};
use crate::catalogue::Catalogue;
use crate::domain::access::Scope;
use crate::domain::agreement::AgreementStanding;
use crate::domain::assessment::{self, Assessment, AssessmentState};
use crate::domain::exposure::Tier;
use crate::domain::flags::{Flag, FlagKind};
use crate::domain::letter::{Letter, LetterKind, LetterState};
use crate::domain::life::Life;
use crate::domain::password;
use crate::domain::review::ReviewState;
use crate::domain::scoring::Rating;
use crate::domain::scoring::replay::Input;
use crate::domain::standing::{Status, Vendor};
use crate::flows::sign_in::{self, Entrance, Passed, Welcome};
use crate::flows::{Office, judge, sweep};
use crate::letters::Letters;
use crate::secrets::{self, Key};
use crate::store::{self, Address, Db, Store, StoreError};
use crate::templates::Templates;

/// A demo that was started at `now`.
struct Demo {
    store: Store,
    office: Office,
    seeded: Seeded,
    now: DateTime<Utc>,
    _folder: TempDir,
}

/// Made once: the tests only read it.
static DEMO: LazyLock<Demo> = LazyLock::new(|| Demo::started("2026-11-22T17:45:10Z"));

impl Demo {
    fn started(now: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("demo.sqlite3").display().to_string();
        let store = Store::open(&Address::Sqlite(file)).unwrap().sealing(Key::of("a secret of the tests").chain_key());
        store.forget_safety().unwrap();
        let letters = Letters::new(
            Arc::new(Templates::built_in().unwrap()),
            "http://127.0.0.1:8080",
            "duecare@localhost.example",
        );
        let office = Office {
            catalogue: Arc::new(Catalogue::built_in().unwrap()),
            letters: Arc::new(letters),
            key: Key::of("a key for the demo"),
        };
        let now = now.parse().unwrap();
        let seeded = seed(&store, &office, now).unwrap();
        Self { store, office, seeded, now, _folder: folder }
    }

    fn today(&self) -> NaiveDate {
        self.seeded.practice.day(self.now)
    }

    fn read<T>(&self, work: impl FnOnce(&mut Db, &Scope) -> Result<T, StoreError>) -> T {
        self.store.read(|conn| work(conn, &Scope::Practice(self.seeded.practice.id))).unwrap()
    }

    fn vendors(&self) -> Vec<Vendor> {
        self.read(store::vendors::all)
    }

    fn vendor(&self, name: &str) -> Vendor {
        self.vendors().into_iter().find(|vendor| vendor.details.name == name).unwrap()
    }

    fn flags(&self) -> Vec<(String, Flag)> {
        let of = |vendor: Vendor| {
            let flags = self.read(|conn, scope| store::flags::of_vendor(conn, scope, vendor.id));
            flags.into_iter().map(move |flag| (vendor.details.name.clone(), flag)).collect::<Vec<_>>()
        };
        self.vendors().into_iter().flat_map(of).collect()
    }

    fn open_flags(&self) -> Vec<(String, Flag)> {
        self.flags().into_iter().filter(|(_, flag)| flag.closed_on.is_none()).collect()
    }

    fn assessments(&self) -> Vec<Assessment> {
        let of = |vendor: Vendor| self.read(|conn, scope| store::assessments::of_vendor(conn, scope, vendor.id));
        self.vendors().into_iter().flat_map(of).collect()
    }

    fn letters(&self) -> Vec<Letter> {
        self.read(|conn, scope| store::letters::list(conn, scope, None, 10_000, 0))
    }

    fn states(&self) -> BTreeMap<String, (Status, Rating, u32)> {
        let state = |vendor: &Vendor| (vendor.standing.status, vendor.standing.rating, vendor.standing.open_flags);
        self.vendors().iter().map(|vendor| (vendor.details.name.clone(), state(vendor))).collect()
    }

    /// What a person would compare: names, kinds, sentences and dates.
    fn told(&self) -> Vec<String> {
        let mut told: Vec<String> = self
            .flags()
            .into_iter()
            .map(|(name, flag)| {
                format!("{name}: {} {}, {} to {:?}", flag.kind, flag.sentence, flag.raised_on, flag.closed_on)
            })
            .collect();
        told.sort();
        told
    }
}

fn count<T: Ord>(values: impl IntoIterator<Item = T>) -> BTreeMap<T, usize> {
    let mut counts = BTreeMap::new();
    for value in values {
        *counts.entry(value).or_default() += 1;
    }
    counts
}

/// Every word of the list is there at least once.
#[track_caller]
fn shows_all<T: Ord + Debug + Copy>(all: &[T], found: impl IntoIterator<Item = T>) {
    let found = count(found);
    let missing: Vec<&T> = all.iter().filter(|value| !found.contains_key(value)).collect();
    assert!(missing.is_empty(), "missing {missing:?} in {found:?}");
}

#[test]
fn the_practice_has_about_fifty_vendors_in_every_state() {
    let vendors = DEMO.vendors();
    assert!((45..=60).contains(&vendors.len()), "{}", vendors.len());
    shows_all(Status::ALL, vendors.iter().map(|vendor| vendor.standing.status));
    shows_all(Rating::ALL, vendors.iter().map(|vendor| vendor.standing.rating));
    shows_all(Tier::ALL, vendors.iter().map(|vendor| vendor.standing.tier));
    shows_all(AgreementStanding::ALL, vendors.iter().map(|vendor| vendor.standing.agreement));
}

#[test]
fn vendors_are_in_every_part_of_life_one_is_archived_and_three_work_for_one_another() {
    let vendors = DEMO.vendors();
    shows_all(Life::ALL, vendors.iter().map(|vendor| vendor.place.life));
    assert!(vendors.iter().any(|vendor| vendor.place.is_archived()));
    let penny = DEMO.vendor("Penny Fax Online");
    let below = DEMO.read(|conn, scope| store::tree::below(conn, scope, penny.id));
    let told: Vec<_> = below.iter().map(|one| (one.sub.name.as_str(), one.depth)).collect();
    assert_eq!(told, [("Tern Telecom", 1), ("Manila Relay Desk", 2)]);
    let effective = DEMO.read(|conn, scope| judge::effective(conn, scope, &penny));
    assert_eq!(
        effective.because,
        [
            "Outside the United States: it can be seen from abroad because Manila Relay Desk (Philippines) can see it abroad"
        ]
    );
}

#[test]
fn every_kind_of_flag_is_open_and_most_were_closed_at_some_time() {
    shows_all(FlagKind::ALL, DEMO.open_flags().into_iter().map(|(_, flag)| flag.kind));
    let closed =
        count(DEMO.flags().into_iter().filter(|(_, flag)| flag.closed_on.is_some()).map(|(_, flag)| flag.kind));
    assert!(closed.len() >= 6, "{closed:?}");
}

#[test]
fn most_vendors_are_fine() {
    let vendors = DEMO.vendors();
    let share =
        |fits: &dyn Fn(&Vendor) -> bool| vendors.iter().filter(|vendor| fits(vendor)).count() * 100 / vendors.len();
    assert!(share(&|vendor| vendor.standing.open_flags == 0) >= 50);
    assert!(share(&|vendor| vendor.standing.status == Status::Current) >= 55);
    assert!(share(&|vendor| vendor.standing.rating >= Rating::High) <= 20);
}

#[test]
fn the_changes_of_the_story_are_told_in_sentences() {
    let told: Vec<String> = DEMO
        .open_flags()
        .into_iter()
        .filter(|(_, flag)| flag.kind == FlagKind::Changed)
        .map(|(name, flag)| format!("{name}: {}", flag.sentence))
        .collect();
    for expected in [
        "Quill & Ear Transcription: Stores records outside the US: yes, without your written consent (the Philippines) in 2026, no in 2025; no notice told us",
        "Gearbox Alley IT: Where a second proof is required: nowhere in 2026, for remote entry, e-mail and administrators in 2025; no notice told us",
        "Plumbline Coding Audit: Feeds artificial-intelligence tools our information: yes, in some other way in 2026, no in 2025; no notice told us",
        "Hollow Creek Billing: Other companies with our information: Cobalt Ledger Cloud, Pinyon Statement Printing in 2026, Cobalt Ledger Cloud in 2025",
        "Granite Vault Backup: Holds independent reports or certificates: no report or certificate in 2026, ISO 27001 in 2025",
        "Foxglove Records Release: Person in charge of protection: Theodore Banks in 2026, Denise Applewhite in 2025; no notice told us",
    ] {
        assert!(told.iter().any(|sentence| sentence == expected), "{expected}\nis not in\n{}", told.join("\n"));
    }
}

#[test]
fn most_vendors_have_two_finished_years_and_a_present_one() {
    let assessments = DEMO.assessments();
    let accepted = count(assessments.iter().filter(|one| one.state == AssessmentState::Accepted).map(|one| one.vendor));
    assert!(accepted.values().filter(|years| **years >= 2).count() * 2 > DEMO.vendors().len());
    assert!(accepted.values().filter(|years| **years >= 3).count() >= 15);
    shows_all(AssessmentState::ALL, assessments.iter().map(|one| one.state));
    assert!(
        assessments
            .iter()
            .any(|one| one.state == AssessmentState::Accepted && one.days_late(one.accepted_on.unwrap()) > 0)
    );
    let oldest = assessments.iter().map(|one| one.asked_on).min().unwrap();
    assert!((730..=800).contains(&(DEMO.today() - oldest).num_days()));
}

#[test]
fn one_file_of_a_vendor_stands_under_several_of_its_answers() {
    let sagebrush = DEMO.vendor("Sagebrush EHR").id;
    let supports = DEMO.read(|conn, scope| store::evidence::supports(conn, scope, sagebrush));
    let mut counts: Vec<usize> = supports.values().map(std::collections::BTreeSet::len).collect();
    counts.sort_unstable();
    assert_eq!(counts, [1, 3]);
}

#[test]
fn most_replies_are_reviewed_and_some_wait() {
    let vendors = DEMO.vendors();
    shows_all(ReviewState::ALL, vendors.iter().map(|vendor| vendor.standing.review));
    let waiting = vendors.iter().filter(|vendor| vendor.standing.review == ReviewState::Waiting).count();
    assert!((5..=12).contains(&waiting), "{waiting}");
    let decisions = |name: &str| {
        let vendor = DEMO.vendor(name).id;
        DEMO.read(|conn, scope| {
            let all = store::assessments::of_vendor(conn, scope, vendor)?;
            let newest = assessment::last_signed(&all).unwrap();
            store::reviews::decisions(conn, scope, newest.id)
        })
    };
    let na = |name: &str, slug: &str| decisions(name)[slug].na.as_ref().unwrap().accepted;
    assert!(na("Ironleaf Shredding", "adm.malware"));
    assert!(!na("Quill & Ear Transcription", "adm.screening"));
    assert_eq!(decisions("Sagebrush EHR").values().filter(|one| one.check.is_some()).count(), 3);
}

#[test]
fn every_score_of_the_demo_comes_out_again_to_the_byte() {
    let mut made = 0;
    for one in DEMO.assessments().into_iter().filter(|one| one.state == AssessmentState::Accepted) {
        let mut all = DEMO.read(|conn, scope| store::reviews::accepted(conn, scope, one.id));
        let scores = all.drain(..).map(|(_, kept)| kept);
        let signed = DEMO.read(|conn, scope| store::assessments::score(conn, scope, one.id));
        for kept in scores.chain(signed) {
            let input: Input = serde_json::from_str(&kept.input).unwrap();
            let again = input.score(DEMO.office.catalogue.find(&input.questionnaire).unwrap()).unwrap();
            assert_eq!(serde_json::to_string(&again).unwrap(), kept.record().unwrap());
            made += 1;
        }
    }
    assert!(made > 150, "{made}");
}

#[test]
fn a_vendor_that_stopped_half_way_has_answered_half() {
    let vendor = DEMO.vendor("Tandem Mailing House");
    assert_eq!(vendor.standing.status, Status::InProgress);
    let assessments = DEMO.read(|conn, scope| store::assessments::of_vendor(conn, scope, vendor.id));
    let answers = DEMO.read(|conn, scope| store::answers::of(conn, scope, assessments[0].id));
    assert!((8..40).contains(&answers.len()), "{}", answers.len());
}

#[test]
fn letters_stand_in_every_state_but_being_sent() {
    let letters = DEMO.letters();
    let states: Vec<LetterState> =
        LetterState::ALL.iter().copied().filter(|state| *state != LetterState::Claimed).collect();
    shows_all(&states, letters.iter().map(|letter| letter.state));
    shows_all(LetterKind::ALL, letters.iter().map(|letter| letter.kind));
    let unsent: Vec<&Letter> = letters.iter().filter(|letter| letter.state != LetterState::Sent).collect();
    assert_eq!(unsent.len(), 4, "{:?}", count(unsent.iter().map(|letter| letter.state)));
    for letter in unsent {
        assert!(letter.state == LetterState::Waiting || letter.reason.is_some());
        assert!((DEMO.now - letter.written_at).num_days() < 30);
    }
}

#[test]
fn nothing_has_happened_after_now() {
    let (now, today) = (DEMO.now, DEMO.today());
    for vendor in DEMO.vendors() {
        assert!(vendor.added_at <= now);
        assert!(vendor.details.agreement_signed_on.is_none_or(|on| on <= today), "{}", vendor.details.name);
    }
    for letter in DEMO.letters() {
        assert!(letter.written_at <= now && letter.sent_at.is_none_or(|at| letter.written_at <= at && at <= now));
    }
    for (name, flag) in DEMO.flags() {
        assert!(
            flag.raised_on <= today && flag.closed_on.is_none_or(|on| flag.raised_on <= on && on <= today),
            "{name}"
        );
    }
    for one in DEMO.assessments() {
        let past = [Some(one.asked_on), one.reminded_on, one.accepted_on];
        assert!(past.into_iter().flatten().all(|on| on <= today) && one.started_at.is_none_or(|at| at <= now));
        let signed = DEMO.read(|conn, scope| store::assessments::attestation(conn, scope, one.id));
        assert!(signed.is_none_or(|signed| signed.signed_at <= now && one.started_at.unwrap() < signed.signed_at));
    }
}

#[test]
fn the_fresh_vendor_is_asked_by_the_next_sweep_and_nobody_else_is() {
    let due = DEMO.read(|conn, _| sweep::due(conn, &DEMO.seeded.practice, DEMO.today()));
    let to_ask: Vec<&str> =
        due.iter().filter(|one| one.trouble.is_none()).map(|one| one.vendor.details.name.as_str()).collect();
    assert_eq!(to_ask, ["Fernhill Remote Monitoring"]);
}

#[test]
fn a_tier_was_raised_by_hand_one_lowered_and_one_set_aside() {
    let tier = |name: &str| {
        let vendor = DEMO.vendor(name);
        let decisions = DEMO.read(|conn, scope| store::decisions::on_tier(conn, scope, vendor.id));
        (vendor.standing.tier, decisions[0].tier, decisions[0].lowers())
    };
    assert_eq!(tier("Harbor Lantern Answering"), (Tier::One, Some(Tier::One), false));
    assert_eq!(tier("Brandt Keller Health Law"), (Tier::Four, Some(Tier::Four), true));
    assert_eq!(tier("Quill & Ear Transcription"), (Tier::Two, Some(Tier::Three), true));
}

#[test]
fn every_vendor_that_is_no_business_associate_has_its_reason() {
    for vendor in DEMO.vendors().into_iter().filter(|vendor| !vendor.details.ba_status.counts_as_ba()) {
        let decisions = DEMO.read(|conn, scope| store::decisions::on_ba(conn, scope, vendor.id));
        assert_eq!(decisions[0].status, vendor.details.ba_status, "{}", vendor.details.name);
        assert!(decisions[0].look_again_on.unwrap() > DEMO.today());
    }
}

#[test]
fn one_vendor_has_several_people_and_one_a_dead_address() {
    let people = |name: &str| {
        let vendor = DEMO.vendor(name).id;
        DEMO.read(|conn, scope| store::contacts::of_vendor(conn, scope, vendor))
    };
    assert_eq!(people("Hollow Creek Billing").len(), 4);
    assert!(!people("Oakmere Practice Consulting")[0].may_be_written_to());
}

#[test]
fn dana_signs_in_by_link_or_by_password() {
    let (user, password) = (&DEMO.seeded.user, DEMO.seeded.password);
    let known = password::Known { name: &user.name, email: &user.email, practice: &DEMO.seeded.practice.name };
    assert_eq!(password::check(password, &known), Ok(()));
    let hash = DEMO.read(|conn, _| store::users::password_hash(conn, user.id));
    assert!(user.has_password && secrets::password_is(password, hash.as_deref()));
    let (token, nothing, entrance) = (&DEMO.seeded.link_token, Welcome::default(), Entrance::default());
    let passed =
        DEMO.store.write(|conn| sign_in::welcome(conn, &DEMO.office, token, &nothing, &entrance, DEMO.now)).unwrap();
    let Passed::In(session) = passed else { panic!("{passed:?}") };
    assert_eq!((session.user, session.practice), (user.id, DEMO.seeded.practice.id));
}

#[test]
fn the_same_moment_tells_the_same_story() {
    assert_eq!(Demo::started("2026-11-22T17:45:10Z").told(), DEMO.told());
}

#[test]
fn the_demo_looks_alike_whenever_it_is_started() {
    // The last minute of a leap day at the practice.
    let other = Demo::started("2028-03-01T05:59:30Z");
    assert_eq!(other.states(), DEMO.states());
}

/// Prints the figures: `cargo test --lib demo -- --ignored --nocapture`.
#[test]
#[ignore = "prints figures for people"]
#[expect(clippy::print_stdout, reason = "that is what it is for")]
fn figures() {
    let started = Instant::now();
    let demo = Demo::started("2026-11-22T17:45:10Z");
    println!("seeded in {:?}", started.elapsed());
    let (vendors, letters) = (demo.vendors(), demo.letters());
    println!("{} vendors, {} assessments", vendors.len(), demo.assessments().len());
    println!("{} letters {:?}", letters.len(), count(letters.iter().map(|one| (one.kind, one.state))));
    println!("status {:?}", count(vendors.iter().map(|one| one.standing.status)));
    println!("rating {:?}", count(vendors.iter().map(|one| one.standing.rating)));
    println!("agreement {:?}", count(vendors.iter().map(|one| one.standing.agreement)));
    println!("tier {:?}", count(vendors.iter().map(|one| one.standing.tier)));
    println!("flags open {:?}", count(demo.open_flags().iter().map(|(_, flag)| flag.kind)));
    println!("flags ever {:?}", count(demo.flags().iter().map(|(_, flag)| flag.kind)));
    for one in &vendors {
        let (name, stands) = (&one.details.name, &one.standing);
        println!(
            "{name:32} T{} {:5} {:12} {:12} {:5} {:11} {:?} due {:?}",
            stands.tier,
            stands.inherent,
            stands.status.key(),
            stands.rating.key(),
            stands.residual,
            stands.agreement.key(),
            stands.open_flags,
            stands.next_due_on
        );
    }
    println!("{}", demo.told().join("\n"));
    assert!(Arc::strong_count(&demo.office.catalogue) > 0);
}
