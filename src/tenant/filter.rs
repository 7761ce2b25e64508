//! The part of OData's `$filter` that directory lookups use: `or` and `and` of `name eq 'text'` and
//! `name/any(x:x eq 'text')`. Everything else is refused, as Graph refuses what it does not support.

use super::directory::Person;

/// Whether `person` fits.
///
/// # Errors
/// The part that is not understood.
pub(super) fn fits(filter: &str, person: &Person) -> Result<bool, String> {
    let mut any = false;
    for alternative in split(filter, " or ") {
        let mut all = true;
        for term in split(alternative, " and ") {
            all &= term_fits(term.trim(), person)?;
        }
        any |= all;
    }
    Ok(any)
}

/// The ids, names and addresses that a fitting person must have one of; `None` when the filter asks for something else,
/// too.
pub(super) fn named(filter: &str) -> Option<Vec<String>> {
    const NAMES: [&str; 5] = ["mail", "userPrincipalName", "id", "otherMails/any(", "proxyAddresses/any("];
    let value = |term: &&str| {
        let term = term.trim();
        NAMES.iter().any(|name| term.starts_with(name)).then(|| text(term.rsplit_once(" eq ")?.1.trim_end_matches(')'))).flatten()
    };
    split(filter, " or ").into_iter().map(|alternative| split(alternative, " and ").iter().find_map(value)).collect()
}

/// Splits outside of quotes.
fn split<'a>(text: &'a str, separator: &str) -> Vec<&'a str> {
    let (mut parts, mut start, mut quoted) = (Vec::new(), 0, false);
    for (place, character) in text.char_indices() {
        quoted ^= character == '\'';
        if !quoted && place >= start && text[place..].starts_with(separator) {
            parts.push(&text[start..place]);
            start = place + separator.len();
        }
    }
    parts.push(&text[start..]);
    parts
}

fn term_fits(term: &str, person: &Person) -> Result<bool, String> {
    let unsupported = || format!("Unsupported or invalid query filter clause: {term}");
    if let Some((name, rest)) = term.split_once("/any(") {
        // x:x eq 'text')
        let (_, comparison) = rest.split_once(':').ok_or_else(unsupported)?;
        let (_, wanted) = comparison.split_once(" eq ").ok_or_else(unsupported)?;
        let wanted = text(wanted.strip_suffix(')').ok_or_else(unsupported)?).ok_or_else(unsupported)?;
        let values = match name {
            "otherMails" => &person.other_mails,
            "proxyAddresses" => &person.proxy_addresses,
            _ => return Err(unsupported()),
        };
        return Ok(values.iter().any(|value| value.eq_ignore_ascii_case(&wanted)));
    }
    let (name, wanted) = term.split_once(" eq ").ok_or_else(unsupported)?;
    let wanted = text(wanted).ok_or_else(unsupported)?;
    let value = match name {
        "mail" => person.mail.as_deref(),
        "userPrincipalName" => Some(person.user_principal_name.as_str()),
        "userType" => Some(person.user_type),
        "externalUserState" => person.external_user_state,
        "id" => Some(person.id.as_str()),
        _ => return Err(unsupported()),
    };
    Ok(value.is_some_and(|value| value.eq_ignore_ascii_case(&wanted)))
}

/// The content of a quoted literal, `''` undone.
fn text(literal: &str) -> Option<String> {
    Some(literal.trim().strip_prefix('\'')?.strip_suffix('\'')?.replace("''", "'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_find_whom_they_name() {
        let person = Person {
            id: "1".into(),
            mail: Some("o'neil or x@fabrikam.example".into()),
            other_mails: vec!["b@fabrikam.example".into()],
            user_type: "Guest",
            ..Person::default()
        };
        let check = |filter: &str, expected: Result<bool, ()>| {
            assert_eq!(fits(filter, &person).map_err(drop), expected, "{filter}");
        };
        check("mail eq 'O''Neil or x@fabrikam.example'", Ok(true));
        check("mail eq 'nobody' or otherMails/any(o:o eq 'b@fabrikam.example')", Ok(true));
        check("userType eq 'Guest' and mail eq 'nobody'", Ok(false));
        check("proxyAddresses/any(p:p eq 'SMTP:b@fabrikam.example')", Ok(false));
        check("endsWith(mail,'x')", Err(()));
        check("mail ne 'x'", Err(()));
    }
}
