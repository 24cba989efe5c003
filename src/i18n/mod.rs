//! Every word the app says. A language is one file with one [`Texts`], its sentences beside it; nothing outside this folder
//! holds text that a person reads.

pub mod account;
pub mod dates;
mod de;
mod en;
pub mod exchange;
pub mod groups;
pub mod local_time;
pub mod numbers;
pub mod sync;
mod texts;
mod tr;

pub use local_time::LocalTime;
pub use numbers::Shown;
pub use texts::{ChangeDirection, Texts};

/// Every language the app speaks, the first being the one for everybody else.
pub static LANGUAGES: [&Texts; 3] = [&en::TEXTS, &tr::TEXTS, &de::TEXTS];

/// Regions that write a language in their own way, by their whole tag.
static REGIONS: [(&str, &Texts); 1] = [("en-US", &en::us::TEXTS)];

/// The texts for a BCP 47 tag such as `en-GB`. The region is looked at only where it writes dates in its own way, and the
/// script never.
pub fn texts_for(tag: &str) -> &'static Texts {
    let own = REGIONS
        .into_iter()
        .find(|(region, _)| tag.replace('_', "-").eq_ignore_ascii_case(region));
    if let Some((_, texts)) = own {
        return texts;
    }
    let primary = primary(tag);
    let found = LANGUAGES
        .into_iter()
        .find(|texts| texts.tag.eq_ignore_ascii_case(primary));
    found.unwrap_or(LANGUAGES[0])
}

/// A tag's language, without its region.
fn primary(tag: &str) -> &str {
    tag.split(['-', '_']).next().unwrap_or_default()
}

/// The texts of a language somebody has chosen, in the way of the browser's region where that speaks it too; without a
/// choice those of the browser.
pub fn texts_of(chosen: Option<&str>, browser: &str) -> &'static Texts {
    match chosen {
        Some(chosen) if !primary(browser).eq_ignore_ascii_case(chosen) => texts_for(chosen),
        _ => texts_for(browser),
    }
}

