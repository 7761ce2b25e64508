//! Where mail shows that does not arrive. A run is never told: to Graph a letter is done once a mailbox has taken it (202), and the
//! mail of an invitation is Microsoft's own affair.

use super::Run;
use crate::jobs::invite::outcome::Outcome;
use crate::jobs::invite::plan::{Plan, PlanStep, RowAction};
use crate::letter::Channel;
use crate::words::count;
use std::collections::BTreeMap;

/// So many letters at once may be what a mailbox is restricted for. No number is published; a burst of forty was enough
/// (OfficeDocs-o365seccomp #643).
const MANY: usize = 20;

impl Run {
    /// Where to look for what was sent and did not arrive, in sentences, once something was.
    pub fn undelivered(&self, plan: &Plan) -> Vec<String> {
        let mut sent: BTreeMap<Channel, usize> = BTreeMap::new();
        for row in plan.rows.iter().filter(|row| matches!(row.step, PlanStep::Invite(_)) && row.action != RowAction::OnlyAdd) {
            if self.ended(row.row).is_some_and(|ended| matches!(ended.outcome, Outcome::Invited { .. })) {
                *sent.entry(row.channel).or_default() += 1;
            }
        }
        sent.into_iter().filter_map(|(channel, number)| words(channel, number)).collect()
    }
}

fn words(channel: Channel, number: usize) -> Option<String> {
    let restricted = if number < MANY {
        ""
    } else {
        " If many come back with 550 5.1.8, Exchange has restricted your mailbox after so many at once: an administrator lifts that in the Microsoft Defender portal under Restricted entities, and meanwhile the letters can be had as files below."
    };
    Some(match channel {
        Channel::Microsoft => "Nobody is told of invitations that Microsoft’s mail could not bring. Whoever has not accepted after some days may not have got theirs: Resend asks for another, or pass the link on yourself.".into(),
        Channel::Mailbox => format!(
            "{} handed to your mailbox, which does not say whether anything arrived. What cannot be delivered comes back to its Inbox as “Undeliverable”, within minutes or a day.{restricted}",
            count(number, "letter was", "letters were")
        ),
        Channel::Drafts => format!(
            "{} in your mailbox, to be sent by you. What cannot be delivered then comes back to its Inbox as “Undeliverable”.",
            count(number, "draft lies", "drafts lie")
        ),
        Channel::Files | Channel::ByHand | Channel::Teams => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jobs::invite::examples::planned;

    #[test]
    fn nothing_is_called_delivered() {
        for number in [1, MANY] {
            for channel in Channel::ALL {
                let said = words(channel, number).unwrap_or_default();
                assert!(!said.contains("were delivered") && !said.contains("was delivered"), "{said}");
                assert!(!channel.needs_mailbox() || said.contains("Inbox"), "{said}");
            }
        }
        assert!(words(Channel::Mailbox, 1).unwrap().starts_with("1 letter was handed to your mailbox"));
        assert!(!words(Channel::Mailbox, 1).unwrap().contains("5.1.8"));
        assert!(words(Channel::Mailbox, 40).unwrap().contains("Restricted entities"));
        assert!(words(Channel::Mailbox, MANY).unwrap().contains("5.1.8"));
        assert!(!words(Channel::Mailbox, MANY - 1).unwrap().contains("5.1.8"));
    }

    #[test]
    fn only_what_was_sent_to_somebody_who_is_invited_is_to_be_looked_for() {
        use super::super::journal::{Entry, RowEvent};
        use crate::bulk::Ramp;
        use crate::jobs::invite::plan::Planned;
        use time::Moment;
        let told = |action: RowAction, channel: Channel, outcome: Outcome| {
            let planned = Planned { action, channel, ..planned(1) };
            let plan = Plan { rows: vec![planned], ..Plan::default() };
            let entry = |what: RowEvent| Entry { row: 1, what, at: Moment(0), halted: None, never_left: false };
            let entries = [entry(RowEvent::Left), entry(RowEvent::Ended(outcome))];
            Run::resume(&plan, Ramp::default(), &entries, true, Moment(0)).undelivered(&plan)
        };
        let invited = || Outcome::Invited { guest: "g".into(), redeem: None, seen: true };
        for action in [RowAction::Invite, RowAction::Resend] {
            assert_eq!(told(action, Channel::Mailbox, invited()), [words(Channel::Mailbox, 1).unwrap()], "{action:?}");
        }
        assert!(told(RowAction::OnlyAdd, Channel::Mailbox, invited()).is_empty(), "who is only added gets no letter");
        assert!(told(RowAction::Invite, Channel::Mailbox, Outcome::Unsure).is_empty());
        assert!(told(RowAction::Invite, Channel::Files, invited()).is_empty());
    }
}
