//! One run at a time in a tenant, across tabs: Web Locks. web-sys keeps them behind an unstable flag, so they are
//! reached by name. <https://developer.mozilla.org/docs/Web/API/Web_Locks_API>

use futures_util::future::{Either, select};
use futures_util::pin_mut;
use guestlist::tab::Locked;
use js_sys::{Array, Function, Object, Promise, Reflect};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Held until it is dropped, or the tab ends.
#[derive(Debug)]
pub struct LockGuard {
    release: Option<Function>,
}

impl Drop for LockGuard {
    fn drop(&mut self) {
        if let Some(release) = self.release.take() {
            _ = release.call0(&JsValue::NULL);
        }
    }
}

fn locks() -> Result<JsValue, JsValue> {
    Reflect::get(&super::window().navigator(), &"locks".into())
}

/// Asks for this lock; it is held for as long as what `within` returns.
fn request(locks: &JsValue, name: &str, option: (&str, JsValue), within: &JsValue) -> Result<Promise, JsValue> {
    let request: Function = Reflect::get(locks, &"request".into())?.dyn_into()?;
    let options = Object::new();
    Reflect::set(&options, &option.0.into(), &option.1)?;
    request.call3(locks, &name.into(), &options, within)?.dyn_into()
}

/// Takes the lock without waiting for it. A browser without Web Locks cannot keep two tabs apart, and says so.
pub async fn take(name: &str) -> (Locked, Option<LockGuard>) {
    match ask(name).await {
        Ok(Some(held)) => (Locked::Here, Some(held)),
        Ok(None) => (Locked::Elsewhere, None),
        Err(why) => (Locked::Unavailable(why), None),
    }
}

/// The names of all locks that are held in this browser; none where it does not say.
pub async fn held() -> Vec<String> {
    async fn names() -> Result<Vec<String>, JsValue> {
        let locks = locks()?;
        let query: Function = Reflect::get(&locks, &"query".into())?.dyn_into()?;
        let asked = JsFuture::from(query.call0(&locks)?.dyn_into::<Promise>()?).await?;
        let held: Array = Reflect::get(&asked, &"held".into())?.dyn_into()?;
        Ok(held.iter().filter_map(|lock| Reflect::get(&lock, &"name".into()).ok()?.as_string()).collect())
    }
    names().await.unwrap_or_default()
}

/// Waits until nobody holds the lock; never where the browser has none.
pub async fn freed(name: &str) {
    async fn granted(name: &str) -> Result<(), JsValue> {
        // It is given back as soon as it is had.
        let within = Closure::once(|_: JsValue| JsValue::UNDEFINED);
        JsFuture::from(request(&locks()?, name, ("mode", "shared".into()), within.as_ref())?).await?;
        Ok(())
    }
    if granted(name).await.is_err() {
        std::future::pending::<()>().await;
    }
}

async fn ask(name: &str) -> Result<Option<LockGuard>, String> {
    let locks = locks().ok().filter(JsValue::is_object).ok_or("it has no Web Locks")?;
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
    let asked = request(&locks, name, ("ifAvailable", true.into()), within.as_ref()).map_err(|_| "it refuses Web Locks")?;
    // Refused, the promise of the request is the one that tells; granted, it stays pending until the release.
    let refused = async { JsFuture::from(asked).await.is_err() };
    pin_mut!(refused);
    let has_it = match select(JsFuture::from(told), refused).await {
        Either::Left((told, _)) => told.is_ok_and(|told| told.is_truthy()),
        Either::Right((true, _)) => return Err("it refuses Web Locks here".into()),
        Either::Right((false, _)) => false,
    };
    drop(within);
    let release = release.borrow_mut().take();
    Ok(has_it.then_some(LockGuard { release }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::effects::clock;
    use futures_util::future::join;
    use time::Millis;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    async fn a_lock_is_held_by_one_and_free_after_it_is_dropped() {
        let (locked, first) = take("lock-test").await;
        assert_eq!((locked, first.is_some()), (Locked::Here, true));
        assert_eq!(take("lock-test").await.0, Locked::Elsewhere);
        assert!(held().await.contains(&"lock-test".to_owned()));
        let waiting = async {
            freed("lock-test").await;
            clock::steady()
        };
        let freeing = async {
            clock::sleep(Millis(20)).await;
            drop(first);
            clock::steady()
        };
        let (seen, freed) = join(waiting, freeing).await;
        assert!(seen >= freed);
        clock::sleep(Millis(20)).await;
        assert!(!held().await.contains(&"lock-test".to_owned()));
        assert_eq!(take("lock-test").await.0, Locked::Here);
    }
}
