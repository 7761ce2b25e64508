//! JSON bodies, held against the types that they are of: what Graph's reader refuses is refused here, before anything is done.
//! Types: microsoftgraph/msgraph-metadata @ f54f11b6, schemas/v1.0-Prod.csdl. Words: OData/odata.net, Microsoft.OData.Core.

use super::date_time;
use super::graph_api::refusal;
use graph::{Reply, Request};
use serde_json::{Map, Value};

pub(super) enum MemberKind {
    Text,
    /// A text that may not be null.
    Needed,
    /// `Edm.DateTimeOffset`
    Time,
    Bool,
    /// One of these names, in any case: Microsoft's own samples capitalise some (learn.microsoft.com/graph/api/user-sendmail).
    Named(&'static Enumeration),
    /// `saveToSentItems`: Microsoft's own sample has it in quotes (learn.microsoft.com/graph/api/user-sendmail).
    QuotedBool,
    /// `Edm.Duration`
    Duration,
    Number,
    One(&'static Shape),
    /// Of an abstract type: it says by `@odata.type` which of these it is.
    OneOf(&'static [&'static Shape]),
    Many(&'static MemberKind),
    /// Declared, and not looked into.
    Some,
}

pub(super) struct Shape {
    pub(super) name: &'static str,
    /// Properties and navigation properties; parameters of an action compare without case.
    pub(super) members: &'static [(&'static str, MemberKind)],
    /// Takes members that are not declared.
    pub(super) is_open: bool,
}

/// An enum of the schema, with the names of its members.
pub(super) struct Enumeration {
    pub(super) name: &'static str,
    pub(super) members: &'static [&'static str],
}

static BODY_TYPE: Enumeration = Enumeration { name: "bodyType", members: &["text", "html"] };
static IMPORTANCE: Enumeration = Enumeration { name: "importance", members: &["low", "normal", "high"] };
static INFERENCE: Enumeration = Enumeration { name: "inferenceClassificationType", members: &["focused", "other"] };
static FLAG_STATUS: Enumeration = Enumeration { name: "followupFlagStatus", members: &["notFlagged", "complete", "flagged"] };
static CHAT_IMPORTANCE: Enumeration =
    Enumeration { name: "chatMessageImportance", members: &["normal", "high", "urgent", "unknownFutureValue"] };
static CHAT_MESSAGE_TYPE: Enumeration =
    Enumeration { name: "chatMessageType", members: &["message", "chatEvent", "typing", "unknownFutureValue", "systemEventMessage"] };

static EMAIL_ADDRESS: Shape =
    Shape { name: "emailAddress", members: &[("name", MemberKind::Text), ("address", MemberKind::Text)], is_open: false };
static RECIPIENT: Shape = Shape { name: "recipient", members: &[("emailAddress", MemberKind::One(&EMAIL_ADDRESS))], is_open: false };
static RECIPIENTS: MemberKind = MemberKind::One(&RECIPIENT);
static TEXTS: MemberKind = MemberKind::Text;

static MESSAGE_INFO: Shape = Shape {
    name: "invitedUserMessageInfo",
    members: &[
        ("ccRecipients", MemberKind::Many(&RECIPIENTS)),
        ("customizedMessageBody", MemberKind::Text),
        ("messageLanguage", MemberKind::Text),
    ],
    is_open: false,
};
static USER: Shape = Shape { name: "user", members: &[("id", MemberKind::Text), ("accountEnabled", MemberKind::Bool)], is_open: true };

pub(super) static INVITATION: Shape = Shape {
    name: "invitation",
    members: &[
        ("id", MemberKind::Text),
        ("invitedUserDisplayName", MemberKind::Text),
        ("invitedUserEmailAddress", MemberKind::Needed),
        ("invitedUserMessageInfo", MemberKind::One(&MESSAGE_INFO)),
        ("invitedUserType", MemberKind::Text),
        ("inviteRedeemUrl", MemberKind::Text),
        ("inviteRedirectUrl", MemberKind::Needed),
        ("resetRedemption", MemberKind::Bool),
        ("sendInvitationMessage", MemberKind::Bool),
        ("status", MemberKind::Text),
        ("invitedUser", MemberKind::One(&USER)),
        ("invitedUserSponsors", MemberKind::Some),
    ],
    is_open: false,
};

