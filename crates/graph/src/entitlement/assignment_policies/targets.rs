//! Who may ask, and who may be given access. <https://learn.microsoft.com/graph/api/resources/accesspackageassignmentpolicy>

use crate::entitlement::SubjectSet;
use crate::entitlement::members::{all, each, is_true, object, text};
use crate::enumeration::enumeration;
use serde_json::{Map, Value, json};

enumeration! {
    /// Everybody of a kind. The words are those of v1.0; beta's, such as `NoSubjects`, are refused.
    pub enum TargetScope {
        /// Members of the tenant, without guests.
        AllMembers = "allMemberUsers",
        /// Everybody in the directory, guests among them.
        AllUsers = "allDirectoryUsers",
        /// Every app.
        AllServicePrincipals = "allDirectoryServicePrincipals",
        /// Everybody of all connected organizations that are configured; the proposed ones are outside.
        AllConfiguredOrganizations = "allConfiguredConnectedOrganizationUsers",
        /// Everybody at all.
        AllExternalUsers = "allExternalUsers",
        /// Every agent.
        AllAgentIdentities = "allDirectoryAgentIdentities",
    }
}

/// Which kind the ones are that are named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TargetKind {
    /// People and groups of the directory.
    Users,
    /// Connected organizations.
    Organizations,
    /// Apps.
    ServicePrincipals,
}

/// Who may ask. One of this kind without the ones that it names is refused (our reading).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum AllowedTargets {
    /// Nobody: administrators assign.
    #[default]
    Nobody,
    /// Those who are named.
    Named(TargetKind, NamedTargets),
    /// Everybody of a kind.
    All(TargetScope),
    /// A scope and targets that do not go together, as they came.
    Other {
        /// The word of the scope.
        scope: String,
        /// Whoever is named.
        targets: Vec<SubjectSet>,
    },
}

/// At least one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedTargets(Vec<SubjectSet>);

impl NamedTargets {
    /// `None` where nobody is named.
    pub fn new(targets: Vec<SubjectSet>) -> Option<Self> {
        (!targets.is_empty()).then_some(Self(targets))
    }

    /// In their order.
    pub fn targets(&self) -> &[SubjectSet] {
        &self.0
    }
}

const NAMED: [(&str, TargetKind); 3] = [
    ("specificDirectoryUsers", TargetKind::Users),
    ("specificConnectedOrganizationUsers", TargetKind::Organizations),
    ("specificDirectoryServicePrincipals", TargetKind::ServicePrincipals),
];

impl AllowedTargets {
    pub(super) fn read(policy: &Value) -> Self {
        let scope = text(policy, "allowedTargetScope").unwrap_or_default();
        let targets = each(policy, "specificAllowedTargets", SubjectSet::read);
        let named = NAMED.iter().find(|(word, _)| word.eq_ignore_ascii_case(&scope));
        match (named, NamedTargets::new(targets), TargetScope::from(scope)) {
            (Some((_, kind)), Some(targets), _) => Self::Named(*kind, targets),
            (None, None, TargetScope::Other(word)) if word.is_empty() || word.eq_ignore_ascii_case("notSpecified") => Self::Nobody,
            (None, None, TargetScope::Other(scope)) => Self::Other { scope, targets: Vec::new() },
            (None, None, scope) => Self::All(scope),
            (_, targets, scope) => {
                Self::Other { scope: scope.as_str().into(), targets: targets.map_or_else(Vec::new, |targets| targets.0) }
            }
        }
    }

    pub(super) fn write_into(&self, policy: &mut Map<String, Value>) {
        let (scope, targets) = match self {
            Self::Nobody => ("notSpecified", [].as_slice()),
            Self::Named(kind, targets) => (NAMED.iter().find(|(_, one)| one == kind).map_or("", |(word, _)| word), targets.targets()),
            Self::All(scope) => (scope.as_str(), [].as_slice()),
            Self::Other { scope, targets } => (scope.as_str(), targets.as_slice()),
        };
        policy.insert("allowedTargetScope".into(), scope.into());
        policy.insert("specificAllowedTargets".into(), all(targets, SubjectSet::write));
    }
}

/// What whoever may ask can ask for. <https://learn.microsoft.com/graph/api/resources/accesspackageassignmentrequestorsettings>
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestorSettings {
    /// What they can ask for themselves.
    pub for_themselves: AskedFor,
    /// What others can ask for them.
    pub on_behalf: AskedFor,
    /// Who these others are.
    pub on_behalf_requestors: Vec<SubjectSet>,
    /// Whether they may say from when and for how long.
    pub allows_custom_schedule: bool,
}

/// Which requests can be made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AskedFor {
    /// For access.
    pub add: bool,
    /// For a change of it, such as a longer time.
    pub update: bool,
    /// For its end.
    pub remove: bool,
}

