//! Coming in and staying in: passwords, second steps, sessions, and what was typed meanwhile.

use std::sync::LazyLock;

use chrono::TimeDelta;
use diesel::RunQueryDsl;
use duecare::domain::ids::UserId;
use duecare::domain::totp;
use duecare::domain::user::{Role, SignInLink};
use duecare::flows::{account, sign_in};
use duecare::secrets;
use duecare::store::{self, StoreError, entries, second_factors};
use duecare::web::session::{KEPT_COOKIE, STAFF_COOKIE, STEP_COOKIE};

use crate::world::{Page, World, service_test};

pub const PASSWORD: &str = "four quiet green teapots";
const ANOTHER: &str = "seven loud purple kettles";
static HASH: LazyLock<String> = LazyLock::new(|| secrets::hash_password(PASSWORD));

/// Someone who serves the practice and has a password.
pub fn person(w: &World, email: &str, name: &str, role: Role) -> UserId {
    let now = w.now();
    let user = w.app.store.write(|conn| {
        let user = sign_in::add_user(conn, w.practice.id, email, name, role, now)?;
        store::users::set_password(conn, user.id, name, &HASH)?;
        Ok::<_, StoreError>(user.id)
    });
    user.unwrap()
}

pub fn cookie(page: &Page, name: &str) -> String {
    let cookie = page.cookies.iter().find(|cookie| cookie.starts_with(&format!("{name}="))).expect("a cookie is set");
    cookie[name.len() + 1..].split(';').next().unwrap().to_owned()
}

async fn try_password(w: &World, email: &str, password: &str) -> Page {
    w.submit("/sign-in", &[("email", email), ("password", password)]).await
}

pub async fn signed_in(w: &World, email: &str) -> String {
    let page = try_password(w, email, PASSWORD).await;
    page.leads_to("/");
    cookie(&page, STAFF_COOKIE)
}

pub async fn post(w: &World, path: &str, fields: &[(&str, &str)], session: &str) -> Page {
    let token = w.app.office.key.form_token(&secrets::form_subject(session));
    let fields: Vec<(&str, &str)> = [("csrf", token.as_str())].into_iter().chain(fields.iter().copied()).collect();
    w.send(actix_web::test::TestRequest::post().uri(path).set_form(fields), Some((STAFF_COOKIE, session))).await
}

pub fn history(w: &World) -> Vec<String> {
    let about = entries::About::default();
    let lines = w.app.store.read(|conn| entries::list(conn, &w.scope, &about, 100, 0)).unwrap();
    lines.into_iter().map(|(line, _)| format!("{} {}", line.by.name(), line.sentence)).collect()
}

#[track_caller]
pub fn tells(w: &World, line: &str) {
    let told = history(w);
    assert!(told.iter().any(|one| one == line), "“{line}” is not in {told:#?}");
}

fn passes(w: &World, minutes: i64) {
    w.app.clock.advance(TimeDelta::minutes(minutes));
}

/// Sets up the app; gives its secret, the recovery codes and the renewed session.
async fn set_up(w: &World, session: &str) -> (Vec<u8>, Vec<String>, String) {
    let page = post(w, "/account/second-step/app", &[], session).await;
    page.is(200).shows("<svg class=\"qr\"").lacks("style=");
    let token = page.value_of("token");
    let at = page.text.find("mono secret\">").unwrap() + 13;
    let spoken = page.text[at..].split('<').next().unwrap().replace(' ', "");
    let secret = totp_rs::Secret::try_from_base32(&spoken).unwrap().as_ref().to_vec();
    let wrong = post(w, "/account/second-step/app/done", &[("token", &token), ("code", "000000")], session).await;
    wrong.is(422).shows(&token).shows("That is not the code");
    let code = totp::code_at(&secret, w.now()).unwrap();
    let done = post(w, "/account/second-step/app/done", &[("token", &token), ("code", &code)], session).await;
    done.is(200).shows("Recovery codes");
    let list = done.text.split("<ol class=\"codes mono\">").nth(1).unwrap().split("</ol>").next().unwrap().to_owned();
    let codes: Vec<String> = list.split("<li>").skip(1).map(|one| one.split('<').next().unwrap().to_owned()).collect();
    assert_eq!(codes.len(), 10);
    (secret, codes, cookie(&done, STAFF_COOKIE))
}

