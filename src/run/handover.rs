//! What a run hands over once its guests have their personal links: letters for other ways than ours, and the links for a mail
//! merge. All of it is secret and made only when somebody asks.

use super::Run;
use super::journal::{Header, Stored};
use crate::letter::Sealed;
use crate::letter::press::Press;
use crate::rows::Row;
use crate::sheet::Table;

/// Each row that has a link, in the order of the plan, with its letter.
fn each<'a>(stored: &'a Stored, run: &'a Run) -> impl Iterator<Item = (Row<'a>, Sealed)> {
    let Header { letter, plan, list, .. } = &stored.header;
    let press = Press::new(letter, &plan.around);
    plan.rows.iter().filter_map(move |planned| {
        let redeem = run.ended(planned.row)?.outcome.redeem()?;
        let row = list.row(list.place(planned.row)?);
        Some((row, Sealed::of(&press, letter, row, Some(redeem))))
    })
}

/// The letters of everybody who has a link.
pub fn letters(stored: &Stored, run: &Run) -> Vec<Sealed> {
    each(stored, run).map(|(_, letter)| letter).collect()
}

/// The letter of one row, if it has a link.
pub fn letter(stored: &Stored, run: &Run, id: u32) -> Option<Sealed> {
    let Header { letter, plan, list, .. } = &stored.header;
    let redeem = run.ended(id)?.outcome.redeem()?;
    Some(Sealed::of(&Press::new(letter, &plan.around), letter, list.row(list.place(id)?), Some(redeem)))
}

/// For a mail merge: every input column as it was, then link, subject and letter of everybody who has a link.
pub fn merge_table(stored: &Stored, run: &Run) -> Table {
    let mut table = Table::default();
    let headings = stored.header.list.columns().iter().map(|column| column.heading.as_str());
    table.push(headings.chain(["RedeemUrl", "Subject", "Letter", "LetterLanguage"]));
    for (row, letter) in each(stored, run) {
        table.push(row.cells().chain([letter.link().unwrap_or_default(), &letter.subject, &letter.text, &letter.language]));
    }
    table
}
