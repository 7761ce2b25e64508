//! One row's own little machine: from waiting to its one outcome. What happens once the guest is there and a letter of one's
//! own is to follow stands in `lettering.rs`, how it is taken up again in `taking_up.rs`.

use super::delivery::{ASKS, Chat};
use super::journal::{Entry, What};
use super::request_kind::Kind;
use super::stage::{Guest, Stage};
use crate::graph::invitations::{Created, Invitation, invite};
use crate::graph::users::{Page, User, by_address, by_id};
use crate::graph::{Again, Problem, Reply, Request, Unreached, problem};
use crate::identity::scopes;
use crate::letter::Channel;
use crate::outcome::{Ended, NoLetter, NotSent, Outcome};
use crate::time::{Millis, Moment, Now};
use std::sync::Arc;

/// Waits between looks, in seconds; four minutes together. The directory is eventually consistent, so one look proves
/// nothing (learn.microsoft.com/graph/api/user-list).
const WAITS: [i64; 8] = [2, 4, 8, 16, 30, 60, 60, 60];
/// Of these, as many for a lost reply before it is sent once more: two minutes.
pub(super) const LOOKS: u32 = 6;
/// How often a row that Graph says to ask again is asked before it counts as refused.
pub(super) const TRIES: u32 = 8;
/// Waits grow up to this try: 2 s, 4 s and so on to 64 s.
pub(super) const LONGEST_WAIT: u32 = 5;
/// So often in a row a look may come to nothing, which takes half an hour or so: longer than gateways are mended in, and no longer than
/// somebody waits for an end. Then what is in doubt stays so, and whoever has not left does not leave.
pub(super) const FAILED_LOOKS: u32 = 24;

#[derive(Clone, Debug)]
pub(super) struct Errand {
    pub(super) row: u32,
    pub(super) stage: Stage,
    /// Who brings the letter.
    pub(super) channel: Channel,
    pub(super) chat: Chat,
    pub(super) invitation: Option<Arc<Invitation>>,
    /// Somebody who is there already gets a new link: looking does not tell whether it was sent.
    pub(super) is_known: bool,
    /// What was asked last of it did not leave this machine.
    is_cut_off: bool,
    /// How often it was sent without an answer.
    pub(super) lost: u32,
    /// Who is there already, while the link that got lost with an answer is asked for once more.
    pub(super) found: Option<Guest>,
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

impl Errand {
    pub(super) fn new(row: u32, invitation: Arc<Invitation>, is_known: bool, channel: Channel) -> Self {
        Self {
            is_known,
            row,
            channel,
            chat: Chat::None,
            stage: Stage::Waiting { not_before: Moment(0), tries: 0 },
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
        Self { stage: Stage::Ended(ended), invitation: None, ..Self::new(row, Arc::default(), false, Channel::Microsoft) }
    }

    pub(super) fn outcome(&self) -> Option<&Ended> {
        if let Stage::Ended(ended) = &self.stage { Some(ended) } else { None }
    }

    pub(super) fn is_accepted(&self) -> bool {
        match &self.stage {
            Stage::Created { .. } | Stage::Verifying { .. } => true,
            Stage::LetterDue { .. } | Stage::LetterLeaving { .. } | Stage::LetterAsked { .. } => true,
            Stage::Ended(ended) => matches!(ended.outcome, Outcome::Invited { .. } | Outcome::NoLetter { .. }),
            _ => false,
        }
    }

    /// Whether the guest was seen in the directory.
    pub(super) fn is_seen(&self) -> bool {
        match &self.stage {
            Stage::LetterDue { guest, .. } | Stage::LetterLeaving { guest, .. } | Stage::LetterAsked { guest, .. } => guest.seen,
            Stage::Ended(ended) => matches!(ended.outcome, Outcome::Invited { seen: true, .. } | Outcome::NoLetter { seen: true, .. }),
            _ => false,
        }
    }

    /// Whether the guest is there and the letter is not.
    pub(super) const fn wants_letter(&self) -> bool {
        matches!(self.stage, Stage::LetterDue { .. } | Stage::LetterLeaving { .. } | Stage::LetterAsked { .. })
    }

    pub(super) fn is_offline(&self) -> bool {
        self.is_cut_off && !matches!(self.stage, Stage::Ended(_))
    }

    pub(super) const fn was_lost(&self) -> bool {
        self.lost > 0
    }

    pub(super) fn has_left(&self) -> bool {
        !matches!(self.stage, Stage::Waiting { .. } | Stage::Checking { .. } | Stage::Leaving { .. } | Stage::Asked { .. })
    }

    pub(super) fn word(&self) -> &'static str {
        match self.stage {
            Stage::Waiting { .. } if self.found.is_some() => "Invited, link to come",
            _ => self.stage.word(),
        }
    }

    pub(super) fn tries(&self) -> u32 {
        self.stage.tries()
    }

