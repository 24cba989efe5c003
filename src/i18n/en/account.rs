//! English words about accounts.

use crate::i18n::account::AccountTexts;

pub const ACCOUNT: AccountTexts = AccountTexts {
    title: "Account",
    off: (
        "No account is needed.",
        "This server has accounts switched off. Your entries sync by themselves, and everyone who can reach it shares them.",
    ),
    unknown: (
        "Your entries are on this device only.",
        "The server hasn’t answered yet, so Tidemark doesn’t know whether it offers accounts. You need none to log: what you enter is saved on this device and works without a network.",
    ),
    local: (
        "Your entries are on this device only.",
        "With an account they are on the server too, and on every device where you sign in. You need none to log.",
    ),
    signed_in: |email| {
        (
            if email.is_empty() {
                "You’re signed in.".to_owned()
            } else {
                format!("Signed in as {email}.")
            },
            "What you log here syncs with all devices of this account.".to_owned(),
        )
    },
    again: (
        "Sign in again to sync. Nothing is lost.",
        "The server doesn’t know this device any more. You can go on logging; what waits is sent after you sign in.",
    ),
    somebody_else: (
        "Somebody else is signed in in this browser.",
        "These entries wait for their own account and go to no other. Sign in with it to sync them.",
    ),
    erased: (
        "This account was deleted.",
        "The server holds nothing of it any more. What this device holds is still here; say what becomes of it.",
    ),
    forgot: "Forgot your password?",
    back: "Back to sign in",
    sign_in: "Sign in",
    sign_up: "Create account",
    recover: "Recover",
    email: "Email",
    password: "Password",
    new_password: "New password",
    password_hint: "10 characters or more.",
    code: "Recovery code",
    recover_hint: "With the code that you wrote down when you created the account. All other devices are signed out, and you get a new code.",
    adopts: |entries| {
        if entries == 1 {
            "The entry on this device becomes part of the account.".to_owned()
        } else {
            format!("The {entries} entries on this device become part of the account.")
        }
    },
    code_title: "Write down your recovery code",
    code_why: "It is the only way back into your account if you forget the password. It is shown once, now.",
    copy: "Copy",
    code_noted: "I’ve written it down",
    sign_out: "Sign out",
    sign_out_why: |unsent| {
        match unsent {
        0 => "Everything is synced. Your entries leave the screen and stay on this device, for this account alone, until you sign in again.".to_owned(),
        1 => "1 entry is not synced yet. It stays on this device, for this account alone, and is sent when you sign in again here.".to_owned(),
        count => format!("{count} entries are not synced yet. They stay on this device, for this account alone, and are sent when you sign in again here."),
    }
    },
    devices: "Devices",
    this_device: "This device",
    unnamed_device: "A device without a name",
    last_seen: |when| format!("last seen {when}"),
    sign_device_out: |name| format!("Sign out {name}"),
    devices_unknown: "The list is shown when the server can be reached.",
    delete: "Delete account",
    delete_why: "The server deletes the account with everything that it holds of it, for good. All devices are signed out. What this device holds can stay here without an account, or go too.",
    delete_keep: "Delete account, keep entries here",
    delete_all: "Delete account and entries here",
    keep_here: "Keep them here without an account",
    delete_here: "Delete them from this device",
    unreachable: "The server can’t be reached. Nothing has changed; try again when there is a network.",
    bad_credentials: "Email and password don’t belong together.",
    bad_code: "Email and recovery code don’t belong together.",
    email_taken: "This email has an account already. Sign in with it.",
    weak_password: "Too short or too common. Take 10 characters or more, best a few words.",
    bad_email: "This is no email address.",
    bad_field: "The server can’t take this as it is.",
    too_often: |minutes| match minutes {
        None => "Too many attempts. Try again later.".to_owned(),
        Some(1) => "Too many attempts. Try again in a minute.".to_owned(),
        Some(minutes) => format!("Too many attempts. Try again in {minutes} minutes."),
    },
    trouble: "The server has trouble. Nothing has changed; try again in a while.",
    storage: "This device’s storage doesn’t answer. Nothing has changed; try again.",
};
