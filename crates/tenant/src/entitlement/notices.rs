//! What Microsoft writes to people while requests and assignments go on: when the clock reaches the moment, and once. Who is told of what in
//! which subject: entra-docs docs/id-governance/entitlement-management-process.md, "Email notifications table"; what stands below is ours.

use super::agenda::Wake;
use super::assignments::AssignmentRecord;
use super::walk::RequestRecord;
use crate::mailer::Mail;
use crate::{DOMAIN, Tenant};
use serde_json::{Value, json};
use time::{Millis, Moment};

/// So long before an assignment ends whoever may extend it is told:
/// entra-docs docs/includes/entra-entitlement-management-lifecycle-policy.md.
const ENDING: [Millis; 2] = [Millis::days(14), Millis::days(1)];

/// A sort of mail. `{package}`, `{requestor}`, `{date}`, `{time}` and `{reason}` stand for what it is about.
#[derive(Clone, Copy)]
struct Notice {
    /// In the outbox.
    kind: &'static str,
    subject: &'static str,
    text: &'static str,
    /// Where in My Access its link leads: a page of the package, or of the request.
    page: &'static str,
}

const ASKED: &str = "{requestor} asks for access to {package}.\nJustification: {reason}\nApprove or deny it until {date}, {time}:";
const APPROVAL: Notice = Notice {
    kind: "approvalRequest",
    subject: "Action required: Approve or deny request by {date}",
    text: ASKED,
    page: "request-approvals",
};
/// To the first stage, where others are asked later.
const ESCALATING: Notice = Notice { subject: "Approve or deny the request by {time} on {date}", ..APPROVAL };
/// To later stages, where others are asked later.
const ESCALATING_LATER: Notice = Notice { subject: "Action required: Approve or deny the request by {date} for {requestor}", ..APPROVAL };
const FORWARDED: Notice =
    Notice { kind: "approvalForwarded", subject: "Action required: Approve or deny forwarded request by {date}", ..APPROVAL };
const APPROVED: Notice = Notice {
    kind: "requestApproved",
    subject: "Request approved for {requestor} to {package}",
    text: "The request of {requestor} for {package} was approved.",
    page: "request-approvals",
};
const UNDECIDED: Notice = Notice {
    kind: "approvalExpired",
    subject: "Request has expired for {package}",
    text: "Nobody decided the request of {requestor} for {package} in time. It can no longer be decided.",
    page: "request-approvals",
};
const DENIED: Notice = Notice {
    kind: "requestDenied",
    subject: "Request denied to {package}",
    text: "Your request for {package} was denied.\nReason: {reason}",
    page: "request-history",
};
const EXPIRED: Notice = Notice {
    kind: "requestExpired",
    subject: "Your request has expired for {package}",
    text: "Nobody decided your request for {package} in time. To try again, send another request.",
    page: "request-history",
};
const DELIVERED: Notice = Notice {
    kind: "accessDelivered",
    subject: "You now have access to {package}",
    text: "Your request for {package} was approved. To begin:",
    page: "request-history",
};
const ENDS: Notice = Notice {
    kind: "accessEnding",
    subject: "Extend access for {package} by {date}",
    text: "Your access to {package} ends on {date}, {time}. To extend it:",
    page: "access-packages",
};
const ENDED: Notice = Notice {
    kind: "accessEnded",
    subject: "Access has ended for {package}",
    text: "Your access to {package} has ended. To get it again, send another request.",
    page: "access-packages",
};

/// What a mail is about.
struct Occasion {
    request: String,
    package: String,
    requestor: String,
    reason: String,
    until: Moment,
}

impl Tenant {
    fn occasion(&self, request: &RequestRecord, until: Moment) -> Occasion {
        let person = self.directory.by_id(&request.target);
        Occasion {
            request: request.id.clone(),
            package: request.package.clone(),
            requestor: person.map_or_else(|| request.target.clone(), |person| person.display_name.clone()),
            reason: request.sent("justification").as_str().unwrap_or_default().to_owned(),
            until,
        }
    }

    /// Writes to each of these people: by id, or by address where they are not in the directory.
    fn write(&mut self, notice: Notice, to: &[String], about: &Occasion, at: Moment) {
        let package = self.governance.packages.ever(&about.package).map_or("", |package| package.text("displayName"));
        let until = about.until.iso();
        let filled = |text: &str| {
            let text = text.replace("{date}", until.get(..10).unwrap_or_default());
            let text = text.replace("{time}", &format!("{} UTC", until.get(11..16).unwrap_or_default()));
            text.replace("{reason}", &about.reason).replace("{requestor}", &about.requestor).replace("{package}", package)
        };
        let id = if notice.page == "access-packages" { &about.package } else { &about.request };
        let link = format!("{}/@{DOMAIN}#/{}/{id}", self.origins.graph, notice.page);
        let mail = Mail {
            kind: notice.kind,
            from: "Microsoft Azure <azure-noreply@microsoft.com>".into(),
            subject: filled(notice.subject).replace(char::is_control, " "),
            text: format!("{}\n{link}", filled(notice.text)),
            language: "en-US".into(),
            link,
            at: at.iso(),
            ..Mail::default()
        };
        // Who is named by two lists is told once.
        let each = to.iter().enumerate().filter(|(place, person)| !to[..*place].contains(person));
        for (_, person) in each {
            let known = self.directory.by_id(person);
            let address = match known {
                Some(known) => known.mail.clone().filter(|_| !known.is_deleted()),
                None => Some(person.clone()).filter(|text| text.contains('@')),
            };
            if let Some(to) = address {
                self.mailer.letter(Mail { to, ..mail.clone() });
            }
        }
    }

