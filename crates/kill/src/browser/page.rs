//! The app's page: a person's deeds, done by a script inside the page so that many fit before a kill. Each goes through the
//! app's own form and ends with what the app shows.

use super::ledger::Row;
use super::tab::Tab;
use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use tidemark_harness::eventually;

/// Does one deed and answers the mark of the message that the app shows then, or the words of a refusal.
const DEED: &str = "
const deed = arguments[0];
const done = arguments[1];
const mark = (name) => document.querySelector(`[data-testid=${name}]`);
const until = (find) => new Promise((resolve) => {
  const look = () => {
    const found = find();
    if (found) { observer.disconnect(); resolve(found); }
  };
  const observer = new MutationObserver(look);
  observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  look();
});
const sheet = () => document.querySelector('dialog[data-testid=log-sheet][open]');
const row = () => document.querySelector(`[data-testid=history-row][data-id=\"${deed.id}\"]`);
const button = (name) => row()?.querySelector(`[data-testid=${name}]`);
const refusal = () => [...(sheet()?.querySelectorAll('.log-refused') ?? [])].find((words) => words.textContent.trim());
(async () => {
  // The message of the deed before runs out, so that the next one is a new one.
  document.querySelector('.snack-line')?.dispatchEvent(new Event('animationend', { bubbles: true }));
  await until(() => !document.querySelector('.snack') && !sheet());
  if (deed.weight === null) {
    (await until(() => button('row-delete'))).click();
  } else {
    (await until(() => deed.id ? button('row-edit') : mark('log-weight'))).click();
    await until(sheet);
    const input = mark('weight-input');
    input.value = deed.weight;
    input.dispatchEvent(new Event('input', { bubbles: true }));
    mark('save-entry').click();
  }
  const shown = await until(() => document.querySelector('.snack-words') ?? refusal());
  done(shown.dataset.testid ?? shown.textContent);
})();
";

/// What the history shows; of a long one, more the next time.
const ROWS: &str = "
const rows = [...document.querySelectorAll('[data-testid=history-row]')].map((row) => row.dataset)
  .map((data) => ({ id: data.id, weight: Number(data.weightG) }));
document.querySelector('[data-testid=show-older]')?.click();
return rows;
";

/// What a person does.
#[derive(Clone, Debug)]
pub enum Deed {
    /// Logs a weight, in grams.
    Log(u32),
    /// Changes the weight of the entry with this id.
    Edit(String, u32),
    /// Deletes the entry with this id.
    Delete(String),
}

/// Waits until the app is drawn.
pub async fn wait_until_drawn(tab: &mut Tab) -> Result<()> {
    let script = "return document.querySelector('[data-testid=sync-chip]') !== null
        && document.querySelector('[data-testid=log-weight]') !== null;";
    eventually("the app is drawn", async || {
        Ok((tab.execute(script).await? == true).then_some(()))
    })
    .await
}

/// Waits until the service worker can start the app without a network.
pub async fn wait_for_worker(tab: &mut Tab) -> Result<()> {
    let script = "const done = arguments[1];
        navigator.serviceWorker.getRegistration().then((found) => done(found?.active?.state ?? 'none'), done);";
    eventually("the service worker is active", async || {
        let state = tab.execute_async(script, Value::Null).await?;
        Ok((state == "activated").then_some(()))
    })
    .await
}

/// Does the deed and waits until it is shown as saved.
///
/// # Errors
/// The browser is gone, or the app shows anything else.
pub async fn perform(tab: &mut Tab, deed: &Deed) -> Result<()> {
    let (id, grams) = match deed {
        Deed::Log(grams) => (None, Some(grams)),
        Deed::Edit(id, grams) => (Some(id), Some(grams)),
        Deed::Delete(id) => (Some(id), None),
    };
    let weight = grams.map(|grams| format!("{}.{:02}", grams / 1000, grams % 1000 / 10));
    let argument = json!({ "id": id, "weight": weight });
    let shown = tab.execute_async(DEED, argument).await?;
    match (deed, shown.as_str()) {
        (Deed::Log(_) | Deed::Edit(..), Some("saved-toast"))
        | (Deed::Delete(_), Some("deleted-toast")) => Ok(()),
        _ => bail!("after {deed:?} the app shows {shown}"),
    }
}

/// The rows that the history shows now.
pub async fn rows(tab: &mut Tab) -> Result<Vec<Row>> {
    serde_json::from_value(tab.execute(ROWS).await?).context("a list of rows")
}

/// Waits until the app says that everything is on the server.
pub async fn wait_until_synced(tab: &mut Tab) -> Result<()> {
    tab.execute("window.dispatchEvent(new Event('focus'));")
        .await?;
    let script = "const chip = document.querySelector('[data-testid=sync-chip]');
        return `${chip?.dataset.state} ${chip?.dataset.pending} ${chip?.textContent}`;";
    let mut last = String::new();
    let synced = eventually("everything is sent", async || {
        last = tab.execute(script).await?.to_string();
        Ok(last.starts_with("\"synced 0 ").then_some(()))
    });
    synced
        .await
        .with_context(|| format!("the chip says: {last}"))
}
