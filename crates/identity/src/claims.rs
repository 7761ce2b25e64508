//! Is this id_token sound, and whose is it? OpenID Connect Core 3.1.3.7; entra-docs docs/identity-platform/id-token-claims-reference.md
//! and access-tokens.md. The signature is not checked: the token came over TLS from the token endpoint itself, which the standard accepts
//! in its place.

use super::authority::{Authority, ProtocolMode};
use super::problem::AuthError;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use serde::{Deserialize, Serialize};
use time::{Millis, Moment};

/// Clocks may differ by this much.
const SKEW: Millis = Millis::minutes(5);

/// Who signed in. `id` is `uid.utid` (or `oid.tid`, or `sub`) and may come from the unsigned `client_info`: a key for caches,
/// never a proof. What belongs to a person is filed under `tenant_id` and `object_id`, both read from the checked id_token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// A key, never a proof.
    pub id: String,
    /// `tid`; empty where an authority sends none.
    pub tenant_id: String,
    /// `oid`: one person in one tenant, for every app; `sub` where an authority sends none (id-token-claims-reference.md).
    pub object_id: String,
    /// For showing alone; the user name where an authority sends none.
    pub name: String,
    /// `preferred_username`, else `sub`: for showing and as a hint, since it may change.
    pub username: String,
    /// Opaque; an optional claim that the app registration asks for (optional-claims-reference.md).
    pub login_hint: Option<String>,
}

pub(super) struct ExpectedClaims<'a> {
    pub(super) authority: &'a Authority,
    pub(super) client_id: &'a str,
    pub(super) nonce: &'a str,
    pub(super) now: Moment,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    aud: Audience,
    azp: Option<String>,
    nonce: Option<String>,
    sub: String,
    oid: Option<String>,
    tid: Option<String>,
    name: Option<String>,
    preferred_username: Option<String>,
    login_hint: Option<String>,
}

/// When a token was made and how long it is good, in seconds since 1970: RFC 7519, 4.1.
#[derive(Deserialize)]
struct Times {
    exp: i64,
    nbf: Option<i64>,
    iat: Option<i64>,
}

impl Times {
    /// Of a token that has just come: it answers this very question, so it was made a moment ago, and times that do not fit are the
    /// clock's.
    fn check(&self, now: Moment) -> Result<(), AuthError> {
        let clock = |fits: bool, what: &str| {
            let issued = self.iat.or(self.nbf).map(Moment::from_unix_seconds);
            if fits { Ok(()) } else { Err(AuthError::wrong_clock(issued.map(|issued| now - issued), what)) }
        };
        clock(Moment::from_unix_seconds(self.exp) + SKEW > now, "the id_token has expired (exp)")?;
        let begins = self.nbf.map_or(now, Moment::from_unix_seconds);
        clock(begins - SKEW <= now, "the id_token is not valid yet (nbf)")
    }
}

/// Whether the computer's clock fits the id_token that came with a renewal, which tells when that was issued (OpenID Connect Core 1.0,
/// 12.2). A token that cannot be read tells nothing: who signed in is known already.
///
/// # Errors
/// By how much the clock differs.
pub(super) fn check_clock(token: &str, now: Moment) -> Result<(), AuthError> {
    times(token).map_or(Ok(()), |times| times.check(now))
}

fn times(token: &str) -> Option<Times> {
    decoded(token.split('.').nth(1)?)
}

/// One recipient, or a list: RFC 7519, 4.1.3.
#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

impl Audience {
    fn as_slice(&self) -> &[String] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Many(many) => many,
        }
    }
}

#[derive(Deserialize)]
struct ClientInfo {
    uid: String,
    utid: String,
}