async fn code(w: &World, step: &str, code: &str) -> Page {
    let request = actix_web::test::TestRequest::post().uri("/sign-in/code").set_form([("code", code)]);
    w.send(request, Some((STEP_COOKIE, step))).await
}

/// Passes the password and gives the cookie that waits for the second step.
async fn half_way(w: &World, email: &str) -> String {
    let page = try_password(w, email, PASSWORD).await;
    page.leads_to("/sign-in/code");
    cookie(&page, STEP_COOKIE)
}

service_test!(a_code_of_the_app_is_asked_for_and_works_once, async |w: World| {
    person(&w, "ada@maple.test", "Ada", Role::ComplianceLead);
    let session = signed_in(&w, "ada@maple.test").await;
    let (secret, _, renewed) = set_up(&w, &session).await;
    // A step up changes the cookie; the old one opens nothing.
    assert_ne!(session, renewed);
    w.get_as("/account", &session).await.is(303);
    w.get_as("/account", &renewed).await.is(200).shows("Codes of an app");
    // The code of the set-up is used up.
    let now = totp::code_at(&secret, w.now()).unwrap();
    let step = half_way(&w, "ada@maple.test").await;
    w.get_as("/", &step).await.is(303);
    code(&w, &step, &now).await.is(422).shows("was used before");
    passes(&w, 1);
    let next = totp::code_at(&secret, w.now()).unwrap();
    let page = code(&w, &step, &next).await;
    page.leads_to("/");
    w.get_as("/", &cookie(&page, STAFF_COOKIE)).await.is(200);
    let step = half_way(&w, "ada@maple.test").await;
    code(&w, &step, &next).await.is(422);
    tells(&w, "Ada set up a second step by app");
    tells(&w, "Ada signed in with a code of their app");
    tells(&w, "duecare refused a sign-in with the right password, because the second step was wrong");
});

service_test!(a_clock_half_a_minute_off_is_good_enough_and_two_minutes_are_not, async |w: World| {
    person(&w, "ada@maple.test", "Ada", Role::ComplianceLead);
    let (secret, _, _) = set_up(&w, &signed_in(&w, "ada@maple.test").await).await;
    passes(&w, 5);
    let step = half_way(&w, "ada@maple.test").await;
    code(&w, &step, &totp::code_at(&secret, w.now() + TimeDelta::minutes(2)).unwrap()).await.is(422);
    code(&w, &step, &totp::code_at(&secret, w.now() + TimeDelta::seconds(30)).unwrap()).await.is(303);
    let step = half_way(&w, "ada@maple.test").await;
    // Behind the one that was used.
    code(&w, &step, &totp::code_at(&secret, w.now() - TimeDelta::seconds(30)).unwrap()).await.is(422);
});

service_test!(a_recovery_code_works_once, async |w: World| {
    person(&w, "ada@maple.test", "Ada", Role::ComplianceLead);
    let (_, codes, _) = set_up(&w, &signed_in(&w, "ada@maple.test").await).await;
    let step = half_way(&w, "ada@maple.test").await;
    let typed = codes[3].to_lowercase().replace('-', " ");
    let session = cookie(code(&w, &step, &typed).await.is(303), STAFF_COOKIE);
    w.get_as("/account", &session).await.shows("9 recovery codes left");
    let step = half_way(&w, "ada@maple.test").await;
    code(&w, &step, &typed).await.is(422);
    code(&w, &step, &codes[4]).await.is(303);
});

