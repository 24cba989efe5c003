//! The way between a device and the server: slow, lossy, doubled, reordered, cut, and with others who answer in the
//! server's place. What the server really did is told to the judge.

mod middle;
mod sown;

use crate::device::{Device, SimLock};
use crate::executor::HomeId;
use crate::faults::Fault;
use crate::session::RENEWAL;
use crate::world::World;
use std::cell::Cell;
use std::rc::Rc;
use tidemark_engine::session::Renewing;
use tidemark_engine::{Answer, Request, Transport, Unreachable};
use tidemark_protocol::{AppModel, BatchResponse, MetricsPage, User};

/// Milliseconds after which a browser's own deadline ends a request.
const DEADLINE_MS: i64 = 60_000;
/// Milliseconds between two looks whether a clogged way is free.
const CLOG_LOOK_MS: i64 = 500;
/// Late copies belong to no home.
const NOBODY: HomeId = HomeId(0);

/// A device's way to the server.
#[derive(Debug)]
pub struct SimTransport {
    world: Rc<World>,
    device: Rc<Device>,
}

impl SimTransport {
    /// The way of a device.
    pub fn new((world, device): (Rc<World>, Rc<Device>)) -> Self {
        Self { world, device }
    }

    fn lost(&self, request: &Request, what: &str) -> Result<Answer, Unreachable> {
        let answer = sown::no_answer(&self.world, request);
        answer.map_or_else(|| Err(Unreachable(what.to_owned())), Ok)
    }

    /// Waits on the way; what is clogged is free when the storm ends.
    async fn travel(&self) {
        let world = &self.world;
        world.pause(world.chance.between(5, 120)).await;
        if world.strikes(world.plan.rates.delay, Fault::Delay) {
            let mut left = world.chance.between(500, DEADLINE_MS);
            while left > 0 && world.storming.get() {
                world.pause(left.min(CLOG_LOOK_MS)).await;
                left -= CLOG_LOOK_MS;
            }
        }
        if self.device.flaps.get() && world.storming.get() && world.chance.happens(500) {
            world.note(Fault::Flapping);
            self.device.sends.set(!self.device.sends.get());
        }
    }

    /// Waits for an answer that does not come.
    async fn wait_in_vain(&self) {
        let mut left = self.world.chance.between(100, DEADLINE_MS);
        while left > 0 && self.world.storming.get() {
            self.world.pause(left.min(CLOG_LOOK_MS)).await;
            left -= CLOG_LOOK_MS;
        }
    }

    fn is_cut_off(&self) -> bool {
        !self.device.sends.get()
    }

    /// The request arrives. `None` where the server does not live to answer.
    fn arrive(&self, request: &Request) -> Option<Answer> {
        let world = &self.world;
        if world.server.down_until_ms.get() > world.reactor.now_ms() {
            return None;
        }
        if let Some(refusal) = self.device.session.refusal(world, request) {
            return Some(refusal);
        }
        if world.strikes(world.plan.rates.kill, Fault::KilledBefore) {
            stop_server(world);
            return None;
        }
        let dies = world.strikes(world.plan.rates.kill, Fault::KilledAfter);
        let answer = deliver(world, request, dies);
        if dies {
            stop_server(world);
            return None;
        }
        Some(answer)
    }

    /// Copies of the request that arrive beside it or much later.
    fn copies(&self, request: &Request) {
        let (world, rates) = (&self.world, &self.world.plan.rates);
        if world.strikes(rates.duplicate, Fault::Duplicate) {
            deliver(world, request, false);
        }
        if world.strikes(rates.late_copy, Fault::LateCopy) {
            let wait = world.chance.between(1_000, 90_000);
            let (later, request) = (Rc::clone(world), request.clone());
            let turn = Rc::new(Cell::new(world.reactor.now_ms() + wait));
            world.orders.spawn(NOBODY, turn, async move {
                if later.server.down_until_ms.get() <= later.reactor.now_ms() {
                    deliver(&later, &request, false);
                }
            });
        }
    }

    /// Notes what the answer asks for.
    fn heed(&self, answer: &Answer) {
        let homes = self.device.homes.borrow();
        if homes.iter().any(|home| home.clock_jumped.get()) {
            return; // a failure noted by the time before takes the wish for one of a clock that was set back
        }
        if let Some(seconds) = answer.retry_after_s {
            let until = self.world.reactor.now_ms() + i64::from(seconds) * 1000;
            self.device.quiet_until_ms.set(until);
        }
    }

    fn check_quiet(&self) {
        let (now, until) = (
            self.world.reactor.now_ms(),
            self.device.quiet_until_ms.get(),
        );
        if now < until && !self.world.plan.no_lock {
            let left = until - now;
            self.world.violated(format_args!(
                "device {} asks {left} ms before Retry-After is over",
                self.device.index
            ));
        }
    }
}

