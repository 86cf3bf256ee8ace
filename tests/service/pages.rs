//! What pages offer leads somewhere, is offered to whoever may press it, and says what is so.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use duecare::domain::contact::AddressState;
use duecare::domain::entry::Actor;
use duecare::domain::ids::VendorId;
use duecare::domain::life::Life;
use duecare::domain::standing::Status;
use duecare::domain::user::Role;
use duecare::domain::vendor::BaStatus;
use duecare::flows::contact;
use duecare::store;
use duecare::web::session::{KEPT_COOKIE, STAFF_COOKIE};

use crate::passage::{PASSWORD, cookie, look, person, post, signed_in};
use crate::world::{Page, World, service_test};

/// The addresses that a page links to on this site.
fn links(page: &Page) -> BTreeSet<String> {
    let hrefs = page.text.split(" href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let plain = |href: &str| href.split('#').next().unwrap_or_default().replace("&amp;", "&").replace("&#x3D;", "=");
    hrefs.map(plain).filter(|href| href.starts_with('/')).collect()
}

/// The letters of a vendor's address came back.
fn bounces(w: &World, vendor: VendorId) {
    let now = w.now();
    let bounce = |conn: &mut store::Db| {
        let one = store::contacts::preferred(conn, &w.scope, vendor)?.unwrap();
        contact::mark(
            conn,
            &w.app.office,
            &w.practice,
            vendor,
            one.id,
            AddressState::Bounced,
            "550 no such mailbox",
            &Actor::Program,
            now,
        )
        .map_err(|_| store::StoreError::Corrupt("not marked".to_owned()))
    };
    w.app.store.write(bounce).unwrap();
}

service_test!(every_link_of_the_first_steps_and_of_the_menu_leads_somewhere, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    w.sweep().await;
    let mut tried = BTreeSet::new();
    let menu = links(&w.get("/").await);
    assert!(["/vendors", "/round", "/outbox", "/practice", "/account"].iter().all(|at| menu.contains(*at)), "{menu:?}");
    let pages = ["/setup".to_owned(), format!("/vendors/{labcorp}")].into_iter().chain(menu);
    for page in pages {
        for href in links(&w.get(&page).await) {
            if tried.insert(href.clone()) {
                let status = w.get(&href).await.status.as_u16();
                assert!(matches!(status, 200 | 303), "{page} leads to {href}: {status}");
            }
        }
    }
    assert!(tried.contains("/account/second-step") && tried.len() > 30, "{tried:?}");
});

service_test!(a_page_that_is_not_there_keeps_the_menu_of_whoever_is_signed_in, async |w: World| {
    for nowhere in ["/nowhere", "/vendors/none", "/vendors/0199f6a0-0000-7000-8000-000000000000"] {
        w.get(nowhere).await.is(404).shows("There is no such page").shows("href=\"/round\"").shows("Sign out");
    }
    w.visit("/nowhere").await.is(404).shows("There is no such page").lacks("href=\"/round\"");
});

service_test!(an_auditor_is_told_who_is_due_and_offered_no_button_that_asks, async |w: World| {
    w.vendor("LabCorp");
    let auditor = w.colleague(Role::Auditor);
    w.get("/").await.shows("Ask 1 vendor now");
    w.get_as("/", &auditor).await.is(200).shows("1 vendor is due to be asked").lacks("Ask 1 vendor now");
    w.get("/round").await.shows("Ask this vendor now");
    let round = w.get_as("/round", &auditor).await;
    round.is(200).shows("LabCorp").lacks("Ask this vendor now").lacks("action=\"/round\"");
});

service_test!(a_button_pressed_too_late_is_kept_and_done_after_the_password, async |w: World| {
    person(&w, "ada@maple.test", "Ada", Role::Administrator);
    let session = signed_in(&w, "ada@maple.test").await;
    w.app.clock.advance(TimeDelta::minutes(11));
    let asked = post(&w, "/account/second-step/app", &[], &session).await;
    asked.leads_to("/prove?next=%2Fkept");
    let kept = cookie(&asked, KEPT_COOKIE);
    let proven = post(&w, "/prove", &[("password", PASSWORD), ("next", "/kept")], &session).await;
    let renewed = cookie(&proven, STAFF_COOKIE);
    let page = look(&w, "/kept", &[(STAFF_COOKIE, &renewed), (KEPT_COOKIE, &kept)]).await;
    page.is(200).shows("You pressed “Set up the app”").shows("action=\"/account/second-step/app\"").shows("Discard");
    post(&w, "/account/second-step/app", &[], &renewed).await.is(200).shows("Set up the app");
});

