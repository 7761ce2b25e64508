//! What went wrong while signing in, for a person.

use super::AuthError;
use super::kinds::AuthErrorKind;
use crate::identity::scopes::BASE;
use crate::words::{Words, count};
use time::Millis;

impl AuthError {
    #[rustfmt::skip]
    pub fn words(&self) -> Words {
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
            AuthErrorKind::UnknownPermission => self.unknown_permission(),
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

    /// What the page cannot do without is its own; everything else is a choice, which the next sign-in leaves out.
    fn unknown_permission(&self) -> Words {
        let (name, is_base) = match self.permission() {
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

    /// The permission that Entra's sentence names: “… asked for scope 'Name' that doesn't exist on the resource …”.
    fn permission(&self) -> Option<&str> {
        let (_, rest) = self.description.rsplit_once("scope '")?;
        let name = rest.split('\'').next()?.rsplit('/').next()?.trim();
        let is_name =
            !name.is_empty() && name.len() <= 80 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
        is_name.then_some(name)
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
