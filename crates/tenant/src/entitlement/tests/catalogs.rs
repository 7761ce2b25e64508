//! Catalogs and what they hold.

use super::*;

#[test]
fn every_tenant_has_a_general_catalog_and_makes_others() {
    let mut asking = SampleClient::new();
    let general = asking.get("/catalogs")["value"][0].clone();
    let catalog_type = |catalog: &Value| catalog["catalogType"].as_str().unwrap().to_owned();
    assert_eq!((&general["displayName"], catalog_type(&general)), (&json!("General"), "serviceDefault".to_owned()));
    let made = asking.post("/catalogs", json!({"displayName": "Partners", "isExternallyVisible": true, "state": "Published"}));
    assert_eq!((&made["createdDateTime"], &made["state"], catalog_type(&made)), (&Value::Null, &json!("published"), "userManaged".into()));
    let id = made["id"].as_str().unwrap().to_owned();
    let read = asking.get(&format!("/catalogs/{id}"));
    assert_eq!((&read["createdDateTime"], &read["isExternallyVisible"]), (&json!(NOW.iso()), &json!(true)));
    let change = json!({"state": "unpublished"});
    let path = format!("{EM}/catalogs/{id}");
    assert_eq!(asking.ask("governance-admin", Method::Patch, &path, Some(&change)), (204, Value::Null));
    // What kind of a catalog it is nobody changes.
    assert_eq!(asking.ask("governance-admin", Method::Patch, &path, Some(&json!({"catalogType": "serviceDefault"}))).0, 204);
    let read = asking.get(&format!("/catalogs/{id}"));
    assert_eq!((&read["state"], &read["displayName"]), (&json!("unpublished"), &json!("Partners")));
    assert_eq!(catalog_type(&read), "userManaged");
    let found =
        |asking: &mut SampleClient, filter: &str| asking.get(&format!("/catalogs?$filter={filter}"))["value"].as_array().unwrap().len();
    let filters = [
        ("displayName eq 'partners'", 1),
        ("contains(displayName,'art')", 1),
        ("state eq 'Unpublished'", 1),
        ("displayName eq 'None'", 0),
        // Without the header and the count that the directory wants.
        ("state ne 'published'", 1),
        ("not(contains(displayName,'art'))", 1),
    ];
    for (filter, count) in filters {
        assert_eq!(found(&mut asking, filter), count, "{filter}");
    }
    assert_eq!(asking.ask("governance-admin", Method::Delete, &path, None).0, 204);
    assert_eq!(asking.refused("governance-admin", Method::Get, &format!("/catalogs/{id}"), None), (404, "CatalogNotFound".into()));
}

#[test]
fn what_a_catalog_may_not_be_is_refused() {
    let mut asking = SampleClient::new();
    let general = asking.general();
    let mut check = |method: Method, path: &str, body: Option<Value>, expected: (u16, &str)| {
        let told = asking.refused("governance-admin", method, path, body.as_ref());
        assert_eq!((told.0, told.1.as_str()), expected, "{path} {body:?}");
    };
    check(Method::Post, "/catalogs", Some(json!({"displayName": "x", "colour": "red"})), (400, "InvalidModel"));
    check(Method::Post, "/catalogs", Some(json!({"displayName": "x", "state": "open"})), (400, "InvalidModel"));
    check(Method::Post, "/catalogs", Some(json!({})), (400, "InvalidModel"));
    check(Method::Get, &format!("/catalogs/{NOBODY}"), None, (404, "CatalogNotFound"));
    check(Method::Patch, &format!("/catalogs/{NOBODY}"), Some(json!({})), (404, "CatalogNotFound"));
    check(Method::Delete, &format!("/catalogs/{NOBODY}"), None, (404, "CatalogNotFound"));
    check(Method::Delete, &format!("/catalogs/{general}"), None, (400, "CatalogIsDefault"));
    check(Method::Get, "/catalogs?$filter=id eq 'x'", None, (400, "InvalidFilter"));
    check(Method::Get, "/catalogs?$filter=colour eq 'x'", None, (400, "InvalidFilter"));
    // Paths and methods that only the schema has.
    check(Method::Delete, &format!("/catalogs/{general}/resources/{NOBODY}"), None, (404, "ResourceNotFound"));
    check(Method::Post, &format!("/catalogs/{general}/accessPackages"), Some(json!({})), (404, "ResourceNotFound"));
    check(Method::Delete, &format!("/assignments/{NOBODY}"), None, (404, "ResourceNotFound"));
    check(Method::Post, "/assignments", Some(json!({})), (404, "ResourceNotFound"));
    check(Method::Get, "/accessPackageCatalogs", None, (404, "ResourceNotFound"));
}

