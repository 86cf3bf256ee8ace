//! What is still open before signing, the worst first, each with the way to its question.

use serde::Serialize;

use crate::domain::answers::whole;
use crate::domain::questionnaire::{Gravity, Question, Questionnaire, Topic};
use crate::web::portal::respondent::Respondent;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Open<'a> {
    /// `1 question is`, `12 questions are`.
    pub count: String,
    /// Sent back and not looked at: it is not signed without them.
    pub returned: Vec<OpenTopic<'a>>,
    /// Left as they are, each decides the outcome by itself.
    pub decisive: Vec<OpenTopic<'a>>,
    pub rest: Vec<OpenTopic<'a>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OpenTopic<'a> {
    title: &'a str,
    lines: Vec<OpenLine<'a>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct OpenLine<'a> {
    text: &'a str,
    href: String,
    /// What the practice asks, or what is missing.
    note: Option<String>,
}

/// How bad it is that a question is open.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Weight {
    Returned,
    Decisive,
    Ordinary,
}

impl<'a> Open<'a> {
    /// What is open of the questions that apply; `None` when nothing is.
    pub fn of(who: &Respondent, questionnaire: &'a Questionnaire, applicable: &[&Question]) -> Option<Self> {
        let count = applicable.iter().filter(|question| !who.is_done(question)).count();
        let topics: Vec<&Topic> = questionnaire.sections.iter().flat_map(|section| &section.topics).collect();
        let pick = |wanted: Weight| {
            let topic = |topic: &&'a Topic| {
                let asked = topic.questions.iter().filter(|one| applicable.iter().any(|other| other.slug == one.slug));
                let lines: Vec<OpenLine<'a>> = asked
                    .filter(|question| !who.is_done(question) && weight(who, question) == wanted)
                    .map(|question| line(who, topic, question))
                    .collect();
                (!lines.is_empty()).then_some(OpenTopic { title: &topic.title, lines })
            };
            topics.iter().filter_map(topic).collect()
        };
        (count > 0).then(|| Self {
            count: if count == 1 { "1 question is".to_owned() } else { format!("{count} questions are") },
            returned: pick(Weight::Returned),
            decisive: pick(Weight::Decisive),
            rest: pick(Weight::Ordinary),
        })
    }

    /// Something was sent back, and nobody has looked at it.
    pub fn waits(&self) -> bool {
        !self.returned.is_empty()
    }

    /// The questions that are open, in the order of the questionnaire.
    pub fn texts(who: &Respondent, applicable: &[&'a Question]) -> Vec<&'a str> {
        let open = applicable.iter().filter(|question| !who.is_done(question));
        open.map(|question| question.text.as_str()).collect()
    }

    pub fn samples() -> [Option<Self>; 4] {
        use crate::web::portal::view::{HOSTILE, longest};
        let with = |text: &'static str| {
            let line = |note: Option<&str>| OpenLine {
                text,
                href: "/respond/people?back=check#adm.training".to_owned(),
                note: note.map(str::to_owned),
            };
            let topics = vec![OpenTopic { title: text, lines: vec![line(Some(text)), line(None)] }];
            Self { count: "6 questions are".into(), returned: topics.clone(), decisive: topics.clone(), rest: topics }
        };
        let few = Self { returned: Vec::new(), decisive: Vec::new(), ..with("Do you train your people?") };
        [Some(few), Some(with(longest(400))), Some(with(HOSTILE)), None]
    }
}

fn weight(who: &Respondent, question: &Question) -> Weight {
    let blank = !who.answers.contains_key(&question.slug);
    match question.gravity {
        _ if who.is_waited_for(question) => Weight::Returned,
        Gravity::Critical | Gravity::HardStop if blank => Weight::Decisive,
        _ => Weight::Ordinary,
    }
}

fn line<'a>(who: &Respondent, topic: &Topic, question: &'a Question) -> OpenLine<'a> {
    let remark = who.opened.correction.as_ref().and_then(|open| open.returned.get(&question.slug));
    let lack = who.answers.get(&question.slug).and_then(|answer| whole::lacks(question, answer));
    OpenLine {
        text: &question.text,
        href: format!("/respond/{}?back=check#{}", topic.id, question.slug),
        note: remark.map(|says| format!("“{says}”")).or(lack.map(|lack| lack.problem)),
    }
}
