//! The owners, services and tags that a practice has: what the list's filters offer.

use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};

use crate::domain::access::Scope;
use crate::store::{Db, StoreError, per_backend, practice};

/// More values than this are not offered one by one.
pub const MOST: usize = 50;

/// What there is of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Values {
    /// All of them, in the order of the alphabet; nothing is an empty text.
    Few(Vec<String>),
    /// More than [`MOST`].
    Many,
}

/// The owners, the services and the tags of a practice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offered {
    pub owners: Values,
    pub services: Values,
    pub tags: Values,
}

#[derive(QueryableByName)]
struct Value {
    #[diesel(sql_type = Nullable<Text>)]
    value: Option<String>,
}

/// Steps from one value to the next by the index, and stops when there are too many: the
/// cost follows the values and not the vendors.
fn values(conn: &mut Db, of: &str, table: &str, column: &str) -> Result<Values, StoreError> {
    let query = format!(
        "WITH RECURSIVE step (value) AS (
             SELECT (SELECT MIN({column}) FROM {table} WHERE practice_id = $1)
             UNION ALL
             SELECT (SELECT MIN({column}) FROM {table} WHERE practice_id = $1 AND {column} > step.value)
               FROM step WHERE step.value IS NOT NULL)
         SELECT value FROM step WHERE value IS NOT NULL LIMIT {}",
        MOST + 1
    );
    let rows: Vec<Value> = per_backend!(conn, c => diesel::sql_query(query).bind::<Text, _>(of).load(c))?;
    if rows.len() > MOST {
        return Ok(Values::Many);
    }
    let mut values: Vec<String> = rows.into_iter().filter_map(|row| row.value).collect();
    values.sort_by_key(|value| value.to_lowercase());
    Ok(Values::Few(values))
}

/// What the filters offer.
pub fn offered(conn: &mut Db, scope: &Scope) -> Result<Offered, StoreError> {
    let of = practice(scope)?;
    Ok(Offered {
        owners: values(conn, &of, "vendors", "owner")?,
        services: values(conn, &of, "vendors", "services")?,
        tags: values(conn, &of, "vendor_tags", "tag")?,
    })
}
