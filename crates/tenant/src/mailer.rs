//! Every mail that Microsoft or a mailbox would have sent, composed as Microsoft's page on the invitation mail tells:
//! entra-docs docs/external-id/invitation-email-elements.md and troubleshoot.md. The wording is ours; its parts are theirs.

use super::contoso;
use super::directory::Person;
use serde::Serialize;
use serde_json::Value;
use std::borrow::Cow;
use time::Moment;

/// One mail, as `GET /_tenant/outbox.json` shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Mail {
    /// `invitation`, `letter`, `undeliverable`, `oneTimeCode`, those of `entitlement/notices.rs` or, among the drafts, `draft`.
    pub kind: &'static str,
    pub to: String,
    pub cc: Vec<String>,
    pub bcc: Vec<String>,
    pub from: String,
    pub reply_to: Option<String>,
    pub subject: String,
    pub warning: &'static str,
    pub inviter: String,
    /// The custom text of an invitation, empty when there was none or when it was dropped; of a letter its plain text.
    pub text: String,
    /// Of a letter.
    pub html: String,
    /// BCP 47 tag of the frame around an invitation's text, or of a letter.
    pub language: Cow<'static, str>,
    pub button: &'static str,
    pub redeem_url: String,
    /// Where a mail of My Access leads.
    pub link: String,
    #[serde(rename = "landsOn")]
    pub redirect_url: String,
    pub footer: &'static str,
    /// ISO 8601.
    pub at: String,
}

#[derive(Clone, Default)]
pub(super) struct Mailer {
    mails: Vec<Mail>,
    drafts: Vec<Mail>,
}

/// What a mail is made of.
pub(super) struct Composition<'a> {
    pub(super) inviter: &'a Person,
    pub(super) address: &'a str,
    /// `invitedUserMessageInfo` as it was posted.
    pub(super) info: &'a Value,
    pub(super) guest_language: Option<&'a str>,
    pub(super) redeem: &'a str,
    pub(super) redirect_url: &'a str,
}

struct Frame {
    tag: &'static str,
    subject: &'static str,
    warning: &'static str,
    button: &'static str,
    footer: &'static str,
}

#[rustfmt::skip]
const FRAMES: [Frame; 9] = [
    Frame { tag: "en-US", subject: "{inviter} invited you to collaborate with {domain}", warning: "Only act on this email if you trust the person and the organization named below.", button: "Accept invitation", footer: "Block future invitations from this organization." },
    Frame { tag: "de-DE", subject: "{inviter} hat Sie zur Zusammenarbeit mit {domain} eingeladen", warning: "Reagieren Sie nur auf diese E-Mail, wenn Sie der unten genannten Person und Organisation vertrauen.", button: "Einladung annehmen", footer: "Künftige Einladungen dieser Organisation blockieren." },
    Frame { tag: "fr-FR", subject: "{inviter} vous a invité à collaborer avec {domain}", warning: "Ne donnez suite à cet e-mail que si vous faites confiance à la personne et à l’organisation ci-dessous.", button: "Accepter l’invitation", footer: "Bloquer les futures invitations de cette organisation." },
    Frame { tag: "es-ES", subject: "{inviter} le ha invitado a colaborar con {domain}", warning: "Actúe según este correo solo si confía en la persona y la organización indicadas abajo.", button: "Aceptar invitación", footer: "Bloquear futuras invitaciones de esta organización." },
    Frame { tag: "it-IT", subject: "{inviter} l’ha invitata a collaborare con {domain}", warning: "Agisca in base a questo messaggio solo se considera attendibili la persona e l’organizzazione indicate di seguito.", button: "Accetta invito", footer: "Blocca gli inviti futuri di questa organizzazione." },
    Frame { tag: "ja-JP", subject: "{inviter} から {domain} での共同作業に招待されました", warning: "下記の人物と組織を信頼できる場合にのみ、このメールに応じてください。", button: "招待を受け入れる", footer: "この組織からの今後の招待をブロックします。" },
    Frame { tag: "nl-NL", subject: "{inviter} heeft u uitgenodigd om samen te werken met {domain}", warning: "Reageer alleen op deze e-mail als u de onderstaande persoon en organisatie vertrouwt.", button: "Uitnodiging accepteren", footer: "Toekomstige uitnodigingen van deze organisatie blokkeren." },
    Frame { tag: "pl-PL", subject: "{inviter} zaprasza do współpracy z {domain}", warning: "Proszę reagować na tę wiadomość tylko wtedy, gdy wskazana poniżej osoba i organizacja są godne zaufania.", button: "Zaakceptuj zaproszenie", footer: "Zablokuj przyszłe zaproszenia od tej organizacji." },
    Frame { tag: "pt-BR", subject: "{inviter} convidou você para colaborar com {domain}", warning: "Só responda a este email se confiar na pessoa e na organização indicadas abaixo.", button: "Aceitar convite", footer: "Bloquear convites futuros desta organização." },
];