service_test!(two_who_type_one_code_at_once_are_not_both_let_in, async |w: World| {
    person(&w, "ada@maple.test", "Ada", Role::ComplianceLead);
    let (secret, _, _) = set_up(&w, &signed_in(&w, "ada@maple.test").await).await;
    passes(&w, 1);
    let (one, other) = (half_way(&w, "ada@maple.test").await, half_way(&w, "ada@maple.test").await);
    let typed = totp::code_at(&secret, w.now()).unwrap();
    let (a, b) = futures_util::future::join(code(&w, &one, &typed), code(&w, &other, &typed)).await;
    let mut both = [a.status.as_u16(), b.status.as_u16()];
    both.sort_unstable();
    assert_eq!(both, [303, 422]);
});

service_test!(codes_are_slowed_down_like_passwords_wherever_they_come_from, async |w: World| {
    person(&w, "ada@maple.test", "Ada", Role::ComplianceLead);
    let (secret, _, _) = set_up(&w, &signed_in(&w, "ada@maple.test").await).await;
    let step = half_way(&w, "ada@maple.test").await;
    for _ in 0..5 {
        code(&w, &step, "000000").await.is(422);
    }
    let other = half_way(&w, "ada@maple.test").await;
    code(&w, &other, &totp::code_at(&secret, w.now() + TimeDelta::seconds(30)).unwrap()).await.is(429);
});

service_test!(secrets_and_codes_are_not_in_the_tables_as_they_are, async |w: World| {
    let user = person(&w, "ada@maple.test", "Ada", Role::ComplianceLead);
    let (secret, codes, _) = set_up(&w, &signed_in(&w, "ada@maple.test").await).await;
    let sealed = w.app.store.read(|conn| second_factors::secret(conn, user)).unwrap().unwrap().0;
    let spoken = totp::spoken(&secret).replace(' ', "");
    assert!(!sealed.contains(&spoken) && w.app.office.key.open("totp:another", &sealed).is_none());
    #[derive(diesel::QueryableByName)]
    struct Kept {
        #[diesel(sql_type = diesel::sql_types::Text)]
        code_hash: String,
    }
    let kept: Vec<Kept> = w
        .app
        .store
        .read(|conn| Ok::<_, StoreError>(diesel::sql_query("SELECT code_hash FROM recovery_codes").load(conn)?))
        .unwrap();
    assert!(
        kept.len() == 10
            && kept.iter().all(|one| !codes.contains(&one.code_hash) && one.code_hash != secrets::digest(&codes[0]))
    );
});

service_test!(an_administrator_must_have_a_second_step_where_the_practice_says_so, async |w: World| {
    person(&w, "ada@maple.test", "Ada", Role::Administrator);
    person(&w, "otto@maple.test", "Otto", Role::Auditor);
    let (ada, otto) = (signed_in(&w, "ada@maple.test").await, signed_in(&w, "otto@maple.test").await);
    w.get_as("/", &ada).await.is(200);
    let set = r#"UPDATE practices SET settings = '{"second_factor": true}'"#;
    w.app.store.write(|conn| Ok::<_, StoreError>(diesel::sql_query(set).execute(conn)?)).unwrap();
    w.get_as("/", &ada).await.leads_to("/account/second-step?needed=yes");
    w.get_as("/account/second-step?needed=yes", &ada).await.is(200).shows("asks its administrators");
    w.get_as("/", &otto).await.is(200);
    let (_, _, renewed) = set_up(&w, &ada).await;
    w.get_as("/", &renewed).await.is(200);
});

service_test!(an_administrator_who_takes_the_last_second_step_away_is_asked_for_one_again, async |w: World| {
    person(&w, "ada@maple.test", "Ada", Role::Administrator);
    let set = r#"UPDATE practices SET settings = '{"second_factor": true}'"#;
    w.app.store.write(|conn| Ok::<_, StoreError>(diesel::sql_query(set).execute(conn)?)).unwrap();
    let (_, _, session) = set_up(&w, &signed_in(&w, "ada@maple.test").await).await;
    w.get_as("/", &session).await.is(200);
    post(&w, "/account/second-step/app/remove", &[], &session).await.is(303);
    w.get_as("/", &session).await.leads_to("/account/second-step?needed=yes");
    let (_, _, again) = set_up(&w, &session).await;
    w.get_as("/", &again).await.is(200);
});

