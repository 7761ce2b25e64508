//! Domains beyond ASCII, turned into what mail and DNS carry. The browser's URL parser does it by UTS #46, so that a
//! look-alike becomes visible as `xn--`.

/// The address with its domain in ASCII; unchanged when there is nothing to do or the browser sees no domain in it.
pub fn ascii(address: &str) -> String {
    match address.rsplit_once('@') {
        Some((local, domain)) if !domain.is_ascii() && !domain.trim().contains(char::is_whitespace) => {
            let url = web_sys::Url::new(&format!("https://{}/", domain.trim()));
            url.map_or_else(|_| address.to_owned(), |url| format!("{local}@{}", url.hostname()))
        }
        _ => address.to_owned(),
    }
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
    }
}
