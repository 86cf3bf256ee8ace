//! Brings a vendor file in: all of it, or nothing.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Office, register};
use crate::domain::access::Scope;
use crate::domain::entry::{Act, Actor, Deed};
use crate::domain::import_plan::{self, Plan, Step, Stuck};
use crate::domain::practice::Practice;
use crate::domain::vendor::quoted;
use crate::domain::vendor_file::choices::{self, Layout};
use crate::domain::vendor_file::{Choices, Fault, Question, Replies, Table, VendorFile};
use crate::store::{self, Db, StoreError};

/// Why a file is not brought in.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error("{} to mend in the file", .0.len())]
    Faults(Vec<Fault>),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A list that was read, with what was answered about it.
#[derive(Clone, Debug)]
pub struct List {
    /// The file's name, for the history.
    pub name: String,
    pub file: VendorFile,
    pub replies: Replies,
}

/// How far an uploaded list has come.
#[derive(Debug)]
pub enum Stage {
    /// Someone must say what the columns are.
    Columns { sheets: Vec<String>, sheet: usize, layout: Layout, first_rows: Vec<(u64, String)> },
    /// Someone must answer: at least one of these is open.
    Questions(Vec<Question>),
    /// What it would do, and the questions that were answered.
    Ready(Plan, Vec<Question>),
}

/// How long an upload waits for somebody to confirm it: it holds names and addresses.
const WAITS: TimeDelta = TimeDelta::days(1);

/// Forgets the practice's uploads that nobody confirmed; gives how many there were.
///
/// # Errors
/// The database's.
pub fn forget_old(conn: &mut Db, scope: &Scope, now: DateTime<Utc>) -> Result<usize, StoreError> {
    store::imports::forget_before(conn, scope, now - WAITS)
}

/// Rows offered as the one that names the columns.
const FIRST_ROWS: usize = 15;

/// The columns of an uploaded list as they are guessed, or were chosen.
///
/// # Errors
/// Faults of the file as a whole.
pub fn columns(bytes: &[u8], chosen: &Choices) -> Result<Stage, ImportError> {
    let table = Table::open(bytes, chosen.sheet.as_deref()).map_err(ImportError::Faults)?;
    let mut layout = choices::layout(&table, chosen.header);
    if let Some(columns) = chosen.columns.as_ref().filter(|columns| columns.len() == layout.columns.len()) {
        layout.columns.iter_mut().zip(columns).for_each(|(column, target)| column.target = *target);
    }
    Ok(columns_of(&table, layout))
}

fn columns_of(table: &Table, layout: Layout) -> Stage {
    let first_rows = table.first_rows(FIRST_ROWS).collect();
    Stage::Columns { sheets: table.sheets.clone(), sheet: table.sheet, layout, first_rows }
}

/// How far these bytes come with these choices. Reads only; the file is cut and read before
/// the list of the practice is.
///
/// # Errors
/// Faults that no answer mends, by line and column.
pub fn stage(conn: &mut Db, scope: &Scope, bytes: &[u8], chosen: &Choices) -> Result<Stage, ImportError> {
    let reading = match read(bytes, chosen)? {
        Read::Stage(stage) => return Ok(stage),
        Read::File(reading) => reading,
    };
    let vendors = store::vendors::all(conn, scope)?;
    let file = VendorFile { rows: reading.rows, warnings: reading.warnings };
    match import_plan::plan(&vendors, file, &chosen.replies) {
        Ok(plan) => Ok(Stage::Ready(plan, reading.questions)),
        Err(Stuck { faults, .. }) if !faults.is_empty() => Err(ImportError::Faults(faults)),
        Err(Stuck { questions, .. }) => Ok(Stage::Questions(reading.questions.into_iter().chain(questions).collect())),
    }
}

/// The list that these bytes and choices make.
///
/// # Errors
/// Faults of the file; `None` when something is still to be chosen or answered.
pub fn list(name: &str, bytes: &[u8], chosen: Choices) -> Result<Option<List>, ImportError> {
    match read(bytes, &chosen)? {
        Read::Stage(_) => Ok(None),
        Read::File(reading) => {
            let file = VendorFile { rows: reading.rows, warnings: reading.warnings };
            Ok(Some(List { name: name.to_owned(), file, replies: chosen.replies }))
        }
    }
}

enum Read {
    Stage(Stage),
    File(choices::Reading),
}

fn read(bytes: &[u8], chosen: &Choices) -> Result<Read, ImportError> {
    let table = Table::open(bytes, chosen.sheet.as_deref()).map_err(ImportError::Faults)?;
    match choices::read(&table, chosen).map_err(ImportError::Faults)? {
        choices::Step::Columns(layout) => Ok(Read::Stage(columns_of(&table, layout))),
        choices::Step::Read(reading) if reading.questions.iter().any(Question::is_open) => {
            Ok(Read::Stage(Stage::Questions(reading.questions)))
        }
        choices::Step::Read(reading) if !reading.faults.is_empty() => Err(ImportError::Faults(reading.faults)),
        choices::Step::Read(reading) => Ok(Read::File(reading)),
    }
}

/// What importing a list would do. Reads only.
///
/// # Errors
/// Rows that fit no vendor or several.
pub fn preview(conn: &mut Db, scope: &Scope, list: List) -> Result<Plan, ImportError> {
    let vendors = store::vendors::all(conn, scope)?;
    import_plan::plan(&vendors, list.file, &list.replies).map_err(|stuck| ImportError::Faults(stuck.into_faults()))
}

/// Imports a list, in one transaction of the caller's. The plan is made anew inside it, so
/// that what changed since the preview is not overwritten unseen.
///
/// # Errors
/// Rows that fit no vendor or several; the caller's transaction is to be taken back.
pub fn import(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    list: List,
    by: &Actor,
    now: DateTime<Utc>,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<Plan, ImportError> {
    let scope = Scope::Practice(practice.id);
    let vendors = store::vendors::hold_all(conn, &scope)?;
    let plan = import_plan::plan(&vendors, list.file, &list.replies)
        .map_err(|stuck| ImportError::Faults(stuck.into_faults()))?;
    drop(vendors);
    let all = plan.rows.len();
    for (done, row) in plan.rows.iter().enumerate() {
        match &row.step {
            Step::New(details) => {
                register::add(conn, office, practice, details, by, now)?;
            }
            Step::Changed { vendor, details, .. } => {
                register::change_because(
                    conn,
                    office,
                    practice,
                    vendor.id,
                    details,
                    "Taken from a vendor file",
                    by,
                    now,
                )?;
            }
            Step::Unchanged => {}
        }
        progress(done + 1, all);
    }
    if plan.new_count() + plan.changed_count() > 0 {
        let sentence = told(&list.name, &plan);
        store::entries::write(conn, &scope, &Deed { by, act: Act::Imported, vendor: None, sentence }, now)?;
    }
    Ok(plan)
}

/// `imported “vendors.xlsx”: 12 new, 3 changed and 40 unchanged vendors`
fn told(name: &str, plan: &Plan) -> String {
    let name = if name.is_empty() { "a list".to_owned() } else { quoted(name) };
    format!(
        "imported {name}: {} new, {} changed and {} unchanged vendors",
        plan.new_count(),
        plan.changed_count(),
        plan.unchanged_count()
    )
}
