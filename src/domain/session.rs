//! How long a person stays signed in (45 CFR 164.312(a)(2)(iii), automatic logoff), and what
//! must be proven anew.

use chrono::{DateTime, TimeDelta, Utc};

/// A session ends after this long, whatever happens.
pub const LASTS: TimeDelta = TimeDelta::hours(12);
/// The password, or a passkey, counts as just shown for this long.
pub const PROVEN_LASTS: TimeDelta = TimeDelta::minutes(10);
/// When a session was last used is written down at most this often, so that reading stays cheap.
pub const SEEN_EVERY: TimeDelta = TimeDelta::minutes(1);
/// The warning comes so long before the end.
pub const WARNING: TimeDelta = TimeDelta::minutes(2);
/// What someone typed into a page that came too late is kept for this long.
pub const KEPT_LASTS: TimeDelta = TimeDelta::minutes(30);

/// What a practice says about the sessions of its people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Minutes without a request until a session ends, 5 to 60.
    pub idle_minutes: u16,
    /// Whether administrators must have a second step.
    pub second_factor: bool,
}

impl Default for Rules {
    fn default() -> Self {
        Self { idle_minutes: 15, second_factor: false }
    }
}

impl Rules {
    /// Reads them out of a practice's settings; what is absent or strange has its default.
    pub fn of(settings: &str) -> Self {
        let usual = Self::default();
        let Ok(all) = serde_json::from_str::<serde_json::Value>(settings) else { return usual };
        let minutes = all.get("idle_minutes").and_then(serde_json::Value::as_u64);
        Self {
            idle_minutes: minutes
                .and_then(|minutes| u16::try_from(minutes).ok())
                .map_or(usual.idle_minutes, |minutes| minutes.clamp(5, 60)),
            second_factor: all.get("second_factor").and_then(serde_json::Value::as_bool).unwrap_or(false),
        }
    }

    /// Until when a session is good that was last used at `seen_at`.
    pub fn idle_end(self, seen_at: DateTime<Utc>) -> DateTime<Utc> {
        seen_at + TimeDelta::minutes(self.idle_minutes.into())
    }
}

/// Whether the password, or a passkey, was shown a short while ago.
pub fn is_proven(proven_at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    now - proven_at < PROVEN_LASTS
}

/// A browser in words, from the line that it sends: `Firefox on Windows`.
pub fn browser(agent: &str) -> String {
    let found =
        |known: &[(&str, &'static str)]| known.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name);
    // The order matters: each calls itself by the names of those before it as well.
    let program = found(&[
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser", "Samsung Internet"),
        ("Firefox", "Firefox"),
        ("FxiOS", "Firefox"),
        ("CriOS", "Chrome"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
    ]);
    let machine = found(&[
        ("iPhone", "an iPhone"),
        ("iPad", "an iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("CrOS", "a Chromebook"),
        ("Mac OS X", "a Mac"),
        ("Linux", "Linux"),
    ]);
    match (program, machine) {
        (Some(program), Some(machine)) => format!("{program} on {machine}"),
        (Some(only), None) | (None, Some(only)) => only.to_owned(),
        (None, None) => "A browser that does not say what it is".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_practice_says_how_long_and_nonsense_says_nothing() {
        assert_eq!(Rules::of("{}"), Rules { idle_minutes: 15, second_factor: false });
        assert_eq!(Rules::of("nonsense"), Rules::default());
        assert_eq!(
            Rules::of(r#"{"idle_minutes": 30, "second_factor": true}"#),
            Rules { idle_minutes: 30, second_factor: true }
        );
        assert_eq!(Rules::of(r#"{"idle_minutes": 1}"#).idle_minutes, 5);
        assert_eq!(Rules::of(r#"{"idle_minutes": 6000}"#).idle_minutes, 60);
        assert_eq!(Rules::of(r#"{"idle_minutes": "x", "second_factor": 7}"#), Rules::default());
    }

    #[test]
    fn a_browser_is_named_as_people_know_it() {
        let chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36";
        assert_eq!(browser(chrome), "Chrome on Windows");
        assert_eq!(browser(&format!("{chrome} Edg/130.0")), "Edge on Windows");
        assert_eq!(browser("Mozilla/5.0 (Macintosh; Intel Mac OS X 14.7) Gecko Firefox/132.0"), "Firefox on a Mac");
        assert_eq!(
            browser("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18 Safari/604.1"),
            "Safari on an iPhone"
        );
        assert_eq!(browser("<script>"), "A browser that does not say what it is");
    }
}
