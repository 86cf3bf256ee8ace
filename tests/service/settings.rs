//! What a practice sets changes what happens, within bounds, and nobody else's.

use duecare::domain::exposure::Tier;
use duecare::domain::ids::VendorId;
use duecare::domain::practice::Settings;
use duecare::domain::scoring::NprmMode;
use duecare::domain::standing::Status;
use duecare::domain::user::Role;
use duecare::flows::{settings, sign_in, sweep};
use duecare::secrets;
use duecare::store::entries::About;
use duecare::store::{self, StoreError};

use crate::world::{World, service_test};

/// Saves, and lets the world know its practice anew.
async fn settle(w: &mut World, differences: &[(&str, &str)]) -> String {
    let page = w.settle(differences).await;
    page.is(303);
    w.practice = w.known();
    page.location
}

/// Asked, answered and signed today.
async fn assessed(w: &World, name: &str) -> VendorId {
    let vendor = w.vendor(name);
    w.sweep().await;
    w.replied(vendor, &[]);
    vendor
}

fn due_in(w: &World, vendor: VendorId) -> i64 {
    (w.see(vendor).standing.next_due_on.unwrap() - w.today()).num_days()
}

/// A cookie of someone with this role.
fn someone(w: &World, role: Role) -> String {
    let now = w.now();
    let session = w.app.store.write(|conn| {
        let user = sign_in::add_user(conn, w.practice.id, "aud@maple.test", "Audra Lin", role, now)?;
        let cookie = secrets::token();
        crate::world::lasting(conn, &cookie, user.id, w.practice.id, now)?;
        Ok::<_, StoreError>(cookie)
    });
    session.unwrap()
}

fn history(w: &World) -> Vec<String> {
    let lines = w.app.store.read(|conn| store::entries::list(conn, &w.scope, &About::default(), 20, 0));
    lines.unwrap().into_iter().map(|(entry, _)| format!("{} {}", entry.by.name(), entry.sentence)).collect()
}

/// With this line every history begins.
const FOUNDED: &str = "duecare founded the practice Maple Family Practice";

service_test!(a_tier_asked_every_six_months_is_due_after_182_days, async |mut w: World| {
    let vendor = assessed(&w, "LabCorp").await;
    assert_eq!((w.see(vendor).standing.tier, due_in(&w, vendor)), (Tier::Two, 365));
    let next = settle(&mut w, &[("cadence_2", "6")]).await;
    assert_eq!(next, "/practice?done=looked&vendors=1");
    w.get(&next).await.shows("1 vendor was looked at again");
    assert_eq!(due_in(&w, vendor), 182, "at once, and not at the next sweep");
    w.get(&format!("/vendors/{vendor}")).await.shows("every 6 months");
    w.days_pass(182 - 46);
    assert_eq!(w.sweep().await.asked, 0);
    w.days_pass(1);
    assert_eq!(w.sweep().await.asked, 1);
    assert_eq!(due_in(&w, vendor), 45);
});

service_test!(a_vendor_of_its_own_cadence_is_asked_by_it, async |mut w: World| {
    let vendor = assessed(&w, "LabCorp").await;
    let set = format!("UPDATE vendors SET cadence = 1 WHERE id = '{vendor}'");
    w.sql(&set);
    settle(&mut w, &[("cadence_2", "9")]).await;
    assert_eq!(due_in(&w, vendor), 30);
    // Half a month ahead, and not on the day it answered.
    let askable = || w.app.store.read(|conn| sweep::askable(conn, &w.practice, w.today())).unwrap();
    w.days_pass(14);
    assert_eq!((askable(), w.ask().asked), (0, 0));
    w.days_pass(1);
    assert_eq!(askable(), 1);
    assert_eq!(w.ask().asked, 1);
});

