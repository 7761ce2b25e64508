//! Whether people are asked, again and again, if access is still needed.
//! <https://learn.microsoft.com/graph/api/resources/accesspackageassignmentreviewsettings>

use crate::entitlement::members::{all, each, is_true, object, text};
use crate::entitlement::{Schedule, SubjectSet};
use crate::enumeration::enumeration;
use serde_json::Value;

enumeration! {
    /// What becomes of access that nobody has decided on.
    pub enum ReviewExpiration {
        /// It stays.
        KeepAccess = "keepAccess",
        /// It ends.
        RemoveAccess = "removeAccess",
        /// What the service recommends.
        AcceptRecommendation = "acceptAccessRecommendation",
    }
}

/// A review that is on. One that is off says nothing that is known here, and stays as it came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PolicyReview {
    /// When it begins, how long each one is open, and how often it comes.
    pub schedule: Schedule,
    /// What happens to what nobody has decided on.
    pub expiration: Option<ReviewExpiration>,
    /// Who reviews.
    pub reviewers: Reviewers,
    /// Whether reviewers see what the service recommends.
    pub is_recommendation_enabled: bool,
    /// Whether they have to give a reason.
    pub is_justification_required: bool,
}

/// Who reviews.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Reviewers {
    /// Everybody for themselves.
    #[default]
    Themselves,
    /// Others.
    Others {
        /// Asked first.
        primary: Vec<SubjectSet>,
        /// Asked where nobody of them is found.
        fallback: Vec<SubjectSet>,
    },
}

impl PolicyReview {
    /// `None` where it is off.
    pub(super) fn read(value: &Value) -> Option<Self> {
        let people = |name: &str| each(value, name, SubjectSet::read);
        is_true(value, "isEnabled").then(|| Self {
            schedule: Schedule::read(&value["schedule"]),
            expiration: text(value, "expirationBehavior").map(Into::into),
            reviewers: if is_true(value, "isSelfReview") {
                Reviewers::Themselves
            } else {
                Reviewers::Others { primary: people("primaryReviewers"), fallback: people("fallbackReviewers") }
            },
            is_recommendation_enabled: is_true(value, "isRecommendationEnabled"),
            is_justification_required: is_true(value, "isReviewerJustificationRequired"),
        })
    }

    pub(super) fn write(&self) -> Value {
        let (is_self, primary, fallback) = match &self.reviewers {
            Reviewers::Themselves => (true, [].as_slice(), [].as_slice()),
            Reviewers::Others { primary, fallback } => (false, primary.as_slice(), fallback.as_slice()),
        };
        object([
            ("isEnabled", true.into()),
            ("expirationBehavior", self.expiration.as_ref().map(ReviewExpiration::as_str).into()),
            ("isRecommendationEnabled", self.is_recommendation_enabled.into()),
            ("isReviewerJustificationRequired", self.is_justification_required.into()),
            ("isSelfReview", is_self.into()),
            ("schedule", self.schedule.write()),
            ("primaryReviewers", all(primary, SubjectSet::write)),
            ("fallbackReviewers", all(fallback, SubjectSet::write)),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_review_is_written_as_it_is_read_and_one_that_is_off_is_none() {
        // Of https://learn.microsoft.com/graph/api/entitlementmanagement-post-assignmentpolicies, example 2.
        let documented = json!({"isEnabled": true, "expirationBehavior": "keepAccess", "isRecommendationEnabled": true,
            "isReviewerJustificationRequired": true, "isSelfReview": false,
            "schedule": {"startDateTime": "2022-07-02T06:59:59.998Z", "expiration": {"duration": "P14D", "type": "afterDuration"},
                "recurrence": {"pattern": {"type": "absoluteMonthly", "interval": 3, "month": 0, "dayOfMonth": 0, "daysOfWeek": []},
                    "range": {"type": "noEnd", "numberOfOccurrences": 0}}},
            "primaryReviewers": [{"@odata.type": "#microsoft.graph.groupMembers", "groupId": "g"}], "fallbackReviewers": []});
        let read = PolicyReview::read(&documented).unwrap();
        assert_eq!(read.reviewers, Reviewers::Others { primary: vec![SubjectSet::group("g")], fallback: vec![] });
        assert_eq!(read.write(), documented);
        let own = PolicyReview::default();
        assert_eq!(PolicyReview::read(&own.write()).unwrap().reviewers, Reviewers::Themselves);
        for off in [Value::Null, json!({"isEnabled": false, "isSelfReview": true}), json!({"isEnabled": null})] {
            assert_eq!(PolicyReview::read(&off), None, "{off}");
        }
    }
}
