//! A word to the other tabs of this page in this browser. <https://developer.mozilla.org/docs/Web/API/BroadcastChannel>

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{BroadcastChannel, MessageEvent, PageTransitionEvent};

const NAME: &str = "guestlist";

thread_local! {
    /// The page's one channel, by which it tells and hears: a channel does not hear itself, but every other one of its window.
    /// `None` in a browser without channels, which tells nobody.
    static CHANNEL: Option<BroadcastChannel> = BroadcastChannel::new(NAME).ok();
}

/// Tells every other tab.
pub fn tell(word: &str) {
    CHANNEL.with(|channel| channel.as_ref().map(|channel| channel.post_message(&word.into())));
}

/// Hears what other tabs tell, as long as the page lives.
pub fn on_word(heard: impl Fn(String) + 'static) {
    let closure = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        if let Some(word) = event.data().as_string() {
            heard(word);
        }
    });
    CHANNEL.with(|channel| channel.as_ref().map(|channel| channel.set_onmessage(Some(closure.as_ref().unchecked_ref()))));
    closure.forget();
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
