//! Which column holds a single row's address: where labels stand beside addresses, as in exports of Google Contacts, and where somebody
//! has no address but a private one.

use super::Table;
use super::matching::{Certainty, Matched};
use crate::rows::headings::{self, Meaning, Whose};
use crate::words::count;
use std::ops::Range;

/// Rows whose address another column than the proposed one holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct RowAddresses {
    /// The proposed column.
    own: usize,
    /// Rising, with the other column.
    rows: Vec<(usize, usize)>,
    reason: Reason,
}

/// Why it is another column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reason {
    /// The labels say so; in so many rows that it is the address of work. In these rows both columns, and those of their labels, are exchanged.
    Labels { work: usize },
    /// The proposed column has no address there, and this is a private one.
    Missing,
}

impl Default for Reason {
    fn default() -> Self {
        Self::Labels { work: 0 }
    }
}

impl RowAddresses {
    /// Of these rows, whose cells are told by row and column.
    pub(super) fn find<'a>(columns: &[Matched], rows: impl Iterator<Item = usize>, cell: impl Fn(usize, usize) -> &'a str) -> Self {
        let Some(own) = columns.iter().position(|matched| matched.field() == Some("email")) else { return Self::default() };
        let headings = || columns.iter().map(|matched| matched.heading.as_str());
        let meanings: Vec<Option<Meaning>> = headings().map(headings::meaning).collect();
        let labelled = labelled_columns(&meanings, |place| &columns[place].heading);
        if labelled.contains(&own) {
            let mut work = 0;
            let other = |row: usize| {
                let found = LabelledAddresses::find(&labelled, |place| cell(row, place))?;
                let taken = Some(found.taken(own)).filter(|taken| *taken != own)?;
                work += usize::from(found.work == Some(taken));
                Some((row, taken))
            };
            let rows = rows.filter_map(other).collect();
            return Self { own, rows, reason: Reason::Labels { work } };
        }
        let private: Vec<usize> = (0..columns.len()).filter(|place| *place != own && is_private(meanings[*place])).collect();
        if private.is_empty() || !meanings[own].is_some_and(goes_before_private) {
            return Self::default();
        }
        let has_address = |row: usize, place: usize| cell(row, place).contains('@');
        let other = |row: usize| if has_address(row, own) { None } else { private.iter().copied().find(|place| has_address(row, *place)) };
        Self { own, rows: rows.filter_map(|row| Some((row, other(row)?))).collect(), reason: Reason::Missing }
    }

    /// Whether there are any, if these columns leave them so: nobody has chosen another column of addresses.
    pub(super) fn are_any(&self, columns: &[Matched]) -> bool {
        let is_own = |matched: &Matched| matched.field() == Some("email") && matched.certainty != Certainty::Chosen;
        !self.rows.is_empty() && columns.get(self.own).is_some_and(is_own)
    }

    /// The column whose cell stands in place of this one in a row.
    pub(super) fn column(&self, row: usize, column: usize) -> usize {
        let Ok(place) = self.rows.binary_search_by_key(&row, |(row, _)| *row) else { return column };
        let (own, other, is_exchanged) = (self.own, self.rows[place].1, matches!(self.reason, Reason::Labels { .. }));
        match column {
            column if column == own || is_exchanged && column + 1 == own => column + other - own,
            column if is_exchanged && (column == other || column + 1 == other) => column + own - other,
            column => column,
        }
    }

    /// In how many rows it is another address and why, in sentences behind one that names the proposed column.
    pub(super) fn words(&self, columns: &[Matched]) -> Vec<String> {
        let rows = |number: usize| count(number, "row", "rows");
        let (work, first) = match self.reason {
            Reason::Missing => {
                let (heading, rows) = (&columns[self.own].heading, rows(self.rows.len()));
                return vec![format!("In {rows} there is none in “{heading}”, and the private one is taken instead.")];
            }
            Reason::Labels { work } => (work, self.rows.len() - work),
        };
        let of_work = format!("In {} that address is labelled as private and another as of work, which is taken instead.", rows(work));
        let first_one = format!("In {} no label says that it is of work, and the first address is taken instead.", rows(first));
        [(work, of_work), (first, first_one)].into_iter().filter(|(number, _)| *number > 0).map(|(_, words)| words).collect()
    }
}

