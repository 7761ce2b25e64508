//! Ids of elements that name each other: each is given out once, so that two of a part stand on one page.

use std::cell::Cell;

/// An id that no other element has.
pub fn fresh(part: &str) -> String {
    thread_local! {
        static GIVEN: Cell<u32> = const { Cell::new(0) };
    }
    let number = GIVEN.get() + 1;
    GIVEN.set(number);
    format!("{part}-{number}")
}

#[cfg(test)]
mod tests {
    use super::fresh;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn no_two_are_alike() {
        assert_ne!(fresh("menu"), fresh("menu"));
    }
}
