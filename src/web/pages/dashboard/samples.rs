//! What the overview looks like: on an ordinary day, on a quiet one, before the first
//! vendor, and at its worst.

use chrono::NaiveDate;

use super::super::setup;
use super::{Dashboard, Listed, Overview, page, pictures};
use crate::domain::agreement::AgreementStanding;
use crate::domain::exposure::Tier;
use crate::domain::flags::{Fact, Flag, FlagKind};
use crate::domain::ids::VendorId;
use crate::domain::practice::setup::{Seen, Setup};
use crate::domain::review::ReviewState;
use crate::domain::scoring::Rating;
use crate::domain::standing::Status;
use crate::store::flags::Named;
use crate::store::vendor_list::Line;

pub fn all() -> Vec<Dashboard> {
    let today = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap_or_default();
    let quiet = Overview {
        ratings: vec![(Rating::Low, 30), (Rating::Moderate, 11)],
        statuses: vec![(Status::Current, 38), (Status::NotNeeded, 3)],
        open_flags: trend(today, [0; 12]),
        ..Overview::default()
    };
    let begun = Setup { begun_at: Some(Default::default()), ..Setup::default() };
    vec![
        Dashboard { setup: setup::line(&begun, Seen::default()), ..page(&ordinary(today), today) },
        page(&Overview::default(), today),
        page(&quiet, today),
        page(&worst(today, &"Longest ".repeat(25)), today),
        page(&worst(today, "<script>alert('x')</script>\""), today),
    ]
}

/// An ordinary day of a practice with forty vendors.
fn ordinary(today: NaiveDate) -> Overview {
    let day = |month, day| NaiveDate::from_ymd_opt(2026, month, day).unwrap_or(today);
    let line = |name: &str, status, rating, due| Line { status, rating, next_due_on: Some(due), ..line(name, today) };
    let good = AgreementStanding::Current;
    Overview {
        ratings: vec![
            (Rating::Low, 11),
            (Rating::Moderate, 14),
            (Rating::High, 5),
            (Rating::Critical, 2),
            (Rating::DoNotShare, 1),
            (Rating::NotAssessed, 8),
        ],
        statuses: vec![
            (Status::Current, 24),
            (Status::InProgress, 3),
            (Status::Invited, 4),
            (Status::NoReply, 2),
            (Status::OutOfDate, 1),
            (Status::NotAsked, 4),
            (Status::NotNeeded, 3),
        ],
        overdue: listed(
            3,
            vec![
                line("Northgate Transcription", Status::NoReply, Rating::High, day(10, 8)),
                line("BrightScan Imaging Archive", Status::OutOfDate, Rating::Moderate, day(10, 30)),
                line("Coastal Billing Partners", Status::InProgress, Rating::Moderate, day(11, 14)),
            ],
        ),
        soon: listed(
            6,
            vec![
                line("LabLink Diagnostics", Status::Current, Rating::Low, day(11, 25)),
                line("Summit Cloud Backup", Status::Invited, Rating::Moderate, day(12, 1)),
                line("Meridian Telehealth", Status::InProgress, Rating::Moderate, day(12, 9)),
            ],
        ),
        unassured: listed(
            2,
            vec![
                line(
                    "PaperTrail Shredding & Records Storage of the Upper Midwest",
                    Status::NotAsked,
                    Rating::NotAssessed,
                    day(12, 2),
                ),
                Line { agreement: good, ..line("QuickFax Online", Status::NoReply, Rating::High, day(10, 17)) },
            ],
        ),
        changed: listed(
            4,
            vec![
                flag("Meridian Telehealth", "Can be seen from abroad: yes in 2026, no in 2025", day(11, 20)),
                flag("LabLink Diagnostics", "Encrypts stored copies: no in 2026, yes in 2025", day(11, 18)),
                flag("Harbor Collections", "Other companies: two or more in 2026, none in 2025", day(11, 11)),
            ],
        ),
        urgent: 3,
        incidents: 2,
        to_review: 7,
        askable: 5,
        open_flags: trend(today, [9, 11, 14, 12, 10, 13, 17, 16, 14, 11, 9, 12]),
    }
}

/// Every number as large as it gets, under this name.
fn worst(today: NaiveDate, name: &str) -> Overview {
    let long_ago = NaiveDate::from_ymd_opt(2000, 9, 28).unwrap_or(today);
    let lines = || listed(u32::MAX, vec![line(name, long_ago), line(name, long_ago), line(name, today)]);
    let flags = vec![flag(name, name, long_ago), flag(name, name, today), flag(name, name, today)];
    Overview {
        ratings: vec![(Rating::Low, 1), (Rating::DoNotShare, 4_000_000_000)],
        statuses: vec![(Status::NoReply, 4_000_000_000), (Status::NotNeeded, 1)],
        overdue: lines(),
        soon: lines(),
        unassured: lines(),
        changed: listed(u32::MAX, flags),
        urgent: 3,
        incidents: 2,
        to_review: 7,
        askable: u32::MAX,
        open_flags: trend(today, [u32::MAX; 12]),
    }
}

fn listed<T>(total: u32, first: Vec<T>) -> Listed<T> {
    Listed { total, first }
}

fn trend(today: NaiveDate, counts: [u32; 12]) -> Vec<(NaiveDate, u32)> {
    pictures::month_ends(today).into_iter().zip(counts).collect()
}

fn line(name: &str, due: NaiveDate) -> Line {
    Line {
        id: VendorId::fresh(),
        name: name.to_owned(),
        services: name.to_owned(),
        owner: name.to_owned(),
        tier: Tier::One,
        status: Status::NoReply,
        rating: Rating::NotAssessed,
        agreement: AgreementStanding::Missing,
        next_due_on: Some(due),
        accepted_on: None,
        open_flags: 3,
        life: crate::domain::life::Life::Active,
        review: ReviewState::None,
    }
}

fn flag(vendor: &str, sentence: &str, raised_on: NaiveDate) -> Named {
    let fact = Fact { kind: FlagKind::Changed, subject: String::new(), sentence: sentence.to_owned() };
    let flag = Flag::raised(VendorId::fresh(), fact, raised_on);
    (flag, vendor.to_owned())
}
