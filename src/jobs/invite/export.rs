//! What a run exports once its guests have their personal links: letters for other ways than ours, and the links for a mail
//! merge. All of it is secret and made only when somebody asks.

use super::Run;
use super::journal::{Header, Stored};
use crate::letter::renderer::Renderer;
use crate::letter::{Letter, OutgoingMessage, builtin_template};
use crate::rows::Row;
use crate::sheet::Table;

/// What is written to those who got no letter of one's own yet: without any words, the letter that comes with the page.
fn letter_of(header: &Header) -> Letter {
    let mut letter = header.letter.clone();
    if letter.is_unwritten() {
        builtin_template::welcome().put_into(&mut letter);
    }
    letter
}

/// The letter of one row, if it has a link. A text that was written for Microsoft's mail gets the link below it.
fn outgoing<'a>(stored: &'a Stored, run: &Run, renderer: &Renderer<'_>, id: u32) -> Option<(Row<'a>, OutgoingMessage)> {
    let redeem = run.ended(id)?.outcome.redeem()?;
    let list = &stored.header.list;
    let row = list.row(list.place(id)?);
    let mut outgoing = OutgoingMessage::for_row(renderer, row, Some(redeem));
    if !outgoing.text.contains(redeem.reveal()) {
        outgoing.text = format!("{}\n\n{}", outgoing.text.trim_end(), redeem.reveal());
    }
    Some((row, outgoing))
}

fn each<'a>(stored: &'a Stored, run: &Run, wanted: &dyn Fn(u32) -> bool) -> Vec<(Row<'a>, OutgoingMessage)> {
    let Header { plan, .. } = &stored.header;
    let letter = letter_of(&stored.header);
    let renderer = Renderer::new(&letter, &plan.merge_context);
    let rows = plan.rows.iter().filter(|planned| wanted(planned.row));
    rows.filter_map(|planned| outgoing(stored, run, &renderer, planned.row)).collect()
}

/// The letters of everybody who has a link, of the rows that are `wanted`, in the order of the plan.
pub fn letters(stored: &Stored, run: &Run, wanted: &dyn Fn(u32) -> bool) -> Vec<OutgoingMessage> {
    each(stored, run, wanted).into_iter().map(|(_, letter)| letter).collect()
}

/// The letter of one row, if it has a link.
pub fn letter(stored: &Stored, run: &Run, id: u32) -> Option<OutgoingMessage> {
    let letter = letter_of(&stored.header);
    let renderer = Renderer::new(&letter, &stored.header.plan.merge_context);
    outgoing(stored, run, &renderer, id).map(|(_, letter)| letter)
}

/// For a mail merge: every input column as it was, then link, subject and letter of everybody who has a link, of the rows
/// that are `wanted`.
pub fn merge_table(stored: &Stored, run: &Run, wanted: &dyn Fn(u32) -> bool) -> Table {
    let mut table = Table::default();
    let headings = stored.header.list.columns().iter().map(|column| column.heading.as_str());
    table.push(headings.chain(["RedeemUrl", "Subject", "Letter", "LetterLanguage"]));
    for (row, letter) in each(stored, run, wanted) {
        table.push(row.cells().chain([letter.link().unwrap_or_default(), &letter.subject, &letter.text, &letter.language]));
    }
    table
}
