//! What went wrong while signing in, for a person.

use super::{Explain, Words, count};
use crate::permissions::BASE;
use identity::AuthError;
use identity::authority::CloudKind;
use identity::problem::kinds::AuthErrorKind;
use time::Millis;

/// Which cloud this is, by name, for the banner and in sentences.
pub const fn cloud(kind: CloudKind) -> &'static str {
    match kind {
        CloudKind::Public => "Microsoft cloud",
        CloudKind::UsGovernment => "US Government cloud",
        CloudKind::China => "China cloud (21Vianet)",
        CloudKind::Loopback => "Sample tenant",
        CloudKind::Other => "Own identity provider",
    }
}

impl Explain for AuthError {
    #[rustfmt::skip]
    fn words(&self) -> Words {
        let w = Words::new;
        match self.kind {
            AuthErrorKind::InteractionNeeded => w("Microsoft wants you to sign in.", "A silent renewal was not possible.", "You can.", "Sign in again; everything here is kept."),
            AuthErrorKind::ConsentNeeded => w("A permission has not been allowed yet.", "Neither you nor an administrator has consented to what this page asks for.", "You, or an administrator of your tenant.", "Sign in again and accept, or send the admin-consent link to an administrator."),
            AuthErrorKind::ConsentWithdrawn => w("A permission of this page was withdrawn.", "You, or an administrator, had allowed it and took it back, or the page's app was changed.", "You, or an administrator of your tenant.", "Allow it again, or send the admin-consent link to an administrator; everything here is kept."),
            AuthErrorKind::Declined => w("You did not finish signing in.", "The sign-in or the consent was cancelled.", "You can.", "Sign in when you are ready; nothing was lost."),
            AuthErrorKind::AppMisconfigured => w("The app registration does not fit this tenant.", "Its list of permissions, its supported account types or the resource it names is wrong.", "Whoever registered the app for this page.", "Compare the registration with the set-up page."),
            AuthErrorKind::AdminConsentNeeded => w("An administrator has to allow this app first.", "Your tenant reserves consent for such permissions to administrators.", "A Cloud Application Administrator or Global Administrator.", "Send them the admin-consent link; then sign in again."),
            AuthErrorKind::MfaNeeded => w("Microsoft asks for one more proof.", "Multi-factor authentication is needed, has expired or is not set up.", "You can.", "Sign in again and follow Microsoft's instructions."),
            AuthErrorKind::AccountChoice => w("Microsoft could not tell which account to use.", "Several accounts are signed in, or the chosen one has been signed out.", "You can.", "Sign in and pick your account."),
            AuthErrorKind::NotInTenant => w("This account is not in this tenant.", "It does not exist there, or its own guest invitation is still waiting.", "You can use another account; an administrator of the tenant can add this one.", "Sign in with an account of the tenant."),
            AuthErrorKind::CrossTenant => w("A policy between two tenants blocks this sign-in.", "Outbound or inbound cross-tenant access, or tenant restrictions, do not allow it.", "Security Administrators of both tenants.", "Show them the details."),
            AuthErrorKind::WrongAccountType => w("This kind of account cannot be used here.", "The app accepts work or school accounts of its tenant, not personal ones.", "You can.", "Sign in with your work or school account."),
            AuthErrorKind::NotAssigned => w("You are not assigned to this app.", "The tenant allows it to chosen people only.", "Whoever owns the enterprise application.", "Ask to be assigned, then sign in again."),
            AuthErrorKind::UnknownApp => w("Microsoft does not know this app in this tenant.", "The app id (auth.clientId) or the tenant (auth.authority) in config.json is mistyped, the registration lies in another tenant, or it was deleted.", "Whoever publishes this page.", "Compare auth.clientId with “Application (client) ID” on the registration's overview, and auth.authority with “Directory (tenant) ID” there."),
            AuthErrorKind::AppDisabled => w("The app of this page is switched off in this tenant.", "An administrator has set “Enabled for users to sign in” to No, or Microsoft has deactivated the app.", "A Cloud Application Administrator, in the Entra admin center under Enterprise applications, this app, Properties.", "Ask them to set “Enabled for users to sign in” to Yes; then sign in again."),
            AuthErrorKind::GraphDisabled => w("Microsoft Graph is switched off in this tenant.", "An administrator has disabled the enterprise application “Microsoft Graph”, which this page asks for everything.", "A Cloud Application Administrator, in the Entra admin center under Enterprise applications, Microsoft Graph, Properties.", "Ask them to set “Enabled for users to sign in” to Yes; then sign in again."),
            AuthErrorKind::UnknownPermission => unknown_permission(self.permission()),
            AuthErrorKind::UnknownTenant => w("Microsoft does not know this tenant.", "The tenant in auth.authority of config.json is mistyped, belongs to another national cloud, or does not exist any more.", "Whoever publishes this page.", "Write the tenant's id or one of its verified domains there: both stand on the overview of the Entra admin center."),
            AuthErrorKind::TenantNeeded => w("config.json has to name your tenant.", "The app was registered for one tenant, and auth.authority names none.", "Whoever publishes this page.", "Write the tenant's id or one of its domains in place of “organizations” in auth.authority."),
            AuthErrorKind::AppRefused => w("Microsoft does not accept the app of this page.", "It gave a reason that this page does not know; it is under the details.", "Whoever registered the app, or an administrator of your tenant.", "Show them the details. Compare the registration with the set-up page."),
            AuthErrorKind::OurBug => w("The sign-in request was not well formed.", "This page made a mistake, or the sign-in took very long.", "The makers of this page.", "Try once more; if it happens again, copy the details and report them."),
            AuthErrorKind::RedirectMismatch => w("This page's address is not registered.", "The app registration lists other redirect URIs, or none.", "Whoever registered the app.", "Add this page's auth.html as a redirect URI of platform “Single-page application”."),
            AuthErrorKind::WrongPlatform => w("The redirect URI is registered for the wrong platform.", "It must be of type “Single-page application”, not “Web” or “Mobile and desktop”: those are for apps on servers and devices, from which Microsoft asks other proofs.", "Whoever registered the app, under “Authentication”.", "Move the redirect URI to the platform “Single-page application”. Make no client secret, whatever the details say: a page in a browser could not keep it."),
            AuthErrorKind::OriginRemoved => w("Something changed the sign-in request on its way.", "Browsers send with it which site it comes from (the header “Origin”), and it came without.", "Whoever runs the proxy of your network, or the extensions of this browser.", "Try another browser without extensions, or another network. The app registration is right."),
            AuthErrorKind::WrongClock(ahead) => wrong_clock(ahead),
            AuthErrorKind::Unanswered => w("You came back from signing in without an answer from Microsoft.", "Signing in was not finished, or Microsoft's page showed an error: some are shown only there.", "You can; an error that begins with AADSTS is for whoever registered the app.", "Sign in again. AADSTS50011, 500113 or 900971 on Microsoft's page means that this page's auth.html is missing among the redirect URIs of platform “Single-page application”; 700016 or 90002, that config.json names another app or tenant. With any other number ask your administrator."),
            AuthErrorKind::NotOurs => w("That sign-in is over.", "Its answer was used before, which the browser's Back and Forward can bring about, or this tab did not begin it.", "You can.", "Sign in again; everything here is kept."),
            AuthErrorKind::CodeSpent => w("That sign-in is over.", "Its answer was used before, or is too old: it holds for about ten minutes, and once.", "You can.", "Sign in again; everything here is kept."),
            AuthErrorKind::GrantDead => w("Your sign-in has ended.", "Microsoft no longer renews it, and did not say why.", "You can.", "Sign in again; everything here is kept."),
            AuthErrorKind::Expired => w("Your sign-in has ended.", "The sign-in of a page like this one lasts 24 hours at most; renewing it does not make that longer.", "You can.", "Sign in again; everything here is kept."),
            AuthErrorKind::SignInFrequency => w("Your organisation wants you to sign in again.", "Its Conditional Access policies say how often; that time is over.", "You can.", "Sign in again; everything here is kept."),
            AuthErrorKind::Revoked => w("Your sign-in was revoked.", "An administrator has ended your sign-ins, or your password was changed.", "You can.", "Sign in again; everything here is kept."),
            AuthErrorKind::AccountDisabled => w("This account is disabled.", "An administrator has blocked its sign-in in the directory.", "A User Administrator of your tenant.", "Ask for the account to be enabled, or sign in with another one."),
            AuthErrorKind::StepUp => w("Microsoft wants you to prove who you are once more.", "A Conditional Access policy asks for it before this goes on.", "You can.", "Sign in again; everything here is kept."),
            AuthErrorKind::SignedOut => w("Nobody is signed in here any more.", "This tab has signed out, or the browser has forgotten the sign-in.", "You can.", "Sign in again; everything here is kept."),
            AuthErrorKind::ConditionalAccess => w("A Conditional Access policy does not let you in.", "It asks for a managed device, an approved app, another place or a lower risk.", "Your tenant's Conditional Access Administrator.", "Show them the details, or use a device that fits."),
            AuthErrorKind::Loop => w("Microsoft stopped a loop of sign-ins.", "The page asked too often in a short time.", "Nobody needs to do anything.", "Wait a minute, then sign in again."),
            AuthErrorKind::Transient => w("Microsoft's sign-in service is busy.", "It is temporarily not available.", "Nobody needs to do anything.", "Try again in a moment."),
            AuthErrorKind::WrongCloud => w("This account lives in another national cloud.", "The tenant was moved, or config.json names the authority of another cloud.", "Whoever publishes this page.", "Set auth.authority to the account's cloud."),
            AuthErrorKind::Unreached => w("The sign-in service could not be reached.", "The network is down, or a proxy blocks it. If it happens each time right after signing in, the redirect URI is not of type “Single-page application”.", "You, whoever runs your network, or whoever registered the app.", "Check the connection, then try again."),
            AuthErrorKind::Unsound => w("The answer to the sign-in could not be trusted.", "It does not fit the question that this tab asked.", "You can.", "Sign in again. If it happens again, copy the details and report them."),
            AuthErrorKind::Unknown => w("Signing in did not work.", "Microsoft gave a reason that this page does not know; it is under the details.", "Your administrator, with the correlation id.", "Try again, or copy the details and ask."),
        }
    }

