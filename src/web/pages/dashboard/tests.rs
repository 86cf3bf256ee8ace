use chrono::{DateTime, Days, Utc};

use super::*;
use crate::domain::agreement::AgreementStanding;
use crate::domain::entry::ChainKey;
use crate::domain::exposure::{Exposure, Tier};
use crate::domain::flags::Fact;
use crate::domain::ids::{PracticeId, VendorId};
use crate::domain::practice::{Practice, PracticeContact};
use crate::domain::standing::{Standing, Vendor};
use crate::domain::vendor::{BaStatus, VendorDetails};
use crate::store::{self, Address, Store};

fn today() -> NaiveDate {
    "2026-11-22".parse().unwrap()
}

fn now() -> DateTime<Utc> {
    "2026-11-22T15:00:00Z".parse().unwrap()
}

fn practice() -> Practice {
    Practice {
        id: PracticeId::fresh(),
        slug: "maple".to_owned(),
        name: "Maple Family Practice".to_owned(),
        timezone: chrono_tz::America::Chicago,
        contact: PracticeContact::default(),
        settings: Default::default(),
    }
}

fn vendor(name: &str, status: Status, due_in: i64, has_address: bool) -> Vendor {
    Vendor {
        place: crate::domain::life::Place::default(),
        id: VendorId::fresh(),
        added_at: now(),
        details: VendorDetails {
            name: name.to_owned(),
            external_id: None,
            website: None,
            services: String::new(),
            ba_status: BaStatus::BusinessAssociate,
            owner: String::new(),
            contact_name: String::new(),
            contact_email: has_address.then(|| "privacy@northgate.example".to_owned()),
            exposure: Exposure::default(),
            agreement_signed_on: None,
            agreement_ends_on: None,
            notes: String::new(),
        },
        cadence: None,
        standing: Standing {
            tier: Tier::One,
            inherent: 7_000,
            status,
            rating: Rating::NotAssessed,
            residual: 7_000,
            assured: due_in % 2 == 0,
            agreement: AgreementStanding::Missing,
            agreement_ends_on: None,
            accepted_on: None,
            next_due_on: Some(today() + chrono::TimeDelta::days(due_in)),
            open_flags: 0,
            look_on: None,
            review: crate::domain::review::ReviewState::None,
        },
    }
}

/// A practice with a vendor of every status on every side of every date that matters.
fn every_kind(store: &Store, practice: &Practice) {
    let dates = [-400, -321, -320, -319, -15, -1, 0, 1, 30, 31, 44, 45, 46];
    let written: Result<(), StoreError> = store.write(|conn| {
        store::practices::add(conn, practice, now() - chrono::TimeDelta::days(800))?;
        for status in Status::ALL {
            for due_in in dates {
                add(conn, practice, *status, due_in, true)?;
                add(conn, practice, *status, due_in, false)?;
            }
        }
        Ok(())
    });
    written.unwrap();
}

/// A vendor with a flag; that of a vendor without an address has closed since.
fn add(conn: &mut Db, practice: &Practice, status: Status, due_in: i64, has_address: bool) -> Result<(), StoreError> {
    let scope = Scope::Practice(practice.id);
    let name = format!("{status} {} {has_address}", 1_000 + due_in);
    let vendor = vendor(&name, status, due_in, has_address);
    store::vendors::add(conn, &scope, &vendor, now())?;
    let fact = Fact { kind: FlagKind::Changed, subject: "off.kept".to_owned(), sentence: "Moved".to_owned() };
    let days_ago = due_in.unsigned_abs();
    flags::raise(conn, &scope, vendor.id, &fact, None, today() - Days::new(days_ago))?;
    if due_in % 2 == 0 {
        let stop = Fact { kind: FlagKind::HardStop, ..fact };
        flags::raise(conn, &scope, vendor.id, &stop, None, today() - Days::new(days_ago))?;
    }
    for flag in flags::of_vendor(conn, &scope, vendor.id)?.iter().filter(|_| !has_address) {
        flags::close(conn, &scope, flag.id, today() - Days::new(days_ago / 2))?;
    }
    Ok(())
}

fn with_store<T>(work: impl FnOnce(&Store) -> T) -> T {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("duecare.db").to_string_lossy().into_owned();
    work(&Store::open(&Address::Sqlite(path)).unwrap().sealing(ChainKey::of([7; 32])))
}

