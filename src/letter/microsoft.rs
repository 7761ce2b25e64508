//! The mail that Microsoft will send, as far as its documentation tells: entra-docs docs/external-id/
//! invitation-email-elements.md. Sender and subject changed in December 2025 and sources disagree, so both are data here
//! and are called "expected".

use super::Letter;
use super::template::{self, Filled};
use super::values::MergeContext;
use crate::rows::Row;
use graph::organization::Organization;
use graph::users::User;

/// One mail before it is sent. `notes` say what will be missing and why.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InvitationPreview {
    pub to: String,
    pub copy: Option<String>,
    /// Name and address.
    pub from: String,
    pub reply_to: Option<String>,
    pub subject: String,
    pub warning: String,
    /// Microsoft's lines that name who invites and for which organisation.
    pub inviter: String,
    /// Name and primary domain of the inviter's tenant: `Contoso (contoso.example)`.
    pub organization: String,
    /// The guest's own text; empty when Microsoft's default stands.
    pub text: Filled,
    /// Language of Microsoft's parts.
    pub language: String,
    pub button: String,
    pub redirect_url: String,
    pub footer: String,
    /// The footer's line on privacy. Whether the tenant names a statement is not shown with `User.Read`.
    pub privacy: String,
    pub notes: Vec<String>,
}

/// What Microsoft's part says in one language: tag, subject, warning, button, footer.
type Wording = (&'static str, &'static str, &'static str, &'static str, &'static str);

#[rustfmt::skip]
const WORDINGS: [Wording; 9] = [
    ("en-US", "{inviter} invited you to collaborate with {domain}", "Only act on this email if you trust the person and the organization named below.", "Accept invitation", "Block future invitations from this organization."),
    ("de-DE", "{inviter} hat Sie zur Zusammenarbeit mit {domain} eingeladen", "Reagieren Sie nur auf diese E-Mail, wenn Sie der unten genannten Person und Organisation vertrauen.", "Einladung annehmen", "Künftige Einladungen dieser Organisation blockieren."),
    ("fr-FR", "{inviter} vous a invité à collaborer avec {domain}", "Ne donnez suite à cet e-mail que si vous faites confiance à la personne et à l’organisation ci-dessous.", "Accepter l’invitation", "Bloquer les futures invitations de cette organisation."),
    ("es-ES", "{inviter} le ha invitado a colaborar con {domain}", "Actúe según este correo solo si confía en la persona y la organización indicadas abajo.", "Aceptar invitación", "Bloquear futuras invitaciones de esta organización."),
    ("it-IT", "{inviter} l’ha invitata a collaborare con {domain}", "Agisca in base a questo messaggio solo se considera attendibili la persona e l’organizzazione indicate di seguito.", "Accetta invito", "Blocca gli inviti futuri di questa organizzazione."),
    ("ja-JP", "{inviter} から {domain} での共同作業に招待されました", "下記の人物と組織を信頼できる場合にのみ、このメールに応じてください。", "招待を受け入れる", "この組織からの今後の招待をブロックします。"),
    ("nl-NL", "{inviter} heeft u uitgenodigd om samen te werken met {domain}", "Reageer alleen op deze e-mail als u de onderstaande persoon en organisatie vertrouwt.", "Uitnodiging accepteren", "Toekomstige uitnodigingen van deze organisatie blokkeren."),
    ("pl-PL", "{inviter} zaprasza do współpracy z {domain}", "Proszę reagować na tę wiadomość tylko wtedy, gdy wskazana poniżej osoba i organizacja są godne zaufania.", "Zaakceptuj zaproszenie", "Zablokuj przyszłe zaproszenia od tej organizacji."),
    ("pt-BR", "{inviter} convidou você para colaborar com {domain}", "Só responda a este email se confiar na pessoa e na organização indicadas abaixo.", "Aceitar convite", "Bloquear convites futuros desta organização."),
];

/// No limit is published; longer texts were seen to vanish (microsoft-graph-docs #13436).
pub const LONG_TEXT: usize = 1500;

/// Who sends, and for whom.
#[derive(Clone, Copy)]
pub struct Sender<'a> {
    pub me: &'a User,
    pub organization: &'a Organization,
    pub merge_context: &'a MergeContext,
}

