//! Where a package is asked for.

use graph::literal;
use identity::{Authority, address};

/// What is told where there is no link.
pub const UNKNOWN: &str = "Where My Access of this cloud is, this page does not know, so it cannot make the link. Somebody who manages the package can copy it from the package's overview in the admin center of the cloud.";

/// Root of My Access: that of the cloud, or, where none is known and Graph is on this machine, whatever answers on the same origin there.
pub fn my_access(authority: &Authority) -> Option<String> {
    authority.my_access.map(str::to_owned).or_else(|| address::origin_here(&authority.graph))
}

/// The address by which whoever may ask for this package asks for it. It names the directory (`hint`, its initial or a verified domain): without
/// that, people from outside land in their own. <https://learn.microsoft.com/entra/id-governance/entitlement-management-access-package-settings>
pub fn of_package(my_access: &str, hint: &str, package: &str) -> String {
    format!("{my_access}/@{hint}#/access-packages/{}", literal(package))
}

#[cfg(test)]
mod tests {
    use super::*;
    use identity::authority::{AuthoritySettings, ProtocolMode};

    fn known(authority: &str, graph: Option<&str>) -> Authority {
        Authority::known(&AuthoritySettings { authority, mode: ProtocolMode::Aad, graph }).unwrap().unwrap()
    }

    /// Of somebody else's.
    fn discovered(graph: &str) -> Authority {
        let authority = "https://login.example/t";
        let of = |path: &str| format!("{authority}/{path}");
        let document =
            format!(r#"{{"issuer":"{authority}","authorization_endpoint":"{}","token_endpoint":"{}"}}"#, of("authorize"), of("token"));
        Authority::discovered(&AuthoritySettings { authority, mode: ProtocolMode::Aad, graph: Some(graph) }, &document).unwrap()
    }

    #[test]
    fn my_access_is_that_of_the_cloud_and_of_this_machine_only_where_graph_is_on_it() {
        let check = |authority: &Authority, expected: Option<&str>| assert_eq!(my_access(authority).as_deref(), expected, "{authority:?}");
        let (public, gov) = ("https://login.microsoftonline.com/contoso.com", "https://login.microsoftonline.us/contoso.us");
        check(&known(public, None), Some("https://myaccess.microsoft.com"));
        check(&known(gov, Some("https://dod-graph.microsoft.us")), Some("https://myaccess.microsoft.us"));
        // A proxy on this machine in front of a cloud is of that cloud.
        check(&known(public, Some("http://localhost:8082")), Some("https://myaccess.microsoft.com"));
        check(&known("https://login.partner.microsoftonline.cn/contoso.cn", None), None);
        check(&discovered("http://127.0.0.1:8082/graph"), Some("http://127.0.0.1:8082"));
        for elsewhere in ["https://graph.example", "http://localhost.example:8082", "http://localhost:8082@graph.example"] {
            check(&discovered(elsewhere), None);
        }
    }

    #[test]
    fn a_link_names_the_directory_and_the_package() {
        let link = of_package("https://myaccess.microsoft.com", "contoso.example", "a/b");
        assert_eq!(link, "https://myaccess.microsoft.com/@contoso.example#/access-packages/a%2Fb");
    }
}
