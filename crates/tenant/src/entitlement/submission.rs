//! `POST assignmentRequests`: who may ask for what, and what is refused at once.
//! <https://learn.microsoft.com/graph/api/entitlementmanagement-post-assignmentrequests>. Of most refusals only the words are public; codes
//! without a source are ours.

use super::access::CatalogTask;
use super::bodies;
use super::decisions::StageRecord;
use super::evaluation::{Requestor, rank};
use super::object_view::{ASSIGNMENTS, PACKAGES, POLICIES, found};
use super::stored::StoredObject;
use super::walk::{RequestKind, RequestPhase, RequestRecord};
use super::{refused, unauthorized};
use crate::Tenant;
use crate::address::is_address;
use crate::resources::{GraphCall, ScopeList};
use graph::Reply;
use serde_json::{Map, Value, json};

/// What an administrator's request takes.
const WRITING: ScopeList = &["EntitlementManagement.ReadWrite.All"];

/// What is asked for, once it is known what it means.
struct Submission {
    target: String,
    package: String,
    policy: String,
    /// The assignment that is changed or taken away.
    assignment: Option<String>,
}

impl Tenant {
    pub(super) fn submit_request(&mut self, asked: &GraphCall<'_>) -> Result<Reply, Reply> {
        let body = bodies::read(asked.request, &bodies::REQUEST)?;
        let kind = RequestKind::parse(bodies::text(&body, "requestType")).ok_or_else(bodies::invalid_model)?;
        if !kind.is_own() && !asked.caller.has_any(WRITING) {
            return Err(unauthorized());
        }
        let assignment = self.spelled(&body)?;
        let submission = match kind {
            RequestKind::AdminAdd => self.direct(asked, &assignment)?,
            RequestKind::UserAdd => self.own_request(asked, &body, &assignment)?,
            _ => self.for_assignment(asked, kind, &assignment)?,
        };
        self.check_open(kind, &submission)?;
        let stages = self.stages_for(kind, &submission.policy);
        let assignment = submission.assignment.unwrap_or_else(|| self.ids.guid());
        let (id, stages) = (self.ids.guid(), stages.into_iter().map(|settings| StageRecord::new(self.ids.guid(), settings)).collect());
        let mut sent = body;
        sent.retain(|name, _| ["justification", "answers", "schedule"].contains(&name.as_str()));
        let place = self.governance.requests.add(RequestRecord {
            id: id.clone(),
            kind,
            requestor: asked.me.id.clone(),
            target: submission.target,
            package: submission.package,
            policy: submission.policy,
            assignment,
            created: asked.now,
            completed: None,
            sent,
            stages,
            phase: RequestPhase::Submitted,
            since: asked.now,
            failure: None,
            is_access_told: false,
        });
        let mut shown = self.governance.requests[place].shown(asked.now).unwrap_or_default();
        shown.insert("createdDateTime".into(), Value::Null);
        self.enter(place, RequestPhase::Submitted, asked.now);
        Ok(self.answer_created("assignmentRequests", shown))
    }

    /// The assignment of a request. Which member carries somebody by address is a knob: the samples of v1.0 have beta's.
    fn spelled(&self, body: &Map<String, Value>) -> Result<Value, Reply> {
        let of = |name: &str| body.get(name).filter(|value| value.is_object());
        let (name, assignment) = match (of("assignment"), of("accessPackageAssignment")) {
            (Some(assignment), None) => ("assignment", assignment),
            (None, Some(assignment)) => ("accessPackageAssignment", assignment),
            (None, None) => return Ok(json!({})),
            (Some(_), Some(_)) => return Err(bodies::invalid_model()),
        };
        let is_taken = self.knobs.address_spelling == "both" || self.knobs.address_spelling == name;
        // By object id the schema's member works whatever the knob says.
        let is_by_id = name == "assignment" && assignment["target"]["email"].is_null();
        if is_taken || is_by_id { Ok(assignment.clone()) } else { Err(bodies::invalid_model()) }
    }

    /// Package and policy that an assignment names.
    fn named(&self, assignment: &Value) -> Result<(&StoredObject, Option<&StoredObject>), Reply> {
        let id =
            |name: &str| assignment[format!("{name}Id")].as_str().unwrap_or_else(|| assignment[name]["id"].as_str().unwrap_or_default());
        let policy = match id("assignmentPolicy") {
            "" => None,
            policy => Some(found(self.governance.policies.by_id(policy), POLICIES)?),
        };
        let package = match (id("accessPackage"), policy) {
            ("", Some(policy)) => policy.parent.as_str(),
            (package, _) => package,
        };
        let package = found(self.governance.packages.by_id(package), PACKAGES)?;
        if policy.is_some_and(|policy| policy.parent != package.id) {
            return Err(no_policy());
        }
        Ok((package, policy))
    }

