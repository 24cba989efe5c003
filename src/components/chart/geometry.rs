//! From samples to coordinates: everything the chart draws, as numbers and path data. Knows no unit,
//! no word and no colour.

use super::axis::{self, DateTick, Scale};
use super::paths;
use super::range::{Sample, Window};

/// The drawing's size in CSS pixels and its left margin.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frame {
    /// Full width, edge to edge.
    pub width: f64,
    /// Full height, dates included.
    pub height: f64,
    /// Where the first sample may stand.
    pub inset: f64,
}

/// A place in the drawing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
}

/// A horizontal line with its value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ValueLine {
    /// In the unit of the axis.
    pub value: f64,
    /// From the top.
    pub y: f64,
    /// Whether its label would touch the tidemark's.
    pub is_label_hidden: bool,
}

/// A tick below the drawing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DateLine {
    /// From the left.
    pub x: f64,
    /// Day and kind of label.
    pub tick: DateTick,
}

/// Everything to draw, in drawing order from the bottom up.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// The water's three depths as closed paths, shallowest first.
    pub depths: [String; 3],
    /// The horizontal lines.
    pub values: Vec<ValueLine>,
    /// The ticks below.
    pub dates: Vec<DateLine>,
    /// Lines from each reading to the trend.
    pub stems: String,
    /// The readings: a path of points, for round line caps.
    pub dots: String,
    /// The trend where entries lie close.
    pub line: String,
    /// The trend across long gaps.
    pub gaps: String,
    /// Where each sample's trend and reading stand.
    pub places: Vec<(Point, Point)>,
    /// The trend's end.
    pub tidemark: Point,
    /// The goal's height, where it lies near enough to be shown.
    pub goal: Option<f64>,
    /// Bounds of classes that lie within the drawing, with their heights.
    pub bounds: Vec<(f64, f64)>,
}

/// Values that are marked on the axis besides the data.
#[derive(Clone, Copy, Debug, Default)]
pub struct Marks<'a> {
    /// The goal.
    pub goal: Option<f64>,
    /// Bounds of classes.
    pub bounds: &'a [f64],
}

/// Room to the right of the last sample, for values.
const VALUES_WIDTH: f64 = 68.0;
/// Room for the highest reading's label above the lines.
const TOP: f64 = 18.0;
/// The part of the height that data may fill; water is below.
const DATA_PART: f64 = 0.70;
/// Least distance between two horizontal lines.
const LINE_DISTANCE_MIN: f64 = 30.0;
/// Least distance between two labels of the time axis.
const DATE_DISTANCE_MIN: f64 = 60.0;
/// A label closer than this to the tidemark's is hidden.
const LABEL_DISTANCE_MIN: f64 = 21.0;
/// How far the two deeper waters lie below the trend, as parts of the height.
const DEPTHS: [f64; 2] = [0.075, 0.17];

impl Frame {
    /// Draws the samples (oldest first) over the window; none where there is no sample.
    pub fn draw(
        self,
        samples: &[Sample],
        window: Window,
        scale: Scale,
        marks: Marks<'_>,
    ) -> Option<Picture> {
        let last = samples.last()?;
        let data = ValueSpan::of(samples);
        let goal = marks.goal.filter(|goal| data.is_near(*goal));
        let span = goal.map_or(data, |goal| data.with(goal));
        let places: Vec<(Point, Point)> = samples
            .iter()
            .map(|sample| {
                let x = self.x(window, sample.day);
                let place = |value| Point {
                    x,
                    y: self.y(span, value),
                };
                (place(sample.trend), place(sample.reading))
            })
            .collect();
        let tidemark = Point {
            x: self.x(window, last.day),
            y: self.y(span, last.trend),
        };
        let kept = paths::telling(&places, self.width);
        let trend: Vec<Point> = kept.iter().map(|&index| places[index].0).collect();
        let days: Vec<f64> = kept.iter().map(|&index| samples[index].day).collect();
        let (line, gaps) = paths::trend_paths(&days, &trend);
        Some(Picture {
            depths: self.depths(&trend),
            values: self.values(span, scale, tidemark.y),
            dates: self.dates(window),
            stems: paths::stems(&places),
            dots: paths::dots(&places, self.width),
            line,
            gaps,
            places,
            tidemark,
            goal: goal.map(|goal| self.y(span, goal)),
            bounds: marks
                .bounds
                .iter()
                .map(|bound| (*bound, self.y(span, *bound)))
                .filter(|(_, y)| (TOP..self.height * 0.86).contains(y))
                .collect(),
        })
    }

