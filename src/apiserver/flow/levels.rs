//! Priority levels: seats, queues and who is next. No clock, no I/O: requests come and go.
//!
//! Invariants: a level never has more than its own seats and those that others can spare · a
//! request that waits has a place in one queue · the flow that was served least comes next.
//! Source: KEP-1040, "Priority and Fairness for API Server Requests"; every request has one seat.

use std::{
    collections::VecDeque,
    hash::{DefaultHasher, Hash as _, Hasher as _},
};

use machinery::meta;
use serde_json::Value;
use tokio::sync::oneshot;

/// What a level is told.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Terms {
    pub(super) name: String,
    pub(super) uid: String,
    exempt: bool,
    shares: f64,
    lendable: f64,
    /// How much more than its own a level may have, in parts of its own; `None`: no bound.
    borrowing: Option<f64>,
    queues: usize,
    hand: usize,
    length: usize,
}

impl Terms {
    #[expect(clippy::cast_precision_loss, reason = "shares and per cents are small")]
    pub(super) fn read(object: &Value) -> Self {
        let exempt = meta::text(object, "/spec/type") == "Exempt";
        let part = if exempt { "exempt" } else { "limited" };
        let number = |at: &str| meta::number(object, &format!("/spec/{part}/{at}"));
        let queuing = |at: &str, usual: i64| {
            let number = number(&format!("limitResponse/queuing/{at}")).unwrap_or(usual);
            usize::try_from(number).unwrap_or(1).max(1)
        };
        let rejects = meta::text(object, "/spec/limited/limitResponse/type") != "Queue";
        Self {
            name: meta::name(object).to_owned(),
            uid: meta::uid(object).to_owned(),
            exempt,
            shares: number("nominalConcurrencyShares").unwrap_or(30) as f64,
            lendable: number("lendablePercent").unwrap_or(0) as f64 / 100.0,
            borrowing: number("borrowingLimitPercent").map(|it| it as f64 / 100.0),
            queues: if rejects { 0 } else { queuing("queues", 64) },
            hand: queuing("handSize", 8),
            length: queuing("queueLengthLimit", 50),
        }
    }
}

/// All levels and the seats that they share.
#[derive(Debug, Default)]
pub(super) struct Levels {
    total: u32,
    list: Vec<Level>,
    tickets: u64,
}

#[derive(Debug)]
struct Level {
    terms: Terms,
    nominal: u32,
    lendable: u32,
    most: u32,
    taken: u32,
    queues: Vec<Queue>,
    /// How far the level's service has come, in requests of each queue.
    served: u64,
    waiting: usize,
}

#[derive(Debug, Default)]
struct Queue {
    /// The service that its next request counts as.
    next: u64,
    waiting: VecDeque<(u64, oneshot::Sender<()>)>,
}

/// What becomes of a request that asks for a seat.
#[derive(Debug)]
pub(super) enum Seat {
    /// It may go on.
    Taken,
    /// It waits; the ticket tells it from others.
    Waits(u64, oneshot::Receiver<()>),
    /// There is no room for it.
    Refused,
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "seats are rounded parts of a number that fits"
)]
fn rounded(number: f64) -> u32 {
    number.max(0.0).round() as u32
}

/// Parts of seats are given whole.
fn seats(number: f64) -> u32 {
    rounded(number.max(0.0).ceil())
}

impl Levels {
    pub(super) fn new(total: u32) -> Self {
        Self { total, ..Self::default() }
    }

    /// Goes by these terms from now on; who has or waits for a seat keeps that.
    pub(super) fn follow(&mut self, terms: &[Terms]) {
        let shares: f64 = terms.iter().map(|it| it.shares).sum::<f64>().max(1.0);
        self.list.retain(|level| {
            level.taken > 0
                || level.waiting > 0
                || terms.iter().any(|it| it.name == level.terms.name)
        });
        for terms in terms {
            let own = seats(f64::from(self.total) * terms.shares / shares);
            let at = self.at(&terms.name).unwrap_or_else(|| {
                self.list.push(Level::new(terms.clone()));
                self.list.len() - 1
            });
            let level = &mut self.list[at];
            level.terms = terms.clone();
            level.nominal = own;
            level.lendable = rounded(f64::from(own) * terms.lendable).min(own);
            level.most = match terms.borrowing {
                None => self.total,
                Some(part) => own + seats(f64::from(own) * part),
            };
            while level.queues.len() < terms.queues {
                level.queues.push(Queue::default());
            }
        }
    }

