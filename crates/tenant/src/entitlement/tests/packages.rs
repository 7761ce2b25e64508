//! Packages, their roles, and who may ask for them.

use super::*;

#[test]
fn a_package_is_made_in_a_catalog_found_changed_and_deleted() {
    let mut asking = SampleClient::new();
    let general = asking.general();
    let made = asking.post("/accessPackages", json!({"displayName": "Project", "catalog": {"id": general}}));
    assert_eq!((&made["createdDateTime"], &made["isHidden"], made.get("catalog")), (&Value::Null, &json!(false), None));
    let id = made["id"].as_str().unwrap().to_owned();
    let path = format!("/accessPackages/{id}");
    let change = json!({"isHidden": true, "description": "x"});
    assert_eq!(asking.ask("governance-admin", Method::Patch, &format!("{EM}{path}"), Some(&change)), (204, Value::Null));
    let read = asking.get(&format!("{path}?$expand=catalog,assignmentPolicies,resourceRoleScopes($expand=role,scope)"));
    assert_eq!((&read["isHidden"], &read["catalog"]["id"]), (&json!(true), &json!(general)));
    assert_eq!((&read["assignmentPolicies"], &read["resourceRoleScopes"]), (&json!([]), &json!([])));
    for (filter, count) in [("displayName eq 'Project'", 1), ("contains(displayName,'roj')", 1), (&format!("catalog/id eq '{NOBODY}'"), 0)]
    {
        assert_eq!(asking.get(&format!("/accessPackages?$filter={filter}"))["value"].as_array().unwrap().len(), count, "{filter}");
    }
    asking.tenant.knobs.package_gone_ms = 3_000;
    assert_eq!(asking.ask("governance-admin", Method::Delete, &format!("{EM}{path}"), None), (204, Value::Null));
    asking.get(&path);
    asking.pass(Millis::seconds(3));
    assert_eq!(asking.refused("governance-admin", Method::Get, &path, None), (404, "AccessPackageNotFound".into()));
    let nowhere = json!({"displayName": "x", "catalog": {"id": NOBODY}});
    let told = asking.refused("governance-admin", Method::Post, "/accessPackages", Some(&nowhere));
    assert_eq!(told, (404, "CatalogNotFound".into()));
}

#[test]
fn a_page_leads_to_the_next_whatever_is_expanded() {
    let mut asking = SampleClient::new();
    let general = asking.general();
    for number in 0..5 {
        asking.package(&general, &format!("Package {number}"));
    }
    let (mut path, mut names, mut pages) = ("/accessPackages?$top=2&$expand=catalog".to_owned(), Vec::new(), 0);
    loop {
        let page = asking.get(&path);
        names.extend(page["value"].as_array().unwrap().iter().map(|one| one["displayName"].as_str().unwrap().to_owned()));
        pages += 1;
        let Some(next) = page["@odata.nextLink"].as_str() else { break };
        path = next.strip_prefix(&format!("http://graph/v1.0{EM}")).unwrap().to_owned();
    }
    let expected: Vec<String> = (0..5).map(|number| format!("Package {number}")).collect();
    assert_eq!((names, pages), (expected, 3));
}

