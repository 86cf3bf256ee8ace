//! Six-digit codes from an authenticator app (RFC 6238: SHA-1, 30 seconds, six digits; what
//! every such app can do).

use chrono::{DateTime, Utc};
use totp_rs::{Builder, Secret};

/// A code lasts so many seconds.
const STEP: i64 = 30;

/// Bytes of a secret: 160 bits, as RFC 4226 recommends.
pub const SECRET_BYTES: usize = 20;

/// The step whose code was typed: the present one, or one beside it, because clocks differ.
/// A step up to `last` was used before: a code works once.
pub fn step_of(secret: &[u8], typed: &str, last: Option<i64>, now: DateTime<Utc>) -> Option<i64> {
    let digits: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let totp = Builder::new().with_secret(secret.to_vec()).with_skew(0).build().ok()?;
    let present = now.timestamp().div_euclid(STEP);
    (present - 1..=present + 1)
        .filter(|step| last.is_none_or(|last| *step > last))
        .find(|step| u64::try_from(step * STEP).is_ok_and(|second| totp.check(&digits, second).is_some()))
}

/// The code of a moment, as the app shows it: for the tests, which have no app.
pub fn code_at(secret: &[u8], at: DateTime<Utc>) -> Option<String> {
    let totp = Builder::new().with_secret(secret.to_vec()).with_skew(0).build().ok()?;
    Some(totp.generate(u64::try_from(at.timestamp()).ok()?).to_string())
}

/// The secret as a person types it: base 32, in groups of four.
pub fn spoken(secret: &[u8]) -> String {
    let letters: Vec<char> = base32(secret).chars().collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// What the QR code says to the app.
pub fn address(secret: &[u8], email: &str) -> String {
    let who: String = url::form_urlencoded::byte_serialize(email.as_bytes()).collect();
    format!("otpauth://totp/duecare:{who}?secret={}&issuer=duecare", base32(secret))
}

fn base32(secret: &[u8]) -> String {
    Secret::from(secret.to_vec()).to_base32()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B.
    const RFC: &[u8] = b"12345678901234567890";

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(second, 0).unwrap()
    }

    #[test]
    fn codes_are_those_of_the_standard() {
        for (second, code) in
            [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (2_000_000_000, "279037")]
        {
            assert_eq!(code_at(RFC, at(second)).as_deref(), Some(code));
            assert_eq!(step_of(RFC, code, None, at(second)), Some(second / 30));
        }
    }

    #[test]
    fn a_clock_may_be_half_a_minute_off_and_no_more() {
        let code = code_at(RFC, at(3000)).unwrap();
        let good: Vec<i64> = (2900..3120).filter(|second| step_of(RFC, &code, None, at(*second)).is_some()).collect();
        assert_eq!((good.first(), good.last()), (Some(&2970), Some(&3059)));
    }

    #[test]
    fn a_code_works_once() {
        let code = code_at(RFC, at(3000)).unwrap();
        let step = step_of(RFC, &code, None, at(3000)).unwrap();
        assert_eq!(step_of(RFC, &code, Some(step), at(3010)), None);
        assert_eq!(step_of(RFC, &code_at(RFC, at(3030)).unwrap(), Some(step), at(3030)), Some(step + 1));
    }

    #[test]
    fn a_code_may_be_typed_with_a_gap_and_nothing_else_is_one() {
        assert!(step_of(RFC, " 287 082 ", None, at(59)).is_some());
        for other in ["", "28708", "2870822", "28708a", "२८७०८२", "-87082"] {
            assert_eq!(step_of(RFC, other, None, at(59)), None, "{other}");
        }
    }

    #[test]
    fn the_secret_is_said_in_groups() {
        assert_eq!(spoken(RFC), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        assert_eq!(
            address(RFC, "dana@maple.test"),
            "otpauth://totp/duecare:dana%40maple.test?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=duecare"
        );
    }
}
