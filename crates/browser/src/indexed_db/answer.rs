//! What the browser answers to the requests of a transaction.

use super::failure::Failure;
use super::rows::from_js;
use super::transaction::Tx;
use js_sys::Promise;
use serde::de::DeserializeOwned;
use std::pin::Pin;
use std::task::{Context, Poll};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::IdbRequest;

/// The answer to a request of a transaction. Who awaits the last of several finds the others there: each that is waited
/// for costs a call from the browser.
#[derive(Debug)]
pub struct Answer<'a> {
    tx: &'a Tx,
    /// Which request of its transaction this is; the browser answers them in their order.
    number: u32,
    request: IdbRequest,
    event: Option<JsFuture>,
}

impl<'a> Answer<'a> {
    pub(super) fn new(tx: &'a Tx, request: IdbRequest) -> Self {
        let number = tx.asked.get() + 1;
        tx.asked.set(number);
        Self {
            tx,
            number,
            request,
            event: None,
        }
    }

    fn event(&mut self) -> &mut JsFuture {
        let request = &self.request;
        self.event.get_or_insert_with(|| {
            JsFuture::from(Promise::new(&mut |resolve, _| {
                request.set_onsuccess(Some(&resolve));
                request.set_onerror(Some(&resolve));
            }))
        })
    }

    fn result(&self) -> Result<JsValue, Failure> {
        match self.request.error()? {
            Some(error) => Err(error.into()),
            None => Ok(self.request.result()?),
        }
    }
}

impl Answer<'_> {
    /// The answer as a row; `None` if there is none.
    pub(super) async fn row<T: DeserializeOwned>(self, store: &str) -> Result<Option<T>, Failure> {
        let value = self.await?;
        (!value.is_undefined())
            .then(|| from_js(&value, store))
            .transpose()
    }

    /// The answer as a count.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a count is a small whole number"
    )]
    pub(super) async fn count(self) -> Result<usize, Failure> {
        let count = self.await?.as_f64();
        count
            .map(|count| count as usize)
            .ok_or_else(|| Failure::unreadable("a count"))
    }
}

impl Future for Answer<'_> {
    type Output = Result<JsValue, Failure>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        // That the request is done is not enough: who goes on before the browser tells of it asks a transaction that
        // takes no requests just then.
        if self.number <= self.tx.answered.get() {
            return Poll::Ready(self.result());
        }
        match Pin::new(self.event()).poll(context) {
            Poll::Pending => {
                self.tx.waits_for_request.set(true);
                Poll::Pending
            }
            Poll::Ready(event) => {
                self.tx.answered.set(self.number);
                Poll::Ready(event.map_err(Failure::from).and_then(|_| self.result()))
            }
        }
    }
}

/// The highest key of an index.
pub(super) struct LastKey<'a>(pub(super) Answer<'a>);

impl LastKey<'_> {
    /// The key, where there is any.
    pub(super) async fn number(self) -> Result<Option<f64>, Failure> {
        let cursor = self.0.await?;
        if cursor.is_null() {
            return Ok(None);
        }
        let cursor: web_sys::IdbCursor = cursor.unchecked_into();
        Ok(cursor.key()?.as_f64())
    }
}
