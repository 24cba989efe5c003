//! A goal being set: what for, which weight, and what speaks against it.

use super::WeightDraft;
use tidemark_domain::goal::{Aim, lowest_healthy};
use tidemark_domain::length::Millimetres;
use tidemark_domain::mass::{Grams, MassError};
use tidemark_protocol::{Goal, GoalKind};

/// The kinds in the order in which they are offered.
pub const GOAL_KINDS: [GoalKind; 3] = [GoalKind::Lose, GoalKind::Keep, GoalKind::Gain];

/// Why a goal can't be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GoalError {
    /// The fields hold no weight.
    Weight(MassError),
    /// A BMI under 18.5, for an adult of known height. The least goal.
    BelowFloor(Grams),
    /// To lose, but not below the trend.
    NotBelow(Grams),
    /// To gain, but not above the trend.
    NotAbove(Grams),
}

/// What is known of the person whose goal it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GoalGround {
    /// The trend, where there are entries.
    pub trend: Option<Grams>,
    /// The height, where it is known and the person is an adult as far as is known.
    pub adult_height: Option<Millimetres>,
}

/// The goal that was typed.
///
/// # Errors
///
/// What speaks against it. Who is below the floor may still set a goal on the way up.
pub fn parse_goal(
    kind: GoalKind,
    draft: &WeightDraft,
    ground: GoalGround,
) -> Result<Goal, GoalError> {
    let weight = draft.parse().map_err(GoalError::Weight)?;
    let floor = ground.adult_height.map(lowest_healthy);
    match (kind, floor, ground.trend) {
        (GoalKind::Lose | GoalKind::Keep, Some(floor), _) if weight < floor => {
            Err(GoalError::BelowFloor(floor))
        }
        (GoalKind::Lose, _, Some(trend)) if weight >= trend => Err(GoalError::NotBelow(trend)),
        (GoalKind::Gain, _, Some(trend)) if weight <= trend => Err(GoalError::NotAbove(trend)),
        _ => Ok(Goal { weight, kind }),
    }
}

/// Which way the goal lies; none where it is to stay.
pub fn aim(kind: GoalKind) -> Option<Aim> {
    match kind {
        GoalKind::Lose => Some(Aim::Less),
        GoalKind::Gain => Some(Aim::More),
        GoalKind::Keep => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tidemark_domain::mass::MassUnit;

    fn grams(grams: u32) -> Grams {
        Grams::new(grams).expect("a weight in range")
    }

    #[test]
    fn a_goal_lies_on_its_own_side_of_the_trend_and_above_the_floor() {
        let ground = GoalGround {
            trend: Some(grams(78_400)),
            adult_height: Some(Millimetres::new(1_750).expect("a height in range")),
        };
        let floor = grams(56_657);
        for (kind, typed, expected) in [
            (GoalKind::Lose, "75", None),
            (
                GoalKind::Lose,
                "78.4",
                Some(GoalError::NotBelow(grams(78_400))),
            ),
            (
                GoalKind::Gain,
                "78,4",
                Some(GoalError::NotAbove(grams(78_400))),
            ),
            (GoalKind::Gain, "80", None),
            (
                GoalKind::Gain,
                "50",
                Some(GoalError::NotAbove(grams(78_400))),
            ),
            (GoalKind::Keep, "78.4", None),
            (GoalKind::Lose, "56.6", Some(GoalError::BelowFloor(floor))),
            (GoalKind::Keep, "56.6", Some(GoalError::BelowFloor(floor))),
            (GoalKind::Lose, "56.7", None),
        ] {
            let mut draft = WeightDraft::empty(MassUnit::Kilogram);
            typed.clone_into(&mut draft.first);
            let goal = parse_goal(kind, &draft, ground);
            assert_eq!(goal.err(), expected, "{kind:?} {typed}");
        }
    }

    #[test]
    fn who_is_below_the_floor_may_aim_upwards_and_without_a_height_there_is_none() {
        let mut draft = WeightDraft::empty(MassUnit::Kilogram);
        "50".clone_into(&mut draft.first);
        let thin = GoalGround {
            trend: Some(grams(48_000)),
            adult_height: Some(Millimetres::new(1_750).expect("a height in range")),
        };
        assert!(parse_goal(GoalKind::Gain, &draft, thin).is_ok());
        assert!(parse_goal(GoalKind::Lose, &draft, GoalGround::default()).is_ok());
    }
}
