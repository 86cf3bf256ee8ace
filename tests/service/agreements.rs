//! Agreements: recording, renewing, what is missing, and who is written to before the end.

use chrono::TimeDelta;
use diesel::RunQueryDsl;
use duecare::domain::access::Scope;
use duecare::domain::agreement::{Agreement, AgreementStanding};
use duecare::domain::entry::Act;
use duecare::domain::ids::VendorId;
use duecare::domain::user::Role;
use duecare::domain::vendor::BaStatus;
use duecare::store::{self, StoreError};

use crate::world::{World, service_test};

fn versions(w: &World, vendor: VendorId) -> Vec<Agreement> {
    w.app.store.read(|conn| store::agreements::of_vendor(conn, &w.scope, vendor)).unwrap()
}

fn history(w: &World) -> Vec<(Act, String)> {
    let filter = store::entries::About::default();
    let entries = w.app.store.read(|conn| store::entries::list(conn, &w.scope, &filter, 100, 0)).unwrap();
    entries.into_iter().map(|(entry, _)| (entry.act, entry.sentence)).collect()
}

fn set_own_terms(w: &World, terms: &str) {
    let set = format!("UPDATE practices SET settings = '{{\"own_terms\": [{terms}]}}' WHERE id = '{}'", w.practice.id);
    w.app.store.write(|conn| Ok::<_, StoreError>(diesel::sql_query(set).execute(conn)?)).unwrap();
}

const FULL: &[(&str, &str)] = &[
    ("after", "0"),
    ("kind", "baa"),
    ("signed_on", "11/1/2026"),
    ("runs", "until"),
    ("ends_on", "10/31/2027"),
    ("parties", "Maple Family Practice and LabCorp"),
    ("breach_notice_hours", "72"),
    ("notice_days", "30"),
    ("offshore", "Nothing leaves the country"),
];

/// The same fields with some of them different.
fn but<'a>(fields: &[(&'a str, &'a str)], different: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = fields.iter().filter(|(name, _)| !different.iter().any(|(other, _)| other == name));
    kept.chain(different).copied().collect()
}

service_test!(the_first_agreement_is_recorded_and_the_flag_is_gone, async |w: World| {
    let labcorp = w.vendor_with("LabCorp", |details| details.agreement_signed_on = None);
    let all = format!("/vendors/{labcorp}/agreements");
    w.get("/agreements")
        .await
        .is(200)
        .shows("1 vendor gets patient information without a current agreement")
        .shows("LabCorp");
    w.get(&all).await.is(200).shows("No agreement on record").shows("Record the agreement");
    w.get(&format!("{all}/new")).await.is(200).shows("Record the agreement with LabCorp");
    let recorded = w.post(&format!("{all}/new"), FULL).await;
    recorded.is(303);
    // A double press records one.
    w.post(&format!("{all}/new"), FULL).await.leads_to(&recorded.location);
    assert_eq!(versions(&w, labcorp).len(), 1);
    w.get(&recorded.location)
        .await
        .is(200)
        .shows("Oct 31, 2027")
        .shows("Within 72 hours (3 days)")
        .shows("Dana Whitfield");
    assert_eq!(w.flags(), Vec::<String>::new());
    w.get("/agreements").await.shows("Every vendor that needs an agreement has one");
    w.get(&format!("/vendors/{labcorp}")).await.is(200).shows("It runs until October 31, 2027.");
    let said =
        "recorded version 1 of the agreement: business associate agreement, signed Nov 1, 2026, ends Oct 31, 2027";
    assert!(history(&w).contains(&(Act::Agreed, said.to_owned())), "{:?}", history(&w));
});

service_test!(bad_dates_and_numbers_are_named_and_what_was_typed_stays, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    let fields = [
        ("after", "1"),
        ("kind", "handshake"),
        ("signed_on", "31/31/2026"),
        ("runs", "renews"),
        ("ends_on", ""),
        ("breach_notice_hours", "soon"),
        ("document", "0190a000-0000-7000-8000-000000000000"),
        ("offshore", "<b>Nowhere</b>"),
    ];
    let page = w.post(&format!("/vendors/{labcorp}/agreements/new"), &fields).await;
    page.is(422).shows("There is a problem").shows("&lt;b&gt;Nowhere&lt;/b&gt;").shows("31/31/2026");
    for field in ["kind", "signed_on", "ends_on", "renews_months", "breach_notice_hours", "document"] {
        page.shows(&format!("href=\"#{field}\""));
    }
    let early = but(FULL, &[("after", "1"), ("ends_on", "1/1/2026")]);
    w.post(&format!("/vendors/{labcorp}/agreements/new"), &early).await.is(422).shows("href=\"#ends_on\"");
    assert_eq!(versions(&w, labcorp).len(), 1);
});

