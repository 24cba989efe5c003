//! Timers: a pause, a deadline for a future, and a call later that is taken back when dropped.
//!
//! Must not know what time it is.

use gloo_timers::callback::Timeout;
use gloo_timers::future::TimeoutFuture;
use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

/// A call to come, taken back when dropped.
#[derive(Debug)]
#[must_use = "a dropped timer never fires"]
pub struct Timer(#[expect(dead_code, reason = "held for its drop")] Timeout);

/// Calls `work` once, `ms` milliseconds from now at the earliest.
pub fn after(ms: u32, work: impl FnOnce() + 'static) -> Timer {
    Timer(Timeout::new(ms, work))
}

/// Waits `ms` milliseconds.
pub async fn sleep(ms: u32) {
    TimeoutFuture::new(ms).await;
}

/// The answer of `work`, or `None` if it takes longer than `ms` milliseconds: then it is dropped.
pub async fn within<T>(ms: u32, work: impl Future<Output = T>) -> Option<T> {
    let mut work = pin!(work);
    let mut deadline = TimeoutFuture::new(ms);
    poll_fn(|context| {
        if let Poll::Ready(answer) = work.as_mut().poll(context) {
            return Poll::Ready(Some(answer));
        }
        pin!(&mut deadline).poll(context).map(|()| None)
    })
    .await
}