impl Mailer {
    pub(super) fn mails(&self) -> &[Mail] {
        &self.mails
    }

    pub(super) fn drafts(&self) -> &[Mail] {
        &self.drafts
    }

    pub(super) fn letter(&mut self, mail: Mail) {
        self.mails.push(mail);
    }

    /// A letter that was accepted comes back to whoever sent it: the sender is on the list of restricted ones
    /// (OfficeDocs-o365seccomp #643). The sentence is ours, the code is theirs.
    pub(super) fn returned(&mut self, mail: &Mail) {
        self.mails.push(Mail {
            kind: "undeliverable",
            to: mail.from.clone(),
            from: format!("postmaster@{}", contoso::INITIAL_DOMAIN),
            subject: format!("Undeliverable: {}", mail.subject),
            text: format!("The letter to {} was not delivered. 550 5.1.8 Access denied, bad outbound sender.", mail.to),
            at: mail.at.clone(),
            ..Mail::default()
        });
    }

    pub(super) fn draft(&mut self, mail: Mail) {
        self.drafts.push(mail);
    }

    pub(super) fn compose(&mut self, of: &Composition<'_>, now: Moment) {
        let Composition { inviter, address, info, guest_language, redeem, redirect_url } = of;
        let custom = info["customizedMessageBody"].as_str().filter(|text| !text.trim().is_empty());
        // A custom text switches messageLanguage off (msgraph-sdk-dotnet, InvitedUserMessageInfo).
        let asked = if custom.is_some() { None } else { info["messageLanguage"].as_str() };
        let frame = frame(asked.or(*guest_language).unwrap_or("en-US"));
        // Dropped in silence when the inviter has no mail address in the tenant (troubleshoot.md).
        let text = custom.filter(|_| inviter.mail.is_some()).unwrap_or_default();
        // A list that honours its first entry.
        let cc = info["ccRecipients"][0]["emailAddress"]["address"].as_str();
        self.mails.push(Mail {
            kind: "invitation",
            to: (*address).into(),
            cc: cc.into_iter().map(Into::into).collect(),
            from: format!("Microsoft Invitations on behalf of {} <invites@{}>", contoso::DOMAIN, contoso::INITIAL_DOMAIN),
            reply_to: inviter.mail.clone(),
            subject: frame.subject.replace("{inviter}", &inviter.display_name).replace("{domain}", contoso::DOMAIN),
            warning: frame.warning,
            inviter: inviter.display_name.clone(),
            text: text.into(),
            language: frame.tag.into(),
            button: frame.button,
            redeem_url: (*redeem).into(),
            redirect_url: (*redirect_url).into(),
            footer: frame.footer,
            at: now.iso(),
            ..Mail::default()
        });
    }
}

/// The frame of this language, by its first part; English where there is none.
fn frame(tag: &str) -> &'static Frame {
    let primary = |tag: &str| tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
    FRAMES.iter().find(|frame| primary(frame.tag) == primary(tag)).unwrap_or(&FRAMES[0])
}

/// Shaped as in the sample of learn.microsoft.com/graph/api/invitation-post: the login host's `/redeem`, which carries
/// the encoded address of the invitation manager.
pub(super) fn redeem_url(identity: &str, user: &str, ticket: &str) -> String {
    let inner = format!("{identity}/redeem/?tenant={}&user={user}&ticket={ticket}&ver=2.0", contoso::TENANT_ID);
    let encoded: String = url::form_urlencoded::byte_serialize(inner.as_bytes()).collect();
    format!("{identity}/redeem?rd={encoded}")
}

