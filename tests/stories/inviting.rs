//! Stories of invitations, through the sample tenant in made-up time.

use crate::support::{Stopped, World, guests, invitation_of, letter, list, outcome_of, stored};
use graph::Operation;
use graph::invitations::CreateInvitation;
use guestlist::bulk::Ramp;
use guestlist::jobs::invite::Run;
use guestlist::jobs::invite::journal::Entry;
use guestlist::letter::microsoft::{Sender, preview};
use guestlist::permissions;
use guestlist::rows::ByAddress;
use time::Millis;

#[test]
fn a_handful_is_invited_and_every_row_is_told_of() {
    let world = World::with("guest-inviter");
    let list = list(
        "Ada <ada@fabrikam.example>\nbob@fabrikam.example\nbad+tag@fabrikam.example\nADA@fabrikam.example\nx@contoso.example\ngrace@fabrikam.example\nlinus@fabrikam.example\ncasey@tailspin.example\ngone@fabrikam.example\nblocked@fabrikam.example",
    );
    let plan = world.plan(&list, &[]);
    assert_eq!(
        plan.sentence(0),
        "3 guests will be invited to Contoso now, by Microsoft’s mail. 7 rows are skipped: 1 has an address that cannot be invited, 1 is a duplicate, 1 belongs to your own tenant, 1 is a guest already, 1 is invited already, 1 is a member, 1 is blocked."
    );
    assert!(plan.rows[8].note.as_deref().is_some_and(|note| note.contains("Gwen Gone was deleted")));
    let (run, _) = world.run(&plan);
    world.assert_none_lost_none_doubled(&plan, &run);
    assert_eq!(run.tally().sentence(), "3 invited, 7 skipped");
    assert_eq!(world.mails().len(), 3);
}

#[test]
fn the_preview_equals_what_lands_in_the_outbox() {
    for (who, message, language) in [
        ("guest-inviter", "Dear {{displayName|guest}},\n\nsee you at {{company|Contoso}}.", "de-DE"),
        ("guest-inviter", "", "de-DE"),
        ("guest-inviter", "", ""),
        ("no-mailbox", "This will be dropped", "fr-FR"),
        ("user-admin", "<b>Not bold</b> & 'quoted'", ""),
    ] {
        let world = World::with(who);
        let list = list("\"Ada <i>L</i>\" <ada@fabrikam.example>");
        let known = world.look_up(&list);
        let letter = guestlist::letter::Letter {
            message: message.into(),
            language: language.into(),
            copy_to: "boss@contoso.example".into(),
            ..letter()
        };
        let plan =
            guestlist::jobs::invite::plan::plan(&list, &letter, &known, &Default::default(), &ByAddress::default(), &Default::default());
        world.run(&plan);
        let shown =
            preview(&letter, list.row(0), Sender { me: &known.me, organization: &known.organization, merge_context: &Default::default() });
        let tenant = world.tenant.borrow();
        let mail = &tenant.outbox()[0];
        assert_eq!(
            (&shown.to, shown.copy.iter().collect::<Vec<_>>(), &shown.from, &shown.reply_to, &shown.subject, shown.warning.as_str()),
            (&mail.to, mail.cc.iter().collect::<Vec<_>>(), &mail.from, &mail.reply_to, &mail.subject, mail.warning)
        );
        assert_eq!(
            (&shown.inviter, shown.text.text().as_str(), &*shown.language, &*shown.button, &shown.redirect_url, &*shown.footer),
            (&mail.inviter, mail.text.as_str(), &*mail.language, mail.button, &mail.redirect_url, mail.footer),
            "{who} {message:?} {language:?}"
        );
    }
}

#[test]
fn a_second_run_of_the_same_list_sends_nothing() {
    let world = World::with("guest-inviter");
    let list = list(&guests(30, "fabrikam.example"));
    let plan = world.plan(&list, &[]);
    let (_, journal) = world.run(&plan);
    let second = world.plan(&list, &[]);
    assert_eq!(second.invitations(), 0, "the directory tells that they are pending");
    let (run, _) = world.run(&second);
    world.assert_none_lost_none_doubled(&second, &run);
    // Without the directory the journal tells.
    let blind = World::with("guest-inviter");
    let known = guestlist::lookup::TenantSnapshot { people: ByAddress::default(), ..blind.look_up(&list) };
    let before =
        guestlist::jobs::invite::journal::invited_before([&stored(&plan, &list, journal)], tenant::TENANT_ID, &ByAddress::default());
    let third = guestlist::jobs::invite::plan::plan(&list, &letter(), &known, &Default::default(), &before, &Default::default());
    assert_eq!(third.invitations(), 0);
}