#[test]
fn every_number_is_the_number_of_rows_behind_its_link() {
    with_store(|store| {
        let practice = practice();
        every_kind(store, &practice);
        let scope = Scope::Practice(practice.id);
        let read: Result<(), StoreError> = store.read(|conn| {
            let overview = look(conn, &scope, today())?;
            let mut rows = |filter: Filter| vendor_list::lines(conn, &scope, &filter, today(), 10_000, 0).unwrap();
            let overdue = rows(Filter { due: Some(Due::Overdue), ..Filter::default() });
            assert_eq!((overview.overdue.total as usize, &overview.overdue.first[..]), (overdue.len(), &overdue[..3]));
            let soon = rows(Filter { due: Some(Due::Soon), ..Filter::default() });
            assert_eq!((overview.soon.total as usize, &overview.soon.first[..]), (soon.len(), &soon[..3]));
            let unassured = rows(Filter { unassured: true, ..Filter::default() });
            assert_eq!(overview.unassured.total as usize, unassured.len());
            for (rating, count) in &overview.ratings {
                assert_eq!(*count as usize, rows(Filter { rating: Some(*rating), ..Filter::default() }).len());
            }
            for (status, count) in &overview.statuses {
                assert_eq!(*count as usize, rows(Filter { status: Some(*status), ..Filter::default() }).len());
            }
            let changed = flags::list(conn, &scope, Shown::Open(today()), Some(FlagKind::Changed), 10_000, 0)?;
            assert_eq!((overview.changed.total as usize, &overview.changed.first[..]), (changed.len(), &changed[..3]));
            let all = flags::list(conn, &scope, Shown::Open(today()), None, 10_000, 0)?;
            let urgent = all.iter().filter(|(flag, _)| flag.kind.severity() == Severity::High).count();
            assert!(urgent > 0 && overview.urgent as usize == urgent);
            for (day, count) in &overview.open_flags {
                assert_eq!(*count, flags::total(conn, &scope, Shown::OpenOn(*day), None)?, "{day}");
            }
            assert!(overview.open_flags[0].1 > 0 && overview.open_flags[0].1 < overview.open_flags[11].1);
            Ok(())
        });
        read.unwrap();
    });
}

#[test]
fn the_button_counts_exactly_the_vendors_that_the_round_would_ask() {
    with_store(|store| {
        let practice = practice();
        every_kind(store, &practice);
        let read: Result<(), StoreError> = store.read(|conn| {
            let due = sweep::due(conn, &practice, today())?;
            let askable = due.iter().filter(|one| one.trouble.is_none()).count();
            assert!(askable > 0 && askable < due.len());
            assert_eq!(look(conn, &Scope::Practice(practice.id), today())?.askable as usize, askable);
            Ok(())
        });
        read.unwrap();
    });
}

#[test]
fn another_practices_vendors_are_not_counted() {
    with_store(|store| {
        every_kind(store, &practice());
        let other = Scope::Practice(PracticeId::fresh());
        let overview: Result<Overview, StoreError> = store.read(|conn| look(conn, &other, today()));
        assert_eq!(overview.unwrap(), Overview::default());
    });
}

#[test]
fn the_trend_ends_today_and_goes_back_a_year_of_months() {
    let ends = |today: &str| pictures::month_ends(today.parse().unwrap());
    let texts: Vec<String> = ends("2026-03-31").iter().map(ToString::to_string).collect();
    assert_eq!(texts.len(), 12);
    assert_eq!((&*texts[0], &*texts[10], &*texts[11]), ("2025-04-30", "2026-02-28", "2026-03-31"));
    assert_eq!(ends("2028-03-01")[10].to_string(), "2028-02-29");
}

#[test]
fn a_flag_is_open_until_the_day_before_it_closed() {
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    let days = ["2026-09-30", "2026-10-31", "2026-11-22"].map(day);
    let spans = [(day("2026-09-30"), Some(day("2026-10-31")), 1), (day("2026-10-01"), None, 2)];
    let counts: Vec<u32> = pictures::open_on(&days, &spans).into_iter().map(|(_, count)| count).collect();
    assert_eq!(counts, [1, 2, 2]);
}

#[test]
fn the_heading_says_the_most_urgent_thing_first() {
    let heading = |overdue, unassured, changed, soon| {
        let vendors = |total| Listed { total, first: Vec::new() };
        let overview = Overview {
            overdue: vendors(overdue),
            unassured: vendors(unassured),
            changed: Listed { total: changed, first: Vec::new() },
            soon: vendors(soon),
            ..Overview::default()
        };
        heading(&overview, 41)
    };
    assert_eq!(heading(3, 2, 4, 6), "3 vendors are overdue");
    assert_eq!(heading(0, 1, 4, 6), "1 risky vendor lacks assurance");
    assert_eq!(heading(0, 0, 4, 6), "4 changes wait for a look");
    assert_eq!(heading(0, 0, 0, 6), "Nothing is overdue");
    assert_eq!(heading(0, 0, 0, 0), "Nothing needs you today");
}
