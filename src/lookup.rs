//! *Check*: looks at what the tenant already holds before anything is planned. Writes nothing.

mod question;

use crate::protocol::collection::whole;
use crate::protocol::{Inquiry, InquiryQuestion, Questions, ReadFailure};
use crate::refused::Refused;
use crate::rows::{Address, ByAddress, is_same_address};
use graph::contacts::FindContactsByAddress;
use graph::organization::{GetOrganization, GetSubscription, Organization, Subscription};
use graph::page::{PageLimit, PagesEnd};
use graph::users::{
    DirectoryRole, FindDeletedUsers, FindUsersByAddress, GetMe, INVITING_ROLES, ListMadeSince, ListMyRoles, MadePlace, MadeUsers, User,
};
use graph::{Operation, Problem, Reply};
use question::LookupQuestion;
use time::Moment;

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
    pub blind: Option<Refused>,
    /// What tells of the tenant's allowance, if that was asked and may be read.
    pub subscription: Option<Subscription>,
    /// Who was made by an invitation lately, by whomever, as far as that; and who of them is deleted by now.
    pub lately: Option<MadeUsers>,
    pub deleted_lately: Option<MadeUsers>,
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

/// More roles than there are, and more people than share an address; what is beyond is not read.
pub(crate) const FEW: PageLimit = PageLimit { pages: 20, items: 1000 };

pub struct Lookup {
    /// Where Graph is: pages that lead elsewhere are not followed.
    root: String,
    questions: Questions<LookupQuestion>,
    known: TenantSnapshot,
    failed: Option<ReadFailure>,
    /// Right before sending: what cannot be found out keeps everything from leaving.
    is_last: bool,
}

impl Lookup {
    /// Looks at the person and the tenant, and, if `addresses` are given, at who owns them. `root` is Graph's, without a version.
    pub fn new(root: &str, addresses: impl IntoIterator<Item = Address>) -> Self {
        let mut questions = Questions::default();
        for question in [LookupQuestion::Me, LookupQuestion::Organization, LookupQuestion::Roles(None)] {
            questions.ask(question);
        }
        for address in addresses {
            questions.ask(LookupQuestion::Person(address.clone(), None));
            questions.ask(LookupQuestion::Deleted(address, None));
        }
        Self { root: root.into(), questions, known: TenantSnapshot::default(), failed: None, is_last: false }
    }

    /// Looks once more at who owns these addresses, right before they are invited. The recycle bin is not asked again.
    pub fn again(root: &str, addresses: impl IntoIterator<Item = Address>) -> Self {
        let mut look = Self { is_last: true, ..Self::new(root, []) };
        addresses.into_iter().for_each(|address| look.questions.ask(LookupQuestion::Person(address, None)));
        look
    }

    /// Looks for mail contacts with these addresses, too, which takes a permission of its own.
    #[must_use]
    pub fn and_contacts(mut self) -> Self {
        let asked = self.questions.waiting();
        let addresses: Vec<Address> = asked
            .filter_map(|question| if let LookupQuestion::Person(address, _) = question { Some(address.clone()) } else { None })
            .collect();
        addresses.into_iter().for_each(|address| self.questions.ask(LookupQuestion::Contact(address, None)));
        self
    }

    /// Asks what tells how many invitations a day the tenant may send, which takes a permission of its own.
    #[must_use]
    pub fn and_subscription(self) -> Self {
        self.and(LookupQuestion::Subscription)
    }

    /// Asks who was made by an invitation in the tenant since then: they count towards the day's allowance.
    #[must_use]
    pub fn and_lately(self, then: Moment) -> Self {
        let lately = |place| LookupQuestion::Lately(ListMadeSince { then, place });
        self.and(lately(MadePlace::RecycleBin)).and(lately(MadePlace::Directory))
    }

    fn and(mut self, question: LookupQuestion) -> Self {
        self.questions.ask_first(question);
        self
    }

    /// How many of how many questions are answered.
    pub fn progress(&self) -> (usize, usize) {
        self.questions.progress()
    }

    /// What was found, once it is [`Action::Done`].
    ///
    /// # Errors
    /// That the person or the tenant could not be read at all.
    pub fn finish(self) -> Result<TenantSnapshot, ReadFailure> {
        match self.failed {
            Some(failed) => Err(failed),
            None => Ok(self.known),
        }
    }

