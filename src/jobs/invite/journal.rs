//! What must be on disk before a request may leave, and what is needed to go on after a crash.

use crate::bulk::Ramp;
use crate::bulk::journal::{JournalEntry, StoredRun};
use crate::jobs::invite::outcome::Outcome;
use crate::jobs::invite::plan::{Plan, PlanStep, Planned, RowAction};
use crate::letter::Letter;
use crate::owner::Owner;
use crate::rows::{Address, ByAddress, List};
use graph::invitations::RedeemUrl;
use std::collections::BTreeMap;
use time::Moment;

/// One thing that happened to one guest.
pub type Entry = JournalEntry<RowEvent>;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowEvent {
    /// It may have left; from here on only a look can tell.
    Left,
    /// It came to nothing for certain and may be sent again.
    NotDone,
    /// It left, no answer came, and nobody was there when it was looked for: it may be sent once more, and whether it arrived the
    /// first time nobody knows.
    NotSeen,
    /// The guest is there; the link got lost with an answer and is asked for once more.
    LinkWanted {
        guest: String,
        seen: bool,
    },
    Created {
        guest: String,
        redeem: Option<RedeemUrl>,
    },
    /// The guest is invited; the letter has not left.
    LetterDue {
        guest: String,
        redeem: Option<RedeemUrl>,
        seen: bool,
    },
    /// The letter may have left; from here on only a person can tell.
    LetterLeft {
        guest: String,
        redeem: Option<RedeemUrl>,
        seen: bool,
    },
    Ended(Outcome),
}

/// Everything about a run but its entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    pub id: String,
    pub tenant_id: String,
    pub tenant: String,
    pub by: String,
    pub begun: Moment,
    pub list: List,
    pub letter: Letter,
    pub plan: Plan,
    pub ramp: Ramp,
    /// Who writes the letters.
    pub writer: Writer,
}

/// Who sends letters of their own, as Graph has to be told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Writer {
    /// Of the user.
    pub id: String,
    pub mail: Option<String>,
    /// Root of Graph, which chats name their members by.
    pub graph: String,
}

/// A run of invitations as it lies on disk.
pub type Stored = StoredRun<Header, RowEvent>;

impl Stored {
    /// A run as its header tells, that nothing has been written of but these entries.
    pub fn new(header: Header, entries: Vec<Entry>) -> Self {
        let owner = Owner {
            cloud: header.writer.graph.clone(),
            tenant: header.tenant_id.clone(),
            person: header.writer.id.clone(),
            username: header.by.clone(),
        };
        Self::begun_by(owner, header, entries)
    }

    /// Whether some row has no outcome yet.
    pub fn is_unfinished(&self) -> bool {
        let last: BTreeMap<u32, &RowEvent> = self.entries.iter().map(|entry| (entry.row, &entry.what)).collect();
        let planned = self.header.plan.rows.iter().filter(|row| matches!(row.step, PlanStep::Invite(_)));
        let has_outcome = |row: &Planned| match last.get(&row.row) {
            // Whether a letter that left has arrived, and a mail that was to be sent once more, only a person can tell.
            Some(RowEvent::Ended(_) | RowEvent::LetterLeft { .. }) => true,
            Some(RowEvent::Left) => row.action == RowAction::Resend,
            _ => false,
        };
        planned.into_iter().any(|row| !has_outcome(row))
    }

    /// Whom it invited, or may have.
    pub fn invited_rows(&self) -> Vec<InvitedRow> {
        invited_rows(self, |_, _| true)
    }

    /// Every address that this run was to invite.
    pub fn addresses(&self) -> impl Iterator<Item = (u32, Address)> {
        self.header.plan.rows.iter().filter_map(|row| Some((row.row, Address::from_record(&row.email)?)))
    }
}

impl RowEvent {
    /// Whether it says that the guest is invited or may be: nobody else may invite them.
    pub const fn is_or_may_be_invited(&self) -> bool {
        match self {
            Self::Left
            | Self::NotSeen
            | Self::LinkWanted { .. }
            | Self::Created { .. }
            | Self::LetterDue { .. }
            | Self::LetterLeft { .. } => true,
            Self::Ended(Outcome::Invited { .. } | Outcome::NotFound { .. } | Outcome::NoLetter { .. } | Outcome::Unsure) => true,
            Self::NotDone | Self::Ended(_) => false,
        }
    }
}

/// Whom a run of this browser took back since, and did not restore: the number of that in the database's sequence, by address.
pub type TakenBack = ByAddress<u64>;

/// A row whose guest a run invited, or may have, by the last that was told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvitedRow {
    pub address: Address,
    /// Of that entry in the database's sequence.
    pub number: u64,
    pub at: Moment,
}

/// Addresses that these runs invited in this tenant, or may have, with when (ISO 8601): a second run skips them. Not whoever was taken
/// back after that.
pub fn invited_before<'a>(runs: impl IntoIterator<Item = &'a Stored>, tenant_id: &str, taken_back: &TakenBack) -> ByAddress<String> {
    invited_where(runs, tenant_id, taken_back, |_| true)
}

