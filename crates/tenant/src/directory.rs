//! Who is in Contoso, and since when others can see it.

use super::contoso;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use time::Moment;

#[derive(Clone, Debug, Default)]
pub(super) struct Person {
    pub(super) id: String,
    pub(super) display_name: String,
    pub(super) mail: Option<String>,
    pub(super) user_principal_name: String,
    /// `Member` or `Guest`.
    pub(super) user_type: &'static str,
    /// `PendingAcceptance` or `Accepted`, for guests.
    pub(super) external_user_state: Option<&'static str>,
    /// ISO 8601.
    pub(super) state_changed: Option<String>,
    pub(super) creation_type: Option<&'static str>,
    pub(super) account_enabled: bool,
    pub(super) created: Moment,
    pub(super) other_mails: Vec<String>,
    pub(super) proxy_addresses: Vec<String>,
    pub(super) preferred_language: Option<String>,
    pub(super) roles: Vec<Role>,
    /// Has Microsoft 365 E3.
    pub(super) is_licensed: bool,
    /// Users and groups by id, at most five: <https://learn.microsoft.com/graph/api/user-post-sponsors>.
    pub(super) sponsors: Vec<String>,
    pub(super) deleted: Option<Deletion>,
    /// Later calls find this person only from here on.
    pub(super) visible_from: Moment,
    /// Ticket of the one redeem link that works.
    pub(super) ticket: Option<String>,
    /// Where the guest is led after redeeming.
    pub(super) redirect_url: Option<String>,
    /// Whose object it is, by id; of those that were there from the beginning nobody knows.
    pub(super) inviter: Option<String>,
}

/// How somebody left the directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deletion {
    /// When the story began.
    AsStoryBegan,
    /// Then; reads show it only from `seen_from` on.
    At { when: Moment, seen_from: Moment },
    /// Purged, so that nothing brings them back.
    ForGood,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Role {
    pub(super) name: &'static str,
    pub(super) template: &'static str,
}

impl Person {
    /// A guest who is made now, named by the address, and has not accepted.
    pub(super) fn guest(id: String, address: &str, now: Moment) -> Self {
        Self {
            id,
            display_name: address.split('@').next().unwrap_or_default().into(),
            mail: Some(address.into()),
            user_principal_name: contoso::guest_upn(address),
            user_type: "Guest",
            external_user_state: Some("PendingAcceptance"),
            state_changed: Some(now.iso()),
            creation_type: Some("Invitation"),
            account_enabled: true,
            created: now,
            other_mails: vec![address.into()],
            visible_from: now,
            ..Self::default()
        }
    }

    /// Whether somebody from outside has not signed in yet.
    pub(super) fn is_pending(&self) -> bool {
        self.external_user_state == Some("PendingAcceptance")
    }

    pub(super) fn is_guest(&self) -> bool {
        self.user_type == "Guest"
    }

    pub(super) const fn is_deleted(&self) -> bool {
        self.deleted.is_some()
    }

    /// Whether reads show this person among the users.
    pub(super) fn is_visible(&self, now: Moment) -> bool {
        let is_here = match self.deleted {
            None => true,
            Some(Deletion::At { seen_from, .. }) => now < seen_from,
            Some(Deletion::AsStoryBegan | Deletion::ForGood) => false,
        };
        is_here && self.visible_from <= now
    }

    pub(super) fn has_role(&self, template: &str) -> bool {
        self.roles.iter().any(|role| role.template == template)
    }

    /// Whether this address leads to this person, by any property that can hold one.
    pub(super) fn owns(&self, address: &str) -> bool {
        let same = |value: &str| value.eq_ignore_ascii_case(address);
        self.mail.as_deref().is_some_and(same)
            || same(&self.user_principal_name)
            || self.other_mails.iter().any(|mail| same(mail))
            || self.proxy_addresses.iter().any(|proxy| proxy.split_once(':').is_some_and(|(_, address)| same(address)))
    }
}

/// Everybody, and where each id, name and address leads: a directory of a million is asked as quickly as one of ten.
#[derive(Clone)]
pub(super) struct Directory {
    people: Vec<Arc<Person>>,
    /// By the hash of each text that leads to somebody; whoever asks looks at the person, too.
    places: HashMap<u64, PersonPlaces>,
}

/// Where a text leads: to one person nearly always, so that one costs no room of its own.
#[derive(Clone)]
struct PersonPlaces {
    first: usize,
    more: Vec<usize>,
}

impl PersonPlaces {
    fn iter(&self) -> impl Iterator<Item = usize> {
        std::iter::once(self.first).chain(self.more.iter().copied())
    }
}

impl Directory {
    pub(super) fn new(people: Vec<Person>) -> Self {
        let mut directory = Self { people: Vec::new(), places: HashMap::new() };
        for person in people {
            directory.add(person);
        }
        directory
    }