/// The server is killed and starts again after a while.
pub fn stop_server(world: &World) {
    world.note(Fault::Restart);
    world
        .server
        .down_until_ms
        .set(world.reactor.now_ms() + world.chance.between(10, 8_000));
    world.server.restart();
}

/// The server answers a request, and the judge looks at what it did.
pub fn deliver(world: &World, request: &Request, dies: bool) -> Answer {
    world.requests.set(world.requests.get() + 1);
    let answer = world.server.answer(request, world.true_now(), dies);
    world.trace.mix_text(&request.path);
    world.trace.mix_text(&answer.body);
    world.say(format_args!(
        "{} {} {} {} -> {} {}",
        request.device.as_str(),
        request.method,
        request.path,
        request.body.as_deref().unwrap_or_default(),
        answer.status,
        answer.body
    ));
    if answer.status == 410 {
        let is_epoch = answer.body.contains("\"epoch\"");
        world.note(if is_epoch {
            Fault::NewEpoch
        } else {
            Fault::LongOffline
        });
    }
    if answer.status < 300 {
        world.check(judge(world, request, &answer));
    }
    answer
}

fn judge(world: &World, request: &Request, answer: &Answer) -> Result<(), String> {
    let (mut oracle, ledger) = (world.oracle.borrow_mut(), world.ledger.borrow());
    let (device, body) = (&request.device, request.body.as_deref().unwrap_or_default());
    let wrong =
        |error: serde_json::Error| format!("{} answered what can't be read: {error}", request.path);
    match (
        request.method,
        request.path.split('?').next().unwrap_or_default(),
    ) {
        ("POST", "/v1/metrics/batch") => {
            let response: BatchResponse = serde_json::from_str(&answer.body).map_err(wrong)?;
            oracle.batch(device, body, &response, &ledger)
        }
        ("GET", "/v1/metrics") => {
            let page: MetricsPage = serde_json::from_str(&answer.body).map_err(wrong)?;
            oracle.page(&page.metrics, &page.epoch)
        }
        ("PATCH", "/v1/app_model") => {
            let model: AppModel = serde_json::from_str(&answer.body).map_err(wrong)?;
            oracle.app_model_call(device, body, &model, &ledger)
        }
        ("POST" | "PATCH", _) => {
            let user: User = serde_json::from_str(&answer.body).map_err(wrong)?;
            oracle.user_call(device, body, &user, &ledger)
        }
        _ => Ok(()),
    }
}

/// Whether a call only looks after a sync. None of these arrives: a comparison of digests would mend what the checker is
/// to find.
fn is_look(path: &str) -> bool {
    path == "/v1/devices" || path.starts_with("/v1/digests") || path.ends_with("/history")
}

/// A device's way with or without a sign-in on it.
#[derive(Debug)]
pub enum SimWay {
    /// To a server without sign-in.
    Open(SimTransport),
    /// With a sign-in that is renewed.
    SignedIn(Renewing<SimTransport, SimLock>),
}

impl Transport for SimWay {
    async fn call(&self, request: &Request) -> Result<Answer, Unreachable> {
        match self {
            Self::Open(way) => way.call(request).await,
            Self::SignedIn(way) => way.call(request).await,
        }
    }
}

impl Transport for SimTransport {
    async fn call(&self, request: &Request) -> Result<Answer, Unreachable> {
        if is_look(&request.path) {
            return Err(Unreachable("left out".to_owned()));
        }
        let (world, rates) = (&self.world, &self.world.plan.rates);
        self.check_quiet();
        let sent = sown::sent(world, &self.device, request);
        self.travel().await;
        if self.is_cut_off() || world.strikes(rates.request_lost, Fault::RequestLost) {
            self.wait_in_vain().await;
            return self.lost(request, "lost on the way");
        }
        if let Some(answer) = middle::instead(world, rates) {
            self.heed(&answer);
            self.travel().await;
            return Ok(sown::received(world, request, answer));
        }
        let sent = if world.strikes(rates.versions, Fault::NewerClient) {
            middle::newer_request(sent)
        } else {
            sent
        };
        let Some(answer) = self.arrive(&sent) else {
            return self.lost(request, "connection refused");
        };
        if sent.path != RENEWAL && self.device.session.is_good() {
            self.copies(&sent);
        }
        self.travel().await;
        if !self.device.receives.get()
            || self.is_cut_off()
            || world.strikes(rates.reply_lost, Fault::ReplyLost)
        {
            if sent.path == RENEWAL {
                world.note(Fault::RenewalLost);
            }
            self.wait_in_vain().await;
            return self.lost(request, "no answer");
        }
        let answer = middle::on_the_way_back(world, rates, answer);
        self.heed(&answer);
        let answer = sown::received(world, request, answer);
        Ok(if self.device.index % 2 == 1 {
            middle::in_columns(answer)
        } else {
            answer
        })
    }
}
