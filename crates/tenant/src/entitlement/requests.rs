//! Assignment requests that are there: listed, canceled, processed once more, deleted.
//! <https://learn.microsoft.com/graph/api/resources/accesspackageassignmentrequest>

use super::access::CatalogTask;
use super::bodies;
use super::object_view::{REQUESTS, found};
use super::walk::{RequestPhase, RequestRecord};
use super::{refused, unauthorized};
use crate::Tenant;
use crate::directory::Person;
use crate::recycle_bin::no_content;
use crate::resources::GraphCall;
use graph::{Headers, Reply};
use time::Millis;

/// `on` of `filterByCurrentUser` (accessPackageAssignmentRequestFilterByCurrentUserOptions) that nobody at Contoso is anything of.
const NOBODY: [&str; 3] = ["targetManager", "requestForOthers", "targetAgentIdentitySponsorOrOwner"];

pub(super) fn no_such_option() -> Reply {
    refused("InvalidFilter", "OData query is invalid: the value of the parameter 'on' is not known.")
}

/// An answer without a body.
pub(super) fn empty(status: u16) -> Reply {
    Reply { status, headers: Headers::default(), body: String::new() }
}

impl Tenant {
    /// What is about packages in catalogs that the caller reads. Who has roles of catalogs alone has to name one package: microsoft-graph-docs
    /// #17822; what is said otherwise is our reading.
    pub(super) fn readable_packages(&self, asked: &GraphCall<'_>) -> Result<Vec<String>, Reply> {
        let readable = self.readable(asked)?;
        let names_one = asked.query.filter.as_ref().is_some_and(|filter| filter.names_one("accessPackage/id"));
        if !self.reads_all(&asked.me) && !names_one {
            return Err(unauthorized());
        }
        let packages = readable.iter().flat_map(|catalog| self.governance.packages.below(catalog));
        Ok(packages.map(|package| package.id.clone()).collect())
    }

    pub(super) fn list_requests(&self, asked: &GraphCall<'_>) -> Result<Reply, Reply> {
        let packages = self.readable_packages(asked)?;
        let all = self.reads_all(&asked.me);
        let requests = self.governance.requests.known().filter(|one| all || packages.contains(&one.package));
        Ok(self.listed(asked, requests.map(|one| one.id.clone()).collect(), "assignmentRequests"))
    }

    fn request_asked(&self, asked: &GraphCall<'_>) -> Result<(usize, &RequestRecord), Reply> {
        let place = found(self.governance.requests.place(asked.id()), REQUESTS)?;
        Ok((place, &self.governance.requests[place]))
    }

    fn manages(&self, asked: &GraphCall<'_>, task: CatalogTask, request: &RequestRecord) -> bool {
        self.may(&asked.me, task, self.governance.catalog_of(&request.package), asked.now)
    }

    pub(super) fn request_one(&self, asked: &GraphCall<'_>) -> Result<Reply, Reply> {
        let (_, request) = self.request_asked(asked)?;
        if !self.manages(asked, CatalogTask::Read, request) && !is_own(request, &asked.me) {
            return Err(unauthorized());
        }
        self.told(asked, &request.id.clone(), REQUESTS)
    }

    pub(super) fn my_requests(&self, asked: &GraphCall<'_>) -> Result<Reply, Reply> {
        let me = asked.me.id.as_str();
        let is_meant = |one: &&RequestRecord| match asked.id() {
            "target" => one.target == me,
            "createdBy" => one.requestor == me,
            "targetOrRequestor" => one.target == me || one.requestor == me,
            "approver" => self.is_asked(me, one, asked.now),
            _ => false,
        };
        if !["target", "createdBy", "targetOrRequestor", "approver"].contains(&asked.id()) && !NOBODY.contains(&asked.id()) {
            return Err(no_such_option());
        }
        let keys = self.governance.requests.known().filter(is_meant).map(|one| one.id.clone()).collect();
        Ok(self.listed(asked, keys, "assignmentRequests"))
    }

    /// Text and sample of <https://learn.microsoft.com/graph/api/accesspackageassignmentrequest-cancel> disagree about the status.
    pub(super) fn cancel_request(&mut self, asked: &GraphCall<'_>) -> Result<Reply, Reply> {
        let (place, request) = self.request_asked(asked)?;
        if !is_own(request, &asked.me) && !self.manages(asked, CatalogTask::ManageAssignments, request) {
            return Err(unauthorized());
        }
        if !matches!(request.phase, RequestPhase::Submitted | RequestPhase::PendingApproval | RequestPhase::Scheduled) {
            return Err(refused("RequestNotCancelable", "The request can not be canceled in its state."));
        }
        self.enter(place, RequestPhase::Canceled, asked.now);
        Ok(empty(self.knobs.cancel_status))
    }

    pub(super) fn reprocess_request(&mut self, asked: &GraphCall<'_>) -> Result<Reply, Reply> {
        if !crate::filter_reader::is_guid(asked.id()) {
            return Err(refused("InvalidRequestId", "The id of the request is not valid."));
        }
        let (place, request) = self.request_asked(asked)?;
        if !self.manages(asked, CatalogTask::ManageAssignments, request) {
            return Err(unauthorized());
        }
        let is_recent = request.completed.is_some_and(|at| asked.now - at <= Millis::days(i64::from(self.knobs.reprocess_days)));
        if !matches!(request.phase, RequestPhase::DeliveryFailed | RequestPhase::PartiallyDelivered) || !is_recent {
            return Err(refused("RequestNotReprocessable", "The request can not be reprocessed."));
        }
        self.governance.requests[place].failure = None;
        // Whoever could not be made a guest is tried again from the beginning of the delivery.
        if self.governance.assignments.by_id(&self.governance.requests[place].assignment).is_none() {
            self.go_on(place, asked.now);
        } else {
            self.enter(place, RequestPhase::Delivering, asked.now);
        }
        Ok(empty(202))
    }

    /// Only while a custom extension waits, which here none does.
    pub(super) fn resume_request(&self, asked: &GraphCall<'_>) -> Result<Reply, Reply> {
        bodies::read(asked.request, &bodies::CALLBACK)?;
        let (_, request) = self.request_asked(asked)?;
        if !self.manages(asked, CatalogTask::ManageAssignments, request) {
            return Err(unauthorized());
        }
        Err(refused("RequestNotWaiting", "The request does not wait for a callback."))
    }

    /// Denied, or completed without an assignment: <https://learn.microsoft.com/graph/api/accesspackageassignmentrequest-delete>.
    pub(super) fn delete_request(&mut self, asked: &GraphCall<'_>) -> Result<Reply, Reply> {
        let (place, request) = self.request_asked(asked)?;
        if !self.manages(asked, CatalogTask::ManageAssignments, request) {
            return Err(unauthorized());
        }
        let is_without = !request.phase.is_open() && self.governance.assignments.by_id(&request.assignment).is_none();
        if request.phase != RequestPhase::Denied && !is_without {
            return Err(refused("RequestNotDeletable", "The request can not be deleted in its state."));
        }
        self.governance.requests.forget(place);
        Ok(no_content())
    }
}

fn is_own(request: &RequestRecord, person: &Person) -> bool {
    request.target == person.id || request.requestor == person.id
}