service_test!(a_form_that_is_not_kept_leads_back_to_its_page, async |w: World| {
    person(&w, "ada@maple.test", "Ada", Role::Administrator);
    let session = signed_in(&w, "ada@maple.test").await;
    w.app.clock.advance(TimeDelta::minutes(11));
    // A password is never kept.
    let new = [("password", "seven loud purple kettles")];
    post(&w, "/account/password", &new, &session).await.leads_to("/prove?next=%2Faccount%2Fpassword");
    // Without a session nothing can be kept, and the page is the one to come back to.
    let lost = |path: &'static str| w.submit(path, &[]);
    lost("/people/1/resend").await.leads_to("/sign-in?next=%2Fpeople");
    lost("/vendors/1/ask").await.leads_to("/sign-in?next=%2Fvendors%2F1");
    lost("/vendors/bulk/do").await.leads_to("/sign-in?next=%2Fvendors");
    lost("/vendors/1/edit").await.leads_to("/sign-in?next=%2Fvendors%2F1%2Fedit");
});

service_test!(a_form_with_a_fault_is_mended_before_the_password_is_asked, async |w: World| {
    person(&w, "ada@maple.test", "Ada", Role::Administrator);
    let session = signed_in(&w, "ada@maple.test").await;
    w.app.clock.advance(TimeDelta::minutes(11));
    let wrong = post(&w, "/people", &[("email", "robin"), ("role", "auditor")], &session).await;
    wrong.is(422).shows("href=\"#email\"").shows("value=\"robin\"");
    let right = [("email", "robin@maple.test"), ("role", "auditor")];
    post(&w, "/people", &right, &session).await.leads_to("/prove?next=%2Fkept");
    w.get("/people").await.lacks("robin@maple.test");
});

service_test!(whoever_should_get_the_questionnaire_and_cannot_is_amber, async |w: World| {
    let (fine, nobody, bounced) =
        (w.vendor("Fine"), w.vendor_with("Nobody", |one| one.contact_email = None), w.vendor("Bounced"));
    bounces(&w, bounced);
    let at = |id: VendorId| format!("/vendors/{id}/contacts");
    let good = "<b class=\"badge good\">Gets the questionnaire</b>";
    w.get(&at(fine)).await.shows(good).lacks("Correct this address");
    w.get(&at(nobody)).await.shows("<b class=\"badge soon\">Should get it: no e-mail</b>").lacks(good);
    let page = w.get(&at(bounced)).await;
    page.shows("Should get it: address does not work").lacks(good).shows("Correct this address");
    w.get(&format!("/vendors/{bounced}")).await.shows("Should get it: address does not work").lacks(good);
});

service_test!(another_person_is_chosen_for_the_questionnaire_from_the_list, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    bounces(&w, labcorp);
    let list = format!("/vendors/{labcorp}/contacts");
    w.post(&list, &[("name", "Ruth Lee"), ("email", "ruth@vendor.test")]).await.is(303);
    let page = w.get(&list).await;
    page.shows("Send the questionnaire to this person");
    let at = page.text.find("/prefer\"").unwrap();
    let prefer = page.text[..at].rsplit('"').next().unwrap().to_owned() + "/prefer";
    let auditor = w.colleague(Role::Auditor);
    w.get_as(&list, &auditor).await.is(200).lacks("Send the questionnaire to this person").lacks("Correct this");
    w.post(&prefer, &[]).await.leads_to(&format!("{list}?done=preferred"));
    let chosen = w.app.store.read(|conn| store::contacts::preferred(conn, &w.scope, labcorp)).unwrap().unwrap();
    assert_eq!(chosen.details.name, "Ruth Lee");
});

