//! Before its year is over a signed reply is looked at again: at half the year by whoever holds most,
//! and after a change by the questions that the change touches.

use std::collections::BTreeMap;

use duecare::domain::answers::seen::Seen;
use duecare::domain::answers::{Answer, Value, typed};
use duecare::domain::assessment::Assessment;
use duecare::domain::changes::{ChangeSource, Telling};
use duecare::domain::correction::{Correction, Occasion};
use duecare::domain::exposure::{Access, Criticality, Tier};
use duecare::domain::ids::VendorId;
use duecare::domain::letter::LetterKind;
use duecare::domain::questionnaire::{AnswerKind, Question};
use duecare::domain::recheck::STILL_TRUE;
use duecare::flows::correct;
use duecare::flows::receive::{self, Saving};
use duecare::store;

use crate::notices::{link, tell};
use crate::world::{World, service_test};

const SIGNER: [(&str, &str); 4] =
    [("name", "Pat Morgan"), ("job_title", "Office manager"), ("email", "pat@vendor.test"), ("authority", "yes")];

/// A vendor of tier 1 that signed today.
async fn grave(w: &World) -> VendorId {
    let labcorp = w.vendor_with("LabCorp", |details| {
        details.exposure.access = [Access::HostsAdmin].into();
        details.exposure.criticality = Criticality::Day;
    });
    assert_eq!(w.see(labcorp).standing.tier, Tier::One);
    w.sweep().await;
    w.replied(labcorp, &[]);
    labcorp
}

fn reply(w: &World, vendor: VendorId) -> Assessment {
    w.app.store.read(|conn| store::assessments::of_vendor(conn, &w.scope, vendor)).unwrap().remove(0)
}

fn open(w: &World, vendor: VendorId) -> Option<Correction> {
    let id = reply(w, vendor).id;
    w.app.store.read(|conn| store::corrections::open_of(conn, &w.scope, id)).unwrap()
}

/// All that is asked is still true but these answers; saved by whoever opens the newest letter.
fn still_true(w: &World, vendor: VendorId, but: &[(&str, Value)]) {
    let asked = open(w, vendor).expect("it was asked again");
    let replies: BTreeMap<String, String> =
        asked.returned.keys().map(|slug| (slug.clone(), STILL_TRUE.to_owned())).collect();
    let changed: Vec<(&str, Option<Answer>)> =
        but.iter().map(|(slug, value)| (*slug, Some(Answer::of(value.clone())))).collect();
    let now = w.now();
    let saved = w.app.store.write(|conn| {
        let link = store::invitations::latest(conn, &w.scope, asked.assessment)?.expect("a link was sent");
        let token = w.app.office.key.invitation_token(link.id);
        let (_, opened) = receive::start(conn, &w.app.office, &token, None, now)?;
        let seen =
            Seen::of(changed.iter().map(|(slug, _)| *slug), &store::answers::of(conn, &w.scope, asked.assessment)?);
        correct::save_page(conn, &opened, &changed, &replies, &seen, Saving::Pressed, now)
    });
    saved.unwrap();
}

async fn sign(w: &World) {
    let cookie = w.start_verified(&w.link()).await;
    w.respondent_posts("/respond/sign", &SIGNER, &cookie).await.leads_to("/respond/receipt");
}

