//! Rows that are left out because somebody else has done what they were to do, as it is seen before a run goes on.

use crate::job::{WithdrawEvent, Withdrawal};
use crate::{GuestDirectory, drive, ended, run};
use guestlist::bulk::Ramp;
use guestlist::bulk::journal::JournalEntry;
use time::Moment;

fn entry(row: u32, what: WithdrawEvent) -> JournalEntry<WithdrawEvent> {
    JournalEntry { row, what, at: Moment(0), halted: None, never_left: false }
}

#[test]
fn who_has_not_left_is_left_out_and_who_may_have_left_is_looked_for_and_not_sent_again() {
    let left = vec![entry(1, WithdrawEvent::Blocked), entry(1, WithdrawEvent::Leaves), entry(2, WithdrawEvent::Blocked)];
    for leaves_out in [true, false] {
        let (mut directory, mut journal) = (GuestDirectory::with(4), left.clone());
        let mut run = run(4, Ramp::AtTheLimit, &journal);
        assert_eq!(run.rows_to_start().count(), 0, "blocking somebody twice harms nobody, so nobody is looked for before it");
        if leaves_out {
            let rows = [1, 2, 3, 99].map(|row| (row, Withdrawal::WasGone));
            assert_eq!(run.leave_out(rows, directory.now), 1, "the first two are on their way, and the last is no row");
        }
        drive(&mut run, &mut directory, &mut journal, usize::MAX);
        let deletions = |guest: &str| directory.asked.iter().filter(|asked| **asked == format!("DELETE {guest}")).count();
        let looks = directory.asked.iter().filter(|asked| *asked == "GET g1").count();
        assert!(looks > 5, "{looks}");
        let (first, third) =
            if leaves_out { (Withdrawal::Unsure, Withdrawal::WasGone) } else { (Withdrawal::Deleted, Withdrawal::Deleted) };
        assert_eq!(ended(&run), [first, Withdrawal::Deleted, third, Withdrawal::Deleted]);
        assert_eq!(["g1", "g2", "g3", "g4"].map(deletions), if leaves_out { [0, 1, 0, 1] } else { [1; 4] });
        let told = journal.iter().any(|entry| entry.row == 3 && entry.what == WithdrawEvent::Ended(Withdrawal::WasGone));
        assert_eq!(told, leaves_out, "it is written down");
    }
}
