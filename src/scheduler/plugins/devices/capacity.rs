//! How much of a device's capacity a request takes. Pure. Source: `consumable_capacity.go`.

use std::collections::BTreeMap;

use k8s_openapi::{
    api::resource::v1::{CapacityRequestPolicy, CapacityRequirements, Device, DeviceCapacity},
    apimachinery::pkg::api::resource::Quantity as Text,
};
use machinery::quantity::Quantity;

fn parsed(text: &Text) -> Quantity {
    text.0.parse().unwrap_or_default()
}

/// What a request takes of each capacity; `None` where the device has not what is asked, or does not
/// give it so.
pub(super) fn taken(
    device: &Device,
    asked: Option<&CapacityRequirements>,
) -> Option<BTreeMap<String, Quantity>> {
    let has = device.capacity.as_ref();
    let asked = asked.and_then(|asked| asked.requests.as_ref());
    if asked.into_iter().flatten().any(|(name, _)| has.is_none_or(|has| !has.contains_key(name))) {
        return None;
    }
    let mut taken = BTreeMap::new();
    for (name, capacity) in has.into_iter().flatten() {
        let amount = rounded(asked.and_then(|asked| asked.get(name)).map(parsed), capacity);
        if capacity.request_policy.as_ref().is_some_and(|policy| violates(amount, policy)) {
            return None;
        }
        taken.insert(name.clone(), amount);
    }
    Some(taken)
}

/// Tells whether a device has so much beside what others have of it.
pub(super) fn fits(
    device: &Device,
    taken: &BTreeMap<String, Quantity>,
    others: &BTreeMap<String, Quantity>,
) -> bool {
    device.capacity.iter().flatten().all(|(name, capacity)| {
        let amount = |of: &BTreeMap<String, Quantity>| of.get(name).copied().unwrap_or_default();
        amount(taken).plus(amount(others)) <= parsed(&capacity.value)
    })
}

fn rounded(asked: Option<Quantity>, capacity: &DeviceCapacity) -> Quantity {
    let policy = capacity.request_policy.as_ref();
    let Some(asked) = asked else {
        let usual = policy.and_then(|policy| policy.default.as_ref());
        return parsed(usual.unwrap_or(&capacity.value));
    };
    let Some(policy) = policy else { return asked };
    if let Some(range) = &policy.valid_range {
        let least = parsed(&range.min);
        if asked < least {
            return least;
        }
        let Some(step) = range.step.as_ref().map(|step| parsed(step).value()) else {
            return asked;
        };
        let (above, step) = (asked.value() - least.value(), step.max(1));
        return Quantity::bytes(least.value() + (above + step - 1) / step * step);
    }
    let mut values = policy.valid_values.iter().flatten().map(parsed);
    values.find(|value| asked <= *value).unwrap_or(asked)
}

fn violates(amount: Quantity, policy: &CapacityRequestPolicy) -> bool {
    if policy.default.as_ref().is_some_and(|usual| parsed(usual) == amount) {
        return false;
    }
    if let Some(range) = &policy.valid_range {
        let over = range.max.as_ref().is_some_and(|most| amount > parsed(most));
        let between = range.step.as_ref().is_some_and(|step| {
            (amount.value() - parsed(&range.min).value()) % parsed(step).value().max(1) != 0
        });
        return over || between;
    }
    let values = policy.valid_values.as_deref().unwrap_or_default();
    !values.is_empty() && !values.iter().any(|value| parsed(value) == amount)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn amounts_follow_the_policy() {
        let step =
            json!({"default": "1Gi", "validRange": {"min": "1Gi", "step": "1Gi", "max": "4Gi"}});
        let list = json!({"default": "1Gi", "validValues": ["1Gi", "3Gi"]});
        for (policy, asked, want) in [
            (Value::Null, None, Some("8Gi")),
            (Value::Null, Some("2Gi"), Some("2Gi")),
            (step.clone(), None, Some("1Gi")),
            (step.clone(), Some("1"), Some("1Gi")),
            (step.clone(), Some("1500Mi"), Some("2Gi")),
            (step, Some("5Gi"), None),
            (list.clone(), Some("2Gi"), Some("3Gi")),
            (list, Some("4Gi"), None),
        ] {
            let device = json!({"name": "d",
                "capacity": {"memory": {"value": "8Gi", "requestPolicy": policy}}});
            let device: Device = serde_json::from_value(device).unwrap();
            let asked: Option<CapacityRequirements> = asked.map(|asked| {
                serde_json::from_value(json!({"requests": {"memory": asked}})).unwrap()
            });
            let found = taken(&device, asked.as_ref()).map(|all| all["memory"]);
            assert_eq!(
                found,
                want.map(|want| want.parse::<Quantity>().unwrap()),
                "{policy} {asked:?}"
            );
        }
        let bare: Device = serde_json::from_value(json!({"name": "d"})).unwrap();
        let asked = serde_json::from_value(json!({"requests": {"memory": "1"}})).unwrap();
        assert_eq!(taken(&bare, Some(&asked)), None);
    }
}
