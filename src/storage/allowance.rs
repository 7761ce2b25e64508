//! What lies in a browser of a tenant's allowance: what is known of the tenant, which is remembered for everybody of it who signs in
//! here, and what the journal tells of invitations that left lately, those of runs that were removed among them.

use super::journal::{Journal, UnreadableRun};
use super::record::{self, RecordEnvelope};
use super::shapes::{EntrySummary, Piece};
use super::{REMOVED, Range, Records, Store, StoreChange, Transaction, number_of};
use crate::jobs::invite::allowance::{DAY, Sent, Terms};
use crate::jobs::invite::journal::Stored;
use crate::owner::Owner;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use time::Moment;

fn key(person: &Owner) -> String {
    format!("{}allowance", person.tenant_prefix())
}

/// The owner of what belongs to no person.
fn tenant_of(person: &Owner) -> Owner {
    Owner { person: String::new(), username: String::new(), ..person.clone() }
}

/// Where it lies what is known of this person's tenant.
pub fn range(person: &Owner) -> Range {
    Range::with_prefix(Store::Drafts, key(person))
}

/// What is known of this person's tenant, among the records of [`range`]; nothing where nobody was asked, or this version cannot read it.
pub fn terms(person: &Owner, records: &Records) -> Terms {
    text(person, records).and_then(|text| record::read(text).ok()).unwrap_or_default()
}

/// Keeps what is known, in the place of what lies there, as long as that is still what `records` say: another tab may have been told
/// something else meanwhile. `None` where this version cannot read what lies there: it stays as it is.
pub fn keep(person: &Owner, records: &Records, terms: &Terms) -> Option<Transaction> {
    let before = text(person, records);
    let may_replace = before.is_none_or(|text| record::read::<Terms>(text).is_ok());
    let expected = (Store::Drafts, key(person), before.map(str::to_owned));
    let change = StoreChange::Put(Store::Drafts, key(person), record::write(&tenant_of(person), terms));
    may_replace.then(|| Transaction { expects: vec![expected], changes: vec![change] })
}

/// Leaves nothing of it, nor of what removed runs sent.
pub fn forget(person: &Owner) -> [StoreChange; 2] {
    [StoreChange::Remove(Store::Drafts, key(person)), StoreChange::Remove(Store::Entries, removed_key(person))]
}

/// Where it lies what removed runs of this person's tenant sent. A slash would make it a record of a run.
fn removed_key(person: &Owner) -> String {
    format!("{REMOVED}{}", person.tenant_prefix().replace('/', " "))
}

fn text<'a>(person: &Owner, records: &'a Records) -> Option<&'a str> {
    let key = key(person);
    records.iter().find(|(own, _)| *own == key).map(|(_, text)| text.as_str())
}

impl Journal {
    /// Invitations in this person's tenant that left this browser within the last day, or may have.
    pub fn sent(&self, person: &Owner, now: Moment) -> Sent {
        self.sent_by(person, |_| true, now)
    }

    /// Those of the runs whose ids are `wanted`, beside those of runs that were removed.
    fn sent_by(&self, person: &Owner, wanted: impl Fn(&str) -> bool, now: Moment) -> Sent {
        let runs = self.runs.iter().filter(|run| run.owner.is_of_tenant(person) && wanted(&run.header.id)).map(|run| run.sent(now));
        let mut sent = self.sent_by_removed(person);
        sent.extend(runs);
        sent.at.extend(self.sent_by_unreadable(person, wanted, || self.written(), now));
        sent
    }

    /// What runs sent that were removed.
    pub(super) fn sent_by_removed(&self, person: &Owner) -> Sent {
        let removed = self.removed.iter().find(|(key, _)| *key == removed_key(person));
        removed.and_then(|(_, text)| record::read(text).ok()).unwrap_or_default()
    }

