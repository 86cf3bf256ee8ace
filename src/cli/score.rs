//! `duecare score --questionnaire ID FILE.json [--as-of DATE]`, and `duecare score --replay
//! RECORD.json` for a score that was kept.

use std::io::Read;
use std::path::PathBuf;

use chrono::NaiveDate;
use clap::Args;
use serde::Deserialize;

use super::{Failure, say, tell};
use crate::catalogue::Catalogue;
use crate::clock::Clock;
use crate::domain::answers::file;
use crate::domain::questionnaire::{Asked, Set};
use crate::domain::scoring::replay::Input;
use crate::domain::scoring::{self, NprmMode, Reckoning, Scorecard};

#[derive(Args)]
pub struct Options {
    /// The questionnaire: hipaa for its newest version, hipaa-v1 for one version
    #[arg(long, value_name = "ID", required_unless_present = "replay")]
    questionnaire: Option<String>,
    /// The reply; - reads standard input
    file: PathBuf,
    /// The file is a score that was kept: makes it again and compares every byte
    #[arg(long, conflicts_with_all = ["questionnaire", "as_of", "set", "nprm"])]
    replay: bool,
    /// The day of scoring [default: today, UTC]
    #[arg(long, value_name = "DATE", value_parser = super::day)]
    as_of: Option<NaiveDate>,
    /// full, standard or lite [default: by the tier of the reply's profile]
    #[arg(long, value_name = "SET")]
    set: Option<Set>,
    /// How the proposed rule counts: off, informational or scored
    #[arg(long, value_name = "MODE", default_value = "informational")]
    nprm: NprmMode,
}

pub fn run(options: &Options) -> Result<(), Failure> {
    let catalogue = Catalogue::built_in().map_err(|error| Failure::Failed(format!("this build is broken: {error}")))?;
    let json = read(options)?;
    if options.replay {
        return replay(&catalogue, &json);
    }
    let name = options.questionnaire.as_deref().unwrap_or_default();
    let questionnaire = catalogue.find(name).ok_or_else(|| {
        Failure::Usage(format!("there is no questionnaire “{name}”; known: {}", catalogue.names().join(", ")))
    })?;
    let reply = file::read(&json, questionnaire).map_err(|faults| {
        for fault in &faults {
            tell(fault);
        }
        Failure::Failed(format!("{} was not scored: {} to mend", options.file.display(), super::things(faults.len())))
    })?;
    let tier = reply.exposure.inherent().tier;
    let set = options.set.unwrap_or_else(|| Set::for_tier(tier));
    let asked = Asked { set, tier, exposure: reply.exposure, nprm: options.nprm };
    let card = scoring::score(&Reckoning {
        questionnaire,
        asked: &asked,
        exposure: &asked.exposure,
        tier: asked.tier,
        answers: reply.answers.as_ref(),
        response: reply.response,
        accepted_on: reply.accepted_on,
        signals: &reply.signals,
        reviewed: reply.accepted_on.is_some(),
        as_of: options.as_of.unwrap_or_else(|| Clock::System.now().date_naive()),
    });
    say(&serde_json::to_string_pretty(&card.sealed()).map_err(|error| Failure::Failed(error.to_string()))?);
    Ok(())
}

/// A kept score as its page gives it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    input: Input,
    record: Scorecard,
}

/// Makes a kept score again and prints its record, as it was kept.
fn replay(catalogue: &Catalogue, json: &str) -> Result<(), Failure> {
    let failed = |error: serde_json::Error| Failure::Failed(format!("this is no score that was kept: {error}"));
    let kept: Kept = serde_json::from_str(json.trim_start_matches('\u{feff}')).map_err(failed)?;
    let name = &kept.input.questionnaire;
    let questionnaire = catalogue
        .find(name)
        .ok_or_else(|| Failure::Failed(format!("this program does not hold the questionnaire {name}")))?;
    let again = kept.input.score(questionnaire).map_err(|error| Failure::Failed(error.to_string()))?;
    let [made, was] = [&again, &kept.record].map(|card| serde_json::to_string(card).map_err(failed));
    let made = made?;
    if made != was? {
        return Err(Failure::Integrity("the score that comes out is not the one in the file".to_owned()));
    }
    say(&made);
    Ok(())
}

fn read(options: &Options) -> Result<String, Failure> {
    if options.file.as_os_str() == "-" {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text)?;
        return Ok(text);
    }
    std::fs::read_to_string(&options.file)
        .map_err(|error| Failure::Failed(format!("{} cannot be read: {error}", options.file.display())))
}
