//! What a guest may be told instead of being let in, and what helps. Guests write to whoever invited them, so the page's help has it.

/// What stands on the guest's screen, and what it means and who can do what about it.
/// <https://learn.microsoft.com/entra/external-id/troubleshoot>, reference-error-codes.md of entra-docs; AADB2B_0001: azure-docs #19426,
/// and microsoft-graph-docs-contrib #3857 for tenants of customers.
pub const REFUSALS: [(&str, &str); 5] = [
    (
        "AADB2B_0001",
        "The guest’s organisation signs people in itself and has no account with this address. Invite the user name of their account there, which may differ from their mail address, or have their administrator make one. A tenant for customers (Azure AD B2C, external tenant) says so to every guest: guests are invited in the workforce tenant.",
    ),
    (
        "AADSTS50020",
        "The guest is signed in with another account than the invited one. Open the link in a private window and use the invited address.",
    ),
    ("AADSTS90072", "The same, or the invitation was never accepted: open the link of the invitation first."),
    (
        "AADSTS500212",
        "The guest’s organisation lets nobody into other tenants, or not into yours. Its administrator allows it under cross-tenant access settings.",
    ),
    (
        "AADSTS500213",
        "Your tenant does not let in people of that organisation. A Security Administrator allows it under cross-tenant access settings.",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    // Case 31
    #[test]
    fn what_a_guest_meets_in_a_tenant_for_customers_is_explained() {
        let (_, words) = REFUSALS.into_iter().find(|(code, _)| *code == "AADB2B_0001").unwrap();
        assert!(words.contains("customers") && words.contains("workforce tenant"), "{words}");
        assert!(REFUSALS.iter().all(|(code, words)| code.starts_with("AAD") && words.ends_with('.')));
    }
}