    fn x(self, window: Window, day: f64) -> f64 {
        let plot = (self.width - self.inset - VALUES_WIDTH).max(1.0);
        self.inset + (day - window.from) / window.days() * plot
    }

    fn y(self, span: ValueSpan, value: f64) -> f64 {
        TOP + (span.high - value) / (span.high - span.low) * (self.height * DATA_PART - TOP)
    }

    fn values(self, span: ValueSpan, scale: Scale, tidemark: f64) -> Vec<ValueLine> {
        let lines_max = ((self.height * DATA_PART - TOP) / LINE_DISTANCE_MIN).max(1.0);
        let step = axis::value_step(scale, span.high - span.low, lines_max.min(5.0));
        // One step below the data still stands in the water, where it gives the depth a measure.
        axis::value_ticks(span.low - step, span.high, step)
            .into_iter()
            .map(|value| {
                let y = self.y(span, value);
                let is_label_hidden = (y - tidemark).abs() < LABEL_DISTANCE_MIN;
                ValueLine {
                    value,
                    y,
                    is_label_hidden,
                }
            })
            .filter(|line| line.y < self.height * 0.86)
            .collect()
    }

    fn dates(self, window: Window) -> Vec<DateLine> {
        let plot = self.width - self.inset - VALUES_WIDTH;
        axis::date_ticks(window, (plot / DATE_DISTANCE_MIN).max(1.0))
            .into_iter()
            .map(|tick| {
                let x = self.x(window, f64::from(tick.day));
                DateLine { x, tick }
            })
            .collect()
    }

    /// The surface follows the trend; the deeper two are smoothed so that they can't be read as data.
    fn depths(self, trend: &[Point]) -> [String; 3] {
        let water = |surface: &[Point]| paths::water(surface, self.width, self.height);
        let smoothed = paths::smoothed(trend, self.width);
        let lowered = |part: f64| -> Vec<Point> {
            smoothed
                .iter()
                .map(|p| Point {
                    x: p.x,
                    y: p.y + part * self.height,
                })
                .collect()
        };
        [
            water(trend),
            water(&lowered(DEPTHS[0])),
            water(&lowered(DEPTHS[1])),
        ]
    }
}

/// The values at the top and the bottom of the data's part.
#[derive(Clone, Copy)]
struct ValueSpan {
    low: f64,
    high: f64,
}

impl ValueSpan {
    /// A steady weight must look steady: the span is never less than this.
    const MIN: f64 = 2.0;

    fn of(samples: &[Sample]) -> Self {
        let values = samples
            .iter()
            .flat_map(|sample| [sample.reading, sample.trend]);
        let (low, high) = values.fold((f64::MAX, f64::MIN), |(low, high), value| {
            (low.min(value), high.max(value))
        });
        let missing = (Self::MIN - (high - low)).max(0.0) / 2.0;
        Self {
            low: low - missing,
            high: high + missing,
        }
    }
}

impl ValueSpan {
    /// Whether a value lies no further from the data than they reach themselves.
    fn is_near(self, value: f64) -> bool {
        let reach = self.high - self.low;
        (self.low - reach..=self.high + reach).contains(&value)
    }

    /// The span with a value in it, and a little room beyond.
    fn with(self, value: f64) -> Self {
        let room = (self.high - self.low) * 0.08;
        Self {
            low: self.low.min(value - room),
            high: self.high.max(value + room),
        }
    }
}

