//! Letters of one's own, by mailbox, drafts and chats: everybody is invited once and written to once, whatever fails.

use crate::support::*;
use graph::Unreached;
use guestlist::bulk::{Ending, Ramp, RunStatus};
use guestlist::jobs::invite::journal::{Entry, Stored, Writer, invited_before};
use guestlist::jobs::invite::outcome::{NoLetter, NotSent, Outcome};
use guestlist::jobs::invite::plan::{self, Choices, Plan, RowAction};
use guestlist::jobs::invite::{Run, export};
use guestlist::letter::{Channel, Letter, Variant};
use guestlist::permissions;
use guestlist::protocol::{Action, StateMachine};
use guestlist::rows::{Address, Column, List};
use std::collections::BTreeMap;
use std::sync::Arc;
use tenant::{Knobs, TENANT_ID};
use time::Millis;

fn own_letter(channel: Channel) -> Letter {
    Letter {
        subject: "Welcome to {{tenant}}, {{displayName|guest}}".into(),
        message: "Dear {{displayName|guest}},\n\naccept here:\n{{redeemUrl}}\n\n{{inviter}}".into(),
        channel,
        copy_to: "desk@contoso.example, boss@contoso.example".into(),
        blind_copy_to: "archive@contoso.example".into(),
        ..letter()
    }
}

/// Somebody with the permissions for this channel.
fn world(name: &str, channel: Channel) -> World {
    let world = World::new();
    let mut all = permissions::base();
    all.extend([permissions::DIRECTORY]);
    all.extend(channel.scopes().iter().copied());
    world.sign_in(name, all).unwrap();
    world
}

/// A run of this letter to these guests, before anything of it has left.
fn begun(world: &World, list: &List, letter: &Letter, choices: &Choices) -> Arc<Stored> {
    let known = world.look_up(list);
    let merge_context = plan::merge_context(&known, &BTreeMap::new());
    let plan = plan::plan(list, letter, &known, &merge_context, &Default::default(), choices);
    let mut stored = stored(&plan, list, Vec::new());
    stored.header.letter = letter.clone();
    stored.header.writer = Writer { id: known.me.id.clone(), mail: known.me.mail.clone(), graph: GRAPH.into() };
    Arc::new(stored)
}

/// Carries on until something ends it; what it writes down is added.
fn carry_on(world: &World, stored: &mut Arc<Stored>, steps: usize, prepare: impl FnOnce(&mut Run)) -> (Run, Stopped) {
    let mut run = Run::from_stored(stored, true, world.now.get());
    prepare(&mut run);
    let mut entries: Vec<Entry> = Vec::new();
    let stopped = world.drive(&mut run, |written: &Vec<Entry>| entries.extend(written.clone()), steps);
    Arc::make_mut(stored).entries.extend(entries);
    (run, stopped)
}

fn turn(world: &World, change: impl FnOnce(&mut Knobs)) {
    change(&mut world.tenant.borrow_mut().knobs);
}

/// Letters by their kind and address.
fn letters(world: &World) -> Vec<(&'static str, String)> {
    world.tenant.borrow().outbox().iter().map(|mail| (mail.kind, mail.to.clone())).collect()
}

fn assert_once_each(world: &World, stored: &Stored) {
    let tenant = world.tenant.borrow();
    for planned in &stored.header.plan.rows {
        let letters = tenant.outbox().iter().chain(tenant.drafts()).filter(|mail| mail.to == planned.email).count();
        assert!(letters <= 1, "{} was written to {letters} times", planned.email);
        let invited = tenant.users(world.now.get()).iter().filter(|user| user["mail"] == planned.email.as_str()).count();
        assert!(invited <= 1, "{} is there {invited} times", planned.email);
    }
    assert!(tenant.outbox().iter().all(|mail| mail.kind == "letter"), "Microsoft wrote, too");
}

