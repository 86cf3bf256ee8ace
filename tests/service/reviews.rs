//! A person reviews a signed reply: decides on "does not apply", checks evidence, returns
//! questions, and accepts it.

use duecare::domain::answers::{Evidence, Grade, Value};
use duecare::domain::ids::{AssessmentId, VendorId};
use duecare::domain::questionnaire::NprmMode;
use duecare::domain::review::ReviewState;
use duecare::domain::scoring::Scorecard;
use duecare::domain::scoring::replay::Input;
use duecare::domain::user::Role;
use duecare::store;
use duecare::store::assessments::Kept;

use crate::documents::samples::pdf;
use crate::supporting::send;
use crate::world::{Page, World, service_test};

const NA: &str = "adm.screening";
const SIGNER: [(&str, &str); 4] =
    [("name", "Pat Morgan"), ("job_title", "Office manager"), ("email", "pat@vendor.test"), ("authority", "yes")];

fn newest(w: &World, vendor: VendorId) -> AssessmentId {
    w.app.store.read(|conn| store::assessments::of_vendor(conn, &w.scope, vendor)).unwrap()[0].id
}

fn signed_score(w: &World, id: AssessmentId) -> Kept {
    w.app.store.read(|conn| store::assessments::score(conn, &w.scope, id)).unwrap().unwrap()
}

fn reviewed(w: &World, id: AssessmentId) -> Vec<Scorecard> {
    let all = w.app.store.read(|conn| store::reviews::accepted(conn, &w.scope, id)).unwrap();
    all.into_iter().map(|(_, kept)| kept.card).collect()
}

/// A vendor that replied, with these answers different from the best.
async fn replied(w: &World, name: &str, differences: &[(&str, Value)]) -> (VendorId, AssessmentId) {
    let vendor = w.vendor(name);
    w.sweep().await;
    w.replied(vendor, differences);
    (vendor, newest(w, vendor))
}

fn at(id: AssessmentId) -> String {
    format!("/assessments/{id}/review")
}

/// Sends the page back with these marks.
async fn decide(w: &World, id: AssessmentId, page: &Page, marks: &[(&str, &str)]) -> Page {
    let (seen, signed) = (page.value_of("seen"), page.value_of("signed"));
    let shown = [("seen", seen.as_str()), ("signed", signed.as_str())];
    w.post(&at(id), &[&shown, marks].concat()).await
}

const ACCEPT: (&str, &str) = ("action", "accept");
const SAVE: (&str, &str) = ("action", "save");

service_test!(a_rating_is_provisional_until_a_person_accepts_the_reply, async |w: World| {
    let (vendor, id) = replied(&w, "LabCorp", &[]).await;
    let before = w.see(vendor).standing;
    assert_eq!((before.review, before.assured), (ReviewState::Waiting, true));
    w.get(&format!("/vendors/{vendor}")).await.shows("Provisional, to review");
    w.get(&format!("/assessments/{id}")).await.shows("Provisional").shows("Review it");
    w.get("/").await.shows("1 reply to review").shows("/vendors?review=waiting");
    w.get("/vendors?review=waiting").await.shows("LabCorp").shows("provisional");
    let signature = signed_score(&w, id);
    assert!(signature.card.provisional);

    let page = w.get(&at(id)).await;
    page.is(200).shows("Nobody has accepted this reply yet").shows("In the score").shows("review.js");
    w.days_pass(2);
    for _ in 0..2 {
        decide(&w, id, &page, &[ACCEPT]).await.leads_to(&format!("/assessments/{id}?done=accepted"));
    }
    let after = w.see(vendor).standing;
    assert_eq!((after.review, after.accepted_on), (ReviewState::Accepted, before.accepted_on), "no new year begins");
    let kept = reviewed(&w, id);
    assert_eq!((kept.len(), kept[0].provisional, kept[0].as_of), (1, false, w.today()));
    assert_eq!(signed_score(&w, id), signature, "the score of the signature stays as it was");
    w.get(&format!("/vendors/{vendor}")).await.shows("Reviewed").lacks("Provisional");
    w.get(&format!("/assessments/{id}")).await.shows("Dana Whitfield accepted this reply").lacks("Provisional");
    w.get("/").await.lacks("to review");
    let lines: Vec<String> = w.history().into_iter().filter(|line| line.starts_with("accepted the reply")).collect();
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].contains("rated "), "{lines:?}");
});

