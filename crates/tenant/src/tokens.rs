//! The token endpoint: codes and refresh tokens for access tokens, with Entra's rules for single-page applications.
//! entra-docs docs/identity-platform/v2-oauth2-auth-code-flow.md, refresh-tokens.md, id-token-claims-reference.md.

use super::graph_api::Caller;
use super::sign_in::{Grant, OIDC, Platform, bare};
use super::{Tenant, contoso, entra_errors, json_reply, signing, value};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use graph::{Answer, Headers, Method, Reply, Request, Unreached};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use time::{Millis, Moment};

const CODE_LIFE: Millis = Millis::minutes(10);
/// From first issue, not sliding: refresh-tokens.md.
const REFRESH_LIFE: Millis = Millis::hours(24);

/// An error of the token endpoint, in Entra's shape.
struct TokenRefusal {
    error: &'static str,
    number: u32,
    text: &'static str,
    suberror: Option<&'static str>,
}

fn refuse(error: &'static str, number: u32, text: &'static str) -> TokenRefusal {
    TokenRefusal { error, number, text, suberror: None }
}

impl Tenant {
    /// What the knob makes the token endpoint do instead of answering. Nothing is issued and no code is used up.
    pub(super) fn token_fault(&mut self, request: &Request) -> Option<Answer> {
        let is_asked = request.method == Method::Post && request.path.ends_with("/oauth2/v2.0/token");
        if !is_asked || self.knobs.token_fault.is_empty() || self.knobs.token_fault_times == 0 {
            return None;
        }
        self.knobs.token_fault_times -= 1;
        let html = |status, retry: bool| {
            let headers = Headers::default().with("Content-Type", "text/html").with("Access-Control-Allow-Origin", "*");
            // Whether Entra lets browsers read it is not documented; the knob for Graph's speaks for both.
            let headers = if retry { headers.with("Retry-After", "3") } else { headers };
            let headers =
                if retry && self.knobs.expose_retry_after { headers.with("Access-Control-Expose-Headers", "Retry-After") } else { headers };
            Ok(Reply { status, headers, body: "<html><h1>Service unavailable</h1></html>".into() })
        };
        Some(match self.knobs.token_fault.as_str() {
            "busyRetry" => html(503, true),
            "throttled" => html(429, true),
            "garbled" => html(502, false),
            "portal" => html(200, false),
            "proxy" => Ok(Reply { status: 404, headers: Headers::default().with("Access-Control-Allow-Origin", "*"), body: "{}".into() }),
            "cut" => Err(Unreached::Lost),
            _ => html(503, false),
        })
    }

    pub(super) fn token(&mut self, form: &[(String, String)], request: &Request, now: Moment) -> Reply {
        let origin = request.headers.get("Origin").map(str::to_owned);
        let reply = match self.redeem_grant(form, origin.is_some(), now) {
            Ok(body) => json_reply(200, &body),
            Err(refusal) => self.token_error(&refusal, now),
        };
        // Browsers may read the answer for redirect URIs of platform spa alone: reply-url.md.
        let spa = value(form, "client_id") == Some(contoso::CLIENT_ID);
        match origin.filter(|_| spa) {
            Some(origin) => Reply { headers: reply.headers.with("Access-Control-Allow-Origin", origin), ..reply },
            None => reply,
        }
    }

