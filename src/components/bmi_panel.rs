//! BMI with its class in words and the staff that places it. Judges nothing: the class comes from the
//! domain, on exact numbers.

use crate::i18n::numbers;
use crate::state::{App, use_app};
use leptos::prelude::*;
use tidemark_domain::bmi::{
    self, BmiClass, BmiGroup, CentiBmi, RISK_BOUNDS_TENTHS, RiskBand, adult_class_applies,
};
use tidemark_domain::calendar;
use tidemark_domain::length::Millimetres;
use tidemark_domain::mass::Grams;

/// The staff's ends, in tenths of a BMI point.
const STAFF_TENTHS: (u32, u32) = (150, 360);
const BOUNDS_TENTHS: [u32; 3] = [185, 250, 300];
const GROUPS: [BmiGroup; 4] = [
    BmiGroup::Under,
    BmiGroup::Normal,
    BmiGroup::Over,
    BmiGroup::Obese,
];
const BANDS: [RiskBand; 4] = [
    RiskBand::Under,
    RiskBand::Acceptable,
    RiskBand::Increased,
    RiskBand::High,
];
/// Drawing units of the staff's width.
const WIDTH: f64 = 350.0;

/// The BMI to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Shown {
    tenths: u32,
    /// None under 20 years.
    class: Option<Class>,
}

/// Where a BMI stands, by the thresholds that the person chose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    Usual(BmiClass),
    Lower(RiskBand),
}

impl Class {
    fn words(self, app: App) -> &'static str {
        match self {
            Self::Usual(class) => (app.texts().bmi_class)(class),
            Self::Lower(band) => (app.texts().device.risk_band)(band),
        }
    }

    /// Bounds and names of the four parts of the staff, and which of them is the current one.
    fn parts(self, app: App) -> ([u32; 3], [&'static str; 4], usize) {
        let texts = app.texts();
        let (bounds, names, current) = match self {
            Self::Usual(class) => (
                BOUNDS_TENTHS,
                GROUPS.map(texts.bmi_group),
                GROUPS.iter().position(|group| *group == class.group()),
            ),
            Self::Lower(band) => (
                RISK_BOUNDS_TENTHS,
                BANDS.map(texts.device.risk_band_short),
                BANDS.iter().position(|each| *each == band),
            ),
        };
        (bounds, names, current.unwrap_or_default())
    }
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
                    {move || shown.get().map_or(app.texts().no_value.to_owned(), |shown| numbers::bmi(app.texts(), shown.tenths, app.weights()))}
                </span>
                <span class="bmi-class" data-testid="bmi-class">
                    {move || shown.get().and_then(|shown| shown.class).filter(|_| !app.weights().is_hidden).map(|class| class.words(app))}
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
                    (!app.weights().is_hidden).then(|| staff(app, tenths, class)).into_any()
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
    let is_lower = app.memory.with(|memory| memory.uses_lower_thresholds);
    let (tenths, class) = match height {
        Some(height) => measured(entry.metric.weight, height, is_lower),
        None => given(entry.metric.bmi?),
    };
    Some(Shown {
        tenths,
        class: is_adult.then_some(class),
    })
}

/// From weight and height, decided on the exact quotient.
fn measured(weight: Grams, height: Millimetres, is_lower: bool) -> (u32, Class) {
    if is_lower {
        let band = bmi::risk_band(weight, height);
        let tenths = bmi::display_tenths_on_lower_scale(weight, height);
        return (tenths, Class::Lower(band));
    }
    let class = bmi::classify(weight, height);
    (bmi::display_tenths(weight, height), Class::Usual(class))
}

/// A BMI that came without a height.
fn given(bmi: CentiBmi) -> (u32, Class) {
    (bmi.display_tenths(), Class::Usual(bmi.class()))
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
fn staff(app: App, tenths: u32, class: Class) -> impl IntoView {
    let (bounds, names, current) = class.parts(app);
    let ends = [
        STAFF_TENTHS.0,
        bounds[0],
        bounds[1],
        bounds[2],
        STAFF_TENTHS.1,
    ];
    let segments = names.into_iter().zip(ends.windows(2)).enumerate();
    let segments = segments.map(|(index, (name, ends))| {
        let (from, to) = (x(ends[0]), x(ends[1]));
        let current = (index == current).then_some("");
        let middle = f64::midpoint(from, to);
        view! {
            <rect class="staff-bar" data-current=current x=from + 1.0 y="12" width=to - from - 2.0 height="8" rx="3"/>
            <text class="staff-name" data-current=current x=middle y="58">{name}</text>
        }
    });
    let ticks = (16..36)
        .filter(|unit| unit % 5 != 0 || *unit == 20 || *unit == 35)
        .map(|unit: u32| {
            view! { <path class="staff-tick" d=format!("M{:.1} 22v4", x(unit * 10))/> }
        });
    let bounds = bounds.map(|bound| {
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
