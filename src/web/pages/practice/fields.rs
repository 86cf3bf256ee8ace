//! The settings page as fields with their hints and bounds, in sections.

use serde::Serialize;

use super::read::cadence_field;
use crate::domain::cadence::Cadence;
use crate::domain::exposure::Tier;
use crate::domain::scoring::NprmMode;
use crate::web::form::Posted;
use crate::web::view::{Choice, Choosable, ErrorLine, Faults, Field};
use crate::web::zones;

#[derive(Serialize)]
pub struct PracticeForm {
    pub errors: Vec<ErrorLine>,
    /// False for whoever may only read: the page then has no form.
    pub may_change: bool,
    /// Names the settings that this page was made from.
    pub seen: String,
    pub name: Field,
    pub timezone: Choice,
    pub contact_name: Field,
    pub contact_phone: Field,
    pub sender_name: Field,
    pub reply_to: Field,
    pub cadences: Vec<Choice>,
    pub default_owner: Field,
    pub reminders_before: Field,
    pub reminders_after: Field,
    pub grace_days: Field,
    pub own_terms: Field,
    pub half_year: Choice,
    pub actions_by_hand: Choice,
    pub idle_minutes: Field,
    pub second_factor: Choice,
    pub nprm: Choice,
    /// The second factor is asked of one who has none, and that was said.
    pub warned: bool,
    /// The same for whoever may only read.
    pub sections: Vec<Section>,
}

#[derive(Serialize)]
pub struct Section {
    title: &'static str,
    facts: Vec<Fact>,
}

#[derive(Serialize)]
struct Fact {
    asks: String,
    says: String,
}

/// What is wrong with a field, if anything.
fn wrong(faults: &Faults, id: &str) -> Option<String> {
    faults.iter().find(|(at, _)| *at == id).map(|(_, says)| says.clone())
}

/// The page of what was typed, or of what is kept.
pub fn page(posted: &Posted, seen: &str, may_change: bool, faults: &Faults) -> PracticeForm {
    let field = |id: &'static str, label, hint| Field {
        id,
        label,
        hint: Some(hint),
        value: posted.text(id).to_owned(),
        error: wrong(faults, id),
    };
    let mut page = PracticeForm {
        errors: faults.iter().map(|(at, says)| ErrorLine { at: (*at).to_owned(), says: says.clone() }).collect(),
        may_change,
        seen: seen.to_owned(),
        name: field("name", "Name of the practice", "Vendors see it in every letter and on every page"),
        timezone: Choice {
            id: "timezone",
            label: "Time zone",
            hint: Some("Due dates and reminders follow it"),
            error: wrong(faults, "timezone"),
            options: zones::options(posted.text("timezone")),
        },
        contact_name: field(
            "contact_name",
            "Who vendors may ask for",
            "A person whom vendors know, to check by telephone that a letter is genuine",
        ),
        contact_phone: field(
            "contact_phone",
            "Telephone (optional)",
            "Shown on the vendor's pages, never in a letter: there we ask vendors to use the number they already have",
        ),
        sender_name: field(
            "sender_name",
            "Letters are from (optional)",
            "The name in the From line. Empty is the name of the practice",
        ),
        reply_to: field(
            "reply_to",
            "Replies go to (optional)",
            "An e-mail address that someone reads. Empty is the address that letters come from, which may be read by nobody",
        ),
        cadences: Tier::ALL.iter().map(|tier| cadence(*tier, posted, faults)).collect(),
        default_owner: field(
            "default_owner",
            "Who looks after a new vendor (optional)",
            "Put in for every new vendor that names nobody; you can change it on each",
        ),
        reminders_before: field(
            "reminders_before",
            "Days before the due date",
            "0 to 44, at most 8, with commas between. The questionnaire itself goes out up to 45 days before",
        ),
        reminders_after: field("reminders_after", "Days after the due date", "1 to 90, at most 8, with commas between"),
        grace_days: field(
            "grace_days",
            "Days of grace after the due date",
            "0 to 90. From the day after, silence is a flag and the vendor counts as “No reply”",
        ),
        own_terms: field(
            "own_terms",
            "Your own terms, one a line (optional)",
            "What you want in every agreement beyond what the rule requires (45 CFR 164.504(e)). At most 30, of 300 characters",
        ),
        idle_minutes: field(
            "idle_minutes",
            "Minutes without a press before sign-out",
            "5 to 60. Applies to everyone in the practice (45 CFR 164.312(a)(2)(iii))",
        ),
        half_year: half_year(posted),
        actions_by_hand: actions_by_hand(posted),
        second_factor: second_factor(posted, faults),
        nprm: nprm(posted, faults),
        warned: false,
        sections: Vec::new(),
    };
    if !may_change {
        page.sections = sections(&page);
    }
    page
}

fn cadence(tier: Tier, posted: &Posted, faults: &Faults) -> Choice {
    let id = cadence_field(tier);
    let option = |cadence: Cadence| {
        let value = cadence.months().to_string();
        let says = cadence.says();
        let mut label: String = says.chars().take(1).flat_map(char::to_uppercase).collect();
        label.extend(says.chars().skip(1));
        Choosable { id: format!("{id}-{value}"), checked: posted.text(id) == value, value, label, hint: None }
    };
    let mut options: Vec<Choosable> = Cadence::all().map(option).collect();
    options.reverse();
    Choice {
        id,
        label: match tier {
            Tier::One => "Tier 1, the riskiest",
            Tier::Two => "Tier 2",
            Tier::Three => "Tier 3",
            Tier::Four => "Tier 4, the least risky",
        },
        hint: None,
        error: wrong(faults, id),
        options,
    }
}

