//! RS256 signatures of the sample tenant, and the key set that verifies them.
//!
//! The key is public on purpose: it protects nothing but a tenant made of sample data, and a fixed one saves the
//! seconds that a fresh one costs at every start.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use rsa::signature::{SignatureEncoding, Signer};
use rsa::traits::PublicKeyParts;
use rsa::{BigUint, RsaPrivateKey, pkcs1v15::SigningKey};
use serde_json::{Value, json};
use sha2::Sha256;
use std::sync::OnceLock;

const KEY_ID: &str = "contoso-sample-1";
#[rustfmt::skip]
const P: &[u8] = b"d3455ca60d11e671dd4850b8d29d3366549ace332e5b8e51762e9f44c55f5b51c2a7fa514f5937243c2c5ed6a6739f0851a1c4073c5060fb51a0a0432d2e5181642ce3f52dec0ef04fa6100ce843ce0d2dca363c5361f01812816f9c42cfa4b50668bbff5d76dd37d62251fcb857585407f5938e797adbedeb2246f6a7413de3";
#[rustfmt::skip]
const Q: &[u8] = b"c945ea1e55e5e5e1f5c6a9e6d22e2bef7070aecba081ccedd8e5f2fdf3d2e60f1d3bfb38a92384abd3e26e7b407aa0974e56cf735326e5f1274c6b4dbd3e20415fa6a2fbeaa40ceffe408974dad75beebbf2bd68b51d465b576fe69ca4f41231564b7aeb67278d26dd3f58c7ca1139e0859f917f2e460f117a00743bf9be3569";

fn key() -> &'static RsaPrivateKey {
    static KEY: OnceLock<RsaPrivateKey> = OnceLock::new();
    KEY.get_or_init(|| {
        let prime = |hex| BigUint::parse_bytes(hex, 16).expect("the constants are hexadecimal");
        RsaPrivateKey::from_p_q(prime(P), prime(Q), BigUint::from(65_537_u32)).expect("the constants are two primes")
    })
}

/// A compact JWS of `claims`.
pub(super) fn jwt(claims: &Value) -> String {
    let header = json!({"typ": "JWT", "alg": "RS256", "kid": KEY_ID});
    let signed = format!("{}.{}", BASE64URL.encode(header.to_string()), BASE64URL.encode(claims.to_string()));
    let signature = SigningKey::<Sha256>::new(key().clone()).sign(signed.as_bytes());
    format!("{signed}.{}", BASE64URL.encode(signature.to_bytes()))
}

/// The JWKS document, with the key's own issuer as Entra publishes it.
pub(super) fn key_set(issuer: &str) -> Value {
    let number = |value: &BigUint| BASE64URL.encode(value.to_bytes_be());
    json!({"keys": [{"kty": "RSA", "use": "sig", "alg": "RS256", "kid": KEY_ID,
        "n": number(key().n()), "e": number(key().e()), "issuer": issuer}]})
}

#[cfg(test)]
mod tests {
    use super::*;
    use rsa::pkcs1v15::{Signature, VerifyingKey};
    use rsa::signature::Verifier;

    #[test]
    fn the_published_key_verifies_what_was_signed() {
        let jwks = key_set("issuer");
        let number = |name: &str| {
            let text = jwks["keys"][0][name].as_str().unwrap();
            BigUint::from_bytes_be(&BASE64URL.decode(text).unwrap())
        };
        let public = VerifyingKey::<Sha256>::new(rsa::RsaPublicKey::new(number("n"), number("e")).unwrap());
        let token = jwt(&json!({"sub": "ada"}));
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let signature = Signature::try_from(BASE64URL.decode(signature).unwrap().as_slice()).unwrap();
        assert!(public.verify(signed.as_bytes(), &signature).is_ok());
        assert!(public.verify(b"something else", &signature).is_err());
    }
}
