//! The loop that asks a machine what is next and does it.

use super::desk::Desk;
use super::effects::{clock, fetch};
use super::session;
use futures_channel::mpsc::UnboundedReceiver;
use futures_util::future::{Either, LocalBoxFuture, select};
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt, StreamExt, pin_mut};
use guestlist::ask::{Machine, Next, Ticket};
use guestlist::graph::{Answer, Request};
use guestlist::identity::Trouble;
use guestlist::identity::renewal::NoToken;
use guestlist::look::{Failed, Known, Look};
use guestlist::time::Moment;
use leptos::prelude::*;
use std::cell::RefCell;

/// Why the loop ended before the machine was done.
pub enum Broken<E> {
    /// What had to be on disk could not be written; nothing left.
    NotWritten(E),
    /// Only the person can help.
    SignIn(Box<Trouble>, Option<String>),
    /// Nobody is left to nudge it: whoever wanted it has signed out.
    GivenUp,
}

/// Carries one request with a good token. Without one nothing is sent: [`NoToken::answer`].
pub fn carry(desk: Desk, request: Request) -> LocalBoxFuture<'static, Answer> {
    carried(desk, request).boxed_local()
}

async fn carried(desk: Desk, request: Request) -> Answer {
    match session::token(desk).await {
        Ok(token) => fetch::graph(&desk.authority.with_value(|authority| authority.graph.clone()), &token, &request).await,
        Err(none) => none.answer(),
    }
}

/// Drives a machine to its end. `nudge` says that a person changed its mind; `changed` hears of every step, and says
/// when it wants to hear again even if nothing happens.
///
/// # Errors
/// [`Broken`]
pub async fn drive<M: Machine, E>(
    desk: Desk,
    machine: &RefCell<M>,
    nudge: &mut UnboundedReceiver<()>,
    write: impl AsyncFn(M::Record) -> Result<(), E>,
    changed: impl Fn() -> Option<Moment>,
) -> Result<(), Broken<E>> {
    let mut flying = FuturesUnordered::new();
    loop {
        let next = machine.borrow_mut().next(clock::now());
        let again = changed();
        let until = match next {
            Next::Done => return Ok(()),
            Next::Record(record) => {
                write(record).await.map_err(Broken::NotWritten)?;
                machine.borrow_mut().recorded();
                continue;
            }
            Next::Send(ticket, request) => {
                flying.push(carry(desk, request).map(move |answer: Answer| (ticket, answer)));
                continue;
            }
            Next::SignIn(claims) => match session::after_refusal(desk, claims.as_deref()).await {
                Ok(()) => {
                    machine.borrow_mut().signed_in();
                    continue;
                }
                Err(NoToken::Until(then)) => Some(then),
                Err(NoToken::Person(trouble)) => return Err(Broken::SignIn(trouble, claims)),
            },
            Next::WaitUntil(then) => Some(then),
            Next::WaitForReply | Next::Idle => None,
        };
        let heard: Option<(Ticket, Answer)> = {
            let reply = async { if flying.is_empty() { std::future::pending().await } else { flying.next().await } };
            let time = async {
                match [until, again].into_iter().flatten().min() {
                    Some(then) => clock::sleep(then - clock::now()).await,
                    None => std::future::pending().await,
                }
            };
            let nudged = nudge.next();
            pin_mut!(reply, time, nudged);
            match select(reply, select(time, nudged)).await {
                Either::Left((heard, _)) => heard,
                Either::Right((Either::Right((None, _)), _)) => return Err(Broken::GivenUp),
                Either::Right(_) => None,
            }
        };
        if let Some((ticket, answer)) = heard {
            machine.borrow_mut().heard(ticket, &answer, clock::now());
        }
    }
}

/// Looks at the tenant; `progress` hears how many of how many questions are answered.
///
/// # Errors
/// Why nothing could be learnt.
pub fn look(desk: Desk, look: Look, progress: Option<RwSignal<(usize, usize)>>) -> LocalBoxFuture<'static, Result<Known, Failed>> {
    looked(desk, look, progress).boxed_local()
}

async fn looked(desk: Desk, look: Look, progress: Option<RwSignal<(usize, usize)>>) -> Result<Known, Failed> {
    let machine = RefCell::new(look);
    let (_nudges, mut nudge) = futures_channel::mpsc::unbounded();
    let shown = || {
        if let Some(progress) = progress {
            progress.set(machine.borrow().progress());
        }
        None
    };
    let never = async |record: std::convert::Infallible| -> Result<(), std::convert::Infallible> { match record {} };
    match drive(desk, &machine, &mut nudge, never, shown).await {
        Ok(()) => machine.into_inner().finish(),
        Err(Broken::NotWritten(never)) => match never {},
        Err(Broken::SignIn(trouble, claims)) => {
            let mut trouble = *trouble;
            trouble.claims = claims.or(trouble.claims);
            desk.trouble.set(Some(trouble));
            Err(Failed::Unreached)
        }
        Err(Broken::GivenUp) => Err(Failed::Unreached),
    }
}
