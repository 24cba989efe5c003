//! What a person must say before a file can be read: columns, the order of dates, the unit.

use crate::state::{Job, use_app, use_exchange};
use leptos::prelude::*;
use tidemark_exchange::message::{Column, Question, ReadOptions, Table, Unit};

/// What a column may be chosen as, with its value.
const COLUMNS: [(&str, Column); 8] = [
    ("ignored", Column::Ignored),
    ("date-time", Column::DateTime),
    ("date", Column::Date),
    ("time", Column::Time),
    ("weight", Column::Weight),
    ("height", Column::Height),
    ("bmi", Column::Bmi),
    ("note", Column::Note),
];
/// Examples of a column that are shown.
const EXAMPLES_MAX: usize = 2;

/// What has been chosen so far.
#[derive(Clone, Copy)]
struct Draft {
    columns: RwSignal<Vec<Column>>,
    month_first: RwSignal<Option<bool>>,
    unit: RwSignal<Option<Unit>>,
}

/// The question about the file, and its answer.
#[component]
pub fn FileQuestion() -> impl IntoView {
    let exchange = use_exchange();
    let question = Memo::new(move |_| match exchange.job.get() {
        Job::Asking(question) => Some(question),
        _ => None,
    });
    view! { {move || question.get().map(|question| view! { <Form question/> })} }
}

#[component]
fn Form(question: Question) -> impl IntoView {
    let (app, exchange) = (use_app(), use_exchange());
    let table = question.table.clone();
    let columns = table.as_ref().map(|table| table.columns.clone());
    let draft = Draft {
        columns: RwSignal::new(columns.unwrap_or_default()),
        month_first: RwSignal::new(None),
        unit: RwSignal::new(question.unit),
    };
    let (has_table, asks_unit) = (table.is_some(), question.unit.is_some());
    let is_complete = move || {
        (!has_table || draft.columns.with(|columns| is_enough(columns)))
            && (!asks_unit || draft.unit.get().is_some())
    };
    let answer = move |_| {
        exchange.answer(ReadOptions {
            columns: has_table.then(|| draft.columns.get_untracked()),
            month_first: draft.month_first.get_untracked(),
            unit: draft.unit.get_untracked(),
            ..ReadOptions::default()
        });
    };
    view! {
        <section class="import-preview" data-testid="import-question">
            <h2 class="file-name">{move || exchange.file.get()}</h2>
            {table.map(|table| view! { <ColumnChoices table draft/> })}
            {asks_unit.then(|| view! { <UnitChoice draft/> })}
            <div class="import-actions">
                <button
                    type="button"
                    class="button"
                    data-kind="primary"
                    data-testid="import-answer"
                    disabled=move || !is_complete()
                    on:click=answer
                >
                    {app.words(|t| t.exchange.go_on)}
                </button>
                <button
                    type="button"
                    class="button"
                    data-kind="quiet"
                    data-testid="import-dismiss"
                    on:click=move |_| exchange.cancel()
                >
                    {app.words(|t| t.cancel)}
                </button>
            </div>
        </section>
    }
}

/// A date and a weight make an entry; one column is the date, not two.
fn is_enough(columns: &[Column]) -> bool {
    let count = |wanted: &[Column]| columns.iter().filter(|c| wanted.contains(c)).count();
    count(&[Column::Date, Column::DateTime]) == 1 && count(&[Column::Weight]) >= 1
}

#[component]
fn ColumnChoices(table: Table, draft: Draft) -> impl IntoView {
    let app = use_app();
    let asks_order = table.asks_date_order;
    let choices = (0..table.columns.len())
        .map(|index| view! { <ColumnChoice index table=table.clone() draft/> })
        .collect_view();
    view! {
        <fieldset class="import-whose">
            <legend class="section-label">{app.words(|t| t.exchange.ask_columns)}</legend>
            <p class="plain-text">{app.words(|t| t.exchange.ask_columns_hint)}</p>
            {choices}
        </fieldset>
        {asks_order.then(|| view! { <OrderChoice draft/> })}
    }
}

