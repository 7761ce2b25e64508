//! Random bytes, from the browser's own generator.

/// Fresh random bytes.
///
/// # Panics
/// Never in a browser that can run this page: `crypto` is as old as WebAssembly.
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    let crypto = super::window().crypto().expect("every browser with WebAssembly has crypto");
    crypto.get_random_values_with_u8_array(&mut bytes).expect("fewer than 65536 bytes are asked for");
    bytes
}

/// A name that nobody else has, for runs and correlation ids. RFC 9562, version 4.
pub fn guid() -> String {
    let mut bytes = bytes::<16>();
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn two_draws_differ() {
        assert_ne!(bytes::<32>(), bytes::<32>());
        assert_eq!(guid().len(), 36);
        assert_eq!(guid().as_bytes()[14], b'4');
    }
}
