//! Enumerations of Graph's. They grow ("evolvable enumerations", <https://learn.microsoft.com/graph/best-practices-concept>), so a word that
//! nobody knows here is kept as it is; and they come in either capitalisation.

/// Defines an enumeration with the word of each member, and one more member for every other word. It is read from a text and written as one.
macro_rules! enumeration {
    ($(#[$doc:meta])* pub enum $name:ident { $($(#[$of:meta])* $member:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[serde(from = "String", into = "String")]
        pub enum $name {
            $($(#[$of])* $member,)+
            /// A word that is not known here, as it was written.
            Other(String),
        }

        impl $name {
            /// As Graph writes it.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$member => $word,)+
                    Self::Other(word) => word,
                }
            }
        }

        impl From<String> for $name {
            fn from(word: String) -> Self {
                $(if word.eq_ignore_ascii_case($word) {
                    return Self::$member;
                })+
                Self::Other(word)
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.as_str().into()
            }
        }
    };
}

pub(crate) use enumeration;

#[cfg(test)]
mod tests {
    enumeration! {
        /// Of this test.
        pub enum TrafficLight {
            /// Go.
            Green = "greenLight",
            /// Stop.
            Red = "redLight",
        }
    }

    #[test]
    fn words_are_read_in_either_capitalisation_and_unknown_ones_are_kept() {
        let check = |word: &str, expected: TrafficLight, written: &str| {
            let read: TrafficLight = serde_json::from_value(word.into()).unwrap();
            assert_eq!((serde_json::to_value(&read).unwrap(), read), (written.into(), expected));
        };
        check("greenLight", TrafficLight::Green, "greenLight");
        check("GreenLight", TrafficLight::Green, "greenLight");
        check("REDLIGHT", TrafficLight::Red, "redLight");
        check("Blinking", TrafficLight::Other("Blinking".into()), "Blinking");
    }
}
