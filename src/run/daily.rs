//! The day's allowance, as a run asks for it before the next invitations leave. What others sent is counted first, where the
//! directory can be read and it may matter.

use super::Run;
use super::checking::ReadAccess;
use super::index::Place;
use super::journal::Entry;
use super::request_kind::RequestKind;
use crate::allowance::{Allowance, Lately, Terms};
use crate::protocol::Action;
use graph::users::{GuestUsers, guests_since};
use graph::{Again, Answer, Problem, Reply, Unreached, batch};
use std::collections::{HashMap, HashSet};
use time::{Millis, Moment, Now};

/// What others sent is counted anew after this.
const COUNT_LASTS: Millis = Millis::minutes(10);
/// So often that is tried, a minute together. Then it goes by what this browser sent, until others are to be counted anew: a question that
/// Microsoft does not answer is no reason to send nothing.
const COUNT_TRIES: u32 = 5;

/// Whether what others sent is known.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Others {
    #[default]
    Counted,
    /// It was tried in vain last.
    NotCounted,
    /// They may not be counted.
    Hidden,
}

#[derive(Default)]
pub(super) struct DailyAllowance {
    pub(super) allowance: Allowance,
    /// When what is on its way left, by the computer's clock.
    on_its_way: HashMap<Place, Moment>,
    /// When others were counted last, or were to be.
    counted: Option<Now>,
    others: Others,
    /// Counting failed so often; it is not tried again before.
    failed: (u32, Moment),
    /// It did not leave this machine when it was tried last.
    is_cut_off: bool,
}

impl Run {
    /// Holds the run to what its tenant may send in a day. Without this there is no limit.
    pub fn allow(&mut self, allowance: Allowance) {
        self.daily = Some(Box::new(DailyAllowance { allowance, ..DailyAllowance::default() }));
    }

    /// Somebody has said what the tenant is while the run is under way.
    pub fn set_terms(&mut self, terms: Terms) {
        if let Some(daily) = &mut self.daily {
            daily.allowance.terms = terms;
        }
    }

    /// The allowance, where there is a limit.
    fn limited(&self, now: Moment) -> Option<&DailyAllowance> {
        self.daily.as_deref().filter(|daily| daily.allowance.terms.limit(now + self.ahead).is_some())
    }

    /// How many invitations may leave now for all that the day's allowance says.
    pub(super) fn allowed(&self, now: Moment) -> usize {
        self.limited(now).and_then(|daily| daily.allowance.left(now + self.ahead)).unwrap_or(usize::MAX)
    }

    /// When the day's allowance lets the next one leave, by the computer's clock, if it lets none leave now.
    pub(super) fn free_from(&self, now: Moment) -> Option<Moment> {
        self.limited(now)?.allowance.free_from(now + self.ahead)
    }

    /// Until when invitations are held back by the day's allowance, or because counting others has to be tried again.
    pub(super) fn allowance_until(&self, now: Moment) -> Option<Moment> {
        let free_from = self.free_from(now).map(|then| now + (then - (now + self.ahead)));
        let tried_again = self.limited(now).map(|daily| daily.failed.1).filter(|then| *then > now);
        free_from.max(tried_again)
    }

    /// Whether invitations are held back because counting others has to be tried again.
    pub(super) fn has_to_count(&self, now: Moment) -> bool {
        self.limited(now).is_some_and(|daily| daily.failed.1 > now)
    }

    /// Whether what others sent could not be counted when that was tried last, so that the day's allowance goes by what this browser sent.
    pub fn goes_by_own(&self, now: Moment) -> bool {
        !self.is_offline(now) && self.limited(now).is_some_and(|daily| daily.others == Others::NotCounted)
    }

    /// Whether the network seems to be gone: of rows, or as others were to be counted.
    pub(super) fn is_offline(&self, now: Moment) -> bool {
        self.index.is_offline() || self.has_to_count(now) && self.daily.as_ref().is_some_and(|daily| daily.is_cut_off)
    }

