//! One row's own state machine: from waiting to its one outcome. What happens once the guest is there and a letter of one's
//! own is to follow stands in `delivery.rs`, how it is resumed in `resuming.rs`.

use super::delivery::{ASKS, ChatTarget};
use super::journal::{Entry, RowEvent};
use super::request_kind::RequestKind;
use super::stage::{InvitedGuest, TaskStage};
use crate::letter::Channel;
use crate::outcome::{Ended, NoLetter, NotSent, Outcome};
use crate::permissions;
use graph::invitations::{Created, Invitation, invite};
use graph::users::{Page, User, by_address, by_id};
use graph::{Again, Problem, Reply, Request, Unreached, problem};
use std::sync::Arc;
use time::{Millis, Moment, Now};

/// Waits between looks, in seconds; four minutes together. The directory is eventually consistent, so one look proves
/// nothing (learn.microsoft.com/graph/api/user-list).
const WAITS: [i64; 8] = [2, 4, 8, 16, 30, 60, 60, 60];
/// Of these, as many for a lost reply before it is sent once more: two minutes.
pub(super) const LOOKS: u32 = 6;
/// How often a row that Graph says to ask again is asked before it counts as refused.
pub(super) const TRIES: u32 = 8;
/// Waits grow up to this try: 2 s, 4 s and so on to 64 s.
pub(super) const LONGEST_WAIT: u32 = 5;
/// So often in a row a look may come to nothing, which takes half an hour or so: longer than gateways take to be fixed, and no longer than
/// somebody waits for an end. Then what is in doubt stays so, and whoever has not left does not leave.
pub(super) const FAILED_LOOKS: u32 = 24;

#[derive(Clone, Debug)]
pub(super) struct Task {
    pub(super) row: u32,
    pub(super) stage: TaskStage,
    /// Who brings the letter.
    pub(super) channel: Channel,
    pub(super) chat: ChatTarget,
    pub(super) invitation: Option<Arc<Invitation>>,
    /// Somebody who is there already gets a new link: looking does not tell whether it was sent.
    pub(super) is_known: bool,
    /// What was asked last of it did not leave this machine.
    is_cut_off: bool,
    /// How often it was sent without an answer.
    pub(super) lost: u32,
    /// Who is there already, while the link that got lost with an answer is asked for once more.
    pub(super) found: Option<InvitedGuest>,
    /// How it ended, or would have, when it may have been sent: what comes to nothing after that ends like that, too.
    pub(super) earlier: Option<Box<Outcome>>,
    /// When it left first, by the computer's clock, unless that came to nothing for certain.
    pub(super) first_left: Option<Moment>,
    /// When it was looked last who has the address, if that was in this run.
    pub(super) looked: Option<Now>,
    /// So many looks failed since, and when the first of them did, by the computer's clock.
    pub(super) failed_looks: u32,
    pub(super) looks_fail_since: Moment,
    /// How often it had been asked to wait when it was looked for again.
    pub(super) sent: u32,
}

impl Task {
    pub(super) fn new(row: u32, invitation: Arc<Invitation>, is_known: bool, channel: Channel) -> Self {
        Self {
            is_known,
            row,
            channel,
            chat: ChatTarget::None,
            stage: TaskStage::Waiting { not_before: Moment(0), tries: 0 },
            invitation: Some(invitation),
            is_cut_off: false,
            lost: 0,
            found: None,
            earlier: None,
            first_left: None,
            looked: None,
            failed_looks: 0,
            looks_fail_since: Moment(0),
            sent: 0,
        }
    }

    pub(super) fn ended(row: u32, ended: Ended) -> Self {
        Self { stage: TaskStage::Ended(ended), invitation: None, ..Self::new(row, Arc::default(), false, Channel::Microsoft) }
    }

    pub(super) fn outcome(&self) -> Option<&Ended> {
        if let TaskStage::Ended(ended) = &self.stage { Some(ended) } else { None }
    }

    pub(super) fn is_accepted(&self) -> bool {
        match &self.stage {
            TaskStage::Created { .. } | TaskStage::Verifying { .. } => true,
            TaskStage::LetterDue { .. } | TaskStage::LetterLeaving { .. } | TaskStage::LetterAsked { .. } => true,
            TaskStage::Ended(ended) => matches!(ended.outcome, Outcome::Invited { .. } | Outcome::NoLetter { .. }),
            _ => false,
        }
    }

    /// Whether the guest was seen in the directory.
    pub(super) fn is_seen(&self) -> bool {
        match &self.stage {
            TaskStage::LetterDue { guest, .. } | TaskStage::LetterLeaving { guest, .. } | TaskStage::LetterAsked { guest, .. } => {
                guest.seen
            }
            TaskStage::Ended(ended) => matches!(ended.outcome, Outcome::Invited { seen: true, .. } | Outcome::NoLetter { seen: true, .. }),
            _ => false,
        }
    }

