//! Networks that are there and do not work: what was logged waits, and goes once, when they do.

use crate::harness::{Device, Engine, Row, Weather, World, story};
use anyhow::Result;
use std::rc::Rc;

/// The sign-in page of a guest network: any address, status 200, HTML.
const PORTAL: Weather = Weather::Answers(
    "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 38\r\nConnection: close\r\n\r\n<!doctype html><title>Sign in</title>\n",
);
/// The portal as most do it: they send the browser elsewhere.
const REDIRECT: Weather = Weather::Answers(
    "HTTP/1.1 302 Found\r\nLocation: /portal.html\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
);
/// A proxy without a server behind it.
const UNAVAILABLE: Weather = Weather::Answers(
    "HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/html\r\nContent-Length: 5\r\nConnection: close\r\n\r\nbusy\n",
);
/// An answer that breaks off.
const TORN: Weather = Weather::Answers(
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTidemark-Protocol: 1\r\nContent-Length: 500\r\n\r\n{\"results\":[",
);

#[tokio::test]
async fn whatever_a_bad_network_answers_entries_wait_and_are_sent_once_in_chromium() -> Result<()> {
    story("weather", Engine::Chromium, all_weathers).await
}

#[tokio::test]
async fn whatever_a_bad_network_answers_entries_wait_and_are_sent_once_in_firefox() -> Result<()> {
    story("weather", Engine::Firefox, all_weathers).await
}

#[tokio::test]
async fn whatever_a_bad_network_answers_entries_wait_and_are_sent_once_in_webkit() -> Result<()> {
    story("weather", Engine::Webkit, all_weathers).await
}

async fn all_weathers(world: Rc<World>) -> Result<()> {
    let one = world.device("one").await?;
    one.open("/").await?;
    one.wait_until_offline_ready().await?;
    one.log_weight("70.0").await?;
    one.chip_when("the first is sent", |chip| chip.pending == 0)
        .await?;
    let weathers = [
        PORTAL,
        REDIRECT,
        UNAVAILABLE,
        TORN,
        Weather::Reset,
        Weather::LosesAnswers,
    ];
    for (number, weather) in (1..).zip(weathers) {
        through(&one, weather, &format!("70.{number}")).await?;
    }
    let two = world.device("two").await?;
    two.open("/").await?;
    let count = weathers.len() + 1;
    let there = two
        .rows_when("all of them", |rows| {
            rows.len() >= count && all_synced(rows)
        })
        .await?;
    assert_eq!(there.len(), count, "each of them once");
    Ok(())
}

/// Logs a weight in this weather. It is tried in vain, and sent when the weather is clear again, with no hint that it is.
async fn through(device: &Device, weather: Weather, typed: &str) -> Result<()> {
    device.weather(weather);
    device.log_weight(typed).await?;
    device
        .chip_when("it was tried in vain", |chip| {
            chip.pending == 1 && ["offline", "error"].contains(&chip.state.as_str())
        })
        .await?;
    device.weather(Weather::Clear);
    device
        .chip_when("it is sent", |chip| {
            chip.pending == 0 && chip.state == "synced"
        })
        .await?;
    Ok(())
}

#[tokio::test]
async fn a_request_that_nobody_ever_answers_is_given_up() -> Result<()> {
    story("half_open", Engine::Chromium, |world| async move {
        let one = world.device("one").await?;
        one.open("/").await?;
        one.log_weight("70.0").await?;
        one.chip_when("the first is sent", |chip| chip.pending == 0)
            .await?;
        through(&one, Weather::Silent, "70.1").await?;
        let rows = one.rows_when("both, once", all_synced).await?;
        assert_eq!(rows.len(), 2);
        Ok(())
    })
    .await
}

fn all_synced(rows: &[Row]) -> bool {
    !rows.is_empty() && rows.iter().all(|row| row.status == "synced")
}