/// The action's parameters are left out: autoReconcileProxyConflict, newUserPrincipalName.
pub(super) static RESTORE: Shape = Shape { name: "restore", members: &[], is_open: false };

/// What of a group is looked at here.
pub(super) static GROUP: Shape = Shape {
    name: "group",
    members: &[
        ("displayName", MemberKind::Text),
        ("description", MemberKind::Text),
        ("mailEnabled", MemberKind::Bool),
        ("mailNickname", MemberKind::Text),
        ("securityEnabled", MemberKind::Bool),
        ("isAssignableToRole", MemberKind::Bool),
        ("groupTypes", MemberKind::Many(&TEXTS)),
    ],
    is_open: true,
};

/// A link to an object, in `@odata.id`.
pub(super) static REFERENCE: Shape = Shape { name: "directoryObject", members: &[], is_open: false };

pub(super) static APP_ROLE_ASSIGNMENT: Shape = Shape {
    name: "appRoleAssignment",
    members: &[("appRoleId", MemberKind::Needed), ("principalId", MemberKind::Text), ("resourceId", MemberKind::Text)],
    is_open: false,
};

static ITEM_BODY: Shape =
    Shape { name: "itemBody", members: &[("content", MemberKind::Text), ("contentType", MemberKind::Named(&BODY_TYPE))], is_open: false };
static FLAG: Shape = Shape {
    name: "followupFlag",
    members: &[
        ("completedDateTime", MemberKind::Some),
        ("dueDateTime", MemberKind::Some),
        ("flagStatus", MemberKind::Named(&FLAG_STATUS)),
        ("startDateTime", MemberKind::Some),
    ],
    is_open: false,
};
static HEADER: Shape =
    Shape { name: "internetMessageHeader", members: &[("name", MemberKind::Text), ("value", MemberKind::Text)], is_open: false };
static HEADERS: MemberKind = MemberKind::One(&HEADER);

/// With what it has of outlookItem and entity.
pub(super) static MESSAGE: Shape = Shape {
    name: "message",
    members: &[
        ("id", MemberKind::Needed),
        ("categories", MemberKind::Many(&TEXTS)),
        ("changeKey", MemberKind::Text),
        ("createdDateTime", MemberKind::Time),
        ("lastModifiedDateTime", MemberKind::Time),
        ("bccRecipients", MemberKind::Many(&RECIPIENTS)),
        ("body", MemberKind::One(&ITEM_BODY)),
        ("bodyPreview", MemberKind::Text),
        ("ccRecipients", MemberKind::Many(&RECIPIENTS)),
        ("conversationId", MemberKind::Text),
        ("conversationIndex", MemberKind::Text),
        ("flag", MemberKind::One(&FLAG)),
        ("from", MemberKind::One(&RECIPIENT)),
        ("hasAttachments", MemberKind::Bool),
        ("importance", MemberKind::Named(&IMPORTANCE)),
        ("inferenceClassification", MemberKind::Named(&INFERENCE)),
        ("internetMessageHeaders", MemberKind::Many(&HEADERS)),
        ("internetMessageId", MemberKind::Text),
        ("isDeliveryReceiptRequested", MemberKind::Bool),
        ("isDraft", MemberKind::Bool),
        ("isRead", MemberKind::Bool),
        ("isReadReceiptRequested", MemberKind::Bool),
        ("parentFolderId", MemberKind::Text),
        ("receivedDateTime", MemberKind::Time),
        ("replyTo", MemberKind::Many(&RECIPIENTS)),
        ("sender", MemberKind::One(&RECIPIENT)),
        ("sentDateTime", MemberKind::Time),
        ("subject", MemberKind::Text),
        ("toRecipients", MemberKind::Many(&RECIPIENTS)),
        ("uniqueBody", MemberKind::One(&ITEM_BODY)),
        ("webLink", MemberKind::Text),
        ("attachments", MemberKind::Some),
        ("extensions", MemberKind::Some),
        ("multiValueExtendedProperties", MemberKind::Some),
        ("singleValueExtendedProperties", MemberKind::Some),
    ],
    is_open: false,
};

