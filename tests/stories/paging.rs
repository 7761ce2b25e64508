//! Collections come in pages; what is found does not depend on how many objects a page holds.

use crate::support::{GRAPH, MORNING, World, list, stored};
use graph::{Headers, Reply, Unreached};
use guestlist::bulk::RunStatus;
use guestlist::jobs::invite::Run;
use guestlist::jobs::invite::journal::Writer;
use guestlist::lookup::{Match, TenantSnapshot};
use guestlist::permissions;
use guestlist::protocol::{Action, StateMachine};
use guestlist::rows::Address;
use std::sync::Arc;
use tenant::Knobs;
use time::{Millis, Moment};

/// What *Check* finds where a page holds so many.
fn known(page_size: u32) -> TenantSnapshot {
    let world = World::new();
    let mut all = permissions::base();
    all.extend([permissions::DIRECTORY, permissions::CONTACTS, permissions::SUBSCRIPTION]);
    world.sign_in("directory-writer", all).unwrap();
    world.tenant.borrow_mut().knobs = Knobs { page_size, ..Knobs::default() };
    let addresses = ["grace", "linus", "gone", "connie", "new"].map(|name| format!("{name}@fabrikam.example"));
    world.look_with(&list(&addresses.join("\n")), |look| look.and_contacts().and_subscription().and_lately(MORNING - Millis::days(1)))
}

#[test]
fn roles_people_and_contacts_are_found_on_whatever_page_they_stand() {
    let whole = known(0);
    assert_eq!((whole.roles.len(), whole.has_inviting_role(), whole.blind.as_ref()), (2, true, None));
    let found = |name: &str| whole.people.get(&Address::parse(&format!("{name}@fabrikam.example")).unwrap());
    assert!(matches!(found("gone"), Some(Match::Deleted { .. })) && matches!(found("linus"), Some(Match::Pending { .. })));
    for page_size in [1, 2] {
        assert_eq!(known(page_size), whole, "{page_size}");
    }
}

/// A look over pages, for a guest whose answer was lost.
struct LookOverPages {
    tally: String,
    first_pages: Vec<Moment>,
    /// When the second page was asked for.
    second_page: Option<Moment>,
}

/// Looks where the second page meets this, and is asked for so long after the first.
fn looked_for(second_page: &(u16, &str), pause: Millis) -> LookOverPages {
    let world = World::with("guest-inviter");
    let list = list("ada@fabrikam.example");
    let plan = world.plan(&list, &[]);
    let mut stored = stored(&plan, &list, Vec::new());
    stored.header.writer = Writer { graph: GRAPH.into(), ..Writer::default() };
    let mut run = Run::from_stored(&Arc::new(stored), true, world.now.get());
    let (mut first_pages, mut second_asked): (Vec<Moment>, Option<Moment>) = (Vec::new(), None);
    loop {
        match run.next(world.now.get()) {
            Action::Record(_) => run.recorded(),
            Action::Send(ticket, request) => {
                let asked = request.body.clone().unwrap_or_default();
                let item = |status: u16, body: &str| {
                    let body = format!(r#"{{"responses":[{{"id":"0","status":{status},"body":{body}}}]}}"#);
                    Ok(Reply { status: 200, headers: Headers::default(), body })
                };
                let answer = if asked.contains("$skiptoken") {
                    assert_eq!(run.status(world.now.get()), RunStatus::Looking);
                    second_asked = Some(world.now.get());
                    item(second_page.0, second_page.1)
                } else if asked.contains("$filter") {
                    first_pages.push(world.now.get());
                    let more = format!(r#"{{"value":[],"@odata.nextLink":"{GRAPH}/v1.0/users?$skiptoken=abc"}}"#);
                    if first_pages.len() == 1 { item(200, &more) } else { world.carry(&request).1 }
                } else {
                    let (_, answer) = world.carry(&request);
                    if asked.contains("/invitations") { Err(Unreached::Lost) } else { answer }
                };
                run.heard(ticket, &answer, world.now.get());
                if asked.contains("$filter") && first_pages.len() == 1 {
                    world.now.set(world.now.get() + pause);
                }
            }
            Action::WaitUntil(then) => world.now.set(then),
            Action::Done => break,
            other => panic!("{other:?}"),
        }
    }
    world.assert_none_lost_none_doubled(&plan, &run);
    LookOverPages { tally: run.tally().sentence(), first_pages, second_page: second_asked }
}

const GONE: (u16, &str) = (400, r#"{"error":{"code":"Directory_ExpiredPageToken","message":""}}"#);

#[test]
fn a_later_page_that_is_refused_for_good_makes_the_look_begin_anew_at_once() {
    for gone in [GONE, (404, r#""<html>""#)] {
        let look = looked_for(&gone, Millis(0));
        assert_eq!((look.tally.as_str(), look.first_pages.len()), ("1 invited", 2), "{gone:?}");
        assert_eq!(look.second_page, Some(look.first_pages[1]), "{gone:?}");
    }
}

#[test]
fn a_later_page_that_comes_to_nothing_for_now_is_waited_for() {
    for busy in [(429, r#"{"error":{"code":"TooManyRequests","message":""}}"#), (502, r#""<html>""#)] {
        let look = looked_for(&busy, Millis(0));
        assert_eq!((look.tally.as_str(), look.first_pages.len()), ("1 invited", 2), "{busy:?}");
        assert_eq!(look.second_page, Some(look.first_pages[1] + Millis::seconds(-2)), "{busy:?}");
    }
}

#[test]
fn a_look_goes_on_where_it_stood_for_a_minute_and_begins_anew_after_that() {
    for (pause, goes_on) in [(Millis(0), true), (Millis::minutes(1), true), (Millis::minutes(1) + Millis(1), false)] {
        let look = looked_for(&GONE, pause);
        assert_eq!((look.tally.as_str(), look.first_pages.len()), ("1 invited", 2), "{pause:?}");
        assert_eq!(look.second_page.is_some(), goes_on, "{pause:?}");
    }
}
