//! Who works on the vendors of a practice, and as what.

use duecare::domain::ids::UserId;
use duecare::domain::user::Role;
use duecare::flows::{people, sign_in};
use duecare::store;
use duecare::web::session::STAFF_COOKIE;

use crate::passage::{PASSWORD, cookie, person, post, signed_in, tells};
use crate::world::{Page, World, service_test};

/// The path of the link in the newest letter.
fn link(w: &World) -> String {
    let letter = w.letters().pop().expect("a letter was sent");
    letter.text[letter.text.find("/welcome/").unwrap()..].split_whitespace().next().unwrap().to_owned()
}

async fn invite(w: &World, email: &str, role: &str) -> Page {
    w.post("/people", &[("email", email), ("name", "Robin Castillo"), ("role", role)]).await
}

fn id_of(w: &World, email: &str) -> UserId {
    w.app.store.read(|conn| store::users::by_email(conn, email)).unwrap().unwrap().id
}

service_test!(a_colleague_is_invited_by_letter_and_comes_in_with_the_role, async |w: World| {
    w.get("/people").await.is(200).shows("1 person").shows("The only one");
    invite(&w, "Robin@Maple.test", "auditor").await.leads_to("/people?done=invited");
    w.get("/people").await.shows("robin@maple.test").shows("not here yet");
    w.deliver().await;
    let letter = w.letters().pop().unwrap();
    assert_eq!(letter.subject, "Dana Whitfield invites you to Maple Family Practice on duecare");
    let link = link(&w);
    // Neither table holds what opens it.
    let token = link.trim_start_matches("/welcome/").to_owned();
    assert!(!w.newest().text.contains(&token) && !w.newest().html.contains(&token));
    w.visit(&link).await.is(200).shows("Join Maple Family Practice").shows("Auditor");
    w.submit(&link, &[("password", "short")]).await.is(422);
    let page = w.submit(&link, &[("name", "Robin Castillo"), ("password", PASSWORD)]).await;
    page.leads_to("/");
    let robin = cookie(&page, STAFF_COOKIE);
    w.get_as("/", &robin).await.is(200).shows("Robin Castillo");
    w.get_as("/vendors/new", &robin).await.is(403);
    w.get_as("/people", &robin).await.is(403);
    w.visit(&link).await.is(410);
    w.get("/people").await.shows("2 people").lacks("not here yet");
    tells(&w, "Dana Whitfield invited robin@maple.test as auditor");
    tells(&w, "Robin Castillo joined the practice as auditor");
});

service_test!(an_invitation_is_sent_again_or_withdrawn_and_the_old_link_ends, async |w: World| {
    invite(&w, "robin@maple.test", "auditor").await.is(303);
    w.deliver().await;
    let first = link(&w);
    let robin = id_of(&w, "robin@maple.test");
    w.post(&format!("/people/{robin}/resend"), &[]).await.leads_to("/people?done=invited");
    w.deliver().await;
    let second = link(&w);
    assert_ne!(first, second);
    w.visit(&first).await.is(410);
    w.visit(&second).await.is(200);
    // One that waits is not sent any more.
    w.post(&format!("/people/{robin}/resend"), &[]).await.is(303);
    w.post(&format!("/people/{robin}/withdraw"), &[]).await.leads_to("/people?done=withdrawn");
    w.deliver().await;
    assert_eq!(w.letters().len(), 2);
    w.visit(&second).await.is(410);
    w.get("/people").await.lacks("robin@maple.test");
    w.post(&format!("/people/{robin}/withdraw"), &[]).await.is(404);
    w.post(&format!("/people/{robin}/resend"), &[]).await.is(404);
});

