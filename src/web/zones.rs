//! The time zones that a practice chooses from.

use super::view::Choosable;

/// Those of the United States: all that most practices need.
const ZONES: [(&str, &str); 8] = [
    ("America/New_York", "Eastern (New York)"),
    ("America/Chicago", "Central (Chicago)"),
    ("America/Denver", "Mountain (Denver)"),
    ("America/Phoenix", "Mountain, no summer time (Phoenix)"),
    ("America/Los_Angeles", "Pacific (Los Angeles)"),
    ("America/Anchorage", "Alaska (Anchorage)"),
    ("Pacific/Honolulu", "Hawaii (Honolulu)"),
    ("America/Puerto_Rico", "Atlantic (Puerto Rico)"),
];

/// What a zone is called.
pub fn says(zone: &str) -> &str {
    ZONES.iter().find(|(value, _)| *value == zone).map_or(zone, |(_, label)| label)
}

/// The list, with `chosen` in it whatever it is; the first when nothing is chosen yet.
pub fn options(chosen: &str) -> Vec<Choosable> {
    let chosen = if chosen.is_empty() { ZONES[0].0 } else { chosen };
    let known = ZONES.iter().any(|(value, _)| *value == chosen);
    let other = (!known && chosen.parse::<chrono_tz::Tz>().is_ok()).then_some((chosen, chosen));
    let listed = ZONES.iter().copied().chain(other).enumerate();
    listed
        .map(|(at, (value, label))| Choosable {
            id: format!("timezone-{}", at + 1),
            value: value.to_owned(),
            label: label.to_owned(),
            hint: None,
            checked: value == chosen,
        })
        .collect()
}
