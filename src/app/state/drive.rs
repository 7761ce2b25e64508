//! The loop that asks a machine what is next and does it.

use super::accounts::{Accounts, tokens};
use crate::app::effects::{clock, fetch, store};
use futures_channel::mpsc::{UnboundedReceiver, UnboundedSender};
use futures_util::future::{AbortHandle, Either, LocalBoxFuture, abortable, select};
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt, StreamExt, pin_mut};
use graph::{Answer, Request, Unreached};
use guestlist::lookup::{Lookup, TenantSnapshot};
use guestlist::protocol::{Action, PATIENCE, ReadFailure, StateMachine, Ticket, unreached_without};
use guestlist::storage::{Committed, Denied, Transaction};
use identity::AuthError;
use identity::renewal::NoToken;
use leptos::prelude::*;
use std::cell::RefCell;
use std::convert::Infallible;
use time::{Millis, Moment};

/// What a machine has to have written down; `None`: it may not be written any more.
pub type Writing = Option<Transaction>;

/// Whatever is driven. Here the types of what is done end, so that the loop is there once.
pub type AnyMachine = RefCell<dyn StateMachine<Record = Writing>>;

/// What only reads, and writes nothing down.
struct Reading<M>(M);

impl<M: StateMachine<Record = Infallible>> StateMachine for Reading<M> {
    type Record = Writing;

    fn next(&mut self, now: Moment) -> Action<Writing> {
        self.0.next(now).map_record(|never| match never {})
    }

    fn heard(&mut self, ticket: Ticket, answer: &Answer, now: Moment) {
        self.0.heard(ticket, answer, now);
    }

    fn signed_in(&mut self) {
        self.0.signed_in();
    }
}

/// Why the loop ended before the machine was done.
pub enum DriveError {
    /// What had to be on disk could not be written; nothing left.
    NotWritten(Denied),
    /// Only the person can help.
    SignIn(Box<AuthError>, Option<String>),
    /// Nobody is left to nudge it: whoever wanted it has signed out.
    GivenUp,
}

/// Who waits longer than this asks for nothing meanwhile that would renew the sign-in.
const LONG: Millis = Millis::minutes(5);

