//! What is known before anybody signs in: config.json, and where to sign in.

use super::effects::{address_bar, fetch};
use guestlist::config::{Config, Wrong};
use guestlist::words::discovery;
use identity::Authority;
use identity::authorize::Client;

/// What is known before anybody signs in.
#[derive(Clone)]
pub struct StartConfig {
    pub config: Config,
    pub authority: Authority,
}

impl StartConfig {
    /// The redirect URI as it has to be registered.
    pub fn redirect_uri(&self) -> String {
        address_bar::resolve(&self.config.redirect_uri)
    }

    /// Who asks the identity platform; `redirect_uri` is [`Self::redirect_uri`].
    pub fn client<'a>(&'a self, redirect_uri: &'a str) -> Client<'a> {
        Client { authority: &self.authority, client_id: &self.config.client_id, redirect_uri }
    }
}

/// Why the page cannot begin.
#[derive(Clone, Debug)]
pub enum SetUpNeeded {
    NoConfig(String),
    /// And the file's text, which may not even be meant to be config.json.
    Wrong(Vec<Wrong>, String),
    /// The authority could not be discovered: why, where, and what came from there.
    Discovery {
        why: String,
        url: String,
        document: Option<String>,
    },
}

/// Reads config.json and finds the authority.
///
/// # Errors
/// Why the page cannot begin.
pub async fn prepare() -> Result<StartConfig, SetUpNeeded> {
    let text = fetch::config().await.map_err(SetUpNeeded::NoConfig)?;
    let config = match Config::read(&text) {
        Ok(config) => config,
        Err(wrong) => return Err(SetUpNeeded::Wrong(wrong, text)),
    };
    let slip = |wrong| SetUpNeeded::Wrong(vec![wrong], String::from("{}"));
    config.check_redirect(&address_bar::here(), &address_bar::resolve(&config.redirect_uri)).map_err(slip)?;
    if let Some(authority) = config.known_authority().map_err(slip)? {
        return Ok(StartConfig { config, authority });
    }
    let url = Authority::discovery_url(&config.authority_settings());
    let document = match fetch::text(&url).await {
        Ok(document) => document,
        Err(why) => return Err(SetUpNeeded::Discovery { why, url, document: None }),
    };
    match Authority::discovered(&config.authority_settings(), &document) {
        Ok(authority) => Ok(StartConfig { config, authority }),
        Err(problem) => Err(SetUpNeeded::Discovery { why: discovery::sentence(&problem), url, document: Some(document) }),
    }
}