    /// A stage has begun, and waits for these people.
    pub(super) fn tell_approvers(&mut self, place: usize, stage: usize, at: Moment) {
        let request = &self.governance.requests[place];
        let begun = &request.stages[stage];
        let notice = match (begun.escalates_at().filter(|due| *due > at), stage) {
            (None, _) => APPROVAL,
            (Some(due), number) => {
                self.governance.agenda.wake(due, Wake::Escalation(place));
                if number == 0 { ESCALATING } else { ESCALATING_LATER }
            }
        };
        let (to, about) = (self.approvers(request, begun, at), self.occasion(request, begun.denied_at().unwrap_or(at)));
        self.write(notice, &to, &about, at);
    }

    /// Nobody has decided until now: who may decide from now on is told.
    pub(super) fn tell_alternates(&mut self, place: usize, at: Moment) {
        let request = &self.governance.requests[place];
        let Some(stage) = request.open_stage().map(|stage| &request.stages[stage]) else { return };
        let before = self.approvers(request, stage, at - Millis(1));
        let mut to = self.approvers(request, stage, at);
        to.retain(|person| !before.contains(person));
        let about = self.occasion(request, stage.denied_at().unwrap_or(at));
        self.write(FORWARDED, &to, &about, at);
    }

    /// A stage was decided, or was not in time. What an administrator asked for tells nobody ("Email notifications").
    pub(super) fn tell_of_decision(&mut self, place: usize, stage: usize, at: Moment) {
        let request = &self.governance.requests[place];
        if !request.kind.is_own() {
            return;
        }
        let (approvers, requestor) = (self.approvers(request, &request.stages[stage], at), vec![request.target.clone()]);
        let mut about = self.occasion(request, at);
        match request.stages[stage].decision() {
            Some(decision) if decision.is_approval => self.write(APPROVED, &approvers, &about, at),
            Some(decision) => {
                about.reason = decision.justification.clone().unwrap_or_default();
                self.write(DENIED, &requestor, &about, at);
            }
            None => {
                self.write(UNDECIDED, &approvers, &about, at);
                self.write(EXPIRED, &requestor, &about, at);
            }
        }
    }

    /// Somebody has what they asked for; or, from outside, gets it when they come in, which the mail tells them to
    /// (entra-docs docs/id-governance/entitlement-management-external-users.md, "How access works for external users").
    pub(super) fn tell_of_access(&mut self, place: usize, at: Moment) {
        let request = &self.governance.requests[place];
        if request.is_access_told || !request.kind.is_own() || !request.kind.is_add() || self.is_silent(&request.policy) {
            return;
        }
        let (to, about) = (vec![request.target.clone()], self.occasion(request, at));
        self.governance.requests[place].is_access_told = true;
        self.write(DELIVERED, &to, &about, at);
    }

    /// The end of an assignment was set: whoever has it will be told.
    pub(super) fn announce_end(&mut self, place: usize, at: Moment) {
        let Some(end) = self.governance.assignments[place].end else { return };
        for due in ENDING.map(|length| end - length).into_iter().filter(|due| *due >= at) {
            self.governance.agenda.wake(due, Wake::Ending(place));
        }
    }

    /// Whether it ends so soon is looked at again, since it may have been extended meanwhile.
    pub(super) fn tell_of_ending(&mut self, place: usize, at: Moment) {
        let assignment = &self.governance.assignments[place];
        let Some(end) = assignment.end.filter(|end| assignment.is_active() && ENDING.contains(&(*end - at))) else { return };
        let policy = self.governance.policies.ever(&assignment.policy);
        let is_extendable = policy.is_some_and(|policy| policy.body["requestorSettings"]["enableTargetsToSelfUpdateAccess"] == json!(true));
        if is_extendable {
            self.write_to_holder(ENDS, &assignment.clone(), end, at);
        }
    }

    /// An assignment has ended by its time.
    pub(super) fn tell_of_end(&mut self, place: usize, at: Moment) {
        self.write_to_holder(ENDED, &self.governance.assignments[place].clone(), at, at);
    }

    fn write_to_holder(&mut self, notice: Notice, assignment: &AssignmentRecord, until: Moment, at: Moment) {
        if self.is_silent(&assignment.policy) {
            return;
        }
        let mut requests = self.governance.requests.iter();
        let Some(request) = requests.find(|one| one.assignment == assignment.id && one.kind.is_add() && one.kind.is_own()) else { return };
        let about = self.occasion(request, until);
        self.write(notice, std::slice::from_ref(&assignment.target), &about, at);
    }

    /// `isAssignmentNotificationDisabled`. That it silences what tells of access and its end, and not what tells of requests, is our reading.
    fn is_silent(&self, policy: &str) -> bool {
        let settings = self.governance.policies.ever(policy).and_then(|policy| policy.body.get("notificationSettings"));
        settings.is_some_and(|settings| settings["isAssignmentNotificationDisabled"] == Value::Bool(true))
    }
}
