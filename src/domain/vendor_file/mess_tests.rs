//! The messes of busy offices, each built as the file that it comes in.

use proptest::prelude::*;
use rust_xlsxwriter::{Format, Workbook, Worksheet};

use super::choices::{self, Header, Reading, Step};
use super::*;
use crate::domain::exposure::{Criticality, Element, Volume};
use crate::domain::vendor::BaStatus;

/// A workbook with one sheet of text cells; "" is no cell.
fn workbook(rows: &[&[&str]]) -> Vec<u8> {
    book(|sheet| {
        for (row, cells) in (0..).zip(rows) {
            for (column, cell) in (0..).zip(*cells).filter(|(_, cell)| !cell.is_empty()) {
                sheet.write_string(row, column, *cell).unwrap();
            }
        }
    })
}

fn book(fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(book.add_worksheet());
    book.save_to_buffer().unwrap()
}

/// As on the page: the columns as they were guessed, and these answers.
fn answered(bytes: &[u8], replies: &[(&str, &str, &str)]) -> Reading {
    let table = Table::open(bytes, None).unwrap();
    let columns = choices::layout(&table, None).columns.iter().map(|column| column.target).collect();
    let mut chosen = Choices { columns: Some(columns), ..Choices::default() };
    loop {
        let Step::Read(reading) = choices::read(&table, &chosen).unwrap() else { panic!("the columns are chosen") };
        let open =
            reading.questions.iter().find(|question| question.is_open() && !chosen.replies.contains_key(&question.key));
        let Some(question) = open else { return reading };
        let Some((_, choice, text)) = replies.iter().find(|(asks, ..)| question.asks.contains(asks)) else {
            return reading;
        };
        let reply = Reply { choice: (*choice).to_owned(), text: (*text).to_owned() };
        chosen.replies.insert(question.key.clone(), reply);
    }
}

fn asks(bytes: &[u8]) -> Vec<String> {
    answered(bytes, &[]).questions.into_iter().map(|question| question.asks).collect()
}

fn targets(bytes: &[u8]) -> Vec<String> {
    let layout = choices::layout(&Table::open(bytes, None).unwrap(), None);
    layout.columns.iter().map(|column| format!("{}={}", column.heading, column.target)).collect()
}

fn names(reading: &Reading) -> Vec<&str> {
    reading.rows.iter().map(|row| row.details.name.as_str()).collect()
}

#[test]
fn titles_above_the_header_blank_lines_and_repeated_headings_are_left_out() {
    let file = book(|sheet| {
        sheet.merge_range(0, 0, 0, 3, "Maple Family Practice: Vendor List", &Format::new().set_bold()).unwrap();
        sheet.merge_range(1, 0, 1, 3, "as of 11/1/2026", &Format::new()).unwrap();
        for (row, cells) in [
            (3, ["Vendor Name", "Email", "Service", "Owner"]),
            (4, ["Acme Billing", "jo@acme.test", "Billing", "Pat"]),
            (6, ["Vendor Name", "Email", "Service", "Owner"]),
            (7, ["Beta Labs", "al@beta.test", "Laboratory", "Pat"]),
        ] {
            (0..).zip(cells).for_each(|(column, cell)| {
                sheet.write_string(row, column, cell).unwrap();
            });
        }
    });
    assert_eq!(targets(&file), ["Vendor Name=name", "Email=contact_email", "Service=services", "Owner=owner"]);
    let reading = answered(&file, &[]);
    assert_eq!((names(&reading), &reading.questions), (vec!["Acme Billing", "Beta Labs"], &Vec::new()));
    assert_eq!(reading.rows[1].line, 8);
    assert!(
        reading.warnings.contains(&"The columns are named on line 4; what stands above it was left out.".to_owned()),
        "{:?}",
        reading.warnings
    );
    assert!(reading.warnings.contains(&"One line that repeats the headings was left out.".to_owned()));
}