impl RequestorSettings {
    pub(super) fn read(value: &Value) -> Self {
        let asked = |add: &str, update: &str, remove: &str| AskedFor {
            add: is_true(value, add),
            update: is_true(value, update),
            remove: is_true(value, remove),
        };
        Self {
            for_themselves: asked("enableTargetsToSelfAddAccess", "enableTargetsToSelfUpdateAccess", "enableTargetsToSelfRemoveAccess"),
            on_behalf: asked(
                "enableOnBehalfRequestorsToAddAccess",
                "enableOnBehalfRequestorsToUpdateAccess",
                "enableOnBehalfRequestorsToRemoveAccess",
            ),
            on_behalf_requestors: each(value, "onBehalfRequestors", SubjectSet::read),
            allows_custom_schedule: is_true(value, "allowCustomAssignmentSchedule"),
        }
    }

    pub(super) fn write(&self) -> Value {
        json!({
            "enableTargetsToSelfAddAccess": self.for_themselves.add,
            "enableTargetsToSelfUpdateAccess": self.for_themselves.update,
            "enableTargetsToSelfRemoveAccess": self.for_themselves.remove,
            "allowCustomAssignmentSchedule": self.allows_custom_schedule,
            "enableOnBehalfRequestorsToAddAccess": self.on_behalf.add,
            "enableOnBehalfRequestorsToUpdateAccess": self.on_behalf.update,
            "enableOnBehalfRequestorsToRemoveAccess": self.on_behalf.remove,
            "onBehalfRequestors": all(&self.on_behalf_requestors, SubjectSet::write),
        })
    }
}

/// Access that a rule gives and takes without anybody asking.
/// <https://learn.microsoft.com/graph/api/resources/accesspackageautomaticrequestsettings>
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AutomaticRequests {
    /// Whoever comes to fit the rule gets it.
    pub gives_access: bool,
    /// Whoever no longer fits it loses it.
    pub takes_access: bool,
    /// So long after that.
    pub grace_period: Option<String>,
}

impl AutomaticRequests {
    /// `None` where there are none: a policy that is asked of.
    pub(super) fn read(value: &Value) -> Option<Self> {
        value.is_object().then(|| Self {
            gives_access: is_true(value, "requestAccessForAllowedTargets"),
            takes_access: is_true(value, "removeAccessWhenTargetLeavesAllowedTargets"),
            grace_period: text(value, "gracePeriodBeforeAccessRemoval"),
        })
    }

    pub(super) fn write(&self) -> Value {
        object([
            ("requestAccessForAllowedTargets", self.gives_access.into()),
            ("removeAccessWhenTargetLeavesAllowedTargets", self.takes_access.into()),
            ("gracePeriodBeforeAccessRemoval", self.grace_period.clone().into()),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_may_ask_is_written_as_it_is_read_whatever_it_is() {
        let check = |scope: &str, targets: Value, expected: AllowedTargets| {
            let policy = json!({"allowedTargetScope": scope, "specificAllowedTargets": targets});
            let read = AllowedTargets::read(&policy);
            let mut written = Map::new();
            read.write_into(&mut written);
            assert_eq!((Value::Object(written), read), (policy, expected));
        };
        check("notSpecified", json!([]), AllowedTargets::Nobody);
        let organization = json!([{"@odata.type": "#microsoft.graph.connectedOrganizationMembers", "connectedOrganizationId": "o"}]);
        let named = NamedTargets::new(vec![SubjectSet::organization("o")]).unwrap();
        check("specificConnectedOrganizationUsers", organization.clone(), AllowedTargets::Named(TargetKind::Organizations, named.clone()));
        check("specificDirectoryUsers", organization.clone(), AllowedTargets::Named(TargetKind::Users, named));
        check("allExternalUsers", json!([]), AllowedTargets::All(TargetScope::AllExternalUsers));
        check("allDirectoryAgentIdentities", json!([]), AllowedTargets::All(TargetScope::AllAgentIdentities));
        let other = |scope: &str, targets: Vec<SubjectSet>| AllowedTargets::Other { scope: scope.into(), targets };
        check("everybodyOnTheMoon", json!([]), other("everybodyOnTheMoon", vec![]));
        check("specificConnectedOrganizationUsers", json!([]), other("specificConnectedOrganizationUsers", vec![]));
        check("allExternalUsers", organization, other("allExternalUsers", vec![SubjectSet::organization("o")]));
        assert_eq!(
            AllowedTargets::read(&json!({"allowedTargetScope": "AllExternalUsers"})),
            AllowedTargets::All(TargetScope::AllExternalUsers)
        );
        assert_eq!((AllowedTargets::read(&json!({})), NamedTargets::new(vec![])), (AllowedTargets::Nobody, None));
    }

    #[test]
    fn what_can_be_asked_for_is_written_as_it_is_read() {
        let settings = RequestorSettings {
            for_themselves: AskedFor { add: true, update: false, remove: true },
            on_behalf: AskedFor { add: false, update: true, remove: false },
            on_behalf_requestors: vec![SubjectSet::user("1")],
            allows_custom_schedule: true,
        };
        assert_eq!(RequestorSettings::read(&settings.write()), settings);
        assert_eq!(RequestorSettings::read(&Value::Null), RequestorSettings::default());
        let automatic = AutomaticRequests { gives_access: true, takes_access: true, grace_period: Some("P7D".into()) };
        assert_eq!((AutomaticRequests::read(&automatic.write()), AutomaticRequests::read(&Value::Null)), (Some(automatic), None));
    }
}
