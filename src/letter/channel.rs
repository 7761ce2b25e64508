//! *Send by*: who brings the letter to the guest.

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    #[default]
    Microsoft,
    /// Sent from the mailbox of who is signed in.
    Mailbox,
    /// Laid there to be looked through and sent by hand.
    Drafts,
    /// To be downloaded when the run is done.
    Files,
    /// Copied one by one.
    ByHand,
    /// To whoever looks after the guest here, to pass on.
    Teams,
}

/// What opens mail files as drafts, by `X-Unsent: 1` (MsgKit #127, apple-mail-mcp #83), and what to take for the rest.
pub const MAIL_FILES: &str = "Classic Outlook for Windows opens a mail file as a draft to send. The new Outlook, Outlook on the web and Apple Mail show it like received mail, without Send: for those take Drafts in my mailbox, or the links for a mail merge.";

impl Channel {
    pub const ALL: [Self; 6] = [Self::Microsoft, Self::Mailbox, Self::Drafts, Self::Files, Self::ByHand, Self::Teams];

    pub const fn words(self) -> &'static str {
        match self {
            Self::Microsoft => "Microsoft’s mail",
            Self::Mailbox => "My mailbox",
            Self::Drafts => "Drafts in my mailbox",
            Self::Files => "Files",
            Self::ByHand => "By hand",
            Self::Teams => "Teams, to the sponsor",
        }
    }

    /// In the address bar, in the journal's words and as a value of a control.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Microsoft => "microsoft",
            Self::Mailbox => "mailbox",
            Self::Drafts => "drafts",
            Self::Files => "files",
            Self::ByHand => "by-hand",
            Self::Teams => "teams",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.name() == name)
    }

    /// Behind "41 guests will be invited to Contoso now, ".
    pub const fn clause(self) -> &'static str {
        match self {
            Self::Microsoft => "by Microsoft’s mail",
            Self::Mailbox => "by your own letter from your mailbox",
            Self::Drafts => "with a draft in your mailbox for each",
            Self::Files => "without a mail; their letters come as files",
            Self::ByHand => "without a mail; their links are yours to pass on",
            Self::Teams => "with a Teams message to whoever looks after them",
        }
    }

    pub const fn hint(self) -> &'static str {
        match self {
            Self::Microsoft => "Microsoft sends the mail that the preview shows.",
            Self::Mailbox => "Your own letter with the personal link, sent from your mailbox: 30 a minute at most. Asks for Mail.Send.",
            Self::Drafts => "Your own letter with the personal link, as a draft for each guest. Asks for Mail.ReadWrite.",
            Self::Files => {
                "Nobody is written to. Afterwards: one mail file per guest, a list of links for a mail merge, or a sheet with QR codes. Only classic Outlook for Windows opens mail files as drafts to send; for the new Outlook, Outlook on the web and Apple Mail take Drafts in my mailbox, or the list."
            }
            Self::ByHand => "Nobody is written to. Afterwards you copy letters and links one by one.",
            Self::Teams => "The letter goes to the guest’s sponsor, else to you, in a chat. Asks for Chat.Create and ChatMessage.Send.",
        }
    }

    pub const fn is_microsoft(self) -> bool {
        matches!(self, Self::Microsoft)
    }

    /// Whether the page itself carries letters to Graph once the guests are there.
    pub const fn is_posted(self) -> bool {
        matches!(self, Self::Mailbox | Self::Drafts | Self::Teams)
    }

    /// Whether it takes a mailbox of who is signed in.
    pub const fn needs_mailbox(self) -> bool {
        matches!(self, Self::Mailbox | Self::Drafts)
    }

    /// What has to be allowed beside inviting.
    pub const fn scopes(self) -> &'static [&'static str] {
        match self {
            Self::Mailbox => &["Mail.Send"],
            Self::Drafts => &["Mail.ReadWrite"],
            Self::Teams => &["Chat.Create", "ChatMessage.Send"],
            Self::Microsoft | Self::Files | Self::ByHand => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    // Case 44
    #[test]
    fn what_opens_mail_files_is_said_where_they_are_chosen() {
        for words in [Channel::Files.hint(), MAIL_FILES] {
            for word in
                ["lassic Outlook for Windows", "new Outlook", "Outlook on the web", "Apple Mail", "Drafts in my mailbox", "mail merge"]
            {
                assert!(words.contains(word), "{word}: {words}");
            }
        }
        assert_eq!(Channel::Drafts.words(), "Drafts in my mailbox");
        let case = include_str!("../../tests/cases/44-eml-opens-read-only/letter.eml");
        assert!(case.starts_with("X-Unsent: 1"), "the kind of file that is meant");
    }

    #[test]
    fn every_way_has_a_name_and_words_of_its_own() {
        for said in [Channel::name, Channel::words, Channel::clause, Channel::hint] {
            let all: BTreeSet<&str> = Channel::ALL.into_iter().map(said).filter(|said| !said.is_empty()).collect();
            assert_eq!(all.len(), Channel::ALL.len(), "{all:?}");
        }
        for channel in Channel::ALL {
            assert_eq!(Channel::from_name(channel.name()), Some(channel));
        }
        assert_eq!(Channel::from_name("pigeon"), None);
    }

    #[test]
    fn what_a_way_asks_for_is_said_before_it_is_chosen() {
        for channel in Channel::ALL {
            let scopes = channel.scopes();
            assert_eq!(channel.is_posted(), !scopes.is_empty(), "{channel:?}");
            assert_eq!(channel.needs_mailbox(), scopes.iter().any(|scope| scope.starts_with("Mail.")), "{channel:?}");
            assert_eq!(channel.hint().contains("Asks for"), channel.is_posted(), "{channel:?}");
            assert!(scopes.iter().all(|scope| scope.contains('.') && channel.hint().contains(scope)), "{channel:?}");
        }
        assert!(!Channel::Teams.needs_mailbox());
    }
}
