//! What the sentences of an `expected.json` mean of a list that was read.

use super::CaseInput;
use guestlist::jobs::invite::plan::{self, Choices, PlanStep};
use guestlist::letter::Letter;
use guestlist::rows::Guests;
use guestlist::sheet::{Encoding, Noticed};

/// `3 rows`, `4 guests`, `2 columns`.
fn is_number_of(part: &str, reading: &CaseInput) -> Option<bool> {
    let (number, what) = part.split_once(' ')?;
    let number: usize = number.parse().ok()?;
    match what {
        "rows" | "guests" => Some(reading.fixed.list().len() == number),
        "columns" => Some(reading.file.as_ref()?.2.columns.len() == number),
        _ => None,
    }
}

/// The input that a sentence names, and what it says of it: `guard.csv: 3 rows`.
pub fn for_input(sentence: &str) -> Option<(&str, &str)> {
    sentence.split_once(": ").filter(|(input, _)| input.contains('.') && !input.contains(' '))
}

/// Whether a sentence of `must` or `must_not` is true of an input; nothing where it is about another one.
pub fn is_true(sentence: &str, reading: &CaseInput) -> Option<bool> {
    if let Some((input, rest)) = for_input(sentence) {
        return if input == reading.input { is_true(rest, reading) } else { None };
    }
    if let Some(numbers) = sentence.split(", ").map(|part| is_number_of(part, reading)).collect::<Option<Vec<_>>>() {
        return Some(numbers.into_iter().all(|is_so| is_so));
    }
    if let Some((heading, _)) = sentence.split_once(" is ").filter(|(_, rest)| rest.contains(" as email")) {
        let (.., layout) = reading.file.as_ref()?;
        return Some(layout.columns.iter().any(|matched| matched.field() == Some("email") && matched.heading == heading));
    }
    Some(match sentence {
        "a row made of the headings" => {
            let (_, table, layout) = reading.file.as_ref()?;
            let headings: Vec<&str> = table.row(layout.header?).collect();
            reading.any_cell(|cell| headings.contains(&cell))
        }
        "a guest named Name with address Email" | "a row whose address is the word Role or Email" => {
            reading.any(|row| ["Email", "Role"].contains(&row.cell("email")))
        }
        "a row made of #TYPE" => reading.any_cell(|cell| cell.starts_with("#TYPE")),
        "SEP=; as a heading" => reading.file.as_ref()?.2.columns.iter().any(|matched| matched.heading.contains('=')),
        "the unpacking is told" => reading.has(|noticed| *noticed == Noticed::Packed),
        "the guard file keeps the standard reading" => {
            !reading.input.starts_with("guard") || !reading.has(|noticed| *noticed == Noticed::Backslashes)
        }
        "an address that ends in a quote or holds commas" => {
            reading.any(|row| row.cell("email").ends_with(['"', '\'']) || row.cell("email").contains(','))
        }
        "Shift_JIS is in the list of encodings" => Encoding::all().any(|encoding| encoding.name().contains("Shift_JIS")),
        "ascii-headings.csv is added unseen with garbled names" | "MŸller, JŸrgen or the like is added without a question" => {
            reading.is_added_unseen()
        }
        "a row whose cells hold < or > of tags" => reading.any_cell(|cell| cell.contains(['<', '>'])),
        "row 3 keeps the visible address" => reading.fixed.list().row(2).cell("email") == "linus@adatum.example",
        "the ?subject= part goes" => !reading.any_cell(|cell| cell.contains("?subject")),
        "badge 0000012" => reading.any_cell(|cell| cell == "0000012"),
        "postal code 01067" => reading.any_cell(|cell| cell == "01067"),
        "an empty sheet without a word" => reading.fixed.list().is_empty(),
        "U+FEFF in any cell" => reading.any_cell(|cell| cell.contains('\u{feff}')),
        "a row named '3. In-Meeting Activities'" => reading.any_cell(|cell| cell.contains("In-Meeting")),
        "a name that starts and ends with '" => reading.any(|row| row.cell("displayName").trim_matches('\'') != row.cell("displayName")),
        "a name that is an address" => reading.any(|row| row.cell("displayName").contains('@')),
        "only 'not an address'" => !(reading.words(1, "email").contains("Exchange") && reading.words(3, "email").contains("Exchange")),
        "after the repair the letter to row 1 begins: Hello there," => reading.filled(0).starts_with("Hello there,"),
        "Hello #N/A" | "Hello NULL" => (0..reading.fixed.list().len()).any(|place| reading.filled(place).contains(sentence)),
        "row 4 or 5 changed without being asked" => {
            let row = |guests: &Guests, place: usize| {
                let row = guests.list().row(place);
                guests.list().columns().iter().map(|column| row.cell(&column.name).to_owned()).collect::<Vec<_>>()
            };
            [3, 4].into_iter().any(|place| row(&reading.guests, place) != row(&reading.fixed, place))
        }
        "one POST, with Ada.Lovelace@… as written" => {
            let list = reading.guests.list();
            let plan = plan::plan(list, &Letter::default(), &<_>::default(), &<_>::default(), &<_>::default(), &Choices::default());
            let invited = plan.rows.iter().filter_map(|row| match &row.step {
                PlanStep::Invite(invitation) => Some(invitation.invited_user_email_address.as_str()),
                PlanStep::Skip(_) => None,
            });
            invited.eq(["Ada.Lovelace@fabrikam.example"])
        }
        // `ヤマダ in a name`, `2022-11-22 (date off by four years)`: nothing of the list says so.
        _ => {
            let word = sentence.split(" in a").next()?.split(" (").next()?;
            assert!(!word.contains(' '), "nobody knows what is meant by “{sentence}”");
            reading.any_cell(|cell| cell.contains(word))
        }
    })
}

/// A word by which it is told what a problem is.
pub fn word_for(why: &str) -> &str {
    match why {
        "missing" => "missing",
        "cell holds two addresses" => "More than one address",
        "own tenant's domain (contoso.example)" => "own tenant",
        "duplicate of row 1" => "row 1",
        _ if why.starts_with("Exchange's inner address") => "Exchange",
        "#N/A stands for nothing" | "NULL" | "undefined" | "None" | "N/A" => "stands for nothing",
        _ => panic!("nobody knows what is meant by “{why}”"),
    }
}
