//! Where a respondent goes after a page of answers was saved.

use super::fill::more_rows;
use crate::domain::answers::form::Fields;
use crate::domain::questionnaire::{Question, Questionnaire, Topic};

/// A page of answers that was saved, and what applies now that it was.
#[derive(Clone, Copy, Debug)]
pub struct Turned<'a> {
    pub questionnaire: &'a Questionnaire,
    pub topic: &'a Topic,
    /// What the page showed.
    pub shown: &'a [&'a Question],
    /// What applies now, of all topics.
    pub applicable: &'a [&'a Question],
    /// The page was opened from the list of all answers.
    pub from_check: bool,
    /// What the page was filled in with.
    pub fields: &'a Fields,
}

impl Turned<'_> {
    /// The next page, by the button that was pressed.
    pub fn onward(&self, action: &str) -> String {
        let here = &self.topic.id;
        let back = if self.from_check { "?back=check" } else { "" };
        if action == "later" {
            return "/respond/saved".to_owned();
        }
        if let Some(asked) = action.strip_prefix("evidence:")
            && let Some(question) = self.shown.iter().find(|question| question.slug == asked)
            // An answer on the page may have put the question out of the way.
            && self.applicable.iter().any(|one| one.slug == question.slug)
        {
            return format!("/respond/evidence/{}{back}", question.slug);
        }
        if let Some(list) = action.strip_prefix("more") {
            let list = self.shown.iter().find(|question| list.strip_prefix(':') == Some(&question.slug));
            let Some(Question { slug, .. }) = list else { return format!("/respond/{here}{back}") };
            let (mark, rows) = (if back.is_empty() { '?' } else { '&' }, more_rows(self.fields, slug));
            return format!("/respond/{here}{back}{mark}rows={slug}.{rows}#{slug}");
        }
        // An answer may bring up another question, which would be missed behind us.
        if let Some(question) = self.brought_up() {
            return format!("/respond/{here}{back}#{}", question.slug);
        }
        if self.from_check {
            let first = self.shown.first().map(|question| format!("#{}", question.slug));
            return format!("/respond/check{}", first.unwrap_or_default());
        }
        match next_topic(self.questionnaire, self.applicable, here) {
            Some(next) => format!("/respond/{}", next.id),
            None => "/respond/check".to_owned(),
        }
    }

    fn brought_up(&self) -> Option<&Question> {
        let is_in = |list: &[&Question], question: &Question| list.iter().any(|one| one.slug == question.slug);
        self.topic.questions.iter().find(|question| is_in(self.applicable, question) && !is_in(self.shown, question))
    }
}

/// The next topic after `id` that holds a question that applies.
pub fn next_topic<'a>(questionnaire: &'a Questionnaire, applicable: &[&Question], id: &str) -> Option<&'a Topic> {
    let asks =
        |topic: &&Topic| topic.questions.iter().any(|question| applicable.iter().any(|one| one.slug == question.slug));
    let topics = questionnaire.sections.iter().flat_map(|section| &section.topics);
    topics.skip_while(|topic| topic.id != id).skip(1).find(asks)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::questionnaire::{Gravity, Section};
    use crate::domain::scoring::fixtures::{question, questionnaire};

    /// Two sections, three topics of one question; the first topic has two.
    fn form() -> Questionnaire {
        let topic = |id: &str, slugs: &[&str]| Topic {
            id: id.into(),
            title: String::new(),
            questions: slugs.iter().map(|slug| question(slug, 1, Gravity::None)).collect(),
        };
        let section = |topics| Section { id: "a".into(), title: String::new(), topics };
        let sections = vec![
            section(vec![topic("one", &["a.one", "a.more"]), topic("two", &["a.two"])]),
            section(vec![topic("three", &["a.three"])]),
        ];
        Questionnaire { sections, ..questionnaire(Vec::new()) }
    }

    fn next(after: &str, applicable: &[&str]) -> Option<String> {
        let form = form();
        let applicable: Vec<&Question> =
            form.questions().filter(|one| applicable.contains(&one.slug.as_str())).collect();
        next_topic(&form, &applicable, after).map(|topic| topic.id.clone())
    }

    #[test]
    fn the_next_topic_is_the_next_that_applies_even_in_another_section() {
        assert_eq!(next("one", &["a.one", "a.two", "a.three"]).as_deref(), Some("two"));
        assert_eq!(next("one", &["a.one", "a.three"]).as_deref(), Some("three"));
        assert_eq!(next("two", &["a.one", "a.two"]), None);
        assert_eq!(next("gone", &["a.one"]), None);
    }

    fn onward(action: &str, shown: &[&str], from_check: bool) -> String {
        let form = form();
        let applicable: Vec<&Question> = form.questions().collect();
        let shown: Vec<&Question> = form.questions().filter(|one| shown.contains(&one.slug.as_str())).collect();
        let topic = form.topic("one").map(|(_, topic)| topic).unwrap();
        let fields = vec![("a.more:rows".to_owned(), "6".to_owned())];
        Turned { questionnaire: &form, topic, shown: &shown, applicable: &applicable, from_check, fields: &fields }
            .onward(action)
    }

    #[test]
    fn the_button_decides_where_to_go() {
        let all = ["a.one", "a.more"];
        assert_eq!(onward("", &all, false), "/respond/two");
        assert_eq!(onward("", &all, true), "/respond/check#a.one");
        assert_eq!(onward("later", &all, true), "/respond/saved");
        assert_eq!(onward("more", &all, false), "/respond/one");
        assert_eq!(onward("more:a.more", &all, true), "/respond/one?back=check&rows=a.more.9#a.more");
        assert_eq!(onward("more:/evil", &all, false), "/respond/one");
        assert_eq!(onward("evidence:a.more", &all, true), "/respond/evidence/a.more?back=check");
        assert_eq!(onward("evidence:../evil", &all, false), "/respond/two");
    }

    #[test]
    fn a_question_that_an_answer_brings_up_is_shown_at_once() {
        assert_eq!(onward("", &["a.one"], false), "/respond/one#a.more");
        assert_eq!(onward("", &["a.one"], true), "/respond/one?back=check#a.more");
    }
}
