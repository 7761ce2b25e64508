//! The way to Graph and back, in made-up time: a request arrives some time after it left, also when whoever sent it is gone;
//! a gateway may answer in Graph's place, before or after it was carried out.

use graph::{Answer, Headers, Reply, Request, Unreached};
use guestlist::protocol::Ticket;
use tenant::{Side, Tenant};
use time::{Millis, Moment};

/// What happens to a request on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NetworkFault {
    /// It never leaves this machine.
    Offline,
    /// The connection breaks on the way there.
    CutBefore,
    /// It breaks on the way back.
    CutAfter,
    /// Nothing ever comes back, whatever became of it.
    Silence,
    /// A gateway answers in Graph's place with this status and body, and does not pass it on.
    Instead(u16, &'static str),
    /// It is carried out, and the gateway answers with this status and body all the same.
    After(u16, &'static str),
}

/// Of a gateway that is not Graph.
pub const HTML: &str = "<html><body><h1>Service Unavailable</h1></body></html>";
/// Graph's own refusal of a request that it has not carried out.
pub const BUSY: &str = r#"{"error":{"code":"ServiceUnavailable","message":"The service is temporarily unavailable.","innerError":{}}}"#;
pub const THROTTLED: &str = r#"{"error":{"code":"TooManyRequests","message":"Please retry again later.","innerError":{}}}"#;

/// Longer than anybody waits for a silent server.
const SILENCE: Millis = Millis::minutes(30);
/// The number of no window.
const NOBODY: u64 = u64::MAX;

enum Direction {
    There(Request, Option<NetworkFault>),
    Back(Answer),
}

struct InTransit {
    window: u64,
    ticket: Ticket,
    at: Moment,
    latency: Millis,
    way: Direction,
}

/// What is on its way.
#[derive(Default)]
pub struct Network {
    flights: Vec<InTransit>,
}

impl Network {
    pub fn send(&mut self, window: u64, ticket: Ticket, request: Request, now: Moment, latency: Millis, fault: Option<NetworkFault>) {
        let way = match fault {
            Some(NetworkFault::Offline) => Direction::Back(Err(Unreached::Offline)),
            fault => Direction::There(request, fault),
        };
        self.flights.push(InTransit { window, ticket, at: now + latency, latency, way });
    }

    /// When something arrives next, there or here.
    pub fn next(&self) -> Option<Moment> {
        self.flights.iter().map(|flight| flight.at).min()
    }

    /// A window that closes takes with it what has not arrived yet.
    pub fn cut(&mut self, window: u64) {
        self.flights.retain(|flight| flight.window != window || matches!(flight.way, Direction::Back(_)));
    }

    /// A window no longer waits for the answer to this; what has left may arrive all the same.
    pub fn forget(&mut self, window: u64, ticket: Ticket) {
        self.flights.retain_mut(|flight| {
            let is_given_up = flight.window == window && flight.ticket == ticket;
            if is_given_up {
                flight.window = NOBODY;
            }
            !is_given_up || matches!(flight.way, Direction::There(..))
        });
    }

    /// Lets arrive what is due; an answer, if one reached its window.
    pub fn arrive(&mut self, tenant: &mut Tenant, now: Moment) -> Option<(u64, Ticket, Answer)> {
        let due = self.flights.iter().enumerate().filter(|(_, flight)| flight.at <= now).min_by_key(|(_, flight)| flight.at)?.0;
        let InTransit { window, ticket, at, latency, way } = self.flights.remove(due);
        let (request, fault) = match way {
            Direction::Back(answer) => return Some((window, ticket, answer)),
            Direction::There(request, fault) => (request, fault),
        };
        let is_carried_out = !matches!(fault, Some(NetworkFault::CutBefore | NetworkFault::Instead(..)));
        let mut after = Millis(0);
        let mut answer = Err(Unreached::Lost);
        if is_carried_out {
            let told = tenant.answer(Side::Graph, &request, now);
            (answer, after) = (told.answer, told.after);
        }
        match fault {
            Some(NetworkFault::Instead(status, body) | NetworkFault::After(status, body)) => {
                answer = Ok(Reply { status, headers: Headers::default(), body: body.into() });
            }
            Some(NetworkFault::CutAfter) => answer = Err(Unreached::Lost),
            Some(NetworkFault::Silence) => (answer, after) = (Err(Unreached::Lost), SILENCE),
            Some(NetworkFault::Offline | NetworkFault::CutBefore) | None => {}
        }
        self.flights.push(InTransit { window, ticket, at: at.max(now) + after + latency, latency, way: Direction::Back(answer) });
        None
    }
}