#[test]
fn a_letter_of_ones_own_carries_the_link_that_works() {
    let world = world("guest-inviter", Channel::Mailbox);
    let mut list = list("Ada Lovelace <ada@fabrikam.example>");
    list.add(&[
        (Column::from_heading("Email"), "jürgen@fabrikam.example".replace('ü', "u")),
        (Column::from_heading("Language"), "de-AT".into()),
    ]);
    let variant =
        Variant { language: "de".into(), subject: "Willkommen – schön!".into(), message: "Grüß Gott,\n{{redeemUrl}}".into() };
    let letter = Letter { variants: vec![variant], ..own_letter(Channel::Mailbox) };
    let mut stored = begun(&world, &list, &letter, &Choices::default());
    assert!(stored.header.plan.sentence(0).contains("by your own letter from your mailbox"), "{}", stored.header.plan.sentence(0));
    let (run, stopped) = carry_on(&world, &mut stored, usize::MAX, |_| {});
    assert_eq!((stopped, run.tally().invited, run.tally().total()), (Stopped::Done, 2, 2));
    assert_once_each(&world, &stored);
    let tenant = world.tenant.borrow();
    let mails = tenant.outbox();
    let ada = mails.iter().find(|mail| mail.to == "ada@fabrikam.example").unwrap();
    assert_eq!(ada.subject, "Welcome to Contoso, Ada Lovelace");
    assert_eq!((ada.cc.len(), ada.bcc.as_slice()), (2, ["archive@contoso.example".to_owned()].as_slice()));
    assert!(ada.text.starts_with("Dear Ada Lovelace,\n\naccept here:\n") && ada.text.ends_with("\n\nGita Inviter"), "{}", ada.text);
    assert!(ada.html.contains(">Accept the invitation</a>"), "{}", ada.html);
    let german = mails.iter().find(|mail| mail.to.starts_with("jurgen")).unwrap();
    assert_eq!((german.subject.as_str(), &*german.language), ("Willkommen – schön!", "de"));
    assert!(german.html.contains("<html lang=\"de\">") && german.html.contains(">Einladung annehmen</a>"), "{}", german.html);
    for mail in mails {
        let ended = stored.header.plan.rows.iter().find(|row| row.email == mail.to).and_then(|row| run.ended(row.row)).unwrap();
        assert_eq!(ended.outcome.redeem().unwrap().reveal(), mail.redeem_url);
    }
}

#[test]
fn a_mailbox_sends_thirty_a_minute_and_four_at_once() {
    let world = world("guest-inviter", Channel::Mailbox);
    turn(&world, |knobs| knobs.mail_ms = 9000);
    let list = list(&guests(100, "fabrikam.example"));
    let mut stored = begun(&world, &list, &own_letter(Channel::Mailbox), &Choices::default());
    let (run, stopped) = carry_on(&world, &mut stored, usize::MAX, |_| {});
    assert_eq!((stopped, run.tally().invited), (Stopped::Done, 100));
    assert_once_each(&world, &stored);
    let log = world.tenant.borrow().log().iter().filter(|line| line.path == "/me/sendMail").cloned().collect::<Vec<_>>();
    assert!(log.iter().all(|line| line.status == 202), "asked faster than a mailbox allows");
    for (place, line) in log.iter().enumerate() {
        let within = log[place..].iter().take_while(|later| later.at - line.at < Millis::seconds(60)).count();
        assert!(within <= 30, "{within} letters in a minute");
    }
}

#[test]
fn a_mailbox_keeps_its_pace_and_wastes_no_time() {
    let world = world("guest-inviter", Channel::Mailbox);
    let list = list(&guests(61, "fabrikam.example"));
    let mut stored = begun(&world, &list, &own_letter(Channel::Mailbox), &Choices::default());
    let begun = world.now.get();
    let (run, _) = carry_on(&world, &mut stored, usize::MAX, |_| {});
    assert_eq!(run.tally().invited, 61);
    let seconds = (world.now.get() - begun).in_seconds();
    assert!((118..130).contains(&seconds), "sixty-one letters took {seconds} s");
}

