//! The scorecard of one assessment: the rating, how it was reached, the gaps, and every
//! answer with its part, as they were kept on the day of the signature.

mod explained;
pub mod lines;
mod reach;
pub mod replay;
mod reviewed;
mod samples;
pub mod signed_copy;
pub mod versions;

use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use chrono::NaiveDate;
use chrono_tz::Tz;
use serde::Serialize;

use self::explained::Step;
use self::lines::{Family, Gap, Section};
use self::reach::Goal;
use self::reviewed::{Looked, ReviewLine, Year};
use self::versions::{Life, Versions};
use super::words;
use crate::app::App;
use crate::domain::access::Scope;
use crate::domain::action::Shortfall;
use crate::domain::answers::Answers;
use crate::domain::answers::support::Files;
use crate::domain::assessment::{self, Assessment, AssessmentState, Attestation};
use crate::domain::civil_date;
use crate::domain::exception::{Exception, ExceptionState};
use crate::domain::exposure::Tier;
use crate::domain::ids::AssessmentId;
use crate::domain::questionnaire::Questionnaire;
use crate::domain::scoring::{self, Reckoning, Response, Scorecard};
use crate::domain::user::Need;
use crate::flows::{Office, exceptions, receive};
use crate::report::charts::{self, Amount, Bars, Frame, Scale};
use crate::report::messages;
use crate::store::{self, Db, StoreError};
use crate::templates::Context;
use crate::web::form;
use crate::web::session::SignedIn;
use crate::web::view::{Badge, Crumb, Here, Notice, Staff, crumbs};
use crate::web::{Answered, WebError};

/// One assessment with everything that was kept of it.
#[derive(Clone, Debug)]
pub struct Kept {
    pub vendor: String,
    /// The vendor's tier of today; the card has that of its own day.
    pub tier: Tier,
    pub assessment: Assessment,
    pub answers: Answers,
    /// What supports them.
    pub files: Files,
    /// `None` until it is signed.
    pub card: Option<Scorecard>,
    pub attestation: Option<Attestation>,
    /// What became of it after it was signed.
    pub life: Life,
    pub looked: Looked,
}

/// Reads an assessment; `None` when the scope has none of that id.
///
/// # Errors
/// The database's.
pub fn read(conn: &mut Db, scope: &Scope, id: AssessmentId) -> Result<Option<Kept>, StoreError> {
    let Some(assessment) = store::assessments::one(conn, scope, id)? else { return Ok(None) };
    let Some(vendor) = store::vendors::one(conn, scope, assessment.vendor)? else { return Ok(None) };
    let card = store::assessments::scorecard(conn, scope, id)?;
    if card.is_none() && assessment.state == AssessmentState::Accepted {
        return Err(StoreError::Corrupt(format!("assessment {id} is signed and has no scorecard")));
    }
    let attestation = store::assessments::attestation(conn, scope, id)?;
    Ok(Some(Kept {
        vendor: vendor.details.name,
        tier: vendor.standing.tier,
        answers: store::answers::of(conn, scope, id)?,
        files: store::evidence::of(conn, scope, id)?,
        life: Life::load(conn, scope, id, attestation.as_ref())?,
        looked: Looked::load(conn, scope, &assessment)?,
        attestation,
        assessment,
        card,
    }))
}

#[derive(Serialize)]
pub struct ScorecardPage {
    crumbs: Vec<Crumb>,
    heading: String,
    asked_says: String,
    assessed: bool,
    rating: Badge,
    /// Said while no person has accepted the reply.
    provisional: Option<&'static str>,
    review: Option<ReviewLine>,
    rating_says: String,
    /// A hard stop that somebody lives with.
    set_aside: Option<String>,
    floors: Vec<String>,
    residual: String,
    /// The place on the gauge, 0 to 100.
    residual_x: String,
    residual_says: String,
    steps: Vec<Step>,
    gaps_heading: String,
    gaps: Vec<Gap>,
    /// Where gaps are chosen that the vendor is to put right, for whoever may.
    choose: Option<String>,
    /// Where somebody lives with one of them, without the question.
    accept: Option<String>,
    proposed_gaps: Vec<Gap>,
    goals: Vec<Goal>,
    worst: Option<String>,
    years: Vec<Year>,
    /// The score as a file.
    file: Option<String>,
    families: Vec<Family>,
    causes: Option<Bars>,
    answers_says: String,
    sections: Vec<Section>,
    signature: Option<Signature>,
    /// After the signature: remarks and earlier versions.
    after: Versions,
    versions: String,
}

#[derive(Serialize)]
struct Signature {
    name: String,
    job: String,
    when: String,
    assurance: String,
    reference: String,
    sha256: String,
    /// The signed copy.
    pdf: String,
}

impl Context for ScorecardPage {
    const TEMPLATE: &'static str = "pages/scorecard";
    fn samples() -> Vec<Self> {
        samples::all()
    }
}

