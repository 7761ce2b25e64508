//! What others did between the plan and the sending, and the sentence for it.

use crate::jobs::invite::plan::Skip;
use crate::words::{count, grouped};
use time::Moment;

/// What others did since the plan was made. Those guests are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Invited by another run of this browser.
    pub by_another_tab: usize,
    /// The last of them, if it is known.
    pub latest: Option<Moment>,
    /// Found in the directory, where they were not before.
    pub in_directory: usize,
    /// Guests that are still to be sent to.
    pub left: usize,
}

impl Changes {
    pub const fn is_empty(&self) -> bool {
        self.by_another_tab == 0 && self.in_directory == 0
    }

    pub(super) fn note_tab(&mut self, at: &str) {
        self.by_another_tab += 1;
        self.latest = self.latest.max(Moment::from_iso(at));
    }

    /// `number` of these rows were left out.
    pub(super) fn left_out(&mut self, number: usize, rows: &[(u32, Skip)]) {
        self.by_another_tab += number;
        let times = rows.iter().filter_map(|(_, skip)| if let Skip::InvitedBefore(at) = skip { Moment::from_iso(at) } else { None });
        self.latest = times.max().filter(|_| number > 0).or(self.latest);
    }

    /// `12 of these guests were invited from another tab a minute ago.`
    pub fn sentence(&self, now: Moment) -> String {
        let mut sentences = Vec::new();
        if self.by_another_tab > 0 {
            let were = if self.by_another_tab == 1 { "was" } else { "were" };
            let ago = self.latest.map(|latest| format!(" {}", ago(latest, now))).unwrap_or_default();
            sentences.push(format!("{} of these guests {were} invited from another tab{ago}.", grouped(self.by_another_tab)));
        }
        if self.in_directory > 0 {
            let are = if self.in_directory == 1 { "is" } else { "are" };
            sentences.push(format!("{} {are} in the directory by now.", count(self.in_directory, "guest", "guests")));
        }
        sentences.join(" ")
    }
}

fn ago(then: Moment, now: Moment) -> String {
    match (now - then).0 / 60_000 {
        ..1 => "just now".into(),
        1 => "a minute ago".into(),
        minutes @ 2..60 => format!("{minutes} minutes ago"),
        60..120 => "an hour ago".into(),
        minutes @ 120..2880 => format!("{} hours ago", minutes / 60),
        minutes => format!("{} days ago", minutes / 1440),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sentence_tells_how_many_and_when() {
        let now = Moment(1_800_000_000_000);
        let mut changes = Changes::default();
        assert!(changes.is_empty() && changes.sentence(now).is_empty());
        changes.note_tab(&Moment(now.0 - 65_000).iso());
        assert_eq!(changes.sentence(now), "1 of these guests was invited from another tab a minute ago.");
        changes.note_tab(&Moment(now.0 - 3_000).iso());
        changes.in_directory = 3;
        assert_eq!(
            changes.sentence(now),
            "2 of these guests were invited from another tab just now. 3 guests are in the directory by now."
        );
    }
}