pub(super) fn read(token: &str, client_info: Option<&str>, expected: &ExpectedClaims<'_>) -> Result<Account, AuthError> {
    let unreadable = || AuthError::unsound("the id_token cannot be read");
    let claims: Claims = token.split('.').nth(1).and_then(decoded).ok_or_else(unreadable)?;
    let unsound = |is_sound: bool, what: &str| if is_sound { Ok(()) } else { Err(AuthError::unsound(what)) };
    let ExpectedClaims { authority, client_id, nonce, now } = expected;
    // OpenID Connect Core 3.1.3.7, rules 3 to 5. Other recipients beside this app do no harm as long as the token was made for
    // it: the token is read here and handed to nobody. So `azp`, which names the app that asked, must be there and be this one;
    // and wherever it stands it must fit.
    let recipients = claims.aud.as_slice();
    unsound(recipients.iter().any(|one| one == client_id), "the id_token is meant for another app (aud)")?;
    unsound(
        claims.azp.is_some() || recipients.len() == 1,
        "the id_token is meant for several apps and does not say which asked (aud, azp)",
    )?;
    unsound(claims.azp.as_deref().is_none_or(|azp| azp == *client_id), "the id_token was made for another app (azp)")?;
    unsound(claims.nonce.as_deref() == Some(nonce), "the id_token answers another question (nonce)")?;
    times(token).ok_or_else(unreadable)?.check(*now)?;
    let tenant = claims.tid.clone().unwrap_or_default();
    unsound(claims.iss == authority.issuer.replace("{tenantid}", &tenant), "the id_token was issued by somebody else (iss)")?;
    if authority.mode == ProtocolMode::Aad {
        unsound(!tenant.is_empty() && claims.iss.split('/').any(|part| part == tenant), "the id_token belongs to another tenant (tid)")?;
        let named = authority.tenant.len() == 36 && authority.tenant.contains('-');
        unsound(!named || authority.tenant.eq_ignore_ascii_case(&tenant), "the id_token belongs to another tenant (tid)")?;
    }
    let info: Option<ClientInfo> = client_info.and_then(decoded);
    let own = match (&claims.oid, &claims.tid) {
        (Some(oid), Some(tid)) => format!("{oid}.{tid}"),
        _ => claims.sub.clone(),
    };
    let object_id = claims.oid.unwrap_or_else(|| claims.sub.clone());
    let username = claims.preferred_username.unwrap_or_else(|| claims.sub.clone());
    Ok(Account {
        id: info.map_or(own, |info| format!("{}.{}", info.uid, info.utid)),
        tenant_id: tenant,
        object_id,
        name: claims.name.unwrap_or_else(|| username.clone()),
        username,
        login_hint: claims.login_hint,
    })
}