#[test]
fn roles_of_resources_are_put_into_a_package_and_taken_out() {
    let mut asking = SampleClient::new();
    let general = asking.general();
    let package = asking.package(&general, "Everything");
    let path = format!("/accessPackages/{package}/resourceRoleScopes");
    let role = format!("Member_{PARTNERS}");
    let of_group = |resource: &str, role: &str| role_scope(resource, (role, PARTNERS, "AadGroup"));
    let early = asking.refused("governance-admin", Method::Post, &path, Some(&of_group(NOBODY, &role)));
    assert_eq!(early, (404, "ResourceNotFound".into()));
    let add =
        json!({"requestType": "adminAdd", "resource": {"originId": PARTNERS, "originSystem": "AadGroup"}, "catalog": {"id": general}});
    asking.post("/resourceRequests", add);
    asking.pass(Millis::seconds(5));
    let resource = asking.get(&format!("/catalogs/{general}/resources"))["value"][0]["id"].as_str().unwrap().to_owned();
    // The id that is wanted is that of the catalog's resource.
    let told = asking.refused("governance-admin", Method::Post, &path, Some(&of_group(PARTNERS, &role)));
    assert_eq!(told, (404, "ResourceNotFound".into()));
    let told = asking.refused("governance-admin", Method::Post, &path, Some(&of_group(&resource, "Guest_of_it")));
    assert_eq!(told, (400, "InvalidModel".into()));
    let made = asking.gives(&package, &resource, (&role, PARTNERS, "AadGroup"));
    let told = asking.refused("governance-admin", Method::Post, &path, Some(&of_group(&resource, &role)));
    assert_eq!(told, (400, "RoleScopeAlreadyExists".into()));
    let shown = asking.get(&format!("/accessPackages/{package}?$expand=resourceRoleScopes($expand=role($expand=resource),scope)"));
    let shown = &shown["resourceRoleScopes"][0];
    assert_eq!((&shown["id"], &shown["role"]["originId"]), (&json!(made), &json!(role)));
    assert_eq!((&shown["role"]["resource"]["id"], &shown["scope"]["originId"]), (&json!(resource), &json!(PARTNERS)));
    let ids = format!("{}_{}", shown["role"]["id"].as_str().unwrap(), shown["scope"]["id"].as_str().unwrap());
    assert_eq!(shown["id"], json!(ids));
    // Measured is 200; documented is 204.
    let one = format!("{EM}{path}/{made}");
    assert_eq!(asking.ask("governance-admin", Method::Delete, &one, None).0, 200);
    assert_eq!(asking.refused("governance-admin", Method::Delete, &format!("{path}/{made}"), None), (404, "RoleScopeNotFound".into()));
    asking.tenant.knobs.role_removal_status = 204;
    asking.gives(&package, &resource, (&role, PARTNERS, "AadGroup"));
    assert_eq!(asking.reply("governance-admin", Method::Delete, &one, None).status, 204);
}

#[test]
fn a_package_that_somebody_has_stays_until_it_is_taken_away_or_they_are_purged() {
    let mut asking = SampleClient::new();
    let package = asking.partner_package();
    let policy = asking.policy(&package, json!({"allowedTargetScope": "notSpecified"}));
    let grace = asking.id_of("grace@fabrikam.example");
    asking.assign(&package, &policy, &grace);
    asking.pass(Millis::minutes(1));
    let in_use = (400, "AccessPackageHasAssignments".to_owned());
    let path = format!("/accessPackages/{package}");
    assert_eq!(asking.refused("governance-admin", Method::Delete, &path, None), in_use);
    assert_eq!(asking.ask("user-admin", Method::Delete, &format!("/users/{grace}"), None).0, 204);
    assert_eq!(asking.refused("governance-admin", Method::Delete, &path, None), in_use, "whoever is deleted counts");
    assert_eq!(asking.ask("user-admin", Method::Delete, &format!("/directory/deletedItems/{grace}"), None).0, 204);
    assert_eq!(asking.ask("governance-admin", Method::Delete, &format!("{EM}{path}"), None).0, 204);
}