pub fn preview(letter: &Letter, row: Row<'_>, sender: Sender<'_>) -> InvitationPreview {
    let Sender { me, organization, merge_context } = sender;
    let mut notes = Vec::new();
    let written = letter.written(row, merge_context, None);
    let wanted = written.text.text().trim().to_owned();
    let row_language = row.cell("language").trim();
    let language = if row_language.is_empty() { letter.language.trim() } else { row_language };
    // A custom text switches the language choice off: msgraph-sdk-dotnet, InvitedUserMessageInfo.
    let asked = if wanted.is_empty() { language } else { "" };
    if !wanted.is_empty() && !language.is_empty() {
        notes.push(
            "Microsoft ignores the language once there is a message: its own parts come in the language that Microsoft chooses.".into(),
        );
    }
    if template::parse(letter.text_of(row).message).needed().contains(&"redeemUrl") {
        notes.push("{{redeemUrl}} stays empty: Microsoft’s mail has its own button, and only letters of your own know the link.".into());
    }
    // Dropped in silence: entra-docs docs/external-id/troubleshoot.md.
    let has_mailbox = me.mail.as_deref().is_some_and(|mail| !mail.is_empty());
    if !wanted.is_empty() && !has_mailbox {
        notes.push("Your account has no mail address in this tenant, so Microsoft will drop your message without telling anyone. Let somebody with a mailbox send it.".into());
    }
    if asked.is_empty() && wanted.is_empty() {
        notes.push("Microsoft chooses the language: the guest's preferred one, else that of their home tenant, else yours.".into());
    }
    let (wording, exact) = wording(asked);
    if !exact {
        notes.push(format!("The exact words in {asked} are not known here; they are shown in English."));
    }
    let inviter = me.display_name.clone().unwrap_or_default();
    let domain = organization.default_domain();
    let called = organization.display_name.trim();
    let (tag, subject, warning, button, footer) = wording;
    InvitationPreview {
        to: row.cell("email").trim().into(),
        copy: letter.copy_for(row),
        from: format!("Microsoft Invitations on behalf of {domain} <invites@{}>", organization.initial_domain()),
        reply_to: me.mail.clone(),
        subject: subject.replace("{inviter}", &inviter).replace("{domain}", domain),
        warning: warning.into(),
        inviter,
        organization: if called.is_empty() { domain.to_owned() } else { format!("{called} ({domain})") },
        text: if has_mailbox && !wanted.is_empty() { written.text } else { Filled::default() },
        language: tag.into(),
        button: button.into(),
        redirect_url: letter.redirect_url_for(row),
        footer: footer.into(),
        privacy: format!("Privacy statement of {}, or that it has not given one.", if called.is_empty() { domain } else { called }),
        notes,
    }
}

