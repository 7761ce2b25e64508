//! Every way a row can end; the tally; the report.

use crate::bulk::Ending;
use crate::bulk::journal::EndedAs;
pub use crate::bulk::journal::NotSent;
use crate::jobs::invite::plan::Skip;
use crate::jobs::invite::words;
use crate::refused::Refused;
use crate::rows::List;
use crate::sheet::Table;
use crate::sheet::formula::defused;
use crate::words::{Words, tallied};
use graph::invitations::RedeemUrl;

/// How a row ended. Exactly one of these, for every row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Graph accepted the invitation; `seen` when the guest was then found in the directory.
    Invited {
        guest: String,
        redeem: Option<RedeemUrl>,
        seen: bool,
    },
    /// Graph accepted the invitation, but the guest never appeared.
    NotFound {
        guest: String,
        redeem: Option<RedeemUrl>,
    },
    /// The guest is invited; the letter that was to carry the link has not gone out.
    NoLetter {
        guest: String,
        redeem: Option<RedeemUrl>,
        seen: bool,
        why: NoLetter,
    },
    Refused(Refused),
    /// It left, nothing came back, and looking did not tell.
    Unsure,
    NotSent(NotSent),
    Skipped(Skip),
}

/// Why a guest who is invited has no letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoLetter {
    Refused(Refused),
    /// It left and nothing came back: it may be there.
    Unsure,
    NotSent(NotSent),
    /// The answer that carried the personal link was lost.
    NoLink,
}

/// An outcome and when it was reached.
pub type Ended = EndedAs<Outcome>;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub invited: usize,
    pub not_found: usize,
    pub no_letter: usize,
    pub letter_unsure: usize,
    pub refused: usize,
    pub unsure: usize,
    pub not_sent: usize,
    pub skipped: usize,
    /// Not ended yet.
    pub open: usize,
}

impl Tally {
    /// Of so many rows by [`Ending::class`], and so many that have not ended.
    pub fn from_classes(classes: &[usize], open: usize) -> Self {
        let of = |class: usize| classes.get(class).copied().unwrap_or(0);
        Self {
            invited: of(0),
            not_found: of(1),
            no_letter: of(2),
            letter_unsure: of(3),
            refused: of(4),
            unsure: of(5),
            not_sent: of(6),
            skipped: of(7),
            open,
        }
    }

    pub const fn total(&self) -> usize {
        self.invited
            + self.not_found
            + self.no_letter
            + self.letter_unsure
            + self.refused
            + self.unsure
            + self.not_sent
            + self.skipped
            + self.open
    }

    /// Rows that have ended.
    pub const fn done(&self) -> usize {
        self.total() - self.open
    }

    /// Rows for which [`Outcome::can_be_fixed`] holds.
    pub const fn to_fix(&self) -> usize {
        self.refused + self.not_sent + self.skipped
    }

    /// Rows that can be tried again together: those for which [`Ending::is_failure`] holds, but for letters that may be there.
    pub const fn failed(&self) -> usize {
        self.not_found + self.no_letter + self.refused + self.unsure + self.not_sent
    }

    /// `2 invited, 1 refused`; groups without rows are left out.
    pub fn sentence(&self) -> String {
        tallied([
            (self.invited, "invited"),
            (self.not_found, "sent but not found"),
            (self.no_letter, "invited without a letter"),
            (self.letter_unsure, "invited with an unsure letter"),
            (self.refused, "refused"),
            (self.unsure, "unsure"),
            (self.not_sent, "not sent"),
            (self.skipped, "skipped"),
        ])
    }
}

impl Outcome {
    /// Whether nothing was sent, for a reason that a change of the row or of the tenant may take away.
    pub const fn can_be_fixed(&self) -> bool {
        matches!(self, Self::Refused(_) | Self::NotSent(_) | Self::Skipped(_))
    }