    fn redeem_grant(&mut self, form: &[(String, String)], cross_origin: bool, now: Moment) -> Result<Value, TokenRefusal> {
        let get = |name| value(form, name);
        let platform = match get("client_id") {
            Some(contoso::CLIENT_ID) => Platform::Spa,
            Some(contoso::WEB_CLIENT_ID) => Platform::Web,
            Some(_) => return Err(refuse("unauthorized_client", 700_016, "The application was not found in the directory.")),
            None => return Err(refuse("invalid_request", 900_144, "The request body must contain the following parameter: 'client_id'.")),
        };
        match (platform, cross_origin) {
            (Platform::Spa, false) => {
                return Err(refuse(
                    "invalid_request",
                    9_002_327,
                    "Tokens issued for the 'Single-Page Application' client-type may only be redeemed via cross-origin requests.",
                ));
            }
            (Platform::Web, true) => {
                return Err(refuse(
                    "invalid_request",
                    9_002_326,
                    "Cross-origin token redemption is permitted only for the 'Single-Page Application' client-type.",
                ));
            }
            _ => {}
        }
        if get("client_secret").is_some() {
            return Err(refuse(
                "invalid_client",
                700_025,
                "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.",
            ));
        }
        let grant = match get("grant_type") {
            Some("authorization_code") => self.redeem_code(form, now)?,
            Some("refresh_token") => self.redeem_refresh(form, now)?,
            _ => return Err(refuse("unsupported_grant_type", 70003, "The app requested an unsupported grant type.")),
        };
        let asked: Vec<String> = get("scope").map_or_else(Vec::new, |scope| scope.split_whitespace().map(bare).collect());
        if asked.iter().any(|scope| !OIDC.contains(&scope.as_str()) && !self.consented(&grant.user, scope)) {
            return Err(TokenRefusal {
                suberror: Some("consent_required"),
                ..refuse("invalid_grant", 65001, "The user or administrator has not consented to use the application.")
            });
        }
        Ok(self.issue(grant, asked, now))
    }

    fn redeem_code(&mut self, form: &[(String, String)], now: Moment) -> Result<Grant, TokenRefusal> {
        if self.knobs.token_error != 0 {
            let (error, text) = entra_errors::told(self.knobs.token_error, "invalid_grant");
            return Err(refuse(error, self.knobs.token_error, text));
        }
        let grant = value(form, "code").and_then(|code| self.sign_in.codes.get_mut(code));
        let grant = grant.ok_or_else(|| refuse("invalid_grant", 9_002_313, "Invalid request. Request is malformed or invalid."))?;
        if grant.used {
            return Err(refuse("invalid_grant", 54005, "OAuth2 Authorization code was already redeemed."));
        }
        if now - grant.issued > CODE_LIFE {
            return Err(refuse("invalid_grant", 70008, "The provided authorization code has expired."));
        }
        if value(form, "client_id") != Some(&grant.client) || value(form, "redirect_uri") != Some(&grant.redirect) {
            return Err(refuse("invalid_grant", 50011, "The redirect URI does not match the one the code was issued for."));
        }
        if let Some(challenge) = &grant.challenge {
            let verifier = value(form, "code_verifier").ok_or_else(|| refuse("invalid_grant", 50147, "Missing code_verifier."))?;
            if BASE64URL.encode(Sha256::digest(verifier)) != *challenge {
                return Err(refuse(
                    "invalid_grant",
                    501_481,
                    "The Code_Verifier does not match the code_challenge supplied in the authorization request.",
                ));
            }
        }
        grant.used = true;
        Ok(Grant { issued: now, ..grant.clone() })
    }

    fn redeem_refresh(&mut self, form: &[(String, String)], now: Moment) -> Result<Grant, TokenRefusal> {
        if self.knobs.refresh_error != 0 {
            let (error, text) = entra_errors::told(self.knobs.refresh_error, "invalid_grant");
            return Err(refuse(error, self.knobs.refresh_error, text));
        }
        let grant = value(form, "refresh_token").and_then(|token| self.sign_in.refresh.get(token)).cloned();
        let grant = grant.filter(|grant| value(form, "client_id") == Some(&grant.client));
        let grant = grant.ok_or_else(|| TokenRefusal {
            suberror: Some("bad_token"),
            ..refuse("invalid_grant", 9_002_313, "Invalid request. Request is malformed or invalid.")
        })?;
        if now - grant.issued >= REFRESH_LIFE {
            return Err(refuse(
                "invalid_grant",
                700_084,
                "The refresh token was issued to a single page app (SPA), and therefore has a fixed, limited lifetime of 24 hours, which can't be extended.",
            ));
        }
        Ok(grant)
    }

