//! The page's HTML: the marks meant for Trunk become links to hashed files. No inline script, no inline style.

use anyhow::{Context, Result, bail};

/// Paths of the files that the page loads, from the root of the site.
pub struct Names<'a> {
    /// The script that starts the page.
    pub boot: &'a str,
    /// The glue made by wasm-bindgen.
    pub glue: &'a str,
    /// The one style sheet.
    pub style: &'a str,
}

/// Under `require-trusted-types-for 'script'` every text that becomes markup or the address of a script passes here. Leptos
/// writes the fixed parts of its views as markup; they hold no script. The scripts that Rust starts are the two workers.
const TRUSTED_TYPES: &str = r#"globalThis.trustedTypes?.createPolicy("default", {
  createHTML(text) {
    if (/<script|<iframe|<object|<embed|\son\w+\s*=|javascript:/i.test(text)) {
      throw new TypeError("markup with script in it");
    }
    return text;
  },
  createScriptURL(url) {
    if (!scripts.some((script) => new URL(url, location.origin).href === location.origin + script)) {
      throw new TypeError("a script of unknown address");
    }
    return url;
  },
});
"#;

/// Starts the page's wasm once the frame in the HTML has been painted with its picture: until then its bytes would only
/// stand in the way of theirs. A page that nobody sees is not painted, so it waits a moment at most.
const START: &str = r#"let isBegun = false;
const begin = () => {
  if (!isBegun) {
    isBegun = true;
    start();
  }
};
addEventListener("load", () => requestAnimationFrame(() => setTimeout(begin)));
setTimeout(begin, 300);
"#;

/// Starts the page. Where that fails there is no Rust to say so: the mark on `<html>` lets the style sheet show the words
/// of the HTML. The exchange worker's address stands on `<html>` too: nobody but the build knows it.
pub fn boot_script(glue: &str, wasm: &str, exchange: &str) -> String {
    format!(
        "import init from \"/{glue}\";\n\
         const scripts = [\"/sw.js\", \"/{exchange}\"];\n{TRUSTED_TYPES}\
         document.documentElement.dataset.exchange = \"/{exchange}\";\n\
         const start = () => init({{ module_or_path: \"/{wasm}\" }}).catch((error) => {{\n  \
           document.documentElement.dataset.boot = \"failed\";\n  \
           throw error;\n\
         }});\n{START}"
    )
}

/// Replaces each `<link data-trunk …>`; all other lines stay as they are.
pub fn transform(html: &str, names: &Names) -> Result<String> {
    let mut result = String::new();
    for line in html.lines() {
        if !line.contains("data-trunk") {
            result.push_str(line);
            result.push('\n');
            continue;
        }
        let indent = &line[..line.len() - line.trim_start().len()];
        for link in links(line.trim(), names)? {
            result.push_str(indent);
            result.push_str(&link);
            result.push('\n');
        }
    }
    if !result.contains(names.boot) || !result.contains(names.style) {
        bail!("index.html has no data-trunk link for rel=\"rust\" or none for rel=\"css\"");
    }
    Ok(result)
}

fn links(tag: &str, names: &Names) -> Result<Vec<String>> {
    if !(tag.starts_with("<link ") && tag.ends_with('>') && tag.matches('<').count() == 1) {
        bail!("index.html: a data-trunk link stands on a line of its own, not: {tag}");
    }
    let rel = attribute(tag, "rel").with_context(|| format!("no rel in {tag}"))?;
    Ok(match rel {
        "rust" => vec![
            format!("<link rel=\"modulepreload\" href=\"/{}\">", names.glue),
            format!("<script type=\"module\" src=\"/{}\"></script>", names.boot),
        ],
        "css" => vec![format!(
            "<link rel=\"stylesheet\" href=\"/{}\">",
            names.style
        )],
        "copy-dir" | "copy-file" => Vec::new(), // dist copies all of public/
        other => bail!("index.html: dist does not know data-trunk rel=\"{other}\""),
    })
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split_once('"').map(|(value, _)| value)
}

#[cfg(test)]
mod tests {
    use super::{Names, boot_script, transform};

    const NAMES: Names = Names {
        boot: "assets/b.js",
        glue: "assets/g.js",
        style: "assets/s.css",
    };

    #[test]
    fn the_policy_stands_before_anything_is_started_and_knows_the_two_workers() {
        let script = boot_script("g.js", "w.wasm", "assets/e.js");
        let policy = script.find("createPolicy").unwrap();
        assert!(policy < script.find("init({").unwrap(), "{script}");
        assert!(
            script.contains("[\"/sw.js\", \"/assets/e.js\"]"),
            "{script}"
        );
    }

    #[test]
    fn trunk_marks_become_links_to_the_built_files() {
        let html = "<head>\n  <link data-trunk rel=\"css\" href=\"style/main.css\">\n  \
                    <link data-trunk rel=\"copy-dir\" href=\"public/icons\">\n  \
                    <link data-trunk rel=\"rust\" data-bin=\"page\">\n</head>";
        let result = transform(html, &NAMES).unwrap();
        assert!(
            result.contains("  <link rel=\"stylesheet\" href=\"/assets/s.css\">\n"),
            "{result}"
        );
        assert!(
            result.contains("<script type=\"module\" src=\"/assets/b.js\"></script>"),
            "{result}"
        );
        assert!(
            !result.contains("data-trunk") && !result.contains("copy-dir"),
            "{result}"
        );
    }

    #[test]
    fn a_mark_that_dist_would_drop_silently_is_an_error() {
        for html in [
            "<link data-trunk rel=\"sass\">",
            "<link data-trunk rel=\"css\"><p>",
            "<p>no marks at all</p>",
        ] {
            assert!(transform(html, &NAMES).is_err(), "{html}");
        }
    }
}
