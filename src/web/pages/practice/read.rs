//! The settings form: fields from a practice, and a practice from fields.

use chrono_tz::Tz;

use crate::domain::cadence::Cadence;
use crate::domain::exposure::Tier;
use crate::domain::practice::settings::{IDLE_MINUTES, LONGEST_TERM, MOST_GRACE_DAYS, MOST_TERMS};
use crate::domain::practice::{Practice, PracticeContact, Settings};
use crate::domain::reminders::{self, ReminderPlan};
use crate::domain::scoring::NprmMode;
use crate::domain::vendor::{check_contact_name, check_email, check_name, check_owner};
use crate::web::form::Posted;
use crate::web::view::Faults;

/// The field of a tier's cadence.
pub const fn cadence_field(tier: Tier) -> &'static str {
    match tier {
        Tier::One => "cadence_1",
        Tier::Two => "cadence_2",
        Tier::Three => "cadence_3",
        Tier::Four => "cadence_4",
    }
}

/// A practice as its form would hold it.
pub fn typed(practice: &Practice) -> Posted {
    let settings = &practice.settings;
    let mut fields = vec![
        ("name", practice.name.clone()),
        ("timezone", practice.timezone.name().to_owned()),
        ("contact_name", practice.contact.name.clone()),
        ("contact_phone", practice.contact.phone.clone()),
        ("reply_to", practice.contact.reply_to.clone().unwrap_or_default()),
        ("sender_name", settings.sender_name.clone()),
        ("default_owner", settings.default_owner.clone()),
        ("reminders_before", reminders::say(&settings.reminders.before)),
        ("reminders_after", reminders::say(&settings.reminders.after)),
        ("grace_days", settings.grace_days.to_string()),
        ("own_terms", settings.own_terms.join("\n")),
        ("idle_minutes", settings.idle_minutes.to_string()),
        ("nprm", settings.nprm.key().to_owned()),
    ];
    fields.extend(Tier::ALL.iter().map(|tier| (cadence_field(*tier), settings.cadence.of(*tier).months().to_string())));
    if settings.half_year {
        fields.push(("half_year", "yes".to_owned()));
    }
    if settings.actions_by_hand {
        fields.push(("actions_by_hand", "yes".to_owned()));
    }
    if settings.second_factor {
        fields.push(("second_factor", "yes".to_owned()));
    }
    Posted(fields.into_iter().map(|(name, text)| (name.to_owned(), text)).collect())
}

/// Reads the form over the practice that it is about.
///
/// # Errors
/// Every field that is wrong, with what to write instead.
pub fn read(practice: &Practice, posted: &Posted) -> Result<Practice, Faults> {
    let mut faults = Faults::new();
    let (name, timezone, contact) = about(practice, posted, &mut faults);
    let settings = settings(practice, posted, &mut faults);
    if faults.is_empty() { Ok(Practice { name, timezone, contact, settings, ..practice.clone() }) } else { Err(faults) }
}

/// The value, or its default with the fault noted.
fn or_fault<T: Default>(faults: &mut Faults, at: &'static str, read: Result<T, String>) -> T {
    read.unwrap_or_else(|mend| {
        faults.push((at, mend));
        T::default()
    })
}

fn about(practice: &Practice, posted: &Posted, faults: &mut Faults) -> (String, Tz, PracticeContact) {
    let name = check_name(posted.text("name")).map_err(|_| "Enter the name of the practice".to_owned());
    let name = or_fault(faults, "name", name);
    let timezone = posted.text("timezone").parse::<Tz>().unwrap_or_else(|_| {
        faults.push(("timezone", "Choose the time zone".to_owned()));
        practice.timezone
    });
    let line = |at: &'static str| check_contact_name(posted.text(at)).map_err(|fault| fault.mend);
    let contact = or_fault(faults, "contact_name", line("contact_name"));
    let phone = or_fault(faults, "contact_phone", line("contact_phone"));
    let reply_to =
        check_email(posted.text("reply_to")).map_err(|_| "Enter an e-mail address like name@practice.com".to_owned());
    let reply_to = or_fault(faults, "reply_to", reply_to);
    (name, timezone, PracticeContact { name: contact, phone, reply_to })
}

fn settings(practice: &Practice, posted: &Posted, faults: &mut Faults) -> Settings {
    let mut settings = Settings { setup: practice.settings.setup.clone(), ..Settings::default() };
    let sender = check_contact_name(posted.text("sender_name")).map_err(|fault| fault.mend);
    settings.sender_name = or_fault(faults, "sender_name", sender);
    for tier in Tier::ALL {
        let months = posted.text(cadence_field(*tier)).parse::<i64>().ok();
        match months.and_then(|months| Cadence::try_from(months).ok()) {
            Some(cadence) => settings.cadence.set(*tier, cadence),
            None => {
                let number = tier.number();
                faults.push((
                    cadence_field(*tier),
                    format!("Choose how often vendors of tier {number} are asked: every 1 to 12 months"),
                ));
            }
        }
    }
    let owner = check_owner(posted.text("default_owner")).map_err(|fault| fault.mend);
    settings.default_owner = or_fault(faults, "default_owner", owner);
    let before = ReminderPlan::read_before(posted.text("reminders_before"));
    let before = before.map_err(|fault| format!("Write days before the due date like 30, 14, 7, 1: {fault}"));
    let after = ReminderPlan::read_after(posted.text("reminders_after"));
    let after = after.map_err(|fault| format!("Write days after the due date like 1, 7, 14, 30: {fault}"));
    settings.reminders = ReminderPlan {
        before: or_fault(faults, "reminders_before", before),
        after: or_fault(faults, "reminders_after", after),
    };
    settings.grace_days = or_fault(
        faults,
        "grace_days",
        within(posted.text("grace_days"), 0..=MOST_GRACE_DAYS, "the days of grace as a whole number"),
    );
    settings.own_terms = or_fault(faults, "own_terms", terms(posted.text("own_terms")));
    settings.idle_minutes =
        or_fault(faults, "idle_minutes", within(posted.text("idle_minutes"), IDLE_MINUTES, "whole minutes"));
    settings.half_year = posted.text("half_year") == "yes";
    settings.actions_by_hand = posted.is_ticked("actions_by_hand");
    settings.second_factor = posted.is_ticked("second_factor");
    let nprm = posted.text("nprm").parse::<NprmMode>();
    let nprm = nprm.map_err(|_| "Choose what the proposed rule, which is not in force, does".to_owned());
    settings.nprm = or_fault(faults, "nprm", nprm);
    settings
}

fn within(text: &str, bounds: std::ops::RangeInclusive<u32>, what: &str) -> Result<u32, String> {
    let number = text.parse::<u32>().ok().filter(|number| bounds.contains(number));
    number.ok_or_else(|| format!("Enter {what} from {} to {}", bounds.start(), bounds.end()))
}

/// One term a line; blank lines are none, and a term written twice is one.
fn terms(text: &str) -> Result<Vec<String>, String> {
    let mut terms: Vec<String> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if line.chars().count() > LONGEST_TERM {
            let start: String = line.chars().take(40).collect();
            return Err(format!("Shorten the term that begins “{start}” to {LONGEST_TERM} characters or fewer"));
        }
        if line.chars().any(char::is_control) {
            return Err("Remove the characters that nobody can see from your own terms".to_owned());
        }
        if !terms.iter().any(|term| term == line) {
            terms.push(line.to_owned());
        }
    }
    if terms.len() > MOST_TERMS {
        return Err(format!("Write at most {MOST_TERMS} terms of your own; these are {}", terms.len()));
    }
    Ok(terms)
}
