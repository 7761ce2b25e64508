//! What is asked while looking, one by one: each by its operation, collections page by page.

use crate::protocol::InquiryQuestion;
use crate::protocol::collection::{OpenPages, next_page};
use crate::rows::Address;
use graph::contacts::FindContactsByAddress;
use graph::organization::{GetOrganization, GetSubscription};
use graph::users::{FindDeletedUsers, FindUsersByAddress, GetMe, ListMadeSince, ListMyRoles};
use graph::{Operation, Request};

#[derive(Clone, Debug)]
pub enum LookupQuestion {
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

impl InquiryQuestion for LookupQuestion {
    fn request(&self) -> Request {
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

    /// What a plan can do without.
    fn is_optional(&self) -> bool {
        matches!(self, Self::Contact(..) | Self::Subscription | Self::Lately(_))
    }

    fn permission(&self) -> &'static str {
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
