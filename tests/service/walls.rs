//! The walls between practices and between roles: every route, with every kind of id of
//! another practice, as every role.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use duecare::domain::access::Scope;
use duecare::domain::ids::PracticeId;
use duecare::domain::user::{Need, Role};
use duecare::store::row_security::OWNED;
use duecare::store::{Db, StoreError};
use duecare::web::routes::declared;

use crate::world::{Page, World, service_test};

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Text)]
    text: String,
}

fn texts(w: &World, query: &str) -> Vec<String> {
    let rows: Vec<Found> =
        w.app.store.read(|conn| Ok::<_, StoreError>(diesel::sql_query(query).load::<Found>(conn)?)).unwrap();
    rows.into_iter().map(|row| row.text).collect()
}

/// Tables of a practice whose rows an address could name.
const NAMED: &[&str] = &[
    "vendors",
    "contacts",
    "agreements",
    "imports",
    "assessments",
    "invitations",
    "flags",
    "letters",
    "ba_decisions",
    "tier_decisions",
    "documents",
    "endings",
    "saved_views",
    "bulk_changes",
    "notice_links",
    "notices",
    "acceptances",
    "handovers",
    "actions",
    "incidents",
    "changes",
    "exceptions",
];

/// One row of every kind in another practice, by the flows where there are, and by hand.
fn furnish(w: &World, practice: PracticeId) {
    let vendor = texts(w, &format!("SELECT id AS text FROM vendors WHERE practice_id = '{practice}'")).remove(0);
    let user = texts(w, "SELECT id AS text FROM users WHERE email = 'otto@other.test'").remove(0);
    let (p, day, at) = (practice, "'2026-01-01'", "'2026-01-01 00:00:00'");
    let id = || uuid::Uuid::now_v7();
    let empty = match w.app.store.read(|conn| Ok::<_, StoreError>(matches!(conn, Db::Sqlite(_)))).unwrap() {
        true => "x'00'",
        false => "'\\x00'::bytea",
    };
    for statement in [
        format!(
            "INSERT INTO imports (practice_id, id, file_name, content, uploaded_at) VALUES ('{p}', '{}', 'list.csv', {empty}, {at})",
            id()
        ),
        format!(
            "INSERT INTO ba_decisions VALUES ('{p}', '{}', '{vendor}', 'undetermined', '[]', '', 'Otto', {day}, NULL)",
            id()
        ),
        format!("INSERT INTO tier_decisions VALUES ('{p}', '{}', '{vendor}', 1, 1, 9000, '', 'Otto', {day})", id()),
        format!(
            "INSERT INTO documents VALUES ('{p}', '{}', '{vendor}', 'other', 'a.txt', 'text/plain', 1, 'x', 'nowhere', 'clean', '', NULL, 'Otto', {at}, NULL)",
            id()
        ),
        format!("INSERT INTO endings VALUES ('{p}', '{}', '{vendor}', 'over', {day}, {day}, 'Otto', '[]', NULL)", id()),
        format!(
            "INSERT INTO notice_links VALUES ('{p}', '{}', '{vendor}', 'of another practice', {at}, 'Otto', NULL)",
            id()
        ),
        format!(
            "INSERT INTO notices VALUES ('{p}', '{}', '{vendor}', 'a browser', NULL, NULL, 'change-notice-v1', 'x', '{{}}', {at}, 'CN-1', 'Otto', '', '', '', {at}, {day}, '{{}}', 'x', NULL, NULL, NULL)",
            id()
        ),
        format!(
            "INSERT INTO notice_files SELECT '{p}', id, 'x', 'other', NULL, 'a.txt', 'text/plain', 1, 'nowhere', 'clean', {at}, NULL FROM notices WHERE practice_id = '{p}'"
        ),
        format!(
            "INSERT INTO acceptances VALUES ('{p}', '{}', '{vendor}', 'hipaa-v1', 'x', '{{}}', '[]', '', 'Otto', {day}, {day}, NULL, NULL, NULL)",
            id()
        ),
        format!(
            "INSERT INTO handovers VALUES ('{p}', '{}', '{vendor}', '{vendor}', 'pat@theirs.test', {at}, 'Kim', 'kim@theirs.test', '', false, NULL, NULL)",
            id()
        ),
        format!(
            "INSERT INTO actions SELECT '{p}', '{}', '{vendor}', id, 'adm.training', 'Training', 'Do you train?', '', 'critical', 'Train', 'Otto', {day}, 'open', {day}, 'Otto', false, NULL, NULL, NULL FROM assessments WHERE practice_id = '{p}'",
            id()
        ),
        format!(
            "INSERT INTO incidents VALUES ('{p}', '{}', '{vendor}', NULL, 'telephone', 'Lost', {day}, 'Otto', '{{\"vendor_knew_on\":null,\"told_on\":\"2026-01-01\",\"agency\":\"undetermined\",\"secured\":\"not-known\"}}', NULL, NULL, NULL, NULL)",
            id()
        ),
        format!(
            "INSERT INTO changes VALUES ('{p}', '{}', '{vendor}', 'place', 'answer', '{vendor}', 'off.kept', 'Kept', 'no', 'yes', NULL, NULL, {day}, 2, 'untold', '', NULL, NULL, NULL, NULL, NULL)",
            id()
        ),
        format!(
            "INSERT INTO exceptions SELECT '{p}', '{}', '{vendor}', id, 'adm.training', 'Training', 'No', 'critical', 'high', 'For now', 'Otto', {day}, {day}, NULL, NULL, NULL FROM assessments WHERE practice_id = '{p}'",
            id()
        ),
        format!("INSERT INTO saved_views VALUES ('{p}', '{}', '{user}', 'Mine', 'q=a', {at})", id()),
        format!(
            "INSERT INTO bulk_changes VALUES ('{p}', '{}', '{user}', 'owner', 'set the owner', '[]', {at}, NULL)",
            id()
        ),
    ] {
        w.app.store.write(|conn| Ok::<_, StoreError>(diesel::sql_query(statement).execute(conn)?)).unwrap();
    }
}

