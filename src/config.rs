//! Settings: flags, then `DUECARE_*` variables, then `duecare.toml`, then defaults. A
//! setting that is not known is an error that names the nearest one that is.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::files::FilesAddress;
use crate::proxies::Proxies;
use crate::scan::Scanner;
use crate::store::Address;

/// Every setting: its key in `duecare.toml`, and what it is for. The variable is
/// `DUECARE_` and the key in capitals; secrets may also be given as `…_FILE`.
pub const KEYS: &[(&str, &str)] = &[
    ("data_dir", "Folder for the database, documents and mail; ./data"),
    ("database_url", "sqlite:PATH or postgres://…; an SQLite file under the data folder"),
    ("listen", "Address and port to answer on; 127.0.0.1:8080"),
    ("base_url", "The address that people type; http:// and the listen address"),
    ("smtp_url", "smtp://user:password@host:587; without it mail is written to a folder"),
    ("mail_from", "The sender's address; duecare@ and the host of the base URL"),
    (
        "files_url",
        "Where documents are kept: a folder, or s3://bucket/prefix?endpoint=…&region=…; documents in the data folder",
    ),
    ("files_access_key", "The S3 access key; the AWS_* variables if unset"),
    ("files_secret_key", "The S3 secret key"),
    ("clamd", "clamd's address or socket, to scan documents for viruses: 127.0.0.1:3310; none"),
    ("trusted_proxy", "Addresses or networks of TLS proxies whose X-Forwarded-For says who asks; none"),
    ("secret_key", "At least 32 characters, the same on every machine"),
    ("sweep", "When the sweep looks, as cron in UTC with seconds; 0 5 * * * *"),
    ("log_format", "text or json; text"),
];

/// What was set, checked.
#[derive(Clone, Debug)]
pub struct Settings {
    pub data_dir: PathBuf,
    pub database: Address,
    pub listen: String,
    pub base_url: Url,
    pub smtp_url: Option<SecretString>,
    pub mail_from: String,
    pub files: FilesAddress,
    pub scanner: Scanner,
    pub proxies: Proxies,
    pub secret_key: Option<SecretString>,
    pub sweep: cron::Schedule,
    pub json_log: bool,
}

/// What is wrong with the settings.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("the setting “{key}” in {place} is not known{}", meant(.nearest))]
    Unknown { key: String, place: String, nearest: Option<String> },
    #[error("{place} cannot be read: {problem}")]
    Unreadable { place: String, problem: String },
    #[error("the setting {key} (from {place}): {problem}")]
    Value { key: &'static str, place: String, problem: String },
}

fn meant(nearest: &Option<String>) -> String {
    nearest.as_ref().map(|key| format!("; did you mean “{key}”?")).unwrap_or_default()
}

/// A value and where it came from.
struct Given {
    text: String,
    place: String,
}

type Found = BTreeMap<&'static str, Given>;

/// Reads the settings. `flags` are the values given on the command line by key,
/// `variables` the environment, and `file` the settings file, or `duecare.toml` if there is
/// one here.
///
/// # Errors
/// What to mend, and where it stands.
pub fn read(
    flags: &[(&'static str, Option<String>)],
    variables: impl Iterator<Item = (String, String)>,
    file: Option<&Path>,
) -> Result<Settings, ConfigError> {
    let mut found = Found::new();
    from_file(file, &mut found)?;
    from_variables(variables, &mut found)?;
    for (key, text) in flags {
        if let Some(text) = text {
            found.insert(key, Given { text: text.clone(), place: format!("--{}", key.replace('_', "-")) });
        }
    }
    check(&found)
}

fn from_file(file: Option<&Path>, found: &mut Found) -> Result<(), ConfigError> {
    let path = file.unwrap_or(Path::new("duecare.toml"));
    let place = path.display().to_string();
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if file.is_none() && error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(ConfigError::Unreadable { place, problem: error.to_string() }),
    };
    let table: toml::Table = toml::from_str(&text).map_err(|error| {
        // The error's own words show the line, which may hold a password.
        let line = error.span().map_or(1, |span| text[..span.start.min(text.len())].lines().count().max(1));
        ConfigError::Unreadable {
            place: place.clone(),
            problem: format!("line {line}: {}; write each setting as key = \"value\"", error.message()),
        }
    })?;
    for (key, value) in table {
        let known = known(&key).ok_or_else(|| unknown(&key, &place, str::to_owned))?;
        let toml::Value::String(text) = value else {
            return Err(ConfigError::Value { key: known, place, problem: "write the value in quotes".to_owned() });
        };
        found.insert(known, Given { text, place: place.clone() });
    }
    Ok(())
}

fn from_variables(variables: impl Iterator<Item = (String, String)>, found: &mut Found) -> Result<(), ConfigError> {
    for (name, text) in variables {
        let Some(key) = name.strip_prefix("DUECARE_") else { continue };
        let key = key.to_lowercase();
        let (known, text) = match (known(&key), key.strip_suffix("_file").and_then(known)) {
            (Some(known), _) => (known, text),
            (None, Some(known)) if text.is_empty() => (known, text),
            (None, Some(known)) => (known, read_secret(&name, &text)?),
            (None, None) => {
                return Err(unknown(&key, "the environment", |key| format!("DUECARE_{}", key.to_uppercase())));
            }
        };
        // An empty variable is one that is not set: compose files write them.
        if text.is_empty() {
            continue;
        }
        if let Some(other) = found.get(known).filter(|given| given.place.starts_with("DUECARE_")) {
            let problem = format!("{} is set too; keep one of them", other.place);
            return Err(ConfigError::Value { key: known, place: name, problem });
        }
        found.insert(known, Given { text, place: name });
    }
    Ok(())
}

fn read_secret(name: &str, path: &str) -> Result<String, ConfigError> {
    std::fs::read_to_string(path)
        .map(|text| text.trim_end_matches(['\r', '\n']).to_owned())
        .map_err(|error| ConfigError::Unreadable { place: format!("{name} ({path})"), problem: error.to_string() })
}

fn known(key: &str) -> Option<&'static str> {
    KEYS.iter().map(|(known, _)| *known).find(|known| *known == key)
}