/// User and ticket of a redeem link's query.
pub(super) fn redeem_page_of(query: &[(String, String)]) -> Option<(String, String)> {
    let inner = super::value(query, "rd")?;
    let parts = super::pairs(inner.split_once('?')?.1);
    Some((super::value(&parts, "user")?.to_owned(), super::value(&parts, "ticket")?.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn composed(inviter_mail: Option<&str>, info: &Value, guest_language: Option<&str>) -> Mail {
        let inviter = Person { display_name: "Gita".into(), mail: inviter_mail.map(Into::into), ..Person::default() };
        let mut mailer = Mailer::default();
        let composition = Composition {
            inviter: &inviter,
            address: "ada@x.example",
            info,
            guest_language,
            redeem: "https://redeem",
            redirect_url: "https://page",
        };
        mailer.compose(&composition, Moment(0));
        mailer.mails()[0].clone()
    }

    #[test]
    fn an_invitation_mail_has_all_its_parts() {
        let info =
            json!({"customizedMessageBody": "Hello", "messageLanguage": "de", "ccRecipients": [{"emailAddress": {"address": "cc@x"}}]});
        let expected = Mail {
            kind: "invitation",
            to: "ada@x.example".into(),
            cc: vec!["cc@x".into()],
            from: "Microsoft Invitations on behalf of contoso.example <invites@contoso.onmicrosoft.com>".into(),
            reply_to: Some("gita@contoso.example".into()),
            subject: "Gita invited you to collaborate with contoso.example".into(),
            warning: FRAMES[0].warning,
            inviter: "Gita".into(),
            text: "Hello".into(),
            language: "en-US".into(),
            button: "Accept invitation",
            redeem_url: "https://redeem".into(),
            redirect_url: "https://page".into(),
            footer: FRAMES[0].footer,
            at: "1970-01-01T00:00:00Z".into(),
            ..Mail::default()
        };
        assert_eq!(composed(Some("gita@contoso.example"), &info, None), expected);
        assert_eq!(composed(None, &info, None).text, "", "without a mailbox the text is dropped");
    }

    #[test]
    fn the_frame_speaks_the_language_that_was_asked_for_unless_a_text_is_given() {
        let check = |text: &str, asked: &str, guest: Option<&str>, tag: &str| {
            let info = json!({"customizedMessageBody": text, "messageLanguage": asked});
            assert_eq!(composed(Some("g"), &info, guest).language, tag, "{text} {asked}");
        };
        check("", "DE-at", Some("fr-FR"), "de-DE");
        check("  ", "pt", None, "pt-BR");
        check("Hello", "de-DE", Some("fr-CA"), "fr-FR");
        check("Hello", "de-DE", None, "en-US");
        check("", "xx", None, "en-US");
    }

    #[test]
    fn a_letter_that_comes_back_is_from_the_postmaster() {
        let letter =
            Mail { kind: "letter", to: "ada@x".into(), from: "gita@c".into(), subject: "Hi".into(), at: "now".into(), ..Mail::default() };
        let mut mailer = Mailer::default();
        mailer.returned(&letter);
        let back = &mailer.mails()[0];
        assert_eq!((back.kind, back.to.as_str(), back.from.as_str()), ("undeliverable", "gita@c", "postmaster@contoso.onmicrosoft.com"));
        assert_eq!((back.subject.as_str(), back.at.as_str(), back.text.contains("ada@x")), ("Undeliverable: Hi", "now", true));
    }

    #[test]
    fn a_redeem_link_leads_to_its_guest() {
        let link = redeem_url("http://identity", "u", "t");
        let (_, query) = crate::split(&link);
        assert_eq!(redeem_page_of(&query), Some(("u".into(), "t".into())));
        assert_eq!((redeem_page_of(&[]), redeem_page_of(&crate::pairs("rd=x%3Fuser%3Du"))), (None, None));
    }
}