#[test]
fn what_somebody_may_ask_for_is_what_a_policy_lets_them() {
    let mut asking = SampleClient::new();
    let package = asking.partner_package();
    let hidden = asking.partner_package();
    asking.ask("governance-admin", Method::Patch, &format!("{EM}/accessPackages/{hidden}"), Some(&json!({"isHidden": true})));
    let closed = asking.partner_package();
    let mut members = open_policy();
    members["allowedTargetScope"] = json!("allMemberUsers");
    for package in [&package, &hidden] {
        asking.policy(package, members.clone());
    }
    asking.policy(&closed, json!({"allowedTargetScope": "notSpecified"}));
    let mut mine = |who: &str| {
        let (status, told) =
            asking.ask(who, Method::Get, &format!("{EM}/accessPackages/filterByCurrentUser(on='allowedRequestor')?$select=id"), None);
        (status, told["value"].clone())
    };
    assert_eq!(mine("member"), (200, json!([{"id": package}])));
    assert_eq!(mine("grace"), (200, json!([])), "a guest is no member");
    // What is hidden is asked for by its link.
    let mut required = |who: &str, package: &str| {
        let path = format!("{EM}/accessPackages/{package}/getApplicablePolicyRequirements");
        let (status, told) = asking.ask(who, Method::Post, &path, None);
        (status, told["value"].as_array().map(Vec::len))
    };
    assert_eq!((required("member", &hidden), required("grace", &hidden)), ((200, Some(1)), (200, Some(0))));
    assert_eq!((required("member", &closed), required("member", NOBODY)), ((200, Some(0)), (404, None)));
    let path = format!("{EM}/accessPackages/{package}/getApplicablePolicyRequirements");
    let told = asking.ask("member", Method::Post, &path, Some(&json!({}))).1["value"][0].clone();
    assert_eq!(
        (&told["isApprovalRequiredForAdd"], &told["isRequestorJustificationRequired"], &told["questions"]),
        (&json!(false), &json!(false), &json!([]))
    );
    let wrong = asking.refused("member", Method::Get, "/accessPackages/filterByCurrentUser(on='everybody')", None);
    assert_eq!(wrong, (400, "InvalidFilter".into()));
}

#[test]
fn an_outsider_may_ask_for_what_an_external_catalog_shows() {
    let mut asking = SampleClient::new();
    let catalog = asking.post("/catalogs", json!({"displayName": "Partners"}))["id"].as_str().unwrap().to_owned();
    let package = asking.package(&catalog, "Project");
    asking.policy(&package, open_policy());
    let mut told = |change: Value| {
        assert_eq!(asking.ask("governance-admin", Method::Patch, &format!("{EM}/catalogs/{catalog}"), Some(&change)).0, 204);
        ["member", "grace"].map(|who| asking.ask(who, Method::Post, &format!("{EM}/assignmentRequests"), Some(&own(&package))).0)
    };
    assert_eq!(told(json!({"state": "unpublished"})), [400, 400]);
    assert_eq!(told(json!({"state": "published"})), [201, 400]);
    assert_eq!(told(json!({"isExternallyVisible": true})), [400, 201], "the first is asked for already");
}

#[test]
fn incompatible_packages_and_groups_keep_each_other_out() {
    let mut asking = SampleClient::new();
    let (one, other) = (asking.partner_package(), asking.partner_package());
    let policies = [&one, &other].map(|package| asking.policy(package, json!({"allowedTargetScope": "notSpecified"})));
    let mel = asking.member_id("member");
    let link = |kind: &str, id: &str| json!({"@odata.id": format!("https://graph.microsoft.com/v1.0{EM}/{kind}/{id}")});
    let of_packages = format!("{EM}/accessPackages/{one}/incompatibleAccessPackages");
    let reference = link("accessPackages", &other);
    assert_eq!(asking.ask("governance-admin", Method::Post, &format!("{of_packages}/$ref"), Some(&reference)).0, 204);
    assert_eq!(asking.ask("governance-admin", Method::Post, &format!("{of_packages}/$ref"), Some(&reference)).0, 400);
    assert_eq!(asking.ask("governance-admin", Method::Get, &of_packages, None).1["value"][0]["id"], json!(other));
    asking.assign(&other, &policies[1], &mel);
    asking.pass(Millis::minutes(1));
    let blocked = direct(&one, &policies[0], json!({"targetId": mel}));
    let incompatible = (400, "IncompatibleAccess".to_owned());
    assert_eq!(asking.refused("governance-admin", Method::Post, "/assignmentRequests", Some(&blocked)), incompatible);
    assert_eq!(asking.ask("governance-admin", Method::Delete, &format!("{of_packages}/{other}/$ref"), None).0, 204);
    let of_groups = format!("{EM}/accessPackages/{one}/incompatibleGroups");
    assert_eq!(asking.ask("governance-admin", Method::Post, &format!("{of_groups}/$ref"), Some(&link("groups", PARTNERS))).0, 204);
    assert_eq!(asking.refused("governance-admin", Method::Post, "/assignmentRequests", Some(&blocked)), incompatible, "by the group");
    assert_eq!(asking.ask("governance-admin", Method::Delete, &format!("{of_groups}/{PARTNERS}/$ref"), None).0, 204);
    asking.post("/assignmentRequests", blocked);
    asking.pass(Millis::minutes(1));
    let both = format!("/assignments/additionalAccess(accessPackageId='{one}',incompatibleAccessPackageId='{other}')");
    assert_eq!(asking.get(&both)["value"].as_array().unwrap().len(), 1);
}

