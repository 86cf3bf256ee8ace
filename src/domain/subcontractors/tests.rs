use proptest::prelude::*;

use super::*;

fn ids(count: usize) -> Vec<VendorId> {
    (0..count).map(|_| VendorId::fresh()).collect()
}

fn sub(name: &str, country: &str, access: Access) -> Sub {
    let exposure = Exposure {
        elements: [Element::Clinical].into(),
        access: [access].into(),
        offshore: Offshore::None,
        ..Exposure::default()
    };
    Sub { id: VendorId::fresh(), name: name.to_owned(), country: country.to_owned(), exposure }
}

fn alone() -> Exposure {
    Exposure { elements: [Element::Clinical].into(), subs: Subs::None, offshore: Offshore::None, ..Exposure::default() }
}

#[test]
fn a_vendor_cannot_be_put_under_one_that_works_for_it() {
    let [a, b, c] = ids(3).try_into().unwrap();
    let tree = Tree::of([(b, a), (c, b)]);
    assert_eq!(tree.check(a, c), Err(MoveFault::Loop));
    assert_eq!(tree.check(a, a), Err(MoveFault::Itself));
    assert_eq!(tree.check(c, a), Ok(()));
    assert_eq!((tree.above(c), tree.level(c)), (vec![b, a], 3));
    assert_eq!(tree.below(a), [(b, 1), (c, 2)]);
}

#[test]
fn eight_levels_are_the_most() {
    let ids = ids(9);
    let tree = Tree::of(ids.windows(2).take(7).map(|pair| (pair[1], pair[0])));
    assert_eq!(tree.level(ids[7]), DEEPEST);
    assert_eq!(tree.check(ids[8], ids[7]), Err(MoveFault::TooDeep));
    assert_eq!(tree.check(ids[8], ids[6]), Ok(()));
    // A whole branch counts with its height.
    assert_eq!(tree.check(ids[0], ids[8]), Err(MoveFault::TooDeep));
}

#[test]
fn a_company_abroad_far_below_makes_the_vendor_above_one_that_stores_abroad() {
    let typing = sub("Luzon Typing Pool", "Philippines", Access::Hosts);
    let effective = effective(&alone(), &[sub("Bluff Street", UNITED_STATES, Access::Hosts), typing]);
    assert_eq!((effective.exposure.subs, effective.exposure.offshore), (Subs::Few, Offshore::Stored));
    assert_eq!(
        effective.because,
        [
            "Other companies: one or two because we know of 2 companies below it",
            "Outside the United States: it is stored abroad because Luzon Typing Pool (Philippines) stores it abroad",
        ]
    );
}

#[test]
fn a_company_that_only_looks_from_abroad_is_one_that_sees() {
    let effective = effective(&alone(), &[sub("Night desk", "India", Access::Remote)]);
    assert_eq!(effective.exposure.offshore, Offshore::View);
}

#[test]
fn what_we_know_of_those_below_never_lowers_what_is_written_down() {
    let own = Exposure { subs: Subs::Unknown, offshore: Offshore::Stored, ..alone() };
    let effective = effective(&own, &[sub("Here", UNITED_STATES, Access::Hosts)]);
    assert_eq!((&effective.exposure, effective.because.len()), (&own, 0));
}

#[test]
fn a_kind_that_only_the_company_below_holds_is_said_and_not_added() {
    let mut more = sub("Bluff Street", "", Access::Hosts);
    more.exposure.elements.insert(Element::Insurance);
    let effective = effective(&alone(), &[more]);
    assert_eq!(effective.exposure.elements, alone().elements);
    assert_eq!(
        effective.facts[0].sentence,
        "Its subcontractor Bluff Street holds what our record of this vendor leaves out: Insurance and payment details"
    );
}

#[test]
fn the_united_states_have_many_spellings() {
    for text in ["US", "u.s.a.", "United  States", "America "] {
        assert_eq!(check_country(text).unwrap(), UNITED_STATES, "{text}");
    }
    assert_eq!(check_country(" India ").unwrap(), "India");
    assert!(check_country(&"x".repeat(61)).is_err());
    assert!(!is_abroad("") && is_abroad("India"));
}

proptest! {
    #[test]
    fn no_row_of_moves_makes_a_loop(moves in proptest::collection::vec((0_usize..12, 0_usize..12), 0..80)) {
        let ids = ids(12);
        let mut tree = Tree::default();
        for (child, under) in moves {
            if tree.check(ids[child], ids[under]).is_ok() {
                tree.put(ids[child], Some(ids[under]));
            }
            for id in &ids {
                prop_assert!(!tree.above(*id).contains(id));
                prop_assert!(tree.level(*id) <= DEEPEST);
                prop_assert!(tree.below(*id).iter().all(|(below, _)| tree.above(*below).contains(id)));
            }
        }
    }

    #[test]
    fn links_that_loop_all_the_same_are_walked_to_an_end(links in proptest::collection::vec((0_usize..6, 0_usize..6), 0..12)) {
        let ids = ids(6);
        let tree = Tree::of(links.into_iter().map(|(child, parent)| (ids[child], ids[parent])));
        for id in &ids {
            prop_assert!(tree.above(*id).len() < 6 && tree.below(*id).len() < 6);
        }
    }

    #[test]
    fn exposure_only_grows(subs in 0_usize..4, offshore in 0_usize..4, below in proptest::collection::vec((0_usize..3, 0_usize..8), 0..5)) {
        let own = Exposure { subs: Subs::ALL[subs], offshore: Offshore::ALL[offshore], ..alone() };
        let places = ["", UNITED_STATES, "India"];
        let below: Vec<Sub> = below.into_iter().map(|(place, way)| sub("One", places[place], Access::ALL[way])).collect();
        prop_assert!(effective(&own, &below).exposure.inherent().total >= own.inherent().total);
    }
}