/// Everything that a practice has, as text, to see whether any of it changed.
fn contents(w: &World, practice: PracticeId) -> BTreeMap<&'static str, Vec<String>> {
    let sqlite = w.app.store.read(|conn| Ok::<_, StoreError>(matches!(conn, Db::Sqlite(_)))).unwrap();
    let mut all = BTreeMap::new();
    for (table, column) in OWNED {
        let row = match sqlite {
            true => {
                let columns = texts(
                    w,
                    &format!(
                        "SELECT group_concat('coalesce(quote(\"' || name || '\"), '''')', ' || ') AS text FROM pragma_table_info('{table}')"
                    ),
                );
                columns[0].clone()
            }
            false => format!("{table}::text"),
        };
        let mut rows = texts(w, &format!("SELECT {row} AS text FROM {table} WHERE {column} = '{practice}'"));
        rows.sort();
        all.insert(*table, rows);
    }
    all
}

/// A page without what is new at each request: the id asked for and the request's own.
fn plain(page: &Page, id: &str) -> (u16, String, String) {
    let masked = page.text.replace(id, "ID");
    let request = page.headers.iter().find(|(name, _)| name == "x-request-id").map(|(_, value)| value.clone());
    let masked = request.map_or(masked.clone(), |request| masked.replace(&request, "REQUEST"));
    // Form tokens are salted anew for each page.
    let lines: Vec<&str> = masked.lines().filter(|line| !line.contains("name=\"csrf\"")).collect();
    (page.status.as_u16(), page.location.replace(id, "ID"), lines.join("\n"))
}

service_test!(no_address_shows_or_changes_what_is_another_practices, async |w: World| {
    let (other, theirs) = w.other_practice();
    let page = w
        .post_as(
            "/vendors/new",
            &[
                ("name", "Theirs"),
                ("ba_status", "business-associate"),
                ("contact_email", "x@theirs.test"),
                ("agreement_signed_on", "2020-01-01"),
                ("agreement_ends_on", "2021-01-01"),
            ],
            duecare::web::session::STAFF_COOKIE,
            &theirs,
        )
        .await;
    let vendor = page.location.trim_start_matches("/vendors/").split('?').next().unwrap().to_owned();
    w.post_as(&format!("/vendors/{vendor}/ask"), &[], duecare::web::session::STAFF_COOKIE, &theirs).await.is(303);
    furnish(&w, other.id);
    let mut ids: Vec<(&str, String)> = Vec::new();
    for table in NAMED {
        let found = texts(&w, &format!("SELECT id AS text FROM {table} WHERE practice_id = '{}'", other.id));
        assert!(!found.is_empty(), "the other practice has no row in {table}");
        ids.push((table, found[0].clone()));
    }
    ids.push(("users", texts(&w, "SELECT id AS text FROM users WHERE email = 'otto@other.test'").remove(0)));
    ids.push(("practices", other.id.to_string()));
    let before = contents(&w, other.id);
    let (mut tried, mut broken) = (0, Vec::new());
    let doors = declared().into_iter().filter(|(path, _, need)| *need > Need::Link && path.contains('{'));
    for (path, posts, _) in doors {
        let absent = uuid::Uuid::now_v7().to_string();
        let address = |id: &str| {
            let mut parts = path.split('{');
            let start = parts.next().unwrap_or_default().to_owned();
            parts.fold(start, |address, part| address + id + part.split_once('}').map_or("", |(_, rest)| rest))
        };
        let ask = async |id: &str| match posts {
            true => w.post(&address(id), &[]).await,
            false => w.get(&address(id)).await,
        };
        let nothing = ask(&absent).await;
        if !matches!(nothing.status.as_u16(), 404 | 303) {
            broken.push(format!("{path} answers {} to an absent id", nothing.status));
        }
        for (kind, id) in &ids {
            let page = ask(id).await;
            if plain(&page, id) != plain(&nothing, &absent) {
                broken.push(format!("{path} knows an id of {kind} of another practice"));
            }
            tried += 1;
        }
    }
    assert_eq!(broken, Vec::<String>::new());
    assert!(tried > 100, "only {tried} were tried");
    println!("{tried} foreign ids tried");
    assert_eq!(contents(&w, other.id), before, "something of the other practice changed");
});