service_test!(a_renewal_is_a_version_of_its_own_and_waits_for_its_day, async |w: World| {
    let ends_on = w.today() + TimeDelta::days(20);
    let labcorp = w.vendor_with("LabCorp", |details| details.agreement_ends_on = Some(ends_on));
    assert_eq!(w.see(labcorp).standing.agreement, AgreementStanding::EndsSoon);
    w.get("/agreements").await.shows("1 agreement ends soon").shows("in 20 days");
    let new = format!("/vendors/{labcorp}/agreements/new");
    w.get(&format!("{new}?renew=1")).await.is(200).shows("Record a new version").shows("value=\"2026-12-13\"");
    let renewal = but(
        FULL,
        &[("after", "1"), ("effective_on", "12/13/2026"), ("signed_on", "11/20/2026"), ("ends_on", "12/12/2028")],
    );
    w.post(&new, &renewal).await.is(303);
    // Somebody else's form, opened before that.
    w.post(&new, &but(&renewal, &[("ends_on", "12/12/2029")])).await.is(422).shows("Somebody recorded another version");
    let both = versions(&w, labcorp);
    assert_eq!(both.iter().map(|one| one.version).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(both[1].terms.ends_on, Some(ends_on));
    assert_eq!(w.see(labcorp).standing.agreement, AgreementStanding::Current);
    let page = w.get(&format!("/vendors/{labcorp}/agreements")).await;
    page.is(200).shows("In force").shows("Begins later").shows("Version 2 begins on December 13, 2026");
    w.days_pass(21);
    w.sweep().await;
    assert!(w.flags().iter().all(|flag| !flag.contains("agreement")), "{:?}", w.flags());
    w.get(&format!("/vendors/{labcorp}/agreements")).await.shows("Ended");
    // The vendor's own form leaves agreements alone now.
    w.get(&format!("/vendors/{labcorp}/edit")).await.is(200).lacks("agreement_signed_on").shows("own page");
    w.edit(labcorp, |details| details.services = "Tests".to_owned());
    assert_eq!(versions(&w, labcorp), both);
});

service_test!(a_renewal_that_nobody_signed_silences_nothing_and_is_said_to_wait, async |w: World| {
    let labcorp = ending(&w, "LabCorp", 20);
    let new = format!("/vendors/{labcorp}/agreements/new");
    // Sent just as the page filled it in, with no day of signing.
    let draft =
        but(FULL, &[("after", "1"), ("signed_on", ""), ("effective_on", "12/13/2026"), ("ends_on", "12/12/2028")]);
    w.post(&new, &draft).await.is(303);
    assert_eq!(w.see(labcorp).standing.agreement, AgreementStanding::EndsSoon);
    w.sweep().await;
    assert_eq!(told(&w), ["dana@maple.test: Agreement with LabCorp ends on December 12, 2026"]);
    w.get("/agreements").await.shows("waits for a signature").shows("Write down the signature");
    w.get(&format!("/vendors/{labcorp}")).await.shows("Version 2 waits for a signature");
    let all = format!("/vendors/{labcorp}/agreements");
    w.get(&all).await.shows("In force").shows("Waits for a signature").lacks("Begins later");
    w.days_pass(21);
    w.sweep().await;
    assert_eq!(w.see(labcorp).standing.agreement, AgreementStanding::Ended);
    w.get("/agreements").await.shows("Ended Dec 12, 2026").shows("waits for a signature");
    let flag = "The business associate agreement ended on December 12, 2026; version 2 waits for a signature";
    assert!(w.flags().iter().any(|one| one.contains(flag)), "{:?}", w.flags());
    // Signed at last.
    let id = versions(&w, labcorp)[0].id;
    let signed = but(&draft, &[("signed_on", "12/12/2026")]);
    w.post(&format!("/agreements/{id}/edit"), &signed).await.is(303);
    assert_eq!(w.see(labcorp).standing.agreement, AgreementStanding::Current);
    w.get(&all).await.shows("In force").lacks("Waits for a signature");
});

service_test!(a_later_signing_date_from_a_file_is_a_renewal_and_the_same_file_changes_nothing, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    let before = versions(&w, labcorp).remove(0);
    w.edit(labcorp, |details| details.agreement_signed_on = Some(w.today()));
    w.edit(labcorp, |details| details.agreement_signed_on = Some(w.today()));
    let all = versions(&w, labcorp);
    assert_eq!((all.len(), &all[1]), (2, &before));
});