#[test]
fn a_catalog_with_packages_stays() {
    let mut asking = SampleClient::new();
    let id = asking.post("/catalogs", json!({"displayName": "Partners"}))["id"].as_str().unwrap().to_owned();
    let package = asking.package(&id, "Project");
    let path = format!("/catalogs/{id}");
    assert_eq!(asking.refused("governance-admin", Method::Delete, &path, None), (400, "CatalogNotEmpty".into()));
    let shown = asking.get(&format!("{path}?$expand=accessPackages($select=id),resources"));
    assert_eq!((&shown["accessPackages"], &shown["resources"]), (&json!([{"id": package}]), &json!([])));
    assert_eq!(asking.ask("governance-admin", Method::Delete, &format!("{EM}/accessPackages/{package}"), None).0, 204);
    assert_eq!(asking.ask("governance-admin", Method::Delete, &format!("{EM}{path}"), None).0, 204);
}

#[test]
fn a_resource_is_listed_some_time_after_it_was_added_with_its_roles_and_its_scope() {
    let mut asking = SampleClient::new();
    let general = asking.general();
    let add = json!({"requestType": "AdminAdd", "catalog": {"id": general},
        "resource": {"originId": EXPENSES, "originSystem": "AadApplication"}});
    let told = asking.post("/resourceRequests", add);
    assert_eq!((&told["requestType"], &told["state"]), (&json!("adminAdd"), &json!("delivered")));
    let path = format!("/catalogs/{general}/resources?$filter=originId eq '{EXPENSES}'&$expand=roles,scopes");
    assert_eq!(asking.get(&path)["value"], json!([]));
    asking.pass(Millis::seconds(1));
    let listed = asking.get(&path)["value"][0].clone();
    assert_eq!((&listed["displayName"], &listed["originSystem"]), (&json!("Contoso Expenses"), &json!("AadApplication")));
    let roles: Vec<&str> = listed["roles"].as_array().unwrap().iter().map(|role| role["displayName"].as_str().unwrap()).collect();
    assert_eq!((roles, &listed["scopes"][0]["isRootScope"]), (vec!["Submitter", "Approver"], &json!(true)));
    // Roles are asked for by origin and resource.
    let id = listed["id"].as_str().unwrap();
    let roles = format!("/catalogs/{general}/resourceRoles");
    for filter in ["", "?$filter=originSystem eq 'AadApplication'"] {
        let path = format!("{roles}{filter}");
        assert_eq!(asking.refused("governance-admin", Method::Get, &path, None), (400, "InvalidFilter".into()), "{path}");
    }
    let filter = format!("{roles}?$filter=originSystem eq 'AadApplication' and resource/id eq '{id}'&$expand=resource");
    let found = asking.get(&filter)["value"].clone();
    assert_eq!((found.as_array().unwrap().len(), &found[1]["resource"]["id"]), (2, &json!(id)));
}