fn decoded<T: serde::de::DeserializeOwned>(part: &str) -> Option<T> {
    serde_json::from_slice(&BASE64URL.decode(part.trim_end_matches('=')).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authority::CloudKind;
    use crate::problem::kinds::AuthErrorKind;
    use serde_json::{Value, json};

    const TENANT: &str = "5e1ec7ed-c070-4050-a000-c0ffee000001";

    fn authority(tenant: &str) -> Authority {
        Authority {
            cloud: CloudKind::Other,
            authorize: String::new(),
            token: String::new(),
            logout: None,
            issuer: "https://login.microsoftonline.com/{tenantid}/v2.0".into(),
            tenant: tenant.into(),
            mode: ProtocolMode::Aad,
            graph: String::new(),
            scope_prefix: String::new(),
            admin_center: None,
            my_access: None,
        }
    }

    fn sound() -> Value {
        json!({"iss": format!("https://login.microsoftonline.com/{TENANT}/v2.0"), "aud": "client", "exp": 2000, "nbf": 1000, "nonce": "n",
            "sub": "s", "oid": "o", "tid": TENANT, "name": "Ada", "preferred_username": "ada@contoso.example"})
    }

    fn try_it(change: impl Fn(&mut Value), tenant: &str) -> Result<Account, AuthError> {
        let mut claims = sound();
        change(&mut claims);
        let token = format!("h.{}.s", BASE64URL.encode(claims.to_string()));
        let authority = authority(tenant);
        read(&token, None, &ExpectedClaims { authority: &authority, client_id: "client", nonce: "n", now: Moment(1_500_000) })
    }

    #[test]
    fn a_sound_token_names_its_owner() {
        let account = try_it(|_| {}, TENANT).unwrap();
        assert_eq!((account.id.as_str(), account.name.as_str()), (&*format!("o.{TENANT}"), "Ada"));
        assert_eq!((account.tenant_id.as_str(), account.object_id.as_str()), (TENANT, "o"));
        let without = try_it(|claims| claims["oid"] = Value::Null, TENANT).unwrap();
        assert_eq!(without.object_id, "s");
    }

    #[test]
    fn an_account_has_the_key_of_client_info_and_the_names_that_are_there() {
        let read = |claims: Value, client_info: Option<&str>| {
            let token = format!("h.{}.s", BASE64URL.encode(claims.to_string()));
            let authority = authority(TENANT);
            read(&token, client_info, &ExpectedClaims { authority: &authority, client_id: "client", nonce: "n", now: Moment(1_500_000) })
        };
        // Read with and without the padding that base64url may have.
        let info = format!("{}==", BASE64URL.encode(r#"{"uid":"u","utid":"t"}"#));
        assert_eq!(read(sound(), Some(&info)).unwrap().id, "u.t");
        assert_eq!(read(sound(), Some("unreadable")).unwrap().id, format!("o.{TENANT}"));
        let mut nameless = sound();
        (nameless["name"], nameless["oid"], nameless["login_hint"]) = (Value::Null, Value::Null, json!("hint"));
        let account = read(nameless.clone(), None).unwrap();
        assert_eq!(
            (account.id.as_str(), account.name.as_str(), account.username.as_str()),
            ("s", "ada@contoso.example", "ada@contoso.example")
        );
        assert_eq!(account.login_hint.as_deref(), Some("hint"));
        nameless["preferred_username"] = Value::Null;
        assert_eq!(read(nameless, None).unwrap().name, "s");
    }

    /// Of an authority whose issuer holds one tenant, under the name by which the configuration calls it.
    fn of_one(tenant: &str, tid: Value, mode: ProtocolMode) -> Result<Account, AuthError> {
        let issuer = format!("https://login.microsoftonline.com/{TENANT}/v2.0");
        let authority = Authority { issuer, mode, ..authority(tenant) };
        let mut claims = sound();
        claims["tid"] = tid;
        let token = format!("h.{}.s", BASE64URL.encode(claims.to_string()));
        read(&token, None, &ExpectedClaims { authority: &authority, client_id: "client", nonce: "n", now: Moment(1_500_000) })
    }

    #[test]
    fn a_token_belongs_to_the_tenant_that_issued_it_and_that_was_asked() {
        let check = |tenant: &str, tid: Value, fits: bool| {
            let read = of_one(tenant, tid.clone(), ProtocolMode::Aad);
            assert_eq!(read.is_ok(), fits, "{tenant} {tid}");
            assert!(read.map_or_else(|refused| refused.description.contains("tid"), |account| account.tenant_id == TENANT));
        };
        check(TENANT, json!(TENANT), true);
        check(&TENANT.to_ascii_uppercase(), json!(TENANT), true);
        // Names of a tenant cannot be held against its id.
        check("organizations", json!(TENANT), true);
        check("contoso-north.onmicrosoft.com", json!(TENANT), true);
        check("contosolongestname12.onmicrosoft.com", json!(TENANT), true);
        let other = "11111111-aaaa-bbbb-cccc-000000000000";
        check(other, json!(TENANT), false);
        check("organizations", json!(other), false);
        check("organizations", Value::Null, false);
        check("organizations", json!(""), false);
        // Another provider has no tenants.
        assert_eq!(of_one("realms", Value::Null, ProtocolMode::Oidc).unwrap().tenant_id, "");
    }

    #[test]
    fn an_audience_may_be_a_list() {
        let listed = |aud: Value, azp: Value| try_it(|claims| (claims["aud"], claims["azp"]) = (aud.clone(), azp.clone()), TENANT);
        assert!(listed(json!(["client"]), Value::Null).is_ok());
        assert!(listed(json!(["another-client", "client"]), json!("client")).is_ok());
        assert!(listed(json!(["another-client", "client"]), json!("another-client")).unwrap_err().description.contains("azp"));
    }

    #[test]
    fn whatever_does_not_fit_is_refused_by_name() {
        let check = |name: &str, value: Value| {
            let refused = try_it(|claims| claims[name] = value.clone(), TENANT).expect_err(name);
            assert!(refused.description.contains(name), "{name}: {}", refused.description);
        };
        check("aud", json!("another-client"));
        check("aud", json!([]));
        check("aud", json!(["another-client"]));
        check("aud", json!(["client", "another-client"]));
        check("azp", json!("another-client"));
        check("nonce", json!("replayed"));
        check("nonce", Value::Null);
        check("exp", json!(1000));
        check("nbf", json!(2000));
        check("iss", json!("https://evil.example/v2.0"));
        assert!(try_it(|claims| claims["tid"] = json!("00000000-aaaa-bbbb-cccc-000000000000"), "contoso.example").is_err());
        assert!(try_it(|_| {}, "11111111-aaaa-bbbb-cccc-000000000000").is_err());
        assert!(
            read("garbage", None, &ExpectedClaims { authority: &authority(TENANT), client_id: "client", nonce: "n", now: Moment(0) })
                .is_err()
        );
    }

    /// A case's times: those of the token in place of the sound ones, and the computer's clock.
    fn at(case: &str) -> Result<Account, AuthError> {
        let case: Value = serde_json::from_str(case).unwrap();
        let moment = |text: &Value| Moment::from_iso(text.as_str().unwrap()).unwrap();
        let mut claims = sound();
        for name in ["iat", "nbf", "exp"] {
            claims[name] = json!(moment(&case["id_token_claims"][name]).unix_seconds());
        }
        let token = format!("h.{}.s", BASE64URL.encode(claims.to_string()));
        let authority = authority(TENANT);
        read(&token, None, &ExpectedClaims { authority: &authority, client_id: "client", nonce: "n", now: moment(&case["device_now"]) })
    }

    #[test]
    fn a_clock_may_differ_by_five_minutes_and_is_named_beyond() {
        assert!(at(include_str!("../tests/cases/34-wrong-clock/case-lenient.json")).is_ok());
        let refused = at(include_str!("../tests/cases/34-wrong-clock/case.json")).unwrap_err();
        assert_eq!(refused.kind, AuthErrorKind::WrongClock(Some(Millis::minutes(-10))));
        // The moment of the sound token is 1,500 s; it is good from 1,000 to 2,000.
        let kind = |times: Value| {
            try_it(|claims| times.as_object().unwrap().iter().for_each(|(name, time)| claims[name] = time.clone()), TENANT)
                .map_err(|auth_error| auth_error.kind)
        };
        assert!(kind(json!({"nbf": 1800, "iat": 1800, "exp": 5000})).is_ok(), "five minutes behind");
        assert!(kind(json!({"nbf": 1801, "iat": 1801, "exp": 5000})).is_err());
        assert!(kind(json!({"exp": 1201})).is_ok(), "less than five minutes beyond the end");
        assert_eq!(kind(json!({"exp": 1200})).unwrap_err(), AuthErrorKind::WrongClock(Some(Millis::seconds(500))));
        assert_eq!(kind(json!({"iat": -5700, "nbf": -5700, "exp": 0})).unwrap_err(), AuthErrorKind::WrongClock(Some(Millis::minutes(120))));
        assert_eq!(kind(json!({"exp": 0, "nbf": null})).unwrap_err(), AuthErrorKind::WrongClock(None));
    }
}