service_test!(tier_1_is_asked_the_short_set_again_after_half_a_year_and_once, async |w: World| {
    let labcorp = grave(&w).await;
    w.days_pass(181);
    assert_eq!(w.sweep().await.rechecked, 0);
    w.days_pass(1);
    assert_eq!(w.sweep().await.rechecked, 1);
    assert_eq!(w.sweep().await.rechecked, 0);
    let asked = open(&w, labcorp).unwrap();
    let form = w.app.office.catalogue.current();
    assert_eq!(asked.occasion, Occasion::HalfYear);
    assert!(asked.returned.keys().all(|slug| form.question(slug).unwrap().lite) && asked.returned.len() >= 17);
    assert_eq!(w.newest().kind, LetterKind::Rechecked);
    w.deliver().await;
    let letter = w.letters().pop().unwrap();
    assert!(letter.text.contains("HIPAA self-check for") && letter.subject.starts_with("Half-year check: "));
    // The rating stands meanwhile, and nobody has anything to look at.
    assert_eq!(w.flags(), Vec::<String>::new());
    still_true(&w, labcorp, &[]);
    let first = reply(&w, labcorp).accepted_on;
    sign(&w).await;
    assert_eq!(
        (open(&w, labcorp), reply(&w, labcorp).accepted_on),
        (None, first),
        "the year runs from the first signature"
    );
    w.get(&format!("/assessments/{}", reply(&w, labcorp).id)).await.shows("Replaced by the half-year check");
    w.days_pass(30);
    assert_eq!(w.sweep().await.rechecked, 0);
});

service_test!(each_question_asked_again_takes_a_tick_or_another_answer_before_it_is_signed, async |w: World| {
    let labcorp = grave(&w).await;
    w.days_pass(182);
    w.sweep().await;
    w.deliver().await;
    let at = w.link();
    w.visit(&at).await.shows("Half-year check: ").shows("is each still true?");
    let cookie = w.start_verified(&at).await;
    w.respondent_gets("/respond", &cookie).await.shows("asks again about").shows("Which questions");
    let page = w.respondent_gets("/respond/abroad", &cookie).await;
    page.shows("Is this still so?").shows("Still true: the answer below stays as it is").lacks("Your reply");
    let seen = page.value_of("seen");
    // Saved without a tick it waits; with one it does not.
    w.respondent_posts("/respond/abroad", &[("seen", seen.as_str()), ("off.kept", "no")], &cookie).await.is(303);
    assert!(open(&w, labcorp).unwrap().waits("off.kept"));
    let ticked = [("seen", seen.as_str()), ("off.kept", "no"), ("off.kept:reply", STILL_TRUE)];
    w.respondent_posts("/respond/abroad", &ticked, &cookie).await.is(303);
    assert!(!open(&w, labcorp).unwrap().waits("off.kept"));
    w.respondent_gets("/respond/abroad", &cookie).await.shows(&format!("value=\"{STILL_TRUE}\" checked"));
    // The tick comes off again.
    w.respondent_posts("/respond/abroad", &[("seen", seen.as_str()), ("off.kept", "no")], &cookie).await.is(303);
    assert!(open(&w, labcorp).unwrap().waits("off.kept"));
    // Words of one's own are no tick.
    let words = [("seen", seen.as_str()), ("off.kept", "no"), ("off.kept:reply", "whatever")];
    w.respondent_posts("/respond/abroad", &words, &cookie).await.is(303);
    assert!(open(&w, labcorp).unwrap().waits("off.kept"));
    w.respondent_posts("/respond/sign", &SIGNER, &cookie).await.is(409);
    assert!(open(&w, labcorp).is_some(), "it is not signed while questions wait");
});

service_test!(a_recheck_shows_what_it_asks_before_i_start_and_the_signature_names_it, async |w: World| {
    let labcorp = grave(&w).await;
    w.days_pass(182);
    w.sweep().await;
    w.deliver().await;
    let letter = w.letters().pop().unwrap();
    assert!(letter.text.contains("we mail you a code of six digits"), "{}", letter.text);
    let at = w.link();
    let asked = open(&w, labcorp).unwrap().returned;
    let start = w.visit(&at).await;
    start.shows("Why you are asked again").lacks("Have these at hand").lacks("each year").shows("about ");
    let list = w.visit(&format!("{at}/questions")).await;
    list.shows(&format!("{} questions of what you signed", asked.len()));
    assert_eq!(list.text.matches("<li value=").count(), asked.len());
    w.visit(&format!("{at}/questions.pdf")).await.is(200);
    still_true(&w, labcorp, &[]);
    let cookie = w.start_verified(&at).await;
    let says = format!("I looked again at {} questions: ", asked.len());
    let short = w.app.office.catalogue.current().question("off.kept").unwrap().short.clone();
    w.respondent_gets("/respond/sign", &cookie).await.shows(&says).shows(&short);
    w.respondent_posts("/respond/sign", &SIGNER, &cookie).await.leads_to("/respond/receipt");
    let receipt = w.respondent_gets("/respond/receipt", &cookie).await;
    receipt.shows(&says).shows("The other answers stay as they were signed");
});