/// A word of a list that is kept as one text.
fn nth_word(words: &'static str, index: u32) -> &'static str {
    words.split(' ').nth(index as usize).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use tidemark_domain::calendar;

    /// A date, a change since a day, and the entries of a month, in each language.
    #[test]
    fn dates_plurals_and_word_order_are_each_languages_own() {
        let date = calendar::parse_date("2026-03-15").expect("a date");
        for (tag, day, since, one, many) in [
            (
                "en",
                "Sunday 15 Mar",
                "Down 2.3 since 16 Dec",
                "average 78 · 1 entry",
                "average 78 · 2 entries",
            ),
            (
                "tr",
                "15 Mar Pazar",
                "16 Dec ile bugün arasında 2.3 azaldı",
                "ortalama 78 · 1 kayıt",
                "ortalama 78 · 2 kayıt",
            ),
            (
                "de",
                "Sonntag, 15. März",
                "2.3 weniger seit 16 Dec",
                "Mittel 78 · 1 Eintrag",
                "Mittel 78 · 2 Einträge",
            ),
        ] {
            let texts = texts_for(tag);
            assert_eq!((texts.weekday_day_month)(date), day);
            assert_eq!(
                (texts.change_since)(ChangeDirection::Down, "2.3", "16 Dec"),
                since
            );
            assert_eq!((texts.month_average)("78", 1), one);
            assert_eq!((texts.month_average)("78", 2), many);
        }
    }

    #[test]
    fn every_month_and_day_has_a_name_in_every_language() {
        let dates = (0..366).map(|day| calendar::date_of_day(20_454 + day));
        for (texts, date) in dates.flat_map(|date| LANGUAGES.map(|texts| (texts, date))) {
            let names = [(texts.month_short)(date), (texts.weekday_short)(date)];
            assert!(
                names.iter().all(|name| name.chars().count() >= 2),
                "{} {date}",
                texts.tag
            );
            assert!(!(texts.month_year)(date).starts_with(' '));
            assert!(
                (texts.weekday_day_month)(date)
                    .split(' ')
                    .all(|part| !part.is_empty())
            );
        }
    }

    /// The day came first in every kind of English.
    #[test]
    fn the_month_comes_first_where_the_browser_is_american() {
        let date = calendar::parse_date("2026-03-15").expect("a date");
        for (chosen, browser, day, full) in [
            (None, "en-US", "Sunday, Mar 15", "Mar 15, 2026"),
            (Some("en"), "en_us", "Sunday, Mar 15", "Mar 15, 2026"),
            (None, "en-GB", "Sunday 15 Mar", "15 Mar 2026"),
            (Some("en"), "de-DE", "Sunday 15 Mar", "15 Mar 2026"),
            (Some("de"), "en-US", "Sonntag, 15. März", "15. März 2026"),
            (None, "xx", "Sunday 15 Mar", "15 Mar 2026"),
        ] {
            let texts = texts_of(chosen, browser);
            assert_eq!((texts.weekday_day_month)(date), day, "{chosen:?} {browser}");
            assert_eq!((texts.day_month_year)(date), full, "{chosen:?} {browser}");
        }
    }

    /// The page's HTML has the first words before the app is there, in the languages that most people begin with.
    #[test]
    fn the_words_of_the_first_paint_are_those_of_the_screens() {
        let html = include_str!("../../index.html");
        let lines = html.lines().map(str::trim);
        let words: Vec<_> = lines
            .filter(|line| {
                line.starts_with('<') && line.contains(" lang=\"") && line.ends_with("p>")
            })
            .collect();
        let all: Vec<_> = LANGUAGES.into_iter().flat_map(first_words).collect();
        for line in &words {
            assert!(all.iter().any(|known| known == line), "{line}");
        }
        assert_eq!(words.len(), all.len(), "each in every language");
        for (name, _, source) in &LANGUAGES[0].about.rules[..4] {
            assert!(html.contains(source), "{name}");
        }
    }

    fn first_words(texts: &Texts) -> Vec<String> {
        let paragraph = |class: &str, words: &str| {
            format!("<p class=\"{class}\" lang=\"{}\">{words}</p>", texts.tag)
        };
        let titles = [
            texts.history_title,
            texts.sync_title,
            texts.settings_title,
            texts.goal.title,
            texts.account.title,
            texts.exchange.title,
            texts.exchange.report,
            texts.about.title,
            texts.people.welcome,
        ];
        let leads = [
            texts.first_run_text,
            texts.history_empty,
            texts.goal.invitation,
            texts.exchange.import_hint,
            texts.exchange.report_empty,
            texts.people.welcome_why,
            texts.sync.lead,
            texts.account.unknown.1,
        ];
        let mut all = vec![
            paragraph("first-run-title", texts.first_run_title),
            paragraph("section-title", texts.exchange.import_title),
            paragraph("section-title", texts.about.formulas),
            paragraph("sync-sentence", texts.account.unknown.0),
            paragraph("field-note", texts.device.thresholds_why),
            paragraph(
                "field-note",
                &(texts.about.version)(env!("CARGO_PKG_VERSION")),
            ),
        ];
        for words in texts.about.what {
            all.push(paragraph("plain-text", words));
        }
        for (name, words, _) in &texts.about.rules[..4] {
            all.push(paragraph("about-name", name));
            all.push(paragraph("plain-text", words));
        }
        all.extend(titles.map(|words| paragraph("header-title", words)));
        all.extend(leads.map(|words| paragraph("plain-text", words)));
        all
    }

    #[test]
    fn a_regional_tag_finds_its_language_and_an_unknown_one_finds_the_first() {
        for (tag, found) in [
            ("en", "en"),
            ("en-GB", "en"),
            ("EN_us", "en"),
            ("xx", "en"),
            ("", "en"),
            ("tr-TR", "tr"),
            ("de_AT", "de"),
        ] {
            assert_eq!(texts_for(tag).tag, found, "{tag}");
        }
    }
}
