//! The day's allowance: a tenant that may send only so many invitations a day gets no more, whatever is closed, opened again or sent
//! in another tab, over days and days.

use crate::acts::{
    assert_one_mail_each, checked, invited, resumed, set_knobs, settled, sign_in_anew, tally, until, with_draft, with_limit,
};
use crate::browser::{Browser, WindowStep};
use crate::support::{MORNING, guests, letter, list};
use graph::invitations::InvitationRefusal;
use graph::users::DeleteUser;
use graph::{Operation, Request};
use guestlist::bulk::RunStatus;
use guestlist::jobs::invite::allowance::{Allowance, TenantKind, Terms};
use guestlist::jobs::invite::outcome::Outcome;
use guestlist::jobs::invite::refusals::InviteRefusal;
use guestlist::permissions;
use guestlist::storage::{Committed, Store, allowance};
use guestlist::tab::{ResumeScope, RunIntent, TabReport, drafting};
use time::{Millis, Moment};

/// When the tenant was asked for invitations, and that it never blocked them.
fn times(browser: &Browser) -> Vec<Moment> {
    let tenant = browser.world.tenant.borrow();
    assert!(!tenant.knobs.suspicious, "the tenant is blocked");
    tenant.log().iter().filter(|line| line.path == "/invitations").map(|line| line.at).collect()
}

/// How many invitations left on each day since the story began.
fn by_day(browser: &Browser) -> Vec<usize> {
    let mut days = Vec::new();
    for at in times(browser) {
        let day = usize::try_from((at - MORNING).0 / Millis::days(1).0).unwrap();
        days.resize(days.len().max(day + 1), 0);
        days[day] += 1;
    }
    days
}

#[test]
fn a_run_of_ten_days_goes_on_by_itself_while_its_tab_lives() {
    let mut browser = with_limit(95, TenantKind::NewUnpaid, false, 3);
    checked(&mut browser, 0);
    assert_eq!(invited(&mut browser, 0), TabReport::Carried);
    assert_one_mail_each(&browser, 95);
    assert_eq!(tally(&browser, "run-1"), "95 invited");
    assert_eq!(by_day(&browser), [10, 10, 10, 10, 10, 10, 10, 10, 10, 5]);
}

#[test]
fn a_tab_that_is_closed_each_night_goes_on_each_morning_by_one_press() {
    let mut browser = with_limit(95, TenantKind::NewUnpaid, false, 3);
    checked(&mut browser, 0);
    browser.invite(0).unwrap();
    for day in 1..=10 {
        // Until nothing happens any more but waiting for tomorrow.
        let evening = MORNING + Millis::days(day) - Millis::hours(6);
        until(&mut browser, 0, evening);
        browser.kill(0, true);
        browser.world.now.set(MORNING + Millis::days(day) + Millis::minutes(day * 15));
        browser.open(0, Some(0));
        browser.want(0, RunIntent::Resume { run: "run-1".into(), scope: ResumeScope::Open });
    }
    assert_eq!(settled(&mut browser, 0), TabReport::Carried);
    assert_one_mail_each(&browser, 95);
    assert_eq!(by_day(&browser), [10, 10, 10, 10, 10, 10, 10, 10, 10, 5]);
}

#[test]
fn a_sign_in_that_ends_over_night_costs_one_press() {
    let mut browser = with_limit(25, TenantKind::NewUnpaid, false, 3);
    set_knobs(&browser, |knobs| knobs.access_token_seconds = 4500);
    sign_in_anew(&mut browser);
    checked(&mut browser, 0);
    assert_eq!(invited(&mut browser, 0), TabReport::Carried);
    for sent in [20, 25] {
        assert!(browser.journal().run("run-1").unwrap().is_unfinished());
        sign_in_anew(&mut browser);
        browser.windows[0].report = None;
        assert_eq!(resumed(&mut browser, 0, "run-1"), TabReport::Carried);
        assert_one_mail_each(&browser, sent);
    }
}

#[test]
fn another_run_in_another_tab_shares_the_day() {
    let mut browser = with_limit(7, TenantKind::Unknown, false, 3);
    checked(&mut browser, 0);
    assert_eq!(invited(&mut browser, 0), TabReport::Carried);
    browser.settle_draft(1, drafting::DraftIntent::Open);
    browser.edit(1, |into, words| (*into, *words) = (list(&guests(8, "tailspin.example")), letter()));
    checked(&mut browser, 1);
    browser.invite(1).unwrap();
    // Three more today.
    until(&mut browser, 1, MORNING + Millis::hours(1));
    assert_eq!(by_day(&browser), [10]);
    let run = browser.run(1).unwrap();
    let RunStatus::WaitingForAllowance(until) = run.status(MORNING + Millis::hours(1)) else { panic!("it waits") };
    assert!(until > MORNING + Millis::days(1) && until < MORNING + Millis::hours(25), "{until:?}");
    assert_eq!(settled(&mut browser, 1), TabReport::Carried);
    assert_eq!(by_day(&browser), [10, 5]);
    assert_one_mail_each(&browser, 15);
}