    /// An administrator assigns: to a person by id, or to somebody by address.
    fn direct(&self, asked: &GraphCall<'_>, assignment: &Value) -> Result<Submission, Reply> {
        let (package, policy) = self.named(assignment)?;
        self.needs(asked, CatalogTask::ManageAssignments, &package.parent)?;
        let policy = policy.ok_or_else(no_policy)?;
        let target = self.target(assignment)?;
        let requestor = self.requestor(&target);
        let is_direct = matches!(policy.text("allowedTargetScope"), "notSpecified" | "");
        let covers = if is_direct {
            requestor.id.is_some() || self.knobs.direct_policy_for_outsiders
        } else {
            rank(&Value::Object(policy.body.clone()), &requestor).is_some()
        };
        if !covers {
            return Err(not_covered());
        }
        self.check_compatible(&package.id, &requestor)?;
        Ok(Submission { target, package: package.id.clone(), policy: policy.id.clone(), assignment: None })
    }

    /// By object id, or by an address; whoever has it already is meant by it, unless they are blocked (microsoft-graph-docs #16952).
    fn target(&self, assignment: &Value) -> Result<String, Reply> {
        let unknown = || refused("SubjectNotFound", "The target of the assignment was not found.");
        let id = assignment["targetId"].as_str().or(assignment["target"]["objectId"].as_str());
        if let Some(id) = id {
            let person = self.directory.by_id(id).filter(|person| !person.is_deleted());
            return person.map(|person| person.id.clone()).ok_or_else(unknown);
        }
        let address = assignment["target"]["email"].as_str().filter(|address| is_address(address)).ok_or_else(unknown)?;
        match self.directory.by_address(address) {
            Some(person) if !person.account_enabled => Err(unknown()),
            Some(person) => Ok(person.id.clone()),
            None => Ok(address.to_owned()),
        }
    }

    /// Somebody asks for themselves.
    fn own_request(&self, asked: &GraphCall<'_>, body: &Map<String, Value>, assignment: &Value) -> Result<Submission, Reply> {
        let mut assignment = assignment.clone();
        if let Some(package) = body.get("accessPackage").filter(|_| assignment["accessPackageId"].is_null()) {
            assignment["accessPackageId"] = package["id"].clone();
        }
        let other = assignment["targetId"].as_str().is_some_and(|id| id != asked.me.id);
        if other || !assignment["target"]["email"].is_null() {
            return Err(no_policy());
        }
        let (package, policy) = self.named(&assignment)?;
        let requestor = self.requestor(&asked.me.id);
        let usable = self.usable_policies(&package.id, &requestor);
        let policy = match policy {
            Some(policy) => usable.into_iter().find(|usable| usable.id == policy.id),
            None => usable.into_iter().next(),
        };
        let policy = policy.ok_or_else(not_covered)?;
        check_answers(policy, body)?;
        self.check_compatible(&package.id, &requestor)?;
        Ok(Submission { target: asked.me.id.clone(), package: package.id.clone(), policy: policy.id.clone(), assignment: None })
    }

    /// An assignment is changed or taken away.
    fn for_assignment(&self, asked: &GraphCall<'_>, kind: RequestKind, assignment: &Value) -> Result<Submission, Reply> {
        let id = assignment["id"].as_str().unwrap_or_default();
        let assigned = found(self.governance.assignments.by_id(id), ASSIGNMENTS)?;
        if kind.is_own() {
            let setting = if kind.is_removal() { "enableTargetsToSelfRemoveAccess" } else { "enableTargetsToSelfUpdateAccess" };
            let policy =
                self.governance.policies.ever(&assigned.policy).map(|policy| Value::Object(policy.body.clone())).unwrap_or_default();
            if assigned.target != asked.me.id {
                return Err(no_policy());
            }
            // Whoever extends has to be covered still: entra-docs docs/includes/entra-entitlement-management-lifecycle-policy.md.
            let is_covered = || rank(&policy, &self.requestor(&asked.me.id)).is_some();
            if policy["requestorSettings"][setting] != json!(true) || kind.is_update() && !is_covered() {
                return Err(not_covered());
            }
        } else {
            self.needs(asked, CatalogTask::ManageAssignments, self.governance.catalog_of(&assigned.package))?;
        }
        let is_fit = if kind.is_update() { assigned.is_active() } else { !assigned.is_over() };
        if !is_fit {
            return Err(refused("AssignmentNotActive", "The assignment has ended."));
        }
        let (target, package, policy) = (assigned.target.clone(), assigned.package.clone(), assigned.policy.clone());
        Ok(Submission { target, package, policy, assignment: Some(assigned.id.clone()) })
    }