    /// When this row wants to be asked that, if at all.
    pub(super) fn wants(&self, kind: Kind) -> Option<Moment> {
        match (&self.stage, kind) {
            (Stage::Waiting { not_before, .. }, Kind::Invite)
            | (Stage::Unsure { not_before, .. }, Kind::Look)
            | (Stage::Created { not_before, .. }, Kind::Verify) => Some(*not_before),
            (Stage::LetterDue { not_before, .. }, Kind::Chat) if self.chat == Chat::Wanted => Some(*not_before),
            (Stage::LetterDue { not_before, .. }, Kind::Letter) if self.chat != Chat::Wanted => Some(*not_before),
            _ => None,
        }
    }

    pub(super) fn request(&self, kind: Kind) -> Request {
        let invitation = self.invitation.as_ref().expect("rows without an invitation have ended");
        match (kind, &self.stage) {
            (Kind::Invite, _) => invite(invitation),
            (_, Stage::Created { guest, .. } | Stage::Verifying { guest, .. }) => by_id(guest),
            _ => by_address(&invitation.invited_user_email_address),
        }
    }

    /// The permission without which that cannot be asked.
    pub(super) fn permission(&self, kind: Kind) -> &'static str {
        match kind {
            Kind::Invite => scopes::INVITING,
            Kind::Look | Kind::Verify | Kind::Count => scopes::DIRECTORY,
            // A channel names its permissions in the order in which they are used.
            Kind::Chat => self.channel.scopes().first().copied().unwrap_or_default(),
            Kind::Letter => self.channel.scopes().last().copied().unwrap_or_default(),
        }
    }

    /// About to leave: the journal has to know first.
    pub(super) fn leave(&mut self, kind: Kind, now: Now) -> Entry {
        if kind == Kind::Letter {
            return self.letter_leaves(now);
        }
        self.stage = Stage::Leaving { tries: self.tries() };
        self.first_left.get_or_insert(now.wall);
        self.entry(What::Left, now)
    }

    /// It is on its way now.
    pub(super) fn left(&mut self) {
        self.is_cut_off = false;
        self.stage = match std::mem::replace(&mut self.stage, Stage::Leaving { tries: 0 }) {
            Stage::Leaving { tries } => Stage::Asked { tries },
            Stage::Unsure { tries, .. } => Stage::Looking { tries },
            Stage::Created { guest, redeem, tries, .. } => Stage::Verifying { guest, redeem, tries },
            Stage::LetterDue { guest, tries, .. } | Stage::LetterLeaving { guest, tries } => Stage::LetterAsked { guest, tries },
            other => other,
        };
    }

    /// A reply came. What has to be written down, or the problem it tells of.
    pub(super) fn told(&mut self, kind: Kind, reply: &Reply, now: Now) -> Result<Option<Entry>, Problem> {
        match kind {
            Kind::Invite => {
                let created: Created = reply.read()?;
                let (guest, redeem) = (created.invited_user.id, Some(created.invite_redeem_url));
                (self.found, self.earlier) = (None, None);
                self.stage = Stage::Created { guest: guest.clone(), redeem: redeem.clone(), not_before: now + Millis(500), tries: 0 };
                Ok(Some(self.entry(What::Created { guest, redeem }, now)))
            }
            Kind::Verify => match reply.read::<User>() {
                Ok(user) if !user.id.is_empty() => Ok(Some(self.seen(user.id, now))),
                // Something answered that knows no users.
                Ok(_) => Ok(self.not_seen(now)),
                Err(problem) if problem.kind == problem::Kind::NotFound => Ok(self.not_seen(now)),
                Err(problem) => Err(problem),
            },
            Kind::Look => {
                let users = reply.read::<Page<User>>()?.value;
                Ok(self.looked_up(&users, now))
            }
            Kind::Chat | Kind::Letter => self.letter_told(kind, reply, now),
            Kind::Count => Ok(None),
        }
    }

    pub(super) fn seen(&mut self, guest: String, now: Now) -> Entry {
        let redeem = if let Stage::Verifying { redeem, .. } = &self.stage { redeem.clone() } else { None };
        self.invited(Guest { id: guest, redeem, seen: true }, now)
    }