    /// Cause, who can fix it, next step; nothing for what went well.
    pub fn words(&self) -> Option<Words> {
        let words = match self {
            Self::Invited { seen: true, .. } => return None,
            Self::Invited { seen: false, .. } => Words::new(
                "Microsoft accepted the invitation; the guest was not looked up.",
                "The directory could not be read, or the run was stopped before.",
                "Nobody needs to do anything.",
                "Allow reading the directory at the next check to see guests appear.",
            ),
            Self::NotFound { .. } => Words::new(
                "Microsoft accepted the invitation, but the guest does not appear.",
                "Such guests are reported now and then; often they appear within a day.",
                "A User Administrator can look in the Entra admin center.",
                "Look again later; “Try failed again” looks before it sends anything.",
            ),
            Self::NoLetter { why, .. } => why.words(),
            Self::Refused(refused) => words(refused),
            Self::Unsure => Words::new(
                "It is not known whether this guest was invited.",
                "No answer came that tells, and the directory did not tell either.",
                "A User Administrator can look in the Entra admin center.",
                "“Try failed again” looks first and sends only when nobody is there.",
            ),
            Self::NotSent(NotSent::Stopped) => {
                Words::new("Nothing was sent.", "The run was stopped before this row.", "You can.", "“Try failed again” sends it.")
            }
            Self::NotSent(NotSent::Halted) => Words::new(
                "Nothing was sent.",
                "The run stopped for a reason that holds for every guest.",
                "The page of the run tells the reason.",
                "Fix that first; then “Try failed again” sends this row.",
            ),
            Self::Skipped(skip) => {
                Words::new("Nothing was sent.", &skip.words(), "Nobody needs to do anything.", "Change the row if you meant somebody else.")
            }
        };
        Some(words)
    }

    pub const fn guest(&self) -> Option<&String> {
        match self {
            Self::Invited { guest, .. } | Self::NotFound { guest, .. } | Self::NoLetter { guest, .. } => Some(guest),
            _ => None,
        }
    }

    pub const fn redeem(&self) -> Option<&RedeemUrl> {
        match self {
            Self::Invited { redeem, .. } | Self::NotFound { redeem, .. } | Self::NoLetter { redeem, .. } => redeem.as_ref(),
            _ => None,
        }
    }
}

impl Ending for Outcome {
    const CLASSES: usize = 8;

    fn class(&self) -> usize {
        match self {
            Self::Invited { .. } => 0,
            Self::NotFound { .. } => 1,
            Self::NoLetter { why: NoLetter::Unsure, .. } => 3,
            Self::NoLetter { .. } => 2,
            Self::Refused(_) => 4,
            Self::Unsure => 5,
            Self::NotSent(_) => 6,
            Self::Skipped(_) => 7,
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Invited { seen: true, .. } => "Invited",
            Self::Invited { seen: false, .. } => "Invited, not verified",
            Self::NotFound { .. } => "Sent but not found",
            Self::NoLetter { why: NoLetter::Unsure, .. } => "Invited, letter unsure",
            Self::NoLetter { why: NoLetter::NoLink, .. } => "Invited, link lost",
            Self::NoLetter { .. } => "Invited, no letter",
            Self::Refused(_) => "Refused",
            Self::Unsure => "Unsure",
            Self::NotSent(_) => "Not sent",
            Self::Skipped(_) => "Skipped",
        }
    }

    fn is_done(&self) -> bool {
        matches!(self, Self::Invited { .. } | Self::NoLetter { .. })
    }

    fn is_failure(&self) -> bool {
        matches!(self, Self::NotFound { .. } | Self::NoLetter { .. } | Self::Refused(_) | Self::Unsure | Self::NotSent(_))
    }

    fn needs_person(&self) -> bool {
        matches!(self, Self::NoLetter { why: NoLetter::Unsure, .. })
    }

    fn may_be_done(&self) -> bool {
        matches!(self, Self::Unsure | Self::NotFound { .. })
    }

    fn comes_to_nothing(&self) -> bool {
        matches!(self, Self::NotSent(_) | Self::Unsure | Self::Refused(_))
    }

    fn not_sent(&self) -> Option<NotSent> {
        match self {
            Self::NotSent(why) | Self::NoLetter { why: NoLetter::NotSent(why), .. } => Some(*why),
            _ => None,
        }
    }

    fn refused(&self) -> Option<&Refused> {
        match self {
            Self::Refused(refused) | Self::NoLetter { why: NoLetter::Refused(refused), .. } => Some(refused),
            _ => None,
        }
    }
}