#[component]
fn ColumnChoice(index: usize, table: Table, draft: Draft) -> impl IntoView {
    let app = use_app();
    let id = format!("column-{index}");
    let cell = |record: &Vec<String>| record.get(index).cloned().unwrap_or_default();
    let header = table.records[..table.header].last().map(cell);
    let header = header.filter(|header| !header.trim().is_empty());
    let rows = table.records[table.header..].iter();
    let examples: Vec<String> = rows.take(EXAMPLES_MAX).map(cell).collect();
    let guess = table.columns[index];
    let label = move || {
        header
            .clone()
            .unwrap_or_else(|| (app.texts().exchange.column_number)(index + 1))
    };
    let choose = move |event| {
        let value = event_target_value(&event);
        let found = COLUMNS.iter().find(|(name, _)| *name == value);
        let column = found.map_or(guess, |(_, column)| *column);
        draft.columns.update(|columns| columns[index] = column);
    };
    // A column that the reader knows by itself may stay so.
    let own = (guess == Column::Recognised).then_some(("recognised", guess));
    let options = COLUMNS.into_iter().chain(own).map(|(value, column)| {
        view! {
            <option value=value selected=column == guess>
                {move || (app.texts().exchange.column)(column)}
            </option>
        }
    });
    view! {
        <div class="column-row">
            <label class="column-words" for=id.clone()>
                <span class="column-name">{label}</span>
                <span class="column-example">{examples.join(" · ")}</span>
            </label>
            <select id=id class="choice" data-testid="import-column" on:change=choose>
                {options.collect_view()}
            </select>
        </div>
    }
}

#[component]
fn OrderChoice(draft: Draft) -> impl IntoView {
    let app = use_app();
    view! {
        <div class="card-row">
            <label class="card-words" for="date-order">{app.words(|t| t.exchange.ask_date_order)}</label>
            <select
                id="date-order"
                class="choice"
                data-testid="import-date-order"
                on:change=move |event| draft.month_first.set(Some(event_target_value(&event) == "month"))
            >
                <option value="day">{app.words(|t| t.exchange.day_first)}</option>
                <option value="month">{app.words(|t| t.exchange.month_first)}</option>
            </select>
        </div>
    }
}

#[component]
fn UnitChoice(draft: Draft) -> impl IntoView {
    let app = use_app();
    let options = move || {
        let texts = app.texts();
        [
            ("", texts.no_value, None),
            ("kg", texts.exchange.kilograms, Some(Unit::Kilogram)),
            ("lb", texts.pounds, Some(Unit::Pound)),
            ("st", texts.stones, Some(Unit::Stone)),
        ]
        .map(|(value, words, unit)| {
            let is_chosen = unit == draft.unit.get_untracked();
            view! { <option value=value selected=is_chosen>{words}</option> }
        })
    };
    let choose = move |event| {
        draft.unit.set(match event_target_value(&event).as_str() {
            "kg" => Some(Unit::Kilogram),
            "lb" => Some(Unit::Pound),
            "st" => Some(Unit::Stone),
            _ => None,
        });
    };
    view! {
        <div class="card-row">
            <label class="card-words" for="import-unit">{app.words(|t| t.exchange.ask_unit)}</label>
            <select id="import-unit" class="choice" data-testid="import-unit" on:change=choose>
                {options}
            </select>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_needs_one_date_and_a_weight() {
        use Column::{Date, DateTime, Note, Time, Weight};
        for (columns, enough) in [
            (vec![DateTime, Weight], true),
            (vec![Date, Time, Weight, Note], true),
            (vec![Date, Time], false),
            (vec![Weight], false),
            (vec![Date, DateTime, Weight], false),
        ] {
            assert_eq!(is_enough(&columns), enough, "{columns:?}");
        }
    }
}
