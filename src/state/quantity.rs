//! What the chart measures, weight or BMI, and how its values are written. Knows no pixels.

use super::Reading;
use crate::components::chart::axis::Scale;
use crate::i18n::{ChangeDirection, Shown, Texts, numbers};
use tidemark_domain::bmi::display_tenths;
use tidemark_domain::length::Millimetres;
use tidemark_domain::mass::{Grams, MassUnit};

/// What is measured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Measure {
    /// Weight.
    #[default]
    Weight,
    /// BMI.
    Bmi,
}

/// What is measured, and how it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quantity {
    /// What is measured.
    pub measure: Measure,
    /// Unit of weights, and whether numbers are hidden.
    pub shown: Shown,
    /// The height for entries without one. Without it there is no BMI.
    pub height: Option<Millimetres>,
}

impl Quantity {
    /// The height that turns weights into BMI, where BMI is measured.
    fn bmi_height(self, reading: Option<&Reading>) -> Option<Millimetres> {
        let own = reading.and_then(|reading| reading.height);
        own.or(self.height).filter(|_| self.measure == Measure::Bmi)
    }

    /// A weight of a reading on the axis: kilograms, pounds, or BMI.
    pub fn value(self, reading: Option<&Reading>, grams: Grams) -> f64 {
        let grams = f64::from(grams.get());
        match (self.bmi_height(reading), self.shown.unit) {
            (Some(height), _) => {
                let metres = f64::from(height.get()) / 1000.0;
                grams / 1000.0 / (metres * metres)
            }
            (None, MassUnit::Kilogram) => grams / 1000.0,
            (None, MassUnit::Pound | MassUnit::Stone) => grams / numbers::POUND_GRAMS,
        }
    }

    /// A weight of a reading in words: `78.2 kg`, or a BMI without a unit.
    pub fn words(self, texts: &Texts, reading: &Reading, grams: Grams) -> String {
        match self.bmi_height(Some(reading)) {
            Some(height) => numbers::bmi(texts, display_tenths(grams, height), self.shown),
            None => numbers::weight(texts, grams, self.shown),
        }
    }

    /// The trend of a reading, for where a label has little room.
    pub fn words_short(self, texts: &Texts, reading: &Reading) -> String {
        match self.measure {
            Measure::Bmi => self.words(texts, reading, reading.trend),
            Measure::Weight => numbers::weight_short(texts, reading.trend, self.shown),
        }
    }

    /// A label of the axis.
    pub fn axis_words(self, texts: &Texts, value: f64) -> String {
        let shown = match self.measure {
            Measure::Weight => self.shown,
            Measure::Bmi => Shown {
                unit: MassUnit::Kilogram,
                ..self.shown
            },
        };
        numbers::axis_value(texts, value, shown)
    }

    /// How the trend went from one reading to another.
    pub fn change(
        self,
        texts: &Texts,
        first: &Reading,
        last: &Reading,
    ) -> (ChangeDirection, String) {
        if self.measure == Measure::Weight {
            let change = last.trend.change_since(first.trend);
            let amount = numbers::change_amount(texts, change, self.shown);
            return (ChangeDirection::of(change), amount);
        }
        let tenths = |reading: &Reading| {
            let height = self.bmi_height(Some(reading));
            height.map_or(0, |height| display_tenths(reading.trend, height))
        };
        let (first, last) = (tenths(first), tenths(last));
        let direction = match last.cmp(&first) {
            std::cmp::Ordering::Less => ChangeDirection::Down,
            std::cmp::Ordering::Equal => ChangeDirection::Level,
            std::cmp::Ordering::Greater => ChangeDirection::Up,
        };
        let amount = numbers::bmi(texts, first.abs_diff(last), self.shown);
        (direction, amount)
    }

    /// How the axis counts.
    pub fn scale(self) -> Scale {
        match (self.measure, self.shown.unit) {
            (Measure::Weight, MassUnit::Stone) => Scale::Stones,
            _ => Scale::Decimal,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::{LocalTime, texts_for};
    use tidemark_protocol::Timestamp;

    fn reading(grams: u32, height: Option<u32>) -> Reading {
        let weight = Grams::new(grams).expect("a weight in range");
        Reading {
            at: LocalTime::at(Timestamp(0), 0),
            weight,
            trend: weight,
            height: height.map(|height| Millimetres::new(height).expect("a height in range")),
        }
    }

    fn bmi(height: Option<u32>) -> Quantity {
        Quantity {
            measure: Measure::Bmi,
            shown: MassUnit::Stone.into(),
            height: height.map(|height| Millimetres::new(height).expect("a height in range")),
        }
    }

    #[test]
    fn an_entrys_own_height_comes_before_the_persons() {
        let texts = texts_for("de");
        for (own, words) in [(Some(1_783), "24,6"), (None, "25,5")] {
            let reading = reading(78_200, own);
            assert_eq!(
                bmi(Some(1_750)).words(texts, &reading, reading.weight),
                words
            );
        }
    }

    #[test]
    fn a_change_of_bmi_is_that_of_the_numbers_shown() {
        let texts = texts_for("en");
        let (first, last) = (reading(78_200, Some(1_783)), reading(76_000, Some(1_783)));
        let quantity = bmi(None);
        assert_eq!(
            quantity.change(texts, &first, &last),
            (ChangeDirection::Down, "0.7".to_owned())
        );
        assert_eq!(
            quantity.change(texts, &first, &first).0,
            ChangeDirection::Level
        );
        assert_eq!(quantity.scale(), Scale::Decimal);
    }
}