/// Of those what is told after this number of the sequence, whatever clocks said.
pub fn invited_after<'a>(
    runs: impl IntoIterator<Item = &'a Stored>,
    tenant_id: &str,
    taken_back: &TakenBack,
    after: u64,
) -> ByAddress<String> {
    invited_where(runs, tenant_id, taken_back, |number| number > after)
}

fn invited_where<'a>(
    runs: impl IntoIterator<Item = &'a Stored>,
    tenant_id: &str,
    taken_back: &TakenBack,
    is_told: impl Fn(u64) -> bool,
) -> ByAddress<String> {
    let mut invited = ByAddress::default();
    for run in runs.into_iter().filter(|run| run.header.tenant_id.eq_ignore_ascii_case(tenant_id)) {
        note(&invited_rows(run, |number, _| is_told(number)), taken_back, &mut invited);
    }
    invited
}

/// Addresses that `others` invited, or may have, since `run` began, with when (ISO 8601): it leaves them out.
pub fn invited_since<'a>(run: &Stored, others: impl IntoIterator<Item = &'a Stored>, taken_back: &TakenBack) -> ByAddress<String> {
    let begun = run.header.begun;
    let mut since = ByAddress::default();
    for other in others.into_iter().filter(|other| other.header.id != run.header.id && other.owner.is_of_tenant(&run.owner)) {
        // What versions before 2 wrote has no place in the sequence. It is older than all that has, and among its like the clock has
        // to tell: what was written down after this run began, or by a run that began after it.
        let is_since = |number: u64, entry: &Entry| {
            if run.begun_at > 0 { number > run.begun_at } else { number > 0 || other.header.begun >= begun || entry.at >= begun }
        };
        note(&invited_rows(other, is_since), taken_back, &mut since);
    }
    since
}

/// Whom a run invited, or may have, by those of its entries that count, each with its number in the sequence.
fn invited_rows(run: &Stored, counts: impl Fn(u64, &Entry) -> bool) -> Vec<InvitedRow> {
    let told =
        run.entries.iter().enumerate().map(|(place, entry)| (run.number_of(place), entry)).filter(|(number, entry)| counts(*number, entry));
    let last: BTreeMap<u32, (u64, &Entry)> = told.map(|(number, entry)| (entry.row, (number, entry))).collect();
    let invited = |(row, address): (u32, Address)| {
        let (number, entry) = last.get(&row).filter(|(_, entry)| entry.what.is_or_may_be_invited())?;
        Some(InvitedRow { address, number: *number, at: entry.at })
    };
    run.addresses().filter_map(invited).collect()
}