/// Whether a column says of itself that its addresses are private.
pub(super) fn is_private(meaning: Option<Meaning>) -> bool {
    meaning.is_some_and(|meaning| meaning.field == "email" && meaning.whose == Whose::Private)
}

/// Whether the addresses of a column are the same people's as private ones beside them, and go before these row by row.
pub(super) const fn goes_before_private(meaning: Meaning) -> bool {
    matches!(meaning.whose, Whose::Work | Whose::Unsaid) && !meaning.is_guess
}

/// The columns of addresses that do not say themselves whose they are, and have one of labels in front.
fn labelled_columns<'a>(meanings: &[Option<Meaning>], heading: impl Fn(usize) -> &'a str) -> Vec<usize> {
    let is_unsaid = |meaning: Meaning| meaning.field == "email" && matches!(meaning.whose, Whose::Unsaid | Whose::Further);
    (1..meanings.len()).filter(|place| meanings[*place].is_some_and(is_unsaid) && headings::is_of_labels(heading(*place - 1))).collect()
}

/// Of columns with labels, the one from which most rows have their address is proposed, and is of work or private as most of its labels say.
pub(super) fn propose_labelled<'a>(
    table: &Table,
    rows: &Range<usize>,
    meanings: &mut [Option<Meaning>],
    heading: impl Fn(usize) -> &'a str,
) {
    let labelled = labelled_columns(meanings, heading);
    let choices = rows.clone().filter_map(|row| LabelledAddresses::find(&labelled, |place| table.cell(row, place)));
    let wanted: Vec<usize> = choices.map(|found| found.work.unwrap_or(found.first)).collect();
    let votes = |place: &&usize| wanted.iter().filter(|wanted| wanted == place).count();
    // Of several with as many it is the first.
    let Some(own) = labelled.iter().rev().max_by_key(votes).copied() else { return };
    let (mut work, mut private) = (0, 0);
    for row in rows.clone().filter(|row| table.cell(*row, own).contains('@')) {
        match headings::whose_by_label(table.cell(row, own - 1)) {
            Some(Whose::Work) => work += 1,
            Some(_) => private += 1,
            None => {}
        }
    }
    for place in labelled {
        match meanings[place].as_mut() {
            Some(meaning) if place == own && work + private > 0 => {
                meaning.whose = if work >= private { Whose::Work } else { Whose::Private };
            }
            _ if place == own => {}
            _ => meanings[place] = None,
        }
    }
}

/// The addresses of a row that have labels in front, by their columns.
struct LabelledAddresses {
    /// The one with an asterisk, as Google marks the main one; else the first.
    first: usize,
    is_private: bool,
    /// The first that is labelled as of work.
    work: Option<usize>,
}

