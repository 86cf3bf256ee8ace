//! Charts as coordinates: bars and one line, in the units of a box that fits a telephone.
//! The template only writes the numbers down. Beside each chart stands its table, made of
//! the same values.

mod drawn;

pub use self::drawn::{Bar, Bars, Cell, Column, Dot, Line, Row, Series, Table, XTick, YTick};
use super::text_width::{at_most, bold_at_most, fitted};

/// The width of every chart, in units: about a narrow telephone's pixels.
pub const WIDTH: u32 = 350;

/// What is said around a chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Unique on the page.
    pub id: &'static str,
    /// The message, as a sentence.
    pub title: String,
    /// The numbers in words, for who cannot see the chart.
    pub summary: String,
    pub caption: String,
    /// What the labels are, and what the values are.
    pub columns: [&'static str; 2],
}

/// One value to show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Amount {
    pub label: String,
    pub amount: u32,
    /// The amount as it is written: `12`, `44.10`.
    pub says: String,
    pub tone: &'static str,
    /// Where the things counted are listed.
    pub href: Option<String>,
}

/// One value of a course of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Under the axis: `Nov`.
    pub short: String,
    /// In the table: `November 2026`.
    pub label: String,
    pub amount: u32,
    pub href: Option<String>,
}

/// Which amount is as long as the whole track.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    Largest,
    /// This one, or the largest where that is more.
    Whole(u32),
}

/// Thickness of a bar.
const THICK: u32 = 16;
/// Between a label, its bar and its value.
const GAP: u32 = 8;
/// A track shorter than this shows nothing: labels then stand above the bars.
const SHORTEST_TRACK: u32 = 120;
/// From a bar's upper edge to the foot of the letters beside it.
const TEXT_DOWN: u32 = 12;

/// A bar chart of these amounts, in their order.
pub fn bars(frame: Frame, scale: Scale, amounts: &[Amount]) -> Bars {
    let largest = amounts.iter().map(|amount| amount.amount).max().unwrap_or(0);
    let whole = match scale {
        Scale::Largest => largest,
        Scale::Whole(whole) => whole.max(largest),
    };
    let labels = amounts.iter().map(|amount| at_most(&amount.label)).max().unwrap_or(0);
    let values = amounts.iter().map(|amount| bold_at_most(&amount.says)).max().unwrap_or(0);
    let (above, pitch) = if labels + values + 2 * GAP + SHORTEST_TRACK <= WIDTH { (false, 30) } else { (true, 46) };
    let value_x = WIDTH.saturating_sub(values);
    let bar = |(row, amount): (u32, &Amount)| {
        let top = row * pitch;
        let room = value_x.saturating_sub(GAP);
        let (x, y, track) = match above {
            false => (labels + GAP, top + 7, room - labels - GAP),
            true => (0, top + 22, WIDTH),
        };
        Bar {
            label: fitted(&amount.label, room),
            value: amount.says.clone(),
            tone: amount.tone,
            // The template ends every label here: above its bar, each where its own width ends.
            label_x: if above { at_most(&amount.label).min(room) } else { labels },
            x,
            y,
            text_y: if above { top + 16 } else { y + TEXT_DOWN },
            track,
            thick: THICK,
            long: long(amount.amount, whole, track),
            value_x,
        }
    };
    Bars {
        id: frame.id,
        width: WIDTH,
        height: u32::try_from(amounts.len()).unwrap_or(0) * pitch,
        bars: (0..).zip(amounts).map(bar).collect(),
        table: table(&frame, amounts.iter().map(|amount| (&amount.label, amount.says.clone(), &amount.href))),
        title: frame.title,
        summary: frame.summary,
    }
}

/// A bar that stands for something is long enough to be seen, and none leaves its track.
fn long(amount: u32, whole: u32, track: u32) -> u32 {
    if amount == 0 || whole == 0 {
        return 0;
    }
    let share = u64::from(amount) * u64::from(track) / u64::from(whole);
    u32::try_from(share).unwrap_or(track).clamp(2.min(track), track)
}

