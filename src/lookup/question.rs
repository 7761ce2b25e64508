//! What is asked while looking, one by one: each by its operation, collections page by page.

use crate::rows::Address;
use graph::contacts::FindContactsByAddress;
use graph::organization::{GetOrganization, GetSubscription};
use graph::page::{Page, PageLimit, Pages, PagesEnd};
use graph::users::{FindDeletedUsers, FindUsersByAddress, GetMe, ListGuestsSince, ListMyRoles};
use graph::{Operation, Problem, Reply, Request};
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use time::Moment;

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
    /// Who was made since then.
    Lately(Moment),
}

impl LookupQuestion {
    /// The first page of a collection, or the next.
    pub(super) fn request(&self) -> Request {
        match self {
            Self::Me => GetMe.request(),
            Self::Organization => GetOrganization.request(),
            Self::Roles(pages) => next_page(pages).unwrap_or_else(|| ListMyRoles.request()),
            Self::Person(address, pages) => next_page(pages).unwrap_or_else(|| FindUsersByAddress { address: address.as_str() }.request()),
            Self::Deleted(address, pages) => next_page(pages).unwrap_or_else(|| FindDeletedUsers { address: address.as_str() }.request()),
            Self::Contact(address, pages) => {
                next_page(pages).unwrap_or_else(|| FindContactsByAddress { address: address.as_str() }.request())
            }
            Self::Subscription => GetSubscription.request(),
            Self::Lately(then) => ListGuestsSince { then: *then }.request(),
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
            Self::Lately(_) => ListGuestsSince::SCOPES[0],
            Self::Contact(..) => FindContactsByAddress::SCOPES[0],
            Self::Subscription => GetSubscription::SCOPES[0],
        }
    }
}

/// The next page to be asked for; `None` before the first was read.
pub(crate) fn next_page(pages: &OpenPages) -> Option<Request> {
    pages.as_deref().and_then(Pages::next).cloned()
}

/// All that a collection holds, or as much as [`PAGES`] allows, once that was read; `None` before. `asked` is what `reply` answers. Where
/// it is not known where Graph is (`root` is empty), that is the first page.
pub(crate) fn whole<T: DeserializeOwned>(
    pages: &mut OpenPages,
    asked: Request,
    reply: &Reply,
    root: &str,
) -> Result<Option<(Vec<T>, PagesEnd)>, Problem> {
    let Some((items, end)) = whole_unread(pages, asked, reply, root)? else { return Ok(None) };
    let read: Result<Vec<T>, _> = items.iter().map(|item| serde_json::from_str(item.get())).collect();
    Ok(Some((read.map_err(|error| reply.unreadable(&error))?, end)))
}

/// The same, of whatever the collection is.
#[inline(never)]
fn whole_unread(pages: &mut OpenPages, asked: Request, reply: &Reply, root: &str) -> Result<Option<UnreadItems>, Problem> {
    if root.is_empty() {
        return Ok(Some((reply.read::<Page<Box<RawValue>>>()?.value, PagesEnd::Complete)));
    }
    let mut open = pages.take().unwrap_or_else(|| Box::new(Pages::new(asked, root, PAGES)));
    let heard = open.heard(reply);
    if heard.is_ok() && open.next().is_none() {
        return Ok(Some(open.finish()));
    }
    *pages = Some(open);
    heard.map(|()| None)
}
