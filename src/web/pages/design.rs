//! Every colour, size and part that the pages are made of, on one page; in the demo only.

use actix_web::web::Data;
use serde::Serialize;

use super::words;
use crate::app::App;
use crate::domain::scoring::Rating;
use crate::report::charts::{self, Amount, Bars, Frame, Line, Moment, Scale};
use crate::report::messages;
use crate::templates::Context;
use crate::web::session::SignedIn;
use crate::web::view::{Choice, Choosable, Field, Here, Pager, Staff};
use crate::web::{Answered, WebError};

#[derive(Serialize)]
pub struct Design {
    ratings: Bars,
    trend: Line,
    pager: Option<Pager>,
    choice: Choice,
    radios: Choice,
    ticks: Choice,
    words: Field,
}

impl Context for Design {
    const TEMPLATE: &'static str = "pages/design";
    /// One: nothing on the page comes from outside.
    fn samples() -> Vec<Self> {
        vec![design()]
    }
}

fn design() -> Design {
    Design {
        ratings: ratings(),
        trend: trend(),
        pager: Pager::of("Vendors", 512, 2, |_| "#tables".to_owned()),
        choice: choice("sample-zone", "Time zone", None, &["Central (Chicago)", "Eastern (New York)"], 0),
        radios: choice(
            "sample-volume",
            "About how many different patients?",
            Some("Choose about how many patients"),
            &["Fewer than 500", "500 to 4,999", "Not known"],
            usize::MAX,
        ),
        ticks: choice(
            "sample-traits",
            "What else is true?",
            None,
            &["Handles paper", "Has people working from home"],
            1,
        ),
        words: Field {
            id: "sample-notes",
            label: "Notes",
            hint: Some("Leave patients out."),
            value: "Two lines\nof notes".to_owned(),
            error: None,
        },
    }
}

fn ratings() -> Bars {
    let counts: Vec<_> = messages::RATINGS.into_iter().zip([11, 14, 5, 2, 1, 8]).collect();
    let amount = |(rating, count): &(Rating, u32)| Amount {
        label: rating.says().to_owned(),
        amount: *count,
        says: count.to_string(),
        tone: words::rating_tone(*rating),
        href: Some("#charts".to_owned()),
    };
    let message = messages::ratings(&counts);
    let frame = Frame {
        id: "ratings",
        title: message.title,
        summary: message.summary,
        caption: "Vendors by rating".to_owned(),
        columns: ["Rating", "Vendors"],
    };
    charts::bars(frame, Scale::Largest, &counts.iter().map(amount).collect::<Vec<_>>())
}

fn trend() -> Line {
    let months = ["Dec", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov"];
    let counts = [9, 11, 14, 12, 10, 13, 17, 16, 14, 11, 9, 12];
    let moments: Vec<Moment> = months
        .into_iter()
        .zip(counts)
        .map(|(month, amount)| Moment { short: month.to_owned(), label: month.to_owned(), amount, href: None })
        .collect();
    let frame = Frame {
        id: "trend",
        title: "Open flags rose from 9 to 12 since December".to_owned(),
        summary: "Counted at the end of each month. The most were 17, in June.".to_owned(),
        caption: "Open flags at the end of each month".to_owned(),
        columns: ["Month", "Open flags"],
    };
    charts::line(frame, "bad", &moments)
}

/// A list to choose from, with the option `chosen` ticked.
fn choice(id: &'static str, label: &'static str, error: Option<&str>, options: &[&str], chosen: usize) -> Choice {
    let option = |(number, label): (usize, &&str)| Choosable {
        id: format!("{id}-{}", number + 1),
        value: number.to_string(),
        label: (*label).to_owned(),
        hint: None,
        checked: number == chosen,
    };
    let hint = error.is_none().then_some("Dates and reminders follow it");
    Choice {
        id,
        label,
        hint,
        error: error.map(str::to_owned),
        options: options.iter().enumerate().map(option).collect(),
    }
}

/// `GET /design`: as good as absent outside the demo.
pub async fn show(app: Data<App>, who: SignedIn) -> Answered {
    if !app.demo {
        return Err(WebError::NotFound);
    }
    Staff { who: &who, here: Here::NOWHERE, title: "Design", notice: None }.ok(&app, &design())
}
