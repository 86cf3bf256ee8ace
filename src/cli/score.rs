//! `duecare score --questionnaire ID FILE.json [--as-of DATE]`

use std::io::Read;
use std::path::PathBuf;

use chrono::NaiveDate;
use clap::Args;

use super::{Failure, say, tell};
use crate::catalogue::Catalogue;
use crate::clock::Clock;
use crate::domain::answers::file;
use crate::domain::questionnaire::{Asked, Set};
use crate::domain::scoring::{self, NprmMode, Reckoning};

#[derive(Args)]
pub struct Options {
    /// The questionnaire: hipaa for its newest version, hipaa-v1 for one version
    #[arg(long, value_name = "ID")]
    questionnaire: String,
    /// The reply; - reads standard input
    file: PathBuf,
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
    let questionnaire = catalogue.find(&options.questionnaire).ok_or_else(|| {
        Failure::Usage(format!(
            "there is no questionnaire “{}”; known: {}",
            options.questionnaire,
            catalogue.names().join(", ")
        ))
    })?;
    let json = read(options)?;
    let reply = file::read(&json, questionnaire).map_err(|faults| {
        for fault in &faults {
            tell(fault);
        }
        Failure::Failed(format!("{} was not scored: {} to mend", options.file.display(), super::things(faults.len())))
    })?;
    let tier = reply.exposure.inherent().tier;
    let asked = Asked { set: options.set.unwrap_or_else(|| Set::for_tier(tier)), tier, exposure: reply.exposure };
    let card = scoring::score(&Reckoning {
        questionnaire,
        asked: &asked,
        exposure: &asked.exposure,
        tier: asked.tier,
        answers: reply.answers.as_ref(),
        response: reply.response,
        accepted_on: reply.accepted_on,
        signals: &reply.signals,
        nprm: options.nprm,
        as_of: options.as_of.unwrap_or_else(|| Clock::System.now().date_naive()),
    });
    say(&serde_json::to_string_pretty(&card).map_err(|error| Failure::Failed(error.to_string()))?);
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