fn unknown(key: &str, place: &str, spell: impl Fn(&str) -> String) -> ConfigError {
    let nearest = KEYS
        .iter()
        .map(|(known, _)| (strsim::jaro_winkler(key, known), *known))
        .filter(|(likeness, _)| *likeness > 0.7)
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, known)| spell(known));
    ConfigError::Unknown { key: spell(key), place: place.to_owned(), nearest }
}

fn check(found: &Found) -> Result<Settings, ConfigError> {
    let text = |key: &str| found.get(key).map(|given| given.text.clone());
    let fault = |key: &'static str, problem: &str| ConfigError::Value {
        key,
        place: found.get(key).map_or_else(|| "default".to_owned(), |given| given.place.clone()),
        problem: problem.to_owned(),
    };
    let data_dir = PathBuf::from(text("data_dir").unwrap_or_else(|| "data".to_owned()));
    let database = text("database_url").unwrap_or_else(|| data_dir.join("duecare.db").display().to_string());
    let database =
        Address::parse(&database).ok_or_else(|| fault("database_url", "begin it with sqlite: or postgres://"))?;
    let listen = text("listen").unwrap_or_else(|| "127.0.0.1:8080".to_owned());
    if listen.rsplit_once(':').is_none_or(|(_, port)| port.parse::<u16>().is_err()) {
        return Err(fault("listen", "write an address and a port, such as 127.0.0.1:8080"));
    }
    let base_url = text("base_url").unwrap_or_else(|| format!("http://{listen}"));
    let base_url = Url::parse(&base_url)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
        .ok_or_else(|| fault("base_url", "write the whole address, such as https://duecare.example.com"))?;
    let mail_from = text("mail_from").unwrap_or_else(|| default_sender(&base_url));
    if mail_from.parse::<lettre::Address>().is_err() {
        return Err(fault("mail_from", "write one e-mail address"));
    }
    let secret_key = text("secret_key");
    if secret_key.as_ref().is_some_and(|key| key.chars().count() < 32) {
        return Err(fault("secret_key", "use at least 32 characters"));
    }
    let smtp_url = text("smtp_url");
    if let Some(url) = &smtp_url {
        crate::mail::Mailer::smtp(url).map_err(|error| fault("smtp_url", &error.to_string()))?;
    }
    let files = files(found, &data_dir)?;
    let scanner = match text("clamd") {
        Some(address) => Scanner::parse(&address).map_err(|problem| fault("clamd", &problem))?,
        None => Scanner::Off,
    };
    let proxies = text("trusted_proxy").unwrap_or_default();
    let proxies = Proxies::parse(&proxies).map_err(|problem| fault("trusted_proxy", &problem))?;
    let sweep = text("sweep").unwrap_or_else(|| "0 5 * * * *".to_owned());
    let sweep = sweep.parse().map_err(|_| fault("sweep", "write six fields, seconds first, such as 0 5 * * * *"))?;
    let json_log = match text("log_format").as_deref() {
        None | Some("text") => false,
        Some("json") => true,
        Some(_) => return Err(fault("log_format", "use text or json")),
    };
    Ok(Settings {
        data_dir,
        database,
        listen,
        base_url,
        smtp_url: smtp_url.map(SecretString::from),
        mail_from,
        files,
        scanner,
        proxies,
        secret_key: secret_key.map(SecretString::from),
        sweep,
        json_log,
    })
}