/// Notes whom a run invited, or may have. What came to nothing in this run says nothing of what another one did.
pub fn note<'a>(rows: impl IntoIterator<Item = &'a InvitedRow>, taken_back: &TakenBack, invited: &mut ByAddress<String>) {
    for InvitedRow { address, number, at } in rows {
        if taken_back.get(address).is_none_or(|taken| number > taken) {
            invited.set(address, Some(at.iso()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bulk::journal::NotSent;
    use crate::jobs::invite::examples::{header, planned};
    use crate::jobs::invite::plan::Skip;
    use time::Millis;

    const NOW: Moment = Moment(1_795_344_203_000);

    /// A run of Contoso with one guest, begun so many minutes from now at this place in the sequence, with this journal: minutes from now,
    /// place in the sequence, what.
    fn run(id: &str, minutes: i64, begun_at: u64, entries: &[(i64, u64, RowEvent)]) -> Stored {
        let planned = Planned { email: "ada@fabrikam.example".into(), ..planned(1) };
        let header = Header { id: id.into(), tenant_id: "contoso".into(), ..header(NOW + Millis::minutes(minutes), vec![planned]) };
        let entry = |minutes: i64, what: &RowEvent| Entry {
            row: 1,
            what: what.clone(),
            at: NOW + Millis::minutes(minutes),
            halted: None,
            never_left: false,
        };
        let numbers = entries.iter().enumerate().filter(|(_, (_, number, _))| *number > 0).map(|(place, (_, number, _))| (place, *number));
        let numbers = numbers.collect();
        Stored { begun_at, numbers, ..Stored::new(header, entries.iter().map(|(minutes, _, what)| entry(*minutes, what)).collect()) }
    }

    fn ada() -> Address {
        Address::parse("Ada@fabrikam.example").unwrap()
    }

    fn every_event() -> Vec<(RowEvent, bool)> {
        let (guest, redeem) = (|| "g".to_owned(), || Some(RedeemUrl::new("l".into())));
        let refused = graph::Problem::from_reply(&graph::Reply { status: 400, headers: Default::default(), body: String::new() });
        vec![
            (RowEvent::Left, true),
            (RowEvent::NotDone, false),
            (RowEvent::NotSeen, true),
            (RowEvent::LinkWanted { guest: guest(), seen: true }, true),
            (RowEvent::Created { guest: guest(), redeem: redeem() }, true),
            (RowEvent::LetterDue { guest: guest(), redeem: redeem(), seen: true }, true),
            (RowEvent::LetterLeft { guest: guest(), redeem: redeem(), seen: true }, true),
            (RowEvent::Ended(Outcome::Invited { guest: guest(), redeem: redeem(), seen: true }), true),
            (RowEvent::Ended(Outcome::NotFound { guest: guest(), redeem: None }), true),
            (RowEvent::Ended(Outcome::Unsure), true),
            (RowEvent::Ended(Outcome::NotSent(NotSent::Stopped)), false),
            (RowEvent::Ended(Outcome::Refused(refused.into())), false),
            (RowEvent::Ended(Outcome::Skipped(Skip::Chosen)), false),
        ]
    }

    #[test]
    fn whoever_is_or_may_be_invited_by_one_run_is_left_out_by_the_next() {
        for (event, may_be) in every_event() {
            let earlier = run("earlier", -60, 1, &[(-59, 2, RowEvent::Left), (-58, 3, event.clone())]);
            let at = may_be.then(|| (NOW + Millis::minutes(-58)).iso());
            assert_eq!(invited_before([&earlier], "Contoso", &TakenBack::default()).get(&ada()), at.as_ref(), "{event:?}");
            assert_eq!(invited_before([&earlier], "fabrikam", &TakenBack::default()).get(&ada()), None, "of another tenant");
            assert_eq!(invited_after([&earlier], "contoso", &TakenBack::default(), 2).get(&ada()), at.as_ref(), "{event:?}");
            assert_eq!(invited_after([&earlier], "contoso", &TakenBack::default(), 3).get(&ada()), None, "{event:?}");
        }
    }

    #[test]
    fn whoever_was_taken_back_after_that_may_be_invited_anew() {
        let created = RowEvent::Created { guest: "g".into(), redeem: None };
        let earlier = run("earlier", -60, 1, &[(-59, 2, RowEvent::Left), (-58, 3, created)]);
        let own = run("own", -70, 0, &[]);
        for (number, is_invited) in [(2, true), (4, false)] {
            let mut taken = TakenBack::default();
            taken.set(&ada(), Some(number));
            let told = [
                invited_before([&earlier], "contoso", &taken),
                invited_after([&earlier], "contoso", &taken, 1),
                invited_since(&own, [&earlier], &taken),
            ];
            assert_eq!(told.map(|told| told.get(&ada()).is_some()), [is_invited; 3], "{number}");
        }
    }

    #[test]
    fn a_run_leaves_out_whom_others_invited_since_it_began_and_nobody_for_its_own_entries() {
        let left = |minutes: i64, number: u64| [(minutes, number, RowEvent::Left)];
        let is_since = |own: &Stored, other: &Stored| invited_since(own, [own, other], &TakenBack::default()).get(&ada()).is_some();
        // By the sequence, whatever clocks say.
        let own = run("own", 0, 5, &left(1, 7));
        assert!(is_since(&own, &run("other", -90, 1, &left(-80, 6))));
        for number in [2, 5] {
            assert!(!is_since(&own, &run("other", 90, 1, &left(95, number))), "{number}");
        }
        assert!(!is_since(&own, &run("other", 90, 0, &left(95, 0))), "what has no place in the sequence is older");
        let mut elsewhere = run("other", 10, 6, &left(20, 8));
        elsewhere.owner.tenant = "fabrikam".into();
        assert!(!is_since(&own, &elsewhere), "of another tenant");
        assert!(!is_since(&own, &run("own", 10, 6, &left(20, 8))), "the same run");
        // What earlier versions wrote, by the clock: written down after this began, or by a run that began after it.
        let own = run("own", 0, 0, &left(1, 0));
        for (begun, at, expected) in [(-9, -8, false), (-9, 0, true), (-9, 1, true), (0, -1, true), (1, -1, true), (-1, -1, false)] {
            assert_eq!(is_since(&own, &run("other", begun, 0, &left(at, 0))), expected, "{begun} {at}");
        }
        assert!(is_since(&own, &run("other", -9, 1, &left(-8, 2))), "what has a place in the sequence is younger");
    }

    #[test]
    fn a_run_is_unfinished_while_a_guest_of_its_plan_has_no_outcome_that_holds() {
        let is_unfinished = |action: RowAction, events: &[RowEvent]| {
            let entries: Vec<(i64, u64, RowEvent)> = events.iter().map(|event| (0, 2, event.clone())).collect();
            let mut run = run("run", 0, 1, &entries);
            run.header.plan.rows[0].action = action;
            run.is_unfinished()
        };
        for (event, _) in every_event() {
            let has_ended = matches!(event, RowEvent::Ended(_) | RowEvent::LetterLeft { .. });
            let events = [RowEvent::Left, event.clone()];
            assert_eq!(is_unfinished(RowAction::Invite, &events), !has_ended, "{event:?}");
            let waits_for_a_person = has_ended || event == RowEvent::Left;
            assert_eq!(is_unfinished(RowAction::Resend, &events), !waits_for_a_person, "{event:?}");
        }
        assert!(is_unfinished(RowAction::Invite, &[]) && is_unfinished(RowAction::Resend, &[]));
        let mut skipped = run("run", 0, 1, &[]);
        skipped.header.plan.rows[0].step = PlanStep::Skip(Skip::Chosen);
        assert!(!skipped.is_unfinished());
    }
}