service_test!(what_does_not_apply_counts_as_a_gap_until_a_person_accepts_that, async |w: World| {
    let differences = [(NA, Value::NotApplicable), ("adm.discipline", Value::NotApplicable)];
    let (vendor, id) = replied(&w, "LabCorp", &differences).await;
    let before = w.see(vendor).standing.residual;
    let page = w.get(&at(id)).await;
    page.shows("2 times “does not apply” is still to be decided");
    let refused = decide(&w, id, &page, &[(&format!("na:{NA}"), "accept"), ACCEPT]).await;
    refused.is(422).shows("accept “does not apply”, or do not").shows("#na:adm.discipline");
    assert_eq!((w.see(vendor).standing.residual, reviewed(&w, id).len()), (before, 0), "nothing was written");
    assert!(refused.text.contains(&format!("name=\"na:{NA}\" value=\"accept\" checked")), "what was marked stays");

    let marks = [(format!("na:{NA}"), "accept"), ("na:adm.discipline".to_owned(), "reject")];
    let marks: Vec<(&str, &str)> = marks.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    decide(&w, id, &refused, &[marks.as_slice(), &[SAVE]].concat()).await.leads_to(&format!("{}?done=saved", at(id)));
    let saved = w.see(vendor).standing;
    assert!(saved.residual < before, "one question is out of both sums");
    assert_eq!(saved.review, ReviewState::Waiting);
    let page = w.get(&at(id)).await;
    page.shows("“Does not apply” accepted by Dana Whitfield on Nov 22, 2026");
    page.shows("“Does not apply” not accepted by Dana Whitfield");
    decide(&w, id, &page, &[marks.as_slice(), &[ACCEPT]].concat()).await.is(303);
    let card = reviewed(&w, id).remove(0);
    assert_eq!(card.coverage.not_applicable, 1);
    assert_eq!(card.residual, saved.residual);
    w.get(&format!("/assessments/{id}")).await.shows("1 does not apply").shows("on the day of the signature");
    assert_eq!(signed_score(&w, id).card.coverage.not_applicable, 0);
    let history = w.history();
    let said = "accepted “does not apply” of 1 answer, did not accept “does not apply” of 1 answer";
    assert!(history.iter().any(|line| line.contains(said)), "{history:?}");
    // Changed later: accepted anew, under whoever changed it.
    let page = w.get(&at(id)).await;
    let other = [(&*format!("na:{NA}"), "reject"), ("na:adm.discipline", "reject"), SAVE];
    decide(&w, id, &page, &other).await.is(303);
    assert_eq!(reviewed(&w, id).len(), 2);
    assert_eq!(w.see(vendor).standing.residual, before);
});

service_test!(two_reviewers_at_once_do_not_overwrite_each_other, async |w: World| {
    let differences = [(NA, Value::NotApplicable), ("adm.discipline", Value::NotApplicable)];
    let (vendor, id) = replied(&w, "LabCorp", &differences).await;
    let (first, second) = (w.get(&at(id)).await, w.get(&at(id)).await);
    decide(&w, id, &first, &[("na:adm.screening", "reject"), SAVE]).await.is(303);
    // The second left that alone, and decides on the other: both stand.
    decide(&w, id, &second, &[("na:adm.screening", "open"), ("na:adm.discipline", "accept"), SAVE]).await.is(303);
    let decided = |w: &World| {
        let review = w.app.store.read(|conn| store::reviews::of(conn, &w.scope, id)).unwrap();
        let na = |slug: &str| review.decisions.get(slug).and_then(|one| one.na.as_ref()).map(|one| one.accepted);
        (na("adm.screening"), na("adm.discipline"))
    };
    assert_eq!(decided(&w), (Some(false), Some(true)));
    // Decided otherwise: said, nothing written, and nothing that was marked is lost.
    let marks = [("na:adm.screening", "accept"), ("na:adm.discipline", "accept"), SAVE];
    let page = decide(&w, id, &second, &marks).await;
    page.is(422).shows("this changed while you were reading").shows("not accepted by Dana Whitfield");
    assert!(page.text.contains("name=\"na:adm.screening\" value=\"accept\" checked"));
    assert_eq!(decided(&w), (Some(false), Some(true)));
    decide(&w, id, &page, &marks).await.is(303);
    assert_eq!(decided(&w), (Some(true), Some(true)));
    assert_eq!(w.see(vendor).standing.review, ReviewState::Waiting);
});

