use proptest::prelude::*;

use super::*;
use crate::domain::exposure::{Criticality, Element, Exposure, Offshore, Subs, Volume};
use crate::domain::vendor::{BaStatus, name_key};

fn names(bytes: &[u8]) -> Vec<String> {
    read(bytes).expect("no fault").rows.into_iter().map(|row| row.details.name).collect()
}

fn faults(text: &str) -> Vec<String> {
    read(text.as_bytes()).expect_err("faults").iter().map(Fault::to_string).collect()
}

#[test]
fn a_full_line_becomes_a_vendor() {
    let file = read(template_csv().as_bytes()).unwrap();
    assert_eq!(file.warnings, Vec::<String>::new());
    let access: BTreeSet<Access> = [Access::Hosts, Access::Remote].into();
    let details = VendorDetails {
        name: "Example Billing Services".to_owned(),
        external_id: Some("V-001".to_owned()),
        website: Some("https://billing.example".to_owned()),
        services: "Medical billing".to_owned(),
        ba_status: BaStatus::BusinessAssociate,
        owner: "Pat Jones".to_owned(),
        contact_name: "Jo Smith".to_owned(),
        contact_email: Some("jo@billing.example".to_owned()),
        exposure: Exposure {
            elements: [Element::Contact, Element::Insurance, Element::Clinical].into(),
            volume: Volume::Under50000,
            criticality: Criticality::ThreeDays,
            subs: Subs::Few,
            offshore: Offshore::None,
            traits: likely_traits(&access),
            access,
        },
        agreement_signed_on: chrono::NaiveDate::from_ymd_opt(2026, 1, 31),
        agreement_ends_on: chrono::NaiveDate::from_ymd_opt(2028, 1, 31),
        notes: "Reviewed each spring".to_owned(),
    };
    assert_eq!(file.rows, [VendorRow { line: 2, given: Field::ALL.iter().copied().collect(), details }]);
}

#[test]
fn only_what_a_line_says_is_given() {
    let file = read(b"name,volume,owner,notes\nAcme,n/a,,").unwrap();
    assert_eq!(file.rows[0].given, [Field::Name, Field::Volume].into());
    assert_eq!(file.rows[0].details.ba_status, BaStatus::Undetermined);
}

#[test]
fn the_columns_on_the_import_page_are_the_fields() {
    let columns: Vec<&str> = COLUMNS.iter().map(|(name, ..)| *name).collect();
    let fields: Vec<&str> = Field::ALL.iter().map(|field| field.key()).collect();
    assert_eq!(columns, fields);
}

#[test]
fn a_file_is_read_in_whatever_state_a_spreadsheet_left_it() {
    let utf16 = |text: &str, order: fn(u16) -> [u8; 2]| -> Vec<u8> {
        "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(order).collect()
    };
    let files: [Vec<u8>; 12] = [
        "name,owner\nMüller,Jo\nAcme,\n".into(),
        "\u{feff}name,owner\r\nMüller,Jo\r\nAcme\r\n".into(),
        "\u{feff}\u{feff}\"name\",\"owner\"\rMüller,Jo\rAcme".into(),
        b"name,owner\nM\xfcller,Jo\nAcme,\n".to_vec(),
        utf16("name\towner\r\nMüller\tJo\r\nAcme\t\r\n", u16::to_le_bytes),
        utf16("name,owner\nMüller,Jo\nAcme,", u16::to_be_bytes),
        "Owner;NAME;;\n Jo ; Müller ;;\n;Acme;;\n;;;\n\n".into(),
        "sep=;\nname;owner\nMüller;Jo\nAcme;".into(),
        "\n\n name , \"owner\" \n \"Müller\" , Jo\n\u{a0}Acme\u{a0},\n".into(),
        "name,owner,,\nMüller,Jo,,,,,\nAcme,,,\n".into(),
        "name\nMüller\nAcme".into(),
        "\"Name\"\t\"Our, own; number\"\nMüller\tJo\nAcme\t".into(),
    ];
    for file in files {
        assert_eq!(names(&file), ["Müller", "Acme"], "{}", String::from_utf8_lossy(&file));
    }
}

#[test]
fn a_heading_is_known_whatever_its_case_blanks_and_hyphens() {
    let file = read(b"Contact E-mail,NAME,BAA signed-on\njo@acme.com,Acme,1/31/2026").unwrap();
    assert_eq!(file.warnings, Vec::<String>::new());
    assert_eq!(file.rows[0].given, [Field::Name, Field::ContactEmail, Field::BaaSignedOn].into());
}

