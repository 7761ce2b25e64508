//! What each resource is answered with, member by member, and what a body may hold.

use super::*;

/// The names of an object's members, in order, without annotations.
fn names(object: &Value) -> Vec<&str> {
    let members = object.as_object().unwrap_or_else(|| panic!("{object} is no object"));
    let mut names: Vec<&str> = members.keys().map(String::as_str).filter(|name| !name.contains('@')).collect();
    names.sort_unstable();
    names
}

#[test]
fn each_resource_has_the_members_of_its_type() {
    let mut asking = SampleClient::new();
    let package = asking.partner_package();
    let casey = asking.member_id("casey");
    let policy = asking.policy(&package, approved_by(vec![stage(&casey)]));
    let source = json!({"@odata.type": "#microsoft.graph.domainIdentitySource", "domainName": "nowhere.example", "displayName": "x"});
    let organization = asking.post("/connectedOrganizations", json!({"displayName": "x", "identitySources": [source]}));
    let organization = organization["id"].as_str().unwrap().to_owned();
    let request = asking.assign(&package, &policy, &casey);
    let pending = asking.ask("member", Method::Post, &format!("{EM}/assignmentRequests"), Some(&own(&package))).1;
    let pending = pending["id"].as_str().unwrap().to_owned();
    asking.pass(Millis::minutes(1));
    let assignment = assignment_of(&mut asking, &request);
    let general = asking.general();
    let times = "createdDateTime displayName id modifiedDateTime";
    let resource = "attributes createdDateTime description displayName id modifiedDateTime originId originSystem";
    let subject = "displayName email id objectId onPremisesSecurityIdentifier principalName subjectLifecycle subjectType";
    let approval_stage = "assignedToMe displayName id justification reviewResult reviewedBy reviewedDateTime status";
    let policy_members = "allowedTargetScope automaticRequestSettings createdDateTime description displayName expiration id \
        modifiedDateTime notificationSettings questions requestApprovalSettings requestorSettings reviewSettings specificAllowedTargets";
    let request_members = "answers completedDateTime createdDateTime customExtensionCalloutInstances id justification requestType \
        schedule state status";
    let assignment_members = "customExtensionCalloutInstances expiredDateTime id schedule state status";
    let package_path = format!("/accessPackages/{package}?$expand=resourceRoleScopes($expand=role,scope)");
    let request_path = format!("/assignmentRequests/{request}?$expand=requestor,assignment");
    let approvals = format!("/accessPackageAssignmentApprovals/{pending}");
    let mut check = |path: &str, pointer: &str, expected: &str| {
        let told = asking.get(path);
        let object = told.pointer(pointer).unwrap_or_else(|| panic!("{path} {pointer}: {told}"));
        let mut wanted: Vec<&str> = expected.split_whitespace().collect();
        wanted.sort_unstable();
        assert_eq!(names(object), wanted, "{path} {pointer}");
    };
    check(&format!("/catalogs/{general}"), "", &format!("{times} catalogType description isExternallyVisible state"));
    check(&format!("/catalogs/{general}/resources"), "/value/0", resource);
    check(&format!("/accessPackages/{package}"), "", &format!("{times} description isHidden"));
    check(&package_path, "/resourceRoleScopes/0", "createdDateTime id role scope");
    check(&package_path, "/resourceRoleScopes/0/role", "description displayName id originId originSystem");
    check(&package_path, "/resourceRoleScopes/0/scope", "description displayName id isRootScope originId originSystem");
    check(&format!("/assignmentPolicies/{policy}"), "", policy_members);
    check(&format!("/connectedOrganizations/{organization}"), "", &format!("{times} description identitySources state"));
    check(&request_path, "", &format!("{request_members} assignment requestor"));
    check(&request_path, "/requestor", subject);
    check(&request_path, "/assignment", assignment_members);
    check(&format!("/assignments/{assignment}"), "", assignment_members);
    check(&format!("/assignments/{assignment}?$select=id,state&$expand=target"), "", "id state target");
    check(&approvals, "", "id");
    check(&format!("{approvals}?$expand=stages"), "/stages/0", approval_stage);
    check(&format!("{approvals}/stages"), "/value/0", approval_stage);
    check("/settings", "", "durationUntilExternalUserDeletedAfterBlocked externalUserLifecycleAction id");
}

#[test]
fn every_answer_names_its_set_and_pages_have_no_more_than_asked() {
    let mut asking = SampleClient::new();
    let package = asking.partner_package();
    asking.partner_package();
    for (path, context) in [
        ("/accessPackages?$top=1".to_owned(), "#accessPackages"),
        (format!("/accessPackages/{package}"), "#accessPackages/$entity"),
        (format!("/accessPackages/{package}?$expand=catalog"), "#accessPackages(catalog())/$entity"),
        (format!("/accessPackages/{package}?$select=id,displayName"), "#accessPackages(id,displayName)/$entity"),
    ] {
        let told = asking.get(&path);
        assert_eq!(told["@odata.context"], json!(format!("http://graph/v1.0/$metadata{context}")), "{path}");
        assert!(told["value"].as_array().is_none_or(|page| page.len() == 1 && told["@odata.nextLink"].is_string()), "{told}");
    }
    // What Graph does not know is refused and never passed over.
    for path in ["/accessPackages?$skip=1", "/accessPackages?$expand=members", "/accessPackages?$top=x", "/catalogs?colour=red"] {
        assert_eq!(asking.refused("governance-admin", Method::Get, path, None).0, 400, "{path}");
    }
}

#[test]
fn every_call_of_the_table_has_its_permission_and_answers_in_its_own_words() {
    let mut asking = SampleClient::new().with("none", &format!("governance-admin@{DOMAIN}"), &["User.Read"]);
    let mut calls = 0;
    for route in crate::entitlement::routes::ROUTES {
        let path = route.pattern.split('|').next().unwrap().replace("{}", NOBODY);
        // The parameters of a function, with nobody's values.
        let path = path.split_once('(').map_or(path.clone(), |(name, rest)| {
            let parameters: Vec<String> = rest.trim_end_matches(')').split(',').map(|name| format!("{name}='{NOBODY}'")).collect();
            format!("{name}({})", parameters.join(","))
        });
        for call in route.calls {
            let Some(method) = Method::parse(call.method) else { continue };
            calls += 1;
            let (status, told) = asking.ask("none", method, &format!("/{path}"), None);
            assert_eq!((status, &told["error"]["code"]), (403, &json!("UnAuthorized")), "{} {path}", call.method);
            let (status, told) = asking.ask("governance-admin", method, &format!("/{path}"), None);
            assert!(status < 500, "{} {path}: {told}", call.method);
            assert!(status < 400 || told["error"]["code"].as_str().is_some_and(|code| !code.is_empty()), "{} {path}: {told}", call.method);
        }
    }
    assert!(calls > 50, "{calls}");
}
