//! What any call of Microsoft Graph may be refused for, for a person. What only some of them meet is told where they are asked.

use super::needed;
use super::{Explain, Words};
use crate::refused::Refused;
use graph::CommonRefusal;

impl Explain for Refused {
    fn words(&self) -> Words {
        if self.problem.is_unreadable_challenge() {
            return Words::new(
                "Microsoft wants one more proof, but does not say which.",
                "A Conditional Access policy asks for it, and the question in Microsoft's answer could not be read.",
                "Your tenant's Conditional Access Administrator, with the request id.",
                "Copy the details and show them; nothing of this was sent.",
            );
        }
        match &self.permission {
            Some(permission) => needed::words(permission),
            None => common(self.problem.common().unwrap_or(CommonRefusal::Unknown)),
        }
    }

    /// Status, code, Graph's text and ids. No token and no redeem link can be in it.
    fn details(&self) -> String {
        let problem = &self.problem;
        let id = problem.request_id.as_deref().unwrap_or("none");
        let head = if problem.status == 0 { "no status".to_owned() } else { format!("HTTP {} {}", problem.status, problem.code) };
        format!("{head} · {} · request-id {id}", problem.message)
    }
}

/// The words of what any call may meet.
#[rustfmt::skip]
pub(crate) fn common(refusal: CommonRefusal) -> Words {
    let w = Words::new;
    match refusal {
        CommonRefusal::TokenExpired => w("Your sign-in has expired.", "Microsoft no longer accepts the token.", "You can.", "Sign in again; everything here is kept."),
        CommonRefusal::ClaimsChallenge => w("Microsoft wants you to prove who you are once more.", "A Conditional Access policy asks for it.", "You can.", "Sign in again; everything here is kept."),
        CommonRefusal::Throttled => w("Microsoft asked us to wait.", "Too many requests came from this app or tenant.", "Nobody needs to do anything.", "It continues by itself."),
        CommonRefusal::ServiceBusy => w("Microsoft's service is busy.", "It is temporarily not available.", "Nobody needs to do anything.", "It continues by itself; if it keeps failing, try this row again later."),
        CommonRefusal::NotYetUsable => w("The guest was created but is not usable yet.", "The directory needs some time to spread the news.", "Nobody needs to do anything.", "Wait a few minutes."),
        CommonRefusal::MissingPermission => w("Microsoft refused: a permission is missing.", "Either your role does not cover this, or the app lacks consent for the permission.", "An administrator can give you the role, or the app the permission.", "Ask your administrator, then sign in again."),
        CommonRefusal::Forbidden => w("Microsoft refused this and gave no reason that this page knows.", "It does not say that a permission is missing; the details hold Microsoft's own words.", "Your administrator, with the request id.", "Copy the details and ask; consent alone hardly changes it."),
        CommonRefusal::NotFound => w("Microsoft does not find this.", "It was deleted, or has not appeared yet.", "Nobody in particular.", "Look again in a few minutes."),
        CommonRefusal::TargetNotFound => w("Microsoft could not carry this out.", "One of its services did not find another; the reason is not known.", "Nobody in your tenant.", "Try this row again later."),
        CommonRefusal::NotGraphs => w("Something between here and Microsoft answered in Microsoft's place.", "A proxy, a firewall or a security service stopped the request, or kept the answer back.", "Whoever looks after your network.", "Ask them to let graph.microsoft.com through. “Try failed again” looks first and sends only where nobody is there."),
        CommonRefusal::Unreadable => w("Microsoft's answer could not be read.", "It was not in the expected shape.", "The makers of this page.", "Copy the details and report them."),
        CommonRefusal::Unknown => w("Microsoft refused this for a reason this page does not know.", "The details hold Microsoft's own words.", "Your administrator, with the request id.", "Copy the details and ask."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use graph::{Headers, Problem, Reply};

    fn refused(status: u16, code: &str) -> Problem {
        let body = serde_json::json!({"error": {"code": code, "message": ""}}).to_string();
        Problem::from_reply(&Reply { status, headers: Headers::default(), body })
    }

    #[test]
    fn a_missing_permission_is_named_where_it_is_known() {
        let missing = || refused(403, "Authorization_RequestDenied");
        let words = Refused::new(missing(), "User.Read.All").words();
        assert!(words.what.contains("User.Read.All"), "{words:?}");
        assert!(Refused::from(missing()).words().what.contains("a permission is missing"));
        let words = Refused::new(refused(403, "NewCode2027"), "User.Read.All").words();
        assert!(!words.what.contains("User.Read.All") && words.why.contains("does not say that a permission is missing"), "{words:?}");
    }

    #[test]
    fn a_challenge_that_cannot_be_read_is_told_as_one_that_cannot_be_met() {
        let header = r#"Bearer realm="", claims="%%%", error="insufficient_claims""#;
        let headers = Headers::default().with("www-authenticate", header);
        let refused = Refused::from(Problem::from_reply(&Reply { status: 401, headers, body: String::new() }));
        assert!(refused.words().what.contains("does not say which") && refused.details().contains("not base64"));
    }

    #[test]
    fn no_words_are_empty_or_codes() {
        use CommonRefusal::*;
        for refusal in [
            TokenExpired,
            ClaimsChallenge,
            Throttled,
            ServiceBusy,
            NotYetUsable,
            MissingPermission,
            Forbidden,
            NotFound,
            TargetNotFound,
            NotGraphs,
            Unreadable,
            Unknown,
        ] {
            let Words { what, why, who, next } = common(refusal);
            assert!([what, why, who, next].iter().all(|text| text.ends_with('.') && !text.contains("AADSTS")), "{refusal:?}");
        }
    }
}
