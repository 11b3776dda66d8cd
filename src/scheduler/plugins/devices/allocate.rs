//! Which devices claims get on a node. Pure: slices, classes and what is taken in, allocations or a
//! reason out.
//!
//! One device after the other is tried for one request after the other; the first way in which all
//! claims have what they ask for is taken. Source:
//! `k8s.io/dynamic-resource-allocation/structured/internal/incubating`.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use k8s_openapi::api::{
    core::v1::Node,
    resource::v1::{AllocationResult, Device, DeviceSelector, ResourceClaim, ResourceSlice},
};
use machinery::quantity::Quantity;

use super::{
    capacity,
    pools::{
        self, Counters, DeviceId, Pool, Taken, Trouble, consumption, devices, id_of, reaches_device,
    },
    request::{Choice, Classes, Constraint, name_of},
    result,
};

/// Most devices of one claim. Source: `AllocationResultsMaxSize`.
const MOST: usize = 32;
/// Devices that are tried before it is given up, where Kubernetes gives up by the clock.
const MOST_STEPS: usize = 200_000;

/// Says whether an expression chooses a device of a driver.
pub(crate) type Judge<'a> = dyn Fn(&str, &str, &Device) -> Result<bool, String> + 'a;

/// What is known of devices.
pub(crate) struct Known<'a> {
    pub(crate) slices: &'a [Arc<ResourceSlice>],
    pub(crate) classes: &'a Classes,
    pub(crate) taken: &'a Taken,
    pub(crate) judge: &'a Judge<'a>,
}

/// Why claims get nothing on a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Denied {
    /// There is not enough.
    Nothing,
    /// Something is wrong; the words say what.
    Wrong(String),
}

/// A device that a node can reach.
pub(super) struct Candidate<'a> {
    pub(super) id: DeviceId,
    pub(super) device: &'a Device,
    pub(super) slice: &'a ResourceSlice,
    pool: usize,
}

/// A device that a request gets, as it seems so far.
pub(super) struct Chosen {
    pub(super) candidate: usize,
    pub(super) request: usize,
    pub(super) way: usize,
    /// What it takes of a device that several may have.
    pub(super) share: Option<BTreeMap<String, Quantity>>,
}

struct Search<'a> {
    known: &'a Known<'a>,
    node: &'a Node,
    claims: &'a [Arc<ResourceClaim>],
    pools: &'a [Pool],
    candidates: Vec<Candidate<'a>>,
    /// By claim and request.
    ways: Vec<Vec<Vec<Choice<'a>>>>,
    constraints: Vec<Vec<Constraint<'a>>>,
    chosen: Vec<Vec<Chosen>>,
    /// What was found out of a way and a candidate.
    matches: HashMap<(Place, usize), bool>,
    steps: usize,
}

/// Claim, request and way.
type Place = (usize, usize, usize);

/// Allocates devices to all claims on a node; one allocation a claim, in their order.
pub(crate) fn allocate(
    claims: &[Arc<ResourceClaim>],
    node: &Node,
    known: &Known<'_>,
) -> Result<Vec<AllocationResult>, Denied> {
    let pools = pools::gather(known.slices, node, known.taken);
    let mut search = Search {
        known,
        node,
        claims,
        pools: &pools,
        candidates: candidates(&pools),
        ways: Vec::new(),
        constraints: Vec::new(),
        chosen: claims.iter().map(|_| Vec::new()).collect(),
        matches: HashMap::new(),
        steps: 0,
    };
    for claim in claims {
        search.ways.push(Choice::of_claim(claim, known.classes).map_err(Denied::Wrong)?);
        search.constraints.push(Constraint::of_claim(claim).map_err(Denied::Wrong)?);
    }
    search.check_sizes()?;
    if search.request(0, 0)? {
        let results = claims.iter().enumerate();
        return Ok(results.map(|(index, claim)| search.result(index, claim)).collect());
    }
    if pools.iter().any(|pool| pool.trouble == Some(Trouble::Invalid)) {
        return Err(Denied::Wrong("invalid resource pools were encountered".into()));
    }
    Err(Denied::Nothing)
}

fn candidates(pools: &[Pool]) -> Vec<Candidate<'_>> {
    let mut all = Vec::new();
    for (pool, slices) in pools.iter().enumerate().map(|(index, pool)| (index, &pool.near)) {
        for slice in slices {
            let of_slice = devices(slice).iter();
            all.extend(of_slice.map(|device| Candidate {
                id: id_of(slice, device),
                device,
                slice,
                pool,
            }));
        }
    }
    all
}

impl<'a> Search<'a> {
    /// Refuses claims that ask for more than any claim can have.
    fn check_sizes(&mut self) -> Result<(), Denied> {
        for claim in 0..self.claims.len() {
            let mut least = 0_usize;
            for request in 0..self.ways[claim].len() {
                let mut of_request = usize::MAX;
                for way in 0..self.ways[claim][request].len() {
                    of_request = of_request.min(self.count((claim, request, way))?);
                }
                least = least.saturating_add(of_request);
            }
            if least > MOST {
                return Err(Denied::Wrong(format!(
                    "claim {}: number of requested devices {least} exceeds the claim limit of {MOST}",
                    name_of(&self.claims[claim])
                )));
            }
        }
        Ok(())
    }

