//! Domains beyond ASCII, turned into what mail and DNS carry. The browser's URL parser does it by UTS #46, so that a
//! look-alike becomes visible as `xn--`.

use guestlist::rows::kept_address;

/// The address as a list keeps it, its domain in ASCII; as it is where the browser sees no domain in it.
pub fn ascii(address: &str) -> String {
    let host = |domain: &str| web_sys::Url::new(&format!("https://{domain}/")).ok().map(|url| url.hostname());
    kept_address(address, host)
}

#[cfg(test)]
mod tests {
    use super::ascii;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn domains_become_ascii_and_nothing_else_changes() {
        assert_eq!(ascii("ana@bücher.example"), "ana@xn--bcher-kva.example");
        assert_eq!(ascii("Ana@Fabrikam.example"), "Ana@Fabrikam.example");
        assert_eq!(ascii("nobody"), "nobody");
        assert_eq!(ascii("ana@ü b"), "ana@ü b");
        assert_eq!(ascii("“ana@fabrikam.example”"), "“ana@fabrikam.example”");
    }
}
