//! A row of the pages: key fields, and one typed array for each column.

use crate::indexed_db::failure::Failure;
use crate::js::{property, set};
use idb::KeyRange;
use js_sys::{Array, Float64Array, Int16Array, Object, Uint8Array, Uint16Array, Uint32Array};
use tidemark_engine::columns::Columns;
use tidemark_engine::page::{Page, PageKey};
use tidemark_protocol::EntityId;
use wasm_bindgen::{JsCast, JsValue};

/// The key of a page: person and month.
pub(in crate::indexed_db) fn page_key(key: PageKey) -> JsValue {
    Array::of2(
        &JsValue::from_str(&key.user.to_string()),
        &JsValue::from_f64(f64::from(key.month)),
    )
    .into()
}

/// The keys of all pages of a person: an array sorts behind every number.
pub(in crate::indexed_db) fn pages_of(user: EntityId) -> Result<KeyRange, Failure> {
    let (lower, upper) = bounds(user);
    Ok(KeyRange::bound(&lower, &upper, None, None)?)
}

/// The keys of the pages of a person, or of everybody, behind this one.
pub(in crate::indexed_db) fn pages_after(
    user: Option<EntityId>,
    page: Option<PageKey>,
) -> Result<Option<KeyRange>, Failure> {
    Ok(match (user, page.map(page_key)) {
        (None, None) => None,
        (None, Some(page)) => Some(KeyRange::lower_bound(&page, Some(true))?),
        (Some(user), None) => Some(pages_of(user)?),
        (Some(user), Some(page)) => {
            let (_, upper) = bounds(user);
            Some(KeyRange::bound(&page, &upper, Some(true), None)?)
        }
    })
}

fn bounds(user: EntityId) -> (Array, Array) {
    let user = JsValue::from_str(&user.to_string());
    (Array::of1(&user), Array::of2(&user, &Array::new()))
}

/// A page as it is stored.
pub(in crate::indexed_db) fn page_to_js(page: &Page) -> JsValue {
    let columns = Columns::of(page);
    let row = Object::new();
    let number = |number: u32| JsValue::from_f64(f64::from(number));
    set(&row, "user", &JsValue::from_str(&page.key.user.to_string()));
    set(&row, "month", &number(page.key.month));
    set(&row, "user_number", &number(columns.user_number));
    let bytes = |bytes: &Vec<u8>| Uint8Array::from(bytes.as_slice());
    let floats = |floats: &Vec<f64>| Float64Array::from(floats.as_slice());
    set(&row, "ids", &bytes(&columns.ids));
    set(&row, "created_at", &floats(&columns.created_at));
    set(&row, "updated_at", &floats(&columns.updated_at));
    set(&row, "grams", &Uint32Array::from(columns.grams.as_slice()));
    let millimetres = Uint16Array::from(columns.millimetres.as_slice());
    set(&row, "millimetres", &millimetres);
    set(&row, "bmi", &Uint32Array::from(columns.bmi.as_slice()));
    let offsets = Int16Array::from(columns.utc_offsets.as_slice());
    set(&row, "utc_offsets", &offsets);
    set(&row, "versions", &floats(&columns.versions));
    set(&row, "flags", &bytes(&columns.flags));
    let devices = Uint16Array::from(columns.devices.as_slice());
    set(&row, "devices", &devices);
    let names: Array = columns
        .device_names
        .iter()
        .map(|name| JsValue::from_str(name))
        .collect();
    set(&row, "device_names", &names);
    let notes: Array = columns
        .notes
        .iter()
        .map(|(position, note)| Array::of2(&number(*position), &JsValue::from_str(note)))
        .collect();
    set(&row, "notes", &notes);
    set(&row, "deleted_ids", &bytes(&columns.deleted_ids));
    set(&row, "deleted_versions", &floats(&columns.deleted_versions));
    row.into()
}

/// A stored page. What it does not know how to read, it leaves to a version of the app that does.
pub(in crate::indexed_db) fn page_from_js(row: &JsValue) -> Result<Page, Failure> {
    let user = property(row, "user").as_string();
    let key = PageKey {
        user: user
            .and_then(|user| EntityId::parse(&user))
            .ok_or_else(|| unreadable("user"))?,
        month: whole(row, "month")?,
    };
    let columns = Columns {
        user_number: whole(row, "user_number")?,
        ids: column::<Uint8Array>(row, "ids")?.to_vec(),
        created_at: column::<Float64Array>(row, "created_at")?.to_vec(),
        updated_at: column::<Float64Array>(row, "updated_at")?.to_vec(),
        grams: column::<Uint32Array>(row, "grams")?.to_vec(),
        millimetres: column::<Uint16Array>(row, "millimetres")?.to_vec(),
        bmi: column::<Uint32Array>(row, "bmi")?.to_vec(),
        utc_offsets: column::<Int16Array>(row, "utc_offsets")?.to_vec(),
        versions: column::<Float64Array>(row, "versions")?.to_vec(),
        flags: column::<Uint8Array>(row, "flags")?.to_vec(),
        devices: column::<Uint16Array>(row, "devices")?.to_vec(),
        device_names: texts(row)?,
        notes: notes(row)?,
        deleted_ids: column::<Uint8Array>(row, "deleted_ids")?.to_vec(),
        deleted_versions: column::<Float64Array>(row, "deleted_versions")?.to_vec(),
    };
    columns.to_page(key).map_err(Failure::unreadable)
}

fn column<T: JsCast>(row: &JsValue, name: &str) -> Result<T, Failure> {
    property(row, name).dyn_into().map_err(|_| unreadable(name))
}

fn whole(row: &JsValue, name: &str) -> Result<u32, Failure> {
    number(&property(row, name)).ok_or_else(|| unreadable(name))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "checked to be whole and in range"
)]
fn number(value: &JsValue) -> Option<u32> {
    let number = value.as_f64()?;
    let fits = number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&number);
    fits.then_some(number as u32)
}

fn texts(row: &JsValue) -> Result<Vec<String>, Failure> {
    let names = column::<Array>(row, "device_names")?;
    let names = names.iter().map(|name| name.as_string());
    names
        .collect::<Option<_>>()
        .ok_or_else(|| unreadable("device_names"))
}

fn notes(row: &JsValue) -> Result<Vec<(u32, String)>, Failure> {
    let notes = column::<Array>(row, "notes")?;
    let notes = notes.iter().map(|note| {
        let note = note.dyn_into::<Array>().ok()?;
        Some((number(&note.get(0))?, note.get(1).as_string()?))
    });
    notes
        .collect::<Option<_>>()
        .ok_or_else(|| unreadable("notes"))
}

fn unreadable(name: &str) -> Failure {
    Failure::unreadable(format_args!("a page's {name} can't be read"))
}
