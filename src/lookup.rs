//! *Check*: looks at what the tenant already holds before anything is planned. Writes nothing.

use crate::permissions;
use crate::protocol::{Action, Flights, PATIENCE_READING, Pace, StateMachine, Ticket};
use crate::rows::{Address, ByAddress, is_same_address};
use graph::organization::{Organization, Subscription, organization, subscription};
use graph::users::{
    DirectoryRole, GuestUsers, INVITING_ROLES, OrgContact, Page, User, by_address, contact_by_address, deleted_by_address, guests_since,
    me, my_roles,
};
use graph::{Again, Answer, Problem, Reply, Request, Unreached, batch};
use std::collections::VecDeque;
use time::{Millis, Moment};

/// Who owns an address, as far as could be seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Match {
    Nobody,
    /// Invited, not yet accepted; since (ISO 8601).
    Pending {
        id: String,
        since: Option<String>,
    },
    /// A guest who has accepted; since (ISO 8601).
    Accepted {
        id: String,
        since: Option<String>,
    },
    /// A guest whose account is switched off.
    Blocked {
        id: String,
    },
    Member {
        name: String,
    },
    /// Somebody from elsewhere who was made a member before accepting the invitation; since (ISO 8601).
    PendingMember {
        id: String,
        since: Option<String>,
    },
    /// Somebody from elsewhere who was invited, has accepted, and is a member now.
    ExternalMember {
        name: String,
    },
    /// Somebody whose mail is another one has this address too.
    Clash {
        name: String,
        mail: String,
    },
    /// Only in the recycle bin.
    Deleted {
        name: String,
    },
}

/// What is known of the tenant and of the person who invites.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TenantSnapshot {
    pub me: User,
    pub organization: Organization,
    pub roles: Vec<DirectoryRole>,
    /// Addresses that could not be looked up are missing.
    pub people: ByAddress<Match>,
    /// Names of mail contacts, if those were looked up.
    pub contacts: ByAddress<String>,
    /// Why people could not be looked up, if that was tried and refused.
    pub blind: Option<Problem>,
    /// What tells of the tenant's allowance, if that was asked and may be read.
    pub subscription: Option<Subscription>,
    /// Guests who were made lately, by whomever, as far as that.
    pub lately: Option<GuestUsers>,
}

impl TenantSnapshot {
    /// Whether a role allows inviting, unless the tenant lets nobody invite. `false` does not mean that it is forbidden:
    /// the setting may allow every member, and cannot be read with this page's permissions.
    pub fn has_inviting_role(&self) -> bool {
        self.roles.iter().any(|role| INVITING_ROLES.contains(&role.role_template_id.as_str()))
    }
    pub fn has_mailbox(&self) -> bool {
        self.me.mail.as_deref().is_some_and(|mail| !mail.is_empty())
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum LookupQuestion {
    Me,
    Organization,
    Roles,
    Person(Address),
    Deleted(Address),
    Contact(Address),
    Subscription,
    /// Who was made since then.
    Lately(Moment),
}

impl LookupQuestion {
    fn request(&self) -> Request {
        match self {
            Self::Me => me(),
            Self::Organization => organization(),
            Self::Roles => my_roles(),
            Self::Person(address) => by_address(address.as_str()),
            Self::Deleted(address) => deleted_by_address(address.as_str()),
            Self::Contact(address) => contact_by_address(address.as_str()),
            Self::Subscription => subscription(),
            Self::Lately(then) => guests_since(*then),
        }
    }

    /// What a plan can do without. It is asked apart, so that a question which is not answered takes no other with it.
    const fn is_optional(&self) -> bool {
        matches!(self, Self::Contact(_) | Self::Subscription | Self::Lately(_))
    }

    const fn permission(&self) -> &'static str {
        match self {
            Self::Me | Self::Organization | Self::Roles => permissions::ONESELF,
            Self::Person(_) | Self::Deleted(_) | Self::Lately(_) => permissions::DIRECTORY,
            Self::Contact(_) => permissions::CONTACTS,
            Self::Subscription => permissions::SUBSCRIPTION,
        }
    }
}

/// Why a look ended without an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LookupFailure {
    Refused(Problem),
    Unreached,
    /// Somebody wanted no more of it.
    Stopped,
}