#[test]
fn a_total_and_a_heading_between_are_asked_about_and_left_out_unless_someone_says_otherwise() {
    let file = workbook(&[
        &["Vendor", "Email", "Service"],
        &["IT VENDORS"],
        &["Acme", "jo@acme.test", "Billing"],
        &["Beta", "al@beta.test", "Labs"],
        &["Gamma", "", "Shredding"],
        &["Delta", "", "Backup"],
        &["Total Imaging", "ti@total.test", "Images"],
        &["Total", "6", ""],
    ]);
    assert_eq!(asks(&file), ["Is “IT VENDORS” a vendor?", "Is “Total” a vendor?"]);
    let suggested: Vec<_> =
        answered(&file, &[]).questions.into_iter().filter_map(|question| question.suggested).collect();
    assert_eq!(suggested, ["skip", "skip"]);
    let reading = answered(&file, &[("IT VENDORS", "skip", ""), ("Total", "skip", "")]);
    assert_eq!(names(&reading), ["Acme", "Beta", "Gamma", "Delta", "Total Imaging"]);
    let kept = answered(&file, &[("IT VENDORS", "keep", ""), ("Total", "skip", "")]);
    assert_eq!(names(&kept)[0], "IT VENDORS");
}

#[test]
fn what_stands_for_nothing_is_blank_and_spaces_nobody_sees_are_gone() {
    let file = workbook(&[
        &["Vendor", "Contact", "Email", "Owner", "BAA signed", "Phone"],
        &["\u{a0}Acme\u{a0} Billing \n Services ", "N/A", "none", "-", "TBD", "n/a"],
        &["Beta\u{200b}", "Jo  Smith ", " jo@beta.test\u{a0}", "Pat", "", "555-0100"],
    ]);
    let reading = answered(&file, &[]);
    assert_eq!((names(&reading), reading.questions.len()), (vec!["Acme Billing Services", "Beta"], 0));
    assert_eq!(reading.rows[0].given, [Field::Name].into());
    assert_eq!(reading.rows[0].details.notes, "");
    let beta = &reading.rows[1].details;
    assert_eq!((beta.contact_name.as_str(), beta.contact_email.as_deref()), ("Jo Smith", Some("jo@beta.test")));
    assert_eq!(beta.notes, "Phone: 555-0100");
}

#[test]
fn of_two_addresses_in_a_cell_someone_says_which_gets_the_questionnaire() {
    let file = workbook(&[
        &["Vendor", "E-mail address"],
        &["Acme", "jo@acme.test; al@acme.test"],
        &["Beta", "Kim Lee <kim@beta.test>"],
        &["Gamma", "call us"],
    ]);
    let reading = answered(&file, &[]);
    assert_eq!(reading.questions[0].asks, "Which address of “jo@acme.test; al@acme.test” gets the questionnaire?");
    assert_eq!(reading.questions[0].suggested.as_deref(), Some("jo@acme.test"));
    assert_eq!(reading.questions[1].asks, "What should stand for “call us” under “Contact e-mail”?");
    let reading = answered(&file, &[("jo@acme.test", "al@acme.test", ""), ("call us", "type", "gus@gamma.test")]);
    let of = |at: usize| &reading.rows[at].details;
    assert_eq!(of(0).contact_email.as_deref(), Some("al@acme.test"));
    assert_eq!(of(0).notes, "Other e-mail: jo@acme.test");
    assert_eq!((of(1).contact_email.as_deref(), of(1).contact_name.as_str()), (Some("kim@beta.test"), "Kim Lee"));
    assert_eq!(of(2).contact_email.as_deref(), Some("gus@gamma.test"));
    let wrong = answered(&file, &[("jo@acme.test", "al@acme.test", ""), ("call us", "type", "still none")]);
    assert!(wrong.questions.iter().any(|question| question.is_open() && question.problem.is_some()));
}

#[test]
fn yes_is_a_business_associate_and_no_is_asked_why_once_for_all() {
    let file = workbook(&[
        &["Vendor", "Business Associate?", "PHI?"],
        &["Acme", "Yes", "Yes"],
        &["Water Co", "No", "No"],
        &["Plants Inc", "no", "No"],
        &["Beta", "", "no"],
    ]);
    assert_eq!(targets(&file), ["Vendor=name", "Business Associate?=ba_status", "PHI?=phi_elements"]);
    let reading = answered(
        &file,
        &[("“No” mean under “Business associate”", "no-phi", ""), ("no patient information", "blank", "")],
    );
    let statuses: Vec<BaStatus> = reading.rows.iter().map(|row| row.details.ba_status).collect();
    assert_eq!(statuses, [BaStatus::BusinessAssociate, BaStatus::NoPhi, BaStatus::NoPhi, BaStatus::Undetermined]);
    assert_eq!(reading.questions.len(), 2);
    let no = &reading.questions[0];
    assert_eq!((no.times, no.lines.as_slice(), no.suggested.as_deref()), (2, &[3, 4][..], Some("blank")));
    // Nobody is let off being asked by a guess.
    assert_eq!(reading.questions[1].suggested, None);
}

