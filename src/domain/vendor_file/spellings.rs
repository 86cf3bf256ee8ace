//! The words in which a busy office writes the listed values.
//!
//! A word that could mean two things of different weight is absent on purpose ("backup":
//! with or without the key?): the writer is asked instead of guessed at.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::domain::exposure::{Access, Criticality, Element, Offshore, Subs};
use crate::domain::vendor::BaStatus;

/// A word without case, blanks and marks: "Contact E-mail" is `contactemail`.
pub(super) fn fold(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

pub(super) type Spellings<T> = HashMap<String, T>;

/// Every value by its key, by the words it says, and by the other spellings.
macro_rules! spellings {
    ($of:ident { $($variant:ident: $($word:literal),+;)+ }) => {
        LazyLock::new(|| {
            let own = $of::ALL.iter().flat_map(|value| [(value.key(), *value), (value.says(), *value)]);
            let others = [$($(($word, $of::$variant)),+),+];
            own.chain(others).map(|(word, value)| (fold(word), value)).collect()
        })
    };
}

pub(super) static BA_STATUSES: LazyLock<Spellings<BaStatus>> = spellings!(BaStatus {
    BusinessAssociate: "ba", "yes", "y", "true", "baa", "is a ba", "business assoc";
    Subcontractor: "sub", "subcontractor ba", "sub ba", "subcontractor of a ba", "business associate subcontractor";
    TreatmentProvider: "treatment", "provider", "treats patients", "treating provider", "health care provider", "healthcare provider";
    Conduit: "courier", "carrier", "mail carrier", "postal service", "post office", "internet provider", "isp", "telephone company";
    Workforce: "staff", "employee", "employees", "our staff", "workforce member";
    FinancialProcessor: "bank", "financial", "payment processor", "payments", "card processor", "financial institution",
        "financial processor only", "only processes payments";
    DeidentifiedOnly: "deidentified", "deidentified data", "deidentified data only", "only deidentified information";
    NoPhi: "no phi access", "no access to phi", "no patient information", "gets no patient information", "without phi";
    Other: "other reason", "other documented", "another written reason", "not ba other";
    Undetermined: "not decided", "undecided", "not determined", "pending", "under review";
});

pub(super) static ELEMENTS: LazyLock<Spellings<Element>> = spellings!(Element {
    Contact: "contacts", "contact info", "contact information", "contact details", "demographics", "demographic", "names", "name",
        "address", "addresses", "phone", "phones", "phone numbers", "appointment", "appointments", "schedule", "schedules",
        "scheduling", "contact/scheduling", "date of birth", "dates of birth", "dob", "e-mail addresses";
    Insurance: "insurance info", "insurance details", "insurance information", "financial", "financials", "insurance/financial",
        "insurance and financial", "billing", "billing info", "billing information", "payment", "payments", "payment details",
        "claims", "claim", "eligibility", "member id", "member ids", "coverage", "credit card", "credit cards", "card numbers",
        "bank details";
    GovernmentId: "government ids", "gov id", "govt id", "ssn", "ssns", "ss number", "social security", "social security number",
        "social security numbers", "ssn or government id", "government numbers", "driver's license", "drivers licenses", "passport",
        "passports";
    Clinical: "clinical notes", "clinicals", "clinical data", "clinical information", "clinical records", "note", "notes",
        "visit notes", "progress notes", "diagnosis", "diagnoses", "lab", "labs", "lab results", "laboratory", "result", "results",
        "test results", "image", "images", "imaging", "x-rays", "xray", "radiology", "pathology", "chart", "charts", "record", "records",
        "medical records", "medical record", "health records", "ehr", "emr", "prescriptions", "prescription", "rx", "medications",
        "medication", "treatment", "dictation", "dictations", "transcripts", "procedures", "orders", "referrals", "vitals",
        "immunizations", "clinical notes, diagnoses, labs, images";
    SpeciallyProtected: "special", "sensitive", "substance use", "substance abuse", "sud", "part 2", "42 cfr part 2", "addiction",
        "mental health", "behavioral health", "behavioural health", "psychiatry", "psychotherapy notes", "hiv", "aids", "hiv/aids",
        "reproductive", "reproductive health", "genetic", "genetics", "genetic information", "genomic", "dna", "std", "sti";
    Biometric: "biometrics", "biometric/full-face", "full face", "full face photo", "full face photos", "full face photographs",
        "face photos", "patient photos", "facial images", "facial recognition", "fingerprint", "fingerprints", "voice print",
        "voice prints", "retina scans", "iris scans";
});

pub(super) static WAYS: LazyLock<Spellings<Access>> = spellings!(Access {
    Storage: "no-view storage", "storage only", "encrypted storage", "encrypted backup", "encrypted backups", "storage without key",
        "stores without reading", "cannot read it";
    Paper: "paper or file", "occasional paper", "occasional paper or file", "occasional file", "occasional files", "occasional",
        "paper records", "paper charts", "paper files", "fax", "faxes", "now and then";
    Onsite: "on site", "at our premises", "our premises", "premises", "in person", "in office", "in the office", "at our office",
        "at our site";
    Feed: "feeds", "regular feed", "data feed", "daily feed", "interface", "hl7", "fhir", "api", "edi", "sftp", "ftp", "file transfer",
        "regular file", "regular files", "batch files";
    Remote: "remote access", "remote entry", "remote entry to our systems", "remote login", "remote support", "vpn", "rdp", "log in",
        "login", "logs in", "enters our systems";
    Hosts: "host", "hosted", "hosting", "hosts it", "hosts our data", "cloud", "cloud hosted", "saas", "keeps it", "on its own systems";
    HostsAdmin: "hosts with administrator rights", "hosts with admin rights", "hosts with admin", "host admin", "hosted admin",
        "admin", "administrator", "admin rights", "administrator rights", "msp", "managed services", "managed service";
});

pub(super) static CRITICALITIES: LazyLock<Spellings<Criticality>> = spellings!(Criticality {
    Day: "same day", "immediately", "at once", "not at all", "cannot work without it", "no time";
    ThreeDays: "a few days";
    Week: "one week or less";
    Longer: "more than a week", "weeks", "months", "long", "indefinitely", "forever", "not critical";
});

pub(super) static SUBS: LazyLock<Spellings<Subs>> = spellings!(Subs {
    None: "no", "n", "nil", "nobody", "no one", "no subcontractors", "no subs", "false";
    // What a spreadsheet makes of "1-2".
    Few: "2-Jan", "02-Jan", "Jan-2", "Jan-02", "1-Feb", "01-Feb", "Feb-1", "Feb-01", "a couple";
    Many: "several", "many", "multiple";
});

pub(super) static OFFSHORE: LazyLock<Spellings<Offshore>> = spellings!(Offshore {
    None: "n", "nil", "0", "false", "no one", "nothing", "us only", "usa only", "only in the us", "united states", "us", "usa", "onshore",
        "domestic";
    View: "view only", "views", "viewed", "viewing", "viewing only", "can view", "seen", "seen from abroad", "remote viewing";
    Stored: "store", "stores", "storage", "kept", "stored abroad", "stored offshore", "hosted abroad", "viewed and stored", "both";
});
