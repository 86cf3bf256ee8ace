//! Which row names the columns of a busy office's list, and what each column holds.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::header::known;
use super::sheet::Row;
use super::spellings::fold;
use super::{Field, Table, Target, check};

/// Rows among which the one that names the columns is looked for.
pub(super) const HEADER_WITHIN: usize = 25;
/// Values of a column that are looked at.
const LOOKED_AT: usize = 60;
/// A heading longer than this is a sentence.
const LONGEST: usize = 80;

/// A column with what it probably holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    pub heading: String,
    /// Its first values, the same one once.
    pub samples: Vec<String>,
    pub target: Target,
}

/// The row that most looks as if it named columns, and how much it does. Ours count most.
pub(super) fn header(rows: &[Row]) -> Option<(usize, usize)> {
    let mut best = None;
    for (at, row) in rows.iter().take(HEADER_WITHIN).enumerate() {
        let mut fields: Vec<(Field, usize)> = row.cells.iter().filter_map(|cell| named(cell)).collect();
        fields.sort();
        fields.dedup_by_key(|(field, _)| *field);
        let worth: usize = fields.iter().map(|(_, worth)| worth).sum();
        // One word among several cells is a vendor's: "Acme, Records, 2024".
        let chance = matches!(fields[..], [(field, 2)] if field != Field::Name) && filled(row) > 1;
        if worth > 0 && !chance && best.is_none_or(|(_, found)| worth > found) {
            best = Some((at, worth));
        }
    }
    best
}

pub(super) fn filled(row: &Row) -> usize {
    row.cells.iter().filter(|cell| !cell.trim().is_empty()).count()
}

/// The field that a heading names, and how surely: 3 is ours, 2 a usual name.
fn named(heading: &str) -> Option<(Field, usize)> {
    if heading.chars().count() > LONGEST {
        return None;
    }
    if let Some(field) = known(heading) {
        return Some((field, 3));
    }
    let plain = heading.split(['(', '[', ':']).next().unwrap_or_default();
    let found = NAMES.get(&fold(heading)).or_else(|| NAMES.get(&fold(plain)))?;
    found.first().map(|field| (*field, 2))
}

static NAMES: LazyLock<HashMap<String, Vec<Field>>> = LazyLock::new(|| {
    let mut names: HashMap<String, Vec<Field>> = HashMap::new();
    for field in Field::ALL {
        for name in other_names(*field) {
            names.entry(fold(name)).or_default().push(*field);
        }
    }
    names
});

/// The fields that a heading may name, the likeliest first.
fn candidates(heading: &str) -> Vec<Field> {
    if heading.chars().count() > LONGEST {
        return Vec::new();
    }
    let plain = heading.split(['(', '[', ':']).next().unwrap_or_default();
    if let Some(fields) = NAMES.get(&fold(heading)).or_else(|| NAMES.get(&fold(plain))) {
        return fields.clone();
    }
    let folded = fold(plain);
    // Short headings are near everything.
    if folded.chars().count() < 5 {
        return Vec::new();
    }
    let near = |name: &str| strsim::normalized_damerau_levenshtein(&folded, name) >= 0.85;
    let own = Field::ALL.iter().copied().filter(|field| near(&fold(field.key())));
    own.chain(NAMES.iter().filter(|(name, _)| near(name)).flat_map(|(_, fields)| fields.iter().copied()).take(1))
        .take(1)
        .collect()
}

/// Whether a heading is ours, or says nothing to us: then there is nothing to guess.
pub(super) fn is_plain(heading: &str) -> bool {
    known(heading).is_some() || candidates(heading).is_empty()
}

/// The columns of the table with a target each, when that row names them (none: no row does).
pub fn columns(table: &Table, header: Option<usize>) -> Vec<Column> {
    let rows = &table.rows[header.map_or(0, |at| (at + 1).min(table.rows.len()))..];
    let mut columns: Vec<Column> = (0..table.width())
        .map(|at| {
            let heading = header.and_then(|row| table.rows.get(row)?.cells.get(at)).map_or("", |text| text.trim());
            Column { heading: called(heading, at), samples: samples(rows, at), target: Target::Keep }
        })
        .collect();
    let mut wishes: Vec<Wish> = columns.iter().enumerate().flat_map(|(at, column)| wishes(at, column)).collect();
    wishes.sort_by_key(|wish| (std::cmp::Reverse(wish.worth), wish.rank, wish.at));
    for Wish { at, field, .. } in wishes {
        let target = Target::Field(field);
        if columns[at].target == Target::Keep && columns.iter().all(|column| column.target != target) {
            columns[at].target = target;
        }
    }
    columns
}

/// What a heading and the values under it ask for. The surest is heard first, then the
/// likeliest meaning of a heading, then the column further left.
struct Wish {
    worth: usize,
    rank: usize,
    at: usize,
    field: Field,
}

fn wishes(at: usize, column: &Column) -> Vec<Wish> {
    if let Some(field) = known(&column.heading) {
        return vec![Wish { worth: 4, rank: 0, at, field }];
    }
    let fields = candidates(&column.heading);
    let suiting = fields.iter().filter(|field| suits(**field, &column.samples));
    let found: Vec<Wish> =
        suiting.enumerate().map(|(rank, field)| Wish { worth: 3, rank, at, field: *field }).collect();
    // No heading of ours: values that can only be one thing.
    let plain = fields.is_empty() || fields.contains(&Field::ContactName);
    if found.is_empty() && plain && !column.samples.is_empty() && mostly(&column.samples, |text| text.contains('@')) {
        return vec![Wish { worth: 1, rank: 0, at, field: Field::ContactEmail }];
    }
    found
}

