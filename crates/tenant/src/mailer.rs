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
    /// `invitation`, `letter`, `undeliverable` or, among the drafts, `draft`.
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
