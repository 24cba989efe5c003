//! The chart's layers as SVG, from the water up to the reading under the finger.

use super::Drawing;
use super::axis::DateLabel;
use super::geometry::{DateLine, Frame, Picture, ValueLine};
use super::range::ChartRange;
use crate::i18n::Texts;
use crate::state::{App, Quantity, Reading};
use leptos::prelude::*;
use tidemark_domain::calendar;

/// Room at the right edge of value labels.
const LABEL_INSET: f64 = 20.0;

/// Everything that stands still.
pub fn layers(app: App, drawing: &Drawing, range: ChartRange) -> impl IntoView + use<> {
    let Drawing {
        picture,
        frame,
        quantity,
        ..
    } = drawing;
    let (texts, frame, quantity) = (app.texts(), *frame, *quantity);
    let dots = if range.has_stems() { "large" } else { "small" };
    let bottom = frame.height - 30.0;
    view! {
        <svg
            class="chart-drawing"
            viewBox=format!("0 0 {} {}", frame.width, frame.height)
            width=frame.width
            height=frame.height
            aria-hidden="true"
        >
            <Fades height=frame.height/>
            {water(picture)}
            {picture.values.iter().map(|line| value_line(texts, quantity, frame, *line)).collect_view()}
            {picture.dates.iter().map(|line| date_line(texts, frame, bottom, *line)).collect_view()}
            {range.has_stems().then(|| view! { <path class="chart-stems" d=picture.stems.clone()/> })}
            <path class="chart-dots" data-size=dots d=picture.dots.clone()/>
            <path class="chart-gaps" d=picture.gaps.clone()/>
            <path class="chart-line" d=picture.line.clone()/>
            {picture.bounds.iter().map(|bound| class_bound(texts, quantity, frame, *bound)).collect_view()}
            {picture.goal.map(|y| goal_line(app, quantity, frame, y))}
            {tidemark(app, drawing)}
        </svg>
    }
}

/// The depths fade out towards the bottom, each in its own colour.
#[component]
fn Fades(height: f64) -> impl IntoView {
    [1, 2, 3]
        .map(|depth| {
            let class = format!("chart-water-{depth}");
            view! {
                <linearGradient id=format!("water-{depth}") gradientUnits="userSpaceOnUse" x1="0" x2="0" y1="0" y2=height>
                    <stop class=class.clone() offset="0.55" stop-opacity="1"/>
                    <stop class=class offset="1" stop-opacity="0"/>
                </linearGradient>
            }
        })
        .into_iter()
        .collect_view()
}

fn water(picture: &Picture) -> impl IntoView + use<> {
    let depth = |(index, path): (usize, String)| {
        view! { <path fill=format!("url(#water-{})", index + 1) d=path/> }
    };
    picture
        .depths
        .clone()
        .into_iter()
        .enumerate()
        .map(depth)
        .collect_view()
}

fn value_line(
    texts: &Texts,
    quantity: Quantity,
    frame: Frame,
    line: ValueLine,
) -> impl IntoView + use<> {
    let label = (!line.is_label_hidden).then(|| quantity.axis_words(texts, line.value));
    view! {
        <path class="chart-grid" d=format!("M0 {:.1}H{}", line.y, frame.width)/>
        {label.map(|label| view! {
            <text class="chart-axis" text-anchor="end" x=frame.width - LABEL_INSET y=line.y - 5.0>{label}</text>
        })}
    }
}

