//! Errors of Entra that a knob asks for by their number: the OAuth error and the text that come with each.
//! Numbers and texts: entra-docs docs/identity-platform/reference-error-codes.md, and for what is missing there the public
//! reports that the crate `identity` names.

/// The error and the beginning of its description; `usual` is the error of numbers that are not listed.
pub(super) const fn told(number: u32, usual: &'static str) -> (&'static str, &'static str) {
    match number {
        650_053 => (
            "invalid_client",
            "The application 'Guestlist' asked for scope 'OrgContact.Read.All' that doesn't exist on the resource '00000003-0000-0000-c000-000000000000'. Contact the app vendor.",
        ),
        700_016 => ("unauthorized_client", "The application was not found in the directory."),
        7_000_112 => ("unauthorized_client", "The application is disabled."),
        500_014 => ("invalid_resource", "The service principal for resource 'https://graph.microsoft.com' is disabled."),
        7_000_218 => ("invalid_client", "The request body must contain the following parameter: 'client_assertion' or 'client_secret'."),
        70002 => ("invalid_client", "The provided request must include a 'client_secret' input parameter."),
        9_002_326 => ("invalid_request", "Cross-origin token redemption is permitted only for the 'Single-Page Application' client-type."),
        9_002_327 => (
            "invalid_request",
            "Tokens issued for the 'Single-Page Application' client-type may only be redeemed via cross-origin requests.",
        ),
        500_113 => ("invalid_request", "No reply address is registered for the application."),
        _ => (usual, "The knob of the sample tenant asks for this error."),
    }
}

/// Whether Entra only shows it: there is no address, or none that may be trusted, to bring the person back to.
pub(super) const fn is_only_shown(number: u32) -> bool {
    matches!(number, 50011 | 500_113 | 900_971 | 90002 | 700_016)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_that_is_listed_has_its_error_and_words_of_its_own() {
        let check = |number: u32, error: &str, words: &str| {
            let (told, text) = told(number, "usual");
            assert!(told == error && text.contains(words), "{number}: {told} {text}");
        };
        check(650_053, "invalid_client", "OrgContact.Read.All");
        check(700_016, "unauthorized_client", "not found");
        check(7_000_112, "unauthorized_client", "disabled");
        check(500_014, "invalid_resource", "service principal");
        check(7_000_218, "invalid_client", "client_assertion");
        check(70002, "invalid_client", "client_secret");
        check(9_002_326, "invalid_request", "permitted only");
        check(9_002_327, "invalid_request", "may only be redeemed");
        check(500_113, "invalid_request", "reply address");
        check(1, "usual", "knob");
        assert!(is_only_shown(500_113) && is_only_shown(50011) && !is_only_shown(65001));
    }
}