service_test!(evidence_is_checked_only_where_a_file_in_date_stands_and_falls_back_when_it_ends, async |w: World| {
    let vendor = w.vendor("LabCorp");
    w.sweep().await;
    let cookie = w.start_verified(&w.link()).await;
    let dated = [("kind", "certificate"), ("ends_on", "2027-03-01")];
    let sent = send(&w, &cookie, "/respond/evidence/adm.screening", &dated, &[("Screening.pdf", &pdf())]).await;
    sent.is(303);
    w.replied(vendor, &[]);
    let id = newest(&w, vendor);
    let line = |w: &World| {
        let judged = w.app.store.read(|conn| {
            let vendor = store::vendors::one(conn, &w.scope, vendor)?.unwrap();
            duecare::flows::judge::consider(conn, &w.app.office, &w.known(), &vendor, w.today())
        });
        let card = judged.unwrap().scorecard;
        let line = card.answers.iter().find(|line| line.question == NA).unwrap();
        (line.evidence, card.residual)
    };
    let (document, before) = line(&w);
    let page = w.get(&at(id)).await;
    page.shows("Screening.pdf, until March 1, 2027").shows("name=\"checked:adm.screening\"");
    page.lacks("name=\"checked:adm.discipline\"");
    // What is not offered is not decided.
    let marks = [("checked:adm.screening", "yes"), ("checked:adm.discipline", "yes"), ACCEPT];
    decide(&w, id, &page, &marks).await.is(303);
    assert_eq!((document, line(&w).0), (90, 100));
    assert!(line(&w).1 <= before);
    let review = w.app.store.read(|conn| store::reviews::of(conn, &w.scope, id)).unwrap();
    assert_eq!(review.decisions.keys().collect::<Vec<_>>(), [NA]);
    w.get(&at(id)).await.shows("Evidence checked by Dana Whitfield on Nov 22, 2026").shows(Evidence::Checked.says());
    w.days_pass(100);
    assert_eq!(line(&w).0, 80, "a file that ended counts as described in words");
    w.get(&at(id)).await.shows("no such file is in date any more").lacks("name=\"checked:adm.screening\"");
});

service_test!(a_correction_needs_a_new_review_and_what_did_not_change_carries_over, async |w: World| {
    let vendor = w.vendor("LabCorp");
    w.sweep().await;
    let link = w.link();
    w.replied(vendor, &[(NA, Value::NotApplicable), ("org.self-check.done", Value::NotApplicable)]);
    let id = newest(&w, vendor);
    let page = w.get(&at(id)).await;
    let marks = [("na:adm.screening", "accept"), ("na:org.self-check.done", "accept"), ACCEPT];
    decide(&w, id, &page, &marks).await.is(303);
    let stale = w.get(&at(id)).await;

    let cookie = w.start_leads_to(&link, "/respond/receipt").await;
    w.verify(&cookie).await;
    w.respondent_posts("/respond/correct", &[("reason", "One answer was wrong.")], &cookie).await.is(303);
    assert_eq!(w.see(vendor).standing.review, ReviewState::Accepted, "what is in force was accepted");
    let seen = w.respondent_gets("/respond/self-check", &cookie).await.value_of("seen");
    let now = [("seen", seen.as_str()), ("org.self-check.done", "yes"), ("org.self-check.date", "2026-10-23")];
    w.respondent_posts("/respond/self-check", &now, &cookie).await.is(303);
    w.respondent_posts("/respond/sign", &SIGNER, &cookie).await.leads_to("/respond/receipt");
    let standing = w.see(vendor).standing;
    assert_eq!(standing.review, ReviewState::Waiting);
    let card = signed_score(&w, id).card;
    let note = |slug: &str| card.answers.iter().find(|line| line.question == slug).unwrap().in_denominator;
    assert_eq!((note(NA), note("org.self-check.done"), card.provisional), (false, true, true));

    let page = w.get(&at(id)).await;
    page.shows("carried over from an earlier version").shows("accepted an earlier version");
    // A page from before the new signature accepts nothing.
    decide(&w, id, &stale, &marks).await.is(422).shows("signed a new version while you were reading");
    assert_eq!(reviewed(&w, id).len(), 1);
    decide(&w, id, &page, &[("na:adm.screening", "accept"), ACCEPT]).await.is(303);
    assert_eq!(w.see(vendor).standing.review, ReviewState::Accepted);
    assert_eq!(reviewed(&w, id).len(), 2);
});