pub struct Lookup {
    waiting: VecDeque<(LookupQuestion, u32)>,
    asked: Flights<Vec<(LookupQuestion, u32)>>,
    pace: Pace,
    needs_sign_in: Option<Option<String>>,
    known: TenantSnapshot,
    failed: Option<LookupFailure>,
    /// Right before sending: what cannot be found out keeps everything from leaving.
    is_last: bool,
    total: usize,
}

/// A request that got no answer is asked again this often: reading twice harms nobody.
const TRIES: u32 = 4;

impl Lookup {
    /// Looks at the person and the tenant, and, if `addresses` are given, at who owns them.
    pub fn new(addresses: impl IntoIterator<Item = Address>) -> Self {
        let mut waiting: VecDeque<(LookupQuestion, u32)> =
            [LookupQuestion::Me, LookupQuestion::Organization, LookupQuestion::Roles].map(|question| (question, 0)).into();
        for address in addresses {
            waiting.push_back((LookupQuestion::Person(address.clone()), 0));
            waiting.push_back((LookupQuestion::Deleted(address), 0));
        }
        let total = waiting.len();
        Self {
            waiting,
            asked: Flights::default(),
            pace: Pace::default(),
            needs_sign_in: None,
            known: TenantSnapshot::default(),
            failed: None,
            is_last: false,
            total,
        }
    }

    /// Looks once more at who owns these addresses, right before they are invited. The recycle bin is not asked again.
    pub fn again(addresses: impl IntoIterator<Item = Address>) -> Self {
        let mut look = Self { is_last: true, ..Self::new([]) };
        look.waiting.extend(addresses.into_iter().map(|address| (LookupQuestion::Person(address), 0)));
        look.total = look.waiting.len();
        look
    }

    /// Looks for mail contacts with these addresses, too, which takes a permission of its own.
    #[must_use]
    pub fn and_contacts(mut self) -> Self {
        let asked = self
            .waiting
            .iter()
            .filter_map(|(question, _)| if let LookupQuestion::Person(address) = question { Some(address.clone()) } else { None });
        let contacts: Vec<Address> = asked.collect();
        self.total += contacts.len();
        self.waiting.extend(contacts.into_iter().map(|address| (LookupQuestion::Contact(address), 0)));
        self
    }

    /// Asks what tells how many invitations a day the tenant may send, which takes a permission of its own.
    #[must_use]
    pub fn and_subscription(self) -> Self {
        self.and(LookupQuestion::Subscription)
    }

    /// Asks who was made in the tenant since then: they count towards the day's allowance.
    #[must_use]
    pub fn and_lately(self, then: Moment) -> Self {
        self.and(LookupQuestion::Lately(then))
    }

    fn and(mut self, question: LookupQuestion) -> Self {
        self.waiting.push_front((question, 0));
        self.total += 1;
        self
    }

    /// How many of how many questions are answered.
    pub fn progress(&self) -> (usize, usize) {
        let open = self.waiting.len() + self.asked.all().map(Vec::len).sum::<usize>();
        (self.total.saturating_sub(open), self.total)
    }

    /// What was found, once it is [`Action::Done`].
    ///
    /// # Errors
    /// That the person or the tenant could not be read at all.
    pub fn finish(self) -> Result<TenantSnapshot, LookupFailure> {
        match self.failed {
            Some(failed) => Err(failed),
            None => Ok(self.known),
        }
    }

