//! What a person does with an account, and with several tabs.

use super::Device;
use anyhow::{Context, Result};
use tidemark_harness::eventually;

/// Good enough for the server: long, and not among the common ones.
pub const PASSWORD: &str = "seven quiet harbours";

impl Device {
    /// Opens the account's screen and waits until it is about this.
    pub async fn open_account(&self, place: &str) -> Result<()> {
        self.open("/account").await?;
        self.account_when(place).await
    }

    /// Waits until the account's screen, which is shown, is about this.
    pub async fn account_when(&self, place: &str) -> Result<()> {
        let script = "return document.querySelector('[data-testid=account]')?.dataset.place ?? 'another screen';";
        let mut last = String::new();
        let what = format!("{}: the account is {place}", self.name);
        let found = eventually(&what, async || {
            let now = self.script(script).await?;
            now.as_str().unwrap_or_default().clone_into(&mut last);
            Ok((last == place).then_some(()))
        });
        found.await.with_context(|| format!("it is {last}"))
    }

    /// Creates an account, and notes its recovery code.
    pub async fn sign_up(&self, email: &str) -> Result<String> {
        self.open_account("local").await?;
        self.type_into("account-email", email).await?;
        self.type_into("account-password", PASSWORD).await?;
        self.tap("register").await?;
        let code = self.text("recovery-code").await?;
        self.tap("recovery-code-noted").await?;
        Ok(code)
    }

    /// Signs in on the account's screen, as somebody new here or as somebody known.
    pub async fn sign_in(&self, place: &str, email: &str) -> Result<()> {
        self.open_account(place).await?;
        self.type_into("account-email", email).await?;
        self.type_into("account-password", PASSWORD).await?;
        self.tap("login").await
    }

    /// The same where somebody's own database waits: another page comes.
    pub async fn sign_in_elsewhere(&self, place: &str, email: &str) -> Result<()> {
        self.open_account(place).await?;
        self.type_into("account-email", email).await?;
        self.type_into("account-password", PASSWORD).await?;
        self.page_after(async || self.tap("login").await).await
    }

    /// Waits until the page was left for another one, whose screen is there.
    pub async fn page_after(&self, work: impl AsyncFnOnce() -> Result<()>) -> Result<()> {
        self.script("window.isOldPage = true;").await?;
        work().await?;
        self.new_page().await
    }

    /// Waits until another page stands in place of the marked one.
    pub async fn new_page(&self) -> Result<()> {
        eventually(&format!("{} has a new page", self.name), async || {
            let is_old = self.script("return window.isOldPage === true;").await?;
            Ok((is_old == false).then_some(()))
        })
        .await?;
        self.wait_for_screen().await
    }

    /// Marks the page, so that [`Device::new_page`] tells another one from it.
    pub async fn mark_page(&self) -> Result<()> {
        self.script("window.isOldPage = true;").await.map(drop)
    }

    /// Waits until the server answers this browser with a problem of this code, or with none.
    pub async fn session_when(&self, code: &str) -> Result<()> {
        let script = "const done = arguments[arguments.length - 1];
            fetch('/v1/account').then((answer) => answer.json()).then((body) => done(body.code ?? 'none'), (error) => done(`${error}`));";
        eventually(
            &format!("{}: the session is {code}", self.name),
            async || {
                let found = self.async_script(script).await?;
                Ok((found == code).then_some(()))
            },
        )
        .await
    }
}
