//! People come in by a link, then by password, and nobody else does.

use duecare::domain::access::Scope;
use duecare::domain::user::SignInLink;
use duecare::flows::sign_in;
use duecare::store;
use duecare::web::session::STAFF_COOKIE;

use crate::world::{Page, World, service_test};

/// A link of the first run, on an installation without a practice.
fn first_run(w: &World) -> String {
    w.empty();
    link(w, SignInLink::FIRST_RUN)
}

fn link(w: &World, link: SignInLink) -> String {
    w.app.store.write(|conn| sign_in::make_link(conn, &link, w.now())).map(|token| format!("/welcome/{token}")).unwrap()
}

fn cookie(page: &Page) -> String {
    let cookie = page.cookies.iter().find(|cookie| cookie.starts_with(STAFF_COOKIE)).expect("a session begins");
    for guard in ["Secure", "HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(guard), "{guard} in {cookie}");
    }
    cookie[STAFF_COOKIE.len() + 1..].split(';').next().unwrap().to_owned()
}

const ME: [(&str, &str); 5] = [
    ("practice_name", "Elm Street Clinic"),
    ("timezone", "America/New_York"),
    ("name", "Ada Okafor"),
    ("email", "Ada@Elm.test"),
    ("password", "four quiet green teapots"),
];

service_test!(the_first_run_makes_a_practice_and_its_first_user, async |w: World| {
    let welcome = first_run(&w);
    w.visit(&welcome).await.is(200).shows("Welcome to duecare");
    let weak: Vec<_> =
        ME.iter().map(|(name, text)| (*name, if *name == "password" { "short" } else { *text })).collect();
    w.submit(&welcome, &weak)
        .await
        .is(422)
        .shows("There is a problem")
        .shows("Elm Street Clinic")
        .lacks("value=\"short\"");
    let page = w.submit(&welcome, &ME).await;
    page.leads_to("/setup");
    w.get_as("/setup", &cookie(&page)).await.is(200).shows("1 of 5 steps done").shows("Elm Street Clinic");
    w.get_as("/", &cookie(&page))
        .await
        .is(200)
        .shows("Elm Street Clinic")
        .shows("Ada Okafor")
        .shows("1 of 5 steps done");
    // Once.
    w.visit(&welcome).await.is(410).shows("used up");
    w.submit(&welcome, &ME).await.is(410);
});

service_test!(the_history_begins_with_the_practice_and_tells_how_its_first_administrator_came, async |w: World| {
    w.submit(&first_run(&w), &ME).await.is(303);
    let everything = Scope::Everything("a test looks for the one practice");
    let practice = w.app.store.read(|conn| store::practices::all(conn, &everything)).unwrap().remove(0);
    let (scope, about) = (Scope::Practice(practice.id), store::entries::About::default());
    let lines = w.app.store.read(|conn| store::entries::list(conn, &scope, &about, 100, 0)).unwrap();
    let told: Vec<String> =
        lines.into_iter().rev().map(|(line, _)| format!("{} {}", line.by.name(), line.sentence)).collect();
    assert_eq!(
        told,
        [
            "duecare founded the practice Elm Street Clinic",
            "Ada Okafor joined the practice as administrator",
            "Ada Okafor chose a password",
            "Ada Okafor became the person whom letters name, with replies to ada@elm.test",
            "Ada Okafor signed in by a link",
        ]
    );
});

service_test!(a_second_link_of_the_first_run_makes_no_second_practice, async |w: World| {
    let (one, other) = (first_run(&w), link(&w, SignInLink::FIRST_RUN));
    w.submit(&one, &ME).await.is(303);
    w.submit(&other, &ME).await.is(410);
});

service_test!(a_hundred_guesses_at_once_are_counted_like_a_hundred_in_a_row, async |w: World| {
    w.submit(&first_run(&w), &ME).await.is(303);
    let guess = [("email", "ada@elm.test"), ("password", "wrong")];
    let pages = futures_util::future::join_all((0..20).map(|_| w.submit("/sign-in", &guess))).await;
    assert_eq!(pages.iter().filter(|page| page.status == 422).count(), 5);
});

service_test!(after_that_e_mail_and_password_sign_in, async |w: World| {
    w.submit(&first_run(&w), &ME).await.is(303);
    let page = w
        .submit(
            "/sign-in",
            &[("email", "ada@elm.test"), ("password", "four quiet green teapots"), ("next", "/vendors")],
        )
        .await;
    page.leads_to("/vendors");
    let session = cookie(&page);
    w.get_as("/vendors", &session).await.is(200).shows("No vendors yet");
    let out = w.post_as("/sign-out", &[], STAFF_COOKIE, &session).await;
    out.leads_to("/sign-in");
    w.get_as("/vendors", &session).await.leads_to("/sign-in?next=%2Fvendors");
});

service_test!(a_wrong_password_is_refused_without_saying_which_part_and_slowed_down, async |w: World| {
    w.submit(&first_run(&w), &ME).await.is(303);
    let wrong = w.submit("/sign-in", &[("email", "ada@elm.test"), ("password", "wrong")]).await;
    let unknown = w.submit("/sign-in", &[("email", "nobody@elm.test"), ("password", "wrong")]).await;
    wrong.is(422).shows("do not go together").shows("ada@elm.test");
    assert_eq!(wrong.text.replace("ada@elm.test", "X"), unknown.text.replace("nobody@elm.test", "X"));
    for _ in 0..4 {
        w.submit("/sign-in", &[("email", "ada@elm.test"), ("password", "wrong")]).await;
    }
    let right = [("email", "ada@elm.test"), ("password", "four quiet green teapots")];
    w.submit("/sign-in", &right).await.is(429).shows("Too many tries");
    w.app.clock.advance(chrono::TimeDelta::seconds(16));
    w.submit("/sign-in", &right).await.leads_to("/");
});

service_test!(a_session_ends_by_itself, async |w: World| {
    let page = w.submit(&first_run(&w), &ME).await;
    let session = cookie(&page);
    w.get_as("/vendors", &session).await.is(200);
    w.app.clock.advance(sign_in::SESSION_LASTS);
    w.get_as("/vendors", &session).await.leads_to("/sign-in?next=%2Fvendors");
});

service_test!(a_link_for_a_user_with_a_password_only_asks_to_press_a_button, async |w: World| {
    w.submit(&first_run(&w), &ME).await.is(303);
    let user = w.app.store.read(|conn| duecare::store::users::by_email(conn, "ada@elm.test")).unwrap().unwrap();
    let practice = w.app.store.read(|conn| duecare::store::users::practices(conn, user.id)).unwrap()[0];
    let again = link(&w, SignInLink::welcome(practice, Some(user.id)));
    w.visit(&again).await.is(200).shows("Sign in to Elm Street Clinic").lacks("type=\"password\"");
    let page = w.submit(&again, &[]).await;
    page.leads_to("/");
    w.get_as("/", &cookie(&page)).await.is(200);
});