service_test!(a_session_left_alone_for_a_quarter_of_an_hour_ends_and_one_in_use_does_not, async |w: World| {
    person(&w, "ada@maple.test", "Ada", Role::ComplianceLead);
    let session = signed_in(&w, "ada@maple.test").await;
    for _ in 0..4 {
        passes(&w, 14);
        w.get_as("/vendors", &session).await.is(200);
    }
    passes(&w, 14);
    // Asking how long is left is no use.
    w.get_as("/stay", &session).await.is(200).shows("{\"seconds\":60}");
    passes(&w, 1);
    w.get_as("/vendors", &session).await.leads_to("/sign-in?next=%2Fvendors");
    let session = signed_in(&w, "ada@maple.test").await;
    passes(&w, 14);
    post(&w, "/stay", &[], &session).await.is(204);
    passes(&w, 14);
    w.get_as("/vendors", &session).await.is(200);
});

service_test!(the_practice_says_how_long_and_twelve_hours_end_it_in_any_case, async |w: World| {
    person(&w, "ada@maple.test", "Ada", Role::ComplianceLead);
    let set = r#"UPDATE practices SET settings = '{"idle_minutes": 60}'"#;
    w.app.store.write(|conn| Ok::<_, StoreError>(diesel::sql_query(set).execute(conn)?)).unwrap();
    let session = signed_in(&w, "ada@maple.test").await;
    for _ in 0..14 {
        passes(&w, 50);
        w.get_as("/vendors", &session).await.is(200);
    }
    passes(&w, 20);
    w.get_as("/vendors", &session).await.is(303);
});

/// Sends a form in a browser that has these cookies.
async fn send(w: &World, path: &str, fields: &[(&str, &str)], cookies: &[(&str, &str)]) -> Page {
    let cookies: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let request = actix_web::test::TestRequest::post().uri(path).set_form(fields);
    w.send(request.insert_header(("Cookie", cookies.join("; "))), None).await
}

pub async fn look(w: &World, path: &str, cookies: &[(&str, &str)]) -> Page {
    let cookies: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    w.send(actix_web::test::TestRequest::get().uri(path).insert_header(("Cookie", cookies.join("; "))), None).await
}

service_test!(what_was_typed_outlives_the_session, async |w: World| {
    person(&w, "ada@maple.test", "Ada", Role::ComplianceLead);
    person(&w, "otto@maple.test", "Otto", Role::ComplianceLead);
    let session = signed_in(&w, "ada@maple.test").await;
    let typed = [("name", "Northgate \"Typed\" Billing"), ("services", "Billing")];
    passes(&w, 16);
    let late = post(&w, "/vendors/new", &typed, &session).await;
    late.leads_to("/sign-in?next=%2Fkept");
    let kept = cookie(&late, KEPT_COOKIE);
    // The same browser, the same person: a new session that still takes the old forms.
    let form = [("email", "ada@maple.test"), ("password", PASSWORD), ("next", "/kept")];
    let page = send(&w, "/sign-in", &form, &[(STAFF_COOKIE, &session), (KEPT_COOKIE, &kept)]).await;
    page.leads_to("/kept");
    let again = cookie(&page, STAFF_COOKIE);
    let old_form = w.app.office.key.form_token(&secrets::form_subject(&session));
    assert!(w.app.office.key.form_token_is(&secrets::form_subject(&again), &old_form));
    let page = look(&w, "/kept", &[(STAFF_COOKIE, &again), (KEPT_COOKIE, &kept)]).await;
    page.is(200).shows("Northgate &quot;Typed&quot; Billing").shows("action=\"/vendors/new\"");
    assert_eq!(page.value_of("services"), "Billing");
    // Another person in that browser sees none of it, nor does this person in another one.
    let otto = signed_in(&w, "otto@maple.test").await;
    look(&w, "/kept", &[(STAFF_COOKIE, &otto), (KEPT_COOKIE, &kept)]).await.is(200).lacks("Northgate");
    look(&w, "/kept", &[(STAFF_COOKIE, &again)]).await.is(200).shows("Nothing is kept");
    // Half an hour later it is gone.
    passes(&w, 14);
    look(&w, "/", &[(STAFF_COOKIE, &again)]).await.is(200);
    passes(&w, 14);
    look(&w, "/", &[(STAFF_COOKIE, &again)]).await.is(200);
    passes(&w, 3);
    look(&w, "/kept", &[(STAFF_COOKIE, &again), (KEPT_COOKIE, &kept)]).await.is(200).lacks("Northgate");
});

