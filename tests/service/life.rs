//! The life of a vendor: suspended, ended, archived, under another, merged into another.

use chrono::TimeDelta;
use duecare::domain::ending::{Ending, Outcome, Settled, StepKind};
use duecare::domain::entry::Actor;
use duecare::domain::exposure::{Access, Element, Offshore, Subs};
use duecare::domain::ids::VendorId;
use duecare::domain::life::Life;
use duecare::domain::standing::Status;
use duecare::domain::subcontractors::MoveFault;
use duecare::domain::user::Role;
use duecare::domain::vendor::BaStatus;
use duecare::flows::life::{self, Asked, LifeError};
use duecare::flows::subcontract::{self, SubError};
use duecare::store;
use duecare::web::session::STAFF_COOKIE;

use crate::world::{World, service_test};

impl World {
    pub fn asked(&self, vendor: VendorId) -> Asked<'static> {
        Asked { vendor, by: &Actor::Program, now: self.now() }
    }

    fn becomes(&self, vendor: VendorId, to: Life) {
        let last_day = Some(self.today());
        self.app
            .store
            .write(|conn| {
                life::step(
                    conn,
                    &self.app.office,
                    &self.practice,
                    self.asked(vendor),
                    to,
                    last_day,
                    "So it was decided",
                )
            })
            .unwrap();
    }

    fn put_under(&self, child: VendorId, parent: VendorId) -> Result<(), SubError> {
        self.app
            .store
            .write(|conn| subcontract::put_under(conn, &self.app.office, &self.practice, self.asked(child), parent))
    }

    fn is_in(&self, vendor: VendorId, country: &str) {
        let asked = self.asked(vendor);
        let write =
            |conn: &mut store::Db| subcontract::set_country(conn, &self.app.office, &self.practice, asked, country);
        self.app.store.write(write).unwrap();
    }

    fn told(&self, vendor: VendorId) -> Vec<String> {
        let about = store::entries::About { vendor: Some(vendor), ..Default::default() };
        let lines = self.app.store.read(|conn| store::entries::list(conn, &self.scope, &about, 100, 0)).unwrap();
        lines.into_iter().map(|(line, _)| line.sentence).collect()
    }
}

service_test!(a_suspended_vendor_gets_no_letters_and_keeps_its_open_questionnaire, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    w.ask();
    w.becomes(labcorp, Life::Suspended);
    // The letter that still waited does not leave either.
    w.deliver().await;
    assert_eq!(w.letters().len(), 0);
    w.days_pass(60);
    let swept = w.sweep().await;
    assert_eq!((swept.asked, swept.reminded), (0, 0));
    assert_eq!(w.flags(), Vec::<String>::new());
    let standing = w.see(labcorp).standing;
    assert_eq!((standing.status, standing.next_due_on), (Status::Invited, None));
    w.get(&format!("/vendors/{labcorp}")).await.shows("Suspended").shows("it is suspended").lacks("Send a fresh link");
    w.post(&format!("/vendors/{labcorp}/fresh-link"), &[]).await.leads_to(&format!("/vendors/{labcorp}?done=quiet"));
    w.becomes(labcorp, Life::Active);
    assert_eq!(w.see(labcorp).standing.status, Status::NoReply);
    assert_eq!(w.sweep().await.reminded, 1);
});

service_test!(a_prospect_is_asked_by_hand_and_never_by_the_sweep, async |w: World| {
    let labcorp = w.vendor_with("LabCorp", |details| details.agreement_signed_on = None);
    w.becomes(labcorp, Life::Prospect);
    assert_eq!(w.flags(), Vec::<String>::new());
    assert_eq!(w.sweep().await.asked, 0);
    w.post(&format!("/vendors/{labcorp}/ask"), &[]).await.leads_to(&format!("/vendors/{labcorp}?done=asked"));
    w.deliver().await;
    assert_eq!(w.letters().len(), 1);
});

