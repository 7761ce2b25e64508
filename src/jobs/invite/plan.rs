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
            plan.sentence(0),
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
            plan.sentence(0),
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

    /// The plan of a list, without choices and earlier runs.
    fn planned(list: &List, letter: &Letter, known: &TenantSnapshot) -> Plan {
        plan(list, letter, known, &MergeContext::default(), &ByAddress::default(), &Choices::default())
    }

    fn list_of(columns: &[&str], rows: &[&[&str]]) -> List {
        let mut list = List::default();
        for row in rows {
            let cells: Vec<(Column, String)> =
                columns.iter().zip(*row).map(|(column, cell)| (Column::from_heading(column), (*cell).to_owned())).collect();
            list.add(&cells);
        }
        list
    }

    fn seen(people: &[(&str, Match)]) -> TenantSnapshot {
        let mut known = TenantSnapshot::default();
        for (address, found) in people {
            known.people.set(&Address::parse(address).unwrap(), Some(found.clone()));
        }
        known
    }

    #[test]
    fn only_whom_nobody_knows_or_who_was_deleted_is_invited_unasked() {
        let list = list_with("a@x.example");
        let since = || Some("2026-05-03T14:05:00Z".to_owned());
        let (id, name) = (|| "1".to_owned(), || "Ada".to_owned());
        let step = |known: &TenantSnapshot, before: Option<&str>| {
            let mut earlier = ByAddress::default();
            earlier.set(&Address::parse("A@X.example").unwrap(), before.map(str::to_owned));
            let plan = plan(&list, &Letter::default(), known, &MergeContext::default(), &earlier, &Choices::default());
            assert_eq!(plan.rows.len(), 1);
            match plan.rows[0].step.clone() {
                PlanStep::Invite(invitation) => Err(invitation.invited_user_email_address.clone()),
                PlanStep::Skip(skip) => Ok((skip.words(), skip)),
            }
        };
        let skipped = [
            (Match::Accepted { id: id(), since: since() }, Skip::Accepted(since()), "Already a guest since 2026-05-03."),
            (Match::Accepted { id: id(), since: None }, Skip::Accepted(None), "Already a guest."),
            (Match::Pending { id: id(), since: since() }, Skip::Pending(since()), "Already invited, pending since 2026-05-03."),
            (Match::Member { name: name() }, Skip::Member(name()), "Already in this tenant as a member: Ada."),
            (
                Match::PendingMember { id: id(), since: since() },
                Skip::PendingMember(since()),
                "Invited as an external member, pending since 2026-05-03.",
            ),
            (Match::ExternalMember { name: name() }, Skip::ExternalMember(name()), "Already here as an external member: Ada."),
            (
                Match::Blocked { id: id() },
                Skip::Blocked,
                "Already a guest, but the account is blocked. A User Administrator can unblock it.",
            ),
            (
                Match::Clash { name: name(), mail: "ada@y.example".into() },
                Skip::Clash(name(), "ada@y.example".into()),
                "Ada (ada@y.example) already has this as another address.",
            ),
        ];
        for (found, skip, words) in skipped {
            assert_eq!(step(&seen(&[("a@x.example", found)]), None), Ok((words.to_owned(), skip)));
        }
        let before = Some("2026-11-01T00:00:00Z");
        let invited_before = ("Invited from this browser on 2026-11-01.".to_owned(), Skip::InvitedBefore("2026-11-01T00:00:00Z".into()));
        let nobody = seen(&[("a@x.example", Match::Nobody)]);
        assert_eq!(step(&nobody, before), Ok(invited_before.clone()), "a new guest may be late to appear");
        assert_eq!(step(&TenantSnapshot::default(), before), Ok(invited_before));
        let invited = Err("a@x.example".to_owned());
        assert_eq!(step(&nobody, None), invited);
        assert_eq!(step(&TenantSnapshot::default(), None), invited);
        let deleted = seen(&[("a@x.example", Match::Deleted { name: name() })]);
        assert_eq!(step(&deleted, before), invited, "whoever was deleted since may be invited anew");
    }

    #[test]
    fn an_address_of_a_domain_of_ones_own_is_never_invited() {
        let mut known = seen(&[("a@contoso.example", Match::Nobody)]);
        known.organization.verified_domains =
            vec![graph::organization::VerifiedDomain { name: "Contoso.example".into(), ..Default::default() }];
        let plan = planned(&list_with("a@contoso.example\nb@mail.contoso.example"), &Letter::default(), &known);
        assert_eq!(plan.rows[0].step, PlanStep::Skip(Skip::OwnDomain("contoso.example".into())));
        assert_eq!(plan.rows[0].choices(), [RowAction::Skip]);
        assert!(matches!(plan.rows[1].step, PlanStep::Invite(_)), "a subdomain is another domain");
    }

    #[test]
    fn a_duplicate_names_the_first_row_that_has_the_address() {
        let plan = planned(&list_with("a@x.example\nb@x.example\nB@X.example\nb@x.example\na@x.example"), &Letter::default(), &seen(&[]));
        let steps: Vec<Option<Skip>> =
            plan.rows.iter().map(|row| if let PlanStep::Skip(skip) = &row.step { Some(skip.clone()) } else { None }).collect();
        let duplicate = |row| Some(Skip::Duplicate(row));
        assert_eq!(steps, [None, None, duplicate(2), duplicate(2), duplicate(1)]);
        assert_eq!(duplicate(2).unwrap().words(), "The same address stands in row 2.");
    }

    #[test]
    fn only_microsofts_own_mail_is_asked_for_and_only_for_whom_it_is_meant() {
        let list = list_with("a@x.example\nb@x.example\nc@x.example\nd@x.example");
        let known = seen(&[("c@x.example", Match::Pending { id: "1".into(), since: None })]);
        let letter = Letter { message: "Hi".into(), ..Letter::default() };
        let choices = Choices {
            rows: [(2, RowAction::OnlyAdd), (3, RowAction::Resend)].into(),
            channels: [(4, Channel::Mailbox)].into(),
            ..Choices::default()
        };
        let plan = plan(&list, &letter, &known, &MergeContext::default(), &ByAddress::default(), &choices);
        let mails: Vec<bool> = plan
            .rows
            .iter()
            .map(|row| match &row.step {
                PlanStep::Invite(invitation) => invitation.send_invitation_message,
                PlanStep::Skip(skip) => panic!("{skip:?}"),
            })
            .collect();
        assert_eq!(mails, [true, false, true, false]);
        assert_eq!(plan.rows[3].brings(), Channel::Mailbox);
        let only_added = Planned { action: RowAction::OnlyAdd, ..plan.rows[3].clone() };
        assert_eq!(only_added.brings(), Channel::Microsoft, "who is only added gets no letter");
        let notes: Vec<Option<&str>> = plan.rows.iter().map(|row| row.note.as_deref()).collect();
        assert_eq!(notes, [None, None, Some("Already invited, pending."), None], "who is invited again is told to be known");
    }

    #[test]
    fn what_is_worth_knowing_of_a_new_guest_is_noted() {
        let mut known = seen(&[("a@x.example", Match::Deleted { name: "Ada".into() }), ("d@x.example", Match::Blocked { id: "1".into() })]);
        for address in ["b@x.example", "d@x.example"] {
            known.contacts.set(&Address::parse(address).unwrap(), Some("Bob Contact".into()));
        }
        let plan = planned(&list_with("a@x.example\nb@x.example\nc@x.example\nd@x.example"), &Letter::default(), &known);
        let notes: Vec<&str> = plan.rows.iter().map(|row| row.note.as_deref().unwrap_or_default()).collect();
        assert!(notes[0].starts_with("Ada was deleted within the last 30 days."), "{notes:?}");
        assert!(notes[1].starts_with("A mail contact, Bob Contact, has this address already."), "{notes:?}");
        assert_eq!(notes[2..], ["", ""], "who is skipped needs no note");
    }

    #[test]
    fn what_would_be_lost_without_a_mailbox_is_warned_of() {
        let (dropped, stops) = ("Microsoft will drop your message", "The run would stop at the first letter");
        let warned = |letter: &Letter, mail: Option<&str>| {
            let mut known = TenantSnapshot::default();
            known.me.mail = mail.map(str::to_owned);
            let warnings = planned(&list_with("a@x.example"), letter, &known).warnings;
            [dropped, stops].map(|words| warnings.iter().any(|warning| warning.contains(words)))
        };
        let letter = |channel: Channel, message: &str| Letter { channel, message: message.into(), ..Letter::default() };
        for (channel, message, expected) in [
            (Channel::Microsoft, "Hi", [true, false]),
            (Channel::Microsoft, " \n", [false, false]),
            (Channel::Mailbox, "Hi", [false, true]),
            (Channel::Drafts, " ", [false, true]),
            (Channel::Files, "Hi", [false, false]),
            (Channel::Teams, "Hi", [false, false]),
        ] {
            let letter = letter(channel, message);
            assert_eq!(warned(&letter, None), expected, "{channel:?} {message:?}");
            assert_eq!(warned(&letter, Some("")), expected, "{channel:?} {message:?}");
            assert_eq!(warned(&letter, Some("me@contoso.example")), [false, false], "{channel:?} {message:?}");
        }
        let german = crate::letter::Variant { language: "de".into(), message: "Hallo".into(), ..Default::default() };
        assert_eq!(warned(&Letter { variants: vec![german], ..Letter::default() }, None), [true, false]);
    }

    #[test]
    fn whoever_may_not_invite_is_warned() {
        let warned = |role: &str| {
            let role = graph::users::DirectoryRole { role_template_id: role.into(), ..Default::default() };
            let known = TenantSnapshot { roles: vec![role], ..TenantSnapshot::default() };
            let warnings = planned(&list_with("a@x.example"), &Letter::default(), &known).warnings;
            warnings.iter().any(|warning| warning.starts_with("None of your roles is Guest Inviter"))
        };
        assert!(warned("another") && graph::users::INVITING_ROLES.iter().all(|role| !warned(role)));
    }

    #[test]
    fn an_invitation_to_somebody_who_was_not_looked_up_is_warned_of() {
        let warned = |known: &TenantSnapshot| {
            let warnings = planned(&list_with("a@x.example\nb@x.example\nc+d@x.example"), &Letter::default(), known).warnings;
            warnings.iter().any(|warning| warning.starts_with("Who is here already could not be looked up."))
        };
        let (ada, bob) = (("a@x.example", Match::Nobody), ("b@x.example", Match::Nobody));
        assert!(warned(&seen(&[])) && warned(&seen(std::slice::from_ref(&ada))) && warned(&seen(std::slice::from_ref(&bob))));
        assert!(!warned(&seen(&[ada, bob])), "who is skipped need not have been looked up");
    }

    #[test]
    fn each_row_that_leaves_a_gap_in_its_own_text_is_counted() {
        let rows: [&[&str]; 6] = [
            &["a@x.example", "Ada", "", "", ""],
            &["b@x.example", " ", "", "", " "],
            &["c@x.example", "", "", "de", ""],
            &["d@x.example", "Dan", "", "de-AT", ""],
            &["e@x.example", "", "", "", ""],
            &["f@x.example", "", "", "de", "{{firstName|friend}}, {{company}}"],
        ];
        let list = list_of(&["email", "First name", "Last name", "Language", "Message"], &rows);
        let german = crate::letter::Variant { language: "de".into(), message: "Hallo {{lastName}}".into(), ..Default::default() };
        let letter =
            Letter { message: "Hi {{firstName}} {{nickname}}".into(), variants: vec![german], language: "en".into(), ..Letter::default() };
        let expected = [("company", 1), ("firstName", 2), ("lastName", 2)].map(|(name, rows)| (name.to_owned(), rows));
        assert_eq!(gaps(&list, &letter), expected, "a field without a column is told elsewhere");
        let warnings = planned(&list, &letter, &seen(&[])).warnings;
        let told = "2 rows are without firstName: the message has a gap there. Write {{firstName|something}} to fill it.";
        assert!(warnings.iter().any(|warning| warning == told), "{warnings:?}");
        // A name that can be made of first and last name is no gap.
        let named = Letter { message: "Dear {{displayName}}".into(), ..Letter::default() };
        let list = list_of(&["email", "Name", "First name"], &[&["a@x.example", "", "Ada"], &["b@x.example", "", ""]]);
        assert_eq!(gaps(&list, &named), [("displayName".to_owned(), 1)]);
    }

    #[test]
    fn blanks_around_what_is_sent_are_told_and_left_out() {
        let told = |rows: &[&[&str]]| {
            let plan = planned(&list_of(&["email", "Name", "Company"], rows), &Letter::default(), &seen(&[]));
            (plan.warnings.into_iter().find(|warning| warning.contains("blanks before or behind")), plan.rows)
        };
        let clean: &[&str] = &["a@x.example", "Ada", " Fabrikam "];
        assert_eq!(told(&[clean]).0, None);
        let (warning, rows) = told(&[clean, &["b@x.example", " Bob", ""], &["c@x.example ", " Cleo ", ""]]);
        assert_eq!(
            warning.as_deref(),
            Some("2 rows have blanks before or behind the address or the name. They are left out of what is sent; your list keeps them.")
        );
        let sent: Vec<(String, String, Option<String>)> = rows
            .iter()
            .map(|row| match &row.step {
                PlanStep::Invite(invitation) => {
                    assert_eq!(invitation.invited_user_email_address, row.email);
                    (row.email.clone(), row.name.clone(), invitation.invited_user_display_name.clone())
                }
                PlanStep::Skip(skip) => panic!("{skip:?}"),
            })
            .collect();
        let expected = [("a@x.example", "Ada"), ("b@x.example", "Bob"), ("c@x.example", "Cleo")];
        assert_eq!(sent, expected.map(|(email, name)| (email.to_owned(), name.to_owned(), Some(name.to_owned()))));
    }

    #[test]
    fn a_letter_of_ones_own_needs_the_link_in_every_language_and_mails_a_subject() {
        let letter = |subject: &str, message: &str, german: &str| Letter {
            subject: subject.into(),
            message: message.into(),
            variants: vec![crate::letter::Variant { language: "de".into(), message: german.into(), ..Default::default() }],
            ..Letter::default()
        };
        let (link, none) = ("Here: {{redeemUrl}}", "No link");
        let german = BlockingIssue::NoLink("de".into());
        for channel in Channel::ALL {
            let lacks = |subject: &str, message: &str, german: &str| own_message_issues(&letter(subject, message, german), channel);
            if channel == Channel::Microsoft {
                assert_eq!(lacks("", none, none), [], "Microsoft has a subject and a link of its own");
                continue;
            }
            assert_eq!(lacks("Welcome", link, link), [], "{channel:?}");
            assert_eq!(lacks("Welcome", none, link), [BlockingIssue::NoLink(String::new())], "{channel:?}");
            assert_eq!(lacks("Welcome", link, none), std::slice::from_ref(&german), "{channel:?}");
            let takes_subject = !matches!(channel, Channel::Teams | Channel::ByHand);
            assert_eq!(lacks(" ", link, link), if takes_subject { vec![BlockingIssue::NoSubject] } else { vec![] }, "{channel:?}");
        }
        assert!(german.words().starts_with("The message in Deutsch has no {{redeemUrl}}."), "{}", german.words());
        assert!(BlockingIssue::NoLink(String::new()).words().starts_with("The message has no {{redeemUrl}}."));
        assert_eq!(BlockingIssue::NoSubject.words(), "The letter has no subject.");
        let own = Letter { channel: Channel::Mailbox, redirect_url: "https://myapps.microsoft.com".into(), ..letter("", none, link) };
        let blocked = blocking_issues(&own, &List::default(), &["myapps.microsoft.com".to_owned()]);
        assert_eq!(blocked, [BlockingIssue::NoLink(String::new()), BlockingIssue::NoSubject]);
    }

    #[test]
    fn a_copy_that_cannot_be_sent_keeps_the_letter_back_and_one_fault_is_told_once() {
        let german = crate::letter::Variant { language: "de".into(), message: "{{nickname}} {{company}}".into(), ..Default::default() };
        let letter = Letter {
            message: "{{nickname}}".into(),
            variants: vec![german],
            redirect_url: "https://myapps.microsoft.com".into(),
            copy_to: "boss".into(),
            blind_copy_to: "a@contoso.example, chief".into(),
            ..Letter::default()
        };
        let hosts = ["myapps.microsoft.com".to_owned()];
        let found = blocking_issues(&letter, &List::default(), &hosts);
        let [BlockingIssue::Text(faults), BlockingIssue::Copy(copy), BlockingIssue::Copy(blind)] = &found[..] else { panic!("{found:?}") };
        assert_eq!(faults.len(), faults.iter().collect::<std::collections::BTreeSet<_>>().len(), "{faults:?}");
        assert!(faults[0].starts_with("The list has no column for {{nickname}}."), "{faults:?}");
        assert_eq!(found[0].words(), faults.join(" "));
        assert_eq!((found[1].words(), copy), (copy.clone(), &copy_problem("boss", Channel::Microsoft).unwrap()));
        assert!(blind.starts_with("Microsoft sends a copy to one address only."), "{blind}");
    }

    #[test]
    fn a_rows_own_message_needs_the_link_where_the_page_brings_the_letter() {
        let list = list_of(&["email", "Message"], &[&["a@x.example", "Hi {{redeemUrl}}"], &["b@x.example", "Hi"], &["c@x.example", " "]]);
        let issues = |channel: Channel| {
            let letter = Letter {
                channel,
                subject: "Welcome".into(),
                message: "{{redeemUrl}}".into(),
                redirect_url: "https://myapps.microsoft.com".into(),
                ..Letter::default()
            };
            blocking_issues(&letter, &list, &["myapps.microsoft.com".to_owned()])
        };
        let lacks = BlockingIssue::Row(2, "Its own message has no {{redeemUrl}}; without the link nobody can accept.".into());
        assert_eq!(issues(Channel::Mailbox), [lacks]);
        let microsofts: Vec<String> = issues(Channel::Microsoft).iter().map(BlockingIssue::words).collect();
        assert!(microsofts.iter().all(|words| !words.contains("Its own message has no")), "{microsofts:?}");
    }

    #[test]
    fn each_column_that_rows_may_be_wrong_in_is_looked_at_and_five_are_told() {
        let letter = Letter { redirect_url: "https://myapps.microsoft.com".into(), ..Letter::default() };
        let hosts = ["myapps.microsoft.com".to_owned()];
        for (column, wrong) in [("Redirect URL", "https://evil.example"), ("CC", "boss"), ("Message", "{{nickname}}")] {
            let rows: Vec<[&str; 2]> = (0..8).map(|row| ["a@x.example", if row == 1 { "" } else { wrong }]).collect();
            let rows: Vec<&[&str]> = rows.iter().map(|row| &row[..]).collect();
            let issues = blocking_issues(&letter, &list_of(&["email", column], &rows), &hosts);
            let places: Vec<usize> =
                issues.iter().map(|issue| if let BlockingIssue::Row(place, _) = issue { *place } else { panic!("{issue:?}") }).collect();
            assert_eq!(places, [1, 3, 4, 5, 6], "{column}");
        }
    }
}
