//! Where a package is asked for.

use graph::literal;

/// My Access, by Graph's root: that of US Gov has a host of its own, and of China's Microsoft names none.
/// <https://learn.microsoft.com/entra/id-governance/entitlement-management-access-package-settings>
const HOSTS: [(&str, &str); 3] = [
    ("https://graph.microsoft.com", "https://myaccess.microsoft.com"),
    ("https://graph.microsoft.us", "https://myaccess.microsoft.us"),
    ("https://dod-graph.microsoft.us", "https://myaccess.microsoft.us"),
];

/// The address by which whoever may ask for this package asks for it. It names the directory (`hint`, its initial or a verified domain): without
/// that, people from outside land in their own. `None` for a cloud whose My Access is not known.
pub fn of_package(graph: &str, hint: &str, package: &str) -> Option<String> {
    let host = HOSTS.iter().find(|(root, _)| root.eq_ignore_ascii_case(graph)).map(|(_, host)| *host);
    // Another root is a tenant of one's own on this machine: it has its My Access on the same origin.
    let host = host.or_else(|| graph.starts_with("http://localhost").then_some(graph))?;
    Some(format!("{host}/@{hint}#/access-packages/{}", literal(package)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_names_the_directory_and_the_package_in_the_clouds_own_my_access() {
        let check =
            |graph: &str, expected: Option<&str>| assert_eq!(of_package(graph, "contoso.example", "a-b").as_deref(), expected, "{graph}");
        check("https://graph.microsoft.com", Some("https://myaccess.microsoft.com/@contoso.example#/access-packages/a-b"));
        check("https://dod-graph.microsoft.us", Some("https://myaccess.microsoft.us/@contoso.example#/access-packages/a-b"));
        check("https://microsoftgraph.chinacloudapi.cn", None);
        check("http://localhost:8082", Some("http://localhost:8082/@contoso.example#/access-packages/a-b"));
    }
}