    /// A plan without contacts is a good plan, and what is not told of the allowance counts as the lower.
    fn leave_out(&mut self, question: &LookupQuestion) {
        if matches!(question, LookupQuestion::Contact(..)) {
            self.questions.keep(|question| !matches!(question, LookupQuestion::Contact(..)));
        }
    }
}

impl Inquiry for Lookup {
    type Question = LookupQuestion;

    fn questions(&mut self) -> &mut Questions<LookupQuestion> {
        &mut self.questions
    }

    fn is_over(&self) -> bool {
        self.failed.is_some()
    }

    fn learn(&mut self, question: &mut LookupQuestion, reply: &Reply) -> Result<bool, Problem> {
        match question {
            LookupQuestion::Me => self.known.me = GetMe.read(reply)?,
            LookupQuestion::Organization => self.known.organization = GetOrganization.read(reply)?,
            LookupQuestion::Subscription => self.known.subscription = GetSubscription.read(reply)?,
            LookupQuestion::Lately(list) => {
                let made = Some(list.read(reply)?);
                match list.place {
                    MadePlace::Directory => self.known.lately = made,
                    MadePlace::RecycleBin => self.known.deleted_lately = made,
                }
            }
            LookupQuestion::Roles(pages) => {
                let Some((roles, _)) = whole(&ListMyRoles, pages, reply, &self.root, FEW)? else { return Ok(false) };
                self.known.roles = roles;
            }
            LookupQuestion::Person(address, pages) => {
                let operation = FindUsersByAddress { address: address.as_str() };
                let Some((users, end)) = whole(&operation, pages, reply, &self.root, FEW)? else { return Ok(false) };
                let found = who(&users, address);
                // Whoever owns it may stand beyond what was read: that is not known, and nothing leaves on it.
                if found == Match::Nobody && end == PagesEnd::More {
                    self.failed = self.failed.take().or(self.is_last.then_some(ReadFailure::Unreached));
                    return Ok(true);
                }
                // The recycle bin was looked at first, perhaps.
                match self.known.people.get(address) {
                    Some(Match::Deleted { .. }) if found == Match::Nobody => {}
                    _ => self.known.people.set(address, Some(found)),
                }
            }
            LookupQuestion::Deleted(address, pages) => {
                let operation = FindDeletedUsers { address: address.as_str() };
                let Some((users, _)) = whole(&operation, pages, reply, &self.root, FEW)? else { return Ok(false) };
                let nobody = matches!(self.known.people.get(address), None | Some(Match::Nobody));
                if let (Some(user), true) = (users.into_iter().next(), nobody) {
                    let name = user.display_name.unwrap_or_default();
                    self.known.people.set(address, Some(Match::Deleted { name }));
                }
            }
            LookupQuestion::Contact(address, pages) => {
                let operation = FindContactsByAddress { address: address.as_str() };
                let Some((contacts, _)) = whole(&operation, pages, reply, &self.root, FEW)? else { return Ok(false) };
                if let Some(contact) = contacts.into_iter().next() {
                    self.known.contacts.set(address, Some(contact.display_name.unwrap_or_default()));
                }
            }
        }
        Ok(true)
    }

