//! What differs between a practice before and after a change of its settings, in the words
//! that the history uses.

use super::Practice;
use crate::domain::exposure::Tier;
use crate::domain::reminders;

/// Each difference, naming old and new; empty when nothing differs. First steps are none.
pub fn differences(before: &Practice, after: &Practice) -> Vec<String> {
    let (was, is) = (&before.settings, &after.settings);
    let mut said = Vec::new();
    let mut say = |what: &str, was: String, is: String| {
        if was != is {
            let quoted = |text: String| if text.is_empty() { "nothing".to_owned() } else { format!("“{text}”") };
            said.push(format!("{what} from {} to {}", quoted(was), quoted(is)));
        }
    };
    say("the name", before.name.clone(), after.name.clone());
    say("the time zone", before.timezone.name().to_owned(), after.timezone.name().to_owned());
    say("who vendors may ask for", before.contact.name.clone(), after.contact.name.clone());
    say("the telephone", before.contact.phone.clone(), after.contact.phone.clone());
    let reply_to = |practice: &Practice| practice.contact.reply_to.clone().unwrap_or_default();
    say("where replies go", reply_to(before), reply_to(after));
    say("the sender of letters", before.sender().to_owned(), after.sender().to_owned());
    for tier in Tier::ALL {
        let asked = format!("how often tier {} is asked", tier.number());
        say(&asked, was.cadence.of(*tier).says(), is.cadence.of(*tier).says());
    }
    say("the owner of new vendors", was.default_owner.clone(), is.default_owner.clone());
    say(
        "the days of reminders before the due date",
        reminders::say(&was.reminders.before),
        reminders::say(&is.reminders.before),
    );
    say(
        "the days of reminders after the due date",
        reminders::say(&was.reminders.after),
        reminders::say(&is.reminders.after),
    );
    let days = |days: u32| if days == 1 { "1 day".to_owned() } else { format!("{days} days") };
    say("the grace", days(was.grace_days), days(is.grace_days));
    say("the practice’s own terms", was.own_terms.join(" · "), is.own_terms.join(" · "));
    let minutes = |minutes: u32| format!("{minutes} minutes");
    say("signing out when idle", minutes(was.idle_minutes), minutes(is.idle_minutes));
    let factor = |needed: bool| if needed { "required" } else { "not required" }.to_owned();
    say("the second factor of administrators", factor(was.second_factor), factor(is.second_factor));
    say("the proposed rule, which is not in force,", was.nprm.says().to_owned(), is.nprm.says().to_owned());
    let raised = |by_hand: bool| if by_hand { "by hand only" } else { "at once" }.to_owned();
    say("corrective actions for failed critical answers", raised(was.actions_by_hand), raised(is.actions_by_hand));
    let sent = |wanted: bool| if wanted { "sent" } else { "not sent" }.to_owned();
    say("half-year checks of tier 1", sent(was.half_year), sent(is.half_year));
    said
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::PracticeId;

    #[test]
    fn each_change_names_the_old_and_the_new() {
        let before = Practice {
            id: PracticeId::fresh(),
            slug: "maple".to_owned(),
            name: "Maple".to_owned(),
            timezone: chrono_tz::America::Chicago,
            contact: Default::default(),
            settings: Default::default(),
        };
        assert_eq!(differences(&before, &before), Vec::<String>::new());
        let mut after = before.clone();
        after.settings.grace_days = 1;
        after.settings.own_terms = vec!["Answers in a day".to_owned()];
        after.settings.setup.settings_seen = true;
        assert_eq!(
            differences(&before, &after),
            ["the grace from “14 days” to “1 day”", "the practice’s own terms from nothing to “Answers in a day”"]
        );
    }
}