    fn details(&self) -> String {
        let codes: Vec<String> = self.codes.iter().map(|code| format!("AADSTS{code}")).collect();
        let id = self.correlation_id.as_deref().unwrap_or("none");
        format!("{} {} · {} · correlation id {id}", self.error, codes.join(" "), self.description).trim().to_owned()
    }
}

/// What the page cannot do without is its own; everything else is a choice, which the next sign-in leaves out.
fn unknown_permission(permission: Option<&str>) -> Words {
    let (name, is_base) = match permission {
        Some(name) => (format!("the permission {name}"), BASE.contains(&name)),
        None => ("a permission that this page asked for".to_owned(), false),
    };
    let next = if is_base {
        "Show them the details. Inviting is not possible without it."
    } else {
        "Go on without: signing in again asks only for what inviting needs. What wanted this permission is not available here."
    };
    Words {
        what: format!("Microsoft does not know {name} here."),
        why: "It does not exist in this cloud, or not yet: national clouds get new permissions later. App and tenant are known.".into(),
        who: "Whoever registered the app can see under “API permissions” which ones there are.".into(),
        next: next.into(),
    }
}

fn wrong_clock(ahead: Option<Millis>) -> Words {
    let what = match ahead {
        Some(ahead) if ahead.0 < 0 => format!("This computer's clock is about {} behind.", about(ahead.0.unsigned_abs())),
        Some(ahead) => format!("This computer's clock is about {} ahead.", about(ahead.0.unsigned_abs())),
        None => "This computer's clock is wrong.".into(),
    };
    Words {
        what,
        why: "So Microsoft's answer seems to be from another time, and it cannot be trusted. Five minutes are tolerated.".into(),
        who: "You, or whoever looks after this computer.".into(),
        next: "Set date, time and time zone, best by the system's own setting that does so automatically. Only then sign in: before, it ends the same way.".into(),
    }
}

