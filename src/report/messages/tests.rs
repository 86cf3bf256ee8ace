use super::*;

fn on(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn the_title_says_how_many_vendors_are_risky() {
    let title = |counts: &[(Rating, u32)]| ratings(counts).title;
    let mixed = [(Rating::Low, 33), (Rating::High, 5), (Rating::Critical, 2), (Rating::DoNotShare, 1)];
    assert_eq!(title(&mixed), "8 of 41 vendors are rated High or worse");
    assert_eq!(title(&[(Rating::Low, 2), (Rating::High, 1)]), "1 of 3 vendors is rated High or worse");
    assert_eq!(title(&[(Rating::DoNotShare, 1)]), "1 of 1 vendor is rated High or worse");
    assert_eq!(title(&[(Rating::Low, 2)]), "No vendor is rated High or worse");
}

#[test]
fn a_vendor_nobody_assessed_is_never_called_safe() {
    let title = |counts: &[(Rating, u32)]| ratings(counts).title;
    assert_eq!(title(&[(Rating::NotAssessed, 4)]), "No vendor has been assessed yet");
    assert_eq!(
        title(&[(Rating::Low, 1), (Rating::NotAssessed, 4)]),
        "No vendor that was assessed is rated High or worse"
    );
    assert_eq!(
        ratings(&[(Rating::Low, 1), (Rating::NotAssessed, 4)]).summary,
        "Low 1, Moderate 0, High 0, Critical 0, Do not share 0, Not assessed 4. A higher rating is worse."
    );
}

#[test]
fn replies_count_only_the_vendors_that_are_asked() {
    let message = replies(&[(Status::Current, 24), (Status::NoReply, 14), (Status::NotNeeded, 3)]);
    assert_eq!(message.title, "24 of 38 vendors are up to date");
    assert_eq!(
        message.summary,
        "Up to date 24, Answering 0, Asked 0, No reply 14, Out of date 0, Not asked yet 0. \
         3 more need not be asked."
    );
}

#[test]
fn a_vendor_asked_ahead_of_its_date_is_explained() {
    let message = replies(&[(Status::Invited, 1), (Status::NotNeeded, 1)]);
    assert_eq!(message.title, "None of 1 vendor is up to date yet");
    assert!(message.summary.contains("asked again up to 45 days ahead"), "{}", message.summary);
    assert!(message.summary.ends_with(" 1 more need not be asked."), "{}", message.summary);
}

#[test]
fn replies_at_their_ends() {
    assert_eq!(replies(&[(Status::Current, 5)]).title, "All 5 vendors are up to date");
    assert_eq!(replies(&[(Status::NotNeeded, 5)]).title, "No vendor has to be asked");
    assert_eq!(replies(&[]).title, "No vendor has to be asked");
}

#[test]
fn the_trend_is_said_with_its_first_month() {
    let title = |first, last| open_flags(&[(on("2025-12-31"), first), (on("2026-11-22"), last)]).title;
    assert_eq!(title(9, 12), "Open flags rose from 9 to 12 since December");
    assert_eq!(title(12, 9), "Open flags fell from 12 to 9 since December");
    assert_eq!(title(12, 12), "12 flags are open, as many as at the end of December");
    assert_eq!(title(1, 1), "1 flag is open, as at the end of December");
    assert_eq!(title(0, 0), "No open flags");
    assert_eq!(open_flags(&[]).title, "No open flags");
}

#[test]
fn the_peak_of_the_year_is_named() {
    let summary = |counts: [u32; 3]| {
        let days = ["2025-12-31", "2026-06-30", "2026-11-22"].map(on);
        open_flags(&days.into_iter().zip(counts).collect::<Vec<_>>()).summary
    };
    assert_eq!(summary([9, 17, 12]), "Counted at the end of each month, and today. The most were 17, in June.");
    assert_eq!(summary([9, 1, 12]), "Counted at the end of each month, and today. Today’s number is the highest.");
    assert_eq!(summary([0, 0, 0]), "None was open at the end of any of the last twelve months.");
}

#[test]
fn the_weakest_cause_is_named() {
    assert_eq!(
        causes(&[(Cause::HumanError, 2_840), (Cause::CyberAttack, 4_410), (Cause::Theft, 4_410)]).title,
        "Most is missing against cyber attack"
    );
    assert_eq!(causes(&[(Cause::Theft, 0)]).title, "Nothing is missing against any cause of a breach");
}
