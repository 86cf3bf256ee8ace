//! How long it takes to answer: counted from the questions, until enough real respondents
//! say better.

use chrono::{DateTime, TimeDelta, Utc};

use super::questionnaire::{self, Set};

/// A longer pause is one: somebody went home, or to look something up.
const LONGEST_STEP: TimeDelta = TimeDelta::minutes(10);
/// So many respondents make a median.
const ENOUGH: usize = 10;
/// Fewer moments of saving say nothing about how long it took.
const LEAST_SAVES: usize = 3;

/// Whose times are alike: the same questionnaire, the same part of it, and whether it was
/// answered before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kind {
    pub questionnaire: String,
    pub set: Set,
    pub again: bool,
}

/// How long somebody was at it, in whole minutes: from Start to the signature, with each pause
/// between two pages counted as ten minutes at most. `None` where the pages do not tell: most
/// of it came at one go, from a workbook or another's hand.
///
/// `saves` is when each answer was last saved.
pub fn minutes_at_it(started: DateTime<Utc>, saves: &[DateTime<Utc>], signed: DateTime<Utc>) -> Option<u32> {
    let mut moments: Vec<DateTime<Utc>> = saves.iter().copied().filter(|at| (started..=signed).contains(at)).collect();
    moments.sort_unstable();
    let most_at_once = moments.chunk_by(|one, next| one == next).map(<[_]>::len).max()?;
    if most_at_once * 2 > saves.len() {
        return None;
    }
    moments.dedup();
    if moments.len() < LEAST_SAVES {
        return None;
    }
    moments.insert(0, started);
    moments.push(signed);
    let steps = moments.windows(2).map(|step| (step[1] - step[0]).min(LONGEST_STEP).num_seconds());
    u32::try_from(steps.sum::<i64>()).ok().map(|seconds| seconds.div_ceil(60).max(1))
}

/// The median of at least ten, rounded up to the next five minutes.
pub fn median(mut minutes: Vec<u32>) -> Option<u32> {
    if minutes.len() < ENOUGH {
        return None;
    }
    minutes.sort_unstable();
    minutes.get(minutes.len() / 2).map(|middle| middle.div_ceil(5).max(1) * 5)
}

/// What a respondent is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Estimate {
    pub minutes: u32,
    /// From real respondents, not from the number of questions.
    pub measured: bool,
}

impl Estimate {
    /// The measured median, or one counted from so many questions.
    pub fn of(measured: Option<u32>, questions: usize) -> Self {
        let counted = || u32::try_from(questionnaire::minutes(questions)).unwrap_or(u32::MAX);
        Self { minutes: measured.unwrap_or_else(counted), measured: measured.is_some() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::minutes(minute)
    }

    #[test]
    fn a_night_between_two_pages_is_a_pause_and_not_work() {
        assert_eq!(minutes_at_it(at(0), &[at(2), at(2), at(5), at(9)], at(11)), Some(11));
        assert_eq!(minutes_at_it(at(0), &[at(2), at(5), at(900)], at(902)), Some(17));
    }

    #[test]
    fn what_came_at_one_go_does_not_tell_how_long_it_took() {
        assert_eq!(minutes_at_it(at(0), &[], at(5)), None);
        assert_eq!(minutes_at_it(at(0), &[at(1); 40], at(5)), None);
        assert_eq!(minutes_at_it(at(0), &[at(1), at(1), at(1), at(2), at(3)], at(5)), None);
        assert_eq!(minutes_at_it(at(0), &[at(1), at(2)], at(5)), None);
    }

    #[test]
    fn ten_make_a_median_and_nine_do_not() {
        assert_eq!(median(vec![20; 9]), None);
        let ten = vec![90, 1, 21, 22, 18, 23, 400, 19, 20, 24];
        assert_eq!(median(ten), Some(25));
        assert_eq!(Estimate::of(None, 60), Estimate { minutes: 40, measured: false });
        assert_eq!(Estimate::of(Some(25), 60), Estimate { minutes: 25, measured: true });
    }
}
