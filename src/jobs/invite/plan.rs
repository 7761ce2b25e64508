//! List + letter + what the tenant already holds → one step per row, with the reason when it is to skip.

pub mod action;
mod telling;

pub use action::{Choices, RowAction};

use crate::letter::renderer::Renderer;
use crate::letter::values::MergeContext;
use crate::letter::{Channel, Letter, copy_problem, editing, languages, redirect, template};
use crate::lookup::{Match, TenantSnapshot};
use crate::rows::address::AddressProblem;
use crate::rows::{Address, ByAddress, List, names};
use crate::words::count;
use graph::invitations::Invitation;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// What will be done for a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlanStep {
    Invite(Arc<Invitation>),
    Skip(Skip),
}

/// Why nothing is sent for a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Skip {
    BadAddress(AddressProblem),
    /// The first row with this address, from 1.
    Duplicate(usize),
    OwnDomain(String),
    /// A guest already; ISO 8601 when known.
    Accepted(Option<String>),
    /// Invited already, not accepted; ISO 8601 when known.
    Pending(Option<String>),
    Member(String),
    /// Invited, made a member before accepting; ISO 8601 when known.
    PendingMember(Option<String>),
    /// From elsewhere, has accepted, and is a member now: the name.
    ExternalMember(String),
    Blocked,
    /// This browser sent an invitation to this address in an earlier run; ISO 8601.
    InvitedBefore(String),
    /// Somebody else in the directory has this as another address of theirs: name and mail.
    Clash(String, String),
    /// Somebody said so.
    Chosen,
}

impl Skip {
    pub fn words(&self) -> String {
        let day =
            |since: &Option<String>| since.as_deref().map_or_else(String::new, |since| format!(" since {}", &since[..since.len().min(10)]));
        match self {
            Self::BadAddress(problem) => problem.words(),
            Self::Duplicate(row) => format!("The same address stands in row {row}."),
            Self::OwnDomain(domain) => format!("{domain} is a domain of your own tenant."),
            Self::Accepted(since) => format!("Already a guest{}.", day(since)),
            Self::Pending(since) => format!("Already invited, pending{}.", day(since)),
            Self::Member(name) => format!("Already in this tenant as a member: {name}."),
            Self::PendingMember(since) => format!("Invited as an external member, pending{}.", day(since)),
            Self::ExternalMember(name) => format!("Already here as an external member: {name}."),
            Self::Blocked => "Already a guest, but the account is blocked. A User Administrator can unblock it.".into(),
            Self::Clash(name, mail) => format!("{name} ({mail}) already has this as another address."),
            Self::Chosen => "Skipped by choice.".into(),
            Self::InvitedBefore(at) => format!(
                "Invited from this browser on {}.",
                if at.starts_with(|first: char| first.is_ascii_digit()) { &at[..at.len().min(10)] } else { at }
            ),
        }
    }

