//! The history tells what was done, and shows when somebody has changed it.

use diesel::RunQueryDsl;
use duecare::domain::access::Scope;
use duecare::domain::entry::{Act, Actor, Broken, Deed, Mark};
use duecare::store::{StoreError, entries};

use crate::world::{World, service_test};

fn said(w: &World) -> Vec<String> {
    let list = w.app.store.read(|conn| entries::list(conn, &w.scope, &entries::About::default(), 1000, 0)).unwrap();
    list.into_iter().rev().map(|(entry, _)| format!("{} {}", entry.by.name(), entry.sentence)).collect()
}

fn did(what: &str) -> Deed<'static> {
    Deed { by: &Actor::Program, act: Act::Changed, vendor: None, sentence: format!("did {what}") }
}

fn is_whole(w: &World) -> bool {
    w.app.store.read(|conn| entries::verify(conn, &w.scope, None, &mut |_, _| {})).unwrap().is_ok()
}

fn tamper(w: &World, statement: &str) {
    let statement = statement.replace("{practice}", &w.practice.id.to_string());
    w.app.store.write(|conn| Ok::<_, StoreError>(diesel::sql_query(statement).execute(conn)?)).unwrap();
}

service_test!(a_vendors_year_is_told_line_by_line, async |w: World| {
    let lab = w.vendor("LabCorp");
    w.sweep().await;
    w.replied(lab, &[]);
    w.deliver().await;
    let told = said(&w);
    let at = |words: &str| {
        told.iter().position(|line| line.contains(words)).unwrap_or_else(|| panic!("“{words}” is not in {told:#?}"))
    };
    let order = [
        at("duecare added the vendor LabCorp"),
        at("duecare asked "),
        at("duecare sent the invitation"),
        at("opened the link and began to answer"),
        at("Pat Morgan signed the answers as Office manager"),
        at("duecare sent the receipt"),
    ];
    assert!(order.is_sorted(), "{order:?} of {told:#?}");
    assert!(is_whole(&w));
});

service_test!(a_changed_field_is_told_with_what_it_was, async |w: World| {
    let lab = w.vendor("LabCorp");
    w.post(&format!("/vendors/{lab}/edit"), &[("name", "LabCorp"), ("owner", "Lee"), ("ba_status", "no-phi")]).await;
    let told = said(&w);
    let line = told.iter().find(|line| line.starts_with("Dana Whitfield changed")).expect("a line about the change");
    assert!(line.contains("the owner from “Dana” to “Lee”"), "{line}");
    assert!(line.contains("from “Business associate” to “Not one: gets no patient information”"), "{line}");
    w.get(&format!("/vendors/{lab}")).await.is(200).shows("the owner from “Dana” to “Lee”").shows("Timeline");
    w.get(&format!("/history?vendor={lab}")).await.is(200).shows("the owner from “Dana” to “Lee”");
    w.get("/history?act=asked").await.is(200).lacks("the owner from");
});

service_test!(a_questionnaire_that_is_closed_is_told, async |w: World| {
    let lab = w.vendor("LabCorp");
    w.sweep().await;
    w.edit(lab, |details| details.ba_status = duecare::domain::vendor::BaStatus::NoPhi);
    assert!(said(&w).iter().any(|line| line.starts_with("duecare closed the questionnaire that was due ")));
});

service_test!(an_edited_line_of_the_history_is_found, async |w: World| {
    w.vendor("LabCorp");
    assert!(is_whole(&w));
    tamper(
        &w,
        "UPDATE entries SET sentence = 'added the vendor Other' WHERE number = 1 AND practice_id = '{practice}'",
    );
    assert!(!is_whole(&w));
    w.get("/history?check=1").await.is(200).shows("The history is not as it was written");
});

service_test!(a_removed_line_of_the_history_is_found, async |w: World| {
    w.vendor("LabCorp");
    w.vendor("Shredders");
    tamper(&w, "DELETE FROM entries WHERE number = 2 AND practice_id = '{practice}'");
    assert!(!is_whole(&w));
});

service_test!(a_history_that_was_cut_off_is_found, async |w: World| {
    w.vendor("LabCorp");
    tamper(&w, "DELETE FROM entries WHERE number = (SELECT MAX(number) FROM entries) AND practice_id = '{practice}'");
    assert!(!is_whole(&w));
});

