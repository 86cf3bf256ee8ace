//! What we write down about a vendor, and the checks each field must pass whether it was
//! typed in a form or came in a file. Knows nothing of either.
//!
//! Text is data: `<script>` is a fine name, because pages escape what they show. Only what
//! nobody can see, or what would break a line, is refused.

use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use url::Url;

use super::civil_date::{DateFault, say_short};
use super::exposure::Exposure;
use super::words::words;

words! {
    /// Whether the vendor is a business associate (45 CFR 160.103), and if not, why.
    pub enum BaStatus {
        BusinessAssociate = "business-associate" => "Business associate",
        Subcontractor = "subcontractor" => "Subcontractor of a business associate",
        TreatmentProvider = "treatment-provider" => "Not one: treats patients with us",
        Conduit = "conduit" => "Not one: only carries mail or data",
        Workforce = "workforce" => "Not one: works as part of our staff",
        FinancialProcessor = "financial-processor" => "Not one: only processes payments",
        DeidentifiedOnly = "deidentified-only" => "Not one: gets only de-identified information",
        NoPhi = "no-phi" => "Not one: gets no patient information",
        Other = "other" => "Not one: for another written reason",
        Undetermined = "undetermined" => "Not decided yet",
    }
}

impl BaStatus {
    /// Not decided counts as yes: a vendor nobody has looked at must not go unasked.
    pub const fn counts_as_ba(self) -> bool {
        matches!(self, Self::BusinessAssociate | Self::Subcontractor | Self::Undetermined)
    }

    /// Whether the agreement is ours to sign. A subcontractor signs with the business
    /// associate it works for (45 CFR 164.308(b)(1)).
    pub const fn signs_with_us(self) -> bool {
        matches!(self, Self::BusinessAssociate | Self::Undetermined)
    }

    /// One sentence for someone who has to choose.
    pub const fn explains(self) -> &'static str {
        match self {
            Self::BusinessAssociate => "It gets, keeps or sends patient information to do work for us.",
            Self::Subcontractor => "It handles our patients' information for one of our business associates.",
            Self::TreatmentProvider => "It gets patient information only to treat the patient.",
            Self::Conduit => {
                "It only carries information, like the post office, and keeps it no longer than that takes."
            }
            Self::Workforce => "Its people work under our direct control, so our own rules and training cover them.",
            Self::FinancialProcessor => "It is a bank or card company and only moves payments.",
            Self::DeidentifiedOnly => "Nothing it gets can be traced back to a patient.",
            Self::NoPhi => "It never gets or sees patient information.",
            Self::Other => "Another reason applies; write it in the notes.",
            Self::Undetermined => "Until someone decides, we treat it as a business associate.",
        }
    }
}

impl Default for BaStatus {
    /// Nothing known yet; counts as a business associate.
    fn default() -> Self {
        Self::Undetermined
    }
}

/// What the practice writes down about a vendor.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VendorDetails {
    pub name: String,
    /// The practice's own number for it, such as the one in its accounting.
    pub external_id: Option<String>,
    pub website: Option<String>,
    /// What it does for us.
    pub services: String,
    pub ba_status: BaStatus,
    /// Who at the practice looks after it.
    pub owner: String,
    pub contact_name: String,
    pub contact_email: Option<String>,
    pub exposure: Exposure,
    pub agreement_signed_on: Option<NaiveDate>,
    pub agreement_ends_on: Option<NaiveDate>,
    pub notes: String,
}

// "PA" is absent on purpose: it is Pennsylvania as often as a professional association, and
// taking two vendors for one is worse than taking one for two.
const LEGAL_FORMS: &[&str] = &[
    "co",
    "company",
    "corp",
    "corporation",
    "gmbh",
    "inc",
    "incorporated",
    "lc",
    "limited",
    "llc",
    "lllp",
    "llp",
    "lp",
    "ltd",
    "pc",
    "plc",
    "pllc",
];

/// The identity of a vendor without an external id: its name with case, spacing,
/// punctuation and a legal form at the end folded away.
pub fn name_key(name: &str) -> String {
    let spelled = name.to_lowercase().replace('&', " and ").replace(['.', '\'', '’'], "");
    let mut words: Vec<&str> = spelled.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    while words.len() > 1 && words.last().is_some_and(|word| LEGAL_FORMS.contains(word)) {
        words.pop();
    }
    if words.is_empty() {
        return name.split_whitespace().collect();
    }
    words.concat()
}

/// What is wrong with a field, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldFault {
    /// Without a full stop.
    pub problem: String,
    /// A whole sentence.
    pub mend: String,
}