    fn at(&self, name: &str) -> Option<usize> {
        self.list.iter().position(|level| level.terms.name == name)
    }

    /// The level's id; empty where there is none.
    pub(super) fn uid(&self, name: &str) -> String {
        self.at(name).map_or_else(String::new, |at| self.list[at].terms.uid.clone())
    }

    /// Asks for a seat at a level for a request of a flow.
    pub(super) fn ask(&mut self, name: &str, flow: (&str, &str)) -> Seat {
        let Some(at) = self.at(name) else { return Seat::Taken };
        if self.list[at].waiting == 0 && self.has_room(at) {
            self.list[at].taken += 1;
            return Seat::Taken;
        }
        self.tickets += 1;
        let ticket = self.tickets;
        let level = &mut self.list[at];
        let Some(queue) = level.shortest(flow) else { return Seat::Refused };
        let (served, most) = (level.served, level.terms.length);
        let queue = &mut level.queues[queue];
        if queue.waiting.len() >= most {
            return Seat::Refused;
        }
        if queue.waiting.is_empty() {
            queue.next = queue.next.max(served);
        }
        let (sender, receiver) = oneshot::channel();
        queue.waiting.push_back((ticket, sender));
        level.waiting += 1;
        Seat::Waits(ticket, receiver)
    }

    /// Gives a seat back; whoever can have one now is told.
    pub(super) fn leave(&mut self, name: &str) {
        if let Some(at) = self.at(name) {
            self.list[at].taken = self.list[at].taken.saturating_sub(1);
        }
        self.seat_all();
    }

    /// A request waits no more: takes it from its queue, or gives back the seat it got meanwhile.
    pub(super) fn give_up(&mut self, name: &str, ticket: u64) {
        let Some(at) = self.at(name) else { return };
        let level = &mut self.list[at];
        for queue in &mut level.queues {
            if let Some(found) = queue.waiting.iter().position(|(one, _)| *one == ticket) {
                queue.waiting.remove(found);
                level.waiting -= 1;
                return;
            }
        }
        self.leave(name);
    }

    fn seat_all(&mut self) {
        for at in 0..self.list.len() {
            while self.list[at].waiting > 0 && self.has_room(at) {
                let level = &mut self.list[at];
                let full = level.queues.iter_mut().filter(|queue| !queue.waiting.is_empty());
                let Some(queue) = full.min_by_key(|queue| queue.next) else { break };
                level.served = queue.next;
                queue.next += 1;
                level.waiting -= 1;
                // Whoever waits takes itself out before it stops to listen.
                if let Some((_, told)) = queue.waiting.pop_front()
                    && told.send(()).is_ok()
                {
                    level.taken += 1;
                }
            }
        }
    }

    /// Tells whether a level has a seat: one that it never lends, or one that nobody has and no
    /// other level keeps for itself.
    fn has_room(&self, at: usize) -> bool {
        let level = &self.list[at];
        if level.terms.exempt || level.taken < level.nominal - level.lendable {
            return true;
        }
        let kept: u32 = self.others(at).map(Level::keeps).sum();
        let all = || self.others(at).chain([level]);
        let nominal: u32 = all().map(|one| one.nominal).sum();
        let taken: u32 = all().map(|one| one.taken).sum();
        level.taken < level.most && nominal.saturating_sub(taken) > kept
    }

    fn others(&self, at: usize) -> impl Iterator<Item = &Level> {
        let others = self.list.iter().enumerate().filter(move |(index, _)| *index != at);
        others.map(|(_, level)| level).filter(|level| !level.terms.exempt)
    }

    /// How many seats each level has, has taken, and how many wait: for metrics.
    pub(super) fn told(&self) -> Vec<(String, u32, u32, usize)> {
        let all = self.list.iter();
        all.map(|it| (it.terms.name.clone(), it.nominal, it.taken, it.waiting)).collect()
    }
}

impl Level {
    fn new(terms: Terms) -> Self {
        Self {
            terms,
            nominal: 0,
            lendable: 0,
            most: 0,
            taken: 0,
            queues: Vec::new(),
            served: 0,
            waiting: 0,
        }
    }

    /// The free seats that it lends to nobody now: all of its own while somebody waits for them.
    fn keeps(&self) -> u32 {
        let own = if self.waiting > 0 { self.nominal } else { self.nominal - self.lendable };
        own.saturating_sub(self.taken)
    }

