//! What each factor of the inherent risk means, and the one step that would lower it most.
//! A step is tried on the profile itself, so that the figures are those of the model.

use super::exposure::{Access, Criticality, Element, Exposure, Offshore, Subs, Tier, Volume};

/// One factor, explained.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    pub name: &'static str,
    pub means: &'static str,
    /// What is noted, in words.
    pub noted: String,
    pub unknown: bool,
    pub step: Option<Step>,
}

/// A step that lowers the risk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Goes on from "it would be": `without Names, contact details and appointments`.
    pub change: String,
    /// Basis points less.
    pub points: u32,
    /// The tier it would come to by the rules, where that differs.
    pub tier: Option<Tier>,
}

/// The six factors, in the order of [`Exposure::inherent`].
pub fn advice(of: &Exposure) -> [Advice; 6] {
    [elements(of), volume(of), access(of), criticality(of), subs(of), offshore(of)]
}

fn step(of: &Exposure, change: String, changed: &Exposure) -> Option<Step> {
    let (before, after) = (of.inherent(), changed.inherent());
    let points = before.total.checked_sub(after.total).filter(|points| *points > 0)?;
    Some(Step { change, points, tier: (after.tier != before.tier).then_some(after.tier) })
}

/// The best of several steps.
fn best(steps: impl Iterator<Item = Step>) -> Option<Step> {
    steps.max_by_key(|step| step.points)
}

fn noted(words: Vec<&'static str>) -> String {
    if words.is_empty() { "Not known".to_owned() } else { words.join("; ") }
}

fn elements(of: &Exposure) -> Advice {
    let without = |one: &Element| {
        let mut less = of.clone();
        less.elements.remove(one);
        // With nothing left the kind would count as not known.
        if less.elements.is_empty() { None } else { step(of, format!("without “{}”", one.says()), &less) }
    };
    Advice {
        name: "Kind of information",
        means: "The most sensitive kind counts, not how many kinds there are.",
        noted: noted(of.elements.iter().map(|one| one.says()).collect()),
        unknown: of.elements.is_empty(),
        step: best(of.elements.iter().filter_map(without)),
    }
}

fn volume(of: &Exposure) -> Advice {
    let below = match of.volume {
        Volume::Over500000 => Some(Volume::Under500000),
        Volume::Under500000 => Some(Volume::Under50000),
        Volume::Under50000 => Some(Volume::Under5000),
        Volume::Under5000 => Some(Volume::Under500),
        Volume::Under500 | Volume::Unknown => None,
    };
    Advice {
        name: "Patients",
        means: "How many patients a mishap there would concern.",
        noted: of.volume.says().to_owned(),
        unknown: of.volume == Volume::Unknown,
        step: below.and_then(|volume| {
            step(of, format!("with {} patients", volume.says().to_lowercase()), &Exposure { volume, ..of.clone() })
        }),
    }
}

fn access(of: &Exposure) -> Advice {
    let unknown = of.access.is_empty() || of.access.contains(&Access::Unknown);
    let without = |one: &Access| {
        let mut less = of.clone();
        less.access.remove(one);
        if less.access.is_empty() { None } else { step(of, format!("without “{}”", one.says()), &less) }
    };
    Advice {
        name: "Ways in",
        means: "The widest way in counts: who runs our systems can see all of it.",
        noted: noted(of.access.iter().map(|one| one.says()).collect()),
        unknown,
        step: if unknown { None } else { best(of.access.iter().filter_map(without)) },
    }
}

fn criticality(of: &Exposure) -> Advice {
    let longer = match of.criticality {
        Criticality::Day => Some(Criticality::ThreeDays),
        Criticality::ThreeDays => Some(Criticality::Week),
        Criticality::Week => Some(Criticality::Longer),
        Criticality::Longer | Criticality::Unknown => None,
    };
    Advice {
        name: "How long we can do without",
        means: "What stops here when it stops there.",
        noted: of.criticality.says().to_owned(),
        unknown: of.criticality == Criticality::Unknown,
        step: longer.and_then(|criticality| {
            let change = format!("if a way round kept us working: {}", criticality.says().to_lowercase());
            step(of, change, &Exposure { criticality, ..of.clone() })
        }),
    }
}

fn subs(of: &Exposure) -> Advice {
    let fewer = match of.subs {
        Subs::Many => Some((Subs::Few, "with one or two of them")),
        Subs::Few => Some((Subs::None, "without them")),
        Subs::None | Subs::Unknown => None,
    };
    Advice {
        name: "Other companies",
        means: "Each company behind it is one more place where it can go wrong.",
        noted: of.subs.says().to_owned(),
        unknown: of.subs == Subs::Unknown,
        step: fewer.and_then(|(subs, says)| step(of, says.to_owned(), &Exposure { subs, ..of.clone() })),
    }
}

fn offshore(of: &Exposure) -> Advice {
    let change = match of.offshore {
        Offshore::View => Some("if nobody abroad could see it"),
        Offshore::Stored => Some("if it were kept in the United States"),
        Offshore::None | Offshore::Unknown => None,
    };
    Advice {
        name: "Outside the United States",
        means: "Our courts and regulators reach less far there.",
        noted: of.offshore.says().to_owned(),
        unknown: of.offshore == Offshore::Unknown,
        step: change.and_then(|says| step(of, says.to_owned(), &Exposure { offshore: Offshore::None, ..of.clone() })),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn billing() -> Exposure {
        Exposure {
            elements: [Element::Contact, Element::GovernmentId, Element::Clinical].into(),
            volume: Volume::Under50000,
            access: [Access::Hosts, Access::Remote].into(),
            criticality: Criticality::Day,
            subs: Subs::Few,
            offshore: Offshore::Stored,
            traits: [].into(),
        }
    }

    #[test]
    fn each_factor_names_the_step_that_lowers_it_most() {
        let steps: Vec<(String, u32)> =
            advice(&billing()).into_iter().filter_map(|one| one.step).map(|step| (step.change, step.points)).collect();
        let expected = [
            ("without “Clinical notes, diagnoses, results or images”", 750),
            ("with 500 to 4,999 patients", 500),
            ("without “Keeps it on its own systems”", 200),
            ("if a way round kept us working: up to three days", 450),
            ("without them", 300),
            ("if it were kept in the United States", 500),
        ];
        assert_eq!(steps, expected.map(|(change, points)| (change.to_owned(), points)));
    }

    #[test]
    fn what_is_not_known_is_said_and_has_no_step_but_to_find_out() {
        for one in advice(&Exposure::default()) {
            assert!(one.unknown && one.step.is_none() && one.noted == "Not known", "{one:?}");
        }
    }

    #[test]
    fn the_last_kind_of_information_is_not_taken_away() {
        let only = Exposure { elements: [Element::Contact].into(), access: [Access::Paper].into(), ..billing() };
        let all = advice(&only);
        assert_eq!((&all[0].step, &all[2].step), (&None, &None));
    }
}