service_test!(still_true_and_another_answer_at_once_is_asked_about, async |w: World| {
    let labcorp = grave(&w).await;
    w.days_pass(182);
    w.sweep().await;
    w.deliver().await;
    let cookie = w.start_verified(&w.link()).await;
    let form = w.app.office.catalogue.current();
    let asked = open(&w, labcorp).unwrap().returned;
    let graded = |question: &&Question| asked.contains_key(&question.slug) && question.answer == AnswerKind::Graded;
    let slug = form.questions().find(graded).unwrap().slug.clone();
    let mut topics = form.sections.iter().flat_map(|section| &section.topics);
    let topic = topics.find(|topic| topic.questions.iter().any(|one| one.slug == slug)).unwrap();
    let (page, reply) = (format!("/respond/{}", topic.id), format!("{slug}:reply"));
    let marks = w.respondent_gets(&page, &cookie).await.value_of("seen");
    // Of this question alone; the others of the page are left as they are.
    let seen = marks.split(' ').find(|mark| mark.starts_with(&format!("{slug}:"))).unwrap().to_owned();
    let both = [("seen", seen.as_str()), (slug.as_str(), "no"), (reply.as_str(), STILL_TRUE)];
    let auto = [&both[..], &[("action", "auto")]].concat();
    w.respondent_posts(&page, &auto, &cookie).await.is(200);
    let said = w.respondent_posts(&page, &both, &cookie).await;
    said.is(422).shows("Take the tick off to keep the new answer");
    let kept = open(&w, labcorp).unwrap();
    assert!(kept.waits(&slug) && !kept.changes.contains_key(&slug), "neither is kept");
    // Without the tick it is another answer…
    w.respondent_posts(&page, &[("seen", seen.as_str()), (slug.as_str(), "no")], &cookie).await.is(303);
    let kept = open(&w, labcorp).unwrap();
    assert!(kept.changes.contains_key(&slug) && !kept.waits(&slug));
    // …and ticked beside it later, it is asked about as well.
    let marks = w.respondent_gets(&page, &cookie).await.value_of("seen");
    let seen = marks.split(' ').find(|mark| mark.starts_with(&format!("{slug}:"))).unwrap().to_owned();
    let both = [("seen", seen.as_str()), (slug.as_str(), "no"), (reply.as_str(), STILL_TRUE)];
    w.respondent_posts(&page, &both, &cookie).await.is(422).shows("Take the tick off");
    // Set back to what was signed, it is still true.
    let back = [("seen", seen.as_str()), (slug.as_str(), "yes"), (reply.as_str(), STILL_TRUE)];
    w.respondent_posts(&page, &back, &cookie).await.is(303);
    let kept = open(&w, labcorp).unwrap();
    assert!(!kept.changes.contains_key(&slug) && kept.replies.contains_key(&slug));
});