pub(super) static SEND_MAIL: Shape = Shape {
    name: "sendMail",
    members: &[("message", MemberKind::One(&MESSAGE)), ("saveToSentItems", MemberKind::QuotedBool)],
    is_open: false,
};

/// With what it has of conversationMember and entity.
static MEMBER: Shape = Shape {
    name: "aadUserConversationMember",
    members: &[
        ("id", MemberKind::Needed),
        ("displayName", MemberKind::Text),
        ("roles", MemberKind::Many(&TEXTS)),
        ("visibleHistoryStartDateTime", MemberKind::Time),
        ("email", MemberKind::Text),
        ("tenantId", MemberKind::Text),
        ("userId", MemberKind::Text),
        ("user", MemberKind::Some),
    ],
    is_open: false,
};
static MEMBERS: MemberKind = MemberKind::One(&MEMBER);

pub(super) static CHAT: Shape = Shape {
    name: "chat",
    members: &[
        ("id", MemberKind::Needed),
        ("chatType", MemberKind::Needed),
        ("createdDateTime", MemberKind::Time),
        ("isHiddenForAllMembers", MemberKind::Bool),
        ("lastUpdatedDateTime", MemberKind::Time),
        ("migrationMode", MemberKind::Text),
        ("onlineMeetingInfo", MemberKind::Some),
        ("originalCreatedDateTime", MemberKind::Time),
        ("tenantId", MemberKind::Text),
        ("topic", MemberKind::Text),
        ("viewpoint", MemberKind::Some),
        ("webUrl", MemberKind::Text),
        ("installedApps", MemberKind::Some),
        ("lastMessagePreview", MemberKind::Some),
        ("members", MemberKind::Many(&MEMBERS)),
        ("messages", MemberKind::Some),
        ("permissionGrants", MemberKind::Some),
        ("pinnedMessages", MemberKind::Some),
        ("tabs", MemberKind::Some),
        ("targetedMessages", MemberKind::Some),
    ],
    is_open: false,
};

pub(super) static CHAT_MESSAGE: Shape = Shape {
    name: "chatMessage",
    members: &[
        ("id", MemberKind::Needed),
        ("attachments", MemberKind::Some),
        ("body", MemberKind::One(&ITEM_BODY)),
        ("channelIdentity", MemberKind::Some),
        ("chatId", MemberKind::Text),
        ("createdDateTime", MemberKind::Time),
        ("deletedDateTime", MemberKind::Time),
        ("etag", MemberKind::Text),
        ("eventDetail", MemberKind::Some),
        ("from", MemberKind::Some),
        ("importance", MemberKind::Named(&CHAT_IMPORTANCE)),
        ("lastEditedDateTime", MemberKind::Time),
        ("lastModifiedDateTime", MemberKind::Time),
        ("locale", MemberKind::Text),
        ("mentions", MemberKind::Some),
        ("messageHistory", MemberKind::Some),
        ("messageType", MemberKind::Named(&CHAT_MESSAGE_TYPE)),
        ("policyViolation", MemberKind::Some),
        ("reactions", MemberKind::Some),
        ("replyToId", MemberKind::Text),
        ("subject", MemberKind::Text),
        ("summary", MemberKind::Text),
        ("webUrl", MemberKind::Text),
        ("hostedContents", MemberKind::Some),
        ("replies", MemberKind::Some),
    ],
    is_open: false,
};

