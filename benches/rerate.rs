//! Makes 100,000 kept scores again, from SQLite, on every core; beside it what reading the rows
//! alone takes.

use std::sync::Arc;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use duecare::catalogue::Catalogue;
use duecare::clock::Clock;
use duecare::demo;
use duecare::domain::access::Scope;
use duecare::domain::scoring::replay::Input;
use duecare::flows::{Office, replay};
use duecare::letters::Letters;
use duecare::secrets::Key;
use duecare::store::scores::Shelf;
use duecare::store::{Address, Store};
use duecare::templates::Templates;

// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const SCORES: u64 = 100_000;

fn rerate(bench: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("duecare.db").display().to_string();
    let catalogue = Arc::new(Catalogue::built_in().expect("the questionnaires can be read"));
    let office = Office {
        catalogue: Arc::clone(&catalogue),
        letters: Arc::new(Letters::new(
            Arc::new(Templates::built_in().expect("the templates can be read")),
            "https://duecare.example",
            "duecare@duecare.example",
        )),
        key: Key::of("the key of a benchmark, which seals nothing of worth"),
    };
    let store = Store::open(&Address::Sqlite(path.clone())).expect("a database").sealing(office.key.chain_key());
    store.forget_safety().expect("nothing here need outlive a power cut");
    let practice = demo::seed(&store, &office, Clock::System.now()).expect("a story").practice;
    multiply(&path);
    let scope = Scope::Practice(practice.id);
    let mut group = bench.benchmark_group("100,000 kept scores, from SQLite");
    group.throughput(Throughput::Elements(SCORES)).sample_size(10).measurement_time(Duration::from_secs(40));
    group.bench_function("read alone", |bencher| {
        bencher.iter(|| {
            replay::each(&store, &scope, Shelf::Signed, |kept| {
                std::hint::black_box(kept);
            })
        });
    });
    group.bench_function("rated again", |bencher| {
        bencher.iter(|| {
            replay::each(&store, &scope, Shelf::Signed, |kept| {
                let input: Input = serde_json::from_str(&kept.input).expect("an input");
                std::hint::black_box(input.rated(catalogue.current()).expect("a score"));
            })
        });
    });
    group.finish();
}

/// The story's scores of full replies, over and over.
fn multiply(path: &str) {
    let mut raw = SqliteConnection::establish(path).expect("a database");
    raw.batch_execute(&format!(
        "PRAGMA foreign_keys = OFF;
         CREATE TEMP TABLE pattern AS SELECT row_number() OVER () AS place, * FROM scorecards WHERE length(input) > 4000;
         DELETE FROM scorecards;
         WITH RECURSIVE many(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM many WHERE n < {SCORES} - 1)
         INSERT INTO scorecards (practice_id, assessment_id, model, as_of, rating, residual, record, input)
         SELECT practice_id, printf('%08d', n), model, as_of, rating, residual, record, input
         FROM many JOIN pattern ON place = 1 + n % (SELECT count(*) FROM pattern);"
    ))
    .expect("rows");
}

criterion_group!(benches, rerate);
criterion_main!(benches);