#[test]
fn dates_come_as_cells_as_text_and_as_numbers() {
    let file = book(|sheet| {
        for (column, heading) in ["Vendor", "BAA signed", "Expiration date"].into_iter().enumerate() {
            sheet.write_string(0, u16::try_from(column).unwrap(), heading).unwrap();
        }
        let date = Format::new().set_num_format("m/d/yy");
        let at = rust_xlsxwriter::ExcelDateTime::from_ymd(2025, 1, 5).unwrap();
        sheet.write_string(1, 0, "Cell").unwrap().write_datetime_with_format(1, 1, &at, &date).unwrap();
        sheet.write_string(2, 0, "Number").unwrap().write_number(2, 1, 45662.0).unwrap();
        for (row, name, text) in
            [(3, "Words", "Jan 5, 2025"), (4, "Short", "1/5/25"), (5, "Ordinal", "January 5th, 2025")]
        {
            sheet.write_string(row, 0, name).unwrap().write_string(row, 1, text).unwrap();
        }
        sheet.write_string(5, 2, "Evergreen").unwrap();
        sheet.write_string(6, 0, "Vague").unwrap().write_string(6, 1, "last spring").unwrap();
        sheet.write_string(7, 0, "Back").unwrap().write_string(7, 1, "1/5/2027").unwrap();
        sheet.write_string(7, 2, "1/5/2025").unwrap();
    });
    let reading = answered(&file, &[("last spring", "blank", ""), ("dates are right for “Back”", "swap", "")]);
    let day = |year| chrono::NaiveDate::from_ymd_opt(year, 1, 5);
    let signed: Vec<_> = reading.rows.iter().map(|row| row.details.agreement_signed_on).collect();
    assert_eq!(signed, [day(2025), day(2025), day(2025), day(2025), day(2025), None, day(2025)]);
    assert_eq!(reading.rows[4].details.notes, "Expiration date: Evergreen");
    assert_eq!(reading.rows[5].details.notes, "BAA signed: last spring");
    assert_eq!(reading.rows[6].details.agreement_ends_on, day(2027));
    assert!(reading.warnings.iter().any(|says| says.contains("45662 is Jan 5, 2025")), "{:?}", reading.warnings);
}

#[test]
fn the_same_name_twice_is_one_vendor_or_two_as_someone_says() {
    let file = workbook(&[
        &["Vendor", "Email", "Owner"],
        &["Acme", "jo@acme.test", ""],
        &["ACME, Inc.", "al@acme.test", "Pat"],
        &["acme", "jo@acme.test", ""],
    ]);
    let one = answered(&file, &[("same vendor", "merge", "")]);
    assert_eq!(one.questions.len(), 1, "a line that says nothing new is not asked about: {:?}", one.questions);
    assert!(
        one.warnings.contains(&"Line 4 says the same as a line above and was left out.".to_owned()),
        "{:?}",
        one.warnings
    );
    let acme = &one.rows[0].details;
    assert_eq!((one.rows.len(), acme.owner.as_str(), acme.contact_email.as_deref()), (1, "Pat", Some("jo@acme.test")));
    assert_eq!(acme.notes, "Contact e-mail (line 3): al@acme.test");
    let two = answered(&file, &[("same vendor", "two", "Acme Imaging")]);
    assert_eq!(names(&two), ["Acme", "Acme Imaging"]);
    let again = answered(&file, &[("same vendor", "two", "ACME")]);
    assert!(again.questions[0].is_open(), "a second Acme is no way to tell them apart");
    assert_eq!(names(&answered(&file, &[("same vendor", "skip", "")])), ["Acme"]);
}