#[test]
fn unknown_columns_are_kept_as_notes_after_one_warning() {
    let file = read(b"name,Colour,contact_emial,notes,\nAcme,red,jo@acme.com,Old,\nBeta,,,,").unwrap();
    assert_eq!(file.rows[0].details.notes, "Old\nColour: red\ncontact_emial: jo@acme.com");
    assert_eq!(file.rows[1].details.notes, "");
    assert!(!read(b"name,Colour\nAcme,red").unwrap().rows[0].given.contains(&Field::Notes));
    assert_eq!(
        file.warnings,
        [
            "We do not know these columns, so what they say goes into the notes: “Colour”, “contact_emial” (did you mean contact_email?)."
        ]
    );
    let one = read(b"name,Vendor e-mail\nAcme,").unwrap();
    assert_eq!(
        one.warnings,
        [
            "We do not know the column “Vendor e-mail” (did you mean contact_email?), so what it says goes into the notes."
        ]
    );
}

#[test]
fn a_header_must_name_each_column_once_and_the_name_at_all() {
    assert_eq!(
        faults("Vendor,Owner\nAcme,Jo"),
        [
            "line 1: there is no column called name; the file has “Vendor”, “Owner”. If “Vendor” holds the names of the vendors, rename it to name."
        ]
    );
    assert_eq!(
        faults("\nAcme;Jo\nBeta;Al"),
        [
            "line 2: there is no column called name; the file has “Acme”, “Jo”. The first line names the columns; call the one with the names of the vendors name."
        ]
    );
    assert_eq!(
        faults("name,Owner,NAME\nAcme,Jo,Acme"),
        ["line 1: columns 1 and 3 have the same name, “NAME”. Rename or remove one of them."]
    );
    assert_eq!(faults("name,Colour,colour\nAcme,,").len(), 1);
    let wide = (0..MAX_COLUMNS).fold("name".to_owned(), |header, n| format!("{header},x{n}"));
    assert_eq!(
        faults(&format!("{wide}\nAcme")),
        ["line 1: the file has more than 200 columns. Keep only those that are about the vendors."]
    );
    assert!(
        faults(&format!("name,{}\nAcme,", "x".repeat(101)))[0].ends_with("is too long. Use 100 characters at most.")
    );
}

#[test]
fn every_fault_of_the_file_is_told_with_its_line_and_column() {
    let text = "name,contact_email,website,phi_elements,volume,baa_signed_on,baa_ends_on\n\
                Acme,jo@@x,,\"labs, shoe size\",lots,,\n\
                \"Be\nta\",,javascript:x,,,31/01/2026,\n\
                ,jo@beta.com,,,,2026-02-01,1/31/2026\n\
                Gamma,,,,,,,,surplus\n";
    assert_eq!(
        faults(text),
        [
            "line 2, column phi_elements: “shoe size” is not a kind of patient information we know. Write one or more of: contact, insurance, government-id, clinical, specially-protected, biometric, unknown.",
            "line 2, column volume: “lots” is not a number of patients we can read. Write a number, or one of: <500, 500-4999, 5000-49999, 50000-499999, 500000+, unknown.",
            "line 2, column contact_email: “jo@@x” is not an e-mail address. Write it like name@company.com.",
            "line 3, column name: “Be�ta” has a line break in it. Write it on one line.",
            "line 3, column baa_signed_on: “31/01/2026” is not a date we can read. Write 2026-01-31 or 1/31/2026.",
            "line 3, column website: “javascript:x” is not the address of a web site. Write it like https://www.company.com.",
            "line 5, column name: the vendor has no name. Write the name of the company.",
            "line 5, column baa_ends_on: the agreement ends on Jan 31, 2026, before it was signed on Feb 1, 2026. Check both dates.",
            "line 6: there are 9 cells in this line and 7 in the header. Put quotation marks around a cell with a comma or semicolon in it, or name the last column too.",
        ]
    );
}

#[test]
fn the_same_vendor_twice_is_a_fault_that_names_both_lines() {
    assert_eq!(
        faults("name,external_id\nAcme,\nBeta,V-1\nACME Inc.,\nGamma,V-1\nacme,V-2\n"),
        [
            "line 4, column name: “ACME Inc.” is already on line 2. Remove one of the two lines, or give each an external_id of its own.",
            "line 5, column external_id: “V-1” is already on line 3. Remove one of the two lines, or give one another external_id.",
            "line 6, column name: “acme” is already on line 2. Remove one of the two lines, or give each an external_id of its own.",
        ]
    );
    assert_eq!(names(b"name,external_id\nAcme,V-1\nAcme,V-2"), ["Acme", "Acme"]);
}

