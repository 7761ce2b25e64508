//! Roles, permissions, licences, settings.

use super::*;
use crate::entitlement::access::{ASSIGNMENT_MANAGER, CATALOG_CREATOR, CATALOG_OWNER, CATALOG_READER, PACKAGE_MANAGER};

const ROLES: &str = "/roleManagement/entitlementManagement/roleAssignments";

impl SampleClient {
    /// Gives somebody a role in a catalog; the id of that.
    fn role(&mut self, who: &str, role: &str, catalog: &str) -> String {
        let body = json!({"principalId": self.member_id(who), "roleDefinitionId": role,
            "appScopeId": format!("/AccessPackageCatalog/{catalog}")});
        let (status, told) = self.ask("governance-admin", Method::Post, ROLES, Some(&body));
        assert_eq!(status, 201, "{told}");
        told["id"].as_str().unwrap().to_owned()
    }
}

#[test]
fn a_missing_permission_role_and_licence_look_alike() {
    let mut asking = SampleClient::new().with("reader", &format!("governance-admin@{DOMAIN}"), &["EntitlementManagement.Read.All"]);
    asking =
        asking.with("own", &format!("governance-admin@{DOMAIN}"), &OWN).with("none", &format!("governance-admin@{DOMAIN}"), &["User.Read"]);
    let refused = (403, "UnAuthorized".to_owned());
    let catalog = json!({"displayName": "x"});
    assert_eq!(asking.refused("reader", Method::Get, "/catalogs", None).0, 200);
    assert_eq!(asking.refused("reader", Method::Post, "/catalogs", Some(&catalog)), refused, "reading does not write");
    assert_eq!(asking.refused("own", Method::Get, "/catalogs", None), refused);
    assert_eq!(asking.refused("none", Method::Get, "/assignmentRequests/filterByCurrentUser(on='target')", None), refused);
    assert_eq!(asking.refused("own", Method::Get, "/assignmentRequests/filterByCurrentUser(on='target')", None).0, 200);
    // A permission, and no role: a User Administrator is not enough.
    for who in ["member", "user-admin"] {
        for path in [
            "/catalogs",
            "/accessPackages",
            "/assignmentPolicies",
            "/assignmentRequests",
            "/assignments",
            "/settings",
            "/connectedOrganizations",
        ] {
            assert_eq!(asking.refused(who, Method::Get, path, None), refused, "{who} {path}");
        }
        assert_eq!(asking.refused(who, Method::Post, "/catalogs", Some(&catalog)), refused, "{who}");
        assert_eq!(asking.refused(who, Method::Patch, "/settings", Some(&json!({}))), refused, "{who}");
    }
    // An administrator's request takes more than what is somebody's own.
    let package = asking.partner_package();
    let policy = asking.policy(&package, json!({"allowedTargetScope": "notSpecified"}));
    let body = direct(&package, &policy, json!({"targetId": asking.member_id("member")}));
    assert_eq!(asking.refused("own", Method::Post, "/assignmentRequests", Some(&body)), refused);
    asking.tenant.knobs.governance_licensed = false;
    let (status, told) = asking.ask("governance-admin", Method::Get, &format!("{EM}/catalogs"), None);
    assert_eq!((status, &told["error"]["code"]), (403, &json!("UnAuthorized")));
    assert!(told["error"]["message"].as_str().unwrap().starts_with("User is not authorized to perform the operation."));
}