#[test]
fn drafts_lie_in_the_mailbox_and_nothing_is_sent() {
    let world = world("guest-inviter", Channel::Drafts);
    let list = list(&guests(20, "fabrikam.example"));
    let mut stored = begun(&world, &list, &own_letter(Channel::Drafts), &Choices::default());
    let (run, _) = carry_on(&world, &mut stored, usize::MAX, |_| {});
    assert_eq!(run.tally().invited, 20);
    assert_eq!((world.tenant.borrow().outbox().len(), world.tenant.borrow().drafts().len()), (0, 20));
    assert_once_each(&world, &stored);
}

#[test]
fn a_chat_goes_to_the_sponsor_and_else_to_oneself() {
    let world = world("guest-inviter", Channel::Teams);
    let mut list = List::default();
    for (email, sponsor) in [
        ("ada@fabrikam.example", "member@contoso.example"),
        ("bob@fabrikam.example", ""),
        ("cy@fabrikam.example", "nobody@contoso.example"),
    ] {
        list.add(&[(Column::from_heading("Email"), email.into()), (Column::from_heading("Sponsor"), sponsor.into())]);
    }
    let mut stored = begun(&world, &list, &own_letter(Channel::Teams), &Choices::default());
    let (run, _) = carry_on(&world, &mut stored, usize::MAX, |_| {});
    let said: Vec<(String, bool)> =
        world.tenant.borrow().said().iter().map(|said| (said.to.clone(), said.html.contains("/redeem?rd="))).collect();
    assert_eq!(said, [("member@contoso.example".to_owned(), true), ("guest-inviter@contoso.example".to_owned(), true)]);
    // A sponsor whom the tenant does not know costs that letter, and nobody else's.
    assert_eq!((run.tally().invited, run.tally().no_letter), (2, 1), "{:?}", run.tally());
}

#[test]
fn a_missing_permission_to_open_chats_costs_one_letter_and_is_named() {
    let world = World::new();
    let mut all = permissions::base();
    all.extend([permissions::DIRECTORY, "ChatMessage.Send"]);
    world.sign_in("guest-inviter", all).unwrap();
    let mut list = List::default();
    for number in 0..8 {
        let email = format!("guest{number}@fabrikam.example");
        list.add(&[(Column::from_heading("Email"), email), (Column::from_heading("Sponsor"), "member@contoso.example".into())]);
    }
    let mut stored = begun(&world, &list, &own_letter(Channel::Teams), &Choices::default());
    let (run, _) = carry_on(&world, &mut stored, usize::MAX, |_| {});
    assert_eq!(run.tally().sentence(), "1 invited without a letter, 7 not sent");
    let RunStatus::Halted(reason) = run.status(world.now.get()) else { panic!("it goes on") };
    assert_eq!(reason.refused().permission.as_deref(), Some("Chat.Create"));
    assert!(world.tenant.borrow().said().is_empty());
}

#[test]
fn what_is_chosen_for_a_row_goes_before_the_letters_channel() {
    let world = world("guest-inviter", Channel::Mailbox);
    let list = list("ada@fabrikam.example\nbob@fabrikam.example\ncy@fabrikam.example\ndee@fabrikam.example");
    let ids: Vec<u32> = list.ids().to_vec();
    let mut choices = Choices::default();
    choices.channels.insert(ids[1], Channel::Microsoft);
    choices.channels.insert(ids[2], Channel::Files);
    choices.rows.insert(ids[3], RowAction::OnlyAdd);
    let mut stored = begun(&world, &list, &own_letter(Channel::Mailbox), &choices);
    let sentence = stored.header.plan.sentence(0);
    assert!(sentence.contains("1 by Microsoft’s mail; 1 by your own letter from your mailbox; 1 without a mail"), "{sentence}");
    let (run, _) = carry_on(&world, &mut stored, usize::MAX, |_| {});
    assert_eq!(run.tally().invited, 4);
    let mut kinds = letters(&world);
    kinds.sort();
    assert_eq!(kinds, [("invitation", "bob@fabrikam.example".to_owned()), ("letter", "ada@fabrikam.example".to_owned())]);
}