#[test]
fn a_word_that_we_do_not_know_is_asked_once_and_the_nearest_is_suggested() {
    let file = workbook(&[
        &["Vendor", "Type of PHI", "RTO"],
        &["Acme", "Clinical nots; billing", "High"],
        &["Beta", "labs, high", "24h"],
        &["Gamma", "labs", "high"],
        &["Delta", "labs", "72 hours"],
    ]);
    let open = answered(&file, &[]).questions;
    let asked: Vec<(&str, Option<&str>)> =
        open.iter().map(|one| (one.asks.as_str(), one.suggested.as_deref())).collect();
    assert_eq!(
        asked,
        [
            ("What does “Clinical nots” mean under “Patient information”?", Some("blank")),
            ("What does “High” mean under “How long you could do without”?", Some("blank")),
            ("What does “high” mean under “Patient information”?", Some("blank")),
        ]
    );
    assert_eq!(open[1].times, 2);
    let reading = answered(&file, &[("Clinical nots", "clinical", ""), ("“High”", "24h", ""), ("“high”", "blank", "")]);
    assert_eq!(reading.rows[0].details.exposure.elements, [Element::Insurance, Element::Clinical].into());
    assert_eq!(reading.rows[2].details.exposure.criticality, Criticality::Day);
    assert_eq!(reading.rows[1].details.notes, "Type of PHI: high");
}

#[test]
fn a_line_without_a_name_gets_one_or_is_left_out() {
    let file = workbook(&[
        &["Vendor", "Email", "Owner"],
        &["Acme", "jo@acme.test", "Pat"],
        &["", "al@beta.test", "Pat"],
        &["", "", ""],
        &["", "N/A", ""],
    ]);
    assert_eq!(asks(&file), ["Which vendor is this line about? It has no name."]);
    assert_eq!(names(&answered(&file, &[("no name", "type", "Beta")])), ["Acme", "Beta"]);
    assert_eq!(names(&answered(&file, &[("no name", "skip", "")])), ["Acme"]);
}

#[test]
fn a_workbook_is_read_as_a_person_sees_it() {
    let mut workbook = Workbook::new();
    let hidden = workbook.add_worksheet().set_name("Old").unwrap();
    hidden.set_hidden(true).write_string(0, 0, "name").unwrap();
    workbook.add_worksheet().set_active(true).set_name("Read me").unwrap().write_string(0, 0, "Instructions").unwrap();
    let sheet = workbook.add_worksheet().set_name("List").unwrap();
    for (column, heading) in (0..).zip(["name", "external_id", "volume", "notes", "colour"]) {
        sheet.write_string(0, column, heading).unwrap();
    }
    sheet.write_string(1, 0, "Acme").unwrap();
    sheet.write_number_with_format(1, 1, 17.0, &Format::new().set_num_format("00000")).unwrap();
    sheet.write_number_with_format(1, 2, 4200.0, &Format::new().set_num_format("#,##0")).unwrap();
    sheet
        .write_formula(1, 3, rust_xlsxwriter::Formula::new("=WEBSERVICE(\"http://evil\")").set_result("kept"))
        .unwrap();
    sheet.write_boolean(1, 4, true).unwrap();
    let bytes = workbook.save_to_buffer().unwrap();
    let file = read(&bytes).unwrap();
    let acme = &file.rows[0].details;
    assert_eq!((acme.external_id.as_deref(), acme.exposure.volume), (Some("00017"), Volume::Under5000));
    assert_eq!(acme.notes, "kept\ncolour: TRUE");
    assert_eq!(file.rows[0].line, 2);
    let table = Table::open(&bytes, None).unwrap();
    assert_eq!((table.sheets.as_slice(), table.sheet), (&["Read me".to_owned(), "List".to_owned()][..], 1));
    assert!(Table::open(&bytes, Some("Old")).unwrap_err()[0].to_string().contains("“Read me”, “List”"));
}

#[test]
fn a_list_whose_columns_nobody_named_is_told_by_its_values() {
    let file = workbook(&[&["Acme Billing", "jo@acme.test"], &["Beta Labs", "al@beta.test"]]);
    assert_eq!(targets(&file), ["Column 1=name", "Column 2=contact_email"]);
    assert_eq!(names(&answered(&file, &[])), ["Acme Billing", "Beta Labs"]);
    let table = Table::open(&file, None).unwrap();
    assert_eq!(choices::layout(&table, Some(Header::Line(1))).columns[0].heading, "Acme Billing");
}

#[test]
fn our_own_headings_need_no_look_and_others_do() {
    let step = |text: &str| choices::read(&Table::open(text.as_bytes(), None).unwrap(), &Choices::default()).unwrap();
    assert!(matches!(step("name,owner,colour\nAcme,Pat,red"), Step::Read(reading) if reading.questions.is_empty()));
    assert!(matches!(step("name,volume\nAcme,plenty"), Step::Read(reading) if reading.questions.len() == 1));
    assert!(matches!(step("name,Email\nAcme,jo@acme.test"), Step::Columns(_)));
    assert!(matches!(step("Vendor\nAcme"), Step::Columns(_)));
}