#[test]
fn killed_at_every_tenth_step_no_day_gets_more_than_its_allowance() {
    for kill in (1..200).step_by(10) {
        let mut browser = with_limit(24, TenantKind::NewUnpaid, false, 3);
        checked(&mut browser, 0);
        browser.invite(0).unwrap();
        for life in 0..4 {
            for _ in 0..kill + life {
                if browser.step(0) != WindowStep::Did {
                    browser.pass();
                }
            }
            browser.kill(0, true);
            browser.open(0, Some(0));
            browser.want(0, RunIntent::Resume { run: "run-1".into(), scope: ResumeScope::Open });
        }
        if settled(&mut browser, 0) == TabReport::Gone {
            assert!(kill < 20, "it was killed before it had begun");
            continue;
        }
        assert_one_mail_each(&browser, 24);
        let times = times(&browser);
        for at in times.iter().copied() {
            let in_a_day = times.iter().filter(|other| **other <= at && at - **other < Millis::days(1)).count();
            assert!(in_a_day <= 10, "killed after {kill} steps: {in_a_day}");
        }
    }
}

#[test]
fn what_a_colleague_sends_elsewhere_is_counted_where_the_directory_shows_it() {
    let mut elsewhere = with_limit(6, TenantKind::NewUnpaid, false, 3);
    checked(&mut elsewhere, 0);
    invited(&mut elsewhere, 0);
    // Another browser, on the same day, in the same tenant.
    let mut browser = Browser::new(elsewhere.world.clone(), elsewhere.people.clone(), 1);
    browser.set_tenant_kind(0, TenantKind::NewUnpaid);
    browser.sign_in(0, 0);
    browser.edit(0, |into, words| (*into, *words) = (list(&guests(12, "tailspin.example")), letter()));
    checked(&mut browser, 0);
    assert_eq!(invited(&mut browser, 0), TabReport::Carried);
    assert_eq!(by_day(&browser), [10, 8]);
    assert_one_mail_each(&browser, 18);
}

/// What a colleague asks elsewhere who is a User Administrator, with the status of each answer.
fn elsewhere(browser: &Browser, asked: &[Request]) -> Vec<(u16, String)> {
    let mut all = permissions::base();
    all.extend([permissions::DELETING]);
    browser.world.sign_in("user-admin", all).unwrap();
    let told = asked.iter().map(|request| browser.world.carry(request).1.unwrap());
    told.map(|reply| (reply.status, reply.body)).collect()
}

#[test]
fn whom_a_colleague_invited_as_members_or_deleted_since_is_counted_too() {
    let mut browser = with_limit(12, TenantKind::NewUnpaid, false, 3);
    let invitation = |number: usize| {
        let invitation = serde_json::json!({
            "invitedUserEmailAddress": format!("other{number}@tailspin.example"), "inviteRedirectUrl": "https://myapps.microsoft.com",
            "invitedUserType": if number.is_multiple_of(2) { "Member" } else { "Guest" },
        });
        Request::post("/invitations", &invitation)
    };
    let made = elsewhere(&browser, &(0..6).map(invitation).collect::<Vec<_>>());
    let id = |body: &str| serde_json::from_str::<serde_json::Value>(body).unwrap()["invitedUser"]["id"].as_str().unwrap().to_owned();
    let deleted: Vec<Request> = made[..3].iter().map(|(_, body)| DeleteUser { id: &id(body) }.request()).collect();
    assert_eq!(elsewhere(&browser, &deleted).iter().map(|(status, _)| *status).collect::<Vec<_>>(), [204; 3]);
    checked(&mut browser, 0);
    assert_eq!(invited(&mut browser, 0), TabReport::Carried);
    assert_eq!(by_day(&browser), [10, 8]);
}

#[test]
fn each_request_that_leaves_counts_whatever_came_of_it() {
    for (kind, limit) in [(TenantKind::NewUnpaid, 10), (TenantKind::Unknown, 10)] {
        let mut browser = with_limit(1, kind, false, 3);
        let text = [guests(6, "flaky.example"), guests(3, "throttled.example"), guests(6, "fabrikam.example")].concat();
        browser.edit(0, |into, words| (*into, *words) = (list(&text), letter()));
        checked(&mut browser, 0);
        assert_eq!(invited(&mut browser, 0), TabReport::Carried);
        assert_one_mail_each(&browser, 15);
        // Nine of them twice.
        assert_eq!(by_day(&browser), [limit, limit, 4], "{kind:?}");
    }
}

