//! Why a file is not taken, in words that say what to do.

use super::FileType;

/// One kind for each reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    NoFile,
    Empty,
    TooLarge,
    /// It came with too many others.
    TooMuchAtOnce,
    // The name
    NameTooLong,
    NamePath,
    NameInvisible,
    NameReserved,
    NameOdd,
    NameHidesAnother(String),
    TypeNotTaken(String),
    /// What the browser declared it to be.
    Declared(FileType, String),
    // The content
    /// What the first bytes say instead.
    LooksLike(FileType, &'static str),
    /// The content is not whole; what is wrong with it.
    Broken(FileType, &'static str),
    /// Something stands behind the end of the file.
    Trailing(FileType),
    /// It is also an archive.
    HidesArchive(FileType),
    TooManyPixels,
    /// Unpacked it would be too much, or packed too tightly.
    Bomb,
    TooManyParts,
    ArchivePath,
    Macros,
    /// It would fetch something from elsewhere when opened.
    Reaches,
    Locked,
    NotText,
}

impl Refusal {
    /// A short word for logs and tests.
    pub const fn key(&self) -> &'static str {
        match self {
            Refusal::NoFile => "no-file",
            Refusal::Empty => "empty",
            Refusal::TooLarge => "too-large",
            Refusal::TooMuchAtOnce => "too-much-at-once",
            Refusal::NameTooLong => "name-too-long",
            Refusal::NamePath => "name-path",
            Refusal::NameInvisible => "name-invisible",
            Refusal::NameReserved => "name-reserved",
            Refusal::NameOdd => "name-odd",
            Refusal::NameHidesAnother(_) => "name-hides-another",
            Refusal::TypeNotTaken(_) => "type-not-taken",
            Refusal::Declared(..) => "declared",
            Refusal::LooksLike(..) => "looks-like",
            Refusal::Broken(..) => "broken",
            Refusal::Trailing(_) => "trailing",
            Refusal::HidesArchive(_) => "hides-archive",
            Refusal::TooManyPixels => "too-many-pixels",
            Refusal::Bomb => "bomb",
            Refusal::TooManyParts => "too-many-parts",
            Refusal::ArchivePath => "archive-path",
            Refusal::Macros => "macros",
            Refusal::Reaches => "reaches",
            Refusal::Locked => "locked",
            Refusal::NotText => "not-text",
        }
    }

    /// What is wrong, without a full stop.
    pub fn problem(&self) -> String {
        match self {
            Refusal::NoFile => "No file came with the form".to_owned(),
            Refusal::Empty => "The file is empty".to_owned(),
            Refusal::TooLarge => "The file is larger than 20 MB".to_owned(),
            Refusal::TooMuchAtOnce => "More than 10 files, or more than 60 MB, came at once".to_owned(),
            Refusal::NameTooLong => "The file’s name is longer than 200 letters".to_owned(),
            Refusal::NamePath => "The file’s name has a slash, a backslash or a colon in it, as a path has".to_owned(),
            Refusal::NameInvisible => "The file’s name has characters in it that cannot be seen".to_owned(),
            Refusal::NameReserved => "The file’s name is one that Windows keeps for itself".to_owned(),
            Refusal::NameOdd => "The file’s name begins or ends with a dot or a space".to_owned(),
            Refusal::NameHidesAnother(ending) => format!("The file’s name has a second ending in it, .{ending}"),
            Refusal::TypeNotTaken(ending) if ending.is_empty() => "The file’s name has no ending".to_owned(),
            Refusal::TypeNotTaken(ending) => format!("Files ending in .{ending} are not taken"),
            Refusal::Declared(kind, declared) => {
                format!("The name says {}, and your browser says “{declared}”", kind.says())
            }
            Refusal::LooksLike(kind, other) => format!("The name says {}, and the file is {other}", kind.says()),
            Refusal::Broken(kind, how) => format!("This is not a whole {}: {how}", kind.says()),
            Refusal::Trailing(kind) => format!("There is something else behind the end of the {}", kind.says()),
            Refusal::HidesArchive(kind) => format!("The {} is an archive of other files at the same time", kind.says()),
            Refusal::TooManyPixels => "The picture has more than 100 million dots".to_owned(),
            Refusal::Bomb => {
                "The file is small and unpacks to something far larger, as files made to do harm do".to_owned()
            }
            Refusal::TooManyParts => "The file is made of more than 2,000 parts".to_owned(),
            Refusal::ArchivePath => "A part inside the file has a name that leads out of it".to_owned(),
            Refusal::Macros => "The file has macros or controls in it: programs that run when it is opened".to_owned(),
            Refusal::Reaches => "The file fetches something from elsewhere when it is opened".to_owned(),
            Refusal::Locked => "The file is locked with a password, so nobody can look into it".to_owned(),
            Refusal::NotText => "The file is not plain text".to_owned(),
        }
    }

    /// What to do about it, a sentence without a full stop.
    pub const fn mend(&self) -> &'static str {
        match self {
            Refusal::NoFile => "Choose a file first",
            Refusal::Empty => "Choose the file again, after opening it to see that it is whole",
            Refusal::TooLarge => "Split it in two, or scan it at a lower resolution",
            Refusal::TooMuchAtOnce => "Send this one again by itself",
            Refusal::NameTooLong | Refusal::NamePath | Refusal::NameReserved | Refusal::NameOdd => {
                "Rename it and choose it again"
            }
            Refusal::NameInvisible => "Type its name anew and choose it again; if a stranger sent it, do not open it",
            Refusal::NameHidesAnother(_) => "Rename it and choose it again; if a stranger sent it, do not open it",
            Refusal::TypeNotTaken(_) => "Save it as PDF, PNG, JPEG, DOCX, XLSX, TXT or CSV",
            Refusal::Declared(..) | Refusal::LooksLike(..) => "Open it and save it anew as what it is",
            Refusal::Broken(..) | Refusal::Trailing(_) | Refusal::HidesArchive(_) => {
                "Open it, save it anew as PDF, and choose that"
            }
            Refusal::TooManyPixels => "Make the picture smaller",
            Refusal::Bomb | Refusal::TooManyParts | Refusal::ArchivePath | Refusal::Reaches => {
                "Print it to PDF and choose that; if a stranger sent it, do not open it"
            }
            Refusal::Macros => "Save it without macros, or print it to PDF, and choose that",
            Refusal::Locked => "Save it without a password and choose it again",
            Refusal::NotText => "Save it as UTF-8 text, or as PDF",
        }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}. {}", self.problem(), self.mend())
    }
}

impl std::error::Error for Refusal {}
