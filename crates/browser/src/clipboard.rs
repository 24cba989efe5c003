//! The clipboard: a text that a person wants to paste elsewhere. Browsers let it be written only from a tap, so it is
//! asked for at once and answered later.

use crate::js::{scope, truth};

/// Puts a text there. Answers later whether the browser took it.
pub fn write(text: &str) -> impl Future<Output = bool> + 'static {
    let written = scope()
        .navigator()
        .clipboard()
        .map(|clipboard| clipboard.write_text(text));
    async move {
        match written {
            Some(promise) => truth(promise).await,
            None => false,
        }
    }
}
