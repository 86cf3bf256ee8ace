//! A closed list of values with a key (in files, tables and addresses) and the words a
//! person reads. One macro, so that no list forgets one of the two.

/// Declares an enum whose every value has a stable `key` and the words it `says`.
///
/// The key is what `serde`, [`std::fmt::Display`] and [`std::str::FromStr`] use; parsing
/// is exact. Forgiving spellings belong to the vendor file, not here.
macro_rules! words {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$vmeta:meta])* $variant:ident = $key:literal => $says:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$vmeta])* #[serde(rename = $key)] $variant),+ }

        impl $name {
            /// Every value, in the order a page lists them.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// The stable key: in files, tables and addresses.
            pub const fn key(self) -> &'static str {
                match self { $($name::$variant => $key),+ }
            }

            /// The words a person reads.
            pub const fn says(self) -> &'static str {
                match self { $($name::$variant => $says),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.key())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::domain::words::UnknownWord;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::ALL.iter().copied().find(|value| value.key() == text).ok_or_else(|| {
                    $crate::domain::words::UnknownWord {
                        found: text.to_owned(),
                        known: Self::ALL.iter().map(|value| value.key()).collect(),
                    }
                })
            }
        }
    };
}
pub(crate) use words;

/// A key that is not in the list.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{found}” is not known; use one of: {}", known.join(", "))]
pub struct UnknownWord {
    pub found: String,
    pub known: Vec<&'static str>,
}

/// With a great first letter, as a sentence begins.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

/// `1 vendor`, `2 vendors`.
pub fn counted(count: usize, thing: &str) -> String {
    if count == 1 { format!("1 {thing}") } else { format!("{count} {thing}s") }
}

/// `72 hours`, `2160 hours (90 days)`: many hours are days to whoever reads them.
pub fn hours(hours: u32) -> String {
    let said = counted(hours as usize, "hour");
    if hours >= 96 && hours.is_multiple_of(24) { format!("{said} ({} days)", hours / 24) } else { said }
}
