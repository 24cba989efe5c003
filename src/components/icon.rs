//! Icons: 24 grid, round strokes, the colour of the text beside them. Never read aloud; the label is
//! the words' task.

use leptos::prelude::*;

/// What an icon shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Today: a half sun over two waves.
    Today,
    /// History: lines of a list.
    History,
    /// Settings: two sliders.
    Settings,
    /// Plus.
    Plus,
    /// Minus.
    Minus,
    /// Down a level of a list.
    Chevron,
    /// Open something below.
    ChevronDown,
    /// Back.
    Back,
    /// Downwards.
    ArrowDown,
    /// Upwards.
    ArrowUp,
    /// Neither.
    ArrowLevel,
    /// Time.
    Clock,
    /// A note.
    Note,
    /// Change something.
    Pencil,
    /// Delete.
    Bin,
    /// Take back.
    Undo,
    /// Sync.
    Cycle,
    /// Something needs a person.
    Alert,
    /// Saved on this device.
    Phone,
    /// On its way.
    CloudUp,
    /// No network.
    CloudOff,
    /// On the server.
    CloudTick,
    /// Trouble with the server.
    CloudAlert,
    /// Sign in.
    Buoy,
    /// Height.
    Ruler,
    /// A person.
    Person,
    /// Units.
    Scale,
    /// Theme.
    Moon,
    /// Language.
    Globe,
    /// A date.
    Calendar,
}

impl Mark {
    fn path(self) -> &'static str {
        match self {
            Self::Today => "M3 21c1.6 0 1.6-1.4 3-1.4s1.5 1.4 3 1.4 1.6-1.4 3-1.4 1.5 1.4 3 1.4 1.6-1.4 3-1.4 1.5 1.4 3 1.4M3 16.5c1.6 0 1.6-1.4 3-1.4s1.5 1.4 3 1.4 1.6-1.4 3-1.4 1.5 1.4 3 1.4 1.6-1.4 3-1.4 1.5 1.4 3 1.4M7 11.5a5 5 0 0 1 10 0",
            Self::History => "M9 6h12M9 12h12M9 18h8M4 6h1M4 12h1M4 18h1",
            Self::Settings => "M3 8h9M18 8h3M3 16h3M12 16h9M12 8a3 3 0 1 0 6 0a3 3 0 1 0-6 0M6 16a3 3 0 1 0 6 0a3 3 0 1 0-6 0",
            Self::Plus => "M12 4v16M4 12h16",
            Self::Minus => "M4 12h16",
            Self::Chevron => "M9 5l7 7-7 7",
            Self::ChevronDown => "M5 9l7 7 7-7",
            Self::Back => "M15 4l-8 8 8 8",
            Self::ArrowDown => "M12 4v16M5 13l7 7 7-7",
            Self::ArrowUp => "M12 20V4M5 11l7-7 7 7",
            Self::ArrowLevel => "M4 12h16",
            Self::Clock => "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M12 7v5.5l3.5 2",
            Self::Note => "M4 6h16M4 11h16M4 16h9",
            Self::Pencil => "M4 20l1-4.5L16.5 4a2.1 2.1 0 0 1 3 3L8.5 19 4 20M14 6.5l3.5 3.5",
            Self::Bin => "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5",
            Self::Undo => "M9 5L4 10l5 5M4 10h10a5.5 5.5 0 0 1 0 11h-3",
            Self::Cycle => "M20 11a8 8 0 0 0-14.5-3.5L3.5 10M3.5 5v5h5M4 13a8 8 0 0 0 14.5 3.5l2-2.5M20.5 19v-5h-5",
            Self::Alert => "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M12 7.5v5.5M12 16.3v.2",
            Self::Phone => "M8 3h8a2 2 0 0 1 2 2v14a2 2 0 0 1-2 2H8a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2M9.3 12.2l2 2 3.5-4",
            Self::CloudUp => "M7 18.5a4.5 4.5 0 0 1-.6-8.96 6 6 0 0 1 11.5 1.25A3.9 3.9 0 0 1 17.5 18.5M12 20.5v-8M9 15l3-3 3 3",
            Self::CloudOff => "M8.7 6.3A6 6 0 0 1 17.9 10.79a3.9 3.9 0 0 1 2.6 6M17 18.5H7a4.5 4.5 0 0 1-.6-8.96M4 4l16 16",
            Self::CloudTick => "M7 18.5a4.5 4.5 0 0 1-.6-8.96 6 6 0 0 1 11.5 1.25A3.9 3.9 0 0 1 17.5 18.5H7M9.2 13.6l2 2 3.6-3.8",
            Self::CloudAlert => "M7 18.5a4.5 4.5 0 0 1-.6-8.96 6 6 0 0 1 11.5 1.25A3.9 3.9 0 0 1 17.5 18.5H7M12 9.5v3.3M12 15.6v.1",
            Self::Buoy => "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M12 8.5a3.5 3.5 0 1 0 0 7a3.5 3.5 0 1 0 0-7M5.7 5.7l3.8 3.8M14.5 14.5l3.8 3.8M18.3 5.7l-3.8 3.8M9.5 14.5l-3.8 3.8",
            Self::Ruler => "M3.5 15.5l12-12 5 5-12 12-5-5M7 12l2 2M10 9l2.5 2.5M13 6l2 2",
            Self::Person => "M12 4a4 4 0 1 0 0 8a4 4 0 1 0 0-8M4.5 20.5a7.5 7.5 0 0 1 15 0",
            Self::Scale => "M4 8v8M9 11v5M14 8v8M19 11v5M2.5 19.5h19",
            Self::Moon => "M19.5 14.5A8 8 0 1 1 10 4.5a6.5 6.5 0 0 0 9.5 10",
            Self::Globe => "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M3 12h18M12 3c-5 5-5 13 0 18M12 3c5 5 5 13 0 18",
            Self::Calendar => "M5 5.5h14a1 1 0 0 1 1 1V19a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V6.5a1 1 0 0 1 1-1M4 10h16M8.5 3v4M15.5 3v4",
        }
    }
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
            <path d=move || mark.get().path()/>
        </svg>
    }
}