service_test!(a_missing_term_is_flagged_with_its_paragraph_until_it_is_found, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    set_own_terms(&w, "\"Encrypts e-mail\"");
    let id = versions(&w, labcorp)[0].id;
    let list = format!("/agreements/{id}/checklist");
    w.get(&list).await.is(200).shows("Encrypts e-mail").shows("45 CFR 164.504(e)(2)(ii)(J)").shows("Worth asking for");
    let found = [
        ("BAA-12", "missing"),
        ("BAA-01", "met"),
        ("BAA-P1", "missing"),
        ("own:Encrypts e-mail", "missing"),
        ("BAA-99", "met"),
        ("BAA-02", "?"),
    ];
    w.post(&list, &found).await.leads_to(&format!("/agreements/{id}?done=checked"));
    assert_eq!(
        w.flags(),
        [
            "LabCorp: The agreement lacks the term “Encrypts e-mail” (your own term)",
            "LabCorp: The agreement lacks the term “Returns or destroys everything at the end” (45 CFR 164.504(e)(2)(ii)(J))",
        ]
    );
    w.get(&format!("/agreements/{id}")).await.shows("Gone through by Dana Whitfield on November 22, 2026.");
    w.get(&format!("/vendors/{labcorp}")).await.shows("Missing in it").shows("164.504(e)(2)(ii)(J)");
    w.get(&format!("/agreements/{id}/print")).await.is(200).shows("Agreement checklist: LabCorp").shows("signature");
    // The practice gives its own term up, and finds the other.
    set_own_terms(&w, "");
    w.post(&list, &[("BAA-12", "met")]).await.is(303);
    assert_eq!(w.flags(), Vec::<String>::new());
    let said =
        "went through version 1 of the agreement: missing → met: BAA-12; missing → not looked at: Encrypts e-mail";
    assert!(history(&w).contains(&(Act::Agreed, said.to_owned())), "{:?}", history(&w));
});

service_test!(an_own_term_that_the_practice_gave_up_is_flagged_no_longer, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    w.settle(&[("own_terms", "Encrypts e-mail\nNo AI training")]).await.is(303);
    let id = versions(&w, labcorp)[0].id;
    let found = [("own:Encrypts e-mail", "missing"), ("own:No AI training", "missing")];
    w.post(&format!("/agreements/{id}/checklist"), &found).await.is(303);
    assert_eq!(w.flags().len(), 2);
    w.settle(&[("own_terms", "No AI training")]).await.is(303);
    assert_eq!(w.flags(), ["LabCorp: The agreement lacks the term “No AI training” (your own term)"]);
    for page in [format!("/vendors/{labcorp}"), format!("/agreements/{id}")] {
        // The history and the closed flag may still name it; the list of what is missing may not.
        w.get(&page).await.is(200).shows("<li>No AI training").lacks("<li>Encrypts e-mail");
    }
    w.get(&format!("/vendors/{labcorp}/agreements")).await.shows("1 term missing");
    // Wanted again, what was found still stands.
    w.settle(&[("own_terms", "Encrypts e-mail\nNo AI training")]).await.is(303);
    assert_eq!(w.flags().len(), 2);
});

service_test!(a_correction_keeps_old_and_new_in_the_history, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    let id = versions(&w, labcorp)[0].id;
    let fields = but(
        FULL,
        &[
            ("signed_on", "10/18/2025"),
            ("breach_notice_hours", "2160"),
            ("parties", ""),
            ("offshore", ""),
            ("notice_days", ""),
        ],
    );
    w.get(&format!("/agreements/{id}/edit")).await.is(200).shows("value=\"2025-10-18\"");
    w.post(&format!("/agreements/{id}/edit"), &fields).await.leads_to(&format!("/agreements/{id}?done=saved"));
    w.post(&format!("/agreements/{id}/edit"), &fields).await.is(303);
    let said: Vec<String> =
        history(&w).into_iter().filter(|(act, _)| *act == Act::Agreed).map(|(_, said)| said).collect();
    assert_eq!(
        said,
        ["corrected version 1 of the agreement: ends not known → Oct 31, 2027; breach notice in hours none → 2160"]
    );
    assert_eq!(
        w.flags(),
        [
            "LabCorp: The agreement gives the vendor 2160 hours (90 days) to tell of a breach; the law allows 1440 hours (60 days) at most (45 CFR 164.410(b))"
        ]
    );
});