impl FieldFault {
    pub fn new(problem: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { problem: problem.into(), mend: mend.into() }
    }

    /// The whole of it, as a form says it.
    pub fn sentence(&self) -> String {
        super::words::capital(&self.to_string())
    }
}

impl fmt::Display for FieldFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}. {}", self.problem, self.mend)
    }
}

impl std::error::Error for FieldFault {}

impl From<DateFault> for FieldFault {
    fn from(fault: DateFault) -> Self {
        let mend = fault.mend();
        Self::new(fault.problem(), format!("{}{}.", mend[..1].to_uppercase(), &mend[1..]))
    }
}

/// Text in quotes as a message shows it: short, on one line, with nothing unseen in it.
pub fn quoted(text: &str) -> String {
    const SHOWN: usize = 60;
    let seen = |c: char| if unseen(c) || breaks_line(c) { '\u{fffd}' } else { c };
    let mut shown: String = tidy(text).chars().take(SHOWN).map(seen).collect();
    if tidy(text).chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    format!("“{shown}”")
}

/// # Errors
/// When there is no name, or it is longer than 200 characters or more than one line.
pub fn check_name(text: &str) -> Result<String, FieldFault> {
    let name = one_line(text, 200)?;
    if name.is_empty() {
        return Err(FieldFault::new("the vendor has no name", "Write the name of the company."));
    }
    Ok(name)
}

/// # Errors
/// When it is longer than 200 characters or more than one line.
pub fn check_external_id(text: &str) -> Result<Option<String>, FieldFault> {
    one_line(text, 200).map(filled)
}

/// # Errors
/// When it is longer than 200 characters or more than one line.
pub fn check_services(text: &str) -> Result<String, FieldFault> {
    one_line(text, 200)
}

/// # Errors
/// When it is longer than 200 characters or more than one line.
pub fn check_owner(text: &str) -> Result<String, FieldFault> {
    one_line(text, 200)
}

/// # Errors
/// When it is longer than 200 characters or more than one line.
pub fn check_contact_name(text: &str) -> Result<String, FieldFault> {
    one_line(text, 200)
}

/// Line breaks of every kind become `\n`, tabs become spaces.
///
/// # Errors
/// When it is longer than 4,000 characters or has characters nobody can see.
pub fn check_notes(text: &str) -> Result<String, FieldFault> {
    let text = text.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}'], "\n").replace('\t', " ");
    let notes = tidy(&text);
    refuse_unseen(&notes.replace('\n', " "))?;
    refuse_long(notes, 4_000)?;
    Ok(notes.to_owned())
}

/// A plain address, as a mail program sends to it. Blank is no address.
///
/// Stricter than the mail standards: a quoted or foreign-letter mailbox is far more often
/// a slip of the pen than a mailbox, and a letter that cannot arrive helps nobody.
///
/// # Errors
/// When it is not one plain address of at most 254 characters.
pub fn check_email(text: &str) -> Result<Option<String>, FieldFault> {
    const MEND: &str = "Write it like name@company.com.";
    let address = tidy(text);
    if address.is_empty() {
        return Ok(None);
    }
    if address.matches('@').count() > 1 && address.contains([';', ',', ' ']) {
        return Err(FieldFault::new(format!("{} is more than one e-mail address", quoted(address)), "Write only one."));
    }
    let plain = address.split_once('@').is_some_and(|(mailbox, domain)| is_mailbox(mailbox) && is_domain(domain));
    if !plain {
        return Err(FieldFault::new(format!("{} is not an e-mail address", quoted(address)), MEND));
    }
    refuse_long(address, 254)?;
    Ok(Some(address.to_owned()))
}

fn is_mailbox(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte);
    (1..=64).contains(&text.len()) && text.split('.').all(|atom| !atom.is_empty() && atom.bytes().all(allowed))
}

fn is_domain(text: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let ends_in_letters =
        text.rsplit('.').next().is_some_and(|last| last.bytes().any(|byte| byte.is_ascii_alphabetic()));
    text.contains('.') && text.split('.').all(is_label) && ends_in_letters
}

/// The address of a web site, with `https://` put in front when it was left out. Blank is
/// no site.
///
/// # Errors
/// When it is not the address of a web page, holds a user name, or is longer than 500
/// characters.
pub fn check_website(text: &str) -> Result<Option<String>, FieldFault> {
    const MEND: &str = "Write it like https://www.company.com.";
    let typed = tidy(text);
    if typed.is_empty() {
        return Ok(None);
    }
    refuse_long(typed, 500)?;
    let fault = || FieldFault::new(format!("{} is not the address of a web site", quoted(typed)), MEND);
    let url = web_address(typed).ok_or_else(fault)?;
    let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    let address = if bare { url.as_str().trim_end_matches('/') } else { url.as_str() };
    refuse_long(address, 500)?;
    Ok(Some(address.to_owned()))
}

