//! What follows from answers, for one guest.

use super::daily::DailyAllowance;
use super::events;
use super::facts::{self, ASKS, GuestFacts, InvitedGuest};
use super::journal::RowEvent;
use super::letters;
use super::refusals::{halts_chats, halts_letters, halts_the_run};
use super::steps::InviteStep;
use super::{Invite, LostAnswer, Task};
use crate::bulk::journal::NotSent;
use crate::bulk::{Happened, History, Job, Learned, Marks, Recalled, RowAt, Sighted};
use crate::jobs::invite::outcome::{NoLetter, Outcome};
use crate::jobs::invite::plan::skip_found;
use crate::jobs::made_before::is_made_before;
use crate::letter::Channel;
use crate::lookup::{Match, owner};
use crate::protocol::{BESIDE, Cost, LETTER};
use crate::refused::Refused;
use graph::chats::{CreateOneOnOneChat, SendChatMessage};
use graph::invitations::CreateInvitation;
use graph::mail::{CreateDraft, SendMail};
use graph::page::PagesEnd;
use graph::users::{FindUsersByAddress, GetUser, User, UserRefusal};
use graph::{Operation, Problem, Reply, Request};
use time::Millis;

/// How soon it is looked whether a guest who was made is there.
const VERIFY_AFTER: Millis = Millis(500);

/// How an answer about a guest is read, whoever it is.
const SEEN: GetUser<'_> = GetUser { id: "" };

impl Job for Invite {
    type Step = InviteStep;
    type Facts = GuestFacts;
    type Outcome = Outcome;
    type Event = RowEvent;
    type Budget = DailyAllowance;

    fn request(&self, task: &Task<Self>, step: InviteStep) -> Request {
        let facts = task.facts();
        let letters = || self.letters.as_ref().expect("without these no letter leaves");
        match step {
            InviteStep::Invite => {
                let invitation = facts.invitation.as_ref().expect("rows without an invitation have ended");
                CreateInvitation { invitation }.request()
            }
            InviteStep::Verify => GetUser { id: facts.guest.as_ref().map_or("", |guest| &guest.id) }.request(),
            InviteStep::OpenChat => letters().opens_chat(task.row()),
            InviteStep::Message | InviteStep::Letter => letters().brings(task.row(), facts),
        }
    }

    fn look(&self, task: &Task<Self>, _step: InviteStep) -> Request {
        task.facts().next_look()
    }

    fn look_anew(&self, facts: &mut GuestFacts) {
        facts.look_anew();
    }

