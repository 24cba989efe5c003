//! Icons: 24 grid, round strokes, the colour of the text beside them. Never read aloud; the label is
//! the words' task.

use leptos::prelude::*;

/// What an icon shows, as path data on a grid of 24.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark(&'static str);

impl Mark {
    /// Today: a half sun over two waves.
    pub const TODAY: Self = Self(
        "M3 21c1.6 0 1.6-1.4 3-1.4s1.5 1.4 3 1.4 1.6-1.4 3-1.4 1.5 1.4 3 1.4 1.6-1.4 3-1.4 1.5 1.4 3 1.4M3 16.5c1.6 0 1.6-1.4 3-1.4s1.5 1.4 3 1.4 1.6-1.4 3-1.4 1.5 1.4 3 1.4 1.6-1.4 3-1.4 1.5 1.4 3 1.4M7 11.5a5 5 0 0 1 10 0",
    );
    /// History: lines of a list.
    pub const HISTORY: Self = Self("M9 6h12M9 12h12M9 18h8M4 6h1M4 12h1M4 18h1");
    /// Settings: two sliders.
    pub const SETTINGS: Self = Self(
        "M3 8h9M18 8h3M3 16h3M12 16h9M12 8a3 3 0 1 0 6 0a3 3 0 1 0-6 0M6 16a3 3 0 1 0 6 0a3 3 0 1 0-6 0",
    );
    /// Plus.
    pub const PLUS: Self = Self("M12 4v16M4 12h16");
    /// Minus.
    pub const MINUS: Self = Self("M4 12h16");
    /// Down a level of a list.
    pub const CHEVRON: Self = Self("M9 5l7 7-7 7");
    /// Open something below.
    pub const CHEVRON_DOWN: Self = Self("M5 9l7 7 7-7");
    /// Chosen.
    pub const TICK: Self = Self("M5 12.5l4.500 4.500 9.500-10");
    /// Downwards.
    pub const ARROW_DOWN: Self = Self("M12 4v16M5 13l7 7 7-7");
    /// Upwards.
    pub const ARROW_UP: Self = Self("M12 20V4M5 11l7-7 7 7");
    /// Neither.
    pub const ARROW_LEVEL: Self = Self("M4 12h16");
    /// Time.
    pub const CLOCK: Self = Self("M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M12 7v5.5l3.5 2");
    /// A note.
    pub const NOTE: Self = Self("M4 6h16M4 11h16M4 16h9");
    /// Change something.
    pub const PENCIL: Self =
        Self("M4 20l1-4.5L16.5 4a2.1 2.1 0 0 1 3 3L8.5 19 4 20M14 6.5l3.5 3.5");
    /// Delete.
    pub const BIN: Self = Self("M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5");
    /// Take back.
    pub const UNDO: Self = Self("M9 5L4 10l5 5M4 10h10a5.5 5.5 0 0 1 0 11h-3");
    /// Sync.
    pub const CYCLE: Self = Self(
        "M20 11a8 8 0 0 0-14.5-3.5L3.5 10M3.5 5v5h5M4 13a8 8 0 0 0 14.5 3.5l2-2.5M20.5 19v-5h-5",
    );
    /// Something needs a person.
    pub const ALERT: Self = Self("M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M12 7.5v5.5M12 16.3v.2");
    /// Saved on this device.
    pub const PHONE: Self = Self(
        "M8 3h8a2 2 0 0 1 2 2v14a2 2 0 0 1-2 2H8a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2M9.3 12.2l2 2 3.5-4",
    );
    /// On its way.
    pub const CLOUD_UP: Self = Self(
        "M7 18.5a4.5 4.5 0 0 1-.6-8.96 6 6 0 0 1 11.5 1.25A3.9 3.9 0 0 1 17.5 18.5M12 20.5v-8M9 15l3-3 3 3",
    );
    /// No network.
    pub const CLOUD_OFF: Self = Self(
        "M8.7 6.3A6 6 0 0 1 17.9 10.79a3.9 3.9 0 0 1 2.6 6M17 18.5H7a4.5 4.5 0 0 1-.6-8.96M4 4l16 16",
    );
    /// On the server.
    pub const CLOUD_TICK: Self = Self(
        "M7 18.5a4.5 4.5 0 0 1-.6-8.96 6 6 0 0 1 11.5 1.25A3.9 3.9 0 0 1 17.5 18.5H7M9.2 13.6l2 2 3.6-3.8",
    );
    /// Trouble with the server.
    pub const CLOUD_ALERT: Self = Self(
        "M7 18.5a4.5 4.5 0 0 1-.6-8.96 6 6 0 0 1 11.5 1.25A3.9 3.9 0 0 1 17.5 18.5H7M12 9.5v3.3M12 15.6v.1",
    );
    /// Sign in.
    pub const BUOY: Self = Self(
        "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M12 8.5a3.5 3.5 0 1 0 0 7a3.5 3.5 0 1 0 0-7M5.7 5.7l3.8 3.8M14.5 14.5l3.8 3.8M18.3 5.7l-3.8 3.8M9.5 14.5l-3.8 3.8",
    );
    /// Files in and out.
    pub const EXCHANGE: Self = Self("M8 20V5M4 9l4-4 4 4M16 4v15M12 15l4 4 4-4");
    /// A file.
    pub const FILE: Self = Self("M6 3.5h8l4.5 4.5v12.5H6zM13.5 3.5V8.5h5M9 13h6.5M9 16.5h6.5");
    /// Up a level.
    pub const BACK: Self = Self("M15 5l-7 7 7 7");
    /// A person.
    pub const PERSON: Self = Self("M12 4a4 4 0 1 0 0 8a4 4 0 1 0 0-8M4.5 20.5a7.5 7.5 0 0 1 15 0");
    /// Units.
    pub const SCALE: Self = Self("M4 8v8M9 11v5M14 8v8M19 11v5M2.5 19.5h19");
    /// Theme.
    pub const MOON: Self = Self("M19.5 14.5A8 8 0 1 1 10 4.5a6.5 6.5 0 0 0 9.5 10");
    /// A wave.
    pub const WAVE: Self = Self(
        "M2.5 14c3.2 0 3.2-4 6.3-4s3.2 4 6.4 4 3.2-4 6.3-4M2.5 19c3.2 0 3.2-4 6.3-4s3.2 4 6.4 4 3.2-4 6.3-4",
    );
    /// The sun.
    pub const SUN: Self = Self(
        "M12 7.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 1 0 0-9M12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M18.7 5.3l-1.4 1.4M6.7 17.3l-1.4 1.4",
    );
    /// A leaf.
    pub const LEAF: Self =
        Self("M5 19C3.5 9 9 4 20 4c0 11-5 16.500-15 15M5 19c2.500-5 5.500-8 9.500-10");
    /// Two peaks.
    pub const MOUNTAIN: Self =
        Self("M2.5 19L9 7.500l4.500 7.500M11.500 19L16 11l5.500 8zM2.5 19h9");
    /// A star.
    pub const STAR: Self = Self(
        "M12 3.200l2.700 5.600 6.100.8-4.500 4.200 1.100 6.100L12 17l-5.400 2.900 1.100-6.100-4.500-4.200 6.100-.8z",
    );
    /// A bird in the air.
    pub const BIRD: Self =
        Self("M2.500 9.500c4-2.500 7.500-1.500 9.500 3c2-4.500 5.500-5.500 9.500-3");
    /// A sailing boat.
    pub const BOAT: Self = Self("M3.500 17h17l-2.500 4h-12zM12 17V3.500L19 14h-7M9 8l-4 6h4");
    /// A goal.
    pub const FLAG: Self = Self("M5.500 21V4M5.500 4.500h12l-3 4 3 4h-12");
    /// Numbers are hidden.
    pub const HIDDEN: Self = Self(
        "M4 4l16 16M9.900 5.700A9.600 9.600 0 0 1 12 5.500c5 0 8.300 4 9.500 6.500a14 14 0 0 1-3 3.900M6.300 7.300A14 14 0 0 0 2.500 12c1.200 2.500 4.500 6.500 9.500 6.500a9.400 9.400 0 0 0 4.300-1M9.900 9.900a3 3 0 0 0 4.200 4.200",
    );
    /// Kept safe.
    pub const SHIELD: Self = Self(
        "M12 3l7.500 2.500v6c0 4.500-3 7.800-7.500 9.500c-4.500-1.700-7.500-5-7.500-9.500v-6zM9 11.800l2.200 2.200 4-4.200",
    );
    /// About.
    pub const INFO: Self = Self("M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M12 11v5.500M12 7.500v.2");
    /// Language.
    pub const GLOBE: Self =
        Self("M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M3 12h18M12 3c-5 5-5 13 0 18M12 3c5 5 5 13 0 18");
}

/// An icon of 16, 20 or 24 pixels (`data-size`).
#[component]
pub fn Icon(
    /// What it shows.
    #[prop(into)]
    mark: Signal<Mark>,
    /// The side in pixels.
    #[prop(default = 20)]
    size: u32,
) -> impl IntoView {
    view! {
        <svg class="icon" data-size=size viewBox="0 0 24 24" width=size height=size aria-hidden="true">
            <path d=move || mark.get().0/>
        </svg>
    }
}
