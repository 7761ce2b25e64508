//! Requests that leave and answers that come, whoever asks: which of them may leave now, in batches where Graph takes those, until when
//! their answers are waited for, when a token has to be renewed first, and for how long everybody has to be quiet.

use super::{Action, Flights, PATIENCE, PATIENCE_READING, Pace, Ticket};
use graph::{Answer, PaceKind, Request, Unreached, batch, mail};
use time::{Millis, Moment};

/// Requests to one service that are on their way at the same time. Graph executes a batch's items one after the other as far as anybody
/// knows, so one batch may take seconds.
const AT_ONCE: usize = 4;
/// Between two letters of one mailbox; a little more than a thirtieth of a minute, so that thirty keep within any minute of
/// Exchange's clock, too, when one of them was a second longer on its way.
pub(crate) const LETTER: Millis = Millis(60_000 / mail::PER_MINUTE as i64 + 40);
/// Between two drafts or chat messages: they are not under the limit of sending. Outlook allows 10,000 requests in ten
/// minutes, Teams twenty a second for all. <https://learn.microsoft.com/graph/throttling-limits>
pub(crate) const BESIDE: Millis = Millis(250);

/// A lane: requests that share one of Microsoft's limits, each with a pace of its own. Reads and writes of the directory wait together
/// where Graph asks for quiet, and share what may be on its way.
const LANES: [PaceKind; 4] = [PaceKind::DirectoryWrite, PaceKind::DirectoryRead, PaceKind::Mailbox, PaceKind::Chat];

/// How many requests may be on their way at the same time.
const fn at_once(lane: PaceKind) -> usize {
    if matches!(lane, PaceKind::Mailbox) { mail::AT_ONCE } else { AT_ONCE }
}

/// Whether up to [`batch::MOST`] requests travel together. Batches carry no messages of the mailbox's own form, and a chat's messages
/// are limited one by one.
pub(crate) const fn is_batched(lane: PaceKind) -> bool {
    matches!(lane, PaceKind::DirectoryWrite | PaceKind::DirectoryRead)
}

/// How long an answer is waited for.
const fn patience(lane: PaceKind) -> Millis {
    if matches!(lane, PaceKind::DirectoryRead) { PATIENCE_READING } else { PATIENCE }
}

/// Whether both go to the same service.
fn is_beside(lane: PaceKind, other: PaceKind) -> bool {
    lane == other || is_batched(lane) && is_batched(other)
}

fn pace(lane: PaceKind) -> Pace {
    match lane {
        PaceKind::DirectoryWrite | PaceKind::DirectoryRead => Pace::default(),
        PaceKind::Mailbox => Pace::every(LETTER),
        PaceKind::Chat => Pace::every(BESIDE),
    }
}

/// What requests use up of their lane's pace as they leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cost {
    Nothing,
    /// So many writes of the lane's quota.
    Writes(usize),
    /// This long, at the fastest.
    Time(Millis),
}

/// Whether requests of a lane are held back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hold {
    Not,
    Until(Moment),
    UntilReply,
}

struct Outbound<T> {
    lane: PaceKind,
    what: T,
    /// How many answers there are to be.
    requests: usize,
}

/// Carries what somebody asks, `T`, through the lanes.
pub struct Dispatch<T> {
    flights: Flights<Outbound<T>>,
    paces: [Pace; LANES.len()],
    /// With the claims of a challenge.
    needs_sign_in: Option<Option<String>>,
}

impl<T> Default for Dispatch<T> {
    fn default() -> Self {
        Self { flights: Flights::default(), paces: LANES.map(pace), needs_sign_in: None }
    }
}

impl<T> Dispatch<T> {
    /// Sends these requests together, which are at most [`batch::MOST`], and one where the lane takes no batches.
    pub fn send<R>(&mut self, lane: PaceKind, what: T, requests: &[Request], cost: Cost, now: Moment) -> Action<R> {
        let pace = &mut self.paces[lane as usize];
        match cost {
            Cost::Nothing => {}
            Cost::Writes(writes) => pace.wrote(writes, now),
            Cost::Time(takes) => pace.spent(takes, now),
        }
        let request = match requests {
            [alone] if !is_batched(lane) => alone.clone(),
            _ => batch::pack(requests),
        };
        let sent = Outbound { lane, what, requests: requests.len() };
        Action::Send(self.flights.leave(sent, patience(lane), now), request)
    }

    /// An answer came: for what, and one for each of its requests. `None` when it was given up before.
    pub fn arrived(&mut self, ticket: Ticket, answer: &Answer, now: Moment) -> Option<(T, Vec<Answer>)> {
        let sent = self.flights.arrived(ticket, now)?;
        let answers = if is_batched(sent.lane) { batch::each(answer, sent.requests) } else { vec![answer.clone()] };
        Some((sent.what, answers))
    }

    /// Takes out what was waited for long enough, with the answers that it will not get.
    pub fn overdue(&mut self, now: Moment) -> Option<(Ticket, T, Vec<Answer>)> {
        let (ticket, sent) = self.flights.overdue(now)?;
        Some((ticket, sent.what, vec![Err(Unreached::Lost); sent.requests]))
    }

