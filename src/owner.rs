//! To whom drafts, letters and runs belong: a person of a tenant in a cloud.

use identity::authority::{is_same_cloud, root_of};
use identity::claims::Account;

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Owner {
    /// Root of the cloud's Graph, as [`root_of`] writes it. Earlier versions wrote it as config.json did, or not at all: then it is
    /// empty.
    pub cloud: String,
    pub tenant: String,
    /// The object id of the user in the tenant, [`identity::claims::Account::object_id`]. Empty where an earlier version
    /// did not write it down.
    pub person: String,
    /// For people to read.
    pub username: String,
}

impl Owner {
    /// Whoever is signed in with this account, in the cloud with this root of Graph.
    pub fn from_account(account: &Account, graph: &str) -> Self {
        Self {
            cloud: root_of(graph),
            tenant: account.tenant_id.clone(),
            person: account.object_id.clone(),
            username: account.username.clone(),
        }
    }

    /// Whether nothing tells who it is.
    pub fn is_unknown(&self) -> bool {
        self.person.is_empty() && self.username.is_empty()
    }

    /// Whether both are of one tenant in one cloud.
    pub fn is_of_tenant(&self, other: &Self) -> bool {
        self.tenant.eq_ignore_ascii_case(&other.tenant) && is_same_cloud(&self.cloud, &other.cloud)
    }

    /// Whether both are the same person of the same tenant. Where an earlier version wrote nothing but the user name, that
    /// has to do.
    pub fn is(&self, other: &Self) -> bool {
        let named = !self.username.is_empty() && self.username.eq_ignore_ascii_case(&other.username);
        let nameless = self.person.is_empty() || other.person.is_empty();
        self.is_of_tenant(other) && if nameless { named } else { self.person == other.person }
    }

    /// What the keys of this person's drafts and letters begin with.
    pub fn prefix(&self) -> String {
        format!("{}{}/", self.tenant_prefix(), part(&self.person))
    }

    /// What of a key follows the prefix of this person, if it is one of theirs in another spelling of `cloud`: earlier versions wrote that
    /// as config.json did.
    pub fn under_other_spelling<'a>(&self, key: &'a str) -> Option<&'a str> {
        let (cloud, rest) = key.strip_prefix(OWNED)?.split_once('/')?;
        let (cloud, _) = url::form_urlencoded::parse(cloud.as_bytes()).next()?;
        let rest = rest.strip_prefix(&format!("{}/{}/", part(&self.tenant), part(&self.person)))?;
        (cloud != self.cloud && root_of(&cloud) == self.cloud).then_some(rest)
    }

    /// What the keys of everybody of the tenant begin with.
    pub fn tenant_prefix(&self) -> String {
        format!("{OWNED}{}/{}/", part(&self.cloud), part(&self.tenant))
    }
}

/// A part of a key.
fn part(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// Keys that do not begin with this were written before drafts belonged to anybody.
pub const OWNED: &str = "of/";

#[cfg(test)]
mod tests {
    use super::*;

    fn owner(cloud: &str, tenant: &str, person: &str, username: &str) -> Owner {
        Owner { cloud: cloud.into(), tenant: tenant.into(), person: person.into(), username: username.into() }
    }

    #[test]
    fn people_are_told_apart_and_older_records_recognised() {
        let ada = owner("https://graph", "t1", "ada", "ada@x.example");
        let check = |other: Owner, is_same: bool| {
            assert_eq!((ada.is(&other), other.is(&ada)), (is_same, is_same), "{other:?}");
        };
        check(ada.clone(), true);
        check(owner("https://graph", "t1", "ada", "renamed@x.example"), true);
        check(owner("https://graph", "t1", "bob", "bob@x.example"), false);
        check(owner("https://graph", "t2", "ada", "ada@x.example"), false);
        check(owner("https://other", "t1", "ada", "ada@x.example"), false);
        // A user name may be given to somebody else.
        check(owner("https://graph", "t1", "bob", "ada@x.example"), false);
        // As version 1 may have written them.
        check(owner("", "t1", "ada", "old@x.example"), true);
        check(owner("", "t1", "", "ADA@x.example"), true);
        check(owner("", "t1", "", ""), false);
        check(owner("https://other", "t1", "", "ada@x.example"), false);
        assert_eq!(ada.prefix(), "of/https%3A%2F%2Fgraph/t1/ada/");
    }

    #[test]
    fn whoever_writes_graph_otherwise_in_the_configuration_stays_the_same_person() {
        let of = |graph: &str| {
            let account = Account {
                id: "ada.t1".into(),
                object_id: "ada".into(),
                tenant_id: "5E1EC7ED-C070-4050-A000-C0FFEE000001".into(),
                username: "ada@x.example".into(),
                name: String::new(),
                login_hint: None,
            };
            Owner::from_account(&account, graph)
        };
        let usual = of("https://graph.microsoft.com");
        // As it lies in this browser already.
        assert!(usual.prefix().starts_with("of/https%3A%2F%2Fgraph.microsoft.com/"), "{}", usual.prefix());
        for written in [
            "https://graph.microsoft.com/",
            "https://GRAPH.microsoft.com",
            "https://graph.microsoft.com:443",
            "HTTPS://graph.microsoft.com//",
        ] {
            assert_eq!((of(written).prefix(), of(written).is(&usual)), (usual.prefix(), true), "{written}");
            // And as an earlier version wrote it down.
            let earlier = Owner { cloud: written.into(), ..usual.clone() };
            assert!(earlier.is(&usual) && usual.is(&earlier), "{written}");
        }
        // So do keys of earlier versions.
        let own = of("https://graph.example:8443/root");
        for written in ["https://GRAPH.example:8443/root", "https://graph.example:8443/root/"] {
            let key = format!("{}letters/a", Owner { cloud: written.into(), ..own.clone() }.prefix());
            assert_eq!(own.under_other_spelling(&key), Some("letters/a"), "{written}");
            let bob = Owner { person: "bob".into(), ..own.clone() };
            assert_eq!((bob.under_other_spelling(&key), usual.under_other_spelling(&key)), (None, None));
        }
        assert_eq!(own.under_other_spelling(&format!("{}draft", own.prefix())), None, "its own spelling");
        for other in ["", "draft", "of/", "of/x", "of//t/ada/draft"] {
            assert_eq!(own.under_other_spelling(other), None, "{other}");
        }
        // From a proxy on this machine to none, and from the tenant to itself in small letters.
        assert!(of("http://localhost:8082").is(&usual));
        assert!(usual.is_of_tenant(&Owner { tenant: usual.tenant.to_ascii_lowercase(), ..usual.clone() }));
        for other in ["https://graph.microsoft.us", "https://microsoftgraph.chinacloudapi.cn", "https://graph.example"] {
            assert!(!of(other).is(&usual), "{other}");
        }
        assert!(of("https://graph.microsoft.us").is(&of("https://dod-graph.microsoft.us")), "two roots of one cloud");
    }
}
