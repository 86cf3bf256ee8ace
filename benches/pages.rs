//! Rendering one question page, the dashboard and a list of a hundred vendors, from contexts
//! that are ready.

use criterion::{Criterion, criterion_group, criterion_main};
use duecare::templates::{Context, Templates};
use duecare::web::pages::dashboard::Dashboard;
use duecare::web::pages::vendors::Vendors;
use duecare::web::portal::topic::TopicPage;
use duecare::web::portal::view::Shell;
use duecare::web::view;

fn render(bench: &mut Criterion) {
    let templates = Templates::built_in().expect("the templates can be read");
    let topic = TopicPage::samples().swap_remove(0);
    let shell = Shell::stranger("A topic");
    bench.bench_function("render one question page", |bencher| bencher.iter(|| shell.text(&templates, &topic)));
    let dashboard = Dashboard::samples().swap_remove(0);
    bench.bench_function("render the dashboard", |bencher| bencher.iter(|| view::sample_pages(&templates, &dashboard)));
    let vendors = Vendors::samples().pop().expect("there is a sample");
    bench.bench_function("render a list of 100 vendors", |bencher| {
        bencher.iter(|| view::sample_pages(&templates, &vendors))
    });
}

criterion_group!(benches, render);
criterion_main!(benches);
