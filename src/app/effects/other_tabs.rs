//! A word to the other tabs of this page in this browser. <https://developer.mozilla.org/docs/Web/API/BroadcastChannel>

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{BroadcastChannel, MessageEvent, PageTransitionEvent};

const NAME: &str = "guestlist";

/// Tells every other tab. A browser without channels tells nobody.
pub fn tell(word: &str) {
    if let Ok(channel) = BroadcastChannel::new(NAME) {
        _ = channel.post_message(&word.into());
        channel.close();
    }
}

/// Hears what other tabs tell, as long as the page lives.
pub fn on_word(heard: impl Fn(String) + 'static) {
    let Ok(channel) = BroadcastChannel::new(NAME) else { return };
    let closure = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        if let Some(word) = event.data().as_string() {
            heard(word);
        }
    });
    channel.set_onmessage(Some(closure.as_ref().unchecked_ref()));
    closure.forget();
    // A channel that nothing holds may be collected, and hears nothing then.
    std::mem::forget(channel);
}

/// Loads the page anew when the browser shows it again as it was left: what it shows may be somebody else's by now.
pub fn reload_when_restored() {
    let closure = Closure::<dyn FnMut(PageTransitionEvent)>::new(|event: PageTransitionEvent| {
        if event.persisted() {
            _ = super::window().location().reload();
        }
    });
    _ = super::window().add_event_listener_with_callback("pageshow", closure.as_ref().unchecked_ref());
    closure.forget();
}