#[test]
fn a_heading_with_two_meanings_takes_the_one_that_is_left() {
    let file = workbook(&[&["Vendor Name", "Business Associate"], &["Acme", "business-associate"], &["Beta", "bank"]]);
    assert_eq!(targets(&file), ["Vendor Name=name", "Business Associate=ba_status"]);
    let file =
        workbook(&[&["Business Associate", "Contact", "Email"], &["Acme", "Jo", "jo@acme.test"], &["Beta", "Al", ""]]);
    assert_eq!(targets(&file), ["Business Associate=name", "Contact=contact_name", "Email=contact_email"]);
}

#[test]
fn choices_are_kept_as_they_were() {
    let chosen = Choices {
        sheet: Some("List".to_owned()),
        header: Some(Header::Line(3)),
        columns: Some(vec![Target::Field(Field::Name), Target::Keep, Target::Out]),
        replies: [("q1".to_owned(), Reply { choice: "type".to_owned(), text: "x".to_owned() })].into(),
    };
    let text = serde_json::to_string(&chosen).unwrap();
    assert_eq!(serde_json::from_str::<Choices>(&text).unwrap(), chosen, "{text}");
    assert_eq!(serde_json::from_str::<Choices>("{}").unwrap(), Choices::default());
}

#[test]
fn the_command_line_takes_what_is_beyond_doubt_and_says_so() {
    let told = |map: &[(&str, Target)]| Told {
        sheet: None,
        map: map.iter().map(|(heading, target)| ((*heading).to_owned(), *target)).collect(),
    };
    let file = read_guessing("Vendor Name,Email,Phone\nAcme,jo@acme.test,555-0100\n".as_bytes(), &told(&[])).unwrap();
    assert_eq!(file.rows[0].details.contact_email.as_deref(), Some("jo@acme.test"));
    assert_eq!(
        file.warnings,
        ["We took “Vendor Name” for name, “Email” for contact_email.", "Kept with the notes: “Phone”."]
    );
    let faults = |text: &str, map: &[(&str, Target)]| -> Vec<String> {
        read_guessing(text.as_bytes(), &told(map)).unwrap_err().iter().map(Fault::to_string).collect()
    };
    assert_eq!(
        faults("Vendor,Email\nAcme,a@b.test;c@d.test\nAcme,e@f.test\nTotal,\n", &[]),
        [
            "line 2, column Email: “a@b.test;c@d.test” is more than one e-mail address. Write only the one that gets the questionnaire.",
            "line 4: “Total” does not look like a vendor. Take the line out of the file.",
        ]
    );
    let mapped = read_guessing(b"Wer,Was\nAcme,Billing\n", &told(&[("Wer", Target::Field(Field::Name))]));
    assert!(mapped.is_err(), "without a row that names the columns there is none called so");
    let mapped = read_guessing(
        b"Vendor,What,E\nAcme,Billing,x\n",
        &told(&[("what", Target::Field(Field::Services)), ("E", Target::Out)]),
    )
    .unwrap();
    assert_eq!((mapped.rows[0].details.services.as_str(), mapped.rows[0].details.notes.as_str()), ("Billing", ""));
    assert!(
        faults("Vendor,What\nAcme,x\n", &[("Nothing", Target::Keep)])[0]
            .contains("there is no column called “Nothing”")
    );
    // Our own headings: every fault of every cell, as ever.
    assert_eq!(faults("name,volume\nAcme,plenty\n", &[]), faults_of_strict("name,volume\nAcme,plenty\n"));
}

fn faults_of_strict(text: &str) -> Vec<String> {
    read(text.as_bytes()).unwrap_err().iter().map(Fault::to_string).collect()
}

