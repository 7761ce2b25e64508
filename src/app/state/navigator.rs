//! Where the page is, and what the tab is called.

use super::state_signal::StateSignal;
use crate::app::effects::{address_bar, focus};
use crate::app::routes::Route;
use leptos::prelude::*;

/// Where the page is.
pub struct Navigator {
    pub route: StateSignal<Route>,
    /// What stands behind the view's name in the title: nothing before somebody has signed in.
    about: StoredValue<Option<String>>,
}

impl Navigator {
    pub(super) fn new() -> Self {
        let route = StateSignal::new(Route::parse(&address_bar::hash()));
        Self { route, about: StoredValue::new(None) }
    }

    pub fn go(&'static self, route: &Route) {
        address_bar::set_hash(&route.hash());
    }

    /// Changes what is shown in the present view, without a new history entry.
    pub fn adjust(&'static self, route: Route) {
        address_bar::replace_hash(&route.hash());
        self.route.set(route);
    }

    /// The address changed: by a link, by Back, or by hand.
    pub fn follow_address(&'static self) {
        let route = Route::parse(&address_bar::hash());
        let moved = self.route.with_untracked(|old| !old.same_view(&route));
        self.route.set(route);
        if moved {
            self.retitle();
            focus::later("view");
        }
    }

    /// Somebody is at work here, in the organisation of this name if it is known; `None`: nobody is.
    pub(super) fn is_about(&'static self, organization: Option<&str>) {
        self.about.set_value(organization.map(|name| if name.is_empty() { String::new() } else { format!(" · {name}") }));
        self.retitle();
    }

    /// `Invite · Guestlist · Contoso`
    pub fn retitle(&'static self) {
        let about = self.about.get_value();
        let view = if about.is_some() { self.route.with_untracked(Route::title) } else { "Sign in" };
        address_bar::title(&format!("{view} · Guestlist{}", about.unwrap_or_default()));
    }
}
