//! Pages in version order.

use super::{ACCOUNT, deleted, head, metric, page, store, user};
use tidemark_protocol::Timestamp;
use tidemark_server::storage::{After, Changes, PageQuery, Storage, Tombstones};

pub async fn a_page_follows_versions_and_leaves_out_the_deletions_it_is_told_to(
    storage: impl Storage,
) {
    let changes = Changes {
        head: head(9, 50),
        metrics: vec![metric(10, 2), deleted(11, 3), metric(12, 7), deleted(13, 9)],
        ..Changes::default()
    };
    store(&storage, ACCOUNT, changes).await;
    let cases = [
        (0, Tombstones::Included, 9, (vec![10, 11, 12, 13], false)),
        (0, Tombstones::Included, 4, (vec![10, 11, 12, 13], false)),
        (0, Tombstones::Included, 3, (vec![10, 11, 12], true)),
        (2, Tombstones::Included, 1, (vec![11], true)),
        (9, Tombstones::Included, 1, (vec![], false)),
        (0, Tombstones::OmittedNow, 9, (vec![10, 12], false)),
        (0, Tombstones::OmittedNow, 1, (vec![10], true)),
        (0, Tombstones::OmittedNow, 2, (vec![10, 12], false)),
        (2, Tombstones::OmittedUpTo(3), 9, (vec![12, 13], false)),
        (u64::MAX, Tombstones::Included, 9, (vec![], false)),
    ];
    for (after, tombstones, limit, expected) in cases {
        let found = page(&storage, After::Version(after), tombstones, limit).await;
        assert_eq!(found, expected, "{after} {tombstones:?} {limit}");
    }
    // A row that changes moves to its new version.
    let changes = Changes {
        head: head(10, 51),
        metrics: vec![metric(10, 10)],
        ..Changes::default()
    };
    store(&storage, ACCOUNT, changes).await;
    let found = page(&storage, After::Version(2), Tombstones::OmittedNow, 9).await;
    assert_eq!(found, (vec![12, 10], false));
}

pub async fn a_moment_is_found_as_the_version_before_its_first_row(storage: impl Storage) {
    for (version, received_at) in [(2, 100), (3, 200), (4, 200), (5, 300)] {
        let changes = Changes {
            head: head(version, received_at),
            metrics: vec![metric(u128::from(version), version)],
            users: vec![],
            ..Changes::default()
        };
        store(&storage, ACCOUNT, changes).await;
    }
    for (moment, after) in [
        (0, 1),
        (100, 1),
        (101, 2),
        (200, 2),
        (201, 4),
        (300, 4),
        (301, 5),
    ] {
        let query = PageQuery {
            after: After::Received(Timestamp(moment)),
            tombstones: Tombstones::Included,
            limit: 1,
        };
        let page = storage.metrics_page(ACCOUNT, &query).await.unwrap();
        assert_eq!(page.after, after, "{moment}");
        assert_eq!(page.head, 5);
        assert_eq!(page.first_received_at, Some(Timestamp(100)));
    }
}

pub async fn users_have_pages_too(storage: impl Storage) {
    let mut gone = user(2, 4);
    gone.row.deleted_at = Some(Timestamp(5));
    let changes = Changes {
        head: head(4, 50),
        users: vec![user(1, 3), gone],
        metrics: vec![metric(10, 2)],
        ..Changes::default()
    };
    store(&storage, ACCOUNT, changes).await;
    let mut query = PageQuery {
        after: After::Version(0),
        tombstones: Tombstones::Included,
        limit: 5,
    };
    let page = storage.users_page(ACCOUNT, &query).await.unwrap();
    assert_eq!(page.rows[0], user(1, 3).row);
    assert_eq!((page.rows.len(), page.head), (2, 4));
    query.tombstones = Tombstones::OmittedNow;
    let page = storage.users_page(ACCOUNT, &query).await.unwrap();
    assert_eq!(page.rows.len(), 1);
}
