//! Guests who are deleted, restored and purged, and what was assigned to them: the sample tenant answers like Microsoft.

use crate::support::{GRAPH, World};
use graph::users::{
    AssignedUser, Assignment, DeleteUser, DeletedUser, FindDeletedUsers, GetAssignments, GetDeletedUser, GetUser, ListAppRoles,
    RestoreRefusal, RestoreUser, UserRefusal,
};
use graph::{Headers, Method, Operation, Reply, Request, batch};
use identity::scopes::Scopes;
use serde_json::{Value, json};
use tenant::{GuestAssignment, Knobs, Side};
use time::{Millis, Moment};

const ADA: &str = "ada@fabrikam.example";
const ALL: [&str; 3] = ["User.Invite.All", "User.Read.All", "User.DeleteRestore.All"];

/// A world in which this person has signed in with these permissions.
fn world(who: &str, permissions: &[&str]) -> World {
    let world = World::new();
    sign_in(&world, who, permissions);
    world
}

fn sign_in(world: &World, who: &str, permissions: &[&str]) {
    let mut scopes = Scopes::default();
    scopes.extend(permissions.iter().copied());
    world.sign_in(who, scopes).unwrap();
}

fn ask(world: &World, request: &Request) -> Reply {
    world.carry(request).1.unwrap()
}

fn body(reply: &Reply) -> Value {
    serde_json::from_str(&reply.body).unwrap()
}

/// Invites this address; the guest's object id.
fn invited(world: &World, address: &str) -> String {
    let invitation = json!({"invitedUserEmailAddress": address, "inviteRedirectUrl": "https://myapps.microsoft.com"});
    let created = ask(world, &Request::post("/invitations", &invitation));
    assert_eq!(created.status, 201, "{}", created.body);
    body(&created)["invitedUser"]["id"].as_str().unwrap().into()
}

/// The object id of a guest of the story.
fn id_of(world: &World, address: &str) -> String {
    let users = world.tenant.borrow().users(world.now.get());
    users.into_iter().find(|user| user["mail"] == address).unwrap()["id"].as_str().unwrap().into()
}

fn delete(world: &World, id: &str) -> u16 {
    ask(world, &DeleteUser { id }.request()).status
}

fn restore(world: &World, id: &str) -> Result<(), RestoreRefusal> {
    let restore = RestoreUser { id };
    let restored = restore.read(&ask(world, &restore.request()));
    restored.map(|user| assert_eq!(user.id, id)).map_err(|problem| restore.refusal(&problem).unwrap())
}

fn in_bin(world: &World, id: &str) -> Result<DeletedUser, UserRefusal> {
    let get = GetDeletedUser { id };
    get.read(&ask(world, &get.request())).map_err(|problem| get.refusal(&problem).unwrap())
}

fn is_user(world: &World, id: &str) -> bool {
    ask(world, &GetUser { id }.request()).is_success()
}

fn assigned(world: &World, id: &str) -> AssignedUser {
    let get = GetAssignments { id };
    get.read(&ask(world, &get.request())).unwrap()
}

fn assign(world: &World, address: &str, what: GuestAssignment) {
    assert!(world.tenant.borrow_mut().assign(address, what, world.now.get()));
}

fn days_pass(world: &World, hours: i64) {
    world.tenant.borrow_mut().knobs.clock_hours = hours;
    sign_in(world, "user-admin", &ALL);
}