service_test!(a_prospect_s_page_says_of_the_agreement_what_its_standing_says, async |w: World| {
    let labcorp = w.vendor_with("LabCorp", |details| details.agreement_signed_on = None);
    let pages = [format!("/vendors/{labcorp}"), format!("/vendors/{labcorp}/agreements")];
    for page in &pages {
        w.get(page).await.is(200).shows("None is on record.");
    }
    for (life, says) in [
        ("prospect", "Not needed yet: it is a prospect"),
        ("ended", "Not needed any more: it does nothing for us now."),
    ] {
        w.post(&format!("/vendors/{labcorp}/life"), &[("to", life), ("reason", "So it was decided")]).await.is(303);
        assert_eq!(w.see(labcorp).standing.agreement, AgreementStanding::NotNeeded);
        for page in &pages {
            w.get(page).await.is(200).shows(says).lacks("None is on record.");
        }
    }
});

service_test!(an_agreement_not_needed_says_why, async |w: World| {
    let clinic = w.vendor_with("Clinic", |details| {
        details.ba_status = BaStatus::TreatmentProvider;
        details.agreement_signed_on = None;
    });
    w.get(&format!("/vendors/{clinic}/agreements"))
        .await
        .is(200)
        .shows("Not needed because it gets patient information only to treat");
    w.get("/agreements").await.lacks("Clinic");
});

/// A vendor that Dana looks after, whose agreement ends in so many days.
fn ending(w: &World, name: &str, days: i64) -> VendorId {
    let vendor = w.vendor_with(name, |details| {
        details.owner = " dana WHITFIELD".to_owned();
        details.contact_email = None;
    });
    w.edit(vendor, |details| details.agreement_ends_on = Some(w.today() + TimeDelta::days(days)));
    vendor
}

fn told(w: &World) -> Vec<String> {
    w.letters().into_iter().map(|letter| format!("{}: {}", letter.to_address, letter.subject)).collect()
}

service_test!(the_owner_is_told_past_ninety_sixty_thirty_and_seven_days, async |w: World| {
    ending(&w, "LabCorp", 91);
    // Sweeps at odd days, and some of them twice: each threshold once.
    for pass in [0, 3, 20, 10, 0, 30, 5, 15, 6, 2, 1, 0, 10, 40] {
        w.days_pass(pass);
        w.sweep().await;
    }
    let once = "dana@maple.test: Agreement with LabCorp ends on February 21, 2027";
    assert_eq!(told(&w), [once, once, once, once]);
    let days: Vec<String> = w
        .letters()
        .iter()
        .map(|letter| letter.text.split("(in ").nth(1).unwrap_or("").split(')').next().unwrap().to_owned())
        .collect();
    assert_eq!(days, ["88 days", "58 days", "28 days", "2 days"]);
    assert!(w.letters()[0].text.contains("/agreements"));
    let told = "wrote to dana@maple.test that the agreement ends on February 21, 2027";
    let wrote = history(&w).into_iter().filter(|(act, said)| *act == Act::Wrote && said == told).count();
    assert_eq!(wrote, 4);
});

service_test!(after_a_long_pause_one_letter_goes_out_and_not_four, async |w: World| {
    ending(&w, "LabCorp", 120);
    w.sweep().await;
    w.days_pass(118);
    w.sweep().await;
    w.sweep().await;
    assert_eq!(told(&w).len(), 1);
    // Switched off over the end: the last one still comes, and says that it has ended.
    ending(&w, "Granite", 10);
    w.days_pass(15);
    w.sweep().await;
    assert_eq!(told(&w).pop().unwrap(), "dana@maple.test: Agreement with Granite ended on March 30, 2027");
    w.days_pass(50);
    w.sweep().await;
    assert_eq!(told(&w).len(), 2);
});