impl NoLetter {
    fn words(&self) -> Words {
        match self {
            Self::Refused(refused) => {
                let words = words(refused);
                Words { what: format!("The guest is invited; the letter was not sent. {}", words.what), ..words }
            }
            Self::Unsure => Words::new(
                "The guest is invited; it is not known whether the letter was sent.",
                "No answer came that tells, or the tab was closed while it left.",
                "You can.",
                "Look into Sent items or the chat. If it is not there, select this row and try it again.",
            ),
            Self::NotSent(NotSent::Stopped) => Words::new(
                "The guest is invited; the letter was not sent.",
                "The run was stopped before it.",
                "You can.",
                "“Try failed again” sends the letter; nobody is invited twice.",
            ),
            Self::NotSent(NotSent::Halted) => Words::new(
                "The guest is invited; the letter was not sent.",
                "The run stopped for a reason that holds for every letter.",
                "The page of the run tells the reason.",
                "Fix that first; then “Try failed again” sends the letter. Nobody is invited twice.",
            ),
            Self::NoLink => Words::new(
                "The guest is invited, but the personal link was lost.",
                "The connection broke before Microsoft’s answer, which carries it, arrived.",
                "You can.",
                "“Try failed again” asks Microsoft for a new link. No mail by Microsoft is sent.",
            ),
        }
    }
}

/// The report: every input column as it was, then what became of the row; of the rows whose outcome is `wanted`. Redeem links
/// are secrets and stand in it only when `links` asks for them.
/// Of guests who were `withdrawn` since it says so, and no link.
pub fn report<'a>(
    list: &List,
    ended: impl Fn(u32) -> Option<&'a Ended>,
    wanted: impl Fn(Option<&Outcome>) -> bool,
    withdrawn: impl Fn(u32) -> bool,
    links: bool,
) -> Table {
    let headings = list.columns().iter().map(|column| column.heading.as_str());
    let told = ["Outcome", "Reason", "GuestId", "RequestId", "At"];
    let mut table = Table::default();
    table.push(headings.chain(told).chain(links.then_some("RedeemUrl")));
    for row in list.rows() {
        let ended = ended(row.id());
        let outcome = ended.map(|ended| &ended.outcome);
        if !wanted(outcome) {
            continue;
        }
        let reason = outcome.and_then(Outcome::words).map(|words| format!("{} {}", words.what, words.why)).unwrap_or_default();
        let request = outcome.and_then(Outcome::refused).and_then(|refused| refused.problem.request_id.as_deref()).unwrap_or_default();
        let at = ended.map(|ended| ended.at.iso()).unwrap_or_default();
        let is_withdrawn = withdrawn(row.id());
        let name = if is_withdrawn { "Withdrawn" } else { outcome.map_or("", Outcome::name) };
        let told = [name, &reason, outcome.and_then(Outcome::guest).map_or("", String::as_str), request, &at];
        let link = links.then(|| outcome.filter(|_| !is_withdrawn).and_then(Outcome::redeem).map_or("", RedeemUrl::reveal));
        table.push(row.cells().chain(told).chain(link));
    }
    table
}

/// A table as CSV with a byte order mark. What a spreadsheet could run, in whatever country, is defused (`sheet::formula`).
pub fn to_csv(table: &Table) -> String {
    let mut text = String::from("\u{feff}");
    for row in 0..table.len() {
        line(&mut text, table.row(row));
    }
    text
}

