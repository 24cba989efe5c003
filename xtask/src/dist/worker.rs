//! The service worker's script: what was built, the glue of its wasm, and the listeners by hand.

use super::site::Site;
use crate::setup::hex;
use serde_json::json;
use sha2::{Digest, Sha256};

/// Names the build: a hash of all files and of everything that will be in the worker's script.
pub fn build_id(site: &Site, shim: &str, glue: &str) -> String {
    let mut hash = Sha256::new();
    for (path, digest) in site.digests() {
        hash.update(format!("{path} {digest}\n"));
    }
    for part in [shim, glue] {
        hash.update(Sha256::digest(part));
    }
    hex(&hash.finalize()[..8])
}

/// The whole script, small: the browser reads all of it whenever it starts the worker, most often only to serve a page.
/// The wasm is a file of the site, so it is cached with all others when the worker is installed, and read when an event
/// needs it. The glue stands in a function: each call is a fresh instance, so one that died is replaced.
pub fn script(site: &Site, shim: &str, glue: &str, wasm: &str) -> String {
    let files: Vec<_> = site
        .digests()
        .map(|(path, digest)| json!([address(path), digest]))
        .collect();
    let build = json!({ "id": site.build, "wasm": address(wasm), "files": files });
    format!(
        "\"use strict\";\nconst BUILD = {build};\nfunction workerGlue() {{\n{glue}\nreturn wasm_bindgen;\n}}\n{shim}"
    )
}

/// Starts the exchange worker's wasm. Messages that come before it listens wait; one that can't start answers with an
/// empty one.
pub fn exchange_script(glue: &str, wasm: &str) -> String {
    format!(
        "import init from \"/{glue}\";\n\
         const early = [];\n\
         self.onmessage = (event) => early.push(event);\n\
         init({{ module_or_path: \"/{wasm}\" }}).then(\n  \
           () => early.forEach((event) => self.onmessage(event)),\n  \
           () => self.postMessage([]),\n\
         );\n"
    )
}

/// Where the browser asks for a file: the page is the root.
fn address(path: &str) -> String {
    if path == "index.html" {
        "/".to_owned()
    } else {
        format!("/{path}")
    }
}
