//! What people of a household do about their accounts: in, out, lost passwords, the end.

use super::House;
use super::device::{Device, Page};
use crate::bugs::Bug;
use crate::faults::Fault;
use std::rc::Rc;
use tidemark_engine::household::Place;
use tidemark_engine::{AccountError, Entrance, Request};
use tidemark_protocol::{
    AccountId, AccountInfo, DeviceId, RecoverRequest, SignInRequest, SignInResponse,
};

/// How often a page's like are told that another database is current, in thousandths; the others sleep.
const TOLD: u32 = 600;

/// Somebody with an address.
#[derive(Debug)]
pub struct Person {
    email: String,
    /// Whether the address has an account, as far as they know.
    is_known: bool,
    /// Their account, once they were told.
    pub account: Option<AccountId>,
    /// Passwords that may be theirs: an answer may have been lost. The likeliest comes first.
    passwords: Vec<String>,
    code: Option<String>,
    chosen: u32,
}

impl Person {
    pub fn new(number: i64) -> Self {
        Self {
            email: format!("person-{number}@example.org"),
            is_known: false,
            account: None,
            passwords: vec!["seven quiet harbours".to_owned()],
            code: None,
            chosen: 0,
        }
    }

    /// Their account is no more.
    pub fn forget(&mut self, account: AccountId) {
        if self.account == Some(account) {
            (self.account, self.is_known, self.code) = (None, false, None);
        }
    }

    /// Whether they may have an account.
    pub fn is_known(&self) -> bool {
        self.is_known
    }

    /// In with the password, or up where there is no account yet.
    fn entrance(&self) -> Entrance {
        let request = SignInRequest {
            email: self.email.clone(),
            password: self.passwords[0].clone(),
            device_name: None,
        };
        if self.is_known {
            Entrance::SignIn(request)
        } else {
            Entrance::SignUp(request)
        }
    }

    /// In with the code and a new password.
    fn recovery(&mut self) -> Option<Entrance> {
        let recovery_code = self.code.clone()?;
        self.chosen += 1;
        let new_password = format!("seven quiet harbours {}", self.chosen);
        self.passwords.push(new_password.clone());
        Some(Entrance::Recover(RecoverRequest {
            email: self.email.clone(),
            recovery_code,
            new_password,
            device_name: None,
        }))
    }

    fn is_in(&mut self, response: &SignInResponse, entrance: &Entrance) {
        self.is_known = true;
        self.account = Some(response.account.id);
        if response.recovery_code.is_some() {
            self.code.clone_from(&response.recovery_code);
        }
        if let Entrance::Recover(request) = entrance {
            self.passwords = vec![request.new_password.clone()];
        }
    }

    fn is_refused(&mut self, code: &str) {
        match code {
            "email_taken" => self.is_known = true,
            "bad_credentials" => self.passwords.rotate_left(1),
            _ => {}
        }
    }
}

impl House {
    /// Somebody signs in on a page.
    pub fn sign_somebody_in(self: &Rc<Self>, page: &Rc<Page>) {
        let person = self.chance.index(self.people.borrow().len());
        let entrance = self.people.borrow()[person].entrance();
        self.enter(page, person, &entrance);
    }

    /// Somebody signs in on a page as they can. Answers the page on which they go on, if they were let in.
    pub fn enter(
        self: &Rc<Self>,
        page: &Rc<Page>,
        person: usize,
        entrance: &Entrance,
    ) -> Option<Rc<Page>> {
        let entered = page.attempt(page.engine.enter(entrance))?;
        match entered {
            Ok(response) => {
                let mut people = self.people.borrow_mut();
                people[person].is_in(&response, entrance);
                drop(people);
                self.take_up(page, &response.account)
            }
            Err(AccountError::Call(error)) => {
                let failure = error.failure();
                self.say(format_args!("{page:?}: not let in: {failure:?}"));
                self.people.borrow_mut()[person].is_refused(&failure.error.code);
                None
            }
            Err(AccountError::Store(_)) => None,
        }
    }