#[test]
fn what_removed_runs_sent_still_counts_for_a_day() {
    // With the directory's list of guests who were made today, and without it.
    for may_look in [true, false] {
        let mut browser = with_limit(9, TenantKind::NewUnpaid, false, 3);
        browser.may_look = may_look;
        checked(&mut browser, 0);
        assert_eq!(invited(&mut browser, 0), TabReport::Carried);
        assert!(browser.want(0, RunIntent::Remove { run: "run-1".into() }));
        assert_eq!(settled(&mut browser, 0), TabReport::Removed);
        assert!(browser.journal().runs.is_empty() && browser.journal().unreadable.is_empty());
        let now = browser.now();
        let owner = browser.people[0].owner.clone();
        let terms = Terms::default().said(TenantKind::NewUnpaid, now);
        let used = |browser: &Browser| Allowance::new(terms, browser.journal().sent(&owner, now));
        assert_eq!(used(&browser).forecast(5, now).unwrap().sentence(), "10 a day; 9 used; 1 today, the rest tomorrow.");
        for (_, text) in browser.database.range(Store::Entries, "") {
            assert!(!text.contains("example"), "nobody is named: {text}");
        }
        browser.edit(0, |into, words| (*into, *words) = (list(&guests(5, "tailspin.example")), letter()));
        checked(&mut browser, 0);
        let second = browser.invite(0).unwrap();
        assert_eq!(settled(&mut browser, 0), TabReport::Carried);
        assert_eq!(by_day(&browser), [10, 4]);
        // What is older than a day goes with the next one that is removed.
        browser.world.now.set(browser.now() + Millis::days(2));
        sign_in_anew(&mut browser);
        assert!(browser.want(0, RunIntent::Remove { run: second }));
        assert_eq!(settled(&mut browser, 0), TabReport::Removed);
        assert_eq!(browser.database.range(Store::Entries, ""), []);
    }
}

#[test]
fn a_network_that_is_away_uses_nothing_up() {
    let mut browser = with_limit(12, TenantKind::NewUnpaid, false, 3);
    browser.ways = Box::new({
        let mut asked = 0;
        move |request| {
            asked += usize::from(request.body.as_deref().is_some_and(|body| body.contains("/invitations")));
            (Millis(60), (asked > 0 && asked <= 30).then_some(crate::network::NetworkFault::Offline))
        }
    });
    checked(&mut browser, 0);
    assert_eq!(invited(&mut browser, 0), TabReport::Carried);
    assert_eq!(by_day(&browser), [10, 2]);
    assert_one_mail_each(&browser, 12);
}

#[test]
fn where_nobody_knows_the_lower_counts_and_what_is_known_is_used() {
    let check = |rows: usize, kind: TenantKind, paid: bool, age_days: u32, days: &[usize]| {
        let mut browser = with_limit(rows, kind, paid, age_days);
        checked(&mut browser, 0);
        assert_eq!(invited(&mut browser, 0), TabReport::Carried);
        assert_eq!(by_day(&browser), days, "{kind:?}");
        assert_one_mail_each(&browser, rows);
    };
    check(15, TenantKind::Unknown, true, 1000, &[10, 5]);
    check(130, TenantKind::OldUnpaid, false, 31, &[100, 30]);
    check(230, TenantKind::NewPaid, true, 3, &[200, 30]);
    check(230, TenantKind::OldPaid, true, 1000, &[230]);
    // Said to be new on a day when it is old already.
    check(9, TenantKind::NewUnpaid, false, 31, &[9]);
}