    fn permission(&self, facts: &GuestFacts, step: InviteStep, is_look: bool) -> &'static str {
        match step {
            _ if is_look => FindUsersByAddress::SCOPES[0],
            InviteStep::Invite => CreateInvitation::SCOPES[0],
            InviteStep::Verify => GetUser::SCOPES[0],
            InviteStep::OpenChat => CreateOneOnOneChat::SCOPES[0],
            InviteStep::Message => SendChatMessage::SCOPES[0],
            InviteStep::Letter if facts.channel == Channel::Drafts => CreateDraft::SCOPES[0],
            InviteStep::Letter => SendMail::SCOPES[0],
        }
    }

    fn cost(&self, facts: &GuestFacts, _step: InviteStep) -> Cost {
        Cost::Time(if facts.channel == Channel::Mailbox { LETTER } else { BESIDE })
    }

    fn can_do(&self, step: InviteStep) -> bool {
        self.letters.is_some() || !step.is_of_letters()
    }

    fn learn(&self, row: RowAt<'_, Self>, reply: &Reply) -> Result<Learned<Self>, Problem> {
        let RowAt { facts, step, history } = row;
        match step {
            InviteStep::Invite => {
                let Some(invitation) = &facts.invitation else { return Ok(Learned::Ended(Outcome::Unsure)) };
                let created = CreateInvitation { invitation }.read(reply)?;
                facts.found = None;
                facts.guest = Some(InvitedGuest { id: created.invited_user.id, redeem: Some(created.invite_redeem_url), seen: false });
                Ok(Learned::Next(InviteStep::Verify, VERIFY_AFTER))
            }
            InviteStep::Verify => match SEEN.read(reply) {
                Ok(user) if !user.id.is_empty() => {
                    let redeem = facts.guest.take().and_then(|guest| guest.redeem);
                    Ok(facts.invited(InvitedGuest { id: user.id, redeem, seen: true }, history.lost))
                }
                // Something answered that knows no users.
                Ok(_) => Ok(Learned::NotYet),
                Err(problem) if SEEN.refusal(&problem) == Some(UserRefusal::NotFound) => Ok(Learned::NotYet),
                Err(problem) => Err(problem),
            },
            InviteStep::OpenChat => {
                facts.chat = letters::opened(reply)?;
                Ok(Learned::Next(facts.letter_step(), Millis(0)))
            }
            InviteStep::Message | InviteStep::Letter => {
                letters::read_taken(step, facts.channel, reply)?;
                let guest = facts.guest.clone();
                let invited = |guest: InvitedGuest| Outcome::Invited { guest: guest.id, redeem: guest.redeem, seen: guest.seen };
                Ok(Learned::Ended(guest.map_or(Outcome::Unsure, invited)))
            }
        }
    }

    fn looked(&self, row: RowAt<'_, Self>, reply: &Reply, is_check: bool) -> Result<Sighted<Self>, Problem> {
        let RowAt { facts, history, .. } = row;
        let Some((users, end)) = facts.found_by(reply, &self.root)? else { return Ok(Sighted::Partly) };
        Ok(match owner(&users, facts.address()) {
            // Whoever owns it may stand beyond what was read.
            None if end == PagesEnd::More => Sighted::Another(Outcome::Unsure),
            None => Sighted::Nobody,
            Some((_, found)) if is_check => skip_found(&found).map_or(Sighted::Nobody, |skip| Sighted::Another(Outcome::Skipped(skip))),
            Some((user, found)) if matches!(found, Match::Clash { .. }) || is_older(user, history) => Sighted::Another(Outcome::Unsure),
            // The plan found nobody with this address, so this guest is the one that was asked for.
            Some((user, _)) => Sighted::Done(facts.invited(InvitedGuest { id: user.id.clone(), redeem: None, seen: true }, history.lost)),
        })
    }

    fn cannot_read(&self, row: RowAt<'_, Self>) -> Learned<Self> {
        match row.facts.guest.take() {
            Some(guest) => row.facts.invited(guest, row.history.lost),
            None => Learned::Ended(Outcome::Unsure),
        }
    }

    fn never_seen(&self, facts: &GuestFacts, _step: InviteStep) -> Outcome {
        facts.guest.clone().map_or(Outcome::Unsure, |guest| Outcome::NotFound { guest: guest.id, redeem: guest.redeem })
    }

    fn refused(&self, facts: &GuestFacts, step: InviteStep, refused: Refused) -> Outcome {
        if step.is_of_letters() { facts.without_letter(NoLetter::Refused(refused)) } else { Outcome::Refused(refused) }
    }

    fn unsure(&self, facts: &GuestFacts, step: InviteStep) -> Outcome {
        if step.is_of_letters() { facts.without_letter(NoLetter::Unsure) } else { Outcome::Unsure }
    }

    fn left_off(&self, facts: &GuestFacts, step: InviteStep, why: NotSent) -> Outcome {
        if step.is_of_letters() { facts.without_letter(NoLetter::NotSent(why)) } else { Outcome::NotSent(why) }
    }

    /// Whatever became of asking for a link, the guest is there.
    fn conclude(&self, facts: &mut GuestFacts, outcome: Outcome) -> Outcome {
        facts.forget();
        match (facts.found.take(), outcome) {
            (Some(found), Outcome::Refused(refused)) => facts::no_letter(found, NoLetter::Refused(refused)),
            (Some(found), Outcome::NotSent(_) | Outcome::Unsure | Outcome::Skipped(_)) => facts::no_letter(found, NoLetter::NoLink),
            (_, outcome) => outcome,
        }
    }

    fn after_loss(&self, facts: &GuestFacts, step: InviteStep, lost: u32) -> LostAnswer {
        match step {
            // No mail goes with it, so asking for the link once more reaches nobody twice.
            InviteStep::Invite if facts.is_known && !facts.channel.is_microsoft() && lost < ASKS => LostAnswer::Repeat,
            InviteStep::Invite if facts.is_known => LostAnswer::AskPerson,
            InviteStep::Invite => LostAnswer::Look,
            // Opening a chat twice opens it once.
            InviteStep::Verify | InviteStep::OpenChat => LostAnswer::Repeat,
            // Nobody but a person can look into Sent items.
            InviteStep::Message | InviteStep::Letter => LostAnswer::AskPerson,
        }
    }

    fn halts(&self, step: InviteStep, refused: &Refused) -> bool {
        match step {
            InviteStep::OpenChat => halts_chats(refused),
            _ if step.is_of_letters() => halts_letters(refused),
            _ => halts_the_run(refused),
        }
    }

    fn again(&self, facts: &mut GuestFacts, outcome: &Outcome) -> Option<InviteStep> {
        if let Outcome::NoLetter { guest, redeem, seen, .. } = outcome {
            let guest = InvitedGuest { id: guest.clone(), redeem: redeem.clone(), seen: *seen };
            if redeem.is_some() {
                facts.guest = Some(guest);
                return Some(facts.letter_step());
            }
            facts.ask_for_link(guest);
        }
        Some(InviteStep::Invite)
    }

    fn event(&self, facts: &GuestFacts, happened: Happened<'_, Self>) -> RowEvent {
        events::event(facts, happened)
    }

    fn remember(&self, facts: &mut GuestFacts, event: &RowEvent) -> Option<Recalled<Self>> {
        events::remember(facts, event)
    }

    fn outcome_of(event: &RowEvent) -> Option<&Outcome> {
        if let RowEvent::Ended(outcome) = event { Some(outcome) } else { None }
    }

    fn made(task: &Task<Self>) -> Option<&str> {
        facts::made(task)
    }

    fn word(task: &Task<Self>) -> &'static str {
        facts::word(task)
    }

    fn marks(task: &Task<Self>) -> Marks {
        facts::marks(task)
    }
}

