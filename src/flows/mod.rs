//! What happens: load, decide, save. One file for each thing that happens, and only where
//! there is more than one effect or caller. Knows no HTML and no status codes.

pub mod account;
pub mod agree;
pub mod bulk;
pub mod contact;
pub mod decide;
pub mod deliver;
pub mod documents;
pub mod import;
pub mod invite;
pub mod judge;
pub mod kept;
pub mod life;
pub mod merge;
pub mod people;
pub mod receive;
pub mod register;
pub mod remind;
pub mod renew;
pub mod second_step;
pub mod settings;
pub mod setup;
pub mod sign_in;
pub mod subcontract;
pub mod sweep;
pub mod tags;
pub mod take_back;

use std::sync::Arc;

use crate::catalogue::Catalogue;
use crate::letters::Letters;
use crate::secrets::Key;

/// What the flows share and never change: the questionnaires, the letters, the key.
#[derive(Clone)]
pub struct Office {
    pub catalogue: Arc<Catalogue>,
    pub letters: Arc<Letters>,
    pub key: Key,
}