service_test!(a_vendor_ends_by_its_checklist_and_not_before_every_step_is_settled, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    w.sweep().await;
    let life = format!("/vendors/{labcorp}/life");
    let bad = [("to", "ending"), ("last_day", "soon"), ("reason", "")];
    w.post(&life, &bad).await.is(422).shows("href=\"#last_day\"").shows("href=\"#reason\"").shows("value=\"soon\"");
    let good = [("to", "ending"), ("last_day", "11/22/2026"), ("reason", "Found a better one")];
    let ending = format!("/vendors/{labcorp}/ending");
    w.post(&life, &good).await.leads_to(&ending);
    w.get(&ending)
        .await
        .is(200)
        .shows("Found a better one")
        .shows("164.504(e)(2)(ii)(J)")
        .shows("Nov 22, 2026".replace("Nov", "November").as_str());
    w.post(&format!("{ending}/finish"), &[])
        .await
        .is(422)
        .shows("Access removed: settle it")
        .shows("Agreement kept: settle it");
    // Past its last day with steps open it is flagged.
    w.days_pass(1);
    w.sweep().await;
    assert!(
        w.flags().iter().any(|flag| flag.starts_with("LabCorp: Its last day was November 22, 2026; not settled: "))
    );
    let on = w.today().to_string();
    let not_feasible =
        [("step", "information"), ("information-outcome", "not-feasible"), ("information-on", on.as_str())];
    w.post(&ending, &not_feasible).await.is(422).shows("say why");
    let step = |key: &str, outcome: &str| {
        vec![
            ("step".to_owned(), key.to_owned()),
            (format!("{key}-outcome"), outcome.to_owned()),
            (format!("{key}-on"), on.clone()),
            (format!("{key}-note"), "Seen on the spot".to_owned()),
        ]
    };
    for (key, outcome) in
        [("access", "done"), ("information", "destroyed"), ("certificate", "set-aside"), ("agreement", "done")]
    {
        let fields = step(key, outcome);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        w.post(&ending, &fields).await.leads_to(&format!("{ending}?done=saved"));
    }
    w.get(&ending).await.shows("Destroyed, by Dana Whitfield on November 23, 2026").shows("Keep it until");
    w.post(&format!("{ending}/finish"), &[]).await.leads_to(&format!("/vendors/{labcorp}?done=life"));
    let vendor = w.see(labcorp);
    assert_eq!((vendor.place.life, vendor.standing.status), (Life::Ended, Status::NotNeeded));
    assert_eq!(w.flags(), Vec::<String>::new());
    w.visit(&w.link()).await.is(410);
    w.days_pass(400);
    assert_eq!(w.sweep().await.asked, 0);
    assert!(w.told(labcorp).iter().any(|line| line.contains("finished the end of the work of LabCorp")));
});

service_test!(a_step_takes_no_document_of_another_vendor, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    w.becomes(labcorp, Life::Ending);
    let settled = Settled {
        outcome: Outcome::Done,
        by: "Dana".to_owned(),
        on: w.today(),
        note: String::new(),
        document: Some(duecare::domain::ids::DocumentId::fresh()),
    };
    let done = w.app.store.write(|conn| {
        life::settle(conn, &w.app.office, &w.practice, w.asked(labcorp), StepKind::Access, Some(settled))
    });
    assert!(matches!(done, Err(LifeError::NoDocument)), "{done:?}");
    assert_eq!(Ending::checklist().len(), 4);
});

