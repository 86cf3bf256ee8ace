use proptest::prelude::*;

use super::*;

fn frame() -> Frame {
    Frame {
        id: "ratings",
        title: "8 of 41 vendors are rated High or worse".to_owned(),
        summary: "Low 33, High 8.".to_owned(),
        caption: "Vendors by rating today".to_owned(),
        columns: ["Rating", "Vendors"],
    }
}

fn amount(label: &str, amount: u32) -> Amount {
    let href = Some(format!("/vendors?rating={}", label.to_lowercase()));
    Amount { label: label.to_owned(), amount, says: grouped(amount.into()), tone: "low", href }
}

fn moments(amounts: &[u32]) -> Vec<Moment> {
    let moment = |(month, amount): (u32, &u32)| Moment {
        short: format!("M{month}"),
        label: format!("Month {month}"),
        amount: *amount,
        href: (*amount > 0).then(|| format!("/flags?open_on={month}")),
    };
    (1..).zip(amounts).map(moment).collect()
}

/// Everything of a bar chart that must stay inside of it.
fn check_bars(chart: &Bars) {
    for (row, bar) in (0..).zip(&chart.bars) {
        assert!(bar.long <= bar.track, "a bar leaves its track: {bar:?}");
        assert!(bar.x + bar.track <= chart.width, "a track leaves the chart: {bar:?}");
        assert!(bar.y + bar.thick <= chart.height, "a row leaves the chart: {bar:?}");
        assert!(at_most(&bar.label) <= bar.label_x, "a label is cut: {bar:?}");
        let beside = bar.label_x <= bar.x && bar.x + bar.track <= bar.value_x;
        let above = bar.text_y < bar.y && bar.label_x <= bar.value_x;
        assert!(beside || above, "a label or a value lies on a bar: {bar:?}");
        assert!(bar.value_x + bold_at_most(&bar.value).min(chart.width) <= chart.width, "a value is cut: {bar:?}");
        assert!(bar.text_y > row * chart.height / u32::try_from(chart.bars.len()).unwrap(), "{bar:?}");
    }
}

fn point(text: &str) -> (f64, f64) {
    let (x, y) = text.split_once(',').unwrap();
    (x.parse().unwrap(), y.parse().unwrap())
}

fn check_line(chart: &Line) {
    let (bottom, top) = (chart.y_ticks.first().unwrap(), chart.y_ticks.last().unwrap());
    for point in chart.series[0].points.split_whitespace().map(point) {
        assert!((f64::from(bottom.x1)..=f64::from(bottom.x2)).contains(&point.0), "{point:?}");
        assert!((f64::from(top.y)..=f64::from(bottom.y)).contains(&point.1), "{point:?}");
    }
    for tick in &chart.y_ticks {
        assert!(at_most(&tick.label) <= tick.label_x && tick.label_x < tick.x1, "a number is cut: {tick:?}");
    }
    let series = &chart.series[0];
    assert!(series.label_x + bold_at_most(&series.label) <= chart.width, "the last value is cut: {series:?}");
}

#[test]
fn the_longest_bar_fills_its_track_and_the_others_follow() {
    let chart = bars(frame(), Scale::Largest, &[amount("Low", 20), amount("High", 10), amount("Critical", 0)]);
    let [low, high, critical] = chart.bars.as_slice() else { panic!("three bars") };
    assert_eq!((low.long, high.long, critical.long), (low.track, low.track / 2, 0));
    check_bars(&chart);
}

#[test]
fn a_share_is_shown_against_the_whole() {
    let chart = bars(frame(), Scale::Whole(10_000), &[amount("Theft", 5_000)]);
    assert_eq!(chart.bars[0].long, chart.bars[0].track / 2);
}

#[test]
fn where_nothing_was_counted_every_bar_is_empty() {
    let chart = bars(frame(), Scale::Largest, &[amount("Low", 0), amount("High", 0)]);
    assert_eq!(chart.bars.iter().map(|bar| bar.long).collect::<Vec<_>>(), [0, 0]);
    check_bars(&chart);
    check_bars(&bars(frame(), Scale::Largest, &[]));
}

#[test]
fn one_vendor_beside_four_billion_is_still_seen() {
    let chart = bars(frame(), Scale::Largest, &[amount("Low", u32::MAX), amount("High", 1)]);
    assert_eq!((chart.bars[0].long, chart.bars[1].long), (chart.bars[0].track, 2));
    assert_eq!(chart.bars[0].value, "4,294,967,295");
    check_bars(&chart);
}

