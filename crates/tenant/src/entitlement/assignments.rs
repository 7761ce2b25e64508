//! Assignments: who has which package. They are made and removed by requests alone.
//! <https://learn.microsoft.com/graph/api/resources/accesspackageassignment>

use super::access::CatalogTask;
use super::object_view::{ASSIGNMENTS, found};
use super::requests::{empty, no_such_option};
use super::unauthorized;
use crate::Tenant;
use crate::resources::GraphCall;
use graph::Reply;

/// `on` of `filterByCurrentUser`: accessPackageAssignmentFilterByCurrentUserOptions.
const OPTIONS: [&str; 4] = ["target", "createdBy", "targetManager", "targetAgentIdentitySponsorOrOwner"];

impl Tenant {
    /// Expired ones are among them.
    pub(super) fn list_assignments(&self, asked: &GraphCall<'_>) -> Result<Reply, Reply> {
        let packages = self.readable_packages(asked)?;
        let all = self.reads_all(&asked.me);
        let assignments = self.governance.assignments.iter().filter(|one| all || packages.contains(&one.package));
        Ok(self.listed(asked, assignments.map(|one| one.id.clone()).collect(), "assignments"))
    }

    pub(super) fn assignment_one(&self, asked: &GraphCall<'_>) -> Result<Reply, Reply> {
        let place = found(self.governance.assignments.place(asked.id()), ASSIGNMENTS)?;
        let assignment = &self.governance.assignments[place];
        if !self.may(&asked.me, CatalogTask::Read, self.governance.catalog_of(&assignment.package), asked.now) {
            return Err(unauthorized());
        }
        self.told(asked, &assignment.id.clone(), ASSIGNMENTS)
    }

    pub(super) fn my_assignments(&self, asked: &GraphCall<'_>) -> Result<Reply, Reply> {
        if !OPTIONS.contains(&asked.id()) {
            return Err(no_such_option());
        }
        let created =
            |assignment: &str| self.governance.requests.iter().any(|one| one.requestor == asked.me.id && one.assignment == assignment);
        let assignments = self.governance.assignments.iter().filter(|one| match asked.id() {
            "target" => one.target == asked.me.id,
            "createdBy" => created(&one.id),
            _ => false,
        });
        Ok(self.listed(asked, assignments.map(|one| one.id.clone()).collect(), "assignments"))
    }

    pub(super) fn reprocess_assignment(&mut self, asked: &GraphCall<'_>) -> Result<Reply, Reply> {
        let place = found(self.governance.assignments.place(asked.id()), ASSIGNMENTS)?;
        let package = self.governance.assignments[place].package.clone();
        self.needs(asked, CatalogTask::ManageAssignments, self.governance.catalog_of(&package))?;
        self.redeliver(place, asked.now);
        Ok(empty(202))
    }
}
