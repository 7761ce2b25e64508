//! The windows around this one, when the page is in a frame: where they are from.

use super::{clock, random, window};
use futures_channel::oneshot;
use futures_util::future::select;
use futures_util::{FutureExt, pin_mut};
use guestlist::embedding::Handshake;
use js_sys::{Array, Reflect};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use time::Millis;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessageEvent, Window};

/// Silence for this long means that a window is nobody that may embed the page.
const SILENCE: Millis = Millis::seconds(1);

/// The origins from the parent to the top as the browser lists them; `None` where it does not (Firefox).
/// <https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-location-ancestororigins>
pub fn listed() -> Option<Vec<String>> {
    let list = Reflect::get(&window().location(), &"ancestorOrigins".into()).ok().filter(JsValue::is_object)?;
    Some(Array::from(&list).iter().map(|origin| origin.as_string().unwrap_or_default()).collect())
}

/// Asks every window from the parent to the top where it is from, and waits for a second at most.
pub async fn ask(parents: &[String]) -> Vec<String> {
    let windows = around();
    let handshake = Rc::new(RefCell::new(Handshake::new(windows.iter().map(|_| random::guid()).collect())));
    let (tell, told) = oneshot::channel();
    let tell = Cell::new(Some(tell));
    let heard = {
        let (handshake, windows, parents) = (Rc::clone(&handshake), windows.clone(), parents.to_vec());
        Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let source: JsValue = event.source().map_or(JsValue::NULL, Into::into);
            let from = windows.iter().position(|window| *AsRef::<JsValue>::as_ref(window) == source);
            if let (Some(from), Some(said)) = (from, event.data().as_string()) {
                handshake.borrow_mut().heard(from, &event.origin(), &said, &parents);
            }
            if handshake.borrow().is_complete()
                && let Some(tell) = tell.take()
            {
                _ = tell.send(());
            }
        })
    };
    _ = window().add_event_listener_with_callback("message", heard.as_ref().unchecked_ref());
    for (place, asked) in windows.iter().enumerate() {
        let question = handshake.borrow().challenge(place);
        for parent in parents {
            _ = question.as_ref().map(|question| asked.post_message(&question.into(), parent));
        }
    }
    let silence = clock::sleep(SILENCE).boxed_local();
    pin_mut!(told);
    _ = select(told, silence).await;
    _ = window().remove_event_listener_with_callback("message", heard.as_ref().unchecked_ref());
    handshake.borrow().ancestors()
}

/// The windows from the parent to the top.
fn around() -> Vec<Window> {
    let mut windows = Vec::new();
    let mut inner = window();
    while let Some(outer) = inner.parent().ok().flatten() {
        if AsRef::<JsValue>::as_ref(&outer) == AsRef::<JsValue>::as_ref(&inner) {
            break;
        }
        windows.push(outer.clone());
        inner = outer;
    }
    windows
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    async fn a_window_of_its_own_has_nothing_around_it() {
        assert_eq!(listed(), Some(vec![]));
        assert_eq!(ask(&["https://portal.example".to_owned()]).await, Vec::<String>::new());
    }
}
