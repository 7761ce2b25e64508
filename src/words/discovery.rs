//! What is wrong with a discovery document, for whoever publishes the page.

use identity::authority::DiscoveryProblem;

/// In a sentence, for the set-up page.
pub fn sentence(problem: &DiscoveryProblem) -> String {
    match problem {
        DiscoveryProblem::Unreadable(why) => format!("The discovery document cannot be read: {why}."),
        DiscoveryProblem::NoAddress => "The authority is not an address.".into(),
        DiscoveryProblem::OtherIssuer(issuer) => {
            format!("The discovery document is that of another issuer, {issuer}: “auth.authority” has to be the issuer.")
        }
        DiscoveryProblem::ForeignOrigin(address) => {
            format!("The discovery document names {address}, which is not of the authority's own origin.")
        }
        DiscoveryProblem::UnsafeAddress(address) => format!("The discovery document names {address}, which is not an https address."),
        DiscoveryProblem::NoGraph => "config.json must name “graph” for an authority that is not Microsoft's.".into(),
    }
}