    /// Whether the lane's service takes another request now. `is_paced`: it waits for the pace of writes, too.
    pub fn hold(&self, lane: PaceKind, is_paced: bool, now: Moment) -> Hold {
        let beside = self.flights.all().filter(|sent| is_beside(sent.lane, lane)).count();
        if beside >= at_once(lane) {
            return Hold::UntilReply;
        }
        let pace = &self.paces[lane as usize];
        let paced = if is_paced { pace.writes_from(now) } else { None };
        pace.quiet_until(now).max(paced).map_or(Hold::Not, Hold::Until)
    }

    /// Graph asked everybody who uses this service to wait.
    pub fn quiet(&mut self, lane: PaceKind, wait: Millis, now: Moment) {
        for other in LANES.into_iter().filter(|other| is_beside(lane, *other)) {
            self.paces[other as usize].quiet(wait, now);
        }
    }

    /// Until when Graph asked for quiet, of whichever service.
    pub fn quiet_until(&self, now: Moment) -> Option<Moment> {
        self.paces.iter().find_map(|pace| pace.quiet_until(now))
    }

    /// How much of the lane's quota was used up lately ([`super::WINDOW`]).
    pub fn used(&self, lane: PaceKind, now: Moment) -> usize {
        self.paces[lane as usize].used(now)
    }

    /// A write was accepted.
    pub fn accepted(&mut self, lane: PaceKind) {
        self.paces[lane as usize].accepted();
    }

    /// Whether a write was done is not known.
    pub fn unanswered(&mut self, lane: PaceKind, now: Moment) {
        self.paces[lane as usize].unanswered(now);
    }

    /// The token was refused. Nothing more leaves before there is a fresh one.
    pub fn refuse_token(&mut self, claims: Option<String>) {
        self.needs_sign_in = Some(claims);
    }

    /// There is a fresh token, or nobody wants one any more.
    pub fn open_gate(&mut self) {
        self.needs_sign_in = None;
    }

    pub const fn needs_sign_in(&self) -> bool {
        self.needs_sign_in.is_some()
    }

    /// What is to be done where the token was refused, if it was: everything that is on its way comes back first.
    pub fn gate<R>(&self) -> Option<Action<R>> {
        let claims = self.needs_sign_in.as_ref()?;
        Some(if self.is_empty() { Action::SignIn(claims.clone()) } else { self.wait() })
    }

    /// Nothing else is to be done until an answer comes or is given up.
    pub fn wait<R>(&self) -> Action<R> {
        self.until().map_or(Action::WaitForReply, Action::WaitUntil)
    }

    /// When the next answer is given up.
    pub fn until(&self) -> Option<Moment> {
        self.flights.until()
    }

    /// A person wants an end: what is on its way gets a moment more, and no longer.
    pub fn hurry(&mut self, now: Moment) {
        self.flights.hurry(now);
    }

    /// What is on its way.
    pub fn all(&self) -> impl Iterator<Item = &T> {
        self.flights.all().map(|sent| &sent.what)
    }

    /// How many requests or batches are on their way.
    pub const fn len(&self) -> usize {
        self.flights.len()
    }