    /// When what cannot be read left, by when records of the sequence were `written`.
    pub(super) fn sent_by_unreadable(
        &self,
        person: &Owner,
        wanted: impl Fn(&str) -> bool,
        written: impl FnOnce() -> BTreeMap<u64, Moment>,
        now: Moment,
    ) -> Vec<Moment> {
        let mut runs = self.unreadable.iter().filter(|run| run.may_be_of_tenant(person) && wanted(&run.id)).peekable();
        let written = if runs.peek().is_some() { written() } else { BTreeMap::new() };
        runs.flat_map(|run| run.sent(&written, now)).collect()
    }

    /// Keeps of a run that this person removes what still counts: when its invitations left, and the directory's ids of the guests that
    /// they made, so that those are not counted once more as somebody else's. Neither names nor addresses, nor who sent them.
    pub fn keep_sent(&self, person: &Owner, run: &str, now: Moment) -> StoreChange {
        let mut sent = self.sent_by(person, |id| id == run, now);
        sent.at.retain(|at| *at + DAY > now);
        match sent.at.is_empty() {
            true => StoreChange::Remove(Store::Entries, removed_key(person)),
            false => StoreChange::Put(Store::Entries, removed_key(person), record::write(&tenant_of(person), &sent)),
        }
    }

    /// When records of the database's one sequence were written, by their numbers, as far as they can be read.
    fn written(&self) -> BTreeMap<u64, Moment> {
        let entries =
            |run: &Stored| run.numbers.iter().filter_map(|(place, number)| Some((*number, run.entries.get(*place)?.at))).collect();
        let of_run = |run: &Stored| [vec![(run.begun_at, run.header.begun)], entries(run)].concat();
        self.runs.iter().flat_map(|run| of_run(run)).collect()
    }
}

impl UnreadableRun {
    /// When something of it left, as far as that can be read; as often as it names somebody, where it cannot. What tells no time counts
    /// as written with what was written last before it in the same run, the beginning at the earliest; where that tells none either, with
    /// what was written next in this browser (`written`), and as now where nothing was. Every run that sends writes first, so what is met
    /// without a time counts for a day from then.
    fn sent(&self, written: &BTreeMap<u64, Moment>, now: Moment) -> Vec<Moment> {
        let (mut sent, mut before) = (Vec::new(), self.begun);
        for (key, text) in &self.entries {
            let next = || written.range(number_of(key) + 1..).next().map_or(now, |(_, at)| *at);
            before = time_in(key).or(before);
            match lines(text) {
                Some(lines) => {
                    for line in lines {
                        before = line.at.or(before);
                        if line.may_have_left() {
                            sent.push(before.unwrap_or_else(next));
                        }
                    }
                }
                None => sent.extend(std::iter::repeat_n(before.unwrap_or_else(next), self.addresses.len())),
            }
        }
        sent
    }
}

/// When a piece of version 1 was written, whose key is `{run}/{milliseconds since 1970}/{number}`.
fn time_in(key: &str) -> Option<Moment> {
    key.split('/').nth(1)?.parse().ok().map(Moment)
}

