#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

pub mod address;
pub mod authority;
pub mod authorize;
pub mod claims;
pub mod problem;
pub mod renewal;
pub mod scopes;
pub mod session;
pub mod token;

pub use authority::Authority;
pub use authorize::Pending;
pub use problem::AuthError;
pub use renewal::Renewal;
pub use session::Session;

use serde::{Deserialize, Serialize};

/// A token, code or verifier. It has no `Display`, and `Debug` prints nothing of it. Serialising writes it in clear.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// The text is not checked.
    pub const fn new(text: String) -> Self {
        Self(text)
    }
    /// The text itself, to be sent or kept: in no log, no address and no message.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_shows_nothing_of_itself_unless_asked() {
        let secret = Secret::new("eyJ0".into());
        assert_eq!((format!("{secret:?}").as_str(), secret.reveal()), ("Secret(…)", "eyJ0"));
    }
}