    /// Whether the guest is there and the letter is not.
    pub(super) const fn wants_letter(&self) -> bool {
        matches!(self.stage, TaskStage::LetterDue { .. } | TaskStage::LetterLeaving { .. } | TaskStage::LetterAsked { .. })
    }

    pub(super) fn is_offline(&self) -> bool {
        self.is_cut_off && !matches!(self.stage, TaskStage::Ended(_))
    }

    pub(super) const fn was_lost(&self) -> bool {
        self.lost > 0
    }

    pub(super) fn has_left(&self) -> bool {
        !matches!(self.stage, TaskStage::Waiting { .. } | TaskStage::Checking { .. } | TaskStage::Leaving { .. } | TaskStage::Asked { .. })
    }

    pub(super) fn word(&self) -> &'static str {
        match self.stage {
            TaskStage::Waiting { .. } if self.found.is_some() => "Invited, link to come",
            _ => self.stage.word(),
        }
    }

    pub(super) fn tries(&self) -> u32 {
        self.stage.tries()
    }

    /// When this row wants to be asked that, if at all.
    pub(super) fn wants(&self, kind: RequestKind) -> Option<Moment> {
        match (&self.stage, kind) {
            (TaskStage::Waiting { not_before, .. }, RequestKind::Invite)
            | (TaskStage::Unsure { not_before, .. }, RequestKind::Look)
            | (TaskStage::Created { not_before, .. }, RequestKind::Verify) => Some(*not_before),
            (TaskStage::LetterDue { not_before, .. }, RequestKind::Chat) if self.chat == ChatTarget::Wanted => Some(*not_before),
            (TaskStage::LetterDue { not_before, .. }, RequestKind::Letter) if self.chat != ChatTarget::Wanted => Some(*not_before),
            _ => None,
        }
    }

    pub(super) fn request(&self, kind: RequestKind) -> Request {
        let invitation = self.invitation.as_ref().expect("rows without an invitation have ended");
        match (kind, &self.stage) {
            (RequestKind::Invite, _) => invite(invitation),
            (_, TaskStage::Created { guest, .. } | TaskStage::Verifying { guest, .. }) => by_id(guest),
            _ => by_address(&invitation.invited_user_email_address),
        }
    }

    /// The permission without which that cannot be asked.
    pub(super) fn permission(&self, kind: RequestKind) -> &'static str {
        match kind {
            RequestKind::Invite => permissions::INVITING,
            RequestKind::Look | RequestKind::Verify | RequestKind::Count => permissions::DIRECTORY,
            // A channel names its permissions in the order in which they are used.
            RequestKind::Chat => self.channel.scopes().first().copied().unwrap_or_default(),
            RequestKind::Letter => self.channel.scopes().last().copied().unwrap_or_default(),
        }
    }

    /// About to leave: the journal has to know first.
    pub(super) fn leave(&mut self, kind: RequestKind, now: Now) -> Entry {
        if kind == RequestKind::Letter {
            return self.letter_leaves(now);
        }
        self.stage = TaskStage::Leaving { tries: self.tries() };
        self.first_left.get_or_insert(now.wall);
        self.entry(RowEvent::Left, now)
    }

    /// It is on its way now.
    pub(super) fn left(&mut self) {
        self.is_cut_off = false;
        self.stage = match std::mem::replace(&mut self.stage, TaskStage::Leaving { tries: 0 }) {
            TaskStage::Leaving { tries } => TaskStage::Asked { tries },
            TaskStage::Unsure { tries, .. } => TaskStage::Looking { tries },
            TaskStage::Created { guest, redeem, tries, .. } => TaskStage::Verifying { guest, redeem, tries },
            TaskStage::LetterDue { guest, tries, .. } | TaskStage::LetterLeaving { guest, tries } => {
                TaskStage::LetterAsked { guest, tries }
            }
            other => other,
        };
    }

    /// A reply came. What has to be written down, or the problem it tells of.
    pub(super) fn told(&mut self, kind: RequestKind, reply: &Reply, now: Now) -> Result<Option<Entry>, Problem> {
        match kind {
            RequestKind::Invite => {
                let created: Created = reply.read()?;
                let (guest, redeem) = (created.invited_user.id, Some(created.invite_redeem_url));
                (self.found, self.earlier) = (None, None);
                self.stage = TaskStage::Created { guest: guest.clone(), redeem: redeem.clone(), not_before: now + Millis(500), tries: 0 };
                Ok(Some(self.entry(RowEvent::Created { guest, redeem }, now)))
            }
            RequestKind::Verify => match reply.read::<User>() {
                Ok(user) if !user.id.is_empty() => Ok(Some(self.seen(user.id, now))),
                // Something answered that knows no users.
                Ok(_) => Ok(self.not_seen(now)),
                Err(problem) if problem.kind == problem::ProblemKind::NotFound => Ok(self.not_seen(now)),
                Err(problem) => Err(problem),
            },
            RequestKind::Look => {
                let users = reply.read::<Page<User>>()?.value;
                Ok(self.looked_up(&users, now))
            }
            RequestKind::Chat | RequestKind::Letter => self.letter_told(kind, reply, now),
            RequestKind::Count => Ok(None),
        }
    }

    pub(super) fn seen(&mut self, guest: String, now: Now) -> Entry {
        let redeem = if let TaskStage::Verifying { redeem, .. } = &self.stage { redeem.clone() } else { None };
        self.invited(InvitedGuest { id: guest, redeem, seen: true }, now)
    }

    fn not_seen(&mut self, now: Now) -> Option<Entry> {
        let TaskStage::Verifying { guest, redeem, tries } = self.stage.clone() else { return None };
        self.failed_looks = 0;
        match WAITS.get(tries as usize) {
            Some(wait) => {
                self.stage = TaskStage::Created { guest, redeem, not_before: now + Millis::seconds(*wait), tries: tries + 1 };
                None
            }
            None => Some(self.end(Outcome::NotFound { guest, redeem }, now)),
        }
    }

    /// Nobody has the address. After looks enough the request is taken not to have arrived, and may be sent once more; a second
    /// silence stays unsure.
    pub(super) fn nobody_there(&mut self, now: Now) -> Option<Entry> {
        let tries = self.tries();
        match WAITS[..LOOKS as usize].get(tries as usize) {
            Some(wait) => {
                self.stage = TaskStage::Unsure { not_before: now + Millis::seconds(*wait), tries: tries + 1 };
                None
            }
            None if self.lost < 2 => {
                self.earlier.get_or_insert_with(|| Box::new(Outcome::Unsure));
                let sent = std::mem::take(&mut self.sent);
                Some(self.wait_again(now.steady, sent, now))
            }
            None => Some(self.end(Outcome::Unsure, now)),
        }
    }

    /// No reply came.
    pub(super) fn unreached(&mut self, kind: RequestKind, unreached: Unreached, now: Now) -> Option<Entry> {
        let tries = self.tries();
        let soon = now + Millis::seconds(2 << tries.min(LONGEST_WAIT));
        self.is_cut_off = unreached == Unreached::Offline;
        match (kind, unreached) {
            (RequestKind::Chat | RequestKind::Letter, _) => Some(self.letter_unreached(kind, unreached, now)),
            (RequestKind::Invite, Unreached::Offline) => Some(self.wait_again(soon, tries + 1, now)),
            // No mail goes with it, so asking for the link once more reaches nobody twice.
            (RequestKind::Invite, Unreached::Lost) if self.is_known && !self.channel.is_microsoft() && self.lost < ASKS => {
                self.lost += 1;
                Some(self.wait_again(soon, tries + 1, now))
            }
            (RequestKind::Invite, Unreached::Lost) if self.is_known => Some(self.end(Outcome::Unsure, now)),
            (RequestKind::Invite, Unreached::Lost) => {
                self.lost += 1;
                self.stage = TaskStage::Unsure { not_before: now + Millis::seconds(1), tries: 0 };
                None
            }
            // A look that failed is not counted as a look.
            _ => self.look_failed(self.looked_for_soon(now), now),
        }
    }

    pub(super) fn refused(&mut self, kind: RequestKind, problem: Problem, again: Again, now: Now) -> Option<Entry> {
        let tries = self.tries();
        match (kind, again) {
            (RequestKind::Chat | RequestKind::Letter, _) => Some(self.letter_refused(problem, again, now)),
            (RequestKind::Invite, Again::After(wait)) if tries < TRIES => Some(self.wait_again(now + wait, tries + 1, now)),
            (RequestKind::Invite, Again::AfterSignIn) if tries < TRIES => Some(self.wait_again(now.steady, tries + 1, now)),
            (RequestKind::Invite, Again::LookFirst) => self.unreached(kind, Unreached::Lost, now),
            (RequestKind::Invite, _) => Some(self.end(Outcome::Refused(problem), now)),
            (_, Again::After(wait)) => self.look_failed(now + wait, now),
            // A fresh token that is not taken either is not fetched again and again.
            (_, Again::AfterSignIn) => {
                let then = if self.failed_looks == 0 { now.steady } else { self.looked_for_soon(now) };
                self.look_failed(then, now)
            }
            // `can_look` is off from here on; `cannot_look` ends the row.
            (_, Again::Never | Again::LookFirst) => self.look_failed(now.steady, now),
        }
    }

    fn looked_for_soon(&self, now: Now) -> Moment {
        now + Millis::seconds(2 << (self.tries() + self.failed_looks).min(LONGEST_WAIT))
    }

    /// Asked again then, unless that came to nothing so often that a person has to see to it.
    fn look_failed(&mut self, then: Moment, now: Now) -> Option<Entry> {
        if self.failed_looks == 0 {
            self.looks_fail_since = now.wall;
        }
        // Waiting for the network makes waits longer, and never counts as having asked too often.
        if !self.is_cut_off || self.failed_looks < LONGEST_WAIT {
            self.failed_looks += 1;
        }
        self.stage = match self.stage.clone() {
            TaskStage::Looking { tries } => TaskStage::Unsure { not_before: then, tries },
            TaskStage::Checking { tries } => TaskStage::Waiting { not_before: then, tries },
            TaskStage::Verifying { guest, redeem, tries } => TaskStage::Created { guest, redeem, not_before: then, tries },
            other => other,
        };
        if self.failed_looks < FAILED_LOOKS { None } else { self.cannot_look(now) }
    }

    pub(super) fn wait_again(&mut self, not_before: Moment, tries: u32, now: Now) -> Entry {
        self.stage = TaskStage::Waiting { not_before, tries };
        let found = self.found.as_ref().map(|guest| RowEvent::LinkWanted { guest: guest.id.clone(), seen: guest.seen });
        // What came to nothing now says nothing of what may have been sent before.
        let otherwise = if self.earlier.is_some() { RowEvent::NotSeen } else { RowEvent::NotDone };
        if otherwise == RowEvent::NotDone {
            self.first_left = None;
        }
        self.entry(found.unwrap_or(otherwise), now)
    }

    /// The directory cannot be read: what is created counts as invited, what is unsure stays so.
    pub(super) fn cannot_look(&mut self, now: Now) -> Option<Entry> {
        match self.stage.clone() {
            TaskStage::Created { guest, redeem, .. } => Some(self.invited(InvitedGuest { id: guest, redeem, seen: false }, now)),
            TaskStage::Unsure { .. } => Some(self.end(Outcome::Unsure, now)),
            _ => None,
        }
    }

    /// The run ends: what is not in flight gets the ending it has earned.
    pub(super) fn leave_off(&mut self, why: NotSent, now: Now) -> Option<Entry> {
        match (self.stage.clone(), why) {
            (TaskStage::Waiting { .. } | TaskStage::Leaving { .. }, why) => Some(self.end(Outcome::NotSent(why), now)),
            (TaskStage::LetterDue { guest, .. } | TaskStage::LetterLeaving { guest, .. }, why) => {
                Some(self.no_letter(guest, NoLetter::NotSent(why), now))
            }
            // It is on its way: its answer tells.
            (TaskStage::LetterAsked { .. }, _) => None,
            // A halted run still looks at what has left; reading harms nobody.
            (_, NotSent::Halted) => None,
            (_, NotSent::Stopped) => {
                let entry = self.cannot_look(now);
                if let TaskStage::LetterDue { guest, .. } = self.stage.clone() {
                    return Some(self.no_letter(guest, NoLetter::NotSent(why), now));
                }
                entry
            }
        }
    }

    pub(super) fn end(&mut self, outcome: Outcome, now: Now) -> Entry {
        // Whatever became of asking for a link, the guest is there.
        let outcome = match (outcome, self.earlier.take()) {
            (Outcome::NotSent(_) | Outcome::Unsure | Outcome::Refused(_), Some(earlier)) => *earlier,
            (outcome, _) => outcome,
        };
        let outcome = match (self.found.take(), outcome) {
            (Some(InvitedGuest { id, redeem, seen }), Outcome::Refused(problem)) => {
                Outcome::NoLetter { guest: id, redeem, seen, why: NoLetter::Refused(problem) }
            }
            (Some(InvitedGuest { id, redeem, seen }), Outcome::NotSent(_) | Outcome::Unsure | Outcome::Skipped(_)) => {
                Outcome::NoLetter { guest: id, redeem, seen, why: NoLetter::NoLink }
            }
            (_, outcome) => outcome,
        };
        self.stage = TaskStage::Ended(Ended { outcome: outcome.clone(), at: now.wall });
        self.entry(RowEvent::Ended(outcome), now)
    }

    pub(super) const fn entry(&self, what: RowEvent, now: Now) -> Entry {
        Entry { row: self.row, what, at: now.wall, halted: None }
    }
}