#[test]
fn no_patient_information_is_believed_only_of_a_vendor_that_is_no_business_associate() {
    let file = read(b"name,ba_status,phi_elements,access\nWater Co,no phi,none,none").unwrap();
    assert_eq!(file.rows[0].details.exposure.elements, [].into());
    assert_eq!(
        faults("name,phi_elements\nAcme,none"),
        [
            "line 2, column phi_elements: “none” says that the vendor gets no patient information. Then write no-phi under ba_status; else write one or more of: contact, insurance, government-id, clinical, specially-protected, biometric, unknown."
        ]
    );
}

#[test]
fn not_applicable_is_a_blank_for_dates_and_addresses() {
    let file = read(b"name,website,contact_email,baa_signed_on\nAcme,n/a,none,-").unwrap();
    let details = &file.rows[0].details;
    assert_eq!((&details.website, &details.contact_email, details.agreement_signed_on), (&None, &None, None));
}

#[test]
fn a_file_with_nothing_in_it_is_told_so() {
    assert_eq!(faults(" \n\n"), ["the file is empty. Choose a file with a vendor on each line."]);
    assert_eq!(faults(""), faults("sep=;\n"));
    assert_eq!(
        faults("name,owner\n,\n\n"),
        ["line 1: the file has a header but no vendors. Add a line for each vendor under it."]
    );
}

#[test]
fn a_file_that_is_not_csv_is_told_what_it_is() {
    let said = |bytes: &[u8]| read(bytes).unwrap_err()[0].to_string();
    assert_eq!(
        said(b"PK\x03\x04\x14\0\x06\0"),
        "the workbook is damaged, or has a password. Open it in your spreadsheet program, take the password away, and save it anew as .xlsx or as CSV."
    );
    assert!(said(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0").contains("an old Excel workbook"));
    assert!(said(b"%PDF-1.7").contains("a PDF"));
    assert!(said(b"<html><table>").contains("web page"));
    assert!(said(b"n\0a\0m\0e\0\n\0").contains("not a text file"));
    assert!(said(b"\xff\xfen\0a\0\0\xd8").contains("damaged"));
    assert!(said(&vec![b'a'; MAX_BYTES + 1]).contains("the file is 11 MB large, and we read at most 10 MB"));
}

#[test]
fn a_stray_control_character_is_a_fault_of_its_cell() {
    assert_eq!(
        faults("name\nAc\0me\nBeta"),
        ["line 2, column name: “Ac�me” has characters in it that cannot be seen. Type it again instead of pasting it."]
    );
}

#[test]
fn ten_thousand_vendors_are_read_and_no_more() {
    let file = |count: usize| (0..count).fold("name\n".to_owned(), |text, n| text + &format!("Vendor {n}\n"));
    assert_eq!(names(file(MAX_ROWS).as_bytes()).len(), MAX_ROWS);
    assert_eq!(
        faults(&file(MAX_ROWS + 5)),
        ["line 10002: the file has more than 10000 vendors. Split it into several files."]
    );
}

#[test]
fn a_file_that_is_wrong_everywhere_ends_with_how_many_faults_are_left_out() {
    let text = (0..250).fold("name,volume\n".to_owned(), |text, n| text + &format!("Vendor {n},lots\n"));
    let told = faults(&text);
    assert_eq!(told.len(), MAX_FAULTS + 1);
    assert!(told[MAX_FAULTS - 1].starts_with("line 201, column volume"));
    assert_eq!(
        told[MAX_FAULTS],
        "there are 50 more problems in this file. Mend those above first, then read the file again."
    );
}

#[test]
fn what_an_export_defused_is_read_as_it_was() {
    assert_eq!(names(b"name\n'=SUM(A1)\n\"'@home, Inc\"\n'tis a name"), ["=SUM(A1)", "@home, Inc", "'tis a name"]);
}

#[test]
fn substance_use_records_are_a_trait_of_their_own() {
    let traits = |kinds: &str| {
        let file = read(format!("name,phi_elements\nAcme,{kinds}").as_bytes()).unwrap();
        file.rows[0].details.exposure.traits.contains(&Trait::Part2)
    };
    assert!(traits("42 CFR Part 2") && traits("labs; Part 2"));
    assert!(!traits("labs") && !traits("mental health"));
}

#[test]
fn ways_in_suggest_the_questions_to_ask() {
    let likely = |ways: &[Access]| likely_traits(&ways.iter().copied().collect());
    assert_eq!(likely(&[Access::Storage]), [].into());
    assert_eq!(likely(&[Access::Paper, Access::Onsite]), [Trait::Paper, Trait::Onsite].into());
    for way in [Access::Feed, Access::Remote, Access::Hosts, Access::HostsAdmin] {
        assert_eq!(likely(&[way]), [Trait::Portable, Trait::Transmits].into());
    }
    assert_eq!(likely(&[]), [Trait::Paper, Trait::Portable, Trait::Transmits].into(), "not knowing asks more");
}

fn any_of<T: Copy + std::fmt::Debug + 'static>(all: &'static [T]) -> impl Strategy<Value = T> {
    prop::sample::select(all)
}

fn some_of<T: Copy + Ord + std::fmt::Debug + 'static>(all: &'static [T]) -> impl Strategy<Value = BTreeSet<T>> {
    prop::sample::subsequence(all, 0..=all.len()).prop_map(|some| some.into_iter().collect())
}

