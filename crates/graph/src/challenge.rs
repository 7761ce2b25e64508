//! A claims challenge: what Graph wants proved before it goes on. It arrives in `WWW-Authenticate` as base64 of a JSON object
//! and goes to the identity platform as that JSON. <https://learn.microsoft.com/entra/identity-platform/claims-challenge>

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;
use url::form_urlencoded;

/// What a header demands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Challenge {
    /// The JSON object to hand to the identity platform, decoded.
    Claims(String),
    /// Something is demanded, but what cannot be read: why not.
    Unusable(&'static str),
}

/// The first readable claims challenge of a `WWW-Authenticate` header, which may hold several challenges: a browser joins all
/// headers of that name with commas (RFC 9110, 5.3 and 11.6.1). `None` where no claims are demanded.
pub(super) fn read(header: &str) -> Option<Challenge> {
    let mut unusable = None;
    for challenge in challenges(header) {
        let get = |name: &str| challenge.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str());
        if !get("error").is_some_and(|error| error.eq_ignore_ascii_case("insufficient_claims")) {
            continue;
        }
        match get("claims").map_or(Err("it names no claims"), decoded) {
            Ok(claims) => return Some(Challenge::Claims(claims)),
            Err(why) => unusable = unusable.or(Some(Challenge::Unusable(why))),
        }
    }
    unusable
}

/// Base64 in either alphabet, with padding or without, of a JSON object.
fn decoded(claims: &str) -> Result<String, &'static str> {
    // Some services send the object as it is, or as part of an address.
    if json::is_object(claims) {
        return Ok(claims.to_owned());
    }
    let plain: String = form_urlencoded::parse(format!("claims={claims}").as_bytes()).map(|(_, value)| value).take(1).collect();
    if json::is_object(&plain) {
        return Ok(plain);
    }
    let standard = claims.trim().trim_end_matches('=').replace('-', "+").replace('_', "/");
    let bytes = BASE64.decode(standard).map_err(|_| "its claims are not base64")?;
    let json = String::from_utf8(bytes).map_err(|_| "its claims are not UTF-8")?;
    json::is_object(&json).then_some(json).ok_or("its claims are not a JSON object")
}

/// The parameters of each `Bearer` challenge. Others are read over.
fn challenges(header: &str) -> Vec<Vec<(String, String)>> {
    let mut found: Vec<(bool, Vec<(String, String)>)> = Vec::new();
    let mut rest = header;
    loop {
        rest = rest.trim_start_matches(|one: char| matches!(one, ',' | ';') || one.is_ascii_whitespace());
        let (word, after) =
            rest.split_at(rest.find(|one: char| matches!(one, ',' | '=' | '"') || one.is_ascii_whitespace()).unwrap_or(rest.len()));
        let value = after.trim_start().strip_prefix('=').map(str::trim_start);
        match (word.is_empty(), value) {
            (true, _) if rest.is_empty() => break,
            // Not to be understood: one character further.
            (true, _) => rest = &rest[rest.chars().next().map_or(0, char::len_utf8)..],
            (false, Some(value)) => {
                let (text, after) = parameter(value);
                if let Some((_, parameters)) = found.last_mut() {
                    parameters.push((word.into(), text));
                }
                rest = after;
            }
            (false, None) => {
                found.push((word.eq_ignore_ascii_case("Bearer"), Vec::new()));
                rest = after;
            }
        }
    }
    found.into_iter().filter(|(is_bearer, _)| *is_bearer).map(|(_, parameters)| parameters).collect()
}