#[test]
fn who_is_deleted_lies_in_the_recycle_bin_and_is_restored_as_before() {
    let world = world("user-admin", &ALL);
    let id = invited(&world, ADA);
    assert_eq!(in_bin(&world, &id), Err(UserRefusal::NotFound));
    assert_eq!(restore(&world, &id), Err(RestoreRefusal::NotFound));
    let before = assigned(&world, &id);
    assert_eq!(delete(&world, &id), 204);
    assert!(!is_user(&world, &id));
    let deleted = in_bin(&world, &id).unwrap();
    assert_eq!((deleted.id.as_str(), deleted.mail.as_deref()), (id.as_str(), Some(ADA)));
    let when = deleted.deleted_date_time.as_deref().and_then(Moment::from_graph).unwrap();
    assert!(world.now.get() - when < Millis::seconds(1), "{when:?}");
    let found = FindDeletedUsers { address: ADA };
    assert_eq!(found.read(&ask(&world, &found.request())).unwrap().value.len(), 1);
    // Nobody is there to be deleted once more.
    assert_eq!(delete(&world, &id), 404);
    assert_eq!(restore(&world, &id), Ok(()));
    assert_eq!(assigned(&world, &id), before);
    assert_eq!(in_bin(&world, &id), Err(UserRefusal::NotFound));
    assert_eq!(restore(&world, &id), Err(RestoreRefusal::NotFound));
    assert_eq!(found.read(&ask(&world, &found.request())).unwrap().value, []);
}

#[test]
fn with_the_cast_or_without_the_recycle_bin_shows_the_same_user() {
    let world = world("user-admin", &ALL);
    let id = invited(&world, ADA);
    delete(&world, &id);
    let shown = |path: &str| body(&ask(&world, &Request::get(path)));
    let plain = shown(&format!("/directory/deletedItems/{id}?$select=id,deletedDateTime"));
    assert_eq!(plain["@odata.type"], "#microsoft.graph.user");
    assert_eq!(
        plain["deletedDateTime"],
        shown(&format!("/directory/deleteditems/{id}/graph.user?$select=deletedDateTime"))["deletedDateTime"]
    );
    let listed = shown("/directory/deletedItems/microsoft.graph.user?$select=id,deletedDateTime");
    assert!(listed["value"].as_array().unwrap().iter().all(|user| user["deletedDateTime"].is_string()), "{listed}");
    // Other casts are of what Contoso does not have, and without one there is no list.
    for path in ["/directory/deletedItems/microsoft.graph.group", "/directory/deletedItems"] {
        assert_eq!(ask(&world, &Request::get(path)).status, 400, "{path}");
    }
}

#[test]
fn deleting_and_restoring_take_a_permission_and_a_role() {
    let check = |who: &str, permission: &str, is_allowed: bool| {
        let world = world("user-admin", &ALL);
        let (here, gone) = (id_of(&world, "linus@fabrikam.example"), id_of(&world, "grace@fabrikam.example"));
        assert_eq!(delete(&world, &gone), 204);
        sign_in(&world, who, &["User.Read.All", permission]);
        let asked = [
            DeleteUser { id: &here }.request(),
            Request::delete(format!("/directory/deletedItems/{gone}")),
            RestoreUser { id: &gone }.request(),
        ];
        let [deleted, purged, restored] = asked.map(|request| ask(&world, &request));
        let expected = if is_allowed { [204, 204, 404] } else { [403, 403, 403] };
        assert_eq!([deleted.status, purged.status, restored.status], expected, "{who} {permission}");
        if !is_allowed {
            assert_eq!(body(&deleted)["error"]["code"], "Authorization_RequestDenied");
            assert!(is_user(&world, &here) && in_bin(&world, &gone).is_ok());
            // Whether somebody is there is not told either.
            assert_eq!(delete(&world, "nobody"), 403);
        }
    };
    check("user-admin", "User.DeleteRestore.All", true);
    check("user-admin", "User.ReadWrite.All", true);
    check("user-admin", "User.Invite.All", false);
    check("guest-inviter", "User.DeleteRestore.All", false);
    check("directory-writer", "User.ReadWrite.All", false);
    check("member", "User.DeleteRestore.All", false);
}

#[test]
fn who_holds_a_privileged_role_is_not_deleted() {
    let world = world("user-admin", &ALL);
    for who in ["user-admin", "directory-writer", "governance-admin"] {
        assert_eq!(delete(&world, &world.id_of(who)), 403, "{who}");
    }
    for who in ["guest-inviter", "member"] {
        assert_eq!(delete(&world, &world.id_of(who)), 204, "{who}");
    }
    assert_eq!(delete(&world, "nobody"), 404);
}