fn line<'a>(text: &mut String, cells: impl Iterator<Item = &'a str>) {
    for (place, cell) in cells.enumerate() {
        if place > 0 {
            text.push(',');
        }
        text.push('"');
        text.push_str(&defused(cell).replace('"', "\"\""));
        text.push('"');
    }
    text.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::{Column, quick_add};
    use time::Moment;

    #[test]
    fn a_report_keeps_the_input_and_hides_links_unless_asked() {
        let mut list = List::default();
        for cells in quick_add::read("=cmd|'x' <ada@a.example>").unwrap().rows {
            list.add(&cells);
        }
        list.add(&[(Column::from_heading("email"), "say \"hi\";=1".into())]);
        let ended = Ended {
            outcome: Outcome::Invited { guest: "g-1".into(), redeem: Some(RedeemUrl::new("https://secret".into())), seen: true },
            at: Moment(0),
        };
        let text = to_csv(&report(&list, |id| (id == 1).then_some(&ended), |_| true, |_| false, false));
        let lines: Vec<&str> = text.split("\r\n").collect();
        assert_eq!(
            lines[0],
            "\u{feff}\"Email\",\"Name\",\"First name\",\"Company\",\"Outcome\",\"Reason\",\"GuestId\",\"RequestId\",\"At\""
        );
        assert_eq!(lines[1], "\"ada@a.example\",\"'=cmd|'x'\",\"\",\"\",\"Invited\",\"\",\"g-1\",\"\",\"1970-01-01T00:00:00Z\"");
        assert!(lines[2].starts_with("\"say \"\"hi\"\";'=1\","));
        assert!(to_csv(&report(&list, |_| Some(&ended), |_| true, |_| false, true)).contains("https://secret"));
        let withdrawn = to_csv(&report(&list, |_| Some(&ended), |_| true, |_| true, true));
        assert!(withdrawn.contains("Withdrawn") && !withdrawn.contains("https://secret"), "{withdrawn}");
    }

    #[test]
    fn what_an_ending_means_for_the_run_is_told_apart() {
        let (guest, refused) = (|| "g".to_owned(), crate::bulk::unanswered);
        let no_letter = |why: NoLetter| Outcome::NoLetter { guest: guest(), redeem: None, seen: true, why };
        let stopped = Some(NotSent::Stopped);
        // Whether it is done, is a failure, needs a person, may be done, comes to nothing; and why it was not sent.
        let table = [
            (Outcome::Invited { guest: guest(), redeem: None, seen: true }, [true, false, false, false, false], None),
            (Outcome::NotFound { guest: guest(), redeem: None }, [false, true, false, true, false], None),
            (no_letter(NoLetter::Unsure), [true, true, true, false, false], None),
            (no_letter(NoLetter::NoLink), [true, true, false, false, false], None),
            (no_letter(NoLetter::Refused(refused())), [true, true, false, false, false], None),
            (no_letter(NoLetter::NotSent(NotSent::Stopped)), [true, true, false, false, false], stopped),
            (Outcome::Refused(refused()), [false, true, false, false, true], None),
            (Outcome::Unsure, [false, true, false, true, true], None),
            (Outcome::NotSent(NotSent::Stopped), [false, true, false, false, true], stopped),
            (Outcome::Skipped(Skip::Chosen), [false; 5], None),
        ];
        for (ending, expected, not_sent) in table {
            let told = [ending.is_done(), ending.is_failure(), ending.needs_person(), ending.may_be_done(), ending.comes_to_nothing()];
            assert_eq!((told, ending.not_sent()), (expected, not_sent), "{ending:?}");
            let is_refused = matches!(ending, Outcome::Refused(_) | Outcome::NoLetter { why: NoLetter::Refused(_), .. });
            assert_eq!(ending.refused().is_some(), is_refused, "{ending:?}");
        }
    }

    #[test]
    fn every_row_is_counted_once_and_sums_match() {
        let tally = Tally::from_classes(&[1, 2, 4, 8, 16, 32, 64, 128], 256);
        assert_eq!((tally.total(), tally.done()), (511, 255));
        assert_eq!((tally.to_fix(), tally.failed()), (16 + 64 + 128, 2 + 4 + 16 + 32 + 64));
        let told = "1 invited, 2 sent but not found, 4 invited without a letter, 8 invited with an unsure letter, 16 refused, 32 unsure, 64 not sent, 128 skipped";
        assert_eq!(tally.sentence(), told);
    }

    #[test]
    fn who_was_made_and_the_link_are_told_of_each_ending_that_has_them() {
        let (guest, link) = (|| "g".to_owned(), || Some(RedeemUrl::new("link".into())));
        for outcome in [
            Outcome::Invited { guest: guest(), redeem: link(), seen: false },
            Outcome::NotFound { guest: guest(), redeem: link() },
            Outcome::NoLetter { guest: guest(), redeem: link(), seen: true, why: NoLetter::Unsure },
        ] {
            assert_eq!((outcome.guest(), outcome.redeem()), (Some(&guest()), link().as_ref()), "{outcome:?}");
            assert!(!outcome.can_be_fixed(), "somebody was invited: {outcome:?}");
        }
        let refused = Outcome::Refused(crate::bulk::unanswered());
        for (outcome, can_be_fixed) in
            [(refused, true), (Outcome::NotSent(NotSent::Halted), true), (Outcome::Skipped(Skip::Chosen), true), (Outcome::Unsure, false)]
        {
            assert_eq!((outcome.guest(), outcome.redeem(), outcome.can_be_fixed()), (None, None, can_be_fixed), "{outcome:?}");
        }
    }
}