service_test!(what_changed_since_the_first_signature_is_a_change_that_nobody_told_us_of, async |w: World| {
    let labcorp = grave(&w).await;
    w.days_pass(182);
    w.sweep().await;
    w.deliver().await;
    still_true(&w, labcorp, &[("off.kept", Value::Choice("yes-not-agreed".to_owned()))]);
    let asked = open(&w, labcorp).unwrap();
    assert!(!asked.replies.contains_key("off.kept"), "an answer that changed is not still true");
    sign(&w).await;
    let changes = w.app.store.read(|conn| store::changes::of_vendor(conn, &w.scope, labcorp)).unwrap();
    let [moved] = &changes[..] else { panic!("one change: {changes:?}") };
    assert_eq!((moved.subject.as_str(), moved.telling), ("off.kept", Telling::Untold));
    assert_eq!((moved.source, moved.learnt_on), (ChangeSource::Answer, w.today()));
    // Learnt once.
    w.days_pass(2);
    w.sweep().await;
    w.edit(labcorp, |details| details.notes = "Looked at".to_owned());
    assert_eq!(w.app.store.read(|conn| store::changes::of_vendor(conn, &w.scope, labcorp)).unwrap(), changes);
});

service_test!(a_recheck_takes_no_change_of_the_year_back, async |w: World| {
    let labcorp = grave(&w).await;
    w.days_pass(330);
    w.sweep().await;
    w.replied(labcorp, &[("off.kept", Value::Choice("yes-not-agreed".to_owned()))]);
    w.days_pass(182);
    w.sweep().await;
    w.deliver().await;
    still_true(&w, labcorp, &[("off.kept", Value::Choice("no".to_owned()))]);
    sign(&w).await;
    let changes = w.app.store.read(|conn| store::changes::of_vendor(conn, &w.scope, labcorp)).unwrap();
    let told: Vec<String> = changes.iter().map(|one| format!("{} {}", one.was, one.became)).collect();
    assert!(changes.len() == 2 && changes.iter().all(|one| one.subject == "off.kept"), "{told:?}");
    let reply = reply(&w, labcorp).id;
    for one in &changes {
        w.get(&format!("/changes/{}", one.id)).await.shows(&format!("/assessments/{reply}/review"));
    }
});

service_test!(a_half_year_check_without_an_answer_becomes_a_flag_and_counts_against_the_vendor, async |w: World| {
    let labcorp = grave(&w).await;
    w.days_pass(182);
    w.sweep().await;
    let before = w.see(labcorp).standing.residual;
    w.days_pass(30);
    w.sweep().await;
    assert_eq!(w.flags(), Vec::<String>::new());
    w.days_pass(1);
    w.sweep().await;
    let flags = w.flags();
    assert!(flags.len() == 1 && flags[0].contains("The half-year check of"), "{flags:?}");
    assert!(w.see(labcorp).standing.residual > before);
    // The yearly questionnaire asks all of it: the check is over, and its flag with it.
    w.days_pass(107);
    w.sweep().await;
    let all = w.app.store.read(|conn| store::assessments::of_vendor(conn, &w.scope, labcorp)).unwrap();
    let signed = all.iter().find(|one| one.accepted_on.is_some()).unwrap().id;
    assert!(all[0].is_open());
    assert_eq!(w.app.store.read(|conn| store::corrections::open_of(conn, &w.scope, signed)).unwrap(), None);
    assert!(w.flags().iter().all(|flag| !flag.contains("half-year")), "{:?}", w.flags());
});

service_test!(a_notice_that_comes_after_the_change_was_found_does_not_tell_of_it, async |w: World| {
    let labcorp = grave(&w).await;
    w.days_pass(182);
    w.sweep().await;
    w.deliver().await;
    still_true(&w, labcorp, &[("off.kept", Value::Choice("yes-not-agreed".to_owned()))]);
    sign(&w).await;
    let found = |w: &World| w.app.store.read(|conn| store::changes::of_vendor(conn, &w.scope, labcorp)).unwrap();
    let before = found(&w);
    w.days_pass(20);
    tell(&w, &link(&w, labcorp).await, "hosting.moved").await;
    w.days_pass(1);
    w.sweep().await;
    w.deliver().await;
    still_true(&w, labcorp, &[]);
    sign(&w).await;
    let after: Vec<_> = found(&w).into_iter().filter(|one| one.source != ChangeSource::Notice).collect();
    assert_eq!(after, before);
});

