//! The account as the screens see it: what goes on, what was refused, and what can be asked for.

use tidemark_engine::retry::CallError;
use tidemark_engine::state::{FailureKind, SyncState};
use tidemark_engine::{AccountError, Entrance};
use tidemark_protocol::{AuthMode, DeviceId, DeviceInfo, ProblemCode};

/// The code of an answer to somebody else.
const WRONG_ACCOUNT: &str = "wrong_account";

/// Something to do with the account.
#[derive(Clone)]
pub enum AccountIntent {
    /// The screen opens: whose account is it, and which devices has it?
    Open,
    /// Sign in, sign up or recover.
    Enter(Entrance),
    /// The recovery code is written down.
    CodeNoted,
    /// Sign this device out.
    SignOut,
    /// Sign another device out.
    SignDeviceOut(DeviceId),
    /// Erase the account. What this device holds stays here as nobody's, or goes too.
    Erase {
        /// Whether it stays.
        keeps: bool,
    },
    /// The account was erased elsewhere: what becomes of what this device holds?
    Leave {
        /// Whether it stays.
        keeps: bool,
    },
}

/// What the screen shows of the account.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AccountView {
    /// The address, where somebody has signed in.
    pub email: Option<String>,
    /// What goes on.
    pub step: AccountStep,
    /// The account's devices; none while that is not known.
    pub devices: Option<Vec<DeviceInfo>>,
}

/// What goes on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum AccountStep {
    /// Nothing.
    #[default]
    Idle,
    /// The server is asked.
    Busy,
    /// It was not done.
    Refused(Refusal),
    /// This recovery code has to be written down before anything else; it is shown once.
    Code(String),
}

/// Why it was not done, by what a person can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No answer of our server: try again when there is a network.
    Unreachable,
    /// Address and password, or address and code, do not belong together.
    BadCredentials,
    /// The address has an account.
    EmailTaken,
    /// The password is too short or too common.
    WeakPassword,
    /// The server can't take this field as it is.
    Field(String),
    /// Too many attempts; so many seconds until the next one, where the server says.
    TooOften(Option<u32>),
    /// Nobody is signed in any more.
    SignedOut,
    /// Somebody else is signed in in this browser.
    SomebodyElse,
    /// The account is no more.
    Erased,
    /// The server has trouble of its own.
    Trouble,
    /// This device's storage failed.
    Storage,
}

impl From<&AccountError> for Refusal {
    fn from(error: &AccountError) -> Self {
        let (problem, retry_after_s) = match error {
            AccountError::Store(_) => return Self::Storage,
            AccountError::Call(CallError::Refused {
                problem,
                retry_after_s,
            }) => (problem, retry_after_s),
            AccountError::Call(CallError::NotOurs { status, .. }) if *status >= 500 => {
                return Self::Trouble;
            }
            AccountError::Call(_) => return Self::Unreachable,
        };
        match problem.code {
            ProblemCode::BadCredentials => Self::BadCredentials,
            ProblemCode::EmailTaken => Self::EmailTaken,
            ProblemCode::WeakPassword => Self::WeakPassword,
            ProblemCode::InvalidField => Self::Field(problem.field.clone().unwrap_or_default()),
            ProblemCode::RateLimited => Self::TooOften(*retry_after_s),
            ProblemCode::Unauthenticated | ProblemCode::TokenExpired => Self::SignedOut,
            ProblemCode::WrongAccount => Self::SomebodyElse,
            ProblemCode::AccountErased => Self::Erased,
            _ => Self::Trouble,
        }
    }
}

/// What the account's screen is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountPlace {
    /// The server has not said yet whether it has accounts.
    Unknown,
    /// The server has none.
    Off,
    /// Nobody has signed in on this device.
    Local,
    /// Signed in.
    SignedIn,
    /// The server does not know the device any more.
    Again,
    /// The browser is signed in as somebody else.
    SomebodyElse,
    /// The account is no more.
    Erased,
    /// The recovery code has to be written down.
    Code,
}

impl AccountPlace {
    /// From what is known of the device and what goes on.
    pub fn of(state: Option<&SyncState>, step: &AccountStep) -> Self {
        let failure = |state: &SyncState| {
            let failure = state.failure.clone();
            failure.filter(|failure| failure.kind == FailureKind::SignIn)
        };
        match (step, state) {
            (AccountStep::Code(_), _) => Self::Code,
            (_, None) => Self::Unknown,
            (_, Some(state)) => match (state.owner, state.auth, failure(state)) {
                (_, Some(AuthMode::Off), _) => Self::Off,
                (None, None, _) => Self::Unknown,
                (None, Some(AuthMode::Required), _) => Self::Local,
                (Some(_), _, None) => Self::SignedIn,
                (Some(_), _, Some(failure)) if failure.is_erased() => Self::Erased,
                (Some(_), _, Some(failure)) if failure.error.code == WRONG_ACCOUNT => {
                    Self::SomebodyElse
                }
                (Some(_), _, Some(_)) => Self::Again,
            },
        }
    }
}

/// A field of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountField {
    /// The address.
    Email,
    /// The password, or the new one.
    Password,
    /// The recovery code.
    Code,
}

impl Refusal {
    /// The field that it is about; `None` if it is about none of the form's.
    pub fn field(&self) -> Option<AccountField> {
        match self {
            Self::EmailTaken => Some(AccountField::Email),
            Self::WeakPassword => Some(AccountField::Password),
            Self::Field(name) => match name.as_str() {
                "email" => Some(AccountField::Email),
                "password" | "new_password" => Some(AccountField::Password),
                "recovery_code" => Some(AccountField::Code),
                _ => None,
            },
            _ => None,
        }
    }
}