service_test!(chosen_questions_go_back_in_one_letter_and_the_reply_waits, async |w: World| {
    let (vendor, id) = replied(&w, "LabCorp", &[(NA, Value::NotApplicable)]).await;
    let page = w.get(&at(id)).await;
    decide(&w, id, &page, &[("action", "return")]).await.is(422).shows("Choose the questions to return");
    // What is chosen for returning is not accepted by the way, and outlives saving.
    let both = [("na:adm.screening", "reject"), ("ask", "adm.discipline"), ACCEPT];
    let refused = decide(&w, id, &page, &both).await;
    refused.is(422).shows("1 question chosen to be returned").shows("value=\"adm.discipline\" checked");
    assert_eq!(reviewed(&w, id).len(), 0);
    let saved = decide(&w, id, &page, &[("ask", "adm.discipline"), ("action", "save")]).await;
    w.get(&saved.location).await.is(200).shows("value=\"adm.discipline\" checked");
    let chosen = [("na:adm.screening", "reject"), ("ask", NA), ("ask", "adm.discipline"), ("action", "return")];
    let lead = decide(&w, id, &page, &chosen).await;
    lead.leads_to(&format!("/assessments/{id}/return?ask=adm.discipline&ask=adm.screening"));
    let page = w.get(&lead.location).await;
    page.is(200).shows("remark:adm.screening").shows("remark:adm.discipline").lacks("remark:adm.leavers");
    let half = [("ask", NA), ("ask", "adm.discipline"), ("remark:adm.screening", "You do have workers.")];
    let to = format!("/assessments/{id}/return");
    w.post(&to, &half).await.is(422).shows("Write what should be looked at again").shows("You do have workers.");
    w.post(&to, &[half.as_slice(), &[("remark:adm.discipline", "Since when?")]].concat()).await.is(303);
    w.deliver().await;
    assert_eq!(w.letters().pop().unwrap().subject, "Maple Family Practice asks about 2 questions of your self-check");
    assert_eq!(w.see(vendor).standing.review, ReviewState::Returned);
    w.get(&format!("/vendors/{vendor}")).await.shows("Provisional, questions sent back");
    let page = w.get(&at(id)).await;
    page.shows("Questions are with the vendor").lacks("value=\"accept\">Accept the reply").lacks("name=\"ask\"");
    decide(&w, id, &page, &[("na:adm.screening", "reject"), ACCEPT]).await.is(422).shows("are with the vendor");
    w.post(&format!("/assessments/{id}/return/withdraw"), &[]).await.is(303);
    assert_eq!(w.see(vendor).standing.review, ReviewState::Waiting);
});

service_test!(auditors_read_a_review_and_decide_nothing, async |w: World| {
    let (_, id) = replied(&w, "LabCorp", &[(NA, Value::NotApplicable)]).await;
    let auditor = w.colleague(Role::Auditor);
    let page = w.get_as(&at(id), &auditor).await;
    page.is(200).shows("In the score").lacks("name=\"action\"").lacks("type=\"radio\"");
    let posted = w.post_as(&at(id), &[ACCEPT], duecare::web::session::STAFF_COOKIE, &auditor).await;
    posted.is(403);
    w.get_as(&format!("/assessments/{id}/score.json"), &auditor).await.is(200);
});

service_test!(what_is_not_signed_or_not_the_newest_is_not_reviewed, async |w: World| {
    let vendor = w.vendor("LabCorp");
    w.sweep().await;
    w.post(&format!("/vendors/{vendor}/told"), &[]).await.is(303);
    let told = newest(&w, vendor);
    w.get(&at(told)).await.is(404);
    w.post(&at(told), &[ACCEPT]).await.is(404);
    w.replied(vendor, &[(NA, Value::NotApplicable)]);
    let page = w.get(&at(told)).await;
    w.days_pass(340);
    w.sweep().await;
    w.replied(vendor, &[]);
    w.get(&at(told)).await.shows("A newer reply took its place").lacks("name=\"action\"");
    decide(&w, told, &page, &[("na:adm.screening", "accept"), ACCEPT]).await.is(422).shows("review that one");
    let page = w.get(&at(newest(&w, vendor))).await;
    page.shows("Last year").shows("Does not apply").shows("Changed");
    w.get(&format!("/assessments/{told}")).await.shows("Over the years").shows("Not reviewed");
});