fn web_address(typed: &str) -> Option<Url> {
    // The parser drops some of these in silence, so that what is checked is not what is kept.
    if typed.contains(|c: char| c.is_whitespace() || unseen(c) || c == '\\') {
        return None;
    }
    let schemed = typed.contains("://");
    // What stands before a colon is a scheme ("javascript:") unless a port follows it.
    let other_scheme =
        !schemed && typed.split_once(':').is_some_and(|(_, port)| !port.starts_with(|c: char| c.is_ascii_digit()));
    if other_scheme || typed.starts_with('/') {
        return None;
    }
    let url = Url::parse(&if schemed { typed.to_owned() } else { format!("https://{typed}") }).ok()?;
    let named = url.host_str().is_some_and(|host| schemed || host.contains('.'));
    let anonymous = url.username().is_empty() && url.password().is_none();
    (matches!(url.scheme(), "http" | "https") && named && anonymous).then_some(url)
}

/// # Errors
/// When the agreement would end before it was signed.
pub fn check_agreement(signed_on: Option<NaiveDate>, ends_on: Option<NaiveDate>) -> Result<(), FieldFault> {
    match (signed_on, ends_on) {
        (Some(signed), Some(ends)) if ends < signed => Err(FieldFault::new(
            format!("the agreement ends on {}, before it was signed on {}", say_short(ends), say_short(signed)),
            "Check both dates.",
        )),
        _ => Ok(()),
    }
}

pub(super) fn one_line(text: &str, longest: usize) -> Result<String, FieldFault> {
    let line = tidy(text);
    if line.contains(breaks_line) {
        return Err(FieldFault::new(format!("{} has a line break in it", quoted(line)), "Write it on one line."));
    }
    refuse_unseen(line)?;
    refuse_long(line, longest)?;
    Ok(line.to_owned())
}

fn refuse_unseen(text: &str) -> Result<(), FieldFault> {
    if text.contains(unseen) {
        return Err(FieldFault::new(
            format!("{} has characters in it that cannot be seen", quoted(text)),
            "Type it again instead of pasting it.",
        ));
    }
    Ok(())
}

fn refuse_long(text: &str, longest: usize) -> Result<(), FieldFault> {
    let length = text.chars().count();
    if length > longest {
        return Err(FieldFault::new(
            format!("{} is {length} characters long", quoted(text)),
            format!("Use {longest} characters at most."),
        ));
    }
    Ok(())
}

fn filled(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

/// Without the blanks around it, those of no width included.
pub(super) fn tidy(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}'))
}