service_test!(an_archived_vendor_leaves_every_list_and_comes_back_whole, async |w: World| {
    let labcorp = w.vendor_with("LabCorp", |details| details.agreement_signed_on = None);
    w.vendor("Northgate");
    w.sweep().await;
    let archive = format!("/vendors/{labcorp}/archive");
    // It has information of ours.
    w.post(&archive, &[("why", "Added twice")]).await.is(422).shows("End its work first");
    w.becomes(labcorp, Life::Prospect);
    w.post(&archive, &[("why", "")]).await.is(422).shows("href=\"#why\"");
    w.post(&archive, &[("why", "Added by mistake")]).await.leads_to(&format!("/vendors/{labcorp}?done=archived"));
    w.get("/vendors").await.shows("Northgate").lacks("LabCorp");
    w.get("/vendors?archived=yes").await.shows("LabCorp").lacks("Northgate");
    w.get("/").await.is(200).lacks("LabCorp");
    w.get("/flags").await.is(200).lacks("LabCorp");
    let counts = w.app.store.read(|conn| store::vendor_list::counts(conn, &w.scope)).unwrap();
    assert_eq!(counts.statuses.values().sum::<u32>(), 1);
    w.days_pass(20);
    assert_eq!(w.sweep().await.reminded, 1, "only Northgate is reminded");
    w.get(&format!("/vendors/{labcorp}"))
        .await
        .shows("In the archive since November 22, 2026. Everything about it is kept until November 22, 2032 at least")
        .lacks("/ask\"");
    w.post(&format!("/vendors/{labcorp}/ask"), &[]).await.leads_to(&format!("/vendors/{labcorp}?done=quiet"));
    w.post(&format!("/vendors/{labcorp}/restore"), &[]).await.leads_to(&format!("/vendors/{labcorp}?done=restored"));
    w.becomes(labcorp, Life::Active);
    w.get("/vendors").await.shows("LabCorp");
    assert!(
        w.flags().iter().any(|flag| flag.starts_with("LabCorp: No business associate agreement")),
        "{:?}",
        w.flags()
    );
    assert!(w.app.store.read(|conn| store::assessments::of_vendor(conn, &w.scope, labcorp)).unwrap()[0].is_open());
});

service_test!(a_subcontractor_abroad_raises_the_risk_of_everyone_above, async |w: World| {
    let alone = |details: &mut duecare::domain::vendor::VendorDetails| details.exposure.subs = Subs::None;
    let (top, middle) = (w.vendor_with("Top", alone), w.vendor_with("Middle", alone));
    let far = w.vendor_with("Acme Hosting", |details| {
        details.ba_status = BaStatus::Subcontractor;
        details.exposure.elements.insert(Element::Insurance);
        details.exposure.access = [Access::Hosts].into();
    });
    let before = w.see(top).standing.inherent;
    w.put_under(middle, top).unwrap();
    w.put_under(far, middle).unwrap();
    // One or two companies: 30 of 100 at a weight of 10.
    assert_eq!(w.see(top).standing.inherent, before + 300);
    w.is_in(far, "India");
    assert_eq!(w.see(top).standing.inherent, before + 300 + 500);
    assert_eq!(w.see(middle).standing.inherent, before + 300 + 500);
    w.get(&format!("/vendors/{top}"))
        .await
        .shows("because Acme Hosting (India) stores it abroad")
        .shows("because we know of 2 companies below it");
    w.get(&format!("/vendors/{far}")).await.shows("It works for").shows("theirs to sign, not ours");
    assert!(w.flags().iter().any(|flag| {
        flag == "Top: Its subcontractor Acme Hosting holds what our record of this vendor leaves out: Insurance and payment details"
    }));
    assert!(!w.flags().iter().any(|flag| flag.starts_with("Acme Hosting: No business associate agreement")));
    // A vendor is asked by what its subcontractors do as well.
    w.ask();
    let asked = w.app.store.read(|conn| store::assessments::of_vendor(conn, &w.scope, top)).unwrap();
    assert_eq!((asked[0].asked.exposure.offshore, asked[0].asked.exposure.subs), (Offshore::Stored, Subs::Few));
    let take_out = format!("/vendors/{middle}/subcontractors/take-out");
    w.post(&take_out, &[("vendor", &far.to_string())])
        .await
        .leads_to(&format!("/vendors/{middle}/subcontractors?done=out"));
    assert_eq!((w.see(middle).standing.inherent, w.see(top).standing.inherent), (before, before + 300));
});

