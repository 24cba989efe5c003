//! What the rooms cost, each beside a baseline that no code could do without, in the same run: `cargo xtask measure` runs
//! this and prints the ratios.
#![expect(clippy::unwrap_used, reason = "a measurement that fails says where")]

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use std::hint::black_box;
use tidemark_domain::averages::{Period, averages};
use tidemark_domain::trend::trend;
use tidemark_engine::columns::Columns;
use tidemark_measures::{ROWS, caller};
use tidemark_measures::{
    batch, entries, epoch, judged, merged, page_rows, request, rows, stored, wire,
};
use tidemark_protocol::{Metric, MetricsPage, PackedPage, digest};
use tidemark_server::storage::MemoryStorage;
use tidemark_server::sync::push;
use tidemark_testkit::fakes::run;

/// Beside the sum of all weights.
fn domain(criterion: &mut Criterion) {
    let entries = entries(&rows(ROWS));
    let mut group = criterion.benchmark_group("domain: 10,000 entries");
    group.bench_function("baseline: their sum", |bench| {
        bench.iter(|| -> u64 {
            let entries = black_box(&entries).iter();
            entries.map(|(_, weight)| u64::from(weight.get())).sum()
        });
    });
    group.bench_function("trend", |bench| bench.iter(|| trend(black_box(&entries))));
    group.bench_function("averages by month", |bench| {
        bench.iter(|| averages(black_box(&entries), Period::Month));
    });
}

/// Beside a copy of all rows.
fn engine(criterion: &mut Criterion) {
    let rows = page_rows(&rows(ROWS));
    let mut group = criterion.benchmark_group("engine: 10,000 rows");
    group.bench_function("baseline: a copy", |bench| {
        bench.iter(|| black_box(&rows).clone());
    });
    group.bench_function("merged into pages", |bench| {
        bench.iter_batched(|| rows.clone(), merged, BatchSize::LargeInput);
    });
    let (pages, _) = merged(rows.clone());
    group.bench_function("pages to columns and back", |bench| {
        bench.iter(|| {
            let pages = black_box(&pages).iter();
            let back = pages.map(|(key, page)| Columns::of(page).to_page(*key).unwrap());
            back.map(|page| page.rows.len()).sum::<usize>()
        });
    });
    let of = |row: &Metric| (row.created_at, row.id, row.version);
    group.bench_function("digests by month", |bench| {
        bench.iter(|| digest::by_month(black_box(&rows).iter().map(|row| of(&row.metric))));
    });
}

/// Beside reading the same text into loose values.
fn wire_page(criterion: &mut Criterion) {
    let (in_rows, in_columns) = wire();
    let mut group = criterion.benchmark_group("wire: a page of 1,000 rows");
    group.bench_function("baseline: any JSON of its size", |bench| {
        bench.iter(|| serde_json::from_str::<serde_json::Value>(black_box(&in_rows)).unwrap());
    });
    group.bench_function("in rows", |bench| {
        bench.iter(|| serde_json::from_str::<MetricsPage>(black_box(&in_rows)).unwrap());
    });
    group.bench_function("in columns", |bench| {
        bench.iter(|| {
            let page: PackedPage = serde_json::from_str(black_box(&in_columns)).unwrap();
            page.unpack().unwrap()
        });
    });
}

/// Beside a copy of the row.
fn merge_rule(criterion: &mut Criterion) {
    let row = stored();
    let mut group = criterion.benchmark_group("merge rule: an edit of a row");
    group.bench_function("baseline: a copy of the row", |bench| {
        bench.iter(|| black_box(&row).clone());
    });
    group.bench_function("made on the newest", |bench| {
        bench.iter(|| judged(black_box(&row), 1));
    });
    group.bench_function("made on an older one", |bench| {
        bench.iter(|| judged(black_box(&row), 0));
    });
}

/// Beside reading the body.
fn server(criterion: &mut Criterion) {
    let body = batch();
    let mut group = criterion.benchmark_group("server: a batch of 500 new entries");
    group.bench_function("baseline: reading its body", |bench| {
        bench.iter(|| request(black_box(&body)));
    });
    let request = request(&body).unwrap();
    let caller = caller();
    group.bench_function("judged and stored in memory", |bench| {
        let fresh = || MemoryStorage::new(epoch());
        bench.iter_batched(
            fresh,
            |storage| run(push(&storage, &caller, &request)).unwrap(),
            BatchSize::LargeInput,
        );
    });
}

criterion_group!(rooms, domain, engine, wire_page, merge_rule, server);
criterion_main!(rooms);