service_test!(a_form_from_elsewhere_or_from_nobody_is_not_kept, async |w: World| {
    person(&w, "ada@maple.test", "Ada", Role::ComplianceLead);
    let session = signed_in(&w, "ada@maple.test").await;
    passes(&w, 16);
    let forged = send(&w, "/vendors/new", &[("csrf", "forged"), ("name", "x")], &[(STAFF_COOKIE, &session)]).await;
    forged.leads_to("/sign-in?next=%2Fvendors%2Fnew");
    assert!(forged.cookies.is_empty());
    let stranger = post(&w, "/vendors/new", &[("name", "x")], "nobody").await;
    assert!(stranger.cookies.is_empty() && stranger.location == "/sign-in?next=%2Fvendors%2Fnew");
});

service_test!(a_link_to_a_new_password_works_once_keeps_the_second_step_and_ends_the_rest, async |w: World| {
    let user = person(&w, "ada@maple.test", "Ada", Role::ComplianceLead);
    let session = signed_in(&w, "ada@maple.test").await;
    let (secret, _, session) = set_up(&w, &session).await;
    w.deliver().await;
    w.visit("/forgot").await.is(200).shows("Send the link");
    w.submit("/forgot", &[("email", "Ada@Maple.test")]).await.is(200).shows("on its way");
    w.deliver().await;
    let letter = w.letters().pop().unwrap();
    assert_eq!(
        (letter.to_address.as_str(), letter.subject.as_str()),
        ("ada@maple.test", "Choose a new password for duecare")
    );
    let link = letter.text[letter.text.find("/welcome/").unwrap()..].split_whitespace().next().unwrap().to_owned();
    // The outbox shows that a letter went, and not its link.
    assert!(!w.newest().text.contains(&link));
    w.visit(&link).await.is(200).shows("Choose a new password").shows("ada@maple.test");
    w.submit(&link, &[("password", "qwertyuiopasdf")]).await.is(422).shows("do not belong together");
    let page = w.submit(&link, &[("password", ANOTHER)]).await;
    page.leads_to("/sign-in/code");
    w.get_as("/", &session).await.is(303);
    w.submit(&link, &[("password", PASSWORD)]).await.is(410);
    passes(&w, 1);
    code(&w, &cookie(&page, STEP_COOKIE), &totp::code_at(&secret, w.now()).unwrap()).await.leads_to("/");
    assert!(w.app.store.read(|conn| second_factors::of(conn, user)).unwrap().app);
    try_password(&w, "ada@maple.test", PASSWORD).await.is(422);
    try_password(&w, "ada@maple.test", ANOTHER).await.leads_to("/sign-in/code");
    w.deliver().await;
    assert_eq!(w.letters().pop().unwrap().subject, "duecare: Your password was changed");
    tells(&w, "Ada chose a new password, which ended their other sessions");
});

service_test!(a_link_to_a_new_password_is_good_for_half_an_hour_and_its_letter_then_stays, async |w: World| {
    person(&w, "ada@maple.test", "Ada", Role::ComplianceLead);
    w.submit("/forgot", &[("email", "ada@maple.test")]).await.is(200);
    let link = format!("/welcome/{}", w.app.office.key.sign_in_token(w.newest().id));
    passes(&w, 29);
    w.visit(&link).await.is(200);
    passes(&w, 1);
    w.visit(&link).await.is(410);
    w.submit(&link, &[("password", ANOTHER)]).await.is(410);
    w.deliver().await;
    assert!(w.letters().is_empty());
});

