//! Tokens, codes, digests and passwords. Everything that must not be guessed is made here.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::domain::entry::ChainKey;
use crate::domain::ids::{CodeId, InvitationId, LetterId, NoticeLinkId, UserId};

/// The installation's one secret; every other key is made from it with a label.
#[derive(Clone)]
pub struct Key([u8; 32]);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(hidden)")
    }
}

impl Key {
    /// Makes the key from the configured secret, of any length.
    pub fn of(secret: &str) -> Self {
        Self(Sha256::digest(secret.as_bytes()).into())
    }

    fn derive(&self, label: &str, subject: &str) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes a key of any length");
        mac.update(label.as_bytes());
        mac.update(&[0]);
        mac.update(subject.as_bytes());
        mac.finalize().into_bytes().into()
    }

    /// The token of an invitation's link, 256 bits: the same for every copy of its letter,
    /// and in no table.
    pub fn invitation_token(&self, id: InvitationId) -> String {
        URL_SAFE_NO_PAD.encode(self.derive("invitation", &id.to_string()))
    }

    /// The token of a vendor's standing link for change notices, 256 bits and in no table.
    pub fn notice_token(&self, id: NoticeLinkId) -> String {
        URL_SAFE_NO_PAD.encode(self.derive("notice", &id.to_string()))
    }

    /// The token of the one-time link in a letter to a colleague: the same for every copy of
    /// the letter, and in no table.
    pub fn sign_in_token(&self, letter: LetterId) -> String {
        URL_SAFE_NO_PAD.encode(self.derive("sign-in", &letter.to_string()))
    }

    /// The six digits that are mailed for a code: the same for every copy of the letter, and
    /// in no table.
    pub fn mailed_code(&self, id: CodeId) -> String {
        let bytes = self.derive("code", &id.to_string());
        let number = bytes.iter().take(8).fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
        format!("{:06}", number % 1_000_000)
    }

    /// How a recovery code is kept. It is short enough to be tried out, so a copy of the
    /// database without the key must not be enough.
    pub fn recovery_hash(&self, user: UserId, code: &str) -> String {
        URL_SAFE_NO_PAD.encode(self.derive("recovery", &format!("{user}.{}", tidy_code(code))))
    }

    /// What seals the ends of the histories.
    pub fn chain_key(&self) -> ChainKey {
        ChainKey::of(self.derive("history", ""))
    }

    /// Encrypts with AES-256-GCM. `about` says whose it is and what: it is not stored, and
    /// what was sealed for one row does not open for another.
    pub fn seal(&self, about: &str, plain: &[u8]) -> String {
        let nonce: [u8; NONCE_LEN] = random();
        let mut sealed = plain.to_vec();
        self.box_key()
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(about.as_bytes()), &mut sealed)
            .expect("a text that fits in memory is not too long to encrypt");
        URL_SAFE_NO_PAD.encode([&nonce[..], &sealed].concat())
    }

    /// What was sealed; `None` when it was sealed with another key, for something else, or
    /// was changed since.
    pub fn open(&self, about: &str, sealed: &str) -> Option<Vec<u8>> {
        let bytes = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let (nonce, rest) = bytes.split_at_checked(NONCE_LEN)?;
        let mut rest = rest.to_vec();
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        Some(self.box_key().open_in_place(nonce, Aad::from(about.as_bytes()), &mut rest).ok()?.to_vec())
    }

    fn box_key(&self) -> LessSafeKey {
        let key = UnboundKey::new(&AES_256_GCM, &self.derive("box", "")).expect("the key has 256 bits");
        LessSafeKey::new(key)
    }

    /// A token for the forms of one session. No two are alike, so that the length of a
    /// compressed page tells nothing about them.
    pub fn form_token(&self, session_hash: &str) -> String {
        self.salted_form_token(session_hash, &URL_SAFE_NO_PAD.encode(random::<9>()))
    }

    fn salted_form_token(&self, session_hash: &str, salt: &str) -> String {
        let proof = self.derive("form", &format!("{session_hash}.{salt}"));
        format!("{salt}.{}", URL_SAFE_NO_PAD.encode(&proof[..18]))
    }

    /// Whether a form carries a token of its session.
    pub fn form_token_is(&self, session_hash: &str, given: &str) -> bool {
        let salt = given.split('.').next().unwrap_or_default();
        self.salted_form_token(session_hash, salt).as_bytes().ct_eq(given.as_bytes()).into()
    }
}

fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)
        .expect("a machine without randomness cannot keep secrets; there is nothing to fall back on");
    bytes
}

/// Random bytes for a secret that an app keeps.
pub fn fresh<const N: usize>() -> [u8; N] {
    random()
}

/// What the forms of a browser are bound to: the first part of its cookie. A cookie is
/// renewed by putting a new token after that part, so that pages open in other windows can
/// still be sent.
pub fn form_subject(cookie: &str) -> String {
    digest(cookie.split('.').next().unwrap_or_default())
}