/// What a device is called in the list of devices: browser and system, as far as the browser says.
pub fn device_name(user_agent: &str) -> Option<String> {
    let found = |names: &[(&str, &'static str)]| {
        let mut names = names.iter();
        names
            .find(|(mark, _)| user_agent.contains(mark))
            .map(|(_, name)| *name)
    };
    // The first mark decides: each browser bears the marks of those it came after.
    let browser = found(&[
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("CriOS/", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = found(&[
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Macintosh", "Mac"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => Some(format!("{browser}, {system}")),
        (only, None) | (None, only) => only.map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tidemark_engine::StoreError;
    use tidemark_engine::outbox::LastError;
    use tidemark_engine::ports::Unreachable;
    use tidemark_engine::state::SyncFailure;
    use tidemark_protocol::{AccountId, Problem};

    fn refused(code: &str, field: Option<&str>) -> Refusal {
        let problem: Problem = serde_json::from_value(serde_json::json!({
            "type": "about:blank", "title": code, "status": 400, "code": code, "field": field,
        }))
        .expect("a problem");
        Refusal::from(&AccountError::Call(CallError::Refused {
            problem: Box::new(problem),
            retry_after_s: Some(7),
        }))
    }

    #[test]
    fn every_refusal_finds_its_words_and_its_field() {
        use AccountField::{Code, Email, Password};
        for (code, field, refusal, at) in [
            ("bad_credentials", None, Refusal::BadCredentials, None),
            ("email_taken", None, Refusal::EmailTaken, Some(Email)),
            ("weak_password", None, Refusal::WeakPassword, Some(Password)),
            ("rate_limited", None, Refusal::TooOften(Some(7)), None),
            ("unauthenticated", None, Refusal::SignedOut, None),
            ("wrong_account", None, Refusal::SomebodyElse, None),
            ("account_erased", None, Refusal::Erased, None),
            ("overloaded", None, Refusal::Trouble, None),
        ] {
            let found = refused(code, field);
            assert_eq!((&found, found.field()), (&refusal, at), "{code}");
        }
        for (field, at) in [
            ("email", Some(Email)),
            ("password", Some(Password)),
            ("new_password", Some(Password)),
            ("recovery_code", Some(Code)),
            ("device_name", None),
        ] {
            assert_eq!(refused("invalid_field", Some(field)).field(), at, "{field}");
        }
    }

    #[test]
    fn what_is_no_word_of_our_server_is_a_matter_of_the_network_or_the_device() {
        let no_answer = AccountError::Call(CallError::Unreachable(Unreachable(String::new())));
        let not_ours = |status| {
            AccountError::Call(CallError::NotOurs {
                status,
                retry_after_s: None,
            })
        };
        assert_eq!(Refusal::from(&no_answer), Refusal::Unreachable);
        assert_eq!(Refusal::from(&not_ours(200)), Refusal::Unreachable);
        assert_eq!(Refusal::from(&not_ours(502)), Refusal::Trouble);
        let full = AccountError::Store(StoreError::QuotaExceeded);
        assert_eq!(Refusal::from(&full), Refusal::Storage);
    }

    #[test]
    fn the_screen_is_about_what_a_person_can_do_now() {
        use AccountPlace::{Again, Code, Erased, Local, Off, SignedIn, SomebodyElse, Unknown};
        let device = DeviceId::parse("test").expect("a short plain id");
        let account = AccountId(uuid::Uuid::nil());
        let failed = |code: &str| SyncFailure {
            kind: FailureKind::SignIn,
            error: LastError::plain(code),
        };
        let required = Some(AuthMode::Required);
        for (owner, auth, failure, place) in [
            (false, None, None, Unknown),
            (false, Some(AuthMode::Off), None, Off),
            (true, Some(AuthMode::Off), None, Off),
            (false, required, None, Local),
            (true, required, None, SignedIn),
            (true, None, None, SignedIn),
            (true, required, Some("unauthenticated"), Again),
            (true, required, Some("wrong_account"), SomebodyElse),
            (true, required, Some("account_erased"), Erased),
        ] {
            let state = SyncState {
                owner: owner.then_some(account),
                auth,
                failure: failure.map(failed),
                ..SyncState::new(device.clone())
            };
            let found = AccountPlace::of(Some(&state), &AccountStep::Idle);
            assert_eq!(found, place, "{state:?}");
        }
        let step = AccountStep::Code("A".to_owned());
        assert_eq!(AccountPlace::of(None, &step), Code);
        assert_eq!(AccountPlace::of(None, &AccountStep::Busy), Unknown);
    }

    #[test]
    fn a_device_is_called_after_browser_and_system() {
        let chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36";
        for (user_agent, name) in [
            (chrome, Some("Chrome, Linux")),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1 Version/18.1 Mobile/15E148 Safari/604.1",
                Some("Safari, iPhone"),
            ),
            (
                "Mozilla/5.0 (Android 15; Mobile; rv:132.0) Gecko/132.0 Firefox/132.0",
                Some("Firefox, Android"),
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0 Safari/537.36 Edg/131.0",
                Some("Edge, Windows"),
            ),
            ("curl/8", None),
        ] {
            assert_eq!(device_name(user_agent).as_deref(), name);
        }
    }
}
