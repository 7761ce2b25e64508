//! One run at a time in a tenant, across tabs: Web Locks. web-sys keeps them behind an unstable flag, so they are
//! reached by name. <https://developer.mozilla.org/docs/Web/API/Web_Locks_API>

use js_sys::{Function, Object, Promise, Reflect};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Held until it is dropped, or the tab ends.
#[derive(Debug)]
pub struct Held {
    release: Option<Function>,
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(release) = self.release.take() {
            _ = release.call0(&JsValue::NULL);
        }
    }
}

/// Takes the lock, or `None` when another tab has it. A browser without Web Locks gets a lock that excludes nobody.
pub async fn take(name: &str) -> Option<Held> {
    let locks = Reflect::get(&super::window().navigator(), &"locks".into()).ok().filter(|locks| !locks.is_undefined());
    let Some(locks) = locks else { return Some(Held { release: None }) };
    let request: Function = Reflect::get(&locks, &"request".into()).ok()?.dyn_into().ok()?;
    let options = Object::new();
    _ = Reflect::set(&options, &"ifAvailable".into(), &true.into());
    let release: Rc<RefCell<Option<Function>>> = Rc::default();
    let granted: Rc<RefCell<Option<Function>>> = Rc::default();
    let told = {
        let granted = Rc::clone(&granted);
        Promise::new(&mut move |resolve, _| {
            granted.replace(Some(resolve));
        })
    };
    let within = {
        let release = Rc::clone(&release);
        Closure::once(move |lock: JsValue| -> JsValue {
            let has_it = !lock.is_null();
            // The lock is held while this promise is pending.
            let held = Promise::new(&mut |resolve, _| {
                release.replace(Some(resolve));
            });
            if let Some(granted) = granted.borrow_mut().take() {
                _ = granted.call1(&JsValue::NULL, &has_it.into());
            }
            if has_it { held.into() } else { JsValue::UNDEFINED }
        })
    };
    request.call3(&locks, &name.into(), &options, within.as_ref()).ok()?;
    let has_it = JsFuture::from(told).await.ok()?.is_truthy();
    drop(within);
    let release = release.borrow_mut().take();
    has_it.then_some(Held { release })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::effects::clock;
    use guestlist::time::Millis;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    async fn a_lock_is_held_by_one_and_free_after_it_is_dropped() {
        let first = take("lock-test").await;
        assert!(first.is_some());
        assert!(take("lock-test").await.is_none());
        drop(first);
        clock::sleep(Millis(20)).await;
        assert!(take("lock-test").await.is_some());
    }
}