/// Whether somebody was there before this row left, and only appeared later: of them nobody knows whether the request arrived, which
/// would have sent them a mail, too. Who does not tell when they were made is taken for the guest that was asked for.
fn is_older(user: &User, history: &History<Outcome>) -> bool {
    let is_known_as_own = history.earlier.as_ref().is_some_and(|earlier| earlier.guest() == Some(&user.id));
    !is_known_as_own && history.first_left.is_some_and(|left| is_made_before(user.created_date_time.as_deref(), left))
}

#[cfg(test)]
mod tests {
    use super::super::journal::{Entry, Header, Stored};
    use super::super::{Run, words};
    use super::*;
    use crate::bulk::{Ending, TRIES};
    use crate::jobs::invite::examples::{header, planned};
    use crate::jobs::invite::plan::Planned;
    use crate::jobs::made_before::CLOCKS;
    use crate::protocol::{Action, StateMachine};
    use crate::rows::{Column, List};
    use crate::words::Explain;
    use graph::invitations::RedeemUrl;
    use graph::{Answer, Unreached};
    use std::sync::Arc;
    use time::Moment;

    const NOW: Moment = Moment(1_795_344_203_000);

    /// A run of one guest, whom somebody else looks after, by this channel, with this journal.
    fn stored(channel: Channel, events: &[RowEvent]) -> Arc<Stored> {
        let mut list = List::default();
        let cell = |heading: &str, text: &str| (Column::from_heading(heading), text.to_owned());
        list.add(&[cell("email", "ada@fabrikam.example"), cell("sponsor", "megan@contoso.example")]);
        let row = list.row(0).id();
        let planned = Planned { email: "ada@fabrikam.example".into(), channel, ..planned(row) };
        let header = Header { list, ..header(NOW, vec![planned]) };
        let entry = |what: &RowEvent| Entry { row, what: what.clone(), at: NOW, halted: None, never_left: false };
        Arc::new(Stored::new(header, events.iter().map(entry).collect()))
    }

    /// Answers the run's requests until it is over or has asked so often; how often it asked, and what it wrote down meanwhile.
    fn answered(run: &mut Run, answer: impl Fn() -> Answer, most: usize) -> (usize, Vec<RowEvent>) {
        let (mut now, mut asked, mut events) = (NOW, 0, Vec::new());
        for _ in 0..10_000 {
            match run.next(now) {
                Action::Record(entries) => {
                    events.extend(entries.into_iter().map(|entry| entry.what));
                    run.recorded();
                }
                Action::Send(..) if asked == most => break,
                Action::Send(ticket, _) => {
                    asked += 1;
                    run.heard(ticket, &answer(), now);
                }
                Action::WaitUntil(then) => now = then,
                _ => break,
            }
        }
        (asked, events)
    }