service_test!(subcontractors_are_added_from_the_list_and_anew, async |w: World| {
    let (top, other) = (w.vendor("Top"), w.vendor("Basalt"));
    let page = format!("/vendors/{top}/subcontractors");
    w.get(&format!("{page}?q=basalt")).await.is(200).shows("No subcontractors yet").shows("Add<span");
    w.post(&page, &[("vendor", &other.to_string())]).await.leads_to(&format!("{page}?done=added"));
    w.post(&page, &[("vendor", &top.to_string())]).await.is(422).shows("cannot work for itself");
    w.post(&format!("/vendors/{other}/subcontractors"), &[("vendor", &top.to_string())])
        .await
        .is(422)
        .shows("Choose another");
    let new =
        [("name", "Luzon Typing"), ("services", "Typing"), ("new_country", "Philippines"), ("contact_email", "x")];
    w.post(&format!("{page}/new"), &new).await.is(422).shows("href=\"#contact_email\"").shows("value=\"Luzon Typing\"");
    w.post(&format!("{page}/new"), &new[..3]).await.leads_to(&format!("{page}?done=added"));
    w.get(&page).await.shows("Luzon Typing").shows("Philippines").shows("2 subcontractors");
    w.post(&format!("{page}/new"), &new[..3]).await.is(422).shows("There is a vendor of this name already");
    w.post(&format!("/vendors/{top}/country"), &[("country", "u.s.")]).await.is(303);
    assert_eq!(w.see(top).place.country, "United States");
});