service_test!(one_that_renews_by_itself_speaks_of_the_day_to_say_no, async |w: World| {
    let labcorp = ending(&w, "LabCorp", 150);
    let id = versions(&w, labcorp)[0].id;
    let fields = [
        ("kind", "baa"),
        ("signed_on", "10/18/2025"),
        ("runs", "renews"),
        ("ends_on", "2027-04-21"),
        ("renews_months", "12"),
        ("notice_days", "60"),
    ];
    w.post(&format!("/agreements/{id}/edit"), &fields).await.is(303);
    w.sweep().await;
    assert_eq!(told(&w), ["dana@maple.test: Agreement with LabCorp: say by February 20, 2027 if it shall not renew"]);
    w.get(&format!("/vendors/{labcorp}")).await.shows("to leave, say so by February 20, 2027");
    w.days_pass(200);
    w.sweep().await;
    // It went on by itself: no flag, and nothing to say until next year.
    assert_eq!(w.see(labcorp).standing.agreement, AgreementStanding::Current);
    assert_eq!(w.see(labcorp).standing.agreement_ends_on.unwrap().to_string(), "2028-04-21");
    assert_eq!(told(&w).len(), 1);
});

service_test!(without_an_owner_who_signs_in_the_practice_is_told_and_else_nobody, async |w: World| {
    let labcorp = ending(&w, "LabCorp", 20);
    w.edit(labcorp, |details| details.owner = "Somebody who left".to_owned());
    assert_eq!(w.sweep().await.renewals, 0);
    assert!(w.flags().iter().any(|flag| flag.contains("agreement ends on")));
    w.sql("UPDATE practices SET reply_to = 'office@maple.test'");
    let practice = w.app.store.read(|conn| store::practices::one(conn, &w.scope)).unwrap();
    duecare::flows::sweep::sweep(&w.app.store, &w.app.office, &practice, w.now()).unwrap();
    w.deliver().await;
    assert!(told(&w)[0].starts_with("office@maple.test: "), "{:?}", told(&w));
});

service_test!(a_renewal_on_record_stops_the_letters, async |w: World| {
    let labcorp = ending(&w, "LabCorp", 40);
    let renewal = but(
        FULL,
        &[("after", "1"), ("signed_on", "11/20/2026"), ("effective_on", "1/1/2027"), ("ends_on", "12/31/2029")],
    );
    w.post(&format!("/vendors/{labcorp}/agreements/new"), &renewal).await.is(303);
    w.sweep().await;
    w.days_pass(35);
    assert_eq!(w.sweep().await.renewals, 0);
    assert_eq!(told(&w), Vec::<String>::new());
});

service_test!(agreements_of_another_practice_are_not_there, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    let id = versions(&w, labcorp)[0].id;
    let (other, cookie) = w.other_practice();
    assert_ne!(other.id, w.practice.id);
    let theirs = Scope::Practice(other.id);
    assert_eq!(w.app.store.read(|conn| store::agreements::one(conn, &theirs, id)).unwrap(), None);
    let pages = [
        format!("/vendors/{labcorp}/agreements"),
        format!("/vendors/{labcorp}/agreements/new"),
        format!("/agreements/{id}"),
        format!("/agreements/{id}/edit"),
        format!("/agreements/{id}/checklist"),
        format!("/agreements/{id}/print"),
    ];
    for page in &pages {
        w.get_as(page, &cookie).await.is(404).lacks("LabCorp");
    }
    let before = versions(&w, labcorp);
    for page in [&pages[1], &pages[3], &pages[4]] {
        w.post_as(page, FULL, duecare::web::session::STAFF_COOKIE, &cookie).await.is(404);
    }
    assert_eq!(versions(&w, labcorp), before);
    w.get("/agreements/nonsense").await.is(404);
});

service_test!(an_auditor_reads_agreements_and_changes_none, async |w: World| {
    let labcorp = w.vendor_with("LabCorp", |details| details.agreement_ends_on = Some(w.today() - TimeDelta::days(1)));
    let id = versions(&w, labcorp)[0].id;
    let cookie = w.colleague(Role::Auditor);
    for page in [
        "/agreements".to_owned(),
        format!("/vendors/{labcorp}/agreements"),
        format!("/agreements/{id}"),
        format!("/agreements/{id}/checklist"),
        format!("/agreements/{id}/print"),
        format!("/vendors/{labcorp}"),
    ] {
        w.get_as(&page, &cookie)
            .await
            .is(200)
            .lacks("/agreements/new")
            .lacks(&format!("/agreements/{id}/edit"))
            .lacks("Save what you found");
    }
    w.get_as(&format!("/agreements/{id}/edit"), &cookie).await.is(403);
    for page in [
        format!("/vendors/{labcorp}/agreements/new"),
        format!("/agreements/{id}/edit"),
        format!("/agreements/{id}/checklist"),
    ] {
        w.post_as(&page, FULL, duecare::web::session::STAFF_COOKIE, &cookie).await.is(403);
    }
    assert_eq!(versions(&w, labcorp).len(), 1);
});
