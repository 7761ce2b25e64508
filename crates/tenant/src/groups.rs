//! Groups and their members. <https://learn.microsoft.com/graph/api/resources/group>

use super::directory::Person;
use super::filter::{ObjectType, Property};
use super::graph_api::{insufficient, refusal};
use super::invitations::GLOBAL_ADMINISTRATOR;
use super::query;
use super::reads::not_found;
use super::recycle_bin::{no_content, with_type};
use super::resources::{AllowedCall, GraphCall, GraphRoute, ScopeList, Service, delete, get, post, write};
use super::{Tenant, contoso, json_reply, payload, selection};
use graph::Reply;
use serde_json::{Map, Value, json};
use std::sync::Arc;
use time::{Millis, Moment};

const GROUPS_ADMINISTRATOR: &str = "fdd7a751-b60b-444a-984c-02652fe8fa1c";
const PRIVILEGED_ROLE_ADMINISTRATOR: &str = "e8611ab8-c189-46e8-94e1-60213ab1f814";
/// Who changes any group but those that roles are assigned to:
/// <https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference>.
const WRITERS: [&str; 3] = [GLOBAL_ADMINISTRATOR, contoso::USER_ADMINISTRATOR.template, GROUPS_ADMINISTRATOR];
const ROLE_WRITERS: [&str; 2] = [GLOBAL_ADMINISTRATOR, PRIVILEGED_ROLE_ADMINISTRATOR];
/// So many members are bound at once: <https://learn.microsoft.com/graph/api/group-post-members>.
const BOUND_MOST: usize = 20;

const READING: ScopeList = &[
    "GroupMember.Read.All",
    "Group.ReadBasic.All",
    "Group.Read.All",
    "Group.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
];
const READING_MEMBERS: ScopeList = &[
    "GroupMember.ReadBasic.All",
    "GroupMember.Read.All",
    "GroupMember.ReadWrite.All",
    "Group.ReadBasic.All",
    "Group.Read.All",
    "Group.ReadWrite.All",
    "Directory.Read.All",
];
const WRITING: ScopeList = &["Group.ReadWrite.All", "Directory.ReadWrite.All"];
const WRITING_MEMBERS: ScopeList = &["GroupMember.ReadWrite.All", "Group.ReadWrite.All", "Directory.ReadWrite.All"];

static GROUP: ObjectType = ObjectType {
    name: "group",
    service: Service::Directory,
    properties: &[
        Property::text("id"),
        Property::text("displayName").by_prefix(),
        Property::text("mail").by_prefix(),
        Property::text("mailNickname").by_prefix(),
        Property::flag("mailEnabled"),
        Property::flag("securityEnabled"),
        Property::flag("isAssignableToRole"),
        Property::flag("onPremisesSyncEnabled"),
        Property::text("groupTypes").many(),
    ],
    navigations: &[],
};

pub(super) static ROUTES: &[GraphRoute] = &[
    route(
        "groups",
        &[
            get(READING, query::COLLECTION, |tenant, asked| tenant.list_groups(asked).into()),
            post(WRITING, |tenant, asked| tenant.create_group(asked).into()),
        ],
    ),
    route(
        "groups/{}",
        &[
            get(READING, query::ONE, |tenant, asked| tenant.group(asked).into()),
            write("PATCH", WRITING_MEMBERS, |tenant, asked| tenant.bind_members(asked).into()),
            delete(WRITING, |tenant, asked| tenant.delete_group(asked).into()),
        ],
    ),
    route("groups/{}/members", &[get(READING_MEMBERS, query::ROLES, |tenant, asked| tenant.group_people(asked, false).into())]),
    route("groups/{}/owners", &[get(READING_MEMBERS, query::ROLES, |tenant, asked| tenant.group_people(asked, true).into())]),
    route("groups/{}/members/$ref", &[post(WRITING_MEMBERS, |tenant, asked| tenant.add_member(asked).into())]),
    route("groups/{}/members/{}/$ref", &[delete(WRITING_MEMBERS, |tenant, asked| tenant.remove_member(asked).into())]),
];

const fn route(pattern: &'static str, calls: &'static [AllowedCall]) -> GraphRoute {
    GraphRoute { pattern, service: Service::Directory, kind: &GROUP, calls }
}

/// What a group is; that decides who fills it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum GroupKind {
    Security,
    /// Microsoft 365.
    Unified,
    /// Of Exchange: a distribution list, or a security group with mail.
    MailEnabled,
    /// By a rule.
    Dynamic,
    /// From on-premises.
    Synced,
}