/// The page of an assessment; `questionnaire` is the one that was asked.
pub fn page(kept: &Kept, questionnaire: &Questionnaire, timezone: Tz, may_change: bool) -> ScorecardPage {
    let assessment = &kept.assessment;
    let name = words::assessment(assessment);
    let unsigned;
    // What a person accepted, and else what came of the signature.
    let reviewed = kept.looked.accepted.as_ref().map(|(_, card)| card);
    let (card, signed) = match reviewed.or(kept.card.as_ref()) {
        Some(card) => (card, true),
        None => {
            unsigned = nothing_returned(assessment, questionnaire);
            (&unsigned, false)
        }
    };
    let assessed = signed && !card.not_assessed;
    let vendor = format!("/vendors/{}", assessment.vendor);
    ScorecardPage {
        crumbs: crumbs(&[("Vendors", Some("/vendors")), (&kept.vendor, Some(&vendor)), (&name, None)]),
        heading: format!("{}, {name}", kept.vendor),
        asked_says: asked_says(kept, questionnaire),
        assessed,
        rating: words::rating(card.rating),
        provisional: reviewed::provisional(&kept.looked, card.rating),
        review: kept.card.as_ref().and_then(|card| reviewed::line(&kept.looked, assessment, card, may_change)),
        rating_says: explained::rating(card, signed),
        set_aside: None,
        floors: if assessed { explained::floors(card, questionnaire) } else { Vec::new() },
        residual: words::points(card.residual),
        residual_x: words::points(card.residual),
        residual_says: explained::residual(card, assessed),
        steps: if assessed { explained::steps(card, questionnaire) } else { explained::steps_of_nothing(card, signed) },
        gaps_heading: lines::gaps_heading(card, questionnaire),
        gaps: lines::gaps(card, questionnaire, &kept.answers),
        choose: (may_change && assessed).then(|| format!("/assessments/{}/actions", assessment.id)),
        accept: (may_change && assessed).then(|| format!("{vendor}/accept?question=")),
        proposed_gaps: lines::proposed_gaps(card, questionnaire, &kept.answers),
        goals: if assessed { reach::goals(card, questionnaire) } else { Vec::new() },
        worst: if assessed { reach::worst(card, questionnaire) } else { None },
        years: reviewed::years(&kept.looked, assessment),
        file: signed.then(|| format!("/assessments/{}/score.json", assessment.id)),
        families: lines::families(card, questionnaire),
        causes: assessed.then(|| causes(card)),
        answers_says: if assessed { lines::sum(card) } else { String::new() },
        sections: if assessed {
            lines::sections(card, questionnaire, assessment, (&kept.answers, &kept.files))
        } else {
            Vec::new()
        },
        signature: kept.attestation.as_ref().map(|attestation| signature(assessment.id, attestation, timezone)),
        after: Versions::of(assessment.id, &kept.life, questionnaire, timezone, may_change && signed),
        versions: versions(card, questionnaire, signed),
    }
}

/// What an assessment that was not signed says of the vendor: nothing but what it holds.
fn nothing_returned(assessment: &Assessment, questionnaire: &Questionnaire) -> Scorecard {
    scoring::score(&Reckoning {
        questionnaire,
        asked: &assessment.asked,
        exposure: &assessment.asked.exposure,
        tier: assessment.asked.tier,
        answers: None,
        response: Response::default(),
        accepted_on: None,
        signals: &[],
        reviewed: false,
        as_of: assessment.asked_on,
    })
}

fn asked_says(kept: &Kept, questionnaire: &Questionnaire) -> String {
    let assessment = &kept.assessment;
    let (asked, due) = (civil_date::say_short(assessment.asked_on), civil_date::say_short(assessment.due_on));
    let reviewed = kept.looked.accepted.as_ref().map(|(_, card)| card);
    if let (Some(card), Some(on)) = (reviewed.or(kept.card.as_ref()), assessment.accepted_on) {
        let (signed, set) = (civil_date::say_short(on), assessment.asked.set.says());
        let counts = &card.coverage;
        let apply = match counts.not_applicable {
            0 => String::new(),
            1 => ", 1 does not apply".to_owned(),
            more => format!(", {more} do not apply"),
        };
        let tier = match card.inherent.tier {
            then if then == kept.tier => String::new(),
            then => format!(" Scored as {}; it is {} today.", then.says(), kept.tier.says()),
        };
        return format!(
            "Asked {asked}, due {due}, signed {signed}. {} of the {} questions that count are answered{apply}; the {set} set was asked.{tier}",
            counts.answered, counts.asked,
        );
    }
    let questions = receive::applicable(questionnaire, assessment, &kept.answers);
    let answered = questions.iter().filter(|question| kept.answers.contains_key(&question.slug)).count();
    let progress = match (assessment.state, answered) {
        (AssessmentState::Closed, _) => "It was never sent, and was given up when the next one was asked.".to_owned(),
        (_, 0) => "Nothing is answered yet.".to_owned(),
        (_, answered) => format!("{answered} of {} questions are answered, and not sent.", questions.len()),
    };
    format!("Asked {asked}, due {due}. {progress}")
}