/// A quoted string with its escapes taken away, or what stands before the next comma or blank; and what follows.
fn parameter(value: &str) -> (String, &str) {
    let Some(quoted) = value.strip_prefix('"') else {
        let (plain, after) = value.split_at(value.find(|one: char| one == ',' || one.is_ascii_whitespace()).unwrap_or(value.len()));
        return (plain.into(), after);
    };
    let mut text = String::new();
    let mut characters = quoted.char_indices();
    while let Some((place, one)) = characters.next() {
        match one {
            '"' => return (text, &quoted[place + 1..]),
            '\\' => text.extend(characters.next().map(|(_, escaped)| escaped)),
            _ => text.push(one),
        }
    }
    (text, "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

    /// Both alphabets differ in it.
    const WANTED: &str = r#"{"access_token":{"acrs":{"essential":true,"value":"c1>?~"}}}"#;

    fn claims(header: &str) -> Option<String> {
        match read(header) {
            Some(Challenge::Claims(claims)) => Some(claims),
            _ => None,
        }
    }

    #[test]
    fn claims_are_decoded_wherever_they_stand() {
        let (standard, url_safe) = (STANDARD.encode(WANTED), URL_SAFE_NO_PAD.encode(WANTED));
        assert_ne!(standard.trim_end_matches('='), url_safe);
        for header in [
            format!(r#"Bearer realm="", authorization_uri="https://login.example/a, b", error="insufficient_claims", claims="{standard}""#),
            format!(r#"Bearer claims="{url_safe}", error="insufficient_claims""#),
            format!(r#"bearer Claims = "{standard}" , ERROR="insufficient_claims""#),
            format!("Bearer error=insufficient_claims, claims={standard}"),
            // Among others: a token68, a quoted word that looks like a challenge, an escape, a Bearer without claims.
            format!(
                r#"Negotiate YWJj==, Digest realm="Bearer error=\"insufficient_claims\", claims=\"e30\"", Bearer error="invalid_token", Bearer error="insufficient_claims", claims="{url_safe}""#
            ),
            format!(r#"Bearer error="Insufficient_Claims"; claims="{standard}""#),
            format!(
                r#"Bearer error="insufficient_claims", claims="{}""#,
                form_urlencoded::byte_serialize(WANTED.as_bytes()).collect::<String>()
            ),
            format!(r#"Bearer error="insufficient_claims", claims="%%%", Bearer error="insufficient_claims", claims="{url_safe}""#),
        ] {
            assert_eq!(claims(&header).as_deref(), Some(WANTED), "{header}");
        }
    }

    #[test]
    fn escapes_are_taken_away_and_what_cannot_be_understood_is_read_over() {
        assert_eq!(claims(r#"Bearer error="insufficient_claims", claims="{\"a\":{}}""#).as_deref(), Some(r#"{"a":{}}"#));
        let url_safe = URL_SAFE_NO_PAD.encode(WANTED);
        let header = format!(r#""?" Bearer error="insufficient_claims", claims="{url_safe}""#);
        assert_eq!(claims(&header).as_deref(), Some(WANTED));
    }

    #[test]
    fn what_is_no_json_object_is_never_handed_on() {
        let check = |claims: &str, why: &'static str| {
            let header = format!(r#"Bearer error="insufficient_claims", claims="{claims}""#);
            assert_eq!(read(&header), Some(Challenge::Unusable(why)), "{claims}");
        };
        check("not base64!", "its claims are not base64");
        check(&STANDARD.encode([0xff, 0xfe]), "its claims are not UTF-8");
        check(&STANDARD.encode("[]"), "its claims are not a JSON object");
        check(&STANDARD.encode("{\"a\":"), "its claims are not a JSON object");
        check("", "its claims are not a JSON object");
        assert_eq!(read(r#"Bearer error="insufficient_claims""#), Some(Challenge::Unusable("it names no claims")));
    }

    #[test]
    fn no_claims_are_demanded_by_anything_else() {
        let claims = STANDARD.encode(WANTED);
        for header in [
            String::new(),
            "Bearer".into(),
            r#"Bearer error="invalid_token", error_description="insufficient_claims claims=\"e30\"""#.into(),
            format!(r#"Bearer error="invalid_token", claims="{claims}""#),
            format!(r#"PoP error="insufficient_claims", claims="{claims}""#),
            r#"claims="e30", error="insufficient_claims""#.into(),
            "\"\"\" = , =, é, \"".into(),
        ] {
            assert_eq!(read(&header), None, "{header}");
        }
    }
}