    #[test]
    fn a_link_whose_answers_are_lost_is_not_asked_for_ever_however_often_the_run_is_taken_up() {
        let mut journal = vec![RowEvent::Left, RowEvent::LinkWanted { guest: "g".into(), seen: true }];
        // Each time it is taken up it is asked once, and the tab dies.
        let mut asked = 0;
        let is_over =
            |journal: &[RowEvent]| matches!(journal.last(), Some(RowEvent::Ended(Outcome::NoLetter { why: NoLetter::NoLink, .. })));
        while !is_over(&journal) {
            let mut run = Run::from_stored(&stored(Channel::Mailbox, &journal), true, NOW);
            let (times, events) = answered(&mut run, || Err(Unreached::Lost), 1);
            asked += times;
            journal.extend(events);
            assert!(asked <= ASKS as usize, "{journal:?}");
        }
        assert!(asked > 1, "{journal:?}");
    }

    #[test]
    fn a_chat_that_nobody_answers_about_is_not_asked_for_ever() {
        let due = [RowEvent::Left, RowEvent::LetterDue { guest: "g".into(), redeem: Some(RedeemUrl::new("l".into())), seen: true }];
        let stored = stored(Channel::Teams, &due);
        let (asked, _) = answered(&mut Run::from_stored(&stored, true, NOW), || Err(Unreached::Offline), 1000);
        assert_eq!(asked, 1000, "the network is waited for");
        let mut run = Run::from_stored(&stored, true, NOW);
        let (asked, events) = answered(&mut run, || Err(Unreached::Lost), 1000);
        assert!(asked <= TRIES as usize + 1, "{asked}");
        let Some(RowEvent::Ended(Outcome::NoLetter { why: NoLetter::Refused(refused), .. })) = events.last() else {
            panic!("it ended as {:?}", events.last())
        };
        assert!(refused.details().starts_with("no status · No answer came.") && words(refused).what.contains("busy"));
    }

    fn facts(is_known: bool, channel: Channel) -> GuestFacts {
        GuestFacts::new(Arc::default(), is_known, channel, Default::default())
    }

    #[test]
    fn nothing_that_may_reach_somebody_twice_is_repeated_after_a_lost_answer() {
        let after = |is_known: bool, channel: Channel, step: InviteStep, lost: u32| {
            Invite::default().after_loss(&facts(is_known, channel), step, lost)
        };
        for channel in Channel::ALL {
            for lost in [0, ASKS - 1, ASKS, ASKS + 1] {
                assert_eq!(after(false, channel, InviteStep::Invite, lost), LostAnswer::Look, "{channel:?} {lost}");
                // Whoever is known gets another mail by Microsoft, or nothing but a new link.
                let may_repeat = channel != Channel::Microsoft && lost < ASKS;
                let expected = if may_repeat { LostAnswer::Repeat } else { LostAnswer::AskPerson };
                assert_eq!(after(true, channel, InviteStep::Invite, lost), expected, "{channel:?} {lost}");
                for is_known in [false, true] {
                    for step in [InviteStep::Verify, InviteStep::OpenChat] {
                        assert_eq!(after(is_known, channel, step, lost), LostAnswer::Repeat);
                    }
                    for step in [InviteStep::Message, InviteStep::Letter] {
                        assert_eq!(after(is_known, channel, step, lost), LostAnswer::AskPerson);
                    }
                }
            }
        }
    }

