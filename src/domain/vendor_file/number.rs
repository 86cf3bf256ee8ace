//! A number in a cell as the spreadsheet shows it.

/// The number in the most usual formats: leading zeros, decimals, thousands, percent and
/// dollars. Others show it plainly.
pub(super) fn say(number: f64, format: Option<&str>) -> String {
    let format = format.and_then(|format| format.split(';').next()).unwrap_or("General");
    let shown: String = format.chars().filter(|c| !matches!(c, '\\' | '"' | '_' | '*' | ' ')).collect();
    if shown.len() > 1 && shown.bytes().all(|byte| byte == b'0') {
        return format!("{number:0width$.0}", width = shown.len());
    }
    let Some(at) = shown.find(['#', '0']) else { return plain(number) };
    let end = at + shown[at..].find(|c| !matches!(c, '#' | '0' | ',' | '.')).unwrap_or(shown.len() - at);
    let (before, digits, after) = (&shown[..at], &shown[at..end], &shown[end..]);
    let dollars = matches!(before, "$" | "[$$-409]" | "[$$-en-US]");
    if !(before.is_empty() || dollars) || !matches!(after, "" | "%" | ")") {
        return plain(number);
    }
    let decimals = digits.split_once('.').map_or(0, |(_, rest)| rest.len());
    let value = if after == "%" { number * 100.0 } else { number };
    let text = format!("{value:.decimals$}");
    let text = if digits.contains(',') { grouped(&text) } else { text };
    format!("{}{text}{}", if dollars { "$" } else { "" }, if after == "%" { "%" } else { "" })
}

/// Fifteen digits, as many as a spreadsheet shows: 0.1 + 0.2 is 0.3 to it.
fn plain(number: f64) -> String {
    let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    rounded.to_string()
}

fn grouped(text: &str) -> String {
    let (whole, rest) = text.find('.').map_or((text, ""), |at| text.split_at(at));
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
    let mut groups = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            groups.push(',');
        }
        groups.push(digit);
    }
    format!("{sign}{groups}{rest}")
}

#[cfg(test)]
mod tests {
    use super::say;

    #[test]
    fn a_number_is_said_as_the_spreadsheet_shows_it() {
        let table = [
            (4200.0, None, "4200"),
            (4200.0, Some("General"), "4200"),
            (4200.0, Some("#,##0"), "4,200"),
            (1_234_567.5, Some("$#,##0.00"), "$1,234,567.50"),
            (1_234_567.0, Some("\"$\"#,##0_);(\"$\"#,##0)"), "$1,234,567"),
            (17.0, Some("00000"), "00017"),
            (0.5, Some("0%"), "50%"),
            (0.1 + 0.2, None, "0.3"),
            (-1234.0, Some("#,##0"), "-1,234"),
            (5551234.0, Some("###-####"), "5551234"),
            (1e300, None, &1e300.to_string()),
            (f64::NAN, Some("0"), "NaN"),
        ];
        for (number, format, expected) in table {
            assert_eq!(say(number, format), expected, "{number} {format:?}");
        }
    }
}