/// A new cookie for the browser that had this one: another secret, and the same forms.
pub fn renewed(cookie: &str) -> String {
    format!("{}.{}", cookie.split('.').next().unwrap_or_default(), token())
}

/// A new token, 256 bits in 43 letters.
pub fn token() -> String {
    URL_SAFE_NO_PAD.encode(random::<32>())
}

/// SHA-256, hexadecimal: how tokens are stored and signed answers are named.
pub fn digest(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Letters that are not taken for one another on the telephone.
const SPOKEN: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// A short code for the letter and the telephone: `K7QM-2RXA`, 40 bits.
pub fn code() -> String {
    let letters: Vec<char> = random::<8>().iter().map(|byte| char::from(SPOKEN[usize::from(byte % 32)])).collect();
    format!("{}-{}", letters[..4].iter().collect::<String>(), letters[4..].iter().collect::<String>())
}

/// Reads a code as a person types it: any case, with or without the hyphen.
pub fn tidy_code(typed: &str) -> String {
    let letters: Vec<char> =
        typed.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_uppercase()).take(8).collect();
    if letters.len() < 8 {
        return letters.iter().collect();
    }
    format!("{}-{}", letters[..4].iter().collect::<String>(), letters[4..].iter().collect::<String>())
}

/// Hashes a password with argon2id (19 MiB, two passes). Takes some 30 ms on purpose: run
/// it away from the request threads.
pub fn hash_password(password: &str) -> String {
    Argon2::default()
        .hash_password(password.as_bytes())
        .expect("the default parameters are valid and the length was checked")
        .to_string()
}

/// Whether the password is the one that was hashed. Without a hash it takes as long and
/// says no, so that timing does not tell which accounts exist.
pub fn password_is(password: &str, hash: Option<&str>) -> bool {
    // The hash of a password that nobody has.
    const NOBODY: &str =
        "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5bm9ib2R5bm8$6HmjVqPBnnSBBhOhYN5jcAfCMqRjZCF0L1lY1mXj2pE";
    let parsed = PasswordHash::new(hash.unwrap_or(NOBODY));
    let matches = parsed.is_ok_and(|parsed| Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok());
    matches && hash.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_cannot_be_made_without_the_key() {
        let id = InvitationId::fresh();
        let (ours, theirs) = (Key::of("ours"), Key::of("theirs"));
        assert_eq!(ours.invitation_token(id), ours.invitation_token(id));
        assert_ne!(ours.invitation_token(id), theirs.invitation_token(id));
        assert_eq!(ours.invitation_token(id).len(), 43);
    }

    #[test]
    fn a_form_token_belongs_to_one_session_and_is_never_the_same_twice() {
        let key = Key::of("ours");
        let token = key.form_token("one");
        assert_ne!(token, key.form_token("one"));
        assert!(key.form_token_is("one", &token));
        assert!(
            !key.form_token_is("other", &token) && !key.form_token_is("one", "") && !key.form_token_is("one", "a.b")
        );
    }

    #[test]
    fn what_is_sealed_opens_with_the_same_key_for_the_same_thing_and_unchanged() {
        let key = Key::of("ours");
        let sealed = key.seal("totp:dana", b"secret");
        assert_ne!(sealed, key.seal("totp:dana", b"secret"));
        assert_eq!(key.open("totp:dana", &sealed).as_deref(), Some(&b"secret"[..]));
        assert_eq!(key.open("totp:otto", &sealed), None);
        assert_eq!(Key::of("theirs").open("totp:dana", &sealed), None);
        for at in 0..sealed.len() {
            let mut spoiled = sealed.clone().into_bytes();
            spoiled[at] = if spoiled[at] == b'A' { b'B' } else { b'A' };
            assert_eq!(key.open("totp:dana", &String::from_utf8(spoiled).unwrap()), None, "{at}");
        }
        assert_eq!(key.open("totp:dana", "short"), None);
    }

    #[test]
    fn a_renewed_cookie_is_another_secret_for_the_same_forms() {
        let first = token();
        let (second, third) = (renewed(&first), renewed(&renewed(&first)));
        assert!(digest(&first) != digest(&second) && second.len() == third.len());
        assert_eq!(form_subject(&first), digest(&first));
        assert_eq!(form_subject(&third), form_subject(&first));
    }

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let code = code();
        assert_eq!(tidy_code(&code.to_lowercase().replace('-', " ")), code);
    }

    #[test]
    fn a_password_is_known_by_its_hash_and_no_other_is() {
        let hash = hash_password("correct horse battery");
        assert!(password_is("correct horse battery", Some(&hash)));
        assert!(!password_is("correct horse", Some(&hash)));
        assert!(!password_is("correct horse battery", None));
    }
}