fn line() -> impl Strategy<Value = String> {
    "[A-Za-z0-9 ,;'\"=+@<>&é|-]{0,20}".prop_map(|text| text.trim().to_owned())
}

prop_compose! {
    fn exposure()(
        elements in some_of(Element::ALL), volume in any_of(Volume::ALL), access in some_of(Access::ALL),
        criticality in any_of(Criticality::ALL), subs in any_of(Subs::ALL), offshore in any_of(Offshore::ALL),
    ) -> Exposure {
        Exposure { elements, volume, criticality, subs, offshore, traits: likely_traits(&access), access }
    }
}

prop_compose! {
    fn vendor()(
        name in line().prop_filter("named", |name| !name.is_empty()), external_id in prop::option::of("[A-Z]-[0-9]{1,4}"),
        website in prop::option::of("https?://[a-z]{1,8}\\.(com|org)(/[a-z]{1,5})?"), services in line(), owner in line(),
        contact_name in line(), contact_email in prop::option::of("[a-z+=]{1,8}@[a-z]{1,8}\\.com"),
        ba_status in any_of(BaStatus::ALL), exposure in exposure(), signed in prop::option::of(0i64..10_000), lasts in 0i64..10_000,
        notes in "[a-z='\",;\n]{0,40}",
    ) -> VendorDetails {
        let day = |days| Some(chrono::NaiveDate::from_ymd_opt(2000, 1, 1)? + chrono::Duration::days(days));
        VendorDetails {
            name, external_id, website, services, ba_status, owner, contact_name, contact_email, exposure,
            agreement_signed_on: signed.and_then(day),
            agreement_ends_on: signed.and_then(|signed| day(signed + lasts)),
            notes: notes.trim().to_owned(),
        }
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(vendors in prop::collection::vec(vendor(), 1..6)) {
        let mut vendors = vendors;
        let (mut keys, mut ids) = (BTreeSet::new(), BTreeSet::new());
        vendors.retain(|vendor| {
            keys.insert(name_key(&vendor.name)) && vendor.external_id.as_ref().is_none_or(|id| ids.insert(id.clone()))
        });
        let file = read(write(&vendors).as_bytes()).expect("no fault");
        prop_assert_eq!(&file.warnings, &Vec::<String>::new());
        let read: Vec<VendorDetails> = file.rows.into_iter().map(|row| row.details).collect();
        prop_assert_eq!(read, vendors);
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = read(&bytes);
    }

    #[test]
    fn a_fault_is_on_a_line_that_exists(
        header in prop::sample::select(&["name,volume,access,notes", "name;notes;website", "notes", "name\tName"][..]),
        body in prop::collection::vec(prop::sample::select(&[
            "\"", "\"\"", ",", ";", "\t", "\n", "\r\n", "\r", "Acme", "x", "1-2", "labs", " ", "'=", "é", "?", "\u{0}",
        ][..]), 0..60),
    ) {
        let text = format!("{header}\n{}", body.concat());
        let lines = text.replace("\r\n", "\n").replace('\r', "\n").split('\n').count() as u64;
        match read(text.as_bytes()) {
            Ok(file) => prop_assert!(file.rows.iter().all(|row| (2..=lines).contains(&row.line))),
            Err(faults) => {
                prop_assert!(!faults.is_empty());
                let real = |fault: &Fault| fault.line.map_or(fault.column.is_none(), |line| (1..=lines).contains(&line));
                prop_assert!(faults.iter().all(real), "{:?}", faults);
                prop_assert!(faults.iter().all(|fault| !fault.to_string().contains(['\n', '\0'])));
            }
        }
    }
}