#[derive(Clone, Debug)]
pub(super) struct GroupRecord {
    pub(super) id: String,
    pub(super) display_name: String,
    pub(super) description: Option<String>,
    /// Where somebody gave it one; else it follows from the name.
    pub(super) mail_nickname: Option<String>,
    pub(super) kind: GroupKind,
    pub(super) is_role_assignable: bool,
    /// People by id.
    pub(super) members: Vec<String>,
    pub(super) owners: Vec<String>,
    pub(super) created: Moment,
    pub(super) visible_from: Moment,
    /// Deleted; reads show it until then.
    pub(super) gone_from: Option<Moment>,
}

impl GroupRecord {
    /// A security group without a name and members.
    pub(super) fn new(id: String, created: Moment) -> Self {
        Self {
            id,
            display_name: String::new(),
            description: None,
            mail_nickname: None,
            kind: GroupKind::Security,
            is_role_assignable: false,
            members: Vec::new(),
            owners: Vec::new(),
            created,
            visible_from: created,
            gone_from: None,
        }
    }

    pub(super) const fn is_deleted(&self) -> bool {
        self.gone_from.is_some()
    }

    /// Whether entitlement management finds it, so long after it was made.
    pub(super) fn is_old(&self, delay: Millis, now: Moment) -> bool {
        self.created + delay <= now
    }

    fn is_visible(&self, now: Moment) -> bool {
        self.visible_from <= now && self.gone_from.is_none_or(|gone| now < gone)
    }

    /// Everything that Contoso knows of it.
    pub(super) fn full(&self) -> Value {
        let has_mail = matches!(self.kind, GroupKind::Unified | GroupKind::MailEnabled);
        let of_name = || self.display_name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
        let nickname = self.mail_nickname.clone().unwrap_or_else(of_name);
        let types = match self.kind {
            GroupKind::Unified => json!(["Unified"]),
            GroupKind::Dynamic => json!(["DynamicMembership"]),
            _ => json!([]),
        };
        json!({
            "id": self.id, "displayName": self.display_name, "description": self.description, "createdDateTime": self.created.iso(),
            "mailEnabled": has_mail, "securityEnabled": self.kind != GroupKind::Unified, "groupTypes": types,
            "mail": has_mail.then(|| format!("{nickname}@{}", contoso::DOMAIN)), "mailNickname": nickname,
            "membershipRule": (self.kind == GroupKind::Dynamic).then_some("user.userType -eq \"Member\""),
            "onPremisesSyncEnabled": (self.kind == GroupKind::Synced).then_some(true),
            "isAssignableToRole": self.is_role_assignable, "visibility": null, "deletedDateTime": null,
        })
    }

    /// Texts differ by kind; these are ours.
    ///
    /// # Errors
    /// 400 where somebody else says who belongs to it.
    pub(super) fn takes_members(&self) -> Result<(), Reply> {
        match self.kind {
            GroupKind::Dynamic => Err(bad_request("Insufficient privileges: the members of a dynamic group cannot be changed.")),
            GroupKind::Synced => {
                Err(bad_request("Unable to update the specified properties for on-premises mastered Directory Sync objects."))
            }
            GroupKind::MailEnabled => Err(bad_request("Cannot update a mail-enabled security group or distribution list.")),
            GroupKind::Security | GroupKind::Unified => Ok(()),
        }
    }

    pub(super) fn has_owner(&self, person: &Person) -> bool {
        self.owners.contains(&person.id)
    }
}

#[derive(Clone, Default)]
pub(super) struct Groups {
    all: Vec<GroupRecord>,
}

impl Groups {
    pub(super) const fn new(all: Vec<GroupRecord>) -> Self {
        Self { all }
    }

    pub(super) fn add(&mut self, group: GroupRecord) {
        self.all.push(group);
    }

    /// Those that are not deleted.
    pub(super) fn living(&self) -> impl Iterator<Item = &GroupRecord> {
        self.all.iter().filter(|group| !group.is_deleted())
    }

    pub(super) fn with_member<'a>(&'a self, person: &'a str) -> impl Iterator<Item = &'a GroupRecord> {
        self.living().filter(move |group| group.members.iter().any(|member| member == person))
    }

