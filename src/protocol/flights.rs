//! Requests that are on their way, and until when their answers are waited for. A server that accepts a connection and stays silent
//! must not keep a person waiting: what is not answered in time is given up, which says nothing about whether it was done.

use super::{Action, Ticket};
use time::{Millis, Moment};

/// For an answer to something that writes: as long as Microsoft's own clients wait for Graph.
/// <https://learn.microsoft.com/dotnet/api/system.net.http.httpclient.timeout>: 100 seconds.
pub const PATIENCE: Millis = Millis::seconds(100);
/// For an answer to something that only reads, which may be asked again at once.
pub const PATIENCE_READING: Millis = Millis::seconds(30);

/// Once a person wants an end: twice as long as the slowest answer so far took, but within these.
const HURRY_LEAST: Millis = Millis::seconds(2);
const HURRY_MOST: Millis = Millis::seconds(10);

/// Who asks so much later than was said has slept, or was held back by the browser.
const ASLEEP: Millis = Millis::seconds(5);
/// What came meanwhile is heard first. A network takes some seconds to be back, and a slow answer some more; an answer that is lost for
/// want of them brings its guests into doubt.
const AWAKE: Millis = Millis::seconds(20);

struct Flight<T> {
    ticket: Ticket,
    left: Moment,
    until: Moment,
    /// It was waited for a moment longer after a sleep, once.
    has_slept: bool,
    what: T,
}

/// Requests that are on their way.
pub struct Flights<T> {
    all: Vec<Flight<T>>,
    tickets: u32,
    /// How long the slowest answer took.
    slowest: Millis,
}

impl<T> Default for Flights<T> {
    fn default() -> Self {
        Self { all: Vec::new(), tickets: 0, slowest: Millis(0) }
    }
}

impl<T> Flights<T> {
    /// Something leaves now, and is waited for that long.
    pub fn leave(&mut self, what: T, patience: Millis, now: Moment) -> Ticket {
        self.tickets += 1;
        let ticket = Ticket(self.tickets);
        self.all.push(Flight { ticket, left: now, until: now + patience, has_slept: false, what });
        ticket
    }

    /// An answer came; `None` when it was given up before.
    pub fn arrived(&mut self, ticket: Ticket, now: Moment) -> Option<T> {
        let place = self.all.iter().position(|flight| flight.ticket == ticket)?;
        let flight = self.all.swap_remove(place);
        self.slowest = self.slowest.max(now - flight.left);
        Some(flight.what)
    }

    /// Takes out one whose time is over.
    pub fn overdue(&mut self, now: Moment) -> Option<(Ticket, T)> {
        for flight in self.all.iter_mut().filter(|flight| !flight.has_slept && flight.until + ASLEEP < now) {
            (flight.until, flight.has_slept) = (now + AWAKE, true);
        }
        let place = self.all.iter().position(|flight| flight.until <= now)?;
        let flight = self.all.swap_remove(place);
        Some((flight.ticket, flight.what))
    }

    /// A person wants an end: what is on its way gets a moment more, and no longer.
    pub fn hurry(&mut self, now: Moment) {
        let by = now + Millis(self.slowest.0 * 2).clamp(HURRY_LEAST, HURRY_MOST);
        for flight in &mut self.all {
            flight.until = flight.until.min(by);
        }
    }

    /// When the next one is to be given up.
    pub fn until(&self) -> Option<Moment> {
        self.all.iter().map(|flight| flight.until).min()
    }

    /// Nothing else is to be done until an answer comes or is given up.
    pub fn wait<R>(&self) -> Action<R> {
        self.until().map_or(Action::WaitForReply, Action::WaitUntil)
    }

    pub fn all(&self) -> impl Iterator<Item = &T> {
        self.all.iter().map(|flight| &flight.what)
    }

    pub const fn len(&self) -> usize {
        self.all.len()
    }

    pub const fn is_empty(&self) -> bool {
        self.all.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_silent_is_given_up_in_time_and_sooner_when_somebody_wants_an_end() {
        let at = |seconds: i64| Moment(0) + Millis::seconds(seconds);
        let mut flights = Flights::default();
        let first = flights.leave("write", PATIENCE, at(0));
        flights.leave("read", PATIENCE_READING, at(10));
        assert_eq!(flights.until(), Some(at(40)));
        assert_eq!(flights.overdue(at(39)), None);
        assert_eq!(flights.overdue(at(40)).map(|(_, what)| what), Some("read"));
        flights.hurry(at(50));
        assert_eq!(flights.until(), Some(at(52)));
        assert_eq!(flights.overdue(at(52)), Some((first, "write")));
        assert_eq!(flights.arrived(first, at(53)), None, "an answer that comes too late is not heard");
        // A machine that wakes hears what came while it slept.
        let slept = flights.leave("slept", PATIENCE, at(54));
        assert_eq!((flights.overdue(at(5000)), flights.until()), (None, Some(at(5020))));
        assert_eq!(flights.overdue(at(5060)), Some((slept, "slept")), "and waits no second time");
        // Who asks a little late has not slept.
        let late = flights.leave("late", PATIENCE_READING, at(54));
        assert_eq!(flights.overdue(at(84) + ASLEEP), Some((late, "late")));
        flights.leave("slept", PATIENCE_READING, at(54));
        assert_eq!(flights.overdue(at(84) + ASLEEP + Millis(1)), None);
        assert!(flights.overdue(at(84) + ASLEEP + Millis(1) + AWAKE).is_some());
        // Where answers take long, what was asked is given long.
        let slow = flights.leave("slow", PATIENCE, at(60));
        assert_eq!(flights.arrived(slow, at(64)), Some("slow"));
        flights.leave("slow", PATIENCE, at(70));
        flights.hurry(at(71));
        assert_eq!(flights.until(), Some(at(79)));
    }
}