service_test!(someone_with_an_account_elsewhere_joins_and_signs_in_as_always, async |w: World| {
    let (other, otto) = w.other_practice();
    person(&w, "ada@maple.test", "Ada", Role::Administrator);
    // Ada of Maple is invited to the other practice by its administrator.
    post(&w, "/people", &[("email", "ada@maple.test"), ("role", "compliance-lead")], &otto).await.is(303);
    // The other practice learns neither her name nor that she has an account.
    w.get_as("/people", &otto).await.shows("ada@maple.test").lacks(">Ada<");
    w.deliver().await;
    let link = link(&w);
    w.visit(&link).await.is(200).shows("You sign in as always").lacks("type=\"password\"");
    let page = w.submit(&link, &[]).await;
    page.leads_to("/sign-in?next=%2Fpractices");
    assert!(page.cookies.is_empty());
    let session = signed_in(&w, "ada@maple.test").await;
    w.get_as("/practices", &session)
        .await
        .is(200)
        .shows("Your 2 practices")
        .shows("All together")
        .shows("Other Practice");
    // Joining was the last thing that she did: that is where she comes in.
    w.get_as("/", &session).await.is(200).shows("Other Practice");
    w.get_as("/people", &session).await.is(403);
    // Switching needs a press, counts at once, and the old cookie is gone.
    w.app.clock.advance(chrono::TimeDelta::seconds(1));
    let page =
        post(&w, &format!("/practices/{}/open", w.practice.id), &[("next", "/vendors?due=overdue")], &session).await;
    page.leads_to("/vendors?due=overdue");
    let there = cookie(&page, STAFF_COOKIE);
    w.get_as("/people", &there).await.is(200).shows("Maple Family Practice");
    w.get_as("/", &session).await.is(303);
    // She comes in where she was last.
    post(&w, "/sign-out", &[], &there).await.is(303);
    let again = signed_in(&w, "ada@maple.test").await;
    w.get_as("/", &again).await.shows("Maple Family Practice");
    w.get_as("/practices", &again).await.shows("open now");
    post(&w, &format!("/practices/{}/open", other.id), &[], &again).await.leads_to("/");
});

service_test!(the_group_view_counts_what_the_overview_counts, async |w: World| {
    let (other, _) = w.other_practice();
    let ada = person(&w, "ada@maple.test", "Ada", Role::Administrator);
    w.app.store.write(|conn| store::users::join(conn, ada, other.id, Role::Auditor)).unwrap();
    w.vendor("Northgate");
    w.sweep().await;
    w.days_pass(60);
    w.sweep().await;
    let session = signed_in(&w, "ada@maple.test").await;
    let page = w.get_as("/practices", &session).await;
    page.is(200).shows("Maple Family Practice, Overdue: 1").shows("Other Practice, Overdue: 0");
    page.shows(&format!("Maple Family Practice, Open flags: {}", w.flags().len()));
    page.shows(&format!("<td class=\"number\"><strong>{}</strong></td>", w.flags().len()));
});

service_test!(a_practice_that_one_does_not_serve_cannot_be_opened, async |w: World| {
    let (other, _) = w.other_practice();
    let absent = duecare::domain::ids::PracticeId::fresh();
    let foreign = w.post(&format!("/practices/{}/open", other.id), &[]).await;
    let nothing = w.post(&format!("/practices/{absent}/open"), &[]).await;
    foreign.is(404);
    assert_eq!(foreign.status, nothing.status);
    w.post("/practices/nonsense/open", &[]).await.is(404);
});

service_test!(a_role_counts_from_the_next_request, async |w: World| {
    let ada = person(&w, "ada@maple.test", "Ada", Role::ComplianceLead);
    let session = signed_in(&w, "ada@maple.test").await;
    w.get_as("/vendors/new", &session).await.is(200);
    w.post(&format!("/people/{ada}/role"), &[("role", "auditor")]).await.leads_to("/people?done=role");
    w.get_as("/vendors/new", &session).await.is(403);
    w.get_as("/vendors", &session).await.is(200);
    w.post(&format!("/people/{ada}/role"), &[("role", "administrator")]).await.is(303);
    w.get_as("/people", &session).await.is(200);
    tells(&w, "Dana Whitfield changed the role of Ada from compliance lead to auditor");
});

service_test!(whoever_is_taken_out_is_out_with_the_next_request, async |w: World| {
    let ada = person(&w, "ada@maple.test", "Ada", Role::ComplianceLead);
    let session = signed_in(&w, "ada@maple.test").await;
    w.post(&format!("/people/{ada}/remove"), &[]).await.leads_to("/people?done=removed");
    w.get_as("/", &session).await.is(303);
    w.submit("/sign-in", &[("email", "ada@maple.test"), ("password", PASSWORD)]).await.is(422);
    w.submit("/forgot", &[("email", "ada@maple.test")]).await.is(200);
    w.deliver().await;
    assert!(w.letters().is_empty());
    w.post(&format!("/people/{ada}/remove"), &[]).await.is(404);
    tells(&w, "Dana Whitfield took Ada out of the practice");
});

