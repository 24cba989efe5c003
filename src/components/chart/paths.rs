//! Path data of the chart's lines and waters. Knows places, neither days nor values.

use super::geometry::Point;
use std::fmt::Write as _;

/// Entries further apart than this are joined by dots only.
const GAP_DAYS_MAX: f64 = 14.0;
/// More stems than this would stand in a block.
const STEMS_MAX: usize = 150;
/// Dots of a crowd stand on a grid of this many pixels, less than a dot is wide.
const CROWD_GRID: f64 = 3.0;
/// Points along a smoothed depth.
const DEPTH_POINTS: u32 = 48;

/// The places whose trend tells something at this width: where several share a column of pixels, its first and last,
/// its highest and lowest. A line through them looks the same as one through all.
pub fn telling(places: &[(Point, Point)], width: f64) -> Vec<usize> {
    if !is_crowded(places, width) {
        return (0..places.len()).collect();
    }
    let column = |index: &usize| places[*index].0.x.floor();
    let all: Vec<usize> = (0..places.len()).collect();
    let mut kept = Vec::new();
    for within in all.chunk_by(|one, next| column(one) >= column(next)) {
        let height =
            |one: &&usize, other: &&usize| places[**one].0.y.total_cmp(&places[**other].0.y);
        let ends = [within.first(), within.last()];
        let mut indexes: Vec<usize> = ends
            .into_iter()
            .chain([within.iter().min_by(height), within.iter().max_by(height)])
            .flatten()
            .copied()
            .collect();
        indexes.sort_unstable();
        indexes.dedup();
        kept.extend(indexes);
    }
    kept
}

/// Whether there are more places than the drawing can tell apart.
fn is_crowded(places: &[(Point, Point)], width: f64) -> bool {
    #[expect(clippy::cast_precision_loss, reason = "some thousands of entries")]
    let count = places.len() as f64;
    count > width * 2.0
}

/// The trend as straight pieces: solid ones, and the ones across long gaps. `days` are those of the points.
pub fn trend_paths(days: &[f64], trend: &[Point]) -> (String, String) {
    let (mut line, mut gaps) = (String::new(), String::new());
    push(&mut line, 'M', trend[0]);
    for (pair, ends) in days.windows(2).zip(trend.windows(2)) {
        if pair[1] - pair[0] > GAP_DAYS_MAX {
            push(&mut gaps, 'M', ends[0]);
            push(&mut gaps, 'L', ends[1]);
            push(&mut line, 'M', ends[1]);
        } else {
            push(&mut line, 'L', ends[1]);
        }
    }
    (line, gaps)
}

/// The readings as points for round line caps. Of a crowd only those are drawn that lie on different pixels.
pub fn dots(places: &[(Point, Point)], width: f64) -> String {
    let mut points: Vec<Point> = places.iter().map(|(_, reading)| *reading).collect();
    if is_crowded(places, width) {
        for point in &mut points {
            *point = Point {
                x: (point.x / CROWD_GRID).round() * CROWD_GRID,
                y: (point.y / CROWD_GRID).round() * CROWD_GRID,
            };
        }
        points.sort_by(|one, other| one.x.total_cmp(&other.x).then(one.y.total_cmp(&other.y)));
        points.dedup();
    }
    let mut path = String::new();
    for point in points {
        push(&mut path, 'M', point);
        path.push_str("h0");
    }
    path
}

/// A line from each reading to the trend; none where they would stand in a block.
pub fn stems(places: &[(Point, Point)]) -> String {
    let mut path = String::new();
    if places.len() > STEMS_MAX {
        return path;
    }
    for (trend, reading) in places {
        push(&mut path, 'M', *reading);
        push(&mut path, 'L', *trend);
    }
    path
}

/// The water below a surface, from edge to edge.
pub fn water(surface: &[Point], width: f64, height: f64) -> String {
    let (first, last) = (surface[0], surface[surface.len() - 1]);
    let mut path = format!("M0 {:.1}", first.y);
    for point in surface {
        push(&mut path, 'L', *point);
    }
    let corners = [(width, last.y), (width, height), (0.0, height)];
    for (x, y) in corners {
        push(&mut path, 'L', Point { x, y });
    }
    path.push('Z');
    path
}

/// The surface averaged over an eighth of the width, at evenly spaced places.
pub fn smoothed(trend: &[Point], width: f64) -> Vec<Point> {
    let (first, last) = (trend[0], trend[trend.len() - 1]);
    let reach = width / 16.0;
    (0..=DEPTH_POINTS)
        .map(|index| {
            let part = f64::from(index) / f64::from(DEPTH_POINTS);
            let x = first.x + (last.x - first.x) * part;
            let around =
                [-1.0, -0.5, 0.0, 0.5, 1.0].map(|offset| height_at(trend, x + offset * reach));
            Point {
                x,
                y: around.iter().sum::<f64>() / 5.0,
            }
        })
        .collect()
}

/// The trend's height at `x`, level beyond its ends.
fn height_at(trend: &[Point], x: f64) -> f64 {
    let right = trend.partition_point(|point| point.x < x);
    match (
        right.checked_sub(1).and_then(|left| trend.get(left)),
        trend.get(right),
    ) {
        (Some(left), Some(right)) if right.x > left.x => {
            left.y + (right.y - left.y) * (x - left.x) / (right.x - left.x)
        }
        (_, Some(only)) | (Some(only), None) => only.y,
        (None, None) => 0.0,
    }
}

fn push(path: &mut String, command: char, point: Point) {
    // Writing to a string cannot fail.
    let _ = write!(path, "{command}{:.1} {:.1}", point.x, point.y);
}
