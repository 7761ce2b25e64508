//! What is asked while looking, one by one: each by its operation, collections page by page.

use crate::rows::Address;
use graph::contacts::FindContactsByAddress;
use graph::organization::{GetOrganization, GetSubscription};
use graph::page::{Page, PageLimit, Pages, PagesEnd};
use graph::users::{FindDeletedUsers, FindUsersByAddress, GetMe, ListMadeSince, ListMyRoles};
use graph::{Operation, Problem, Reply, Request};
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

/// More roles than there are, and more people than share an address; what is beyond is not read.
const PAGES: PageLimit = PageLimit { pages: 20, items: 1000 };

/// Where a collection stands of which not all pages are read yet. It is in no need of room before the first page was read.
pub(crate) type OpenPages = Option<Box<Pages<Box<RawValue>>>>;

/// What a collection holds, item by item, and whether that is all.
type UnreadItems = (Vec<Box<RawValue>>, PagesEnd);

#[derive(Clone, Debug)]
pub(super) enum LookupQuestion {
    Me,
    Organization,
    Roles(OpenPages),
    Person(Address, OpenPages),
    Deleted(Address, OpenPages),
    Contact(Address, OpenPages),
    Subscription,
    /// Who was made by an invitation since then.
    Lately(ListMadeSince),
}

impl LookupQuestion {
    /// The first page of a collection, or the next.
    pub(super) fn request(&self) -> Request {
        match self {
            Self::Me => GetMe.request(),
            Self::Organization => GetOrganization.request(),
            Self::Roles(pages) => next_page(&ListMyRoles, pages),
            Self::Person(address, pages) => next_page(&FindUsersByAddress { address: address.as_str() }, pages),
            Self::Deleted(address, pages) => next_page(&FindDeletedUsers { address: address.as_str() }, pages),
            Self::Contact(address, pages) => next_page(&FindContactsByAddress { address: address.as_str() }, pages),
            Self::Subscription => GetSubscription.request(),
            Self::Lately(list) => list.request(),
        }
    }

    /// What a plan can do without. It is asked apart, so that a question which is not answered takes no other with it.
    pub(super) const fn is_optional(&self) -> bool {
        matches!(self, Self::Contact(..) | Self::Subscription | Self::Lately(_))
    }

    /// What is asked for where the answer is that it is missing.
    pub(super) const fn permission(&self) -> &'static str {
        match self {
            Self::Me => GetMe::SCOPES[0],
            Self::Organization => GetOrganization::SCOPES[0],
            Self::Roles(_) => ListMyRoles::SCOPES[0],
            Self::Person(..) => FindUsersByAddress::SCOPES[0],
            Self::Deleted(..) => FindDeletedUsers::SCOPES[0],
            Self::Lately(_) => ListMadeSince::SCOPES[0],
            Self::Contact(..) => FindContactsByAddress::SCOPES[0],
            Self::Subscription => GetSubscription::SCOPES[0],
        }
    }
}

/// What is asked next of a collection: its first page, or another.
pub(crate) fn next_page(operation: &impl Operation, pages: &OpenPages) -> Request {
    pages.as_deref().and_then(Pages::next).cloned().unwrap_or_else(|| operation.request())
}

/// All that a collection holds, or as much as [`PAGES`] allows, once that was read; `None` before. Where it is not known where Graph is
/// (`root` is empty), that is the first page.
pub(crate) fn whole<T: DeserializeOwned>(
    operation: &impl Operation<Output = Page<T>>,
    pages: &mut OpenPages,
    reply: &Reply,
    root: &str,
) -> Result<Option<(Vec<T>, PagesEnd)>, Problem> {
    let Some((items, end)) = whole_unread(&|| operation.request(), pages, reply, root)? else { return Ok(None) };
    let read: Result<Vec<T>, _> = items.iter().map(|item| serde_json::from_str(item.get())).collect();
    Ok(Some((read.map_err(|error| reply.unreadable(&error))?, end)))
}

/// The same, of whatever the collection is. Nearly all come in one page.
#[inline(never)]
fn whole_unread(first: &dyn Fn() -> Request, pages: &mut OpenPages, reply: &Reply, root: &str) -> Result<Option<UnreadItems>, Problem> {
    if pages.is_none() {
        let page: Page<Box<RawValue>> = reply.read()?;
        if page.next_link.is_none() || root.is_empty() {
            return Ok(Some((page.value, PagesEnd::Complete)));
        }
    }
    let mut open = pages.take().unwrap_or_else(|| Box::new(Pages::new(first(), root, PAGES)));
    let heard = open.heard(reply);
    if heard.is_ok() && open.next().is_none() {
        return Ok(Some(open.finish()));
    }
    *pages = Some(open);
    heard.map(|()| None)
}
