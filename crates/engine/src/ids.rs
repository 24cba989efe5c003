//! New ids from given time and chance.

use crate::ports::{Clock, Entropy};
use tidemark_protocol::{DeviceId, EntityId, OpId};
use uuid::{Builder, Uuid};

/// A version 7 UUID (RFC 9562) of the device's time and chance.
pub fn new_uuid(clock: &impl Clock, entropy: &impl Entropy) -> Uuid {
    let mut chance = [0; 10];
    entropy.fill(&mut chance);
    // A clock before 1970 only makes ids that sort early.
    let millis = u64::try_from(clock.now().millis()).unwrap_or(0);
    Builder::from_unix_timestamp_millis(millis, &chance).into_uuid()
}

/// A new record's id.
pub fn new_entity_id(clock: &impl Clock, entropy: &impl Entropy) -> EntityId {
    EntityId(new_uuid(clock, entropy))
}

/// A new edit's id.
pub fn new_op_id(clock: &impl Clock, entropy: &impl Entropy) -> OpId {
    OpId(new_uuid(clock, entropy))
}

/// A new device's id.
pub fn new_device_id(clock: &impl Clock, entropy: &impl Entropy) -> DeviceId {
    DeviceId::parse(&new_uuid(clock, entropy).to_string()).expect("a UUID is a fit device id")
}

/// The first person of a device.
///
/// Derived, so that two tabs which both find nobody make the same person.
pub fn first_person_id(device: &DeviceId) -> EntityId {
    let name = format!("first person of {}", device.as_str());
    EntityId(Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes()))
}
