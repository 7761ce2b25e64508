//! Permissions by their names, as they are asked for and as a token answer lists them.

use super::authority::{Authority, ProtocolMode};
use serde::{Deserialize, Serialize};

/// `offline_access` yields the refresh token, the others the id_token.
pub const OIDC: [&str; 3] = ["openid", "profile", "offline_access"];

/// Names of permissions without a resource, such as `User.Read`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Scopes(Vec<String>);

impl Scopes {
    /// By its exact name; case counts.
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

    /// In the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

impl<'a> FromIterator<&'a str> for Scopes {
    fn from_iter<I: IntoIterator<Item = &'a str>>(names: I) -> Self {
        let mut scopes = Self::default();
        scopes.extend(names);
        scopes
    }
}

/// Permission names as a token answer lists them: with or without a resource, beside the OIDC ones.
pub fn granted(list: &str) -> Scopes {
    let names = list.split_whitespace().map(|scope| scope.rsplit('/').next().unwrap_or(scope));
    names.filter(|name| !OIDC.contains(name) && *name != "email").collect()
}

/// What is asked for, as this cloud wants it written: the OIDC scopes, then the permissions.
pub fn written(scopes: &Scopes, authority: &Authority) -> impl Iterator<Item = String> {
    let oidc = OIDC.iter().map(|scope| (*scope).to_owned());
    oidc.chain(scopes.iter().map(|scope| format!("{}{scope}", authority.scope_prefix)))
}

/// Where an administrator allows the app these permissions for the whole tenant; in mode OIDC the authorization endpoint alone.
/// <https://learn.microsoft.com/entra/identity-platform/v2-admin-consent>
pub fn admin_consent_url(authority: &Authority, client_id: &str, redirect_uri: &str, wanted: &Scopes) -> String {
    let root = authority.authorize.trim_end_matches("/oauth2/v2.0/authorize");
    // The v2 endpoint wants names with their resource.
    let resource = if authority.scope_prefix.is_empty() { "https://graph.microsoft.com/" } else { &authority.scope_prefix };
    let scopes: Vec<String> = wanted.iter().map(|scope| format!("{resource}{scope}")).collect();
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("client_id", client_id)
        .append_pair("scope", &scopes.join(" "))
        .append_pair("redirect_uri", redirect_uri)
        .finish();
    match authority.mode {
        ProtocolMode::Aad => format!("{root}/v2.0/adminconsent?{query}"),
        ProtocolMode::Oidc => authority.authorize.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authority::AuthoritySettings;

    fn scopes(names: &[&str]) -> Scopes {
        names.iter().copied().collect()
    }

    fn authority(mode: ProtocolMode, host: &str) -> Authority {
        let settings = AuthoritySettings { authority: &format!("https://{host}/contoso.example"), mode, graph: None };
        Authority::known(&settings).unwrap().unwrap()
    }

    #[test]
    fn each_permission_stands_once_and_in_the_order_it_came() {
        let mut own = scopes(&["b", "a", "b"]);
        own.extend(["c", "a"]);
        assert_eq!(own.iter().collect::<Vec<_>>(), ["b", "a", "c"]);
        assert!(own.contains("c") && !own.contains("C") && !own.contains(""));
    }

    #[test]
    fn granted_are_permissions_without_their_resource_and_without_those_of_openid() {
        let list = "openid profile email offline_access User.Read https://graph.microsoft.us/User.Invite.All";
        assert_eq!(granted(list), scopes(&["User.Read", "User.Invite.All"]));
        assert_eq!(granted(""), Scopes::default());
    }

    #[test]
    fn what_is_asked_for_is_written_as_the_cloud_wants_it() {
        let check = |host: &str, last: &str| {
            let written: Vec<String> = written(&scopes(&["User.Read"]), &authority(ProtocolMode::Aad, host)).collect();
            assert_eq!(written, ["openid", "profile", "offline_access", last]);
        };
        check("login.microsoftonline.com", "User.Read");
        check("login.microsoftonline.us", "https://graph.microsoft.us/User.Read");
    }

    #[test]
    fn an_administrator_allows_at_the_tenants_own_address() {
        let check = |host: &str, resource: &str| {
            let authority = authority(ProtocolMode::Aad, host);
            let address = admin_consent_url(&authority, "client", "https://page.example/auth.html", &scopes(&["User.Read", "Mail.Send"]));
            let url = url::Url::parse(&address).unwrap();
            assert_eq!((url.host_str(), url.path()), (Some(host), "/contoso.example/v2.0/adminconsent"));
            let asked: Vec<(String, String)> = url.query_pairs().into_owned().collect();
            let told = [
                ("client_id", "client".to_owned()),
                ("scope", format!("{resource}User.Read {resource}Mail.Send")),
                ("redirect_uri", "https://page.example/auth.html".into()),
            ];
            assert_eq!(asked, told.map(|(name, value)| (name.to_owned(), value)));
        };
        check("login.microsoftonline.com", "https://graph.microsoft.com/");
        check("login.microsoftonline.us", "https://graph.microsoft.us/");
        let other = authority(ProtocolMode::Oidc, "login.microsoftonline.com");
        assert_eq!(admin_consent_url(&other, "client", "x", &scopes(&[])), other.authorize);
    }
}
