//! Every word the app says. A language is one file with one [`Texts`], its sentences beside it; nothing outside this folder
//! holds text that a person reads.

pub mod dates;
mod en;
pub mod local_time;
pub mod numbers;
mod texts;

pub use local_time::LocalTime;
pub use texts::{ChangeDirection, Texts};

/// Every language the app speaks, the first being the one for everybody else.
pub static LANGUAGES: [&Texts; 1] = [&en::TEXTS];

/// The texts for a BCP 47 tag such as `en-GB`; region and script are not looked at.
pub fn texts_for(tag: &str) -> &'static Texts {
    let primary = tag.split(['-', '_']).next().unwrap_or_default();
    let found = LANGUAGES
        .into_iter()
        .find(|texts| texts.tag.eq_ignore_ascii_case(primary));
    found.unwrap_or(LANGUAGES[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_regional_tag_finds_its_language_and_an_unknown_one_finds_the_first() {
        for tag in ["en", "en-GB", "EN_us", "xx", ""] {
            assert_eq!(texts_for(tag).tag, "en", "{tag}");
        }
    }
}