fn causes(card: &Scorecard) -> Bars {
    let gaps: Vec<_> = card.controls.by_cause.iter().map(|(cause, gap)| (*cause, *gap)).collect();
    let message = messages::causes(&gaps);
    let amounts: Vec<Amount> = gaps
        .iter()
        .map(|(cause, gap)| Amount {
            label: cause.says().to_owned(),
            amount: *gap,
            says: words::points(*gap),
            tone: words::rating_tone(card.model().band(*gap)),
            href: None,
        })
        .collect();
    let frame = Frame {
        id: "causes",
        title: message.title,
        summary: message.summary,
        caption: "What is missing, by cause of a breach".to_owned(),
        columns: ["Cause", "Missing, of 100"],
    };
    charts::bars(frame, Scale::Whole(10_000), &amounts)
}

fn signature(id: AssessmentId, attestation: &Attestation, timezone: Tz) -> Signature {
    Signature {
        name: attestation.name.clone(),
        job: attestation.title.clone(),
        when: civil_date::say_instant(attestation.signed_at, timezone),
        assurance: format!(
            "Opened through the link that we sent and signed by typing the name; gave {} as own address",
            attestation.email
        ),
        reference: attestation.reference.clone(),
        sha256: attestation.sha256.clone(),
        pdf: format!("/assessments/{id}/signed.pdf"),
    }
}

fn versions(card: &Scorecard, questionnaire: &Questionnaire, signed: bool) -> String {
    let form = format!("Questionnaire “{}”, version {}", questionnaire.title, questionnaire.version);
    if !signed {
        return format!("{form}. It is not signed, so it is not scored.");
    }
    format!(
        "{form}; scoring model {}; scored as of {}. The same answers always give the same score. How the vendor stands \
         today also depends on how old the answers have become.",
        card.versions.model,
        civil_date::say(card.as_of),
    )
}

/// `GET /assessments/{id}`
pub async fn show(app: Data<App>, who: SignedIn, path: Path<String>, request: HttpRequest) -> Answered {
    let id: AssessmentId = form::id(&path)?;
    let (scope, parts, today) = (who.scope, app.clone(), who.day(app.clock.now()));
    let (kept, accepted) = app
        .read_in(who.scope, move |conn| {
            let Some(kept) = read(conn, &scope, id)? else { return Ok::<_, StoreError>(None) };
            let accepted = accepted(conn, &parts.office, &scope, &kept, today)?;
            Ok(Some((kept, accepted)))
        })
        .await?
        .ok_or(WebError::NotFound)?;
    let office: &Office = &app.office;
    let questionnaire = receive::pinned(office, &kept.assessment)?;
    let title = format!("Scorecard of {}, {}", kept.vendor, words::assessment(&kept.assessment));
    let notice = match form::query(&request).text("done") {
        "returned" => Some(Notice::success("Sent back. The letter with your remarks’ link is on its way.")),
        "kept" => Some(Notice::success("The answers stay as they were signed.")),
        "accepted" => Some(Notice::success("Accepted. The rating is no longer provisional.")),
        _ => None,
    };
    let frame = Staff { who: &who, here: Here::VENDORS, title: &title, notice };
    let mut page = page(&kept, questionnaire, who.timezone, who.role.may(Need::Change));
    page.accepted_by_us(&accepted);
    frame.ok(&app, &page)
}

/// What somebody of the practice lives with today of the gaps of this reply.
fn accepted(
    conn: &mut Db,
    office: &Office,
    scope: &Scope,
    kept: &Kept,
    today: NaiveDate,
) -> Result<Vec<Exception>, StoreError> {
    let Some(vendor) = store::vendors::one(conn, scope, kept.assessment.vendor)? else { return Ok(Vec::new()) };
    let practice = store::practices::one(conn, scope)?;
    let mut all = exceptions::newest(conn, office, &practice, &vendor, today)?;
    all.retain(|(_, state)| *state == ExceptionState::InForce);
    if all.is_empty() {
        return Ok(Vec::new());
    }
    // What holds today holds for the newest reply, whichever showed the gap first.
    let replies = store::assessments::of_vendor(conn, scope, vendor.id)?;
    if assessment::last_signed(&replies).is_none_or(|newest| newest.id != kept.assessment.id) {
        all.retain(|(one, _)| one.assessment == kept.assessment.id);
    }
    Ok(all.into_iter().map(|(one, _)| one).collect())
}

impl ScorecardPage {
    /// Says what is set aside for now, and by whom. The score itself stays as it came out.
    fn accepted_by_us(&mut self, accepted: &[Exception]) {
        Gap::accept(&mut self.gaps, accepted);
        let stops: Vec<&Exception> = accepted.iter().filter(|one| one.shortfall == Shortfall::HardStop).collect();
        self.set_aside = stops.iter().map(|one| one.until).min().map(|until| {
            let until = civil_date::say(until);
            let without = match stops.len() {
                1 => format!("If no other hard stop is left, the vendor is rated without it until {until}."),
                _ => format!("If no other hard stop is left, the vendor is rated without them until {until}."),
            };
            format!("{} {without}", exceptions::named(&stops))
        });
    }
}

#[cfg(test)]
mod tests;