    /// The likeliest way in for somebody.
    pub fn entrance_of(&self, person: usize) -> Entrance {
        self.people.borrow()[person].entrance()
    }

    fn take_up(self: &Rc<Self>, page: &Rc<Page>, account: &AccountInfo) -> Option<Rc<Page>> {
        let place = page.attempt(page.engine.take_up(&page.shelf, account))?;
        Some(self.go(page, &place.ok()?))
    }

    /// The page goes on here, or another one elsewhere.
    fn go(self: &Rc<Self>, page: &Rc<Page>, place: &Place) -> Rc<Page> {
        let device = &page.shelf.device;
        self.say(format_args!("{page:?} goes on: {place:?}"));
        if *place == Place::Here {
            page.person.set(device.person.get());
            return Rc::clone(page);
        }
        device.close(page);
        if self.chance.happens(TOLD) {
            device.pages.borrow_mut().clear();
        }
        self.start(device)
    }

    pub fn sign_out(self: &Rc<Self>, page: &Rc<Page>) {
        if page.person.get().is_none() {
            return; // the screen does not offer it
        }
        if let Some(Ok(place)) = page.attempt(page.engine.part(&page.shelf)) {
            self.go(page, &place);
        }
    }

    pub fn erase_account(self: &Rc<Self>, page: &Rc<Page>) {
        if page.person.get().is_none() {
            return;
        }
        if let Some(Ok(())) = page.attempt(page.engine.erase_account(&page.shelf)) {
            self.leave(page);
        }
    }

    /// The account is no more: the person says what becomes of what is here.
    pub fn leave(self: &Rc<Self>, page: &Rc<Page>) {
        let keeps = self.chance.happens(700);
        if let Some(Ok(place)) = page.attempt(page.engine.leave(&page.shelf, keeps)) {
            self.go(page, &place);
        }
    }

    pub fn recover(self: &Rc<Self>, page: &Rc<Page>) {
        let person = self.chance.index(self.people.borrow().len());
        let entrance = self.people.borrow_mut()[person].recovery();
        let Some(entrance) = entrance else {
            return;
        };
        let entered = self.enter(page, person, &entrance).is_some();
        let account = self.people.borrow()[person].account;
        if let Some(account) = account.filter(|_| entered) {
            self.check_others_are_out(&page.shelf.device, account, person);
        }
    }

    /// After a recovery nobody else is signed in.
    fn check_others_are_out(&self, here: &Rc<Device>, account: AccountId, person: usize) {
        let devices = self.devices.borrow().clone();
        let others = devices
            .iter()
            .filter(|other| !Rc::ptr_eq(other, here) && other.signed_in.get() == Some(account));
        for other in others {
            self.note(Fault::Recovered);
            if self.has(Bug::RecoveryKeepsSessions) {
                self.let_in_again(other, person);
            }
            let renewal = call("/v1/auth/refresh", None);
            let (answer, _) = self.server.answer(&renewal, &other.jar.borrow());
            if answer.status < 400 {
                let index = other.index;
                self.check(Err(format!(
                    "I8: device {index} is still signed in after a recovery"
                )));
            }
        }
    }

    fn let_in_again(&self, device: &Device, person: usize) {
        let Entrance::SignIn(request) = self.entrance_of(person) else {
            return;
        };
        let body = serde_json::to_string(&request).expect("plain structs are JSON");
        let login = call("/v1/auth/login", Some(body));
        let jar = device.jar.borrow().clone();
        device.jar.replace(self.server.answer(&login, &jar).1);
    }
}

fn call(path: &str, body: Option<String>) -> Request {
    Request {
        method: "POST",
        path: path.to_owned(),
        body,
        account: None,
        device: DeviceId::parse("checker").expect("a fit id"),
    }
}
