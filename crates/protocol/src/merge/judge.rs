//! Who wins: the rules as decisions, nothing carried out.

use super::{Edit, EditTime, Record, Stamp, Stored};
use crate::EventStatus;

/// What is to be done with an edit.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Verdict {
    pub status: EventStatus,
    pub conflict: bool,
    /// Fields that take the edit's value.
    pub taken: Vec<usize>,
    /// Fields where the edit's value loses, and the change that it loses against.
    pub lost: Vec<(usize, Stamp)>,
    /// Whether the edit makes a deleted row live without saying so.
    pub revives: bool,
}

impl Verdict {
    fn taking(status: EventStatus, conflict: bool, taken: Vec<usize>) -> Self {
        Self {
            status,
            conflict,
            taken,
            lost: Vec::new(),
            revives: false,
        }
    }

    fn superseded(conflict: bool, fields: &[usize], winner: &Stamp) -> Self {
        let lost = fields
            .iter()
            .map(|field| (*field, winner.clone()))
            .collect();
        Self {
            lost,
            ..Self::taking(EventStatus::Superseded, conflict, Vec::new())
        }
    }
}

/// The facts of a case.
struct Case<'a, R: Record> {
    current: &'a Stored<R>,
    edit: &'a Edit<'a, R>,
    /// Fields where the edit says something else than the row.
    differing: Vec<usize>,
    /// The row is deleted and the edit does not restore it: the stamp of the deletion.
    buried: Option<Stamp>,
    /// The edit deletes a living row.
    deletes: bool,
    /// Stamps of changes that the edit was made without knowing.
    unseen: Vec<Stamp>,
    /// It is an offer, and a later one found the row as it is.
    is_overtaken: bool,
}

pub(super) fn judge<R: Record>(current: &Stored<R>, candidate: &R, edit: &Edit<'_, R>) -> Verdict {
    let case = Case::of(current, candidate, edit);
    if case.differing.is_empty() {
        return Verdict::taking(EventStatus::Applied, false, Vec::new());
    }
    let stays = |burial: &&Stamp| edit.has_seen(burial) || edit.is_outdated_offer(burial);
    if let Some(burial) = case.buried.as_ref().filter(stays) {
        return Verdict::superseded(!edit.owns(burial), &case.differing, burial);
    }
    if case.unseen.is_empty() && !case.is_overtaken {
        return Verdict::taking(EventStatus::Applied, false, case.differing);
    }
    if edit.base_version.is_some() {
        case.judge_fields()
    } else {
        case.judge_whole()
    }
}

impl<'a, R: Record> Case<'a, R> {
    fn of(current: &'a Stored<R>, candidate: &R, edit: &'a Edit<'a, R>) -> Self {
        let all = 0..R::FIELDS.len();
        let differs = |field: &usize| {
            let says = R::touches(edit.patch, *field) && !candidate.is_derived(*field);
            says && !current.row.same(candidate, *field)
        };
        let is_buried = current.row.is_deleted() && candidate.is_deleted();
        let unseen = all.clone().map(|field| current.stamps.get(field));
        Self {
            current,
            edit,
            differing: all.filter(differs).collect(),
            buried: R::DELETED
                .filter(|_| is_buried)
                .map(|field| current.stamps.get(field)),
            deletes: candidate.is_deleted() && !current.row.is_deleted(),
            unseen: unseen.filter(|stamp| !edit.has_seen(stamp)).collect(),
            is_overtaken: edit.is_overtaken(&current.stamps),
        }
    }

    /// Rule 3, and rule 6 where the base is known.
    fn judge_fields(self) -> Verdict {
        let mut verdict = Verdict::taking(EventStatus::Merged, false, Vec::new());
        for field in &self.differing {
            let stamp = self.current.stamps.get(*field);
            if Some(*field) == R::DELETED {
                self.judge_deletion(*field, &stamp, &mut verdict);
            } else if self.edit.has_seen(&stamp) && self.is_overtaken {
                verdict.conflict = true;
                verdict.lost.push((*field, self.current.stamps.offer()));
            } else if self.edit.has_seen(&stamp) {
                verdict.taken.push(*field);
            } else {
                verdict.conflict = true;
                if !self.edit.is_outdated_offer(&stamp)
                    && self.edit.time.beats(self.edit.device, &stamp)
                {
                    verdict.taken.push(*field);
                } else {
                    verdict.lost.push((*field, stamp));
                }
            }
        }
        if self.buried.is_some() {
            verdict.revives = true;
            verdict.conflict = true;
        }
        if self.deletes && verdict.taken.is_empty() {
            verdict.status = EventStatus::Superseded;
        }
        verdict
    }

    /// A delete that did not know of others' changes loses; a restore wins over a delete that it did not know of,
    /// unless both are offers and the delete is the later one.
    fn judge_deletion(&self, field: usize, stamp: &Stamp, verdict: &mut Verdict) {
        if self.deletes {
            verdict.conflict = true;
            let latest = self.unseen.iter().max_by_key(|stamp| stamp.version);
            let latest = latest
                .cloned()
                .unwrap_or_else(|| self.current.stamps.offer());
            verdict.lost.push((field, latest));
        } else if self.edit.is_outdated_offer(stamp) || self.is_overtaken {
            verdict.conflict = true;
            verdict.lost.push((field, stamp.clone()));
        } else {
            verdict.conflict |= !self.edit.has_seen(stamp);
            verdict.taken.push(field);
        }
    }

    /// Rule 4.
    fn judge_whole(self) -> Verdict {
        let Some(rival) = self
            .unseen
            .iter()
            .max_by(|left, right| left.order().cmp(&right.order()))
        else {
            return Verdict::taking(EventStatus::Applied, false, self.differing);
        };
        if !self.own_time().beats(self.edit.device, rival) {
            return Verdict::superseded(true, &self.differing, rival);
        }
        // It takes effect as sent; only a row that it makes live again is more than it says.
        let overrules = |field: &usize| !self.edit.has_seen(&self.current.stamps.get(*field));
        let revives = self.buried.is_some();
        let conflict = revives || self.differing.iter().any(overrules);
        let status = if revives {
            EventStatus::Merged
        } else {
            EventStatus::Applied
        };
        Verdict {
            revives,
            ..Verdict::taking(status, conflict, self.differing)
        }
    }

    /// The edit's time, but not before the device's own earlier changes of the row: they have been seen by it, so what
    /// they have won is not lost again by a clock that was set back.
    fn own_time(&self) -> EditTime {
        let own = (0..R::FIELDS.len()).map(|field| self.current.stamps.get(field));
        let own = own
            .filter(|stamp| self.edit.owns(stamp))
            .map(|stamp| stamp.time());
        own.chain([self.edit.time])
            .max_by_key(|time| (time.at, time.is_receipt))
            .unwrap_or(self.edit.time)
    }
}
