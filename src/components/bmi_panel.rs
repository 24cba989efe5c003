//! BMI with its class in words and the staff that places it. Judges nothing: the class comes from the
//! domain, on exact numbers.

use crate::i18n::numbers;
use crate::state::{App, use_app};
use leptos::prelude::*;
use tidemark_domain::bmi::{BmiClass, BmiGroup, adult_class_applies, classify, display_tenths};
use tidemark_domain::calendar;

/// The staff's ends and bounds, in tenths of a BMI point.
const STAFF_TENTHS: (u32, u32) = (150, 360);
const BOUNDS_TENTHS: [u32; 3] = [185, 250, 300];
const GROUPS: [BmiGroup; 4] = [
    BmiGroup::Under,
    BmiGroup::Normal,
    BmiGroup::Over,
    BmiGroup::Obese,
];
/// Drawing units of the staff's width.
const WIDTH: f64 = 350.0;

/// The BMI to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Shown {
    tenths: u32,
    /// None under 20 years.
    class: Option<BmiClass>,
}

/// BMI, its class, the staff, and what it all means.
#[component]
pub fn BmiPanel() -> impl IntoView {
    let app = use_app();
    let shown = Memo::new(move |_| bmi_now(app));
    let is_explained = RwSignal::new(false);
    view! {
        <section class="bmi">
            <div class="bmi-head">
                <h2 class="bmi-title">{app.words(|t| t.bmi)}</h2>
                <span class="bmi-value" data-testid="bmi-value">
                    {move || shown.get().map_or(app.texts().no_value.to_owned(), |shown| numbers::tenths(app.texts(), shown.tenths))}
                </span>
                <span class="bmi-class" data-testid="bmi-class">
                    {move || shown.get().and_then(|shown| shown.class).map(app.texts().bmi_class)}
                </span>
                <button
                    type="button"
                    class="button bmi-what"
                    data-kind="link"
                    aria-expanded=move || is_explained.get().to_string()
                    on:click=move |_| is_explained.update(|explained| *explained = !*explained)
                >
                    {app.words(|t| t.bmi_what)}
                </button>
            </div>
            {move || match shown.get() {
                None => no_height(app).into_any(),
                Some(Shown { class: None, .. }) => {
                    view! { <p class="plain-text">{app.texts().bmi_under_age}</p> }.into_any()
                }
                Some(Shown { tenths, class: Some(class) }) => {
                    staff(app, tenths, class.group()).into_any()
                }
            }}
            <Show when=move || is_explained.get()>
                <div class="bmi-explained plain-text">
                    {app.texts().bmi_explained.iter().map(|text| view! { <p>{*text}</p> }).collect_view()}
                </div>
            </Show>
        </section>
    }
}

/// BMI of the newest entry, with its own height, else the person's.
fn bmi_now(app: App) -> Option<Shown> {
    let entry = app.newest()?;
    let person = app.person();
    let person = person.as_ref().map(|person| &person.user);
    let birth = person.and_then(|user| calendar::parse_date(user.birth_date.as_deref()?).ok());
    let is_adult = birth.is_none_or(|birth| adult_class_applies(birth, app.local_of(&entry).date));
    let height = entry
        .metric
        .height
        .or_else(|| person.and_then(|user| user.height));
    let (tenths, class) = if let Some(height) = height {
        let weight = entry.metric.weight;
        (display_tenths(weight, height), classify(weight, height))
    } else {
        let given = entry.metric.bmi?;
        (given.display_tenths(), given.class())
    };
    Some(Shown {
        tenths,
        class: is_adult.then_some(class),
    })
}

fn no_height(app: App) -> impl IntoView {
    let texts = app.texts();
    view! {
        <p class="bmi-none plain-text">
            {texts.bmi_needs_height} " "
            <a href="/settings" class="button" data-kind="link">{texts.add_height}</a>
        </p>
    }
}

fn x(tenths: u32) -> f64 {
    let (low, high) = STAFF_TENTHS;
    f64::from(tenths.clamp(low, high) - low) / f64::from(high - low) * WIDTH
}

/// One bar from 15 to 36, parted at the bounds, with a pointer.
fn staff(app: App, tenths: u32, group: BmiGroup) -> impl IntoView {
    let ends = [STAFF_TENTHS.0, 185, 250, 300, STAFF_TENTHS.1];
    let segments = GROUPS.into_iter().zip(ends.windows(2)).map(|(each, ends)| {
        let (from, to) = (x(ends[0]), x(ends[1]));
        let current = (each == group).then_some("");
        let middle = f64::midpoint(from, to);
        view! {
            <rect class="staff-bar" data-current=current x=from + 1.0 y="12" width=to - from - 2.0 height="8" rx="3"/>
            <text class="staff-name" data-current=current x=middle y="58">{(app.texts().bmi_group)(each)}</text>
        }
    });
    let ticks = (16..36)
        .filter(|unit| unit % 5 != 0 || *unit == 20 || *unit == 35)
        .map(|unit: u32| {
            view! { <path class="staff-tick" d=format!("M{:.1} 22v4", x(unit * 10))/> }
        });
    let bounds = BOUNDS_TENTHS.map(|bound| {
        view! {
            <path class="staff-bound" d=format!("M{:.1} 22v8", x(bound))/>
            <text class="staff-number" x=x(bound) y="42">{bound_label(app, bound)}</text>
        }
    });
    let pointer = x(tenths);
    view! {
        <svg class="staff" viewBox="0 0 350 62" aria-hidden="true">
            {segments.collect_view()} {ticks.collect_view()} {bounds}
            <path class="staff-pointer" d=format!("M{pointer:.1} 6v22")/>
            <circle class="staff-knob" cx=pointer cy="5" r="4.5"/>
        </svg>
    }
}

fn bound_label(app: App, tenths: u32) -> String {
    if tenths.is_multiple_of(10) {
        (tenths / 10).to_string()
    } else {
        numbers::tenths(app.texts(), tenths)
    }
}