#[test]
fn a_deleted_package_takes_its_policies_and_what_it_was_incompatible_with() {
    let mut asking = SampleClient::new();
    let (one, other) = (asking.partner_package(), asking.partner_package());
    asking.policy(&one, json!({}));
    let link = json!({"@odata.id": format!("https://graph.microsoft.com/v1.0{EM}/accessPackages/{one}")});
    let of_other = format!("{EM}/accessPackages/{other}/incompatibleAccessPackages");
    assert_eq!(asking.ask("governance-admin", Method::Post, &format!("{of_other}/$ref"), Some(&link)).0, 204);
    let told = |asking: &mut SampleClient| {
        let against = asking.get(&format!("/accessPackages/{one}/accessPackagesIncompatibleWith"))["value"].as_array().unwrap().len();
        (asking.get("/assignmentPolicies")["value"].as_array().unwrap().len(), against)
    };
    assert_eq!(told(&mut asking), (1, 1));
    assert_eq!(asking.ask("governance-admin", Method::Delete, &format!("{EM}/accessPackages/{one}"), None).0, 204);
    assert_eq!(asking.get("/assignmentPolicies")["value"], json!([]));
    assert_eq!(asking.ask("governance-admin", Method::Get, &of_other, None).1["value"], json!([]));
}

#[test]
fn a_resource_that_is_not_listed_yet_gives_no_role() {
    let mut asking = SampleClient::new();
    let general = asking.general();
    let package = asking.package(&general, "Early");
    let add =
        json!({"requestType": "adminAdd", "resource": {"originId": PARTNERS, "originSystem": "AadGroup"}, "catalog": {"id": general}});
    asking.post("/resourceRequests", add);
    let resource = asking.tenant.governance.resources[0].id.clone();
    let body = role_scope(&resource, (&format!("Member_{PARTNERS}"), PARTNERS, "AadGroup"));
    let path = format!("/accessPackages/{package}/resourceRoleScopes");
    assert_eq!(asking.refused("governance-admin", Method::Post, &path, Some(&body)), (404, "ResourceNotFound".into()));
    asking.pass(Millis::seconds(1));
    asking.post(&path, body);
}

#[test]
fn a_page_of_packages_holds_as_many_as_are_asked_for_whatever_is_expanded() {
    let mut asking = SampleClient::new();
    let general = asking.general();
    for number in 0..101 {
        asking.package(&general, &format!("Package {number}"));
    }
    let count = |asking: &mut SampleClient, query: &str| asking.get(&format!("/accessPackages?{query}"))["value"].as_array().unwrap().len();
    assert_eq!((count(&mut asking, "$expand=catalog&$top=999"), count(&mut asking, "$expand=catalog")), (101, 100));
}