/// The lines of a piece; none of one that tells of something else.
fn lines(text: &str) -> Option<Vec<EntrySummary>> {
    let RecordEnvelope { body, .. } = serde_json::from_str::<RecordEnvelope<'_>>(text).ok()?;
    match serde_json::from_str::<Piece<&RawValue>>(body.get()).ok()? {
        Piece::Begun(_) | Piece::TakenOver(..) => Some(Vec::new()),
        Piece::Entries(lines) => Some(lines.iter().map(|line| serde_json::from_str(line.get()).unwrap_or_default()).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jobs::invite::allowance::Allowance;
    use crate::jobs::invite::examples;
    use crate::jobs::invite::journal::Header;
    use crate::storage::SEQUENCE;
    use crate::storage::appended_key;
    use time::Millis;

    const NOW: Moment = Moment(1_795_344_203_000);

    fn ada() -> Owner {
        Owner { cloud: "https://graph.microsoft.com".into(), tenant: "t".into(), person: "ada".into(), username: "ada@t.example".into() }
    }

    fn header(id: &str, begun: Moment) -> String {
        let header = Header { id: id.into(), ..examples::header(begun, Vec::new()) };
        record::write(&ada(), &header)
    }

    /// A line of two guests, one of whom left.
    fn lines_at(at: Option<i64>) -> String {
        let at = at.map(|hours| format!(r#","at":{}"#, (NOW + Millis::hours(hours)).0)).unwrap_or_default();
        let line = |email: &str, state: &str| format!(r#"{{"address":"{email}@x.example","state":"{state}","row":1{at},"what":"new"}}"#);
        format!(
            r#"{{"v":3,"owner":{},"body":{{"entries":[{},{}]}}}}"#,
            serde_json::to_string(&ada()).unwrap(),
            line("a", "leaving"),
            line("b", "invited")
        )
    }

    /// How many count so many hours from now, where the header of run `gone` lies here or not.
    fn used(runs: &[(&str, String)], entries: &[(String, String)], hours: i64) -> usize {
        let records = |texts: &[(&str, String)]| texts.iter().map(|(key, text)| ((*key).to_owned(), text.clone())).collect::<Records>();
        let mut entries = entries.to_vec();
        entries.push((SEQUENCE.into(), "9".into()));
        let journal = Journal::read(&records(runs), &entries);
        let now = NOW + Millis::hours(hours);
        Allowance::new(Terms::default(), journal.sent(&ada(), now)).used(now)
    }

    #[test]
    fn what_tells_no_time_counts_for_a_day_from_when_it_was_met() {
        let gone = |number: u64, at: Option<i64>| (appended_key("gone/", number), lines_at(at));
        let begun = |number: u64, hours: i64| {
            let piece = record::write(&ada(), &Piece::<()>::Begun(NOW + Millis::hours(hours)));
            (appended_key("later/", number), piece)
        };
        let later = |hours: i64| [("later", header("later", NOW + Millis::hours(hours)))];
        // Nothing tells when: as now, until a run begins, and a day from then.
        assert_eq!(used(&[], &[gone(1, None)], 0), 1);
        for (hours, expected) in [(0, 1), (24, 1), (25, 0), (1000, 0)] {
            assert_eq!(used(&later(0), &[gone(1, None), begun(2, 0)], hours), expected, "{hours}");
        }
        // What was written before it tells nothing.
        assert_eq!(used(&later(-100), &[begun(1, -100), gone(2, None)], 0), 1);
        // Its own time, or that of what was written before it in the same run, where it has one.
        assert_eq!((used(&[], &[gone(1, Some(-1))], 0), used(&[], &[gone(1, Some(-30))], 0)), (1, 0));
        assert_eq!(used(&[], &[gone(1, Some(-1)), (appended_key("gone/", 2), "{".into())], 0), 3);
        assert_eq!(used(&[], &[gone(1, Some(-30)), gone(2, None)], 0), 0);
        // By the header's own date, though the rest of the header is of a later version.
        let newer = |hours: i64| [("gone", header("gone", NOW + Millis::hours(hours)).replace("\"v\":2", "\"v\":3"))];
        assert_eq!((used(&newer(-3), &[gone(1, None)], 0), used(&newer(-30), &[gone(1, None)], 0)), (1, 0));
        // A piece of version 1 tells by its key.
        let first = |hours: i64| (format!("gone/{:016}/00000001", (NOW + Millis::hours(hours)).0), lines_at(None));
        assert_eq!((used(&[], &[first(-3)], 0), used(&[], &[first(-30)], 0)), (1, 0));
        // A clock that was a day ahead: it counts from now on.
        assert_eq!((used(&[], &[gone(1, Some(24))], 0), used(&[], &[gone(1, Some(24))], 25)), (1, 1));
    }
}
