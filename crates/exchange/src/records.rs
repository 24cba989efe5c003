//! What a file holds, as people and measurements of ours.

use crate::message::{FilePerson, Sample, Target};
use std::collections::{BTreeMap, HashMap};
use tidemark_domain::bmi;
use tidemark_engine::imports::{Holdings, Intake};
use tidemark_engine::view::Profile;
use tidemark_formats::{Backup, ImportedApp, ImportedMetric, ImportedPerson, copy_id};
use tidemark_protocol::{AppModel, EntityId, Metric, Timestamp, User};
use uuid::Uuid;

/// Rows of another app, or whole records of ours.
pub(crate) enum Content {
    Rows {
        rows: Vec<ImportedMetric>,
        /// In the order of the chooser; one without a number where the file knows no people.
        people: Vec<Option<ImportedPerson>>,
        app: Option<ImportedApp>,
    },
    Backup {
        backup: Backup,
        /// Living ones first: only these are in the chooser.
        people: Vec<User>,
    },
}

/// What intake needs to know besides the file.
pub(crate) struct Here<'a> {
    pub holdings: &'a Holdings,
    /// The id of a person to be made.
    pub next_person: EntityId,
    pub now: Timestamp,
}

impl Content {
    pub fn of_rows(
        rows: Vec<ImportedMetric>,
        people: Vec<ImportedPerson>,
        app: Option<ImportedApp>,
    ) -> Self {
        let mut by_number: BTreeMap<Option<i64>, Option<ImportedPerson>> = people
            .into_iter()
            .map(|person| (Some(person.number), Some(person)))
            .collect();
        for row in &rows {
            by_number
                .entry(row.person)
                .or_insert_with(|| row.person.map(unnamed));
        }
        let mut people: Vec<_> = by_number.into_values().collect();
        if people.is_empty() {
            people.push(None);
        }
        Self::Rows { rows, people, app }
    }

    pub fn of_backup(backup: Backup) -> Self {
        let mut people = backup.people.clone();
        for metric in &backup.metrics {
            if people.iter().all(|user| user.id != metric.user_id) {
                people.push(User::new(metric.user_id, metric.created_at));
            }
        }
        people.sort_by_key(|user| user.deleted_at.is_some());
        Self::Backup { backup, people }
    }

    /// The file's people, and who they seem to be here.
    pub fn people(&self, profile: &Profile) -> Vec<FilePerson> {
        let is_here = |id: EntityId| profile.people.iter().any(|person| person.user.id == id);
        match self {
            Self::Backup { backup, people } => {
                let living = people.iter().filter(|user| user.deleted_at.is_none());
                let person = |user: &User| FilePerson {
                    name: user.name.clone(),
                    rows: count(backup.metrics.iter(), |row| row.user_id == user.id),
                    likely: known_or_new(user.id, is_here(user.id)),
                };
                living.map(person).collect()
            }
            Self::Rows { rows, people, .. } => {
                let active = profile.active().map(|person| person.user.id);
                let is_only = people.len() == 1 && profile.people.len() <= 1;
                let likely = |person: &Option<ImportedPerson>| {
                    let own = person.as_ref().map(id_of).filter(|id| is_here(*id));
                    let shown = active.filter(|_| person.is_none() || is_only);
                    own.or(shown).map_or(Target::New, Target::Known)
                };
                let person = |person: &Option<ImportedPerson>| FilePerson {
                    name: person.as_ref().and_then(|person| person.name.clone()),
                    rows: count(rows.iter(), |row| {
                        row.person == person.as_ref().map(|person| person.number)
                    }),
                    likely: likely(person),
                };
                people.iter().map(person).collect()
            }
        }
    }

    /// The earliest and the latest measurement.
    pub fn ends(&self) -> Option<(Sample, Sample)> {
        let samples: Vec<Sample> = match self {
            Self::Rows { rows, .. } => rows
                .iter()
                .map(|row| Sample {
                    at: row.measured_at,
                    utc_offset: row.utc_offset,
                    weight_g: row.weight.get(),
                })
                .collect(),
            Self::Backup { backup, .. } => backup
                .metrics
                .iter()
                .filter(|row| row.deleted_at.is_none())
                .map(|row| Sample {
                    at: row.created_at,
                    utc_offset: row.utc_offset,
                    weight_g: row.weight.get(),
                })
                .collect(),
        };
        let first = samples.iter().min_by_key(|sample| sample.at)?;
        let last = samples.iter().max_by_key(|sample| sample.at)?;
        Some((*first, *last))
    }

    /// The file as records, with its people as these. A person whom nobody chose is new.
    pub fn intake(&self, targets: &[Target], here: &Here) -> Intake {
        match self {
            Self::Rows { rows, people, app } => rows_intake(rows, people, *app, targets, here),
            Self::Backup { backup, people } => backup_intake(backup, people, targets, here),
        }
    }
}