    fn learn(&mut self, question: &LookupQuestion, reply: &Reply) -> Result<(), Problem> {
        match question {
            LookupQuestion::Me => self.known.me = reply.read()?,
            LookupQuestion::Organization => {
                let page: Page<Organization> = reply.read()?;
                self.known.organization = page.value.into_iter().next().unwrap_or_default();
            }
            LookupQuestion::Roles => self.known.roles = reply.read::<Page<DirectoryRole>>()?.value,
            LookupQuestion::Person(address) => {
                let page: Page<User> = reply.read()?;
                let found = who(&page.value, address);
                // The recycle bin was looked at first, perhaps.
                match self.known.people.get(address) {
                    Some(Match::Deleted { .. }) if found == Match::Nobody => {}
                    _ => self.known.people.set(address, Some(found)),
                }
            }
            LookupQuestion::Deleted(address) => {
                let page: Page<User> = reply.read()?;
                let nobody = matches!(self.known.people.get(address), None | Some(Match::Nobody));
                if let (Some(user), true) = (page.value.first(), nobody) {
                    let name = user.display_name.clone().unwrap_or_default();
                    self.known.people.set(address, Some(Match::Deleted { name }));
                }
            }
            LookupQuestion::Subscription => self.known.subscription = reply.read::<Page<Subscription>>()?.value.into_iter().next(),
            LookupQuestion::Lately(_) => self.known.lately = Some(reply.read()?),
            LookupQuestion::Contact(address) => {
                let page: Page<OrgContact> = reply.read()?;
                if let Some(contact) = page.value.into_iter().next() {
                    self.known.contacts.set(address, Some(contact.display_name.unwrap_or_default()));
                }
            }
        }
        Ok(())
    }

    /// A plan without contacts is a good plan, and what is not told of the allowance counts as the lower.
    fn leave_out(&mut self, question: &LookupQuestion) {
        if matches!(question, LookupQuestion::Contact(_)) {
            self.waiting.retain(|(question, _)| !matches!(question, LookupQuestion::Contact(_)));
        }
    }

    fn landed(&mut self, questions: Vec<(LookupQuestion, u32)>, answer: &Answer, now: Moment) {
        let answers = batch::each(answer, questions.len());
        for ((question, tries), answer) in questions.into_iter().zip(answers) {
            self.answered(question, tries, &answer, now);
        }
    }

    fn answered(&mut self, question: LookupQuestion, tries: u32, answer: &Answer, now: Moment) {
        let problem = match answer {
            Ok(reply) => match self.learn(&question, reply) {
                Ok(()) => return,
                Err(problem) => problem.for_permission(question.permission()),
            },
            Err(Unreached::Lost | Unreached::Offline) if tries < TRIES => {
                self.pace.quiet(Millis::seconds(1 << tries), now);
                self.waiting.push_back((question, tries + 1));
                return;
            }
            Err(_) if question.is_optional() => return self.leave_out(&question),
            Err(_) => return self.failed = Some(LookupFailure::Unreached),
        };
        match problem.again(tries) {
            Again::After(wait) if tries < TRIES * 2 => {
                self.pace.quiet(wait, now);
                self.waiting.push_back((question, tries + 1));
            }
            // What a gateway says of its own is no word of Graph's.
            Again::LookFirst if tries < TRIES => {
                self.pace.quiet(problem.retry_after.unwrap_or(Millis::seconds(1 << tries)), now);
                self.waiting.push_back((question, tries + 1));
            }
            Again::AfterSignIn if tries < TRIES => {
                self.needs_sign_in = Some(problem.claims);
                self.waiting.push_front((question, tries + 1));
            }
            // Only a refusal by Graph says that nobody may be looked up.
            _ if self.is_last && !problem.is_graphs_denial() => self.failed = Some(LookupFailure::Refused(problem)),
            _ if matches!(question, LookupQuestion::Person(_) | LookupQuestion::Deleted(_)) => {
                // Without the permission nobody can be looked up; the others need not be asked.
                self.waiting.retain(|(question, _)| !matches!(question, LookupQuestion::Person(_) | LookupQuestion::Deleted(_)));
                self.known.blind = Some(problem);
            }
            _ if question.is_optional() => self.leave_out(&question),
            _ => self.failed = Some(LookupFailure::Refused(problem)),
        }
    }
}