service_test!(a_new_vendor_is_asked_at_once_whatever_the_cadence, async |mut w: World| {
    settle(&mut w, &[("cadence_2", "1")]).await;
    w.vendor("LabCorp");
    assert_eq!(w.ask().asked, 1);
});

service_test!(reminders_go_out_by_the_practice_s_own_plan, async |mut w: World| {
    settle(&mut w, &[("reminders_before", "10"), ("reminders_after", "")]).await;
    w.vendor("LabCorp");
    w.sweep().await;
    w.days_pass(19);
    assert_eq!(w.sweep().await.reminded, 0);
    w.days_pass(1);
    assert_eq!(w.sweep().await.reminded, 1);
    w.days_pass(30);
    assert_eq!(w.sweep().await.reminded, 0);
});

service_test!(without_grace_silence_is_flagged_the_day_after, async |mut w: World| {
    settle(&mut w, &[("grace_days", "0")]).await;
    let vendor = w.vendor("LabCorp");
    w.sweep().await;
    w.days_pass(30);
    w.sweep().await;
    assert_eq!(w.see(vendor).standing.status, Status::Invited);
    w.days_pass(1);
    w.sweep().await;
    assert_eq!(w.see(vendor).standing.status, Status::NoReply);
    // A longer grace takes the flag back at once.
    settle(&mut w, &[("grace_days", "90")]).await;
    assert_eq!(w.see(vendor).standing.status, Status::Invited);
    assert!(!w.flags().iter().any(|flag| flag.contains("Has not answered")));
});

service_test!(letters_are_from_whom_the_practice_says, async |mut w: World| {
    settle(&mut w, &[("sender_name", "Maple Compliance Desk")]).await;
    let vendor = assessed(&w, "LabCorp").await;
    w.deliver().await;
    assert!(w.letters().iter().all(|letter| letter.from_name == "Maple Compliance Desk"));
    assert_eq!(w.letters().len(), 2, "the letter and the receipt");
    assert_eq!(w.see(vendor).details.name, "LabCorp");
});

service_test!(the_proposed_rule_counts_only_where_a_practice_says_so, async |mut w: World| {
    let modes = [("scored", NprmMode::Scored), ("off", NprmMode::Off), ("informational", NprmMode::Informational)];
    for (key, mode) in modes {
        settle(&mut w, &[("nprm", key)]).await;
        let vendor = assessed(&w, key).await;
        let card = w.app.store.read(|conn| {
            let last = store::assessments::of_vendor(conn, &w.scope, vendor)?.remove(0);
            store::assessments::scorecard(conn, &w.scope, last.id)
        });
        assert_eq!(card.unwrap().unwrap().versions.nprm_mode, mode);
    }
    w.get("/practice").await.shows("Proposed rule, not in force").shows("It is not law");
});

service_test!(a_new_vendor_without_an_owner_gets_the_practice_s, async |mut w: World| {
    settle(&mut w, &[("default_owner", "Robin Vale")]).await;
    let vendor = w.vendor_with("LabCorp", |details| details.owner.clear());
    let other = w.vendor("Clearwater");
    assert_eq!((w.see(vendor).details.owner, w.see(other).details.owner), ("Robin Vale".into(), "Dana".into()));
    w.get("/vendors/new").await.shows("value=\"Robin Vale\"");
});

service_test!(what_is_out_of_bounds_is_named_and_kept_as_typed, async |w: World| {
    let long = "x".repeat(301);
    for (field, typed, says) in [
        ("cadence_1", "13", "tier 1"),
        ("cadence_4", "0", "tier 4"),
        ("reminders_before", "30, 45", "45 days are out of bounds"),
        ("reminders_after", "soon", "is not a whole number"),
        ("grace_days", "91", "from 0 to 90"),
        ("idle_minutes", "4", "from 5 to 60"),
        ("own_terms", &long, "300 characters"),
        ("timezone", "Mars/Olympus", "Choose the time zone"),
        ("nprm", "law", "not in force"),
        ("reply_to", "dana", "Enter an e-mail address"),
    ] {
        let page = w.settle(&[(field, typed), ("contact_name", "Typed & kept")]).await;
        page.is(422).shows("There is a problem").shows(&format!("href=\"#{field}\"")).shows(says);
        page.shows("Typed &amp; kept");
        if !field.starts_with("cadence") && field != "timezone" && field != "nprm" {
            page.shows(typed);
        }
    }
    assert_eq!(w.known().settings, Settings::default());
    assert_eq!(history(&w), [FOUNDED]);
});

