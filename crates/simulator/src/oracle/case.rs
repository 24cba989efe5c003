//! What an event may do to a row.

use super::{Checked, FIELDS, Row};
use serde_json::{Map, Value};
use tidemark_protocol::{DeviceId, Metric};

/// An event on a known row.
pub(super) struct Case<'a> {
    pub device: &'a DeviceId,
    pub event: &'a Value,
    pub after: &'a Metric,
    pub fields: &'a Map<String, Value>,
    pub adjusted: &'a [String],
}

impl Case<'_> {
    fn sent(&self, name: &str) -> Option<&Value> {
        self.event["payload"].get(name)
    }

    fn is_offer(&self) -> bool {
        self.sent("lost_version").is_some()
    }

    /// The version of an offer that says of some field what the row says from before the lost life.
    pub fn confirms(&self, before: &Row) -> Option<u64> {
        let lost = self.sent("lost_version")?.as_u64()?;
        let is_older = |name: &str| {
            let stamp = before.stamps.get(name);
            stamp.is_none_or(|stamp| stamp.version < lost)
        };
        let says =
            |name: &&str| self.sent(name).is_some() && self.sent(name) == before.fields.get(*name);
        let mut names = FIELDS.iter().copied().chain(["deleted_at"]);
        names
            .any(|name| is_older(name) && says(&name))
            .then_some(lost)
    }

    /// What a later offer has found stays as it was found.
    fn check_overtaken(&self, before: &Row) -> Checked {
        let same = |name: &&str| before.fields.get(*name) == self.fields.get(*name);
        let mut names = FIELDS.iter().copied().chain(["deleted_at"]);
        let seen = |name: &str| {
            let lost = self.sent("lost_version").and_then(Value::as_u64);
            let stamp = before.stamps.get(name);
            stamp.is_none_or(|stamp| lost.is_some_and(|lost| stamp.version <= lost))
        };
        match names.find(|name| seen(name) && !same(name)) {
            Some(name) if name != "bmi" => Err(format!(
                "I1: an older offer of {} has changed {name}",
                self.after.id
            )),
            _ => Ok(()),
        }
    }

    pub fn check_new(&self) -> Checked {
        FIELDS.iter().try_for_each(|name| self.check_field(name))
    }

    /// A field that must be taken is as it was sent.
    fn check_field(&self, name: &str) -> Checked {
        // A BMI beside a height is made of it: it says nothing of its own, even where that height loses.
        let has_height = self.sent("height").is_some_and(|height| !height.is_null());
        let computed = name == "bmi" && (self.after.height.is_some() || has_height);
        let moved = self.adjusted.iter().any(|adjusted| adjusted == name);
        match self.sent(name) {
            Some(sent) if !computed && !moved && Some(sent) != self.fields.get(name) => {
                Err(format!(
                    "I1: {name} of {} was sent as {sent}, but the row says {:?}",
                    self.after.id,
                    self.fields.get(name)
                ))
            }
            _ => Ok(()),
        }
    }

    pub fn check(&self, before: &Row) -> Checked {
        let base = self.event["base_version"].as_u64();
        let seen = |name: &str| {
            let stamp = before.stamps.get(name);
            stamp.is_none_or(|stamp| {
                let is_own = stamp.by == *self.device && !self.is_offer();
                is_own || base.is_some_and(|base| stamp.version <= base)
            })
        };
        // An offer of a smaller version undoes no deletion of a lost life, be it offered or in the backup.
        let is_outdated = self.is_offer()
            && before.stamps.get("deleted_at").is_some_and(|burial| {
                burial.is_of_lost_life && base.is_some_and(|base| burial.version > base)
            });
        let was_deleted = before.metric.deleted_at.is_some();
        let is_deleted = self.after.deleted_at.is_some();
        self.check_untouched(before)?;
        if self.is_offer() && base.is_some_and(|base| before.offered > base) {
            return self.check_overtaken(before);
        }
        if self.event["type"] == "DELETE_METRIC" {
            return self.check_deletion(was_deleted, before.stamps.keys().all(|name| seen(name)));
        }
        let restores = self.sent("deleted_at").is_some_and(Value::is_null);
        if was_deleted && is_outdated {
            let lives = || format!("I7: an older offer of {} undid a deletion", self.after.id);
            return if is_deleted { Ok(()) } else { Err(lives()) };
        }
        if was_deleted && restores && is_deleted {
            return Err(format!("{} was restored and stays deleted", self.after.id));
        }
        if was_deleted && !restores {
            return match (seen("deleted_at"), is_deleted) {
                (true, false) => Err(format!(
                    "I7: {} lives again without a restore",
                    self.after.id
                )),
                (false, true) if base.is_some() && self.changes(before) => Err(format!(
                    "an edit of {}, concurrent to its delete, is lost",
                    self.after.id
                )),
                _ => Ok(()),
            };
        }
        FIELDS
            .iter()
            .filter(|name| base.is_some() && seen(name))
            .try_for_each(|name| self.check_field(name))
    }

    /// A delete of a row whose every field its device had seen deletes; one that did not know of an edit does not.
    fn check_deletion(&self, was_deleted: bool, all_seen: bool) -> Checked {
        let id = self.after.id;
        let knows_a_base = self.event["base_version"].is_u64();
        match (was_deleted, all_seen, self.after.deleted_at.is_some()) {
            (false, true, false) => Err(format!("I7: {id} was deleted knowingly and lives")),
            (false, false, true) if knows_a_base => Err(format!(
                "{id} was deleted over an edit that the delete did not know of"
            )),
            (true, _, false) => Err(format!("I7: a delete of {id} made it live")),
            _ => Ok(()),
        }
    }

    fn changes(&self, before: &Row) -> bool {
        FIELDS.iter().any(|name| {
            *name != "bmi"
                && self
                    .sent(name)
                    .is_some_and(|sent| before.fields.get(*name) != Some(sent))
        })
    }

    fn check_untouched(&self, before: &Row) -> Checked {
        let overwritten = FIELDS.iter().find(|name| {
            **name != "bmi"
                && self.sent(name).is_none()
                && before.fields.get(**name) != self.fields.get(**name)
        });
        match overwritten {
            Some(name) => Err(format!(
                "{name} of {} was not sent and has changed",
                self.after.id
            )),
            None => Ok(()),
        }
    }
}