fn date_line(texts: &Texts, frame: Frame, bottom: f64, line: DateLine) -> impl IntoView + use<> {
    let date = calendar::date_of_day(line.tick.day);
    let words = match line.tick.label {
        DateLabel::Weekday => (texts.weekday_short)(date).to_owned(),
        DateLabel::Day => (texts.day_month)(date),
        DateLabel::Month => (texts.month_short)(date).to_owned(),
        DateLabel::MonthWithYear => (texts.month_short_year)(date),
        DateLabel::Year => chrono::Datelike::year(&date).to_string(),
    };
    // A label that would leave the drawing at the left begins at its tick, as all of a month's do.
    let is_day = matches!(line.tick.label, DateLabel::Weekday | DateLabel::Day);
    let (anchor, shift) = if is_day && line.x > 24.0 {
        ("middle", 0.0)
    } else {
        ("start", 5.0)
    };
    let fits = line.x < frame.width - 40.0;
    fits.then(|| view! {
        <path class="chart-tick" d=format!("M{:.1} {bottom:.1}v5", line.x)/>
        <text class="chart-axis" text-anchor=anchor x=line.x + shift y=bottom + 18.0>{words}</text>
    })
}

/// A bound between classes of BMI, labelled at the left.
fn class_bound(
    texts: &Texts,
    quantity: Quantity,
    frame: Frame,
    (value, y): (f64, f64),
) -> impl IntoView + use<> {
    let words = quantity.axis_words(texts, value);
    view! {
        <path class="chart-bound" d=format!("M0 {y:.1}H{}", frame.width)/>
        <text class="chart-axis" x=frame.inset y=y - 5.0>{words}</text>
    }
}

/// The goal as a dashed line, labelled at the left.
fn goal_line(app: App, quantity: Quantity, frame: Frame, y: f64) -> impl IntoView + use<> {
    let texts = app.texts();
    let words = app.goal().map(|goal| {
        let reading = Reading {
            at: app.today(),
            weight: goal.weight,
            trend: goal.weight,
            height: None,
        };
        (texts.goal.line)(&quantity.words_short(texts, &reading))
    });
    view! {
        <path class="chart-goal" d=format!("M0 {y:.1}H{}", frame.width)/>
        <text class="chart-axis" x=frame.inset y=y - 6.0>{words}</text>
    }
}

fn tidemark(app: App, drawing: &Drawing) -> impl IntoView + use<> {
    let (frame, at) = (drawing.frame, drawing.picture.tidemark);
    let value = app.trend.with(|trend| {
        let last = trend.readings.last();
        last.map(|last| drawing.quantity.words_short(app.texts(), last))
    });
    view! {
        <path class="chart-tidemark" d=format!("M{:.1} {:.1}H{}", at.x, at.y, frame.width)/>
        <circle class="chart-ring" cx=at.x cy=at.y r="5"/>
        <text class="chart-now" text-anchor="end" x=frame.width - LABEL_INSET y=at.y - 6.0>{value}</text>
    }
}

/// The reading under finger, pointer or arrow keys.
pub fn inspection(
    drawing: Memo<Option<Drawing>>,
    inspected: RwSignal<Option<usize>>,
    words: Memo<Option<String>>,
) -> Option<impl IntoView> {
    let (index, words) = (inspected.get()?, words.get()?);
    let (frame, (trend, reading)) = drawing.with(|drawing| {
        let drawing = drawing.as_ref()?;
        Some((drawing.frame, *drawing.picture.places.get(index)?))
    })?;
    let part = trend.x / frame.width;
    let (anchor, x) = match part {
        ..0.33 => ("start", frame.inset),
        0.66.. => ("end", frame.width - LABEL_INSET),
        _ => ("middle", trend.x),
    };
    Some(view! {
        <svg
            class="chart-drawing"
            viewBox=format!("0 0 {} {}", frame.width, frame.height)
            width=frame.width
            height=frame.height
            aria-hidden="true"
        >
            <path class="chart-hair" d=format!("M{:.1} 18V{:.1}", trend.x, frame.height - 30.0)/>
            <circle class="chart-dot-read" cx=reading.x cy=reading.y r="3.5"/>
            <circle class="chart-ring" cx=trend.x cy=trend.y r="4"/>
            <text class="chart-words" text-anchor=anchor x=x y="12">{words}</text>
        </svg>
    })
}