fn verified(w: &World, expected: Option<Mark>) -> Result<Mark, Broken> {
    let verified = w.app.store.read(|conn| entries::verify(conn, &w.scope, expected, &mut |_, _| {}));
    verified.unwrap().map(|whole| whole.end())
}

/// Takes the last line away and moves the end to the one before, as someone would who can
/// write to the database and knows how the chain is made.
fn cut(w: &World) {
    tamper(w, "DELETE FROM entries WHERE number = (SELECT MAX(number) FROM entries) AND practice_id = '{practice}'");
    let last = "FROM entries WHERE practice_id = '{practice}' ORDER BY number DESC LIMIT 1";
    tamper(
        w,
        &format!(
            "UPDATE chains SET number = (SELECT number {last}), hash = (SELECT hash {last}) WHERE practice_id = '{{practice}}'"
        ),
    );
}

service_test!(a_history_that_was_cut_off_with_the_note_of_its_end_is_found_and_stays_found, async |w: World| {
    w.vendor("LabCorp");
    cut(&w);
    assert_eq!(verified(&w, None), Err(Broken::Unsealed));
    w.get("/history?check=1").await.is(200).shows("The history is not as it was written");
    // What is written after it does not cover it up, nor does a seal that is taken away.
    w.vendor("Shredders");
    assert_eq!(verified(&w, None), Err(Broken::Unsealed));
    tamper(&w, "UPDATE chains SET seal = '' WHERE practice_id = '{practice}'");
    w.vendor("Towels");
    assert_eq!(verified(&w, None), Err(Broken::Unsealed));
});

service_test!(a_history_of_which_everything_was_removed_is_found_and_stays_found, async |w: World| {
    w.vendor("LabCorp");
    tamper(&w, "DELETE FROM entries WHERE practice_id = '{practice}'");
    tamper(&w, "DELETE FROM chains WHERE practice_id = '{practice}'");
    assert_eq!(verified(&w, None), Err(Broken::NoEnd));
    w.vendor("Shredders");
    assert_eq!(verified(&w, None), Err(Broken::Unsealed));
});

#[derive(diesel::QueryableByName)]
struct Sealed {
    #[diesel(sql_type = diesel::sql_types::Text)]
    seal: String,
}

service_test!(an_older_end_put_back_with_its_own_seal_is_found_by_a_line_kept_elsewhere, async |w: World| {
    w.vendor("LabCorp");
    let seal: Sealed = w
        .app
        .store
        .read(|conn| {
            let query = format!("SELECT seal FROM chains WHERE practice_id = '{}'", w.practice.id);
            Ok::<_, StoreError>(diesel::sql_query(query).get_result(conn)?)
        })
        .unwrap();
    let before = verified(&w, None).unwrap();
    w.app.store.write(|conn| entries::write(conn, &w.scope, &did("something"), w.now())).unwrap();
    let after = verified(&w, None).unwrap();
    assert_eq!(verified(&w, Some(before.clone())), Ok(after.clone()));
    cut(&w);
    tamper(&w, &format!("UPDATE chains SET seal = '{}' WHERE practice_id = '{{practice}}'", seal.seal));
    // It was the true end once, and only what was kept elsewhere says that it is not now.
    assert_eq!(verified(&w, None), Ok(before));
    assert_eq!(verified(&w, Some(after.clone())), Err(Broken::Cut { found: after.number - 1, expected: after.number }));
});

service_test!(after_another_secret_key_a_whole_history_is_sealed_anew_and_says_so, async |w: World| {
    w.vendor("LabCorp");
    let key = duecare::secrets::Key::of("another secret that only this test has");
    let w = w.with(|app| app.store = app.store.clone().sealing(key.chain_key()));
    assert_eq!(verified(&w, None), Err(Broken::Unsealed));
    w.app.store.write(|conn| entries::seal(conn, &w.scope, w.now())).unwrap().unwrap();
    assert!(is_whole(&w));
    assert!(said(&w).last().is_some_and(|line| line.starts_with("duecare sealed the history anew")));
    // Not one that is broken.
    tamper(&w, "UPDATE entries SET sentence = 'x' WHERE number = 1 AND practice_id = '{practice}'");
    assert_eq!(w.app.store.write(|conn| entries::seal(conn, &w.scope, w.now())).unwrap(), Err(Broken::Altered(1)));
});