    /// Neither twice assigned, nor asked for while another request is open. That what is delivering can be taken away is our reading.
    fn check_open(&self, kind: RequestKind, submission: &Submission) -> Result<(), Reply> {
        let (target, package) = (submission.target.as_str(), submission.package.as_str());
        let governance = &self.governance;
        let is_in_the_way = |one: &RequestRecord| one.phase.is_open() && (one.kind.is_removal() || !kind.is_removal());
        // Whoever asked by address may be in the directory by now.
        let person = self.directory.by_id(target);
        let is_theirs = |other: &str| other.eq_ignore_ascii_case(target) || person.is_some_and(|person| person.owns(other));
        let is_open = |one: &RequestRecord| is_in_the_way(one) && one.package == package && is_theirs(&one.target);
        if governance.requests.iter().any(is_open) {
            return Err(refused("ExistingOpenRequest", "There is an open request for this target and access package."));
        }
        let is_add = submission.assignment.is_none();
        if is_add
            && !kind.is_removal()
            && governance.assignments.iter().any(|one| one.is_active() && one.target == target && one.package == package)
        {
            return Err(refused("ExistingAssignment", "The target already has an assignment to this access package."));
        }
        Ok(())
    }

    pub(super) fn check_compatible(&self, package: &str, requestor: &Requestor) -> Result<(), Reply> {
        let has = |other: &String| {
            let by_package =
                |one: &super::assignments::AssignmentRecord| one.package == *other && requestor.id.as_ref() == Some(&one.target);
            requestor.groups.contains(other) || self.governance.assignments.iter().any(|one| one.is_active() && by_package(one))
        };
        let relations = ["incompatibleAccessPackages", "incompatibleGroups"];
        let mut others = relations.into_iter().flat_map(|relation| self.governance.incompatible_with(package, relation));
        if others.any(|other| has(&other)) {
            return Err(refused("IncompatibleAccess", "The target has access that is incompatible with this access package."));
        }
        Ok(())
    }

    /// The stages that somebody has to decide first. Direct assignment skips them unless the knob `approvalForDirect` says otherwise.
    fn stages_for(&self, kind: RequestKind, policy: &str) -> Vec<Value> {
        let settings = self.governance.policies.ever(policy).and_then(|policy| policy.body.get("requestApprovalSettings"));
        let Some(settings) = settings.filter(|_| kind.is_own() || self.knobs.approval_for_direct) else { return Vec::new() };
        let name = if kind.is_update() { "isApprovalRequiredForUpdate" } else { "isApprovalRequiredForAdd" };
        if kind.is_removal() || settings[name] != json!(true) {
            return Vec::new();
        }
        settings["stages"].as_array().cloned().unwrap_or_default()
    }
}

/// What a policy asks of whoever asks: a reason, answers, no schedule of their own. Patterns of answers are not looked at.
fn check_answers(policy: &StoredObject, body: &Map<String, Value>) -> Result<(), Reply> {
    let setting = |group: &str, name: &str| policy.body.get(group).is_some_and(|group| group[name] == json!(true));
    let justification = bodies::text(body, "justification");
    if setting("requestApprovalSettings", "isRequestorJustificationRequired") && justification.trim().is_empty() {
        return Err(refused("JustificationRequired", "A justification is required to request this entitlement."));
    }
    if body.get("schedule").is_some_and(Value::is_object) && !setting("requestorSettings", "allowCustomAssignmentSchedule") {
        return Err(refused("CustomScheduleNotAllowed", "The policy does not allow a custom assignment schedule."));
    }
    let list = |value: Option<&Value>| value.and_then(Value::as_array).cloned().unwrap_or_default();
    let (questions, answers) = (list(policy.body.get("questions")), list(body.get("answers")));
    let answered =
        |id: &Value| answers.iter().find(|answer| answer["answeredQuestion"]["id"] == *id).and_then(|answer| answer["value"].as_str());
    let is_known = |answer: &Value| questions.iter().any(|question| question["id"] == answer["answeredQuestion"]["id"]);
    if !answers.iter().all(is_known) {
        return Err(refused("InvalidAnswer", "An answer is to a question that the policy does not ask."));
    }
    for question in &questions {
        let value = answered(&question["id"]).filter(|value| !value.trim().is_empty());
        let choices = question["choices"].as_array();
        match (value, choices) {
            (None, _) if question["isRequired"] == json!(true) => {
                return Err(refused("AnswerRequired", "A required question was not answered."));
            }
            (Some(value), Some(choices)) if !choices.iter().any(|choice| choice["actualValue"] == value) => {
                return Err(refused("InvalidAnswer", "An answer is none of the choices."));
            }
            _ => {}
        }
    }
    Ok(())
}

/// In these words: entra-docs issue 967.
pub(super) fn not_covered() -> Reply {
    refused("PolicyRequirementsNotMet", "You don't meet policy requirements to request this entitlement.")
}

fn no_policy() -> Reply {
    refused("NoValidPolicy", "No valid policy was found in the request.")
}
