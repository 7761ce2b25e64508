//! The page: mounts the shell over the pure library.

mod app;

fn main() {
    app::start();
}

#[cfg(test)]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
