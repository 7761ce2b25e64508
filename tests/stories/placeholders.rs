//! A letter with the placeholders of another program is held back, and sent once they are settled.

use crate::support::*;
use guestlist::jobs::invite::Run;
use guestlist::jobs::invite::plan::{self, BlockingIssue, Choices};
use guestlist::letter::{Letter, editing};
use guestlist::rows::{Column, List};
use std::collections::BTreeMap;

const HOSTS: [&str; 1] = ["myapps.microsoft.com"];

fn people() -> List {
    let mut list = List::from_columns(["Email", "First name", "Company", "Message"].map(Column::from_heading).into());
    for (email, first, own) in
        [("ada@fabrikam.example", "Ada", ""), ("bob@fabrikam.example", "", ""), ("cy@fabrikam.example", "Cy", "Dear «First_Name», [sic]")]
    {
        let cells = [("Email", email), ("First name", first), ("Message", own)];
        list.add(&cells.map(|(heading, cell)| (Column::from_heading(heading), cell.to_owned())));
    }
    list
}

fn held_back(letter: &Letter, list: &List) -> Vec<String> {
    plan::blocking_issues(letter, list, &HOSTS.map(str::to_owned)).iter().map(BlockingIssue::words).collect()
}

#[test]
fn nobody_is_greeted_by_another_programs_placeholder() {
    let world = World::new();
    let mut scopes = guestlist::permissions::base();
    scopes.extend([guestlist::permissions::DIRECTORY]);
    world.sign_in("guest-inviter", scopes).unwrap();
    let mut list = people();
    let mut letter = Letter { message: "Dear *|FNAME|*, save 50 % on [Level 2]. {{ first_name | default: \"you\" }}!".into(), ..letter() };
    let held = held_back(&letter, &list);
    assert_eq!(held.len(), 2, "{held:?}");
    assert!(held[0].contains("*|FNAME|*") && held[0].contains("default: \"you\"") && !held[0].contains("[Level 2]"), "{held:?}");
    assert!(held[1].starts_with("Row 3: «First_Name»"), "{held:?}");
    // One click each: for the letter, and for what a row says itself.
    while let Some(fix) = editing::faults(&letter.message, &list, &[]).into_iter().find_map(|fault| fault.fix) {
        letter.message.replace_range(fix.span, &fix.by);
    }
    // What a row says may be meant as it stands, too.
    let typed = editing::typed_in_own_messages(&list, &[]);
    assert_eq!(typed, ["«First_Name»"]);
    assert_eq!(held_back(&Letter { as_typed: typed, ..letter.clone() }, &list), [""; 0]);
    let own = editing::own_messages(&list, &[]);
    assert_eq!(own.len(), 1);
    for (id, column, text) in own {
        list.set(list.place(id).unwrap(), column, &text);
    }
    assert_eq!(held_back(&letter, &list), [""; 0]);
    let known = world.look_up(&list);
    let plan = plan::plan(&list, &letter, &known, &plan::merge_context(&known, &BTreeMap::new()), &Default::default(), &Choices::default());
    let mut run = Run::from_stored(&std::sync::Arc::new(stored(&plan, &list, Vec::new())), true, world.now.get());
    world.drive(&mut run, |_| {}, usize::MAX);
    assert_eq!(run.tally().invited, 3);
    let tenant = world.tenant.borrow();
    let text = |to: &str| tenant.outbox().iter().find(|mail| mail.to == to).map(|mail| mail.text.clone()).unwrap();
    assert!(text("ada@fabrikam.example").contains("Dear Ada, save 50 % on [Level 2]. Ada!"));
    assert!(text("bob@fabrikam.example").contains("save 50 % on [Level 2]. you!"));
    assert!(text("cy@fabrikam.example").contains("Dear Cy, [sic]"));
}

#[test]
fn what_was_waved_through_is_sent_as_it_stands() {
    let list = people().only(|id| id != 3);
    let letter = Letter { message: "The variable is called ${name}.".into(), ..letter() };
    assert_eq!(held_back(&letter, &list).len(), 1);
    let letter = Letter { as_typed: vec!["${name}".into()], ..letter };
    assert_eq!(held_back(&letter, &list), [""; 0]);
    let address = guestlist::rows::Address::parse("ada@fabrikam.example").unwrap();
    let info = invitation_of(&letter, list.row(0), &address).invited_user_message_info.unwrap();
    assert_eq!(info.customized_message_body.as_deref(), Some("The variable is called ${name}."));
}