service_test!(asking_for_a_link_says_the_same_whether_there_is_an_account_or_not, async |w: World| {
    person(&w, "ada@maple.test", "Ada", Role::ComplianceLead);
    let known = w.submit("/forgot", &[("email", "ada@maple.test")]).await;
    let unknown = w.submit("/forgot", &[("email", "eve@maple.test")]).await;
    known.is(200);
    assert_eq!(known.text.replace("ada@maple.test", "X"), unknown.text.replace("eve@maple.test", "X"));
    // And slows down the same.
    for email in ["ada@maple.test", "eve@maple.test"] {
        let mut answers = Vec::new();
        for _ in 0..6 {
            answers.push(w.submit("/forgot", &[("email", email)]).await.status.as_u16());
        }
        assert_eq!(answers, [200, 200, 200, 200, 429, 429], "{email}");
    }
    w.deliver().await;
    assert_eq!(w.letters().len(), 1);
});

service_test!(a_link_made_before_a_new_password_lets_nobody_in, async |w: World| {
    let ada = person(&w, "ada@maple.test", "Ada", Role::ComplianceLead);
    let link = || {
        let link = SignInLink::welcome(w.practice.id, Some(ada));
        format!("/welcome/{}", w.app.store.write(|conn| sign_in::make_link(conn, &link, w.now())).unwrap())
    };
    let (older, session) = (link(), signed_in(&w, "ada@maple.test").await);
    post(&w, "/account/password", &[("password", ANOTHER)], &session).await.leads_to("/account?done=password");
    w.visit(&older).await.is(410);
    // Whoever runs the program ends the older ones, too.
    let older = link();
    let rescue = |conn: &mut store::Db| {
        account::rescue(conn, &w.app.office, "ada@maple.test", account::Rescue::default(), w.now())
    };
    let fresh = format!("/welcome/{}", w.app.store.write(rescue).unwrap().unwrap());
    w.visit(&older).await.is(410);
    // And so does the password that is chosen by one of two.
    let other = link();
    w.submit(&fresh, &[("password", PASSWORD)]).await.leads_to("/");
    w.visit(&other).await.is(410);
});

service_test!(something_dangerous_asks_for_the_password_once_more, async |w: World| {
    person(&w, "ada@maple.test", "Ada", Role::Administrator);
    let session = signed_in(&w, "ada@maple.test").await;
    w.get_as("/account/password", &session).await.is(200);
    passes(&w, 11);
    w.get_as("/account/password", &session).await.leads_to("/prove?next=%2Faccount%2Fpassword");
    let invite = [("email", "new@maple.test"), ("role", "auditor")];
    let kept = post(&w, "/people", &invite, &session).await;
    kept.leads_to("/prove?next=%2Fkept");
    w.get_as("/prove?next=%2Fkept", &session).await.is(200).shows("ten minutes");
    post(&w, "/prove", &[("password", "wrong"), ("next", "/kept")], &session).await.is(422);
    let proven = post(&w, "/prove", &[("password", PASSWORD), ("next", "/kept")], &session).await;
    proven.leads_to("/kept");
    let renewed = cookie(&proven, STAFF_COOKIE);
    w.get_as("/", &session).await.is(303);
    let kept = cookie(&kept, KEPT_COOKIE);
    let page = look(&w, "/kept", &[(STAFF_COOKIE, &renewed), (KEPT_COOKIE, &kept)]).await;
    page.shows("new@maple.test").shows("action=\"/people\"");
    post(&w, "/people", &invite, &renewed).await.leads_to("/people?done=invited");
    let elsewhere = post(&w, "/prove", &[("password", PASSWORD), ("next", "//evil.test")], &renewed).await;
    elsewhere.leads_to("/");
});