#[test]
fn a_token_of_somebody_who_was_deleted_no_longer_works() {
    let world = world("user-admin", &ALL);
    let inviter = world.id_of("guest-inviter");
    sign_in(&world, "guest-inviter", &["User.Read"]);
    let session = world.session.borrow().clone();
    sign_in(&world, "user-admin", &ALL);
    assert_eq!(delete(&world, &inviter), 204);
    world.session.replace(session);
    assert_eq!(ask(&world, &Request::get("/me")).status, 401);
}

#[test]
fn a_deletion_is_seen_only_after_the_delay_and_so_is_a_restore() {
    let world = world("user-admin", &ALL);
    world.tenant.borrow_mut().knobs.delay_ms = 5000;
    let wait = || world.now.set(world.now.get() + Millis::seconds(5));
    let id = invited(&world, ADA);
    assert_eq!(delete(&world, &id), 404, "nobody knows the guest yet");
    wait();
    assert_eq!(delete(&world, &id), 204);
    assert_eq!((is_user(&world, &id), in_bin(&world, &id)), (true, Err(UserRefusal::NotFound)));
    assert_eq!(delete(&world, &id), 404, "whoever deletes knows it at once");
    wait();
    assert!(!is_user(&world, &id) && in_bin(&world, &id).is_ok());
    assert_eq!(restore(&world, &id), Ok(()));
    assert!(!is_user(&world, &id));
    wait();
    assert!(is_user(&world, &id));
}

#[test]
fn nobody_is_restored_whose_name_somebody_else_has_by_now() {
    let world = world("user-admin", &ALL);
    let first = invited(&world, ADA);
    delete(&world, &first);
    let second = invited(&world, ADA);
    assert_ne!(first, second);
    let refused = ask(&world, &RestoreUser { id: &first }.request());
    assert_eq!(refused.status, 400);
    assert_eq!(body(&refused)["error"]["details"], json!([{"code": "ObjectConflict", "target": "userPrincipalName"}]));
    assert_eq!(restore(&world, &first), Err(RestoreRefusal::Taken));
    assert!(in_bin(&world, &first).is_ok() && is_user(&world, &second));
    // Once the other is gone the way is free.
    delete(&world, &second);
    assert_eq!(restore(&world, &first), Ok(()));
    assert_eq!(restore(&world, &second), Err(RestoreRefusal::Taken));
}

#[test]
fn after_thirty_days_nobody_is_restored() {
    let world = world("user-admin", &ALL);
    let id = invited(&world, ADA);
    delete(&world, &id);
    days_pass(&world, 30 * 24 - 1);
    assert!(in_bin(&world, &id).is_ok());
    days_pass(&world, 30 * 24);
    assert_eq!(in_bin(&world, &id), Err(UserRefusal::NotFound));
    assert_eq!(restore(&world, &id), Err(RestoreRefusal::NotFound));
    assert_eq!(ask(&world, &Request::delete(format!("/directory/deletedItems/{id}"))).status, 404);
    // And the address is free.
    assert_ne!(invited(&world, ADA), id);
}

#[test]
fn who_is_purged_is_gone_for_good() {
    let world = world("user-admin", &ALL);
    let id = invited(&world, ADA);
    let purge = Request::delete(format!("/directory/deletedItems/{id}"));
    assert_eq!(ask(&world, &purge).status, 404, "a user is no deleted item");
    delete(&world, &id);
    assert_eq!(ask(&world, &purge).status, 204);
    assert_eq!(ask(&world, &purge).status, 404);
    assert_eq!(in_bin(&world, &id), Err(UserRefusal::NotFound));
    assert_eq!(restore(&world, &id), Err(RestoreRefusal::NotFound));
}

