//! The trend chart: an SVG drawn from geometry that is computed and tested without a browser.

pub mod axis;
pub mod geometry;
mod layers;
mod paths;
pub mod range;
mod size;

use crate::i18n::{LocalTime, Texts, dates};
use crate::state::{App, Measure, Quantity, Reading, TrendView, use_app};
use geometry::{Frame, Marks, Picture};
use leptos::{ev, html, prelude::*};
use range::ChartRange;
use std::ops::Range;
use tidemark_domain::bmi::{BmiClass, RISK_BOUNDS_TENTHS};

/// What is drawn: the picture and which readings it shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawing {
    /// Coordinates and paths.
    pub picture: Picture,
    /// The readings shown, as places in [`TrendView::readings`].
    pub shown: Range<usize>,
    /// What is measured, and how it is written.
    pub quantity: Quantity,
    /// The drawing's size.
    pub frame: Frame,
}

/// The chart with its keyboard and pointer reading.
#[component]
pub fn TrendChart(
    /// The range to show.
    #[prop(into)]
    range: Signal<ChartRange>,
    /// Weight or BMI.
    #[prop(into)]
    measure: Signal<Measure>,
) -> impl IntoView {
    let app = use_app();
    let stage = NodeRef::<html::Div>::new();
    let frame = size::observed_frame(stage);
    let drawing = Memo::new(move |_| draw(app, range.get(), measure.get(), frame.get()));
    let inspected = RwSignal::new(None::<usize>);
    let count =
        move || drawing.with(|drawing| drawing.as_ref().map_or(0, |drawing| drawing.shown.len()));
    let reading = Memo::new(move |_| {
        let index = inspected.get()?;
        drawing.with(|drawing| words_at(app, drawing.as_ref()?, index))
    });
    let sentence = move || {
        let said = chart_sentence(app, range.get(), measure.get());
        if said.is_empty() {
            app.texts().chart_kind.to_owned()
        } else {
            said
        }
    };
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
            {move || drawing.with(|drawing| drawing.as_ref().map(|drawing| layers::layers(app, drawing, range.get())))}
            {move || layers::inspection(drawing, inspected, reading)}
        </div>
    }
}

/// Date, reading and trend of the reading at a place of the drawing.
fn words_at(app: App, drawing: &Drawing, index: usize) -> Option<String> {
    let place = drawing.shown.clone().nth(index)?;
    app.trend.with(|trend| {
        let reading = trend.readings.get(place)?;
        let (texts, quantity) = (app.texts(), drawing.quantity);
        Some((texts.chart_reading)(
            &dates::moment(texts, reading.at, app.today()),
            &quantity.words(texts, reading, reading.weight),
            &quantity.words(texts, reading, reading.trend),
        ))
    })
}

/// The range's change in words; also the chart's accessible name.
pub fn chart_sentence(app: App, range: ChartRange, measure: Measure) -> String {
    let (texts, today) = (app.texts(), app.today());
    let quantity = app.quantity(measure);
    app.trend.with(|trend| {
        let readings = &trend.readings;
        let start = range.start(readings, today.day_fraction(), |one| one.at.day_fraction());
        sentence(texts, &readings[start..], quantity, today)
    })
}

fn sentence(texts: &Texts, shown: &[Reading], quantity: Quantity, today: LocalTime) -> String {
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
    let (direction, amount) = quantity.change(texts, first, last);
    let since = dates::day_inside(texts, first.at, today);
    let words = (texts.change_since)(direction, &amount, &since);
    match quantity.measure {
        Measure::Weight => words,
        Measure::Bmi => format!("{} · {words}", texts.bmi),
    }
}

fn draw(app: App, range: ChartRange, measure: Measure, frame: Frame) -> Option<Drawing> {
    let quantity = app.quantity(measure);
    let goal = app.goal().map(|goal| quantity.value(None, goal.weight));
    let bounds = match quantity.measure {
        Measure::Weight => Vec::new(),
        Measure::Bmi => bounds(app)
            .iter()
            .map(|tenths| f64::from(*tenths) / 10.0)
            .collect(),
    };
    let marks = Marks {
        goal,
        bounds: &bounds,
    };
    app.trend.with(|trend: &TrendView| {
        let samples = trend.samples(quantity);
        let (inside, window) = range.select(&samples, app.today().day_fraction());
        let picture = frame.draw(inside, window, quantity.scale(), marks)?;
        let shown = samples.len() - inside.len()..samples.len();
        Some(Drawing {
            picture,
            shown,
            quantity,
            frame,
        })
    })
}

/// The bounds between classes of BMI, in tenths, on the scale that the person chose.
fn bounds(app: App) -> [u32; 3] {
    if app.memory.with(|memory| memory.uses_lower_thresholds) {
        RISK_BOUNDS_TENTHS
    } else {
        [BmiClass::Normal, BmiClass::PreObese, BmiClass::ObeseI].map(BmiClass::lower_bound)
    }
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