impl StateMachine for Lookup {
    type Record = std::convert::Infallible;

    fn next(&mut self, now: Moment) -> Action<Self::Record> {
        if let Some((ticket, questions)) = self.asked.overdue(now) {
            self.landed(questions, &Err(Unreached::Lost), now);
            return Action::Abandon(ticket);
        }
        if self.failed.is_some() || self.waiting.is_empty() && self.asked.is_empty() {
            return Action::Done;
        }
        if let (Some(claims), true) = (&self.needs_sign_in, self.asked.is_empty()) {
            return Action::SignIn(claims.clone());
        }
        if self.waiting.is_empty() || self.asked.len() > 1 || self.needs_sign_in.is_some() {
            return self.asked.wait();
        }
        if let Some(then) = self.pace.quiet_until(now) {
            return Action::WaitUntil(self.asked.until().map_or(then, |until| until.min(then)));
        }
        let is_optional = self.waiting.front().is_some_and(|(question, _)| question.is_optional());
        let alike = self.waiting.iter().take(batch::MOST).take_while(|(question, _)| question.is_optional() == is_optional);
        let count = alike.count();
        let questions: Vec<(LookupQuestion, u32)> = self.waiting.drain(..count).collect();
        let requests: Vec<Request> = questions.iter().map(|(question, _)| question.request()).collect();
        Action::Send(self.asked.leave(questions, PATIENCE_READING, now), batch::pack(&requests))
    }

    fn heard(&mut self, ticket: Ticket, answer: &Answer, now: Moment) {
        if let Some(questions) = self.asked.arrived(ticket, now) {
            self.landed(questions, answer, now);
        }
    }

    fn signed_in(&mut self) {
        self.needs_sign_in = None;
    }
}

/// Who of these owns an address, and what that means. Whoever is known by it goes before whoever has it beside another.
pub(crate) fn owner<'a>(users: &'a [User], address: &str) -> Option<(&'a User, Match)> {
    let mut all = users.iter().map(|user| (user, match_for(user, address)));
    let first = all.next()?;
    Some(std::iter::once(first.clone()).chain(all).find(|(_, found)| !matches!(found, Match::Clash { .. })).unwrap_or(first))
}

fn who(users: &[User], address: &Address) -> Match {
    owner(users, address.as_str()).map_or(Match::Nobody, |(_, found)| found)
}