// U 43
#[test]
fn a_mail_contact_is_told_and_not_in_the_way() {
    let list = list("connie@fabrikam.example\nnew@fabrikam.example");
    let notes = |world: &World| {
        let known = world.look_with(&list, guestlist::lookup::Lookup::and_contacts);
        assert!(known.blind.is_none());
        let plan =
            guestlist::jobs::invite::plan::plan(&list, &letter(), &known, &Default::default(), &ByAddress::default(), &Default::default());
        assert_eq!(plan.invitations(), 2);
        plan.rows.into_iter().map(|row| row.note).collect::<Vec<_>>()
    };
    // Without the permission the contacts are not seen, and everything else is.
    let world = World::with("guest-inviter");
    assert_eq!(notes(&world), [None, None]);
    let mut all = permissions::base();
    all.extend([permissions::DIRECTORY, permissions::CONTACTS]);
    world.sign_in("guest-inviter", all).unwrap();
    let notes = notes(&world);
    assert!(notes[0].as_ref().is_some_and(|note| note.starts_with("A mail contact, Connie Contact, has this address")), "{notes:?}");
    assert_eq!(notes[1], None);
}

#[test]
fn a_lost_reply_is_looked_into_and_nobody_is_invited_twice() {
    let world = World::with("guest-inviter");
    let list = list(&format!("first@fabrikam.example\n{}{}", guests(7, "lost-reply.example"), guests(4, "fabrikam.example")));
    let plan = world.plan(&list, &[]);
    let (run, _) = world.run(&plan);
    world.assert_none_lost_none_doubled(&plan, &run);
    assert_eq!(run.tally().sentence(), "12 invited");
    assert_eq!(world.mails().len(), 12);
}

#[test]
fn a_lost_reply_stays_unsure_when_the_directory_cannot_be_read() {
    let world = World::new();
    world.sign_in("guest-inviter", guestlist::permissions::base()).unwrap_or_else(|auth_error| panic!("{auth_error:?}"));
    let list = list("first@fabrikam.example\na@lost-reply.example\nb@fabrikam.example");
    let plan = world.plan(&list, &[]);
    assert!(plan.warnings.iter().any(|warning| warning.contains("could not be looked up")));
    let (run, _) = world.run(&plan);
    world.assert_none_lost_none_doubled(&plan, &run);
    assert_eq!(outcome_of(&plan, &run, "first@fabrikam.example"), "Invited, not verified");
    assert_eq!(outcome_of(&plan, &run, "a@lost-reply.example"), "Unsure");
}

#[test]
fn a_ghost_is_named_and_a_late_guest_is_awaited() {
    let world = World::with("guest-inviter");
    let list = list("a@ghost.example\nb@late.example\nc@fabrikam.example");
    let plan = world.plan(&list, &[]);
    let (mut run, _) = world.run(&plan);
    world.assert_none_lost_none_doubled(&plan, &run);
    assert_eq!(outcome_of(&plan, &run, "a@ghost.example"), "Sent but not found");
    assert_eq!(outcome_of(&plan, &run, "b@late.example"), "Invited");
    assert_eq!(outcome_of(&plan, &run, "c@fabrikam.example"), "Invited");
    // Trying a ghost again looks first.
    let before = world.tenant.borrow().log().len();
    run.try_again(|_| true, world.now.get());
    world.drive(&mut run, |_: &Vec<Entry>| {}, 4);
    assert!(world.tenant.borrow().log()[before].path.starts_with("/users?"));
}

#[test]
fn a_refused_domain_explains_itself_and_the_others_go_on() {
    let world = World::with("guest-inviter");
    let list = list("a@refused.example\nb@flaky.example\nc@slow.example\nd@fabrikam.example");
    let plan = world.plan(&list, &[]);
    let (run, _) = world.run(&plan);
    world.assert_none_lost_none_doubled(&plan, &run);
    assert_eq!(run.tally().sentence(), "3 invited, 1 refused");
    let refused = run.rows().next().and_then(|(_, _, ended)| ended).and_then(|ended| ended.outcome.words());
    assert!(refused.is_some_and(|words| words.what.contains("does not allow guests from this domain")));
}