service_test!(the_history_names_the_old_and_the_new, async |mut w: World| {
    settle(&mut w, &[("grace_days", "7"), ("own_terms", "Logs kept a year\n\nLogs kept a year\nNo AI training")]).await;
    assert_eq!(
        history(&w),
        [
            "Dana Whitfield changed the grace from “14 days” to “7 days”; the practice’s own terms from nothing to “Logs kept a year · No AI training”",
            FOUNDED
        ]
    );
    assert_eq!(settle(&mut w, &[]).await, "/practice?done=same");
    assert_eq!(history(&w).len(), 2, "nothing was different");
    assert_eq!(w.practice.settings.own_terms, ["Logs kept a year", "No AI training"]);
});

service_test!(two_people_who_change_settings_at_once_do_not_undo_each_other, async |w: World| {
    let before = settings::state(&w.known());
    w.settle(&[("grace_days", "7")]).await.is(303);
    let late = w.settle(&[("seen", &before), ("idle_minutes", "30"), ("grace_days", "14")]).await;
    late.is(422).shows("Someone else changed the settings").shows("value=\"30\"");
    assert_eq!((w.known().settings.grace_days, w.known().settings.idle_minutes), (7, 15));
});

service_test!(auditors_and_compliance_leads_read_the_settings_only, async |w: World| {
    for role in [Role::Auditor, Role::ComplianceLead] {
        let cookie = someone(&w, role);
        let page = w.get_as("/practice", &cookie).await;
        page.is(200).shows("Only an administrator can change this").shows("Once a year").lacks("action=\"/practice\"");
        let staff = duecare::web::session::STAFF_COOKIE;
        w.post_as("/practice", &[("name", "Mine")], staff, &cookie).await.is(403);
        w.get_as("/setup", &cookie).await.is(403);
        w.post_as("/setup/mail", &[], staff, &cookie).await.is(403);
    }
    assert_eq!(w.known().name, "Maple Family Practice");
    assert_eq!(w.letters().len(), 0);
});

service_test!(another_practice_keeps_its_own_settings, async |mut w: World| {
    let (other, cookie) = w.other_practice();
    settle(&mut w, &[("cadence_2", "6"), ("name", "Maple Two"), ("timezone", "Pacific/Honolulu")]).await;
    let scope = duecare::domain::access::Scope::Practice(other.id);
    let kept = w.app.store.read(|conn| store::practices::one(conn, &scope)).unwrap();
    assert_eq!(kept, other);
    w.get_as("/practice", &cookie).await.shows("Other Practice").lacks("Maple Two");
    assert_eq!(w.practice.timezone, chrono_tz::Pacific::Honolulu);
});

service_test!(a_practice_of_many_vendors_is_looked_at_after_the_page, async |mut w: World| {
    let vendor = assessed(&w, "LabCorp").await;
    for number in 0..settings::AT_ONCE {
        w.vendor(&format!("Vendor {number}"));
    }
    let next = settle(&mut w, &[("cadence_2", "6")]).await;
    assert_eq!(next, "/practice?done=looking&vendors=201");
    w.get(&next).await.shows("201 vendors are being looked at again");
    // Whatever the work behind the page has done by now, the next look does the rest.
    sweep::look_again(&w.app.store, &w.app.office, &w.practice, w.now()).unwrap();
    assert_eq!(due_in(&w, vendor), 182);
});