    /// A new refresh token inherits what is left of the first one's life; the old one is not revoked.
    fn issue(&mut self, grant: Grant, asked: Vec<String>, now: Moment) -> Value {
        let scopes = if asked.is_empty() { grant.scopes.clone() } else { asked };
        let user = self.directory.by_id(&grant.user).cloned().unwrap_or_default();
        let life = i64::from(self.knobs.access_token_seconds);
        let access = self.ids.secret();
        let permissions: Vec<String> = scopes.iter().filter(|scope| !OIDC.contains(&scope.as_str())).cloned().collect();
        let caller = Caller { id: grant.user.clone(), scopes: permissions.clone(), stepped_up: grant.stepped_up };
        self.sign_in.access.insert(access.clone(), (caller, now + Millis::seconds(life)));
        let mut body = json!({
            "token_type": self.knobs.token_type, "scope": permissions.join(" "), "expires_in": life, "ext_expires_in": life, "access_token": access,
            "client_info": BASE64URL.encode(json!({"uid": user.id, "utid": contoso::TENANT_ID}).to_string()),
        });
        if scopes.iter().any(|scope| scope == "openid") {
            let issued = now.unix_seconds() + self.knobs.identity_clock_seconds - self.knobs.clock_hours * 3600;
            body["id_token"] = json!(signing::jwt(&json!({
                "aud": grant.client, "iss": self.issuer(), "iat": issued, "nbf": issued, "exp": issued + life,
                "name": user.display_name, "nonce": grant.nonce, "oid": user.id, "preferred_username": user.user_principal_name,
                "sub": format!("pairwise-{}", user.id), "tid": contoso::TENANT_ID, "ver": "2.0", "login_hint": user.user_principal_name,
            })));
        }
        if scopes.iter().any(|scope| scope == "offline_access") {
            let token = self.ids.secret();
            body["refresh_token_expires_in"] = json!((grant.issued + REFRESH_LIFE - now).in_seconds());
            self.sign_in.refresh.insert(token.clone(), grant);
            body["refresh_token"] = json!(token);
        }
        body
    }