#[test]
fn suspicion_stops_the_run_at_once_and_keeps_every_row() {
    let world = World::with("guest-inviter");
    let list = list(&format!("{}x@abuse.example\n{}", guests(10, "fabrikam.example"), guests(30, "northwind.example")));
    let plan = world.plan(&list, &[]);
    let (run, _) = world.run(&plan);
    world.assert_none_lost_none_doubled(&plan, &run);
    let tally = run.tally();
    assert!(tally.not_sent >= 20 && tally.refused >= 1, "{tally:?}");
    // After the refusal no invitation leaves; those on the way were sent before it was heard.
    let tenant = world.tenant.borrow();
    let statuses: Vec<u16> = tenant.log().iter().filter(|line| line.path == "/invitations").map(|line| line.status).collect();
    let after = statuses.iter().skip_while(|status| **status != 403).count();
    assert!(after <= 10, "{after} requests at or after the block");
    assert!(
        matches!(run.status(world.now.get()), guestlist::bulk::RunStatus::Halted(reason) if reason.refused().problem.request_id.is_some())
    );
}

#[test]
fn a_member_without_a_role_is_warned_and_then_refused_once() {
    let world = World::with("member");
    let list = list(&guests(5, "fabrikam.example"));
    let plan = world.plan(&list, &[]);
    assert!(plan.warnings.iter().any(|warning| warning.contains("Guest Inviter")));
    let (run, _) = world.run(&plan);
    assert_eq!(run.tally().sentence(), "1 refused, 4 not sent");
    assert_eq!(world.tenant.borrow().log().iter().filter(|line| line.path == "/invitations").count(), 1);
}

#[test]
fn a_redeem_link_leads_to_acceptance_and_an_old_one_dies() {
    let world = World::with("guest-inviter");
    let list = list("ada@fabrikam.example");
    let plan = world.plan(&list, &[]);
    let (run, _) = world.run(&plan);
    let link = run.rows().next().and_then(|(_, _, ended)| ended?.outcome.redeem().cloned()).map(|link| link.reveal().to_owned());
    let link = link.unwrap_or_else(|| panic!("an invitation has a link"));
    let page = world.visit(graph::Method::Get, &link, &[]);
    assert!(page.body.contains("Review permissions"));
    // A second invitation mints a new ticket.
    let ada = guestlist::rows::Address::parse("ada@fabrikam.example").unwrap_or_else(|_| panic!());
    let again = invitation_of(&letter(), list.row(0), &ada);
    let (_, answer) = world.carry(&CreateInvitation { invitation: &again }.request());
    assert_eq!(answer.map(|reply| reply.status), Ok(201));
    assert_eq!(world.visit(graph::Method::Get, &link, &[]).status, 410);
}

#[test]
fn stopping_keeps_the_rest_and_trying_again_sends_it() {
    let world = World::with("guest-inviter");
    let list = list(&guests(40, "fabrikam.example"));
    let plan = world.plan(&list, &[]);
    let mut run = Run::new(&plan, Ramp::Careful, true, world.now.get());
    let stop = |step: usize, run: &mut Run| {
        if step == 15 {
            run.stop(world.now.get());
        }
    };
    assert_eq!(world.drive_while(&mut run, |_: &Vec<Entry>| {}, 10_000, stop), Stopped::Done);
    let tally = run.tally();
    assert!(tally.not_sent > 0 && tally.invited > 0, "{tally:?}");
    assert_eq!((tally.invited, tally.invited + tally.not_sent), (world.mails().len(), 40), "what was on its way has finished");
    run.try_again(|_| true, world.now.get());
    assert_eq!(world.drive(&mut run, |_: &Vec<Entry>| {}, 10_000), Stopped::Done);
    world.assert_none_lost_none_doubled(&plan, &run);
    assert_eq!(run.tally().sentence(), "40 invited");
}

#[test]
fn only_the_chosen_rows_are_tried_again() {
    let world = World::with("guest-inviter");
    let list = list("a@refused.example\nb@refused.example\nc@fabrikam.example");
    let plan = world.plan(&list, &[]);
    let (mut run, _) = world.run(&plan);
    let asked = |world: &World| world.tenant.borrow().log().iter().filter(|asked| asked.path == "/invitations").count();
    let before = asked(&world);
    let chosen = plan.rows[1].row;
    run.try_again(|row| row == chosen, world.now.get());
    assert_eq!(run.tally().open, 1);
    assert_eq!(world.drive(&mut run, |_: &Vec<Entry>| {}, 10_000), Stopped::Done);
    assert_eq!(asked(&world), before + 1, "the other failed row and the guest are left alone");
    assert_eq!(run.tally().sentence(), "1 invited, 2 refused");
}