    /// A guest of this run has become known.
    pub(super) fn made(&mut self, place: Place) {
        if let (Some(daily), Some(guest)) = (&mut self.daily, self.index.at(place).stage.guest()) {
            daily.allowance.is_own(guest);
        }
    }

    pub(super) fn is_counting(&self) -> bool {
        self.flights.all().any(|(kind, _)| *kind == RequestKind::Count)
    }

    /// These leave now. They are counted also while there is no limit: somebody may say otherwise meanwhile.
    pub(super) fn spend(&mut self, places: &[Place], now: Moment) {
        let wall = now + self.ahead;
        if let Some(daily) = &mut self.daily {
            let at = daily.allowance.leave(places.len(), wall);
            daily.on_its_way.extend(places.iter().map(|place| (*place, at)));
        }
    }

    /// One that left has been answered, or will not be: what it came to is told by the entry that follows.
    pub(super) fn account(&mut self, place: Place, entry: Option<&Entry>) {
        let Some(daily) = &mut self.daily else { return };
        let Some(at) = daily.on_its_way.remove(&place) else { return };
        if entry.is_some_and(|entry| entry.what.undoes_leaving(self.index.at(place).is_known)) {
            daily.allowance.came_to_nothing(at);
        }
    }

    /// Asks how many guests others made lately, where that may matter and was not asked just now.
    pub(super) fn count_others(&mut self, now: Moment) -> Option<Action<Vec<Entry>>> {
        let at = self.at(now);
        let wall = at.wall;
        let daily = self.limited(now).filter(|daily| self.reading == ReadAccess::Allowed && daily.others != Others::Hidden)?;
        let is_fresh = daily.counted.is_some_and(|counted| at.since(counted) < COUNT_LASTS);
        if is_fresh || !daily.allowance.is_to_be_told(self.index.to_invite(), wall) {
            return None;
        }
        let request = batch::pack(&[guests_since(Lately::since(wall))]);
        Some(self.fly(RequestKind::Count, Vec::new(), request, now))
    }

    pub(super) fn counted(&mut self, answer: &Answer, now: Moment) {
        let at = self.at(now);
        let wall = at.wall;
        let Some(daily) = &mut self.daily else { return };
        let answer = batch::each(answer, 1).pop().unwrap_or(Err(Unreached::Lost));
        daily.is_cut_off = answer == Err(Unreached::Offline);
        let problem = match answer.as_ref().map(Reply::read::<GuestUsers>) {
            Ok(Ok(guests)) => {
                let own: HashSet<&str> = self.index.all().iter().filter_map(|task| task.stage.guest()).collect();
                daily.allowance.see(&Lately::from_guests(guests, wall), |id| own.contains(id));
                (daily.counted, daily.others, daily.failed) = (Some(at), Others::Counted, (0, Moment(0)));
                return;
            }
            Ok(Err(problem)) => Some(problem),
            Err(_) => None,
        };
        let tries = daily.failed.0;
        let again = problem.as_ref().map(|problem| problem.again_harmless(tries));
        let wait = match again {
            Some(Again::After(wait)) => wait,
            Some(Again::AfterSignIn) => Millis(0),
            Some(Again::Never | Again::LookFirst) if problem.as_ref().is_some_and(Problem::is_graphs_denial) => {
                return daily.others = Others::Hidden;
            }
            // Something on the way may let the next one through.
            Some(Again::Never | Again::LookFirst) | None => Millis::seconds(2 << tries.min(5)),
        };
        if let Some(quiet) = problem.as_ref().and_then(|problem| problem.retry_after) {
            self.pace.quiet(quiet, now);
        }
        if tries + 1 < COUNT_TRIES {
            daily.failed = (tries + 1, now + wait);
            if again == Some(Again::AfterSignIn) {
                self.needs_sign_in = problem.map(|problem| problem.claims);
            }
        } else if daily.is_cut_off {
            // Nothing else leaves either.
            daily.failed.1 = now + wait;
        } else {
            (daily.counted, daily.others, daily.failed) = (Some(at), Others::NotCounted, (0, Moment(0)));
        }
    }
}