fn breaks_line(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Control characters, and those that turn the direction of writing to make one text look
/// like another.
fn unseen(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_vendor_nobody_has_decided_on_counts_as_a_business_associate() {
        let counted: Vec<&str> = BaStatus::ALL.iter().filter(|s| s.counts_as_ba()).map(|s| s.key()).collect();
        assert_eq!(counted, ["business-associate", "subcontractor", "undetermined"]);
        assert!(!BaStatus::Subcontractor.signs_with_us());
    }

    #[test]
    fn one_company_written_in_several_ways_is_one_vendor() {
        for name in
            "Acme Billing|ACME BILLING, INC.|acme-billing LLC| Acme  Billing Co., Inc |Acme Billing L.L.C.".split('|')
        {
            assert_eq!(name_key(name), "acmebilling", "{name}");
        }
        assert_eq!(name_key("Smith & Jones"), name_key("Smith and Jones, P.C."));
        assert_eq!(name_key("St. Mary’s Lab"), name_key("St Mary's Lab"));
    }

    #[test]
    fn different_companies_stay_different() {
        assert_ne!(name_key("Acme Billing"), name_key("Acme Coding"));
        assert_ne!(name_key("Mercy Labs"), name_key("Mercy Labs PA"));
        assert_eq!(name_key("Company Inc"), "company", "a legal form alone is still a name");
        assert_eq!(name_key("!! ??"), "!!??");
        assert_eq!(name_key("東京 Lab"), "東京lab");
    }

    #[test]
    fn hostile_text_is_a_name_like_any_other() {
        for name in ["<script>alert(1)</script>", "=1+1", "'; DROP TABLE vendors; --", "{{name}}", "Müller & Söhne"] {
            assert_eq!(check_name(name).as_deref(), Ok(name));
        }
    }

    #[test]
    fn a_name_is_one_line_of_at_most_two_hundred_characters_that_can_be_seen() {
        let said = |text: &str| check_name(text).unwrap_err().to_string();
        assert_eq!(check_name(&" é".repeat(100)).unwrap().chars().count(), 199);
        assert_eq!(said(" \u{200b} "), "the vendor has no name. Write the name of the company.");
        assert_eq!(said("Acme\r\nBcc: x"), "“Acme��Bcc: x” has a line break in it. Write it on one line.");
        assert_eq!(
            said("Acme\u{202e}gpj"),
            "“Acme�gpj” has characters in it that cannot be seen. Type it again instead of pasting it."
        );
        assert!(said("a\u{0}b").contains("cannot be seen") && said("a\tb").contains("cannot be seen"));
        assert!(said(&"x".repeat(201)).ends_with("is 201 characters long. Use 200 characters at most."));
    }

    #[test]
    fn notes_keep_their_lines() {
        assert_eq!(check_notes(" one\r\ntwo\rthree\tfour\n ").as_deref(), Ok("one\ntwo\nthree four"));
        assert!(check_notes("a\u{7}b").is_err());
        assert!(check_notes(&"x".repeat(4_001)).is_err());
    }

    #[test]
    fn an_email_address_is_one_plain_address() {
        for text in ["jo@acme.com", "jo.o'neil+baa@mail.acme-billing.co", "JO@ACME.COM"] {
            assert_eq!(check_email(&format!(" {text} ")), Ok(Some(text.to_owned())));
            text.parse::<lettre::Address>().unwrap();
        }
        assert_eq!(check_email("  "), Ok(None));
        assert_eq!(
            check_email("jo@@x").unwrap_err().to_string(),
            "“jo@@x” is not an e-mail address. Write it like name@company.com."
        );
        assert!(check_email("jo@a.com; al@b.com").unwrap_err().to_string().contains("more than one"));
        let long = format!("jo@{}com", "abcdefghi.".repeat(26));
        let slips = r#"jo|jo@acme|@acme.com|jo@|jo@.com|jo@acme..com|.jo@acme.com|jo@-acme.com|jo@127.0.0.1|jo@[10.0.0.1]
            |Jo <jo@acme.com>|"jo"@acme.com|jo smith@acme.com|jö@acme.com"#;
        for text in slips.split('|').chain([long.as_str(), "jo@acme.com\r\nBcc: x@y.com"]) {
            assert!(check_email(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn an_address_that_passes_can_be_written_to(text in "[a-z.+'!@ \"-]{1,12}@[a-z0-9.@-]{1,12}") {
            if let Ok(Some(address)) = check_email(&text) {
                prop_assert!(address.parse::<lettre::Address>().is_ok(), "{}", address);
            }
        }
    }

    #[test]
    fn a_website_is_kept_with_its_scheme() {
        let kept = |text: &str| check_website(text).unwrap().unwrap();
        assert_eq!(kept("acme.com"), "https://acme.com");
        assert_eq!(kept("ACME.com:8443/Privacy?x=1"), "https://acme.com:8443/Privacy?x=1");
        assert_eq!(kept("http://acme.com/"), "http://acme.com");
        assert_eq!(kept("https://acme.com/a\"b<c>"), "https://acme.com/a%22b%3Cc%3E");
        assert_eq!(kept(&kept("acme.com/é")), kept("acme.com/é"));
        assert_eq!(check_website(""), Ok(None));
    }

    #[test]
    fn what_is_not_the_address_of_a_web_page_is_refused() {
        let others = r"javascript:alert(1)|JAVASCRIPT://acme.com/%0aalert(1)|data:text/html,x|vbscript:x|//acme.com|/etc|acme|none
            |ftp://acme.com|file:///etc/passwd|mailto:jo@acme.com|jo@acme.com|https://jo:pw@acme.com|https://jo@acme.com|https://
            |https://acme.com/a b|https:\\acme.com|https:/acme.com";
        for text in others.split('|').chain(["https://ac\tme.com", "java\u{0}script:x", "https://acme.com/\u{202e}x"]) {
            assert!(check_website(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_agreement_ends_no_earlier_than_it_was_signed() {
        let day = |d| NaiveDate::from_ymd_opt(2026, 1, d);
        assert_eq!(check_agreement(day(2), day(2)), Ok(()));
        assert_eq!(check_agreement(None, day(1)), Ok(()));
        assert_eq!(
            check_agreement(day(2), day(1)).unwrap_err().to_string(),
            "the agreement ends on Jan 1, 2026, before it was signed on Jan 2, 2026. Check both dates."
        );
    }
}