    /// The group of this id, as long as it is not deleted.
    pub(super) fn by_id(&self, id: &str) -> Option<&GroupRecord> {
        self.living().find(|group| group.id.eq_ignore_ascii_case(id))
    }

    pub(super) fn by_id_mut(&mut self, id: &str) -> Option<&mut GroupRecord> {
        self.all.iter_mut().find(|group| !group.is_deleted() && group.id.eq_ignore_ascii_case(id))
    }
}

impl Tenant {
    fn list_groups(&self, asked: &GraphCall<'_>) -> Reply {
        let visible = self.groups.all.iter().filter(|group| group.is_visible(asked.now));
        let shown = visible.filter_map(|group| match group.full() {
            Value::Object(full) if asked.query.fits(&full) => Some(full),
            _ => None,
        });
        let found: Vec<Map<String, Value>> = shown.collect();
        let select = asked.query.select.as_deref();
        self.page(&found, &asked.query, asked.request, "groups", |full| selection::only(Value::Object(full.clone()), select))
    }

    /// The group of the path, as reads show it.
    fn group_asked(&self, asked: &GraphCall<'_>) -> Result<&GroupRecord, Reply> {
        let mut found = self.groups.all.iter().filter(|group| group.is_visible(asked.now));
        found.find(|group| group.id.eq_ignore_ascii_case(asked.id())).ok_or_else(|| not_found(asked.id()))
    }

    fn group(&self, asked: &GraphCall<'_>) -> Result<Reply, Reply> {
        let shown = selection::only(self.group_asked(asked)?.full(), asked.query.select.as_deref());
        Ok(self.entity("groups", &asked.query, shown))
    }

    fn group_people(&self, asked: &GraphCall<'_>, owners: bool) -> Result<Reply, Reply> {
        let group = self.group_asked(asked)?;
        let ids = if owners { &group.owners } else { &group.members };
        let people: Vec<&Arc<Person>> =
            ids.iter().filter_map(|id| self.directory.by_id(id)).filter(|person| person.is_visible(asked.now)).collect();
        let query = &asked.query;
        let shown = |person: &&Arc<Person>| with_type(person.selected(query.select.as_deref(), false));
        Ok(self.page(&people, query, asked.request, "directoryObjects", shown))
    }

    /// Code and words of a missing member: msgraph-sdk-dotnet, and learn.microsoft.com/graph/api/group-post-groups, which demands them.
    fn create_group(&mut self, asked: &GraphCall<'_>) -> Result<Reply, Reply> {
        let body = payload::read(asked.request, &payload::GROUP)?;
        self.count_write(asked.now)?;
        for name in ["displayName", "mailEnabled", "mailNickname", "securityEnabled"] {
            if body[name].is_null() {
                return Err(bad_request(&format!("A value is required for property '{name}' of resource 'Group'.")));
            }
        }
        let has_type = |name: &str| body["groupTypes"].as_array().is_some_and(|types| types.iter().any(|one| one == name));
        let kind = match (has_type("Unified"), has_type("DynamicMembership"), body["mailEnabled"] == json!(true)) {
            (true, ..) => GroupKind::Unified,
            (_, true, _) => GroupKind::Dynamic,
            (.., true) => return Err(bad_request("The service does not currently support writes of mail-enabled groups.")),
            _ => GroupKind::Security,
        };
        let delay = Millis(i64::from(self.knobs.delay_ms));
        let group = GroupRecord {
            display_name: body["displayName"].as_str().unwrap_or_default().into(),
            description: body["description"].as_str().map(Into::into),
            mail_nickname: body["mailNickname"].as_str().map(Into::into),
            kind,
            is_role_assignable: body["isAssignableToRole"] == json!(true),
            owners: vec![asked.me.id.clone()],
            visible_from: asked.now + delay,
            ..GroupRecord::new(self.ids.guid(), asked.now)
        };
        let Value::Object(mut created) = group.full() else { return Err(bad_request("")) };
        self.groups.add(group);
        created.insert("@odata.context".into(), json!(self.context("groups/$entity")));
        Ok(json_reply(201, &Value::Object(created)))
    }

    /// The group of the path, which the caller may change.
    fn changeable(&mut self, asked: &GraphCall<'_>) -> Result<&mut GroupRecord, Reply> {
        self.count_write(asked.now)?;
        let group = self.group_asked(asked)?;
        let writers: &[&str] = if group.is_role_assignable { &ROLE_WRITERS } else { &WRITERS };
        if !group.has_owner(&asked.me) && !writers.iter().any(|role| asked.me.has_role(role)) {
            return Err(insufficient());
        }
        self.groups.by_id_mut(asked.id()).ok_or_else(|| not_found(asked.id()))
    }