#[test]
fn each_role_of_a_catalog_does_its_own_part() {
    let mut asking = SampleClient::new();
    let catalog = asking.post("/catalogs", json!({"displayName": "Partners"}))["id"].as_str().unwrap().to_owned();
    let package = asking.package(&catalog, "Project");
    let policy = asking.policy(&package, json!({"allowedTargetScope": "notSpecified"}));
    let start = asking.tenant.clone();
    let target = asking.id_of("grace@fabrikam.example");
    let told = |role: &str, asking: &mut SampleClient| {
        asking.tenant = start.clone();
        if !role.is_empty() {
            asking.role("member", role, &catalog);
        }
        let package_body = json!({"displayName": "Other", "catalog": {"id": catalog}});
        let assign = direct(&package, &policy, json!({"targetId": target}));
        let policy_body = policy_body(&package, json!({}));
        let calls: [(Method, String, Option<&Value>); 6] = [
            (Method::Get, format!("/catalogs/{catalog}"), None),
            (Method::Get, format!("/assignments?$filter=accessPackage/id eq '{package}'"), None),
            (Method::Patch, format!("/catalogs/{catalog}"), Some(&package_body)),
            (Method::Post, "/accessPackages".into(), Some(&package_body)),
            (Method::Post, "/assignmentPolicies".into(), Some(&policy_body)),
            (Method::Post, "/assignmentRequests".into(), Some(&assign)),
        ];
        calls.map(|(method, path, body)| {
            let body = body.map(|body| if method == Method::Patch { json!({"description": "x"}) } else { body.clone() });
            asking.refused("member", method, &path, body.as_ref()).0
        })
    };
    assert_eq!(told("", &mut asking), [403, 403, 403, 403, 403, 403]);
    assert_eq!(told(CATALOG_READER, &mut asking), [200, 200, 403, 403, 403, 403]);
    assert_eq!(told(CATALOG_OWNER, &mut asking), [200, 200, 204, 201, 201, 201]);
    assert_eq!(told(PACKAGE_MANAGER, &mut asking), [200, 200, 403, 201, 201, 201]);
    assert_eq!(told(ASSIGNMENT_MANAGER, &mut asking), [200, 200, 403, 403, 403, 201]);
    // Of catalogs only the own ones are listed, and of requests only what names one package.
    asking.tenant = start.clone();
    asking.role("member", CATALOG_READER, &catalog);
    let listed = asking.ask("member", Method::Get, &format!("{EM}/catalogs"), None).1;
    assert_eq!((listed["value"].as_array().unwrap().len(), &listed["value"][0]["id"]), (1, &json!(catalog)));
    let general = asking.general();
    assert_eq!(asking.refused("member", Method::Get, &format!("/catalogs/{general}"), None).0, 403);
    for path in ["/assignments", "/assignmentRequests", "/connectedOrganizations", "/settings"] {
        assert_eq!(asking.refused("member", Method::Get, path, None), (403, "UnAuthorized".into()), "{path}");
    }
    let path = format!("/assignmentRequests?$filter=state eq 'delivered' and accessPackage/id eq '{package}'");
    assert_eq!(asking.refused("member", Method::Get, &path, None).0, 200);
    let two = format!("/assignmentRequests?$filter=accessPackage/id in ('{package}','{NOBODY}')");
    assert_eq!(asking.refused("member", Method::Get, &two, None).0, 403);
}