/// The sample whose place is nearest to `x`.
pub fn nearest(places: &[(Point, Point)], x: f64) -> Option<usize> {
    let distance = |index: &usize| (places[*index].0.x - x).abs();
    (0..places.len()).min_by(|left, right| distance(left).total_cmp(&distance(right)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PHONE: Frame = Frame {
        width: 390.0,
        height: 196.0,
        inset: 20.0,
    };

    fn sample(day: f64, reading: f64, trend: f64) -> Sample {
        Sample {
            day,
            reading,
            trend,
        }
    }

    fn draw(samples: &[Sample]) -> Picture {
        let window = Window {
            from: 0.0,
            to: 30.0,
        };
        PHONE
            .draw(samples, window, Scale::Decimal, Marks::default())
            .expect("there are samples")
    }

    #[test]
    fn no_samples_draw_nothing() {
        let window = Window { from: 0.0, to: 7.0 };
        assert_eq!(
            PHONE.draw(&[], window, Scale::Decimal, Marks::default()),
            None
        );
    }

    #[test]
    fn the_first_sample_stands_at_the_inset_and_the_last_leaves_room_for_values() {
        let picture = draw(&[sample(0.0, 80.0, 80.0), sample(30.0, 79.0, 79.5)]);
        assert!((picture.places[0].0.x - 20.0).abs() < 1e-9);
        assert!((picture.tidemark.x - 322.0).abs() < 1e-9);
    }

    #[test]
    fn heavier_is_higher_and_everything_stays_in_the_frame() {
        let picture = draw(&[sample(0.0, 90.0, 85.0), sample(10.0, 70.0, 80.0)]);
        assert!(picture.places[0].1.y < picture.places[1].1.y);
        for (trend, reading) in &picture.places {
            for y in [trend.y, reading.y] {
                assert!((TOP..=PHONE.height * DATA_PART + 1e-9).contains(&y), "{y}");
            }
        }
    }

    #[test]
    fn a_gap_over_fourteen_days_is_dotted_and_one_of_fourteen_is_not() {
        let close = draw(&[sample(0.0, 80.0, 80.0), sample(14.0, 80.0, 80.0)]);
        assert!(close.gaps.is_empty());
        let apart = draw(&[sample(0.0, 80.0, 80.0), sample(14.1, 80.0, 80.0)]);
        assert!(apart.gaps.contains('L') && !apart.line.contains('L'));
    }

    #[test]
    fn labels_near_the_tidemark_give_way_to_it() {
        let picture = draw(&[sample(0.0, 82.0, 81.0), sample(30.0, 78.2, 78.4)]);
        let at_78 = picture
            .values
            .iter()
            .find(|line| (line.value - 78.0).abs() < 1e-9);
        assert!(at_78.expect("78 is on the axis").is_label_hidden);
        assert!(picture.values.iter().any(|line| !line.is_label_hidden));
    }

    #[test]
    fn a_steady_weight_is_drawn_level_in_the_middle() {
        let picture = draw(&[sample(0.0, 80.0, 80.0), sample(9.0, 80.0, 80.0)]);
        let middle = f64::midpoint(TOP, PHONE.height * DATA_PART);
        assert!((picture.tidemark.y - middle).abs() < 1e-6);
    }

    #[test]
    fn a_goal_near_the_data_is_shown_and_a_far_one_does_not_flatten_them() {
        let samples = [sample(0.0, 82.0, 81.0), sample(30.0, 78.2, 79.0)];
        let window = Window {
            from: 0.0,
            to: 30.0,
        };
        for (goal, is_shown) in [(75.0, true), (80.0, true), (60.0, false)] {
            let marks = Marks {
                goal: Some(goal),
                bounds: &[80.5, 120.0],
            };
            let picture = PHONE.draw(&samples, window, Scale::Decimal, marks);
            let picture = picture.expect("there are samples");
            assert_eq!(picture.goal.is_some(), is_shown, "{goal}");
            assert!(
                picture
                    .goal
                    .is_none_or(|y| (0.0..PHONE.height).contains(&y))
            );
            assert_eq!(picture.bounds.len(), 1);
        }
    }

    #[test]
    fn ten_thousand_samples_draw_as_many_points_as_the_screen_can_show() {
        let samples: Vec<Sample> = (0..10_000)
            .map(|index| {
                let day = f64::from(index) / 333.4;
                sample(day, 80.0 + f64::from(index % 37) / 10.0, 80.0 + day / 10.0)
            })
            .collect();
        let picture = draw(&samples);
        let points = |path: &str| path.matches(['M', 'L']).count();
        assert!(
            points(&picture.line) <= 4 * 390,
            "{}",
            points(&picture.line)
        );
        assert!(points(&picture.dots) <= 10_000 / 2);
        assert!(
            picture.stems.is_empty(),
            "stems of so many would be a block"
        );
        assert_eq!(picture.places.len(), 10_000, "each can still be read");
    }

    #[test]
    fn the_nearest_sample_is_found_from_any_place() {
        let picture = draw(&[sample(0.0, 80.0, 80.0), sample(15.0, 79.0, 79.9)]);
        assert_eq!(nearest(&picture.places, -50.0), Some(0));
        assert_eq!(nearest(&picture.places, 170.0), Some(1));
        assert_eq!(nearest(&[], 10.0), None);
    }
}
