//! On PostgreSQL, a second wall between practices: row-level security. Every query names its
//! practice anyway; should one ever forget to, the database itself hides the other rows.
//!
//! The practice of a transaction is in the setting `duecare.practice`: an id, or `everything`
//! for what no single practice asks for (the sweep, a vendor's link before it is known whose
//! it is, signing in). Superusers are above all policies; `duecare check` says so.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};

use crate::domain::access::Scope;

/// The tables whose rows belong to one practice, by the column that says which.
pub const OWNED: &[(&str, &str)] = &[
    ("practices", "id"),
    ("vendors", "practice_id"),
    ("contacts", "practice_id"),
    ("agreements", "practice_id"),
    ("imports", "practice_id"),
    ("assessments", "practice_id"),
    ("invitations", "practice_id"),
    ("respondents", "practice_id"),
    ("answers", "practice_id"),
    ("codes", "practice_id"),
    ("evidence", "practice_id"),
    ("attestations", "practice_id"),
    ("scorecards", "practice_id"),
    ("flags", "practice_id"),
    ("letters", "practice_id"),
    ("vendor_tags", "practice_id"),
    ("ba_decisions", "practice_id"),
    ("tier_decisions", "practice_id"),
    ("documents", "practice_id"),
    ("endings", "practice_id"),
    ("saved_views", "practice_id"),
    ("bulk_changes", "practice_id"),
    ("entries", "practice_id"),
    ("chains", "practice_id"),
    ("notice_links", "practice_id"),
    ("notices", "practice_id"),
    ("notice_files", "practice_id"),
    ("acceptances", "practice_id"),
    ("handovers", "practice_id"),
    ("corrections", "practice_id"),
    ("earlier_replies", "practice_id"),
    ("actions", "practice_id"),
    ("action_words", "practice_id"),
    ("action_files", "practice_id"),
    ("incidents", "practice_id"),
    ("incident_assessments", "practice_id"),
    ("incident_marks", "practice_id"),
    ("review_decisions", "practice_id"),
    ("reviews", "practice_id"),
    ("changes", "practice_id"),
    ("exceptions", "practice_id"),
];

/// Tables with a practice in them that are read before it is known which one a person is in.
pub const SHARED: &[&str] = &["memberships", "sessions", "sign_in_links"];

#[derive(QueryableByName)]
struct Forced {
    #[diesel(sql_type = Text)]
    name: String,
}

/// Puts the wall up where it is not. The tables' owner is held back by it too.
pub(super) fn put_up(conn: &mut PgConnection) -> QueryResult<()> {
    let known: Vec<Forced> = diesel::sql_query(
        "SELECT tablename::text AS name FROM pg_policies WHERE schemaname = current_schema() AND policyname = 'one_practice'",
    )
    .load(conn)?;
    for (table, column) in OWNED.iter().filter(|(table, _)| !known.iter().any(|known| known.name == *table)) {
        conn.batch_execute(&format!(
            "ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
             CREATE POLICY one_practice ON {table}
                 USING (current_setting('duecare.practice', true) IN ('everything', {column}));"
        ))?;
    }
    Ok(())
}

/// The statement that begins a transaction of a scope.
pub(super) fn begin(begin: &str, scope: &Scope) -> String {
    match scope {
        Scope::Practice(id) => format!("{begin}; SET LOCAL duecare.practice = '{id}'"),
        Scope::Everything(_) => format!("{begin}; SET LOCAL duecare.practice = 'everything'"),
    }
}

#[derive(QueryableByName)]
struct Above {
    #[diesel(sql_type = Bool)]
    above: bool,
}

/// Whether the role that we connect as is above all policies.
pub(super) fn is_above(conn: &mut PgConnection) -> QueryResult<bool> {
    let above: Above =
        diesel::sql_query("SELECT rolsuper OR rolbypassrls AS above FROM pg_roles WHERE rolname = current_user")
            .get_result(conn)?;
    Ok(above.above)
}