#[test]
fn roles_are_assigned_listed_and_removed_and_count_some_time_later() {
    let mut asking = SampleClient::new();
    asking.tenant.knobs.governance_role_ms = 60_000;
    let general = asking.general();
    let id = asking.role("member", CATALOG_OWNER, &general);
    let reads = |asking: &mut SampleClient| asking.refused("member", Method::Get, &format!("/catalogs/{general}"), None).0;
    assert_eq!(reads(&mut asking), 403);
    asking.pass(Millis::minutes(1));
    assert_eq!(reads(&mut asking), 200);
    let filter = format!("{ROLES}?$filter=appScopeId eq '/AccessPackageCatalog/{general}'");
    let listed = asking.ask("governance-admin", Method::Get, &filter, None).1;
    assert_eq!((&listed["value"][0]["id"], &listed["value"][0]["roleDefinitionId"]), (&json!(id), &json!(CATALOG_OWNER)));
    // An owner gives roles in the own catalog, and none for all.
    let casey = asking.member_id("casey");
    let body = |scope: (&str, &str)| {
        let mut body = json!({"principalId": casey, "roleDefinitionId": CATALOG_READER});
        body[scope.0] = json!(scope.1);
        body
    };
    let scope = format!("/AccessPackageCatalog/{general}");
    let mut check = |who: &str, body: Value, expected: (u16, &str)| {
        let (status, told) = asking.ask(who, Method::Post, ROLES, Some(&body));
        assert_eq!((status, told["error"]["code"].as_str().unwrap_or_default()), expected, "{who} {body}");
    };
    check("member", body(("appScopeId", &scope)), (201, ""));
    check("member", body(("directoryScopeId", "/")), (403, "UnAuthorized"));
    check("casey", body(("appScopeId", &scope)), (403, "UnAuthorized"));
    check("governance-admin", body(("directoryScopeId", "/")), (201, ""));
    check("governance-admin", body(("appScopeId", &format!("/AccessPackageCatalog/{NOBODY}"))), (404, "CatalogNotFound"));
    check("governance-admin", json!({"principalId": casey, "roleDefinitionId": CATALOG_READER}), (400, "InvalidModel"));
    check("governance-admin", json!({"principalId": casey, "roleDefinitionId": NOBODY, "appScopeId": scope}), (400, "InvalidModel"));
    check("governance-admin", json!({"principalId": casey, "role": CATALOG_CREATOR, "appScopeId": scope}), (400, "InvalidModel"));
    // An owner sees the roles of the own catalog.
    let other = asking.post("/catalogs", json!({"displayName": "Other"}))["id"].as_str().unwrap().to_owned();
    let mut scopes = |who: &str| {
        let told = asking.ask(who, Method::Get, ROLES, None).1;
        let all = told["value"].as_array().unwrap().iter();
        all.filter(|role| role["appScopeId"].as_str().is_some_and(|scope| scope.ends_with(&other))).count()
    };
    assert_eq!((scopes("governance-admin"), scopes("member")), (1, 0));
    let mut remove = |who: &str| asking.ask(who, Method::Delete, &format!("{ROLES}/{id}"), None).0;
    assert_eq!((remove("user-admin"), remove("member"), remove("governance-admin")), (403, 204, 404));
}

#[test]
fn settings_are_read_changed_with_204_and_hold_what_the_schema_has() {
    let mut asking = SampleClient::new();
    let settings = asking.get("/settings");
    assert_eq!(
        (&settings["externalUserLifecycleAction"], &settings["durationUntilExternalUserDeletedAfterBlocked"]),
        (&json!("blockSignInAndDelete"), &json!("P30D"))
    );
    let path = format!("{EM}/settings");
    assert_eq!(asking.ask("governance-admin", Method::Patch, &path, Some(&json!({"externalUserLifecycleAction": "BlockSignIn"}))).0, 204);
    let settings = asking.get("/settings");
    assert_eq!(settings["externalUserLifecycleAction"], "blockSignIn");
    for body in [json!({"externalUserLifecycleAction": "delete"}), json!({"durationUntilExternalUserDeletedAfterBlocked": "30"})] {
        assert_eq!(asking.refused("governance-admin", Method::Patch, "/settings", Some(&body)), (400, "InvalidModel".into()), "{body}");
    }
}

#[test]
fn readers_of_the_directory_read_everything_and_write_nothing() {
    let mut asking = SampleClient::new();
    let package = asking.partner_package();
    let mel = asking.member_id("member");
    // Global Reader.
    let reader = crate::directory::Role { name: "Global Reader", template: "f2ef992c-3afb-46b9-b7cf-a126ee74c451" };
    asking.tenant.directory.change(&mel, |person| person.roles.push(reader));
    for path in ["/catalogs", "/accessPackages", "/assignments", "/assignmentRequests", "/settings", "/connectedOrganizations"] {
        assert_eq!(asking.refused("member", Method::Get, path, None).0, 200, "{path}");
    }
    let refused = (403, "UnAuthorized".to_owned());
    let change = json!({"description": "x"});
    assert_eq!(asking.refused("member", Method::Patch, &format!("/accessPackages/{package}"), Some(&change)), refused);
    let general = asking.general();
    assert_eq!(asking.refused("member", Method::Patch, &format!("/catalogs/{general}"), Some(&change)), refused);
    assert_eq!(asking.refused("member", Method::Post, "/catalogs", Some(&json!({"displayName": "x"}))), refused);
}