/// The vendor opens its signed answers by itself, changes one, and signs.
async fn corrects(w: &World, vendor: VendorId, slug: &str, value: Value) {
    let (id, now) = (reply(w, vendor).id, w.now());
    let token = w.app.store.read(|conn| store::invitations::latest(conn, &w.scope, id)).unwrap().expect("a link");
    let token = w.app.office.key.invitation_token(token.id);
    let saved = w.app.store.write(|conn| {
        let (_, opened) = receive::start(conn, &w.app.office, &token, None, now)?;
        correct::open(conn, &opened, "We moved", now)?;
        let seen = Seen::of([slug], &store::answers::of(conn, &w.scope, id)?);
        let page = [(slug, Some(Answer::of(value.clone())))];
        correct::save_page(conn, &opened, &page, &BTreeMap::new(), &seen, Saving::Pressed, now)
    });
    saved.unwrap();
    let cookie = w.start_verified(&format!("/i/{token}")).await;
    w.respondent_posts("/respond/sign", &SIGNER, &cookie).await.leads_to("/respond/receipt");
}

service_test!(what_a_vendor_told_and_then_corrected_by_itself_was_told, async |w: World| {
    let labcorp = grave(&w).await;
    w.days_pass(182);
    w.sweep().await;
    w.deliver().await;
    still_true(&w, labcorp, &[]);
    sign(&w).await;
    w.days_pass(20);
    tell(&w, &link(&w, labcorp).await, "hosting.moved").await;
    corrects(&w, labcorp, "off.kept", Value::Choice("yes-not-agreed".to_owned())).await;
    let changes = w.app.store.read(|conn| store::changes::of_vendor(conn, &w.scope, labcorp)).unwrap();
    let found: Vec<_> = changes.iter().filter(|one| one.source == ChangeSource::Answer).collect();
    let [moved] = &found[..] else { panic!("one change: {changes:?}") };
    assert_eq!((moved.subject.as_str(), moved.learnt_on), ("off.kept", w.today()));
    assert_eq!(moved.telling, Telling::Told, "{moved:?}");
});

service_test!(whoever_takes_over_a_late_recheck_has_all_its_days, async |w: World| {
    let labcorp = grave(&w).await;
    w.days_pass(182);
    w.sweep().await;
    let first = open(&w, labcorp).unwrap();
    w.edit(labcorp, |details| details.contact_email = None);
    w.days_pass(40);
    w.edit(labcorp, |details| details.contact_email = Some("new@vendor.test".to_owned()));
    let now = open(&w, labcorp).unwrap();
    assert_eq!(now.due_on, first.due_on.map(|due| due + chrono::Days::new(40)));
    assert!(!now.is_late(w.today()) && !w.flags().iter().any(|flag| flag.contains("not signed")), "{:?}", w.flags());
});

service_test!(a_recheck_outlives_a_day_without_an_address, async |w: World| {
    let labcorp = grave(&w).await;
    w.days_pass(182);
    w.sweep().await;
    w.edit(labcorp, |details| details.contact_email = None);
    assert!(open(&w, labcorp).is_some());
    w.edit(labcorp, |details| details.contact_email = Some("new@vendor.test".to_owned()));
    assert_eq!((w.newest().kind, w.newest().to_address.as_str()), (LetterKind::Rechecked, "new@vendor.test"));
});

service_test!(a_correction_that_its_vendor_forgot_keeps_no_recheck_waiting, async |w: World| {
    let labcorp = grave(&w).await;
    let id = reply(&w, labcorp).id;
    let opened = w.app.store.write(|conn| {
        let link = store::invitations::latest(conn, &w.scope, id)?.expect("a link was sent");
        let token = w.app.office.key.invitation_token(link.id);
        let (_, opened) = receive::start(conn, &w.app.office, &token, None, w.now())?;
        correct::open(conn, &opened, "A slip", w.now()).map_err(receive::ReceiveError::from)
    });
    opened.unwrap();
    assert_eq!(open(&w, labcorp).unwrap().occasion, Occasion::Own);
    w.days_pass(182);
    assert_eq!(w.sweep().await.rechecked, 1);
    assert_eq!(open(&w, labcorp).unwrap().occasion, Occasion::HalfYear);
});

