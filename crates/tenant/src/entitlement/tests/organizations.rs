//! Connected organizations.

use super::*;

fn domain(name: &str) -> Value {
    json!({"displayName": name, "description": "", "state": "configured", "identitySources": [
        {"@odata.type": "#microsoft.graph.domainIdentitySource", "domainName": name, "displayName": name}]})
}

#[test]
fn a_domain_that_is_a_tenant_becomes_that_tenant() {
    let mut asking = SampleClient::new();
    let made = asking.post("/connectedOrganizations", domain("fabrikam.example"));
    assert_eq!(made["identitySources"], json!([]), "the next GET shows them");
    let id = made["id"].as_str().unwrap();
    let read = asking.get(&format!("/connectedOrganizations/{id}"));
    let source = &read["identitySources"][0];
    assert_eq!(
        (&source["@odata.type"], &source["displayName"]),
        (&json!("#microsoft.graph.azureActiveDirectoryTenant"), &json!("Fabrikam"))
    );
    let plain = asking.post("/connectedOrganizations", domain("nowhere.example"));
    let read = asking.get("/connectedOrganizations?$filter=displayName eq 'nowhere.example'");
    assert_eq!((&read["value"][0]["id"], &read["value"][0]["identitySources"][0]["domainName"]), (&plain["id"], &json!("nowhere.example")));
    // Any verified domain of the tenant is the tenant.
    let again = asking.refused("governance-admin", Method::Post, "/connectedOrganizations", Some(&domain("fabrikam.onmicrosoft.com")));
    assert_eq!(again, (400, "ConnectedOrganizationAlreadyExists".into()));
    asking.tenant.knobs.duplicate_organizations = true;
    asking.post("/connectedOrganizations", domain("fabrikam.onmicrosoft.com"));
}

#[test]
fn an_organization_is_changed_with_202_and_has_exactly_one_source() {
    let mut asking = SampleClient::new();
    let id = asking.post("/connectedOrganizations", domain("nowhere.example"))["id"].as_str().unwrap().to_owned();
    let path = format!("{EM}/connectedOrganizations/{id}");
    let (status, told) =
        asking.ask("governance-admin", Method::Patch, &path, Some(&json!({"displayName": "Nowhere", "state": "Proposed"})));
    assert_eq!((status, &told["state"], &told["identitySources"]), (202, &json!("proposed"), &Value::Null));
    let mut check = |method: Method, path: &str, body: Option<Value>, expected: (u16, &str)| {
        let told = asking.refused("governance-admin", method, path, body.as_ref());
        assert_eq!((told.0, told.1.as_str()), expected, "{path} {body:?}");
    };
    check(Method::Post, "/connectedOrganizations", Some(json!({"displayName": "x", "identitySources": []})), (400, "InvalidModel"));
    let (one, other) = (domain("a.example")["identitySources"][0].clone(), domain("b.example")["identitySources"][0].clone());
    check(
        Method::Post,
        "/connectedOrganizations",
        Some(json!({"displayName": "x", "identitySources": [one, other]})),
        (400, "InvalidModel"),
    );
    let social = json!({"@odata.type": "#microsoft.graph.socialIdentitySource", "socialIdentitySourceType": "Facebook"});
    check(Method::Post, "/connectedOrganizations", Some(json!({"displayName": "Social", "identitySources": [social]})), (201, ""));
    let untyped = json!({"displayName": "x", "identitySources": [{"domainName": "a.example"}]});
    check(Method::Post, "/connectedOrganizations", Some(untyped), (400, "InvalidModel"));
    let unknown = format!("/connectedOrganizations/{NOBODY}");
    check(Method::Get, &unknown, None, (404, "ConnectedOrganizationNotFound"));
    check(Method::Patch, &unknown, Some(json!({})), (404, "ConnectedOrganizationNotFound"));
    check(Method::Delete, &unknown, None, (404, "ConnectedOrganizationNotFound"));
    let social = asking.get("/connectedOrganizations?$filter=displayName eq 'Social'")["value"][0].clone();
    assert_eq!(social["identitySources"][0]["socialIdentitySourceType"], "facebook");
}