    fn token_error(&mut self, refusal: &TokenRefusal, now: Moment) -> Reply {
        let (trace, correlation) = (self.ids.guid(), self.ids.guid());
        let mut body = json!({
            "error": refusal.error, "error_codes": [refusal.number], "timestamp": now.iso(), "trace_id": trace, "correlation_id": correlation,
            "error_description": format!("AADSTS{}: {} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {}", refusal.number, refusal.text, now.iso()),
            "error_uri": format!("{}/error?code={}", self.origins.identity, refusal.number),
        });
        if let Some(suberror) = refusal.suberror {
            body["suberror"] = json!(suberror);
        }
        // RFC 6749, 5.2; reports of 7000218 have it so.
        json_reply(if refusal.error == "invalid_client" { 401 } else { 400 }, &body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{NOW, tenant};

    /// RFC 7636, appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    const REDIRECT: &str = "http://page/auth.html";

    fn grant() -> Grant {
        Grant {
            client: contoso::CLIENT_ID.into(),
            redirect: REDIRECT.into(),
            user: "u".into(),
            scopes: vec!["openid".into(), "offline_access".into(), "User.Read".into()],
            nonce: Some("n".into()),
            challenge: Some(CHALLENGE.into()),
            issued: NOW,
            used: false,
            stepped_up: false,
        }
    }

    /// A tenant in which the person of the grant has one code and one refresh token.
    fn asked_once() -> Tenant {
        let mut tenant = tenant("guest-inviter", &[]);
        tenant.sign_in.codes.insert("code".into(), grant());
        tenant.sign_in.refresh.insert("refresh".into(), grant());
        tenant.sign_in.consents.insert(("u".into(), "User.Read".into()));
        tenant
    }

    /// Error number, or the answer.
    fn redeemed(tenant: &mut Tenant, change: &[(&str, &str)], now: Moment) -> Result<Value, (u32, Option<&'static str>)> {
        let code = ("grant_type", "authorization_code");
        let usual = [("client_id", contoso::CLIENT_ID), code, ("code", "code"), ("redirect_uri", REDIRECT), ("code_verifier", VERIFIER)];
        let kept = usual.into_iter().filter(|(name, _)| change.iter().all(|(other, _)| other != name)).chain(change.iter().copied());
        let form: Vec<(String, String)> = kept.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        tenant.redeem_grant(&form, true, now).map_err(|refusal| (refusal.number, refusal.suberror))
    }

    #[test]
    fn a_code_is_good_once_for_ten_minutes_and_for_whoever_asked() {
        let check = |change: &[(&str, &str)], after: Millis, number: u32| {
            let refused = redeemed(&mut asked_once(), change, NOW + after).unwrap_err();
            assert_eq!(refused, (number, None), "{change:?}");
        };
        check(&[("code", "another")], Millis(0), 9_002_313);
        check(&[("redirect_uri", "http://page/")], Millis(0), 50011);
        check(&[("code_verifier", "")], Millis(0), 50147);
        check(&[("code_verifier", CHALLENGE)], Millis(0), 501_481);
        check(&[("client_secret", "x")], Millis(0), 700_025);
        check(&[("client_id", contoso::WEB_CLIENT_ID)], Millis(0), 9_002_326);
        check(&[("grant_type", "password")], Millis(0), 70003);
        check(&[], CODE_LIFE + Millis(1), 70008);
        let mut tenant = asked_once();
        assert!(redeemed(&mut tenant, &[], NOW + CODE_LIFE).is_ok());
        assert_eq!(redeemed(&mut tenant, &[], NOW + CODE_LIFE), Err((54005, None)));
        let mut foreign = asked_once();
        foreign.sign_in.codes.insert("code".into(), Grant { client: contoso::WEB_CLIENT_ID.into(), ..grant() });
        assert_eq!(redeemed(&mut foreign, &[], NOW), Err((50011, None)));
    }

    #[test]
    fn a_refresh_token_lasts_a_day_from_the_first_issue_and_stays_with_its_app() {
        let by_refresh = [("grant_type", "refresh_token"), ("refresh_token", "refresh")];
        let last = redeemed(&mut asked_once(), &by_refresh, NOW + REFRESH_LIFE - Millis::seconds(1)).unwrap();
        assert_eq!(last["refresh_token_expires_in"], 1);
        assert_eq!(redeemed(&mut asked_once(), &by_refresh, NOW + REFRESH_LIFE), Err((700_084, None)));
        let unknown = [("grant_type", "refresh_token"), ("refresh_token", "another")];
        assert_eq!(redeemed(&mut asked_once(), &unknown, NOW), Err((9_002_313, Some("bad_token"))));
        let mut foreign = asked_once();
        foreign.sign_in.refresh.insert("refresh".into(), Grant { client: contoso::WEB_CLIENT_ID.into(), ..grant() });
        assert_eq!(redeemed(&mut foreign, &by_refresh, NOW), Err((9_002_313, Some("bad_token"))));
    }

    #[test]
    fn what_was_not_allowed_is_not_given() {
        let scope = |scope: &str| redeemed(&mut asked_once(), &[("scope", scope)], NOW);
        assert_eq!(scope("openid Mail.Send"), Err((65001, Some("consent_required"))));
        let answer = scope("https://graph.microsoft.com/User.Read").unwrap();
        assert_eq!((&answer["scope"], answer.get("id_token"), answer.get("refresh_token")), (&json!("User.Read"), None, None));
        let all = redeemed(&mut asked_once(), &[], NOW).unwrap();
        assert_eq!((&all["scope"], all["refresh_token"].is_string(), &all["expires_in"]), (&json!("User.Read"), true, &json!(4500)));
    }

    #[test]
    fn an_id_token_shows_the_identity_platforms_own_clock() {
        let times = |seconds: i64, hours: i64| {
            let mut tenant = asked_once();
            (tenant.knobs.identity_clock_seconds, tenant.knobs.clock_hours) = (seconds, hours);
            let answer = redeemed(&mut tenant, &[], NOW).unwrap();
            let part = answer["id_token"].as_str().unwrap().split('.').nth(1).unwrap();
            let claims: Value = serde_json::from_slice(&BASE64URL.decode(part).unwrap()).unwrap();
            assert_eq!((&claims["nonce"], &claims["aud"]), (&json!("n"), &json!(contoso::CLIENT_ID)));
            ["iat", "nbf", "exp"].map(|name| claims[name].as_i64().unwrap() - NOW.unix_seconds())
        };
        assert_eq!((times(0, 0), times(7, 0), times(0, 2)), ([0, 0, 4500], [7, 7, 4507], [-7200, -7200, -2700]));
    }

    fn post(tenant: &mut Tenant, path: &str, form: &str, origin: Option<&str>) -> Answer {
        let headers = origin.map_or_else(Headers::default, |origin| Headers::default().with("Origin", origin));
        let request = Request { method: Method::Post, path: path.into(), headers, body: Some(form.into()) };
        tenant.answer(crate::Side::Identity, &request, NOW).answer
    }

    const ENDPOINT: &str = "/organizations/oauth2/v2.0/token";

    #[test]
    fn the_token_endpoint_fails_as_often_and_in_the_way_that_was_asked_for() {
        let faulty = |fault: &str, exposes: bool| {
            let mut tenant = asked_once();
            (tenant.knobs.token_fault, tenant.knobs.token_fault_times, tenant.knobs.expose_retry_after) = (fault.into(), 2, exposes);
            tenant
        };
        let check = |fault: &str, status: u16, body: &str, wait: Option<&str>| {
            for (exposes, names) in [(true, wait.map(|_| "Retry-After")), (false, None)] {
                let reply = post(&mut faulty(fault, exposes), ENDPOINT, "", None).unwrap();
                assert!(reply.status == status && reply.body.starts_with(body), "{fault}: {}", reply.body);
                assert_eq!(
                    (reply.headers.get("Retry-After"), reply.headers.get("Access-Control-Expose-Headers")),
                    (wait, names),
                    "{fault}"
                );
            }
        };
        check("busy", 503, "<html>", None);
        check("busyRetry", 503, "<html>", Some("3"));
        check("throttled", 429, "<html>", Some("3"));
        check("garbled", 502, "<html>", None);
        check("portal", 200, "<html>", None);
        check("proxy", 404, "{}", None);
        let mut tenant = faulty("cut", true);
        let status = |tenant: &mut Tenant, path: &str| post(tenant, path, "", None).map(|reply| reply.status);
        // Other addresses are none of its business, nor is what only reads.
        assert_eq!(status(&mut tenant, "/organizations/oauth2/v2.0/logout"), Ok(200));
        let read = Request { method: Method::Get, path: ENDPOINT.into(), headers: Headers::default(), body: None };
        assert_eq!(tenant.answer(crate::Side::Identity, &read, NOW).answer.map(|reply| reply.status), Ok(404));
        let all = [(); 3].map(|()| status(&mut tenant, ENDPOINT));
        assert_eq!(all, [Err(Unreached::Lost), Err(Unreached::Lost), Ok(400)]);
        assert_eq!(status(&mut faulty("", true), ENDPOINT), Ok(400));
    }

    #[test]
    fn browsers_may_read_answers_for_single_page_applications_alone() {
        let allowed = |form: &str, origin: Option<&str>| {
            let reply = post(&mut asked_once(), ENDPOINT, form, origin).unwrap();
            reply.headers.get("Access-Control-Allow-Origin").map(str::to_owned)
        };
        let (own, web) = (format!("client_id={}", contoso::CLIENT_ID), format!("client_id={}", contoso::WEB_CLIENT_ID));
        assert_eq!(allowed(&own, Some("http://page")).as_deref(), Some("http://page"));
        assert_eq!((allowed(&own, None), allowed(&web, Some("http://page")), allowed("", Some("http://page"))), (None, None, None));
    }

    #[test]
    fn a_refresh_token_counts_from_when_its_code_was_redeemed() {
        let answer = redeemed(&mut asked_once(), &[], NOW + Millis::minutes(9)).unwrap();
        assert_eq!(answer["refresh_token_expires_in"], 86_400);
    }
}
