//! Making a catalog. <https://learn.microsoft.com/graph/api/entitlementmanagement-post-catalogs>

use super::{AccessPackageCatalog, CatalogState, ListCatalogs};
use crate::entitlement::{CreateRefusal, ROOT, WRITING};
use crate::{AfterLoss, Operation, PaceKind, Request};
use serde::Serialize;

/// 201 with the [`AccessPackageCatalog`].
#[derive(Clone, Copy, Debug)]
pub struct CreateCatalog<'a> {
    /// What it is to be.
    pub catalog: &'a NewCatalog,
}

/// A catalog that is to be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewCatalog {
    /// It need not be unique, but is what a lost answer is looked for by.
    pub display_name: String,
    /// For whoever makes packages.
    pub description: String,
    /// Whether its packages can be asked for.
    pub state: CatalogState,
    /// Whether people of other organisations can ask for its packages.
    pub is_externally_visible: bool,
}

impl Operation for CreateCatalog<'_> {
    type Output = AccessPackageCatalog;
    /// Without the role Catalog creator it is not open to a person.
    type Refusal = CreateRefusal;
    const SCOPES: &'static [&'static str] = WRITING;
    const PACE: PaceKind = PaceKind::DirectoryWrite;

    fn request(&self) -> Request {
        Request::post(format!("{ROOT}/catalogs"), self.catalog)
    }

    /// A catalog of this name shows it.
    fn after_loss(&self) -> AfterLoss {
        AfterLoss::Look(ListCatalogs { named: Some(&self.catalog.display_name) }.request())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entitlement::EntitlementRefusal;
    use crate::operation::testing::{looks, refuses, reply, writes};
    use serde_json::json;

    #[test]
    fn a_catalog_is_made_and_looked_for_by_its_name() {
        let catalog = NewCatalog {
            display_name: "Sales".into(),
            description: "For partners".into(),
            state: CatalogState::Published,
            is_externally_visible: true,
        };
        let create = CreateCatalog { catalog: &catalog };
        let body = json!({"displayName": "Sales", "description": "For partners", "state": "published", "isExternallyVisible": true});
        writes(&create, "POST", &format!("{ROOT}/catalogs"), &body);
        assert_eq!(create.read(&reply(201, r#"{"id":"c","displayName":"Sales","createdDateTime":null}"#)).unwrap().id, "c");
        assert_eq!(looks(&create), ListCatalogs { named: Some("Sales") }.request());
        refuses(
            &create,
            &[
                (403, "UnAuthorized", "", Some(CreateRefusal::Any(EntitlementRefusal::NotAuthorized))),
                (400, "InvalidModel", "", Some(CreateRefusal::Any(EntitlementRefusal::InvalidModel))),
            ],
        );
    }
}