    fn count(&mut self, place: Place) -> Result<usize, Denied> {
        match self.way(place).count {
            Some(count) => Ok(count),
            None => self.all(place).map(|all| all.len()),
        }
    }

    fn way(&self, (claim, request, way): Place) -> &Choice<'a> {
        &self.ways[claim][request][way]
    }

    /// All devices that a way can have. Errors: not all are known.
    fn all(&mut self, place: Place) -> Result<Vec<usize>, Denied> {
        for pool in self.pools {
            let Some(trouble) = pool.trouble else { continue };
            let state = match trouble {
                Trouble::Incomplete => "being updated",
                Trouble::Invalid => "invalid",
            };
            let choice = self.way(place);
            return Err(Denied::Wrong(format!(
                "claim {}, request {}: asks for all devices, but resource pool {} is currently \
                 {state}",
                name_of(&self.claims[place.0]),
                choice.sub.unwrap_or(choice.request),
                pool.name
            )));
        }
        let mut all = Vec::new();
        for candidate in 0..self.candidates.len() {
            if self.matches(place, candidate)? {
                all.push(candidate);
            }
        }
        Ok(all)
    }

    /// Satisfies a request and all that come after it.
    fn request(&mut self, claim: usize, request: usize) -> Result<bool, Denied> {
        if claim >= self.claims.len() {
            return Ok(true);
        }
        if request >= self.ways[claim].len() {
            return self.request(claim + 1, 0);
        }
        for way in 0..self.ways[claim][request].len() {
            let place = (claim, request, way);
            let all = match self.way(place).count {
                Some(_) => None,
                None => Some(self.all(place)?),
            };
            let count = all.as_ref().map_or(self.way(place).count, |all| Some(all.len()));
            let count = count.unwrap_or(0);
            if all.as_ref().is_some_and(Vec::is_empty)
                || self.chosen[claim].len().saturating_add(count) > MOST
            {
                continue;
            }
            let done = match &all {
                Some(all) => self.every_one(place, all)?,
                None => self.some(place, count, 0)?,
            };
            if done {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Gives a way all of its devices.
    fn every_one(&mut self, place: Place, all: &[usize]) -> Result<bool, Denied> {
        let mut added = 0;
        for candidate in all {
            match self.take(place, *candidate) {
                Refused::No => added += 1,
                Refused::InUse => break,
                Refused::Constrained => {
                    let choice = self.way(place);
                    let id = &self.candidates[*candidate].id;
                    return Err(Denied::Wrong(format!(
                        "claim {}, request {}: cannot add device {}/{}/{} because a claim \
                         constraint would not be satisfied",
                        name_of(&self.claims[place.0]),
                        choice.sub.unwrap_or(choice.request),
                        id.driver,
                        id.pool,
                        id.device
                    )));
                }
            }
        }
        if added == all.len() && self.request(place.0, place.1 + 1)? {
            return Ok(true);
        }
        for _ in 0..added {
            self.give_back(place.0);
        }
        Ok(false)
    }

    /// Gives a way so many devices more, none before `from`: in another order they are the same.
    fn some(&mut self, place: Place, more: usize, from: usize) -> Result<bool, Denied> {
        if more == 0 {
            return self.request(place.0, place.1 + 1);
        }
        for candidate in from..self.candidates.len() {
            self.steps += 1;
            if self.steps > MOST_STEPS {
                let words = "timed out trying to allocate devices";
                return Err(Denied::Wrong(words.into()));
            }
            if self.is_used(place, candidate)
                || !self.matches(place, candidate)?
                || !matches!(self.take(place, candidate), Refused::No)
            {
                continue;
            }
            if self.some(place, more - 1, candidate)? {
                return Ok(true);
            }
            self.give_back(place.0);
        }
        Ok(false)
    }

    /// Tells whether somebody else has a device, or the claim itself.
    fn is_used(&self, place: Place, candidate: usize) -> bool {
        let is_it = |chosen: &&Chosen| chosen.candidate == candidate;
        if self.way(place).admin {
            return self.chosen[place.0].iter().any(|chosen| is_it(&chosen));
        }
        let (id, device) = (&self.candidates[candidate].id, self.candidates[candidate].device);
        let shared = device.allow_multiple_allocations == Some(true);
        let taken = self.known.taken;
        taken.whole.contains(id)
            || !shared
                && (taken.shares.contains_key(id) || self.holders(candidate).next().is_some())
    }

    /// What chosen requests, but for those of administrators, have of a device.
    fn holders(&self, candidate: usize) -> impl Iterator<Item = &Chosen> {
        self.chosen.iter().enumerate().flat_map(move |(claim, all)| {
            all.iter().filter(move |chosen| {
                chosen.candidate == candidate
                    && !self.way((claim, chosen.request, chosen.way)).admin
            })
        })
    }

    fn matches(&mut self, place: Place, candidate: usize) -> Result<bool, Denied> {
        if let Some(known) = self.matches.get(&(place, candidate)) {
            return Ok(*known);
        }
        let found = self.find_match(place, candidate).map_err(Denied::Wrong)?;
        self.matches.insert((place, candidate), found);
        Ok(found)
    }

    fn find_match(&self, place: Place, candidate: usize) -> Result<bool, String> {
        let (choice, candidate) = (self.way(place), &self.candidates[candidate]);
        let device = candidate.device;
        // Conditions of binding are not waited for.
        if device.binding_conditions.as_ref().is_some_and(|all| !all.is_empty()) {
            return Ok(false);
        }
        if candidate.slice.spec.per_device_node_selection == Some(true)
            && !reaches_device(self.node, device)
        {
            return Ok(false);
        }
        let class = choice.class.metadata.name.as_deref().unwrap_or_default();
        let of_class = choice.class.spec.selectors.as_deref().unwrap_or_default();
        Ok(self.chosen_by(of_class, candidate, &format!("class {class}"))?
            && self.chosen_by(
                choice.selectors,
                candidate,
                &format!("claim {}", name_of(&self.claims[place.0])),
            )?)
    }

    fn chosen_by(
        &self,
        selectors: &[DeviceSelector],
        candidate: &Candidate<'_>,
        whose: &str,
    ) -> Result<bool, String> {
        for (index, selector) in selectors.iter().enumerate() {
            let Some(cel) = &selector.cel else {
                return Err(format!(
                    "{whose}, selector #{index}: CEL expression empty (unsupported selector type?)"
                ));
            };
            let judge = self.known.judge;
            let chosen = judge(&cel.expression, &candidate.id.driver, candidate.device);
            match chosen {
                Ok(true) => {}
                Ok(false) => return Ok(false),
                Err(why) => return Err(format!("{whose}: selector #{index}: CEL {why}")),
            }
        }
        Ok(true)
    }

    /// Gives a device to a way, if nothing speaks against it.
    fn take(&mut self, place: Place, candidate: usize) -> Refused {
        let (claim, request, way) = place;
        let choice = &self.ways[claim][request][way];
        let (device, id) = (self.candidates[candidate].device, &self.candidates[candidate].id);
        if self.is_used(place, candidate) || !choice.bears(device) {
            return Refused::InUse;
        }
        let Some(share) = capacity::taken(device, choice.capacity) else { return Refused::InUse };
        let fits = choice.admin
            || capacity::fits(device, &share, &self.others(candidate))
                && self.has_counters(candidate);
        if !fits {
            return Refused::InUse;
        }
        let all = &mut self.constraints[claim];
        if let Some(failed) = all.iter_mut().position(|one| !one.add(choice, &id.driver, device)) {
            all.iter_mut().take(failed).for_each(|one| one.remove(choice));
            return Refused::Constrained;
        }
        let shared = device.allow_multiple_allocations == Some(true);
        let share = (shared && !choice.admin).then_some(share);
        self.chosen[claim].push(Chosen { candidate, request, way, share });
        Refused::No
    }

    /// What others have of a device that several may have.
    fn others(&self, candidate: usize) -> BTreeMap<String, Quantity> {
        let mut sum = self
            .known
            .taken
            .shares
            .get(&self.candidates[candidate].id)
            .cloned()
            .unwrap_or_default();
        for (name, amount) in self.holders(candidate).filter_map(|it| it.share.as_ref()).flatten() {
            let known = sum.entry(name.clone()).or_default();
            *known = known.plus(*amount);
        }
        sum
    }

    /// Tells whether a device's pool has what the device takes of it, beside all that are chosen.
    fn has_counters(&self, candidate: usize) -> bool {
        let pool = self.candidates[candidate].pool;
        let mut left: Counters = self.pools[pool].left.clone();
        let mut using: Vec<usize> = vec![candidate];
        for other in self.chosen.iter().flatten().map(|chosen| chosen.candidate) {
            let counts = self.candidates[other].pool == pool
                && !using.contains(&other)
                && self.holders(other).next().is_some();
            if counts {
                using.push(other);
            }
        }
        // A device of which somebody has a part was counted with all that is taken.
        using.retain(|one| !self.known.taken.has(&self.candidates[*one].id));
        for (counter, amount) in
            using.iter().flat_map(|one| consumption(self.candidates[*one].device))
        {
            let Some(known) = left.get_mut(&counter) else { return false };
            *known = known.minus(amount);
            if known.is_negative() {
                return false;
            }
        }
        true
    }

    /// Takes back what was given last to a claim.
    fn give_back(&mut self, claim: usize) {
        let Some(last) = self.chosen[claim].pop() else { return };
        let choice = &self.ways[claim][last.request][last.way];
        self.constraints[claim].iter_mut().for_each(|one| one.remove(choice));
    }

    fn result(&self, index: usize, claim: &ResourceClaim) -> AllocationResult {
        result::of(claim, &self.chosen[index], &self.ways[index], &self.candidates)
    }
}

/// Whether and why a device is not given.
enum Refused {
    No,
    InUse,
    Constrained,
}
