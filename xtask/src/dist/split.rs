//! Cuts the page's wasm in two: the first screen, and the rest, which is loaded afterwards (`src/boot/rest.rs`, ADR 17).
//!
//! It works on what the linker made, before wasm-bindgen; the script that loads the rest becomes a part of the glue, so
//! that there is no third file and no circle of names made from content.

use super::site::hashed;
use anyhow::{Context, Result, anyhow, bail};
use std::fs;
use std::path::{Path, PathBuf};
use wasm_split_cli_support::Options;

/// What the marks in the source call the rest.
const REST: &str = "rest";
/// How the wasm names the script that loads the rest.
const LINK: &str = "./split.js";

/// The two halves, as files in the work folder.
pub struct Halves {
    /// The first, for wasm-bindgen.
    pub first: PathBuf,
    /// The rest, which no glue touches.
    pub rest: PathBuf,
    /// The script that loads the rest.
    script: String,
}

/// The name of the rest in the site.
pub fn name(rest: &[u8]) -> String {
    hashed("rest", "wasm", rest)
}

/// Cuts `input`, working in the folder `work`.
pub fn cut(input: &Path, work: &Path) -> Result<Halves> {
    let wasm = fs::read(input).with_context(|| input.display().to_string())?;
    fs::create_dir_all(work)?;
    let first = work.join("first.wasm");
    let mut options = Options::new(&wasm);
    options.output_dir = work;
    options.main_out_path = &first;
    options.link_name = LINK;
    let made = wasm_split_cli_support::transform(options).map_err(|error| anyhow!("{error:?}"))?;
    let [rest] = &made.split_modules[..] else {
        bail!(
            "one piece besides the first is wanted: {:?}",
            made.split_modules
        );
    };
    Ok(Halves {
        first,
        rest: rest.clone(),
        script: fs::read_to_string(work.join(LINK))?,
    })
}

impl Halves {
    /// The glue with the script that loads the rest in the place of its import. `rest` is the rest as it is shipped.
    pub fn glue(&self, glue: &str, rest: &[u8]) -> Result<String> {
        let address = format!("/{}", name(rest));
        let import = format!("import * as import1 from \"{LINK}\"");
        if glue.matches(&import).count() != 1 {
            bail!("the glue does not import the script of the split once, as {import}");
        }
        let file = self.rest.file_name().unwrap_or_default().to_string_lossy();
        Ok(glue.replace(&import, &inlined(&self.script, &file, &address)?))
    }
}

/// The script as a part of the glue: what it imports is there already, what it exports becomes an object.
fn inlined(script: &str, file: &str, address: &str) -> Result<String> {
    let loader = format!("__wasm_split_load_{REST}");
    let mut text = script.to_owned();
    for (from, to) in [
        ("import { initSync } from \"./main.js\";\n", String::new()),
        (&format!("export const {loader}"), format!("const {loader}")),
        (
            &format!("new URL(\"./{file}\", import.meta.url)"),
            format!("\"{address}\""),
        ),
    ] {
        if text.matches(from).count() != 1 {
            bail!("the script of the split has changed: no {from}");
        }
        text = text.replace(from, &to);
    }
    if text.contains("export ") || text.contains("import ") {
        bail!("the script of the split imports or exports more than one thing");
    }
    Ok(format!("{text}const import1 = {{ {loader} }};\n"))
}

#[cfg(test)]
mod tests {
    use super::inlined;

    const SCRIPT: &str = "import { initSync } from \"./main.js\";\n\
        const shared = () => initSync();\n\
        export const __wasm_split_load_rest = makeLoad(() => fetch(new URL(\"./split_rest.wasm\", import.meta.url)));\n";

    #[test]
    fn the_script_that_loads_the_rest_becomes_a_part_of_the_glue() {
        let text = inlined(SCRIPT, "split_rest.wasm", "/assets/rest-1.wasm").unwrap_or_default();
        let expected = "const shared = () => initSync();\n\
            const __wasm_split_load_rest = makeLoad(() => fetch(\"/assets/rest-1.wasm\"));\n\
            const import1 = { __wasm_split_load_rest };\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn a_script_of_another_shape_is_refused() {
        let two = format!("{SCRIPT}export const __wasm_split_load_more = 1;\n");
        for script in ["", &two, &SCRIPT.replace("initSync", "init")] {
            assert!(
                inlined(script, "split_rest.wasm", "/r").is_err(),
                "{script}"
            );
        }
    }
}