fn half_year(posted: &Posted) -> Choice {
    Choice {
        id: "half_year",
        label: "Half-year check",
        hint: None,
        error: None,
        options: vec![Choosable {
            id: "half_year-yes".to_owned(),
            value: "yes".to_owned(),
            label: "Ask tier 1 about the short set of questions again half a year after they signed".to_owned(),
            hint: Some(
                "About twenty questions, each answered by “still true” or a new answer. Good practice; HIPAA does not \
                 ask for it"
                    .to_owned(),
            ),
            checked: posted.is_ticked("half_year"),
        }],
    }
}

fn actions_by_hand(posted: &Posted) -> Choice {
    Choice {
        id: "actions_by_hand",
        label: "Failed critical answers",
        hint: None,
        error: None,
        options: vec![Choosable {
            id: "actions_by_hand-yes".to_owned(),
            value: "yes".to_owned(),
            label: "get a corrective action only when one of us presses for it".to_owned(),
            hint: Some(
                "Otherwise each gets one when the reply is signed; the vendor is written to the day after".to_owned(),
            ),
            checked: posted.is_ticked("actions_by_hand"),
        }],
    }
}

fn second_factor(posted: &Posted, faults: &Faults) -> Choice {
    Choice {
        id: "second_factor",
        label: "Administrators",
        hint: None,
        error: wrong(faults, "second_factor"),
        options: vec![Choosable {
            id: "second_factor-yes".to_owned(),
            value: "yes".to_owned(),
            label: "must sign in with a second factor".to_owned(),
            hint: Some("A code from a phone, or a passkey. Whoever has none is asked to set one up".to_owned()),
            checked: posted.is_ticked("second_factor"),
        }],
    }
}

fn nprm(posted: &Posted, faults: &Faults) -> Choice {
    let option = |mode: &NprmMode| Choosable {
        id: format!("nprm-{mode}"),
        value: mode.key().to_owned(),
        label: match mode {
            NprmMode::Off => "Do not ask it",
            NprmMode::Informational => "Ask it, and show the answer beside the score",
            NprmMode::Scored => "Ask it, and count it like the others",
        }
        .to_owned(),
        hint: Some(
            match mode {
                NprmMode::Off => "No questionnaire has it, and no scorecard mentions it",
                NprmMode::Informational => "Labelled “proposed, not in force”; it lowers nobody's score",
                NprmMode::Scored => "Stricter than the rule in force; scores and ratings may fall",
            }
            .to_owned(),
        ),
        checked: posted.text("nprm") == mode.key(),
    };
    Choice {
        id: "nprm",
        label: "What becomes of the question about it",
        hint: Some("For questionnaires that are sent from now on; each keeps what held on its day"),
        error: wrong(faults, "nprm"),
        options: NprmMode::ALL.iter().map(option).collect(),
    }
}

/// The page as facts.
fn sections(page: &PracticeForm) -> Vec<Section> {
    let said = |text: &str, without: &str| if text.is_empty() { without.to_owned() } else { text.to_owned() };
    let or = |field: &Field, without: &str| Fact {
        asks: field.label.trim_end_matches(" (optional)").to_owned(),
        says: said(&field.value, without),
    };
    let field = |field: &Field| or(field, "None");
    let chosen = |choice: &Choice| {
        let says = choice.options.iter().find(|option| option.checked).map_or("", |option| &option.label);
        Fact { asks: choice.label.to_owned(), says: said(says, "None") }
    };
    let mut factor = chosen(&page.second_factor);
    if page.second_factor.options.iter().all(|option| !option.checked) {
        factor.says = "need no second factor".to_owned();
    }
    let mut fixes = chosen(&page.actions_by_hand);
    if page.actions_by_hand.options.iter().all(|option| !option.checked) {
        fixes.says = "get one when the reply is signed".to_owned();
    }
    let mut half_year = chosen(&page.half_year);
    half_year.says = if page.half_year.options.iter().any(|option| option.checked) {
        "Tier 1 is asked the short set again half a year after signing".to_owned()
    } else {
        "None".to_owned()
    };
    let section = |title, facts| Section { title, facts };
    vec![
        section(
            "Who you are",
            vec![
                field(&page.name),
                chosen(&page.timezone),
                or(&page.contact_name, "The office"),
                or(&page.contact_phone, "None given"),
            ],
        ),
        section(
            "Letters",
            vec![or(&page.sender_name, &page.name.value), or(&page.reply_to, "The address that letters come from")],
        ),
        section(
            "How often you ask",
            page.cadences
                .iter()
                .map(chosen)
                .chain([half_year, or(&page.default_owner, "Nobody, until it is chosen for each")])
                .collect(),
        ),
        section(
            "Reminders",
            vec![field(&page.reminders_before), field(&page.reminders_after), field(&page.grace_days)],
        ),
        section("Your own terms", vec![or(&page.own_terms, "None beyond the rule")]),
        section("Corrective actions", vec![fixes]),
        section("Signing in", vec![field(&page.idle_minutes), factor]),
        section("Proposed rule, not in force", vec![chosen(&page.nprm)]),
    ]
}