service_test!(lines_that_changed_places_are_found, async |w: World| {
    w.vendor("LabCorp");
    w.vendor("Shredders");
    tamper(&w, "UPDATE entries SET number = 99 WHERE number = 1 AND practice_id = '{practice}'");
    tamper(&w, "UPDATE entries SET number = 1 WHERE number = 2 AND practice_id = '{practice}'");
    tamper(&w, "UPDATE entries SET number = 2 WHERE number = 99 AND practice_id = '{practice}'");
    assert!(!is_whole(&w));
});

service_test!(what_was_taken_back_left_no_line, async |w: World| {
    w.vendor("LabCorp");
    let before = said(&w).len();
    let lost = w.app.store.write(|conn| {
        entries::write(conn, &w.scope, &did("something"), w.now())?;
        Err::<(), _>(StoreError::Duplicate)
    });
    assert!(lost.is_err());
    assert_eq!(said(&w).len(), before);
    assert!(is_whole(&w));
});

service_test!(each_practice_has_a_history_of_its_own, async |w: World| {
    w.vendor("LabCorp");
    let (other, cookie) = w.other_practice();
    w.get_as("/history", &cookie).await.is(200).lacks("LabCorp");
    let lines = w.app.store.read(|conn| entries::total(conn, &Scope::Practice(other.id), &entries::About::default()));
    // That it was founded.
    assert_eq!(lines.unwrap(), 1);
    assert!(is_whole(&w));
});

service_test!(the_history_is_exported_with_its_seals, async |w: World| {
    w.vendor("=cmd|calc");
    let file = w.get("/history/export.csv").await;
    file.is(200).shows("number,at,by,person,what,vendor,vendor_id,sentence,seal").shows("'=cmd|calc");
    assert!(said(&w).last().is_some_and(|line| line.starts_with("Dana Whitfield exported")));
});

/// Puts so many lines more into the history as no page can.
fn add_lines(w: &World, count: u32) {
    w.sql(&format!(
        "INSERT INTO entries (practice_id, number, at, by_kind, by_id, by_name, act, sentence, hash) \
         WITH RECURSIVE numbers(n) AS (SELECT 1001 UNION ALL SELECT n + 1 FROM numbers WHERE n < 1000 + {count}) \
         SELECT one.practice_id, numbers.n, one.at, one.by_kind, one.by_id, one.by_name, one.act, 'did a thing', one.hash \
         FROM numbers, (SELECT * FROM entries LIMIT 1) AS one"
    ));
}

service_test!(an_export_of_many_lines_has_each_of_them_once_and_its_line_says_how_many, async |w: World| {
    w.vendor("LabCorp");
    add_lines(&w, 12_000);
    let all = w.app.store.read(|conn| entries::total(conn, &w.scope, &entries::About::default())).unwrap();
    let file = w.get("/history/export.csv").await;
    file.is(200);
    let numbers: Vec<u32> =
        file.text.lines().skip(1).map(|line| line.split(',').next().unwrap().parse().unwrap()).collect();
    assert_eq!(numbers.len(), all as usize);
    assert!(numbers.is_sorted_by(|newer, older| newer > older));
    let about = entries::About { act: Some(Act::Exported), ..Default::default() };
    let told = w.app.store.read(|conn| entries::list(conn, &w.scope, &about, 10, 0)).unwrap();
    assert_eq!(told[0].0.sentence, format!("exported {all} lines of the history"));
});

service_test!(an_export_that_would_leave_lines_out_is_refused_and_says_to_choose_dates, async |w: World| {
    w.vendor("LabCorp");
    add_lines(&w, 200_000);
    w.get("/history/export.csv?act=exported").await.is(200);
    let page = w.get("/history/export.csv").await;
    page.leads_to("/history?export=too-many");
    w.get(&page.location).await.is(200).shows("Nothing was exported").shows("Choose the days");
    let about = entries::About { act: Some(Act::Exported), ..Default::default() };
    assert_eq!(w.app.store.read(|conn| entries::total(conn, &w.scope, &about)).unwrap(), 1);
});

service_test!(twenty_writers_at_once_leave_an_unbroken_history, async |w: World| {
    let store = w.app.store.clone();
    let (scope, now) = (w.scope, w.now());
    let writers: Vec<_> = (0..20)
        .map(|number| {
            let store = store.clone();
            std::thread::spawn(move || {
                store.write(|conn| entries::write(conn, &scope, &did(&format!("thing {number}")), now))
            })
        })
        .collect();
    for writer in writers {
        writer.join().unwrap().unwrap();
    }
    // And the line of the beginning.
    assert_eq!(said(&w).len(), 21);
    assert!(is_whole(&w));
});