    /// The shortest queue of the hand that a flow is dealt: shuffle sharding.
    fn shortest(&self, flow: (&str, &str)) -> Option<usize> {
        let mut hasher = DefaultHasher::new();
        flow.hash(&mut hasher);
        let mut fingerprint = hasher.finish();
        let count = self.terms.queues.min(self.queues.len());
        let mut dealt: Vec<usize> = Vec::with_capacity(self.terms.hand);
        for card in 0..self.terms.hand.min(count) {
            let left = count - card;
            let mut choice = usize::try_from(fingerprint % left as u64).unwrap_or(0);
            fingerprint /= left as u64;
            dealt.sort_unstable();
            for taken in &dealt {
                if *taken <= choice {
                    choice += 1;
                }
            }
            dealt.push(choice);
        }
        dealt.into_iter().min_by_key(|queue| self.queues[*queue].waiting.len())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn level(name: &str, shares: i64, lendable: i64, response: &Value) -> Terms {
        Terms::read(&json!({"metadata": {"name": name, "uid": name}, "spec": {"type": "Limited",
            "limited": {"nominalConcurrencyShares": shares, "lendablePercent": lendable,
                "limitResponse": response}}}))
    }

    fn queue(length: i64) -> Value {
        json!({"type": "Queue", "queuing": {"queues": 8, "handSize": 2, "queueLengthLimit": length}})
    }

    fn taken(levels: &mut Levels, name: &str, flow: &str) -> bool {
        matches!(levels.ask(name, ("s", flow)), Seat::Taken)
    }

    #[test]
    fn seats_are_shared_by_shares() {
        let mut levels = Levels::new(10);
        let reject = json!({"type": "Reject"});
        levels.follow(&[level("a", 30, 0, &reject), level("b", 20, 0, &reject)]);
        let got =
            |levels: &mut Levels, name: &str| (0..20).filter(|_| taken(levels, name, "x")).count();
        assert_eq!((got(&mut levels, "a"), got(&mut levels, "b")), (6, 4));
        levels.leave("a");
        assert!(taken(&mut levels, "a", "x"));
        assert!(matches!(levels.ask("a", ("s", "x")), Seat::Refused));
    }

    #[test]
    fn what_is_not_needed_is_lent_and_given_back() {
        let mut levels = Levels::new(10);
        let reject = json!({"type": "Reject"});
        levels.follow(&[level("a", 50, 0, &reject), level("b", 50, 60, &reject)]);
        let borrowed = (0..20).filter(|_| taken(&mut levels, "a", "x")).count();
        assert_eq!(borrowed, 8, "five of its own and three of the other's");
        let left = (0..20).filter(|_| taken(&mut levels, "b", "x")).count();
        assert_eq!(left, 2, "never more than there are");
        for _ in 0..3 {
            levels.leave("a");
        }
        assert!(taken(&mut levels, "b", "x"), "what was lent comes back");
    }

    #[test]
    fn a_loud_flow_does_not_starve_a_quiet_one() {
        let mut levels = Levels::new(1);
        levels.follow(&[level("a", 1, 0, &queue(50))]);
        assert!(taken(&mut levels, "a", "loud"));
        let mut loud: Vec<_> = (0..40).map(|_| levels.ask("a", ("s", "loud"))).collect();
        let Seat::Waits(_, mut quiet) = levels.ask("a", ("s", "quiet")) else { panic!("room") };
        let mut turns = 0;
        while quiet.try_recv().is_err() {
            levels.leave("a");
            turns += 1;
            assert!(turns < 5, "the quiet flow waits for its turn only");
        }
        assert!(loud.iter_mut().any(|seat| match seat {
            Seat::Waits(_, told) => told.try_recv().is_err(),
            _ => false,
        }));
    }

    #[test]
    fn queues_end_and_who_gives_up_leaves_no_trace() {
        let mut levels = Levels::new(1);
        levels.follow(&[level("a", 1, 0, &queue(2))]);
        assert!(taken(&mut levels, "a", "x"));
        let mut waiting = Vec::new();
        while let Seat::Waits(ticket, told) = levels.ask("a", ("s", "x")) {
            waiting.push((ticket, told));
            assert!(waiting.len() <= 4, "two queues of two");
        }
        assert_eq!(waiting.len(), 4);
        for (ticket, told) in waiting {
            levels.give_up("a", ticket);
            drop(told);
        }
        levels.leave("a");
        assert_eq!(levels.told()[0], ("a".into(), 1, 0, 0));
        assert!(taken(&mut levels, "a", "x"));
    }
}
