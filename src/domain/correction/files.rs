//! Files under the answers of a reply that is opened again: put there, used again or taken off
//! beside the signed ones, which stay as they are until the correction is signed.

use std::collections::{BTreeMap, BTreeSet};

use super::Correction;
use crate::domain::answers::support::{Files, Supporting};
use crate::domain::ids::DocumentId;
use crate::domain::words::words;

words! {
    /// What became of a file under an answer.
    pub enum Filed {
        Sent = "sent" => "Sent",
        /// It was there already, and is used here, too.
        Used = "used" => "Used again",
        Taken = "taken" => "Taken off",
    }
}

impl Correction {
    /// Puts a file under an answer; false when it is there. `signed` are the files of the reply.
    pub fn put(&mut self, slug: &str, document: DocumentId, sent: bool, signed: &Files) -> bool {
        let here = self.files.entry(slug.to_owned()).or_default();
        let before = if has(signed, slug, document) {
            here.remove(&document).is_none_or(|filed| filed != Filed::Taken)
        } else {
            here.insert(document, if sent { Filed::Sent } else { Filed::Used }).is_some()
        };
        if here.is_empty() {
            self.files.remove(slug);
        }
        !before
    }

    /// Takes a file from under an answer. `None` when it is not there; otherwise whether it had
    /// been sent for this correction and nothing in it uses the file now.
    pub fn take_off(&mut self, slug: &str, document: DocumentId, signed: &Files) -> Option<bool> {
        if has(signed, slug, document) {
            let before = self.files.entry(slug.to_owned()).or_default().insert(document, Filed::Taken);
            return before.is_none().then_some(false);
        }
        let here = self.files.get_mut(slug)?;
        let was = here.remove(&document)?;
        if here.is_empty() {
            self.files.remove(slug);
        }
        let mut left = self.files.values_mut().filter_map(|files| files.get_mut(&document)).peekable();
        let unused = was == Filed::Sent && left.peek().is_none();
        if was == Filed::Sent {
            // Another answer keeps the memory of who sent it.
            left.filter(|filed| **filed == Filed::Used).for_each(|filed| *filed = Filed::Sent);
        }
        Some(unused)
    }

    /// The documents that were put under answers.
    pub fn documents(&self) -> BTreeSet<DocumentId> {
        let put = self.files.values().flatten().filter(|(_, filed)| **filed != Filed::Taken);
        put.map(|(document, _)| *document).collect()
    }

    /// The signed files with what was put there and taken off; `known` has the documents.
    pub fn files_over(&self, mut files: Files, known: &BTreeMap<DocumentId, Supporting>) -> Files {
        for (slug, here) in &self.files {
            let under = files.entry(slug.clone()).or_default();
            under.retain(|file| here.get(&file.document) != Some(&Filed::Taken));
            let put = here.iter().filter(|(_, filed)| **filed != Filed::Taken);
            under.extend(put.filter_map(|(document, _)| known.get(document).cloned()));
        }
        files.retain(|_, files| !files.is_empty());
        files
    }
}

fn has(files: &Files, slug: &str, document: DocumentId) -> bool {
    files.get(slug).is_some_and(|files| files.iter().any(|file| file.document == document))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::correction::tests::correction;
    use crate::domain::document::Scan;

    fn file(document: DocumentId) -> Supporting {
        Supporting {
            document,
            name: "SOC 2.pdf".to_owned(),
            size: 1,
            sha256: String::new(),
            scan: Scan::Clean,
            ends_on: None,
            removed: false,
        }
    }

    #[test]
    fn a_signed_file_that_is_taken_off_and_put_back_is_no_change() {
        let (mut open, one) = (correction(), DocumentId::fresh());
        let signed = Files::from([("a".to_owned(), vec![file(one)])]);
        assert_eq!(open.take_off("a", one, &signed), Some(false));
        assert_eq!(open.files_over(signed.clone(), &BTreeMap::new()), Files::new());
        assert_eq!(open.take_off("a", one, &signed), None, "twice does it once");
        assert!(open.put("a", one, false, &signed));
        assert!(open.files.is_empty() && !open.put("a", one, false, &signed));
    }

    #[test]
    fn a_file_that_was_sent_is_unused_when_the_last_answer_lets_it_go() {
        let (mut open, one, signed) = (correction(), DocumentId::fresh(), Files::new());
        assert!(open.put("a", one, true, &signed) && open.put("b", one, false, &signed));
        assert_eq!(open.take_off("a", one, &signed), Some(false));
        assert_eq!(open.take_off("b", one, &signed), Some(true));
        assert_eq!(open.take_off("b", one, &signed), None);
    }

    proptest! {
        #[test]
        fn what_is_shown_follows_what_was_pressed(
            presses in proptest::collection::vec((0usize..2, 0usize..3, any::<bool>(), any::<bool>()), 0..24),
            at_first in proptest::collection::btree_set((0usize..2, 0usize..3), 0..6),
        ) {
            let (slugs, ids) = (["a", "b"], [DocumentId::fresh(), DocumentId::fresh(), DocumentId::fresh()]);
            let known = ids.iter().map(|id| (*id, file(*id))).collect();
            let mut model: BTreeSet<(usize, usize)> = at_first.clone();
            let mut signed = Files::new();
            for (slug, id) in at_first {
                signed.entry(slugs[slug].to_owned()).or_default().push(file(ids[id]));
            }
            let mut open = correction();
            for (slug, id, put, sent) in presses {
                if put {
                    prop_assert_eq!(open.put(slugs[slug], ids[id], sent, &signed), model.insert((slug, id)));
                } else {
                    let was = open.take_off(slugs[slug], ids[id], &signed).is_some();
                    prop_assert_eq!(was, model.remove(&(slug, id)));
                }
            }
            let shown = open.files_over(signed, &known);
            let shown: BTreeSet<(usize, usize)> = shown.iter().flat_map(|(slug, files)| {
                let slug = slugs.iter().position(|one| one == slug).unwrap();
                files.iter().map(move |file| (slug, ids.iter().position(|id| *id == file.document).unwrap()))
            }).collect();
            prop_assert_eq!(shown, model);
        }
    }
}