/// A packed file with one part beside the workbook's own.
fn packed(name: &str, content: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in [("xl/workbook.xml", b"<workbook/>".as_slice()), (name, content)] {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn a_bomb_is_weighed_before_it_is_opened() {
    let said = |bytes: &[u8]| Table::open(bytes, None).unwrap_err()[0].to_string();
    assert!(said(&packed("xl/sharedStrings.xml", &vec![b' '; 20_000_000])).contains("far more than a vendor list"));
    let mut many = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for part in 0..2_100 {
        many.start_file(format!("xl/{part}"), zip::write::SimpleFileOptions::default()).unwrap();
    }
    assert!(said(&many.finish().unwrap().into_inner()).contains("far more than a vendor list"));
    let plain = {
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        zip.start_file("word/document.xml", zip::write::SimpleFileOptions::default()).unwrap();
        zip.finish().unwrap().into_inner()
    };
    assert!(said(&plain).contains("no Excel workbook"));
    assert!(
        said(&packed("xl/theme.xml", b"x")).contains("damaged")
            || said(&packed("xl/theme.xml", b"x")).contains("no sheet")
    );
}

#[test]
fn a_cell_far_away_does_not_fill_the_memory() {
    let file = book(|sheet| {
        sheet.write_string(0, 0, "name").unwrap();
        sheet.write_string(1_048_575, 0, "Far Away").unwrap();
        sheet.write_string(1_048_575, 16_383, "x").unwrap();
    });
    let faults = read(&file).unwrap_err();
    assert!(faults[0].to_string().contains("cells in this line"), "{faults:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn a_spoiled_workbook_is_read_or_refused(
        spoils in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let mut bytes = workbook(&[&["Vendor", "Email"], &["Acme", "jo@acme.test"], &["Beta", "1/5/25"]]);
        for (at, byte) in spoils {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let _ = read(&bytes);
        if let Ok(table) = Table::open(&bytes, None) {
            let _ = choices::read(&table, &Choices::default());
        }
    }

    #[test]
    fn any_sheet_is_read_or_refused(xml in "(<(row|c|v|is|t|sheetData|/row|/c)( r=\"[A-Z]{0,4}[0-9]{0,8}\")?( t=\"(s|str|b|e|d|inlineStr)\")?>|[a-z0-9&;]{0,4}){0,30}") {
        let workbook = r#"<workbook xmlns:r="r"><sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
        let links = r#"<Relationships><Relationship Id="rId1" Type="worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;
        let sheet = format!("<worksheet><sheetData>{xml}</sheetData></worksheet>");
        use std::io::Write as _;
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        let root = r#"<Relationships><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
        for (name, content) in [("_rels/.rels", root), ("xl/workbook.xml", workbook), ("xl/_rels/workbook.xml.rels", links), ("xl/worksheets/sheet1.xml", &sheet)] {
            zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(content.as_bytes()).unwrap();
        }
        let _ = Table::open(&zip.finish().unwrap().into_inner(), None);
    }

    #[test]
    fn any_text_comes_to_questions_that_can_be_answered(
        header in prop::sample::select(&["Vendor,Email,PHI?,BAA signed,Status", "Company;Contact;Expires", "x,y,z", "name,volume,access"][..]),
        body in prop::collection::vec(prop::sample::select(&[
            ",", ";", "\n", "\"", "Acme", "Beta", "Yes", "No", "none", "N/A", "Total", "a@b.test", "c@d.test; e@f.test", "1/5/25", "45662", "12/31/1999", "labs", "High:", "é",
        ][..]), 0..80),
    ) {
        let text = format!("{header}\n{}", body.concat());
        let Ok(table) = Table::open(text.as_bytes(), None) else { return Ok(()) };
        let columns = choices::layout(&table, None).columns.iter().map(|column| column.target).collect();
        let mut chosen = Choices { columns: Some(columns), ..Choices::default() };
        // Whoever takes what is suggested, or the last option, comes to an end.
        for round in 0..200 {
            match choices::read(&table, &chosen) {
                Ok(Step::Read(reading)) => {
                    let open: Vec<_> = reading.questions.iter().filter(|question| question.is_open()).collect();
                    if open.is_empty() {
                        break;
                    }
                    prop_assert!(round < 199, "{:?}", open);
                    for question in open {
                        let choice = question.suggested.clone().unwrap_or_else(|| question.options[0].value.clone());
                        let choice = if question.problem.is_some() { question.options.last().unwrap().value.clone() } else { choice };
                        let choice = if choice == TYPE && question.problem.is_some() { SKIP.to_owned() } else { choice };
                        let text = if choice == TYPE { format!("Named {}", question.key) } else { format!("Other {}", question.key) };
                        chosen.replies.insert(question.key.clone(), Reply { choice, text });
                    }
                }
                _ => break,
            }
        }
    }
}