service_test!(every_route_asks_for_what_it_declares, async |w: World| {
    let mut tried = 0;
    for role in Role::ALL {
        let cookie = w.colleague(*role);
        for (path, posts, need) in declared().into_iter().filter(|(.., need)| *need > Need::Link) {
            let address = path.replace(['{', '}'], "").replace("/id", &format!("/{}", uuid::Uuid::now_v7()));
            let page = match posts {
                true => w.post_as(&address, &[], duecare::web::session::STAFF_COOKIE, &cookie).await,
                false => w.get_as(&address, &cookie).await,
            };
            let refused = page.status.as_u16() == 403;
            assert_eq!(refused, !role.may(need), "{} at {path} ({need:?}): {}", role.says(), page.status);
            tried += 1;
        }
    }
    for (path, posts, _) in declared().into_iter().filter(|(.., need)| *need > Need::Link) {
        let page = match posts {
            true => w.submit(&path, &[]).await,
            false => w.visit(&path).await,
        };
        assert!(page.location.starts_with("/sign-in"), "a stranger at {path}: {}", page.status);
        tried += 1;
    }
    println!("{tried} routes and roles tried");
});

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

#[test]
fn on_postgres_a_query_that_forgets_the_practice_sees_only_its_own() {
    crate::world::run(crate::world::Database::postgres(), async |w: World| {
        w.vendor("Ours");
        let (other, _) = w.other_practice();
        let count = |scope: &Scope| {
            w.app
                .store
                .read_in(scope, |conn| {
                    let query = diesel::sql_query("SELECT COUNT(*) AS count FROM vendors");
                    Ok::<_, StoreError>(query.get_result::<Count>(conn)?.count)
                })
                .unwrap()
        };
        assert_eq!(count(&w.scope), 1);
        assert_eq!(count(&Scope::Practice(other.id)), 0);
        assert_eq!(count(&Scope::Everything("the test compares")), 1);
        // Nor can anything be changed or added over there.
        let changed = w.app.store.write_in(&Scope::Practice(other.id), |conn| {
            Ok::<_, StoreError>(diesel::sql_query("UPDATE vendors SET name = 'Mine now'").execute(conn)?)
        });
        assert_eq!(changed.unwrap(), 0);
        let tag = format!("INSERT INTO chains VALUES ('{}', 0, '')", w.practice.id);
        let added = w.app.store.write_in(&Scope::Practice(other.id), |conn| {
            Ok::<_, StoreError>(
                diesel::sql_query("DELETE FROM chains").execute(conn)? + diesel::sql_query(tag).execute(conn)?,
            )
        });
        assert!(added.is_err());
        assert_eq!(w.app.store.is_above_policies().unwrap(), Some(false));
    });
}

#[test]
fn every_table_with_a_practice_in_it_is_behind_the_wall_or_named_as_shared() {
    let database = crate::world::Database::postgres();
    let duecare::store::Address::Postgres(url) = &database.address else { panic!("a PostgreSQL") };
    let mut conn = PgConnection::establish(url).unwrap();
    let rows: Vec<Found> = diesel::sql_query(
        "SELECT table_name::text AS text FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'practice_id'",
    )
    .load(&mut conn)
    .unwrap();
    for row in rows {
        let known = OWNED.iter().any(|(table, _)| *table == row.text)
            || duecare::store::row_security::SHARED.contains(&row.text.as_str());
        assert!(known, "{} is neither owned nor shared", row.text);
    }
}