#[test]
fn a_mailbox_that_cannot_send_costs_one_guest_and_nobody_is_invited_twice() {
    for (fault, after) in [("noMailbox", 0), ("denied", 0), ("denied", 7), ("limit", 12), ("full", 0), ("full", 3), ("blocked", 5)] {
        let world = world("guest-inviter", Channel::Mailbox);
        turn(&world, |knobs| (knobs.mail_fault, knobs.mail_fault_after) = (fault.into(), after));
        let list = list(&guests(25, "fabrikam.example"));
        let mut stored = begun(&world, &list, &own_letter(Channel::Mailbox), &Choices::default());
        let (run, stopped) = carry_on(&world, &mut stored, usize::MAX, |_| {});
        assert_eq!(stopped, Stopped::Done);
        assert!(matches!(run.status(world.now.get()), RunStatus::Halted(_)), "{fault}");
        assert_eq!(run.tally().invited, after as usize, "{fault}: {:?}", run.tally());
        let there = world.tenant.borrow().users(world.now.get()).len();
        if after == 0 {
            assert_eq!((run.tally().no_letter, run.tally().not_sent), (1, 24), "{fault}: {:?}", run.tally());
        }
        // Fixed, and tried again: nobody twice.
        turn(&world, |knobs| knobs.mail_fault.clear());
        let (run, _) = carry_on(&world, &mut stored, usize::MAX, |run| run.try_failed_again(world.now.get()));
        assert_eq!(run.tally().invited, 25, "{fault}: {:?}", run.tally());
        assert_eq!(letters(&world).len(), 25, "{fault}");
        assert_once_each(&world, &stored);
        assert!(world.tenant.borrow().users(world.now.get()).len() >= there);
        let asked = world.tenant.borrow().log().iter().filter(|line| line.path == "/invitations").count();
        assert_eq!(asked, 25, "{fault}: somebody was invited twice");
    }
}

#[test]
fn a_busy_or_throttled_mailbox_is_asked_again_and_loses_nothing() {
    for fault in ["busy", "throttled"] {
        let world = world("guest-inviter", Channel::Mailbox);
        turn(&world, |knobs| (knobs.mail_fault, knobs.mail_fault_after) = (fault.into(), 3));
        let list = list(&guests(10, "fabrikam.example"));
        let mut stored = begun(&world, &list, &own_letter(Channel::Mailbox), &Choices::default());
        let mut run = Run::from_stored(&stored, true, world.now.get());
        let mut entries: Vec<Entry> = Vec::new();
        let fixed = std::cell::Cell::new(false);
        world.drive_while(
            &mut run,
            |written: &Vec<Entry>| entries.extend(written.clone()),
            usize::MAX,
            |_, _| {
                // The mailbox comes to itself after a while.
                let asked = world.tenant.borrow().log().iter().filter(|line| line.path == "/me/sendMail").count();
                if asked > 8 && !fixed.replace(true) {
                    turn(&world, |knobs| knobs.mail_fault.clear());
                }
            },
        );
        Arc::make_mut(&mut stored).entries = entries;
        assert_eq!(run.tally().invited, 10, "{fault}: {:?}", run.tally());
        assert_once_each(&world, &stored);
    }
}