    fn give_up(&mut self, question: LookupQuestion, why: ReadFailure) {
        let is_of_people = |question: &LookupQuestion| matches!(question, LookupQuestion::Person(..) | LookupQuestion::Deleted(..));
        match why {
            // Only a refusal by Graph says that nobody may be looked up.
            ReadFailure::Refused(refused) if self.is_last && !refused.problem.is_graphs_denial() => {
                self.failed = Some(ReadFailure::Refused(refused));
            }
            ReadFailure::Refused(refused) if is_of_people(&question) => {
                // Without the permission nobody can be looked up; the others need not be asked.
                self.questions.keep(|question| !is_of_people(question));
                self.known.blind = Some(refused);
            }
            _ if question.is_optional() => self.leave_out(&question),
            why => self.failed = Some(why),
        }
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
    use crate::permissions;
    use crate::protocol::{Action, StateMachine};
    use graph::{Answer, CommonRefusal, Unreached, batch};
    use serde::Deserialize;
    use time::Millis;

    const ROOT: &str = "https://graph.microsoft.com";

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
        let (mut look, mut now) = (Lookup::new(ROOT, [ada.clone()]).and_lately(Moment(0)), Moment(0));
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

    /// Drives a look to its end. `answers` is told each question, by its path, and says the body of a 200; what it says to none is 403.
    fn carried_out(mut look: Lookup, mut answers: impl FnMut(&str) -> Option<serde_json::Value>) -> Result<TenantSnapshot, ReadFailure> {
        let mut now = Moment(0);
        loop {
            match look.next(now) {
                Action::Send(ticket, request) => {
                    let body: serde_json::Value = serde_json::from_str(&request.body.unwrap()).unwrap();
                    let items = body["requests"].as_array().unwrap().iter();
                    let responses: Vec<_> = items
                        .map(|item| match answers(item["url"].as_str().unwrap()) {
                            Some(body) => serde_json::json!({"id": item["id"], "status": 200, "body": body}),
                            None => {
                                serde_json::json!({"id": item["id"], "status": 403, "body": {"error": {"code": "Authorization_RequestDenied", "message": ""}}})
                            }
                        })
                        .collect();
                    let told = serde_json::json!({ "responses": responses }).to_string();
                    look.heard(ticket, &Ok(Reply { status: 200, headers: Default::default(), body: told }), now);
                }
                Action::WaitUntil(then) => now = then,
                Action::Done => return look.finish(),
                other => panic!("{other:?}"),
            }
        }
    }

    fn page(value: serde_json::Value, link: &str) -> Option<serde_json::Value> {
        let mut page = serde_json::json!({ "value": value });
        if !link.is_empty() {
            page["@odata.nextLink"] = link.into();
        }
        Some(page)
    }

    #[test]
    fn a_role_on_the_last_page_counts_as_much_as_one_on_the_first() {
        let mut look = Lookup::new(ROOT, []);
        assert_eq!(look.progress(), (0, 3));
        let mut asked = Vec::new();
        look.is_last = true;
        let known = carried_out(look, |url| {
            asked.push(url.to_owned());
            let role = |template: &str| serde_json::json!([{"roleTemplateId": template}]);
            match url.split(['?', '/']).nth(1) {
                Some("me") if url.ends_with("skiptoken=a") => page(serde_json::json!([]), "/v1.0/me/transitiveMemberOf/x?$skiptoken=b"),
                Some("me") if url.ends_with("skiptoken=b") => page(role(INVITING_ROLES[2]), ""),
                Some("me") if url.contains("transitiveMemberOf") => {
                    page(role("other"), "https://graph.microsoft.com/v1.0/me/transitiveMemberOf/x?$skiptoken=a")
                }
                _ => page(serde_json::json!([]), ""),
            }
        })
        .unwrap();
        assert!(known.roles.len() == 2 && known.has_inviting_role(), "{:?}", known.roles);
        let (first, pages) = asked.split_at(3);
        assert_eq!(first[2], "/me/transitiveMemberOf/microsoft.graph.directoryRole?$select=id,displayName,roleTemplateId");
        assert_eq!(pages, ["/me/transitiveMemberOf/x?$skiptoken=a", "/me/transitiveMemberOf/x?$skiptoken=b"]);
    }

    #[test]
    fn whoever_owns_an_address_is_found_on_whatever_page() {
        let [ada, bob] = ["ada@x.example", "bob@x.example"].map(|address| Address::parse(address).unwrap());
        let look = Lookup::new(ROOT, [ada.clone(), bob.clone()]).and_contacts();
        let known = carried_out(look, |url| {
            let collection = url.split(['?', '/']).nth(1).unwrap();
            match (collection, url.contains("token="), url.contains("ada")) {
                ("users", false, true) => {
                    let others = (0..100).map(|_| serde_json::json!({"id": "o", "mail": "other@x.example"}));
                    page(others.collect(), "https://graph.microsoft.com/v1.0/users?token=ada")
                }
                ("users", true, _) => page(serde_json::json!([{"id": "1", "mail": "ada@x.example", "userType": "Guest"}]), ""),
                ("directory", false, false) => page(serde_json::json!([]), "/v1.0/directory/deletedItems/microsoft.graph.user?token=bob"),
                ("directory", true, _) => page(serde_json::json!([{"displayName": "Bob Gone"}]), ""),
                ("contacts", false, false) => page(serde_json::json!([]), "contacts?token=bob"),
                ("contacts", true, _) => page(serde_json::json!([{"displayName": "Bob Contact"}]), ""),
                _ => page(serde_json::json!([]), ""),
            }
        })
        .unwrap();
        assert_eq!(known.people.get(&ada), Some(&Match::Accepted { id: "1".into(), since: None }));
        assert_eq!(known.people.get(&bob), Some(&Match::Deleted { name: "Bob Gone".into() }));
        assert_eq!((known.contacts.get(&ada), known.contacts.get(&bob)), (None, Some(&"Bob Contact".to_owned())));
        assert_eq!(known.blind, None);
    }

    #[test]
    fn a_page_that_leads_elsewhere_or_in_a_circle_hides_people_and_keeps_guests_from_leaving() {
        let ada = Address::parse("ada@x.example").unwrap();
        for link in ["https://evil.example/v1.0/users?token=1", "/v1.0/users?token=2"] {
            let mut asked = Vec::new();
            let mut answers = |url: &str| {
                asked.push(url.to_owned());
                page(serde_json::json!([]), if url.starts_with("/users") { link } else { "" })
            };
            let known = carried_out(Lookup::new(ROOT, [ada.clone()]), &mut answers).unwrap();
            let blind = known.blind.map(|refused| (refused.problem.common(), refused.permission));
            assert_eq!(blind, Some((Some(CommonRefusal::Unreadable), None)), "{link}");
            let last = carried_out(Lookup::again(ROOT, [ada.clone()]), &mut answers);
            assert!(matches!(last, Err(ReadFailure::Refused(_))), "{link} {last:?}");
            assert!(asked.iter().all(|url| !url.contains("evil")) && asked.len() < 40, "{asked:?}");
        }
    }

    #[test]
    fn whoever_stands_beyond_what_is_read_is_not_known() {
        let ada = Address::parse("ada@x.example").unwrap();
        let mut count = 0;
        let mut answers = |url: &str| {
            count += 1;
            page(serde_json::json!([]), &if url.starts_with("/users") { format!("/users?token={count}") } else { String::new() })
        };
        let known = carried_out(Lookup::new(ROOT, [ada.clone()]), &mut answers).unwrap();
        assert_eq!((known.people.get(&ada), known.blind), (None, None));
        assert_eq!(carried_out(Lookup::again(ROOT, [ada.clone()]), &mut answers), Err(ReadFailure::Unreached));
    }

    #[test]
    fn what_is_refused_names_the_permission_that_it_needs() {
        let ada = Address::parse("ada@x.example").unwrap();
        let refused = |collection: &'static str| {
            let look = Lookup::new(ROOT, [ada.clone()]).and_contacts().and_subscription().and_lately(Moment(0));
            carried_out(look, |url| if url.starts_with(collection) { None } else { page(serde_json::json!([]), "") })
        };
        let permission = |refused: Option<Refused>| refused.and_then(|refused| refused.permission);
        assert_eq!(permission(refused("/users").unwrap().blind).as_deref(), Some(permissions::DIRECTORY));
        assert_eq!(permission(refused("/directory").unwrap().blind).as_deref(), Some(permissions::DIRECTORY));
        for own in ["/me?", "/me/transitive", "/organization?$select=id"] {
            let Err(ReadFailure::Refused(refused)) = refused(own) else { panic!("{own}") };
            assert_eq!(refused.permission.as_deref(), Some(permissions::ONESELF), "{own}");
        }
        let known = refused("/organization?$select=created").unwrap();
        assert_eq!((known.subscription, known.blind, known.lately), (None, None, Some(MadeUsers::default())));
        let asks = |question: LookupQuestion| question.permission();
        let lately = ListMadeSince { then: Moment(0), place: MadePlace::RecycleBin };
        assert_eq!(asks(LookupQuestion::Contact(ada.clone(), None)), permissions::CONTACTS);
        assert_eq!(
            (asks(LookupQuestion::Subscription), asks(LookupQuestion::Lately(lately))),
            (permissions::SUBSCRIPTION, permissions::DIRECTORY)
        );
    }