/// Carries one request with a good token, and waits for its answer as long as is sensible. Without a token nothing is sent:
/// [`unreached_without`].
pub fn carry(accounts: &'static Accounts, request: Request) -> LocalBoxFuture<'static, Answer> {
    let answer = async move {
        let (answer, late) = (carried(accounts, request), clock::until(clock::steady() + PATIENCE));
        pin_mut!(answer, late);
        match select(answer, late).await {
            Either::Left((answer, _)) => answer,
            Either::Right(_) => Err(Unreached::Lost),
        }
    };
    answer.boxed_local()
}

async fn carried(accounts: &'static Accounts, request: Request) -> Answer {
    match tokens::token(accounts).await {
        Ok(token) => fetch::graph(accounts.graph(), &token, &request).await,
        Err(none) => Err(unreached_without(&none)),
    }
}

/// Drives a machine to its end. `nudge` says that a person changed its mind; `changed` hears of every step, and says
/// when it wants to hear again even if nothing happens.
///
/// # Errors
/// Why it ended before.
pub async fn drive(
    accounts: &'static Accounts,
    machine: &AnyMachine,
    nudge: &mut UnboundedReceiver<()>,
    changed: &dyn Fn() -> Option<Moment>,
) -> Result<(), DriveError> {
    let mut flying = FuturesUnordered::new();
    let mut handles: Vec<(Ticket, AbortHandle)> = Vec::new();
    loop {
        let next = {
            let mut machine = machine.borrow_mut();
            machine.wall_clock(clock::ahead());
            machine.next(clock::steady())
        };
        let mut again = changed();
        let until = match next {
            Action::Done => return Ok(()),
            Action::Record(record) => {
                written(record).await.map_err(DriveError::NotWritten)?;
                machine.borrow_mut().recorded();
                continue;
            }
            Action::Send(ticket, request) => {
                let (flight, handle) = abortable(carried(accounts, request).boxed_local());
                handles.push((ticket, handle));
                flying.push(flight.map(move |answer| (ticket, answer.ok())));
                continue;
            }
            Action::Abandon(ticket) => {
                // Its future ends without an answer and is dropped, which ends the request in the browser.
                handles.iter().filter(|(own, _)| *own == ticket).for_each(|(_, handle)| handle.abort());
                continue;
            }
            // Whoever presses Stop does not wait for the token endpoint.
            Action::SignIn(claims) => {
                let renewed = {
                    let (renewal, nudged) = (tokens::after_refusal(accounts, claims.as_deref()), nudge.next());
                    pin_mut!(renewal, nudged);
                    match select(renewal, nudged).await {
                        Either::Left((renewed, _)) => renewed,
                        Either::Right((Some(()), _)) => continue,
                        Either::Right((None, _)) => return Err(DriveError::GivenUp),
                    }
                };
                match renewed {
                    Ok(()) => {
                        machine.borrow_mut().signed_in();
                        continue;
                    }
                    // The life of tokens is told by the computer's clock.
                    Err(NoToken::Until(then)) => {
                        // What is waited for has become known.
                        again = changed();
                        Some(clock::steady() + (then - clock::now()))
                    }
                    Err(NoToken::Person(auth_error)) => return Err(DriveError::SignIn(auth_error, claims)),
                }
            }
            Action::WaitUntil(then) => {
                if then - clock::steady() > LONG {
                    tokens::stretch(accounts).await;
                }
                Some(then)
            }
            Action::WaitForReply | Action::Idle => None,
        };
        let heard: Option<(Ticket, Option<Answer>)> = {
            let reply = async { if flying.is_empty() { std::future::pending().await } else { flying.next().await } };
            let time = async {
                match [until, again].into_iter().flatten().min() {
                    Some(then) => clock::sleep(then - clock::steady()).await,
                    None => std::future::pending().await,
                }
            };
            let nudged = nudge.next();
            pin_mut!(reply, time, nudged);
            match select(reply, select(time, nudged)).await {
                Either::Left((heard, _)) => heard,
                Either::Right((Either::Right((None, _)), _)) => return Err(DriveError::GivenUp),
                Either::Right(_) => None,
            }
        };
        if let Some((ticket, answer)) = heard {
            handles.retain(|(own, _)| *own != ticket);
            if let Some(answer) = answer {
                machine.borrow_mut().heard(ticket, &answer, clock::steady());
            }
        }
    }
}

async fn written(record: Writing) -> Result<(), Denied> {
    let transaction = record.ok_or_else(|| Denied("you have signed out".into()))?;
    match store::commit(transaction).await? {
        Committed::Done => Ok(()),
        Committed::Conflict => Err(Denied("another tab changed it at the same time".into())),
    }
}

thread_local! {
    /// Looks that somebody watches go on for as long as these are held.
    static WATCHED: RefCell<Vec<UnboundedSender<()>>> = const { RefCell::new(Vec::new()) };
}

/// Looks at the tenant; `progress` hears how many of how many questions are answered, and [`stop_looking`] ends it then.
///
/// # Errors
/// Why nothing could be learnt.
pub fn look_up(
    accounts: &'static Accounts,
    look: Lookup,
    progress: Option<RwSignal<(usize, usize)>>,
) -> LocalBoxFuture<'static, Result<TenantSnapshot, ReadFailure>> {
    looked(accounts, look, progress).boxed_local()
}

/// Ends looks whose progress is shown.
pub fn stop_looking() {
    WATCHED.take();
}

async fn looked(
    accounts: &'static Accounts,
    look: Lookup,
    progress: Option<RwSignal<(usize, usize)>>,
) -> Result<TenantSnapshot, ReadFailure> {
    // Nobody stops what nobody sees.
    let shown = move |look: &Lookup| {
        if let Some(progress) = progress {
            progress.set(look.progress());
        }
    };
    read(accounts, look, progress.is_some(), &shown).await?.finish()
}

/// Drives a machine that only reads to its end; `shown` hears how far it is. [`stop_looking`] ends it where it `can_be_stopped`.
///
/// # Errors
/// Why it ended before.
pub async fn read<M: StateMachine<Record = Infallible> + 'static>(
    accounts: &'static Accounts,
    machine: M,
    can_be_stopped: bool,
    shown: &dyn Fn(&M),
) -> Result<M, ReadFailure> {
    let machine = RefCell::new(Reading(machine));
    let (nudges, mut nudge) = futures_channel::mpsc::unbounded();
    let _unwatched = if can_be_stopped {
        WATCHED.with_borrow_mut(|watched| {
            watched.retain(|look| !look.is_closed());
            watched.push(nudges);
        });
        None
    } else {
        Some(nudges)
    };
    let changed = || {
        shown(&machine.borrow().0);
        None
    };
    match drive(accounts, &machine, &mut nudge, &changed).await {
        Ok(()) => Ok(machine.into_inner().0),
        Err(DriveError::SignIn(auth_error, claims)) => {
            let mut auth_error = *auth_error;
            auth_error.claims = claims.or(auth_error.claims);
            accounts.needs_person(auth_error);
            // The page says how.
            Err(ReadFailure::Unreached)
        }
        // Nothing is written down by looking.
        Err(DriveError::GivenUp | DriveError::NotWritten(_)) => Err(ReadFailure::Stopped),
    }
}
