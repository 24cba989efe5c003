//! How long it takes from the network's return until everything is where it belongs. `cargo xtask reconnect` asks for many
//! trials and reads the figures; a plain run makes sure that the bound holds.

use crate::harness::{Device, Engine, Weather, World, stopwatch, story};
use anyhow::Result;
use std::rc::Rc;
use std::time::Duration;

/// Entries that wait in each trial.
const ENTRIES: u32 = 500;
/// No trial may take longer, to the server or to the other device.
const LONGEST: Duration = Duration::from_secs(30);
/// Trials with the same two devices; then come new ones, so that their histories stay short.
const TRIALS_OF_A_WORLD: u32 = 4;

#[tokio::test]
async fn soon_after_the_networks_return_everything_is_everywhere_in_chromium() -> Result<()> {
    trials(Engine::Chromium).await
}

#[tokio::test]
async fn soon_after_the_networks_return_everything_is_everywhere_in_firefox() -> Result<()> {
    trials(Engine::Firefox).await
}

#[tokio::test]
async fn soon_after_the_networks_return_everything_is_everywhere_in_webkit() -> Result<()> {
    trials(Engine::Webkit).await
}

async fn trials(engine: Engine) -> Result<()> {
    let wanted = std::env::var("TIDEMARK_RECONNECT_TIMES").ok();
    let mut left: u32 = wanted.map_or(Ok(1), |times| times.parse())?;
    while left > 0 {
        let now = left.min(TRIALS_OF_A_WORLD);
        left -= now;
        story("reconnect", engine, move |world| {
            some_trials(world, engine, now)
        })
        .await?;
    }
    Ok(())
}

async fn some_trials(world: Rc<World>, engine: Engine, count: u32) -> Result<()> {
    let (one, two) = (world.device("one").await?, world.device("two").await?);
    one.open("/").await?;
    one.wait_until_offline_ready().await?;
    one.log_weight("70.0").await?;
    one.chip_when("the first is sent", |chip| chip.pending == 0)
        .await?;
    two.open("/history").await?;
    for number in 0..count {
        trial(&one, &two, engine, number).await?;
    }
    Ok(())
}

async fn trial(one: &Device, two: &Device, engine: Engine, number: u32) -> Result<()> {
    // Every second time the browser is told nothing, neither of the end nor of the return: then only trying finds out.
    let is_told = number.is_multiple_of(2);
    if is_told {
        one.go_offline().await?;
    } else {
        one.weather(Weather::Cut);
    }
    one.log_weight(&format!("71.{number}")).await?;
    let grams = 71_000 + number * 100;
    one.run(&format!(
        "{FILL_OUTBOX} return await fill({grams}, {ENTRIES});"
    ))
    .await?;
    one.chip_when("they all wait", |chip| chip.pending == ENTRIES)
        .await?;
    one.run_until("it was tried in vain for a while", FAILED_OFTEN)
        .await?;
    let cursor = two.run(CURSOR).await?;

    let since_return = stopwatch();
    if is_told {
        one.go_online().await?;
    } else {
        one.weather(Weather::Clear);
    }
    let arrived = format!("{NEW_ON_SERVER} return await arrived({cursor}, {grams}) === {ENTRIES};");
    two.run_until("the server has them all", &arrived).await?;
    let to_server = since_return();
    let shown = format!("{NEW_ON_SCREEN} return await shown({grams}) === {ENTRIES};");
    two.run_until("the other device shows them", &shown).await?;
    let to_screen = since_return();
    let how = if is_told { "told" } else { "untold" };
    println!(
        "reconnect {engine:?} {how} {} {}",
        to_server.as_millis(),
        to_screen.as_millis()
    );
    assert!(to_screen < LONGEST, "{to_server:?} {to_screen:?}");
    one.chip_when("nothing waits", |chip| chip.pending == 0)
        .await?;
    Ok(())
}

/// Makes `count` entries of the newest one, at other moments and of other names, and tells the page.
const FILL_OUTBOX: &str = "
    const open = () => new Promise((resolve, reject) => {
        const request = indexedDB.open('tidemark');
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
    });
    const fill = async (grams, count) => {
        const database = await open();
        await new Promise((resolve, reject) => {
            const tx = database.transaction('outbox', 'readwrite');
            tx.oncomplete = resolve;
            tx.onabort = () => reject(tx.error);
            const store = tx.objectStore('outbox');
            store.getAll().onsuccess = (event) => {
                const entries = event.target.result.sort((one, other) => one.seq - other.seq);
                const last = entries.at(-1);
                const payload = JSON.parse(last.payload);
                const other = (id, number) => id.slice(0, 24) + grams.toString(16).padStart(6, '0').slice(-6) + number.toString(16).padStart(6, '0');
                for (let number = 1; number < count; number++) {
                    const id = other(last.entity_id, number);
                    const at = new Date(Date.now() - number).toISOString();
                    store.put({ ...last, op_id: other(last.op_id, number), entity_id: id, seq: last.seq + number,
                        payload: JSON.stringify({ ...payload, id, created_at: at }) });
                }
            };
        });
        database.close();
        new BroadcastChannel('tidemark').postMessage('changed');
        return true;
    };";

/// Whether at least three attempts have failed since the last success.
const FAILED_OFTEN: &str = "
    const database = await new Promise((resolve) => {
        const request = indexedDB.open('tidemark');
        request.onsuccess = () => resolve(request.result);
    });
    const states = await new Promise((resolve) => {
        database.transaction('sync_state').objectStore('sync_state').getAll().onsuccess = (event) => resolve(event.target.result);
    });
    database.close();
    return states.some((state) => state.failures >= 3);";

/// Where the server's feed stands.
const CURSOR: &str = "
    let since = '';
    for (;;) {
        const page = await (await fetch(`/v1/metrics?limit=1000${since}`, { cache: 'no-store' })).json();
        since = `&since=${page.cursor}`;
        if (!page.has_more) return page.cursor;
    }";

/// How many rows of a weight came to the server since.
const NEW_ON_SERVER: &str = "
    const arrived = async (since, grams) => {
        const page = await (await fetch(`/v1/metrics?limit=1000&since=${since}`, { cache: 'no-store' })).json();
        return page.metrics.filter((row) => Math.round(row.weight * 1000) === grams).length;
    };";

/// How many rows of a weight a device holds, once its screen is full of them: the screen draws 120 of a long history.
const NEW_ON_SCREEN: &str = "
    const shown = async (grams) => {
        const drawn = document.querySelectorAll(`[data-testid=history-row][data-weight-g='${grams}']`).length;
        if (drawn < 120) return 0;
        const database = await new Promise((resolve) => {
            const request = indexedDB.open('tidemark');
            request.onsuccess = () => resolve(request.result);
        });
        const pages = await new Promise((resolve) => {
            database.transaction('pages').objectStore('pages').getAll().onsuccess = (event) => resolve(event.target.result);
        });
        database.close();
        return pages.flatMap((page) => [...page.grams]).filter((held) => held === grams).length;
    };";
