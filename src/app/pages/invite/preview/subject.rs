//! The guest whose mail is shown.

use crate::app::routes::Route;
use crate::app::state::AppState;

/// Place in the list of the guest who is shown.
pub(super) fn guest(app: AppState) -> usize {
    let last = app.draft.guests.with(|guests| guests.list().len()).saturating_sub(1);
    app.navigator.route.with(|route| if let Route::Invite { guest, .. } = route { (*guest).min(last) } else { 0 })
}

/// Hosts of one's own: the tenant's domains and where guests may land.
pub(super) fn hosts(app: AppState) -> Vec<String> {
    let mut hosts = app.accounts.place.config.redirect_hosts.clone();
    if let Some(known) = app.organization.snapshot() {
        hosts.extend(known.organization.verified_domains.iter().map(|domain| domain.name.to_ascii_lowercase()));
    }
    hosts
}
