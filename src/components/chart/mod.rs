//! The trend chart: an SVG drawn from geometry that is computed and tested without a browser.

pub mod axis;
pub mod geometry;
mod layers;
mod paths;
pub mod range;
mod size;

use crate::i18n::{ChangeDirection, Texts, dates, numbers};
use crate::state::{TrendView, use_app};
use axis::Scale;
use geometry::{Frame, Picture};
use leptos::{ev, html, prelude::*};
use range::{ChartRange, Window};
use std::ops::Range;
use tidemark_domain::mass::MassUnit;

/// What is drawn: the picture and which readings it shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawing {
    /// Coordinates and paths.
    pub picture: Picture,
    /// The readings shown, as places in [`TrendView::readings`].
    pub shown: Range<usize>,
    /// The stretch of time.
    pub window: Window,
    /// The drawing's size.
    pub frame: Frame,
}

/// The chart with its keyboard and pointer reading.
#[component]
pub fn TrendChart(
    /// The range to show.
    #[prop(into)]
    range: Signal<ChartRange>,
) -> impl IntoView {
    let app = use_app();
    let stage = NodeRef::<html::Div>::new();
    let frame = size::observed_frame(stage);
    let drawing = Memo::new(move |_| {
        let unit = app.mass_unit();
        app.trend.with(|trend| {
            draw(
                trend,
                range.get(),
                unit,
                app.today().day_fraction(),
                frame.get(),
            )
        })
    });
    let inspected = RwSignal::new(None::<usize>);
    let count =
        move || drawing.with(|drawing| drawing.as_ref().map_or(0, |drawing| drawing.shown.len()));
    let reading = Memo::new(move |_| {
        let index = inspected.get()?;
        drawing.with(|drawing| {
            let reading = drawing.as_ref()?.shown.clone().nth(index)?;
            app.trend.with(|trend| {
                let reading = trend.readings.get(reading)?;
                let (texts, unit) = (app.texts(), app.mass_unit());
                Some((texts.chart_reading)(
                    &dates::moment(texts, reading.at, app.today()),
                    &numbers::weight(texts, reading.weight, unit),
                    &numbers::weight(texts, reading.trend, unit),
                ))
            })
        })
    });
    let sentence = move || chart_sentence(range);
    view! {
        <div
            node_ref=stage
            class="chart"
            data-testid="chart"
            role="slider"
            tabindex="0"
            aria-roledescription=app.words(|t| t.chart_kind)
            aria-label=sentence
            aria-valuemin="1"
            aria-valuemax=move || count().max(1)
            aria-valuenow=move || inspected.get().map_or_else(|| count().max(1), |index| index + 1)
            aria-valuetext=move || reading.get().unwrap_or_else(sentence)
            on:keydown=move |event| read_by_key(&event, inspected, count())
            on:pointermove=move |event| inspected.set(nearest(drawing, stage, &event))
            on:pointerdown=move |event| inspected.set(nearest(drawing, stage, &event))
            on:pointerleave=move |_| inspected.set(None)
            on:blur=move |_| inspected.set(None)
        >
            {move || drawing.get().map(|drawing| layers::layers(app, drawing, range.get()))}
            {move || layers::inspection(drawing, inspected, reading)}
        </div>
    }
}

/// The range's change in words; also the chart's accessible name.
pub fn chart_sentence(range: Signal<ChartRange>) -> String {
    let app = use_app();
    let (texts, unit, today) = (app.texts(), app.mass_unit(), app.today());
    app.trend.with(|trend| {
        let samples = trend.samples(unit);
        let (inside, _) = range.get().select(&samples, today.day_fraction());
        let shown = &trend.readings[samples.len() - inside.len()..];
        sentence(texts, shown, unit, today)
    })
}

fn sentence(
    texts: &Texts,
    shown: &[crate::state::Reading],
    unit: MassUnit,
    today: crate::i18n::LocalTime,
) -> String {
    let [first, .., last] = shown else {
        return if shown.is_empty() {
            String::new()
        } else {
            texts.only_one_day.to_owned()
        };
    };
    if first.at.day == last.at.day {
        return texts.only_one_day.to_owned();
    }
    let change = last.trend.change_since(first.trend);
    (texts.change_since)(
        ChangeDirection::of(change),
        &numbers::change_amount(texts, change, unit),
        &dates::day_inside(texts, first.at, today),
    )
}

fn draw(
    trend: &TrendView,
    range: ChartRange,
    unit: MassUnit,
    today: f64,
    frame: Frame,
) -> Option<Drawing> {
    let samples = trend.samples(unit);
    let (inside, window) = range.select(&samples, today);
    let scale = if unit == MassUnit::Stone {
        Scale::Stones
    } else {
        Scale::Decimal
    };
    let picture = frame.draw(inside, window, scale)?;
    let shown = samples.len() - inside.len()..samples.len();
    Some(Drawing {
        picture,
        shown,
        window,
        frame,
    })
}

fn nearest(
    drawing: Memo<Option<Drawing>>,
    stage: NodeRef<html::Div>,
    event: &ev::PointerEvent,
) -> Option<usize> {
    let left = stage.get_untracked()?.get_bounding_client_rect().left();
    drawing.with_untracked(|drawing| {
        geometry::nearest(
            &drawing.as_ref()?.picture.places,
            f64::from(event.client_x()) - left,
        )
    })
}

/// Arrow keys step from reading to reading, Home and End jump, Escape stops reading.
fn read_by_key(event: &ev::KeyboardEvent, inspected: RwSignal<Option<usize>>, count: usize) {
    let Some(last) = count.checked_sub(1) else {
        return;
    };
    let at = inspected.get_untracked().unwrap_or(last);
    let next = match event.key().as_str() {
        "ArrowLeft" | "ArrowDown" => Some(at.saturating_sub(1)),
        "ArrowRight" | "ArrowUp" => Some((at + 1).min(last)),
        "Home" => Some(0),
        "End" => Some(last),
        "Escape" => None,
        _ => return,
    };
    event.prevent_default();
    inspected.set(next);
}
