//! A device's sign-in, as it stands before the server's door: good, over, ended, or somebody else's. Cookies of the
//! browser, so all homes of a device share it.

use crate::device::Device;
use crate::faults::Fault;
use crate::server::{ours, problem};
use crate::world::World;
use serde_json::json;
use std::cell::Cell;
use tidemark_engine::{Answer, Request, Trigger};
use tidemark_protocol::ProblemCode;
use tidemark_server::http::ApiError;

/// Where an access token that is over is renewed.
pub const RENEWAL: &str = "/v1/auth/refresh";
/// How often a token is over at a call, in thousandths.
const OVER: u32 = 60;
/// How often something happens to a sign-in at a step of the storm, in thousandths.
const TROUBLE: u32 = 80;

/// A sign-in.
#[derive(Debug, Default)]
pub struct Session(Cell<Standing>);

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Standing {
    #[default]
    Good,
    /// The access token is over; it can be renewed.
    Over,
    /// Signed out from elsewhere.
    Ended,
    /// Somebody else has signed in in this browser.
    SomebodyElses,
}

/// Whether people sign in in the run of this seed. Seeds that were kept before there was sign-in are none of these.
pub fn signs_in(seed: u64) -> bool {
    matches!(seed % 16, 6 | 12)
}

impl Session {
    /// What the door answers in the server's place; `None` lets the request in.
    pub fn refusal(&self, world: &World, request: &Request) -> Option<Answer> {
        if !world.signs_in || request.path == "/v1/server" {
            return None;
        }
        if request.path == RENEWAL {
            return Some(self.renewed());
        }
        if self.0.get() == Standing::Good && world.strikes(OVER, Fault::TokenOver) {
            self.0.set(Standing::Over);
        }
        match self.0.get() {
            Standing::Good => None,
            Standing::Over => Some(refuse(ProblemCode::TokenExpired)),
            Standing::Ended => Some(refuse(ProblemCode::Unauthenticated)),
            Standing::SomebodyElses if request.account.is_some() => {
                Some(refuse(ProblemCode::WrongAccount))
            }
            Standing::SomebodyElses => {
                if request.method != "GET" {
                    world.violated(format_args!(
                        "{} went to another account: it did not name its own",
                        request.path
                    ));
                }
                None
            }
        }
    }

    /// Whether requests of this device are let in.
    pub fn is_good(&self) -> bool {
        self.0.get() == Standing::Good
    }

    fn renewed(&self) -> Answer {
        if self.0.get() == Standing::Ended {
            return refuse(ProblemCode::Unauthenticated);
        }
        if self.0.get() == Standing::Over {
            self.0.set(Standing::Good);
        }
        let body = json!({ "access_token": "a", "expires_in": 600, "refresh_token": "r" });
        ours(200, "application/json", body.to_string())
    }

    /// The person signs in, where that is needed.
    pub fn sign_in(&self, world: &World, device: &Device) {
        if matches!(self.0.get(), Standing::Ended | Standing::SomebodyElses) {
            world.say(format_args!("device {} signs in again", device.index));
            self.0.set(Standing::Good);
            device.nudge_all(world, Trigger::Manual);
        }
    }
}

/// Something happens to a device's sign-in, in runs with sign-in. Answers whether it did.
pub fn trouble(world: &World, device: &Device) -> bool {
    if !world.signs_in || !world.chance.happens(TROUBLE) {
        return false;
    }
    let session = &device.session;
    // Before the first contact nobody has signed in whom another one could follow.
    let has_owner = device.store.borrow().look(|inside| {
        inside
            .state
            .as_ref()
            .is_some_and(|state| state.owner.is_some())
    });
    match world.chance.below(4) {
        0 => {
            world.note(Fault::DeviceRevoked);
            session.0.set(Standing::Ended);
        }
        1 if has_owner => {
            world.note(Fault::SomebodyElse);
            session.0.set(Standing::SomebodyElses);
        }
        _ => session.sign_in(world, device),
    }
    true
}

fn refuse(code: ProblemCode) -> Answer {
    problem(&ApiError::new(code, "sign in").problem)
}