fn unnamed(number: i64) -> ImportedPerson {
    ImportedPerson {
        number,
        name: None,
        surname: None,
        gender: None,
        avatar: None,
        height: None,
        birth_date: None,
    }
}

fn count<T>(rows: impl Iterator<Item = T>, is_theirs: impl Fn(&T) -> bool) -> u64 {
    rows.filter(is_theirs).count() as u64
}

fn known_or_new(id: EntityId, is_here: bool) -> Target {
    if is_here {
        Target::Known(id)
    } else {
        Target::New
    }
}

/// The id of a file's person: it follows from what the file says of them, so that the same file makes nobody twice,
/// on whichever device it is read.
fn id_of(person: &ImportedPerson) -> EntityId {
    let said = |text: &Option<String>| text.clone().unwrap_or_default();
    let name = [
        said(&person.name),
        said(&person.surname),
        said(&person.birth_date),
    ]
    .join("\n");
    person.id_for(EntityId(Uuid::new_v5(
        &Uuid::NAMESPACE_OID,
        name.as_bytes(),
    )))
}

fn target(targets: &[Target], index: usize) -> Target {
    targets.get(index).copied().unwrap_or(Target::New)
}

fn rows_intake(
    rows: &[ImportedMetric],
    people: &[Option<ImportedPerson>],
    app: Option<ImportedApp>,
    targets: &[Target],
    here: &Here,
) -> Intake {
    let mut ids: HashMap<Option<i64>, EntityId> = HashMap::new();
    let mut users = Vec::new();
    for (index, person) in people.iter().enumerate() {
        let number = person.as_ref().map(|person| person.number);
        let id = match (target(targets, index), person) {
            (Target::Known(id), _) => id,
            (Target::New, Some(person)) => id_of(person),
            (Target::New, None) => here.next_person,
        };
        if target(targets, index) == Target::New {
            users.push(user(id, person.as_ref(), here.now));
        }
        ids.insert(number, id);
    }
    let metrics = rows.iter().filter_map(|row| {
        let person = *ids.get(&row.person)?;
        Some(metric(row, person, here.holdings))
    });
    let app_model = app.map(|app| AppModel {
        active_user: app
            .active_person
            .and_then(|number| ids.get(&Some(number)).copied()),
        is_complete_onboard: app.is_complete_onboard,
        ..AppModel::default()
    });
    Intake {
        metrics: metrics.collect(),
        people: users,
        app_model,
        ..Intake::default()
    }
}

fn user(id: EntityId, person: Option<&ImportedPerson>, now: Timestamp) -> User {
    let new = User::new(id, now);
    match person {
        None => new,
        Some(person) => User {
            name: person.name.clone(),
            surname: person.surname.clone(),
            gender: person.gender,
            height: person.height,
            birth_date: person.birth_date.clone(),
            ..new
        },
    }
}

/// A row as a measurement of `person`. All of it follows from the file, so that two devices which read the same file
/// say the same.
fn metric(row: &ImportedMetric, person: EntityId, holdings: &Holdings) -> Metric {
    let own = row.id_for(person);
    let id = if is_anothers(own, person, holdings) {
        row.copy_id_for(person)
    } else {
        own
    };
    let bmi = row
        .height
        .map(|height| bmi::bmi(row.weight, height))
        .or(row.bmi);
    Metric {
        id,
        server_id: id,
        user_id: person,
        user_number: 0,
        weight: row.weight,
        height: row.height,
        bmi,
        note: row.note.clone(),
        created_at: row.measured_at,
        utc_offset: row.utc_offset,
        updated_at: row.updated_at.unwrap_or(row.measured_at),
        updated_by: None,
        deleted_at: None,
        version: 0,
    }
}

/// A measurement never changes hands.
fn is_anothers(id: EntityId, person: EntityId, holdings: &Holdings) -> bool {
    holdings.owner_of(id).is_some_and(|owner| owner != person)
}

fn backup_intake(backup: &Backup, people: &[User], targets: &[Target], here: &Here) -> Intake {
    let mut ids: HashMap<EntityId, EntityId> = HashMap::new();
    let mut users = Vec::new();
    for (index, user) in people.iter().enumerate() {
        match target(targets, index) {
            Target::Known(id) => {
                ids.insert(user.id, id);
            }
            Target::New => {
                ids.insert(user.id, user.id);
                users.push(user.clone());
            }
        }
    }
    let metrics = backup.metrics.iter().filter_map(|row| {
        let person = *ids.get(&row.user_id)?;
        let moves = person != row.user_id || is_anothers(row.id, person, here.holdings);
        let id = if moves {
            copy_id(row.id, person)
        } else {
            row.id
        };
        Some(Metric {
            id,
            server_id: id,
            user_id: person,
            ..row.clone()
        })
    });
    let is_whole = users.len() == people.len();
    Intake {
        metrics: metrics.collect(),
        people: users,
        app_model: is_whole.then(|| backup.app_model.clone()),
        ..Intake::default()
    }
}
