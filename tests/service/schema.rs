//! Both databases have the same tables, by the same migrations, up and down.

use std::collections::BTreeMap;
use std::path::Path;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use duecare::store::{Db, Store, migrations};

use crate::world::Database;

fn files(side: &str) -> BTreeMap<String, (String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(side);
    std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let entry = entry.unwrap();
            let text = |name: &str| std::fs::read_to_string(entry.path().join(name)).unwrap();
            (entry.file_name().into_string().unwrap(), (text("up.sql"), text("down.sql")))
        })
        .collect()
}

#[test]
fn the_two_sides_say_the_same_but_for_the_names_of_types() {
    let plain = |text: &str| text.replace("BYTEA", "BLOB").split_whitespace().collect::<Vec<_>>().join(" ");
    let normal = |side| {
        files(side).into_iter().map(|(name, (up, down))| (name, (plain(&up), plain(&down)))).collect::<BTreeMap<_, _>>()
    };
    assert_eq!(normal("sqlite"), normal("postgres"));
}

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

fn names(conn: &mut Db, sqlite: &str, postgres: &str) -> Vec<String> {
    let rows: Vec<Name> = match conn {
        Db::Sqlite(c) => diesel::sql_query(sqlite).load(c).unwrap(),
        Db::Postgres(c) => diesel::sql_query(postgres).load(c).unwrap(),
    };
    let mut names: Vec<String> = rows.into_iter().map(|row| row.name).filter(|name| !name.contains("diesel")).collect();
    names.sort();
    names
}

fn tables(conn: &mut Db) -> Vec<String> {
    names(
        conn,
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
        "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = 'public'",
    )
}

/// `table.column nullable` of every column, and every index by name.
fn shape(conn: &mut Db) -> Vec<String> {
    let columns = names(
        conn,
        "SELECT m.name || '.' || c.name || CASE WHEN c.\"notnull\" OR c.pk THEN '' ELSE ' null' END AS name
           FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'",
        "SELECT table_name || '.' || column_name || CASE is_nullable WHEN 'NO' THEN '' ELSE ' null' END AS name
           FROM information_schema.columns WHERE table_schema = 'public'",
    );
    let indexes = names(
        conn,
        "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
        "SELECT indexname::text AS name FROM pg_indexes WHERE schemaname = 'public' AND indexname NOT LIKE '%_pkey' AND indexname NOT LIKE '%_key'",
    );
    [columns, indexes].concat()
}

#[test]
fn both_databases_have_the_same_tables_columns_and_indexes() {
    let shape_of = |database: &Database| {
        let store = Store::open(&database.address).unwrap();
        store.read(|conn| Ok::<_, duecare::store::StoreError>(shape(conn))).unwrap()
    };
    assert_eq!(shape_of(&Database::sqlite()), shape_of(&Database::postgres()));
}

fn down_and_up(database: &Database) {
    let store = Store::open(&database.address).unwrap();
    let before = store.read(|conn| Ok::<_, duecare::store::StoreError>(shape(conn))).unwrap();
    let mut conn = match &database.address {
        duecare::store::Address::Sqlite(path) => Db::Sqlite(SqliteConnection::establish(path).unwrap()),
        duecare::store::Address::Postgres(url) => Db::Postgres(PgConnection::establish(url).unwrap()),
    };
    drop(store);
    if let Db::Sqlite(c) = &mut conn {
        c.batch_execute("PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000").unwrap();
    }
    migrations::revert_all(&mut conn).unwrap();
    assert_eq!(tables(&mut conn), Vec::<String>::new());
    drop(conn);
    let store = Store::open(&database.address).unwrap();
    assert_eq!(store.read(|conn| Ok::<_, duecare::store::StoreError>(shape(conn))).unwrap(), before);
}

#[test]
fn every_migration_goes_down_and_up_again_on_sqlite() {
    down_and_up(&Database::sqlite());
}

#[test]
fn every_migration_goes_down_and_up_again_on_postgres() {
    down_and_up(&Database::postgres());
}
