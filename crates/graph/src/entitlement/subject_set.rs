//! Whom a policy names: people, groups, organisations, managers, sponsors.
//! <https://learn.microsoft.com/graph/api/resources/subjectset>

use super::members::{by_value, kind, number, text, typed};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Somebody, or everybody of a kind. Each is written with its `@odata.type`: without that Graph cannot read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Value", into = "Value")]
pub enum SubjectSet {
    /// One person.
    User {
        /// Object id.
        id: String,
        /// A name, as Graph or whoever wrote it tells it; it means nothing.
        description: Option<String>,
    },
    /// Everybody in a group.
    Group {
        /// Object id.
        id: String,
        /// As of a user.
        description: Option<String>,
    },
    /// Everybody of a connected organization.
    Organization {
        /// Of the connected organization, not of its tenant.
        id: String,
        /// As of a user.
        description: Option<String>,
    },
    /// The manager of whoever asks: 1 is their own, 2 the manager's.
    RequestorManager {
        /// 1 or 2.
        level: i32,
    },
    /// The manager of whoever is to get access.
    TargetManager {
        /// 1 to 4.
        level: i32,
    },
    /// The internal sponsors of the connected organization.
    InternalSponsors,
    /// Its external sponsors.
    ExternalSponsors,
    /// The sponsors of whoever is to get access.
    TargetUserSponsors,
    /// Whoever a rule fits.
    Rule {
        /// In the language of dynamic groups.
        rule: String,
        /// As of a user.
        description: Option<String>,
    },
    /// An app.
    ServicePrincipal {
        /// Object id.
        id: String,
        /// As of a user.
        description: Option<String>,
    },
    /// In a way that is not known here, as it came.
    Other(Value),
}

impl SubjectSet {
    /// A person.
    pub fn user(id: impl Into<String>) -> Self {
        Self::User { id: id.into(), description: None }
    }

    /// A group.
    pub fn group(id: impl Into<String>) -> Self {
        Self::Group { id: id.into(), description: None }
    }

    /// A connected organization.
    pub fn organization(id: impl Into<String>) -> Self {
        Self::Organization { id: id.into(), description: None }
    }

    pub(super) fn read(value: &Value) -> Self {
        let description = text(value, "description");
        match (kind(value), text(value, Self::naming(kind(value)))) {
            ("singleUser", Some(id)) => Self::User { id, description },
            ("groupMembers", Some(id)) => Self::Group { id, description },
            ("connectedOrganizationMembers", Some(id)) => Self::Organization { id, description },
            ("attributeRuleMembers", Some(rule)) => Self::Rule { rule, description },
            ("singleServicePrincipal", Some(id)) => Self::ServicePrincipal { id, description },
            ("requestorManager", _) => Self::RequestorManager { level: number(value, "managerLevel") },
            ("targetManager", _) => Self::TargetManager { level: number(value, "managerLevel") },
            ("internalSponsors", _) => Self::InternalSponsors,
            ("externalSponsors", _) => Self::ExternalSponsors,
            ("targetUserSponsors", _) => Self::TargetUserSponsors,
            _ => Self::Other(value.clone()),
        }
    }

    /// The member that names whom a set of this type is.
    fn naming(kind: &str) -> &'static str {
        match kind {
            "singleUser" => "userId",
            "groupMembers" => "groupId",
            "connectedOrganizationMembers" => "connectedOrganizationId",
            "attributeRuleMembers" => "membershipRule",
            "singleServicePrincipal" => "servicePrincipalId",
            _ => "",
        }
    }

    pub(super) fn write(&self) -> Value {
        let named = |kind: &'static str, id: &String, description: &Option<String>| {
            typed(kind, [(Self::naming(kind), id.clone().into()), ("description", description.clone().into())])
        };
        match self {
            Self::User { id, description } => named("singleUser", id, description),
            Self::Group { id, description } => named("groupMembers", id, description),
            Self::Organization { id, description } => named("connectedOrganizationMembers", id, description),
            Self::Rule { rule, description } => named("attributeRuleMembers", rule, description),
            Self::ServicePrincipal { id, description } => named("singleServicePrincipal", id, description),
            Self::RequestorManager { level } => typed("requestorManager", [("managerLevel", (*level).into())]),
            Self::TargetManager { level } => typed("targetManager", [("managerLevel", (*level).into())]),
            Self::InternalSponsors => typed("internalSponsors", []),
            Self::ExternalSponsors => typed("externalSponsors", []),
            Self::TargetUserSponsors => typed("targetUserSponsors", []),
            Self::Other(value) => value.clone(),
        }
    }
}

by_value!(SubjectSet);

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn each_kind_is_written_with_its_type_as_it_is_read() {
        let check = |kind: &str, members: Value, expected: SubjectSet| {
            let mut value = members;
            value["@odata.type"] = format!("#microsoft.graph.{kind}").into();
            let read: SubjectSet = serde_json::from_value(value.clone()).unwrap();
            assert_eq!((serde_json::to_value(&read).unwrap(), read), (value, expected));
        };
        check("singleUser", json!({"userId": "1"}), SubjectSet::user("1"));
        let named = SubjectSet::User { id: "1".into(), description: Some("Ada".into()) };
        check("singleUser", json!({"userId": "1", "description": "Ada"}), named);
        check("groupMembers", json!({"groupId": "1"}), SubjectSet::group("1"));
        check("connectedOrganizationMembers", json!({"connectedOrganizationId": "1"}), SubjectSet::organization("1"));
        check("requestorManager", json!({"managerLevel": 1}), SubjectSet::RequestorManager { level: 1 });
        check("targetManager", json!({"managerLevel": 4}), SubjectSet::TargetManager { level: 4 });
        check("internalSponsors", json!({}), SubjectSet::InternalSponsors);
        check("externalSponsors", json!({}), SubjectSet::ExternalSponsors);
        check("targetUserSponsors", json!({}), SubjectSet::TargetUserSponsors);
        check("attributeRuleMembers", json!({"membershipRule": "x"}), SubjectSet::Rule { rule: "x".into(), description: None });
        let app = SubjectSet::ServicePrincipal { id: "1".into(), description: None };
        check("singleServicePrincipal", json!({"servicePrincipalId": "1"}), app);
        for (kind, members) in [("newSubjects", json!({"x": [1]})), ("singleUser", json!({"userId": null}))] {
            let mut whole = members.clone();
            whole["@odata.type"] = format!("#microsoft.graph.{kind}").into();
            check(kind, members, SubjectSet::Other(whole));
        }
    }
}