#[test]
fn all_of_it_goes_in_a_batch_and_counts_as_writes() {
    let world = world("user-admin", &[&ALL[..], &["Directory.Read.All"]].concat());
    let (one, two) = (invited(&world, ADA), invited(&world, "bob@fabrikam.example"));
    delete(&world, &two);
    assign(&world, ADA, GuestAssignment::AppRole);
    let asked = [
        GetAssignments { id: &one }.request(),
        ListAppRoles { id: &one }.request(),
        GetDeletedUser { id: &two }.request(),
        DeleteUser { id: "nobody" }.request(),
        DeleteUser { id: &one }.request(),
        RestoreUser { id: &two }.request(),
    ];
    let answers = batch::each(&Ok(ask(&world, &batch::pack(&asked))), asked.len());
    let answers: Vec<Reply> = answers.into_iter().map(Result::unwrap).collect();
    let [assignments, roles, deleted, nobody, gone, back]: [Reply; 6] = answers.try_into().unwrap();
    assert!(GetAssignments { id: &one }.read(&assignments).unwrap().is_pending());
    assert_eq!(ListAppRoles { id: &one }.read(&roles).unwrap().value.len(), 1);
    assert_eq!(GetDeletedUser { id: &two }.read(&deleted).unwrap().id, two);
    assert_eq!(nobody.status, 404);
    assert_eq!(DeleteUser { id: &one }.read(&gone), Ok(()));
    assert_eq!(RestoreUser { id: &two }.read(&back).unwrap().id, two);
    world.tenant.borrow_mut().knobs = Knobs { quota_writes: 0, ..Knobs::default() };
    for request in [DeleteUser { id: &two }.request(), RestoreUser { id: &one }.request()] {
        assert_eq!(ask(&world, &request).status, 429);
    }
}

#[test]
fn what_was_assigned_since_is_seen_by_who_may_read_users() {
    let world = world("user-admin", &ALL);
    let id = invited(&world, ADA);
    let held = || assigned(&world, &id).assignments().collect::<Vec<_>>();
    assert_eq!(held(), []);
    assign(&world, ADA, GuestAssignment::AppRole);
    assert_eq!(held(), [], "app roles are asked for by themselves");
    assign(&world, ADA, GuestAssignment::Group);
    assert_eq!(held(), [Assignment::Group]);
    assign(&world, ADA, GuestAssignment::DirectoryRole);
    assign(&world, ADA, GuestAssignment::License);
    assert_eq!(held(), [Assignment::Group, Assignment::DirectoryRole, Assignment::License]);
    // Deleting and restoring takes nothing of it away.
    delete(&world, &id);
    restore(&world, &id).unwrap();
    assert_eq!(held(), [Assignment::Group, Assignment::DirectoryRole, Assignment::License]);
    let is_known = |address: &str| world.tenant.borrow_mut().assign(address, GuestAssignment::Group, world.now.get());
    assert!(!is_known("nobody@fabrikam.example") && !is_known("member@contoso.example"));
}

#[test]
fn memberships_are_expanded_alone_up_to_twenty_and_named_to_who_may_read_them() {
    let world = world("user-admin", &ALL);
    let id = invited(&world, ADA);
    (0..21).for_each(|_| assign(&world, ADA, GuestAssignment::Group));
    assert_eq!(assigned(&world, &id).assignments().count(), 20);
    let path = format!("/users/{id}?$expand=memberOf&$select=id");
    let first = || body(&ask(&world, &Request::get(&path)))["memberOf"][0].clone();
    assert_eq!((first()["@odata.type"].as_str(), first()["displayName"].as_str()), (Some("#microsoft.graph.group"), None));
    let context = body(&ask(&world, &Request::get(&path)))["@odata.context"].clone();
    assert_eq!(context, format!("{GRAPH}/v1.0/$metadata#users(id,memberOf())/$entity"));
    let listed = body(&ask(&world, &Request::get("/users?$expand=memberOf&$select=mail&$top=999")));
    let ada = listed["value"].as_array().unwrap().iter().find(|user| user["mail"] == ADA).unwrap();
    assert_eq!(ada["memberOf"].as_array().unwrap().len(), 20);
    sign_in(&world, "user-admin", &["User.Read.All", "Directory.Read.All"]);
    assert_eq!(first()["displayName"], "Project 1");
    sign_in(&world, "user-admin", &["User.ReadBasic.All"]);
    assert_eq!(ask(&world, &Request::get(&path)).status, 403);
}