/// Where documents are kept, with the keys to it.
fn files(found: &Found, data_dir: &Path) -> Result<FilesAddress, ConfigError> {
    let fault = |key: &'static str, problem: String| ConfigError::Value {
        key,
        place: found.get(key).map_or_else(|| "default".to_owned(), |given| given.place.clone()),
        problem,
    };
    let Some(url) = found.get("files_url") else { return Ok(FilesAddress::Folder(data_dir.join("documents"))) };
    let mut address = FilesAddress::parse(&url.text).map_err(|problem| fault("files_url", problem))?;
    let key = |key: &str| found.get(key).map(|given| SecretString::from(given.text.clone()));
    if let FilesAddress::Bucket(bucket) = &mut address {
        bucket.keys = match (key("files_access_key"), key("files_secret_key")) {
            (Some(access), Some(secret)) => Some((access, secret)),
            (None, None) => None,
            _ => {
                let problem = "set files_access_key and files_secret_key both, or neither".to_owned();
                return Err(fault("files_url", problem));
            }
        };
    }
    Ok(address)
}

/// Mail needs a domain even where the address is a number.
fn default_sender(base_url: &Url) -> String {
    match base_url.domain() {
        Some(domain) if domain != "localhost" => format!("duecare@{domain}"),
        _ => "duecare@localhost.localdomain".to_owned(),
    }
}

impl Settings {
    /// The base URL without a slash at its end, for putting paths behind.
    pub fn base(&self) -> String {
        self.base_url.as_str().trim_end_matches('/').to_owned()
    }

    /// What the proxy in front costs while it is not named, if there seems to be one: whoever
    /// asks comes from its address, and tries are counted for all of them together.
    pub fn unnamed_proxy(&self) -> Option<&'static str> {
        (self.base_url.scheme() == "https" && self.proxies.is_empty()).then_some(
            "DUECARE_TRUSTED_PROXY is not set, so everybody seems to come from the address of the proxy, and one \
             stranger's wrong passwords slow down the person whose address they type",
        )
    }

    /// What would keep letters from doing their work, if anything: links that lead nowhere.
    pub fn unreachable_links(&self) -> Option<String> {
        let here = |host: &str| matches!(host, "localhost" | "127.0.0.1" | "[::1]" | "0.0.0.0" | "[::]");
        let smtp = self.smtp_url.as_ref().and_then(|url| Url::parse(url.expose_secret()).ok())?;
        let (server, base) = (smtp.host_str()?, self.base_url.host_str()?);
        (here(base) && !here(server)).then(|| {
            format!(
                "letters go out by {server}, and their links lead to {}, which only this machine can open",
                self.base()
            )
        })
    }

    /// The installation's secret, if it was set or kept before. Makes nothing.
    ///
    /// # Errors
    /// As [`Settings::secret`].
    pub fn known_secret(&self) -> Result<Option<String>, ConfigError> {
        match self.secret_key.is_some() || self.data_dir.join("secret.key").exists() || self.is_shared() {
            true => self.secret().map(Some),
            false => Ok(None),
        }
    }

    /// Whether several machines may use this database.
    fn is_shared(&self) -> bool {
        matches!(self.database, Address::Postgres(_))
    }

    /// The installation's secret: as set, or kept in the data folder on a single machine.
    ///
    /// # Errors
    /// When there is none and several machines may share the database, or the file cannot be
    /// read or made.
    pub fn secret(&self) -> Result<String, ConfigError> {
        if let Some(key) = &self.secret_key {
            return Ok(key.expose_secret().to_owned());
        }
        let path = self.data_dir.join("secret.key");
        let place = path.display().to_string();
        let fault = |problem: String| ConfigError::Unreadable { place: place.clone(), problem };
        match std::fs::read_to_string(&path) {
            Ok(text) if text.trim().len() >= 32 => return Ok(text.trim().to_owned()),
            Ok(_) => return Err(fault("it holds fewer than 32 characters".to_owned())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(fault(error.to_string())),
        }
        if self.is_shared() {
            return Err(ConfigError::Value {
                key: "secret_key",
                place: "default".to_owned(),
                problem: "set DUECARE_SECRET_KEY to the same 32 characters or more on every machine that shares this database".to_owned(),
            });
        }
        let secret = crate::secrets::token();
        write_private(&path, &secret).map_err(|error| fault(error.to_string()))?;
        Ok(secret)
    }
}