    pub(super) fn add(&mut self, person: Person) {
        let place = self.people.len();
        for text in texts(&person) {
            let places = self.places.entry(key(text)).or_insert_with(|| PersonPlaces { first: place, more: Vec::new() });
            if places.iter().all(|known| known != place) {
                places.more.push(place);
            }
        }
        self.people.push(Arc::new(person));
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Arc<Person>> {
        self.people.iter()
    }

    /// Everybody whom later calls find.
    pub(super) fn visible(&self, now: Moment) -> impl Iterator<Item = &Arc<Person>> {
        self.people.iter().filter(move |person| person.is_visible(now))
    }

    /// Those to whom this id, name or address leads, whatever their state; and, once in an age, somebody else.
    pub(super) fn known_as(&self, text: &str) -> impl Iterator<Item = &Arc<Person>> {
        let places = self.places.get(&key(text));
        places.into_iter().flat_map(PersonPlaces::iter).map(|place| &self.people[place])
    }

    /// Those to whom one of these ids, names and addresses leads, in the order in which the directory holds them, so that it does
    /// not matter how they were found.
    pub(super) fn among(&self, texts: &[&str]) -> Vec<&Arc<Person>> {
        let of_text = |text: &&str| self.places.get(&key(text)).into_iter().flat_map(PersonPlaces::iter);
        let places: BTreeSet<usize> = texts.iter().flat_map(of_text).collect();
        places.into_iter().map(|place| &self.people[place]).collect()
    }

    pub(super) fn by_id(&self, id: &str) -> Option<&Arc<Person>> {
        self.known_as(id).find(|person| person.id == id)
    }

    /// The invitation service is authoritative: it knows guests whom reads do not show yet.
    pub(super) fn by_address(&self, address: &str) -> Option<&Arc<Person>> {
        self.known_as(address).find(|person| !person.is_deleted() && person.owns(address))
    }

    /// Changes a person; ids, names and addresses stay as they are.
    pub(super) fn change(&mut self, id: &str, change: impl FnOnce(&mut Person)) {
        let places = self.places.get(&key(id));
        if let Some(place) = places.into_iter().flat_map(PersonPlaces::iter).find(|place| self.people[*place].id == id) {
            change(Arc::make_mut(&mut self.people[place]));
        }
    }
}

/// Every text that leads to a person.
fn texts(person: &Person) -> impl Iterator<Item = &str> {
    let proxies = person.proxy_addresses.iter().flat_map(|proxy| {
        let (_, address) = proxy.split_once(':').unwrap_or(("", proxy));
        [proxy.as_str(), address]
    });
    let own = [&person.id, &person.user_principal_name].into_iter().chain(&person.mail).chain(&person.other_mails);
    own.map(String::as_str).chain(proxies)
}

/// FNV-1a (draft-eastlake-fnv, 64 bits) of a text, whatever its case.
pub(super) fn key(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(0x100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_those_of_fnv_1a_whatever_the_case() {
        // Vectors of draft-eastlake-fnv.
        for (text, hash) in [("", 0xcbf2_9ce4_8422_2325), ("a", 0xaf63_dc4c_8601_ec8c), ("foobar", 0x8594_4171_f739_67e8)] {
            assert_eq!((key(text), key(&text.to_ascii_uppercase())), (hash, hash), "{text}");
        }
    }

    #[test]
    fn a_text_leads_to_each_of_those_who_have_it_and_to_them_once() {
        let person = |id: &str, deleted: bool| Person {
            id: id.into(),
            user_principal_name: format!("{id}@x"),
            mail: Some("shared@x".into()),
            other_mails: vec!["shared@x".into()],
            proxy_addresses: vec![format!("SMTP:proxy-{id}@x")],
            deleted: deleted.then_some(Deletion::AsStoryBegan),
            ..Person::default()
        };
        let directory = Directory::new(vec![person("1", true), person("2", false), person("3", false)]);
        let known = |text: &str| directory.known_as(text).map(|person| person.id.as_str()).collect::<Vec<_>>();
        assert_eq!(
            (known("SHARED@x"), known("smtp:proxy-2@x"), known("proxy-2@x"), known("x").len()),
            (vec!["1", "2", "3"], vec!["2"], vec!["2"], 0)
        );
        let among: Vec<&str> = directory.among(&["3@x", "shared@x", "2"]).iter().map(|person| person.id.as_str()).collect();
        assert_eq!(among, ["1", "2", "3"]);
        // The deleted one is found by its id alone.
        assert_eq!(directory.by_address("shared@x").map(|person| person.id.as_str()), Some("2"));
        assert_eq!((directory.by_id("1").is_some(), directory.by_id("1@x").is_some()), (true, false));
    }
}