service_test!(the_tab_of_missing_agreements_counts_what_their_page_counts, async |w: World| {
    w.vendor("Fine");
    w.vendor_with("Missing", |one| one.agreement_signed_on = None);
    let over = w.today() - TimeDelta::days(10);
    w.vendor_with("Ended", |one| one.agreement_ends_on = Some(over));
    w.get("/agreements").await.shows("2 vendors get patient information without a current agreement");
    let list = w.get("/vendors").await;
    list.shows("href=\"/vendors?agreement&#x3D;lacking\">No current agreement</a>");
    w.get("/vendors?agreement=lacking").await.shows("2 of 3 vendors match").shows("Agreement: Missing or ended");
    w.get("/vendors?agreement=ended").await.shows("1 of 3 vendors matches");
});

service_test!(before_many_are_asked_the_page_says_how_many_get_a_letter_and_why_others_do_not, async |w: World| {
    let asked = w.vendor("Asked");
    w.sweep().await;
    let new = w.vendor("New");
    let nobody = w.vendor_with("Nobody", |one| one.contact_email = None);
    let shredder = w.vendor_with("Shredder", |one| one.ba_status = BaStatus::Conduit);
    let bounced = w.vendor("Bounced");
    bounces(&w, bounced);
    let choose = async |picks: &[VendorId]| {
        let picks: Vec<String> = picks.iter().map(VendorId::to_string).collect();
        let fields = [("act", "ask")].into_iter().chain(picks.iter().map(|pick| ("pick", pick.as_str())));
        w.post("/vendors/bulk", &fields.collect::<Vec<_>>()).await
    };
    let page = choose(&[asked, new, nobody, shredder, bounced]).await;
    page.is(200).shows("1 vendor gets a letter.").shows("<button class=\"button\" type=\"submit\">Ask 1 vendor now");
    for why in ["asked already", "no e-mail address to write to", "no business associate", "bounced, or are not wanted"]
    {
        page.shows(&format!("<li>1: {}", if why.starts_with("bounced") { "letters to the address " } else { "" }));
        page.shows(why);
    }
    let none = choose(&[asked, nobody]).await;
    none.is(200).shows("Nobody of these gets a letter.").lacks("type=\"submit\">Ask").shows("Back to the list");
});

service_test!(a_vendor_that_ends_says_what_is_left_to_settle, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    w.sweep().await;
    let end = [("to", "ending"), ("last_day", "2027-01-31"), ("reason", "Too dear")];
    w.post(&format!("/vendors/{labcorp}/life"), &end).await.is(303);
    assert_eq!(w.see(labcorp).place.life, Life::Ending);
    let page = w.get(&format!("/vendors/{labcorp}")).await;
    page.shows("Settle the checklist of its end: ").shows("steps left.").lacks("The reply is due on");
    page.shows(&format!("</strong> <a href=\"/vendors/{labcorp}/ending\">"));
});

service_test!(the_course_of_flags_begins_with_the_practice, async |w: World| {
    w.vendor("LabCorp");
    w.get("/").await.shows("Vendors by rating today").lacks("Open flags at the end of each month");
    w.days_pass(20);
    let page = w.get("/").await;
    page.shows("Open flags at the end of each month").shows("Nov 2026").lacks("Oct 2026");
});

service_test!(a_reminder_is_one_line_of_the_history, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    w.sweep().await;
    let before = w.history().len();
    let due = w.see(labcorp).standing.next_due_on.unwrap();
    w.days_pass((due - w.today()).num_days() + 1);
    assert_eq!(w.sweep().await.reminded, 1);
    let history = w.history();
    let about: Vec<&String> = history[..history.len() - before].iter().filter(|line| line.contains("remind")).collect();
    assert!(matches!(about.as_slice(), [line] if line.starts_with("sent the reminder “")), "{history:#?}");
});

service_test!(a_search_that_finds_only_archived_vendors_says_so, async |w: World| {
    w.vendor("Fine");
    let old = w.vendor("Gearbox Scans");
    w.sql("UPDATE vendors SET life = 'prospect' WHERE name = 'Gearbox Scans'");
    w.post(&format!("/vendors/{old}/archive"), &[("why", "Added by mistake")]).await.is(303);
    let page = w.get("/vendors?q=gearbox").await;
    page.shows("1 archived vendor matches").shows("/vendors?q&#x3D;gearbox&amp;archived&#x3D;yes");
    w.get("/vendors?q=gearbox&archived=yes").await.shows("Gearbox Scans");
    w.get("/vendors?q=nothing").await.lacks("archived vendor matches").shows("Try fewer words");
});

