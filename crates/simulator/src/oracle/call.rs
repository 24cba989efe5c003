//! What calls other than the batch may do, and what a pull may show.

use super::{Checked, Oracle};
use crate::ledger::Ledger;
use serde_json::Value;
use tidemark_protocol::{AppModel, DeviceId, EntityId, Epoch, Metric, OpId, User};
use uuid::Uuid;

impl Oracle {
    /// Judges a call about a person.
    pub fn user_call(
        &mut self,
        device: &DeviceId,
        body: &str,
        user: &User,
        ledger: &Ledger,
    ) -> Checked {
        let body: Value = serde_json::from_str(body).map_err(|error| error.to_string())?;
        let before = self.life.users.insert(user.id, user.clone());
        if self
            .life
            .users
            .values()
            .any(|other| other.id != user.id && other.number == user.number)
        {
            return Err(format!("two people have the number {}", user.number));
        }
        let changed = before
            .as_ref()
            .is_none_or(|before| before.version != user.version);
        let op = body["op_id"].as_str().and_then(OpId::parse);
        self.call(device, op, user.id, changed, user.version, ledger)?;
        let base = body["base_version"].as_u64();
        let causal =
            before.is_some_and(|before| changed && base.is_some_and(|base| base >= before.version));
        check_taken(
            &body,
            &serde_json::to_value(user).unwrap_or_default(),
            causal,
        )
    }

    /// Judges a call about the app model.
    pub fn app_model_call(
        &mut self,
        device: &DeviceId,
        body: &str,
        model: &AppModel,
        ledger: &Ledger,
    ) -> Checked {
        let body: Value = serde_json::from_str(body).map_err(|error| error.to_string())?;
        let before = std::mem::replace(&mut self.life.app_model, model.clone());
        let changed = before.version != model.version;
        let op = body["op_id"].as_str().and_then(OpId::parse);
        self.call(
            device,
            op,
            EntityId(Uuid::nil()),
            changed,
            model.version,
            ledger,
        )?;
        let base = body["base_version"].as_u64().unwrap_or(0);
        let causal = changed && base > 0 && base >= before.version;
        check_taken(
            &body,
            &serde_json::to_value(model).unwrap_or_default(),
            causal,
        )
    }

    fn call(
        &mut self,
        device: &DeviceId,
        op: Option<OpId>,
        record: EntityId,
        changed: bool,
        version: u64,
        ledger: &Ledger,
    ) -> Checked {
        if changed && version <= self.life.head {
            return Err(format!(
                "I5: {record} got version {version}, but {} was given out",
                self.life.head
            ));
        }
        self.life.head = self.life.head.max(version);
        let Some(op) = op else {
            return Ok(());
        };
        match self.took_effect(op) {
            true if changed => Err(format!("I3: {op} took effect twice")),
            true => Ok(()),
            false => self.effect(device, op, record, None, ledger),
        }
    }

    /// Judges a pulled page of metrics: each row as it was last answered, in the order of versions.
    pub fn page(&mut self, rows: &[Metric], epoch: &Epoch) -> Checked {
        self.life.epoch.get_or_insert_with(|| epoch.clone());
        for pair in rows.windows(2) {
            if pair[0].version >= pair[1].version {
                return Err(format!(
                    "I5: version {} before {} in a page",
                    pair[0].version, pair[1].version
                ));
            }
        }
        let differs = rows.iter().find(|row| {
            self.life
                .rows
                .get(&row.id)
                .is_none_or(|known| known.metric != **row)
        });
        match differs {
            Some(row) => Err(format!(
                "the pulled row {} of version {} is not what was answered",
                row.id, row.version
            )),
            None => Ok(()),
        }
    }
}

/// A causally newer update takes all its fields.
fn check_taken(sent: &Value, row: &Value, causal: bool) -> Checked {
    let bookkeeping = ["id", "op_id", "base_version", "updated_at"];
    let lost = sent
        .as_object()
        .into_iter()
        .flatten()
        .find(|(name, value)| {
            causal && !bookkeeping.contains(&name.as_str()) && row.get(name.as_str()) != Some(value)
        });
    lost.map_or(Ok(()), |(name, _)| {
        Err(format!(
            "I1: {name} was sent on the newest version and is not taken"
        ))
    })
}