/// For a list whose columns nobody named: the first one that looks like names.
pub fn name_by_values(columns: &[Column]) -> Option<usize> {
    columns.iter().position(|column| {
        column.target == Target::Keep && !column.samples.is_empty() && suits(Field::Name, &column.samples)
    })
}

pub(super) fn called(heading: &str, at: usize) -> String {
    let one_line = heading.split_whitespace().collect::<Vec<_>>().join(" ");
    if one_line.is_empty() { format!("Column {}", at + 1) } else { one_line.chars().take(100).collect() }
}

fn samples(rows: &[Row], at: usize) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for text in rows.iter().filter_map(|row| row.cells.get(at)).map(|text| text.trim()) {
        if !text.is_empty() && !found.iter().any(|known| known == text) {
            found.push(text.chars().take(200).collect());
        }
        if found.len() == LOOKED_AT {
            break;
        }
    }
    found
}

/// Whether values can be what a heading suggests. A list that says "status" may mean whether
/// the vendor is paid, and "contact" a name or an address.
fn suits(field: Field, samples: &[String]) -> bool {
    let yes_no = |text: &str| matches!(fold(text).as_str(), "yes" | "no" | "y" | "n" | "true" | "false" | "x");
    match field {
        Field::Name => {
            !mostly(samples, yes_no)
                && mostly(samples, |text| text.chars().any(char::is_alphabetic) && !text.contains('@'))
        }
        Field::ContactEmail => mostly(samples, |text| text.contains('@') || check::is_blank(text)),
        Field::ContactName | Field::Owner => !mostly(samples, |text| text.contains('@') || yes_no(text)),
        Field::Website => mostly(samples, |text| text.contains('.') && !text.contains('@')),
        Field::PhiElements => mostly(samples, |text| yes_no(text) || check::is_readable(field, text)),
        Field::BaStatus => mostly(samples, |text| yes_no(text) || check::is_readable(field, text)),
        Field::ExternalId => mostly(samples, |text| text.chars().count() <= 30),
        _ => mostly(samples, |text| check::is_readable(field, text)),
    }
}

/// At least half of them; of none, yes.
fn mostly(samples: &[String], is: impl Fn(&str) -> bool) -> bool {
    samples.iter().filter(|text| is(text)).count() * 2 >= samples.len()
}

/// What other lists call the same. Where the values do not suit, it is not taken for that.
pub(super) const fn other_names(field: Field) -> &'static [&'static str] {
    match field {
        Field::Name => &[
            "vendor",
            "vendor name",
            "vendors",
            "company",
            "company name",
            "supplier",
            "supplier name",
            "business",
            "business name",
            "business associate",
            "business associate name",
            "ba name",
            "organization",
            "third party",
            "legal name",
            "name of vendor",
            "provider",
        ],
        Field::ContactName => &[
            "contact",
            "contact person",
            "vendor contact",
            "vendor contact name",
            "primary contact",
            "main contact",
            "rep",
            "representative",
            "account manager",
            "attention",
        ],
        Field::ContactEmail => &[
            "email",
            "e-mail",
            "email address",
            "e-mail address",
            "vendor email",
            "vendor contact email",
            "primary contact email",
            "mail",
            "emails",
            "contact",
            "contact info",
        ],
        Field::Website => &["web", "url", "homepage", "site", "web address", "web site", "domain"],
        Field::Services => &[
            "service",
            "description",
            "what they do",
            "purpose",
            "type of service",
            "service type",
            "services provided",
            "service provided",
            "description of services",
            "function",
            "type",
            "category",
            "vendor type",
        ],
        Field::BaStatus => &[
            "ba",
            "business associate status",
            "is ba",
            "ba y/n",
            "is business associate",
            "business associate",
            "business associate y/n",
            "status",
        ],
        Field::PhiElements => &[
            "phi",
            "phi y/n",
            "phi access",
            "access to phi",
            "has phi",
            "phi types",
            "type of phi",
            "types of phi",
            "phi type",
            "data",
            "data types",
            "information",
            "ephi",
        ],
        Field::Volume => {
            &["patients", "number of patients", "records", "# of patients", "patient count", "no of patients"]
        }
        Field::Access => &["access type", "how", "access method", "type of access"],
        Field::Criticality => &["critical", "downtime", "importance", "rto"],
        Field::Subcontractors => &["subs", "number of subcontractors", "subcontractor"],
        Field::Offshore => &["abroad", "foreign", "outside us", "outside the us", "offshore access"],
        Field::BaaSignedOn => &[
            "baa",
            "baa date",
            "baa signed",
            "baa signed date",
            "baa effective date",
            "date baa signed",
            "date of baa",
            "date signed",
            "signed",
            "signed on",
            "signed date",
            "agreement date",
            "contract date",
            "effective date",
            "baa on file",
        ],
        Field::BaaEndsOn => &[
            "baa ends",
            "baa expires",
            "baa expiration",
            "baa expiration date",
            "baa end date",
            "baa expiry",
            "expires",
            "expires on",
            "expiration",
            "expiration date",
            "expiry",
            "expiry date",
            "exp date",
            "end date",
            "contract end",
            "contract end date",
            "renewal date",
            "termination date",
        ],
        Field::Owner => {
            &["responsible", "internal owner", "our contact", "internal contact", "vendor owner", "responsible person"]
        }
        Field::ExternalId => &["id", "vendor id", "vendor number", "number", "account number", "vendor no"],
        Field::Notes => &["note", "comment", "comments", "remarks"],
    }
}