    fn not_seen(&mut self, now: Now) -> Option<Entry> {
        let Stage::Verifying { guest, redeem, tries } = self.stage.clone() else { return None };
        self.failed_looks = 0;
        match WAITS.get(tries as usize) {
            Some(wait) => {
                self.stage = Stage::Created { guest, redeem, not_before: now + Millis::seconds(*wait), tries: tries + 1 };
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
                self.stage = Stage::Unsure { not_before: now + Millis::seconds(*wait), tries: tries + 1 };
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
    pub(super) fn unreached(&mut self, kind: Kind, unreached: Unreached, now: Now) -> Option<Entry> {
        let tries = self.tries();
        let soon = now + Millis::seconds(2 << tries.min(LONGEST_WAIT));
        self.is_cut_off = unreached == Unreached::Offline;
        match (kind, unreached) {
            (Kind::Chat | Kind::Letter, _) => Some(self.letter_unreached(kind, unreached, now)),
            (Kind::Invite, Unreached::Offline) => Some(self.wait_again(soon, tries + 1, now)),
            // No mail goes with it, so asking for the link once more reaches nobody twice.
            (Kind::Invite, Unreached::Lost) if self.is_known && !self.channel.is_microsoft() && self.lost < ASKS => {
                self.lost += 1;
                Some(self.wait_again(soon, tries + 1, now))
            }
            (Kind::Invite, Unreached::Lost) if self.is_known => Some(self.end(Outcome::Unsure, now)),
            (Kind::Invite, Unreached::Lost) => {
                self.lost += 1;
                self.stage = Stage::Unsure { not_before: now + Millis::seconds(1), tries: 0 };
                None
            }
            // A look that failed is not counted as a look.
            _ => self.look_failed(self.looked_for_soon(now), now),
        }
    }

    pub(super) fn refused(&mut self, kind: Kind, problem: Problem, again: Again, now: Now) -> Option<Entry> {
        let tries = self.tries();
        match (kind, again) {
            (Kind::Chat | Kind::Letter, _) => Some(self.letter_refused(problem, again, now)),
            (Kind::Invite, Again::After(wait)) if tries < TRIES => Some(self.wait_again(now + wait, tries + 1, now)),
            (Kind::Invite, Again::AfterSignIn) if tries < TRIES => Some(self.wait_again(now.steady, tries + 1, now)),
            (Kind::Invite, Again::LookFirst) => self.unreached(kind, Unreached::Lost, now),
            (Kind::Invite, _) => Some(self.end(Outcome::Refused(problem), now)),
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
            Stage::Looking { tries } => Stage::Unsure { not_before: then, tries },
            Stage::Checking { tries } => Stage::Waiting { not_before: then, tries },
            Stage::Verifying { guest, redeem, tries } => Stage::Created { guest, redeem, not_before: then, tries },
            other => other,
        };
        if self.failed_looks < FAILED_LOOKS { None } else { self.cannot_look(now) }
    }

    pub(super) fn wait_again(&mut self, not_before: Moment, tries: u32, now: Now) -> Entry {
        self.stage = Stage::Waiting { not_before, tries };
        let found = self.found.as_ref().map(|guest| What::LinkWanted { guest: guest.id.clone(), seen: guest.seen });
        // What came to nothing now says nothing of what may have been sent before.
        let otherwise = if self.earlier.is_some() { What::NotSeen } else { What::NotDone };
        if otherwise == What::NotDone {
            self.first_left = None;
        }
        self.entry(found.unwrap_or(otherwise), now)
    }

    /// The directory cannot be read: what is created counts as invited, what is unsure stays so.
    pub(super) fn cannot_look(&mut self, now: Now) -> Option<Entry> {
        match self.stage.clone() {
            Stage::Created { guest, redeem, .. } => Some(self.invited(Guest { id: guest, redeem, seen: false }, now)),
            Stage::Unsure { .. } => Some(self.end(Outcome::Unsure, now)),
            _ => None,
        }
    }

    /// The run ends: what is not in flight gets the ending it has earned.
    pub(super) fn leave_off(&mut self, why: NotSent, now: Now) -> Option<Entry> {
        match (self.stage.clone(), why) {
            (Stage::Waiting { .. } | Stage::Leaving { .. }, why) => Some(self.end(Outcome::NotSent(why), now)),
            (Stage::LetterDue { guest, .. } | Stage::LetterLeaving { guest, .. }, why) => {
                Some(self.no_letter(guest, NoLetter::NotSent(why), now))
            }
            // It is on its way: its answer tells.
            (Stage::LetterAsked { .. }, _) => None,
            // A halted run still looks at what has left; reading harms nobody.
            (_, NotSent::Halted) => None,
            (_, NotSent::Stopped) => {
                let entry = self.cannot_look(now);
                if let Stage::LetterDue { guest, .. } = self.stage.clone() {
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
            (Some(Guest { id, redeem, seen }), Outcome::Refused(problem)) => {
                Outcome::NoLetter { guest: id, redeem, seen, why: NoLetter::Refused(problem) }
            }
            (Some(Guest { id, redeem, seen }), Outcome::NotSent(_) | Outcome::Unsure | Outcome::Skipped(_)) => {
                Outcome::NoLetter { guest: id, redeem, seen, why: NoLetter::NoLink }
            }
            (_, outcome) => outcome,
        };
        self.stage = Stage::Ended(Ended { outcome: outcome.clone(), at: now.wall });
        self.entry(What::Ended(outcome), now)
    }

    pub(super) const fn entry(&self, what: What, now: Now) -> Entry {
        Entry { row: self.row, what, at: now.wall, halted: None }
    }
}
