//! What a new password must be: long enough, and not among those that are guessed first
//! (OWASP ASVS 5.0, 6.2.1 to 6.2.12). No rules about signs and digits, and no end date: those
//! make people choose worse ones.

use zxcvbn::feedback::Warning;
use zxcvbn::zxcvbn;

/// Fewest characters in a password.
pub const SHORTEST: usize = 12;
/// Most characters in a password: nobody types more, and hashing is not free.
pub const LONGEST: usize = 256;
/// From 0, too guessable, to 4: a stolen table of hashes would take years to work through.
const LEAST_SCORE: u8 = 3;

/// What is known of the person who chooses, and so guessed first.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known<'a> {
    pub name: &'a str,
    pub email: &'a str,
    pub practice: &'a str,
}

/// Words that people take from what they see before them.
const AT_HAND: [&str; 9] =
    ["duecare", "password", "vendor", "vendors", "practice", "clinic", "medical", "hipaa", "administrator"];

/// Checks a new password. Takes some milliseconds.
///
/// # Errors
/// What to do instead, as a sentence without its full stop.
pub fn check(password: &str, known: &Known<'_>) -> Result<(), String> {
    let letters = password.chars().count();
    if letters < SHORTEST {
        return Err("Use at least 12 characters. Three or four words together are easy to remember".to_owned());
    }
    if letters > LONGEST {
        return Err("Use at most 256 characters".to_owned());
    }
    let mut inputs: Vec<&str> = AT_HAND.to_vec();
    for text in [known.name, known.email, known.practice] {
        inputs.push(text);
        inputs.extend(text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() > 2));
    }
    if is_made_of(password, &inputs) {
        return Err(advice(None).to_owned());
    }
    let found = zxcvbn(password, &inputs);
    if u8::from(found.score()) >= LEAST_SCORE {
        return Ok(());
    }
    Err(advice(found.feedback().and_then(|feedback| feedback.warning())).to_owned())
}

/// Whether hardly anything is left without the words that are known.
fn is_made_of(password: &str, known: &[&str]) -> bool {
    let mut rest = password.to_lowercase();
    let mut words: Vec<String> = known.iter().map(|word| word.to_lowercase()).filter(|word| word.len() > 2).collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    for word in words {
        rest = rest.replace(&word, "");
    }
    rest.chars().filter(|c| c.is_alphanumeric()).count() < 6
}

/// Why it is easy to guess, and what to do.
fn advice(warning: Option<Warning>) -> &'static str {
    match warning {
        Some(Warning::StraightRowsOfKeysAreEasyToGuess | Warning::ShortKeyboardPatternsAreEasyToGuess) => {
            "Neighbouring keys are guessed early. Use three or four words that do not belong together"
        }
        Some(
            Warning::RepeatsLikeAaaAreEasyToGuess
            | Warning::RepeatsLikeAbcAbcAreOnlySlightlyHarderToGuess
            | Warning::SequencesLikeAbcAreEasyToGuess,
        ) => {
            "Repeats and rows such as abc or 123 are guessed early. Use three or four words that do not belong together"
        }
        Some(Warning::RecentYearsAreEasyToGuess | Warning::DatesAreOftenEasyToGuess) => {
            "Years and dates are guessed early. Add two or three words that have nothing to do with you"
        }
        Some(
            Warning::ThisIsATop10Password
            | Warning::ThisIsATop100Password
            | Warning::ThisIsACommonPassword
            | Warning::ThisIsSimilarToACommonlyUsedPassword,
        ) => "Many people use this password, or one close to it. Use three or four words that do not belong together",
        _ => {
            "This is easy to guess: names and single words are tried first. Add two or three words that have nothing to do with you or your practice"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DANA: Known<'_> =
        Known { name: "Dana Whitfield", email: "dana.whitfield@clinic.test", practice: "Maple Family Practice" };

    #[test]
    fn words_that_do_not_belong_together_are_enough() {
        for good in
            ["four quiet green teapots", "correct horse battery", "pancakes-and-maple-syrup", "Äpfel über graue Dächer"]
        {
            assert_eq!(check(good, &DANA), Ok(()), "{good}");
        }
    }

    #[test]
    fn what_is_guessed_first_is_refused() {
        for weak in [
            "short",
            "aaaaaaaaaaaaaaaa",
            "passwordpassword",
            "qwertyuiopasdf",
            "abcabcabcabcabc",
            "dana.whitfield1",
            "MapleFamilyPractice",
            "dana.whitfield.dana-2026",
            "duecare-hipaa-1",
            "123456789012",
            "Password12345!",
        ] {
            assert!(check(weak, &DANA).is_err(), "{weak}");
        }
        assert!(check(&"ab c".repeat(80), &DANA).unwrap_err().contains("256"));
    }

    #[test]
    fn advice_is_one_sentence_to_act_on() {
        let said = check("qwertyuiopasdf", &DANA).unwrap_err();
        assert!(said.contains("words that do not belong together"), "{said}");
    }
}
