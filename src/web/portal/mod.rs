//! Pages for vendors, without an account: the context of each template, and the handlers.

pub mod answers;
pub mod autosave;
pub mod check;
pub mod code;
pub mod colleague;
pub mod colleagues;
pub mod correct;
pub mod earlier;
pub mod evidence;
pub mod field;
pub mod fill;
pub mod invitation;
pub mod leaf;
pub mod link_problem;
pub mod onward;
pub mod problem;
pub mod question;
pub mod questions;
pub mod receipt;
pub mod requests;
pub mod respondent;
pub mod reuse;
pub(in crate::web) mod samples;
pub mod sign;
pub mod signer;
pub mod someone_else;
pub mod tasks;
pub mod tell;
pub mod together;
pub mod topic;
pub mod upload;
pub mod uploaded;
pub mod verification;
pub mod verify;
pub mod view;

use crate::domain::answers::typed;