/// Milliseconds in the unit that a person would use.
fn about(milliseconds: u64) -> String {
    let minutes = usize::try_from((milliseconds + 30_000) / 60_000).unwrap_or(usize::MAX);
    match minutes {
        ..90 => count(minutes, "minute", "minutes"),
        90..2160 => count((minutes + 30) / 60, "hour", "hours"),
        _ => count((minutes + 720) / 1440, "day", "days"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use identity::problem::kinds::NUMBERS;

    #[test]
    fn words_are_sentences_without_codes() {
        for (_, numbers) in NUMBERS {
            let words = AuthError::answered("invalid_grant", None, Some(format!("AADSTS{}: x", numbers[0])), None).words();
            for text in [words.what, words.why, words.who, words.next] {
                assert!(text.ends_with('.') && !text.contains("AADSTS"), "{text}");
            }
        }
    }

    fn answered(error: &str, description: &str) -> Words {
        AuthError::answered(error, None, Some(description.into()), None).words()
    }

    fn all(words: &Words) -> String {
        [&*words.what, &words.why, &words.who, &words.next].join(" ")
    }

    #[test]
    fn what_ends_a_sign_in_is_told_by_its_own_name() {
        let check = |number: u32, what: &str| assert_eq!(answered("invalid_grant", &format!("AADSTS{number}: text")).what, what);
        check(700_084, "Your sign-in has ended.");
        check(54005, "That sign-in is over.");
        check(50173, "Your sign-in was revoked.");
        check(70043, "Your organisation wants you to sign in again.");
        check(53003, "A Conditional Access policy does not let you in.");
        check(50076, "Microsoft asks for one more proof.");
        check(50057, "This account is disabled.");
        assert_eq!(answered("access_denied", "AADSTS50053: The account is locked.").what, "Signing in did not work.");
        assert_eq!(answered("access_denied", "the user canceled the authentication").what, "You did not finish signing in.");
    }

    #[test]
    fn a_permission_that_the_cloud_does_not_know_is_named() {
        let check = |description: &str, what: &str| {
            let words = answered("invalid_client", description);
            assert_eq!(words.what, what);
            assert!(!all(&words).contains("is wrong") && words.who.contains("registered"), "{words:?}");
        };
        check(
            "AADSTS650053: The application 'It's 'ours'' asked for scope 'OrgContact.Read.All' that doesn't exist on the resource '00000003-0000-0000-c000-000000000000'. Contact the app vendor. Trace ID: x",
            "Microsoft does not know the permission OrgContact.Read.All here.",
        );
        check(
            "AADSTS650053: The application 'App' asked for scope 'https://graph.microsoft.us/Chat.Create' that doesn't exist on the resource 'x'.",
            "Microsoft does not know the permission Chat.Create here.",
        );
        check("AADSTS650053: in other words", "Microsoft does not know a permission that this page asked for here.");
        check("AADSTS650053: scope '<b>x</b> y' ", "Microsoft does not know a permission that this page asked for here.");
        let base = answered("invalid_client", "AADSTS650053: scope 'User.Invite.All' x");
        let choice = answered("invalid_client", "AADSTS650053: scope 'OrgContact.Read.All' x");
        assert!(base.next.contains("not possible") && choice.next.contains("Go on without"));
    }

    #[test]
    fn an_app_of_the_wrong_platform_is_told_so_however_entra_says_it_and_no_secret_is_advised() {
        let platform = answered("invalid_request", "AADSTS9002326: x").what;
        for (error, description) in [
            (
                "invalid_client",
                "AADSTS7000218: The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
            ),
            ("invalid_client", "AADSTS70002: The provided request must include a 'client_secret' input parameter."),
            (
                "invalid_request",
                "AADSTS9002326: Cross-origin token redemption is permitted only for the 'Single-Page Application' client-type.",
            ),
            ("invalid_client", "AADSTS7999999: some new sentence about client_secret"),
            ("unauthorized_client", "A client_assertion is needed."),
        ] {
            let words = answered(error, description);
            assert_eq!(words.what, platform, "{description}");
            assert!(words.next.contains("Single-page application") && words.next.contains("Make no client secret"), "{words:?}");
        }
    }

    #[test]
    fn an_app_that_is_refused_does_not_have_a_wrong_id_for_that() {
        for (error, number) in [("unauthorized_client", 7_000_112), ("unauthorized_client", 7_999_999), ("invalid_client", 500_014)] {
            let words = answered(error, &format!("AADSTS{number}: made-up text"));
            assert!(!all(&words).contains("mistyped") && !all(&words).contains("mistake"), "{words:?}");
        }
        let disabled = answered("unauthorized_client", "AADSTS7000112: x");
        assert!(disabled.who.contains("Enterprise applications") && disabled.next.contains("Enabled for users to sign in"));
        assert!(answered("unauthorized_client", "AADSTS700016: x").what.contains("does not know this app"));
    }

    #[test]
    fn a_clocks_difference_is_told_in_the_first_sentence() {
        let check = |ahead: Option<i64>, what: &str| {
            let words = AuthError { kind: AuthErrorKind::WrongClock(ahead.map(Millis::minutes)), ..AuthError::unanswered() }.words();
            assert_eq!(words.what, format!("This computer's clock is {what}."));
        };
        check(Some(-10), "about 10 minutes behind");
        check(Some(75), "about 75 minutes ahead");
        check(Some(-120), "about 2 hours behind");
        check(Some(60 * 24 * 365), "about 365 days ahead");
        check(None, "wrong");
    }

    #[test]
    fn coming_back_without_an_answer_says_what_to_do_with_a_number() {
        assert!(AuthError::unanswered().words().next.contains("500113"));
    }
}