impl LabelledAddresses {
    /// Nothing for a row without any.
    fn find<'a>(labelled: &[usize], cell: impl Fn(usize) -> &'a str) -> Option<Self> {
        let with_address = || labelled.iter().copied().filter(|place| cell(*place).contains('@'));
        let whose = |place: usize| headings::whose_by_label(cell(place - 1));
        let first = with_address().find(|place| cell(*place - 1).trim_start().starts_with('*')).or_else(|| with_address().next())?;
        let is_work = |place: &usize| whose(*place) == Some(Whose::Work);
        let work = if is_work(&first) { Some(first) } else { with_address().find(is_work) };
        Some(Self { first, is_private: whose(first) == Some(Whose::Private), work })
    }

    /// The one of work where the first is private or is that, else the first; where nothing is said of the first, one of both that is proposed.
    fn taken(&self, own: usize) -> usize {
        match self.work {
            Some(work) if self.is_private || work == own => work,
            _ => self.first,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rows::List;
    use crate::sheet::Table;
    use crate::sheet::columns::{Layout, header_of, layout};

    /// The layout of a table in CSV without quotes, and its list.
    fn read(text: &str) -> (Layout, List) {
        let rows: Vec<Vec<String>> = text.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect();
        let (table, mut list) = (Table::from_rows(&rows), List::default());
        let layout = layout(&table, header_of(&table));
        layout.add(table, &mut list, str::to_owned);
        (layout, list)
    }

    /// The addresses of the guests, and what is told of rows that have another one than that of the proposed column.
    #[track_caller]
    fn check(text: &str, expected: &str, told: &[&str]) {
        let (layout, list) = read(text);
        let addresses: Vec<&str> = list.rows().map(|row| row.cell("email")).collect();
        assert_eq!(addresses.join(" "), expected, "{text}");
        let found: Vec<String> = layout.told().into_iter().filter(|told| told.starts_with("In ")).collect();
        assert_eq!(found, told, "{text}");
    }

    const HEADINGS: &str = "Name,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value\n";
    const OF_WORK: &str = "In 1 row that address is labelled as private and another as of work, which is taken instead.";

    #[test]
    fn labels_decide_row_by_row() {
        let labelled = |rows: &[&str], expected: &str, told: &[&str]| check(&(HEADINGS.to_owned() + &rows.join("\n")), expected, told);
        let private = "A,* Home,a1@x.example,Work,a2@x.example";
        let other = "B,* Home,b1@x.example,Other,b2@x.example";
        let unsaid = "C,* ,c1@x.example,,c2@x.example";
        let main = "D,* Other,d1@x.example,Home,d2@x.example";
        let old = "E,Home,e1@x.example,Obsolete,e2@x.example";
        let second = "F,Old,f1@x.example,*,f2@x.example";
        labelled(&[private, other, unsaid, main, old], "a2@x.example b1@x.example c1@x.example d1@x.example e1@x.example", &[OF_WORK]);
        labelled(
            &[private, private, private, unsaid, old],
            "a2@x.example a2@x.example a2@x.example c1@x.example e1@x.example",
            &["In 2 rows no label says that it is of work, and the first address is taken instead."],
        );
        labelled(&[old], "e1@x.example", &[]);
        labelled(
            &[other, second],
            "b1@x.example f2@x.example",
            &["In 1 row no label says that it is of work, and the first address is taken instead."],
        );
        // Of nobody's first address there is one.
        labelled(
            &[other, "G,,,Home,g2@x.example"],
            "b1@x.example g2@x.example",
            &["In 1 row no label says that it is of work, and the first address is taken instead."],
        );
        labelled(&["H,Home,,,"], "", &[]);
    }

    #[test]
    fn who_has_no_other_address_gets_the_private_one_and_nobody_else_does() {
        let missing = |rows: &str, heading: &str| format!("In {rows} there is none in “{heading}”, and the private one is taken instead.");
        let half = "Ada,a@work.example,a@home.example\nBob,,b@home.example\n";
        for heading in ["Work Email", "Email", "E-Mail (geschäftlich)"] {
            let text = format!("Name,{heading},Personal Email\n{half}");
            check(&text, "a@work.example b@home.example", &[&missing("1 row", heading)]);
            let (layout, list) = read(&text);
            assert_eq!(list.row(0).cell("personalEmail"), "a@home.example");
            assert!(!layout.is_certain(), "{heading}");
        }
        check(
            &format!("Name,Personal Email,Work Email\nCy,c@home.example,\n{}", "Dan,d@home.example,none\n".repeat(3)),
            "c@home.example d@home.example d@home.example d@home.example",
            &[],
        );
        check(
            "Name,Personal Email,Work Email\nCy,c@home.example,\nDan,d@home.example,none\nEve,,e@work.example\n",
            "c@home.example d@home.example e@work.example",
            &[&missing("2 rows", "Work Email")],
        );
        // Beside an attendee's stands perhaps somebody else's.
        check("Attendee email,Private email\na@x.example,b@x.example\n,c@x.example\n", "a@x.example ", &[]);
        check("Work Email,Email 2\na@x.example,b@x.example\nb@x.example,b@x.example\n,c@x.example\n", "a@x.example b@x.example ", &[]);
    }
}