#[test]
fn a_letter_whose_answer_was_lost_is_never_sent_twice_by_itself() {
    let world = world("guest-inviter", Channel::Mailbox);
    turn(&world, |knobs| (knobs.mail_fault, knobs.mail_fault_after) = ("lost".into(), 4));
    let list = list(&guests(8, "fabrikam.example"));
    let mut stored = begun(&world, &list, &own_letter(Channel::Mailbox), &Choices::default());
    let (run, _) = carry_on(&world, &mut stored, usize::MAX, |_| {});
    assert_eq!((run.tally().invited, run.tally().letter_unsure, run.tally().failed()), (4, 4, 0), "{:?}", run.tally());
    turn(&world, |knobs| knobs.mail_fault.clear());
    let (run, _) = carry_on(&world, &mut stored, usize::MAX, |run| run.try_failed_again(world.now.get()));
    assert_eq!(run.tally().letter_unsure, 4);
    assert_once_each(&world, &stored);
    // A person who has looked may send one once more.
    let unsure = stored
        .header
        .plan
        .rows
        .iter()
        .map(|row| row.row)
        .find(|row| run.ended(*row).is_some_and(|ended| ended.outcome.needs_person()))
        .unwrap();
    let (run, _) = carry_on(&world, &mut stored, usize::MAX, |run| run.try_again(|row| row == unsure, world.now.get()));
    assert_eq!((run.tally().invited, run.tally().letter_unsure), (5, 3));
}

