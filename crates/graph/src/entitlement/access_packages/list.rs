//! Packages. <https://learn.microsoft.com/graph/api/entitlementmanagement-list-accesspackages>

use super::AccessPackage;
use crate::entitlement::{EntitlementRefusal, READING, is, list};
use crate::{Operation, PaceKind, Page, Request, literal};

/// 200 with a page of [`AccessPackage`], those of all catalogs that the person may read.
#[derive(Clone, Copy, Debug)]
pub struct ListAccessPackages<'a> {
    /// Which of them.
    pub named: PackageName<'a>,
    /// What comes with each.
    pub detail: PackageDetail,
}

/// Which packages, by their name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PackageName<'a> {
    /// All.
    Any,
    /// Those of this very name.
    Is(&'a str),
    /// Those whose name holds this.
    Contains(&'a str),
}

/// What comes with a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PackageDetail {
    /// Its catalog.
    Catalog,
    /// Catalog and policies.
    Policies,
    /// Catalog, policies and roles. US Nat and US Sec have no roles (their schemas), and refuse to tell them.
    Whole,
}

impl PackageDetail {
    pub(super) const fn expand(self) -> &'static str {
        match self {
            Self::Catalog => "catalog",
            Self::Policies => "catalog,assignmentPolicies",
            Self::Whole => "catalog,assignmentPolicies,resourceRoleScopes($expand=role,scope)",
        }
    }
}

impl Operation for ListAccessPackages<'_> {
    type Output = Page<AccessPackage>;
    type Refusal = EntitlementRefusal;
    const SCOPES: &'static [&'static str] = READING;
    const PACE: PaceKind = PaceKind::DirectoryRead;

    fn request(&self) -> Request {
        let name = match self.named {
            PackageName::Any => None,
            PackageName::Is(name) => Some(is("displayName", name)),
            PackageName::Contains(part) => Some(format!("contains(displayName,'{}')", literal(part))),
        };
        list("accessPackages", &[name], self.detail.expand())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entitlement::ROOT;
    use crate::operation::testing::{reads, refuses, reply};

    #[test]
    fn packages_are_listed_with_as_much_as_is_wanted() {
        let check = |named, detail, query: &str| {
            let list = ListAccessPackages { named, detail };
            reads(&list, &format!("{ROOT}/accessPackages?{query}"), "EntitlementManagement.Read.All");
        };
        check(PackageName::Any, PackageDetail::Catalog, "$expand=catalog");
        check(PackageName::Is("a'b"), PackageDetail::Policies, "$filter=displayName%20eq%20'a%27%27b'&$expand=catalog,assignmentPolicies");
        let whole = "$filter=contains(displayName,'sale')&$expand=catalog,assignmentPolicies,resourceRoleScopes($expand=role,scope)";
        check(PackageName::Contains("sale"), PackageDetail::Whole, whole);
    }

    #[test]
    fn a_package_is_read_with_what_came() {
        let list = ListAccessPackages { named: PackageName::Any, detail: PackageDetail::Whole };
        let body = r#"{"value":[{"id":"k","displayName":"Sales","isHidden":null,"catalog":{"id":"c"},"assignmentPolicies":[{"id":"p"}],
            "resourceRoleScopes":[{"id":"r_s","role":{"id":"r","originId":"Member_g"},"scope":{"id":"s","isRootScope":true}}]},{"id":"l"}]}"#;
        let found = list.read(&reply(200, body)).unwrap().value;
        let [sales, other] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(sales.assignment_policies.as_deref().unwrap()[0].id, "p");
        assert_eq!(sales.resource_role_scopes.as_deref().unwrap()[0].role.origin_id.as_deref(), Some("Member_g"));
        assert!(!sales.is_hidden && sales.catalog.is_some() && other.catalog.is_none() && other.assignment_policies.is_none());
        refuses(&list, &[(403, "UnAuthorized", "", Some(EntitlementRefusal::NotAuthorized))]);
    }
}
