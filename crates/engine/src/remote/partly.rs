//! Reading what a newer server may have written: what this version can't read is left out, all else is taken.
//!
//! Left out is not lost: the device remembers that it is behind and pulls everything once it is another version.

use serde::Deserialize;
use serde::de::{DeserializeOwned, Error as _};
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use tidemark_protocol::{
    AppModel, BatchResponse, Cursor, EventResult, Metric, MetricsPage, PackedPage, Timestamp, User,
    UsersPage,
};

/// Fields of a person that may be absent.
const USER_FIELDS: [&str; 7] = [
    "name",
    "surname",
    "gender",
    "avatar",
    "height",
    "birth_date",
    "deleted_at",
];
/// Fields of the app model that may be absent.
const APP_MODEL_FIELDS: [&str; 6] = [
    "active_user",
    "is_complete_onboard",
    "units",
    "language",
    "theme",
    "goal",
];

/// What was read, and whether all of it was.
pub(super) struct Partly<T> {
    pub value: T,
    pub is_whole: bool,
}

/// A page of any feed.
#[derive(Deserialize)]
struct AnyPage {
    #[serde(alias = "metrics", alias = "users")]
    rows: Vec<Box<RawValue>>,
    cursor: Cursor,
    has_more: bool,
    head: u64,
    epoch: tidemark_protocol::Epoch,
    server_time: Timestamp,
}

#[derive(Deserialize)]
struct AnyBatch {
    results: Vec<Box<RawValue>>,
    head: u64,
    epoch: tidemark_protocol::Epoch,
    server_time: Timestamp,
    #[serde(default)]
    backoff_s: u32,
}

/// A page of metrics without the rows that can't be read.
pub(super) fn metrics(body: &str) -> serde_json::Result<Partly<MetricsPage>> {
    let page: AnyPage = serde_json::from_str(body)?;
    let metrics: Vec<Metric> = readable(&page.rows).collect();
    Ok(Partly {
        is_whole: metrics.len() == page.rows.len(),
        value: MetricsPage {
            metrics,
            cursor: page.cursor,
            has_more: page.has_more,
            head: page.head,
            epoch: page.epoch,
            server_time: page.server_time,
        },
    })
}

/// The same of a page in columns.
pub(super) fn packed_metrics(body: &str) -> serde_json::Result<Partly<MetricsPage>> {
    let packed: PackedPage = serde_json::from_str(body)?;
    let unfit = || serde_json::Error::custom("columns that do not fit each other");
    let unpacked = packed.unpack().ok_or_else(unfit)?;
    Ok(Partly {
        value: unpacked.page,
        is_whole: unpacked.is_whole,
    })
}

/// A page of users without what can't be read of them: nobody is left out for one field.
pub(super) fn users(body: &str) -> serde_json::Result<Partly<UsersPage>> {
    let page: AnyPage = serde_json::from_str(body)?;
    let mut is_whole = true;
    let mut users: Vec<User> = Vec::with_capacity(page.rows.len());
    for row in &page.rows {
        let read = record(row.get(), &USER_FIELDS);
        is_whole &= matches!(&read, Some(user) if user.is_whole);
        users.extend(read.map(|user| user.value));
    }
    Ok(Partly {
        is_whole,
        value: UsersPage {
            users,
            cursor: page.cursor,
            has_more: page.has_more,
            head: page.head,
            epoch: page.epoch,
            server_time: page.server_time,
        },
    })
}

/// A batch's answer without the results that can't be read: those events count as not processed.
pub(super) fn batch(body: &str) -> serde_json::Result<Partly<BatchResponse>> {
    let batch: AnyBatch = serde_json::from_str(body)?;
    let results: Vec<EventResult> = readable(&batch.results).collect();
    Ok(Partly {
        is_whole: results.len() == batch.results.len(),
        value: BatchResponse {
            results,
            head: batch.head,
            epoch: batch.epoch,
            server_time: batch.server_time,
            backoff_s: batch.backoff_s,
        },
    })
}

/// A person, without the fields that can't be read.
pub(super) fn user(body: &str) -> serde_json::Result<Partly<User>> {
    partly(body, &USER_FIELDS)
}

/// The app model, without the fields that can't be read.
pub(super) fn app_model(body: &str) -> serde_json::Result<Partly<AppModel>> {
    partly(body, &APP_MODEL_FIELDS)
}

fn partly<T: DeserializeOwned>(body: &str, optional: &[&str]) -> serde_json::Result<Partly<T>> {
    match record(body, optional) {
        Some(read) => Ok(read),
        None => serde_json::from_str(body).map(|value| Partly {
            value,
            is_whole: true,
        }),
    }
}

fn readable<T: DeserializeOwned>(rows: &[Box<RawValue>]) -> impl Iterator<Item = T> {
    rows.iter()
        .filter_map(|row| serde_json::from_str(row.get()).ok())
}

/// A record with as many of its optional fields as can be read; `None` where even the others can't.
fn record<T: DeserializeOwned>(text: &str, optional: &[&str]) -> Option<Partly<T>> {
    if let Ok(value) = serde_json::from_str(text) {
        return Some(Partly {
            value,
            is_whole: true,
        });
    }
    let fields: Map<String, Value> = serde_json::from_str(text).ok()?;
    let read = |fields: &Map<String, Value>| -> Option<T> {
        serde_json::from_value(Value::Object(fields.clone())).ok()
    };
    let mut least = fields.clone();
    for name in optional {
        least.insert((*name).to_owned(), Value::Null);
    }
    let mut value = read(&least)?;
    for name in optional {
        let mut more = least.clone();
        more.insert(
            (*name).to_owned(),
            fields.get(*name).cloned().unwrap_or_default(),
        );
        if let Some(better) = read(&more) {
            (least, value) = (more, better);
        }
    }
    Some(Partly {
        value,
        is_whole: false,
    })
}
