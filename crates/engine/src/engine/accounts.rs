//! Signing in and out, and what belongs to an account: the calls, and what they mean for the store. Which database is
//! whose is the directory's matter ([`crate::directory`]).

use crate::engine::Engine;
use crate::imports::{Everything, Intake};
use crate::ports::{Platform, Store, StoreError};
use crate::retry::CallError;
use crate::state::StateChange;
use tidemark_protocol::{
    AccountId, DeviceId, DevicesResponse, RecoverRequest, SignInRequest, SignInResponse,
};

/// A way to sign in.
#[derive(Clone, PartialEq, Eq)]
pub enum Entrance {
    /// With an account that there is.
    SignIn(SignInRequest),
    /// With a new account.
    SignUp(SignInRequest),
    /// With the recovery code, choosing a new password; all other devices are signed out.
    Recover(RecoverRequest),
}

/// Why it did not work.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccountError {
    /// The server did not do it.
    #[error("the server did not do it")]
    Call(CallError),
    /// This device's storage failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<CallError> for AccountError {
    fn from(error: CallError) -> Self {
        Self::Call(error)
    }
}

impl<P: Platform> Engine<P> {
    /// Signs this device in. Nothing is stored yet: whose database is opened comes first.
    ///
    /// # Errors
    /// If the server refuses or is not reached, or the store fails.
    pub async fn enter(&self, entrance: &Entrance) -> Result<SignInResponse, AccountError> {
        let state = self.state().await?;
        Ok(self.remote(None, &state).enter(entrance).await?)
    }

    /// Takes what is stored here for the account's, from now on and for good. Never changes an owner. Answers whose it
    /// is.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn own(&self, account: AccountId) -> Result<Option<AccountId>, StoreError> {
        let state = self.store.update(&StateChange::Adopt(account)).await?;
        self.owner.set(state.owner);
        Ok(state.owner)
    }

    /// Signs this device out. One that was signed out before is no error.
    ///
    /// # Errors
    /// If the server is not reached or can't now: then the device is still signed in.
    pub async fn sign_out(&self) -> Result<(), AccountError> {
        let state = self.state().await?;
        match self.remote(None, &state).sign_out().await {
            Err(error) if error.is_signed_out() => Ok(()),
            result => Ok(result?),
        }
    }

    /// The account's devices.
    ///
    /// # Errors
    /// If the server refuses or is not reached, or the store fails.
    pub async fn devices(&self) -> Result<DevicesResponse, AccountError> {
        let state = self.state().await?;
        Ok(self.remote(state.owner, &state).devices().await?)
    }

    /// Signs another device of the account out.
    ///
    /// # Errors
    /// If the server refuses or is not reached, or the store fails.
    pub async fn sign_device_out(&self, device: &DeviceId) -> Result<(), AccountError> {
        let state = self.state().await?;
        Ok(self
            .remote(state.owner, &state)
            .sign_device_out(device)
            .await?)
    }

    /// Takes in what another database of this device holds, as if it had been logged here. Broken off, it can be called
    /// again. Its people are asked about before they are sent, as those of a first contact are.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn move_in(&self, everything: Everything) -> Result<(), StoreError> {
        let metrics = everything.metrics.into_iter();
        let intake = Intake {
            people: everything.people,
            app_model: Some(everything.app_model),
            metrics: metrics.filter(|row| row.deleted_at.is_none()).collect(),
            ..Intake::default()
        };
        self.take_in_own(&intake).await
    }
}