fn wording(tag: &str) -> (Wording, bool) {
    let primary = |tag: &str| tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
    let found = WORDINGS.iter().find(|(known, ..)| primary(known) == primary(tag));
    (*found.unwrap_or(&WORDINGS[0]), tag.is_empty() || found.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::{Column, List, quick_add};
    use graph::organization::VerifiedDomain;

    fn shown(message: &str, language: &str, mail: Option<&str>) -> InvitationPreview {
        let mut list = List::default();
        for cells in quick_add::read("Ada <ada@fabrikam.example>").unwrap().rows {
            list.add(&cells);
        }
        let me = User { display_name: Some("Gita".into()), mail: mail.map(Into::into), ..User::default() };
        let domain = |name: &str, is_initial: bool| VerifiedDomain { name: name.into(), is_default: !is_initial, is_initial };
        let organization = Organization {
            verified_domains: vec![domain("contoso.example", false), domain("contoso.onmicrosoft.com", true)],
            display_name: "Contoso".into(),
            ..Organization::default()
        };
        let letter = Letter { message: message.into(), language: language.into(), ..Letter::default() };
        preview(&letter, list.row(0), Sender { me: &me, organization: &organization, merge_context: &MergeContext::default() })
    }

    #[test]
    fn the_preview_promises_nothing_that_the_mail_will_not_keep() {
        let mailbox = Some("gita@contoso.example");
        let plain = shown("", "de-DE", mailbox);
        assert_eq!((plain.language.as_str(), plain.button.as_str(), plain.notes.len()), ("de-DE", "Einladung annehmen", 0));
        assert_eq!(
            (plain.from.as_str(), plain.subject.as_str()),
            (
                "Microsoft Invitations on behalf of contoso.example <invites@contoso.onmicrosoft.com>",
                "Gita hat Sie zur Zusammenarbeit mit contoso.example eingeladen"
            )
        );
        assert_eq!((plain.inviter.as_str(), plain.organization.as_str()), ("Gita", "Contoso (contoso.example)"));
        assert_eq!(plain.privacy, "Privacy statement of Contoso, or that it has not given one.");
        let custom = shown("Hi {{displayName}}", "de-DE", mailbox);
        assert_eq!((custom.language.as_str(), custom.text.text().as_str(), custom.notes.len()), ("en-US", "Hi Ada", 1));
        let dropped = shown("Hi", "", None);
        assert_eq!(dropped.text.text(), "");
        assert!(dropped.notes[0].contains("drop your message"));
        assert!(shown("", "ko-KR", mailbox).notes[0].contains("ko-KR"));
        assert!(shown("Here: {{redeemUrl}}", "", mailbox).notes[0].contains("{{redeemUrl}} stays empty"));
        assert_eq!(shown("{{#if redeemUrl}}{{redeemUrl}}{{/if}} Hi", "", mailbox).notes, Vec::<String>::new());
    }

    #[test]
    fn notes_say_what_will_be_missing() {
        let check = |message: &str, language: &str, mail: Option<&str>, expected: &[&str]| {
            let notes = shown(message, language, mail).notes;
            assert_eq!(notes.len(), expected.len(), "{message:?} in {language:?}: {notes:?}");
            assert!(notes.iter().zip(expected).all(|(note, expected)| note.contains(expected)), "{message:?} in {language:?}: {notes:?}");
        };
        let mailbox = Some("gita@contoso.example");
        check("", "", mailbox, &["Microsoft chooses the language"]);
        check(" ", "DE", mailbox, &[]);
        check("", "ko-KR", None, &["exact words in ko-KR are not known"]);
        check("Hi", "", mailbox, &[]);
        check("Hi", "de-DE", mailbox, &["ignores the language"]);
        check("Hi", "", Some(""), &["drop your message"]);
        check("Hi {{redeemUrl}}", "de", None, &["ignores the language", "{{redeemUrl}} stays empty", "drop your message"]);
    }

    #[test]
    fn the_row_chooses_the_language_before_the_letter() {
        let check = |letter_says: &str, row_says: &str, expected: &str| {
            let mut list = List::default();
            let cells = [("email", "ada@fabrikam.example"), ("language", row_says)];
            list.add(&cells.map(|(heading, cell)| (Column::from_heading(heading), cell.to_owned())));
            let letter = Letter { language: letter_says.into(), ..Letter::default() };
            let (me, organization, merge_context) = (User::default(), Organization::default(), MergeContext::default());
            let preview = preview(&letter, list.row(0), Sender { me: &me, organization: &organization, merge_context: &merge_context });
            assert_eq!((preview.to.as_str(), preview.language.as_str()), ("ada@fabrikam.example", expected));
            assert_eq!(preview.text, Filled::default());
        };
        check("de-DE", "", "de-DE");
        check("de-DE", "fr", "fr-FR");
        check(" pl ", " ", "pl-PL");
    }

    #[test]
    fn a_tenant_without_a_name_is_called_by_its_domain() {
        let check = |name: &str, organization: &str, privacy: &str| {
            let domain = VerifiedDomain { name: "contoso.example".into(), is_default: true, is_initial: true };
            let of = Organization { verified_domains: vec![domain], display_name: name.into(), ..Organization::default() };
            let mut list = List::default();
            list.add(&[(Column::from_heading("email"), "ada@fabrikam.example".to_owned())]);
            let (letter, me) = (Letter::default(), User::default());
            let preview = preview(&letter, list.row(0), Sender { me: &me, organization: &of, merge_context: &MergeContext::default() });
            assert_eq!(preview.organization, organization);
            assert!(preview.privacy.contains(privacy), "{}", preview.privacy);
        };
        check(" Contoso ", "Contoso (contoso.example)", "of Contoso,");
        check(" ", "contoso.example", "of contoso.example,");
    }
}