#[test]
fn each_refusal_of_a_resource_has_its_code() {
    let mut asking = SampleClient::new();
    let general = asking.general();
    let own = asking.post("/catalogs", json!({"displayName": "Partners"}))["id"].as_str().unwrap().to_owned();
    let owner = asking.member_id("member");
    let scope = json!({"principalId": owner, "roleDefinitionId": crate::entitlement::access::CATALOG_OWNER,
        "appScopeId": format!("/AccessPackageCatalog/{own}")});
    let roles = "/roleManagement/entitlementManagement/roleAssignments";
    assert_eq!(asking.ask("governance-admin", Method::Post, roles, Some(&scope)).0, 201);
    asking.onboard(&general, PARTNERS, "AadGroup");
    let body = json!({"displayName": "Admins", "mailEnabled": false, "mailNickname": "admins", "securityEnabled": true,
        "isAssignableToRole": true});
    let assignable = asking.ask("member", Method::Post, "/groups", Some(&body)).1["id"].as_str().unwrap().to_owned();
    let add = |catalog: &str, origin: &str, system: &str| json!({"requestType": "adminAdd", "catalog": {"id": catalog}, "resource": {"originId": origin, "originSystem": system}});
    let group = |number: u8| format!("9e00b5c0-c070-4050-a000-c0ffee00000{number}");
    let mut check = |who: &str, body: Value, expected: (u16, &str)| {
        let told = asking.refused(who, Method::Post, "/resourceRequests", Some(&body));
        assert_eq!((told.0, told.1.as_str()), expected, "{body}");
    };
    check("governance-admin", add(&general, PARTNERS, "AadGroup"), (400, "ResourceAlreadyOnboarded"));
    check("governance-admin", add(&general, NOBODY, "AadGroup"), (400, "ResourceNotFoundInOriginSystem"));
    check("governance-admin", add(&general, NOBODY, "AadApplication"), (400, "ResourceNotFoundInOriginSystem"));
    check("governance-admin", add(&general, "https://elsewhere.example", "SharePointOnline"), (400, "ResourceNotFoundInOriginSystem"));
    for number in 3..=5 {
        check("governance-admin", add(&general, &group(number), "AadGroup"), (400, "ResourceNotSupported"));
    }
    check("governance-admin", add(NOBODY, PARTNERS, "AadGroup"), (404, "CatalogNotFound"));
    check("governance-admin", json!({"requestType": "userAdd", "catalog": {"id": general}}), (400, "InvalidModel"));
    check("member", add(&own, ALPINE, "AadGroup"), (400, "CallerNotResourceOwner"));
    check("governance-admin", add(&general, &assignable, "AadGroup"), (400, "CallerNotResourceOwner"));
    check("member", add(&general, ALPINE, "AadGroup"), (403, "UnAuthorized"));
    let remove = |resource: &str| json!({"requestType": "adminRemove", "catalog": {"id": general}, "resource": {"id": resource}});
    check("governance-admin", remove(NOBODY), (404, "ResourceNotFound"));
    // The group's id is not the resource's.
    check("governance-admin", remove(PARTNERS), (404, "ResourceNotFound"));
}

#[test]
fn whoever_owns_catalog_and_group_brings_the_group_in_once_it_is_known() {
    let mut asking = SampleClient::new();
    asking.tenant.knobs.group_onboard_ms = 60_000;
    let group = json!({"displayName": "Suppliers", "mailEnabled": false, "mailNickname": "suppliers", "securityEnabled": true});
    let (status, made) = asking.ask("member", Method::Post, "/groups", Some(&group));
    assert_eq!(status, 201, "{made}");
    let creator = json!({"principalId": asking.member_id("member"), "roleDefinitionId": crate::entitlement::access::CATALOG_CREATOR,
        "directoryScopeId": "/"});
    assert_eq!(
        asking.ask("governance-admin", Method::Post, "/roleManagement/entitlementManagement/roleAssignments", Some(&creator)).0,
        201
    );
    let (status, catalog) = asking.ask("member", Method::Post, &format!("{EM}/catalogs"), Some(&json!({"displayName": "Mine"})));
    assert_eq!(status, 201, "{catalog}");
    let add = json!({"requestType": "adminAdd", "catalog": {"id": catalog["id"]},
        "resource": {"originId": made["id"], "originSystem": "AadGroup"}});
    let told = asking.refused("member", Method::Post, "/resourceRequests", Some(&add));
    assert_eq!(told, (400, "ResourceNotFoundInOriginSystem".into()));
    asking.pass(Millis::minutes(1));
    assert_eq!(asking.ask("member", Method::Post, &format!("{EM}/resourceRequests"), Some(&add)).0, 201);
}

#[test]
fn a_resource_stays_while_a_package_uses_it_and_a_moment_longer() {
    let mut asking = SampleClient::new();
    let general = asking.general();
    let package = asking.partner_package();
    let resource = asking.get(&format!("/catalogs/{general}/resources"))["value"][0]["id"].as_str().unwrap().to_owned();
    let remove = json!({"requestType": "adminRemove", "catalog": {"id": general}, "resource": {"id": resource}});
    let in_use = (400, "InvalidDeleteResourceHasEntitlements".to_owned());
    assert_eq!(asking.refused("governance-admin", Method::Post, "/resourceRequests", Some(&remove)), in_use);
    assert_eq!(asking.ask("governance-admin", Method::Delete, &format!("{EM}/accessPackages/{package}"), None).0, 204);
    assert_eq!(asking.refused("governance-admin", Method::Post, "/resourceRequests", Some(&remove)), in_use, "shortly after, too");
    asking.pass(Millis::seconds(2));
    asking.post("/resourceRequests", remove);
    assert_eq!(asking.get(&format!("/catalogs/{general}/resources"))["value"], json!([]));
}