    pub const fn is_empty(&self) -> bool {
        self.flights.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use graph::{Headers, Reply};

    const NOW: Moment = Moment(1_000_000);

    fn me() -> Request {
        Request::get("/me")
    }

    fn sent(action: Action<()>) -> (Ticket, Request) {
        let Action::Send(ticket, request) = action else { panic!("{action:?}") };
        (ticket, request)
    }

    #[test]
    fn what_goes_to_the_directory_travels_in_batches_and_the_rest_alone() {
        let mut dispatch = Dispatch::default();
        let (batched, request) = sent(dispatch.send(PaceKind::DirectoryWrite, "two", &[me(), me()], Cost::Writes(2), NOW));
        assert_eq!(request.path, "/$batch");
        let (alone, request) = sent(dispatch.send(PaceKind::Mailbox, "one", &[me()], Cost::Time(LETTER), NOW));
        assert_eq!(request, me());
        let reply = Reply { status: 202, headers: Headers::default(), body: String::new() };
        assert_eq!(dispatch.arrived(alone, &Ok(reply.clone()), NOW), Some(("one", vec![Ok(reply.clone())])));
        assert_eq!(dispatch.arrived(alone, &Ok(reply), NOW), None, "it is heard once");
        let answers = dispatch.arrived(batched, &Err(Unreached::Offline), NOW);
        assert_eq!(answers, Some(("two", vec![Err(Unreached::Offline); 2])));
        assert!(dispatch.is_empty());
    }

    #[test]
    fn each_lane_is_held_for_itself_but_reads_and_writes_of_the_directory_share_what_is_on_its_way() {
        let mut dispatch = Dispatch::default();
        let free = |dispatch: &Dispatch<usize>| LANES.map(|lane| dispatch.hold(lane, true, NOW) != Hold::UntilReply);
        for number in 0..AT_ONCE {
            assert_eq!(free(&dispatch), [true; 4]);
            let lane = if number % 2 == 0 { PaceKind::DirectoryWrite } else { PaceKind::DirectoryRead };
            sent(dispatch.send(lane, number, &[me()], Cost::Nothing, NOW));
        }
        assert_eq!(free(&dispatch), [false, false, true, true]);
        for number in 0..mail::AT_ONCE {
            sent(dispatch.send(PaceKind::Mailbox, number, &[me()], Cost::Nothing, NOW));
        }
        assert_eq!(free(&dispatch), [false, false, false, true]);
        assert_eq!((dispatch.len(), dispatch.all().count()), (8, 8));
    }

    #[test]
    fn a_pace_holds_what_is_paced_and_quiet_holds_everything_of_the_service() {
        let mut dispatch = Dispatch::default();
        sent(dispatch.send(PaceKind::DirectoryWrite, (), &[me(), me()], Cost::Writes(20), NOW));
        assert!(matches!(dispatch.hold(PaceKind::DirectoryWrite, true, NOW), Hold::Until(then) if then > NOW));
        assert_eq!(dispatch.hold(PaceKind::DirectoryWrite, false, NOW), Hold::Not);
        assert_eq!(dispatch.hold(PaceKind::DirectoryRead, true, NOW), Hold::Not);
        assert_eq!((dispatch.used(PaceKind::DirectoryWrite, NOW), dispatch.used(PaceKind::DirectoryRead, NOW)), (20, 0));
        sent(dispatch.send(PaceKind::Chat, (), &[me()], Cost::Time(BESIDE), NOW));
        assert_eq!(dispatch.hold(PaceKind::Chat, true, NOW), Hold::Until(NOW + Millis(150)));
        assert_eq!(dispatch.quiet_until(NOW), None);
        dispatch.quiet(PaceKind::DirectoryRead, Millis::seconds(9), NOW);
        let quiet = Hold::Until(NOW + Millis::seconds(9));
        let held = LANES.map(|lane| dispatch.hold(lane, false, NOW) == quiet);
        assert_eq!(held, [true, true, false, false]);
        assert_eq!(dispatch.quiet_until(NOW), Some(NOW + Millis::seconds(9)));
        dispatch.quiet(PaceKind::Chat, Millis::seconds(5), NOW);
        let held = LANES.map(|lane| dispatch.hold(lane, false, NOW) != Hold::Not);
        assert_eq!(held, [true, true, false, true]);
    }

    #[test]
    fn a_write_in_doubt_holds_back_writes_of_its_lane_until_one_is_accepted() {
        let mut dispatch = Dispatch::<()>::default();
        dispatch.unanswered(PaceKind::Mailbox, NOW);
        assert_eq!(dispatch.hold(PaceKind::Mailbox, true, NOW), Hold::Until(NOW + Millis::seconds(2)));
        assert_eq!(dispatch.hold(PaceKind::DirectoryWrite, true, NOW), Hold::Not);
        let later = NOW + Millis::seconds(2);
        dispatch.accepted(PaceKind::Mailbox);
        dispatch.unanswered(PaceKind::Mailbox, later);
        assert_eq!(dispatch.hold(PaceKind::Mailbox, true, later), Hold::Until(later + Millis::seconds(2)), "it begins anew");
    }

    #[test]
    fn a_refused_token_is_renewed_once_everything_has_come_back() {
        let mut dispatch = Dispatch::default();
        let (ticket, _) = sent(dispatch.send(PaceKind::DirectoryRead, (), &[me()], Cost::Nothing, NOW));
        assert_eq!(dispatch.gate::<()>(), None);
        dispatch.refuse_token(Some("{}".into()));
        assert_eq!(dispatch.gate::<()>(), Some(Action::WaitUntil(NOW + PATIENCE_READING)));
        dispatch.arrived(ticket, &Err(Unreached::Lost), NOW);
        assert_eq!(dispatch.gate::<()>(), Some(Action::SignIn(Some("{}".into()))));
        dispatch.open_gate();
        assert!(dispatch.gate::<()>().is_none() && !dispatch.needs_sign_in());
    }

    #[test]
    fn who_is_silent_is_given_up_reads_sooner_than_writes_and_sooner_still_where_somebody_wants_an_end() {
        let mut dispatch = Dispatch::default();
        sent(dispatch.send(PaceKind::DirectoryWrite, "write", &[me(), me()], Cost::Writes(2), NOW));
        sent(dispatch.send(PaceKind::DirectoryRead, "read", &[me()], Cost::Nothing, NOW));
        assert_eq!(dispatch.until(), Some(NOW + PATIENCE_READING));
        let given_up = dispatch.overdue(NOW + PATIENCE_READING).map(|(_, what, answers)| (what, answers));
        assert_eq!(given_up, Some(("read", vec![Err(Unreached::Lost)])));
        dispatch.hurry(NOW + Millis::seconds(40));
        assert_eq!(dispatch.until(), Some(NOW + Millis::seconds(42)));
        let given_up = dispatch.overdue(NOW + Millis::seconds(42)).map(|(_, what, answers)| (what, answers));
        assert_eq!(given_up, Some(("write", vec![Err(Unreached::Lost); 2])));
    }
}
