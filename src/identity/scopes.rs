//! Which permissions are asked for, and when. Least first: what only some features need is asked when they are used.

use super::Authority;
use serde::{Deserialize, Serialize};

/// To see who is signed in, and the name and domains of the tenant.
pub const ONESELF: &str = "User.Read";
/// The least permission of `POST /invitations`.
pub const INVITING: &str = "User.Invite.All";
/// Asked at every sign-in.
pub const BASE: [&str; 2] = [ONESELF, INVITING];
/// Asked when *Check* is to see who is here already: `User.ReadBasic.All` shows neither user type nor state.
pub const DIRECTORY: &str = "User.Read.All";
/// Asked when *Check* is to look for mail contacts, too: no permission on users shows them.
/// <https://learn.microsoft.com/graph/api/orgcontact-list>
pub const CONTACTS: &str = "OrgContact.Read.All";
/// Asked when somebody wants the day's allowance to be worked out instead of answering one question: `User.Read` shows neither the
/// tenant's age nor its subscriptions. <https://learn.microsoft.com/graph/api/organization-list>
pub const SUBSCRIPTION: &str = "Organization.Read.All";
/// `offline_access` yields the refresh token, the others the id_token.
pub const OIDC: [&str; 3] = ["openid", "profile", "offline_access"];

/// Names of permissions without a resource, such as `User.Read`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Scopes(Vec<String>);

impl Scopes {
    pub fn contains(&self, scope: &str) -> bool {
        self.0.iter().any(|own| own == scope)
    }

    /// Adds what is not there yet.
    pub fn extend<'a>(&mut self, scopes: impl IntoIterator<Item = &'a str>) {
        for scope in scopes {
            if !self.contains(scope) {
                self.0.push(scope.to_owned());
            }
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

pub fn base() -> Scopes {
    let mut scopes = Scopes::default();
    scopes.extend(BASE);
    scopes
}

/// Permission names as a token answer lists them: with or without a resource, beside the OIDC ones.
pub fn granted(list: &str) -> Scopes {
    let names = list.split_whitespace().map(|scope| scope.rsplit('/').next().unwrap_or(scope));
    let mut scopes = Scopes::default();
    scopes.extend(names.filter(|name| !OIDC.contains(name) && *name != "email"));
    scopes
}

/// What is asked for, as this cloud wants it written: the OIDC scopes, then the permissions.
pub fn written(scopes: &Scopes, authority: &Authority) -> impl Iterator<Item = String> {
    let oidc = OIDC.iter().map(|scope| (*scope).to_owned());
    oidc.chain(scopes.iter().map(|scope| format!("{}{scope}", authority.scope_prefix)))
}

/// Where an administrator allows the app for the whole tenant: what every sign-in asks for, reading the directory, and `more`.
/// <https://learn.microsoft.com/entra/identity-platform/v2-admin-consent>
pub fn admin_consent_url(authority: &Authority, client_id: &str, redirect_uri: &str, more: Option<&str>) -> String {
    let root = authority.authorize.trim_end_matches("/oauth2/v2.0/authorize");
    // The v2 endpoint wants names with their resource.
    let resource = if authority.scope_prefix.is_empty() { "https://graph.microsoft.com/" } else { &authority.scope_prefix };
    let mut wanted = base();
    wanted.extend([DIRECTORY].into_iter().chain(more));
    let scopes: Vec<String> = wanted.iter().map(|scope| format!("{resource}{scope}")).collect();
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("client_id", client_id)
        .append_pair("scope", &scopes.join(" "))
        .append_pair("redirect_uri", redirect_uri)
        .finish();
    match authority.mode {
        crate::config::ProtocolMode::Aad => format!("{root}/v2.0/adminconsent?{query}"),
        crate::config::ProtocolMode::Oidc => authority.authorize.clone(),
    }
}