service_test!(steps_that_were_left_out_are_counted, async |w: World| {
    let now = w.now();
    w.app.store.write(|conn| duecare::flows::setup::begin(conn, &w.scope, now)).unwrap();
    w.post("/setup", &[("step", "mail"), ("act", "skip")]).await.is(303);
    w.get("/setup").await.shows("1 of 5 steps done, 1 left out");
    w.get("/").await.shows("1 of 5 steps done, 1 left out");
});

service_test!(the_first_form_tells_all_its_faults_at_once, async |w: World| {
    w.empty();
    let now = w.now();
    let first = duecare::domain::user::SignInLink::FIRST_RUN;
    let token = w.app.store.write(|conn| duecare::flows::sign_in::make_link(conn, &first, now)).unwrap();
    let page = w.submit(&format!("/welcome/{token}"), &[("email", "ada"), ("password", "short")]).await;
    page.is(422);
    for field in ["practice_name", "timezone", "name", "email", "password"] {
        page.shows(&format!("href=\"#{field}\""));
    }
});

service_test!(signing_in_where_nothing_is_set_up_says_so, async |w: World| {
    w.visit("/sign-in").await.is(200).lacks("Not set up yet");
    w.empty();
    w.visit("/sign-in").await.is(200).shows("Not set up yet").shows("Open the link that duecare printed");
});

service_test!(days_that_are_turned_around_are_told, async |w: World| {
    let page = w.get("/history?since=2026-11-22&until=2026-11-01").await;
    page.is(200).shows("“From” is after “To”");
    w.get("/history?since=2026-11-01&until=2026-11-22").await.lacks("is after");
});

service_test!(an_auditor_reads_what_an_empty_setting_means, async |w: World| {
    let auditor = w.colleague(Role::Auditor);
    let page = w.get_as("/practice", &auditor).await;
    page.is(200).shows("<dt>Letters are from</dt><dd class=\"pre\">Maple Family Practice</dd>").lacks(">Nothing<");
});

service_test!(a_second_factor_for_all_warns_who_has_none_first, async |w: World| {
    person(&w, "ada@maple.test", "Ada", Role::Administrator);
    let session = signed_in(&w, "ada@maple.test").await;
    let page = w.get_as("/practice", &session).await;
    let fields = |more: &[(&str, &str)]| -> Vec<(String, String)> {
        let mut all = vec![("seen".to_owned(), page.value_of("seen"))];
        let fixed = [
            ("name", "Maple Family Practice"),
            ("timezone", "America/Chicago"),
            ("cadence_1", "12"),
            ("cadence_2", "12"),
            ("cadence_3", "12"),
            ("cadence_4", "12"),
            ("reminders_before", "30, 14, 7, 1"),
            ("reminders_after", "1, 7"),
            ("grace_days", "14"),
            ("idle_minutes", "15"),
            ("nprm", "off"),
            ("second_factor", "yes"),
        ];
        all.extend(fixed.iter().chain(more).map(|(name, text)| ((*name).to_owned(), (*text).to_owned())));
        all
    };
    let send = async |more: &[(&str, &str)]| {
        let all = fields(more);
        let all: Vec<(&str, &str)> = all.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        post(&w, "/practice", &all, &session).await
    };
    let warned = send(&[]).await;
    warned.is(422).shows("You did not sign in with a second step").shows("name=\"warned\" value=\"yes\"");
    assert!(!w.known().settings.second_factor);
    send(&[("warned", "yes")]).await.is(303);
    assert!(w.known().settings.second_factor);
});

service_test!(the_pages_have_a_mark_of_their_own, async |w: World| {
    let icon = w.visit("/favicon.ico").await;
    icon.is(200).shows("<svg");
    assert!(icon.headers.iter().any(|(name, value)| name == "content-type" && value == "image/svg+xml"));
    w.get("/").await.shows("href=\"/favicon.ico\"");
});

service_test!(a_vendor_that_needs_nothing_has_no_tier, async |w: World| {
    let shredder = w.vendor_with("Shredder", |one| one.ba_status = BaStatus::Conduit);
    assert_eq!(w.see(shredder).standing.status, Status::NotNeeded);
    let list = w.get("/vendors").await;
    list.shows("<td class=\"nowrap\">–</td>").lacks(">Tier 2</td>");
    w.get(&format!("/vendors/{shredder}")).await.shows("Tier –: not needed").lacks("<li>Tier 2</li>");
});
