//! Searches of the vendor list that a person gives a name.

use super::vendor::{FieldFault, check_owner};

/// Most views of one person: more than that nobody finds again.
pub const MOST: usize = 30;
/// Most characters of a name.
pub const LONGEST: usize = 60;

/// The name of a view.
///
/// # Errors
/// When it is empty, longer than [`LONGEST`], or has what nobody can see.
pub fn check_name(text: &str) -> Result<String, FieldFault> {
    let name = check_owner(text)?;
    if name.is_empty() {
        return Err(FieldFault::new("the view has no name", "Write a name for it, such as billing companies."));
    }
    if name.chars().count() > LONGEST {
        return Err(FieldFault::new(format!("the name is longer than {LONGEST} characters"), "Make it shorter."));
    }
    Ok(name)
}