service_test!(the_last_administrator_stays_one, async |w: World| {
    let dana = id_of(&w, "dana@maple.test");
    w.post(&format!("/people/{dana}/role"), &[("role", "auditor")]).await.leads_to("/people?done=last");
    w.post(&format!("/people/{dana}/remove"), &[]).await.leads_to("/people?done=last");
    w.get("/people?done=last").await.is(200).shows("at least one administrator");
    // Two who take each other out at once do not both succeed.
    let ada = person(&w, "ada@maple.test", "Ada", Role::Administrator);
    let session = signed_in(&w, "ada@maple.test").await;
    let (one, other) = (format!("/people/{ada}/remove"), format!("/people/{dana}/remove"));
    let both = futures_util::future::join(w.post(&one, &[]), post(&w, &other, &[], &session)).await;
    let left = w.app.store.read(|conn| store::people::list(conn, &w.scope)).unwrap();
    assert_eq!(
        left.iter().filter(|one| one.role == Role::Administrator).count(),
        1,
        "{} {}",
        both.0.location,
        both.1.location
    );
});

service_test!(another_practices_person_is_an_absent_one, async |w: World| {
    let (other, _) = w.other_practice();
    let otto = id_of(&w, "otto@other.test");
    let absent = UserId::fresh();
    for what in ["role", "remove", "resend", "withdraw"] {
        let foreign = w.post(&format!("/people/{otto}/{what}"), &[("role", "auditor")]).await;
        let nothing = w.post(&format!("/people/{absent}/{what}"), &[("role", "auditor")]).await;
        foreign.is(404);
        // The token of the forms differs from page to page.
        let plain = |page: &Page| {
            let main = page.text.split("<main").nth(1).unwrap_or_default();
            main.split("reference").next().unwrap_or_default().to_owned()
        };
        assert_eq!((foreign.status, plain(&foreign)), (nothing.status, plain(&nothing)), "{what}");
        w.post(&format!("/people/nonsense/{what}"), &[("role", "auditor")]).await.is(404);
    }
    let scope = duecare::domain::access::Scope::Practice(other.id);
    assert_eq!(w.app.store.read(|conn| store::people::role(conn, &scope, otto)).unwrap(), Some(Role::Administrator));
});

service_test!(a_faulty_invitation_keeps_what_was_typed, async |w: World| {
    let page = w.post("/people", &[("email", "no address"), ("name", "Robin <b>")]).await;
    page.is(422)
        .shows("There is a problem")
        .shows("no address")
        .shows("Robin &lt;b&gt;")
        .shows("Choose what this person may do");
    person(&w, "ada@maple.test", "Ada", Role::Auditor);
    invite(&w, "ada@maple.test", "auditor").await.is(422).shows("in the practice already");
    w.deliver().await;
    assert!(w.letters().is_empty());
});

service_test!(a_sign_in_link_ends_with_the_membership, async |w: World| {
    let ada = person(&w, "ada@maple.test", "Ada", Role::Auditor);
    let link = duecare::domain::user::SignInLink::welcome(w.practice.id, Some(ada));
    let token = w.app.store.write(|conn| sign_in::make_link(conn, &link, w.now())).unwrap();
    w.post(&format!("/people/{ada}/remove"), &[]).await.is(303);
    w.submit(&format!("/welcome/{token}"), &[]).await.is(410);
    let role = w.app.store.read(|conn| store::people::role(conn, &w.scope, ada)).unwrap();
    assert_eq!(role, None);
});

service_test!(letters_name_the_first_administrator_and_not_whoever_comes_first, async |w: World| {
    for (email, name, role) in
        [("lee@maple.test", "Lee Park", "auditor"), ("robin@maple.test", "Robin Castillo", "administrator")]
    {
        assert_eq!(w.known().contact.name, "");
        w.post("/people", &[("email", email), ("role", role)]).await.is(303);
        w.deliver().await;
        w.submit(&link(&w), &[("name", name), ("password", PASSWORD)]).await.leads_to("/");
    }
    assert_eq!(w.known().contact.name, "Robin Castillo");
    tells(&w, "Robin Castillo became the person whom letters name, with replies to robin@maple.test");
});

service_test!(a_passkey_that_is_renamed_is_in_the_history, async |w: World| {
    let ada = person(&w, "ada@maple.test", "Ada", Role::Auditor);
    let session = signed_in(&w, "ada@maple.test").await;
    let key = store::passkeys::Passkey {
        id: duecare::domain::ids::PasskeyId::fresh(),
        name: "Laptop".to_owned(),
        credential: "{}".to_owned(),
        added_at: w.now(),
        used_at: None,
    };
    w.app.store.write(|conn| store::passkeys::add(conn, ada, &key)).unwrap();
    let rename = format!("/account/passkeys/{}/rename", key.id);
    post(&w, &rename, &[("name", "Front desk")], &session).await.leads_to("/account/passkeys?done=renamed");
    tells(&w, "Ada renamed the passkey “Laptop” to “Front desk”");
    w.post(&rename, &[("name", "Mine")]).await.is(404);
});