    #[test]
    fn each_step_names_the_permission_that_it_needs_and_the_time_that_it_takes() {
        let permission =
            |channel: Channel, step: InviteStep, is_look: bool| Invite::default().permission(&facts(false, channel), step, is_look);
        for step in [InviteStep::Invite, InviteStep::Verify, InviteStep::OpenChat, InviteStep::Message, InviteStep::Letter] {
            assert_eq!(permission(Channel::Drafts, step, true), crate::permissions::DIRECTORY, "{step:?}");
        }
        for (channel, step, expected) in [
            (Channel::Microsoft, InviteStep::Invite, CreateInvitation::SCOPES[0]),
            (Channel::Microsoft, InviteStep::Verify, GetUser::SCOPES[0]),
            (Channel::Teams, InviteStep::OpenChat, "Chat.Create"),
            (Channel::Teams, InviteStep::Message, "ChatMessage.Send"),
            (Channel::Mailbox, InviteStep::Letter, "Mail.Send"),
            (Channel::Drafts, InviteStep::Letter, "Mail.ReadWrite"),
        ] {
            assert_eq!(permission(channel, step, false), expected, "{channel:?} {step:?}");
        }
        let cost = |channel: Channel| Invite::default().cost(&facts(false, channel), InviteStep::Letter);
        assert_eq!(cost(Channel::Mailbox), Cost::Time(LETTER));
        for channel in [Channel::Drafts, Channel::Teams] {
            assert_eq!(cost(channel), Cost::Time(BESIDE), "what is not sent does not count towards what a mailbox may send");
        }
    }

    #[test]
    fn no_letter_leaves_where_nobody_can_write_it() {
        let can = |job: &Invite| {
            [InviteStep::Invite, InviteStep::Verify, InviteStep::OpenChat, InviteStep::Message, InviteStep::Letter]
                .map(|step| job.can_do(step))
        };
        assert_eq!(can(&Invite::default()), [true, true, false, false, false]);
        let letters = Some(letters::LetterContext(stored(Channel::Mailbox, &[])));
        assert_eq!(can(&Invite { letters, ..Invite::default() }), [true; 5]);
    }

