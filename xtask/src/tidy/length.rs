//! A file is one concept and a function fits a screen.

use super::Files;
use anyhow::{Context, Result};
use proc_macro2::Span;
use std::path::Path;
use syn::visit::{self, Visit};

const FILE_LINES_MAX: usize = 400;
const FUNCTION_LINES_MAX: usize = 50;
const FLAT_FUNCTION_LINES_MAX: usize = 80; // markup, and a test with its table: long and flat

/// Findings for every source file.
pub fn check(files: &Files) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    for (name, text) in files.texts(&[".rs", ".css", ".js"]) {
        let lines = text.lines().count();
        if lines > FILE_LINES_MAX {
            findings.push(format!(
                "{name}: {lines} lines, at most {FILE_LINES_MAX}; split it"
            ));
        }
        if Path::new(name)
            .extension()
            .is_some_and(|extension| extension == "rs")
        {
            let long = long_functions(&text).with_context(|| name.to_owned())?;
            findings.extend(long.into_iter().map(|finding| format!("{name}:{finding}")));
        }
    }
    Ok(findings)
}

fn long_functions(source: &str) -> Result<Vec<String>> {
    let mut functions = Functions {
        findings: Vec::new(),
    };
    functions.visit_file(&syn::parse_file(source)?);
    Ok(functions.findings)
}

struct Functions {
    findings: Vec<String>,
}

impl Functions {
    fn measure(&mut self, name: &syn::Ident, first: Span, block: &syn::Block, is_test: bool) {
        let first = first.start().line;
        let lines = block.brace_token.span.close().end().line - first + 1;
        let max = if is_test || has_markup(block) {
            FLAT_FUNCTION_LINES_MAX
        } else {
            FUNCTION_LINES_MAX
        };
        if lines > max {
            self.findings.push(format!(
                "{first}: `{name}` has {lines} lines, at most {max}; split it"
            ));
        }
    }
}

impl<'ast> Visit<'ast> for Functions {
    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        let is_test = function.attrs.iter().any(is_test_mark);
        self.measure(
            &function.sig.ident,
            function.sig.fn_token.span,
            &function.block,
            is_test,
        );
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        self.measure(
            &function.sig.ident,
            function.sig.fn_token.span,
            &function.block,
            false,
        );
        visit::visit_impl_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &'ast syn::TraitItemFn) {
        if let Some(block) = &function.default {
            self.measure(
                &function.sig.ident,
                function.sig.fn_token.span,
                block,
                false,
            );
        }
        visit::visit_trait_item_fn(self, function);
    }
}

/// `#[test]`, `#[tokio::test]`, `#[wasm_bindgen_test]`.
fn is_test_mark(attribute: &syn::Attribute) -> bool {
    attribute
        .path()
        .segments
        .last()
        .is_some_and(|last| last.ident.to_string().ends_with("test"))
}

fn has_markup(block: &syn::Block) -> bool {
    struct Markup(bool);
    impl<'ast> Visit<'ast> for Markup {
        fn visit_macro(&mut self, call: &'ast syn::Macro) {
            self.0 |= call.path.is_ident("view");
        }
    }
    let mut markup = Markup(false);
    markup.visit_block(block);
    markup.0
}

#[cfg(test)]
mod tests {
    use super::long_functions;

    fn function(lines: usize, inside: &str) -> String {
        format!("fn long() {{{inside}{}}}", "\n".repeat(lines - 1))
    }

    #[test]
    fn a_function_of_fifty_lines_passes_and_one_more_does_not() {
        assert!(long_functions(&function(50, "")).unwrap().is_empty());
        assert_eq!(long_functions(&function(51, "")).unwrap().len(), 1);
    }

    #[test]
    fn markup_and_tests_may_be_longer() {
        assert!(
            long_functions(&function(80, "view! { <p/> }"))
                .unwrap()
                .is_empty()
        );
        assert_eq!(
            long_functions(&function(81, "view! { <p/> }"))
                .unwrap()
                .len(),
            1
        );
    }

    #[test]
    fn methods_count_like_functions() {
        let method = format!("impl Thing {{ {} }}", function(60, ""));
        assert_eq!(long_functions(&method).unwrap().len(), 1);
    }
}