service_test!(every_kept_score_comes_out_again_to_the_byte, async |w: World| {
    let vendor = w.vendor("LabCorp");
    w.sweep().await;
    let link = w.link();
    w.replied(vendor, &[(NA, Value::NotApplicable), ("adm.training", Value::Grade(Grade::No))]);
    let id = newest(&w, vendor);
    let page = w.get(&at(id)).await;
    decide(&w, id, &page, &[("na:adm.screening", "accept"), ACCEPT]).await.is(303);
    let cookie = w.start_leads_to(&link, "/respond/receipt").await;
    w.verify(&cookie).await;
    w.respondent_posts("/respond/correct", &[("reason", "Signed too early.")], &cookie).await.is(303);
    w.days_pass(1);
    w.respondent_posts("/respond/sign", &SIGNER, &cookie).await.is(303);
    let all = w
        .app
        .store
        .read(|conn| {
            let mut all = vec![store::assessments::score(conn, &w.scope, id)?.unwrap()];
            all.push(store::corrections::earlier_score(conn, &w.scope, id, 1)?.unwrap());
            all.extend(store::reviews::accepted(conn, &w.scope, id)?.into_iter().map(|(_, kept)| kept));
            Ok::<_, store::StoreError>(all)
        })
        .unwrap();
    assert_eq!(all.len(), 3);
    for kept in &all {
        let input: Input = serde_json::from_str(&kept.input).unwrap();
        assert!(!kept.input.contains("Sam Lee") && !kept.input.contains("sam@vendor.test"), "names stay out");
        let again = input.score(w.app.office.catalogue.current()).unwrap();
        assert_eq!(serde_json::to_string(&again).unwrap(), kept.record().unwrap());
    }
    for (query, kept) in [("", &all[0]), ("?of=signed", &all[0]), ("?version=1", &all[1])] {
        let file = w.get(&format!("/assessments/{id}/score.json{query}")).await;
        file.is(200).shows(&kept.record().unwrap()).shows(&kept.input);
    }
    w.get(&format!("/assessments/{id}/score.json?version=9")).await.is(404);
    w.get(&format!("/assessments/{id}/score.json?version=x")).await.is(404);
});

service_test!(the_proposed_rule_is_as_it_was_when_the_vendor_was_asked, async |mut w: World| {
    const PROPOSED: &str = "inc.outage-notice";
    let no = [(PROPOSED, Value::Grade(Grade::No))];
    let asked = |w: &World, id| {
        w.app.store.read(|conn| store::assessments::one(conn, &w.scope, id)).unwrap().unwrap().asked.nprm
    };
    w.settle(&[("nprm", "off")]).await.is(303);
    w.practice = w.known();
    let (_, off) = replied(&w, "Offside", &no).await;
    assert_eq!(asked(&w, off), NprmMode::Off);
    let card = signed_score(&w, off).card;
    assert!(card.informational.is_empty() && card.answers.iter().all(|line| line.question != PROPOSED));
    let short = w.app.office.catalogue.current().question(PROPOSED).unwrap().short.clone();
    w.get(&format!("/assessments/{off}")).await.lacks(&short);
    w.get(&at(off)).await.lacks(PROPOSED);

    w.settle(&[("nprm", "informational")]).await.is(303);
    w.practice = w.known();
    let (shown, informational) = replied(&w, "Shown", &no).await;
    assert_eq!(signed_score(&w, informational).card.informational.len(), 1);
    let page = w.get(&format!("/assessments/{informational}")).await;
    page.shows("From a proposed rule that is not in force: not counted").lacks("Gaps against the proposed rule");
    w.get(&at(informational)).await.shows("Proposed, not in force");
    let residual = w.see(shown).standing.residual;

    w.settle(&[("nprm", "scored")]).await.is(303);
    w.practice = w.known();
    let (_, scored) = replied(&w, "Scored", &no).await;
    let card = signed_score(&w, scored).card;
    assert!(card.gaps.iter().any(|gap| gap.question == PROPOSED));
    w.get(&format!("/assessments/{scored}")).await.shows("Gaps against the proposed rule, not in force").shows(&short);
    // What was asked before keeps what held on its day.
    assert_eq!((w.see(shown).standing.residual, asked(&w, informational)), (residual, NprmMode::Informational));
});
