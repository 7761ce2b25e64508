//! What is to be done for a row: proposed by the plan, and changeable by whoever sends.

use super::{PlanStep, Planned, Skip};
use crate::letter::Channel;
use std::collections::BTreeMap;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum RowAction {
    #[default]
    Invite,
    /// Ask Microsoft for a new invitation of somebody who has one. A mail may follow; it is not documented.
    Resend,
    /// A guest without a mail.
    OnlyAdd,
    Skip,
}

impl RowAction {
    pub const ALL: [Self; 4] = [Self::Invite, Self::Resend, Self::OnlyAdd, Self::Skip];

    pub const fn words(self) -> &'static str {
        match self {
            Self::Invite => "Invite",
            Self::Resend => "Resend",
            Self::OnlyAdd => "Only add",
            Self::Skip => "Skip",
        }
    }
}

/// What somebody chose instead of what was proposed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choices {
    /// By row id.
    pub rows: BTreeMap<u32, RowAction>,
    /// For every row that would be invited, and for every one that was invited already.
    pub new: Option<RowAction>,
    pub known: Option<RowAction>,
    /// By row id: who brings this guest's letter.
    pub channels: BTreeMap<u32, Channel>,
}

impl Choices {
    /// What is chosen for a row, of what can be done with it.
    pub(super) fn action_for(&self, row: u32, proposed: Option<&Skip>) -> RowAction {
        let can = choices(proposed);
        let for_all = if proposed.is_none() { self.new } else { self.known };
        let chosen = self.rows.get(&row).copied().or(for_all).filter(|action| can.contains(action));
        chosen.unwrap_or(if proposed.is_none() { RowAction::Invite } else { RowAction::Skip })
    }
}

/// What can be done with a row that would be skipped for this reason, or for none.
const fn choices(proposed: Option<&Skip>) -> &'static [RowAction] {
    match proposed {
        None | Some(Skip::Chosen) => &[RowAction::Invite, RowAction::OnlyAdd, RowAction::Skip],
        Some(Skip::Accepted(_) | Skip::Pending(_) | Skip::PendingMember(_) | Skip::InvitedBefore(_)) => {
            &[RowAction::Skip, RowAction::Resend]
        }
        Some(_) => &[RowAction::Skip],
    }
}

impl Planned {
    /// What can be done with this row.
    pub const fn choices(&self) -> &'static [RowAction] {
        match (&self.step, self.action) {
            (PlanStep::Invite(_), RowAction::Resend) => &[RowAction::Skip, RowAction::Resend],
            (PlanStep::Invite(_), _) => choices(None),
            (PlanStep::Skip(skip), _) => choices(Some(skip)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_done_with_a_row_follows_from_why_it_would_be_skipped() {
        use RowAction as A;
        let words = String::new;
        let reasons = [
            (None, &[A::Invite, A::OnlyAdd, A::Skip][..], A::Invite),
            (Some(Skip::Accepted(None)), &[A::Skip, A::Resend], A::Skip),
            (Some(Skip::Pending(None)), &[A::Skip, A::Resend], A::Skip),
            (Some(Skip::PendingMember(None)), &[A::Skip, A::Resend], A::Skip),
            (Some(Skip::InvitedBefore(words())), &[A::Skip, A::Resend], A::Skip),
            (Some(Skip::Duplicate(1)), &[A::Skip], A::Skip),
            (Some(Skip::OwnDomain(words())), &[A::Skip], A::Skip),
            (Some(Skip::Member(words())), &[A::Skip], A::Skip),
            (Some(Skip::ExternalMember(words())), &[A::Skip], A::Skip),
            (Some(Skip::Blocked), &[A::Skip], A::Skip),
            (Some(Skip::Clash(words(), words())), &[A::Skip], A::Skip),
        ];
        for (proposed, can, otherwise) in reasons {
            for chosen in A::ALL {
                let expected = if can.contains(&chosen) { chosen } else { otherwise };
                let by_row = Choices { rows: [(1, chosen)].into(), ..Choices::default() };
                let for_all = Choices { new: Some(chosen), known: Some(chosen), ..Choices::default() };
                assert_eq!(by_row.action_for(1, proposed.as_ref()), expected, "{proposed:?} {chosen:?}");
                assert_eq!(for_all.action_for(1, proposed.as_ref()), expected, "{proposed:?} {chosen:?}");
                assert_eq!(by_row.action_for(2, proposed.as_ref()), otherwise, "another row's choice {proposed:?} {chosen:?}");
            }
        }
    }

    #[test]
    fn whoever_is_sent_a_new_link_can_still_be_left_out_but_not_invited_as_if_new() {
        use RowAction as A;
        let can = |step: PlanStep, action: A| {
            let (email, name) = ("a@x.example".into(), String::new());
            Planned { row: 1, email, name, step, note: None, action, channel: Channel::Microsoft }.choices()
        };
        let invited = || PlanStep::Invite(Default::default());
        assert_eq!(can(invited(), A::Resend), [A::Skip, A::Resend]);
        for action in [A::Invite, A::OnlyAdd] {
            assert_eq!(can(invited(), action), [A::Invite, A::OnlyAdd, A::Skip], "{action:?}");
        }
        assert_eq!(can(PlanStep::Skip(Skip::Chosen), A::Skip), [A::Invite, A::OnlyAdd, A::Skip]);
        assert_eq!(can(PlanStep::Skip(Skip::Pending(None)), A::Skip), [A::Skip, A::Resend]);
        assert_eq!(can(PlanStep::Skip(Skip::Blocked), A::Skip), [A::Skip]);
    }
}