    fn add_member(&mut self, asked: &GraphCall<'_>) -> Result<Reply, Reply> {
        let body = payload::read(asked.request, &payload::REFERENCE)?;
        self.changeable(asked)?.takes_members()?;
        self.add_all(asked, &[self.referenced(&body["@odata.id"], asked.now)?])
    }

    /// All or nothing.
    fn bind_members(&mut self, asked: &GraphCall<'_>) -> Result<Reply, Reply> {
        let body = payload::read(asked.request, &payload::GROUP)?;
        self.changeable(asked)?;
        let Some(links) = body["members@odata.bind"].as_array() else { return Ok(no_content()) };
        if links.len() > BOUND_MOST {
            return Err(bad_request(&format!("The number of bound members is {}; the most is {BOUND_MOST}.", links.len())));
        }
        self.changeable(asked)?.takes_members()?;
        let people: Result<Vec<String>, Reply> = links.iter().map(|link| self.referenced(link, asked.now)).collect();
        self.add_all(asked, &people?)
    }

    fn add_all(&mut self, asked: &GraphCall<'_>, people: &[String]) -> Result<Reply, Reply> {
        let Some(group) = self.groups.by_id_mut(asked.id()) else { return Err(not_found(asked.id())) };
        if people.iter().any(|person| group.members.contains(person)) {
            return Err(already_there("members"));
        }
        group.members.extend_from_slice(people);
        Ok(no_content())
    }

    fn remove_member(&mut self, asked: &GraphCall<'_>) -> Result<Reply, Reply> {
        let group = self.changeable(asked)?;
        group.takes_members()?;
        let before = group.members.len();
        group.members.retain(|member| !member.eq_ignore_ascii_case(asked.nth_id(1)));
        if group.members.len() == before {
            return Err(not_there("members"));
        }
        Ok(no_content())
    }

    fn delete_group(&mut self, asked: &GraphCall<'_>) -> Result<Reply, Reply> {
        let gone_from = asked.now + Millis(i64::from(self.knobs.group_gone_ms));
        self.changeable(asked)?.gone_from = Some(gone_from);
        Ok(no_content())
    }

    /// The person or the group that a link of `@odata.id` names.
    ///
    /// # Errors
    /// 404 where it is neither, as yet.
    pub(super) fn referenced_sponsor(&self, link: &Value, now: Moment) -> Result<String, Reply> {
        self.referenced(link, now).or_else(|refused| {
            let group = link.as_str().and_then(|link| link.rsplit('/').next()).and_then(|id| self.groups.by_id(id));
            group.map(|group| group.id.clone()).ok_or(refused)
        })
    }

    /// A sponsor as it is listed: a user, or a group.
    pub(super) fn shown_sponsor(&self, id: &str, select: Option<&str>) -> Option<Map<String, Value>> {
        if let Some(person) = self.directory.by_id(id) {
            return Some(with_type(person.selected(select, false)));
        }
        let mut shown = selection::only(self.groups.by_id(id)?.full(), select);
        shown.insert("@odata.type".into(), json!("#microsoft.graph.group"));
        Some(shown)
    }

    /// The person whom a link of `@odata.id` names.
    ///
    /// # Errors
    /// 404 where reads do not show anybody of this id, as yet.
    pub(super) fn referenced(&self, link: &Value, now: Moment) -> Result<String, Reply> {
        let link = link.as_str().unwrap_or_default();
        let id = link.trim_end_matches(['/', ')', '\'']).rsplit(['/', '\'']).next().unwrap_or_default();
        self.user_called(id, now).filter(|person| !person.is_deleted()).map(|person| person.id.clone()).ok_or_else(|| not_found(id))
    }
}

pub(super) fn bad_request(words: &str) -> Reply {
    refusal(400, "Request_BadRequest", words)
}

/// In these words in many field reports.
pub(super) fn already_there(property: &str) -> Reply {
    bad_request(&format!("One or more added object references already exist for the following modified properties: '{property}'."))
}

pub(super) fn not_there(property: &str) -> Reply {
    let words = format!("One or more removed object references do not exist for the following modified properties: '{property}'.");
    refusal(404, "Request_ResourceNotFound", &words)
}
