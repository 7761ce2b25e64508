//! Leaving for the identity platform.

use super::remembered::{self, PENDING, name};
use crate::app::effects::{address_bar, random, tab};
use crate::app::start_config::StartConfig;
use identity::authorize::Interaction;
use identity::scopes::Scopes;

/// Said when [`leave`] cannot.
pub const NOT_REMEMBERED: &str =
    "This browser does not let the page remember the sign-in. Allow site data for this page, or open it in a window of its own.";

/// Leaves for the identity platform, to come back to this view; `false` where the tab remembers nothing.
pub fn leave(place: &StartConfig, scopes: Scopes, route: &str, interaction: &Interaction) -> bool {
    let (url, pending) = place.client(&place.redirect_uri()).authorization_request(scopes, route, interaction, &random::bytes());
    let is_remembered = tab::put(&name(PENDING), &serde_json::to_string(&pending).unwrap_or_default());
    if is_remembered {
        // So that Back over the identity platform leads to somebody who is signed in.
        remembered::remember_entry();
        address_bar::go(&url);
    }
    is_remembered
}