service_test!(a_person_sees_where_they_are_signed_in_and_ends_it, async |w: World| {
    person(&w, "ada@maple.test", "Ada", Role::ComplianceLead);
    person(&w, "otto@maple.test", "Otto", Role::ComplianceLead);
    let (here, there) = (signed_in(&w, "ada@maple.test").await, signed_in(&w, "ada@maple.test").await);
    let page = w.get_as("/account", &here).await;
    page.shows("This one").shows("Sign out everywhere else");
    let at = page.text.find("/account/sessions/").unwrap();
    let end = page.text[at..].split('"').next().unwrap().to_owned();
    // Another person's session is an absent one.
    post(&w, &end, &[], &signed_in(&w, "otto@maple.test").await).await.is(404);
    post(&w, &end, &[], &here).await.leads_to("/account?done=ended");
    w.get_as("/", &there).await.is(303);
    post(&w, &end, &[], &here).await.is(404);
    let third = signed_in(&w, "ada@maple.test").await;
    post(&w, "/account/sessions/end-others", &[], &here).await.leads_to("/account?done=others");
    w.get_as("/", &third).await.is(303);
    w.get_as("/", &here).await.is(200);
});

service_test!(a_new_password_is_weighed_and_ends_the_other_sessions, async |w: World| {
    person(&w, "ada@maple.test", "Ada Okafor", Role::ComplianceLead);
    let (here, there) = (signed_in(&w, "ada@maple.test").await, signed_in(&w, "ada@maple.test").await);
    for weak in ["short", "MapleFamilyPractice", "ada.okafor.okafor", "passwordpassword"] {
        post(&w, "/account/password", &[("password", weak)], &here).await.is(422).lacks(&format!("value=\"{weak}\""));
    }
    post(&w, "/account/password", &[("password", ANOTHER)], &here).await.leads_to("/account?done=password");
    w.get_as("/", &there).await.is(303);
    w.get_as("/", &here).await.is(200);
    w.deliver().await;
    assert_eq!(w.letters().pop().unwrap().subject, "duecare: Your password was changed");
});

service_test!(coming_and_going_is_in_the_history, async |w: World| {
    person(&w, "ada@maple.test", "Ada", Role::ComplianceLead);
    try_password(&w, "ada@maple.test", "wrong").await.is(422);
    try_password(&w, "eve@maple.test", "wrong").await.is(422);
    let session = signed_in(&w, "ada@maple.test").await;
    post(&w, "/sign-out", &[], &session).await.leads_to("/sign-in");
    assert_eq!(
        history(&w),
        [
            "Ada signed out",
            "Ada signed in",
            "duecare refused a sign-in as ada@maple.test, because the password was wrong",
            "duecare founded the practice Maple Family Practice"
        ]
    );
});

service_test!(passkeys_are_offered_where_browsers_know_them_and_a_false_answer_is_refused, async |w: World| {
    // This world's address has no safe connection.
    w.visit("/sign-in").await.is(200).lacks("passkey");
    w.submit("/sign-in/passkey", &[]).await.is(404);
    let address = w.database_address();
    let w = w.seen_by(crate::world::app(&address, "https://duecare.test"));
    person(&w, "ada@maple.test", "Ada", Role::ComplianceLead);
    w.visit("/sign-in").await.shows("Sign in with a passkey").shows("<noscript>");
    let page = w.submit("/sign-in/passkey", &[("next", "/vendors")]).await;
    page.is(200).shows("data-passkey=\"get\"");
    let fields =
        [("ceremony", page.value_of("ceremony")), ("credential", "{}".to_owned()), ("next", "/vendors".to_owned())];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    w.submit("/sign-in/passkey/done", &fields).await.is(422).shows("did not work");
    let session = signed_in(&w, "ada@maple.test").await;
    let page = post(&w, "/account/passkeys", &[("name", "Laptop")], &session).await;
    page.is(200).shows("data-passkey=\"create\"");
    let ceremony = page.value_of("ceremony");
    let made = [("ceremony", ceremony.as_str()), ("credential", "{}"), ("name", "Laptop")];
    post(&w, "/account/passkeys/done", &made, &session).await.leads_to("/account/passkeys?done=failed");
    w.get_as("/account/passkeys", &session).await.is(200).shows("No passkeys yet");
});