#[test]
fn expanding_is_no_advanced_query() {
    let world = world("user-admin", &ALL);
    let refused = |path: &str, code: &str, words: &str| {
        let mut request = Request::get(path);
        request.headers = Headers::default().with("ConsistencyLevel", "eventual");
        let reply = ask(&world, &request);
        assert_eq!((reply.status, body(&reply)["error"]["code"].as_str()), (400, Some(code)), "{path}: {}", reply.body);
        assert!(reply.body.contains(words), "{path}: {}", reply.body);
    };
    refused("/users?$expand=memberOf&$search=\"displayName:ada\"", "Request_UnsupportedQuery", "$search");
    refused("/users?$expand=memberOf&$count=true&$filter=endsWith(mail,'x')", "Request_UnsupportedQuery", "");
    refused("/users?$expand=manager,memberOf", "BadRequest", "maximum allowed is 1");
    refused("/users/x?$expand=sponsors", "BadRequest", "'sponsors'");
    refused("/me?$expand=memberOf", "Request_BadRequest", "$expand");
    let mut counted = Request::get("/users?$expand=memberOf&$count=true&$select=id");
    counted.headers = Headers::default().with("ConsistencyLevel", "eventual");
    assert!(body(&ask(&world, &counted)).get("@odata.count").is_none());
}

#[test]
fn app_roles_take_a_permission_that_reading_users_does_not_give() {
    let world = world("user-admin", &[&ALL[..], &["Directory.Read.All"]].concat());
    let id = invited(&world, ADA);
    let list = ListAppRoles { id: &id };
    let held = || list.read(&ask(&world, &list.request())).map(|page| (page.value.len(), page.next_link));
    assert_eq!(held(), Ok((0, None)));
    assign(&world, ADA, GuestAssignment::AppRole);
    assign(&world, ADA, GuestAssignment::AppRole);
    assert_eq!(held(), Ok((1, None)), "no link leads to the second");
    let all = body(&ask(&world, &Request::get(format!("/users/{id}/appRoleAssignments?$select=principalId"))));
    assert_eq!(all["value"], json!([{"principalId": id}, {"principalId": id}]));
    assert_eq!(ask(&world, &ListAppRoles { id: "nobody" }.request()).status, 404);
    sign_in(&world, "guest-inviter", &["Directory.Read.All"]);
    assert_eq!(held(), Ok((1, None)));
    for (who, permission) in [("user-admin", "User.Read.All"), ("member", "Directory.Read.All")] {
        sign_in(&world, who, &[permission]);
        assert_eq!(list.refusal(&held().unwrap_err()), Some(UserRefusal::MissingPermission), "{who}");
    }
}

#[test]
fn something_is_assigned_by_hand_on_the_tenants_own_page() {
    let world = world("user-admin", &ALL);
    let id = invited(&world, ADA);
    let post = |kind: &str, text: &str| {
        let headers = Headers::default().with("Content-Type", kind);
        let request = Request { method: Method::Post, path: "/_tenant/assign".into(), headers, body: Some(text.into()) };
        world.tenant.borrow_mut().answer(Side::Graph, &request, world.now.get()).answer.unwrap().status
    };
    let form = "application/x-www-form-urlencoded";
    assert_eq!(post(form, "address=ada%40fabrikam.example&what=license"), 303);
    assert_eq!(post("application/json", r#"{"address": "ada@fabrikam.example", "what": "group"}"#), 200);
    assert_eq!(assigned(&world, &id).assignments().collect::<Vec<_>>(), [Assignment::Group, Assignment::License]);
    assert_eq!(post("application/json", r#"{"address": "nobody@fabrikam.example", "what": "group"}"#), 404);
    assert_eq!(post("application/json", r#"{"address": "ada@fabrikam.example", "what": "medal"}"#), 400);
    assert_eq!(post("application/json", "[]"), 400);
    let home = world.tenant.borrow_mut().answer(Side::Graph, &Request::get("/"), world.now.get()).answer.unwrap();
    assert!(home.body.contains("/_tenant/assign"));
}