#[test]
fn pausing_sends_nothing_until_it_goes_on() {
    let world = World::with("guest-inviter");
    let list = list(&guests(12, "fabrikam.example"));
    let plan = world.plan(&list, &[]);
    let mut run = Run::new(&plan, Ramp::Careful, true, world.now.get());
    run.pause();
    assert_eq!(world.drive(&mut run, |_: &Vec<Entry>| {}, 10), Stopped::Idle);
    assert!(world.mails().is_empty());
    run.go_on();
    assert_eq!(world.drive(&mut run, |_: &Vec<Entry>| {}, 10_000), Stopped::Done);
    world.assert_none_lost_none_doubled(&plan, &run);
    assert_eq!(world.mails().len(), 12);
}

#[test]
fn who_is_invited_already_gets_one_new_link_when_that_is_chosen() {
    let world = World::with("guest-inviter");
    let list = crate::support::list("linus@fabrikam.example\nnew@fabrikam.example");
    let choices = guestlist::jobs::invite::plan::Choices {
        new: Some(guestlist::jobs::invite::plan::RowAction::OnlyAdd),
        known: Some(guestlist::jobs::invite::plan::RowAction::Resend),
        ..Default::default()
    };
    let plan = world.plan_as(&list, &[], &choices);
    let people = world.tenant.borrow().users(time::Moment(0)).len();
    let (run, _) = world.run(&plan);
    assert_eq!(run.tally().invited, 2);
    let tenant = world.tenant.borrow();
    let mails: Vec<&str> = tenant.outbox().iter().map(|mail| mail.to.as_str()).collect();
    assert_eq!(mails, ["linus@fabrikam.example"], "who is only added gets no mail");
    assert_eq!(tenant.users(time::Moment(i64::MAX / 2)).len(), people + 1);
}

#[test]
fn a_new_link_that_got_no_answer_is_not_sent_by_itself_again() {
    use guestlist::jobs::invite::journal::{Entry, RowEvent};
    let world = World::with("guest-inviter");
    let list = crate::support::list("linus@fabrikam.example");
    let choices =
        guestlist::jobs::invite::plan::Choices { known: Some(guestlist::jobs::invite::plan::RowAction::Resend), ..Default::default() };
    let plan = world.plan_as(&list, &[], &choices);
    let left = Entry { row: plan.rows[0].row, what: RowEvent::Left, at: time::Moment(1), halted: None, never_left: false };
    let run = guestlist::jobs::invite::Run::resume(&plan, guestlist::bulk::Ramp::Careful, &[left], true, time::Moment(2));
    assert_eq!((run.tally().unsure, run.tally().open), (1, 0), "looking would find the guest, sent or not");
}

/// How long the sixth guest waits after the fifth, where guests appear this late.
fn sixth_waits(ramp: Ramp, may_look: bool, appear_after: Millis) -> Millis {
    let world = World::with("guest-inviter");
    let plan = world.plan(&list(&guests(12, "fabrikam.example")), &[]);
    world.tenant.borrow_mut().knobs.delay_ms = u32::try_from(appear_after.0).unwrap();
    let mut run = Run::new(&plan, ramp, may_look, world.now.get());
    let (mut fifth, mut sixth) = (None, None);
    let ended = world.drive_while(
        &mut run,
        |_: &Vec<Entry>| {},
        1_000_000,
        |_, _| {
            let invited = world.mails().len();
            for (moment, _) in [(&mut fifth, 5), (&mut sixth, 6)].into_iter().filter(|(_, number)| invited >= *number) {
                moment.get_or_insert(world.now.get());
            }
        },
    );
    assert_eq!(ended, Stopped::Done);
    sixth.unwrap() - fifth.unwrap()
}

#[test]
fn the_careful_ramp_waits_until_one_of_five_is_seen_but_no_longer_than_half_a_minute() {
    let check = |ramp, may_look, appear_after, least: Millis, most: Millis| {
        let waits = sixth_waits(ramp, may_look, appear_after);
        assert!(waits >= least && waits <= most, "{ramp:?}, may look: {may_look}, appear after {appear_after:?}: {waits:?}");
    };
    let (soon, never) = (Millis::seconds(10), Millis::hours(1));
    check(Ramp::Careful, true, soon, Millis::seconds(8), Millis::seconds(20));
    check(Ramp::Careful, true, never, Millis::seconds(30), Millis::seconds(31));
    check(Ramp::Careful, false, never, Millis(0), Millis::seconds(2));
    check(Ramp::AtTheLimit, true, never, Millis(0), Millis::seconds(2));
}
