//! Passwords that everyone tries first. Only what has ten characters or more matters here, or becomes that long by
//! appending digits and signs, as people do.

/// Words and keyboard walks that common passwords are made of.
const STEMS: [&str; 96] = [
    "password",
    "passwort",
    "passw0rd",
    "p@ssw0rd",
    "p@ssword",
    "pa55word",
    "passphrase",
    "contraseña",
    "motdepasse",
    "changeme",
    "changeit",
    "letmein",
    "welcome",
    "willkommen",
    "hello",
    "hallo",
    "iloveyou",
    "ichliebedich",
    "loveyou",
    "qwerty",
    "qwertz",
    "azerty",
    "qwertyuiop",
    "qwertzuiop",
    "azertyuiop",
    "asdfghjkl",
    "asdfgh",
    "asdf",
    "zxcvbnm",
    "yxcvbnm",
    "qazwsx",
    "qazwsxedc",
    "1qaz2wsx",
    "1qaz2wsx3edc",
    "1q2w3e4r",
    "1q2w3e4r5t",
    "1q2w3e4r5t6y",
    "q1w2e3r4",
    "q1w2e3r4t5",
    "zaq12wsx",
    "zaq1zaq1",
    "qweasd",
    "qweasdzxc",
    "abc",
    "abcd",
    "abcdef",
    "abcdefgh",
    "abcdefghij",
    "abcdefghijklmnopqrstuvwxyz",
    "admin",
    "administrator",
    "root",
    "user",
    "guest",
    "test",
    "testing",
    "tester",
    "default",
    "secret",
    "geheim",
    "login",
    "master",
    "monkey",
    "dragon",
    "sunshine",
    "princess",
    "football",
    "baseball",
    "basketball",
    "superman",
    "batman",
    "spiderman",
    "pokemon",
    "starwars",
    "trustno",
    "shadow",
    "michael",
    "jennifer",
    "jordan",
    "charlie",
    "liverpool",
    "chelsea",
    "arsenal",
    "barcelona",
    "realmadrid",
    "juventus",
    "mustang",
    "corvette",
    "computer",
    "internet",
    "samsung",
    "google",
    "facebook",
    "whatever",
    "tidemark",
    "weight",
];

/// Digits in the orders in which they are typed.
const RUNS: [&str; 4] = [
    "01234567890123456789",
    "09876543210987654321",
    "12345678901234567890",
    "98765432109876543210",
];

/// Whether a password, in lower case, is one of the first that are tried.
pub(super) fn is_common(password: &str) -> bool {
    let stem = password.trim_matches(|c: char| !c.is_alphabetic());
    let is_stem = |text: &str| STEMS.contains(&text);
    let is_run = RUNS.iter().any(|run| run.contains(password));
    is_run || is_stem(password) || is_stem(stem) || is_repeated(password, is_stem)
}

/// A short piece, or a common word, over and over.
fn is_repeated(password: &str, is_stem: impl Fn(&str) -> bool) -> bool {
    let chars: Vec<char> = password.chars().collect();
    (1..=chars.len() / 2).any(|length| {
        let (piece, _) = chars.split_at(length);
        let repeats = chars.chunks(length).all(|chunk| piece.starts_with(chunk));
        repeats && (length <= 4 || is_stem(&piece.iter().collect::<String>()))
    })
}
