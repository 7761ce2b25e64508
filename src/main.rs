//! The page: mounts the shell over the pure library.

mod app;

fn main() {
    app::start();
}
