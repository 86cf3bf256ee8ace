//! What a reviewer made of a reply, and how the vendor's years went: beside its scorecard.

use serde::Serialize;

use crate::domain::access::Scope;
use crate::domain::assessment::Assessment;
use crate::domain::civil_date;
use crate::domain::review::{self, ReviewState, Reviewed};
use crate::domain::scoring::{Rating, Scorecard};
use crate::store::assessments::Rated;
use crate::store::{self, Db, StoreError};
use crate::web::pages::words;
use crate::web::view::Badge;

/// As it was kept.
#[derive(Clone, Debug, Default)]
pub struct Looked {
    state: State,
    /// The newest acceptance of the version in force, with its score.
    pub accepted: Option<(Reviewed, Scorecard)>,
    /// Of all signed assessments, the newest first.
    years: Vec<(Assessment, Rated)>,
}

#[derive(Clone, Copy, Debug)]
struct State(ReviewState);

impl Default for State {
    fn default() -> Self {
        Self(ReviewState::None)
    }
}

impl Looked {
    /// # Errors
    /// The database's.
    pub fn load(conn: &mut Db, scope: &Scope, of: &Assessment) -> Result<Self, StoreError> {
        let review = store::reviews::of(conn, scope, of.id)?;
        let correction = store::corrections::open_of(conn, scope, of.id)?;
        let state = review::state(review.signed.as_deref(), review.newest.as_ref(), correction.as_ref());
        let accepted = match state {
            ReviewState::Accepted => store::reviews::accepted(conn, scope, of.id)?.into_iter().next(),
            _ => None,
        };
        let rated = store::assessments::ratings(conn, scope, of.vendor)?;
        let all = store::assessments::of_vendor(conn, scope, of.vendor)?;
        let rating = |one: Assessment| {
            let rated = rated.iter().find(|rated| rated.assessment == one.id).copied()?;
            Some((one, rated))
        };
        Ok(Self {
            state: State(state),
            accepted: accepted.map(|(reviewed, kept)| (reviewed, kept.card)),
            years: all.into_iter().filter_map(rating).collect(),
        })
    }

    /// Not accepted by anybody yet.
    pub fn is_provisional(&self) -> bool {
        self.state.0.is_provisional()
    }
}

/// The line about the review.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReviewLine {
    badge: Badge,
    says: String,
    href: String,
    /// The words of the link.
    link: &'static str,
}

impl ReviewLine {
    pub fn sample(text: &str) -> Self {
        let badge = Badge::new("wait", text);
        Self { badge, says: text.to_owned(), href: "/assessments/1/review".to_owned(), link: "Review it" }
    }
}

/// What is said of the review of a signed reply; `signed` is the score of the signature.
pub fn line(looked: &Looked, of: &Assessment, signed: &Scorecard, may: bool) -> Option<ReviewLine> {
    let says = match (looked.state.0, &looked.accepted) {
        (ReviewState::None, _) => return None,
        (ReviewState::Accepted, Some((one, card))) => {
            let was = match (card.rating == signed.rating, card.residual == signed.residual) {
                (true, true) => "the rating is as it was on the day of the signature".to_owned(),
                _ => format!(
                    "it was {} at {} on the day of the signature",
                    signed.rating.says(),
                    words::points(signed.residual)
                ),
            };
            format!(
                "{} accepted this reply on {}. The figures below are of that day: {was}.",
                one.by,
                civil_date::say(one.on)
            )
        }
        (ReviewState::Returned, _) => {
            "Questions went back to the vendor. The rating is provisional until a reply is accepted.".to_owned()
        }
        _ => "Nobody has reviewed this reply yet. The rating is provisional until somebody accepts it; the figures \
              below are of the day of the signature."
            .to_owned(),
    };
    let waits = looked.state.0 == ReviewState::Waiting;
    Some(ReviewLine {
        badge: words::review(looked.state.0),
        says,
        href: format!("/assessments/{}/review", of.id),
        link: if waits && may { "Review it" } else { "See the review" },
    })
}

/// A year in the table of years.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Year {
    href: String,
    name: String,
    signed: String,
    rating: Badge,
    residual: String,
    review: &'static str,
    current: bool,
}

impl Year {
    pub fn sample(text: &str) -> Self {
        Self {
            href: "/assessments/1".to_owned(),
            name: text.to_owned(),
            signed: text.to_owned(),
            rating: Badge::new("low", text),
            residual: "1.00".to_owned(),
            review: "Reviewed",
            current: true,
        }
    }
}

/// The years of the vendor, the newest first; nothing where there is but one.
pub fn years(looked: &Looked, of: &Assessment) -> Vec<Year> {
    if looked.years.len() < 2 {
        return Vec::new();
    }
    let year = |(one, rated): &(Assessment, Rated)| Year {
        href: format!("/assessments/{}", one.id),
        name: words::assessment(one),
        signed: words::date_or_dash(one.accepted_on),
        rating: words::rating(rated.rating),
        residual: words::points(rated.residual),
        review: if rated.reviewed { "Reviewed" } else { "Not reviewed" },
        current: one.id == of.id,
    };
    looked.years.iter().map(year).collect()
}

/// Beside the rating: what it may still become.
pub fn provisional(looked: &Looked, rating: Rating) -> Option<&'static str> {
    (looked.is_provisional() && rating != Rating::NotAssessed).then_some("Provisional")
}