/// The body of a request, as one of these. A name of an action's parameter comes in the case of the shape.
///
/// # Errors
/// 400 for another Content-Type (microsoft-graph-docs #6259), for what is no JSON object, for members that the type does not have,
/// and for values of another type.
pub(super) fn read(request: &Request, shape: &'static Shape) -> Result<Value, Reply> {
    let object: Option<Map<String, Value>> =
        request.body.as_deref().filter(|_| is_json(request)).and_then(|body| serde_json::from_str(body).ok());
    let Some(mut object) = object else {
        let words = "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.";
        return Err(refusal(400, "BadRequest", words));
    };
    if shape.name == SEND_MAIL.name {
        let own =
            |name: String| shape.members.iter().find(|(own, _)| own.eq_ignore_ascii_case(&name)).map_or(name, |(own, _)| (*own).into());
        object = object.into_iter().map(|(name, value)| (own(name), value)).collect();
    }
    // The mailbox has a code of its own for it.
    let code = if [SEND_MAIL.name, MESSAGE.name].contains(&shape.name) { "RequestBodyRead" } else { "BadRequest" };
    shape.check(&object).map_err(|words| refusal(400, code, &words))?;
    Ok(Value::Object(object))
}

/// Whether the request says that its body is JSON.
pub(super) fn is_json(request: &Request) -> bool {
    let kind = request.headers.get("Content-Type").unwrap_or_default().split(';').next().unwrap_or_default().trim().to_owned();
    kind.eq_ignore_ascii_case("application/json")
}

impl Shape {
    fn check(&self, object: &Map<String, Value>) -> Result<(), String> {
        for (name, value) in object {
            // Annotations, and links such as `user@odata.bind`: OData JSON 4.01, 4.6 and 8.5.
            let (name, annotation) = name.split_once('@').unwrap_or((name, ""));
            let member = self.members.iter().find(|(own, _)| *own == name);
            match member {
                _ if name.is_empty() => {}
                None if self.is_open => {}
                None => {
                    return Err(format!(
                        "The property '{name}' does not exist on type 'microsoft.graph.{}'. Make sure to only use property names that are \
                         defined by the type.",
                        self.name
                    ));
                }
                Some((_, kind)) if annotation.is_empty() => kind.check(name, value)?,
                Some(_) => {}
            }
        }
        Ok(())
    }
}

/// Which of these types an object says that it is of.
fn said(object: &Map<String, Value>, shapes: &'static [&'static Shape]) -> Option<&'static Shape> {
    let name = object.get("@odata.type")?.as_str()?.strip_prefix("#microsoft.graph.")?;
    shapes.iter().find(|shape| shape.name == name).copied()
}

/// Names of enumerations within a body as the schema spells them, whatever their case.
pub(super) fn respell(object: &mut Map<String, Value>, shape: &'static Shape) {
    for (name, value) in object {
        if let Some((_, kind)) = shape.members.iter().find(|(own, _)| own == name) {
            respell_value(value, kind);
        }
    }
}

fn respell_value(value: &mut Value, kind: &'static MemberKind) {
    match (kind, value) {
        (MemberKind::Named(names), Value::String(text)) => {
            if let Some(own) = names.members.iter().find(|own| own.eq_ignore_ascii_case(text)) {
                *text = (*own).into();
            }
        }
        (MemberKind::One(shape), Value::Object(object)) => respell(object, shape),
        (MemberKind::OneOf(shapes), Value::Object(object)) => {
            if let Some(shape) = said(object, shapes) {
                respell(object, shape);
            }
        }
        (MemberKind::Many(kind), Value::Array(values)) => values.iter_mut().for_each(|value| respell_value(value, kind)),
        _ => {}
    }
}