#[test]
fn a_tenant_that_comes_of_age_is_held_no_longer() {
    let mut browser = with_limit(45, TenantKind::NewUnpaid, false, 29);
    // As Microsoft tells it: it was made 29 days ago, so it is old when two more have passed.
    let terms = Terms::default()
        .told(&serde_json::from_str(&format!(r#"{{"createdDateTime":"{}"}}"#, (MORNING - Millis::days(29)).iso())).unwrap(), MORNING);
    keep(&mut browser, |_| terms);
    checked(&mut browser, 0);
    assert_eq!(invited(&mut browser, 0), TabReport::Carried);
    assert_one_mail_each(&browser, 45);
    assert_eq!(by_day(&browser), [10, 10, 25]);
}

/// What a tab writes when it learns something of the tenant, of which others were told this before it read.
fn keep(browser: &mut Browser, change: impl Fn(Terms) -> Terms) {
    let owner = browser.people[0].owner.clone();
    let range = allowance::range(&owner);
    let records = browser.database.range(range.store, &range.prefix);
    let transaction = allowance::keep(&owner, &records, &change(allowance::terms(&owner, &records))).unwrap();
    assert_eq!(browser.database.commit(&transaction), Committed::Done);
}

#[test]
fn what_one_tab_is_told_of_the_tenant_does_not_undo_what_another_was_told() {
    let mut browser = with_limit(3, TenantKind::OldUnpaid, false, 100);
    let owner = browser.people[0].owner.clone();
    let range = allowance::range(&owner);
    let before = browser.database.range(range.store, &range.prefix);
    let known = allowance::terms(&owner, &before);
    let stale = allowance::keep(&owner, &before, &known.said(TenantKind::OldPaid, MORNING)).unwrap();
    keep(&mut browser, |terms| terms.at_most(Some(2)));
    assert_eq!(browser.database.commit(&stale), Committed::Conflict);
    // So it is read again, and both stay.
    keep(&mut browser, |terms| terms.said(TenantKind::OldPaid, MORNING));
    checked(&mut browser, 0);
    assert_eq!(invited(&mut browser, 0), TabReport::Carried);
    assert_eq!(by_day(&browser), [2, 1]);
}

#[test]
fn going_over_the_limit_blocks_the_tenant_until_support_lifts_it() {
    let mut browser = with_draft(12);
    set_knobs(&browser, |knobs| (knobs.paid, knobs.age_days) = (false, 3));
    checked(&mut browser, 0);
    // Somebody has said that it is paid for and old, which is wrong.
    browser.invite(0).unwrap();
    assert!(browser.settle(100_000));
    assert!(browser.world.tenant.borrow().knobs.suspicious);
    let journal = browser.journal();
    let stored = journal.run("run-1").unwrap();
    let refused = stored.entries.iter().find_map(|entry| match &entry.what {
        guestlist::jobs::invite::journal::RowEvent::Ended(Outcome::Refused(refused)) => Some(refused.clone()),
        _ => None,
    });
    assert_eq!(InviteRefusal::told_by(&refused.unwrap()), InviteRefusal::Invitation(InvitationRefusal::SuspiciousActivity));
    assert_eq!(browser.world.mails().len(), 10);
    // Also when it is read again: no retry is offered then.
    let read_again = guestlist::jobs::invite::Run::resume(&stored.header.plan, stored.header.ramp, &stored.entries, true, browser.now());
    assert!(read_again.status(browser.now()).is_barred(false), "the block stands");
    assert!(!read_again.status(browser.now()).is_barred(true), "support has lifted it, and somebody has signed in again");
}

#[test]
fn others_are_counted_where_more_is_to_leave_than_a_person_wants() {
    for (most, left) in [(3, 0), (5, 4)] {
        let mut browser = with_draft(4);
        keep(&mut browser, |terms| terms.said(TenantKind::OldPaid, MORNING).at_most(Some(most)));
        checked(&mut browser, 0);
        for number in 0..3 {
            let others = graph::invitations::Invitation {
                invited_user_email_address: format!("other{number}@fabrikam.example"),
                invite_redirect_url: "https://myapps.microsoft.com".into(),
                ..Default::default()
            };
            assert!(browser.world.carry(&graph::invitations::CreateInvitation { invitation: &others }.request()).1.is_ok());
        }
        browser.invite(0).unwrap();
        until(&mut browser, 0, MORNING + Millis::hours(2));
        assert_eq!(browser.world.mails().len(), left, "{most}");
    }
}

#[test]
fn small_runs_ask_nothing_and_are_not_changed() {
    let counts = |kind: Option<TenantKind>, rows: usize| {
        let mut browser = with_draft(rows);
        match kind {
            Some(kind) => browser.set_tenant_kind(0, kind),
            None => browser.is_paid_and_old = false,
        }
        checked(&mut browser, 0);
        invited(&mut browser, 0);
        let tenant = browser.world.tenant.borrow();
        tenant.log().iter().filter(|line| line.path.contains("$count")).count()
    };
    assert_eq!(counts(None, 10), 0);
    assert_eq!(counts(Some(TenantKind::OldPaid), 60), 0);
    assert!(counts(None, 11) > 0);
}

/// A tenant that may send ten a day, with a count of others that always fails like this: how it ended, and how many were sent today.
fn with_failing_count(fault: impl Fn() -> Option<crate::network::NetworkFault> + 'static, check: impl Fn(&mut Browser)) -> Browser {
    let mut browser = with_limit(14, TenantKind::NewUnpaid, false, 3);
    checked(&mut browser, 0);
    browser.ways = Box::new(move |request| {
        let counts = request.body.as_deref().is_some_and(|body| body.contains("$count"));
        (Millis(60), if counts { fault() } else { None })
    });
    browser.invite(0).unwrap();
    until(&mut browser, 0, MORNING + Millis::seconds(20));
    check(&mut browser);
    until(&mut browser, 0, MORNING + Millis::minutes(5));
    browser
}

#[test]
fn counting_others_in_vain_holds_nobody_back_for_long_and_is_told() {
    use crate::network::{HTML, NetworkFault};
    let proxy = [NetworkFault::Instead(403, HTML), NetworkFault::Instead(404, HTML), NetworkFault::Instead(413, HTML)];
    let others =
        [NetworkFault::Instead(500, HTML), NetworkFault::Instead(200, "{"), NetworkFault::CutAfter, NetworkFault::Instead(401, "{}")];
    let faults = proxy.into_iter().chain(others);
    for fault in faults {
        let told = fault.clone();
        let mut browser = with_failing_count(
            move || Some(fault.clone()),
            |browser| {
                let now = browser.now();
                let status = browser.run(0).map(|run| run.status(now));
                assert!(matches!(status, Some(RunStatus::Counting | RunStatus::WaitingForAllowance(_) | RunStatus::Going)), "{status:?}");
            },
        );
        assert_eq!(by_day(&browser), [10], "{told:?}: it goes by what this browser sent");
        let now = browser.now();
        assert!(browser.run(0).unwrap().goes_by_own(now), "{told:?}");
        browser.ways = Box::new(|_| (Millis(60), None));
        assert_eq!(settled(&mut browser, 0), TabReport::Carried);
        assert_one_mail_each(&browser, 14);
    }
    // A network that is away counts for nothing, and the others are counted once it is back.
    let away = std::rc::Rc::new(std::cell::Cell::new(true));
    let is_away = std::rc::Rc::clone(&away);
    let check = |browser: &mut Browser| {
        let (now, run) = (browser.now(), browser.run(0).unwrap());
        assert_eq!((run.status(now), run.goes_by_own(now)), (RunStatus::Offline, false), "there is but one thing to be told");
    };
    let mut browser = with_failing_count(move || is_away.get().then_some(NetworkFault::Offline), check);
    check(&mut browser);
    assert_eq!(by_day(&browser), Vec::<usize>::new());
    away.set(false);
    assert_eq!(settled(&mut browser, 0), TabReport::Carried);
    assert_one_mail_each(&browser, 14);
}

#[test]
fn a_wait_that_counting_is_told_holds_for_everything() {
    let browser = with_failing_count(|| Some(crate::network::NetworkFault::Instead(429, crate::network::THROTTLED)), |_| {});
    assert_eq!(by_day(&browser), [10]);
}

#[test]
fn a_person_may_stop_and_pause_what_waits() {
    let mut browser = with_limit(25, TenantKind::NewUnpaid, false, 3);
    checked(&mut browser, 0);
    browser.invite(0).unwrap();
    until(&mut browser, 0, MORNING + Millis::hours(2));
    let now = browser.now();
    browser.run(0).unwrap().pause();
    assert_eq!(browser.step(0), WindowStep::Paused);
    let run = browser.run(0).unwrap();
    run.go_on();
    run.stop(now);
    assert_eq!(settled(&mut browser, 0), TabReport::Carried);
    assert_eq!(tally(&browser, "run-1"), "10 invited, 15 not sent");
}

#[test]
fn who_says_what_the_tenant_is_while_a_run_is_under_way_is_heard() {
    let mut browser = with_limit(130, TenantKind::NewUnpaid, false, 100);
    checked(&mut browser, 0);
    browser.invite(0).unwrap();
    until(&mut browser, 0, MORNING + Millis::hours(1));
    assert_eq!(by_day(&browser), [10]);
    let terms = |kind: TenantKind, now: Moment| Terms::default().said(kind, now);
    let now = browser.now();
    browser.run(0).unwrap().set_terms(terms(TenantKind::OldUnpaid, now));
    until(&mut browser, 0, MORNING + Millis::hours(2));
    assert_eq!(by_day(&browser), [100], "what left before counts");
    assert_eq!(settled(&mut browser, 0), TabReport::Carried);
    assert_eq!(by_day(&browser), [100, 30]);
    assert_one_mail_each(&browser, 130);
}