service_test!(the_history_says_the_role_that_someone_has_and_not_the_one_they_were_offered, async |w: World| {
    invite(&w, "robin@maple.test", "administrator").await.is(303);
    w.deliver().await;
    let let_in = |role| {
        let added = w.app.store.write(|conn| people::let_in(conn, w.practice.id, "robin@maple.test", role, w.now()));
        added.unwrap().1
    };
    assert_eq!(let_in(Role::Auditor), None);
    assert_eq!(let_in(Role::Administrator), Some(Role::Auditor));
    w.submit(&link(&w), &[("name", "Robin Castillo"), ("password", PASSWORD)]).await.leads_to("/");
    let robin = id_of(&w, "robin@maple.test");
    assert_eq!(w.app.store.read(|conn| store::people::role(conn, &w.scope, robin)).unwrap(), Some(Role::Auditor));
    tells(&w, "duecare let robin@maple.test in as auditor, on the command line");
    tells(&w, "duecare made a sign-in link for robin@maple.test, who stays auditor");
    tells(&w, "Robin Castillo used an invitation, and stays auditor");
});

/// The path of a link as it stands in a letter that went out, without its token.
fn carries(w: &World, elsewhere: &str) -> bool {
    w.letters().iter().any(|letter| {
        [&letter.text, &letter.html].into_iter().any(|part| {
            let after = part.split(elsewhere).nth(1).expect("the name stands in the letter");
            !after.starts_with("(token)")
        })
    })
}

service_test!(a_name_does_not_carry_the_token_of_a_link_to_another_site, async |w: World| {
    let name = "https://evil.test/~token~";
    w.vendor_with(name, |details| details.contact_name = name.to_owned());
    let invitee = [("email", "robin@maple.test"), ("name", name), ("role", "auditor")];
    w.post("/people", &invitee).await.leads_to("/people?done=invited");
    w.sweep().await;
    let letters = w.letters();
    assert_eq!(letters.len(), 2);
    assert!(!carries(&w, "https://evil.test/"));
    for letter in &letters {
        assert!(!letter.text.contains("~token~") && !letter.html.contains("~token~"));
        let path = if letter.text.contains("/welcome/") { "/welcome/" } else { "/i/" };
        let at = letter.text.find(path).unwrap();
        w.visit(letter.text[at..].split_whitespace().next().unwrap()).await.is(200);
    }
});

service_test!(what_one_practice_calls_someone_is_not_told_to_another, async |w: World| {
    let (_, otto) = w.other_practice();
    post(&w, "/people", &[("email", "robin@maple.test"), ("name", "Mallory the Mole"), ("role", "auditor")], &otto)
        .await
        .is(303);
    w.post("/people", &[("email", "robin@maple.test"), ("role", "auditor")]).await.leads_to("/people?done=invited");
    w.get("/people").await.shows("robin@maple.test").lacks("Mallory");
    w.deliver().await;
    let letter = w.letters().into_iter().find(|letter| letter.subject.contains("Maple Family Practice")).unwrap();
    assert!(!letter.text.contains("Mallory") && !letter.html.contains("Mallory") && letter.to_name.is_empty());
    let link = letter.text[letter.text.find("/welcome/").unwrap()..].split_whitespace().next().unwrap().to_owned();
    w.visit(&link).await.is(200).shows("Your name").lacks("Mallory");
    w.submit(&link, &[("password", PASSWORD)]).await.is(422).shows("Enter your name");
    w.submit(&link, &[("name", "Robin Castillo"), ("password", PASSWORD)]).await.leads_to("/");
    w.get("/people").await.shows("Robin Castillo").lacks("Mallory");
});

service_test!(a_name_typed_by_whoever_invites_is_a_suggestion, async |w: World| {
    invite(&w, "robin@maple.test", "auditor").await.is(303);
    let robin = id_of(&w, "robin@maple.test");
    w.post(&format!("/people/{robin}/resend"), &[]).await.is(303);
    w.deliver().await;
    let letter = w.letters().pop().unwrap();
    assert_eq!(letter.to_name, "Robin Castillo");
    let link = link(&w);
    w.visit(&link).await.is(200).shows("value=\"Robin Castillo\"");
    w.submit(&link, &[("name", "Robin C. Reyes"), ("password", PASSWORD)]).await.leads_to("/");
    w.get("/people").await.shows("Robin C. Reyes").lacks("Robin Castillo");
});
