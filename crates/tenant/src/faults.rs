//! Faults that an address asks for, so that each can be reproduced by hand.

use std::collections::HashSet;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    Refused,
    Slow,
    Flaky,
    Throttled,
    LostReply,
    Gateway,
    Silent,
    Late,
    Ghost,
    Abuse,
    Forbidden,
}

const BY_DOMAIN: [(&str, Fault); 11] = [
    ("refused.example", Fault::Refused),
    ("slow.example", Fault::Slow),
    ("flaky.example", Fault::Flaky),
    ("throttled.example", Fault::Throttled),
    ("lost-reply.example", Fault::LostReply),
    ("gateway.example", Fault::Gateway),
    ("silent.example", Fault::Silent),
    ("late.example", Fault::Late),
    ("ghost.example", Fault::Ghost),
    ("abuse.example", Fault::Abuse),
    ("forbidden.example", Fault::Forbidden),
];

/// Remembers what has failed once already.
#[derive(Clone, Default)]
pub(super) struct Faults {
    seen: HashSet<String>,
}

impl Faults {
    pub(super) fn for_address(address: &str) -> Option<Fault> {
        let domain = address.rsplit_once('@')?.1;
        BY_DOMAIN.iter().find(|(name, _)| name.eq_ignore_ascii_case(domain)).map(|(_, fault)| *fault)
    }

    pub(super) fn first_time(&mut self, address: &str) -> bool {
        self.seen.insert(address.to_ascii_lowercase())
    }
}