    /// Drives a look whose questions are all answered so, by their path: what was asked, how long that took, and its end.
    fn asked_on(mut look: Lookup, answer: impl Fn(&str) -> Answer) -> (Vec<String>, Millis, Result<TenantSnapshot, ReadFailure>) {
        let (mut now, mut asked) = (Moment(0), Vec::new());
        loop {
            assert!(asked.len() < 1000, "it goes on for ever");
            match look.next(now) {
                Action::Send(ticket, request) => {
                    let body: serde_json::Value = serde_json::from_str(&request.body.unwrap()).unwrap();
                    let items: Vec<_> = body["requests"].as_array().unwrap().iter().collect();
                    let answers: Vec<Answer> = items.iter().map(|item| answer(item["url"].as_str().unwrap())).collect();
                    asked.extend(items.iter().map(|item| item["url"].as_str().unwrap().to_owned()));
                    let lost = answers.iter().find_map(|answer| answer.clone().err());
                    let told = items.iter().zip(&answers).filter_map(|(item, answer)| {
                        let reply = answer.as_ref().ok()?;
                        let body: serde_json::Value = serde_json::from_str(&reply.body).unwrap_or_default();
                        Some(serde_json::json!({"id": item["id"], "status": reply.status, "body": body}))
                    });
                    let told = serde_json::json!({ "responses": told.collect::<Vec<_>>() }).to_string();
                    let whole = Reply { status: 200, headers: Default::default(), body: told };
                    look.heard(ticket, &lost.map_or(Ok(whole), Err), now);
                }
                Action::WaitUntil(then) => now = then,
                Action::SignIn { .. } => look.signed_in(),
                Action::Done => return (asked, now - Moment(0), look.finish()),
                other => panic!("{other:?}"),
            }
        }
    }