/// What one user of the directory means for an invitation.
///
/// Where a mail contact holds the address already, a guest has it in `otherMails` and no `mail` at all (azure-docs #104271). Guests
/// who came by a sign-up flow of their own have no state (microsoft-graph-docs-contrib #8702). Whoever waits for an invitation to be
/// accepted can be invited again, also once somebody has made a member of them (azure-docs #77605); only people from elsewhere have
/// a state (<https://learn.microsoft.com/graph/api/resources/user>).
fn match_for(user: &User, address: &str) -> Match {
    let is = |text: &Option<String>| text.as_deref().is_some_and(|text| is_same_address(text, address));
    let mail = user.mail.clone().filter(|mail| !mail.is_empty() && !is(&user.mail) && !is(&user.user_principal_name));
    if let Some(mail) = mail {
        return Match::Clash { name: user.display_name.clone().unwrap_or_default(), mail };
    }
    let since = user.external_user_state_change_date_time.clone();
    let id = user.id.clone();
    let name = || user.display_name.clone().unwrap_or_default();
    match (user.user_type.as_deref(), user.external_user_state.as_deref()) {
        (Some("Guest"), _) if user.account_enabled == Some(false) => Match::Blocked { id },
        (Some("Guest"), Some("PendingAcceptance")) => Match::Pending { id, since },
        (Some("Guest"), _) => Match::Accepted { id, since },
        (_, Some("PendingAcceptance")) if user.account_enabled != Some(false) => Match::PendingMember { id, since },
        (_, Some(_)) => Match::ExternalMember { name: name() },
        _ => Match::Member { name: name() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    /// Who `directory.json` of a case says an address belongs to.
    fn match_in_case(directory: &str, address: &str) -> Match {
        #[derive(Deserialize)]
        struct CaseDirectory {
            users: Vec<User>,
        }
        let CaseDirectory { users } = serde_json::from_str(directory).unwrap();
        who(&users, &Address::parse(address).unwrap())
    }

    // Case 27
    #[test]
    fn an_external_member_who_has_not_accepted_is_told_from_a_member() {
        let directory = include_str!("../tests/cases/27-external-member/directory.json");
        let found = |directory: &str| match_in_case(directory, "grace@woodgrove.example");
        assert_eq!(
            found(directory),
            Match::PendingMember { id: "0000000b-0000-4000-8000-00000000000b".into(), since: Some("2026-03-02T08:11:00Z".into()) }
        );
        let accepted = directory.replace("PendingAcceptance", "Accepted");
        assert_eq!(found(&accepted), Match::ExternalMember { name: "Grace Hopper".into() });
        assert_eq!(found(&directory.replace("\"PendingAcceptance\"", "null")), Match::Member { name: "Grace Hopper".into() });
        let blocked = directory.replace("\"accountEnabled\": true", "\"accountEnabled\": false");
        assert_ne!(blocked, directory);
        assert_eq!(found(&blocked), Match::ExternalMember { name: "Grace Hopper".into() });
    }

    // Case 28
    #[test]
    fn a_guest_who_signed_up_is_a_guest_although_no_state_says_so() {
        let directory = include_str!("../tests/cases/28-self-service-guest/directory.json");
        let found = match_in_case(directory, "ada@fabrikam.example");
        assert_eq!(found, Match::Accepted { id: "0000000a-0000-4000-8000-00000000000a".into(), since: None });
    }

    // Case 29
    #[test]
    fn a_guest_is_known_by_another_mail_where_a_contact_holds_the_address() {
        let directory = include_str!("../tests/cases/29-address-in-other-mails/directory.json");
        for directory in [directory.to_owned(), directory.replace("\"mail\": null", "\"mail\": \"\"")] {
            assert!(matches!(match_in_case(&directory, "Ada@Fabrikam.example"), Match::Accepted { .. }), "{directory}");
        }
    }

    #[test]
    fn a_count_that_is_never_answered_takes_no_other_question_with_it() {
        let ada = Address::parse("ada@x.example").unwrap();
        let (mut look, mut now) = (Lookup::new([ada.clone()]).and_lately(Moment(0)), Moment(0));
        loop {
            match look.next(now) {
                Action::Send(ticket, request) => {
                    let body = request.body.unwrap_or_default();
                    let response = |id: usize| serde_json::json!({"id": id.to_string(), "status": 200, "body": {"value": []}});
                    let responses: Vec<_> = (0..body.matches("\"id\"").count()).map(response).collect();
                    let told = serde_json::json!({ "responses": responses }).to_string();
                    let reply = Reply { status: 200, headers: Default::default(), body: told };
                    look.heard(ticket, &if body.contains("$count") { Err(Unreached::Lost) } else { Ok(reply) }, now);
                }
                Action::WaitUntil(then) => now = then,
                Action::Done => break,
                other => panic!("{other:?}"),
            }
        }
        let known = look.finish().unwrap();
        assert_eq!((known.lately, known.people.get(&ada)), (None, Some(&Match::Nobody)));
    }

    #[test]
    fn whoever_is_known_by_an_address_goes_before_whoever_has_it_beside_another() {
        let user = |mail: &str, kind: &str| User { mail: Some(mail.into()), user_type: Some(kind.into()), ..User::default() };
        let (other, own) = (user("boss@contoso.example", "Member"), user("ada@x.example", "Guest"));
        let address = Address::parse("ada@x.example").unwrap();
        assert!(matches!(who(&[other.clone(), own], &address), Match::Accepted { .. }));
        assert!(matches!(who(&[other], &address), Match::Clash { .. }));
        assert_eq!(who(&[], &address), Match::Nobody);
    }
}