service_test!(a_letter_of_a_recheck_that_ended_does_not_leave, async |w: World| {
    let labcorp = grave(&w).await;
    w.deliver().await;
    w.days_pass(182);
    w.sweep().await;
    let (id, by) = (reply(&w, labcorp).id, duecare::domain::entry::Actor::Program);
    w.app.store.write(|conn| correct::withdraw(conn, &w.app.office, &w.practice, id, &by, w.now())).unwrap();
    let before = w.letters().len();
    w.deliver().await;
    assert_eq!(w.letters().len(), before);
});

service_test!(the_link_of_a_recheck_works_for_a_month_after_it_was_wanted, async |w: World| {
    let labcorp = grave(&w).await;
    w.days_pass(182);
    w.sweep().await;
    w.deliver().await;
    w.days_pass(59);
    w.visit(&w.link()).await.shows("(past, and still wanted)");
    let cookie = w.start_verified(&w.link()).await;
    w.respondent_gets("/respond", &cookie).await.shows("(past, and still wanted)");
    still_true(&w, labcorp, &[]);
    w.respondent_posts("/respond/sign", &SIGNER, &cookie).await.leads_to("/respond/receipt");
    assert_eq!(open(&w, labcorp), None);
});

service_test!(a_practice_may_do_without_half_year_checks, async |w: World| {
    let labcorp = grave(&w).await;
    w.settle(&[("half_year", "no")]).await.is(303);
    w.days_pass(200);
    let sweep = || duecare::flows::sweep::sweep(&w.app.store, &w.app.office, &w.known(), w.now()).unwrap().rechecked;
    assert_eq!((sweep(), open(&w, labcorp)), (0, None));
    w.get("/practice").await.shows("half a year after they signed");
    w.settle(&[("half_year", "yes")]).await.is(303);
    assert_eq!(sweep(), 1);
});

service_test!(a_change_that_was_told_asks_only_the_questions_that_it_touches, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    w.sweep().await;
    w.replied(labcorp, &[]);
    w.days_pass(100);
    tell(&w, &link(&w, labcorp).await, "hosting.moved").await;
    assert_eq!(w.sweep().await.rechecked, 0, "what is told on one day is asked about together");
    w.days_pass(1);
    assert_eq!(w.sweep().await.rechecked, 1);
    let asked = open(&w, labcorp).unwrap();
    assert_eq!(asked.occasion, Occasion::Change);
    assert!(asked.returned.contains_key("off.kept") && asked.returned.len() <= 5, "{:?}", asked.returned);
    assert!(asked.returned["off.kept"].starts_with("You told us on "), "{:?}", asked.returned);
    w.deliver().await;
    assert!(w.letters().pop().unwrap().text.contains("told us of a change"));
    // The notice says what became of its questions.
    let notices = w.app.store.read(|conn| store::notices::of_vendor(conn, &w.scope, labcorp)).unwrap();
    let notice = format!("/notices/{}", notices[0].id);
    w.get(&notice).await.shows("The vendor was asked again about").shows("wanted by");
    still_true(&w, labcorp, &[]);
    sign(&w).await;
    w.get(&notice).await.shows("the vendor looked at them and signed");
    // A notice of something else says nothing of that recheck.
    tell(&w, &link(&w, labcorp).await, "officer.changed").await;
    let newest = w.app.store.read(|conn| store::notices::of_vendor(conn, &w.scope, labcorp)).unwrap();
    let newest = newest.iter().max_by_key(|one| one.signed.signed_at).unwrap().id;
    w.get(&format!("/notices/{newest}")).await.is(200).lacks("was asked again");
    w.days_pass(3);
    assert_eq!(w.sweep().await.rechecked, 0);
});

