//! Catalogs. <https://learn.microsoft.com/graph/api/resources/accesspackagecatalog>

use super::access::CatalogTask;
use super::bodies;
use super::object_view::{CATALOGS, ObjectView, found};
use super::stored::StoredObject;
use super::{refused, types, unauthorized};
use crate::Tenant;
use crate::recycle_bin::no_content;
use crate::resources::GraphCall;
use graph::Reply;
use serde_json::{Value, json};

impl Tenant {
    pub(super) fn list_catalogs(&self, asked: &GraphCall<'_>) -> Result<Reply, Reply> {
        Ok(self.listed(asked, self.readable(asked)?, "catalogs"))
    }

    pub(super) fn create_catalog(&mut self, asked: &GraphCall<'_>) -> Result<Reply, Reply> {
        let body = bodies::read(asked.request, &bodies::CATALOG)?;
        if !self.may_create_catalogs(&asked.me, asked.now) {
            return Err(unauthorized());
        }
        if bodies::text(&body, "displayName").is_empty() {
            return Err(bodies::invalid_model());
        }
        let mut full = json!({"description": null, "state": "published", "isExternallyVisible": false});
        for (name, value) in body {
            full[name] = value;
        }
        full["catalogType"] = json!("userManaged");
        let id = self.ids.guid();
        self.governance.catalogs.add(StoredObject::new(id.clone(), String::new(), full, asked.now));
        self.make_owner(&asked.me, &id, asked.now);
        Ok(self.answer_created("catalogs", self.fresh(&types::CATALOG, &id, asked)))
    }

    /// What a 201 says of what was just made: no time, and nothing of navigations.
    pub(super) fn fresh(
        &self,
        kind: &'static crate::filter::ObjectType,
        id: &str,
        asked: &GraphCall<'_>,
    ) -> serde_json::Map<String, Value> {
        let view = ObjectView { tenant: self, kind, key: id.to_owned(), now: asked.now };
        let mut shown = view.members().unwrap_or_default();
        for name in ["createdDateTime", "modifiedDateTime"] {
            if let Some(time) = shown.get_mut(name) {
                *time = Value::Null;
            }
        }
        shown
    }

    pub(super) fn catalog(&self, asked: &GraphCall<'_>) -> Result<Reply, Reply> {
        let id = found(self.governance.catalogs.by_id(asked.id()), CATALOGS)?.id.clone();
        self.needs(asked, CatalogTask::Read, &id)?;
        self.told(asked, &id, CATALOGS)
    }

    pub(super) fn update_catalog(&mut self, asked: &GraphCall<'_>) -> Result<Reply, Reply> {
        let mut body = bodies::read(asked.request, &bodies::CATALOG)?;
        found(self.governance.catalogs.by_id(asked.id()), CATALOGS)?;
        self.needs(asked, CatalogTask::Own, asked.id())?;
        body.remove("catalogType");
        found(self.governance.catalogs.by_id_mut(asked.id()), CATALOGS)?.change(body, asked.now);
        Ok(no_content())
    }

    /// Refused while packages are in it, and of the default one: <https://learn.microsoft.com/graph/api/accesspackagecatalog-delete>.
    pub(super) fn delete_catalog(&mut self, asked: &GraphCall<'_>) -> Result<Reply, Reply> {
        let catalog = found(self.governance.catalogs.by_id(asked.id()), CATALOGS)?;
        self.needs(asked, CatalogTask::Own, asked.id())?;
        if catalog.text("catalogType") == "serviceDefault" {
            return Err(refused("CatalogIsDefault", "The default catalog can not be deleted."));
        }
        if self.governance.packages.below(&catalog.id).next().is_some() {
            return Err(refused("CatalogNotEmpty", "The catalog can not be deleted because there are access packages in it."));
        }
        let id = catalog.id.clone();
        found(self.governance.catalogs.by_id_mut(&id), CATALOGS)?.gone_from = Some(asked.now);
        self.governance.resources.retain(|resource| resource.catalog != id);
        Ok(no_content())
    }
}