    fn replied(status: u16, body: &str) -> Answer {
        Ok(Reply { status, headers: Default::default(), body: body.to_owned() })
    }

    #[test]
    fn what_is_not_answered_is_asked_again_so_often_and_after_longer_and_longer_waits() {
        let end = |answer: Answer| {
            let (asked, took, end) =
                asked_on(
                    Lookup::new(ROOT, []),
                    |url| if url.starts_with("/me?") { answer.clone() } else { replied(200, r#"{"value":[]}"#) },
                );
            (asked.iter().filter(|url| url.starts_with("/me?")).count(), took, end)
        };
        let (times, took, lost) = end(Err(Unreached::Lost));
        assert_eq!((times, took, lost), (5, Millis::seconds(1 + 2 + 4 + 8), Err(ReadFailure::Unreached)));
        let (times, took, busy) = end(replied(503, r#"{"error":{"code":"serviceNotAvailable","message":""}}"#));
        assert!(times == 9 && took > Millis::minutes(2) && matches!(busy, Err(ReadFailure::Refused(_))), "{times} {took:?} {busy:?}");
        let (times, took, gateway) = end(replied(502, ""));
        assert!(
            times == 5 && took == Millis::seconds(15) && matches!(gateway, Err(ReadFailure::Refused(_))),
            "{times} {took:?} {gateway:?}"
        );
        let (times, _, expired) = end(replied(401, r#"{"error":{"code":"InvalidAuthenticationToken","message":""}}"#));
        assert!(times == 5 && matches!(expired, Err(ReadFailure::Refused(_))), "{times} {expired:?}");
    }

    #[test]
    fn once_it_is_refused_to_look_for_one_the_rest_is_not_asked_for() {
        let people: Vec<Address> = (0..50).map(|number| Address::parse(&format!("guest{number}@x.example")).unwrap()).collect();
        let refused_in = |collection: &'static str| {
            let look = Lookup::new(ROOT, people.clone()).and_contacts();
            let denied = r#"{"error":{"code":"Authorization_RequestDenied","message":""}}"#;
            let (asked, _, end) =
                asked_on(look, |url| if url.starts_with(collection) { replied(403, denied) } else { replied(200, r#"{"value":[]}"#) });
            let times = |collection: &str| asked.iter().filter(|url| url.starts_with(collection)).count();
            (end.unwrap(), ["/me", "/users", "/directory", "/contacts"].map(times))
        };
        let (known, times) = refused_in("/contacts");
        assert_eq!((times, known.blind), ([2, 50, 50, batch::MOST], None));
        assert!(people.iter().all(|address| known.people.get(address) == Some(&Match::Nobody)));
        let (known, [me, users, bin, contacts]) = refused_in("/users");
        assert!(known.blind.is_some() && users + bin < batch::MOST, "{users} {bin}");
        assert_eq!((me, contacts), (2, 50));
    }

    #[test]
    fn right_before_sending_only_graph_itself_says_that_nobody_may_be_looked_up() {
        let ada = Address::parse("ada@x.example").unwrap();
        let end = |look: Lookup, refusal: &Answer| {
            asked_on(look, |url| if url.starts_with("/users") { refusal.clone() } else { replied(200, r#"{"value":[]}"#) }).2
        };
        let denied = replied(403, r#"{"error":{"code":"Authorization_RequestDenied","message":""}}"#);
        let odd = replied(400, r#"{"error":{"code":"Request_UnsupportedQuery","message":""}}"#);
        for refusal in [&denied, &odd] {
            assert!(end(Lookup::new(ROOT, [ada.clone()]), refusal).unwrap().blind.is_some(), "{refusal:?}");
        }
        assert!(end(Lookup::again(ROOT, [ada.clone()]), &denied).unwrap().blind.is_some());
        assert!(matches!(end(Lookup::again(ROOT, [ada]), &odd), Err(ReadFailure::Refused(_))));
    }

    #[test]
    fn whoever_was_deleted_stays_so_however_late_it_is_seen_that_nobody_else_has_the_address() {
        let [ada, bob] = ["ada@x.example", "bob@x.example"].map(|address| Address::parse(address).unwrap());
        let known = carried_out(Lookup::new(ROOT, [ada.clone(), bob.clone()]), |url| {
            let collection = url.split(['?', '/']).nth(1).unwrap();
            match (collection, url.contains("token="), url.contains("ada")) {
                ("users", false, is_ada) => {
                    page(serde_json::json!([]), if is_ada { "/v1.0/users?token=ada" } else { "/v1.0/users?token=bob" })
                }
                ("users", true, false) => page(serde_json::json!([{"id": "1", "mail": "bob@x.example", "userType": "Guest"}]), ""),
                ("directory", ..) => page(serde_json::json!([{"displayName": "Gone"}]), ""),
                _ => page(serde_json::json!([]), ""),
            }
        })
        .unwrap();
        assert_eq!(known.people.get(&ada), Some(&Match::Deleted { name: "Gone".into() }));
        assert_eq!(known.people.get(&bob), Some(&Match::Accepted { id: "1".into(), since: None }));
    }

    #[test]
    fn the_first_page_is_all_where_it_is_not_known_where_graph_is() {
        let ada = Address::parse("ada@x.example").unwrap();
        let known = carried_out(Lookup::new("", [ada.clone()]), |url| {
            assert!(!url.contains("token="), "{url}");
            let ada = serde_json::json!([{"id": "1", "mail": "ada@x.example", "userType": "Guest"}]);
            if url.starts_with("/users") { page(ada, "/v1.0/users?token=1") } else { page(serde_json::json!([]), "") }
        })
        .unwrap();
        assert_eq!((known.people.get(&ada), known.blind), (Some(&Match::Accepted { id: "1".into(), since: None }), None));
    }

    #[test]
    fn every_question_counts_until_it_is_answered() {
        let ada = Address::parse("ada@x.example").unwrap();
        assert_eq!(Lookup::new(ROOT, [ada.clone()]).and_contacts().progress(), (0, 6));
        let mut look = Lookup::new(ROOT, [ada.clone()]).and_contacts().and_subscription().and_lately(Moment(0));
        assert_eq!((look.progress(), Lookup::again(ROOT, [ada]).progress()), ((0, 9), (0, 4)));
        let Action::Send(..) = look.next(Moment(0)) else { panic!("it asks") };
        assert_eq!(look.progress(), (0, 9), "what is on its way is not answered");
    }

    #[test]
    fn whoever_is_known_by_an_address_goes_before_whoever_has_it_beside_another() {
        let user = |mail: &str, kind: &str| User { mail: Some(mail.into()), user_type: Some(kind.into()), ..User::default() };
        let (other, own) = (user("boss@contoso.example", "Member"), user("ada@x.example", "Guest"));
        let address = Address::parse("ada@x.example").unwrap();
        assert!(matches!(who(&[other.clone(), own], &address), Match::Accepted { .. }));
        assert!(matches!(who(&[other], &address), Match::Clash { .. }));
        assert_eq!(who(&[], &address), Match::Nobody);
        let guest = |enabled: Option<bool>| User { account_enabled: enabled, ..user("ada@x.example", "Guest") };
        assert!(matches!(who(&[guest(Some(false))], &address), Match::Blocked { .. }));
        assert!([None, Some(true)].into_iter().all(|enabled| matches!(who(&[guest(enabled)], &address), Match::Accepted { .. })));
    }
}
