//! What goes wrong in the stories whose traces are recorded.

use crate::network::{BUSY, HTML, NetworkFault, THROTTLED};
use tenant::Knobs;

/// Makes Contoso behave otherwise.
type Turn = fn(&mut Knobs);

/// What goes wrong in a story.
#[derive(Clone, Debug)]
pub enum Scenario {
    Nothing,
    /// A third of the guests have an address of this domain, which the sample tenant treats in its own way.
    Domain(&'static str),
    /// One request in five meets this on its way.
    Way(NetworkFault),
    Knob(&'static str, Turn),
    /// The tenant may send ten invitations a day.
    Allowance,
    /// The token may not read the directory.
    NoDirectory,
}

impl Scenario {
    /// As the heading of a story, which is recorded: the address of a function is another one each time the tests are started.
    pub fn words(&self) -> String {
        match self {
            Self::Knob(words, _) => format!("Knob({words:?})"),
            other => format!("{other:?}"),
        }
    }
}

/// All of them, each as often as the others.
pub fn scenarios() -> Vec<Scenario> {
    const DOMAINS: [&str; 11] =
        ["refused", "slow", "flaky", "throttled", "lost-reply", "gateway", "silent", "late", "ghost", "abuse", "forbidden"];
    let ways = [
        NetworkFault::Offline,
        NetworkFault::CutBefore,
        NetworkFault::CutAfter,
        NetworkFault::Silence,
        NetworkFault::Instead(503, BUSY),
        NetworkFault::Instead(503, HTML),
        NetworkFault::Instead(429, THROTTLED),
        NetworkFault::Instead(403, HTML),
        NetworkFault::Instead(302, ""),
        NetworkFault::After(502, ""),
        NetworkFault::After(503, HTML),
        NetworkFault::After(504, HTML),
        NetworkFault::After(200, HTML),
    ];
    let knobs: [(&'static str, Turn); 19] = [
        ("a small quota", |knobs| (knobs.quota_writes, knobs.quota_window_ms) = (4, 20_000)),
        ("guests appear after 15 s", |knobs| knobs.delay_ms = 15_000),
        ("guests never appear", |knobs| knobs.delay_ms = u32::MAX),
        ("blocked after three", |knobs| knobs.suspicious_after = 3),
        ("two objects left", |knobs| knobs.object_quota = 2),
        ("a token of 20 s", |knobs| knobs.access_token_seconds = 20),
        ("a step-up", |knobs| knobs.step_up = true),
        ("nobody may invite", |knobs| knobs.allow_invites_from = "none".into()),
        ("a blocked domain", |knobs| knobs.blocked_domains = "fabrikam.example".into()),
        ("no mailbox", |knobs| knobs.mail_fault = "noMailbox".into()),
        ("a mailbox that is denied", |knobs| knobs.mail_fault = "denied".into()),
        ("a mailbox at its limit", |knobs| (knobs.mail_fault, knobs.mail_fault_after) = ("limit".into(), 2)),
        ("a full mailbox", |knobs| (knobs.mail_fault, knobs.mail_fault_after) = ("full".into(), 1)),
        ("a blocked sender", |knobs| knobs.mail_fault = "blocked".into()),
        ("a busy mailbox", |knobs| (knobs.mail_fault, knobs.mail_fault_after) = ("busy".into(), 1)),
        ("a throttled mailbox", |knobs| (knobs.mail_fault, knobs.mail_fault_after) = ("throttled".into(), 1)),
        ("letters whose answers are lost", |knobs| (knobs.mail_fault, knobs.mail_fault_after) = ("lost".into(), 1)),
        ("items of batches that end in 504", |knobs| (knobs.gateway, knobs.gateway_times) = ("item 504".into(), 3)),
        ("a gateway that drops writes", |knobs| {
            (knobs.gateway, knobs.gateway_after, knobs.gateway_times, knobs.gateway_drops) = ("503".into(), 2, 3, true);
        }),
    ];
    let mut all = vec![Scenario::Nothing, Scenario::Allowance, Scenario::NoDirectory];
    all.extend(DOMAINS.map(Scenario::Domain));
    all.extend(ways.map(Scenario::Way));
    all.extend(knobs.map(|(words, turn)| Scenario::Knob(words, turn)));
    all
}