#[test]
fn sponsors_are_named_listed_and_removed() {
    let mut asking = SampleClient::new();
    let id = asking.post("/connectedOrganizations", domain("fabrikam.example"))["id"].as_str().unwrap().to_owned();
    let (mel, grace) = (asking.member_id("member"), asking.id_of("grace@fabrikam.example"));
    for (kind, person) in [("internalSponsors", &mel), ("externalSponsors", &grace)] {
        let path = format!("{EM}/connectedOrganizations/{id}/{kind}");
        let link = |person: &str| json!({"@odata.id": format!("https://graph.microsoft.com/v1.0/users/{person}")});
        let mut add = |person: &str| asking.ask("governance-admin", Method::Post, &format!("{path}/$ref"), Some(&link(person))).0;
        assert_eq!((add(NOBODY), add(person), add(person)), (404, 204, 400), "{kind}");
        let listed = asking.ask("governance-admin", Method::Get, &path, None).1["value"][0].clone();
        assert_eq!((&listed["id"], &listed["@odata.type"]), (&json!(person), &json!("#microsoft.graph.user")));
        let expanded = asking.get(&format!("/connectedOrganizations/{id}?$expand={kind}"));
        assert_eq!(expanded[kind][0]["id"], json!(person));
        let mut remove = |id: &str| asking.ask("governance-admin", Method::Delete, &format!("{path}/{id}/$ref"), None).0;
        assert_eq!((remove(person), remove(person)), (204, 404), "{kind}");
        let group = json!({"@odata.id": format!("https://graph.microsoft.com/v1.0/groups/{PARTNERS}")});
        assert_eq!(asking.ask("governance-admin", Method::Post, &format!("{path}/$ref"), Some(&group)).0, 204, "{kind}");
        let listed = asking.ask("governance-admin", Method::Get, &path, None).1["value"].clone();
        assert_eq!((&listed[0]["@odata.type"], &listed[0]["id"]), (&json!("#microsoft.graph.group"), &json!(PARTNERS)));
    }
}

#[test]
fn an_organization_whose_people_have_packages_stays() {
    let mut asking = SampleClient::new();
    let id = asking.post("/connectedOrganizations", domain("fabrikam.example"))["id"].as_str().unwrap().to_owned();
    let package = asking.partner_package();
    let targets = json!([{"@odata.type": "#microsoft.graph.connectedOrganizationMembers", "connectedOrganizationId": id}]);
    let policy =
        asking.policy(&package, json!({"allowedTargetScope": "specificConnectedOrganizationUsers", "specificAllowedTargets": targets}));
    let grace = asking.id_of("grace@fabrikam.example");
    let request = asking.assign(&package, &policy, &grace);
    asking.pass(Millis::minutes(1));
    assert_eq!(asking.state(&request).0, "delivered");
    let subject =
        asking.get(&format!("/assignmentRequests/{request}?$expand=requestor,assignment($expand=target($expand=connectedOrganization))"));
    assert_eq!(subject["assignment"]["target"]["connectedOrganization"]["id"], json!(id));
    let path = format!("/connectedOrganizations/{id}");
    assert_eq!(asking.refused("governance-admin", Method::Delete, &path, None), (400, "ConnectedOrganizationHasUsers".into()));
    asking.post("/assignmentRequests", about("adminRemove", subject["assignment"]["id"].as_str().unwrap()));
    asking.pass(Millis::minutes(1));
    assert_eq!(asking.ask("governance-admin", Method::Delete, &format!("{EM}{path}"), None).0, 204);
}

#[test]
fn a_tenant_is_found_by_its_domain() {
    let mut asking = SampleClient::new().with("member", &format!("member@{DOMAIN}"), &["CrossTenantInformation.ReadBasic.All"]);
    let mut find = |domain: &str| {
        let path = format!("/tenantRelationships/findTenantInformationByDomainName(domainName='{domain}')");
        let (status, told) = asking.ask("member", Method::Get, &path, None);
        (status, told["displayName"].as_str().map(str::to_owned))
    };
    assert_eq!((find("fabrikam.example"), find("nowhere.example")), ((200, Some("Fabrikam".into())), (404, None)));
    let by_id = "/tenantRelationships/findTenantInformationByTenantId(tenantId='fab21ca3-c070-4050-a000-c0ffee000008')";
    assert_eq!(asking.ask("member", Method::Get, by_id, None).1["defaultDomainName"], "fabrikam.example");
}