/// Writes a file that only its owner can read.
fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(variables: &[(&str, &str)]) -> Result<Settings, ConfigError> {
        let variables: Vec<_> = variables.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        read(&[], variables.into_iter(), None)
    }

    #[test]
    fn an_unknown_setting_names_the_nearest_known_one() {
        let error = with(&[("DUECARE_SMPT_URL", "smtp://x")]).unwrap_err().to_string();
        assert_eq!(
            error,
            "the setting “DUECARE_SMPT_URL” in the environment is not known; did you mean “DUECARE_SMTP_URL”?"
        );
    }

    #[test]
    fn a_flag_wins_over_a_variable() {
        let variables = [("DUECARE_LISTEN".to_owned(), "127.0.0.1:1".to_owned())];
        let settings = read(&[("listen", Some("127.0.0.1:2".to_owned()))], variables.into_iter(), None).unwrap();
        assert_eq!(settings.listen, "127.0.0.1:2");
        assert_eq!(settings.base(), "http://127.0.0.1:2");
    }

    #[test]
    fn a_secret_may_stand_in_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        std::fs::write(&path, "0123456789012345678901234567890123\n").unwrap();
        let settings = with(&[("DUECARE_SECRET_KEY_FILE", path.to_str().unwrap())]).unwrap();
        assert_eq!(settings.secret().unwrap(), "0123456789012345678901234567890123");
    }

    #[test]
    fn an_empty_file_variable_is_not_set_and_two_ways_at_once_are_refused() {
        assert!(with(&[("DUECARE_SMTP_URL_FILE", "")]).unwrap().smtp_url.is_none());
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("url");
        std::fs::write(&path, "smtp://mail.test").unwrap();
        let both = [("DUECARE_SMTP_URL", "smtp://other.test"), ("DUECARE_SMTP_URL_FILE", path.to_str().unwrap())];
        assert!(with(&both).unwrap_err().to_string().contains("keep one of them"));
    }

    #[test]
    fn a_settings_file_that_cannot_be_read_names_the_line_and_no_secret() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("duecare.toml");
        std::fs::write(&path, "listen = \"127.0.0.1:1\"\nsmtp_url = smtp://me:hush-hush@mail.test\n").unwrap();
        let error = read(&[], std::iter::empty(), Some(&path)).unwrap_err().to_string();
        assert!(error.contains("line 2") && !error.contains("hush"), "{error}");
    }

    #[test]
    fn letters_whose_links_only_this_machine_can_open_are_noticed() {
        let smtp = ("DUECARE_SMTP_URL", "smtp://mail.clinic.test");
        assert!(with(&[smtp]).unwrap().unreachable_links().is_some());
        assert_eq!(
            with(&[smtp, ("DUECARE_BASE_URL", "https://duecare.clinic.test")]).unwrap().unreachable_links(),
            None
        );
        assert_eq!(with(&[("DUECARE_SMTP_URL", "smtp://127.0.0.1:2525?tls=none")]).unwrap().unreachable_links(), None);
        assert_eq!(with(&[]).unwrap().unreachable_links(), None);
    }

    #[test]
    fn a_value_that_makes_no_sense_says_what_to_write() {
        for (name, text, expected) in [
            ("DUECARE_DATABASE_URL", "mysql://x", "begin it with sqlite: or postgres://"),
            ("DUECARE_LISTEN", "here", "write an address and a port"),
            ("DUECARE_SECRET_KEY", "short", "use at least 32 characters"),
            ("DUECARE_SMTP_URL", "mail.test", "cannot be read"),
            ("DUECARE_SWEEP", "0 8 * * *", "seconds first"),
            ("DUECARE_FILES_URL", "ftp://papers", "s3://bucket"),
            ("DUECARE_CLAMD", "clamd", "127.0.0.1:3310"),
        ] {
            let error = with(&[(name, text)]).unwrap_err().to_string();
            assert!(error.contains(expected) && error.contains(name), "{error}");
        }
    }

    #[test]
    fn settings_do_not_show_their_secrets_when_printed() {
        let settings = with(&[
            ("DUECARE_SMTP_URL", "smtp://me:hush-hush@mail.test"),
            ("DUECARE_SECRET_KEY", "0123456789012345678901234567890123"),
        ])
        .unwrap();
        let printed = format!("{settings:?}");
        assert!(!printed.contains("hush-hush") && !printed.contains("0123456789"), "{printed}");
    }
}