impl MemberKind {
    fn check(&self, name: &str, value: &Value) -> Result<(), String> {
        let unexpected = |wanted: &str| {
            let found = match value {
                Value::Array(_) => "StartArray",
                Value::Object(_) => "StartObject",
                _ => "PrimitiveValue",
            };
            if found == wanted {
                let (literal, edm) = (value.as_str().map_or_else(|| value.to_string(), Into::into), self.edm());
                return format!("Cannot convert the literal '{literal}' to the expected type '{edm}'.");
            }
            format!("An unexpected '{found}' node was found when reading from the JSON reader. A '{wanted}' node was expected.")
        };
        match (self, value) {
            (Self::Needed, Value::Null) => Err(format!(
                "A null value was found for the property named '{name}', which has the expected type 'Edm.String[Nullable=False]'. The \
                 expected type 'Edm.String[Nullable=False]' does not allow null values."
            )),
            (Self::Time, Value::String(text)) if date_time::read(text).is_some() => Ok(()),
            (Self::Duration, Value::String(text)) if text.is_empty() || date_time::duration(text).is_some() => Ok(()),
            (Self::Number, Value::Number(number)) if number.is_i64() => Ok(()),
            (Self::Text | Self::Needed, Value::String(_)) | (Self::Bool | Self::QuotedBool, Value::Bool(_)) | (Self::Some, _) => Ok(()),
            (Self::Named(Enumeration { members, .. }), Value::String(text)) if members.iter().any(|own| own.eq_ignore_ascii_case(text)) => {
                Ok(())
            }
            (Self::QuotedBool, Value::String(text)) if ["true", "false"].contains(&text.as_str()) => Ok(()),
            (Self::Many(_), Value::Null) => Err(unexpected("StartArray")),
            (_, Value::Null) => Ok(()),
            (Self::One(shape), Value::Object(object)) => shape.check(object),
            (Self::OneOf(shapes), Value::Object(object)) => match said(object, shapes) {
                Some(shape) => shape.check(object),
                None => Err(format!("An abstract type was found for the property named '{name}', and its type is not said.")),
            },
            (Self::Many(kind), Value::Array(values)) => values.iter().try_for_each(|value| kind.check(name, value)),
            (Self::One(_) | Self::OneOf(_), _) => Err(unexpected("StartObject")),
            (Self::Many(_), _) => Err(unexpected("StartArray")),
            _ => Err(unexpected("PrimitiveValue")),
        }
    }