#[test]
fn labels_too_wide_to_stand_beside_their_bars_stand_above_them_uncut() {
    let label = "Illegal record signing by a visitor";
    let chart = bars(frame(), Scale::Largest, &[amount(label, 3), amount("Theft", 1)]);
    assert_eq!(chart.bars[0].label, label);
    assert_eq!(chart.bars[0].track, WIDTH);
    check_bars(&chart);
}

#[test]
fn a_label_that_no_telephone_can_show_is_shortened_in_the_chart_and_whole_in_the_table() {
    let label = "W".repeat(60);
    let chart = bars(frame(), Scale::Largest, &[amount(&label, 3)]);
    assert!(chart.bars[0].label.ends_with('…'));
    assert_eq!(chart.table.rows[0].label, label);
    check_bars(&chart);
}

#[test]
fn the_table_holds_the_values_of_the_bars_with_their_links() {
    let chart = bars(frame(), Scale::Largest, &[amount("Low", 1_200), amount("High", 7)]);
    let cell = |value: &str, href: &str| vec![Cell { value: value.to_owned(), href: Some(href.to_owned()) }];
    assert_eq!(
        chart.table.rows,
        [
            Row { label: "Low".to_owned(), cells: cell("1,200", "/vendors?rating=low") },
            Row { label: "High".to_owned(), cells: cell("7", "/vendors?rating=high") },
        ]
    );
    assert_eq!(chart.table.columns.iter().map(|column| column.says).collect::<Vec<_>>(), ["Rating", "Vendors"]);
    assert_eq!(chart.table.caption, "Vendors by rating today");
}

#[test]
fn a_line_runs_from_the_first_month_to_its_last_value() {
    let chart = line(frame(), "bad", &moments(&[9, 11, 14, 12, 10, 13, 17, 16, 14, 11, 9, 12]));
    check_line(&chart);
    assert_eq!(chart.y_ticks.iter().map(|tick| tick.label.as_str()).collect::<Vec<_>>(), ["0", "5", "10", "15", "20"]);
    assert_eq!(chart.x_ticks.iter().map(|tick| tick.label.as_str()).collect::<Vec<_>>(), ["M12", "M9", "M6", "M3"]);
    assert_eq!((chart.series[0].label.as_str(), chart.series[0].dots.len()), ("12", 1));
    assert_eq!(chart.series[0].points.split(' ').count(), 12);
    let counted: Vec<_> = chart.table.rows.iter().map(|row| row.cells[0].value.as_str()).collect();
    assert_eq!(counted, ["9", "11", "14", "12", "10", "13", "17", "16", "14", "11", "9", "12"]);
    assert_eq!(chart.table.rows[0].cells[0].href.as_deref(), Some("/flags?open_on=1"));
}

#[test]
fn a_line_of_nothing_lies_on_the_ground() {
    let chart = line(frame(), "bad", &moments(&[0; 12]));
    check_line(&chart);
    let ground = f64::from(chart.y_ticks[0].y);
    assert!(chart.series[0].points.split(' ').map(point).all(|(_, y)| (y - ground).abs() < f64::EPSILON));
}

#[test]
fn a_line_of_one_month_or_of_none_is_no_fault() {
    check_line(&line(frame(), "bad", &moments(&[4])));
    check_line(&line(frame(), "bad", &[]));
}

#[test]
fn numbers_are_grouped_by_thousands() {
    let cases = [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")];
    for (number, says) in cases {
        assert_eq!(grouped(number), says);
    }
}

proptest! {
    #[test]
    fn no_bar_ever_leaves_its_track(counts in prop::collection::vec(any::<u32>(), 0..12), label in "\\PC{0,40}") {
        let amounts: Vec<_> = counts.iter().map(|count| amount(&label, *count)).collect();
        check_bars(&bars(frame(), Scale::Largest, &amounts));
        check_bars(&bars(frame(), Scale::Whole(10_000), &amounts));
    }

    #[test]
    fn no_point_ever_leaves_the_box(counts in prop::collection::vec(any::<u32>(), 0..40)) {
        check_line(&line(frame(), "bad", &moments(&counts)));
    }

    #[test]
    fn a_higher_number_never_lies_lower(low in 0..10_000_u32, more in 0..10_000_u32) {
        let chart = line(frame(), "bad", &moments(&[low, low + more]));
        let points: Vec<_> = chart.series[0].points.split(' ').map(point).collect();
        prop_assert!(points[1].1 <= points[0].1);
    }
}