/// The upper and lower edge of what a line is drawn in; the room between divides by every
/// number of steps from 1 to 5.
const TOP: u32 = 10;
const BOTTOM: u32 = 130;
const LINE_HEIGHT: u32 = 154;

/// A line chart of these moments, in their order.
pub fn line(frame: Frame, tone: &'static str, moments: &[Moment]) -> Line {
    let (step, steps) = axis(moments.iter().map(|moment| moment.amount).max().unwrap_or(0));
    let last = moments.last().map_or(String::new(), |moment| grouped(moment.amount.into()));
    let labels = at_most(&grouped(step * u64::from(steps)));
    let (x1, right) = (labels + 6, WIDTH.saturating_sub(bold_at_most(&last) + GAP));
    let y = |amount: u64| BOTTOM * 10 - tenths(amount, step * u64::from(steps), (BOTTOM - TOP) * 10);
    // A first point on the axis would be half hidden.
    let left = x1 + 6;
    let spaces = u64::try_from(moments.len().saturating_sub(1)).unwrap_or(0);
    let x = |place: u64| match spaces {
        0 => right * 10,
        spaces => left * 10 + tenths(place, spaces, right.saturating_sub(left) * 10),
    };
    let points: Vec<(u32, u32)> =
        (0..).zip(moments).map(|(place, moment)| (x(place), y(moment.amount.into()))).collect();
    let written = |(x, y): &(u32, u32)| format!("{}.{},{}.{}", x / 10, x % 10, y / 10, y % 10);
    let end = points.last().map(|(x, y)| Dot { x: (x + 5) / 10, y: (y + 5) / 10 });
    let y_tick = |number: u32| {
        let y = BOTTOM - number * (BOTTOM - TOP) / steps;
        YTick { x1, x2: right, y, label_x: labels, text_y: y + 4, label: grouped(step * u64::from(number)) }
    };
    // Every so many, counted back from the last, so that the newest is always named.
    let every = moments.len().div_ceil(4).max(1);
    let named = points.iter().zip(moments).rev().step_by(every);
    Line {
        id: frame.id,
        width: WIDTH,
        height: LINE_HEIGHT,
        y_ticks: (0..=steps).map(y_tick).collect(),
        x_ticks: named
            .map(|((x, _), moment)| XTick { x: x / 10, y: BOTTOM + 18, label: moment.short.clone() })
            .collect(),
        series: vec![Series {
            label: last,
            tone,
            points: points.iter().map(written).collect::<Vec<_>>().join(" "),
            label_x: right + GAP,
            label_y: end.as_ref().map_or(BOTTOM, |dot| dot.y + 4),
            dots: end.into_iter().collect(),
        }],
        table: table(&frame, moments.iter().map(|moment| (&moment.label, grouped(moment.amount.into()), &moment.href))),
        title: frame.title,
        summary: frame.summary,
    }
}

/// A share of a length.
fn tenths(part: u64, whole: u64, length: u32) -> u32 {
    u32::try_from(part * u64::from(length) / whole.max(1)).unwrap_or(length).min(length)
}

/// The size and the number of the axis's steps: 1, 2 or 5 of some power of ten, at most five
/// of them.
fn axis(most: u32) -> (u64, u32) {
    let most = u64::from(most.max(1));
    let sizes = (0..).flat_map(|power| [1, 2, 5].map(|size| size * 10_u64.pow(power)));
    let step = sizes.into_iter().find(|step| most.div_ceil(*step) <= 5).unwrap_or(most);
    (step, u32::try_from(most.div_ceil(step)).unwrap_or(5))
}

/// `1,234`
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

fn table<'a>(frame: &Frame, rows: impl Iterator<Item = (&'a String, String, &'a Option<String>)>) -> Table {
    let [what, value] = frame.columns;
    Table {
        caption: frame.caption.clone(),
        columns: vec![Column { says: what, number: false }, Column { says: value, number: true }],
        rows: rows
            .map(|(label, value, href)| Row { label: label.clone(), cells: vec![Cell { value, href: href.clone() }] })
            .collect(),
    }
}

#[cfg(test)]
mod tests;