#[test]
fn a_letter_that_never_left_waits_for_the_network_and_goes() {
    let world = world("guest-inviter", Channel::Mailbox);
    let list = list("ada@fabrikam.example");
    let stored = begun(&world, &list, &own_letter(Channel::Mailbox), &Choices::default());
    let mut run = Run::from_stored(&stored, true, world.now.get());
    let mut cut = 0;
    loop {
        match run.next(world.now.get()) {
            Action::Record(_) => run.recorded(),
            Action::Send(ticket, request) if request.path == "/me/sendMail" && cut < 20 => {
                cut += 1;
                run.heard(ticket, &Err(Unreached::Offline), world.now.get());
                assert_eq!(run.status(world.now.get()), RunStatus::Offline);
            }
            Action::Send(ticket, request) => {
                let (at, answer) = world.carry(&request);
                world.now.set(at);
                run.heard(ticket, &answer, at);
            }
            Action::WaitUntil(then) => world.now.set(then),
            Action::Done => break,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((run.tally().invited, letters(&world).len()), (1, 1));
}

#[test]
fn what_is_handed_over_has_the_link_whatever_the_letter_says() {
    let world = world("guest-inviter", Channel::Microsoft);
    let list = list("Ada Lovelace <ada@fabrikam.example>\nbob@refused.example");
    for (message, expected) in
        [("", "Hello Ada Lovelace,"), ("Hi {{displayName}}", "Hi Ada Lovelace\n\nhttp"), ("See {{redeemUrl}}.", "See http")]
    {
        let letter = Letter { message: message.into(), ..letter() };
        let mut stored = begun(&world, &list, &letter, &Choices { known: Some(RowAction::Resend), ..Choices::default() });
        let (run, _) = carry_on(&world, &mut stored, usize::MAX, |_| {});
        let letters = export::letters(&stored, &run, &|_| true);
        assert_eq!(letters.len(), 1, "{message}");
        let link = letters[0].link().unwrap();
        assert!(letters[0].text.starts_with(expected) && letters[0].text.matches(link).count() == 1, "{}", letters[0].text);
        let table = export::merge_table(&stored, &run, &|_| true);
        assert_eq!((table.len(), table.row(1).filter(|cell| *cell == link).count()), (2, 1));
        assert!(export::letter(&stored, &run, list.ids()[0]).is_some_and(|one| one == letters[0]));
        assert!(export::letter(&stored, &run, list.ids()[1]).is_none());
    }
}

#[test]
fn a_recipient_whom_the_mailbox_refuses_is_invited_and_named() {
    let world = world("guest-inviter", Channel::Mailbox);
    let list = list("ada@fabrikam.example\nbob@no-mail.example\ncy@fabrikam.example");
    let mut stored = begun(&world, &list, &own_letter(Channel::Mailbox), &Choices::default());
    let (run, _) = carry_on(&world, &mut stored, usize::MAX, |_| {});
    assert_eq!((run.tally().invited, run.tally().no_letter), (2, 1));
    let ended = run.ended(list.ids()[1]).unwrap();
    assert!(matches!(&ended.outcome, Outcome::NoLetter { why: NoLetter::Refused(refused), .. } if refused.problem.request_id.is_some()));
    assert!(ended.outcome.words().unwrap().what.contains("invited; the letter was not sent"));
}

#[test]
fn a_stop_keeps_letters_that_have_not_left() {
    let world = world("guest-inviter", Channel::Mailbox);
    let list = list(&guests(30, "fabrikam.example"));
    let mut stored = begun(&world, &list, &own_letter(Channel::Mailbox), &Choices::default());
    let mut run = Run::from_stored(&stored, true, world.now.get());
    let mut entries: Vec<Entry> = Vec::new();
    let stop = |_: usize, run: &mut Run| {
        if run.tally().invited == 3 {
            run.stop(world.now.get());
        }
    };
    world.drive_while(&mut run, |written: &Vec<Entry>| entries.extend(written.clone()), usize::MAX, stop);
    Arc::make_mut(&mut stored).entries = entries;
    let tally = run.tally();
    assert_eq!((tally.open, tally.total()), (0, 30), "{tally:?}");
    assert!(tally.no_letter > 0, "{tally:?}");
    let kept = stored.header.plan.rows.iter().filter(|row| {
        matches!(run.ended(row.row).map(|ended| &ended.outcome), Some(Outcome::NoLetter { why: NoLetter::NotSent(NotSent::Stopped), .. }))
    });
    assert_eq!(kept.count(), tally.no_letter);
    let (run, _) = carry_on(&world, &mut stored, usize::MAX, |run| run.try_failed_again(world.now.get()));
    assert_eq!(run.tally().invited, 30);
    assert_once_each(&world, &stored);
}

#[test]
fn a_tab_that_is_killed_at_any_moment_writes_to_nobody_twice() {
    for channel in [Channel::Mailbox, Channel::Drafts, Channel::Teams] {
        for seed in 0..24_usize {
            let world = world("guest-inviter", channel);
            let list = list(&guests(12, "fabrikam.example"));
            let mut stored = begun(&world, &list, &own_letter(channel), &Choices::default());
            let mut kills = 0;
            let run = loop {
                let (run, stopped) = carry_on(&world, &mut stored, 5 + (seed * 7 + kills * 11) % 23, |_| {});
                if stopped == Stopped::Done {
                    break run;
                }
                kills += 1;
                assert!(kills < 500, "seed {seed} never ends");
            };
            let tally = run.tally();
            // Who was to leave twice when the tab was killed, and was not seen either time, is for a person to decide.
            assert_eq!(tally.invited + tally.letter_unsure + tally.unsure, 12, "{channel:?}, seed {seed}: {tally:?}");
            assert_once_each(&world, &stored);
            assert!(world.tenant.borrow().said().len() <= 12);
            // Whoever is named as invited has the letter.
            let written = letters(&world).len() + world.tenant.borrow().drafts().len() + world.tenant.borrow().said().len();
            assert!(written >= tally.invited, "{channel:?}, seed {seed}: {written} letters, {tally:?}");
        }
    }
}

#[test]
fn a_link_that_was_lost_with_its_answer_is_asked_for_again_and_nobody_hears_of_it() {
    let world = world("guest-inviter", Channel::Mailbox);
    let list = list("ada@fabrikam.example\nbob@lost-reply.example");
    let mut stored = begun(&world, &list, &own_letter(Channel::Mailbox), &Choices::default());
    let (run, _) = carry_on(&world, &mut stored, usize::MAX, |_| {});
    // Every answer about this guest is lost, so in the end a person has to ask.
    assert_eq!(outcome_of(&stored.header.plan, &run, "bob@lost-reply.example"), "Invited, link lost");
    assert_eq!(letters(&world), [("letter", "ada@fabrikam.example".to_owned())]);
    assert_once_each(&world, &stored);
}

#[test]
fn stopped_or_killed_while_a_link_is_asked_for_the_guest_still_counts_as_invited() {
    let is_there = |world: &World| world.tenant.borrow().users(world.now.get()).iter().any(|user| user["mail"] == "bob@lost-reply.example");
    let mut told: BTreeMap<String, usize> = BTreeMap::new();
    for at in 0.. {
        let world = world("guest-inviter", Channel::Mailbox);
        let list = list("bob@lost-reply.example");
        let mut stored = begun(&world, &list, &own_letter(Channel::Mailbox), &Choices::default());
        let (_, stopped) = carry_on(&world, &mut stored, at, |_| {});
        if stopped == Stopped::Done {
            break;
        }
        // Killed there, resumed, and stopped before anything else leaves.
        let counts =
            invited_before([&*stored], TENANT_ID, &Default::default()).get(&Address::parse("bob@lost-reply.example").unwrap()).is_some();
        assert!(counts || !is_there(&world), "killed after {at} steps another run would invite this guest again");
        let (run, _) = carry_on(&world, &mut stored, usize::MAX, |run| run.stop(world.now.get()));
        let outcome = outcome_of(&stored.header.plan, &run, "bob@lost-reply.example");
        assert!(outcome != "Not sent" || !is_there(&world), "stopped after {at} steps the guest reads as not sent");
        *told.entry(outcome).or_default() += 1;
        // Tried again, nobody is there twice, and the end is the same.
        let (run, _) = carry_on(&world, &mut stored, usize::MAX, |run| run.try_failed_again(world.now.get()));
        assert_eq!(outcome_of(&stored.header.plan, &run, "bob@lost-reply.example"), "Invited, link lost", "after {at} steps");
        assert_once_each(&world, &stored);
    }
    assert!(told.get("Invited, link lost").is_some_and(|times| *times > 2), "{told:?}");
}

#[test]
fn a_second_run_of_the_same_list_writes_to_nobody() {
    let world = world("guest-inviter", Channel::Mailbox);
    turn(&world, |knobs| (knobs.mail_fault, knobs.mail_fault_after) = ("denied".into(), 2));
    let list = list(&guests(4, "fabrikam.example"));
    let mut stored = begun(&world, &list, &own_letter(Channel::Mailbox), &Choices::default());
    carry_on(&world, &mut stored, usize::MAX, |_| {});
    let before = invited_before([&*stored], TENANT_ID, &Default::default());
    let known = guestlist::lookup::TenantSnapshot::default();
    let again: Plan = plan::plan(&list, &own_letter(Channel::Mailbox), &known, &Default::default(), &before, &Choices::default());
    let invited = world
        .tenant
        .borrow()
        .users(world.now.get())
        .iter()
        .filter(|user| user["mail"].as_str().is_some_and(|mail| mail.ends_with("fabrikam.example") && mail.starts_with("guest")))
        .count();
    assert_eq!(again.invitations(), 4 - invited);
}

#[test]
fn the_first_letter_goes_out_before_a_second_guest_is_invited() {
    for ramp in [Ramp::Careful, Ramp::AtTheLimit] {
        let world = world("guest-inviter", Channel::Mailbox);
        let list = list(&guests(30, "fabrikam.example"));
        let mut stored = begun(&world, &list, &own_letter(Channel::Mailbox), &Choices::default());
        Arc::make_mut(&mut stored).header.ramp = ramp;
        carry_on(&world, &mut stored, usize::MAX, |_| {});
        let tenant = world.tenant.borrow();
        let first = |path: &str| tenant.log().iter().position(|line| line.path == path).unwrap();
        let second = tenant.log().iter().enumerate().filter(|(_, line)| line.path == "/invitations").nth(1).unwrap().0;
        assert!(first("/me/sendMail") < second);
    }
}