service_test!(two_people_who_move_at_once_make_no_loop, async |w: World| {
    for round in 0..4 {
        let (a, b) = (w.vendor(&format!("A{round}")), w.vendor(&format!("B{round}")));
        let moved: Vec<Result<(), SubError>> = std::thread::scope(|threads| {
            let both = [(a, b), (b, a)].map(|(child, parent)| {
                let w = &w;
                threads.spawn(move || w.put_under(child, parent))
            });
            both.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let done = moved.iter().filter(|one| one.is_ok()).count();
        assert_eq!(done, 1, "{moved:?}");
        assert!(moved.iter().any(|one| matches!(one, Err(SubError::Fault(MoveFault::Loop)))), "{moved:?}");
        let parents = [a, b].map(|id| w.see(id).place.parent);
        assert_eq!(parents.iter().flatten().count(), 1);
    }
});

service_test!(a_duplicate_is_merged_with_a_preview_of_what_moves, async |w: World| {
    let labcorp = w.vendor_with("LabCorp", |details| details.website = None);
    w.sweep().await;
    w.replied(labcorp, &[]);
    w.days_pass(10);
    let double = w.vendor_with("LabCorp Inc", |details| {
        details.external_id = Some("V-7".to_owned());
        details.website = Some("https://labcorp.test/".to_owned());
        details.owner = "Luis".to_owned();
        details.contact_email = Some("new@labcorp.test".to_owned());
    });
    let below = w.vendor("Basalt");
    w.put_under(below, double).unwrap();
    w.ask();
    w.get("/vendors/duplicates").await.is(200).shows("LabCorp Inc").shows("The same name");
    let page = format!("/vendors/{labcorp}/merge");
    w.get(&page).await.is(200).shows("Likely duplicates").shows("LabCorp Inc");
    w.get(&format!("{page}?other={double}"))
        .await
        .is(200)
        .shows("https://labcorp.test/")
        .shows("1 contact")
        .shows("1 assessment")
        .shows("1 subcontractor")
        .shows("name=\"website\" value=\"other\" checked")
        .shows("name=\"owner\" value=\"kept\" checked");
    let fields = [("other", double.to_string()), ("website", "other".to_owned()), ("external_id", "other".to_owned())];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    w.post(&page, &fields).await.leads_to(&format!("/vendors/{labcorp}?done=merged"));
    // Pressed twice it is done once.
    w.post(&page, &fields).await.leads_to(&format!("/vendors/{labcorp}?done=merged"));
    let kept = w.see(labcorp);
    assert_eq!(kept.details.website.as_deref(), Some("https://labcorp.test/"));
    assert_eq!((kept.details.external_id.as_deref(), kept.details.owner.as_str()), (Some("V-7"), "Dana"));
    assert_eq!(kept.details.contact_email.as_deref(), Some("pat@vendor.test"));
    assert_eq!(kept.details.agreement_signed_on, w.see(labcorp).details.agreement_signed_on);
    let assessments = w.app.store.read(|conn| store::assessments::of_vendor(conn, &w.scope, labcorp)).unwrap();
    assert_eq!(assessments.iter().map(|one| one.cycle).collect::<Vec<_>>(), [2, 1]);
    assert!(assessments[0].is_open() && assessments[1].accepted_on.is_some());
    assert_eq!(w.see(below).place.parent, Some(labcorp));
    let gone = w.see(double);
    assert_eq!((gone.place.merged_into, gone.details.external_id), (Some(labcorp), None));
    w.get(&format!("/vendors/{double}")).await.leads_to(&format!("/vendors/{labcorp}?done=is-merged"));
    w.get("/vendors").await.shows("2 vendors");
    assert!(w.told(labcorp).iter().any(|line| line.contains("merged LabCorp Inc into LabCorp")));
    w.post(&format!("/vendors/{double}/restore"), &[]).await.leads_to(&format!("/vendors/{double}/life?done=no-way"));
    w.deliver().await;
    w.visit(&w.link()).await.is(200);
});

service_test!(what_a_merge_changes_is_told_decided_and_followed, async |w: World| {
    let kept = w.vendor("LabCorp");
    let double = w.vendor_with("LabCorp Inc", |details| {
        details.external_id = Some("V-7".to_owned());
        details.ba_status = BaStatus::NoPhi;
        details.owner = "Luis".to_owned();
    });
    w.sweep().await;
    let fields = [("other", double.to_string()), ("ba_status", "other".to_owned()), ("owner", "other".to_owned())];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    w.post(&format!("/vendors/{kept}/merge"), &fields).await.leads_to(&format!("/vendors/{kept}?done=merged"));
    let told = w.told(kept);
    assert!(told.iter().any(|line| line.contains("the owner from “Dana” to “Luis”")), "{told:?}");
    let decisions = w.app.store.read(|conn| store::decisions::on_ba(conn, &w.scope, kept)).unwrap();
    assert!(decisions.iter().any(|one| one.status == BaStatus::NoPhi && one.reason.contains("LabCorp Inc")));
    let assessments = w.app.store.read(|conn| store::assessments::of_vendor(conn, &w.scope, kept)).unwrap();
    assert!(assessments.iter().all(|one| !one.is_open()), "nothing is asked of a vendor that gets no information");
});

service_test!(what_was_written_of_a_merged_vendor_is_read_with_the_one_that_stays, async |w: World| {
    let (first, second, last) = (w.vendor("Acme"), w.vendor("Acme East"), w.vendor("Acme Billing"));
    w.edit(first, |details| details.owner = "Luis".to_owned());
    for (kept, other) in [(second, first), (last, second)] {
        w.post(&format!("/vendors/{kept}/merge"), &[("other", &other.to_string())]).await.is(303);
    }
    let told = w.told(last);
    assert!(told.iter().any(|line| line.contains("to “Luis”")), "{told:?}");
    w.get(&format!("/history?vendor={last}")).await.is(200).shows("to “Luis”");
});

service_test!(whether_a_subcontractor_is_a_business_associate_is_decided_in_the_open, async |w: World| {
    let (host, billing) =
        (w.vendor_with("Host", |details| details.ba_status = BaStatus::Undetermined), w.vendor("Billing"));
    let status = |w: &World| w.see(host).details.ba_status;
    let decided = |w: &World| {
        let all = w.app.store.read(|conn| store::decisions::on_ba(conn, &w.scope, host)).unwrap();
        all.into_iter().map(|one| (one.status, one.reason)).collect::<Vec<_>>()
    };
    w.put_under(host, billing).unwrap();
    assert_eq!(status(&w), BaStatus::Subcontractor);
    assert!(decided(&w).contains(&(BaStatus::Subcontractor, "It was put under Billing".to_owned())));
    let out = |conn: &mut store::Db| subcontract::take_out(conn, &w.app.office, &w.practice, w.asked(host));
    w.app.store.write(out).unwrap();
    assert_eq!(status(&w), BaStatus::Undetermined);
    assert!(decided(&w).contains(&(BaStatus::Undetermined, "It no longer works for Billing".to_owned())));
    assert!(w.told(host)[0].contains("noted whether it is a business associate"));
});

service_test!(of_two_open_questionnaires_one_stays_and_agreements_are_versions, async |w: World| {
    let (one, other) = (
        w.vendor("One"),
        w.vendor_with("One and the same", |details| {
            details.agreement_signed_on = Some(w_today() - TimeDelta::days(10));
        }),
    );
    w.sweep().await;
    let page = format!("/vendors/{one}/merge");
    w.get(&format!("{page}?other={other}")).await.shows("Both have an open questionnaire");
    w.post(&page, &[("other", &other.to_string())]).await.is(303);
    let assessments = w.app.store.read(|conn| store::assessments::of_vendor(conn, &w.scope, one)).unwrap();
    assert_eq!(assessments.iter().filter(|one| one.is_open()).count(), 1);
    let agreements = w.app.store.read(|conn| store::agreements::of_vendor(conn, &w.scope, one)).unwrap();
    let mut versions: Vec<_> = agreements.iter().map(|one| (one.version, one.terms.signed_on)).collect();
    versions.sort();
    assert_eq!(versions.len(), 2);
    assert!(versions[0].1 < versions[1].1, "the one signed last comes last: {versions:?}");
});

fn w_today() -> chrono::NaiveDate {
    crate::world::START.parse::<chrono::DateTime<chrono::Utc>>().unwrap().date_naive()
}

service_test!(a_vendor_that_works_for_its_duplicate_takes_its_place, async |w: World| {
    let [top, double, kept] = ["Top", "Double", "Kept"].map(|name| w.vendor(name));
    w.put_under(double, top).unwrap();
    w.put_under(kept, double).unwrap();
    w.post(&format!("/vendors/{kept}/merge"), &[("other", &double.to_string())]).await.is(303);
    assert_eq!(w.see(kept).place.parent, Some(top));
    let below = w.app.store.read(|conn| store::tree::below(conn, &w.scope, top)).unwrap();
    assert_eq!(below.len(), 1);
});

service_test!(another_practice_sees_none_of_it_and_an_auditor_changes_nothing, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    w.becomes(labcorp, Life::Ending);
    let (_, stranger) = w.other_practice();
    let auditor = w.colleague(Role::Auditor);
    for page in ["life", "ending", "merge", "subcontractors"] {
        w.get_as(&format!("/vendors/{labcorp}/{page}"), &stranger).await.is(404);
    }
    for page in ["life", "ending", "subcontractors"] {
        w.get_as(&format!("/vendors/{labcorp}/{page}"), &auditor)
            .await
            .is(200)
            .lacks("Move it</button>")
            .lacks("Finish the end");
    }
    w.get_as(&format!("/vendors/{labcorp}"), &auditor).await.is(200).lacks("Merge a duplicate").lacks("/ask\"");
    w.get_as("/vendors/duplicates", &auditor).await.is(200);
    let id = labcorp.to_string();
    let fields = [
        ("vendor", id.as_str()),
        ("other", id.as_str()),
        ("to", "active"),
        ("reason", "x"),
        ("why", "x"),
        ("step", "access"),
        ("action", "open"),
    ];
    for page in [
        "life",
        "archive",
        "restore",
        "ending",
        "ending/finish",
        "merge",
        "subcontractors",
        "subcontractors/new",
        "subcontractors/take-out",
        "country",
    ] {
        let path = format!("/vendors/{labcorp}/{page}");
        w.post_as(&path, &fields, STAFF_COOKIE, &auditor).await.is(403);
        let status = w.post_as(&path, &fields, STAFF_COOKIE, &stranger).await.status.as_u16();
        assert!(status == 404 || (page == "subcontractors/new" && status == 422), "{page}: {status}");
    }
    // A vendor of another practice cannot be put under ours, nor merged into it.
    let mine = w.vendor("Mine");
    let unknown = VendorId::fresh().to_string();
    w.post(&format!("/vendors/{mine}/subcontractors"), &[("vendor", &unknown)]).await.is(404);
    w.post(&format!("/vendors/{mine}/merge"), &[("other", &unknown)]).await.is(404);
    w.post(&format!("/vendors/{mine}/subcontractors/take-out"), &[("vendor", &unknown)]).await.is(404);
});
