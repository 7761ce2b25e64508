//! Making a package. <https://learn.microsoft.com/graph/api/entitlementmanagement-post-accesspackages>

use super::{AccessPackage, ListAccessPackages, PackageDetail, PackageName};
use crate::entitlement::{CreateRefusal, ROOT, WRITING};
use crate::{AfterLoss, Operation, PaceKind, Request};
use serde::Serialize;
use serde_json::json;

/// 201 with the [`AccessPackage`], without its catalog.
#[derive(Clone, Copy, Debug)]
pub struct CreateAccessPackage<'a> {
    /// The catalog's id.
    pub catalog: &'a str,
    /// What it is to be.
    pub package: &'a NewAccessPackage,
}

/// A package that is to be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewAccessPackage {
    /// Shown to whoever asks; what a lost answer is looked for by, within the catalog.
    pub display_name: String,
    /// As the name.
    pub description: String,
    /// Whether it can be asked for by its link alone.
    pub is_hidden: bool,
}

impl CreateAccessPackage<'_> {
    /// Which of those that were looked at this would have made: the one of its name in its catalog.
    pub fn among<'p>(&self, looked: &'p [AccessPackage]) -> Option<&'p AccessPackage> {
        looked.iter().find(|package| {
            package.display_name.as_ref() == Some(&self.package.display_name)
                && package.catalog.as_ref().is_some_and(|catalog| catalog.id == self.catalog)
        })
    }
}

impl Operation for CreateAccessPackage<'_> {
    type Output = AccessPackage;
    /// What is not found is the catalog (our reading). The owner of a catalog alone was refused, as far as beta tells
    /// (terraform-provider-azuread #1857, #1818).
    type Refusal = CreateRefusal;
    const SCOPES: &'static [&'static str] = WRITING;
    const PACE: PaceKind = PaceKind::DirectoryWrite;

    fn request(&self) -> Request {
        let mut body = json!(self.package);
        body["catalog"] = json!({ "id": self.catalog });
        Request::post(format!("{ROOT}/accessPackages"), &body)
    }

    /// A package of this name in this catalog shows it ([`Self::among`]).
    fn after_loss(&self) -> AfterLoss {
        let named = PackageName::Is(&self.package.display_name);
        AfterLoss::Look(ListAccessPackages { named, detail: PackageDetail::Catalog }.request())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entitlement::EntitlementRefusal;
    use crate::entitlement::catalogs::AccessPackageCatalog;
    use crate::operation::testing::{looks, refuses, reply, writes};

    #[test]
    fn a_package_is_made_in_a_catalog_and_looked_for_by_its_name_there() {
        let package = NewAccessPackage { display_name: "Sales".into(), description: "For partners".into(), is_hidden: true };
        let create = CreateAccessPackage { catalog: "c", package: &package };
        let body = json!({"displayName": "Sales", "description": "For partners", "isHidden": true, "catalog": {"id": "c"}});
        writes(&create, "POST", &format!("{ROOT}/accessPackages"), &body);
        assert_eq!(create.read(&reply(201, r#"{"id":"k","displayName":"Sales"}"#)).unwrap().id, "k");
        let named = PackageName::Is("Sales");
        assert_eq!(looks(&create), ListAccessPackages { named, detail: PackageDetail::Catalog }.request());
        let of = |catalog: &str| AccessPackage {
            display_name: Some("Sales".into()),
            catalog: Some(AccessPackageCatalog { id: catalog.into(), ..AccessPackageCatalog::default() }),
            ..AccessPackage::default()
        };
        assert_eq!(create.among(&[of("d"), of("c")]), Some(&of("c")));
        assert_eq!(create.among(&[of("d"), AccessPackage { display_name: None, ..of("c") }]), None);
        refuses(
            &create,
            &[
                (404, "CatalogNotFound", "", Some(CreateRefusal::Any(EntitlementRefusal::NotFound))),
                (403, "UnAuthorized", "", Some(CreateRefusal::Any(EntitlementRefusal::NotAuthorized))),
            ],
        );
    }
}