    fn edm(&self) -> String {
        match self {
            Self::Bool | Self::QuotedBool => "Edm.Boolean".into(),
            Self::Time => "Edm.DateTimeOffset".into(),
            Self::Duration => "Edm.Duration".into(),
            Self::Number => "Edm.Int32".into(),
            Self::Named(Enumeration { name, .. }) => format!("microsoft.graph.{name}"),
            _ => "Edm.String".into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::request;
    use graph::Method;
    use serde_json::json;

    /// What is wrong with this body; nothing where it is taken.
    fn wrong(shape: &'static Shape, body: &Value) -> String {
        let refused =
            read(&request(Method::Post, "/", Some(body)), shape).err().map(|reply| serde_json::from_str::<Value>(&reply.body).unwrap());
        refused.map_or_else(String::new, |body| {
            format!("{}: {}", body["error"]["code"].as_str().unwrap(), body["error"]["message"].as_str().unwrap())
        })
    }

    #[test]
    fn members_have_the_type_that_is_declared() {
        let check = |body: Value, words: &str| {
            let told = wrong(&INVITATION, &body);
            assert!(
                if words.is_empty() { told.is_empty() } else { told.starts_with("BadRequest: ") && told.contains(words) },
                "{body}: {told}"
            );
        };
        check(json!({}), "");
        check(json!({"status": "x", "invitedUserDisplayName": null, "sendInvitationMessage": true, "resetRedemption": null}), "");
        check(json!({"invitedUserMessageInfo": null, "invitedUserSponsors": [1]}), "");
        check(json!({"invitedUserMessageInfo": {"ccRecipients": [{"emailAddress": {"address": "a"}}]}}), "");
        check(json!({"nickname": "x"}), "'nickname' does not exist on type 'microsoft.graph.invitation'");
        check(json!({"invitedUserEmailAddress": null}), "does not allow null values");
        check(json!({"inviteRedirectUrl": 7}), "Cannot convert the literal '7' to the expected type 'Edm.String'");
        check(json!({"sendInvitationMessage": "true"}), "Cannot convert the literal 'true' to the expected type 'Edm.Boolean'");
        check(json!({"status": {}}), "An unexpected 'StartObject' node was found when reading from the JSON reader. A 'PrimitiveValue'");
        check(json!({"status": []}), "An unexpected 'StartArray'");
        check(json!({"invitedUserMessageInfo": "x"}), "A 'StartObject' node was expected");
        check(json!({"invitedUserMessageInfo": {"ccRecipients": {}}}), "A 'StartArray' node was expected");
        check(json!({"invitedUserMessageInfo": {"ccRecipients": [7]}}), "A 'StartObject' node was expected");
        check(json!({"invitedUserMessageInfo": {"ccRecipients": null}}), "A 'StartArray' node was expected");
        // An open type, annotations and links.
        check(json!({"invitedUser": {"anything": 1}}), "");
        check(json!({"invitedUser": {"accountEnabled": "yes"}}), "Edm.Boolean");
        check(json!({"@odata.type": 7, "status@odata.type": 7}), "");
        check(json!({"nickname@odata.type": "x"}), "'nickname' does not exist");
    }

    #[test]
    fn a_time_is_one_of_the_calendar() {
        let check = |time: Value, words: &str| {
            let told = wrong(&MESSAGE, &json!({"sentDateTime": time}));
            assert!(if words.is_empty() { told.is_empty() } else { told.contains(words) }, "{time}: {told}");
        };
        check(json!("2026-02-28T12:00:00+01:00"), "");
        check(Value::Null, "");
        check(json!("2026-02-30T12:00:00Z"), "the literal '2026-02-30T12:00:00Z' to the expected type 'Edm.DateTimeOffset'");
        check(json!(7), "'Edm.DateTimeOffset'");
        check(json!({}), "'StartObject'");
    }

    #[test]
    fn an_action_reads_its_parameters_in_any_case_and_a_flag_in_quotes() {
        for flag in [json!(true), json!("true"), json!("false"), Value::Null] {
            assert_eq!(wrong(&SEND_MAIL, &json!({"Message": {"subject": "x"}, "SAVETOSENTITEMS": flag})), "");
        }
        assert!(wrong(&SEND_MAIL, &json!({"saveToSentItems": "yes"})).starts_with("RequestBodyRead: Cannot convert the literal 'yes'"));
        assert!(wrong(&MESSAGE, &json!({"Subject": "x"})).starts_with("RequestBodyRead: "));
        assert!(wrong(&INVITATION, &json!({"Status": "x"})).starts_with("BadRequest: "));
    }

    #[test]
    fn a_name_is_one_of_its_enum_in_any_case() {
        for kind in [json!("HTML"), json!("Text"), Value::Null] {
            assert_eq!(wrong(&SEND_MAIL, &json!({"message": {"body": {"contentType": kind}, "importance": "HIGH"}})), "");
        }
        let refused = |message: Value, words: &str| {
            let (letter, draft) = (wrong(&SEND_MAIL, &json!({"message": message.clone()})), wrong(&MESSAGE, &message));
            assert!(letter == draft && letter.starts_with("RequestBodyRead: ") && letter.contains(words), "{message}: {letter}");
        };
        refused(json!({"body": {"contentType": "markdown"}}), "the literal 'markdown' to the expected type 'microsoft.graph.bodyType'");
        refused(json!({"importance": "urgent"}), "'microsoft.graph.importance'");
        refused(json!({"importance": 1}), "the literal '1'");
        refused(json!({"inferenceClassification": "mine"}), "'microsoft.graph.inferenceClassificationType'");
        refused(json!({"flag": {"flagStatus": "red"}}), "'microsoft.graph.followupFlagStatus'");
        assert!(wrong(&CHAT_MESSAGE, &json!({"messageType": "letter"})).contains("microsoft.graph.chatMessageType"));
    }

    #[test]
    fn a_body_says_that_it_is_json_and_is_an_object() {
        let mut asked = request(Method::Post, "/", Some(&json!([])));
        assert!(read(&asked, &INVITATION).unwrap_err().body.contains("Unable to read JSON"));
        asked.body = Some("{}".into());
        let mut check = |kind: &str, expected: bool| {
            asked.headers = graph::Headers::default().with("Content-Type", kind);
            assert_eq!((is_json(&asked), read(&asked, &INVITATION).is_ok()), (expected, expected), "{kind}");
        };
        check("application/json", true);
        check("Application/JSON ; charset=utf-8", true);
        check("text/plain", false);
        check("", false);
    }
}
