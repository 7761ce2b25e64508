//! `POST /invitations`: the only verb there is. No list, read, change or delete.
//! <https://learn.microsoft.com/graph/api/invitation-post>

mod create;

pub use create::{CreateInvitation, InvitationRefusal};

use serde::{Deserialize, Serialize};

/// Length limit of `invitedUserDisplayName`, in characters: that of `user.displayName`.
pub const DISPLAY_NAME_MOST: usize = 256;

/// What is sent. Fields that are left out take Graph's defaults.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Invitation {
    /// Required. Graph refuses some characters that SMTP allows: <https://learn.microsoft.com/graph/api/resources/invitation>.
    pub invited_user_email_address: String,
    /// At most [`DISPLAY_NAME_MOST`] characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invited_user_display_name: Option<String>,
    /// Where guests land once they have redeemed. Required.
    pub invite_redirect_url: String,
    /// Whether Microsoft writes to the guest; else whoever invites passes the link on.
    pub send_invitation_message: bool,
    /// Only for Microsoft's own mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invited_user_message_info: Option<MessageInfo>,
}

/// What Microsoft's own mail says besides its fixed words.
/// <https://learn.microsoft.com/graph/api/resources/invitedusermessageinfo>
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MessageInfo {
    /// Plain text. HTML is not rendered; with it, `message_language` is ignored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customized_message_body: Option<String>,
    /// ISO 639 with region, such as `de-DE`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_language: Option<String>,
    /// A list that honours one entry.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub cc_recipients: Vec<Recipient>,
}

/// Somebody who gets a copy of Microsoft's mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Recipient {
    /// An object, where Graph expects one.
    pub email_address: EmailAddress,
}

/// Graph's form of an address, of which the name is never sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmailAddress {
    /// The SMTP address alone.
    pub address: String,
}

impl Recipient {
    /// The address is not checked.
    pub fn to(address: &str) -> Self {
        Self { email_address: EmailAddress { address: address.into() } }
    }
}

/// What a 201 tells.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Created {
    /// Where the guest redeems, also where Microsoft sent no mail.
    pub invite_redeem_url: RedeemUrl,
    /// In the tenant that invites.
    pub invited_user: InvitedUser,
}

/// The guest's user, of which only the id is read.
#[derive(Clone, Debug, Deserialize)]
pub struct InvitedUser {
    /// Object id.
    pub id: String,
}

/// The link that redeems one invitation. Whoever holds it can try to redeem, so it is kept like a secret: it has no `Display`, and
/// `Debug` prints nothing of it. Serialising writes it in clear.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RedeemUrl(String);

impl RedeemUrl {
    /// The link is not checked.
    pub const fn new(url: String) -> Self {
        Self(url)
    }
    /// The link itself, for the one who asked for it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for RedeemUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RedeemUrl(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redeem_link_does_not_print() {
        let link = RedeemUrl::new("https://login.example/redeem?ticket=secret".into());
        assert_eq!(format!("{link:?}"), "RedeemUrl(…)");
    }
}
