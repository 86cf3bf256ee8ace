//! Collects what is wrong with a reply file while it is read, and reads its plain parts.
//!
//! A reader that finds a fault writes it down and hands back nothing; the whole file is
//! refused in the end.

use std::fmt::Display;
use std::str::FromStr;

use chrono::NaiveDate;
use serde_json::{Map, Value as Json};

use crate::domain::words::UnknownWord;

#[derive(Debug, Default)]
pub(super) struct Faults(Vec<String>);

impl Faults {
    pub fn add(&mut self, place: &str, what: impl Display) {
        self.0.push(format!("{place}: {what}"));
    }

    pub fn none_or_all<T>(self, read: T) -> Result<T, Vec<String>> {
        if self.0.is_empty() { Ok(read) } else { Err(self.0) }
    }

    /// An object with no other keys than these.
    pub fn object<'a>(&mut self, place: &str, json: &'a Json, known: &[&str]) -> Option<&'a Map<String, Json>> {
        let Json::Object(object) = json else {
            self.add(
                place,
                format_args!("{} cannot stand here; write an object with {}", show(json), known.join(", ")),
            );
            return None;
        };
        for key in object.keys().filter(|key| !known.contains(&key.as_str())) {
            let nearest = did_you_mean(key, known.iter().copied());
            self.add(place, format_args!("“{key}” is not known here; use one of: {}{nearest}", known.join(", ")));
        }
        Some(object)
    }

    /// One word of a closed list; null is none.
    pub fn word<T: FromStr<Err = UnknownWord>>(&mut self, place: &str, json: &Json) -> Option<T> {
        match json {
            Json::Null => None,
            Json::String(text) => match text.parse() {
                Ok(word) => Some(word),
                Err(unknown) => {
                    let nearest = did_you_mean(text, unknown.known.iter().copied());
                    self.add(place, format_args!("{unknown}{nearest}"));
                    None
                }
            },
            other => {
                // An empty text is in no list, so its error tells what is.
                let known = "".parse::<T>().err().map_or(String::new(), |unknown| unknown.known.join(", "));
                self.add(place, format_args!("{} cannot stand here; use one of: {known}", show(other)));
                None
            }
        }
    }

    /// A list of words; null is an empty one.
    pub fn words<T: FromStr<Err = UnknownWord>>(&mut self, place: &str, json: &Json) -> Vec<T> {
        match json {
            Json::Null => Vec::new(),
            Json::Array(words) => words
                .iter()
                .filter_map(|word| match word {
                    Json::Null => {
                        self.add(place, "null cannot stand in the list");
                        None
                    }
                    word => self.word(place, word),
                })
                .collect(),
            other => {
                self.add(place, format_args!("{} cannot stand here; write a list, such as [\"…\"]", show(other)));
                Vec::new()
            }
        }
    }

    /// A day; null is none.
    pub fn date(&mut self, place: &str, json: &Json) -> Option<NaiveDate> {
        if json.is_null() {
            return None;
        }
        let day = json.as_str().and_then(day);
        if day.is_none() {
            self.add(place, format_args!("{} is not a day; write it as YYYY-MM-DD", show(json)));
        }
        day
    }

    /// How often or how many; null is 0.
    pub fn count(&mut self, place: &str, json: &Json) -> u32 {
        let count = if json.is_null() { Some(0) } else { json.as_u64().and_then(|count| u32::try_from(count).ok()) };
        if count.is_none() {
            self.add(place, format_args!("{} cannot stand here; write a whole number, 0 or more", show(json)));
        }
        count.unwrap_or(0)
    }

    /// Words; null and blanks are none.
    pub fn text(&mut self, place: &str, json: &Json) -> Option<String> {
        match json {
            Json::Null => None,
            Json::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
            other => {
                self.add(place, format_args!("{} cannot stand here; write text in quotation marks", show(other)));
                None
            }
        }
    }
}

/// A day written in full: `2026-6-1` and `26-06-01` are more often mistakes than days.
pub(super) fn day(text: &str) -> Option<NaiveDate> {
    text.parse::<NaiveDate>().ok().filter(|day| text.len() == 10 && day.to_string() == text)
}

/// What was found, short enough for a message.
pub(super) fn show(json: &Json) -> String {
    match json {
        Json::Null => "nothing".to_owned(),
        Json::String(text) if text.chars().count() > 60 => format!("“{}…”", text.chars().take(60).collect::<String>()),
        Json::String(text) => format!("“{text}”"),
        Json::Array(_) => "a list".to_owned(),
        Json::Object(_) => "an object".to_owned(),
        Json::Bool(_) | Json::Number(_) => json.to_string(),
    }
}

/// `; did you mean “…”?` when a known word is close, else nothing.
pub(super) fn did_you_mean<'a>(found: &str, known: impl Iterator<Item = &'a str>) -> String {
    let near = known
        .map(|word| (strsim::normalized_damerau_levenshtein(found, word), word))
        .filter(|(likeness, _)| *likeness >= 0.6)
        .max_by(|(one, _), (other, _)| one.total_cmp(other));
    near.map_or(String::new(), |(_, word)| format!("; did you mean “{word}”?"))
}
