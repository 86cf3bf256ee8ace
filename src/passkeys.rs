//! Passkeys as the standard has them (W3C WebAuthn): what to ask of the browser, and whether
//! its answer is right. Knows nothing of where keys are kept.

use serde_json::Value;
use url::Url;
use uuid::Uuid;
use webauthn_rs::prelude::{DiscoverableAuthentication, Passkey, PasskeyRegistration};
use webauthn_rs::{Webauthn, WebauthnBuilder};

/// What a browser is asked, and what must be kept until it answers.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The options of `navigator.credentials`, as JSON.
    pub options: String,
    /// The state of the ceremony, as JSON: kept on our side, never sent.
    pub state: String,
}

/// Why a passkey was not taken, for the log; a person is told to try again.
#[derive(Debug, thiserror::Error)]
#[error("the passkey was not accepted: {0}")]
pub struct PasskeyError(String);

impl PasskeyError {
    fn of(error: impl std::fmt::Display) -> Self {
        Self(error.to_string())
    }
}

/// The ceremonies at one address.
pub struct Passkeys(Webauthn);

impl Passkeys {
    /// `None` where browsers know no passkeys: they need a name, not a number, and TLS or
    /// this machine.
    pub fn at(base_url: &str) -> Option<Self> {
        let url = Url::parse(base_url).ok()?;
        let host = url.domain()?.to_owned();
        if url.scheme() != "https" && host != "localhost" {
            return None;
        }
        WebauthnBuilder::new(&host, &url).ok()?.rp_name("duecare").build().ok().map(Self)
    }

    /// Asks a browser to make a key for this person; `have` are the ones there are.
    ///
    /// # Errors
    /// A stored key that cannot be read.
    pub fn begin_adding(&self, user: Uuid, email: &str, name: &str, have: &[String]) -> Result<Asked, PasskeyError> {
        let have = have.iter().map(|key| Ok(read(key)?.cred_id().clone())).collect::<Result<Vec<_>, PasskeyError>>()?;
        let (challenge, state) =
            self.0.start_passkey_registration(user, email, name, Some(have)).map_err(PasskeyError::of)?;
        let mut options = serde_json::to_value(&challenge.public_key).map_err(PasskeyError::of)?;
        // The key is to be found without typing an address first.
        if let Some(selection) = options.get_mut("authenticatorSelection").and_then(Value::as_object_mut) {
            selection.insert("residentKey".to_owned(), "required".into());
            selection.insert("requireResidentKey".to_owned(), true.into());
        }
        Ok(Asked { options: options.to_string(), state: json(&state)? })
    }

    /// The new public key as JSON, from the browser's answer.
    ///
    /// # Errors
    /// An answer that is not right.
    pub fn finish_adding(&self, state: &str, answer: &str) -> Result<String, PasskeyError> {
        let state: PasskeyRegistration = serde_json::from_str(state).map_err(PasskeyError::of)?;
        let answer = serde_json::from_str(answer).map_err(PasskeyError::of)?;
        json(&self.0.finish_passkey_registration(&answer, &state).map_err(PasskeyError::of)?)
    }

    /// Asks a browser to sign with any key that it has for this site.
    ///
    /// # Errors
    /// None that is known.
    pub fn begin(&self) -> Result<Asked, PasskeyError> {
        let (challenge, state) = self.0.start_discoverable_authentication().map_err(PasskeyError::of)?;
        let options = serde_json::to_value(&challenge.public_key).map_err(PasskeyError::of)?;
        Ok(Asked { options: options.to_string(), state: json(&state)? })
    }

    /// Whose key signed, as the answer says; nothing is proven yet.
    pub fn owner(&self, answer: &str) -> Option<Uuid> {
        let answer = serde_json::from_str(answer).ok()?;
        self.0.identify_discoverable_authentication(&answer).ok().map(|(user, _)| user)
    }

    /// Which of these keys signed, with its counter as it is now.
    ///
    /// # Errors
    /// An answer that is not right, or of another key.
    pub fn finish(&self, state: &str, answer: &str, keys: &[String]) -> Result<(usize, String), PasskeyError> {
        let state: DiscoverableAuthentication = serde_json::from_str(state).map_err(PasskeyError::of)?;
        let answer = serde_json::from_str(answer).map_err(PasskeyError::of)?;
        let (_, id) = self.0.identify_discoverable_authentication(&answer).map_err(PasskeyError::of)?;
        for (at, key) in keys.iter().enumerate() {
            let mut key = read(key)?;
            if key.cred_id().as_slice() == id {
                let result =
                    self.0.finish_discoverable_authentication_v2(&answer, state, &key).map_err(PasskeyError::of)?;
                key.update_credential(&result);
                return Ok((at, json(&key)?));
            }
        }
        Err(PasskeyError("there is no such key".to_owned()))
    }
}

fn read(key: &str) -> Result<Passkey, PasskeyError> {
    serde_json::from_str(key).map_err(PasskeyError::of)
}

fn json(value: &impl serde::Serialize) -> Result<String, PasskeyError> {
    serde_json::to_string(value).map_err(PasskeyError::of)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passkeys_need_a_name_and_a_safe_connection() {
        assert!(Passkeys::at("https://duecare.example").is_some());
        assert!(Passkeys::at("http://localhost:8080").is_some());
        for not in ["http://127.0.0.1:8080", "http://duecare.example", "https://192.0.2.1", "nonsense"] {
            assert!(Passkeys::at(not).is_none(), "{not}");
        }
    }

    #[test]
    fn a_browser_is_asked_for_a_key_that_it_finds_by_itself_and_an_empty_answer_is_none() {
        let keys = Passkeys::at("https://duecare.example").unwrap();
        let asked = keys.begin_adding(Uuid::nil(), "dana@maple.test", "Dana", &[]).unwrap();
        assert!(asked.options.contains("\"residentKey\":\"required\"") && asked.options.contains("dana@maple.test"));
        assert!(keys.finish_adding(&asked.state, "{}").is_err());
        let asked = keys.begin().unwrap();
        assert!(keys.owner("{}").is_none() && keys.finish(&asked.state, "{}", &[]).is_err());
    }
}