    #[test]
    fn a_chat_that_cannot_be_opened_stops_others_only_where_a_permission_is_missing() {
        let halts = |status: u16, code: &str, message: &str| {
            let body = format!(r#"{{"error":{{"code":"{code}","message":"{message}"}}}}"#);
            let refused = Problem::from_reply(&Reply { status, headers: Default::default(), body }).into();
            [InviteStep::OpenChat, InviteStep::Message, InviteStep::Letter, InviteStep::Invite]
                .map(|step| Invite::default().halts(step, &refused))
        };
        assert_eq!(halts(403, "Authorization_RequestDenied", ""), [true; 4]);
        assert_eq!(halts(403, "Forbidden", "Missing scope permissions on the request. API requires one of 'Chat.Create'."), [true; 4]);
        // Other guests have other sponsors.
        for (status, code) in [(404, "NotFound"), (400, "BadRequest"), (403, "Forbidden")] {
            assert_eq!(halts(status, code, ""), [false; 4], "{status} {code}");
        }
    }

    #[test]
    fn only_who_was_made_long_before_the_row_left_is_taken_for_another() {
        let left = NOW;
        let is_other = |created: Option<Moment>, first_left: Option<Moment>, earlier: Option<Outcome>| {
            let user = User { id: "g".into(), created_date_time: created.map(|at| at.iso()), ..User::default() };
            is_older(&user, &History { first_left, earlier: earlier.map(Box::new), ..History::default() })
        };
        assert!(!is_other(Some(left - CLOCKS), Some(left), None), "clocks may differ by so much");
        assert!(is_other(Some(left - CLOCKS - Millis::seconds(1)), Some(left), None));
        assert!(!is_other(Some(left - CLOCKS), None, None) && !is_other(None, Some(left), None));
        let made = |guest: &str| Some(Outcome::NotFound { guest: guest.into(), redeem: None });
        let long_ago = Some(left - Millis::days(1));
        assert!(!is_other(long_ago, Some(left), made("g")), "whom this row made itself");
        assert!(is_other(long_ago, Some(left), made("another")));
    }

    #[test]
    fn who_was_made_is_told_while_the_letter_is_due() {
        let due = [RowEvent::Left, RowEvent::LetterDue { guest: "g".into(), redeem: Some(RedeemUrl::new("l".into())), seen: true }];
        let run = Run::from_stored(&stored(Channel::Mailbox, &due), true, NOW);
        assert_eq!(Invite::made(&run.tasks()[0]), Some("g"));
        assert_eq!(Invite::made(&Run::from_stored(&stored(Channel::Mailbox, &[]), true, NOW).tasks()[0]), None);
    }

    fn reply(status: u16, body: &str) -> Reply {
        Reply { status, headers: Default::default(), body: body.into() }
    }

    #[test]
    fn a_guest_counts_as_seen_only_where_graph_names_the_guest() {
        let verified = |reply: &Reply| {
            let mut facts = facts(false, Channel::Microsoft);
            facts.guest = Some(InvitedGuest { id: "g".into(), redeem: None, seen: false });
            let learned =
                Invite::default().learn(RowAt { facts: &mut facts, step: InviteStep::Verify, history: &History::default() }, reply);
            (learned, facts.guest)
        };
        let (seen, guest) = verified(&reply(200, r#"{"id":"g"}"#));
        assert!(matches!(seen, Ok(Learned::Ended(Outcome::Invited { seen: true, .. }))));
        assert_eq!(guest, Some(InvitedGuest { id: "g".into(), redeem: None, seen: true }));
        for not_yet in [reply(200, "{}"), reply(404, r#"{"error":{"code":"Request_ResourceNotFound","message":""}}"#)] {
            let (learned, guest) = verified(&not_yet);
            assert!(matches!(learned, Ok(Learned::NotYet)), "{not_yet:?}");
            assert!(guest.is_some_and(|guest| !guest.seen));
        }
        let (denied, _) = verified(&reply(403, r#"{"error":{"code":"Authorization_RequestDenied","message":""}}"#));
        assert!(denied.is_err());
    }

    #[test]
    fn a_look_takes_nobody_for_the_guest_whom_the_row_may_not_have_made() {
        let look = |body: &str, is_check: bool, root: &str| {
            let invitation = graph::invitations::Invitation { invited_user_email_address: "ada@x.example".into(), ..Default::default() };
            let mut facts = GuestFacts::new(Arc::new(invitation), false, Channel::Microsoft, Default::default());
            let history = History { first_left: Some(NOW), ..History::default() };
            let job = Invite { root: root.into(), ..Invite::default() };
            let seen = job.looked(RowAt { facts: &mut facts, step: InviteStep::Invite, history: &history }, &reply(200, body), is_check);
            match seen {
                Ok(Sighted::Nobody) => "nobody",
                Ok(Sighted::Partly) => "another page",
                Ok(Sighted::Another(outcome)) => outcome.name(),
                Ok(Sighted::Done(Learned::Ended(Outcome::Invited { guest, .. }))) if guest == "g" => "who was made",
                _ => "something else",
            }
        };
        let user = |mail: &str, made: Moment| {
            format!(r#"{{"value":[{{"id":"g","mail":"{mail}","userType":"Guest","createdDateTime":"{}"}}]}}"#, made.iso())
        };
        let new = user("ada@x.example", NOW);
        for is_check in [false, true] {
            assert_eq!(look(r#"{"value":[]}"#, is_check, "https://graph.microsoft.com"), "nobody");
            let more = r#"{"value":[],"@odata.nextLink":"https://graph.microsoft.com/v1.0/users?token=2"}"#;
            assert_eq!(look(more, is_check, "https://graph.microsoft.com"), "another page");
        }
        assert_eq!(look(&new, false, ""), "who was made");
        assert_eq!(look(&new, true, ""), "Skipped", "somebody else was faster");
        for another in [user("boss@contoso.example", NOW), user("ada@x.example", NOW - Millis::days(1))] {
            assert_eq!(look(&another, false, ""), "Unsure", "{another}");
        }
    }

    #[test]
    fn whoever_may_stand_beyond_the_pages_that_are_read_is_not_taken_for_nobody() {
        for is_check in [false, true] {
            let mut facts = facts(false, Channel::Microsoft);
            let job = Invite { root: "https://graph.microsoft.com".into(), ..Invite::default() };
            let mut page = 0;
            let end = loop {
                page += 1;
                assert!(page < 100, "it is looked for ever");
                let body = format!(r#"{{"value":[],"@odata.nextLink":"https://graph.microsoft.com/v1.0/users?token={page}"}}"#);
                let row = RowAt { facts: &mut facts, step: InviteStep::Invite, history: &History::default() };
                match job.looked(row, &reply(200, &body), is_check) {
                    Ok(Sighted::Partly) => {}
                    other => break other,
                }
            };
            assert!(page > 1 && matches!(end, Ok(Sighted::Another(Outcome::Unsure))), "{page}");
        }
    }
}
