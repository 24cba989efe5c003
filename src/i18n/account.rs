//! What a language has to say about accounts.

/// The words of one language for signing in and out.
#[expect(missing_docs, reason = "a field is named after the words it holds")]
pub struct AccountTexts {
    pub title: &'static str,

    // Where things stand: a sentence, and what stands below it.
    pub off: (&'static str, &'static str),
    pub unknown: (&'static str, &'static str),
    pub local: (&'static str, &'static str),
    pub signed_in: fn(email: &str) -> (String, String),
    pub again: (&'static str, &'static str),
    pub somebody_else: (&'static str, &'static str),
    pub erased: (&'static str, &'static str),

    // The form.
    pub forgot: &'static str,
    pub back: &'static str,
    pub sign_in: &'static str,
    pub sign_up: &'static str,
    pub recover: &'static str,
    pub email: &'static str,
    pub password: &'static str,
    pub new_password: &'static str,
    pub password_hint: &'static str,
    pub code: &'static str,
    pub recover_hint: &'static str,
    pub adopts: fn(entries: u32) -> String,

    // The recovery code.
    pub code_title: &'static str,
    pub code_why: &'static str,
    pub copy: &'static str,
    pub code_noted: &'static str,

    // Signed in.
    pub sign_out: &'static str,
    pub sign_out_why: fn(unsent: u32) -> String,
    pub devices: &'static str,
    pub this_device: &'static str,
    pub unnamed_device: &'static str,
    pub last_seen: fn(when: &str) -> String,
    pub sign_device_out: fn(name: &str) -> String,
    pub devices_unknown: &'static str,

    // The end of an account.
    pub delete: &'static str,
    pub delete_why: &'static str,
    pub delete_keep: &'static str,
    pub delete_all: &'static str,
    pub keep_here: &'static str,
    pub delete_here: &'static str,

    // Refusals.
    pub unreachable: &'static str,
    pub bad_credentials: &'static str,
    pub bad_code: &'static str,
    pub email_taken: &'static str,
    pub weak_password: &'static str,
    pub bad_email: &'static str,
    pub bad_field: &'static str,
    pub too_often: fn(minutes: Option<u32>) -> String,
    pub trouble: &'static str,
    pub storage: &'static str,
}
