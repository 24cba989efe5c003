//! The glue maker as a program, for Trunk, which asks for one of exactly the app's version.

fn main() -> anyhow::Result<()> {
    wasm_bindgen_cli::wasm_bindgen::run_cli_with_args(std::env::args_os())
}
