//! Reading histories.

use super::StoreFactory;
use super::given::{outbox, pages, pulled};
use crate::samples::{create, entity, metric, person};
use tidemark_engine::Store;
use tidemark_engine::page::{Page, PageKey, PageRow};
use tidemark_engine::ports::Window;
use tidemark_protocol::{DeviceId, EntityId, Metric};

/// Hours of more than a month.
const MONTH: i64 = 24 * 31;

/// Four months: 3, 2, 4 and 1 rows, oldest month first.
fn four_months() -> Vec<Metric> {
    let days = [3, 2, 4, 1];
    let mut number = 0;
    let mut rows = Vec::new();
    for (month, days) in (0..).zip(days) {
        for day in 0..days {
            number += 1;
            rows.push(metric(number, month * MONTH + day, 1));
        }
    }
    rows
}

fn sizes(pages: &[Page]) -> Vec<usize> {
    pages.iter().map(|page| page.rows.len()).collect()
}

/// With the outbox of the same moment.
pub async fn pages_come_newest_month_first(factory: &impl StoreFactory) {
    let store = pulled(factory.open().await, four_months()).await;
    let edits = [create(1, &metric(1, 0, 1))];
    store.commit(&edits, None).await.unwrap();
    let reading = store.history(person(), Window::All).await.unwrap();
    assert_eq!(sizes(&reading.pages), [1, 4, 2, 3]);
    assert_eq!(reading.outbox, outbox(&store).await);
    let first = &reading.pages[3].rows;
    let ids: Vec<_> = first.iter().map(|row| row.metric.id).collect();
    assert_eq!(ids, [entity(1), entity(2), entity(3)]);
}

/// At least as many rows as asked for, where there are as many; no page more.
pub async fn a_window_ends_with_the_page_that_fills_it(factory: &impl StoreFactory) {
    let store = pulled(factory.open().await, four_months()).await;
    let table: [(usize, &[usize]); 7] = [
        (0, &[]),
        (1, &[1]),
        (2, &[1, 4]),
        (5, &[1, 4]),
        (6, &[1, 4, 2]),
        (10, &[1, 4, 2, 3]),
        (11, &[1, 4, 2, 3]),
    ];
    for (count, expected) in table {
        let reading = store.history(person(), Window::Newest(count)).await;
        assert_eq!(sizes(&reading.unwrap().pages), expected, "newest {count}");
    }
}

/// Ids that come before and behind theirs too.
pub async fn a_history_shows_one_person_only(factory: &impl StoreFactory) {
    let mut rows = four_months();
    rows[0].user_id = entity(1);
    rows[9].user_id = entity(u128::MAX);
    let store = pulled(factory.open().await, rows).await;
    assert_eq!(sizes(&pages(&store).await), [4, 2, 2]);
    let newest = store.history(person(), Window::Newest(99)).await.unwrap();
    assert_eq!(sizes(&newest.pages), [4, 2, 2]);
    let other = store.history(entity(u128::MAX), Window::All).await.unwrap();
    assert_eq!(sizes(&other.pages), [1]);
    let nobody = store.history(entity(2), Window::All).await.unwrap();
    assert_eq!(nobody.pages, []);
}

/// Nothing is rounded and nothing is made up.
pub async fn every_field_of_a_row_survives(factory: &impl StoreFactory) {
    let full = Metric {
        note: Some("nach dem Lauf, 🙂\n".to_owned()),
        utc_offset: Some(-1_080),
        updated_by: DeviceId::parse("another device"),
        version: 9_007_199_254_740_991,
        ..metric(1, 0, 1)
    };
    let bare = Metric {
        height: None,
        bmi: None,
        utc_offset: None,
        updated_by: None,
        ..metric(2, 1, 2)
    };
    let old = Metric {
        created_at: tidemark_protocol::Timestamp(-2_208_988_800_000),
        ..metric(3, 0, 3)
    };
    let rows = vec![old.clone(), full.clone(), bare.clone()];
    let store = pulled(factory.open().await, rows).await;
    let stored: Vec<PageRow> = pages(&store)
        .await
        .into_iter()
        .flat_map(|page| page.rows)
        .collect();
    let expected = [full, bare, old].map(|metric| PageRow {
        metric,
        unsent: false,
    });
    assert_eq!(stored, expected);
}

/// For exports and digests.
pub async fn all_pages_of_everybody_are_read(factory: &impl StoreFactory) {
    let mut rows = four_months();
    rows[9].user_id = entity(1);
    let mut expected: Vec<PageKey> = rows.iter().map(PageKey::of).collect();
    expected.sort();
    expected.dedup();
    let store = pulled(factory.open().await, rows).await;
    let mut keys: Vec<PageKey> = store
        .pages()
        .await
        .unwrap()
        .iter()
        .map(|page| page.key)
        .collect();
    keys.sort();
    assert_eq!(keys, expected);
}

/// Decades, of two people: more months than a store may read in one go.
pub async fn a_history_of_decades_comes_whole(factory: &impl StoreFactory) {
    let months = |first: u128, owner| {
        (0..230).map(move |month| Metric {
            user_id: owner,
            ..metric(first + month, i64::try_from(month).unwrap() * MONTH, 1)
        })
    };
    let others = entity(99_999);
    let rows: Vec<Metric> = months(1, person()).chain(months(1_001, others)).collect();
    let store = pulled(factory.open().await, rows.clone()).await;
    for (person, theirs) in [(person(), &rows[..230]), (others, &rows[230..])] {
        let reading = store.history(person, Window::All).await.unwrap();
        let read = reading.pages.iter().flat_map(|page| &page.rows);
        let read: Vec<EntityId> = read.map(|row| row.metric.id).collect();
        let expected: Vec<EntityId> = theirs.iter().rev().map(|row| row.id).collect();
        assert_eq!(read, expected);
    }
    let all = store.pages().await.unwrap();
    assert_eq!(all.iter().map(|page| page.rows.len()).sum::<usize>(), 460);
}
