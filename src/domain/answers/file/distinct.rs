//! JSON in which no key stands twice: the second would silently win over the first, and with
//! it, perhaps, over a hard stop.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// Reads like any JSON value and keeps nothing of it.
pub(super) struct Distinct;

impl<'de> Deserialize<'de> for Distinct {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Keys)
    }
}

struct Keys;

impl<'de> Visitor<'de> for Keys {
    type Value = Distinct;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Distinct, A::Error> {
        let mut seen = BTreeSet::new();
        while let Some(key) = map.next_key::<String>()? {
            map.next_value::<Distinct>()?;
            if let Some(key) = seen.replace(key) {
                return Err(A::Error::custom(format!("“{key}” stands twice; keep one")));
            }
        }
        Ok(Distinct)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Distinct, A::Error> {
        while list.next_element::<Distinct>()?.is_some() {}
        Ok(Distinct)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Distinct, E> {
        Ok(Distinct)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Distinct, E> {
        Ok(Distinct)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Distinct, E> {
        Ok(Distinct)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Distinct, E> {
        Ok(Distinct)
    }

    fn visit_str<E>(self, _: &str) -> Result<Distinct, E> {
        Ok(Distinct)
    }

    fn visit_unit<E>(self) -> Result<Distinct, E> {
        Ok(Distinct)
    }
}

#[cfg(test)]
mod tests {
    use super::Distinct;

    #[test]
    fn a_key_that_stands_twice_is_a_fault_and_not_a_choice() {
        let read = |json: &str| serde_json::from_str::<Distinct>(json).map(drop).map_err(|error| error.to_string());
        assert_eq!(read(r#"{"a": [1, -2, 0.5, true, null, {"a": "b"}], "b": {}}"#), Ok(()));
        let twice = r#"{"answers": {"inc.tell-us": {"value": "no"}, "inc.tell-us": {"value": "yes"}}}"#;
        assert!(read(twice).unwrap_err().starts_with("“inc.tell-us” stands twice; keep one"));
    }
}
