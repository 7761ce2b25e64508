//! Which runs other tabs are at work with. Each tab holds a lock that is named by its run meanwhile, so one that ends sets it free.

use crate::app::effects::lock::{self, LockGuard};

fn name(run: &str) -> String {
    format!("guestlist-at-work-{run}")
}

/// Other tabs see that this one is at work with the run, until this is dropped.
pub(super) async fn claim(run: &str) -> Option<LockGuard> {
    lock::take(&name(run)).await.1
}

/// Those of these runs that some tab is at work with.
pub(super) async fn among(runs: impl Iterator<Item = String>) -> Vec<String> {
    let mut runs = runs.peekable();
    if runs.peek().is_none() {
        return Vec::new();
    }
    let held = lock::held().await;
    runs.filter(|run| held.contains(&name(run))).collect()
}

/// Returns once no tab is at work with the run.
pub(super) async fn ended(run: &str) {
    lock::freed(&name(run)).await;
}
