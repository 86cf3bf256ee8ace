//! An amount as people write it: "5,000–49,999", "under 500", "500k+", "about a week".

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Amount {
    Exactly(u64),
    Under(u64),
    AtMost(u64),
    AtLeast(u64),
    Over(u64),
    Between(u64, u64),
}

type Bound = fn(u64) -> Amount;

const HEDGES: &[&str] =
    &["about", "around", "approximately", "approx.", "approx", "roughly", "circa", "ca.", "~", "between"];

// Longer ones first: "<=" before "<".
const BOUNDS: &[(&str, Bound)] = &[
    ("<=", Amount::AtMost),
    ("=<", Amount::AtMost),
    ("<", Amount::Under),
    (">=", Amount::AtLeast),
    ("=>", Amount::AtLeast),
    (">", Amount::Over),
    ("at most", Amount::AtMost),
    ("up to", Amount::AtMost),
    ("no more than", Amount::AtMost),
    ("not more than", Amount::AtMost),
    ("no longer than", Amount::AtMost),
    ("maximum", Amount::AtMost),
    ("max", Amount::AtMost),
    ("within", Amount::AtMost),
    ("less than", Amount::Under),
    ("fewer than", Amount::Under),
    ("under", Amount::Under),
    ("below", Amount::Under),
    ("at least", Amount::AtLeast),
    ("more than", Amount::Over),
    ("longer than", Amount::Over),
    ("over", Amount::Over),
    ("above", Amount::Over),
];

const TAILS: &[(&str, Bound)] = &[
    ("+", Amount::AtLeast),
    (" or more", Amount::AtLeast),
    (" and more", Amount::AtLeast),
    (" and up", Amount::AtLeast),
    (" or over", Amount::AtLeast),
    (" plus", Amount::AtLeast),
    (" or longer", Amount::AtLeast),
    (" or less", Amount::AtMost),
    (" or fewer", Amount::AtMost),
    (" at most", Amount::AtMost),
    (" maximum", Amount::AtMost),
    (" max", Amount::AtMost),
];

const NUMBERS: &[(&str, u64)] = &[
    ("zero", 0),
    ("one", 1),
    ("a", 1),
    ("an", 1),
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
];

const MAGNITUDES: &[(&str, u64)] = &[("thousand", 1_000), ("k", 1_000), ("million", 1_000_000), ("m", 1_000_000)];

/// The amount, and the unit written after it.
pub(super) fn amount(text: &str) -> Option<(Amount, String)> {
    let text = plain(text);
    let mut rest = text.as_str();
    for hedge in HEDGES {
        rest = after(rest, hedge).unwrap_or(rest);
    }
    let before = BOUNDS.iter().find_map(|(word, bound)| Some((after(rest, word)?, *bound)));
    let behind = TAILS.iter().find_map(|(word, bound)| Some((rest.strip_suffix(word)?, *bound)));
    let mut bound = match (before, behind) {
        (None, None) => None,
        (Some(found), None) | (None, Some(found)) => {
            rest = found.0;
            Some(found.1)
        }
        (Some(_), Some(_)) => return None,
    };
    let (low, mut rest) = number(rest)?;
    if let Some(unit) = rest.strip_prefix('+') {
        if bound.replace(Amount::AtLeast).is_some() {
            return None;
        }
        rest = unit;
    }
    let upper = ["-", "to", "through", "or", "and"].iter().find_map(|joiner| number(after(rest.trim_start(), joiner)?));
    match (upper, bound) {
        (Some((high, unit)), None) if low <= high => Some((Amount::Between(low, high), unit.trim().to_owned())),
        (Some(_), _) => None,
        (None, bound) => Some((bound.unwrap_or(Amount::Exactly)(low), rest.trim().to_owned())),
    }
}

fn plain(text: &str) -> String {
    let plain = |c: char| match c {
        '‐' | '‑' | '–' | '—' | '−' => '-',
        '’' => '\'',
        c if c.is_whitespace() => ' ',
        c => c,
    };
    let text: String = text.trim().to_lowercase().chars().map(plain).collect();
    text.replace('≤', "<=").replace('≥', ">=")
}

/// What follows `word`, which must not be the beginning of a longer word.
fn after<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let rest = text.strip_prefix(word)?;
    let runs_on = word.ends_with(char::is_alphabetic) && rest.starts_with(char::is_alphabetic);
    (!runs_on).then(|| rest.trim_start())
}

fn number(text: &str) -> Option<(u64, &str)> {
    if let Some(named) = NUMBERS.iter().find_map(|(word, value)| Some((*value, after(text, word)?))) {
        return Some(named);
    }
    let (mut value, mut rest) = leading_digits(text)?;
    if text.len() - rest.len() <= 3 {
        while let Some((group, after)) = thousands(rest) {
            value = value.checked_mul(1_000)?.checked_add(group)?;
            rest = after;
        }
    }
    let (tenths, behind) = tenth(rest).unwrap_or((0, rest));
    let large = MAGNITUDES.iter().find_map(|(word, times)| Some((*times, after(behind.trim_start(), word)?)));
    match large {
        Some((times, rest)) => Some((value.checked_mul(times)?.checked_add(tenths * times / 10)?, rest)),
        None => Some((value, rest)),
    }
}

fn leading_digits(text: &str) -> Option<(u64, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    Some((text[..end].parse().ok()?, &text[end..]))
}

/// A group of three digits behind a separator; a point among them, since semicolon files
/// come from where 5.000 is five thousand.
fn thousands(text: &str) -> Option<(u64, &str)> {
    let (group, rest) = leading_digits(text.strip_prefix([',', '.', ' ', '\''])?)?;
    (text.len() - rest.len() == 4).then_some((group, rest))
}

/// The ".5" of "1.5k".
fn tenth(text: &str) -> Option<(u64, &str)> {
    let (digit, rest) = leading_digits(text.strip_prefix('.')?)?;
    (text.len() - rest.len() == 2).then_some((digit, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_people_write_them() {
        use Amount::{AtLeast, AtMost, Between, Exactly, Over, Under};
        let table = [
            ("4200", Exactly(4200), ""),
            ("about 4,200 patients", Exactly(4200), "patients"),
            ("5.000", Exactly(5000), ""),
            ("5 000", Exactly(5000), ""),
            ("1.5k", Exactly(1500), ""),
            ("2 million", Exactly(2_000_000), ""),
            ("5,000–49,999", Between(5000, 49999), ""),
            ("5000 to 49999", Between(5000, 49999), ""),
            ("between 1 and 2", Between(1, 2), ""),
            ("one or two", Between(1, 2), ""),
            ("<500", Under(500), ""),
            ("≤ 24 h", AtMost(24), "h"),
            ("500k+", AtLeast(500_000), ""),
            ("3+ days", AtLeast(3), "days"),
            ("500,000 or more", AtLeast(500_000), ""),
            ("More than a week", Over(1), "week"),
            ("a week at most", AtMost(1), "week"),
            ("24h", Exactly(24), "h"),
            ("3 months", Exactly(3), "months"),
        ];
        for (text, expected, unit) in table {
            assert_eq!(amount(text), Some((expected, unit.to_owned())), "{text}");
        }
    }

    #[test]
    fn what_is_no_amount_is_none() {
        for text in [
            "",
            "many",
            "anything",
            "-5",
            "5-3",
            "<500+",
            "99999999999999999999",
            "99999999999999999 million",
            "k",
            "between",
        ] {
            assert_eq!(amount(text), None, "{text}");
        }
    }
}