service_test!(a_saved_page_leads_on_to_what_is_asked_again_and_to_nothing_else, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    w.sweep().await;
    w.replied(labcorp, &[]);
    w.days_pass(100);
    tell(&w, &link(&w, labcorp).await, "hosting.moved").await;
    w.days_pass(1);
    w.sweep().await;
    w.deliver().await;
    let cookie = w.start_verified(&w.link()).await;
    let asked = open(&w, labcorp).unwrap().returned;
    let form = w.app.office.catalogue.current();
    let id = reply(&w, labcorp).id;
    let signed = w.app.store.read(|conn| store::answers::of(conn, &w.scope, id)).unwrap();
    let mut topics = BTreeMap::<&str, Vec<(String, String)>>::new();
    for slug in asked.keys() {
        let topic = form
            .sections
            .iter()
            .flat_map(|one| &one.topics)
            .find(|topic| topic.questions.iter().any(|question| question.slug == *slug));
        let fields = topics.entry(&topic.unwrap().id).or_default();
        fields.push((format!("{slug}:reply"), STILL_TRUE.to_owned()));
        typed::add(fields, form.question(slug).unwrap(), &signed[slug]);
    }
    for (topic, ticks) in &topics {
        let page = format!("/respond/{topic}");
        let seen = w.respondent_gets(&page, &cookie).await.value_of("seen");
        let mut fields = vec![("seen", seen.as_str())];
        fields.extend(ticks.iter().map(|(field, tick)| (field.as_str(), tick.as_str())));
        let onward = w.respondent_posts(&page, &fields, &cookie).await.is(303).location.clone();
        let next = onward.trim_start_matches("/respond/");
        assert!(next == "check" || topics.contains_key(next), "{topic} leads to {onward}");
    }
});

service_test!(a_recheck_does_not_put_the_next_questionnaire_off, async |w: World| {
    let labcorp = grave(&w).await;
    w.deliver().await;
    let before = w.letters().pop().unwrap();
    let next = |text: &str| text.lines().find(|line| line.contains("comes around")).unwrap().to_owned();
    w.days_pass(182);
    w.sweep().await;
    w.deliver().await;
    still_true(&w, labcorp, &[]);
    sign(&w).await;
    w.deliver().await;
    assert_eq!(next(&w.letters().pop().unwrap().text), next(&before.text));
});

service_test!(a_recheck_waits_while_the_reply_is_open_or_nobody_can_be_written_to, async |w: World| {
    let labcorp = grave(&w).await;
    let id = reply(&w, labcorp).id;
    w.post(&format!("/assessments/{id}/return"), &[("remark:org.policies", "Since when?")]).await.is(303);
    w.days_pass(182);
    assert_eq!(w.sweep().await.rechecked, 0);
    assert_eq!(open(&w, labcorp).unwrap().occasion, Occasion::Returned);
    let by = duecare::domain::entry::Actor::Program;
    w.app.store.write(|conn| correct::withdraw(conn, &w.app.office, &w.practice, id, &by, w.now())).unwrap();
    w.edit(labcorp, |details| details.contact_email = None);
    assert_eq!(w.sweep().await.rechecked, 0);
    w.edit(labcorp, |details| details.contact_email = Some("pat@vendor.test".to_owned()));
    assert_eq!(w.sweep().await.rechecked, 1);
});

service_test!(two_sweeps_at_once_ask_again_once, async |w: World| {
    let labcorp = grave(&w).await;
    w.days_pass(182);
    let sweep = || duecare::flows::sweep::sweep(&w.app.store, &w.app.office, &w.practice, w.now()).unwrap().rechecked;
    let asked: u32 = std::thread::scope(|threads| {
        let both = [threads.spawn(sweep), threads.spawn(sweep)];
        both.into_iter().map(|one| one.join().unwrap()).sum()
    });
    assert_eq!(asked, 1);
    assert_eq!((w.newest().kind, open(&w, labcorp).is_some()), (LetterKind::Rechecked, true));
});