    /// The group under which the sentence counts this.
    const fn group(&self) -> (&'static str, &'static str) {
        match self {
            Self::BadAddress(_) => ("has an address that cannot be invited", "have addresses that cannot be invited"),
            Self::Duplicate(_) => ("is a duplicate", "are duplicates"),
            Self::OwnDomain(_) => ("belongs to your own tenant", "belong to your own tenant"),
            Self::Accepted(_) => ("is a guest already", "are guests already"),
            Self::Pending(_) | Self::InvitedBefore(_) => ("is invited already", "are invited already"),
            Self::Member(_) => ("is a member", "are members"),
            Self::PendingMember(_) => ("is invited already, as an external member", "are invited already, as external members"),
            Self::ExternalMember(_) => ("is an external member", "are external members"),
            Self::Blocked => ("is blocked", "are blocked"),
            Self::Clash(..) => ("is another address of somebody here", "are other addresses of people here"),
            Self::Chosen => ("is skipped by choice", "are skipped by choice"),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// [`crate::rows::Row::id`]
    pub row: u32,
    /// As it stands in the list.
    pub email: String,
    pub name: String,
    pub step: PlanStep,
    /// Worth knowing, without being a reason to skip.
    pub note: Option<String>,
    pub action: RowAction,
    pub channel: Channel,
}

impl Planned {
    /// Who brings this guest a letter. Who is only added gets none.
    pub const fn brings(&self) -> Channel {
        if matches!(self.action, RowAction::OnlyAdd) { Channel::Microsoft } else { self.channel }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    pub rows: Vec<Planned>,
    pub tenant: String,
    /// What holds for the whole plan and should be read before confirming.
    pub warnings: Vec<String>,
    /// What the letters say beside the list.
    pub merge_context: MergeContext,
}

/// What keeps a letter from being sent at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BlockingIssue {
    Redirect(redirect::RedirectProblem),
    Copy(String),
    /// Unknown fields and conditions without an end, as sentences.
    Text(Vec<String>),
    /// A letter of one's own is of no use without the link, nor without a subject. Language of the text, empty for the default.
    NoLink(String),
    NoSubject,
    /// A row's own redirect address or copy address, with the row from 1.
    Row(usize, String),
}

/// What keeps this letter from being sent with this list.
pub fn blocking_issues(letter: &Letter, list: &List, hosts: &[String]) -> Vec<BlockingIssue> {
    let redirect = redirect::check(&letter.redirect_url, hosts).err().map(BlockingIssue::Redirect);
    let copy = [&letter.copy_to, &letter.blind_copy_to].map(|text| copy_problem(text, letter.channel).map(BlockingIssue::Copy));
    let mut wrong: Vec<String> = Vec::new();
    for source in letter.texts().flat_map(|text| [text.subject, text.message]) {
        for fault in editing::faults(source, list, &letter.as_typed) {
            if !wrong.contains(&fault.words) {
                wrong.push(fault.words);
            }
        }
    }
    let wrong = (!wrong.is_empty()).then_some(BlockingIssue::Text(wrong));
    let own = own_message_issues(letter, letter.channel);
    [redirect, wrong].into_iter().chain(copy).flatten().chain(own).chain(row_issues(letter, list, hosts)).collect()
}

/// What a letter of one's own lacks: it is of no use without the link, and a mail not without a subject.
pub fn own_message_issues(letter: &Letter, channel: Channel) -> Vec<BlockingIssue> {
    if channel.is_microsoft() {
        return Vec::new();
    }
    let linkless = letter.texts().find(|text| !template::parse(text.message).names("redeemUrl"));
    let no_link = linkless.map(|text| BlockingIssue::NoLink(text.language.into()));
    let no_subject =
        (!matches!(channel, Channel::Teams | Channel::ByHand) && letter.subject.trim().is_empty()).then_some(BlockingIssue::NoSubject);
    [no_link, no_subject].into_iter().flatten().collect()
}

/// What rows say of their own about where the guest is led and who gets a copy; the first few that are wrong.
fn row_issues(letter: &Letter, list: &List, hosts: &[String]) -> Vec<BlockingIssue> {
    const MOST: usize = 5;
    if ["redirectUrl", "cc", "message"].into_iter().all(|name| list.column(name).is_none()) {
        return Vec::new();
    }
    let fault = |text: &str| editing::faults(text, list, &letter.as_typed).into_iter().next().map(|fault| fault.words);
    let linkless = |text: &str| {
        let lacks = !letter.channel.is_microsoft() && !text.trim().is_empty() && !template::parse(text).names("redeemUrl");
        lacks.then(|| "Its own message has no {{redeemUrl}}; without the link nobody can accept.".to_owned())
    };
    let wrong = list.rows().enumerate().filter_map(|(place, row)| {
        let own = row.cell("redirectUrl").trim();
        let redirect = (!own.is_empty()).then(|| redirect::check(own, hosts).err()).flatten().map(|problem| problem.words());
        let words = redirect
            .or_else(|| copy_problem(row.cell("cc"), letter.channel))
            .or_else(|| fault(row.cell("message")))
            .or_else(|| linkless(row.cell("message")))?;
        Some(BlockingIssue::Row(place + 1, words))
    });
    wrong.take(MOST).collect()
}

/// What is known of invitations by this person on this day, which is written in the languages of the letter.
pub fn merge_context(known: &TenantSnapshot, today: &BTreeMap<String, String>) -> MergeContext {
    MergeContext {
        inviter: known.me.display_name.clone().unwrap_or_default(),
        tenant: known.organization.display_name.clone(),
        today: today.clone(),
    }
}

/// Makes the plan. `before` holds addresses that earlier runs of this browser invited in this tenant, with when.
pub fn plan(
    list: &List,
    letter: &Letter,
    known: &TenantSnapshot,
    merge_context: &MergeContext,
    before: &ByAddress<String>,
    choices: &Choices,
) -> Plan {
    let mut first: ByAddress<usize> = ByAddress::default();
    let renderer = Renderer::new(letter, merge_context);
    let rows = list.rows().enumerate().map(|(place, row)| {
        let (proposed, address) = match Address::parse(row.cell("email")) {
            Err(problem) => (Some(Skip::BadAddress(problem)), None),
            Ok(address) => (skip(&address, place, &mut first, known, before), Some(address)),
        };
        let action = choices.action_for(row.id(), proposed.as_ref());
        let channel = choices.channels.get(&row.id()).copied().unwrap_or(letter.channel);
        let note = match (&proposed, &address) {
            (None, Some(address)) => note(address, known),
            (Some(skip), _) if action == RowAction::Resend => Some(skip.words()),
            _ => None,
        };
        let step = match (action, address, proposed) {
            (RowAction::Skip, _, proposed) => PlanStep::Skip(proposed.unwrap_or(Skip::Chosen)),
            (action, Some(address), _) => {
                let invitation = renderer.invitation(row, &address, channel);
                let is_sent = invitation.send_invitation_message && action != RowAction::OnlyAdd;
                PlanStep::Invite(Arc::new(Invitation { send_invitation_message: is_sent, ..invitation }))
            }
            // What is no address can only be skipped.
            (_, None, proposed) => PlanStep::Skip(proposed.unwrap_or(Skip::Chosen)),
        };
        Planned {
            row: row.id(),
            email: row.cell("email").trim().into(),
            name: names::display_name(row).into_owned(),
            step,
            note,
            action,
            channel,
        }
    });
    let rows: Vec<Planned> = rows.collect();
    let invited = rows.iter().filter(|row| matches!(row.step, PlanStep::Invite(_))).filter_map(|row| Address::parse(&row.email).ok());
    let unseen = invited.into_iter().any(|address| known.people.get(&address).is_none());
    Plan {
        rows,
        tenant: known.organization.display_name.clone(),
        warnings: warnings(list, letter, known, unseen),
        merge_context: merge_context.clone(),
    }
}

fn skip(address: &Address, place: usize, first: &mut ByAddress<usize>, known: &TenantSnapshot, before: &ByAddress<String>) -> Option<Skip> {
    if let Some(earlier) = first.get(address) {
        return Some(Skip::Duplicate(earlier + 1));
    }
    first.set(address, Some(place));
    if known.organization.owns(address.domain()) {
        return Some(Skip::OwnDomain(address.domain().into()));
    }
    match known.people.get(address) {
        // A guest that an earlier run made may be late to appear; one that was deleted may be invited anew.
        Some(Match::Deleted { .. }) => None,
        Some(Match::Nobody) | None => before.get(address).map(|at| Skip::InvitedBefore(at.clone())),
        Some(found) => skip_found(found),
    }
}

/// Why somebody who was found in the directory is not invited, if so.
pub fn skip_found(found: &Match) -> Option<Skip> {
    match found {
        Match::Accepted { since, .. } => Some(Skip::Accepted(since.clone())),
        Match::Pending { since, .. } => Some(Skip::Pending(since.clone())),
        Match::Member { name } => Some(Skip::Member(name.clone())),
        Match::PendingMember { since, .. } => Some(Skip::PendingMember(since.clone())),
        Match::ExternalMember { name } => Some(Skip::ExternalMember(name.clone())),
        Match::Blocked { .. } => Some(Skip::Blocked),
        Match::Clash { name, mail } => Some(Skip::Clash(name.clone(), mail.clone())),
        Match::Deleted { .. } | Match::Nobody => None,
    }
}

fn note(address: &Address, known: &TenantSnapshot) -> Option<String> {
    match known.people.get(address) {
        Some(Match::Deleted { name }) => Some(format!(
            "{name} was deleted within the last 30 days. Inviting makes a new guest without the old access; an administrator could restore the old one instead."
        )),
        // entra-docs docs/external-id/redemption-experience.md: the guest is made without proxyAddresses.
        _ => known.contacts.get(address).map(|name| {
            format!("A mail contact, {name}, has this address already. The guest is made all the same, but without it among the guest's own mail addresses (proxyAddresses).")
        }),
    }
}

fn warnings(list: &List, letter: &Letter, known: &TenantSnapshot, unseen: bool) -> Vec<String> {
    let mut warnings = Vec::new();
    if letter.channel.is_microsoft() && letter.texts().any(|text| !text.message.trim().is_empty()) && !known.has_mailbox() {
        warnings
            .push("Your account has no mail address in this tenant, so Microsoft will drop your message without telling anyone.".into());
    }
    if letter.channel.needs_mailbox() && !known.has_mailbox() {
        warnings.push("Your account has no mail address in this tenant, so it hardly has a mailbox to send from. The run would stop at the first letter; choose Files under Send by, or let somebody with a mailbox send.".into());
    }
    if !known.has_inviting_role() {
        warnings.push("None of your roles is Guest Inviter or an administrator's. Microsoft will refuse unless this tenant lets every member invite; a User Administrator can give you the role Guest Inviter.".into());
    }
    if unseen {
        warnings.push("Who is here already could not be looked up. Guests who exist are invited again, which may send them a second mail and end their first link.".into());
    }
    for (name, rows) in gaps(list, letter) {
        warnings.push(format!(
            "{} without {name}: the message has a gap there. Write {{{{{name}|something}}}} to fill it.",
            count(rows, "row is", "rows are")
        ));
    }
    let trimmed = list.rows().filter(|row| SENT.iter().any(|name| is_wide(row.cell(name)))).count();
    if trimmed > 0 {
        warnings.push(format!(
            "{} blanks before or behind the address or the name. They are left out of what is sent; your list keeps them.",
            count(trimmed, "row has", "rows have")
        ));
    }
    warnings
}

/// Fields of which some rows have no value where their message wants one, with the number of such rows.
pub fn gaps(list: &List, letter: &Letter) -> Vec<(String, usize)> {
    let needed: HashMap<&str, Vec<&str>> = letter.texts().map(|text| (text.message, template::parse(text.message).needed())).collect();
    let mut gaps: BTreeMap<&str, usize> = BTreeMap::new();
    for row in list.rows() {
        let own = row.cell("message");
        let of_own = if own.trim().is_empty() { Vec::new() } else { template::parse(own).needed() };
        let of_letter = if own.trim().is_empty() { needed.get(letter.text_of(row).message) } else { None };
        for name in of_letter.unwrap_or(&of_own) {
            if list.column(name).is_some() && names::value(row, name).trim().is_empty() {
                *gaps.entry(name).or_default() += 1;
            }
        }
    }
    gaps.into_iter().map(|(name, rows)| (name.to_owned(), rows)).collect()
}

/// Fields that are sent without blanks at either end.
const SENT: [&str; 2] = ["email", "displayName"];

fn is_wide(cell: &str) -> bool {
    cell.trim().len() != cell.len()
}

impl Plan {
    pub fn invitations(&self) -> usize {
        self.rows.iter().filter(|row| matches!(row.step, PlanStep::Invite(_))).count()
    }
}

impl BlockingIssue {
    pub fn words(&self) -> String {
        match self {
            Self::Redirect(problem) => problem.words(),
            Self::Copy(words) => words.clone(),
            Self::Row(row, words) => format!("Row {row}: {words}"),
            Self::Text(words) => words.join(" "),
            Self::NoLink(language) => format!(
                "{} has no {{{{redeemUrl}}}}. It is the guest’s personal link; without it nobody can accept.",
                if language.is_empty() { "The message".to_owned() } else { format!("The message in {}", languages::name(language)) }
            ),
            Self::NoSubject => "The letter has no subject.".into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::{Column, quick_add};

    fn list_with(text: &str) -> List {
        let mut list = List::default();
        for cells in quick_add::read(text).unwrap().rows {
            list.add(&cells);
        }
        list
    }

    #[test]
    fn the_sentence_counts_what_will_happen() {
        let mut list = List::default();
        for cells in quick_add::read("a@x.example\nA@x.example\nb@x.example\nc+d@x.example\nnew@x.example").unwrap().rows {
            list.add(&cells);
        }
        let mut known = TenantSnapshot {
            organization: graph::organization::Organization { display_name: "Contoso".into(), ..Default::default() },
            ..TenantSnapshot::default()
        };
        let address = |text: &str| Address::parse(text).unwrap();
        known.people.set(&address("b@x.example"), Some(Match::Pending { id: "1".into(), since: Some("2026-05-03T14:05:00Z".into()) }));
        let mut before = ByAddress::default();
        before.set(&address("a@x.example"), Some("2026-11-01T00:00:00Z".into()));
        let plan = plan(&list, &Letter::default(), &known, &MergeContext::default(), &before, &Choices::default());
        assert_eq!(
            plan.sentence(),
            "1 guest will be invited to Contoso now, by Microsoft’s mail. 4 rows are skipped: 2 are invited already, 1 is a duplicate, 1 has an address that cannot be invited."
        );
        assert_eq!(plan.invitations(), 1);
    }

    #[test]
    fn what_is_done_for_a_row_can_be_chosen() {
        let list = list_with("a@x.example\nb@x.example\nc@x.example\nnobody");
        let mut known = TenantSnapshot::default();
        let address = |text: &str| Address::parse(text).unwrap();
        known.people.set(&address("b@x.example"), Some(Match::Pending { id: "1".into(), since: None }));
        let clash = Match::Clash { name: "Cleo".into(), mail: "cleo@x.example".into() };
        known.people.set(&address("c@x.example"), Some(clash));
        let actions = |choices: &Choices| -> Vec<RowAction> {
            let plan = plan(&list, &Letter::default(), &known, &MergeContext::default(), &ByAddress::default(), choices);
            plan.rows.iter().map(|row| row.action).collect()
        };
        use RowAction as A;
        assert_eq!(actions(&Choices::default()), [A::Invite, A::Skip, A::Skip]);
        let all = Choices { new: Some(A::OnlyAdd), known: Some(A::Resend), ..Choices::default() };
        assert_eq!(actions(&all), [A::OnlyAdd, A::Resend, A::Skip], "somebody else's address can only be skipped");
        let one = Choices { rows: [(1, A::Skip), (2, A::Invite)].into(), ..all };
        assert_eq!(actions(&one), [A::Skip, A::Skip, A::Skip], "who is invited already cannot be invited as if new");
        let plan = plan(
            &list,
            &Letter::default(),
            &known,
            &MergeContext::default(),
            &ByAddress::default(),
            &Choices { rows: [(1, A::OnlyAdd), (2, A::Resend)].into(), ..Choices::default() },
        );
        let PlanStep::Invite(invitation) = &plan.rows[0].step else { panic!("it is added") };
        assert!(!invitation.send_invitation_message);
        assert_eq!(plan.rows[1].choices(), [A::Skip, A::Resend]);
        assert_eq!(plan.domains(), [("x.example".to_owned(), 2, 1)]);
        assert_eq!(
            plan.sentence(),
            "Nobody will be invited to . 1 guest gets a new link; a mail may follow. 1 guest is added without a mail. 1 row is skipped: 1 is another address of somebody here."
        );
    }

    #[test]
    fn a_row_cannot_lead_where_the_letter_may_not() {
        let mut list = list_with("a@x.example\nb@x.example");
        list.fill(&Column::from_heading("Redirect URL"), 0, &["https://evil.example/", ""]);
        list.fill(&Column::from_heading("CC"), 0, &["", "a@x.example;b@x.example"]);
        let letter = Letter { redirect_url: "https://myapps.microsoft.com".into(), ..Letter::default() };
        let hosts = ["myapps.microsoft.com".to_owned()];
        let words: Vec<String> = blocking_issues(&letter, &list, &hosts).iter().map(BlockingIssue::words).collect();
        assert!(
            words[0].starts_with("Row 1: evil.example is not an allowed host") && words[1].starts_with("Row 2: Microsoft sends a copy"),
            "{words:?}"
        );
        list.set(0, list.column("redirectUrl").unwrap(), "https://myapps.microsoft.com/own");
        assert_eq!(blocking_issues(&letter, &list, &hosts).len(), 1);
        list.fill(&Column::from_heading("Message"), 0, &["Dear {{nickname}}"]);
        assert_eq!(
            blocking_issues(&letter, &list, &hosts)[0].words(),
            "Row 1: The list has no column for {{nickname}}. Did you mean {{firstName}}?"
        );
        let address = Address::parse("a@x.example").unwrap();
        assert_eq!(
            Renderer::new(&letter, &MergeContext::default()).invitation(list.row(0), &address, Channel::Microsoft).invite_redirect_url,
            "https://myapps.microsoft.com/own"
        );
    }

    #[test]
    fn a_rows_own_message_is_checked_as_the_letter_is() {
        let mut list = list_with("a@x.example\nb@x.example\nc@x.example\nd@x.example\ne@x.example");
        let own = ["Dear *|FNAME|*", "{{#if company}}Hi", "Hi {{firstName}}, [sic], 50 % off", "{{firstName|“you”}}", "Dear «Company»"];
        list.fill(&Column::from_heading("Message"), 0, &own);
        let letter =
            Letter { redirect_url: "https://myapps.microsoft.com".into(), as_typed: vec!["«Company»".into()], ..Letter::default() };
        let words: Vec<String> =
            blocking_issues(&letter, &list, &["myapps.microsoft.com".to_owned()]).iter().map(BlockingIssue::words).collect();
        assert_eq!(words.len(), 3, "{words:?}");
        assert!(words[0].starts_with("Row 1: *|FNAME|* looks like a placeholder of another program"), "{words:?}");
        assert!(words[1].starts_with("Row 2: {{#if company}} This condition has no {{/if}}"), "{words:?}");
        assert!(words[2].starts_with("Row 4: {{firstName|“you”}} has a fallback in the manner of another program"), "{words:?}");
        // What its own message lacks is a gap, and what only the letter wants is none.
        let letter = Letter { message: "{{company}}".into(), ..letter };
        assert_eq!(gaps(&list, &letter), [("firstName".to_owned(), 1)]);
    }

    #[test]
    fn a_letter_with_unknown_fields_or_a_foreign_host_does_not_leave() {
        let letter =
            Letter { message: "{{firstName}} {{nickname}}".into(), redirect_url: "https://evil.example/".into(), ..Letter::default() };
        let found = blocking_issues(&letter, &List::default(), &["myapps.microsoft.com".into()]);
        assert_eq!(found.len(), 2);
        assert!(found[1].words().contains("column for {{nickname}}") && !found[1].words().contains("column for {{firstName}}"));
    }
}
