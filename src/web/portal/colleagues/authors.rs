//! Who answered what, where a colleague of whoever was asked did some of it.

use std::collections::BTreeMap;

use crate::app::App;
use crate::store::invitations::mailbox;
use crate::store::{self, StoreError};
use crate::web::portal::problem::PortalError;
use crate::web::portal::respondent::Respondent;

/// The colleagues whose answers stand, by question.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Authors(BTreeMap<String, String>);

impl Authors {
    /// For whoever has shown the mailbox; a browser with no more than the link learns of nobody.
    ///
    /// # Errors
    /// The database's.
    pub async fn of(app: &App, who: &Respondent) -> Result<Self, PortalError> {
        if who.part().is_some() || !who.verified() {
            return Ok(Self::default());
        }
        let (scope, id) = (who.opened.scope(), who.opened.assessment.id);
        let found = app.read(move |conn| {
            let colleagues = store::invitations::colleagues(conn, &scope, id)?;
            // Most questionnaires are answered by one person.
            let savers = match colleagues.is_empty() {
                true => BTreeMap::new(),
                false => store::answers::savers(conn, &scope, id)?,
            };
            Ok::<_, StoreError>((colleagues, savers))
        });
        let (colleagues, savers) = found.await?;
        let name = |address: &str| {
            let one = colleagues.iter().find(|one| mailbox(&one.sent_to) == mailbox(address))?;
            one.part.as_ref().map(|part| part.name.clone())
        };
        Ok(Self(savers.into_iter().filter_map(|(slug, by)| Some((slug, name(&by)?))).collect()))
    }

    /// `Answered by Kim Lee.`, `Kim Lee answered 3 of these.`; none where no colleague did.
    pub fn of_these<'a>(&self, answered: impl Iterator<Item = &'a str>) -> Option<String> {
        let (mut counts, mut all) = (BTreeMap::<&str, usize>::new(), 0);
        for slug in answered {
            all += 1;
            if let Some(name) = self.0.get(slug) {
                *counts.entry(name).or_default() += 1;
            }
        }
        let said = |(name, count): (&&str, &usize)| match *count == all {
            true => format!("Answered by {name}."),
            false => format!("{name} answered {count} of these."),
        };
        let said: Vec<String> = counts.iter().map(said).collect();
        (!said.is_empty()).then(|| said.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_says_which_colleague_answered_how_much_of_it() {
        let by = [("a.one", "Kim Lee"), ("a.two", "Kim Lee"), ("b.one", "Lou")];
        let authors = Authors(by.iter().map(|(slug, name)| ((*slug).to_owned(), (*name).to_owned())).collect());
        let says = |slugs: &[&str]| authors.of_these(slugs.iter().copied());
        assert_eq!(says(&["a.one", "a.two"]).as_deref(), Some("Answered by Kim Lee."));
        assert_eq!(
            says(&["a.one", "a.mine", "b.one"]).as_deref(),
            Some("Kim Lee answered 1 of these. Lou answered 1 of these.")
        );
        assert_eq!((says(&["a.mine"]), says(&[])), (None, None));
    }
}
